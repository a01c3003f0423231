"""A whole language without a recording of anybody: every short phrase of its pack, spoken by its voices."""

import random
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import RatingSaid
from cuewalk.domain.sound import Floats
from cuewalk.files.looking import there
from cuewalk.journal.lock import not_during_a_session
from cuewalk.language.pack import LocalePack
from cuewalk.learning.teaching.keeping import keep_language
from cuewalk.learning.teaching.others import meaningless_words
from cuewalk.learning.teaching.phrase import meanings_of
from cuewalk.learning.teaching.studio import Plan, ShareDone, SpokenTakes, Studio
from cuewalk.learning.teaching.verdict import HEARD, Confusion, Count, Meant
from cuewalk.models.heads import own_head, shipped_head
from cuewalk.spotting.augment import made_noises
from cuewalk.spotting.head import NOISE, UNKNOWN, Head, softmax
from cuewalk.spotting.rehearsal import Rehearsal, remember
from cuewalk.spotting.training import Examples, Labels, Recipe, together, train

#: Weights of labels beside that of a plain phrase, 1. Design: a wrong number is the worst error, and most of
#: what a microphone hears is none of the phrases.
_NUMBER, _UNKNOWN, _NOISE = 2.0, 20.0, 8.0
#: The least share of held-back takes whose likeliest meaning must be the right one. Design.
_ENOUGH: Final = 0.6
#: Scripts in which people write words together that the pack writes apart.
_JOINING: Final = frozenset({"HANGUL", "CJK", "HIRAGANA", "KATAKANA", "THAI"})
#: Phrases spoken for the estimate, and the time that speaking and learning take, in times that of speaking.
_TRIED, _LEARNING = 3, 1.25
#: Longest phrase of the person's own that is learned, in words.
_WORDS: Final = 3
#: A phrase sounds like another if at least this share of its takes is heard as that one. Design.
_ALIKE: Final = 0.2
#: Temperatures tried: smoothed labels and dropout leave a head less sure than it may be.
_TEMPERATURES: Final = np.geomspace(0.4, 4.0, 24)


@dataclass(frozen=True, slots=True)
class LanguageEffort:
    """How much is spoken and learned; the defaults take a few minutes on two cores."""

    phrase: Plan
    other: Plan
    other_words: int
    noises: int
    recipe: Recipe
    members: int


FULL: Final = LanguageEffort(
    Plan(espeak=16, main=16, ways=2), Plan(espeak=4, main=4, ways=1), 160, 400, Recipe(epochs=24), 2
)


@dataclass(frozen=True, slots=True)
class Scores:
    """Counts of held-back takes, other words and noises, that the head has not learned from."""

    right: Count  # the likeliest meaning is the right one
    heard: Count  # it is, and sure enough to be obeyed
    wrong: Count  # obeyed as something else
    invented: Count  # other words that would be obeyed
    noise: Count  # noises that would be obeyed
    alike: tuple[Confusion, ...]


