"""Puts a conversation together on an audio device or in a virtual room, and runs a session."""

import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cuewalk import places
from cuewalk.audio.aec.canceller import EchoStage
from cuewalk.audio.aec.far_end import FarEnd
from cuewalk.audio.api import AudioIO
from cuewalk.audio.front_end import FrontEnd
from cuewalk.audio.signal.microphone_watch import MicrophoneWatch
from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import CuewalkError, VoiceError
from cuewalk.domain.setup import EDITION, Setup
from cuewalk.domain.units import Millis
from cuewalk.engine.events import Begin, Event, NotUnderstood, Restored, Understood
from cuewalk.engine.session import Session
from cuewalk.journal.api import SessionRow
from cuewalk.journal.clips import ClipStore
from cuewalk.journal.lock import session_lock
from cuewalk.journal.store import Journal
from cuewalk.language.pack import LocalePack
from cuewalk.session.barge_in import FROM_THE_START, ResumePoint
from cuewalk.session.cue_playback import CuePlayback, Wording
from cuewalk.session.earcons import Earcons
from cuewalk.session.keyboard import Keyboard
from cuewalk.session.logbook import JournalLogbook, Logbook, Unwritten
from cuewalk.session.loop import Conversation, Parts, SessionLoop
from cuewalk.session.notices import NoticeBoard
from cuewalk.session.observing import Observer
from cuewalk.session.rendering import CueVoice
from cuewalk.session.voicing import SessionVoice, open_voice, voice_of
from cuewalk.settings import Settings, change_setting
from cuewalk.speech_out.choose import in_turn
from cuewalk.understanding.hearing import Hearing, build_hearing, not_installed


def new_session_id(now: datetime) -> str:
    """Return a short id that sorts by time: 20261121-1405-k3f."""
    return f"{now:%Y%m%d-%H%M}-{secrets.token_hex(2)}"


def clip_store() -> ClipStore:
    """Return the person's clips."""
    return ClipStore(places.data_dir() / "clips")


@dataclass(slots=True)
class Stage:
    """What all conversations share: settings, the locale, the voice, the hearing."""

    settings: Settings
    pack: LocalePack
    voice: SessionVoice
    notices: NoticeBoard = field(default_factory=NoticeBoard)
    _hearing: Hearing | None = None
    #: Whether the natural voice would speak, were it prepared.
    prepares: bool = False
    #: Ends voices and keeps which one was chosen, one after the other, so that no frame waits for it.
    _beside: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "voice"))
    _kept: Future[None] | None = None

    @property
    def hearing(self) -> Hearing:
        """The recognisers, loaded at their first use."""
        if self._hearing is None:
            self._hearing = build_hearing(self.pack, self.settings)
        return self._hearing

    def listening(self, *, live: bool) -> Hearing:
        """Return the hearing; ``live``: from now on it decodes in a thread, so that no frame waits for it."""
        if live:
            self._hearing = self.hearing.in_background()
        return self.hearing

    def load(self) -> None:
        """Load the recognisers now.

        Raises:
            CuewalkError: if one cannot be used.
        """
        _ = self.hearing

    @property
    def voices(self) -> tuple[str, ...]:
        """Names of the voices that take turns; the first one speaks."""
        return in_turn(self.voice.spec, self.settings.locale)

    def speak_as(self, name: str) -> CueVoice:
        """Return the voice of this name, which speaks from now on and in later sessions; the old one ends."""
        settings, old = self.settings.model_copy(update={"voice": name}), self.voice
        try:
            opened = voice_of(settings, self.notices)
        except VoiceError as error:
            self.notices.add(str(error))
        else:
            self.notices.extend([opened.notice] if opened.notice else [])
            opened.voice.warm()
            self.settings, self.voice = settings, opened.voice
            self._kept = self._beside.submit(self._keep, name, old)
        return self.voice

    def _keep(self, name: str, old: SessionVoice) -> None:
        old.close()
        try:
            change_setting("voice", name, anyway=True)
        except CuewalkError as error:
            self.notices.add(f"{error} The voice {name} speaks until this session ends.")

    def release(self) -> None:
        """End the recognisers; they are built anew when they are needed again."""
        if self._kept is not None:
            self._kept.result()
        hearing, self._hearing = self._hearing, None
        if hearing is not None:
            hearing.listener.close()


