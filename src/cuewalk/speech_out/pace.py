"""How many words a minute a rate means to espeak-ng, in the worker and by its command alike."""

from typing import Final

#: Words a minute at rate 1.0: a calm coach (ordinary conversation is about 150 to 160).
NORMAL_WPM: Final = 150
#: espeak-ng's own limits (``espeakRATE_MINIMUM``, ``espeakRATE_MAXIMUM`` in speak_lib.h).
SLOWEST_WPM: Final = 80
FASTEST_WPM: Final = 450


def words_per_minute(rate: float) -> int:
    """Return ``rate`` in espeak-ng's unit; below 0.53 it can go no slower."""
    return min(max(round(NORMAL_WPM * rate), SLOWEST_WPM), FASTEST_WPM)
