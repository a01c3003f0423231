"""How each kind of input is made, damaged where its structure is, and read as the product reads it."""

import errno
import io
import json
import os
import resource
import shutil
import sqlite3
import struct
import sys
import wave
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np

from cuewalk.app.benching.faults.acts import MODEL, archive_bytes, archive_of
from cuewalk.app.benching.faults.children import MEMORY_BYTES, Command, Tell, guarded, run_child
from cuewalk.app.benching.faults.homes import LOCALE, OWN_NAME, short_setup, small_head
from cuewalk.app.benching.faults.inputs.mutating import (
    ODD_NUMBERS,
    ODD_STRINGS,
    mutated_bytes,
    odd_json,
)
from cuewalk.app.benching.faults.judging import OTHER, Finding, findings_in
from cuewalk.app.benching.faults.points import Watch
from cuewalk.app.benching.manifest import FILE_NAME as MANIFEST_NAME
from cuewalk.app.benching.manifest import read_manifests
from cuewalk.app.calibrating.keeping import has_consented
from cuewalk.app.ears import Ears, Spoken
from cuewalk.app.hearing import THRESHOLDS
from cuewalk.app.keyboard import Keyboard
from cuewalk.app.person.persona import load_persona
from cuewalk.app.replay import replay
from cuewalk.app.settings import change_setting, load_settings, settings_path
from cuewalk.audio.wav import read_wav
from cuewalk.content.checking import check_content
from cuewalk.content.own_phrases import own_phrases, phrases_path
from cuewalk.content.packs import load_pack, own_content
from cuewalk.content.personal import load_own_catalogue, own_rules_path
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.evidence import evidence_of
from cuewalk.domain.heard import Heard, InputMode
from cuewalk.domain.intents import Command as Said
from cuewalk.domain.intents import CommandSaid
from cuewalk.domain.projection import buckets_of
from cuewalk.domain.units import Millis
from cuewalk.engine.events import Begin, Understood
from cuewalk.engine.session import Session
from cuewalk.journal.corrections import correct_rating
from cuewalk.journal.rating_log import movement_names, rating_log
from cuewalk.journal.store import FILE_NAME, SqliteJournal
from cuewalk.language.pack import LocalePack
from cuewalk.models.heads import load_head, save_head
from cuewalk.models.record import RECORD_NAME, load_record
from cuewalk.models.unpack import unpack
from cuewalk.places import package_data
from cuewalk.speech_in.keys_recogniser import KeysRecogniser

_TODAY: Final = date(2026, 6, 1)
#: A reader that touches more than this on a broken input believes what the input claims of itself.
_COMMAND_CPU: Final = 12.0
_LINES_MOST: Final = 50
_PAGE: Final = 4096


@dataclass(frozen=True, slots=True)
class Place:
    """Where inputs are put: a sandbox with a home, what runs a command line, and an undamaged home."""

    sandbox: Path
    command: Command
    whole: Path

    @property
    def home(self) -> Path:
        """The home."""
        return self.sandbox / "home"

    def put(self, name: str, data: bytes) -> Path:
        """Write an input beside the home and return its path."""
        path = self.sandbox / "here" / name
        path.write_bytes(data)
        return path


class FoundError(Exception):
    """A finding that is not an escaped error of this process."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.key)


def limit_memory() -> None:
    """Take no more memory than any input needs."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


# --- the journal ----------------------------------------------------------------------------------------


@cache
def journal_seed(home: Path) -> bytes:
    """Return a journal's file, its write-ahead log written back."""
    return (home / FILE_NAME).read_bytes()


