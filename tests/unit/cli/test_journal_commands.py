"""log, play, correct, buckets and forget as a person types them."""

import re
import sys
import types
from contextlib import closing
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from cuewalk.cli.buckets import buckets
from cuewalk.cli.correct import correct
from cuewalk.cli.forget import forget
from cuewalk.cli.log import log
from cuewalk.cli.play import play
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Side
from cuewalk.domain.records import BucketChosen, RatingPhase, SessionEnded
from cuewalk.journal.clips import ClipStore
from cuewalk.journal.forgetting import CLIPS
from cuewalk.journal.lock import session_lock
from cuewalk.journal.store import FILE_NAME, Journal
from helpers.histories import Telling

#: Yesterday: what is provisional today is due for its re-test after some days.
START = datetime.now(timezone(timedelta(hours=1))).replace(hour=14, minute=5, second=0) - timedelta(days=1)

app = typer.Typer()
for command in (log, play, correct, buckets, forget):
    app.command()(command)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.fixture
def told(home):
    """One session: 1 start, 2 before, 3 trial, 4 after, 5 verdict, 6 missing, 7-9 its trial, 10 chosen."""
    telling = Telling()
    telling.trial("m1", 6, 6)
    telling.trial("m2", None, 5, side=Side.RIGHT)
    clip = ClipStore(home / CLIPS).save("20261121-1405-k3", 1, np.zeros(160, np.int16))
    chosen = BucketChosen(movement="m3", side=Side.LEFT, bucket="not_now")
    with closing(Journal(home / FILE_NAME)) as journal:
        journal.begin_session(telling.setup, "20261121-1405-k3", START)
        journal.append("20261121-1405-k3", 0, telling.records, clips={1: clip}, wall=START)
        journal.append("20261121-1405-k3", 0, [chosen, SessionEnded(how="stopped")], wall=START)
    return home


def run(*arguments, typed=None):
    return CliRunner().invoke(app, list(map(str, arguments)), input=typed)


def shown(*arguments, typed=None):
    result = run(*arguments, typed=typed)
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments, typed=None):
    result = run(*arguments, typed=typed)
    assert isinstance(result.exception, CuewalkError), result.output
    return str(result.exception)


def bucket_row(output, start):
    """Return the cells of the buckets' row for a movement."""
    line = next(line for line in output.splitlines() if line.startswith(f"{start} "))
    return re.split(r" {2,}", line.strip())


def row(output, start):
    """Return the filled cells of the log's row for an entry."""
    line = next(line for line in output.splitlines() if re.match(rf" *{start} ", line))
    return re.split(r" {2,}", line.strip())


@pytest.mark.parametrize("command", ["log", "play", "correct", "buckets", "forget"])
def test_every_command_has_help(command):
    assert len(shown(command, "--help").splitlines()) > 4


class TestLog:
    def test_every_rating_with_words_engine_clip_and_verdict(self, told):
        output = shown("log")
        assert f"Session 20261121-1405-k3, {START:%Y-%m-%d} 14:05, programme sample" in output
        assert row(output, 2) == ["2", "14:05", "Movement m1, left", "before", "6", "6 (0.90 test)", "yes"]
        assert row(output, 4)[-1] == "unchanged"

    def test_a_missing_rating_is_a_dash_with_its_reason_never_zero(self, told):
        cells = row(shown("log"), 6)
        assert cells[2:] == ["Movement m2, right", "before", "\N{EN DASH}", "silence", "no"]

    def test_a_correction_stands_beside_the_original(self, told):
        shown("correct", 4, 3)
        cells = row(shown("log", "20261121-1405-k3"), 4)
        assert (cells[4], cells[-1]) == ("6 → 3", "improved (clear)")

    def test_lists_the_sessions(self, told):
        output = shown("log", "--all")
        assert "20261121-1405-k3" in output
        assert "stopped" in output

    def test_an_unknown_session_is_a_sentence(self, told):
        assert "There is no session nope" in refused("log", "nope")

    def test_an_empty_journal_says_what_to_do(self, home):
        assert "cuewalk run" in shown("log")

    def test_words_that_look_like_markup_are_shown_as_they_are(self, home):
        telling = Telling()
        telling.rate(RatingPhase.BASELINE, 4)
        given = telling.records[-1]
        odd = given.model_copy(update={"heard": given.heard.model_copy(update={"text": "[red]four[/oops]"})})
        with closing(Journal(home / FILE_NAME)) as journal:
            journal.begin_session(telling.setup, "a", START)
            journal.append("a", 0, [telling.records[0], odd])
        assert "[red]four[/oops]" in shown("log")


