"""Puts the simulated person into the virtual room: hears what is spoken, speaks aloud."""

from collections.abc import Sequence

import numpy as np

from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.engine.effects import Speak
from cuewalk.engine.events import NotUnderstood
from cuewalk.engine.session import View
from cuewalk.session.observing import Observer, Step
from cuewalk.simulation.person.person import SimulatedPerson
from cuewalk.speech_out.api import Voice

#: People do not start and end on a sample: a little air around what is said.
_AIR = np.zeros(1600, dtype=np.int16)


class Presence(Observer):
    """An observer that answers through the room's microphone, so that the recogniser has to hear it."""

    def __init__(self, person: SimulatedPerson, room: VirtualRoom, voices: Sequence[Voice]) -> None:
        self._person, self._room, self._voices = person, room, voices
        self._turns = 0
        self.said: list[tuple[int, str]] = []

    def stepped(self, step: Step) -> None:
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
