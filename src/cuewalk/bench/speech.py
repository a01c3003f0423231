"""What is said in the benchmarks: our own cues and phrases, and a person's answers and stops."""

import random
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Final

import numpy as np

from cuewalk import places
from cuewalk.bench.recordings import (
    SEED,
    Clip,
    UnreadableSoundError,
    of_speakers,
    read_manifests,
    read_sound,
    shuffled,
)
from cuewalk.content.catalogue import Catalogue
from cuewalk.content.packs import load_pack
from cuewalk.devices.files.wav import write_wav
from cuewalk.domain.content import Movement
from cuewalk.domain.errors import CuewalkError, VoiceError
from cuewalk.domain.intents import Construct, Side
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE
from cuewalk.language.pack import LocalePack
from cuewalk.language.prompts import slots_in
from cuewalk.settings import Settings
from cuewalk.simulation.person.presence import person_voices
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.choose import choose_voice

#: Words in a cue that a person speaks over: shorter ones are over before the person has spoken.
_OVER_WORDS: Final = range(8, 31)
#: The same where the cue has begun long before: how many cues, and the fewest words of each.
_MIXED_CUES, _MIXED_WORDS = 8, 5
#: Phrases of the grammar that our voice speaks for a decoder, and the silence after each, s.
_PHRASES, _PAUSE = 12, 1
_STOP: Final = ("stop",)
_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_VOICES: Final = ("slt", "rms", "kal", "awb")

#: A word and how somebody says it (16 kHz).
Said = tuple[str, Samples]


@contextmanager
def own_voice(settings: Settings) -> Iterator[CachedVoice]:
    """Give the voice of the session; its lines are rendered once and kept."""
    voice, _ = choose_voice(settings.voice_engine, settings.locale, settings.voice)
    cached = CachedVoice(voice, places.cache_dir() / "cues")
    try:
        yield cached
    finally:
        cached.close()


def spoken(voice: CachedVoice, lines: Sequence[str], settings: Settings) -> list[Samples]:
    """Return each line as 16 kHz mono samples.

    Raises:
        VoiceError: if no voice works here.
    """
    sounds = [voice.render(line, settings.talk_rate) for line in lines]
    if not all(sound.any() for sound in sounds):
        raise VoiceError(
            "No voice works here, so there is none of our own to be heard.",
            meaning="Nothing was measured.",
            remedy="Install espeak-ng, or choose another voice with 'cuewalk settings voice_engine'.",
        )
    return sounds


def cues_to_speak_over(pack: LocalePack, most: int) -> list[str]:
    """Return the first ``most`` lines that are long enough for a person to speak over them."""
    return [line for line in pack.every_line() if len(line.split()) in _OVER_WORDS][:most]


def some_cues(pack: LocalePack, settings: Settings) -> dict[str, Samples]:
    """Return some of the pack's lines with their sound in the voice of the session.

    Raises:
        VoiceError: if no voice works here.
    """
    chosen = some_lines(list(pack.every_line()))
    with own_voice(settings) as voice:
        return dict(zip(chosen, spoken(voice, chosen, settings), strict=True))


def some_lines(lines: Sequence[str]) -> list[str]:
    """Return a choice of lines by their checksums, so that a line that comes or goes changes one at most.

    In a random sample two prompts that were dropped changed five of the eight cues.
    """
    long = [line for line in lines if len(line.split()) >= _MIXED_WORDS]
    return sorted(dict.fromkeys(long), key=lambda line: zlib.crc32(line.encode()))[:_MIXED_CUES]


