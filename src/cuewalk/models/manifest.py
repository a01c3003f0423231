"""The manifest: which models there are, what their archives must be, and where they are on this machine."""

import importlib.util
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, PositiveInt, ValidationError, field_validator, model_validator

from cuewalk.domain.errors import ContentFault, ModelError
from cuewalk.domain.frozen import Frozen
from cuewalk.files.looking import is_file, there
from cuewalk.files.toml_lines import locate

#: The recogniser that a model is for.
ModelKind = Literal["vosk"]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class PathSource(Frozen):
    """A folder of this machine, ``~`` allowed."""

    kind: Literal["path"]
    path: str = Field(min_length=1)


class EnvironmentSource(Frozen):
    """A folder named by an environment variable."""

    kind: Literal["environment"]
    variable: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")


class ModelsFolderSource(Frozen):
    """The ``models`` folder beside the manifest."""

    kind: Literal["models-folder"]


class CacheSource(Frozen):
    """The person's cache, where fetched models are installed."""

    kind: Literal["cache"]


class PackageSource(Frozen):
    """An installed Python package that carries the model in one of its folders."""

    kind: Literal["package"]
    distribution: FileName
    module: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    folder: str = Field(min_length=1)


class AddressSource(Frozen):
    """The official address. Plain http only to this machine, which the tests use."""

    kind: Literal["address"]
    url: str = Field(pattern=r"^(https://|http://127\.0\.0\.1[:/]).+")


ModelSource = Annotated[
    PathSource | EnvironmentSource | ModelsFolderSource | CacheSource | PackageSource | AddressSource,
    Field(discriminator="kind"),
]


class Archive(Frozen):
    """What the download must be: bytes, sum, its one top folder, and the most bytes it may unpack to."""

    size: PositiveInt
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    format: Literal["zip"]
    top: FileName
    unpacked_max: PositiveInt


class ModelEntry(Frozen):
    """One model."""

    name: FileName
    kind: ModelKind
    locale: str = Field(pattern=r"^[a-z]{2,3}-[A-Z]{2}$")
    licence: str = Field(min_length=2)
    summary: str = Field(min_length=3)
    default: bool = False
    requires: tuple[str, ...] = Field(min_length=1)
    sources: tuple[ModelSource, ...] = Field(min_length=1)
    archive: Archive | None = None

    @model_validator(mode="after")
    def _address_has_archive(self) -> Self:
        if self.address is not None and self.archive is None:
            raise ValueError("a model with an address needs an [model.archive] with size and sha256")
        return self

    @property
    def address(self) -> str | None:
        """The official address, None where cuewalk does not download the model."""
        return next((source.url for source in self.sources if isinstance(source, AddressSource)), None)


class Manifest(Frozen):
    """Every model, the preferred one of a locale first."""

    model: tuple[ModelEntry, ...] = Field(min_length=1)

    @field_validator("model")
    @classmethod
    def _names_once_one_default(cls, models: tuple[ModelEntry, ...]) -> tuple[ModelEntry, ...]:
        names = [model.name for model in models]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"the name {twice[0]} is given twice")
        if sum(model.default for model in models) != 1:
            raise ValueError("exactly one model must have default = true")
        return models

    @property
    def default(self) -> ModelEntry:
        """The model that is fetched when nobody says which."""
        return next(model for model in self.model if model.default)

    def entry(self, name: str) -> ModelEntry:
        """Return the model called ``name``.

        Raises:
            ModelError: there is none.
        """
        for model in self.model:
            if model.name == name:
                return model
        known = ", ".join(model.name for model in self.model)
        raise ModelError(f"There is no model called {name}.", remedy=f"The models are: {known}.")


def load_manifest(path: Path) -> Manifest:
    """Read and check the manifest.

    Raises:
        ModelError: it is missing or broken; each mistake with its line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return Manifest.model_validate(tomllib.loads(text))
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(
            f"The list of models {path} cannot be read ({error}).", remedy="Restore it from the project."
        ) from error
    except tomllib.TOMLDecodeError as error:
        fault = ContentFault(str(path), None, f"{error}.", "Write valid TOML.")
        raise ModelError(str(fault), meaning="No model was looked for.") from error
    except ValidationError as error:
        faults = [_fault(path, text, each["loc"], each["msg"]) for each in error.errors()]
        raise ModelError("\n".join(map(str, faults)), meaning="No model was looked for.") from error


def _fault(path: Path, text: str, loc: tuple[int | str, ...], problem: str) -> ContentFault:
    field = ".".join(str(part) for part in loc) or "the file"
    line = locate(text, loc) if any(isinstance(part, int) for part in loc) else None
    return ContentFault(str(path), line, f"{field}: {problem}.", "Correct it.")


@dataclass(frozen=True, slots=True)
class Roots:
    """The places that differ between machines, people and tests. ``cache`` is None where there is none."""

    models_folder: Path
    cache: Path | None
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A folder where a model is, or would be; ``package`` names the distribution it belongs to."""

    folder: Path
    place: str
    from_cache: bool = False
    package: str | None = None


def candidates(entry: ModelEntry, roots: Roots) -> Iterator[Candidate]:
    """Yield the folders of ``entry`` in the manifest's order, existing or not."""
    for source in entry.sources:
        if isinstance(source, PackageSource):
            spec = importlib.util.find_spec(source.module)
            for location in (spec.submodule_search_locations or ()) if spec else ():
                yield Candidate(Path(location) / source.folder, "Python package", package=source.distribution)
            continue
        base, place = _base(source, roots)
        if base is None:
            continue
        if base.name == entry.name:
            yield Candidate(base, place)
        yield Candidate(base / entry.name, place, from_cache=isinstance(source, CacheSource))


def local_archives(entry: ModelEntry, roots: Roots) -> Iterator[Path]:
    """Yield the downloaded archives of ``entry`` that someone put beside where the model would be."""
    for source in entry.sources:
        base, _place = _base(source, roots)
        for path in (base, base / f"{entry.name}.zip") if base else ():
            if path.suffix == ".zip" and is_file(path):
                yield path


def dead_variable(entry: ModelEntry, environment: Mapping[str, str]) -> str:
    """Return a sentence for an environment variable that names nothing, else an empty text."""
    for source in entry.sources:
        if isinstance(source, EnvironmentSource):
            value = environment.get(source.variable)
            if value and not there(Path(value).expanduser()):
                return f"{source.variable} names {value}, which does not exist."
    return ""


def _base(source: ModelSource, roots: Roots) -> tuple[Path | None, str]:
    match source:
        case PathSource(path=path):
            return Path(path).expanduser(), "path"
        case EnvironmentSource(variable=variable):
            value = roots.environment.get(variable)
            return (Path(value).expanduser() if value else None), variable
        case ModelsFolderSource():
            return roots.models_folder, "models folder"
        case CacheSource():
            return roots.cache, "cache"
        case _:
            return None, ""
