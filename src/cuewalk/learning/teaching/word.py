"""One word or phrase: spoken by every voice, learned, judged, and kept only if nothing else got worse."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np

from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import CuewalkError, ModelError
from cuewalk.journal.lock import not_during_a_session
from cuewalk.language.own import OwnPhrase
from cuewalk.language.pack import LocalePack
from cuewalk.learning.personal import general_head
from cuewalk.learning.teaching import others
from cuewalk.learning.teaching.keeping import keep_phrase, keep_word
from cuewalk.learning.teaching.phrase import checked_phrase, meaning_named, meanings_of, pack_with
from cuewalk.learning.teaching.studio import Plan, ShareDone, SpokenTakes, Studio
from cuewalk.learning.teaching.verdict import Count, HeadTrial, PhraseVerdict, judged, sounds_like
from cuewalk.models.heads import load_judge
from cuewalk.settings import Settings
from cuewalk.speech_in.spotter_recogniser import ENGINE
from cuewalk.spotting.head import Head
from cuewalk.spotting.rehearsal import Rehearsal
from cuewalk.spotting.teaching import Lesson, taught
from cuewalk.understanding.hearing import build_hearing

#: The longest phrase that the spotter can learn, in words and in seconds. Design: it is made for short ones.
_WORDS, _SECONDS = 3, 1.3
#: Design: with fewer takes than this the phrase cannot be pronounced.
_FEWEST: Final = 4
#: Design: as many phrases that are pronounced alike, and that the head mistakes it for, are spoken too.
_NEAR: Final = 5
#: A phrase sounds like another if the untaught head hears at least `_SAME` of its takes as that one, or
#: `_SAME_IF_ALIKE` where their pronunciations have a likeness of `_ALIKE`. Measured on some forty words:
#: "lower", "stock", "slow are" have 0.75-0.9 with what they are mistaken for, and harmless words 0.4-0.7.
_SAME, _SAME_IF_ALIKE, _ALIKE = 0.5, 0.2, 0.72


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is spoken, and the number of other words."""

    phrase: Plan
    near: Plan
    words: Plan
    other_words: int


FULL: Final = Effort(
    Plan(espeak=24, ways=3), Plan(espeak=8, main=10, ways=1), Plan(espeak=3, main=3, ways=0), other_words=36
)


