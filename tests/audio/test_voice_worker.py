"""The pyttsx3 worker process: its answers, its death, its parent's death."""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cuewalk.domain.errors import VoiceError
from cuewalk.speech_out.choose import problem_of
from cuewalk.speech_out.voices.worker_voice import Pyttsx3Voice, WorkerVoice
from cuewalk.workers import Worker

pytestmark = pytest.mark.skipif(bool(problem_of("pyttsx3")), reason="pyttsx3 with espeak-ng is not installed")

LINE = "Stand tall, eyes forward, and slowly tilt your ankle outward."
PATIENCE = 10


@pytest.fixture
def voice() -> Iterator[Pyttsx3Voice]:
    made = Pyttsx3Voice()
    yield made
    made.close()


def pid_of(voice: WorkerVoice) -> int | None:
    return voice._worker.process.pid if voice._worker else None


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    made = Worker("cuewalk.speech_out.voices.worker", "pyttsx3", "en-us", str(tmp_path))
    yield made
    made.close()


def ends_in_time(pid: int) -> bool:
    """Wait for a process that is not our child to end."""
    handle = os.pidfd_open(pid)
    try:
        return bool(select.select([handle], [], [], PATIENCE)[0])
    finally:
        os.close(handle)


def test_what_the_engine_prints_is_no_answer(worker: Worker, capfd: pytest.CaptureFixture[str]) -> None:
    assert worker.receive(seconds=PATIENCE) is None
    for rate in (1.0, 2.0):
        worker.send(("Four.", rate))
        assert worker.receive(seconds=PATIENCE)[:4] == b"RIFF"
    assert capfd.readouterr() == ("", "")


def test_a_cue_that_cannot_be_written_is_answered_and_not_the_end(worker: Worker, tmp_path: Path) -> None:
    assert worker.receive(seconds=PATIENCE) is None
    (tmp_path / "cue.wav").mkdir()
    worker.send(("Four.", 1.0))
    assert "Is a directory" in worker.receive(seconds=PATIENCE)
    (tmp_path / "cue.wav").rmdir()
    worker.send(("Four.", 1.0))
    assert worker.receive(seconds=PATIENCE)[:4] == b"RIFF"


def test_a_voice_that_does_not_exist_is_told_at_once_without_a_second_try() -> None:
    voice = Pyttsx3Voice(voice="martian")
    with pytest.raises(VoiceError, match="does not take the voice 'martian'"):
        voice.render(LINE)
    assert pid_of(voice) is None
    voice.close()


def test_a_voice_starts_nothing_until_it_speaks_or_is_warmed(voice: Pyttsx3Voice) -> None:
    assert voice.spec.engine == "pyttsx3"
    assert pid_of(voice) is None
    voice.warm()
    warmed = pid_of(voice)
    assert warmed
    voice.warm()
    voice.render("Four.")
    assert pid_of(voice) == warmed


def test_a_worker_that_hangs_is_replaced(voice: Pyttsx3Voice) -> None:
    wanted = voice.render(LINE)
    stopped = pid_of(voice)
    assert stopped
    os.kill(stopped, signal.SIGSTOP)
    voice.answer_seconds = 0.2
    assert np.array_equal(voice.render(LINE), wanted)
    assert pid_of(voice) != stopped


def test_an_engine_that_never_answers_is_given_up_after_one_restart() -> None:
    voice = Pyttsx3Voice()
    voice.answer_seconds = 0.0001
    with pytest.raises(VoiceError, match=r"failed twice on one line \(it did not answer"):
        voice.render(LINE)
    assert pid_of(voice) is None
    voice.close()


def test_a_cut_off_line_is_rendered_again(voice: Pyttsx3Voice, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = voice.render(LINE)
    whole, cuts = Worker.receive, iter([True, False])

    def receive(self: Worker, *, seconds: float) -> object:
        answer = whole(self, seconds=seconds)
        return answer[:9_000] if isinstance(answer, bytes) and next(cuts) else answer

    monkeypatch.setattr(Worker, "receive", receive)
    assert np.array_equal(voice.render(LINE), wanted)


def test_a_text_that_is_really_read_that_fast_is_taken(voice: Pyttsx3Voice) -> None:
    assert 0.2 < len(voice.render("x " * 200)) / 16_000 < 5


def test_closing_under_a_render_of_another_thread_ends_both(voice: Pyttsx3Voice) -> None:
    voice.render("Four.")
    outcome: list[str] = []

    def speak() -> None:
        try:
            while True:
                voice.render(LINE * 3)
        except VoiceError as error:
            outcome.append(str(error))

    thread = threading.Thread(target=speak)
    thread.start()
    voice.close()
    thread.join(PATIENCE)
    assert "closed" in outcome[0]


def test_nothing_is_left_behind(voice: Pyttsx3Voice) -> None:
    voice.render("Four.")
    folder, pid = voice._worker.folder, pid_of(voice)
    assert list(folder.iterdir()) == []
    voice.close()
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux")
def test_the_worker_dies_with_a_session_that_is_killed() -> None:
    code = (
        "from cuewalk.speech_out.voices.worker_voice import Pyttsx3Voice\n"
        "voice = Pyttsx3Voice(); voice.render('Four.')\n"
        "print(voice._worker.process.pid, voice._worker.folder, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as session:
        assert session.stdout
        pid, folder = session.stdout.readline().split()
        session.kill()
        assert ends_in_time(int(pid))
    assert not Path(folder).exists()
