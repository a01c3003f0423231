"""Teaching a phrase adds to a head and takes nothing away from it: for any head, any phrase, any examples."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.spotting.head import Head
from cuewalk.spotting.rehearsal import Rehearsal
from cuewalk.spotting.teaching import Lesson, lent, taught, without

FEATURES, HIDDEN = 12, 8


@st.composite
def cases(draw):
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    count = draw(st.integers(2, 7))
    labels = tuple(f"label {number}" for number in rng.permutation(count))

    def some(*shape):
        return rng.normal(size=shape).astype(np.float32)

    head = Head(
        labels, some(FEATURES), np.abs(some(FEATURES)) + 1, some(FEATURES, HIDDEN), some(HIDDEN),
        some(HIDDEN, count), some(count), temperature=float(rng.uniform(0.5, 2)),
    )  # fmt: skip
    rehearsal = Rehearsal(labels, np.abs(some(count, HIDDEN)), np.abs(some(count, HIDDEN)))
    lesson = Lesson(some(draw(st.integers(1, 9)), FEATURES) + 2, some(draw(st.integers(0, 9)), FEATURES))
    return head, rehearsal, lesson


@settings(max_examples=40, deadline=None)
@given(cases())
def test_old_labels_keep_their_order_and_what_they_are_to_each_other(case):
    head, rehearsal, lesson = case
    after, memory = taught(head, rehearsal, "new phrase", lesson)
    assert after.labels == (*head.labels, "new phrase") == memory.labels
    assert np.array_equal(after.weights[:, :-1], head.weights)
    assert np.array_equal(after.bias[:-1], head.bias)
    heard = np.concatenate([lesson.phrase, lesson.other])
    # A matrix of another shape is multiplied in another order: the last digit of single precision may differ.
    assert np.allclose(after.logits(heard)[:, :-1], head.logits(heard), rtol=1e-5, atol=1e-5)
    assert np.isfinite(after.probabilities(heard)).all()


@settings(max_examples=40, deadline=None)
@given(cases())
def test_what_was_taught_can_be_taken_out_again_whichever_came_first(case):
    head, rehearsal, lesson = case
    once = taught(head, rehearsal, "first", lesson)
    twice = taught(*once, "second", lesson)
    back, memory = without(*without(*twice, "first"), "second")
    assert back.labels == head.labels
    assert np.array_equal(back.weights, head.weights)
    assert np.array_equal(back.bias, head.bias)
    assert np.array_equal(memory.means, rehearsal.means)


@settings(max_examples=40, deadline=None)
@given(cases())
def test_the_phrase_is_likelier_where_it_was_said_than_before(case):
    head, rehearsal, lesson = case
    after, _ = taught(head, rehearsal, "new phrase", lesson)
    said = after.probabilities(lesson.phrase)[:, -1].mean()
    remembered = after.probabilities(lesson.other)[:, -1].mean() if len(lesson.other) else 0.0
    assert said > remembered


@settings(max_examples=20, deadline=None)
@given(cases())
def test_a_calibrated_head_is_lent_the_phrase_only_if_it_hears_the_same_way(case):
    head, rehearsal, lesson = case
    after, memory = taught(head, rehearsal, "new phrase", lesson)
    grown = lent(head, rehearsal, after, memory, "new phrase")
    assert grown is not None
    assert np.array_equal(grown[0].weights, after.weights)
    other = Head(
        head.labels,
        head.centre,
        head.spread,
        head.hidden_weights * 2,
        head.hidden_bias,
        head.weights,
        head.bias,
    )
    assert lent(other, rehearsal, after, memory, "new phrase") is None
