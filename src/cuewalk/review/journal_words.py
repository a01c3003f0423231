"""How ratings, verdicts and buckets are written in the terminal; shared by the commands over the journal."""

from rich.text import Text

from cuewalk.domain.buckets import BucketEntry, BucketState
from cuewalk.domain.words import number_words, trial_words, verdict_words
from cuewalk.review.rating_log import RatingLine

__all__ = ["bucket_words", "number_words", "rating_words", "state_words", "trial_words", "verdict_words"]


def rating_words(line: RatingLine) -> Text:
    """Return the rating; after a correction the original struck through beside it."""
    if not line.corrected:
        return Text(number_words(line.value))
    return Text.assemble(
        (number_words(line.original), "strike dim"), " → ", (number_words(line.value), "bold")
    )


def bucket_words(entry: BucketEntry) -> str:
    """Return a bucket for reading: "keep, provisional"."""
    return f"{entry.bucket.value.replace('_', ' ')}, {state_words(entry.state)}"


def state_words(state: BucketState) -> str:
    """Return a state for reading."""
    return "due for re-test" if state is BucketState.DUE_FOR_RETEST else state.value
