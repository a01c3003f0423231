"""What the engine asks for. The shell performs it, in order, once per event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cuewalk.domain.intents import Expect
from cuewalk.domain.prompts import PromptKey
from cuewalk.domain.records import Record
from cuewalk.domain.units import Millis


class CueKind(StrEnum):
    """What a line is for; screens show it and the interpreter of effects may treat it."""

    STEP = "step"
    COACHING = "coaching"
    COUNT = "count"
    PROMPT = "prompt"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Speak:
    """Say one line. ``length``: 0 full, 1 shorter, 2 with examples."""

    cue: int
    kind: CueKind
    prompt: PromptKey
    slots: Mapping[str, str] = field(default_factory=dict)
    length: int = 0


@dataclass(frozen=True, slots=True)
class StopSpeaking:
    """Silence the voice within one block; the cue is not reported as finished."""


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Report `TimerFired` with this number after ``after`` ms of the session's clock."""

    timer: int
    after: Millis


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """Forget this timer."""

    timer: int


@dataclass(frozen=True, slots=True)
class Listen:
    """From now on these answers make sense here; commands always do."""

    expects: frozenset[Expect]


@dataclass(frozen=True, slots=True)
class Append:
    """Append this record to the journal, durably, before anything else happens."""

    record: Record


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Play at this volume, 0-1."""

    volume: float


@dataclass(frozen=True, slots=True)
class SetTalkRate:
    """Speak at this rate, 1.0 being the voice's normal one."""

    rate: float


@dataclass(frozen=True, slots=True)
class SetVoice:
    """Speak with the voice of this name, also in the sessions after this one."""

    voice: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The session is over."""


#: How the voice sounds.
SetManner = SetVolume | SetTalkRate | SetVoice
Effect = Speak | StopSpeaking | StartTimer | CancelTimer | Listen | Append | SetManner | Finish


class Outbox:
    """The effects of the step under way, in the order in which they are to be performed.

    The one list of a session: talk, ledger and scenes add to it, in the order in which they are called.
    """

    def __init__(self) -> None:
        self._effects: list[Effect] = []

    def add(self, *effects: Effect) -> None:
        """Put effects at the end."""
        self._effects += effects

    def record(self, record: Record) -> None:
        """Let a record be appended to the journal."""
        self.add(Append(record))

    def drain(self) -> list[Effect]:
        """Return all effects and begin anew."""
        done, self._effects = self._effects, []
        return done
