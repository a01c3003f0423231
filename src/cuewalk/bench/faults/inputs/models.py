"""What models are kept in: heads of the spotter, archives, the record of an installed one."""

import io
import shutil
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np

from cuewalk.bench.faults.acts import MODEL, archive_bytes, archive_of
from cuewalk.bench.faults.homes import small_head
from cuewalk.bench.faults.inputs.mutating import (
    mutated_bytes,
)
from cuewalk.bench.faults.inputs.place import FoundError, Place
from cuewalk.bench.faults.judging import OTHER, Finding
from cuewalk.models.condition import RECORD_NAME, load_record
from cuewalk.models.heads import load_head, save_head
from cuewalk.models.unpack import unpack


@cache
def head_seed(home: Path) -> bytes:
    """Return a spotter's head."""
    path = home.parent / "head.npz"
    save_head(*small_head(), path)
    return path.read_bytes()


def mutated_head(rng: Random, data: bytes) -> bytes:
    """Return a head with an array missing, of another shape or kind, or damaged blindly."""
    if rng.random() < 0.4:  # noqa: PLR2004 - some blindly
        return mutated_bytes(rng, data)
    with np.load(io.BytesIO(data)) as kept:
        arrays: dict[str, Any] = {name: kept[name] for name in kept}
    name = rng.choice(sorted(arrays))
    old = arrays[name]
    odd: Sequence[Callable[[], Any]] = (
        lambda: old.reshape(-1)[:0],
        lambda: old.reshape(-1),
        lambda: np.repeat(old.reshape(-1), 3),
        lambda: np.array(["x", "y"]),
        lambda: old.astype(str),
        lambda: np.full(old.shape, np.nan) if old.dtype.kind == "f" else old.reshape(-1)[:0],
        lambda: np.zeros((2, 2, 2)),
        lambda: np.array(1e300),
        lambda: old[None],
    )
    if rng.random() < 0.2:  # noqa: PLR2004
        del arrays[name]
    else:
        arrays[name] = rng.choice(odd)()
    out = io.BytesIO()
    np.savez(out, **arrays)
    packed = bytearray(out.getvalue())
    if rng.random() < 0.2:  # noqa: PLR2004 - an array that claims to be huge
        at = packed.find(b"'shape': (")
        packed[at + 10 : at + 12] = b"99"
    return bytes(packed)


def use_head(data: bytes, place: Place) -> None:
    """Read a head and have it judge."""
    head, _ = load_head(place.put("head.npz", data))
    head.probabilities(np.zeros((1, 864), np.float32))


@cache
def archive_seed(_home: Path) -> bytes:
    """Return a model's archive."""
    return archive_bytes()


_HOSTILE: Final = (
    *("../out", "/etc/out", f"{MODEL}/../../out", f"{MODEL}/a\\b", f"{MODEL}/c:d", "other/file", ""),
    *(
        f"{MODEL}/" + "n" * 300,
        f"{MODEL}/" + "d/" * 200 + "f",
        f"{MODEL}/README",
        f"{MODEL}/am",
        f"{MODEL}/é",
    ),
)


def mutated_archive(rng: Random, data: bytes) -> bytes:
    """Return an archive with a hostile member, or damaged blindly."""
    if rng.random() < 0.5:  # noqa: PLR2004 - half blindly
        return mutated_bytes(rng, data)
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as bundle:
        info = zipfile.ZipInfo(rng.choice(_HOSTILE), (2026, 1, 1, 0, 0, 0))
        info.external_attr = rng.choice((0, 0o120777 << 16, 0o20666 << 16, 0o40755 << 16, 0o100644 << 16))
        bundle.writestr(info, rng.choice((b"", b"/etc/passwd", bytes(2_000_000))))
    return out.getvalue()


def use_archive(data: bytes, place: Place) -> None:
    """Unpack an archive; nothing may come to lie outside of its folder."""
    target = place.sandbox / "here" / "unpacked"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    before = _names_around(target)
    path = place.put("model.zip", data)
    try:
        unpack(path, archive_of(data), target, lambda _done, _all: None)
    finally:
        outside = _names_around(target) - before - {"model.zip"}
        if outside:
            raise FoundError(Finding(OTHER, "an archive leaves its folder", str(outside)))


def _names_around(folder: Path) -> set[str]:
    return {each.name for near in (folder.parent, folder.parent.parent) for each in near.iterdir()}


def record_seed(_home: Path) -> bytes:
    """Return the record of an installed model."""
    return b'{"name": "tiny", "archive_sha256": "00", "files": [{"path": "a", "size": 3, "sha256": "11"}]}'


def use_record(data: bytes, place: Place) -> None:
    """Read the record of a model and compare the files with it."""
    place.put(RECORD_NAME, data)
    record = load_record(place.sandbox / "here")
    if record is not None:
        record.sum_faults(place.sandbox / "here")
