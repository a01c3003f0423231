"""Two ears: what they agree on, what only one of them can hear, and what the session is waiting for."""

import itertools

import pytest

from cuewalk.domain.intents import (
    Answer,
    Command,
    CommandSaid,
    CorrectionSaid,
    DenialSaid,
    Expect,
    RatingRangeSaid,
    RatingSaid,
    RatingWithoutNumber,
    ReadySaid,
)
from cuewalk.domain.units import Millis
from cuewalk.models.heads import load_head, shipped_head
from cuewalk.speech_in.api import Alternative, Hypothesis
from cuewalk.understanding.arbiter import Arbiter
from cuewalk.understanding.meanings import Meanings
from helpers.packs import pack_of

RATING = frozenset({Expect.RATING})
YES_NO = frozenset({Expect.YES_NO})
READY, STEADY, DENIAL = (frozenset({e}) for e in (Expect.READY, Expect.STEADY, Expect.DENIAL))
SHORT, LONG = Millis(500), Millis(1600)


@pytest.fixture(scope="module")
def arbiter():
    return Arbiter(Meanings(pack_of("en-US")))


def sound(**shares):
    likely = tuple(
        Alternative(t.replace("_", " "), p) for t, p in sorted(shares.items(), key=lambda x: -x[1])
    )
    return Hypothesis(likely[0].text, likely[0].probability, "spotter", likely)


def grammar(text, confidence=0.6):
    return Hypothesis(text, confidence, "pocketsphinx")


def test_two_ears_that_agree_are_surer_than_one(arbiter):
    alone = arbiter.judge([sound(four=0.7, unknown=0.3)], RATING, SHORT)
    both = arbiter.judge([sound(four=0.7, unknown=0.3), grammar("about four")], RATING, SHORT)
    against = arbiter.judge([sound(four=0.7, unknown=0.3), grammar("five")], RATING, SHORT)
    assert {alone.intent, both.intent, against.intent} == {RatingSaid(value=4)}
    assert both.confidence > alone.confidence > against.confidence


def test_phrases_that_mean_the_same_add_up(arbiter):
    guess = arbiter.judge([sound(five=0.4, a_five=0.35, nine=0.25)], RATING, SHORT)
    assert guess.intent == RatingSaid(value=5)
    assert guess.confidence == pytest.approx(0.75)


def test_where_a_number_is_expected_a_command_must_be_the_more_likely_by_far(arbiter):
    heard = sound(slower=0.55, four=0.45)
    assert arbiter.judge([heard], RATING, SHORT).intent == RatingSaid(value=4)
    assert arbiter.judge([heard], frozenset(), SHORT).intent == CommandSaid(command=Command.SLOWER)


def test_a_number_means_nothing_where_none_is_expected(arbiter):
    assert arbiter.judge([sound(four=0.95, unknown=0.05)], frozenset(), SHORT).intent is None


def test_a_long_phrase_is_the_grammars(arbiter):
    heard = [sound(four=0.2, unknown=0.8), grammar("between three and four")]
    assert arbiter.judge(heard, RATING, LONG).intent == RatingRangeSaid(low=3, high=4)


def test_the_spotters_second_opinion_makes_a_long_phrase_doubtful(arbiter):
    phrase = grammar("about a six", 0.8)
    unsure = arbiter.judge([sound(unknown=0.95, nine=0.05), phrase], RATING, LONG)
    other = arbiter.judge([sound(nine=0.95, unknown=0.05), phrase], RATING, LONG)
    assert unsure.confidence > 0.5 > other.confidence


def test_what_neither_understands_means_nothing(arbiter):
    guess = arbiter.judge(
        [Hypothesis("", 0.0, "spotter"), Hypothesis("", 0.0, "pocketsphinx")], YES_NO, SHORT
    )
    assert guess.intent is None


def test_yes_is_an_answer_only_where_one_is_asked_for(arbiter):
    assert arbiter.judge([sound(yes=0.9, unknown=0.1)], YES_NO, SHORT).intent == Answer(yes=True)
    assert arbiter.judge([sound(yes=0.9, unknown=0.1)], RATING, SHORT).intent is None


def sound_of(*pairs):
    likely = tuple(Alternative(text, share) for text, share in pairs)
    return Hypothesis(likely[0].text, likely[0].probability, "spotter", likely)


def test_a_long_phrase_that_the_spotter_half_hears_too_is_not_lost(arbiter):
    heard = [sound_of(("<unknown>", 0.99), ("four", 0.004)), grammar("four out of ten", 0.9)]
    guess = arbiter.judge(heard, RATING, LONG)
    assert guess.intent == RatingSaid(value=4)
    assert guess.confidence >= 0.9


def test_noise_is_no_phrase_however_sure_the_grammar(arbiter):
    heard = [sound_of(("<noise>", 0.99), ("five", 0.004)), grammar("four out of ten", 0.9)]
    assert arbiter.judge(heard, RATING, LONG).confidence < 0.1


