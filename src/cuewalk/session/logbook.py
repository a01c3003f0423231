"""One session's side of the journal: every step is durable before its effects are performed."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime

from cuewalk.domain.errors import JournalError
from cuewalk.domain.records import NoteTaken, RatingCorrected, RatingGiven, Record, SessionStarted
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import Millis
from cuewalk.engine.events import Event
from cuewalk.journal.api import Journal
from cuewalk.journal.clips import ClipStore

#: Utterances whose audio is at hand for a clip; a rating that had to be confirmed is a few utterances old.
_AT_HAND = 8


class Logbook:
    """Appends steps and saves the clips that their records refer to."""

    def __init__(
        self,
        journal: Journal,
        session_id: str,
        clips: ClipStore | None,
        on_notice: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self._on_notice = on_notice
        self._journal, self.session_id, self._clips = journal, session_id, clips
        self._audio: OrderedDict[int, Samples] = OrderedDict()
        self._saved: dict[int, str] = {}

    def at_hand(self, utterance: int, audio: Samples) -> None:
        """Hold the audio of an utterance in case a record refers to it."""
        self._audio[utterance] = audio
        while len(self._audio) > _AT_HAND:
            self._audio.popitem(last=False)

    def write(self, now: Millis, event: Event, records: Sequence[Record]) -> None:
        """Make one step durable: the clips first, so that no entry ever refers to a missing one.

        The step that starts the session begins it in the journal: a start that is cut off leaves nothing.
        """
        for record in records:
            if isinstance(record, SessionStarted):
                at = datetime.now().astimezone()
                self._journal.begin_session(record.setup, self.session_id, at, [event, *records])
                return
            self._save_clip(record)
        self._journal.append(self.session_id, now, [event, *records], clips=self._saved)

    def _save_clip(self, record: Record) -> None:
        heard = record.heard if isinstance(record, RatingGiven | RatingCorrected | NoteTaken) else None
        number = heard.utterance if heard else None
        if self._clips is None or number is None or number in self._saved or number not in self._audio:
            return
        try:
            self._saved[number] = self._clips.save(self.session_id, number, self._audio[number])
        except JournalError as error:
            # A full disk costs the clip, never the rating.
            self._clips = None
            self._on_notice(f"{error} Your ratings are still kept; their sound is not.")
