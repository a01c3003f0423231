"""Where models are looked for on this machine."""

import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from cuewalk.files.looking import is_file, real, there
from cuewalk.models.manifest import (
    CacheSource,
    EnvironmentSource,
    ModelEntry,
    ModelsFolderSource,
    PackageSource,
    PathSource,
    Source,
)


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
            yield from _package(source)
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
        if base is None:
            continue
        for path in (base, base / f"{entry.name}.zip"):
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


def package_sums(distribution: str) -> dict[Path, str]:
    """Return the files of a distribution with the sums of its RECORD (urlsafe base64, no padding)."""
    files = metadata.distribution(distribution).files or []
    hashed = [(file, file.hash.value) for file in files if file.hash and file.hash.mode == "sha256"]
    return {real(Path(str(file.locate()))): value for file, value in hashed}


def _base(source: Source, roots: Roots) -> tuple[Path | None, str]:
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


def _package(source: PackageSource) -> Iterator[Candidate]:
    spec = importlib.util.find_spec(source.module)
    for location in (spec.submodule_search_locations or ()) if spec else ():
        yield Candidate(Path(location) / source.folder, "Python package", package=source.distribution)
