"""What cuewalk ships: it loads, it is complete, it is safe to say."""

import pytest

from cuewalk.content.estimate import minutes_of, seconds_of
from cuewalk.content.load import load_catalogue, load_pack
from cuewalk.domain.content import FlagOutcome, Item, Sides
from cuewalk.domain.errors import CuewalkError

LOCALES = ("en-US", "ko-KR")
FEET_UP = [
    ("lateral-ankle-tilts", Sides.AFFECTED),
    ("forward-45-lunge-knee-circles", Sides.AFFECTED),
    ("rehab-hip-circles", Sides.AFFECTED),
    ("pelvis-tucks-and-tilts", Sides.BOTH),
    ("opposite-scapular-camshafts", Sides.OPPOSITE),
]
#: What must be asked (content.md); each is a word of one flag.
RED_FLAGS = {
    FlagOutcome.EMERGENCY: ("saddle", "bladder", "chest", "breath"),
    FlagOutcome.PROFESSIONAL: (
        "bear weight",
        "locks",
        "deformity",
        "fever",
        "night",
        "weight loss",
        "calf",
        "numbness",
        "weakness",
        "foot drop",
        "injury",
        "surgery",
    ),
}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_shipped_file_loads(locale):
    catalogue, pack = load_catalogue(locale), load_pack(locale)
    assert pack.code == catalogue.locale == locale
    assert set(catalogue.phrases) == {"commands", "numbers", "prompts", "coaching", "locale"}


@pytest.mark.parametrize("locale", LOCALES)
def test_feet_up_goes_from_the_foot_to_the_opposite_shoulder_blade(locale):
    catalogue = load_catalogue(locale)
    items = catalogue.programme("feet-up").items
    sides = [(item.movement, item.sides or catalogue.movements[item.movement].sides) for item in items]
    assert sides == FEET_UP


@pytest.mark.parametrize("locale", LOCALES)
def test_a_movement_of_feet_up_takes_about_a_minute_and_starts_small(locale):
    catalogue = load_catalogue(locale)
    for movement in catalogue.movements_of(catalogue.programme("feet-up")).values():
        once = sum(phase.seconds for phase in movement.phases)
        assert 30 <= once * (movement.dose.reps or 0) <= 60, movement.id
        assert 3 <= len(movement.steps) <= 5
        assert len(movement.ranges) in {3, 4}
        assert movement.start_range == 1
        assert 2 <= len(movement.coaching) <= 3


def test_phases_and_coaching_can_be_said_in_the_time_they_have():
    words_per_second = 2.5
    for movement in load_catalogue("en-US").movements.values():
        for phase in movement.phases:
            assert len(phase.say.split()) <= phase.seconds * words_per_second, (movement.id, phase.say)
        for line in movement.coaching:
            assert len(line.split()) <= 8, (movement.id, line)


def test_every_red_flag_is_asked_with_its_outcome():
    groups = load_catalogue("en-US").red_flags
    for outcome, words in RED_FLAGS.items():
        flags = " / ".join(flag for group in groups if group.outcome is outcome for flag in group.flags)
        assert [word for word in words if word not in flags] == []


def test_emergencies_are_asked_first():
    outcomes = [group.outcome for group in load_catalogue("en-US").red_flags]
    assert outcomes == [FlagOutcome.EMERGENCY, *[FlagOutcome.PROFESSIONAL] * 3]


def test_a_safety_question_is_answered_by_yes_or_no():
    for group in load_catalogue("en-US").red_flags:
        assert group.ask.endswith("yes or no?")


def test_locales_have_the_same_movements_and_questions():
    english, korean = (load_catalogue(locale) for locale in LOCALES)
    assert [group.id for group in korean.red_flags] == [group.id for group in english.red_flags]
    for name in korean.movements:
        here, there = korean.movements[name], english.movements[name]
        assert (here.dose, here.sides, len(here.phases)) == (there.dose, there.sides, len(there.phases))


def test_an_unknown_programme_names_the_nearest():
    with pytest.raises(CuewalkError, match='Did you mean "feet-up"'):
        load_catalogue("en-US").programme("feet-upp")


def test_the_estimate_counts_each_side_and_the_own_dose():
    movement = load_catalogue("en-US").movements["rehab-hip-circles"]
    one = seconds_of(Item(movement=movement.id), movement)
    assert seconds_of(Item(movement=movement.id, sides=Sides.EACH), movement) == 2 * one
    longer = movement.dose.model_copy(update={"reps": 10})
    assert seconds_of(Item(movement=movement.id, dose=longer), movement) == one + 5 * 8


def test_feet_up_takes_less_than_a_quarter_of_an_hour():
    catalogue = load_catalogue("en-US")
    assert 5 <= minutes_of(catalogue.programme("feet-up"), catalogue.movements) <= 15
