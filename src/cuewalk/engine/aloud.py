"""Lines told one after the other, with nothing asked; "stop" or "next" ends them."""

from collections.abc import Iterable
from typing import Final

from cuewalk.domain.intents import Command, CommandSaid, Expect
from cuewalk.engine.effects import Effect, Listen
from cuewalk.engine.events import Begin, CueFinished, Event, TimerFired, Understood
from cuewalk.engine.lines import Line
from cuewalk.engine.session import View
from cuewalk.engine.talk import Talk

_ENDING: Final = frozenset({Command.STOP, Command.END, Command.SKIP, Command.NEXT})


class Aloud:
    """A conversation in which only one side talks. The same events always give the same effects."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = tuple(lines)
        self._out: list[Effect] = []
        self._talk = Talk(self._out)
        self._begun = False

    @property
    def state(self) -> str:
        """The state's name, as a session's summary."""
        return "ended" if self.ended else "summary"

    @property
    def expects(self) -> frozenset[Expect]:
        """Nothing but commands."""
        return frozenset()

    @property
    def ended(self) -> bool:
        """Whether everything was told, or is not to be."""
        return self._begun and self._talk.finished

    def step(self, event: Event) -> list[Effect]:
        """Take one event and return its effects."""
        match event:
            case Begin() if not self._begun:
                self._begun = True
                self._out.append(Listen(self.expects))
                self._talk.start(self._lines)
            case CueFinished(cue=cue):
                self._talk.cue_finished(cue)
            case TimerFired(timer=timer):
                self._talk.timer_fired(timer)
            case Understood(intent=CommandSaid(command=command)) if command in _ENDING:
                self._talk.cut()
            case _:
                pass
        done = list(self._out)
        self._out.clear()
        return done

    def coming(self, most: int) -> list[Line]:
        """Return the lines that are spoken next."""
        return self._talk.coming(most)

    def view(self) -> View:
        """Return what a screen shows."""
        return View(self.state)