@dataclass(frozen=True, slots=True)
class TeachingOutcome:
    """The outcome of teaching a phrase. Without a verdict only the grammar recogniser learned it."""

    phrase: OwnPhrase
    voices: int
    verdict: PhraseVerdict | None
    #: Sentences the person should know.
    notices: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether the phrase is known now."""
        return self.verdict is None or not self.verdict.reasons


@not_during_a_session("Nothing can be taught")
def teach_word(
    given: str,
    means: str,
    settings: Settings,
    progress: ShareDone = lambda _done: None,
    effort: Effort = FULL,
) -> TeachingOutcome:
    """Teach the locale of the settings a phrase, and keep it if the head is none the worse for it.

    Args:
        given: the phrase.
        means: the command or answer that it shall stand for, as a person calls it.
        settings: the locale, and perhaps another head to start from.
        progress: told the share done (0-1).
        effort: how much is spoken.

    Raises:
        CuewalkError: if it is no phrase, or means something already, or cannot be pronounced or heard here.
    """
    pack = load_pack(settings.locale)
    meaning = meaning_named(means)
    phrase = OwnPhrase(checked_phrase(given, meaning, pack), meaning)
    richer = pack_with(pack, phrase)
    if len(phrase.says.split()) > _WORDS:
        return _for_grammar_only(phrase, richer, settings, f"has more than {_WORDS} words")
    path = general_head(pack.code, settings)
    if path is None:
        raise ModelError(
            f"There is no head of the spotter for {pack.code} that a phrase could be added to.",
            meaning="Nothing was changed.",
            remedy=f"Teach the whole language first: cuewalk teach --locale {pack.code}",
        )
    with closing(Studio(pack.code)) as studio:
        teacher = Teacher(studio, richer, phrase, progress, effort)
        takes = teacher.speak()
        if float(np.median(takes.seconds)) > _SECONDS:
            return _for_grammar_only(phrase, richer, settings, f"takes more than {_SECONDS:g} seconds to say")
        head, rehearsal, verdict = teacher.teach(takes, *load_judge(path, pack.code))
    notices = [] if verdict.reasons else _kept(phrase, (head, rehearsal), richer, settings)
    return TeachingOutcome(phrase, len(studio.voices), verdict, tuple(notices))


class Teacher:
    """Has one phrase of a pack spoken, and teaches a head with it."""

    def __init__(
        self, studio: Studio, pack: LocalePack, phrase: OwnPhrase, progress: ShareDone, effort: Effort
    ) -> None:
        self._studio, self._pack, self._phrase = studio, pack, phrase.says
        self._progress, self._effort = progress, effort
        self._meaning = cache(lambda label: meanings_of(pack, label))

    def speak(self) -> SpokenTakes:
        """Return the takes of the phrase.

        Raises:
            CuewalkError: if hardly a voice could say it.
        """
        takes = self._studio.speak([self._phrase], self._effort.phrase, self._part(0, 0.25))
        if len(takes) < _FEWEST or takes.held.all() or not takes.held.any():
            raise CuewalkError(
                f'"{self._phrase}" cannot be pronounced by the voices of this machine.',
                meaning="Nothing was changed.",
                remedy="Write it as it is spoken, or install espeak-ng, which has the most voices.",
            )
        return takes

    def teach(
        self, takes: SpokenTakes, head: Head, rehearsal: Rehearsal
    ) -> tuple[Head, Rehearsal, PhraseVerdict]:
        """Return the head with the phrase, and the verdict on it."""
        own = self._meaning(self._phrase)
        rivals = [x for x in head.labels if any(self._meaning(x)) and self._meaning(x) != own]
        words = others.other_words(self._pack, self._phrase, self._effort.other_words)
        sounds = others.spoken(self._pack.code, [self._phrase, *rivals])
        near = self._near(takes, head, rivals, sounds)
        known = self._studio.speak(near, self._effort.near, self._part(0.25, 0.45))
        other = self._studio.speak([*words.twins, *words.words], self._effort.words, self._part(0.7, 0.3))
        twins = np.isin(other.text, words.twins)
        learned = np.where(twins, ~other.held, np.isin(other.text, words.words[::2]))
        others_learned = np.concatenate([known.features[~known.held], other.features[learned]])
        lesson = Lesson(takes.features[~takes.held], others_learned)
        after, memory = taught(head, rehearsal, self._phrase, lesson)
        unseen = ~learned & ~twins
        trial = HeadTrial(
            phrase=self._phrase,
            before=head,
            after=after,
            rehearsal=rehearsal,
            meaning=self._meaning,
            takes=takes.where(takes.held),
            known=known.where(known.held),
            words=other.where(unseen),
            twins=other.where(twins & other.held),
        )
        verdict = judged(trial)
        twin = others.same_sound(self._phrase, rivals, sounds)
        same = [f'"{self._phrase}" is pronounced just like "{twin}" in some accents'] if twin else []
        same += self._same_to_the_head(takes, head, sounds)
        return after, memory, replace(verdict, reasons=(*same, *verdict.reasons))

    def _near(
        self, takes: SpokenTakes, head: Head, rivals: Sequence[str], sounds: others.SpokenWords
    ) -> list[str]:
        """Return the known phrases most in danger: pronounced alike, or heard in the takes."""
        heard = dict(zip(head.labels, head.probabilities(takes.features).mean(axis=0), strict=True))
        likely = sorted(rivals, key=lambda label: -heard[label])[:_NEAR]
        return list(dict.fromkeys([*others.nearest(self._phrase, rivals, sounds, _NEAR), *likely]))

    def _same_to_the_head(self, takes: SpokenTakes, head: Head, sounds: others.SpokenWords) -> list[str]:
        other, part = sounds_like(head, takes.features, self._meaning, self._meaning(self._phrase))
        same = [label for label in sounds if label and self._meaning(label) == self._meaning(other)]
        near = max((others.likeness(sounds[self._phrase], sounds[label]) for label in same), default=0.0)
        if part < (_SAME_IF_ALIKE if near >= _ALIKE else _SAME) * len(takes):
            return []
        return [f'{Count(part, len(takes))} takes of "{self._phrase}" sound like "{other}"']

    def _part(self, start: float, share: float) -> ShareDone:
        return lambda done: self._progress(start + share * done)


def _kept(phrase: OwnPhrase, head: tuple[Head, Rehearsal], pack: LocalePack, settings: Settings) -> list[str]:
    """Keep the phrase, and return what the person should know."""
    notices = []
    if keep_word(pack.code, phrase, *head):
        notices.append(
            "Your calibrated head was made before this phrase and does not know how you say it. "
            "Calibrate again: cuewalk calibrate"
        )
    if settings.head:
        notices.append(
            f"The head {settings.head} of your settings goes on listening. Clear it: cuewalk settings head ''"
        )
    unknown = _unknown_words(phrase, pack, settings)
    if unknown:
        notices.append(f"The grammar recogniser does not know {unknown}; only the spotter hears this phrase.")
    return notices


def _for_grammar_only(phrase: OwnPhrase, pack: LocalePack, settings: Settings, why: str) -> TeachingOutcome:
    """Keep a phrase that is too long for the spotter, if there is a recogniser that can hear it."""
    unknown = _unknown_words(phrase, pack, settings)
    if unknown is None or unknown:
        because = f"does not know {unknown}" if unknown else "is not there for this language"
        raise CuewalkError(
            f'"{phrase.says}" {why}, too long for the spotter, and the grammar recogniser {because}.',
            meaning="Nothing was changed.",
            remedy="Use a shorter phrase.",
        )
    keep_phrase(pack.code, phrase)
    notice = f'"{phrase.says}" {why}: too long for the spotter. The grammar recogniser alone hears it.'
    return TeachingOutcome(phrase, 0, None, (notice,))


def _unknown_words(phrase: OwnPhrase, pack: LocalePack, settings: Settings) -> str | None:
    """Return the words of the phrase that no grammar recogniser knows, quoted; None where none listens."""
    hearing = build_hearing(pack, settings)
    with closing(hearing.listener):
        grammars = [r.unknown_words for r in hearing.recognisers if r.engine != ENGINE]
    if not grammars:
        return None
    unknown = frozenset.intersection(*grammars) & set(phrase.says.split())
    return ", ".join(f'"{word}"' for word in sorted(unknown))
