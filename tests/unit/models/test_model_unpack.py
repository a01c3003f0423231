"""Unpacking trusts nothing: every file lands inside the model's folder, or nothing is installed."""

import contextlib
import hashlib
import io
import stat
import struct
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.domain.errors import ModelError
from cuewalk.models.manifest import Archive
from cuewalk.models.unpack import MEMBERS_MAX, unpack

TOP = "tiny-model"


def archive_of(content: bytes, unpacked_max: int = 100_000) -> Archive:
    total = hashlib.sha256(content).hexdigest()
    return Archive(size=max(1, len(content)), sha256=total, format="zip", top=TOP, unpacked_max=unpacked_max)


def bundle(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return out.getvalue()


def typed(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o777) << 16
    return info


def encrypted() -> bytes:
    content = bytearray(bundle((f"{TOP}/a", b"secret")))
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.index(signature) + offset
        struct.pack_into("<H", content, at, struct.unpack_from("<H", content, at)[0] | 1)
    return bytes(content)


def damaged(compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    info = zipfile.ZipInfo(f"{TOP}/a")
    info.compress_type = compression
    content = bytearray(bundle((info, bytes(range(256)) * 20)))
    content[100:110] = b"\xff" * 10
    return bytes(content)


def not_utf8() -> bytes:
    return bundle((f"{TOP}/é", b"x")).replace("é".encode(), b"\xff\xfe")


def lying() -> bytes:
    """An entry that says it has 10 bytes and unpacks to 50,000."""
    content = bytearray(bundle((f"{TOP}/a", bytes(50_000))))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<I", content, content.index(signature) + offset, 10)
    return bytes(content)


def try_unpack(content: bytes, folder: Path, unpacked_max: int = 100_000) -> dict[str, bytes]:
    """Unpack into ``folder/inside`` and return every file that is now under ``folder``."""
    source, inside = folder / "source.zip", folder / "inside"
    source.write_bytes(content)
    inside.mkdir()
    records = unpack(source, archive_of(content, unpacked_max), inside, lambda done, total: None)
    written = {
        str(path.relative_to(inside)): path.read_bytes() for path in inside.rglob("*") if path.is_file()
    }
    assert {item.path: item.sha256 for item in records} == {
        path: hashlib.sha256(data).hexdigest() for path, data in written.items()
    }
    return written


HOSTILE = {
    "absolute": bundle(("/etc/passwd", b"x")),
    "parent": bundle((f"{TOP}/../../outside", b"x")),
    "parent of nothing": bundle(("../outside", b"x")),
    "backslashes": bundle((f"{TOP}\\..\\outside", b"x")),
    "a name cut by a NUL": bundle((f"{TOP}/a_b", b"x")).replace(b"a_b", b"a\0b"),
    "one file twice by another case": bundle((f"{TOP}/a", b"x"), (f"{TOP}/A", b"y")),
    "a drive": bundle((f"{TOP}/C:/outside", b"x")),
    "a second top folder": bundle((f"{TOP}/a", b"x"), ("other/b", b"y")),
    "no top folder": bundle(("a", b"x")),
    "the top folder as a file": bundle((TOP, b"x")),
    "a link": bundle((typed(f"{TOP}/a", stat.S_IFLNK), b"/etc/passwd")),
    "a device": bundle((typed(f"{TOP}/a", stat.S_IFCHR), b"")),
    "one file twice by another spelling": bundle((f"{TOP}/a", b"x"), (f"{TOP}//a", b"y")),
    "a bomb": bundle((f"{TOP}/a", bytes(200_000))),
    "very many entries": bundle(*((f"{TOP}/{number}", b"") for number in range(MEMBERS_MAX + 1))),
    "a password": encrypted(),
    "damaged": damaged(),
    "a lie about a size": lying(),
    "no zip": b"this is not a zip",
    "nothing": b"",
    "a file that is a folder of another": bundle((f"{TOP}/a", b"x"), (f"{TOP}/a/b", b"y")),
    "a name longer than a file system allows": bundle((f"{TOP}/{'n' * 300}", b"x")),
    "a folder's name longer than that": bundle((f"{TOP}/{'n' * 300}/a", b"x")),
    "more folders than a path allows": bundle((f"{TOP}/{'d/' * 3000}a", b"x")),
    "damaged bzip2": damaged(zipfile.ZIP_BZIP2),
    "damaged LZMA": damaged(zipfile.ZIP_LZMA),
    "a name that is no UTF-8": not_utf8(),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_archive_is_refused_and_nothing_lands_outside(content, tmp_path):
    with pytest.raises(ModelError, match="was refused"):
        try_unpack(content, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"source.zip", "inside"}


def test_a_bomb_is_refused_before_a_byte_is_written(tmp_path):
    with pytest.raises(ModelError, match="more than 100000 bytes"):
        try_unpack(HOSTILE["a bomb"], tmp_path)
    assert list((tmp_path / "inside").iterdir()) == []


def test_an_ordinary_archive_with_folders_is_unpacked_below_its_top(tmp_path):
    content = bundle(
        (f"{TOP}/", b""), (f"{TOP}/am/", b""), (f"{TOP}/am/final.mdl", b"model"), (f"{TOP}/README", b"")
    )
    assert try_unpack(content, tmp_path) == {"am/final.mdl": b"model", "README": b""}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.sampled_from("a./\\:~Aé "), min_size=1, max_size=12), min_size=1, max_size=4))
