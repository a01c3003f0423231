"""Microphones with more channels than two, and devices that refuse a format, on a PortAudio of the test's."""

from types import SimpleNamespace

import numpy as np
import pytest

from cuewalk.devices import portaudio, sound_server
from cuewalk.devices.capture import Capture
from cuewalk.devices.device_info import DeviceInfo, Format
from cuewalk.devices.playout import Playout
from cuewalk.domain.errors import DeviceError

_FINE = SimpleNamespace(input_overflow=False, output_underflow=False)


class _PortAudioError(Exception):
    pass


class _Card:
    """Hardware that opens in some formats only; ``opened`` is what it was opened with."""

    PortAudioError = _PortAudioError

    def __init__(self, counts=(1, 2), rates=(48_000,), code=None):
        self.counts, self.rates, self.code = counts, rates, code
        self.tried, self.opened = [], None

    def _stream(self, *, channels, samplerate, callback, **_):
        self.tried.append(Format(channels, samplerate))
        if self.code:
            raise _PortAudioError("refused", self.code)
        if channels not in self.counts:
            raise _PortAudioError("Invalid number of channels", -9998)
        if samplerate not in self.rates:
            raise _PortAudioError("Invalid sample rate", -9997)
        self.opened, self.callback = Format(channels, samplerate), callback
        return SimpleNamespace(active=True, latency=0.05, abort=lambda: None, close=lambda: None)

    InputStream = OutputStream = _stream

    def hear(self, *levels):
        """Give a block of 20 ms with a constant level on each channel."""
        block = np.tile(np.array(levels, np.int16), (self.opened.rate // 50, 1))
        self.callback(block, len(block), None, _FINE)


@pytest.fixture
def card(monkeypatch):
    def put_in(**how):
        card = _Card(**how)
        monkeypatch.setattr(portaudio, "sd", card)
        return card

    return put_in


def _array(channels, api="ALSA", name="Array", rate=48_000):
    return DeviceInfo(name, 0, api, channels, 0, rate)


def _heard(card, capture, *levels):
    for _ in range(8):
        card.hear(*levels)
    return float(np.median(np.concatenate([capture.frame(1) for _ in range(5)])))


@pytest.mark.parametrize("channels", [3, 4, 6, 8])
def test_an_array_that_opens_only_with_all_of_its_channels_is_heard_through_the_first(card, channels):
    array = card(counts=(channels,))
    capture = Capture(_array(channels))
    assert array.opened.channels == channels
    assert _heard(array, capture, 1_000, *[9_000] * (channels - 1)) == 1_000


def test_an_array_that_opens_with_fewer_is_heard_through_the_first_too(card):
    array = card(counts=(1, 2, 6))
    assert _heard(array, Capture(_array(6)), 1_000, *[9_000] * (array.opened.channels - 1)) == 1_000


@pytest.mark.parametrize("channel", [1, 2, 5, 6])
def test_the_chosen_channel_is_heard_alone(card, channel):
    array = card(counts=(6,))
    capture = Capture(_array(6), channel)
    assert _heard(array, capture, *[1_000 * each for each in range(1, 7)]) == 1_000 * channel


def test_a_side_of_a_stereo_microphone_can_be_chosen(card):
    stereo = card()
    assert _heard(stereo, Capture(_array(2), 2), 1_000, 3_000) == 3_000
    assert _heard(stereo, Capture(_array(2)), 1_000, 3_000) == 2_000, "else both are mixed"


def test_a_dead_channel_that_was_chosen_is_not_replaced_by_another(card):
    array = card(counts=(6,))
    capture = Capture(_array(6), 1)
    for _ in range(60):  # longer than channels are compared before one is used alone
        assert not _heard(array, capture, 0, 9_000, 0, 0, 0, 9_000)


def test_a_channel_that_is_not_there_is_told(card):
    card()
    with pytest.raises(DeviceError, match=r"no channel 5, it has 2.*microphone_channel"):
        Capture(_array(2), 5)


def test_a_server_is_asked_for_as_many_channels_as_the_microphone_behind_it_has(card, monkeypatch):
    server = card(counts=range(1, 33))
    monkeypatch.setattr(sound_server, "channels_behind", lambda _device: 6)
    capture = Capture(_array(32, name="default"))
    assert server.opened.channels == 6, "asked for two it would mix all six"
    assert _heard(server, capture, 1_000, *[9_000] * 5) == 1_000


def test_a_server_that_does_not_tell_is_asked_for_two(card, monkeypatch):
    server = card(counts=range(1, 33))
    monkeypatch.setattr(sound_server, "channels_behind", lambda _device: 0)
    assert _heard(server, Capture(_array(32, name="default")), 1_000, 3_000) == 2_000


@pytest.mark.parametrize("claimed", [0, 1, 44_100, 10**9])
def test_a_microphone_that_refuses_or_claims_an_impossible_rate_is_opened_with_another(card, claimed):
    microphone = card(rates=(16_000,))
    capture = Capture(_array(1, rate=claimed))
    assert microphone.opened == Format(1, 16_000)
    assert all(8_000 <= form.rate <= 384_000 for form in microphone.tried)
    assert _heard(microphone, capture, 700) == 700


def test_a_speaker_that_refuses_its_rate_is_opened_with_another(card):
    speaker = card(counts=(2,), rates=(44_100,))
    playout = Playout(DeviceInfo("HDMI", 0, "ALSA", 0, 8, 48_000))
    assert speaker.opened == Format(2, 44_100)
    playout.begin()
    for _ in range(20):
        playout.put(np.full(320, 4_000, np.int16))
    blocks = [np.full((882, 2), 7, np.int16) for _ in range(20)]
    for block in blocks:
        speaker.callback(block, 882, None, _FINE)
    assert np.median(np.concatenate(blocks[10:])) == 4_000


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (-9985, "another programme uses it"),
        (-9996, "not there any more"),
        (-9997, "none of the sample rates"),
        (-9998, "none of the numbers of channels"),
        (-1, "in use by another programme, or unplugged"),
    ],
)
def test_why_a_device_does_not_open_is_a_sentence_without_codes(card, code, says):
    refusing = card(code=code)
    with pytest.raises(DeviceError) as raised:
        Capture(_array(2))
    assert says in str(raised.value)
    assert "PaErrorCode" not in str(raised.value)
    assert str(code) not in str(raised.value)
    if code == -9985:
        assert len(refusing.tried) == 1, "a device in use is not asked again and again"


def test_the_channels_of_the_servers_microphone_are_read_from_its_list():
    listed = (
        "0\tspeaker.monitor\tmodule-null-sink.c\ts16le 2ch 48000Hz\tRUNNING\n"
        "2\tarray.monitor\tmodule-null-sink.c\ts16le 6ch 48000Hz\tIDLE\n"
    )
    assert sound_server.channels_of(listed, "array.monitor") == 6
    assert sound_server.channels_of(listed, "array") == 0
