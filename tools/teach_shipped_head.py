"""Teaches the head that comes with cuewalk phrases that its pack has gained since it was trained.

``python -m tools.teach_shipped_head en-US "another voice"`` has it spoken by the synthetic voices of this
machine and adds a column for it, as ``cuewalk teach`` does (seeded): what the head makes of all other
phrases, relative to each other, stays exactly as it was. It is written only if every verdict is good.
"""

import sys
from contextlib import closing

from cuewalk.content.packs import load_pack
from cuewalk.language.own import OwnPhrase
from cuewalk.learning.teaching.studio import Studio
from cuewalk.learning.teaching.word import FULL, Teacher
from cuewalk.models.heads import load_judge, save_head, shipped_head


def main(locale: str, phrases: list[str]) -> int:
    """Teach the phrases and write the head; return the exit status."""
    pack, path = load_pack(locale), shipped_head(locale)
    head, rehearsal = load_judge(path, locale)
    for phrase in phrases:
        with closing(Studio(locale)) as studio:
            # The pack says already what it means.
            teacher = Teacher(studio, pack, OwnPhrase(phrase, ""), lambda _done: None, FULL)
            head, rehearsal, verdict = teacher.teach(teacher.speak(), head, rehearsal)
        known = f"known phrases nearby still heard: {verdict.still_heard}"
        print(f'"{phrase}": heard {verdict.heard}, {known}, other words taken for it {verdict.invented}')
        if verdict.reasons:
            print(f"Not written: {'; '.join(verdict.reasons)}")
            return 1
    save_head(head, rehearsal, path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
