"""``cuewalk checkin``: how you are the next morning, and what follows from it."""

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console

from cuewalk.cli.common import NEGATIVE_NUMBERS, interrupted, noticing, number_typed, tell, writing
from cuewalk.domain.checkin import CheckinOutcome
from cuewalk.domain.errors import CuewalkError, DeviceError, ModelError, RecogniserError, VoiceError
from cuewalk.domain.records import NextMorning
from cuewalk.domain.units import as_rating
from cuewalk.domain.words import number_words
from cuewalk.engine.checkin import Ending
from cuewalk.journal.store import Journal
from cuewalk.planning.next_morning import CheckedIn, check_in, open_checkin, waiting
from cuewalk.review.rating_log import movement_names
from cuewalk.settings import load_settings

if TYPE_CHECKING:
    from cuewalk.app.morning_call import Called


def _rating(text: str) -> float:
    try:
        return as_rating(number_typed(text))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


Value = Annotated[
    float | None,
    typer.Argument(
        parser=number_typed,
        metavar="NUMBER",
        help="Your number now, 0 to 10, halves allowed (else you are asked).",
    ),
]
Aloud = Annotated[
    bool | None,
    typer.Option("--voice/--typed", help="Be asked aloud, or type it (else aloud where it works)."),
]
CONTEXT: Final = NEGATIVE_NUMBERS
_MEANS: Final = {
    CheckinOutcome.FINE: "Not higher than before the session, or hardly: fine. Go on as planned.",
    CheckinOutcome.REPEAT: "A little higher: repeat the dose next time, do not raise it.",
    CheckinOutcome.FLARE_UP: "That is a flare-up: the next session has half the dose.",
    CheckinOutcome.UNKNOWN: "The session has no number to compare with, so nothing follows from it.",
}
#: The hour at which a morning ends.
_NOON: Final = 12


def checkin(value: Value = None, *, voice: Aloud = None) -> None:
    """Tell your number the morning after your last session; a flare-up makes the next one gentler."""
    now = datetime.now().astimezone()
    with writing() as journal:
        done = _asked(journal, now, voice) if value is None else check_in(journal, value, now)
        names = movement_names(journal)
    tell(*(_lines(done, names) if done is not None else ["No number was written down."]))


def _asked(journal: Journal, now: datetime, voice: bool | None) -> CheckedIn | None:
    """Ask for the number, aloud where that works and else by typing; None if the person ended it."""
    row = waiting(journal, now)
    if row is None:
        raise _none_waits(journal, now)
    if voice is not False:
        called = _by_voice(journal, now, forced=voice is True)
        if called is not None and called.ending is not Ending.UNANSWERED:
            return called.done
    asked = f"Your number right now, 0 to 10 (session of {row.started:%d %B, %H:%M})"
    try:
        value = typer.prompt(asked, value_proc=_rating)
    except typer.Abort:  # Ctrl-C, or the end of what is piped in
        interrupted(f"\n{_what_is_left(journal, now)}")
    return check_in(journal, value, now)


def _none_waits(journal: Journal, now: datetime) -> CuewalkError:
    """Return why no number is asked for, with what was said already."""
    # It says so itself when there is none, or it was today or long ago.
    session = open_checkin(journal, now).session
    said = [(e.item.value, e.wall) for e in journal.entries(session.id) if isinstance(e.item, NextMorning)]
    if not said:
        return CuewalkError("No session waits for a check-in.", remedy='"cuewalk run" starts one.')
    value, wall = said[-1]
    then = wall.astimezone(now.tzinfo)
    today = "this morning" if then.hour < _NOON else "today"
    return CuewalkError(
        f"You said {number_words(value)} {today if then.date() == now.date() else f'on {then:%d %B}'}.",
        meaning="No session waits for another check-in.",
        remedy="To change it: cuewalk checkin NUMBER",
    )


def _by_voice(journal: Journal, now: datetime, *, forced: bool) -> "Called | None":
    """Ask aloud; None, with a sentence why, where that does not work."""
    if not (forced or _is_terminal()):
        tell("This is no terminal, so your number is not asked aloud. To hear me: --voice.")
        return None
    # Here and not above: a number that is typed must not load the sound library.
    from cuewalk.app.morning_call import call_live  # noqa: PLC0415
    from cuewalk.session.stage import open_stage  # noqa: PLC0415

    try:
        stage = open_stage(load_settings(), "", tell)
        try:
            with noticing(stage.notices):
                return call_live(stage, journal, now, Console())
        finally:
            stage.voice.close()
    except KeyboardInterrupt:
        interrupted(_what_is_left(journal, now))
    except (DeviceError, VoiceError, ModelError, RecogniserError) as error:
        if forced:
            raise
        tell(f"You cannot be asked aloud: {error.what} So please type it.")
        return None


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _what_is_left(journal: Journal, now: datetime) -> str:
    """Return what Ctrl-C left: nothing, unless the number was kept and only the last words were cut off."""
    kept = waiting(journal, now) is None
    return "Your number had been kept." if kept else "Interrupted. Nothing was written down."


def _lines(done: CheckedIn, names: Mapping[str, str]) -> list[str]:
    checked = done.checkin
    then, now = number_words(checked.baseline), number_words(checked.value)
    lines = [
        f"Before your session of {done.session.started:%d %B}: {then}. {checked.hours:.0f} h later: {now}.",
        _MEANS[checked.outcome],
    ]
    if done.suspects:
        resting = ", ".join(names.get(name, name) for name in done.suspects)
        lines.append(f"Resting until their re-test day: {resting}.")
    if checked.outcome is CheckinOutcome.FLARE_UP:
        lines.append("If it stays or worries you, see a professional.")
    return lines
