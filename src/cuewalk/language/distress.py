"""What is urgent in typed text: it counts anywhere in a sentence, unless it is denied in the same clause."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Final

from cuewalk.domain.intents import DISTRESS, Command
from cuewalk.language.normalise import Typed
from cuewalk.language.patterns import (
    MASKED,
    Pattern,
    PhrasePart,
    Units,
    part_of,
    pattern,
    plain_word,
    units_of,
)
from cuewalk.language.schema import LooselyFile
from cuewalk.language.spelling import Spelling, squeezed

#: The gravest first: of several kinds in one sentence the first is acted on. "Stop, that hurts" is a stop.
_GRAVEST_FIRST: Final = (
    Command.EMERGENCY,
    Command.FELL,
    Command.SOMETHING_WRONG,
    Command.STOP,
    Command.HURTS,
    Command.HELP,
)


@dataclass(frozen=True)
class Distress:
    """Finds words of distress, and those that stop, phrase by phrase; for each field see `LooselyFile`.

    A unit is a word; where a language writes words together or apart as it likes (``joined``), a letter.
    """

    joined: bool
    phrases: Mapping[Command, tuple[Pattern, ...]]
    #: Every run of one letter squeezed, so that "owwww" is one of them.
    cries: frozenset[str]
    harmless: tuple[Units, ...]
    denials: tuple[Units, ...]
    reaching: tuple[Units, ...]
    wanting: tuple[Units, ...]
    none: tuple[Units, ...]
    less: tuple[Units, ...]
    #: Those of ``none`` that are no numbers.
    no: tuple[Units, ...]
    denied_after: tuple[Units, ...]
    carried_on: tuple[Units, ...]
    cannot: tuple[Pattern, ...]
    beside_stop: frozenset[str]
    questions: tuple[Pattern, ...]
    spelling: Spelling

    @classmethod
    def of(
        cls, file: LooselyFile, known: frozenset[str] = frozenset(), numbers: frozenset[str] = frozenset()
    ) -> "Distress":
        """Take the phrases of a locale.

        ``known`` are words that are no misspelling of others. ``numbers`` are words of numbers: "zero help"
        does not deny "help", as "zero pain" denies the pain.

        Raises:
            PhraseError: for a phrase that cannot be read.
        """

        def units(texts: Sequence[str]) -> tuple[Units, ...]:
            return tuple(units_of(tuple(text.split()), joined=file.joined) for text in texts)

        groups: dict[str, PhrasePart] = {}
        for name, text in file.groups.items():
            groups[name] = part_of(text, groups, joined=file.joined, keypath=("loosely", "groups", name))

        def patterns(texts: Sequence[str], *keypath: str) -> tuple[Pattern, ...]:
            where = ("loosely", *keypath)
            return tuple(pattern(text, groups, joined=file.joined, keypath=where) for text in texts)

        return cls(
            joined=file.joined,
            phrases={each: patterns(texts, "contains", each.value) for each, texts in file.contains.items()},
            cries=frozenset(map(squeezed, file.cries)),
            harmless=tuple(sorted(units(file.harmless), key=len, reverse=True)),
            denials=units(file.denials),
            reaching=units(file.reaching),
            wanting=units(file.wanting),
            none=units(file.none),
            less=units(file.less),
            no=units([text for text in file.none if text not in numbers]),
            denied_after=units(file.denied_after),
            carried_on=units(file.carried_on),
            cannot=patterns(file.cannot, "cannot"),
            beside_stop=frozenset(map(plain_word, file.beside_stop)),
            questions=patterns(file.questions, "questions"),
            spelling=Spelling(units_of(file.mistyped, joined=False), known | {*file.spelt_right}),
        )

    def in_text(self, typed: Typed, wanted: frozenset[Command] = DISTRESS) -> Command | None:
        """Return the gravest kind of ``wanted`` that the text speaks of, or None."""
        clauses = [self._masked(self._units(clause)) for clause in typed.clauses]
        for command in _GRAVEST_FIRST:
            if command in wanted and self._speaks_of(command, clauses, loud=typed.loud):
                return command
        firsts = [clause[0].replace("'", "") for clause in (typed.words, *typed.clauses) if clause]
        cries = Command.HURTS in wanted and not self.cries.isdisjoint(map(squeezed, firsts))
        return Command.HURTS if cries else None

    def is_cannot(self, words: Sequence[str]) -> bool:
        """Return whether the words say, and nothing else, that the person cannot do it."""
        units = self._units(words)
        return any(len(units) in phrase.ends(units, 0) for phrase in self.cannot)

    def is_only_stop(self, typed: Typed) -> bool:
        """Return whether the text is nothing but a stop, or that one cannot do it."""
        phrases = (*self.phrases.get(Command.STOP, ()), *self.cannot)
        stops, rest = 0, list[str]()
        for clause in typed.clauses:
            units = self._masked(self._units(clause))
            spans = [span for phrase in phrases for span in _spans(units, phrase)]
            stops += len(spans)
            covered = {at for start, end in spans for at in range(start, end)}
            rest += [unit for at, unit in enumerate(units) if at not in covered]
        return stops > 0 and self.beside_stop.issuperset(rest)

    def is_question(self, typed: Typed) -> bool:
        """Return whether the text asks, by its words."""
        units = self._units(typed.words)
        return any(any(_spans(units, phrase)) for phrase in self.questions)

    def _units(self, clause: Sequence[str]) -> Units:
        units = units_of(tuple(clause), joined=self.joined)
        return units if self.joined else tuple(map(self.spelling.meant, units))

    def _speaks_of(self, command: Command, clauses: Sequence[Units], *, loud: bool) -> bool:
        there = frozenset().union(*clauses)
        phrases = [each for each in self.phrases.get(command, ()) if not each.firsts.isdisjoint(there)]
        sought = phrases if loud else [phrase for phrase in phrases if not phrase.loud]
        if any(self._says(clause, phrase, command) for clause in clauses for phrase in sought):
            return True
        return len(clauses) > 1 and _across(clauses, sought)

    def _says(self, clause: Units, phrase: Pattern, command: Command) -> bool:
        return any(
            not self._denied(clause[:at], command)
            and not any(clause[end:][: len(denial)] == denial for denial in self.denied_after)
            for at, end in _spans(clause, phrase)
        )

    def _denied(self, before: Units, command: Command) -> bool:
        if command is Command.STOP:
            return self._denied_by(before, (*self.reaching, *self.wanting))
        none = {Command.HURTS: (*self.none, *self.less), Command.HELP: self.no}.get(command, self.none)
        if _end_of(before, none):
            return True
        if joint := _end_of(before, self.carried_on):
            return self._denied_with(before[: -len(joint)], command)
        return self._denied_by(before, self.reaching)

    def _denied_by(self, before: Units, between: Sequence[Units]) -> bool:
        while not _end_of(before, self.denials):
            reaching = _end_of(before, between)
            if not reaching:
                return False
            before = before[: -len(reaching)]
        return True

    def _denied_with(self, before: Units, command: Command) -> bool:
        """Return whether the distress that ``before`` ends with is denied, and what an "or" adds with it."""
        every = [phrase for phrases in self.phrases.values() for phrase in phrases]
        rests = {at for phrase in every for at, end in _spans(before, phrase) if end == len(before)}
        rests |= {len(before) - len(phrase) for phrase in self.reaching if before[-len(phrase) :] == phrase}
        return any(
            self._denied(before[:at], command) or self._denied_with(before[:at], command) for at in rests
        )

    def _masked(self, clause: Units) -> Units:
        for phrase in self.harmless:
            for at in range(len(clause) - len(phrase) + 1):
                if clause[at : at + len(phrase)] == phrase:
                    clause = (*clause[:at], *(MASKED for _ in phrase), *clause[at + len(phrase) :])
        return clause


def _spans(units: Units, phrase: Pattern) -> Iterator[tuple[int, int]]:
    return ((at, end) for at in range(len(units)) for end in phrase.ends(units, at) if end > at)


def _end_of(units: Units, phrases: Sequence[Units]) -> Units:
    """Return the longest of ``phrases`` that ``units`` ends with, () if none."""
    found = [phrase for phrase in phrases if units[-len(phrase) :] == phrase]
    return max(found, key=len, default=())


def _across(clauses: Sequence[Units], phrases: Sequence[Pattern]) -> bool:
    """Return whether a comma tears a phrase apart ("can't, breathe"); nothing denies such a phrase."""
    whole = tuple(chain.from_iterable(clauses))
    begins = set(accumulate(map(len, clauses[:-1]), initial=0))
    spans = (span for phrase in phrases if phrase.plain for span in _spans(whole, phrase))
    return any(begins & set(range(start + 1, end)) for start, end in spans)
