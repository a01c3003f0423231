"""A learner that is told which rating was corrected takes the clip of that one."""

from datetime import UTC, datetime

import numpy as np
import pytest

from cuewalk.content.packs import load_pack
from cuewalk.domain.records import RatingCorrected, RatingGiven, RatingPhase, SessionStarted
from cuewalk.learning.calibrating.from_corrections import _corrected
from cuewalk.session.stage import clip_store
from helpers.journals import memory_journal
from helpers.sessions import heard, sample_setup


@pytest.fixture
def corrected(tmp_path, monkeypatch):
    """Two ratings with clips, both corrected to another number; and their ENTRY numbers."""
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    journal, setup = memory_journal(), sample_setup()
    journal.begin_session(setup, "a", datetime(2026, 11, 27, tzinfo=UTC), [SessionStarted(setup=setup)])
    entries = []
    for number in (1, 2):
        clip = clip_store().save("a", number, np.ones(16_000, np.int16))
        words = heard("five").model_copy(update={"utterance": number})
        given = RatingGiven(rating=number, trial=None, phase=RatingPhase.BASELINE, value=5, heard=words)
        entries += journal.append("a", number, [given], clips={number: clip})
        journal.append("a", number, [RatingCorrected(rating=number, value=number + 6, heard=heard("x"))])
    yield journal, entries
    journal.close()


def test_of_all_corrections_only_the_one_that_was_just_made_is_learned(corrected):
    journal, entries = corrected
    pack = load_pack("en-US")
    assert [each.word for each in _corrected(journal, pack, None)] == ["seven", "eight"]
    assert [each.word for each in _corrected(journal, pack, entries[1])] == ["eight"]
