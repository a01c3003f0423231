"""What each state says when it is entered, and what it asks."""

from typing import Final

from cuewalk.domain.content import FlagOutcome
from cuewalk.domain.records import ComplaintChosen, SessionEnded, SessionPaused
from cuewalk.domain.setup import Manner, Setup
from cuewalk.domain.units import Millis
from cuewalk.domain.verdicts import Decision, Grade, Outcome, Zone, zone_of
from cuewalk.engine import telling
from cuewalk.engine.conditions import PHASES, Conditions
from cuewalk.engine.course import SLOWEST
from cuewalk.engine.effects import Append, CueKind, Finish
from cuewalk.engine.lines import Gap, Item, Line, notice, number
from cuewalk.engine.summing import summary_lines
from cuewalk.engine.table import ASKING, DEVICES, MOVING

#: Prompts of questions whose name is not the state's own.
_QUESTIONS = {
    "confirm_safety": "safety_confirm",
    "baseline": "ask_baseline",
    "rate_before": "ask_before",
    "rate_during": "ask_during",
    "rate_after": "ask_after",
    "correct_rating": "need_number",
    "stop_asked": "stop_ask",
    "note": "note_ask",
    "ready_first": "ask_ready",
    "ready": "ask_ready",
    "settle": "ask_ready",
    "unsteady": "ask_steady",
}
#: What is said on pausing, by its reason; "paused" for every other.
_PAUSES: Final = {
    "no answer": "paused_no_answer",
    "not understood": "paused_not_understood",
    "help": "paused_help",
    "note": "paused_note",
    "microphone": "microphone_lost",
    "speaker": "speaker_lost",
}
#: Between the sentences of emergency advice, and for an answer to it: it has to be understood in a fright.
_SLOWLY, _TO_DENY = Gap(Millis(1200), paced=False), Gap(Millis(10_000), paced=False)
_ADVICE: Final = (notice("emergency_stop"), _SLOWLY, notice("emergency_call"), _SLOWLY)
#: After this many askings of one question its prompt is said in the shorter form.
_FAMILIAR = 2


