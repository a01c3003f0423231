"""The summary at the end of a session."""

from cuewalk.domain.intents import Side
from cuewalk.domain.verdicts import Decision
from cuewalk.engine.course import Course
from cuewalk.engine.ledger import Ledger
from cuewalk.engine.lines import Item, notice

#: What is said of each decision; the second prompt names the side, where the other side ended otherwise.
_SAID = (
    ("summary_keep", (Decision.KEEP,)),
    ("summary_not_now", (Decision.NOT_NOW,)),
    ("summary_undecided", (Decision.UNDECIDED, Decision.RETRY)),
)


def results(ledger: Ledger, course: Course) -> dict[tuple[str, Side], Decision]:
    """Return what is decided of each movement and side, corrections included; the last trial counts."""
    last = {trial.station: trial for trial in ledger.trials if trial.judged}
    return {
        (course.stations[station].movement.name, trial.side): ledger.stands(trial)[1]
        for station, trial in sorted(last.items())
    }


def summary_lines(ledger: Ledger, course: Course, *, stopped: bool) -> list[Item]:
    """Return the spoken summary: keepers, not now, undecided, how sure, goodbye."""
    found = results(ledger, course)
    lines: list[Item] = [notice("summary_intro")]
    for prompt, decisions in _SAID:
        lines += _told(prompt, decisions, found)
    if not found:
        lines.append(notice("summary_none"))
    lines.append(notice("summary_honest"))
    lines.append(notice("goodbye_stopped" if stopped else "goodbye"))
    return lines


def _told(
    prompt: str, decisions: tuple[Decision, ...], found: dict[tuple[str, Side], Decision]
) -> list[Item]:
    """Return one line for the movements of a decision, and one for each whose other side ended otherwise."""
    here = [key for key, decision in found.items() if decision in decisions]
    elsewhere = {name for (name, _), decision in found.items() if decision not in decisions}
    whole = dict.fromkeys(name for name, _ in here if name not in elsewhere)
    lines: list[Item] = [notice(prompt, text=", ".join(whole))] if whole else []
    split = [(name, side) for name, side in here if name in elsewhere]
    return [*lines, *(notice(f"{prompt}_side", name=name, side=side.value) for name, side in split)]
