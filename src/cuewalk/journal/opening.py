"""Opening the journal's file: checked first, and only then written to.

Writing needs a write-ahead log, and where the file system has no shared memory for one (network disks) a
rollback journal. Reading needs nothing: neither a writable folder nor room on the disk.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from cuewalk.domain.errors import JournalError
from cuewalk.domain.records import SessionStarted
from cuewalk.files.looking import real, there, what_else
from cuewalk.files.reading import open_ordinary
from cuewalk.files.writing import PRIVATE_FILE, full, make_private, sync_folder
from cuewalk.journal.faults import damaged
from cuewalk.journal.pages import is_broken
from cuewalk.journal.rows import ALL_SESSIONS, Unchecked, append_items, setup_of
from cuewalk.journal.schema import APPLICATION_ID, check_version, migrate, value, version_of

#: What SQLite keeps beside the file.
BESIDE: Final = ("-wal", "-shm", "-journal")
#: What SQLite says where there is no shared memory for the log that a file has (the low byte of its code).
_NO_MEMORY: Final = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PROTOCOL}
#: Further codes where a file can be written, but not read without writing.
_NOT_BY_READING: Final = {*_NO_MEMORY, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY}
#: Bytes at the start of a write-ahead log that change when SQLite restarts it (its file format, 4.1).
_LOG_HEAD: Final = 32
WITHOUT_LOG: Final = (
    "Your journal lies on a disk without shared memory (a network disk, perhaps), so it is kept with a "
    "slower kind of log. Nothing else changes; use it from one machine at a time."
)


@dataclass(frozen=True, slots=True)
class Way:
    """How the file is opened: its address for SQLite, and what is to be done when it is closed."""

    uri: str
    busy_ms: int
    done: Callable[[], None] = lambda: None

    def connect(self) -> sqlite3.Connection:
        """Return a connection that leaves transactions to us and waits for other writers."""
        connection = sqlite3.connect(
            self.uri, uri=True, timeout=self.busy_ms / 1000, isolation_level=None, check_same_thread=False
        )
        try:
            # Bytes that are no UTF-8 are kept as they are, to be found out by the checksum.
            connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            # As FULL, and the folder is synced too where there is a rollback journal instead of a log.
            connection.execute("PRAGMA synchronous = EXTRA")
            # What `forget` deletes is overwritten with zeros, not only unlinked.
            connection.execute("PRAGMA secure_delete = ON")
        except sqlite3.Error:
            connection.close()  # left open it keeps its lock, and would be taken for another program
            raise
        return connection

    def try_out(self) -> "Way":
        """Return this way, once the file has been read by it."""
        try:
            with closing(self.connect()) as connection:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException:
            self.done()  # a copy that cannot be read either
            raise
        return self


def way_to_write(path: Path, busy_ms: int, vfs: str = "") -> Way:
    """Return the way to the file for writing; it is made if it is missing, for its owner alone.

    Raises:
        OSError: if it cannot be made.
        JournalError: as `look`.
    """
    look(path)
    if is_there(log_of(path)):
        _check_first(path, busy_ms, vfs)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE))
    for file in _with_files_beside(path):
        with suppress(FileNotFoundError):
            if file.stat().st_uid == os.geteuid():
                make_private(file)
    way = Way(_uri(path, "rw", vfs), busy_ms)
    try:
        return way.try_out()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _NO_MEMORY or full(path.parent):
            raise
    # The file does without the write-ahead log it has. Not by `connect`: its first statement would open it.
    with closing(sqlite3.connect(way.uri, uri=True, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # needs no shared memory
        connection.execute("PRAGMA journal_mode = DELETE")
    return way


def _check_first(path: Path, busy_ms: int, vfs: str) -> None:
    """Check a file that has a log by a connection that writes nothing: others write it back on closing."""
    try:
        with closing(_beside(path, busy_ms, vfs).connect()) as connection:
            check(connection, path)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _NOT_BY_READING:
            raise


def way_to_read(path: Path, busy_ms: int, vfs: str = "") -> Way:
    """Return a way to read the file, whatever the folder and the disk allow.

    Raises:
        JournalError: as `look`, or if there is none.
        sqlite3.Error: if the file cannot be read at all.
    """
    look(path)
    if not is_there(path):
        raise JournalError(
            f"There is no journal at {path} yet.",
            remedy='A first session makes it: "cuewalk run". A demonstration keeps its own.',
        )
    problems: list[Exception] = []
    for way in (_beside, _unchanging, _copy):
        try:
            return way(path, busy_ms, vfs).try_out()
        except (sqlite3.OperationalError, OSError) as error:
            problems.append(error)
    raise problems[0]


def look(path: Path) -> None:
    """Refuse what SQLite would silently replace, or wait for without an end.

    Raises:
        JournalError: if a folder, a pipe, a socket or a device lies in the place of the journal or of a file
            beside it; and for an emptied file with a write-ahead log: SQLite takes the file for a new one
            and deletes the log. So it does with a log after the first damage in it.
    """
    for file in _with_files_beside(path):
        if what := what_else(file):
            beside = "" if file == path else f", for there is {file.name} beside it"
            raise JournalError(
                f"The journal {path} cannot be opened{beside}: {what}.",
                meaning="Nothing was read or written.",
                remedy=f"Move {file} away.",
            )
    log = log_of(path)
    if not is_there(path) and is_there(log):
        raise damaged(path, "it is empty, but its write-ahead log is not")
    found = _content(log)
    # A log that another process is restarting is not broken.
    if is_broken(found) and is_broken(again := _content(log)) and again[:_LOG_HEAD] == found[:_LOG_HEAD]:
        raise damaged(path, "a part of its write-ahead log cannot be read")


def _with_files_beside(path: Path) -> list[Path]:
    return [path, *(path.with_name(path.name + end) for end in BESIDE)]


def _content(log: Path) -> bytes:
    try:
        with open_ordinary(log) as file:
            return file.read()
    except OSError:
        return b""  # there is none, or SQLite will say why it cannot be read


def is_there(path: Path) -> bool:
    """Return whether there is a file with something in it."""
    try:
        return path.stat().st_size > 0
    except (FileNotFoundError, NotADirectoryError):
        return False


def log_of(path: Path) -> Path:
    """Return where the write-ahead log of a journal is, if it has one."""
    return path.with_name(path.name + "-wal")


def prepare(connection: sqlite3.Connection, path: Path) -> list[str]:
    """Check the file, bring it to the newest version, and return sentences for the person.

    Raises:
        JournalError: if it is damaged, foreign, or newer than this program.
    """
    check(connection, path)
    # A property of the file, so once would do; it cannot be set inside a transaction.
    mode = value(connection, "PRAGMA journal_mode = WAL")
    with transaction(connection, write=True):
        migrate(connection, f"The journal {path}")
    return [] if mode in {"wal", "memory"} else [WITHOUT_LOG]


@contextmanager
def transaction(connection: sqlite3.Connection, *, write: bool) -> Iterator[None]:
    """Keep everything that is done in the block, or nothing of it; a reading block sees one moment."""
    connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that SQLite finds damaged, that is foreign, or that is newer than this program.

    Raises:
        JournalError: for any of these.
    """
    verdict = str(value(connection, "PRAGMA quick_check(1)"))
    if verdict != "ok":
        raise damaged(path, verdict.splitlines()[-1])
    ours = value(connection, "PRAGMA application_id") == APPLICATION_ID
    if not ours and value(connection, "SELECT count(*) FROM sqlite_master") != 0:
        raise JournalError(
            f"{path} is a database, but not a journal of cuewalk.",
            meaning="It was left as it is.",
            remedy="Move it away, or name another folder in CUEWALK_HOME.",
        )
    check_version(version_of(connection), f"The journal {path}")


