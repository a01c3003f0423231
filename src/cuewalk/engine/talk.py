"""Runs a script: speaks its lines in order, on the beat, and never lets two cues cut each other off."""

from collections.abc import Iterable
from itertools import islice

from cuewalk.domain.units import Millis
from cuewalk.engine.effects import CancelTimer, CueKind, Outbox, Speak, StartTimer, StopSpeaking
from cuewalk.engine.events import CueFinished, Event, TimerFired
from cuewalk.engine.lines import Line, ScriptItem


class Talk:
    """The voice's side of a session. No cue or timer number is used twice.

    Attributes:
        items: the script.
        at: the index of the item that is being spoken or waited for.
        pace: how fast paced beats pass, 1.0 being as written.
        preface: said at the start of the next script (a read-back, "Resuming").
    """

    def __init__(self, out: Outbox) -> None:
        self._out = out
        self._last_number = 0
        self.items: list[ScriptItem] = []
        self.at = 0
        self.pace = 1.0
        self.preface: list[ScriptItem] = []
        self._cue: int | None = None
        self._beat: int | None = None
        self._patience: int | None = None

    @property
    def finished(self) -> bool:
        """Whether every item of the script has been spoken and waited for."""
        return self.at >= len(self.items)

    @property
    def on_last_item(self) -> bool:
        """Whether the last item of the script is being spoken or has been spoken."""
        return self.at >= len(self.items) - 1

    @property
    def elapsed(self) -> float:
        """The share of the script's beats and silences that lies behind, 0-1."""
        waits = [item.beat if isinstance(item, Line) else item.wait for item in self.items]
        return sum(waits[: self.at]) / (sum(waits) or 1)

    @property
    def by_itself(self) -> Event | None:
        """What comes next if nobody says anything; None where an answer is waited for."""
        if self._cue is not None:
            return CueFinished(cue=self._cue)
        return None if self._beat is None else TimerFired(timer=self._beat)

    @property
    def silence(self) -> Event | None:
        """The end of the patience, None while no answer is waited for."""
        return None if self._patience is None else TimerFired(timer=self._patience)

    @property
    def reps_left(self) -> int:
        """How many counted repetitions, or holds, are still to come."""
        ahead = (item for item in self.items[self.at + 1 :] if isinstance(item, Line))
        # The seconds that are counted down at the end of a hold are plain time, no repetitions.
        return sum(
            line.prompt == "hold_start" or (line.kind is CueKind.COUNT and line.paced) for line in ahead
        )

    def coming(self, most: int) -> list[Line]:
        """Return the next spoken lines after the present one, at most ``most``."""
        ahead = (item for item in self.items[self.at + 1 :] if isinstance(item, Line))
        return list(islice(ahead, most))

    def say(self, *items: ScriptItem) -> None:
        """Begin a script, the preface first."""
        self.start([*self._take_preface(), *items])

    def start(self, items: Iterable[ScriptItem], at: int = 0) -> None:
        """Begin a script, from item ``at`` on; whatever was being said stops."""
        self.stop_speaking()
        self.items, self.at = list(items), at
        self._play()

    def go_on(self, items: list[ScriptItem], at: int) -> None:
        """Go on with a script that was interrupted, from item ``at`` on, the preface before it."""
        self.start([*items[:at], *self._take_preface(), *items[at:]], at=at)

    def interject(self, lines: Iterable[ScriptItem]) -> None:
        """Say ``lines`` now; the item they interrupt is begun again afterwards."""
        self.stop_speaking()
        self.items[self.at : self.at] = list(lines)
        self._play()

    def cut(self) -> None:
        """Leave the rest of the script unsaid."""
        self.stop_speaking()
        self.at = len(self.items)

    def rewind(self) -> None:
        """Say the last line that was not a count again, and go on from there."""
        heard = [i for i, item in enumerate(self.items[: self.at + 1]) if _worth_repeating(item)]
        self.start(self.items, heard[-1] if heard else 0)

    def stop_speaking(self) -> None:
        """Fall silent at once and forget every timer."""
        if self._cue is not None:
            self._out.add(StopSpeaking())
        for timer in (self._beat, self._patience):
            if timer is not None:
                self._out.add(CancelTimer(timer))
        self._cue = self._beat = self._patience = None

    def cue_finished(self, cue: int) -> None:
        """Go on after a cue, if it is the one being waited for."""
        if cue == self._cue:
            self._cue = None
            self._next_item()

    def timer_fired(self, timer: int) -> bool:
        """Go on after a beat; return whether it was patience that ran out."""
        if timer == self._beat:
            self._beat = None
            self._next_item()
        if timer != self._patience:
            return False
        self._patience = None
        return True

    def be_patient(self, patience: Millis) -> None:
        """Start waiting for an answer, unless that is under way."""
        if self._patience is None:
            self._patience = self._timer(patience)

    def hold_patience(self) -> None:
        """Stop the clock of patience while the person speaks."""
        if self._patience is not None:
            self._out.add(CancelTimer(self._patience))
            self._patience = None

    def _take_preface(self) -> list[ScriptItem]:
        preface, self.preface = self.preface, []
        return preface

    def _next_number(self) -> int:
        self._last_number += 1
        return self._last_number

    def _timer(self, after: Millis) -> int:
        timer = self._next_number()
        self._out.add(StartTimer(timer, after))
        return timer

    def _next_item(self) -> None:
        if self._cue is None and self._beat is None:
            self.at += 1
            self._play()

    def _play(self) -> None:
        while not self.finished:
            item = self.items[self.at]
            if isinstance(item, Line):
                self._cue = self._next_number()
                self._out.add(Speak(self._cue, item.kind, item.prompt, item.slots, item.length))
                if item.beat > 0:
                    self._beat = self._timer(self._at_pace(item.beat, paced=item.paced))
                return
            if item.wait > 0:
                self._beat = self._timer(self._at_pace(item.wait, paced=item.paced))
                return
            self.at += 1

    def _at_pace(self, wait: Millis, *, paced: bool) -> Millis:
        return Millis(round(wait / self.pace)) if paced else wait


def _worth_repeating(item: ScriptItem) -> bool:
    return isinstance(item, Line) and item.kind not in {CueKind.COUNT, CueKind.COACHING}
