"""A WAV file is bounded before anything is computed from what it claims."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.files.reading import UnreadableFileError
from cuewalk.files.wav import parse_wav


def _wav(
    data: bytes = bytes(64), *, rate: int = 16_000, channels: int = 1, bits: int = 16, size: int = 16
) -> bytes:
    block = max(1, channels * bits // 8)
    fmt = struct.pack("<HHIIHH", 1, channels, rate, rate * block & 0xFFFFFFFF, block & 0xFFFF, bits)
    body = b"WAVEfmt " + struct.pack("<I", size) + fmt + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"rate": 1}, "1 samples a second"),
        ({"rate": 0}, "samples a second|damaged"),
        ({"rate": 4_000_000_000}, "samples a second"),
        ({"channels": 60_000}, "channels"),
        ({"channels": 0}, "channels|damaged"),
        ({"bits": 8}, "8 bits"),
        ({"bits": 24}, "24 bits"),
        ({"size": 0xFFFFFFF0}, "damaged|early"),
        ({"size": 2}, "damaged|early|no WAV"),
    ],
)
def test_what_no_microphone_records_is_refused_with_a_reason(claims: dict[str, int], why: str) -> None:
    with pytest.raises(UnreadableFileError, match=why):
        parse_wav(_wav(**claims))


@pytest.mark.parametrize(
    ("rate", "channels"), [(4_000, 1), (8_000, 1), (44_100, 2), (384_000, 1), (48_000, 32)]
)
def test_what_devices_record_is_read(rate: int, channels: int) -> None:
    frames, found = parse_wav(_wav(bytes(128), rate=rate, channels=channels))
    assert found == rate
    assert frames.shape == (128 // 2 // channels, channels)


@given(st.binary(max_size=200), st.integers(0, 44), st.binary(max_size=8))
def test_any_bytes_are_sound_or_a_reason(data: bytes, at: int, new: bytes) -> None:
    whole = _wav(data)
    for mutant in (data, b"RIFF" + data, whole[:at] + new + whole[at + len(new) :]):
        try:
            frames, _rate = parse_wav(mutant)
        except UnreadableFileError:
            continue
        assert frames.nbytes <= len(mutant)
