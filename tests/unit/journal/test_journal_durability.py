"""What was appended is there whatever happens next."""

import signal
import subprocess
import sys
from contextlib import closing
from threading import Thread

from cuewalk.domain.records import SessionStarted
from cuewalk.engine.events import Begin, CueFinished
from cuewalk.journal.store import Journal

_APPEND_AND_DIE = """
import os, signal, sys
from datetime import datetime, timezone
from pathlib import Path
from cuewalk.domain.records import SessionStarted
from cuewalk.domain.setup import Setup
from cuewalk.engine.events import Begin, CueFinished
from cuewalk.journal.store import Journal
journal = Journal(Path(sys.argv[1]))
setup = Setup.model_validate_json(sys.stdin.read())
first = [Begin(), SessionStarted(setup=setup)]
journal.begin_session(setup, "a", datetime.now(timezone.utc), first)
journal.append("a", 20, [CueFinished(cue=1), CueFinished(cue=2)])
os.kill(os.getpid(), signal.SIGKILL)
"""

_DIE_INSIDE = """
import os, signal, sqlite3, sys
raw = sqlite3.connect(sys.argv[1], isolation_level=None)
raw.execute("BEGIN IMMEDIATE")
raw.execute(
    "INSERT INTO entries SELECT NULL, session, 9, 0, wall, kind, payload, NULL, NULL FROM entries LIMIT 1"
)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_right_after_append_loses_nothing(path, setup):
    done = subprocess.run(
        [sys.executable, "-c", _APPEND_AND_DIE, str(path)],
        input=setup.model_dump_json().encode(),
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    with closing(Journal(path)) as journal:
        assert journal.events("a") == [Begin(), CueFinished(cue=1), CueFinished(cue=2)]
        assert journal.latest_interrupted().id == "a"
        assert journal.setup("a") == setup


def test_a_kill_in_the_middle_of_a_step_keeps_none_of_it(path, setup, start):
    """The second process dies inside the transaction, after its first row."""
    with closing(Journal(path)) as journal:
        journal.begin_session(setup, "a", start, [Begin(), SessionStarted(setup=setup)])
    done = subprocess.run([sys.executable, "-c", _DIE_INSIDE, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    with closing(Journal(path)) as journal:
        assert journal.events("a") == [Begin()]
        journal.append("a", 20, [CueFinished(cue=1)])


def test_every_commit_waits_for_the_disk(sqlite):
    with sqlite._transaction(write=False) as connection:
        pragmas = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 3, "foreign_keys": 1, "busy_timeout": 5000}


def test_another_program_sees_what_was_appended_at_once(sqlite, path, setup, start):
    sqlite.begin_session(setup, "a", start)
    with closing(Journal(path, read_only=True)) as reader:
        assert reader.events("a") == []
        sqlite.append("a", 0, [Begin()])
        assert reader.events("a") == [Begin()]


def test_two_writers_never_share_a_number(path, setup, start):
    """A correction may be appended from another window while the session runs."""
    with closing(Journal(path)) as one, closing(Journal(path)) as two:
        one.begin_session(setup, "a", start)

        def write(journal):
            for n in range(25):
                journal.append("a", n, [CueFinished(cue=n), CueFinished(cue=n)])

        threads = [Thread(target=write, args=(journal,)) for journal in (one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        entries = one.entries("a")
    assert [entry.seq for entry in entries] == list(range(1, 101))
    assert len({entry.id for entry in entries}) == 100
    pairs = zip(entries[::2], entries[1::2], strict=True)
    assert all(first.item == second.item for first, second in pairs), "steps were torn apart"


def test_closing_twice_does_nothing(sqlite):
    sqlite.close()
    sqlite.close()
