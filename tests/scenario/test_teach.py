"""Teaching with the voices of this machine: a word that is kept, words that are not, a small language."""

import shutil

import numpy as np
import pytest

from cuewalk import places
from cuewalk.content.own_phrases import own_phrases
from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Command, CommandSaid
from cuewalk.learning.teaching.keeping import remove_phrase
from cuewalk.learning.teaching.language import LanguageEffort, teach_language
from cuewalk.learning.teaching.report import language_report, word_report
from cuewalk.learning.teaching.studio import Plan, Studio
from cuewalk.learning.teaching.word import Effort, teach_word
from cuewalk.models.heads import own_head, save_head, shipped_head
from cuewalk.settings import Settings
from cuewalk.speech_out.voices.commands import EspeakVoice
from cuewalk.spotting.augment import made_noises
from cuewalk.spotting.head import NOISE, UNKNOWN
from cuewalk.spotting.rehearsal import remember
from cuewalk.spotting.training import Examples, Recipe, train
from cuewalk.understanding.hearing import build_hearing, head_for
from helpers.synth import between_silence

KNOWN = ("slower", "faster", "pause", "stop", "skip", "next", "four", "yes")
#: Few examples, so many rounds.
RECIPE = Recipe(hidden=96, epochs=60, batch=64)
UNKNOWN_WORDS = ("window", "garden", "music", "paper", "morning", "kitchen", "river", "hello")
SMALL = Effort(phrase=Plan(24, 5, 2), near=Plan(4, 0, 0), words=Plan(2, 0, 0), other_words=8)

pytestmark = pytest.mark.skipif(
    shutil.which("espeak-ng") is None or shutil.which("flite") is None, reason="needs espeak-ng and flite"
)


@pytest.fixture(scope="module")
def base():
    """Return a head of a few words, as one that comes with cuewalk."""
    studio = Studio("en-US", seed=5)
    plan = Plan(espeak=8, main=2, ways=1)
    said = studio.speak(KNOWN, plan, lambda _done: None)
    other = studio.speak(UNKNOWN_WORDS, Plan(espeak=5, main=1, ways=0), lambda _done: None)
    noise = studio.listen(made_noises(24))
    studio.close()
    names = (*KNOWN, UNKNOWN, NOISE)
    labels = [
        *(KNOWN.index(text) for text in said.text),
        *[len(KNOWN)] * len(other),
        *[len(KNOWN) + 1] * len(noise),
    ]
    labels = np.array(labels)
    features = np.concatenate([said.features, other.features, noise])
    weights = (1 / np.bincount(labels))[labels].astype(np.float32)
    head = train(Examples(features, labels, weights), names, 0, RECIPE)
    return head, remember(head.hidden(features), labels, weights, names)


@pytest.fixture
def settings(tmp_path, monkeypatch, base):
    """Return the settings of a person who has that head and nothing else."""
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path / "home"))
    real = places.package_data
    monkeypatch.setattr(
        places, "package_data", lambda name: tmp_path / "models" if name == "models" else real(name)
    )
    shutil.copytree(real("models"), tmp_path / "models", ignore=shutil.ignore_patterns("vosk*", "heads"))
    save_head(*base, shipped_head("en-US"))
    return Settings(recogniser="spotter")


def heard(settings, samples):
    """Return what the spotter of a session makes of an utterance."""
    hearing = build_hearing(load_pack(settings.locale), settings)
    spotter = hearing.spotter
    spotter.feed(between_silence(samples, 0.25, 0.25).tobytes())
    hypothesis = spotter.finish()
    hearing.listener.close()
    return hypothesis


def test_a_taught_word_is_heard_in_a_session_until_it_is_removed(settings):
    outcome = teach_word("Easier", "slower", settings, effort=SMALL)
    report = "\n".join(word_report(outcome))
    assert outcome.kept, report
    assert 'Kept: "easier" means slower from now on.' in report
    fresh = EspeakVoice(voice="en-gb+m4").render("easier")  # a voice that is held back
    assert heard(settings, fresh).text == "easier"
    assert load_pack("en-US").interpret("easier", frozenset()) == CommandSaid(command=Command.SLOWER)
    with pytest.raises(CuewalkError, match="already means slower"):
        teach_word("easier", "skip", settings, effort=SMALL)

    remove_phrase("en-US", "easier")
    assert heard(settings, fresh).text != "easier"
    assert head_for("en-US", settings) == shipped_head("en-US")


@pytest.mark.parametrize(("phrase", "like"), [("pores", "pause"), ("slow are", "slower")])
def test_a_phrase_that_sounds_like_a_known_one_is_refused_and_nothing_is_kept(settings, phrase, like):
    outcome = teach_word(phrase, "skip", settings, effort=SMALL)
    report = "\n".join(word_report(outcome))
    assert not outcome.kept, report
    assert f'"{like}"' in report
    assert "nothing was changed" in report
    assert own_phrases("en-US") == ()
    assert not own_head("en-US", "taught").exists()


def test_a_long_phrase_is_left_to_the_grammar_recogniser_which_says_so(settings):
    both = settings.model_copy(update={"recogniser": "auto"})
    outcome = teach_word("take it down some more", "slower", both, effort=SMALL)
    assert outcome.kept
    assert "The grammar recogniser alone hears it" in "\n".join(word_report(outcome))
    assert not own_head("en-US", "taught").exists()
    with pytest.raises(CuewalkError, match='does not know "zorbled"'):
        teach_word("take it zorbled some more", "slower", both, effort=SMALL)


def test_a_language_without_a_head_can_be_taught_none_of_its_words_alone(settings):
    with pytest.raises(CuewalkError, match="cuewalk teach --locale ko-KR"):
        teach_word("쉬워", "slower", settings.model_copy(update={"locale": "ko-KR"}), effort=SMALL)


def test_a_language_with_a_head_of_recordings_is_not_taught_from_voices(settings):
    with pytest.raises(CuewalkError, match="trained with people's recordings"):
        teach_language("en-US", lambda _done: None, print)


def test_a_language_is_taught_by_its_voices_and_then_heard(settings):
    effort = LanguageEffort(Plan(12, None, 1), Plan(2, None, 0), 18, 18, RECIPE, 1)
    told = []
    phrases = ["정지", "다음", "천천히", "사", "팔", "양쪽"]
    outcome = teach_language("ko-KR", lambda _done: None, told.append, effort, phrases)
    report = "\n".join(language_report(outcome))
    assert outcome.kept, report
    assert "min" in told[0]
    korean = settings.model_copy(update={"locale": "ko-KR"})
    assert heard(korean, EspeakVoice(voice="ko+m4").render("다음", 1.05)).text == "다음"