def mutated_journal(rng: Random, data: bytes) -> bytes:
    """Damage pages of a database: bits, whole pages, its end; sizes stay where that is possible."""
    found = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        page = rng.randrange(len(found) // _PAGE) * _PAGE if rng.random() < 0.8 else 0  # noqa: PLR2004
        at = page + rng.choice((rng.randrange(100), rng.randrange(_PAGE), rng.randrange(_PAGE)))
        way = rng.randrange(6)
        if way <= 1:
            found[at] ^= 1 << rng.randrange(8)
        elif way == 2:  # noqa: PLR2004 - one of six ways
            found[page : page + _PAGE] = bytes(_PAGE)
        elif way == 3:  # noqa: PLR2004
            other = rng.randrange(len(found) // _PAGE) * _PAGE
            found[page : page + _PAGE] = found[other : other + _PAGE]
        elif way == 4:  # noqa: PLR2004
            found[at : at + 8] = rng.randbytes(8)
        elif rng.random() < 0.3:  # noqa: PLR2004
            return bytes(found[: rng.randrange(len(found))])
    return bytes(found)


def use_journal(data: bytes, place: Place) -> None:
    """Open a journal and read everything in it."""
    _put_journal(data, place)
    _read_journal(place.home / FILE_NAME)


def _put_journal(data: bytes, place: Place) -> None:
    for left in place.home.glob(f"{FILE_NAME}*"):
        left.unlink()
    (place.home / FILE_NAME).write_bytes(data)


def _read_journal(path: Path) -> None:
    """Do what the reading commands do, and a correction; each by itself, so that none hides another."""
    with closing(SqliteJournal(path)) as journal:
        reads: Sequence[Callable[[], object]] = (
            lambda: [rating_log(journal, row) for row in journal.sessions()],
            lambda: buckets_of(journal.histories(), today=_TODAY),
            lambda: evidence_of(journal.histories(), today=_TODAY),
            lambda: movement_names(journal),
            lambda: [replay(journal, row.id) for row in journal.sessions()],
            lambda: list(journal.export_lines()),
            journal.latest_interrupted,
            lambda: correct_rating(journal, _a_rating(path), 3.0, _now()),
        )
        for read in reads:
            with suppress(CuewalkError):
                read()


def _a_rating(path: Path) -> int:
    try:
        with closing(sqlite3.connect(path)) as raw:
            asked = "SELECT id FROM entries WHERE kind = 'record:rating_given' LIMIT 1"
            return int((raw.execute(asked).fetchone() or [1])[0])
    except (sqlite3.Error, ValueError):
        return 1


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


_COLUMNS: Final = (
    *(("sessions", name) for name in ("id", "started", "programme", "locale", "status", "setup")),
    *(("entries", name) for name in ("id", "session", "seq", "clock_ms", "wall", "kind", "payload", "clip")),
    *(("entries", name) for name in ("wall", "kind", "payload", "payload", "payload")),
)
#: Instead of a value: one place inside of its JSON becomes odd.
_INSIDE: Final = "inside"


def rows_seed(_home: Path) -> bytes:
    """Return no edits of rows, one a line."""
    return b'["entries", "clip", 1, null]'


def mutated_rows(rng: Random, _data: bytes) -> bytes:
    """Return edits of a journal's rows, one a line: table, column, which row, its new value."""
    edits = []
    for _ in range(rng.randint(1, 3)):
        table, column = rng.choice(_COLUMNS)
        row = rng.randrange(600)
        if column in {"payload", "setup"} and rng.random() < 0.8:  # noqa: PLR2004 - most inside of the JSON
            edits.append(json.dumps([table, column, row, {_INSIDE: rng.randrange(1 << 30)}]))
        else:
            value = rng.choice((None, -1, 0, 2**62, 1.5, "", *ODD_STRINGS, "2026-13-45", "record:nothing"))
            edits.append(json.dumps([table, column, row, value]))
    return "\n".join(edits).encode()


def use_rows(data: bytes, place: Place) -> None:
    """Edit a journal's rows behind the product's back, then read everything in it."""
    _put_journal(journal_seed(place.whole), place)
    path = place.home / FILE_NAME
    with closing(sqlite3.connect(path)) as raw:
        for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f'DROP TRIGGER "{trigger}"')
        for line in data.decode().split("\n"):
            with suppress(sqlite3.Error, ValueError, UnicodeEncodeError, OverflowError):
                _edit_row(raw, *json.loads(line))
        raw.commit()
    _read_journal(path)


def _edit_row(raw: sqlite3.Connection, table: str, column: str, row: int, value: Any) -> None:  # noqa: ANN401
    count = raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
    asked = f"SELECT rowid, {column} FROM {table} LIMIT 1 OFFSET ?"  # noqa: S608
    ident, old = raw.execute(asked, (row % max(1, count),)).fetchone()
    if isinstance(value, dict):
        value = odd_json(Random(value[_INSIDE]), old).decode("utf-8", "replace")  # noqa: S311
    raw.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, ident))  # noqa: S608


