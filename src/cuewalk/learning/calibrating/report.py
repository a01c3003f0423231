"""What was learned of a voice, in sentences that are spoken and printed."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from cuewalk.domain.intents import RatingSaid
from cuewalk.language.pack import LocalePack
from cuewalk.learning.calibrating.asking import Course
from cuewalk.learning.calibrating.texts import EXPECTS, Texts
from cuewalk.learning.personal import Learned
from cuewalk.spotting.head import NOISE, UNKNOWN

#: Two words sound alike if a held-back take of one may be the other with this probability, to the head that
#: will listen.
_ALIKE: Final = 0.25
#: More pairs than this nobody remembers.
_PAIRS: Final = 3


def report(course: Course, learned: Learned, texts: Texts, pack: LocalePack) -> list[str]:
    """Return how many words were heard, what is alike, and what was learned."""
    says, words = texts.says, texts.words
    lines = [says.heard.format(heard=len(words) - len(course.missed), count=len(words))]
    if course.missed:
        lines.append(says.missed.format(words=", ".join(course.missed)))
    for word, other in alike(learned)[:_PAIRS]:
        lines.append(
            says.alike.format(word=word, other=other, instead=_instead(word, texts, pack, learned.labels))
        )
    return [*lines, _learned(learned, texts)]


def alike(learned: Learned) -> list[tuple[str, str]]:
    """Return pairs of words that the held-back takes confuse, the most alike first, each pair once."""
    pairs: dict[frozenset[str], tuple[float, str, str]] = {}
    for probability, word, other in _confused(learned):
        pair = frozenset({word, other})
        if probability > pairs.get(pair, (0.0, "", ""))[0]:
            pairs[pair] = (probability, word, other)
    return [(word, other) for _, word, other in sorted(pairs.values(), reverse=True)]


def _confused(learned: Learned) -> Iterator[tuple[float, str, str]]:
    checked = learned.checked
    if checked is None:
        return
    probabilities = checked.general if learned.head is None else checked.personal
    for row, label in zip(probabilities, checked.labels, strict=True):
        word = learned.labels[label]
        for number in np.flatnonzero(row >= _ALIKE):
            other = learned.labels[number]
            if number != label and other not in {UNKNOWN, NOISE}:
                yield float(row[number]), word, other


def _instead(word: str, texts: Texts, pack: LocalePack, labels: tuple[str, ...]) -> str:
    """Return what to say in the place of a word that is easily misheard."""
    meaning = pack.interpret(word, EXPECTS)
    if isinstance(meaning, RatingSaid):
        return f'"{texts.says.instead_number.format(word=word)}"'
    others = [label for label in labels if word not in label and pack.interpret(label, EXPECTS) == meaning]
    return f'"{max(others, key=len)}"' if others else texts.says.instead_else


def _learned(learned: Learned, texts: Texts) -> str:
    says, checked = texts.says, learned.checked
    if checked is None:
        return says.too_few
    general, own = checked.right
    if learned.head is None:
        return says.as_good
    line = says.better if own > general else says.surer
    return line.format(count=len(checked.labels), own=own, general=general)
