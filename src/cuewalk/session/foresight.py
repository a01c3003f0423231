"""What may be said next, found by trying: twins of a conversation are told what a person may say.

A voice that renders slowly needs its lines before their turn, and which they are depends on the answers.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, zip_longest
from typing import Final, NamedTuple, Protocol, Self, runtime_checkable

from cuewalk.domain.heard import Heard
from cuewalk.domain.intents import (
    Answer,
    Command,
    CommandSaid,
    Construct,
    ConstructSaid,
    CorrectionSaid,
    DenialSaid,
    Expect,
    Intent,
    RatingSaid,
    RatingWithoutNumber,
    ReadySaid,
    Side,
    SideSaid,
)
from cuewalk.engine.context import Style
from cuewalk.engine.effects import Speak
from cuewalk.engine.events import Begin, CancellerLost, DeviceLost, Event, NotUnderstood, Understood
from cuewalk.engine.ledger import Ledger
from cuewalk.engine.states import SCREEN
from cuewalk.engine.talk import Talk

#: Lines that follow by themselves and come before everything that would have to be said. Design: 20 s.
_SOON: Final = 6
#: Lines that are followed after something said. Design: half a minute, the introduction of a movement.
_AFTERWARDS: Final = 10
#: The same after a command that cut into something: what follows it is then the same as without it.
_SHORTLY: Final = 3
#: Questions that are looked ahead to before what may be said at any time, and after it. Design: the movement
#: under way, and the three after it; what is further off can wait.
_NEAR, _FAR = 2, 12
#: Answers are understood again and again; no session asks more than this before it is over.
_MOST_EVENTS: Final = 5_000
_HEARD: Final = Heard(text="", confidence=1.0, engine="foresight")
#: What brings somebody in trouble an answer.
_URGENT: Final = [Command.HURTS, Command.STOP, Command.SOMETHING_WRONG, Command.FELL, Command.EMERGENCY]
_OFTEN: Final = [Command.SKIP, Command.SLOWER, Command.PAUSE, Command.REPEAT, Command.HELP, Command.SMALLER]
_HINTS: Final = ("same", "better", "worse", "unsure", "beyond", "vague", "part", "worst_ever")
#: Of a way through a conversation: lines that a command cuts into, and answers that are not the likeliest.
#: Design: some ten commands in a session; every second session goes wrong somewhere.
_INTERRUPTED: Final = 0.02
_UNLIKELY: Final = 0.4
#: Visits to a place on which every answer is tried there. Design: the first try of a movement and the second.
_VISITS: Final = 2
_SCALE: Final = range(11)


def _said(intent: Intent) -> Event:
    return Understood(intent=intent, heard=_HEARD)


#: What may be said at any time: a command, those in trouble first, or a correction of the last number.
_ANY_TIME: Final[list[Event]] = [
    *(_said(CommandSaid(command=command)) for command in dict.fromkeys([*_URGENT, *_OFTEN, *Command])),
    *(_said(CorrectionSaid(value=value)) for value in (None, *map(float, _SCALE))),
    NotUnderstood(heard=_HEARD, clear=True),
    CancellerLost(),
    DeviceLost(device="microphone"),
    DeviceLost(device="speaker"),
]


class Foreseen(NamedTuple):
    """A line that may be spoken, and the rate at which it would be."""

    line: Speak
    rate: float


@runtime_checkable
class Led(Protocol):
    """A conversation that the engine leads."""

    talk: Talk
    style: Style
    ledger: Ledger

    @property
    def state(self) -> str:
        """The state's name."""
        ...

    @property
    def expects(self) -> frozenset[Expect]:
        """What makes sense as an answer now."""
        ...

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        ...

    def step(self, event: Event) -> Sequence[object]:
        """Take one event and return its effects."""
        ...

    def twin(self) -> Self:
        """Return a conversation that is where this one is and shares nothing with it that changes."""
        ...


def foreseen(conversation: Led) -> Iterator[Foreseen]:
    """Return the lines that may be spoken, those that may be needed soonest first; some come twice.

    The conversation is looked at now; the lines are worked out as they are asked for, in any thread.
    """
    return _foreseen(conversation.twin())


