"""The scripts of a movement and of the summary: pure functions from content and verdicts to lines."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from cuewalk.domain.content import Movement, RepPhase
from cuewalk.domain.intents import Side
from cuewalk.domain.prompts import PromptKey
from cuewalk.domain.units import Millis
from cuewalk.domain.verdicts import Decision
from cuewalk.engine.course import Course, Station
from cuewalk.engine.effects import CueKind
from cuewalk.engine.ledger import Ledger
from cuewalk.engine.lines import Gap, Line, Script, ScriptItem, coaching, notice, number, step

# The first five are choices, heard in simulated sessions.
#: Phases are named aloud in this many repetitions; after that the count alone keeps the tempo.
NAMED_REPS: Final = 2
#: Where every repetition is named, a coaching cue takes the second half of each one that this divides.
CUED_EVERY: Final = 3
#: The last seconds of a hold that are counted down on the beat.
COUNT_DOWN: Final = 5
#: "Halfway" is said in sets of more repetitions than this; in shorter ones it is nearly "last one".
_LONG_SET: Final = 3
#: Between the sentences of an instruction.
_BREATH: Final = Gap(Millis(400))
#: The longest cues take about this long to say.
_SPOKEN_MS: Final = 5000
#: What is said of each decision in the summary: of both sides together, and of one where the other side ended
#: otherwise.
_SUMMARY: Final[tuple[tuple[PromptKey, PromptKey, tuple[Decision, ...]], ...]] = (
    ("summary_keep", "summary_keep_side", (Decision.KEEP,)),
    ("summary_not_now", "summary_not_now_side", (Decision.NOT_NOW,)),
    ("summary_undecided", "summary_undecided_side", (Decision.UNDECIDED, Decision.RETRY)),
)


def introduce(here: Station, position: int, total: int, range_level: int, *, brief: bool = False) -> Script:
    """Return the lines that present a movement: name, side, start, steps (not when ``brief``), how far."""
    movement = here.movement
    lines: list[ScriptItem] = [notice("introduce", name=movement.name, n=str(position), total=str(total))]
    if here.instead_of is not None:
        lines.insert(0, notice("instead", name=here.instead_of.name))
    if here.side is not Side.BOTH:
        lines.append(notice("on_side", side=here.side.value))
    lines += [step(movement.start), _BREATH]
    if not brief:
        lines += [item for text in movement.steps for item in (step(text), _BREATH)]
    lines.append(step(movement.ranges[range_level].cue))
    return tuple(lines)


def perform(here: Station, first_cue: int) -> Script:
    """Return the counted, cued lines of one trial; coaching cues take turns from ``first_cue`` on."""
    cues = _cues(here.movement, first_cue)
    lines: list[ScriptItem] = [notice("ready_go"), Gap(Millis(600))]
    for set_number in range(here.dose.sets):
        if set_number:
            lines += [notice("set_rest"), Gap(Millis(round(here.dose.set_rest_seconds * 1000)))]
        lines += _reps(here, cues) if here.dose.reps else _hold(here, cues)
    lines.append(notice("movement_done"))
    return tuple(lines)


def review(movement: Movement, range_level: int) -> Script:
    """Return the technique review: the steps, the common faults, the easier version, once more."""
    lines: list[ScriptItem] = [notice("review_intro"), _BREATH]
    lines += [item for text in movement.steps for item in (step(text), _BREATH)]
    for fault in movement.faults[:3]:
        lines += [notice("review_fault", text=f"{fault.fault} {fault.correction}"), _BREATH]
    lines += [
        notice("review_easier", text=movement.easier),
        notice("review_again"),
        step(movement.ranges[range_level].cue),
    ]
    return tuple(lines)


def _cues(movement: Movement, first: int) -> Iterator[Line]:
    """Yield coaching cues for ever, the general six and the movement's own in turn."""
    index = first
    while True:
        yield coaching(index)
        if movement.coaching:
            yield Line(
                CueKind.COACHING, "literal", {"text": movement.coaching[index % len(movement.coaching)]}
            )
        index += 1


