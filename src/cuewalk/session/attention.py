"""What becomes of the person's speech: our voice falls silent for what is urgent, then it is understood.

Order matters here. "Stop", "pause", "ow" and "that hurts" silence the voice by their first sound, before they
are understood; if it was nothing urgent, the cue goes on from its last phrase.
"""

from typing import Final, NamedTuple

import numpy as np

from cuewalk.audio.phrases import speech_level
from cuewalk.audio.signal.microphone_watch import MicrophoneWatch
from cuewalk.audio.signal.quality import spoils
from cuewalk.domain.heard import InputMode
from cuewalk.domain.intents import Command, CommandSaid, Expect
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import Millis
from cuewalk.engine.events import NotUnderstood, SpeechStarted, SpeechWasNothing, Understood
from cuewalk.session.logbook import Logbook
from cuewalk.session.voicing import Voicing
from cuewalk.speech_in.endpointing import UtteranceDropped, UtteranceStarted
from cuewalk.speech_in.listener import ListenerEvent, Partial, UtteranceHeard
from cuewalk.understanding.hearing import Hearing
from cuewalk.understanding.interpreter import Utterance

#: Voice activity is found so much after the first sound, at most.
_ONSET_SECONDS: Final = 0.4

#: Our own voice at the microphone is measured where it is loud; so much of its level is left a frame later,
#: so that it outlasts the pauses of a cue (half in 0.7 s).
_FADES: Final = 0.98
#: What is left of our own voice is 25 to 35 dB below it, a person across the room hardly more than 10.
_LEFT_OVER: Final = 10 ** (-18 / 20)
#: "I didn't catch that" is said at most this often: once helps, more would be chatter beside a radio.
_REMARK_EVERY: Final = Millis(20_000)

HeardEvent = SpeechStarted | SpeechWasNothing | Understood | NotUnderstood


class Past(NamedTuple):
    """Where an interrupted session had come to: its clock, and how many utterances it had heard."""

    clock: Millis
    utterances: int


class Attention:
    """Turns what the listener hears into events for the session."""

    def __init__(
        self,
        hearing: Hearing,
        voicing: Voicing,
        logbook: Logbook,
        watch: MicrophoneWatch | None,
        past: Past,
    ) -> None:
        self._hearing, self._voicing, self._logbook, self._watch = hearing, voicing, logbook, watch
        self._past = past
        self._talking_over = ""
        self._hushed_for: Command | None = None
        #: When the person was last told that a command was not clear enough.
        self._remarked: Millis | None = None
        #: Loudness of our own voice at the microphone now and during the utterance (RMS of a frame).
        self._own_level = self._own_level_over = 0.0

    def passed(self, raw: Samples) -> None:
        """Take in one frame of the microphone as it was."""
        floats = raw.astype(np.float64)
        loud = float(np.sqrt(np.dot(floats, floats) / len(floats))) if self._voicing.running else 0.0
        self._own_level = max(loud, self._own_level * _FADES)
        self._own_level_over = max(self._own_level_over, self._own_level)

    def own_cue_ended(self, text: str) -> None:
        """Take in that a cue of ours ended, perhaps in the middle of what is being heard."""
        if self._hearing.listener.speaking:
            self._talking_over += f" {text}"

    def hear(self, event: ListenerEvent, expects: frozenset[Expect]) -> HeardEvent | None:
        """Return what the session is to be told; the voice is silenced or goes on besides."""
        match event:
            case UtteranceStarted():
                self._talking_over = self._voicing.words_heard(_ONSET_SECONDS)
                self._hushed_for = None
                self._own_level_over = self._own_level
                return SpeechStarted()
            case Partial(texts=texts):
                self._partly(texts)
                return None
            case UtteranceDropped():
                return SpeechWasNothing()
            case UtteranceHeard() if self._hushed_for is None and self._left_over(event):
                return SpeechWasNothing()
            case UtteranceHeard():
                return self._now_and_then(self._not_missed(self._utterance(event, expects), event), event)

    def _partly(self, texts: tuple[str, ...]) -> None:
        words = f"{self._talking_over} {self._voicing.words_heard(_ONSET_SECONDS)}"
        urgent = self._hearing.interpreter.urgent_in(texts, words)
        if urgent and self._voicing.hush():
            self._hushed_for = urgent

    def _left_over(self, heard: UtteranceHeard) -> bool:
        """Return whether an utterance is so faint beside our own voice that it is what is left of it."""
        return bool(self._talking_over) and speech_level(heard.audio) < self._own_level_over * _LEFT_OVER

    def _utterance(self, heard: UtteranceHeard, expects: frozenset[Expect]) -> Understood | NotUnderstood:
        number, began = heard.number + self._past.utterances, self._past.clock
        self._logbook.at_hand(number, heard.audio)
        start, end = Millis(began + heard.start_ms), Millis(began + heard.end_ms)
        spoken = Utterance(
            number, heard.hypotheses, InputMode.VOICE, start, end, self._spoiled(), heard.surely
        )
        seconds = (heard.decided_ms - heard.start_ms) / 1000
        own_words = f"{self._talking_over} {self._voicing.words_heard(seconds)}".strip()
        return self._hearing.interpreter.understand(spoken, expects, own_words)

    def _not_missed(
        self, event: Understood | NotUnderstood, heard: UtteranceHeard
    ) -> Understood | NotUnderstood:
        """Return a stop that silenced our voice as a stop, though the whole utterance was not understood.

        It was speech, by its sound or because it is louder than what is left of our own voice can be.
        """
        clear = heard.surely or (bool(self._talking_over) and not self._left_over(heard))
        stopped = self._hushed_for is Command.STOP and clear
        if isinstance(event, Understood) or not stopped:
            return event
        return Understood(intent=CommandSaid(command=Command.STOP), heard=event.heard)

    def _now_and_then(
        self, event: Understood | NotUnderstood, heard: UtteranceHeard
    ) -> Understood | NotUnderstood:
        """Return what was nearly a command as clear at most once in a while: a radio talks all the time."""
        if not (isinstance(event, NotUnderstood) and event.clear):
            return event
        if self._remarked is not None and heard.decided_ms - self._remarked < _REMARK_EVERY:
            return event.model_copy(update={"clear": False})
        self._remarked = heard.decided_ms
        return event

    def _spoiled(self) -> bool:
        """Return whether the microphone's own signal, before the canceller, was too damaged to trust."""
        report = self._watch.utterance if self._watch is not None else None
        return report is not None and spoils(report)