class Scenes(Conditions):
    """Entering a state: one method each, found by the state's name."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        #: The rating that waits for a yes.
        self.candidate = 0.0
        #: "Stop" was said into advice: whom to call or to see is said once more, and nothing after that.
        self._advice_cut_short = False
        self._asked: dict[str, int] = {}
        self._cue_at = 0
        self._manner_before_retry: Manner | None = None

    def enter_fresh(self) -> None:
        """Say what the state says when it is newly entered."""
        if self.state in ASKING:
            self._enter_question()
            return
        enter = getattr(self, f"enter_{self.state}")
        enter()

    def _enter_question(self) -> None:
        if self.state == "baseline":
            self._choose_complaint()
        opening: list[Item] = []
        if self.state == "safety" and self.flag_at == 0:
            opening.append(notice("safety_intro"))
        if self.state == "rate_during":
            opening.append(notice("hurt_ack"))
        if self.state == "each_flag" and self.name_at == 0:
            opening.append(notice("each_flag_intro"))
        if self.state == "unsteady":
            opening.append(notice("stop_and_sit"))
        if self.state == "ready_first":
            self.say()  # the welcome has just asked for it
            return
        opening += self._rest_words()
        self._asked[self.state] = self._asked.get(self.state, 0) + 1
        familiar = 1 if self._asked[self.state] > _FAMILIAR else 0
        self.say(*opening, *self.question(max(familiar, min(self.brevity, 1))))

    def question(self, length: int) -> tuple[Item, ...]:
        """Return the question of the present state: 0 in full, 1 shorter, 2 with examples."""
        if (text := self._own_question()) is not None:
            return (Line(CueKind.PROMPT, "literal", {"text": text}),)
        if self.state == "each_flag":
            flag = self.setup.red_flags[self.flag_at].flags[self.name_at]
            return (Line(CueKind.PROMPT, "each_flag", {"text": flag}, length=length),)
        if self.state == "go_anyway":
            days = number(self.days_of_rest_left())
            return (Line(CueKind.PROMPT, "go_anyway", {"n": days}, length=length),)
        slots = {"value": number(self.candidate)} if self.state == "confirm_rating" else {}
        if self.state in PHASES and self.rated:
            slots = {"construct": self.rated.value}
        return (Line(CueKind.PROMPT, _QUESTIONS.get(self.state, self.state), slots, length=length),)

    def _own_question(self) -> str | None:
        """Return the question that the content brings itself."""
        advice = self.setup.programme.rest_advice
        match self.state:
            case "safety":
                return self.setup.red_flags[self.flag_at].ask
            case "equipment":
                return self.thing.ask
            case "before_note":
                return self.setup.programme.before_note
            case "rest_offer":
                return advice.ask if advice else None
            case _:
                return None

    def asked_about(self) -> tuple[str, ...]:
        """Return what the present question is about, for a screen: red flags, the id of a thing."""
        if self.state in {"safety", "confirm_safety"}:
            return self.setup.red_flags[self.flag_at].flags
        if self.state == "each_flag":
            return (self.setup.red_flags[self.flag_at].flags[self.name_at],)
        return (self.thing.id,) if self.state == "equipment" else ()

    def _rest_words(self) -> list[Item]:
        """Return what is said of rest before a question: the offer, or that ranges are smaller now."""
        advice = self.setup.programme.rest_advice
        if self.state == "rest_days" and advice:
            return [notice("literal", text=advice.say.replace("{days}", str(self.days_offered())))]
        return [notice("begin_gently")] if self.state == "baseline" and self.gently else []

    def _choose_complaint(self) -> None:
        if self.side is not None and self.rated is not None:
            self.out.append(Append(ComplaintChosen(side=self.side, rated=self.rated)))
            self.course.lay_out(self.side, self.missing)
            if self.gently:
                self.course.begin_gently()

    def enter_welcome(self) -> None:
        """Greet."""
        self.say(notice("welcome_first" if self.setup.first_session else "welcome_back"))

    def enter_advised(self) -> None:
        """Advise to see a professional, or emergency help."""
        self._advice_cut_short = False
        self.say(notice("red_flag_emergency" if self._flag_is_urgent() else "red_flag_professional"))

    def _flag_is_urgent(self) -> bool:
        return self.setup.red_flags[self.flag_at].outcome is FlagOutcome.EMERGENCY

    def most_important(self) -> Item:
        """Return the one sentence of the present advice that nobody leaves without: whom to call."""
        if self.state == "farewell":
            return notice("farewell_whom" if self.ended_how == "stopped" else "farewell_unheard_whom")
        urgent = self.state == "emergency" or self._flag_is_urgent()
        return notice("emergency_call" if urgent else "red_flag_whom")

    def enter_put_off(self) -> None:
        """Say goodbye before anything was done: for a rest, or because a thing is missing."""
        if self.ended_how == "rest":
            self.say(notice("rest_goodbye"))
            return
        self.ended_how = "nothing_to_do"
        self.say(notice("nothing_to_do"))

    def enter_introduce(self) -> None:
        """Present the movement."""
        course = self.course
        script = telling.introduce(
            course.here, course.index + 1, len(course.stations), course.range_level(), brief=self.brevity > 0
        )
        self.say(*script)

    def enter_perform(self) -> None:
        """Open a trial and count and cue the movement."""
        if self.retry_due():
            self._gentler()
        manner = self.course.manner()
        trial = self.ledger.begin_trial(self.course.here, self.course.index, manner)
        if trial.attempt == 1 and trial.before == self.ledger.last and self.carried_over():
            self.preface.append(notice("carry_over_note"))
        self.talk.pace = manner.pace
        self.say(*telling.perform(self.course.here, self._cue_at))
        self._cue_at += 2

    def _gentler(self) -> None:
        manner = self._manner_before_retry = self.course.manner()
        pace = max(SLOWEST, round(manner.pace * self.setup.rules.retry_pace.value, 3))
        self.course.set_manner(Manner(pace=pace, range_level=max(0, (manner.range_level or 0) - 1)))

    def enter_verdict(self) -> None:
        """Judge the trial and say what follows from it."""
        trial = self.ledger.trial
        if trial is None:
            return
        self.course.index = trial.station
        judged = self.ledger.judge_trial(trial)
        self._settle_manner(judged.decision)
        self.say(*self._verdict_lines())

    def _settle_manner(self, decision: Decision) -> None:
        """Keep the gentler manner of a retry that helped; otherwise go back to the person's own."""
        if self._manner_before_retry is not None and decision is Decision.KEEP:
            self._manner_before_retry = None
            self.keep_manner()
        self.forget_gentler()

    def forget_gentler(self) -> None:
        """Go back to the person's own manner after a retry that was not finished or did not help."""
        before, self._manner_before_retry = self._manner_before_retry, None
        if before is not None:
            self.course.set_manner(before)

    def _verdict_lines(self) -> list[Item]:
        trial = self.ledger.trial
        if trial is None or trial.judged is None:
            return []
        verdict, decision = trial.judged.verdict, trial.judged.decision
        if decision is Decision.KEEP:
            return [notice("verdict_keep_clear" if verdict.grade is Grade.CLEAR else "verdict_keep_small")]
        if decision is Decision.UNDECIDED:
            return [notice("verdict_no_room" if verdict.outcome is Outcome.NO_ROOM else "verdict_not_rated")]
        lines: list[Item] = [
            notice("verdict_worse" if verdict.outcome is Outcome.WORSE else "verdict_unchanged")
        ]
        after = self.ledger.value(trial.after)
        if after is not None and zone_of(after, self.setup.rules) is Zone.RED:
            lines.append(notice("red_zone"))
        if decision is Decision.NOT_NOW:
            lines.append(notice("verdict_not_now"))
        return lines

    def enter_review(self) -> None:
        """Review the technique before the gentler try."""
        level = max(0, self.course.range_level() - 1)
        self.say(*telling.review(self.course.here.movement, level))

    def enter_rest(self) -> None:
        """Rest before the next movement."""
        seconds = self.course.here.rest_seconds
        self.talk.pace = 1.0
        self.say(
            notice("rest", n=number(round(seconds))), Gap(Millis(round(seconds * 1000))), notice("rest_over")
        )

    def enter_settle(self) -> None:
        """Wait: before the rating after, on request; before the next movement, until it has settled."""
        wait = Millis(int(self.setup.rules.settle_ms.value))
        told = notice("settle_first" if self.settling_first() else "settle")
        self.say(told) if self.waits_for_ready() else self.say(told, Gap(wait, paced=False))

    def enter_emergency(self) -> None:
        """Advise to call for help, twice and slowly; whoever was misheard can say so until the end."""
        self._advice_cut_short = False
        self.say(
            *_ADVICE, notice("emergency_denial"), _SLOWLY, *_ADVICE, notice("emergency_denial"), _TO_DENY
        )

    def denial_asked_back(self) -> tuple[Item, ...]:
        """Return what is said to a denial that was not surely heard; the advice goes on after it."""
        return (notice("emergency_denial"), _TO_DENY, *_ADVICE, notice("emergency_denial"), _TO_DENY)

    def enter_farewell(self) -> None:
        """End kindly after distress, with advice."""
        self._advice_cut_short = False
        unheard = self.ended_how != "stopped"
        if unheard:
            self.ended_how = "abandoned"
            self.ledger.drop_trial("distress")
        self.say(notice("farewell_unheard" if unheard else "farewell"))

    def enter_summary(self) -> None:
        """Say what was kept and what was not, and how sure that is."""
        self.say(*summary_lines(self.ledger, self.course, stopped=self.ended_how == "stopped"))

    def enter_paused(self) -> None:
        """Wait for "resume"."""
        self.out.append(Append(SessionPaused(reason=self.pause_reason)))
        self.say(*self.pause_lines())

    def pause(self, reason: str) -> None:
        """Wait for the person; the reason is kept."""
        self.pause_reason = reason
        self.fire("pause")

    def hold(self, reason: str) -> bool:
        """Pause what goes on by itself until the person's own word; a pause that a device would end, too."""
        if self.state in MOVING:
            self.pause(reason)
        elif self.state == "paused" and self.origin("paused") in MOVING and self.outlast_devices(reason):
            self.answer_now(*self.pause_lines())
        else:
            return False
        return True

    def outlast_devices(self, reason: str) -> bool:
        """Let a pause for a device outlast it; return whether it was one."""
        if self.pause_reason not in DEVICES:
            return False
        self.pause_reason = reason
        return True

    def pause_lines(self) -> tuple[Item, ...]:
        """Return what is said on pausing; to who asked for help, what can be said when it goes on, too."""
        behind = self.origin("paused")
        told = [notice(f"paused_help_{behind}")] if self.pause_reason == "help" and behind in MOVING else []
        return (notice(_PAUSES.get(self.pause_reason, "paused")), *told)

    def enter_ended(self) -> None:
        """Close the session."""
        how = self.ended_how
        self.out.append(Append(SessionEnded.model_validate({"how": how})))
        self.out.append(Finish())
