"""Everything the journal can hold comes back as it was: through JSON, through SQLite, through an export."""

import types
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen, MultipleOf
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from cuewalk.domain.content import Dose, Movement, RestAdvice
from cuewalk.domain.heard import Heard
from cuewalk.domain.records import NoteTaken, SessionStarted, TrialStarted
from cuewalk.domain.rules import Rules
from cuewalk.journal.rows import EVENTS, RECORDS, decode, encode
from cuewalk.journal.store import Journal
from helpers.journals import memory_journal
from helpers.sessions import sample_rules, sample_setup

SETUP = sample_setup(1)
IDENTS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)


def strategy(kind: Any, limits: tuple[Any, ...] = ()) -> st.SearchStrategy[Any]:
    """Return values of an annotation, kept within its pydantic limits."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        inner = [meta.metadata if isinstance(meta, FieldInfo) else [meta] for meta in args[1:]]
        return strategy(args[0], limits + tuple(one for metas in inner for one in metas))
    if origin is Literal:
        return st.sampled_from(args)
    if origin in {Union, types.UnionType}:
        return st.one_of([strategy(arg, limits) for arg in args])
    if origin is tuple:
        return st.lists(strategy(args[0]), min_size=limit(limits, MinLen, "min_length", 0), max_size=4).map(
            tuple
        )
    if origin is dict:
        return st.dictionaries(strategy(args[0]), strategy(args[1]), max_size=2)
    return leaf(getattr(kind, "__supertype__", kind), limits)


def leaf(kind: Any, limits: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if kind is type(None):
        return st.none()
    if issubclass(kind, BaseModel):
        return MODELS[kind] if kind in MODELS else model(kind)
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    if kind is bool:
        return st.booleans()
    if kind is date:
        return st.dates()
    return text(limits) if kind is str else number(kind, limits)


def number(kind: type, limits: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    low, high = (
        limit(limits, Ge, "ge", limit(limits, Gt, "gt", None)),
        limit(limits, Le, "le", limit(limits, Lt, "lt", None)),
    )
    if kind is int:
        return st.integers(low, high)
    step = limit(limits, MultipleOf, "multiple_of", None)
    if step:
        return st.integers(int((low or 0) / step), int((high or 100) / step)).map(lambda n: n * step)
    over = limit(limits, Gt, "gt", None) is not None
    return st.floats(low, high, allow_nan=False, allow_infinity=False, exclude_min=over)


def limit(limits: tuple[Any, ...], kind: type, name: str, default: Any) -> Any:
    return next((getattr(one, name) for one in limits if isinstance(one, kind)), default)


def text(limits: tuple[Any, ...]) -> st.SearchStrategy[str]:
    if any(getattr(one, "pattern", None) for one in limits):
        return IDENTS
    return st.text(
        min_size=limit(limits, MinLen, "min_length", 0),
        max_size=min(limit(limits, MaxLen, "max_length", 20), 20),
    )


def model(kind: type[BaseModel], **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    fields = {
        name: strategy(info.annotation, tuple(info.metadata))
        for name, info in kind.model_fields.items()
        if name not in fixed
    }
    return st.builds(kind, **fields, **fixed)


#: Models whose fields depend on one another, and the long rule table.
MODELS: dict[type, st.SearchStrategy[Any]] = {}
MODELS[Rules] = st.builds(
    lambda version, patience: sample_rules().model_copy(
        update={
            "version": version,
            "patience_ms": sample_rules().patience_ms.model_copy(update={"value": patience}),
        }
    ),
    st.text(max_size=5),
    st.floats(0, 1e6),
)
MODELS[Dose] = model(Dose, reps=st.integers(1, 50), hold_seconds=st.none()) | model(
    Dose, reps=st.none(), hold_seconds=st.floats(0.1, 600)
)
MODELS[RestAdvice] = model(RestAdvice, say=st.text(max_size=20).map("{}{{days}}".format))
VIDEOS = st.none() | IDENTS.map("https://example.org/{}".format) | IDENTS.map("{}.mp4".format)
MODELS[Movement] = model(Movement, start_range=st.integers(0, 2), video=VIDEOS)

CLASSES = {kind: model(kind) for kind in (*EVENTS, *RECORDS)}
ITEMS = st.one_of([CLASSES[kind] for kind in CLASSES if kind is not SessionStarted])
FEW = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def test_every_class_of_both_unions_is_found():
    assert len(EVENTS) >= 10
    assert len(RECORDS) >= 15
    assert all(issubclass(kind, BaseModel) for kind in CLASSES)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_class_comes_back_from_json_as_it_was(kind):
    @FEW
    @given(CLASSES[kind])
    def comes_back(item):
        stored = encode(item)
        back = decode(*stored)
        assert type(back) is kind
        assert back == item
        assert encode(back) == stored

    comes_back()


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory):
    journal = Journal(tmp_path_factory.mktemp("round-trip") / "journal.sqlite")
    yield journal
    journal.close()


zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.builds(datetime.fromtimestamp, st.floats(0, 4e9), zones)
STEPS = st.lists(st.tuples(st.integers(0, 10**9), moments, st.lists(ITEMS, max_size=5)), max_size=4)


@settings(FEW, max_examples=40)
@given(STEPS, moments, st.data())
def test_steps_come_back_from_sqlite_in_their_order(sqlite, steps, started, data):
    session = f"s{len(sqlite.sessions())}"
    sqlite.begin_session(SETUP, session, started)
    whole = data.draw(CLASSES[SessionStarted])
    numbers = sqlite.append(session, 0, [whole], wall=started)
    for at_ms, wall, items in steps:
        numbers += sqlite.append(session, at_ms, items, wall=wall)
    expected = [(0, started, whole)] + [(ms, wall, item) for ms, wall, items in steps for item in items]
    found = sqlite.entries(session)
    assert [(entry.clock_ms, entry.wall, entry.item) for entry in found] == expected
    assert [entry.id for entry in found] == numbers == sorted(numbers)
    assert [entry.seq for entry in found] == list(range(1, len(expected) + 1))


@settings(FEW, max_examples=25)
@given(STEPS, moments)
@example(
    [
        (
            0,
            datetime(2026, 1, 1, tzinfo=UTC),
            [NoteTaken(heard=Heard(text="\u2028\x00'\n", confidence=1, engine="k"))],
        )
    ],
    datetime(2026, 1, 1, tzinfo=UTC),
)
def test_an_export_imported_and_exported_again_is_the_same(steps, started):
    journal, other = memory_journal(), memory_journal()
    journal.begin_session(SETUP, "a", started)
    journal.append("a", 0, [SessionStarted(setup=SETUP)], wall=started)
    for at_ms, wall, items in steps:
        journal.append("a", at_ms, items, wall=wall)
    lines = list(journal.export_lines())
    assert all("\n" not in line and line.isprintable() for line in lines)
    other.import_lines(lines)
    assert list(other.export_lines()) == lines
    assert other.sessions() == journal.sessions()


@pytest.mark.parametrize("confidence", [float("nan"), float("inf")])
def test_what_could_not_be_read_back_cannot_even_be_made(confidence):
    with pytest.raises(ValidationError, match="finite"):
        Heard(text="a", confidence=confidence, engine="e")


def test_a_pace_of_any_size_is_kept_exactly():
    item = TrialStarted(
        trial=1, movement="m", side="left", attempt=1, before=None, pace=0.1 + 0.2, range_level=0
    )
    assert decode(*encode(item)) == item
