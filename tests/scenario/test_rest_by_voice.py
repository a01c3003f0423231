"""A muscle sore from overuse, by voice: rest is offered, taken, remembered, and the session ends kindly."""

import shutil
from pathlib import Path

import pytest

from cuewalk.content.load import load_catalogue
from cuewalk.domain.projection import rests_of
from cuewalk.domain.records import SessionEnded
from cuewalk.session.stage import open_stage
from cuewalk.settings import Settings
from cuewalk.simulation.demo import run_demo
from cuewalk.simulation.person.persona import load_persona


def test_the_rest_that_is_offered_is_taken_and_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for tool in ("flite", "espeak-ng"):
        if shutil.which(tool) is None:
            pytest.skip(f"a simulated session needs {tool}: apt install {tool}")
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path / "home"))
    stage = open_stage(Settings(recogniser="pocketsphinx"))
    result = run_demo(
        stage,
        load_catalogue("en-US"),
        load_persona("resting"),
        programme="iliopsoas-holds",
        folder=tmp_path,
        wav=tmp_path / "session.wav",
    )
    stage.voice.close()
    assert [r.how for r in result.history.records if isinstance(r, SessionEnded)] == ["rest"]
    until = rests_of([result.history])["iliopsoas-holds"]
    assert (until - result.history.date).days == 3
