"""Commands, answers and corrections, and which meaning wins where an utterance has several."""

import re

import pytest

from cuewalk.domain.intents import (
    Answer,
    Command,
    CommandSaid,
    Construct,
    ConstructSaid,
    CorrectionSaid,
    Expect,
    RatingSaid,
    Side,
    SideSaid,
)

NOTHING = frozenset()
ALL = frozenset(Expect)
CLOSING = {Command.END, Command.CARRY_ON}


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("stop", Command.STOP),
        ("Stop!", Command.STOP),
        ("stop stop stop", Command.STOP),
        ("pause please", Command.PAUSE),
        ("resume", Command.RESUME),
        ("repeat", Command.REPEAT),
        ("slower", Command.SLOWER),
        ("faster", Command.FASTER),
        ("smaller", Command.SMALLER),
        ("bigger", Command.BIGGER),
        ("skip", Command.SKIP),
        ("back", Command.BACK),
        ("next", Command.NEXT),
        ("done", Command.DONE),
        ("how long", Command.HOW_LONG),
        ("how many", Command.HOW_MANY),
        ("why this one", Command.WHY),
        ("show me", Command.SHOW_ME),
        ("louder", Command.LOUDER),
        ("quieter", Command.QUIETER),
        ("switch sides", Command.SWITCH_SIDES),
        ("that hurts", Command.HURTS),
        ("ow", Command.HURTS),
        ("something is wrong", Command.SOMETHING_WRONG),
        ("keep it", Command.KEEP_IT),
        ("not now", Command.NOT_NOW),
        ("what did you hear", Command.WHAT_DID_YOU_HEAR),
        ("status", Command.STATUS),
        ("note", Command.NOTE),
        ("help", Command.HELP),
        ("wait", Command.WAIT),
        ("another voice", Command.ANOTHER_VOICE),
        ("another voice, please", Command.ANOTHER_VOICE),
        ("a different voice please", Command.ANOTHER_VOICE),
        ("change your voice", Command.ANOTHER_VOICE),
    ],
)
def test_every_command_is_heard_whatever_is_being_asked(en, said, command):
    for expects in (NOTHING, ALL, *(frozenset({one}) for one in Expect)):
        assert en.interpret(said, expects) == CommandSaid(command=command)


def test_a_command_inside_other_words_does_nothing(en):
    for said in (
        "don't skip",
        "the next morning",
        "i will stop by later",
        "back pain yesterday",
        "louder than",
    ):
        assert en.interpret(said, NOTHING) is None


@pytest.mark.parametrize(
    ("said", "yes"),
    [
        ("yes", True),
        ("yes please", True),
        ("correct", True),
        ("that's right", True),
        ("no", False),
        ("no thanks", False),
    ],
)
def test_yes_and_no_count_only_when_asked(en, said, yes):
    assert en.interpret(said, frozenset({Expect.YES_NO})) == Answer(yes=yes)
    assert en.interpret(said, NOTHING) is None


def test_none_answers_a_yes_no_question_with_no_and_is_zero_only_as_a_rating(en):
    assert en.interpret("none", frozenset({Expect.YES_NO})) == Answer(yes=False)
    assert en.interpret("none", frozenset({Expect.YES_NO, Expect.RATING})) == Answer(yes=False)
    assert en.interpret("none", frozenset({Expect.RATING})) == RatingSaid(value=0)


def test_side_and_construct_count_only_when_asked(en):
    assert en.interpret("right", frozenset({Expect.SIDE})) == SideSaid(side=Side.RIGHT)
    assert en.interpret("the left side", frozenset({Expect.SIDE})) == SideSaid(side=Side.LEFT)
    assert en.interpret("both", frozenset({Expect.SIDE})) == SideSaid(side=Side.BOTH)
    said = en.interpret("tightness", frozenset({Expect.CONSTRUCT}))
    assert said == ConstructSaid(rated=Construct.TIGHTNESS)
    for word in ("right", "both", "tightness", "pain"):
        assert en.interpret(word, NOTHING) is None


