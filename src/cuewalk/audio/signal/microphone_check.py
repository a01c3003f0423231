"""Listens to the microphone for a moment before a session and says in plain words what it is like."""

from typing import Final

import numpy as np

from cuewalk.audio.api import AudioIO
from cuewalk.audio.signal.quality import SignalMeter, SignalReport
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES

#: Left out at the start: switching a microphone on gives a thump, and some deliver zeros first.
_SETTLE_MS: Final = 200
#: Words for a room's noise, in dBFS up to the number.
_ROOMS: Final = ((-60.0, "very quiet"), (-45.0, "quiet"), (-35.0, "not quiet"), (0.0, "loud"))


def check_microphone(audio: AudioIO, seconds: float) -> SignalReport:
    """Listen for ``seconds``, playing silence, and return the report on what came.

    Raises:
        DeviceLostError: if the microphone or the speaker stops delivering.
    """
    meter = SignalMeter()
    silence = np.zeros(FRAME_SAMPLES, np.int16)
    for moment in range(0, _SETTLE_MS + round(seconds * 1000), FRAME_MS):
        heard = audio.exchange(silence)
        if moment >= _SETTLE_MS:
            meter.feed(heard)
    return meter.report()


def sentences(report: SignalReport) -> str:
    """Return what is wrong with the signal in words, or how good it is."""
    if report.problems:
        return " ".join(problem.sentence for problem in report.problems)
    room = next(word for limit, word in _ROOMS if report.noise_dbfs <= limit)
    heard = f"The room is {room} (noise {report.noise_dbfs:.0f} dBFS)."
    if report.speech_dbfs is None:
        return f"{heard} Nobody spoke, so the level of a voice was not judged."
    return f"{heard} The loudest sounds are well heard ({report.speech_dbfs:.0f} dBFS)."
