"""Real voices in a session: after "another voice" the next line sounds otherwise, in later sessions too."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.heard import Heard, InputMode
from cuewalk.domain.intents import Command, CommandSaid
from cuewalk.domain.sound import Samples
from cuewalk.engine.events import Begin, Understood
from cuewalk.engine.session import Session
from cuewalk.session.loop import SessionLoop
from cuewalk.session.observing import Frame, Observer
from cuewalk.session.stage import LoopOptions, Stage, build_loop, open_stage
from cuewalk.settings import Settings, change_setting, load_settings
from cuewalk.speech_out.choose import problem_of
from helpers.permissions import as_a_person
from helpers.sessions import sample_setup

pytestmark = pytest.mark.skipif(bool(problem_of("flite")), reason="flite is not installed")

ANOTHER = Understood(
    intent=CommandSaid(command=Command.ANOTHER_VOICE),
    heard=Heard(text="another voice", confidence=1.0, engine="test", mode=InputMode.KEYS),
)


class Played(Observer):
    """Keeps what was played, and what was told."""

    def __init__(self) -> None:
        self.frames: list[Samples] = []
        self.told: list[str] = []

    def framed(self, frame: Frame) -> None:
        self.frames.append(frame.played)

    def noticed(self, text: str) -> None:
        self.told.append(text)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    made = open_stage(change_setting("voice", "slt").model_copy(update={"recogniser": "spotter"}))
    yield made
    made.release()
    made.voice.close()


def begun(stage: Stage, played: Played) -> SessionLoop:
    session = Session(sample_setup(3, volume=1.0, voices=stage.voices))
    options = LoopOptions(volume=1.0, talk_rate=1.0, observers=[played])
    loop = build_loop(stage, session, VirtualRoom(), options)
    loop.tell(Begin())
    return loop


def greeted(loop: SessionLoop, played: Played) -> Samples:
    """Ask for another voice and return what is played until it has answered."""
    loop.tell(ANOTHER)
    assert loop.playback.running is not None
    assert loop.playback.running.prompt == "another_voice"
    played.frames.clear()
    while loop.playback.running is not None and loop.playback.running.prompt == "another_voice":
        loop.tick()
    return np.concatenate(played.frames)


def likeness(sound: Samples, line: Samples) -> float:
    """Return the largest correlation of a line with a piece of a sound, 0-1."""
    whole, part = sound.astype(float), line.astype(float)[: len(sound)]
    size = 1 << (len(whole) + len(part)).bit_length()
    match = np.fft.irfft(np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size)), size)
    return float(match.max() / (np.linalg.norm(whole) * np.linalg.norm(part)))


def test_another_voice_speaks_from_the_answer_on_and_in_the_next_session(stage: Stage) -> None:
    played, before = Played(), stage.voice
    assert (before.spec.engine, before.spec.voice) == ("flite", "slt")
    line = stage.pack.render("another_voice", {})
    by_the_first = before.render(line)
    sound = greeted(begun(stage, played), played)
    assert (stage.voice.spec.engine, stage.voice.spec.voice) == ("flite", "rms")
    assert likeness(sound, stage.voice.render(line)) > 0.95
    assert likeness(sound, by_the_first) < 0.5
    stage.release()
    assert load_settings().voice == "rms"
    following = open_stage(load_settings())
    assert following.voice.spec == stage.voice.spec
    following.voice.close()


def test_where_nothing_can_be_kept_the_new_voice_speaks_all_the_same_and_it_is_told(
    stage: Stage, tmp_path: Path
) -> None:
    played = Played()
    loop = begun(stage, played)
    tmp_path.chmod(0o500)
    try:
        with as_a_person():
            assert greeted(loop, played).any()
            stage.release()
    finally:
        tmp_path.chmod(0o700)
    loop.tick()
    assert any("cannot be written" in text and "rms speaks until" in text for text in played.told)


def test_a_voice_that_is_not_there_any_more_leaves_the_one_that_speaks(stage: Stage) -> None:
    stage.settings = Settings(voice_engine="flite", voice="slt")
    before = stage.voice
    assert stage.speak_as("af_heart") is before
    assert before.render("Four.").any()
    assert any("flite has no voice" in text for text in stage.notices.take())
