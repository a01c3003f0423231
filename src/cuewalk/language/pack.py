"""One locale: what is understood, what is said, and what a recogniser may hear, all from the same files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from cuewalk.domain.intents import Command, Expect, Intent
from cuewalk.language.errors import PhraseError
from cuewalk.language.grammar import Grammar, grammar_of, lean_jsgf
from cuewalk.language.loosely import Loosely
from cuewalk.language.normalise import Normaliser
from cuewalk.language.numbers import SpokenNumbers, check_numbers, slot_entries
from cuewalk.language.own import OwnPhrase
from cuewalk.language.phrasebook import EVERYTHING, Phrasebook, phrasebook
from cuewalk.language.prompts import Prompter, check_prompts, slots_in
from cuewalk.language.schema import PackFiles
from cuewalk.language.templates import check_words

#: Words of a short phrase: what the spotter hears well (docs/hearing.md).
_SHORT: Final = 2
#: Letters of a phrase that is soon said, and of a brief one without a number. Chosen for Korean, whose
#: syllables are letters.
_SOON_SAID, _BRIEF = 3, 6


@dataclass(frozen=True)
class LocalePack:
    """An immutable locale. Build it with `build_pack`."""

    code: str
    name: str
    experimental: bool
    #: Every prompt with its three lengths: full, shorter, with examples.
    prompts: Mapping[str, tuple[str, ...]]
    #: The six cues that hold during every movement, each in two or three wordings.
    coaching: tuple[tuple[str, ...], ...]
    decoys: tuple[str, ...]
    _book: Phrasebook = field(repr=False)
    _prompter: Prompter = field(repr=False)
    #: What the person added with ``cuewalk teach``.
    own: tuple[OwnPhrase, ...] = ()
    _grammars: dict[frozenset[Expect], Grammar] = field(default_factory=dict, repr=False, compare=False)

    def interpret(self, text: str, expects: frozenset[Expect]) -> Intent | None:
        """Return what the whole utterance means here, or None; a part of an utterance never counts.

        Args:
            text: words of a recogniser, or typed text (digits are understood).
            expects: what the session is waiting for. Commands and corrections are always understood;
                the order where several meanings fit is the table in `language.precedence`.
        """
        return self._book.interpret(text, expects)

    def read(self, text: str, expects: frozenset[Expect]) -> Intent | None:
        """Return what typed text means: as `interpret`, else as people put it in their own words.

        Polite frames are taken off, words of distress count anywhere in a sentence, and a number that is not
        surely the answer is one to ask back.
        """
        return self._book.read(text, expects)

    def urgent_in(self, partial: str) -> Command | None:
        """Return the urgent command (stop, pause, hurts) that a partial hypothesis begins with, else None."""
        return self._book.urgent_in(partial)

    def grammar(self) -> Grammar:
        """Return the grammar of everything that can be understood in any state."""
        return self.grammar_for(EVERYTHING)

    def grammar_for(self, expects: frozenset[Expect]) -> Grammar:
        """Return the smaller grammar of one state: commands, corrections and what is expected."""
        if expects not in self._grammars:
            self._grammars[expects] = grammar_of(self._book, expects, self.decoys)
        return self._grammars[expects]

    def short_phrases(self) -> tuple[str, ...]:
        """Return every phrase of one or two words, sorted: what a spotter of single words learns."""
        return tuple(sorted({p for p in self.grammar().phrases if len(p.split()) <= _SHORT}))

    def spotted_phrases(self) -> tuple[str, ...]:
        """Return what the spotter of a whole locale learns: short phrases, and others soon said.

        Words are short in a script of syllables, and the pack may write one word as several; so letters
        count too.
        """
        soon = {p for p in self.grammar().phrases if sum(map(len, p.split())) <= _SOON_SAID}
        brief = {" ".join(words) for words in self._book.without_numbers() if sum(map(len, words)) <= _BRIEF}
        return tuple(sorted({*self.short_phrases(), *soon, *brief}))

    def lean_jsgf(self, expects: frozenset[Expect]) -> str:
        """Return the short, weighted grammar of one state (see `language.lean`) as JSGF."""
        return lean_jsgf(self._book, expects)

    def render(self, prompt: str, slots: Mapping[str, str], length: int = 0) -> str:
        """Return the text to speak: "literal" is its slot ``text``; numerals and enum values become words.

        Args:
            prompt: a key of `prompts`, or "literal".
            slots: values by slot name; more than the text uses is no error.
            length: 0 full, 1 shorter, 2 with examples.

        Raises:
            BugError: for a prompt or slot that does not exist, or a slot value that cannot be spoken.
        """
        return self._prompter.render(prompt, slots, length)

    def every_line(self) -> Iterator[str]:
        """Yield every line that has no slots, once: all prompts in all lengths, then the coaching cues."""
        lines = [text for texts in self.prompts.values() for text in texts if not slots_in(text)]
        yield from dict.fromkeys(lines + [text for cue in self.coaching for text in cue])


def build_pack(
    locale: str, files: Mapping[str, Mapping[str, object]], own: Sequence[OwnPhrase] = ()
) -> LocalePack:
    """Make the pack of one locale from its parsed phrase files.

    Args:
        locale: the locale's code, for example "en-US"; the same as in its ``locale`` file.
        files: "commands", "numbers", "prompts", "coaching", "locale" to parsed TOML.
        own: phrases that the person added; a decoy that is one of them is no decoy any more.

    Raises:
        pydantic.ValidationError: for a wrong shape; the first element of each location is the file.
        PhraseError: for a template, word or prompt that has the right shape and makes no sense.
    """
    parsed = PackFiles.model_validate(files)
    if parsed.locale.code != locale:
        problem = f"this is {parsed.locale.code!r} in the folder of {locale!r}."
        raise PhraseError("locale", ("code",), problem, f'Write code = "{locale}".')
    check_prompts(parsed.prompts)
    check_numbers(parsed.numbers)
    spoken = SpokenNumbers.of(locale, parsed.numbers)
    normaliser = Normaliser.of(parsed.numbers, spoken, parsed.locale)
    strict = phrasebook(locale, parsed.commands, slot_entries(parsed.numbers), normaliser, own)
    loosely = Loosely.of(parsed.commands, parsed.numbers, strict.exactly)
    book = replace(strict, loosely=loosely)
    said = {phrase.says for phrase in own}
    decoys = tuple(decoy for decoy in parsed.locale.decoys if decoy not in said)
    _check_fillers(book, parsed.locale.fillers)
    _check_decoys(strict, decoys)
    texts = MappingProxyType({key: prompt.lengths for key, prompt in parsed.prompts.items()})
    return LocalePack(
        code=locale,
        name=parsed.locale.name,
        experimental=parsed.locale.experimental,
        prompts=texts,
        coaching=tuple(cue.says for cue in parsed.coaching.cues),
        decoys=decoys,
        _book=book,
        _prompter=Prompter(texts, parsed.locale.words, spoken),
        own=tuple(own),
    )


def _check_decoys(book: Phrasebook, decoys: tuple[str, ...]) -> None:
    for index, decoy in enumerate(decoys):
        check_words("locale", ("decoys", index), decoy)
        if book.interpret(decoy, EVERYTHING) is not None:
            problem = f"the decoy {decoy!r} means something."
            raise PhraseError("locale", ("decoys", index), problem, "Decoys are for what means nothing.")


def _check_fillers(book: Phrasebook, fillers: tuple[str, ...]) -> None:
    """Check that no template needs a word that is cut off the ends of utterances."""
    for index, filler in enumerate(fillers):
        if filler in book.vocabulary:
            problem = f"the filler {filler!r} is also a word of a command or an answer."
            raise PhraseError("locale", ("fillers", index), problem, "Fillers are words without a meaning.")
