"""A microphone array behind a real sound server: one channel arrives, the others do not."""

import sys
from contextlib import contextmanager

import numpy as np
import pytest

from cuewalk.devices.files.wav import read_wav

pytestmark = pytest.mark.device

_RATE = 48_000
_HERTZ = (300, 400, 500, 600, 700, 800)
_SURROUND = "front-left,front-right,rear-left,rear-right,front-center,lfe"
_RECORD = """
import sys
import numpy as np
from pathlib import Path
from cuewalk.devices.device_info import DeviceChoice
from cuewalk.devices.live import LiveAudio
from cuewalk.devices.files.wav import write_wav
audio = LiveAudio(DeviceChoice(channel=int(sys.argv[1])))
silence = np.zeros(320, np.int16)
write_wav(Path(sys.argv[2]), np.concatenate([audio.exchange(silence) for _ in range(100)]))
audio.close()
"""


@contextmanager
def array(null_sinks, folder):
    """Let the default microphone be one of six channels, with another tone on each."""
    options = ("sink_name=array", "rate=48000", "channels=6", f"channel_map={_SURROUND}")
    module = null_sinks.run("pactl", "load-module", "module-null-sink", *options).stdout.strip()
    null_sinks.run("pactl", "set-default-source", "array.monitor")
    moments = np.arange(_RATE * 15) / _RATE
    tones = np.stack([4_000 * np.sin(2 * np.pi * hertz * moments) for hertz in _HERTZ], axis=1)
    raw = folder / "array.raw"
    raw.write_bytes(tones.astype("<i2").tobytes())
    options = (f"--rate={_RATE}", "--channels=6", "--format=s16le", "--raw", f"--channel-map={_SURROUND}")
    try:
        with null_sinks.start("pacat", "--device=array", *options, str(raw)):
            yield
    finally:
        null_sinks.run("pactl", "set-default-source", "micfeed.monitor")
        null_sinks.run("pactl", "unload-module", module)


@pytest.mark.parametrize(("channel", "hertz"), [(0, 300), (1, 300), (5, 700)])
def test_only_the_wanted_channel_of_an_array_arrives(null_sinks, tmp_path, channel, hertz):
    with array(null_sinks, tmp_path):
        wav = tmp_path / "heard.wav"
        done = null_sinks.run(sys.executable, "-c", _RECORD, str(channel), str(wav))
    assert done.returncode == 0, done.stderr
    heard = read_wav(wav)[8_000:].astype(float)
    power = np.abs(np.fft.rfft(heard * np.hanning(len(heard)))) ** 2
    bins = np.fft.rfftfreq(len(heard), 1 / 16_000)
    tones = {each: power[np.abs(bins - each) < 20].sum() for each in _HERTZ}
    others = sum(tones.values()) - tones[hertz]
    assert 10 * np.log10(tones[hertz] / others) > 30
