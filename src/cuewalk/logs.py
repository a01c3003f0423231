"""Logging: one logger a package, named after it, silent unless somebody asks.

Logged are devices, latencies, losses, ignored errors, states and timers. No word or number that the person
said or typed is, so an error is logged by its kind and its place, and not by its message.

Handlers are set up by the command line alone (`start`): a file in the data folder that rotates, and stderr
with ``--verbose``. ``CUEWALK_LOG`` is ``debug``, ``info`` (the default) or ``off``.
"""

import errno
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from logging.handlers import RotatingFileHandler

#: Names the level of the file and of stderr.
VARIABLE: Final = "CUEWALK_LOG"
FILE_NAME: Final = "cuewalk.log"
#: One old file is kept beside the present one, each at most this large (bytes): some 50 sessions.
_LARGEST: Final = 500_000
_LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO}
_OFF: Final = "off"
_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"

logging.getLogger("cuewalk").addHandler(logging.NullHandler())


def kind_of(error: BaseException) -> str:
    """Return the kind of an error and its place in the code, without its message."""
    number = errno.errorcode.get(error.errno or 0, "") if isinstance(error, OSError) else ""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{f' {number}' if number else ''}{place}"


@contextmanager
def ignoring(log: logging.Logger, *kinds: type[BaseException], doing: str) -> Iterator[None]:
    """Go on after errors of these kinds and log them: `contextlib.suppress` that swallows nothing."""
    try:
        yield
    except kinds as error:
        log.debug("ignored while %s: %s", doing, kind_of(error))


def start(folder: Callable[[], Path], *, verbose: bool = False) -> str:
    """Log into ``cuewalk.log``, in a folder asked for with the first record, and to stderr if ``verbose``.

    A folder that cannot be written to costs the log and nothing else. Returned is a sentence about a level
    that is none, "" for a good one.
    """
    typed = os.environ.get(VARIABLE) or "info"
    asked = typed.lower()
    level = _LEVELS.get(asked, logging.INFO)
    log = logging.getLogger("cuewalk")
    logging.raiseExceptions = False
    if asked != _OFF:
        log.addHandler(_LateFile(folder))
        log.setLevel(level)
    if verbose:
        shown = logging.StreamHandler(sys.stderr)
        shown.setFormatter(_Discreet("%(name)s: %(message)s"))
        log.addHandler(shown)
        log.setLevel(level)
    if asked in {*_LEVELS, _OFF}:
        return ""
    way_on = f"Set it to {', '.join(_LEVELS)} or {_OFF}."
    return f'{VARIABLE} is "{typed}", which is no level. The log is kept as with info. {way_on}'


class _Discreet(logging.Formatter):
    """Writes an exception's places and kind, not its message."""

    def formatException(self, ei: Any) -> str:  # noqa: N802, ANN401 - the library's name and type
        _, error, place = ei
        return "".join(traceback.format_tb(place)) + (kind_of(error) if error else "")


class _LateFile(logging.Handler):
    """Opens the file with its first record: most commands log nothing, and make no file."""

    def __init__(self, folder: Callable[[], Path]) -> None:
        super().__init__()
        self._folder, self._refused = folder, False
        self._file: RotatingFileHandler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self._file is None and not self._refused:
            self._open()
        if self._file is not None:
            self._file.handle(record)

    def _open(self) -> None:
        from logging.handlers import RotatingFileHandler  # noqa: PLC0415 - 8 ms that most commands need not pay

        try:
            path = self._folder() / FILE_NAME
            self._file = RotatingFileHandler(path, maxBytes=_LARGEST, backupCount=1, encoding="utf-8")
        except Exception:  # noqa: BLE001 - whatever the folder says, the command goes on without a log
            self._refused = True
            return
        self._file.namer = lambda _name: str(path.with_suffix(".1.log"))
        self._file.setFormatter(_Discreet(_FORMAT))
