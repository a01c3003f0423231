"""The morning after, by voice: a synthetic person answers in the virtual room; wrong numbers are not kept."""

import shutil
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from cuewalk import places
from cuewalk.app.morning_call import call
from cuewalk.content.load import load_catalogue
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.checkin import CheckinOutcome
from cuewalk.domain.heard import InputMode
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.records import NextMorning, ScreenAnswered, SessionEnded
from cuewalk.engine.checkin import Ending
from cuewalk.journal.store import FILE_NAME, Journal
from cuewalk.planning.next_morning import AFTERWARDS
from cuewalk.planning.preparing import screening_due
from cuewalk.session.observing import Observer
from cuewalk.session.stage import open_stage
from cuewalk.settings import Settings
from cuewalk.simulation.person.person import SimulatedPerson
from cuewalk.simulation.person.persona import Persona, Remark
from cuewalk.simulation.person.presence import PersonInRoom, person_voices
from helpers.histories import Telling
from helpers.sessions import sample_setup
from helpers.synth import STILL_ROOM_DB

pytestmark = pytest.mark.skipif(
    shutil.which("espeak-ng") is None or shutil.which("flite") is None, reason="needs espeak-ng and flite"
)
NOW = datetime.now().astimezone()


@pytest.fixture
def journal(tmp_path, monkeypatch):
    """A journal with a session of yesterday: 4 before, 2 after."""
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    with closing(Journal(tmp_path / FILE_NAME)) as opened:
        telling = Telling(sample_setup(rules=load_catalogue("en-US").rules))
        telling.trial("m1", 4, 2)
        yesterday = NOW - timedelta(hours=20)
        opened.begin_session(telling.setup, "s1", NOW - timedelta(days=1))
        opened.append("s1", 0, [*telling.records, SessionEnded(how="completed")], wall=yesterday)
        yield opened


class Ears(Observer):
    """Notes which lines were spoken."""

    def __init__(self):
        self.lines = []

    def stepped(self, step):
        self.lines += [speak.prompt for speak, _ in step.lines]


def check_in_with(journal, persona, echo_db=-15):
    """Hold the check-in with this person, or with nobody, and return how it ended and what was spoken."""
    stage = open_stage(Settings(recogniser="pocketsphinx"))
    room = VirtualRoom(seed=1, echo_db=echo_db, echo_delay_ms=60, noise_db=STILL_ROOM_DB)
    ears, observers = Ears(), []
    if persona is not None:
        voices = person_voices(persona.voices, places.cache_dir() / "cues", persona.locale)
        observers = [PersonInRoom(SimulatedPerson(persona, stage.pack), room, voices)]
    try:
        called = call(stage, journal, NOW, room, [*observers, ears])
    finally:
        room.close()
        stage.release()
        stage.voice.close()
    return called, ears.lines


def persona(baseline, *says):
    instead = tuple(
        Remark(state=state, text=text, after_ms=600 + n, instead=True) for n, (state, text) in enumerate(says)
    )
    return Persona(name="morning", about="The morning after.", baseline=baseline, says=instead)


def kept(journal):
    return [record for record in journal.records("s1") if isinstance(record, NextMorning)]


def test_a_spoken_number_is_kept_and_what_follows_is_said(journal):
    called, lines = check_in_with(journal, persona(3))
    [record] = kept(journal)
    assert (record.value, record.heard.mode) == (3, InputMode.VOICE)
    assert called.done.checkin.outcome is CheckinOutcome.FINE
    assert record.hours == pytest.approx(20, abs=0.1)
    assert lines[-1] == "checkin_fine"


def test_a_doubtful_number_is_asked_back_and_after_no_another_one_is_kept(journal):
    called, lines = check_in_with(journal, persona(5, ("baseline", "eight"), ("confirm_rating", "no")))
    assert [record.value for record in kept(journal)] == [5]
    assert called.ending is Ending.ANSWERED
    assert lines.index("confirm_rating") < lines.index("asked_again") < lines.index("readback")
    assert lines[-1] == "checkin_repeat"


def test_a_flare_up_is_asked_back_before_it_is_kept_and_said(journal):
    called, lines = check_in_with(journal, persona(9))
    assert [record.value for record in kept(journal)] == [9]
    assert "confirm_rating" in lines
    assert called.done.checkin.outcome is CheckinOutcome.FLARE_UP
    assert "checkin_flare_up" in lines


def test_silence_is_asked_again_and_keeps_nothing(journal):
    called, lines = check_in_with(journal, None, echo_db=-40)
    assert (called.ending, called.done, kept(journal)) == (Ending.UNANSWERED, None, [])
    assert lines == ["checkin_hello", *["ask_baseline"] * 3, "checkin_unanswered"]


def test_stop_keeps_nothing_and_changes_nothing_in_the_journal(journal):
    before = len(journal.entries("s1"))
    called, lines = check_in_with(journal, persona(3, ("baseline", "stop")))
    assert (called.ending, called.done) == (Ending.STOPPED, None)
    assert len(journal.entries("s1")) == before
    assert lines[-1] == "checkin_stopped"


def test_something_is_wrong_keeps_no_number_and_the_next_session_begins_with_the_warning_signs(journal):
    called, lines = check_in_with(journal, persona(3, ("baseline", "something is wrong")))
    assert (called.ending, called.done, kept(journal)) == (Ending.WORRIED, None, [])
    assert lines[-1] == "checkin_worry"
    records = journal.records("s1")
    assert records[-1] == ScreenAnswered(group=AFTERWARDS, present=True)
    assert screening_due([SessionRecords("s1", NOW.date(), tuple(records))], NOW, 30, {"any"})
