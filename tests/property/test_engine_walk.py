"""In whatever order: the engine never raises, loses no rating, "stop" always reaches the end and is kept."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.domain.intents import (
    Answer,
    Command,
    CommandSaid,
    Construct,
    ConstructSaid,
    CorrectionSaid,
    RatingRangeSaid,
    RatingSaid,
    RatingWithoutNumber,
    Side,
    SideSaid,
)
from cuewalk.domain.projection import SessionRecords, trials_of
from cuewalk.domain.records import RatingCorrected, RatingGiven
from cuewalk.domain.setup import EDITION, Setup
from cuewalk.engine.effects import Append, CueKind
from cuewalk.engine.events import (
    Begin,
    CancellerLost,
    CueFinished,
    DeviceBack,
    DeviceLost,
    NotUnderstood,
    Restored,
    SpeechStarted,
    SpeechWasNothing,
    TimerFired,
    Understood,
)
from cuewalk.engine.session import Session
from cuewalk.engine.states import SCREEN
from helpers.sessions import World, full_setup, heard, sample_setup
from helpers.states import ANY_STATE, flagged, world_in

_values = st.integers(0, 20).map(lambda n: n / 2)
_intents = st.one_of(
    st.sampled_from(Command).map(lambda c: CommandSaid(command=c)),
    _values.map(lambda v: RatingSaid(value=v)),
    st.tuples(_values, _values).map(lambda v: RatingRangeSaid(low=min(v), high=max(v))),
    st.sampled_from(["better", "worse", "worst_ever", "same"]).map(lambda h: RatingWithoutNumber(hint=h)),
    st.booleans().map(lambda y: Answer(yes=y)),
    st.sampled_from(Side).map(lambda s: SideSaid(side=s)),
    st.sampled_from(Construct).map(lambda c: ConstructSaid(rated=c)),
    st.one_of(st.none(), _values).map(lambda v: CorrectionSaid(value=v)),
)
_devices = st.sampled_from(["microphone", "speaker"])
_events = st.one_of(
    st.tuples(_intents, st.booleans()).map(lambda p: Understood(intent=p[0], heard=heard(sure=p[1]))),
    st.just(NotUnderstood(heard=heard("mumble"))),
    st.just(SpeechStarted()),
    st.just(SpeechWasNothing()),
    st.integers(1, 60).map(lambda n: CueFinished(cue=n)),
    st.integers(1, 60).map(lambda n: TimerFired(timer=n)),
    _devices.map(lambda d: DeviceLost(device=d)),
    _devices.map(lambda d: DeviceBack(device=d)),
    st.just(CancellerLost()),
    st.just(Restored()),
    st.just(Begin()),
)
#: None lets the next thing happen by itself: a cue ends or a timer fires.
_steps = st.lists(st.one_of(st.none(), st.none(), _events), max_size=120)


#: Straight to the ratings, as sessions of the first edition were held; and with everything asked before.
_setups = st.sampled_from(
    [
        sample_setup(2),
        sample_setup(2, screening_due=True, side=None),
        sample_setup(2, edition=EDITION),
        full_setup(2),
        full_setup(2, screening_due=False, resting_until=dt.date(2026, 11, 23)),
    ]
)


#: Where a session of today may be between a stop and its answer: nowhere that anybody moves or rests.
_AFTER_A_STOP = {
    "stop_asked", "paused", "note", "ready", "unsteady", "emergency", "farewell", "advised", "summary",
    "ended", *SCREEN,
}  # fmt: skip
_GOES_ON_BY_ITSELF = ["introduce", "perform", "verdict", "review", "rest"]
_CARRIES_ON = {Command.CARRY_ON, Command.RESUME}
#: Everything that is not the person's word, and a note.
_no_word = st.one_of(
    st.none(),
    st.just(Understood(intent=CommandSaid(command=Command.NOTE), heard=heard("note"))),
    st.just(NotUnderstood(heard=heard("mumble"))),
    st.sampled_from([SpeechStarted(), SpeechWasNothing(), Restored(edition=EDITION)]),
    _devices.map(lambda d: DeviceLost(device=d)),
    _devices.map(lambda d: DeviceBack(device=d)),
    st.just(CancellerLost()),
)
_today = st.sampled_from([flagged(sample_setup(2)), flagged(full_setup(2, screening_due=False))])


def _step(world: World, step: object) -> None:
    if step is not None:
        world.tell(step)
    elif world._queue:
        world.pass_time()


def _moves(world: World, since: int) -> bool:
    return any(s.kind in {CueKind.STEP, CueKind.COUNT, CueKind.COACHING} for s in world.spoken[since:])


@settings(max_examples=130, deadline=None)
@given(st.sampled_from(ANY_STATE), _steps)
def test_after_a_stop_nothing_goes_on_before_the_person_says_so(state: str, steps: list) -> None:
    world = world_in(state).command(Command.STOP)
    said = len(world.spoken)
    for step in steps:
        if world.session.state not in _AFTER_A_STOP:
            return  # the state had no stop to ask about
        asked = world.session.state == "stop_asked"
        _step(world, step)
        carries_on = isinstance(step, Understood) and step.intent in [
            CommandSaid(command=command) for command in _CARRIES_ON
        ]
        if asked and carries_on:
            return
        assert world.session.state in _AFTER_A_STOP
        assert not _moves(world, said)


@settings(max_examples=130, deadline=None)
@given(st.sampled_from(_GOES_ON_BY_ITSELF), st.lists(_no_word, max_size=20))
def test_a_pause_ends_with_a_word_of_the_person_alone(state: str, steps: list) -> None:
    world = world_in(state).command(Command.PAUSE)
    for step in steps:
        _step(world, step)
        assert world.session.state in {"paused", "note", "ready"}


@settings(max_examples=80, deadline=None)
@given(_steps, _today)
def test_every_interruption_can_be_left(steps: list, setup: Setup) -> None:
    """Whatever was interrupted by whatever: the person's words lead out of it, to the end of the session."""
    world = _walk(steps, setup)
    for _ in range(12):
        behind = world.session.place.behind(world.session.state)
        assert len(behind) == len(set(behind))
        match world.session.state:
            case "paused":
                world.command(Command.RESUME)
            case "stop_asked":
                world.command(Command.CARRY_ON)
            case "note":
                world.tell(NotUnderstood(heard=heard("mumble")))
            case "ready" | "unsteady":
                world.ready()
            case "correct_rating":
                world.rate(1)
            case _:
                return
    raise AssertionError(f"still in {world.session.state}")


