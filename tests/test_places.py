"""Levers of towns, care, training and learning: what the money of each does has the sign that its item claims.

Each lever is held at the top of its range, money without limit, against no money and against the same money without its
effect: what is spent on building works too while it is spent.
"""

from functools import partial

import numpy as np
import pytest

import lives
from tianshui import measures, reasons, registry
from tianshui.channels import care, learning, training
from tianshui.channels.care import CareParameters
from tianshui.channels.learning import LearningParameters
from tianshui.channels.training import TrainingParameters
from tianshui.run import Years

LEVERS = registry.levers()
T, C = TrainingParameters(), CareParameters()
L = LearningParameters()
OWN = (
    "towns.districts",
    "culture.spending",
    "towns.renewal",
    "care.places",
    "training.places",
    "learning.teaching",
)
SAMPLE = 0.02


# --- The equations ------------------------------------------------------------------------------------


def test_courses_train_those_not_trained_yet_and_pay_and_offers_rise_by_their_part():
    # 70,000 courses, four tenths by people trained before: 42,000 more of 42,000 adults are 1 - 1/e = 0.632.
    part = training.trained(np.full(7, 7e4), np.full(7, 4.2e4), T)
    assert part == pytest.approx(np.full(7, 1 - np.exp(-1)))
    assert training.trained(np.full(7, 1e9), np.full(7, 7e4), T) == pytest.approx(np.ones(7))
    assert training.pay(part, T) == pytest.approx(0.03 * part)  # 0.019
    assert np.exp(training.offers(part, T)) == pytest.approx(1.0 + 0.05 * part)
    assert not training.pay(np.zeros(7), T).any() and not training.offers(np.zeros(7), T).any()


def test_better_teaching_lets_more_pass_on_and_saturates():
    # 500 yuan a resident are one half: 0.3 x (1 - 1/e) = 0.1896.
    assert learning.passing(np.full(7, 500.0), L) == pytest.approx(np.full(7, 0.3 * (1 - np.exp(-1))))
    assert learning.passing(np.full(7, 1e9), L) == pytest.approx(np.full(7, 0.3))
    assert not learning.passing(np.zeros(7), L).any()


def test_used_places_free_time_of_those_who_have_somebody_to_care_for_and_no_more_than_all_of_it():
    # 4,000 places, half in use, for 20,000 persons who need care: a part 1 - exp(-0.1) = 0.0952 of a quarter.
    freed = care.time_freed(np.full(7, 4e3), np.full(7, 2e4), C)
    assert freed == pytest.approx(np.full(7, 0.25 * (1 - np.exp(-0.1))))
    assert care.time_freed(np.full(7, 1e9), np.full(7, 2e4), C) == pytest.approx(np.full(7, 0.25))
    # A carer for five places in use: 400 jobs of 80,000 yuan.
    assert care.bought(np.full(7, 4e3), np.full(7, 8e4), C) == pytest.approx(np.full(7, 400 * 8e4))


# --- What the levers do -------------------------------------------------------------------------------


ends = partial(lives.ends, SAMPLE)


def change(expected: measures.Expected, with_it: tuple[dict, ...], without: tuple[dict, ...]) -> float:
    """Mean change of an indicator over the years: points where it is in percent, else percent."""
    key = expected.area, expected.indicator
    if expected.in_points:
        return float(np.mean([a[key] - b[key] for a, b in zip(with_it, without, strict=True)]))
    return float(np.mean([100.0 * (a[key] / b[key] - 1.0) for a, b in zip(with_it, without, strict=True)]))


@pytest.mark.parametrize("name", OWN)
def test_at_the_top_of_its_range_a_lever_moves_what_its_item_is_for(name):
    top, first = LEVERS[name].within[1], True
    for expected in measures.register()[LEVERS[name].measure].indicators:
        full = ends(name, top)
        effect, whole = (change(expected, full, other) for other in (ends(name, top, True), ends()))
        last = change(expected, full[-1:], ends()[-1:])
        print(
            f"{name}: {expected.indicator} {whole:+.3f}, of it the effect {effect:+.3f}, 2035 {last:+.3f}; "
            f"expected {expected.sign:+d}, smallest {expected.smallest}"
        )
        if first:
            assert whole * expected.sign > 0.0 and effect * expected.sign > 0.0
        first = False


@pytest.mark.parametrize("name", OWN)
def test_at_nought_a_lever_moves_nothing(name):
    last, without = ends(name, 0.0)[-1], ends()[-1]
    assert all(last[key] == without[key] or last[key] != last[key] for key in without)


def test_what_is_told_of_choices_is_what_decided_where_there_are_courses_and_places():
    """A second reckoning that differs from the run raises."""
    plan = lives.unlimited("care.places", LEVERS["care.places"].within[1])
    plan = lives.course(plan, "training.places", {2021: LEVERS["training.places"].within[1]})
    world, found = Years(plan, sample=SAMPLE / 10, until=2025), []

    def watch(*met):
        numbers = met[0].households.number
        for number in numbers[:: max(numbers.size // 150, 1)]:
            found.extend(reasons.explain(int(number), world.settings, 0, world.state.year + 1, *met))

    while world.state.year < 2025:
        world.step(watch if world.state.year >= 2023 else None)
    assert sum(event.rule == "livelihoods.choice" for event in found) > 100
