import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cuewalk.domain.errors import VoiceError
from cuewalk.domain.sound import Samples
from cuewalk.speech_out.api import VoiceSpec
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.voices.silent import SilentVoice

PATIENCE = 10.0


class CountingVoice:
    """Notes what it is asked for; lines named in ``held`` wait until `release`."""

    def __init__(self, spec: VoiceSpec | None = None, held: str = "") -> None:
        self.spec = spec or VoiceSpec("counting", "a", "1")
        self.asked: list[tuple[str, float]] = []
        self.held, self.started, self.released = held, threading.Event(), threading.Event()
        self.closed = 0

    def render(self, text: str, rate: float = 1.0) -> Samples:
        self.asked.append((text, rate))
        if text == self.held:
            self.started.set()
            assert self.released.wait(PATIENCE)
        if text == "unspeakable":
            raise VoiceError("Cannot say that.")
        return np.full(160 * len(text), 1 + len(text), dtype=np.int16)

    def close(self) -> None:
        self.closed += 1
        self.released.set()


@pytest.fixture
def inner() -> CountingVoice:
    return CountingVoice()


@pytest.fixture
def cached(inner: CountingVoice, tmp_path: Path) -> Iterator[CachedVoice]:
    voice = CachedVoice(inner, tmp_path / "cues")
    yield voice
    voice.close()


def in_background(voice: CachedVoice, text: str) -> threading.Thread:
    thread = threading.Thread(target=voice.render, args=(text,))
    thread.start()
    return thread


def test_a_cue_is_rendered_once(cached: CachedVoice, inner: CountingVoice) -> None:
    assert np.array_equal(cached.render("Stand tall."), cached.render(" Stand  tall.\n"))
    assert inner.asked == [("Stand tall.", 1.0)]


def test_the_next_session_finds_the_cues_of_this_one(
    cached: CachedVoice, inner: CountingVoice, tmp_path: Path
) -> None:
    first = cached.render("Stand tall.", 0.8)
    later = CountingVoice()
    assert np.array_equal(CachedVoice(later, tmp_path / "cues").render("Stand tall.", 0.8), first)
    assert later.asked == []


@pytest.mark.parametrize(
    "other",
    [VoiceSpec("b", "a", "1"), VoiceSpec("counting", "b", "1"), VoiceSpec("counting", "a", "2")],
    ids=["engine", "voice", "version"],
)
def test_another_voice_does_not_get_this_ones_cues(
    cached: CachedVoice, tmp_path: Path, other: VoiceSpec
) -> None:
    cached.render("Stand tall.")
    inner = CountingVoice(other)
    CachedVoice(inner, tmp_path / "cues").render("Stand tall.")
    assert len(inner.asked) == 1


def test_another_rate_is_another_cue(cached: CachedVoice, inner: CountingVoice) -> None:
    cached.render("Stand tall.", 1.0)
    cached.render("Stand tall.", 1.1)
    assert len(inner.asked) == 2


def test_a_damaged_cue_is_rendered_again_and_repaired(cached: CachedVoice, tmp_path: Path) -> None:
    cached.render("Stand tall.")
    (path,) = (tmp_path / "cues").iterdir()
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    repairing, reading = CountingVoice(), CountingVoice()
    CachedVoice(repairing, tmp_path / "cues").render("Stand tall.")
    CachedVoice(reading, tmp_path / "cues").render("Stand tall.")
    assert (len(repairing.asked), len(reading.asked)) == (1, 0)


def test_a_disk_that_refuses_costs_one_notice_and_no_cue(inner: CountingVoice, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    notices: list[str] = []
    voice = CachedVoice(inner, tmp_path / "file" / "cues", on_notice=notices.append)
    for text in ("Stand tall.", "Breathe.", "Stand tall."):
        assert len(voice.render(text)) == 160 * len(text)
    assert len(inner.asked) == 2, "memory still remembers"
    assert len(notices) == 1
    assert "cannot be stored" in notices[0]
    voice.close()


def test_nobody_can_change_a_remembered_cue(cached: CachedVoice) -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="read-only"):
            cached.render("Stand tall.")[:] = 0


def test_silence_is_not_stored(tmp_path: Path) -> None:
    voice = CachedVoice(SilentVoice(), tmp_path / "cues")
    assert len(voice.render("Stand tall.")) > 0
    assert not (tmp_path / "cues").exists()
    voice.close()


def test_a_known_cue_is_there_within_5_ms(cached: CachedVoice, tmp_path: Path) -> None:
    text = "Stand tall. " * 100  # 12 s of audio
    cached.render(text)
    took = []
    for _ in range(9):
        fresh = CachedVoice(CountingVoice(), tmp_path / "cues")
        begun = time.perf_counter()
        fresh.render(text)
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.005


