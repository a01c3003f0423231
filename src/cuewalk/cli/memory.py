"""Checks the memory that is allowed here before libraries are loaded that end the whole program without it.

OpenBLAS and ONNX Runtime do not report a failed allocation while they start: they call ``exit`` or ``abort``.
"""

import os
import resource
from typing import Final

from cuewalk.domain.errors import CuewalkError

#: Address space, in bytes. Measured: a demonstration on two cores takes 1.37 GB, of which it uses 0.13 GB;
#: each core adds the stacks and pools of two libraries' threads (estimated).
_TO_HEAR: Final = 1_250_000_000
_EACH_CORE: Final = 150_000_000
#: Measured: the doctor aborts at 300 MB and is whole at 400 MB; reading the journal needs 200 MB.
_TO_LOOK: Final = 400_000_000
_HEARING: Final = frozenset({"start", "run", "demo", "checkin", "calibrate", "teach", "bench"})
_LOOKING: Final = frozenset({"doctor", "check", "scripts", "devices"})


def check_memory(command: str) -> None:
    """Refuse a command for which the address space does not suffice.

    Raises:
        CuewalkError: saying how much is allowed, how much is needed, and what to do.
    """
    allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
    needed = _TO_LOOK if command in _LOOKING else 0
    if command in _HEARING:
        needed = _TO_HEAR + _EACH_CORE * (os.cpu_count() or 1)
    if allowed == resource.RLIM_INFINITY or allowed >= needed:
        return
    raise CuewalkError(
        f"Only {allowed / 1e9:.1f} GB of memory are allowed here (ulimit -v), and cuewalk {command} needs "
        f"about {needed / 1e9:.1f} GB.",
        meaning="Nothing was begun.",
        remedy="Allow more (ulimit -v unlimited, in a new terminal) and try again.",
    )
