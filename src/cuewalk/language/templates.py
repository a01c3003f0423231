"""hassil templates: parsed, checked for what a recogniser can hear, and walked into words."""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hassil import parse_sentence
from hassil.errors import HassilError
from hassil.expression import (
    Alternative,
    Expression,
    ListReference,
    RuleReference,
    Sentence,
    Sequence,
    TextChunk,
)
from hassil.parser import ParseError

from cuewalk.language.errors import PhraseError

#: Whole words of letters, apostrophes inside; what stands in brackets is checked by its own parser.
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?")
_SYNTAX = re.compile(r"\{[^{}]*\}|<[^<>]*>|[()\[\]|]")
_GLUED = re.compile(r"[\w'][(\[{<]|[)\]}>][\w'(\[{<]")

Words = tuple[str, ...]


def parse(file: str, keypath: tuple[str | int, ...], text: str) -> Sentence:
    """Return the parsed template.

    Raises:
        PhraseError: for broken brackets, or anything that is not a whole lower-case word.
    """
    check_words(file, keypath, text)
    try:
        return parse_sentence(text, keep_text=True)
    except (ParseError, HassilError, AssertionError) as error:
        raise PhraseError(
            file,
            keypath,
            f"the template {text!r} cannot be read: {error}.",
            "Close every bracket: (a|b) for one of two, [a] for an optional part, {value} for a number.",
        ) from error


def check_words(file: str, keypath: tuple[str | int, ...], text: str) -> None:
    """Check that a phrase or template has nothing but whole lower-case words and brackets.

    Raises:
        PhraseError: for anything that no recogniser would ever write.
    """
    if _GLUED.search(text):
        raise PhraseError(
            file,
            keypath,
            f"in {text!r} a bracket touches a word or another bracket.",
            "Put a space between them and write whole words inside: (it is|it's).",
        )
    for word in _SYNTAX.sub(" ", text).split():
        if not _WORD.fullmatch(word) or word != word.casefold():
            raise PhraseError(
                file,
                keypath,
                f"{word!r} in {text!r} is not a word that can be heard.",
                "Use lower-case words only: no digits, capitals, hyphens or punctuation.",
            )


@dataclass(frozen=True)
class Walker:
    """Walks expression trees. ``lists`` has the phrases of each {list}, ``rules`` the tree of each <rule>."""

    lists: Mapping[str, tuple[str, ...]]
    rules: Mapping[str, Sentence]

    def phrases(self, expression: Expression) -> Iterator[Words]:
        """Yield every phrase of the tree as words; () where all of it is optional.

        Raises:
            KeyError: for a list or rule that does not exist. RecursionError: for a rule within itself.
        """
        match expression:
            case TextChunk(text=text):
                yield tuple(text.split())
            case Sequence(items=items):
                for parts in itertools.product(*(tuple(self.phrases(item)) for item in items)):
                    yield tuple(itertools.chain.from_iterable(parts))
            case Alternative(items=items):
                yield from dict.fromkeys(itertools.chain.from_iterable(map(self.phrases, items)))
            case ListReference(list_name=name):
                yield from (tuple(phrase.split()) for phrase in self.lists[name])
            case RuleReference(rule_name=name):
                yield from self.phrases(self.rules[name].expression)
            case _:
                raise TypeError(f"{type(expression).__name__} is not used in phrase files")

    def vocabulary(self, expression: Expression) -> Iterator[str]:
        """Yield every word of the tree, with repeats, without expanding its combinations."""
        match expression:
            case TextChunk(text=text):
                yield from text.split()
            case Sequence(items=items) | Alternative(items=items):
                for item in items:
                    yield from self.vocabulary(item)
            case ListReference(list_name=name):
                for phrase in self.lists[name]:
                    yield from phrase.split()
            case RuleReference(rule_name=name):
                yield from self.vocabulary(self.rules[name].expression)
            case _:
                raise TypeError(f"{type(expression).__name__} is not used in phrase files")

    def lists_used(self, expression: Expression) -> Iterator[tuple[str, ...]]:
        """Yield, for every way through the tree, the names of the lists on it in order."""
        match expression:
            case Sequence(items=items):
                for ways in itertools.product(*(frozenset(self.lists_used(item)) for item in items)):
                    yield tuple(itertools.chain.from_iterable(ways))
            case Alternative(items=items):
                for item in items:
                    yield from self.lists_used(item)
            case ListReference(list_name=name):
                yield (name,)
            case RuleReference(rule_name=name):
                yield from self.lists_used(self.rules[name].expression)
            case _:
                yield ()

    def can_be_empty(self, expression: Expression) -> bool:
        """Whether nothing at all would match."""
        match expression:
            case TextChunk(text=text):
                return not text.strip()
            case Sequence(items=items):
                return all(map(self.can_be_empty, items))
            case Alternative(items=items):
                return any(map(self.can_be_empty, items))
            case RuleReference(rule_name=name):
                return self.can_be_empty(self.rules[name].expression)
            case _:
                return False
