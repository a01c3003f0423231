"""The numbers by which cuewalk decides; every one is read from the rules file and carries its source."""

from collections.abc import Iterator
from typing import Final

from pydantic import Field

from cuewalk.domain.frozen import Frozen
from cuewalk.domain.units import Millis


class Number(Frozen):
    """One number of the rules file with its reason."""

    value: float = Field(ge=0)
    basis: str = Field(min_length=3)


class Rules(Frozen):
    """The rule table of the product (see ``scripts_audio/rules.toml`` for every source)."""

    version: str
    clear_improvement: Number
    small_improvement: Number
    floor: Number
    zone_green_max: Number
    zone_amber_max: Number
    stop_above: Number
    stop_rise: Number
    retries: Number
    retry_pace: Number
    settle_ms: Number
    carry_over_within: Number
    confirm_from: Number
    confirm_change: Number
    patience_ms: Number
    misses_before_pause: Number
    confirmed_sessions: Number
    confirmed_window: Number
    retest_days: Number
    clip_days: Number
    screening_days: Number
    # Journals and rules files older than this number, and than those of the evidence, can be read on.
    overuse_rest_days: Number = Number(value=3, basis="see scripts_audio/rules.toml")
    measurement_sd: Number = Number(value=0.7, basis="see scripts_audio/rules.toml")
    session_sd: Number = Number(value=0.5, basis="see scripts_audio/rules.toml")
    prior_drop: Number = Number(value=0.3, basis="see scripts_audio/rules.toml")
    prior_sd: Number = Number(value=1, basis="see scripts_audio/rules.toml")
    confirm_probability: Number = Number(value=0.65, basis="see scripts_audio/rules.toml")
    # So have those of the next morning and of the rest after overuse.
    checkin_repeat_rise: Number = Number(value=1, basis="see scripts_audio/rules.toml")
    checkin_flare_rise: Number = Number(value=2, basis="see scripts_audio/rules.toml")
    checkin_hours: Number = Number(value=24, basis="see scripts_audio/rules.toml")

    @property
    def patience(self) -> Millis:
        """How long a question waits after its prompt has ended."""
        return Millis(int(self.patience_ms.value))

    def numbers(self) -> Iterator[tuple[str, Number]]:
        """Yield every (name, number) of the table."""
        for name in NUMBERS:
            yield name, self.number(name)

    def number(self, name: str) -> Number:
        """Return one number by its name in the rules file."""
        number: Number = getattr(self, name)
        return number


#: The names of all numbers, in the order of the rules file.
NUMBERS: Final = tuple(name for name in Rules.model_fields if name != "version")
