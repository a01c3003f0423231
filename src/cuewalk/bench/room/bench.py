"""``cuewalk bench room``: the sweep of the virtual room, and our own voice alone in it."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from cuewalk.bench.listening import hearing_for
from cuewalk.bench.live.sound import trimmed
from cuewalk.bench.room.performance import Company, RoomConditions, Speech, figures, hear_cell, hear_own_voice
from cuewalk.bench.room.room import PERSON_RMS, model
from cuewalk.bench.speech import cues_to_speak_over, own_lines, own_voice, spoken, stops_and_answers
from cuewalk.content.load import load_catalogue
from cuewalk.content.packs import load_pack
from cuewalk.journal.store import FILE_NAME, Journal
from cuewalk.session.notices import NoticeBoard
from cuewalk.session.stage import Stage
from cuewalk.settings import Settings
from cuewalk.terminal.printing import say
from cuewalk.terminal.tables import Rows

#: Of each kind, in each cell; and minutes of our voice alone.
TRIALS: Final = 30
MINUTES: Final = 30.0
#: The same for the quick form, in each of the four cells of a factor.
QUICK_TRIALS: Final = 2
QUICK_MINUTES: Final = 1.0
#: How many cues are spoken over.
_CUES: Final = 20
#: One factor at a time; the others are those of `RoomConditions`.
SWEEP: Final[dict[str, tuple[float | None, ...]]] = {
    "echo": (-20.0, -10.0, 0.0, 10.0),
    "rt60": (None, 0.2, 0.4, 0.6),
    "snr": (None, 20.0, 10.0, 0.0),
}
_UNITS: Final = {"echo": "echo {:+g} dB", "rt60": "RT60 {:g} s", "snr": "noise, SNR {:g} dB"}
_NONE: Final = {"rt60": "no reflections", "snr": "no noise", "echo": "no echo"}
#: The most lines that are shown; JSON has them all.
_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class RoomRequest:
    """What is measured.

    ``trials`` of each kind in each cell (0: no sweep), ``minutes`` of our voice alone (0: none), ``ppm`` by
    which the speaker's clock is faster than the microphone's.
    """

    folders: Sequence[Path] = ()
    trials: int = TRIALS
    minutes: float = MINUTES
    ppm: float = 0.0
    speakers: Path | None = None
    head: Path | None = None


Progress = Callable[[int, int], None]


def bench_room(request: RoomRequest, settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return the figures of every cell and of our own voice alone.

    Raises:
        CuewalkError: if the recordings, an engine or a voice cannot be used.
    """
    said = stops_and_answers(request.folders, max(1, request.trials), request.speakers)
    stops, answers = ([(label, trimmed(sound, PERSON_RMS)) for label, sound in part] for part in said)
    conditions = _sweep() if request.trials else {}
    each_once = dict.fromkeys(conditions.values())
    total, steps = len(each_once) * 2 * request.trials + round(request.minutes * 60), [0]

    def done() -> None:
        steps[0] += 1
        progress(steps[0], total)

    with _company(settings, request.head) as company:
        stage = company.stage
        speech = Speech(stops, answers, cues_to_speak_over(stage.pack, _CUES))
        heard = {c: figures(hear_cell(company, c, speech, ppm=request.ppm, done=done)) for c in each_once}
        alone = None
        if request.minutes > 0:
            lines = own_lines(stage.pack, company.catalogue)
            alone = hear_own_voice(company, lines, request.minutes, request.ppm, done)
        return {
            "engine": stage.hearing.engine,
            "voice": stage.voice.spec.engine,
            "speech": "recordings" if request.folders else "synthetic voices",
            "acoustics": model(),
            "drift_ppm": request.ppm,
            "trials": request.trials,
            "cells": [_cell(place, c, heard[c]) for place, c in conditions.items()],
            "self_triggers": alone,
        }


