"""``cuewalk scripts``: check the texts, write a programme as a sound file, hear a movement."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console

from cuewalk.cli.common import Content, interrupted, reading, tell
from cuewalk.cli.progress import progress
from cuewalk.content.catalogue import Catalogue
from cuewalk.content.explain import suggestion
from cuewalk.content.packs import load_pack
from cuewalk.content.personal import load_own_catalogue
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Side
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import counted
from cuewalk.engine.lines import Line
from cuewalk.planning.own_programmes import OWN, Chosen, choose
from cuewalk.scripting.rendering import Rendered, check_out, render_parts
from cuewalk.scripting.texts import HIGHEST_GRADE, MOST_WORDS, MovementTexts, look_over, missing_in
from cuewalk.scripting.timeline import TimelinePart, part_of, parts_of, side_words
from cuewalk.settings import load_settings
from cuewalk.terminal.tables import Rows

app = typer.Typer(help="The spoken texts without a session: check them, render a programme, hear a movement.")

Locale = Annotated[str | None, typer.Option(help="The language (else the one of your settings).")]
OfSide = Annotated[Side, typer.Option(help="The side of the complaint.")]
Pace = Annotated[float, typer.Option(min=0.4, max=2, help="How fast the counting is; 1 is as written.")]


@app.command()
def check(locale: Locale = None, content: Content = None) -> None:
    """Look over every text: how easily it is followed, how long it is, what the language lacks."""
    name = locale or load_settings().locale
    catalogue = load_own_catalogue(name, content)
    load_pack(name)
    found = look_over(catalogue)
    _table(found, name).show(Console())
    for kind, names in missing_in(catalogue, load_own_catalogue("en-US", content)).items():
        tell(f"Not in {name}, but in en-US: {kind} {', '.join(names)}.")
    remarks = sum(bool(each.remarks) for each in found)
    tell(f"{counted(len(found), 'movement')}, {remarks} with a remark.")
    if remarks:
        raise typer.Exit(1)


@app.command()
def render(
    programme: Annotated[str, typer.Argument(help="Which programme; see 'cuewalk programmes'.")],
    out: Annotated[Path, typer.Option(help="The sound file to write: .wav, .flac, .mp3, .ogg or .opus.")],
    locale: Locale = None,
    content: Content = None,
    *,
    side: OfSide = Side.RIGHT,
    pace: Pace = 1.0,
) -> None:
    """Write a programme as one sound file with chapters, to move to without a microphone."""
    name = locale or load_settings().locale
    catalogue = load_own_catalogue(name, content)
    chosen = _chosen(catalogue, programme)
    parts = parts_of(catalogue, chosen.programme, side, chosen.own_sides)
    done = _rendered(parts, out, name, chosen.programme.name, pace)
    minutes, seconds = divmod(round(done.seconds), 60)
    tell(f"{done.sound}: {minutes} min {seconds} s")
    tell(f"{done.chapters_file or 'inside it'}: {len(done.chapters)} chapters")


@app.command()
def preview(
    movement: Annotated[str, typer.Argument(help="A movement's id, such as rehab-hip-circles.")],
    out: Annotated[Path | None, typer.Option(help="Write it to this file instead of playing it.")] = None,
    locale: Locale = None,
    content: Content = None,
    *,
    side: OfSide = Side.RIGHT,
    pace: Pace = 1.0,
) -> None:
    """Say one movement as a session would, through the speaker."""
    name = locale or load_settings().locale
    part = _part(load_own_catalogue(name, content), movement, side)
    if out is not None:
        typer.echo(str(_rendered([part], out, name, part.title, pace).sound))
        return
    # Here and not above: rendering to a file must not load the sound library.
    from cuewalk.checkup.playback import play_file  # noqa: PLC0415

    with TemporaryDirectory() as folder:
        sound = _rendered([part], Path(folder) / "preview.wav", name, part.title, pace).sound
        try:
            play_file(sound)
        except KeyboardInterrupt:
            interrupted("Interrupted.")


def _chosen(catalogue: Catalogue, name: str) -> Chosen:
    """Return a programme from its file, or as it would be made now from the person's own sessions."""
    now = datetime.now(UTC).astimezone()
    if name not in OWN:
        return choose(catalogue, name, (), now)  # needs no journal
    with reading() as journal:
        return choose(catalogue, name, journal.histories(), now)


def _part(catalogue: Catalogue, movement: str, side: Side) -> TimelinePart:
    if movement not in catalogue.movements:
        remedy = suggestion(movement, tuple(catalogue.movements))
        raise CuewalkError(f'There is no movement "{movement}".', remedy=remedy)
    return part_of(catalogue.movements[movement], side, side_words(catalogue))


def _rendered(parts: list[TimelinePart], out: Path, locale: str, title: str, pace: float) -> Rendered:
    # Here and not above: looking over texts needs no voice.
    from cuewalk.scripting.texts import speaker  # noqa: PLC0415

    check_out(out, len(parts))  # before a voice is started
    try:
        with speaker(locale) as voice, progress("rendering, lines spoken") as report:
            done = count(1)

            def spoken(line: Line) -> Samples:
                report(next(done), None)
                return voice(line)

            return render_parts(parts, spoken, out, title=title, pace=pace)
    except KeyboardInterrupt:
        interrupted("Interrupted. Nothing was written.")


def _table(found: list[MovementTexts], locale: str) -> Rows:
    title = f"Texts of {locale} (at most grade {HIGHEST_GRADE} and {MOST_WORDS} words a sentence)"
    table = Rows(("movement", "texts>", "words>", "a sentence>", "grade>", "longest>", "remarks"), title)
    for each in found:
        counts = (str(each.texts), str(each.words))
        means = ("" if n is None else f"{n:.1f}" for n in (each.words_a_sentence, each.grade))
        table.add(each.movement, *counts, *means, str(len(each.longest)), list(each.remarks))
    return table
