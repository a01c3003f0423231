"""Performs what the engine wants said: words, audio, player; and silences it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cuewalk.audio.aec.canceller import EchoMode
from cuewalk.audio.front_end import FrontEnd
from cuewalk.audio.phrases import last_phrase, with_gaps
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE
from cuewalk.engine.effects import Speak
from cuewalk.engine.lines import Line
from cuewalk.session.wording import Wording
from cuewalk.speech_out.cache import CachedVoice

#: What a voice that is deaf while it speaks leaves between its phrases, so that "stop" fits in.
_GAP_MS: Final = 900
#: How exactly the moment of a word is known from the share of the text before it.
_EITHER_WAY: Final = 0.6 * SESSION_RATE


@dataclass(slots=True)
class _Cue:
    """A line being spoken; ``skipped`` samples of its beginning were not played again after a hush.

    ``doubted`` is whether it was hushed for nothing already.
    """

    speak: Speak
    text: str
    samples: Samples
    skipped: int = 0
    doubted: bool = False


class Voicing:
    """The voice of a session."""

    def __init__(self, wording: Wording, voice: CachedVoice, front_end: FrontEnd, *, rate: float) -> None:
        self._wording, self._voice, self._front_end = wording, voice, front_end
        self.rate = rate
        self._cue: _Cue | None = None
        self._hushed = False
        #: False while there is no speaker: then nobody hears our words, and none is mistaken for them.
        self.audible = True

    @property
    def running(self) -> Speak | None:
        """The line being spoken."""
        return self._cue.speak if self._cue else None

    @property
    def own_words(self) -> str:
        """The text being spoken, "" when silent; our own voice must not be taken for the person's."""
        return self._cue.text if self._cue else ""

    def words_heard(self, seconds: float) -> str:
        """Return the words of the cue that may have been heard in the last ``seconds``.

        A word's moment is estimated from the share of letters before it, give or take 0.6 s.
        """
        if self._cue is None or not self.audible or self._front_end.echo.mode is EchoMode.HEADPHONES:
            return ""
        to = self._heard_to + _EITHER_WAY
        return _words_between(self._cue, to - 2 * _EITHER_WAY - seconds * SESSION_RATE, to)

    def speak(self, speak: Speak) -> str:
        """Start a line and return its text."""
        text = self._wording.text_of(speak)
        samples = self._voice.render(text, self.rate)
        if self._front_end.echo.mode is EchoMode.HALF_DUPLEX:
            samples = with_gaps(samples, _GAP_MS)
        self._cue, self._hushed = _Cue(speak, text, samples), False
        self._front_end.queue.play(speak.cue, samples)
        return text

    def prepare(self, lines: Sequence[Line]) -> None:
        """Let the lines that come next be rendered in the background."""
        self._voice.prefetch([(self._wording.text_of(line), self.rate) for line in lines])

    def stop(self) -> None:
        """Fall silent; the line will not be reported as finished."""
        self._front_end.queue.stop()
        self._cue, self._hushed = None, False

    def hush(self) -> bool:
        """Fall silent because something urgent may have been said; return whether it was silenced.

        `go_on` takes it back.

        A line that was hushed for nothing once is not hushed again, or it might never come to its end:
        then the whole utterance is waited for.
        """
        if self._cue and not self._hushed and not self._cue.doubted:
            self._cue.skipped = last_phrase(self._cue.samples, self._heard_to)
            self._front_end.queue.stop()
            self._hushed = True
            return True
        return False

    def go_on(self) -> None:
        """Go on with the hushed line from its last phrase: it was nothing urgent after all."""
        if self._cue and self._hushed:
            self._cue.doubted = True
            self._front_end.queue.play(self._cue.speak.cue, self._cue.samples[self._cue.skipped :])
            self._hushed = False

    def finished(self) -> list[Speak]:
        """Return the lines that have been spoken to their end since the last call."""
        done: list[Speak] = []
        for cue in self._front_end.queue.finished():
            if self._cue and self._cue.speak.cue == cue:
                done.append(self._cue.speak)
                self._cue = None
        return done

    def set_volume(self, volume: float) -> None:
        """Play at this volume, 0-1."""
        self._front_end.queue.volume = volume

    @property
    def _heard_to(self) -> int:
        return (self._cue.skipped if self._cue else 0) + self._front_end.queue.heard_of_cue


def _words_between(cue: _Cue, start: float, end: float) -> str:
    words = cue.text.split()
    letters = sum(map(len, words)) or 1
    found, before = [], 0
    for word in words:
        first = before / letters * len(cue.samples)
        before += len(word)
        if first <= end and before / letters * len(cue.samples) >= start:
            found.append(word)
    return " ".join(found)
