"""Rent money, unsafe homes repaired, loans to start a business: each by hand, and what it moves at its top."""

from functools import partial

import numpy as np
import pytest

import lives
from tianshui import reasons, registry
from tianshui.channels import finance
from tianshui.channels.finance import STARTED, FinanceParameters
from tianshui.mechanisms import health, moving, relief
from tianshui.mechanisms.health import HealthParameters
from tianshui.mechanisms.moving import MovingParameters
from tianshui.mechanisms.relief import ReliefParameters
from tianshui.population import home_members
from tianshui.run import Years

F, H, M, R = FinanceParameters(), HealthParameters(), MovingParameters(), ReliefParameters()
PEOPLE = np.full(7, 4e5)
SAMPLE = 0.02
LEVERS = registry.levers()

# --- Start-up loans -----------------------------------------------------------------------------------


def test_loans_found_a_tenth_of_an_enterprise_each_so_far_as_there_are_takers():
    """400,000 residents, 800 would borrow; 400 places: 800 * (1 - exp(-0.5)) = 314.8 taken, 31.5 enterprises."""
    jobs = np.ones((7, 10), np.int64)
    jobs[:, 0] = 1000
    made = finance.founded(np.full(7, 400.0), PEOPLE, jobs, F)
    assert made.sum(axis=1) == pytest.approx(np.full(7, 0.1 * 800 * (1 - np.exp(-0.5))))
    assert not made[:, ~STARTED].any() and made[:, STARTED] == pytest.approx(
        np.repeat(made.sum(axis=1)[:, None] / STARTED.sum(), STARTED.sum(), axis=1)
    )
    assert finance.founded(np.full(7, 1e9), PEOPLE, jobs, F).sum(axis=1) == pytest.approx(np.full(7, 80.0))
    assert not finance.founded(np.zeros(7), PEOPLE, jobs, F).any()


# --- Unsafe homes -------------------------------------------------------------------------------------


def test_repaired_homes_lower_the_chance_to_be_hit_until_none_is_unsafe():
    """200,000 villagers have 2,000 unsafe homes, 4 % of all, hit three times as often: 1.08 of a sound home's chance.

    With half of them repaired 1.04 / 1.08, with all 1 / 1.08 and never less.
    """
    villagers = np.full(7, 2e5)
    none, half, all_, more = (relief.exposed(np.full(7, n), villagers, R) for n in (0.0, 1e3, 2e3, 9e9))
    assert (none == 1.0).all() and half == pytest.approx(np.full(7, 1.04 / 1.08))
    assert all_ == pytest.approx(np.full(7, 1.0 / 1.08)) and (more == all_).all()
    assert health.house_chance(1.0, H.values) == H.house_hit
    assert health.house_chance(0.5, H.values) == pytest.approx(0.25)


# --- Rent money ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def state():
    return lives.stored("plan", SAMPLE, 2024)


def test_who_rents_in_town_draws_rent_money_while_new_there_or_on_the_allowance(state):
    homes, year = state.households, 2025
    _, at_home = home_members(state.persons, homes)
    price = state.towns.price
    drawn, counts = moving.tenants(homes, at_home, price, 3.0, M, year=year)
    new = (homes.town_since > 0) & (year - homes.town_since <= 3)
    dear = price[homes.county] > 6.0 * np.maximum(homes.permanent, moving.LEAST_INCOME)
    expected = (homes.in_town == 1) & (at_home > 0) & dear & (new | (homes.allowance == 1))
    assert 0 < expected.sum() and (drawn == expected).all()
    assert counts == pytest.approx(np.bincount(homes.county[expected], minlength=7))
    assert not moving.tenants(homes, at_home, np.ones(7), 3.0, M, year=year)[0].any()


