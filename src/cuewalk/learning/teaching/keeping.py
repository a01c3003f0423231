"""Taught phrases and the heads that know them, on disk: kept together or not at all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from cuewalk.content.own_phrases import keep_phrases, own_phrases
from cuewalk.domain.errors import CuewalkError
from cuewalk.files.faults import reason, remedy
from cuewalk.files.looking import there
from cuewalk.files.reading import open_ordinary
from cuewalk.files.writing import remove, write_whole
from cuewalk.journal.lock import not_during_a_session
from cuewalk.language.own import OwnPhrase
from cuewalk.models.heads import load_head, own_head, save_head, shipped_head
from cuewalk.spotting.head import Head
from cuewalk.spotting.rehearsal import Rehearsal
from cuewalk.spotting.teaching import lent, same_hearing, without
from cuewalk.understanding.hearing import phrases_of


def keep_phrase(locale: str, phrase: OwnPhrase) -> None:
    """Keep a phrase that only the grammar recogniser hears."""
    keep_phrases(locale, (*own_phrases(locale), phrase))


def keep_word(locale: str, phrase: OwnPhrase, head: Head, rehearsal: Rehearsal) -> bool:
    """Keep a phrase and the head that knows it; a calibrated head is given the phrase too.

    Return whether there is a calibrated head, which should be calibrated again.
    """
    taught, personal = own_head(locale, "taught"), own_head(locale, "personal")
    with _as_it_was(taught, personal):
        save_head(head, rehearsal, taught)
        if phrases_of(personal):
            own, memory = load_head(personal)
            grown = lent(own, memory, head, rehearsal, phrase.says)
            if grown is not None:
                save_head(*grown, personal)
        keep_phrases(locale, (*own_phrases(locale), phrase))
    return there(personal)


def keep_language(locale: str, head: Head, rehearsal: Rehearsal) -> None:
    """Keep the head of a taught language; `CuewalkError` if it cannot be written, and an older one stays."""
    path = own_head(locale, "taught")
    with _as_it_was(path):
        save_head(head, rehearsal, path)


@not_during_a_session("Nothing can be taken out")
def remove_phrase(locale: str, says: str) -> OwnPhrase:
    """Take a taught phrase out of the locale and of every head that knows it.

    Raises:
        CuewalkError: if it was not taught; it names those that were.
    """
    says = " ".join(says.casefold().split())
    known = own_phrases(locale)
    found = next((phrase for phrase in known if phrase.says == says), None)
    if found is None:
        names = ", ".join(f'"{phrase.says}"' for phrase in known) or "none"
        remedy = f"Taught are: {names}."
        raise CuewalkError(f'"{says}" was not taught.', meaning="Nothing was changed.", remedy=remedy)
    heads = own_head(locale, "taught"), own_head(locale, "personal")
    with _as_it_was(*heads):
        for path in heads:
            _take_out(path, locale, says)
        keep_phrases(locale, [phrase for phrase in known if phrase != found])
    return found


def _take_out(path: Path, locale: str, says: str) -> None:
    if says not in phrases_of(path):
        return
    head, rehearsal = load_head(path)
    left, memory = without(head, rehearsal, says)
    if _is_shipped(left, locale):
        remove(path)
    else:
        save_head(left, memory, path)


def _is_shipped(head: Head, locale: str) -> bool:
    path = shipped_head(locale)
    if not path.exists():
        return False
    shipped, _ = load_head(path)
    if head.labels != shipped.labels or not same_hearing(head, shipped):
        return False
    return all(np.allclose(getattr(head, name), getattr(shipped, name)) for name in ("weights", "bias"))


@contextmanager
def _as_it_was(*paths: Path) -> Iterator[None]:
    """Put the files back as they were if anything goes wrong.

    Raises:
        CuewalkError: where the disk refused.
    """
    try:
        before = {path: _content(path) if there(path) else None for path in paths}
    except OSError as error:
        raise _refused(error, "Nothing was changed.") from error
    try:
        yield
    except BaseException as error:
        undone = _put_back(before)
        if not undone:
            raise _refused(error, "A part of it was changed; the rest is as it was.") from error
        if isinstance(error, OSError):
            raise _refused(error, "Everything is as it was.") from error
        raise


def _content(path: Path) -> bytes:
    with open_ordinary(path) as file:
        return file.read()


def _put_back(before: Mapping[Path, bytes | None]) -> bool:
    """Restore files that have changed; return whether all are restored. A full disk may refuse."""
    try:
        for path, content in before.items():
            if content is None:
                remove(path)
            elif not there(path) or _content(path) != content:
                write_whole(path, content)
    except OSError:
        return False
    return True


def _refused(error: BaseException, meaning: str) -> CuewalkError:
    what = f"What you taught cannot be changed: {reason(error)}."
    return CuewalkError(what, meaning=meaning, remedy=remedy(error))