class TestCorrect:
    def test_says_what_follows(self, told):
        output = shown("correct", 4, 4.5)
        assert "Entry 4: 6 → 4.5" in output
        assert "m1, left, trial 1 (6 → 4.5): unchanged → improved (small)" in output
        assert "m1, left: not now, provisional → keep, provisional" in output

    def test_says_that_nothing_follows(self, told):
        assert "unchanged, as before" in shown("correct", 4, 6)

    def test_a_missing_rating_can_be_filled_in(self, told):
        assert "not rated → unchanged" in shown("correct", 6, 5.5)

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ((3, 4), 'not a rating but "trial started"'),
            ((999, 4), "no entry 999"),
            ((4, 11), "11 is not a rating"),
        ],
    )
    def test_refuses_in_a_sentence(self, told, arguments, sentence):
        assert sentence in refused("correct", *arguments)


class TestBuckets:
    def test_shows_evidence_state_and_honest_notes(self, told):
        shown("correct", 4, 5)
        output = shown("buckets")
        assert output.index("Keep") < output.index("Not now") < output.index("Undecided")
        assert bucket_row(output, "Movement m1")[1:6] == [
            "left",
            "1",
            "6 → 5",
            "provisional",
            "small improvement, within measurement error",
        ]
        assert 'you said "not now"' in output
        assert bucket_row(output, "Movement m2")[3:6] == [
            "\N{EN DASH} → 5",
            "provisional",
            "a rating is missing",
        ]
        assert "within measurement error" in output
        assert '"Not now" never means harmful' in output

    def test_says_so_when_nothing_was_tried(self, home):
        assert "Nothing was tried yet" in shown("buckets")


class TestPlay:
    def test_plays_the_clip_of_the_entry(self, told, monkeypatch):
        played = []
        playback = types.ModuleType("cuewalk.checkup.playback")
        playback.play_file = played.append
        monkeypatch.setitem(sys.modules, "cuewalk.checkup.playback", playback)
        shown("play", 2)
        assert [path.name for path in played] == ["20261121-1405-k3-0001.wav"]

    def test_copies_it_instead(self, told, tmp_path):
        assert str(tmp_path / "out.wav") in shown("play", 2, "--out", tmp_path / "out.wav")
        assert (tmp_path / "out.wav").read_bytes().startswith(b"RIFF")

    def test_a_copy_that_cannot_be_written_is_a_sentence(self, told, tmp_path):
        assert "cannot be copied" in refused("play", 2, "--out", tmp_path / "missing" / "out.wav")

    def test_an_entry_without_a_clip_is_a_sentence(self, told):
        assert "Entry 6 has no clip" in refused("play", 6)

    def test_an_expired_clip_is_a_sentence(self, told):
        ClipStore(told / CLIPS).expire(0, datetime.now().astimezone() + timedelta(days=1))
        assert "not there any more" in refused("play", 2)


class TestForget:
    def test_deletes_after_the_word_was_typed_and_says_what(self, told):
        output = shown("forget", typed="forget\n")
        assert f"Deleted {told / FILE_NAME}" in output
        assert f"Deleted {told / CLIPS}" in output
        assert not (told / FILE_NAME).exists()
        assert "nothing of yours" in shown("forget")

    @pytest.mark.parametrize("typed", ["yes\n", "\n", "no\n"])
    def test_anything_else_deletes_nothing(self, told, typed):
        assert "Nothing was deleted" in refused("forget", typed=typed)
        assert (told / FILE_NAME).exists()

    def test_without_asking(self, told):
        shown("forget", "--yes")
        assert not (told / CLIPS).exists()

    def test_not_while_a_session_is_running(self, told):
        with session_lock(told):
            assert "while a session is running" in refused("forget", "--yes")
        assert (told / FILE_NAME).exists()
