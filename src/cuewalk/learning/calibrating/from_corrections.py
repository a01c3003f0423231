"""A corrected rating with a clip is a take of the number that was meant, if the person agreed to that."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from cuewalk.content.packs import load_pack
from cuewalk.devices.files.wav import read_wav
from cuewalk.domain.records import RatingCorrected, RatingGiven
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE
from cuewalk.journal.api import Entry
from cuewalk.journal.store import Journal, read_journal
from cuewalk.language.pack import LocalePack
from cuewalk.learning.calibrating.asking import is_take
from cuewalk.learning.calibrating.consent import has_consented
from cuewalk.learning.calibrating.keeping import keep_correction, kept_takes
from cuewalk.learning.calibrating.learning import Learner, open_learner
from cuewalk.session.stage import clip_store
from cuewalk.settings import Settings
from cuewalk.speech_in.api import Alternative

#: Samples. Longer speech is more than the number: pre-roll and tail take half a second of it.
_LONGEST: Final = 2 * SESSION_RATE


class _Corrected(NamedTuple):
    """One corrected rating: its clip's file, and the word that was meant."""

    file: Path
    word: str


def learn_from_corrections(settings: Settings, entry: int | None = None) -> str:
    """Add the clips of corrected ratings to the person's takes, learn from all, and return the outcome.

    ``entry``: the ENTRY number of the one rating that was corrected just now; None for all. Returns "" when
    nothing could be learned: no consent, no new correction with a clip, or a clip in which something else was
    clearly said (then the person had changed their mind, and was heard rightly).

    Raises:
        CuewalkError: if what was kept is damaged or cannot be written.
    """
    if not has_consented():
        return ""
    pack = load_pack(settings.locale)
    known = {after for after, _ in kept_takes(pack.code)}
    with closing(read_journal()) as journal:
        new = [one for one in _corrected(journal, pack, entry) if one.file.stem not in known]
    if not new:
        return ""
    learner = open_learner(pack, settings)
    with closing(learner.spotter):
        return _learn(learner, new)


def _learn(learner: Learner, new: list[_Corrected]) -> str:
    usable = [(one, read_wav(one.file)) for one in new]
    usable = [(one, samples) for one, samples in usable if _is_the_word(learner, one.word, samples)]
    if not usable:
        return ""
    code = learner.pack.code
    takes = [take for _, take in kept_takes(code)] + [(one.word, samples) for one, samples in usable]
    learned = learner.learn(takes)
    count = f"{len(usable)} corrected rating{'s' if len(usable) != 1 else ''}"
    if learned.head is None:
        return f"Your voice was learned again with {count}; that did not help, so nothing was changed."
    for one, _ in usable:
        keep_correction(code, one.word, one.file)
    learner.keep(learned)
    return f"Your voice was learned again with {count}."


def _is_the_word(learner: Learner, word: str, samples: Samples) -> bool:
    if len(samples) > _LONGEST:
        return False
    probabilities = learner.head.probabilities(learner.spotter.features(samples))
    heard = [Alternative(*pair) for pair in zip(learner.head.labels, map(float, probabilities), strict=True)]
    return is_take(learner.pack, word, heard)


def _corrected(journal: Journal, pack: LocalePack, entry: int | None) -> Iterator[_Corrected]:
    """Yield every corrected rating of this locale whose clip is still there; its last correction counts."""
    only = None if entry is None else journal.entry(entry).session
    for row in journal.sessions():
        if row.locale == pack.code and only in {None, row.id}:
            yield from _of_session(journal.entries(row.id), pack, entry)


def _of_session(entries: Sequence[Entry], pack: LocalePack, entry: int | None) -> Iterator[_Corrected]:
    clips = clip_store()
    meant = {e.item.rating: e.item.value for e in entries if isinstance(e.item, RatingCorrected)}
    for each in entries:
        word = _word_meant(each, meant, pack) if entry in {None, each.id} else None
        if word and each.clip and clips.has(each.clip):
            yield _Corrected(clips.path(each.clip), word)


def _word_meant(entry: Entry, meant: dict[int, float], pack: LocalePack) -> str | None:
    given = entry.item
    if not isinstance(given, RatingGiven) or given.value == meant.get(given.rating, given.value):
        return None
    value = meant[given.rating]
    return pack.render("readback", {"value": f"{value:g}"}).strip(" .?").lower() if value % 1 == 0 else None
