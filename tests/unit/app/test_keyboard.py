"""Keys: some act at once, the rest is typed and heard like speech."""

import pytest

from cuewalk.app.keyboard import KEYS, Keyboard
from cuewalk.domain.intents import Command
from cuewalk.speech_in.keys_recogniser import KeysRecogniser


def _typed(keys: str, state: str = "perform") -> list[str | Command]:
    keyboard = Keyboard(KeysRecogniser())
    keyboard.press(keys)
    return [typed if isinstance(typed, Command) else typed.text for typed in keyboard.read(state)]


def test_a_line_is_heard_when_enter_is_pressed() -> None:
    assert _typed("four") == []
    assert _typed("four\n") == ["four"]


def test_backspace_takes_back() -> None:
    assert _typed("fivx\x7fe\n") == ["five"]


def test_space_pauses_and_resumes() -> None:
    assert _typed(" ") == [Command.PAUSE]
    assert _typed(" ", "paused") == [Command.RESUME]


@pytest.mark.parametrize("before", ["", "x", "\x1b[A", "no"])
def test_the_stop_key_works_whatever_was_pressed_before(before: str) -> None:
    assert _typed(f"{before}.") == [Command.STOP]


def test_a_key_is_a_command_in_every_language() -> None:
    """No English word on the way: there is none that a Korean pack understands."""
    assert all(isinstance(command, Command) for command in KEYS.values())
    assert _typed(".?!+-><") == list(KEYS.values())


def test_a_half_can_be_typed_with_a_point() -> None:
    assert _typed("4.5\n", "baseline") == ["4.5"]


def test_arrow_keys_type_nothing() -> None:
    assert _typed("\x1b[A\x1bOB4\n") == ["4"]
