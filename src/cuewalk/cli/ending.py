"""How a command ends: every failure is a sentence and an exit code, never a traceback.

=====  ==========================================================================================
code   meaning
=====  ==========================================================================================
0      done
1, 3-8 could not be done, said in a sentence (`domain.errors`)
2      the command line is not understood
70     a mistake of cuewalk's own; the details are in a file
74     a part of the output was lost (full disk, closed output)
130    ended by the person (Ctrl-C)
141    the reader of the output has ended (``| head``); nothing is said about it
=====  ==========================================================================================
"""

import errno
import os
import platform
import re
import shlex
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import typer
from rich.console import Console

from cuewalk import places
from cuewalk.cli.terminal import drop, let_go
from cuewalk.domain.errors import CuewalkError, OutputLostError
from cuewalk.files.faults import reason, remedy
from cuewalk.files.writing import write_whole
from cuewalk.terminal.printing import say

#: As in BSD's ``sysexits.h``: EX_SOFTWARE, EX_IOERR; then 128 and the number of the signal: SIGINT, SIGPIPE.
BUG: Final = 70
LOST: Final = 74
INTERRUPTED: Final = 130
PIPE: Final = 141
USAGE: Final = 2
#: Shows the traceback of any error.
DEBUG: Final = "CUEWALK_DEBUG"
#: In the data folder; the latest mistake only.
DETAILS: Final = "cuewalk-mistake.log"

#: What pydantic says, with which typer reads arguments since 0.29, and plain words for it.
_PARSERS_WORDS: Final = (
    (r"^Value error, ", ""),
    (r"^Input should be a valid integer.*", "must be a whole number"),
    (r"^Input should be a valid number.*", "must be a number"),
    (r"^Input should be greater than or equal to ", "must be at least "),
    (r"^Input should be less than or equal to ", "must be at most "),
    (r"^Input should be ", "must be "),
)
#: The base of all errors of a command line; typer has its own copy of click since 0.20 and click's before.
_ClickError: Final[type[Any]] = typer.BadParameter.__mro__[2]


def ended(body: Callable[[], object], *, mistakes_escape: bool = False) -> int:
    """Run ``body`` and return the exit code; with ``mistakes_escape`` raise an unforeseen exception."""
    hooks = threading.excepthook, sys.unraisablehook
    behind: list[BaseException] = []
    threading.excepthook = lambda args: behind.append(args.exc_value or RuntimeError())
    sys.unraisablehook = lambda args: behind.append(args.exc_value or RuntimeError())
    try:
        code = _told(body, mistakes_escape=mistakes_escape)
        if behind and code in {0, 1}:  # what ended a thread, when the command itself has ended
            _ = _no_memory(behind[0]) if isinstance(behind[0], MemoryError) else _bug(behind[0])
        let_go()
    except OutputLostError as error:
        code = _lost(error)
    except KeyboardInterrupt:
        code = INTERRUPTED
    finally:
        threading.excepthook, sys.unraisablehook = hooks
    return code


def _told(body: Callable[[], object], *, mistakes_escape: bool) -> int:  # noqa: C901, PLR0911 - one line for each kind of end
    try:
        code = body()
    except OutputLostError:
        raise
    except (SystemExit, typer.Exit) as error:
        return _asked_for(error)
    except (KeyboardInterrupt, typer.Abort):
        _tell("Interrupted.")
        return INTERRUPTED
    except _ClickError as error:
        return _usage(error)
    except CuewalkError as error:
        return _failed(error, str(error), error.exit_code)
    except MemoryError as error:
        return _no_memory(error)
    except Exception as error:
        if mistakes_escape:
            raise
        return _outside(error) or _bug(error)
    return _code_of(code)


def _asked_for(end: SystemExit | typer.Exit) -> int:
    if isinstance(end, typer.Exit):
        return end.exit_code
    return int(end.code is not None) if isinstance(end.code, str) else _code_of(end.code)


def _code_of(returned: object) -> int:
    return returned if isinstance(returned, int) else 0


