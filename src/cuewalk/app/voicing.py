"""Performs what the engine wants said: words, audio, player; and silences it."""

from collections.abc import Sequence

from cuewalk.app.wording import Wording
from cuewalk.audio.player import Player
from cuewalk.engine.effects import Speak
from cuewalk.engine.lines import Line
from cuewalk.speech_out.api import Samples
from cuewalk.speech_out.cache import CachedVoice


class Voicing:
    """The voice of a session."""

    def __init__(self, wording: Wording, voice: CachedVoice, player: Player, *, rate: float) -> None:
        self._wording, self._voice, self._player = wording, voice, player
        self.rate = rate
        self._running: tuple[Speak, str, Samples] | None = None
        self._hushed = False

    @property
    def running(self) -> Speak | None:
        """The line being spoken."""
        return self._running[0] if self._running else None

    @property
    def own_words(self) -> str:
        """The text being spoken, "" when silent; our own voice must not be taken for the person's."""
        return self._running[1] if self._running else ""

    def speak(self, speak: Speak) -> str:
        """Start a line and return its text."""
        text = self._wording.text_of(speak)
        samples = self._voice.render(text, self.rate)
        self._running, self._hushed = (speak, text, samples), False
        self._player.play(speak.cue, samples)
        return text

    def prepare(self, lines: Sequence[Line]) -> None:
        """Let the lines that come next be rendered in the background."""
        self._voice.prefetch([(self._wording.text_of(line), self.rate) for line in lines])

    def stop(self) -> None:
        """Fall silent; the line will not be reported as finished."""
        self._player.stop()
        self._running, self._hushed = None, False

    def hush(self) -> None:
        """Fall silent because something urgent may have been said; `go_on` takes it back."""
        if self._running and not self._hushed:
            self._player.stop()
            self._hushed = True

    def go_on(self) -> None:
        """Say the hushed line again: it was nothing urgent after all."""
        if self._running and self._hushed:
            self._player.play(self._running[0].cue, self._running[2])
            self._hushed = False

    def finished(self) -> list[Speak]:
        """Return the lines that have been spoken to their end since the last call."""
        done: list[Speak] = []
        for cue in self._player.finished():
            if self._running and self._running[0].cue == cue:
                done.append(self._running[0])
                self._running = None
        return done

    def set_volume(self, volume: float) -> None:
        """Play at this volume, 0-1."""
        self._player.volume = volume
