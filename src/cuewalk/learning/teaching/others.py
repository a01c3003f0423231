"""Which phrases sound alike, as espeak-ng pronounces them, and words that must trigger nothing."""

import difflib
import random
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from cuewalk.language.pack import LocalePack
from cuewalk.learning.teaching.phrase import meanings_of
from cuewalk.speech_out.chorus import pronunciations
from cuewalk.speech_out.line import speakable

SpokenWords = Mapping[str, tuple[str, ...]]
#: Two phrases pronounced the same in at least this share of the accents are one phrase. Design.
_SAME: Final = 0.25
#: The share of the other words that are those of the cues that sound most like the phrase. Design.
_NEAREST: Final = 1 / 3
#: Words with at least this likeness are forms of one word, or rhymes; hardly anybody could tell them apart.
_TWINS: Final = 0.6


def spoken(locale: str, texts: Sequence[str], accents: int | None = None) -> SpokenWords:
    """Return how each text is pronounced in every accent or in a few; () each where espeak-ng is missing."""
    return pronunciations(locale, list(dict.fromkeys(texts)), accents)


def nearest(phrase: str, texts: Sequence[str], sounds: SpokenWords, count: int) -> list[str]:
    """Return the texts that sound most like the phrase, nearest first."""
    return sorted(texts, key=lambda text: (-likeness(sounds[phrase], sounds[text]), text))[:count]


def same_sound(phrase: str, texts: Sequence[str], sounds: SpokenWords) -> str | None:
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


def meaningless_words(pack: LocalePack) -> list[str]:
    """Return the decoys, then every word of the locale's lines that means nothing by itself, each once."""
    lines = speakable(" ".join(pack.every_line()).casefold())
    words = "".join(letter if letter.isalpha() or letter == "'" else " " for letter in lines).split()
    candidates = dict.fromkeys([*pack.decoys, *(word for word in words if word.isalpha() and len(word) > 1)])
    return [word for word in candidates if not any(meanings_of(pack, word))]


class OtherWords(NamedTuple):
    """``twins`` are pronounced nearly like the phrase ("easy", "easier"): reported, but no objection."""

    twins: list[str]
    words: list[str]


def other_words(pack: LocalePack, phrase: str, count: int) -> OtherWords:
    """Return meaningless words: some that sound most like the phrase, and a seeded draw of others."""
    words = [word for word in meaningless_words(pack) if word != phrase]
    sounds = spoken(pack.code, [phrase, *words], accents=1)
    near = nearest(phrase, words, sounds, int(count * _NEAREST)) if sounds[phrase] else []
    twins = [word for word in near if likeness(sounds[phrase], sounds[word]) >= _TWINS]
    rest = [word for word in words if word not in near]
    draw = random.Random(phrase)  # noqa: S311  (no secret)
    mixed = [word for word in near if word not in twins]
    mixed += draw.sample(rest, min(len(rest), count - len(near)))
    draw.shuffle(mixed)
    return OtherWords(twins, mixed)
