"""The session's loop in the benchmark's room: words said over our own voice, and our own voice alone.

A script takes the session's place; everything runs as fast as the machine.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cuewalk.bench.cue_script import CueScript, begun_logbook
from cuewalk.bench.intervals import percentile, poisson, rounded
from cuewalk.bench.live.sound import SaidWord
from cuewalk.bench.recordings import SEED
from cuewalk.bench.room.room import PERSON_RMS, BenchRoom, Levels, responses
from cuewalk.content.catalogue import Catalogue
from cuewalk.domain.heard import Sureness
from cuewalk.domain.intents import Command, CommandSaid, Expect, Intent
from cuewalk.domain.sound import FULL_SCALE
from cuewalk.domain.units import FRAME_MS, SESSION_RATE
from cuewalk.engine.events import Begin, Event, NotUnderstood, Understood
from cuewalk.journal.store import Journal
from cuewalk.session.stage import LoopOptions, Stage, build_loop
from cuewalk.speech_out.pcm import TARGET_RMS

#: Frames of our voice alone before the first word (2.5 s): the canceller has learned the room by then.
_WARM_UP_FRAMES: Final = 125
#: Milliseconds after which what was said is over and decided, or the utterance goes on; its longest.
_AFTER_MS, _LONGEST_MS = 900, 6000
#: A word begins this long after a cue, ms: the first, and how much later each next, in turn.
_FIRST_MS, _LATER_MS, _TURNS = 500, 210, 7
_RATING: Final = frozenset({Expect.RATING})
_NOTHING: Final[frozenset[Expect]] = frozenset()
#: With our voice alone, what is waited for takes turns from line to line, and the other way round once all
#: lines have been spoken.
_WAITED_FOR: Final = (frozenset({Expect.RATING, Expect.YES_NO}), _NOTHING)


@dataclass(frozen=True, slots=True)
class RoomConditions:
    """``echo``: our voice against the person's, dB. ``rt60``: s. ``snr``: dB. None: none."""

    echo: float = 0.0
    rt60: float | None = 0.3
    snr: float | None = None


#: Our voice at full volume, 10 dB above a person at 65 dB, in an echoing room.
ALONE: Final = RoomConditions(echo=10.0, rt60=0.4)


@dataclass(frozen=True, slots=True)
class Company:
    """What all performances of one run share."""

    stage: Stage
    catalogue: Catalogue
    journal: Journal


@dataclass(frozen=True, slots=True)
class RoomEvent:
    """What was understood, or not, and when it was known: ms of the room's clock, computing included."""

    at_ms: float
    event: Understood | NotUnderstood
    line: str


