"""The buckets: where a person's own before-and-after puts a movement."""

from enum import StrEnum


class Bucket(StrEnum):
    """Keep, not now, or undecided."""

    KEEP = "keep"
    NOT_NOW = "not_now"
    UNDECIDED = "undecided"


class BucketState(StrEnum):
    """How settled an entry is."""

    PROVISIONAL = "provisional"
    CONFIRMED = "confirmed"
    DUE_FOR_RETEST = "due_for_retest"
