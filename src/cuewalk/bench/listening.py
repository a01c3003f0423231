"""What is listened for, and which hearing listens."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from cuewalk.bench.speech import Said
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Expect
from cuewalk.language.pack import LocalePack
from cuewalk.learning.personal import hearing_for_person
from cuewalk.models.heads import load_head
from cuewalk.settings import Settings
from cuewalk.understanding.hearing import Hearing, build_hearing


class Engine(StrEnum):
    """Which recogniser listens; auto is what a live session uses."""

    AUTO = "auto"
    VOSK = "vosk"
    POCKETSPHINX = "pocketsphinx"
    SPOTTER = "spotter"
    ARBITER = "arbiter"


class ListenFor(StrEnum):
    """What the session is waiting for. Commands are understood in every state, also when rating."""

    RATINGS = "ratings"
    COMMANDS = "commands"
    ALL = "all"

    @property
    def expects(self) -> frozenset[Expect]:
        """The state's expected intents; yes and no go with the commands."""
        return {
            ListenFor.RATINGS: frozenset({Expect.RATING}),
            ListenFor.COMMANDS: frozenset({Expect.YES_NO}),
            ListenFor.ALL: frozenset({Expect.RATING, Expect.YES_NO}),
        }[self]


def hearing_for(
    pack: LocalePack, settings: Settings, engine: str, head: Path | None = None, examples: Sequence[Said] = ()
) -> Hearing:
    """Return the hearing that a session with these settings and this engine (see `Engine`) has.

    ``head``: a file with another head for the spotter; ``examples``: words as this person says them, for a
    head of their own.

    Raises:
        RecogniserError: if the engine cannot hear this language or is not there.
        CuewalkError: if a head or examples cannot be used here.
    """
    changes: dict[str, object] = {"recogniser": engine}
    if head is not None:
        changes["head"] = usable_head(head)
    wanted = settings.model_copy(update=changes)
    return hearing_for_person(pack, wanted, examples) if examples else build_hearing(pack, wanted)


def usable_head(head: Path) -> str:
    """Return the path of a head that can be loaded: a benchmark judges what was asked for, or nothing.

    Raises:
        CuewalkError: if there is none, or it is damaged.
    """
    if not head.is_file():
        raise CuewalkError(f"There is no head {head}.", remedy="Give the file that the training has written.")
    load_head(head)
    return str(head.resolve())
