"""In the virtual room: the quiet tones are heard, and a deaf-while-speaking voice can be interrupted."""

import shutil
from datetime import UTC, datetime

import numpy as np
import pytest

from cuewalk.audio.earcons import Earcon, tone
from cuewalk.audio.phrases import phrase_starts
from cuewalk.content.load import load_catalogue
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.journal.store import FILE_NAME, Journal
from cuewalk.planning.preparing import prepare
from cuewalk.session.observing import Observer
from cuewalk.session.stage import Performance, begin, open_stage
from cuewalk.settings import Settings
from cuewalk.speech_out.voices.commands import FliteVoice

pytestmark = pytest.mark.skipif(
    not (shutil.which("flite") and shutil.which("espeak-ng")), reason="needs flite and espeak-ng"
)
_MOST_FRAMES = 4_000


class _OverError(Exception):
    """The test has heard enough."""


class _Listening(VirtualRoom):
    """A room that keeps what was played."""

    def __init__(self, **room):
        super().__init__(**room)
        self.played = []

    def exchange(self, play):
        self.played.append(play)
        if len(self.played) > _MOST_FRAMES:
            raise _OverError
        return super().exchange(play)


class _StopInAGap(Observer):
    """Says "stop" in the first gap of our voice that is long enough to be one between phrases."""

    def __init__(self, room):
        self.room, self.word, self.said, self.silent = room, FliteVoice("slt").render("stop"), None, 0
        self.events = []

    def ticked(self, now, view, *, quiet):
        self.silent = 0 if self.room.played[-1].any() else self.silent + 1
        if self.said is None and not quiet and self.silent == 20 and now > 2_000:
            self.room.say(self.word)
            self.said = now

    def stepped(self, step):
        if isinstance(step.event, Understood | NotUnderstood):
            self.events.append(step)
            if self.said is not None:
                raise _OverError


class _Answer(Observer):
    """Answers the first question, then listens for two seconds more."""

    def __init__(self, room):
        self.room, self.word, self.left = room, FliteVoice("slt").render("four"), None

    def ticked(self, now, view, *, quiet):
        if self.left is None and quiet and view.state == "baseline" and not self.room.played[-1].any():
            self.left, _ = 250, self.room.say(np.concatenate([np.zeros(12_000, np.int16), self.word]))
        elif self.left is not None:
            self.left -= 1
            if not self.left:
                raise _OverError


def perform(folder, monkeypatch, settings, person):
    """Run a session until the person has had enough, and return what was played."""
    monkeypatch.setenv("CUEWALK_HOME", str(folder / "home"))
    stage, room = open_stage(settings), _Listening(seed=1, echo_db=-12.0, noise_db=-62.0)
    journal = Journal(folder / FILE_NAME)
    now = datetime.now(UTC).astimezone()
    session_id, session = begin(prepare(load_catalogue("en-US"), "feet-up", settings, [], now=now), now)
    observer = person(room)
    with pytest.raises(_OverError):
        Performance(stage, journal, session_id, session, room, observers=[observer]).run()
    journal.close()
    stage.voice.close()
    return observer, np.concatenate(room.played)


def test_a_stop_between_two_phrases_is_heard_and_our_own_voice_never_is(tmp_path, monkeypatch):
    settings = Settings(recogniser="pocketsphinx", echo="half-duplex")
    person, played = perform(tmp_path, monkeypatch, settings, _StopInAGap)
    assert person.said is not None, "there was a gap"
    assert len(phrase_starts(played)) > 1
    (heard,) = person.events  # only the person was heard: nothing before, although the speaker is open
    assert isinstance(heard.event, Understood), heard.event
    assert heard.view.state == "stop_asked"


def test_the_tones_are_heard_besides_the_voice(tmp_path, monkeypatch):
    settings = Settings(recogniser="pocketsphinx", earcons=True, volume=1.0, brevity=2)
    _, played = perform(tmp_path, monkeypatch, settings, _Answer)
    assert similarity(played, tone(Earcon.LISTENING)) > 0.95
    assert similarity(played, tone(Earcon.HEARD)) > 0.5, "it sounds while the voice answers"


def similarity(sound, wanted):
    """The best match of a sound anywhere in another, 1 being equal."""
    count = len(sound) + len(wanted)
    ours = np.fft.irfft(np.fft.rfft(sound, count) * np.conj(np.fft.rfft(wanted, count)), count)[: len(sound)]
    energy = np.convolve(np.square(sound.astype(float)), np.ones(len(wanted)))[len(wanted) - 1 :]
    norm = np.linalg.norm(wanted.astype(float))
    return float((ours[: len(energy)] / (np.sqrt(np.maximum(energy, norm**2 / 4)) * norm)).max())
