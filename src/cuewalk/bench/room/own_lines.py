"""Everything our voice can say, as texts."""

import random
from itertools import cycle
from typing import Final

from cuewalk.bench.hearing.selection import SEED
from cuewalk.content.catalogue import Catalogue
from cuewalk.domain.content import Movement
from cuewalk.domain.intents import Construct
from cuewalk.language.pack import LocalePack
from cuewalk.language.prompts import slots_in

_NUMBERS: Final = tuple(map(str, range(11)))


def own_lines(pack: LocalePack, catalogue: Catalogue) -> list[str]:
    """Return every line of the pack and of every movement once, in an order that is always the same.

    Slots are filled with what they hold in a session, each use with the next of it.
    """
    texts = list(pack.every_line()) + _filled(pack, catalogue)
    for movement in catalogue.movements.values():
        texts += _lines_of(movement)
    texts += [line for group in catalogue.red_flags for line in (group.ask, *group.flags)]
    lines = [text for text in dict.fromkeys(texts) if text.strip()]
    random.Random(SEED).shuffle(lines)  # noqa: S311 - an order, no secret
    return lines


def _lines_of(movement: Movement) -> list[str]:
    return [
        movement.name,
        movement.start,
        *movement.steps,
        *(phase.say for phase in movement.phases),
        *(level.cue for level in movement.ranges),
        *movement.coaching,
        *(text for fault in movement.faults for text in (fault.fault, fault.correction)),
        movement.easier,
        *movement.avoid_when,
        movement.note.claim,
        movement.note.counter,
    ]


def _filled(pack: LocalePack, catalogue: Catalogue) -> list[str]:
    names = [movement.name for movement in catalogue.movements.values()] or ["…"]
    numbers = cycle(_NUMBERS)
    values = {"construct": cycle(map(str, Construct)), "name": cycle(names)}
    found = []
    for texts in pack.prompts.values():
        for text in texts:
            slots = slots_in(text)
            # A slot for a whole text is filled with lines that are spoken on their own anyway.
            if slots and "text" not in slots and "side" not in slots:
                found.append(text.format(**{slot: next(values.get(slot, numbers)) for slot in slots}))
    return found
