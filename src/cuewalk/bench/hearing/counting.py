"""What became of each clip, and the sums of it. Pure: no sound, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import starmap

from cuewalk.bench.hearing.manifest import Clip
from cuewalk.domain.heard import Sureness
from cuewalk.domain.intents import Intent
from cuewalk.domain.units import Millis


@dataclass(frozen=True, slots=True)
class Decision:
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
    decisions: tuple[Decision, ...]
    seconds: float
    fed_seconds: float
    computing_seconds: float


class Outcome(StrEnum):
    """What became of an expected clip; each has exactly one."""

    CORRECT = "correct"
    ASKED_AGAIN = "asked_again"
    WRONG_ACCEPTED = "wrong_accepted"


def outcome_of(meant: Intent, decisions: Iterable[Decision]) -> Outcome:
    """Return what became of a clip: one wrong intent acted on spoils it, whatever else was heard."""
    accepted = [decision.intent for decision in decisions if decision.accepted]
    if any(intent != meant for intent in accepted):
        return Outcome.WRONG_ACCEPTED
    return Outcome.CORRECT if accepted else Outcome.ASKED_AGAIN


@dataclass(frozen=True, slots=True)
class Counts:
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


def count(judged: Sequence[Judged]) -> Counts:
    """Return the sums of these clips."""
    others = _count_others([each for each in judged if each.meant is None])
    wanted = [(each.meant, each) for each in judged if each.meant is not None]
    outcomes = [outcome_of(meant, each.decisions) for meant, each in wanted]
    asked_again = zip(wanted, outcomes, strict=True)
    again = [pair for pair, outcome in asked_again if outcome is Outcome.ASKED_AGAIN]
    return replace(
        others,
        clips=len(judged),
        expected=len(wanted),
        correct=outcomes.count(Outcome.CORRECT),
        asked_again=len(again),
        wrong_accepted=outcomes.count(Outcome.WRONG_ACCEPTED),
        asked_back_right=sum(starmap(_asked_back, again)),
        not_heard=len(wanted) - sum(bool(each.decisions) for _, each in wanted),
        best_guess_correct=sum(_best_guess(each) == meant for meant, each in wanted),
    )


def _count_others(judged: Sequence[Judged]) -> Counts:
    """Return what clips that must trigger nothing have triggered."""
    accepted = [sum(decision.accepted for decision in each.decisions) for each in judged]
    return Counts(
        false_accepts=sum(accepted),
        false_questions=sum(decision.asked_back for each in judged for decision in each.decisions),
        false_accept_clips=sum(map(bool, accepted)),
    )


def _asked_back(meant: Intent, judged: Judged) -> bool:
    return any(decision.asked_back and decision.intent == meant for decision in judged.decisions)


def _best_guess(judged: Judged) -> Intent | None:
    """Return what the longest utterance was taken for, trusted or not."""
    longest = max(judged.decisions, key=lambda decision: decision.speech_ms, default=None)
    return longest.guess if longest else None


def mistakes(judged: Sequence[Judged]) -> list[tuple[Judged, Decision]]:
    """Return each clip with the first decision in it that acted on something nobody said."""
    found: list[tuple[Judged, Decision]] = []
    for each in judged:
        wrong = [one for one in each.decisions if one.accepted and one.intent != each.meant]
        found += [(each, wrong[0])] if wrong else []
    return found