#: Sessions that have no start; one whose start is there but damaged is not among them.
_WITHOUT_START: Final = f"""SELECT *, (SELECT count(*) FROM entries WHERE session = found.id) AS entries
    FROM ({ALL_SESSIONS}) AS found
    WHERE NOT EXISTS (SELECT 1 FROM entries WHERE session = found.id AND kind = 'record:session_started')"""  # noqa: S608 - our own words


def mend(connection: sqlite3.Connection, path: Path, now: datetime) -> list[str]:
    """Mend what an older version's start, cut off early, left; return a sentence for the person.

    Every session without a first entry is given one, or is taken out if there is nothing in it. A copy of the
    journal is kept beside it first. Where that cannot be made, nothing is mended: readers do without such
    sessions.
    """
    if not connection.execute(_WITHOUT_START).fetchall():
        return []
    try:
        copy = copy_beside(connection, path, f"before-mending-{now:%Y%m%d-%H%M}")
    except (OSError, sqlite3.Error):
        return []
    with transaction(connection, write=True):
        done = [_mend(connection, row, now) for row in connection.execute(_WITHOUT_START).fetchall()]
    if not any(done):
        copy.unlink(missing_ok=True)
        return []
    what = "A session whose start was" if len(done) == 1 else f"{len(done)} sessions whose starts were"
    return [f"{what} cut off was mended in your journal; the journal as it was before is kept as {copy}."]


