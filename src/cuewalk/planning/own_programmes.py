"""The two programmes that no file holds: ``my-keepers`` and ``discover`` are made from the journal."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from cuewalk.content.catalogue import MADE, Catalogue
from cuewalk.domain.buckets import Bucket, BucketEntry
from cuewalk.domain.content import Item, Movement, Programme
from cuewalk.domain.design import draw, orders_of, retests
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Side
from cuewalk.domain.projection import Key, SessionRecords, buckets_of, in_order

MY_KEEPERS, DISCOVER = MADE
#: Name and description of each.
OWN: Final = {
    MY_KEEPERS: ("My keepers", "What has helped you, from your own keep bucket, newest evidence first."),
    DISCOVER: ("Discover", "A few movements of all there are, drawn anew for each session."),
}
#: Movements of one ``discover`` session.
PER_SESSION: Final = 4
_SOURCE: Final = {
    MY_KEEPERS: "Your own ratings.",
    DISCOVER: "All programmes; chance decides the order, so that order does not decide.",
}


class Chosen(NamedTuple):
    """A programme, what may stand in where a thing is missing, and the sides where those are known."""

    programme: Programme
    stand_ins: dict[str, Movement]
    own_sides: dict[str, tuple[Side, ...]]


def check_name(catalogue: Catalogue, name: str) -> None:
    """Refuse the name of a programme that does not exist.

    Raises:
        CuewalkError: if there is none; the message names the nearest one.
    """
    if name not in OWN:
        catalogue.programme(name)


def choose(catalogue: Catalogue, name: str, histories: Sequence[SessionRecords], now: datetime) -> Chosen:
    """Return the programme with this id: from its file, or made from the person's sessions.

    Raises:
        CuewalkError: if there is none, or nothing to make it of.
    """
    if name == MY_KEEPERS:
        return my_keepers(catalogue, histories, now.date())
    if name == DISCOVER:
        return discover(catalogue, histories, now)
    programme = catalogue.programme(name)
    return Chosen(programme, catalogue.stand_ins_of(programme), {})


def my_keepers(catalogue: Catalogue, histories: Sequence[SessionRecords], today: date) -> Chosen:
    """Return the keep bucket as a programme: each movement on the sides it was kept for.

    Raises:
        CuewalkError: if nothing is kept yet.
    """
    entries = buckets_of(histories, today=today)
    kept = [
        key for key, entry in entries.items() if entry.bucket is Bucket.KEEP and not entry.suspended(today)
    ]
    kept = [key for key in kept if key[0] in catalogue.movements]
    if not kept:
        raise CuewalkError(
            "Your keep bucket is empty.",
            meaning="There is nothing yet that your numbers or your word have kept.",
            remedy='Run another programme first: "cuewalk run feet-up".',
        )
    kept.sort(key=lambda key: _newest_first(key, entries[key]))
    sides: dict[str, tuple[Side, ...]] = {}
    for movement, side in kept:
        sides[movement] = (*sides.get(movement, ()), side)
    # Nothing stands in for what has helped: it would be another movement than the person's own.
    return Chosen(_programme(MY_KEEPERS, list(sides)), {}, sides)


def discover(catalogue: Catalogue, histories: Sequence[SessionRecords], now: datetime) -> Chosen:
    """Return the next draw of movements, seeded by the person's first session.

    Raises:
        CuewalkError: if every movement is waiting for its re-test.
    """
    entries = buckets_of(histories, today=now.date())
    not_yet, due = retests(entries)
    resting = {movement for (movement, _), entry in entries.items() if entry.suspended(now.date())}
    known = [ident for ident in catalogue.movements if ident not in not_yet and ident not in resting]
    orders = orders_of(histories)
    drawn = draw(known, orders, _seed(histories, now), PER_SESSION, not_yet=not_yet, due=due)
    if not drawn:
        raise CuewalkError(
            "There is nothing to discover today.",
            meaning='Every movement is in your "not now" bucket and waits for its re-test date.',
            remedy='"cuewalk buckets" shows them.',
        )
    programme = _programme(DISCOVER, drawn)
    # Nor may a "not now" movement come in through the back door, as a stand-in.
    stand_ins = catalogue.stand_ins_of(programme).items()
    return Chosen(
        programme, {key: value for key, value in stand_ins if key not in not_yet | due | resting}, {}
    )


def _newest_first(key: Key, entry: BucketEntry) -> tuple[int, int, str, str]:
    newest = entry.evidence[-1].date if entry.evidence else entry.date
    return (-(newest or date.min).toordinal(), -entry.counted, *key)


def _programme(ident: str, movements: Sequence[str]) -> Programme:
    name, about = OWN[ident]
    items = tuple(Item(movement=movement) for movement in movements)
    return Programme(id=ident, name=name, about=about, source=_SOURCE[ident], items=items)


def _seed(histories: Sequence[SessionRecords], now: datetime) -> int:
    """Return a number that stays the same for a person from their first session on."""
    first = next(iter(in_order(histories)), None)
    text = first.session if first else now.isoformat()
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big")
