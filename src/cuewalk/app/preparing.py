"""What a session starts with: the programme, the rules, and what the journal knows of the person."""

from datetime import datetime, timedelta

from cuewalk.app.settings import Settings
from cuewalk.content.catalogue import Catalogue
from cuewalk.domain.intents import Construct, Side
from cuewalk.domain.projection import SessionRecords, manners_of, settings_of
from cuewalk.domain.records import ScreenAnswered
from cuewalk.domain.setup import Setup
from cuewalk.domain.units import Millis


def prepare(
    catalogue: Catalogue,
    programme: str,
    settings: Settings,
    histories: list[SessionRecords],
    *,
    now: datetime,
    side: Side | None = None,
    rated: Construct | None = None,
) -> Setup:
    """Return the set-up of a new session; what was changed by voice last time goes before the settings file.

    Raises:
        CuewalkError: if there is no such programme.
    """
    chosen = catalogue.programme(programme)
    spoken = settings_of(histories)
    return Setup(
        locale=catalogue.locale,
        programme=chosen,
        movements=catalogue.movements_of(chosen),
        rules=catalogue.rules,
        red_flags=catalogue.red_flags,
        screening_due=screening_due(histories, now, catalogue.rules.screening_days.value),
        first_session=not histories,
        side=side,
        rated=rated,
        manners=manners_of(histories),
        volume=spoken.get("volume", settings.volume),
        talk_rate=spoken.get("talk_rate", settings.talk_rate),
        patience=Millis(int(spoken.get("patience", settings.patience_seconds * 1000))),
        brevity=int(spoken.get("brevity", settings.brevity)),
    )


def screening_due(histories: list[SessionRecords], now: datetime, days: float) -> bool:
    """Return whether to ask for red flags: never asked, asked too long ago, or one was present last time."""
    for history in sorted(histories, key=lambda h: h.date, reverse=True):
        answers = [r for r in history.records if isinstance(r, ScreenAnswered)]
        if answers:
            return answers[-1].present or history.date < (now - timedelta(days=days)).date()
    return True
