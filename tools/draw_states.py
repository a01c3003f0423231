"""Draws the state table as a Mermaid diagram into ``docs/architecture.md``.

python -m tools.draw_states          writes it
python -m tools.draw_states --check  fails if it is not up to date
"""

import sys
from pathlib import Path

from cuewalk.engine.context import Context
from cuewalk.engine.machine import RETURN, Row
from cuewalk.engine.table import TABLE

PAGE = Path(__file__).resolve().parents[1] / "docs" / "architecture.md"
BEGIN, END = "<!-- states: drawn by tools/draw_states.py -->", "<!-- states end -->"
#: Rows that lead out of nearly every state would hide the rest; they are listed below the drawing.
_FROM_ANYWHERE = 8


#: The way through a session; what steers or interrupts it is drawn apart.
_WAY = frozenset(["begin", "done", "yes", "no", "side", "construct", "rated", "doubt", "again", "wait"])


def diagram() -> str:
    """Return both drawings and the list of what leads out of nearly everywhere."""
    way = [row for row in TABLE if row.trigger in _WAY]
    steering = [row for row in TABLE if row.trigger not in _WAY and len(row.sources) <= _FROM_ANYWHERE]
    everywhere = [row for row in TABLE if row.trigger not in _WAY and len(row.sources) > _FROM_ANYWHERE]
    parts = ["The way through a session:", "", *_drawn(way), "", "Steering it, and being interrupted:", ""]
    parts += [
        *_drawn(steering),
        "",
        *(f"- **{r.trigger}** from nearly anywhere → `{r.dest}`" for r in everywhere),
    ]
    return "\n".join(parts)


def _drawn(rows: list[Row[Context]]) -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2", '  state "where it was" as history']
    for row in rows:
        dest = "history" if row.dest is RETURN else row.dest
        lines += [f"  {source} --> {dest}: {row.trigger}{_when(row)}" for source in row.sources]
    return [*lines, "```"]


def _when(row: Row[Context]) -> str:
    return (
        f" [{' and '.join(condition.__name__.replace('_', ' ') for condition in row.when)}]"
        if row.when
        else ""
    )


def updated(page: str) -> str:
    """Return the page with the diagram between its marks."""
    head, rest = page.split(BEGIN)
    tail = rest.split(END)[1]
    return f"{head}{BEGIN}\n{diagram()}\n{END}{tail}"


def main() -> int:
    """Write or check the page."""
    page = PAGE.read_text("utf-8")
    new = updated(page)
    if "--check" in sys.argv:
        return int(new != page)
    PAGE.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
