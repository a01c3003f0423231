"""Another player is quieter during a session and as loud as before after it.

The file is also the programme that holds the players down: ``python test_ducking.py``.
"""

import json
import signal
import sys
import time
from contextlib import contextmanager

import numpy as np
import pytest

from cuewalk.devices.files.wav import write_wav
from cuewalk.devices.guards import ducked

pytestmark = pytest.mark.device
_OWN = 52_429


def hold():
    """Hold other players down until a line comes in."""
    with ducked(enabled=True):
        sys.stdout.write("holding\n")
        sys.stdout.flush()
        sys.stdin.readline()
    sys.stdout.write("over\n")


@pytest.fixture(scope="module")
def music(tmp_path_factory):
    """A long piece of sound."""
    wav = tmp_path_factory.mktemp("music") / "music.wav"
    write_wav(wav, np.zeros(16_000 * 90, np.int16))
    return wav


@contextmanager
def playing(sinks, music):
    """Let another player play at 80 %, from the moment at which the daemon has it."""
    with sinks.start("paplay", "--device=speaker", f"--volume={_OWN}", str(music)) as player:
        volume_becomes(sinks, player, _OWN)
        yield player


def volumes(sinks):
    """The raw volume of each player by its process."""
    listed = json.loads(sinks.run("pactl", "--format=json", "list", "sink-inputs").stdout or "[]")
    return {
        int(row["properties"]["application.process.id"]): {v["value"] for v in row["volume"].values()}
        for row in listed
    }


def volume_becomes(sinks, player, expected):
    """Ask the daemon until a player has this volume."""
    found, deadline = set(), time.monotonic() + 20
    while time.monotonic() < deadline and player.poll() is None:
        found = volumes(sinks).get(player.pid, set())
        if found and all(abs(volume - expected) <= 2 for volume in found):
            return
    raise AssertionError(f"the player is at {found}, not at {expected}")


def test_players_are_lowered_and_get_their_own_volume_back(null_sinks, music):
    with playing(null_sinks, music) as player:
        with null_sinks.start("python", __file__) as session:
            volume_becomes(null_sinks, player, round(_OWN * 0.3))
            with playing_later(null_sinks, music) as later:
                volume_becomes(null_sinks, later, round(_OWN * 0.3))
                session.communicate("end\n", timeout=20)
                assert volumes(null_sinks)[later.pid] == {_OWN}
        assert volumes(null_sinks)[player.pid] == {_OWN}


@contextmanager
def playing_later(sinks, music):
    """A player that begins while the others are lowered already."""
    with sinks.start("paplay", "--device=speaker", f"--volume={_OWN}", str(music)) as player:
        yield player


def test_they_get_it_back_even_if_the_session_is_killed(null_sinks, music):
    with (
        playing(null_sinks, music) as player,
        null_sinks.start("python", __file__) as session,
    ):
        volume_becomes(null_sinks, player, round(_OWN * 0.3))
        session.send_signal(signal.SIGKILL)
        volume_becomes(null_sinks, player, _OWN)


def test_the_sessions_own_sound_is_not_lowered(null_sinks, music):
    code = (
        "import subprocess, sys\n"
        "from cuewalk.devices.guards import ducked\n"
        "with ducked(enabled=True):\n"
        f"    own = subprocess.Popen(['paplay', '--device=speaker', '--volume={_OWN}', sys.argv[1]])\n"
        "    print(own.pid, flush=True)\n"
        "    sys.stdin.readline()\n"
        "    own.terminate()\n"
    )
    with (
        playing(null_sinks, music) as player,
        null_sinks.start("python", "-c", code, str(music)) as session,
    ):
        own = int(session.stdout.readline())
        volume_becomes(null_sinks, player, round(_OWN * 0.3))
        assert volumes(null_sinks).get(own, {_OWN}) == {_OWN}
        session.communicate("end\n", timeout=20)


def test_what_somebody_else_changed_meanwhile_stays(null_sinks, music):
    with playing(null_sinks, music) as player:
        with null_sinks.start("python", __file__) as session:
            volume_becomes(null_sinks, player, round(_OWN * 0.3))
            listed = json.loads(null_sinks.run("pactl", "--format=json", "list", "sink-inputs").stdout)
            (index,) = [
                row["index"]
                for row in listed
                if row["properties"]["application.process.id"] == str(player.pid)
            ]
            null_sinks.run("pactl", "set-sink-input-volume", str(index), "40000")
            session.communicate("end\n", timeout=20)
        assert volumes(null_sinks)[player.pid] == {40_000}


if __name__ == "__main__":
    hold()
