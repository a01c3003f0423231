import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cuewalk.speech_out.cache import CueStore

CUE = np.arange(1, 1_001, dtype=np.int16)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process can grow beyond 1,000 bytes: the write fails half-way, as on a full disk.

    Only for the block: the test runner's own output may be a file too.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@given(hnp.arrays(np.int16, st.integers(1, 500), elements=st.integers(-32_768, 32_767)))
def test_a_cue_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, cue: np.ndarray) -> None:
    folder = tmp_path_factory.getbasetemp() / "roundtrip"
    CueStore(folder, 10**9).put("key", cue)
    found = CueStore(folder, 10**9).get("key")
    assert found is not None
    assert np.array_equal(found, cue)


def test_a_cue_never_stored_is_missing(tmp_path: Path) -> None:
    assert CueStore(tmp_path / "nowhere", 100).get("key") is None


@given(st.integers(0, 10**6), st.integers(1, 255))
def test_any_damaged_byte_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, where: int, change: int
) -> None:
    folder = tmp_path_factory.getbasetemp() / "damage"
    store = CueStore(folder, 10**9)
    store.put("key", CUE)
    path = folder / "key.cue"
    data = bytearray(path.read_bytes())
    data[where % len(data)] ^= change
    path.write_bytes(data)
    assert store.get("key") is None


@pytest.mark.parametrize("kept", [0, 7, 8, 39, 40, 41, 2_039])
def test_a_file_that_was_cut_off_is_noticed(tmp_path: Path, kept: int) -> None:
    store = CueStore(tmp_path, 10**9)
    store.put("key", CUE)
    path = tmp_path / "key.cue"
    path.write_bytes(path.read_bytes()[:kept])
    assert store.get("key") is None


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="too large"), full_disk():
        CueStore(tmp_path, 10**9).put("key", CUE)
    assert files(tmp_path) == []


def test_the_least_used_cues_make_room(tmp_path: Path) -> None:
    store = CueStore(tmp_path, 10_000)  # four of 2,040 bytes fit; cleaning goes down to 9,000
    for age, key in enumerate("abcd"):
        store.put(key, CUE)
        os.utime(tmp_path / f"{key}.cue", (1_000 + age, 1_000 + age))
    assert store.get("a") is not None  # used again: now the youngest
    store.put("e", CUE)
    assert files(tmp_path) == ["a.cue", "c.cue", "d.cue", "e.cue"]


def test_what_an_earlier_session_left_counts_too(tmp_path: Path) -> None:
    CueStore(tmp_path, 10**9).put("old", CUE)
    CueStore(tmp_path, 3_000).put("new", CUE)
    assert files(tmp_path) == ["new.cue"]


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "holiday.wav").write_bytes(bytes(9_000))
    store = CueStore(tmp_path, 3_000)
    store.put("a", CUE)
    store.put("b", CUE)
    assert files(tmp_path) == ["b.cue", "holiday.wav"]
