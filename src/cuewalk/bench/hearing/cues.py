"""Some of our own cues as sound, for the benchmarks."""

import random
from typing import Final

from cuewalk import places
from cuewalk.bench.hearing.selection import SEED
from cuewalk.domain.errors import VoiceError
from cuewalk.domain.sound import Samples
from cuewalk.language.pack import LocalePack
from cuewalk.settings import Settings
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.choose import choose_voice

#: How many different cues are spoken.
_CUES: Final = 8
#: Shorter ones are over before the person has spoken.
_WORDS: Final = 5


def cues_for(pack: LocalePack, settings: Settings) -> list[tuple[str, Samples]]:
    """Return some cues of the pack, text and sound, in the person's voice of the session.

    Raises:
        VoiceError: if no voice works here.
    """
    lines = [line for line in pack.every_line() if len(line.split()) >= _WORDS]
    chosen = random.Random(SEED).sample(lines, min(_CUES, len(lines)))  # noqa: S311 - a sample, no secret
    return list(zip(chosen, spoken(chosen, settings), strict=True))


def spoken(lines: list[str], settings: Settings) -> list[Samples]:
    """Return each line as 16 kHz mono samples.

    Raises:
        VoiceError: if no voice works here.
    """
    voice, _ = choose_voice(settings.voice_engine, settings.locale, settings.voice)
    cached = CachedVoice(voice, places.cache_dir() / "cues")
    try:
        sounds = [cached.render(line, settings.talk_rate) for line in lines]
    finally:
        cached.close()
    if not all(sound.any() for sound in sounds):
        raise VoiceError(
            "No voice works here, so there is none of our own to be heard.",
            meaning="Nothing was measured.",
            remedy="Install espeak-ng, or choose another voice with 'cuewalk settings voice_engine'.",
        )
    return sounds
