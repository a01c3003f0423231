"""The state table is whole, and the only place that knows the states by name."""

import ast
from pathlib import Path

import pytest

import cuewalk
from cuewalk.domain.intents import Command
from cuewalk.domain.records import RatingCorrected
from cuewalk.engine import checkin, states
from cuewalk.engine.checkin import CheckinScenes
from cuewalk.engine.context import Context
from cuewalk.engine.lines import Line
from cuewalk.engine.machine import RETURN, expanded
from cuewalk.engine.scenes import SessionScenes
from cuewalk.engine.states import ASKING, INTERRUPTING, STATES, State, Trigger
from cuewalk.engine.table import TABLE
from helpers.sessions import sample_setup
from helpers.states import ANY_STATE, world_in

_SOURCE = Path(cuewalk.__file__).parent
#: What is known of the states, and the rows that lead from one to the other.
_MAY_NAME = {"engine/states.py", "engine/table.py"}
_CHECKIN = {State.IDLE, *(row.dest for row in checkin.TABLE if row.dest is not RETURN)}
_NAMES = {state.value for state in State}


def _names_a_state(node, *, among_strings):
    """Return whether an expression names a state, or holds one that does: ``State.REST``, ``{"paused"}``."""
    if isinstance(node, ast.Call):
        return False
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name) and node.value.id in {"State", "_S"}
    if isinstance(node, ast.Constant):
        return among_strings and node.value in _NAMES
    return any(_names_a_state(each, among_strings=among_strings) for each in ast.iter_child_nodes(node))


def _is_a_state(node):
    """Return whether an expression looks like a state: ``view.state``, ``place.origin()``, ``behind``."""
    node = node.func if isinstance(node, ast.Call) else node
    name = getattr(node, "attr", getattr(node, "id", ""))
    return name.endswith(("state", "origin", "behind", "place", "source", "asking", "behind_pause"))


def _comparisons(tree):
    """Yield the line of every comparison and match with a state's name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
        elif isinstance(node, ast.Match):
            sides = [node.subject, *(case.pattern for case in node.cases)]
        else:
            continue
        strings = any(map(_is_a_state, sides))
        if any(_names_a_state(side, among_strings=strings) for side in sides):
            yield node.lineno


def test_no_other_module_compares_a_state_by_its_name():
    found = []
    for path in sorted(_SOURCE.rglob("*.py")):
        where = path.relative_to(_SOURCE).as_posix()
        if where not in _MAY_NAME:
            found += [f"{where}:{line}" for line in _comparisons(ast.parse(path.read_text("utf-8")))]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        'session.state == "paused"',
        "here is State.REST",
        "state in {State.REST, *MOVING}",
        'view.state not in {"rest"}',
        "match state:\n case State.REST: pass",
    ],
)
def test_that_such_a_comparison_is_found(code):
    assert list(_comparisons(ast.parse(code))) == [1]


def test_every_state_is_entered_and_left():
    rows = list(expanded(TABLE))
    assert {*STATES} - {row.dest for row in rows} == {State.IDLE}
    assert {*STATES} - {source for row in rows for source in row.sources} == {State.ENDED}
    assert {*STATES, State.READ_BACK} == {*State}


def test_every_trigger_leads_somewhere():
    assert {row.trigger for row in TABLE} == {*Trigger}


@pytest.mark.parametrize(
    ("scenes", "entered"),
    [(SessionScenes, {*STATES} - {State.IDLE}), (CheckinScenes, _CHECKIN - {State.IDLE})],
)
def test_every_state_says_something_or_asks(scenes, entered):
    told = {*scenes(Context(sample_setup())).told}
    assert entered - {*ASKING} <= told <= entered


@pytest.mark.parametrize("state", [state for state in ANY_STATE if state in ASKING])
def test_every_question_can_be_asked_in_all_its_lengths(state):
    world = world_in(state)
    for length in range(3):
        assert all(isinstance(item, Line) for item in world.session.question(length))


def test_every_interrupting_state_says_what_it_is_seen_through_by():
    assert {*states.SEEN_THROUGH} == {*INTERRUPTING}


def test_the_example_in_the_tables_docstring_is_true():
    world = world_in("perform").command(Command.STOP).run_until_quiet().correct(6)
    assert world.session.state is State.STOP_ASKED
    assert world.said()[-1] == "not_here"
    counted = [line for line in world.session.place._kept[State.PERFORM][0] if isinstance(line, Line)]
    world.run_until_quiet().command(Command.CARRY_ON)
    assert world.session.state is State.PERFORM
    assert world.said()[-1] == "carry_on"
    assert [line for line in world.session.talk.items if isinstance(line, Line)][1:] == counted
    assert world.correct(6).session.state is State.CONFIRM_RATING
    assert world.run_until_quiet().yes().session.state is State.PERFORM
    assert [r.value for r in world.records if isinstance(r, RatingCorrected)] == [6]
