"""A session from the first greeting to the summary, as the person lives it."""

import pytest

from cuewalk.domain.intents import Command, Construct, ConstructSaid, CorrectionSaid, Expect, Side, SideSaid
from cuewalk.domain.records import (
    BucketChosen,
    ComplaintChosen,
    MannerKept,
    RatingCorrected,
    RatingGiven,
    ScreenAnswered,
    SessionEnded,
    TrialJudged,
    TrialStarted,
)
from cuewalk.domain.setup import EDITION
from cuewalk.domain.verdicts import Decision, Outcome
from cuewalk.engine.effects import Listen, StopSpeaking
from cuewalk.engine.events import Restored
from cuewalk.engine.session import Session
from helpers.sessions import World, sample_setup, started


def _decisions(world: World) -> list[Decision]:
    return [r.decision for r in world.records if isinstance(r, TrialJudged)]


def _ratings(world: World) -> list[RatingGiven]:
    return [r for r in world.records if isinstance(r, RatingGiven)]


def _of(world: World, kind: type) -> list:
    return [r for r in world.records if isinstance(r, kind)]


def _to_after(world: World, baseline: float) -> World:
    """Give the baseline and come to the first rating after a movement."""
    return (
        world.run_until("baseline").run_until_quiet().rate(baseline).run_until("rate_after").run_until_quiet()
    )


def test_a_number_that_drops_by_two_keeps_the_movement() -> None:
    world = _to_after(started(), 5).rate(3).run_until("rest")
    assert _decisions(world) == [Decision.KEEP]
    assert "verdict_keep_clear" in world.said()


def test_a_number_that_drops_by_one_keeps_it_and_says_how_sure_that_is() -> None:
    world = _to_after(started(), 5).rate(4).run_until("rest")
    assert "verdict_keep_small" in world.said()


def test_no_change_is_reviewed_and_tried_once_more_slower_and_smaller() -> None:
    world = _to_after(started(), 4).rate(4).run_until("review").run_until("perform")
    first, second = _of(world, TrialStarted)
    assert (second.attempt, second.movement) == (2, first.movement)
    assert second.pace < first.pace
    assert second.range_level < first.range_level


def test_a_retry_that_helps_is_kept() -> None:
    world = _to_after(started(), 4).rate(4).run_until("perform").run_until("rate_after").run_until_quiet()
    world.rate(2).run_until("rest")
    assert _decisions(world) == [Decision.RETRY, Decision.KEEP]


def test_a_retry_that_only_undoes_the_harm_is_not_kept() -> None:
    world = _to_after(started(), 4).rate(5).run_until("perform").run_until("rate_after").run_until_quiet()
    world.rate(4).run_until("confirm_rating").yes().run_until("rest")
    assert _decisions(world) == [Decision.RETRY, Decision.NOT_NOW]


def test_a_failed_retry_is_confirmed_before_it_is_put_aside() -> None:
    world = (
        _to_after(started(), 4).rate(4).run_until("perform").run_until("rate_after").run_until_quiet().rate(4)
    )
    assert world.session.state == "confirm_rating"
    world.yes().run_until("rest")
    assert _decisions(world) == [Decision.RETRY, Decision.NOT_NOW]
    assert "verdict_not_now" in world.said()


def test_worse_in_the_red_zone_is_never_tried_again() -> None:
    world = _to_after(started(), 5).rate(7).yes().run_until("rest")
    assert _decisions(world) == [Decision.NOT_NOW]


def test_high_numbers_are_asked_back_and_no_asks_again() -> None:
    world = started().run_until("baseline").run_until_quiet().rate(8)
    assert world.session.state == "confirm_rating"
    world.yes(yes=False)
    assert world.session.state == "baseline"
    assert _ratings(world) == []


def test_an_unsure_number_is_never_written_down_without_a_yes() -> None:
    world = started().run_until("baseline").run_until_quiet().rate(3, sure=False)
    assert _ratings(world) == []
    world.run_until_quiet().yes()
    assert [(r.value, r.confirmed) for r in _ratings(world)] == [(3, True)]


def test_another_number_instead_of_a_yes_replaces_the_first() -> None:
    world = started().run_until("baseline").run_until_quiet().rate(3, sure=False).run_until_quiet().rate(5)
    assert [r.value for r in _ratings(world)] == [5]


