"""What was heard or typed, brought into the form of the templates: lower-case words, digits read as words."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from cuewalk.language.numbers import SpokenNumbers, slot_entries
from cuewalk.language.schema import NumbersFile

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


@dataclass(frozen=True)
class Normaliser:
    """Turns raw text into the words that templates are made of; unknown characters stay and match nothing."""

    typed: Mapping[str, str]
    over_ten: str
    span: str
    fillers: frozenset[str]

    @classmethod
    def of(cls, numbers: NumbersFile, spoken: SpokenNumbers, fillers: tuple[str, ...]) -> "Normaliser":
        """Build the table of typed numerals from the ratings that have words."""
        values = [value for _, value in slot_entries(numbers)["value"] if isinstance(value, float)]
        typed = {f"{value:g}": spoken.say(f"{value:g}") for value in values}
        return cls(typed, numbers.typed_over_ten, numbers.typed_range, frozenset(fillers))

    def words(self, text: str) -> tuple[str, ...]:
        """Return the words of ``text`` without hesitations at either end; () if nothing is left."""
        plain = unicodedata.normalize("NFC", text).casefold().replace("\u2019", "'")
        plain = _PUNCTUATION.sub(" ", self._digits_read(plain))
        words = _HYPHEN_IN_WORD.sub(" ", plain).split()
        while words and words[0] in self.fillers:
            words = words[1:]
        while words and words[-1] in self.fillers:
            words = words[:-1]
        return tuple(words)

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
