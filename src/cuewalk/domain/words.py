"""How ratings, verdicts, trials and evidence are written and spoken, the same wherever they are shown."""

from typing import Final

from cuewalk.domain.buckets import BucketEntry, BucketState, TrialRow
from cuewalk.domain.evidence import Counts, Evidence, Figures
from cuewalk.domain.units import Rating, counted
from cuewalk.domain.verdicts import Decision, Grade, Verdict

#: What follows from a verdict.
DECISION_WORDS: Final = {
    Decision.KEEP: "keep",
    Decision.NOT_NOW: "not now",
    Decision.RETRY: "tried again",
    Decision.UNDECIDED: "undecided",
}


def number_words(value: Rating | None, digits: int = 1) -> str:
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


def bucket_words(entry: BucketEntry) -> str:
    """Return a bucket for reading: "keep, provisional"."""
    return f"{entry.bucket.value.replace('_', ' ')}, {state_words(entry.state)}"


def state_words(state: BucketState) -> str:
    """Return how settled an entry is, for reading."""
    return "due for re-test" if state is BucketState.DUE_FOR_RETEST else state.value


# Evidence

#: Said wherever the figures are shown, so that nobody takes them for more than they are.
STATEMENTS: Final = (
    "A drop of 1 point is within measurement error.",
    "What a movement does within a session predicts the next session only modestly.",
    "With few trials the average is drawn towards a small drop, as it is expected of any movement.",
    "Order, warming up and expectation play a part; these numbers cannot tell them from the movement itself.",
    '"Not now" never means harmful.',
    "This is general movement guidance, not medical advice.",
)

#: How a trial counts, for the table.
COUNTS_WORDS: Final = {
    Counts.COUNTED: "counts",
    Counts.RETRY: "retry: counts with the one above",
    Counts.WEAKER: "counts less: another movement was still at work",
    Counts.NO_ROOM: "does not count: no room to improve",
    Counts.NOT_RATED: "does not count: a rating is missing",
    Counts.NOT_DONE: "does not count: not finished",
}

_SMALL_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
#: A chance beyond these is not told more exactly: no model of so few numbers is that sure.
_RARE, _NEARLY_SURE = 0.01, 0.99
#: Fewer sessions than these are called few.
_FEW_SESSIONS: Final = 3
_TEN_TENTHS: Final = 10
#: A change below this is written as 0 in a table, and below the other it is called hardly any (points).
_NONE: Final = 0.05
_HARDLY: Final = 0.25


def summary(evidence: Evidence) -> str:
    """Return what the trials tell, as sentences to read."""
    figures = evidence.figures
    if figures is None:
        return "No trial counts yet, so there is nothing to go by."
    many = f"{counted(evidence.n, 'trial')} in {counted(evidence.sessions, 'session')}."
    chance = f"Chance that it helps you by {_points(figures.points)} or more: {percent(figures.helps)}."
    few = " So few trials say little." if evidence.sessions < _FEW_SESSIONS else ""
    return f"{many} {_change(figures)} {chance}{few}"


def spoken(evidence: Evidence) -> str:
    """Return the same in a breath or two, for the voice: whole words, halves at most."""
    figures = evidence.figures
    if figures is None:
        return "There is nothing to go by yet."
    many = f"{_in_words(evidence.n)} trial{'s' * (evidence.n != 1)}.".capitalize()
    size = round(abs(figures.change) * 2) / 2
    if abs(figures.change) < _HARDLY:
        went = "On average it hardly changed."
    else:
        way = "down" if figures.change < 0 else "up"
        went = f"On average it went {way} by about {_halves(size)}."
    return f"{many} {went} The chance that it helps is {_chance(figures.helps)}."


def percent(share: float) -> str:
    """Return a probability for reading; never certain: between "under 1 %" and "over 99 %"."""
    if share < _RARE:
        return "under 1 %"
    return "over 99 %" if share > _NEARLY_SURE else f"{100 * share:.0f} %"


def change_words(change: float) -> str:
    """Return a change for a table: "-1.6", "+0.4", "0"."""
    return "0" if abs(change) < _NONE else f"{change:+.1f}"


def _change(figures: Figures) -> str:
    low, high = figures.low, figures.high
    if high <= 0:
        between = f"somewhere between {abs(high):.1f} and {abs(low):.1f}"
    elif low >= 0:
        between = f"somewhere between {low:.1f} and {high:.1f}"
    else:
        between = f"somewhere between {abs(low):.1f} down and {high:.1f} up"
    if abs(figures.change) < _HARDLY:
        return f"On average it hardly changed, {between}."
    way = "down" if figures.change < 0 else "up"
    return f"On average it went {way} by about {_points(round(abs(figures.change), 1))}, {between}."


def _points(value: float) -> str:
    return "a point" if value == 1 else f"{value:g} points"


def _in_words(number: int) -> str:
    return _SMALL_NUMBERS[number] if number < len(_SMALL_NUMBERS) else str(number)


def _halves(size: float) -> str:
    """Return points in halves: "half a point", "a point and a half", "two and a half points"."""
    whole = int(size)
    half = size != whole
    if whole == 0:
        return "half a point"
    if whole == 1:
        return "a point and a half" if half else "a point"
    return f"{_in_words(whole)} and a half points" if half else f"{_in_words(whole)} points"


def _chance(share: float) -> str:
    """Return a probability as tenths, as people say it: "about eight in ten"."""
    tenths = round(share * 10)
    if tenths == 0:
        return "less than one in ten"
    return "more than nine in ten" if tenths == _TEN_TENTHS else f"about {_in_words(tenths)} in ten"
