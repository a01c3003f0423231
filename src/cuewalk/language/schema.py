"""The shape of a locale's five phrase files, checked before anything is made of them.

`PackFiles` has one field per file, so the first element of a validation error's location is the file.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from cuewalk.domain.buckets import Bucket
from cuewalk.domain.frozen import Frozen
from cuewalk.domain.intents import Command, Construct, Side
from cuewalk.domain.verdicts import Outcome

Template = Annotated[str, Field(min_length=1, max_length=240)]
#: A part of typed phrases; longer than what is spoken may be.
GroupText = Annotated[str, Field(min_length=1, max_length=600)]
Templates = Annotated[tuple[Template, ...], Field(min_length=1)]
Optionals = tuple[Template, ...]
Text = Annotated[str, Field(min_length=1, max_length=400)]
WordText = Annotated[str, Field(min_length=1, max_length=40)]
PhraseKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]

#: Ratings are 0-10, so a locale needs exactly these whole numbers.
WHOLE = range(11)


class AnswerPhrases(Frozen):
    """Ways to say yes and no."""

    yes: Templates
    no: Templates


class RatingPhrases(Frozen):
    """Ways to say a rating; all but ``homophone`` are in the recogniser's grammar."""

    value: Templates
    zero: Templates
    range: Templates
    same: Templates
    better: Templates
    worse: Templates
    worst_ever: Templates
    #: A number between two steps of the scale, which asks for one of them.
    between: Optionals = ()
    #: Numbers that the scale does not have, heard so that "seventeen" is not taken for "seven".
    beyond: Optionals = ()
    #: Only for text from keys or an engine without a grammar: "to" for "two".
    homophone: Optionals = ()


class CorrectionPhrases(Frozen):
    """Ways to say that a rating was wrong; ``doubt`` ("no") counts only while a rating is asked for."""

    value: Templates
    replaced: Optionals = ()
    #: "not five": the number is denied and none is given.
    rejected: Optionals = ()
    wrong: Templates
    doubt: Optionals = ()


class WaitingPhrases(Frozen):
    """The words that are waited for: "ready"; "I'm steady" after feeling unwell; "no, I'm fine"."""

    ready: Templates
    steady: Templates
    denial: Templates
    #: The opposites of the last two ("I'm not fine"), heard there so that they are not bent into them.
    not_steady: Optionals = ()
    not_fine: Optionals = ()
    #: What resumes elsewhere and says nothing of how one stands: after feeling unwell no more than "ready".
    not_yet_steady: Optionals = ()


class LooselyFile(Frozen):
    """How people put things in their own words when they type; in no recogniser's grammar."""

    #: Polite frames that are taken off either end ("could you", "please").
    before: Optionals = ()
    after: Optionals = ()
    #: What means the same as other words ("over ten": "out of ten").
    instead: dict[Template, Template] = Field(default_factory=dict)
    #: Which of the frames make the words doubtful ("maybe"): not steady enough to go on with.
    hedges: Optionals = ()
    #: Words of distress and of stopping wherever they stand, by what they mean. A phrase that ends in "!"
    #: counts only where the text has an exclamation mark, one that ends in "." only as a whole clause; "..."
    #: is a gap of a few words. ``groups`` are parts of them by name. Cries count at a clause's beginning.
    contains: dict[Command, Templates] = Field(default_factory=dict)
    groups: dict[PhraseKey, GroupText] = Field(default_factory=dict)
    cries: Optionals = ()
    #: Words of distress that are found mistyped as well, and words that are near to them and right.
    mistyped: Optionals = ()
    spelt_right: Optionals = ()
    #: What has words of distress in it and is none ("sick of this").
    harmless: Optionals = ()
    #: What denies the words after it ("doesn't hurt"), and what may stand between ("not really dizzy").
    denials: Optionals = ()
    reaching: Optionals = ()
    #: What else may stand between a denial and "stop" ("don't want to stop").
    wanting: Optionals = ()
    #: What says right before the words that there is none of it ("no chest pain"); that there is less, which
    #: is good news of pain alone; what denies the words before it; what carries a denial on ("or").
    none: Optionals = ()
    less: Optionals = ()
    denied_after: Optionals = ()
    carried_on: Optionals = ()
    #: Whether this language writes words together or apart as it likes; then letters are compared.
    joined: bool = False
    #: That the emergency was misheard, in words that are too like an emergency's for a recogniser.
    denial: Optionals = ()
    commands: dict[Command, Templates] = Field(default_factory=dict)
    #: That one cannot do it ("I can't do this"): written like ``contains``, and only as the whole of a text.
    cannot: Optionals = ()
    #: Words that may stand beside "stop" in a text that is nothing but a stop: no note, where one is taken.
    beside_stop: tuple[WordText, ...] = ()
    #: What makes a question of a sentence without a question mark, anywhere in it; written like ``contains``.
    questions: Optionals = ()
    yes: Optionals = ()
    no: Optionals = ()
    #: A correction in words that are another word as well ("no one"): asked back.
    nobody: Optionals = ()
    #: While a rating is asked for: no pain; cannot tell; a part of nothing named; words without a number.
    zero: Optionals = ()
    unsure: Optionals = ()
    part: Optionals = ()
    vague: Optionals = ()
    #: Words for a number that the scale does not have.
    above: Optionals = ()
    minus: Optionals = ()
    point: Optionals = ()
    #: "and a quarter": how much more.
    parts_more: dict[Template, float] = Field(default_factory=dict)


