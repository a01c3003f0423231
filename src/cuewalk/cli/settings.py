"""``cuewalk settings``: show them, set one, mend a file that cannot be used."""

from typing import Annotated, Final

import typer
from rich.console import Console

from cuewalk.cli.common import NEGATIVE_NUMBERS, tell
from cuewalk.settings import Settings, change_setting, load_settings, no_setting, settings_path
from cuewalk.terminal.tables import Rows

CONTEXT: Final = NEGATIVE_NUMBERS


def settings(
    name: Annotated[str | None, typer.Argument(help="Which setting.")] = None,
    value: Annotated[str | None, typer.Argument(help='Its new value; "" for the default.')] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Take a device or voice that is not there at present.")
    ] = False,
) -> None:
    """Show your settings, or set one: cuewalk settings voice_engine piper."""
    if name is not None and name not in Settings.model_fields:
        raise no_setting(name)
    changing = name is not None and value is not None
    now = change_setting(str(name), str(value), anyway=anyway) if changing else load_settings()
    table = Rows(("setting", "value"))
    for key, each in now.model_dump().items():
        if name in (None, key):
            table.add(key, str(each))
    table.show(Console())
    tell(f"Kept in {settings_path()}")
