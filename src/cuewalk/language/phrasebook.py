"""All phrases of a locale, parsed once: the interpreter and the source of every grammar."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hassil import Intents, recognize_all
from hassil.expression import Sentence
from hassil.intents import Intent as HassilIntent
from hassil.intents import IntentData, SlotList, TextSlotList

from cuewalk.domain.intents import URGENT_COMMANDS, Command, Expect, Intent
from cuewalk.language.errors import PhraseError
from cuewalk.language.loosely import Loosely
from cuewalk.language.normalise import Normaliser
from cuewalk.language.numbers import Entries
from cuewalk.language.own import OwnPhrase, with_own
from cuewalk.language.precedence import Phrases, precedence
from cuewalk.language.schema import CommandsFile
from cuewalk.language.templates import Walker, parse

EVERYTHING = frozenset(Expect)


@dataclass(frozen=True)
class TemplateRow:
    """One row of the precedence table with its templates parsed."""

    phrases: Phrases
    sentences: tuple[Sentence, ...]
    intent: HassilIntent


@dataclass(frozen=True)
class Phrasebook:
    """Interprets whole utterances. Build it with `phrasebook`."""

    locale: str
    rows: tuple[TemplateRow, ...]
    walker: Walker
    normaliser: Normaliser
    slots: Mapping[str, SlotList]
    #: Every word of every template: an utterance with any other word means nothing.
    vocabulary: frozenset[str]
    urgent: Mapping[tuple[str, ...], Command]
    #: Reads typed words that no template matches.
    loosely: Loosely | None = None
    _by_expects: dict[frozenset[Expect], Intents] = field(default_factory=dict, repr=False)

    def interpret(self, text: str, expects: frozenset[Expect]) -> Intent | None:
        """Return what the whole of ``text`` means while ``expects`` is being waited for, or None."""
        return self.exactly(self.normaliser.words(text), expects)

    def read(self, text: str, expects: frozenset[Expect]) -> Intent | None:
        """Return what typed text means: distress first, then by the templates, else as people put it.

        Distress comes first because the templates know no punctuation: "No! Chest pain!" is no denial.
        """
        typed = self.normaliser.split(text)
        if self.loosely is None:
            return self.exactly(typed.words, expects)
        found = (
            self.loosely.trouble(typed)
            or self.loosely.doubted(self.exactly(typed.words, expects), typed)
            or self.loosely.read(typed, expects)
        )
        return self.loosely.questioned(found, typed, expects)

    def exactly(self, words: tuple[str, ...], expects: frozenset[Expect]) -> Intent | None:
        """Return what words mean by the templates alone."""
        # Also keeps hassil strict: it would take "fourout of ten" for "four out of ten".
        if not words or not self.vocabulary.issuperset(words):
            return None
        for result in recognize_all(" ".join(words), self._intents(expects)):
            meaning = next(row.phrases.meaning for row in self.rows if row.intent.name == result.intent.name)
            return meaning(next((entity.value for entity in result.entities.values()), None))
        return None

    def urgent_in(self, partial: str) -> Command | None:
        """Return the urgent command with which ``partial`` begins, else None ("don't stop" does not stop).

        A stop right after another one comes first: "ow, stop".
        """
        return self._urgent_in(self.normaliser.words(partial))

    def _urgent_in(self, words: tuple[str, ...]) -> Command | None:
        for end in range(len(words), 0, -1):
            if (command := self.urgent.get(words[:end])) is not None:
                return Command.STOP if self._urgent_in(words[end:]) is Command.STOP else command
        return None

    def without_numbers(self) -> Iterator[tuple[str, ...]]:
        """Yield every phrase that has no number in it, as words."""
        for row in self.rows:
            if not row.phrases.lists:
                for sentence in row.sentences:
                    yield from self.walker.phrases(sentence.expression)

    def understood(self, expects: frozenset[Expect]) -> tuple[TemplateRow, ...]:
        """Return the rows that mean something while ``expects`` is being waited for, first one first."""
        return tuple(row for row in self.rows if row.phrases.understood(expects))

    def _intents(self, expects: frozenset[Expect]) -> Intents:
        """Intents are tried in the order of this dictionary, so the first result has precedence."""
        if expects not in self._by_expects:
            rows = self.understood(expects)
            self._by_expects[expects] = Intents(
                language=self.locale,
                intents={row.intent.name: row.intent for row in rows},
                slot_lists=dict(self.slots),
                expansion_rules=dict(self.walker.rules),
            )
        return self._by_expects[expects]


def phrasebook(
    locale: str,
    file: CommandsFile,
    entries: Mapping[str, Entries],
    normaliser: Normaliser,
    own: Sequence[OwnPhrase] = (),
) -> Phrasebook:
    """Parse and check every template, the person's own phrases among them.

    Raises:
        PhraseError: for a template that cannot be parsed, heard, or given a meaning.
    """
    rules = {name: parse("commands", ("rules", name), text) for name, text in file.rules.items()}
    walker = Walker({name: tuple(text for text, _ in pairs) for name, pairs in entries.items()}, rules)
    rows = tuple(_row(with_own(phrases, own), walker) for phrases in precedence(file))
    vocabulary = {
        word for row in rows for sentence in row.sentences for word in walker.vocabulary(sentence.expression)
    }
    slots = {name: TextSlotList.from_tuples(pairs, name=name) for name, pairs in entries.items()}
    urgent = _urgent(rows, walker)
    return Phrasebook(locale, rows, walker, normaliser, slots, frozenset(vocabulary), urgent)


def _row(phrases: Phrases, walker: Walker) -> TemplateRow:
    sentences = []
    for index, text in enumerate(phrases.templates):
        keypath: tuple[str | int, ...] = (*phrases.keypath, index)
        sentence = parse("commands", keypath, text)
        problem = _problem(sentence, phrases, walker)
        if problem:
            raise PhraseError("commands", keypath, f"{text!r} {problem[0]}", problem[1])
        sentences.append(sentence)
    data = IntentData(list(phrases.templates))
    # hassil would parse the same texts again on first use; `sentences` is its cache.
    data.__dict__["sentences"] = sentences
    return TemplateRow(phrases, tuple(sentences), HassilIntent(phrases.name, [data]))


def _problem(sentence: Sentence, phrases: Phrases, walker: Walker) -> tuple[str, str] | None:
    """Return what is wrong with a template that could be parsed, and what to write instead."""
    try:
        ways = walker.lists_used(sentence.expression)
    except KeyError as error:
        rules = ", ".join(sorted(walker.rules)) or "no rules yet"
        remedy = f"Write it under [rules], or use one of: {rules}."
        return f"uses <{error.args[0]}>, which is not there.", remedy
    except RecursionError:
        return "uses a rule that contains itself.", "Write the rule without itself."
    if walker.can_be_empty(sentence.expression):
        return "also matches silence.", "Leave at least one word outside of []."
    return _lists_problem(ways, phrases)


def _lists_problem(ways: frozenset[tuple[str, ...]], phrases: Phrases) -> tuple[str, str] | None:
    """Return what is wrong with the lists ({number}) of a template, in each way to say it."""
    wanted = 1 if phrases.lists else 0
    if all(len(way) == wanted and phrases.lists.issuperset(way) for way in ways):
        return None
    allowed = " or ".join(f"{{{name}}}" for name in sorted(phrases.lists))
    remedy = f"Use exactly one of {allowed} in it." if allowed else "Write it without lists in {}."
    return f"does not fit {'.'.join(phrases.keypath)}.", remedy


def _urgent(rows: tuple[TemplateRow, ...], walker: Walker) -> Mapping[tuple[str, ...], Command]:
    return {
        words: Command(row.phrases.keypath[1])
        for row in rows
        if row.phrases.keypath[0] == "commands" and row.phrases.keypath[1] in URGENT_COMMANDS
        for sentence in row.sentences
        for words in walker.phrases(sentence.expression)
    }
