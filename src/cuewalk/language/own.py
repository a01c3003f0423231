"""Phrases that a person added to a locale: what they can mean, and how they join the templates."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cuewalk.domain.intents import Command, Construct, Side
from cuewalk.language.precedence import Phrases

#: The leaves of ratings that have no number in them, by the name a person would use.
_RATINGS = ("zero", "same", "better", "worse", "worst_ever")
_MEANINGS: dict[str, tuple[str, str]] = {
    **{name: ("ratings", name) for name in _RATINGS},
    **{construct.value: ("constructs", construct.value) for construct in Construct},
    **{side.value: ("sides", side.value) for side in Side},
    "yes": ("answers", "yes"),
    "no": ("answers", "no"),
    "wrong": ("corrections", "wrong"),
    **{command.value: ("commands", command.value) for command in Command},
}
#: Every meaning that a phrase can be given, sorted.
MEANINGS: tuple[str, ...] = tuple(sorted(_MEANINGS))


@dataclass(frozen=True, slots=True)
class OwnPhrase:
    """A phrase of lower-case words and what it means: one of `MEANINGS`."""

    says: str
    means: str

    @property
    def keypath(self) -> tuple[str, str]:
        """Where its meaning is in ``commands.toml``."""
        return _MEANINGS[self.means]


def with_own(row: Phrases, own: Sequence[OwnPhrase]) -> Phrases:
    """Return a row of the precedence table with the person's phrases behind the pack's."""
    added = tuple(phrase.says for phrase in own if phrase.keypath == row.keypath)
    return replace(row, templates=(*row.templates, *added), own=len(added)) if added else row
