"""The sentences and words in which numbers, trials and evidence are told, each as a person reads it."""

import datetime as dt

import pytest

from cuewalk.domain.belief import believe
from cuewalk.domain.buckets import (
    Bucket,
    BucketEntry,
    BucketState,
    PersonsWord,
    TrialRow,
    bucket_of,
    goes_of,
    rounds_of,
)
from cuewalk.domain.checkin import baseline_of, checkin_of, halved, is_open
from cuewalk.domain.content import Dose
from cuewalk.domain.errors import ContentError, ContentFault, CuewalkError, OutputLostError
from cuewalk.domain.evidence import Evidence, Figures
from cuewalk.domain.intents import Side
from cuewalk.domain.records import NextMorning, RatingPhase
from cuewalk.domain.rules import Number
from cuewalk.domain.units import counted, millis_of, samples_of
from cuewalk.domain.verdicts import Grade, Outcome, Verdict, compared_with, judged
from cuewalk.domain.words import (
    bucket_words,
    change_words,
    number_words,
    outcome_words,
    percent,
    spoken,
    state_words,
    summary,
    trial_words,
    verdict_words,
)
from helpers.histories import MONDAY, Telling
from helpers.sessions import sample_rules

RULES = sample_rules()


def _row(
    before: float | None, after: float | None, *, day: int = 0, attempt: int = 1, **more: object
) -> TrialRow:
    date = MONDAY + dt.timedelta(days=day)
    verdict, decision = judged(before, after, attempt=attempt, rules=RULES)
    return TrialRow.model_validate(
        {
            "session": date.isoformat(), "date": date, "trial": 1, "movement": "m1", "side": Side.LEFT,
            "attempt": attempt, "before": before, "after": after, "verdict": verdict, "decision": decision,
            **more,
        }
    )  # fmt: skip


def test_numbers_are_written_without_needless_digits() -> None:
    assert [number_words(n) for n in (None, 4, 4.5, 3.14159)] == ["\N{EN DASH}", "4", "4.5", "3.1"]
    assert number_words(3.14159, 2) == "3.14"


def test_a_trial_is_told_by_its_numbers_and_how_it_came_out() -> None:
    assert trial_words(_row(6, 4)) == "6 → 4"
    assert trial_words(_row(6, None, attempt=2)) == "6 → \N{EN DASH}, retry"
    rows = [
        _row(6, 4), _row(6, 5), _row(6, 7), _row(0, 0), _row(6, 4, corrected=True),
        _row(6, None, judged=False), _row(6, None, judged=False, ended_early="switched_sides"),
    ]  # fmt: skip
    assert [outcome_words(row) for row in rows] == [
        "improved (clear)", "improved (small)", "worse", "no room", "improved (clear) (corrected)",
        "not finished", "switched sides",
    ]  # fmt: skip
    assert verdict_words(Verdict(outcome=Outcome.NO_ROOM, grade=Grade.NONE, rule="")) == "no room"


def test_a_bucket_is_told_with_how_settled_it_is() -> None:
    assert [state_words(state) for state in BucketState] == ["provisional", "confirmed", "due for re-test"]
    entry = bucket_of([_row(7, 8)], rules=RULES, today=MONDAY + dt.timedelta(days=7))
    assert bucket_words(entry) == "not now, due for re-test"


@pytest.mark.parametrize(
    ("number", "change", "helps", "words"),
    [
        (1, -0.2, 0.5, ("One trial", "it hardly changed", "about five in ten")),
        (2, -0.25, 0.97, ("Two trials", "it went down by about half a point", "more than nine in ten")),
        (11, 0.5, 0.04, ("11 trials", "it went up by about half a point", "less than one in ten")),
        (10, -1.0, 0.1, ("Ten trials", "it went down by about a point", "about one in ten")),
        (3, -1.5, 0.3, ("Three trials", "it went down by about a point and a half", "about three in ten")),
        (3, 2.0, 0.8, ("Three trials", "it went up by about two points", "about eight in ten")),
        (3, -2.5, 0.9, ("Three trials", "it went down by about two and a half points", "about nine in ten")),
    ],
)
def test_evidence_is_spoken_in_a_breath(
    number: int, change: float, helps: float, words: tuple[str, ...]
) -> None:
    figures = Figures(change=change, low=-9, high=9, helps=helps, points=1)
    many, went, chance = words
    told = spoken(Evidence.model_construct(n=number, sessions=1, figures=figures))
    assert told == f"{many}. On average {went}. The chance that it helps is {chance}."


