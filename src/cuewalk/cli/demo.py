"""``cuewalk demo``: a whole session with a simulated person."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cuewalk.content.personal import load_own_catalogue
from cuewalk.domain.errors import CuewalkError
from cuewalk.files.faults import reason
from cuewalk.files.writing import check_place
from cuewalk.planning.own_programmes import check_name
from cuewalk.review.summary import show_summary
from cuewalk.session.stage import open_stage
from cuewalk.session.transcript import Transcript
from cuewalk.settings import load_settings
from cuewalk.simulation.demo import run_demo
from cuewalk.simulation.person.persona import load_persona, persona_for
from cuewalk.terminal.printing import say


def demo(
    *,
    programme: Annotated[str, typer.Option(help="Which programme.")] = "feet-up",
    persona: Annotated[
        str | None,
        typer.Option(
            help="Who is simulated: mixed, sore, resting …, or a persona file (else one that fits)."
        ),
    ] = None,
    real_time: Annotated[bool, typer.Option("--real-time", help="Take as long as a real session.")] = False,
    wav: Annotated[
        Path | None, typer.Option(help="Where the sound of the session goes (session.wav in the folder).")
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where the demo's own journal goes.")] = Path("cuewalk-demo"),
    content: Annotated[
        Path | None, typer.Option(help="A folder with movements and programmes of your own.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print only the summary.")] = False,
) -> None:
    """Run a simulated session: every word goes through the real voice and the real recogniser."""
    console, who = Console(), load_persona(persona or persona_for(programme))
    settings = load_settings().model_copy(update={"locale": who.locale})
    # What was asked for is looked at before the voice and the recogniser are started for it.
    catalogue = load_own_catalogue(who.locale, content)
    check_name(catalogue, programme)
    if wav is not None:
        _check_wav(wav)
    stage = open_stage(settings)
    say(console, f"{who.about} Programme {programme}, heard by {stage.hearing.engine}.")
    try:
        result = run_demo(
            stage,
            catalogue,
            who,
            programme=programme,
            folder=folder,
            wav=wav or folder / "session.wav",
            observers=[] if quiet else [Transcript(console)],
            real_time=real_time,
        )
    except KeyboardInterrupt:
        say(console, "The demonstration was interrupted. 'cuewalk demo' starts it anew.")
        raise typer.Exit(130) from None
    stage.voice.close()
    show_summary(result.history, console)
    minutes, seconds = divmod(round(result.session_seconds), 60)
    say(
        console,
        f"{minutes} min {seconds} s of session in {result.elapsed_seconds:.1f} s: "
        f"{result.times_faster:.1f} times faster than real time.",
    )
    say(console, f"Journal: {result.journal.resolve()}")
    say(console, f"Sound:   {result.wav.resolve()}")
    say(console, f"Look:    CUEWALK_HOME={folder} cuewalk log (or buckets, replay)")
    say(console, "Next: 'cuewalk doctor' tells what a session with you needs; 'cuewalk run' starts it.")


def _check_wav(wav: Path) -> None:
    try:
        check_place(wav)
    except (OSError, ValueError) as error:
        raise CuewalkError(
            f"The sound of the session cannot be written to {wav}: {reason(error)}.",
            meaning="The demonstration was not started.",
            remedy="Name another file with --wav.",
        ) from error
