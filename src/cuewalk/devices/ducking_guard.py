"""A small process that turns other players down, and up again when the session is over, however it ends.

``python -P -m cuewalk.devices.ducking_guard SESSION_PID`` works until its standard input is closed or the
session's process is gone. It imports little, so that it starts at once.
"""

import json
import os
import re
import select
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from cuewalk.devices import sound_server

#: Share of a player's volume that is left, as mixers show it: 30 % is about -31 dB. Design choice: a cue is
#: understood over it, and the music is still there.
SHARE: Final = 0.3
#: Seconds between two lists of the players, which is how late a new one is found. Design choice.
_EVERY: Final = 2.0
#: Raw volumes that differ by no more are the same: the sound system rounds.
_ROUNDING: Final = 2

_Volumes = tuple[int, ...]
#: A sound system that answers after 5 s is asked again the next time.
_pactl: Final = partial(sound_server.pactl, timeout=5.0)


class PlayingStream(NamedTuple):
    """What one application plays: raw volumes for each channel (65536 is 100 %).

    ``name``: the one under which the sound system remembers the application's volume.
    """

    number: int
    name: str
    process: int
    volumes: _Volumes


class _Lowered(NamedTuple):
    own: _Volumes
    now: _Volumes


def streams_of_json(text: str) -> list[PlayingStream]:
    """Return what ``pactl --format=json list sink-inputs`` tells. Raises `ValueError` if it is no JSON."""
    rows: list[dict[str, Any]] = json.loads(text)
    found = (
        _stream(
            int(row["index"]),
            {str(name): str(value) for name, value in row["properties"].items()},
            tuple(int(channel["value"]) for channel in row["volume"].values()),
        )
        for row in rows
    )
    return [stream for stream in found if stream]


def streams_of_text(text: str) -> list[PlayingStream]:
    """Return what ``pactl list sink-inputs`` tells, in English."""
    found = []
    for block in re.split(r"^Sink Input #", text, flags=re.MULTILINE)[1:]:
        volume = re.search(r"^\tVolume: (.*)$", block, re.MULTILINE)
        volumes = re.findall(r": *(\d+) */", volume[1]) if volume else []
        named = dict(re.findall(r'^\t\t([\w.-]+) = "(.*)"$', block, re.MULTILINE))
        found.append(_stream(int(block.split()[0]), named, tuple(map(int, volumes))))
    return [stream for stream in found if stream]


def _stream(index: int, named: dict[str, str], volumes: _Volumes) -> PlayingStream | None:
    """Return the stream of an application; what the sound system itself plays (a loopback) has no process."""
    process = named.get("application.process.id", "")
    if not process.isdecimal() or not volumes:
        return None
    name = named.get("module-stream-restore.id") or named.get("application.name", "")
    return PlayingStream(index, name, int(process), volumes)


class Guard:
    """Lowers every player that is neither the session nor a child of it, and gives each its volume back."""

    def __init__(self, session: int) -> None:
        self._session = session
        self._lowered: dict[tuple[int, int], _Lowered] = {}
        self._by_name: dict[str, _Lowered] = {}

    def lower(self) -> None:
        """Turn down what is not turned down yet."""
        streams = _listed()
        here = {(stream.number, stream.process) for stream in streams}
        self._lowered = {key: held for key, held in self._lowered.items() if key in here}
        for stream in streams:
            key = stream.number, stream.process
            if key not in self._lowered and not _belongs(stream.process, self._session):
                self._lowered[key] = self._by_name[stream.name] = self._lower(stream)

    def restore(self) -> None:
        """Give every player its own volume back, unless somebody else has changed it meanwhile."""
        for stream in _listed():
            held = self._lowered.get((stream.number, stream.process))
            if held and _close(stream.volumes, held.now):
                _set(stream.number, held.own)

    def _lower(self, stream: PlayingStream) -> _Lowered:
        before = self._by_name.get(stream.name)
        if before and _close(stream.volumes, before.now):
            return before  # the sound system remembered the volume that we had set for the last one
        lowered = _Lowered(stream.volumes, tuple(round(volume * SHARE) for volume in stream.volumes))
        _set(stream.number, lowered.now)
        return lowered


def _close(one: _Volumes, other: _Volumes) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= _ROUNDING for a, b in zip(one, other, strict=True))


def _belongs(process: int, session: int) -> bool:
    """Return whether a process is the session's or a descendant's."""
    while process > 1 and process != session:
        try:
            status = Path(f"/proc/{process}/stat").read_text("utf-8", errors="replace")
        except OSError:
            return False
        process = int(status.rpartition(")")[2].split()[1])
    return process == session


def _listed() -> list[PlayingStream]:
    try:
        return streams_of_json(_pactl("--format=json", "list", "sink-inputs"))
    except (ValueError, KeyError, AttributeError, TypeError):  # an old pactl, or one with a fault in its JSON
        return streams_of_text(_pactl("list", "sink-inputs"))


def _set(index: int, volumes: _Volumes) -> None:
    _pactl("set-sink-input-volume", str(index), *map(str, volumes))


def main(session: int) -> None:
    """Guard until standard input is closed, the session is gone, or somebody ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    guard = Guard(session)
    try:
        while os.getppid() == session:
            guard.lower()
            if select.select([sys.stdin], [], [], _EVERY)[0]:
                break
    finally:
        guard.restore()


if __name__ == "__main__":
    main(int(sys.argv[1]))
