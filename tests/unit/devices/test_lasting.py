"""A microphone and a speaker that go away and come back, on streams whose blocks the test gives."""

import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest

from cuewalk.devices import live, portaudio, reopening
from cuewalk.devices.device_info import DeviceInfo
from cuewalk.devices.lasting import LastingAudio, _Starving
from cuewalk.domain.errors import DeviceError

_DEVICE = DeviceInfo("bench", 0, "none", 2, 2, 48_000, is_default_input=True, is_default_output=True)
_FINE = SimpleNamespace(input_overflow=False, output_underflow=False)
_SILENCE = np.zeros(320, np.int16)
_LOUD = np.full(320, 4_000, np.int16)


class _Stream:
    """A stream that gives blocks as long as its device is there; a thread of its own, as PortAudio's."""

    def __init__(self, bench, kind, on_block):
        self.bench, self.kind, self.on_block = bench, kind, on_block
        self.latency, self.active = 0.05, True
        self.played = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def abort(self):
        self._ended.set()

    def close(self):
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        self.bench.closed.append(self.kind)

    def _run(self):
        if self._ended.wait(self.bench.slow.get(self.kind, 0)):
            return
        while not self._ended.wait(0.002):
            if self.kind in self.bench.there:
                block = np.full((960, 2), 1_000, np.int16)
                self.on_block(block, _FINE)
                self.played.append(block[0, 0])
            elif self.kind == "input":
                self.active = False


class _Bench:
    """The scripted devices: which are there, and what was opened and closed."""

    def __init__(self):
        self.there = {"input", "output"}
        self.opened, self.closed = [], []
        self.refuses = False
        #: Seconds that a device needs for its first block.
        self.slow = {}
        #: PortAudio's list, which only a new one shows otherwise, and how often another process looked.
        self.listed = [_DEVICE]
        self.looks = 0
        #: What a look says, and what it does once it has ended.
        self.seen = False
        self.after_look = lambda: None
        self.lists_made = 0

    def open_stream(self, device, kind, formats, *, latency, on_block):
        if self.refuses:
            raise DeviceError("The device is busy.")
        self.opened.append(_Stream(self, kind, on_block))
        return self.opened[-1], formats[0]

    def streams_open(self):
        return len(self.opened) > len(self.closed)

    def rescan(self):
        assert not self.streams_open(), "PortAudio would crash"
        self.lists_made += 1
        self.listed = [_DEVICE]

    def look(self, device, info, channel):
        self.looks += 1
        return SimpleNamespace(result=lambda: self.seen, close=self.after_look)


@pytest.fixture
def bench(monkeypatch):
    bench = _Bench()
    monkeypatch.setattr(portaudio, "streams_open", bench.streams_open)
    monkeypatch.setattr(portaudio, "rescan", bench.rescan)
    monkeypatch.setattr(reopening, "SecondLook", bench.look)
    monkeypatch.setattr(portaudio, "open_stream", bench.open_stream)
    monkeypatch.setattr(portaudio, "query", lambda: bench.listed)
    monkeypatch.setattr(live, "find_device", lambda name, kind: _DEVICE)
    return bench


@pytest.fixture
def audio(bench):
    audio = LastingAudio(timeout=0.2)
    audio.exchange(_SILENCE)
    yield audio
    audio.close()


def changed(audio, play=_SILENCE):
    """Let frames pass until something changes, and return it."""
    for _ in range(2_000):
        audio.exchange(play)
        if changes := audio.changes():
            return changes
    raise AssertionError("nothing changed")


def test_both_devices_there_nothing_changes(audio):
    for _ in range(20):
        assert audio.exchange(_SILENCE).shape == (320,)
    assert audio.changes() == []


@pytest.mark.parametrize(("kind", "device"), [("input", "microphone"), ("output", "speaker")])
def test_a_device_that_goes_is_told_and_comes_back(bench, audio, kind, device):
    bench.there.remove(kind)
    (lost,) = changed(audio)
    assert (lost.device, lost.lost) == (device, True)
    assert "stopped delivering" in lost.sentence
    bench.there.add(kind)
    (back,) = changed(audio)
    assert (back.device, back.lost) == (device, False)
    assert kind in bench.closed, "the dead one was released"


def test_without_a_microphone_there_is_silence_in_time_and_the_speaker_plays(bench, audio):
    bench.there.remove("input")
    changed(audio)
    speaker = next(stream for stream in bench.opened if stream.kind == "output")
    for _ in range(40):
        assert not audio.exchange(_LOUD).any()
    assert any(value > 3_000 for value in speaker.played)


def test_without_a_speaker_the_microphone_is_heard(bench, audio):
    bench.there.remove("output")
    changed(audio)
    assert np.median(np.concatenate([audio.exchange(_LOUD) for _ in range(20)])) == 1_000


