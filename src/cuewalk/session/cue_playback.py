"""Plays what the engine wants said: words, then sound, then the play-out queue; and interrupts it.

Lines are rendered beside the loop, those that come next ahead of their turn. One that is not ready begins
when it is, and meanwhile no frame waits for it. In a simulated room it is waited for, because simulated time
must not depend on how fast the machine renders.
"""

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from cuewalk.audio.aec.canceller import EchoMode, EchoStage
from cuewalk.audio.front_end import FrontEnd
from cuewalk.audio.phrases import SpokenShare, last_phrase, with_gaps
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE, Millis
from cuewalk.engine.effects import Speak
from cuewalk.engine.lines import Line
from cuewalk.language.pack import LocalePack
from cuewalk.logs import kind_of

_log = logging.getLogger(__package__)


class Wording:
    """Words lines, each once; the wordings of a coaching cue take turns, so that nobody hears a parrot."""

    def __init__(self, pack: LocalePack) -> None:
        self._pack = pack
        self._worded: dict[tuple[object, ...], str] = {}

    def text_of(self, line: Speak | Line) -> str:
        """Return the text of one line."""
        key = (line.prompt, line.length, *line.slots.items())
        text = self._worded.get(key)
        if text is None:
            text = self._worded[key] = self._text_of(line)
        return text

    def _text_of(self, line: Speak | Line) -> str:
        if line.prompt != "coaching":
            return self._pack.render(line.prompt, line.slots, line.length)
        cues, index = self._pack.coaching, int(line.slots["index"])
        wordings = cues[index % len(cues)]
        return wordings[index // len(cues) % len(wordings)]


#: ms of silence that a voice leaves between its phrases while we are deaf during them, so that "stop" fits
#: in. Design: a "stop" lasts half a second, and what the room still rings of the phrase goes before it.
_GAP_MS: Final = 900
#: Samples of sound either way by which the moment of a word may differ from the share of the text before
#: it; pauses are no sound. Design: the longest word of a cue lasts 0.6 s.
_EITHER_WAY: Final = 0.6 * SESSION_RATE
#: Seconds that a frame waits for a line's sound: one that is rendered already is there in 0.2 ms (measured).
#: Design: a tenth of a frame.
_AT_HAND: Final = 0.002
#: Threads that render. Design: one that is busy with a line which nobody wants any more holds up no other.
_RENDERERS: Final = 3


class CueVoice(Protocol):
    """What cues are rendered by; `speech_out.cache.CachedVoice` is one. Called from several threads."""

    def render(self, text: str, rate: float) -> Samples:
        """Return ``text`` spoken (16 kHz mono int16); may take a second."""
        ...

    def prefetch(self, lines: Iterable[tuple[str, float]]) -> None:
        """Render these (text, rate) in the background."""
        ...


@dataclass(slots=True)
class _Cue:
    """A line being spoken, or rendered while ``samples`` is None."""

    speak: Speak
    text: str
    samples: Samples | None = None
    spoken: SpokenShare | None = None
    #: Samples of its beginning that were not played again after an interruption.
    skipped: int = 0
    #: ms of silence of its own after each of its phrases.
    gap: int = 0
    #: Whether any of it was played.
    begun: bool = False
    #: Whether it is silent now because something urgent may have been said.
    interrupted: bool = False
    #: Whether that happened before and was nothing.
    falsely_interrupted: bool = False


@dataclass(frozen=True, slots=True)
class EndedCue:
    """A line that was heard to its end."""

    speak: Speak
    #: None where the microphone cannot hear our voice.
    _cue: _Cue | None

    def last_words(self, seconds: float) -> str:
        """Return its words that may have been heard in its last ``seconds``, "" where none can have been.

        The last word ends with the sound for certain, so the nearer the end, the surer a word's moment.
        """
        if self._cue is None or self._cue.samples is None:
            return ""
        end, back = len(self._cue.samples), seconds * SESSION_RATE
        return _words_between(self._cue, end - back, end, min(_EITHER_WAY, back))


class CuePlayback:
    """The voice of a session.

    Args:
        wording: from lines to texts.
        voice: from texts to sound.
        front_end: where it is played.
        rate: pace of the voice, a factor.
        waits: whether rendering is waited for (simulated time).
    """

    def __init__(
        self, wording: Wording, voice: CueVoice, front_end: FrontEnd, *, rate: float, waits: bool = True
    ) -> None:
        self._wording, self._voice, self._front_end = wording, voice, front_end
        self._queue = front_end.queue
        self.rate, self._waits = rate, waits
        self._cue: _Cue | None = None
        self._renderers = ThreadPoolExecutor(_RENDERERS, thread_name_prefix="cue")
        self._rendering: Future[Samples] | None = None
        #: The text of each line that was interrupted, for the benchmarks.
        self.interrupted_lines: list[str] = []
        self._prepared: tuple[tuple[Line, ...], float] = (), rate
        #: How much silence of its own the end of the last line had, in which it could be answered already.
        self.pause_after = Millis(0)
        #: False while there is no speaker: then nobody hears our words, and none is mistaken for them.
        self.audible = True

    @property
    def running(self) -> Speak | None:
        """The line being spoken, or about to be."""
        return self._cue.speak if self._cue else None

    @property
    def own_words(self) -> str:
        """The text being spoken, "" when silent; our own voice must not be taken for the person's."""
        return self._cue.text if self._cue else ""

    @property
    def echo_stage(self) -> EchoStage:
        """What takes our voice out of the microphone now; a device that is opened anew has a new one."""
        return self._front_end.echo

    @property
    def in_training(self) -> bool:
        """Whether the canceller does not know the room yet, so that much of our voice comes back."""
        return self._front_end.echo.training

    def words_heard(self, seconds: float) -> str:
        """Return the words of the cue that may have been heard in the last ``seconds``.

        A word's moment is estimated from the share of letters before it, pauses left out, give or take 0.6 s.
        None is heard in a pause of the cue.
        """
        if self._cue is None or not self._is_heard():
            return ""
        to = self._heard_to(self._cue)
        return _words_between(self._cue, to - seconds * SESSION_RATE, to, _EITHER_WAY)

    def speak(self, speak: Speak) -> str:
        """Start a line, now or once it is rendered, and return its text."""
        text = self._wording.text_of(speak)
        self._cue = cue = _Cue(speak, text)
        self._rendering = self._renderers.submit(self._voice.render, text, self.rate)
        with suppress(TimeoutError):
            self._begin(cue, self._rendering.result(None if self._waits else _AT_HAND))
        return text

    def prepare(self, lines: Sequence[Line]) -> None:
        """Have the lines that come next rendered in the background."""
        wanted = tuple(lines), self.rate
        if wanted != self._prepared:
            self._prepared = wanted
            self._renderers.submit(self._prefetch, *wanted).add_done_callback(_log_failure)

    def finished(self) -> list[EndedCue]:
        """Return the lines heard to their end since the last call; call each frame.

        A line whose rendering is there begins now.

        Raises:
            VoiceError: if it could not be rendered.
        """
        if self._rendering is not None and self._rendering.done() and self._cue is not None:
            self._begin(self._cue, self._rendering.result())
        done: list[EndedCue] = []
        for cue in self._queue.finished():
            if self._cue and self._cue.speak.cue == cue:
                self.pause_after = Millis(self._cue.gap)
                heard = self._cue if self._is_heard() else None
                done.append(EndedCue(self._cue.speak, heard))
                self._cue = None
        return done

    def stop(self) -> None:
        """Fall silent; the line will not be reported as finished."""
        self._queue.stop()
        self._cue = self._rendering = None

    def interrupt(self) -> bool:
        """Fall silent because something urgent may have been said; return whether a line was held.

        A line that is still being rendered does not begin. `resume` takes it back. A line whose sound
        was interrupted for nothing once is not interrupted again, or it might never come to its end: then the
        whole utterance is waited for.
        """
        cue = self._cue
        if cue is None or cue.interrupted or cue.falsely_interrupted:
            return False
        cue.interrupted = True
        if cue.samples is not None:
            cue.skipped = last_phrase(cue.samples, self._heard_to(cue))
            self._queue.stop()
            self.interrupted_lines.append(cue.text)
        return True

    def resume(self) -> None:
        """Go on with the interrupted line from its last phrase: it was nothing urgent after all."""
        cue = self._cue
        if cue is not None and cue.interrupted:
            cue.interrupted, cue.falsely_interrupted = False, cue.begun
            if cue.samples is not None:
                self._play(cue, cue.samples[cue.skipped :])

    def set_volume(self, volume: float) -> None:
        """Play at this volume, 0-1."""
        self._queue.volume = volume

    def _prefetch(self, lines: Sequence[Line], rate: float) -> None:
        self._voice.prefetch([(self._wording.text_of(line), rate) for line in lines])

    def _begin(self, cue: _Cue, samples: Samples) -> None:
        self._rendering = None
        cue.gap = _GAP_MS if self._front_end.echo.mode is EchoMode.HALF_DUPLEX else 0
        cue.samples = with_gaps(samples, cue.gap) if cue.gap else samples
        cue.spoken = SpokenShare(cue.samples)
        if not cue.interrupted:
            self._play(cue, cue.samples)

    def _play(self, cue: _Cue, samples: Samples) -> None:
        cue.begun = True
        self._queue.play(cue.speak.cue, samples)

    def _is_heard(self) -> bool:
        """Return whether our voice is in what is listened to."""
        return self.audible and self._front_end.echo.mode is EchoMode.CANCEL

    def _heard_to(self, cue: _Cue) -> int:
        return cue.skipped + self._queue.heard_of_cue


def _log_failure(prefetched: Future[None]) -> None:
    if not prefetched.cancelled() and (error := prefetched.exception()) is not None:
        _log.warning("a line was not worded ahead: %s", kind_of(error))


def _words_between(cue: _Cue, start: float, end: float, margin: float) -> str:
    """Return the words that may sound between two samples of a cue, "" where nothing does.

    Their moments may be ``margin`` samples off: before it in sound, because a long pause brings no word
    nearer; after it in time, because what begins after a pause was not heard before it.
    """
    if cue.spoken is None:
        return ""
    first, last = cue.spoken.share_at(start), cue.spoken.share_at(end)
    if first == last:
        return ""
    since, until = first - cue.spoken.share_of(margin), cue.spoken.share_at(end + margin)
    words = cue.text.split()
    letters = sum(map(len, words)) or 1
    found, before = [], 0
    for word in words:
        first = before / letters
        before += len(word)
        if first <= until and before / letters >= since:
            found.append(word)
    return " ".join(found)
