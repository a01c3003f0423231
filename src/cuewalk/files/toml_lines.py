"""The lines of a TOML text on which its keys are written.

`tomllib` keeps no lines, so a second pass finds them. It runs only when there is a mistake to report. For
text that is no valid TOML the answer is a line of the text, possibly the wrong one.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Final

KeyPath = tuple[str | int, ...]

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE: Final = re.compile(r"[ \t]*")
_KEY: Final = re.compile(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*'""")
_STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'  # up to two quotes may stand before the closing three
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\[^\n]|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_PLAIN: Final = re.compile(r"[^,\]}\n#]*")


def locate(text: str, path: Sequence[str | int]) -> int:
    """Return the line (from 1) on which ``path`` is written.

    A path that is not there (a missing field) gives the line of its nearest parent, at last 1.
    """
    lines = lines_of(text)
    ends = range(len(path), 0, -1)
    return next((lines[found] for end in ends if (found := tuple(path[:end])) in lines), 1)


def lines_of(text: str) -> Mapping[KeyPath, int]:
    """Return the line (from 1) of every table, key and list entry of a TOML text."""
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._lines: dict[KeyPath, int] = {}
        self._lengths: dict[KeyPath, int] = {}
        self._newlines = [match.start() for match in re.finditer("\n", text)]

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self._skip_blank():
            start = self._at
            if self._sees("["):
                table = self._header()
            else:
                self._pair(table)
            if self._at == start:  # not TOML: go on, so that the loop ends
                self._at += 1
        return self._lines

    def _header(self) -> KeyPath:
        """Read ``[table]`` or ``[[list of tables]]`` and return the path its keys belong to."""
        line, many = self._line(), self._sees("[[")
        self._at += 2 if many else 1
        path = self._parents((), self._keys(), line)
        self._at = max(self._at, self._text.find("]", self._at) + (2 if many else 1))
        if many:
            self._lines.setdefault(path, line)
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = self._entry(path)
        self._lines[path] = line
        return path

    def _pair(self, table: KeyPath) -> None:
        line = self._line()
        if not (keys := self._keys()):
            return
        path = self._parents(table, keys, line)
        self._lines[path] = line
        self._skip(_SPACE)
        if self._sees("="):
            self._at += 1
            self._skip(_SPACE)
            self._value(path)

    def _parents(self, table: KeyPath, keys: Sequence[str], line: int) -> KeyPath:
        """Return the path of a dotted key; tables it passes through are noted unless they have a line."""
        path = table
        for number, key in enumerate(keys):
            path = (*(self._entry(path) if number else path), key)
            if number < len(keys) - 1:
                self._lines.setdefault(path, line)
        return path

    def _entry(self, path: KeyPath) -> KeyPath:
        """Return the last entry of a list of tables, or the path itself."""
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _value(self, path: KeyPath) -> None:
        if self._sees("["):
            self._array(path)
        elif self._sees("{"):
            self._inline_table(path)
        elif match := _STRING.match(self._text, self._at):
            self._at = match.end()
        else:
            self._skip(_PLAIN)

    def _array(self, path: KeyPath) -> None:
        self._at += 1
        count = 0
        while self._skip_blank() and not self._sees("]"):
            start = self._at
            self._lines[(*path, count)] = self._line()
            self._value((*path, count))
            count += 1
            self._comma(start)
        self._at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self._at += 1
        while self._skip_blank() and not self._sees("}"):
            start = self._at
            self._pair(path)
            self._comma(start)
        self._at += 1

    def _comma(self, start: int) -> None:
        self._skip_blank()
        if self._sees(",") or self._at == start:
            self._at += 1

    def _keys(self) -> list[str]:
        """Read ``a.b."c d"``."""
        keys: list[str] = []
        self._skip(_SPACE)
        while match := _KEY.match(self._text, self._at):
            keys.append(_plain_key(match.group()))
            self._at = match.end()
            self._skip(_SPACE)
            if not self._sees("."):
                break
            self._at += 1
            self._skip(_SPACE)
        return keys

    def _skip_blank(self) -> bool:
        """Skip space, line ends and comments; return whether anything is left."""
        self._skip(_BLANK)
        return self._at < len(self._text)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        if match := pattern.match(self._text, self._at):
            self._at = match.end()

    def _sees(self, mark: str) -> bool:
        return self._text.startswith(mark, self._at)

    def _line(self) -> int:
        return bisect_left(self._newlines, self._at) + 1


def _plain_key(written: str) -> str:
    if written[0] not in "\"'":
        return written
    try:
        return str(tomllib.loads(f"key = {written}")["key"])
    except tomllib.TOMLDecodeError:
        return written
