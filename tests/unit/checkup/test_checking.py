"""What ``doctor`` finds out about the microphone's sound, without a device."""

import pytest

from cuewalk.checkup import checking
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.errors import DeviceError


@pytest.fixture(autouse=True)
def at_home(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))


def _signal(monkeypatch, microphone):
    monkeypatch.setattr(checking, "LiveAudio", microphone)
    (check,) = [check for check in checking.check_everything() if check.name == "microphone signal"]
    return check


def test_a_microphone_that_does_not_open_is_said_and_does_not_count_twice(monkeypatch):
    def busy(*_names):
        raise DeviceError("The microphone is in use by another programme.")

    check = _signal(monkeypatch, busy)
    assert (check.ok, check.needed) == (False, False)
    assert "in use by another programme" in check.says


def test_the_microphone_is_released_after_listening(monkeypatch):
    rooms = []

    def room(*_names):
        rooms.append(VirtualRoom(noise_db=-60.0))
        return rooms[-1]

    assert _signal(monkeypatch, room).ok
    assert rooms[0]._closed


def test_a_muted_microphone_is_a_warning_in_words(monkeypatch):
    check = _signal(monkeypatch, lambda *_names: VirtualRoom())
    assert not check.ok
    assert "nothing but silence" in check.says
    assert "mute button" in check.says


def test_what_is_missing_for_a_session_is_said_once_each(monkeypatch):
    """Without devices and a login both checks say the same of what a session needs."""

    def no(what):
        def check():
            raise DeviceError(f"There is no {what}.", meaning="Both are needed.", remedy="Plug one in.")

        return check

    monkeypatch.setattr(checking, "_microphone", no("microphone"))
    monkeypatch.setattr(checking, "_speaker", no("speaker"))
    works, why = checking.sound_works()
    assert not works
    assert why == "There is no microphone. There is no speaker. Both are needed. Plug one in."
