"""``cuewalk settings``: show them, set one."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cuewalk.app.settings import change_setting, load_settings, settings_path


def settings(
    name: Annotated[str | None, typer.Argument(help="Which setting.")] = None,
    value: Annotated[str | None, typer.Argument(help="Its new value.")] = None,
) -> None:
    """Show your settings, or set one: cuewalk settings voice_engine piper."""
    now = change_setting(name, value) if name and value is not None else load_settings()
    table = Table("setting", "value")
    for key, each in now.model_dump().items():
        if name in (None, key):
            table.add_row(key, str(each))
    console = Console()
    console.print(table)
    console.print(f"Kept in {settings_path()}", soft_wrap=True)
