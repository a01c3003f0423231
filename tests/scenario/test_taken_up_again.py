"""A session that was cut off goes on where it was, with everything that had been said."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.projection import trials_of
from cuewalk.domain.records import RatingGiven, SessionPaused
from cuewalk.domain.verdicts import Decision
from cuewalk.journal.clips import ClipStore
from cuewalk.journal.store import Journal
from cuewalk.session.observing import Observer, StepPerformed
from cuewalk.session.stage import RESTORED, Performance, begin, open_stage, rebuild
from cuewalk.settings import Settings
from cuewalk.simulation.person.person import SimulatedPerson
from cuewalk.simulation.person.persona import Persona, Rates
from cuewalk.simulation.person.presence import PersonInRoom
from cuewalk.speech_out.voices.commands import FliteVoice
from helpers.sessions import sample_setup
from helpers.synth import STILL_ROOM_DB


class PowerCut(Observer):
    """Ends everything at the second movement, in the given state."""

    def __init__(self, state: str) -> None:
        self.state, self.ratings = state, 0

    def stepped(self, step: StepPerformed) -> None:
        self.ratings += sum(isinstance(record, RatingGiven) for record in step.records)
        if self.ratings == 2 and step.view.state == self.state:
            raise KeyboardInterrupt


@pytest.mark.parametrize("state", ["perform", "rate_after"])
def test_an_interrupted_session_goes_on_where_it_was(
    state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for tool in ("flite", "espeak-ng"):
        if shutil.which(tool) is None:
            pytest.skip(f"a simulated session needs {tool}: apt install {tool}")
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    persona = Persona(
        name="cut off", about="", baseline=5, rates=(Rates(station=1, after=3), Rates(station=2, after=1))
    )
    stage = open_stage(Settings(recogniser="pocketsphinx", echo="headphones"))
    journal = Journal(tmp_path / "journal.sqlite")
    session_id, session = begin(sample_setup(2), datetime.now(UTC))

    def performance(**changes: object) -> Performance:
        room = VirtualRoom(seed=2, noise_db=STILL_ROOM_DB)
        presence = PersonInRoom(SimulatedPerson(persona, stage.pack), room, [FliteVoice("slt")])
        observers = [presence, *changes.pop("observers", [])]
        fields = {"stage": stage, "journal": journal, "session_id": session_id, "session": session, **changes}
        return Performance(audio=room, observers=observers, clips=ClipStore(tmp_path / "clips"), **fields)

    with pytest.raises(KeyboardInterrupt):
        performance(observers=[PowerCut(state)]).run()
    interrupted = journal.latest_interrupted()
    assert interrupted is not None
    assert interrupted.id == session_id

    restored, start = rebuild(journal, session_id)
    assert restored.state == state
    performance(session=restored, start=start).run(RESTORED)
    assert not any(isinstance(r, SessionPaused) for r in journal.records(session_id)), (
        "an answer was not heard"
    )
    stage.voice.close()

    trials = trials_of(journal.histories()[-1])
    assert [(t.before, t.after, t.decision) for t in trials] == [(5, 3, Decision.KEEP), (3, 1, Decision.KEEP)]
    clocks = [entry.clock_ms for entry in journal.entries(session_id)]
    assert clocks == sorted(clocks)
    assert journal.latest_interrupted() is None
    journal.close()