@cache
def lines_seed(home: Path) -> bytes:
    """Return the beginning of an export: a header, a session, some entries."""
    copy = home.parent / "export.sqlite"
    shutil.copy(home / FILE_NAME, copy)
    with closing(SqliteJournal(copy)) as journal:
        lines = list(journal.export_lines(journal.sessions()[0].id))
    return "\n".join(lines[:_LINES_MOST]).encode()


def use_lines(data: bytes, place: Place) -> None:
    """Import lines into an empty journal, and read what came of them."""
    for left in place.home.glob(f"{FILE_NAME}*"):
        left.unlink()
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return  # whoever reads a file of lines says so before the journal is asked
    with closing(SqliteJournal(place.home / FILE_NAME)) as journal:
        journal.import_lines(lines)
    _read_journal(place.home / FILE_NAME)


# --- settings and content -------------------------------------------------------------------------------


@cache
def settings_seed(_home: Path) -> bytes:
    """Return a settings file with every setting."""
    settings = load_settings.__globals__["Settings"]()
    lines = []
    for key, value in settings.model_dump().items():
        text = str(value).lower() if isinstance(value, bool) else json.dumps(value)
        lines.append(f"{key} = {text}")
    return "\n".join(lines).encode()


def use_settings(data: bytes, _place: Place) -> None:
    """Read settings, then change one."""
    settings_path().write_bytes(data)
    with suppress(CuewalkError):
        load_settings()
    change_setting("volume", "0.5")
    load_settings()


def rules_seed(home: Path) -> bytes:
    """Return a person's own rules."""
    return (home / "rules.toml").read_bytes()


def use_rules(data: bytes, _place: Place) -> None:
    """Load everything with a person's own rules."""
    own_rules_path().write_bytes(data)
    with suppress(CuewalkError):
        check_content(own_rules_path())
    load_own_catalogue(LOCALE)


def movement_seed(home: Path) -> bytes:
    """Return a person's own movement."""
    return (home / "content" / LOCALE / "movements" / f"{OWN_NAME}.toml").read_bytes()


def use_movement(data: bytes, _place: Place) -> None:
    """Check a movement, and now and then load everything with it."""
    _use_content(data, own_content() / LOCALE / "movements" / f"{OWN_NAME}.toml")


def programme_seed(home: Path) -> bytes:
    """Return a person's own programme."""
    return (home / "content" / LOCALE / "programmes" / "mine.toml").read_bytes()


def use_programme(data: bytes, _place: Place) -> None:
    """Check a programme, and now and then load everything with it."""
    _use_content(data, own_content() / LOCALE / "programmes" / "mine.toml")


def _use_content(data: bytes, path: Path) -> None:
    path.write_bytes(data)
    check_content(path)
    if len(data) % 4 == 0:
        load_own_catalogue(LOCALE)


def phrases_seed(_home: Path) -> bytes:
    """Return a person's own phrases."""
    return phrases_path(LOCALE).read_bytes()


def use_phrases(data: bytes, _place: Place) -> None:
    """Read taught phrases, and the pack with them."""
    phrases_path(LOCALE).write_bytes(data)
    own_phrases(LOCALE)
    load_pack(LOCALE)


def consent_seed(home: Path) -> bytes:
    """Return a note of consent."""
    return (home / "heads" / "consent.toml").read_bytes()


def use_consent(data: bytes, place: Place) -> None:
    """Ask whether the person agreed."""
    (place.home / "heads" / "consent.toml").write_bytes(data)
    has_consented()


def persona_seed(_home: Path) -> bytes:
    """Return a persona of the demonstration."""
    return (package_data("scripts_audio") / "personas" / "mixed.toml").read_bytes()


def use_persona(data: bytes, place: Place) -> None:
    """Read a persona."""
    load_persona(str(place.put("persona.toml", data)))


