"""A head for one voice: the general head, and beside it how this person says the words with takes.

What is learned is a ridge regression from the hidden layer to those words, in closed form: some dozen
examples have nothing to train a network with. It decides between these words only. How likely it is that
one of them was said at all stays with the general head, unless the sound is very much like a take; so words
without a take are hardly pulled to those that have one.

FSDD people, two takes a word, heads that had not heard them, 8 draws of takes: 97.4 % right without, 99.1 %
with it. Takes of half the digits only: the other half falls from 97.6 to 96.3 %; with the last layer
refitted and rehearsed, which was tried first, to 90.3 %.

A personal head is worth having only if it does better on takes that it has not learned: see `held_back`.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import Doubles, Floats
from cuewalk.spotting.head import Head, softmax
from cuewalk.spotting.rehearsal import Rehearsal
from cuewalk.spotting.training import Labels

Mask = npt.NDArray[np.bool_]

#: Turns of holding back, at most. Design: each costs one learning.
_FOLDS: Final = 4
#: Ridge penalty, in units of the mean squared length of an example. Design choice: as heavy as one example,
#: because there are few; the figures above were measured with it.
_PENALTY: Final = 1.0
#: Log-probability that a likeness of 1 (a take itself) adds to its word among the words with takes.
#: Measured: more is no better.
_COUNTS: Final = 15.0
#: Probability below which a word is not heard; heads are compared above it only. Design.
_UNHEARD: Final = 0.02
#: Rise of the mean log-probability that is worth another head: one percent. Design.
_NOTICEABLE: Final = 0.01
#: Made-up examples of other people for each word: without them, two odd takes of a word drive its usual sound
#: to another word (measured on one split of one person: 95.6 instead of 98.3 % right).
_OTHERS: Final = 5
#: Log-odds that one of the words with takes was said at all, for each unit of likeness beyond ``alike``.
#: Design choice: a take itself (likeness 1) then counts 22 to 1 (two words) to 245 to 1 (ten and more) for
#: its words. The figures above were measured with it; that others were compared is not recorded.
_EVIDENCE: Final = 10.0
#: Likeness from which on a sound is evidence. Design choice: any sound is most like one of few words, so the
#: threshold is high for few of them and falls with each, to a floor at ten words; measured as `_EVIDENCE`.
_ALIKE_MOST, _ALIKE_FALL, _ALIKE_LEAST = 0.75, 0.03, 0.45
#: Keep logarithms and odds finite.
_TINY: Final = 1e-9
_NEARLY_NONE: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class PersonalHead(Head):
    """A head that also knows one voice.

    With A words of which there are takes: ``own_labels`` (A,) are their numbers, ``own_weights`` (H, A) and
    ``own_bias`` (A,) give the likeness of a hidden layer to the takes of each. A likeness above ``alike`` is
    evidence that one of these words was said.
    """

    own_labels: Labels = field(kw_only=True)
    own_weights: Floats = field(kw_only=True)
    own_bias: Floats = field(kw_only=True)
    alike: float = field(kw_only=True)

    def likeness(self, features: Floats) -> Floats:
        """Return how much features (..., F) are like the takes of each word, shape (..., A); about 0 to 1."""
        like: Floats = (self.hidden(features) @ self.own_weights + self.own_bias).astype(np.float32)
        return like

    def probabilities(self, features: Floats) -> Floats:
        """Return the probability of each label, shape (..., L), summing to 1."""
        general = Head.probabilities(self, features)
        like = self.likeness(features)
        known = general[..., self.own_labels]
        among = softmax(np.log(np.maximum(known, _TINY)) + np.float32(_COUNTS) * like)
        before = np.clip(known.sum(axis=-1, keepdims=True), _NEARLY_NONE, 1 - _NEARLY_NONE)
        surplus = np.maximum(like.max(axis=-1, keepdims=True) - self.alike, 0)
        now = 1 / (1 + (1 - before) / before * np.exp(-_EVIDENCE * surplus))
        found = general * ((1 - now) / (1 - before))
        found[..., self.own_labels] = now * among
        shares: Floats = (found / found.sum(axis=-1, keepdims=True)).astype(np.float32)
        return shares


@dataclass(frozen=True, slots=True, eq=False)
class PersonalTakes:
    """Examples of one person.

    ``features`` (N, F); ``labels`` (N,), numbers of the head's labels; ``take`` (N,), which take of its word
    each is; ``plain`` (N,), whether it is as it was heard. One take in several augmented ways has one number.
    """

    features: Floats
    labels: Labels
    take: Labels
    plain: Mask

    def where(self, rows: Mask) -> "PersonalTakes":
        """Return some of the examples."""
        return PersonalTakes(self.features[rows], self.labels[rows], self.take[rows], self.plain[rows])


@dataclass(frozen=True, slots=True, eq=False)
class HeldBack:
    """What two heads make of takes that neither has learned: probabilities (N, L) of takes of ``labels``.

    Labels that mean the same are one: their probabilities are added up under the first of them.
    """

    labels: Labels
    general: Floats
    personal: Floats

    @property
    def right(self) -> tuple[int, int]:
        """How many takes the general and the personal head hear right when they have to answer."""
        heads = self.general, self.personal
        general, personal = (int((each.argmax(axis=1) == self.labels).sum()) for each in heads)
        return general, personal

    @property
    def fit(self) -> tuple[float, float]:
        """The mean log-probability of the right word under the general and the personal head."""
        said = (p[np.arange(len(p)), self.labels] for p in (self.general, self.personal))
        general, personal = (float(np.mean(np.log(np.maximum(p, _UNHEARD)))) for p in said)
        return general, personal

    @property
    def better(self) -> bool:
        """Whether the personal head hears no take less and is noticeably surer of the right words."""
        (right, own_right), (fit, own_fit) = self.right, self.fit
        return own_right >= right and own_fit > fit + _NOTICEABLE


def personalise(head: Head, rehearsal: Rehearsal, takes: PersonalTakes) -> PersonalHead:
    """Return the head with the person's takes learned; a personal head is not learned upon but replaced.

    There must be takes of at least two words: one word cannot be distinguished from anything.
    """
    known, words = np.unique(takes.labels, return_inverse=True)
    own = head.hidden(takes.features).astype(np.float64)
    others, their_words = _others(rehearsal, known)
    hidden, everybodys = np.concatenate([own, others]), np.concatenate([words, their_words])
    share = (1 / np.bincount(everybodys))[everybodys][:, None] / len(known)
    middle = (hidden * share).sum(axis=0)
    centred = hidden - middle
    # As many equations as examples (the dual form): usually there are fewer of them than hidden units.
    products = centred @ centred.T
    penalty = _PENALTY * np.trace(products) / len(products)
    targets = np.eye(len(known))[everybodys] - 1 / len(known)
    weights = centred.T @ np.linalg.solve(products + penalty * np.eye(len(products)), targets)
    bias = -middle @ weights
    scale = (own @ weights + bias)[np.arange(len(words)), words].mean()
    return PersonalHead(
        **{name: getattr(head, name) for name in Head.__slots__},
        own_labels=known,
        own_weights=(weights / scale).astype(np.float32),
        own_bias=(bias / scale).astype(np.float32),
        alike=max(_ALIKE_LEAST, _ALIKE_MOST - _ALIKE_FALL * len(known)),
    )


def _others(rehearsal: Rehearsal, known: Labels) -> tuple[Doubles, Labels]:
    """Return how other people say the words with takes, hidden layers (M, H), and which word each is."""
    drawn, labels = rehearsal.draw(_OTHERS, np.random.default_rng(0))
    rows = np.isin(labels, known)
    return drawn[rows].astype(np.float64), np.searchsorted(known, labels[rows])


def held_back(head: Head, rehearsal: Rehearsal, takes: PersonalTakes, meanings: Labels) -> HeldBack | None:
    """Return what the general and a personal head make of every plain take that has been held back.

    ``meanings`` (L,) gives for each label the number of the first label that means the same.

    Each take of every word is held back once, and the personal head learns from the others. Where nothing can
    be held back, because every word has a single take, or too little is left to learn from: None.
    """
    turns = takes.take % _FOLDS
    labels, general, personal = [], [], []
    for turn in np.unique(turns):
        judged, learned = takes.where((turns == turn) & takes.plain), takes.where(turns != turn)
        if not len(judged.labels) or not can_learn(learned):
            continue
        labels.append(meanings[judged.labels])
        general.append(_added_up(head.probabilities(judged.features), meanings))
        personal.append(
            _added_up(personalise(head, rehearsal, learned).probabilities(judged.features), meanings)
        )
    if not labels:
        return None
    return HeldBack(np.concatenate(labels), np.concatenate(general), np.concatenate(personal))


def can_learn(takes: PersonalTakes) -> bool:
    """Return whether there are takes of two words at least."""
    return len(np.unique(takes.labels)) > 1


def _added_up(probabilities: Floats, meanings: Labels) -> Floats:
    added = np.zeros_like(probabilities)
    np.add.at(added.T, meanings, probabilities.T)
    return added