def phrases_to_decode(given: Path | None, settings: Settings, wav: Path) -> tuple[str, str]:
    """Write a WAV to decode, a given recording or our own voice; return its path and a sentence on it.

    The path is "" where no voice works here.

    Raises:
        CuewalkError: if the given recording cannot be used.
    """
    if given is not None:
        try:
            write_wav(wav, read_sound(given))
        except UnreadableSoundError as error:
            raise CuewalkError(f"The recording {given} cannot be used: {error}.") from error
        return str(wav), f"Decoded: {given}."
    phrases = load_pack(settings.locale).grammar().phrases
    chosen = [*phrases[:: max(1, len(phrases) // _PHRASES)]][:_PHRASES]
    try:
        with own_voice(settings) as voice:
            sounds = spoken(voice, chosen, settings)
    except VoiceError:
        return "", "No voice works here, so nothing was decoded: give a recording with --speech FILE."
    pause = np.rint(np.random.default_rng(0).standard_normal(_PAUSE * SESSION_RATE) * 30).astype(np.int16)
    write_wav(wav, np.concatenate([part for sound in sounds for part in (sound, pause)]))
    return str(wav), f"Decoded: {len(chosen)} phrases in the synthetic voice of the settings."


def stops_and_answers(
    folders: Sequence[Path], count: int, speakers: Path | None
) -> tuple[list[Said], list[Said]]:
    """Return ``count`` sayings of "stop" and of digits: recordings, without folders synthetic voices.

    Raises:
        CuewalkError: if the folders hold none.
    """
    if not folders:
        return _synthetic(_STOP, count), _synthetic(_DIGITS, count)
    clips = of_speakers(read_manifests(folders)[0], speakers)
    return _recorded(clips, _STOP, count), _recorded(clips, _DIGITS, count)


def _recorded(clips: Sequence[Clip], words: Sequence[str], count: int) -> list[Said]:
    said: list[Said] = []
    for clip in shuffled(clip for clip in clips if clip.words in words):
        try:
            said.append((clip.words, read_sound(clip.file)))
        except UnreadableSoundError:
            continue  # another one is said instead
        if len(said) == count:
            break
    if not said:
        raise CuewalkError(
            f"The recordings hold none of: {', '.join(words)}.",
            meaning="Nothing was measured.",
            remedy="Name a folder with such recordings, or none: then synthetic voices speak.",
        )
    return list(islice(cycle(said), count))


def _synthetic(words: Sequence[str], count: int) -> list[Said]:
    voices = cycle(person_voices(_VOICES, places.cache_dir() / "cues", "en-US"))
    return [(word, voice.render(word, 1.0)) for word, voice, _ in zip(cycle(words), voices, range(count))]


def own_lines(pack: LocalePack, catalogue: Catalogue) -> list[str]:
    """Return every line of the pack and of every movement once, in an order that is always the same.

    Slots are filled with what they hold in a session, each use with the next of it.
    """
    texts = list(pack.every_line()) + _filled(pack, catalogue)
    for movement in catalogue.movements.values():
        texts += _lines_of(movement)
    texts += [line for group in catalogue.red_flags for line in (group.ask, *group.flags)]
    texts += [thing.ask for thing in catalogue.equipment.values()]
    lines = [text for text in dict.fromkeys(texts) if text.strip()]
    random.Random(SEED).shuffle(lines)  # noqa: S311 - an order, no secret
    return lines


def _lines_of(movement: Movement) -> list[str]:
    return [
        *(movement.name, movement.start, *movement.steps),
        *(phase.say for phase in movement.phases),
        *(level.cue for level in movement.ranges),
        *movement.coaching,
        *(text for fault in movement.faults for text in (fault.fault, fault.correction)),
        *(movement.easier, *movement.avoid_when, movement.note.claim, movement.note.counter),
    ]


def _filled(pack: LocalePack, catalogue: Catalogue) -> list[str]:
    names = [movement.name for movement in catalogue.movements.values()] or ["…"]
    numbers = cycle(map(str, range(11)))
    values = {
        "construct": cycle(map(str, Construct)),
        "side": cycle(map(str, Side)),
        "name": cycle(names),
        "text": cycle(names),
    }
    return [
        pack.render(prompt, {slot: next(values.get(slot, numbers)) for slot in sorted(slots)}, length)
        for prompt, texts in pack.prompts.items()
        for length, text in enumerate(texts)
        if (slots := slots_in(text))
    ]
