"""The one module that knows sounddevice (PortAudio): which devices there are, and streams on them.

Everything it raises is a `DeviceError`; callbacks given to it run on PortAudio's own thread.
"""

import atexit
import ctypes
import logging
import re
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol, TypeVar

import numpy as np

from cuewalk.devices.device_info import (
    WORD,
    DeviceInfo,
    DeviceKind,
    Format,
    listening,
    match,
    playing,
    told_apart,
)
from cuewalk.devices.sound_server import name_runtime_folder, what_is_missing
from cuewalk.domain.errors import BugError, DeviceError
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS
from cuewalk.logs import ignoring, kind_of

_log = logging.getLogger(__package__)

name_runtime_folder()  # the sound libraries read it when they are loaded
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
OnBlock = Callable[[Samples, Flags], None]
_T = TypeVar("_T")

#: PortAudio's error codes (portaudio.h): those after which another format may open, and what some mean.
_RATE, _CHANNELS, _FORMAT, _COMBINATION, _UNANTICIPATED = -9997, -9998, -9994, -9993, -9999
_TRY_ANOTHER: Final = {_RATE, _CHANNELS, _FORMAT, _COMBINATION, _UNANTICIPATED}
_MEANS: Final = {
    -9985: "another programme uses it",
    -9996: "it is not there any more",
    -9992: "the system's sound does not answer",
    _RATE: "it takes none of the sample rates that were tried",
    _CHANNELS: "it takes none of the numbers of channels that were tried",
    _FORMAT: "it takes none of the sample formats that were tried",
}
_CARD: Final = re.compile(r"\(hw:(\d+),\d+\)")
_open_streams = 0
_count_lock = threading.Lock()


class PortAudioStream(Protocol):
    """What we use of a sounddevice stream."""

    active: bool
    latency: float

    def start(self) -> None:
        """Start the callbacks."""

    def abort(self) -> None:
        """Stop at once, without playing what is queued."""

    def close(self) -> None:
        """Release the device."""


def query() -> list[DeviceInfo]:
    """Return every device, in PortAudio's order. Raises `DeviceError` if PortAudio is missing."""
    _need_portaudio()
    apis = sd.query_hostapis()
    default_input, default_output = sd.default.device
    found = [
        DeviceInfo(
            name=str(raw["name"]),
            index=int(raw["index"]),
            host_api=str(apis[raw["hostapi"]]["name"]),
            input_channels=int(raw["max_input_channels"]),
            output_channels=int(raw["max_output_channels"]),
            default_rate=round(raw["default_samplerate"]),
            is_default_input=raw["index"] == default_input,
            is_default_output=raw["index"] == default_output,
            port=port_of(str(raw["name"])),
        )
        for raw in sd.query_devices()
    ]
    return told_apart(found)


def port_of(name: str, cards: Path = Path("/sys/class/sound")) -> str:
    """Return where the ALSA card of "USB Audio (hw:1,0)" is plugged in, "1-1.2"; "" if that is unknown."""
    card = _CARD.search(name)
    if card is None:
        return ""
    device = (cards / f"card{card[1]}" / "device").resolve()
    # A USB device's last folder is its interface, "1-1.2:1.0"; the port is what comes before the colon.
    return device.name.partition(":")[0] if device.exists() and "usb" in str(device) else ""


def find_device(name: str | None, kind: DeviceKind) -> DeviceInfo:
    """Return the device called ``name`` (None: the system's default) that can do ``kind``.

    Raises:
        DeviceError: if there is none, or the name fits several; the message lists them.
    """
    try:
        return match(query(), name, kind)
    except DeviceError as error:
        if not (more := what_is_missing()):
            raise
        raise DeviceError(error.what, meaning=error.meaning, remedy=f"{error.remedy} {more}") from error


def must_open(name: str | None, kind: DeviceKind) -> DeviceInfo:
    """Return the device of that name (None: the default), which was seen to open.

    Raises:
        DeviceError: why there is none, or why it does not open.
    """
    device = find_device(name, kind)
    probe = sd.check_input_settings if kind == "input" else sd.check_output_settings

    def tried(form: Format) -> None:
        probe(device=device.index, channels=form.channels, samplerate=form.rate, dtype=np.int16)

    with _sentences(device, kind):
        _first(tried, listening(device).formats if kind == "input" else playing(device))
    return device


