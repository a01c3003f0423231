"""The morning after: ``cuewalk checkin``, what it says, and what the next session makes of it."""

from contextlib import closing
from datetime import datetime, timedelta

import pytest
import typer
from typer.testing import CliRunner

from cuewalk import places
from cuewalk.cli import checkin as checkin_module
from cuewalk.cli.checkin import checkin
from cuewalk.content.load import load_catalogue
from cuewalk.domain.checkin import CheckinOutcome, baseline_of
from cuewalk.domain.errors import CuewalkError, DeviceError
from cuewalk.domain.records import NextMorning, RatingPhase, SessionEnded
from cuewalk.journal.store import FILE_NAME, Journal
from cuewalk.planning.next_morning import before_session, check_in, precautions, waiting
from cuewalk.planning.own_programmes import my_keepers
from helpers.histories import Telling

NOW = datetime.now().astimezone()
app = typer.Typer()
app.command()(checkin)


@pytest.fixture
def journal(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    with closing(Journal(tmp_path / FILE_NAME)) as opened:
        yield opened


def session(journal, name="s1", days_ago=1, hours_ago=None, movement="m1"):
    """Keep a session with one trial that began so many days ago."""
    at = datetime.now().astimezone() - (timedelta(hours=hours_ago) if hours_ago else timedelta(days=days_ago))
    telling = Telling()
    telling.trial(movement, 4, 2)
    journal.begin_session(telling.setup, name, NOW - timedelta(days=days_ago))
    journal.append(name, 0, [*telling.records, SessionEnded(how="completed")], wall=at)


def run(*arguments, typed=None):
    return CliRunner().invoke(app, list(map(str, arguments)), input=typed)


@pytest.mark.parametrize(
    ("now", "hours", "says"),
    [
        (4, 12, "fine. Go on as planned"),
        (3, 30, "fine. Go on as planned"),
        (5, 12, "repeat the dose"),
        (5, 30, "flare-up"),
        (6, 12, "flare-up"),
    ],
)
def test_the_number_is_compared_with_the_first_one_of_the_session(journal, now, hours, says):
    session(journal, hours_ago=hours)
    done = run(now)
    assert done.exit_code == 0, done.output
    assert says in done.output
    assert ("Resting until their re-test day" in done.output) == (says == "flare-up")


def test_without_a_number_it_is_asked_for(journal):
    session(journal)
    done = run(typed="4\n")
    assert "Your number right now, 0 to 10" in done.output
    assert "fine" in done.output


def test_a_number_may_have_a_comma_as_people_write_it(journal):
    session(journal)
    assert run("4,5").exit_code == 0
    [kept] = [record for record in journal.records("s1") if isinstance(record, NextMorning)]
    assert kept.value == 4.5


def test_what_is_no_number_is_asked_for_again_in_our_words(journal):
    session(journal)
    done = run("--typed", typed="banana\n45\n4,5\n")
    assert "that is no number. Type one from 0 to 10" in done.output
    assert "45 is not a rating" in done.output
    assert "unable to parse" not in done.output
    [kept] = [record for record in journal.records("s1") if isinstance(record, NextMorning)]
    assert kept.value == 4.5


def test_without_a_terminal_it_says_why_it_is_not_asked_aloud(journal):
    session(journal)
    assert "This is no terminal" in run(typed="4\n").output
    session(journal, name="s2")
    assert "This is no terminal" not in run("--typed", typed="4\n").output


def test_without_a_microphone_it_says_why_and_is_typed(journal, monkeypatch):
    session(journal)
    (places.data_dir() / "settings.toml").write_text(
        'microphone = "nothing of that name"\nvoice_engine = "silent"\n', "utf-8"
    )
    assert isinstance(run("--voice").exception, DeviceError)
    assert not [record for record in journal.records("s1") if isinstance(record, NextMorning)]
    monkeypatch.setattr(checkin_module, "_is_terminal", lambda: True)
    done = run(typed="4\n")
    assert "You cannot be asked aloud: " in done.output
    assert "fine" in done.output


def test_the_check_in_is_kept_with_the_session_and_asked_for_once(journal):
    session(journal)
    assert waiting(journal, NOW) is not None
    run("4.5")
    [kept] = [record for record in journal.records("s1") if isinstance(record, NextMorning)]
    assert (kept.value, waiting(journal, NOW)) == (4.5, None)
    assert kept.hours == pytest.approx(24, abs=0.1)


def test_a_second_number_takes_the_place_of_the_first(journal):
    session(journal, hours_ago=12)
    assert check_in(journal, 8, NOW).checkin.outcome is CheckinOutcome.FLARE_UP
    assert check_in(journal, 4, NOW).checkin.outcome is CheckinOutcome.FINE


@pytest.mark.parametrize(
    ("days_ago", "value", "says"),
    [(0, 4, "was today"), (8, 4, "8 days ago"), (1, 11, "not a rating"), (1, 4.3, "not a rating")],
)
def test_what_cannot_be_a_check_in_is_a_sentence_and_nothing_is_kept(journal, days_ago, value, says):
    session(journal, days_ago=days_ago)
    with pytest.raises(CuewalkError, match=says):
        check_in(journal, value, NOW)
    assert not [record for record in journal.records("s1") if isinstance(record, NextMorning)]


def test_before_any_session_there_is_nothing_to_check_in_for(journal):
    with pytest.raises(CuewalkError, match="no session"):
        check_in(journal, 4, NOW)
    assert isinstance(run().exception, CuewalkError)


def test_a_session_without_any_number_has_nothing_to_compare():
    telling = Telling()
    telling.rate(RatingPhase.BASELINE, None)
    assert baseline_of(telling.records) is None


def test_a_corrected_first_number_is_the_one_that_counts():
    telling = Telling()
    first = telling.rate(RatingPhase.BASELINE, 6)
    telling.correct(first, 3)
    assert baseline_of(telling.records) == 3


def test_an_open_check_in_is_mentioned_before_the_next_session(journal):
    session(journal)
    catalogue = load_catalogue("en-US")
    same, lines = before_session(catalogue, journal, NOW)
    assert same is catalogue
    assert len(lines) == 1
    assert "cuewalk checkin" in lines[0]
    check_in(journal, 4, NOW)
    assert before_session(catalogue, journal, NOW)[1] == []


def test_after_a_flare_up_the_suspects_rest_and_the_dose_is_halved(journal):
    session(journal, movement="rehab-hip-circles")
    check_in(journal, 9, NOW)
    catalogue = load_catalogue("en-US")
    careful, [line] = before_session(catalogue, journal, NOW)
    assert (
        line
        == "After your flare-up: half the dose this time; resting until their re-test day: rehab-hip-circles."
    )
    was, now = catalogue.programme("feet-up"), careful.programme("feet-up")
    assert [i.movement for i in now.items] == [
        i.movement for i in was.items if i.movement != "rehab-hip-circles"
    ]
    for item in now.items:
        full, half = (content.movements[item.movement].dose for content in (catalogue, careful))
        assert (half.reps or 0) * half.sets < (full.reps or 0) * full.sets


def test_a_programme_of_suspects_only_stays_whole_at_half_the_dose(journal):
    session(journal, name="s1", movement="half-kneeling-hold", days_ago=2)
    check_in(journal, 9, NOW)
    session(journal, name="s2", movement="edge-of-bed-hold", days_ago=1)
    check_in(journal, 9, NOW)
    careful, _ = before_session(load_catalogue("en-US"), journal, NOW)
    assert len(careful.programme("iliopsoas-holds").items) == 2


def test_the_next_session_ends_the_half_dose_but_suspects_rest_until_their_day(journal):
    session(journal, name="s1", movement="rehab-hip-circles", days_ago=2)
    check_in(journal, 9, NOW)
    session(journal, name="s2", movement="m2", days_ago=1)
    asked = precautions(journal.histories(), NOW.date())
    assert (asked.halve, asked.resting) == (False, {"rehab-hip-circles"})
    assert precautions(journal.histories(), NOW.date() + timedelta(days=6)).words == ""


def test_own_programmes_leave_out_what_rests(journal):
    session(journal, name="s1", movement="rehab-hip-circles", days_ago=2)
    session(journal, name="s2", movement="lateral-ankle-tilts", days_ago=1)
    catalogue = load_catalogue("en-US")
    both = my_keepers(catalogue, journal.histories(), NOW.date()).programme
    assert len(both.items) == 2
    check_in(journal, 9, NOW)
    one = my_keepers(catalogue, journal.histories(), NOW.date()).programme
    assert [item.movement for item in one.items] == ["rehab-hip-circles"]
    later = NOW.date() + timedelta(days=6)
    assert len(my_keepers(catalogue, journal.histories(), later).programme.items) == 2


def test_after_a_check_in_it_tells_the_number_and_how_to_change_it(journal):
    session(journal)
    run(9)
    said = str(run().exception)
    assert "You said 9 t" in said  # this morning, or today
    assert "cuewalk checkin NUMBER" in said
    assert run(4).exit_code == 0
    assert "You said 4 " in str(run().exception)


def test_a_number_of_another_day_is_told_with_its_date(journal):
    session(journal, days_ago=2)
    yesterday = NOW - timedelta(days=1)
    check_in(journal, 9, yesterday)
    assert f"You said 9 on {yesterday:%d %B}." in str(run().exception)


def test_the_end_of_what_is_typed_is_a_sentence_and_nothing_is_kept(journal):
    session(journal)
    done = run("--typed", typed="")
    assert done.exit_code == 130
    assert "Interrupted. Nothing was written down." in done.output
    assert "Abort" not in done.output
    assert waiting(journal, NOW) is not None
