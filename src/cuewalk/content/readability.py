"""How hard an English text is to follow: words a sentence and the Flesch-Kincaid grade (Kincaid 1975)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cuewalk.domain.content import Movement

_WORD: Final = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|\d+")
_END: Final = re.compile(r"[.!?:;]+(?:\s+|$)")
_VOWELS: Final = re.compile(r"[aeiouy]+")
#: Written but not spoken: the e at the end ("slide", "rolled", "moves"), before "-ly" and in joined words.
_SILENT: Final = re.compile(
    r"(?<=[^aeiouy])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouysxzcgh])es$|(?<=[^aeiouyl])e(?=ly$|ful$|less$|ment$)"
    r"|(?<=som)e(?=thing|times|one|body)|(?<=for)e(?=arm|head)|(?<=sid)e(?=ways)|(?<=breastbon)e"
)
#: Two vowels that are spoken apart: "idea", "radio", "being", "fluid".
_APART: Final = re.compile(r"ia(?!l)|(?<![tscg])io|eo(?!u)|(?<=[eyo])ing|uid|ual|iet")
#: A spoken syllable whose e looks silent: "little", "muscle".
_SPOKEN_LE: Final = re.compile(r"[^aeiouylr]les?$")


@dataclass(frozen=True, slots=True)
class Reading:
    """Counts of some texts."""

    sentences: int
    words: int
    syllables: int

    @property
    def words_a_sentence(self) -> float:
        """The mean length of a sentence in words."""
        return self.words / max(1, self.sentences)

    @property
    def grade(self) -> float:
        """The Flesch-Kincaid grade: the school year (US) in which it is read with ease."""
        return 0.39 * self.words_a_sentence + 11.8 * self.syllables / max(1, self.words) - 15.59


def reading(texts: Iterable[str]) -> Reading:
    """Count texts; each is at least one sentence."""
    sentences = [words for text in texts for part in _END.split(text) if (words := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    return Reading(len(sentences), len(words), sum(map(syllables, words)))


def reading_of(movement: Movement) -> Reading:
    """Count everything that is said of a movement."""
    return reading(spoken_texts(movement))


def spoken_texts(movement: Movement) -> tuple[str, ...]:
    """Return every text of a movement that a voice may say; the phases of one repetition are one sentence."""
    return (
        movement.name,
        movement.start,
        *movement.steps,
        " ".join(phase.say for phase in movement.phases),
        *(level.cue for level in movement.ranges),
        *movement.coaching,
        *(text for fault in movement.faults for text in (fault.fault, fault.correction)),
        movement.easier,
        *movement.avoid_when,
        movement.note.claim,
        movement.note.counter,
    )


def syllables(word: str) -> int:
    """Return about how many syllables an English word has, at least one; a number counts as one."""
    plain = word.lower().removesuffix("'s").replace("'", "")
    spoken = plain if _SPOKEN_LE.search(plain) else _SILENT.sub("", plain)
    return max(1, len(_VOWELS.findall(spoken)) + len(_APART.findall(spoken)))
