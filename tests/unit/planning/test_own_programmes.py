"""The two programmes made from a person's own sessions, and the made-up past of their demonstration."""

import datetime as dt
from pathlib import Path

import pytest

from cuewalk.cli.programmes import programmes
from cuewalk.content.load import load_catalogue
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Side
from cuewalk.domain.projection import SessionRecords
from cuewalk.journal.store import Journal
from cuewalk.planning.own_programmes import OWN, check_name, discover, draw, my_keepers
from cuewalk.planning.preparing import prepare
from cuewalk.review.replay import replay
from cuewalk.settings import Settings
from cuewalk.simulation.made_history import make_history
from cuewalk.simulation.person.persona import Persona, load_persona, persona_for, persona_names
from helpers.histories import Telling

CATALOGUE = load_catalogue("en-US")
NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)
PERSONA = Persona(name="made", about="test")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """An empty journal."""
    return Journal(tmp_path / "journal.sqlite")


def test_a_made_past_is_made_once_and_replays_as_it_was(journal: Journal) -> None:
    for _ in range(2):
        made = make_history(journal, CATALOGUE, PERSONA, Settings(), NOW)
    assert [history.session for history in made] == ["made-1", "made-2"]
    assert all(row.status == "completed" for row in journal.sessions())
    assert all(replay(journal, row.id).agrees for row in journal.sessions())
    assert all(history.date < NOW.date() for history in made)
    journal.close()


@pytest.mark.parametrize("name", OWN)
def test_both_programmes_can_be_made_of_it(journal: Journal, name: str) -> None:
    past = make_history(journal, CATALOGUE, PERSONA, Settings(), NOW)
    setup = prepare(CATALOGUE, name, Settings(), past, now=NOW)
    assert setup.programme.id == name
    assert len(setup.programme.items) >= 2
    assert setup.evidence
    journal.close()


def test_keepers_are_asked_for_by_the_side_they_were_kept_for(journal: Journal) -> None:
    past = make_history(journal, CATALOGUE, PERSONA, Settings(), NOW)
    setup = prepare(CATALOGUE, "my-keepers", Settings(), past, now=NOW, side=Side.RIGHT)
    assert setup.own_sides["lateral-ankle-tilts"] == (Side.LEFT,)
    journal.close()


def test_the_list_of_programmes_names_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    programmes()
    printed = capsys.readouterr().out
    assert all(name in printed for name in OWN)
    programmes("discover")
    assert "Discover" in capsys.readouterr().out
    with pytest.raises(CuewalkError, match="keep bucket is empty"):
        programmes("my-keepers")


def test_their_names_are_known_and_others_are_not() -> None:
    for name in OWN:
        check_name(CATALOGUE, name)
    with pytest.raises(CuewalkError, match="no programme"):
        check_name(CATALOGUE, "discovery")


def test_no_file_can_hide_them() -> None:
    assert not set(OWN) & set(CATALOGUE.programmes)


@pytest.mark.parametrize("name", [*sorted(CATALOGUE.programmes), *OWN])
def test_each_programme_has_somebody_to_demonstrate_it(name: str) -> None:
    assert load_persona(persona_for(name)).voices


def test_a_persona_lacks_only_things_that_are_asked_for() -> None:
    for name in persona_names():
        assert set(load_persona(name).missing) <= set(CATALOGUE.equipment), name
        flags = {flag for group in CATALOGUE.red_flags for flag in group.flags}
        assert set(load_persona(name).flags) <= flags, name


def test_the_evidence_is_told_of_each_side(journal: Journal) -> None:
    past = make_history(journal, CATALOGUE, PERSONA, Settings(), NOW)
    setup = prepare(CATALOGUE, "feet-up", Settings(), past, now=NOW)
    told = setup.evidence["lateral-ankle-tilts"]
    assert told.startswith("Left side: two trials.")
    journal.close()


def _lived(day: int, *movements: str, after: float = 6) -> SessionRecords:
    """A session on a day of November in which nothing helped, unless it is said otherwise."""
    telling = Telling()
    for movement in movements:
        telling.trial(movement, 6, after, attempt=2)
    return telling.on(dt.date(2026, 11, day))


def _drawn(past: list[SessionRecords], day: int) -> list[str]:
    now = dt.datetime(2026, 11, day, 10, tzinfo=dt.UTC)
    return [item.movement for item in discover(CATALOGUE, past, now).programme.items]


def test_what_was_put_aside_is_drawn_when_its_day_has_come_though_others_were_done_less() -> None:
    aside = next(iter(CATALOGUE.movements))
    assert aside in _drawn([_lived(1, aside)], 8)


def test_what_was_put_aside_waits_for_its_day_though_others_were_done_more() -> None:
    aside, *others = CATALOGUE.movements
    past = [_lived(3, aside), _lived(1, *others, after=2), _lived(2, *others, after=2)]
    assert all(aside not in _drawn(past, day) for day in range(4, 10))


def test_one_that_came_late_comes_early_and_a_session_of_one_says_nothing() -> None:
    assert draw(["a", "b"], [["a", "b"], ["a"]], 1, 2) == ("b", "a")
    assert draw(["a", "b"], [["b", "a"], ["a"]], 1, 2) == ("a", "b")


def test_keepers_come_in_the_order_of_their_newest_evidence_not_of_their_best() -> None:
    first, second, *_ = CATALOGUE.movements
    best, between, newest = (
        _lived(18, first, after=1), _lived(19, second, after=3), _lived(20, first, after=4)
    )  # fmt: skip
    for past, order in (([best, between], [second, first]), ([best, between, newest], [first, second])):
        items = my_keepers(CATALOGUE, past, dt.date(2026, 11, 21)).programme.items
        assert [item.movement for item in items] == order
