"""The files of a content folder, each read once; mistakes are collected, not raised."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from cuewalk.content.explain import Allowed, explain
from cuewalk.content.source import Source, UnreadableError, label, read, unsafe_values
from cuewalk.domain.errors import ContentError, ContentFault
from cuewalk.files.faults import reason
from cuewalk.files.looking import is_file, there

Model = TypeVar("Model", bound=BaseModel)
#: What editors on other systems make of "name.toml".
_MISNAMED: Final = (".toml.txt", ".toml.text")


@dataclass(frozen=True, slots=True)
class ContentFile(Generic[Model]):
    """One movement or programme file; ``value`` is None when its fields are wrong."""

    source: Source
    value: Model | None

    @property
    def stem(self) -> str:
        """The file's name without ``.toml``."""
        return self.source.path.stem


class Reader:
    """Reads files and collects their faults, so that a person sees all of them at once.

    Args:
        without: files and folders to pass over, because they are known to be broken.
    """

    def __init__(self, without: Iterable[Path] = ()) -> None:
        self._without = frozenset(path.absolute() for path in without)
        self.faults: list[ContentFault] = []
        #: Every TOML file seen, readable or not.
        self.seen: list[Path] = []

    def hand_over(self, labels: Sequence[str], on_fault: Callable[[ContentFault], None]) -> None:
        """Call ``on_fault`` with the faults of some files, given by their labels, and drop those faults."""
        for fault in in_order(fault for fault in self.faults if fault.file in labels):
            on_fault(fault)
        self.faults = [fault for fault in self.faults if fault.file not in labels]

    def has(self, path: Path) -> bool:
        """Return whether a file is there and is not to be passed over."""
        return not self._passes_over(path) and there(path)

    def can_list(self, folder: Path) -> bool:
        """Return whether a folder is there, can be listed, and is not to be passed over.

        What is there and cannot be listed is a fault.
        """
        if not self.has(folder):
            return False
        try:
            os.scandir(folder).close()
        except (OSError, ValueError) as error:
            if is_file(folder):
                self.add(folder, "a file lies where a folder is looked for.", "Move it away.")
            else:
                remedy = "Make it readable for yourself, or move it away."
                self.add(folder, f"the folder cannot be read: {reason(error)}.", remedy)
            return False
        return True

    def source(self, path: Path) -> Source | None:
        """Return one file as data, None if it cannot be."""
        self.seen.append(path)
        try:
            source = read(path)
        except UnreadableError as error:
            self.faults.append(error.fault)
            return None
        self.faults.extend(unsafe_values(source))
        return source

    def entry(self, path: Path, model: type[Model]) -> ContentFile[Model] | None:
        """Return one file checked against its model, None if it is not even TOML."""
        source = self.source(path)
        return ContentFile(source, self._checked(source, model)) if source else None

    def entries(self, folder: Path, model: type[Model]) -> list[ContentFile[Model]]:
        """Return every TOML file of a folder, in the order of their names."""
        found = (self.entry(path, model) for path in self.toml_files(folder))
        return [entry for entry in found if entry]

    def toml_files(self, folder: Path) -> Iterator[Path]:
        """Yield the TOML files of a folder; a name that only looks like one is a fault."""
        for path in sorted(folder.iterdir()) if self.can_list(folder) else ():
            if path.name.startswith(".") or self._passes_over(path):
                continue
            if path.suffix == ".toml":
                yield path
            elif path.suffix.lower() == ".toml" or path.name.lower().endswith(_MISNAMED):
                remedy = "Rename it so that it ends in .toml."
                self.add(path, "the file's name does not end in .toml, so it would not be read.", remedy)

    def add(self, path: Path, problem: str, remedy: str) -> None:
        """Note a fault of a whole file or folder."""
        self.faults.append(ContentFault(label(path), None, problem, remedy))

    def finish(self) -> None:
        """Raise `ContentError` if there was any fault."""
        if self.faults:
            raise ContentError(in_order(self.faults))

    def _passes_over(self, path: Path) -> bool:
        place = path.absolute()
        return any(each in self._without for each in (place, *place.parents))

    def _checked(self, source: Source, model: type[Model]) -> Model | None:
        """Validate strictly, as JSON: "5" in quotes is no number, yet lists may become tuples."""
        known = {fault.line for fault in self.faults if fault.file == source.label}
        try:
            return model.model_validate_json(json.dumps(source.data, default=str), strict=True)
        except ValidationError as error:
            faults = explain(error.errors(include_url=False), Allowed(model), source)
        self.faults.extend(fault for fault in faults if fault.line not in known)
        return None


def in_order(faults: Iterable[ContentFault]) -> list[ContentFault]:
    """Return the faults by file and line, each once."""
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line or 0))
