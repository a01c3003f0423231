"""Mistakes in phrase files, found by the language package, are told with their lines."""

import pytest

from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import ContentError, ContentFault

PROMPTS = "en-US/phrases/prompts.toml"


@pytest.fixture
def told(root):
    def _told() -> list[ContentFault]:
        with pytest.raises(ContentError) as raised:
            load_pack("en-US", root=root)
        return list(raised.value.faults)

    return _told


def test_a_wrong_shape_is_told_with_its_line(change, told):
    line = change(PROMPTS, "[ask_side]\nfull = ", "[ask_side]\nfull = 5 # ") + 1
    [fault] = told()
    assert fault.file.endswith(PROMPTS)
    assert (fault.line, fault.problem) == (line, '"full" of "ask_side" is 5.')
    assert fault.remedy == "Write a text of 1 to 400 characters in quotes."


def test_a_misspelled_length_is_told_with_its_line(change, told):
    line = change(PROMPTS, "[ask_side]\nfull = ", "[ask_side]\nful = ") + 1
    [fault] = told()
    assert fault.line == line
    assert fault.remedy == 'Did you mean "full"? Allowed here: full, shorter, examples.'


def test_a_prompt_that_makes_no_sense_is_told_with_its_line(change, told):
    line = change(PROMPTS, "[ask_side]\nfull = ", '[ask_side]\nfull = "{nonsense}" # ') + 1
    [fault] = told()
    assert (fault.file.endswith(PROMPTS), fault.line) == (True, line)
    assert "nonsense" in fault.problem


def test_a_phrase_that_makes_no_sense_is_told_with_its_line(root, told):
    path = root / "en-US/phrases/locale.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("decoys = [", 'decoys = [\n  "stop",', 1), "utf-8")
    [fault] = told()
    assert fault.line == text.count("\n", 0, text.index("decoys = [")) + 2
    assert "stop" in fault.problem


def test_a_command_without_words_is_named(change, told):
    change("en-US/phrases/commands.toml", "\nskip = ", "\n# skip = ")
    [fault] = told()
    assert fault.problem.endswith("is not complete.")
    assert fault.remedy == "Missing: skip."


def test_mistakes_of_two_files_are_both_told(change, told):
    change(PROMPTS, "[ask_side]\nfull = ", "[ask_side]\nfull = 5 # ")
    change("en-US/phrases/numbers.toml", "value = 3", 'value = "three"')
    assert len({fault.file for fault in told()}) == 2


def test_a_missing_phrase_file_is_told(root, told):
    (root / "en-US/phrases/numbers.toml").unlink()
    [fault] = told()
    assert fault.file.endswith("en-US/phrases/numbers.toml")
