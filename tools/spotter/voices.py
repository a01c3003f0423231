"""Synthetic takes of the pack's phrases and of other words, as clips to learn from."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from cuewalk.domain.sound import Samples
from cuewalk.language.pack import LocalePack
from cuewalk.speech_out.chorus import Chorus, Take
from cuewalk.spotting.head import UNKNOWN
from cuewalk.spotting.teaching import clean_span
from tools.spotter.clips import Clip
from tools.spotter.phrases import other_words
from tools.spotter.tables import NO_FOLD

#: Takes by espeak-ng's voices, which sound less like people than flite's and piper's.
_ESPEAK_TAKES = 10
_ESPEAK_TAKES_OF_OTHERS = 3
#: Cues that are spoken as noise, and takes of each by espeak-ng's voices, and by kokoro's where asked for.
_CUES, _ESPEAK_CUES, _KOKORO_CUES = 24, 12, 3
#: What of one voice's cues is kept: 20 s.
_CUES_LENGTH = 20 * 16_000


def spoken(
    pack: LocalePack,
    texts: Sequence[str],
    espeak_takes: int,
    progress: Callable[[float], None] = lambda _: None,
) -> Iterator[Clip]:
    """Yield texts spoken by every voice, labelled as themselves."""
    chorus = Chorus(pack.code, seed=1)
    for take in chorus.speak(texts, espeak_takes, progress):
        yield from _clip(take.text, take)
    chorus.close()


def synthetic(pack: LocalePack, words: tuple[str, ...], progress: Callable[[float], None]) -> Iterator[Clip]:
    """Yield the pack's short phrases, ``words`` besides, and other words labelled as unknown."""
    phrases = list(dict.fromkeys((*pack.short_phrases(), *words)))
    others = [word for word in other_words(pack) if word not in phrases]
    yield from spoken(pack, phrases, _ESPEAK_TAKES, lambda done: progress(done * 0.7))
    chorus = Chorus(pack.code, seed=2)
    for take in chorus.speak(others, _ESPEAK_TAKES_OF_OTHERS, lambda done: progress(0.7 + done * 0.3)):
        yield from _clip(UNKNOWN, take)
    chorus.close()


def cues(pack: LocalePack, *, natural: bool = False) -> list[Samples]:
    """Return cues of the product as each voice speaks them: what is left of an echo sounds like that.

    Args:
        pack: the locale's.
        natural: whether kokoro's voices speak too.
    """
    chorus, lines = Chorus(pack.code, seed=3), sorted(pack.every_line())
    by_voice: dict[str, list[Samples]] = {}
    chosen, takes = lines[:: len(lines) // _CUES], _KOKORO_CUES if natural else 0
    for take in chorus.speak(chosen, _ESPEAK_CUES, kokoro_takes=takes):
        by_voice.setdefault(take.voice, []).append(take.samples)
    chorus.close()
    return [np.concatenate(takes)[:_CUES_LENGTH] for takes in by_voice.values()]


def _clip(label: str, take: Take) -> Iterator[Clip]:
    spoken = clean_span(take.samples)
    if spoken is not None:
        yield Clip(label, "synthetic", take.voice, NO_FOLD, spoken)
