"""``cuewalk bench``: how well it hears recordings, how fast, and what a whole session makes of sound."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cuewalk.app.benching.hear import bench_hear
from cuewalk.app.benching.listening import Engine, ListenFor
from cuewalk.app.benching.report import Request, as_json
from cuewalk.app.benching.scene import Conditions
from cuewalk.app.benching.speed import as_json as speed_json
from cuewalk.app.benching.speed import bench_speed
from cuewalk.app.benching.speed_table import show_speed
from cuewalk.app.benching.table import show
from cuewalk.app.settings import load_settings
from cuewalk.cli.bench_bar import bar
from cuewalk.cli.bench_live import live, room

app = typer.Typer(help="Measure how well it hears, and how fast.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Locale = Annotated[str | None, typer.Option(help="The language (default: the one in the settings).")]


@app.command()
def hear(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders with a MANIFEST.csv.")],
    *,
    engine: Annotated[Engine, typer.Option(help="What listens; auto: what a session uses.")] = Engine.AUTO,
    listen_for: Annotated[ListenFor, typer.Option(help="What is waited for.")] = ListenFor.RATINGS,
    snr: Annotated[
        float | None, typer.Option(min=-20, max=60, help="Background noise, dB below speech.")
    ] = None,
    echo: Annotated[
        float | None, typer.Option(min=-60, max=40, help="Our own cue playing, dB above speech.")
    ] = None,
    room: Annotated[bool, typer.Option("--room", help="A room's reverberation.")] = False,
    locale: Locale = None,
    head: Annotated[Path | None, typer.Option(help="Another head for the spotter.")] = None,
    speakers: Annotated[Path | None, typer.Option(help="Only the speakers named in this file.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="So many clips of each set.")] = None,
    calibrate_per_speaker: Annotated[
        int, typer.Option(min=0, metavar="N", help="Takes of each word kept for calibration.")
    ] = 0,
    errors: Annotated[bool, typer.Option("--errors", help="List what was wrongly accepted.")] = False,
    as_object: Json = False,
) -> None:
    """Play recordings to the pipeline of a live session and count what it makes of them."""
    settings = load_settings()
    settings = settings.model_copy(update={"locale": locale or settings.locale})
    request = Request(
        folders=folders,
        engine=engine,
        listen_for=listen_for,
        conditions=Conditions(snr, echo, room),
        head=head,
        speakers=speakers,
        limit=limit,
        calibrate=calibrate_per_speaker,
    )
    with bar() as progress:
        report = bench_hear(request, settings, progress)
    if as_object:
        typer.echo(json.dumps(as_json(report, errors=errors)))
    else:
        show(Console(), report, errors=errors)


@app.command()
def speed(
    *,
    runs: Annotated[int, typer.Option(min=1, help="How often each engine is measured.")] = 3,
    speech: Annotated[
        Path | None, typer.Option(help="A recording to decode (default: our own voice).")
    ] = None,
    whisper_model: Annotated[Path | None, typer.Option(help="Folder of a faster-whisper model.")] = None,
    locale: Locale = None,
    as_object: Json = False,
) -> None:
    """Measure start, processor time and memory of every engine that is there, side by side."""
    settings = load_settings()
    settings = settings.model_copy(update={"locale": locale or settings.locale})
    with bar() as progress:
        report = bench_speed(
            settings, runs=runs, speech=speech, whisper_model=whisper_model, progress=progress
        )
    if as_object:
        typer.echo(json.dumps(speed_json(report)))
    else:
        show_speed(Console(), report)


app.command()(live)
app.command()(room)
