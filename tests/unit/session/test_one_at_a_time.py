"""What may run at the same time in one folder, and what is refused in a sentence."""

from contextlib import closing
from datetime import UTC, datetime

import pytest

from cuewalk.content.load import load_catalogue
from cuewalk.domain.errors import CuewalkError, JournalError
from cuewalk.engine.events import Begin
from cuewalk.journal.forgetting import forget_person
from cuewalk.journal.lock import session_lock
from cuewalk.journal.store import FILE_NAME, Journal, open_journal
from cuewalk.learning.teaching.language import teach_language
from cuewalk.review.corrections import correct_rating
from cuewalk.simulation.demo import run_demo
from cuewalk.simulation.person.persona import load_persona
from helpers.histories import MONDAY, Telling


def test_two_demonstrations_do_not_run_in_one_folder(tmp_path):
    folder = tmp_path / "demo"
    folder.mkdir()
    with (
        session_lock(folder),
        pytest.raises(JournalError, match="A demonstration cannot start in this folder"),
    ):
        run_demo(
            None,  # nothing of a stage is used before the lock
            load_catalogue("en-US"),
            load_persona("mixed"),
            programme="feet-up",
            folder=folder,
            wav=folder / "session.wav",
        )
    assert [path.name for path in folder.iterdir()] == ["session.lock"], (
        "the other one's files are not touched"
    )


def test_nothing_is_forgotten_under_a_demonstration(tmp_path):
    (tmp_path / "journal.sqlite.damaged").write_text("mine")
    with (
        session_lock(tmp_path, "A demonstration"),
        pytest.raises(JournalError, match="while a session is running"),
    ):
        forget_person(tmp_path, tmp_path / "cache")
    assert (tmp_path / "journal.sqlite.damaged").exists()


def test_nothing_is_taught_during_a_session(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    with session_lock(tmp_path), pytest.raises(CuewalkError, match="Nothing can be taught while a session"):
        teach_language("en-US", lambda *_: None, lambda _: None)


def test_a_rating_is_corrected_during_a_session(tmp_path, monkeypatch):
    """From another window; both write, each a whole step."""
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    at = datetime.combine(MONDAY, datetime.min.time(), UTC)
    telling = Telling()
    telling.trial("m1", 6, 3)
    with session_lock(tmp_path), closing(Journal(tmp_path / FILE_NAME)) as running:
        running.begin_session(telling.setup, "a", at, [Begin(), *telling.records])
        with closing(open_journal()) as other:
            done = correct_rating(other, 5, 7, at)
        assert done.value == (3, 7)
        running.append("a", 20, [Begin()])
        assert [entry.seq for entry in running.entries("a")] == list(range(1, 9))
