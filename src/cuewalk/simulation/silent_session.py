"""A session without sound, as fast as it can be told: its clock jumps from one thing to the next."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import NamedTuple

from cuewalk.domain.heard import Heard, InputMode
from cuewalk.domain.intents import Intent
from cuewalk.domain.records import Record
from cuewalk.domain.units import Millis
from cuewalk.engine.effects import Append, CancelTimer, Effect, Speak, StartTimer, StopSpeaking
from cuewalk.engine.events import Begin, CueFinished, Event, TimerFired, Understood
from cuewalk.engine.session import Session, View

#: How long a spoken line takes, ms: about that of a cue of five words.
_CUE_MS = 1500
#: How an answer is marked in the journal: nobody said it.
ENGINE = "made"

#: Returns the answer to the present question in words and as an intent.
AnswerFor = Callable[[View], tuple[str, Intent]]


class SilentStep(NamedTuple):
    """One step of a session: its clock, the event, what is kept of it, and the state afterwards."""

    now: Millis
    event: Event
    records: tuple[Record, ...]
    state: str

    @classmethod
    def after(cls, event: Event, effects: Sequence[Effect], now: int, session: Session) -> "SilentStep":
        """Return the step in which ``event`` had these effects."""
        return cls(
            Millis(now), event, tuple(e.record for e in effects if isinstance(e, Append)), session.state
        )


def run_silently(session: Session, answers: AnswerFor) -> Iterator[SilentStep]:
    """Run a session to its end, answering each question once it is spoken; yield every step."""
    coming = Coming()
    event: Event = Begin()
    while True:
        effects = session.step(event)
        yield SilentStep.after(event, effects, coming.now, session)
        for effect in effects:
            coming.take(effect)
        if session.ended:
            return
        if session.asks:
            text, intent = answers(session.view())
            event = Understood(intent=intent, heard=_typed(text))
        else:
            event = coming.next()


def _typed(text: str) -> Heard:
    return Heard(text=text, confidence=1.0, engine=ENGINE, mode=InputMode.KEYS)


class Coming:
    """What is going to happen, in its order. ``now``: the session's clock, ms."""

    def __init__(self, now: int = 0) -> None:
        self.now = now
        self._order = count()
        self._queue: list[tuple[int, int, Event]] = []

    def __bool__(self) -> bool:
        return bool(self._queue)

    def take(self, effect: Effect) -> None:
        """Let an effect have its consequence in time."""
        match effect:
            case Speak(cue=cue):
                self._add(_CUE_MS, CueFinished(cue=cue))
            case StopSpeaking():
                self._drop(lambda event: isinstance(event, CueFinished))
            case StartTimer(timer=timer, after=after):
                self._add(after, TimerFired(timer=timer))
            case CancelTimer(timer=timer):
                self._drop(lambda event: event == TimerFired(timer=timer))

    def next(self) -> Event:
        """Return what happens next, and let that much time pass."""
        self.now, _, event = heapq.heappop(self._queue)
        return event

    def _add(self, after: int, event: Event) -> None:
        heapq.heappush(self._queue, (self.now + after, next(self._order), event))

    def _drop(self, which: Callable[[Event], bool]) -> None:
        self._queue = [item for item in self._queue if not which(item[2])]
        heapq.heapify(self._queue)
