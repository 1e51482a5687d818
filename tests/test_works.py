"""Clean energy, works against disasters and public income: worked examples, and what each lever does at the top of its range."""

from functools import partial

import numpy as np
import pytest

import lives
from tianshui import measures, registry
from tianshui.channels import hazards
from tianshui.channels.hazards import HazardsParameters
from tianshui.mechanisms import energy, health
from tianshui.mechanisms.energy import EnergyParameters
from tianshui.mechanisms.health import HealthParameters
from worlds import small_world

E, H = EnergyParameters(), HazardsParameters()
LEVERS = registry.levers()
OWN = ("energy.renewables", "hazards.mitigation", "treasury.minority_funds", "treasury.land_quota")
SAMPLE = 0.02
PEOPLE = np.full(7, 4e5)


# --- The equations ------------------------------------------------------------------------------------


def test_clean_supply_by_hand():
    stock = np.full(7, 5e7)
    # 3.5e8 yuan / 350 = 1e6 kW = 1,000 MW x 1,600 h = 1.6e6 MWh x 0.3 x 0.5 = 2.4e5 t of coal equivalent,
    # of which a part of 0.3 would not have been saved without the money.
    assert energy.coal_saved(stock, E) == pytest.approx(7.2e4)
    # Of 9e5 t that is 0.08: 1 - 0.4 x (1 - exp(-0.08 / 0.4)) = 1 - 0.4 x 0.18127 = 0.92749.
    assert energy.factor(stock, 9e5, E) == pytest.approx(0.92749, abs=1e-5)


def test_the_factor_keeps_its_floor_and_its_first_tonne_counts_whole():
    assert energy.factor(np.zeros(7), 3e6, E) == 1.0
    assert energy.factor(np.full(7, 1e15), 3e6, E) == pytest.approx(E.floor)
    little = np.full(7, 1e3)
    saved = energy.coal_saved(little, E) / 3e6
    assert 1.0 - energy.factor(little, 3e6, E) == pytest.approx(saved, rel=1e-3)
    assert energy.factor(np.full(7, 1e15), 3e6, E.model_copy(update={"floor": 1.0})) == 1.0


def test_works_against_disasters_by_hand():
    # 400 yuan a resident: cut 0.5 x (1 - exp(-1)) = 0.31606; of chance and of loss sqrt(0.68394) = 0.82701 is left.
    left = np.exp(hazards.loss(400.0 * PEOPLE, PEOPLE, H) / 2.0)
    assert left == pytest.approx(np.full(7, 0.82701), abs=1e-5)
    assert not hazards.loss(np.zeros(7), PEOPLE, H).any()
    assert np.exp(hazards.loss(1e9 * PEOPLE, PEOPLE, H)) == pytest.approx(np.full(7, 1.0 - H.most))


def test_fewer_are_struck_and_they_lose_less_and_no_others():
    state = small_world(20_000)
    spared = np.where(np.arange(7) < 3, 0.5, 1.0)

    def struck(part: np.ndarray) -> health.HealthFlows:
        return health.fall_ill(
            state.persons, state.households, HealthParameters(village_hit=0.5), aid=np.zeros(7),
            purse=np.zeros(7), hospital=np.ones(7), spared=part, exposed=np.ones(7), cpi=1.0, income=12_000.0,
            seed=0, year=2016,
        )  # fmt: skip

    with_it, without = struck(spared), struck(np.ones(7))
    here = state.households.county < 3
    hit = with_it.disaster == 1
    assert 0 < hit[here].sum() < (without.disaster[here] == 1).sum()
    assert (without.disaster[hit] == 1).all()
    assert with_it.harvest_lost[hit & here] == pytest.approx(0.5 * without.harvest_lost[hit & here], rel=1e-6)
    assert with_it.savings_lost[hit & here] == pytest.approx(0.5 * without.savings_lost[hit & here], rel=1e-6)
    for column, other in zip(with_it, without, strict=True):
        if column.size == here.size:
            assert (column[~here] == other[~here]).all()


# --- What the levers do -------------------------------------------------------------------------------


ends = partial(lives.ends, SAMPLE)


@pytest.mark.parametrize("name", OWN)
def test_at_the_top_of_its_range_a_lever_moves_what_its_item_is_for(name):
    """The mean of ten years: one year of a small sample is mostly luck."""
    expected = measures.register()[LEVERS[name].measure].indicators
    for one in expected:
        key = one.area, one.indicator
        pairs = zip(ends(name, LEVERS[name].within[1]), ends(), strict=True)
        change = 100.0 * np.mean([a[key] / b[key] - 1.0 for a, b in pairs])
        print(f"{name}: {one.indicator} {change:+.2f} %, expected {one.sign:+d}, at least {one.smallest} %")
        assert change * one.sign > 0.0


@pytest.mark.parametrize("name", OWN)
def test_at_nought_a_lever_moves_nothing(name):
    last, without = ends(name, 0.0)[-1], ends()[-1]
    assert all(last[key] == without[key] or last[key] != last[key] for key in without)
