"""What the engine can be told."""

from typing import Annotated, Literal

from pydantic import Field

from cuewalk.domain.frozen import Frozen
from cuewalk.domain.heard import Heard
from cuewalk.domain.intents import Intent


class Begin(Frozen):
    """The session starts."""

    kind: Literal["begin"] = "begin"


class Understood(Frozen):
    """An utterance with a meaning that the present moment allows."""

    kind: Literal["understood"] = "understood"
    intent: Intent
    heard: Heard


class NotUnderstood(Frozen):
    """Speech without a meaning here; nothing is guessed from it.

    ``clear``: it was clear enough, and long enough since the last such remark, for the person to be told.
    """

    kind: Literal["not_understood"] = "not_understood"
    heard: Heard
    clear: bool = False


class SpeechStarted(Frozen):
    """The person began to speak: patience is not running out while they do."""

    kind: Literal["speech_started"] = "speech_started"


class SpeechWasNothing(Frozen):
    """The speech that began turned out to be nothing (a cough, a door): patience runs again."""

    kind: Literal["speech_ended"] = "speech_ended"


class CueFinished(Frozen):
    """The cue with this number has been played to its end."""

    kind: Literal["cue_finished"] = "cue_finished"
    cue: int


class TimerFired(Frozen):
    """The timer with this number has run out."""

    kind: Literal["timer_fired"] = "timer_fired"
    timer: int


class DeviceLost(Frozen):
    """The microphone or the speaker stopped delivering."""

    kind: Literal["device_lost"] = "device_lost"
    device: Literal["microphone", "speaker"]


class DeviceBack(Frozen):
    """The lost device works again."""

    kind: Literal["device_back"] = "device_back"
    device: Literal["microphone", "speaker"]


class CancellerLost(Frozen):
    """The echo canceller failed: from now on nothing is heard while our voice speaks."""

    kind: Literal["canceller_lost"] = "canceller_lost"


class Restored(Frozen):
    """An interrupted session was rebuilt from its journal and goes on from its last line.

    ``edition`` is how sessions are held since then (`cuewalk.domain.setup.EDITION`); 0 in journals that did
    not note it: as the session began.
    """

    kind: Literal["restored"] = "restored"
    edition: int = 0


Event = Annotated[
    Begin
    | Understood
    | NotUnderstood
    | SpeechStarted
    | SpeechWasNothing
    | CueFinished
    | TimerFired
    | DeviceLost
    | DeviceBack
    | CancellerLost
    | Restored,
    Field(discriminator="kind"),
]
