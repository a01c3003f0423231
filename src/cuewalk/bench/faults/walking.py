"""Sessions in which anything may be said at any time: typed, without sound, as fast as they can be told."""

import heapq
from collections.abc import Iterator
from random import Random
from typing import Final, NamedTuple

from cuewalk.domain.heard import Heard, InputMode, Sureness
from cuewalk.domain.intents import (
    DISTRESS,
    Answer,
    Command,
    CommandSaid,
    Construct,
    ConstructSaid,
    CorrectionSaid,
    DenialSaid,
    Expect,
    Intent,
    RatingGuessed,
    RatingSaid,
    ReadySaid,
    Side,
    SideSaid,
)
from cuewalk.domain.records import Record
from cuewalk.domain.units import Millis
from cuewalk.engine.effects import Append, CancelTimer, Effect, Speak, StartTimer, StopSpeaking
from cuewalk.engine.events import (
    CueFinished,
    DeviceBack,
    DeviceLost,
    Event,
    NotUnderstood,
    SpeechStarted,
    SpeechWasNothing,
    TimerFired,
    Understood,
)
from cuewalk.engine.session import Session
from cuewalk.engine.states import SCREEN, TAKES, WAITING, Takes

_CUE_MS: Final = 1500
#: Steps after which the person wants to stop; a session of two movements has 150 to 300.
_LONG: Final = 500
#: Steps after which a walk is given up, whatever state it is in.
_LIMIT: Final = 4000
#: How often something is said that was not asked for, and how often an answer is something else.
_UNASKED, _ODD = 0.06, 0.15
#: How often a rating is heard by voice and in doubt: then the session asks back.
_DOUBTFUL: Final = 0.15
#: A red flag is rare, or the walks would all end at the safety screen.
_FLAG: Final = 0.03
#: How often what leads to a wanted state is said at each step at which it can be.
_LED: Final = 0.4
_ENDING: Final = (Command.STOP, Command.END)
_DISTRESS: Final = CommandSaid(command=Command.SOMETHING_WRONG)
_EMERGENCY: Final = CommandSaid(command=Command.EMERGENCY)
_CARRY_ON: Final = CommandSaid(command=Command.CARRY_ON)
_YES, _NO = Answer(yes=True), Answer(yes=False)
_FOUR: Final = RatingSaid(value=4.0)
#: State that is wanted → state on the way → what is said there. The other states are on every way.
_LEADS: Final[dict[str, dict[str, Intent]]] = {
    "confirm_safety": {"safety": _YES},
    "each_flag": {"safety": _YES, "confirm_safety": _YES},
    "advised": {"safety": _YES, "confirm_safety": _YES},
    "rest_days": {"rest_offer": _YES},
    "put_off": {"go_anyway": _NO, "rest_offer": _YES, "rest_days": _YES},
    "rate_before": {"baseline": CommandSaid(command=Command.SKIP)},
    "rate_during": {"perform": CommandSaid(command=Command.HURTS)},
    "correct_rating": {"perform": CorrectionSaid(value=None)},
    "confirm_rating": {"rate_after": RatingGuessed(value=5.0)},
    "review": {"baseline": _FOUR, "rate_before": _FOUR, "rate_after": _FOUR},
    "settle": {"rate_after": CommandSaid(command=Command.WAIT)},
    "stop_asked": {"perform": CommandSaid(command=Command.STOP)},
    "note": {"perform": CommandSaid(command=Command.NOTE)},
    "paused": {"perform": CommandSaid(command=Command.PAUSE)},
    "unsteady": {"perform": _DISTRESS},
    "farewell": {"perform": _DISTRESS, "unsteady": CommandSaid(command=Command.STOP)},
    "emergency": {"perform": _EMERGENCY},
    "ready": {"perform": _EMERGENCY, "emergency": DenialSaid()},
}


class Step(NamedTuple):
    """One step of a session, to be written down before anything follows from it."""

    now: Millis
    event: Event
    records: tuple[Record, ...]
    state: str


