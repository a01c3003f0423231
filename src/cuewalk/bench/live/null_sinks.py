"""A speaker and a microphone without hardware: a private PulseAudio daemon with two null sinks.

PortAudio reads its environment when it is loaded, so what uses the devices runs in a process of its own,
started by `NullSinks.start` or `NullSinks.run` with `NullSinks.env`. Nothing of the person's own sound
system is touched.
"""

import ctypes.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from cuewalk.domain.errors import DeviceError

#: Debian's packages by what is used of them.
_TOOLS: Final = {"pulseaudio": "pulseaudio"} | dict.fromkeys(("pactl", "parec", "paplay"), "pulseaudio-utils")
_ALSA_PLUGIN: Final = "libasound_module_pcm_pulse.so"
_ALSA_FOLDERS: Final = ("/usr/lib", "/usr/lib64", "/lib", "/usr/local/lib")
_RECORDED: Final = ("--rate=16000", "--channels=1", "--format=s16le", "--latency-msec=20", "--verbose")


def missing_packages() -> list[str]:
    """Return the packages that null sinks need and this machine lacks, by their Debian names."""
    packages = {package for tool, package in _TOOLS.items() if shutil.which(tool) is None}
    if ctypes.util.find_library("portaudio") is None:
        packages.add("libportaudio2")
    patterns = (f"alsa-lib/{_ALSA_PLUGIN}", f"*/alsa-lib/{_ALSA_PLUGIN}")
    if not any(any(Path(top).glob(pattern)) for top in _ALSA_FOLDERS for pattern in patterns):
        packages.add("libasound2-plugins")
    return sorted(packages)


@contextmanager
def null_sinks() -> "Iterator[NullSinks]":
    """Run the daemon for the length of the block.

    Raises:
        DeviceError: if something it needs is not installed, or it does not start.
    """
    if missing := missing_packages():
        raise DeviceError(
            "Null sinks (a speaker and a microphone without hardware) need PulseAudio.",
            meaning="Nothing was measured.",
            remedy=f"Install it: sudo apt install {' '.join(missing)}",
        )
    # A socket's path may have no more than 107 characters.
    with tempfile.TemporaryDirectory(prefix="cuewalk-") as folder:
        sinks = NullSinks(Path(folder))
        with sinks.serving():
            yield sinks


