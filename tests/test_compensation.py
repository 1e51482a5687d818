"""Payments for nature: classes, index, award, forest, carbon; and works that answer a tonne's price."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tianshui.declare import declared
from tianshui.mechanisms import compensation
from tianshui.mechanisms.compensation import CompensationParameters

P = CompensationParameters()
SEVEN = 7
MAIJI, QINAN = 1, 3
NONE = np.zeros(SEVEN)
CLASSES = np.array([3, 3, 2, 4, 3, 2, 3])
WATER = np.array([[20.0, 1.0], [16.0, 0.8], [12.0, 0.4], [24.0, 1.2], [20.0, 1.0], [12.0, 0.4], [18.0, 0.9]])
FOREST = np.full((SEVEN, 61), 10000)
ARRIVING = np.array([0.8, 1.0, 0.8, 0.8, 0.8, 0.6, 0.6])
LOAD = np.array([3000.0, 20000, 3500, 8000, 9000, 8500, 2500])


def pay(
    p=P, *, horizontal=0.0, award=0.0, forest=NONE, sink=0.0, uptake=NONE, year=2025, share=1.0, water=WATER
):
    return compensation.pay(
        CLASSES, water, FOREST, uptake, horizontal=horizontal, award=award, forest_granted=forest,
        certified=np.full(SEVEN, sink), p=p, year=year, share=share,
    )  # fmt: skip


def test_levers_are_off_at_zero_and_rules_cost_nothing_by_themselves():
    for number in declared(CompensationParameters).values():
        if number.kind == "lever":
            assert number.value == 0.0 and number.cost is None and all(number.names)


def test_nothing_is_paid_when_every_lever_is_off():
    paid = pay(uptake=np.full(SEVEN, 1e6))
    for column in paid:
        assert column.tobytes() == np.zeros_like(column).tobytes()
    quiet = compensation.abatement(WATER, LOAD, horizontal=0.0, levy=0.0, arriving=ARRIVING, cpi=1.0, p=P)
    assert quiet.tobytes() == NONE.tobytes()


def test_ten_thousand_hectares_of_young_forest_earn_little():
    # 10,000 ha at 5 tCO2 a hectare and 35 yuan: 1.75 million yuan a year, if all of it counts.
    all_counts = CompensationParameters(additional=1.0)
    carbon = 10_000 * 5.0 * 12.0 / 44.0
    assert compensation.carbon_credit(np.array([carbon]), 1.0, all_counts) == pytest.approx([1.75e6])
    # Half of young stands are additional: 0.875 million.
    assert compensation.carbon_credit(np.array([carbon]), 1.0, P) == pytest.approx([0.875e6])


def test_no_credit_is_issued_while_credits_are_frozen():
    uptake = np.full(SEVEN, 1000.0)
    assert (pay(sink=1.0, uptake=uptake, year=2023).carbon == 0.0).all()
    open_again = pay(sink=0.5, uptake=uptake, year=2024)
    assert open_again.carbon == pytest.approx(np.full(SEVEN, 35 * 44 / 12 * 0.5 * 0.5 * 1000))
    assert open_again.budget[:7] == pytest.approx(open_again.carbon) and open_again.budget[7] == 0.0


def test_payment_by_class_and_index_by_hand():
    paid = pay(horizontal=70e6)
    # Half of 70m over seven sections: 5m a class for each county, 35m for the city by Maiji's section.
    # Qinzhou stands exactly at the limits of class III: index 1, step 0.
    assert paid.horizontal[0] == pytest.approx(0.0, abs=1e-6)
    # Maiji, class III: index (0.8 + 0.8) / 2 = 0.8, 20 % better: 0.0167 * 20 = 0.334 of a class.
    assert paid.horizontal[MAIJI] == pytest.approx(5e6 * 0.334)
    assert paid.horizontal[7] == pytest.approx(35e6 * 0.334)
    # Qin'an, class IV: one class worse, index 1.2: -1 - 0.334.
    assert paid.horizontal[QINAN] == pytest.approx(-5e6 * 1.334)
    # Qingshui, class II: index (0.6 + 0.4) / 2 = 0.5 would give 0.835, the cap is 0.67.
    assert paid.horizontal[2] == pytest.approx(5e6 * 1.67)


def test_the_award_goes_to_sections_at_the_standard():
    paid = pay(award=610000.0)
    assert paid.award[QINAN] == 0.0
    assert (np.delete(paid.award, QINAN) == 610000.0).all()


def test_the_loop_of_payments_can_be_cut():
    paid = pay(CompensationParameters(class_cut=1.0), horizontal=60e6, award=1e6)
    assert (paid.budget == 0.0).all()


def test_forest_payment_reaches_households_and_upkeep_without_loss():
    rate = 16.0
    asked = compensation.forest_ask(FOREST, rate, P)
    # 61 * 10,000 cells = 61,000 mu, 0.3 of it collective public-welfare forest: 18,300 mu.
    assert asked == pytest.approx(np.full(SEVEN, 18300 * 16.0))
    paid = pay(forest=0.5 * asked)
    assert paid.forest_rate == pytest.approx(np.full(SEVEN, 8.0))
    assert paid.forest_households + paid.forest_upkeep == pytest.approx(0.5 * asked)
    assert paid.forest_households == pytest.approx(0.8 * 0.5 * asked)
    assert (paid.budget == 0.0).all()  # it passes through the treasury, not through compensation


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 1)), min_size=1, max_size=60))
def test_each_countys_money_is_shared_among_its_farm_households(rows):
    county = np.array([row[0] for row in rows], np.uint8)
    farm = np.array([row[1] for row in rows], np.uint8)
    money = np.arange(1.0, 8.0) * 1000.0
    each = compensation.to_households(money, county, farm)
    holders = np.bincount(county, farm, SEVEN) > 0
    assert np.bincount(county, each, SEVEN) == pytest.approx(np.where(holders, money, 0.0))
    assert (each[farm == 0] == 0.0).all()


@given(st.floats(0.001, 1.0), st.floats(0.0, 2e8), st.floats(0.0, 1e7))
def test_a_small_world_pays_its_share(share, horizontal, award):
    small, large = (
        pay(horizontal=horizontal, award=award, share=share),
        pay(horizontal=horizontal, award=award),
    )
    assert small.budget == pytest.approx(share * large.budget, rel=1e-12, abs=1e-9)
    a, b = (
        compensation.worth_of_a_tonne(
            WATER, size * LOAD, horizontal=horizontal, arriving=ARRIVING, p=P, share=size
        )
        for size in (share, 1.0)
    )
    assert a == pytest.approx(b)


def test_worth_of_a_tonne_is_the_slope_of_the_payment():
    foreseen = CompensationParameters(index_spread=0.0)
    worth = compensation.worth_of_a_tonne(WATER, LOAD, horizontal=70e6, arriving=NONE, p=foreseen)
    less = WATER.copy()
    less[:, 0] *= 1.0 - 10.0 / LOAD  # ten tonnes less of COD
    gain = pay(horizontal=70e6, water=less).horizontal[:7] - pay(horizontal=70e6).horizontal[:7]
    assert worth == pytest.approx(gain / 10.0, rel=1e-6, abs=1e-9)
    # Qinzhou by hand: 5m * 0.0167 * 100 * (20 / 20) / 2 / 3,000 = 1,391.7 yuan a tonne.
    assert worth[0] == pytest.approx(1391.67, rel=1e-4)
    assert worth[2] == 0.0  # at the cap a cleaner Qingshui gains nothing


def test_the_city_has_works_treat_by_what_arrives_at_the_last_section():
    """Of 70 million a class the city has half: 35m * 0.0167 * 100 * (16 / 20) / 2 / 20,000 = 1,169 yuan for a tonne in Maiji."""
    foreseen = CompensationParameters(index_spread=0.0)
    both, county = (
        compensation.worth_of_a_tonne(WATER, LOAD, horizontal=70e6, arriving=part, p=foreseen)
        for part in (ARRIVING, NONE)
    )
    assert both - county == pytest.approx(1169.0 * ARRIVING)


def test_governments_reckon_with_the_next_class_where_cod_keeps_a_section_from_it():
    """At its limit a section gains 1 / (0.15 * sqrt(2 pi)) = 2.66 classes a log point of COD, from that limit alone; with
    ammonia over its own, nothing. The mean class over lucky and unlucky years has this slope.
    """
    assert compensation._next_class(20.0, 0.1, P.values) == pytest.approx(
        2.66 * (1 + 0.158 + 0.026), rel=0.01
    )
    assert compensation._next_class(20.0, 1.2, P.values) < 0.5
    luck = np.random.default_rng(0).normal(0.0, P.index_spread, 400_000)

    def mean(cod: float) -> float:
        return float((cod * np.exp(luck)[:, None] > compensation.CLASSES[:, 0]).sum(axis=1).mean())

    slope = (mean(18.0 * 1.02) - mean(18.0 / 1.02)) / np.log(1.02**2)
    assert compensation._next_class(18.0, 0.1, P.values) == pytest.approx(slope, rel=0.05)


def test_works_reckon_with_years_that_nobody_foresees():
    """What a tonne is expected to bring: the mean slope over years whose index is spread; it has no cliff at the cap."""
    luck = np.random.default_rng(0).normal(0.0, P.index_spread, 40_000)
    for index in (1.0, 0.7, 0.6, 0.5):
        steps = P.index_step * 100.0 * (1.0 - index)
        inside = np.abs(P.index_step * 100.0 * (1.0 - index - luck)) < P.index_cap
        assert compensation.within_cap(np.array([steps]), P) == pytest.approx(inside.mean(), abs=0.01)
    steps = np.linspace(-2.0, 2.0, 401)
    chance = compensation.within_cap(steps, P)
    assert np.abs(np.diff(chance)).max() < 0.02 and chance[200] > 0.99 and chance[0] < 0.01
    assert compensation.within_cap(np.array([P.index_cap]), P) == pytest.approx(0.5, abs=0.001)


def test_works_abate_until_the_next_tonne_costs_what_it_brings():
    # A levy of 2,000 yuan against a scale of 6,000: 1 - exp(-1/3) = 0.2835; its marginal cost is the levy.
    abated = compensation.abatement(WATER, LOAD, horizontal=0.0, levy=2000.0, arriving=ARRIVING, cpi=1.0, p=P)
    assert abated == pytest.approx(np.full(SEVEN, 1 - np.exp(-1 / 3)))
    assert -6000.0 * np.log(1 - abated) == pytest.approx(np.full(SEVEN, 2000.0))


@given(st.floats(0.0, 2e8), st.floats(0.0, 2e4), st.floats(0.5, 2.0))
def test_abatement_rises_with_every_incentive_and_never_takes_all(horizontal, levy, cpi):
    def part(rate: float, charge: float) -> np.ndarray:
        return compensation.abatement(
            WATER, LOAD, horizontal=rate, levy=charge, arriving=ARRIVING, cpi=cpi, p=P
        )

    here = part(horizontal, levy)
    assert (here >= 0.0).all() and (here < 1.0).all()
    assert (part(horizontal + 1e6, levy) >= here).all()
    assert (part(horizontal, levy + 100.0) > here).all()
    deaf = CompensationParameters(penalty_cut=1.0)
    assert (
        compensation.abatement(
            WATER, LOAD, horizontal=horizontal, levy=levy, arriving=ARRIVING, cpi=cpi, p=deaf
        )
        == 0.0
    ).all()


def test_abating_costs_the_sum_of_its_marginal_cost():
    """A part of 0.5 of 100 t at 6,000 yuan a tonne: 600,000 x (0.5 + 0.5 ln 0.5) = 600,000 x 0.15343 = 92,056 yuan."""
    paid = compensation.abating(np.full(7, 0.5), np.full(7, 100.0), cpi=1.0, p=P)
    assert paid == pytest.approx(np.full(7, 92_056.0), rel=1e-4)
    # All of it costs the whole scale.
    assert compensation.abating(np.ones(7), np.full(7, 100.0), cpi=1.0, p=P) == pytest.approx(
        np.full(7, 600_000.0)
    )
    assert not compensation.abating(np.zeros(7), np.full(7, 100.0), cpi=1.0, p=P).any()
    steps = np.linspace(0.0, 0.5, 100_001)
    summed = np.trapezoid(-P.abate_cost * np.log1p(-steps), steps) * 100.0
    assert paid[0] == pytest.approx(summed, rel=1e-6)