def _sweep() -> dict[tuple[str, float | None], RoomConditions]:
    """Return the conditions of each place in the sweep; some belong to several factors and are heard once."""
    places = [(factor, value) for factor, values in SWEEP.items() for value in values]
    return {
        (factor, value): replace(RoomConditions(), **{factor: value})  # type: ignore[arg-type]
        for factor, value in places
    }


def _cell(
    place: tuple[str, float | None], conditions: RoomConditions, found: dict[str, Any]
) -> dict[str, Any]:
    levels = {"echo_db": conditions.echo, "rt60": conditions.rt60, "snr_db": conditions.snr}
    return {"factor": place[0], "value": place[1], **levels, **found}


@contextmanager
def _company(settings: Settings, head: Path | None) -> Iterator[Company]:
    pack, catalogue = load_pack(settings.locale), load_catalogue(settings.locale)
    with own_voice(settings) as voice, tempfile.TemporaryDirectory() as folder:
        spoken(voice, [next(pack.every_line())], settings)
        hearing = hearing_for(pack, settings, settings.recogniser, head)
        with closing(hearing.listener), closing(Journal(Path(folder) / FILE_NAME)) as journal:
            yield Company(Stage(settings, pack, voice, NoticeBoard(), hearing), catalogue, journal)


def show_room(console: Console, report: dict[str, Any]) -> None:
    """Print the report."""
    if report["cells"]:
        _table(report).show(console)
        say(
            console,
            "One factor at a time; the others are echo 0 dB against the person, RT60 0.3 s, no noise. "
            "Under each number of times its 95 % interval. Latency: median, from the end of the word.",
        )
    say(console, f"Room: {report['acoustics']}. Clocks differ by {report['drift_ppm']:g} ppm.")
    if report["self_triggers"]:
        _show_alone(console, report["self_triggers"])


def _table(report: dict[str, Any]) -> Rows:
    title = f"said over our own voice, engine {report['engine']}, {report['speech']}"
    headings = ("numbers", "taken", "asked\nback", "asked\nagain", "wrong", "ms", "stops", "caught", "ms")
    table = Rows(("condition", *(f"{heading}>" for heading in headings)), title, one_line=False)
    factor = None
    for cell in report["cells"]:
        if factor not in {None, cell["factor"]}:
            table.section()
        factor = cell["factor"]
        value, ratings, stops = cell["value"], cell["ratings"], cell["stops"]
        table.add(
            _NONE[factor] if value is None else _UNITS[factor].format(value),
            str(ratings["trials"]),
            *(_counted(ratings, name) for name in ("taken", "asked_back", "asked_again", "wrong")),
            _ms(ratings["latency_ms_p50"]),
            *(str(stops["trials"]), _counted(stops, "caught"), _ms(stops["latency_ms_p50"])),
        )
    return table


def _counted(counts: dict[str, Any], name: str) -> str:
    low, high = (round(100 * limit) for limit in counts[f"{name}_interval"])
    return f"{counts[name]}\n{low}-{high} %"


def _ms(value: int | None) -> str:
    return "-" if value is None else str(value)


def _show_alone(console: Console, alone: dict[str, Any]) -> None:
    low, high = alone["accepted_per_hour_interval"]
    say(
        console,
        f"Our own voice alone for {alone['minutes']:g} minutes at {alone['echo_db']:+g} dB "
        f"({alone['lines_spoken']} lines): "
        f"{alone['accepted']} times something was acted on that nobody said "
        f"({low:g} to {high:g} an hour; should be 0), {alone['false_questions']} needless questions, "
        f"{alone['false_interruptions']} needless interruptions.",
    )
    for each in (alone["accepted_list"] + alone["false_questions_list"])[:_SHOWN]:
        say(console, f'  heard "{each["heard"]}" ({each["engine"]}) in: {each["line"]}')
    for line in alone["interrupted_lines"][:_SHOWN]:
        say(console, f"  interrupted: {line}")
