"""The content of this person: what comes with cuewalk and what they wrote themselves."""

from pathlib import Path
from typing import Final

from cuewalk import places
from cuewalk.content.catalogue import Catalogue
from cuewalk.content.load import load_catalogue
from cuewalk.content.packs import own_content
from cuewalk.content.rules_file import FILE_NAME
from cuewalk.domain.errors import ContentError, ContentFault
from cuewalk.files.left_out import left_out
from cuewalk.files.looking import there

_STANDARD_COUNTS: Final = "It is left out; where yours sets no number that can be used, the standard counts."


def own_rules_path() -> Path:
    """Return where the person's own numbers are looked for; the file need not exist."""
    return places.data_dir() / FILE_NAME


def load_own_catalogue(locale: str, content: Path | None = None) -> Catalogue:
    """Return the content of a locale with the person's own movements, programmes and numbers.

    A file or folder of the person's own that is broken is left out with a sentence, and so is what needs it;
    of broken rules only the wrong numbers are: a session is possible without them. The sentences are shown
    only if the rest can be used. ``content`` is a folder that the person named, instead of `own_content`:
    each of its faults is raised.

    Raises:
        ContentError: with every fault of every file in ``content``, or of what comes with cuewalk.
    """
    standing = own_content().absolute()
    extra = content or (standing if there(standing) else None)
    broken: list[ContentFault] = []
    while True:
        without = {Path(fault.file).absolute() for fault in broken}
        wrong_rules: list[ContentFault] = []
        try:
            catalogue = load_catalogue(
                locale,
                extra=extra,
                own_rules=own_rules_path(),
                without=without,
                on_rule_fault=wrong_rules.append,
            )
        except ContentError as error:
            own = [] if content is not None else _own_faults(error, standing, without)
            if not own:
                raise
            broken += own
        else:
            _tell(broken, "It is left out.")
            _tell(wrong_rules, _STANDARD_COUNTS)
            return catalogue


def _own_faults(error: ContentError, own: Path, known: set[Path]) -> list[ContentFault]:
    """Return the faults of the person's own files that are not known yet."""
    files = [(fault, Path(fault.file).absolute()) for fault in error.faults]
    return [fault for fault, file in files if file not in known and file.is_relative_to(own)]


def _tell(faults: list[ContentFault], then: str) -> None:
    for fault in faults:
        left_out(f"{fault} {then}")


def changes_in_words(catalogue: Catalogue) -> list[str]:
    """Return a sentence for what the person changed, [] if nothing."""
    lines = []
    if added := catalogue.own - catalogue.stand_ins:
        lines.append(f"Yours: {', '.join(sorted(added))}.")
    if catalogue.stand_ins:
        lines.append(f"Yours in place of ours: {', '.join(sorted(catalogue.stand_ins))}.")
    if catalogue.replaced_rules:
        now = dict(catalogue.rules.numbers())
        changed = ", ".join(
            f"{name} {now[name].value:g} (standard {standard.value:g})"
            for name, standard in catalogue.replaced_rules.items()
        )
        lines.append(f"Rules changed by you: {changed}. Version {catalogue.rules.version}.")
    return lines
