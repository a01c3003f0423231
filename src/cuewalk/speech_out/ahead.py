"""Whether the natural voice may speak a session here: it keeps ahead of its own speech, or was prepared.

How fast it renders is measured once and remembered; which lines of a programme were prepared is noted.
"""

import json
import logging
import os
import platform
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cuewalk.domain.units import SESSION_RATE
from cuewalk.files.reading import UnreadableFileError, read_bytes
from cuewalk.files.writing import private_folder, write_whole
from cuewalk.logs import ignoring
from cuewalk.speech_out.api import Voice, VoiceSpec

_log = logging.getLogger(__package__)

SPEED_FILE: Final = "voice-speed.json"
PREPARED_FILE: Final = "voice-prepared.json"
#: Seconds of computing for a second of speech up to which a session may speak so. Design: a quarter is left
#: for answers that are rendered and not given. At 1.08 (one session, empty cache) 40 of 212 lines came late.
KEEPS_AHEAD: Final = 0.75
#: What is rendered to measure: 7 s of speech.
_LINES: Final = ("Stand tall, and breathe out slowly as you bend.", "How is it now, from zero to ten?")


def seconds_for_one(folder: Path, voice: Voice) -> float | None:
    """Return the seconds of computing that a second of speech took here, None if that was never measured."""
    kept = _kept(folder / SPEED_FILE)
    seconds = kept.get("seconds")
    return seconds if isinstance(seconds, float) and kept.get("of") == _machine(voice.spec) else None


def measure(folder: Path, voice: Voice) -> float:
    """Return the seconds of computing that a second of speech takes here, and remember it (10 s).

    Args:
        folder: where it is remembered.
        voice: one that renders each time.

    Raises:
        VoiceError: if it does not speak.
    """
    spec = voice.spec
    voice.render("Ready.")
    taken = []
    for line in _LINES:
        begun = time.perf_counter()
        samples = voice.render(line)
        taken.append((time.perf_counter() - begun) * SESSION_RATE / len(samples))
    seconds = round(min(taken), 3)
    _log.info("the natural voice takes %s s for a second of speech", seconds)
    if voice.spec == spec:  # else it failed, and another one speaks in its place
        _keep(folder / SPEED_FILE, {"seconds": seconds, "of": _machine(spec)})
    return seconds


def note_prepared(folder: Path, programme: str, spec: VoiceSpec, pieces: Sequence[str]) -> None:
    """Note that these pieces of a programme's lines were rendered by this voice."""
    kept = _kept(folder / PREPARED_FILE)
    _keep(folder / PREPARED_FILE, {**kept, f"{programme} {_of(spec)}": [*pieces]})


def prepared(folder: Path, programme: str, spec: VoiceSpec) -> list[str]:
    """Return the pieces that were noted for a programme and this voice, [] if none were."""
    noted = _kept(folder / PREPARED_FILE).get(f"{programme} {_of(spec)}")
    return [piece for piece in noted if isinstance(piece, str)] if isinstance(noted, list) else []


def _kept(path: Path) -> dict[str, object]:
    """Return what a file of ours holds; {} where it is missing or damaged, for it can be made again."""
    try:
        kept = json.loads(read_bytes(path))
    except (UnreadableFileError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _keep(path: Path, what: dict[str, object]) -> None:
    with ignoring(_log, OSError, doing=f"keeping {path.name}"):
        private_folder(path.parent)
        write_whole(path, json.dumps(what))


def _of(spec: VoiceSpec) -> str:
    return f"{spec.engine} {spec.voice} {spec.version}"


def _machine(spec: VoiceSpec) -> str:
    """Return what a speed is of: this machine and this version of the engine."""
    return f"{platform.node()} {platform.machine()} {os.cpu_count()} {spec.engine} {spec.version}"
