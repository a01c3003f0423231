"""What may be written down, what is asked back, what is dropped."""

from dataclasses import replace

import pytest

from cuewalk.app.ears import Ears, Spoken, Thresholds
from cuewalk.app.hearing import THRESHOLDS
from cuewalk.content.packs import load_pack
from cuewalk.domain.heard import InputMode, Sureness
from cuewalk.domain.intents import Command, CommandSaid, Expect, RatingSaid
from cuewalk.domain.units import Millis
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.speech_in.api import Hypothesis

RATING = frozenset({Expect.RATING})
NOTHING: frozenset[Expect] = frozenset()


@pytest.fixture(scope="module")
def ears() -> Ears:
    return Ears(
        load_pack("en-US"),
        {"test": Thresholds(drop=0.3, accept=0.7, command=0.6, urgent=0.2, sure=0.85)},
    )


def _say(text: str, confidence: float, mode: InputMode = InputMode.VOICE) -> Spoken:
    return Spoken(1, (Hypothesis(text, confidence, "test"),), mode, Millis(0), Millis(500))


def test_a_sure_number_is_taken(ears: Ears) -> None:
    event = ears.understand(_say("four", 0.9), RATING)
    assert isinstance(event, Understood)
    assert (event.intent, event.heard.sureness) == (RatingSaid(value=4), Sureness.ACCEPT)


def test_an_unsure_number_is_asked_back(ears: Ears) -> None:
    event = ears.understand(_say("four", 0.5), RATING)
    assert isinstance(event, Understood)
    assert event.heard.sureness is Sureness.CONFIRM


def test_a_doubtful_number_is_dropped(ears: Ears) -> None:
    assert isinstance(ears.understand(_say("four", 0.1), RATING), NotUnderstood)


def test_an_unsure_command_is_not_obeyed(ears: Ears) -> None:
    assert isinstance(ears.understand(_say("skip", 0.5), NOTHING), NotUnderstood)


def test_where_a_number_is_asked_for_a_command_has_to_be_sure(ears: Ears) -> None:
    assert isinstance(ears.understand(_say("slower", 0.7), RATING), NotUnderstood)
    assert isinstance(ears.understand(_say("slower", 0.7), NOTHING), Understood)
    assert isinstance(ears.understand(_say("slower", 0.9), RATING), Understood)


def test_stop_needs_the_least(ears: Ears) -> None:
    event = ears.understand(_say("stop", 0.25), NOTHING)
    assert isinstance(event, Understood)
    assert event.intent == CommandSaid(command=Command.STOP)


def test_words_that_our_own_voice_is_saying_are_not_the_persons(ears: Ears) -> None:
    prompt = "To hear it again, say repeat."
    assert isinstance(ears.understand(_say("repeat", 0.8), NOTHING, prompt), NotUnderstood)


def test_a_sure_word_is_heard_even_over_the_same_word_of_our_own(ears: Ears) -> None:
    assert isinstance(ears.understand(_say("repeat", 0.9), NOTHING, "say repeat"), Understood)


@pytest.mark.parametrize("text", ["stop", "it hurts"])
def test_stop_is_never_drowned_by_a_cue_that_says_stop(ears: Ears, text: str) -> None:
    cue = "Stop where you feel a light stretch. If it hurts, slow down."
    assert isinstance(ears.understand(_say(text, 0.75), NOTHING, cue), Understood)


def test_a_number_that_nobody_asked_for_is_not_understood(ears: Ears) -> None:
    assert isinstance(ears.understand(_say("four", 0.99), NOTHING), NotUnderstood)


def test_typed_answers_are_certain(ears: Ears) -> None:
    event = ears.understand(_say("4", 0.0, InputMode.KEYS), RATING)
    assert isinstance(event, Understood)
    assert event.heard.sureness is Sureness.ACCEPT


def test_the_surest_recogniser_with_words_wins(ears: Ears) -> None:
    spoken = Spoken(
        1,
        (Hypothesis("", 0.99, "test"), Hypothesis("five", 0.8, "test")),
        InputMode.VOICE,
        Millis(0),
        Millis(400),
    )
    event = ears.understand(spoken, RATING)
    assert isinstance(event, Understood)
    assert event.intent == RatingSaid(value=5)


