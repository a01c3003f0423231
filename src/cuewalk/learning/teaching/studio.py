"""Where the voices speak: every take is augmented, embedded, and kept as features only."""

import threading
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import Floats, Samples
from cuewalk.speech_in.embeddings import SpeechEmbedding
from cuewalk.speech_out.chorus import Chorus, Take
from cuewalk.spotting.augment import Chances, as_heard, augmented
from cuewalk.spotting.features import FEATURES, pool, window
from cuewalk.spotting.teaching import clean_span

ShareDone = Callable[[float], None]
TextArray = npt.NDArray[np.str_]
RowMask = npt.NDArray[np.bool_]

RATE: Final = 16_000
#: The voice whose takes are never learned from; of espeak-ng's timbres, one in `_HELD_OF`.
_HELD, _HELD_OF = "flite:rms", 4


@dataclass(frozen=True, slots=True)
class Plan:
    """How often each text is spoken, and in how many augmented ways each take is heard besides as it was."""

    espeak: int
    main: int | None = None
    ways: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class SpokenTakes:
    """What was spoken: features (N, 864); the rest (N,). ``held`` marks voices that are only judged on."""

    features: Floats
    text: TextArray
    held: RowMask
    seconds: npt.NDArray[np.float64]  # length of the words

    def where(self, rows: RowMask) -> "SpokenTakes":
        """Return some of the takes."""
        return SpokenTakes(*(getattr(self, name)[rows] for name in self.__slots__))

    def __len__(self) -> int:
        """How many."""
        return len(self.text)


class Studio:
    """Synthetic voices in front of the spotter's networks. Close it.

    Raises:
        VoiceError: if no voice here speaks the locale.
        RecogniserError: if the networks cannot be loaded.
    """

    def __init__(self, locale: str, seed: int = 0) -> None:
        self._chorus = Chorus(locale, seed=seed)
        self._own = threading.local()
        self._networks: list[SpeechEmbedding] = []

    @property
    def voices(self) -> list[str]:
        """The voices' names."""
        return self._chorus.voices

    def speak(self, texts: Sequence[str], plan: Plan, progress: ShareDone) -> SpokenTakes:
        """Return every text spoken as planned; a text that no voice can say has no takes."""
        takes = self._chorus.speak(texts, plan.espeak, progress, plan.main)
        with ThreadPoolExecutor(2) as pool_:
            done = [pool_.submit(self._heard, take, place, plan.ways) for place, take in enumerate(takes)]
        rows = [row for future in done for row in future.result()]
        return SpokenTakes(
            np.array([row[0] for row in rows], np.float32).reshape(-1, FEATURES),
            np.array([row[1] for row in rows], np.str_),
            np.array([row[2] for row in rows], np.bool_),
            np.array([row[3] for row in rows], np.float64),
        )

    def listen(self, sounds: Sequence[Samples]) -> Floats:
        """Return the features (N, 864) of whole sounds that are no speech."""
        with ThreadPoolExecutor(2) as pool_:
            return np.array(list(pool_.map(self._features, sounds)), np.float32).reshape(-1, FEATURES)

    def close(self) -> None:
        """End the voices and release the networks."""
        self._chorus.close()
        for network in self._networks:
            network.close()

    def _heard(self, take: Take, place: int, ways: int) -> list[tuple[Floats, str, bool, float]]:
        spoken = clean_span(take.samples)
        if spoken is None:
            return []
        seconds = (spoken.end - spoken.start) / RATE
        rngs = [np.random.default_rng([place, way]) for way in range(1, ways + 1)]
        sounds = [as_heard(spoken), *(augmented(spoken, rng, (), Chances()) for rng in rngs)]
        return [(self._features(sound), take.text, is_held(take.voice), seconds) for sound in sounds]

    def _features(self, sound: Samples) -> Floats:
        network: SpeechEmbedding | None = getattr(self._own, "network", None)
        if network is None:
            network = self._own.network = SpeechEmbedding()
            self._networks.append(network)
        return pool(network.embed(window(sound)))


def is_held(voice: str) -> bool:
    """Return whether a voice only judges. Of espeak-ng's, a timbre does so in all its accents."""
    engine, _, name = voice.partition(":")
    if engine != "espeak":
        return voice == _HELD
    return zlib.crc32(name.partition("+")[2].encode()) % _HELD_OF == 0
