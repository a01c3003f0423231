"""A session with a person: the real microphone, the real speaker, an interrupted session taken up again."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console

from cuewalk.app.opening import open_devices
from cuewalk.audio.api import AudioIO
from cuewalk.audio.signal.microphone_watch import KEYS_WORK, MicrophoneWatch
from cuewalk.checkup.sound_check.flow import sound_check
from cuewalk.content.catalogue import Catalogue
from cuewalk.domain.clock import trusted
from cuewalk.domain.errors import JournalError
from cuewalk.domain.intents import Construct, Side
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.records import SessionEnded
from cuewalk.engine.events import Begin, Event
from cuewalk.engine.session import Session
from cuewalk.files.left_out import told_so_far, told_to
from cuewalk.journal.api import SessionRow
from cuewalk.journal.clips import ClipStore
from cuewalk.journal.store import Journal, open_journal
from cuewalk.planning.own_programmes import check_name
from cuewalk.planning.preparing import prepare
from cuewalk.session.barge_in import FROM_THE_START, ResumePoint
from cuewalk.session.keyboard import Keyboard
from cuewalk.session.observing import Observer
from cuewalk.session.screen import Screen
from cuewalk.session.stage import (
    RESTORED,
    Performance,
    Stage,
    begin,
    clip_store,
    one_session_at_a_time,
    rebuild,
    why_not_taken_up,
)
from cuewalk.session.transcript import Transcript
from cuewalk.speech_in.keys_recogniser import KeysRecogniser


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """What the person asked for on the command line; None is asked for by voice."""

    programme: str
    side: Side | None = None
    rated: Construct | None = None
    #: Whether to take up an interrupted session; asked with its row.
    take_up: Callable[[SessionRow], bool] = lambda _row: True


def run_live(
    stage: Stage,
    catalogue: Catalogue,
    request: SessionRequest,
    console: Console,
    observers: Sequence[Observer] = (),
) -> SessionRecords:
    """Run a session with the person in front of the microphone and return its records.

    Raises:
        DeviceError: if the microphone or the speaker does not work.
        CuewalkError: for anything else outside of our control.
    """
    with ExitStack() as stack:
        check_name(catalogue, request.programme)  # an unknown one is refused before anything is opened
        one_session_at_a_time(stack)
        _show_what_is_left_out(stack, stage)
        journal = open_journal()
        stack.callback(journal.close)
        stage.notices.extend(journal.notices)
        now = datetime.now(UTC).astimezone()
        clips = clip_store()
        stage.notices.extend(_expire(clips, journal, catalogue.rules.clip_days.value, now))
        # The devices come first: without them nothing is begun that would have to be called interrupted.
        audio = open_devices(stack, stage.settings)
        if console.is_terminal and not journal.sessions():
            _check_the_sound(audio, stage, console)
        stack.callback(stage.release)
        stage.load()  # all that can fail comes before anything is begun
        session_id, session, first, start = _start(journal, stage, catalogue, request, now)
        keyboard = stack.enter_context(Keyboard(KeysRecogniser()).listening())
        performance = Performance(
            stage=stage,
            journal=journal,
            session_id=session_id,
            session=session,
            audio=audio,
            keyboard=keyboard,
            observers=[*_screens(stack, stage, console, session, keyboard), *observers],
            clips=clips if stage.settings.keep_clips else None,
            start=start,
            watch=MicrophoneWatch(KEYS_WORK),
            live=True,
        )
        performance.run(first)
        return journal.history(session_id)


def _show_what_is_left_out(stack: ExitStack, stage: Stage) -> None:
    """Let the session's screen show, once each, which of the person's own files were and will be left out."""

    def show(sentence: str) -> None:
        if sentence not in shown:
            shown.append(sentence)
            stage.notices.add(sentence)

    shown: list[str] = []
    for sentence in told_so_far():
        show(sentence)
    stack.enter_context(told_to(show))


def _expire(clips: ClipStore, journal: Journal, days: float, now: datetime) -> list[str]:
    """Delete clips older than promised; return a sentence where the clock does not allow to judge that."""
    began = {history.session: history.began for history in journal.histories() if history.began}
    try:
        clips.expire(days, now, began)
    except JournalError as error:
        return [str(error)]  # no reason for no session
    until = trusted(now, list(began.values()), days)
    if until == now:
        return []
    what = f"This machine's clock says {now:%d %B %Y}, and your last session was on {until:%d %B %Y}."
    return [f"{what} So no recording of yours is deleted yet. If the date is wrong, please set it."]


def _check_the_sound(audio: AudioIO, stage: Stage, console: Console) -> None:
    """Check microphone, speaker and hearing with the person; Ctrl-C leaves it out."""
    console.print("Before your first session: a check of your sound (15 seconds; Ctrl-C leaves it out).")
    try:
        sound_check(audio, stage, console, live=True)
    except KeyboardInterrupt:
        console.print("The check was left out. You can do it later: cuewalk doctor --listen")


def _start(
    journal: Journal, stage: Stage, catalogue: Catalogue, request: SessionRequest, now: datetime
) -> tuple[str, Session, Event, ResumePoint]:
    """Return the session's id, the session, its first event, and where it is taken up."""
    interrupted = journal.latest_interrupted()
    if interrupted is not None:
        why = why_not_taken_up(journal, interrupted)
        if not why and request.take_up(interrupted):
            session, start = rebuild(journal, interrupted.id)
            return interrupted.id, session, RESTORED, start
        if why:
            stage.notices.add(why)
    setup = prepare(
        catalogue,
        request.programme,
        stage.settings,
        journal.histories(),
        now=now,
        side=request.side,
        rated=request.rated,
        voices=stage.voices,
    )
    if interrupted is not None:
        clock = max((entry.clock_ms for entry in journal.entries(interrupted.id)), default=0)
        journal.append(interrupted.id, clock, [SessionEnded(how="abandoned")])
    session_id, session = begin(setup, now)
    return session_id, session, Begin(), FROM_THE_START


def _screens(
    stack: ExitStack, stage: Stage, console: Console, session: Session, keyboard: Keyboard
) -> Sequence[Observer]:
    if stage.settings.screen == "off":
        return ()
    if stage.settings.screen == "plain" or not console.is_terminal or console.is_dumb_terminal:
        return [Transcript(console)]
    title = f"cuewalk · {session.setup.programme.name}"
    return [stack.enter_context(Screen(console, title, keyboard, stage.pack))]
