"""Replaying a journal: the same events through the engine must give the same verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cuewalk.domain.buckets import TrialRow
from cuewalk.domain.errors import JournalError
from cuewalk.domain.heard import InputMode
from cuewalk.domain.projection import trials_of
from cuewalk.domain.records import NextMorning, RatingCorrected, Record, TrialJudged
from cuewalk.engine.effects import Append
from cuewalk.engine.session import Session
from cuewalk.journal.store import Journal


@dataclass(frozen=True, slots=True)
class Replay:
    """The trials as they were written down and as the engine tells them now, both as they stand today.

    ``same_at_once``: the verdicts that were spoken in the session are also those that the engine gives now.
    """

    events: int
    then: tuple[TrialRow, ...]
    now: tuple[TrialRow, ...]
    same_at_once: bool

    @property
    def agrees(self) -> bool:
        """Whether nothing has changed."""
        return self.same_at_once and self.then == self.now

    @property
    def differing(self) -> list[tuple[TrialRow, TrialRow | None, TrialRow | None]]:
        """Each trial that differs, as written down and as told now; None where one side has no such trial."""
        then, now = ({row.trial: row for row in rows} for rows in (self.then, self.now))
        either = now | then
        rows = [(either[number], then.get(number), now.get(number)) for number in sorted(either)]
        return [row for row in rows if row[1] != row[2]]


def replay(journal: Journal, session_id: str) -> Replay:
    """Tell a new engine every event of a session again.

    What came afterwards (corrections, the number of the next morning) is no event of the session; it is put
    to the replayed records as it is to the kept ones, and the same projection judges both.

    Raises:
        JournalError: if there is no such session, or a part of it cannot be read.
    """
    events, kept = journal.events(session_id), journal.history(session_id)
    if not events or any(damage.session == session_id for damage in journal.left_out()):
        part = "a part" if events else "the start"
        raise JournalError(
            f"Session {session_id} cannot be replayed: {part} of it is missing.",
            meaning="Nothing was changed. What can be read of it is shown by the other commands.",
            remedy=f"cuewalk log {session_id}",
        )
    session = Session(journal.setup(session_id))
    told = [effect.record for event in events for effect in session.step(event) if isinstance(effect, Append)]
    again = replace(kept, records=(*told, *filter(_afterwards, kept.records)))
    at_once = _judged(told) == _judged(kept.records)
    return Replay(len(events), tuple(trials_of(kept)), tuple(trials_of(again)), at_once)


def _afterwards(record: Record) -> bool:
    if isinstance(record, RatingCorrected):
        return record.heard is not None and record.heard.mode is InputMode.REVIEW
    return isinstance(record, NextMorning)


def _judged(records: Sequence[Record]) -> list[TrialJudged]:
    return [record for record in records if isinstance(record, TrialJudged)]
