"""``cuewalk bench decisions``: a small study, the two limits of the confirmed keep, and its assumptions."""

import json

import pytest
from typer.testing import CliRunner

from cuewalk.bench.decisions import AFTER, EFFECTS, RULES, Assumptions, as_json, assume, bench_decisions
from cuewalk.cli.bench import app
from cuewalk.content.load import load_catalogue
from cuewalk.domain.errors import CuewalkError


@pytest.fixture(scope="module")
def study():
    return bench_decisions(load_catalogue("en-US").rules, people=300, seed=11)


def rate(counts):
    return counts[0] / counts[1]


def test_few_movements_without_effect_are_ever_confirmed(study):
    assert rate(study.wrongly_confirmed("confirmed")) <= 0.05


def test_counting_sessions_alone_would_confirm_most_of_them(study):
    assert rate(study.wrongly_confirmed("counted")) > 0.4


def test_most_movements_of_two_points_are_confirmed_within_four_sessions(study):
    assert rate(study.confirmed_soon("confirmed")) >= 0.8


def test_the_larger_the_effect_the_more_often_it_is_kept(study):
    for rule in RULES:
        kept = [rate(study.kept(rule, effect, 6)) for effect in EFFECTS]
        assert kept == sorted(kept)


def test_more_sessions_make_our_confirmed_keep_right_more_often_than_the_plain_rule(study):
    ours = [rate(study.right("confirmed", k)) for k in AFTER]
    assert ours == sorted(ours)
    assert ours[-1] > rate(study.right("plain", 6))


def test_nothing_is_confirmed_after_one_session(study):
    assert all(study.kept("confirmed", effect, 1)[0] == 0 for effect in EFFECTS)


def test_the_same_seed_gives_the_same_study():
    rules = load_catalogue("en-US").rules
    one, same, other = (as_json(bench_decisions(rules, people=5, seed=seed)) for seed in (1, 1, 2))
    assert one == same
    assert one["kept"] != other["kept"]


def test_a_world_without_errors_is_decided_without_errors():
    exact = dict.fromkeys(
        ("measurement_sd", "session_sd", "placebo", "placebo_sd", "day_sd", "bad_day", "regress", "carry"),
        0.0,
    )
    # A steady usual day from which three points can be taken.
    world = Assumptions(**exact, usual_low=6.0, usual_high=6.0, others_share=(1, 0, 0, 0, 0))
    study = bench_decisions(load_catalogue("en-US").rules, people=3, seed=1, world=world)
    assert rate(study.kept("confirmed", 3.0, 6)) == 1
    assert rate(study.kept("confirmed", 0.0, 6)) == 0


def test_the_command_as_an_object():
    result = CliRunner().invoke(
        app, ["decisions", "--people", "5", "--seed", "3", "--assume", "placebo=0.65", "--json"]
    )
    found = json.loads(result.stdout)
    assert (found["people_per_effect"], found["seed"]) == (5, 3)
    assert found["assumptions"]["placebo"] == 0.65
    assert found["right"]["plain"]["1"]["of"] == 25
    assert found["wrongly_confirmed"]["confirmed"]["of"] == 5
    assert found["rules"]["confirm_probability"] == 0.65


def test_the_command_as_tables():
    result = CliRunner().invoke(app, ["decisions", "--people", "3", "--quick"])
    assert result.exit_code == 0
    assert "Simulated, not measured on people" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("placbo=1", 'no assumption called "placbo"'),
        ("placebo=lots", 'placebo cannot be "lots"'),
        ("placebo", 'placebo cannot be ""'),
        ("carry=2", "from 0 to 1"),
        ("usual_low=9", "usual_low is above usual_high"),
        ("placebo=nan", "from 0 to 10"),
    ],
)
def test_an_assumption_that_cannot_be_is_a_sentence(wanted, says):
    with pytest.raises(CuewalkError) as raised:
        assume([wanted])
    assert says in str(raised.value)
