"""The sound check with the real voice, canceller and recognisers; a person answers in a virtual room."""

import io
import shutil

import numpy as np
import pytest
from rich.console import Console

from cuewalk.audio.aec.canceller import HalfDuplex, NoCanceller
from cuewalk.audio.api import DeviceLostError
from cuewalk.checkup.sound_check.flow import sound_check
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.errors import DeviceError
from cuewalk.domain.sound import as_samples
from cuewalk.session.stage import open_stage
from cuewalk.settings import Settings
from helpers.synth import say

_PAUSE = 50  # frames of silence between two lines
#: For what does not depend on how well the person is understood: in half of the time.
_QUICK = {"recogniser": "spotter"}


class Person(VirtualRoom):
    """Answers each line but the first with the next of ``answers``; None: says nothing.

    A line is over after ``pause`` frames of silence, and is answered after ``waits``.
    """

    def __init__(self, *answers, gain=1.0, voice="slt", dead=False, pause=_PAUSE, waits=20, **room):
        super().__init__(**room)
        self._pause, self._waits = pause, waits
        self._answers, self._gain, self._voice, self._dead = list(answers), gain, voice, dead
        self._lines, self._quiet = 0, pause

    def exchange(self, play):
        if play.any():
            self._lines += self._quiet >= self._pause
            self._quiet = 0
        else:
            self._quiet += 1
            if self._quiet == self._waits and self._lines > 1 and self._answers:
                self._answer(self._answers.pop(0))
        heard = super().exchange(play)
        return np.zeros_like(heard) if self._dead else heard

    def _answer(self, text):
        if text is not None:
            loud = say(text, self._voice) * self._gain
            self.say(as_samples(loud))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    for tool in ("flite", "espeak-ng"):
        if shutil.which(tool) is None:
            pytest.skip(f"a simulated person needs {tool}: apt install {tool}")
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def check(home, monkeypatch):
    """Let a person do the check; return the report and what the terminal showed."""
    monkeypatch.setenv("CUEWALK_HOME", str(home))
    stage = open_stage(Settings(voice_engine="espeak"))

    def _check(room, *, terminal=False, recogniser="auto", **more):
        stage.settings = stage.settings.model_copy(update={"recogniser": recogniser})
        console = Console(file=io.StringIO(), width=200, force_terminal=terminal)
        report = sound_check(room, stage, console, **more)
        assert all(sentence[-1] in ".)" for sentence in (*report.says, *report.measured))
        return report, console.file.getvalue()

    yield _check
    stage.voice.close()


def _ordinary(*answers, **more):
    return Person(*answers, **{"echo_db": -12.0, "noise_db": -60.0, "rt60": 0.3, "gain": 0.5} | more)


def test_a_person_who_says_four_is_told_that_all_is_well(check):
    report, shown = check(_ordinary("four"))
    assert report.ok, shown
    assert report.says == ("I heard four. The sound is good.",)
    assert any(text == "four" and confidence > 0.5 for _engine, text, confidence in report.heard)
    assert report.echo_reduction_db > 20
    assert abs(report.round_trip_ms - 60) <= 2
    assert -70 < report.noise_dbfs < -55
    assert -40 < report.speech_dbfs < -10
    assert report.clipping == 0
    assert "The sound is good." in shown
    assert "Now say: four." in shown


@pytest.mark.parametrize("delay", [20, 180])
def test_the_round_trip_is_that_of_the_room(check, delay):
    report, shown = check(_ordinary("four", echo_delay_ms=delay))
    assert report.ok, shown
    assert abs(report.round_trip_ms - delay) <= 2


def test_a_person_who_is_not_heard_at_first_is_asked_once_more(check):
    report, shown = check(_ordinary(None, "four"))
    assert report.ok, shown
    assert "Once more, please." in shown


def test_a_dead_microphone_is_told_and_not_asked_twice(check):
    report, shown = check(_ordinary("four", dead=True), **_QUICK)
    assert not report.ok
    assert report.heard == ()
    assert "mute button" in report.says[0]
    assert "cuewalk settings microphone NAME" in report.says[1]
    assert "Once more" not in shown


def test_a_voice_that_is_cut_off_is_told_to_turn_the_microphone_down(check):
    report, shown = check(_ordinary("four", "four", gain=20.0), **_QUICK)
    assert not report.ok, shown
    assert report.clipping > 0.005
    assert any("cut off" in sentence for sentence in report.says)


def test_headphones_are_found_and_are_no_fault(check):
    report, shown = check(_ordinary("four", echo_db=None))
    assert report.ok, shown
    assert (report.echo_reduction_db, report.round_trip_ms) == (None, None)
    assert any("With headphones, that is right." in sentence for sentence in report.says)
    assert any("cuewalk settings echo headphones" in sentence for sentence in report.says)


def test_when_nobody_answers_nothing_is_called_good(check):
    report, shown = check(_ordinary(), **_QUICK)
    assert not report.ok
    assert report.heard == ()
    assert report.speech_dbfs is None
    assert "I heard no answer." in report.says[0], shown


def test_a_microphone_that_hears_neither_voice_may_be_the_wrong_one(check):
    report, _ = check(_ordinary(echo_db=None), **_QUICK)
    assert not report.ok
    assert any("may be the wrong one" in sentence for sentence in report.says)


def test_our_own_four_is_not_taken_for_the_persons(check):
    report, shown = check(_ordinary(echo_db=-6.0, echo_delay_ms=300), echo=lambda _: NoCanceller(), **_QUICK)
    assert not report.ok, shown
    assert report.heard == ()


def test_an_echo_that_stays_is_told(check):
    report, shown = check(_ordinary("four", echo_db=-6.0), echo=lambda _: NoCanceller(), **_QUICK)
    assert not report.ok, shown
    assert report.echo_reduction_db < 3
    assert any("Turn the speaker down" in sentence for sentence in report.says)
    assert any("cuewalk settings echo headphones" in sentence for sentence in report.says)


def test_without_a_canceller_a_person_is_heard_between_our_lines(check):
    report, shown = check(_ordinary("four", echo_db=-6.0, pause=70, waits=65), echo=HalfDuplex)
    assert report.ok, shown
    assert report.echo_reduction_db is None
    assert "I do not listen while I speak" in shown


def test_a_loud_room_is_told(check):
    report, shown = check(_ordinary("four", "four", noise_db=-24.0), **_QUICK)
    assert any("The room is loud." in sentence for sentence in report.says), shown
    assert report.noise_dbfs > -30


def test_a_television_is_not_taken_for_an_echo_that_stays(check):
    room = _ordinary("four", "four", echo_db=-30.0)
    room.say(np.tile(say("and now the news of the day for all who are at home.", "rms") // 8, 12))
    report, shown = check(room, **_QUICK)
    assert not any("I hear myself" in sentence for sentence in report.says), shown


def test_the_terminal_shows_the_level_and_whose_turn_it_is(check):
    report, shown = check(_ordinary("four"), terminal=True, **_QUICK)
    assert report.ok
    for words in ("listening to the room", "your turn", " dBFS", "█"):
        assert words in shown


def test_a_device_that_is_lost_meanwhile_is_told(check):
    class Unplugged(Person):
        def exchange(self, play):
            if self.now_ms > 2000:
                raise DeviceLostError("microphone", "Desk microphone")
            return super().exchange(play)

    with pytest.raises(DeviceError, match="Desk microphone"):
        check(Unplugged(), **_QUICK)


def test_another_word_is_not_the_word(check):
    report, shown = check(_ordinary("seven", "seven"))
    assert not report.ok
    assert any("not as four" in sentence for sentence in report.says), shown
