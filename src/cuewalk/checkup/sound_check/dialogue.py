"""The sound check's turns on an audio device: say a line, be silent, hear one answer. Everything is kept."""

from dataclasses import dataclass
from typing import Final

from cuewalk.audio.aec.canceller import EchoMode
from cuewalk.audio.front_end import FrontEnd
from cuewalk.audio.signal.quality import SignalMeter, SignalReport
from cuewalk.checkup.sound_check.measuring import Tape, joined
from cuewalk.checkup.sound_check.meter import Meter
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, Millis
from cuewalk.speech_in.listener import UtteranceHeard
from cuewalk.understanding.hearing import Hearing

#: Speech that begins so shortly before our own line has died away is still an answer to it.
_EAGER: Final = Millis(120)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person said, and the report on the microphone's signal meanwhile, before the canceller."""

    utterance: UtteranceHeard
    signal: SignalReport


class Dialogue:
    """Works frame by frame. Each exchange is taken on ``tape`` and shown on ``meter``.

    It has the front_end of a session, so the canceller is told of gaps and of clocks that differ.
    """

    def __init__(self, front_end: FrontEnd, hearing: Hearing, meter: Meter) -> None:
        self._front_end, self._listener, self._meter = front_end, hearing.listener, meter
        self._queue = front_end.queue
        self._lines = 0
        #: Frame in which the last line was handed over to its end.
        self._handed_over = 0
        self.tape = Tape()

    @property
    def echo_mode(self) -> EchoMode:
        """What is done about our own voice here."""
        return self._front_end.echo.mode

    def say(self, samples: Samples) -> None:
        """Play a line until it has been heard to its end."""
        self._lines += 1
        self._queue.play(self._lines, samples, sooner=False)
        while self._lines not in self._queue.finished():
            self._tick()
        self._handed_over = len(self.tape) - self._queue.far_end.latency_frames

    def be_silent(self, milliseconds: int, settle: int) -> SignalReport:
        """Listen to the room; the report is without the first ``settle`` milliseconds."""
        from_here = len(self.tape) + settle // FRAME_MS
        for _ in range(0, milliseconds + settle, FRAME_MS):
            self._tick()
        return _report(self.tape.raw[from_here:])

    def listen(self, patience: Millis, round_trip: int | None) -> Answer | None:
        """Return what the person says; None if that is nothing for ``patience``.

        ``round_trip``: after so many milliseconds our own voice comes back. What began before its end is
        perhaps our own voice, and "say four" must not be taken for a four.
        """
        begin = len(self.tape)
        ours = max(begin * FRAME_MS, self._handed_over * FRAME_MS + (round_trip or 0))
        until = Millis(ours + patience)
        while len(self.tape) * FRAME_MS < until or self._listener.speaking:
            for event in self._tick():
                if event.start_ms >= ours - _EAGER:
                    return Answer(event, _report(self.tape.raw[begin:]))
        return None

    def _tick(self) -> list[UtteranceHeard]:
        """Let one frame pass and return the utterances that ended in it."""
        raw, cleaned = self._front_end.exchange()
        gate = self._front_end.gate
        # What decides whether it hears itself is the signal that voice activity is looked for in.
        self.tape.add(self._front_end.played, raw, cleaned if gate is None else gate)
        self._meter.feed(raw)
        return [event for event in self._listener.feed(cleaned, gate) if isinstance(event, UtteranceHeard)]


def _report(frames: list[Samples]) -> SignalReport:
    meter = SignalMeter()
    meter.feed(joined(frames))
    return meter.report()
