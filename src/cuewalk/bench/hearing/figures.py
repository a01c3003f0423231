"""From counts to the figures that are printed: rates, intervals, times."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from cuewalk.bench.hearing.counting import Judged, count
from cuewalk.bench.intervals import percentile, poisson, wilson
from cuewalk.bench.memory import peak_rss_mb

#: Rates over the expected clips.
RATES: Final = ("correct", "asked_again", "wrong_accepted", "best_guess_correct")

Figures = dict[str, Any]


def figures_of(judged: Sequence[Judged]) -> Figures:
    """Return the figures of some clips, ready for JSON.

    Counts as `counting.Counts` names them; for each of `RATES` and for ``false_accept_clips`` its
    ``…_rate`` (None of nothing) and ``…_interval`` (95 %). Hours are those of the clips that are not
    expected, alone. Latencies are those of the expected clips, of all where none is expected.
    """
    counts = count(judged)
    figures: Figures = asdict(counts)
    for name in RATES:
        figures |= _rate(name, figures[name], counts.expected)
    figures |= _rate("false_accept_clips", counts.false_accept_clips, counts.not_expected)
    return figures | _an_hour(judged, counts.false_accepts) | _times(judged)


def by_kind(judged: Sequence[Judged]) -> dict[str, Figures]:
    """Return the figures of the expected clips by the kind of what was meant: rating, command, answer."""
    kinds = {each.meant.kind for each in judged if each.meant is not None}
    return {
        kind: figures_of([each for each in judged if each.meant is not None and each.meant.kind == kind])
        for kind in sorted(kinds)
    }


def by_label(judged: Sequence[Judged]) -> dict[str, dict[str, int]]:
    """Return the counts of each expected label."""
    labels = sorted({each.clip.words for each in judged if each.meant is not None})
    kept = ("clips", "correct", "asked_again", "wrong_accepted", "best_guess_correct")
    sums = {
        label: asdict(count([e for e in judged if e.clip.words == label and e.meant])) for label in labels
    }
    return {label: {name: sums[label][name] for name in kept} for label in labels}


def must_trigger_nothing(judged: Sequence[Judged]) -> dict[str, int]:
    """Return how many clips of each label were taken for speech or noise that must trigger nothing."""
    return dict(Counter(each.clip.label for each in judged if each.meant is None).most_common())


def _rate(name: str, number: int, total: int) -> Figures:
    low, high = wilson(number, total)
    return {
        f"{name}_rate": round(number / total, 5) if total else None,
        f"{name}_interval": [round(low, 5), round(high, 5)],
    }


def _an_hour(judged: Sequence[Judged], false_accepts: int) -> Figures:
    hours = sum(each.seconds for each in judged if each.meant is None) / 3600
    low, high = poisson(false_accepts)
    return {
        "not_expected_hours": round(hours, 5),
        "false_accepts_per_hour": round(false_accepts / hours, 3) if hours else None,
        "false_accepts_per_hour_interval": [round(low / hours, 3), round(high / hours, 3)] if hours else None,
    }


def _times(judged: Sequence[Judged]) -> Figures:
    expected = [each for each in judged if each.meant is not None]
    waits = [decision.latency_ms for each in expected or judged for decision in each.decisions]
    fed = sum(each.fed_seconds for each in judged)
    computing = sum(each.computing_seconds for each in judged)
    return {
        "latency_ms_p50": _rounded(percentile(waits, 0.5)),
        "latency_ms_p95": _rounded(percentile(waits, 0.95)),
        "realtime_factor": round(computing / fed, 5) if fed else None,
        "peak_rss_mb": peak_rss_mb(),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
