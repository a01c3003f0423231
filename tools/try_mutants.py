"""Tries the changes that mutmut makes, all from one collected session of tests. ``script/mutate`` calls it.

mutmut starts pytest anew for every change, which takes three times as long, and switches a change on when
the modules are loaded already, so that nothing notices one in code that runs at import. Here each change is
tried in a fork of a session that has collected its tests and run none; what runs at import, in a process of
its own.

What mypy refuses counts as noticed: it is one of the checks. What took the tests of its function unnoticed is
tried by the recorded behaviour too, because a function behind a cache is attributed to one test only. First
the sources are tried unchanged, both ways: a test that fails by itself would notice everything.

Run where mutmut ran; needs what it left in ``mutants``: the changes, and which test reaches which function.
"""

import argparse
import ast
import fnmatch
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from mutmut.configuration import config
from mutmut.mutation.file_mutation import filter_mutants_with_type_checker
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

#: Tests of recorded behaviour, by which whatever is left is tried.
_RECORDED: Final = ("test_walks.py", "test_understood_as_recorded.py")
#: Seconds of processor that the tests of one change may take, and this many times what they take unchanged;
#: and how many times as long it may last by the clock: other changes are tried beside it, but one that waits
#: for something takes no processor.
_LONGEST, _TIMES, _BY_THE_CLOCK = 30, 2.5, 4
#: Seconds that all tests in a process of their own may last.
_ALL: Final = 1200
#: What mypy says of the way mutmut writes methods of frozen classes, and not of the change.
_NOT_OF_THE_CHANGE: Final = ("final attribute", "already defined", "Cannot determine type")
NOTICED, SURVIVED, ENDLESS, CRASHED, REFUSED = "noticed", "survived", "endless", "crashed", "refused"
#: mutmut copies what stands behind `type: ignore`, where nothing may be left to ignore.
_MYPY: Final = [
    sys.executable,
    "-m",
    "mypy",
    "--no-warn-unused-ignores",
    "--output",
    "json",
    "--config-file",
    "pyproject.toml",
    "src",
]
#: What became of a change by how its process ended; anything else is a crash. Code 1 is a test that failed.
_OF_EXIT: Final = {
    0: SURVIVED,
    1: NOTICED,
    -signal.SIGXCPU: ENDLESS,
    -signal.SIGKILL: ENDLESS,
}
#: The sources as they are.
_UNCHANGED: Final = ""


class Mutant(NamedTuple):
    """One change: its name, the tests that reach it, and the seconds that they take."""

    name: str
    tests: tuple[str, ...]
    seconds: float

    @property
    def function(self) -> str:
        """Return mutmut's name of the function that is changed."""
        return function_of(self.name)


def function_of(mutant: str) -> str:
    """Return mutmut's name of the function that a mutant changes."""
    return mutant.rpartition("__mutmut_")[0]


class Results:
    """What became of each change, kept in a file line by line, so that a run goes on where it was ended."""

    def __init__(self, path: Path) -> None:
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        self.of: dict[str, str] = dict(map(json.loads, lines))
        self._file = path.open("a", encoding="utf-8")

    def keep(self, mutant: str, result: str) -> None:
        """Keep what became of a change."""
        self.of[mutant] = result
        print(json.dumps([mutant, result]), file=self._file, flush=True)


