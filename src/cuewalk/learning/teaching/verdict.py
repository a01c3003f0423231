"""Is the head better with the new phrase than without it? Judged on voices it has not learned from."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import Floats
from cuewalk.learning.teaching.studio import RowMask, SpokenTakes
from cuewalk.spotting.head import NOISE, UNKNOWN, Head
from cuewalk.spotting.rehearsal import Rehearsal
from cuewalk.understanding.thresholds import THRESHOLDS

#: The least probability with which a phrase is obeyed; as in a session.
HEARD: Final = THRESHOLDS["spotter"].command
#: The least share of held-back takes of the new phrase that must be heard. Design: most are by timbres of
#: espeak-ng, which people understand less well too.
_ENOUGH: Final = 0.6
#: The largest shares allowed: of the new phrase's takes obeyed as something else, of takes of known phrases
#: lost to it, of other words taken for it. Design; one take is always allowed: one is noise.
_MISTAKEN, _LOST, _INVENTED = 0.05, 0.02, 0.04
#: Remembered examples drawn of each label, and the share of them that may fall to the new phrase. Design.
_DRAWN, _FALLEN = 200, 0.05

#: What a label means in every state; nothing but None for one that means nothing.
Meant = Callable[[str], tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Count:
    """``part`` of ``whole``."""

    part: int
    whole: int

    def beyond(self, share: float) -> bool:
        """Return whether it is more than this share, and more than one."""
        return self.part > max(1, share * self.whole)

    def __str__(self) -> str:
        """Say "3 of 40"."""
        return f"{self.part} of {self.whole}"


@dataclass(frozen=True, slots=True)
class Confusion:
    """Takes of ``said`` that would be obeyed as ``heard``."""

    said: str
    heard: str
    count: Count


@dataclass(frozen=True, slots=True)
class PhraseVerdict:
    """What a head with a new phrase does, on takes it has not learned from."""

    heard: Count
    still_heard: Count  # takes of known phrases nearby, of those heard before
    invented: Count  # other words that are taken for the new phrase and were not for its meaning before
    confusions: tuple[Confusion, ...]
    #: Why it is not kept; nothing if it is.
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class HeadTrial:
    """What is judged: the head before and after, and held-back takes."""

    phrase: str
    before: Head
    after: Head
    rehearsal: Rehearsal
    meaning: Meant
    takes: SpokenTakes
    known: SpokenTakes
    words: SpokenTakes
    twins: SpokenTakes  # of words so like the phrase that they are only reported


def judged(trial: HeadTrial) -> PhraseVerdict:
    """Return the verdict, with its reasons if the phrase is not to be kept."""
    mine = _chance(trial.after, trial.takes.features, trial.phrase, trial.meaning)
    heard = Count(int((mine >= HEARD).sum()), len(mine))
    still, lost = _lost(trial)
    invented = Count(int(_taken(trial, trial.words.features).sum()), len(trial.words))
    mistaken = [
        Confusion(trial.phrase, label, Count(part, len(trial.takes)))
        for label, part in _obeyed_as(trial.after, trial)
    ]
    confusions = (*mistaken, *_stolen(trial, trial.known), *lost)
    reasons = (*_reasons(trial, heard, still, invented, confusions), *_fallen(trial))
    told = (*confusions, *_stolen(trial, trial.twins))
    return PhraseVerdict(heard, still, invented, told, reasons)


def sounds_like(head: Head, features: Floats, meaning: Meant, but: object) -> tuple[str, int]:
    """Return the other phrase that most takes sound like to the head, and how many: ("", 0) for none.

    Whether it would be obeyed does not matter here. ``but`` is the takes' own meaning.
    """
    probabilities = head.probabilities(features)
    heard = [head.labels[place] for place in probabilities.argmax(axis=1)]
    others = Counter(label for label in heard if any(means := meaning(label)) and means != but)
    meant = {label: sum(others[x] for x in others if meaning(x) == meaning(label)) for label in others}
    return max(meant.items(), key=lambda pair: (pair[1], others[pair[0]]), default=("", 0))


def _obeyed_as(head: Head, trial: "HeadTrial") -> list[tuple[str, int]]:
    """Return which other phrases the takes would be obeyed as, with how many takes, most first.

    Phrases of one meaning count together, under the likeliest of them.
    """
    probabilities = head.probabilities(trial.takes.features)
    found: list[tuple[str, int]] = []
    groups: dict[object, list[int]] = {}
    for place, label in enumerate(head.labels):
        if any(means := trial.meaning(label)) and means != trial.meaning(trial.phrase):
            groups.setdefault(means, []).append(place)
    for labels in groups.values():
        sure = probabilities[:, labels].sum(axis=1) >= HEARD
        if sure.any():
            likeliest = labels[int(probabilities[sure][:, labels].sum(axis=0).argmax())]
            found.append((head.labels[likeliest], int(sure.sum())))
    return sorted(found, key=lambda pair: -pair[1])


def _chance(head: Head, features: Floats, phrase: str, meaning: Meant) -> npt.NDArray[np.float32]:
    """Return how likely each take means what ``phrase`` means, shape (N,)."""
    wanted = meaning(phrase)
    places = [place for place, label in enumerate(head.labels) if label == phrase or meaning(label) == wanted]
    chance: npt.NDArray[np.float32] = head.probabilities(features)[:, places].sum(axis=1)
    return chance


def _taken(trial: HeadTrial, features: Floats) -> RowMask:
    """Return which takes are obeyed as the new phrase's meaning now and were not before."""
    after = _chance(trial.after, features, trial.phrase, trial.meaning)
    before = _chance(trial.before, features, trial.phrase, trial.meaning)
    taken: RowMask = (after >= HEARD) & (before < HEARD)
    return taken


