"""What each command does. Most are rows of the state table; the rest change a setting or tell something."""

from collections.abc import Callable
from typing import Final

from cuewalk.domain.buckets import Bucket
from cuewalk.domain.heard import Heard
from cuewalk.domain.intents import DISTRESS, Command
from cuewalk.domain.records import BucketChosen, SessionResumed, SettingChanged
from cuewalk.domain.setup import Setup
from cuewalk.domain.units import Millis
from cuewalk.engine.answers import Answers
from cuewalk.engine.course import PACE_STEP
from cuewalk.engine.effects import Append, SetTalkRate, SetVolume
from cuewalk.engine.lines import help_in, notice, number
from cuewalk.engine.remaining import minutes_left, reps_left
from cuewalk.engine.table import ADVICE, ASKING, TELLING

#: Commands that are a trigger of the state table.
TRIGGERS: Final = {
    Command.STOP: "stop",
    Command.PAUSE: "pause",
    Command.RESUME: "resume",
    Command.SKIP: "skip",
    Command.BACK: "back",
    Command.HURTS: "hurts",
    # In sessions before edition 3; since then distress goes its own way.
    Command.SOMETHING_WRONG: "wrong_body",
    Command.FELL: "wrong_body",
    Command.EMERGENCY: "wrong_body",
    Command.NOTE: "note",
    Command.WAIT: "wait",
    Command.END: "end",
    Command.CARRY_ON: "carry_on",
}
#: These go on from where "ready" is waited for, as they go on from a pause.
_GOES_ON: Final = frozenset({Command.READY, Command.NEXT, Command.RESUME, Command.CARRY_ON})
#: These hold a pause, whatever it was for.
_HOLDS: Final = frozenset({Command.PAUSE, Command.WAIT, Command.HURTS})
#: Emergency advice is spoken to its end, whatever else is said.
_DURING_ADVICE: Final = frozenset({Command.STOP, Command.LOUDER, Command.QUIETER, Command.REPEAT})
_CUTS_ADVICE: Final = frozenset({Command.STOP, Command.SKIP, Command.END})
#: A movement of which less than this share was done is not judged: "done" after one repetition says nothing.
_ENOUGH_TO_JUDGE = 0.5
_VOLUME_STEP, _QUIETEST = 0.15, 0.1
_RATE_STEP, _RATES = 0.1, (0.7, 1.4)
_PATIENCE_STEP, _MOST_PATIENT = 4000, 30_000