def test_no_five_corrects_the_number_read_back() -> None:
    world = started().run_until("baseline").run_until_quiet().rate(4)
    assert world.said()[-1] == "readback"
    world.correct(5)
    assert [r.value for r in _of(world, RatingCorrected)] == [5]
    assert world.session.ledger.value(1) == 5


def test_a_correction_after_the_verdict_changes_the_verdict() -> None:
    world = _to_after(started(), 5).rate(3)
    assert world.session.state == "verdict"
    world.correct(5).run_until("review")
    assert _decisions(world) == [Decision.KEEP, Decision.RETRY]


def test_a_correction_during_the_rest_changes_the_verdict_too() -> None:
    world = _to_after(started(), 5).rate(3).run_until("rest").correct(5)
    assert world.session.state == "verdict"
    world.run_until("review")


def test_that_is_wrong_without_a_number_asks_for_it() -> None:
    world = started().run_until("baseline").run_until_quiet().rate(4).run_until("introduce")
    world.hear(CorrectionSaid(value=None), "that's wrong")
    assert world.session.state == "correct_rating"
    world.run_until_quiet().rate(2)
    assert world.session.state == "introduce"
    assert world.session.ledger.value(1) == 2


def test_silence_is_asked_three_times_and_then_pauses_without_a_number() -> None:
    world = started().run_until("baseline").run_until("paused")
    assert [s.length for s in world.spoken if s.prompt == "ask_baseline"] == [0, 1, 2]
    assert _ratings(world) == []
    world.command(Command.RESUME)
    assert world.session.state == "baseline"


def test_skipping_a_rating_writes_it_down_as_missing_never_as_zero() -> None:
    world = _to_after(started(), 5).command(Command.SKIP).run_until("rest")
    assert [(r.value, r.missing_reason) for r in _ratings(world)][-1] == (None, "skipped")
    judged = _of(world, TrialJudged)[-1]
    assert (judged.verdict.outcome, judged.decision) == (Outcome.NOT_RATED, Decision.UNDECIDED)


def test_stop_silences_at_once_and_asks_end_or_carry_on() -> None:
    world = started().run_until("baseline").run_until_quiet().rate(4).run_until("perform")
    world.command(Command.STOP)
    assert world.session.state == "stop_asked"
    world.command(Command.CARRY_ON)
    assert world.session.state == "perform"
    world.command(Command.STOP).command(Command.END).run_until("ended")
    assert _of(world, SessionEnded)[0].how == "stopped"
    assert world.over


def test_pause_keeps_the_place_in_a_movement() -> None:
    world = started().run_until("baseline").run_until_quiet().rate(4).run_until("perform")
    for _ in range(6):
        world.pass_time()
    place = world.session.talk.items[world.session.talk.at]
    world.command(Command.PAUSE)
    world.run_until_quiet().command(Command.RESUME)
    assert world.spoken[-1].prompt == "resumed"
    world.pass_time()
    assert world.session.talk.items[world.session.talk.at] == place


def test_slower_changes_the_beat_and_is_remembered() -> None:
    world = (
        started().run_until("baseline").run_until_quiet().rate(4).run_until("perform").command(Command.SLOWER)
    )
    assert world.session.talk.pace == 0.8
    assert [(m.movement, m.pace) for m in _of(world, MannerKept)] == [("m1", 0.8)]


def test_that_hurts_asks_for_the_number_and_goes_easier_when_it_is_low() -> None:
    world = (
        started().run_until("baseline").run_until_quiet().rate(4).run_until("perform").command(Command.HURTS)
    )
    assert world.session.state == "rate_during"
    world.run_until_quiet().rate(4)
    assert world.session.state == "perform"
    assert world.session.talk.pace < 1


def test_that_hurts_with_a_high_number_stops_the_movement() -> None:
    world = (
        started().run_until("baseline").run_until_quiet().rate(4).run_until("perform").command(Command.HURTS)
    )
    world.run_until_quiet().rate(7).yes()
    assert world.session.state == "verdict"
    world.run_until("rest")
    assert _decisions(world) == [Decision.NOT_NOW]


def test_a_red_flag_ends_the_session_with_advice() -> None:
    world = started(screening_due=True).run_until("safety").run_until_quiet().yes().run_until_quiet().yes()
    world.run_until("ended")
    assert "red_flag_emergency" in world.said()
    assert [(s.group, s.present) for s in _of(world, ScreenAnswered)] == [("now", True)]
    assert _of(world, SessionEnded)[0].how == "red_flag"


