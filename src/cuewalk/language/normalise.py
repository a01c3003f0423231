"""What was heard or typed, brought into the form of the templates: lower-case words, digits read as words."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cuewalk.language.numbers import SpokenNumbers, slot_entries
from cuewalk.language.schema import LocaleFile, NumbersFile

_NUMERAL = r"\d{1,2}(?:\.\d+)?"
_OVER_TEN = re.compile(rf"(?<![\w./-])({_NUMERAL})\s*/\s*10(?![\w/]|\.\d)")
#: Last in a character class, so that the hyphen is no range.
_DASH = "\u2013-"
_SPAN = re.compile(rf"(?<![\w./-])({_NUMERAL})\s*[{_DASH}]\s*({_NUMERAL})(?![\w/-]|\.\d)")
#: A sign, a slash or a letter beside a numeral makes it something else ("-4", "4/5", "4th"): left alone.
_ALONE = re.compile(rf"(?<![\w./+\u2212{_DASH}])({_NUMERAL})(?![\w/%{_DASH}]|\.\d)")
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(\d{1,2}),(\d{1,2})(?![\d.,])")
_HYPHEN_IN_WORD = re.compile(rf"(?<=[^\W\d_])[{_DASH}](?=[^\W\d_])")
_CLOSING = '.,!?;:"\u2026\u201c\u201d\u00ab\u00bb\u3002\u3001\uff1f\uff01'
_PUNCTUATION = re.compile(rf"[{_CLOSING}]+(?=\s|$)|(?:(?<=\s)|^)[\"\u201c\u201e\u00ab]+")
#: "No!chest pain": between letters these end a word all the same.
_BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d_])[.,!?;:\u2026\u3002\u3001\uff1f\uff01]+(?=[^\W\d_])")
#: Marks that end a clause, as dashes between spaces do; a quotation mark ends none.
_CLAUSE_ENDS = re.compile(r"[.,!?;:\u2026\u3002\u3001\uff1f\uff01]")
_DASHES = re.compile(rf"[\u2014{_DASH}]+")
_ASKS = re.compile(r"[?\uff1f]")
_LOUD = re.compile(r"[!\uff01]")
#: Stands for the end of a clause among the words: a character of nobody's alphabet.
_CLAUSE = "\ue000"


@dataclass(frozen=True)
class Typed:
    """Typed text: its words without hesitations at either end, and the same words by clauses."""

    words: tuple[str, ...]
    clauses: tuple[tuple[str, ...], ...]
    #: Whether it has an exclamation mark, or is one word in capitals: "HELP".
    loud: bool = False
    #: Whether it is, or has in it, a question.
    asks: bool = False
    #: Whether a digit was typed.
    digits: bool = False


@dataclass(frozen=True)
class Normaliser:
    """Turns raw text into the words that templates are made of; unknown characters stay and match nothing."""

    typed: Mapping[str, str]
    over_ten: str
    span: str
    fillers: frozenset[str]
    #: Other spellings of a word ("ok": "okay").
    spellings: Mapping[str, str]

    @classmethod
    def of(cls, numbers: NumbersFile, spoken: SpokenNumbers, locale: LocaleFile) -> "Normaliser":
        """Build the table of typed numerals from the ratings that have words."""
        values = [value for _, value in slot_entries(numbers)["value"] if isinstance(value, float)]
        typed = {f"{value:g}": spoken.say(f"{value:g}") for value in values}
        fillers, spellings = frozenset(locale.fillers), locale.spellings
        return cls(typed, numbers.typed_over_ten, numbers.typed_range, fillers, spellings)

    def words(self, text: str) -> tuple[str, ...]:
        """Return the words of ``text`` without hesitations at either end; () if nothing is left."""
        return self.split(text).words

    def split(self, text: str) -> Typed:
        """Return the words of ``text`` and where one clause ends: "no! chest pain" denies nothing."""
        plain = unicodedata.normalize("NFC", text).casefold().replace("\u2019", "'")
        marked = _PUNCTUATION.sub(_mark, self._digits_read(plain.replace(_CLAUSE, " ")))
        marked = _BETWEEN_LETTERS.sub(_mark, marked)
        found = [self.spellings.get(word, word) for word in _HYPHEN_IN_WORD.sub(" ", marked).split()]
        words = [word for word in found if word != _CLAUSE]
        first = next((at for at, word in enumerate(words) if word not in self.fillers), len(words))
        last = next((at for at in range(len(words), first, -1) if words[at - 1] not in self.fillers), first)
        return Typed(
            words=tuple(words[first:last]),
            clauses=tuple(_clauses(found)),
            loud=_is_loud(text),
            asks=bool(_ASKS.search(text)),
            digits=any(character.isdigit() for character in text),
        )

    def _digits_read(self, text: str) -> str:
        text = _DECIMAL_COMMA.sub(r"\1.\2", text)
        text = _OVER_TEN.sub(self._read_over_ten, text)
        text = _SPAN.sub(self._read_span, text)
        return _ALONE.sub(lambda found: self._read(found[1]), text)

    def _read(self, numeral: str) -> str:
        """Return the word of a numeral, or the numeral itself when it is no rating (it matches nothing)."""
        return self.typed.get(f"{float(numeral):g}", numeral)

    def _read_over_ten(self, found: re.Match[str]) -> str:
        return self.over_ten.replace("{value}", self._read(found[1]))

    def _read_span(self, found: re.Match[str]) -> str:
        low, high = self._read(found[1]), self._read(found[2])
        return self.span.replace("{low}", low).replace("{high}", high)


def _is_loud(text: str) -> bool:
    word = text.strip()
    return bool(_LOUD.search(text)) or (word.isalpha() and word.isupper() and len(word) > 1)


def _mark(found: re.Match[str]) -> str:
    """Return a space for punctuation, with the mark of a clause's end in it where it ends one."""
    return f" {_CLAUSE} " if _CLAUSE_ENDS.search(found[0]) else " "


def _clauses(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    clause: list[str] = []
    for word in words:
        if word == _CLAUSE or _DASHES.fullmatch(word):
            yield tuple(clause)
            clause = []
        else:
            clause.append(word)
    yield tuple(clause)
