"""Where the benchmark takes place: the room, what plays in it, and the session's loop that listens there."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from cuewalk.audio.aec.canceller import EchoMode, build_echo_stage
from cuewalk.audio.signal.microphone_watch import MicrophoneWatch
from cuewalk.bench.cue_script import CueScript
from cuewalk.bench.noise import Background, speech_rms
from cuewalk.bench.recordings import SEED
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.intents import Expect
from cuewalk.domain.sound import FULL_SCALE, Samples, as_samples
from cuewalk.domain.units import FRAME_SAMPLES, Millis, samples_of
from cuewalk.engine.events import Begin, NotUnderstood, Understood
from cuewalk.session.loop import SessionLoop
from cuewalk.session.observing import Observer, StepPerformed
from cuewalk.session.stage import LoopOptions, Stage, build_loop
from cuewalk.speech_in.listener import UtteranceHeard
from cuewalk.speech_out.api import Piece

#: Faint noise before and after each clip, and how long an utterance may go on after that, ms. Design: longer
#: than the silence that ends an utterance.
BEFORE: Final = Millis(500)
AFTER: Final = Millis(1500)
LONGEST_AFTER: Final = Millis(9000)
#: Level of that noise against full scale: a quiet microphone in a quiet room.
_FAINT_DB: Final = -75.0
#: Seconds until a sound has died away by 60 dB: a furnished living room.
_RT60: Final = 0.45
#: Frames of our own voice alone before the first clip (4 s): the canceller has learned the room by then.
_WARM_UP: Final = 200
#: Frames of silence between two clips in one room (3 s). Our voice is as loud as each clip asks for, which no
#: session does, and the loop takes it for as loud as it was over the last one: by then that is 26 dB less. A
#: "five" said after a loud sneeze was taken for residual echo without it.
_BETWEEN: Final = 150
#: Level of our own voice meanwhile: root mean square, -26 dB of full scale, as speech is usually recorded.
_WARM_UP_RMS: Final = 10 ** (-26 / 20) * FULL_SCALE


@dataclass(frozen=True, slots=True)
class ListeningConditions:
    """What makes hearing harder. Levels in decibels, None for none.

    ``snr`` is speech against background noise, ``echo`` our own cue against the person, both at the
    microphone.
    """

    snr: float | None = None
    echo: float | None = None
    room: bool = False


class TimedRoom(VirtualRoom):
    """A room that counts the processor time which the room itself takes: no session has that."""

    seconds = 0.0

    def exchange(self, play: Samples | None) -> Samples:
        """Play one frame and return what the microphone hears in the same 20 ms."""
        began = time.process_time()
        heard = super().exchange(play)
        self.seconds += time.process_time() - began
        return heard


def timed_tick(loop: SessionLoop, room: TimedRoom) -> tuple[float, float]:
    """Let one frame pass; return the seconds of processor time without the room's own, and those elapsed."""
    began, cpu, of_room = time.perf_counter(), time.process_time(), room.seconds
    loop.tick()
    return time.process_time() - cpu - (room.seconds - of_room), time.perf_counter() - began


class LevelledVoice:
    """Rendered cues, each as loud as is asked for: the level of our own voice against the person's."""

    def __init__(self, cues: Mapping[str, Samples]) -> None:
        self._cues = dict(cues)
        #: Root mean square of the speech.
        self.rms = _WARM_UP_RMS

    def pieces(self, text: str, rate: float) -> Iterator[Piece]:  # noqa: ARG002 - they are rendered
        """Yield the cue."""
        cue = self._cues[text]
        yield Piece(text, as_samples(cue * (self.rms / max(speech_rms(cue), 1.0))))

    def prefetch(self, lines: Iterable[tuple[str, float]]) -> None:
        """Do nothing: they are rendered."""


class EventsTold(Observer):
    """Collects what was heard and what a session would make of it."""

    def __init__(self) -> None:
        self._utterance: UtteranceHeard | None = None
        #: Each utterance that came to anything, with its event.
        self.understood: list[tuple[UtteranceHeard, Understood | NotUnderstood]] = []

    def heard(self, utterance: UtteranceHeard, *, spoiled: bool) -> None:  # noqa: ARG002 - the observer's shape
        """Hold the utterance until it is understood."""
        self._utterance = utterance

    def stepped(self, step: StepPerformed) -> None:
        """Take in what the session was told."""
        if isinstance(step.event, Understood | NotUnderstood) and self._utterance is not None:
            self.understood.append((self._utterance, step.event))
            self._utterance = None


