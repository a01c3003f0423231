"""What every group of phrases means, when it is understood, and which goes first: the one table of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cuewalk.domain.intents import (
    URGENT_COMMANDS,
    Answer,
    Command,
    CommandSaid,
    ConstructSaid,
    CorrectionSaid,
    DenialSaid,
    Expect,
    Intent,
    RatingRangeSaid,
    RatingSaid,
    RatingWithoutNumber,
    ReadySaid,
    SideSaid,
)
from cuewalk.language.schema import CommandsFile

#: Makes the intent from the value of the one list in the phrase (None where there is no list).
IntentOf = Callable[[Any], Intent]

#: Meaningful only when "end the session, or carry on?" was asked; "carry on" elsewhere resumes.
_END_OR_CARRY_ON = (Command.END, Command.CARRY_ON)
_URGENT = tuple(c for c in Command if c in URGENT_COMMANDS)
_PLAIN = tuple(c for c in Command if c not in (*_URGENT, *_END_OR_CARRY_ON))
_NUMBER = ("whole", "value", "a_value", "decimal")


@dataclass(frozen=True)
class Phrases:
    """The templates of one meaning. ``when`` None: always understood. Exactly one of ``lists`` is in each."""

    keypath: tuple[str, ...]
    templates: tuple[str, ...]
    when: Expect | None
    meaning: IntentOf
    lists: frozenset[str] = frozenset()
    #: False keeps the phrases out of the recogniser's grammar: understood, never suggested.
    heard: bool = True
    #: How many of the templates, the last ones, are the person's own.
    own: int = 0

    @property
    def name(self) -> str:
        """A name usable in hassil and JSGF."""
        return "_".join(self.keypath)

    def understood(self, expects: frozenset[Expect]) -> bool:
        """Whether these phrases mean anything while ``expects`` is being waited for."""
        return self.when is None or self.when in expects


def precedence(file: CommandsFile) -> tuple[Phrases, ...]:
    """Return all phrases; where an utterance has several meanings, the first understood row decides.

    1. stop, pause, that hurts: nothing is ever asked that they could answer.
    2. end / carry on, when just asked: "carry on" answers the question instead of resuming.
    3. the word that is waited for: "ready", "I'm steady", "no, I'm fine"; or that it is not so.
    4. yes / no, when asked: before ratings, so that "none" to a yes-no question is a no and never a zero.
    5. side, construct, when asked: "right" is a side then.
    6. ratings, when asked.
    7. corrections: always; they carry their own "no", "I said" or "not".
    8. the other commands: always.
    9. a bare "no", when a rating is asked and no yes or no: the last number was wrong.
    10. sound-alikes of numbers, when a rating is asked: only when nothing else fits.
    """

    def row(
        group: str,
        name: str,
        when: Expect | None,
        meaning: Intent | IntentOf,
        *lists: str,
        heard: bool = True,
    ) -> Phrases:
        part = getattr(file, group)
        templates = part[name] if isinstance(part, Mapping) else getattr(part, name)
        said = meaning if callable(meaning) else lambda _: meaning
        return Phrases((group, str(name)), templates, when, said, frozenset(lists), heard)

    rating, ready, steady, denial = Expect.RATING, Expect.READY, Expect.STEADY, Expect.DENIAL
    end, yes_no = Expect.END_OR_CARRY_ON, Expect.YES_NO
    unwell = CommandSaid(command=Command.SOMETHING_WRONG)
    return (
        *(row("commands", name, None, CommandSaid(command=name)) for name in _URGENT),
        *(row("commands", name, end, CommandSaid(command=name)) for name in _END_OR_CARRY_ON),
        row("waiting", "ready", ready, ReadySaid()),
        row("waiting", "steady", steady, ReadySaid()),
        row("waiting", "denial", denial, DenialSaid()),
        row("waiting", "not_yet_steady", steady, CommandSaid(command=Command.READY)),
        row("waiting", "not_steady", steady, unwell),
        row("waiting", "not_fine", denial, unwell),
        row("answers", "yes", yes_no, Answer(yes=True)),
        row("answers", "no", yes_no, Answer(yes=False)),
        *(row("sides", side, Expect.SIDE, SideSaid(side=side)) for side in file.sides),
        *(row("constructs", each, Expect.CONSTRUCT, ConstructSaid(rated=each)) for each in file.constructs),
        row("ratings", "value", rating, lambda value: RatingSaid(value=value), *_NUMBER),
        row("ratings", "zero", rating, RatingSaid(value=0)),
        row("ratings", "range", rating, _range, "range"),
        row("ratings", "between", rating, _range, "between"),
        row("ratings", "same", rating, RatingWithoutNumber(hint="same")),
        row("ratings", "better", rating, RatingWithoutNumber(hint="better")),
        row("ratings", "worse", rating, RatingWithoutNumber(hint="worse")),
        row("ratings", "worst_ever", rating, RatingWithoutNumber(hint="worst_ever")),
        row("ratings", "beyond", rating, RatingWithoutNumber(hint="beyond")),
        row("corrections", "value", None, lambda value: CorrectionSaid(value=value), *_NUMBER),
        row("corrections", "replaced", None, lambda value: CorrectionSaid(value=value), "replaced"),
        row("corrections", "rejected", None, lambda _: CorrectionSaid(), *_NUMBER),
        row("corrections", "wrong", None, CorrectionSaid()),
        *(row("commands", name, None, CommandSaid(command=name)) for name in _PLAIN),
        row("corrections", "doubt", rating, CorrectionSaid()),
        row("ratings", "homophone", rating, lambda value: RatingSaid(value=value), "homophone", heard=False),
    )


def _range(pair: tuple[float, float]) -> Intent:
    return RatingRangeSaid(low=pair[0], high=pair[1])
