"""Help that is readable at any width, in pipes and by screen readers: no boxes, no broken option names."""

import re
import shutil
from collections.abc import Sequence
from textwrap import TextWrapper
from typing import Any, Final

import typer

#: Columns. Design: wider lines are harder to read.
_WIDEST: Final = 96
#: Columns from which on the help of an option stands beside its name, else below it. Design: half for each.
_BESIDE: Final = 64
#: Characters; a longer name has a line of its own. Design.
_NAME: Final = 26
_GAP: Final = 2
#: Stands for a space at which no line is broken.
_KEPT: Final = "\N{NO-BREAK SPACE}"

_Base: Any = typer.Context.formatter_class


class _Help(_Base):  # type: ignore[misc]  # click's formatter, which typer has a copy of since 0.20
    """Click's formatter of help, with another way to wrap."""

    def __init__(self, **_: object) -> None:
        super().__init__(width=min(_WIDEST, shutil.get_terminal_size((80, 24)).columns))

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        self._wrap(args, f"{prefix or 'Usage: '}{prog} ", " " * (len("Usage: ") + _GAP))

    def write_text(self, text: str) -> None:
        space = " " * self.current_indent
        for number, paragraph in enumerate(text.split("\n\n") if text else ()):
            if number:
                self.write("\n")
            self._wrap(" ".join(paragraph.split()), space, space)

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = _NAME, col_spacing: int = _GAP
    ) -> None:
        space = " " * self.current_indent
        beside = self.width >= _BESIDE
        column = min(col_max, max((len(name) for name, _ in rows), default=0)) + col_spacing
        below = space + " " * (column if beside else 2 * _GAP)
        for name, text in rows:
            if beside and len(name) <= column - col_spacing:
                self._wrap(text, f"{space}{name:{column}}", below)
            else:
                self._wrap(name, space, below)
                self._wrap(text, below, below)

    def _wrap(self, text: str, first: str, further: str) -> None:
        if len(first) + len(text) > self.width and " " not in text:
            text = text.replace("|", " | ")
        text = re.sub(r"\[default: [^\]]*\]", lambda found: found[0].replace(" ", _KEPT), text)
        wrapper = TextWrapper(self.width, first, further, break_long_words=False, break_on_hyphens=False)
        lines = wrapper.wrap(text)
        lines = lines or ([first.rstrip()] if first.strip() else [])
        self.write("".join(f"{line}\n".replace(_KEPT, " ") for line in lines))


class _Context(typer.Context):
    formatter_class = _Help


def readable(command: Any) -> Any:  # noqa: ANN401 - typer has two kinds of command, see _ClickError in cli.ending
    """Return the command, it and all below it with this form of help."""
    command.context_class = _Context
    for below in getattr(command, "commands", {}).values():
        # Without it click cuts the first sentence where it does not fit beside the name.
        below.short_help = " ".join((below.help or "").split("\n\n")[0].split())
        readable(below)
    return command
