"""Every rating of a session as a person wants to check it: what was heard, by whom, what it led to."""

from dataclasses import dataclass
from datetime import datetime

from rich.text import Text

from cuewalk.domain.buckets import TrialRow
from cuewalk.domain.errors import JournalError
from cuewalk.domain.heard import Heard
from cuewalk.domain.intents import Side
from cuewalk.domain.projection import RatingRow, ratings_of, trials_of
from cuewalk.domain.records import RatingGiven, RatingPhase
from cuewalk.domain.setup import Setup
from cuewalk.domain.units import Rating
from cuewalk.domain.verdicts import Verdict
from cuewalk.domain.words import number_words
from cuewalk.journal.api import Entry, SessionRow
from cuewalk.journal.store import Journal


@dataclass(frozen=True, slots=True)
class RatingLine:
    """One rating. ``movement`` is the name shown to people, "" outside a trial.

    ``original`` is what was first recorded, ``value`` what stands now. ``verdict`` is that of the trial,
    on the line of its rating after.
    """

    entry: int
    wall: datetime
    movement: str
    side: Side | None
    phase: RatingPhase
    original: Rating | None
    value: Rating | None
    missing_reason: str | None
    heard: Heard | None
    clip: str | None
    verdict: Verdict | None

    @property
    def corrected(self) -> bool:
        """Return whether another value stands now than the one first recorded."""
        return self.value != self.original


def rating_log(journal: Journal, session: SessionRow) -> list[RatingLine]:
    """Return every rating of a session in order.

    Raises:
        JournalError: if the session cannot be read.
    """
    entries = journal.entries(session.id)
    history = journal.history(session.id)
    ratings = ratings_of(history.records)
    trials = {row.trial: row for row in trials_of(history)}
    setup = _setup(journal, session.id)
    names = {key: movement.name for key, movement in setup.movements.items()} if setup else {}
    # A rating before is recorded under no trial: the first trial that uses it names it.
    used = {row.before_rating: row for row in reversed(trials.values())}
    lines = []
    for entry in entries:
        if isinstance(entry.item, RatingGiven):
            given = entry.item
            trial = used.get(given.rating) if given.trial is None else trials.get(given.trial)
            if given.phase is RatingPhase.BASELINE:
                trial = None
            lines.append(_line(entry, given, ratings[given.rating], trial, names))
    return lines


def _line(
    entry: Entry, given: RatingGiven, now: RatingRow, trial: TrialRow | None, names: dict[str, str]
) -> RatingLine:
    judged_here = trial is not None and trial.judged and given.phase is RatingPhase.AFTER
    return RatingLine(
        entry=entry.id,
        wall=entry.wall,
        movement=names.get(trial.movement, trial.movement) if trial else "",
        side=trial.side if trial else None,
        phase=given.phase,
        original=given.value,
        value=now.value,
        missing_reason=given.missing_reason,
        heard=given.heard,
        clip=entry.clip,
        verdict=trial.verdict if trial and judged_here else None,
    )


def rating_words(line: RatingLine) -> Text:
    """Return the rating; after a correction the original struck through beside it."""
    if not line.corrected:
        return Text(number_words(line.value))
    return Text.assemble(
        (number_words(line.original), "strike dim"), " → ", (number_words(line.value), "bold")
    )


def movement_names(journal: Journal) -> dict[str, str]:
    """Return the names of all movements of all sessions by their ids, the newest session's name last."""
    setups = [_setup(journal, row.id) for row in journal.sessions()]
    return {key: movement.name for setup in setups if setup for key, movement in setup.movements.items()}


def _setup(journal: Journal, session_id: str) -> Setup | None:
    """Return a session's set-up, None where it cannot be read: names are worth no refusal."""
    try:
        return journal.setup(session_id)
    except JournalError:
        return None
