"""What a person does while the fault strikes: sessions, corrections, settings, learning, writing files."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, Final, cast

from cuewalk import places
from cuewalk.bench.faults.children import CommandLine, ToParent
from cuewalk.bench.faults.homes import (
    EMPTY,
    INTERRUPTED,
    KEPT,
    LOCALE,
    OWN_NAME,
    RATED,
    TAUGHT,
    short_setup,
    small_head,
    sound,
)
from cuewalk.bench.faults.walking import Walk
from cuewalk.content.packs import load_pack
from cuewalk.engine.events import Begin, Event
from cuewalk.journal.store import open_journal
from cuewalk.language.own import OwnPhrase
from cuewalk.learning.calibrating.consent import keep_consent
from cuewalk.learning.calibrating.keeping import keep_takes
from cuewalk.learning.calibrating.learning import Learner
from cuewalk.learning.personal import Learned
from cuewalk.learning.teaching.keeping import keep_word
from cuewalk.models.manifest import Archive, Manifest, Roots
from cuewalk.models.store import ModelStore
from cuewalk.session.barge_in import FROM_THE_START
from cuewalk.session.logbook import JournalLogbook
from cuewalk.session.stage import (
    RESTORED,
    begin,
    clip_store,
    one_session_at_a_time,
    rebuild,
    why_not_taken_up,
)

MODEL: Final = "tiny-model"
_ARCHIVES: Final = "archives"
_MODEL_FILES: Final = {
    "README": b"made up\n",
    "am/final.mdl": bytes(range(256)) * 64,
    "conf/model.conf": b"1",
}
#: A fixed moment in a zip, so that its sum is always the same.
ZIP_DATE: Final = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Doing:
    """What an act works with.

    ``at`` is told each state of a session once its step is written down; ``ratings`` are the entries of all
    ratings.
    """

    home: Path
    rng: Random
    command: CommandLine
    tell: ToParent
    at: Callable[[str], None] = lambda _state: None
    wanted: str = ""
    ratings: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that is done. ``ratings``: it writes ratings; ``forgets``: what was there may be gone.

    ``once``: done already, it may be refused with a sentence. ``ready`` puts what it needs into the sandbox.
    """

    name: str
    home: str
    do: Callable[[Doing], int]
    ratings: bool = False
    forgets: bool = False
    once: bool = False
    ready: Callable[[Path], None] = lambda _sandbox: None


