"""``cuewalk picture`` writes a file, or says in a sentence why not."""

from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

import cuewalk.cli
from cuewalk.domain.errors import CuewalkError


def _picture(*arguments: str):
    cuewalk.cli.register()
    return CliRunner().invoke(cuewalk.cli.app, ["picture", *arguments])


def test_it_writes_an_svg_of_the_wanted_side_and_range(tmp_path):
    out = tmp_path / "hip.svg"
    done = _picture("rehab-hip-circles", "--out", str(out), "--side", "left", "--range", "3")
    assert done.exit_code == 0
    said = ET.parse(out).getroot()[1].text
    assert "left side, range 3/4 (medium)" in said
    assert list(tmp_path.iterdir()) == [out]


def test_a_still_does_not_move(tmp_path):
    out = tmp_path / "hip.svg"
    assert _picture("rehab-hip-circles", "--out", str(out), "--still").exit_code == 0
    assert "<animate" not in out.read_text("utf-8")


def test_it_writes_a_png(tmp_path):
    out = tmp_path / "hip.png"
    assert _picture("rehab-hip-circles", "--out", str(out)).exit_code == 0
    assert out.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["rehab-hip-circle", "--out", "a.svg"], 'Did you mean "rehab-hip-circles"?'),
        (["rehab-hip-circles", "--out", "a.gif"], "neither .svg nor .png"),
        (["rehab-hip-circles", "--out", "a.svg", "--range", "9"], "from 1 to 4"),
        (["rehab-hip-circles", "--out", "a.svg", "--side", "both"], "--side left or --side right"),
        (["rehab-hip-circles", "--out", "nosuch/a.svg"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    done = _picture(*arguments)
    assert isinstance(done.exception, CuewalkError)
    assert says in str(done.exception)
    assert not list(tmp_path.iterdir())
