"""A running transcript of a session: who said what, what was understood, what was decided."""

from rich.console import Console
from rich.text import Text

from cuewalk.domain.errors import OutputLostError
from cuewalk.domain.records import (
    RatingCorrected,
    RatingGiven,
    Record,
    SessionPaused,
    TrialJudged,
)
from cuewalk.engine.effects import CueKind
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.session.observing import Observer, StepPerformed, guess_of
from cuewalk.terminal.printing import say

_STYLES = {
    CueKind.PROMPT: "bold cyan",
    CueKind.STEP: "cyan",
    CueKind.COACHING: "green",
    CueKind.COUNT: "dim cyan",
    CueKind.NOTICE: "cyan",
}


class Transcript(Observer):
    """Prints every line as it is spoken, every utterance as it was heard, every decision.

    Only new lines are printed and nothing is drawn anew, so a screen reader can follow. Where the output is
    lost (a full disk, a closed pipe) the session goes on by voice.
    """

    def __init__(self, console: Console) -> None:
        self._console, self._lost = console, False

    def stepped(self, step: StepPerformed) -> None:
        """Print one step."""
        clock = f"{step.now // 60000:02d}:{step.now // 1000 % 60:02d} "
        for text, style in [*self._heard(step), *self._decided(step), *self._spoken(step)]:
            self._print(Text(clock, style="dim").append(text, style=style))

    def noticed(self, text: str) -> None:
        """Print a sentence for the person."""
        self._print(Text(text, style="bold yellow"))

    def _print(self, line: Text) -> None:
        if self._lost:
            return
        try:
            say(self._console, line)
        except OutputLostError:
            self._lost = True

    def _heard(self, step: StepPerformed) -> list[tuple[str, str]]:
        match step.event:
            case Understood(heard=heard):
                return [(f"  you      {heard.text}  ({heard.confidence:.2f}, {heard.engine})", "yellow")]
            case NotUnderstood(heard=heard):
                guess = guess_of(heard)
                like = f', perhaps "{guess}" ({heard.confidence:.2f})' if guess else ""
                return [(f"  you      … not understood{like}", "dim yellow")]
            case _:
                return []

    def _spoken(self, step: StepPerformed) -> list[tuple[str, str]]:
        return [(f"cuewalk    {text}", _STYLES[speak.kind]) for speak, text in step.lines]

    def _decided(self, step: StepPerformed) -> list[tuple[str, str]]:
        return [(f"           {text}", "magenta") for record in step.records if (text := describe(record))]


def describe(record: Record) -> str:
    """Return a record as a short line, "" for those that a transcript leaves out."""
    match record:
        case RatingGiven(phase=phase, value=value):
            return f"rating {phase.value}: {'missing' if value is None else f'{value:g}'}"
        case RatingCorrected(value=value):
            return f"corrected to {value:g}"
        case TrialJudged(verdict=verdict, decision=decision):
            grade = f" ({verdict.grade.value})" if verdict.grade.value != "none" else ""
            return f"verdict: {verdict.outcome.value}{grade} → {decision.value}".replace("_", " ")
        case SessionPaused(reason=reason):
            return f"paused ({reason})"
        case _:
            return ""
