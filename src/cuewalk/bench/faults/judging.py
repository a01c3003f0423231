"""What is looked at after a fault: by the rows themselves, by the commands of a person, by going on.

A rating is confirmed once the journal's writing of it has returned: from then on the session may act on it.
Ratings are read back in two ways: from the rows as they are, and as the product reads them.
"""

import json
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from cuewalk.bench.faults.children import CommandLine, Ended, ToParent, guarded, run_child, trace_of
from cuewalk.bench.faults.homes import entries_of_ratings
from cuewalk.bench.faults.walking import Walk
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.records import NextMorning, RatingCorrected, RatingGiven
from cuewalk.journal.store import FILE_NAME, Journal, open_journal
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
_RATINGS: Final = (RatingGiven, RatingCorrected, NextMorning)
_KINDS: Final = tuple(f"record:{each.model_fields['kind'].default}" for each in _RATINGS)

#: A session, the kind of a record and its JSON with sorted names.
KeptRating = tuple[str, str, str]


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


def tell_confirmed(tell: ToParent) -> None:
    """Have every rating told once its writing has returned. Only for a process of its own."""
    for name in ("append", "begin_session"):
        setattr(Journal, name, _telling(getattr(Journal, name), tell))


def _telling(write: Callable[..., Any], tell: ToParent) -> Callable[..., Any]:
    def telling(journal: Journal, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on
        done = write(journal, *given, **named)
        items = [*given, *named.values()]
        ratings = [each for item in items if isinstance(item, list | tuple) for each in item]
        session = next((item for item in items if isinstance(item, str)), "")
        told = [_rating(session, each) for each in ratings if isinstance(each, _RATINGS)]
        if told:
            tell({"confirmed": told})
        return done

    return telling


def _rating(session: str, record: RatingGiven | RatingCorrected | NextMorning) -> KeptRating:
    return session, f"record:{record.kind}", _sorted(record.model_dump_json())


def _sorted(payload: str) -> str:
    return json.dumps(json.loads(payload), sort_keys=True)


def confirmed_in(told: Sequence[Any]) -> list[KeptRating]:
    """Return the ratings that a child told."""
    return [(str(s), str(k), str(p)) for each in told for s, k, p in each]


def kept_in(home: Path) -> list[KeptRating]:
    """Return the ratings of a journal from its rows, read without the product.

    Raises:
        sqlite3.Error: if SQLite cannot read it.
    """
    file = home / FILE_NAME
    if not file.exists():
        return []
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as journal:
        if not journal.execute("SELECT 1 FROM sqlite_master WHERE name = 'entries'").fetchall():
            return []
        rows = journal.execute("SELECT session, kind, payload FROM entries")
        return [(session, kind, _sorted(payload)) for session, kind, payload in rows if kind in _KINDS]


def _shown_in(home: Path) -> list[KeptRating]:
    """Return the ratings of a journal as the product reads them."""
    with closing(Journal(home / FILE_NAME)) as journal:
        return [
            _rating(history.session, record)
            for history in journal.histories()
            for record in history.records
            if isinstance(record, _RATINGS)
        ]


@dataclass(frozen=True, slots=True)
class Expected:
    """What has to be found: the ratings from before and those confirmed since.

    ``files``: the person's own files are read too; ``goes_on``: the last session is taken up again and a
    rating corrected; ``turn`` chooses which of the reading commands are tried.
    """

    before: tuple[KeptRating, ...] = ()
    confirmed: tuple[KeptRating, ...] = ()
    forgets: bool = False
    files: bool = True
    turn: int = 0
    goes_on: bool = True


def judge(sandbox: Path, command: CommandLine, expected: Expected) -> list[Finding]:
    """Look at a home after a fault and return what must not be."""
    ended = run_child(lambda tell: _Look(sandbox / "home", command, expected, tell).run(), sandbox, cpu=_CPU)
    return findings_in(ended, "reading")


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at a home, in a child."""

    home: Path
    command: CommandLine
    expected: Expected
    tell: ToParent

    def run(self) -> int:
        """Compare ratings, read, go on and compare again; tell every finding."""
        expected, confirmed = self.expected, list[KeptRating]()
        tell_confirmed(lambda news: confirmed.extend(confirmed_in([news["confirmed"]])))
        self._compare(expected.confirmed)
        turn = expected.turn % len(_JOURNAL)
        for line in (_JOURNAL[turn], *(_FILES if expected.files else [_JOURNAL[turn - 1]])):
            self._command(line, UNREADABLE)
        if expected.goes_on and not expected.forgets and (self.home / FILE_NAME).exists():
            self._go_on()
            self._compare((*expected.confirmed, *confirmed))
            self._command(_JOURNAL[turn], UNREADABLE)
        return 0

    def _found(self, what: str, key: str, detail: str = "") -> None:
        self.tell(Finding(what, key, detail).as_news())

    def _compare(self, confirmed: Sequence[KeptRating]) -> None:
        try:
            rows, shown = kept_in(self.home), _shown_in(self.home)
        except Exception as error:  # noqa: BLE001 - whatever escapes is a finding
            if not isinstance(error, sqlite3.Error | CuewalkError):
                self.tell(finding_of(trace_of(error), "reading the journal").as_news())
            key = f"the journal cannot be read: {type(error).__name__}"
            self._found(UNREADABLE, key, str(error)[:300])
            return
        must = Counter([*self.expected.before, *confirmed])
        if not self.expected.forgets:
            self._look_for_lost(must, {"rows": rows, "what is shown": shown})
        self._look_for_twice(must, rows)

    def _look_for_lost(self, must: Counter[KeptRating], found: dict[str, list[KeptRating]]) -> None:
        for where, there in found.items():
            lost = list((must - Counter(there)).elements())
            if lost:
                session, kind, payload = lost[0]
                words = f"{len(lost)} lost, the first: {kind} {payload[:120]} of session {session}"
                self._found(LOST, f"confirmed ratings are not in the {where}", words)

    def _look_for_twice(self, must: Counter[KeptRating], rows: list[KeptRating]) -> None:
        given = Counter((s, json.loads(p)["rating"]) for s, k, p in rows if k == _KINDS[0])
        twice = [f"rating {number} of {session}" for (session, number), count in given.items() if count > 1]
        # The last record may have been written without that having been told: the child died in between.
        more = (Counter(rows) - must).items()
        twice += [f"{kind} in {session}" for (session, kind, _), count in more if count > 1]
        for each in twice:
            self._found(DOUBLED, "a rating is there twice", each)

    def _guarded(self, work: Callable[[], int], doing: str) -> int:
        return guarded(work, lambda news: self.tell(finding_of(news["trace"], doing).as_news()))

    def _command(self, arguments: Sequence[str], what: str) -> None:
        doing = " ".join(arguments)
        code = self._guarded(lambda: self.command(arguments), doing)
        if code:
            self._found(what, f"cuewalk {arguments[0]} ends with {code}", doing)

    def _go_on(self) -> None:
        """Take an interrupted session up to its end, replay the last, correct its last rating."""
        if self._guarded(take_up, "taking the session up again"):
            self._found(OTHER, "an interrupted session cannot be taken up again")
        try:
            ratings = entries_of_ratings(self.home)
        except sqlite3.Error:
            return
        if ratings:
            self._command(["replay"], OTHER)
            self._command(["correct", str(ratings[-1]), "3"], OTHER)


def take_up() -> int:
    """Go on with an interrupted session to its end, as `cuewalk run` would."""
    with ExitStack() as stack:
        one_session_at_a_time(stack)
        journal = stack.enter_context(closing(open_journal()))
        interrupted = journal.latest_interrupted()
        if interrupted is None or why_not_taken_up(journal, interrupted):
            return 0
        session, point = rebuild(journal, interrupted.id)
        logbook = JournalLogbook(journal, interrupted.id, None)
        walk = Walk(session, Random(9), start=int(point.clock))  # noqa: S311 - not for secrets
        for step in walk.steps(RESTORED):
            logbook.write(step.now, step.event, step.records)
    return 0
