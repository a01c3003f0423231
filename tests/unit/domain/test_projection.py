"""Where movements stand after some sessions, corrections and the person's own words."""

import datetime as dt
import time
from dataclasses import replace

import pytest

from cuewalk.domain.buckets import Bucket, BucketState
from cuewalk.domain.errors import BugError
from cuewalk.domain.evidence import evidence_of
from cuewalk.domain.intents import Side
from cuewalk.domain.projection import (
    SessionRecords,
    buckets_of,
    in_order,
    manners_of,
    ratings_of,
    rests_of,
    settings_of,
    trials_of,
)
from cuewalk.domain.records import BucketChosen, MannerKept, RatingPhase, SettingChanged
from cuewalk.domain.verdicts import Decision, Outcome
from cuewalk.planning.own_programmes import orders_of
from helpers.histories import MONDAY, Telling

TUESDAY, WEDNESDAY = MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=2)
LEFT = ("m1", Side.LEFT)


def told(*trials, date=MONDAY):
    telling = Telling()
    for trial in trials:
        telling.trial("m1", *trial[:2], attempt=trial[2] if len(trial) > 2 else 1)
    return telling.on(date)


def entry(*sessions, today=WEDNESDAY):
    return buckets_of(sessions, today=today)[LEFT]


def test_a_clear_improvement_is_kept_provisionally_with_its_evidence():
    found = entry(told((6, 3)))
    assert (found.bucket, found.state, found.date) == (Bucket.KEEP, BucketState.PROVISIONAL, MONDAY)
    assert [(row.before, row.after) for row in found.evidence] == [(6, 3)]
    assert "clear" in found.reason


def test_a_small_improvement_says_that_it_is_within_measurement_error():
    found = entry(told((6, 5)))
    assert (found.bucket, found.state) == (Bucket.KEEP, BucketState.PROVISIONAL)
    assert "measurement error" in found.reason


def test_improvement_in_two_of_three_sessions_confirms():
    sessions = [told((6, 3)), told((5, 5), (5, 5, 2), date=TUESDAY), told((6, 3), date=WEDNESDAY)]
    found = entry(*sessions)
    assert (found.bucket, found.state) == (Bucket.KEEP, BucketState.CONFIRMED)
    assert found.reason == "improved in 2 of the last 3 sessions"


def test_improvement_that_is_often_but_small_confirms_nothing():
    sessions = [told((6, 4)), told((5, 5), (5, 5, 2), date=TUESDAY), told((5, 4), date=WEDNESDAY)]
    found = entry(*sessions)
    assert (found.bucket, found.state) == (Bucket.KEEP, BucketState.PROVISIONAL)
    assert found.reason == "improved in 2 of the last 3 sessions, but by too little to be sure yet"


def test_a_person_may_go_back_to_counting_sessions_alone():
    telling = Telling()
    never = telling.setup.rules.confirm_probability.model_copy(update={"value": 0.0})
    rules = telling.setup.rules.model_copy(update={"confirm_probability": never})
    sessions = []
    for day in (MONDAY, TUESDAY):
        other = Telling(telling.setup.model_copy(update={"rules": rules}))
        other.trial("m1", 5, 4)
        sessions.append(other.on(day))
    assert entry(*sessions).state is BucketState.CONFIRMED


def test_an_improvement_four_sessions_ago_confirms_nothing():
    bad = [told((5, 5), (5, 5, 2), date=MONDAY + dt.timedelta(days=n)) for n in (1, 2)]
    sessions = [told((9, 1)), *bad, told((9, 1), date=MONDAY + dt.timedelta(days=3))]
    assert entry(*sessions).state is BucketState.PROVISIONAL


def test_sessions_without_room_count_neither_way():
    empty = [told((0, 0), date=MONDAY + dt.timedelta(days=n)) for n in (1, 2)]
    sessions = [told((6, 3)), *empty, told((6, 3), date=MONDAY + dt.timedelta(days=3))]
    found = entry(*sessions)
    assert (found.state, found.reason) == (BucketState.CONFIRMED, "improved in 2 of the last 2 sessions")


def test_two_good_trials_in_one_session_are_one_session():
    assert entry(told((6, 4), (4, 2))).state is BucketState.PROVISIONAL


