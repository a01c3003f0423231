"""The signal meter and the offset filter do not care how a stream is cut."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.audio.aec.canceller import DcBlocker
from cuewalk.audio.signal.quality import SignalMeter, assess

_RNG = np.random.default_rng(11)
_ENVELOPE = np.repeat(_RNG.choice([0.0, 20.0, 3_000.0, 30_000.0], 60), 200)
_SOUND = np.clip(_RNG.standard_normal(12_000) * _ENVELOPE + 500, -32768, 32767).astype(np.int16)
_SOUND[_ENVELOPE == 0] = 0
_CUTS = st.lists(st.integers(0, len(_SOUND)), max_size=30).map(sorted)


@settings(max_examples=40, deadline=None)
@given(cuts=_CUTS)
def test_the_report_is_the_same_however_the_stream_is_cut(cuts):
    meter = SignalMeter()
    for part in np.split(_SOUND, cuts):
        meter.feed(part)
    whole, cut = dataclasses.asdict(assess(_SOUND)), dataclasses.asdict(meter.report())
    for name, value in whole.items():
        assert cut[name] == (pytest.approx(value) if isinstance(value, float) else value), name


@settings(max_examples=40, deadline=None)
@given(cuts=_CUTS)
def test_the_offset_is_taken_out_the_same_however_the_stream_is_cut(cuts):
    blocker = DcBlocker()
    parts = [blocker.process(part) for part in np.split(_SOUND, cuts)]
    assert np.array_equal(np.concatenate(parts), DcBlocker().process(_SOUND))


@settings(deadline=None)
@given(offset=st.integers(-32768, 32767))
def test_a_steady_offset_is_silence_from_the_first_sample(offset):
    assert not DcBlocker().process(np.full(320, offset, np.int16)).any()


@settings(deadline=None)
@given(sound=st.lists(st.sampled_from([-32768, -1, 0, 1, 32767]), max_size=700))
def test_a_report_is_in_range_for_any_sound(sound):
    report = assess(np.array(sound, np.int16))
    assert -100 <= report.rms_dbfs <= report.peak_dbfs + 1e-6 or not report.seconds
    assert all(0 <= share <= 1 for share in (report.clipped_share, report.zero_share))
    assert -1 <= report.dc_offset <= 1
