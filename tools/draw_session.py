"""Draws ``docs/session.svg``: the terminal in the middle of a simulated session, as it really looks.

python -m tools.draw_session
"""

import io
import re
import tempfile
from pathlib import Path

from rich.console import Console

from cuewalk.content.load import load_catalogue
from cuewalk.domain.records import RatingGiven
from cuewalk.session.observing import Observer, StepPerformed
from cuewalk.session.screen import Screen
from cuewalk.session.stage import open_stage
from cuewalk.settings import Settings
from cuewalk.simulation.demo import run_demo
from cuewalk.simulation.person.persona import load_persona

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "session.svg"
#: The picture is taken when this many ratings have been given and the next line is being spoken.
_RATINGS = 3


class Photographer(Observer):
    """Takes one picture of the screen."""

    def __init__(self, screen: Screen) -> None:
        self._screen, self._ratings, self.taken = screen, 0, False

    def stepped(self, step: StepPerformed) -> None:
        """Count ratings; take the picture two lines later."""
        self._screen.stepped(step)
        self._ratings += sum(isinstance(record, RatingGiven) for record in step.records)
        if self._ratings >= _RATINGS and step.lines and step.view.state == "perform" and not self.taken:
            self.taken = True
            console = Console(record=True, width=100, force_terminal=True, file=io.StringIO())
            console.print(self._screen)
            PICTURE.write_text(_without_fonts(console.export_svg(title="cuewalk")), "utf-8")


def _without_fonts(svg: str) -> str:
    """Return the picture without addresses of fonts: whoever looks at it should not have to ask a network."""
    return re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)


def main() -> None:
    """Run a demo and take the picture."""
    stage = open_stage(Settings())
    photographer = Photographer(Screen(Console(quiet=True), "cuewalk · Feet Up"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_demo(
            stage,
            load_catalogue("en-US"),
            load_persona("mixed"),
            programme="feet-up",
            folder=folder,
            wav=folder / "session.wav",
            observers=[photographer],
        )
    stage.voice.close()


if __name__ == "__main__":
    main()
