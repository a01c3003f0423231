"""Our own voice alone in a loud echo: whatever is understood was said by nobody."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from cuewalk.bench.intervals import poisson
from cuewalk.bench.room.cells import Conditions, room_for
from cuewalk.bench.room.performance import Company, Happening, Performance
from cuewalk.domain.heard import Sureness
from cuewalk.domain.intents import CommandSaid, Expect
from cuewalk.domain.units import FRAME_MS
from cuewalk.engine.events import Understood

#: Our voice at full volume, 10 dB above a person at 65 dB, in an echoing room.
CONDITIONS: Final = Conditions(echo=10.0, rt60=0.4)
#: What is waited for takes turns from line to line, and the other way round when all have been spoken.
_WAITED_FOR: Final = (frozenset({Expect.RATING, Expect.YES_NO}), frozenset[Expect]())
_SECOND: Final = 1000 // FRAME_MS


def hear_own_voice(
    company: Company, lines: Sequence[str], minutes: float, ppm: float, done: Callable[[], None]
) -> dict[str, Any]:
    """Let our voice speak for so many minutes and return what it was taken for. ``done``: each second."""
    performance = Performance(company, room_for(CONDITIONS, 1.0, ppm), lines, volume=1.0, obeys=False)
    script = performance.script
    script.expects = _WAITED_FOR[0]
    performance.begin()
    for _ in range(round(minutes * 60)):
        for _ in range(_SECOND):
            performance.tick()
            at = script.begun % len(lines) + script.begun // len(lines)
            script.expects = _WAITED_FOR[at % len(_WAITED_FOR)]
        done()
    return _report(performance, len(lines), minutes)


def _report(performance: Performance, lines: int, minutes: float) -> dict[str, Any]:
    understood = [h for h in performance.happenings if isinstance(h.event, Understood)]
    accepted = [h for h in understood if acted_on(h)]
    low, high = poisson(len(accepted))
    return {
        "minutes": minutes,
        "lines": lines,
        "lines_spoken": performance.script.begun,
        "echo_db": CONDITIONS.echo,
        "rt60": CONDITIONS.rt60,
        "accepted": len(accepted),
        "accepted_per_hour_interval": [round(limit * 60 / minutes, 2) for limit in (low, high)],
        "false_questions": len(understood) - len(accepted),
        "utterances": len(performance.happenings),
        "hushes": len(performance.interrupted_lines),
        "accepted_list": [_told(h) for h in accepted],
        "false_questions_list": [_told(h) for h in understood if h not in accepted],
        "hushes_list": performance.interrupted_lines,
    }


def acted_on(happening: Happening) -> bool:
    """Return whether a session would have done something; a number that is not sure is asked back."""
    event = happening.event
    return isinstance(event, Understood) and (
        event.heard.sureness is Sureness.ACCEPT or isinstance(event.intent, CommandSaid)
    )


def _told(happening: Happening) -> dict[str, Any]:
    heard = happening.event.heard
    return {
        "heard": heard.text,
        "engine": heard.engine,
        "confidence": round(heard.confidence, 3),
        "line": happening.line,
        "at_seconds": round(happening.at_ms / 1000, 1),
    }
