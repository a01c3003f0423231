"""The command line: one module a command, no logic. Errors are printed as sentences, never as tracebacks."""

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Final

import typer
from rich.console import Console
from rich.text import Text

from cuewalk.domain.errors import CuewalkError

app = typer.Typer(
    name="cuewalk",
    help="A voice walks you through small movements, hears your ratings, and keeps what helps you.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

#: Command name → module that defines it. Modules are imported only for the command that runs: on a Raspberry
#: Pi every import counts against the two seconds to the first cue.
COMMANDS: Final = {
    "start": "start",
    "run": "run",
    "demo": "demo",
    "programmes": "programmes",
    "picture": "picture",
    "buckets": "buckets",
    "evidence": "evidence",
    "log": "log",
    "play": "play",
    "correct": "correct",
    "replay": "replay",
    "models": "models",
    "devices": "devices",
    "doctor": "doctor",
    "calibrate": "calibrate",
    "settings": "settings",
    "forget": "forget",
    "bench": "bench",
    "teach": "teach",
    "rules": "rules",
    "checkin": "checkin",
    "scripts": "scripts",
    "new": "new",
    "check": "check",
}


def main() -> None:
    """Run the command line."""
    os.umask(0o077)  # whatever is written is the person's own, worker processes included
    register(sys.argv[1] if len(sys.argv) > 1 else "")
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    try:
        app()
    except CuewalkError as error:
        Console(stderr=True, soft_wrap=True).print(Text(str(error), style="red"))
        sys.exit(error.exit_code)


def _interrupt(_number: int, _frame: object) -> None:
    """End like Ctrl-C does, so that the terminal is restored and the journal closed."""
    raise KeyboardInterrupt


def register(wanted: str = "") -> None:
    """Add the wanted command to the app, or all of them when none is named (for ``--help``)."""
    names = [wanted] if wanted in COMMANDS else list(COMMANDS)
    for name in names:
        module = import_module(f"cuewalk.cli.{COMMANDS[name]}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            function: Callable[..., None] = getattr(module, COMMANDS[name])
            app.command(name, context_settings=getattr(module, "CONTEXT", None))(function)


@app.callback()
def _about() -> None:
    """General movement guidance, not medical advice."""
