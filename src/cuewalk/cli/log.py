"""``cuewalk log``: every rating of a session, as it was heard and as it stands now."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from cuewalk import places
from cuewalk.cli.common import reading, tell
from cuewalk.domain.errors import JournalError
from cuewalk.domain.heard import InputMode
from cuewalk.domain.projection import SessionRecords, ratings_of
from cuewalk.domain.words import verdict_words
from cuewalk.journal.api import OPEN, SessionRow
from cuewalk.journal.clips import ClipStore
from cuewalk.journal.forgetting import CLIPS
from cuewalk.journal.store import Journal
from cuewalk.review.rating_log import RatingLine, rating_log, rating_words
from cuewalk.terminal.tables import Rows

SessionArgument = Annotated[
    str | None, typer.Argument(help="A session's id, as --all lists it; without one, the latest session.")
]
All = Annotated[bool, typer.Option("--all", help="List the sessions instead.")]


def log(session: SessionArgument = None, all_sessions: All = False) -> None:
    """Show every rating of a session: entry number, heard words, confidence, engine, clip, verdict."""
    with reading() as journal:
        rows = journal.sessions()
        if not rows:
            tell('The journal is empty. "cuewalk run" makes a first session; a demonstration has its own.')
        elif all_sessions:
            _sessions(rows, journal.histories()).show(Console())
        else:
            _show(journal, _wanted(rows, session))


def _wanted(rows: Sequence[SessionRow], session: str | None) -> SessionRow:
    for row in reversed(rows):
        if session in {None, row.id}:
            return row
    raise JournalError(
        f"There is no session {session} in the journal.", remedy='"cuewalk log --all" lists them.'
    )


def _sessions(rows: Sequence[SessionRow], histories: Sequence[SessionRecords]) -> Rows:
    table = Rows(("session", "started", "programme", "language", "ended", "ratings>"), "Sessions")
    ratings = {history.session: len(ratings_of(history.records)) for history in histories}
    for row in rows:
        ended = "interrupted" if row.status == OPEN else row.status.replace("_", " ")
        started = f"{row.started:%Y-%m-%d %H:%M}"
        table.add(row.id, started, row.programme, row.locale, ended, str(ratings.get(row.id, 0)))
    return table


def _show(journal: Journal, row: SessionRow) -> None:
    lines = rating_log(journal, row)
    clips = ClipStore(places.data_dir() / CLIPS)
    tell(f"Session {row.id}, {row.started:%Y-%m-%d %H:%M}, programme {row.programme}")
    if not lines:
        tell("No rating was given in it.")
        return
    table = Rows(("entry>", "time", "movement", "when", "rating", "heard", "clip", "verdict"))
    why = clips.problem() if any(line.clip for line in lines) else ""
    for line in lines:
        clip = "?" if why and line.clip else "yes" if clips.has(line.clip) else "no"
        table.add(*_cells(line, clip=clip))
    table.show(Console())
    if why:
        tell(f"Whether clips are there cannot be seen: {clips.folder} cannot be opened: {why}.")
    tell('"cuewalk play ENTRY" plays a clip, "cuewalk correct ENTRY VALUE" corrects a rating.')


def _cells(line: RatingLine, *, clip: str) -> list[str | Text]:
    side = f", {line.side.value}" if line.side else ""
    return [
        str(line.entry),
        f"{line.wall:%H:%M}",
        Text(f"{line.movement}{side}"),
        line.phase.value,
        rating_words(line),
        Text(_heard(line)),
        clip,
        verdict_words(line.verdict) if line.verdict else "",
    ]


def _heard(line: RatingLine) -> str:
    heard = line.heard
    if heard is None:
        return line.missing_reason or ""
    mode = "" if heard.mode is InputMode.VOICE else f", {heard.mode.value}"
    return f"{heard.text} ({heard.confidence:.2f} {heard.engine}{mode})"
