"""The two programmes that no file holds: ``my-keepers`` and ``discover`` are made from the journal."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from cuewalk.content.catalogue import MADE, Catalogue
from cuewalk.domain.buckets import Bucket, BucketEntry, BucketState
from cuewalk.domain.content import Item, Movement, Programme
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Side
from cuewalk.domain.projection import MovementKey, SessionRecords, buckets_of, in_order, trials_of

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
    known = [ident for ident in catalogue.movements if ident not in resting]
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


def _newest_first(key: MovementKey, entry: BucketEntry) -> tuple[int, int, str, str]:
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


# The draw of ``discover``. A movement that always comes late looks better or worse for what came before it,
# so every movement is drawn about equally often, and one that came late comes early the next time. What is
# left open, chance decides.

#: Movement ids in the order in which one session did them.
Order = Sequence[str]


def draw(
    movement_ids: Iterable[str],
    sessions_so_far: Sequence[Order],
    seed: int,
    per_session: int,
    *,
    not_yet: Collection[str] = (),
    due: Collection[str] = (),
) -> tuple[str, ...]:
    """Return the movements of the next session in their order: ``per_session`` of them, or all there are.

    ``not_yet``: "not now" movements before their re-test date, never drawn. ``due``: "not now" movements
    whose re-test is due; one of them gets a place. The same arguments always give the same draw.
    """
    allowed = dict.fromkeys(ident for ident in movement_ids if ident not in not_yet)
    luck = {ident: _luck(seed, len(sessions_so_far), ident) for ident in allowed}
    done = {ident: sum(ident in order for order in sessions_so_far) for ident in allowed}
    rarest = sorted(allowed, key=lambda ident: (done[ident], luck[ident]))
    retest = [ident for ident in rarest if ident in due][: max(0, min(1, per_session))]
    others = [ident for ident in rarest if ident not in due]
    chosen = retest + others[: max(0, per_session - len(retest))]
    return tuple(sorted(chosen, key=lambda ident: (-_lateness(ident, sessions_so_far), luck[ident])))


def retests(entries: Mapping[tuple[str, Side], BucketEntry]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the "not now" movements before their re-test date, and those whose re-test is due.

    A movement that has to wait on one side waits on both: a session does both in one go.
    """
    not_now = {key[0]: set[BucketState]() for key, entry in entries.items() if entry.bucket is Bucket.NOT_NOW}
    for (movement, _), entry in entries.items():
        if entry.bucket is Bucket.NOT_NOW:
            not_now[movement].add(entry.state)
    due = frozenset(ident for ident, states in not_now.items() if states == {BucketState.DUE_FOR_RETEST})
    return frozenset(not_now) - due, due


def orders_of(sessions: Iterable[SessionRecords]) -> list[tuple[str, ...]]:
    """Return the order of each session's movements, the oldest session first; one without trials is none."""
    by_day = in_order(sessions)
    orders = (tuple(dict.fromkeys(row.movement for row in trials_of(session))) for session in by_day)
    return [order for order in orders if order]


def _lateness(ident: str, orders: Sequence[Order]) -> float:
    """Return how much more often it came late than early: each session adds -1 (first) to 1 (last)."""
    places = ((order.index(ident), len(order)) for order in orders if ident in order)
    return sum(2 * place / (count - 1) - 1 for place, count in places if count > 1)


def _luck(seed: int, session: int, ident: str) -> bytes:
    # A hash, not a generator: no state is kept, and one more movement does not change the others' luck.
    return hashlib.blake2b(f"{seed}/{session}/{ident}".encode(), digest_size=8).digest()
