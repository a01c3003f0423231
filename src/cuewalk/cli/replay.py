"""``cuewalk replay``: the same verdicts from the same events."""

from typing import Annotated

import typer
from rich.console import Console

from cuewalk.app import replay as replaying
from cuewalk.journal.store import open_journal

Session = Annotated[
    str | None, typer.Argument(help="The session (else the latest), as 'cuewalk log --all' shows.")
]


def replay(session: Session = None) -> None:
    """Tell the engine a session's events again and compare the verdicts."""
    console, journal = Console(), open_journal()
    rows = journal.sessions()
    if session is None and not rows:
        console.print("There is no session to replay yet. Say: cuewalk run")
        raise typer.Exit(1)
    chosen = session or rows[-1].id
    result = replaying.replay(journal, chosen)
    for judged in result.now:
        console.print(f"trial {judged.trial}: {judged.verdict.outcome.value} → {judged.decision.value}")
    if result.agrees:
        console.print(f"{result.events} events of {chosen} replayed: the same {len(result.now)} verdicts.")
        return
    console.print(
        f"The verdicts of {chosen} differ: {len(result.then)} written down, {len(result.now)} now. "
        "Nothing was changed. The session may be from another version of cuewalk."
    )
    raise typer.Exit(1)
