"""A microphone or a speaker that goes away in the middle of a session, and comes back."""

import contextlib
import json
import queue
import shutil
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from cuewalk.devices.files.wav import read_wav, write_wav
from cuewalk.domain.projection import SessionRecords
from cuewalk.journal.store import FILE_NAME, Journal
from cuewalk.speech_out.voices.commands import FliteVoice

pytestmark = [
    pytest.mark.device,
    pytest.mark.skipif(
        shutil.which("flite") is None, reason="a spoken session needs flite: apt install flite"
    ),
]
_PROGRAMME = Path(__file__).parent / "lost_session.py"
#: A fifth of the loudness that cues are rendered at (-20 dBFS).
_AUDIBLE = 600
_QUESTION = "baseline"
_LONGEST_SILENCE = 20


class Told:
    """A running session: what it tells, what is typed at it."""

    def __init__(self, process, home):
        self._process, self._home = process, home
        self.past = []
        self._told = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        with contextlib.suppress(ValueError):  # the pipe is closed when the session is ended
            for line in self._process.stdout:
                self._told.put(line)
        self._told.put("")

    def _lines(self):
        """Yield what it writes; a session that says nothing any more fails the test."""
        with contextlib.suppress(queue.Empty):
            while line := self._told.get(timeout=_LONGEST_SILENCE):
                yield line
            return
        pytest.fail(f"nothing was told for {_LONGEST_SILENCE} s")

    def until(self, **wanted):
        """Read on until something is told that has all of this, and return it."""
        for line in self._lines():
            told = json.loads(line)
            self.past.append(told)
            if all(_fits(told.get(name), value) for name, value in wanted.items()):
                return told
        raise AssertionError(f"{wanted} never came after {self.past[-8:]}: {self._process.stderr.read()}")

    def type(self, text):
        self._process.stdin.write(text)
        self._process.stdin.flush()

    def records(self) -> SessionRecords:
        journal = Journal(self._home / FILE_NAME, read_only=True)
        try:
            return journal.histories()[-1]
        finally:
            journal.close()

    @property
    def reasons(self):
        return [r.reason for r in self.records().records if r.kind == "session_paused"]


def _fits(told, value):
    return value in told if isinstance(told, list) else told == value


@contextmanager
def session(null_sinks, home):
    """A session that has asked its first question and is quiet."""
    null_sinks.env["CUEWALK_HOME"] = str(home)
    with null_sinks.start("python", str(_PROGRAMME)) as process:
        told = Told(process, home)
        told.until(event="begin")
        told.type("ready\n")  # not the whole welcome
        told.until(quiet=_QUESTION)
        yield told


def report(record_property, **times):
    """Keep measured times with the test's result, and show them with -s."""
    for name, seconds in times.items():
        record_property(name, round(seconds, 2))
        sys.stdout.write(f"{name}: {seconds:.2f} s\n")


