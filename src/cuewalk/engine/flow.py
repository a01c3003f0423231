"""How a conversation moves on: from state to state, through unanswered questions, pauses and lost devices.

A session and a check-in are both led by it, each with its own machine and scenes.
"""

from typing import Final, Protocol

from cuewalk.domain.prompts import PromptKey, key_of
from cuewalk.domain.records import SessionResumed
from cuewalk.domain.units import Millis
from cuewalk.engine.context import Context
from cuewalk.engine.effects import Listen
from cuewalk.engine.events import (
    Begin,
    CancellerLost,
    CueFinished,
    DeviceBack,
    DeviceLost,
    Event,
    NotUnderstood,
    SpeechStarted,
    SpeechWasNothing,
    TimerFired,
    Understood,
)
from cuewalk.engine.lines import HELP_TO_GO_ON, ScriptItem, notice
from cuewalk.engine.machine import Machine
from cuewalk.engine.states import ASKING, CLOSED, DEVICES, MOVING, NOTES, WAITING, State, Trigger

#: More scripts than this cannot end within one event; a longer chain would be a mistake in the table.
_LONGEST_CHAIN: Final = 20
#: One reminder of "ready" is said after this long: a chair is fetched and a floor reached in less. A choice.
REMINDED_AFTER: Final = Millis(45_000)
#: The session pauses this much later, two minutes in all.
PAUSED_AFTER: Final = Millis(75_000)
#: Silences after which whoever felt unwell is told goodbye: a reminder each, about five minutes in all. A
#: choice: long enough to sit down and drink something, short enough not to wait for somebody who has left.
_SILENCES_BEFORE_FAREWELL: Final = 6
#: What is said on pausing, by its reason; "paused" for every other.
_PAUSES: Final[dict[str, PromptKey]] = {
    "no answer": "paused_no_answer",
    "not understood": "paused_not_understood",
    "help": "paused_help",
    "note": "paused_note",
    "microphone": "microphone_lost",
    "speaker": "speaker_lost",
}
_LOST_WAITING: Final = {device: key_of(f"{device}_lost_waiting") for device in DEVICES}
_BACK_WAITING: Final = {device: key_of(f"{device}_back_waiting") for device in DEVICES}
_BACK: Final = {device: key_of(f"{device}_back") for device in DEVICES}


class Scenes(Protocol):
    """What each state says."""

    def enter(self) -> None:
        """Say what the present state says when it is newly entered."""
        ...

    def question(self, length: int) -> tuple[ScriptItem, ...]:
        """Return the question of the present state: 0 in full, 1 shorter, 2 with examples."""
        ...