@pytest.mark.parametrize(
    ("figures", "went"),
    [
        ((-1, -2, 0), "On average it went down by about a point, somewhere between 0.0 and 2.0."),
        ((-1, -2, 0.5), "On average it went down by about a point, somewhere between 2.0 down and 0.5 up."),
        ((0.5, 0, 2), "On average it went up by about 0.5 points, somewhere between 0.0 and 2.0."),
        ((1.2, 0.5, 2), "On average it went up by about 1.2 points, somewhere between 0.5 and 2.0."),
        ((0.25, -1, 2), "On average it went up by about 0.2 points, somewhere between 1.0 down and 2.0 up."),
        ((0.2, -1, 2), "On average it hardly changed, somewhere between 1.0 down and 2.0 up."),
    ],
)
def test_evidence_is_summed_up_with_how_sure_it_is(figures: tuple[float, float, float], went: str) -> None:
    change, low, high = figures
    known = Figures(change=change, low=low, high=high, helps=0.5, points=1)
    told = summary(Evidence.model_construct(n=1, sessions=1, figures=known))
    few = " So few trials say little."
    assert told == f"1 trial in 1 session. {went} Chance that it helps you by a point or more: 50 %.{few}"
    assert few not in summary(Evidence.model_construct(n=9, sessions=3, figures=known))


def test_nothing_to_go_by_is_said() -> None:
    nothing = Evidence.model_construct(n=0, sessions=0, figures=None)
    assert summary(nothing) == "No trial counts yet, so there is nothing to go by."
    assert spoken(nothing) == "There is nothing to go by yet."


def test_no_chance_is_told_as_certain() -> None:
    assert [percent(share) for share in (0.009, 0.01, 0.5, 0.99, 0.991)] == [
        "under 1 %", "1 %", "50 %", "99 %", "over 99 %",
    ]  # fmt: skip
    assert [change_words(change) for change in (-1.6, -0.049, 0.05, 0.4)] == ["-1.6", "0", "+0.1", "+0.4"]


def test_things_are_counted_in_words() -> None:
    assert [counted(n, "day") for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert counted(2, "entry", "entries") == "2 entries"
    assert (millis_of(320), millis_of(335), millis_of(8_000, 8_000), samples_of(20)) == (20, 20, 1000, 320)


# Buckets


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "no trial was judged yet"),
        ([_row(6, None)], "a rating is missing"),
        ([_row(0, 0)], "no room to improve: the rating before was at the floor"),
        ([_row(5, 5)], "its retry was not done"),
        ([_row(5, 8)], "went up in the red zone, not retried"),
        ([_row(5, 5), _row(5, 5, attempt=2)], "no change after the retry"),
        ([_row(6, 5)], "small improvement, within measurement error"),
        ([_row(6, 4)], "clear improvement, not confirmed by another session yet"),
        ([_row(6, 2), _row(6, 2, day=1)], "improved in 2 of the last 2 sessions"),
        (
            [_row(6, 5), _row(6, 5, day=1)],
            "improved in 2 of the last 2 sessions, but by too little to be sure yet",
        ),
        ([_row(6, 2, flare_up=True)], "improved in the last session, but a flare-up followed"),
    ],
)  # fmt: skip
def test_a_bucket_says_why(rows: list[TrialRow], reason: str) -> None:
    assert bucket_of(rows, rules=RULES, today=MONDAY).reason == reason


@pytest.mark.parametrize(("bucket", "said"), [(Bucket.KEEP, "keep it"), (Bucket.NOT_NOW, "not now")])
def test_the_persons_own_word_is_told_as_theirs(bucket: Bucket, said: str) -> None:
    word = PersonsWord(bucket=bucket, date=MONDAY)
    entry = bucket_of([_row(5, 5)], rules=RULES, today=MONDAY, word=word)
    assert (entry.bucket, entry.by_person, entry.reason) == (bucket, True, f'you said "{said}"')


def test_a_suspect_rests_until_its_day_and_not_on_it() -> None:
    entry: BucketEntry = bucket_of([_row(6, 2, flare_up=True)], rules=RULES, today=MONDAY)
    week = dt.timedelta(days=7)
    assert entry.suspended_until == MONDAY + week
    assert entry.suspended(MONDAY + week - dt.timedelta(days=1))
    assert not entry.suspended(MONDAY + week)


