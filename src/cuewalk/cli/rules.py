"""``cuewalk rules``: every number that cuewalk decides by, where it comes from, and what you changed."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from cuewalk.cli.common import tell
from cuewalk.content.catalogue import Catalogue
from cuewalk.content.personal import load_own_catalogue, own_rules_path
from cuewalk.settings import load_settings
from cuewalk.terminal.tables import Rows

AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]
Content = Annotated[Path | None, typer.Option(help="A folder with content of your own.")]


def rules(as_json: AsJson = False, content: Content = None) -> None:
    """Show every rule number with its value and source, and which of them you changed."""
    catalogue = load_own_catalogue(load_settings().locale, content)
    if as_json:
        typer.echo(json.dumps(_as_data(catalogue), ensure_ascii=False, indent=2))
        return
    _table(catalogue).show(Console())
    count = len(catalogue.replaced_rules)
    tell(f"Version {catalogue.rules.version}; {count or 'none'} changed by you.")
    example = f"To change one, write only that number into {own_rules_path()}, for example:"
    tell(example, "[confirm_from]", "value = 7", style="dim")


def _table(catalogue: Catalogue) -> Rows:
    table = Rows(("rule", "value>", "standard", "source"), "Rules")
    for name, number in catalogue.rules.numbers():
        standard = catalogue.replaced_rules.get(name)
        table.add(
            Text(name, style="bold" if standard else ""),
            Text(f"{number.value:g}", style="bold" if standard else ""),
            f"{standard.value:g}, yours now" if standard else "",
            Text(number.basis),
        )
    return table


def _as_data(catalogue: Catalogue) -> dict[str, object]:
    numbers = []
    for name, number in catalogue.rules.numbers():
        standard = catalogue.replaced_rules.get(name)
        entry: dict[str, object] = {"name": name, "value": number.value, "basis": number.basis}
        entry["changed"] = standard is not None
        if standard is not None:
            entry |= {"standard_value": standard.value, "standard_basis": standard.basis}
        numbers.append(entry)
    return {"version": catalogue.rules.version, "file": str(own_rules_path()), "rules": numbers}
