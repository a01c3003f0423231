"""Which head and model listen by settings, language and what was learned; what is said where none do."""

from pathlib import Path

import numpy as np
import pytest

from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import RecogniserError
from cuewalk.domain.intents import Expect
from cuewalk.files.left_out import told_to
from cuewalk.models.heads import own_head, save_head, shipped_head
from cuewalk.settings import Settings
from cuewalk.speech_in.api import Alternative, Hypothesis
from cuewalk.speech_in.keys_recogniser import KeysRecogniser
from cuewalk.speech_in.listener import BackgroundListener, Listener
from cuewalk.spotting.head import NOISE, UNKNOWN, Head
from cuewalk.spotting.rehearsal import Rehearsal
from cuewalk.understanding import hearing as module
from cuewalk.understanding.expectation import Expectation
from cuewalk.understanding.hearing import (
    build_hearing,
    head_for,
    hearing_of,
    model_for,
    not_installed,
    phrases_of,
)
from cuewalk.understanding.meanings import Meanings
from helpers.packs import pack_of


class Store:
    """Where models are: one folder of Vosk's for some locales."""

    def __init__(self, *locales: str) -> None:
        self.locales = locales

    def find(self, engine: str, locale: str) -> Path | None:
        assert engine == "vosk"
        return Path(f"/models/{locale}") if locale in self.locales else None


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    return tmp_path


def head(path: Path, *words: str) -> Path:
    """Save a head that knows these words."""
    labels = (*words, UNKNOWN, NOISE)
    rng = np.random.default_rng(0)
    hidden = Head(
        labels=labels,
        centre=np.zeros(4, np.float32),
        spread=np.ones(4, np.float32),
        hidden_weights=rng.normal(size=(4, 3)).astype(np.float32),
        hidden_bias=np.zeros(3, np.float32),
        weights=rng.normal(size=(3, len(labels))).astype(np.float32),
        bias=np.zeros(len(labels), np.float32),
    )
    remembered = np.zeros((len(labels), 3), np.float32)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_head(hidden, Rehearsal(labels, remembered, remembered), path)
    return path


@pytest.mark.parametrize(
    ("personal", "taught", "chosen"),
    [
        ((), (), "shipped"),
        (("four",), (), "personal"),
        ((), ("four",), "taught"),
        (("four", "five"), ("four",), "personal"),
        (("four",), ("four",), "personal"),
        (("four",), ("four", "five"), "taught"),
    ],
)
def test_the_own_head_that_knows_all_that_was_taught_listens(home, personal, taught, chosen) -> None:
    for kind, words in (("personal", personal), ("taught", taught)):
        if words:
            head(own_head("en-US", kind), *words)
    expected = shipped_head("en-US") if chosen == "shipped" else own_head("en-US", chosen)
    assert head_for("en-US", Settings()) == expected
    assert head_for("ko-KR", Settings()) is None


def test_a_head_that_is_named_goes_first_and_one_that_cannot_be_read_is_named(home) -> None:
    named = head(home / "mine.npz", "four")
    assert phrases_of(named) == {"four", UNKNOWN, NOISE}
    assert head_for("en-US", Settings.model_construct(head=str(named))) == named
    said: list[str] = []
    with told_to(said.append):
        (home / "broken.npz").write_bytes(b"broken")
        assert phrases_of(home / "broken.npz") == frozenset()
        assert head_for("en-US", Settings.model_construct(head="/nowhere.npz")) == shipped_head("en-US")
    assert said[0].endswith(
        "It is left out: you are heard as before you calibrated or taught it. Make it anew with "
        "'cuewalk calibrate' or 'cuewalk teach', or delete the file."
    )
    assert said[1:] == [
        "The setting head names /nowhere.npz, which is no head that can be read. It is left out."
    ]


@pytest.mark.parametrize(
    ("recogniser", "locale", "model"),
    [
        ("auto", "en-US", "/models/en-US"),
        ("arbiter", "en-US", "/models/en-US"),
        ("vosk", "de-DE", "/models/de-DE"),
        ("pocketsphinx", "en-US", None),
        ("spotter", "en-US", None),
        ("auto", "en-GB", None),
    ],
)
def test_a_vosk_model_listens_where_one_is_there_and_wanted(
    home, monkeypatch, recogniser, locale, model
) -> None:
    monkeypatch.setattr(module, "open_store", lambda: Store("en-US", "de-DE"))
    found = model_for(locale, Settings.model_construct(recogniser=recogniser))
    assert found == (Path(model) if model else None)


def test_a_language_that_was_taught_needs_no_model_and_any_other_does(home, monkeypatch) -> None:
    monkeypatch.setattr(module, "open_store", Store)
    with pytest.raises(RecogniserError) as caught:
        model_for("ko-KR", Settings())
    assert str(caught.value) == (
        "Nothing can hear ko-KR here: PocketSphinx hears English only, no Vosk model is used, and the "
        "spotter was not taught this language. No session was started. Teach it with 'cuewalk teach --locale "
        "ko-KR', or install a Vosk model ('cuewalk models list') and set 'cuewalk settings recogniser auto'."
    )
    head(own_head("ko-KR", "taught"), "four")
    assert model_for("ko-KR", Settings()) is None


