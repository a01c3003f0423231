"""What can be taught, how it is kept, and how it goes again. No voice speaks here."""

import numpy as np
import pytest

from cuewalk import places
from cuewalk.content.own_phrases import keep_phrases, own_phrases, phrases_path
from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Command, CommandSaid, Expect
from cuewalk.files.left_out import told_to
from cuewalk.journal.forgetting import forget_person
from cuewalk.language.own import OwnPhrase
from cuewalk.learning.calibrating.keeping import keep_takes
from cuewalk.learning.teaching.keeping import keep_language, keep_phrase, keep_word, remove_phrase
from cuewalk.learning.teaching.phrase import checked_phrase, meaning_named, pack_with
from cuewalk.learning.teaching.report import taught_phrases
from cuewalk.learning.teaching.studio import is_held
from cuewalk.models.heads import load_head, own_head, save_head, shipped_head
from cuewalk.settings import Settings
from cuewalk.spotting.head import Head
from cuewalk.spotting.rehearsal import Rehearsal
from cuewalk.spotting.teaching import Lesson, taught
from cuewalk.understanding.hearing import head_for

EASIER = OwnPhrase("easier", "slower")
ONE_OF_EACH = ("slower", "stop", "end", "yes", "left", "pain", "zero", "better", "wrong")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path / "home"))
    real = places.package_data
    monkeypatch.setattr(
        places, "package_data", lambda name: tmp_path / "models" if name == "models" else real(name)
    )
    return tmp_path / "home"


@pytest.fixture(scope="module")
def pack():
    return load_pack("en-US", own=())


def some_head(labels=("slower", "stop", "<unknown>"), seed=0):
    rng = np.random.default_rng(seed)

    def some(*shape):
        return rng.normal(size=shape).astype(np.float16).astype(np.float32)

    count = len(labels)
    head = Head(labels, some(6), np.abs(some(6)) + 1, some(6, 4), some(4), some(4, count), some(count))
    return head, Rehearsal(labels, np.abs(some(count, 4)), np.abs(some(count, 4)))


def with_easier(head):
    rng = np.random.default_rng(3)
    return taught(*head, "easier", Lesson(rng.normal(size=(5, 6)) + 1, rng.normal(size=(5, 6))))


@pytest.mark.parametrize(
    ("phrase", "means", "says"),
    [
        ("slower", "skip", '"slower" already means slower'),
        ("Slow  Down", "skip", '"slow down" already means slower'),
        ("left", "skip", '"left" already means left'),
        ("to", "skip", "a rating of 2"),
        ("yes", "skip", "already means yes"),
        ("stop it all", "skip", "begins like stop"),
        ("i", "stop", "would be cut short"),
        ("go4", "skip", "Use words only"),
        ("(a|b)", "skip", "brackets"),
        ("", "skip", "one word or a few"),
        ("쉬워", "slower", "cannot be pronounced in English"),
    ],
)
def test_a_phrase_that_cannot_be_taught_is_refused_with_the_reason(pack, phrase, means, says):
    with pytest.raises(CuewalkError) as refused:
        checked_phrase(phrase, means, pack)
    assert says in str(refused.value)
    assert "Nothing was changed" in str(refused.value)


def test_a_hesitation_cannot_be_taught_because_it_is_listened_past(pack):
    with pytest.raises(CuewalkError, match="filler"):
        pack_with(pack, OwnPhrase("um", "yes"))


def test_a_meaning_is_found_by_what_a_person_calls_it():
    assert meaning_named("How long") == "how_long"
    assert meaning_named("yes") == "yes"
    with pytest.raises(CuewalkError, match="Did you mean slower"):
        meaning_named("slowr")
    with pytest.raises(CuewalkError, match="There are: another_voice, back, better"):
        meaning_named("qqq")


@pytest.mark.parametrize("means", ONE_OF_EACH)
def test_a_phrase_of_every_meaning_is_understood_and_in_the_grammars(pack, means):
    richer = pack_with(pack, OwnPhrase("zim zam", means))
    states = [frozenset(), *(frozenset({expect}) for expect in Expect)]
    heard = [state for state in states if richer.interpret("zim zam", state) is not None]
    assert heard
    assert "zim zam" in richer.grammar().phrases
    assert "zim zam" in richer.short_phrases()
    assert any("zim zam" in richer.lean_jsgf(state) for state in heard)
    assert len(richer.grammar().phrases) == len(pack.grammar().phrases) + 1


def test_a_decoy_that_is_taught_is_no_decoy_any_more(pack):
    assert "fine" in pack.decoys
    richer = pack_with(pack, OwnPhrase("fine", "yes"))
    assert "fine" not in richer.decoys
    assert richer.interpret("fine", frozenset({Expect.YES_NO})) is not None


def test_what_is_kept_is_understood_from_the_next_session_on_and_listed():
    keep_phrase("en-US", OwnPhrase("take it down a notch", "slower"))
    keep_word("en-US", EASIER, *with_easier(some_head()))
    pack = load_pack("en-US")
    assert pack.interpret("easier", frozenset()) == CommandSaid(command=Command.SLOWER)
    assert pack.interpret("take it down a notch", frozenset()) == CommandSaid(command=Command.SLOWER)
    listed = taught_phrases("en-US")
    assert listed == [
        '"take it down a notch" means slower (grammar recogniser only)',
        '"easier" means slower',
    ]


