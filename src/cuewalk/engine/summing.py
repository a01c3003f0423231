"""The summary at the end of a session."""

from cuewalk.domain.verdicts import Decision
from cuewalk.engine.course import Course
from cuewalk.engine.ledger import Ledger
from cuewalk.engine.lines import Item, notice


def results(ledger: Ledger, course: Course) -> dict[Decision, list[str]]:
    """Return the movements by what their numbers, corrected ones too, decide; the last trial counts."""
    last = {trial.station: ledger.stands(trial)[1] for trial in ledger.trials if trial.judged}
    found: dict[Decision, list[str]] = {}
    for station, decision in sorted(last.items()):
        found.setdefault(decision, []).append(course.stations[station].movement.name)
    return found


def summary_lines(ledger: Ledger, course: Course, *, stopped: bool) -> list[Item]:
    """Return the spoken summary: keepers, not now, undecided, how sure, goodbye."""
    found = results(ledger, course)
    lines: list[Item] = [notice("summary_intro")]
    if keep := found.get(Decision.KEEP):
        lines.append(notice("summary_keep", text=_list(keep)))
    if not_now := found.get(Decision.NOT_NOW):
        lines.append(notice("summary_not_now", text=_list(not_now)))
    if undecided := [*found.get(Decision.UNDECIDED, ()), *found.get(Decision.RETRY, ())]:
        lines.append(notice("summary_undecided", text=_list(undecided)))
    if not found:
        lines.append(notice("summary_none"))
    lines.append(notice("summary_honest"))
    lines.append(notice("goodbye_stopped" if stopped else "goodbye"))
    return lines


def _list(names: list[str]) -> str:
    return ", ".join(dict.fromkeys(names))
