"""``cuewalk bench voice``: which words of our own voices two recognisers miss."""

from typing import Annotated

import typer
from rich.console import Console

from cuewalk.bench.voice.bench import USUAL, VoiceRequest, bench_voice
from cuewalk.bench.voice.report import as_json, show
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
