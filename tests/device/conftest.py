"""The null sinks for all live-device tests."""

from collections.abc import Iterator

import pytest

from cuewalk.bench.live.null_sinks import NullSinks, missing_packages
from cuewalk.bench.live.null_sinks import null_sinks as opened


@pytest.fixture(scope="session")
def null_sinks() -> Iterator[NullSinks]:
    """The daemon for all live-device tests."""
    if missing := missing_packages():
        pytest.skip(f"live-device tests need more packages: apt install {' '.join(missing)}")
    with opened() as sinks:
        yield sinks
