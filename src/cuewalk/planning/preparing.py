"""What a session starts with: the programme, the rules, and what the journal knows of the person."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from cuewalk.content.catalogue import Catalogue
from cuewalk.domain.evidence import evidence_of
from cuewalk.domain.intents import Construct, Side
from cuewalk.domain.projection import SessionRecords, in_order, manners_of, rests_of, settings_of
from cuewalk.domain.records import DistressSaid, ScreenAnswered
from cuewalk.domain.setup import EDITION, Setup
from cuewalk.domain.units import Millis
from cuewalk.domain.words import spoken as spoken_evidence
from cuewalk.planning.own_programmes import choose
from cuewalk.settings import Settings


def prepare(
    catalogue: Catalogue,
    programme: str,
    settings: Settings,
    histories: list[SessionRecords],
    *,
    now: datetime,
    side: Side | None = None,
    rated: Construct | None = None,
    voices: tuple[str, ...] = (),
) -> Setup:
    """Return the set-up of a new session; what was changed by voice last time goes before the settings file.

    ``voices`` take turns when another one is asked for; the first one speaks.

    Raises:
        CuewalkError: if there is no such programme, or nothing to make it of.
    """
    chosen, stand_ins, own_sides = choose(catalogue, programme, histories, now)
    spoken, today = settings_of(histories), now.date()
    rest = rests_of(histories).get(chosen.id)
    return Setup(
        locale=catalogue.locale,
        programme=chosen,
        movements={**stand_ins, **catalogue.movements_of(chosen)},
        rules=catalogue.rules,
        red_flags=catalogue.red_flags,
        screening_due=screening_due(
            histories, now, catalogue.rules.screening_days.value, {flag.id for flag in catalogue.red_flags}
        ),
        first_session=not histories,
        side=side,
        rated=rated,
        manners=manners_of(histories),
        volume=spoken.get("volume", settings.volume),
        talk_rate=spoken.get("talk_rate", settings.talk_rate),
        voices=voices,
        patience=Millis(int(spoken.get("patience", settings.patience_seconds * 1000))),
        brevity=int(spoken.get("brevity", settings.brevity)),
        edition=EDITION,
        today=today,
        equipment=catalogue.equipment_of(chosen),
        resting_until=rest if rest and rest > today else None,
        gently=rest is not None and rest <= today,
        own_sides=own_sides,
        evidence=evidence_texts(histories, today, catalogue.locale),
    )


def evidence_texts(histories: Sequence[SessionRecords], today: date, locale: str) -> dict[str, str]:
    """Return what the person's numbers tell of each movement, to be spoken; the words are English only."""
    if not locale.startswith("en"):
        return {}
    told: dict[str, list[str]] = {}
    for (movement, side), evidence in sorted(evidence_of(histories, today=today).items()):
        if evidence.figures is not None:
            where = "" if side is Side.BOTH else f"{side.value.capitalize()} side: "
            text = spoken_evidence(evidence)
            told.setdefault(movement, []).append(where + (text[:1].lower() + text[1:] if where else text))
    return {movement: " ".join(texts) for movement, texts in told.items()}


def screening_due(
    histories: list[SessionRecords], now: datetime, days: float, groups: Collection[str]
) -> bool:
    """Return whether to ask for red flags.

    They were never all asked, or too long ago, or one was present last time, or the person was in trouble.
    """
    for history in reversed(in_order(histories)):
        said = [r for r in history.records if isinstance(r, ScreenAnswered | DistressSaid)]
        if not said:
            continue
        if isinstance(said[-1], DistressSaid):
            return True
        asked = {answer.group for answer in said if isinstance(answer, ScreenAnswered)}
        too_old = history.date < (now - timedelta(days=days)).date()
        return said[-1].present or not asked >= set(groups) or too_old
    return True