class Commands(Answers):
    """Everything a person can ask for by name."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.volume = setup.volume
        self.talk_rate = setup.talk_rate
        self.last_heard: Heard | None = None
        self._tellers: dict[Command, Callable[[], None]] = {
            Command.READY: self._nothing,
            Command.REPEAT: self._repeat,
            Command.NEXT: self._next,
            Command.DONE: self._done,
            Command.SLOWER: lambda: self._change_pace(1 / PACE_STEP, "slower", "slowest"),
            Command.FASTER: lambda: self._change_pace(PACE_STEP, "faster", "fastest"),
            Command.SMALLER: lambda: self._change_range(-1, "smaller", "smallest"),
            Command.BIGGER: lambda: self._change_range(1, "bigger", "biggest"),
            Command.LOUDER: lambda: self._change_volume(_VOLUME_STEP, "louder", "loudest"),
            Command.QUIETER: lambda: self._change_volume(-_VOLUME_STEP, "quieter", "quietest"),
            Command.TALK_FASTER: lambda: self._change_rate(_RATE_STEP, "talk_faster"),
            Command.TALK_SLOWER: lambda: self._change_rate(-_RATE_STEP, "talk_slower"),
            Command.LESS_TALK: lambda: self._change_brevity(1, "less_talk"),
            Command.MORE_TALK: lambda: self._change_brevity(-1, "more_talk"),
            Command.MORE_TIME: self._more_time,
            Command.SWITCH_SIDES: self._switch_sides,
            Command.HOW_LONG: self._how_long,
            Command.HOW_MANY: self._how_many,
            Command.WHY: self._why,
            Command.SHOW_ME: self._show_me,
            Command.STATUS: self._status,
            Command.WHAT_DID_YOU_HEAR: self._what_heard,
            Command.KEEP_IT: lambda: self._choose_bucket(Bucket.KEEP, "keep_it"),
            Command.NOT_NOW: lambda: self._choose_bucket(Bucket.NOT_NOW, "not_now_it"),
            Command.HELP: self._help,
        }

    def commanded(self, command: Command, heard: Heard) -> None:
        """Obey a command, or say that it is not possible here. Nothing is ever silently ignored."""
        self._obey(command)
        self.last_heard = heard

    def _obey(self, command: Command) -> None:
        if command in DISTRESS and self.waits_for_ready():
            self._distressed(command)
            return
        if self.state == "emergency" and command not in _DURING_ADVICE:
            return  # the advice is being given
        if command in _CUTS_ADVICE and self.state in ADVICE and self.waits_for_ready():
            self._cut_advice_short()
            return
        if self.state == "unsteady" and command in {*_GOES_ON, Command.PAUSE}:
            self._perhaps_steady(command)
            return
        if command in _GOES_ON and self._goes_on(command):
            return
        teller = self._tellers.get(command)
        if teller is not None:
            teller()
        elif not self._trigger(command):
            self._not_here(command)

    def _distressed(self, command: Command) -> None:
        """Stop everything for whoever is in trouble; nothing of it goes on by itself."""
        self.unsure = None
        if self.state == "emergency":
            return  # the advice is being given already
        self._keep_distress(command, self.state)
        group = self._fall_group()
        if command is Command.FELL and self.state == "safety" and group is not None:
            # The screen asks for its sign, once more.
            self.flag_at, self._fell = min(self.flag_at, group), False
        trigger = "emergency" if command is Command.EMERGENCY else "unwell"
        if not self.fire(trigger) and self.state == "unsteady":
            self.misses = 0
            self.talk.start((notice("stop_and_sit"), *self.question(0)))

    def _cut_advice_short(self) -> None:
        """Say once more whom to call or to see, and end after that; a second "stop" ends at once."""
        if self._advice_cut_short:
            self.fire("stop")
            return
        self._advice_cut_short = True
        self.talk.start((self.most_important(),))

    def _goes_on(self, command: Command) -> bool:
        """Go on if "ready" is being waited for; return whether nothing else is to be made of the word."""
        ready = command is Command.READY
        if self.awaiting_ready or (self.state == "welcome" and ready):
            return self.fire("ready")
        if not ready:
            return False
        if self.state == "paused":
            return self._trigger(Command.RESUME)
        if self.state == "rest":
            self.talk.cut()
        elif self.state in ASKING and self.talk.finished:
            self.talk.start(self.question(1))
        return True

    def _perhaps_steady(self, command: Command) -> None:
        """Go on with who wants to carry on; "pause" finds everything quiet already.

        A key that is pressed by habit, or a "ready" that was misheard, is not "I'm steady".
        """
        if command not in {Command.RESUME, Command.CARRY_ON} or not self.steady_again("steady"):
            self.talk.start(self.question(1))

    def _trigger(self, command: Command) -> bool:
        self.pause_reason = "asked"
        if command in {Command.RESUME, Command.CARRY_ON} and self.origin(self.state) != "stop_asked":
            self.preface.append(notice("resumed" if command is Command.RESUME else "carry_on"))
        if self.fire(TRIGGERS[command]):
            if command in {Command.RESUME, Command.CARRY_ON}:
                self.out.append(Append(SessionResumed()))
            return True
        self.preface.clear()
        return False

    def _not_here(self, command: Command) -> None:
        if self.state == "paused" and command in _HOLDS and self.waits_for_ready():
            self._hold_on(command)
        elif command is Command.HURTS:
            self.answer_now(notice("hurt_ack"))
        elif self.state not in {"idle", "ended"}:
            self.answer_now(notice("not_here"))

    def _hold_on(self, command: Command) -> None:
        """Stay paused, also where a device that comes back would go on."""
        self.pause_reason = "asked"
        hurt = [notice("hurt_ack")] if command is Command.HURTS else []
        self.talk.start([*hurt, *self.pause_lines()])

    def _nothing(self) -> None:
        """Change nothing: "ready" where nothing waits for it."""

    def _repeat(self) -> None:
        if self.state in ASKING:
            self.talk.start(self.question(0))
        else:
            self.talk.rewind()

    def _next(self) -> None:
        if self.state == "perform" and self.waits_for_ready() and self.talk.elapsed < _ENOUGH_TO_JUDGE:
            self.fire("left_early")
        elif self.state in ADVICE and self.waits_for_ready():
            return  # the advice is being given
        elif self.state in TELLING:
            self.talk.cut()
        elif self.state == "paused":
            self._trigger(Command.RESUME)
        else:
            self.answer_now(notice("not_here"))

    def _done(self) -> None:
        """Finish the movement; said where it would lead on, it may mean the session."""
        if self.state == "perform" or not self.waits_for_ready() or not self.ask_whether_to_end():
            self._next()

    def _change_pace(self, factor: float, done: str, at_end: str) -> None:
        if not self._on_a_movement():
            return
        changed = self.course.change_pace(factor)
        if self.state == "perform":
            self.talk.pace = self.course.manner().pace
        self._manner_changed(done if changed else at_end, changed=changed)

    def _change_range(self, by: int, done: str, at_end: str) -> None:
        if not self._on_a_movement():
            return
        changed = self.course.change_range(by)
        self._manner_changed(done if changed else at_end, changed=changed)

    def _manner_changed(self, key: str, *, changed: bool) -> None:
        if changed:
            self.keep_manner()
        here = self.course.here.movement
        self.answer_now(notice(key, text=here.ranges[self.course.range_level()].cue))

    def _on_a_movement(self) -> bool:
        if self.course.under_way:
            return True
        self.answer_now(notice("not_here"))
        return False

    def _change_volume(self, by: float, done: str, at_end: str) -> None:
        volume = round(min(1.0, max(_QUIETEST, self.volume + by)), 2)
        changed, self.volume = volume != self.volume, volume
        self.out += [SetVolume(volume), Append(SettingChanged(name="volume", value=volume))]
        self.answer_now(notice(done if changed else at_end))

    def _change_rate(self, by: float, done: str) -> None:
        self.talk_rate = round(min(_RATES[1], max(_RATES[0], self.talk_rate + by)), 2)
        self.out += [
            SetTalkRate(self.talk_rate),
            Append(SettingChanged(name="talk_rate", value=self.talk_rate)),
        ]
        self.answer_now(notice(done))

    def _change_brevity(self, by: int, done: str) -> None:
        self.brevity = min(2, max(0, self.brevity + by))
        self.out.append(Append(SettingChanged(name="brevity", value=self.brevity)))
        self.answer_now(notice(done))

    def _more_time(self) -> None:
        self.patience = Millis(min(_MOST_PATIENT, self.patience + _PATIENCE_STEP))
        self.out.append(Append(SettingChanged(name="patience", value=self.patience)))
        self.answer_now(notice("more_time"))

    def _switch_sides(self) -> None:
        # Only before or while moving: later the ratings of one side would be written to the other.
        possible = self.state in {"introduce", "rate_before", "perform"}
        if not possible or not self.course.switch_side():
            self.answer_now(notice("cannot_switch"))
            return
        switched = notice("switched", side=self.course.here.side.value)
        trial = self.ledger.open_trial
        if self.state == "perform" and trial:
            self.ledger.drop_trial("switched sides")
            self.forget_gentler()
            self.ledger.carried = trial.before
            self.preface.append(switched)
            self.enter_perform()
        else:
            self.answer_now(switched)

    def _how_long(self) -> None:
        self.answer_now(notice("how_long", n=number(minutes_left(self.course))))

    def _how_many(self) -> None:
        left = reps_left(self.talk) if self.state == "perform" else 0
        self.answer_now(notice("how_many", left=str(left)) if left else notice("how_many_none"))

    def _why(self) -> None:
        if self._on_a_movement():
            movement = self.course.here.movement
            note, own = movement.note, self.setup.evidence.get(movement.id)
            lines = [notice("why", text=f"{note.claim} {note.counter}")]
            self.answer_now(*lines, *([notice("why_own", text=own)] if own else []))

    def _show_me(self) -> None:
        if self._on_a_movement():
            movement = self.course.here.movement
            self.answer_now(*(notice("literal", text=text) for text in (movement.start, *movement.steps)))

    def _status(self) -> None:
        if self._on_a_movement():
            course = self.course
            slots = {
                "n": str(course.index + 1),
                "total": str(len(course.stations)),
                "name": course.here.movement.name,
            }
            self.answer_now(notice("status", **slots))

    def _what_heard(self) -> None:
        last = self.last_heard
        self.answer_now(notice("what_heard", text=last.text) if last else notice("what_heard_nothing"))

    def _choose_bucket(self, bucket: Bucket, done: str) -> None:
        if not self.course.under_way:
            self.answer_now(notice("bucket_none"))
            return
        here = self.course.here
        self.out.append(Append(BucketChosen(movement=here.movement.id, side=here.side, bucket=bucket)))
        self.answer_now(notice(done))

    def _help(self) -> None:
        """Tell what can be said; what goes on by itself is held, for it may be a cry for help."""
        if self.waits_for_ready() and self.hold("help"):
            return
        self.answer_now(help_in(self.state))
