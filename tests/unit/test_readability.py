"""What is said of a movement can be followed by ear: short sentences, short words."""

import pytest

from cuewalk.content.load import load_catalogue
from cuewalk.content.readability import reading, reading_of, spoken_texts, syllables

HIGHEST_GRADE = 6
SENTENCE_WORDS = 12
MOVEMENTS = load_catalogue("en-US").movements

COUNTED = {
    1: "slide rolled moves knees breathe heels strength through wedge leg's 5",
    2: "muscle little ankle something sideways forearm lying flowing barely lowered touches rocking",
    3: "easily pelvises together surgery recover lateral",
    4: "operated information",
}


@pytest.mark.parametrize("name", MOVEMENTS)
def test_a_movement_is_said_in_words_for_everyone(name):
    counted = reading_of(MOVEMENTS[name])
    assert counted.grade <= HIGHEST_GRADE
    assert counted.words_a_sentence <= SENTENCE_WORDS


@pytest.mark.parametrize("name", MOVEMENTS)
def test_the_steps_alone_are_as_plain(name):
    """The whole cannot hide hard steps behind short cues."""
    movement = MOVEMENTS[name]
    assert reading((movement.start, *movement.steps)).grade <= HIGHEST_GRADE
    assert reading((movement.note.claim, movement.note.counter)).grade <= HIGHEST_GRADE


@pytest.mark.parametrize(
    ("count", "word"), [(n, word) for n, words in COUNTED.items() for word in words.split()]
)
def test_syllables_are_counted_as_they_are_spoken(count, word):
    assert syllables(word) == count


def test_the_grade_of_a_known_sentence():
    # 9 words, 1 sentence, 11 syllables: 0.39 * 9 + 11.8 * 11 / 9 - 15.59
    assert reading(["The quick brown fox jumps over the lazy dog."]).grade == pytest.approx(2.34, abs=0.01)


def test_long_words_and_sentences_are_found_hard():
    hard = "Subsequently initiate posterior pelvic rotation while maintaining abdominal activation."
    assert reading([hard]).grade > HIGHEST_GRADE


def test_nothing_to_read_is_no_error():
    assert reading([]).words_a_sentence == 0


def test_everything_that_is_said_of_a_movement_is_counted():
    movement = MOVEMENTS["stick-walking"]
    said = spoken_texts(movement)
    assert {
        movement.start,
        movement.easier,
        movement.note.counter,
        *movement.steps,
        *movement.coaching,
    } <= set(said)
