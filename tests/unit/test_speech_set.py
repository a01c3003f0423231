"""The set of synthetic speech: who speaks what, made once, the same every time, learned from by speaker."""

import numpy as np
import pytest
from tools.spotter.learning import learn
from tools.spotter.speech_set import (
    JUDGES,
    LEARNERS,
    Order,
    label_of,
    make,
    make_one,
    missing,
    orders,
    read,
    sentences,
)

from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import VoiceError
from cuewalk.speech_out.choose import problem_of
from cuewalk.speech_out.kokoro.voices import TABLES, VOICES
from cuewalk.spotting.head import UNKNOWN
from cuewalk.spotting.training import Recipe

needs_kokoro = pytest.mark.skipif(
    problem_of("kokoro") is not None, reason="the natural voice is not installed"
)

FOUR = Order("four", ("af_heart",), takes=2, seed=7)
KETTLE = Order("The kettle is boiling.", ("af_heart",), takes=1, seed=7)


@pytest.fixture(scope="module")
def pack():
    return load_pack("en-US", own=())


@pytest.fixture
def everybody(tmp_path, monkeypatch):
    """All 28 voices, as far as their names go."""
    for name in (*LEARNERS, *JUDGES, "zf_xiaobei"):
        (tmp_path / f"{name}.bin").touch()
    monkeypatch.setenv(TABLES, str(tmp_path))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("set")
    for order in (FOUR, KETTLE):
        make_one(order, folder)
    return folder


def columns(path):
    with np.load(path) as kept:
        return dict(kept)


def test_nobody_both_learns_and_judges_and_our_own_voices_learn():
    assert len(LEARNERS) == 15
    assert len(JUDGES) == 13
    assert not set(LEARNERS) & set(JUDGES)
    assert {voice.name for voice in VOICES} <= set(LEARNERS)


def test_every_phrase_near_word_and_sentence_is_spoken(pack, everybody):
    by_text = {order.text: order for order in orders(pack)}
    assert {*pack.grammar().phrases, *sentences(), "hive"} <= set(by_text)
    assert set(by_text["not five"].voices) == {*LEARNERS, *JUDGES}
    assert all(
        set(order.voices) & set(LEARNERS) and set(order.voices) & set(JUDGES) for order in by_text.values()
    )
    assert len(set(by_text["Ouch, my knee!"].voices) & set(JUDGES)) >= 8


def test_the_seed_says_who_speaks(pack, everybody):
    assert orders(pack, seed=1) == orders(pack, seed=1)
    assert [order.voices for order in orders(pack, seed=1)] != [
        order.voices for order in orders(pack, seed=2)
    ]


def test_without_more_tables_our_own_voices_speak(pack, monkeypatch):
    monkeypatch.delenv(TABLES, raising=False)
    assert {name for order in orders(pack) for name in order.voices} == {voice.name for voice in VOICES}


@needs_kokoro
def test_the_same_seed_gives_the_same_features(made, tmp_path):
    make_one(FOUR, tmp_path)
    once, again = columns(made / FOUR.file_name), columns(tmp_path / FOUR.file_name)
    assert all(np.array_equal(once[name], again[name]) for name in once)


@needs_kokoro
def test_a_take_is_heard_as_it_is_and_higher_or_lower_elsewhere(made):
    rows = columns(made / FOUR.file_name)
    assert rows["features"].shape == (4, 864)
    assert rows["way"].tolist() == [0, 1, 0, 1]
    assert rows["semitones"][0] == 0
    assert 0 < abs(rows["semitones"][1]) <= 2
    assert len(set(rows["speed"].tolist())) == 4
    assert (made / FOUR.file_name).stat().st_size < 4 * 864 * 2 + 2000


@needs_kokoro
def test_what_was_interrupted_goes_on_with_what_is_missing(tmp_path):
    done, unfinished = Order("two", ("af_heart",), 1, 7), Order("five", ("af_heart", "am_nobody"), 1, 7)
    made = make([done, unfinished], tmp_path, processes=1)
    assert next(made) == done
    with pytest.raises(VoiceError, match="am_nobody"):
        next(made)
    assert missing([done, unfinished], tmp_path) == [unfinished]
    assert not list(tmp_path.glob("five*"))


def test_another_seed_or_voice_is_another_file():
    other = [
        Order("four", ("af_heart",), 2, 8),
        Order("four", ("am_michael",), 2, 7),
        Order("four!", ("af_heart",), 2, 7),
    ]
    assert len({order.file_name for order in (FOUR, *other)}) == 4


@needs_kokoro
def test_it_is_learned_from_by_speaker(made, pack, tmp_path):
    rows = columns(made / FOUR.file_name)
    rows["voice"] = np.array(["af_heart", "af_heart", "af_sky", "af_sky"])
    np.savez(tmp_path / "four.npz", **rows)
    assert read(tmp_path, pack).speaker.tolist() == ["kokoro:af_heart"] * 2
    assert read(tmp_path, pack, JUDGES).speaker.tolist() == ["kokoro:af_sky"] * 2


@needs_kokoro
def test_a_head_learns_from_it(made, pack):
    table = read(made, pack)
    assert sorted(table.label) == [*[UNKNOWN] * 2, *["four"] * 4]
    recipe = Recipe(hidden=8, epochs=60, batch=6, mixup=0.0, dropout=0.0, input_dropout=0.0)
    head, _ = learn(table, ("four", UNKNOWN), recipe, lambda _: None)
    heard = head.probabilities(table.features.astype(np.float32)).argmax(axis=1)
    assert [head.labels[place] for place in heard] == table.label.tolist()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("four", "four"),
        ("Exactly.", None),
        ("The kettle is boiling.", UNKNOWN),
        ("it is about a four", None),
        ("It hurts.", "it hurts"),
    ],
)
def test_what_a_head_of_short_phrases_is_told(pack, text, label):
    assert label_of(text, pack) == label
