"""What people type in their own words is understood; a number that is not surely meant is asked back."""

import pytest

from cuewalk.domain.intents import (
    Answer,
    Command,
    CommandSaid,
    DenialSaid,
    Expect,
    RatingGuessed,
    RatingRangeSaid,
    RatingSaid,
    RatingWithoutNumber,
    ReadySaid,
)

STEADY, DENIAL = frozenset({Expect.STEADY}), frozenset({Expect.DENIAL})
READY = frozenset({Expect.READY})
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
    3: "just a three | so three",
    7: "maybe seven",
}
ASKED_BACK = {
    0: "zero pain | it doesn't hurt | it's gone | it does not hurt | gone | nothing, thanks | none today | "
    "no pain, thank you | oh | oh please",
    2: "to please | still to | up to two | down to two | to | too",
    3: "down to three",
    4: "it was four before | I would go with four | number four today | okay for now | for today | for",
    8: "ate today",
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
    "please help me | my foot went numb | I think I might pass out | I don't feel so good, I feel unwell | "
    "im not well dizzy | I'm not well | not good, dizzy | not good dizzy | I feel ill | I feel awful | "
    "I feel terrible | woozy | I feel strange | I feel weak | light-headed | light headed | "
    "I don't feel so good | I don't feel right | my heart is racing | my heart's pounding | I can't see | "
    "seeing stars | vertigo | I'm bleeding | I'm going to faint | I'm going to be sick | "
    "I have to throw up | it's numb | help! | help help | no feel dizzy | no - I feel sick | I'm not okay",
    Command.FELL: "my knee gave way | I fell | I've fallen | I just fell over | my leg buckled | "
    "I lost my balance | my leg gave out | something popped | something snapped in my hip | something tore | "
    "I slipped | I tripped over the mat",
    Command.EMERGENCY: "I can't breathe | cant breathe | I can't really breathe, I'm short of breath | "
    "my chest hurts | "
    "there is a pain in my chest | call an ambulance | please call a doctor | I need a doctor | "
    "No! Chest pain! | no!chest pain | no, chest pain | not dizzy, chest pain | can't breath | "
    "cannot breathe | I can't, breathe | I'm choking | less chest pain | not now chest pain | "
    "don't know chest hurts | no my chest hurts | no I have pain in my chest | no more, chest pain",
    Command.STOP: "that's enough | let's stop | can we stop",
    Command.PAUSE: "hold on a second | hang on | I need a rest | could we pause please",
    Command.SLOWER: "slow down please | can you slow down",
    Command.SMALLER: "too hard | is there an easier version | can you make it easier",
    Command.LOUDER: "can you speak up | could you speak up please",
    Command.SKIP: "let's skip this | leave this out",
    Command.NEXT: "next exercise | move on",
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


DENIED = (
    "I'm not dizzy | no chest pain | no dizziness | never dizzy | it didn't hurt | it does not hurt | "
    "no pain | not dizzy | I'm not dizzy any more | nothing popped | nothing hurts | I don't feel dizzy | "
    "not really dizzy | "
    "not dizzy or sick | no chest pain or dizziness | neither dizzy nor sick | no pain in my chest | "
    "I am not at all dizzy | I don't have any chest pain | no, no chest pain | nothing is wrong | "
    "it isn't painful | I'm sick of this"
)


@pytest.mark.parametrize("said", _lines(DENIED))
def test_what_is_denied_is_no_distress(en, said):
    assert en.read(said, NOTHING) is None


@pytest.mark.parametrize("mark", ["!", ".", ",", ";", ":", "…", "?", " -", " \u2013"])
@pytest.mark.parametrize("no", ["no", "not dizzy", "it doesn't hurt"])
@pytest.mark.parametrize(("cry", "command"), [("chest pain", Command.EMERGENCY), ("I fell", Command.FELL)])
def test_a_denial_ends_with_its_clause(en, no, mark, cry, command):
    assert en.read(f"{no}{mark} {cry}", NOTHING) == CommandSaid(command=command)
    assert en.read(f"{no}{mark} {cry}", DENIAL) == CommandSaid(command=command)


def test_asking_for_help_with_the_words_is_no_distress(en):
    assert en.read("help", NOTHING) == CommandSaid(command=Command.HELP)


def test_templates_mean_typed_what_they_mean_spoken(en, ko):
    """Distress is looked for before them."""
    for pack in (en, ko):
        anywhere = set(pack.grammar_for(NOTHING).phrases)
        for expects in (NOTHING, RATING, YES_NO, READY, STEADY, DENIAL, frozenset({Expect.CONSTRUCT})):
            # What can be said anywhere means something else only where somebody has to be sure.
            again = anywhere if expects in {RATING, YES_NO, frozenset({Expect.CONSTRUCT})} else set()
            # Every third of them: their templates are far fewer.
            for phrase in sorted(set(pack.grammar_for(expects).phrases) - again - {"no one"})[::3]:
                assert pack.read(phrase, expects) == pack.interpret(phrase, expects), phrase


@pytest.mark.parametrize(
    "said", _lines("no | nope | no no | nah | okay | yes | I think I'm fine | maybe I'm okay")
)
def test_a_bare_no_denies_no_emergency(en, said):
    assert en.read(said, DENIAL) is None
    assert en.interpret(said, DENIAL) is None


@pytest.mark.parametrize(
    "said",
    _lines(
        "no, I'm fine | no I'm okay | I'm fine | I am okay | I'm okay, thanks | false alarm | "
        "that was a mistake | no chest pain | no, that was a mistake"
    ),
)
def test_who_says_that_they_are_fine_denies_the_emergency(en, said):
    assert en.read(said, DENIAL) == DenialSaid()
    assert en.read(said, NOTHING) is None


def test_chest_pain_said_again_cannot_be_heard_as_its_denial(en):
    assert en.interpret("no chest pain", DENIAL) is None


@pytest.mark.parametrize(
    "said", _lines("okay | yes | right | okay now | maybe better | I think I'm okay | better a bit")
)
def test_a_word_that_only_says_that_it_was_heard_is_not_steady(en, said):
    assert en.read(said, STEADY) is None
    assert en.interpret(said, STEADY) is None


#: What leads on where something is waited for, in words of the templates and in one's own.
LEADS_ON = _lines(
    "carry on | go on | continue | resume | keep going | let's go on | proceed | I'm back | steady | I'm fine"
    " | better | I'm ready | ready | next | go | let's go | false alarm"
)
HEDGED = _lines(
    "maybe {} | {} maybe | I think {} | {} I think | I guess {} | {} I guess | probably {} | I'd say {}"
    " | {} I'd say | I would say {} | well maybe {} | maybe we could {} | {} a bit | {} a little | {} or so"
    " | perhaps {} | {} perhaps | if I sit down {} | {} if I hold the chair | I could {} | not sure {}"
    " | I might {} | almost {} | {} soon | should I {} | {} I suppose | okay maybe {} then"
)
END_OR_CARRY_ON = frozenset({Expect.END_OR_CARRY_ON})


@pytest.mark.parametrize("frame", HEDGED)
@pytest.mark.parametrize("expects", [STEADY, READY, DENIAL, END_OR_CARRY_ON, NOTHING])
def test_hedged_words_lead_nobody_on(en, frame, expects):
    found = {said: en.read(frame.format(said), expects) for said in LEADS_ON}
    assert {said: intent for said, intent in found.items() if intent is not None} == {}


@pytest.mark.parametrize(
    "said", _lines("go | go, please | okay, go | let's go | go now | ready | start | all set")
)
def test_a_word_that_only_starts_something_is_not_steady(en, said):
    assert en.read(said, STEADY) in {None, CommandSaid(command=Command.READY)}
    assert en.interpret(said, STEADY) in {None, CommandSaid(command=Command.READY)}


def test_go_resumes_elsewhere(en):
    assert en.interpret("go", NOTHING) == CommandSaid(command=Command.RESUME)
    assert en.interpret("go", READY) == ReadySaid()


@pytest.mark.parametrize("said", _lines("carry on | please go on | okay, continue | let's carry on"))
def test_who_says_plainly_to_carry_on_is_understood(en, said):
    assert en.read(said, STEADY) == CommandSaid(command=Command.RESUME)


@pytest.mark.parametrize("said", _lines("steady | I'm steady | I feel better, thanks | I'm fine"))
def test_who_is_steady_again_is_understood(en, said):
    assert en.read(said, STEADY) == ReadySaid()


@pytest.mark.parametrize("said", _lines("I'm not fine | I'm not okay | I am not okay"))
@pytest.mark.parametrize("expects", [STEADY, DENIAL])
def test_not_fine_is_heard_as_what_it_is(en, said, expects):
    assert en.interpret(said, expects) == CommandSaid(command=Command.SOMETHING_WRONG)
    assert "i'm not okay" in en.lean_jsgf(expects)


def test_okay_is_not_ready(en):
    assert en.read("okay", READY) is None
    assert en.interpret("okay", READY) is None


KOREAN = {
    Command.EMERGENCY: "가슴이 아파요 | 가슴이 답답해요 | 숨을 못 쉬겠어요 | 구급차 불러주세요 | "
    "아니! 가슴이 아파",
    Command.FELL: "넘어졌어요 | 미끄러졌어요 | 무릎이 꺾였어요",
    Command.SOMETHING_WRONG: "어지러워요 | 쓰러질 것 같아요 | 속이 안 좋아요 | "
    "토할 것 같아요 | 살려주세요 | 안 괜찮아요",
    Command.HURTS: "무릎이 아파요 | 너무 아파요",
}


@pytest.mark.parametrize(("said", "command"), [(s, c) for c, t in KOREAN.items() for s in _lines(t)])
def test_distress_typed_in_korean(ko, said, command):
    assert ko.read(said, NOTHING) == CommandSaid(command=command)


@pytest.mark.parametrize(
    "said", _lines("어지럽지 않아요 | 안 어지러워요 | 안 아파요 | 아프지 않아요 | 가슴 통증 없어요")
)
def test_what_is_denied_in_korean_is_no_distress(ko, said):
    assert ko.read(said, NOTHING) is None


def test_a_bare_no_or_yes_is_no_answer_to_advice_in_korean(ko):
    for said in ("아니", "아니요", "네", "예", "좋아"):
        assert ko.interpret(said, DENIAL) is None
        assert ko.interpret(said, STEADY) is None
        assert ko.interpret(said, READY) is None
    assert ko.read("아니요, 괜찮아요", DENIAL) == DenialSaid()
    assert ko.read("괜찮아요", STEADY) == ReadySaid()


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


@pytest.mark.parametrize(
    "said",
    _lines(
        "i want to stop | please stop | i need help | i don't feel well | i need a doctor | my knee hurts"
    ),
)
def test_every_way_to_say_stop_or_trouble_is_in_every_lean_grammar(en, said):
    for expects in (NOTHING, RATING, YES_NO, READY, STEADY, DENIAL):
        assert said in en.lean_jsgf(expects)
        assert en.interpret(said, expects) is not None
