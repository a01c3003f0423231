"""A session's own pump, voice and attention in the benchmark's room, as fast as the machine."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cuewalk.audio.front_end import FrontEnd
from cuewalk.bench.room.room import BenchRoom
from cuewalk.bench.room.script import RoomScript
from cuewalk.content.catalogue import Catalogue
from cuewalk.domain.intents import Expect, Intent
from cuewalk.domain.records import SessionStarted
from cuewalk.domain.units import FRAME_MS
from cuewalk.engine.events import Begin, Event, NotUnderstood, Understood
from cuewalk.journal.api import Journal
from cuewalk.language.pack import LocalePack
from cuewalk.planning.preparing import prepare
from cuewalk.session.logbook import Logbook
from cuewalk.session.loop import Parts, Pump
from cuewalk.session.stage import begin
from cuewalk.session.voicing import Voicing
from cuewalk.session.wording import Wording
from cuewalk.settings import Settings
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.understanding.hearing import Hearing


@dataclass(frozen=True, slots=True)
class Company:
    """What all performances of one run share."""

    settings: Settings
    catalogue: Catalogue
    pack: LocalePack
    hearing: Hearing
    voice: CachedVoice
    journal: Journal


@dataclass(frozen=True, slots=True)
class Happening:
    """What was understood, or not, and when it was known: ms of the room's clock, computing included."""

    at_ms: float
    event: Understood | NotUnderstood
    line: str


class CountingVoicing(Voicing):
    """The voice of a session that notes the lines in which it was hushed."""

    def __init__(self, wording: Wording, voice: CachedVoice, front_end: FrontEnd, *, rate: float) -> None:
        super().__init__(wording, voice, front_end, rate=rate)
        #: The text of each line that was interrupted.
        self.hushes: list[str] = []

    def hush(self) -> bool:
        """Fall silent, and note it."""
        words = self.own_words
        silenced = super().hush()
        if silenced:
            self.hushes.append(words)
        return silenced


class Performance:
    """A pump in a room, driven by a script."""

    def __init__(
        self, company: Company, room: BenchRoom, lines: Sequence[str], *, volume: float, obeys: bool
    ) -> None:
        self.room, self._hearing, self._pack = room, company.hearing, company.pack
        self._hearing.listener.reset()
        now, programme = datetime.now(UTC).astimezone(), next(iter(company.catalogue.programmes))
        setup = prepare(company.catalogue, programme, company.settings, [], now=now)
        session_id, _ = begin(setup, now)
        company.journal.begin_session(setup, session_id, now, [Begin(), SessionStarted(setup=setup)])
        front_end = FrontEnd(room, company.settings.echo_mode)
        front_end.queue.volume = volume
        wording, rate = Wording(company.pack), company.settings.talk_rate
        self.voicing = CountingVoicing(wording, company.voice, front_end, rate=rate)
        self.script = RoomScript(lines, self._told, obeys=obeys)
        self._pump = Pump(
            self.script,
            Parts(front_end, company.hearing, self.voicing, Logbook(company.journal, session_id, None)),
        )
        self._events: list[Understood | NotUnderstood] = []
        self.happenings: list[Happening] = []
        self.hushed_at_ms: list[float] = []

    def meant(self, words: str) -> Intent | None:
        """Return what these words mean as an answer to a question for a number."""
        return self._pack.interpret(words, frozenset({Expect.RATING}))

    def begin(self) -> None:
        """Let our voice begin the next line, whatever it is saying."""
        self._pump.tell(Begin())

    def ticks(self, number: int) -> None:
        """Let so many frames of 20 ms pass."""
        for _ in range(number):
            self.tick()

    def tick(self) -> None:
        """Let one frame pass."""
        hushes, began = len(self.voicing.hushes), time.perf_counter()
        line = self.voicing.own_words or self.script.line
        self._pump.tick()
        now = self.room.now_ms + (time.perf_counter() - began) * 1000
        self.happenings += [Happening(now, event, line) for event in self._events]
        self.hushed_at_ms += [now] * (len(self.voicing.hushes) - hushes)
        self._events.clear()

    def until_decided(self, most_ms: int) -> None:
        """Let frames pass until nobody is heard speaking any more, but not more than ``most_ms``."""
        for _ in range(most_ms // FRAME_MS):
            if not self._hearing.listener.speaking:
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
