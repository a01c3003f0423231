"""``cuewalk doctor``: what works here, and what to do about what does not."""

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from cuewalk.checkup.checking import Check, check_everything
from cuewalk.checkup.sound_check.flow import sound_check_live
from cuewalk.cli.common import interrupted, noticing, tell
from cuewalk.domain.errors import DeviceError
from cuewalk.session.stage import open_stage
from cuewalk.settings import load_settings
from cuewalk.terminal.tables import Rows

Listen = Annotated[
    bool | None,
    typer.Option(
        "--listen/--no-listen",
        help="Check the sound with you: it speaks, and you say one number (15 seconds). "
        "--no-listen keeps the microphone closed; else it is judged for a moment.",
    ),
]


def doctor(listen: Listen = None) -> None:
    """Check microphone and its sound, speaker, voice, recogniser, content and journal."""
    # Before a whole sound check the moment would be spent twice.
    checks = check_everything(listen=listen is None)
    _table(checks).show(Console())
    works = all(check.ok for check in checks if check.needed)
    if works and listen:
        works = _sound_works()
    elif not works:
        tell("A session with you needs what does not work above. Until then: cuewalk demo")
    if not works:
        raise typer.Exit(1)
    tell('Ready. "cuewalk run" starts a session.')


def _table(checks: list[Check]) -> Rows:
    table = Rows(("", "", ""), headed=False)
    for check in checks:
        colour = "green" if check.ok else ("red" if check.needed else "yellow")
        table.add(check.name, Text("works" if check.ok else check.fault, style=colour), check.says)
    return table


def _sound_works() -> bool:
    """Check the sound with the person; a failing device is reported in a sentence."""
    stage = open_stage(load_settings(), "", tell)
    try:
        with noticing(stage.notices):
            report = sound_check_live(stage, Console())
    except DeviceError as error:
        tell(f"{error} Until then: cuewalk demo")
        return False
    except KeyboardInterrupt:
        interrupted("Interrupted. Nothing was kept.")
    finally:
        stage.voice.close()
    if not report.ok:
        tell("Once that is changed, check again: cuewalk doctor --listen")
    return report.ok
