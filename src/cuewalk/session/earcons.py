"""Decides when a tone sounds: a question waits for its answer, an answer was heard, or was not understood."""

from typing import Final

from cuewalk.audio.earcons import Earcon, tone
from cuewalk.audio.playout_queue import PlayoutQueue
from cuewalk.domain.heard import InputMode
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.engine.session import View
from cuewalk.engine.states import ASKING, NOTES
from cuewalk.session.observing import Observer, StepPerformed

#: A question may have pauses between its sentences; this many frames of silence end it (120 ms).
_OVER: Final = 6


class Earcons(Observer):
    """An observer that plays the tones besides the voice.

    Nothing sounds for typed words, and nothing for speech that no question is waiting for: a conversation in
    the room is not commented on.
    """

    def __init__(self, queue: PlayoutQueue) -> None:
        self._queue = queue
        self._tones = {earcon: tone(earcon) for earcon in Earcon}
        self._state = "idle"
        self._quiet = 0
        self._waiting = False

    def stepped(self, step: StepPerformed) -> None:
        """Tell that an answer was heard, or was not understood."""
        asking, self._state = self._state, step.view.state
        if asking != self._state or step.lines:
            self._quiet, self._waiting = 0, False
        match step.event:
            case Understood(heard=heard) if heard.mode is InputMode.VOICE:
                self._play(Earcon.HEARD)
            case NotUnderstood(heard=heard) if heard.mode is InputMode.VOICE and asking in ASKING:
                self._play(Earcon.HEARD if asking in NOTES else Earcon.NOT_UNDERSTOOD)

    def ticked(self, now: int, view: View, *, quiet: bool) -> None:  # noqa: ARG002 - the observer's shape
        """Tell that a question is over and its answer is waited for."""
        self._quiet = self._quiet + 1 if quiet and view.state in ASKING else 0
        if self._quiet == _OVER and not self._waiting:
            self._waiting = True
            self._play(Earcon.LISTENING)

    def _play(self, earcon: Earcon) -> None:
        self._queue.overlay(self._tones[earcon])
