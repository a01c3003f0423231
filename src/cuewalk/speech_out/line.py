"""One line of text before it reaches an engine: what is said, how fast, and how long that should take."""

import math
import unicodedata
from typing import Final

#: The range of `Voice.render`'s rate; anything outside is taken as its nearest end.
SLOWEST: Final = 0.5
FASTEST: Final = 2.0

#: Design: a calm coach speaks about 150 words a minute, 65 ms for each character of English.
SECONDS_PER_CHARACTER: Final = 0.065
#: No engine says a letter of a word in less. Measured: espeak-ng 45 ms and more at rate 1.
_LEAST_PER_CHARACTER: Final = 0.025
#: Design: "7" is one character and "seventy" takes half a second; an emoji is read out as its whole name, for
#: which the seconds below are extra.
_MOST_PER_CHARACTER: Final = 0.6
_MOST_EXTRA: Final = 3.0

#: espeak-ng's words a minute at rate 1.0: a calm coach (conversation is about 150 to 160).
_NORMAL_WPM: Final = 150
#: espeak-ng's own limits (``espeakRATE_MINIMUM``, ``espeakRATE_MAXIMUM`` in speak_lib.h).
_SLOWEST_WPM: Final = 80
_FASTEST_WPM: Final = 450


def speakable(text: str) -> str:
    """Return ``text`` as one line: control characters and runs of white space become one space."""
    if text.isprintable():
        return " ".join(text.split())
    printable = "".join(" " if unicodedata.category(letter) in {"Cc", "Cs"} else letter for letter in text)
    return " ".join(printable.split())


def has_words(line: str) -> bool:
    """Return whether the line holds a letter or a digit; of a line without one, silence is a fair reading."""
    return any(letter.isalnum() for letter in line)


def clamp_rate(rate: float) -> float:
    """Return ``rate`` within `SLOWEST`-`FASTEST`.

    Raises:
        ValueError: if it is not a number.
    """
    if math.isnan(rate):
        raise ValueError("a rate must be a number")
    return min(max(rate, SLOWEST), FASTEST)


def words_per_minute(rate: float) -> int:
    """Return ``rate`` in espeak-ng's unit; below 0.53 it can go no slower."""
    return min(max(round(_NORMAL_WPM * rate), _SLOWEST_WPM), _FASTEST_WPM)


def is_plausible(line: str, rate: float, seconds: float) -> bool:
    """Return whether speech of this length can be this line: neither cut off nor another line's audio."""
    spoken = sum(letter.isalnum() for letter in line)
    least = spoken * _LEAST_PER_CHARACTER / rate
    most = (len(line) * _MOST_PER_CHARACTER + _MOST_EXTRA) / rate
    return least <= seconds <= most
