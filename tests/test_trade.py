"""Trade and finance: effects saturate, and what the money of each lever does has the sign that its item claims.

The own part of what is paid displaces other spending and its works even without a limit, so that a port and a guarantee
fund at the top of their ranges cost more than they bring. Each lever is therefore held against the same money without
its effect.
"""

from functools import partial

import numpy as np
import pytest

import lives
from tianshui import measures, registry
from tianshui.channels import finance, trade
from tianshui.channels.finance import FinanceParameters
from tianshui.channels.trade import TradeParameters
from tianshui.mechanisms import infrastructure
from tianshui.mechanisms.infrastructure import InfrastructureParameters

P, F = TradeParameters(), FinanceParameters()
LEVERS = registry.levers()
OWN = ("trade.brands", "trade.invitation", "trade.port", "finance.guarantees", "trade.logistics")
SAMPLE = 0.02
PEOPLE = np.full(7, 4e5)


# --- The equations ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("effect", "most"),
    [(trade.demand, P.brand_most), (trade.entry, P.invitation_most), (trade.way_out, P.port_most)],
)
def test_effects_of_trade_saturate(effect, most):
    none, one, two, full = (effect(amount * PEOPLE, PEOPLE, P) for amount in (0.0, 50.0, 100.0, 1e6))
    assert not none.any() and (one > 0.0).all() and (two < 2.0 * one).all()
    assert full == pytest.approx(np.full(7, most))


def test_a_port_in_one_county_serves_all_and_moves_no_people():
    port = np.zeros(7)
    port[1] = 1e9
    gain = trade.way_out(port, PEOPLE, P)
    assert np.unique(gain).size == 1 and gain[0] > 0.0
    p = InfrastructureParameters()
    public = infrastructure.opening(np.full(7, 3e9), np.full(7, 6e9), p)
    with_it = infrastructure.access(public, 2036.0, p, year=2021, way_out=-gain)
    without = infrastructure.access(public, 2036.0, p, year=2021)
    assert (with_it.trade_cost < without.trade_cost).all()
    assert (with_it.distance == without.distance).all()
    idle = infrastructure.access(public, 2036.0, p, year=2021, way_out=np.zeros(7))
    assert (idle.trade_cost == without.trade_cost).all()


def test_yards_save_their_return_and_no_more_than_a_part_of_freight():
    # 10 million of stock save 1.2 a year of 150 million of freight: a part of 0.008.
    freight = np.full(7, 0.15e9)
    assert trade.saved(np.full(7, 1e7), freight, P) == pytest.approx(
        np.full(7, 0.25 * (1 - np.exp(-0.008 / 0.25)))
    )
    assert trade.saved(np.full(7, 1e13), freight, P) == pytest.approx(np.full(7, P.logistics_most))
    none = P.model_copy(update={"logistics_most": 0.0})
    assert not trade.saved(np.full(7, 1e7), freight, none).any()


def test_a_fund_guarantees_a_multiple_and_never_more_than_all_debt():
    debt = np.full(7, 1e9)
    small, all_ = (finance.guaranteed(np.full(7, fund), debt, F) for fund in (1e5, 1e12))
    assert small == pytest.approx(F.leverage * 1e5 / debt, rel=1e-3)
    assert all_ == pytest.approx(np.ones(7)) and (all_ <= 1.0).all()


# --- What the levers do -------------------------------------------------------------------------------


ends = partial(lives.ends, SAMPLE)


@pytest.mark.parametrize("name", OWN)
def test_at_the_top_of_its_range_the_effect_of_a_lever_has_the_sign_of_its_item(name):
    """The mean of ten years, against the same money without the effect; beside it, against no money."""
    expected = measures.register()[LEVERS[name].measure].indicators[0]
    key, top = (expected.area, expected.indicator), LEVERS[name].within[1]
    effect, whole = (
        np.mean([a[key] / b[key] - 1.0 for a, b in zip(ends(name, top), other, strict=True)])
        for other in (ends(name, top, True), ends())
    )
    print(f"{name}: {expected.indicator} {100 * effect:+.2f} %, money and all {100 * whole:+.2f} %")
    assert effect * expected.sign > 0.0
    assert whole * expected.sign > 0.0


@pytest.mark.parametrize("name", [name for name in OWN if not lives.load("no_plan").at(2030)[name].any()])
def test_at_nought_a_lever_moves_nothing(name):
    last, without = ends(name, 0.0)[-1], ends()[-1]
    assert all(last[key] == without[key] or last[key] != last[key] for key in without)
