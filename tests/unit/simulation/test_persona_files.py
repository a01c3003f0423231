"""A persona file of one's own: what is wrong with it is told with file and line."""

import pytest

from cuewalk.domain.errors import ContentError
from cuewalk.simulation.person.persona import load_persona

GOOD = 'name = "me"\nabout = "Someone like me."\n'


def written(tmp_path, raw):
    file = tmp_path / "me.toml"
    file.write_bytes(raw)
    return str(file)


def test_a_persona_of_ones_own_is_read(tmp_path):
    assert load_persona(written(tmp_path, GOOD.encode())).name == "me"


@pytest.mark.parametrize(
    ("raw", "line", "says"),
    [
        (GOOD.encode() + b'note = "\xff"\n', 3, "not UTF-8 text"),
        (GOOD.encode() + b"note = \n", 3, ""),
        (GOOD.encode() + b"baseline = 11\n", 3, "baseline"),
        (GOOD.encode() + b"colour = 1\n", 3, "colour"),
        (b"", 1, "empty"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(tmp_path, raw, line, says):
    file = written(tmp_path, raw)
    with pytest.raises(ContentError) as told:
        load_persona(file)
    [fault] = told.value.faults
    assert (fault.file, fault.line) == (file, line)
    assert says in fault.problem
    assert fault.remedy
    assert "codec" not in str(told.value)


def test_a_file_that_is_not_there_is_answered_with_the_built_in_ones(tmp_path):
    with pytest.raises(ContentError, match=r"no such persona.*mixed"):
        load_persona(str(tmp_path / "nobody.toml"))
