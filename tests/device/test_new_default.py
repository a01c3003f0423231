"""A headset that becomes the system's default in the middle of a session is followed, and said."""

import json
import os
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.device

_SESSION = """
import json, subprocess, sys, time
import numpy as np
from cuewalk.devices.lasting import DefaultWatch, LastingAudio
DefaultWatch.__init__.__defaults__ = (0.2,)
audio = LastingAudio()
tone = np.rint(8000 * np.sin(2 * np.pi * 500 * np.arange(320) / 16000)).astype(np.int16)
silence = np.zeros(320, np.int16)
def loud(frames, play):
    heard = np.concatenate([audio.exchange(play) for _ in range(frames)])[-16000:]
    return float(np.sqrt(np.mean(heard.astype(float) ** 2))) > 500
before, epoch = loud(60, tone), audio.state.epoch
subprocess.run(["pactl", "set-default-source", "headset.monitor"], check=True)
subprocess.run(["pactl", "set-default-sink", "headset"], check=True)
after = loud(150, tone)
while_speaking = audio.state.epoch
changes = audio.changes()
loud(60, silence)
print(json.dumps({
    "before": before, "after": after, "during": while_speaking - epoch, "then": audio.state.epoch - epoch,
    "moved": sorted(c.device for c in changes if c.moved), "lost": [c.sentence for c in changes if c.lost],
    "says": [c.sentence for c in changes],
}))
audio.close()
"""


def test_a_new_default_device_is_used_and_told(null_sinks):
    options = ("sink_name=headset", "rate=48000", "channels=2", "sink_properties=device.description=Headset")
    module = null_sinks.run("pactl", "load-module", "module-null-sink", *options).stdout.strip()
    null_sinks.run("pactl", "set-default-sink", "speaker")
    try:
        # A null sink that nobody listens to delivers every two seconds only, which no headset does.
        with null_sinks.recorded("headset", Path(os.devnull)):
            done = null_sinks.run(sys.executable, "-c", _SESSION, seconds=60)
    finally:
        null_sinks.run("pactl", "set-default-source", "micfeed.monitor")
        null_sinks.run("pactl", "set-default-sink", "speaker")
        null_sinks.run("pactl", "unload-module", module)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["lost"] == [], "nothing was lost, so nothing is paused"
    assert not told["before"], "the first microphone hears nothing of the first speaker"
    assert told["after"], "the headset hears itself"
    assert told["moved"] == ["microphone", "speaker"]
    assert all("Headset" in sentence for sentence in told["says"])
    assert told["during"] == 0, "a line is not disturbed"
    assert told["then"] == 1, "the canceller begins anew once it is quiet"
