"""Chapters: a list beside a WAV file, or inside a compressed one, where players find them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.units import SESSION_RATE

#: What ffmpeg reads with "-i FILE.chapters.txt -map_metadata 1".
_HEADER: Final = ";FFMETADATA1"
_SPECIAL: Final = str.maketrans({mark: f"\\{mark}" for mark in "=;#\\"})
#: ID3: no byte offset is given, the times count (ID3v2 Chapter Frame Addendum, 3.1).
_NO_OFFSET: Final = 0xFFFFFFFF
#: ID3 counts the entries of a table of contents in one byte (the same addendum, 3.2).
_MOST_IN_MP3: Final = 255
#: Chapter comments have three digits (Vorbis "Chapter Extension").
_MOST_IN_VORBIS: Final = 999


@dataclass(frozen=True, slots=True)
class Chapter:
    """One movement on one side; times in samples of 16 kHz from the beginning."""

    title: str
    start: int
    end: int


def chapters_text(title: str, chapters: Iterable[Chapter]) -> str:
    """Return a list of chapters in the form that ffmpeg calls ffmetadata."""
    lines = [_HEADER, f"title={_escaped(title)}"]
    for chapter in chapters:
        lines += ["", "[CHAPTER]", f"TIMEBASE=1/{SESSION_RATE}", f"START={chapter.start}"]
        lines += [f"END={chapter.end}", f"title={_escaped(chapter.title)}"]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.translate(_SPECIAL)


def check_chapters(kind: str, number: int) -> None:
    """Check, before anything is rendered, that a file of this kind holds this many chapters.

    Raises:
        CuewalkError: if what writes them is not installed, or there are too many.
    """
    try:
        import mutagen  # noqa: F401, PLC0415 - an optional package
    except ImportError as error:
        raise CuewalkError(
            f"Chapters inside a {kind} file are written by mutagen, which is not installed.",
            meaning="Nothing was rendered.",
            remedy="Install it with: pip install 'cuewalk[chapters]', or name a file that ends in .wav.",
        ) from error
    most = _MOST_IN_MP3 if kind == ".mp3" else _MOST_IN_VORBIS
    if number > most:
        raise CuewalkError(
            f"A {kind} file takes at most {most} chapters; this programme has {number}.",
            meaning="Nothing was rendered.",
            remedy="Name a file that ends in .wav.",
        )


def write_chapters(file: Path, kind: str, title: str, chapters: Sequence[Chapter]) -> None:
    """Write the title and the chapters into a finished sound file of a kind such as ".mp3".

    Raises:
        OSError: if the file cannot be written.
    """
    from mutagen import MutagenError  # noqa: PLC0415 - an optional package

    try:
        if kind == ".mp3":
            _into_id3(file, title, chapters)
        else:
            _into_comments(file, kind, title, chapters)
    except MutagenError as error:
        raise OSError(str(error)) from error


def _into_comments(file: Path, kind: str, title: str, chapters: Sequence[Chapter]) -> None:
    from mutagen.flac import FLAC  # noqa: PLC0415
    from mutagen.oggopus import OggOpus  # noqa: PLC0415
    from mutagen.oggvorbis import OggVorbis  # noqa: PLC0415

    tags = {".flac": FLAC, ".ogg": OggVorbis, ".opus": OggOpus}[kind](file)
    tags["TITLE"] = title
    for number, chapter in enumerate(chapters, start=1):
        tags[f"CHAPTER{number:03}"] = _clock(chapter.start)
        tags[f"CHAPTER{number:03}NAME"] = chapter.title
    tags.save()


def _into_id3(file: Path, title: str, chapters: Sequence[Chapter]) -> None:
    from mutagen.id3 import CHAP, CTOC, ID3, TIT2, CTOCFlags, Encoding  # noqa: PLC0415

    names = [f"ch{number}" for number in range(1, len(chapters) + 1)]
    tags = ID3()
    tags.add(TIT2(encoding=Encoding.UTF16, text=title))
    whole = CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED
    tags.add(CTOC(element_id="toc", flags=whole, child_element_ids=names, sub_frames=[]))
    for name, chapter in zip(names, chapters, strict=True):
        times = {"start_time": _millis(chapter.start), "end_time": _millis(chapter.end)}
        offsets = {"start_offset": _NO_OFFSET, "end_offset": _NO_OFFSET}
        title_of_it = TIT2(encoding=Encoding.UTF16, text=chapter.title)
        tags.add(CHAP(element_id=name, **times, **offsets, sub_frames=[title_of_it]))
    # Version 2.3: more players read it than 2.4.
    tags.save(file, v2_version=3)


def _millis(samples: int) -> int:
    return round(samples * 1000 / SESSION_RATE)


def _clock(samples: int) -> str:
    """Return a time as HH:MM:SS.mmm."""
    seconds, millis = divmod(_millis(samples), 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{millis:03}"