def test_what_is_refused_is_tried_again(bench, audio):
    bench.there.remove("input")
    changed(audio)
    bench.refuses = True
    bench.there.add("input")
    for _ in range(30):
        audio.exchange(_SILENCE)
    assert audio.changes() == []
    bench.refuses = False
    assert [change.lost for change in changed(audio)] == [False]


def test_both_may_go_and_both_come_back(bench, audio):
    bench.there.clear()
    lost = [*changed(audio), *changed(audio)]
    assert {(change.device, change.lost) for change in lost} == {("microphone", True), ("speaker", True)}
    bench.there |= {"input", "output"}
    back = changed(audio)
    back += [] if len(back) == 2 else changed(audio)
    assert {(change.device, change.lost) for change in back} == {("microphone", False), ("speaker", False)}


@pytest.fixture
def often(monkeypatch):
    """Let another process look again and again, not every five seconds."""
    monkeypatch.setattr(reopening, "_BLIND_SECONDS", 0.05)
    monkeypatch.setattr(reopening, "_PAUSE", 0.001)


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize(("gone", "other"), [("input", "output"), ("output", "input")])
def test_while_a_device_is_looked_for_the_other_is_never_closed_in_vain(bench, audio, gone, other):
    bench.there.remove(gone)
    bench.listed = []
    changed(audio)
    while bench.looks < 5 and not bench.lists_made:
        assert audio.exchange(_SILENCE).any() == (other == "input"), "it hears all the time"
    assert other not in bench.closed
    assert bench.lists_made == 0


@pytest.mark.usefixtures("often")
def test_a_device_that_only_a_new_list_shows_is_found_once_another_process_has_seen_it(bench, audio):
    bench.there.remove("output")
    bench.listed = []
    (lost,) = changed(audio)
    assert (lost.device, lost.lost) == ("speaker", True)
    while bench.looks < 2:
        audio.exchange(_SILENCE)
    bench.there.add("output")
    bench.seen = True
    (back,) = changed(audio)
    assert (back.device, back.lost) == ("speaker", False)
    assert bench.lists_made == 1
    assert [stream.kind for stream in bench.opened[2:]] == ["input", "output"], "who is there is heard first"
    while not audio.exchange(_SILENCE).any():
        assert audio.changes() == [], "the microphone was closed for a moment, which is no loss"


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize(("kind", "other"), [("input", "output"), ("output", "input")])
def test_a_device_slow_to_deliver_is_opened_as_patiently_as_it_was_looked_for(bench, audio, kind, other):
    bench.there.remove(kind)
    changed(audio)
    bench.slow[kind] = 1.2
    bench.there.add(kind)
    bench.seen = True
    assert [change.lost for change in changed(audio)] == [False]
    assert bench.lists_made == 0
    assert kind == "input" or other not in bench.closed, "the one that is there was never closed in vain"


@pytest.mark.usefixtures("often")
def test_a_slow_microphone_closed_for_a_moment_is_opened_once_more_and_waited_for(bench, audio):
    bench.there.remove("output")
    bench.listed = []
    changed(audio)
    bench.slow["input"] = 1.2
    bench.there.add("output")
    bench.seen = True
    while not bench.lists_made or not audio.exchange(_SILENCE).any():
        audio.exchange(_SILENCE)
    assert [stream.kind for stream in bench.opened].count("input") == 2


@pytest.mark.usefixtures("often")
def test_a_device_that_only_the_look_kept_busy_is_opened_and_no_other_is_closed(bench, audio):
    bench.there.remove("output")
    bench.refuses = True
    bench.after_look = lambda: setattr(bench, "refuses", False)
    changed(audio)
    bench.there.add("output")
    bench.seen = True
    assert [change.lost for change in changed(audio)] == [False]
    assert bench.lists_made == 0
    assert "input" not in bench.closed


@pytest.mark.usefixtures("often")
def test_what_was_seen_of_one_device_says_nothing_of_the_other(bench, audio, monkeypatch):
    monkeypatch.setattr(portaudio, "streams_open", lambda: True)
    says = {"microphone": None, "speaker": None}
    refused = []

    def open_stream(device, kind, *arguments, **more):
        if kind == "output":
            refused.append(kind)
            raise DeviceError("The device is busy.")
        return bench.open_stream(device, kind, *arguments, **more)

    def look(device, info, channel):
        bench.looks += 1
        return SimpleNamespace(result=lambda: says[device], close=lambda: None)

    monkeypatch.setattr(reopening, "SecondLook", look)
    monkeypatch.setattr(portaudio, "open_stream", open_stream)
    bench.there.remove("input")
    changed(audio)
    while not bench.looks:
        audio.exchange(_SILENCE)
    bench.there.remove("output")
    changed(audio)
    bench.there.add("input")
    (back,) = changed(audio)
    assert back.device == "microphone"
    says["microphone"], rounds = True, len(refused)
    while len(refused) < rounds + 5:
        assert audio.exchange(_SILENCE).any(), "it is heard all the time"


