"""What is looked at after a fault: by the rows themselves, by the commands of a person, by going on."""

import signal
import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from cuewalk.bench.faults.children import Command, Ended, Tell, guarded, run_child, trace_of
from cuewalk.bench.faults.homes import entries_of_ratings
from cuewalk.bench.faults.oracle import (
    Rating,
    confirmed_in,
    doubled_in,
    kept_in,
    lost_of,
    missing_count,
    shown_in,
    tell_confirmed,
)
from cuewalk.bench.faults.walking import Walk
from cuewalk.domain.errors import CuewalkError
from cuewalk.journal.store import FILE_NAME, open_journal
from cuewalk.session.logbook import JournalLogbook
from cuewalk.session.stage import RESTORED, one_session_at_a_time, rebuild, why_not_taken_up

LOST, DOUBLED, UNREADABLE = "lost", "doubled", "unreadable"
TRACE, HANG, OTHER = "traceback", "hang", "other"
WHATS: Final = (LOST, DOUBLED, UNREADABLE, TRACE, HANG, OTHER)
#: Seconds of processor time that all looking at a home may take; undisturbed it is under two.
_CPU: Final = 20.0
#: What reads the journal, and what reads the files of a person's own.
_JOURNAL: Final = (["log", "--all"], ["log"], ["buckets"], ["evidence"])
_FILES: Final = (["settings"], ["programmes"], ["teach", "--list"])


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be. ``key`` tells kinds apart, ``detail`` is for people.

    ``input`` and its ``size`` are the smallest input that shows it, where that is another than the try's.
    """

    what: str
    key: str
    detail: str = ""
    size: int = 0
    input: str = ""

    def as_news(self) -> dict[str, Any]:
        """Return it as news of a child."""
        return {"finding": asdict(self)}


def finding_of(trace: dict[str, Any], doing: str) -> Finding:
    """Return the finding of an escaped error."""
    return Finding(TRACE, f"{trace['kind']} in {trace['place']}", f"{doing}: {trace['text']}")


def findings_in(ended: Ended, doing: str) -> list[Finding]:
    """Return what a child told and how it ended, where it was not to be killed."""
    found = [Finding(**each) for each in ended.told("finding")]
    if ended.trace is not None:
        found.append(finding_of(ended.trace, doing))
    if ended.signal:
        hung = ended.idle or ended.signal in {signal.SIGXCPU, signal.SIGKILL}
        what, key = (HANG, f"{doing} does not end") if hung else (TRACE, f"{doing}: signal {ended.signal}")
        found.append(Finding(what, key, ended.printed[-200:]))
    if "Traceback (most recent call last)" in ended.printed and ended.trace is None:
        found.append(Finding(TRACE, f"{doing} prints a traceback", ended.printed[-400:]))
    return found


@dataclass(frozen=True, slots=True)
class Expected:
    """What has to be found: the ratings from before and those confirmed since.

    ``files``: the person's own files are read too; ``goes_on``: the last session is taken up again and a
    rating corrected; ``turn`` chooses which of the reading commands are tried.
    """

    before: tuple[Rating, ...] = ()
    confirmed: tuple[Rating, ...] = ()
    forgets: bool = False
    files: bool = True
    turn: int = 0
    goes_on: bool = True


def judge(sandbox: Path, command: Command, expected: Expected) -> list[Finding]:
    """Look at a home after a fault and return what must not be."""
    ended = run_child(lambda tell: _look(sandbox / "home", command, expected, tell), sandbox, cpu=_CPU)
    return findings_in(ended, "reading")


def _look(home: Path, command: Command, expected: Expected, tell: Tell) -> int:
    confirmed: list[Rating] = []

    def note(news: dict[str, Any]) -> None:
        confirmed.extend(confirmed_in([news["confirmed"]]) if "confirmed" in news else [])

    tell_confirmed(note)
    _compare(home, expected, expected.confirmed, tell)
    turn = expected.turn % len(_JOURNAL)
    lines = _FILES if expected.files else (_JOURNAL[turn - 1],)
    _read(command, tell, (_JOURNAL[turn], *lines))
    if expected.goes_on and not expected.forgets and (home / FILE_NAME).exists():
        _go_on(home, command, tell)
        _compare(home, expected, (*expected.confirmed, *confirmed), tell)
        _read(command, tell, (_JOURNAL[turn],))
    return 0


def _report(tell: Tell, what: str, key: str, detail: str = "") -> None:
    tell(Finding(what, key, detail).as_news())


def _compare(home: Path, expected: Expected, confirmed: Sequence[Rating], tell: Tell) -> None:
    try:
        rows, shown = kept_in(home), shown_in(home)
    except (sqlite3.Error, CuewalkError) as error:
        _report(tell, UNREADABLE, f"the journal cannot be read: {type(error).__name__}", str(error)[:300])
        return
    except Exception as error:  # noqa: BLE001 - whatever escapes is a finding
        tell(finding_of(trace_of(error), "reading the journal").as_news())
        _report(tell, UNREADABLE, f"the journal cannot be read: {type(error).__name__}", str(error)[:300])
        return
    must = [] if expected.forgets else [*expected.before, *confirmed]
    for where, there in (("rows", rows), ("what is shown", shown)):
        lost = lost_of(must, there)
        if lost:
            _report(tell, LOST, f"confirmed ratings are not in the {where}", missing_count(lost))
    for twice in doubled_in(rows, expected.before, confirmed):
        _report(tell, DOUBLED, "a rating is there twice", twice)


def _read(command: Command, tell: Tell, lines: Sequence[Sequence[str]]) -> None:
    for arguments in lines:
        _command(command, arguments, tell, UNREADABLE)


def _command(command: Command, arguments: Sequence[str], tell: Tell, what: str) -> None:
    doing = " ".join(arguments)
    traces: list[dict[str, Any]] = []
    code = guarded(lambda: command(arguments), lambda news: traces.append(news["trace"]))
    for trace in traces:
        tell(finding_of(trace, doing).as_news())
    if code:
        _report(tell, what, f"cuewalk {arguments[0]} ends with {code}", doing)


def _go_on(home: Path, command: Command, tell: Tell) -> None:
    """Take an interrupted session up to its end, replay the last, correct its last rating."""
    traces: list[dict[str, Any]] = []
    rng = Random(9)  # noqa: S311 - not for secrets
    code = guarded(lambda: take_up(rng), lambda news: traces.append(news["trace"]))
    for trace in traces:
        tell(finding_of(trace, "taking the session up again").as_news())
    if code:
        _report(tell, OTHER, "an interrupted session cannot be taken up again")
    try:
        ratings = entries_of_ratings(home)
    except sqlite3.Error:
        return
    if ratings:
        _command(command, ["replay"], tell, OTHER)
        _command(command, ["correct", str(ratings[-1]), "3"], tell, OTHER)


def take_up(rng: Random) -> int:
    """Go on with an interrupted session to its end, as `cuewalk run` would."""
    with ExitStack() as stack:
        one_session_at_a_time(stack)
        journal = stack.enter_context(closing(open_journal()))
        interrupted = journal.latest_interrupted()
        if interrupted is None or why_not_taken_up(journal, interrupted):
            return 0
        session, point = rebuild(journal, interrupted.id)
        logbook = JournalLogbook(journal, interrupted.id, None)
        for step in Walk(session, rng, start=int(point.clock)).steps(RESTORED):
            logbook.write(step.now, step.event, step.records)
    return 0
