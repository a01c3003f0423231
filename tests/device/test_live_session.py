"""A short session in real time on real streams: the voice and the ratings are heard, the verdict kept."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from cuewalk.devices.files.wav import read_wav
from cuewalk.domain.projection import trials_of
from cuewalk.domain.verdicts import Decision
from cuewalk.journal.store import FILE_NAME, Journal

pytestmark = pytest.mark.device

_PROGRAMME = Path(__file__).parent / "live_person.py"
#: The session takes about 40 s; a busy machine may take longer to start.
_PATIENCE = 150
#: A fifth of the loudness that cues are rendered at (-20 dBFS).
_AUDIBLE = 600


def test_a_session_is_spoken_heard_and_kept(null_sinks, tmp_path, monkeypatch):
    for tool in ("flite", "espeak-ng"):
        if shutil.which(tool) is None:
            pytest.skip(f"a spoken session needs {tool}: apt install {tool}")
    null_sinks.env["CUEWALK_HOME"] = str(tmp_path / "home")
    with null_sinks.recorded("speaker", tmp_path / "speaker.wav"):
        done = null_sinks.run("python", str(_PROGRAMME), str(tmp_path), seconds=_PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr

    speaker = read_wav(tmp_path / "speaker.wav")
    seconds = speaker[: len(speaker) // 16000 * 16000].reshape(-1, 16000).astype(float)
    assert (np.sqrt((seconds**2).mean(axis=1)) > _AUDIBLE).sum() >= 5, (
        "the voice was not heard on the speaker"
    )

    journal = Journal(tmp_path / "home" / FILE_NAME, read_only=True)
    (trial,) = trials_of(journal.histories()[-1])
    assert (trial.before, trial.after, trial.decision) == (5, 3, Decision.KEEP), done.stdout
    journal.close()
