"""A simulated person calibrates in a virtual room; what is kept, what is not, and what deletes it."""

import shutil
from contextlib import closing
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from cuewalk.cli.calibrate import calibrate as calibrate_command
from cuewalk.cli.correct import correct
from cuewalk.content.packs import load_pack
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.errors import DeviceError, ModelError
from cuewalk.domain.records import RatingPhase
from cuewalk.journal.clips import ClipStore
from cuewalk.journal.forgetting import CLIPS, forget_person
from cuewalk.journal.store import FILE_NAME, Journal
from cuewalk.learning.calibrating.consent import has_consented, keep_consent
from cuewalk.learning.calibrating.flow import calibrate
from cuewalk.learning.calibrating.from_corrections import learn_from_corrections
from cuewalk.learning.calibrating.keeping import keep_takes, kept_takes
from cuewalk.learning.calibrating.texts import load_texts
from cuewalk.models.heads import own_head, save_head
from cuewalk.session.keyboard import Keyboard
from cuewalk.session.stage import open_stage
from cuewalk.settings import Settings, change_setting
from cuewalk.speech_in.keys_recogniser import KeysRecogniser
from cuewalk.understanding.hearing import head_for
from helpers.histories import Telling
from helpers.small_heads import small_head
from helpers.synth import between_silence, say, silence

SPOKEN = ("three", "four", "stop")
START = datetime(2026, 11, 21, 14, 5, tzinfo=timezone(timedelta(hours=1)))

app = typer.Typer()
app.command()(calibrate_command)
app.command()(correct)


class Person:
    """Answers with what ``answers`` gives for the word that is wanted and how often it was; None: silence."""

    def __init__(self, room, answers=lambda word, _time: word or "yes", voice="kal"):
        self.room, self.answers, self.voice = room, answers, voice
        self.lines, self.notices, self.wanted = [], [], []

    def keys_work(self):
        assert self.notices, "nothing reads the keys while the room is listened to"
        self.lines.append("(keys)")

    def said(self, text):
        self.lines.append(text)

    def noticed(self, text):
        self.notices.append(text)

    def turn(self, wanted):
        self.wanted.append(wanted)
        answer = self.answers(wanted, self.wanted.count(wanted))
        if answer is not None:
            self.room.say(np.concatenate((silence(0.25), say(answer, self.voice), silence(0.1))))


@pytest.fixture
def home(tmp_path, monkeypatch):
    for tool in ("flite", "espeak-ng"):
        if shutil.which(tool) is None:
            pytest.skip(f"a simulated person needs {tool}: apt install {tool}")
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path / "home"))
    save_head(*small_head(), tmp_path / "general.npz")
    return tmp_path / "home"


@pytest.fixture
def settings(tmp_path):
    return Settings(head=str(tmp_path / "general.npz"), voice_engine="espeak", echo="headphones")


@pytest.fixture
def stage(home, settings):
    stage = open_stage(settings)
    yield stage
    stage.voice.close()


@pytest.fixture
def texts(home):
    return load_texts(load_pack("en-US")).model_copy(update={"words": SPOKEN})


def run(stage, texts, room=None, answers=None, **options):
    room = room or VirtualRoom(seed=3, noise_db=-66.0)
    person = Person(room, answers) if answers else Person(room)
    return person, calibrate(stage, room, person, texts=texts, **options)


def left_behind(home):
    return sorted(str(f.relative_to(home)) for f in (home / "heads").rglob("*")) if home.exists() else []


def test_a_person_says_yes_and_every_word_twice_and_is_heard_better(home, stage, texts):
    stage.settings = stage.settings.model_copy(update={"echo": "cancel"})
    room = VirtualRoom(seed=3, echo_db=-15.0, noise_db=-66.0, rt60=0.3)
    person, done = run(stage, texts, room)
    assert "heard 3 of 3" in " ".join(person.lines)
    assert [word for _, (word, _) in kept_takes("en-US")] == [*SPOKEN, *(w for w in person.wanted[4:])]
    assert done.head == own_head("en-US", "personal")
    assert head_for("en-US", Settings()) == done.head
    assert has_consented()
    assert str(done.takes) in person.notices[-1]
    assert person.notices[0].startswith("The room is")

    forget_person(home, home / "cache")
    assert left_behind(home) == []
    assert not has_consented()


@pytest.mark.parametrize("answer", ["no", None])
def test_without_a_yes_nothing_is_asked_and_nothing_kept(home, stage, texts, answer):
    person, done = run(stage, texts, answers=lambda _word, _time: answer)
    assert set(person.wanted) == {""}
    assert (done.takes, done.head) == (None, None)
    assert left_behind(home) == []
    assert person.lines[-1] == texts.says.refused


