"""``cuewalk bench faults``: small campaigns, and faults planted to see that they are found."""

import json
import os
import sys
from datetime import UTC, datetime
from random import Random

import pytest
from typer.testing import CliRunner

from cuewalk.bench.faults import acts, homes, sqlite_shim
from cuewalk.bench.faults.campaign import run_campaign
from cuewalk.bench.faults.children import run_child
from cuewalk.bench.faults.inputs import odd_homes
from cuewalk.bench.faults.inputs.kinds import smallest
from cuewalk.bench.faults.inputs.mutating import mutated_lines, mutated_text, odd_json
from cuewalk.bench.faults.judging import HANG, Finding
from cuewalk.bench.faults.power import Disk, Recording
from cuewalk.bench.faults.report import Amounts, FaultRequest
from cuewalk.bench.faults.strikes import MOMENTS
from cuewalk.bench.faults.trying import Tried
from cuewalk.bench.faults.walking import Walk
from cuewalk.bench.faults.watching import Watch
from cuewalk.cli import app, bench, register
from cuewalk.cli.bench_faults import _command
from cuewalk.content.packs import own_content
from cuewalk.domain.errors import CuewalkError
from cuewalk.engine.events import Begin
from cuewalk.engine.session import Session
from cuewalk.files import writing
from cuewalk.journal.store import Journal


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return homes.make_homes(tmp_path_factory.mktemp("homes"))


@pytest.fixture
def campaign(made):
    def run(*only, seed=1, **amounts):
        none = {"states": 0, "kills": 0, "refusals": 0, "powers": 0, "inputs": 0}
        request = FaultRequest(seed=seed, only=only, jobs=1, amounts=Amounts(**{**none, **amounts}))
        return run_campaign(request, _command, homes=made)

    return run


def found(report):
    return {failure.what for failure in report.failures.values()}


@pytest.fixture(autouse=True)
def commands_as_they_were():
    """A campaign takes the commands out of the command line; give them back."""
    before = list(app.registered_commands), list(app.registered_groups)
    yield
    app.registered_commands[:], app.registered_groups[:] = before


def test_kills_of_a_correction_lose_nothing(campaign):
    report = campaign("kill correct", kills=40)
    row = report.rows["kill correct"]
    assert row.tries >= 3
    assert not report.failed, report.failures


def test_a_journal_that_loses_what_it_confirmed_is_found(campaign, monkeypatch):
    append = Journal.append

    def forgetful(self, session, at_ms, items, **more):
        if len(items) == 1:  # a correction or a check-in
            return [1]
        return append(self, session, at_ms, items, **more)

    monkeypatch.setattr(Journal, "append", forgetful)
    report = campaign("kill checkin", kills=20)
    assert "lost" in found(report)


def test_a_journal_that_writes_twice_is_found(campaign, monkeypatch):
    append = Journal.append

    def eager(self, session, at_ms, items, **more):
        append(self, session, at_ms, items, **more)
        append(self, session, at_ms, items, **more)
        return append(self, session, at_ms, items, **more)

    monkeypatch.setattr(Journal, "append", eager)
    report = campaign("kill checkin", kills=20)
    assert "doubled" in found(report)


def test_a_writer_in_place_is_found_by_a_full_disk(campaign, monkeypatch):
    def in_place(path, content, *, mode=0o600):
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    monkeypatch.setattr(writing, "write_whole", in_place)

    def keep(doing):
        try:
            writing.write_whole(doing.home / "settings.toml", 'voice_engine = "silent"\nvolume = 0.5\n')
        except OSError as error:
            raise CuewalkError("The settings cannot be written.") from error
        return 0

    act = acts.Act("planted", homes.KEPT, keep)
    monkeypatch.setattr("cuewalk.bench.faults.campaign.ACTS", (act,))
    report = campaign("disk planted", refusals=6)
    assert found(report) & {"other", "unreadable"}