def _walk(steps: list, setup: Setup) -> World:
    world = World(Session(setup)).begin()
    for step in steps:
        if step is not None:
            world.tell(step)
        elif world._queue:
            world.pass_time()
    return world


@settings(max_examples=80, deadline=None)
@given(_steps, _setups)
def test_stop_always_reaches_the_end(steps: list, setup: Setup) -> None:
    world = _walk(steps, setup)
    for _ in range(4):
        world.command(Command.STOP)
    world.run_until("ended")


@settings(max_examples=80, deadline=None)
@given(_steps, _setups)
def test_every_rating_the_engine_knows_is_in_a_record(steps: list, setup: Setup) -> None:
    world = _walk(steps, setup)
    known: dict[int, float | None] = {}
    for effect in world.effects:
        match effect:
            case Append(record=RatingGiven() as given_):
                known[given_.rating] = given_.value
            case Append(record=RatingCorrected() as corrected):
                known[corrected.rating] = corrected.value
    assert known == world.session.ledger.values


@settings(max_examples=80, deadline=None)
@given(_steps, st.sampled_from(["verdict", "review", "perform", "rest"]))
def test_what_is_said_of_a_trial_is_what_is_told_of_it_later(steps: list, state: str) -> None:
    """Corrections included: a session and whoever looks at it afterwards ask the same judge."""
    world = world_in(state)
    for step in steps:
        _step(world, step)
    records = tuple(world.records)
    rows = {row.trial: row for row in trials_of(SessionRecords("s", dt.date(2026, 11, 21), records))}
    ledger = world.session.ledger
    for trial in ledger.trials:
        if trial.judged:
            assert (rows[trial.number].verdict, rows[trial.number].decision) == ledger.stands(trial)


@settings(max_examples=60, deadline=None)
@given(_steps, _setups)
def test_the_same_events_give_the_same_effects(steps: list, setup: Setup) -> None:
    world = _walk(steps, setup)
    replay = Session(setup)
    again = [effect for event in world.events for effect in replay.step(event)]
    assert again == world.effects


@settings(max_examples=80, deadline=None)
@given(_steps, _setups)
def test_a_session_that_asks_always_waits_or_speaks(steps: list, setup: Setup) -> None:
    """No dead end: unless it is paused or over, something is going to happen without the person."""
    world = _walk([s for s in steps if not isinstance(s, SpeechStarted | CueFinished | TimerFired)], setup)
    if world.session.state not in {"paused", "ended"}:
        assert world._queue
