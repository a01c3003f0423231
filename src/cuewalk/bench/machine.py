"""What processes cost the machine: processor time, and memory in megabytes (10^6 bytes)."""

import os
import resource
import sys
import time
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_OWN: Final = Path("/proc/self")


class Cost:
    """What this process and its children cost since the last time it was asked (Linux)."""

    def __init__(self) -> None:
        self._since, self._seconds = time.monotonic(), _cpu_seconds([_OWN, *_children()])

    def since_last(self) -> dict[str, float]:
        """Return per cent of one core since the last call and megabytes held now."""
        family = [_OWN, *_children()]
        now, seconds = time.monotonic(), _cpu_seconds(family)
        share = 100 * (seconds - self._seconds) / max(now - self._since, 1e-3)
        self._since, self._seconds = now, seconds
        return {"cpu_percent_of_core": round(share, 1), "rss_mb": round(_rss_mb(family), 1)}


def rss_mb() -> float:
    """Return what this process holds now; where the system does not tell, the most that it ever held."""
    return round(_rss_mb([_OWN]), 1) or peak_rss_mb()


def peak_rss_mb() -> float:
    """Return the most that this process ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes, Linux kibibytes.
    return round(peak * (1 if sys.platform == "darwin" else 1024) / 1e6, 1)


def others_cpu_seconds() -> float:
    """Return the processor time of this process's children so far; 0 where the system does not tell."""
    return _cpu_seconds(_children())


def others_rss_mb() -> float:
    """Return what this process's children hold; 0 where the system does not tell."""
    return round(_rss_mb(_children()), 1)


def _children() -> list[Path]:
    return [
        Path("/proc", c) for task in _OWN.glob("task/*/children") for c in task.read_text("ascii").split()
    ]


def _cpu_seconds(processes: list[Path]) -> float:
    stats = (line.rpartition(")")[2].split() for line in _lines(processes, "stat"))
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) / _TICKS


def _rss_mb(processes: list[Path]) -> float:
    return sum(int(line.split()[1]) * _PAGE for line in _lines(processes, "statm")) / 1e6


def _lines(processes: list[Path], name: str) -> list[str]:
    """Return a file of each process that has not just ended."""
    found = []
    for process in processes:
        try:
            found.append((process / name).read_text("ascii"))
        except OSError:
            continue
    return found