def loud_seconds(wav):
    speaker = read_wav(wav)
    tenths = speaker[: len(speaker) // 1600 * 1600].reshape(-1, 1600).astype(float)
    return float((np.sqrt((tenths**2).mean(axis=1)) > _AUDIBLE).sum() / 10)


def test_without_a_microphone_it_pauses_says_so_and_goes_on_when_it_is_back(
    null_sinks, tmp_path, record_property
):
    with session(null_sinks, tmp_path / "home") as told:
        with null_sinks.recorded("speaker", tmp_path / "speaker.wav"), null_sinks.suspended("micfeed"):
            gone = time.monotonic()
            lost = told.until(event="device_lost")
            told.until(spoken="microphone_lost")
            back = time.monotonic()
        assert (lost["state"], told.reasons) == ("paused", ["microphone"])
        assert loud_seconds(tmp_path / "speaker.wav") > 1, "the voice says so"
        found = told.until(event="device_back")
        assert found["state"] == _QUESTION, "it goes on at the same place"
        told.until(quiet=_QUESTION)
        report(record_property, paused_after=lost["at"] - gone, goes_on_after=found["at"] - back)
        assert lost["at"] - gone < 2
        assert found["at"] - back < 3


def test_without_a_speaker_it_pauses_and_can_still_be_used(null_sinks, tmp_path, record_property):
    with session(null_sinks, tmp_path / "home") as told:
        with null_sinks.suspended("speaker"):
            gone = time.monotonic()
            lost = told.until(event="device_lost")
            assert (lost["state"], told.reasons) == ("paused", ["speaker"])
            told.until(quiet="paused")
            told.type("resume\n")
            told.until(event="understood", state=_QUESTION)
            told.until(quiet=_QUESTION)  # silently, on the screen
            told.type("four\n")
            told.until(event="understood", prompts="readback")
            told.until(spoken="readback")
            back = time.monotonic()
        found = told.until(event="device_back")
        report(record_property, paused_after=lost["at"] - gone, works_again_after=found["at"] - back)
        assert lost["at"] - gone < 2
        assert found["at"] - back < 3
        told.type("stop\n")
        told.until(event="understood", state="stop_asked")


def test_without_a_speaker_the_person_is_still_heard(null_sinks, tmp_path, record_property):
    write_wav(tmp_path / "resume.wav", FliteVoice("slt").render("resume"))
    with session(null_sinks, tmp_path / "home") as told:
        with null_sinks.suspended("speaker"):
            told.until(event="device_lost")
            told.until(quiet="paused")
            null_sinks.play_into_microphone(tmp_path / "resume.wav")
            went_on = told.until(event="understood")
            assert went_on["state"] == _QUESTION, went_on
            back = time.monotonic()
        found = told.until(event="device_back")
        report(record_property, works_again_after=found["at"] - back)


def test_a_speaker_that_comes_back_lets_the_session_go_on(null_sinks, tmp_path, record_property):
    with session(null_sinks, tmp_path / "home") as told:
        with null_sinks.suspended("speaker"):
            told.until(event="device_lost")
            told.until(spoken="speaker_lost")
            back = time.monotonic()
        found = told.until(event="device_back")
        with null_sinks.recorded("speaker", tmp_path / "speaker.wav"):
            told.until(quiet=_QUESTION)
        assert loud_seconds(tmp_path / "speaker.wav") > 1, "it is asked again, aloud"
        report(record_property, goes_on_after=found["at"] - back)
        assert found["at"] - back < 3


def test_a_sound_system_that_crashes_and_comes_back_ends_no_session(null_sinks, tmp_path, record_property):
    with session(null_sinks, tmp_path / "home") as told:
        gone = time.monotonic()
        null_sinks.stop_daemon()
        null_sinks.start_daemon()
        back = time.monotonic()
        lost = told.until(event="device_lost")
        assert lost["state"] == "paused"
        found = told.until(event="device_back", state=_QUESTION)
        with null_sinks.recorded("speaker", tmp_path / "speaker.wav"):
            told.until(quiet=_QUESTION)
        assert loud_seconds(tmp_path / "speaker.wav") > 1, "it is asked again, aloud"
        report(record_property, paused_after=lost["at"] - gone, goes_on_after=found["at"] - back)


def test_a_microphone_that_delivers_nothing_at_the_start_is_told_in_a_sentence(null_sinks, tmp_path):
    null_sinks.env["CUEWALK_HOME"] = str(tmp_path / "home")
    with null_sinks.suspended("micfeed"):
        done = null_sinks.run("python", str(_PROGRAMME), seconds=60)
    assert done.returncode == 1, done.stderr
    error = json.loads(done.stdout.splitlines()[-1])["error"]
    assert "microphone" in error
    assert "Traceback" not in done.stderr
    assert (
        not (tmp_path / "home" / FILE_NAME).exists()
        or not Journal(tmp_path / "home" / FILE_NAME, read_only=True).histories()
    ), "nothing was begun"
