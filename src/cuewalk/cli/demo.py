"""``cuewalk demo``: a whole session with a simulated person."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cuewalk.cli.common import Content, interrupted, tell, written_to
from cuewalk.content.personal import load_own_catalogue
from cuewalk.planning.own_programmes import check_name
from cuewalk.review.summary import show_summary
from cuewalk.session.stage import open_stage
from cuewalk.session.transcript import Transcript
from cuewalk.settings import load_settings
from cuewalk.simulation.demo import run_demo
from cuewalk.simulation.person.persona import load_persona, persona_for


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
    content: Content = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print only the summary.")] = False,
) -> None:
    """Run a simulated session: every word goes through the real voice and the real recogniser."""
    console, who = Console(), load_persona(persona or persona_for(programme))
    settings = load_settings().model_copy(update={"locale": who.locale})
    # Wrong arguments are found before the voice and the recogniser are started.
    catalogue = load_own_catalogue(who.locale, content)
    check_name(catalogue, programme)
    if wav is not None:
        what = "The sound of the session cannot be written to"
        with written_to(wav, what, "The demonstration was not started.", "Name another file with --wav."):
            pass
    stage = open_stage(settings, programme if real_time else None, tell)
    spoken, heard = stage.voice.spec.engine, stage.hearing.engine
    tell(f"{who.about} Programme {programme}, spoken by {spoken}, heard by {heard}.")
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
        interrupted("The demonstration was interrupted. 'cuewalk demo' starts it anew.")
    stage.voice.close()
    show_summary(result.history, console)
    minutes, seconds = divmod(round(result.session_seconds), 60)
    tell(
        f"{minutes} min {seconds} s of session in {result.elapsed_seconds:.1f} s: "
        f"{result.times_faster:.1f} times faster than real time.",
        f"Journal: {result.journal.resolve()}",
        f"Sound:   {result.wav.resolve()}",
        f"Look:    CUEWALK_HOME={folder} cuewalk log (or buckets, replay)",
        "Next: 'cuewalk doctor' tells what a session with you needs; 'cuewalk run' starts it.",
    )
