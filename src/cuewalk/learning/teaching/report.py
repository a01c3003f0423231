"""The outcome of teaching, in sentences."""

from collections.abc import Iterable, Iterator
from typing import Final

from cuewalk.content.own_phrases import own_phrases
from cuewalk.domain.units import counted
from cuewalk.learning.teaching.language import LanguageOutcome
from cuewalk.learning.teaching.verdict import Confusion, PhraseVerdict
from cuewalk.learning.teaching.word import TeachingOutcome
from cuewalk.models.heads import own_head
from cuewalk.understanding.hearing import phrases_of

#: The most pairs of phrases that sound alike that are shown. Design: one screen.
_PAIRS: Final = 12


def word_report(outcome: TeachingOutcome) -> list[str]:
    """Return the report on one phrase."""
    says, means = outcome.phrase.says, _plain(outcome.phrase.means)
    lines = list(_verdict(outcome.verdict, outcome.voices)) if outcome.verdict is not None else []
    kept = f'Kept: "{says}" means {means} from now on.'
    refused = f'Not kept: nothing was changed. Try another phrase than "{says}".'
    return [*lines, kept if outcome.kept else refused, *outcome.notices]


def language_report(outcome: LanguageOutcome) -> list[str]:
    """Return the report on a language."""
    scores = outcome.scores
    lines = [
        f"{outcome.phrases} phrases, {outcome.voices} synthetic voices. On voices it had not learned from:",
        f"  understood: {scores.right} takes; sure enough to be obeyed: {scores.heard}",
        f"  obeyed as something else: {scores.wrong}",
        f"  other words obeyed: {scores.invented}; noises obeyed: {scores.noise}",
        *_alike(scores.alike),
    ]
    kept = f"Kept. cuewalk hears {outcome.locale} now. It has heard no person yet: cuewalk calibrate"
    refused = "Not kept: too little of it would be understood. Nothing was changed."
    return [*lines, kept if outcome.kept else refused, *outcome.notices]


def taught_phrases(locale: str) -> list[str]:
    """Return what was taught of a locale, a line each."""
    labels = phrases_of(own_head(locale, "taught"))
    lines = [
        f'"{one.says}" means {_plain(one.means)}{"" if one.says in labels else " (grammar recogniser only)"}'
        for one in own_phrases(locale)
    ]
    return lines or [f"No phrase was taught for {locale}."]


def _verdict(verdict: PhraseVerdict, voices: int) -> Iterator[str]:
    yield f"Spoken by {counted(voices, 'voice')}. On takes by voices it had not learned from:"
    yield f"  heard: {verdict.heard} takes"
    yield f"  phrases that sound alike, still heard: {verdict.still_heard} takes"
    yield f"  other words taken for it: {verdict.invented} takes"
    yield from _alike(verdict.confusions)
    for reason in verdict.reasons:
        yield f"Against it: {reason}."


def _alike(confusions: Iterable[Confusion]) -> Iterator[str]:
    for one in list(confusions)[:_PAIRS]:
        taken = f'heard as "{one.heard}"' if one.heard else "not heard any more"
        yield f'  sounds alike: "{one.said}" was {taken} in {one.count} takes'


def _plain(means: str) -> str:
    return means.replace("_", " ")