def _outside(error: Exception) -> int:
    """Report an error of the system, or of an argument that is no text; return 0 if it is neither."""
    typed = "".join(sys.argv)
    if isinstance(error, UnicodeError) and any("\ud800" <= letter <= "\udfff" for letter in typed):
        what = "An argument holds characters that are no text. Type it anew."
    elif isinstance(error, OSError) and error.filename is not None and error.errno is not None:
        what = f"{os.fsdecode(error.filename)} cannot be used: {reason(error)}. {remedy(error)}"
    else:
        return 0
    return _failed(error, what, 1)


def _no_memory(error: MemoryError) -> int:
    return _failed(error, "The memory does not suffice. Close other programs and try again.", 1)


def _usage(error: Any) -> int:  # noqa: ANN401 - typer has two kinds of it, see _ClickError
    context = getattr(error, "ctx", None)
    what = _in_words(error.format_message())
    if context is not None and error.format_message() == context.get_help():  # a group without a command
        typer.echo(what)
        return USAGE
    _tell(what)
    number = getattr(error, "option_name", "")
    command = context.command_path if context is not None else "cuewalk"
    if number[1:2].isdigit():
        typed = " ".join(shlex.quote(each) for each in sys.argv[1:] if each != number)
        _tell(f"What begins with a hyphen is written after two of them: cuewalk {typed} -- {number}", "")
    _tell(f"How it is written: {command} --help", "")
    return USAGE


def _in_words(message: str) -> str:
    """Return the message of the command line's parser in plain words."""
    message = re.sub(r"^No such option: (\S+?)\.?(?= |$)", r"There is no option \1.", message)
    name, _, why = message.removeprefix("Invalid value for ").partition(": ")
    if not why or not message.startswith("Invalid value for "):
        return message
    for found, said in _PARSERS_WORDS:
        why = re.sub(found, said, why)
    return f"{name} {why}." if why.startswith("must ") else f"Invalid value for {name}: {why}"


def _lost(error: OutputLostError) -> int:
    """Report that output was lost; a reader that has ended is no news to the person."""
    drop()
    if error.cause.errno == errno.EPIPE:
        return PIPE
    why = "it is closed" if error.cause.errno == errno.EBADF else reason(error.cause)
    what = f"A part of the output is lost: {why}. What the command had done before is done and kept."
    return _failed(error, what, LOST)


def _bug(error: BaseException) -> int:
    """Report a mistake of our own, with its details in a file of the person's own."""
    where = _written(error)
    report = f"Please report it, with {where}" if where else f"To see more: {DEBUG}=1 before the command"
    what = f"This is a mistake of cuewalk, not yours. What was kept in your journal is safe. {report}"
    return _failed(error, what, BUG)


def _written(error: BaseException) -> Path | None:
    try:
        path = places.writable_data_dir() / DETAILS
        write_whole(path, details(error))
    except (OSError, CuewalkError):
        return None
    return path


def version() -> str:
    """Return the version as its package says it."""
    try:
        return metadata.version("cuewalk")
    except metadata.PackageNotFoundError:
        return "of a folder that was never installed"


def details(error: BaseException) -> str:
    """Return the places of an error, for a report. Messages may be private, so they are left out."""
    lines = [
        f"cuewalk {version()}, Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        f"{datetime.now().astimezone():%Y-%m-%d %H:%M}",
    ]
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        lines.append(f"{type(at).__module__}.{type(at).__qualname__}")
        lines += [
            f"  {_place(frame.filename)}:{frame.lineno} in {frame.name}: {frame.line or ''}"
            for frame in traceback.extract_tb(at.__traceback__)
        ]
        at = at.__cause__ or at.__context__
    return "\n".join(lines) + "\n"


def _place(file: str) -> str:
    """Return a source file's path below its package: folders above may hold the person's name."""
    parts = Path(file).parts
    for root in ("site-packages", "src"):
        if root in parts:
            return "/".join(parts[parts.index(root) + 1 :])
    return "/".join(parts[-2:])


def _tell(sentence: str, style: str = "red") -> None:
    say(Console(stderr=True), sentence, style)


def _failed(error: BaseException, sentence: str, code: int) -> int:
    """Print the sentence for an error, after its traceback if asked for; return the exit code."""
    if os.environ.get(DEBUG, "") not in {"", "0"}:
        sys.stderr.write("".join(traceback.format_exception(error)))
    _tell(sentence)
    return code
