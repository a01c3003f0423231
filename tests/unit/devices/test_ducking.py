"""What pactl tells, in both of its forms, and a system without it."""

import os

from cuewalk.devices.ducking_guard import PlayingStream, _belongs, streams_of_json, streams_of_text
from cuewalk.devices.guards import ducked

_TEXT = """Sink Input #7
\tDriver: protocol-native.c
\tVolume: front-left: 52429 /  80% / -5.81 dB,   front-right: 40000 /  61% / -12.87 dB
\t        balance -0.24
\tProperties:
\t\tapplication.name = "Music"
\t\tapplication.process.id = "4242"
\t\tmedia.name = "a = \\"song\\""

Sink Input #9
\tDriver: module-loopback.c
\tVolume: mono: 65536 / 100% / 0.00 dB
\tProperties:
\t\tmedia.name = "Loopback"
"""
_JSON = (
    '[{"index": 7, "volume": {"front-left": {"value": 52429}, "front-right": {"value": 40000}},'
    ' "properties": {"application.name": "Music", "application.process.id": "4242"}},'
    ' {"index": 9, "volume": {"mono": {"value": 65536}}, "properties": {"media.name": "Loopback"}}]'
)


def test_players_are_read_from_both_forms_and_loopbacks_are_left_alone():
    music = PlayingStream(7, "Music", 4242, (52_429, 40_000))
    assert streams_of_text(_TEXT) == [music]
    assert streams_of_json(_JSON) == [music]


def test_nothing_to_read_is_no_player():
    assert streams_of_text("") == []


def test_a_process_belongs_to_itself_and_its_parents():
    assert _belongs(os.getpid(), os.getpid())
    assert _belongs(os.getpid(), os.getppid())
    assert not _belongs(os.getppid(), os.getpid())


def test_without_a_sound_system_nothing_happens(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with ducked(enabled=True):
        pass