class Explorer:
    """Finds what may be said in a conversation at all, one way through it after another.

    Args:
        draw: returns another number from 0 to 1 each time; it decides on the way.
    """

    def __init__(self, draw: Callable[[], float]) -> None:
        self._draw = draw
        #: Visits to each place: a state, the number of trials so far, and whether an answer is waited for.
        self._visits = Counter[tuple[str, int, bool]]()

    def way(self, conversation: Led) -> Iterator[Foreseen]:
        """Yield what is said on one way, and what would be after every other answer and command.

        The conversation is begun and led to its end by it. Lines come twice.
        """
        yield from _told(conversation, Begin(), 0)
        for _ in range(_MOST_EVENTS):
            by_itself = conversation.talk.by_itself
            events = _ANY_TIME if by_itself else _answers(conversation)
            if conversation.ended or not events:
                return
            most, afterwards = (1, _SHORTLY) if by_itself else (_VISITS, _AFTERWARDS)
            if self._visit(conversation, asked=by_itself is None) <= most:
                yield from _each_told(conversation, events, afterwards)
            if by_itself is not None and self._draw() > _INTERRUPTED:
                yield from _told(conversation, by_itself, 0)
                continue
            likely = by_itself is None and self._draw() > _UNLIKELY
            yield from _told(conversation, self._chosen(conversation, events, likely=likely), 0)

    def _visit(self, conversation: Led, *, asked: bool) -> int:
        """Return how often a way has come to this place, this time included."""
        place = conversation.state, len(conversation.ledger.trials), asked
        self._visits[place] += 1
        return self._visits[place]

    def _chosen(self, conversation: Led, events: Sequence[Event], *, likely: bool) -> Event:
        """Return an event; the likely one more often than not, or no way would come far."""
        if likely:
            return next((event for event in events if _goes_on_after(event, conversation)), events[0])
        return events[int(self._draw() * len(events)) % len(events)]


def _each_told(conversation: Led, events: Sequence[Event], most: int) -> Iterator[Foreseen]:
    for event in events:
        yield from _told(conversation.twin(), event, most)


def _goes_on_after(event: Event, conversation: Led) -> bool:
    twin = conversation.twin()
    for _ in _told(twin, event, _AFTERWARDS):
        pass
    return not twin.ended


def _foreseen(main: Led) -> Iterator[Foreseen]:
    now = main.twin()
    yield from _by_itself(main, _SOON)
    yield from _in_turn([_told(now.twin(), said, 0) for said in _ANY_TIME[: len(_URGENT)]])
    # Most sessions have few commands, and all of them have what comes next.
    yield from _through(main, _NEAR)
    yield from _in_turn([_told(now.twin(), said, 0) for said in _ANY_TIME[len(_URGENT) :]])
    yield from _through(main, _FAR)


def _through(main: Led, questions: int) -> Iterator[Foreseen]:
    """Answer the next ``questions`` as is likely; yield what is said, also after every other answer."""
    for _ in range(questions):
        yield from _by_itself(main, _MOST_EVENTS)
        if main.ended:
            return
        branches = [(answer, main.twin()) for answer in _answers(main)]
        yield from _in_turn([_told(twin, answer, _AFTERWARDS) for answer, twin in branches])
        # The likeliest answer after which it goes on.
        going_on = (answer for answer, twin in branches if not twin.ended)
        if (likely := next(going_on, None)) is None:
            return
        yield from _told(main, likely, 0)


def _by_itself(conversation: Led, most: int) -> Iterator[Foreseen]:
    """Yield the lines, at most ``most``, that follow if nobody says anything."""
    said = 0
    while said < most and (event := conversation.talk.by_itself) is not None:
        for line in _told(conversation, event, 0):
            said += 1
            yield line


def _told(conversation: Led, event: Event, most: int) -> Iterator[Foreseen]:
    """Tell the conversation an event; yield the line that answers, and at most ``most`` after it."""
    for effect in conversation.step(event):
        if isinstance(effect, Speak):
            yield Foreseen(effect, conversation.style.talk_rate)
    yield from _by_itself(conversation, most)


def _in_turn(branches: Sequence[Iterator[Foreseen]]) -> Iterator[Foreseen]:
    """Yield the first line of each branch, then the second of each, and so on."""
    turns = chain.from_iterable(zip_longest(*branches))
    return (line for line in turns if line is not None)


def _answers(conversation: Led) -> list[Event]:
    """Return what may come where an answer is waited for, the likeliest first."""
    yes = conversation.state not in SCREEN
    last = conversation.ledger.value(conversation.ledger.last)
    usual = 4.0 if last is None else last
    numbers = sorted(_SCALE, key=lambda number: abs(number + 1 - usual))
    answers: dict[Expect, list[Intent]] = {
        Expect.READY: [ReadySaid()],
        Expect.STEADY: [ReadySaid()],
        Expect.YES_NO: [Answer(yes=yes), Answer(yes=not yes)],
        Expect.RATING: [
            *(RatingSaid(value=float(number)) for number in numbers),
            *(RatingWithoutNumber(hint=hint) for hint in _HINTS),
        ],
        Expect.SIDE: [SideSaid(side=side) for side in Side],
        Expect.CONSTRUCT: [ConstructSaid(rated=rated) for rated in Construct],
        Expect.END_OR_CARRY_ON: [
            CommandSaid(command=Command.CARRY_ON),
            CommandSaid(command=Command.END),
        ],
        Expect.DENIAL: [DenialSaid()],
    }
    expects, silence = conversation.expects, conversation.talk.silence
    told = [_said(each) for expected in answers if expected in expects for each in answers[expected]]
    return [*told, NotUnderstood(heard=_HEARD, clear=True), *([silence] if silence else [])]
