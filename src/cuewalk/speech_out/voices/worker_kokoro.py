"""Kokoro inside the worker process: a sentence at a time, with pauses between them."""

import wave
from pathlib import Path

from cuewalk.domain.sound import FULL_SCALE, as_samples
from cuewalk.speech_out.kokoro.network import RATE
from cuewalk.speech_out.kokoro.speaking import KokoroSpeaker


class KokoroEngine:
    """Renders lines with one voice.

    Raises:
        VoiceError: if the packages or the voice's table are missing or damaged.
    """

    def __init__(self, voice: str) -> None:
        self._speaker = KokoroSpeaker(voice)

    def render(self, text: str, rate: float, path: Path) -> None:
        """Write ``text`` as a mono 16-bit WAV to ``path``; nothing to say is a file without sound."""
        sound = self._speaker.speak(text, rate)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(as_samples(sound * (FULL_SCALE - 1)).astype("<i2").tobytes())
