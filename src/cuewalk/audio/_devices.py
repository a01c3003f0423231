"""The one module that knows sounddevice (PortAudio).

Everything it raises is a `DeviceError`; callbacks given to it run on PortAudio's own thread.
"""

import atexit
import ctypes
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

import numpy as np

from cuewalk.audio.api import Samples
from cuewalk.audio.device_info import DeviceInfo, DeviceKind
from cuewalk.domain.errors import BugError, DeviceError

try:
    import sounddevice as sd
except OSError as error:  # the wheel for Linux does not carry the PortAudio library
    sd = None
    _missing = str(error)


class Flags(Protocol):
    """What we look at of sounddevice's status: whether the device lost sound since the last block."""

    input_overflow: bool
    output_underflow: bool


#: Called with a block (int16, frames x channels, valid during the call only) and the status.
BlockCallback = Callable[[Samples, Flags], None]

#: More channels than these are never opened: the ALSA "default" device claims 32.
_MOST_CHANNELS: Final = 2
_WORD: Final = {"input": "microphone", "output": "speaker"}

_ALSA_HANDLER: Final = ctypes.CFUNCTYPE(None)
_open_streams = 0
_count_lock = threading.Lock()


class Stream(Protocol):
    """What we use of a sounddevice stream."""

    active: bool
    latency: float
    channels: int

    def start(self) -> None: ...
    def abort(self) -> None: ...
    def close(self) -> None: ...


def query() -> list[DeviceInfo]:
    """Return every device. Raises `DeviceError` if PortAudio is missing."""
    _need_portaudio()
    apis = sd.query_hostapis()
    default_input, default_output = sd.default.device
    return [
        DeviceInfo(
            name=str(raw["name"]),
            index=int(raw["index"]),
            host_api=str(apis[raw["hostapi"]]["name"]),
            input_channels=int(raw["max_input_channels"]),
            output_channels=int(raw["max_output_channels"]),
            default_rate=round(raw["default_samplerate"]),
            is_default_input=raw["index"] == default_input,
            is_default_output=raw["index"] == default_output,
        )
        for raw in sd.query_devices()
    ]


def rescan() -> None:
    """Start PortAudio anew, the only way to a fresh device list. Raises `BugError` while a stream is open."""
    _need_portaudio()
    if _open_streams:
        raise BugError("devices were looked for again while a stream was open: PortAudio would crash")
    # sounddevice has no public way; its own documentation names these two.
    sd._terminate()  # noqa: SLF001
    sd._initialize()  # noqa: SLF001


def streams_open() -> bool:
    """Return whether any stream is open, so that the devices cannot be looked for again."""
    return _open_streams > 0


def check(device: DeviceInfo, kind: DeviceKind) -> None:
    """Raise `DeviceError` if the device does not open with the settings that we use."""
    _need_portaudio()
    probe = sd.check_input_settings if kind == "input" else sd.check_output_settings
    with _sentences(device, kind):
        probe(**_settings(device, kind))


def channels_of(device: DeviceInfo, kind: DeviceKind) -> int:
    """Return how many channels of the device we open."""
    return min(_MOST_CHANNELS, device.input_channels if kind == "input" else device.output_channels)


def open_stream(
    device: DeviceInfo, kind: DeviceKind, *, blocksize: int, latency: float, on_block: BlockCallback
) -> Stream:
    """Return a stream at the device's default rate, not started yet.

    Args:
        device: which.
        kind: "input": ``on_block`` reads the block; "output": it fills it.
        blocksize: sample frames a block, at the device's rate.
        latency: seconds that the device should buffer.
        on_block: runs on PortAudio's thread and must neither wait nor raise.

    Raises:
        DeviceError: if the device is gone, busy, or refuses its own default rate.
    """
    _need_portaudio()
    make = sd.InputStream if kind == "input" else sd.OutputStream

    def callback(block: Samples, _frames: int, _time: object, status: Flags) -> None:
        on_block(block, status)

    with _sentences(device, kind):
        stream: Stream = make(
            blocksize=blocksize, latency=latency, callback=callback, **_settings(device, kind)
        )
    _count(+1)
    return stream


def start_stream(stream: Stream, device: DeviceInfo, kind: DeviceKind) -> None:
    """Start a stream. Raises `DeviceError` if the device refuses."""
    with _sentences(device, kind):
        stream.start()


def close_stream(stream: Stream) -> None:
    """Stop at once and release the device; a device that is already gone is no error."""
    try:
        stream.abort()
    finally:
        stream.close()
        _count(-1)


def _hush_alsa() -> None:
    """Keep ALSA's own messages ("underrun occurred", thousands at a time) off the person's screen.

    The handler's arguments are left out: a C caller does not mind, and there is nothing to format.
    """
    try:
        set_handler = ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler
    except (OSError, AttributeError):
        return
    set_handler(_SILENT)
    # The handler is Python: it must be gone before the interpreter is.
    atexit.register(set_handler, None)


_SILENT: Final = _ALSA_HANDLER(lambda: None)
if sd is not None and sys.platform == "linux":
    _hush_alsa()


def _settings(device: DeviceInfo, kind: DeviceKind) -> dict[str, Any]:
    channels = channels_of(device, kind)
    return {
        "device": device.index,
        "channels": channels,
        "samplerate": device.default_rate,
        "dtype": np.int16,
    }


def _count(step: int) -> None:
    global _open_streams  # noqa: PLW0603 - PortAudio is one per process, so is this count
    with _count_lock:
        _open_streams += step


@contextmanager
def _sentences(device: DeviceInfo, kind: DeviceKind) -> Iterator[None]:
    try:
        yield
    except (sd.PortAudioError, ValueError) as error:
        raise DeviceError(
            f'The {_WORD[kind]} "{device.name}" could not be opened: {error}.',
            meaning="It may be in use by another programme, or unplugged.",
            remedy="Close the other programme or plug it in again; `cuewalk devices` lists what there is.",
        ) from error


def _need_portaudio() -> None:
    if sd is None:
        raise DeviceError(
            f"The PortAudio library is missing ({_missing}).",
            meaning="Without it no microphone or speaker can be used.",
            remedy="Install it: `sudo apt install libportaudio2` on Debian, Ubuntu and Raspberry Pi OS, "
            "`brew install portaudio` on macOS.",
        )
