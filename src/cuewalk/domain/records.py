"""What the journal keeps of a session besides its events: one class for every thing that matters."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from cuewalk.domain.buckets import Bucket
from cuewalk.domain.content import FlagOutcome
from cuewalk.domain.frozen import Frozen
from cuewalk.domain.heard import Heard
from cuewalk.domain.intents import Construct, Side
from cuewalk.domain.setup import Setup
from cuewalk.domain.units import Rating
from cuewalk.domain.verdicts import Decision, Verdict


class RatingPhase(StrEnum):
    """The moment a rating belongs to."""

    BASELINE = "baseline"
    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class SessionStarted(Frozen):
    """A session began with this set-up."""

    kind: Literal["session_started"] = "session_started"
    setup: Setup


class ScreenAnswered(Frozen):
    """One red-flag question was answered."""

    kind: Literal["screen_answered"] = "screen_answered"
    group: str
    present: bool
    outcome: FlagOutcome | None = None


class FlagAnswered(Frozen):
    """Whether it is this flag, of a group that was answered with yes."""

    kind: Literal["flag_answered"] = "flag_answered"
    group: str
    flag: str
    present: bool


class DistressSaid(Frozen):
    """The person felt unwell, fell or was in an emergency, in this state of the session.

    The safety screen is due again in the next session. ``denied``: they said that it was misheard.
    """

    kind: Literal["distress_said"] = "distress_said"
    about: Literal["something_wrong", "fell", "emergency"]
    state: str
    denied: bool = False


class EquipmentAnswered(Frozen):
    """Whether a thing that movements need is there today."""

    kind: Literal["equipment_answered"] = "equipment_answered"
    item: str
    present: bool


class RestPlanned(Frozen):
    """The person chose to leave a programme alone before this date."""

    kind: Literal["rest_planned"] = "rest_planned"
    programme: str
    until: dt.date


class ComplaintChosen(Frozen):
    """The side and the construct of this session."""

    kind: Literal["complaint_chosen"] = "complaint_chosen"
    side: Side
    rated: Construct


class RatingGiven(Frozen):
    """A rating, or the fact that one is missing (``value`` None with a reason), never a guess.

    ``heard`` is None when nothing was heard.
    """

    kind: Literal["rating_given"] = "rating_given"
    rating: int
    trial: int | None
    phase: RatingPhase
    value: Rating | None
    missing_reason: str | None = None
    heard: Heard | None = None
    confirmed: bool = False
    #: Stored as null in every journal so far; no version wrote anything else.
    copied_from: None = None


class RatingCorrected(Frozen):
    """A rating got another value; the original stays in the journal."""

    kind: Literal["rating_corrected"] = "rating_corrected"
    rating: int
    value: Rating
    heard: Heard | None = None


class TrialStarted(Frozen):
    """One assess-perform-re-assess of one movement on one side."""

    kind: Literal["trial_started"] = "trial_started"
    trial: int
    movement: str
    side: Side
    attempt: int
    before: int | None
    pace: float
    range_level: int
    #: The rating before lies further from the session's baseline than the carry-over rule allows.
    carry_over: bool = False


class TrialJudged(Frozen):
    """The verdict as it stood at that moment (projections recompute it after a correction)."""

    kind: Literal["trial_judged"] = "trial_judged"
    trial: int
    after: int | None
    verdict: Verdict
    decision: Decision


class TrialEndedEarly(Frozen):
    """A trial was skipped, stopped or restarted before it could be judged."""

    kind: Literal["trial_ended_early"] = "trial_ended_early"
    trial: int
    reason: str


class BucketChosen(Frozen):
    """The person put a movement into a bucket by voice or key; their word goes before the rule."""

    kind: Literal["bucket_chosen"] = "bucket_chosen"
    movement: str
    side: Side
    bucket: Bucket


class MannerKept(Frozen):
    """The pace and range a person settled on for a movement."""

    kind: Literal["manner_kept"] = "manner_kept"
    movement: str
    pace: float
    range_level: int


class SettingChanged(Frozen):
    """A setting was changed by voice: volume, talk_rate, patience or brevity."""

    kind: Literal["setting_changed"] = "setting_changed"
    name: Literal["volume", "talk_rate", "patience", "brevity"]
    value: float


class SessionPaused(Frozen):
    """The session waits."""

    kind: Literal["session_paused"] = "session_paused"
    reason: str


class SessionResumed(Frozen):
    """The session goes on."""

    kind: Literal["session_resumed"] = "session_resumed"


class NoteTaken(Frozen):
    """Free words of the person, with the best transcript there is; ``asked`` is the question they answer."""

    kind: Literal["note_taken"] = "note_taken"
    heard: Heard
    asked: str | None = None


class SessionEnded(Frozen):
    """The session is over.

    It was completed, stopped by the person, ended by a red flag, put off for a rest ("rest"), or there was
    no movement that could be done today ("nothing_to_do").
    """

    kind: Literal["session_ended"] = "session_ended"
    how: Literal["completed", "stopped", "red_flag", "abandoned", "rest", "nothing_to_do"]


class NextMorning(Frozen):
    """The number the person gave on a later day for this session, ``hours`` after it."""

    kind: Literal["next_morning"] = "next_morning"
    value: Rating
    hours: float = Field(ge=0)
    heard: Heard | None = None


Record = Annotated[
    SessionStarted
    | ScreenAnswered
    | FlagAnswered
    | DistressSaid
    | EquipmentAnswered
    | RestPlanned
    | ComplaintChosen
    | RatingGiven
    | RatingCorrected
    | TrialStarted
    | TrialJudged
    | TrialEndedEarly
    | BucketChosen
    | MannerKept
    | SettingChanged
    | SessionPaused
    | SessionResumed
    | NoteTaken
    | SessionEnded
    | NextMorning,
    Field(discriminator="kind"),
]