@dataclass(frozen=True, slots=True, eq=False)
class ListeningRoom:
    """A room, the loop that listens in it, and what it was told."""

    room: TimedRoom
    loop: SessionLoop
    script: CueScript
    told: EventsTold

    def leave(self) -> None:
        """Let everything fall silent."""
        self.room.silence_person()
        self.loop.playback.stop()
        self.told.understood.clear()


class Scene:
    """Puts each clip into a room in which the session's loop listens.

    With echo it is one room, one loop and one canceller for all clips, as in a session, because the canceller
    learns the room; without, each clip has its own, so that it is heard the same whatever else is.

    ``background`` is mixed in for ``conditions.snr``, ``cues`` (text and sound) are spoken for
    ``conditions.echo``.
    """

    def __init__(
        self,
        conditions: ListeningConditions,
        expects: frozenset[Expect],
        background: Background | None = None,
        cues: Mapping[str, Samples] | None = None,
    ) -> None:
        self.expects, self._conditions, self._background = expects, conditions, background
        self._voice, self._lines = LevelledVoice(cues or {}), list(cues or {})
        self._shared: tuple[Stage, ListeningRoom] | None = None

    def enter(self, stage: Stage, sound: Samples, seed: int, *, is_noise: bool = False) -> ListeningRoom:
        """Return the room in which ``sound`` is about to be heard `BEFORE` from now; our voice speaks.

        What is noise itself gets no other noise under it.
        """
        place = self._place(stage, seed)
        room, before, snr = place.room, samples_of(BEFORE), self._conditions.snr
        if snr is None or self._background is None or is_noise:
            room.say(sound, room.now_sample + before)
        else:
            after = samples_of(Millis(AFTER + LONGEST_AFTER)) + FRAME_SAMPLES
            around = self._background.under(sound, snr, before=before, after=after, seed=seed)
            room.say(around, room.now_sample)
        if self._conditions.echo is not None:
            self._voice.rms = speech_rms(sound) * 10 ** (self._conditions.echo / 20)
            # The clip's own cue, whatever was heard before: so that two runs can be compared clip by clip.
            place.script.begun = seed % len(self._lines)
            place.loop.tell(Begin())
        return place

    def _place(self, stage: Stage, seed: int) -> ListeningRoom:
        """Return a fresh room, or the one for all clips that this stage's recognisers hear."""
        if self._conditions.echo is None:
            return self._room(stage, seed, EchoMode.HEADPHONES)
        if self._shared is None or self._shared[0] is not stage:
            self._shared = stage, self._warmed_up(stage)
        place = self._shared[1]
        for _ in range(_BETWEEN):
            place.loop.tick()
        stage.hearing.listener.reset()
        return place

    def _warmed_up(self, stage: Stage) -> ListeningRoom:
        """Let the canceller learn the room from our own voice alone, as it does before the first answer."""
        place = self._room(stage, SEED, None)
        self._voice.rms = _WARM_UP_RMS
        place.loop.tell(Begin())
        for _ in range(_WARM_UP):
            place.loop.tick()
        place.leave()
        return place

    def _room(self, stage: Stage, seed: int, mode: EchoMode | None) -> ListeningRoom:
        room = TimedRoom(
            seed,
            # What is played has its level already: the room passes it on unchanged.
            echo_db=None if self._conditions.echo is None else 0.0,
            noise_db=_FAINT_DB,
            rt60=_RT60 if self._conditions.room else None,
        )
        script, told = CueScript(self._lines, lambda _event: None, obeys=True), EventsTold()
        script.expects = self.expects
        options = LoopOptions(
            volume=1.0,
            voice=self._voice,
            echo=partial(build_echo_stage, mode),
            observers=[told],
            watch=MicrophoneWatch(),
        )
        return ListeningRoom(room, build_loop(stage, script, room, options), script, told)
