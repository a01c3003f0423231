import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.speech_out.line import clamp_rate, has_words, is_plausible, speakable, words_per_minute


@given(st.text())
def test_a_line_is_one_line_without_control_characters(text: str) -> None:
    line = speakable(text)
    assert line == line.strip()
    assert "  " not in line
    assert all(ord(letter) >= 32 for letter in line)
    assert speakable(line) == line


@given(st.text())
def test_no_word_is_lost_on_the_way(text: str) -> None:
    assert [letter for letter in text if letter.isalnum()] == [c for c in speakable(text) if c.isalnum()]


def test_only_letters_and_digits_are_words() -> None:
    assert has_words("7")
    assert not has_words("… 🦵 !")


@given(st.floats(allow_nan=False))
def test_every_number_becomes_a_usable_rate(rate: float) -> None:
    assert 0.5 <= clamp_rate(rate) <= 2.0


def test_a_rate_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="number"):
        clamp_rate(math.nan)


@pytest.mark.parametrize(
    ("line", "seconds", "plausible"),
    [
        ("Stand tall, eyes forward, and slowly tilt your ankle outward.", 4.4, True),
        ("Stand tall, eyes forward, and slowly tilt your ankle outward.", 0.5, False),
        ("Four.", 0.5, True),
        ("Four.", 8.0, False),
        ("Four.", 0.0, False),
        ("🦵", 0.6, True),
    ],
)
def test_a_length_that_belongs_to_another_line_is_noticed(line: str, seconds: float, plausible: bool) -> None:
    assert is_plausible(line, 1.0, seconds) is plausible


def test_slow_speech_may_take_longer() -> None:
    assert not is_plausible("Four.", 1.0, 7.0)
    assert is_plausible("Four.", 0.5, 7.0)


@pytest.mark.parametrize(("rate", "wpm"), [(1.0, 150), (2.0, 300), (0.7, 105), (0.5, 80)])
def test_the_coach_speaks_150_words_a_minute_and_never_slower_than_espeak_can(rate: float, wpm: int) -> None:
    assert words_per_minute(rate) == wpm
