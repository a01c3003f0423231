"""Gives PocketSphinx a JSGF grammar, without the words that it has no pronunciation for.

One word missing from the dictionary makes PocketSphinx refuse the whole grammar, and JSGF's ``<VOID>`` makes
it refuse the whole rule. So the grammar is compiled to its network and the missing words' edges are left
out. A rule that is used and not defined it takes silently for an empty grammar: that is refused here.
"""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pocketsphinx import Decoder

_RULE: Final = re.compile(r"<([^<>]+)>")
_DEFINED: Final = re.compile(r"<([^<>]+)>\s*=")
_BUILT_IN: Final = frozenset({"NULL", "VOID"})


class Edge(NamedTuple):
    """One edge of the network; without a word it is followed silently."""

    start: int
    end: int
    probability: float
    word: str | None


def add_grammar(decoder: Decoder, name: str, jsgf: str, *, without: frozenset[str]) -> None:
    """Add the grammar as the search ``name``, without the words that cannot be heard.

    Raises:
        RuntimeError, ValueError: if the grammar cannot be parsed, or nothing of it can be said.
    """
    undefined = set(_RULE.findall(jsgf)) - set(_DEFINED.findall(jsgf)) - _BUILT_IN
    if undefined:
        raise ValueError(f"it does not define {', '.join(sorted(undefined))}")
    if not without:
        decoder.add_jsgf_string(name, jsgf)
        return
    edges = [edge for edge in _edges(_network(decoder, jsgf)) if edge.word not in without]
    if not any(edge.word for edge in edges):
        raise ValueError("not one of its words is in the dictionary")
    # The compiler's start state is always 0 and its final state 1.
    transitions = [edge if edge.word is not None else edge[:3] for edge in edges]
    decoder.add_fsg(name, decoder.create_fsg(name, 0, 1, transitions))


def _network(decoder: Decoder, jsgf: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "network.fsg"
        decoder.parse_jsgf(jsgf).writefile(str(file))
        return file.read_text(encoding="utf-8")


def _edges(network: str) -> Iterator[Edge]:
    for line in network.splitlines():
        keyword, *fields = line.split() or [""]
        if keyword == "TRANSITION":
            start, end, probability, *word = fields
            yield Edge(int(start), int(end), float(probability), word[0] if word else None)
