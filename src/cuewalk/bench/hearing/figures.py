"""What became of each clip, the sums of it, and the figures made of them. Pure: no sound, no clock."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final

from cuewalk.bench.intervals import percentile, poisson, rounded
from cuewalk.bench.machine import peak_rss_mb
from cuewalk.bench.recordings import Clip
from cuewalk.domain.heard import Sureness
from cuewalk.domain.intents import Intent
from cuewalk.domain.units import Millis

#: Rates over the expected clips.
RATES: Final = ("correct", "asked_again", "wrong_accepted", "best_guess_correct")

JsonFigures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class UtteranceResult:
    """One utterance and what a session would have made of it.

    ``intent`` is None when it was not understood; ``guess`` is what the best text means, trusted or not.
    ``latency_ms``: from the end of the speech to the decision, waiting and computing.
    """

    text: str
    confidence: float
    intent: Intent | None
    sureness: Sureness | None
    guess: Intent | None
    speech_ms: Millis
    latency_ms: float

    @property
    def accepted(self) -> bool:
        """Whether it was acted on without asking."""
        return self.intent is not None and self.sureness is Sureness.ACCEPT

    @property
    def asked_back(self) -> bool:
        """Whether the session would have asked if that was what was said."""
        return self.intent is not None and self.sureness is Sureness.CONFIRM


@dataclass(frozen=True, slots=True)
class Judged:
    """One clip, what was meant (None: nothing that is listened for) and what was decided.

    ``seconds`` is the clip alone, ``fed_seconds`` with what was fed around it, ``computing_seconds`` the
    processor time that took.
    """

    clip: Clip
    meant: Intent | None
    decisions: tuple[UtteranceResult, ...]
    seconds: float
    fed_seconds: float
    computing_seconds: float


class ClipOutcome(StrEnum):
    """What became of an expected clip; each has exactly one."""

    CORRECT = "correct"
    ASKED_AGAIN = "asked_again"
    WRONG_ACCEPTED = "wrong_accepted"


def outcome_of(meant: Intent, decisions: Iterable[UtteranceResult]) -> ClipOutcome:
    """Return what became of a clip: one wrong intent acted on spoils it, whatever else was heard."""
    accepted = [decision.intent for decision in decisions if decision.accepted]
    if any(intent != meant for intent in accepted):
        return ClipOutcome.WRONG_ACCEPTED
    return ClipOutcome.CORRECT if accepted else ClipOutcome.ASKED_AGAIN


@dataclass(frozen=True, slots=True)
class ClipCounts:
    """The sums of some clips."""

    clips: int = 0
    expected: int = 0
    correct: int = 0
    asked_again: int = 0
    wrong_accepted: int = 0
    #: Of those asked again: asked back with the right word, and no utterance found at all.
    asked_back_right: int = 0
    not_heard: int = 0
    best_guess_correct: int = 0
    #: Intents acted on and asked back in clips that are not expected, and how many such clips had one.
    false_accepts: int = 0
    false_questions: int = 0
    false_accept_clips: int = 0

    @property
    def not_expected(self) -> int:
        """Clips that must trigger nothing."""
        return self.clips - self.expected


def count(judged: Sequence[Judged]) -> ClipCounts:
    """Return the sums of these clips."""
    counts = ClipCounts(clips=len(judged))
    for each in judged:
        accepted = sum(decision.accepted for decision in each.decisions)
        asked_back = [decision for decision in each.decisions if decision.asked_back]
        if each.meant is None:
            counts = _plus(
                counts,
                false_accepts=accepted,
                false_questions=len(asked_back),
                false_accept_clips=bool(accepted),
            )
            continue
        outcome = outcome_of(each.meant, each.decisions)
        right = any(decision.intent == each.meant for decision in asked_back)
        # The longest utterance is the word; its text counts, trusted or not.
        longest = max(each.decisions, key=lambda decision: decision.speech_ms, default=None)
        counts = _plus(
            counts,
            expected=1,
            asked_back_right=outcome is ClipOutcome.ASKED_AGAIN and right,
            not_heard=not each.decisions,
            best_guess_correct=longest is not None and longest.guess == each.meant,
            **{outcome.value: 1},
        )
    return counts


def _plus(counts: ClipCounts, **more: int) -> ClipCounts:
    return replace(counts, **{name: getattr(counts, name) + number for name, number in more.items()})


def mistakes(judged: Sequence[Judged]) -> list[tuple[Judged, UtteranceResult]]:
    """Return each clip with the first decision in it that acted on something nobody said."""
    found: list[tuple[Judged, UtteranceResult]] = []
    for each in judged:
        found += [(each, one) for one in each.decisions if one.accepted and one.intent != each.meant][:1]
    return found


def figures_of(judged: Sequence[Judged]) -> JsonFigures:
    """Return the figures of some clips, ready for JSON.

    Counts as `ClipCounts` names them; for each of `RATES` and for ``false_accept_clips`` its ``…_rate`` (None
    of nothing) and ``…_interval`` (95 %). Hours are those of the clips that are not expected. Latencies
    are those of the expected clips, of all where none is expected.
    """
    counts = count(judged)
    figures: JsonFigures = asdict(counts)
    totals = dict.fromkeys(RATES, counts.expected) | {"false_accept_clips": counts.not_expected}
    for name, total in totals.items():
        figures[f"{name}_rate"] = round(figures[name] / total, 5) if total else None
        figures[f"{name}_interval"] = rounded(figures[name], total, 5)
    return figures | _an_hour(judged, counts.false_accepts) | _times(judged)


def _an_hour(judged: Sequence[Judged], false_accepts: int) -> JsonFigures:
    hours = sum(each.seconds for each in judged if each.meant is None) / 3600
    limits = poisson(false_accepts)
    return {
        "not_expected_hours": round(hours, 5),
        "false_accepts_per_hour": round(false_accepts / hours, 3) if hours else None,
        "false_accepts_per_hour_interval": [round(each / hours, 3) for each in limits] if hours else None,
    }


def _times(judged: Sequence[Judged]) -> JsonFigures:
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


def by_kind(judged: Sequence[Judged]) -> dict[str, JsonFigures]:
    """Return the figures of the expected clips by the kind of what was meant: rating, command, answer."""
    wanted = [(each.meant.kind, each) for each in judged if each.meant is not None]
    kinds = sorted({kind for kind, _ in wanted})
    return {kind: figures_of([each for its, each in wanted if its == kind]) for kind in kinds}


def by_label(judged: Sequence[Judged]) -> dict[str, dict[str, int]]:
    """Return the counts of each expected label."""
    wanted = [each for each in judged if each.meant is not None]
    found: dict[str, dict[str, int]] = {}
    for label in sorted({each.clip.words for each in wanted}):
        sums = asdict(count([each for each in wanted if each.clip.words == label]))
        found[label] = {name: sums[name] for name in ("clips", *RATES)}
    return found


def must_trigger_nothing(judged: Sequence[Judged]) -> dict[str, int]:
    """Return how many clips of each label were taken for speech or noise that must trigger nothing."""
    return dict(Counter(each.clip.label for each in judged if each.meant is None).most_common())