class NullSinks:
    """The daemon with its sinks: ``speaker`` can be recorded, ``micfeed`` is what the microphone hears."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._socket = folder / "s"
        self._running = ExitStack()
        #: The environment in which the two devices are the only ones.
        self.env = {
            **os.environ,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder / "run"),
            "PULSE_STATE_PATH": str(folder / "state"),
            "PULSE_SERVER": f"unix:{self._socket}",
        }

    def run(self, *command: str, seconds: float = 20) -> subprocess.CompletedProcess[str]:
        """Run a command (``python`` is this Python) to its end in the environment."""
        return subprocess.run(
            _resolved(command), env=self.env, capture_output=True, text=True, timeout=seconds, check=False
        )

    @contextmanager
    def start(self, *command: str) -> Iterator[subprocess.Popen[str]]:
        """Start a command in the environment with pipes; it is ended with the block."""
        process = subprocess.Popen(
            _resolved(command),
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                yield process
            finally:
                process.terminate()

    def play_into_microphone(self, wav: Path, seconds: float = 20) -> None:
        """Let the microphone hear a WAV file; returns when it has been played."""
        # With a small latency a busy machine lets paplay starve, and the person stutters.
        done = self.run("paplay", "--device=micfeed", "--latency-msec=300", str(wav), seconds=seconds)
        if done.returncode:
            raise DeviceError(f"paplay could not play {wav.name}: {done.stderr.strip()}")

    def loop_back(self, delay_ms: int, decibels: float) -> None:
        """Let the microphone hear the speaker: an echo of this delay and level.

        Left to itself the loop plays up to 1 % faster or slower until it has the delay that is wanted. No
        room does, and no canceller follows (4 to 14 dB taken out instead of 28 to 44, measured).
        """
        module = self.run(
            *("pactl", "load-module", "module-loopback", "source=speaker.monitor", "sink=micfeed"),
            *(f"latency_msec={delay_ms}", "adjust_time=0"),
        ).stdout.strip()
        inputs = self.run("pactl", "list", "short", "sink-inputs").stdout.splitlines()
        loop = next((line.split()[0] for line in inputs if line.split()[2:3] == ["-"]), "")
        if not module or not loop:
            raise DeviceError("PulseAudio could not loop the speaker back into the microphone.")
        self.run("pactl", "set-sink-input-volume", loop, f"{decibels:g}dB")

    @contextmanager
    def recorded(self, sink: str, wav: Path) -> Iterator[None]:
        """Record ``speaker`` or ``micfeed`` into a 16 kHz mono WAV file, complete when the block ends."""
        log = self.folder / f"{sink}-{time.monotonic_ns()}.log"
        command = ["parec", f"--device={sink}.monitor", *_RECORDED, "--file-format=wav", str(wav)]
        # Its messages go to a file: twenty status lines a second would fill a pipe and stop it.
        with log.open("wb") as messages, subprocess.Popen(command, env=self.env, stderr=messages) as process:
            try:
                _until(lambda: "Stream successfully created" in log.read_text(), process, "parec", 5)
                yield
            finally:
                process.send_signal(signal.SIGINT)

    @contextmanager
    def suspended(self, sink: str) -> Iterator[None]:
        """Let ``speaker`` or ``micfeed`` stop delivering, as an unplugged device does."""
        self.run("pactl", "suspend-sink", sink, "1")
        try:
            yield
        finally:
            self.run("pactl", "suspend-sink", sink, "0")

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Run the daemon for the length of the block and end it by its process."""
        for name in ("run", "state"):
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)
        (self.folder / ".asoundrc").write_text("pcm.!default pulse\nctl.!default pulse\n")
        try:
            self.start_daemon()
            yield
        finally:
            self.stop_daemon()

    def start_daemon(self) -> None:
        """Start the daemon, with its sinks as they were before."""
        with ExitStack() as stack:
            messages = stack.enter_context((self.folder / "pulseaudio.log").open("ab"))
            daemon = stack.enter_context(
                subprocess.Popen(self._daemon(), env=self.env, stdout=messages, stderr=messages)
            )
            stack.callback(daemon.kill)
            _until(lambda: self.run("pactl", "info").returncode == 0, daemon, "PulseAudio", 10)
            self.run("pactl", "set-default-sink", "speaker")
            self.run("pactl", "set-default-source", "micfeed.monitor")
            # A null sink nobody listens to wakes up every two seconds and lets the first stream wait that
            # long, which no sound card does: two listeners that ask for 20 ms keep them awake.
            for sink in ("speaker", "micfeed"):
                stack.enter_context(self.recorded(sink, Path(os.devnull)))
            self._running = stack.pop_all()

    def stop_daemon(self) -> None:
        """End the daemon at once, as a crash of the sound system does; a second call does nothing."""
        self._running.close()

    def _daemon(self) -> list[str]:
        quiet = ("--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", "--log-level=warn")
        ordinary = ("--realtime=no", "--high-priority=no")
        return [
            *("pulseaudio", "-n", "--daemonize=no", *quiet, *ordinary),
            f"--load=module-native-protocol-unix socket={self._socket} auth-anonymous=1",
            "--load=module-null-sink sink_name=speaker rate=48000 channels=2",
            "--load=module-null-sink sink_name=micfeed rate=48000 channels=2",
        ]


def _resolved(command: Sequence[str]) -> list[str]:
    return [sys.executable if command[0] == "python" else command[0], *command[1:]]


def _until(ready: Callable[[], bool], process: subprocess.Popen[bytes], name: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() >= deadline:
            raise DeviceError(f"{name} did not start within {seconds:g} s.")
        time.sleep(0.02)
