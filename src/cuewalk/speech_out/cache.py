"""A voice that remembers: a cue is rendered once, kept in memory and on disk, and prepared ahead."""

import contextlib
import hashlib
import json
import logging
import os
import tempfile
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np

from cuewalk.domain.errors import VoiceError
from cuewalk.domain.sound import Samples
from cuewalk.files.reading import UnreadableFileError, read_bytes
from cuewalk.files.writing import private_folder
from cuewalk.logs import ignoring
from cuewalk.speech_out.api import Piece, Voice, VoiceSpec, closed, warm
from cuewalk.speech_out.line import clamp_rate, speakable

_log = logging.getLogger(__package__)

#: Design: 100 minutes of cues.
MAX_BYTES: Final = 200_000_000
#: Design: 8 minutes of cues, more than one session says.
_MEMORY_BYTES: Final = 16_000_000


class CachedVoice:
    """Implements `Voice` around another one. Safe to use from several threads.

    The samples it returns are read-only, because the next caller gets the same ones: copy them to change
    them. Silence is never stored. When the disk cannot be written to, it goes on in memory and says so once.
    After `close` every `render` raises `VoiceError`, also for a line it knows.

    Args:
        voice: closed together with this one.
        folder: made when the first cue is stored.
        max_bytes: the least used cues beyond this are removed.
        on_notice: called once with a sentence for the person if cues cannot be stored.
    """

    def __init__(
        self,
        voice: Voice,
        folder: Path,
        max_bytes: int = MAX_BYTES,
        *,
        on_notice: Callable[[str], None] | None = None,
    ) -> None:
        self._voice, self._folder, self._on_notice = voice, folder, on_notice
        self._store, self._may_store = CueStore(folder, max_bytes), True
        self._memory = _Memory(_MEMORY_BYTES)
        self._rendering = threading.Lock()
        self._prefetcher = Prefetcher(self._fetch_ahead)
        self._closed = False

    @property
    def spec(self) -> VoiceSpec:
        """The inner voice's."""
        return self._voice.spec

    def warm(self) -> None:
        """Start the inner voice in the background."""
        warm(self._voice)

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

    def has(self, text: str, rate: float = 1.0) -> bool:
        """Return whether ``text`` can be spoken at once."""
        key = self._key(speakable(text), clamp_rate(rate))
        return self._memory.get(key) is not None or self._store.has(key)

    def pieces(self, text: str, rate: float) -> Iterator[Piece]:
        """Yield ``text`` spoken, in one piece."""
        yield Piece(text, self.render(text, rate))

    def prefetch(self, lines: Iterable[tuple[str, float]]) -> None:
        """Render these (text, rate) in the background, before what was asked for earlier and still waits.

        Each is drawn, in the background's thread, when it has its turn.
        """
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

    def _fetch_ahead(self, line: str, rate: float) -> None:
        """Render the line unless it is there; one that is stored is not read before it is needed."""
        if not self.has(line, rate):
            self._fetch(line, rate)

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


WordedLine = tuple[str, float]
#: Series of lines that may wait. Design: what came after is asked for again by what looks ahead anew.
_MOST_ASKED: Final = 8


