"""What each state of a session says when it is entered, and what it asks."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from cuewalk.domain.content import FlagOutcome
from cuewalk.domain.intents import Construct
from cuewalk.domain.prompts import PromptKey
from cuewalk.domain.records import ComplaintChosen, SessionEnded, SessionPaused, TrialJudged
from cuewalk.domain.units import Millis, Rating
from cuewalk.domain.verdicts import Decision, Grade, Outcome, Zone, zone_of
from cuewalk.engine import telling
from cuewalk.engine.beforehand import days_of_rest_left, days_offered, flag_group, thing
from cuewalk.engine.context import Context
from cuewalk.engine.effects import Finish
from cuewalk.engine.flow import pause_lines
from cuewalk.engine.lines import Gap, Line, ScriptItem, notice, number, prompt
from cuewalk.engine.movement import carried_over, keep_manner, retry_due
from cuewalk.engine.states import FLAG_GROUPS, PHASES, TAKES, NumberRole, State

#: The prompt of each question that has one of its own.
QUESTIONS: Final[Mapping[State, PromptKey]] = {
    State.CONFIRM_SAFETY: "safety_confirm",
    State.REST_DAYS: "rest_days",
    State.ASK_SIDE: "ask_side",
    State.ASK_CONSTRUCT: "ask_construct",
    State.BASELINE: "ask_baseline",
    State.RATE_BEFORE: "ask_before",
    State.RATE_DURING: "ask_during",
    State.RATE_AFTER: "ask_after",
    State.CORRECT_RATING: "need_number",
    State.CONFIRM_RATING: "confirm_rating",
    State.STOP_ASKED: "stop_ask",
    State.NOTE: "note_ask",
    State.READY_FIRST: "ask_ready",
    State.READY: "ask_ready",
    State.SETTLE: "ask_ready",
    State.UNSTEADY: "ask_steady",
    State.PAUSED: "paused",
}
#: What is said of a trial that did not help.
_OUTCOMES: Final[Mapping[Outcome, PromptKey]] = {
    Outcome.NO_ROOM: "verdict_no_room",
    Outcome.NOT_RATED: "verdict_not_rated",
    Outcome.WORSE: "verdict_worse",
    Outcome.UNCHANGED: "verdict_unchanged",
}
#: Between the sentences of emergency advice, and for an answer to it: it has to be understood in a fright.
_SLOWLY, _TO_DENY = Gap(Millis(1200), paced=False), Gap(Millis(10_000), paced=False)
_ADVICE: Final = (notice("emergency_stop"), _SLOWLY, notice("emergency_call"), _SLOWLY)
#: What is said to a denial that was not surely heard; the advice goes on after it.
DENIAL_ASKED_BACK: Final = (
    notice("emergency_denial"), _TO_DENY, *_ADVICE, notice("emergency_denial"), _TO_DENY,
)  # fmt: skip


def question_about(state: State, rated: Construct | None, candidate: Rating, length: int) -> Line:
    """Return the question of a state that has a prompt of its own, with its slots."""
    slots = {"value": number(candidate)} if TAKES.get(state) is NumberRole.CONFIRMATION else {}
    if state in PHASES and rated:
        slots = {"construct": rated.value}
    return prompt(QUESTIONS[state], length, **slots)


def _own_words(text: str | None) -> Line:
    return prompt("literal", text=text or "")


class SessionScenes:
    """Says what the present state says; a session's only way to speak when its state changes."""

    def __init__(self, context: Context) -> None:
        self._c = context
        #: States that do not ask, and the one whose question the welcome has asked.
        self.told: Final[Mapping[State, Callable[[], None]]] = {
            State.WELCOME: self._welcome,
            State.READY_FIRST: self._c.talk.say,
            State.INTRODUCE: self._introduce,
            State.PERFORM: self.perform,
            State.VERDICT: self._verdict,
            State.REVIEW: self._review,
            State.REST: self._rest,
            State.SETTLE: self._settle,
            State.SUMMARY: self.summary,
            State.ADVISED: self._advised,
            State.PUT_OFF: self._put_off,
            State.EMERGENCY: self._emergency,
            State.FAREWELL: self._farewell,
            State.PAUSED: self._paused,
            State.ENDED: self._ended,
        }
        #: Questions whose words are the content's, or the person's.
        self._questions: Final[Mapping[State, Callable[[int], Line]]] = {
            State.SAFETY: lambda _: _own_words(flag_group(self._c).ask),
            State.EACH_FLAG: lambda length: prompt("each_flag", length, text=self._flag()),
            State.GO_ANYWAY: lambda n: prompt("go_anyway", n, n=number(days_of_rest_left(self._c))),
            State.REST_OFFER: lambda _: _own_words(self._advice("ask")),
            State.EQUIPMENT: lambda _: _own_words(thing(self._c).ask),
            State.BEFORE_NOTE: lambda _: _own_words(self._c.setup.programme.before_note),
        }
        #: What is said before a question.
        self._openings: Final[Mapping[State, Callable[[], list[ScriptItem]]]] = {
            State.SAFETY: lambda: [notice("safety_intro")] if self._c.asked.flag_at == 0 else [],
            State.EACH_FLAG: lambda: [notice("each_flag_intro")] if self._c.asked.name_at == 0 else [],
            State.REST_DAYS: lambda: [notice("literal", text=self._advice("say"))],
            State.BASELINE: self._choose_complaint,
            State.RATE_DURING: lambda: [notice("hurt_ack")],
            State.UNSTEADY: lambda: [notice("stop_and_sit")],
        }

    def enter(self) -> None:
        """Say what the present state says when it is newly entered."""
        state = self._c.place.state
        if state in self.told:
            self.told[state]()
            return
        opening = self._openings[state]() if state in self._openings else []
        self._c.talk.say(*opening, *self.question(self._c.style.length_of(state)))

    def question(self, length: int) -> tuple[ScriptItem, ...]:
        """Return the question of the present state: 0 in full, 1 shorter, 2 with examples."""
        state = self._c.place.state
        if state in self._questions:
            return (self._questions[state](length),)
        return (question_about(state, self._c.asked.rated, self._c.ledger.candidate, length),)

    def asked_about(self) -> tuple[str, ...]:
        """Return what the present question is about, for a screen: red flags, the id of a thing."""
        state = self._c.place.state
        if state in FLAG_GROUPS:
            return flag_group(self._c).flags
        about: Mapping[State, Callable[[], str]] = {
            State.EACH_FLAG: self._flag,
            State.EQUIPMENT: lambda: thing(self._c).id,
        }
        return (about[state](),) if state in about else ()

    def _flag(self) -> str:
        return flag_group(self._c).flags[self._c.asked.name_at]

    def _advice(self, part: str) -> str:
        """Return a text of the advice to rest: what it asks or says."""
        if (advice := self._c.setup.programme.rest_advice) is None:
            return ""
        return advice.ask if part == "ask" else advice.say.replace("{days}", str(days_offered(self._c)))

    # Before the first movement

    def _welcome(self) -> None:
        self._c.talk.say(notice("welcome_first" if self._c.setup.first_session else "welcome_back"))

    def _choose_complaint(self) -> list[ScriptItem]:
        asked, course = self._c.asked, self._c.course
        if asked.side is not None and asked.rated is not None:
            self._c.out.record(ComplaintChosen(side=asked.side, rated=asked.rated))
            course.lay_out(asked.side, asked.missing)
            if asked.gently:
                course.begin_gently()
        return [notice("begin_gently")] if asked.gently else []

    def _put_off(self) -> None:
        """Say goodbye before anything was done: for a rest, or because a thing is missing."""
        if self._c.ended_how != "rest":
            self._c.ended_how = "nothing_to_do"
        self._c.talk.say(notice("rest_goodbye" if self._c.ended_how == "rest" else "nothing_to_do"))

    # On a movement

    def _introduce(self) -> None:
        course = self._c.course
        at, total, brief = course.index + 1, len(course.stations), self._c.style.brevity > 0
        self._c.talk.say(*telling.introduce(course.here, at, total, course.range_level(), brief=brief))

    def perform(self) -> None:
        """Open a trial and count and cue the movement."""
        c = self._c
        if retry_due(c):
            c.course.try_gentler(c.setup.rules.retry_pace.value)
        manner = c.course.manner()
        trial = c.ledger.begin_trial(c.course.here, c.course.index, manner)
        if trial.attempt == 1 and trial.before == c.ledger.last and carried_over(c):
            c.talk.preface.append(notice("carry_over_note"))
        c.talk.pace = manner.pace
        c.talk.say(*telling.perform(c.course.here, c.style.coaching_at))
        c.style.coaching_at += 2

    def _verdict(self) -> None:
        """Judge the trial and say what follows from it; a gentler manner is kept where it helped."""
        c = self._c
        if (trial := c.ledger.trial) is None:
            return
        c.course.index = trial.station
        judged = c.ledger.judge_trial(trial)
        if c.course.settle_manner(keep=judged.decision is Decision.KEEP):
            keep_manner(c)
        c.talk.say(*self._verdict_lines(judged))

    def _verdict_lines(self, judged: TrialJudged) -> Iterator[Line]:
        verdict, after = judged.verdict, self._c.ledger.value(judged.after)
        if judged.decision is Decision.KEEP:
            yield notice("verdict_keep_clear" if verdict.grade is Grade.CLEAR else "verdict_keep_small")
            return
        yield notice(_OUTCOMES[verdict.outcome])
        if judged.decision is Decision.UNDECIDED:
            return
        if after is not None and zone_of(after, self._c.setup.rules) is Zone.RED:
            yield notice("red_zone")
        if judged.decision is Decision.NOT_NOW:
            yield notice("verdict_not_now")

    def _review(self) -> None:
        course = self._c.course
        self._c.talk.say(*telling.review(course.here.movement, max(0, course.range_level() - 1)))

    def _rest(self) -> None:
        talk, seconds = self._c.talk, self._c.course.here.rest_seconds
        talk.pace = 1.0
        silence = Gap(Millis(round(seconds * 1000)))
        talk.say(notice("rest", n=number(round(seconds))), silence, notice("rest_over"))

    def _settle(self) -> None:
        """Wait: before the rating after, on request; before the next movement, until it has settled."""
        told = notice("settle_first" if self._c.course.settling_first else "settle")
        wait = Gap(Millis(int(self._c.setup.rules.settle_ms.value)), paced=False)
        self._c.talk.say(*([told] if self._c.place.waits_for_ready else [told, wait]))

    def summary(self) -> None:
        """Say what was kept and what was not, and how sure that is."""
        c = self._c
        c.talk.say(*telling.summary(c.ledger, c.course, stopped=c.ended_how == "stopped"))

    # In trouble, pauses, the end

    def _advised(self) -> None:
        self._c.trouble.advice_cut_short = False
        self._c.talk.say(notice("red_flag_emergency" if self._flag_is_urgent() else "red_flag_professional"))

    def _emergency(self) -> None:
        """Advise to call for help, twice and slowly; whoever was misheard can say so until the end."""
        self._c.trouble.advice_cut_short = False
        denial = notice("emergency_denial")
        self._c.talk.say(*_ADVICE, denial, _SLOWLY, *_ADVICE, denial, _TO_DENY)

    def _farewell(self) -> None:
        c = self._c
        c.trouble.advice_cut_short = False
        unheard = c.ended_how != "stopped"
        if unheard:
            c.ended_how = "abandoned"
            c.ledger.drop_trial("distress")
        c.talk.say(notice("farewell_unheard" if unheard else "farewell"))

    def most_important(self) -> ScriptItem:
        """Return the one sentence of the present advice that nobody leaves without: whom to call."""
        sentences: Mapping[State, Callable[[], PromptKey]] = {
            State.FAREWELL: lambda: (
                "farewell_whom" if self._c.ended_how == "stopped" else "farewell_unheard_whom"
            ),
            State.ADVISED: lambda: "emergency_call" if self._flag_is_urgent() else "red_flag_whom",
            State.EMERGENCY: lambda: "emergency_call",
        }
        return notice(sentences[self._c.place.state]())

    def _flag_is_urgent(self) -> bool:
        return flag_group(self._c).outcome is FlagOutcome.EMERGENCY

    def _paused(self) -> None:
        self._c.out.record(SessionPaused(reason=self._c.pause_reason))
        self._c.talk.say(*pause_lines(self._c))

    def _ended(self) -> None:
        self._c.out.record(SessionEnded(how=self._c.ended_how))
        self._c.out.add(Finish())