class Trying:
    """A pytest plugin that runs the collected tests once for every change, in forks."""

    def __init__(self, results: Results, patterns: Sequence[str], jobs: int) -> None:
        self._results, self._patterns, self._jobs = results, patterns, jobs
        self._running: dict[int, Mutant] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try all; called by pytest when the tests are collected."""
        if session.testsfailed:
            raise pytest.UsageError(f"{session.testsfailed} files of tests cannot be read")
        at_import = set(state()._stats)  # noqa: SLF001 - reached while the modules were loaded
        set_mutant_under_test(_UNCHANGED)
        items = {item.nodeid: item for item in session.items}
        todo = self._mutants(items)
        alone = [mutant for mutant in todo if mutant.function in at_import]
        forked = [mutant for mutant in todo if mutant.function not in at_import]
        print(f"{len(todo)} to try, {len(alone)} of them in processes of their own", flush=True)
        if todo:
            self._control(session, items, todo, alone)
        self._in_forks(session, items, forked)
        self._in_processes(alone)
        return True

    def _control(
        self, session: pytest.Session, items: dict[str, pytest.Item], todo: list[Mutant], alone: list[Mutant]
    ) -> None:
        """Try the sources unchanged; `pytest.UsageError` if a test notices that."""
        tests = tuple(sorted({test for mutant in todo for test in mutant.tests}))
        unchanged = Mutant(_UNCHANGED, tests, _ALL / _TIMES)
        pid = os.fork()
        if pid == 0:
            _run(session, unchanged, items)
        results = [_result(os.waitpid(pid, 0)[1])]
        results += [_in_its_own_process(unchanged)] if alone else []
        if set(results) != {SURVIVED}:
            raise pytest.UsageError(f"the tests do not pass unchanged: {', '.join(results)}")

    def _in_forks(
        self, session: pytest.Session, items: dict[str, pytest.Item], mutants: Sequence[Mutant]
    ) -> None:
        for number, mutant in enumerate(mutants):
            if number % 100 == 0:
                print(f"{time.strftime('%H:%M:%S')} {number} of {len(mutants)}", flush=True)
            self._wait_for_a_place(self._jobs - 1)
            if (pid := os.fork()) == 0:
                _run(session, mutant, items)
            self._running[pid] = mutant
        self._wait_for_a_place(0)

    def _in_processes(self, mutants: Sequence[Mutant]) -> None:
        with ThreadPoolExecutor(self._jobs) as pool:
            for mutant, result in zip(mutants, pool.map(_in_its_own_process, mutants), strict=True):
                self._results.keep(mutant.name, result)

    def _mutants(self, items: Iterable[str]) -> list[Mutant]:
        stats = json.loads(Path("mutmut-stats.json").read_text("utf-8"))
        reached, lasts, there = stats["tests_by_mangled_function_name"], stats["duration_by_test"], set(items)
        found = []
        for name in all_mutants():
            if name in self._results.of or not _is_wanted(name, self._patterns):
                continue
            tests = sorted(there.intersection(reached.get(function_of(name), ())), key=lasts.__getitem__)
            found.append(Mutant(name, tuple(tests), sum(map(lasts.__getitem__, tests))))
        return sorted(found, key=lambda mutant: mutant.seconds)

    def _wait_for_a_place(self, most: int) -> None:
        while len(self._running) > most:
            pid, status = os.wait()
            self._results.keep(self._running.pop(pid).name, _result(status))


def _is_wanted(name: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def all_mutants() -> Iterator[str]:
    """Yield the name of every change that mutmut wrote."""
    for meta in sorted(Path("src").rglob("*.meta")):
        yield from json.loads(meta.read_text("utf-8"))["exit_code_by_key"]


def _result(status: int) -> str:
    return _OF_EXIT.get(os.waitstatus_to_exitcode(status), CRASHED)


def _run(session: pytest.Session, mutant: Mutant, items: dict[str, pytest.Item]) -> None:
    """Run the tests of a change in this process, the child, and end it: 0 if none noticed, 1 if one did."""
    try:
        set_mutant_under_test(mutant.name)
        may_take = int(_LONGEST + _TIMES * mutant.seconds)
        most = int(time.process_time()) + may_take
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
        # No alarm: pytest-timeout has that.
        end = threading.Timer(_BY_THE_CLOCK * may_take, os.kill, (os.getpid(), signal.SIGKILL))
        end.daemon = True
        end.start()
        session.config.pluginmanager.unregister(name="terminalreporter")
        recorded = [name for name in items if Path(name.partition("::")[0]).name in _RECORDED]
        chosen = [items[name] for name in dict.fromkeys([*mutant.tests, *recorded])]
        for item, following in zip(chosen, [*chosen[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                os._exit(1)
        os._exit(0)
    except BaseException:  # noqa: BLE001 - whatever it is, the change was noticed
        os._exit(1)


def _in_its_own_process(mutant: Mutant) -> str:
    command = [sys.executable, "-m", "pytest", "-x", "-q", *_selection()]
    places = [Path("src").resolve(), Path.cwd(), os.environ["PYTHONPATH"]]
    changed = {
        **os.environ,
        "MUTANT_UNDER_TEST": mutant.name,
        "PYTHONPATH": os.pathsep.join(map(str, places)),
    }
    try:
        done = subprocess.run(command, env=changed, capture_output=True, check=False, timeout=_ALL)
    except subprocess.TimeoutExpired:
        return ENDLESS
    # Before its first test pytest ends with another code than 1: what fails at import fails there.
    return SURVIVED if done.returncode == 0 else CRASHED if done.returncode < 0 else NOTICED


def _selection() -> list[str]:
    return [*config().pytest_add_cli_args, *config().pytest_add_cli_args_test_selection]


def _refused(results: Results, path: Path) -> None:
    """Keep as refused what mypy finds an error in; it is asked once, which takes some minutes."""
    if not path.exists():
        config().type_check_command = _MYPY
        said = {
            name: found.error.error_description for name, found in filter_mutants_with_type_checker().items()
        }
        path.write_text(json.dumps(said), "utf-8")
    for name, error in json.loads(path.read_text("utf-8")).items():
        if name not in results.of and not any(words in error for words in _NOT_OF_THE_CHANGE):
            results.keep(name, REFUSED)


def _report(results: Results, patterns: Sequence[str]) -> None:
    """Print a table by package of what was wanted, and the names of what survived."""
    tables: defaultdict[str, Counter[str]] = defaultdict(Counter)
    wanted = {name for name in all_mutants() if _is_wanted(name, patterns)}
    tried = {name: result for name, result in results.of.items() if name in wanted}
    for name, result in tried.items():
        tables[name.split(".")[1]][result] += 1
    for package, counts in sorted(tables.items()):
        missed, total = counts[SURVIVED], counts.total()
        print(f"{package}: {total - missed} of {total} noticed ({1 - missed / total:.1%}) {dict(counts)}")
    for name, result in sorted(tried.items()):
        if result in {SURVIVED, CRASHED}:
            print(f"{result}: {name}")
    print(f"not tried: {len(wanted) - len(tried)}")


def main() -> None:
    """Try the changes whose names match, or all."""
    parser = argparse.ArgumentParser(
        description=ast.get_docstring(ast.parse(Path(__file__).read_text("utf-8")))
    )
    parser.add_argument("patterns", nargs="*")
    parser.add_argument("--work", type=Path, required=True, help="where results are kept")
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    results = Results(work / "results.jsonl")
    _refused(results, work / "refused.json")
    config()  # finds its places from here
    os.chdir("mutants")
    sys.path[:0] = [str(Path("src").resolve()), str(Path.cwd())]
    set_mutant_under_test("stats")
    trying: Any = Trying(results, arguments.patterns, os.cpu_count() or 1)
    ended = pytest.main(["-q", "-x", *_selection()], plugins=[trying])
    _report(results, arguments.patterns)
    sys.exit(ended)


if __name__ == "__main__":
    main()
