"""Replay, buckets, evidence, log and the summary judge trials alike, count them alike in the same words."""

import json
import re
from contextlib import closing
from datetime import UTC, datetime

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from cuewalk.cli.buckets import buckets
from cuewalk.cli.correct import correct
from cuewalk.cli.evidence import evidence
from cuewalk.cli.log import log
from cuewalk.cli.replay import replay
from cuewalk.domain.intents import Command
from cuewalk.engine.effects import Append
from cuewalk.engine.session import Session
from cuewalk.journal.store import FILE_NAME, Journal
from cuewalk.review.summary import summary_table
from helpers.sessions import World, sample_setup

app = typer.Typer()
for command in (log, buckets, evidence, replay, correct):
    app.command()(command)


@pytest.fixture
def lived(tmp_path, monkeypatch):
    """The first movement is tried twice and a number of it corrected; the second one is skipped."""
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    world = World(Session(sample_setup(2))).begin()
    world.run_until("baseline", "rate_before").run_until_quiet().rate(5)
    world.run_until("rate_after").run_until_quiet().rate(5)
    world.pass_time()
    world.run_until("rate_after").run_until_quiet().rate(4)
    world.correct(3)
    world.run_until("introduce", "perform", "rate_before").command(Command.SKIP)
    world.run_until("ended", "closing", "note", "rate_after")
    kept = [effect.record for effect in world.effects if isinstance(effect, Append)]
    with closing(Journal(tmp_path / FILE_NAME)) as journal:
        session = Session(sample_setup(2))
        first, *rest = world.events
        step = lambda event: [event, *(e.record for e in session.step(event) if isinstance(e, Append))]  # noqa: E731
        journal.begin_session(session.setup, "a", datetime(2026, 1, 2, tzinfo=UTC), step(first))
        for event in rest:
            journal.append("a", 0, step(event))
        assert journal.records("a") == kept
    return tmp_path


def run(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_every_trial_is_listed_once_and_none_is_left_out(lived):
    told = run("replay")
    numbers = [int(number) for number in re.findall(r"^trial (\d+):", told, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert "trial 2: Movement m1, left (5 → 3, retry): improved (clear)" in told
    assert "(corrected)" in told


def test_where_the_engine_judges_otherwise_now_each_trial_that_differs_is_named(lived, monkeypatch):
    """As after an update whose engine takes something else from the same events."""
    step = Session.step

    def other(self, event):
        told = step(self, event)
        return [each for each in told if not (isinstance(each, Append) and _second_after(each.record))]

    monkeypatch.setattr(Session, "step", other)
    result = CliRunner().invoke(app, ["replay"])
    assert result.exit_code == 1
    told = " ".join(result.output.split())
    assert "The verdicts of a differ" in told
    assert (
        "trial 2: Movement m1, left: written down: improved (clear) (corrected) (5 → 3, retry); now: not"
        in told
    )
    assert "trial 1, Movement m1, left: written down" not in told, "it is the same"


def _second_after(record):
    return getattr(record, "kind", "") == "trial_judged" and record.trial == 2


def test_after_a_correction_all_say_the_same(lived):
    with closing(Journal(lived / FILE_NAME, read_only=True)) as journal:
        entries = [entry for entry in journal.entries("a") if entry.kind == "record:rating_given"]
        after = [entry for entry in entries if entry.item.phase == "after"]
    run("correct", after[0].id, 8)
    run("correct", after[1].id, 7)
    with closing(Journal(lived / FILE_NAME, read_only=True)) as journal:
        table = Console(width=200, record=True)
        table.print(summary_table(journal.history("a")))
        summary = table.export_text()
    for told in (run("replay"), run("log"), summary):
        assert "worse" in told
        assert "unchanged" not in told
        assert "improved" not in told
    assert "went up" in run("buckets")


def test_the_count_of_trials_is_one(lived):
    """A trial and its retry are one."""
    (movement,) = json.loads(run("evidence", "--json"))["movements"][:1]
    row = next(line for line in run("buckets").splitlines() if "Movement m1" in line)
    assert str(movement["n"]) == "1"
    assert re.split(r"\s{2,}", row.strip())[2] == "1"
