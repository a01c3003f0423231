"""The sound check's turns: say a line, be silent, hear one answer. Every frame is kept."""

from dataclasses import dataclass, field
from typing import Final

from cuewalk.audio.signal.quality import SignalMeter, SignalReport
from cuewalk.checkup.sound_check.measuring import Tape, joined
from cuewalk.checkup.sound_check.meter import Meter
from cuewalk.domain.intents import Expect
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, Millis
from cuewalk.session.dialogue import Answer, Dialogue
from cuewalk.session.observing import Frame

_EXPECTS: Final = frozenset({Expect.RATING})


@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """What the person said, and the report on the microphone's signal meanwhile, before the canceller."""

    answer: Answer
    signal: SignalReport = field(compare=False)


class Turns(Dialogue):
    """A dialogue of which each frame is taken on ``tape``, once it is `recording`, and shown on the meter."""

    def __init__(self, meter: Meter) -> None:
        super().__init__(_EXPECTS)
        self._meter = meter
        self.tape, self.recording = Tape(), False

    def room(self, lasting: Millis, settle: Millis) -> SignalReport:
        """Listen to the room; the report is without the first ``settle`` milliseconds."""
        from_here = len(self.tape) + settle // FRAME_MS
        self.be_silent(Millis(lasting + settle))
        return _report(self.tape.raw[from_here:])

    def hear(self, patience: Millis, round_trip: int | None) -> Reply | None:
        """Return what the person says; None if that is nothing for ``patience``.

        ``round_trip``: the milliseconds after which our own voice comes back. What began before its end is
        perhaps our own voice, and "say four" must not be taken for a four.
        """
        begin = len(self.tape)
        latency = self.loop.front_end.queue.far_end.latency_frames * FRAME_MS
        late = max(0, (round_trip or 0) - latency)
        answer = self.listen(Millis(self.now + late + patience), Millis(self.silent_since + late))
        return None if answer is None else Reply(answer, _report(self.tape.raw[begin:]))

    def framed(self, frame: Frame) -> None:
        """Take in one frame of sound."""
        if self.recording:
            # What decides whether it hears itself is the signal that voice activity is looked for in.
            self.tape.add(frame.played, frame.microphone, frame.gate)
            self._meter.feed(frame.microphone)


def _report(frames: list[Samples]) -> SignalReport:
    meter = SignalMeter()
    meter.feed(joined(frames))
    return meter.report()
