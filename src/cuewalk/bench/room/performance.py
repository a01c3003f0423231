"""The session's loop in the benchmark's room, driven by a script, as fast as the machine."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cuewalk.bench.cue_script import CueScript
from cuewalk.bench.room.room import BenchRoom
from cuewalk.content.catalogue import Catalogue
from cuewalk.domain.intents import Expect, Intent
from cuewalk.domain.records import SessionStarted
from cuewalk.domain.units import FRAME_MS
from cuewalk.engine.events import Begin, Event, NotUnderstood, Understood
from cuewalk.journal.api import Journal
from cuewalk.planning.preparing import prepare
from cuewalk.session.logbook import JournalLogbook
from cuewalk.session.stage import LoopOptions, Stage, begin, build_loop


@dataclass(frozen=True, slots=True)
class Company:
    """What all performances of one run share."""

    stage: Stage
    catalogue: Catalogue
    journal: Journal


@dataclass(frozen=True, slots=True)
class Happening:
    """What was understood, or not, and when it was known: ms of the room's clock, computing included."""

    at_ms: float
    event: Understood | NotUnderstood
    line: str


class Performance:
    """A loop in a room, driven by a script."""

    def __init__(
        self, company: Company, room: BenchRoom, lines: Sequence[str], *, volume: float, obeys: bool
    ) -> None:
        stage = company.stage
        self.room, self._pack = room, stage.pack
        stage.hearing.listener.reset()
        now, programme = datetime.now(UTC).astimezone(), next(iter(company.catalogue.programmes))
        setup = prepare(company.catalogue, programme, stage.settings, [], now=now)
        session_id, _ = begin(setup, now)
        company.journal.begin_session(setup, session_id, now, [Begin(), SessionStarted(setup=setup)])
        self.script = CueScript(lines, self._told, obeys=obeys)
        logbook = JournalLogbook(company.journal, session_id, None)
        self._loop = build_loop(stage, self.script, room, LoopOptions(volume=volume, logbook=logbook))
        self._events: list[Understood | NotUnderstood] = []
        self.happenings: list[Happening] = []
        self.interrupted_at_ms: list[float] = []

    @property
    def interrupted_lines(self) -> list[str]:
        """The text of each line that was interrupted."""
        return self._loop.playback.interrupted_lines

    def meant(self, words: str) -> Intent | None:
        """Return what these words mean as an answer to a question for a number."""
        return self._pack.interpret(words, frozenset({Expect.RATING}))

    def begin(self) -> None:
        """Let our voice begin the next line, whatever it is saying."""
        self._loop.tell(Begin())

    def ticks(self, number: int) -> None:
        """Let so many frames of 20 ms pass."""
        for _ in range(number):
            self.tick()

    def tick(self) -> None:
        """Let one frame pass."""
        interrupted, began = len(self.interrupted_lines), time.perf_counter()
        line = self._loop.playback.own_words or self.script.line
        self._loop.tick()
        now = self.room.now_ms + (time.perf_counter() - began) * 1000
        self.happenings += [Happening(now, event, line) for event in self._events]
        self.interrupted_at_ms += [now] * (len(self.interrupted_lines) - interrupted)
        self._events.clear()

    def until_decided(self, most_ms: int) -> None:
        """Let frames pass until nobody is heard speaking any more, but not more than ``most_ms``."""
        for _ in range(most_ms // FRAME_MS):
            if not self._loop.speaking:
                return
            self.tick()

    def until_understood(self, since: int, most_ms: int) -> None:
        """Let frames pass until something is understood after the first ``since`` happenings."""
        for _ in range(most_ms // FRAME_MS):
            if any(isinstance(happening.event, Understood) for happening in self.happenings[since:]):
                return
            self.tick()

    def _told(self, event: Event) -> None:
        if isinstance(event, Understood | NotUnderstood):
            self._events.append(event)
