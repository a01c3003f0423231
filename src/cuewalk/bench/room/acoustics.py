"""How speaker and person sound at the microphone of a room: two impulse responses."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cuewalk.audio.reverb import impulse_response
from cuewalk.domain.sound import Floats
from cuewalk.domain.units import SESSION_RATE

#: Metres: a living room; the speaker is 1 m from the microphone, the person 2 m.
_ROOM: Final = (4.0, 5.0, 2.6)
_MICROPHONE: Final = (1.5, 2.0, 0.9)
_SPEAKER: Final = (2.5, 2.0, 0.9)
_PERSON: Final = (1.5, 3.9, 1.525)
#: More reflections of reflections only take time: they are below the noise.
_MOST_REFLECTIONS: Final = 60
#: The direct sound is the first that is so loud against the loudest.
_DIRECT: Final = 0.5
OURS: Final = "exponentially decaying noise (built in)"


@dataclass(frozen=True, slots=True)
class Responses:
    """Impulse responses with the direct sound first and an energy of 1: no level changes by them."""

    echo: Floats
    person: Floats
    #: What they were computed with, for the report.
    by: str


def responses(rt60: float | None, seed: int) -> Responses:
    """Return the responses of a room in which a sound dies away by 60 dB in ``rt60`` seconds; None: outside.

    The image-source model where pyroomacoustics is installed, else decaying noise.
    """
    if rt60 is None:
        alone = np.ones(1, np.float32)
        return Responses(alone, alone, model())
    pra = _pyroomacoustics()
    if pra is not None:
        echo, person = _images(pra, rt60)
    else:
        echo, person = (impulse_response(rt60, np.random.default_rng([seed, which])) for which in (1, 2))
    return Responses(_with_energy_1(echo), _with_energy_1(person), model())


def model() -> str:
    """Return what the responses are computed with here."""
    pra = _pyroomacoustics()
    return OURS if pra is None else f"image sources (pyroomacoustics {pra.__version__})"


def _pyroomacoustics() -> Any:  # noqa: ANN401 - an optional module without types
    try:
        return import_module("pyroomacoustics")
    except ImportError:
        return None


def _images(pra: Any, rt60: float) -> tuple[Floats, Floats]:  # noqa: ANN401
    absorption, order = pra.inverse_sabine(rt60, list(_ROOM))
    room = pra.ShoeBox(
        list(_ROOM),
        fs=SESSION_RATE,
        materials=pra.Material(absorption),
        max_order=min(order, _MOST_REFLECTIONS),
    )
    for source in (_SPEAKER, _PERSON):
        room.add_source(list(source))
    room.add_microphone(list(_MICROPHONE))
    room.compute_rir()
    echo, person = (_from_direct(np.asarray(response)) for response in room.rir[0])
    return echo, person


def _from_direct(response: npt.NDArray[np.float64]) -> Floats:
    """Leave out the way through the air: the room counts it with the devices' delay."""
    loud = np.abs(response)
    return response[int(np.argmax(loud >= _DIRECT * loud.max())) :].astype(np.float32)


def _with_energy_1(response: Floats) -> Floats:
    energy = float(np.sum(np.square(response, dtype=np.float64)))
    scaled: Floats = (response / np.sqrt(energy)).astype(np.float32)
    return scaled
