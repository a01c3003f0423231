"""Makes the corpus of old journals: ``python tools/old_journals.py FOLDER``.

Run it with an older cuewalk first on ``PYTHONPATH``. It demonstrates every programme into one journal,
corrects ratings, cuts one session off with ``kill -9`` and takes it up again, and writes the journal as text
(``NAME.jsonl``) with the verdicts that this older cuewalk gives (``NAME.json``). `unpack` makes the journal
again, row by row as it was.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

PROGRAMMES = (
    "feet-up",
    "reposition",
    "hip-flexor-flow",
    "iliopsoas-holds",
    "roller",
    "my-keepers",
    "discover",
)
#: Where a row of the table of sessions has its set-up.
_SETUP = 5
#: The day on which the verdicts are asked for; states such as "due for re-test" depend on it.
TODAY = date(2030, 1, 1)


def cuewalk(home: Path, *arguments: str) -> str:
    """Run a command of the older cuewalk and return what it prints."""
    environment = {**os.environ, "CUEWALK_HOME": str(home), "COLUMNS": "200"}
    command = [sys.executable, "-c", "from cuewalk.cli import main; main()", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(arguments)}: {done.stdout[-1500:]} {done.stderr[-3000:]}")
    return done.stdout


CUT_OFF = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from cuewalk.simulation import demo
from cuewalk.session.observing import Observer
from cuewalk.simulation.person.persona import load_persona
from cuewalk.settings import load_settings
from cuewalk.session.stage import open_stage
from cuewalk.content.load import load_catalogue
from cuewalk.domain.records import RatingGiven
class PowerCut(Observer):
    ratings = 0
    def stepped(self, step):
        self.ratings += sum(isinstance(r, RatingGiven) for r in step.records)
        if self.ratings == 3 and step.view.state == "perform":
            os.kill(os.getpid(), signal.SIGKILL)
folder = Path(sys.argv[1])
demo.run_demo(open_stage(load_settings()), load_catalogue("en-US"), load_persona("mixed"),
              programme="feet-up", folder=folder, wav=folder / "s.wav", observers=[PowerCut()])
"""

TAKE_UP = """
import sys
from pathlib import Path
from cuewalk.simulation.person.person import SimulatedPerson
from cuewalk.simulation.person.persona import load_persona
from cuewalk.simulation.person.presence import Presence
from cuewalk.simulation.person.presence import person_voices
from cuewalk import places
from cuewalk.settings import load_settings
from cuewalk.session.stage import RESTORED, Performance, open_stage, rebuild
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.journal.store import Journal
stage, persona = open_stage(load_settings()), load_persona("mixed")
journal = Journal(Path(sys.argv[1]) / "journal.sqlite")
row = journal.latest_interrupted()
session, start = rebuild(journal, row.id)
room = VirtualRoom(seed=2, noise_db=-62.0)
voices = person_voices(persona.voices, places.cache_dir() / "cues", persona.locale)
presence = Presence(SimulatedPerson(persona, stage.pack), room, voices)
Performance(stage=stage, journal=journal, session_id=row.id, session=session, audio=room,
            observers=[presence], start=start).run(RESTORED)
stage.voice.close(); journal.close(); room.close()
"""


def script(home: Path, text: str, *, killed: bool = False) -> None:
    """Run a piece of Python in a process of its own; it may be one that kills itself."""
    environment = {**os.environ, "CUEWALK_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", text, str(home)], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != (-signal.SIGKILL if killed else 0):
        sys.exit(f"a script ended with {done.returncode}: {done.stderr[-3000:]}")


def corrections(home: Path) -> list[tuple[int, str]]:
    """Return entries to correct: of each session the second rating, and of every third its first one too."""
    with sqlite3.connect(home / "journal.sqlite") as raw:
        found: dict[str, list[int]] = {}
        query = "SELECT session, id FROM entries WHERE kind = 'record:rating_given' ORDER BY id"
        for session, entry in raw.execute(query):
            found.setdefault(session, []).append(entry)
    wanted = []
    for number, entries in enumerate(found.values()):
        if len(entries) > 1:
            wanted.append((entries[1], ("9", "2.5", "0")[number % 3]))
        if number % 3 == 0:
            wanted.append((entries[0], "7"))
    return wanted


