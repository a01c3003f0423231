"""Writes a programme as one sound file with chapters; no microphone, no speaker."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cuewalk.devices.files.encoded import EncodedWriter, encoded_kinds
from cuewalk.devices.files.wav import WavWriter
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.units import SESSION_RATE
from cuewalk.files.faults import why_unwritable
from cuewalk.files.writing import write_whole
from cuewalk.scripting.chapters import Chapter, chapters_text, check_chapters, write_chapters
from cuewalk.scripting.timeline import Say, TimelinePart, sound_of


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was written. A list of chapters lies beside the sound only if they are not inside it."""

    sound: Path
    chapters_file: Path | None
    chapters: tuple[Chapter, ...]

    @property
    def seconds(self) -> float:
        """How long the sound is."""
        return self.chapters[-1].end / SESSION_RATE if self.chapters else 0.0


def render_parts(
    parts: Sequence[TimelinePart], say: Say, out: Path, *, title: str, pace: float = 1.0
) -> Rendered:
    """Write the chapters one after the other to ``out``; its ending says of which kind the file is.

    Raises:
        CuewalkError: if there is no such kind, it needs something that is not installed, or the file
            cannot be written.
    """
    kind = check_out(out, len(parts))
    chapters: list[Chapter] = []
    if kind == ".wav":
        with WavWriter(out) as wav:
            _append(parts, say, pace, wav, chapters)
        beside = out.with_suffix(".chapters.txt")
        try:
            write_whole(beside, chapters_text(title, chapters))
        except OSError as error:
            raise CuewalkError(
                f"The chapters cannot be written to {beside}: {why_unwritable(error)}.",
                meaning="The sound is there, without its chapters.",
                remedy="Name a folder that you may write to.",
            ) from error
        return Rendered(out, beside, tuple(chapters))
    with EncodedWriter(out, lambda part: write_chapters(part, kind, title, chapters)) as encoded:
        _append(parts, say, pace, encoded, chapters)
    return Rendered(out, None, tuple(chapters))


def check_out(out: Path, chapters: int) -> str:
    """Return the kind of file that ``out`` names, such as ".mp3".

    Raises:
        CuewalkError: if there is no such kind or folder, or it needs something that is not installed.
    """
    kind, kinds = out.suffix.lower(), (".wav", *encoded_kinds())
    if kind not in kinds:
        raise CuewalkError(
            f"{out} does not end in one of: {', '.join(kinds)}.",
            meaning="Nothing was rendered.",
            remedy="Name a file such as feet-up.wav with --out.",
        )
    _check_place(out)
    if kind != ".wav":
        check_chapters(kind, chapters)
    return kind


def _check_place(out: Path) -> None:
    """Find out before anything is rendered whether ``out`` can be made where it is to lie."""
    folder = out.parent
    if not folder.is_dir():
        why = f"there is no folder {folder}"
        remedy = "Make that folder first, or name another one with --out."
    elif out.is_dir():
        why, remedy = "it is a folder", "Name a file in it with --out."
    elif not os.access(folder, os.W_OK | os.X_OK):
        why, remedy = f"you may not write to the folder {folder}", "Name another folder with --out."
    else:
        return
    raise CuewalkError(
        f"The sound file {out} cannot be written: {why}.", meaning="Nothing was rendered.", remedy=remedy
    )


def _append(
    parts: Sequence[TimelinePart],
    say: Say,
    pace: float,
    file: WavWriter | EncodedWriter,
    chapters: list[Chapter],
) -> None:
    """Write the parts and note in ``chapters`` where each lies."""
    at = 0
    for part in parts:
        start = at
        for samples in sound_of(part, say, pace):
            file.append(samples)
            at += len(samples)
        chapters.append(Chapter(part.title, start, at))
