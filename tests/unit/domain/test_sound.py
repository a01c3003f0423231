"""Sound as numbers: nothing wraps round, which would be a bang in somebody's ear."""

import numpy as np

from cuewalk.domain.sound import as_samples


def test_what_is_too_loud_is_clipped_and_what_lies_between_two_steps_is_rounded():
    loud = np.array([-40_000, -32_768.4, -0.6, 0.4, 0.6, 32_766.4, 32_767.4, 40_000])
    assert as_samples(loud).tolist() == [-32_768, -32_768, -1, 0, 1, 32_766, 32_767, 32_767]
