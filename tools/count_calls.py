"""Counts the way of one frame: calls, functions and files of cuewalk's own code, by ``sys.setprofile``.

``python -m tools.count_calls [--list]`` runs a session in a virtual room with the default recognisers up to
its first question for a rating, and prints the figures of an idle frame of 20 ms (the median of 100) and of
the frame that understands a spoken "four". With ``--list`` also each function and how often it was called.
Only the loop's own thread is counted, as is code of the package only; C functions are not calls.
"""

import io
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType, FrameType
from typing import Final

from rich.console import Console

import cuewalk
from cuewalk.content.load import load_catalogue
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.heard import Heard
from cuewalk.domain.input_mode import InputMode
from cuewalk.domain.intents import Construct, ReadySaid, Side
from cuewalk.domain.setup import Setup
from cuewalk.engine.events import Begin, Understood
from cuewalk.journal.store import FILE_NAME, Journal
from cuewalk.planning.preparing import prepare
from cuewalk.session.logbook import JournalLogbook
from cuewalk.session.observing import Observer, StepPerformed
from cuewalk.session.stage import LoopOptions, begin, build_loop, open_stage
from cuewalk.session.transcript import Transcript
from cuewalk.settings import Settings
from cuewalk.speech_out.voices.commands import FliteVoice

_PACKAGE: Final = str(Path(cuewalk.__file__).parent)
_IDLE_FRAMES: Final = 100
#: Frames after the question, so that nothing of it is left (a second), and the most until "four" is decided.
_SETTLE, _MOST = 50, 250


class Calls:
    """The calls of one piece of work."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.of: Counter[CodeType] = Counter()
        sys.setprofile(self._count)
        try:
            work()
        finally:
            sys.setprofile(None)

    @property
    def figures(self) -> str:
        """Calls, distinct functions, distinct files."""
        files = {code.co_filename for code in self.of}
        return f"{self.of.total()} calls, {len(self.of)} functions, {len(files)} files"

    def listing(self) -> str:
        """Each function, the most called first."""
        return "\n".join(
            f"{number:5} {code.co_filename.removeprefix(_PACKAGE)[1:]} {code.co_qualname}"
            for code, number in self.of.most_common()
        )

    def _count(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(_PACKAGE):
            self.of[frame.f_code] += 1


class Understanding(Observer):
    """Notes the intent that was understood last."""

    def __init__(self) -> None:
        self.intent: object = None

    def stepped(self, step: StepPerformed) -> None:
        """Take in one step."""
        if isinstance(step.event, Understood):
            self.intent = step.event.intent


def count() -> tuple[Calls, Calls]:
    """Return the calls of an idle frame and of the frame that understands "four"."""
    stage, room = open_stage(Settings()), VirtualRoom(seed=1, echo_db=-15, echo_delay_ms=60, noise_db=-62)
    now, understanding = datetime.now(UTC).astimezone(), Understanding()
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / FILE_NAME)
        session_id, session = begin(_setup(now), now)
        transcript = Transcript(Console(file=io.StringIO()))
        logbook = JournalLogbook(journal, session_id, None, stage.notices)
        options = LoopOptions(logbook=logbook, observers=[transcript, understanding])
        loop = build_loop(stage, session, room, options)
        loop.tell(Begin())
        while session.state != "baseline" or loop.playback.running is not None:
            loop.tick()
            if session.state in {"welcome", "ready_first"}:
                loop.tell(Understood(intent=ReadySaid(), heard=_typed("ready")))
        for _ in range(_SETTLE):
            loop.tick()
        idle = sorted((Calls(loop.tick) for _ in range(_IDLE_FRAMES)), key=lambda calls: calls.of.total())
        room.say(FliteVoice("slt").render("four"))
        understanding.intent = None
        for _ in range(_MOST):
            four = Calls(loop.tick)
            if understanding.intent is not None:
                break
        logbook.close()
        journal.close()
    stage.release()
    stage.voice.close()
    return idle[_IDLE_FRAMES // 2], four


def _setup(now: datetime) -> Setup:
    """Return a session that asks for its first rating at once."""
    catalogue = load_catalogue("en-US")
    programme = next(iter(catalogue.programmes))
    setup = prepare(catalogue, programme, Settings(), [], now=now, side=Side.LEFT, rated=Construct.PAIN)
    plain = setup.programme.model_copy(update={"rest_advice": None, "before_note": None})
    changes = {"programme": plain, "screening_due": False, "first_session": False, "equipment": ()}
    return setup.model_copy(update=changes)


def _typed(text: str) -> Heard:
    return Heard(text=text, confidence=1.0, engine="keys", mode=InputMode.KEYS)


if __name__ == "__main__":
    for name, calls in zip(("idle", '"four"'), count(), strict=True):
        print(f"{name}: {calls.figures}")
        if "--list" in sys.argv:
            print(calls.listing())
