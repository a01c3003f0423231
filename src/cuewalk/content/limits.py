"""Bounds of the rule numbers: a person may change them, but not so that a session could not work."""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Final, NamedTuple

from cuewalk.content.source import Source
from cuewalk.domain.errors import ContentFault
from cuewalk.domain.rules import Rules


class Limit(NamedTuple):
    """From ``low`` to ``high``, whole numbers only if ``whole``."""

    low: float
    high: float
    whole: bool = True

    @property
    def words(self) -> str:
        """The sentence that says what is allowed."""
        kind = "a whole number" if self.whole else "a number"
        return f"Write {kind} from {self.low:g} to {self.high:g}."

    def holds(self, value: float) -> bool:
        """Return whether ``value`` lies within."""
        return self.low <= value <= self.high and (not self.whole or value == int(value))


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


def beyond_limits(rules: Rules, standard: Source, own: Mapping[str, Source]) -> Iterator[ContentFault]:
    """Yield a fault for every number out of its bounds or out of order.

    ``own`` has the files of the numbers that the person wrote; all others are of the ``standard`` file.
    """
    values = {name: number.value for name, number in rules.numbers()}
    if not all(isfinite(value) for value in values.values()):
        return  # the reader has noted it
    for name, value in values.items():
        if not LIMITS[name].holds(value):
            source = own.get(name, standard)
            yield source.fault((name, "value"), f'"{name}" cannot be {value:g}.', LIMITS[name].words)
    for low, high in _ORDER:
        if values[low] > values[high]:
            yield _out_of_order(low, high, values, standard, own)


def _out_of_order(
    low: str, high: str, values: Mapping[str, float], standard: Source, own: Mapping[str, Source]
) -> ContentFault:
    problem = f'"{low}" ({values[low]:g}) is above "{high}" ({values[high]:g}).'
    if high in own and low not in own:
        remedy = f"Write a number of at least {values[low]:g}."
        return own[high].fault((high, "value"), problem, remedy)
    remedy = f"Write a number of at most {values[high]:g}."
    return own.get(low, standard).fault((low, "value"), problem, remedy)
