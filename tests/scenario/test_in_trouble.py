"""Spoken by a voice and heard by the real recognisers: who is in trouble is stopped and waited for."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.records import DistressSaid, SessionEnded, TrialJudged, TrialStarted
from cuewalk.journal.store import Journal
from cuewalk.session.observing import Observer, StepPerformed
from cuewalk.session.stage import Performance, Stage, begin, open_stage
from cuewalk.settings import Settings
from cuewalk.simulation.person.person import SimulatedPerson
from cuewalk.simulation.person.persona import Persona, Remark
from cuewalk.simulation.person.presence import PersonInRoom
from cuewalk.speech_out.voices.commands import FliteVoice
from helpers.sessions import sample_setup
from helpers.states import flagged
from helpers.synth import STILL_ROOM_DB


class Heard(Observer):
    """What was said to the person."""

    def __init__(self) -> None:
        self.prompts: list[str] = []

    def stepped(self, step: StepPerformed) -> None:
        self.prompts += [speak.prompt for speak, _ in step.lines]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    for tool in ("flite", "espeak-ng"):
        if shutil.which(tool) is None:
            pytest.skip(f"a simulated session needs {tool}: apt install {tool}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CUEWALK_HOME", str(tmp_path_factory.mktemp("home")))
        return open_stage(Settings(echo="headphones"))


def _session(stage: Stage, folder: Path, *says: Remark) -> tuple[list, list[str]]:
    """Run a session of one movement in which this is said; return its records and what was spoken."""
    persona = Persona(name="in trouble", about="", baseline=4, says=says)
    journal, room, heard = (
        Journal(folder / "journal.sqlite"),
        VirtualRoom(seed=2, noise_db=STILL_ROOM_DB),
        Heard(),
    )
    session_id, session = begin(flagged(sample_setup(1)), datetime.now(UTC))
    presence = PersonInRoom(SimulatedPerson(persona, stage.pack), room, [FliteVoice("slt")])
    Performance(
        stage=stage,
        journal=journal,
        session_id=session_id,
        session=session,
        audio=room,
        observers=[presence, heard],
    ).run()
    return journal.records(session_id), heard.prompts


def _of(records: list, kind: type) -> list:
    return [record for record in records if isinstance(record, kind)]


def test_a_knee_that_gives_way_stops_the_movement_and_asks_for_its_sign(stage: Stage, tmp_path: Path) -> None:
    fell = Remark(state="perform", text="my knee gave way", after_ms=2500)
    records, prompts = _session(stage, tmp_path, fell)
    assert _of(records, DistressSaid)[0].about == "fell"
    after = prompts[prompts.index("stop_and_sit") :]
    assert after[:2] == ["stop_and_sit", "ask_steady"]
    assert "count" not in after
    assert "count_phase" not in after
    assert (len(_of(records, TrialStarted)), _of(records, TrialJudged)) == (1, [])


def test_no_breath_brings_emergency_advice_at_once_and_ends(stage: Stage, tmp_path: Path) -> None:
    records, prompts = _session(
        stage, tmp_path, Remark(state="perform", text="i can't breathe", after_ms=2500)
    )
    assert prompts[-6:] == ["emergency_stop", "emergency_call", "emergency_denial"] * 2
    assert _of(records, SessionEnded)[0].how == "red_flag"


def test_a_misheard_emergency_goes_on_when_the_person_is_ready(stage: Stage, tmp_path: Path) -> None:
    chest = Remark(state="perform", text="chest pain", after_ms=2500)
    # In the pause for an answer; what only one of the two recognisers hears is taken when it comes twice.
    fine = (Remark(state="emergency", text="no i'm fine", after_ms=ms) for ms in (29_000, 32_500))
    records, prompts = _session(stage, tmp_path, chest, *fine)
    assert prompts[prompts.index("ask_ready") - 1].startswith("emergency")
    assert [said.denied for said in _of(records, DistressSaid)] == [False, True]
    assert _of(records, SessionEnded)[0].how == "completed"


def test_a_bare_no_leaves_emergency_advice_as_it_is(stage: Stage, tmp_path: Path) -> None:
    chest = Remark(state="perform", text="chest pain", after_ms=2500)
    no = (Remark(state="emergency", text="no", after_ms=ms) for ms in (29_000, 31_500))
    records, _ = _session(stage, tmp_path, chest, *no)
    assert [said.denied for said in _of(records, DistressSaid)] == [False]
    assert _of(records, SessionEnded)[0].how == "red_flag"
