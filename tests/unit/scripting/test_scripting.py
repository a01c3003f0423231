"""A programme as a sound file: chapters, beats, sides, rests; and its texts looked over."""

import wave
from contextlib import nullcontext

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from cuewalk.cli import scripts
from cuewalk.content.load import load_catalogue
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Side
from cuewalk.domain.units import SESSION_RATE, Millis
from cuewalk.engine.effects import CueKind
from cuewalk.engine.lines import Gap, Line, step
from cuewalk.planning.own_programmes import PER_SESSION
from cuewalk.scripting import texts
from cuewalk.scripting.chapters import chapters_text
from cuewalk.scripting.rendering import render_parts
from cuewalk.scripting.texts import look_over, missing_in
from cuewalk.scripting.timeline import TimelinePart, part_of, parts_of, side_words, sound_of

CATALOGUE = load_catalogue("en-US")


def say(line: Line) -> np.ndarray:
    """A voice that takes half a second for everything, and is heard."""
    return np.full(SESSION_RATE // 2, 1000, dtype=np.int16)


def seconds(part: TimelinePart, pace: float = 1.0) -> float:
    return sum(map(len, sound_of(part, say, pace))) / SESSION_RATE


def test_a_programme_has_a_chapter_a_movement_in_its_order_and_none_rests_at_the_end():
    parts = parts_of(CATALOGUE, CATALOGUE.programme("feet-up"), Side.LEFT)
    names = [CATALOGUE.movements[item.movement].name for item in CATALOGUE.programme("feet-up").items]
    assert [part.title.rpartition(",")[0] or part.title for part in parts] == names
    assert parts[0].title.endswith(", left")
    assert parts[-1].title.endswith(", right")  # opposite
    assert [part.rest_seconds for part in parts] == [15, 20, 20, 15, 0]


def test_each_side_is_a_chapter_of_equal_time():
    parts = parts_of(CATALOGUE, CATALOGUE.programme("hip-flexor-flow"), Side.RIGHT)
    first, second = parts[:2]
    assert (first.title, second.title) == ("Slow Knee Lifts, right", "Slow Knee Lifts, left")

    def counted(part: TimelinePart) -> list[float]:
        return [float(item.beat) for item in part.script if isinstance(item, Line) and item.beat]

    assert counted(first) == counted(second)


def test_a_line_takes_its_beat_and_the_pace_stretches_it():
    part = TimelinePart("one", (step("Lift", Millis(3000)), step("and lower", Millis(3000))))
    assert seconds(part) == pytest.approx(6)
    assert seconds(part, pace=0.5) == pytest.approx(12)


def test_a_line_longer_than_its_beat_is_not_cut():
    assert seconds(TimelinePart("one", (step("Lift", Millis(100)),))) == pytest.approx(0.5)


def test_a_hold_and_a_plain_gap_are_time_whatever_the_pace():
    hold = Line(CueKind.COUNT, "count", {"n": "5"}, beat=Millis(1000), paced=False)
    assert seconds(TimelinePart("hold", (hold, Gap(Millis(2000), paced=False))), pace=0.5) == pytest.approx(3)


def test_a_rest_is_silence_after_the_chapter():
    pieces = list(sound_of(TimelinePart("one", (step("Rest"),), rest_seconds=15), say))
    assert len(pieces[-1]) == 15 * SESSION_RATE
    assert not pieces[-1].any()


def test_one_movement_is_counted_as_often_as_its_dose():
    movement = CATALOGUE.movements["lateral-ankle-tilts"]
    part = part_of(movement, Side.LEFT)
    counts = [i for i in part.script if isinstance(i, Line) and i.kind is CueKind.COUNT]
    assert len(counts) == movement.dose.reps


def test_the_file_and_its_chapters_agree(tmp_path):
    parts = parts_of(CATALOGUE, CATALOGUE.programme("iliopsoas-holds"), Side.LEFT)
    done = render_parts(parts, say, tmp_path / "holds.wav", title="Holds")
    with wave.open(str(done.sound)) as file:
        assert file.getnframes() == done.chapters[-1].end
        assert (file.getframerate(), file.getnchannels()) == (SESSION_RATE, 1)
    starts, ends = [c.start for c in done.chapters], [c.end for c in done.chapters]
    assert starts == [0, *ends[:-1]]
    text = done.chapters_file.read_text("utf-8")
    assert text.startswith(";FFMETADATA1\ntitle=Holds\n")
    assert text.count("[CHAPTER]") == len(parts)
    assert f"END={ends[-1]}" in text


def test_marks_that_mean_something_in_the_chapters_are_escaped():
    assert "title=a\\=b\\;c\\#d" in chapters_text("a=b;c#d", [])


@pytest.mark.parametrize("name", ["x.aac", "nowhere/x.wav"])
def test_a_file_that_cannot_be_written_is_a_sentence_and_leaves_nothing(tmp_path, name):
    with pytest.raises(CuewalkError):
        render_parts([], say, tmp_path / name, title="x")
    assert not list(tmp_path.iterdir())


def test_every_movement_is_looked_over_and_none_has_a_remark():
    found = look_over(CATALOGUE)
    assert {each.movement for each in found} == set(CATALOGUE.movements)
    assert [each.movement for each in found if each.remarks] == []


def test_hard_and_long_texts_get_a_remark():
    hard = "Subsequently initiate posterior pelvic rotation while maintaining abdominal activation "
    movement = CATALOGUE.movements["rehab-hip-circles"]
    steps = tuple(f"{hard * 3}{n}." for n in range(40))
    changed = movement.model_copy(update={"steps": steps})
    catalogue = type(CATALOGUE)(
        "en-US", {}, {"hard": changed}, CATALOGUE.red_flags, CATALOGUE.rules, CATALOGUE.phrases
    )
    [found] = look_over(catalogue)
    assert {"hard words", "long sentences"} <= set(found.remarks)
    assert " letters: " in found.remarks[-1]


def test_what_a_language_lacks_is_named():
    korean = load_catalogue("ko-KR")
    missing = missing_in(korean, CATALOGUE)
    assert "roller" in missing["programmes"]
    assert "prompts" not in missing
    assert missing_in(CATALOGUE, CATALOGUE) == {}
    assert all(each.grade is None for each in look_over(korean))


def test_the_side_of_a_chapter_is_in_the_words_of_its_language():
    korean = load_catalogue("ko-KR")
    titles = [part.title for part in parts_of(korean, korean.programme("feet-up"), Side.LEFT)]
    assert titles[0].endswith(", 왼쪽")
    assert titles[-1].endswith(", 오른쪽")  # opposite
    assert part_of(korean.movements["rehab-hip-circles"], Side.LEFT, side_words(korean)).title.endswith(
        "왼쪽"
    )


def test_keepers_are_told_on_the_sides_that_they_were_kept_for():
    programme = CATALOGUE.programme("iliopsoas-holds")
    sides = {item.movement: (Side.LEFT,) for item in programme.items}
    parts = parts_of(CATALOGUE, programme, Side.RIGHT, sides)
    assert len(parts) == len(programme.items)
    assert all(part.title.endswith(", left") for part in parts)


@pytest.fixture
def commands(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home/settings.toml").write_text('voice_engine = "silent"\n', "utf-8")
    app = typer.Typer()
    app.add_typer(scripts.app, name="scripts")
    return lambda *arguments: CliRunner().invoke(app, ["scripts", *map(str, arguments)])


def test_render_and_preview_write_their_files(commands, tmp_path):
    done = commands("render", "iliopsoas-holds", "--out", tmp_path / "a.wav", "--side", "left")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "a.chapters.txt").exists()
    done = commands("preview", "rehab-hip-circles", "--out", tmp_path / "b.wav")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "b.wav").stat().st_size > 100_000