def test_carry_on_answers_the_closing_question_and_resumes_everywhere_else(en):
    closing = frozenset({Expect.END_OR_CARRY_ON})
    for said in ("carry on", "go on"):
        assert en.interpret(said, closing) == CommandSaid(command=Command.CARRY_ON)
        assert en.interpret(said, NOTHING) == CommandSaid(command=Command.RESUME)
    for said in ("end", "end the session"):
        assert en.interpret(said, closing) == CommandSaid(command=Command.END)
        assert en.interpret(said, NOTHING) is None


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("no, five", 5),
        ("no 5", 5),
        ("I said five", 5),
        ("no, I said five", 5),
        ("no, four and a half", 4.5),
        ("no four", 4),
        ("not five, four", 4),
        ("not five but four", 4),
        ("that's wrong", None),
        ("not five", None),
        ("no, not five", None),
    ],
)
def test_a_correction_is_understood_at_any_time_and_never_takes_the_denied_number(en, said, value):
    for expects in (NOTHING, ALL, *(frozenset({one}) for one in Expect)):
        assert en.interpret(said, expects) == CorrectionSaid(value=value)


def test_a_bare_no_doubts_the_last_number_only_while_a_rating_is_asked(en):
    assert en.interpret("no", frozenset({Expect.RATING})) == CorrectionSaid()
    assert en.interpret("no", frozenset({Expect.RATING, Expect.YES_NO})) == Answer(yes=False)


def test_sound_alikes_are_not_corrections(en):
    assert en.interpret("no for", ALL) is None
    assert en.interpret("i said to", ALL) is None


@pytest.mark.parametrize(
    ("partial", "command"),
    [
        ("stop", Command.STOP),
        ("stop the", Command.STOP),
        ("um stop", Command.STOP),
        ("please stop", Command.STOP),
        ("pause", Command.PAUSE),
        ("ow", Command.HURTS),
        ("ow that", Command.HURTS),
        ("that hurts", Command.HURTS),
        ("my knee hurts", Command.HURTS),
        ("that", None),
        ("don't stop", None),
        ("nonstop", None),
        ("four", None),
        ("", None),
    ],
)
def test_an_urgent_command_acts_from_a_partial_result(en, partial, command):
    assert en.urgent_in(partial) is command


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("정지", Command.STOP),
        ("그만", Command.STOP),
        ("다시", Command.REPEAT),
        ("계속", Command.RESUME),
        ("멈춰", Command.PAUSE),
    ],
)
def test_korean_commands_are_understood(ko, said, command):
    assert ko.interpret(said, NOTHING) == CommandSaid(command=command)


def test_korean_numbers_and_answers_are_understood(ko):
    rating, yes_no = frozenset({Expect.RATING}), frozenset({Expect.YES_NO})
    assert ko.interpret("영 점", rating) == RatingSaid(value=0)
    assert ko.interpret("사", rating) == RatingSaid(value=4)
    assert ko.interpret("십 점", rating) == RatingSaid(value=10)
    assert ko.interpret("삼 점 오", rating) == RatingSaid(value=3.5)
    assert ko.interpret("4", rating) == RatingSaid(value=4)
    assert ko.interpret("네", yes_no) == Answer(yes=True)
    assert ko.interpret("아니요", yes_no) == Answer(yes=False)
    assert ko.interpret("아니요 오", NOTHING) == CorrectionSaid(value=5)


def test_everything_the_prompts_tell_a_person_to_say_is_understood(en):
    texts = [text for texts in en.prompts.values() for text in texts]
    told = [re.split(r"[.,:]", part)[0] for text in texts for part in text.lower().split(" say ")[1:]]
    phrases = {phrase for part in told for phrase in part.split(" or ")}
    explained = {"a number from zero to ten", "one number from zero to ten", "the right number", "one number"}
    explained |= {"the right one after no", "your note in your own words", "less", "more", "stop to end"}
    assert len(phrases) > 25
    assert {phrase for phrase in phrases - explained if en.interpret(phrase, ALL) is None} == set()
