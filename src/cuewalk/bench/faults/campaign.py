"""The whole campaign: which cases, in which order, and what came of them by kind."""

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from cuewalk.bench.faults.acts import ACTS, Act
from cuewalk.bench.faults.children import CommandLine, ToParent, run_child
from cuewalk.bench.faults.homes import catalogue, make_homes
from cuewalk.bench.faults.inputs.kinds import INPUTS, input_batch
from cuewalk.bench.faults.judging import HANG
from cuewalk.bench.faults.modes import modes_count, obey_modes
from cuewalk.bench.faults.power import Recording, power_try, record
from cuewalk.bench.faults.report import STATE, FaultReport, FaultRequest
from cuewalk.bench.faults.sqlite_shim import is_available
from cuewalk.bench.faults.strikes import SESSIONS, choice, kill_try, refusals_of, refuse_try, state_try
from cuewalk.bench.faults.trying import Bench, Tried, Usual, measured
from cuewalk.bench.faults.workers import FaultCase, run_cases
from cuewalk.domain.errors import CuewalkError
from cuewalk.journal.store import Journal

#: The share of an act that writes ratings in all kills, against 1 for each other act. Design: a lost rating
#: is the worst that can happen.
_RATING_SHARE: Final = 6
#: The share of tries of acts that need one to two seconds of processor time and write one file.
_SLOW: Final = {"picture": 0.1, "new-locale": 0.3, "render": 0.5, "correct-learning": 0.2}
#: Cases that looked like a hang and are tried again; more of them are no chance.
_SECOND_LOOKS: Final = 20
#: A home in memory makes a try cheap; what a disk does is made up by the faults themselves.
_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
#: Inputs that one child uses one after the other: its start is a tenth of what the cheapest of them need.
_BATCH: Final = 25
#: Seconds of processor time in which a child has opened one file.
_PROBE_SECONDS: Final = 5.0
#: The walk of a recorded session: any other is as good.
_RECORDED_WALK: Final = 3

Progress = Callable[[int, int], None]


def run_campaign(
    request: FaultRequest,
    command: CommandLine,
    progress: Progress = lambda _done, _all: None,
    *,
    homes: dict[str, Path] | None = None,
) -> FaultReport:
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
    report = FaultReport(request, shim=is_available(), modes=_modes_hold())
    begun = time.monotonic()
    base = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="cuewalk-faults-", dir=base)).resolve()
    try:
        with closing(Journal(folder / "warm.sqlite")):
            pass  # what a first journal loads, every child would load for itself
        bench = Bench(command, homes or make_homes(folder / "homes"), folder, request.seed, folder / "finals")
        _run(report, bench, folder, progress)
    except KeyboardInterrupt:
        report.cut_off = True
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.seconds = time.monotonic() - begun
    if not report.rows and not report.cut_off:
        what = f"No kind of fault is called {' or '.join(request.only)}."
        raise CuewalkError(what, remedy="There are: disk, input, kill, power, state.")
    return report


def _run(report: FaultReport, bench: Bench, folder: Path, progress: Progress) -> None:
    request = report.request
    catalogue()
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page of the parent
    bench = replace(bench, usual=_measure(report, bench, folder))
    cases = [case for case in _cases(request, bench) if request.wants(case.kind)]
    slow: list[FaultCase] = []
    done = [0]

    def take(case: FaultCase, tried: Tried) -> None:
        if any(finding.what == HANG for finding in tried.findings) and len(slow) < _SECOND_LOOKS:
            slow.append(case)
            return
        report.take(case, tried)
        done[0] += 1
        progress(done[0], len(cases))

    run_cases(cases, folder / "work", request.jobs, take)
    # What looks like a hang is tried once more, when nothing of ours keeps the machine busy beside it.
    run_cases(slow, folder / "alone", 1, report.take)


