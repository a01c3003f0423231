"""A whole session without a person: a simulated one in a virtual room, heard by the real recogniser."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cuewalk import places
from cuewalk.content.catalogue import Catalogue
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, Millis
from cuewalk.files.faults import reason
from cuewalk.files.writing import private_folder
from cuewalk.journal.clips import ClipStore
from cuewalk.journal.lock import session_lock
from cuewalk.journal.store import FILE_NAME, Journal
from cuewalk.planning.own_programmes import OWN, check_name
from cuewalk.planning.preparing import prepare
from cuewalk.session.observing import Observer
from cuewalk.session.stage import Performance, Stage, begin
from cuewalk.simulation.made_history import make_history
from cuewalk.simulation.person.person import SimulatedPerson
from cuewalk.simulation.person.persona import Persona
from cuewalk.simulation.person.presence import PersonInRoom, person_voices

#: The simulated person's room: an open speaker a metre away, a quiet flat.
_ECHO_DB, _ECHO_DELAY_MS, _NOISE_DB = -15.0, 60, -62.0
#: Seconds that a room in real time catches up with at most, after whatever held it up.
_MOST_BEHIND: Final = 1.0


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What a demo leaves behind."""

    session_id: str
    journal: Path
    wav: Path
    history: SessionRecords
    said: tuple[tuple[int, str], ...]
    session_seconds: float
    elapsed_seconds: float
    #: ms that each line waited for its sound.
    waits: tuple[Millis, ...]

    @property
    def times_faster(self) -> float:
        """How many times faster than real time the session ran."""
        return self.session_seconds / max(self.elapsed_seconds, 1e-6)


class RealTimeRoom(VirtualRoom):
    """A virtual room whose frames take as long as real ones."""

    _due = 0.0

    def exchange(self, play: Samples | None) -> Samples:
        """Pass one frame through, not before its time."""
        now = time.monotonic()
        self._due = max(self._due + FRAME_MS / 1000, now - _MOST_BEHIND)
        time.sleep(max(0.0, self._due - now))
        return super().exchange(play)


def run_demo(
    stage: Stage,
    catalogue: Catalogue,
    persona: Persona,
    *,
    programme: str,
    folder: Path,
    wav: Path,
    observers: Sequence[Observer] = (),
    real_time: bool = False,
) -> DemoResult:
    """Run one simulated session; its journal and clips go into ``folder``, apart from the person's own.

    Raises:
        CuewalkError: if the programme does not exist or the folder cannot be written to.
    """
    check_name(catalogue, programme)
    _make(folder)
    with ExitStack() as stack:
        stack.enter_context(session_lock(folder, "A demonstration cannot start in this folder"))
        journal = Journal(folder / FILE_NAME)
        stack.callback(journal.close)
        stage.load()  # all that can fail comes before anything is begun
        room = (RealTimeRoom if real_time else VirtualRoom)(
            seed=1, echo_db=_ECHO_DB, echo_delay_ms=_ECHO_DELAY_MS, noise_db=_NOISE_DB, recording=wav
        )
        stack.callback(room.close)
        started = time.monotonic()
        now = datetime.now(UTC).astimezone()
        past = make_history(journal, catalogue, persona, stage.settings, now) if programme in OWN else []
        rated = persona.rated if persona.told else None
        setup = prepare(catalogue, programme, stage.settings, past, now=now, rated=rated)
        voices = person_voices(persona.voices, places.cache_dir() / "cues", persona.locale, persona.name)
        for voice in voices:
            stack.callback(voice.close)
        session_id, session = begin(setup, now)
        presence = PersonInRoom(SimulatedPerson(persona, stage.pack), room, voices)
        waits = Performance(
            stage=stage,
            journal=journal,
            session_id=session_id,
            session=session,
            audio=room,
            observers=[presence, *observers],
            clips=ClipStore(folder / "clips"),
            live=real_time,
        ).run()
        seconds = room.now_ms / 1000
        return DemoResult(
            session_id=session_id,
            journal=folder / FILE_NAME,
            wav=wav,
            history=journal.history(session_id),
            said=tuple(presence.said),
            session_seconds=seconds,
            elapsed_seconds=time.monotonic() - started,
            waits=tuple(waits),
        )


def _make(folder: Path) -> None:
    try:
        private_folder(folder)
        places.keep_private(folder)
    except OSError as error:
        raise CuewalkError(
            f"The folder {folder} cannot be made: {reason(error)}.",
            meaning="The demonstration was not started.",
            remedy="Name another one with --folder.",
        ) from error
