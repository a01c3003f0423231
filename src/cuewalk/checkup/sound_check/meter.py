"""The terminal during a sound check: the lines that were said, and below them the microphone's level."""

from types import TracebackType
from typing import Final, Self

import numpy as np
from rich.console import Console
from rich.live import Live
from rich.text import Text

from cuewalk.domain.sound import FULL_SCALE, Samples
from cuewalk.terminal.printing import say

_WIDTH: Final = 40
#: The bar's left end, in dBFS, and from where on it is full of colour: good speech, and nearly cut off.
_LEAST: Final = -70.0
_GOOD, _HIGH = -45.0, -6.0
#: Frames between two drawings (100 ms), and by how much the mark of the loudest sinks at each.
_EVERY: Final = 5
_SINKS: Final = 1.5


class Meter:
    """A context manager. On a plain screen, and where there is no terminal, there is no bar, only lines."""

    def __init__(self, console: Console, *, plain: bool = False) -> None:
        self._console = console
        self._drawn = console.is_terminal and not console.is_dumb_terminal and not plain
        self._phase, self._frames = "", 0
        self._level = self._peak = _LEAST
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if self._drawn:
            self._live = Live(Text(), console=self._console, auto_refresh=False, transient=True)
            self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.__exit__(kind, error, trace)

    def line(self, text: str, style: str = "") -> None:
        """Print a line that stays."""
        say(self._console, text, style)

    def phase(self, text: str) -> None:
        """Say beside the bar what is going on."""
        self._phase = text

    def feed(self, microphone: Samples) -> None:
        """Take in one frame of the microphone."""
        self._level = max(self._level, level_dbfs(microphone))
        self._frames += 1
        if self._live is not None and self._frames % _EVERY == 0:
            self._peak = max(self._peak - _SINKS, self._level)
            self._live.update(bar(self._level, self._peak, self._phase, self._console.width), refresh=True)
            self._level = _LEAST


def level_dbfs(frame: Samples) -> float:
    """Return the peak of a frame in dBFS, at least the bar's left end."""
    peak = int(np.abs(frame.astype(np.int32)).max(initial=0))
    return max(_LEAST, float(20 * np.log10(max(peak, 1) / FULL_SCALE)))


def bar(level: float, peak: float, phase: str, width: int = 80) -> Text:
    """Return the bar: how loud it is now, a mark at the loudest of late, the number, what is going on."""
    cells = max(0, min(_WIDTH, width - len(f" -70 dBFS  {phase}")))
    filled, mark = _place(level, cells), _place(peak, cells)
    colour = "red" if peak > _HIGH else "green" if level > _GOOD else "blue"
    drawn = ["█" if at < filled else "│" if at == mark and mark else "·" for at in range(cells)]
    line = Text("".join(drawn), style=colour)
    return line.append(f" {level:4.0f} dBFS  ", style="default").append(phase, style="bold default")


def _place(level: float, cells: int) -> int:
    return min(cells, max(0, round((level - _LEAST) / -_LEAST * cells)))
