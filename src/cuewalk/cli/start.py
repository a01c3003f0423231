"""``cuewalk start``: a session where microphone and speaker work, a demonstration where not."""

from typing import Annotated

import typer
from rich.console import Console

from cuewalk.app.checking import sound_works
from cuewalk.cli import demo as demo_command
from cuewalk.cli import run as run_command


def start(
    programme: Annotated[str, typer.Option(help="Which programme.")] = "feet-up",
) -> None:
    """Start a session with you; without a microphone and a speaker, a demonstration."""
    console = Console()
    works, why = sound_works()
    if works:
        console.print("Microphone and speaker work: starting a session (cuewalk run).")
        run_command.run(programme)
    else:
        console.print(f"{why} So this is a demonstration with a simulated person (cuewalk demo).")
        demo_command.demo(programme=programme)