def test_a_writer_that_syncs_nothing_is_found_by_a_lost_power(campaign, monkeypatch):
    def keep(doing):
        part = doing.home / "heads" / "phrases-en-US.part"
        part.write_text('[[phrases]]\nsays = "easier"\nmeans = "slower"\n', "utf-8")
        part.replace(doing.home / "heads" / "phrases-en-US.toml")
        return 0

    act = acts.Act("planted", homes.KEPT, keep)
    monkeypatch.setattr("cuewalk.bench.faults.campaign.ACTS", (act,))
    clean = campaign("power planted", powers=1)
    assert set(clean.rows) == {"undisturbed planted", "power planted"}
    disk = Disk(Recording((), {"/h/a": b"old"}, {"/h"}), ordered=False)
    for step in (
        ("open", "/h/b", "", 0, b""),
        ("content", "/h/b", "", 0, b"new"),
        ("rename", "/h/b", "/h/a", 0, b""),
    ):
        disk.take(step)
    seen = {disk.after_power_loss(Random(n))[0].get("/h/a") for n in range(60)}
    assert {b"old", b"new", b""} <= seen
    disk.take(("fsync", "/h/a", "", 0, b""))
    disk.take(("dirsync", "/h", "", 0, b""))
    assert {disk.after_power_loss(Random(n))[0]["/h/a"] for n in range(20)} == {b"new"}


def test_a_projection_that_raises_is_a_traceback_with_its_place(campaign, monkeypatch):
    def broken(*_given, **_named):
        raise KeyError("planted")

    monkeypatch.setattr("cuewalk.cli.buckets.buckets_of", broken)
    monkeypatch.setattr("cuewalk.cli.log.rating_log", broken)
    report = campaign("kill checkin", kills=40)
    assert "traceback" in found(report)
    assert any("KeyError" in key for _, key in report.failures)


def test_a_reader_that_trusts_an_input_is_found_with_its_smallest_input(campaign, monkeypatch):
    def trusting(path):
        return 1 / (len(path.read_bytes()) > 100)

    monkeypatch.setattr("cuewalk.bench.faults.inputs.files.read_wav", trusting)
    report = campaign("input wav", inputs=1500)
    (failure,) = report.failures.values()
    assert failure.what == "traceback"
    assert "ZeroDivisionError" in failure.key
    assert failure.size == 1


def test_a_reader_that_hangs_is_found(campaign, monkeypatch):
    def endless(_path):
        while True:
            pass

    monkeypatch.setattr("cuewalk.bench.faults.inputs.kinds.HANG_SECONDS", 0.05)
    seeds = iter([None])
    monkeypatch.setattr(
        "cuewalk.bench.faults.inputs.files.read_wav", lambda path: next(seeds, path) and endless(path)
    )
    report = campaign("input wav", inputs=8)
    assert "hang" in found(report)


def test_every_state_of_a_session_is_killed_in_and_named(campaign):
    report = campaign("state", states=3, state_kills=3)
    row = report.rows["state of a session"]
    assert row.tries == 9
    assert len(report.states) == 3
    assert not report.failed, report.failures


@pytest.mark.parametrize("moment", [moment for moment in MOMENTS if moment not in {"preparing", "begun"}])
def test_a_person_can_be_led_into_every_state(moment):
    now = datetime(2026, 6, 1, 9, tzinfo=UTC)

    def comes_to_it(number):
        rng = Random(number)
        session = Session(homes.short_setup(rng, now, [], moment))
        return any(step.state == moment for step in Walk(session, rng, moment).steps(Begin()))

    assert any(comes_to_it(number) for number in range(8))


def test_a_kill_in_a_state_is_missed_where_nobody_comes_to_it(campaign, monkeypatch):
    monkeypatch.setattr("cuewalk.bench.faults.strikes.MOMENTS", ("nowhere",))
    monkeypatch.setattr("cuewalk.bench.faults.strikes._WALKS", 1)
    report = campaign("state", states=1, state_kills=1)
    assert report.rows["state of a session"].tries == 0
    assert report.as_json()["states_killed_in"] == []


def test_the_quick_form_does_the_same_twice(campaign):
    amounts = {"states": 2, "state_kills": 1, "kills": 6, "inputs": 30, "timed": False}
    kinds = ("state", "kill checkin", "kill settings", "input settings", "input homes")
    one, other = (campaign(*kinds, **amounts) for _ in range(2))
    assert [(row.kind, row.tries, row.counts) for row in one.rows.values()] == [
        (row.kind, row.tries, row.counts) for row in other.rows.values()
    ]
    assert one.states == other.states


