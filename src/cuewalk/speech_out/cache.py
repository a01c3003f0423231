"""A voice that remembers: a cue is rendered once, kept in memory and on disk, and prepared ahead."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from cuewalk.domain.sound import Samples
from cuewalk.speech_out.api import Voice, VoiceSpec, closed, warm
from cuewalk.speech_out.cue_store import CueStore
from cuewalk.speech_out.line import clamp_rate, speakable
from cuewalk.speech_out.prefetch import Prefetcher

#: About 100 minutes of cues.
MAX_BYTES: Final = 200_000_000
#: About 8 minutes of cues: more than one session says.
_MEMORY_BYTES: Final = 16_000_000


class CachedVoice:
    """Implements `Voice` around another one. Safe to use from several threads.

    The samples it returns are read-only, because the next caller gets the same ones: copy them to change
    them. Silence is never stored. When the disk cannot be written to, it goes on in memory and says so once.
    After `close` every `render` raises `VoiceError`, also for a line it knows.
    """

    def __init__(
        self,
        voice: Voice,
        folder: Path,
        max_bytes: int = MAX_BYTES,
        *,
        on_notice: Callable[[str], None] | None = None,
    ) -> None:
        """Start nothing yet.

        Args:
            voice: closed together with this one.
            folder: made when the first cue is stored.
            max_bytes: the least used cues beyond this are removed.
            on_notice: told once, in a sentence for the person, if cues cannot be stored.
        """
        self._voice, self._folder, self._on_notice = voice, folder, on_notice
        self._store, self._may_store = CueStore(folder, max_bytes), True
        self._memory = _Memory(_MEMORY_BYTES)
        self._rendering = threading.Lock()
        self._prefetcher = Prefetcher(self._fetch)
        self._closed = False

    @property
    def spec(self) -> VoiceSpec:
        """The inner voice's."""
        return self._voice.spec

    def warm(self) -> None:
        """Start the inner voice in the background."""
        warm(self._voice)

    def at_hand(self, text: str, rate: float = 1.0) -> Samples | None:
        """Return ``text`` spoken if it is in memory, so that nothing has to be waited for."""
        return self._memory.get(self._key(speakable(text), clamp_rate(rate)))

    def render(self, text: str, rate: float = 1.0) -> Samples:
        """Return ``text`` spoken (see `Voice.render`), at once if it is known."""
        if self._closed:
            raise closed()
        line, pace = speakable(text), clamp_rate(rate)
        known = self._known(self._key(line, pace))
        if known is not None:
            return known
        with self._prefetcher.urgent():
            return self._fetch(line, pace)

    def prefetch(self, lines: Iterable[tuple[str, float]]) -> None:
        """Render these (text, rate) in the background, before what was asked for earlier and still waits."""
        self._prefetcher.add((speakable(text), clamp_rate(rate)) for text, rate in lines)

    def wait(self, timeout: float) -> bool:
        """Return whether everything asked of `prefetch` was done within ``timeout`` seconds."""
        return self._prefetcher.wait(timeout)

    def close(self) -> None:
        """End the background thread and the inner voice; a second call does nothing."""
        self._closed = True
        self._prefetcher.stop()
        self._voice.close()  # also ends a line that is being rendered
        self._prefetcher.join()

    def _fetch(self, line: str, rate: float) -> Samples:
        """Render the line unless another thread has just done so; one line at a time."""
        with self._rendering:
            known = self._known(self._key(line, rate))
            if known is not None:
                return known
            samples = self._voice.render(line, rate)
            samples.flags.writeable = False
            if samples.any():
                self._remember(self._key(line, rate), samples)  # the voice may have stepped down meanwhile
            return samples

    def _known(self, key: str) -> Samples | None:
        found = self._memory.get(key)
        if found is None and (found := self._store.get(key)) is not None:
            self._memory.put(key, found)
        return found

    def _remember(self, key: str, samples: Samples) -> None:
        self._memory.put(key, samples)
        if not self._may_store:
            return
        try:
            self._store.put(key, samples)
        except OSError as error:
            self._may_store = False
            if self._on_notice:
                self._on_notice(
                    f"Spoken cues cannot be stored in {self._folder} ({error.strerror or error}). "
                    "The session goes on; the next one starts a little slower."
                )

    def _key(self, line: str, rate: float) -> str:
        spec = self._voice.spec
        parts = [line, f"{rate:.3f}", spec.engine, spec.voice, spec.version]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


class _Memory:
    """The most recently used cues up to a number of bytes."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes, self._bytes = max_bytes, 0
        self._cues: OrderedDict[str, Samples] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Samples | None:
        with self._lock:
            if key in self._cues:
                self._cues.move_to_end(key)
            return self._cues.get(key)

    def put(self, key: str, samples: Samples) -> None:
        with self._lock:
            replaced = self._cues.pop(key, None)
            self._bytes += samples.nbytes - (0 if replaced is None else replaced.nbytes)
            self._cues[key] = samples
            while self._bytes > self._max_bytes:
                self._bytes -= self._cues.popitem(last=False)[1].nbytes
