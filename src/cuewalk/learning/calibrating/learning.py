"""From takes to a personal head on the disk, kept only if it hears better; and the report on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cuewalk.domain.intents import RatingSaid
from cuewalk.files.writing import remove
from cuewalk.language.pack import LocalePack
from cuewalk.learning.calibrating.asking import Prompted
from cuewalk.learning.calibrating.consent import not_kept
from cuewalk.learning.calibrating.texts import EXPECTS, Texts
from cuewalk.learning.personal import Example, Learned, general_head, learn, nothing_learns
from cuewalk.models.heads import load_judge, own_head, save_head
from cuewalk.settings import Settings
from cuewalk.speech_in.spotter_recogniser import SpotterRecogniser
from cuewalk.spotting.head import NOISE, UNKNOWN, Head
from cuewalk.spotting.rehearsal import Rehearsal

#: Two words sound alike if the head that will listen gives a held-back take of one at least this probability
#: of being the other.
_ALIKE: Final = 0.25
#: Design: nobody remembers more pairs than this.
_PAIRS: Final = 3


@dataclass(slots=True)
class Learner:
    """A spotter with the general head of a locale, which learns a voice."""

    pack: LocalePack
    head: Head
    rehearsal: Rehearsal
    spotter: SpotterRecogniser

    def learn(self, takes: Sequence[Example]) -> Learned:
        """Return the outcome of learning these takes."""
        return learn(self.pack, self.head, self.rehearsal, takes, self.spotter.features)

    def keep(self, learned: Learned) -> Path | None:
        """Write the personal head and return where; delete an older one where the general head is as good.

        Raises:
            CuewalkError: if it cannot be written or deleted.
        """
        path = own_head(self.pack.code, "personal")
        try:
            if learned.head is None:
                remove(path)
                return None
            save_head(learned.head, self.rehearsal, path)
        except OSError as error:
            raise not_kept(path, error) from error
        return path


def open_learner(pack: LocalePack, settings: Settings) -> Learner:
    """Return the learner for these settings; the general head judges, also where a personal one is in use.

    Raises:
        RecogniserError: if this locale has no spotter.
        ModelError: if the general head is damaged.
    """
    path = general_head(pack.code, settings)
    if path is None:
        raise nothing_learns(pack.code)
    head, rehearsal = load_judge(path, pack.code)
    return Learner(pack, head, rehearsal, SpotterRecogniser(head))


def report(prompted: Prompted, learned: Learned, texts: Texts, pack: LocalePack) -> list[str]:
    """Return how many words were heard, which sound alike, and what was learned, to be spoken and printed."""
    says, words, checked = texts.says, texts.words, learned.checked
    lines = [says.heard.format(heard=len(words) - len(prompted.missed), count=len(words))]
    if prompted.missed:
        lines.append(says.missed.format(words=", ".join(prompted.missed)))
    for word, other in _alike(learned)[:_PAIRS]:
        instead = _instead(word, texts, pack, learned.labels)
        lines.append(says.alike.format(word=word, other=other, instead=instead))
    if checked is None:
        return [*lines, says.too_few]
    if learned.head is None:
        return [*lines, says.as_good]
    general, own = checked.right
    line = says.better if own > general else says.surer
    return [*lines, line.format(count=len(checked.labels), own=own, general=general)]


def _alike(learned: Learned) -> list[tuple[str, str]]:
    """Return pairs of words that the held-back takes confuse, the most alike first, each pair once."""
    pairs: dict[frozenset[str], tuple[float, str, str]] = {}
    for probability, word, other in _confused(learned):
        pair = frozenset({word, other})
        pairs[pair] = max(pairs.get(pair, (0.0, "", "")), (probability, word, other), key=lambda one: one[0])
    return [(word, other) for _, word, other in sorted(pairs.values(), reverse=True)]


def _confused(learned: Learned) -> Iterator[tuple[float, str, str]]:
    checked = learned.checked
    if checked is None:
        return
    probabilities = checked.general if learned.head is None else checked.personal
    for row, label in zip(probabilities, checked.labels, strict=True):
        for number in np.flatnonzero(row >= _ALIKE):
            other = learned.labels[number]
            if number != label and other not in {UNKNOWN, NOISE}:
                yield float(row[number]), learned.labels[label], other


def _instead(word: str, texts: Texts, pack: LocalePack, labels: tuple[str, ...]) -> str:
    """Return what to say in place of a word that is easily misheard."""
    meaning = pack.interpret(word, EXPECTS)
    if isinstance(meaning, RatingSaid):
        return f'"{texts.says.instead_number.format(word=word)}"'
    others = [label for label in labels if word not in label and pack.interpret(label, EXPECTS) == meaning]
    return f'"{max(others, key=len)}"' if others else texts.says.instead_else
