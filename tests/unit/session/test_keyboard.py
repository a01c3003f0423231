"""Keys: some act at once, the rest is typed and heard like speech."""

import pytest

from cuewalk.domain.intents import Command
from cuewalk.session.keyboard import KEYS, Keyboard, Urged
from cuewalk.speech_in.api import Hypothesis
from cuewalk.speech_in.keys_recogniser import KeysRecogniser


def _typed(keys: str, state: str = "perform") -> list[str | Command | tuple[str, Command]]:
    """Return lines, commands of keys, and lines that an urgent key ended, with its command."""
    keyboard = Keyboard(KeysRecogniser())
    keyboard.press(keys)
    return [_shown(typed) for typed in keyboard.read(state)]


def _shown(typed: Hypothesis | Command | Urged) -> str | Command | tuple[str, Command]:
    if isinstance(typed, Urged):
        return typed.line.text, typed.key
    return typed if isinstance(typed, Command) else typed.text


def test_a_line_is_heard_when_enter_is_pressed() -> None:
    assert _typed("four") == []
    assert _typed("four\n") == ["four"]


def test_backspace_takes_back() -> None:
    assert _typed("fivx\x7fe\n") == ["five"]


def test_space_pauses_and_resumes() -> None:
    assert _typed(" ") == [Command.PAUSE]
    assert _typed(" ", "paused") == [Command.RESUME]


@pytest.mark.parametrize("before", ["", "(", "\x1b[A", "x\x7f"])
def test_the_stop_key_works_whatever_was_pressed_before(before: str) -> None:
    assert _typed(f"{before}.") == [Command.STOP]


def test_an_urgent_key_ends_a_sentence_and_what_that_says_goes_first() -> None:
    assert _typed("Chest pain.") == [("Chest pain.", Command.STOP)]
    assert _typed("fo!") == [("fo!", Command.HURTS)]


def test_what_follows_such_a_sentence_is_text_and_no_key() -> None:
    assert _typed("Help! It's my heart\n") == [("Help!", Command.HURTS), "It's my heart"]
    assert _typed("wait... \n") == [("wait.", Command.STOP)]
    assert _typed("Stop! Stop!\n ") == [("Stop!", Command.HURTS), ("Stop!", Command.HURTS), Command.PAUSE]


def test_after_a_second_without_a_key_the_keys_act_at_once_again() -> None:
    keyboard = Keyboard(KeysRecogniser())
    keyboard.press("fo..")
    assert len(keyboard.read("perform")) == 1
    for _ in range(51):
        assert keyboard.read("perform") == []
    keyboard.press(".")
    assert keyboard.read("perform") == [Command.STOP]


@pytest.mark.parametrize("state", ["note", "before_note"])
def test_a_note_may_have_sentences(state: str) -> None:
    assert _typed("My left shoe is tight. It rubs!\n", state) == ["My left shoe is tight. It rubs!"]
    assert _typed(".", state) == [Command.STOP]


def test_a_key_is_a_command_in_every_language() -> None:
    """No English word on the way: there is none that a Korean pack understands."""
    assert all(isinstance(command, Command) for command in KEYS.values())
    assert _typed(".?!+-><") == list(KEYS.values())


def test_a_half_can_be_typed_with_a_point() -> None:
    assert _typed("4.5\n", "baseline") == ["4.5"]


def test_arrow_keys_type_nothing() -> None:
    assert _typed("\x1b[A\x1bOB4\n") == ["4"]


@pytest.mark.parametrize("end", ["\x07", "\x1b\\"])
def test_what_a_terminal_answers_is_not_typed(end: str) -> None:
    assert _typed(f"\x1b]11;rgb:0000/0000/0000{end}four\n") == ["four"]
