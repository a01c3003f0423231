"""What the spotter learns to tell apart: the pack's short phrases, and words that must trigger nothing."""

from pathlib import Path

from cuewalk.domain.intents import Expect
from cuewalk.language.pack import LocalePack

EVERYTHING = frozenset(Expect)


def other_words(pack: LocalePack) -> list[str]:
    """Return words and short phrases that mean nothing to the pack, its decoys among them."""
    listed = (Path(__file__).parent / "other_words.txt").read_text(encoding="utf-8").split()
    words = dict.fromkeys([word.replace("-", " ") for word in listed] + list(pack.decoys))
    return [word for word in words if pack.interpret(word, EVERYTHING) is None]
