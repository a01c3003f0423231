"""Our own voice is taken out of the microphone, the person's is not."""

import shutil

import numpy as np
import pytest

from cuewalk.audio.aec.canceller import EchoCanceller
from cuewalk.audio.aec.far_end import FarEnd
from cuewalk.audio.playout_queue import PlayoutQueue
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.units import FRAME_SAMPLES
from helpers.synth import say

pytestmark = pytest.mark.skipif(shutil.which("flite") is None, reason="needs flite: apt install flite")
_ECHO_DB = -12.0


def _level(frames: list[np.ndarray]) -> float:
    """Return the level in dBFS."""
    return 20 * np.log10(np.sqrt((np.concatenate(frames).astype(float) ** 2).mean()) / 32768 + 1e-9)


def _run(delay_ms: int) -> tuple[list[np.ndarray], list[np.ndarray], int, list[np.ndarray]]:
    """Play a cue into a room with an echo, then let the person speak: microphone, cleaned, cue frames."""
    room = VirtualRoom(seed=3, echo_db=_ECHO_DB, echo_delay_ms=delay_ms, noise_db=-70.0)
    queue = PlayoutQueue(room)
    canceller = EchoCanceller(queue.far_end)
    cue = np.tile(say("To hear the movement again, say repeat. To end at once, say stop."), 2)
    queue.play(1, cue)
    frames = len(cue) // FRAME_SAMPLES
    heard, cleaned, gates = [], [], []
    for number in range(frames + 100):
        if number == frames + 50:
            room.say(say("four"))
        heard.append(queue.exchange()[1])
        cleaned.append(canceller.clean(heard[-1]))
        gates.append(canceller.gate)
    return heard, cleaned, frames, gates


@pytest.mark.parametrize("delay_ms", [20, 60, 200, 400])
def test_our_own_voice_is_taken_out_whatever_the_delay(delay_ms: int) -> None:
    heard, cleaned, frames, gates = _run(delay_ms)
    speaking = slice(250, frames)  # after five seconds of learning
    assert _level(heard[speaking]) - _level(cleaned[speaking]) > 12
    assert _level(heard[speaking]) - _level(gates[speaking]) > 25


def test_the_persons_voice_stays() -> None:
    heard, cleaned, frames, _ = _run(60)
    answering = slice(frames + 50, None)
    assert abs(_level(heard[answering]) - _level(cleaned[answering])) < 3


def _level_after(cue_frames: int, shift: int, *, told: bool) -> float:
    """Return how much less echo there is in the second after the speaker's queue became longer, in dB."""
    room = VirtualRoom(seed=3, echo_db=_ECHO_DB, echo_delay_ms=200, noise_db=-70.0)
    far_end = FarEnd(room.state.latency_frames)
    canceller = EchoCanceller(far_end)
    cue = np.tile(say("To hear the movement again, say repeat. To end at once, say stop."), 4)
    frames = list(cue[: cue_frames * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES))
    queue: list[np.ndarray] = []
    heard, cleaned = [], []
    for number, played in enumerate(frames):
        if number == cue_frames - 60:
            queue += [np.zeros(FRAME_SAMPLES, np.int16)] * shift
            if told:
                far_end.slip(shift * FRAME_SAMPLES)
        queue.append(played)
        heard.append(room.exchange(queue.pop(0)))
        far_end.append(played)
        cleaned.append(canceller.clean(heard[-1]))
    after = slice(cue_frames - 60 + room.state.latency_frames + shift, None)
    return _level(heard[after]) - _level(cleaned[after])


def test_a_jump_of_the_speakers_queue_that_is_told_costs_nothing() -> None:
    told, untold = (_level_after(600, 2, told=told) for told in (True, False))
    assert told > 15
    assert told > untold + 5
