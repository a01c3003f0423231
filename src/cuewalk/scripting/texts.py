"""The texts of a locale: how hard they are to follow, how long they are, and what the locale lacks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from cuewalk.content.catalogue import Catalogue
from cuewalk.content.readability import reading_of, spoken_texts
from cuewalk.domain.content import Movement
from cuewalk.scripting.timeline import Say
from cuewalk.session.cue_playback import Wording
from cuewalk.session.stage import open_stage
from cuewalk.settings import load_settings

#: Design: the school year (US) and words a sentence that can be followed by ear while moving.
HIGHEST_GRADE: Final = 6
MOST_WORDS: Final = 12
#: Letters. Design: the beginning of a longer text is forgotten at its end.
LONGEST_TEXT: Final = 200


@dataclass(frozen=True, slots=True)
class MovementTexts:
    """Counts of a movement; ``grade`` and ``words_a_sentence`` are None outside of English."""

    movement: str
    texts: int
    words: int
    words_a_sentence: float | None
    grade: float | None
    longest: str

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to mend, () if nothing."""
        found = {
            "hard words": (self.grade or 0) > HIGHEST_GRADE,
            "long sentences": (self.words_a_sentence or 0) > MOST_WORDS,
            f'{len(self.longest)} letters: "{self.longest[:40]}…"': len(self.longest) > LONGEST_TEXT,
        }
        return tuple(remark for remark, holds in found.items() if holds)


def look_over(catalogue: Catalogue) -> list[MovementTexts]:
    """Return the counts of every movement of a locale."""
    english = catalogue.locale.startswith("en-")
    return [_of(name, movement, english=english) for name, movement in catalogue.movements.items()]


def missing_in(catalogue: Catalogue, reference: Catalogue) -> dict[str, tuple[str, ...]]:
    """Return what ``reference`` has and the locale has not, by kind; kinds that lack nothing are left out."""
    has, wanted = _names(catalogue), _names(reference)
    lacking = {kind: tuple(name for name in wanted[kind] if name not in has[kind]) for kind in wanted}
    return {kind: names for kind, names in lacking.items() if names}


def _of(name: str, movement: Movement, *, english: bool) -> MovementTexts:
    texts, counted = spoken_texts(movement), reading_of(movement)
    return MovementTexts(
        movement=name,
        texts=len(texts),
        words=counted.words if english else sum(len(text.split()) for text in texts),
        words_a_sentence=counted.words_a_sentence if english else None,
        grade=counted.grade if english else None,
        longest=max(texts, key=len),
    )


def _names(catalogue: Catalogue) -> dict[str, list[str]]:
    return {
        "programmes": list(catalogue.programmes),
        "movements": list(catalogue.movements),
        "red flags": [group.id for group in catalogue.red_flags],
        "prompts": list(catalogue.phrases.get("prompts", {})),
    }


@contextmanager
def speaker(locale: str) -> Iterator[Say]:
    """Give what turns a line into sound, and close the voice afterwards.

    Raises:
        CuewalkError: if the locale is broken or its voice cannot work.
    """
    stage = open_stage(load_settings().model_copy(update={"locale": locale}))
    wording, rate = Wording(stage.pack), stage.settings.talk_rate
    try:
        yield lambda line: stage.voice.render(wording.text_of(line), rate)
    finally:
        stage.voice.close()