def manifest_seed(_home: Path) -> bytes:
    """Return a manifest of recordings."""
    return b'path,label,set,speaker\na.wav,four,"one, two",me\nb.wav,stop,,\n"c ""d"".wav",yes,x,y\n'


def use_manifest(data: bytes, place: Place) -> None:
    """Read a manifest."""
    place.put(MANIFEST_NAME, data)
    read_manifests([place.sandbox / "here"])


def record_seed(_home: Path) -> bytes:
    """Return the record of an installed model."""
    return b'{"name": "tiny", "archive_sha256": "00", "files": [{"path": "a", "size": 3, "sha256": "11"}]}'


def use_record(data: bytes, place: Place) -> None:
    """Read the record of a model and compare the files with it."""
    place.put(RECORD_NAME, data)
    record = load_record(place.sandbox / "here")
    if record is not None:
        record.sum_faults(place.sandbox / "here")


# --- sound, heads, archives -----------------------------------------------------------------------------

_WAV_FIELDS: Final = ((4, "<I"), (16, "<I"), (20, "<H"), (22, "<H"), (24, "<I"), (28, "<I"), (32, "<H"))
_WAV_MORE: Final = ((34, "<H"), (40, "<I"))
_WAV_ODD: Final = (0, 1, 2, 3, 7, 8, 24, 100, 255, 8000, 44100, 65535, 0x7FFFFFFF, 0xFFFFFFFF)


@cache
def wav_seed(_home: Path) -> bytes:
    """Return a tenth of a second of sound at 44.1 kHz, stereo."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44100)
        file.writeframes(bytes(range(256)) * 64)
    return out.getvalue()


def mutated_wav(rng: Random, data: bytes) -> bytes:
    """Return a sound file that claims something odd, or is damaged blindly."""
    if rng.random() < 0.3:  # noqa: PLR2004 - some blindly
        return mutated_bytes(rng, data)
    found = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        at, form = rng.choice((*_WAV_FIELDS, *_WAV_MORE))
        struct.pack_into(form, found, at, rng.choice(_WAV_ODD) % (1 << (8 * struct.calcsize(form))))
    return bytes(found)


def use_wav(data: bytes, place: Place) -> None:
    """Read a sound file."""
    read_wav(place.put("sound.wav", data))


@cache
def head_seed(home: Path) -> bytes:
    """Return a spotter's head."""
    path = home.parent / "head.npz"
    save_head(*small_head(), path)
    return path.read_bytes()


def mutated_head(rng: Random, data: bytes) -> bytes:
    """Return a head with an array missing, of another shape or kind, or damaged blindly."""
    if rng.random() < 0.4:  # noqa: PLR2004 - some blindly
        return mutated_bytes(rng, data)
    with np.load(io.BytesIO(data)) as kept:
        arrays: dict[str, Any] = {name: kept[name] for name in kept}
    name = rng.choice(sorted(arrays))
    old = arrays[name]
    odd: Sequence[Callable[[], Any]] = (
        lambda: old[..., :0],
        lambda: old.reshape(-1),
        lambda: np.repeat(old.reshape(-1), 3),
        lambda: np.array(["x", "y"]),
        lambda: old.astype(str),
        lambda: np.full(old.shape, np.nan) if old.dtype.kind == "f" else old.reshape(-1)[:0],
        lambda: np.zeros((2, 2, 2)),
        lambda: np.array(1e300),
        lambda: old[None],
    )
    if rng.random() < 0.2:  # noqa: PLR2004
        del arrays[name]
    else:
        arrays[name] = rng.choice(odd)()
    out = io.BytesIO()
    np.savez(out, **arrays)
    packed = bytearray(out.getvalue())
    if rng.random() < 0.2:  # noqa: PLR2004 - an array that claims to be huge
        at = packed.find(b"'shape': (")
        packed[at + 10 : at + 12] = b"99"
    return bytes(packed)


def use_head(data: bytes, place: Place) -> None:
    """Read a head and have it judge."""
    head, _ = load_head(place.put("head.npz", data))
    head.probabilities(np.zeros((1, 864), np.float32))


