"""What a recogniser may hear: the same templates that the interpreter understands, as JSGF and as a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from cuewalk.domain.intents import Expect
from cuewalk.language.graph import WordGraph, word_graph
from cuewalk.language.phrasebook import Phrasebook, Row

_HEADER = "#JSGF V1.0;\n\ngrammar cuewalk;\n\n"


@dataclass(frozen=True)
class Grammar:
    """One grammar in the forms that engines want.

    ``jsgf``: for PocketSphinx. ``phrases``: every phrase that is understood, for Vosk. ``decoys``: phrases
    to recognise and reject. ``words``: every word of both. No phrase has digits, capitals or punctuation.
    JSGF, list with decoys, and graph accept the same phrases.
    """

    jsgf: str
    phrases: tuple[str, ...]
    words: frozenset[str]
    decoys: tuple[str, ...]

    @cached_property
    def graph(self) -> WordGraph:
        """Return the same phrases as the smallest word graph (PocketSphinx: ``Decoder.create_fsg``)."""
        return word_graph((*self.phrases, *self.decoys))


def grammar_of(book: Phrasebook, expects: frozenset[Expect], decoys: tuple[str, ...]) -> Grammar:
    """Return the grammar of what is understood while ``expects`` is being waited for."""
    rows = tuple(row for row in book.understood(expects) if row.phrases.heard and row.sentences)
    phrases = tuple(dict.fromkeys(phrase for row in rows for phrase in _phrases(book, row)))
    words = frozenset(word for phrase in (*phrases, *decoys) for word in phrase.split())
    return Grammar(_jsgf(book, rows, decoys), phrases, words, decoys)


def _phrases(book: Phrasebook, row: Row) -> Iterator[str]:
    for sentence in row.sentences:
        for words in book.walker.phrases(sentence.expression):
            yield " ".join(words)


def _jsgf(book: Phrasebook, rows: tuple[Row, ...], decoys: tuple[str, ...]) -> str:
    bodies = {
        row.phrases.name: " | ".join(book.walker.jsgf(sentence.expression) for sentence in row.sentences)
        for row in rows
    }
    lists = {
        name: " | ".join(phrases)
        for name, phrases in book.walker.lists.items()
        if any(f"<{name}>" in body for body in bodies.values())
    }
    rules = {**lists, **bodies, "decoy": " | ".join(decoys)}
    public = " | ".join(f"<{name}>" for name in (*bodies, "decoy"))
    lines = [f"<{name}> = {body};" for name, body in rules.items()]
    return "\n".join((_HEADER + f"public <utterance> = {public};", *lines, ""))
