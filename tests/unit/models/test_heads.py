"""Heads on disk: what is read is what was written, and a damaged file is a sentence."""

import numpy as np
import pytest

from cuewalk.domain.errors import ModelError
from cuewalk.models.heads import (
    experts_beside,
    load_head,
    load_judge,
    save_experts,
    save_head,
    shipped_head,
    with_experts,
)
from cuewalk.spotting.head import UNKNOWN, Head
from cuewalk.spotting.rehearsal import Rehearsal


def made(labels, seed=0):
    rng = np.random.default_rng(seed)
    shapes = [(6,), (6,), (6, 4), (4,), (4, len(labels)), (len(labels),)]
    centre, spread, first, bias, second, end = (rng.normal(size=s).astype(np.float32) for s in shapes)
    return Head(labels, centre, np.abs(spread) + 1, first, bias, second, end, 0.7)


def memory(labels):
    return Rehearsal(labels, np.zeros((len(labels), 4), np.float32), np.ones((len(labels), 4), np.float32))


def test_a_head_comes_back_nearly_as_exact_as_it_went(tmp_path):
    labels = ("four", "five", UNKNOWN)
    head = made(labels)
    save_head(head, memory(labels), tmp_path / "x.npz")
    back, remembered = load_head(tmp_path / "x.npz")
    features = np.random.default_rng(1).normal(size=(20, 6)).astype(np.float32)
    assert back.labels == remembered.labels == labels
    assert np.allclose(back.probabilities(features), head.probabilities(features), atol=0.02)
    assert [path.name for path in tmp_path.iterdir()] == ["x.npz"]


def test_experts_find_their_labels_in_a_head_with_other_ones(tmp_path):
    expert = made(("four", UNKNOWN), seed=2)
    save_experts([(expert, {"four": "four", "about four": "four"}, 0.5)], tmp_path / "e.npz")
    head = with_experts(made(("easier", "about four", "four", UNKNOWN)), tmp_path / "e.npz")
    assert head.experts[0].groups.tolist() == [1, 0, 0, 1]
    assert head.probabilities(np.zeros(6, np.float32)).sum() == pytest.approx(1, abs=1e-5)


def test_a_language_without_experts_has_a_head_all_the_same(tmp_path):
    head = made(("네", UNKNOWN))
    assert with_experts(head, tmp_path / "none.npz") is head


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no zip at all", b"text"])
def test_a_damaged_file_is_a_sentence(tmp_path, damage):
    path = tmp_path / "x.npz"
    path.write_bytes(damage)
    with pytest.raises(ModelError, match=r"x\.npz"):
        load_head(path)
    with pytest.raises(ModelError, match=r"x\.npz"):
        with_experts(made(("four", UNKNOWN)), path)


def test_the_head_that_comes_with_cuewalk_is_small_and_whole():
    path = shipped_head("en-US")
    head, _ = load_judge(path, "en-US")
    assert {"zero", "ten", "stop", "that hurts", UNKNOWN} <= set(head.labels)
    assert len(head.experts) == 2
    assert path.stat().st_size + experts_beside(path).stat().st_size < 1_000_000
