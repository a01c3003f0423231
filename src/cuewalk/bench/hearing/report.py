"""What the listening benchmark was asked for and what it found: as one object for JSON, and as a table."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from cuewalk.bench.hearing.figures import (
    JsonFigures,
    Judged,
    by_kind,
    by_label,
    figures_of,
    mistakes,
    must_trigger_nothing,
)
from cuewalk.bench.hearing.scene import ListeningConditions
from cuewalk.bench.listening import Engine, ListenFor
from cuewalk.bench.recordings import Skipped
from cuewalk.terminal.printing import say
from cuewalk.terminal.tables import Rows

_DASH: Final = "\N{EN DASH}"
#: Columns of at most 100 letters together.
_COLUMNS: Final = (
    *("clips>", "ex-\npected>", "correct\n%>", "best\nguess %>", "asked\nagain %>", "wrong\nacc. %>"),
    *("false\nan hour>", "ms\np50 p95>", "x real\ntime>"),
)
#: The most skipped files that are shown; JSON has them all.
_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class HearingRequest:
    """What is to be measured."""

    folders: Sequence[Path]
    engine: Engine = Engine.AUTO
    listen_for: ListenFor = ListenFor.RATINGS
    conditions: ListeningConditions = field(default_factory=ListeningConditions)
    head: Path | None = None
    speakers: Path | None = None
    limit: int | None = None
    calibrate: int = 0


@dataclass(slots=True)
class HearingReport:
    """What was measured. ``engine`` is the one that listened, whatever was asked for."""

    request: HearingRequest
    engine: str = ""
    background: str | None = None
    calibration_clips: int = 0
    judged: list[Judged] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def sets(self) -> dict[str, list[Judged]]:
        """Return what was judged, set by set."""
        names = dict.fromkeys(each.clip.set for each in self.judged)
        return {name: [each for each in self.judged if each.clip.set == name] for name in names}


def as_json(report: HearingReport, *, errors: bool) -> dict[str, Any]:
    """Return the report as one object for JSON; ``errors`` lists each wrong and false accepted clip."""
    request, judged = report.request, report.judged
    found: dict[str, Any] = {
        "sets": {name: figures_of(each) for name, each in report.sets().items()},
        "total": figures_of(judged),
        "kinds": by_kind(judged),
        "labels": by_label(judged),
        "must_trigger_nothing": must_trigger_nothing(judged),
        "engine": report.engine,
        "engine_asked_for": request.engine.value,
        "listen_for": request.listen_for.value,
        "conditions": asdict(request.conditions) | {"background": report.background},
        "calibrate_per_speaker": request.calibrate,
        "calibration_clips": report.calibration_clips,
        "limit": request.limit,
        "skipped": [asdict(each) for each in report.skipped],
    }
    return found | ({"errors": _errors(judged)} if errors else {})


def _errors(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Return each clip in which something was acted on that nobody said."""
    return [
        {
            "path": each.clip.name,
            "label": each.clip.label,
            "heard": decision.text,
            "confidence": round(decision.confidence, 4),
            "kind": "false accept" if each.meant is None else "wrong accepted",
        }
        for each, decision in mistakes(judged)
    ]


def show(console: Console, report: HearingReport, *, errors: bool) -> None:
    """Print the report as a table."""
    title = f"listening for {report.request.listen_for.value}, engine {report.engine}"
    table = Rows(("set", *_COLUMNS), title, one_line=False)
    for name, judged in report.sets().items():
        table.add(name, *_cells(figures_of(judged)))
    table.section()
    table.add(Text("total", style="bold"), *_cells(figures_of(report.judged)))
    kinds = by_kind(report.judged)
    for kind, figures in kinds.items() if len(kinds) > 1 else ():
        table.add(f"  {kind}", *_cells(figures))
    table.show(console)
    for note in _notes(report):
        say(console, note)
    if errors:
        found = _errors(report.judged)
        wrong = Rows(("recording", "label", "heard", "confidence>", "kind"))
        for each in found:
            wrong.add(each["path"], each["label"], each["heard"], f"{each['confidence']:.2f}", each["kind"])
        if found:
            wrong.show(console)
        else:
            say(console, "Nothing wrong was accepted.")


def _cells(figures: JsonFigures) -> list[str]:
    """Return one row of figures; a second line of a cell is its interval, or the 95th percentile."""
    hourly, latency, factor = (
        figures[name] for name in ("false_accepts_per_hour", "latency_ms_p50", "realtime_factor")
    )
    limits = figures["false_accepts_per_hour_interval"]
    return [
        str(figures["clips"]),
        str(figures["expected"]),
        *(
            _rate(figures, name)
            for name in ("correct", "best_guess_correct", "asked_again", "wrong_accepted")
        ),
        _DASH if hourly is None else f"{_short(hourly)}\n{_DASH.join(map(_short, limits))}",
        _DASH if latency is None else f"{latency:.0f}\n{figures['latency_ms_p95']:.0f}",
        _DASH if factor is None else f"{factor:.3f}",
    ]


def _rate(figures: JsonFigures, name: str) -> str:
    rate, limits = figures[f"{name}_rate"], figures[f"{name}_interval"]
    return _DASH if rate is None else f"{_percent(rate)}\n{_DASH.join(map(_percent, limits))}"


def _percent(rate: float) -> str:
    return f"{100 * rate:.1f}".removesuffix(".0") if rate in {0, 1} else f"{100 * rate:.1f}"


def _short(number: float) -> str:
    """Return it with two or three digits: 0.41, 12, 1.4k."""
    if number >= 1000:  # noqa: PLR2004 - what k stands for
        return f"{number / 1000:.1f}k"
    return f"{number:.0f}" if number >= 10 else f"{number:.2g}"  # noqa: PLR2004 - two digits


def _notes(report: HearingReport) -> Iterable[str]:
    total = figures_of(report.judged)
    yield "Under each rate its 95 % interval. Best guess: right if every clip had to be answered."
    yield (
        f"Of those asked again {total['asked_back_right']} were asked back with the right word; "
        f"in {total['not_heard']} no speech was found."
    )
    others = must_trigger_nothing(report.judged)
    if others:
        labels = ", ".join(f"{label} {number}" for label, number in others.items())
        yield (
            f"Taken for speech or noise that must trigger nothing: {sum(others.values())} clips ({labels}). "
            f"{total['false_accept_clips']} of them triggered something, "
            f"{total['false_questions']} questions were asked."
        )
    if report.calibration_clips:
        yield f"{report.calibration_clips} clips were kept for calibration and not judged."
    if report.background:
        yield f"Background: {report.background}."
    yield f"Most memory held: {total['peak_rss_mb']:.0f} MB, the benchmark's own included."
    if report.skipped:
        yield f"Skipped: {len(report.skipped)}."
    yield from (f"  {each.path}: {each.why}" for each in report.skipped[:_SHOWN])
    if len(report.skipped) > _SHOWN:
        yield f"  … and {len(report.skipped) - _SHOWN} more; --json lists them all."