def rescan() -> None:
    """Start PortAudio anew, the only way to a fresh device list.

    Raises:
        DeviceError: if it is missing or does not start; it can be tried again.
        BugError: while a stream is open.
    """
    _need_portaudio()
    if _open_streams:
        raise BugError("devices were looked for again while a stream was open: PortAudio would crash")
    # sounddevice has no public way; its own documentation names these two.
    with ignoring(_log, sd.PortAudioError, doing="ending a PortAudio that did not start the last time"):
        sd._terminate()  # noqa: SLF001
    try:
        sd._initialize()  # noqa: SLF001
    except sd.PortAudioError as error:
        raise DeviceError("The sound system could not be started anew.") from error


def streams_open() -> bool:
    """Return whether any stream is open, so that the devices cannot be looked for again."""
    return _open_streams > 0


def open_stream(
    device: DeviceInfo, kind: DeviceKind, formats: Sequence[Format], *, latency: float, on_block: OnBlock
) -> tuple[PortAudioStream, Format]:
    """Return a stream, not started yet, with blocks of 20 ms, in the first format that the device takes.

    Args:
        device: which.
        kind: "input": ``on_block`` reads the block; "output": it fills it.
        formats: what to try, the best first.
        latency: seconds that the device should buffer.
        on_block: runs on PortAudio's thread and must neither wait nor raise.

    Raises:
        DeviceError: if the device is gone, busy, or takes none of the formats.
    """
    _need_portaudio()
    make = sd.InputStream if kind == "input" else sd.OutputStream

    def tried(form: Format) -> PortAudioStream:
        stream: PortAudioStream = make(
            device=device.index,
            channels=form.channels,
            samplerate=form.rate,
            dtype=np.int16,
            blocksize=form.rate * FRAME_MS // 1000,
            latency=latency,
            callback=lambda block, _frames, _time, status: on_block(block, status),
        )
        return stream

    with _sentences(device, kind):
        opened = _first(tried, formats)
    _count(+1)
    return opened


def start_stream(stream: PortAudioStream, device: DeviceInfo, kind: DeviceKind) -> None:
    """Start a stream. Raises `DeviceError` if the device refuses."""
    with _sentences(device, kind):
        stream.start()


def close_stream(stream: PortAudioStream) -> None:
    """Stop at once and release the device; a device that is already gone is no error."""
    try:
        stream.abort()
    finally:
        stream.close()
        _count(-1)


def _first(tried: Callable[[Format], _T], formats: Sequence[Format]) -> tuple[_T, Format]:
    """Return what the first format gives that is taken. Raises the first refusal if none is."""
    refused: Exception | None = None
    for form in formats:
        try:
            return tried(form), form
        except sd.PortAudioError as error:
            refused = refused or error
            if _code(error) not in _TRY_ANOTHER:
                break
    raise refused or BugError("a device was to be opened in no format")


def _code(error: Exception) -> int:
    """Return PortAudio's code of an error, 0 if it has none."""
    return next((each for each in error.args if isinstance(each, int)), 0)


def _count(step: int) -> None:
    global _open_streams  # noqa: PLW0603 - PortAudio is one per process, so is this count
    with _count_lock:
        _open_streams += step


@contextmanager
def _sentences(device: DeviceInfo, kind: DeviceKind) -> Iterator[None]:
    try:
        yield
    except (sd.PortAudioError, ValueError) as error:
        why = _MEANS.get(_code(error), "")
        raise DeviceError(
            f'The {WORD[kind]} "{device.name}" could not be opened{why and f": {why}"}.',
            meaning="" if why else "It may be in use by another programme, or unplugged.",
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


#: Its arguments are left out: a C caller does not mind, and there is nothing to format.
_SILENT: Final = ctypes.CFUNCTYPE(None)(lambda: None)


def _silence_alsa() -> None:
    """Keep ALSA's own messages ("underrun occurred", thousands at a time) off the person's screen."""
    try:
        set_handler = ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler
    except (OSError, AttributeError) as error:
        _log.debug("ALSA cannot be kept from printing: %s", kind_of(error))
        return
    set_handler(_SILENT)
    # The handler is Python: it must be gone before the interpreter is.
    atexit.register(set_handler, None)


if sd is not None and sys.platform == "linux":
    _silence_alsa()