@cache
def archive_seed(_home: Path) -> bytes:
    """Return a model's archive."""
    return archive_bytes()


_HOSTILE: Final = (
    *("../out", "/etc/out", f"{MODEL}/../../out", f"{MODEL}/a\\b", f"{MODEL}/c:d", "other/file", ""),
    *(
        f"{MODEL}/" + "n" * 300,
        f"{MODEL}/" + "d/" * 200 + "f",
        f"{MODEL}/README",
        f"{MODEL}/am",
        f"{MODEL}/é",
    ),
)


def mutated_archive(rng: Random, data: bytes) -> bytes:
    """Return an archive with a hostile member, or damaged blindly."""
    if rng.random() < 0.5:  # noqa: PLR2004 - half blindly
        return mutated_bytes(rng, data)
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as bundle:
        info = zipfile.ZipInfo(rng.choice(_HOSTILE), (2026, 1, 1, 0, 0, 0))
        info.external_attr = rng.choice((0, 0o120777 << 16, 0o20666 << 16, 0o40755 << 16, 0o100644 << 16))
        bundle.writestr(info, rng.choice((b"", b"/etc/passwd", bytes(2_000_000))))
    return out.getvalue()


def use_archive(data: bytes, place: Place) -> None:
    """Unpack an archive; nothing may come to lie outside of its folder."""
    target = place.sandbox / "here" / "unpacked"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    before = _names_around(target)
    path = place.put("model.zip", data)
    try:
        unpack(path, archive_of(data), target, lambda _done, _all: None)
    finally:
        outside = _names_around(target) - before - {"model.zip"}
        if outside:
            raise FoundError(Finding(OTHER, "an archive leaves its folder", str(outside)))


def _names_around(folder: Path) -> set[str]:
    return {each.name for near in (folder.parent, folder.parent.parent) for each in near.iterdir()}


# --- what is typed --------------------------------------------------------------------------------------

_SAID: Final = (
    *("four", "no, five", "stop", "pause", "resume", "that hurts", "yes", "no", "left", "seven and a half"),
    *(
        "skip",
        "note",
        "what did you hear",
        "4.5",
        "0",
        "10",
        "eleven",
        "carry on",
        "something is wrong",
        "pain",
    ),
)


@cache
def _pack() -> LocalePack:
    return load_pack(LOCALE, own=())


def typed_seed(_home: Path) -> bytes:
    """Return what is typed in a session, one utterance a line."""
    return b"no\nleft\npain\nfour\nnext\nfour"


def mutated_typed(rng: Random, _data: bytes) -> bytes:
    """Return lines of what may be said, of odd text, or of both."""
    lines = []
    for _ in range(rng.randint(1, 8)):
        words = [
            rng.choice(
                (rng.choice(_SAID), rng.choice(_SAID), rng.choice(ODD_STRINGS), rng.choice(ODD_NUMBERS))
            )
        ]
        if rng.random() < 0.3:  # noqa: PLR2004 - some of two pieces
            words.append(rng.choice((rng.choice(_SAID), rng.choice(ODD_STRINGS))))
        lines.append(" ".join(words).encode("utf-8", "surrogatepass"))
    return b"\n".join(lines)


def use_typed(data: bytes, _place: Place) -> None:
    """Type lines in a session, each understood and told to the engine."""
    _type(data + b"\n", Session(short_setup(Random(len(data)), _now(), [])))  # noqa: S311 - not for secrets


def use_keys(data: bytes, _place: Place) -> None:
    """Press keys, any bytes."""
    _type(data, Session(short_setup(Random(1), _now(), [])))  # noqa: S311 - not for secrets


def _type(data: bytes, session: Session) -> None:
    ears = Ears(_pack(), THRESHOLDS)
    keyboard = Keyboard(KeysRecogniser())
    session.step(Begin())
    for number, line in enumerate(data.splitlines(keepends=True), start=1):
        keyboard.press(line.decode("utf-8", "replace"))
        at = Millis(number * 1000)
        for typed in keyboard.read(session.state):
            if isinstance(typed, Said):
                heard = Heard(text=typed.value, confidence=1.0, engine="keys", mode=InputMode.KEYS)
                session.step(Understood(intent=CommandSaid(command=typed), heard=heard))
            else:
                spoken = Spoken(number, (typed,), InputMode.KEYS, at, at)
                session.step(ears.understand(spoken, session.expects))
            session.view()


