"""Number words: the slot lists of the templates, typed digits read as words, and numbers spoken aloud."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hassil.numbers import get_rbnf_engine

from cuewalk.domain.errors import BugError
from cuewalk.language.errors import PhraseError
from cuewalk.language.schema import WHOLE, NumbersFile
from cuewalk.language.templates import check_words

#: What a list entry means: a rating, or (low, high).
NumberOrRange = float | tuple[float, float]
Entries = tuple[tuple[str, NumberOrRange], ...]

#: The largest whole number that a prompt may contain. Design choice: a hold has at most 600 s.
LARGEST_SPOKEN = 999
_HALF, _TENTHS = 0.5, 10

#: What each pattern of the file must contain.
_PLACES: Mapping[str, tuple[str, ...]] = {
    "halves": ("{number}",),
    "ranges": ("{low}", "{high}"),
    "either": ("{low}", "{high}"),
    "decimals": ("{low}", "{high}"),
    "replacements": ("{old}", "{new}"),
    "typed_over_ten": ("{value}",),
    "typed_range": ("{low}", "{high}"),
}


def check_numbers(file: NumbersFile) -> None:
    """Check that number words can be heard and that patterns have their places.

    Raises:
        PhraseError: for the first one that cannot or has not.
    """
    for index, number in enumerate(file.numbers):
        for form in ("words", "article", "homophones"):
            for place, word in enumerate(getattr(number, form)):
                check_words("numbers", ("numbers", index, form, place), word)
    for key, places in _PLACES.items():
        patterns = getattr(file, key)
        for index, pattern in enumerate((patterns,) if isinstance(patterns, str) else patterns):
            keypath = (key,) if isinstance(patterns, str) else (key, index)
            check_words("numbers", keypath, pattern)
            if any(pattern.count(place) != 1 for place in places):
                problem = f"{pattern!r} needs {' and '.join(places)} once."
                raise PhraseError("numbers", keypath, problem, "The number words are put in there.")


def slot_entries(file: NumbersFile) -> Mapping[str, Entries]:
    """Return every ``{list}`` that templates may use.

    ``whole`` 0-10; ``value`` 0-10 with halves; ``a_value`` the same with an article; ``decimal`` halves in
    their other forms; ``range`` (low, high); ``between`` the two steps of the scale around a tenth;
    ``replaced`` the new value; ``homophone`` sound-alikes.
    """
    whole = tuple(_each(file, "words"))
    article = tuple(_each(file, "article"))
    return {
        "whole": whole,
        "value": whole + tuple(_halves(whole, file.halves[:1])),
        "a_value": article + tuple(_halves(article, file.halves[:1])),
        "decimal": tuple(_halves(whole, file.halves[1:])),
        "range": tuple(_ranges(whole, file)),
        "between": tuple(_between(whole, file)),
        "replaced": tuple(_replacements(whole, file)),
        "homophone": tuple(_each(file, "homophones")),
    }


def _each(file: NumbersFile, form: str) -> Iterator[tuple[str, float]]:
    for number in sorted(file.numbers, key=lambda number: number.value):
        for word in getattr(number, form):
            yield word, float(number.value)


def _halves(whole: tuple[tuple[str, float], ...], patterns: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    """Yield "four and a half" for each pattern; there is no half above the largest number."""
    for word, value in whole:
        if value < WHOLE[-1]:
            for pattern in patterns:
                yield pattern.replace("{number}", word), value + _HALF


def _ranges(
    whole: tuple[tuple[str, float], ...], file: NumbersFile
) -> Iterator[tuple[str, tuple[float, float]]]:
    for low_word, low in whole:
        for high_word, high in whole:
            if 0 < high - low <= file.widest_range:
                for pattern in (*file.ranges, *file.either):
                    yield _pair(pattern, low=low_word, high=high_word), (low, high)
                for pattern in file.either:
                    yield _pair(pattern, low=high_word, high=low_word), (low, high)


def _between(
    whole: tuple[tuple[str, float], ...], file: NumbersFile
) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield "seven point two" as (7, 7.5) for every tenth that is no half."""
    for word, value in whole:
        for tenth, digit in whole:
            if value < WHOLE[-1] and 0 < digit < WHOLE[-1] and digit != _TENTHS * _HALF:
                low = value + (_HALF if digit > _TENTHS * _HALF else 0.0)
                for pattern in file.decimals:
                    yield _pair(pattern, low=word, high=tenth), (low, low + _HALF)


def _replacements(whole: tuple[tuple[str, float], ...], file: NumbersFile) -> Iterator[tuple[str, float]]:
    for old_word, old in whole:
        for new_word, new in whole:
            if old != new:
                for pattern in file.replacements:
                    yield _pair(pattern, old=old_word, new=new_word), new


def _pair(pattern: str, **words: str) -> str:
    for name, word in words.items():
        pattern = pattern.replace(f"{{{name}}}", word)
    return pattern


@dataclass(frozen=True)
class SpokenNumbers:
    """Says numerals in words: the locale's own words up to ten, the language's rules above."""

    locale: str
    words: Mapping[int, str]
    half: str

    @classmethod
    def of(cls, locale: str, file: NumbersFile) -> "SpokenNumbers":
        """Take the first word of each number and the first pattern of a half."""
        return cls(locale, {number.value: number.words[0] for number in file.numbers}, file.halves[0])

    def say(self, numeral: str) -> str:
        """Return "3" as "three" and "4.5" as "four and a half".

        Raises:
            BugError: if it is not a number from 0 to 999 in steps of one half.
        """
        try:
            value = float(numeral)
        except ValueError as error:
            raise BugError(f"{numeral!r} is not a number to speak.") from error
        halves = value * 2
        if not (halves.is_integer() and 0 <= value <= LARGEST_SPOKEN):
            raise BugError(f"{numeral} cannot be spoken: 0 to {LARGEST_SPOKEN} in steps of one half.")
        word = self._whole(int(value))
        return word if value.is_integer() else self.half.replace("{number}", word)

    def _whole(self, value: int) -> str:
        if value in self.words:
            return self.words[value]
        return str(get_rbnf_engine(self.locale).format_number(value).text)