def test_what_looks_like_a_hang_once_is_tried_again_alone(campaign, monkeypatch):
    def busy_once(bench, act, number, *, timed):
        flag = bench.finals / f"seen-{number}"
        first = not flag.exists()
        flag.touch()
        return Tried([Finding(HANG, "the machine was busy")] if first or number == 1 else [])

    monkeypatch.setattr("cuewalk.bench.faults.campaign.kill_try", busy_once)
    report = campaign("kill checkin", kills=40)
    assert report.rows["kill checkin"].counts["hang"] == 1
    assert report.rows["kill checkin"].tries > 1


def test_a_reader_of_a_folder_nobody_may_open_is_found(campaign, monkeypatch):
    if os.geteuid() == 0 and not sys.platform.startswith("linux"):
        pytest.skip("root passes over modes here")
    monkeypatch.setattr(
        "cuewalk.cli.programmes.load_own_catalogue",
        lambda *_given: sys.exit(len(list((own_content() / "en-US" / "movements").iterdir())) - 1),
    )
    monkeypatch.setattr(odd_homes, "_READERS", (["programmes"],))
    monkeypatch.setattr(odd_homes, "_KINDS", ("000",))
    monkeypatch.setattr(odd_homes, "_MODES", ("000",))
    monkeypatch.setattr(odd_homes, "_ABSENT", ())
    odd_homes._homes_seed.cache_clear()
    report = campaign("input homes", inputs=700)
    odd_homes._homes_seed.cache_clear()
    assert any("PermissionError" in failure.key for failure in report.failures.values())


def test_the_same_seed_gives_the_same_inputs():
    seed = b'volume = 0.5\nvoice = "slt"\n'
    assert mutated_text(Random(3), seed) == mutated_text(Random(3), seed)
    assert len({mutated_text(Random(n), seed) for n in range(50)}) > 30
    lines = b'{"a": [1, {"b": 2}]}\n{"c": "d"}'
    assert len({mutated_lines(Random(n), lines) for n in range(50)}) > 20
    assert odd_json(Random(1), b'{"a": {"b": 1}}') != b'{"a": {"b": 1}}'


def test_shrinking_keeps_what_matters():
    assert smallest(b"x = 1\nbad here\ny = 2\n" * 3, lambda data: b"bad" in data) == b"bad"
    seed = bytes(1000)
    damaged = bytearray(seed)
    damaged[10], damaged[700] = 1, 2
    small = smallest(bytes(damaged), lambda data: data[700] == 2, seed)
    assert [n for n in range(1000) if small[n]] == [700]


def test_a_child_stays_inside_its_sandbox(tmp_path):
    outside = tmp_path / "outside"
    sandbox = tmp_path / "sandbox"
    sandbox.mkdir()

    def work(tell):
        Watch(sandbox, lambda _point: None).install()
        try:
            outside.write_text("x")
        except PermissionError:
            tell({"refused": True})
        (sandbox / "here" / "inside").write_text("x")
        return 0

    ended = run_child(work, sandbox, cpu=10)
    assert ended.told("refused") == [True]
    assert (ended.code, outside.exists(), (sandbox / "here" / "inside").exists()) == (0, False, True)


def test_a_child_that_waits_for_ever_is_ended(tmp_path):
    def work(_tell):
        os.read(os.pipe()[0], 1)
        return 0

    assert run_child(work, tmp_path, cpu=10, idle=0.2).idle


@pytest.mark.skipif(not sqlite_shim.is_available(), reason="SQLite is built into this Python")
def test_sqlite_own_operations_are_seen(campaign):
    report = campaign("disk checkin", refusals=6)
    assert any(kind.startswith("db ") for kind in report.refused)


def test_an_unknown_kind_is_a_sentence(campaign):
    with pytest.raises(CuewalkError, match="No kind of fault is called nosuch"):
        campaign("nosuch")


def test_the_command_as_an_object():
    register()
    result = CliRunner().invoke(
        bench.app, ["faults", "--quick", "--only", "kill checkin", "--kills", "8", "--json", "--jobs", "1"]
    )
    report = json.loads(result.stdout)
    assert result.exit_code == int(bool(report["failures"]))
    assert report["request"]["amounts"]["kills"] == 8
    assert {row["kind"] for row in report["kinds"]} == {"undisturbed checkin", "kill checkin"}
