"""A damaged head is a sentence, never a crash; a damaged own one is left out and listening goes on."""

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cuewalk.domain.errors import ModelError
from cuewalk.files.left_out import told_to
from cuewalk.models.heads import load_head, own_head, save_head, shipped_head
from cuewalk.settings import Settings
from cuewalk.spotting.head import Head
from cuewalk.spotting.rehearsal import Rehearsal
from cuewalk.understanding.hearing import head_for


def some_head() -> tuple[Head, Rehearsal]:
    rng, labels = np.random.default_rng(0), ("slower", "stop", "<unknown>")

    def some(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float16).astype(np.float32)

    head = Head(labels, some(6), np.abs(some(6)) + 1, some(6, 4), some(4), some(4, 3), some(3))
    return head, Rehearsal(labels, np.abs(some(3, 4)), np.abs(some(3, 4)))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("head") / "x.npz"
    save_head(*some_head(), path)
    return path.read_bytes()


def _refused(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(ModelError) as refused:
        load_head(path)
    return str(refused.value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(data=st.data())
def test_any_flipped_bytes_are_noticed_or_do_no_harm(
    whole: bytes, tmp_path: Path, data: st.DataObject
) -> None:
    spoiled = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        spoiled[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "x.npz"
    path.write_bytes(spoiled)
    try:
        head, _ = load_head(path)
    except ModelError:
        return
    assert np.isfinite(head.probabilities(np.zeros(len(head.centre), np.float32))).all()


@pytest.mark.parametrize("length", [0, 1, 100, -1, -30])
def test_a_file_cut_off_is_a_sentence(whole: bytes, tmp_path: Path, length: int) -> None:
    assert "x.npz cannot be read" in _refused(tmp_path / "x.npz", whole[:length])


def _with(whole: bytes, **changed: np.ndarray) -> bytes:
    with np.load(io.BytesIO(whole)) as kept:
        arrays = {name: kept[name] for name in kept if name != "checksum"} | changed
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def test_one_without_a_checksum_as_it_used_to_be_is_read(whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(_with(whole))
    assert load_head(tmp_path / "x.npz")[0].labels == some_head()[0].labels


def test_numbers_changed_behind_the_checksum_are_noticed(whole: bytes, tmp_path: Path) -> None:
    with np.load(io.BytesIO(whole)) as kept:
        checksum, bias = kept["checksum"], kept["bias"] + np.float16(1)
    assert "changed after it was written" in _refused(
        tmp_path / "x.npz", _with(whole, bias=bias, checksum=checksum)
    )


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("weights", np.zeros((1, 1), np.float16)),
        ("bias", np.zeros(0, np.float16)),
        ("bias", np.array(3)),
        ("centre", np.full(864, np.nan, np.float16)),
        ("means", np.zeros((2, 2), np.float16)),
        ("labels", np.array(["a", "a"])),
        ("labels", np.array([], "<U1")),
        ("temperature", np.float32(0)),
        ("temperature", np.array(["hot"])),
    ],
)
def test_wrong_shapes_and_numbers_are_a_sentence(
    whole: bytes, tmp_path: Path, name: str, array: np.ndarray
) -> None:
    assert "cannot be read" in _refused(tmp_path / "x.npz", _with(whole, **{name: array}))


def test_a_claim_of_terabytes_is_refused_before_anything_is_allocated(tmp_path: Path) -> None:
    header = b"\x93NUMPY\x01\x00"
    claim = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000), }"
    claim += b" " * (64 - (len(header) + 2 + len(claim) + 1) % 64) + b"\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        bundle.writestr("centre.npy", header + struct.pack("<H", len(claim)) + claim + bytes(80))
    assert "another size than it claims" in _refused(tmp_path / "x.npz", out.getvalue())


def test_a_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("centre.npy", bytes(200_000_000))
    assert "unpack to over 100 MB" in _refused(tmp_path / "x.npz", out.getvalue())


@pytest.mark.parametrize("kind", ["personal", "taught"])
def test_a_damaged_own_head_is_left_out_and_the_one_that_came_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    save_head(*some_head(), own_head("en-US", kind))
    assert head_for("en-US", Settings()) == own_head("en-US", kind)
    own_head("en-US", kind).write_bytes(b"damaged")
    said: list[str] = []
    with told_to(said.append):
        assert head_for("en-US", Settings()) == shipped_head("en-US")
        assert head_for("en-US", Settings(head="/nowhere.npz")) == shipped_head("en-US")
    assert "left out" in said[0]
    assert any("/nowhere.npz" in sentence for sentence in said)
