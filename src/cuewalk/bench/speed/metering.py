"""What it costs to listen: processor time and elapsed time, frame by frame."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from cuewalk.audio.aec.canceller import EchoStage
from cuewalk.audio.aec.far_end import FarEnd
from cuewalk.bench.hearing.listening import ListenFor
from cuewalk.bench.live.cost import others_cpu_seconds
from cuewalk.domain.heard import InputMode
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES
from cuewalk.speech_in.listener import Hearer, UtteranceHeard
from cuewalk.understanding.interpreter import Interpreter, Utterance

#: What is waited for while it is measured: a rating, as for most of a session.
EXPECTS: Final = ListenFor.RATINGS.expects
SILENCE: Final[Samples] = np.zeros(FRAME_SAMPLES, np.int16)


@dataclass(frozen=True, slots=True)
class Ear:
    """What listens, and what decides at the end of an utterance."""

    engine: str
    listener: Hearer
    ears: Interpreter | None = None

    def decide(self, heard: UtteranceHeard) -> None:
        """Make of an utterance what a session makes of it."""
        if self.ears is not None:
            spoken = Utterance(heard.number, heard.hypotheses, InputMode.VOICE, heard.start_ms, heard.end_ms)
            self.ears.understand(spoken, EXPECTS)


class Meter:
    """Feeds sound frame by frame and adds up what it costs."""

    def __init__(self, ear: Ear, echo: EchoStage, far_end: FarEnd) -> None:
        self._ear, self._echo, self._far_end = ear, echo, far_end
        self.cpu = self.seconds = self.busy = self.busy_seconds = 0.0
        self.utterances = 0

    def feed(self, sound: Samples) -> None:
        """Feed it as fast as it goes."""
        of_others = others_cpu_seconds()
        for frame in _frames(sound):
            began, cpu = time.perf_counter(), time.process_time()
            speaking = self._ear.listener.speaking
            self._hear(frame)
            self.cpu += time.process_time() - cpu
            self.seconds += FRAME_MS / 1000
            if speaking or self._ear.listener.speaking:
                self.busy += time.perf_counter() - began
                self.busy_seconds += FRAME_MS / 1000
        # Recognisers that have a process of their own.
        self.cpu += others_cpu_seconds() - of_others

    def _hear(self, frame: Samples) -> None:
        self._far_end.append(SILENCE)
        cleaned = self._echo.clean(frame)
        for event in self._ear.listener.feed(cleaned, self._echo.gate):
            if isinstance(event, UtteranceHeard):
                self._ear.decide(event)
                self.utterances += 1


def _frames(sound: Samples) -> Iterator[Samples]:
    for start in range(0, len(sound) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        yield sound[start : start + FRAME_SAMPLES]
