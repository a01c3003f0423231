"""Sound files come back as they were, or with a sentence."""

import errno
import wave

import numpy as np
import pytest

from cuewalk.devices.files.wav import WavWriter, read_wav, write_wav
from cuewalk.domain.errors import CuewalkError
from cuewalk.files import writing

_SOUND = np.random.default_rng(2).integers(-32_768, 32_768, 5_000).astype(np.int16)


def _raw(path, data, *, channels=1, width=2, rate=16_000):
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(data)


def test_what_is_written_is_read(tmp_path):
    write_wav(tmp_path / "a.wav", _SOUND)
    assert np.array_equal(read_wav(tmp_path / "a.wav"), _SOUND)


def test_pieces_make_one_file(tmp_path):
    with WavWriter(tmp_path / "a.wav") as file:
        for part in np.split(_SOUND, 10):
            file.append(part)
    assert np.array_equal(read_wav(tmp_path / "a.wav"), _SOUND)


def test_another_rate_lasts_as_long(tmp_path):
    write_wav(tmp_path / "a.wav", np.zeros(44_100, np.int16), 44_100)
    assert len(read_wav(tmp_path / "a.wav")) == 16_000


def test_stereo_is_averaged(tmp_path):
    _raw(tmp_path / "a.wav", np.array([[100, 200], [-5, -7]], "<i2").tobytes(), channels=2)
    assert read_wav(tmp_path / "a.wav").tolist() == [150, -6]


def test_an_empty_file_is_an_empty_sound(tmp_path):
    _raw(tmp_path / "a.wav", b"")
    assert len(read_wav(tmp_path / "a.wav")) == 0


def test_a_file_cut_off_in_the_middle_gives_what_is_there(tmp_path):
    write_wav(tmp_path / "a.wav", _SOUND)
    (tmp_path / "a.wav").write_bytes((tmp_path / "a.wav").read_bytes()[:1_045])
    assert np.array_equal(read_wav(tmp_path / "a.wav"), _SOUND[:500])


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not a sound file at all, but some text", bytes(100)])
def test_what_is_no_sound_file_is_refused_in_a_sentence(tmp_path, content):
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(CuewalkError, match=r"a\.wav cannot be read: .+16-bit PCM"):
        read_wav(tmp_path / "a.wav")


def test_other_sample_sizes_are_refused_in_a_sentence(tmp_path):
    _raw(tmp_path / "a.wav", bytes(30), width=3)
    with pytest.raises(CuewalkError, match="24 bits"):
        read_wav(tmp_path / "a.wav")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CuewalkError, match=r"gone\.wav cannot be read: it is not there"):
        read_wav(tmp_path / "gone.wav")


def test_an_error_while_writing_leaves_the_older_file(tmp_path):
    write_wav(tmp_path / "a.wav", _SOUND)

    def interrupted():
        with WavWriter(tmp_path / "a.wav") as file:
            file.append(_SOUND[:10])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert np.array_equal(read_wav(tmp_path / "a.wav"), _SOUND)
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


def test_a_full_disk_is_said_and_nothing_half_written_stays(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(CuewalkError, match=r"cannot be written: the disk is full"):
        write_wav(tmp_path / "a.wav", np.zeros(100_000, np.int16))
    assert list(tmp_path.iterdir()) == []
