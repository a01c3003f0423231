"""`locate` against documents whose true lines are known, because the test writes them line by line."""

import tomllib
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from cuewalk.files.toml_lines import KeyPath, lines_of, locate

KEYS = st.one_of(
    st.from_regex(r"[a-zA-Z0-9_-]{1,8}", fullmatch=True),
    st.text("ab .]#=\"'한", min_size=0, max_size=5),
)
SCALARS = st.one_of(
    st.integers(-99, 99).map(str),
    st.booleans().map(lambda value: str(value).lower()),
    st.text("ab ]}[{#=,'", max_size=8).map(lambda text: f'"{text}"'),
    st.text('ab ]}[{#=,"\\', max_size=8).map(lambda text: f"'{text}'"),
    st.text('ab\n]#="', max_size=8).filter(lambda text: '"""' not in text).map(lambda text: f'"""{text} """'),
    st.text("ab\n]#='", max_size=8).filter(lambda text: "'''" not in text).map(lambda text: f"'''{text} '''"),
    st.sampled_from(
        ["1979-05-27T07:32:00Z", "1979-05-27 07:32:00", "1e3", "0xff", '"a\\"]b"', '"""a""\\""""']
    ),
)
REMARKS = st.sampled_from(["", "", "\n", "# remark ] = [x]\n", "  \n\n"])


@dataclass
class Page:
    """A document being written, with the line of every path."""

    text: str = ""
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def note(self, path: KeyPath) -> None:
        self.lines[path] = self.text.count("\n") + 1


def quoted(key: str) -> str:
    bare = key and all(mark.isascii() and (mark.isalnum() or mark in "_-") for mark in key)
    return key if bare else '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_value(draw: st.DrawFn, page: Page, path: KeyPath, depth: int) -> None:
    kind = draw(st.sampled_from(["scalar", "array", "inline"])) if depth else "scalar"
    if kind == "scalar":
        page.text += draw(SCALARS)
    elif kind == "array":
        page.text += "["
        for index in range(draw(st.integers(0, 3))):
            page.text += draw(st.sampled_from(["", " ", "\n  ", " # remark, ]\n\t"]))
            page.note((*path, index))
            write_value(draw, page, (*path, index), depth - 1)
            page.text += draw(st.sampled_from([",", " ,", "\n,"]))
        page.text += draw(st.sampled_from(["]", "\n]", " # the end ]\n ]"]))
    else:
        page.text += "{ "
        for number, key in enumerate(draw(st.lists(KEYS, unique=True, max_size=3))):
            page.text += ", " if number else ""
            page.note((*path, key))
            page.text += f"{quoted(key)} = "
            write_value(draw, page, (*path, key), depth - 1)
        page.text += " }"


def write_pairs(draw: st.DrawFn, page: Page, path: KeyPath, keys: list[str]) -> None:
    for key in keys:
        page.text += draw(REMARKS)
        page.note((*path, key))
        page.text += f"{quoted(key)}{draw(st.sampled_from([' = ', '=']))}"
        write_value(draw, page, (*path, key), 2)
        page.text += draw(st.sampled_from(["\n", "  # remark\n"]))


@st.composite
def documents(draw: st.DrawFn) -> Page:
    page = Page()
    keys = draw(st.lists(KEYS, unique=True, max_size=9))
    cuts = sorted(draw(st.lists(st.integers(0, len(keys)), min_size=2, max_size=2)))
    write_pairs(draw, page, (), keys[: cuts[0]])
    for table in keys[cuts[0] : cuts[1]]:
        page.text += draw(REMARKS)
        page.note((table,))
        page.text += f"[{quoted(table)}]\n"
        write_pairs(draw, page, (table,), draw(st.lists(KEYS, unique=True, max_size=3)))
    for tables in keys[cuts[1] :]:
        for index in range(draw(st.integers(1, 3))):
            page.text += draw(REMARKS)
            if not index:
                page.note((tables,))
            page.note((tables, index))
            page.text += f"[[ {quoted(tables)} ]]\n"
            write_pairs(draw, page, (tables, index), draw(st.lists(KEYS, unique=True, max_size=3)))
    if draw(st.booleans()):
        page.text = page.text.replace("\n", "\r\n")
    return page


@given(documents())
def test_every_path_is_found_on_the_line_it_was_written_on(page: Page) -> None:
    tomllib.loads(page.text)  # the test writes TOML
    assert dict(lines_of(page.text)) == page.lines


@given(documents(), st.data())
def test_what_is_missing_is_found_at_its_parent(page: Page, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([(), *page.lines]))
    assert locate(page.text, (*path, "not there at all")) == page.lines.get(path, 1)


@given(st.text(st.sampled_from("ab=[]{}\"'#.,\n\\ 1"), max_size=60))
def test_any_text_at_all_has_an_answer_within_it(text: str) -> None:
    assert all(1 <= line <= text.count("\n") + 1 for line in lines_of(text).values())
