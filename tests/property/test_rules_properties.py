"""Whatever the numbers: lower is never judged worse, nothing unrated is kept, a retry comes first."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.domain.intents import Command
from cuewalk.domain.records import RatingGiven, TrialJudged
from cuewalk.domain.verdicts import Decision, Outcome, Zone, decide, judge, zone_of
from cuewalk.engine.session import Session
from cuewalk.engine.states import RATING
from helpers.sessions import World, sample_rules, sample_setup

RULES = sample_rules()
RANK = {Outcome.WORSE: 0, Outcome.UNCHANGED: 1, Outcome.NO_ROOM: 1, Outcome.IMPROVED: 2}
BETTER = {Decision.NOT_NOW: 0, Decision.RETRY: 1, Decision.UNDECIDED: 1, Decision.KEEP: 2}
GRADE = {"none": 0, "small": 1, "clear": 2}
values = st.integers(0, 20).map(lambda n: n / 2)
maybe = st.one_of(st.none(), values)


@given(values, values, values, st.integers(1, 3))
def test_a_lower_number_after_never_gives_a_worse_verdict(
    before: float, one: float, other: float, attempt: int
) -> None:
    low, high = (judge(before, value, RULES) for value in (min(one, other), max(one, other)))
    assert RANK[low.outcome] >= RANK[high.outcome]
    assert GRADE[low.grade] >= GRADE[high.grade]
    lower, higher = (
        decide(verdict, attempt=attempt, after=value, rules=RULES)
        for verdict, value in ((low, min(one, other)), (high, max(one, other)))
    )
    assert BETTER[lower] >= BETTER[higher]


@given(maybe, maybe, st.integers(1, 3))
def test_nothing_is_kept_or_put_aside_from_a_missing_number(
    before: float | None, after: float | None, attempt: int
) -> None:
    decision = decide(judge(before, after, RULES), attempt=attempt, after=after, rules=RULES)
    if before is None or after is None:
        assert decision is Decision.UNDECIDED


@given(values, values)
def test_not_now_never_comes_before_a_retry_unless_it_is_red(before: float, after: float) -> None:
    decision = decide(judge(before, after, RULES), attempt=1, after=after, rules=RULES)
    if decision is Decision.NOT_NOW:
        assert zone_of(after, RULES) is Zone.RED


#: What is answered to each question for a number, in turn: None skips it where that is possible.
answers = st.lists(maybe, min_size=1, max_size=25)


@settings(max_examples=80, deadline=None)
@given(answers)
def test_no_way_through_a_session_keeps_or_puts_aside_without_the_numbers(given_: list[float | None]) -> None:
    world = _walked(given_)
    ratings = {r.rating: r.value for r in world.records if isinstance(r, RatingGiven)}
    tried: list[Decision] = []
    for trial in world.session.ledger.trials:
        if trial.judged is None:
            continue
        before = None if trial.before is None else ratings[trial.before]
        after = None if trial.after is None else ratings[trial.after]
        decision = trial.judged.decision
        if before is None or after is None:
            assert decision is Decision.UNDECIDED
        if decision is Decision.NOT_NOW:
            assert trial.attempt > 1 or zone_of(after or 0.0, RULES) is Zone.RED
        tried.append(decision)
    assert len(tried) == sum(isinstance(r, TrialJudged) for r in world.records)


def _walked(numbers: list[float | None]) -> World:
    world = World(Session(sample_setup(2, edition=2))).begin()
    queue = list(numbers)
    for _ in range(3000):
        if world.over:
            break
        state = world.session.state
        if state in {*RATING, "confirm_rating"} and world.session.talk.finished:
            if state == "confirm_rating":
                world.yes()
                continue
            value = queue.pop(0) if queue else 3.0
            if value is None:
                world.command(Command.SKIP)
            else:
                world.rate(value)
        else:
            world.pass_time()
    assert world.over
    return world
