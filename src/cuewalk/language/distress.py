"""Distress in typed text: it counts anywhere in a sentence, unless it is denied in the same clause."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cuewalk.domain.intents import DISTRESS, Command
from cuewalk.language.normalise import Typed
from cuewalk.language.schema import LooselyFile

Units = tuple[str, ...]

#: The gravest first: of several kinds in one sentence this one is acted on.
_GRAVEST_FIRST: Final = (Command.EMERGENCY, Command.FELL, Command.SOMETHING_WRONG, Command.HURTS)
#: Ends a phrase that counts only where the text has an exclamation mark ("help!").
_LOUD: Final = "!"
#: In place of a word that is part of something harmless; no phrase has it.
_MASKED: Final = ""


@dataclass(frozen=True)
class Distress:
    """Finds words of distress, phrase by phrase.

    A unit is a word; where a language writes words together or apart as it likes (``joined``), a letter.
    """

    joined: bool
    phrases: Mapping[Command, tuple[tuple[Units, bool], ...]]
    cries: frozenset[str]
    harmless: tuple[Units, ...]
    #: What denies the words after it, and what may stand between ("not really dizzy").
    denials: tuple[Units, ...]
    reaching: tuple[Units, ...]
    #: What says right before the words that there is none of it ("no chest pain"), or less (of pain).
    none: tuple[Units, ...]
    less: tuple[Units, ...]
    #: What denies the words before it, where a language has that.
    denied_after: tuple[Units, ...]
    #: "or" carries a denial on: "not dizzy or sick".
    carried_on: tuple[Units, ...]

    @classmethod
    def of(cls, file: LooselyFile) -> "Distress":
        """Take the phrases of a locale."""

        def units(texts: Sequence[str]) -> tuple[Units, ...]:
            return tuple(_units(text.split(), joined=file.joined) for text in texts)

        phrases = {
            command: tuple(zip(units([t.rstrip(_LOUD) for t in texts]), map(_is_loud, texts), strict=True))
            for command, texts in file.contains.items()
        }
        return cls(
            joined=file.joined,
            phrases=phrases,
            cries=frozenset(map(_plain, file.cries)),
            harmless=units(file.harmless),
            denials=units(file.denials),
            reaching=units(file.reaching),
            none=units(file.none),
            less=units(file.less),
            denied_after=units(file.denied_after),
            carried_on=units(file.carried_on),
        )

    def in_text(self, typed: Typed, wanted: frozenset[Command] = DISTRESS) -> Command | None:
        """Return the gravest kind of distress of ``wanted`` that the text speaks of, or None."""
        clauses = [self._masked(_units(clause, joined=self.joined)) for clause in typed.clauses]
        for command in _GRAVEST_FIRST:
            if command in wanted and self._speaks_of(command, clauses, loud=typed.loud):
                return command
        cries = typed.words and _plain(typed.words[0]) in self.cries
        return Command.HURTS if cries and Command.HURTS in wanted else None

    def _speaks_of(self, command: Command, clauses: Sequence[Units], *, loud: bool) -> bool:
        sought = [phrase for phrase, only_loud in self.phrases.get(command, ()) if loud or not only_loud]
        # What a comma tears apart ("can't, breathe") is looked for across clauses as well; nothing denies it.
        torn = len(clauses) > 1 and any(_across(clauses, phrase) for phrase in sought)
        return torn or any(self._says(clause, phrase, command) for clause in clauses for phrase in sought)

    def _says(self, clause: Units, phrase: Units, command: Command) -> bool:
        return any(
            not self._denied(clause[:at], command) and not self._taken_back(clause[at + len(phrase) :])
            for at in _places(clause, phrase)
        )

    def _denied(self, before: Units, command: Command) -> bool:
        none = (*self.none, *self.less) if command is Command.HURTS else self.none
        if _end_of(before, none):
            return True
        if joint := _end_of(before, self.carried_on):
            return self._denied_with(before[: -len(joint)], command)
        while reaching := _end_of(before, self.reaching):
            before = before[: -len(reaching)]
        return bool(_end_of(before, self.denials))

    def _denied_with(self, before: Units, command: Command) -> bool:
        """Return whether the distress that ``before`` ends with is denied, and what an "or" adds with it."""
        every = [phrase for phrases in self.phrases.values() for phrase, _ in phrases]
        ends = [phrase for phrase in every if phrase and before[-len(phrase) :] == phrase]
        ends += [phrase for phrase in self.reaching if before[-len(phrase) :] == phrase]
        rests = [before[: -len(phrase)] for phrase in ends]
        return any(self._denied(rest, command) or self._denied_with(rest, command) for rest in rests)

    def _taken_back(self, after: Units) -> bool:
        return any(after[: len(denial)] == denial for denial in self.denied_after)

    def _masked(self, clause: Units) -> Units:
        for phrase in self.harmless:
            for at in _places(clause, phrase):
                clause = (*clause[:at], *(_MASKED for _ in phrase), *clause[at + len(phrase) :])
        return clause


def _is_loud(text: str) -> bool:
    return text.endswith(_LOUD)


def _plain(word: str) -> str:
    """Return a word without apostrophes: "cant breathe" is typed in a hurry."""
    return word.replace("'", "")


def _units(words: Sequence[str], *, joined: bool) -> Units:
    plain = tuple(map(_plain, words))
    return tuple("".join(plain)) if joined else plain


def _end_of(units: Units, phrases: Sequence[Units]) -> Units:
    """Return the longest of ``phrases`` that ``units`` ends with, () if none."""
    found = [phrase for phrase in phrases if units[-len(phrase) :] == phrase]
    return max(found, key=len, default=())


def _places(units: Units, wanted: Units) -> Iterator[int]:
    length = len(wanted)
    return (at for at in range(len(units) - length + 1) if units[at : at + length] == wanted)


def _across(clauses: Sequence[Units], phrase: Units) -> bool:
    """Return whether ``phrase`` stands in the text with a clause beginning inside of it."""
    whole = tuple(unit for clause in clauses for unit in clause)
    begins, at = set(), 0
    for clause in clauses:
        begins.add(at)
        at += len(clause)
    return any(begins & set(range(at + 1, at + len(phrase))) for at in _places(whole, phrase))
