"""Phrases with alternatives and gaps, looked for inside of what was typed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from hassil import parse_sentence
from hassil.errors import HassilError
from hassil.expression import Alternative, Expression, RuleReference, Sequence, TextChunk
from hassil.parser import ParseError

from cuewalk.language.errors import PhraseError

Units = tuple[str, ...]
#: Yields where each way through a phrase ends that begins at an index of the units.
Matcher = Callable[[Units, int], Iterator[int]]

#: In place of a word that is part of something harmless; no phrase has it.
MASKED: Final = ""
#: A gap in a phrase ("pain ... left arm" is also "pain going all down my left arm"), and its longest, in
#: words. Design choice: what stands between within one clause, not a second thought.
_GAP, _LONGEST_GAP = "...", 4
#: Ends a phrase that counts only where the text has an exclamation mark, or is one word in capitals; and one
#: that counts only as a whole clause ("doctor.").
_LOUD, _WHOLE = "!", "."
_SYNTAX: Final = frozenset("([<")


@dataclass(frozen=True)
class PhrasePart:
    """A part of a phrase: where it ends, which units it can begin with, whether no unit at all is one."""

    match: Matcher
    firsts: frozenset[str]
    empty: bool = False


#: Parts by the name by which phrases refer to them.
Groups = Mapping[str, PhrasePart]


@dataclass(frozen=True)
class Pattern:
    """One phrase of ``[loosely.contains]``."""

    match: Matcher
    loud: bool
    whole: bool
    #: Whether it is written out word by word: only such a phrase is looked for across a comma.
    plain: bool
    #: Every unit that it can begin with, which rules most texts out at once.
    firsts: frozenset[str]

    def ends(self, units: Units, at: int) -> frozenset[int]:
        """Return where it may end in ``units`` when it begins at ``at``."""
        if units[at] not in self.firsts or (self.whole and at):
            return frozenset()
        return frozenset(end for end in self.match(units, at) if not self.whole or end == len(units))


def pattern(text: str, groups: Groups, *, joined: bool, keypath: tuple[str, ...]) -> Pattern:
    """Return the phrase, written as a template in which "..." is a gap of a few words.

    Raises:
        PhraseError: for broken brackets or a group that does not exist.
    """
    loud, whole = text.endswith(_LOUD), text.endswith(_WHOLE) and not text.endswith(_GAP)
    bare = text[:-1] if loud or whole else text
    part = part_of(bare, groups, joined=joined, keypath=keypath)
    plain = _SYNTAX.isdisjoint(bare) and _GAP not in bare
    return Pattern(part.match, loud, whole, plain, part.firsts)


def part_of(text: str, groups: Groups, *, joined: bool, keypath: tuple[str, ...]) -> PhrasePart:
    """Return a part of phrases; it may refer to ``groups``.

    Raises:
        PhraseError: for broken brackets or a group that does not exist.
    """
    try:
        return _part(parse_sentence(text, keep_text=True).expression, groups, joined=joined)
    except KeyError as error:
        problem = f"{text!r} has the group {error}, which is not there."
        remedy = "Write it under [loosely.groups], before its use."
        raise PhraseError("commands", keypath, problem, remedy) from error
    except (ParseError, HassilError, AssertionError) as error:
        problem = f"the phrase {text!r} cannot be read: {error}."
        remedy = "Close every bracket: (a|b) for one of two, [a] for an optional part, <group> for a group."
        raise PhraseError("commands", keypath, problem, remedy) from error


def plain_word(word: str) -> str:
    """Return a word without apostrophes: "cant breathe" is typed in a hurry."""
    return word.replace("'", "")


def units_of(words: Units, *, joined: bool) -> Units:
    """Return words as they are compared: a unit is a word, or a letter where a language joins words."""
    plain = tuple(map(plain_word, words))
    return tuple("".join(plain)) if joined else plain


def _part(expression: Expression, groups: Groups, *, joined: bool) -> PhrasePart:
    match expression:
        case TextChunk(text=text):
            return _chunk(tuple(text.split()), joined=joined)
        case Sequence(items=items):
            return _in_row([_part(item, groups, joined=joined) for item in items])
        case Alternative(items=items):
            return _one_of([_part(item, groups, joined=joined) for item in items])
        case RuleReference(rule_name=name):
            return groups[name]
        case _:
            raise HassilError(f"{type(expression).__name__} is not used here")


def _chunk(words: Units, *, joined: bool) -> PhrasePart:
    if _GAP in words:
        at = words.index(_GAP)
        before, after = (_chunk(some, joined=joined) for some in (words[:at], words[at + 1 :]))
        return _in_row([before, PhrasePart(_gap, frozenset(), empty=True), after])
    if not words:
        return PhrasePart(_nothing, frozenset(), empty=True)
    wanted = units_of(words, joined=joined)
    length = len(wanted)

    def match(units: Units, at: int) -> Iterator[int]:
        if units[at : at + length] == wanted:
            yield at + length

    return PhrasePart(match, frozenset(wanted[:1]))


def _nothing(_: Units, at: int) -> Iterator[int]:
    yield at


def _gap(units: Units, at: int) -> Iterator[int]:
    for end in range(at, min(at + _LONGEST_GAP, len(units)) + 1):
        if MASKED in units[at:end]:
            return
        yield end


def _in_row(parts: list[PhrasePart]) -> PhrasePart:
    parts = [part for part in parts if part.match is not _nothing]

    def match(units: Units, at: int) -> Iterator[int]:
        ends = {at}
        for part in parts:
            ends = {end for begin in ends for end in part.match(units, begin)}
        yield from ends

    needed = next((i for i, part in enumerate(parts) if not part.empty), len(parts))
    firsts = frozenset[str]().union(*(part.firsts for part in parts[: needed + 1]))
    return PhrasePart(match, firsts, empty=needed == len(parts))


def _one_of(parts: list[PhrasePart]) -> PhrasePart:
    def match(units: Units, at: int) -> Iterator[int]:
        for part in parts:
            yield from part.match(units, at)

    firsts = frozenset[str]().union(*(part.firsts for part in parts))
    return PhrasePart(match, firsts, empty=any(part.empty for part in parts))
