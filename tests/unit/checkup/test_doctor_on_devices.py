"""What ``doctor`` says of the devices is what a session would find."""

from types import SimpleNamespace

import pytest

from cuewalk.checkup import checking
from cuewalk.checkup.checking import check_everything
from cuewalk.devices import portaudio
from cuewalk.devices.device_info import DeviceInfo
from cuewalk.settings import change_setting

_HEADSET = DeviceInfo("Headset", 0, "Core Audio", 1, 2, 48_000, is_default_input=True, is_default_output=True)
_WEBCAM = DeviceInfo("Webcam", 1, "Core Audio", 2, 0, 48_000)


@pytest.fixture
def there(tmp_path, monkeypatch):
    """The devices that there are; those in ``busy`` do not open."""
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    devices, busy = [], set()

    def probe(*, device, **_):
        if devices[device].name in busy:
            raise OSError("Device unavailable", -9985)

    sounddevice = SimpleNamespace(
        check_input_settings=probe, check_output_settings=probe, PortAudioError=OSError
    )
    monkeypatch.setattr(portaudio, "sd", sounddevice)
    monkeypatch.setattr(portaudio, "query", lambda: devices)
    monkeypatch.setattr(checking, "_recogniser", lambda: "")
    return devices, busy


def _says():
    return {check.name: check for check in check_everything(listen=False)}


def test_without_devices_it_does_not_promise_that_you_can_talk_over_it(there):
    own_voice = _says()["own voice"]
    assert not own_voice.ok
    assert "talk over it" not in own_voice.says


def test_with_devices_it_does(there):
    there[0].append(_HEADSET)
    assert "talk over it" in _says()["own voice"].says


def test_the_device_that_a_session_would_use_is_named_first(there):
    there[0].extend([_HEADSET, _WEBCAM])
    assert _says()["microphone"].says == "Headset, Core Audio (also there: Webcam, Core Audio)"
    change_setting("microphone", "webcam")
    assert _says()["microphone"].says.startswith("Webcam")


def test_a_device_in_use_elsewhere_is_not_called_missing_without_a_reason(there):
    devices, busy = there
    devices.append(_HEADSET)
    busy.add("Headset")
    assert "another programme uses it" in _says()["microphone"].says
    assert not _says()["own voice"].ok


def test_that_nobody_is_logged_in_is_said_once(monkeypatch):
    from cuewalk.checkup import checking  # noqa: PLC0415

    why = "Nobody is logged in here."
    monkeypatch.setattr(checking, "what_is_missing", lambda: why)
    said = checking._once(
        [checking.Check(name, ok=False, says=f"No {name}. {why}") for name in ("microphone", "speaker")]
    )
    assert [check.says for check in said] == [f"No microphone. {why}", "No speaker."]
