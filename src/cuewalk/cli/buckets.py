"""``cuewalk buckets``: what you keep, what not now, what is undecided, and on what evidence."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from rich.console import Console

from cuewalk.cli.common import reading, tell
from cuewalk.domain.buckets import Bucket, BucketEntry
from cuewalk.domain.projection import MovementKey, buckets_of
from cuewalk.domain.words import state_words, trial_words
from cuewalk.review.rating_log import movement_names
from cuewalk.terminal.tables import Rows

_TITLES: Final = {Bucket.KEEP: "Keep", Bucket.NOT_NOW: "Not now", Bucket.UNDECIDED: "Undecided"}
#: Shown wherever verdicts are, so that none is taken for more than it is.
_NOTES: Final = (
    "A drop of 1 point is within measurement error.",
    "A change within a session predicts the next session only modestly.",
    "Order, warming up and expectation play a part.",
    '"Not now" never means harmful.',
    "This is general movement guidance, not medical advice.",
)


def buckets() -> None:
    """Show your keep, not now and undecided movements with their evidence, before → after."""
    with reading() as journal:
        entries = buckets_of(journal.histories(), today=datetime.now().astimezone().date())
        names = movement_names(journal)
    if not entries:
        tell('Nothing was tried yet. "cuewalk run" starts a session.')
        return
    for bucket, title in _TITLES.items():
        mine = {key: entry for key, entry in entries.items() if entry.bucket is bucket}
        if mine:
            _table(title, mine, names).show(Console())
    tell(*_NOTES, style="dim")


def _table(title: str, entries: Mapping[MovementKey, BucketEntry], names: Mapping[str, str]) -> Rows:
    table = Rows(("movement", "side", "trials>", "before → after", "state", "why", "date"), title)
    for (movement, side), entry in sorted(entries.items()):
        table.add(
            names.get(movement, movement),
            side.value,
            str(entry.counted),
            [trial_words(row) for row in entry.evidence],
            state_words(entry.state),
            entry.reason,
            f"{entry.date:%Y-%m-%d}" if entry.date else "",
        )
    return table
