"""``cuewalk programmes``: which programmes there are, and what one is made of."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from cuewalk.cli.common import Content, reading, tell
from cuewalk.content.catalogue import Catalogue, minutes_of
from cuewalk.content.personal import changes_in_words, load_own_catalogue
from cuewalk.domain.content import Dose, Programme
from cuewalk.planning.own_programmes import OWN, choose
from cuewalk.terminal.tables import Rows

Name = Annotated[str | None, typer.Argument(help="A programme's id, to see its movements.")]
Locale = Annotated[str, typer.Option(help="The language of the texts.")]


def programmes(name: Name = None, locale: Locale = "en-US", content: Content = None) -> None:
    """List the programmes, or (with a name) the movements of one and what is said for and against them."""
    catalogue = load_own_catalogue(locale, content)
    console = Console()
    tell(*changes_in_words(catalogue))
    if name is None:
        _list(catalogue).show(console)
        tell("To see the movements of one: cuewalk programmes NAME", style="dim")
        return
    programme = _own(catalogue, name) if name in OWN else catalogue.programme(name)
    tell(programme.name, style="bold")
    tell(programme.about, programme.source)
    _movements(programme, catalogue).show(console)
    _claims(programme, catalogue).show(console)


def _own(catalogue: Catalogue, name: str) -> Programme:
    """Return a programme as it would be made now, from the person's own sessions."""
    with reading() as journal:
        return choose(catalogue, name, journal.histories(), datetime.now(UTC).astimezone()).programme


def _dose_words(dose: Dose) -> str:
    """Return a dose for reading: "5 times", "3 sets of 30 s"."""
    once = f"{dose.reps} times" if dose.reps else f"{dose.hold_seconds:g} s"
    return once if dose.sets == 1 else f"{dose.sets} sets of {once}"


def _list(catalogue: Catalogue) -> Rows:
    table = Rows(("id", "name", "movements>", "minutes", "source"), "Programmes")
    for programme in catalogue.programmes.values():
        minutes = f"about {minutes_of(programme, catalogue.movements)}"
        table.add(programme.id, programme.name, str(len(programme.items)), minutes, programme.source)
    for ident, (name, about) in OWN.items():
        table.add(ident, name, "varies", "varies", about)
    return table


def _movements(programme: Programme, catalogue: Catalogue) -> Rows:
    table = Rows(("", "movement", "joints", "dose", "side"))
    for number, item in enumerate(programme.items, start=1):
        movement = catalogue.movements[item.movement]
        dose = _dose_words(item.dose or movement.dose)
        side = (item.sides or movement.sides).value
        table.add(str(number), movement.name, ", ".join(movement.joints), dose, side)
    return table


def _claims(programme: Programme, catalogue: Catalogue) -> Rows:
    table = Rows(("movement", "what is said for it", "what is said against it", "source"))
    for movement in catalogue.movements_of(programme).values():
        note = movement.note
        table.add(movement.name, note.claim, note.counter, note.source)
    return table
