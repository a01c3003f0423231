"""``cuewalk doctor``: what works here, and what to do about what does not."""

import typer
from rich.console import Console
from rich.table import Table

from cuewalk.app.checking import check_everything


def doctor() -> None:
    """Check microphone, speaker, voice, recogniser, content and journal."""
    table = Table(show_header=False)
    checks = check_everything()
    for check in checks:
        mark = (
            "[green]works[/]" if check.ok else ("[red]missing[/]" if check.needed else "[yellow]missing[/]")
        )
        table.add_row(check.name, mark, check.says)
    console = Console()
    console.print(table)
    if all(check.ok for check in checks if check.needed):
        console.print("Ready. Say: cuewalk run")
        return
    console.print("A session with you needs what is missing above. Until then: cuewalk demo")
    raise typer.Exit(1)
