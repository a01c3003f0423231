"""Sessions in which anything may be said at any time: typed, without sound, as fast as they can be told."""

from collections.abc import Iterator
from random import Random
from typing import Final

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
from cuewalk.domain.units import Millis
from cuewalk.engine import events
from cuewalk.engine.events import Event, NotUnderstood, Understood
from cuewalk.engine.session import Session
from cuewalk.engine.states import SCREEN, TAKES, WAITING, NumberRole
from cuewalk.simulation.silent_session import Coming, SilentStep

#: Steps after which the person wants to stop; a session of two movements has 150 to 300.
_LONG: Final = 500
#: Steps after which a walk is given up, whatever state it is in.
_LIMIT: Final = 4000
#: Shares of steps (0-1), all by design. Something not asked for is said; an answer is something else.
_UNASKED, _ODD = 0.06, 0.15
#: A rating is heard by voice and in doubt: then the session asks back.
_DOUBTFUL: Final = 0.15
#: A rating is said anew where one is to be confirmed.
_ANEW: Final = 0.3
#: A red flag is said yes to. Rare, or the walks would all end at the safety screen.
_FLAG: Final = 0.03
#: What leads to a wanted state is said where it can be.
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


class Walk:
    """Drives a session, begun or taken up, to its end with a person who says anything; ``rng`` decides what.

    ``wanted``: a state that is to be reached; ``start``: the session's clock, ms; ``calm``: nothing is said
    that was not asked for.
    """

    def __init__(
        self, session: Session, rng: Random, wanted: str = "", start: int = 0, *, calm: bool = False
    ) -> None:
        self._session, self._rng, self._wanted = session, rng, wanted
        self._unasked, self._odds, self._doubtful = (0.0, 0.0, 0.0) if calm else (_UNASKED, _ODD, _DOUBTFUL)
        self._coming, self._utterance = Coming(start), 0

    def steps(self, first: Event) -> Iterator[SilentStep]:
        """Yield each step. Its effects follow when the next one is asked for."""
        event = first
        for number in range(_LIMIT):
            effects = self._session.step(event)
            yield SilentStep.after(event, effects, self._coming.now, self._session)
            for effect in effects:
                self._coming.take(effect)
            if self._session.ended:
                break
            event = self._next(number)

    def _next(self, number: int) -> Event:
        rng, session = self._rng, self._session
        if number > _LONG:
            return self._said(CommandSaid(command=_ENDING[number % 2]))
        lead = _LEADS.get(self._wanted, {}).get(session.state)
        if lead is not None and rng.random() < _LED:
            return self._said(lead)
        if session.asks:
            if rng.random() >= self._odds:
                return self._answer()
        elif self._coming and rng.random() >= self._unasked:
            return self._coming.next()
        if session.state in WAITING or not self._coming:
            return self._said(CommandSaid(command=rng.choice((Command.RESUME, Command.CARRY_ON))))
        return self._odd()

    def _answer(self) -> Event:
        rng, expects = self._rng, self._session.expects
        confirms = TAKES.get(self._session.state) is NumberRole.CONFIRMATION
        if Expect.NOTE in expects:
            return NotUnderstood(heard=self._heard("easier than last week"))
        if Expect.RATING in expects and (not confirms or rng.random() < _ANEW):
            return self._said(RatingSaid(value=rng.randrange(21) / 2))
        if Expect.SIDE in expects:
            return self._said(SideSaid(side=rng.choice(list(Side))))
        if Expect.CONSTRUCT in expects:
            return self._said(ConstructSaid(rated=rng.choice(list(Construct))))
        if expects & {Expect.READY, Expect.STEADY, Expect.END_OR_CARRY_ON}:
            ready = ReadySaid() if Expect.END_OR_CARRY_ON not in expects else _CARRY_ON
            return self._said(rng.choice((ready, _CARRY_ON)))
        flags = self._session.state in SCREEN
        return self._said(Answer(yes=rng.random() < (_FLAG if flags else 0.5)))

    def _odd(self) -> Event:
        rng = self._rng
        mild = [command for command in Command if command not in {Command.STOP, Command.END, *DISTRESS}]
        return rng.choice(
            (
                self._said(CommandSaid(command=rng.choice(mild))),
                self._said(CommandSaid(command=rng.choice(mild))),
                self._said(RatingSaid(value=rng.randrange(21) / 2)),
                self._said(CorrectionSaid(value=rng.choice((None, 3.0, 7.5)))),
                NotUnderstood(heard=self._heard("mumble")),
                events.SpeechStarted(),
                events.SpeechWasNothing(),
                events.DeviceLost(device="microphone"),
                events.DeviceBack(device="microphone"),
                events.CancellerLost(),
            )
        )

    def _said(self, intent: Intent) -> Understood:
        rating = isinstance(intent, RatingSaid) and self._rng.random() < self._doubtful
        return Understood(intent=intent, heard=self._heard(str(intent.kind), spoken=rating))

    def _heard(self, text: str, *, spoken: bool = False) -> Heard:
        """Return an utterance that is surely what it is, or one that was spoken and is in doubt."""
        self._utterance += 1
        doubt, now = spoken or self._rng.random() < self._odds, Millis(self._coming.now)
        return Heard(
            text=text,
            confidence=0.9,
            engine="made",
            mode=InputMode.VOICE if spoken else InputMode.KEYS,
            sureness=Sureness.CONFIRM if doubt else Sureness.ACCEPT,
            utterance=self._utterance,
            start=now,
            end=now,
        )