def archive_bytes() -> bytes:
    """Return the archive of a small made-up model."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in _MODEL_FILES.items():
            bundle.writestr(zipfile.ZipInfo(f"{MODEL}/{name}", ZIP_DATE), content)
    return out.getvalue()


def archive_of(raw: bytes) -> Archive:
    """Return what the manifest says of an archive."""
    digest = hashlib.sha256(raw).hexdigest()
    return Archive(size=len(raw), sha256=digest, format="zip", top=MODEL, unpacked_max=1_000_000)


def _session(doing: Doing) -> int:
    """Run a session as `live_session` does, typed and without sound."""
    with ExitStack() as stack:
        one_session_at_a_time(stack)
        journal = stack.enter_context(closing(open_journal()))
        now = datetime.now(UTC).astimezone()
        clips = clip_store()
        clips.expire(30, now)
        first: Event
        interrupted = journal.latest_interrupted()
        if interrupted is not None and not why_not_taken_up(journal, interrupted):
            session, start = rebuild(journal, interrupted.id)
            session_id, first = interrupted.id, RESTORED
        else:
            setup = short_setup(doing.rng, now, journal.histories(), doing.wanted)
            doing.at("preparing")
            session_id, session = begin(setup, now)
            start, first = FROM_THE_START, Begin()
        doing.at("begun")
        logbook = JournalLogbook(journal, session_id, clips)
        for step in Walk(session, doing.rng, doing.wanted, int(start.clock)).steps(first):
            heard = getattr(step.event, "heard", None)
            if heard is not None and heard.utterance is not None:
                logbook.at_hand(heard.utterance, sound(heard.utterance))
            logbook.write(step.now, step.event, step.records)
            logbook.close()  # the clip is on the disk too, so that each run does the same at the same place
            doing.at(step.state)
    return 0


def _correct(doing: Doing) -> int:
    entry = doing.rng.choice(doing.ratings)
    return doing.command(["correct", str(entry), f"{doing.rng.randrange(21) / 2:g}"])


def _checkin(doing: Doing) -> int:
    return doing.command(["checkin", f"{doing.rng.randrange(21) / 2:g}"])


def _calibrate(_doing: Doing) -> int:
    """Keep what a calibration has learned."""
    takes = [(word, sound(n)) for n, word in enumerate(("four", "five", "stop", "yes") * 2)]
    head, rehearsal = small_head(("four", "five", "stop", "yes"))
    learner = Learner(load_pack(LOCALE), head, rehearsal, cast("Any", None))
    with ExitStack() as stack:
        one_session_at_a_time(stack)
        keep_consent(datetime.now(UTC).astimezone())
        keep_takes(LOCALE, takes)
        learner.keep(cast("Learned", SimpleNamespace(head=head)))
    return 0


def _teach(_doing: Doing) -> int:
    """Keep a phrase with the heads that know it."""
    keep_word(LOCALE, OwnPhrase("gentler", "slower"), *small_head(("four", "stop", TAUGHT.says, "gentler")))
    return 0


def _lines(doing: Doing) -> int:
    """Export everything, forget the last session, and import it again."""
    with closing(open_journal()) as journal:
        last = journal.sessions()[-1].id
        lines = list(journal.export_lines(last))
        journal.forget(last)
        doing.tell({"forgotten": last})
        journal.import_lines(lines)
    return 0


def _model(doing: Doing) -> int:
    """Install a model from an archive at hand."""
    model = {
        "name": MODEL,
        "kind": "vosk",
        "locale": LOCALE,
        "licence": "none",
        "summary": "made up",
        "default": True,
        "requires": ("am/final.mdl",),
        "sources": (
            {"kind": "cache"},
            {"kind": "models-folder"},
            {"kind": "address", "url": "http://127.0.0.1:9/none.zip"},
        ),
        "archive": archive_of(archive_bytes()).model_dump(),
    }
    roots = Roots(doing.home.parent / _ARCHIVES, places.cache_dir() / "models", {})
    ModelStore(Manifest.model_validate({"model": (model,)}), roots).fetch(MODEL)
    return 0


def _with_archive(sandbox: Path) -> None:
    folder = sandbox / _ARCHIVES
    folder.mkdir()
    (folder / f"{MODEL}.zip").write_bytes(archive_bytes())


def _line(*arguments: str) -> Callable[[Doing], int]:
    return lambda doing: doing.command(list(arguments))


ACTS: Final = (
    Act("session", RATED, _session, ratings=True),
    Act("first-session", EMPTY, _session, ratings=True),
    Act("resume", INTERRUPTED, _session, ratings=True),
    Act("correct", RATED, _correct, ratings=True),
    Act("correct-learning", KEPT, _correct, ratings=True),
    Act("checkin", RATED, _checkin, ratings=True),
    Act("lines", RATED, _lines, forgets=True),
    Act("settings", KEPT, _line("settings", "volume", "0.5")),
    Act("first-setting", EMPTY, _line("settings", "volume", "0.5")),
    Act("new-movement", KEPT, _line("new", "movement", "knee-lifts"), once=True),
    Act("new-programme", EMPTY, _line("new", "programme", "mornings"), once=True),
    Act("new-locale", KEPT, _line("new", "locale", "de-DE"), once=True),
    Act("picture", KEPT, _line("picture", "lateral-ankle-tilts", "--out", "figure.svg")),
    Act("render", KEPT, _line("scripts", "preview", OWN_NAME, "--out", "movement.wav")),
    Act("calibrate", KEPT, _calibrate),
    Act("first-calibration", EMPTY, _calibrate),
    Act("teach", KEPT, _teach, once=True),
    Act("unteach", KEPT, _line("teach", "--remove", TAUGHT.says), once=True),
    Act("model", KEPT, _model, ready=_with_archive),
    Act("forget", KEPT, _line("forget", "--yes"), forgets=True, once=True),
)
