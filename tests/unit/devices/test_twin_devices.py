"""Two devices of one name: told apart, chosen by name, and never taken for each other."""

from dataclasses import replace

import pytest

from cuewalk.devices.device_info import DeviceInfo, again, match, told_apart
from cuewalk.devices.portaudio import port_of
from cuewalk.domain.errors import DeviceError


def _mac(*indices):
    """Microphones as CoreAudio lists them: one name, nothing else."""
    return told_apart([DeviceInfo("USB Mic", index, "Core Audio", 1, 0, 48_000) for index in indices])


def _alsa(*plugged):
    """Microphones as ALSA lists them, each with its card's number and its port."""
    found = [
        DeviceInfo(f"USB Mic: Audio (hw:{card},0)", index, "ALSA", 1, 0, 48_000, port=port)
        for index, (card, port) in enumerate(plugged)
    ]
    return told_apart(found)


def test_devices_of_one_name_get_numbers_that_choose_them():
    first, second = _mac(3, 5)
    assert (first.choice, second.choice) == ("USB Mic #1", "USB Mic #2")
    for device in (first, second):
        assert match([first, second], device.choice, "input") == device
        assert match([first, second], device.label, "input") == device


def test_where_the_ports_are_known_they_are_the_names():
    left, right = _alsa((1, "1-1.2"), (2, "1-1.3"))
    assert right.choice == "USB Mic: Audio at 1-1.3"
    assert match([left, right], right.choice, "input") == right
    swapped = _alsa((1, "1-1.3"), (2, "1-1.2"))
    assert match(swapped, right.choice, "input").port == "1-1.3", "the card's number does not matter"


def test_the_name_alone_is_not_guessed_and_the_way_to_choose_is_said():
    with pytest.raises(DeviceError, match=r'2 microphones.*such as "USB Mic #2"'):
        match(_mac(0, 1), "USB Mic", "input")


def test_a_microphone_and_a_speaker_of_one_name_are_no_twins():
    speaker = DeviceInfo("USB Mic", 1, "Core Audio", 0, 2, 48_000)
    found = told_apart([DeviceInfo("USB Mic", 0, "Core Audio", 1, 0, 48_000), speaker])
    assert [device.choice for device in found] == ["USB Mic", "USB Mic"]


def test_plugged_in_again_the_same_one_is_found_under_another_number():
    left, _ = _alsa((1, "1-1.2"), (2, "1-1.3"))
    assert again(_alsa((2, "1-1.3"), (4, "1-1.2")), left, "input").port == "1-1.2"


@pytest.mark.parametrize("card", [1, 2])
def test_while_one_is_away_the_other_is_not_taken_for_it(card):
    left, _ = _alsa((1, "1-1.2"), (2, "1-1.3"))
    with pytest.raises(DeviceError, match="only another of its name"):
        again(_alsa((card, "1-1.3")), left, "input")


def test_without_ports_nothing_is_guessed_until_both_are_there():
    _, second = _mac(0, 1)
    with pytest.raises(DeviceError, match="only another of its name"):
        again(_mac(0), second, "input")
    assert again(_mac(4, 7), second, "input").index == 7


def test_a_single_device_is_found_on_another_port_and_card():
    (only,) = _alsa((1, "1-1.2"))
    assert again(_alsa((3, "2-4")), only, "input").port == "2-4"


def test_a_second_one_plugged_in_meanwhile_is_not_taken_for_the_first():
    (only,) = _alsa((1, "1-1.2"))
    assert again(_alsa((1, "1-1.3"), (2, "1-1.2")), only, "input").port == "1-1.2"
    with pytest.raises(DeviceError):
        again([replace(each, port="") for each in _alsa((4, "a"), (5, "b"))], only, "input")


def test_the_port_of_a_card_is_read_from_the_system(tmp_path):
    usb = tmp_path / "devices" / "usb1" / "1-1" / "1-1.2" / "1-1.2:1.0"
    board = tmp_path / "devices" / "platform" / "soc"
    for number, folder in enumerate([board, usb]):
        folder.mkdir(parents=True)
        card = tmp_path / "class" / f"card{number}"
        card.mkdir(parents=True)
        (card / "device").symlink_to(folder)
    assert port_of("USB Audio: - (hw:1,0)", tmp_path / "class") == "1-1.2"
    assert port_of("bcm2835: - (hw:0,0)", tmp_path / "class") == ""
    assert port_of("gone (hw:7,0)", tmp_path / "class") == ""
    assert port_of("default") == ""
