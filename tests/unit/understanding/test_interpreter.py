"""What may be written down, what is asked back, what is dropped."""

from dataclasses import replace

import pytest

from cuewalk.domain.heard import InputMode, Sureness
from cuewalk.domain.intents import DISTRESS, Command, CommandSaid, DenialSaid, Expect, RatingSaid, ReadySaid
from cuewalk.domain.units import Millis
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.models.heads import load_head, shipped_head
from cuewalk.speech_in.api import Alternative, Hypothesis
from cuewalk.understanding.interpreter import RULES, Interpreter, Utterance
from cuewalk.understanding.meanings import Meanings
from cuewalk.understanding.thresholds import THRESHOLDS, Thresholds
from helpers.packs import pack_of

RATING = frozenset({Expect.RATING})
NOTHING: frozenset[Expect] = frozenset()


@pytest.fixture(scope="module")
def ears() -> Interpreter:
    return Interpreter(
        Meanings(pack_of("en-US")),
        {"test": Thresholds(drop=0.3, accept=0.7, command=0.6, urgent=0.2, sure=0.85)},
    )


def _say(text: str, confidence: float, mode: InputMode = InputMode.VOICE) -> Utterance:
    return Utterance(1, (Hypothesis(text, confidence, "test"),), mode, Millis(0), Millis(500))


def test_a_sure_number_is_taken(ears: Interpreter) -> None:
    event = ears.understand(_say("four", 0.9), RATING)
    assert isinstance(event, Understood)
    assert (event.intent, event.heard.sureness) == (RatingSaid(value=4), Sureness.ACCEPT)


def test_an_unsure_number_is_asked_back(ears: Interpreter) -> None:
    event = ears.understand(_say("four", 0.5), RATING)
    assert isinstance(event, Understood)
    assert event.heard.sureness is Sureness.CONFIRM


def test_a_doubtful_number_is_dropped(ears: Interpreter) -> None:
    assert isinstance(ears.understand(_say("four", 0.1), RATING), NotUnderstood)


def test_an_unsure_command_is_not_obeyed(ears: Interpreter) -> None:
    assert isinstance(ears.understand(_say("skip", 0.5), NOTHING), NotUnderstood)


def test_where_a_number_is_asked_for_a_command_has_to_be_sure(ears: Interpreter) -> None:
    assert isinstance(ears.understand(_say("slower", 0.7), RATING), NotUnderstood)
    assert isinstance(ears.understand(_say("slower", 0.7), NOTHING), Understood)
    assert isinstance(ears.understand(_say("slower", 0.9), RATING), Understood)


def test_stop_needs_the_least(ears: Interpreter) -> None:
    event = ears.understand(_say("stop", 0.25), NOTHING)
    assert isinstance(event, Understood)
    assert event.intent == CommandSaid(command=Command.STOP)


def test_words_that_our_own_voice_is_saying_are_not_the_persons(ears: Interpreter) -> None:
    prompt = "To hear it again, say repeat."
    assert isinstance(ears.understand(_say("repeat", 0.8), NOTHING, prompt), NotUnderstood)


def test_a_sure_word_is_heard_even_over_the_same_word_of_our_own(ears: Interpreter) -> None:
    assert isinstance(ears.understand(_say("repeat", 0.9), NOTHING, "say repeat"), Understood)


@pytest.mark.parametrize("text", ["stop", "it hurts"])
def test_stop_is_never_drowned_by_a_cue_that_says_stop(ears: Interpreter, text: str) -> None:
    cue = "Stop where you feel a light stretch. If it hurts, slow down."
    assert isinstance(ears.understand(_say(text, 0.75), NOTHING, cue), Understood)


def test_a_number_that_nobody_asked_for_is_not_understood(ears: Interpreter) -> None:
    assert isinstance(ears.understand(_say("four", 0.99), NOTHING), NotUnderstood)


def test_typed_answers_are_certain(ears: Interpreter) -> None:
    event = ears.understand(_say("4", 0.0, InputMode.KEYS), RATING)
    assert isinstance(event, Understood)
    assert event.heard.sureness is Sureness.ACCEPT


def test_the_surest_recogniser_with_words_wins(ears: Interpreter) -> None:
    spoken = Utterance(
        1,
        (Hypothesis("", 0.99, "test"), Hypothesis("five", 0.8, "test")),
        InputMode.VOICE,
        Millis(0),
        Millis(400),
    )
    event = ears.understand(spoken, RATING)
    assert isinstance(event, Understood)
    assert event.intent == RatingSaid(value=5)


