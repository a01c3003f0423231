"""What can be taught: the meaning a person names, and a phrase that has none yet."""

import difflib
import unicodedata
from typing import Final

from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import ContentError, CuewalkError
from cuewalk.domain.intents import URGENT_COMMANDS, Expect, Intent
from cuewalk.language.errors import PhraseError
from cuewalk.language.own import MEANINGS, OwnPhrase
from cuewalk.language.pack import LocalePack
from cuewalk.language.templates import check_words

#: Everything that the session may be waiting for: nothing, then each thing by itself.
STATES: Final = (frozenset[Expect](), *(frozenset({expect}) for expect in Expect))
_LONGEST: Final = 60
_NOTHING: Final = "Nothing was changed."
_URGENT: Final = frozenset(command.value for command in URGENT_COMMANDS)


def meanings_of(pack: LocalePack, phrase: str) -> tuple[Intent | None, ...]:
    """Return what a phrase means in each of `STATES`; two phrases with the same can stand for each other."""
    return tuple(pack.interpret(phrase, state) for state in STATES)


def meaning_named(name: str) -> str:
    """Return one of `MEANINGS` from what a person calls it ("how long", "Slower").

    Raises:
        CuewalkError: if there is none of that name; it names the nearest, or all.
    """
    wanted = "_".join(name.casefold().replace("-", " ").replace("_", " ").split())
    if wanted in MEANINGS:
        return wanted
    near = difflib.get_close_matches(wanted, MEANINGS, n=3)
    known = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(MEANINGS)}."
    raise CuewalkError(f'There is no command or answer called "{name}".', meaning=_NOTHING, remedy=known)


def checked_phrase(given: str, means: str, pack: LocalePack) -> str:
    """Return the phrase in small letters, if it can mean that.

    Raises:
        CuewalkError: if it is no phrase, cannot be said in this language, means something already, or would
            be taken for an urgent command before its end.
    """
    phrase = " ".join(unicodedata.normalize("NFC", given).casefold().split())
    _check_shape(phrase)
    _check_script(phrase, pack)
    known = next((intent for intent in meanings_of(pack, phrase) if intent is not None), None)
    if known is not None:
        own = phrase in {each.says for each in pack.own}
        remedy = f"Take it out with: cuewalk teach --remove '{phrase}'" if own else "Use another."
        raise _refused(f'"{phrase}" already means {_described(known)}.', remedy)
    _check_urgent(phrase, means, pack)
    return phrase


def pack_with(pack: LocalePack, phrase: OwnPhrase) -> LocalePack:
    """Return the pack with one more phrase of the person.

    Raises:
        CuewalkError: if it does not fit the pack ("um" is no word of a phrase).
    """
    try:
        return load_pack(pack.code, own=(*pack.own, phrase))
    except ContentError as error:
        what = f'"{phrase.says}" cannot be used: {error.faults[0].problem}'
        raise _refused(what, "Use another.") from error


def _described(intent: Intent) -> str:
    """Return a meaning in a few words: "slower", "yes", "a rating of 2"."""
    given = intent.model_dump(exclude={"kind"}, exclude_none=True, mode="json")
    value = next(iter(given.values()), "")
    match intent.kind:
        case "rating":
            return f"a rating of {value:g}"
        case "answer":
            return "yes" if value else "no"
        case "correction":
            return "a correction"
        case "rating_range":
            return "a rating between two numbers"
        case _:
            return str(value).replace("_", " ")


def _check_shape(phrase: str) -> None:
    if not phrase or len(phrase) > _LONGEST:
        raise _refused("A phrase has one word or a few.", f"Write 1 to {_LONGEST} letters.")
    what = f'"{phrase}" is not a phrase that can be heard.'
    try:
        check_words("phrases", (), phrase)
    except PhraseError as error:
        raise _refused(what, "Use words only, no digits or signs.") from error
    if set("()[]{}<>|") & set(phrase):
        raise _refused(what, "Use words only, no brackets.")


def _check_script(phrase: str, pack: LocalePack) -> None:
    known = {_script(letter) for text in pack.short_phrases() for letter in text if letter.isalpha()}
    strange = sorted({letter for letter in phrase if letter.isalpha() and _script(letter) not in known})
    if strange:
        what = f'"{phrase}" cannot be pronounced in {pack.name}: it has no such letter as {strange[0]}.'
        raise _refused(what, "Name the language with --locale, or write the phrase as it is spoken.")


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0]


def _check_urgent(phrase: str, means: str, pack: LocalePack) -> None:
    first = pack.urgent_in(phrase)
    if first is not None and first.value != means:
        what = f'"{phrase}" begins like {first.value}, which acts before you have finished.'
        raise _refused(what, "Use a phrase that begins with another word.")
    if means in _URGENT:
        longer = [p for p in pack.grammar().phrases if p.startswith(f"{phrase} ")]
        if longer:
            what = f'"{longer[0]}" begins with "{phrase}" and would be cut short by it.'
            raise _refused(what, "Use a phrase that no other begins with.")


def _refused(what: str, remedy: str) -> CuewalkError:
    return CuewalkError(what, meaning=_NOTHING, remedy=remedy)
