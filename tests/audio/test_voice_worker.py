"""The pyttsx3 worker process: its protocol, its death, its parent's death."""

import json
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
from cuewalk.speech_out.engines import problem_of
from cuewalk.speech_out.voices import worker_voice
from cuewalk.speech_out.voices.pyttsx3_synthesiser import Pyttsx3Voice
from cuewalk.speech_out.voices.worker_voice import WorkerVoice

pytestmark = pytest.mark.skipif(bool(problem_of("pyttsx3")), reason="pyttsx3 with espeak-ng is not installed")

LINE = "Stand tall, eyes forward, and slowly tilt your ankle outward."
PATIENCE = 10


@pytest.fixture
def voice() -> Iterator[Pyttsx3Voice]:
    made = Pyttsx3Voice()
    yield made
    made.close()


def hurried(answer_seconds: float) -> WorkerVoice:
    return WorkerVoice("pyttsx3", "en-us", lambda: "1", label="en-us", answer_seconds=answer_seconds)


def run_worker(folder: Path, *requests: object, voice: str = "en-us") -> subprocess.CompletedProcess[str]:
    given = "".join(json.dumps(request) + "\n" for request in requests)
    command = [sys.executable, "-m", "cuewalk.speech_out.voices.worker", "pyttsx3", voice, str(folder)]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=30, check=False)


def ends_in_time(pid: int) -> bool:
    """Wait for a process that is not our child to end."""
    handle = os.pidfd_open(pid)
    try:
        return bool(select.select([handle], [], [], PATIENCE)[0])
    finally:
        os.close(handle)


def test_the_protocol_is_clean_json_whatever_the_engine_prints(tmp_path: Path) -> None:
    folder = tmp_path / "cues"
    folder.mkdir()
    done = run_worker(folder, {"id": 1, "text": "Four.", "rate": 1.0}, {"id": 2, "text": "Ten.", "rate": 2.0})
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"ready": True},
        {"id": 1, "file": "cue-1.wav"},
        {"id": 2, "file": "cue-2.wav"},
    ]
    assert done.returncode == 0
    assert not folder.exists(), "the end of its input is the end of its files"


def test_a_cue_that_cannot_be_written_is_answered_and_not_the_end(tmp_path: Path) -> None:
    (tmp_path / "cue-1.wav").mkdir()
    requests = [{"id": number, "text": "Four.", "rate": 1.0} for number in (1, 2)]
    _, first, second = (json.loads(line) for line in run_worker(tmp_path, *requests).stdout.splitlines())
    assert first["id"] == 1
    assert "Is a directory" in first["problem"]
    assert second == {"id": 2, "file": "cue-2.wav"}


def test_a_voice_that_does_not_exist_is_told_at_once_without_a_second_try() -> None:
    voice = Pyttsx3Voice(voice="martian")
    with pytest.raises(VoiceError, match="does not take the voice 'martian'"):
        voice.render(LINE)
    assert voice.worker_pid is None
    voice.close()


def test_a_voice_starts_nothing_until_it_speaks_or_is_warmed(voice: Pyttsx3Voice) -> None:
    assert voice.spec.engine == "pyttsx3"
    assert voice.worker_pid is None
    voice.warm()
    warmed = voice.worker_pid
    assert warmed
    voice.warm()
    voice.render("Four.")
    assert voice.worker_pid == warmed


def test_a_worker_that_hangs_is_replaced(voice: Pyttsx3Voice) -> None:
    wanted = voice.render(LINE)
    stopped = voice.worker_pid
    assert stopped
    os.kill(stopped, signal.SIGSTOP)
    voice._worker._answer_seconds = 0.2
    assert np.array_equal(voice.render(LINE), wanted)
    assert voice.worker_pid != stopped


def test_an_engine_that_never_answers_is_given_up_after_one_restart() -> None:
    voice = hurried(answer_seconds=0.0001)
    with pytest.raises(VoiceError, match=r"failed twice on one line \(it did not answer"):
        voice.render(LINE)
    assert voice.worker_pid is None
    voice.close()


def test_a_cut_off_line_is_rendered_again(voice: Pyttsx3Voice, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = voice.render(LINE)
    whole = worker_voice.WorkerProcess.render
    cuts = iter([True, False])

    def render(self: worker_voice.WorkerProcess, text: str, rate: float) -> bytes:
        data = whole(self, text, rate)
        return data[:9_000] if next(cuts) else data

    monkeypatch.setattr(worker_voice.WorkerProcess, "render", render)
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
    folder, pid = voice._worker._folder, voice.worker_pid
    assert list(folder.iterdir()) == []
    voice.close()
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux")
def test_the_worker_dies_with_a_session_that_is_killed() -> None:
    code = (
        "from cuewalk.speech_out.voices.pyttsx3_synthesiser import Pyttsx3Voice\n"
        "voice = Pyttsx3Voice(); voice.render('Four.')\n"
        "print(voice.worker_pid, voice._worker._folder, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as session:
        assert session.stdout
        pid, folder = session.stdout.readline().split()
        session.kill()
        assert ends_in_time(int(pid))
    assert not Path(folder).exists()
