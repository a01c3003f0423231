"""Another process looks whether a device is there, on the real sound system's null sinks."""

import pytest

pytestmark = pytest.mark.device

#: Looks as a session does, from a process that has the sinks' environment, and tells what it saw.
_LOOK = """
import sys, time
from dataclasses import replace
from cuewalk.devices.portaudio import find_device
from cuewalk.devices.reopening import SecondLook
device, name = sys.argv[1:]
info = find_device(None, "input" if device == "microphone" else "output")
look = SecondLook(device, replace(info, name=name or info.name), 0)
while look.result() is None:
    time.sleep(0.02)
print(look.result())
"""


def seen(null_sinks, device, name=""):
    done = null_sinks.run("python", "-c", _LOOK, device, name)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip() == "True"


@pytest.mark.parametrize(("device", "sink"), [("microphone", "micfeed"), ("speaker", "speaker")])
def test_a_device_is_there_only_if_it_opens_and_delivers(null_sinks, device, sink):
    assert seen(null_sinks, device)
    with null_sinks.suspended(sink):
        assert not seen(null_sinks, device)
    assert not seen(null_sinks, device, "a headset that is unplugged")
