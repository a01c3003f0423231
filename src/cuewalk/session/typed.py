"""What was typed, as the event that the session is told."""

from typing import Final

from cuewalk.domain.heard import Heard, InputMode
from cuewalk.domain.intents import CannotSaid, Command, CommandSaid, CorrectionSaid, Expect
from cuewalk.domain.units import Millis
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.session.keyboard import Urged
from cuewalk.speech_in.api import Hypothesis
from cuewalk.speech_in.keys_recogniser import ENGINE
from cuewalk.understanding.interpreter import Interpreter, Utterance

#: What means something wherever it is said; answers do where something is asked.
_EVERYWHERE: Final = CommandSaid | CannotSaid | CorrectionSaid
#: Here a stop ends the session, which nobody means by the full stop of an answer that was not understood.
_STOP_ENDS: Final = frozenset({Expect.END_OR_CARRY_ON, Expect.STEADY, Expect.DENIAL})


def event_of(
    typed: Hypothesis | Command | Urged, ears: Interpreter, expects: frozenset[Expect], now: Millis
) -> Understood | NotUnderstood:
    """Return the event of a line, a key, or a line that an urgent key ended."""
    if isinstance(typed, Command):
        return _pressed(typed)
    line = typed.line if isinstance(typed, Urged) else typed
    event = ears.understand(Utterance(None, (line,), InputMode.KEYS, now, now), expects)
    if isinstance(typed, Urged) and not _means_something(event, expects):
        return _pressed(typed.key)
    return event


def _means_something(event: Understood | NotUnderstood, expects: frozenset[Expect]) -> bool:
    if expects & _STOP_ENDS:
        return True
    return isinstance(event, Understood) and (bool(expects) or isinstance(event.intent, _EVERYWHERE))


def _pressed(command: Command) -> Understood:
    heard = Heard(text=command.value, confidence=1.0, engine=ENGINE, mode=InputMode.KEYS)
    return Understood(intent=CommandSaid(command=command), heard=heard)
