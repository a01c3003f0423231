"""How ratings, verdicts and buckets are written in the terminal; shared by the commands over the journal."""

from rich.text import Text

from cuewalk.domain.buckets import BucketEntry, BucketState, TrialRow
from cuewalk.domain.verdicts import Grade, Verdict
from cuewalk.journal.rating_log import RatingLine


def number_words(value: float | None, digits: int = 1) -> str:
    """Return a number without needless zeros, a dash when it is missing: it is never shown as 0."""
    return "\N{EN DASH}" if value is None else f"{round(value, digits):g}"


def rating_words(line: RatingLine) -> Text:
    """Return the rating; after a correction the original struck through beside it."""
    if not line.corrected:
        return Text(number_words(line.value))
    return Text.assemble(
        (number_words(line.original), "strike dim"), " → ", (number_words(line.value), "bold")
    )


def verdict_words(verdict: Verdict) -> str:
    """Return a verdict for reading: "improved (small)"."""
    words = verdict.outcome.value.replace("_", " ")
    return words if verdict.grade is Grade.NONE else f"{words} ({verdict.grade.value})"


def trial_words(row: TrialRow) -> str:
    """Return the evidence of one trial: "6 → 4"."""
    return f"{number_words(row.before)} → {number_words(row.after)}"


def bucket_words(entry: BucketEntry) -> str:
    """Return a bucket for reading: "keep, provisional"."""
    return f"{entry.bucket.value.replace('_', ' ')}, {state_words(entry.state)}"


def state_words(state: BucketState) -> str:
    """Return a state for reading."""
    return "due for re-test" if state is BucketState.DUE_FOR_RETEST else state.value