@pytest.mark.parametrize(
    ("there", "locale", "recogniser", "said"),
    [
        ("spotter", "en-US", "auto", True),
        ("spotter", "en-US", "arbiter", True),
        ("spotter pocketsphinx", "en-US", "auto", False),
        ("spotter", "en-US", "spotter", False),
        ("", "en-US", "auto", False),
        ("spotter vosk", "en-US", "auto", False),
        ("spotter", "ko-KR", "auto", False),
    ],
)
def test_only_who_lacks_pocketsphinx_is_told_so(home, monkeypatch, there, locale, recogniser, said):  # noqa: PLR0917
    monkeypatch.setattr(module, "has_pocketsphinx", lambda: "pocketsphinx" in there)
    monkeypatch.setattr(module, "head_for", lambda *_: Path("/head.npz") if "spotter" in there else None)
    monkeypatch.setattr(module, "open_store", lambda: Store(*(["en-US"] if "vosk" in there else [])))
    told = not_installed(locale, Settings.model_construct(recogniser=recogniser))
    sentence = (
        "PocketSphinx has no package for this Python, so the spotter listens alone: numbers and commands as "
        "before, longer phrases not. 'cuewalk models fetch' gets a recogniser for those."
    )
    assert told == (sentence if said else None)


def test_without_a_head_the_spotter_cannot_listen_alone(home) -> None:
    with pytest.raises(RecogniserError) as caught:
        build_hearing(load_pack("ko-KR"), Settings(locale="ko-KR", recogniser="spotter"))
    assert str(caught.value) == (
        "The spotter has no head for ko-KR. Nothing would listen, so no session was started. Teach it with "
        "'cuewalk teach --locale ko-KR', or set 'cuewalk settings recogniser auto'."
    )


@pytest.mark.parametrize(("recogniser", "engine"), [("auto", "auto"), ("arbiter", "auto"), ("vosk", "vosk")])
def test_the_grammars_recogniser_gets_all_that_the_language_has(
    home, monkeypatch, recogniser, engine
) -> None:
    built: list[tuple[object, ...]] = []
    monkeypatch.setattr(module, "build_recogniser", lambda *parts: built.append(parts) or KeysRecogniser())
    monkeypatch.setattr(module, "open_store", lambda: Store("en-US"))
    pack = pack_of("en-US")
    hearing = build_hearing(pack, Settings.model_construct(recogniser=recogniser, head=""))
    hearing.listener.close()
    grammar = pack.grammar()
    assert built == [
        (
            engine,
            pack.lean_jsgf(frozenset()),
            grammar.phrases,
            grammar.words,
            grammar.decoys,
            Path("/models/en-US"),
        )
    ]
    assert hearing.engine == ("keys" if recogniser == "vosk" else "spotter+keys")
    assert (hearing.spotter is None) == (recogniser == "vosk")


def test_a_hearing_goes_to_the_background_once() -> None:
    hearing = hearing_of(pack_of("en-US"), [KeysRecogniser()])
    assert isinstance(hearing.listener, Listener)
    behind = hearing.in_background()
    assert isinstance(behind.listener, BackgroundListener)
    assert behind.in_background() is behind
    behind.listener.close()


def test_everything_heard_is_interpreted_before_it_is_decided_on() -> None:
    asked: list[tuple[str, object]] = []

    class Pack:
        def interpret(self, text, expects):
            asked.append((text, expects))

        read = interpret

    meanings, expects = Meanings(Pack()), frozenset({Expect.RATING})
    likely = (Alternative("four", 0.7), Alternative("five", 0.2), Alternative("", 0.1))
    meanings.prepare([Hypothesis("for", 0.7, "spotter", likely)], expects)
    assert asked == [("for", expects), ("four", expects), ("five", expects)]
    meanings.of("four", expects)
    assert len(asked) == 3
    assert meanings.of_typed("", expects) is None
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("early", "delay"),
    [
        ([("four", 0.9, "spotter"), ("four", 0.1, "pocketsphinx")], 128),
        ([("four", 0.89, "spotter"), ("four", 0.79, "pocketsphinx")], 700),
        ([("four", 0.1, "spotter"), ("four", 0.8, "pocketsphinx")], 128),
        ([("five", 0.1, "spotter"), ("four", 0.8, "pocketsphinx")], 700),
        ([("four", 1.0, "unknown engine")], 700),
    ],
)
def test_what_one_is_sure_of_and_all_agree_on_ends_at_once(early, delay) -> None:
    pack = pack_of("en-US")
    expected = Expectation(frozenset(), pack, Meanings(pack))
    assert expected.endpointing_delay((), [Hypothesis(*each) for each in early]) == delay