class Walk:
    """Drives a session to its end with a person who says anything.

    Args:
        session: begun or taken up.
        rng: decides what is said.
        wanted: a state that is to be reached.
        start: the session's clock.
        calm: nothing is said that was not asked for.
    """

    def __init__(
        self, session: Session, rng: Random, wanted: str = "", start: int = 0, *, calm: bool = False
    ) -> None:
        self._session, self._rng, self._wanted = session, rng, wanted
        self._unasked, self._odds, self._doubtful = (0.0, 0.0, 0.0) if calm else (_UNASKED, _ODD, _DOUBTFUL)
        self.now, self._order, self._utterance = start, 0, 0
        self._queue: list[tuple[int, int, Event]] = []

    def steps(self, first: Event) -> Iterator[Step]:
        """Yield each step. Its effects follow when the next one is asked for."""
        event: Event | None = first
        for number in range(_LIMIT):
            if event is None:
                break
            effects = self._session.step(event)
            records = tuple(e.record for e in effects if isinstance(e, Append))
            step = Step(Millis(self.now), event, records, self._session.state)
            yield step
            for effect in effects:
                self._perform(effect)
            event = None if self._session.ended else self._next(number)

    def _next(self, number: int) -> Event:
        rng, session = self._rng, self._session
        if number > _LONG:
            return self._understood(CommandSaid(command=_ENDING[number % 2]))
        lead = _LEADS.get(self._wanted, {}).get(session.state)
        if lead is not None and rng.random() < _LED:
            return self._understood(lead)
        if session.asks:
            if rng.random() >= self._odds:
                return self._answer()
        elif self._queue and rng.random() >= self._unasked:
            self.now, _, event = heapq.heappop(self._queue)
            return event
        if session.state in WAITING or not self._queue:
            return self._understood(CommandSaid(command=rng.choice((Command.RESUME, Command.CARRY_ON))))
        return self._odd()

    def _answer(self) -> Event:
        rng, expects = self._rng, self._session.expects
        confirms = TAKES.get(self._session.state) is Takes.CONFIRMATION
        if Expect.NOTE in expects:
            return NotUnderstood(heard=self._heard("easier than last week"))
        if Expect.RATING in expects and (not confirms or rng.random() < 0.3):  # noqa: PLR2004
            return self._understood(RatingSaid(value=rng.randrange(21) / 2))
        if Expect.SIDE in expects:
            return self._understood(SideSaid(side=rng.choice(list(Side))))
        if Expect.CONSTRUCT in expects:
            return self._understood(ConstructSaid(rated=rng.choice(list(Construct))))
        if expects & {Expect.READY, Expect.STEADY, Expect.END_OR_CARRY_ON}:
            ready = ReadySaid() if Expect.END_OR_CARRY_ON not in expects else _CARRY_ON
            return self._understood(rng.choice((ready, _CARRY_ON)))
        flags = self._session.state in SCREEN
        return self._understood(Answer(yes=rng.random() < (_FLAG if flags else 0.5)))

    def _odd(self) -> Event:
        rng = self._rng
        mild = [command for command in Command if command not in {Command.STOP, Command.END, *DISTRESS}]
        return rng.choice(
            (
                self._understood(CommandSaid(command=rng.choice(mild))),
                self._understood(CommandSaid(command=rng.choice(mild))),
                self._understood(RatingSaid(value=rng.randrange(21) / 2)),
                self._understood(CorrectionSaid(value=rng.choice((None, 3.0, 7.5)))),
                NotUnderstood(heard=self._heard("mumble")),
                SpeechStarted(),
                SpeechWasNothing(),
                DeviceLost(device="microphone"),
                DeviceBack(device="microphone"),
            )
        )

    def _understood(self, intent: Intent) -> Understood:
        rating = isinstance(intent, RatingSaid) and self._rng.random() < self._doubtful
        return Understood(intent=intent, heard=self._heard(str(intent.kind), spoken=rating))

    def _heard(self, text: str, *, spoken: bool = False) -> Heard:
        """Return an utterance that is surely what it is, or one that was spoken and is in doubt."""
        self._utterance += 1
        doubt = spoken or self._rng.random() < self._odds
        sureness = Sureness.CONFIRM if doubt else Sureness.ACCEPT
        return Heard(
            text=text,
            confidence=0.9,
            engine="made",
            mode=InputMode.VOICE if spoken else InputMode.KEYS,
            sureness=sureness,
            utterance=self._utterance,
            start=Millis(self.now),
            end=Millis(self.now),
        )

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Speak(cue=cue):
                self._later(_CUE_MS, CueFinished(cue=cue))
            case StopSpeaking():
                self._drop(CueFinished)
            case StartTimer(timer=timer, after=after):
                self._later(after, TimerFired(timer=timer))
            case CancelTimer(timer=timer):
                self._queue = [each for each in self._queue if each[2] != TimerFired(timer=timer)]
                heapq.heapify(self._queue)

    def _later(self, after: int, event: Event) -> None:
        self._order += 1
        heapq.heappush(self._queue, (self.now + after, self._order, event))

    def _drop(self, kind: type[CueFinished]) -> None:
        self._queue = [each for each in self._queue if not isinstance(each[2], kind)]
        heapq.heapify(self._queue)