def _measure(report: FaultReport, bench: Bench, folder: Path) -> dict[str, Usual]:
    """Do every act once undisturbed; what is wrong even then is told too."""
    usual: dict[str, Usual] = {}
    bench.finals.mkdir()

    def take(case: FaultCase, tried: Tried) -> None:
        usual[case.kind.partition(" ")[2]] = tried.usual or Usual()
        report.take(case, tried)

    wanted = [act for act in ACTS if _is_wanted(report.request, act)]
    cases = [FaultCase(f"undisturbed {act.name}", 0, _on(bench, measured, act)) for act in wanted]
    run_cases(cases, folder / "measure", report.request.jobs, take)
    return usual


def _is_wanted(request: FaultRequest, act: Act) -> bool:
    """Tell whether there is any try of an act, so that it has to be measured."""
    amounts, share = request.amounts, _SLOW.get(act.name, 1)
    tries = {
        f"kill {act.name}": _kills_of(act, amounts.kills),
        f"disk {act.name}": round(amounts.refusals * share),
        f"power {act.name}": round(amounts.powers * share),
        STATE: amounts.states if act.name in SESSIONS else 0,
    }
    return any(count and request.wants(kind) for kind, count in tries.items())


def _cases(request: FaultRequest, bench: Bench) -> Iterator[FaultCase]:
    """Yield every case."""
    amounts = request.amounts
    chance = Random(f"{request.seed} states")  # noqa: S311 - not for secrets
    for moment in choice(chance, amounts.states):
        for n in range(amounts.state_kills):
            yield FaultCase(STATE, n, _on(bench, state_try, moment, n))
    for act in ACTS:
        for n in range(_kills_of(act, amounts.kills)):
            yield FaultCase(f"kill {act.name}", n, _on(bench, kill_try, act, n, timed=amounts.timed))
    for act in ACTS:
        share = _SLOW.get(act.name, 1)
        for n, refusal in enumerate(
            refusals_of(bench.usual.get(act.name, Usual()), round(amounts.refusals * share))
        ):
            yield FaultCase(f"disk {act.name}", n, _on(bench, refuse_try, act, refusal))
        for n in range(round(amounts.powers * share)):
            yield FaultCase(f"power {act.name}", n, _on(bench, _power, act, n))
    yield from _inputs(amounts.inputs, bench)


def _inputs(count: int, bench: Bench) -> Iterator[FaultCase]:
    weights = sum(kind.weight for kind in INPUTS)
    for kind in INPUTS:
        share = round(count * kind.weight / weights)
        for n in range(0, share, _BATCH):
            yield FaultCase(f"input {kind.name}", n, _on(bench, input_batch, kind, n, min(_BATCH, share - n)))


def _on(bench: Bench, do: Callable[..., Tried], *given: object, **named: object) -> Callable[[Path], Tried]:
    """Return what does something on the bench in a sandbox."""
    return lambda sandbox: do(replace(bench, sandbox=sandbox), *given, **named)


def _kills_of(act: Act, kills: int) -> int:
    """Return how many of all kills an act gets."""
    shares = {each.name: (_RATING_SHARE if each.ratings else 1) * _SLOW.get(each.name, 1) for each in ACTS}
    return round(kills * shares[act.name] / sum(shares.values()))


_RECORDINGS: Final[dict[tuple[str, Path], Recording]] = {}


def _power(bench: Bench, act: Act, number: int) -> Tried:
    """Lose the power in a recording of the act, which each worker makes once."""
    key = (act.name, bench.sandbox)
    if key not in _RECORDINGS:
        _RECORDINGS[key] = record(bench, act, _RECORDED_WALK)
    return power_try(bench, act, _RECORDINGS[key], number)


def _modes_hold() -> bool:
    """Tell whether the modes of files hold for a child of this process, also where that is root's."""

    def tell_modes(tell: ToParent) -> int:
        obey_modes()
        tell({"modes": modes_count()})
        return 0

    with tempfile.TemporaryDirectory() as sandbox:
        return run_child(tell_modes, Path(sandbox), cpu=_PROBE_SECONDS).told("modes") == [True]
