"""What cuewalk ships: it loads, it is complete, it is safe to say."""

import pytest

from cuewalk.content.catalogue import minutes_of, seconds_of
from cuewalk.content.load import load_catalogue
from cuewalk.content.packs import load_pack
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
#: The movements of the other programmes, in their order.
PROGRAMMES = {
    "hip-flexor-flow": [
        "slow-knee-lifts",
        "rocking-lunge-flow",
        "toe-touch-and-return",
        "heel-dig-and-lift",
    ],
    "reposition": [
        "long-exhale-breathing",
        "supported-hamstring-breathing",
        "ribcage-reach",
        "glute-timing-steps",
        "stick-walking",
    ],
    "roller": [
        "roller-hip-side",
        "roller-outer-thigh",
        "roller-front-thigh",
        "roller-inner-thigh",
        "roller-shin",
        "roller-calf",
    ],
    "iliopsoas-holds": ["half-kneeling-hold", "edge-of-bed-hold"],
}
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


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_programme_has_its_movements_in_order(name):
    programme = load_catalogue("en-US").programme(name)
    assert [item.movement for item in programme.items] == PROGRAMMES[name]


@pytest.mark.parametrize("name", ["feet-up", *PROGRAMMES])
def test_a_programme_takes_eight_to_twenty_five_minutes(name):
    catalogue = load_catalogue("en-US")
    assert 8 <= minutes_of(catalogue.programme(name), catalogue.movements) <= 25


def test_every_movement_is_complete_and_part_of_a_programme():
    catalogue = load_catalogue("en-US")
    used = {item.movement for programme in catalogue.programmes.values() for item in programme.items}
    assert set(catalogue.movements) == used
    for movement in catalogue.movements.values():
        assert len(movement.coaching) >= 3, movement.id
        assert 3 <= len(movement.steps) <= 5, movement.id
        assert len(movement.avoid_when) >= 3, movement.id


def test_hip_flexors_are_moved_on_both_sides_and_never_held():
    catalogue = load_catalogue("en-US")
    for movement in catalogue.movements_of(catalogue.programme("hip-flexor-flow")).values():
        assert movement.sides is Sides.EACH, movement.id
        assert movement.dose.reps, movement.id


def test_the_holds_last_thirty_seconds_on_each_side():
    movements = load_catalogue("en-US").movements
    kneeling, lying = movements["half-kneeling-hold"], movements["edge-of-bed-hold"]
    assert (kneeling.dose.hold_seconds, kneeling.dose.sets, kneeling.sides) == (30, 3, Sides.EACH)
    assert (lying.dose.hold_seconds, lying.sides) == (30, Sides.EACH)


def test_an_irritated_muscle_rests_first():
    advice = load_catalogue("en-US").programme("iliopsoas-holds").rest_advice
    assert advice
    assert advice.ask.endswith("yes or no?")


def test_shoes_are_asked_for_before_the_pelvis_is_repositioned():
    asked = load_catalogue("en-US").programme("reposition").before_note
    assert asked
    assert "shoes" in asked


def test_walking_is_paced_by_naming_each_step():
    walking = load_catalogue("en-US").movements["stick-walking"]
    assert walking.name_every_rep
    assert [phase.say.lower() for phase in walking.phases] == ["left", "right"] * 2
    assert len({phase.seconds for phase in walking.phases}) == 1


def test_each_thing_is_asked_for_once_by_yes_or_no():
    catalogue = load_catalogue("en-US")
    asked = {name: [t.id for t in catalogue.equipment_of(p)] for name, p in catalogue.programmes.items()}
    assert asked == {
        "feet-up": [],
        "hip-flexor-flow": [],
        "iliopsoas-holds": ["bed"],
        "reposition": ["balloon", "hiking-sticks"],
        "roller": ["foam-roller"],
    }
    assert all(thing.ask.endswith("yes or no?") for thing in catalogue.equipment.values())
    assert [thing.id for thing in catalogue.equipment.values() if thing.optional] == ["balloon"]


def test_without_a_roller_a_session_of_other_movements_is_left():
    catalogue = load_catalogue("en-US")
    stand_ins = catalogue.stand_ins_of(catalogue.programme("roller"))
    assert len(stand_ins) == 6
    assert not any(movement.needs for movement in stand_ins.values())


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