def test_removing_gives_back_the_shipped_head_and_leaves_no_phrase():
    save_head(*some_head(), shipped_head("en-US"))
    keep_word("en-US", EASIER, *with_easier(load_head(shipped_head("en-US"))))
    assert head_for("en-US", Settings()) == own_head("en-US", "taught")
    remove_phrase("en-US", "easier")
    assert head_for("en-US", Settings()) == shipped_head("en-US")
    assert not own_head("en-US", "taught").exists()
    assert own_phrases("en-US") == ()
    assert load_pack("en-US").interpret("easier", frozenset()) is None


def test_removing_one_of_two_leaves_the_other():
    once = with_easier(some_head())
    keep_word("en-US", EASIER, *once)
    keep_word(
        "en-US",
        OwnPhrase("enough", "stop"),
        *taught(*once, "enough", Lesson(np.ones((2, 6)), np.zeros((2, 6)))),
    )
    remove_phrase("en-US", "easier")
    assert load_head(own_head("en-US", "taught"))[0].labels == ("slower", "stop", "<unknown>", "enough")
    assert [phrase.says for phrase in own_phrases("en-US")] == ["enough"]


def test_removing_what_was_never_taught_says_what_was():
    keep_word("en-US", EASIER, *with_easier(some_head()))
    with pytest.raises(CuewalkError, match='Taught are: "easier"'):
        remove_phrase("en-US", "softer")


def test_a_calibrated_head_gets_the_phrase_too_and_goes_on_listening():
    save_head(*some_head(), own_head("en-US", "personal"))
    assert keep_word("en-US", EASIER, *with_easier(some_head()))
    assert head_for("en-US", Settings()) == own_head("en-US", "personal")
    assert "easier" in load_head(own_head("en-US", "personal"))[0].labels
    remove_phrase("en-US", "easier")
    assert load_head(own_head("en-US", "personal"))[0].labels == some_head()[0].labels


def test_a_calibrated_head_that_cannot_know_the_phrase_is_passed_over():
    save_head(*some_head(seed=1), own_head("en-US", "personal"))
    assert keep_word("en-US", EASIER, *with_easier(some_head()))
    assert head_for("en-US", Settings()) == own_head("en-US", "taught")


def test_if_the_phrase_cannot_be_written_the_head_is_as_it_was(home):
    save_head(*some_head(), own_head("en-US", "taught"))
    before = own_head("en-US", "taught").read_bytes()
    phrases_path("en-US").mkdir()
    # Nor can it be moved out of the way.
    (phrases_path("en-US").with_name("phrases-en-US.toml.broken") / "full").mkdir(parents=True)
    with pytest.raises(CuewalkError, match="cannot be written"):
        keep_word("en-US", EASIER, *with_easier(some_head()))
    assert own_head("en-US", "taught").read_bytes() == before
    assert own_phrases("en-US") == ()


@pytest.mark.parametrize(
    "keep", [lambda head: keep_word("en-US", EASIER, *head), lambda head: keep_language("en-US", *head)]
)
def test_a_head_that_cannot_be_written_is_a_sentence(home, keep):
    own_head("en-US", "taught").mkdir(parents=True)
    with pytest.raises(CuewalkError, match="What you taught cannot be changed: it is a folder"):
        keep(with_easier(some_head()))
    assert own_phrases("en-US") == ()


def test_takes_that_cannot_be_written_leave_nothing_and_the_older_ones_stay(home):
    sound = np.zeros(1600, np.int16)
    folder = keep_takes("en-US", [("four", sound)])
    with pytest.raises(CuewalkError):
        keep_takes("en-US", [("five", sound), ("x" * 300, sound)])
    assert [file.name for file in folder.parent.rglob("*")] == ["en-US", "four.calibrated-000.wav"]


def test_forget_deletes_what_was_taught(home):
    keep_word("en-US", EASIER, *with_easier(some_head()))
    forget_person(places.data_dir(), places.cache_dir())
    assert own_phrases("en-US") == ()
    assert not own_head("en-US", "taught").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[phrases]]\nsays = "easier"\nmeans = "slowest"\n', "no such meaning"),
        ('[[phrases]]\nsays = "Easier!"\nmeans = "slower"\n', "lower-case"),
        ('[[phrases]]\nsays = "um"\nmeans = "yes"\n', "filler"),
        ("[[phrases\n", "phrases-en-US.toml"),
    ],
)
def test_a_damaged_list_of_phrases_is_left_out_with_its_file_and_the_fault(text, says):
    keep_phrases("en-US", [EASIER])
    phrases_path("en-US").write_text(text)
    told = []
    with told_to(told.append):
        assert load_pack("en-US").interpret("easier", frozenset()) is None
    assert "phrases-en-US" in told[0]
    assert says in told[0]


def test_a_folder_of_scripts_of_ones_own_has_nothing_of_the_persons_in_it():
    keep_phrases("en-US", [EASIER])
    pack = load_pack("en-US", root=places.package_data("scripts_audio"))
    assert pack.interpret("easier", frozenset()) is None


def test_a_timbre_is_held_back_in_every_accent_or_in_none():
    timbres = [f"m{number}" for number in range(1, 9)]
    held = [timbre for timbre in timbres if is_held(f"espeak:en-us+{timbre}")]
    assert 0 < len(held) < len(timbres)
    assert held == [timbre for timbre in timbres if is_held(f"espeak:en-gb+{timbre}")]
