"""The phrases that a person added to a locale, kept with their heads: ``forget`` deletes both."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from cuewalk import places
from cuewalk.content.reader import Reader
from cuewalk.domain.errors import ContentFault, CuewalkError
from cuewalk.domain.frozen import Frozen
from cuewalk.files.faults import why_unwritable
from cuewalk.files.left_out import left_out
from cuewalk.files.looking import there
from cuewalk.files.writing import keep_beside, remove, write_whole
from cuewalk.language.errors import PhraseError
from cuewalk.language.own import MEANINGS, OwnPhrase
from cuewalk.language.templates import check_words

FOLDER: Final = "heads"
_HEADER: Final = "Phrases that you taught. Add and remove them with 'cuewalk teach'."


def _plain(says: str) -> str:
    try:
        check_words("phrases", ("says",), says)
    except PhraseError as error:
        raise ValueError(f"{error.problem} {error.remedy}") from error
    if set("()[]{}<>|") & set(says):
        raise ValueError("write words only, no brackets")
    return says


def _known(means: str) -> str:
    if means not in MEANINGS:
        raise ValueError("there is no such meaning; 'cuewalk teach' lists them")
    return means


class _Taught(Frozen):
    says: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_plain)]
    means: Annotated[str, AfterValidator(_known)]


class _File(Frozen):
    phrases: tuple[_Taught, ...] = ()


def phrases_path(locale: str) -> Path:
    """Return where the person's phrases of a locale are kept."""
    return places.data_dir() / FOLDER / f"phrases-{locale}.toml"


def own_phrases(locale: str) -> tuple[OwnPhrase, ...]:
    """Return the phrases that the person added to ``locale``, in the order in which they were taught.

    A damaged file is left out with a sentence that names the line.
    """
    phrases, faults = _read(phrases_path(locale))
    for fault in faults:
        left_out(f"{fault} Your phrases are left out.")
    return phrases


def _read(path: Path) -> tuple[tuple[OwnPhrase, ...], list[ContentFault]]:
    reader = Reader()
    entry = reader.entry(path, _File) if there(path) else None
    taught = entry.value.phrases if entry and entry.value else ()
    return tuple(OwnPhrase(each.says, each.means) for each in taught), reader.faults


def keep_phrases(locale: str, phrases: Sequence[OwnPhrase]) -> None:
    """Write the person's phrases, whole or not at all; without any, no file is left.

    A damaged file that they replace is kept beside, with ``.broken`` at the end of its name.

    Raises:
        CuewalkError: if they cannot be written; the file is as it was.
    """
    path = phrases_path(locale)
    import tomlkit  # noqa: PLC0415 - 20 ms that only a change needs

    document, tables = tomlkit.document(), tomlkit.aot()
    document.add(tomlkit.comment(_HEADER))
    for each in phrases:
        tables.append(tomlkit.item({"says": each.says, "means": each.means}))
    document.add("phrases", tables)
    try:
        if _read(path)[1]:
            keep_beside(path)
        if phrases:
            write_whole(path, tomlkit.dumps(document))
        else:
            remove(path)
    except OSError as error:
        raise CuewalkError(
            f"Your phrases cannot be written to {path}: {why_unwritable(error)}.",
            meaning="They are as they were.",
            remedy="Make room or make the folder writable, and try again.",
        ) from error


def misfit(locale: str, error: PhraseError) -> ContentFault:
    """Return the fault of phrases that do not fit the pack, for example after an update of cuewalk."""
    remedy = "Remove the phrase with 'cuewalk teach --remove', or delete the file."
    return ContentFault(str(phrases_path(locale)), None, error.problem, remedy)
