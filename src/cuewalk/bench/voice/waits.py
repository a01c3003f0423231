"""How long a session's lines wait for their sound: a whole session in real time, with a simulated person."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from rich.console import Console

from cuewalk.bench.intervals import rounded
from cuewalk.content.load import load_catalogue
from cuewalk.domain.units import Millis
from cuewalk.session.observing import Observer, StepPerformed
from cuewalk.session.stage import open_stage
from cuewalk.settings import Settings
from cuewalk.simulation.demo import run_demo
from cuewalk.simulation.person.persona import load_persona, persona_for
from cuewalk.terminal.printing import say

#: ms of silence before a line that are noticed. Design: people who talk leave about that (200 ms).
NOTICED: Final = Millis(200)
#: The lines that waited longest and are listed.
_SHOWN: Final = 20
#: Keeps its core busy until the session is over.
_BUSY: Final = "while True: pass"


@dataclass(frozen=True, slots=True)
class WaitsReport:
    """Each line with the ms that it waited, in order; ``slower``: the processes that shared the core."""

    engine: str
    programme: str
    minutes: float
    slower: int
    lines: tuple[tuple[str, Millis], ...]


class _Lines(Observer):
    """Collects the texts of the lines."""

    def __init__(self, told: Callable[[int], None]) -> None:
        self._told = told
        self.texts: list[str] = []

    def stepped(self, step: StepPerformed) -> None:
        """Take in the lines of a step."""
        self.texts += [text for _, text in step.lines]
        self._told(len(self.texts))


def bench_waits(
    settings: Settings, programme: str, told: Callable[[int], None], *, slower: int = 1
) -> WaitsReport:
    """Run a session in real time; ``slower``: on one core that as many processes share, this one included.

    Raises:
        CuewalkError: if there is no such programme, or no voice or recogniser works.
    """
    persona, lines = load_persona(persona_for(programme)), _Lines(told)
    with TemporaryDirectory() as kept, _busy_core(slower):
        stage = open_stage(settings, programme)
        try:
            folder = Path(kept) / "demo"
            result = run_demo(
                stage,
                load_catalogue(settings.locale),
                persona,
                programme=programme,
                folder=folder,
                wav=folder / "session.wav",
                observers=[lines],
                real_time=True,
            )
        finally:
            stage.voice.close()
    waited = tuple(zip(lines.texts, result.waits, strict=True))
    return WaitsReport(stage.voice.spec.engine, programme, result.session_seconds / 60, slower, waited)


def as_json(report: WaitsReport) -> dict[str, Any]:
    """Return the report as one object for JSON; the first line counts apart."""
    first, *after = [wait for _, wait in report.lines]
    late = sum(wait > NOTICED for wait in after)
    return {
        "engine": report.engine,
        "programme": report.programme,
        "minutes": round(report.minutes, 1),
        "slower": report.slower,
        "first_ms": first,
        "lines": len(after),
        "late": late,
        "interval": rounded(late, len(after)),
        "waited_seconds": round(sum(after) / 1000, 1),
        "longest": [{"ms": wait, "line": text} for text, wait in _longest(report)],
    }


def show(console: Console, report: WaitsReport) -> None:
    """Print the report."""
    found = as_json(report)
    low, high = (100 * limit for limit in found["interval"])
    say(
        console,
        f"{found['programme']}, {found['engine']}, {found['minutes']} minutes: the first line came after "
        f"{found['first_ms'] / 1000:.1f} s; of {found['lines']} after it {found['late']} waited more than "
        f"{NOTICED} ms ({low:.1f} to {high:.1f} %), {found['waited_seconds']} s in all.",
    )
    for text, wait in _longest(report):
        say(console, f"{wait / 1000:5.1f} s  {text}")


def _longest(report: WaitsReport) -> list[tuple[str, Millis]]:
    late = [line for line in report.lines if line[1] > NOTICED]
    return sorted(late, key=lambda line: -line[1])[:_SHOWN]


@contextmanager
def _busy_core(processes: int) -> Iterator[None]:
    """Share one core with ``processes - 1`` busy ones for the block; 1 changes nothing (Linux)."""
    if processes == 1:
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    others = [subprocess.Popen([sys.executable, "-c", _BUSY]) for _ in range(processes - 1)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()
        os.sched_setaffinity(0, cores)
