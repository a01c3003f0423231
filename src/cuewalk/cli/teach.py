"""``cuewalk teach``: a phrase of your own for a command, or a whole language."""

from typing import Annotated

import typer

from cuewalk.cli.common import Locale, tell
from cuewalk.cli.progress import progress
from cuewalk.domain.errors import CuewalkError
from cuewalk.learning.teaching.keeping import remove_phrase
from cuewalk.learning.teaching.language import teach_language
from cuewalk.learning.teaching.report import language_report, taught_phrases, word_report
from cuewalk.learning.teaching.word import teach_word
from cuewalk.settings import Settings, load_settings, locales

Phrase = Annotated[str | None, typer.Argument(help="What you want to say: a word or a few.")]
Means = Annotated[
    str | None, typer.Option("--as", metavar="COMMAND", help="What it shall mean: slower, skip, yes …")
]
List = Annotated[bool, typer.Option("--list", help="Show what was taught.")]
Remove = Annotated[str | None, typer.Option(metavar="PHRASE", help="Take a taught phrase out again.")]


def teach(
    phrase: Phrase = None,
    means: Means = None,
    locale: Locale = None,
    listing: List = False,
    remove: Remove = None,
) -> None:
    """Teach it a phrase (cuewalk teach easier --as slower) or a language (cuewalk teach --locale ko-KR).

    Synthetic voices speak it, so nothing has to be recorded. It is kept only if nothing else is heard less
    well.
    """
    settings = _settings(locale)
    if listing:
        tell(*taught_phrases(settings.locale))
    elif remove is not None:
        gone = remove_phrase(settings.locale, remove)
        tell(f'"{gone.says}" does not mean {gone.means.replace("_", " ")} any more.')
    elif phrase is not None and means is not None:
        with progress("teaching", unit="%") as report:
            outcome = teach_word(phrase, means, settings, lambda done: report(done, 1.0))
        _end(word_report(outcome), kept=outcome.kept)
    elif locale is not None and {phrase, means} == {None}:
        with progress("teaching", unit="%") as report:
            learned = teach_language(locale, lambda done: report(done, 1.0), tell)
        _end(language_report(learned), kept=learned.kept)
    else:
        raise CuewalkError(
            "Say which phrase, and what it shall mean.",
            remedy="For example: cuewalk teach easier --as slower. "
            "A whole language: cuewalk teach --locale ko-KR",
        )


def _settings(locale: str | None) -> Settings:
    if locale is not None and locale not in (known := locales()):
        raise CuewalkError(f"There is no language {locale}.", remedy=f"There are: {', '.join(known)}.")
    settings = load_settings()
    return settings.model_copy(update={"locale": locale or settings.locale})


def _end(lines: list[str], *, kept: bool) -> None:
    tell(*lines)
    if not kept:
        raise typer.Exit(1)
