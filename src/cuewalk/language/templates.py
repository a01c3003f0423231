"""hassil templates: parsed, checked for what a recogniser can hear, and walked into words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain, product
from typing import TypeVar

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
T = TypeVar("T")


def parse(file: str, keypath: tuple[str | int, ...], text: str) -> Sentence:
    """Return the parsed template.

    Raises:
        PhraseError: for broken brackets, or anything that is not a whole lower-case word.
    """
    check_words(file, keypath, text)
    try:
        return parse_sentence(text, keep_text=True)
    except (ParseError, HassilError, AssertionError) as error:
        remedy = "Close every bracket: (a|b) for one of two, [a] for an optional part, {value} for a number."
        raise PhraseError(file, keypath, f"the template {text!r} cannot be read: {error}.", remedy) from error


def check_words(file: str, keypath: tuple[str | int, ...], text: str) -> None:
    """Check that a phrase or template has nothing but whole lower-case words and brackets.

    Raises:
        PhraseError: for anything that no recogniser would ever write.
    """
    if _GLUED.search(text):
        problem = f"in {text!r} a bracket touches a word or another bracket."
        remedy = "Put a space between them and write whole words inside: (it is|it's)."
        raise PhraseError(file, keypath, problem, remedy)
    for word in _SYNTAX.sub(" ", text).split():
        if not _WORD.fullmatch(word) or word != word.casefold():
            problem = f"{word!r} in {text!r} is not a word that can be heard."
            remedy = "Use lower-case words only: no digits, capitals, hyphens or punctuation."
            raise PhraseError(file, keypath, problem, remedy)


@dataclass(frozen=True)
class Walker:
    """Walks expression trees. ``lists`` has the phrases of each {list}, ``rules`` the tree of each <rule>."""

    lists: Mapping[str, tuple[str, ...]]
    rules: Mapping[str, Sentence]

    def phrases(self, expression: Expression) -> list[Words]:
        """Return every phrase of the tree as words; () where all of it is optional.

        Raises:
            KeyError: for a list or rule that does not exist. RecursionError: for a rule within itself.
        """
        return self._fold(
            expression,
            text=lambda words: [words],
            of_list=lambda name: [tuple(phrase.split()) for phrase in self.lists[name]],
            together=lambda parts: [tuple(chain.from_iterable(way)) for way in product(*parts)],
            either=lambda parts: list(dict.fromkeys(chain.from_iterable(parts))),
        )

    def vocabulary(self, expression: Expression) -> frozenset[str]:
        """Return every word of the tree, without expanding its combinations."""
        return self._fold(
            expression,
            text=frozenset,
            of_list=lambda name: frozenset(word for phrase in self.lists[name] for word in phrase.split()),
            together=lambda parts: frozenset[str]().union(*parts),
            either=lambda parts: frozenset[str]().union(*parts),
        )

    def lists_used(self, expression: Expression) -> frozenset[Words]:
        """Return, for every way through the tree, the names of the lists on it in order."""
        return self._fold(
            expression,
            text=lambda _: frozenset({()}),
            of_list=lambda name: frozenset({(name,)}),
            together=lambda parts: frozenset(tuple(chain.from_iterable(way)) for way in product(*parts)),
            either=lambda parts: frozenset[Words]().union(*parts),
        )

    def can_be_empty(self, expression: Expression) -> bool:
        """Return whether nothing at all would match."""
        return self._fold(
            expression, text=lambda words: not words, of_list=lambda _: False, together=all, either=any
        )

    def _fold(
        self,
        expression: Expression,
        *,
        text: Callable[[Words], T],
        of_list: Callable[[str], T],
        together: Callable[[list[T]], T],
        either: Callable[[list[T]], T],
    ) -> T:
        """Return what these make of a text's words, a list, parts in a row, and alternatives."""

        def fold(part: Expression) -> T:
            match part:
                case TextChunk(text=chunk):
                    return text(tuple(chunk.split()))
                case Sequence(items=items):
                    return together([fold(item) for item in items])
                case Alternative(items=items):
                    return either([fold(item) for item in items])
                case ListReference(list_name=name):
                    return of_list(name)
                case RuleReference(rule_name=name):
                    return fold(self.rules[name].expression)
                case _:
                    raise TypeError(f"{type(part).__name__} is not used in phrase files")

        return fold(expression)
