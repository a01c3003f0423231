"""The words below a picture: name, side, range, and the seconds of each phase."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from cuewalk.domain.content import Movement, Sides
from cuewalk.domain.intents import Side
from cuewalk.pictures.motion import Tempo
from cuewalk.pictures.poses import Picture

#: How many ranges a picture has when no movement text says it.
USUAL_RANGES: Final = 4

_LANGUAGES: Final = ("en", "ko")
#: The picture's few own words in these languages; any other language gets the English ones.
_WORDS: Final = {
    "left": ("left side", "왼쪽"),
    "right": ("right side", "오른쪽"),
    "both": ("both sides", "양쪽"),
    "range": ("range", "범위"),
    "in": ("in", "가기"),
    "stay": ("stay", "멈춤"),
    "back": ("back", "돌아오기"),
    "around": ("around", "돌리기"),
    "step": ("step", "걸음"),
    "breathe-in": ("breathe in", "들숨"),
    "breathe-out": ("breathe out", "날숨"),
}


@dataclass(frozen=True, slots=True)
class Caption:
    """Lines to read, and the range as a row of dots: ``level`` (from 0) of ``levels``."""

    name: str
    side: str
    reach: str
    tempo: str
    level: int
    levels: int
    language: str

    @property
    def sentence(self) -> str:
        """Everything in one line, for people who do not see the picture."""
        return f"{self.name}: {self.side}, {self.reach}, {self.tempo}."


def caption_of(
    picture: Picture,
    movement: Movement | None,
    tempo: Tempo,
    side: Side,
    level: int,
    *,
    locale: str = "en-US",
) -> Caption:
    """Return the words; without a movement's text its id is the name."""
    language = locale.partition("-")[0]
    language = language if language in _LANGUAGES else "en"
    words = {name: said[_LANGUAGES.index(language)] for name, said in _WORDS.items()}
    levels = levels_of(movement)
    own = f" ({movement.ranges[level].name})" if movement else ""
    return Caption(
        name=movement.name if movement else picture.id.replace("-", " ").capitalize(),
        side=words["both" if both_sided(picture, movement) else side.value],
        reach=f"{words['range']} {level + 1}/{levels}{own}",
        tempo=_tempo_words(picture, movement, tempo, words),
        level=level,
        levels=levels,
        language=language,
    )


def both_sided(picture: Picture, movement: Movement | None) -> bool:
    """Return whether there is no left and right to choose."""
    return picture.works == "both" or (movement is not None and movement.sides is Sides.BOTH)


def levels_of(movement: Movement | None) -> int:
    """Return how many ranges there are."""
    return len(movement.ranges) if movement else USUAL_RANGES


def _tempo_words(picture: Picture, movement: Movement | None, tempo: Tempo, words: Mapping[str, str]) -> str:
    """Return "in 2.5 s · stay 1.5 s · back 2.5 s"; the same phase again and again is said once.

    Of a hold, whose picture is shorter than the hold, only the true time is said.
    """
    if movement and movement.dose.hold_seconds:
        return f"{words['stay']} {movement.dose.hold_seconds:g} s"
    said = [
        f"{words[phase.kind]} {round(seconds, 1):g} s"
        for phase, seconds in zip(picture.phases, tempo.seconds, strict=True)
    ]
    runs = [(text, len(list(same))) for text, same in groupby(said)]
    return " · ".join(text if count == 1 else f"{text} × {count}" for text, count in runs)  # noqa: RUF001
