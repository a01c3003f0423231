"""Whole sessions by simulated people: every word spoken by a real voice and heard by the real recogniser."""

import shutil
from dataclasses import replace

import pytest

from cuewalk.content.load import load_catalogue
from cuewalk.devices.files.wav import read_wav
from cuewalk.domain.projection import ratings_of, trials_of
from cuewalk.domain.records import (
    MannerKept,
    RatingCorrected,
    RatingGiven,
    SessionEnded,
    SessionPaused,
    SessionResumed,
)
from cuewalk.domain.verdicts import Decision
from cuewalk.journal.clips import ClipStore
from cuewalk.journal.store import Journal
from cuewalk.review.replay import replay
from cuewalk.session.stage import open_stage
from cuewalk.settings import Settings
from cuewalk.simulation.demo import DemoResult, run_demo
from cuewalk.simulation.person.persona import load_persona


def _shorter(catalogue):
    """Return the catalogue with half of the repetitions and short rests: what is tried is in all of them."""
    movements = {
        name: movement.model_copy(
            update={"dose": movement.dose.model_copy(update={"reps": max(2, movement.dose.reps // 2)})}
        )
        if movement.dose.reps
        else movement
        for name, movement in catalogue.movements.items()
    }
    programmes = {
        name: programme.model_copy(
            update={"items": tuple(i.model_copy(update={"rest_seconds": 3}) for i in programme.items)}
        )
        for name, programme in catalogue.programmes.items()
    }
    return replace(catalogue, movements=movements, programmes=programmes)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> DemoResult:
    """One whole session of five movements in which everything happens."""
    for tool in ("flite", "espeak-ng"):
        if shutil.which(tool) is None:
            pytest.skip(f"a simulated session needs {tool}: apt install {tool}")
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CUEWALK_HOME", str(folder / "home"))
        stage = open_stage(Settings(brevity=2, talk_rate=1.2))
        result = run_demo(
            stage,
            _shorter(load_catalogue("en-US")),
            load_persona("mixed"),
            programme="feet-up",
            folder=folder,
            wav=folder / "session.wav",
        )
        stage.voice.close()
    return result


def _decisions(result: DemoResult) -> dict[int, list[Decision]]:
    order: dict[str, list[Decision]] = {}
    for trial in trials_of(result.history):
        order.setdefault(trial.movement, []).append(trial.decision)
    return dict(enumerate(order.values(), start=1))


def test_each_movement_ends_where_the_persons_numbers_put_it(mixed: DemoResult) -> None:
    decisions = _decisions(mixed)
    assert decisions[1] == [Decision.KEEP]
    assert decisions[2] == [Decision.RETRY, Decision.KEEP]
    assert decisions[3] == [Decision.RETRY, Decision.NOT_NOW]


def test_every_rating_written_down_is_what_the_person_meant(mixed: DemoResult) -> None:
    persona = load_persona("mixed")
    station = {
        name: n for n, name in enumerate(dict.fromkeys(t.movement for t in trials_of(mixed.history)), 1)
    }
    for trial in trials_of(mixed.history):
        if trial.judged:
            assert trial.after == persona.after(station[trial.movement], trial.attempt).after


def test_the_corrected_number_keeps_its_original(mixed: DemoResult) -> None:
    records, now = mixed.history.records, ratings_of(mixed.history.records)
    given = {record.rating: record.value for record in records if isinstance(record, RatingGiven)}
    assert {number: row.original for number, row in now.items()} == given
    corrected = {record.rating for record in records if isinstance(record, RatingCorrected)}
    assert corrected
    assert {number for number, row in now.items() if row.value != row.original} == corrected


def test_slower_skip_and_pause_were_obeyed(mixed: DemoResult) -> None:
    records = mixed.history.records
    assert any(isinstance(r, MannerKept) and r.pace < 1 for r in records)
    assert any(isinstance(r, SessionPaused) and r.reason == "asked" for r in records)
    assert any(isinstance(r, SessionResumed) for r in records)
    assert any(t.ended_early == "skipped" for t in trials_of(mixed.history))
    assert [r.how for r in records if isinstance(r, SessionEnded)] == ["completed"]


def test_the_sound_of_the_whole_session_is_kept(mixed: DemoResult) -> None:
    samples = read_wav(mixed.wav)
    assert len(samples) / 16000 == pytest.approx(mixed.session_seconds, abs=0.5)


def test_every_spoken_rating_has_its_clip(mixed: DemoResult) -> None:
    journal = Journal(mixed.journal, read_only=True)
    clips = ClipStore(mixed.journal.parent / "clips")
    spoken = [
        e for e in journal.entries(mixed.session_id) if e.kind == "record:rating_given" and e.item.heard
    ]
    assert spoken
    for entry in spoken:
        assert clips.has(entry.clip)
    journal.close()


def test_replaying_the_journal_gives_the_same_verdicts(mixed: DemoResult) -> None:
    journal = Journal(mixed.journal, read_only=True)
    result = replay(journal, mixed.session_id)
    assert result.agrees
    assert len(result.now) >= 5
    journal.close()
