"""Which recogniser listens, and what is said where none can."""

import pytest

from cuewalk.app.hearing import build_hearing
from cuewalk.app.settings import Settings
from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import RecogniserError


def test_a_language_that_nothing_can_hear_says_what_is_needed() -> None:
    settings = Settings(locale="ko-KR", recogniser="pocketsphinx")
    with pytest.raises(RecogniserError, match=r"hears English only.*Install a Vosk model"):
        build_hearing(load_pack("ko-KR"), settings)


def test_english_is_always_heard() -> None:
    assert build_hearing(load_pack("en-US"), Settings(recogniser="pocketsphinx")).engine == "pocketsphinx"
