"""The check-in by voice: asks for the number, keeps it once it is sure, and says what follows from it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rich.console import Console

from cuewalk.app.opening import open_devices
from cuewalk.audio.api import AudioIO
from cuewalk.audio.signal.microphone_watch import KEYS_WORK, MicrophoneWatch
from cuewalk.domain.checkin import CheckinOutcome
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Side
from cuewalk.domain.projection import settings_of
from cuewalk.domain.prompts import PromptKey
from cuewalk.domain.records import ComplaintChosen
from cuewalk.domain.setup import EDITION, Setup
from cuewalk.domain.units import Millis
from cuewalk.engine.checkin import Aloud, CheckinMachine, Ending
from cuewalk.engine.events import Begin
from cuewalk.engine.lines import Line, notice
from cuewalk.journal.store import Journal
from cuewalk.planning.next_morning import CheckedIn, OpenCheckin, check_in, open_checkin, worried
from cuewalk.review.rating_log import movement_names
from cuewalk.session.keyboard import Keyboard
from cuewalk.session.observing import Observer
from cuewalk.session.stage import (
    LoopOptions,
    Stage,
    build_loop,
    one_session_at_a_time,
)
from cuewalk.session.transcript import Transcript
from cuewalk.speech_in.keys_recogniser import KeysRecogniser

_FOLLOWS: Final[Mapping[CheckinOutcome, PromptKey]] = {
    CheckinOutcome.FINE: "checkin_fine",
    CheckinOutcome.REPEAT: "checkin_repeat",
    CheckinOutcome.FLARE_UP: "checkin_flare_up",
    CheckinOutcome.UNKNOWN: "checkin_unknown",
}
_LAST_WORDS: Final[Mapping[Ending, PromptKey]] = {
    Ending.STOPPED: "checkin_stopped",
    Ending.UNANSWERED: "checkin_unanswered",
    Ending.WORRIED: "checkin_worry",
}


@dataclass(frozen=True, slots=True)
class Called:
    """The ending; ``done`` is what was kept, None unless a number was given."""

    ending: Ending
    done: CheckedIn | None


def call_live(stage: Stage, journal: Journal, now: datetime, console: Console) -> Called:
    """Ask the person in front of the microphone; keys work too.

    Raises:
        DeviceError: if the microphone or the speaker does not work.
        CuewalkError: for anything else outside of our control; nothing was kept then.
    """
    with ExitStack() as stack:
        one_session_at_a_time(stack)
        audio = open_devices(stack, stage.settings)
        keyboard = stack.enter_context(Keyboard(KeysRecogniser()).listening())
        stack.callback(stage.release)
        observers = [Transcript(console)] if stage.settings.screen != "off" else []
        return call(stage, journal, now, audio, observers, keyboard=keyboard, live=True)


def call(
    stage: Stage,
    journal: Journal,
    now: datetime,
    audio: AudioIO,
    observers: Sequence[Observer] = (),
    *,
    keyboard: Keyboard | None = None,
    live: bool = False,
) -> Called:
    """Ask for the number on an audio device or in a virtual room, keep it, and say what follows from it."""
    asked = open_checkin(journal, now)
    morning = CheckinMachine(setup_for(journal, asked, stage), asked.baseline, asked.hours)
    options = LoopOptions(
        volume=morning.style.volume,
        talk_rate=morning.style.talk_rate,
        live=live,
        keyboard=keyboard,
        observers=observers,
        watch=MicrophoneWatch(KEYS_WORK) if live else None,
    )
    loop = build_loop(stage, morning, audio, options)
    loop.run(Begin())
    if morning.ending in {Ending.WORRIED, Ending.EMERGENCY}:
        worried(journal, asked.session, now)
    done = None
    if (said := morning.answer) is not None:
        # The utterance has no clip, so its number would lead nowhere.
        heard = said.heard.model_copy(update={"utterance": None})
        done = check_in(journal, said.value, now, heard)
    called = Called(morning.ending or Ending.STOPPED, done)
    loop.go_on_with(Aloud(list(last_words(called, movement_names(journal)))))
    try:
        loop.run(Begin())
    except CuewalkError as error:
        # What was kept stays kept if there is no voice for the last words any more.
        for observer in observers:
            observer.noticed(str(error))
    return called


def setup_for(journal: Journal, asked: OpenCheckin, stage: Stage) -> Setup:
    """Return the set-up of the session that the number belongs to, with nothing else to be asked."""
    kept, settings = journal.setup(asked.session.id), stage.settings
    spoken = settings_of(journal.histories())
    chosen = [r.rated for r in journal.records(asked.session.id) if isinstance(r, ComplaintChosen)]
    programme = kept.programme.model_copy(update={"rest_advice": None, "before_note": None})
    changes = {
        "programme": programme,
        "screening_due": False,
        "first_session": False,
        "side": Side.BOTH,
        "rated": chosen[-1] if chosen else kept.rated,
        "volume": spoken.get("volume", settings.volume),
        "talk_rate": spoken.get("talk_rate", settings.talk_rate),
        "voices": stage.voices,
        "patience": Millis(int(spoken.get("patience", settings.patience_seconds * 1000))),
        "brevity": int(spoken.get("brevity", settings.brevity)),
        "edition": EDITION,
        "equipment": (),
        "resting_until": None,
        "gently": False,
    }
    return kept.model_copy(update=changes)


def last_words(called: Called, names: Mapping[str, str]) -> Iterator[Line]:
    """Yield what is said at the end: what follows from the number, or that there is none."""
    if called.ending is Ending.EMERGENCY:
        yield from (notice("emergency_stop"), notice("emergency_call")) * 2
        yield notice("checkin_nothing_kept")
        return
    if called.done is None:
        yield notice(_LAST_WORDS[called.ending])
        return
    yield notice(_FOLLOWS[called.done.checkin.outcome])
    if called.done.suspects:
        resting = ", ".join(names.get(name, name) for name in called.done.suspects)
        yield notice("checkin_resting", text=resting)
