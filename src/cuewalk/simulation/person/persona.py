"""Persona files: how each rating goes, which words are said when."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from cuewalk import places
from cuewalk.content.reader import Reader
from cuewalk.domain.errors import BugError, ContentError, ContentFault
from cuewalk.domain.frozen import Frozen
from cuewalk.domain.intents import Construct, Side
from cuewalk.domain.units import Rating
from cuewalk.files.looking import there

#: Said in place of words: a mumble, or nothing.
MUMBLE, SILENCE = "(mumble)", "(silence)"


class Rates(Frozen):
    """The number after one trial: station and attempt are counted from 1.

    ``slip`` is said first by mistake and corrected with "no, <after>".
    """

    station: Annotated[int, Field(ge=1)]
    attempt: Annotated[int, Field(ge=1)] = 1
    after: Rating
    slip: Rating | None = None


class Remark(Frozen):
    """Something said by itself: ``after_ms`` into a state, at a station (0: any) and attempt."""

    state: str
    text: str
    station: Annotated[int, Field(ge=0)] = 0
    attempt: Annotated[int, Field(ge=1)] = 1
    after_ms: Annotated[int, Field(ge=0)] = 3000
    #: Say this instead of an answer, not in between.
    instead: bool = False


class Persona(Frozen):
    """One simulated person."""

    name: str
    about: str
    locale: str = "en-US"
    #: Of flite; "kokoro:NAME" or "kokoro" is a natural one (`person_voices`). They take turns.
    voices: tuple[str, ...] = ("slt",)
    side: Side = Side.LEFT
    rated: Construct = Construct.PAIN
    baseline: Rating = 5
    #: Forms in which a number is said, in turn; ``{n}`` is the number word.
    forms: tuple[str, ...] = ("{n}",)
    reaction_ms: Annotated[int, Field(ge=100, le=5000)] = 700
    red_flags: Literal["no", "yes"] = "no"
    #: The red flags that this person has; each is said yes to when it is asked for by itself.
    flags: tuple[str, ...] = ()
    #: Ids of things that are not at hand.
    missing: tuple[str, ...] = ()
    #: Whether a muscle is sore from overuse, and whether the rest that is offered is taken.
    sore: Literal["no", "yes"] = "no"
    rests: Literal["no", "yes"] = "yes"
    #: The answer to a programme's question before the first movement.
    note: str = "that felt easier than last week"
    #: What this person says for "yes", "no", "left", "resume" and the like, in another language.
    words: dict[str, str] = Field(default_factory=dict)
    #: Whether what is rated was said on the command line, so that it is not asked.
    told: bool = False
    rates: tuple[Rates, ...] = ()
    says: tuple[Remark, ...] = ()

    def after(self, station: int, attempt: int) -> Rates:
        """Return how the person rates after this trial; without a line for it, the baseline."""
        fits = [r for r in self.rates if r.station == station and r.attempt == attempt]
        return fits[0] if fits else Rates(station=station, attempt=attempt, after=self.baseline)


def persona_names() -> list[str]:
    """Return the built-in personas."""
    return sorted(path.stem for path in _folder().glob("*.toml"))


def persona_for(programme: str) -> str:
    """Return the built-in persona that fits a programme: the one of its name, else "mixed"."""
    return programme if programme in persona_names() else "mixed"


def load_persona(name: str) -> Persona:
    """Return a built-in persona by name, or one from a file by its path.

    Raises:
        ContentError: if there is none, or it is broken.
    """
    path = Path(name) if name.endswith(".toml") else _folder() / f"{name}.toml"
    if not there(path):
        remedy = f"Built in are: {', '.join(persona_names())}. Or give the path of a .toml file."
        raise ContentError([ContentFault(name, None, "there is no such persona.", remedy)])
    reader = Reader()
    entry = reader.entry(path, Persona)
    reader.finish()
    if entry is None or entry.value is None:
        raise BugError(f"{path} is broken and has no fault")
    return entry.value


def _folder() -> Path:
    return places.package_data("scripts_audio") / "personas"
