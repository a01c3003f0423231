"""What people type in their own words: polite frames, distress anywhere, numbers off the scale.

The templates say what can be heard; every phrase more is one more that a recogniser takes another for. What
is typed has no such cost, so it is read more generously here, after the templates. A number that is not
surely the answer is one to ask back, never one to write down.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from cuewalk.domain import intents
from cuewalk.domain.intents import (
    Command,
    CommandSaid,
    CorrectionSaid,
    Expect,
    Intent,
    RatingGuessed,
    RatingSaid,
)
from cuewalk.language.distress import Distress
from cuewalk.language.normalise import Typed
from cuewalk.language.schema import WHOLE, CommandsFile, LooselyFile, NumbersFile

Words = tuple[str, ...]
#: Reads words by the templates alone.
Exactly = Callable[[Words, frozenset[Expect]], Intent | None]

#: Words of an answer of which the number is taken. Design choice: in a longer sentence it is less likely the
#: answer to "how much?".
_SHORT_ANSWER: Final = 6
#: The scale has halves.
_HALVES: Final = 2
_STOP: Final = frozenset({Command.STOP})
_HELP: Final = frozenset({Command.HELP})
_PAIN: Final = frozenset({Command.HURTS})
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
#: What makes a session go on; not where it was hedged or asked: somebody unsteady would be led on.
_LEADS_ON: Final = frozenset({Command.READY, Command.RESUME, Command.CARRY_ON, Command.NEXT})
#: These may as well; "can we skip this" asks for it all the same.
_LEADS_AWAY: Final = frozenset({Command.SKIP, Command.DONE, Command.BACK})
_NUMERAL: Final = re.compile(r"[-\u2212]?\d{1,6}(?:[.,]\d{1,6})?")


@dataclass(frozen=True)
class Loosely:
    """Reads words that no template matches as a whole."""

    file: LooselyFile
    numbers: Mapping[str, int]
    #: Words of numbers that the scale does not have.
    beyond: frozenset[str]
    #: Words that only sound like a number.
    homophones: frozenset[str]
    exactly: Exactly
    distress: Distress = field(repr=False)

    @classmethod
    def of(cls, file: CommandsFile, numbers: NumbersFile, exactly: Exactly) -> "Loosely":
        """Take the number words of the locale and its templates."""
        words = {word: number.value for number in numbers.numbers for word in number.words}
        beyond = {word for text in file.ratings.beyond for word in text.split()} - {"a", *words}
        homophones = {word for number in numbers.numbers for word in number.homophones}
        known = frozenset(_words_in(file.model_dump())) | words.keys() | homophones
        distress = Distress.of(file.loosely, known, frozenset(words))
        return cls(file.loosely, words, frozenset(beyond), frozenset(homophones), exactly, distress)

    def trouble(self, typed: Typed) -> Intent | None:
        """Return the distress that the text speaks of, whatever else it says."""
        command = self.distress.in_text(typed)
        return CommandSaid(command=command) if command is not None else None

    def read(self, typed: Typed, expects: frozenset[Expect]) -> Intent | None:
        """Return what the text means, or None; its words have no meaning as they are, and no distress."""
        if not typed.words:
            return None
        # Nobody moves while a note is taken, and it may well be about what hurts, or when one had to stop.
        if Expect.NOTE in expects:
            if self.distress.is_only_stop(typed):
                return CommandSaid(command=Command.STOP)
        else:
            # "0 help" is no zero.
            urgent = self.distress.in_text(typed, _STOP | _PAIN) or self.distress.in_text(typed, _HELP)
            if urgent is not None:
                return CommandSaid(command=urgent)
        return self._perhaps_nobody(self._unframed(typed.words, expects), typed)

    def questioned(self, found: Intent | None, typed: Typed, expects: frozenset[Expect]) -> Intent | None:
        """Return what a question means: it is no answer and no word that leads on, so it is asked again.

        Whoever asks "I'm fine?" is not sure of it. A number is one to ask back; in a note all is the note.
        Where nothing was asked it means nothing that is known, which holds a movement. Without a question
        mark only what would lead on is a question ("can we go on"): the others are requests.
        """
        if Expect.NOTE in expects:
            return found
        again = CommandSaid(command=Command.REPEAT) if expects else None
        leads_on = _is_leading_on(found)
        if not typed.asks:
            return again if leads_on and self.distress.is_question(typed) else found
        if isinstance(found, RatingSaid | CorrectionSaid) and found.value is not None:
            return RatingGuessed(value=found.value)
        return again if leads_on or _is_answer(found) else found

    def _unframed(self, words: Words, expects: frozenset[Expect]) -> Intent | None:
        for inner in self._frames_off(words):
            found = (self.exactly(inner, expects) if inner != words else None) or self._meant(inner, expects)
            if found is not None:
                return self._certain(found, words, inner)
        return self._number_in(words) if Expect.RATING in expects else None

    def doubted(self, found: Intent | None, typed: Typed) -> Intent | None:
        """Return a number as one to ask back where only a word was typed that is another one too: "to"."""
        if isinstance(found, RatingSaid):
            sounds = not self.homophones.isdisjoint(typed.words)
            return RatingGuessed(value=found.value) if sounds else found
        return self._perhaps_nobody(found, typed)

    def _perhaps_nobody(self, found: Intent | None, typed: Typed) -> Intent | None:
        if not isinstance(found, CorrectionSaid) or found.value is None or found.value % 1 or typed.digits:
            return found
        clauses = (f" {' '.join(clause)} " for clause in typed.clauses)
        nobody = any(f" {text} " in clause for clause in clauses for text in self.file.nobody)
        return RatingGuessed(value=found.value) if nobody else found

    def _certain(self, found: Intent, words: Words, inner: Words) -> Intent | None:
        """Return what the words inside of the frames mean, unless the frames make it too doubtful to take.

        A rating needs a number in it: "nothing, thanks" and "for today" are asked back.
        """
        if inner == words:
            return found
        if isinstance(found, RatingSaid) and not (_has_digit(inner) or set(inner) & self.numbers.keys()):
            return RatingGuessed(value=found.value)
        return None if _is_leading_on(found) and self._hedged(words, inner) else found

    def _hedged(self, words: Words, inner: Words) -> bool:
        at = next(at for at in range(len(words)) if words[at : at + len(inner)] == inner)
        frames = (" ".join(words[:at]), " ".join(words[at + len(inner) :]))
        return any(f" {hedge} " in f" {frame} " for frame in frames for hedge in self.file.hedges)

    def _frames_off(self, words: Words) -> Iterator[Words]:
        """Yield the words, and what is left of them when polite frames are taken off one by one."""
        yield words
        while (inner := self._one_off(words)) != words:
            yield inner
            words = inner

    def _one_off(self, words: Words) -> Words:
        for frame in self.file.before:
            first = tuple(frame.split())
            if len(first) < len(words) and words[: len(first)] == first:
                return words[len(first) :]
        for frame in self.file.after:
            last = tuple(frame.split())
            if len(last) < len(words) and words[-len(last) :] == last:
                return words[: -len(last)]
        return words

    def _meant(self, words: Words, expects: frozenset[Expect]) -> Intent | None:
        text = " ".join(words)
        for new, old in self.file.instead.items():
            if new in text and (found := self.exactly(tuple(text.replace(new, old).split()), expects)):
                return found
        if (answer := self._expected(words, expects)) is not None:
            return answer
        if self.distress.is_cannot(words):
            return intents.CannotSaid()
        command = next((c for c, phrases in self.file.commands.items() if text in phrases), None)
        return CommandSaid(command=command) if command is not None else None

    def _expected(self, words: Words, expects: frozenset[Expect]) -> Intent | None:
        """Return the words as an answer to what is asked, None if they are none."""
        text = " ".join(words)
        if Expect.YES_NO in expects and text in {*self.file.yes, *self.file.no}:
            return intents.Answer(yes=text in self.file.yes)
        if Expect.DENIAL in expects and text in self.file.denial:
            return intents.DenialSaid()
        return self._rating(words) if Expect.RATING in expects else None

    def _rating(self, words: Words) -> Intent | None:
        text = " ".join(words)
        if (value := self._value(words)) is not None:
            return _on_the_scale(value)
        if text in self.file.zero:
            return RatingGuessed(value=0)
        hints: tuple[tuple[Literal["unsure", "part", "vague", "beyond"], Sequence[str]], ...] = (
            ("unsure", self.file.unsure),
            ("part", self.file.part),
            ("vague", self.file.vague),
            ("beyond", self.file.above),
        )
        return next((intents.RatingWithoutNumber(hint=hint) for hint, texts in hints if text in texts), None)

    def _value(self, words: Words) -> float | None:
        """Return the number that all of the words are: "7.2", "4,5", "seven point two", "minus two"."""
        if len(words) > 1 and words[0] in self.file.minus:
            amount = self._amount(words[1:])
            return None if amount is None else -amount
        # A number word alone is the templates' own.
        return None if len(words) == 1 and words[0] in self.numbers else self._amount(words)

    def _amount(self, words: Words) -> float | None:
        first, rest = words[0], words[1:]
        if not rest and _NUMERAL.fullmatch(first):
            return float(first.replace("\u2212", "-").replace(",", "."))
        whole = self.numbers.get(first)
        if whole is None or not rest:
            return whole
        if rest[0] in self.file.point and (digits := self._digits(rest[1:])):
            return float(f"{whole}.{digits}")
        more = self.file.parts_more.get(" ".join(rest))
        return None if more is None else whole + more

    def _digits(self, words: Words) -> str:
        """Return the digits that the words are, "" unless each is one."""
        digits = [self.numbers.get(word, WHOLE[-1]) for word in words]
        return "".join(map(str, digits)) if all(digit < WHOLE[-1] for digit in digits) else ""

    def _number_in(self, words: Words) -> Intent | None:
        """Return the one number of a short answer, to be asked back; none of one that denies or divides."""
        if self._is_beyond(words):
            return intents.RatingWithoutNumber(hint="beyond")
        found, numeral = [self.numbers[word] for word in words if word in self.numbers], _has_digit(words)
        if not found and not numeral:
            return None
        short = len(found) == 1 and len(words) <= _SHORT_ANSWER
        clear = short and not numeral and self._unclear.isdisjoint(words)
        return RatingGuessed(value=found[0]) if clear else intents.RatingWithoutNumber(hint="vague")

    def _is_beyond(self, words: Words) -> bool:
        text = " ".join(words)
        return not self.beyond.isdisjoint(words) or any(above in text for above in self.file.above)

    @cached_property
    def _unclear(self) -> frozenset[str]:
        """Words that make a number beside them another one, or none."""
        unclear = {*self.file.denials, *self.file.minus, *self.file.point, *self.file.less}
        unclear |= {text for text in self.file.none if " " not in text}
        unclear |= {word for text in self.file.part for word in text.split()}
        return frozenset(unclear) - {"a", *self.numbers}


def _is_answer(found: Intent | None) -> bool:
    """Return whether it answers a question, or leads away from it."""
    away = isinstance(found, CommandSaid) and found.command in _LEADS_AWAY
    return away or isinstance(
        found, intents.Answer | intents.CannotSaid | intents.ConstructSaid | intents.SideSaid
    )


def _is_leading_on(found: Intent | None) -> bool:
    command = isinstance(found, CommandSaid) and found.command in _LEADS_ON
    return command or isinstance(found, intents.ReadySaid | intents.DenialSaid)


def _words_in(value: object) -> Iterator[str]:
    """Yield every word of a file's texts, without apostrophes: none is a misspelling of another."""
    if isinstance(value, str):
        yield from (word.replace("'", "") for word in _WORD.findall(value))
    elif isinstance(value, Mapping):
        yield from (word for each in value.values() for word in _words_in(each))
    elif isinstance(value, tuple | list):
        yield from (word for each in value for word in _words_in(each))


def _has_digit(words: Words) -> bool:
    return any(character.isdigit() for word in words for character in word)


def _on_the_scale(value: float) -> Intent:
    """Return a number of the scale; between two of its steps both of them, to ask which."""
    if not WHOLE[0] <= value <= WHOLE[-1] or value * _HALVES >= WHOLE[-1] * _HALVES + 1:
        return intents.RatingWithoutNumber(hint="beyond")
    low = math.floor(value * _HALVES) / _HALVES
    return (
        RatingSaid(value=value) if low == value else intents.RatingRangeSaid(low=low, high=low + 1 / _HALVES)
    )
