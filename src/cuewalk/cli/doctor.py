"""``cuewalk doctor``: what works here, and what to do about what does not."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cuewalk.app.checking import check_everything


def doctor(
    listen: Annotated[
        bool, typer.Option(help="Open the microphone for a moment and judge its sound.")
    ] = True,
) -> None:
    """Check microphone and its sound, speaker, voice, recogniser, content and journal."""
    table = Table(show_header=False)
    checks = check_everything(listen=listen)
    for check in checks:
        colour = "green" if check.ok else ("red" if check.needed else "yellow")
        mark = f"[{colour}]{'works' if check.ok else check.fault}[/]"
        table.add_row(check.name, mark, check.says)
    console = Console()
    console.print(table)
    if all(check.ok for check in checks if check.needed):
        console.print("Ready. Say: cuewalk run")
        return
    console.print("A session with you needs what is missing above. Until then: cuewalk demo")
    raise typer.Exit(1)
