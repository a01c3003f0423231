"""Writes a programme as one sound file with chapters; no microphone, no speaker."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cuewalk.app.scripting.timeline import Part, Say, sound_of
from cuewalk.audio.wav import WavWriter
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.units import SESSION_RATE

#: What ffmpeg reads with "-i FILE.chapters.txt -map_metadata 1".
_HEADER: Final = ";FFMETADATA1"
_SPECIAL: Final = str.maketrans({mark: f"\\{mark}" for mark in "=;#\\"})


@dataclass(frozen=True, slots=True)
class Chapter:
    """One movement on one side; times in samples of 16 kHz from the beginning."""

    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was written."""

    sound: Path
    chapters_file: Path
    chapters: tuple[Chapter, ...]

    @property
    def seconds(self) -> float:
        """How long the sound is."""
        return self.chapters[-1].end / SESSION_RATE if self.chapters else 0.0


def render_parts(parts: Sequence[Part], say: Say, out: Path, *, title: str, pace: float = 1.0) -> Rendered:
    """Write the chapters one after the other to ``out`` (.wav) and their list beside it.

    Raises:
        CuewalkError: if ``out`` is no .wav file or a file cannot be written.
    """
    if out.suffix.lower() != ".wav":
        raise CuewalkError(
            f"{out} does not end in .wav.", remedy="Name a file such as feet-up.wav with --out."
        )
    chapters, at = [], 0
    with WavWriter(out) as file:
        for part in parts:
            start = at
            for samples in sound_of(part, say, pace):
                file.append(samples)
                at += len(samples)
            chapters.append(Chapter(part.title, start, at))
    beside = out.with_suffix(".chapters.txt")
    _write(beside, chapters_text(title, chapters))
    return Rendered(out, beside, tuple(chapters))


def chapters_text(title: str, chapters: Iterable[Chapter]) -> str:
    """Return a list of chapters in the form that ffmpeg calls ffmetadata."""
    lines = [_HEADER, f"title={_escaped(title)}"]
    for chapter in chapters:
        lines += [
            "",
            "[CHAPTER]",
            f"TIMEBASE=1/{SESSION_RATE}",
            f"START={chapter.start}",
            f"END={chapter.end}",
            f"title={_escaped(chapter.title)}",
        ]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.translate(_SPECIAL)


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.part")
    try:
        draft.write_text(text, "utf-8")
        draft.replace(path)
    except OSError as error:
        raise CuewalkError(
            f"The chapters cannot be written to {path} ({error.strerror}).",
            meaning="The sound is there, without its chapters.",
            remedy="Name a folder that you may write to.",
        ) from error
