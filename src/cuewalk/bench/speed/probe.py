"""Measures one engine in a process of its own: ``python -m cuewalk.bench.speed.probe REQUEST``.

The request is a JSON object (see `ProbeRequest`); one JSON object is printed: the figures, or
``{"why_not": sentence}``. Nothing is imported here that a session does not import.
"""

import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cuewalk.audio.aec.canceller import build_echo_stage
from cuewalk.audio.aec.far_end import FarEnd
from cuewalk.bench.hearing.listening import hearing_for
from cuewalk.bench.live.cost import others_rss_mb
from cuewalk.bench.memory import peak_rss_mb, rss_mb
from cuewalk.bench.speed.metering import EXPECTS, SILENCE, Ear, Meter
from cuewalk.content.packs import load_pack
from cuewalk.devices.files.wav import read_wav
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE
from cuewalk.settings import Settings
from cuewalk.speech_in.endpointing import Endpointer
from cuewalk.speech_in.listener import Listener

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


@dataclass(frozen=True, slots=True)
class Probed:
    """One run. Shares are processor time over sound time, in percent of one core.

    ``realtime_factor`` is elapsed time over sound time, frames of utterances only.
    """

    engine: str
    cold_start_s: float
    idle_cpu_percent: float
    speech_cpu_percent: float | None
    realtime_factor: float | None
    utterances: int | None
    rss_mb: float
    peak_rss_mb: float


def probe(request: ProbeRequest) -> Probed:
    """Return the figures of one run.

    Raises:
        CuewalkError: if the engine is not there.
    """
    ear = _ready(request)
    far_end = FarEnd()
    echo = build_echo_stage(None, far_end)
    far_end.append(SILENCE)
    ear.listener.feed(echo.clean(SILENCE))
    cold = time.time() - request.started
    idle, spoken = Meter(ear, echo, far_end), Meter(ear, echo, far_end)
    idle.feed(_faint_noise(_IDLE_SECONDS))
    if request.speech:
        spoken.feed(read_wav(Path(request.speech)))
    return Probed(
        engine=ear.engine,
        cold_start_s=cold,
        idle_cpu_percent=100 * idle.cpu / idle.seconds,
        speech_cpu_percent=100 * spoken.cpu / spoken.seconds if spoken.seconds else None,
        realtime_factor=spoken.busy / spoken.busy_seconds if spoken.busy_seconds else None,
        utterances=spoken.utterances if request.speech else None,
        rss_mb=rss_mb() + others_rss_mb(),
        peak_rss_mb=peak_rss_mb() + others_rss_mb(),
    )


def _ready(request: ProbeRequest) -> Ear:
    if request.engine == WHISPER:
        from cuewalk.bench.speed.whisper_peer import WhisperRecogniser  # noqa: PLC0415 - for this engine only

        model = Path(request.whisper_model) if request.whisper_model else None
        whisper = WhisperRecogniser(model, request.locale.split("-")[0])
        return Ear(WHISPER, Listener(Endpointer(), [whisper]))
    settings = Settings(locale=request.locale)
    hearing = hearing_for(load_pack(request.locale), settings, request.engine)
    hearing.expect(EXPECTS)
    return Ear(hearing.engine, hearing.listener, hearing.interpreter)


def _faint_noise(seconds: int) -> Samples:
    rms = 32768 * 10 ** (_IDLE_DB / 20)
    noise = np.random.default_rng(0).standard_normal(seconds * SESSION_RATE) * rms
    quiet: Samples = np.rint(noise).astype(np.int16)
    return quiet


def main() -> None:
    """Measure what the first argument asks for and print it."""
    try:
        found: dict[str, object] = asdict(probe(ProbeRequest(**json.loads(sys.argv[1]))))
    except CuewalkError as error:
        found = {"why_not": str(error)}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
