"""A new list of devices, from the real PortAudio."""

import pytest

from cuewalk.devices import portaudio
from cuewalk.domain.errors import DeviceError


def test_portaudio_that_did_not_start_once_can_be_started_again(monkeypatch):
    sounddevice = pytest.importorskip("sounddevice", exc_type=OSError)

    # Other tests close streams that were never counted.
    monkeypatch.setattr(portaudio, "_open_streams", 0)

    def fails():
        raise sounddevice.PortAudioError("Error initializing PortAudio", -9999)

    with monkeypatch.context() as once:
        once.setattr(sounddevice, "_initialize", fails)
        for _ in range(2):
            with pytest.raises(DeviceError, match="sound system"):
                portaudio.rescan()
    portaudio.rescan()
    assert isinstance(portaudio.query(), list)
