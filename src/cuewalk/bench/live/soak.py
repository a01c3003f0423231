"""A session that goes on for long: what it loses, and whether it grows."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from cuewalk.bench.intervals import wilson
from cuewalk.bench.live.figures import caught, self_triggers
from cuewalk.bench.live.sound import Word
from cuewalk.bench.live.trials import Stage, Trial

#: Seconds from trial to trial; between them cue follows cue.
_EVERY: Final = 30.0
#: What is loaded at its first use is loaded by then.
_SETTLED: Final = 60.0
Said = tuple[str, Word]


def soak_trials(minutes: float) -> int:
    """Return how many trials there are in so many minutes."""
    return int(minutes * 60 / _EVERY)


def soak(
    stage: Stage,
    minutes: float,
    stops: Sequence[Said],
    answers: Sequence[Said],
    done: Callable[[int], None],
) -> dict[str, Any]:
    """Let cues go on for so long, every half minute with a trial, and return what was lost and how it grew.

    Growth counts from a reading after the first minute, or from the start if it is no longer than that.
    """
    began, trials = time.monotonic(), list[Trial]()
    first, settled = stage.worker.figures(), None
    most, alone = first["rss_mb"], list[str]()
    for at in range(soak_trials(minutes)):
        alone += _cues_until(stage, began + at * _EVERY + _EVERY - 5)
        trials.append(_trial(stage, at, stops, answers))
        now = stage.worker.figures()
        most = max(most, now["rss_mb"])
        if settled is None and time.monotonic() - began >= _SETTLED - 5:
            settled = now
        done(at + 1)
    alone += _cues_until(stage, began + minutes * 60)
    last = stage.worker.figures()
    return _report(trials, first, settled or first, last) | {
        "self_triggers": len(alone) + self_triggers(trials),
        "understood_alone": alone,
        "most_rss_mb": max(most, last["rss_mb"]),
    }


def lost(before: dict[str, Any], after: dict[str, Any]) -> int:
    """Return the frames lost between two readings, of the microphone and of the speaker."""
    return int(after["lost"] - before["lost"])


def lost_by(before: dict[str, Any], after: dict[str, Any]) -> dict[str, int]:
    """Return the same for each side, by the device and by us; only what is not 0."""
    found = {
        f"{side.replace('_', ' ')} by {who}": after[side][key] - before[side][key]
        for side in ("microphone_overruns", "speaker_underruns", "speaker_overruns")
        for key, who in (("device", "the device"), ("ours", "us"))
    }
    return {side: number for side, number in found.items() if number}


def _cues_until(stage: Stage, moment: float) -> list[str]:
    """Let cues follow each other until then and return what was understood in them."""
    stage.worker.so_far()  # what was understood late in the trial before is none of it
    stage.worker.order("cue")
    time.sleep(max(0.0, moment - time.monotonic()))
    return [
        f"{happening['understood']} ({happening['engine']} {happening['confidence']})"
        for happening in stage.worker.so_far()
        if happening.get("understood")
    ]


def _trial(stage: Stage, at: int, stops: Sequence[Said], answers: Sequence[Said]) -> Trial:
    if at % 2:
        return stage.answer_trial(*answers[at // 2 % len(answers)], after=0.2)
    return stage.stop_trial(*stops[at // 2 % len(stops)], after=1.0)


def _report(
    trials: Sequence[Trial], first: dict[str, Any], settled: dict[str, Any], last: dict[str, Any]
) -> dict[str, Any]:
    heard = sum(caught(trial) for trial in trials)
    return {
        "minutes": round((last["frames"] - first["frames"]) / 50 / 60, 2),
        "trials": len(trials),
        "caught": heard,
        "caught_interval": [round(limit, 3) for limit in wilson(heard, len(trials))],
        "frames_lost": lost(first, last),
        "frames_lost_by": lost_by(first, last),
        "rss_mb": last["rss_mb"],
        "rss_growth_mb": round(last["rss_mb"] - settled["rss_mb"], 1),
    }
