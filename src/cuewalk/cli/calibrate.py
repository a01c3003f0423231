"""``cuewalk calibrate``: learns your voice in two minutes."""

from typing import Annotated

import typer

from cuewalk.cli.common import interrupted, noticing, tell
from cuewalk.learning.calibrating.consent import has_consented
from cuewalk.learning.calibrating.flow import calibrate_live
from cuewalk.learning.calibrating.from_corrections import learn_from_corrections
from cuewalk.session.stage import open_stage
from cuewalk.settings import load_settings

Yes = Annotated[
    bool, typer.Option("--yes", help="You agree that sounds of your voice are kept here; do not ask.")
]
FromCorrections = Annotated[
    bool, typer.Option("--from-corrections", help="Ask nothing: learn from the ratings that you corrected.")
]


def calibrate(yes: Yes = False, from_corrections: FromCorrections = False) -> None:
    """Learn your voice: you say each number and the main commands twice. Nothing is kept unless you agree."""
    settings = load_settings()
    if from_corrections:
        tell(learn_from_corrections(settings) or _nothing_learned())
        return
    stage = open_stage(settings, "", tell)
    try:
        with noticing(stage.notices):
            calibrate_live(stage, _Printer(), agreed=yes)
    except KeyboardInterrupt:
        kept = "What was said to be kept is kept." if has_consented() else "Nothing was kept."
        interrupted(f"Interrupted. {kept}")
    finally:
        stage.voice.close()


def _nothing_learned() -> str:
    if has_consented():
        return "No corrected rating with a sound of its own is there that was not learned already."
    return "You have not agreed that sounds of your voice are kept. Run 'cuewalk calibrate' first."


class _Printer:
    """The onlooker that prints; a turn needs nothing, for the line that is printed already asks."""

    def keys_work(self) -> None:
        tell("y yes · n no · q end without keeping anything", style="dim")

    def said(self, text: str) -> None:
        tell(text, style="cyan")

    def noticed(self, text: str) -> None:
        tell(text, style="bold yellow")

    def turn(self, wanted: str) -> None:
        pass
