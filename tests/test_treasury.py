"""The eight budgets close, money limits wishes, and the start is what was published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tianshui.declare import declared
from tianshui.mechanisms import treasury
from tianshui.mechanisms.treasury import Ask, TreasuryParameters

P = TreasuryParameters()
GDP = np.array([14.38e9, 12.26e9, 2.52e9, 5.33e9, 5.36e9, 4.42e9, 2.09e9])
NOTHING = np.zeros(7)


def year(budgets, asks, p=P, *, when=2016, growth=1.08, envelope=None, minority=NOTHING, sold=None):
    own = treasury.revenue(budgets, GDP * growth, GDP, p)
    return treasury.ration(
        budgets, asks, revenue=own, gdp=GDP, compensation=np.zeros(8), upper_transfers=minority,
        special_bonds=NOTHING, p=p, year=when, envelope=envelope, sold=sold,
    )  # fmt: skip


def lever(name="towns.sewage", money=1e8, paid_by=(0.5, 0.5), group="ecology"):
    return Ask(name, np.append(np.full(7, money), 0.0), paid_by, group)


def test_own_revenue_is_the_published_part_of_spending():
    budgets = treasury.opening(GDP, P)
    assert budgets.spending.sum() == pytest.approx(223.92e8, rel=1e-3)
    assert budgets.revenue.sum() == pytest.approx(36.69e8, rel=1e-3)
    for when in range(2016, 2021):
        grants = year(budgets, [lever("towns.services", 2.5e8, (0.6, 0.4), group) for group in treasury.GROUPS],
                      when=when)  # fmt: skip
        budgets = grants.after
        whole = grants.own_revenue.sum() / budgets.spending.sum()
        six = grants.own_revenue[1:7].sum() / budgets.spending[1:7].sum()
        print(f"{when}: own revenue over spending {whole:.3f}, six counties {six:.3f}, "
              f"spending {budgets.spending.sum() / 1e8:.1f} (100m yuan)")  # fmt: skip
        assert 0.14 < whole < 0.17
        assert 0.08 < six < 0.12


def test_a_yuan_of_growth_and_of_debt():
    budgets = treasury.opening(GDP, P)
    # Growth of 8 %: own revenue grows by 1.08 ** 0.95 = 1.0759.
    own = treasury.revenue(budgets, GDP * 1.08, GDP, P)
    assert own.own / budgets.revenue == pytest.approx(np.full(8, 1.0759), abs=1e-4)
    assert own.tax.sum() == pytest.approx(own.own.sum(), abs=1e-3)
    # Debt 0.35 of GDP; interest 3.5 %; bonds 8.77 (100m yuan).
    grants = year(budgets, [])
    assert grants.interest.sum() == pytest.approx(0.035 * 0.35 * GDP.sum())
    assert grants.bonds.sum() == pytest.approx(8.77e8)
    assert grants.after.debt - budgets.debt == pytest.approx(grants.bonds)


def test_half_an_envelope_grants_half_and_draws_half_of_the_match():
    budgets = treasury.opening(GDP, P)
    # 7 counties ask 1e8 each, half from above: 3.5e8; the envelope holds 1.75e8.
    envelope = dict.fromkeys(treasury.GROUPS, 1.75e8)
    grants = year(budgets, [lever()], envelope=envelope)
    assert grants.share == pytest.approx(np.full((1, 7), 0.5))
    assert grants.lever_spending[:7] == pytest.approx(np.full(7, 0.5e8))


def test_a_county_that_cannot_match_draws_less_from_above():
    budgets = treasury.opening(GDP, P)
    big = lever(money=2e9, paid_by=(0.1, 0.9))
    grants = year(budgets, [big], envelope=dict.fromkeys(treasury.GROUPS, 0.0) | {"ecology": 2e9})
    assert (grants.share < 1.0).all() and (grants.share > 0.0).all()
    # Ask 2e9, share s: own part 0.9 * 2e9 * s is half of the free money; other spending is the other half.
    assert 0.9 * grants.granted[0, :7] == pytest.approx(grants.other_spending[:7])


def test_the_cut_grants_everything():
    big = lever(money=2e9)
    grants = year(treasury.opening(GDP, P), [big], P.model_copy(update={"unlimited_cut": 1.0}))
    assert grants.share == pytest.approx(np.ones((1, 7)))
    assert treasury.balance(grants) == pytest.approx(np.zeros(8), abs=1e-3)


def test_without_limit_a_lever_displaces_nothing():
    """Other spending is what it was with no lever at all: the own part of 0.6 is sent from above too."""
    unlimited = P.model_copy(update={"unlimited_cut": 1.0})
    number = declared(TreasuryParameters)["special_bonds"]._replace(paid_by=(0.4, 0.6))
    asked = treasury.asks({"a": number}, np.full((1, 7), 1e9), unlimited)
    with_it, without = (year(treasury.opening(GDP, P), one, unlimited) for one in (asked, []))
    assert with_it.other_spending == pytest.approx(without.other_spending)
    assert with_it.lever_spending.sum() == pytest.approx(7e9)


def test_earmarked_money_that_nobody_uses_is_carried_not_lost():
    budgets = treasury.opening(GDP, P)
    first = year(budgets, [])
    pool = sum(treasury.envelopes(float(first.after.need.sum()), P).values())
    # 60 % of an envelope was in hand, above tops it up to the whole.
    assert first.after.carried.sum() == pytest.approx(pool)
    assert first.earmarked.sum() == pytest.approx(pool - budgets.carried.sum())
    second = year(first.after, [lever()], when=2017)
    assert second.earmarked.sum() < pool  # above only tops up


def test_the_city_pays_what_the_city_decides():
    province = declared(TreasuryParameters)["special_bonds"]
    levers = {"a": province, "b": province._replace(who="city")}
    own, city = treasury.asks(levers, np.full((2, 7), 1e7), P)
    assert own.money == pytest.approx(np.array([1e7] * 7 + [0.0]))
    assert city.money == pytest.approx(np.array([0.0] * 7 + [7e7]))


def test_quota_sold_is_income_of_its_year_alone():
    sold = np.zeros(7)
    sold[3] = 100.0
    quota = treasury.quota(sold, P)
    # 100 mu x 300,000 = 30 million yuan into Qinan's purse, 100 x 60,000 = 6 million out of it for clearing.
    assert quota.income.tolist() == [0.0, 0.0, 0.0, 3e7, 0.0, 0.0, 0.0, 0.0]
    assert quota.clearing.tolist() == [0.0, 0.0, 0.0, 6e6, 0.0, 0.0, 0.0, 0.0]
    budgets = treasury.opening(GDP, P)
    without, with_it = year(budgets, []), year(budgets, [], sold=quota)
    assert with_it.own_revenue - without.own_revenue == pytest.approx(quota.income)
    assert with_it.after.spending - without.after.spending == pytest.approx(quota.income)
    # Transfers take none of it back, and no later revenue grows from it.
    assert (with_it.general_transfers == without.general_transfers).all()
    assert (with_it.after.revenue == without.after.revenue).all()
    assert with_it.other_spending - without.other_spending == pytest.approx(quota.income - quota.clearing)
    assert np.abs(treasury.balance(with_it)).max() < 1e-9 * GDP.sum()
    cheap = P.model_copy(update={"quota_price": 5e4})
    assert not np.any(treasury.quota(sold, cheap))
    idle = year(budgets, [], sold=treasury.quota(np.zeros(7), P))
    assert all((a == b).all() for a, b in zip(idle.after, without.after, strict=True))


def test_the_debt_limit_stops_bonds():
    tight = P.model_copy(update={"debt_limit": 0.35})
    grants = year(treasury.opening(GDP, tight), [], tight)
    assert grants.bonds.sum() == pytest.approx(0.0, abs=1.0)


@given(
    st.lists(st.floats(0, 5e9), min_size=1, max_size=5),
    st.sampled_from(treasury.GROUPS),
    st.floats(0, 1),
    st.floats(0.7, 1.4),
    st.booleans(),
)
def test_every_budget_closes(money, group, above, growth, unlimited):
    p = P.model_copy(update={"unlimited_cut": float(unlimited)})
    budgets = treasury.opening(GDP, p)
    asks = [lever(str(i), m, (above, 1.0 - above), group) for i, m in enumerate(money)]
    for when in (2016, 2017, 2021):
        grants = year(budgets, asks, p, when=when, growth=growth)
        assert np.abs(treasury.balance(grants)).max() < 1e-9 * GDP.sum()
        assert (grants.granted <= np.array([a.money for a in asks]) + 1e-3).all()
        budgets = grants.after
        for column in budgets:
            assert column.min() >= 0.0


# --- Luck of the books --------------------------------------------------------------------------------


def test_luck_is_one_in_the_mean_with_the_spread_that_is_declared():
    """4,000 years of eight budgets; a factor's mean is 1 and the spread of its log the belief's."""
    years = [treasury.luck(seed, 2020, P) for seed in range(4000)]
    for name, spread in (
        ("collected", P.collected_spread),
        ("drift", P.drift_spread),
        ("arrived", P.arrived_spread),
    ):
        factors = np.array([getattr(one, name) for one in years])
        assert factors.mean() == pytest.approx(1.0, abs=1e-3)
        assert np.log(factors).std() == pytest.approx(spread, rel=0.03)
        # Budgets know nothing of each other.
        assert abs(np.corrcoef(factors.T) - np.eye(8)).max() < 0.06
    assert np.log([one.reform for one in years]).std() == pytest.approx(P.reform_spread, rel=0.05)


def test_a_reform_lasts_what_is_collected_in_a_year_does_not_and_drift_moves_need_between_budgets():
    budgets = treasury.opening(GDP, P)
    lucky = treasury.NO_LUCK._replace(reform=1.1, collected=np.full(8, 1.2), drift=np.linspace(0.9, 1.1, 8))
    usual, other = (treasury.revenue(budgets, GDP, GDP, P, luck) for luck in (treasury.NO_LUCK, lucky))
    assert other.own == pytest.approx(1.32 * usual.own) and other.base == pytest.approx(1.1 * usual.base)
    assert other.tax.sum() == pytest.approx(other.own.sum())
    grants = treasury.ration(
        budgets, [], revenue=other, gdp=GDP, compensation=np.zeros(8), upper_transfers=NOTHING, special_bonds=NOTHING,
        p=P, year=2016, luck=lucky,
    )  # fmt: skip
    assert grants.after.revenue.tobytes() == other.base.tobytes()
    growth = treasury.need_growth(2016, P)
    assert grants.after.need.sum() == pytest.approx(growth * budgets.need.sum())
    gained = grants.after.need / budgets.need
    assert (np.diff(gained) > 0.0).all()


def test_transfers_that_arrive_early_are_spent_and_the_books_close():
    budgets = treasury.opening(GDP, P)
    own = treasury.revenue(budgets, GDP * 1.08, GDP, P)
    plain, early = (
        treasury.ration(
            budgets, [], revenue=own, gdp=GDP, compensation=np.zeros(8), upper_transfers=NOTHING,
            special_bonds=NOTHING, p=P, year=2016, luck=treasury.NO_LUCK._replace(arrived=np.full(8, arrived)),
        )
        for arrived in (1.0, 1.1)
    )  # fmt: skip
    assert early.general_transfers == pytest.approx(1.1 * plain.general_transfers)
    more = early.after.spending - plain.after.spending + early.reserve_change - plain.reserve_change
    assert more == pytest.approx(0.1 * plain.general_transfers)
