"""What becomes of a clip."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.bench.hearing.figures import (
    ClipOutcome,
    Judged,
    UtteranceResult,
    by_kind,
    by_label,
    count,
    figures_of,
    mistakes,
    must_trigger_nothing,
    outcome_of,
)
from cuewalk.bench.recordings import Clip
from cuewalk.domain.heard import Sureness
from cuewalk.domain.intents import Command, CommandSaid, RatingSaid

FOUR, FIVE, STOP = RatingSaid(value=4), RatingSaid(value=5), CommandSaid(command=Command.STOP)
YES, ASK = Sureness.ACCEPT, Sureness.CONFIRM


def heard(intent, sureness=YES, *, guess=None, speech_ms=400, latency_ms=300.0):
    kept = sureness if intent else None
    return UtteranceResult("words", 0.5, intent, kept, guess or intent, speech_ms, latency_ms)


def judged(meant, *decisions, label="four", seconds=1.0):
    clip = Clip(Path(f"{label}.wav"), f"{label}.wav", "set", label, "someone")
    return Judged(clip, meant, decisions, seconds, seconds + 2, 0.1)


INTENTS = st.sampled_from([None, FOUR, FIVE, STOP])
CLIPS = st.lists(
    st.builds(
        lambda meant, decisions: judged(meant, *decisions),
        INTENTS,
        st.lists(st.builds(heard, INTENTS, st.sampled_from([YES, ASK]), guess=INTENTS), max_size=3),
    ),
    max_size=20,
)


@pytest.mark.parametrize(
    ("decisions", "outcome"),
    [
        ([heard(FOUR)], ClipOutcome.CORRECT),
        ([heard(FOUR), heard(FOUR)], ClipOutcome.CORRECT),
        ([heard(None), heard(FOUR)], ClipOutcome.CORRECT),
        ([heard(FIVE)], ClipOutcome.WRONG_ACCEPTED),
        ([heard(FOUR), heard(FIVE)], ClipOutcome.WRONG_ACCEPTED),
        ([heard(STOP), heard(FOUR)], ClipOutcome.WRONG_ACCEPTED),
        ([heard(FOUR, ASK)], ClipOutcome.ASKED_AGAIN),
        ([heard(FIVE, ASK)], ClipOutcome.ASKED_AGAIN),
        ([heard(None)], ClipOutcome.ASKED_AGAIN),
        ([], ClipOutcome.ASKED_AGAIN),
    ],
)
def test_what_becomes_of_a_four(decisions, outcome):
    assert outcome_of(FOUR, decisions) is outcome


@settings(deadline=None, max_examples=60)
@given(CLIPS)
def test_every_expected_clip_has_one_outcome_and_the_others_none(clips):
    counts = count(clips)
    assert counts.correct + counts.asked_again + counts.wrong_accepted == counts.expected
    assert counts.expected + counts.not_expected == counts.clips == len(clips)
    assert counts.asked_back_right <= counts.asked_again
    assert counts.not_heard <= counts.asked_again
    assert counts.false_accept_clips <= min(counts.false_accepts, counts.not_expected)
    assert len(mistakes(clips)) == counts.wrong_accepted + counts.false_accept_clips


@settings(deadline=None, max_examples=60)
@given(CLIPS, CLIPS)
def test_sets_add_up_to_the_total(one, other):
    both, first, second = (count(clips) for clips in (one + other, one, other))
    for name in ("expected", "correct", "wrong_accepted", "false_accepts", "best_guess_correct"):
        assert getattr(both, name) == getattr(first, name) + getattr(second, name)


def test_an_untrusted_best_guess_is_right_or_not_all_the_same():
    clips = [
        judged(FOUR, heard(None, guess=FOUR)),
        judged(FOUR, heard(FOUR, speech_ms=200), heard(None, guess=FIVE, speech_ms=500)),
    ]
    assert count(clips).best_guess_correct == 1


def test_every_accepted_intent_in_noise_is_one_false_accept():
    counts = count([judged(None, heard(STOP), heard(FIVE), heard(FOUR, ASK)), judged(None)])
    assert (counts.false_accepts, counts.false_accept_clips, counts.false_questions) == (2, 1, 1)


class TestFigures:
    def test_an_hour_is_an_hour_of_what_must_trigger_nothing(self):
        noises = [judged(None, heard(STOP), seconds=1800.0), judged(None, seconds=1800.0)]
        figures = figures_of([*noises, judged(FOUR, heard(FOUR), seconds=9000.0)])
        assert figures["false_accepts_per_hour"] == 1
        assert figures["false_accept_clips_rate"] == 0.5
        assert figures["correct_rate"] == 1

    def test_rates_of_nothing_are_unknown_not_zero(self):
        figures = figures_of([])
        assert figures["correct_rate"] is None
        assert figures["correct_interval"] == [0.0, 1.0]
        assert figures["false_accepts_per_hour"] is None
        assert figures["latency_ms_p50"] is None

    def test_latency_is_that_of_answers_where_there_are_any(self):
        noise = judged(None, heard(None, latency_ms=9000.0))
        figures = figures_of([judged(FOUR, heard(FOUR, latency_ms=310.0)), noise])
        assert figures["latency_ms_p95"] == 310
        assert figures_of([noise])["latency_ms_p50"] == 9000

    def test_real_time_counts_what_was_fed(self):
        assert figures_of([judged(FOUR, seconds=1.0)])["realtime_factor"] == pytest.approx(0.1 / 3, abs=1e-5)

    def test_kinds_and_labels_are_told_apart(self):
        clips = [
            judged(FOUR, heard(FOUR)),
            judged(STOP, heard(FOUR), label="stop"),
            judged(None, label="dog"),
            judged(None, label="dog"),
        ]
        assert {kind: figures["correct"] for kind, figures in by_kind(clips).items()} == {
            "rating": 1,
            "command": 0,
        }
        assert by_label(clips)["stop"]["wrong_accepted"] == 1
        assert must_trigger_nothing(clips) == {"dog": 2}
