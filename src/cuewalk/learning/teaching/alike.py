"""Which phrases sound like another one, judged by how espeak-ng would pronounce them in every accent."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Final

from cuewalk.speech_out.chorus import pronunciations

Spoken = Mapping[str, tuple[str, ...]]
#: In so large a share of the accents two phrases have to be pronounced the same to be the same for us.
_SAME: Final = 0.25


def spoken(locale: str, texts: Sequence[str], accents: int | None = None) -> Spoken:
    """Return how each text is pronounced in every accent or in a few; () each where espeak-ng is missing."""
    return pronunciations(locale, list(dict.fromkeys(texts)), accents)


def nearest(phrase: str, texts: Sequence[str], sounds: Spoken, count: int) -> list[str]:
    """Return the texts that sound most like the phrase, nearest first."""
    return sorted(texts, key=lambda text: (-likeness(sounds[phrase], sounds[text]), text))[:count]


def same_sound(phrase: str, texts: Sequence[str], sounds: Spoken) -> str | None:
    """Return a text that is pronounced just like the phrase in a fair share of the accents, if any."""
    for text in texts:
        pairs = list(zip(sounds[phrase], sounds[text], strict=True))
        if pairs and sum(a == b for a, b in pairs) >= _SAME * len(pairs):
            return text
    return None


def likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return how much of two pronunciations is the same, 0-1: the mean over the accents."""
    ratios = [difflib.SequenceMatcher(None, a, b).ratio() for a, b in zip(one, other, strict=True)]
    return sum(ratios) / len(ratios) if ratios else 0.0
