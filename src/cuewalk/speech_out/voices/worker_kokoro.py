"""Kokoro inside the worker process: a sentence at a time, with pauses between them."""

import wave
from pathlib import Path
from typing import Final

import numpy as np

from cuewalk.domain.sound import FULL_SCALE, Floats
from cuewalk.places import cache_dir
from cuewalk.speech_out.kokoro.network import RATE, Network
from cuewalk.speech_out.kokoro.pronunciation import Pronunciation
from cuewalk.speech_out.kokoro.voices import VOICES, table_of
from cuewalk.speech_out.kokoro.weights import weights
from cuewalk.speech_out.pcm import trim

#: Seconds of silence between two runs of one line, at the voice's middle pace. Design: a breath.
_PAUSE: Final = 0.35


class KokoroEngine:
    """Renders lines with one voice.

    Raises:
        VoiceError: if the packages or the voice's table are missing or damaged.
    """

    def __init__(self, voice: str) -> None:
        self._table = table_of(voice)
        self._pace = next((known.pace for known in VOICES if known.name == voice), 1.0)
        self._network = Network(weights(cache_dir() / "models"))
        self._pronunciation = Pronunciation()

    def render(self, text: str, rate: float, path: Path) -> None:
        """Write ``text`` as a mono 16-bit WAV to ``path``; nothing to say is a file without sound."""
        speed = rate * self._pace
        runs = self._pronunciation.runs(text)
        spoken = [trim(self._network.speak(run, self._table, speed)) for run in runs]
        pause = np.zeros(int(_PAUSE / rate * RATE), np.float32)
        pieces: list[Floats] = [piece for run in spoken for piece in (run, pause)][:-1]
        sound = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(np.round(sound.clip(-1, 1) * (FULL_SCALE - 1)).astype("<i2").tobytes())
