"""The command line: one module a command, no logic. Errors are printed as sentences, never as tracebacks."""

import os
import signal
import sys
from importlib import import_module
from typing import Annotated, Final

import typer

from cuewalk import logs, places
from cuewalk.cli import terminal
from cuewalk.cli.ending import ended, version
from cuewalk.cli.helping import readable
from cuewalk.cli.memory import check_memory

app = typer.Typer(
    name="cuewalk",
    help="A voice walks you through small movements, hears your ratings, and keeps what helps you.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # its boxes break option names on a narrow terminal; see cli.helping
)

#: Commands, each with a module of its name. It is imported only for the command that runs: on a Raspberry Pi
#: every import counts against the two seconds to the first cue.
COMMANDS: Final = (
    *("start", "run", "demo", "programmes", "picture", "buckets", "evidence", "log", "play", "correct"),
    *("replay", "models", "devices", "doctor", "calibrate", "settings", "forget", "bench", "teach", "rules"),
    *("checkin", "scripts", "new", "check", "voice", "voices"),
)

_VERSION: Final = ("--version", "-V")
#: Before the command's name: what happens is logged on standard error, too.
_VERBOSE: Final = ("--verbose", "-v")


def main(*, mistakes_escape: bool = False) -> None:
    """Run the command line.

    Args:
        mistakes_escape: raise mistakes of our own, for the fault campaign that looks for them.
    """
    os.umask(0o077)  # whatever is written is the person's own, worker processes included
    terminal.prepare()
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    sys.exit(ended(_run, mistakes_escape=mistakes_escape))


def _run() -> object:
    wanted = next((each for each in sys.argv[1:] if each not in _VERBOSE), "")
    if "--help" not in sys.argv:
        check_memory(wanted)
        wrong = logs.start(places.writable_data_dir, verbose=not {*_VERBOSE}.isdisjoint(sys.argv[1:2]))
        if wrong:
            from cuewalk.files.left_out import left_out  # noqa: PLC0415 - hardly ever needed

            left_out(wrong)
    register(wanted)
    command = readable(typer.main.get_command(app))
    return command.main(prog_name="cuewalk", standalone_mode=False)


def _interrupt(_number: int, _frame: object) -> None:
    """End like Ctrl-C does, so that the terminal is restored and the journal closed."""
    raise KeyboardInterrupt


def register(wanted: str = "") -> None:
    """Add the wanted command to the app, or all of them when none is named (for ``--help``)."""
    names = [wanted] if wanted in COMMANDS else [] if wanted in _VERSION else list(COMMANDS)
    for name in names:
        module = import_module(f"cuewalk.cli.{name}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name, context_settings=getattr(module, "CONTEXT", None))(getattr(module, name))


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cuewalk {version()}")
        raise typer.Exit


@app.callback()
def _about(
    _version: Annotated[
        bool,
        typer.Option(*_VERSION, callback=_print_version, is_eager=True, help="Print the version and end."),
    ] = False,
    _verbose: Annotated[
        bool, typer.Option(*_VERBOSE, help="Tell on the error output what happens, without what you say.")
    ] = False,
) -> None:
    """General movement guidance, not medical advice."""
