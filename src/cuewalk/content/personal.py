"""The content as this person has it: ours, with what they wrote themselves."""

from pathlib import Path

from cuewalk import places
from cuewalk.content.catalogue import Catalogue
from cuewalk.content.files import there
from cuewalk.content.load import load_catalogue
from cuewalk.content.packs import own_content
from cuewalk.content.rules_file import FILE_NAME
from cuewalk.domain.errors import ContentError, ContentFault
from cuewalk.files.left_out import left_out


def own_rules_path() -> Path:
    """Return where the person's own numbers are looked for; the file need not exist."""
    return places.data_dir() / FILE_NAME


def load_own_catalogue(locale: str, content: Path | None = None) -> Catalogue:
    """Return the content of a locale with the person's own movements, programmes and numbers.

    Args:
        locale: such as "en-US".
        content: another folder than `own_content`, which the person named: there every fault is told.

    A file of the person's own that is broken is left out with a sentence, and so is what needs it; of broken
    rules only the wrong numbers are. Nobody is kept from a session by one of them.

    Raises:
        ContentError: with every fault of every file in ``content``, or of what comes with cuewalk.
    """
    standing = own_content()
    extra = content or (standing if there(standing) else None)
    without: set[Path] = set()
    while True:
        try:
            return load_catalogue(
                locale,
                extra=extra,
                own_rules=own_rules_path(),
                without=without,
                on_rule_fault=_standard_counts,
            )
        except ContentError as error:
            broken = {Path(fault.file).absolute() for fault in error.faults} - without
            own = {path for path in broken if content is None and path.is_relative_to(standing)}
            if not own:
                raise
            for fault in error.faults:
                left_out(f"{fault} It is left out.")
            without |= own


def _standard_counts(fault: ContentFault) -> None:
    left_out(f"{fault} The standard number counts.")


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
