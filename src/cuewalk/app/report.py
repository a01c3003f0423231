"""The tables after a session."""

from rich.table import Table

from cuewalk.domain.buckets import TrialRow
from cuewalk.domain.projection import SessionRecords, trials_of
from cuewalk.domain.verdicts import Grade

#: What a decision is called on a screen.
_NAMES = {"keep": "keep", "not_now": "not now", "retry": "tried again", "undecided": "undecided"}


def summary_table(history: SessionRecords) -> Table:
    """Return one row per trial of a session: movement, side, try, before → after, verdict, bucket."""
    table = Table(title="What this session showed")
    for column in ("movement", "side", "try", "before", "after", "verdict", "bucket"):
        table.add_column(column)
    setup = history.setup
    for trial in trials_of(history):
        name = setup.movements[trial.movement].name
        table.add_row(
            name,
            trial.side.value,
            str(trial.attempt),
            _number(trial.before),
            _number(trial.after),
            _verdict(trial),
            _NAMES[trial.decision.value] if trial.judged else "—",
        )
    return table


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"


def _verdict(trial: TrialRow) -> str:
    if not trial.judged:
        return trial.ended_early or "not finished"
    verdict = trial.verdict
    grade = f", {verdict.grade.value}" if verdict.grade is not Grade.NONE else ""
    corrected = " (corrected)" if trial.corrected else ""
    return verdict.outcome.value.replace("_", " ") + grade + corrected
