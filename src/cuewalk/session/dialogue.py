"""A dialogue in turns: a conversation of features that say one line after the other and hear one answer.

The loop runs it as it runs a session: with barge-in, the echo canceller told of everything, keys and notices.
What is different is who drives: `say` and `listen` let frames pass until they have what they want.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from cuewalk.domain.intents import Expect
from cuewalk.domain.units import Millis
from cuewalk.engine.effects import CueKind, Effect, Speak, StopSpeaking
from cuewalk.engine.events import Begin, CueFinished, Event, NotUnderstood, SpeechWasNothing, Understood
from cuewalk.engine.lines import Line
from cuewalk.engine.session import View
from cuewalk.session.loop import SessionLoop
from cuewalk.session.observing import Observer
from cuewalk.speech_in.listener import UtteranceHeard

#: ms. Speech that begins this shortly before our own line has died away is still an answer to it. Design: a
#: voice's last line ends in silence of that length.
EAGER: Final = Millis(120)


@dataclass(frozen=True, slots=True, eq=False)
class DialogueAnswer:
    """One utterance of the person, and what a session would make of it.

    ``event`` is None where a session would take it for what is left of our own voice; ``spoiled``: its sound
    is too damaged to learn from.
    """

    utterance: UtteranceHeard
    spoiled: bool
    event: Understood | NotUnderstood | None


class Dialogue(Observer):
    """A conversation and its own observer; `runs_on` has to be called before the first line."""

    state = "dialogue"
    ended = False

    def __init__(self, expects: frozenset[Expect]) -> None:
        self.expects = expects
        self._loop: SessionLoop | None = None
        self._numbers = count(1)
        self._effects: list[Effect] = []
        #: The line being spoken, "" while none is.
        self.line = ""
        #: When our last line was over, on the loop's clock.
        self.silent_since = Millis(0)
        #: Lines that are likely said later, to be rendered ahead.
        self.planned: list[str] = []
        self._heard: tuple[UtteranceHeard, bool] | None = None
        self._answers: list[DialogueAnswer] = []

    def runs_on(self, loop: SessionLoop) -> None:
        """Use this loop."""
        self._loop = loop

    @property
    def loop(self) -> SessionLoop:
        """The loop that it runs on."""
        assert self._loop is not None  # noqa: S101 - a dialogue without a loop is a mistake of ours
        return self._loop

    @property
    def now(self) -> Millis:
        """Milliseconds on the loop's clock."""
        return self.loop.now

    def say(self, text: str) -> None:
        """Say a line until it has been heard to its end."""
        self.line = text
        self._answers.clear()
        if text in self.planned:
            self.planned.remove(text)
        self._do(Speak(next(self._numbers), CueKind.PROMPT, "literal", {"text": text}))
        while self.line:
            self.loop.tick()
        self.silent_since = Millis(self.now - self.loop.playback.pause_after)

    def be_silent(self, lasting: Millis) -> None:
        """Let frames pass."""
        until = self.now + lasting
        while self.now < until:
            self.loop.tick()

    def listen(self, until: Millis, since: Millis) -> DialogueAnswer | None:
        """Return the first answer that began at ``since`` or up to `EAGER` before; None if there is none.

        An utterance under way at ``until`` is heard to its end.
        """
        while True:
            for answer in self._answers:
                if answer.utterance.start_ms >= since - EAGER:
                    self._answers.clear()
                    return answer
            self._answers.clear()
            if not self.listening(until):
                return None
            self.loop.tick()

    def listening(self, until: Millis) -> bool:
        """Return whether an answer is still waited for."""
        return self.now < until or self.loop.speaking

    def break_off(self) -> None:
        """Fall silent in the middle of a line."""
        if self.line:
            self.line = ""
            self._do(StopSpeaking())

    def step(self, event: Event) -> Sequence[Effect]:
        """Take one event and return the effects that were asked for."""
        match event:
            case CueFinished():
                self.line = ""
            case Understood() | NotUnderstood():
                self._take(event)
            case SpeechWasNothing():
                self._take(None)
        effects, self._effects = self._effects, []
        return effects

    def coming(self, most: int) -> list[Line]:
        """Return the planned lines that come next."""
        return [Line(CueKind.PROMPT, "literal", {"text": text}) for text in self.planned[:most]]

    def view(self) -> View:
        """Return what an observer sees."""
        return View(self.state)

    def heard(self, utterance: UtteranceHeard, *, spoiled: bool) -> None:
        """Hold an utterance until it is understood."""
        self._heard = utterance, spoiled

    def understood(self, event: Understood | NotUnderstood) -> None:
        """Take in what was said or typed at any time; for those that end, or answer by keys."""

    def _take(self, event: Understood | NotUnderstood | None) -> None:
        if event is not None:
            self.understood(event)
        if self._heard is not None and (event is None or event.heard.utterance is not None):
            (utterance, spoiled), self._heard = self._heard, None
            self._answers.append(DialogueAnswer(utterance, spoiled, event))

    def _do(self, effect: Effect) -> None:
        self._effects = [effect]
        self.loop.tell(Begin())