def test_what_was_hardly_speech_is_asked_back_and_no_command(ears: Ears) -> None:
    tick = replace(_say("four", 0.8), surely=False)
    event = ears.understand(tick, RATING)
    assert isinstance(event, Understood)
    assert event.heard.sureness is Sureness.CONFIRM
    assert isinstance(ears.understand(replace(_say("skip", 0.8), surely=False), NOTHING), NotUnderstood)


def test_hardly_speech_over_our_own_voice_is_what_is_left_of_it(ears: Ears) -> None:
    tick = replace(_say("four", 0.8), surely=False)
    assert isinstance(ears.understand(tick, RATING, "Lift the leg."), NotUnderstood)


def test_a_word_beyond_doubt_is_taken_however_little_it_sounds_like_speech(ears: Ears) -> None:
    event = ears.understand(replace(_say("stop", 0.95), surely=False), NOTHING)
    assert isinstance(event, Understood)


def test_damaged_sound_is_asked_back(ears: Ears) -> None:
    event = ears.understand(replace(_say("four", 0.99), spoiled=True), RATING)
    assert isinstance(event, Understood)
    assert event.heard.sureness is Sureness.CONFIRM


def test_a_correction_has_to_be_surer_than_a_number(ears: Ears) -> None:
    event = ears.understand(_say("no four", 0.8), RATING)
    assert isinstance(event, Understood)
    assert event.heard.sureness is Sureness.CONFIRM


@pytest.mark.parametrize("own", ['Say "stop" to end.', "Stop!", "stop: here", "stop… now"])
def test_our_own_words_are_ours_whatever_stands_beside_them(ears: Ears, own: str) -> None:
    assert ears.urgent_in(("stop",), own) is None


@pytest.mark.parametrize(("own", "obeyed"), [("Lift the left leg.", True), ("", False)])
def test_a_less_clear_stop_is_obeyed_over_our_own_voice(own: str, obeyed: bool) -> None:
    limits = Thresholds(drop=0.2, accept=0.5, command=0.8, urgent=0.75, sure=0.9)
    ears = Ears(load_pack("en-US"), {"test": limits})
    event = ears.understand(_say("stop", 0.6), NOTHING, own)
    assert isinstance(event, Understood) == obeyed
    assert isinstance(ears.understand(_say("stop", 0.4), NOTHING, own), NotUnderstood)


def test_a_stop_that_our_own_voice_is_saying_has_to_be_clearer() -> None:
    limits = Thresholds(drop=0.2, accept=0.5, command=0.8, urgent=0.75, sure=0.9)
    ears, own = Ears(load_pack("en-US"), {"test": limits}), "To end at any time, say stop."
    assert isinstance(ears.understand(_say("stop", 0.6), NOTHING, own), NotUnderstood)
    assert isinstance(ears.understand(_say("stop", 0.8), NOTHING, own), Understood)


def test_an_answer_that_only_the_grammar_hears_in_a_sentence_is_asked_back() -> None:
    ears = Ears(load_pack("en-US"), THRESHOLDS)
    short = Spoken(1, (Hypothesis("about a four", 0.95, "pocketsphinx"),), InputMode.VOICE, 0, 1000)
    long = replace(short, end=1800)
    assert ears.understand(short, RATING).heard.sureness is Sureness.ACCEPT
    assert ears.understand(long, RATING).heard.sureness is Sureness.CONFIRM


def test_a_command_that_was_nearly_heard_is_told_apart_from_talk() -> None:
    ears = Ears(load_pack("en-US"), THRESHOLDS)

    def heard(text: str, confidence: float, engine: str = "spotter", own: str = "") -> NotUnderstood:
        spoken = Spoken(1, (Hypothesis(text, confidence, engine),), InputMode.VOICE, 0, 900)
        event = ears.understand(spoken, frozenset(), own)
        assert isinstance(event, NotUnderstood)
        return event

    assert heard("slower", 0.7).clear
    assert not heard("slower", 0.3).clear
    assert not heard("four", 0.9).clear
    assert not heard("slower", 0.7, own="Lift the foot.").clear
    assert not heard("slower", 0.4, "pocketsphinx").clear
    typed = Spoken(None, (Hypothesis("xyzzy", 1.0, "keys"),), InputMode.KEYS, 0, 0)
    assert ears.understand(typed, frozenset()).clear
