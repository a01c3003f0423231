"""The tones: quiet, short, soft at their edges, and unlike each other."""

import numpy as np
import pytest

from cuewalk.audio.earcons import Earcon, tone


@pytest.mark.parametrize("earcon", Earcon)
def test_a_tone_is_quiet_short_and_soft(earcon):
    sound = tone(earcon).astype(float)
    loud = sound[np.abs(sound) > 0]
    assert len(sound) <= 0.12 * 16_000
    assert -33 < 20 * np.log10(np.sqrt((loud**2).mean()) / 32_768) < -31
    assert np.abs(sound[[0, -1]]).max() == 0
    assert np.abs(np.diff(sound)).max() < 0.02 * 32_768, "no click"


def test_tones_differ():
    assert len({tone(earcon).tobytes() for earcon in Earcon}) == len(Earcon)
