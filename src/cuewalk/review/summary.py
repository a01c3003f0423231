"""The tables after a session."""

from rich.console import Console

from cuewalk.domain.projection import SessionRecords, trials_of
from cuewalk.domain.words import DECISION_WORDS, number_words, outcome_words
from cuewalk.terminal.printing import say
from cuewalk.terminal.tables import Rows


def show_summary(history: SessionRecords, console: Console, *, plain: bool = False) -> None:
    """Print what a session showed; where no verdict came of it, a sentence says so."""
    trials = trials_of(history)
    if not trials:
        say(console, "Nothing was judged in this session: it ended before the first movement.")
        return
    summary_table(history).show(console, plain=plain)
    if not any(trial.judged for trial in trials):
        say(console, "Nothing was judged in this session: no movement was done and rated to its end.")


def summary_table(history: SessionRecords) -> Rows:
    """Return one row per trial of a session: movement, side, try, before → after, verdict, bucket."""
    headings = ("movement", "side", "try>", "before>", "after>", "verdict", "bucket")
    table = Rows(headings, "What this session showed")
    setup = history.setup
    for trial in trials_of(history):
        name = setup.movements[trial.movement].name
        table.add(
            name,
            trial.side.value,
            str(trial.attempt),
            number_words(trial.before),
            number_words(trial.after),
            outcome_words(trial),
            DECISION_WORDS[trial.decision] if trial.judged else number_words(None),
        )
    return table
