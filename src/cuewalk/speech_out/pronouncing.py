"""How espeak-ng would pronounce words in every accent of a language: to find what sounds alike."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from typing import Final

from cuewalk.speech_out.chorus import accents_of

#: Stress, length and joins: what differs between two ways of saying the same.
_MARKS: Final = re.compile(r"[\s\u02c8\u02cc\u02d0_|\u0361\u035c-]+|\([a-z-]+\)")
_SECONDS: Final = 20.0


def pronunciations(
    locale: str, texts: Sequence[str], accents: int | None = None
) -> Mapping[str, tuple[str, ...]]:
    """Return each text in the phonetic alphabet, once for every accent; () where espeak-ng cannot say.

    Args:
        locale: the locale's code.
        texts: words or phrases.
        accents: only so many, where one look is enough.
    """
    spoken = [_in_accent(accent, texts) for accent in accents_of(locale)[:accents]]
    whole = [lines for lines in spoken if len(lines) == len(texts)]
    return {text: tuple(lines[place] for lines in whole) for place, text in enumerate(texts)}


def _in_accent(accent: str, texts: Sequence[str]) -> list[str]:
    command = ["espeak-ng", "-q", "--ipa", "-v", accent, "--stdin"]
    given = "\n\n".join(texts).encode()  # an empty line ends a sentence, and each sentence is one line
    done = subprocess.run(command, input=given, capture_output=True, timeout=_SECONDS, check=False)
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return [_MARKS.sub("", line) for line in lines if line.strip()]
