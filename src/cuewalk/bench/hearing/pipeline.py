"""One clip through the pipeline of a live session: the same objects, the same 20 ms frames, no shortcut.

Frame by frame as in `session.loop`: microphone → echo canceller → voice activity → words → intent. What only
a session can do (ask back, act) is left out; what was decided is kept.
"""

import time
import zlib
from dataclasses import dataclass
from typing import Final

from cuewalk.bench.hearing.counting import Decision, Judged
from cuewalk.bench.hearing.manifest import Clip
from cuewalk.bench.hearing.mixing import is_noise
from cuewalk.bench.hearing.scene import AFTER, BEFORE, LONGEST_AFTER, Scene
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.heard import InputMode
from cuewalk.domain.intents import Expect
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES, SESSION_RATE, Millis
from cuewalk.engine.events import Understood
from cuewalk.speech_in.endpointing import UtteranceDropped, UtteranceStarted
from cuewalk.speech_in.listener import ListenerEvent, Partial, UtteranceHeard
from cuewalk.understanding.hearing import Hearing
from cuewalk.understanding.interpreter import Utterance

_MS: Final = 1000.0


@dataclass(slots=True)
class Pipeline:
    """A hearing in a scene, waiting for ``expects``."""

    hearing: Hearing
    scene: Scene
    expects: frozenset[Expect]

    def __post_init__(self) -> None:
        self.hearing.expect(self.expects)

    def judge(self, clip: Clip, sound: Samples) -> Judged:
        """Return what was decided while ``sound`` was heard; the listener knows nothing of earlier clips."""
        self.hearing.listener.reset()
        room = self.scene.enter(sound, _seed_of(clip), is_noise=is_noise(clip))
        run = _Run(self, room)
        try:
            run.frames(-(-(Millis(BEFORE + AFTER) * SESSION_RATE // 1000 + len(sound)) // FRAME_SAMPLES))
            run.to_the_end(LONGEST_AFTER // FRAME_MS)
        finally:
            self.scene.leave(room)
        return Judged(
            clip=clip,
            meant=self.hearing.pack.interpret(clip.words, self.expects),
            decisions=tuple(run.decisions),
            seconds=len(sound) / SESSION_RATE,
            fed_seconds=run.fed * FRAME_MS / 1000,
            computing_seconds=run.computing,
        )


def _seed_of(clip: Clip) -> int:
    return zlib.crc32(f"{clip.set}/{clip.name}".encode())


class _Run:
    """The frames of one clip."""

    def __init__(self, pipeline: Pipeline, room: VirtualRoom) -> None:
        self._hearing, self._scene, self._expects = pipeline.hearing, pipeline.scene, pipeline.expects
        self._room = room
        self._talking_over = ""
        self.decisions: list[Decision] = []
        self.fed = 0
        #: Processor seconds; playing and the room do not count.
        self.computing = 0.0

    def frames(self, number: int) -> None:
        """Let as many frames pass."""
        for _ in range(number):
            self._tick()

    def to_the_end(self, most: int) -> None:
        """Let frames pass until the utterance under way has ended, but not more than ``most``."""
        while self._hearing.listener.speaking and most > 0:
            self._tick()
            most -= 1

    def _tick(self) -> None:
        played = self._scene.voice.next_frame()
        heard = self._room.exchange(played)
        began, cpu = time.perf_counter(), time.process_time()
        self._scene.far_end.append(played)
        cleaned = self._scene.echo.clean(heard)
        for event in self._hearing.listener.feed(cleaned, self._scene.echo.gate):
            self._hear(event, began)
        self.computing += time.process_time() - cpu
        self.fed += 1

    def _hear(self, event: ListenerEvent, began: float) -> None:
        voice = self._scene.voice
        match event:
            case UtteranceStarted():
                self._talking_over = voice.own_words
            case Partial(texts=texts):
                if self._hearing.interpreter.urgent_in(texts, voice.own_words):
                    voice.hush()
            case UtteranceDropped():
                voice.go_on()
            case UtteranceHeard():
                self._decide(event, began)
                voice.go_on()

    def _decide(self, heard: UtteranceHeard, began: float) -> None:
        start, end = heard.start_ms, heard.end_ms
        spoken = Utterance(heard.number, heard.hypotheses, InputMode.VOICE, start, end, surely=heard.surely)
        own_words = f"{self._talking_over} {self._scene.voice.own_words}".strip()
        event = self._hearing.interpreter.understand(spoken, self._expects, own_words)
        computing_ms = (time.perf_counter() - began) * _MS
        understood = event if isinstance(event, Understood) else None
        best = event.heard.text or max(heard.hypotheses, key=lambda h: (bool(h.text), h.confidence)).text
        self.decisions.append(
            Decision(
                text=best,
                confidence=event.heard.confidence,
                intent=understood.intent if understood else None,
                sureness=understood.heard.sureness if understood else None,
                guess=self._hearing.pack.interpret(best, self._expects) if best else None,
                speech_ms=Millis(heard.end_ms - heard.start_ms),
                latency_ms=heard.decided_ms - heard.end_ms + computing_ms,
            )
        )