@dataclass(frozen=True, slots=True)
class LanguageOutcome:
    """The outcome of teaching a language."""

    locale: str
    phrases: int
    voices: int
    scores: Scores
    notices: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether the head is good enough to be kept."""
        return self.scores.right.part >= _ENOUGH * self.scores.right.whole


@not_during_a_session("Nothing can be taught")
def teach_language(
    locale: str,
    progress: ShareDone,
    announce: Callable[[str], None],
    effort: LanguageEffort = FULL,
    phrases: Sequence[str] | None = None,
) -> LanguageOutcome:
    """Train a head for a locale on synthetic voices, and keep it.

    Args:
        locale: the locale's code.
        progress: told the share done (0-1).
        announce: told, in a sentence, how long it will take.
        effort: how much is spoken and learned.
        phrases: other phrases than all the short ones of the pack.

    Raises:
        CuewalkError: if the locale has a head that was trained with recordings, or no voice speaks it.
    """
    if shipped_head(locale).exists():
        raise CuewalkError(
            f"{locale} comes with a head that was trained with people's recordings.",
            meaning="One made of synthetic voices would hear less well, so nothing was changed.",
            remedy="Teach it single phrases: cuewalk teach PHRASE --as COMMAND",
        )
    pack = load_pack(locale)
    own = [phrase.says for phrase in pack.own if len(phrase.says.split()) <= _WORDS]
    learned = list(phrases) if phrases is not None else sorted({*pack.spotted_phrases(), *own})
    with closing(Studio(locale)) as studio:
        course = _Course(studio, pack, learned, progress, effort)
        announce(course.estimate())
        head, scores = course.run()
    notices = ["Your calibrated head was made from an older one. Calibrate again: cuewalk calibrate"]
    told = tuple(notices) if there(own_head(locale, "personal")) else ()
    outcome = LanguageOutcome(locale, len(learned), len(studio.voices), scores, told)
    if outcome.kept:
        keep_language(locale, *head)
    return outcome


class _Course:
    def __init__(
        self,
        studio: Studio,
        pack: LocalePack,
        phrases: list[str],
        progress: ShareDone,
        effort: LanguageEffort,
    ) -> None:
        self._studio, self._progress, self._effort, self._phrases = studio, progress, effort, phrases
        self._words = _other_words(pack, effort.other_words)
        self._meaning = cache(lambda label: meanings_of(pack, label))

    def estimate(self) -> str:
        """Say how long it will take, after trying a few phrases."""
        self._studio.speak(self._phrases[:1], Plan(1, 1, 0), lambda _done: None)  # loads the networks
        start = time.perf_counter()
        tried = self._phrases[:: max(1, len(self._phrases) // _TRIED)][:_TRIED]
        self._studio.speak(tried, self._effort.phrase, lambda _done: None)
        each = (time.perf_counter() - start) / max(len(tried), 1)
        minutes = each * (len(self._phrases) + len(self._words) / 4) * _LEARNING / 60
        return (
            f"{len(self._phrases)} phrases are spoken by {len(self._studio.voices)} voices. "
            f"This takes about {max(1, round(minutes))} min."
        )

    def run(self) -> tuple[tuple[Head, Rehearsal], Scores]:
        """Return the head, what it remembers, and its scores on held-back voices, words and noises."""
        takes = self._speak()
        words = self._studio.speak(self._words, self._effort.other, self._part(0.6, 0.15))
        noises = self._studio.listen(made_noises(self._effort.noises))
        unseen = np.isin(words.text, self._words[::4])
        quarter = len(noises) // 4
        learned = takes.where(~takes.held)
        head, rehearsal = self._learn(learned, words.features[~unseen], noises[quarter:])
        held = takes.where(takes.held)
        names = [*map(str, held.text), *[UNKNOWN] * int(unseen.sum())]
        labels = np.array([head.labels.index(name) for name in names], np.int64)
        judged = np.concatenate([held.features, words.features[unseen]])
        head = replace(head, temperature=_temperature(head, judged, labels))
        said = [str(text) for text in held.text]
        scores = _scored(head, (held.features, said), words.features[unseen], noises[:quarter], self._meaning)
        return (head, rehearsal), scores

    def _speak(self) -> SpokenTakes:
        """Return the takes of all phrases; those that people also write as one word are spoken both ways."""
        plan = self._effort.phrase
        half = replace(plan, espeak=(plan.espeak + 1) // 2)
        joined = {phrase.replace(" ", ""): phrase for phrase in self._phrases if _is_joined(phrase)}
        single = [phrase for phrase in self._phrases if phrase not in joined.values()]
        share = 0.6 * len(single) / len(self._phrases)
        parts = [self._studio.speak(single, plan, self._part(0, share))]
        if joined:
            both = self._studio.speak([*joined.values(), *joined], half, self._part(share, 0.6 - share))
            texts = np.array([joined.get(str(text), str(text)) for text in both.text], np.str_)
            parts.append(replace(both, text=texts))
        return SpokenTakes(*(np.concatenate([getattr(p, n) for p in parts]) for n in SpokenTakes.__slots__))

    def _learn(self, takes: SpokenTakes, words: Floats, noises: Floats) -> tuple[Head, Rehearsal]:
        said = np.unique(takes.text)
        names = [*map(str, said), UNKNOWN, NOISE]
        others = np.repeat([len(said), len(said) + 1], [len(words), len(noises)])
        labels = np.concatenate([np.searchsorted(said, takes.text), others])
        mass = np.array([*map(self._mass, names[:-2]), _UNKNOWN, _NOISE])
        weights = (mass / np.maximum(np.bincount(labels, minlength=len(names)), 1))[labels].astype(np.float32)
        features = np.concatenate([takes.features, words, noises])
        examples = Examples(features, labels, weights)
        share = 0.25 / self._effort.members
        head = together(
            [
                train(examples, names, seed, self._effort.recipe, self._part(0.75 + seed * share, share))
                for seed in range(self._effort.members)
            ]
        )
        return head, remember(head.hidden(features), labels, weights, names)

    def _mass(self, phrase: str) -> float:
        return _NUMBER if any(isinstance(intent, RatingSaid) for intent in self._meaning(phrase)) else 1.0

    def _part(self, start: float, share: float) -> ShareDone:
        return lambda done: self._progress(start + share * done)


def _is_joined(phrase: str) -> bool:
    return " " in phrase and unicodedata.name(phrase[0], "?").split()[0] in _JOINING


def _other_words(pack: LocalePack, count: int) -> list[str]:
    """Return ``count`` words that mean nothing, the decoys first, a third of them in pairs."""
    words = meaningless_words(pack)
    draw = random.Random(0)  # noqa: S311 - no secret
    rest = words[len(pack.decoys) :]
    draw.shuffle(rest)
    singles = [*pack.decoys, *rest][: count * 2 // 3]
    pairs = (f"{draw.choice(words)} {draw.choice(words)}" for _ in range(count - len(singles)))
    return [*singles, *(pair for pair in pairs if not any(meanings_of(pack, pair)))]


def _scored(
    head: Head, takes: tuple[Floats, Sequence[str]], words: Floats, noises: Floats, meaning: Meant
) -> Scores:
    """Return the scores of held-back takes (features and what was said), of other words, and of noises."""
    features, said = takes
    group_of: dict[tuple[object, ...], int] = {}
    kinds = np.array([group_of.setdefault(meaning(label), len(group_of)) for label in head.labels], np.int64)
    own = np.array([group_of[meaning(text)] for text in said], np.int64)
    chances = _by_group(head, features, kinds)
    best, sure = chances.argmax(axis=1), chances.max(axis=1) >= HEARD
    none = group_of.get(tuple(None for _ in meaning("")), -1)
    return Scores(
        right=Count(int((best == own).sum()), len(own)),
        heard=Count(int((sure & (best == own)).sum()), len(own)),
        wrong=Count(int((sure & (best != own) & (best != none)).sum()), len(own)),
        invented=_invented(_by_group(head, words, kinds), none),
        noise=_invented(_by_group(head, noises, kinds), none),
        alike=_alike(head, features, said, meaning),
    )


def _temperature(head: Head, features: Floats, labels: Labels) -> float:
    """Return the temperature under which held-back takes are likeliest."""
    logits = head.logits(features)

    def cost(temperature: float) -> float:
        chances = softmax(logits / np.float32(temperature))[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(chances, 1e-9)).mean())

    return min(map(float, _TEMPERATURES), key=cost)


def _by_group(head: Head, features: Floats, kinds: Labels) -> npt.NDArray[np.float32]:
    """Return the probability of each meaning, shape (N, meanings)."""
    member = (kinds[:, None] == np.arange(kinds.max() + 1)).astype(np.float32)
    chances: npt.NDArray[np.float32] = head.probabilities(features) @ member
    return chances


def _invented(chances: npt.NDArray[np.float32], none: int) -> Count:
    obeyed = (chances.max(axis=1) >= HEARD) & (chances.argmax(axis=1) != none)
    return Count(int(obeyed.sum()), len(chances))


def _alike(head: Head, features: Floats, said: Sequence[str], meaning: Meant) -> tuple[Confusion, ...]:
    heard = [head.labels[place] for place in head.logits(features).argmax(axis=1)]
    pairs = Counter(zip(said, heard, strict=True))
    takes = Counter(said)
    found = [
        Confusion(one, other, Count(part, takes[one]))
        for (one, other), part in pairs.items()
        if part >= max(2, _ALIKE * takes[one]) and any(meaning(other)) and meaning(one) != meaning(other)
    ]
    return tuple(sorted(found, key=lambda pair: -pair.count.part / pair.count.whole))
