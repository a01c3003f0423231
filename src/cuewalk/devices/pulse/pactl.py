"""Asks PulseAudio, or PipeWire in its place, by its own program; imports little, to start at once."""

import logging
import os
import subprocess

from cuewalk.logs import kind_of

_log = logging.getLogger(__package__)


def pactl(*arguments: str, patience: float) -> str:
    """Return what pactl says, in English; "" if it fails or takes longer than ``patience`` seconds."""
    try:
        done = subprocess.run(
            ["pactl", *arguments],
            env={**os.environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=patience,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.debug("pactl %s: %s", arguments[0] if arguments else "", kind_of(error))
        return ""
    return done.stdout.decode("utf-8", errors="replace") if done.returncode == 0 else ""
