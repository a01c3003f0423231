"""Printing sentences: wrapped at words on a terminal, whole lines everywhere else, in any encoding."""

import re
import unicodedata
from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

#: A word with the space after it; the space at the beginning of a line belongs to its first word.
_WORD: Final = re.compile(r"^\s*\S+\s*|\S+\s*")
#: How signs of ours are spelt where an encoding lacks them; letters lose their accents, all else is "?".
_SPELT: Final = {
    **dict.fromkeys("·•─━\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}", "-"),
    **dict.fromkeys("\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}", "'"),
    **dict.fromkeys("“”", '"'),
    "→": "->",
    "←": "<-",
    "\N{MULTIPLICATION SIGN}": "x",
    "…": "...",
    "≥": ">=",
    "≤": "<=",
    "±": "+-",
    "│": "|",
    "█": "#",
}


def say(console: Console, text: str | Text, style: str = "") -> None:
    """Print a text as it is, without rich's markup.

    On a terminal its lines are broken between words alone, so that ids and paths stay whole. In a pipe each
    line is printed as it is, so that it can be searched for.
    """
    whole = Text(fitting(text, console.encoding), style=style) if isinstance(text, str) else text
    for line in wrapped(whole, console.width) if console.is_terminal else [whole]:
        console.print(line, soft_wrap=True, highlight=False)


def wrapped(text: Text, width: int) -> list[Text]:
    """Return a text as lines of at most ``width`` columns; a longer word has a line of its own, unbroken."""
    paragraphs = text.split("\n", allow_blank=True)
    return [line for paragraph in paragraphs for line in _broken(paragraph, max(1, width))]


def _broken(line: Text, width: int) -> list[Text]:
    breaks, used = [], 0
    for word in _WORD.finditer(line.plain):
        need = cell_len(word[0].rstrip())
        if used and used + need > width:
            breaks.append(word.start())
            used = 0
        used += cell_len(word[0])
    parts = list(line.divide(breaks)) if breaks else [line.copy()]
    for part in parts:
        part.rstrip()
    return parts


def fitting(text: str, encoding: str) -> str:
    """Return a text with all that the encoding lacks spelt in other letters (`spelt`)."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(letter if _has(encoding, letter) else spelt(letter) for letter in text)
    return text


def spelt(text: str) -> str:
    """Return a text in ASCII: signs of ours in other signs, letters without accents, all else as "?"."""
    return "".join(map(_letter, text))


def _has(encoding: str, letter: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _letter(letter: str) -> str:
    if letter.isascii():
        return letter
    bare = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return _SPELT.get(letter) or bare or "?"
