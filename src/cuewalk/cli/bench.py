"""``cuewalk bench``: how well and fast it hears, what a session makes of sound, and how right it decides."""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from cuewalk.bench.decisions import as_json as decisions_json
from cuewalk.bench.decisions import assume, bench_decisions, show_decisions
from cuewalk.bench.hearing.hear import bench_hear
from cuewalk.bench.hearing.report import HearingRequest, as_json, show
from cuewalk.bench.hearing.scene import ListeningConditions
from cuewalk.bench.listening import Engine, ListenFor
from cuewalk.bench.live import bench as live_bench
from cuewalk.bench.room import bench as room_bench
from cuewalk.bench.speed_bench import as_json as speed_json
from cuewalk.bench.speed_bench import bench_speed, show_speed
from cuewalk.cli.bench_faults import faults
from cuewalk.cli.bench_voice import voice, waits
from cuewalk.cli.common import Json, Locale, print_json
from cuewalk.cli.progress import progress
from cuewalk.content.load import load_catalogue
from cuewalk.settings import Settings, load_settings

app = typer.Typer(
    help="Measure how well it hears, how fast, and how often its decisions are right.", no_args_is_help=True
)

#: People of each effect in a quick study: a few seconds.
_QUICK: Final = 400
Folders = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[DIR...]", help="Folders with a MANIFEST.csv (default: synthetic voices)."),
]
Head = Annotated[Path | None, typer.Option(help="Another head for the spotter.")]
Speakers = Annotated[Path | None, typer.Option(help="Only the speakers named in this file.")]


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
    head: Head = None,
    speakers: Speakers = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most this many clips of each set.")] = None,
    calibrate_per_speaker: Annotated[
        int, typer.Option(min=0, metavar="N", help="Takes of each word kept for calibration.")
    ] = 0,
    errors: Annotated[bool, typer.Option("--errors", help="List what was wrongly accepted.")] = False,
    as_object: Json = False,
) -> None:
    """Play recordings to the pipeline of a live session and count what it makes of them."""
    request = HearingRequest(
        folders=folders,
        engine=engine,
        listen_for=listen_for,
        conditions=ListeningConditions(snr, echo, room),
        head=head,
        speakers=speakers,
        limit=limit,
        calibrate=calibrate_per_speaker,
    )
    with progress("measuring") as report_progress:
        report = bench_hear(request, _settings(locale), report_progress)
    if as_object:
        print_json(as_json(report, errors=errors))
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
    with progress("measuring") as told:
        report = bench_speed(
            _settings(locale), runs=runs, speech=speech, whisper_model=whisper_model, progress=told
        )
    if as_object:
        print_json(speed_json(report))
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
        print_json(decisions_json(study))
    else:
        show_decisions(Console(), study)


app.command()(faults)
app.command()(voice)
app.command()(waits)


@app.command()
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
        print_json(report)
    else:
        live_bench.show_live(Console(), report)


@app.command()
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
        float, typer.Option(min=-400, max=400, metavar="PPM", help="How much faster the speaker's clock is.")
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
        print_json(report)
    else:
        room_bench.show_room(Console(), report)


def _settings(locale: str | None) -> Settings:
    settings = load_settings()
    return settings.model_copy(update={"locale": locale or settings.locale})
