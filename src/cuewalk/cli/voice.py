"""``cuewalk voice``: the natural voice, rendered ahead of a session."""

import os
from datetime import datetime
from functools import partial
from typing import Annotated, Final

import typer

from cuewalk.app.voice_preparation import (
    Preparing,
    lines_of_programme,
    lines_of_talks,
    one_at_a_time,
    prepare_in_background,
    speaks_at_once,
)
from cuewalk.cli.common import interrupted, reading, tell
from cuewalk.cli.progress import progress
from cuewalk.content.catalogue import Catalogue
from cuewalk.content.packs import load_pack
from cuewalk.content.personal import load_own_catalogue
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.setup import Setup
from cuewalk.planning.own_programmes import OWN, check_name
from cuewalk.planning.preparing import prepare as prepare_session
from cuewalk.settings import Settings, load_settings

app = typer.Typer(help="Prepare the natural voice.", no_args_is_help=True)

_ALL: Final = "all"
#: How far it steps back behind other programs (man nice). Design: a session beside it loses nothing.
_NICE: Final = 15


@app.callback()
def _voice() -> None:
    """Prepare the natural voice."""


@app.command()
def prepare(
    programme: Annotated[str, typer.Argument(help="Which programme, or all.")] = _ALL,
    *,
    background: Annotated[
        bool, typer.Option("--background", help="Do it in the background, also after this window is closed.")
    ] = False,
) -> None:
    """Render what a programme may say with the natural voice, so that nothing of it has to be waited for.

    It takes about as long as the speech lasts, steps back behind other programs, and can be interrupted: the
    same command goes on where it was.
    """
    settings = load_settings()
    if speaks_at_once(settings):
        tell("The voice that your settings choose speaks at once: nothing has to be prepared.")
        return
    catalogue = load_own_catalogue(settings.locale)
    names = [*catalogue.programmes, *OWN] if programme == _ALL else [programme]
    for name in names:
        check_name(catalogue, name)
    if background:
        if not prepare_in_background(programme):
            raise CuewalkError(
                "No process could be started in the background.",
                meaning="Nothing was prepared; until it is, the fast voice speaks.",
                remedy="Close other programs and try again, or leave --background out.",
            )
        tell("The natural voice is being prepared in the background.")
        return
    with one_at_a_time() as free:
        if not free:
            tell("The voice is being prepared by another program, maybe in the background. Try again later.")
            raise typer.Exit(1)
        _prepare(_setups(catalogue, names, settings), settings)


def _prepare(setups: dict[str, Setup], settings: Settings) -> None:
    os.nice(_NICE)
    pack, preparing = load_pack(settings.locale), Preparing(settings)
    try:
        for name, setup in setups.items():
            what = name or "the next morning"
            with progress(f"{what}: working out what may be said") as report:
                lines = lines_of_programme(setup, pack) if name else lines_of_talks(setup, pack)
                done = preparing.render(name, lines, partial(report, what=what))
            tell(f"{what}: {done.lines} lines are ready, {done.rendered} sentences were rendered now.")
            if done.failed:
                tell(f"The voice cannot say: {'; '.join(done.failed)}. Another voice will, in their turn.")
    except KeyboardInterrupt:
        interrupted("Interrupted. What was rendered is kept; the same command goes on from there.")
    finally:
        preparing.close()


def _setups(catalogue: Catalogue, names: list[str], settings: Settings) -> dict[str, Setup]:
    """Return the set-up of a session of each programme, and under "" that of the morning after.

    A programme of one's own that there is nothing for yet is left out, unless it is the only one.
    """
    setups: dict[str, Setup] = {}
    now = datetime.now().astimezone()
    with reading() as journal:
        histories = journal.histories()
    for name in names:
        try:
            setups[name] = prepare_session(catalogue, name, settings, histories, now=now)
        except CuewalkError:
            if len(names) == 1:
                raise
    return {**setups, "": next(iter(setups.values()))}
