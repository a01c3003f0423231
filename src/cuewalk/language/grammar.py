"""Which phrases a recogniser may hear: the same templates that the interpreter understands, as a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from cuewalk.domain.intents import URGENT_COMMANDS, Command, Expect
from cuewalk.language.phrasebook import Phrasebook, TemplateRow


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


#: Templates kept of each command and of anything else; the files list the usual wording first. What the
#: person added is kept besides.
_COMMAND_TEMPLATES: Final = 3
_ANSWER_TEMPLATES: Final = 9
#: Of what must not be missed, and of numbers that the scale does not have, every template is kept.
_KEPT_WHOLE: Final = URGENT_COMMANDS - {Command.PAUSE}
_REJECTED: Final = ("beyond", "between")
#: Prior weight of a command, of a correction, of a word that is waited for, and of what is expected: "ready"
#: is no likelier than "I feel dizzy", which must not be bent into it. PocketSphinx does not scale the
#: weights of a grammar as it scales a language model, so only large ones count (it fails at 1e16).
_WEIGHTS: Final = {"commands": 10.0, "corrections": 1.0, "waiting": 10.0, "rejected": 1e11, "expected": 1e12}
#: Share of its weight that a phrase keeps for each further word. How it was chosen is not recorded; decision
#: 6 gives what the lean grammars hear.
_LONGER: Final = 0.4
_HEADER: Final = "#JSGF V1.0;\n\ngrammar lean;\n\n"


def lean_jsgf(book: Phrasebook, expects: frozenset[Expect]) -> str:
    """Return the lean grammar of one state as weighted JSGF."""
    numbers = frozenset(" ".join(chain.from_iterable(book.walker.lists.values())).split())
    kept: dict[str, dict[str, None]] = {kind: {} for kind in _WEIGHTS}
    for row in book.understood(expects):
        if row.phrases.heard:
            kept[_kind(row)].update(dict.fromkeys(_usual(book, row, numbers)))
    filled = {kind: list(phrases) for kind, phrases in kept.items() if phrases}
    public = " | ".join(f"/{_WEIGHTS[kind]:.0f}/ <{kind}>" for kind in filled)
    lines = [f"<{kind}> = {_alternatives(phrases)};" for kind, phrases in filled.items()]
    return "\n".join([f"{_HEADER}public <utterance> = {public};", *lines, ""])


def _usual(book: Phrasebook, row: TemplateRow, numbers: frozenset[str]) -> Iterator[str]:
    """Yield the shortest phrase of each usual template, for each number that can stand in it."""
    usual = _templates(row)
    own = len(row.sentences) - row.phrases.own
    if row.phrases.keypath[-1] in _REJECTED:
        yield from (" ".join(w) for each in row.sentences for w in book.walker.phrases(each.expression))
        return
    for sentence in (*row.sentences[: min(usual, own)], *row.sentences[own:]):
        shortest: dict[tuple[str, ...], str] = {}
        for words in sorted(book.walker.phrases(sentence.expression), key=len):
            shortest.setdefault(tuple(word for word in words if word in numbers), " ".join(words))
        yield from shortest.values()


def _templates(row: TemplateRow) -> int:
    if _kind(row) != "commands":
        return _ANSWER_TEMPLATES
    return len(row.sentences) if row.phrases.keypath[-1] in _KEPT_WHOLE else _COMMAND_TEMPLATES


def _kind(row: TemplateRow) -> str:
    if row.phrases.keypath[-1] in _REJECTED:
        return "rejected"
    group = row.phrases.keypath[0]
    return str(group) if group in _WEIGHTS else "expected"


def _alternatives(phrases: list[str]) -> str:
    return " | ".join(f"/{_LONGER ** text.count(' '):g}/ {text}" for text in phrases)