def test_a_word_that_the_grammar_stretched_into_a_phrase_is_the_word(arbiter):
    heard = [sound_of(("six", 0.9), ("<unknown>", 0.1)), grammar("eight or six", 0.02)]
    assert arbiter.judge(heard, RATING, SHORT).intent == RatingSaid(value=6)


@pytest.mark.parametrize("expects", [RATING, frozenset()])
def test_stop_that_only_the_grammar_hears_surely_is_not_missed(arbiter, expects):
    heard = [sound_of(("<unknown>", 0.97), ("four", 0.03)), grammar("stop", 0.9)]
    guess = arbiter.judge(heard, expects, SHORT)
    assert guess.intent == CommandSaid(command=Command.STOP)
    assert guess.confidence >= 0.9


def test_stop_is_as_sure_where_a_number_is_asked_for_as_anywhere_else(arbiter):
    heard = [sound_of(("stop", 0.9), ("<unknown>", 0.1))]
    assert arbiter.judge(heard, RATING, SHORT).confidence == pytest.approx(0.9)


SENTENCE = "how long is this"


@pytest.mark.parametrize("expects", [frozenset(), RATING, YES_NO])
@pytest.mark.parametrize("said", [SENTENCE, "skip this movement", "volume down", "slower please"])
def test_a_command_that_only_the_grammar_hears_is_no_command(arbiter, said, expects):
    """It has to make one of its few phrases of every sentence, so strangers' talk skipped movements."""
    heard = [sound(unknown=0.9, four=0.1), grammar(said, 0.95)]
    guess = arbiter.judge(heard, expects, LONG)
    assert not isinstance(guess.intent, CommandSaid)


def test_a_sentence_is_no_command_where_there_is_no_other_ear(arbiter):
    assert arbiter.judge([grammar(SENTENCE, 0.95)], frozenset(), LONG).intent is None
    assert arbiter.judge([grammar("slower", 0.95)], frozenset(), SHORT).intent == CommandSaid(
        command=Command.SLOWER
    )


def test_a_command_that_vosk_hears_is_obeyed(arbiter):
    heard = [sound(unknown=0.9, four=0.1), Hypothesis(SENTENCE, 0.9, "vosk")]
    assert arbiter.judge(heard, frozenset(), LONG).intent == CommandSaid(command=Command.HOW_LONG)


def test_a_command_that_both_hear_is_obeyed(arbiter):
    heard = [sound(slower_please=0.8, unknown=0.2), grammar("slower please", 0.9)]
    assert arbiter.judge(heard, frozenset(), LONG).intent == CommandSaid(command=Command.SLOWER)


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("please stop", Command.STOP),
        ("my knee hurts", Command.HURTS),
        ("i feel dizzy", Command.SOMETHING_WRONG),
        ("my knee gave way", Command.FELL),
        ("i can't breathe", Command.EMERGENCY),
    ],
)
def test_what_is_urgent_is_acted_on_though_only_the_grammar_hears_it(arbiter, said, command):
    heard = [sound(again_please=0.84, unknown=0.16), grammar(said, 0.92)]
    if command in {Command.STOP, Command.HURTS}:
        heard = [sound(unknown=0.9, four=0.1), grammar(said, 0.92)]
    guess = arbiter.judge(heard, frozenset(), LONG)
    assert guess.intent == CommandSaid(command=command)
    assert guess.confidence > 0.3


def test_a_correction_that_nobody_asked_for_needs_two_ears(arbiter):
    heard = [sound(unknown=0.9, three=0.1), grammar("no it's three", 0.9)]
    assert arbiter.judge(heard, frozenset(), LONG).intent is None
    assert arbiter.judge(heard, RATING, LONG).intent is not None


@pytest.mark.parametrize(
    ("said", "spotted"), [("seventeen", "seven"), ("nineteen", "nine"), ("eleven", "seven")]
)
def test_a_number_off_the_scale_makes_the_one_that_it_sounds_like_one_to_ask_back(arbiter, said, spotted):
    sure = arbiter.judge([sound(**{spotted: 0.9, "unknown": 0.1}), grammar(said, 0.8)], RATING, SHORT)
    assert isinstance(sure.intent, RatingSaid)
    assert sure.confidence < 0.4
    doubted = arbiter.judge([sound(**{spotted: 0.9, "unknown": 0.1}), grammar(said, 0.2)], RATING, SHORT)
    assert doubted.confidence < 0.4
    unsure = arbiter.judge([sound(**{spotted: 0.3, "unknown": 0.7}), grammar(said, 0.8)], RATING, SHORT)
    assert unsure.intent == RatingWithoutNumber(hint="beyond")


#: What is waited for, a phrase for it that the spotter never learned, and what that means.
WAITED_FOR = [
    (READY, "all set", ReadySaid()),
    (STEADY, "i'm steady", ReadySaid()),
    (STEADY, "i feel better", ReadySaid()),
    (DENIAL, "no i'm fine", DenialSaid()),
]


