"""The sound check: the room, our voice and its echo, the person's word, the verdict; in 15 seconds."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from rich.console import Console

from cuewalk.audio.aec.canceller import EchoMode, EchoStage, build_echo_stage
from cuewalk.audio.aec.far_end import FarEnd
from cuewalk.audio.api import AudioIO
from cuewalk.audio.signal.quality import SignalReport, assess, is_silent
from cuewalk.checkup.sound_check.measuring import (
    Tape,
    echo_reduction_db,
    joined,
    overload_share,
    round_trip_ms,
)
from cuewalk.checkup.sound_check.meter import Meter
from cuewalk.checkup.sound_check.verdict import WORD, Findings, SoundReport, WordResult, report_on
from cuewalk.devices.lasting import LastingAudio
from cuewalk.domain.intents import Expect, RatingSaid
from cuewalk.domain.units import FRAME_MS, Millis
from cuewalk.engine.events import Understood
from cuewalk.session.dialogue import Dialogue, DialogueAnswer
from cuewalk.session.observing import Frame
from cuewalk.session.stage import LoopOptions, Stage, build_loop
from cuewalk.understanding.hearing import build_hearing

#: How long the room is listened to, once the last of our own voice has died away.
_ROOM_MS: Final = Millis(1200)
_SETTLE_MS: Final = Millis(400)
#: How long is waited for the person's word.
_PATIENCE: Final = Millis(3500)
#: What is asked, one after the other, until the word is understood.
_ASKS: Final = ("sound_check_ask", "sound_check_again")
#: How long sound has to flow without a gap before anything is measured, and how often that is tried: who
#: starves is opened anew with a larger buffer after one second, and takes most of another for it.
_FLOWING: Final = Millis(1000)
_FLOWING_TRIES: Final = 6
#: Gaps a frame from which the check is not to be trusted. A run that the machine starved had 0.7 (null sinks,
#: two busy cores) and passed no more; the limit itself is design.
_STUTTERS: Final = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """What the person said, and the report on the microphone's signal meanwhile, before the canceller."""

    answer: DialogueAnswer
    signal: SignalReport = field(compare=False)


class SoundCheckDialogue(Dialogue):
    """A dialogue of which each frame is taken on ``tape``, once it is `recording`, and shown on the meter."""

    def __init__(self, meter: Meter) -> None:
        super().__init__(frozenset({Expect.RATING}))
        self._meter = meter
        self.tape, self.recording = Tape(), False

    def room(self, lasting: Millis, settle: Millis) -> SignalReport:
        """Listen to the room; the report is without the first ``settle`` milliseconds."""
        from_here = len(self.tape) + settle // FRAME_MS
        self.be_silent(Millis(lasting + settle))
        return assess(joined(self.tape.raw[from_here:]))

    def hear(self, patience: Millis, round_trip: int | None) -> Reply | None:
        """Return what the person says; None if that is nothing for ``patience``.

        ``round_trip``: the milliseconds after which our own voice comes back. What began before its end is
        perhaps our own voice, and "say four" must not be taken for a four.
        """
        begin = len(self.tape)
        latency = self.loop.front_end.queue.far_end.latency_frames * FRAME_MS
        late = max(0, (round_trip or 0) - latency)
        answer = self.listen(Millis(self.now + late + patience), Millis(self.silent_since + late))
        return None if answer is None else Reply(answer, assess(joined(self.tape.raw[begin:])))

    def framed(self, frame: Frame) -> None:
        """Take in one frame of sound."""
        if self.recording:
            # What decides whether it hears itself is the signal that voice activity is looked for in.
            self.tape.add(frame.played, frame.microphone, frame.gate)
            self._meter.feed(frame.microphone)


def sound_check_live(stage: Stage, console: Console) -> SoundReport:
    """Check the devices that are set.

    Raises:
        DeviceError: if the microphone or the speaker does not work.
        CuewalkError: if nothing can hear the language, or no voice works.
    """
    settings = stage.settings
    with closing(LastingAudio(settings.devices, waits=False)) as audio:
        return sound_check(audio, stage, console, live=True)


