"""Barge-in: what the person says, also over our voice, becomes an event for the session.

Order matters here. "Stop", "pause", "ow" and "that hurts" silence the voice by their first sound, before they
are understood; if it was nothing urgent, the cue goes on from its last phrase.
"""

import logging
from typing import Final, NamedTuple

import numpy as np

from cuewalk.audio.phrases import speech_level
from cuewalk.audio.signal.microphone_watch import MicrophoneWatch
from cuewalk.audio.signal.quality import spoils
from cuewalk.domain.input_mode import InputMode
from cuewalk.domain.intents import URGENT_COMMANDS, Command, CommandSaid, Expect
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, Millis
from cuewalk.engine.events import NotUnderstood, SpeechStarted, SpeechWasNothing, Understood
from cuewalk.session.cue_playback import CuePlayback, EndedCue
from cuewalk.session.logbook import Logbook
from cuewalk.speech_in.endpointing import UtteranceDropped, UtteranceStarted
from cuewalk.speech_in.listener import ListenerEvent, Partial, UtteranceHeard
from cuewalk.understanding.arbiter import is_command
from cuewalk.understanding.hearing import Hearing
from cuewalk.understanding.interpreter import Utterance

_log = logging.getLogger(__package__)

#: Seconds from the first sound until the VAD finds it, at most. Measured: 0.2-0.35.
_VAD_LATENCY: Final = 0.4
#: If a cue ends during an utterance, up to this many seconds of it may be mixed in. Design: longer than the
#: part of an utterance that anybody speaks over the end of a cue.
_SPOKEN_OVER: Final = 3.0
#: Factor a frame by which the measured level of our own voice decays, so that it outlasts the pauses of a
#: cue: half in 0.7 s. Design: no pause between two phrases is longer.
_DECAY: Final = 0.98
#: Level (factor) of an utterance against our own voice below which it is residual echo. Measured: the residue
#: is 25 to 35 dB below our voice, a person across the room hardly more than 10.
_RESIDUE: Final = 10 ** (-18 / 20)
#: The same for what is not urgent, and for a stop that only its partial text said, while the canceller is in
#: training. Measured on null sinks: its residue is 6.5 to 17 dB below.
_RESIDUE_IN_TRAINING: Final = 10 ** (-6 / 20)
#: ms between two remarks that something was nearly understood. Design: once helps, more would be chatter
#: beside a radio.
_REMARK_EVERY: Final = Millis(20_000)

HeardEvent = SpeechStarted | SpeechWasNothing | Understood | NotUnderstood


class ResumePoint(NamedTuple):
    """Where an interrupted session had come to: its clock, and how many utterances it had heard."""

    clock: Millis
    utterances: int


FROM_THE_START: Final = ResumePoint(Millis(0), 0)


