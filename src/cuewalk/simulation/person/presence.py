"""Puts the simulated person into the virtual room: hears what is spoken, speaks aloud."""

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
from cuewalk.speech_out.choose import available_engines
from cuewalk.speech_out.voices.commands import EspeakVoice, FliteVoice

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


def person_voices(names: Sequence[str], cache: Path, locale: str) -> list[Voice]:
    """Return the voices that a persona asks for: flite's, which recognisers take for human, else espeak-ng's.

    Raises:
        VoiceError: if neither flite nor espeak-ng is there.
    """
    engines = available_engines()
    flite = engines.get("flite") == "ok" and locale.startswith("en")
    if not flite and engines.get("espeak") != "ok":
        raise VoiceError(
            "The simulated person has no voice: neither flite nor espeak-ng is installed.",
            meaning="The demonstration was not started.",
            remedy="Install one, for example: sudo apt install flite.",
        )
    voices: list[Voice]
    if locale.startswith("en"):
        voices = [FliteVoice(name) for name in names] if flite else [EspeakVoice(locale=locale)]
    else:
        voices = [EspeakVoice(locale=locale, voice=name) for name in names]
    return [CachedVoice(voice, cache) for voice in voices]
