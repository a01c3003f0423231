"""Something to decode while speed is measured."""

from pathlib import Path
from typing import Final

import numpy as np

from cuewalk.bench.hearing.cues import spoken
from cuewalk.bench.hearing.sound_files import UnreadableSoundError, read_sound
from cuewalk.content.packs import load_pack
from cuewalk.devices.files.wav import write_wav
from cuewalk.domain.errors import CuewalkError, VoiceError
from cuewalk.domain.units import SESSION_RATE
from cuewalk.settings import Settings

#: Utterances of the spoken test, and the silence after each.
_PHRASES: Final = 12
_PAUSE: Final = SESSION_RATE


def speech_for(given: Path | None, settings: Settings, wav: Path) -> tuple[str, str]:
    """Return a WAV to decode ("" for none) and a sentence on what it is."""
    if given is not None:
        try:
            write_wav(wav, read_sound(given))
        except UnreadableSoundError as error:
            raise CuewalkError(f"The recording {given} cannot be used: {error}.") from error
        return str(wav), f"Decoded: {given}."
    phrases = load_pack(settings.locale).grammar().phrases
    chosen = [*phrases[:: max(1, len(phrases) // _PHRASES)]][:_PHRASES]
    try:
        sounds = spoken(chosen, settings)
    except VoiceError:
        return "", "No voice works here, so nothing was decoded: give a recording with --speech FILE."
    pause = np.random.default_rng(0).standard_normal(_PAUSE) * 30
    pieces = [part for sound in sounds for part in (sound, np.rint(pause).astype(np.int16))]
    write_wav(wav, np.concatenate(pieces))
    return str(wav), f"Decoded: {len(chosen)} phrases in the synthetic voice of the settings."
