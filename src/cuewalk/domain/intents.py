"""What an utterance can mean: a command, a rating, a yes or no, a choice, a correction."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from cuewalk.domain.frozen import Frozen
from cuewalk.domain.units import Rating


class Command(StrEnum):
    """Everything a person can ask for by name. Always heard, whatever is being asked."""

    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    REPEAT = "repeat"
    SLOWER = "slower"
    FASTER = "faster"
    SMALLER = "smaller"
    BIGGER = "bigger"
    SKIP = "skip"
    BACK = "back"
    NEXT = "next"
    DONE = "done"
    HOW_LONG = "how_long"
    HOW_MANY = "how_many"
    WHY = "why"
    SHOW_ME = "show_me"
    LOUDER = "louder"
    QUIETER = "quieter"
    SWITCH_SIDES = "switch_sides"
    HURTS = "hurts"
    SOMETHING_WRONG = "something_wrong"
    FELL = "fell"
    EMERGENCY = "emergency"
    READY = "ready"
    KEEP_IT = "keep_it"
    NOT_NOW = "not_now"
    WHAT_DID_YOU_HEAR = "what_did_you_hear"
    STATUS = "status"
    NOTE = "note"
    HELP = "help"
    WAIT = "wait"
    TALK_FASTER = "talk_faster"
    TALK_SLOWER = "talk_slower"
    ANOTHER_VOICE = "another_voice"
    MORE_TIME = "more_time"
    LESS_TALK = "less_talk"
    MORE_TALK = "more_talk"
    END = "end"
    CARRY_ON = "carry_on"


#: What a person in trouble says: dizzy or unwell; a fall or a knee that gave way; chest pain or no breath.
DISTRESS = frozenset({Command.SOMETHING_WRONG, Command.FELL, Command.EMERGENCY})
#: Acted on from a partial result: the voice falls silent first and the words are understood second.
URGENT_COMMANDS = frozenset({Command.STOP, Command.PAUSE, Command.HURTS}) | DISTRESS


class Side(StrEnum):
    """Where the complaint is, or which side works."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"

    @property
    def opposite(self) -> "Side":
        """The other side; both stays both."""
        return {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT, Side.BOTH: Side.BOTH}[self]


class Construct(StrEnum):
    """What is rated: one per session, the same words before and after."""

    PAIN = "pain"
    TIGHTNESS = "tightness"
    DISCOMFORT = "discomfort"


class Expect(StrEnum):
    """What the session is waiting for; commands are always understood besides."""

    RATING = "rating"
    YES_NO = "yes_no"
    SIDE = "side"
    CONSTRUCT = "construct"
    END_OR_CARRY_ON = "end_or_carry_on"
    NOTE = "note"
    READY = "ready"
    #: That one stands safely again, after feeling unwell or a fall.
    STEADY = "steady"
    #: That the emergency was misheard: "no, I'm fine".
    DENIAL = "denial"


class CommandSaid(Frozen):
    """A command by name."""

    kind: Literal["command"] = "command"
    command: Command


class RatingSaid(Frozen):
    """A single number: "four", "about a four", "four out of ten", "no pain"."""

    kind: Literal["rating"] = "rating"
    value: Rating


class RatingGuessed(Frozen):
    """A number that is likely meant, in words that do not say so: always asked back."""

    kind: Literal["rating_guessed"] = "rating_guessed"
    value: Rating


class RatingRangeSaid(Frozen):
    """Two numbers: "between three and four". The session asks which."""

    kind: Literal["rating_range"] = "rating_range"
    low: Rating
    high: Rating


class RatingWithoutNumber(Frozen):
    """Speaks of the rating without a number: the session asks for one, or takes "same as before".

    "beyond": a number that the scale does not have; "unsure": "I don't know"; "part": "half", "a quarter";
    "vague": "a lot".
    """

    kind: Literal["rating_words"] = "rating_words"
    hint: Literal["better", "worse", "worst_ever", "same", "beyond", "unsure", "part", "vague"]


class Answer(Frozen):
    """Yes or no."""

    kind: Literal["answer"] = "answer"
    yes: bool


class SideSaid(Frozen):
    """Left, right, or both."""

    kind: Literal["side"] = "side"
    side: Side


class ConstructSaid(Frozen):
    """Pain, tightness, or discomfort."""

    kind: Literal["construct"] = "construct"
    rated: Construct


class CorrectionSaid(Frozen):
    """A correction: "no, five", "I said five"; without a number the session asks again."""

    kind: Literal["correction"] = "correction"
    value: Rating | None = None


class ReadySaid(Frozen):
    """The word that the session waits for: "ready", or "I'm steady" after feeling unwell."""

    kind: Literal["ready"] = "ready"


class DenialSaid(Frozen):
    """The emergency was misheard."""

    kind: Literal["denial"] = "denial"


class CannotSaid(Frozen):
    """The person cannot do it: a movement is left out for that; elsewhere it may mean the session."""

    kind: Literal["cannot"] = "cannot"


#: What may be an answer about a number.
NumberIntent = RatingSaid | RatingGuessed | RatingRangeSaid | RatingWithoutNumber | CorrectionSaid
#: Everything but commands.
AnswerIntent = Answer | CannotSaid | ConstructSaid | DenialSaid | NumberIntent | ReadySaid | SideSaid
Intent = Annotated[CommandSaid | AnswerIntent, Field(discriminator="kind")]