def test_what_was_hardly_speech_is_asked_back_and_no_command(ears: Interpreter) -> None:
    tick = replace(_say("four", 0.8), surely=False)
    event = ears.understand(tick, RATING)
    assert isinstance(event, Understood)
    assert event.heard.sureness is Sureness.CONFIRM
    assert isinstance(ears.understand(replace(_say("skip", 0.8), surely=False), NOTHING), NotUnderstood)


def test_hardly_speech_over_our_own_voice_is_what_is_left_of_it(ears: Interpreter) -> None:
    tick = replace(_say("four", 0.8), surely=False)
    assert isinstance(ears.understand(tick, RATING, "Lift the leg."), NotUnderstood)


def test_a_word_beyond_doubt_is_taken_however_little_it_sounds_like_speech(ears: Interpreter) -> None:
    event = ears.understand(replace(_say("stop", 0.95), surely=False), NOTHING)
    assert isinstance(event, Understood)


def test_damaged_sound_is_asked_back(ears: Interpreter) -> None:
    event = ears.understand(replace(_say("four", 0.99), spoiled=True), RATING)
    assert isinstance(event, Understood)
    assert event.heard.sureness is Sureness.CONFIRM


def test_a_correction_has_to_be_surer_than_a_number(ears: Interpreter) -> None:
    event = ears.understand(_say("no four", 0.8), RATING)
    assert isinstance(event, Understood)
    assert event.heard.sureness is Sureness.CONFIRM


@pytest.mark.parametrize("own", ['Say "stop" to end.', "Stop!", "stop: here", "stop… now"])
def test_our_own_words_are_ours_whatever_stands_beside_them(ears: Interpreter, own: str) -> None:
    assert ears.urgent_in(("stop",), own) is None


@pytest.mark.parametrize("texts", [("ow", "ow stop"), ("that hurts stop", ""), ("stop", "ow")])
def test_a_stop_that_any_recogniser_hears_comes_before_other_urgent_words(
    ears: Interpreter, texts: tuple[str, ...]
) -> None:
    assert ears.urgent_in(texts) is Command.STOP


def test_an_urgent_word_before_others_stays_what_it_is(ears: Interpreter) -> None:
    assert ears.urgent_in(("ow don't stop", "")) is Command.HURTS


@pytest.mark.parametrize(("own", "obeyed"), [("Lift the left leg.", True), ("", False)])
def test_a_less_clear_stop_is_obeyed_over_our_own_voice(own: str, obeyed: bool) -> None:
    limits = Thresholds(drop=0.2, accept=0.5, command=0.8, urgent=0.75, sure=0.9)
    ears = Interpreter(Meanings(pack_of("en-US")), {"test": limits})
    event = ears.understand(_say("stop", 0.6), NOTHING, own)
    assert isinstance(event, Understood) == obeyed
    assert isinstance(ears.understand(_say("stop", 0.4), NOTHING, own), NotUnderstood)


def test_a_stop_that_our_own_voice_is_saying_has_to_be_clearer() -> None:
    limits = Thresholds(drop=0.2, accept=0.5, command=0.8, urgent=0.75, sure=0.9)
    ears, own = Interpreter(Meanings(pack_of("en-US")), {"test": limits}), "To end at any time, say stop."
    assert isinstance(ears.understand(_say("stop", 0.6), NOTHING, own), NotUnderstood)
    assert isinstance(ears.understand(_say("stop", 0.8), NOTHING, own), Understood)


def test_an_answer_that_only_the_grammar_hears_in_a_sentence_is_asked_back() -> None:
    ears = Interpreter(Meanings(pack_of("en-US")), THRESHOLDS)
    short = Utterance(1, (Hypothesis("about a four", 0.95, "pocketsphinx"),), InputMode.VOICE, 0, 1000)
    long = replace(short, end=1800)
    assert ears.understand(short, RATING).heard.sureness is Sureness.ACCEPT
    assert ears.understand(long, RATING).heard.sureness is Sureness.CONFIRM


