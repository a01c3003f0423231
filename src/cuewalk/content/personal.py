"""The content as this person has it: ours, with what they wrote themselves."""

from pathlib import Path

from cuewalk import places
from cuewalk.content.catalogue import Catalogue
from cuewalk.content.load import load_catalogue
from cuewalk.content.packs import own_content
from cuewalk.content.rules_file import FILE_NAME


def own_rules_path() -> Path:
    """Return where the person's own numbers are looked for; the file need not exist."""
    return places.data_dir() / FILE_NAME


def load_own_catalogue(locale: str, content: Path | None = None) -> Catalogue:
    """Return the content of a locale with the person's own movements, programmes and numbers.

    Args:
        locale: such as "en-US".
        content: another folder than `own_content`.

    Raises:
        ContentError: with every fault of every file; nothing is loaded then.
    """
    standing = own_content()
    return load_catalogue(
        locale, extra=content or (standing if standing.is_dir() else None), own_rules=own_rules_path()
    )


def changes_in_words(catalogue: Catalogue) -> list[str]:
    """Return a sentence for what the person changed, [] if nothing."""
    lines = []
    if catalogue.own:
        lines.append(f"Yours: {', '.join(sorted(catalogue.own))}.")
    if catalogue.replaced_rules:
        now = dict(catalogue.rules.numbers())
        changed = ", ".join(
            f"{name} {now[name].value:g} (standard {standard.value:g})"
            for name, standard in catalogue.replaced_rules.items()
        )
        lines.append(f"Rules changed by you: {changed}. Version {catalogue.rules.version}.")
    return lines
