"""Folders of recordings and what is wrong with them."""

import pytest

from cuewalk.bench.recordings import read_manifests
from cuewalk.domain.errors import CuewalkError


def folder_with(tmp_path, text, encoding="utf-8"):
    folder = tmp_path / "people"
    folder.mkdir()
    (folder / "MANIFEST.csv").write_bytes(text.encode(encoding))
    return folder


def test_only_path_and_label_are_needed(tmp_path):
    (clip,), skipped = read_manifests([folder_with(tmp_path, "path,label\na.wav,How_Long\n")])
    assert (clip.set, clip.speaker, clip.words) == ("people", "unknown", "how long")
    assert clip.file == tmp_path / "people" / "a.wav"
    assert not skipped


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_other_columns_and_orders_are_fine(tmp_path, encoding):
    text = "Speaker, seconds,set,label,path\nann,1.0,digits,four,x/a.flac\n\n"
    (clip,), _ = read_manifests([folder_with(tmp_path, text, encoding)])
    assert (clip.speaker, clip.set, clip.label, clip.name) == ("ann", "digits", "four", "x/a.flac")


def test_a_row_without_path_or_label_is_skipped_with_its_line(tmp_path):
    folder = folder_with(tmp_path, "path,label\n,four\nb.wav\nc.wav,five\n")
    clips, skipped = read_manifests([folder])
    assert [clip.name for clip in clips] == ["c.wav"]
    assert [each.why for each in skipped] == ["the row has no path", "the row has no label"]
    assert skipped[0].path.endswith("MANIFEST.csv, line 2")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no column path and none called label"),
        ("path,word\na.wav,four\n", "no column label"),
        ('path,label\n"a.wav,four\n', "cannot be read"),
        ("path,label\n\0\ud83d,x", "cannot be read"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_a_sentence(tmp_path, text, says):
    folder = tmp_path / "people"
    folder.mkdir()
    (folder / "MANIFEST.csv").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(CuewalkError, match=says) as error:
        read_manifests([folder])
    assert "Nothing was measured" in str(error.value)


def test_a_folder_without_a_manifest_is_a_sentence(tmp_path):
    with pytest.raises(CuewalkError, match=r"no MANIFEST\.csv") as error:
        read_manifests([tmp_path])
    assert "path and label" in str(error.value)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CuewalkError, match="no folder"):
        read_manifests([tmp_path / "nowhere"])
