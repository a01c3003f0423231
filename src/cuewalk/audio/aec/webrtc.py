"""WebRTC's echo canceller (AEC3) and noise suppression, from the ``livekit`` wheel.

`livekit.rtc.AudioProcessingModule` makes, serialises and parses a protobuf message for every 10 ms of either
side: a third of its time, by a profile of `cuewalk demo`. Here both requests are serialised once, with
buffers that stay where they are, and handed to the same library. These parts of the wheel are private, so its
version is capped, and tests/unit/test_private_parts.py tells what has changed.
"""

import ctypes
import os
from collections.abc import Callable
from typing import ClassVar, Final

import numpy as np

from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE

#: Samples that WebRTC takes at a time: 10 ms.
STEP: Final = SESSION_RATE // 100
_IN_A_FORK: Final = "WebRTC does not work in a fork"


class WebRtc:
    """AEC3, noise suppression and high-pass filter over a stream of 16 kHz mono int16.

    Raises:
        ImportError: if the wheel is not there for this platform.
        RuntimeError: in a fork of a process that used it. Not every livekit says so itself.
    """

    #: The process that livekit's threads live in.
    _home: ClassVar[int | None] = None

    def __init__(self) -> None:
        if WebRtc._home not in {None, os.getpid()}:
            raise RuntimeError(_IN_A_FORK)
        # Imported here: it takes a quarter of a second, and sessions without it must not pay.
        from livekit import rtc  # noqa: PLC0415

        self._module = rtc.AudioProcessingModule(
            echo_cancellation=True, noise_suppression=True, high_pass_filter=True, auto_gain_control=False
        )
        self._module.set_stream_delay_ms(0)
        try:
            from livekit.rtc._ffi_client import FfiClient  # noqa: PLC0415

            library = FfiClient.instance._ffi_lib  # noqa: SLF001 - see above
            self._ask, self._drop = library.livekit_ffi_request, library.livekit_ffi_drop_handle
            handle = self._module._ffi_handle.handle  # noqa: SLF001
            self._far, self._near = (_Request(kind, handle) for kind in ("reverse_stream", "stream"))
        except (AttributeError, TypeError) as error:
            raise ImportError("this livekit has other private parts") from error
        WebRtc._home = os.getpid()

    def process(self, microphone: Samples, reference: Samples) -> Samples:
        """Return ``microphone`` with nothing left but speech; both have a multiple of `STEP` samples.

        Raises:
            RuntimeError: if WebRTC refuses, or this is a fork of the process that made it: livekit's threads
                are not in there.
        """
        if os.getpid() != WebRtc._home:
            raise RuntimeError(_IN_A_FORK)
        rest = np.empty_like(microphone)
        for at in range(0, len(microphone), STEP):
            part = slice(at, at + STEP)
            self._far.samples[:] = reference[part]
            self._far.send(self._ask, self._drop)
            self._near.samples[:] = microphone[part]
            self._near.send(self._ask, self._drop)
            rest[part] = self._near.samples
        return rest


class _Request:
    """A request to process ``samples`` (10 ms, int16) in place, sent again and again."""

    def __init__(self, kind: str, handle: int) -> None:
        from google.protobuf.message import DecodeError  # noqa: PLC0415
        from livekit.rtc._proto import ffi_pb2  # noqa: PLC0415

        self.samples: Samples = np.zeros(STEP, np.int16)
        self._kind, self._answers = f"apm_process_{kind}", ffi_pb2.FfiResponse
        self._unreadable = DecodeError
        request = ffi_pb2.FfiRequest()
        asked = getattr(request, self._kind)
        asked.apm_handle, asked.data_ptr, asked.size = handle, self.samples.ctypes.data, self.samples.nbytes
        asked.sample_rate, asked.num_channels = SESSION_RATE, 1
        message = request.SerializeToString()
        self._message, self._length = (ctypes.c_ubyte * len(message)).from_buffer_copy(message), len(message)
        self._answer, self._answer_length = ctypes.POINTER(ctypes.c_ubyte)(), ctypes.c_size_t()
        self._where = ctypes.byref(self._answer), ctypes.byref(self._answer_length)
        #: The bytes of the answer that all is well.
        self._well = b""

    def send(self, ask: Callable[..., int], drop: Callable[[int], object]) -> None:
        """Let the library process the samples; `RuntimeError` if it refuses. ``drop`` frees its answer."""
        answer = ask(self._message, self._length, *self._where)
        if not answer:
            raise RuntimeError("WebRTC gives no answer")
        said = ctypes.string_at(self._answer, self._answer_length.value)
        drop(answer)
        if said != self._well:
            try:
                error = getattr(self._answers.FromString(said), self._kind).error
            except self._unreadable as fault:
                raise RuntimeError("WebRTC's answer cannot be read") from fault
            if error:
                raise RuntimeError(error)
            self._well = said
