"""What a campaign is asked for, and what came of it by kind, as JSON and as a table."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from rich.console import Console

from cuewalk.bench.faults.judging import WHATS, Finding
from cuewalk.bench.faults.strikes import MOMENTS
from cuewalk.bench.faults.trying import Tried
from cuewalk.bench.faults.workers import FaultCase
from cuewalk.terminal.printing import say
from cuewalk.terminal.tables import Rows

#: The kind of the kills in states of a session.
STATE: Final = "state of a session"


@dataclass(frozen=True, slots=True)
class Amounts:
    """How many tries: the long form, as it is wanted once before a release.

    Attributes:
        states: states of a session that are killed in; a choice where these are fewer than all.
        state_kills: kills in each of them.
        kills: kills of all acts together.
        refusals: failing operations of each act.
        powers: lost powers of each act.
        inputs: broken inputs of all kinds together.
        timed: some kills come after a time, so that they strike elsewhere on another machine.
    """

    states: int = len(MOMENTS)
    state_kills: int = 5
    kills: int = 420
    refusals: int = 22
    powers: int = 12
    inputs: int = 20_600
    timed: bool = True


LONG: Final = Amounts()
#: A few of each kind, the same on every machine: for every change, in 40 s on two cores.
QUICK: Final = Amounts(states=6, state_kills=1, kills=20, refusals=1, powers=1, inputs=300, timed=False)


@dataclass(frozen=True, slots=True)
class FaultRequest:
    """What is asked for. ``only``: parts of names of kinds; () for all."""

    seed: int = 1
    amounts: Amounts = LONG
    only: tuple[str, ...] = ()
    jobs: int = 2

    def wants(self, kind: str) -> bool:
        """Tell whether a kind is asked for."""
        return not self.only or any(part in kind for part in self.only)


@dataclass(slots=True)
class KindResult:
    """What came of one kind: tries in which the fault struck, processor time, findings by what they are."""

    kind: str
    tries: int = 0
    cpu: float = 0.0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WHATS, 0))


@dataclass(slots=True)
class Failure:
    """One kind of failure: its smallest input and how to see it again."""

    what: str
    key: str
    kind: str
    count: int = 0
    size: int = 0
    input: str = ""
    detail: str = ""


@dataclass(slots=True)
class FaultReport:
    """Everything that came of a campaign."""

    request: FaultRequest
    rows: dict[str, KindResult] = field(default_factory=dict)
    failures: dict[tuple[str, str], Failure] = field(default_factory=dict)
    states: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    seconds: float = 0.0
    #: Whether SQLite's own operations could be seen, and whether modes of files hold for this user.
    shim: bool = True
    modes: bool = True
    #: Ctrl-C ended it: this is what there was until then.
    cut_off: bool = False

    @property
    def failed(self) -> bool:
        """Whether anything was found."""
        return bool(self.failures)

    def moments(self, *, killed: bool) -> list[str]:
        """Return the states of a session that were killed in, or those that were not."""
        return [moment for moment in MOMENTS if (moment in self.states) == killed]

    def take(self, case: FaultCase, tried: Tried) -> None:
        """Add one case."""
        row = self.rows.setdefault(case.kind, KindResult(case.kind))
        row.tries += tried.tries if tried.struck else 0
        row.cpu = round(row.cpu + tried.cpu, 2)
        if tried.note and tried.struck:
            (self.states if case.kind.startswith("state") else self.refused).add(tried.note)
        for what in {finding.what for finding in tried.findings}:
            row.counts[what] += 1
        for finding in tried.findings:
            self._fail(case, finding, tried)

    def _fail(self, case: FaultCase, finding: Finding, tried: Tried) -> None:
        group, size = case.kind.partition(" ")[0], finding.size or tried.size
        new = Failure(finding.what, finding.key, case.kind, size=1 << 60)
        known = self.failures.setdefault((group, finding.key), new)
        known.count += 1
        if size < known.size:
            known.kind, known.size, known.detail = case.kind, size, finding.detail
            known.input = finding.input or tried.input

    def as_json(self) -> dict[str, Any]:
        """Return it as one JSON object."""
        return {
            "request": asdict(self.request),
            "seconds": round(self.seconds, 1),
            "cut_off": self.cut_off,
            "sqlite_operations_seen": self.shim,
            "modes_of_files_hold": self.modes,
            "kinds": [asdict(row) for row in self.rows.values()],
            "failures": [asdict(failure) for failure in self.failures.values()],
            "states_killed_in": self.moments(killed=True),
            "states_not_killed_in": self.moments(killed=False),
            "operations_refused": sorted(self.refused),
        }


def show_faults(console: Console, report: FaultReport) -> None:
    """Print what came of a campaign, and the smallest input of each kind of failure."""
    _table(list(report.rows.values())).show(console)
    request = report.request
    say(console, f"Seed {request.seed}, {report.seconds:.0f} s on {request.jobs} workers.")
    killed, missed = report.moments(killed=True), report.moments(killed=False)
    if request.wants(STATE):
        say(console, f"Killed in {len(killed)} of {len(MOMENTS)} states of a session: {', '.join(killed)}.")
    if request.wants(STATE) and missed:
        say(console, f"Not in {len(missed)}: {', '.join(missed)}.")
    if report.cut_off:
        console.print("Cut off: the rest was not tried.")
    if not report.shim:
        say(
            console,
            "SQLite's own operations cannot be seen by this Python: they were neither failed nor cut.",
        )
    if not report.modes:
        say(console, "Modes of files do not hold for this user: folders that may not be read were not tried.")
    _show_failures(console, report)


def _table(rows: Sequence[KindResult]) -> Rows:
    names = {"traceback": "tracebacks", "hang": "hangs > 1 s"}
    headings = ("kind", "tries>", *(f"{names.get(what, what)}>" for what in WHATS))
    table = Rows(headings, "Faults: ratings lost or doubled, homes unreadable, tracebacks, hangs")
    for row in rows:
        table.add(row.kind, str(row.tries), *(str(row.counts[what]) for what in WHATS))
    table.section()
    sums = (str(sum(row.counts[what] for row in rows)) for what in WHATS)
    table.add("all", str(sum(row.tries for row in rows)), *sums)
    return table


def _show_failures(console: Console, report: FaultReport) -> None:
    request = report.request
    failures = sorted(report.failures.values(), key=lambda each: (WHATS.index(each.what), each.key))
    for number, failure in enumerate(failures, start=1):
        say(console, f"{number}. {failure.what}: {failure.key} ({failure.count} times)", "red")
        say(console, f"   smallest: {failure.input}")
        if failure.detail:
            say(console, f"   {failure.detail.strip()}")
        again = f'cuewalk bench faults --seed {request.seed} --only "{failure.kind}"'
        say(console, f"   again: {again} --kills {request.amounts.kills} --inputs {request.amounts.inputs}")