def test_a_command_that_was_nearly_heard_is_told_apart_from_talk() -> None:
    ears = Interpreter(Meanings(pack_of("en-US")), THRESHOLDS)

    def heard(text: str, confidence: float, engine: str = "spotter", own: str = "") -> NotUnderstood:
        spoken = Utterance(1, (Hypothesis(text, confidence, engine),), InputMode.VOICE, 0, 900)
        event = ears.understand(spoken, frozenset(), own)
        assert isinstance(event, NotUnderstood)
        return event

    assert heard("slower", 0.7).clear
    assert not heard("slower", 0.3).clear
    assert not heard("four", 0.9).clear
    assert not heard("slower", 0.7, own="Lift the foot.").clear
    assert not heard("slower", 0.4, "pocketsphinx").clear
    typed = Utterance(None, (Hypothesis("xyzzy", 1.0, "keys"),), InputMode.KEYS, 0, 0)
    assert ears.understand(typed, frozenset()).clear


STEADY, DENIAL, READY = (frozenset({e}) for e in (Expect.STEADY, Expect.DENIAL, Expect.READY))


@pytest.fixture(scope="module")
def both() -> Interpreter:
    """The ears of a session."""
    labels = frozenset(load_head(shipped_head("en-US"))[0].labels)
    return Interpreter(Meanings(pack_of("en-US")), THRESHOLDS, labels)


def _both(
    sound: tuple[tuple[str, float], ...], text: str, confidence: float, engine: str = "pocketsphinx"
) -> Utterance:
    likely = tuple(Alternative(*each) for each in sound)
    spotted = Hypothesis(likely[0].text, likely[0].probability, "spotter", likely)
    heard = (spotted, Hypothesis(text, confidence, engine))
    return Utterance(1, heard, InputMode.VOICE, Millis(0), Millis(900))


UNKNOWN = (("<unknown>", 0.9), ("five", 0.05))


@pytest.mark.parametrize(
    ("expects", "said", "meant"),
    [
        (STEADY, "i'm steady", ReadySaid()),
        (STEADY, "i feel better", ReadySaid()),
        (DENIAL, "no i'm fine", DenialSaid()),
        (DENIAL, "false alarm", DenialSaid()),
    ],
)
@pytest.mark.parametrize("other", [("pocketsphinx", 0.75), ("pocketsphinx", 0.99), ("vosk", 0.9)])
def test_that_somebody_in_trouble_is_fine_is_asked_back_if_one_ear_heard_it(
    both, expects, said, meant, other
) -> None:
    engine, confidence = other
    event = both.understand(_both(UNKNOWN, said, confidence, engine), expects)
    assert (event.intent, event.heard.sureness) == (meant, Sureness.CONFIRM)
    alone = Utterance(1, (Hypothesis(said, confidence, engine),), InputMode.VOICE, Millis(0), Millis(900))
    assert both.understand(alone, expects).heard.sureness is Sureness.CONFIRM


def test_that_somebody_is_steady_again_is_taken_if_both_ears_heard_it(both) -> None:
    event = both.understand(_both((("better", 0.95), ("<unknown>", 0.05)), "better", 0.8), STEADY)
    assert (event.intent, event.heard.sureness) == (ReadySaid(), Sureness.ACCEPT)


def test_that_somebody_is_steady_again_is_taken_as_typed(both) -> None:
    event = both.understand(_say("I'm steady", 1.0, InputMode.KEYS), STEADY)
    assert (event.intent, event.heard.sureness) == (ReadySaid(), Sureness.ACCEPT)


def test_go_is_never_that_one_is_steady(both) -> None:
    spotted = _both((("go", 0.97), ("<unknown>", 0.03)), "go", 0.9)
    assert both.understand(spotted, STEADY).intent == CommandSaid(command=Command.READY)
    assert both.understand(spotted, NOTHING).intent == CommandSaid(command=Command.RESUME)


@pytest.mark.parametrize("said", ["carry on", "continue"])
def test_one_carry_on_does_not_lead_on_who_is_unsteady(both, said: str) -> None:
    spotted = _both(((said, 0.97), ("<unknown>", 0.03)), said, 0.9)
    event = both.understand(spotted, STEADY)
    assert (event.intent, event.heard.sureness) == (ReadySaid(), Sureness.CONFIRM)
    assert isinstance(both.understand(spotted, NOTHING).intent, CommandSaid)


