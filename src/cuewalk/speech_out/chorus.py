"""Every synthetic voice of this machine, for teaching the spotter words that nobody recorded.

Voices differ far less than people do, so each speaks at several rates, and what they say is changed further
by `cuewalk.spotting.augment` (Lin et al. 2020, "Training keyword spotters with limited and synthesized
speech data").
"""

import random
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Final

from cuewalk.domain.errors import VoiceError
from cuewalk.domain.sound import Samples
from cuewalk.speech_out.api import Voice
from cuewalk.speech_out.choose import espeak_accents, problem_of
from cuewalk.speech_out.kokoro.speaking import KokoroSpeaker
from cuewalk.speech_out.kokoro.voices import english_voices
from cuewalk.speech_out.voices.commands import FLITE_VOICES, EspeakVoice, FliteVoice

#: Rates at which each voice speaks. Design: from a slow talker to a hasty one.
_RATES: Final = (0.68, 0.8, 0.95, 1.1, 1.3)
#: Rates between which one is drawn for each take of espeak-ng, and of kokoro. Design choice, as above; of
#: kokoro's pace, which is that of our own calm cues.
_ESPEAK_RATES: Final = (0.75, 1.35)
KOKORO_RATES: Final = (0.6, 1.4)
#: espeak-ng's timbres that sound most like people; the others are robots, whispers and jokes.
_TIMBRES: Final = (
    *("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5", "klatt", "klatt2"),
    *("klatt3", "Alex", "Andy", "Annie", "Gene", "Lee", "Mike", "Michael", "steph", "linda", "grandpa"),
    *("victor", "adam"),
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
        #: The last thing that went wrong with each voice, by its name.
        self.failures: dict[str, str] = {}
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
        self,
        texts: Sequence[str],
        espeak_takes: int,
        progress: Callable[[float], None] = lambda _: None,
        main_takes: int | None = None,
        kokoro_takes: int = 0,
    ) -> Iterator[Take]:
        """Yield every text by flite's and piper's voices and by as many of the others, text by text.

        Args:
            texts: what is spoken.
            espeak_takes: draws of espeak-ng's voices and rates for each text.
            progress: called with the share done (0-1).
            main_takes: draws of flite's and piper's voices and rates for each text; None for each voice at
            each rate.
            kokoro_takes: draws of kokoro's voices and rates for each text. They speak in this process, a
            second of one core for a second of speech; only tools ask for them.

        A voice that cannot say a text (a word of another script) is left out; see `failures`.
        """
        jobs = [
            (text, part) for text in texts for part in self._drawn(espeak_takes, main_takes, kokoro_takes)
        ]
        with ThreadPoolExecutor(2) as pool:
            for done, take in enumerate(pool.map(self._take, jobs), start=1):
                progress(done / len(jobs))
                if take is not None:
                    yield take

    def close(self) -> None:
        """End every voice's process."""
        for part in self._main:
            part.voice.close()

    def _take(self, job: tuple[str, _Part]) -> Take | None:
        text, part = job
        try:
            samples = part.voice.render(text, part.rate)
        except VoiceError as error:
            self.failures[part.name] = str(error)
            return None
        return Take(text, part.name, samples) if len(samples) else None

    def _drawn(self, espeak_takes: int, main_takes: int | None, kokoro_takes: int) -> list[_Part]:
        every = main_takes is None or main_takes >= len(self._main)
        main = self._main if every else self._rng.sample(self._main, main_takes or 0)
        names = [self._rng.choice(self._espeak) for _ in range(espeak_takes if self._espeak else 0)]
        rates = [self._rng.uniform(*_ESPEAK_RATES) for _ in names]
        espeak = zip(names, rates, strict=True)
        parts = [*main, *(_Part(f"espeak:{n}", EspeakVoice(voice=n), rate) for n, rate in espeak)]
        for _ in range(kokoro_takes):
            name = self._rng.choice(english_voices())
            parts.append(_Part(f"kokoro:{name}", _speaker(name), self._rng.uniform(*KOKORO_RATES)))
        return parts


_speaker = cache(KokoroSpeaker)


def _main_parts(locale: str) -> Iterator[_Part]:
    if not locale.lower().startswith("en"):
        return
    if problem_of("flite") is None:
        for name in FLITE_VOICES:
            voice = FliteVoice(name)
            yield from (_Part(f"flite:{name}", voice, rate) for rate in _RATES)
    if problem_of("piper") is None:
        from cuewalk.speech_out.voices.worker_voice import PiperVoice  # noqa: PLC0415  (an optional package)

        piper = PiperVoice(locale)
        yield from (_Part("piper:joe", piper, rate) for rate in _RATES)


def _espeak_voices(locale: str) -> list[str]:
    """Return the accents, each with every timbre: ``en-gb-scotland+f3``."""
    return [f"{accent}+{timbre}" for accent in sorted(espeak_accents(locale)) for timbre in _TIMBRES]


#: Stress, length and joins: what differs between two ways of saying the same.
_MARKS: Final = re.compile(r"[\s\u02c8\u02cc\u02d0_|\u0361\u035c-]+|\([a-z-]+\)")
#: Seconds that espeak-ng may take. Design: it takes well under one.
_SECONDS: Final = 20.0


def pronunciations(
    locale: str, texts: Sequence[str], accents: int | None = None
) -> Mapping[str, tuple[str, ...]]:
    """Return each text in the phonetic alphabet, once for every accent; () where espeak-ng cannot say.

    Args:
        locale: the locale's code.
        texts: words or phrases.
        accents: at most this many accents; None for all.
    """
    spoken = [_in_accent(accent, texts) for accent in sorted(espeak_accents(locale))[:accents]]
    whole = [lines for lines in spoken if len(lines) == len(texts)]
    return {text: tuple(lines[place] for lines in whole) for place, text in enumerate(texts)}


def _in_accent(accent: str, texts: Sequence[str]) -> list[str]:
    command = ["espeak-ng", "-q", "--ipa", "-v", accent, "--stdin"]
    given = "\n\n".join(texts).encode()  # an empty line ends a sentence, and each sentence is one line
    done = subprocess.run(command, input=given, capture_output=True, timeout=_SECONDS, check=False)
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return [_MARKS.sub("", line) for line in lines if line.strip()]
