"""What the listening benchmark was asked for and what it found, as one object for JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cuewalk.bench.hearing.counting import Judged, mistakes
from cuewalk.bench.hearing.figures import by_kind, by_label, figures_of, must_trigger_nothing
from cuewalk.bench.hearing.listening import Engine, ListenFor
from cuewalk.bench.hearing.manifest import Skipped
from cuewalk.bench.hearing.scene import Conditions


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be measured."""

    folders: Sequence[Path]
    engine: Engine = Engine.AUTO
    listen_for: ListenFor = ListenFor.RATINGS
    conditions: Conditions = field(default_factory=Conditions)
    head: Path | None = None
    speakers: Path | None = None
    limit: int | None = None
    calibrate: int = 0


@dataclass(slots=True)
class Report:
    """What was measured. ``engine`` is the one that listened, whatever was asked for."""

    request: Request
    engine: str = ""
    background: str | None = None
    calibration_clips: int = 0
    judged: list[Judged] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def sets(self) -> dict[str, list[Judged]]:
        """Return what was judged, set by set."""
        names = dict.fromkeys(each.clip.set for each in self.judged)
        return {name: [each for each in self.judged if each.clip.set == name] for name in names}


def as_json(report: Report, *, errors: bool) -> dict[str, Any]:
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
    return found | ({"errors": error_list(judged)} if errors else {})


def error_list(judged: Sequence[Judged]) -> list[dict[str, Any]]:
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
