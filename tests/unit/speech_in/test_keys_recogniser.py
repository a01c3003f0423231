"""What a typed line becomes."""

import pytest

from cuewalk.speech_in.keys_recogniser import KeysRecogniser


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (b"Stop", "Stop"),
        (b"HELP", "HELP"),
        (b"  four   out of ten \r\n", "four out of ten"),
        (b"fiv\xff\xfee", "five"),
        (b"sixx\x7f", "six"),
        (b"\x08\x08no", "no"),
        (b"ye\x1bs\x00", "yes"),
        ("다시\x7f지".encode(), "다지"),
        ("É".encode()[:1], ""),
        (b"", ""),
    ],
)
def test_the_line_is_what_the_person_sees(typed, line):
    keys = KeysRecogniser()
    keys.feed(typed)
    assert keys.partial() == line
    assert keys.finish().text == line


def test_an_empty_line_is_nothing_and_a_typed_one_is_sure():
    keys = KeysRecogniser()
    assert keys.finish().confidence == 0.0
    keys.feed(b"six")
    assert keys.finish().confidence == 1.0
    assert keys.partial() == ""
