"""Renders ahead what a programme may say, for a voice that is too slow to do so while it speaks."""

import fcntl
import logging
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Final

from cuewalk import places
from cuewalk.domain.errors import VoiceError
from cuewalk.domain.setup import Setup
from cuewalk.engine.checkin import CheckinMachine
from cuewalk.engine.session import Session
from cuewalk.files.writing import private_folder
from cuewalk.language.pack import LocalePack
from cuewalk.logs import ignoring
from cuewalk.session.cue_playback import Wording
from cuewalk.session.foresight import Explorer, Led
from cuewalk.settings import Settings
from cuewalk.speech_out.ahead import note_prepared
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.choose import AUTO, NATURAL, make_voice, may_be_natural
from cuewalk.speech_out.sentences import pieces_of

_log = logging.getLogger(__package__)

_LOCK: Final = "voice-prepare.lock"
#: Ways through a session that are tried, and those with nothing new after which it is enough. Design.
#: Measured with an earlier order of trying: 40 ways found 424 of 426 pieces of feet-up, 648 of 665 of roller.
_WAYS: Final = 60
_NOTHING_NEW: Final = 8
#: Lines in a row at which the voice may fail before it is given up.
_FAILURES: Final = 3

#: Takes in letters: rendered, in all.
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was done. ``failed`` are pieces that the voice could not say."""

    lines: int
    rendered: int
    failed: tuple[str, ...]


def lines_of_programme(setup: Setup, pack: LocalePack) -> list[str]:
    """Return the lines that may be said in a session, about in the order of their turn."""
    return _lines(lambda: Session(setup), pack)


def lines_of_talks(setup: Setup, pack: LocalePack) -> list[str]:
    """Return the lines that may be said the next morning."""
    return _lines(lambda: CheckinMachine(setup, 4.0, 14.0), pack)


def _lines(begun: Callable[[], Led], pack: LocalePack) -> list[str]:
    explorer = Explorer(Random(1).random)  # noqa: S311 - no secret
    wording, idle = Wording(pack), 0
    found: dict[str, None] = {}
    for _ in range(_WAYS):
        before = len(found)
        found |= dict.fromkeys(wording.text_of(line) for line, _ in explorer.way(begun()))
        idle = idle + 1 if len(found) == before else 0
        if idle == _NOTHING_NEW:
            break
    return list(found)


def speaks_at_once(settings: Settings) -> bool:
    """Return whether the voice that speaks by these settings needs no preparation."""
    may_be = settings.voice_engine == AUTO and may_be_natural(settings.locale, settings.voice)
    return settings.voice_engine != NATURAL and not may_be


def prepare_in_background(programme: str) -> bool:
    """Start the preparation of a programme in a process that outlives this one; return whether it began."""
    command = (
        sys.executable,
        "-P",
        "-c",
        "from cuewalk.cli import main; main()",
        "voice",
        "prepare",
        programme,
    )
    null = subprocess.DEVNULL
    with ignoring(_log, OSError, doing="starting the preparation of the voice"):
        subprocess.Popen(command, stdin=null, stdout=null, stderr=null, start_new_session=True)
        return True
    return False


@contextmanager
def one_at_a_time() -> Iterator[bool]:
    """Hold the lock of preparations; yield False where another program holds it."""
    folder = private_folder(places.cache_dir())
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


class Preparing:
    """The natural voice at work ahead of time; what is rendered already is not rendered again.

    Raises:
        VoiceError: if there is none here.
    """

    def __init__(self, settings: Settings) -> None:
        self._unstored = ""
        inner = make_voice(NATURAL, settings.locale, settings.voice)
        self._voice = CachedVoice(inner, places.cache_dir() / "cues", on_notice=self._cannot_store)

    def render(self, programme: str, lines: Sequence[str], report: Report) -> Prepared:
        """Render the lines of a programme and note that they are there.

        Raises:
            VoiceError: if the voice fails again and again, or what it renders cannot be kept.
        """
        pieces = _pieces(lines)
        missing = [piece for piece in pieces if not self._voice.has(piece)]
        letters, done = sum(map(len, missing)), 0
        failed: list[str] = []
        report(done, letters)
        in_a_row = 0
        for piece in missing:
            try:
                self._voice.render(piece)
                in_a_row = 0
            except VoiceError:
                failed.append(piece)
                in_a_row += 1
                if in_a_row == _FAILURES:
                    raise
            if self._unstored:
                raise VoiceError(self._unstored, remedy="Make room, and call this again: it goes on there.")
            done += len(piece)
            report(done, letters)
        note_prepared(places.cache_dir(), programme, self._voice.spec, pieces)
        return Prepared(len(lines), len(missing) - len(failed), tuple(failed))

    def close(self) -> None:
        """End the voice."""
        self._voice.close()

    def _cannot_store(self, sentence: str) -> None:
        self._unstored = sentence


def _pieces(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(piece for line in lines for piece in pieces_of(line)))
