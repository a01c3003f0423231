"""Renders every line with each voice, lets the recognisers hear it, and counts."""

import random
import resource
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from cuewalk import places
from cuewalk.audio.loudness import loudness
from cuewalk.bench.speech import own_lines
from cuewalk.bench.voice.judges import Transcripts, judges
from cuewalk.bench.voice.words import Missed, missed
from cuewalk.content.load import load_catalogue
from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.sound import FULL_SCALE, Samples
from cuewalk.domain.units import SESSION_RATE
from cuewalk.session.notices import NoticeBoard
from cuewalk.session.voicing import with_cache
from cuewalk.settings import Settings
from cuewalk.speech_out.api import Voice, VoiceSpec, warm
from cuewalk.speech_out.choose import make_voice

#: What is compared where nothing is named.
USUAL: Final = ("kokoro", "pyttsx3")

#: Told before each line: how many are done, how many there are, who speaks.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class VoiceRequest:
    """What is to be measured: ``voices`` as ENGINE or ENGINE:VOICE, ``limit`` lines drawn by ``seed``."""

    voices: Sequence[str] = USUAL
    limit: int | None = None
    seed: int = 1


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """One line as one voice spoke it, and what each recogniser missed of it."""

    text: str
    seconds: float
    lufs: float
    missed: dict[str, Missed]


@dataclass(slots=True)
class VoiceResult:
    """All lines of one voice.

    ``rendered``: seconds of sound that were made in this run rather than before, ``computing``: the processor
    time of the engine's processes for it, their start included.
    """

    name: str
    lines: list[SpokenLine] = field(default_factory=list)
    rendered: float = 0.0
    computing: float = 0.0


@dataclass(slots=True)
class VoiceReport:
    """What was measured. ``names``: the movements' names, each of which is also a line."""

    request: VoiceRequest
    names: frozenset[str]
    notes: list[str]
    results: list[VoiceResult] = field(default_factory=list)


class _Counting:
    """Implements `Voice` around another one; counts what is rendered anew."""

    def __init__(self, voice: Voice) -> None:
        self._voice, self.seconds = voice, 0.0

    @property
    def spec(self) -> VoiceSpec:
        return self._voice.spec

    def warm(self) -> None:
        warm(self._voice)

    def render(self, text: str, rate: float = 1.0) -> Samples:
        samples = self._voice.render(text, rate)
        self.seconds += len(samples) / SESSION_RATE
        return samples

    def close(self) -> None:
        self._voice.close()


def bench_voice(request: VoiceRequest, settings: Settings, progress: Progress) -> VoiceReport:
    """Return what each recogniser missed of each voice, and how the voices sound in figures.

    Raises:
        CuewalkError: if a voice cannot speak, or no recogniser is installed.
    """
    pack, catalogue = load_pack(settings.locale), load_catalogue(settings.locale)
    lines = own_lines(pack, catalogue)
    if request.limit is not None and request.limit < len(lines):
        lines = random.Random(request.seed).sample(lines, request.limit)  # noqa: S311 - a sample, no secret
    made = [_made(name, settings) for name in request.voices]
    judging, notes = judges()
    report = VoiceReport(request, frozenset(each.name for each in catalogue.movements.values()), notes)
    transcripts = Transcripts(places.cache_dir() / "voice-bench", judging)
    for at, (name, voice) in enumerate(zip(request.voices, made, strict=True)):

        def done(number: int, name: str = name, before: int = at * len(lines)) -> None:
            progress(before + number, len(made) * len(lines), name)

        report.results.append(_heard(name, voice, lines, transcripts, done))
    return report


def _made(name: str, settings: Settings) -> Voice:
    engine, _, voice = name.partition(":")
    if engine == "silent":
        raise CuewalkError("The silent voice says nothing that could be heard.", remedy="Name another one.")
    return make_voice(engine, settings.locale, voice)


def _heard(
    name: str,
    voice: Voice,
    lines: Sequence[str],
    transcripts: Transcripts,
    done: Callable[[int], None],
) -> VoiceResult:
    counting, before = _Counting(voice), _computing()
    speaking = with_cache(counting, NoticeBoard())
    result = VoiceResult(name)
    try:
        for number, text in enumerate(lines):
            done(number)
            samples = speaking.render(text)
            result.lines.append(_judged(text, samples, transcripts))
    finally:
        speaking.close()
    # The engine's processes have ended, so their time is known.
    result.rendered, result.computing = counting.seconds, _computing() - before
    return result


def _judged(text: str, samples: Samples, transcripts: Transcripts) -> SpokenLine:
    heard = {judge: missed(text, found) for judge, found in transcripts.of(samples).items()}
    sound = samples.astype(np.float32) / np.float32(FULL_SCALE)
    return SpokenLine(text, len(samples) / SESSION_RATE, loudness(sound, SESSION_RATE), heard)


def _computing() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