def test_a_retry_that_improves_is_kept():
    assert entry(told((6, 6), (6, 4, 2))).bucket is Bucket.KEEP


def test_a_failed_retry_is_not_now_and_due_for_retest_after_a_week():
    session = told((4, 4), (4, 4, 2))
    before = entry(session, today=MONDAY + dt.timedelta(days=6))
    after = entry(session, today=MONDAY + dt.timedelta(days=7))
    assert (before.bucket, before.state) == (Bucket.NOT_NOW, BucketState.PROVISIONAL)
    assert (after.bucket, after.state) == (Bucket.NOT_NOW, BucketState.DUE_FOR_RETEST)
    assert before.reason == "no change after the retry"


def test_worse_in_the_red_zone_is_not_now_without_a_retry():
    found = entry(told((5, 7)))
    assert (found.bucket, found.reason) == (Bucket.NOT_NOW, "went up in the red zone, not retried")


def test_a_good_retest_moves_it_back_to_keep():
    assert entry(told((4, 4), (4, 4, 2)), told((4, 2), date=TUESDAY)).bucket is Bucket.KEEP


@pytest.mark.parametrize("trial", [(0, 0), (None, 2), (4, None), (4, 4)])
def test_a_trial_that_decides_nothing_leaves_the_bucket_as_it_was(trial):
    assert entry(told((6, 3)), told(trial, date=TUESDAY)).bucket is Bucket.KEEP
    assert entry(told(trial)).bucket is Bucket.UNDECIDED


def test_a_skipped_movement_is_undecided_and_no_evidence():
    telling = Telling()
    telling.skipped("m1", 5)
    found = entry(telling.on())
    assert (found.bucket, found.evidence, found.date) == (Bucket.UNDECIDED, (), None)
    assert trials_of(telling.on())[0].ended_early == "skipped"


def test_sides_are_told_apart():
    telling = Telling()
    telling.trial("m1", 6, 3)
    telling.trial("m1", 6, 8, side=Side.RIGHT)
    found = buckets_of([telling.on()], today=MONDAY)
    assert [found["m1", side].bucket for side in (Side.LEFT, Side.RIGHT)] == [Bucket.KEEP, Bucket.NOT_NOW]


class TestThePersonsWord:
    def session(self, bucket, *trials, date=MONDAY):
        records = told(*trials, date=date).records
        chosen = BucketChosen(movement="m1", side=Side.LEFT, bucket=bucket)
        return SessionRecords(date.isoformat(), date, (*records, chosen))

    def test_goes_before_the_rule(self):
        found = entry(self.session(Bucket.NOT_NOW, (6, 3)))
        assert (found.bucket, found.by_person, found.reason) == (Bucket.NOT_NOW, True, 'you said "not now"')
        assert len(found.evidence) == 1

    def test_stands_against_later_trials(self):
        found = entry(self.session(Bucket.KEEP), told((5, 7), date=TUESDAY))
        assert (found.bucket, found.state, found.date) == (Bucket.KEEP, BucketState.CONFIRMED, MONDAY)

    def test_stands_until_they_say_another(self):
        found = entry(self.session(Bucket.NOT_NOW), self.session(Bucket.KEEP, date=TUESDAY))
        assert found.bucket is Bucket.KEEP

    def test_undecided_hands_it_back_to_the_rules(self):
        found = entry(self.session(Bucket.NOT_NOW, (6, 3)), self.session(Bucket.UNDECIDED, date=TUESDAY))
        assert (found.bucket, found.by_person) == (Bucket.KEEP, False)

    def test_not_now_is_offered_for_retest_like_any_other(self):
        found = entry(self.session(Bucket.NOT_NOW), today=MONDAY + dt.timedelta(days=7))
        assert found.state is BucketState.DUE_FOR_RETEST


