"""docs/content.md names only files and tests that exist, and leaves out no programme."""

import re

from cuewalk.content.load import load_catalogue
from cuewalk.places import package_data

ROOT = package_data("scripts_audio").parent
PAGE = (ROOT / "docs/content.md").read_text("utf-8")


def test_every_file_and_test_of_the_table_exists():
    named = re.findall(r"`((?:src|tests|scripts_audio)/[^`]+)`", PAGE)
    assert len(named) > 80
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_row_names_a_file_or_says_that_it_is_not_built_and_a_test_or_none():
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and "---" not in line]
    for row in rows:
        statement, file, test = (cell.strip() for cell in row.strip("|").split(" | "))
        if statement in {"statement", "id", "statement about movements"}:
            continue
        assert "`" in file or file.startswith("not built"), row
        assert "`tests/" in test or test == "none", row


def test_every_programme_has_its_row():
    for name in (*load_catalogue("en-US").programmes, "discover", "my-keepers"):
        assert f"| `{name}`" in PAGE
