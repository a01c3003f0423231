"""What recognisers and screens need of the model store."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol

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


class ModelStore(Protocol):
    """Finds, fetches and checks the models named in the manifest. Only ``fetch`` asks the network."""

    @property
    def default(self) -> str:
        """The name of the model that ``fetch`` is for when nobody says which."""
        ...

    def list(self) -> tuple[ModelStatus, ...]:
        """Return every model of the manifest, the preferred one of a locale first. Nothing is hashed."""
        ...

    def find(self, kind: ModelKind, locale: str) -> Path | None:
        """Return the folder of the preferred installed model, or None. Fast: file sizes only, no hashing."""
        ...

    def fetch(self, name: str, *, progress: ProgressSink | None = None, timeout: float = 30.0) -> Path:
        """Return the model's folder, after downloading, checking and unpacking it where it is missing.

        Args:
            name: a model of the manifest.
            progress: told how far it is.
            timeout: seconds without an answer or a byte after which the fetch is given up.

        Raises:
            ModelError: it cannot be had; nothing is half-installed, and the next fetch goes on from there.
        """
        ...

    def verify(self, name: str) -> ModelStatus:
        """Hash every file of an installed model. A damaged one is not found again until it is fetched anew.

        Raises:
            ModelError: the manifest has no such model.
        """
        ...
