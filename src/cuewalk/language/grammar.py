"""Which phrases a recogniser may hear: the same templates that the interpreter understands, as a list."""

from dataclasses import dataclass

from cuewalk.domain.intents import Expect
from cuewalk.language.phrasebook import Phrasebook


@dataclass(frozen=True)
class Grammar:
    """The phrases of one grammar, without digits, capitals or punctuation; for PocketSphinx see `lean`.

    ``phrases``: every phrase that is understood. ``decoys``: phrases to recognise and reject. ``words``:
    every word of both.
    """

    phrases: tuple[str, ...]
    words: frozenset[str]
    decoys: tuple[str, ...]


def grammar_of(book: Phrasebook, expects: frozenset[Expect], decoys: tuple[str, ...]) -> Grammar:
    """Return the grammar of what is understood while ``expects`` is being waited for."""
    found = (
        " ".join(words)
        for row in book.understood(expects)
        if row.phrases.heard
        for sentence in row.sentences
        for words in book.walker.phrases(sentence.expression)
    )
    phrases = tuple(dict.fromkeys(found))
    words = frozenset(word for phrase in (*phrases, *decoys) for word in phrase.split())
    return Grammar(phrases, words, decoys)