def _mend(connection: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> bool:
    if not row["entries"]:
        return connection.execute("DELETE FROM sessions WHERE id = ?", (row["id"],)).rowcount == 1
    try:
        setup = setup_of(row, Unchecked())
    except ValueError:
        return False
    append_items(connection, row["id"], 0, now, [(SessionStarted(setup=setup), None)])
    return True


def copy_beside(connection: sqlite3.Connection, path: Path, name: str) -> Path:
    """Put a copy of the whole journal beside it, durable, for its owner alone, and return its path.

    Raises:
        OSError, sqlite3.Error: if it cannot be made.
    """
    place, number = path.with_name(f"{path.name}.{name}"), 2
    while there(place):
        place, number = path.with_name(f"{path.name}.{name}-{number}"), number + 1
    part = place.with_name(place.name + ".part")
    os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, PRIVATE_FILE))
    try:
        with closing(sqlite3.connect(part)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, that any reader can open
        part.replace(place)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(place.parent)
    return place


def _uri(path: Path, mode: str, vfs: str) -> str:
    return f"{real(path).as_uri()}?mode={mode}" + (f"&vfs={vfs}" if vfs else "")


def _beside(path: Path, busy_ms: int, vfs: str) -> Way:
    """Read the file as everybody does, who may be writing to it now."""
    return Way(_uri(path, "ro", vfs), busy_ms)


def _unchanging(path: Path, busy_ms: int, vfs: str) -> Way:
    """Read the file alone: right where nothing of it is in a log, and nobody can write to its folder."""
    if is_there(log_of(path)):
        raise sqlite3.OperationalError("what was written last is in the log")
    return Way(_uri(path, "ro", vfs) + "&immutable=1", busy_ms)


def _copy(path: Path, busy_ms: int, _vfs: str) -> Way:
    """Read a private copy of the file and its log: a log cannot be read without writing beside it."""

    def fill(copy: Path) -> None:
        for file in (path, log_of(path)):
            shutil.copyfile(file, copy.with_name(file.name))

    return aside(path, busy_ms, fill)


def aside(path: Path, busy_ms: int, fill: Callable[[Path], None]) -> Way:
    """Return the way to a private copy, which ``fill`` makes at the path that it is given.

    Raises:
        OSError, sqlite3.Error: if it cannot be made, for want of room or otherwise.
    """
    problem: OSError | sqlite3.Error | None = None
    for place in (tempfile.gettempdir(), "/dev/shm"):  # noqa: S108 - a full disk leaves room in memory
        folder: Path | None = None
        try:
            folder = Path(tempfile.mkdtemp(prefix="cuewalk-journal-", dir=place))
            fill(folder / path.name)
        except (OSError, sqlite3.Error) as error:
            problem = error
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
        else:
            gone = partial(shutil.rmtree, folder, ignore_errors=True)
            return Way(_uri(folder / path.name, "rw", ""), busy_ms, gone)
    raise problem or OSError("no room for a copy")