def test_prefetched_cues_are_ready_when_they_are_due(cached: CachedVoice, inner: CountingVoice) -> None:
    cached.prefetch([("Stand tall.", 1.0), ("Breathe.", 1.2), ("Stand tall.", 1.0)])
    assert cached.wait(PATIENCE)
    assert inner.asked == [("Stand tall.", 1.0), ("Breathe.", 1.2)]
    assert len(cached.render("Breathe.", 1.2)) == 160 * 8
    assert len(inner.asked) == 2


def test_what_is_needed_now_goes_before_what_is_needed_later(tmp_path: Path) -> None:
    inner = CountingVoice(held="under way")
    voice = CachedVoice(inner, tmp_path)
    voice.prefetch([("under way", 1.0), ("later", 1.0)])
    assert inner.started.wait(PATIENCE)
    now = in_background(voice, "now")
    voice.prefetch([("sooner", 1.0)])
    inner.released.set()
    now.join(PATIENCE)
    assert voice.wait(PATIENCE)
    spoken = [text for text, _ in inner.asked]
    assert spoken.index("sooner") < spoken.index("later")
    assert sorted(spoken) == ["later", "now", "sooner", "under way"]
    voice.close()


def test_a_cue_that_is_being_prefetched_is_waited_for_and_not_rendered_twice(tmp_path: Path) -> None:
    inner = CountingVoice(held="under way")
    voice = CachedVoice(inner, tmp_path)
    voice.prefetch([("under way", 1.0)])
    assert inner.started.wait(PATIENCE)
    now = in_background(voice, "under way")
    inner.released.set()
    now.join(PATIENCE)
    assert not now.is_alive()
    assert len(inner.asked) == 1
    voice.close()


def test_a_line_that_cannot_be_prefetched_fails_where_it_is_asked_for(cached: CachedVoice) -> None:
    cached.prefetch([("unspeakable", 1.0), ("Breathe.", 1.0)])
    assert cached.wait(PATIENCE)
    assert len(cached.render("Breathe.")) > 0
    with pytest.raises(VoiceError, match="Cannot say that"):
        cached.render("unspeakable")


def test_closing_ends_the_background_and_the_inner_voice(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    inner = CountingVoice(held="under way")
    voice = CachedVoice(inner, tmp_path)
    voice.prefetch([("under way", 1.0), ("never", 1.0)])
    assert inner.started.wait(PATIENCE)
    voice.close()
    voice.close()
    voice.prefetch([("too late", 1.0)])
    assert [text for text, _ in inner.asked] == ["under way"]
    assert inner.closed
    ours = set(threading.enumerate()) - before
    assert not [thread for thread in ours if thread.name == "cue-prefetch"]


def test_many_threads_get_the_same_cues(cached: CachedVoice, inner: CountingVoice) -> None:
    texts = [f"Line number {number}." for number in range(20)]
    cached.prefetch((text, 1.0) for text in texts)
    threads = [in_background(cached, text) for text in texts * 3]
    for thread in threads:
        thread.join(PATIENCE)
    assert cached.wait(PATIENCE)
    assert sorted(text for text, _ in inner.asked) == sorted(texts)


def test_what_is_asked_for_ahead_is_worked_out_when_it_has_its_turn(tmp_path: Path) -> None:
    inner = CountingVoice(held="first")
    voice, drawn = CachedVoice(inner, tmp_path), []

    def lines() -> Iterator[tuple[str, float]]:
        for text in ("first", "second"):
            drawn.append(text)
            yield text, 1.0

    voice.prefetch(lines())
    assert inner.started.wait(PATIENCE)
    assert drawn == ["first"]
    inner.released.set()
    assert voice.wait(PATIENCE)
    assert drawn == ["first", "second"]
    voice.close()


def test_a_mistake_in_what_is_asked_for_ahead_ends_that_and_nothing_else(cached: CachedVoice) -> None:
    cached.prefetch((text, 1 / number) for number, text in [(1, "One."), (0, "Two."), (1, "Three.")])
    cached.prefetch([("Breathe.", 1.0)])
    assert cached.wait(PATIENCE)
    assert cached.has("Breathe.", 1.0)
    assert cached.has("One.", 1.0)
    assert not cached.has("Three.", 1.0)


def test_what_was_rendered_by_an_earlier_program_is_at_hand(tmp_path: Path) -> None:
    CachedVoice(CountingVoice(), tmp_path).render("Stand tall.")
    later = CachedVoice(CountingVoice(), tmp_path)
    assert later.has("  Stand tall. ", 1.0)
    assert not later.has("Stand tall.", 1.1)
