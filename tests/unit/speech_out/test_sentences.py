"""A line spoken sentence by sentence: nothing lost, a pause between, each sentence rendered once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.speech_out.api import VoiceSpec
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.sentences import SentenceVoice, pieces_of


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("You said four. Is that right?", ["You said four.", "Is that right?"]),
        ("Well done! Now the other leg…", ["Well done!", "Now the other leg…"]),
        ("It was 3.5 before.", ["It was 3.5 before."]),
        ('Say "stop." Then rest.', ['Say "stop."', "Then rest."]),
        ("Three... and two... and one.", ["Three... and two... and one."]),
        ("", []),
        (
            "Keep: Lateral Ankle Tilts, Rehab Hip Circles.",
            ["Keep:", "Lateral Ankle Tilts,", "Rehab Hip Circles."],
        ),
        ("If not, say no, I'm fine.", ["If not, say no, I'm fine."]),
        ("Minutes left: about one.", ["Minutes left: about one."]),
        (
            "Do you have chest pain, trouble breathing, numbness between your legs, or a change, yes or no?",
            [
                "Do you have chest pain, trouble breathing, numbness between your legs,",
                "or a change, yes or no?",
            ],
        ),
        ("Breathe out, and let go.", ["Breathe out, and let go."]),
    ],
)
def test_where_a_sentence_ends(line, sentences):
    assert pieces_of(line) == sentences


@given(st.text("aB1 .?!…\"'", max_size=80).map(lambda text: " ".join(text.split())))
def test_nothing_of_a_line_is_lost(line):
    assert " ".join(pieces_of(line)) == line


class _Counting:
    """A voice that says every text as a tenth of a second, and remembers what it rendered."""

    spec = VoiceSpec("kokoro", "x", "1")

    def __init__(self):
        self.rendered = []

    def render(self, text, rate=1.0):
        self.rendered.append((text, rate))
        return np.full(1_600, 9_000, np.int16)

    def close(self):
        pass


@pytest.fixture
def inner():
    return _Counting()


@pytest.fixture
def voice(inner, tmp_path):
    made = SentenceVoice(CachedVoice(inner, tmp_path))
    yield made
    made.close()


def test_a_sentence_of_many_lines_is_rendered_once(voice, inner):
    voice.render("You said four. That is one less.")
    voice.render("You said four. That is the same.")
    assert [text for text, _ in inner.rendered] == [
        "You said four.",
        "That is one less.",
        "That is the same.",
    ]


def test_between_two_sentences_is_a_pause_longer_after_a_question_and_none_at_the_end(voice):
    told, asked = voice.render("One. Two."), voice.render("One? Two.")
    assert len(told) == 2 * 1_600 + 5_600
    assert len(asked) == 2 * 1_600 + 8_000
    assert told[-1]
    assert not told[1_600:7_200].any()


def test_slower_the_same_sentences_last_longer_and_so_do_the_pauses(voice, inner):
    voice.render("One. Two.")
    assert len(voice.render("One. Two.", 0.5)) == 2 * 3_200 + 11_200
    assert inner.rendered == [("One.", 1.0), ("Two.", 1.0)], "nothing was rendered anew"
    assert voice.has("Two. One.")


def test_what_was_asked_for_ahead_is_there_sentence_by_sentence(voice, inner):
    voice.prefetch([("Lift it. Hold it.", 1.0)])
    assert voice.wait(10)
    before = list(inner.rendered)
    voice.render("Hold it. Lift it.")
    assert inner.rendered == before == [("Lift it.", 1.0), ("Hold it.", 1.0)]


def test_nothing_to_say_is_no_sound(voice):
    assert len(voice.render("  ")) == 0
