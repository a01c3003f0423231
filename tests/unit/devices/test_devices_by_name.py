"""How a person's word for a device becomes a device."""

import pytest

from cuewalk.devices import portaudio
from cuewalk.devices.device_info import DeviceInfo, match
from cuewalk.devices.portaudio import find_device, must_open, query, rescan
from cuewalk.domain.errors import BugError, DeviceError

_HEADSET = DeviceInfo("USB Headset", 0, "ALSA", 1, 2, 48_000)
_WEBCAM = DeviceInfo("USB Webcam", 1, "ALSA", 2, 0, 44_100, is_default_input=True)
_MONITOR = DeviceInfo("HDMI", 2, "ALSA", 0, 2, 44_100)
_TWIN = DeviceInfo("HDMI", 3, "JACK", 0, 2, 44_100, is_default_output=True)
_ALL = [_HEADSET, _WEBCAM, _MONITOR, _TWIN]


@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        ("USB Headset", "input", _HEADSET),
        ("headset", "input", _HEADSET),
        ("usb", "output", _HEADSET),
        ("WEBCAM", "input", _WEBCAM),
        ("HDMI, JACK", "output", _TWIN),
        (None, "input", _WEBCAM),
        (None, "output", _TWIN),
    ],
)
def test_a_name_or_a_part_of_it_finds_the_device(name, kind, found):
    assert match(_ALL, name, kind) == found


def test_the_exact_name_goes_before_longer_ones():
    longer = DeviceInfo("sysdefault", 9, "ALSA", 1, 1, 44_100)
    exact = DeviceInfo("default", 10, "ALSA", 1, 1, 44_100)
    assert match([longer, exact], "default", "input") == exact


@pytest.mark.parametrize(
    ("name", "kind", "named"), [("usb", "input", ["Headset", "Webcam"]), ("HDMI", "output", ["ALSA", "JACK"])]
)
def test_a_name_that_fits_two_devices_is_not_guessed(name, kind, named):
    with pytest.raises(DeviceError) as raised:
        match(_ALL, name, kind)
    assert all(word in str(raised.value) for word in named)


def test_an_unknown_name_is_answered_with_what_there_is():
    with pytest.raises(DeviceError, match=r'no speaker called "kazoo".*USB Headset.*HDMI'):
        match(_ALL, "kazoo", "output")


def test_a_speaker_is_no_microphone():
    with pytest.raises(DeviceError, match='no microphone called "HDMI"'):
        match(_ALL, "HDMI", "input")


def test_without_a_default_the_first_device_that_can_is_used():
    assert match([_MONITOR, _HEADSET], None, "input") == _HEADSET


def test_a_machine_without_devices_is_told_of_the_demo():
    with pytest.raises(DeviceError, match=r"no microphone.*cuewalk demo"):
        match([], None, "input")


def test_without_the_portaudio_library_the_way_out_is_said(monkeypatch):
    monkeypatch.setattr(portaudio, "sd", None)
    monkeypatch.setattr(portaudio, "_missing", "PortAudio library not found", raising=False)
    for call in (query, rescan, lambda: find_device(None, "input"), lambda: must_open(None, "output")):
        with pytest.raises(DeviceError, match=r"PortAudio library.*apt install libportaudio2.*brew"):
            call()


def test_looking_for_devices_with_a_stream_open_is_our_mistake(monkeypatch):
    monkeypatch.setattr(portaudio, "_open_streams", 1)
    monkeypatch.setattr(portaudio, "sd", object())
    with pytest.raises(BugError):
        rescan()
