"""A personal head learns a voice, leaves other words alone, and is called better only where it is."""

import numpy as np
import pytest

from cuewalk.spotting.head import Head
from cuewalk.spotting.personal import PersonalTakes, held_back, personalise
from cuewalk.spotting.rehearsal import Rehearsal

LABELS, UNITS = 6, 24
SAME = np.arange(LABELS)


@pytest.fixture(scope="module")
def known():
    """A head that tells six clouds of points apart, and what it remembers of them."""
    means = np.abs(np.random.default_rng(1).normal(1.5, 1.0, (LABELS, UNITS))).astype(np.float32)
    identity = np.eye(UNITS, dtype=np.float32)
    weights = (means - means.mean(axis=0)).T
    bias = -0.5 * (np.square(means).sum(axis=1) - 2 * means @ means.mean(axis=0))
    names = tuple(f"word {n}" for n in range(LABELS))
    flat = np.zeros(UNITS, np.float32), np.ones(UNITS, np.float32)
    head = Head(names, *flat, identity, flat[0], weights, bias.astype(np.float32))
    return head, Rehearsal(names, means, np.full_like(means, 0.4))


def a_person(rehearsal, labels, *, odd=1.0, takes=2, seed=3):
    """Return takes of somebody who says every word a little off, the same way each time."""
    rng, own = np.random.default_rng(seed), np.random.default_rng(seed + 100)
    off = own.normal(0, odd, (LABELS, UNITS))
    rows = [(label, take) for label in labels for take in range(takes)]
    features = [rehearsal.means[label] + off[label] + rng.normal(0, 0.2, UNITS) for label, _ in rows]
    return PersonalTakes(
        np.array(features, np.float32),
        np.array([label for label, _ in rows]),
        np.array([take for _, take in rows]),
        np.ones(len(rows), np.bool_),
    )


def right(head, takes):
    return float((head.probabilities(takes.features).argmax(axis=1) == takes.labels).mean())


def test_a_voice_that_is_misheard_is_heard_after_two_takes(known):
    learned, later = (a_person(known[1], SAME, odd=1.6, takes=n) for n in (2, 40))
    assert right(known[0], later) < 0.9
    assert right(personalise(*known, learned), later) > 0.99


def test_words_without_takes_are_heard_as_before(known):
    head, rehearsal = known
    others = a_person(rehearsal, [3, 4, 5], odd=0.3, takes=40)
    own = personalise(head, rehearsal, a_person(rehearsal, [0, 1, 2], odd=0.3))
    assert right(own, others) >= right(head, others) - 0.01


def test_what_does_better_on_held_back_takes_is_better(known):
    checked = held_back(*known, a_person(known[1], SAME, odd=1.6, takes=3), SAME)
    assert checked is not None
    assert checked.better
    assert checked.right[1] > checked.right[0]


def test_takes_of_other_words_than_said_are_not_better(known):
    takes = a_person(known[1], SAME, odd=0.3)
    mixed = np.where(takes.take == 0, (takes.labels + 1) % LABELS, takes.labels)
    checked = held_back(*known, PersonalTakes(takes.features, mixed, takes.take, takes.plain), SAME)
    assert checked is not None
    assert not checked.better


def test_one_take_of_each_word_is_no_test(known):
    assert held_back(*known, a_person(known[1], SAME, takes=1), SAME) is None


def test_only_sounds_as_they_were_are_judged(known):
    takes = a_person(known[1], SAME, takes=4)
    plain = PersonalTakes(takes.features, takes.labels, takes.take // 2, takes.take % 2 == 0)
    checked = held_back(*known, plain, SAME)
    assert checked is not None
    assert len(checked.labels) == 2 * LABELS


def test_two_phrases_of_one_meaning_are_one_word(known):
    meanings = np.array([0, 0, 2, 3, 4, 5])
    checked = held_back(*known, a_person(known[1], [0, 1, 2], odd=0.1), meanings)
    assert checked is not None
    assert set(checked.labels) == {0, 2}
    assert checked.right == (6, 6)
    assert np.allclose(checked.personal.sum(axis=1), 1, atol=1e-4)


def test_the_same_takes_give_the_same_head(known):
    takes = a_person(known[1], SAME)
    first, second = personalise(*known, takes), personalise(*known, takes)
    assert np.array_equal(first.weights, second.weights)
    assert np.array_equal(known[0].hidden_weights, first.hidden_weights)
