"""What the model store returns: states of models, and the progress of a fetch."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

#: Which recogniser a model is for.
ModelKind = Literal["vosk"]


class ModelState(StrEnum):
    """Whether a model can be used."""

    INSTALLED = "installed"
    MISSING = "missing"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """One model of the manifest and where it stands.

    ``size`` is the download in bytes, None where cuewalk does not download it. ``path`` is the model's
    folder, ``place`` the kind of place in words; both are empty when it is missing. ``note`` says what is
    wrong, or what could not be checked.
    """

    name: str
    kind: ModelKind
    locale: str
    licence: str
    summary: str
    size: int | None
    state: ModelState
    path: Path | None = None
    place: str = ""
    note: str = ""


class Stage(StrEnum):
    """What a fetch is doing."""

    DOWNLOAD = "downloading"
    CHECK = "checking"
    UNPACK = "unpacking"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one stage of a fetch is, in bytes."""

    name: str
    stage: Stage
    done: int
    total: int


#: Called some hundred times during a fetch. What it raises ends the fetch; what has arrived is kept.
ProgressSink = Callable[[Progress], None]