def test_a_misheard_red_flag_is_asked_again() -> None:
    world = (
        started(screening_due=True)
        .run_until("safety")
        .run_until_quiet()
        .yes()
        .run_until_quiet()
        .yes(yes=False)
    )
    assert world.session.state == "safety"
    world.run_until_quiet().yes(yes=False).run_until_quiet().yes(yes=False)
    assert world.session.state == "baseline"


def test_something_is_wrong_screens_and_returns_to_the_movement() -> None:
    world = started().run_until("baseline").run_until_quiet().rate(4).run_until("perform")
    world.command(Command.SOMETHING_WRONG).run_until_quiet().yes(yes=False).run_until_quiet().yes(yes=False)
    assert world.session.state == "perform"


def test_side_and_construct_are_asked_when_they_are_not_known() -> None:
    world = started(side=None, rated=None).run_until("ask_side").run_until_quiet()
    world.hear(SideSaid(side=Side.RIGHT)).run_until_quiet().hear(ConstructSaid(rated=Construct.TIGHTNESS))
    assert world.session.state == "baseline"
    assert world.spoken[-1].slots == {"construct": "tightness"}


def test_keep_it_puts_the_movement_into_the_bucket_by_the_persons_word() -> None:
    world = (
        started()
        .run_until("baseline")
        .run_until_quiet()
        .rate(4)
        .run_until("perform")
        .command(Command.KEEP_IT)
    )
    assert [(b.movement, b.bucket) for b in _of(world, BucketChosen)] == [("m1", "keep")]


def test_every_command_gets_an_answer_wherever_it_is_said() -> None:
    for command in Command:
        world = started().run_until("baseline").run_until_quiet().rate(4).run_until("perform")
        before = len(world.effects)
        world.command(command)
        assert (len(world.effects) > before) == (command is not Command.READY), command


def test_a_whole_session_ends_with_a_summary() -> None:
    world = (
        _to_after(started(2), 5).rate(3).run_until("rate_after").run_until_quiet().rate(2).run_until("ended")
    )
    assert _decisions(world) == [Decision.KEEP, Decision.KEEP]
    assert "summary_keep" in world.said()
    assert _of(world, SessionEnded)[0].how == "completed"


def test_stop_silences_the_voice_in_the_same_step_in_every_state() -> None:
    seen: set[str] = set()
    for command in (None, Command.PAUSE, Command.HURTS, Command.NOTE, Command.SOMETHING_WRONG):
        for steps in range(0, 90, 3):
            world = started(1, screening_due=False).run_until("baseline").run_until_quiet().rate(4)
            for _ in range(steps):
                if world._queue and world.session.state not in {"paused", "ended"}:
                    world.pass_time()
            if command is not None:
                world.command(command)
            state, speaking = world.session.state, world.speaking
            before = len(world.effects)
            world.command(Command.STOP)
            if state == "ended":
                continue
            seen.add(state)
            assert world.session.state in {"stop_asked", "ended"}, state
            assert not speaking or StopSpeaking() in world.effects[before:], state
    assert {"introduce", "perform", "rate_after", "rate_during", "paused", "note", "safety"} <= seen


def test_a_big_correction_is_asked_back_before_it_is_written_down() -> None:
    world = _to_after(started(), 5).rate(2)
    world.correct(9)
    assert world.session.state == "confirm_rating"
    assert _of(world, RatingCorrected) == []
    world.run_until_quiet().yes()
    assert [r.value for r in _of(world, RatingCorrected)] == [9]
    assert world.session.state == "verdict"


def test_a_correction_that_is_denied_is_asked_for_again() -> None:
    world = _to_after(started(), 5).rate(2)
    world.correct(9).run_until_quiet().yes(yes=False)
    assert world.session.state == "correct_rating"
    world.run_until_quiet().rate(3)
    assert [r.value for r in _of(world, RatingCorrected)] == [3]


def test_a_number_from_the_television_corrects_nothing_while_paused() -> None:
    world = _to_after(started(), 5).rate(3).command(Command.PAUSE).run_until_quiet().correct(4)
    assert _of(world, RatingCorrected) == []


def test_sides_cannot_be_switched_between_performing_and_rating() -> None:
    world = _to_after(started(), 4).command(Command.SWITCH_SIDES)
    assert "cannot_switch" in world.said()
    assert [t.side for t in _of(world, TrialStarted)] == [Side.LEFT]


