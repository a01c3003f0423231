"""For every test: properties are about behaviour, never about time, because machines are noisy.

In CI they look at the same examples each time, so that a change is judged by itself; elsewhere at new ones.

The sessions that tests tell are of 2026. Where the machine's clock is before that, the journal would take
them for dated ahead, so it gets a later clock.

A shell's background job ignores Ctrl-C, and so would all that tests start from there; they try it.
`script/test` ends its tests by SIGTERM: what they have started ends with them, a sound server too.

Tests of real devices are collected from two folders alone, so elsewhere they would never run.
"""

import os
import signal
from datetime import UTC, datetime

import pytest
from hypothesis import settings

_TOLD = datetime(2026, 11, 26, tzinfo=UTC)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

_ended = []


def _end(number, _frame):
    _ended.append(number)
    raise KeyboardInterrupt


signal.signal(signal.SIGTERM, _end)

settings.register_profile("cuewalk", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("cuewalk")


@pytest.fixture(autouse=True)
def _a_clock_after_what_is_told(monkeypatch):
    if datetime.now(UTC) < _TOLD:
        from cuewalk.journal import store  # noqa: PLC0415 - only where it is needed

        ahead = _TOLD - datetime.now(UTC)
        monkeypatch.setattr(store, "_now", lambda: datetime.now().astimezone() + ahead)


@pytest.fixture(autouse=True)
def _the_fast_voice(monkeypatch):
    """Have the fast voice where the settings leave it open: to try the natural one takes ten seconds."""
    from cuewalk.session import voicing  # noqa: PLC0415 - only where a test is run

    monkeypatch.setattr(voicing, "may_be_natural", lambda *_: False)


def pytest_collection_modifyitems(items):
    """Whole sessions come first: the cores then end together."""
    for item in items:
        if item.get_closest_marker("device") and not {"device", "bench"} & set(item.path.parts):
            raise pytest.UsageError(
                f"{item.nodeid}: tests of devices belong into tests/device or tests/bench"
            )
    items.sort(key=lambda item: not {"scenario", "bench"} & set(item.path.parts))


def pytest_runtest_teardown(item):
    """A command that was tried may have taken the interruption for its own."""
    if _ended:
        item.session.shouldstop = "ended by a signal"
