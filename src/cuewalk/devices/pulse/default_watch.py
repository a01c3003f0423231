"""Notices that the system's default microphone or speaker has become another one, a headset for example.

PulseAudio and PipeWire move our streams to the new default by themselves (seen with PulseAudio 16), so
nothing has to be opened again. But the room between speaker and microphone is another, and the person wants
to know.
Without a sound server PortAudio's list is frozen: there nothing is noticed.
"""

import threading
from dataclasses import dataclass, field
from typing import Final

from cuewalk.audio.api import DeviceName
from cuewalk.devices.pulse import sound_server

#: Seconds between two questions; each costs some 10 ms of one core, in another process.
_EVERY: Final = 3.0


@dataclass(slots=True)
class DefaultWatch:
    """Asks the sound server now and then, in a thread of its own.

    Args:
        devices: for which of the two the default is used.
    """

    devices: frozenset[DeviceName]
    every: float = _EVERY
    _news: list[tuple[DeviceName, str]] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch, if there is anything to watch."""
        if self.devices and sound_server.runs():
            self._thread = threading.Thread(target=self._watch, name="default-watch", daemon=True)
            self._thread.start()

    def news(self) -> list[tuple[DeviceName, str]]:
        """Return which default became another one, and its name for the person, once."""
        news = []
        while self._news:
            news.append(self._news.pop(0))
        return news

    def close(self) -> None:
        """Stop watching."""
        self._ended.set()

    def _watch(self) -> None:
        before = sound_server.defaults()
        while not self._ended.wait(self.every):
            now = sound_server.defaults()
            # A sound server that is away has no names; its devices are lost then, which is told elsewhere.
            if now.source and before.source not in ("", now.source):
                self._tell("microphone", "source", now.source)
            if now.sink and before.sink not in ("", now.sink):
                self._tell("speaker", "sink", now.sink)
            before = sound_server.Defaults(now.sink or before.sink, now.source or before.source)

    def _tell(self, device: DeviceName, kind: str, name: str) -> None:
        if device in self.devices:
            self._news.append((device, sound_server.description(kind, name)))
