"""The script that takes the session's place in the benchmarks: our voice speaks line after line."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count

from cuewalk.content.catalogue import Catalogue
from cuewalk.domain.intents import Command, CommandSaid, Expect
from cuewalk.domain.records import SessionStarted
from cuewalk.engine.effects import CueKind, Effect, Listen, Speak, StopSpeaking
from cuewalk.engine.events import Begin, CueFinished, Event, Understood
from cuewalk.engine.lines import Line
from cuewalk.engine.session import View
from cuewalk.journal.store import Journal
from cuewalk.planning.preparing import prepare
from cuewalk.session.logbook import JournalLogbook
from cuewalk.session.stage import begin
from cuewalk.settings import Settings


class CueScript:
    """Speaks ``lines`` for ever from each `Begin` on; ``told`` gets every event.

    ``obeys``: a stop ends the speaking; without it nothing does.
    """

    ended = False
    state = "cue"

    def __init__(self, lines: Sequence[str], told: Callable[[Event], None], *, obeys: bool) -> None:
        self._lines, self._told, self._obeys = lines, told, obeys
        self._numbers = count(1)
        #: Lines begun so far.
        self.begun = 0
        self.expects: frozenset[Expect] = frozenset()

    @property
    def line(self) -> str:
        """The line spoken last, or now."""
        return self._lines[(self.begun - 1) % len(self._lines)]

    def step(self, event: Event) -> list[Effect]:
        """Take one event and return its effects."""
        self._told(event)
        match event:
            case Begin():
                return [StopSpeaking(), Listen(self.expects), self._next()]
            case CueFinished():
                # The observer of a finished line may have changed what is waited for.
                return [Listen(self.expects), self._next()]
            case Understood(intent=CommandSaid(command=Command.STOP)) if self._obeys:
                return [StopSpeaking()]
        return []

    def coming(self, most: int) -> list[Line]:  # noqa: ARG002 - the conversation's shape
        """Nothing is rendered ahead: time stands still while a line is rendered."""
        return []

    def view(self) -> View:
        """Return what an observer sees."""
        return View(self.state)

    def _next(self) -> Speak:
        self.begun += 1
        return Speak(next(self._numbers), CueKind.PROMPT, "literal", {"text": self.line})


def begun_logbook(journal: Journal, catalogue: Catalogue, settings: Settings) -> JournalLogbook:
    """Begin a session of the first programme in the journal, so that a script's steps are written as its."""
    now = datetime.now(UTC).astimezone()
    setup = prepare(catalogue, next(iter(catalogue.programmes)), settings, [], now=now)
    session_id, _ = begin(setup, now)
    journal.begin_session(setup, session_id, now, [Begin(), SessionStarted(setup=setup)])
    return JournalLogbook(journal, session_id, None)
