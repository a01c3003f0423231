"""The whole campaign: which cases, in which order, and what came of them by kind."""

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from cuewalk.app.benching.faults import sqlite_shim
from cuewalk.app.benching.faults.acts import ACTS, Act
from cuewalk.app.benching.faults.children import Command
from cuewalk.app.benching.faults.homes import catalogue, make_homes
from cuewalk.app.benching.faults.inputs.kinds import INPUTS, InputKind, input_batch
from cuewalk.app.benching.faults.judging import WHATS, Finding
from cuewalk.app.benching.faults.killing import kill_try
from cuewalk.app.benching.faults.power import Recording, power_try, record
from cuewalk.app.benching.faults.refusing import refusals_of, refuse_try
from cuewalk.app.benching.faults.trying import Bench, Tried, Usual, measured
from cuewalk.app.benching.faults.workers import Case, run_cases
from cuewalk.domain.errors import CuewalkError

#: Kills, refusals of each act, lost powers of each act, broken inputs: of the long and of the quick form.
KILLS, REFUSALS, POWERS, INPUTS_MANY = 560, 22, 12, 20_500
QUICK_KILLS, QUICK_REFUSALS, QUICK_POWERS, QUICK_INPUTS = 24, 1, 1, 300
#: Of all kills so many parts go to acts that write ratings, against one part for each other act.
_RATING_PARTS: Final = 6
#: Acts that take long each and write one file: tried less often.
_SLOW: Final = {"picture": 0.1, "new-locale": 0.3, "render": 0.5, "correct-learning": 0.2}
#: A home in memory makes a try cheap; nothing here depends on a real disk.
_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
_BATCH: Final = 25


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. ``only``: parts of names of kinds; () for all."""

    seed: int = 1
    kills: int = KILLS
    refusals: int = REFUSALS
    powers: int = POWERS
    inputs: int = INPUTS_MANY
    only: tuple[str, ...] = ()
    jobs: int = 2

    def wants(self, kind: str) -> bool:
        """Tell whether a kind is asked for."""
        return not self.only or any(part in kind for part in self.only)


@dataclass(slots=True)
class Row:
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
class Report:
    """Everything that came of a campaign."""

    request: Request
    rows: dict[str, Row] = field(default_factory=dict)
    failures: dict[tuple[str, str], Failure] = field(default_factory=dict)
    states: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    seconds: float = 0.0
    shim: bool = True
    #: Ctrl-C ended it: this is what there was until then.
    cut_off: bool = False

    @property
    def failed(self) -> bool:
        """Tell whether anything was found."""
        return bool(self.failures)

    def take(self, case: Case, tried: Tried) -> None:
        """Add one case."""
        row = self.rows.setdefault(case.kind, Row(case.kind))
        row.tries += tried.tries if tried.struck else 0
        row.cpu = round(row.cpu + tried.cpu, 2)
        if tried.note and tried.struck:
            (self.states if case.kind.startswith("kill") else self.refused).add(tried.note)
        for what in {finding.what for finding in tried.findings}:
            row.counts[what] += 1
        for finding in tried.findings:
            self._fail(case, finding, tried)

    def _fail(self, case: Case, finding: Finding, tried: Tried) -> None:
        group = case.kind.partition(" ")[0]
        known = self.failures.setdefault(
            (group, finding.key), Failure(finding.what, finding.key, case.kind, size=1 << 60)
        )
        known.count += 1
        size = finding.size or tried.size
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
            "kinds": [asdict(row) for row in self.rows.values()],
            "failures": [asdict(failure) for failure in self.failures.values()],
            "states_killed_in": sorted(self.states),
            "operations_refused": sorted(self.refused),
        }


def run_campaign(
    request: Request,
    command: Command,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    *,
    homes: dict[str, Path] | None = None,
) -> Report:
    """Run the campaign.

    Args:
        request: how much of what.
        command: runs a command line of the product in this process.
        progress: told how many cases are done, of how many.
        homes: made earlier by `make_homes`; they are only copied.

    Raises:
        CuewalkError: if no kind has the name that was asked for, or this system cannot fork.
    """
    if not hasattr(os, "fork"):
        raise CuewalkError("This system cannot copy a running process, which every try needs.")
    report = Report(request, shim=sqlite_shim.is_available())
    begun = time.monotonic()
    catalogue()  # once, before everything that is forked
    base = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="cuewalk-faults-", dir=base)).resolve()
    try:
        _run(request, command, report, folder, (homes or make_homes(folder / "homes"), progress))
    except KeyboardInterrupt:
        report.cut_off = True
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.seconds = time.monotonic() - begun
    if not report.rows and not report.cut_off:
        names = ", ".join(sorted({kind.partition(" ")[0] for kind in _all_kinds()}))
        raise CuewalkError(
            f"No kind of fault is called {' or '.join(request.only)}.", remedy=f"There are: {names}."
        )
    return report


def _run(
    request: Request,
    command: Command,
    report: Report,
    folder: Path,
    given: tuple[dict[str, Path], Callable[[int, int], None]],
) -> None:
    homes, progress = given
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page of the parent
    usual = _measure(request, command, report, folder, homes)
    finals = folder / "finals"
    bench = partial(Bench, command, homes, seed=request.seed, finals=finals, usual=usual)

    def on(sandbox: Path) -> Bench:
        return bench(sandbox=sandbox)

    cases = [case for case in _cases(request, on, usual) if request.wants(case.kind)]
    done = [0]

    def take(case: Case, tried: Tried) -> None:
        report.take(case, tried)
        done[0] += 1
        progress(done[0], len(cases))

    run_cases(cases, folder / "work", request.jobs, take)


def _measure(
    request: Request, command: Command, report: Report, folder: Path, homes: dict[str, Path]
) -> dict[str, Usual]:
    """Do every act once undisturbed; what is wrong even then is told too."""
    usual: dict[str, Usual] = {}
    wanted = [
        act for act in ACTS if any(request.wants(f"{way} {act.name}") for way in ("kill", "disk", "power"))
    ]

    finals = folder / "finals"
    finals.mkdir()

    def measure(act: Act, sandbox: Path) -> Tried:
        found, tried = measured(Bench(command, homes, sandbox, request.seed, finals), act)
        tried.note = f"{found.points} {found.cpu} {found.bytes} {' '.join(found.states)}"
        return tried

    def take(case: Case, tried: Tried) -> None:
        points, cpu, size, *states = tried.note.split(" ")
        usual[case.kind.partition(" ")[2]] = Usual(
            int(points), float(cpu), tuple(filter(None, states)), int(size)
        )
        tried.note = ""
        report.take(case, tried)

    cases = [Case(f"undisturbed {act.name}", 0, partial(measure, act)) for act in wanted]
    run_cases(cases, folder / "measure", request.jobs, take)
    return usual


def _cases(request: Request, on: Callable[[Path], Bench], usual: dict[str, Usual]) -> Iterator[Case]:
    """Yield every case."""
    for act, count in _shares(request.kills):
        for n in range(count):
            yield Case(f"kill {act.name}", n, partial(_kill, on, act, n))
    for act in ACTS:
        share = _SLOW.get(act.name, 1)
        most = round(request.refusals * share)
        refusals = refusals_of(usual.get(act.name, Usual()), most) if most else ()
        for n, refusal in enumerate(refusals):
            yield Case(f"disk {act.name}", n, partial(_refuse, on, act, refusal))
        for n in range(round(request.powers * share)):
            yield Case(f"power {act.name}", n, partial(_power, on, act, n))
    yield from _inputs(request, on)


def _inputs(request: Request, on: Callable[[Path], Bench]) -> Iterator[Case]:
    weights = sum(kind.weight for kind in INPUTS)
    for kind in INPUTS:
        share = round(request.inputs * kind.weight / weights)
        for n in range(0, share, _BATCH):
            yield Case(f"input {kind.name}", n, partial(_input, on, kind, n, min(_BATCH, share - n)))


def _shares(kills: int) -> Sequence[tuple[Act, int]]:
    """Return how many kills each act gets."""
    parts = {act.name: (_RATING_PARTS if act.ratings else 1) * _SLOW.get(act.name, 1) for act in ACTS}
    whole = sum(parts.values())
    return [(act, round(kills * parts[act.name] / whole)) for act in ACTS]


def _kill(on: Callable[[Path], Bench], act: Act, number: int, sandbox: Path) -> Tried:
    return kill_try(on(sandbox), act, number)


def _refuse(on: Callable[[Path], Bench], act: Act, refusal: Any, sandbox: Path) -> Tried:  # noqa: ANN401
    return refuse_try(on(sandbox), act, refusal)


def _power(on: Callable[[Path], Bench], act: Act, number: int, sandbox: Path) -> Tried:
    return power_try(on(sandbox), act, _recording(on, act, sandbox), number)


_RECORDINGS: Final[dict[tuple[str, Path], Recording]] = {}


def _recording(on: Callable[[Path], Bench], act: Act, sandbox: Path) -> Recording:
    """Return the recording of an act, made once by each worker."""
    key = (act.name, sandbox)
    if key not in _RECORDINGS:
        _RECORDINGS[key] = record(on(sandbox), act, walk=3)
    return _RECORDINGS[key]


def _input(on: Callable[[Path], Bench], kind: InputKind, first: int, count: int, sandbox: Path) -> Tried:
    return input_batch(on(sandbox), kind, first, count)


@cache
def _all_kinds() -> tuple[str, ...]:
    acts = [f"{way} {act.name}" for way in ("kill", "disk", "power") for act in ACTS]
    return (*acts, *(f"input {kind.name}" for kind in INPUTS))
