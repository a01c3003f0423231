"""``cuewalk bench room``: the sweep of the virtual room, and our own voice alone in it."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cuewalk import places
from cuewalk.bench.hearing.listening import hearing_for
from cuewalk.bench.live.sound import trimmed
from cuewalk.bench.live.speech import answers_and_stops
from cuewalk.bench.room.acoustics import model
from cuewalk.bench.room.cells import (
    SWEEP,
    Cell,
    Conditions,
    Said,
    Speech,
    conditions_of,
    figures,
    hear_cell,
)
from cuewalk.bench.room.own_lines import own_lines
from cuewalk.bench.room.performance import Company
from cuewalk.bench.room.room import PERSON_RMS
from cuewalk.bench.room.self_triggers import hear_own_voice
from cuewalk.content.load import load_catalogue
from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import VoiceError
from cuewalk.journal.store import FILE_NAME, SqliteJournal
from cuewalk.session.notices import NoticeBoard
from cuewalk.session.stage import Stage
from cuewalk.settings import Settings
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.choose import choose_voice

#: Of each kind, in each cell.
TRIALS: Final = 30
MINUTES: Final = 30.0
#: Quick: so many of each kind in each of the four cells of a factor, and so long alone.
QUICK_TRIALS: Final = 2
QUICK_MINUTES: Final = 1.0
#: Words in the cues that are spoken over: shorter ones are over too soon.
_WORDS: Final = range(8, 31)
_CUES: Final = 20


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
    said = _said(request)
    conditions = list(dict.fromkeys(conditions_of(*place) for place in _places())) if request.trials else []
    steps = _Steps(progress, len(conditions) * 2 * request.trials + round(request.minutes * 60))
    with _company(settings, request.head) as company:
        cues = [line for line in company.stage.pack.every_line() if len(line.split()) in _WORDS][:_CUES]
        speech = Speech(*said, cues)
        cells = {c: hear_cell(company, c, speech, ppm=request.ppm, done=steps.one) for c in conditions}
        alone = None
        if request.minutes > 0:
            lines = own_lines(company.stage.pack, company.catalogue)
            alone = hear_own_voice(company, lines, request.minutes, request.ppm, steps.one)
        report = {"engine": company.stage.hearing.engine, "voice": company.stage.voice.spec.engine}
    return {
        **report,
        "speech": "recordings" if request.folders else "synthetic voices",
        "acoustics": model(),
        "drift_ppm": request.ppm,
        "trials": request.trials,
        "cells": [_place(*place, cells) for place in _places()] if cells else [],
        "self_triggers": alone,
    }


class _Steps:
    """Counts what is done."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def one(self) -> None:
        self._done += 1
        self._progress(self._done, self._total)


def _places() -> Iterator[tuple[str, float | None]]:
    for factor, values in SWEEP.items():
        for value in values:
            yield factor, value


def _place(factor: str, value: float | None, cells: dict[Conditions, Cell]) -> dict[str, Any]:
    conditions = conditions_of(factor, value)
    return {
        "factor": factor,
        "value": value,
        "echo_db": conditions.echo,
        "rt60": conditions.rt60,
        "snr_db": conditions.snr,
        **figures(cells[conditions].outcomes),
    }


def _said(request: RoomRequest) -> tuple[list[Said], list[Said]]:
    stops, answers = answers_and_stops(request.folders, max(1, request.trials), request.speakers)
    return (
        [(label, trimmed(sound, PERSON_RMS)) for label, sound in stops],
        [(label, trimmed(sound, PERSON_RMS)) for label, sound in answers],
    )


@contextmanager
def _company(settings: Settings, head: Path | None) -> Iterator[Company]:
    pack, catalogue = load_pack(settings.locale), load_catalogue(settings.locale)
    voice, _ = choose_voice(settings.voice_engine, settings.locale, settings.voice)
    cached = CachedVoice(voice, places.cache_dir() / "cues")
    try:
        if not cached.render(next(pack.every_line()), settings.talk_rate).any():
            raise VoiceError(
                "No voice works here, so there is none of our own to be heard.",
                meaning="Nothing was measured.",
                remedy="Install espeak-ng, or choose another voice with 'cuewalk settings voice_engine'.",
            )
        hearing = hearing_for(pack, settings, settings.recogniser, head)
        with tempfile.TemporaryDirectory() as folder:
            journal = SqliteJournal(Path(folder) / FILE_NAME)
            try:
                yield Company(Stage(settings, pack, cached, NoticeBoard(), hearing), catalogue, journal)
            finally:
                hearing.listener.close()
                journal.close()
    finally:
        cached.close()
