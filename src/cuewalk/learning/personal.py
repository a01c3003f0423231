"""A head for one voice, made of recordings of it, and the hearing with it. Kept only if it is better."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cuewalk.domain.errors import RecogniserError
from cuewalk.domain.intents import Expect
from cuewalk.domain.sound import FULL_SCALE, Floats, Samples
from cuewalk.language.pack import LocalePack
from cuewalk.models.heads import load_judge, own_head, shipped_head
from cuewalk.settings import Settings
from cuewalk.speech_in.endpointing import Endpointer, UtteranceEnded
from cuewalk.speech_in.spotter_recogniser import SpotterRecogniser
from cuewalk.spotting.augment import GENTLE, Spoken, as_heard, augmented, hurried
from cuewalk.spotting.head import Head
from cuewalk.spotting.personal import HeldBack, PersonalTakes, can_learn, held_back, personalise
from cuewalk.spotting.rehearsal import Rehearsal
from cuewalk.spotting.training import Labels
from cuewalk.understanding.hearing import Hearing, build_hearing, hearing_of, phrases_of

#: A word and how the person said it (16 kHz int16).
Example = tuple[str, Samples]
#: Gives the features of one utterance, shape (864,).
Embed = Callable[[Samples], Floats]

#: Variants of each take for each way in which the same person might say it another time.
_EACH_WAY: Final = 3
#: Samples of near-silence put around a recording, so that a word at its edge is found.
_BEFORE, _BEHIND, _HISS = 12_000, 16_000, 6.0
_EVERYTHING: Final = frozenset({Expect.RATING, Expect.YES_NO})


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """The outcome of learning a voice.

    ``head`` is the personal one, None where it is not better than the general one. ``checked`` is what both
    made of held-back takes, None where there was nothing to hold back; its labels are numbers in ``labels``.
    """

    head: Head | None
    labels: tuple[str, ...]
    checked: HeldBack | None


def hearing_for_person(pack: LocalePack, settings: Settings, examples: Sequence[Example]) -> Hearing:
    """Return the hearing of these settings with a head of this person's own, where that is better.

    Args:
        pack: the language.
        settings: the person's; ``head`` names another general head.
        examples: words and recordings of them (16 kHz). Words that the head does not know are left out.

    Raises:
        RecogniserError: if no spotter listens with these settings, so that there is nothing to be learned.
        ModelError: if the general head is damaged.
    """
    path = general_head(pack.code, settings)
    hearing = build_hearing(pack, settings.model_copy(update={"head": str(path or "")}))
    spotter = hearing.spotter
    if spotter is None or path is None:
        hearing.listener.close()
        raise nothing_learns(pack.code)
    learned = learn(pack, *load_judge(path, pack.code), examples, spotter.features)
    if learned.head is None:
        return hearing
    own = SpotterRecogniser(learned.head)
    spotter.close()
    return hearing_of(pack, [own if each is spotter else each for each in hearing.recognisers])


def general_head(locale: str, settings: Settings) -> Path | None:
    """Return the head that a personal one starts from: named, else taught, else the one that came."""
    if settings.head:
        return Path(settings.head)
    taught, shipped = own_head(locale, "taught"), shipped_head(locale)
    return taught if phrases_of(taught) else shipped if shipped.exists() else None


def learn(
    pack: LocalePack, head: Head, rehearsal: Rehearsal, examples: Sequence[Example], embed: Embed
) -> Learned:
    """Return the head that has learned the examples, if it hears this person's held-back examples better."""
    takes = takes_of(head.labels, examples, embed)
    checked = held_back(head, rehearsal, takes, meanings(pack, head.labels)) if can_learn(takes) else None
    better = checked is not None and checked.better
    own = personalise(head, rehearsal, takes) if better else None
    return Learned(own, head.labels, checked)


def meanings(pack: LocalePack, labels: Sequence[str]) -> Labels:
    """Return for each label the number of the first that means the same: "four" and "a four" are one."""
    first: dict[object, int] = {}
    found = [pack.interpret(label, _EVERYTHING) or label for label in labels]
    return np.array([first.setdefault(meaning, number) for number, meaning in enumerate(found)], np.int64)


def takes_of(labels: Sequence[str], examples: Sequence[Example], embed: Embed) -> PersonalTakes:
    """Return the examples whose word is a label, each as it was heard and in several ways more."""
    numbers = {label: number for number, label in enumerate(labels)}
    known = [(numbers[word], samples) for word, samples in examples if word in numbers]
    count: Counter[int] = Counter()
    rows: list[tuple[Floats, int, int, bool]] = []
    for place, (label, samples) in enumerate(known):
        heard = _ways(spoken_in(samples), place)
        rows += [(embed(one), label, count[label], way == 0) for way, one in enumerate(heard)]
        count[label] += 1
    return PersonalTakes(
        features=np.array([row[0] for row in rows], np.float32),
        labels=np.array([row[1] for row in rows], np.int64),
        take=np.array([row[2] for row in rows], np.int64),
        plain=np.array([row[3] for row in rows], np.bool_),
    )


def spoken_in(samples: Samples) -> Spoken:
    """Return a recording and where its longest utterance is, as the endpointer finds it, else all of it."""
    hiss = np.random.default_rng(0).normal(0, _HISS, len(samples) + _BEFORE + _BEHIND)
    hiss[_BEFORE : _BEFORE + len(samples)] += samples
    events = Endpointer().feed(np.clip(hiss, -FULL_SCALE, FULL_SCALE - 1).astype(np.int16))
    spans = [(e.start_sample, e.end_sample) for e in events if isinstance(e, UtteranceEnded)]
    start, end = max(spans, key=lambda span: span[1] - span[0], default=(_BEFORE, _BEFORE + len(samples)))
    return Spoken(samples, max(0, start - _BEFORE), min(len(samples), end - _BEFORE))


def _ways(spoken: Spoken, seed: int) -> list[Samples]:
    """Return the take as it was, elsewhere (room, microphone, noise), in a hurry, and in a greater hurry."""
    rngs = [np.random.default_rng([seed, way]) for way in range(3 * _EACH_WAY)]
    elsewhere, hurry, haste = rngs[:_EACH_WAY], rngs[_EACH_WAY:-_EACH_WAY], rngs[-_EACH_WAY:]
    return [
        as_heard(spoken),
        *(augmented(spoken, rng, (), GENTLE) for rng in elsewhere),
        *(as_heard(hurried(spoken, rng, quicker=False)) for rng in hurry),
        *(as_heard(hurried(spoken, rng, quicker=True)) for rng in haste),
    ]


def nothing_learns(locale: str) -> RecogniserError:
    """Return the error for a language or settings without a spotter."""
    return RecogniserError(
        f"No spotter listens to {locale} with these settings, and only the spotter learns a voice.",
        meaning="Nothing was learned.",
        remedy="Set 'cuewalk settings recogniser auto'; a language without a head needs "
        f"'cuewalk teach --locale {locale}' first.",
    )