class CommandsFile(Frozen):
    """``commands.toml``: hassil templates for everything that can be meant."""

    rules: dict[PhraseKey, Template] = Field(default_factory=dict)
    commands: dict[Command, Templates]
    waiting: WaitingPhrases
    answers: AnswerPhrases
    sides: dict[Side, Templates]
    constructs: dict[Construct, Templates]
    ratings: RatingPhrases
    corrections: CorrectionPhrases
    loosely: LooselyFile = Field(default_factory=LooselyFile)

    @model_validator(mode="after")
    def _complete(self) -> "CommandsFile":
        _require(self.commands, Command)
        _require(self.sides, Side)
        _require(self.constructs, Construct)
        return self


class NumberWords(Frozen):
    """The words of one whole number. The first word is the one that is spoken."""

    value: Annotated[int, Field(ge=WHOLE.start, le=WHOLE[-1])]
    words: Annotated[tuple[WordText, ...], Field(min_length=1)]
    #: With its article ("an eight"), where the language has one.
    article: tuple[WordText, ...] = ()
    #: Words that only sound like it, or that mean it only as an answer ("to", "for", "ate", "oh").
    homophones: tuple[WordText, ...] = ()


class NumbersFile(Frozen):
    """``numbers.toml``: number words and the patterns made of them."""

    numbers: tuple[NumberWords, ...]
    #: Patterns with ``{number}`` for one half more; the first is the one that is spoken.
    halves: Annotated[tuple[Template, ...], Field(min_length=1)]
    #: Patterns with ``{low}`` and ``{high}``, in this order; ``either`` also the other way round.
    ranges: Annotated[tuple[Template, ...], Field(min_length=1)]
    either: Optionals = ()
    #: Patterns of a number with a tenth: "{low} point {high}".
    decimals: Optionals = ()
    #: The widest range that is taken for one; a wider one is more likely misheard.
    widest_range: Annotated[int, Field(ge=1, le=10)] = 3
    #: Patterns with ``{old}`` and ``{new}``: "not five, four".
    replacements: Optionals = ()
    #: How typed "4/10" and "3-4" are read.
    typed_over_ten: Template
    typed_range: Template

    @model_validator(mode="after")
    def _all_numbers_once(self) -> "NumbersFile":
        if sorted(number.value for number in self.numbers) != list(WHOLE):
            raise ValueError("write every number from 0 to 10 exactly once")
        return self


class Prompt(Frozen):
    """One spoken prompt: the full text, a shorter one, and one with examples of what can be said."""

    full: Text
    shorter: Text | None = None
    examples: Text | None = None

    @property
    def lengths(self) -> tuple[str, str, str]:
        """Full, shorter, with examples; a missing one is the full text."""
        return self.full, self.shorter or self.full, self.examples or self.full


def _as_prompt(value: Any) -> Any:  # noqa: ANN401 - raw TOML, pydantic checks it next
    """Let a prompt with one length be written as plain text."""
    return {"full": value} if isinstance(value, str) else value


PromptsFile = dict[PhraseKey, Annotated[Prompt, BeforeValidator(_as_prompt)]]


class CoachingCue(Frozen):
    """One of the six cues that hold during every movement, in two or three wordings."""

    id: PhraseKey
    says: Annotated[tuple[Text, ...], Field(min_length=2, max_length=3)]


class CoachingFile(Frozen):
    """``coaching.toml``."""

    cues: Annotated[tuple[CoachingCue, ...], Field(min_length=6, max_length=6)]


class LocaleWords(Frozen):
    """What the values of slots are called when spoken."""

    side: dict[Side, WordText]
    #: "construct" in the file; pydantic has taken that name.
    rated: dict[Construct, WordText] = Field(alias="construct")
    bucket: dict[Bucket, WordText]
    outcome: dict[Outcome, WordText]

    @model_validator(mode="after")
    def _complete(self) -> "LocaleWords":
        _require(self.side, Side)
        _require(self.rated, Construct)
        _require(self.bucket, Bucket)
        _require(self.outcome, Outcome)
        return self

    @property
    def by_slot(self) -> Mapping[str, Mapping[str, str]]:
        """The words by the name of the slot whose values they stand for."""
        slots: dict[str, Mapping[Any, str]] = {
            "side": self.side,
            "construct": self.rated,
            "bucket": self.bucket,
            "outcome": self.outcome,
        }
        return {slot: {member.value: word for member, word in words.items()} for slot, words in slots.items()}


class LocaleFile(Frozen):
    """``locale.toml``."""

    code: Annotated[str, Field(pattern=r"^[a-z]{2,3}-[A-Z]{2}$")]
    name: WordText
    experimental: bool = False
    words: LocaleWords
    #: Sounds of hesitation and courtesy that carry no meaning at either end of an utterance.
    fillers: tuple[WordText, ...] = ()
    #: Other spellings of a word ("ok": "okay").
    spellings: dict[WordText, WordText] = Field(default_factory=dict)
    #: Common words that sound like ours or are often overheard: recognised so that they can be rejected.
    decoys: Annotated[tuple[WordText, ...], Field(min_length=1)]


class PackFiles(Frozen):
    """All files of one locale."""

    commands: CommandsFile
    numbers: NumbersFile
    prompts: PromptsFile
    coaching: CoachingFile
    locale: LocaleFile


def _require(given: Any, wanted: Any) -> None:  # noqa: ANN401 - any dictionary keyed by any of our enums
    """Raise ValueError naming the members of the enum ``wanted`` that ``given`` lacks."""
    missing = [member.value for member in wanted if member not in given]
    if missing:
        raise ValueError(f"missing: {', '.join(missing)}")
