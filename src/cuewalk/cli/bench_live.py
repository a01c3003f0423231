"""``cuewalk bench live`` and ``cuewalk bench room``: a whole session, from sound to sound."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cuewalk.bench.live.bench import QUICK_TRIALS, TRIALS, LiveRequest, bench_live
from cuewalk.bench.live.table import show_live
from cuewalk.bench.room.bench import (
    MINUTES,
    QUICK_MINUTES,
    RoomRequest,
    bench_room,
)
from cuewalk.bench.room.bench import QUICK_TRIALS as QUICK_ROOM_TRIALS
from cuewalk.bench.room.bench import TRIALS as ROOM_TRIALS
from cuewalk.bench.room.table import show_room
from cuewalk.cli.progress import progress
from cuewalk.settings import load_settings

Folders = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[DIR...]", help="Folders with a MANIFEST.csv (default: synthetic voices)."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Head = Annotated[Path | None, typer.Option(help="Another head for the spotter.")]
Speakers = Annotated[Path | None, typer.Option(help="Only the speakers named in this file.")]


def live(
    folders: Folders = None,
    *,
    trials: Annotated[
        int | None, typer.Option(min=1, help=f"Stops, and as many answers (default: {TRIALS}).")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help=f"{QUICK_TRIALS} trials of each kind, short cues: about a minute.")
    ] = False,
    echo: Annotated[float, typer.Option(min=-40, max=40, help="Our voice, dB above the person's.")] = 0.0,
    soak: Annotated[
        float, typer.Option(min=0, metavar="MINUTES", help="After the trials, cues for so long.")
    ] = 0.0,
    speakers: Speakers = None,
    head: Head = None,
    as_object: Json = False,
) -> None:
    """Measure a live session on real audio streams, from the end of a word to our silence or our answer."""
    request = LiveRequest(
        folders=folders or (),
        trials=trials or (QUICK_TRIALS if quick else TRIALS),
        echo_db=echo,
        speakers=speakers,
        head=head,
        soak=soak,
        quick=quick,
    )
    with progress("measuring") as report_progress:
        report = bench_live(request, load_settings(), report_progress)
    if as_object:
        typer.echo(json.dumps(report))
    else:
        show_live(Console(), report)


def room(
    folders: Folders = None,
    *,
    trials: Annotated[
        int | None,
        typer.Option(min=0, help=f"Numbers, and as many stops, in each cell (default: {ROOM_TRIALS})."),
    ] = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help=f"{QUICK_ROOM_TRIALS} of each in each cell, {QUICK_MINUTES:g} minute."),
    ] = False,
    self_triggers: Annotated[
        float | None,
        typer.Option(
            min=0, metavar="MINUTES", help=f"Our own voice alone for so long (default: {MINUTES:g})."
        ),
    ] = None,
    drift: Annotated[
        float, typer.Option(min=-400, max=400, metavar="PPM", help="The speaker's clock is so much faster.")
    ] = 0.0,
    speakers: Speakers = None,
    head: Head = None,
    as_object: Json = False,
) -> None:
    """Measure what echo, reverberation and noise do to a session, faster than real time."""
    usual = (QUICK_ROOM_TRIALS, QUICK_MINUTES) if quick else (ROOM_TRIALS, MINUTES)
    request = RoomRequest(
        folders=folders or (),
        trials=usual[0] if trials is None else trials,
        minutes=usual[1] if self_triggers is None else self_triggers,
        ppm=drift,
        speakers=speakers,
        head=head,
    )
    with progress("measuring") as report_progress:
        report = bench_room(request, load_settings(), report_progress)
    if as_object:
        typer.echo(json.dumps(report))
    else:
        show_room(Console(), report)
