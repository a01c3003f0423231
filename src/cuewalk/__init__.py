"""cuewalk: a voice walks a person through small movements and keeps what helps them."""

__version__ = "0.1.0"
