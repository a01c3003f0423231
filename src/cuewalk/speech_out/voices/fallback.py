"""Several voices as one: when one fails, the next takes over for good, so that a session goes on."""

import logging
import threading
from collections.abc import Callable, Sequence

from cuewalk.domain.errors import VoiceError
from cuewalk.domain.sound import Samples
from cuewalk.logs import kind_of
from cuewalk.speech_out.api import Voice, VoiceSpec, closed, warm

_log = logging.getLogger(__package__)


class FallbackVoice:
    """Speaks with the first of its voices that works. It does not go back to one that failed."""

    def __init__(self, voices: Sequence[Voice], on_notice: Callable[[str], None]) -> None:
        """Take the voices in order of liking, at least one.

        Args:
            voices: the last one's errors are raised.
            on_notice: called with a sentence for the person whenever a voice is given up.
        """
        self._voices, self._on_notice = tuple(voices), on_notice
        self._current, self._closed = 0, False
        self._stepping = threading.Lock()

    @property
    def spec(self) -> VoiceSpec:
        """The voice that speaks at present."""
        return self._voices[self._current].spec

    def warm(self) -> None:
        """Start the present voice in the background."""
        warm(self._voices[self._current])

    def render(self, text: str, rate: float = 1.0) -> Samples:
        """Return ``text`` spoken by the first voice that can (see `Voice.render`)."""
        if self._closed:
            raise closed()
        return self._render_from(self._current, text, rate)

    def close(self) -> None:
        """Close every voice."""
        self._closed = True
        for voice in self._voices:
            voice.close()

    def _render_from(self, first: int, text: str, rate: float) -> Samples:
        try:
            return self._voices[first].render(text, rate)
        except VoiceError as error:
            if self._closed or first + 1 == len(self._voices):
                raise
            if not self._still_speaks(first):
                self._step_down(first, error)
        return self._render_from(first + 1, text, rate)

    def _still_speaks(self, number: int) -> bool:
        """Return whether only that one line was too much: an odd line must not cost the voice."""
        try:
            self._voices[number].render("Ready.")
        except VoiceError as error:
            _log.debug("a voice says nothing any more: %s", kind_of(error))
            return False
        return True

    def _step_down(self, failed: int, error: VoiceError) -> None:
        with self._stepping:
            if self._current != failed:
                return  # another thread had the same failure
            self._current = failed + 1
        _log.warning("a voice failed and is replaced: %s", kind_of(error))
        self._voices[failed].close()
        engine = self._voices[failed + 1].spec.engine
        now = "Cues are shown on the screen only." if engine == "silent" else f"The {engine} voice goes on."
        self._on_notice(f"{error.what} {now}")
