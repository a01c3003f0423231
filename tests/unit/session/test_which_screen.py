"""Which screen a session gets: the whole terminal, plain lines for screen readers and pipes, or none."""

import io
from contextlib import ExitStack

import pytest
from rich.console import Console

from cuewalk.app.live_session import _screens
from cuewalk.content.packs import load_pack
from cuewalk.session.keyboard import Keyboard
from cuewalk.session.screen import Screen
from cuewalk.session.stage import Stage
from cuewalk.session.transcript import Transcript
from cuewalk.settings import Settings
from cuewalk.speech_in.keys_recogniser import KeysRecogniser
from helpers.states import world_in


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch):
    """Return the kind of screen for a setting on a terminal."""

    def kinds(screen: object, *, terminal: bool = True, term: str = "xterm-256color") -> list[type]:
        monkeypatch.setenv("TERM", term)
        stage = Stage(Settings.model_validate({"screen": screen}), load_pack("en-US"), None)
        console = Console(file=io.StringIO(), force_terminal=terminal, width=80, height=24)
        with ExitStack() as stack:
            session = world_in("perform").session
            screens = _screens(stack, stage, console, session, Keyboard(KeysRecogniser()))
            return [type(screen) for screen in screens]

    return kinds


@pytest.mark.parametrize("screen", ["full", True, "true"])
def test_a_terminal_is_drawn_on_also_with_what_was_set_before_there_was_a_plain_one(shown, screen) -> None:
    assert shown(screen) == [Screen]


@pytest.mark.parametrize("screen", ["off", False, "false"])
def test_no_screen_stays_no_screen(shown, screen) -> None:
    assert shown(screen) == []


def test_plain_lines_for_screen_readers_pipes_and_terminals_that_cannot_draw(shown) -> None:
    assert shown("plain") == [Transcript]
    assert shown("full", terminal=False) == [Transcript]
    assert shown("full", term="dumb") == [Transcript]
