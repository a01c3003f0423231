"""The recordings beside the journal: whole or not there, and only they are ever deleted."""

import os
import wave
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from cuewalk.domain.errors import BugError, JournalError
from cuewalk.journal.clips import ClipStore
from helpers.permissions import as_a_person

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SOUND = np.array([0, 1, -1, 32767, -32768] * 100, dtype=np.int16)


@pytest.fixture
def clips(tmp_path):
    return ClipStore(tmp_path / "clips")


def age(file, days):
    moment = (NOW - timedelta(days=days)).timestamp()
    os.utime(file, (moment, moment))


def test_a_clip_is_a_wav_of_exactly_what_was_said(clips):
    name = clips.save("20261121-1405-k3", 7, SOUND)
    assert name == "20261121-1405-k3-0007.wav"
    with wave.open(str(clips.path(name))) as wav:
        assert (wav.getnchannels(), wav.getsampwidth(), wav.getframerate()) == (1, 2, 16000)
        assert np.array_equal(np.frombuffer(wav.readframes(-1), np.dtype("<i2")), SOUND)
    assert [file.name for file in clips.folder.iterdir()] == [name], "no unfinished file is left"


def test_an_utterance_counted_again_after_a_resume_does_not_overwrite_the_first(clips):
    first, second = clips.save("a", 1, SOUND), clips.save("a", 1, SOUND[:5])
    assert first != second
    assert clips.path(first).stat().st_size > clips.path(second).stat().st_size


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "clips").write_text("in the way")
    with pytest.raises(JournalError, match=r"cannot be saved in .*clips"):
        ClipStore(tmp_path / "clips").save("a", 1, SOUND)


@pytest.mark.parametrize(
    ("session", "samples"), [("../a", SOUND), ("a", SOUND.astype(float)), ("a", SOUND.reshape(2, -1))]
)
def test_what_is_no_clip_is_our_own_mistake(clips, session, samples):
    with pytest.raises(BugError):
        clips.save(session, 1, samples)
    assert not clips.folder.exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/b.wav", "..wav", "", "a.wav\n"])
def test_no_name_leads_out_of_the_folder(clips, name):
    with pytest.raises(JournalError, match="not the name of a clip"):
        clips.path(name)
    assert not clips.has(name)


def test_a_clip_that_expired_is_a_sentence(clips):
    name = clips.save("a", 1, SOUND)
    assert clips.has(name)
    clips.path(name).unlink()
    assert not clips.has(name)
    assert not clips.has(None)
    with pytest.raises(JournalError, match=r"not there any more.*cuewalk log"):
        clips.path(name)


class TestAClosedFolder:
    @pytest.fixture(params=[0, 0o200, 0o400, 0o600])
    def closed(self, request, clips):
        clips.save("a", 1, SOUND)
        clips.folder.chmod(request.param)
        yield clips
        clips.folder.chmod(0o700)

    def test_it_is_said_to_be_closed_and_not_that_the_clip_is_gone(self, closed):
        with (
            as_a_person(),
            pytest.raises(JournalError, match=r"you do not have the permission.*chmod u\+rwx") as error,
        ):
            closed.path("a-0001.wav")
        assert "any more" not in str(error.value)

    def test_saving_ends_in_a_sentence(self, closed):
        """It looked for a free name for ever, and held the session up."""
        with as_a_person(), pytest.raises(JournalError, match=r"cannot be saved .*permission"):
            closed.save("a", 1, SOUND)

    def test_what_cannot_be_deleted_is_told(self, closed):
        with as_a_person(), pytest.raises(JournalError, match=r"kept longer than promised.*chmod"):
            closed.expire(1, NOW + timedelta(days=400))


class TestExpiry:
    def test_older_than_the_limit_goes_and_the_rest_stays(self, clips):
        names = [clips.save("a", n, SOUND) for n in range(4)]
        for name, days in zip(names, (31, 30.01, 29.99, 0), strict=True):
            age(clips.path(name), days)
        assert clips.expire(30, NOW) == names[:2]
        assert [clips.has(name) for name in names] == [False, False, True, True]

    def test_never_touches_anything_else(self, clips, tmp_path):
        clips.save("a", 1, SOUND)
        outside = tmp_path / "music.wav"
        outside.write_bytes(b"music")
        (clips.folder / "notes.txt").write_text("mine")
        (clips.folder / "my holiday.wav").write_bytes(b"mine")
        (clips.folder / "folder.wav").mkdir()
        (clips.folder / "link.wav").symlink_to(outside)
        for file in [*clips.folder.iterdir(), outside]:
            age(file, 99)
        assert clips.expire(30, NOW) == ["a-0001.wav"]
        assert {file.name for file in clips.folder.iterdir()} == {
            "notes.txt",
            "my holiday.wav",
            "folder.wav",
            "link.wav",
        }
        assert outside.exists()

    def test_also_sweeps_what_a_crash_left(self, clips):
        clips.save("a", 1, SOUND)
        torn = clips.folder / "a-0002.wav.part"
        torn.write_bytes(b"RIFF")
        age(torn, 31)
        assert clips.expire(30, NOW) == ["a-0002.wav.part"]

    def test_without_any_clips_nothing_happens(self, clips):
        assert clips.expire(30, NOW) == []
        assert not clips.folder.exists()

    def test_a_clock_that_jumped_ahead_deletes_nothing(self, clips):
        """For one session the machine believes it is 2100; then it is set right."""
        name = clips.save("a", 1, SOUND)
        age(clips.path(name), 3)
        began = {"a": NOW - timedelta(days=3)}
        assert clips.expire(30, NOW.replace(year=2100), began) == []
        assert clips.expire(30, NOW + timedelta(days=28), began) == [name], "and the promise is kept after"

    def test_a_clip_of_a_session_dated_ahead_expires_by_when_it_was_really_recorded(self, clips):
        name = clips.save("20261121-1405-1234", 1, SOUND)
        age(clips.path(name), -30_000)
        began = {"20261121-1405-1234": NOW - timedelta(days=31)}
        assert clips.expire(30, NOW, {}) == []
        assert clips.expire(30, NOW, began) == [name]
