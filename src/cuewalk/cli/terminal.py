"""The standard streams, for any terminal, pipe or file.

What an encoding lacks is spelt in other letters. Failed writes to standard output raise `OutputLostError`;
failed writes to standard error are ignored, for there is no other place for a message.
"""

import codecs
import io
import logging
import os
import sys
from typing import Final, TextIO

from cuewalk.domain.errors import OutputLostError
from cuewalk.logs import ignoring
from cuewalk.terminal.printing import spelt

_log = logging.getLogger(__package__)

_HANDLER: Final = "cuewalk-spelt"


class _Output(io.TextIOWrapper):
    """Standard output, whose failures raise `OutputLostError`, apart from those of other files."""

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except OSError as error:
            raise OutputLostError(error) from error

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            raise OutputLostError(error) from error


class _Notices(io.TextIOWrapper):
    """Standard error; a notice that nobody can read changes nothing."""

    def write(self, text: str, /) -> int:
        with ignoring(_log, OSError, doing="preparing the terminal"):
            return super().write(text)
        return len(text)

    def flush(self) -> None:
        with ignoring(_log, OSError, doing="preparing the terminal"):
            super().flush()


def prepare() -> None:
    """Set the standard streams up; to be called once, before anything is opened."""
    _keep_numbers()
    codecs.register_error(_HANDLER, _spelt)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - lives as long as the process
    sys.stdout = _wrapped(sys.stdout, 1, _Output)
    sys.stderr = _wrapped(sys.stderr, 2, _Notices)


def let_go() -> None:
    """Flush the standard streams; where that fails, the interpreter ends without a message of its own.

    Raises:
        OutputLostError: if a part of the output is lost.
    """
    try:
        sys.stdout.flush()
    except OutputLostError:
        drop()
        raise
    finally:
        sys.stderr.flush()


def drop() -> None:
    """Discard what is still buffered for standard output."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _spelt(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return spelt(error.object[error.start : error.end]), error.end


def _wrapped(stream: TextIO | None, number: int, kind: type[io.TextIOWrapper]) -> TextIO:
    """Return the stream wrapped as ``kind``; one that tests put there is left alone."""
    if stream is None:  # it was closed
        buffer: io.BufferedWriter = open(number, "wb", closefd=False)  # noqa: SIM115 - lives as long as the process
        return kind(buffer, encoding="utf-8", errors=_HANDLER)
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    encoding, lines = stream.encoding, stream.line_buffering
    return kind(stream.detach(), encoding=encoding, errors=_HANDLER, line_buffering=lines)


def _keep_numbers() -> None:
    """Occupy the descriptors of closed standard streams, so that no file of ours gets one of them.

    Standard output is opened for reading: writing to it fails as it would on a closed one.
    """
    for number, mode in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)
