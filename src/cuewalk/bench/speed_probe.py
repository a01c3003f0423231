"""Measures one engine in a process of its own: ``python -m cuewalk.bench.speed_probe REQUEST``.

The request is a JSON object (see `ProbeRequest`); one JSON object is printed: the figures, or
``{"why_not": sentence}``. Nothing is imported here that a session does not import.
"""

import json
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from cuewalk import places
from cuewalk.audio.aec.canceller import build_echo_stage
from cuewalk.bench.cue_script import CueScript
from cuewalk.bench.hearing.scene import TimedRoom, timed_tick
from cuewalk.bench.listening import ListenFor, hearing_for
from cuewalk.bench.machine import others_cpu_seconds, others_rss_mb, peak_rss_mb, rss_mb
from cuewalk.content.packs import load_pack
from cuewalk.devices.files.wav import read_wav
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.sound import FULL_SCALE, Samples, as_samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES, SESSION_RATE
from cuewalk.session.notices import NoticeBoard
from cuewalk.session.observing import Observer
from cuewalk.session.stage import LoopOptions, Stage, build_loop
from cuewalk.settings import Settings
from cuewalk.speech_in.listener import UtteranceHeard
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.voices.silent import SilentVoice
from cuewalk.understanding.hearing import Hearing, hearing_of

WHISPER: Final = "faster-whisper"
#: Level of the noise while nobody speaks, against full scale: a quiet room. Above the energy gate of the
#: voice activity model, so that the model runs on every chunk.
_IDLE_DB: Final = -60.0
_IDLE_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """What to measure. ``started`` is `time.time` when the process was started; ``speech`` a WAV or ""."""

    engine: str
    locale: str
    started: float
    speech: str = ""
    whisper_model: str = ""


class Costs(NamedTuple):
    """What it cost to hear some sound, s: processor, sound; elapsed time and sound in utterances alone."""

    cpu: float
    sound: float
    busy: float
    busy_sound: float
    utterances: int


class SilentSession(Observer):
    """A session that only listens, in a room where nothing is heard but what is fed."""

    def __init__(self, hearing: Hearing, settings: Settings) -> None:
        self._utterances, self._room = 0, TimedRoom()
        script = CueScript((), lambda _event: None, obeys=True)
        # For most of a session a rating is waited for.
        script.expects = ListenFor.RATINGS.expects
        voice = CachedVoice(SilentVoice(), places.cache_dir() / "cues")
        stage = Stage(settings, hearing.pack, voice, NoticeBoard(), hearing)
        options = LoopOptions(echo=partial(build_echo_stage, None), observers=[self])
        self.loop = build_loop(stage, script, self._room, options)

    def heard(self, utterance: UtteranceHeard, *, spoiled: bool) -> None:  # noqa: ARG002 - the observer's shape
        """Count an utterance."""
        self._utterances += 1

    def feed(self, sound: Samples) -> Costs:
        """Hear some sound as fast as it goes and return what that cost, without the room's own time."""
        before, of_others, frames = self._utterances, others_cpu_seconds(), len(sound) // FRAME_SAMPLES
        cpu, busy, busy_frames = 0.0, 0.0, 0
        self._room.say(sound, self._room.now_sample)
        for _ in range(frames):
            speaking = self.loop.speaking
            processor, elapsed = timed_tick(self.loop, self._room)
            cpu += processor
            if speaking or self.loop.speaking:
                busy += elapsed
                busy_frames += 1
        # Recognisers that have a process of their own.
        cpu += others_cpu_seconds() - of_others
        seconds, busy_seconds = (count * FRAME_MS / 1000 for count in (frames, busy_frames))
        return Costs(cpu, seconds, busy, busy_seconds, self._utterances - before)


def probe(request: ProbeRequest) -> dict[str, Any]:
    """Return the figures of one run; what needs speech is None where there is none.

    Shares are processor time over sound time, in percent of one core; ``realtime_factor`` is elapsed time
    over sound time, frames of utterances only.

    Raises:
        CuewalkError: if the engine is not there.
    """
    settings = Settings(locale=request.locale)
    hearing = _hearing(request, settings)
    session = SilentSession(hearing, settings)
    session.loop.tick()
    cold = time.time() - request.started
    idle = session.feed(_faint_noise(_IDLE_SECONDS))
    spoken = session.feed(read_wav(Path(request.speech))) if request.speech else None
    return {
        "engine": hearing.engine,
        "cold_start_s": cold,
        "idle_cpu_percent": 100 * idle.cpu / idle.sound,
        "speech_cpu_percent": 100 * spoken.cpu / spoken.sound if spoken and spoken.sound else None,
        "realtime_factor": spoken.busy / spoken.busy_sound if spoken and spoken.busy_sound else None,
        "utterances": spoken.utterances if spoken else None,
        "rss_mb": rss_mb() + others_rss_mb(),
        "peak_rss_mb": peak_rss_mb() + others_rss_mb(),
    }


def _hearing(request: ProbeRequest, settings: Settings) -> Hearing:
    pack = load_pack(request.locale)
    if request.engine != WHISPER:
        return hearing_for(pack, settings, request.engine)
    from cuewalk.bench.whisper_peer import WhisperRecogniser  # noqa: PLC0415 - for this engine only

    model = Path(request.whisper_model) if request.whisper_model else None
    return hearing_of(pack, [WhisperRecogniser(model, request.locale.split("-")[0])])


def _faint_noise(seconds: int) -> Samples:
    rms = FULL_SCALE * 10 ** (_IDLE_DB / 20)
    return as_samples(np.random.default_rng(0).standard_normal(seconds * SESSION_RATE) * rms)


def main() -> None:
    """Measure what the first argument asks for and print it."""
    try:
        found = probe(ProbeRequest(**json.loads(sys.argv[1])))
    except CuewalkError as error:
        found = {"why_not": str(error)}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
