"""What counts as a rating, and above all what does not: a wrong rating is the worst mistake."""

import pytest

from cuewalk.domain.intents import Expect, RatingRangeSaid, RatingSaid, RatingWithoutNumber

RATING = frozenset({Expect.RATING})
NOTHING_ASKED = frozenset()


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("four", 4),
        ("Four.", 4),
        ("a four", 4),
        ("an eight", 8),
        ("four out of ten", 4),
        ("ten out of ten", 10),
        ("two out of ten", 2),
        ("about a four", 4),
        ("it's a four", 4),
        ("It’s a four", 4),  # noqa: RUF001 - as typed on a phone
        ("four and a half", 4.5),
        ("four-and-a-half", 4.5),
        ("zero point five", 0.5),
        ("um, four", 4),
        ("my pain is a three", 3),
        ("no pain", 0),
        ("no tightness at all", 0),
        ("nothing", 0),
        ("none", 0),
    ],
)
def test_a_rating_is_understood_however_it_is_said(en, said, value):
    assert en.interpret(said, RATING) == RatingSaid(value=value)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("4", 4),
        ("4.", 4),
        ("4.5", 4.5),
        ("4/10", 4),
        ("4.5 / 10", 4.5),
        ("4,5", 4.5),
        ("4 out of 10", 4),
        ("10", 10),
        ("0", 0),
    ],
)
def test_typed_numbers_are_ratings(en, typed, value):
    assert en.interpret(typed, RATING) == RatingSaid(value=value)


@pytest.mark.parametrize(
    "typed",
    ["-4", "−4", "11", "10.5", "4.2", "4/5", "4/100", "4%", "$4", "4th", "40", "1 0", "4-", "0.25"],  # noqa: RUF001
)
def test_other_typed_numbers_are_not_bent_into_ratings(en, typed):
    assert en.interpret(typed, RATING) is None


@pytest.mark.parametrize(
    "said",
    [
        "four more",
        "ten and a half",
        "between three and",
        "and a half",
        "a half",
        "out of ten",
        "four five",
        "two two",
        "fourout of ten",
        "four or four",
        "two or nine",
        "i had four of them yesterday",
        "",
        "...",
        "um",
    ],
)
def test_part_of_a_rating_or_a_rating_inside_other_words_is_not_a_rating(en, said):
    assert en.interpret(said, RATING) is None


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("between three and four", 3, 4),
        ("three or four", 3, 4),
        ("four or three", 3, 4),
        ("three to four", 3, 4),
        ("somewhere between three and five", 3, 5),
        ("3-4", 3, 4),
        ("3 or 4", 3, 4),
    ],
)
def test_two_numbers_are_a_range_and_never_one_of_them(en, said, low, high):
    assert en.interpret(said, RATING) == RatingRangeSaid(low=low, high=high)


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("better", "better"),
        ("a bit better", "better"),
        ("it's worse", "worse"),
        ("worst ever", "worst_ever"),
        ("same as before", "same"),
        ("the same", "same"),
    ],
)
def test_words_without_a_number_are_kept_apart_from_numbers(en, said, hint):
    assert en.interpret(said, RATING) == RatingWithoutNumber(hint=hint)
    assert en.interpret(said, NOTHING_ASKED) is None


@pytest.mark.parametrize(
    ("sound", "value"), [("to", 2), ("too", 2), ("for", 4), ("ate", 8), ("won", 1), ("oh", 0)]
)
def test_a_word_that_sounds_like_a_number_counts_only_while_a_rating_is_asked(en, sound, value):
    assert en.interpret(sound, RATING) == RatingSaid(value=value)
    for other in Expect:
        if other is not Expect.RATING:
            assert en.interpret(sound, frozenset({other})) is None


def test_a_number_means_nothing_when_no_rating_is_asked(en):
    for said in ("four", "4", "a four", "four and a half", "nothing"):
        assert en.interpret(said, NOTHING_ASKED) is None
        assert en.interpret(said, frozenset({Expect.YES_NO, Expect.SIDE})) is None
