"""What the voices' benchmark found: as one object for JSON, and as a table."""

import statistics
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console

from cuewalk.bench.intervals import clustered, rounded
from cuewalk.bench.voice.bench import SpokenLine, VoiceReport, VoiceResult
from cuewalk.bench.voice.words import Missed
from cuewalk.terminal.printing import say
from cuewalk.terminal.tables import Rows

#: What is called a recogniser where all of them have missed a word.
BOTH: Final = "both"
#: Words of a line whose pace is counted: a shorter one is mostly its first and last sound.
_PACED_WORDS: Final = 5
#: The most words that are listed as missed; JSON has them all.
_SHOWN: Final = 12
_DASH: Final = "\N{EN DASH}"

JsonFigures = dict[str, Any]


def as_json(report: VoiceReport) -> JsonFigures:
    """Return the report as one object for JSON."""
    return {
        "voices": {result.name: _figures(result, report.names) for result in report.results},
        "limit": report.request.limit,
        "seed": report.request.seed,
        "notes": report.notes,
    }


def _figures(result: VoiceResult, names: frozenset[str]) -> JsonFigures:
    lines = result.lines
    loudness = [line.lufs for line in lines]
    return {
        "lines": len(lines),
        "sound_seconds": round(sum(line.seconds for line in lines), 1),
        "words_per_minute": _pace([line for line in lines if len(line.text.split()) >= _PACED_WORDS]),
        "lufs": {
            "min": round(min(loudness), 1),
            "median": round(statistics.median(loudness), 1),
            "max": round(max(loudness), 1),
        },
        "rendered_seconds": round(result.rendered, 1),
        "computing_per_second": round(result.computing / result.rendered, 3) if result.rendered else None,
        "recognisers": {judge: _missed(of) for judge, of in _by_recogniser(lines).items()},
        "names": _understood([line for line in lines if line.text in names]),
    }


def _pace(lines: Sequence[SpokenLine]) -> int | None:
    words, seconds = sum(len(line.text.split()) for line in lines), sum(line.seconds for line in lines)
    return round(words / seconds * 60) if lines else None


def _understood(lines: Sequence[SpokenLine]) -> JsonFigures:
    """Return of how many lines at least one recogniser has missed nothing."""
    lost = sorted(line.text for line in lines if all(missed.words for missed in line.missed.values()))
    heard = len(lines) - len(lost)
    return {
        "understood": heard,
        "of": len(lines),
        "interval": rounded(heard, len(lines)),
        "not_understood": lost,
    }


def _by_recogniser(lines: Sequence[SpokenLine]) -> dict[str, list[Missed]]:
    judges = list(lines[0].missed) if lines else []
    found = {judge: [line.missed[judge] for line in lines] for judge in judges}
    if len(judges) > 1:
        found[BOTH] = [_by_all(list(line.missed.values())) for line in lines]
    return found


def _by_all(each: Sequence[Missed]) -> Missed:
    """Return the words of a line that everyone has missed."""
    common = Counter(each[0].words)
    for other in each[1:]:
        common &= Counter(other.words)
    return Missed(tuple(common.elements()), each[0].of, min(one.inserted for one in each))


def _missed(lines: Sequence[Missed]) -> JsonFigures:
    lost, words = [len(line.words) for line in lines], [line.of for line in lines]
    return {
        "words": sum(words),
        "missed": sum(lost),
        "share": round(sum(lost) / max(sum(words), 1), 4),
        "interval": [round(limit, 4) for limit in clustered(lost, words)],
        "inserted": sum(line.inserted for line in lines),
        "most_missed": dict(Counter(word for line in lines for word in line.words).most_common()),
    }


def show(console: Console, report: VoiceReport) -> None:
    """Print the report as two tables, and what was missed most."""
    found = as_json(report)["voices"]
    _table_of_words(found).show(console)
    _table_of_sound(found).show(console)
    for name, figures in found.items():
        for judge, of in figures["recognisers"].items():
            words = ", ".join(f"{word} {times}" for word, times in [*of["most_missed"].items()][:_SHOWN])
            say(console, f"{name}, missed by {judge}: {words or 'nothing'}.")
        if lost := figures["names"]["not_understood"]:
            say(console, f"{name}, names that no recogniser understands: {', '.join(lost)}.")
    say(console, "s a second: seconds of computing for a second of sound made in this run, start included.")
    for note in report.notes:
        say(console, note)


def _table_of_words(found: JsonFigures) -> Rows:
    table = Rows(("voice", "heard by", "missed\n%>", "95 %", "put in>", "words>"), one_line=False)
    for name, figures in found.items():
        for judge, of in figures["recognisers"].items():
            interval = _DASH.join(f"{100 * limit:.1f}" for limit in of["interval"])
            share = f"{100 * of['share']:.1f}"
            table.add(name, judge, share, interval, str(of["inserted"]), str(of["words"]))
    return table


def _table_of_sound(found: JsonFigures) -> Rows:
    heads = ("lines>", "sound\nmin>", "words\na min>", "LUFS\nmin median max>", "s a second>", "names>")
    table = Rows(("voice", *heads), one_line=False)
    for name, figures in found.items():
        names, cost = figures["names"], figures["computing_per_second"]
        table.add(
            name,
            str(figures["lines"]),
            f"{figures['sound_seconds'] / 60:.1f}",
            str(figures["words_per_minute"] or _DASH),
            " ".join(str(limit) for limit in figures["lufs"].values()),
            _DASH if cost is None else f"{cost:.2f}",
            f"{names['understood']} of {names['of']}",
        )
    return table
