"""Damages bytes, text, TOML, JSON and command lines: blindly, and where the structure is."""

import json
import re
from random import Random
from typing import Any, Final

ODD_NUMBERS: Final = (
    *("0", "-1", "-0.0", "nan", "inf", "-inf", "1e308", "1e400", "1e-320", "0.5", "11", "10.0001"),
    *("9223372036854775808", "-9223372036854775809", "1" + "0" * 400, "9" * 5000, "0x7fffffff"),
    *("1_0", "1__0", "true", "[]", "{}", '""', "1979-05-27", "2026-13-45", "'x'"),
)
ODD_STRINGS: Final = (
    *("", " ", "a" * 5000, "\0", "\n", "\x1b[31m", "\r", "..", "../../etc/passwd", "/", "/dev/null", "~"),
    *("%s%n{0}{x}", "{", "}", "{value}", "[red]", "[/]", "\\", '"', "'", "é", "\u202e", "\u0000", "\ufeff"),
    *("😀" * 50, "\U0001d7dc", "٤", "①", "4", "four", "NaN", "null", "0" * 300, "a\nb", "-", "--"),
    *("--help", "\ud800"),
)
_BYTES: Final = (0, 1, 0x7F, 0x80, 0xFF, 0x0A, 0x22, 0x5B)
_NUMBER: Final = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?")
_TEXT: Final = re.compile(r'"[^"\n]*"')
_DEEP: Final = (50, 900, 5000)
_MOST_EDITS: Final = 4
_DEEPER, _TAKEN_OUT = 0.85, 0.15
_MARK: Final = "@@here@@"


def mutated_bytes(rng: Random, data: bytes) -> bytes:
    """Return bytes with a few of them changed, cut out, doubled, put in, or the end cut off."""
    found = bytearray(data)
    for _ in range(rng.randint(1, _MOST_EDITS)):
        _edit(rng, found)
    return bytes(found)


def _edit(rng: Random, data: bytearray) -> None:
    size = len(data)
    at = rng.randrange(size + 1)
    length = min(size - at, rng.choice((1, 2, 4, 16, 64, 512, 4096)))
    way = rng.randrange(7)
    if way == 0 and at < size:
        data[at] ^= 1 << rng.randrange(8)
    elif way == 1 and at < size:
        data[at] = rng.choice(_BYTES)
    elif way == 2:  # noqa: PLR2004 - one of seven ways
        del data[at : at + length]
    elif way == 3:  # noqa: PLR2004
        data[at:at] = data[at : at + length]
    elif way == 4:  # noqa: PLR2004
        data[at:at] = rng.randbytes(rng.choice((1, 2, 8, 100)))
    elif way == 5:  # noqa: PLR2004
        data[at : at + length] = bytes(length)
    else:
        del data[at:]


def mutated_text(rng: Random, data: bytes) -> bytes:
    """Return TOML-like text with odd values, lines moved or doubled, or deep brackets; sometimes blindly."""
    if rng.random() < 0.25:  # noqa: PLR2004 - every fourth is damaged blindly
        return mutated_bytes(rng, data)
    text = data.decode("utf-8", "surrogateescape")
    for _ in range(rng.randint(1, 3)):
        text = _text_edit(rng, text)
    return text.encode("utf-8", "surrogatepass")


def _text_edit(rng: Random, text: str) -> str:
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    way = rng.randrange(9)
    if way <= 2:  # noqa: PLR2004 - odd values are the most telling
        return _replaced(rng, _NUMBER, text, rng.choice(ODD_NUMBERS))
    if way <= 4:  # noqa: PLR2004
        return _replaced(rng, _TEXT, text, rng.choice((_quoted(rng), rng.choice(ODD_NUMBERS))))
    if way == 5:  # noqa: PLR2004
        del lines[at]
    elif way == 6:  # noqa: PLR2004
        lines.insert(rng.randrange(len(lines)), lines[at])
    elif way == 7:  # noqa: PLR2004
        depth = rng.choice(_DEEP)
        lines.insert(at, f"deep{rng.randrange(9)} = " + "[" * depth + "]" * rng.choice((0, depth)))
    else:
        lines.insert(
            at, f"{rng.choice(('x', 'id', 'version', 'name', '[x]', '[[x]]'))} = {rng.choice(ODD_NUMBERS)}"
        )
    return "\n".join(lines)


def _replaced(rng: Random, what: re.Pattern[str], text: str, by: str) -> str:
    found = list(what.finditer(text))
    if not found:
        return text + by
    chosen = rng.choice(found)
    return text[: chosen.start()] + by + text[chosen.end() :]


def _quoted(rng: Random) -> str:
    odd = rng.choice(ODD_STRINGS)
    return f'"{odd}"' if rng.random() < 0.3 else json.dumps(odd)  # noqa: PLR2004 - some as they are


def mutated_lines(rng: Random, data: bytes) -> bytes:
    """Return JSON lines of which one has an odd value in one place, is missing, doubled or damaged."""
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    way = rng.randrange(8)
    if way == 0:
        del lines[at]
    elif way == 1:
        lines.insert(rng.randrange(len(lines)), lines[at])
    elif way == 2:  # noqa: PLR2004 - one of eight ways
        lines[at] = mutated_bytes(rng, lines[at])
    else:
        try:
            lines[at] = odd_json(rng, lines[at])
        except ValueError:
            lines[at] = b"[" * rng.choice(_DEEP)
    return b"\n".join(lines)


def odd_json(rng: Random, raw: bytes | str) -> bytes:
    """Return JSON with one value, at any depth, replaced by an odd one or taken out.

    Raises:
        ValueError: if it is no JSON.
    """
    whole: Any = {"whole": json.loads(raw)}
    holder: Any = whole
    key: Any = "whole"
    while isinstance(holder[key], dict | list) and holder[key] and rng.random() < _DEEPER:
        holder = holder[key]
        key = rng.choice(sorted(holder)) if isinstance(holder, dict) else rng.randrange(len(holder))
    if holder is not whole and rng.random() < _TAKEN_OUT:
        del holder[key]
        return json.dumps(whole["whole"]).encode()
    holder[key] = _MARK
    text = json.dumps(whole["whole"])
    return text.replace(json.dumps(_MARK), odd_value(rng), 1).encode("utf-8", "surrogatepass")


def odd_value(rng: Random) -> str:
    """Return an odd value as JSON, or nearly so."""
    odd = rng.choice((*ODD_NUMBERS, *(json.dumps(each) for each in ODD_STRINGS), "null", "NaN", "[[1]]"))
    return odd if rng.random() < 0.95 else "[" * rng.choice(_DEEP)  # noqa: PLR2004 - a few are deep
