"""Says in plain words what is wrong with a file that is not valid TOML."""

import re
import tomllib
from typing import Final

from cuewalk.domain.errors import ContentFault
from cuewalk.files.reading import UnreadableFileError

_PLACE: Final = re.compile(r" \((?:at line (\d+), column (\d+)|at end of document)\)$")
_QUOTES: Final = "Close the text with the same quotes it was opened with."

#: The beginning of tomllib's message, and what a person can do about it.
_REMEDIES: Final = (
    ("Illegal character '\\n'", "a text in quotes does not end on its line.", _QUOTES),
    ("Illegal character", "a control character stands here.", "Delete it, or type the line again by hand."),
    ("Unterminated string", "a text in quotes does not end.", _QUOTES),
    ('Expected \'"""\'', "a text in three quotes does not end.", _QUOTES),
    ("Expected \"'''\"", "a text in three quotes does not end.", _QUOTES),
    (
        "Unclosed array",
        "a list that began here or above is not closed.",
        "Put a comma between its entries and a ] after the last one.",
    ),
    (
        "Unclosed inline table",
        "a { that began here or above is not closed.",
        "Put a comma between its fields and a } after the last one.",
    ),
    ("Expected '=' after a key", "the = is missing.", 'Write: name = "text", or name = 5.'),
    ("Expected ']'", "the ] is missing.", "Write the name of the table as [name] or [[name]]."),
    ("Cannot overwrite", "this field is written twice.", "Delete one of the two."),
    ("Duplicate inline table key", "this field is written twice.", "Delete one of the two."),
    ("Cannot declare", "this table is written twice.", "Write its name once; a list of tables is [[name]]."),
    ("Cannot mutate", "this table is written twice.", "Delete one of the two."),
    ("Invalid value", "there is no value, or it lacks its quotes.", 'Write: name = "text", or name = 5.'),
    ("Unescaped '\\'", "a \\ in a text needs another one.", "Write \\\\, or leave it out."),
    ("Expected newline", "something stands after the value.", "Write one field a line; a text is in quotes."),
    ("Invalid statement", "this is not a field or a table.", 'Write: name = "text", or [name].'),
)
_OTHERWISE: Final = 'Write: name = "text", name = 5, name = ["one", "two"], or [name].'


def syntax_fault(name: str, text: str, refused: UnreadableFileError) -> ContentFault:
    """Return the fault with its line; the line of an unended text is where it began."""
    error = refused.__cause__
    if not isinstance(error, tomllib.TOMLDecodeError):
        return ContentFault(name, _longest_line(text), f"{refused}.", _OTHERWISE)
    place = _PLACE.search(str(error))
    message = str(error)[: place.start()] if place else str(error)
    line = int(place[1]) if place and place[1] else _last_opening(text)
    column = f" (character {place[2]} of the line)" if place and place[2] else ""
    for start, problem, remedy in _REMEDIES:
        if message.startswith(start):
            return ContentFault(name, line, f"{problem[:-1]}{column}.", remedy)
    return ContentFault(name, line, f"this is not valid TOML: {message}{column}.", _OTHERWISE)


def _longest_line(text: str) -> int:
    """Return the line on which brackets without end, or digits without end, most likely stand."""
    lengths = [len(line) for line in text.splitlines()] or [0]
    return lengths.index(max(lengths)) + 1


def _last_opening(text: str) -> int:
    """Return the line of the last three quotes, else the last line."""
    at = max(text.rfind('"""'), text.rfind("'''"))
    return text.count("\n", 0, at if at >= 0 else len(text.rstrip())) + 1