def test_whatever_the_entries_are_called_nothing_is_written_outside(names):
    content = bundle(*((zipfile.ZipInfo(f"{TOP}/{name}"), b"x") for name in dict.fromkeys(names)))
    with TemporaryDirectory() as folder:
        with contextlib.suppress(ModelError):
            assert len(try_unpack(content, Path(folder))) <= len(names)
        assert {path.name for path in Path(folder).iterdir()} == {"source.zip", "inside"}


def test_an_entry_that_lies_before_the_archive_begins_is_refused(tmp_path):
    content = bytearray(bundle((f"{TOP}/a", b"text")))
    at = content.index(b"PK\x05\x06") + 16
    struct.pack_into("<I", content, at, struct.unpack_from("<I", content, at)[0] + 40)
    (tmp_path / "a.zip").write_bytes(content)
    (tmp_path / "out").mkdir()
    with pytest.raises(ModelError, match="damaged"):
        unpack(tmp_path / "a.zip", archive_of(bytes(content)), tmp_path / "out", lambda _done, _all: None)


def test_an_entry_in_the_place_of_something_else_is_refused(tmp_path):
    content = bundle((f"{TOP}/a/b", b"x"))
    (tmp_path / "a.zip").write_bytes(content)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").write_bytes(b"a file where the entry needs a folder")
    with pytest.raises(ModelError, match="cannot be written"):
        unpack(tmp_path / "a.zip", archive_of(content), tmp_path / "out", lambda done, total: None)
    (tmp_path / "out" / "a").unlink()
    (tmp_path / "out" / "a" / "b").mkdir(parents=True)
    with pytest.raises(ModelError, match="cannot be written"):
        unpack(tmp_path / "a.zip", archive_of(content), tmp_path / "out", lambda done, total: None)


def test_a_full_disk_is_no_fault_of_the_archive(tmp_path, monkeypatch):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here, which stands for a full disk")
    content = bundle((f"{TOP}/a", b"x"))
    (tmp_path / "a.zip").write_bytes(content)
    (tmp_path / "out").mkdir()

    monkeypatch.setattr(Path, "open", lambda _place, _mode: io.FileIO("/dev/full", "wb"))
    with pytest.raises(OSError, match="space"):
        unpack(tmp_path / "a.zip", archive_of(content), tmp_path / "out", lambda done, total: None)
