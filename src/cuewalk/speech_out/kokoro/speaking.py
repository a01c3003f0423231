"""Kokoro in this process: lines to sound with any of its voices, all of them over one network.

A session's voice does this in a worker (`worker_kokoro`); training sets have many voices, and memory for one
network.
"""

from functools import cache
from typing import Final

import numpy as np

from cuewalk.audio.stretch import stretch
from cuewalk.domain.sound import FULL_SCALE, Floats, Samples, as_samples
from cuewalk.places import cache_dir
from cuewalk.speech_out import pcm
from cuewalk.speech_out.api import VoiceSpec
from cuewalk.speech_out.kokoro.network import RATE, Network
from cuewalk.speech_out.kokoro.pronunciation import Pronunciation
from cuewalk.speech_out.kokoro.voices import pace_of, table_of
from cuewalk.speech_out.kokoro.weights import SHA256, weights

#: Seconds of silence between two runs of one line, at the voice's middle pace. Design: a breath.
_PAUSE: Final = 0.35
#: The network speaks no slower; what is to be slower is stretched. Measured (af_heart, 24 sentences, Whisper
#: and Moonshine): at 0.68 first sounds crack and become words ("a stick walking"), 16 to 149 words, at 0.76
#: four. At 0.9 (16 other lines, Moonshine alone) none, stretched by 1.2 none either, and no more are missed.
_SLOWEST: Final = 0.9


class KokoroSpeaker:
    """One voice; implements `Voice`. Safe to use from several threads, the same line gives the same sound.

    Raises:
        VoiceError: if the packages or the voice's table are missing or damaged.
    """

    def __init__(self, voice: str) -> None:
        self.spec = VoiceSpec("kokoro", voice, SHA256[:8])
        self._table = table_of(voice)
        self._pace = pace_of(voice)
        self._network = _network()
        self._pronunciation = _pronunciation()

    def speak(self, text: str, rate: float = 1.0) -> Floats:
        """Return the line, `RATE` Hz; nothing to say is no sound."""
        wanted = rate * self._pace
        speed = max(wanted, _SLOWEST)
        spoken = [
            stretch(pcm.trim(self._network.speak(run, self._table, speed)), speed / wanted, RATE)
            for run in self._pronunciation.runs(text)
        ]
        pause = np.zeros(int(_PAUSE / rate * RATE), np.float32)
        pieces: list[Floats] = [piece for run in spoken for piece in (run, pause)][:-1]
        return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)

    def render(self, text: str, rate: float = 1.0) -> Samples:
        """Return the line as a session plays it."""
        return as_played(self.speak(text, rate))

    def close(self) -> None:
        """Do nothing: the network stays for the other voices."""


def as_played(sound: Floats, semitones: float = 0.0) -> Samples:
    """Return what was spoken as a session plays it, resampled to be higher, and as much faster."""
    higher = 2 ** (semitones / 12)
    return pcm.polish(as_samples(sound * np.float32(FULL_SCALE - 1)), round(RATE * higher))


@cache
def _network() -> Network:
    return Network(weights(cache_dir() / "models"))


@cache
def _pronunciation() -> Pronunciation:
    return Pronunciation()
