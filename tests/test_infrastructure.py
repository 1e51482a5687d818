"""Public capital: nothing is lost while it is built, dates open what they open, and loop R4 can be cut."""

import numpy as np
import pytest

from tianshui.mechanisms import infrastructure
from tianshui.mechanisms.infrastructure import InfrastructureParameters
from tianshui.state import KINDS, TRANSPORT

P = InfrastructureParameters()
GDP = np.array([14.4e9, 12.3e9, 2.5e9, 5.3e9, 5.4e9, 4.4e9, 2.1e9])
SPENDING = np.array([6.2e9, 4.8e9, 1.9e9, 2.7e9, 2.7e9, 2.1e9, 2.0e9])


def begin(p=P):
    return infrastructure.opening(SPENDING, GDP, p)


def on(public, money, p=P, *, seed=0, year=2016, stall=0.1):
    stalls = np.full((7, 5), stall)
    return infrastructure.advance(public, money, deflator=1.0, stall=stalls, p=p, seed=seed, year=year)


def test_the_start():
    public = begin()
    # 0.8 of 46.4 bn; the five kinds share it.
    assert public.stock.sum() == pytest.approx(0.8 * GDP.sum())
    assert infrastructure.shares(P).sum() == pytest.approx(1.0)
    assert infrastructure.productive_ratio(public, P) == pytest.approx(np.ones(7))


def test_a_road_opens_in_its_fourth_year():
    p = P.model_copy(update={"overrun": 0.0, "delta_G": 0.0, "efficiency": 1.0})
    public = begin(p)
    money = np.zeros((7, 5))
    money[2, TRANSPORT] = 1e8
    for year in range(2016, 2020):
        assert public.stock == pytest.approx(public.start)
        public = on(public, money if year == 2016 else 0.0 * money, p, year=year, stall=0.0)
    assert public.stock[2, TRANSPORT] - public.start[2, TRANSPORT] == pytest.approx(1e8)


def test_stalled_works_wait_and_are_not_lost():
    always = P.model_copy(update={"overrun": 0.0, "delta_G": 0.0, "efficiency": 1.0})
    public = begin(always)._replace(building=np.full((7, 5, 6), 1e6))
    before = public.stock.sum() + public.building.sum()
    for year in range(2016, 2026):
        public = on(public, np.full((7, 5), 2e6), always, year=year, stall=0.8)
    assert public.stock.sum() + public.building.sum() == pytest.approx(before + 10 * 35 * 2e6)


def test_overruns_buy_less():
    public = on(begin(), np.full((7, 5), 1e8))
    clean = on(begin(), np.full((7, 5), 1e8), P.model_copy(update={"overrun": 0.0}))
    total = [(x.stock + x.building.sum(axis=2)).sum() for x in (public, clean)]
    # Work bought lies between 1 / 1.3 and 1 of what the money would buy.
    gain = total[0] - total[1]
    assert -7 * 5 * 0.75e8 * (1 - 1 / 1.3) < gain < 0


def test_dates():
    public = begin()
    early, late = (infrastructure.access(public, 2027, P, year=y) for y in (2023, 2024))
    assert (late.distance < early.distance).nonzero()[0].tolist() == [2, 6]
    railway = infrastructure.access(public, 2027, P, year=2027)
    assert (railway.distance < late.distance).nonzero()[0].tolist() == [0, 1]
    never = infrastructure.access(public, 2036, P, year=2036)
    assert never.distance == pytest.approx(late.distance)


def test_the_cut_holds_the_effect_not_the_works():
    cut = P.model_copy(update={"freeze_cut": 1.0})
    public = on(begin(), infrastructure.base(SPENDING, P), cut)
    assert public.ratio == pytest.approx(np.ones(7))
    assert (on(begin(), infrastructure.base(SPENDING, P)).ratio != 1.0).any()


def test_luck_belongs_to_seed_and_year():
    money = np.full((7, len(KINDS)), 1e8)
    same = [on(begin(), money, seed=3).stock for _ in range(2)]
    assert (same[0] == same[1]).all()
    assert (on(begin(), money, seed=4).stock != same[0]).any()
