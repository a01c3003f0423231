"""After a conversation the terminal belongs to whoever asks next: not one key is taken from them."""

import os
import pty
import sys

from cuewalk.session.keyboard import Keyboard
from cuewalk.speech_in.keys_recogniser import KeysRecogniser


def test_what_is_typed_afterwards_is_left_for_the_next_question(monkeypatch):
    person, terminal = pty.openpty()
    with os.fdopen(terminal, "r") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        keyboard = Keyboard(KeysRecogniser())
        with keyboard.listening():
            pass
        os.write(person, b"4\n")
        assert stdin.readline() == "4\n"
        assert keyboard.read("baseline") == []
    os.close(person)
