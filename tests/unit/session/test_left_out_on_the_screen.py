"""What of a person's own files was left out is shown by a live session too, once, and on its screen."""

from contextlib import ExitStack
from types import SimpleNamespace

from cuewalk.app.live_session import _show_what_is_left_out
from cuewalk.files.left_out import left_out, told_to
from cuewalk.session.notices import NoticeBoard


def test_it_is_shown_once_whether_it_was_found_before_or_while_the_session_is_made_ready():
    stage, printed = SimpleNamespace(notices=NoticeBoard(["a voice is missing"])), []
    with told_to(printed.append), ExitStack() as stack:
        left_out("mine.toml cannot be read. It is left out.")
        _show_what_is_left_out(stack, stage)
        left_out("mine.toml cannot be read. It is left out.")
        left_out("a head cannot be read. It is left out.")
    assert printed == ["mine.toml cannot be read. It is left out."]
    assert list(stage.notices.take()) == [
        "a voice is missing",
        "mine.toml cannot be read. It is left out.",
        "a head cannot be read. It is left out.",
    ]