def open_stage(
    settings: Settings, programme: str | None = None, tell: Callable[[str], None] = lambda _: None
) -> Stage:
    """Return the stage for these settings; engines start in the background or at their first use.

    Args:
        settings: the person's.
        programme: what a person will hear, or "" for a talk; None where nobody listens as it is made. Where
            the settings leave the voice open, it is the natural one for a person, if it is ready for this.
        tell: called with what takes some seconds, before it begins.

    Raises:
        CuewalkError: if the locale is broken, or a voice asked for by name cannot work.
    """
    notices = NoticeBoard()
    opened = open_voice(settings, programme, notices, tell)
    missing = not_installed(settings.locale, settings)
    notices.extend(sentence for sentence in (opened.notice, missing) if sentence)
    opened.voice.warm()
    return Stage(settings, load_pack(settings.locale), opened.voice, notices, prepares=opened.too_slow)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopOptions:
    """What a conversation has of its own. None: the stage's.

    ``live``: real devices, which wait neither for a decode nor for a rendering.
    """

    volume: float | None = None
    talk_rate: float | None = None
    live: bool = False
    hearing: Hearing | None = None
    voice: CueVoice | None = None
    #: Makes another echo stage than the settings say.
    echo: Callable[[FarEnd], EchoStage] | None = None
    logbook: Logbook = field(default_factory=Unwritten)
    keyboard: Keyboard | None = None
    observers: Sequence[Observer] = ()
    watch: MicrophoneWatch | None = None
    start: ResumePoint = FROM_THE_START


def build_loop(
    stage: Stage, conversation: Conversation, audio: AudioIO, options: LoopOptions | None = None
) -> SessionLoop:
    """Return the loop that runs a conversation on a device or in a virtual room."""
    own, settings = options or LoopOptions(), stage.settings
    front_end = FrontEnd(audio, settings.echo_mode, echo=own.echo)
    front_end.queue.volume = settings.volume if own.volume is None else own.volume
    playback = CuePlayback(
        Wording(stage.pack),
        own.voice or stage.voice,
        front_end,
        rate=settings.talk_rate if own.talk_rate is None else own.talk_rate,
        waits=not own.live,
        named=stage.speak_as if own.voice is None else None,
    )
    tones = [Earcons(front_end.queue)] if settings.earcons else []
    parts = Parts(
        front_end=front_end,
        hearing=own.hearing or stage.listening(live=own.live),
        playback=playback,
        logbook=own.logbook,
        notices=stage.notices,
        observers=[*own.observers, *tones],
        keyboard=own.keyboard,
        watch=own.watch,
        start=own.start,
        foresees=own.live,
    )
    return SessionLoop(conversation, parts)


@dataclass(slots=True)
class Performance:
    """One session on a stage. ``start`` is where an interrupted session that is taken up had come to."""

    stage: Stage
    journal: Journal
    session_id: str
    session: Session
    audio: AudioIO
    keyboard: Keyboard | None = None
    observers: Sequence[Observer] = ()
    clips: ClipStore | None = None
    start: ResumePoint = FROM_THE_START
    watch: MicrophoneWatch | None = None
    #: Whether the sound is that of real devices, which do not wait for a decode.
    live: bool = False

    def run(self, first: Event | None = None) -> list[Millis]:
        """Run the session to its end; what it wrote is on the disk then.

        Returns:
            the ms that each line waited for its sound.
        """
        logbook = JournalLogbook(self.journal, self.session_id, self.clips, self.stage.notices)
        options = LoopOptions(
            volume=self.session.style.volume,
            talk_rate=self.session.style.talk_rate,
            live=self.live,
            logbook=logbook,
            keyboard=self.keyboard,
            observers=self.observers,
            watch=self.watch,
            start=self.start,
        )
        try:
            loop = build_loop(self.stage, self.session, self.audio, options)
            loop.run(first or Begin())
            return loop.playback.waits
        finally:
            logbook.close()


def begin(setup: Setup, now: datetime) -> tuple[str, Session]:
    """Return a new session; its first step begins it in the journal."""
    return new_session_id(now), Session(setup)


def why_not_taken_up(journal: Journal, row: SessionRow) -> str:
    """Return why an interrupted session cannot go on, "" if it can.

    Its engine is told every event again. One that is missing would let it go on from another place than the
    person remembers, and number its ratings anew.
    """
    events = journal.events(row.id)
    damaged = any(damage.session == row.id for damage in journal.left_out())
    if events and isinstance(events[0], Begin) and not damaged:
        return ""
    what = "a part of what was kept of it is damaged or missing" if damaged else "its start was not kept"
    return (
        f"Your session of {row.started:%d %B, %H:%M} cannot be taken up: {what}. "
        "What can be read of it stays in your journal, and a new session begins."
    )


def rebuild(journal: Journal, session_id: str) -> tuple[Session, ResumePoint]:
    """Return an interrupted session as it was, by telling its engine every event again.

    Its clock and its numbers of utterances go on where they were.
    """
    session = Session(journal.setup(session_id))
    events = journal.events(session_id)
    for event in events:
        session.step(event)
    clock = max((entry.clock_ms for entry in journal.entries(session_id)), default=0)
    heard = [event.heard.utterance for event in events if isinstance(event, Understood | NotUnderstood)]
    return session, ResumePoint(Millis(clock), max((number for number in heard if number), default=0))


RESTORED = Restored(edition=EDITION)


def one_session_at_a_time(stack: ExitStack) -> Path:
    """Take the lock of the data folder for the life of ``stack`` and return the folder."""
    folder = places.writable_data_dir()
    stack.enter_context(session_lock(folder))
    return folder
