"""How something was said. A module of its own: a recogniser's process needs it, and not pydantic (0.1 s)."""

from enum import StrEnum


class InputMode(StrEnum):
    """How the person said it."""

    VOICE = "voice"
    KEYS = "keys"
    REVIEW = "review"
