"""``cuewalk bench live`` and ``cuewalk bench room``: a whole session, from sound to sound."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cuewalk.bench.live import bench as live_bench
from cuewalk.bench.room import bench as room_bench
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
        int | None, typer.Option(min=1, help=f"Stops, and as many answers (default: {live_bench.TRIALS}).")
    ] = None,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help=f"{live_bench.QUICK_TRIALS} trials of each kind, short cues: about a minute."
        ),
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
    request = live_bench.LiveRequest(
        folders=folders or (),
        trials=trials or (live_bench.QUICK_TRIALS if quick else live_bench.TRIALS),
        echo_db=echo,
        speakers=speakers,
        head=head,
        soak=soak,
        quick=quick,
    )
    with progress("measuring") as report_progress:
        report = live_bench.bench_live(request, load_settings(), report_progress)
    if as_object:
        typer.echo(json.dumps(report))
    else:
        live_bench.show_live(Console(), report)


def room(
    folders: Folders = None,
    *,
    trials: Annotated[
        int | None,
        typer.Option(min=0, help=f"Numbers, and as many stops, in each cell (default: {room_bench.TRIALS})."),
    ] = None,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick",
            help=f"{room_bench.QUICK_TRIALS} of each in each cell, {room_bench.QUICK_MINUTES:g} minute.",
        ),
    ] = False,
    self_triggers: Annotated[
        float | None,
        typer.Option(
            min=0,
            metavar="MINUTES",
            help=f"Our own voice alone for so long (default: {room_bench.MINUTES:g}).",
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
    usual = (
        (room_bench.QUICK_TRIALS, room_bench.QUICK_MINUTES)
        if quick
        else (room_bench.TRIALS, room_bench.MINUTES)
    )
    request = room_bench.RoomRequest(
        folders=folders or (),
        trials=usual[0] if trials is None else trials,
        minutes=usual[1] if self_triggers is None else self_triggers,
        ppm=drift,
        speakers=speakers,
        head=head,
    )
    with progress("measuring") as report_progress:
        report = room_bench.bench_room(request, load_settings(), report_progress)
    if as_object:
        typer.echo(json.dumps(report))
    else:
        room_bench.show_room(Console(), report)