class TestCorrections:
    def test_the_newest_counts_and_the_original_stays_visible(self):
        telling = Telling()
        _, after = telling.trial("m1", 6, 6)
        telling.correct(after, 5)
        telling.correct(after, 3)
        row = ratings_of(telling.records)[after]
        assert (row.value, row.original) == (3, 6)

    def test_verdict_decision_and_bucket_follow(self):
        telling = Telling()
        _, after = telling.trial("m1", 6, 6)
        telling.correct(after, 3)
        (trial,) = trials_of(telling.on())
        assert (trial.verdict.outcome, trial.decision, trial.corrected) == (
            Outcome.IMPROVED,
            Decision.KEEP,
            True,
        )
        assert entry(telling.on()).bucket is Bucket.KEEP

    def test_a_rating_that_serves_two_trials_is_corrected_in_both(self):
        telling = Telling()
        _, after = telling.trial("m1", 6, 5)
        trial = telling.begin("m2", after)
        telling.judge(trial, telling.rate(RatingPhase.AFTER, 5, trial=trial), 5, 5, 1)
        telling.correct(after, 7)
        assert trials_of(telling.on())[1].before == 7

    def test_a_missing_rating_can_be_filled_in_afterwards(self):
        telling = Telling()
        before, _ = telling.trial("m1", None, 3)
        assert entry(telling.on()).bucket is Bucket.UNDECIDED
        telling.correct(before, 6)
        assert entry(telling.on()).bucket is Bucket.KEEP

    def test_a_retry_is_compared_with_the_lower_of_the_two_ratings_before_it(self):
        telling = Telling()
        first, second = telling.trial("m1", 5, 5.5)
        retry = telling.begin("m1", first, attempt=2)
        telling.judge(retry, telling.rate(RatingPhase.AFTER, 4, trial=retry), 5, 4, 2)
        telling.correct(second, 4.5)
        assert trials_of(telling.on())[1].before == 4.5


def test_the_sessions_own_rules_judge_it():
    telling = Telling()
    strict = telling.setup.rules.small_improvement.model_copy(update={"value": 2.0})
    rules = telling.setup.rules.model_copy(update={"small_improvement": strict})
    other = Telling(telling.setup.model_copy(update={"rules": rules}))
    telling.trial("m1", 6, 5)
    other.trial("m1", 6, 5)
    assert [trials_of(t.on())[0].decision for t in (telling, other)] == [Decision.KEEP, Decision.RETRY]


def test_nothing_follows_from_a_session_without_its_start_and_the_others_are_shown():
    """What judges its trials is not known; a start that was cut off must not hide every other session."""
    whole, headless = told((5, 3)), SessionRecords("s", TUESDAY, told((5, 9)).records[1:])
    assert not headless.has_start
    assert trials_of(headless) == []
    assert buckets_of([headless, whole], today=TUESDAY) == buckets_of([whole], today=TUESDAY)
    assert evidence_of([headless, whole], today=TUESDAY) == evidence_of([whole], today=TUESDAY)
    assert rests_of([headless, whole]) == {}
    assert orders_of([headless, whole]) == orders_of([whole])
    with pytest.raises(BugError, match="none of its start"):
        _ = headless.setup


def test_pace_range_and_settings_are_those_last_settled_on():
    manners = [
        (MannerKept(movement="m1", pace=p, range_level=r), SettingChanged(name="volume", value=p))
        for p, r in ((0.5, 0), (1.5, 2))
    ]
    sessions = [SessionRecords("b", TUESDAY, manners[1]), SessionRecords("a", MONDAY, manners[0])]
    assert (manners_of(sessions)["m1"].pace, manners_of(sessions)["m1"].range_level) == (1.5, 2)
    assert settings_of(sessions) == {"volume": 1.5}


def test_sessions_of_a_time_before_their_moments_were_kept_are_in_order_anywhere(monkeypatch):
    """They belong to a day; where the machine stands does not decide which came first."""
    evening = dt.datetime.combine(MONDAY, dt.time(20), dt.UTC)
    known = replace(told((6, 3)), session="known", began=evening)
    old = replace(told((6, 3), date=TUESDAY), session="old")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        assert [session.session for session in in_order([old, known])] == ["known", "old"]
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_session_whose_start_is_damaged_hides_none_after_it():
    damaged = replace(told((6, 6)), records=told((6, 6)).records[1:])
    assert entry(damaged, told((6, 3), date=TUESDAY)).bucket is Bucket.KEEP
