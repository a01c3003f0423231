"""Spoken English is short and plain: at most 12 words a sentence on average."""

import re
from collections.abc import Iterator
from statistics import mean

import pytest

from cuewalk.content.load import load_catalogue

SENTENCE_WORDS = 12
LONGEST_SENTENCE = 30
PROMISES = re.compile(
    r"\b(cures?|heals?|guaranteed?|will (?:fix|cure|heal|help)|fixes|always works|pain[- ]free)\b",
    re.IGNORECASE,
)
CATALOGUE = load_catalogue("en-US")


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, below in value.items():
            if key not in {"id", "video", "joints", "equipment", "sides", "source"}:
                yield from texts(below)
    elif isinstance(value, (list, tuple)):
        for below in value:
            yield from texts(below)


def sentence_lengths(value: object) -> list[int]:
    sentences = (part for text in texts(value) for part in re.split(r"[.!?:]+\s*", text))
    return [len(sentence.split()) for sentence in sentences if sentence.strip()]


@pytest.mark.parametrize("name", CATALOGUE.movements)
def test_a_movement_is_said_in_short_sentences(name):
    lengths = sentence_lengths(CATALOGUE.movements[name].model_dump())
    assert mean(lengths) <= SENTENCE_WORDS
    assert max(lengths) <= LONGEST_SENTENCE


def test_the_texts_of_a_movement_that_are_spoken_while_standing_are_short():
    for movement in CATALOGUE.movements.values():
        spoken = movement.model_dump(include={"start", "steps", "ranges", "easier", "faults"})
        assert mean(sentence_lengths(spoken)) <= SENTENCE_WORDS, movement.id


def test_prompts_are_said_in_short_sentences():
    assert mean(sentence_lengths(CATALOGUE.phrases["prompts"])) <= SENTENCE_WORDS


def test_nothing_is_promised_that_is_not_known():
    everything = [movement.model_dump() for movement in CATALOGUE.movements.values()]
    assert [text for text in texts(everything) if PROMISES.search(text)] == []


def test_sides_are_left_to_the_announcement():
    """Left and right depend on the person, so no text names one; only the steps of walking do."""
    everything = [
        movement.model_dump(exclude={"phases"} if movement.id == "stick-walking" else None)
        for movement in CATALOGUE.movements.values()
    ]
    programmes = [programme.model_dump() for programme in CATALOGUE.programmes.values()]
    named = [t for t in texts([everything, programmes]) if re.search(r"\b(left|right)\b", t, re.IGNORECASE)]
    assert named == []


def test_no_person_is_named_as_a_source():
    for content in (*CATALOGUE.movements.values(), *CATALOGUE.programmes.values()):
        source = content.source if hasattr(content, "source") else content.note.source
        assert source.startswith("A movement teacher"), content.id
