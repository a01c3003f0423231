"""``cuewalk bench hear`` as a person runs it: PocketSphinx on synthetic speech."""

import json

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from cuewalk.bench.hearing.scene import ListeningConditions, Scene
from cuewalk.bench.listening import hearing_for
from cuewalk.bench.speech import some_lines
from cuewalk.cli.bench import app
from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import CuewalkError
from cuewalk.session.notices import NoticeBoard
from cuewalk.session.stage import Stage
from cuewalk.settings import Settings
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.voices.silent import SilentVoice
from helpers.synth import RATE, say
from helpers.terminals import on_terminal

WORDS = ("seven", "five", "stop", "yes")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def folder(tmp_path):
    people = tmp_path / "people"
    people.mkdir()
    rows = ["path,label,set,speaker"]
    for word in WORDS:
        soundfile.write(people / f"{word}.flac", say(word), RATE)
        rows.append(f"{word}.flac,{word},words,slt")
    noise = np.random.default_rng(2).standard_normal(2 * RATE) * 0.02
    soundfile.write(people / "noise.wav", noise, RATE)
    soundfile.write(people / "rug.wav", np.stack([say("a rug")] * 2, axis=1), RATE)
    (people / "broken.flac").write_bytes(b"fLaC")
    rows += ["noise.wav,background_noise,noises,none", "rug.wav,rug,others,kal"]
    rows += ["broken.flac,four,words,slt", "missing.wav,four,words,slt"]
    (people / "MANIFEST.csv").write_text("\n".join(rows) + "\n")
    return people


def run(*arguments):
    result = CliRunner().invoke(app, ["hear", *map(str, arguments)])
    if isinstance(result.exception, CuewalkError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def measured(*arguments):
    return json.loads(run(*arguments, "--json").stdout)


def test_ratings_of_a_clear_voice_are_heard(folder):
    found = measured(folder, "--engine", "pocketsphinx", "--listen-for", "ratings", "--errors")
    words, total = found["sets"]["words"], found["total"]
    assert found["engine"] == "pocketsphinx"
    # "yes" is nothing while a number is asked for; "stop" is always understood.
    assert (words["clips"], words["expected"]) == (4, 3)
    assert words["correct"] + words["asked_again"] == 3
    assert words["correct"] >= 2
    assert words["correct_interval"][0] < words["correct_rate"] <= words["correct_interval"][1]
    assert found["kinds"]["rating"]["expected"] == 2
    assert found["must_trigger_nothing"] == {"yes": 1, "background_noise": 1, "rug": 1}
    assert found["sets"]["noises"]["false_accepts"] == 0
    assert 100 <= total["latency_ms_p50"] < 3000
    assert 0 < total["realtime_factor"] < 2
    assert total["peak_rss_mb"] > 20
    assert [(s["path"].rsplit("/")[-1], s["why"][:20]) for s in found["skipped"]] == [
        ("broken.flac", "it cannot be read (F"),
        ("missing.wav", "there is no such fil"),
    ]
    assert len(found["errors"]) == total["wrong_accepted"] + total["false_accept_clips"]


def test_the_same_run_twice_counts_the_same(folder):
    one, two = (measured(folder, "--engine", "pocketsphinx", "--limit", "1", "--snr", "15") for _ in "ab")
    for name in ("clips", "correct", "asked_again", "wrong_accepted", "false_accepts", "best_guess_correct"):
        assert one["total"][name] == two["total"][name]
    assert one["total"]["clips"] <= 4
    assert one["conditions"]["background"] == "1 recorded noises"


def test_the_table_fits_and_tells_what_was_skipped(folder, tmp_path):
    command = f"bench hear {folder} --engine pocketsphinx --listen-for all --errors"
    shown = on_terminal(tmp_path / "home", command, 100)
    assert max(map(len, shown)) <= 100
    told = " ".join(" ".join(shown).split())
    for words in ("words", "noises", "total", "answer", "Skipped: 2.", "there is no such file", "rug 1"):
        assert words in told


def test_our_own_cue_is_taken_out_before_anybody_listens(folder):
    found = measured(folder, "--engine", "pocketsphinx", "--listen-for", "commands", "--echo", "0", "--room")
    words = found["sets"]["words"]
    assert words["expected"] == 2
    assert words["wrong_accepted"] == 0
    # Without the canceller the cue drowns both words; "stop" at least gets through with it.
    assert words["best_guess_correct"] >= 1
    assert found["conditions"] == {"snr": None, "echo": 0.0, "room": True, "background": None}


def test_our_voice_over_a_loud_clip_does_not_hide_the_quiet_one_after_it(tmp_path):
    noise = np.random.default_rng(2).standard_normal(2 * RATE)
    soundfile.write(tmp_path / "noise.wav", np.clip(noise, -1, 1), RATE)
    soundfile.write(tmp_path / "seven.wav", say("seven") // 12, RATE)
    rows = ("path,label,set", "noise.wav,background_noise,noises", "seven.wav,seven,words")
    (tmp_path / "MANIFEST.csv").write_text("\n".join(rows))
    found = measured(tmp_path, "--engine", "pocketsphinx", "--listen-for", "ratings", "--echo", "0")
    assert found["sets"]["words"]["not_heard"] == 0


def test_a_clip_has_its_own_cue_whatever_was_heard_before(tmp_path):
    pack, settings = load_pack("en-US"), Settings()
    hearing = hearing_for(pack, settings, "pocketsphinx")
    stage = Stage(settings, pack, CachedVoice(SilentVoice(), tmp_path), NoticeBoard(), hearing)
    sound = np.random.default_rng(1).integers(-3000, 3000, RATE, dtype=np.int16)
    scene = Scene(
        ListeningConditions(echo=0.0), frozenset(), None, dict.fromkeys(("one", "two", "three"), sound)
    )

    def cue(seed):
        place = scene.enter(stage, sound, seed)
        line = place.loop.playback.own_words
        place.leave()
        return line

    cues = {seed: cue(seed) for seed in (7, 8, 9)}
    assert set(cues.values()) == {"one", "two", "three"}
    assert {seed: cue(seed) for seed in (8, 9, 7)} == cues
    stage.release()


def test_a_line_that_goes_changes_one_cue_at_most():
    lines = [f"This is line number {n}" for n in range(30)] + ["Too short."]
    cues = some_lines(lines)
    assert len(cues) == 8
    for gone in lines:
        left = some_lines([line for line in lines if line != gone])
        assert len(set(cues) - set(left)) == (gone in cues)


def test_only_the_named_speakers_are_heard(folder, tmp_path):
    (tmp_path / "names").write_text("kal\n")
    found = measured(folder, "--engine", "pocketsphinx", "--speakers", tmp_path / "names")
    assert list(found["sets"]) == ["others"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([".."], "There is no MANIFEST.csv"),
        (["--speakers", "nobody"], "list of speakers"),
        (["--head", "nowhere"], "There is no head"),
        (["--locale", "xx-YY"], "xx-YY"),
    ],
)
def test_what_cannot_be_measured_is_a_sentence(folder, tmp_path, arguments, says):
    (tmp_path / "empty").mkdir()
    given = [tmp_path / "empty"] if arguments == [".."] else [folder, *arguments]
    with pytest.raises(CuewalkError, match=says):
        run(*given)


def test_a_folder_of_broken_files_is_a_sentence_with_the_reasons(tmp_path):
    (tmp_path / "MANIFEST.csv").write_text("path,label\na.wav,four\n")
    with pytest.raises(CuewalkError, match=r"Not one recording could be judged\..*no such file"):
        run(tmp_path, "--engine", "pocketsphinx")
