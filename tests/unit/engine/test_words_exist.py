"""Whatever the engine says exists in every locale, and every name in the table exists in the engine."""

import re
from pathlib import Path

import pytest

import cuewalk.engine
from cuewalk.domain.errors import BugError
from cuewalk.engine.session import Session
from cuewalk.engine.table import ASKING, MOVING, STATES, TABLE, expanded
from helpers.packs import pack_of

_SLOTS = {
    "value": "4.5", "low": "3", "high": "4", "n": "2", "total": "5", "left": "3", "side": "left",
    "construct": "pain", "text": "Something.", "name": "Hip Circles", "bucket": "keep",
}  # fmt: skip


def _keys() -> set[str]:
    folder = Path(cuewalk.engine.__file__).parent
    source = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    keys = set(re.findall(r'(?:notice|prompt)\(\s*"(\w+)"', source))
    keys |= set(re.findall(r'CueKind\.\w+, "(\w+)"', source))
    keys |= {
        f"help_{state}"
        for state in STATES
        if state not in {"idle", "ended", "correct_rating", "advised", "ready_first"}
    }
    keys |= {f"paused_help_{state}" for state in MOVING}
    keys |= set(re.findall(r'"((?:paused|verdict|red_flag|welcome|microphone|speaker)_\w+)"', source))
    keys |= {"ask_side", "ask_construct", "ask_baseline", "ask_before", "ask_after", "ask_during"}
    keys |= set(re.findall(r'"((?:slow|fast|small|bigg|loud|quiet)e(?:r|st))"', source))
    return keys - {"literal", "coaching", "verdict_changed"}


@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_every_line_the_engine_says_can_be_spoken(locale: str) -> None:
    pack = pack_of(locale)
    missing = []
    for key in sorted(_keys()):
        for length in range(3):
            try:
                assert pack.render(key, _SLOTS, length)
            except BugError as error:  # every missing key at once is the point
                missing.append(f"{key}: {error}")
                break
    assert missing == []


def test_every_name_in_the_table_is_a_method_of_the_session() -> None:
    for row in TABLE:
        for name in (*row.when, *row.do):
            assert callable(getattr(Session, name)), name


def test_every_state_can_be_entered_and_left() -> None:
    rows = list(expanded())
    entered = {row.dest for row in rows}
    left = {source for row in rows for source in row.sources}
    assert set(STATES) - entered == {"idle"}
    assert set(STATES) - left == {"ended"}


def test_every_question_has_something_that_answers_it() -> None:
    assert all(expects for expects in ASKING.values())
