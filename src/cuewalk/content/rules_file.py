"""The rules file and the person's own numbers over it: only those they write change."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError, create_model

from cuewalk.content.limits import beyond_limits
from cuewalk.content.reader import Entry, Reader
from cuewalk.content.source import Source
from cuewalk.domain.errors import ContentFault
from cuewalk.domain.frozen import Frozen
from cuewalk.domain.rules import NUMBERS, Number, Rules
from cuewalk.files.looking import there
from cuewalk.files.toml_lines import locate

FILE_NAME: Final = "rules.toml"
CHANGED_BASIS: Final = "changed by you"


class OwnNumber(Frozen):
    """A number as the person wants it; the reason may be left out."""

    value: float = Field(ge=0)
    basis: str = Field(default=CHANGED_BASIS, min_length=3)


_fields: dict[str, Any] = dict.fromkeys(NUMBERS, (OwnNumber | None, None))
#: A person's rules file: every number may be there, none must.
OwnRules: Final = create_model("OwnRules", __base__=Frozen, version=(str | None, None), **_fields)


@dataclass(frozen=True, slots=True)
class RuleTable:
    """The rules to decide by, and the standard numbers that the person replaced, by name."""

    rules: Rules
    replaced: Mapping[str, Number] = field(default_factory=dict)


def read_rules(reader: Reader, standard: Path, own: Sequence[Path] = ()) -> RuleTable | None:
    """Return the rules of ``standard`` with the person's numbers over them.

    Of two files in ``own`` the later one counts; those that do not exist are left out. Every fault goes to
    ``reader``; of a person's file with faults the numbers that are right count all the same.
    """
    entry = reader.entry(standard, Rules)
    if entry is None or entry.value is None:
        return None
    numbers = _own_numbers(reader, own)
    # A wrong number leaves the standard one in its place, so that the limits of all others are checked too.
    while True:
        faults = _beyond(entry, numbers)
        reader.faults.extend(faults)
        right = {name: own for name, own in numbers.items() if not _is_blamed(name, own[1], faults)}
        if right == numbers:
            return _merged(entry.value, {name: number for name, (number, _) in numbers.items()})
        numbers = right


def _own_numbers(reader: Reader, own: Sequence[Path]) -> dict[str, tuple[Number, Source]]:
    numbers: dict[str, tuple[Number, Source]] = {}
    for path in own:
        if there(path) and (entry := reader.entry(path, OwnRules)) is not None:
            numbers |= {name: (number, entry.source) for name, number in _numbers(entry.source)}
    return numbers


def _beyond(entry: Entry[Rules], own: Mapping[str, tuple[Number, Source]]) -> list[ContentFault]:
    assert entry.value is not None  # noqa: S101 - for the type checker; looked at before
    table = _merged(entry.value, {name: number for name, (number, _) in own.items()})
    sources = {name: source for name, (_, source) in own.items()}
    return list(beyond_limits(table.rules, entry.source, sources))


def _is_blamed(name: str, source: Source, faults: Sequence[ContentFault]) -> bool:
    line = locate(source.text, (name, "value"))
    return any(fault.file == source.label and fault.line == line for fault in faults)


def _numbers(source: Source) -> Iterator[tuple[str, Number]]:
    """Yield the numbers of a person's file that are right, each taken by itself."""
    for name in NUMBERS:
        try:
            own = OwnNumber.model_validate_json(json.dumps(source.data[name], default=str), strict=True)
        except (KeyError, ValidationError):
            continue
        # -0.0 becomes 0.0, so that no screen shows "-0".
        yield name, Number(value=own.value + 0.0, basis=own.basis)


def _merged(standard: Rules, own: Mapping[str, Number]) -> RuleTable:
    """Return the table; a number written as it is already changes nothing."""
    changed = {name: number for name, number in own.items() if number.value != getattr(standard, name).value}
    if not changed:
        return RuleTable(standard)
    version = f"{standard.version}+own-{_fingerprint(changed)}"
    rules = standard.model_copy(update={**changed, "version": version})
    return RuleTable(rules, {name: getattr(standard, name) for name in changed})


def _fingerprint(changed: Mapping[str, Number]) -> str:
    """Return 8 hex digits that stand for the changed values, whatever their reasons."""
    values = json.dumps({name: changed[name].value for name in sorted(changed)})
    return hashlib.sha256(values.encode()).hexdigest()[:8]
