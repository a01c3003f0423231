"""The sweep: one cell after the other, each with ratings and stops said over our own voice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from cuewalk.bench.hearing.selection import SEED
from cuewalk.bench.intervals import percentile, wilson
from cuewalk.bench.live.sound import Word
from cuewalk.bench.room.acoustics import responses
from cuewalk.bench.room.performance import Company, Performance
from cuewalk.bench.room.room import PERSON_RMS, BenchRoom, Levels
from cuewalk.domain.heard import Sureness
from cuewalk.domain.intents import Command, CommandSaid, Expect, Intent
from cuewalk.domain.sound import FULL_SCALE
from cuewalk.domain.units import FRAME_MS, SESSION_RATE
from cuewalk.engine.events import Understood
from cuewalk.speech_out.pcm import TARGET_RMS

#: Our voice alone before the first word: the canceller has learned the room by then.
_WARM_UP_FRAMES: Final = 125
#: What is said is over and decided after this, or the utterance goes on.
_AFTER_MS: Final = 900
_LONGEST_MS: Final = 6000
_RATING: Final = frozenset({Expect.RATING})
_NOTHING: Final[frozenset[Expect]] = frozenset()
Said = tuple[str, Word]


@dataclass(frozen=True, slots=True)
class Conditions:
    """``echo``: our voice against the person's, dB. ``rt60``: s. ``snr``: dB. None: none."""

    echo: float = 0.0
    rt60: float | None = 0.3
    snr: float | None = None


#: One factor at a time; the others are those of `Conditions`.
SWEEP: Final[dict[str, tuple[float | None, ...]]] = {
    "echo": (-20.0, -10.0, 0.0, 10.0),
    "rt60": (None, 0.2, 0.4, 0.6),
    "snr": (None, 20.0, 10.0, 0.0),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one thing said; ``ms`` from the end of the word until it was acted on."""

    kind: str
    label: str
    outcome: str
    ms: float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """The outcomes under one condition; it may belong to several factors."""

    conditions: Conditions
    outcomes: tuple[Outcome, ...]


def conditions_of(factor: str, value: float | None) -> Conditions:
    """Return the conditions of one place in the sweep."""
    return replace(Conditions(), **{factor: value})  # type: ignore[arg-type]


def room_for(conditions: Conditions, volume: float, ppm: float) -> BenchRoom:
    """Return a room in which our voice at ``volume`` is as loud as the conditions say."""
    echo = PERSON_RMS * 10 ** (conditions.echo / 20) / (TARGET_RMS * FULL_SCALE * volume)
    noise = 0.0 if conditions.snr is None else PERSON_RMS / 10 ** (conditions.snr / 20)
    return BenchRoom(responses(conditions.rt60, SEED), Levels(echo, noise), SEED, ppm=ppm)


@dataclass(frozen=True, slots=True)
class Speech:
    """What the person says, and what our voice says meanwhile."""

    stops: Sequence[Said]
    answers: Sequence[Said]
    lines: Sequence[str]


def hear_cell(
    company: Company, conditions: Conditions, speech: Speech, *, ppm: float, done: Callable[[], None]
) -> Cell:
    """Say every stop and every answer over our voice and return what became of them."""
    volume = company.stage.settings.volume
    performance = Performance(
        company, room_for(conditions, volume, ppm), speech.lines, volume=volume, obeys=True
    )
    performance.begin()
    performance.ticks(_WARM_UP_FRAMES)
    outcomes: list[Outcome] = []
    for at in range(max(len(speech.stops), len(speech.answers))):
        # Different moments of a cue, the same ones in every run.
        for kind, words, expects in (("stop", speech.stops, _NOTHING), ("rating", speech.answers, _RATING)):
            if at < len(words):
                outcomes.append(_trial(performance, kind, words[at], expects, 500 + at % 7 * 210))
                done()
    return Cell(conditions, tuple(outcomes))


def _trial(
    performance: Performance, kind: str, said: Said, expects: frozenset[Expect], after_ms: int
) -> Outcome:
    label, word = said
    performance.until_decided(_LONGEST_MS)
    performance.script.expects = expects
    performance.begin()
    performance.ticks(after_ms // FRAME_MS)
    happened, hushed, began = (
        len(performance.happenings),
        len(performance.interrupted_at_ms),
        performance.room.now_ms,
    )
    ends = began + word.end * 1000 / SESSION_RATE
    performance.room.say(word.samples)
    performance.ticks(round((ends - began) / FRAME_MS))
    performance.until_understood(happened, _AFTER_MS)
    performance.until_decided(_LONGEST_MS)
    found = [(h.at_ms, h.event) for h in performance.happenings[happened:] if isinstance(h.event, Understood)]
    if kind == "stop":
        outcome, at = _stopped(found, performance.interrupted_at_ms[hushed:])
    else:
        outcome, at = _rated(found, performance.meant(label))
    return Outcome(kind, label, outcome, None if at is None else max(0.0, at - ends))


def _stopped(found: Sequence[tuple[float, Understood]], hushed: Sequence[float]) -> tuple[str, float | None]:
    """Return when the voice fell silent: when a stop was understood, or before that by its first sound."""
    for at, event in found:
        if isinstance(event.intent, CommandSaid) and event.intent.command is Command.STOP:
            return "caught", min([at, *hushed])
    return "missed", None


def _rated(found: Sequence[tuple[float, Understood]], meant: Intent | None) -> tuple[str, float | None]:
    """One wrong intent acted on spoils it, whatever else was heard."""
    accepted = [(at, event.intent) for at, event in found if event.heard.sureness is Sureness.ACCEPT]
    if any(intent != meant for _, intent in accepted):
        return "wrong", None
    if accepted:
        return "taken", accepted[0][0]
    right = [at for at, event in found if event.intent == meant]
    return ("asked_back", right[0]) if right else ("asked_again", None)


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the counts of some outcomes with 95 % intervals, and the median latency."""
    ratings = [o for o in outcomes if o.kind == "rating"]
    stops = [o for o in outcomes if o.kind == "stop"]
    return {
        "ratings": _counted(ratings, ("taken", "asked_back", "asked_again", "wrong")),
        "stops": _counted(stops, ("caught",)),
    }


def _counted(outcomes: Sequence[Outcome], names: Sequence[str]) -> dict[str, Any]:
    counts: dict[str, Any] = {"trials": len(outcomes)}
    for name in names:
        number = sum(o.outcome == name for o in outcomes)
        counts[name] = number
        counts[f"{name}_interval"] = [round(limit, 3) for limit in wilson(number, len(outcomes))]
    middle = percentile([o.ms for o in outcomes if o.ms is not None], 0.5)
    return counts | {"latency_ms_p50": None if middle is None else round(middle)}
