"""Our own voice is taken out of the microphone, the person's is not."""

import shutil

import numpy as np
import pytest

from cuewalk.audio.echo import EchoCanceller
from cuewalk.audio.player import Player
from cuewalk.audio.virtual_room import VirtualRoom
from cuewalk.domain.units import FRAME_SAMPLES
from helpers.synth import say

pytestmark = pytest.mark.skipif(shutil.which("flite") is None, reason="needs flite: apt install flite")
_ECHO_DB = -12.0


def _level(frames: list[np.ndarray]) -> float:
    """Return the level in dBFS."""
    return 20 * np.log10(np.sqrt((np.concatenate(frames).astype(float) ** 2).mean()) / 32768 + 1e-9)


def _run(delay_ms: int) -> tuple[list[np.ndarray], list[np.ndarray], int]:
    """Play a cue into a room with an echo, then let the person speak: microphone, cleaned, cue frames."""
    room = VirtualRoom(seed=3, echo_db=_ECHO_DB, echo_delay_ms=delay_ms, noise_db=-70.0)
    player, canceller = Player(), EchoCanceller(room.output_latency_frames)
    cue = say("To hear the movement again, say repeat. To end at once, say stop.")
    player.play(1, cue)
    frames = len(cue) // FRAME_SAMPLES
    heard, cleaned = [], []
    for number in range(frames + 100):
        if number == frames + 50:
            room.say(say("four"))
        played = player.next_frame()
        heard.append(room.exchange(played))
        cleaned.append(canceller.clean(heard[-1], played))
    return heard, cleaned, frames


@pytest.mark.parametrize("delay_ms", [20, 60, 200, 400])
def test_our_own_voice_is_taken_out_whatever_the_delay(delay_ms: int) -> None:
    heard, cleaned, frames = _run(delay_ms)
    speaking = slice(50, frames)
    assert _level(heard[speaking]) - _level(cleaned[speaking]) > 20


def test_the_persons_voice_stays() -> None:
    heard, cleaned, frames = _run(60)
    answering = slice(frames + 50, None)
    assert abs(_level(heard[answering]) - _level(cleaned[answering])) < 3
