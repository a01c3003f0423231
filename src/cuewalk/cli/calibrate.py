"""``cuewalk calibrate``: learns your voice in two minutes."""

from typing import Annotated

import typer
from rich.console import Console

from cuewalk.learning.calibrating.consent import has_consented
from cuewalk.learning.calibrating.flow import calibrate_live
from cuewalk.learning.calibrating.from_corrections import learn_from_corrections
from cuewalk.session.stage import open_stage
from cuewalk.settings import load_settings
from cuewalk.terminal.printing import say

Yes = Annotated[
    bool, typer.Option("--yes", help="You agree that sounds of your voice are kept here; do not ask.")
]
FromCorrections = Annotated[
    bool, typer.Option("--from-corrections", help="Ask nothing: learn from the ratings that you corrected.")
]


def calibrate(yes: Yes = False, from_corrections: FromCorrections = False) -> None:
    """Learn your voice: you say each number and the main commands twice. Nothing is kept unless you agree."""
    console, settings = Console(), load_settings()
    if from_corrections:
        say(console, _from_corrections(learn_from_corrections(settings)))
        return
    stage = open_stage(settings)
    for notice in stage.notices.take():
        say(console, notice)
    say(console, "y yes · n no · q end without keeping anything", "dim")
    try:
        calibrate_live(stage, _Printer(console), agreed=yes)
    except KeyboardInterrupt:
        kept = "What was said to be kept is kept." if has_consented() else "Nothing was kept."
        say(console, f"Interrupted. {kept}")
        raise typer.Exit(130) from None
    finally:
        stage.voice.close()


def _from_corrections(learned: str) -> str:
    if learned or has_consented():
        return learned or "No corrected rating with a sound of its own is there that was not learned already."
    return "You have not agreed that sounds of your voice are kept. Run 'cuewalk calibrate' first."


class _Printer:
    """Prints what is said."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def said(self, text: str) -> None:
        """Print a spoken line."""
        say(self._console, text, "cyan")

    def noticed(self, text: str) -> None:
        """Print a sentence that is not spoken."""
        say(self._console, text, "bold yellow")

    def turn(self, wanted: str) -> None:
        """Nothing: the line that is printed already asks."""
