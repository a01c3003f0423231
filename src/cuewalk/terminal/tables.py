"""Tables that hold at any width: columns where they fit, else each row as a short block of "label: value".

No word is ever broken or cut. In a pipe or a file each row is one line, as long as it needs to be.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cuewalk.terminal.printing import fitting, say, wrapped

#: A cell; several values in one cell stand below each other, or in a block side by side.
Cell = str | Text | Sequence[str | Text]

#: Columns between two columns of a table. Design.
_GAP: Final = 2
#: Design: a column with longer texts has at least this width, two or three words.
_READABLE: Final = 12
#: Design: a row of more lines than this is easier to read as a block.
_TALLEST: Final = 5


@dataclass(slots=True)
class Rows:
    """What a table shows. A heading that ends in ``>`` is of a column of numbers, set to the right."""

    headings: Sequence[str]
    title: str = ""
    headed: bool = True  # whether headings are shown above columns; in blocks a row's labels always are
    one_line: bool = True  # whether a row is one line in a pipe, the values of a cell side by side
    _rows: list[list[list[Text]]] = field(default_factory=list)
    _sections: set[int] = field(default_factory=set)

    def add(self, *cells: Cell) -> None:
        """Add a row; a person's own text is never read as rich's markup."""
        self._rows.append([_values(cell) for cell in cells])

    def section(self) -> None:
        """Set what follows apart from what was added."""
        self._sections.add(len(self._rows))

    def show(self, console: Console, *, plain: bool = False) -> None:
        """Print it; ``plain``: as blocks, which a screen reader reads in order."""
        labels = [heading.removesuffix(">") for heading in self.headings]
        fit = _Fit(labels, self._rows, console.encoding, headed=self.headed)
        if plain:
            self._blocks(console, fit)
        elif not console.is_terminal:
            whole = fit.one_line if self.one_line else fit.widest
            wide = Console(file=console.file, width=sum(whole) + _GAP * len(whole) + 1, color_system=None)
            self._columns(wide, fit, whole)
        elif (widths := fit.widths(console.width)) is not None:
            self._columns(console, fit, widths)
        else:
            self._blocks(console, fit)

    def _columns(self, console: Console, fit: "_Fit", widths: list[int]) -> None:
        table = self._table(fit, widths, terminal=console.is_terminal)
        if self.title:
            say(console, self.title, "bold")
        if console.is_terminal:
            console.print(table, crop=False)
        else:
            with console.capture() as printed:
                console.print(table, crop=False)
            # The spaces that fill the last column of a table as wide as its longest row are left out.
            console.out("\n".join(map(str.rstrip, printed.get().splitlines())), highlight=False)
        console.print()

    def _table(self, fit: "_Fit", widths: list[int], *, terminal: bool) -> Table:
        lines = terminal and any(fit.height(row, widths) > 1 for row in fit.rows)
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, _GAP - 1, 0, 0))
        table.show_header, table.show_lines = self.headed, lines
        for heading, label, width in zip(self.headings, fit.labels, widths, strict=True):
            side: Literal["left", "right"] = "right" if heading.endswith(">") else "left"
            table.add_column(Text(label), width=width, justify=side, overflow="fold")
        join = Text("\n" if terminal or not self.one_line else "; ")
        for number, row in enumerate(fit.rows):
            if number in self._sections and number:
                table.add_section()
            table.add_row(*map(join.join, row))
        return table

    def _blocks(self, console: Console, fit: "_Fit") -> None:
        if self.title:
            say(console, self.title, "bold")
            console.print()
        for row in fit.rows:
            first = True
            for label, values in zip(fit.labels, row, strict=True):
                value = Text("; ").join(values)
                if not value.plain:
                    continue
                name = Text(f"{' '.join(label.split())}: " if label else "", style="dim")
                _hanging(console, name.append_text(value), 0 if first else 2)
                first = False
            console.print()


class _Fit:
    """How wide the columns of a table are, and can be. Widths are terminal columns."""

    def __init__(
        self, labels: list[str], rows: list[list[list[Text]]], encoding: str, *, headed: bool
    ) -> None:
        self.labels = [fitting(label, encoding) for label in labels]
        self.rows = [[[_fitting(text, encoding) for text in values] for values in row] for row in rows]
        columns = [
            [label] * headed + [text.plain for row in self.rows for text in row[at]]
            for at, label in enumerate(self.labels)
        ]
        self.longest = [max(map(cell_len, " ".join(texts).split()), default=0) for texts in columns]
        self.widest = [max(map(cell_len, "\n".join(texts).split("\n")), default=0) for texts in columns]

    @property
    def one_line(self) -> list[int]:
        """The widths at which each row is one line, several values of a cell side by side."""
        joined = [[cell_len("; ".join(text.plain for text in values)) for values in row] for row in self.rows]
        return [max(lengths) for lengths in zip(self.widest, *joined, strict=True)]

    def widths(self, width: int) -> list[int] | None:
        """Return the columns' widths within ``width``; None where blocks are easier to read."""
        pairs = zip(self.longest, self.widest, strict=True)
        widths = [min(most, max(word, _READABLE)) for word, most in pairs]
        left = width - sum(widths) - _GAP * (len(widths) - 1)
        if left < 0:
            return None
        while left > 0 and widths != self.widest:
            # A column at a time, to the one that would be the tallest otherwise.
            at = max(range(len(widths)), key=lambda at: self.widest[at] / max(1, widths[at]))
            if widths[at] >= self.widest[at]:
                break
            widths[at] += 1
            left -= 1
        return widths if all(self.height(row, widths) <= _TALLEST for row in self.rows) else None

    def height(self, row: list[list[Text]], widths: list[int]) -> int:
        """Return how many lines a row is high."""
        return max(
            max(len(values), sum(max(1, len(wrapped(text, width))) for text in values))
            for values, width in zip(row, widths, strict=True)
        )


def _hanging(console: Console, text: Text, indent: int) -> None:
    """Print a text whose further lines are indented by two more."""
    room = console.width - indent - 2 if console.is_terminal else 1_000_000
    for number, line in enumerate(wrapped(text, room)):
        space = " " * (indent if number == 0 else indent + 2)
        console.print(Text(space).append_text(line), soft_wrap=True, highlight=False)


def _values(cell: Cell) -> list[Text]:
    if isinstance(cell, Text):
        return [cell]
    several = cell.split("\n") if isinstance(cell, str) else cell
    return [Text(each) if isinstance(each, str) else each for each in several]


def _fitting(text: Text, encoding: str) -> Text:
    fits = fitting(text.plain, encoding)
    return text if fits == text.plain else Text(fits, style=text.style)
