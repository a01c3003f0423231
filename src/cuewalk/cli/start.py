"""``cuewalk start``: a session where microphone and speaker work, a demonstration where not."""

from typing import Annotated

import typer

from cuewalk.checkup.checking import sound_works
from cuewalk.cli import demo as demo_command
from cuewalk.cli import run as run_command
from cuewalk.cli.common import tell
from cuewalk.content.personal import load_own_catalogue
from cuewalk.planning.own_programmes import check_name
from cuewalk.settings import load_settings


def start(programme: Annotated[str, typer.Option(help="Which programme.")] = "feet-up") -> None:
    """Start a session with you; without a microphone and a speaker, a demonstration."""
    check_name(load_own_catalogue(load_settings().locale), programme)
    works, why = sound_works()
    if works:
        tell("Microphone and speaker work: starting a session (cuewalk run).")
        run_command.run(programme)
    else:
        tell(f"{why} So this is a demonstration with a simulated person (cuewalk demo).")
        demo_command.demo(programme=programme)
