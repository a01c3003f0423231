"""The head learns, repeatably, and remembers what it learned."""

import numpy as np
import pytest

from cuewalk.spotting.head import softmax
from cuewalk.spotting.rehearsal import remember
from cuewalk.spotting.training import Examples, Recipe, together, train

NAMES = ("four", "five", "<noise>")
QUICK = Recipe(hidden=16, epochs=120, batch=32)


def examples(seed=0, each=60):
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(3), each)
    centres = np.eye(3, 12, dtype=np.float32) * 6
    features = centres[labels] + rng.normal(size=(len(labels), 12)).astype(np.float32)
    return Examples(features, labels, np.ones(len(labels), np.float32))


@pytest.fixture(scope="module")
def head():
    return train(examples(), NAMES, 0, QUICK)


def test_what_was_learned_is_recognised_in_new_examples(head):
    new = examples(seed=9)
    assert (head.probabilities(new.features).argmax(axis=1) == new.labels).mean() > 0.95


def test_the_same_seed_gives_the_same_head(head):
    again = train(examples(), NAMES, 0, QUICK)
    assert np.array_equal(again.weights, head.weights)


def test_progress_is_told_to_the_end():
    told = []
    train(examples(each=40), NAMES, 0, Recipe(hidden=4, epochs=3, batch=32), told.append)
    assert told == pytest.approx([1 / 3, 2 / 3, 1])


def test_heads_together_give_the_mean_of_their_logits(head):
    other = train(examples(), NAMES, 1, QUICK)
    features = examples(seed=5).features
    mean = (head.logits(features) + other.logits(features)) / 2
    assert np.allclose(together([head, other]).logits(features), mean, atol=1e-4)


def test_what_is_drawn_from_memory_is_recognised_as_what_it_was(head):
    learned = examples()
    memory = remember(head.hidden(learned.features), learned.labels, learned.weights, NAMES)
    hidden, labels = memory.draw(50, np.random.default_rng(0))
    found = softmax(hidden @ head.weights + head.bias).argmax(axis=1)
    assert (found == labels).mean() > 0.9
