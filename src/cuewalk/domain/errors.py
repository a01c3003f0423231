"""Errors are sentences for the person: what happened, what it means for the session, what to do.

`CuewalkError` and its children are the outside's fault (a device, a model, a file).
`BugError` is ours: an event or a value that correct code never produces.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class CuewalkError(Exception):
    """Something outside went wrong; the message tells the person what to do about it."""

    #: The exit code of a command that could not do its job for this reason.
    exit_code = 1

    def __init__(self, what: str, *, meaning: str = "", remedy: str = "") -> None:
        self.what, self.meaning, self.remedy = what, meaning, remedy
        super().__init__(" ".join(part for part in (what, meaning, remedy) if part))


class DeviceError(CuewalkError):
    """A microphone or speaker is missing, busy, or stopped."""

    exit_code = 3


class VoiceError(CuewalkError):
    """No voice engine can turn a cue into sound."""

    exit_code = 4


class ModelError(CuewalkError):
    """A recognition model is missing, damaged, or cannot be fetched."""

    exit_code = 5


class JournalError(CuewalkError):
    """The journal cannot be read or written (full disk, read-only folder, damaged file)."""

    exit_code = 6


class RecogniserError(CuewalkError):
    """A recogniser cannot start or its grammar cannot be used."""

    exit_code = 7


@dataclass(frozen=True, slots=True)
class ContentFault:
    """One mistake in one content file."""

    file: str
    line: int | None
    problem: str
    remedy: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{place}: {self.problem} {self.remedy}"


class ContentError(CuewalkError):
    """A programme, movement, phrase or rules file is broken; nothing of it was loaded."""

    exit_code = 8

    def __init__(self, faults: Sequence[ContentFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults), meaning="Nothing was loaded.")


class OutputLostError(Exception):
    """A part of what was printed did not arrive: a full disk, a closed pipe, a terminal that is gone.

    It is no `CuewalkError`: whoever goes on without what failed must not go on without being read.
    """

    def __init__(self, cause: OSError) -> None:
        self.cause = cause
        super().__init__("What was to be printed could not be written.")


class BugError(Exception):
    """Our own mistake: please report it."""