def sound_check(
    audio: AudioIO,
    stage: Stage,
    console: Console,
    *,
    echo: Callable[[FarEnd], EchoStage] | None = None,
    live: bool = False,
) -> SoundReport:
    """Check how the microphone, the speaker, the canceller and the recognisers work together.

    Args:
        audio: closed by the caller.
        stage: settings, language and voice; its own hearing is not touched.
        console: told everything that is said and found, in sentences.
        echo: makes another canceller than the one there is.
        live: whether the device runs in real time: then a decode must not hold its frames up.

    Raises:
        DeviceLostError: if a device stops delivering.
        CuewalkError: if nothing can hear the language, or no voice works.
    """
    hearing = build_hearing(stage.pack, stage.settings)
    if live:
        hearing = hearing.in_background()
    with closing(hearing.listener), Meter(console, plain=stage.settings.screen == "plain") as meter:
        turns = SoundCheckDialogue(meter)
        options = LoopOptions(
            live=live, hearing=hearing, echo=echo or partial(build_echo_stage, None), observers=[turns]
        )
        turns.runs_on(build_loop(stage, turns, audio, options))
        meter.line(f"Microphone and speaker: {audio.name}.")
        check = _Check(stage, turns, meter)
        if live:
            _let_it_flow(turns)
        turns.recording = True
        gaps, frames = audio.health.lost, audio.health.frames
        report = check.run()
        if stuttered := _stuttered(audio.health.lost - gaps, audio.health.frames - frames):
            meter.line(stuttered, "bold yellow")
        return report


def _let_it_flow(turns: SoundCheckDialogue) -> None:
    """Let silence pass until a whole second of it had no gap: what is measured should be the room."""
    for _ in range(_FLOWING_TRIES):
        before = turns.loop.health.lost
        turns.be_silent(_FLOWING)
        if turns.loop.health.lost == before:
            return


def _stuttered(gaps: int, frames: int) -> str:
    """Return what to say of sound that came or went in pieces, "" where it flowed."""
    if gaps <= frames * _STUTTERS:
        return ""
    return (
        f"The sound stuttered while I listened ({gaps} gaps in {frames} frames), so this check says "
        "little about your room. Close what keeps this machine busy, and check again."
    )


class _Check:
    """One sound check: our lines, the person's answers, the report."""

    def __init__(self, stage: Stage, turns: SoundCheckDialogue, meter: Meter) -> None:
        self._stage, self._turns, self._meter = stage, turns, meter
        self._begin = stage.pack.render("sound_check_begin", {})
        self._asks = [stage.pack.render(prompt, {"value": WORD}) for prompt in _ASKS]
        # Rendered before the clock starts: a device that has to wait in between falls behind.
        for text in (self._begin, *self._asks):
            stage.voice.render(text, stage.settings.talk_rate)

    def run(self) -> SoundReport:
        self._say(self._begin)
        self._meter.phase("listening to the room")
        room = self._turns.room(_ROOM_MS, _SETTLE_MS)
        report = report_on(self._findings(room, self._answer()), self._stage.pack)
        for sentence in report.measured:
            self._meter.line(sentence)
        for sentence in report.says:
            self._meter.line(sentence, "bold green" if report.ok else "bold yellow")
        self._meter.phase("speaking")
        for sentence in report.spoken:
            self._turns.say(sentence)
        return report

    def _answer(self) -> Reply | None:
        """Ask for the word, once more if need be, and return the last answer."""
        answer, round_trip = None, self._round_trip()
        for ask in self._asks:
            self._say(ask)
            self._meter.phase("your turn")
            answer = self._turns.hear(_PATIENCE, round_trip) or answer
            if self._is_word(answer) or self._dead():
                break
        return answer

    def _findings(self, room: SignalReport, answer: Reply | None) -> Findings:
        tape, round_trip = self._turns.tape, self._round_trip()
        deaf = self._turns.loop.front_end.echo.mode is EchoMode.HALF_DUPLEX
        heard = () if answer is None else answer.answer.utterance.hypotheses
        measurable = round_trip is not None and not deaf
        return Findings(
            room=room,
            answer=None if answer is None else answer.signal,
            dead=self._dead(),
            played=bool(joined(tape.played).any()),
            echo_reduction_db=echo_reduction_db(tape, round_trip or 0, room.rms_dbfs) if measurable else None,
            deaf_meanwhile=deaf,
            round_trip_ms=round_trip,
            heard=tuple(WordResult(h.engine, h.text, h.confidence) for h in heard),
            word=self._is_word(answer),
            overload=0.0 if round_trip is None else overload_share(tape, round_trip),
            setting=self._stage.settings.echo,
        )

    def _say(self, text: str) -> None:
        self._meter.line(text, "cyan")
        self._meter.phase("speaking")
        self._turns.say(text)

    def _round_trip(self) -> int | None:
        tape = self._turns.tape
        return round_trip_ms(joined(tape.played), joined(tape.raw))

    def _dead(self) -> bool:
        return is_silent(joined(self._turns.tape.raw))

    def _is_word(self, heard: Reply | None) -> bool:
        """Return whether a session would take the answer for the number, at least after asking back."""
        event = None if heard is None else heard.answer.event
        return isinstance(event, Understood) and event.intent == RatingSaid(value=float(WORD))
