"""What is spoken: slots in words, three lengths, plain short sentences."""

import re

import pytest

from cuewalk.domain.errors import BugError


def test_numbers_are_spoken_as_words(en):
    assert en.render("readback", {"value": "4.5"}) == "Four and a half."
    assert en.render("readback", {"value": "6"}) == "Six."
    assert en.render("which_rating", {"low": "3", "high": "4"}) == "Which one is closer, three or four?"
    assert en.render("hold_start", {"n": "30"}) == "Hold for thirty seconds."
    assert en.render("count", {"n": "345"}) == "Three hundred forty-five."


def test_sides_and_constructs_are_spoken_in_the_words_of_the_locale(en, ko):
    assert en.render("on_side", {"side": "both"}) == "We work on both sides."
    assert en.render("switched", {"side": "left"}) == "Now the left side."
    assert "tightness" in en.render("ask_after", {"construct": "tightness"})
    assert ko.render("on_side", {"side": "left"}) == "왼쪽으로 할게요."
    assert ko.render("hold_start", {"n": "15"}) == "십오 초 동안 유지하세요."


def test_the_question_is_the_same_before_and_after(en, ko):
    for pack in (en, ko):
        assert pack.prompts["ask_before"] == pack.prompts["ask_after"]


def test_a_prompt_gets_shorter_then_gives_examples(en):
    slots = {"construct": "pain"}
    full, shorter, examples = (en.render("ask_before", slots, length) for length in range(3))
    assert len(shorter.split()) < len(full.split())
    assert "for example" in examples.lower()
    assert en.render("ask_before", slots, 9) == examples


def test_a_literal_line_is_spoken_as_it_is(en):
    assert en.render("literal", {"text": "shift {n} to the left"}) == "shift {n} to the left"
    assert en.render("count_phase", {"n": "2", "text": "and down"}) == "Two. and down"
    assert en.render("why", {"text": "It opens {n} joints."}) == "It opens {n} joints."


@pytest.mark.parametrize(
    ("prompt", "slots", "named"),
    [
        ("no_such_prompt", {}, "no_such_prompt"),
        ("readback", {}, "value"),
        ("readback", {"value": "many"}, "many"),
        ("readback", {"value": "4.2"}, "4.2"),
        ("readback", {"value": "nan"}, "nan"),
        ("count", {"n": "1000"}, "1000"),
        ("on_side", {"side": "middle"}, "middle"),
    ],
)
def test_a_line_that_cannot_be_spoken_is_a_bug_that_names_its_cause(en, prompt, slots, named):
    with pytest.raises(BugError, match=named):
        en.render(prompt, slots)


def test_every_line_can_be_spoken_without_anything_filled_in(en, ko):
    for pack in (en, ko):
        lines = list(pack.every_line())
        assert len(lines) == len(set(lines)) > 100
        assert not [line for line in lines if "{" in line or not line.strip()]
        assert set(lines) >= {text for cue in pack.coaching for text in cue}


def test_the_first_welcome_says_what_this_is_not(en):
    assert "general movement guidance, not medical advice" in en.render("welcome_first", {})
    assert "measurement error" in en.render("verdict_keep_small", {})
    assert "not harmful" in en.render("verdict_not_now", {}, 1).lower()
    assert "general movement" not in en.render("welcome_back", {})


def test_prompts_are_short_sentences(en):
    texts = [text for texts in en.prompts.values() for text in texts] + [
        t for cue in en.coaching for t in cue
    ]
    sentences = [s.split() for text in texts for s in re.split(r"(?<=[.?!:])\s+", text) if s]
    assert sum(map(len, sentences)) / len(sentences) <= 12
    assert max(map(len, sentences)) <= 20


def test_options_come_before_the_command(en):
    """ "To hear it again, say repeat.", not "Say repeat to hear it again." """
    texts = [text for key, texts in en.prompts.items() if key.startswith("help_") for text in texts]
    assert not [text for text in texts if re.search(r"\b[Ss]ay \w+( \w+)? (to|for|if)\b (?!ten)", text)]


def test_there_are_six_coaching_cues_in_two_or_three_wordings(en, ko):
    for pack in (en, ko):
        assert len(pack.coaching) == 6
        assert all(2 <= len(wordings) <= 3 for wordings in pack.coaching)


def test_korean_is_marked_experimental_and_english_is_not(en, ko):
    assert (en.experimental, ko.experimental) == (False, True)
