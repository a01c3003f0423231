"""What a session costs the machine: processor time and memory of this process and its children (Linux)."""

import os
import time
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


class Cost:
    """Counts from the last time it was asked."""

    def __init__(self) -> None:
        self._since, self._seconds = time.monotonic(), _cpu_seconds()

    def since_last(self) -> dict[str, float]:
        """Return per cent of one core since the last call and megabytes (10^6) held now."""
        now, seconds = time.monotonic(), _cpu_seconds()
        share = 100 * (seconds - self._seconds) / max(now - self._since, 1e-3)
        self._since, self._seconds = now, seconds
        return {"cpu_percent_of_core": round(share, 1), "rss_mb": round(_resident(_family()) / 1e6, 1)}


def _family() -> list[Path]:
    """Return the /proc folders of this process and its children."""
    own = Path(f"/proc/{os.getpid()}")
    children = [c for task in own.glob("task/*/children") for c in task.read_text("ascii").split()]
    return [own, *(Path(f"/proc/{child}") for child in children)]


def others_cpu_seconds() -> float:
    """Return the processor time of this process's children so far; 0 where the system does not tell."""
    return _seconds_of(_family()[1:])


def others_rss_mb() -> float:
    """Return the megabytes that this process's children hold; 0 where the system does not tell."""
    return round(_resident(_family()[1:]) / 1e6, 1)


def _cpu_seconds() -> float:
    return _seconds_of(_family())


def _seconds_of(folders: list[Path]) -> float:
    total = 0
    for folder in folders:
        try:
            fields = (folder / "stat").read_text("ascii").rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def _resident(folders: list[Path]) -> int:
    total = 0
    for folder in folders:
        try:
            total += int((folder / "statm").read_text("ascii").split()[1]) * _PAGE
        except OSError:
            continue
    return total
