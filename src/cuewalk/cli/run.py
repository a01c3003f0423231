"""``cuewalk run``: a session with you."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cuewalk.app.live_session import SessionRequest, run_live
from cuewalk.app.voice_preparation import prepare_in_background
from cuewalk.cli.common import Content, interrupted, noticing, reading, tell
from cuewalk.content.catalogue import Catalogue
from cuewalk.content.personal import changes_in_words, load_own_catalogue
from cuewalk.domain.intents import Construct, Side
from cuewalk.journal.api import SessionRow
from cuewalk.planning.next_morning import before_session
from cuewalk.planning.own_programmes import check_name
from cuewalk.review.summary import show_summary
from cuewalk.session.stage import open_stage
from cuewalk.settings import load_settings

Resume = Annotated[
    bool | None,
    typer.Option(
        "--resume/--new", help="Take up an interrupted session, or begin a new one (else you are asked)."
    ),
]


def run(
    programme: Annotated[str, typer.Argument(help="Which programme; see 'cuewalk programmes'.")] = "feet-up",
    side: Annotated[Side | None, typer.Option(help="Side of the complaint (else asked by voice).")] = None,
    rated: Annotated[
        Construct | None, typer.Option("--rate", help="What is rated (else asked by voice).")
    ] = None,
    resume: Resume = None,
    content: Content = None,
) -> None:
    """Start a session with you: speak your answers, or type them."""
    console, settings = Console(), load_settings()
    catalogue = _catalogue(settings.locale, content)
    check_name(catalogue, programme)  # before the voice is tried
    stage = open_stage(settings, programme, tell)
    request = SessionRequest(programme, side, rated, lambda row: _take_up(row, resume))
    try:
        with noticing(stage.notices):
            history = run_live(stage, catalogue, request, console)
    except KeyboardInterrupt:
        interrupted("Interrupted. Everything you said is kept; 'cuewalk run' takes the session up again.")
    show_summary(history, console, plain=settings.screen == "plain")
    if stage.prepares and prepare_in_background(programme):
        tell("The natural voice is being prepared in the background, for your next session.")
    tell(f"Kept in your journal as session {history.session}.")
    tell("Next: cuewalk log shows every rating, cuewalk buckets what helps you.")


def _catalogue(locale: str, content: Path | None) -> Catalogue:
    """Return the session's content; print what the person changed and what the next morning asks."""
    catalogue = load_own_catalogue(locale, content)
    with reading() as journal:
        careful, lines = before_session(catalogue, journal, datetime.now().astimezone())
    tell(*changes_in_words(catalogue), *lines)
    return careful


def _take_up(row: SessionRow, wish: bool | None) -> bool:
    if wish is not None or not sys.stdin.isatty():
        return wish is not False
    return typer.confirm(
        f"Your session of {row.started:%d %B, %H:%M} was interrupted. Carry on with it?", default=True
    )
