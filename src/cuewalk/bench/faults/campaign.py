"""The whole campaign: which cases, in which order, and what came of them by kind."""

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any, Final

from cuewalk.bench.faults.acts import ACTS, Act
from cuewalk.bench.faults.children import Command, Tell, run_child
from cuewalk.bench.faults.homes import catalogue, make_homes
from cuewalk.bench.faults.inputs.kinds import INPUTS, InputKind, input_batch
from cuewalk.bench.faults.judging import HANG
from cuewalk.bench.faults.report import STATE, Report, Request
from cuewalk.bench.faults.strikes import sqlite_shim
from cuewalk.bench.faults.strikes.killing import kill_try
from cuewalk.bench.faults.strikes.modes import modes_count, obey_modes
from cuewalk.bench.faults.strikes.power import Recording, power_try, record
from cuewalk.bench.faults.strikes.refusing import refusals_of, refuse_try
from cuewalk.bench.faults.strikes.states import SESSIONS, choice, state_try
from cuewalk.bench.faults.trying import Bench, Tried, Usual, measured
from cuewalk.bench.faults.workers import Case, run_cases
from cuewalk.domain.errors import CuewalkError
from cuewalk.journal.store import SqliteJournal

#: The share of an act that writes ratings in all kills, against 1 for each other act.
_RATING_SHARE: Final = 6
#: Acts of which each needs one to two seconds of processor time and writes one file: their share of tries.
_SLOW: Final = {"picture": 0.1, "new-locale": 0.3, "render": 0.5, "correct-learning": 0.2}
#: Cases that looked like a hang and are tried again; more of them are no chance.
_SECOND_LOOKS: Final = 20
#: A home in memory makes a try cheap; what a disk does is made up by the faults themselves.
_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
#: Inputs that one child uses one after the other: its start is a tenth of what the cheapest of them need.
_BATCH: Final = 25
#: Seconds of processor time in which a child has opened one file.
_PROBE_SECONDS: Final = 5.0


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
    report.modes = _modes_hold()
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
    with closing(SqliteJournal(folder / "warm.sqlite")):
        pass  # what a first journal loads, every child would load for itself
    catalogue()
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page of the parent
    usual = _measure(request, command, report, folder, homes)
    finals = folder / "finals"
    bench = partial(Bench, command, homes, seed=request.seed, finals=finals, usual=usual)

    def on(sandbox: Path) -> Bench:
        return bench(sandbox=sandbox)

    cases = [case for case in _cases(request, on, usual) if request.wants(case.kind)]
    slow: list[Case] = []
    done = [0]

    def take(case: Case, tried: Tried) -> None:
        if any(finding.what == HANG for finding in tried.findings) and len(slow) < _SECOND_LOOKS:
            slow.append(case)
            return
        report.take(case, tried)
        done[0] += 1
        progress(done[0], len(cases))

    run_cases(cases, folder / "work", request.jobs, take)
    # What looks like a hang is tried once more, when nothing of ours keeps the machine busy beside it.
    run_cases(slow, folder / "alone", 1, report.take)


def _measure(
    request: Request, command: Command, report: Report, folder: Path, homes: dict[str, Path]
) -> dict[str, Usual]:
    """Do every act once undisturbed; what is wrong even then is told too."""
    usual: dict[str, Usual] = {}
    wanted = [act for act in ACTS if _is_wanted(request, act)]
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


def _is_wanted(request: Request, act: Act) -> bool:
    """Tell whether there is any try of an act, so that it has to be measured."""
    amounts, share = request.amounts, _SLOW.get(act.name, 1)
    tries = {
        "kill": dict(_shares(amounts.kills))[act],
        "disk": round(amounts.refusals * share),
        "power": round(amounts.powers * share),
    }
    killed = act.name in SESSIONS and amounts.states and request.wants(STATE)
    return bool(killed) or any(count and request.wants(f"{way} {act.name}") for way, count in tries.items())


def _cases(request: Request, on: Callable[[Path], Bench], usual: dict[str, Usual]) -> Iterator[Case]:
    """Yield every case."""
    amounts = request.amounts
    chance = Random(f"{request.seed} states")  # noqa: S311 - not for secrets
    for moment in choice(chance, amounts.states):
        for n in range(amounts.state_kills):
            yield Case(STATE, n, partial(_kill_in, on, moment, n))
    for act, count in _shares(amounts.kills):
        for n in range(count):
            yield Case(f"kill {act.name}", n, partial(_kill, on, act, n, timed=amounts.timed))
    for act in ACTS:
        share = _SLOW.get(act.name, 1)
        most = round(amounts.refusals * share)
        refusals = refusals_of(usual.get(act.name, Usual()), most) if most else ()
        for n, refusal in enumerate(refusals):
            yield Case(f"disk {act.name}", n, partial(_refuse, on, act, refusal))
        for n in range(round(amounts.powers * share)):
            yield Case(f"power {act.name}", n, partial(_power, on, act, n))
    yield from _inputs(request, on)


def _inputs(request: Request, on: Callable[[Path], Bench]) -> Iterator[Case]:
    weights = sum(kind.weight for kind in INPUTS)
    for kind in INPUTS:
        share = round(request.amounts.inputs * kind.weight / weights)
        for n in range(0, share, _BATCH):
            yield Case(f"input {kind.name}", n, partial(_input, on, kind, n, min(_BATCH, share - n)))


def _modes_hold() -> bool:
    """Tell whether the modes of files hold for a child of this process, also where that is root's."""
    with tempfile.TemporaryDirectory() as sandbox:
        ended = run_child(_tell_modes, Path(sandbox), cpu=_PROBE_SECONDS)
    return ended.told("modes") == [True]


def _tell_modes(tell: Tell) -> int:
    obey_modes()
    tell({"modes": modes_count()})
    return 0


def _shares(kills: int) -> Sequence[tuple[Act, int]]:
    """Return how many kills each act gets."""
    shares = {act.name: (_RATING_SHARE if act.ratings else 1) * _SLOW.get(act.name, 1) for act in ACTS}
    whole = sum(shares.values())
    return [(act, round(kills * shares[act.name] / whole)) for act in ACTS]


def _kill_in(on: Callable[[Path], Bench], moment: str, number: int, sandbox: Path) -> Tried:
    return state_try(on(sandbox), moment, number)


def _kill(on: Callable[[Path], Bench], act: Act, number: int, sandbox: Path, *, timed: bool) -> Tried:
    return kill_try(on(sandbox), act, number, timed=timed)


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
    return (STATE, *acts, *(f"input {kind.name}" for kind in INPUTS))
