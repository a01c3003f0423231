"""Units as types, so that a millisecond is never added to a sample count."""

from typing import Annotated, Final, NewType

from pydantic import Field, TypeAdapter, ValidationError

Millis = NewType("Millis", int)
SampleRate = NewType("SampleRate", int)

#: The one rate at which cuewalk hears and plays; devices of other rates are resampled at the edge.
SESSION_RATE: Final = SampleRate(16_000)
#: Milliseconds of one frame, the loop's step.
FRAME_MS: Final = Millis(20)
#: Samples in one frame: 320.
FRAME_SAMPLES: Final = SESSION_RATE * FRAME_MS // 1000

#: A 0-10 numeric rating in steps of one half ("four and a half").
Rating = Annotated[float, Field(ge=0, le=10, multiple_of=0.5)]

_RATING: Final[TypeAdapter[float]] = TypeAdapter(Rating)


def as_rating(value: float) -> Rating:
    """Return ``value`` as a rating.

    Raises:
        ValueError: if it is not between 0 and 10 in steps of one half.
    """
    try:
        return _RATING.validate_python(value) + 0.0  # -0.0 is 0
    except ValidationError as error:
        raise ValueError(f"{value:g} is not a rating: say a number from 0 to 10, halves allowed.") from error


def millis_of(samples: int, rate: SampleRate = SESSION_RATE) -> Millis:
    """Return how long ``samples`` last at ``rate``, rounded down to a millisecond."""
    return Millis(samples * 1000 // rate)


def samples_of(duration: Millis, rate: SampleRate = SESSION_RATE) -> int:
    """Return how many samples ``duration`` takes at ``rate``, rounded down."""
    return duration * rate // 1000


def counted(number: int, one: str, many: str = "") -> str:
    """Return "1 session", "2 sessions"; ``many`` where adding an s does not do."""
    return f"{number} {one if number == 1 else many or one + 's'}"
