"""What every group of phrases means, when it is understood, and which goes first: the one table of it."""

from collections.abc import Callable, Iterable, Iterator
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
Meaning = Callable[[Any], Intent]

#: Meaningful only when "end the session, or carry on?" was asked; "carry on" elsewhere resumes.
_END_OR_CARRY_ON = (Command.END, Command.CARRY_ON)
_PLAIN = tuple(c for c in Command if c not in URGENT_COMMANDS and c not in _END_OR_CARRY_ON)
_URGENT = tuple(c for c in Command if c in URGENT_COMMANDS)
_NUMBER = frozenset({"whole", "value", "a_value", "decimal"})


@dataclass(frozen=True)
class Phrases:
    """The templates of one meaning. ``when`` None: always understood. Exactly one of ``lists`` is in each."""

    keypath: tuple[str, ...]
    templates: tuple[str, ...]
    when: Expect | None
    meaning: Meaning
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
    return (
        *_commands(file, _URGENT, None),
        *_commands(file, _END_OR_CARRY_ON, Expect.END_OR_CARRY_ON),
        *_waiting(file),
        *_answers(file),
        *_choices(file),
        *_ratings(file),
        *_corrections(file),
        *_commands(file, _PLAIN, None),
        *_last_resorts(file),
    )


def _always(intent: Intent) -> Meaning:
    return lambda _: intent


def _rating(value: float) -> Intent:
    return RatingSaid(value=value)


def _commands(file: CommandsFile, names: Iterable[Command], when: Expect | None) -> Iterator[Phrases]:
    for name in names:
        meaning = _always(CommandSaid(command=name))
        yield Phrases(("commands", name.value), file.commands[name], when, meaning)


def _waiting(file: CommandsFile) -> Iterator[Phrases]:
    words = file.waiting
    yield Phrases(("waiting", "ready"), words.ready, Expect.READY, _always(ReadySaid()))
    yield Phrases(("waiting", "steady"), words.steady, Expect.STEADY, _always(ReadySaid()))
    yield Phrases(("waiting", "denial"), words.denial, Expect.DENIAL, _always(DenialSaid()))
    unwell = _always(CommandSaid(command=Command.SOMETHING_WRONG))
    ready = _always(CommandSaid(command=Command.READY))
    yield Phrases(("waiting", "not_yet_steady"), words.not_yet_steady, Expect.STEADY, ready)
    yield Phrases(("waiting", "not_steady"), words.not_steady, Expect.STEADY, unwell)
    yield Phrases(("waiting", "not_fine"), words.not_fine, Expect.DENIAL, unwell)


def _answers(file: CommandsFile) -> Iterator[Phrases]:
    for name, yes in (("yes", True), ("no", False)):
        templates = getattr(file.answers, name)
        yield Phrases(("answers", name), templates, Expect.YES_NO, _always(Answer(yes=yes)))


def _choices(file: CommandsFile) -> Iterator[Phrases]:
    for side, templates in file.sides.items():
        yield Phrases(("sides", side.value), templates, Expect.SIDE, _always(SideSaid(side=side)))
    for rated, templates in file.constructs.items():
        meaning = _always(ConstructSaid(rated=rated))
        yield Phrases(("constructs", rated.value), templates, Expect.CONSTRUCT, meaning)


def _ratings(file: CommandsFile) -> Iterator[Phrases]:
    def row(name: str, meaning: Meaning, lists: frozenset[str] = frozenset()) -> Phrases:
        return Phrases(("ratings", name), getattr(file.ratings, name), Expect.RATING, meaning, lists)

    yield row("value", _rating, _NUMBER)
    yield row("zero", _always(RatingSaid(value=0)))
    yield row("range", lambda pair: RatingRangeSaid(low=pair[0], high=pair[1]), frozenset({"range"}))
    yield row("between", lambda pair: RatingRangeSaid(low=pair[0], high=pair[1]), frozenset({"between"}))
    yield row("same", _always(RatingWithoutNumber(hint="same")))
    yield row("better", _always(RatingWithoutNumber(hint="better")))
    yield row("worse", _always(RatingWithoutNumber(hint="worse")))
    yield row("worst_ever", _always(RatingWithoutNumber(hint="worst_ever")))
    yield row("beyond", _always(RatingWithoutNumber(hint="beyond")))


def _corrections(file: CommandsFile) -> Iterator[Phrases]:
    def row(name: str, meaning: Meaning, lists: frozenset[str] = frozenset()) -> Phrases:
        return Phrases(("corrections", name), getattr(file.corrections, name), None, meaning, lists)

    yield row("value", lambda value: CorrectionSaid(value=value), _NUMBER)
    yield row("replaced", lambda value: CorrectionSaid(value=value), frozenset({"replaced"}))
    yield row("rejected", _always(CorrectionSaid()), _NUMBER)
    yield row("wrong", _always(CorrectionSaid()))


def _last_resorts(file: CommandsFile) -> Iterator[Phrases]:
    doubt, sounds = file.corrections.doubt, file.ratings.homophone
    yield Phrases(("corrections", "doubt"), doubt, Expect.RATING, _always(CorrectionSaid()))
    lists = frozenset({"homophone"})
    yield Phrases(("ratings", "homophone"), sounds, Expect.RATING, _rating, lists, heard=False)
