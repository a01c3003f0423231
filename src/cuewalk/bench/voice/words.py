"""Which words of a line were missed: two texts brought to the same spelling, then aligned. Pure.

Only what sounds the same is made equal: case, punctuation, figures, short forms, where a compound is parted,
and words that differ in nothing but their letters. A recogniser cannot hear those, so none is the voice's.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_SMALL: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
#: The same sounds (American English) in another spelling.
_SAME: Final = {
    "ok": "okay",
    "alright": "all right",
    "cannot": "can not",
    "too": "to",
    "two": "to",
    "for": "four",
    "ate": "eight",
    "won": "one",
    "heal": "heel",
    "he'll": "heel",
    "tow": "toe",
    "souls": "soles",
    "soul": "sole",
    "wait": "weight",
    "brake": "break",
    "role": "roll",
    "towards": "toward",
    "grey": "gray",
}
#: Endings that stand for a whole word; "'s" does so after these words only.
_SHORT: Final = {"n't": "not", "'m": "am", "'re": "are", "'ve": "have", "'ll": "will"}
_WITH_IS: Final = frozenset({"it", "that", "what", "there", "here", "who", "where", "he", "she", "how"})
_WHOLE: Final = {"won't": "will not", "can't": "can not", "let's": "let us", "shan't": "shall not"}


@dataclass(frozen=True, slots=True)
class Missed:
    """The words of a line that were not heard as they are, and how many were heard that are not in it."""

    words: tuple[str, ...]
    of: int
    inserted: int


def missed(line: str, heard: str) -> Missed:
    """Return what of ``line`` is not in what was ``heard``, by the alignment that costs least."""
    wanted = words_of(line)
    found = _parted_alike(wanted, words_of(heard))
    lost, pairs = _aligned(wanted, found)
    return Missed(tuple(lost), len(wanted), len(found) - pairs)


def words_of(text: str) -> list[str]:
    """Return the words of a text in one spelling."""
    plain = unicodedata.normalize("NFKD", text.lower()).replace("\u2019", "'")
    spoken = re.sub(r"\d+", lambda digits: f" {_in_words(digits[0])} ", plain)
    found = re.findall(r"[a-z]+(?:'[a-z]+)*", spoken.replace("-", " "))
    return [part for word in found for part in _spelled(word)]


def _in_words(digits: str) -> str:
    number = int(digits)
    if number < len(_SMALL):
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    if number < 100:  # noqa: PLR2004 - two digits
        return f"{_TENS[tens - 2]} {_SMALL[ones] if ones else ''}"
    return " ".join(_SMALL[int(digit)] for digit in digits)


def _spelled(word: str) -> list[str]:
    if word in _SAME:
        return _SAME[word].split()
    if word in _WHOLE:
        return _WHOLE[word].split()
    for ending, whole in _SHORT.items():
        if word.endswith(ending):
            return [word.removesuffix(ending), whole]
    if word.endswith("'s") and word[:-2] in _WITH_IS:
        return [word[:-2], "is"]
    return [word]


def _parted_alike(wanted: Sequence[str], heard: Iterable[str]) -> list[str]:
    """Return what was heard, with compounds in one word or two as they are wanted ("rib cage", "ribcage")."""
    pairs = {first + second: [first, second] for first, second in pairwise(wanted)}
    whole, parted = set(wanted), list[str]()
    for word in heard:
        if parted and parted[-1] + word in whole:
            parted[-1] += word
        elif word in pairs and word not in whole:
            parted += pairs[word]
        else:
            parted.append(word)
    return parted


def _aligned(wanted: Sequence[str], heard: Sequence[str]) -> tuple[list[str], int]:
    """Return the wanted words that were missed, and how many heard ones stand for a wanted one.

    Each word left out, put in or replaced costs one.
    """
    costs = [[row + column for column in range(len(heard) + 1)] for row in range(len(wanted) + 1)]
    for row, word in enumerate(wanted, 1):
        for column, found in enumerate(heard, 1):
            costs[row][column] = min(
                costs[row - 1][column - 1] + (word != found),
                costs[row - 1][column] + 1,
                costs[row][column - 1] + 1,
            )
    row, column, lost, pairs = len(wanted), len(heard), list[str](), 0
    while row and column:
        same = wanted[row - 1] == heard[column - 1]
        if costs[row][column] == costs[row - 1][column - 1] + (not same):
            row, column, pairs = row - 1, column - 1, pairs + 1
            lost += [] if same else [wanted[row]]
        elif costs[row][column] == costs[row - 1][column] + 1:
            row -= 1
            lost.append(wanted[row])
        else:
            column -= 1
    return [*wanted[:row], *reversed(lost)], pairs
