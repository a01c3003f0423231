"""Plays what the engine wants said: words, then sound, then the play-out queue; and interrupts it.

Lines are rendered beside the loop, those that come next ahead of their turn. One that is not ready begins
when it is, and meanwhile no frame waits for it. In a simulated room it is waited for, because simulated time
must not depend on how fast the machine renders.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from cuewalk.audio.aec.canceller import EchoMode, EchoStage
from cuewalk.audio.front_end import FrontEnd
from cuewalk.audio.phrases import SpokenShare, last_phrase, with_gaps
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, SESSION_RATE, Millis
from cuewalk.engine.effects import Speak
from cuewalk.engine.lines import Line
from cuewalk.language.pack import LocalePack
from cuewalk.logs import kind_of
from cuewalk.session.rendering import CueVoice, Rendering
from cuewalk.speech_out.api import Piece

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
_NOTHING: Final[Samples] = np.zeros(0, np.int16)
#: Threads that render. Design: one that is busy with a line which nobody wants any more holds up no other.
_RENDERERS: Final = 3


@dataclass(slots=True)
class _Cue:
    """A line being spoken, or about to be while ``samples`` is None."""

    speak: Speak
    text: str
    samples: Samples | None = None
    #: The text of ``samples``, which may be its beginning only.
    rendered: str = ""
    spoken: SpokenShare | None = None
    #: Whether more of its sound follows.
    more: bool = False
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

    def take(self, pieces: Sequence[Piece], *, more: bool) -> Samples:
        """Take in what was rendered, and return its sound with the gaps of its own."""
        new: Samples = np.concatenate([_NOTHING, *(piece.samples for piece in pieces)])
        if self.gap:
            new = with_gaps(new, self.gap)
        self.rendered = " ".join([self.rendered, *(piece.text for piece in pieces)]).strip()
        self.samples = new if self.samples is None else np.concatenate([self.samples, new])
        self.spoken, self.more = SpokenShare(self.samples), more
        return new


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
        named: returns the voice of a name, which is to speak from now on; None: there is only one.
    """

    def __init__(
        self,
        wording: Wording,
        voice: CueVoice,
        front_end: FrontEnd,
        *,
        rate: float,
        waits: bool = True,
        named: Callable[[str], CueVoice] | None = None,
    ) -> None:
        self._wording, self._voice, self._front_end = wording, voice, front_end
        self._named = named
        self._queue = front_end.queue
        self.rate, self._waits = rate, waits
        self._cue: _Cue | None = None
        self._renderers = ThreadPoolExecutor(_RENDERERS, thread_name_prefix="cue")
        self._rendering: Rendering | None = None
        #: The text of each line that was interrupted, for the benchmarks.
        self.interrupted_lines: list[str] = []
        #: ms that each line so far waited for its sound, before it and within it.
        self.waits: list[Millis] = []
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
        self._give_up_rendering()
        self.waits.append(Millis(0))
        self._rendering = Rendering(self._renderers, self._voice, text, self.rate)
        self._rendering.wait(None if self._waits else _AT_HAND)
        self._take_rendered(cue, self._rendering)
        return text

    def prepare(self, lines: Iterable[Line]) -> None:
        """Have the lines that come next rendered in the background, at the present rate."""
        wanted = tuple(lines), self.rate
        if wanted != self._prepared:
            self._prepared = wanted
            self.foresee((line, self.rate) for line in wanted[0])

    def foresee(self, lines: Iterable[tuple[Line | Speak, float]]) -> None:
        """Have lines rendered in the background at their rates, each worked out when there is time for it."""
        worded = ((self._wording.text_of(line), rate) for line, rate in lines)
        self._renderers.submit(self._voice.prefetch, worded).add_done_callback(_log_failure)

    def finished(self) -> list[EndedCue]:
        """Return the lines heard to their end since the last call; call each frame.

        A line begins as soon as its first piece is rendered.

        Raises:
            VoiceError: if it could not be rendered.
        """
        if self._rendering is not None and self._cue is not None:
            if not (self._cue.interrupted or self._queue.sounding):
                self.waits[-1] = Millis(self.waits[-1] + FRAME_MS)
            self._take_rendered(self._cue, self._rendering)
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
        self._cue = None
        self._give_up_rendering()

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

    def speak_as(self, name: str) -> None:
        """Speak with the voice of this name from the next line on; what was prepared is prepared anew."""
        if self._named is not None:
            self._voice, self._prepared = self._named(name), ((), self.rate)

    def _give_up_rendering(self) -> None:
        if self._rendering is not None:
            self._rendering.give_up()
            self._rendering = None

    def _take_rendered(self, cue: _Cue, rendering: Rendering) -> None:
        """Play what got ready of a line; while we are deaf during it, the whole of it or nothing."""
        deaf = self._front_end.echo.mode is EchoMode.HALF_DUPLEX
        pieces = rendering.take(whole=deaf and cue.samples is None)
        if rendering.complete:
            self._rendering = None
        elif not pieces:
            return
        begins = cue.samples is None
        if begins and deaf:
            cue.gap = _GAP_MS
        new = cue.take(pieces, more=not rendering.complete)
        if not cue.interrupted:
            if begins:
                self._play(cue, new)
            else:
                self._queue.add(new, more=cue.more)

    def _play(self, cue: _Cue, samples: Samples) -> None:
        cue.begun = True
        self._queue.play(cue.speak.cue, samples, more=cue.more)

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
    words = cue.rendered.split()
    letters = sum(map(len, words)) or 1
    found, before = [], 0
    for word in words:
        first = before / letters
        before += len(word)
        if first <= until and before / letters >= since:
            found.append(word)
    return " ".join(found)
