"""The rules file and the person's own numbers over it: only those they write change, within bounds.

A person may change a number, but not so that a session could not work.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import Field, ValidationError, create_model

from cuewalk.content.reader import Reader
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


class Limit(NamedTuple):
    """From ``low`` to ``high``, whole numbers only if ``whole``."""

    low: float
    high: float
    whole: bool = True

    @property
    def remedy(self) -> str:
        """The sentence that says what is allowed."""
        kind = "a whole number" if self.whole else "a number"
        return f"Write {kind} from {self.low:g} to {self.high:g}."

    def holds(self, value: float) -> bool:
        """Return whether ``value`` lies within."""
        return self.low <= value <= self.high and not (self.whole and value % 1)


_POINTS: Final = Limit(0, 10, whole=False)
_SOME_POINTS: Final = Limit(0.5, 10, whole=False)
_DAYS: Final = Limit(1, 3650)
#: A spread of nothing would make one rating certain.
_SPREAD: Final = Limit(0.1, 5, whole=False)
#: Ratings are 0-10; the rest are design: ten minutes of settling, a minute of patience, a pace to follow.
LIMITS: Final = {
    "clear_improvement": _SOME_POINTS,
    "small_improvement": _SOME_POINTS,
    "floor": _POINTS,
    "zone_green_max": _POINTS,
    "zone_amber_max": _POINTS,
    "stop_above": _POINTS,
    "stop_rise": _SOME_POINTS,
    "retries": Limit(0, 3),
    "retry_pace": Limit(0.4, 1, whole=False),
    "settle_ms": Limit(0, 600_000),
    "carry_over_within": _POINTS,
    "confirm_from": _POINTS,
    "confirm_change": _SOME_POINTS,
    "patience_ms": Limit(2_000, 60_000),
    "misses_before_pause": Limit(1, 10),
    "confirmed_sessions": Limit(1, 20),
    "confirmed_window": Limit(1, 20),
    "retest_days": _DAYS,
    "clip_days": Limit(0, 3650),
    "screening_days": _DAYS,
    "overuse_rest_days": Limit(1, 60),
    "checkin_repeat_rise": _SOME_POINTS,
    "checkin_flare_rise": _SOME_POINTS,
    "checkin_hours": Limit(1, 168),
    "measurement_sd": _SPREAD,
    "session_sd": Limit(0, 5, whole=False),
    "prior_drop": Limit(0, 5, whole=False),
    "prior_sd": _SPREAD,
    # 0 is the plain count of sessions; 1 would confirm nothing.
    "confirm_probability": Limit(0, 0.999, whole=False),
}
#: The first number must not be above the second.
_ORDER: Final = (
    ("small_improvement", "clear_improvement"),
    ("zone_green_max", "zone_amber_max"),
    ("confirmed_sessions", "confirmed_window"),
    ("checkin_repeat_rise", "checkin_flare_rise"),
)


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
        table = _merged(entry.value, {name: number for name, (number, _) in numbers.items()})
        files = {name: source for name, (_, source) in numbers.items()}
        faults = list(_beyond_limits(table.rules, entry.source, files))
        reader.faults.extend(faults)
        right = {name: own for name, own in numbers.items() if not _is_blamed(name, own[1], faults)}
        if right == numbers:
            return table
        numbers = right


def _own_numbers(reader: Reader, own: Sequence[Path]) -> dict[str, tuple[Number, Source]]:
    written = [reader.entry(path, OwnRules) for path in own if there(path)]
    sources = [entry.source for entry in written if entry is not None]
    return {name: (number, source) for source in sources for name, number in _numbers(source)}


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
    # 8 hex digits that stand for the changed values, whatever their reasons.
    values = json.dumps({name: changed[name].value for name in sorted(changed)})
    version = f"{standard.version}+own-{hashlib.sha256(values.encode()).hexdigest()[:8]}"
    rules = standard.model_copy(update={**changed, "version": version})
    return RuleTable(rules, {name: getattr(standard, name) for name in changed})


def _beyond_limits(rules: Rules, standard: Source, own: Mapping[str, Source]) -> Iterator[ContentFault]:
    """Yield a fault for every number out of its bounds or out of order.

    ``own`` has the files of the numbers that the person wrote; all others are of the ``standard`` file.
    """
    values = {name: number.value for name, number in rules.numbers()}
    if not all(isfinite(value) for value in values.values()):
        return  # the reader has noted it
    for name, value in values.items():
        if not LIMITS[name].holds(value):
            source = own.get(name, standard)
            yield source.fault((name, "value"), f'"{name}" cannot be {value:g}.', LIMITS[name].remedy)
    for less, more in _ORDER:
        if values[less] > values[more]:
            yield _out_of_order(less, more, values, standard, own)


def _out_of_order(
    less: str, more: str, values: Mapping[str, float], standard: Source, own: Mapping[str, Source]
) -> ContentFault:
    problem = f'"{less}" ({values[less]:g}) is above "{more}" ({values[more]:g}).'
    if more in own and less not in own:
        remedy = f"Write a number of at least {values[less]:g}."
        return own[more].fault((more, "value"), problem, remedy)
    remedy = f"Write a number of at most {values[more]:g}."
    return own.get(less, standard).fault((less, "value"), problem, remedy)
