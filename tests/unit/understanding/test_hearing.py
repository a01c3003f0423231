"""Which recogniser listens, and what is said where none can."""

import pytest

from cuewalk.checkup.checking import check_everything
from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import RecogniserError
from cuewalk.session.stage import open_stage
from cuewalk.settings import Settings
from cuewalk.speech_in import engines
from cuewalk.speech_in.api import Hypothesis
from cuewalk.understanding import hearing as module
from cuewalk.understanding.expectation import Expectation
from cuewalk.understanding.hearing import build_hearing
from cuewalk.understanding.meanings import Meanings


def test_a_language_that_nothing_can_hear_says_what_is_needed() -> None:
    settings = Settings(locale="ko-KR", recogniser="pocketsphinx")
    with pytest.raises(RecogniserError, match=r"hears English only.*teach --locale ko-KR.*Vosk model"):
        build_hearing(load_pack("ko-KR"), settings)


def test_english_is_always_heard() -> None:
    assert build_hearing(load_pack("en-US"), Settings(recogniser="pocketsphinx")).engine == "pocketsphinx"


def test_english_is_heard_by_two_ears() -> None:
    hearing = build_hearing(load_pack("en-US"), Settings())
    assert hearing.engine.startswith("spotter+")
    hearing.listener.close()


def test_the_spotter_can_listen_alone() -> None:
    hearing = build_hearing(load_pack("en-US"), Settings(recogniser="spotter"))
    assert hearing.engine == "spotter"
    hearing.listener.close()


@pytest.mark.parametrize(
    ("partials", "silence"),
    [
        (("", ""), 700),
        (("four", ""), 450),
        (("four", "about"), 450),
        (("stop", "stop"), 300),
        (("three", "between three and"), 700),
    ],
)
def test_a_whole_answer_closes_sooner_than_one_that_may_go_on(partials, silence) -> None:
    assert _expected().endpointing_delay(partials, ()) == silence


def _expected() -> Expectation:
    pack = load_pack("en-US")
    return Expectation(frozenset(), pack, Meanings(pack))


@pytest.mark.parametrize(
    ("texts", "delay"),
    [
        (("four", "four"), 128),
        (("four", "five"), 128),
        (("", "four"), 700),
        (("stop", "stop"), 128),
        (("no", "no"), 700),
        (("yes", "yes"), 128),
    ],
)
def test_what_is_certain_ends_at_once_but_a_no_may_begin_no_five(texts, delay) -> None:
    engines = ("spotter", "pocketsphinx")
    early = [Hypothesis(text, 0.95, engine) for text, engine in zip(texts, engines, strict=True)]
    assert _expected().endpointing_delay(("", ""), early) == delay


@pytest.fixture
def no_pocketsphinx(monkeypatch):
    """Python 3.14, for which PocketSphinx has no wheel."""
    for where in (module, engines):
        monkeypatch.setattr(where, "has_pocketsphinx", lambda: False)


def test_without_pocketsphinx_the_spotter_listens_alone_and_a_line_says_so(
    no_pocketsphinx, monkeypatch, tmp_path
):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    hearing = build_hearing(load_pack("en-US"), Settings())
    hearing.listener.close()
    assert hearing.engine == "spotter"
    stage = open_stage(Settings(voice_engine="silent"))
    stage.voice.close()
    assert [line for line in stage.notices.take() if "PocketSphinx has no package" in line]
    (row,) = [check for check in check_everything(listen=False) if check.name == "recogniser"]
    assert row.ok
    assert "spotter listens alone" in row.says


def test_without_pocketsphinx_who_asks_for_it_is_told_what_to_do(no_pocketsphinx):
    with pytest.raises(RecogniserError, match=r"PocketSphinx is not installed.*recogniser auto"):
        build_hearing(load_pack("en-US"), Settings(recogniser="pocketsphinx"))