class Flow:
    """Fires triggers, waits for answers and pauses."""

    def __init__(self, context: Context, machine: Machine[Context], scenes: Scenes) -> None:
        self._c, self._machine, self._scenes = context, machine, scenes

    def take(self, event: Event) -> None:
        """Take in an event, but for what was said and what it means."""
        match event:
            case Begin():
                self.fire(Trigger.BEGIN)
            case CueFinished(cue=cue):
                self._c.talk.cue_finished(cue)
            case TimerFired(timer=timer):
                if self._c.talk.timer_fired(timer):
                    self._waited()
            case DeviceLost() | DeviceBack() | CancellerLost():
                self._sound_changed(event)
            case SpeechStarted():
                self._c.speaking = True
                self._c.talk.hold_patience()
            case SpeechWasNothing() | Understood() | NotUnderstood():
                self._c.speaking = False

    def fire(self, trigger: Trigger) -> bool:
        """Take the first row of the table that fits; return False where none does."""
        place, talk = self._c.place, self._c.talk
        source, script = place.state, (talk.items, talk.at)
        if not self._machine.move(trigger, self._c):
            return False
        place.remember(source, script)
        talk.stop_speaking()
        self._c.misses = 0
        if place.waits_for_ready:
            self._c.unsure = None
        self._c.out.add(Listen(place.expects))
        self._enter()
        return True

    def _enter(self) -> None:
        place, talk = self._c.place, self._c.talk
        script = place.take_script()
        told = script is not None and script[1] >= len(script[0]) and place.awaiting_ready
        if place.returning and (told or place.state in {*ASKING, *WAITING}):
            talk.say(*self._scenes.question(1))
        elif script is not None:
            talk.go_on(*script)
        else:
            self._scenes.enter()

    def settle(self) -> None:
        """Move on from finished scripts, or start waiting for the answer."""
        for _ in range(_LONGEST_CHAIN):
            if not self._c.talk.finished or self._c.place.state in {*CLOSED, *WAITING}:
                return
            if self._c.place.asks:
                self._wait_for_answer()
                return
            if not self.fire(Trigger.DONE):
                return

    def _wait_for_answer(self) -> None:
        """Start the clock of patience; whoever gets into position or sits down needs longer."""
        place = self._c.place
        if self._c.speaking:
            return
        if place.unsteady or (place.awaiting_ready and self._c.misses == 0):
            self._c.talk.be_patient(REMINDED_AFTER)
        else:
            self._c.talk.be_patient(PAUSED_AFTER if place.awaiting_ready else self._c.style.patience)

    # Questions

    def ask(self, length: int = 1) -> None:
        """Ask the question of the present state now: 0 in full, 1 shorter, 2 with examples."""
        self._c.talk.start(self._scenes.question(length))

    def answer_now(self, *lines: ScriptItem) -> None:
        """Say something in between, and then go on with the script; a question is asked again, shorter."""
        asked = self._c.place.state in ASKING and self._c.talk.finished
        self._c.talk.interject([*lines, *(self._scenes.question(1) if asked else ())])

    def missed(self) -> None:
        """Ask again: shorter, then with examples, then give up. A missing answer is never filled in."""
        place = self._c.place
        if not place.asks or not self._c.talk.finished:
            return
        if place.awaiting_ready or place.unsteady:
            self.ask()
        elif not self.often_missed():
            self.ask(self._c.misses)
        elif place.state in NOTES:
            self._c.pause_reason = "no answer"
            self.fire(Trigger.NOTED)
        else:
            self.give_up()

    def often_missed(self) -> bool:
        """Count a miss; return whether asking comes to an end."""
        self._c.misses += 1
        return self._c.misses >= self._c.setup.rules.misses_before_pause.value

    def give_up(self) -> None:
        """Stop asking: pause, or whatever the table has for a question that is not answered."""
        if not self.fire(Trigger.UNANSWERED):
            self.pause("no answer")

    def _waited(self) -> None:
        """Take in that nothing was said for long: remind, then pause; who is unsteady is never led on."""
        place = self._c.place
        if not (place.awaiting_ready or place.unsteady):
            self.missed()
            return
        self._c.misses += 1
        if place.unsteady and self._c.misses >= _SILENCES_BEFORE_FAREWELL:
            self.fire(Trigger.UNANSWERED)
        elif place.awaiting_ready and self._c.misses > 1:
            self.pause("no answer")
        else:
            self.ask()

    # Pauses

    def pause(self, reason: str) -> None:
        """Wait for the person; the reason is kept."""
        self._c.pause_reason = reason
        self.fire(Trigger.PAUSE)

    def hold(self, reason: str) -> bool:
        """Pause what goes on by itself until the person's own word; a pause that a device would end, too."""
        if self._c.place.state in MOVING:
            self.pause(reason)
        elif self._c.place.behind_pause in MOVING and self.outlast_devices(reason):
            self.answer_now(*pause_lines(self._c))
        else:
            return False
        return True

    def outlast_devices(self, reason: str) -> bool:
        """Let a pause for a device outlast it; return whether it was one."""
        if self._c.pause_reason not in DEVICES:
            return False
        self._c.pause_reason = reason
        return True

    def resume(self) -> bool:
        """Go on from a pause, to where it was; return False where there is none."""
        resumed = self.fire(Trigger.RESUME)
        if resumed:
            self._c.out.record(SessionResumed())
        return resumed

    # Devices

    def _sound_changed(self, event: DeviceLost | DeviceBack | CancellerLost) -> None:
        match event:
            case DeviceLost(device=device):
                self._device_lost(device)
            case DeviceBack(device=device):
                self._device_back(device)
            case CancellerLost() if self._c.place.state not in CLOSED:
                self.answer_now(notice("canceller_lost"))

    def _device_lost(self, device: str) -> None:
        """Pause; whoever is unsteady, or paused for a note, is waited for as before."""
        self._c.devices_gone.add(device)
        if self._waited_for_anyway():
            self.answer_now(notice(_LOST_WAITING[device]))
        elif self._c.place.state not in WAITING:
            self.pause(device)

    def _device_back(self, device: str) -> None:
        """Go on after a pause for this device, to where it was; what was asked there is asked again.

        Nothing goes on while the other device is gone.
        """
        self._c.devices_gone.discard(device)
        place, talk = self._c.place, self._c.talk
        if self._waited_for_anyway():
            self.answer_now(notice(_BACK_WAITING[device]))
        elif place.state in WAITING and self._c.pause_reason == device:
            waits = place.asks_behind_pause or self._c.devices_gone
            back = notice((_BACK_WAITING if waits else _BACK)[device])
            if self._c.devices_gone and place.waits_for_ready:
                self._c.pause_reason = next(iter(self._c.devices_gone))
                talk.start((back, notice(_LOST_WAITING[self._c.pause_reason])))
                return
            talk.preface.append(back)
            self.resume()

    def _waited_for_anyway(self) -> bool:
        """Return whether nothing goes on here, nor behind it, but by the person's own word."""
        return self._c.place.unsteady or self._c.place.origin() in WAITING


def pause_lines(c: Context) -> tuple[ScriptItem, ...]:
    """Return what is said on pausing; to who asked for help, what can be said when it goes on, too."""
    said: tuple[ScriptItem, ...] = (notice(_PAUSES.get(c.pause_reason, "paused")),)
    behind = c.place.origin(State.PAUSED)
    if c.pause_reason == "help" and behind in HELP_TO_GO_ON:
        return (*said, notice(HELP_TO_GO_ON[behind]))
    return said