# --- command lines and homes of odd shapes --------------------------------------------------------------

#: Command lines that neither need sound devices nor take long; None stands for an odd word.
_COMMANDS: Final = (
    *(["log", None], ["log", "--all", None], ["buckets"], ["evidence", None], ["evidence", "--json"]),
    *(["correct", None, None], ["correct", "12", None], ["checkin", None], ["replay", None]),
    *(
        ["settings", None, None],
        ["settings", "volume", None],
        ["settings", "voice", None],
        ["settings", None],
    ),
    *(["settings", "microphone", None], ["settings", "head", None], ["settings", "locale", None]),
    *(["new", "movement", None], ["new", "programme", None, "--dir", None], ["new", "locale", None]),
    *(["new", "movement", "a", "--locale", None], ["check", None], ["check", "--content", None]),
    *(["programmes", None], ["programmes", "--content", None], ["rules", None], ["rules", "--json", None]),
    *(
        ["picture", None],
        ["teach", "--remove", None],
        ["teach", None, "--as", None],
        ["teach", "--locale", None],
    ),
    *(["models", "verify", None], ["models", "list", None], ["models", "fetch", None], ["play", None]),
    *(["scripts", "preview", None, "--out", None], ["scripts", "render", None, "--out", None]),
    *(["scripts", "check", "--locale", None], ["demo", "--persona", None], ["demo", "--programme", None]),
    *(["bench", "hear", None], ["bench", "decisions", "--people", "1", "--assume", None], ["bench", None]),
    *(
        ["forget", None],
        ["run", None],
        ["run", "--side", None],
        ["start", "--programme", None],
        [None],
        [None, None],
    ),
)
_PATHS: Final = (
    "loop",
    "pipe",
    "folder",
    "gone/deeper",
    "loop/x",
    "file/x",
    "home",
    "/dev/full",
    "/dev/zero",
    "a b ü",
)


def arguments_seed(_home: Path) -> bytes:
    """Return a command line, one argument a line."""
    return b"log\n--all"


def mutated_arguments(rng: Random, _data: bytes) -> bytes:
    """Return a command line with odd words, numbers and paths."""

    def odd() -> str:
        words = (rng.choice(ODD_STRINGS), rng.choice(ODD_NUMBERS), rng.choice(_PATHS), rng.choice(_SAID))
        return rng.choice(words).replace("\0", "").replace("\n", " ")

    words = [odd() if word is None else word for word in rng.choice(_COMMANDS)]
    if rng.random() < 0.1:  # noqa: PLR2004
        words.insert(rng.randrange(len(words) + 1), odd())
    return "\n".join(words).encode("utf-8", "surrogatepass")


def use_arguments(data: bytes, place: Place) -> None:
    """Run a command line in a child; a pipe, a loop of links and a folder lie where it runs."""
    words = [os.fsdecode(word) for word in data.split(b"\n")]
    here = place.sandbox / "here"
    for name, make in (("loop", lambda p: p.symlink_to(p)), ("pipe", os.mkfifo), ("folder", os.mkdir)):
        if not os.path.lexists(here / name):
            make(here / name)
    _in_child(words, place, lambda: None)


_SHAPES: Final = ("gone", "folder", "pipe", "loop", "empty", "zeros", "huge", "denied", "dangling", "text")
_NAMES: Final = (
    *("journal.sqlite", "settings.toml", "rules.toml", "clips", "heads", "content", "session.lock", "cache"),
    *("heads/consent.toml", "heads/en-US-personal.npz", "heads/en-US-taught.npz", "heads/phrases-en-US.toml"),
    *(
        "content/en-US",
        "content/en-US/movements",
        "content/en-US/movements/heel-raises.toml",
        "heads/takes/en-US",
    ),
    *("journal.sqlite-wal", "journal.sqlite-shm", "cache/cues", "."),
)
_READERS: Final = (
    *(
        ["log"],
        ["log", "--all"],
        ["buckets"],
        ["evidence"],
        ["replay"],
        ["correct", "20", "4"],
        ["checkin", "4"],
    ),
    *(["settings"], ["settings", "volume", "0.4"], ["programmes"], ["rules"], ["check"], ["teach", "--list"]),
    *(["teach", "--remove", "easier"], ["models", "list"], ["play", "20"], ["forget", "--yes"]),
    *(["new", "movement", "toe-taps"], ["scripts", "preview", "heel-raises", "--out", "x.wav"]),
    *(["calibrate", "--from-corrections"], ["doctor"], ["new", "programme", "p"]),
)


