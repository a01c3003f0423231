"""The terminal while a session runs: where we are, what is said and heard, the rating, what comes next."""

from collections import deque
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from cuewalk.app.keyboard import Keyboard
from cuewalk.app.observing import Silent, Step
from cuewalk.app.transcript import describe
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.engine.session import View

_LINES = 8
_KEYS = (
    "space pause/resume · . stop · ! that hurts · > next · < back · + louder · - quieter · ? help · or type"
)
#: Redraws a second; each costs some milliseconds on a Raspberry Pi.
_REFRESH = 4


class Screen(Silent):
    """A live panel; use it as a context manager."""

    def __init__(self, console: Console, title: str, keyboard: Keyboard | None = None) -> None:
        self._keyboard, self._title = keyboard, title
        self._view = View("idle")
        self._cue, self._heard = "", Text("—", style="dim")
        self._log: deque[str] = deque(maxlen=_LINES)
        self._live = Live(get_renderable=self.render, console=console, refresh_per_second=_REFRESH)

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def stepped(self, step: Step) -> None:
        """Take in one step."""
        self._view = step.view
        for _, text in step.lines:
            self._cue = text
            self._log.append(text)
        self._log.extend(line for record in step.records if (line := describe(record)))
        match step.event:
            case Understood(heard=heard):
                self._heard = Text(f"{heard.text}  ({heard.confidence:.2f}, {heard.engine})", style="yellow")
            case NotUnderstood(heard=heard):
                self._heard = Text(f"not understood: {heard.text or '…'}", style="dim yellow")

    def noticed(self, text: str) -> None:
        """Show a sentence for the person among the last lines."""
        self._log.append(text)

    def render(self) -> Panel:
        """Return the panel as it is now."""
        view, grid = self._view, Table.grid(padding=(0, 2))
        rows: list[tuple[str, str | Text]] = [
            ("now", f"{view.state.replace('_', ' ')}"),
            ("movement", self._movement()),
            ("voice", Text(self._cue, style="bold cyan")),
            ("heard", self._heard),
            ("rating", "—" if view.rating is None else f"{view.rating:g}"),
            ("next", view.following or "—"),
        ]
        if self._keyboard and self._keyboard.typed:
            rows.append(("typing", self._keyboard.typed))
        for name, value in rows:
            grid.add_row(Text(name, style="dim"), value)
        recent = Text("\n".join(self._log), style="dim")
        return Panel(Group(grid, Text(), recent), title=self._title, subtitle=_KEYS, padding=(1, 2))

    def _movement(self) -> str:
        view = self._view
        if not view.movement:
            return "—"
        side = "" if view.side == "both" else f", {view.side} side"
        again = ", once more" if view.attempt > 1 else ""
        pace = f" · pace {view.pace:.0%} · {view.range_name}"
        return f"{view.position}/{view.total} {view.movement}{side}{again}{pace}"
