"""What a sound check found, in figures and in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cuewalk.audio.signal.quality import Problem
from cuewalk.checkup.sound_check.verdict import Advice, Findings, Heard, Weight, advice_on, figures
from cuewalk.language.pack import LocalePack

#: The number that the person is asked for.
WORD: Final = "4"


@dataclass(frozen=True, slots=True)
class Report:
    """Levels in dBFS; ``clipping`` is a share of the samples of the person's voice (0-1).

    ``says`` is the verdict with what to change, ``spoken`` the part of it that is spoken, ``measured`` the
    figures. A figure is None where there was nothing to measure: nobody spoke, or no echo came back.
    """

    ok: bool
    says: tuple[str, ...]
    spoken: tuple[str, ...]
    measured: tuple[str, ...]
    noise_dbfs: float
    speech_dbfs: float | None
    clipping: float
    echo_reduction_db: float | None
    round_trip_ms: int | None
    heard: tuple[Heard, ...]


def report_on(found: Findings, pack: LocalePack) -> Report:
    """Return the report on what was found, in the words of the locale."""
    advice = advice_on(found)
    said = tuple(_spoken(found, advice, pack))
    commands = dict.fromkeys(each.command for each in advice if each.command)
    return Report(
        ok=found.word and not any(each.weight is Weight.GRAVE for each in advice),
        says=(*said, *commands, *_not_spoken(found)),
        spoken=said,
        measured=tuple(figures(found)),
        noise_dbfs=found.room.noise_dbfs,
        speech_dbfs=None if found.answer is None else found.answer.speech_dbfs,
        clipping=0.0 if found.answer is None else found.answer.clipped_share,
        echo_reduction_db=found.echo_reduction_db,
        round_trip_ms=found.round_trip_ms,
        heard=found.heard,
    )


def _spoken(found: Findings, advice: tuple[Advice, ...], pack: LocalePack) -> Iterator[str]:
    slots = {"value": WORD}
    if found.word:
        good = all(each.weight is Weight.NOTE for each in advice)
        yield pack.render("sound_check_good" if good else "sound_check_heard", slots)
    for each in advice:
        yield pack.render(each.prompt, slots)


def _not_spoken(found: Findings) -> Iterator[str]:
    if Problem.DC_OFFSET in found.room.problems:
        yield Problem.DC_OFFSET.sentence