def test_stop_twice_at_another_words_turn_ends_it_and_nothing_is_kept(home, stage, texts):
    person, _ = run(stage, texts, answers=lambda word, _: "stop" if word == "four" else word, agreed=True)
    assert person.wanted == ["three", "four", "four"]
    assert person.lines[-1] == texts.says.ended
    assert left_behind(home) == []


def test_a_key_consents_and_a_key_ends(home, stage, texts):
    keyboard = Keyboard(KeysRecogniser())

    def types(word, _time):
        keyboard.press("q" if word else "y")

    person, _ = run(stage, texts, answers=types, keyboard=keyboard)
    assert person.wanted == ["", "three"]
    assert person.lines[-1] == texts.says.ended
    assert left_behind(home) == []


def test_another_word_is_asked_for_again_and_silence_is_skipped(home, stage, texts):
    def answers(word, time):
        return {"three": "yes" if time == 1 else "three", "four": None}.get(word, word)

    person, done = run(stage, texts, answers=answers, agreed=True)
    assert person.wanted.count("three") == 3
    assert person.wanted.count("four") == 4
    assert any("did not hear: four" in line for line in person.lines)
    assert {word for _, (word, _) in kept_takes("en-US")} == {"three", "stop"}
    assert done.takes is not None


def test_a_head_that_could_not_be_tested_is_not_kept_and_an_old_one_goes(home, stage, texts):
    save_head(*small_head(), own_head("en-US", "personal"))
    person, done = run(stage, texts, answers=lambda word, time: word if time == 1 else None, agreed=True)
    assert done.head is None
    assert not own_head("en-US", "personal").exists()
    assert texts.says.too_few in person.lines


def test_a_muted_microphone_is_told_before_anything_is_asked(home, stage, texts):
    room = VirtualRoom(seed=3)
    with pytest.raises(DeviceError, match="nothing but silence"):
        calibrate(stage, room, Person(room), texts=texts)


def test_a_broken_head_is_a_sentence(home, stage, texts, tmp_path):
    (tmp_path / "general.npz").write_bytes(b"no head")
    with pytest.raises(ModelError, match="cannot be read"):
        run(stage, texts)


@pytest.fixture
def agreed(home):
    """Somebody who has agreed, and said every word twice."""
    keep_consent(START)
    keep_takes("en-US", [(word, between_silence(say(word, "kal"), 0.3, 0.3)) for word in (*SPOKEN, *SPOKEN)])


@pytest.fixture
def corrected(home, tmp_path):
    """Return a function that keeps a session in which ``said`` was heard as ``heard``, and corrects it."""
    change_setting("head", str(tmp_path / "general.npz"))
    name = "20261121-1405-k3"

    def corrected(said, heard, meant):
        telling = Telling()
        telling.rate(RatingPhase.BEFORE, heard)
        clip = ClipStore(home / CLIPS).save(name, 1, between_silence(say(said, "kal"), 0.3, 0.3))
        with closing(Journal(home / FILE_NAME)) as journal:
            journal.begin_session(telling.setup, name, START)
            entries = journal.append(name, 0, telling.records, clips={1: clip}, wall=START)
        return CliRunner().invoke(app, ["correct", str(entries[-1]), str(meant)]).stdout

    return corrected


def test_a_correction_is_learned_once(agreed, corrected, settings):
    assert "learned again with 1 corrected rating." in corrected("four", heard=3, meant=4)
    assert [word for _, (word, _) in kept_takes("en-US")] == [*SPOKEN, *SPOKEN, "four"]
    assert own_head("en-US", "personal").exists()
    assert learn_from_corrections(settings) == ""


def test_without_consent_a_correction_is_not_learned(home, corrected):
    assert "learned" not in corrected("four", heard=3, meant=4)
    assert left_behind(home) == []


def test_a_changed_mind_is_no_take(agreed, corrected):
    assert "learned" not in corrected("three", heard=3, meant=4)
    assert len(kept_takes("en-US")) == 2 * len(SPOKEN)


def test_a_damaged_note_of_the_consent_is_a_sentence_and_the_correction_counts(home, corrected):
    (home / "heads").mkdir(parents=True)
    (home / "heads" / "consent.toml").write_text("sounds_of = = my voice")
    said = corrected("four", heard=3, meant=4)
    assert "3 → 4" in said
    assert "consent" in said


def test_learning_from_corrections_needs_consent(home):
    done = CliRunner().invoke(app, ["calibrate", "--from-corrections"])
    assert done.exit_code == 0
    assert "have not agreed" in done.stdout
