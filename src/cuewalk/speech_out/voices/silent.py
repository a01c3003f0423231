"""The voice of last resort: the session goes on with its text on the screen, at the pace of speech."""

import numpy as np

from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE
from cuewalk.speech_out.api import VoiceSpec, closed
from cuewalk.speech_out.line import SECONDS_PER_CHARACTER, clamp_rate, speakable


class SilentVoice:
    """Returns silence as long as the text would take. After `close` a `render` raises `VoiceError`."""

    def __init__(self) -> None:
        self._closed = False

    @property
    def spec(self) -> VoiceSpec:
        """The engine; there is nothing to tell apart."""
        return VoiceSpec("silent")

    def render(self, text: str, rate: float = 1.0) -> Samples:
        """Return silence, 65 ms a character at rate 1.0."""
        if self._closed:
            raise closed()
        seconds = len(speakable(text)) * SECONDS_PER_CHARACTER / clamp_rate(rate)
        return np.zeros(round(seconds * SESSION_RATE), dtype=np.int16)

    def close(self) -> None:
        """Refuse further lines; a second call does nothing."""
        self._closed = True
