"""``cuewalk voices``: who can speak here, and how they sound."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console

from cuewalk.checkup.voices import sample, voices_here
from cuewalk.cli.common import interrupted, tell
from cuewalk.devices.files.wav import write_wav
from cuewalk.settings import load_settings
from cuewalk.terminal.tables import Rows

Name = Annotated[str | None, typer.Argument(help="A voice or an engine of the list, to hear it.")]
Out = Annotated[Path | None, typer.Option(help="Write the sample to this .wav file instead of playing it.")]


def voices(name: Name = None, out: Out = None) -> None:
    """Show every voice that can speak here, or hear one: cuewalk voices am_michael."""
    settings = load_settings()
    if name is None:
        if out is not None:
            raise typer.BadParameter("name a voice too: cuewalk voices am_michael --out sample.wav")
        found, problem = voices_here(settings)
        table = Rows(("engine", "voice", "who", "in use by"))
        for each in found:
            table.add(each.engine, each.voice, each.who, each.used)
        table.show(Console())
        tell(*filter(None, [problem]))
        tell("To hear one: cuewalk voices NAME", "To choose it: cuewalk settings voice NAME")
        return
    spoken = sample(name, settings)
    if out is not None:
        write_wav(out, spoken)
        tell(str(out))
        return
    # Here and not above: the list must not load the sound library.
    from cuewalk.checkup.playback import play_file  # noqa: PLC0415

    with TemporaryDirectory() as folder:
        write_wav(path := Path(folder) / "sample.wav", spoken)
        try:
            play_file(path)
        except KeyboardInterrupt:
            interrupted("Interrupted.")
