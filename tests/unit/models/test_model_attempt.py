"""The first script/run tries to fetch a model, once in the life of a data folder, and never again."""

from pathlib import Path

import pytest

from cuewalk.models.store import LIMIT_S, FetchProgress, attempt_once

NAME = "tiny-model"


def unheard(_now: FetchProgress) -> None:
    pass


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def attempt(store, data):
    return lambda clock=lambda: 0.0: attempt_once(
        store, lambda: data, progress=unheard, timeout=5, clock=clock
    )


def test_where_the_network_answers_the_model_is_installed(attempt, store):
    assert attempt() == f"{NAME} is installed."
    assert store.find("vosk", "en-US") is not None


def test_where_it_cannot_one_line_says_so_and_it_is_never_tried_again(attempt, web):
    web.status = 503
    line = attempt()
    assert line.startswith(f"No download of {NAME}: ")
    assert line.endswith("Listening goes on with what comes with cuewalk.")
    assert "\n" not in line
    web.status = 200
    assert attempt() == ""
    assert len(web.asked) == 1


def test_an_attempt_that_was_killed_counts(attempt, store, web, data):
    class KilledError(BaseException):
        pass

    def kill(_now: FetchProgress) -> None:
        raise KilledError

    with pytest.raises(KilledError):
        attempt_once(store, lambda: data, progress=kill, timeout=5)
    assert attempt() == ""
    assert len(web.asked) == 1


def test_another_data_folder_has_its_own_attempt(attempt, store, web, tmp_path):
    web.status = 503
    attempt()
    (tmp_path / "other").mkdir()
    attempt_once(store, lambda: tmp_path / "other", progress=unheard, timeout=5)
    assert len(web.asked) == 2


def test_an_installed_model_needs_no_attempt_and_no_data_folder(attempt, store, data):
    store.fetch(NAME)
    assert attempt() == ""
    assert list(data.iterdir()) == []


def test_a_network_that_is_too_slow_is_not_waited_for_and_loses_nothing(attempt, store, web):
    ticks = iter([0.0, *[1.0] * 2, *[LIMIT_S + 1] * 100])
    assert "too slow" in attempt(lambda: next(ticks))
    store.fetch(NAME)
    assert web.asked[1].startswith("bytes=")


def test_where_the_attempt_cannot_be_written_down_the_network_is_not_asked(store, web, tmp_path):
    (tmp_path / "no").write_text("a file where the folder should be")
    line = attempt_once(store, lambda: tmp_path / "no" / "folder", progress=unheard, timeout=5)
    assert "cannot be written to" in line
    assert web.asked == []
