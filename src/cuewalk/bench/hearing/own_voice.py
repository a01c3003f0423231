"""Our own cues while somebody speaks, played as the pump plays them."""

from collections.abc import Sequence

import numpy as np

from cuewalk.audio.player import Player
from cuewalk.bench.hearing.mixing import speech_rms
from cuewalk.domain.sound import Samples, as_samples


class OwnVoice:
    """Says one cue after the other while it is on; the same to the listener as `session.voicing.Voicing`.

    Without cues it is silent.
    """

    def __init__(self, cues: Sequence[tuple[str, Samples]] = ()) -> None:
        self._cues = tuple(cues)
        self._player = Player()
        self._at = 0
        self._text = ""
        self._loudness: float | None = None
        self._hushed = False

    @property
    def own_words(self) -> str:
        """The text being spoken, "" when silent."""
        return self._text

    def start(self, rms: float) -> None:
        """Speak from now on, with speech of this root mean square."""
        if self._cues:
            self._loudness = rms
            self._next()

    def stop(self) -> None:
        """Fall silent."""
        self._player.stop()
        self._loudness, self._text, self._hushed = None, "", False

    def hush(self) -> None:
        """Fall silent because something urgent may have been said; `go_on` takes it back."""
        if self._text and not self._hushed:
            self._player.stop()
            self._hushed = True

    def go_on(self) -> None:
        """Say the next cue: it was nothing urgent after all, or it is over."""
        if self._hushed:
            self._hushed = False
            self._next()

    def next_frame(self) -> Samples:
        """Return the next 20 ms of play-out."""
        frame = self._player.next_frame()
        if self._player.ended() and not self._hushed and self._loudness is not None:
            self._next()
        return frame

    def _next(self) -> None:
        self._text, samples = self._cues[self._at % len(self._cues)]
        self._at += 1
        loud = samples.astype(np.float64) * ((self._loudness or 0.0) / max(speech_rms(samples), 1.0))
        self._player.play(self._at, as_samples(loud))
