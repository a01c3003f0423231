"""The homes that are tried on: empty, used for a while, with an interrupted session."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

import numpy as np

from cuewalk.bench.faults.children import ToParent, run_child
from cuewalk.bench.faults.walking import Walk
from cuewalk.content.catalogue import Catalogue
from cuewalk.content.load import load_catalogue
from cuewalk.content.packs import own_content
from cuewalk.content.personal import own_rules_path
from cuewalk.content.writing import write_template
from cuewalk.domain.content import Dose, Programme
from cuewalk.domain.errors import BugError
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.setup import Setup
from cuewalk.domain.sound import Floats, Samples
from cuewalk.engine.events import Begin
from cuewalk.engine.session import Session
from cuewalk.journal.clips import ClipStore
from cuewalk.journal.store import FILE_NAME, Journal
from cuewalk.language.own import OwnPhrase
from cuewalk.learning.calibrating.consent import keep_consent
from cuewalk.learning.calibrating.keeping import keep_takes
from cuewalk.learning.teaching.keeping import keep_word
from cuewalk.models.heads import own_head, save_head
from cuewalk.planning.preparing import prepare
from cuewalk.settings import Settings, change_setting
from cuewalk.spotting.head import Head
from cuewalk.spotting.rehearsal import Rehearsal

LOCALE: Final = "en-US"
#: Without anything; sessions and settings; everything; sessions of which the last was interrupted.
EMPTY, RATED, KEPT, INTERRUPTED = "empty", "rated", "kept", "interrupted"
#: The phrase that was taught, and the name of a movement of the person's own.
TAUGHT: Final = OwnPhrase("easier", "slower")
OWN_NAME: Final = "heel-raises"
#: Movements of a session: enough for a retry, a rest and a carry-over, few enough to be quick.
_MOVEMENTS: Final = 2
_DOSE: Final = Dose(reps=2)
#: Step before which the interrupted session ends: in the middle of its one movement.
_CUT_AT: Final = 60
#: Features of one utterance, as many as the embedding gives.
_FEATURES: Final = 864
_RULES: Final = 'version = "mine"\n\n[retries]\nvalue = 2\nbasis = "I like to try twice."\n'


@cache
def catalogue() -> Catalogue:
    """Return the content that comes with cuewalk, loaded once."""
    return load_catalogue(LOCALE)


#: Which programmes pass a state that not all of them have.
_LEADING_TO: Final[dict[str, Callable[[Programme], object]]] = {
    "rest_offer": lambda programme: programme.rest_advice,
    "rest_days": lambda programme: programme.rest_advice,
    "before_note": lambda programme: programme.before_note,
    "equipment": lambda programme: catalogue().equipment_of(programme),
}


def short_setup(
    rng: Random, now: datetime, past: list[SessionRecords], wanted: str = "", movements: int = _MOVEMENTS
) -> Setup:
    """Return the set-up of a session of few movements of any programme; ``wanted`` is a state to reach."""
    programmes = catalogue().programmes
    leads_there = _LEADING_TO.get(wanted)
    names = sorted(name for name, each in programmes.items() if leads_there is None or leads_there(each))
    setup = prepare(catalogue(), rng.choice(names), Settings(), past, now=now)
    items = setup.programme.items if wanted == "equipment" else setup.programme.items[:movements]
    items = tuple(item.model_copy(update={"dose": _DOSE}) for item in items)
    changed = {
        "programme": setup.programme.model_copy(update={"items": items}),
        "screening_due": True,
        "resting_until": now.date() + timedelta(days=2) if wanted in {"go_anyway", "put_off"} else None,
        "gently": False,
    }
    return setup.model_copy(update=changed)


def sound(seed: int = 0) -> Samples:
    """Return a tenth of a second of noise, as quiet as speech."""
    samples: Samples = np.random.default_rng(seed).normal(0, 300, 1600).astype(np.int16)
    return samples


def small_head(labels: tuple[str, ...] = ("four", "stop", "easier")) -> tuple[Head, Rehearsal]:
    """Return a head of few weights, with the array shapes of a real one."""
    rng = np.random.default_rng(1)
    features, hidden, many = _FEATURES, 4, len(labels)

    def some(*shape: int) -> Floats:
        return rng.normal(0, 1, shape).astype(np.float32)

    head = Head(
        labels=labels,
        centre=some(features),
        spread=np.ones(features, np.float32),
        hidden_weights=some(features, hidden),
        hidden_bias=some(hidden),
        weights=some(hidden, many),
        bias=some(many),
    )
    return head, Rehearsal(labels, some(many, hidden), np.abs(some(many, hidden)))


def make_homes(folder: Path) -> dict[str, Path]:
    """Make the homes below ``folder`` and return them by name."""
    made: dict[str, Path] = {}
    for name, base, build in _BUILDS:
        sandbox = folder / name
        if base:
            fresh_copy(made[base], sandbox)
        sandbox.mkdir(parents=True, exist_ok=True)
        ended = run_child(build, sandbox, cpu=60, idle=600)
        if ended.code or ended.signal or ended.trace:
            raise BugError(f"the home {name!r} could not be made: {ended.trace} {ended.printed}")
        made[name] = sandbox / "home"
    return made


def fresh_copy(home: Path, sandbox: Path) -> Path:
    """Empty a sandbox, copy a home into it and return the copy."""
    shutil.rmtree(sandbox, ignore_errors=True)
    copy = sandbox / "home"
    shutil.copytree(home, copy, symlinks=True)
    return copy


def entries_of_ratings(home: Path) -> list[int]:
    """Return the entry numbers of all ratings, oldest first.

    Raises:
        sqlite3.Error: if SQLite cannot read the journal.
    """
    with closing(sqlite3.connect(home / FILE_NAME)) as journal:
        asked = "SELECT id FROM entries WHERE kind = 'record:rating_given' ORDER BY id"
        return [int(number) for (number,) in journal.execute(asked)]


def _rated(_tell: ToParent) -> int:
    """Make settings and two ended sessions."""
    change_setting("voice_engine", "silent")
    _session(16, "20260101-0900-aaaa", timedelta(days=4))
    _session(28, "20260102-0900-bbbb", timedelta(days=1))
    return 0


def _kept(_tell: ToParent) -> int:
    """Make rules, content, a calibration and a taught phrase besides."""
    own_rules_path().write_text(_RULES, "utf-8")
    write_template("movement", OWN_NAME, own_content(), LOCALE)
    write_template("programme", "mine", own_content(), LOCALE)
    keep_consent(datetime.now(UTC).astimezone())
    keep_takes(LOCALE, [("four", sound(1)), ("four", sound(2)), ("stop", sound(3))])
    save_head(*small_head(("four", "stop")), own_head(LOCALE, "personal"))
    keep_word(LOCALE, TAUGHT, *small_head())
    return 0


def _interrupted(_tell: ToParent) -> int:
    _session(2, "20260103-0900-cccc", timedelta(minutes=5), cut=_CUT_AT)
    return 0


#: Each home with the one it begins with, and what is added.
_BUILDS: Final[tuple[tuple[str, str, Callable[[ToParent], int]], ...]] = (
    (EMPTY, "", lambda _tell: 0),
    (RATED, "", _rated),
    (KEPT, RATED, _kept),
    (INTERRUPTED, RATED, _interrupted),
)


def _session(seed: int, ident: str, ago: timedelta, cut: int = 0) -> None:
    """Write a session into the journal, whole or up to a step."""
    rng, at, home = Random(seed), datetime.now(UTC).astimezone() - ago, own_content().parent  # noqa: S311
    with closing(Journal(home / FILE_NAME)) as journal:
        setup = short_setup(rng, at, journal.histories(), movements=1)
        journal.begin_session(setup, ident, at)
        clips, names = ClipStore(home / "clips"), dict[int, str]()
        for number, step in enumerate(Walk(Session(setup), rng, calm=True).steps(Begin())):
            if cut and number == cut:
                return
            for record in step.records:
                heard = getattr(record, "heard", None)
                if heard is not None and heard.utterance not in names:
                    names[heard.utterance] = clips.save(ident, heard.utterance, sound(heard.utterance))
            wall = at + timedelta(milliseconds=step.now)
            journal.append(ident, step.now, [step.event, *step.records], clips=names, wall=wall)
