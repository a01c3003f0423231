"""Lets a test meet permissions as a person does, also where it runs as root, whom no mode keeps out."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cuewalk.bench.faults.modes import obey_modes


@contextmanager
def as_a_person() -> Iterator[None]:
    """Give up, for this thread and the block, the right to ignore files' modes.

    Children of the block that are run as root have it again.
    """
    if not obey_modes():
        pytest.skip("root ignores modes, and cannot give that up here")
    try:
        yield
    finally:
        obey_modes(obey=False)
