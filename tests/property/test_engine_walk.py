"""In whatever order: the engine never raises, loses no rating, and "stop" always reaches the end."""

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
from cuewalk.domain.records import RatingCorrected, RatingGiven
from cuewalk.domain.setup import EDITION, Setup
from cuewalk.engine.effects import Keep
from cuewalk.engine.events import (
    Begin,
    CueFinished,
    DeviceBack,
    DeviceLost,
    NotUnderstood,
    Restored,
    SpeechEnded,
    SpeechStarted,
    TimerFired,
    Understood,
)
from cuewalk.engine.session import Session
from helpers.sessions import World, full_setup, heard, sample_setup

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
    st.just(SpeechEnded()),
    st.integers(1, 60).map(lambda n: CueFinished(cue=n)),
    st.integers(1, 60).map(lambda n: TimerFired(timer=n)),
    _devices.map(lambda d: DeviceLost(device=d)),
    _devices.map(lambda d: DeviceBack(device=d)),
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


def _walk(steps: list, setup: Setup) -> World:
    world = World(Session(setup)).begin()
    for step in steps:
        if step is not None:
            world.tell(step)
        elif world._queue:
            world.pass_time()
    return world


@settings(max_examples=150, deadline=None)
@given(_steps, _setups)
def test_stop_always_reaches_the_end(steps: list, setup: Setup) -> None:
    world = _walk(steps, setup)
    for _ in range(4):
        world.command(Command.STOP)
    world.run_until("ended")


@settings(max_examples=150, deadline=None)
@given(_steps, _setups)
def test_every_rating_the_engine_knows_is_in_a_record(steps: list, setup: Setup) -> None:
    world = _walk(steps, setup)
    known: dict[int, float | None] = {}
    for effect in world.effects:
        match effect:
            case Keep(record=RatingGiven() as given_):
                known[given_.rating] = given_.value
            case Keep(record=RatingCorrected() as corrected):
                known[corrected.rating] = corrected.value
    assert known == world.session.ledger.values


@settings(max_examples=60, deadline=None)
@given(_steps, _setups)
def test_the_same_events_give_the_same_effects(steps: list, setup: Setup) -> None:
    world = _walk(steps, setup)
    replay = Session(setup)
    again = [effect for event in world.events for effect in replay.step(event)]
    assert again == world.effects


@settings(max_examples=100, deadline=None)
@given(_steps, _setups)
def test_a_session_that_asks_always_waits_or_speaks(steps: list, setup: Setup) -> None:
    """No dead end: unless it is paused or over, something is going to happen without the person."""
    world = _walk([s for s in steps if not isinstance(s, SpeechStarted | CueFinished | TimerFired)], setup)
    if world.session.state not in {"paused", "ended"}:
        assert world._queue
