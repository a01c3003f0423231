"""What the simulated person says next, from what they have heard so far. No audio here."""

from dataclasses import dataclass

from cuewalk.domain.records import RatingPhase
from cuewalk.engine.effects import Speak
from cuewalk.engine.session import View
from cuewalk.engine.states import ASKING, PHASES, READY_WAITS, TAKES, WAITING, NumberRole, State
from cuewalk.language.pack import LocalePack
from cuewalk.simulation.person.persona import MUMBLE, SILENCE, Persona, Rates, Remark

#: How long the person waits before saying "resume" after a pause.
_PAUSE_MS = 4000
_REPEATS, _REPEAT_MS = 2, 1500
#: What is said once an objection has arrived.
_OBJECTION_HEARD = frozenset({"corrected", "confirm_rating", "asked_again", "introduce"})
_MUMBLES = ("mm hmm well you know", "it is sort of there", "let me think about it")


@dataclass(slots=True)
class _Moment:
    """One stay in one state."""

    state: str
    since: int
    quiet_since: int | None = None
    answered: bool = False


class SimulatedPerson:
    """Answers every question once the voice is silent; says the persona's own lines at their time."""

    def __init__(self, persona: Persona, pack: LocalePack) -> None:
        self.persona = persona
        self._pack = pack
        self._moment = _Moment("idle", 0)
        self._said: list[Remark] = []
        self._last_own: Remark | None = None
        self._again: tuple[int, Remark] | None = None
        self._slipped: set[Rates] = set()
        self._numbers = 0
        self._intended: float | None = None
        self._meant = persona.baseline
        self._objection: str | None = None
        #: The objection that was said last and not answered yet, and how often it was said.
        self._objected: tuple[str, int] | None = None

    def hears(self, speak: Speak) -> None:
        """Take in a line that was spoken to its end; a wrong read-back is objected to."""
        self._moment.answered = False
        if speak.prompt in _OBJECTION_HEARD:
            self._objected = None
        intended = self._intended
        if speak.prompt == "readback" and intended is not None:
            if float(speak.slots["value"]) != intended:
                self._objection = f"no, {self._word(intended)}"
            self._intended = None

    def not_heard(self, now: int) -> None:
        """Say the last line of one's own again a little later, as people do; twice at most."""
        if self._objected and self._objected[1] <= _REPEATS:
            self._objection = self._objected[0]
            return
        if self._last_own and self._said.count(self._last_own) <= _REPEATS:
            self._again = (now + _REPEAT_MS, self._last_own)

    def tick(self, now: int, view: View, *, quiet: bool) -> str | None:
        """Return what the person says now, or None.

        Args:
            now: session clock, ms.
            view: what the session is doing.
            quiet: whether the voice is silent and nothing of the person's own is still being said.
        """
        self._notice(now, view.state, quiet=quiet)
        if self._objection and (quiet or view.state not in ASKING):
            objection, self._objection = self._objection, None
            self._objected = (objection, self._objected[1] + 1 if self._objected else 1)
            return objection
        if not quiet and view.state in ASKING:
            return None
        return self._own_line(now, view) or self._answer(now, view)

    def _notice(self, now: int, state: str, *, quiet: bool) -> None:
        if state != self._moment.state:
            self._moment = _Moment(state, now)
        if not quiet:
            self._moment.quiet_since = None
        elif self._moment.quiet_since is None:
            self._moment.quiet_since = now

    def _own_line(self, now: int, view: View) -> str | None:
        for says in self.persona.says:
            started = self._moment.quiet_since if says.instead else self._moment.since
            due = started is not None and now - started >= says.after_ms and says not in self._said
            again = self._again is not None and self._again[1] == says and now >= self._again[0]
            if _fits(says, view) and (due or again):
                return self._say(says)
        return None

    def _say(self, says: Remark) -> str | None:
        self._said.append(says)
        # A mumble is not meant to be understood, so it is not said again.
        self._again, self._last_own = None, None if says.text == MUMBLE else says
        self._moment.answered = self._moment.answered or says.instead
        if says.text == SILENCE:
            return None
        return _MUMBLES[len(self._said) % len(_MUMBLES)] if says.text == MUMBLE else says.text

    def _answer(self, now: int, view: View) -> str | None:
        waited = now - self._moment.quiet_since if self._moment.quiet_since is not None else -1
        if view.state in WAITING:
            return self._own("resume") if waited >= _PAUSE_MS and self._once() else None
        if (
            view.state not in {*ASKING, *READY_WAITS}
            or waited < self.persona.reaction_ms
            or self._instead_pending(view)
        ):
            return None
        return self._reply(view) if self._once() else None

    def _instead_pending(self, view: View) -> bool:
        return any(
            says.instead and says not in self._said and _fits(says, view) for says in self.persona.says
        )

    def _once(self) -> bool:
        answered, self._moment.answered = self._moment.answered, True
        return not answered

    def _reply(self, view: View) -> str:
        persona = self.persona
        fixed: dict[str, str] = {
            State.SAFETY: "yes" if _has(persona.flags, view) else persona.red_flags,
            State.EACH_FLAG: "yes" if _has(persona.flags, view) else "no",
            State.EQUIPMENT: "no" if _has(persona.missing, view) else "yes",
            State.REST_OFFER: persona.sore,
            State.REST_DAYS: persona.rests,
            State.GO_ANYWAY: "yes",
            State.BEFORE_NOTE: persona.note,
            State.CONFIRM_SAFETY: "yes",
            State.ASK_SIDE: persona.side.value,
            State.ASK_CONSTRUCT: persona.rated.value,
            State.STOP_ASKED: "carry on",
            State.READY_FIRST: "ready",
            State.READY: "ready",
            State.SETTLE: "ready",
            State.UNSTEADY: "i'm steady",
            State.NOTE: persona.note,
        }
        if view.state in fixed:
            return self._own(fixed[view.state])
        if TAKES.get(State(view.state)) is not NumberRole.CONFIRMATION:
            return self._rating(view)
        right = self._intended is None or view.candidate == self._intended
        return self._own("yes") if right else f"{self._own('no')}, {self._word(self._intended or 0)}"

    def _rating(self, view: View) -> str:
        state = State(view.state)
        if TAKES[state] is NumberRole.CORRECTION:
            return self._word(self._meant)
        if PHASES[state] is not RatingPhase.AFTER:
            self._intended = self._meant = self.persona.baseline
            return self._form(self.persona.baseline)
        rates = self.persona.after(view.position, view.attempt)
        self._intended = self._meant = rates.after
        if rates.slip is not None and rates not in self._slipped:
            self._slipped.add(rates)
            return self._word(rates.slip)
        return self._form(rates.after)

    def _own(self, word: str) -> str:
        """Return a word in the person's language."""
        return self.persona.words.get(word, word)

    def _form(self, value: float) -> str:
        forms = self.persona.forms
        form = forms[self._numbers % len(forms)]
        self._numbers += 1
        return form.format(n=self._word(value))

    def _word(self, value: float) -> str:
        return self._pack.render("readback", {"value": f"{value:g}"}).strip(" .").lower()


def _has(own: tuple[str, ...], view: View) -> bool:
    return any(about in own for about in view.asked)


def _fits(says: Remark, view: View) -> bool:
    here = says.state == view.state and says.station in {0, view.position}
    return here and says.attempt == view.attempt