def test_portaudio_that_does_not_start_is_started_again_soon(bench, audio, monkeypatch):
    monkeypatch.setattr(reopening, "_BLIND_SECONDS", 0.8)
    tried = []

    def rescan():
        tried.append(time.monotonic())
        if len(tried) < 3:
            raise DeviceError("PortAudio does not start.")
        bench.rescan()

    monkeypatch.setattr(portaudio, "rescan", rescan)
    bench.there.remove("output")
    bench.listed = []
    changed(audio)
    bench.there.add("output")
    bench.seen = True
    while not (back := [change for change in changed(audio) if change.device == "speaker"]):
        pass
    assert [change.lost for change in back] == [False]
    assert tried[2] - tried[0] < 0.7


def test_it_can_be_closed_while_a_device_is_looked_for(bench, audio):
    bench.there.remove("input")
    changed(audio)
    audio.close()
    assert sorted(bench.closed) == sorted(stream.kind for stream in bench.opened)


def test_what_is_given_up_in_the_pause_between_two_tries_is_closed_too(bench, audio):
    bench.there.remove("input")
    bench.listed = []
    changed(audio)
    while len(bench.closed) < 1:
        audio.exchange(_SILENCE)
    bench.there.remove("output")
    changed(audio)
    audio.close()
    assert sorted(bench.closed) == ["input", "output"]


@pytest.fixture
def impatient(monkeypatch):
    """Let `close` not wait for a thread that is stuck."""
    monkeypatch.setattr(reopening, "_LONGEST_CLOSE", 0.05, raising=False)


@pytest.mark.usefixtures("often", "impatient")
def test_a_thread_stuck_in_a_dead_device_begins_nothing_after_the_session(bench, audio, monkeypatch):
    alive, stuck = threading.Event(), threading.Event()
    close = audio.give_up("microphone")

    def closes():
        stuck.set()
        alive.wait()
        close()

    monkeypatch.setattr(portaudio, "streams_open", lambda: True)
    audio._reopener.look_for("microphone", _DEVICE, closes)
    stuck.wait()
    thread = audio._reopener._thread
    audio.close()
    alive.set()
    thread.join(2)
    assert not thread.is_alive()
    assert (bench.looks, len(bench.opened)) == (0, 2)
    assert sorted(bench.closed) == ["input", "output"]


@pytest.mark.usefixtures("impatient")
def test_a_device_that_opens_after_the_session_has_ended_is_closed_again(bench, audio, monkeypatch):
    answers, asked = threading.Event(), threading.Event()

    def opens(*arguments, **more):
        asked.set()
        answers.wait()
        return bench.open_stream(*arguments, **more)

    monkeypatch.setattr(portaudio, "open_stream", opens)
    bench.there.remove("input")
    changed(audio)
    asked.wait()
    bench.there.add("input")
    thread = audio._reopener._thread
    audio.close()
    answers.set()
    thread.join(2)
    assert sorted(bench.closed) == ["input", "input", "output"]


def test_a_speaker_with_gaps_again_and_again_needs_a_larger_buffer():
    starving = _Starving()
    assert not any(starving.since_last(frame // 10, time.monotonic()) for frame in range(200)), (
        "a gap now and then"
    )
    assert any(starving.since_last(20 + frame, time.monotonic()) for frame in range(100))


def test_after_the_machine_has_slept_an_hour_the_session_goes_on_where_it_was(audio, monkeypatch):
    awake, frames = audio.state.epoch, audio.health.frames
    monkeypatch.setattr(live, "_clock", lambda: time.monotonic() + 3600)
    audio.exchange(_SILENCE)
    assert audio.state.epoch == awake + 1, (
        "what was captured before it slept is no answer, and the room is learned anew"
    )
    assert audio.health.frames == frames + 1, "the session's clock is the sound's"
    assert audio.changes() == [], "nothing was lost"
    audio.exchange(_SILENCE)
    assert audio.state.epoch == awake + 1


def test_a_wall_clock_that_jumps_changes_nothing(audio, monkeypatch):
    awake = audio.state.epoch
    monkeypatch.setattr(time, "time", lambda: 4e9)
    for _ in range(5):
        audio.exchange(_SILENCE)
    assert (audio.state.epoch, audio.changes()) == (awake, [])
