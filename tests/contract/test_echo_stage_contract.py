"""What every EchoStage keeps to: headphones, half-duplex, and the canceller."""

import sys

import numpy as np
import pytest

from cuewalk.audio.aec.canceller import EchoCanceller, EchoMode, HalfDuplex, NoCanceller, build_echo_stage
from cuewalk.audio.aec.far_end import FarEnd
from cuewalk.domain.units import FRAME_SAMPLES
from helpers.synth import say

_STAGES = {
    EchoMode.HEADPHONES: lambda _: NoCanceller(),
    EchoMode.HALF_DUPLEX: HalfDuplex,
    EchoMode.CANCEL: EchoCanceller,
}
_SILENCE = np.zeros(FRAME_SAMPLES, np.int16)
#: Frames from the speaker to the microphone, and how much quieter our voice is there.
_LATENCY, _ECHO = 5, 0.3


class Bench:
    """A stage on a far end; our voice comes back into its microphone."""

    def __init__(self, mode: EchoMode) -> None:
        self.far_end = FarEnd(_LATENCY)
        self.stage = _STAGES[mode](self.far_end)
        self._on_its_way = [_SILENCE] * _LATENCY

    def pass_frame(self, play, person, echo):
        self.far_end.append(play)
        self._on_its_way.append(play)
        heard = person + echo * self._on_its_way.pop(0)
        return self.stage.clean(np.rint(heard).astype(np.int16))


@pytest.fixture(params=_STAGES)
def bench(request):
    return Bench(request.param)


def _frames(sound):
    return sound[: len(sound) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)


def _level(sound):
    return float(np.sqrt(np.mean(np.square(sound.astype(np.float64)))))


def test_each_frame_gives_one_frame_and_the_gate_is_as_long(bench):
    for play in _frames(say("slow and small")):
        cleaned = bench.pass_frame(play, 0, _ECHO)
        for frame in (cleaned, bench.stage.gate):
            assert frame is None or (frame.shape, frame.dtype) == ((FRAME_SAMPLES,), np.int16)


def test_the_microphones_frame_stays_as_it_was(bench):
    microphone = np.arange(FRAME_SAMPLES, dtype=np.int16)
    bench.far_end.append(_SILENCE)
    bench.stage.clean(microphone)
    assert np.array_equal(microphone, np.arange(FRAME_SAMPLES))


def test_words_in_our_silence_come_through_as_they_are(bench):
    spoken = _frames(say("that hurts"))
    heard = np.concatenate([bench.pass_frame(_SILENCE, person, 0) for person in spoken])
    assert np.corrcoef(heard, spoken.ravel())[0, 1] > 0.98
    assert _level(heard) == pytest.approx(_level(spoken), rel=0.1)


def test_a_dc_offset_is_taken_out(bench):
    for _ in range(50):
        heard = bench.pass_frame(_SILENCE, np.full(FRAME_SAMPLES, 900), 0)
    assert abs(float(heard.mean())) < 10


def test_our_own_voice_is_at_least_12_db_down_after_a_sentence_where_it_can_come_back(bench):
    if bench.stage.mode is EchoMode.HEADPHONES:
        return
    sentence = _frames(say("stand tall, breathe out, and let your shoulders drop"))
    for _ in range(3):
        left = np.concatenate([bench.pass_frame(play, 0, _ECHO) for play in sentence])
    assert _level(left) < _ECHO * _level(sentence) * 10 ** (-12 / 20)
    assert not bench.stage.training


@pytest.mark.parametrize("mode", [None, *EchoMode])
def test_each_mode_has_its_stage(mode):
    assert build_echo_stage(mode, FarEnd()).mode is (mode or EchoMode.CANCEL)


def test_without_the_canceller_it_is_half_duplex_and_the_log_says_so(monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "livekit", None)
    assert build_echo_stage(None, FarEnd()).mode is EchoMode.HALF_DUPLEX
    assert "no echo canceller" in caplog.text
