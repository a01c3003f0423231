"""The clip comes before the entry; a clip that cannot be saved never costs a rating."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from cuewalk.domain.errors import JournalError
from cuewalk.domain.records import Phase, RatingGiven
from cuewalk.domain.units import Millis
from cuewalk.engine.events import Begin
from cuewalk.journal.clips import ClipStore
from cuewalk.journal.store import SqliteJournal
from cuewalk.session.logbook import Logbook
from helpers.journals import memory_journal
from helpers.sessions import heard, sample_setup

_RATING = RatingGiven(rating=1, trial=None, phase=Phase.BASELINE, value=4, heard=heard())


class FullDisk(ClipStore):
    """A clip store on a full disk."""

    def save(self, *_args: object) -> str:
        raise JournalError("The disk is full.")


def _journal() -> SqliteJournal:
    journal = memory_journal()
    journal.begin_session(sample_setup(), "s1", datetime.now(UTC))
    return journal


def test_the_audio_of_a_rating_is_kept_beside_its_entry(tmp_path: Path) -> None:
    journal, clips = _journal(), ClipStore(tmp_path)
    logbook = Logbook(journal, "s1", clips)
    logbook.at_hand(1, np.ones(1600, dtype=np.int16))
    logbook.write(Millis(0), Begin(), [_RATING])
    clip = next(entry.clip for entry in journal.entries("s1") if entry.item == _RATING)
    assert clip is not None
    assert clips.path(clip).exists()


def test_a_full_disk_costs_the_clip_and_not_the_rating(tmp_path: Path) -> None:
    journal, notices = _journal(), []
    logbook = Logbook(journal, "s1", FullDisk(tmp_path), notices.append)
    logbook.at_hand(1, np.ones(1600, dtype=np.int16))
    logbook.write(Millis(0), Begin(), [_RATING])
    assert _RATING in journal.records("s1")
    assert "Your ratings are still kept" in notices[0]


def test_without_clips_no_sound_is_kept() -> None:
    journal = _journal()
    logbook = Logbook(journal, "s1", None)
    logbook.at_hand(1, np.ones(1600, dtype=np.int16))
    logbook.write(Millis(0), Begin(), [_RATING])
    assert [entry.clip for entry in journal.entries("s1")] == [None] * len(journal.entries("s1"))
