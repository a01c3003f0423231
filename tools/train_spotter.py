"""Trains the spotter's head and its experts from people's recordings and synthetic voices; repeatable.

python -m tools.train_spotter --recordings DIR --out models/heads/en-US.npz --cache DIR [--folds]
                              [--synthetic-only] [--speech-set DIR] [--natural-cues]

With ``--folds`` it trains five heads more, each without a fifth of the speakers, and writes them with the
lists of those speakers into the cache folder. Only those judge the spotter: `cuewalk bench hear DIR --head
FOLD.npz --speakers FOLD.txt` for each. The head that is shipped has learned from everybody.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from cuewalk.content.packs import load_pack
from cuewalk.language.pack import LocalePack
from cuewalk.models.heads import experts_beside, save_experts, save_head
from cuewalk.spotting.training import Recipe
from tools.spotter.clips import FOLDS, people
from tools.spotter.experts import FIELDS, learn_expert, members
from tools.spotter.learning import NUMBERS, labels_of, learn
from tools.spotter.speech_set import read
from tools.spotter.tables import GENTLE, Chances, Table, cached, joined, noises_in, table
from tools.spotter.voices import cues, spoken, synthetic

_LOCALE = "en-US"
#: How often each recording of a person is heard: once as it is, then augmented.
_WAYS = range(6)
#: Besides, so often over what is left of our own voice.
_OVER_CUES = range(6, 9)
_RECIPE = Recipe(hidden=128, epochs=8)


def main() -> None:
    """Train and write."""
    options = _options()
    pack = load_pack(_LOCALE, own=())
    learned = _table(options, pack)
    if options.folds:
        _train_folds(learned, pack, options)
    _train(learned, pack, options.out)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recordings", type=Path, required=True, help="folder with MANIFEST.csv")
    parser.add_argument("--out", type=Path, required=True, help="the head to write, .npz")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what takes long to make")
    parser.add_argument("--synthetic-only", action="store_true", help="learn words from no person at all")
    parser.add_argument("--speech-set", type=Path, help="learn from a set of tools.make_speech_set too")
    parser.add_argument("--natural-cues", action="store_true", help="kokoro's voices under people too")
    parser.add_argument("--folds", action="store_true", help="also train the heads that are judged")
    return parser.parse_args()


def _table(options: argparse.Namespace, pack: LocalePack) -> Table:
    without = _without_set(options, pack)
    return joined([without, read(options.speech_set, pack)]) if options.speech_set else without


def _without_set(options: argparse.Namespace, pack: LocalePack) -> Table:
    voices = cached(options.cache / "voices.npz", lambda: _voices(pack))
    recorded = cached(options.cache / "people.npz", lambda: _people(options.recordings))
    if not options.synthetic_only:
        name = "talked-over-natural" if options.natural_cues else "talked-over"
        talked_over = cached(options.cache / f"{name}.npz", lambda: _talked_over(options, pack))
        return joined([voices, recorded, talked_over])
    # Without people, espeak-ng's voices do more harm than good, and every take has to be heard in many ways.
    # Noise and foreign sentences are still recordings: no synthesiser coughs.
    numbers = cached(options.cache / "numbers.npz", lambda: _numbers(pack))
    natural = voices.where(~np.char.startswith(voices.speaker, "espeak"))
    return joined([numbers, natural, recorded.where(np.char.startswith(recorded.label, "<"))])


def _voices(pack: LocalePack) -> Table:
    clips = synthetic(pack, (), _say("synthetic voices"))
    return table(clips, (1,), GENTLE, ())


def _numbers(pack: LocalePack) -> Table:
    natural = [clip for clip in spoken(pack, NUMBERS, 0) if not clip.speaker.startswith("espeak")]
    return table(natural, range(2, 8), Chances(speed=1.0, tilt=0.6, room=0.4, noise=0.7), ())


def _people(recordings: Path) -> Table:
    clips = list(people(recordings))
    return table(clips, _WAYS, Chances(), noises_in(clips))


def _talked_over(options: argparse.Namespace, pack: LocalePack) -> Table:
    """Return people heard while our own voice speaks, of which 3 to 30 dB less than of theirs are left."""
    clips, noises = list(people(options.recordings)), cues(pack, natural=options.natural_cues)
    return table(clips, _OVER_CUES, Chances(noise=1.0), noises)


def _train_folds(learned: Table, pack: LocalePack, options: argparse.Namespace) -> None:
    kind = "synthetic" if options.synthetic_only else "fold"
    for fold in range(FOLDS):
        held = learned.fold == fold
        _train(learned.where(~held), pack, options.cache / f"{kind}{fold}.npz")
        speakers = sorted(set(learned.speaker[held].tolist()))
        (options.cache / f"fold{fold}.txt").write_text("\n".join(speakers) + "\n", encoding="utf-8")


def _train(learned: Table, pack: LocalePack, out: Path) -> None:
    head, rehearsal = learn(learned, labels_of(pack), _RECIPE, _say(out.name))
    save_head(head, rehearsal, out)
    plain = learned.where(learned.way < _OVER_CUES.start)
    experts = [(learn_expert(learned if field.over_cues else plain, field), field) for field in FIELDS]
    parts = [(expert, members(field.words, head.labels), field.weight) for expert, field in experts]
    save_experts(parts, experts_beside(out))
    print(f"{out}: {len(head.labels)} labels, {out.stat().st_size / 1000:.0f} kB")


def _say(what: str) -> Callable[[float], None]:
    began = time.monotonic()

    def say(done: float) -> None:
        print(f"\r{what}: {done:4.0%} {time.monotonic() - began:5.0f} s", end="", flush=True)

    return say


if __name__ == "__main__":
    main()