def told(path: Path) -> dict[str, Any]:
    """Return what this cuewalk makes of the journal, as JSON has it."""
    # Here, for it is the older cuewalk that is to be imported.
    from cuewalk.domain.evidence import evidence_of  # noqa: PLC0415
    from cuewalk.domain.projection import buckets_of, ratings_of, trials_of  # noqa: PLC0415
    from cuewalk.domain.records import RatingGiven  # noqa: PLC0415
    from cuewalk.journal.store import Journal  # noqa: PLC0415

    journal = Journal(path, read_only=True, now=lambda: datetime(2030, 1, 1, tzinfo=UTC))
    histories = journal.histories()
    evidence = evidence_of(histories, today=TODAY)
    phases = {
        (h.session, given.rating): given.phase
        for h in histories
        for given in h.records
        if isinstance(given, RatingGiven)
    }
    found = {
        "sessions": [[row.id, row.programme, row.locale, row.status] for row in journal.sessions()],
        "entries": {h.session: len(journal.entries(h.session)) for h in histories},
        "ratings": {
            h.session: [
                [r.rating, phases[h.session, r.rating], r.original, r.value]
                for r in ratings_of(h.records).values()
            ]
            for h in histories
        },
        "trials": {
            h.session: [
                [
                    *(t.trial, t.movement, t.side, t.attempt, t.before, t.after, t.verdict.outcome),
                    *(t.verdict.grade, t.decision, t.judged, t.carry_over, t.corrected, t.flare_up),
                ]
                for t in trials_of(h)
            ]
            for h in histories
        },
        "buckets": [
            [movement, side, e.bucket, e.state, e.reason, str(e.date), len(e.evidence), e.by_person]
            for (movement, side), e in buckets_of(histories, today=TODAY).items()
        ],
        "evidence": [
            [movement, side, e.n, e.sessions, round(e.figures.change, 6) if e.figures else None]
            for (movement, side), e in evidence.items()
        ],
    }
    journal.close()
    answer: dict[str, Any] = json.loads(json.dumps(found))
    return answer


def pack(path: Path) -> list[str]:
    """Return every row of a journal as a line; what is there twice is written once."""
    with closing(sqlite3.connect(path)) as raw:
        schema = [sql for (sql,) in raw.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
        versions = raw.execute("SELECT * FROM schema_version").fetchall()
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE name = 'unchecked'")]
        counts = {name: raw.execute(f"SELECT * FROM {name}").fetchall() for name in tables}  # noqa: S608
        sessions = {row[0]: list(row) for row in raw.execute("SELECT * FROM sessions ORDER BY rowid")}
        entries = raw.execute("SELECT * FROM entries ORDER BY id").fetchall()
    lines: list[Any] = [{"schema": schema, "versions": versions, "counts": counts}, *sessions.values()]
    for ident, session, seq, clock, wall, kind, payload, *more in entries:
        short = json.loads(payload)
        short.pop("kind")
        if kind == "record:session_started" and payload == _started(sessions[session][_SETUP]):
            short = None
        elif _payload(kind, short) != payload:
            short = payload
        lines.append([ident, session, seq, clock, wall, kind, short, *more])
    return [json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines]


def unpack(lines: list[str], path: Path) -> None:
    """Make the journal that `pack` has written down."""
    head, *rows = (json.loads(line) for line in lines)
    sessions = {row[0]: row for row in rows if isinstance(row[0], str)}
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        for statement in head["schema"]:
            if "sqlite_sequence" not in statement:
                raw.execute(statement)
        raw.execute(f"PRAGMA application_id = {0x63756577}")
        _insert(raw, "schema_version", head["versions"])
        for table, counts in head.get("counts", {}).items():
            raw.execute(f"DELETE FROM {table}")  # noqa: S608 - a table of ours
            _insert(raw, table, counts)
        _insert(raw, "sessions", sessions.values())
        for ident, session, seq, clock, wall, kind, short, *more in (
            r for r in rows if isinstance(r[0], int)
        ):
            if short is None:
                payload = _started(sessions[session][_SETUP])
            else:
                payload = short if isinstance(short, str) else _payload(kind, short)
            _insert(raw, "entries", [(ident, session, seq, clock, wall, kind, payload, *more)])
        raw.commit()


def _insert(raw: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    for row in rows:
        raw.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608


def _started(setup: str) -> str:
    return f'{{"kind":"session_started","setup":{setup}}}'


def _payload(kind: str, short: dict[str, Any]) -> str:
    whole = {"kind": kind.partition(":")[2], **short}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def main(out: Path, name: str, home: Path, programmes: tuple[str, ...]) -> None:
    """Make one journal and write it down."""
    for programme in programmes:
        cuewalk(home, "demo", "--programme", programme, "--folder", str(home), "--quiet")
        print(programme, flush=True)
    script(home, CUT_OFF, killed=True)
    script(home, TAKE_UP)
    print("taken up", flush=True)
    for entry, value in corrections(home):
        cuewalk(home, "correct", str(entry), value)
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{name}.json").write_text(json.dumps(told(home / "journal.sqlite"), indent=1) + "\n")
    (out / f"{name}.jsonl").write_text("\n".join(pack(home / "journal.sqlite")) + "\n")
    shutil.rmtree(home)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), tuple(sys.argv[4:]) or PROGRAMMES)
