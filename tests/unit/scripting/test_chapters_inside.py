"""A programme as .flac, .mp3, .ogg and .opus: the sound, and chapters that a player finds in it."""

import resource
import sys

import numpy as np
import pytest
import soundfile
import typer
from mutagen.flac import FLAC
from mutagen.id3 import ID3
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from typer.testing import CliRunner

from cuewalk.cli import scripts
from cuewalk.devices.files.encoded import EncodedWriter, encoded_kinds
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.units import SESSION_RATE, Millis
from cuewalk.engine.lines import Line, step
from cuewalk.scripting.chapters import Chapter, check_chapters, write_chapters
from cuewalk.scripting.rendering import render_parts
from cuewalk.scripting.timeline import TimelinePart

COMPRESSED = (".flac", ".mp3", ".ogg", ".opus")
PARTS = [
    TimelinePart("Heel slides, left", (step("Slide", Millis(1250)),), rest_seconds=0.5),
    TimelinePart("발목 원, right", (step("Turn", Millis(1000)),)),
]
#: Where the chapters lie, in ms.
STARTS = (0, 1750)
END = 2750


def say(line: Line) -> np.ndarray:
    """A voice that hums for half a second whatever it says."""
    wave = np.sin(2 * np.pi * 220 * np.arange(SESSION_RATE // 2) / SESSION_RATE)
    return (8000 * wave).astype(np.int16)


def millis(clock: str) -> int:
    hours, minutes, seconds = clock.split(":")
    return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)


def read_back(file) -> tuple[str, list[tuple[int, str]]]:
    """Return the title and the chapters (start in ms, title) as a player reads them."""
    if file.suffix == ".mp3":
        tags = ID3(file)
        [toc] = tags.getall("CTOC")
        found = [tags[f"CHAP:{name}"] for name in toc.child_element_ids]
        assert [each.end_time for each in found] == [*STARTS[1:], END]
        return str(tags["TIT2"]), [(each.start_time, str(each.sub_frames["TIT2"])) for each in found]
    tags = {".flac": FLAC, ".ogg": OggVorbis, ".opus": OggOpus}[file.suffix](file)
    names = [f"CHAPTER{number:03}" for number in range(1, len(PARTS) + 1)]
    assert f"CHAPTER{len(PARTS) + 1:03}" not in tags
    return tags["title"][0], [(millis(tags[name][0]), tags[f"{name}NAME"][0]) for name in names]


def test_every_kind_can_be_written_here():
    assert encoded_kinds() == COMPRESSED


@pytest.mark.parametrize("kind", COMPRESSED)
def test_the_file_holds_the_sound_and_its_chapters(tmp_path, kind):
    done = render_parts(PARTS, say, tmp_path / f"short{kind}", title="Füße hoch")
    assert read_back(done.sound) == (
        "Füße hoch",
        list(zip(STARTS, (part.title for part in PARTS), strict=True)),
    )
    sound, rate = soundfile.read(done.sound)
    assert (rate, sound.ndim) == (SESSION_RATE, 1)
    assert len(sound) / rate == pytest.approx(END / 1000, abs=0.08)  # MP3 counts in whole frames
    hum, rest = sound[rate // 10 : rate // 10 * 4], sound[rate : rate * 3 // 2]
    assert np.sqrt(np.mean(hum**2)) > 50 * np.sqrt(np.mean(rest**2))
    assert done.seconds == END / 1000


@pytest.mark.parametrize("kind", COMPRESSED)
def test_nothing_else_lies_beside_it_and_an_older_file_is_replaced(tmp_path, kind):
    out = tmp_path / f"short{kind}"
    out.write_bytes(b"older")
    done = render_parts(PARTS, say, out, title="x")
    assert list(tmp_path.iterdir()) == [out]
    assert done.chapters_file is None


def test_an_ending_in_capitals_is_the_same_kind(tmp_path):
    render_parts(PARTS, say, tmp_path / "SHORT.FLAC", title="x")
    assert FLAC(tmp_path / "SHORT.FLAC")["title"] == ["x"]


def test_chapters_after_the_first_hour_have_their_hours(tmp_path):
    out = tmp_path / "x.flac"
    soundfile.write(out, np.zeros(100, np.int16), SESSION_RATE)
    late = SESSION_RATE * (2 * 3600 + 5 * 60 + 7) + SESSION_RATE // 4
    write_chapters(out, ".flac", "x", [Chapter("late", late, late + 1)])
    assert FLAC(out)["CHAPTER001"] == ["02:05:07.250"]


def never(line: Line) -> np.ndarray:
    raise AssertionError("nothing is to be rendered")


@pytest.fixture
def _no_mutagen(monkeypatch):
    monkeypatch.setitem(sys.modules, "mutagen", None)


@pytest.mark.usefixtures("_no_mutagen")
@pytest.mark.parametrize("kind", COMPRESSED)
def test_without_the_extra_a_sentence_comes_before_anything_is_rendered(tmp_path, kind):
    with pytest.raises(CuewalkError, match=r"pip install 'cuewalk\[chapters\]'.*\.wav"):
        render_parts(PARTS, never, tmp_path / f"x{kind}", title="x")
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("_no_mutagen")
def test_without_the_extra_a_wav_is_written_as_ever(tmp_path):
    done = render_parts(PARTS, say, tmp_path / "x.wav", title="x")
    assert done.chapters_file is not None
    assert done.chapters_file.exists()


@pytest.mark.parametrize("name", ["x.aac", "x", "x.mp3.txt"])
def test_an_unknown_ending_lists_which_there_are(tmp_path, name):
    with pytest.raises(CuewalkError, match=r"\.wav, \.flac, \.mp3, \.ogg, \.opus"):
        render_parts(PARTS, never, tmp_path / name, title="x")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", COMPRESSED)
def test_a_folder_that_is_not_there_is_a_sentence_and_nothing_is_rendered(tmp_path, kind):
    with pytest.raises(CuewalkError, match=r"cannot be written: there is no folder.*Nothing was rendered"):
        render_parts(PARTS, never, tmp_path / f"nowhere/x{kind}", title="x")


@pytest.mark.parametrize("kind", COMPRESSED)
def test_a_voice_that_fails_in_the_middle_leaves_the_older_file(tmp_path, kind):
    out = tmp_path / f"x{kind}"
    out.write_bytes(b"older")
    with pytest.raises(AssertionError):
        render_parts(PARTS, never, out, title="x")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"older"]


@pytest.mark.parametrize("kind", COMPRESSED)
def test_a_full_disk_is_a_sentence_and_leaves_nothing(tmp_path, kind):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    noise = np.random.default_rng(1).integers(-20000, 20000, 20 * SESSION_RATE).astype(np.int16)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with (
            pytest.raises(CuewalkError, match=r"cannot be written: the disk may be full.*Free some space"),
            EncodedWriter(tmp_path / f"x{kind}", lambda part: None) as file,
        ):
            file.append(noise)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.iterdir())


def test_more_chapters_than_an_mp3_takes_are_refused_at_once():
    check_chapters(".mp3", 255)
    check_chapters(".flac", 256)
    with pytest.raises(CuewalkError, match="at most 255"):
        check_chapters(".mp3", 256)


def test_the_command_says_where_the_chapters_are(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home/settings.toml").write_text('voice_engine = "silent"\n', "utf-8")
    app = typer.Typer()
    app.add_typer(scripts.app, name="scripts")
    out = tmp_path / "a.flac"
    done = CliRunner().invoke(app, ["scripts", "render", "iliopsoas-holds", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "inside it: " in done.output
    assert FLAC(out)["CHAPTER001"] == ["00:00:00.000"]
    refused = CliRunner().invoke(app, ["scripts", "render", "iliopsoas-holds", "--out", "a.aac"])
    assert isinstance(refused.exception, CuewalkError)
