"""The words and lines of a calibration, from the locale's ``calibration.toml``."""

from pathlib import Path

from pydantic import Field, ValidationError

from cuewalk import places
from cuewalk.domain.errors import ContentError, ContentFault
from cuewalk.domain.frozen import Frozen
from cuewalk.domain.intents import Expect
from cuewalk.files.reading import UnreadableFileError, read_toml
from cuewalk.language.pack import LocalePack

FILE_NAME = "calibration.toml"
#: What a word is interpreted for.
EXPECTS = frozenset({Expect.RATING, Expect.YES_NO})


class CalibrationTexts(Frozen):
    """Every line; the words in braces are filled in."""

    consent: str
    consent_again: str
    refused: str
    begin: str
    second: str
    word: str
    word_quickly: str
    again: str
    loud: str
    stop_heard: str
    ended: str
    wait: str
    heard: str
    missed: str
    alike: str
    better: str
    surer: str
    as_good: str
    too_few: str
    kept: str
    instead_number: str
    instead_else: str


class Texts(Frozen):
    """The words that are asked for, in order, and the lines."""

    words: tuple[str, ...] = Field(min_length=1)
    says: CalibrationTexts


def load_texts(pack: LocalePack, root: Path | None = None) -> Texts:
    """Return the texts of a locale.

    Raises:
        ContentError: if there are none, or they are broken, or a word means nothing in this locale.
    """
    path = (root or places.package_data("scripts_audio")) / pack.code / FILE_NAME
    try:
        texts = Texts.model_validate(read_toml(path))
    except UnreadableFileError as error:
        remedy = "Correct it, or copy and translate that of another language."
        raise _fault(path, f"{error}.", remedy) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise _fault(path, f"{place}: {first['msg']}.", "Correct the file.") from error
    for word in texts.words:
        if pack.interpret(word, EXPECTS) is None:
            raise _fault(path, f'"{word}" means nothing.', "Name words of commands.toml or numbers.toml.")
    return texts


def _fault(path: Path, problem: str, remedy: str) -> ContentError:
    return ContentError([ContentFault(str(path), None, problem, remedy)])
