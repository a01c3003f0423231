"""The script that takes the session's place in a live benchmark: cues, questions, and what follows a word."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, Final

from cuewalk.domain.heard import Heard
from cuewalk.domain.intents import Command, CommandSaid, Expect, Intent, RatingSaid
from cuewalk.domain.units import Millis
from cuewalk.engine.effects import CueKind, Effect, Listen, Speak, StartTimer, StopSpeaking
from cuewalk.engine.events import Begin, CueFinished, Event, NotUnderstood, TimerFired, Understood
from cuewalk.engine.lines import Line
from cuewalk.engine.session import View

#: Silence after a stop, ms: longer than any pause in a cue, so that the recording shows when it was.
_QUIET: Final = Millis(850)
#: From the end of a read-back until the next trial may begin, ms. Design.
_AFTER_ANSWER: Final = Millis(200)
_RATING: Final = frozenset({Expect.RATING})


class LiveScript:
    """Speaks ``cues`` for ever, or asks ``question`` once, as `Begin` events come in.

    ``tell`` gets every message as a JSON object.
    """

    def __init__(self, cues: Sequence[str], question: str, tell: Callable[[dict[str, Any]], None]) -> None:
        self._cues, self._question, self._tell = cues, question, tell
        self._numbers = count(1)
        self._at = 0
        self.state = "quiet"
        self.ended = False
        self.next: str = "cue"

    @property
    def expects(self) -> frozenset[Expect]:
        """A number while the question is open."""
        return _RATING if self.state in {"asking", "asked"} else frozenset()

    def step(self, event: Event) -> list[Effect]:
        """Take one event and return its effects."""
        match event:
            case Begin():
                return self._begin()
            case CueFinished():
                return self._spoken()
            case Understood(intent=intent, heard=heard):
                return self._understood(intent, heard)
            case NotUnderstood(heard=heard):
                self._tell({"not_understood": heard.text, "state": self.state})
                return self._answer("asked_again") if self.state == "asked" else []
            case TimerFired():
                self._tell({"ready": True})
        return []

    def coming(self, most: int) -> list[Line]:  # noqa: ARG002 - the conversation's shape
        """Return nothing: what is spoken is rendered before the loop begins."""
        return []

    def view(self) -> View:
        """Return what an observer sees."""
        return View(self.state)

    def _begin(self) -> list[Effect]:
        if self.next == "end":
            self.ended = True
            return [StopSpeaking()]
        # What a stop did not end is ended here, so that nothing waits behind it.
        ended: list[Effect] = [StopSpeaking()] if self.state in {"cue", "asking"} else []
        self.state = "cue" if self.next == "cue" else "asking"
        self._tell({"began": self.next})
        spoken = self._cue() if self.state == "cue" else self._say(self._question)
        return [*ended, Listen(self.expects), spoken]

    def _spoken(self) -> list[Effect]:
        if self.state == "cue":
            return [self._cue()]
        if self.state == "asking":
            self.state = "asked"
            self._tell({"asked": True})
            return []
        return [StartTimer(next(self._numbers), _AFTER_ANSWER)]

    def _understood(self, intent: Intent, heard: Heard) -> list[Effect]:
        self._tell(
            {
                "understood": heard.text,
                "state": self.state,
                "sure": heard.sureness.value,
                "confidence": round(heard.confidence, 3),
                "engine": heard.engine,
                "rating": intent.value if isinstance(intent, RatingSaid) else None,
            }
        )
        if self.state == "cue" and isinstance(intent, CommandSaid) and intent.command is Command.STOP:
            self.state = "quiet"
            return [StopSpeaking(), StartTimer(next(self._numbers), _QUIET)]
        return self._answer(heard.text) if self.state == "asked" else []

    def _answer(self, text: str) -> list[Effect]:
        self.state = "quiet"
        return [Listen(self.expects), self._say(f"{text.capitalize()}.")]

    def _cue(self) -> Speak:
        self._at += 1
        return self._say(self._cues[self._at % len(self._cues)])

    def _say(self, text: str) -> Speak:
        return Speak(next(self._numbers), CueKind.PROMPT, "literal", {"text": text})
