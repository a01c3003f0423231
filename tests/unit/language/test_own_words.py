"""What people type in their own words is understood; a number that is not surely meant is asked back."""

import pytest

from cuewalk.domain.intents import (
    Answer,
    Command,
    CommandSaid,
    Expect,
    RatingGuessed,
    RatingRangeSaid,
    RatingSaid,
    RatingWithoutNumber,
)

NOTHING, RATING = frozenset(), frozenset({Expect.RATING})
YES_NO, NOTE = frozenset({Expect.YES_NO}), frozenset({Expect.NOTE})


def _lines(text):
    return [line.strip() for line in text.split("|")]


NUMBERS = {
    4: "four please | it's four now | still a four | four again | it's a four now | "
    "I think it's a four | 4 | "
    "four I think | probably a four | four over ten | 4/10 | four of ten | 4 out of 10 | okay four | "
    "well, about a four",
    4.5: "4,5 | 4.5 | four point five | it's four and a half now",
    3: "down to three | just a three | so three",
}
ASKED_BACK = {
    0: "zero pain | it doesn't hurt | it's gone | it does not hurt | gone",
    4: "it was four before | I would go with four | number four today",
}
WITHOUT_A_NUMBER = {
    "beyond": "eleven | twelve | fifteen | seventeen | seventy | a hundred | 11 | 100 | minus two | "
    "-2 | 10.5 | four hundred | "
    "ten and a half | off the scale | twenty please | twenty five",
    "unsure": "I don't know | not sure | I'm not sure | no idea | hard to say | dunno",
    "part": "half | a quarter | a half",
    "vague": "a lot | a little | not bad | it's fine | slightly better | quite a bit",
    "same": "no difference | the same",
}
WHICH = {(7, 7.5): "seven point two | 7.2 | 7,2 | seven and a quarter", (9.5, 10): "9.8 | nine point eight"}
COMMANDS = {
    Command.REPEAT: "pardon | what | what? | sorry? | what was that | can you repeat that | "
    "could you say that again please | "
    "I don't understand | I didn't understand",
    Command.HURTS: "that hurt | that hurts a bit | ouch my knee | ouch, my knee! | it's pinching | "
    "it hurts a lot | "
    "no my knee hurts | ow that was bad | still hurting",
    Command.SOMETHING_WRONG: "I feel dizzy | I'm dizzy | im dizzy | so dizzy | I feel a bit faint | "
    "I feel sick | I feel numb | "
    "please help me | my foot went numb | I think I might pass out | I don't feel so good, I feel unwell",
    Command.FELL: "my knee gave way | I fell | I've fallen | I just fell over | my leg buckled | "
    "I lost my balance",
    Command.EMERGENCY: "I can't breathe | cant breathe | I can't really breathe, I'm short of breath | "
    "my chest hurts | "
    "there is a pain in my chest | call an ambulance | please call a doctor | I need a doctor",
    Command.STOP: "that's enough | let's stop | can we stop",
    Command.PAUSE: "hold on a second | hang on | I need a rest | could we pause please",
    Command.SLOWER: "slow down please | can you slow down",
    Command.SMALLER: "too hard | is there an easier version | can you make it easier",
    Command.LOUDER: "can you speak up | could you speak up please",
    Command.SKIP: "I can't do this | I can't kneel | let's skip this",
    Command.NEXT: "next exercise | what's next",
    Command.READY: "okay ready | okay I'm ready now",
    Command.RESUME: "let's go | okay let's go on",
}
ANSWERS = {
    True: "yup | exactly | sure | yes please | I think so",
    False: "not that I know of | no nothing like that | I don't think so | nah",
}


def _each(table):
    return [(said, meant) for meant, text in table.items() for said in _lines(text)]


@pytest.mark.parametrize(("said", "value"), _each(NUMBERS))
def test_a_number_in_polite_words_is_that_number(en, said, value):
    assert en.read(said, RATING) == RatingSaid(value=value)


@pytest.mark.parametrize(("said", "value"), _each(ASKED_BACK))
def test_a_number_that_is_only_likely_is_asked_back(en, said, value):
    assert en.read(said, RATING) == RatingGuessed(value=value)


@pytest.mark.parametrize(("said", "hint"), _each(WITHOUT_A_NUMBER))
def test_what_is_no_number_of_the_scale_is_never_bent_into_one(en, said, hint):
    assert en.read(said, RATING) == RatingWithoutNumber(hint=hint)


@pytest.mark.parametrize(("said", "both"), _each(WHICH))
def test_between_two_steps_of_the_scale_both_are_asked_about(en, said, both):
    assert en.read(said, RATING) == RatingRangeSaid(low=both[0], high=both[1])


@pytest.mark.parametrize(("said", "command"), _each(COMMANDS))
@pytest.mark.parametrize("expects", [NOTHING, RATING])
def test_commands_in_ones_own_words(en, said, command, expects):
    assert en.read(said, expects) == CommandSaid(command=command)


@pytest.mark.parametrize(("said", "yes"), _each(ANSWERS))
def test_yes_and_no_in_ones_own_words(en, said, yes):
    assert en.read(said, YES_NO) == Answer(yes=yes)
    assert en.read(said, NOTHING) != Answer(yes=yes)


@pytest.mark.parametrize(
    "said", _lines("I'm not dizzy | no chest pain | no dizziness | never dizzy | it didn't hurt")
)
def test_what_is_denied_is_no_distress(en, said):
    assert en.read(said, NOTHING) is None


@pytest.mark.parametrize(
    "said", _lines("less hurt on the left | it hurts on the stairs | ouch on the stairs")
)
def test_a_note_may_be_about_what_hurts(en, said):
    assert en.read(said, NOTE) is None


def test_trouble_counts_in_a_note_too(en):
    assert en.read("my chest feels tight", NOTE) == CommandSaid(command=Command.EMERGENCY)


@pytest.mark.parametrize("said", _lines("four please | pardon | I think it's a four | my foot went numb"))
def test_recognisers_are_held_to_the_templates(en, said):
    """What their grammar does not have they cannot hear; bending it would be a guess."""
    assert en.interpret(said, RATING) is None


def test_what_is_beyond_the_scale_can_be_heard(en):
    assert en.interpret("seventeen", RATING) == RatingWithoutNumber(hint="beyond")
    assert "seventeen" in en.lean_jsgf(RATING)
    assert "seventeen" not in en.lean_jsgf(NOTHING)


@pytest.mark.parametrize(
    "said", _lines("I feel dizzy | my knee gave way | I can't breathe | my chest hurts | help me")
)
def test_distress_is_in_every_grammar(en, said):
    for expects in (NOTHING, RATING, YES_NO, frozenset({Expect.READY}), frozenset({Expect.STEADY})):
        assert said.lower() in en.lean_jsgf(expects)