class BargeIn:
    """Turns what the listener hears into events for the session."""

    def __init__(
        self,
        hearing: Hearing,
        playback: CuePlayback,
        logbook: Logbook,
        watch: MicrophoneWatch | None,
        start: ResumePoint = FROM_THE_START,
    ) -> None:
        self._hearing, self._playback, self._logbook, self._watch = hearing, playback, logbook, watch
        self._start = start
        #: Words of our own cues that were heard during the utterance, before the one running now.
        self._own_words = ""
        #: The cue that ended last, and the seconds since: the VAD may not have found its last words yet.
        self._ended: EndedCue | None = None
        self._since_ended = 0.0
        self._interrupted_for: Command | None = None
        #: The echo stage that the utterance began with.
        self._stage = playback.echo_stage
        #: Whether the utterance began before the canceller knew the room.
        self._in_training = False
        #: Whether it said "stop" then, over our voice, which did not fall silent for it.
        self._stop_in_training = False
        #: When the person was last told that a command was not clear enough.
        self._remarked: Millis | None = None
        #: Level of our own voice at the microphone now and during the utterance (RMS of a frame).
        self._own_level = self._own_level_over = 0.0

    def frame(self, microphone: Samples) -> None:
        """Take in one frame of the microphone as it was."""
        self._own_level *= _DECAY
        self._since_ended += FRAME_MS / 1000
        if self._playback.running is not None:
            floats = microphone.astype(np.float64)
            self._own_level = max(self._own_level, float(np.sqrt(np.dot(floats, floats) / len(floats))))
        self._own_level_over = max(self._own_level_over, self._own_level)

    def own_cue_ended(self, ended: EndedCue) -> None:
        """Take in that a cue of ours ended, perhaps in the middle of an utterance."""
        self._ended, self._since_ended = ended, 0.0
        if self._hearing.listener.speaking:
            self._own_words = f"{self._own_words} {ended.last_words(_SPOKEN_OVER)}".strip()

    @property
    def spoiled(self) -> bool:
        """Whether this utterance is too damaged: by the microphone, or the echo stage changed in it."""
        report = self._watch.utterance if self._watch is not None else None
        return self._stage is not self._playback.echo_stage or (report is not None and spoils(report))

    def hear(self, event: ListenerEvent, expects: frozenset[Expect]) -> HeardEvent | None:
        """Return what the session is to be told; the voice is interrupted, or goes on besides."""
        match event:
            case UtteranceStarted():
                self._own_words = (
                    f"{self._not_yet_found()} {self._playback.words_heard(_VAD_LATENCY)}".strip()
                )
                self._interrupted_for, self._stop_in_training = None, False
                self._in_training, self._stage = self._playback.in_training, self._playback.echo_stage
                self._own_level_over = self._own_level
                return SpeechStarted()
            case Partial(texts=texts):
                self._interrupt_if_urgent(texts)
                return None
            case UtteranceDropped():
                return SpeechWasNothing()
            case UtteranceHeard():
                return self._utterance(event, expects)

    def _not_yet_found(self) -> str:
        """Return the last words of the cue before that an utterance found now may begin with."""
        return self._ended.last_words(_VAD_LATENCY - self._since_ended) if self._ended else ""

    def _interrupt_if_urgent(self, texts: tuple[str, ...]) -> None:
        own_words = f"{self._own_words} {self._playback.words_heard(_VAD_LATENCY)}".strip()
        urgent = self._hearing.interpreter.urgent_in(texts, own_words)
        if not urgent:
            return
        if self._in_training and own_words:
            # What is left of our voice says "ow" and "stop" now (measured on null sinks: in 5 of 12 first
            # lines): the whole utterance is waited for.
            self._stop_in_training |= urgent is Command.STOP
        elif self._playback.interrupt():
            self._interrupted_for = urgent
            _log.debug("barge-in: our voice is silent")
        elif self._interrupted_for is not None and urgent is Command.STOP:
            self._interrupted_for = urgent  # "ow ... stop": the whole utterance is a stop

    def _utterance(self, heard: UtteranceHeard, expects: frozenset[Expect]) -> HeardEvent:
        """Return the event of one utterance; residual echo is nothing, unless it says something urgent.

        A faint stop may come from across the room: how surely it was understood decides what it is.
        """
        event, loudness = self._understood(heard, expects), self._beside_our_voice(heard)
        if self._is_left_of_our_voice(event, loudness):
            return SpeechWasNothing()
        self._logbook.at_hand(self._number_of(heard), heard.audio)
        if isinstance(event, Understood):
            return event
        if self._was_stop(heard, loudness):
            return Understood(intent=CommandSaid(command=Command.STOP), heard=event.heard)
        return self._not_too_often(event, heard.decided_ms)

    def _is_left_of_our_voice(self, event: Understood | NotUnderstood, loudness: float) -> bool:
        """Return whether an utterance is too faint beside our voice to be believed."""
        if self._interrupted_for is not None or self._hearing.interpreter.is_clearly_urgent(event):
            return False
        return loudness < _RESIDUE or not (self._as_loud_as_a_person(loudness) or _is_urgent(event))

    def _was_stop(self, heard: UtteranceHeard, loudness: float) -> bool:
        """Return whether a partial "stop" was one, though the whole utterance was not understood.

        One that interrupted our voice, or held a line that was being rendered, was: if it was speech, by its
        sound or because it is louder than residual echo can be.
        """
        if self._interrupted_for is Command.STOP:
            return heard.surely or (bool(self._own_words) and loudness >= _RESIDUE)
        return self._stop_in_training and self._as_loud_as_a_person(loudness)

    def _as_loud_as_a_person(self, loudness: float) -> bool:
        return loudness >= (_RESIDUE_IN_TRAINING if self._in_training else _RESIDUE)

    def _beside_our_voice(self, heard: UtteranceHeard) -> float:
        """Return how loud an utterance is, as a factor of our own voice; infinite in its silence."""
        if not self._own_words or not self._own_level_over:
            return np.inf
        return speech_level(heard.audio) / self._own_level_over

    def _number_of(self, heard: UtteranceHeard) -> int:
        """Return the number of an utterance in its session, which may have been interrupted before."""
        return heard.number + self._start.utterances

    def _understood(self, heard: UtteranceHeard, expects: frozenset[Expect]) -> Understood | NotUnderstood:
        utterance = Utterance(
            self._number_of(heard),
            heard.hypotheses,
            InputMode.VOICE,
            Millis(self._start.clock + heard.start_ms),
            Millis(self._start.clock + heard.end_ms),
            self.spoiled,
            heard.surely,
        )
        running = self._playback.words_heard((heard.decided_ms - heard.start_ms) / 1000)
        own_words = f"{self._own_words} {running}".strip()
        return self._hearing.interpreter.understand(utterance, expects, own_words)

    def _not_too_often(self, event: NotUnderstood, now: Millis) -> NotUnderstood:
        """Return what was nearly a command as clear at most once in a while: a radio talks all the time."""
        if not event.clear:
            return event
        if self._remarked is not None and now - self._remarked < _REMARK_EVERY:
            return event.model_copy(update={"clear": False})
        self._remarked = now
        return event


def _is_urgent(event: Understood | NotUnderstood) -> bool:
    return isinstance(event, Understood) and is_command(event.intent, URGENT_COMMANDS)
