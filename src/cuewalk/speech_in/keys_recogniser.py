"""The keyboard as a recogniser: one typed line is one utterance."""

from typing import Final

from cuewalk.domain.input_mode import InputMode
from cuewalk.speech_in.api import Expectation, Hypothesis

ENGINE: Final = "keys"
#: What terminals send for the backspace key.
_BACKSPACE: Final = frozenset({"\b", "\x7f"})


class KeysRecogniser:
    """Takes UTF-8 keystrokes; gives the line with single spaces and full confidence.

    The line is what the person can see: bytes that are not UTF-8 and control characters are left out, and
    capitals are kept ("HELP" is louder than "help").
    """

    engine: Final = ENGINE
    mode: Final = InputMode.KEYS
    #: Every word can be typed.
    unknown_words: Final[frozenset[str]] = frozenset()

    def __init__(self) -> None:
        self._bytes = bytearray()

    def expect(self, expectation: Expectation) -> None:
        """Do nothing: any line can be typed."""

    def feed(self, chunk: bytes) -> None:
        """Take the next keystrokes."""
        self._bytes += chunk

    def partial(self) -> str:
        """Return the line so far."""
        kept: list[str] = []
        for character in self._bytes.decode("utf-8", errors="ignore"):
            if character in _BACKSPACE:
                del kept[-1:]
            elif character.isprintable() or character.isspace():
                kept.append(character)
        return " ".join("".join(kept).split())

    def decode_early(self) -> None:
        """No guessing: Enter ends a line."""

    def finish(self) -> Hypothesis:
        """Return the line; the next one starts empty."""
        text = self.partial()
        self.reset()
        return Hypothesis(text, 1.0 if text else 0.0, ENGINE)

    def reset(self) -> None:
        """Forget the line so far."""
        self._bytes.clear()

    def close(self) -> None:
        """Nothing to release."""
        self.reset()
