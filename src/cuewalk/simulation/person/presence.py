"""Puts the simulated person into the virtual room: hears what is spoken, speaks aloud."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.errors import VoiceError
from cuewalk.engine.effects import Speak
from cuewalk.engine.events import NotUnderstood
from cuewalk.engine.session import View
from cuewalk.session.observing import Observer, StepPerformed
from cuewalk.simulation.person.person import SimulatedPerson
from cuewalk.speech_out.api import Voice
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.choose import problem_of
from cuewalk.speech_out.kokoro.voices import english_voices
from cuewalk.speech_out.voices.commands import EspeakVoice, FliteVoice
from cuewalk.speech_out.voices.worker_voice import KokoroVoice

#: A tenth of a second around what is said: people do not start and end on a sample.
_AIR = np.zeros(1600, dtype=np.int16)


class PersonInRoom(Observer):
    """An observer that answers through the room's microphone, so that the recogniser has to hear it."""

    def __init__(self, person: SimulatedPerson, room: VirtualRoom, voices: Sequence[Voice]) -> None:
        self._person, self._room, self._voices = person, room, voices
        self._turns = 0
        self.said: list[tuple[int, str]] = []

    def stepped(self, step: StepPerformed) -> None:
        """Notice that one was not understood."""
        if isinstance(step.event, NotUnderstood):
            self._person.not_heard(step.now)

    def spoken(self, speak: Speak) -> None:
        """Hear a line."""
        self._person.hears(speak)

    def ticked(self, now: int, view: View, *, quiet: bool) -> None:
        """Say what there is to say."""
        quiet_room = quiet and not self._room.person_busy
        line = self._person.tick(now, view, quiet=quiet_room)
        if line is None:
            return
        voice = self._voices[self._turns % len(self._voices)]
        self._turns += 1
        self.said.append((now, line))
        self._room.say(np.concatenate([_AIR, voice.render(line), _AIR]))


def person_voices(names: Sequence[str], cache: Path, locale: str, seed: str = "") -> list[Voice]:
    """Return the voices that a persona asks for: flite's, which recognisers take for human, else espeak-ng's.

    "kokoro:am_michael" is that natural voice, "kokoro" one drawn by the seed, but never the first, which is
    the one that a session speaks with unless told otherwise. A natural voice has a process: close it.

    Raises:
        VoiceError: if a natural voice is not there, or neither flite nor espeak-ng is.
    """
    drawn = random.Random(seed)  # noqa: S311 - who speaks is no secret
    return [CachedVoice(_person_voice(name, locale, drawn), cache) for name in names]


def _person_voice(name: str, locale: str, drawn: random.Random) -> Voice:
    engine, _, natural = name.partition(":")
    if engine == "kokoro":
        return KokoroVoice(natural or drawn.choice(english_voices()[1:]))
    english = locale.startswith("en")
    if english and problem_of("flite") is None:
        return FliteVoice(name)
    if problem_of("espeak") is None:
        return EspeakVoice(locale=locale, voice="" if english else name)
    raise VoiceError(
        "The simulated person has no voice: neither flite nor espeak-ng is installed.",
        meaning="The demonstration was not started.",
        remedy="Install one, for example: sudo apt install flite.",
    )
