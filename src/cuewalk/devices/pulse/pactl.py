"""Asks PulseAudio, or PipeWire in its place, by its own program; imports the standard library alone."""

import os
import subprocess


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
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", errors="replace") if done.returncode == 0 else ""
