"""Which words count as missed, what is kept between runs, and what the report makes of it."""

import sys

import numpy as np
import pytest

from cuewalk.bench.intervals import clustered, wilson
from cuewalk.bench.voice import judges as judging
from cuewalk.bench.voice.bench import SpokenLine, VoiceReport, VoiceRequest, VoiceResult
from cuewalk.bench.voice.judges import Transcripts
from cuewalk.bench.voice.report import as_json
from cuewalk.bench.voice.words import Missed, missed, words_of
from cuewalk.domain.errors import RecogniserError


class Ear:
    """Hears the number of samples, and counts how often it listened."""

    name = "ear"

    def __init__(self) -> None:
        self.listened = 0

    def hear(self, sound: np.ndarray) -> str:
        self.listened += 1
        return f"{np.count_nonzero(sound)} samples"


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        ("You said 7.", "You said seven"),
        ("Forward 45 Lunge", "forward forty-five lunge"),
        ("That'll do, don't stop.", "That will do. Do not stop!"),
        ("It's fine, you can't fall.", "it is fine you cannot fall"),
        ("It\u2019s okay.", "It's OK"),
        ("Ribcage Reach", "rib cage reach"),
        ("Tuck the tail bone.", "Tuck the tailbone."),
        ("Two to go, then four.", "To two go, then for."),
        ("Dig the heel in.", "dig the heal in"),
        ("Heel dig", "He'll dig"),
        ("Half-kneeling", "half kneeling"),
    ],
)
def test_what_sounds_the_same_is_no_miss(line: str, heard: str) -> None:
    assert missed(line, heard) == Missed((), len(words_of(line)), 0)


@pytest.mark.parametrize(
    ("line", "heard", "words", "inserted"),
    [
        ("Lift the foot.", "Lift the food.", ("foot",), 0),
        ("Lift the foot.", "Lift foot", ("the",), 0),
        ("Lift the foot.", "A lift the foot", (), 1),
        ("Lift the foot.", "", ("lift", "the", "foot"), 0),
        ("Iliopsoas Holds", "Ilio so as holds", ("iliopsoas",), 2),
        ("The person's knee.", "The persons knee", ("person's",), 0),
        ("Fifteen seconds.", "Fifty seconds", ("fifteen",), 0),
        ("Say stop, then stop.", "say stop then", ("stop",), 0),
    ],
)
def test_what_sounds_otherwise_is_missed(
    line: str, heard: str, words: tuple[str, ...], inserted: int
) -> None:
    assert missed(line, heard) == Missed(words, len(words_of(line)), inserted)


def test_a_run_that_was_cut_off_does_not_listen_twice(tmp_path) -> None:
    ear, sound = Ear(), np.ones(5, np.int16)
    assert Transcripts(tmp_path, [ear]).of(sound) == {"ear": "5 samples"}
    with (tmp_path / "heard.jsonl").open("a") as file:
        file.write('{"cut sh')
    again = Transcripts(tmp_path, [ear])
    assert again.of(sound) == {"ear": "5 samples"}
    assert ear.listened == 1
    assert again.of(sound * 2) == {"ear": "5 samples"}
    assert ear.listened == 2, "another sound"


def test_a_recogniser_that_is_not_installed_is_told_and_the_other_one_judges(monkeypatch) -> None:
    monkeypatch.setattr(judging, "Moonshine", Ear)
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    found, missing = judging.judges()
    assert [judge.name for judge in found] == ["ear"]
    assert "Whisper tiny.en does not judge" in missing[0]
    assert "pip install 'cuewalk[peers]'" in missing[0]


def test_without_any_recogniser_it_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    monkeypatch.setitem(sys.modules, "moonshine_voice", None)
    with pytest.raises(RecogniserError, match="No recogniser"):
        judging.judges()


def line(text: str, first: tuple[str, ...], second: tuple[str, ...]) -> SpokenLine:
    of = len(text.split())
    return SpokenLine(text, 2.0, -21.0, {"one": Missed(first, of, 1), "two": Missed(second, of, 0)})


def test_the_report_tells_who_missed_what_and_which_names_nobody_understands() -> None:
    lines = [
        line("Ribcage Reach", ("reach",), ()),
        line("Rehab Hip Circles", ("rehab",), ("hip",)),
        line("Lift the toes and hold.", ("toes", "hold"), ("toes",)),
    ]
    names = frozenset({"Ribcage Reach", "Rehab Hip Circles"})
    report = VoiceReport(VoiceRequest(), names, [], [VoiceResult("kokoro", lines, 4.0, 2.0)])
    found = as_json(report)["voices"]["kokoro"]
    judges = found["recognisers"]
    assert [judges[judge]["missed"] for judge in ("one", "two", "both")] == [4, 2, 1]
    assert judges["one"]["words"] == 10
    assert judges["one"]["share"] == 0.4
    assert judges["both"]["most_missed"] == {"toes": 1}
    assert found["names"]["understood"] == 1
    assert found["names"]["not_understood"] == ["Rehab Hip Circles"]
    assert found["computing_per_second"] == 0.5
    assert found["words_per_minute"] == 150


def test_words_missed_in_the_same_lines_tell_less_than_words_missed_apart() -> None:
    apart = clustered([1, 0] * 50, [1, 1] * 50)
    together = clustered([10, 0] * 5, [10, 10] * 5)
    assert apart == pytest.approx(wilson(50, 100), abs=0.03)
    assert together[1] - together[0] > 2 * (apart[1] - apart[0])
    assert clustered([], []) == (0.0, 1.0)
