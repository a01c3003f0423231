"""``cuewalk new``: a commented template of a movement, a programme or a locale, to fill in."""

from pathlib import Path
from typing import Annotated

import typer

from cuewalk.cli.common import tell
from cuewalk.content.packs import own_content
from cuewalk.content.writing import copy_locale, write_template

app = typer.Typer(help="Write a template for content of your own; an existing file is never touched.")

Name = Annotated[str, typer.Argument(help="Its id: small letters, digits, hyphens.")]
LocaleName = Annotated[str, typer.Argument(help="A language and a country, such as de-DE.")]
Dir = Annotated[
    Path | None, typer.Option("--dir", help="Your content folder (else 'content' with your data).")
]
Locale = Annotated[str, typer.Option(help="The language it is in.")]
Replace = Annotated[bool, typer.Option("--replace", help="Let it stand in for ours of the same name.")]


@app.command()
def movement(name: Name, folder: Dir = None, locale: Locale = "en-US", replace: Replace = False) -> None:
    """Write a new movement to fill in."""
    _tell(write_template("movement", name, folder or own_content(), locale, replace=replace))


@app.command()
def programme(name: Name, folder: Dir = None, locale: Locale = "en-US", replace: Replace = False) -> None:
    """Write a new programme to fill in."""
    _tell(write_template("programme", name, folder or own_content(), locale, replace=replace))


@app.command()
def locale(name: LocaleName, folder: Dir = None) -> None:
    """Copy all English texts under the name of another language, to be translated."""
    _tell(copy_locale(name, folder or own_content()))


def _tell(path: Path) -> None:
    tell(str(path), f"Change it, then: cuewalk check {path}")