@pytest.mark.parametrize(
    ("expects", "said"), [(STEADY, "i'm steady"), (DENIAL, "no i'm fine"), (READY, "start")]
)
@pytest.mark.parametrize(
    "sound", [(("stop", 0.95),), (("stop", 0.3), ("<unknown>", 0.7)), (("<noise>", 0.95),)]
)
def test_a_cry_or_a_noise_is_never_understood_as_fine(both, expects, said, sound) -> None:
    event = both.understand(_both(sound, said, 0.75), expects)
    assert isinstance(event, NotUnderstood) or event.intent == CommandSaid(command=Command.STOP)


@pytest.mark.parametrize(
    ("said", "confidence", "sound"),
    [
        ("i fell", 0.68, (("i don't", 0.29), ("<unknown>", 0.5))),
        ("i feel dizzy", 0.52, (("i'm finished", 0.4), ("i'm ready", 0.14))),
        ("i feel dizzy", 0.39, (("about six", 0.26), ("actually six", 0.19), ("<unknown>", 0.12))),
        ("i can't breathe", 0.45, (("again please", 0.87), ("<unknown>", 0.03))),
        ("call an ambulance", 0.32, (("carry on", 0.85), ("<unknown>", 0.1))),
    ],
)
@pytest.mark.parametrize("expects", [NOTHING, RATING, STEADY])
def test_distress_that_one_ear_hears_unsurely_is_asked_about(both, said, confidence, sound, expects) -> None:
    """Real hypotheses of synthetic voices; they were dropped, or taken for "again" and "carry on"."""
    event = both.understand(_both(sound, said, confidence), expects)
    assert isinstance(event, Understood)
    assert event.intent.command in DISTRESS
    assert event.heard.text == said


def test_an_unsure_emergency_brings_no_emergency_advice(both) -> None:
    event = both.understand(
        _both((("<unknown>", 0.3), ("again please", 0.6)), "i can't breathe", 0.45), NOTHING
    )
    assert event.intent == CommandSaid(command=Command.SOMETHING_WRONG)
    assert event.heard.sureness is Sureness.CONFIRM


def test_hardly_heard_distress_is_none(both) -> None:
    assert isinstance(both.understand(_both(UNKNOWN, "i fell", 0.29), NOTHING), NotUnderstood)
    unsure = replace(_both(UNKNOWN, "i fell", 0.6), surely=False)
    assert isinstance(both.understand(unsure, NOTHING), NotUnderstood)


def test_what_the_spotter_hears_surely_is_no_distress(both) -> None:
    number = _both((("four", 0.9), ("<unknown>", 0.1)), "i fell", 0.4)
    assert both.understand(number, RATING).intent == RatingSaid(value=4)
    command = _both((("slower", 0.95), ("<unknown>", 0.05)), "i fell", 0.4)
    assert both.understand(command, NOTHING).intent == CommandSaid(command=Command.SLOWER)


def test_unsure_distress_over_our_own_voice_is_what_is_left_of_it(both) -> None:
    spoken = _both(UNKNOWN, "i fell", 0.5)
    assert isinstance(both.understand(spoken, NOTHING, "Lift the leg."), NotUnderstood)
    assert isinstance(both.understand(replace(spoken), frozenset({Expect.NOTE})), NotUnderstood)


@pytest.mark.parametrize(("confidence", "own", "understood"), [(0.45, "", True), (0.45, "Lift it.", False)])
def test_an_answer_that_would_be_asked_back_is_dropped_over_our_own_voice(both, confidence, own, understood):
    spoken = _both((("four", confidence), ("<unknown>", 1 - confidence)), "", 0.0)
    assert isinstance(both.understand(spoken, RATING, own), Understood) == understood


@pytest.mark.parametrize(("confidence", "understood"), [(0.9, False), (0.96, True)])
def test_over_our_own_voice_a_stop_by_the_grammar_alone_has_to_be_nearly_certain(
    both, confidence, understood
):
    event = both.understand(_both(UNKNOWN, "stop", confidence), NOTHING, "Lift the left leg.")
    assert isinstance(event, Understood) == understood


def test_the_strictest_rule_that_fits_decides(both) -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
    spoiled_and_unclear = replace(_both((("four", 0.45), ("<unknown>", 0.55)), "", 0.0), spoiled=True)
    assert isinstance(both.understand(spoiled_and_unclear, RATING, "Lift it."), NotUnderstood)