def test_switching_sides_while_moving_begins_a_new_trial_on_that_side() -> None:
    world = started().run_until("baseline").run_until_quiet().rate(4).run_until("perform")
    world.command(Command.SWITCH_SIDES)
    assert [(t.side, t.attempt) for t in _of(world, TrialStarted)] == [(Side.LEFT, 1), (Side.RIGHT, 1)]


def test_a_skipped_retry_leaves_the_next_movement_at_its_own_pace() -> None:
    for where in ("review", "perform"):
        world = _to_after(started(), 4).rate(4).run_until("review").run_until(where).command(Command.SKIP)
        world.run_until("introduce").run_until("perform")
        last = _of(world, TrialStarted)[-1]
        assert (last.movement, last.pace, last.attempt) == ("m2", 1.0, 1), where


def test_going_back_in_a_retry_does_not_give_a_third_try() -> None:
    world = _to_after(started(), 4).rate(4).run_until("perform").command(Command.BACK).run_until("perform")
    assert [t.attempt for t in _of(world, TrialStarted)] == [1, 2, 2]
    world.run_until("rate_after").run_until_quiet().rate(4).run_until_quiet().yes().run_until("rest")
    assert _decisions(world)[-1] is Decision.NOT_NOW


def test_much_pain_in_a_rest_asks_once_whether_to_carry_on() -> None:
    world = _to_after(started(), 5).rate(3).run_until("rest").command(Command.HURTS).run_until_quiet().rate(7)
    world.run_until_quiet().yes()
    assert world.session.state == "stop_asked"
    world.command(Command.CARRY_ON)
    assert world.session.state == "rest"
    assert _of(world, MannerKept) == []


def test_the_same_unsure_answer_twice_is_taken() -> None:
    world = started(side=None).run_until("ask_side").run_until_quiet()
    world.hear(SideSaid(side=Side.RIGHT), sure=False)
    assert world.session.state == "ask_side"
    world.run_until_quiet().hear(SideSaid(side=Side.RIGHT), sure=False)
    assert _of(world, ComplaintChosen)[-1].side is Side.RIGHT


def test_a_late_correction_is_in_the_summary() -> None:
    world = _to_after(started(1), 5).rate(3).run_until("summary").correct(5)
    world.run_until("ended")
    assert world.said()[-4:].count("summary_keep") == 0


def test_a_session_taken_up_again_listens_for_what_it_asks() -> None:
    for state in ("baseline", "rate_after"):
        world = started().run_until("baseline").run_until_quiet()
        if state != "baseline":
            world.rate(4).run_until(state)
        again = Session(sample_setup())
        for event in world.events:
            again.step(event)
        listens = [e for e in again.step(Restored()) if isinstance(e, Listen)]
        assert [listen.expects for listen in listens] == [frozenset({Expect.RATING})]


def test_stop_ends_the_advice_of_a_red_flag() -> None:
    world = started(screening_due=True).run_until("safety").run_until_quiet().yes().run_until_quiet().yes()
    assert world.session.state == "advised"
    world.command(Command.STOP)
    assert world.session.ended


def test_a_no_into_the_introduction_does_not_answer_a_question_nobody_heard() -> None:
    world = started(screening_due=True).run_until("safety").yes(yes=False)
    assert _of(world, ScreenAnswered) == []
    world.run_until_quiet().yes(yes=False)
    assert [s.group for s in _of(world, ScreenAnswered)] == ["now"]


@pytest.mark.parametrize(
    ("edition", "decision"), [(EDITION, Decision.NOT_NOW), (5, Decision.NOT_NOW), (4, Decision.KEEP)]
)
def test_a_retry_is_compared_with_the_lower_number_as_it_was_corrected(edition, decision) -> None:
    """4, then 4.5, corrected to 3 while the retry is under way: 3 after it is no improvement."""
    world = started(2, edition=edition).run_until("baseline").run_until_quiet().rate(4)
    world.run_until("rate_after").run_until_quiet().rate(4.5).run_until("review").run_until("perform")
    world.correct(3).run_until("rate_after").run_until_quiet().rate(3)
    while world.session.state == "confirm_rating":
        world.run_until_quiet().yes()
    assert _of(world, TrialJudged)[-1].decision is decision
