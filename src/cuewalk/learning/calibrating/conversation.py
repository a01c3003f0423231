"""A spoken dialogue without a session: say a line, hear one answer. The same parts as in a session's pump."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from cuewalk.audio.front_end import FrontEnd
from cuewalk.audio.signal.microphone_watch import MicrophoneWatch
from cuewalk.audio.signal.quality import spoils
from cuewalk.domain.intents import Command
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, Millis
from cuewalk.session.keyboard import Keyboard, Urged
from cuewalk.speech_in.api import Hypothesis
from cuewalk.speech_in.listener import Listener, ListenerEvent, UtteranceHeard
from cuewalk.speech_out.cache import CachedVoice

#: Speech that begins so shortly before our own line has ended is still an answer to it.
_EAGER: Final = Millis(120)


class Key(StrEnum):
    """Keys that answer."""

    YES = "y"
    NO = "n"


_END_KEYS: Final = frozenset("qQ")


class EndedByPersonError(Exception):
    """The person does not want to go on: nothing went wrong and nothing is to be kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """One utterance of the person: its sound (16 kHz int16) and what was made of it."""

    samples: Samples
    hypotheses: tuple[Hypothesis, ...]
    start: Millis
    end: Millis
    #: Too damaged to learn from.
    spoiled: bool


class Onlooker(Protocol):
    """Is told what happens, for a screen, and in tests for the person who answers."""

    def said(self, text: str) -> None:
        """Take in a line that is spoken now."""
        ...

    def noticed(self, text: str) -> None:
        """Take in a sentence that is not spoken."""
        ...

    def turn(self, wanted: str) -> None:
        """Take in that the person is to speak now; ``wanted`` is the word, "" for a yes or no."""
        ...


class Conversation:
    """Speaks and listens in turns; half-duplex but for the echo canceller, which keeps learning."""

    def __init__(
        self,
        front_end: FrontEnd,
        voice: CachedVoice,
        listener: Listener,
        onlooker: Onlooker,
        *,
        keyboard: Keyboard | None = None,
        rate: float = 1.0,
    ) -> None:
        self._front_end, self._voice, self._listener = front_end, voice, listener
        self._onlooker, self._keyboard, self._rate = onlooker, keyboard, rate
        self._queue = front_end.queue
        self._watch = MicrophoneWatch()
        self._now = Millis(0)
        self._silent_since = Millis(0)
        self._key: Key | None = None
        self._lines = 0

    def prepare(self, lines: list[str]) -> None:
        """Let lines be rendered in the background."""
        self._voice.prefetch([(line, self._rate) for line in lines])

    def note(self, text: str) -> None:
        """Show a sentence that is not spoken, a path for example."""
        self._onlooker.noticed(text)

    def say(self, text: str) -> None:
        """Say a line to its end, or until a key answers it.

        Raises:
            EndedByPersonError: if the person ends it.
        """
        self._onlooker.said(text)
        self._lines += 1
        self._queue.play(self._lines, self._voice.render(text, self._rate))
        while self._lines not in self._queue.finished():
            self._tick()
            if self._key is not None:
                self._queue.stop()
                break
        self._silent_since = self._now

    def listen(self, patience: Millis, wanted: str = "") -> Said | Key | None:
        """Return what the person answers to the last line; None if they say nothing for ``patience``.

        Raises:
            EndedByPersonError: if the person ends it.
        """
        self._onlooker.turn(wanted)
        until = self._now + patience
        while self._key is None and (self._now < until or self._listener.speaking):
            for event, spoiled in self._tick():
                if isinstance(event, UtteranceHeard) and event.start_ms >= self._silent_since - _EAGER:
                    return Said(event.audio, event.hypotheses, event.start_ms, event.end_ms, spoiled)
        key, self._key = self._key, None
        return key

    def _tick(self) -> list[tuple[ListenerEvent, bool]]:
        """Let one frame pass and return what was heard in it, and whether its sound was spoiled."""
        raw, microphone = self._front_end.exchange()
        speaking = self._listener.speaking
        for notice in self._watch.feed(raw, speaking=speaking, own_voice=self._queue.busy):
            self._onlooker.noticed(notice)
        report = self._watch.utterance
        self._now = Millis(self._now + FRAME_MS)
        self._read_keys()
        heard = self._listener.feed(microphone, self._front_end.gate)
        return [(event, report is not None and spoils(report)) for event in heard]

    def _read_keys(self) -> None:
        if self._keyboard is None:
            return
        read, typed = self._keyboard.read(""), self._keyboard.typed
        commands = {each.key if isinstance(each, Urged) else each for each in read}
        lines = {line.text.lower() for line in commands if isinstance(line, Hypothesis)}
        if Command.STOP in commands or "stop" in lines or _END_KEYS & set(typed):
            raise EndedByPersonError
        for key in Key:
            if key.value in typed.lower():
                self._key = key
        self._keyboard.typed = ""
