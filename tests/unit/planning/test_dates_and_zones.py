"""Sessions across midnight, a time zone, summer time, under a wrong clock: days and hours are right."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import typer
from typer.testing import CliRunner

from cuewalk.cli.log import log
from cuewalk.content.load import load_catalogue
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.projection import buckets_of, in_order
from cuewalk.engine.events import Begin
from cuewalk.journal.store import FILE_NAME, Journal
from cuewalk.planning.next_morning import before_session, check_in, open_checkin, waiting
from helpers.histories import Telling

BERLIN, TOKYO, DENVER = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo"), ZoneInfo("America/Denver")
app = typer.Typer()
app.command()(log)


@pytest.fixture
def journal(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    later = datetime(2027, 1, 1, tzinfo=UTC)
    with closing(Journal(tmp_path / FILE_NAME, now=lambda: later)) as opened:
        yield opened


def session(journal, name, began, lasts=timedelta(minutes=20), numbers=(6, 3)):
    """Tell a session that is rated at its beginning and at its end."""
    telling = Telling()
    telling.trial("m1", *numbers)
    journal.begin_session(telling.setup, name, began, [Begin(), *telling.records[:3]])
    zone = began.tzinfo
    ended = (began.astimezone(UTC) + lasts).astimezone(zone)
    journal.append(name, int(lasts.total_seconds() * 1000), telling.records[3:], wall=ended)
    return ended


def test_a_session_over_midnight_belongs_to_the_day_it_began_and_is_asked_about_the_day_after(journal):
    began = datetime(2026, 11, 21, 23, 50, tzinfo=BERLIN)
    ended = session(journal, "a", began)
    assert ended.day == 22
    assert journal.history("a").date == began.date()
    assert waiting(journal, ended + timedelta(minutes=5)) is not None
    assert open_checkin(journal, datetime(2026, 11, 22, 8, 10, tzinfo=BERLIN)).hours == pytest.approx(8.0)


def test_today_is_the_day_where_the_person_is_now(journal):
    session(journal, "a", datetime(2026, 11, 21, 20, 0, tzinfo=UTC))
    noon = datetime(2026, 11, 22, 12, 0, tzinfo=TOKYO)  # in Tokyo the session began on the 22nd
    assert waiting(journal, noon) is None
    with pytest.raises(CuewalkError, match="was today"):
        open_checkin(journal, noon)


@pytest.mark.parametrize(
    ("began", "hours"),
    [
        (datetime(2026, 10, 25, 2, 50, tzinfo=BERLIN), 1.0),
        (datetime(2026, 3, 29, 1, 50, tzinfo=BERLIN), -1.0),
    ],
    ids=["clocks back", "clocks forward"],
)
def test_summer_time_inside_a_session_changes_no_duration(journal, began, hours):
    ended = session(journal, "a", began, timedelta(minutes=30))
    walls = [entry.wall for entry in journal.entries("a")]
    assert walls[-1] - walls[0] == timedelta(minutes=30)
    assert walls == sorted(walls)
    assert walls[-1].utcoffset() - walls[0].utcoffset() == timedelta(hours=-hours)
    asked = (ended.astimezone(UTC) + timedelta(hours=24)).astimezone(BERLIN)
    assert open_checkin(journal, asked).hours == pytest.approx(24.0)


def test_after_a_flight_days_are_those_of_where_the_person_is(journal):
    """Tokyo in the morning is the evening before in Denver: that is no session of tomorrow."""
    ended = session(journal, "a", datetime(2026, 11, 21, 8, tzinfo=TOKYO))
    there = ended.astimezone(DENVER) + timedelta(hours=2)
    assert there.day == 20
    with pytest.raises(CuewalkError, match="Your last session was today"):
        open_checkin(journal, there)
    assert waiting(journal, there) is None
    assert waiting(journal, there + timedelta(days=1)).id == "a"


def test_the_order_of_sessions_is_that_of_time_whatever_their_zones_say(journal):
    """The newest one decides a bucket; by its date it would be the older one."""
    first = datetime(2026, 11, 21, 8, tzinfo=TOKYO)
    second = (first + timedelta(hours=3)).astimezone(DENVER)
    assert second.date() < first.date()
    session(journal, "first", first, numbers=(6, 3))
    session(journal, "second", second, numbers=(6, 8))
    histories = journal.histories()
    assert [history.session for history in in_order(reversed(histories))] == ["first", "second"]
    (entry,) = buckets_of(histories, today=first.date()).values()
    assert [row.session for row in entry.evidence] == ["first", "second"]


class TestAClockThatWasWrong:
    NOW = datetime(2026, 11, 22, 8, tzinfo=BERLIN)

    def test_a_check_in_for_a_session_dated_ahead_says_so(self, journal):
        session(journal, "ahead", self.NOW.replace(year=2100))
        with pytest.raises(CuewalkError, match=r"dated 22 November 2100.* still to come.*clock") as caught:
            check_in(journal, 4, self.NOW)
        assert "today" not in str(caught.value)
        assert waiting(journal, self.NOW) is None
        assert before_session(load_catalogue("en-US"), journal, self.NOW)[1] == []

    def test_after_a_session_on_the_right_clock_check_ins_work_again(self, journal):
        session(journal, "ahead", self.NOW.replace(year=2100))
        session(journal, "right", self.NOW - timedelta(days=1))
        assert check_in(journal, 4, self.NOW).session.id == "right"

    def test_its_numbers_count_as_of_when_they_were_written_down(self, journal):
        session(journal, "ahead", self.NOW.replace(year=2100), numbers=(6, 3))
        session(journal, "right", self.NOW - timedelta(days=1), numbers=(6, 6))
        (entry,) = buckets_of(journal.histories(), today=self.NOW.date()).values()
        assert [row.session for row in entry.evidence] == ["ahead", "right"]
        assert all(row.date.year == 2026 for row in entry.evidence)


def test_the_log_shows_the_time_of_day_as_it_was_where_it_was_said(journal):
    session(journal, "a", datetime(2026, 11, 21, 23, 50, tzinfo=TOKYO))
    told = CliRunner().invoke(app, ["a"]).output
    assert "2026-11-21 23:50" in told
    assert "00:10" in told