def _stolen(trial: HeadTrial, takes: SpokenTakes) -> list[Confusion]:
    """Return of which texts takes are taken for the new phrase, and how many."""
    found = []
    for text in np.unique(takes.text):
        rows = takes.text == text
        part = int(_taken(trial, takes.features[rows]).sum())
        if part:
            found.append(Confusion(str(text), trial.phrase, Count(part, int(rows.sum()))))
    return found


def _lost(trial: HeadTrial) -> tuple[Count, list[Confusion]]:
    """Return how many known takes are still heard, and which phrases are lost without being mistaken."""
    still = whole = 0
    lost = []
    for text in map(str, np.unique(trial.known.text)):
        features = trial.known.features[trial.known.text == text]
        before = _chance(trial.before, features, text, trial.meaning) >= HEARD
        kept = before & (_chance(trial.after, features, text, trial.meaning) >= HEARD)
        gone = int(before.sum() - kept.sum() - (before & _taken(trial, features)).sum())
        still, whole = still + int(kept.sum()), whole + int(before.sum())
        if gone > 0:
            lost.append(Confusion(text, "", Count(gone, int(before.sum()))))
    return Count(still, whole), lost


def _reasons(
    trial: HeadTrial, heard: Count, still: Count, invented: Count, confusions: Sequence[Confusion]
) -> list[str]:
    reasons = []
    if heard.part < _ENOUGH * heard.whole:
        reasons.append(f'only {heard} takes of "{trial.phrase}" by voices it had not learned from are heard')
    for one in confusions:
        allowed = {(True, False): _MISTAKEN, (False, True): _LOST}
        share = allowed.get((one.said == trial.phrase, one.heard == trial.phrase))
        if share is not None and one.count.beyond(share):
            reasons.append(f'{one.count} takes of "{one.said}" would be taken for "{one.heard}"')
    lost = Count(still.whole - still.part, still.whole)
    if lost.beyond(_LOST):
        reasons.append(f"{lost} takes of known phrases that were heard before would not be any more")
    if invented.beyond(_INVENTED):
        taken = np.unique(trial.words.text[_taken(trial, trial.words.features)])
        named = ", ".join(f'"{word}"' for word in taken)
        reasons.append(f'{invented} takes of other words ({named}) would be taken for "{trial.phrase}"')
    return reasons


def _fallen(trial: HeadTrial) -> list[str]:
    """Return for which old labels too much of what is remembered would fall to the new phrase."""
    hidden, labels = trial.rehearsal.draw(_DRAWN, np.random.default_rng(7))
    best = np.argmax(hidden @ trial.after.weights + trial.after.bias, axis=1)
    old = len(trial.before.labels)
    own = trial.meaning(trial.phrase)
    found = []
    for place, label in enumerate(trial.rehearsal.labels):
        part = int((best[labels == place] >= old).sum())
        if part > _FALLEN * _DRAWN and (label in {UNKNOWN, NOISE} or trial.meaning(label) != own):
            name = {UNKNOWN: "other words", NOISE: "noises"}.get(label, f'"{label}"')
            found.append(
                f'{part} of {_DRAWN} remembered examples of {name} would be taken for "{trial.phrase}"'
            )
    return found
