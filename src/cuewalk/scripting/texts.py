"""Looks over every text of a locale: how hard it is to follow, how long, and what the locale lacks."""

from collections.abc import Iterator, Mapping
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

#: A school year (US) and words a sentence: what can be followed by ear while moving.
HIGHEST_GRADE: Final = 6
MOST_WORDS: Final = 12
#: Longer ones are hard to remember until they end (letters).
LONGEST_TEXT: Final = 200


@dataclass(frozen=True, slots=True)
class MovementTexts:
    """What was counted in a movement; ``grade`` and ``words_a_sentence`` are None outside of English."""

    movement: str
    texts: int
    words: int
    words_a_sentence: float | None
    grade: float | None
    longest: str

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to mend, () if nothing."""
        return tuple(self._remarks())

    def _remarks(self) -> Iterator[str]:
        if self.grade is not None and self.grade > HIGHEST_GRADE:
            yield "hard words"
        if self.words_a_sentence is not None and self.words_a_sentence > MOST_WORDS:
            yield "long sentences"
        if len(self.longest) > LONGEST_TEXT:
            yield f'{len(self.longest)} letters: "{self.longest[:40]}…"'


def look_over(catalogue: Catalogue) -> list[MovementTexts]:
    """Return what was counted in every movement of a locale."""
    english = catalogue.locale.startswith("en-")
    return [_of(name, movement, english=english) for name, movement in catalogue.movements.items()]


def missing_in(catalogue: Catalogue, reference: Catalogue) -> dict[str, tuple[str, ...]]:
    """Return what ``reference`` has and the locale has not, by kind; kinds that lack nothing are left out."""
    prompts, theirs = _prompts(catalogue), _prompts(reference)
    lacking = {
        "programmes": _without(reference.programmes, catalogue.programmes),
        "movements": _without(reference.movements, catalogue.movements),
        "red flags": _without(
            {group.id: group for group in reference.red_flags}, {group.id for group in catalogue.red_flags}
        ),
        "prompts": _without(theirs, prompts),
    }
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


def _prompts(catalogue: Catalogue) -> Mapping[str, object]:
    return catalogue.phrases.get("prompts", {})


def _without(wanted: Mapping[str, object], there: Mapping[str, object] | set[str]) -> tuple[str, ...]:
    return tuple(name for name in wanted if name not in there)


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
