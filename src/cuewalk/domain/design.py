"""Which movements ``discover`` does next, and in which order: a seeded draw, so that order does not decide.

A movement that always comes late looks better or worse for what came before it. So every movement is drawn
about equally often, and the one that came late comes early the next time; what is left open, chance decides.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence

from cuewalk.domain.buckets import Bucket, BucketEntry, BucketState
from cuewalk.domain.intents import Side
from cuewalk.domain.projection import SessionRecords, in_order, trials_of

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
