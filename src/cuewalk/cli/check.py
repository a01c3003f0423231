"""``cuewalk check``: every mistake in content files, at once."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cuewalk.content.checking import check_content, check_folder, check_shipped, stand_ins
from cuewalk.content.packs import own_content
from cuewalk.content.personal import own_rules_path
from cuewalk.domain.errors import ContentFault
from cuewalk.files.looking import there
from cuewalk.terminal.printing import say

Where = Annotated[
    Path | None,
    typer.Argument(
        help="A file or a folder; without it everything: what comes with cuewalk and what is yours."
    ),
]
Content = Annotated[Path | None, typer.Option("--content", help="The same as PATH.")]


def check(path: Where = None, content: Content = None) -> None:
    """Check movements, programmes, phrases and rules, and name every mistake with file and line."""
    asked = path or content
    faults = check_content(asked) if asked else _everything()
    for line in (*faults, *stand_ins(asked or own_content())):
        typer.echo(str(line))
    where = str(asked) if asked else "what comes with cuewalk and what is yours"
    say(Console(stderr=bool(faults)), f"{len(faults) or 'Nothing'} to mend in {where}.")
    if faults:
        raise typer.Exit(1)


def _everything() -> list[ContentFault]:
    rules = own_rules_path()
    own_rules = check_content(rules) if there(rules) else []
    return check_shipped() + check_folder(own_content()) + own_rules