def test_a_keep_is_confirmed_from_the_very_probability_of_the_rules() -> None:
    rows = [_row(6, 2), _row(6, 2, day=1)]
    chance = _chance(rows)
    sure = RULES.model_copy(update={"confirm_probability": Number(value=chance, basis="as it is")})
    assert bucket_of(rows, rules=sure, today=MONDAY).state is BucketState.CONFIRMED


def _chance(rows: list[TrialRow]) -> float:
    return believe(goes_of(rounds_of(rows), RULES), RULES).chance_of_drop(RULES.small_improvement.value)


def test_before_any_trial_what_is_believed_is_what_the_rules_say() -> None:
    wide = RULES.model_copy(update={"prior_sd": Number(value=2, basis="test")})
    assert (believe([], wide).change, believe([], wide).sd) == pytest.approx((-0.3, 2))


def test_a_retry_without_known_numbers_is_compared_with_what_was_noted() -> None:
    assert compared_with(3, (3, 4), {3: None, 4: None}.get) == 3
    assert compared_with(3, (3, 4), {3: 6.0, 4: 5.0}.get) == 4


# The next morning


@pytest.mark.parametrize(
    ("dose", "half"),
    [
        ({"reps": 10}, {"reps": 5}),
        ({"reps": 3}, {"reps": 1}),
        ({"reps": 1}, {"reps": 1}),
        ({"reps": 10, "sets": 2}, {"reps": 10, "sets": 1}),
        ({"reps": 10, "sets": 3}, {"reps": 5, "sets": 3}),
        ({"reps": 2, "sets": 9}, {"reps": 1, "sets": 9}),
        ({"reps": 1, "sets": 3}, {"reps": 1, "sets": 1}),
        ({"hold_seconds": 30}, {"hold_seconds": 15}),
        ({"hold_seconds": 30, "sets": 4}, {"hold_seconds": 30, "sets": 2}),
        ({"hold_seconds": 30, "sets": 3}, {"hold_seconds": 15, "sets": 3}),
    ],
)
def test_half_a_dose_is_never_more_than_half(dose: dict[str, float], half: dict[str, float]) -> None:
    assert halved(Dose.model_validate(dose)) == Dose.model_validate(half)


def test_a_session_waits_for_its_check_in_from_the_next_day_to_the_last() -> None:
    telling = Telling()
    telling.rate(RatingPhase.BASELINE, 5)
    open_on = [is_open(telling.records, MONDAY, MONDAY + dt.timedelta(days=n), 7) for n in range(9)]
    assert open_on == [False, *[True] * 6, False, False]
    done = [*telling.records, NextMorning(value=5, hours=12)]
    assert not is_open(done, MONDAY, MONDAY + dt.timedelta(days=1), 7)


def test_a_check_in_is_compared_with_the_corrected_first_number() -> None:
    telling = Telling()
    first, second = telling.rate(RatingPhase.BASELINE, 6), telling.rate(RatingPhase.AFTER, 3)
    telling.correct(first, 4)
    telling.correct(second, 2)
    done = checkin_of([*telling.records, NextMorning(value=6, hours=12)], RULES)
    assert done is not None
    assert (done.baseline, done.value, done.outcome.value) == (4, 6, "flare_up")
    assert baseline_of(telling.records[2:]) is None


# Errors


def test_an_error_is_what_happened_what_it_means_and_what_to_do() -> None:
    error = CuewalkError("It broke.", meaning="Nothing was kept.", remedy="Try again.")
    assert (error.what, error.meaning, error.remedy) == ("It broke.", "Nothing was kept.", "Try again.")
    assert str(error) == "It broke. Nothing was kept. Try again."
    alone = CuewalkError("It broke.")
    assert (str(alone), alone.meaning, alone.remedy) == ("It broke.", "", "")


def test_faults_in_content_name_their_place() -> None:
    faults = [
        ContentFault("a.toml", 3, "No name.", "Write one."),
        ContentFault("b.toml", None, "Empty.", "Fill it."),
    ]
    error = ContentError(faults)
    assert error.faults == tuple(faults)
    assert (error.what, error.meaning) == (
        "a.toml, line 3: No name. Write one.\nb.toml: Empty. Fill it.",
        "Nothing was loaded.",
    )


def test_output_that_is_lost_keeps_its_cause() -> None:
    cause = OSError("full")
    error = OutputLostError(cause)
    assert (error.cause, str(error)) == (cause, "What was to be printed could not be written.")
