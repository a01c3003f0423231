"""Makes the set of synthetic speech that the spotter learns from; seeded, goes on where it was cut off.

CUEWALK_KOKORO_VOICES=DIR python -m tools.make_speech_set OUT [--takes N] [--every N] [--keep-sound]

DIR has the tables of kokoro's English voices (`npm pack kokoro-js@1.2.1`, the folder `voices` in it); without
it three speak, those of the product. What is spoken by whom: tools/spotter/speech_set.py. The whole set takes
a night; the same command goes on where it was interrupted.
"""

import argparse
import time
from pathlib import Path

from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import CuewalkError
from cuewalk.speech_out.kokoro.voices import english_voices
from tools.spotter.speech_set import JUDGES, LEARNERS, make, missing, orders

_LOCALE = "en-US"


def main() -> None:
    """Make the set, saying how far it is."""
    options = _options()
    ordered = orders(load_pack(_LOCALE, own=()), options.takes, options.seed)[:: options.every]
    there = english_voices()
    for who, names in (("learn", LEARNERS), ("judge", JUDGES)):
        here = [name for name in names if name in there]
        print(f"{len(here)} of {len(names)} voices to {who}: {' '.join(here)}")
    todo = missing(ordered, options.out)
    print(f"{len(ordered)} texts, of which {len(ordered) - len(todo)} are there")
    whole, done, began = sum(order.cost for order in todo), 0, time.monotonic()
    try:
        made = make(todo, options.out, sound=options.keep_sound, processes=options.processes)
        for count, order in enumerate(made, start=1):
            done += order.cost
            left = (time.monotonic() - began) / done * (whole - done) / 60
            print(
                f"\r{count} of {len(todo)}, {done / whole:4.0%}, {left:.0f} min left    ", end="", flush=True
            )
    except KeyboardInterrupt:
        print("\nInterrupted. Nothing is lost: the same command goes on from here.", end="")
    except CuewalkError as error:
        raise SystemExit(f"\n{error} The other texts that are done are kept.") from error
    size = sum(path.stat().st_size for path in options.out.glob("*.npz"))
    print(f"\n{options.out}: {size / 1e6:.1f} MB after {time.monotonic() - began:.0f} s")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, help="folder of the set, one file a text")
    parser.add_argument("--takes", type=int, default=1, help="takes of a text by each of its voices (1)")
    parser.add_argument("--seed", type=int, default=0, help="another one adds other takes to a folder (0)")
    parser.add_argument("--every", type=int, default=1, help="only every Nth text, to try it (1)")
    parser.add_argument("--processes", type=int, default=2, help="400 MB each (2)")
    parser.add_argument("--keep-sound", action="store_true", help="keep each take as .flac too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
