"""Replaying a journal: the same events through the engine must give the same verdicts."""

from dataclasses import dataclass

from cuewalk.domain.records import Record, TrialJudged
from cuewalk.engine.effects import Keep
from cuewalk.engine.session import Session
from cuewalk.journal.api import Journal


@dataclass(frozen=True, slots=True)
class Replay:
    """The verdicts that were written down and those that the engine gives now."""

    events: int
    then: tuple[TrialJudged, ...]
    now: tuple[TrialJudged, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing has changed."""
        return self.then == self.now


def replay(journal: Journal, session_id: str) -> Replay:
    """Tell a new engine every event of a session again.

    Corrections made in review are no events of the session; they change the projections, not the replay.

    Raises:
        JournalError: if there is no such session.
    """
    session = Session(journal.setup(session_id))
    events = journal.events(session_id)
    kept = [effect.record for event in events for effect in session.step(event) if isinstance(effect, Keep)]
    return Replay(len(events), _judged(journal.records(session_id)), _judged(kept))


def _judged(records: list[Record]) -> tuple[TrialJudged, ...]:
    return tuple(record for record in records if isinstance(record, TrialJudged))
