"""``cuewalk bench voice`` and ``waits``: how well our own voices are understood, how long they let wait."""

from typing import Annotated

import typer
from rich.console import Console

from cuewalk.bench.voice.bench import USUAL, VoiceRequest, bench_voice
from cuewalk.bench.voice.report import as_json, show
from cuewalk.bench.voice.waits import as_json as waits_json
from cuewalk.bench.voice.waits import bench_waits
from cuewalk.bench.voice.waits import show as show_waits
from cuewalk.cli.common import Json, Locale, print_json
from cuewalk.cli.progress import progress
from cuewalk.settings import load_settings


def voice(
    voices: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ENGINE[:VOICE]...]",
            help=f"Side by side, as kokoro:am_michael (default: {' '.join(USUAL)}).",
        ),
    ] = None,
    *,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most this many lines, drawn at random.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other lines.")] = 1,
    locale: Locale = None,
    as_object: Json = False,
) -> None:
    """Speak every line with each voice and count the words that two recognisers miss. Cut off, it resumes."""
    settings = load_settings()
    settings = settings.model_copy(update={"locale": locale or settings.locale})
    with progress("listening") as told:
        report = bench_voice(VoiceRequest(voices or USUAL, limit, seed), settings, told)
    if as_object:
        print_json(as_json(report))
    else:
        show(Console(), report)


def waits(
    programme: Annotated[str, typer.Argument(help="Which programme.")] = "feet-up",
    *,
    slower: Annotated[
        int,
        typer.Option(
            min=1,
            max=16,
            help="Slow the machine down: share one core with N - 1 busy processes.",
            metavar="N",
        ),
    ] = 1,
    as_object: Json = False,
) -> None:
    """Run a session in real time and count the lines that wait for their sound.

    With CUEWALK_HOME in an empty folder nothing is rendered before; the settings name the voice.
    """
    with progress("lines") as told:
        report = bench_waits(load_settings(), programme, lambda lines: told(lines, None), slower=slower)
    if as_object:
        print_json(waits_json(report))
    else:
        show_waits(Console(), report)
