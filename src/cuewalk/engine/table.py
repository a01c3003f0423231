"""The whole state table of a session, as data. The diagram in ``docs/architecture.md`` is drawn from it.

``RETURN`` is a history state: back to where the person was before the interrupting state was entered.
Rows are tried in order; the first whose conditions all hold is taken.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from cuewalk.domain.intents import Expect

RETURN: Final = "(where it was)"

#: States that ask something, with what makes sense as an answer there.
ASKING: Final[dict[str, frozenset[Expect]]] = {
    "safety": frozenset({Expect.YES_NO}),
    "confirm_safety": frozenset({Expect.YES_NO}),
    "each_flag": frozenset({Expect.YES_NO}),
    "go_anyway": frozenset({Expect.YES_NO}),
    "rest_offer": frozenset({Expect.YES_NO}),
    "rest_days": frozenset({Expect.YES_NO}),
    "ask_side": frozenset({Expect.SIDE}),
    "ask_construct": frozenset({Expect.CONSTRUCT}),
    "equipment": frozenset({Expect.YES_NO}),
    "before_note": frozenset({Expect.NOTE}),
    "baseline": frozenset({Expect.RATING}),
    "rate_before": frozenset({Expect.RATING}),
    "rate_after": frozenset({Expect.RATING}),
    "rate_during": frozenset({Expect.RATING}),
    "correct_rating": frozenset({Expect.RATING}),
    "confirm_rating": frozenset({Expect.YES_NO, Expect.RATING}),
    "stop_asked": frozenset({Expect.END_OR_CARRY_ON}),
    "note": frozenset({Expect.NOTE}),
    "ready_first": frozenset({Expect.READY}),
    "ready": frozenset({Expect.READY}),
    "unsteady": frozenset({Expect.STEADY}),
}
#: What makes sense in a state besides commands; nothing where it is not named.
EXPECTS: Final = {
    **ASKING,
    "welcome": frozenset({Expect.READY}),
    "settle": frozenset({Expect.READY}),
    "emergency": frozenset({Expect.DENIAL}),
    "paused": frozenset({Expect.END_OR_CARRY_ON}),
}
#: States that wait for "ready"; before edition 3 `settle` went on by itself.
READY_WAITS: Final = ("ready_first", "ready", "settle")
#: States that take a number.
RATING: Final = ("baseline", "rate_before", "rate_after", "rate_during", "correct_rating")
#: States that take yes or no once their question has been heard to its last line.
YES_OR_NO: Final = ("safety", "each_flag", "go_anyway", "rest_offer", "rest_days", "equipment")
#: States that take free words.
NOTES: Final = ("note", "before_note")
#: States that run a script of lines and move on when it is done.
TELLING: Final = (
    "welcome",
    "introduce",
    "perform",
    "verdict",
    "review",
    "rest",
    "settle",
    "summary",
    "advised",
    "put_off",
    "emergency",
    "farewell",
)
#: States that go on by themselves, to a movement or in it.
MOVING: Final = ("introduce", "perform", "verdict", "review", "rest")
#: States that say whom to see or to call: it is said, whatever else is said meanwhile.
ADVICE: Final = ("emergency", "advised", "farewell")
#: States that wait for nothing but a word.
WAITING: Final = ("paused",)
#: Those that a pause can be for: it ends when they are back.
DEVICES: Final = ("microphone", "speaker")
STATES: Final = ("idle", *TELLING, *ASKING, *WAITING, "ended")
#: Where a state was entered from is remembered for these; ``RETURN`` leads back there.
INTERRUPTING: Final = (
    "paused",
    "stop_asked",
    "note",
    "safety",
    "rate_during",
    "confirm_rating",
    "correct_rating",
    "ready",
    "unsteady",
    "emergency",
)
#: Interruptions of interruptions lead back to the first place; before edition 3 all of these did.
OVERLAYS: Final = ("paused", "stop_asked", "note", "correct_rating", "ready", "unsteady", "emergency")
#: What a "stop" or distress puts an end to; a stop or a wrong number not answered is asked about again.
_SETTLED: Final = frozenset({"paused", "note", "ready", "unsteady", "emergency"})
#: The interruptions that an interruption does not lead back to. Neither a pause nor a note answers anything.
SEEN_THROUGH: Final = {
    "paused": frozenset[str](),
    "note": frozenset[str](),
    **dict.fromkeys(("stop_asked", "ready", "unsteady", "emergency", "safety"), _SETTLED),
    **dict.fromkeys(("rate_during", "confirm_rating", "correct_rating"), frozenset(OVERLAYS)),
}

_ALIVE: Final = tuple(
    s for s in STATES if s not in {"idle", "advised", "put_off", "emergency", "farewell", "ended"}
)
#: Where a person can be in trouble: everywhere.
_ANYWHERE: Final = tuple(s for s in STATES if s not in {"idle", "emergency", "ended"})
#: States that sessions before edition 3 did not have.
_NEWER: Final = ("ready_first", "ready", "unsteady")
#: The safety screen: nothing else comes between.
SCREEN: Final = ("safety", "confirm_safety", "each_flag")
#: Where a rating given before can be corrected.
_CORRECTABLE: Final = ("introduce", "perform", "verdict", "review", "rest", "settle", "correct_rating")
#: Where a session that was cut off waits for "ready" before it goes on; questions wait by themselves.
_TAKEN_UP: Final = ("introduce", "perform", "verdict", "review", "rest")
#: On a movement: who is in trouble here is not led back to it.
ON_A_MOVEMENT: Final = (
    "introduce",
    "rate_before",
    "perform",
    "rate_after",
    "rate_during",
    "verdict",
    "review",
)


class Row(NamedTuple):
    """One transition: from any of ``sources`` to ``dest`` if every condition in ``when`` holds.

    ``origin`` asks besides that the (interrupting) source was entered from this state; ``do`` names actions
    that run before the state changes.
    """

    trigger: str
    sources: tuple[str, ...]
    dest: str
    when: tuple[str, ...] = ()
    do: tuple[str, ...] = ()
    origin: str | None = None


def _row(
    trigger: str, sources: str | Sequence[str], dest: str, *, when: str | None = None, do: str | None = None
) -> Row:
    from_ = (sources,) if isinstance(sources, str) else tuple(sources)
    return Row(trigger, from_, dest, tuple(when.split()) if when else (), tuple(do.split()) if do else ())


#: What is asked before the first movement, in this order, each where its condition holds.
_BEFORE: Final = (
    ("go_anyway", "still_resting"),
    ("rest_offer", "rest_to_offer"),
    ("ask_side", "side_unknown"),
    ("ask_construct", "construct_unknown"),
    ("equipment", "equipment_to_ask"),
    ("put_off", "nothing_to_do"),
    ("before_note", "note_to_ask"),
    ("baseline", "nothing_rated_yet"),
)


def _opening(
    trigger: str, source: str | Sequence[str], *, after: str = "", do: str | None = None
) -> tuple[Row, ...]:
    """Return the rows from ``source`` to whatever of `_BEFORE` comes next (``after`` a state of it)."""
    names = [state for state, _ in _BEFORE]
    rest = _BEFORE[names.index(after) + 1 if after else 0 :]
    return (
        *(_row(trigger, source, state, when=when, do=do) for state, when in rest),
        _row(trigger, source, "introduce", do=do),
    )


def _onward(trigger: str, sources: str | Sequence[str], do: str | None = None) -> tuple[Row, ...]:
    return (
        _row(trigger, sources, "rest", when="more_to_do", do=do),
        _row(trigger, sources, "summary", do=do),
    )


def _after_distress(trigger: str, source: str, when: str = "") -> tuple[Row, ...]:
    """Return the rows by which a person who is steady again goes on: never with the same movement."""
    return (
        _row(trigger, source, "rest", when=f"{when} was_moving more_after_this", do="leave_movement"),
        _row(trigger, source, "summary", when=f"{when} was_moving", do="leave_movement"),
        _row(trigger, source, RETURN, when=when),
    )


_OPENING: Final = (
    _row("begin", "idle", "welcome"),
    _row("done", "welcome", "ready_first", when="asks_to_begin"),
    _row("done", "welcome", "safety", when="screening_due", do="start_screen"),
    *_opening("done", "welcome"),
    _row("ready", ("welcome", "ready_first"), "safety", when="screening_due", do="start_screen"),
    *_opening("ready", ("welcome", "ready_first")),
    *_after_distress("no", "safety", "one_sign_asked"),
    _row("no", "safety", "safety", when="more_red_flags", do="next_red_flag"),
    _row("no", "safety", RETURN, when="screen_was_asked_for"),
    *_opening("no", "safety"),
    _row("yes", "safety", "confirm_safety"),
    _row("yes", "confirm_safety", "each_flag", when="flags_are_named", do="raise_red_flag"),
    _row("yes", "confirm_safety", "advised", do="raise_red_flag"),
    _row("no", "confirm_safety", "safety"),
    _row("yes", "each_flag", "each_flag", when="more_flags_to_name"),
    _row("yes", "each_flag", "advised"),
    _row("no", "each_flag", "each_flag", when="more_flags_to_name"),
    _row("no", "each_flag", "advised"),
    _row("unanswered", "each_flag", "advised"),
    _row("unanswered", "confirm_safety", "advised", do="raise_red_flag"),
    _row("done", "advised", "ended"),
    *_opening("yes", "go_anyway", after="rest_offer", do="be_gentle"),
    _row("no", "go_anyway", "put_off", do="rest_on"),
    _row("yes", "rest_offer", "rest_days"),
    *_opening("no", "rest_offer", after="rest_offer"),
    _row("yes", "rest_days", "put_off", do="plan_rest"),
    *_opening("no", "rest_days", after="rest_offer", do="be_gentle"),
    _row("done", "put_off", "ended"),
    *_opening("side", "ask_side", after="ask_side"),
    *_opening("construct", "ask_construct", after="ask_construct"),
    _row("yes", "equipment", "equipment", when="equipment_to_ask"),
    *_opening("yes", "equipment", after="equipment"),
    _row("no", "equipment", "equipment", when="equipment_to_ask"),
    *_opening("no", "equipment", after="equipment"),
    *_opening("noted", "before_note", after="before_note"),
    *_opening("skip", "before_note", after="before_note", do="leave_note_out"),
)

_RATED: Final = (
    _row("rated", "baseline", "introduce"),
    _row("rated", "rate_before", "perform"),
    _row("rated", "rate_after", "verdict"),
    _row("rated", "rate_during", "verdict", when="movement_must_stop", do="rating_ends_trial"),
    _row("rated", "rate_during", "stop_asked", when="too_much"),
    _row("rated", "rate_during", RETURN, do="go_easier"),
)

_MOVEMENT: Final = (
    *_RATED,
    _row("doubt", RATING[:-1], "confirm_rating"),
    _row("doubt", _CORRECTABLE, "confirm_rating"),
    _row("again", "confirm_rating", RETURN),
    _row("done", "introduce", "rate_before", when="before_needed"),
    _row("done", "introduce", "perform"),
    _row("done", "perform", "rate_after"),
    _row("done", "verdict", "review", when="retry_due"),
    *_onward("done", "verdict"),
    _row("done", "review", "perform"),
    _row("done", "rest", "settle", when="carried_over", do="settle_first"),
    _row("done", "rest", "introduce", do="next_station"),
    _row("wait", "rate_after", "settle", do="settle_here"),
    _row("wait", MOVING, "paused", when="waits_for_ready"),
    _row("done", "settle", "introduce", when="settling_first", do="next_station rate_anew"),
    _row("done", "settle", "rate_after"),
    _row("ready", "settle", "introduce", when="settling_first", do="next_station rate_anew"),
    _row("ready", "settle", "rate_after"),
    _row("ready", "ready", RETURN),
    _row("take_up", (*_TAKEN_UP, "paused"), "ready"),
    _row("unknown", "baseline", "introduce", do="rating_is_unknown"),
    _row("unknown", "rate_before", "perform", do="rating_is_unknown"),
    _row("unknown", "rate_after", "verdict", do="rating_is_unknown"),
    *_onward("unknown", "rate_during", do="rating_is_unknown drop_trial"),
    _row("done", "summary", "ended"),
)

#: Nothing of this goes on by itself: the person says that they are steady, or the session ends.
_DISTRESS: Final = (
    _row("unwell", [s for s in _ANYWHERE if s != "unsteady"], "unsteady", when="waits_for_ready"),
    _row("emergency", _ANYWHERE, "emergency", when="waits_for_ready", do="note_whether_unsteady"),
    _row("steady", "unsteady", "safety", when="sign_to_ask", do="ask_the_sign"),
    *_after_distress("steady", "unsteady"),
    # Whoever has said yes to a red flag hears its advice.
    _row("unanswered", "unsteady", "advised", when="flag_raised", do="end_unheard"),
    *(_row(trigger, "unsteady", "advised", when="flag_raised") for trigger in ("stop", "end")),
    _row("unanswered", "unsteady", "farewell"),
    _row("stop", "unsteady", "farewell", do="end_by_person"),
    _row("end", "unsteady", "farewell", do="end_by_person"),
    _row("denied", "emergency", "unsteady", when="was_unsteady", do="deny_emergency"),
    _row("denied", "emergency", "ready", do="deny_emergency"),
    _row("done", "emergency", "ended", do="end_in_emergency"),
    _row("stop", "emergency", "ended", do="end_in_emergency"),
    _row("done", "farewell", "ended"),
    _row("stop", "farewell", "ended"),
)

_STEERING: Final = (
    _row("skip", "baseline", "introduce", do="rating_is_missing"),
    _row("skip", "rate_after", "verdict", do="rating_is_missing"),
    *_onward(
        "skip", ("introduce", "rate_before", "perform", "rate_during", "review", "verdict"), do="drop_trial"
    ),
    *_onward("left_early", "perform", do="end_early"),
    _row("skip", "rest", "settle", when="carried_over", do="settle_first"),
    _row("skip", "rest", "introduce", do="next_station"),
    _row("skip", "settle", "introduce", when="settling_first", do="next_station rate_anew"),
    _row("skip", "settle", "rate_after"),
    _row("skip", "summary", "ended"),
    _row("back", (*ON_A_MOVEMENT, "rest", "settle"), "introduce", do="go_back"),
    # What hurt more than was written down at first is no less too much.
    *(
        _row("corrected", (*_CORRECTABLE, "confirm_rating"), dest, when=when, do=do)
        for dest, when, do in (
            ("verdict", "hurt_must_stop", "rating_ends_trial"),
            ("stop_asked", "hurt_too_much", None),
            ("verdict", "verdict_changed", None),
        )
    ),
    _row("corrected", ("correct_rating", "confirm_rating"), RETURN),
    _row("wrong", _CORRECTABLE[:-1], "correct_rating", when="something_rated"),
)

_INTERRUPTIONS: Final = (
    _row("hurts", ("introduce", "perform", "verdict", "review", "rest", "settle"), "rate_during"),
    # Nobody who is unsteady is paused: a pause is gone on from by a word, or by a microphone that comes back.
    _row("pause", [s for s in _ALIVE if s not in {"paused", "unsteady"}], "paused"),
    _row("resume", ("paused", "stop_asked"), RETURN),
    # Whoever has said yes to a red flag hears the advice before the end.
    _row("stop", "each_flag", "advised"),
    _row("stop", "confirm_safety", "advised", do="raise_red_flag"),
    _row(
        "stop",
        [s for s in _ALIVE if s not in {"stop_asked", "summary", "each_flag", "unsteady"}],
        "stop_asked",
    ),
    _row("stop", "stop_asked", "advised", when="flag_raised"),
    _row("stop", "stop_asked", "ended", do="end_by_person"),
    _row("stop", ("summary", "advised", "put_off"), "ended"),
    _row("carry_on", ("paused", "stop_asked"), RETURN),
    _row("end", ("paused", "stop_asked"), "advised", when="flag_raised"),
    _row("end", ("paused", "stop_asked"), "summary", when="something_judged", do="end_by_person"),
    _row("end", ("paused", "stop_asked"), "ended", do="end_by_person"),
    _row("note", [s for s in _ALIVE if s not in {*NOTES, *SCREEN, "unsteady", *READY_WAITS[:2]}], "note"),
    # A note may tell of trouble that nobody understands.
    _row("noted", "note", "paused", when="held_by_a_note"),
    _row("noted", "note", RETURN),
    # As it was before edition 3.
    _row("wrong_body", ("paused", "stop_asked"), "advised", when="flag_raised"),
    _row("wrong_body", [s for s in _ALIVE if s not in {*SCREEN[1:], *_NEWER}], "safety", do="call_screen"),
)

TABLE: Final = (*_OPENING, *_MOVEMENT, *_STEERING, *_DISTRESS, *_INTERRUPTIONS)


def expanded() -> Iterator[Row]:
    """Yield the table with ``RETURN`` written out; a confirmed rating leads where its question leads."""
    for row in TABLE:
        if row.dest != RETURN:
            yield row
            continue
        for source in row.sources:
            for origin in _origins(source):
                yield _returning(row, origin)._replace(sources=(source,), origin=origin)
    for row in _RATED:
        yield from (each for origin in row.sources for each in _confirmed(row, origin))


def _confirmed(row: Row, origin: str) -> Iterator[Row]:
    """Yield the rows by which a confirmed rating leads where its question would have led."""
    from_confirm = row._replace(sources=("confirm_rating",), origin=origin)
    if row.dest != RETURN:
        yield from_confirm
        return
    for dest in _origins(origin):
        yield _returning(from_confirm, dest)._replace(when=(*row.when, f"hurt_in_{dest}"))


def _returning(row: Row, dest: str) -> Row:
    return row._replace(dest=dest, do=(*row.do, "mark_return"))


def _origins(source: str) -> tuple[str, ...]:
    """Return the states that ``source`` can lead back to: entered from them, or from what came over them."""
    found, pending = set[str](), [source]
    while pending:
        entered = pending.pop()
        new = {s for row in TABLE if row.dest == entered for s in row.sources} - found
        found |= new
        pending += new & set(INTERRUPTING)
    through = SEEN_THROUGH[source] & {*OVERLAYS}
    return tuple(s for s in STATES if s in found and s != source and s not in through)
