"""Unpack a model's zip archive, trusting nothing that is written in it."""

import errno
import hashlib
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Final

from cuewalk.domain.errors import ModelError
from cuewalk.files.faults import reason
from cuewalk.models.condition import FileRecord
from cuewalk.models.manifest import Archive

#: Bytes unpacked at a time. Design: small beside the memory of a Raspberry Pi.
CHUNK_BYTES = 256 * 1024
#: Design: a model has some twenty files; an archive with a hundred times as many is no model.
MEMBERS_MAX = 2_000
#: The bit of an entry's flags for a password (zip specification, 4.4.4).
_ENCRYPTED = 0x1
#: Characters of a name that are shown. Design: the sentence stays on two lines.
_SHOWN_CHARACTERS: Final = 60
#: What damage shows as, in the list of entries and in the packed bytes of zip's four compressions.
_DAMAGE: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError),
    *(ValueError, IndexError, OverflowError, NotImplementedError, RuntimeError),
)
#: The system refuses the entry's name or place, not the disk. Another file system might take it.
_UNWRITABLE: Final = {
    *(errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.EEXIST, errno.ENOENT),
    *(errno.ENOTDIR, errno.EISDIR, errno.ELOOP),
}


def unpack(
    zip_path: Path, archive: Archive, target: Path, progress: Callable[[int, int], None]
) -> tuple[FileRecord, ...]:
    """Unpack the files under ``archive.top`` into the empty folder ``target``; return their sizes and sums.

    ``progress`` is called with the bytes done and in total.

    Raises:
        ModelError: not a zip, damaged, or with an entry that a model does not have: an absolute path, ``..``,
            a link, a password, a second file of the same name, something beside the top folder, or more
            bytes than declared. The whole list is judged before the first byte is written. Also for an entry
            whose name the file system cannot hold.
        OSError: the disk refused (full, read-only, broken).
    """
    try:
        with zipfile.ZipFile(zip_path) as bundle:
            files = _judge(bundle.infolist(), archive)
            done, total = 0, sum(info.file_size for info in files.values())
            progress(done, total)
            records = []
            for path, info in files.items():
                records.append(_write(bundle, info, target / path, path))
                done += info.file_size
                progress(done, total)
            return tuple(records)
    except _DAMAGE as error:
        raise _refused("it is damaged, or no zip archive at all") from error


def _judge(members: list[zipfile.ZipInfo], archive: Archive) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """Return the files by their path inside the model's folder."""
    if len(members) > MEMBERS_MAX:
        raise _refused(f"it has {len(members)} entries, a model has at most {MEMBERS_MAX}")
    if sum(info.file_size for info in members) > archive.unpacked_max:
        raise _refused(f"it unpacks to more than {archive.unpacked_max} bytes")
    placed = [(_inside(info, archive.top), info) for info in members]
    files = [(path, info) for path, info in placed if not info.is_dir()]
    _refuse_collisions([path for path, _ in files])
    return dict(files)


def _refuse_collisions(paths: list[PurePosixPath]) -> None:
    """Every file has a name of its own, also on a disk that ignores case, and is no other file's folder."""
    taken = {".", *(str(parent).casefold() for path in paths for parent in path.parents)}
    for path in paths:
        name = str(path).casefold()
        if name in taken:
            raise _refused(f"the entry {name!r} is not one file of its own")
        taken.add(name)


def _inside(info: zipfile.ZipInfo, top: str) -> PurePosixPath:
    """Return the entry's path below the top folder."""
    path = PurePosixPath(info.filename)
    # orig_filename too: zipfile cuts a name at its first NUL
    odd = any(character in info.orig_filename for character in "\\:\0") or info.orig_filename != info.filename
    if odd or path.is_absolute() or ".." in path.parts:
        raise _refused(f"the entry {_shown(info)} leads out of the model's folder")
    if path.parts[:1] != (top,):
        raise _refused(f"the entry {_shown(info)} is not inside {top}/")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or info.flag_bits & _ENCRYPTED:
        raise _refused(f"the entry {_shown(info)} is a link, a device or locked with a password")
    return path.relative_to(top)


def _write(bundle: zipfile.ZipFile, info: zipfile.ZipInfo, place: Path, path: PurePosixPath) -> FileRecord:
    """Write one file. zipfile ends it at its declared size, so it cannot grow beyond what was judged."""
    digest = hashlib.sha256()
    with _opened(bundle, info) as packed, _created(place, info) as out:
        while chunk := _read(packed, info):
            digest.update(chunk)
            out.write(chunk)
    return FileRecord(path=str(path), size=info.file_size, sha256=digest.hexdigest())


def _opened(bundle: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    """Open an entry; one that claims to lie before the archive's beginning or beyond its end is refused."""
    try:
        return bundle.open(info)
    except (OSError, ValueError) as error:
        raise _refused(f"it is damaged: the entry {_shown(info)} is not where it says") from error


def _read(packed: IO[bytes], info: zipfile.ZipInfo) -> bytes:
    """Return the next bytes of an entry. Damaged bzip2 is an `OSError` without a number."""
    try:
        return packed.read(CHUNK_BYTES)
    except OSError as error:
        if error.errno is not None:
            raise
        raise _refused(f"it is damaged: the entry {_shown(info)} cannot be unpacked") from error


@contextmanager
def _created(place: Path, info: zipfile.ZipInfo) -> Iterator[BinaryIO]:
    """Make the file of an entry and its folders; a name or a place that the system cannot give is refused."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        file = place.open("xb")
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno not in _UNWRITABLE:
            raise
        raise _refused(f"the entry {_shown(info)} cannot be written: {reason(error)}") from error
    with file:
        yield file


def _shown(info: zipfile.ZipInfo) -> str:
    name = info.filename
    return repr(name if len(name) <= _SHOWN_CHARACTERS else f"{name[:_SHOWN_CHARACTERS]}…")


def _refused(reason: str) -> ModelError:
    return ModelError(
        f"The archive was refused: {reason}.",
        meaning="Nothing of it was installed.",
        remedy="Please report this: it carries the right sum but is not a model.",
    )
