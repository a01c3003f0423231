"""One session's side of the journal: every step is durable before its effects are performed."""

import logging
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from queue import SimpleQueue
from threading import Thread
from typing import Final, Protocol

from cuewalk.domain.errors import JournalError
from cuewalk.domain.records import NoteTaken, RatingCorrected, RatingGiven, Record, SessionStarted
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import Millis
from cuewalk.engine.events import Event
from cuewalk.journal.clips import ClipStore
from cuewalk.journal.store import Journal
from cuewalk.logs import kind_of
from cuewalk.session.notices import NoticeBoard

_log = logging.getLogger(__package__)

#: Utterances whose sound is at hand for a clip. Design: a rating that had to be confirmed is two or three
#: utterances old, a corrected one a few more.
_AT_HAND: Final = 8


class Logbook(Protocol):
    """Where a conversation is written down."""

    def at_hand(self, utterance: int, audio: Samples) -> None:
        """Hold the sound of an utterance (16 kHz int16) in case a record refers to it."""
        ...

    def write(self, now: Millis, event: Event, records: Sequence[Record]) -> None:
        """Make one step durable.

        Raises:
            JournalError: if it cannot be written; none of its effects may be performed then.
        """
        ...

    def close(self) -> None:
        """Wait until everything that was handed over is on the disk; a second call does nothing."""
        ...


class Unwritten:
    """The logbook of a conversation of which nothing is kept but what comes of it."""

    def at_hand(self, utterance: int, audio: Samples) -> None:
        """Let the sound go."""

    def write(self, now: Millis, event: Event, records: Sequence[Record]) -> None:
        """Keep nothing."""

    def close(self) -> None:
        """Do nothing."""


class JournalLogbook:
    """Appends steps to the journal and has the clips saved that their records refer to.

    A clip is written and synced by a thread of its own, a moment after the entry that names it: two syncs
    would hold a frame up, and a rating must not wait for its sound. If the machine dies in between, the entry
    stands and its clip is missing, as one is that has expired.
    """

    def __init__(
        self, journal: Journal, session_id: str, clips: ClipStore | None, notices: NoticeBoard | None = None
    ) -> None:
        self._journal, self.session_id = journal, session_id
        self._clips = None if clips is None else _ClipWriter(clips, notices or NoticeBoard())
        self._audio: OrderedDict[int, Samples] = OrderedDict()
        self._named: dict[int, str] = {}

    def at_hand(self, utterance: int, audio: Samples) -> None:
        """Hold the sound of an utterance in case a record refers to it."""
        self._audio[utterance] = audio
        while len(self._audio) > _AT_HAND:
            self._audio.popitem(last=False)

    def write(self, now: Millis, event: Event, records: Sequence[Record]) -> None:
        """Make one step durable; the clips that its records name follow.

        The step that starts the session begins it in the journal: a start that is cut off leaves nothing.
        """
        for record in records:
            if isinstance(record, SessionStarted):
                at = datetime.now().astimezone()
                self._journal.begin_session(record.setup, self.session_id, at, [event, *records])
                return
        clips = self._new_clips(records)
        named = {number: name for number, (name, _) in clips.items()}
        self._named |= named
        self._journal.append(self.session_id, now, [event, *records], clips=self._named)
        if self._clips is not None:
            for name, audio in clips.values():
                self._clips.save(name, audio)

    def close(self) -> None:
        """Wait for the clips."""
        if self._clips is not None:
            self._clips.close()

    def _new_clips(self, records: Sequence[Record]) -> dict[int, tuple[str, Samples]]:
        """Return the name and the sound of each clip that these records are the first to refer to."""
        if self._clips is None or not self._clips.works:
            return {}
        found: dict[int, tuple[str, Samples]] = {}
        for record in records:
            heard = record.heard if isinstance(record, RatingGiven | RatingCorrected | NoteTaken) else None
            number = heard.utterance if heard else None
            if number is not None and number not in self._named and number in self._audio:
                found[number] = self._clips.name_for(self.session_id, number), self._audio[number]
        return found


class _ClipWriter:
    """Saves clips in their order, in a thread that starts with the first one."""

    def __init__(self, clips: ClipStore, notices: NoticeBoard) -> None:
        self._store, self._notices = clips, notices
        self._waiting: SimpleQueue[tuple[str, Samples] | None] = SimpleQueue()
        self._thread: Thread | None = None
        #: False once a clip could not be saved: none is named from then on.
        self.works = True

    def name_for(self, session_id: str, utterance: int) -> str:
        return self._store.free_name(session_id, utterance)

    def save(self, name: str, audio: Samples) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._run, name="clips", daemon=True)
            self._thread.start()
        self._waiting.put((name, audio))

    def close(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.put(None)
            thread.join()

    def _run(self) -> None:
        while (clip := self._waiting.get()) is not None:
            if self.works:
                self._save(*clip)

    def _save(self, name: str, audio: Samples) -> None:
        # A full disk, or whatever it is, costs the clip, never the rating.
        try:
            self._store.write(name, audio)
        except JournalError as error:
            self._failed(str(error), error)
        except Exception as error:  # noqa: BLE001 - the thread must not die: it would be silent about it
            self._failed("The sound of what you say could not be saved.", error)

    def _failed(self, what: str, error: Exception) -> None:
        self.works = False
        _log.warning("clips are no longer saved: %s", kind_of(error))
        self._notices.add(f"{what} Your ratings are still kept; their sound is not.")
