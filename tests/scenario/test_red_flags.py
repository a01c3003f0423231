"""Every red flag by voice: answers spoken aloud in the virtual room, heard by the real recogniser."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cuewalk.content.load import load_catalogue
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.content import FlagOutcome, RedFlagGroup
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.records import FlagAnswered, ScreenAnswered, SessionEnded, TrialStarted
from cuewalk.domain.setup import EDITION
from cuewalk.engine.session import Session
from cuewalk.journal.store import Journal
from cuewalk.planning.preparing import screening_due
from cuewalk.session.stage import Performance, Stage, begin, open_stage
from cuewalk.settings import Settings
from cuewalk.simulation.person.person import SimulatedPerson
from cuewalk.simulation.person.persona import Persona
from cuewalk.simulation.person.presence import PersonInRoom
from cuewalk.speech_out.voices.commands import FliteVoice
from helpers.sessions import World, sample_setup
from helpers.synth import STILL_ROOM_DB

GROUPS = load_catalogue("en-US").red_flags
FLAGS = [(group, flag) for group in GROUPS for flag in group.flags]
#: Emergency advice does not wait for the other flags, so each of its flags has a session of its own.
WALKS = [
    *((g, (flag,)) for g, flag in FLAGS if g.outcome is FlagOutcome.EMERGENCY),
    *((g, g.flags) for g in GROUPS if g.outcome is FlagOutcome.PROFESSIONAL),
]


def _name(value: RedFlagGroup | tuple[str, ...] | str) -> str:
    """Return the name of a case."""
    if isinstance(value, RedFlagGroup):
        return value.id
    return value if isinstance(value, str) else value[0]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """A stage with the built-in recogniser."""
    for tool in ("flite", "espeak-ng"):
        if shutil.which(tool) is None:
            pytest.skip(f"a simulated session needs {tool}: apt install {tool}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CUEWALK_HOME", str(tmp_path_factory.mktemp("home")))
        opened = open_stage(Settings(recogniser="pocketsphinx", echo="headphones"))
        assert opened.hearing
    return opened


def _spoken(stage: Stage, folder: Path, group: RedFlagGroup, flags: tuple[str, ...]) -> SessionRecords:
    """Run a session by voice with somebody who has these flags; only this group is asked for."""
    persona = Persona(name="flagged", about="test", flags=flags)
    setup = sample_setup(
        1, red_flags=(group,), screening_due=True, edition=EDITION, first_session=False, brevity=1
    )
    journal = Journal(folder / "journal.sqlite")
    session_id, session = begin(setup, datetime.now(UTC))
    room = VirtualRoom(seed=3, noise_db=STILL_ROOM_DB)
    presence = PersonInRoom(SimulatedPerson(persona, stage.pack), room, [FliteVoice("slt")])
    Performance(
        stage=stage, journal=journal, session_id=session_id, session=session, audio=room, observers=[presence]
    ).run()
    history = journal.histories()[-1]
    journal.close()
    return history


@pytest.mark.parametrize(("group", "flags"), WALKS, ids=_name)
def test_a_red_flag_said_aloud_is_named_in_the_journal_and_ends_the_session(
    stage: Stage, tmp_path: Path, group: RedFlagGroup, flags: tuple[str, ...]
) -> None:
    history = _spoken(stage, tmp_path, group, flags)
    named = [r.flag for r in history.records if isinstance(r, FlagAnswered) and r.present]
    assert named == list(flags)
    (screened,) = [r for r in history.records if isinstance(r, ScreenAnswered)]
    assert (screened.group, screened.present, screened.outcome) == (group.id, True, group.outcome)
    assert [r.how for r in history.records if isinstance(r, SessionEnded)] == ["red_flag"]
    assert not any(isinstance(r, TrialStarted) for r in history.records)
    assert screening_due([history], datetime.now(UTC), 30, {group.id}), "the next session asks again"


def _screened(group: RedFlagGroup) -> World:
    """Return a world in which this group has been said yes to, and its first flag is being asked for."""
    setup = sample_setup(1, red_flags=GROUPS, screening_due=True, edition=EDITION)
    world = World(Session(setup)).begin().run_until("safety")
    for _ in range(GROUPS.index(group)):
        world.run_until_quiet().yes(yes=False)
    return world.run_until_quiet().yes().run_until_quiet().yes().run_until_quiet()


def _named(world: World) -> list[str]:
    return [r.flag for r in world.records if isinstance(r, FlagAnswered) and r.present]


@pytest.mark.parametrize(("group", "flag"), FLAGS, ids=_name)
def test_each_flag_by_itself_leads_to_its_advice(group: RedFlagGroup, flag: str) -> None:
    world = _screened(group)
    while world.session.state == "each_flag":
        world.run_until_quiet().yes(yes=world.session.view().asked == (flag,))
    assert _named(world) == [flag]
    world.run_until("ended")
    assert f"red_flag_{group.outcome.value}" in world.said()


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.id)
def test_two_yeses_count_even_if_no_flag_is_named(group: RedFlagGroup) -> None:
    world = _screened(group)
    while world.session.state == "each_flag":
        world.run_until_quiet().yes(yes=False)
    world.run_until("ended")
    assert f"red_flag_{group.outcome.value}" in world.said()


def test_silence_does_not_keep_the_advice_back() -> None:
    world = _screened(GROUPS[0]).run_until("ended")
    assert "red_flag_emergency" in world.said()
    assert [r.how for r in world.records if isinstance(r, SessionEnded)] == ["red_flag"]


def test_emergency_advice_comes_at_the_first_flag_that_is_there() -> None:
    world = _screened(GROUPS[0]).yes()
    assert world.session.state == "advised"