def _reps(here: Station, cues: Iterator[Line]) -> Iterator[ScriptItem]:
    reps = here.dose.reps or 0
    for rep in range(1, reps + 1):
        if rep == reps and reps > 1:
            yield notice("last_one")
        elif reps > _LONG_SET and rep == reps // 2 + 1:
            yield notice("halfway")
        yield from _one_rep(here.movement, rep, cues)


def _one_rep(movement: Movement, rep: int, cues: Iterator[Line]) -> Iterator[ScriptItem]:
    """Yield the phases of one repetition, each on its beat; a cue has the beats of those it replaces."""
    named = movement.name_every_rep or rep <= NAMED_REPS
    told = _told(movement, rep)
    for index, phase in enumerate(movement.phases[:told]):
        if index == 0:
            yield _count(rep, phase.say if named else "", _beat(phase))
        else:
            yield step(phase.say, _beat(phase)) if named else Gap(_beat(phase))
    if rest := movement.phases[told:]:
        yield replace(next(cues), beat=_beat(*rest))


def _told(movement: Movement, rep: int) -> int:
    """Return how many phases of a repetition are told before a coaching cue takes the rest."""
    phases = len(movement.phases)
    if movement.name_every_rep:
        return phases if rep % CUED_EVERY else (phases + 1) // 2
    return phases if rep <= NAMED_REPS else max(1, phases - 1)


def _beat(*phases: RepPhase) -> Millis:
    return Millis(round(sum(phase.seconds for phase in phases) * 1000))


def _count(n: int, phase: str, beat: Millis) -> Line:
    if phase:
        return Line(CueKind.COUNT, "count_phase", {"n": str(n), "text": phase}, beat=beat)
    return Line(CueKind.COUNT, "count", {"n": str(n)}, beat=beat)


def _hold(here: Station, cues: Iterator[Line]) -> Iterator[ScriptItem]:
    """Yield one timed hold: cues in between, halfway said in the middle, the end counted down.

    A hold is a time, not a tempo: "slower" does not make it longer.
    """
    total = round(here.dose.hold_seconds or 0)
    yield notice("hold_start", n=number(total))
    before, after = total * 500, total * 500 - COUNT_DOWN * 1000
    if after < _SPOKEN_MS:  # too short for a cue and a "halfway" before the count
        rest = max(0, total - COUNT_DOWN) * 1000
        if rest:
            yield replace(next(cues), beat=Millis(rest), paced=False)
    else:
        for half, first in ((before, next(cues)), (after, notice("halfway"))):
            yield replace(first, beat=Millis(half // 2), paced=False)
            yield replace(next(cues), beat=Millis(half - half // 2), paced=False)
    for left in range(min(COUNT_DOWN, total), 0, -1):
        yield Line(CueKind.COUNT, "count", {"n": str(left)}, beat=Millis(1000), paced=False)


def summary(ledger: Ledger, course: Course, *, stopped: bool) -> Iterator[Line]:
    """Yield the spoken summary: keepers, not now, undecided, how sure, goodbye.

    Of each movement and side the last trial counts, corrections included.
    """
    found = _decided(ledger, course)
    yield notice("summary_intro")
    for both, one_side, decisions in _SUMMARY:
        here = [key for key, decision in found.items() if decision in decisions]
        yield from _sum_up(both, one_side, here, {name for name, _ in found.keys() - here})
    if not found:
        yield notice("summary_none")
    yield notice("summary_honest")
    yield notice("goodbye_stopped" if stopped else "goodbye")


def _sum_up(
    both: PromptKey, one_side: PromptKey, here: Sequence[tuple[str, Side]], elsewhere: Collection[str]
) -> Iterator[Line]:
    """Yield one line for the movements of a decision, and one for each whose other side ended otherwise."""
    if whole := dict.fromkeys(name for name, _ in here if name not in elsewhere):
        yield notice(both, text=", ".join(whole))
    yield from (notice(one_side, name=name, side=side.value) for name, side in here if name in elsewhere)


def _decided(ledger: Ledger, course: Course) -> dict[tuple[str, Side], Decision]:
    last = {trial.station: trial for trial in ledger.trials if trial.judged}
    return {
        (course.stations[station].movement.name, trial.side): ledger.stands(trial)[1]
        for station, trial in sorted(last.items())
    }
