"""What the trials of a live benchmark add up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from cuewalk.bench.intervals import percentile, wilson
from cuewalk.bench.live.sound import find, silent_from, sounds_from
from cuewalk.bench.live.trials import Trial
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE

#: The recording's clock and ours differ by the recording's own latency; `paplay` fills its buffer first.
_EARLIER, _LATER = 0.5, 2.5
_MS: Final = 1000 / SESSION_RATE


@dataclass(frozen=True, slots=True)
class Measured:
    """One trial as the recording shows it. ``ms`` None: not caught, or not found in the recording."""

    kind: str
    label: str
    caught: bool
    ms: float | None


def measure(trials: Sequence[Trial], recording: Samples) -> list[Measured]:
    """Return each trial's time from the end of the word to silence, or to the next cue."""
    return [_measured(trial, recording) for trial in trials]


def _measured(trial: Trial, recording: Samples) -> Measured:
    start, until = (round(at * SESSION_RATE) for at in (trial.said_at - _EARLIER, trial.until))
    last = round((trial.said_at + _LATER) * SESSION_RATE)
    begins = find(trial.word.samples, recording, start, last)
    heard = caught(trial)
    if begins is None or not heard:
        return Measured(trial.kind, trial.label, heard, None)
    ends = begins + trial.word.end
    if trial.kind == "stop":
        at = silent_from(recording, begins, until + SESSION_RATE)
    else:
        at = sounds_from(recording, begins + len(trial.word.samples), until + SESSION_RATE)
    return Measured(trial.kind, trial.label, heard, None if at is None else max(0.0, (at - ends) * _MS))


def caught(trial: Trial) -> bool:
    """Return whether a stop ended the cue, or an answer was taken for a number."""
    if trial.kind == "stop":
        return any(h.get("understood") and h.get("state") == "cue" for h in trial.heard) and any(
            "ready" in h for h in trial.heard
        )
    return any(h.get("rating") is not None and h.get("state") == "asked" for h in trial.heard)


def summary(measured: Sequence[Measured]) -> dict[str, Any]:
    """Return median, p95, how many there were and how many were caught."""
    times = [m.ms for m in measured if m.ms is not None]
    caught = sum(m.caught for m in measured)
    return {
        "p50": _whole(percentile(times, 0.5)),
        "p95": _whole(percentile(times, 0.95)),
        "trials": len(measured),
        "caught": caught,
        "caught_interval": [round(limit, 3) for limit in wilson(caught, len(measured))],
    }


def self_triggers(trials: Sequence[Trial]) -> int:
    """Return how often something was understood that nobody had said.

    While the voice speaks a cue, nothing but a stop was said; a second understanding is its own.
    """
    return sum(max(0, sum(1 for h in trial.heard if h.get("understood")) - 1) for trial in trials)


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