@pytest.fixture(scope="module")
def with_head():
    """The arbiter of a session: it knows what the shipped head has learned."""
    labels = frozenset(load_head(shipped_head("en-US"))[0].labels)
    return Arbiter(Meanings(pack_of("en-US")), labels)


@pytest.mark.parametrize(("expects", "said", "meant"), WAITED_FOR)
@pytest.mark.parametrize("speech", [SHORT, LONG])
def test_what_the_spotter_never_learned_is_heard_by_the_other_ear(with_head, expects, said, meant, speech):
    heard = [sound_of(("no five", 0.45), ("<unknown>", 0.45)), grammar(said, 0.9)]
    assert with_head.judge(heard, expects, speech).intent == meant


@pytest.mark.parametrize("waited", WAITED_FOR)
@pytest.mark.parametrize("other", list(itertools.product([SHORT, LONG], [0.5, 0.75, 0.99])))
@pytest.mark.parametrize(
    "cry",
    [
        ("stop", Command.STOP),
        ("ow", Command.HURTS),
        ("help", Command.HELP),
        ("help me", Command.SOMETHING_WRONG),
        ("chest pain", Command.EMERGENCY),
    ],
    ids=str,
)
@pytest.mark.parametrize("share", [0.95, 0.25])
def test_nothing_leads_on_over_a_cry_that_the_spotter_thinks_of(with_head, waited, other, cry, share):
    (expects, said, _), (speech, confidence) = waited, other
    heard = [sound_of((cry[0], share), ("<unknown>", 0.99 - share)), grammar(said, confidence)]
    assert with_head.judge(heard, expects, speech).intent == CommandSaid(command=cry[1])


@pytest.mark.parametrize("said", ["start", "yes", "go", "ready"])
def test_start_is_not_heard_in_a_sure_stop(with_head, said):
    heard = [sound_of(("stop", 0.95), ("<unknown>", 0.05)), grammar(said, 0.75)]
    assert with_head.judge(heard, READY, SHORT).intent == CommandSaid(command=Command.STOP)


@pytest.mark.parametrize(("expects", "said", "meant"), WAITED_FOR)
def test_a_sure_noise_is_no_word_that_is_waited_for(with_head, expects, said, meant):
    heard = [sound_of(("<noise>", 0.95), ("five", 0.01)), grammar(said, 0.75)]
    guess = with_head.judge(heard, expects, SHORT)
    assert guess.intent != meant or guess.confidence < 0.1


@pytest.mark.parametrize("said", ["yes", "ready", "go"])
def test_what_the_spotter_knows_it_has_to_hear_too(with_head, said):
    heard = [sound_of(("<unknown>", 0.9), ("four", 0.05)), grammar(said, 0.9)]
    guess = with_head.judge(heard, READY, SHORT)
    assert guess.intent != ReadySaid() or guess.confidence < 0.2


def test_another_phrase_that_the_spotter_is_sure_of_is_not_ready(with_head):
    heard = [sound_of(("no", 0.95), ("<unknown>", 0.05)), grammar("start", 0.75)]
    assert with_head.judge(heard, READY, SHORT).intent != ReadySaid()


@pytest.mark.parametrize(("share", "confidence"), [(0.97, 0.829), (0.8, 0.625)])
def test_a_command_counts_for_a_seventh_while_a_number_is_asked_for(arbiter, share, confidence):
    guess = arbiter.judge([sound(slower=share, four=1 - share)], RATING, SHORT)
    assert guess.intent == (CommandSaid(command=Command.SLOWER) if share > 0.9 else RatingSaid(value=4))
    assert guess.confidence == pytest.approx(confidence, abs=0.001)


@pytest.mark.parametrize(("share", "corrects"), [(0.9, False), (0.98, True)])
def test_a_correction_has_to_be_the_likelier_by_far(arbiter, share, corrects):
    guess = arbiter.judge([sound(no_four=share, four=1 - share)], RATING, SHORT)
    assert isinstance(guess.intent, CorrectionSaid) == corrects


def test_a_rating_without_a_number_is_less_likely_than_one_with(arbiter):
    guess = arbiter.judge([sound_of(("better", 0.6), ("four", 0.4))], RATING, SHORT)
    assert guess.intent == RatingSaid(value=4)
    assert guess.confidence == pytest.approx(0.69, abs=0.001)


def test_what_the_grammar_decides_weighs_by_its_confidence(arbiter):
    def judged(confidence):
        return arbiter.judge([sound(four=0.3, nine=0.7), grammar("four", confidence)], RATING, SHORT)

    assert judged(0.5).intent == RatingSaid(value=9)
    assert judged(0.9).intent == RatingSaid(value=4)
    assert judged(0.9).confidence == pytest.approx(0.679, abs=0.001)
