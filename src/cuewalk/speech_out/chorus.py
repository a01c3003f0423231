"""Every synthetic voice of this machine, for teaching the spotter words that nobody recorded.

Voices differ far less than people do, so each speaks at several rates, and what they say is changed further by
`cuewalk.spotting.augment` (Lin et al. 2020, "Training keyword spotters with limited and synthesized speech data").
"""

import random
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from cuewalk.domain.errors import VoiceError
from cuewalk.speech_out.api import Samples, Voice
from cuewalk.speech_out.engines import espeak_voice_for, problem_of
from cuewalk.speech_out.espeak_voice import EspeakVoice
from cuewalk.speech_out.flite_voice import FLITE_VOICES, FliteVoice

_RATES: Final = (0.68, 0.8, 0.95, 1.1, 1.3)
#: espeak-ng's timbres that sound most like people; the others are robots, whispers and jokes.
_TIMBRES: Final = (
    *("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5", "klatt", "klatt2", "klatt3"),
    *("Alex", "Andy", "Annie", "Gene", "Lee", "Mike", "Michael", "steph", "linda", "grandpa", "victor", "adam"),
)


@dataclass(frozen=True, slots=True)
class Take:
    """One phrase spoken once; ``voice`` is "engine:name"."""

    text: str
    voice: str
    samples: Samples


@dataclass(frozen=True, slots=True)
class _Part:
    """One voice at one rate."""

    name: str
    voice: Voice
    rate: float


class Chorus:
    """The voices that speak a locale here.

    Raises:
        VoiceError: if there is none.
    """

    def __init__(self, locale: str, *, seed: int = 0) -> None:
        self._rng = random.Random(seed)  # noqa: S311  (which voice says what is no secret)
        self._main = list(_main_parts(locale))
        self._espeak = _espeak_voices(locale)
        if not self._main and not self._espeak:
            raise VoiceError(
                f"No synthetic voice here speaks {locale}.",
                meaning="Nobody can speak the phrase, so it cannot be learned.",
                remedy="Install espeak-ng (for example: sudo apt install espeak-ng).",
            )

    @property
    def voices(self) -> list[str]:
        """Names of the voices, each once."""
        return sorted({part.name for part in self._main} | {f"espeak:{name}" for name in self._espeak})

    def speak(
        self, texts: Sequence[str], espeak_takes: int, progress: Callable[[float], None] = lambda _: None
    ) -> Iterator[Take]:
        """Yield every text by flite's and piper's voices at every rate, and by as many of espeak-ng's."""
        jobs = [(text, part) for text in texts for part in (*self._main, *self._drawn(espeak_takes))]
        with ThreadPoolExecutor(2) as pool:
            for done, take in enumerate(pool.map(_take, jobs), start=1):
                progress(done / len(jobs))
                if take is not None:
                    yield take

    def close(self) -> None:
        """End every voice's process."""
        for part in self._main:
            part.voice.close()

    def _drawn(self, takes: int) -> list[_Part]:
        if not self._espeak:
            return []
        names = [self._rng.choice(self._espeak) for _ in range(takes)]
        return [_Part(f"espeak:{n}", EspeakVoice(voice=n), self._rng.uniform(0.75, 1.35)) for n in names]


def _main_parts(locale: str) -> Iterator[_Part]:
    if not locale.lower().startswith("en"):
        return
    if problem_of("flite") is None:
        for name in FLITE_VOICES:
            voice = FliteVoice(name)
            yield from (_Part(f"flite:{name}", voice, rate) for rate in _RATES)
    if problem_of("piper") is None:
        from cuewalk.speech_out.piper_voice import PiperVoice  # noqa: PLC0415  (an optional package)

        piper = PiperVoice(locale)
        yield from (_Part("piper:joe", piper, rate) for rate in _RATES)


def _espeak_voices(locale: str) -> list[str]:
    """Return accents of the language, each with every timbre: ``en-gb-scotland+f3``."""
    if problem_of("espeak") is not None:
        return []
    language = espeak_voice_for(locale).split("-")[0]
    listed = subprocess.run(["espeak-ng", f"--voices={language}"], capture_output=True, check=False).stdout
    lines = [line.split() for line in listed.decode(errors="replace").splitlines()[1:]]
    own = re.compile(rf"{language}(-|$)")
    accents = sorted({w[1] for w in lines if len(w) > 4 and own.match(w[1]) and not w[4].startswith(("mb/", "!v"))})
    return [f"{accent}+{timbre}" for accent in accents for timbre in _TIMBRES]


def _take(job: tuple[str, _Part]) -> Take | None:
    text, part = job
    samples = part.voice.render(text, part.rate)
    # A voice may have no sound for a word of another script; that is no take, and no reason to stop.
    return Take(text, part.name, samples) if len(samples) else None
