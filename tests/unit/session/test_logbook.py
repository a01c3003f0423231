"""A rating is on the disk at once and its clip a moment later; a clip that fails never costs a rating."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from cuewalk.domain.errors import JournalError
from cuewalk.domain.records import RatingGiven, RatingPhase
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import Millis
from cuewalk.engine.events import Begin
from cuewalk.journal.clips import ClipStore
from cuewalk.journal.store import Journal
from cuewalk.session.logbook import JournalLogbook
from cuewalk.session.notices import NoticeBoard
from helpers.journals import memory_journal
from helpers.sessions import heard, sample_setup

_RATING = RatingGiven(rating=1, trial=None, phase=RatingPhase.BASELINE, value=4, heard=heard())


class Failing(ClipStore):
    """A clip store that cannot write."""

    error: Exception = JournalError("The disk is full.")

    def write(self, *_args: object) -> None:
        raise self.error


def _journal() -> Journal:
    journal = memory_journal()
    journal.begin_session(sample_setup(), "s1", datetime.now(UTC))
    return journal


def test_the_audio_of_a_rating_is_kept_beside_its_entry(tmp_path: Path) -> None:
    journal, clips = _journal(), ClipStore(tmp_path)
    logbook = JournalLogbook(journal, "s1", clips)
    logbook.at_hand(1, np.ones(1600, dtype=np.int16))
    logbook.write(Millis(0), Begin(), [_RATING])
    logbook.close()
    clip = next(entry.clip for entry in journal.entries("s1") if entry.item == _RATING)
    assert clip is not None
    assert clips.path(clip).exists()


@pytest.mark.parametrize("error", [JournalError("The disk is full."), MemoryError(), RuntimeError("odd")])
def test_a_clip_that_cannot_be_saved_costs_no_rating_and_is_told_once(
    tmp_path: Path, error: Exception
) -> None:
    journal, notices, store = _journal(), NoticeBoard(), Failing(tmp_path)
    store.error = error
    logbook = JournalLogbook(journal, "s1", store, notices)
    for utterance in (1, 2):
        logbook.at_hand(utterance, np.ones(1600, dtype=np.int16))
        logbook.write(Millis(0), Begin(), [_RATING])
    logbook.close()
    assert _RATING in journal.records("s1")
    [told] = notices.take()
    assert "Your ratings are still kept" in told


def test_without_clips_no_sound_is_kept() -> None:
    journal = _journal()
    logbook = JournalLogbook(journal, "s1", None)
    logbook.at_hand(1, np.ones(1600, dtype=np.int16))
    logbook.write(Millis(0), Begin(), [_RATING])
    assert [entry.clip for entry in journal.entries("s1")] == [None] * len(journal.entries("s1"))


class SlowDisk(ClipStore):
    """A disk that writes a clip only when it may."""

    may = threading.Event()

    def write(self, name: str, samples: Samples) -> None:
        assert self.may.wait(10)
        super().write(name, samples)


def _rated(number: int) -> RatingGiven:
    said = heard().model_copy(update={"utterance": number})
    return _RATING.model_copy(update={"heard": said})


def _clips_named(journal: Journal) -> list[str]:
    return [entry.clip for entry in journal.entries("s1") if entry.clip is not None]


def test_a_rating_is_written_down_before_its_clip_which_follows(tmp_path: Path) -> None:
    journal, clips = _journal(), SlowDisk(tmp_path)
    logbook = JournalLogbook(journal, "s1", clips)
    logbook.at_hand(1, np.ones(1600, dtype=np.int16))
    logbook.write(Millis(0), Begin(), [_RATING])
    (name,) = _clips_named(journal)
    assert _RATING in journal.records("s1")
    assert not clips.has(name), "a machine that dies here leaves the rating, and says that the clip is gone"
    with pytest.raises(JournalError, match="the rating and the heard words stay"):
        clips.path(name)
    clips.may.set()
    logbook.close()
    assert clips.has(name)


@pytest.mark.parametrize(("later", "kept"), [(7, True), (8, False)])
def test_a_rating_confirmed_a_few_utterances_later_keeps_its_clip(
    tmp_path: Path, later: int, kept: bool
) -> None:
    journal = _journal()
    logbook = JournalLogbook(journal, "s1", ClipStore(tmp_path))
    for number in range(1, 2 + later):
        logbook.at_hand(number, np.ones(1600, dtype=np.int16))
    logbook.write(Millis(0), Begin(), [_rated(1)])
    logbook.close()
    assert bool(_clips_named(journal)) == kept


def test_an_utterance_has_one_clip_however_often_it_is_referred_to(tmp_path: Path) -> None:
    journal, clips = _journal(), ClipStore(tmp_path)
    logbook = JournalLogbook(journal, "s1", clips)
    logbook.at_hand(1, np.ones(1600, dtype=np.int16))
    for _ in range(2):
        logbook.write(Millis(0), Begin(), [_RATING])
    logbook.close()
    first, second = _clips_named(journal)
    assert first == second
    assert len(list(tmp_path.iterdir())) == 1


def test_a_journal_that_cannot_be_written_saves_no_clip(tmp_path: Path) -> None:
    def full(*_args: object, **_named: object) -> None:
        raise JournalError("The disk is full.")

    logbook = JournalLogbook(SimpleNamespace(append=full), "s1", ClipStore(tmp_path))
    logbook.at_hand(1, np.ones(1600, dtype=np.int16))
    with pytest.raises(JournalError):
        logbook.write(Millis(0), Begin(), [_RATING])
    logbook.close()
    assert list(tmp_path.iterdir()) == []
