"""Words of trouble that were mistyped: a letter off, two swapped, drawn out ("dizzt", "hlep", "stopppp")."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

#: Letters of the shortest word that may be one letter off, and in which two neighbours may be swapped. Design
#: choice: a shorter word is easily another one.
_LONG, _SWAPPED = 5, 4
_DRAWN_OUT: Final = re.compile(r"([^\W\d_])\1{2,}")
_RUN: Final = re.compile(r"([^\W\d_])\1+")


@dataclass(frozen=True)
class Spelling:
    """Finds what a word was meant to be. Numbers are none of its words, and nothing else is read with it."""

    #: Words that may be mistyped, and all words that are right as they are.
    wanted: Collection[str]
    right: Collection[str]

    def meant(self, word: str) -> str:
        """Return the word that was meant, or the word itself."""
        if self._is_known(word) or not word.isalpha():
            return word
        if _DRAWN_OUT.search(word):
            for once in (_DRAWN_OUT.sub(r"\1\1", word), _DRAWN_OUT.sub(r"\1", word)):
                if self._is_known(once):
                    return once
        return next((each for each in self.wanted if _is_near(word, each)), word)

    def _is_known(self, word: str) -> bool:
        return word in self.right or word in self.wanted


def squeezed(word: str) -> str:
    """Return a word with every run of one letter as that letter: "owwww" and "oww" are "ow"."""
    return _RUN.sub(r"\1", word)


def _is_near(word: str, wanted: str) -> bool:
    if len(wanted) >= _SWAPPED and _is_swapped(word, wanted):
        return True
    return len(wanted) >= _LONG and word[0] == wanted[0] and _is_one_off(word, wanted)


def _is_swapped(word: str, wanted: str) -> bool:
    ways = range(len(word) - 1) if sorted(word) == sorted(wanted) else ()
    return any(word[:at] + word[at + 1] + word[at] + word[at + 2 :] == wanted for at in ways)


def _is_one_off(word: str, wanted: str) -> bool:
    """Return whether one letter less, more or other makes the one of the other."""
    short, long = sorted((word, wanted), key=len)
    at = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]
