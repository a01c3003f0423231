"""Which hearing is measured, and what is said where it cannot be."""

import json
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from cuewalk.bench import listening
from cuewalk.bench.listening import ListenFor, hearing_for
from cuewalk.bench.speed_bench import SpeedReport, as_json, run_probe, summary
from cuewalk.bench.speed_probe import ProbeRequest
from cuewalk.bench.whisper_peer import WhisperRecogniser
from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import CuewalkError, RecogniserError
from cuewalk.settings import Settings


@pytest.fixture(scope="module")
def pack():
    return load_pack("en-US")


@pytest.mark.parametrize(
    ("listen_for", "words", "understood"),
    [
        (ListenFor.RATINGS, "seven", True),
        (ListenFor.COMMANDS, "seven", False),
        (ListenFor.COMMANDS, "yes", True),
        (ListenFor.RATINGS, "yes", False),
        (ListenFor.ALL, "seven", True),
        (ListenFor.ALL, "yes", True),
        (ListenFor.ALL, "background noise", False),
    ],
)
def test_what_is_listened_for_decides_what_is_expected(pack, listen_for, words, understood):
    assert (pack.interpret(words, listen_for.expects) is not None) == understood


def test_an_engine_that_is_not_there_says_so(pack):
    with pytest.raises(RecogniserError, match="There is no recogniser"):
        hearing_for(pack, Settings(), "nosuch")


def test_a_head_that_is_not_there_says_so(pack, tmp_path):
    with pytest.raises(CuewalkError, match="There is no head"):
        hearing_for(pack, Settings(), "auto", tmp_path / "head.npz")


def test_examples_go_to_the_personal_hearing(pack, monkeypatch):
    seen = []
    monkeypatch.setattr(listening, "hearing_for_person", lambda *given: seen.append(given) or "a hearing")
    examples = [("four", np.ones(3, np.int16))]
    assert hearing_for(pack, Settings(), "pocketsphinx", examples=examples) == "a hearing"
    assert seen[0][1].recogniser == "pocketsphinx"
    assert seen[0][2] == examples


def test_medians_with_the_least_and_the_greatest():
    runs = [{"rss_mb": value} for value in (3.0, 1.0, 2.0)]
    assert summary(runs, "rss_mb") == {"median": 2.0, "min": 1.0, "max": 3.0}
    assert summary([{"rss_mb": None}], "rss_mb") is None


def test_an_engine_that_cannot_be_measured_is_told_with_its_reason():
    found = run_probe(ProbeRequest("nosuch", "en-US", 0.0))
    assert "There is no recogniser" in found["why_not"]
    report = SpeedReport("Decoded: nothing.", not_measured={"nosuch": found["why_not"]})
    assert as_json(report)["not_measured"] == {"nosuch": found["why_not"]}


def test_a_probe_that_dies_is_told_with_its_last_words(monkeypatch, tmp_path):
    # Content that cannot be found ends the process before it can answer.
    dying = tmp_path / "python"
    dying.write_text("#!/bin/sh\necho 'no more memory' >&2\nexit 9\n")
    dying.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(dying))
    assert (
        run_probe(ProbeRequest("auto", "en-US", 0.0))["why_not"] == "Its process ended with 9: no more memory"
    )


class TestWhisper:
    @pytest.fixture
    def model(self, tmp_path):
        (tmp_path / "model.bin").write_bytes(b"")
        return tmp_path

    @pytest.mark.parametrize(("folder", "says"), [(None, "No model folder"), (Path("nowhere"), "no faster-")])
    def test_without_a_model_it_says_so(self, folder, says):
        with pytest.raises(RecogniserError, match=says):
            WhisperRecogniser(folder, "en")

    def test_without_the_package_it_says_so(self, model, monkeypatch):
        monkeypatch.setitem(sys.modules, "faster_whisper", None)
        with pytest.raises(RecogniserError, match="not installed"):
            WhisperRecogniser(model, "en")

    def test_an_utterance_is_given_to_it_whole(self, model, monkeypatch):
        # The real package is an optional extra without a model here: only what it is called with is checked.
        given = []

        class WhisperModel:
            def __init__(self, folder, **_):
                assert folder == str(model)

            def transcribe(self, sound, **options):
                given.append((sound, options["language"]))
                return iter([types.SimpleNamespace(text=" Four. ", avg_logprob=0.0)]), None

        package = types.ModuleType("faster_whisper")
        package.WhisperModel = WhisperModel
        monkeypatch.setitem(sys.modules, "faster_whisper", package)
        whisper = WhisperRecogniser(model, "en")
        whisper.feed(np.full(4, 16384, "<i2").tobytes()[:5])
        whisper.feed(np.full(4, 16384, "<i2").tobytes()[5:])
        assert whisper.finish().text == "four."
        assert given[0][1] == "en"
        assert np.allclose(given[0][0], 0.5)
        assert json.dumps(whisper.engine) == '"faster-whisper"'
