"""What is told of lines that waited for their sound; a whole session in real time is no test."""

import io
import os
from types import SimpleNamespace

import pytest
from rich.console import Console

from cuewalk.bench.voice import waits
from cuewalk.bench.voice.waits import WaitsReport, as_json, bench_waits, show
from cuewalk.session.observing import StepPerformed
from cuewalk.settings import Settings

_LINES = (("Welcome.", 9_000), ("Lift it.", 200), ("Hold it.", 220), ("Rest.", 0), ("Again.", 5_000))


def told(report):
    out = io.StringIO()
    show(Console(file=out, width=200), report)
    return out.getvalue()


def test_the_first_line_counts_apart_and_a_noticed_wait_is_more_than_200_ms():
    found = as_json(WaitsReport("kokoro", "feet-up", 14.0, 1, _LINES))
    assert (found["first_ms"], found["lines"], found["late"], found["waited_seconds"]) == (9_000, 4, 2, 5.4)
    assert found["interval"][0] < 0.5 < found["interval"][1]


def test_the_longest_are_named_first():
    text = told(WaitsReport("kokoro", "feet-up", 14.0, 1, _LINES))
    assert "of 4 after it 2 waited more than 200 ms" in text
    assert text.index("Welcome.") < text.index("Again.") < text.index("Hold it.")
    assert "Lift it." not in text


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="Linux alone binds a process to a core")
@pytest.mark.parametrize("slower", [1, 3])
def test_a_slower_machine_is_one_core_with_others_on_it(monkeypatch, tmp_path, slower):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    began, seen = os.sched_getaffinity(0), []

    def demo(_stage, _catalogue, _persona, *, observers, real_time, **_):
        seen.append((os.sched_getaffinity(0), real_time))
        for observer in observers:
            observer.stepped(StepPerformed(0, None, ((None, "Welcome."), (None, "Rest.")), (), None))
        return SimpleNamespace(waits=(900, 0), session_seconds=60.0)

    monkeypatch.setattr(waits, "run_demo", demo)
    lines = []
    report = bench_waits(Settings(voice_engine="espeak"), "feet-up", lines.append, slower=slower)
    assert seen == [(began if slower == 1 else {min(began)}, True)]
    assert os.sched_getaffinity(0) == began
    assert report.lines == (("Welcome.", 900), ("Rest.", 0))
    assert lines == [2]
