"""``cuewalk bench``: how well and fast it hears, what a session makes of sound, and how right it decides."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cuewalk.bench.decisions import as_json as decisions_json
from cuewalk.bench.decisions import assume, bench_decisions, show_decisions
from cuewalk.bench.hearing.hear import bench_hear
from cuewalk.bench.hearing.report import Request, as_json, show
from cuewalk.bench.hearing.scene import Conditions
from cuewalk.bench.listening import Engine, ListenFor
from cuewalk.bench.speed_bench import as_json as speed_json
from cuewalk.bench.speed_bench import bench_speed, show_speed
from cuewalk.cli.bench_faults import faults
from cuewalk.cli.bench_live import live, room
from cuewalk.cli.progress import progress
from cuewalk.content.load import load_catalogue
from cuewalk.settings import load_settings

app = typer.Typer(
    help="Measure how well it hears, how fast, and how often its decisions are right.", no_args_is_help=True
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
#: People of each effect in a quick study: a few seconds.
_QUICK = 400
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
    with progress("measuring") as report_progress:
        report = bench_hear(request, settings, report_progress)
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
    with progress("measuring") as report_progress:
        report = bench_speed(
            settings, runs=runs, speech=speech, whisper_model=whisper_model, progress=report_progress
        )
    if as_object:
        typer.echo(json.dumps(speed_json(report)))
    else:
        show_speed(Console(), report)


@app.command()
def decisions(
    *,
    people: Annotated[int, typer.Option(min=1, max=100_000, help="Simulated people of each effect.")] = 4000,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other people.")] = 1,
    quick: Annotated[bool, typer.Option("--quick", help="400 people of each effect at most.")] = False,
    assumed: Annotated[
        list[str] | None,
        typer.Option(
            "--assume", metavar="NAME=VALUE", help="Change an assumption, for example placebo=0.65."
        ),
    ] = None,
    as_object: Json = False,
) -> None:
    """Let simulated people with known effects rate before and after; count how often we decide rightly."""
    many = min(people, _QUICK) if quick else people
    world, rules = assume(assumed or ()), load_catalogue("en-US").rules
    with progress("measuring") as report_progress:
        study = bench_decisions(rules, people=many, seed=seed, progress=report_progress, world=world)
    if as_object:
        typer.echo(json.dumps(decisions_json(study)))
    else:
        show_decisions(Console(), study)


app.command()(faults)
app.command()(live)
app.command()(room)