def test_check_tells_that_nothing_is_hard(commands):
    done = commands("check")
    assert (done.exit_code, "0 with a remark" in done.output) == (0, True)


@pytest.mark.parametrize("arguments", [("render", "nosuch", "--out", "x.wav"), ("preview", "rehab-hip")])
def test_what_does_not_exist_is_a_sentence(commands, arguments):
    assert isinstance(commands(*arguments).exception, CuewalkError)


def test_a_programme_made_of_the_journal_is_rendered_too(commands, tmp_path):
    done = commands("render", "discover", "--out", tmp_path / "d.wav")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "d.chapters.txt").read_text("utf-8").count("[CHAPTER]") >= PER_SESSION


def test_without_keepers_there_is_nothing_to_render_and_a_sentence_says_so(commands, tmp_path):
    done = commands("render", "my-keepers", "--out", tmp_path / "k.wav")
    assert "Your keep bucket is empty" in str(done.exception)
    assert not (tmp_path / "k.wav").exists()


def test_a_programme_that_is_not_there_is_answered_with_every_one_that_is(commands):
    said = str(commands("render", "nope", "--out", "x.wav").exception)
    for name in (*CATALOGUE.programmes, "discover", "my-keepers"):
        assert name in said


def test_a_wrong_folder_is_told_before_a_voice_is_started(commands, tmp_path):
    said = str(commands("render", "feet-up", "--out", tmp_path / "nope/a.wav").exception)
    assert f"there is no folder {tmp_path / 'nope'}" in said
    assert "Nothing was rendered" in said
    assert "disk" not in said
    (tmp_path / "folder.wav").mkdir()
    assert "it is a folder" in str(commands("render", "feet-up", "--out", tmp_path / "folder.wav").exception)


def test_an_interrupted_rendering_says_that_nothing_was_written(commands, tmp_path, monkeypatch):
    def interrupted(line: Line) -> np.ndarray:
        raise KeyboardInterrupt

    monkeypatch.setattr(texts, "speaker", lambda locale: nullcontext(interrupted))
    out = tmp_path / "a.wav"
    out.write_bytes(b"older")
    done = commands("render", "feet-up", "--out", out)
    assert (done.exit_code, done.output) == (130, "Interrupted. Nothing was written.\n")
    assert out.read_bytes() == b"older"
    assert not list(tmp_path.glob("*.part"))