class RoomPerformance:
    """A loop in a room, driven by a script. ``alone``: our voice is at full volume, and no stop ends it."""

    def __init__(
        self,
        company: Company,
        conditions: RoomConditions,
        lines: Sequence[str],
        *,
        ppm: float,
        alone: bool = False,
    ) -> None:
        stage = company.stage
        volume = 1.0 if alone else stage.settings.volume
        self.room, self.pack = room_for(conditions, volume, ppm), stage.pack
        stage.hearing.listener.reset()
        self.script = CueScript(lines, self._told, obeys=not alone)
        logbook = begun_logbook(company.journal, company.catalogue, stage.settings)
        self._loop = build_loop(stage, self.script, self.room, LoopOptions(volume=volume, logbook=logbook))
        self._events: list[Understood | NotUnderstood] = []
        self.heard_events: list[RoomEvent] = []
        self.interrupted_at_ms: list[float] = []

    @property
    def interrupted_lines(self) -> list[str]:
        """The text of each line that was interrupted."""
        return self._loop.playback.interrupted_lines

    def begin(self) -> None:
        """Let our voice begin the next line, whatever it is saying."""
        self._loop.tell(Begin())

    def ticks(self, number: int) -> None:
        """Let frames of 20 ms pass."""
        for _ in range(number):
            self.tick()

    def tick(self) -> None:
        """Let one frame pass."""
        interrupted, began = len(self.interrupted_lines), time.perf_counter()
        line = self._loop.playback.own_words or self.script.line
        self._loop.tick()
        now = self.room.now_ms + (time.perf_counter() - began) * 1000
        self.heard_events += [RoomEvent(now, event, line) for event in self._events]
        self.interrupted_at_ms += [now] * (len(self.interrupted_lines) - interrupted)
        self._events.clear()

    def until(self, over: Callable[[], bool], most_ms: int) -> None:
        """Let frames pass until ``over``, but not for more than ``most_ms``."""
        for _ in range(most_ms // FRAME_MS):
            if over():
                return
            self.tick()

    def decided(self) -> bool:
        """Tell whether nobody is heard speaking any more."""
        return not self._loop.speaking

    def _told(self, event: Event) -> None:
        if isinstance(event, Understood | NotUnderstood):
            self._events.append(event)


def room_for(conditions: RoomConditions, volume: float, ppm: float) -> BenchRoom:
    """Return a room in which our voice at ``volume`` (0-1) is as loud as the conditions say."""
    echo = PERSON_RMS * 10 ** (conditions.echo / 20) / (TARGET_RMS * FULL_SCALE * volume)
    noise = 0.0 if conditions.snr is None else PERSON_RMS / 10 ** (conditions.snr / 20)
    return BenchRoom(responses(conditions.rt60, SEED), Levels(echo, noise), SEED, ppm=ppm)


@dataclass(frozen=True, slots=True)
class Speech:
    """What the person says, and what our voice says meanwhile."""

    stops: Sequence[SaidWord]
    answers: Sequence[SaidWord]
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class WordOutcome:
    """What became of one thing said; ``ms`` from the end of the word until it was acted on."""

    kind: str
    label: str
    outcome: str
    ms: float | None


def hear_cell(
    company: Company, conditions: RoomConditions, speech: Speech, *, ppm: float, done: Callable[[], None]
) -> list[WordOutcome]:
    """Say every stop and every answer over our voice and return what became of them."""
    performance = RoomPerformance(company, conditions, speech.lines, ppm=ppm)
    performance.begin()
    performance.ticks(_WARM_UP_FRAMES)
    outcomes: list[WordOutcome] = []
    for at in range(max(len(speech.stops), len(speech.answers))):
        # Different moments of a cue, the same ones in every run.
        after_ms = _FIRST_MS + at % _TURNS * _LATER_MS
        for kind, words, expects in (("stop", speech.stops, _NOTHING), ("rating", speech.answers, _RATING)):
            if at < len(words):
                outcomes.append(_trial(performance, kind, words[at], expects, after_ms))
                done()
    return outcomes


def _trial(
    performance: RoomPerformance, kind: str, said: SaidWord, expects: frozenset[Expect], after_ms: int
) -> WordOutcome:
    label, word = said
    performance.until(performance.decided, _LONGEST_MS)
    performance.script.expects = expects
    performance.begin()
    performance.ticks(after_ms // FRAME_MS)
    logged, interrupted = len(performance.heard_events), len(performance.interrupted_at_ms)
    began = performance.room.now_ms
    ends = began + word.end * 1000 / SESSION_RATE

    def understood() -> list[tuple[float, Understood]]:
        since = performance.heard_events[logged:]
        return [(each.at_ms, each.event) for each in since if isinstance(each.event, Understood)]

    performance.room.say(word.samples)
    performance.ticks(round((ends - began) / FRAME_MS))
    performance.until(lambda: bool(understood()), _AFTER_MS)
    performance.until(performance.decided, _LONGEST_MS)
    if kind == "stop":
        outcome, at = _stopped(understood(), performance.interrupted_at_ms[interrupted:])
    else:
        outcome, at = _rated(understood(), performance.pack.interpret(label, _RATING))
    return WordOutcome(kind, label, outcome, None if at is None else max(0.0, at - ends))


def _stopped(
    found: Sequence[tuple[float, Understood]], interrupted: Sequence[float]
) -> tuple[str, float | None]:
    """Return when the voice fell silent: when a stop was understood, or before that by its first sound."""
    for at, event in found:
        if isinstance(event.intent, CommandSaid) and event.intent.command is Command.STOP:
            return "caught", min([at, *interrupted])
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


def figures(outcomes: Sequence[WordOutcome]) -> dict[str, Any]:
    """Return the counts of some outcomes with 95 % intervals, and the median latency."""
    ratings = [o for o in outcomes if o.kind == "rating"]
    stops = [o for o in outcomes if o.kind == "stop"]
    return {
        "ratings": _counted(ratings, ("taken", "asked_back", "asked_again", "wrong")),
        "stops": _counted(stops, ("caught",)),
    }


def _counted(outcomes: Sequence[WordOutcome], names: Sequence[str]) -> dict[str, Any]:
    counts: dict[str, Any] = {"trials": len(outcomes)}
    for name in names:
        number = sum(o.outcome == name for o in outcomes)
        counts[name] = number
        counts[f"{name}_interval"] = rounded(number, len(outcomes))
    middle = percentile([o.ms for o in outcomes if o.ms is not None], 0.5)
    return counts | {"latency_ms_p50": None if middle is None else round(middle)}


def hear_own_voice(
    company: Company, lines: Sequence[str], minutes: float, ppm: float, done: Callable[[], None]
) -> dict[str, Any]:
    """Let our voice speak for some minutes and return what it was taken for. ``done``: each second."""
    performance = RoomPerformance(company, ALONE, lines, ppm=ppm, alone=True)
    script = performance.script
    script.expects = _WAITED_FOR[0]
    performance.begin()
    for _ in range(round(minutes * 60)):
        for _ in range(1000 // FRAME_MS):
            performance.tick()
            at = script.begun % len(lines) + script.begun // len(lines)
            script.expects = _WAITED_FOR[at % len(_WAITED_FOR)]
        done()
    return _report(performance, len(lines), minutes)


def _report(performance: RoomPerformance, lines: int, minutes: float) -> dict[str, Any]:
    understood = [h for h in performance.heard_events if isinstance(h.event, Understood)]
    accepted = [h for h in understood if acted_on(h)]
    low, high = poisson(len(accepted))
    return {
        "minutes": minutes,
        "lines": lines,
        "lines_spoken": performance.script.begun,
        "echo_db": ALONE.echo,
        "rt60": ALONE.rt60,
        "accepted": len(accepted),
        "accepted_per_hour_interval": [round(limit * 60 / minutes, 2) for limit in (low, high)],
        "false_questions": len(understood) - len(accepted),
        "utterances": len(performance.heard_events),
        "false_interruptions": len(performance.interrupted_lines),
        "accepted_list": [_told(h) for h in accepted],
        "false_questions_list": [_told(h) for h in understood if h not in accepted],
        "interrupted_lines": performance.interrupted_lines,
    }


def acted_on(entry: RoomEvent) -> bool:
    """Return whether a session would have done something; a number that is not sure is asked back."""
    event = entry.event
    return isinstance(event, Understood) and (
        event.heard.sureness is Sureness.ACCEPT or isinstance(event.intent, CommandSaid)
    )


def _told(entry: RoomEvent) -> dict[str, Any]:
    heard = entry.event.heard
    return {
        "heard": heard.text,
        "engine": heard.engine,
        "confidence": round(heard.confidence, 3),
        "line": entry.line,
        "at_seconds": round(entry.at_ms / 1000, 1),
    }
