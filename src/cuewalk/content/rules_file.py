"""The rules file and the person's own numbers over it: only those they write change."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import Field, create_model

from cuewalk.content.files import Entry, Reader
from cuewalk.content.limits import beyond_limits
from cuewalk.domain.frozen import Frozen
from cuewalk.domain.rules import NUMBERS, Number, Rules

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

    Of two files in ``own`` the later one counts; those that do not exist are left out.
    Faults go to ``reader``; then there are no rules.
    """
    entry = reader.entry(standard, Rules)
    read = [reader.entry(path, OwnRules) for path in own if path.exists()]
    if entry is None or entry.value is None or any(each is None or each.value is None for each in read):
        return None
    entries = [each for each in read if each is not None]
    sources = {name: each.source for each in entries for name, _ in _numbers(each)}
    table = _merged(entry.value, {name: own for each in entries for name, own in _numbers(each)})
    reader.faults.extend(beyond_limits(table.rules, entry.source, sources))
    return table


def _numbers(entry: Entry[Any]) -> Iterator[tuple[str, Number]]:
    for name in NUMBERS:
        own = getattr(entry.value, name)
        if own is not None:
            yield name, Number(value=own.value, basis=own.basis)


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
