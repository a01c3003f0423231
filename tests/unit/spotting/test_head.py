"""A head and its experts: what both hear is surer, and nothing else is lost."""

import numpy as np
import pytest

from cuewalk.spotting.head import NOISE, UNKNOWN, Expert, Head

LABELS = ("four", "about four", "five", "stop", UNKNOWN, NOISE)
GROUPS = np.array([0, 0, 1, 2, 2, 2])


def saying(labels, logits):
    """A head that says the same of everything."""
    zeros = np.zeros(4, np.float32)
    logits = np.array(logits, np.float32)
    return Head(
        labels, zeros, zeros + 1, np.zeros((4, 3), np.float32), np.zeros(3, np.float32),
        np.zeros((3, len(labels)), np.float32), logits,
    )  # fmt: skip


def general(experts=()):
    head = saying(LABELS, [2.0, 1.0, 1.8, 0.5, 0.0, 0.0])
    return Head(
        **{name: getattr(head, name) for name in Head.__slots__ if name != "experts"}, experts=experts
    )


def expert(logits, weight=0.5):
    return Expert(saying(("four", "five", UNKNOWN), logits), GROUPS, weight)


NOTHING = np.zeros(4, np.float32)


def test_an_expert_that_agrees_makes_its_word_surer():
    alone = general().probabilities(NOTHING)
    both = general((expert([3, 0, 0]),)).probabilities(NOTHING)
    assert both.sum() == pytest.approx(1, abs=1e-5)
    assert both[:2].sum() > alone[:2].sum()


def test_an_expert_that_hears_none_of_its_words_makes_all_of_them_doubtful():
    both = general((expert([-3, -3, 3]),)).probabilities(NOTHING)
    assert both[3:].sum() > general().probabilities(NOTHING)[3:].sum()


def test_an_expert_does_not_change_what_it_knows_nothing_of():
    alone, both = (general(e).probabilities(NOTHING) for e in ((), (expert([1, 2, 0]),)))
    assert both[0] / both[1] == pytest.approx(alone[0] / alone[1], rel=1e-4)
    assert both[3] / both[4] == pytest.approx(alone[3] / alone[4], rel=1e-4)


def test_many_utterances_are_judged_like_each_alone():
    head = general((expert([1, 2, 0]),))
    assert np.allclose(
        head.probabilities(np.zeros((3, 4), np.float32)), head.probabilities(NOTHING), atol=1e-6
    )
