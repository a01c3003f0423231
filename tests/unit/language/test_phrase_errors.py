"""A mistake in a phrase file is found when it is loaded, and named by file and place."""

import pytest
from pydantic import ValidationError

from cuewalk.language.errors import PhraseError
from cuewalk.language.pack import build_pack


def _set(files, path, value):
    *parents, last = path
    place = files
    for key in parents:
        place = place[key]
    place[last] = value


@pytest.mark.parametrize(
    ("path", "value", "part"),
    [
        (("commands", "commands", "stop"), ["stop", "(stop"], "bracket"),
        (("commands", "commands", "stop"), ["stop it", "stop [", "halt"], "bracket"),
        (("commands", "commands", "skip"), ["skip", "skip 1"], "'1'"),
        (("commands", "commands", "skip"), ["skip", "Skip"], "'Skip'"),
        (("commands", "commands", "skip"), ["skip", "skip!"], "'skip!'"),
        (("commands", "commands", "skip"), ["skip", "it('s|is) over"], "touches"),
        (("commands", "commands", "skip"), ["skip", "skip <nope>"], "<nope>"),
        (("commands", "commands", "skip"), ["skip", "[please] [skip]"], "silence"),
        (("commands", "commands", "skip"), ["skip", "skip {value}"], "does not fit"),
        (("commands", "ratings", "value"), ["{value}", "it is"], "does not fit"),
        (("commands", "ratings", "value"), ["{value}", "{value} {value}"], "does not fit"),
        (("commands", "ratings", "value"), ["{value}", "{range}"], "does not fit"),
    ],
)
def test_a_bad_template_is_named_by_its_place(en_files, path, value, part):
    _set(en_files, path, value)
    with pytest.raises(PhraseError) as caught:
        build_pack("en-US", en_files)
    assert caught.value.file == path[0]
    assert caught.value.keypath == (*path[1:], 1)
    assert caught.value.remedy
    assert part in f"{caught.value.problem} {caught.value.remedy}"


@pytest.mark.parametrize(
    ("path", "value", "keypath"),
    [
        (("commands", "rules", "part"), "knee <part>", ("commands", "hurts", 5)),
        (("numbers", "halves"), ["{number} and a half", "half"], ("halves", 1)),
        (("numbers", "numbers", 4, "words"), ["four", "4"], ("numbers", 4, "words", 1)),
        (("prompts", "readback"), "You said {valu}.", ("readback", "full")),
        (("prompts", "confirm_rating", "shorter"), "Is that right?", ("confirm_rating", "shorter")),
        (("prompts", "halfway"), "Half {way", ("halfway", "full")),
        (("locale", "decoys"), ["hello", "stop"], ("decoys", 1)),
        (("locale", "fillers"), ["um", "it"], ("fillers", 1)),
        (("locale", "code"), "en-GB", ("code",)),
    ],
)
def test_other_mistakes_of_sense_are_named_by_their_place(en_files, path, value, keypath):
    _set(en_files, path, value)
    with pytest.raises(PhraseError) as caught:
        build_pack("en-US", en_files)
    assert (caught.value.file, caught.value.keypath) == (path[0], keypath)


def test_a_missing_prompt_is_found_before_the_session_needs_it(en_files):
    del en_files["prompts"]["help_settle"]
    with pytest.raises(PhraseError, match="help_settle"):
        build_pack("en-US", en_files)


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("commands", "commands", "stop"), [], ("commands", "commands", "stop")),
        (("commands", "commands", "stop"), "stop", ("commands", "commands", "stop")),
        (("numbers", "widest_range"), 99, ("numbers", "widest_range")),
        (("prompts", "halfway"), {"ful": "Halfway."}, ("prompts", "halfway", "full")),
        (("coaching", "cues"), [], ("coaching", "cues")),
        (("locale", "words", "side"), {"left": "left"}, ("locale", "words")),
    ],
)
def test_a_wrong_shape_is_named_by_file_first(en_files, path, value, place):
    _set(en_files, path, value)
    with pytest.raises(ValidationError) as caught:
        build_pack("en-US", en_files)
    assert place in [error["loc"] for error in caught.value.errors()]


def test_a_forgotten_command_or_number_is_missed(en_files):
    del en_files["commands"]["commands"]["hurts"]
    en_files["numbers"]["numbers"].pop()
    with pytest.raises(ValidationError) as caught:
        build_pack("en-US", en_files)
    messages = " ".join(error["msg"] for error in caught.value.errors())
    assert "hurts" in messages
    assert "0 to 10" in messages
