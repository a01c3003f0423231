"""How ratings, verdicts, decisions and trials are written, the same wherever they are shown."""

from typing import Final

from cuewalk.domain.buckets import TrialRow
from cuewalk.domain.verdicts import Decision, Grade, Verdict

#: What follows from a verdict.
DECISION_WORDS: Final = {
    Decision.KEEP: "keep",
    Decision.NOT_NOW: "not now",
    Decision.RETRY: "tried again",
    Decision.UNDECIDED: "undecided",
}


def number_words(value: float | None, digits: int = 1) -> str:
    """Return a number without needless zeros, a dash when it is missing: it is never shown as 0."""
    return "\N{EN DASH}" if value is None else f"{round(value, digits):g}"


def verdict_words(verdict: Verdict) -> str:
    """Return a verdict for reading: "improved (small)"."""
    words = verdict.outcome.value.replace("_", " ")
    return words if verdict.grade is Grade.NONE else f"{words} ({verdict.grade.value})"


def trial_words(row: TrialRow) -> str:
    """Return the evidence of one trial: "6 → 4", "6 → 5, retry"."""
    retry = ", retry" if row.attempt > 1 else ""
    return f"{number_words(row.before)} → {number_words(row.after)}{retry}"


def outcome_words(row: TrialRow) -> str:
    """Return how one trial came out: "improved (clear)", "worse (corrected)", "skipped"."""
    if not row.judged:
        return (row.ended_early or "not finished").replace("_", " ")
    return verdict_words(row.verdict) + (" (corrected)" if row.corrected else "")
