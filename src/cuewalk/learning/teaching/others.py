"""Words that must trigger nothing: the pack's decoys, and words that our own cues are made of."""

import random
from dataclasses import dataclass

from cuewalk.language.pack import LocalePack
from cuewalk.learning.teaching import alike
from cuewalk.learning.teaching.phrase import meanings_of
from cuewalk.speech_out.line import speakable

#: Of these, so many are the cues' words that sound most like the phrase.
_ALIKE = 1 / 3
#: Words of so large a likeness are forms of one word, or rhymes; hardly anybody could tell them apart.
_TWINS = 0.6


def meaningless_words(pack: LocalePack) -> list[str]:
    """Return the decoys, then every word of the locale's lines that means nothing by itself, each once."""
    lines = " ".join(pack.every_line()).casefold()
    words = "".join(
        letter if letter.isalpha() or letter == "'" else " " for letter in speakable(lines)
    ).split()
    candidates = dict.fromkeys([*pack.decoys, *(word for word in words if word.isalpha() and len(word) > 1)])
    return [word for word in candidates if not any(meanings_of(pack, word))]


@dataclass(frozen=True, slots=True)
class OtherWords:
    """``twins`` are pronounced nearly like the phrase ("easy", "easier"): told, but no reason against it."""

    twins: list[str]
    words: list[str]


def other_words(pack: LocalePack, phrase: str, count: int) -> OtherWords:
    """Return meaningless words: some that sound most like the phrase, and a seeded draw of others."""
    words = [word for word in meaningless_words(pack) if word != phrase]
    sounds = alike.spoken(pack.code, [phrase, *words], accents=1)
    near = alike.nearest(phrase, words, sounds, int(count * _ALIKE)) if sounds[phrase] else []
    twins = [word for word in near if alike.likeness(sounds[phrase], sounds[word]) >= _TWINS]
    rest = [word for word in words if word not in near]
    draw = random.Random(phrase)  # noqa: S311  (no secret)
    mixed = [
        *(word for word in near if word not in twins),
        *draw.sample(rest, min(len(rest), count - len(near))),
    ]
    draw.shuffle(mixed)
    return OtherWords(twins, mixed)
