"""What was said for a calibration lies in a folder that may be closed: a sentence, and nothing is lost."""

from pathlib import Path

import pytest

from cuewalk import places
from cuewalk.bench.recordings import read_manifests
from cuewalk.domain.errors import CuewalkError
from cuewalk.learning.calibrating.keeping import keep_takes, kept_takes, takes_folder
from helpers.permissions import as_a_person


def test_takes_in_a_closed_folder_are_told_and_kept(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    places.writable_data_dir()
    keep_takes("en-US", [])
    parent = takes_folder("en-US").parent
    parent.chmod(0o200)
    try:
        with as_a_person(), pytest.raises(CuewalkError, match="cannot be read"):
            kept_takes("en-US")
    finally:
        parent.chmod(0o700)
    assert kept_takes("en-US") == []


def test_recordings_in_a_folder_that_no_name_can_be_of_are_told() -> None:
    with pytest.raises(CuewalkError, match="There is no folder"):
        read_manifests([Path("9" * 400)])
