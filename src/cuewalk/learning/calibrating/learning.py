"""From takes to a personal head on the disk, under one rule: it is kept only if it hears better."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cuewalk.files.writing import remove
from cuewalk.language.pack import LocalePack
from cuewalk.learning.calibrating.consent import not_kept
from cuewalk.learning.personal import Example, Learned, general_head, learn, nothing_learns
from cuewalk.models.heads import load_judge, own_head, save_head
from cuewalk.settings import Settings
from cuewalk.speech_in.spotter_recogniser import SpotterRecogniser
from cuewalk.spotting.head import Head
from cuewalk.spotting.rehearsal import Rehearsal


@dataclass(slots=True)
class Learner:
    """A spotter with the general head of a locale, which learns a voice."""

    pack: LocalePack
    head: Head
    rehearsal: Rehearsal
    spotter: SpotterRecogniser

    def learn(self, takes: Sequence[Example]) -> Learned:
        """Return what comes of learning these takes."""
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
