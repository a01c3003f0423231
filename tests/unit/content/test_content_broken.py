"""Each way to break a content file is told with file, line, what is wrong and what is allowed."""

import pytest

from cuewalk.content.load import load_catalogue
from cuewalk.domain.errors import ContentError

ANKLE = "en-US/movements/lateral-ankle-tilts.toml"
KNEE = "en-US/movements/forward-45-lunge-knee-circles.toml"
FEET_UP = "en-US/programmes/feet-up.toml"
HOLDS = "en-US/programmes/iliopsoas-holds.toml"
SHIN = "en-US/movements/roller-shin.toml"
BREATH = "en-US/movements/long-exhale-breathing.toml"
EQUIPMENT = "en-US/equipment.toml"
SAFETY = "en-US/safety.toml"

#: file, what is written there, what a person writes instead, the problem, the remedy.
MISTAKES = {
    "a number in quotes": (
        ANKLE,
        'say = "Tilt out", seconds = 2.5',
        'say = "Tilt out", seconds = "2.5"',
        '"seconds" of "phases" number 1 is the text "2.5".',
        "Write a number above 0 and at most 600.",
    ),
    "a number too large": (
        ANKLE,
        'say = "and back", seconds = 2.5',
        'say = "and back", seconds = 601',
        '"seconds" of "phases" number 3 is too large (601).',
        "Write a number above 0 and at most 600.",
    ),
    "a half repetition": (
        ANKLE,
        "reps = 6",
        "reps = 6.5",
        '"reps" of "dose" is 6.5.',
        "Write a whole number of at least 1 and at most 50.",
    ),
    "true for a number": (
        ANKLE,
        "start_range = 1",
        "start_range = true",
        '"start_range" is true.',
        "Write a whole number of at least 0.",
    ),
    "a text for a list": (
        ANKLE,
        'joints = ["outer ankle", "joint below the ankle"]',
        'joints = "outer ankle"',
        '"joints" is the text "outer ankle".',
        "Write a list of at least 1 entry in square brackets.",
    ),
    "a side that does not exist": (
        ANKLE,
        'sides = "affected"',
        'sides = "left"',
        '"sides" is the text "left", which means nothing here.',
        "Write one of these in quotes: each, affected, opposite, both.",
    ),
    "a missing field in a list entry": (
        ANKLE,
        '{ name = "medium", cue = "Lift the inner edge by two fingers." }',
        '{ name = "medium" }',
        '"cue" of "ranges" number 3 is missing.',
        "Write a text of 2 to 240 characters in quotes.",
    ),
    "a field misspelled": (
        ANKLE,
        "steps = [",
        "stpes = [",
        'there is no field "stpes".',
        'Did you mean "steps"? Allowed here: id, name, joints,',
    ),
    "a field misspelled in a list entry": (
        ANKLE,
        'say = "and back", seconds = 2.5',
        'say = "and back", secnds = 2.5',
        'there is no field "secnds" of "phases" number 3.',
        'Did you mean "seconds"? Allowed here: say, seconds.',
    ),
    "a field below a table": (
        ANKLE,
        "[note]",
        "[note]\neasier = 'Sit down.'",
        '"easier" of "note" stands in the wrong place.',
        'Move "easier" to the top of the file, above the first line in square brackets.',
    ),
    "a text too long": (
        ANKLE,
        "Lower the foot slowly.",
        "x" * 241,
        '"coaching" number 3 is too long (241 characters).',
        "Write a text of 2 to 240 characters in quotes.",
    ),
    "two kinds of dose": (
        ANKLE,
        "dose = { reps = 6 }",
        "dose = { reps = 6, hold_seconds = 30 }",
        '"dose" does not fit together.',
        "Write either reps or hold_seconds.",
    ),
    "a field written twice": (
        ANKLE,
        'id = "lateral-ankle-tilts"',
        'start_range = 4\nid = "lateral-ankle-tilts"',
        "this field is written twice",
        "Delete one of the two.",
    ),
    "an id with capitals": (
        SAFETY,
        'id = "emergency-signs"',
        'id = "Emergency Signs"',
        '"id" of "groups" number 1 has another form than it must have (the text "Emergency Signs").',
        "Write small letters, digits and single hyphens in quotes",
    ),
    "an id used twice": (
        SAFETY,
        'id = "joint-and-injury"',
        'id = "emergency-signs"',
        'the id "emergency-signs" is used twice.',
        "Give this group another id.",
    ),
    "an id that is not the file's name": (
        ANKLE,
        'id = "lateral-ankle-tilts"',
        'id = "ankle-tilts"',
        'the id "ankle-tilts" is not the name of the file.',
        'Write id = "lateral-ankle-tilts", or rename the file to ankle-tilts.toml.',
    ),
    "an unknown movement": (
        FEET_UP,
        'movement = "rehab-hip-circles"',
        'movement = "rehab-hip-circle"',
        'there is no movement "rehab-hip-circle".',
        'Did you mean "rehab-hip-circles"? Allowed here: edge-of-bed-hold,',
    ),
    "an unknown thing": (
        SHIN,
        'needs = [{ item = "foam-roller"',
        'needs = [{ item = "foam-rollers"',
        'there is no thing "foam-rollers".',
        'Did you mean "foam-roller"? Allowed here: foam-roller, hiking-sticks, bed, balloon.',
    ),
    "an unknown stand-in": (
        SHIN,
        'instead = "lateral-ankle-tilts"',
        'instead = "lateral-ankle-tilt"',
        'there is no movement "lateral-ankle-tilt".',
        'Did you mean "lateral-ankle-tilts"? Allowed here: edge-of-bed-hold,',
    ),
    "a stand-in that lacks the same thing": (
        SHIN,
        'instead = "lateral-ankle-tilts"',
        'instead = "roller-calf"',
        '"roller-calf" needs "foam-roller", too.',
        "Name a movement that does without it, or none.",
    ),
    "a stand-in for what is optional": (
        BREATH,
        '{ item = "balloon" }',
        '{ item = "balloon", instead = "slow-knee-lifts" }',
        '"balloon" is optional, so nothing is done instead.',
        "Delete the field.",
    ),
    "a thing that is not asked for": (
        EQUIPMENT,
        'ask = "Do you have a foam roller here, yes or no?"',
        'aks = "Do you have a foam roller here, yes or no?"',
        'there is no field "aks" of "items" number 1.',
        'Did you mean "ask"? Allowed here: id, name, ask, optional.',
    ),
    "a switch in quotes": (
        BREATH,
        "name_every_rep = true",
        'name_every_rep = "yes"',
        '"name_every_rep" is the text "yes".',
        "Write true or false, without quotes.",
    ),
    "a video that is a word": (
        ANKLE,
        "start_range = 1",
        'video = "my teacher"',
        '"video" has another form than it must have (the text "my teacher").',
        'Write an address, "https://example.org/film", or a file that a browser shows: "films/hip.mp4".',
    ),
    "a rule of days that does not exist": (
        HOLDS,
        'days_rule = "overuse_rest_days"',
        'days_rule = "rest_days"',
        '"days_rule" of "rest_advice" is the text "rest_days", which means nothing here.',
        "Write one of these in quotes: overuse_rest_days.",
    ),
    "a text without its end": (
        ANKLE,
        'name = "Lateral Ankle Tilts"',
        'name = "Lateral Ankle Tilts',
        "a text in quotes does not end on its line (character",
        "Close the text with the same quotes it was opened with.",
    ),
    "a text without quotes": (
        ANKLE,
        'name = "Lateral Ankle Tilts"',
        "name = Lateral Ankle Tilts",
        "there is no value, or it lacks its quotes (character 8 of the line).",
        'Write: name = "text", or name = 5.',
    ),
    "a control character": (
        ANKLE,
        "Only the ankle moves.",
        "Only the \\u0007ankle moves.",
        "the text contains a control character (U+0007).",
        "Delete it, or type the words again by hand.",
    ),
    "a mark that turns text round": (
        ANKLE,
        "Only the ankle moves.",
        "Only the \u202eankle moves.",
        "the text contains a control character (U+202E).",
        "Delete it, or type the words again by hand.",
    ),
    "a text over two lines": (
        ANKLE,
        'easier = "Sit',
        'easier = "Or this:\\nSit',
        "the text goes over more than one line.",
        "Write it on one line.",
    ),
    "a date without quotes": (
        "rules.toml",
        'version = "2026-11-21"',
        "version = 2026-11-21",
        "2026-11-21 is a date or a time without quotes.",
        'Put it in quotes: "2026-11-21".',
    ),
    "an infinite number": (
        "rules.toml",
        "value = 60000",
        "value = inf",
        "inf is not a number that can be counted with.",
        "Write a plain number, for example 2.5.",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_one_mistake_is_told_once_with_its_line(mistake, change, faults):
    name, old, new, problem, remedy = MISTAKES[mistake]
    line = change(name, old, new)
    [fault] = faults()
    assert fault.file.endswith(name)
    if new.startswith("[note]") or "written twice" in problem:
        assert fault.line is not None
        assert fault.line > line
    else:
        assert fault.line == line
    assert fault.problem.startswith(problem)
    assert fault.remedy.startswith(remedy)


def test_a_missing_field_of_the_file_itself_is_told_at_its_top(change, faults):
    change(ANKLE, "easier = ", "# easier = ")
    [fault] = faults()
    assert (fault.line, fault.problem) == (1, '"easier" is missing.')


def test_an_advice_that_does_not_tell_the_days_is_told(change, faults):
    change(HOLDS, "{days} days", "a few days")
    [fault] = faults()
    assert fault.line is not None
    assert fault.problem == '"rest_advice" does not fit together.'
    assert fault.remedy == "Write {days} in say, where the number of days is told."


def test_a_thing_that_is_there_twice_is_told(change, faults):
    line = change(EQUIPMENT, 'id = "hiking-sticks"', 'id = "foam-roller"')
    told = {(fault.line, fault.problem, fault.remedy) for fault in faults()}
    assert (line, 'the id "foam-roller" is used twice.', "Give this thing another id.") in told


def test_a_broken_list_of_things_does_not_make_every_need_unknown(change, faults):
    line = change(EQUIPMENT, 'id = "bed"', "id = 5")
    assert [fault.line for fault in faults()] == [line]


def test_without_a_list_of_things_every_need_is_told(root, faults):
    (root / EQUIPMENT).unlink()
    told = faults()
    assert len(told) == 9
    assert told[0].remedy == "Allowed here: nothing."


@pytest.mark.parametrize(
    "video", ["https://example.org/films/tilts", "films/My tilts.mp4", "/home/me/tilts.webm"]
)
def test_a_video_is_an_address_or_a_file(video, change, root):
    change(ANKLE, "start_range = 1", f'start_range = 1\nvideo = "{video}"')
    assert load_catalogue("en-US", root=root).movements["lateral-ankle-tilts"].video == video


@pytest.mark.parametrize(
    "video", ["javascript:alert(1).mp4", "https://", "ftp://example.org/a.mp4", "notes.pdf"]
)
def test_anything_else_is_no_video(video, change, faults):
    line = change(ANKLE, "start_range = 1", f'video = "{video}"')
    assert [fault.line for fault in faults()] == [line]


def test_a_missing_field_of_a_table_is_told_at_its_header(change, faults):
    line = change(ANKLE, "[note]\nclaim =", "[note]\n# claim =")
    [fault] = faults()
    assert (fault.line, fault.problem) == (line, '"claim" of "note" is missing.')


def test_two_mistakes_in_one_file_are_both_told(change, faults):
    first = change(FEET_UP, 'name = "Feet up"', "name = 5")
    second = change(FEET_UP, "pelvis-tucks-and-tilts", "pelvis-tuck")
    assert [fault.line for fault in faults()] == [first, second]


def test_mistakes_in_two_files_are_both_told(change, faults):
    change(ANKLE, "reps = 6", "reps = 0")
    change(KNEE, 'name = "Forward', "name = Forward")
    told = faults()
    assert [fault.file.rpartition("/")[2] for fault in told] == [
        "forward-45-lunge-knee-circles.toml",
        "lateral-ankle-tilts.toml",
    ]


def test_a_broken_movement_is_not_called_unknown_as_well(change, faults):
    change(ANKLE, "reps = 6", "reps = ")
    assert len(faults()) == 1


def test_the_error_says_everything_and_that_nothing_was_loaded(change, root):
    change(ANKLE, "reps = 6", "reps = 0")
    change(KNEE, "reps = 5", "reps = 99")
    with pytest.raises(ContentError) as raised:
        load_catalogue("en-US", root=root)
    assert str(raised.value).count("reps") == 2
    assert str(raised.value).endswith("Nothing was loaded.")


def test_text_that_is_not_utf8_is_told_with_its_line(root, faults):
    path = root / ANKLE
    path.write_bytes(path.read_bytes() + "\n# für\n".encode("latin-1"))
    lines = path.read_bytes().count(b"\n")
    [fault] = faults()
    assert (fault.line, fault.problem) == (lines, "the file is not UTF-8 text (byte 0xfc).")


def test_utf16_is_named(root, faults):
    path = root / ANKLE
    path.write_text(path.read_text("utf-8"), "utf-16")
    [fault] = faults()
    assert fault.remedy.startswith("It looks like UTF-16.")


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(root):
    path = root / ANKLE
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert "lateral-ankle-tilts" in load_catalogue("en-US", root=root).movements


def test_lines_are_right_with_windows_line_ends(root, change, faults):
    line = change(ANKLE, "reps = 6", "reps = 0")
    path = root / ANKLE
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert [fault.line for fault in faults()] == [line]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing but a remark\n"])
def test_an_empty_file_is_told(text, root, faults):
    (root / ANKLE).write_text(text, "utf-8")
    [fault] = faults()
    assert fault.problem == "the file is empty."


def test_a_folder_in_place_of_a_file_is_told(root, faults):
    (root / ANKLE).unlink()
    (root / ANKLE).mkdir()
    [fault] = faults()
    assert fault.problem == "the file cannot be read: it is a folder."


def test_a_link_that_leads_nowhere_is_told(root, faults):
    (root / ANKLE).unlink()
    (root / ANKLE).symlink_to(root / ANKLE)
    [fault] = faults()
    assert fault.problem == "the file cannot be read: its links lead round in a circle."


def test_a_missing_rules_file_is_told(root, faults):
    (root / "rules.toml").unlink()
    [fault] = faults()
    assert fault.file.endswith("rules.toml")
    assert fault.problem == "the file cannot be read: it is not there."


def test_a_huge_file_is_refused_without_reading_it(root, faults):
    with (root / ANKLE).open("ab") as file:
        file.truncate(2_000_000)
    [fault] = faults()
    assert fault.problem == "the file cannot be read: it is larger than 1 MB."


def test_brackets_without_end_are_a_fault_not_a_crash(root, faults):
    (root / ANKLE).write_text("a = " + "[" * 100_000, "utf-8")
    [fault] = faults()
    assert fault.problem == "its brackets are nested too deeply."


def test_a_text_in_three_quotes_without_end_is_told_where_it_begins(change, faults):
    line = change(ANKLE, 'easier = "', 'easier = """')
    [fault] = faults()
    assert (fault.line, fault.problem) == (line, "a text in quotes does not end.")


def test_a_file_with_another_ending_is_told_instead_of_overlooked(root, faults):
    (root / ANKLE).rename(root / f"{ANKLE}.txt")
    told = faults()
    assert told[0].problem == "the file's name does not end in .toml, so it would not be read."
    assert told[1].problem == 'there is no movement "lateral-ankle-tilts".'


def test_what_editors_leave_behind_is_overlooked(root):
    for name in (f"{ANKLE}~", "en-US/movements/.hidden.toml", "en-US/movements/README.md"):
        (root / name).write_text("not toml", "utf-8")
    assert len(load_catalogue("en-US", root=root).movements) == len(load_catalogue("en-US").movements)


def test_a_locale_that_does_not_exist_names_those_there_are(root):
    with pytest.raises(ContentError, match=r'there is no locale "en-us"\. Did you mean "en-US"\?'):
        load_catalogue("en-us", root=root)


@pytest.mark.parametrize("locale", ["..", "", "en-US/../en-US"])
def test_a_locale_is_a_folder_of_the_content_only(locale, root):
    with pytest.raises(ContentError, match="there is no locale"):
        load_catalogue(locale, root=root)


def test_a_missing_content_folder_is_told(tmp_path):
    with pytest.raises(ContentError, match="missing or empty"):
        load_catalogue("en-US", root=tmp_path / "nowhere")


def test_a_locale_without_programmes_is_told(root, faults):
    (root / FEET_UP).unlink()
    for other in (root / "en-US/programmes").glob("*.toml"):
        other.unlink()
    assert [fault.problem for fault in faults()] == ["there are no programmes."]
