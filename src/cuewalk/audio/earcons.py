"""Quiet tones that say what words would take too long for: listening, heard, not understood.

They rise to ask, sound twice alike to agree, and fall where something was not understood, so that they can be
told apart by ear alone. About -32 dBFS: 12 dB below the voice.
"""

from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import FULL_SCALE, Samples
from cuewalk.domain.units import SESSION_RATE

_LEVEL_DB: Final = -32.0
#: Attack and release of a note, in seconds; shorter ones click.
_EDGE: Final = 0.012
_NOTE: Final = 0.055
_GAP: Final = 0.010


class Earcon(StrEnum):
    """What a tone means."""

    LISTENING = "listening"
    HEARD = "heard"
    NOT_UNDERSTOOD = "not understood"


#: Hertz of the two notes. All of them lie where small speakers are loud and speech sounds are not shrill.
_NOTES: Final = {
    Earcon.LISTENING: (660.0, 880.0),
    Earcon.HEARD: (880.0, 880.0),
    Earcon.NOT_UNDERSTOOD: (587.0, 392.0),
}


def tone(earcon: Earcon) -> Samples:
    """Return the sound of an earcon: 16 kHz mono, at most 120 ms."""
    first, second = (_note(hertz) for hertz in _NOTES[earcon])
    rest = np.zeros(round(_GAP * SESSION_RATE))
    sound: Samples = np.rint(np.concatenate([first, rest, second])).astype(np.int16)
    sound.flags.writeable = False
    return sound


def _note(hertz: float) -> npt.NDArray[np.float64]:
    moments = np.arange(round(_NOTE * SESSION_RATE)) / SESSION_RATE
    edge = round(_EDGE * SESSION_RATE)
    shape = np.ones(len(moments))
    shape[:edge] = np.square(np.sin(np.linspace(0, np.pi / 2, edge)))
    shape[-edge:] = shape[:edge][::-1]
    sound = shape * np.sin(2 * np.pi * hertz * moments)
    wanted = 10 ** (_LEVEL_DB / 20) * FULL_SCALE
    levelled: npt.NDArray[np.float64] = sound * (wanted / np.sqrt(np.square(sound).mean()))
    return levelled
