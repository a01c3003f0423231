"""Lines of key paths in every way TOML can be written."""

import pytest

from cuewalk.files.toml_lines import lines_of, locate

TEXT = '''# a remark with = and [brackets]
id = "ankle"
about = """three # not a remark
[not.a.table]
lines"""
steps = [
  "one, with ] and #",  # a remark, "quoted"
  'two',

  "three",
]
dose = { reps = 5, sets = 2 }
nested = [[1, 2],
          [3, 4]]
note.claim = "a"
note."counter.claim" = "b"

[[phases]]
say = "out"

[[phases]]
say = "back"
  [phases.timing]
  seconds = 2
  [[phases.marks]]
  at = 1979-05-27 07:32:00
[last."quoted ] name"]
x = 1'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("id",), 2),
        (("about",), 3),
        (("steps",), 6),
        (("steps", 0), 7),
        (("steps", 2), 10),
        (("dose", "sets"), 12),
        (("nested", 0, 1), 13),
        (("nested", 1, 0), 14),
        (("note",), 15),
        (("note", "claim"), 15),
        (("note", "counter.claim"), 16),
        (("phases",), 18),
        (("phases", 0), 18),
        (("phases", 1), 21),
        (("phases", 1, "say"), 22),
        (("phases", 1, "timing", "seconds"), 24),
        (("phases", 1, "marks", 0, "at"), 26),
        (("last", "quoted ] name", "x"), 28),
        (("phases", 0, "seconds"), 18),  # missing: its table's line
        (("steps", 9), 6),
        (("nothing",), 1),
        ((), 1),
    ],
)
def test_a_key_path_has_its_line(path, line):
    assert locate(TEXT, path) == line


def test_a_table_written_after_its_child_has_its_own_line():
    assert locate("[a.b]\nx = 1\n[a]\ny = 2\n", ("a", "missing")) == 3


@pytest.mark.parametrize("text", ["a = [", "a = {", "[", "[[", "]", "= 5", 'a = "', "a.b.", "a = [1 2", '"'])
def test_text_that_is_not_toml_ends_too(text):
    lines_of(text)
