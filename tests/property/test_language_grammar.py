"""Nothing can be recognised that is not understood, and nothing is understood in pieces."""

import tomllib
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cuewalk.domain.intents import URGENT_COMMANDS, CommandSaid, CorrectionSaid, Expect, RatingSaid
from cuewalk.language.pack import build_pack

SCRIPTS = Path(__file__).parents[2] / "scripts_audio"
NAMES = ("commands", "numbers", "prompts", "coaching", "locale")
ALL = frozenset(Expect)
EXPECTS = st.frozensets(st.sampled_from(Expect))
LOCALES = st.sampled_from(["en-US", "ko-KR"])


@cache
def pack(locale):
    folder = SCRIPTS / locale / "phrases"
    files = {name: tomllib.loads((folder / f"{name}.toml").read_text("utf-8")) for name in NAMES}
    return build_pack(locale, files)


@given(locale=LOCALES, expects=EXPECTS, data=st.data())
def test_every_phrase_of_a_grammar_is_understood_in_its_state(locale, expects, data):
    phrase = data.draw(st.sampled_from(pack(locale).grammar_for(expects).phrases))
    assert pack(locale).interpret(phrase, expects) is not None
    assert pack(locale).interpret(phrase, ALL) is not None


@given(locale=LOCALES, data=st.data())
def test_no_decoy_means_anything_anywhere(locale, data):
    decoy = data.draw(st.sampled_from(pack(locale).grammar().decoys))
    assert pack(locale).interpret(decoy, ALL) is None


@given(locale=LOCALES, expects=EXPECTS, data=st.data())
def test_only_an_urgent_phrase_begins_with_an_urgent_command(locale, expects, data):
    """Else the voice would fall silent for something that is then understood as something else."""
    grammar = pack(locale).grammar_for(expects)
    words = data.draw(st.sampled_from(grammar.phrases + grammar.decoys)).split()
    meaning = pack(locale).interpret(" ".join(words), expects)
    for end in range(1, len(words) + 1):
        urgent = pack(locale).urgent_in(" ".join(words[:end]))
        assert urgent is None or meaning == CommandSaid(command=urgent)
    anywhere = pack(locale).interpret(" ".join(words), frozenset())
    if isinstance(anywhere, CommandSaid) and anywhere.command in URGENT_COMMANDS:
        assert pack(locale).urgent_in(" ".join(words)) is anywhere.command


@given(text=st.text(max_size=60), expects=EXPECTS)
def test_any_text_is_understood_or_not_but_never_breaks(text, expects):
    pack("en-US").interpret(text, expects)
    pack("en-US").urgent_in(text)


FILLERS = {"um", "uh", "er", "erm", "hmm", "mm"}
SOUND_ALIKES = {"oh": "zero", "to": "two", "too": "two", "for": "four"}


@given(
    words=st.lists(st.sampled_from(sorted(pack("en-US").grammar().words - FILLERS)), min_size=1, max_size=5),
    expects=EXPECTS,
)
def test_only_phrases_of_the_grammar_have_a_meaning(words, expects):
    """A bigram recogniser (Vosk) mixes words; beside phrases only a sound-alike for its number counts."""
    english = pack("en-US")
    meaning = english.interpret(" ".join(words), expects)
    phrases = english.grammar_for(expects).phrases
    if " ".join(words) not in phrases and meaning is not None:
        numbers = " ".join(SOUND_ALIKES.get(word, word) for word in words)
        assert Expect.RATING in expects
        assert numbers in phrases
        assert meaning == english.interpret(numbers, expects)


NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
HALVES = st.integers(0, 20).map(lambda halves: halves / 2)


def spoken(value):
    return NUMBERS[int(value)] + ("" if value == int(value) else " and a half")


@given(
    value=HALVES,
    form=st.sampled_from(["{}", "{} out of ten", "about {}", "it's {}", "my pain is {}", "um {}"]),
)
def test_a_rating_is_the_number_that_was_said(value, form):
    assert pack("en-US").interpret(form.format(spoken(value)), frozenset({Expect.RATING})) == RatingSaid(
        value=value
    )
    typed = pack("en-US").interpret(f"{value:g}", frozenset({Expect.RATING}))
    assert typed == RatingSaid(value=value)


@given(value=HALVES, form=st.sampled_from(["no {}", "no, {}", "i said {}", "no i said {}"]), expects=EXPECTS)
def test_a_correction_is_the_number_that_was_said(value, form, expects):
    assert pack("en-US").interpret(form.format(spoken(value)), expects) == CorrectionSaid(value=value)


@given(value=HALVES, locale=LOCALES)
def test_what_is_read_back_would_be_heard_as_the_same_rating(value, locale):
    """Everyone hears the number that is kept: speaking and understanding use the same words."""
    said = pack(locale).render("readback", {"value": f"{value:g}"})
    assert pack(locale).interpret(said, frozenset({Expect.RATING})) == RatingSaid(value=value)
