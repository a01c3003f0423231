"""``cuewalk replay``: the same verdicts from the same events."""

from collections.abc import Mapping
from typing import Annotated

import typer

from cuewalk.cli.common import reading, tell
from cuewalk.domain.buckets import TrialRow
from cuewalk.domain.words import DECISION_WORDS, outcome_words, trial_words
from cuewalk.review import replay as replaying
from cuewalk.review.rating_log import movement_names

Session = Annotated[
    str | None, typer.Argument(help="The session (else the latest), as 'cuewalk log --all' shows.")
]


def replay(session: Session = None) -> None:
    """Tell the engine a session's events again and compare the verdicts."""
    with reading() as journal:
        rows = journal.sessions()
        if session is None and not rows:
            tell('There is no session to replay yet. "cuewalk run" starts one.')
            raise typer.Exit(1)
        chosen = session or rows[-1].id
        result, names = replaying.replay(journal, chosen), movement_names(journal)
    for row in result.now:
        decision = f", {DECISION_WORDS[row.decision]}" if row.judged else ""
        tell(f"{_trial(row, names)} ({trial_words(row)}): {outcome_words(row)}{decision}")
    judged = sum(row.judged for row in result.now)
    if result.agrees:
        same = "verdict" if judged == 1 else "verdicts"
        tell(f"{result.events} events of {chosen} replayed: the same {judged} {same}.")
        return
    _show_difference(chosen, result, names)
    raise typer.Exit(1)


def _show_difference(session: str, result: replaying.Replay, names: Mapping[str, str]) -> None:
    written, judged = (sum(row.judged for row in rows) for rows in (result.then, result.now))
    tell(f"The verdicts of {session} differ: {written} written down, {judged} now.")
    for row, then, now in result.differing:
        tell(f"{_trial(row, names)}: written down: {_told(then)}; now: {_told(now)}")
    if not result.differing:
        tell("What stands today is the same; what was said in the session differs.")
    tell("Nothing was changed. The session may be from another version of cuewalk.")


def _trial(row: TrialRow, names: Mapping[str, str]) -> str:
    return f"trial {row.trial}: {names.get(row.movement, row.movement)}, {row.side.value}"


def _told(row: TrialRow | None) -> str:
    return f"{outcome_words(row)} ({trial_words(row)})" if row is not None else "no such trial"
