"""How much memory this process holds, in megabytes (10^6 bytes)."""

import os
import resource
import sys
from pathlib import Path


def rss_mb() -> float:
    """Return what is held now; where the system does not tell, the most ever held."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return peak_rss_mb()
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def peak_rss_mb() -> float:
    """Return the most ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes, Linux kibibytes.
    return round(peak * (1 if sys.platform == "darwin" else 1024) / 1e6, 1)