def shapes_seed(_home: Path) -> bytes:
    """Return a home in which nothing is odd, and a command."""
    return json.dumps(["clips", "none", ["log"]]).encode()


def mutated_shapes(rng: Random, _data: bytes) -> bytes:
    """Return which file or folder of a home is something else, and the command that is tried."""
    return json.dumps([rng.choice(_NAMES), rng.choice(_SHAPES), rng.choice(_READERS)]).encode()


def use_shapes(data: bytes, place: Place) -> None:
    """Run a command in a home of which one part is a pipe, a loop, a folder or denied."""
    try:
        name, shape, words = json.loads(data)
    except ValueError:
        return  # a piece of an input, while it is made smaller
    if name not in _NAMES or shape not in (*_SHAPES, "none") or words not in _READERS:
        return
    shutil.rmtree(place.home, ignore_errors=True)
    place.home.unlink(missing_ok=True)
    shutil.copytree(place.whole, place.home)
    target = place.home / name if name != "." else place.home
    target.parent.mkdir(parents=True, exist_ok=True)
    if shape not in {"none", "denied"}:
        _reshape(target, shape)
    try:
        _in_child(words, place, (lambda: _deny(target)) if shape == "denied" else (lambda: None))
    finally:
        if place.home.is_symlink() or not place.home.is_dir():
            place.home.unlink(missing_ok=True)


def _reshape(target: Path, shape: str) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.unlink(missing_ok=True)
    makers: dict[str, Callable[[], object]] = {
        "folder": target.mkdir,
        "pipe": lambda: os.mkfifo(target),
        "loop": lambda: target.symlink_to(target),
        "dangling": lambda: target.symlink_to("nowhere/at/all"),
        "empty": lambda: target.write_bytes(b""),
        "zeros": lambda: target.write_bytes(bytes(5000)),
        "huge": lambda: _huge(target),
        "text": lambda: target.write_text("not what it should be\n"),
    }
    if shape in makers:
        makers[shape]()


def _huge(target: Path) -> None:
    with target.open("wb") as file:
        file.truncate(3_000_000_000)


def _deny(target: Path) -> None:
    """Let nobody open a file or anything in a folder, root included."""
    prefix = os.fspath(target)

    def hook(event: str, given: tuple[Any, ...]) -> None:
        if event in {
            "open",
            "os.listdir",
            "os.scandir",
            "os.mkdir",
            "os.remove",
            "os.rename",
            "sqlite3.connect",
        }:
            path = given[0]
            if isinstance(path, bytes):
                path = os.fsdecode(path)
            if isinstance(path, str | os.PathLike) and prefix in os.path.abspath(os.fspath(path)):  # noqa: PTH100
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    sys.addaudithook(hook)


def _in_child(words: Sequence[str], place: Place, prepare: Callable[[], None]) -> None:
    """Run a command line in a child and raise what was wrong as a finding."""

    def work(tell: Tell) -> int:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        Watch(place.sandbox, lambda _point: None).install()
        prepare()
        return guarded(lambda: place.command(words), tell)

    ended = run_child(work, place.sandbox, cpu=_COMMAND_CPU, idle=25)
    doing = f"cuewalk {' '.join(w for w in words[:2] if w.isascii() and w.isprintable())[:40]}"
    found = findings_in(ended, doing)
    if found:
        raise FoundError(found[0])
    if ended.code and not ended.printed.strip():
        raise FoundError(Finding(OTHER, f"{doing} fails without a word", f"code {ended.code}"))
