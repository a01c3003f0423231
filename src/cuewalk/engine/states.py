"""The states and triggers of a session, and everything that is known of a state.

No other module compares a state by its name: what depends on a state is a group here, or a mapping with an
entry for each state that it concerns. The rows that lead from state to state are in `cuewalk.engine.table`.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum, auto
from typing import Final

from cuewalk.domain.intents import Expect
from cuewalk.domain.records import RatingPhase
from cuewalk.domain.setup import Edition


class State(StrEnum):
    """Where a session can be. The values are in journals and on screens."""

    IDLE = "idle"
    WELCOME = "welcome"
    INTRODUCE = "introduce"
    PERFORM = "perform"
    VERDICT = "verdict"
    REVIEW = "review"
    REST = "rest"
    SETTLE = "settle"
    SUMMARY = "summary"
    ADVISED = "advised"
    PUT_OFF = "put_off"
    EMERGENCY = "emergency"
    FAREWELL = "farewell"
    SAFETY = "safety"
    CONFIRM_SAFETY = "confirm_safety"
    EACH_FLAG = "each_flag"
    GO_ANYWAY = "go_anyway"
    REST_OFFER = "rest_offer"
    REST_DAYS = "rest_days"
    ASK_SIDE = "ask_side"
    ASK_CONSTRUCT = "ask_construct"
    EQUIPMENT = "equipment"
    BEFORE_NOTE = "before_note"
    BASELINE = "baseline"
    RATE_BEFORE = "rate_before"
    RATE_AFTER = "rate_after"
    RATE_DURING = "rate_during"
    CORRECT_RATING = "correct_rating"
    CONFIRM_RATING = "confirm_rating"
    STOP_ASKED = "stop_asked"
    NOTE = "note"
    READY_FIRST = "ready_first"
    READY = "ready"
    UNSTEADY = "unsteady"
    PAUSED = "paused"
    ENDED = "ended"
    #: Of the check-in alone: a number that was taken is read back, and can be objected to.
    READ_BACK = "read_back"


class Trigger(StrEnum):
    """What can move a session from one state to another."""

    BEGIN = auto()
    #: The script of the state has been told to its end.
    DONE = auto()
    YES = auto()
    NO = auto()
    SIDE = auto()
    CONSTRUCT = auto()
    NOTED = auto()
    #: A rating was taken; it has to be asked back; the one asked back was denied.
    RATED = auto()
    DOUBT = auto()
    AGAIN = auto()
    #: The person cannot tell the number.
    UNKNOWN = auto()
    #: "That was wrong"; a rating got another value.
    WRONG = auto()
    CORRECTED = auto()
    UNANSWERED = auto()
    READY = auto()
    STEADY = auto()
    DENIED = auto()
    #: A session that was cut off is taken up in the middle of what goes on by itself.
    TAKE_UP = auto()
    SKIP = auto()
    #: The movement was ended before enough of it was done.
    LEFT_EARLY = auto()
    BACK = auto()
    WAIT = auto()
    HURTS = auto()
    UNWELL = auto()
    EMERGENCY = auto()
    #: "Something is wrong" in sessions before `Edition.WAITS`.
    WRONG_BODY = auto()
    NOTE = auto()
    PAUSE = auto()
    RESUME = auto()
    CARRY_ON = auto()
    STOP = auto()
    END = auto()


class NumberRole(Enum):
    """What a number is taken for in a state."""

    ANSWER = auto()
    CORRECTION = auto()
    CONFIRMATION = auto()


_YES_NO, _RATING, _READY, _NOTE = (
    frozenset({each}) for each in (Expect.YES_NO, Expect.RATING, Expect.READY, Expect.NOTE)
)
#: States that ask something, with what makes sense as an answer there.
ASKING: Final[Mapping[State, frozenset[Expect]]] = {
    State.SAFETY: _YES_NO,
    State.CONFIRM_SAFETY: _YES_NO,
    State.EACH_FLAG: _YES_NO,
    State.GO_ANYWAY: _YES_NO,
    State.REST_OFFER: _YES_NO,
    State.REST_DAYS: _YES_NO,
    State.ASK_SIDE: frozenset({Expect.SIDE}),
    State.ASK_CONSTRUCT: frozenset({Expect.CONSTRUCT}),
    State.EQUIPMENT: _YES_NO,
    State.BEFORE_NOTE: _NOTE,
    State.BASELINE: _RATING,
    State.RATE_BEFORE: _RATING,
    State.RATE_AFTER: _RATING,
    State.RATE_DURING: _RATING,
    State.CORRECT_RATING: _RATING,
    State.CONFIRM_RATING: _YES_NO | _RATING,
    State.STOP_ASKED: frozenset({Expect.END_OR_CARRY_ON}),
    State.NOTE: _NOTE,
    State.READY_FIRST: _READY,
    State.READY: _READY,
    State.UNSTEADY: frozenset({Expect.STEADY}),
}
#: What makes sense in a state besides commands; nothing where it is not named.
EXPECTS: Final[Mapping[State, frozenset[Expect]]] = {
    **ASKING,
    State.WELCOME: _READY,
    State.SETTLE: _READY,
    State.EMERGENCY: frozenset({Expect.DENIAL}),
    State.PAUSED: frozenset({Expect.END_OR_CARRY_ON}),
    State.READ_BACK: _YES_NO | _RATING,
}
#: States that run a script of lines and move on when it is done.
TELLING: Final = (
    State.WELCOME, State.INTRODUCE, State.PERFORM, State.VERDICT, State.REVIEW, State.REST, State.SETTLE,
    State.SUMMARY, State.ADVISED, State.PUT_OFF, State.EMERGENCY, State.FAREWELL,
)  # fmt: skip
#: States that wait for nothing but a word.
WAITING: Final = (State.PAUSED,)
#: The states of a session.
STATES: Final = (State.IDLE, *TELLING, *ASKING, *WAITING, State.ENDED)
#: All is over.
OVER: Final = (State.ENDED,)
#: Nothing has begun, or all is over.
CLOSED: Final = (State.IDLE, *OVER)

#: A number that was taken is read back.
READ_BACK: Final = (State.READ_BACK,)

# What is asked

#: States that wait for "ready"; before `Edition.WAITS` `SETTLE` went on by itself.
READY_WAITS: Final = (State.READY_FIRST, State.READY, State.SETTLE)
#: The moment that a number answers for, where a number is asked for.
PHASES: Final[Mapping[State, RatingPhase]] = {
    State.BASELINE: RatingPhase.BASELINE,
    State.RATE_BEFORE: RatingPhase.BEFORE,
    State.RATE_AFTER: RatingPhase.AFTER,
    State.RATE_DURING: RatingPhase.DURING,
}
#: What a number is taken for where one is asked for; anywhere else it corrects the last one or means nothing.
TAKES: Final[Mapping[State, NumberRole]] = {
    **dict.fromkeys(PHASES, NumberRole.ANSWER),
    State.CORRECT_RATING: NumberRole.CORRECTION,
    State.CONFIRM_RATING: NumberRole.CONFIRMATION,
}
#: States that ask for a number.
RATING: Final = (*PHASES, State.CORRECT_RATING)
#: Questions that take yes or no only once they have been spoken to their last line.
HEARD_OUT: Final = (
    State.SAFETY, State.EACH_FLAG, State.GO_ANYWAY, State.REST_OFFER, State.REST_DAYS, State.EQUIPMENT,
)  # fmt: skip
#: States that take free words.
NOTES: Final = (State.NOTE, State.BEFORE_NOTE)
#: The safety screen: nothing else comes between.
SCREEN: Final = (State.SAFETY, State.CONFIRM_SAFETY, State.EACH_FLAG)
#: Its first question about a group of red flags, and all those about a whole group.
FLAGS_ASKED: Final = (State.SAFETY,)
FLAG_GROUPS: Final = (*FLAGS_ASKED, State.CONFIRM_SAFETY)
#: Questions whether to go on at all: saying "done" or "I can't" there changes nothing.
WHETHER_TO_END: Final = (State.STOP_ASKED, State.UNSTEADY)

# On a movement

#: States that go on by themselves, to a movement or in it.
MOVING: Final = (State.INTRODUCE, State.PERFORM, State.VERDICT, State.REVIEW, State.REST)
#: The person moves, counted.
COUNTED: Final = (State.PERFORM,)
#: On a movement that has not begun.
NOT_BEGUN: Final = (State.INTRODUCE, State.RATE_BEFORE)
#: On a movement that is not done yet: whoever cannot do it goes to the next.
NOT_DONE: Final = (*NOT_BEGUN, State.PERFORM, State.RATE_DURING, State.REVIEW)
#: On a movement: who is in trouble here is not led back to it.
ON_A_MOVEMENT: Final = (*NOT_DONE, State.RATE_AFTER, State.VERDICT)
#: The verdict of the last trial has been told and is not left behind: a correction can change it.
NEAR_VERDICT: Final = (State.VERDICT, State.REVIEW, State.REST, State.SETTLE, State.INTRODUCE)
#: Where a number given before can be corrected without having been asked for.
CORRECTABLE: Final = (*MOVING, State.SETTLE)
RESTING: Final = (State.REST,)
SETTLING: Final = (State.SETTLE,)
#: Told anew when a number is corrected.
RESULTS: Final = (State.SUMMARY,)
#: "Done" or "I can't" may mean the session here: whether to end is asked.
MAY_BE_THE_END: Final = (*MOVING, State.PAUSED, State.BASELINE, State.RATE_AFTER)

# In trouble

#: Somebody is in trouble: "no, I'm fine" sounds like "no, five", and is no number.
TROUBLE: Final = (State.UNSTEADY, State.EMERGENCY, State.FAREWELL)
#: States that say whom to see or to call: it is said, whatever else is said meanwhile.
ADVICE: Final = (State.EMERGENCY, State.ADVISED, State.FAREWELL)
#: Advice: spoken to its end, and again from its beginning after an interruption.
TOLD_WHOLE: Final = (State.EMERGENCY,)
#: Devices that a pause can be for: it ends when they are back.
DEVICES: Final = ("microphone", "speaker")

# Interruptions: see `cuewalk.engine.table`

#: Where a state was entered from is remembered for these; `RETURN` leads back there.
INTERRUPTING: Final = (
    State.PAUSED, State.STOP_ASKED, State.NOTE, State.SAFETY, State.RATE_DURING, State.CONFIRM_RATING,
    State.CORRECT_RATING, State.READY, State.UNSTEADY, State.EMERGENCY,
)  # fmt: skip
#: Interruptions of interruptions lead back to the first place; before `Edition.WAITS` all of these did.
OVERLAYS: Final = tuple(
    s for s in INTERRUPTING if s not in {State.SAFETY, State.RATE_DURING, State.CONFIRM_RATING}
)
#: What a "stop" or distress puts an end to; a stop or a wrong number not answered is asked about again.
_SETTLED: Final = frozenset({State.PAUSED, State.NOTE, State.READY, State.UNSTEADY, State.EMERGENCY})
_NUMBER_ASKED: Final = frozenset({State.CONFIRM_RATING, State.RATE_DURING, State.CORRECT_RATING})
#: The interruptions that an interruption does not lead back to. Neither a pause nor a note answers anything.
SEEN_THROUGH: Final[Mapping[State, frozenset[State]]] = {
    State.PAUSED: frozenset(),
    State.NOTE: frozenset(),
    **dict.fromkeys((State.STOP_ASKED, State.READY, State.UNSTEADY, State.EMERGENCY, State.SAFETY), _SETTLED),
    **dict.fromkeys(_NUMBER_ASKED, frozenset(OVERLAYS)),
}
#: Those that it does not lead back to either when this trigger led to it: a number asked for because it hurt
#: has been answered when it leads to "end or carry on?", a note has been taken when a pause follows it.
_ANSWERED_BY: Final[Mapping[tuple[State, Trigger], frozenset[State]]] = {
    (State.STOP_ASKED, Trigger.RATED): _NUMBER_ASKED,
    (State.STOP_ASKED, Trigger.CORRECTED): _NUMBER_ASKED,
    (State.PAUSED, Trigger.NOTED): frozenset({State.NOTE}),
}
#: Questions of a movement that are asked from another state, whose place counts.
ASKED_FROM: Final = (*_NUMBER_ASKED, State.STOP_ASKED)
#: What a person began and nobody has answered, with what asks about it again.
ASKED_AGAIN: Final[Mapping[State, Trigger]] = {
    State.STOP_ASKED: Trigger.STOP,
    State.CORRECT_RATING: Trigger.WRONG,
}


def seen_through(entered: State, by: Trigger, edition: int) -> frozenset[State]:
    """Return the interruptions that ``entered``, entered by this trigger, does not lead back to."""
    through = SEEN_THROUGH[entered] if edition >= Edition.WAITS else frozenset(OVERLAYS)
    return through | _ANSWERED_BY.get((entered, by), frozenset()) | {entered}


def same_place(source: State, entered: State) -> bool:
    """Return whether an interrupting state is entered from itself: the screen goes on with another group."""
    return source == entered or {source, entered} <= {*FLAG_GROUPS}
