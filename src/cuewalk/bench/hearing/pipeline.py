"""One clip through the session's loop: what a session would have made of it is kept.

Nothing is left out but what only a session can do about it: ask back, and act.
"""

import time
import zlib
from dataclasses import dataclass
from typing import Final

from cuewalk.bench.hearing.counting import Decision, Judged
from cuewalk.bench.hearing.manifest import Clip
from cuewalk.bench.hearing.mixing import is_noise
from cuewalk.bench.hearing.scene import AFTER, BEFORE, LONGEST_AFTER, Room, Scene
from cuewalk.domain.intents import Expect
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES, SESSION_RATE, Millis
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.session.stage import Stage
from cuewalk.speech_in.listener import UtteranceHeard

_MS: Final = 1000.0


@dataclass(slots=True)
class Pipeline:
    """A stage in a scene, waiting for ``expects``."""

    stage: Stage
    scene: Scene
    expects: frozenset[Expect]

    def judge(self, clip: Clip, sound: Samples) -> Judged:
        """Return what was decided while ``sound`` was heard; the listener knows nothing of earlier clips."""
        self.stage.hearing.listener.reset()
        seed = zlib.crc32(f"{clip.set}/{clip.name}".encode())
        run = _Run(self, self.scene.enter(self.stage, sound, seed, is_noise=is_noise(clip)))
        try:
            run.frames(-(-(Millis(BEFORE + AFTER) * SESSION_RATE // 1000 + len(sound)) // FRAME_SAMPLES))
            run.to_the_end(LONGEST_AFTER // FRAME_MS)
        finally:
            run.place.leave()
        return Judged(
            clip=clip,
            meant=self.stage.pack.interpret(clip.words, self.expects),
            decisions=tuple(run.decisions),
            seconds=len(sound) / SESSION_RATE,
            fed_seconds=run.fed * FRAME_MS / 1000,
            computing_seconds=run.computing,
        )


class _Run:
    """The frames of one clip."""

    def __init__(self, pipeline: Pipeline, place: Room) -> None:
        self._pipeline, self.place = pipeline, place
        self.decisions: list[Decision] = []
        self.fed = 0
        #: Processor seconds; the room does not count.
        self.computing = 0.0

    def frames(self, number: int) -> None:
        """Let as many frames pass."""
        for _ in range(number):
            self._tick()

    def to_the_end(self, most: int) -> None:
        """Let frames pass until the utterance under way has ended, but not more than ``most``."""
        while self.place.loop.speaking and most > 0:
            self._tick()
            most -= 1

    def _tick(self) -> None:
        place = self.place
        began, cpu, of_room = time.perf_counter(), time.process_time(), place.room.seconds
        place.loop.tick()
        self.computing += time.process_time() - cpu - (place.room.seconds - of_room)
        self.fed += 1
        took = (time.perf_counter() - began) * _MS
        self.decisions += [self._decision(heard, event, took) for heard, event in place.told.understood]
        place.told.understood.clear()

    def _decision(
        self, heard: UtteranceHeard, event: Understood | NotUnderstood, computing_ms: float
    ) -> Decision:
        understood = event if isinstance(event, Understood) else None
        best = event.heard.text or max(heard.hypotheses, key=lambda h: (bool(h.text), h.confidence)).text
        meaning = self._pipeline.stage.pack.interpret(best, self._pipeline.expects) if best else None
        return Decision(
            text=best,
            confidence=event.heard.confidence,
            intent=understood.intent if understood else None,
            sureness=understood.heard.sureness if understood else None,
            guess=meaning,
            speech_ms=Millis(heard.end_ms - heard.start_ms),
            latency_ms=heard.decided_ms - heard.end_ms + computing_ms,
        )