def test_town_pay_pulls_by_place_and_dear_homes_hold_the_poor(state):
    """Pay twice what villages live on pulls rich and poor alike; 3,000 yuan of rent money is a fifth to who has 15,000."""
    assert moving.pull_of(40000.0, 20000.0, 3000.0, 15000.0) == pytest.approx(2.0 + 0.2)
    homes = state.households
    c = int(np.bincount(homes.county).argmax())
    rows = (homes.county == c) & (homes.farm_hukou == 1) & (homes.in_town == 0) & (homes.permanent > 0.0)
    assert moving.lived_on(homes)[c] == pytest.approx(homes.permanent[rows].mean())
    poor, rich = (
        moving.town_chance(0.0, moving.pull_of(4e4, 2e4, 0.0, income), 3e5 / income, 1.0, 0.0, 0.0, M.values)
        for income in (1e4, 4e4)
    )
    assert poor < rich


def test_rent_money_counts_like_pay_for_whom_a_home_is_dear():
    """40,000 yuan of pay and 4,000 of rent against 40,000 of income: log odds rise by 0.6 * ln(1.1) = 0.057."""
    odds = [
        np.log(chance / (1 - chance))
        for chance in (moving.town_chance(0.0, pay, 8.0, 1.0, 0.0, 0.0, M.values) for pay in (1.0, 1.1))
    ]
    assert odds[1] - odds[0] == pytest.approx(0.6 * np.log(1.1))
    assert moving.rents(4e5, 4e4, M.values) and not moving.rents(2e5, 4e4, M.values)


def test_rent_money_granted_is_what_households_are_paid():
    """Two worlds alike until the first payment: households' payments differ by the grant, no home by more."""
    with_it, without = (Years(plan, sample=SAMPLE, seed=1) for plan in (
        lives.course(lives.load("plan"), "towns.rent_subsidy", {2021: value}) for value in (6000.0, 0.0)
    ))  # fmt: skip
    for world in (with_it, without):
        while world.state.year < 2021:
            world.step()
    levers = with_it.plan.levers
    more = with_it.last.accounts.granted.sum(axis=1) - without.last.accounts.granted.sum(axis=1)
    granted = dict(zip(levers, more, strict=True))
    paid = with_it.last.money.payments - without.last.money.payments
    # Own parts are rationed together: a grant to start a farm business may find its money gone.
    beside = granted["services.grant"]
    assert granted["towns.rent_subsidy"] > 0.0 and abs(beside) < 0.01 * granted["towns.rent_subsidy"]
    assert paid.sum() == pytest.approx(granted["towns.rent_subsidy"] + beside)
    assert paid.max() <= 6000.0 * (1 + 1e-9)


def test_what_is_told_of_moves_and_disasters_is_what_decided_where_rent_is_paid_and_homes_are_repaired():
    """A second reckoning that differs from the run raises."""
    plan = lives.unlimited("towns.rent_subsidy", 7200.0)
    plan = lives.course(plan, "relief.house_repair", {2021: 1000.0})
    world, found = Years(plan, sample=SAMPLE / 2, until=2025), []

    def watch(*met):
        numbers = met[0].households.number
        for number in numbers[:: max(numbers.size // 400, 1)]:
            found.extend(reasons.explain(int(number), world.settings, 0, world.state.year + 1, *met))

    while world.state.year < 2025:
        world.step(watch if world.state.year >= 2023 else None)
    assert sum(event.rule == "moving.town_chance" for event in found) > 100
    assert any(event.rule == "health.house_hit" for event in found)


# --- What they do -------------------------------------------------------------------------------------

ends = partial(lives.ends, SAMPLE)
MOVES = {
    "towns.rent_subsidy": ("urban_share", 1),
    "relief.house_repair": ("at_risk_persons", -1),
    "finance.startup_loans": ("enterprises", 1),
}


@pytest.mark.parametrize("name", MOVES)
def test_at_the_top_of_its_range_an_instrument_moves_what_it_is_for(name):
    indicator, sign = MOVES[name]
    key = "tianshui", indicator
    top = ends(name, LEVERS[name].within[1])
    change = np.mean([a[key] / b[key] - 1.0 for a, b in zip(top, ends(), strict=True)])
    print(f"{name}: {indicator} {100 * change:+.3f} %")
    assert change * sign > 0.0


@pytest.mark.parametrize("name", MOVES)
def test_at_nought_an_instrument_moves_nothing(name):
    last, without = ends(name, 0.0)[-1], ends()[-1]
    assert all(last[key] == without[key] or last[key] != last[key] for key in without)