class Prefetcher:
    """Renders waiting lines one at a time while nobody is `urgent`. The thread starts with the first line.

    ``render`` renders one line and may raise `VoiceError`.
    """

    def __init__(self, render: Callable[[str, float], object]) -> None:
        self._render = render
        self._waiting: deque[Iterator[WordedLine]] = deque(maxlen=_MOST_ASKED)
        self._urgent, self._closed, self._busy = 0, False, False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def add(self, lines: Iterable[WordedLine]) -> None:
        """Put ``lines`` before those that still wait: what is asked for last is needed first.

        They are drawn one by one, in the thread.
        """
        with self._changed:
            if self._closed:
                return
            self._waiting.appendleft(iter(lines))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="cue-prefetch", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    @contextlib.contextmanager
    def urgent(self) -> Iterator[None]:
        """Hold the background back; the line it is at is finished first."""
        with self._changed:
            self._urgent += 1
        try:
            yield
        finally:
            with self._changed:
                self._urgent -= 1
                self._changed.notify_all()

    def wait(self, timeout: float) -> bool:
        """Return whether every line was rendered within ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._waiting or self._busy), timeout)

    def stop(self) -> None:
        """Begin no further line."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()

    def join(self) -> None:
        """Wait for the thread to end after `stop`."""
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        while (line := self._next()) is not None:
            # The session will ask for this line itself, and then the error is raised where it can be shown.
            with ignoring(_log, VoiceError, doing="rendering a line ahead"):
                self._render(*line)

    def _next(self) -> WordedLine | None:
        """Return the next line once nobody is urgent, None when closed."""
        while True:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._closed or (self._waiting and not self._urgent))
                if self._closed:
                    return None
                self._busy, lines = True, self._waiting[0]
            # The session works its lines out anew when it says them; a mistake there is raised there.
            with ignoring(_log, Exception, doing="working out a line ahead"):
                if (line := next(lines, None)) is not None:
                    return line
            with self._changed, contextlib.suppress(ValueError):
                self._waiting.remove(lines)


_MAGIC: Final = b"CUEWALK1"
_HEAD: Final = len(_MAGIC) + hashlib.sha256().digest_size
_SUFFIX: Final = ".cue"
_UNFINISHED: Final = ".cue-part"
#: Cleaning goes down to this share of the limit, so that it is not due again at once.
_AFTER_CLEANING: Final = 0.9
#: Ten minutes of sound; the longest line takes one.
_MAX_CUE_BYTES: Final = 20_000_000


class CueStore:
    """One file a cue: 8 bytes of magic, the SHA-256 of the rest, then 16 kHz mono int16, little endian.

    A file that a power cut or another program has damaged does not match its sum and counts as missing.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder, self._max_bytes = folder, max_bytes
        self._total: int | None = None

    def get(self, key: str) -> Samples | None:
        """Return the cue, read-only, or None if there is no sound one."""
        path = self._folder / (key + _SUFFIX)
        try:
            data = read_bytes(path, limit=_MAX_CUE_BYTES)
        except UnreadableFileError:
            return None  # not there, or not readable: either way it must be rendered
        head, body = data[:_HEAD], data[_HEAD:]
        if head != _MAGIC + hashlib.sha256(body).digest() or len(body) % 2:
            return None
        # Its age decides what is removed first; on a read-only disk nothing is removed.
        with ignoring(_log, OSError, doing="dating a cached cue"):
            os.utime(path)
        return np.frombuffer(body, dtype="<i2")

    def has(self, key: str) -> bool:
        """Return whether there is a file of this cue; `get` looks whether it is sound."""
        return (self._folder / (key + _SUFFIX)).exists()

    def put(self, key: str, samples: Samples) -> None:
        """Store the cue, then remove the least used ones beyond the limit.

        Raises:
            OSError: if it cannot be written; the folder is then as it was.
        """
        body = samples.astype("<i2").tobytes()
        private_folder(self._folder)
        # Not by `write_whole`: a cue can be rendered again, and a sync for each would hold up the next one.
        handle, name = tempfile.mkstemp(suffix=_UNFINISHED, dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_MAGIC + hashlib.sha256(body).digest() + body)
            Path(name).replace(self._folder / (key + _SUFFIX))
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        stored = (path.stat().st_size for path in self._files())
        self._total = sum(stored) if self._total is None else self._total + len(body)
        if self._total > self._max_bytes:
            self._clean()

    def _files(self) -> list[Path]:
        """Return the cues only: the folder may hold something else as well."""
        return [path for path in self._folder.iterdir() if path.suffix in {_SUFFIX, _UNFINISHED}]

    def _clean(self) -> None:
        ages = sorted((path.stat().st_mtime_ns, path.stat().st_size, path) for path in self._files())
        total = sum(size for _, size, _ in ages)
        for _, size, path in ages:
            if total <= self._max_bytes * _AFTER_CLEANING:
                break
            path.unlink(missing_ok=True)
            total -= size
        self._total = total
