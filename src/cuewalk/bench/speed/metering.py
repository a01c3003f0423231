"""What it costs to listen: processor time and elapsed time of the session's loop, frame by frame."""

import time
from functools import partial
from typing import Final

from cuewalk import places
from cuewalk.audio.aec.canceller import build_echo_stage
from cuewalk.bench.cue_script import CueScript
from cuewalk.bench.hearing.listening import ListenFor
from cuewalk.bench.hearing.scene import TimedRoom
from cuewalk.bench.live.cost import others_cpu_seconds
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES
from cuewalk.session.notices import NoticeBoard
from cuewalk.session.observing import Observer
from cuewalk.session.stage import LoopOptions, Stage, build_loop
from cuewalk.settings import Settings
from cuewalk.speech_in.listener import UtteranceHeard
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.voices.silent import SilentVoice
from cuewalk.understanding.hearing import Hearing

#: What is waited for while it is measured: a rating, as for most of a session.
EXPECTS: Final = ListenFor.RATINGS.expects


class SilentSession(Observer):
    """A session that only listens, in a room where nothing is heard but what is fed."""

    def __init__(self, hearing: Hearing, settings: Settings) -> None:
        self.utterances = 0
        self.room = TimedRoom()
        script = CueScript((), lambda _event: None, obeys=True)
        script.expects = EXPECTS
        voice = CachedVoice(SilentVoice(), places.cache_dir() / "cues")
        stage = Stage(settings, hearing.pack, voice, NoticeBoard(), hearing)
        options = LoopOptions(echo=partial(build_echo_stage, None), observers=[self])
        self.loop = build_loop(stage, script, self.room, options)

    def heard(self, utterance: UtteranceHeard, *, spoiled: bool) -> None:  # noqa: ARG002 - the observer's shape
        """Count an utterance."""
        self.utterances += 1


class Meter:
    """Feeds a session sound and adds up what it costs. The room's own time does not count."""

    def __init__(self, session: SilentSession) -> None:
        self._session = session
        self.cpu = self.seconds = self.busy = self.busy_seconds = 0.0
        self.utterances = 0

    def feed(self, sound: Samples) -> None:
        """Feed it as fast as it goes."""
        room, loop, of_others = self._session.room, self._session.loop, others_cpu_seconds()
        before = self._session.utterances
        room.say(sound, room.now_sample)
        for _ in range(len(sound) // FRAME_SAMPLES):
            began, cpu, of_room = time.perf_counter(), time.process_time(), room.seconds
            speaking = loop.speaking
            loop.tick()
            self.cpu += time.process_time() - cpu - (room.seconds - of_room)
            self.seconds += FRAME_MS / 1000
            if speaking or loop.speaking:
                self.busy += time.perf_counter() - began
                self.busy_seconds += FRAME_MS / 1000
        # Recognisers that have a process of their own.
        self.cpu += others_cpu_seconds() - of_others
        self.utterances += self._session.utterances - before
