"""What each command does. Most are rows of the state table; the rest change a setting or tell something."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Final

from cuewalk.domain.buckets import Bucket
from cuewalk.domain.heard import Heard
from cuewalk.domain.intents import DISTRESS, Command
from cuewalk.domain.prompts import PromptKey
from cuewalk.domain.records import BucketChosen, SessionResumed, SettingChanged
from cuewalk.domain.units import Millis
from cuewalk.engine import states
from cuewalk.engine.answers import Answers
from cuewalk.engine.context import Context
from cuewalk.engine.course import PACE_STEP
from cuewalk.engine.effects import SetTalkRate, SetVoice, SetVolume
from cuewalk.engine.flow import Flow, pause_lines
from cuewalk.engine.lines import help_in, notice
from cuewalk.engine.movement import keep_manner, switch_side
from cuewalk.engine.scenes import SessionScenes
from cuewalk.engine.states import Trigger
from cuewalk.engine.trouble import fall_group, keep_distress

#: Commands that are a trigger of the state table.
TRIGGERS: Final = {
    Command.STOP: Trigger.STOP,
    Command.PAUSE: Trigger.PAUSE,
    Command.RESUME: Trigger.RESUME,
    Command.SKIP: Trigger.SKIP,
    Command.BACK: Trigger.BACK,
    Command.HURTS: Trigger.HURTS,
    # In sessions before `Edition.WAITS`; since then distress goes its own way.
    Command.SOMETHING_WRONG: Trigger.WRONG_BODY,
    Command.FELL: Trigger.WRONG_BODY,
    Command.EMERGENCY: Trigger.WRONG_BODY,
    Command.NOTE: Trigger.NOTE,
    Command.WAIT: Trigger.WAIT,
    Command.END: Trigger.END,
    Command.CARRY_ON: Trigger.CARRY_ON,
}
_RESUMES: Final[Mapping[Command, PromptKey]] = {Command.RESUME: "resumed", Command.CARRY_ON: "carry_on"}
#: These go on from where "ready" is waited for, as they go on from a pause.
_GOES_ON: Final = frozenset({Command.READY, Command.NEXT, *_RESUMES})
#: These hold a pause, whatever it was for.
_HOLDS: Final = frozenset({Command.PAUSE, Command.WAIT, Command.HURTS})
#: Emergency advice is spoken to its end, whatever else is said.
_DURING_ADVICE: Final = frozenset({Command.STOP, Command.LOUDER, Command.QUIETER, Command.REPEAT})
_CUTS_ADVICE: Final = frozenset({Command.STOP, Command.SKIP, Command.END})
#: A movement of which less than this share was done is not judged: "done" after one repetition says nothing.
_ENOUGH_TO_JUDGE: Final = 0.5

# How the session talks. All steps are choices: each is heard at once, and few of them reach the end.
#: The quietest is still heard: whoever turned the voice down too far could not find the way back.
_VOLUME_STEP, _QUIETEST, _LOUDEST = 0.15, 0.1, 1.0
#: Of the voice's own rate; outside of these the words of the voices at hand run together or fall apart.
_RATE_STEP, _SLOWEST, _FASTEST = 0.1, 0.7, 1.4
_TERSEST: Final = 2
_PATIENCE_STEP, _MOST_PATIENT = Millis(4000), Millis(30_000)


class TalkCommands:
    """Commands about the talk itself: they mean the same in a session and in a check-in."""

    def __init__(self, context: Context, flow: Flow) -> None:
        self._c, self._flow = context, flow
        #: The last utterance that was taken, for "what did you hear".
        self.last_heard: Heard | None = None
        self._tellers: Final[dict[Command, Callable[[], None]]] = {
            Command.REPEAT: self._repeat,
            Command.LOUDER: lambda: self._change_volume(_VOLUME_STEP, "louder", "loudest"),
            Command.QUIETER: lambda: self._change_volume(-_VOLUME_STEP, "quieter", "quietest"),
            Command.TALK_FASTER: lambda: self._change_rate(_RATE_STEP, "talk_faster"),
            Command.TALK_SLOWER: lambda: self._change_rate(-_RATE_STEP, "talk_slower"),
            Command.ANOTHER_VOICE: self._another_voice,
            Command.LESS_TALK: lambda: self._change_brevity(1, "less_talk"),
            Command.MORE_TALK: lambda: self._change_brevity(-1, "more_talk"),
            Command.MORE_TIME: self._more_time,
            Command.WHAT_DID_YOU_HEAR: self._what_heard,
            Command.HELP: self._help,
        }

    def obey(self, command: Command, only: Collection[Command] = TRIGGERS) -> bool:
        """Obey a command that is about the talk or fires a trigger (``only`` of these); return whether."""
        if teller := self._tellers.get(command):
            teller()
            return True
        return command in only and self.steer(command)

    def steer(self, command: Command) -> bool:
        """Fire the trigger of a command; return False where no row of the table fits."""
        self._c.pause_reason = "asked"
        resumes = _RESUMES.get(command)
        if resumes and self._c.place.origin() not in states.WHETHER_TO_END:
            self._c.talk.preface.append(notice(resumes))
        if self._flow.fire(TRIGGERS[command]):
            if resumes:
                self._c.out.record(SessionResumed())
            return True
        self._c.talk.preface.clear()
        return False

    def not_here(self, command: Command) -> None:
        """Say that a command is not possible here; what holds a session holds a pause."""
        state = self._c.place.state
        hurts = [notice("hurt_ack")] if command is Command.HURTS else []
        if state in states.WAITING and command in _HOLDS and self._c.place.waits_for_ready:
            # Stay paused, also where a device that comes back would go on.
            self._c.pause_reason = "asked"
            self._c.talk.start([*hurts, *pause_lines(self._c)])
        elif hurts or state not in states.CLOSED:
            self._flow.answer_now(*(hurts or [notice("not_here")]))

    def _repeat(self) -> None:
        if self._c.place.state in states.ASKING:
            self._flow.ask(0)
        else:
            self._c.talk.rewind()

    def _change_volume(self, by: float, done: PromptKey, at_end: PromptKey) -> None:
        style = self._c.style
        before, style.volume = style.volume, round(min(_LOUDEST, max(_QUIETEST, style.volume + by)), 2)
        self._c.out.add(SetVolume(style.volume))
        changed = SettingChanged(name="volume", value=style.volume)
        self._changed(changed, done if style.volume != before else at_end)

    def _change_rate(self, by: float, done: PromptKey) -> None:
        style = self._c.style
        style.talk_rate = round(min(_FASTEST, max(_SLOWEST, style.talk_rate + by)), 2)
        self._c.out.add(SetTalkRate(style.talk_rate))
        self._changed(SettingChanged(name="talk_rate", value=style.talk_rate), done)

    def _another_voice(self) -> None:
        voices = self._c.style.voices
        if len(voices) > 1:
            self._c.style.voices = (*voices[1:], voices[0])
            self._c.out.add(SetVoice(voices[1]))
        self._flow.answer_now(notice("another_voice" if len(voices) > 1 else "only_voice"))

    def _change_brevity(self, by: int, done: PromptKey) -> None:
        style = self._c.style
        style.brevity = min(_TERSEST, max(0, style.brevity + by))
        self._changed(SettingChanged(name="brevity", value=style.brevity), done)

    def _more_time(self) -> None:
        style = self._c.style
        style.patience = Millis(min(_MOST_PATIENT, style.patience + _PATIENCE_STEP))
        self._changed(SettingChanged(name="patience", value=style.patience), "more_time")

    def _changed(self, setting: SettingChanged, done: PromptKey) -> None:
        self._c.out.record(setting)
        self._flow.answer_now(notice(done))

    def _what_heard(self) -> None:
        last = self.last_heard
        self._flow.answer_now(notice("what_heard", text=last.text) if last else notice("what_heard_nothing"))

    def _help(self) -> None:
        """Tell what can be said; what goes on by itself is held, for it may be a cry for help."""
        if self._c.place.waits_for_ready and self._flow.hold("help"):
            return
        if key := help_in(self._c.place.state):
            self._flow.answer_now(notice(key))


class Commands:
    """Everything a person can ask a session for by name. Nothing is ever silently ignored."""

    def __init__(
        self, context: Context, flow: Flow, scenes: SessionScenes, answers: Answers, talk: TalkCommands
    ) -> None:
        self._c, self._flow, self._scenes, self._answers = context, flow, scenes, answers
        self._talk = talk
        self._tellers: Final[dict[Command, Callable[[], None]]] = {
            Command.NEXT: self._next,
            Command.DONE: self._done,
            Command.SLOWER: lambda: self._change_pace(1 / PACE_STEP, "slower", "slowest"),
            Command.FASTER: lambda: self._change_pace(PACE_STEP, "faster", "fastest"),
            Command.SMALLER: lambda: self._change_range(-1, "smaller", "smallest"),
            Command.BIGGER: lambda: self._change_range(1, "bigger", "biggest"),
            Command.SWITCH_SIDES: self._switch_sides,
            Command.HOW_LONG: lambda: flow.answer_now(
                notice("how_long", n=str(context.course.minutes_left()))
            ),
            Command.HOW_MANY: self._how_many,
            Command.WHY: self._why,
            Command.SHOW_ME: self._show_me,
            Command.STATUS: self._status,
            Command.KEEP_IT: partial(self._choose_bucket, Bucket.KEEP, "keep_it"),
            Command.NOT_NOW: partial(self._choose_bucket, Bucket.NOT_NOW, "not_now_it"),
        }

    def obey(self, command: Command) -> None:
        """Obey a command, or say that it is not possible here."""
        if self._in_trouble(command) or (command in _GOES_ON and self._goes_on(command)):
            return
        if teller := self._tellers.get(command):
            teller()
        elif not self._talk.obey(command):
            self._talk.not_here(command)

    def _in_trouble(self, command: Command) -> bool:
        """Obey what is said by, or to the advice for, somebody in trouble; return whether that was all."""
        place = self._c.place
        if not place.waits_for_ready:
            return False
        if command in DISTRESS:
            self._distressed(command)
            return True
        if place.state in states.ADVICE:
            return self._in_advice(command)
        if not place.unsteady or command not in {*_GOES_ON, Command.PAUSE}:
            return False
        # "Pause" finds everything quiet already. A key that is pressed by habit, or a "ready" that was
        # misheard, is not "I'm steady".
        if command not in _RESUMES or not self._answers.steady_again(Trigger.STEADY):
            self._flow.ask()
        return True

    def _in_advice(self, command: Command) -> bool:
        """Take what is said into advice, which an emergency hears to its end; return whether that was all."""
        if self._c.place.state in states.TOLD_WHOLE and command not in _DURING_ADVICE:
            return True
        if command in _CUTS_ADVICE:
            self._cut_advice_short()
            return True
        return False

    def _distressed(self, command: Command) -> None:
        """Stop everything for whoever is in trouble; nothing of it goes on by itself."""
        place, asked = self._c.place, self._c.asked
        self._c.unsure = None
        if place.state in states.TOLD_WHOLE:
            return  # the advice is being given already
        keep_distress(self._c, command, place.state)
        group = fall_group(self._c.setup)
        if command is Command.FELL and place.state in states.FLAGS_ASKED and group is not None:
            # The screen asks for its sign, once more.
            asked.flag_at, self._c.trouble.fell = min(asked.flag_at, group), False
        trigger = Trigger.EMERGENCY if command is Command.EMERGENCY else Trigger.UNWELL
        if not self._flow.fire(trigger) and place.unsteady:
            self._c.misses = 0
            self._c.talk.start((notice("stop_and_sit"), *self._scenes.question(0)))

    def _cut_advice_short(self) -> None:
        """Say once more whom to call or to see, and end after that; a second "stop" ends at once."""
        if self._c.trouble.advice_cut_short:
            self._flow.fire(Trigger.STOP)
            return
        self._c.trouble.advice_cut_short = True
        self._c.talk.start((self._scenes.most_important(),))

    def _goes_on(self, command: Command) -> bool:
        """Go on if "ready" is being waited for; return whether nothing else is to be made of the word."""
        place, ready = self._c.place, command is Command.READY
        if place.awaiting_ready or (ready and self._answers.ready()):
            return self._flow.fire(Trigger.READY)
        if not ready:
            return False
        if place.state in states.WAITING:
            return self._talk.steer(Command.RESUME)
        if place.state in states.RESTING:
            self._c.talk.cut()
        elif place.state in states.ASKING and self._c.talk.finished:
            self._flow.ask()
        return True

    def _next(self) -> None:
        place = self._c.place
        if (
            place.state in states.COUNTED
            and place.waits_for_ready
            and self._c.talk.elapsed < _ENOUGH_TO_JUDGE
        ):
            self._flow.fire(Trigger.LEFT_EARLY)
        elif place.state in states.ADVICE and place.waits_for_ready:
            return  # the advice is being given
        elif place.state in states.TELLING:
            self._c.talk.cut()
        elif place.state in states.WAITING:
            self._talk.steer(Command.RESUME)
        else:
            self._flow.answer_now(notice("not_here"))

    def _done(self) -> None:
        """Finish the movement; said where it would lead on, it may mean the session."""
        place = self._c.place
        if (
            place.state in states.COUNTED
            or not place.waits_for_ready
            or not self._answers.ask_whether_to_end()
        ):
            self._next()

    def _change_pace(self, factor: float, done: PromptKey, at_end: PromptKey) -> None:
        if not self._on_a_movement():
            return
        changed = self._c.course.change_pace(factor)
        if self._c.place.state in states.COUNTED:
            self._c.talk.pace = self._c.course.manner().pace
        self._manner_changed(done if changed else at_end, changed=changed)

    def _change_range(self, by: int, done: PromptKey, at_end: PromptKey) -> None:
        if not self._on_a_movement():
            return
        changed = self._c.course.change_range(by)
        self._manner_changed(done if changed else at_end, changed=changed)

    def _manner_changed(self, key: PromptKey, *, changed: bool) -> None:
        if changed:
            keep_manner(self._c)
        self._flow.answer_now(notice(key, text=self._c.course.range().cue))

    def _on_a_movement(self) -> bool:
        if not self._c.course.under_way:
            self._flow.answer_now(notice("not_here"))
        return self._c.course.under_way

    def _switch_sides(self) -> None:
        if not switch_side(self._c):
            self._flow.answer_now(notice("cannot_switch"))
            return
        switched = notice("switched", side=self._c.course.here.side.value)
        if self._c.place.state in states.COUNTED and not self._c.ledger.open_trial:
            self._c.talk.preface.append(switched)
            self._scenes.perform()
        else:
            self._flow.answer_now(switched)

    def _how_many(self) -> None:
        left = self._c.talk.reps_left if self._c.place.state in states.COUNTED else 0
        self._flow.answer_now(notice("how_many", left=str(left)) if left else notice("how_many_none"))

    def _why(self) -> None:
        if self._on_a_movement():
            movement = self._c.course.here.movement
            note, own = movement.note, self._c.setup.evidence.get(movement.id)
            lines = [notice("why", text=f"{note.claim} {note.counter}")]
            self._flow.answer_now(*lines, *([notice("why_own", text=own)] if own else []))

    def _show_me(self) -> None:
        if self._on_a_movement():
            movement = self._c.course.here.movement
            self._flow.answer_now(
                *(notice("literal", text=text) for text in (movement.start, *movement.steps))
            )

    def _status(self) -> None:
        if self._on_a_movement():
            course = self._c.course
            at, total, name = course.index + 1, len(course.stations), course.here.movement.name
            self._flow.answer_now(notice("status", n=str(at), total=str(total), name=name))

    def _choose_bucket(self, bucket: Bucket, done: PromptKey) -> None:
        if not self._c.course.under_way:
            self._flow.answer_now(notice("bucket_none"))
            return
        here = self._c.course.here
        self._c.out.record(BucketChosen(movement=here.movement.id, side=here.side, bucket=bucket))
        self._flow.answer_now(notice(done))
