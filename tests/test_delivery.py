"""Programmes: nothing is lost while it is built, what stalls waits, what is assessed stalls less."""

import numpy as np
import pytest

from tianshui import measures, registry
from tianshui.evidence import table
from tianshui.mechanisms import delivery
from tianshui.mechanisms.delivery import DeliveryParameters, roster
from tianshui.state import Programmes

P = DeliveryParameters()
SURE = P.model_copy(
    update={"overrun": 0.0, **{f"stall_{kind}": 0.0 for kind in delivery.KINDS}},
)
NONE = np.zeros(7)


def on(
    programmes: Programmes, work: dict[str, float], p=SURE, *, seed=0, year=2021, assessment=NONE, decay=None
):
    amounts = {name: np.full(7, work.get(name, 0.0)) for name in roster()}
    return delivery.advance(
        programmes, amounts, decay=decay or {}, assessment=assessment, p=p, seed=seed, year=year
    )


def test_a_programme_carries_out_an_item_that_has_a_channel():
    for row in table("programmes"):
        assert measures.register()[row["item"]].channel_en, row
        assert not row["decay"] or 0.0 <= float(row["decay"]) <= 1.0
    assert [*roster()] == [row["name"] for row in table("programmes")]


@pytest.mark.parametrize("name", roster())
def test_money_becomes_a_stock_after_its_years_and_wears_away(name):
    """On the last 31 December of its years, and from then on what is left of it."""
    one, now = roster()[name], delivery.opening()
    found = []
    for year in range(2021, 2031):
        now = on(now, {name: 1e6} if year == 2021 else {}, year=year)
        found.append(delivery.stock(now, name)[3])
    expected = [0.0] * (one.years - 1) + [1e6 * (1.0 - one.decay) ** k for k in range(11 - one.years)]
    assert found == pytest.approx(expected)
    others = [other for other in roster() if other != name]
    assert not any(delivery.stock(now, other).any() for other in others)


def test_a_mechanism_may_say_how_fast_its_own_wears_away():
    now = on(delivery.opening(), {"talent": 10.0}, decay={"talent": 0.25})
    later = on(now, {}, decay={"talent": 0.25}, year=2022)
    assert delivery.stock(later, "talent") == pytest.approx(np.full(7, 7.5))


def test_stalled_work_waits_and_is_not_lost():
    always = SURE.model_copy(update={"stall_build": 1.0})
    now = delivery.opening()
    for year in range(2021, 2031):
        now = on(now, {"laboratories": 1e6}, always, year=year)
    assert now.stock.sum() == 0.0
    assert now.building.sum() == pytest.approx(7 * 10 * 1e6)


def test_overruns_buy_less():
    dear = on(delivery.opening(), {"research": 1e6}, SURE.model_copy(update={"overrun": P.overrun}))
    made = dear.building.sum(axis=2)[:, [*roster()].index("research")]
    assert (made >= 1e6 / (1 + 2 * P.overrun)).all() and (made <= 1e6).all() and np.unique(made).size == 7


def test_what_the_plan_binds_itself_to_stalls_least_and_assessment_helps():
    order = [getattr(P, f"stall_{kind}") for kind in delivery.KINDS]
    assert order == sorted(order)
    chance = delivery.stalling(P.stall_build, np.array([0.0, 0.5, 1.0]), P)
    assert chance == pytest.approx(P.stall_build * (1.0 - P.assessed * np.array([0.0, 0.5, 1.0])))
    assert chance[0] == P.stall_build
    waiting = []
    for assessment in (0.0, 1.0):
        now = delivery.opening()
        for year in range(2021, 2031):
            now = on(now, dict.fromkeys(roster(), 1e6), P, year=year, assessment=np.full(7, assessment))
        waiting.append(now.building.sum(axis=2))
    # The same draws stall less work, so no county waits for more.
    assert (waiting[1] <= waiting[0] + 1e-6).all() and waiting[1].sum() < waiting[0].sum()


def test_luck_belongs_to_seed_year_and_the_programmes_name():
    many = dict.fromkeys(roster(), 1e6)
    first, again = (on(delivery.opening(), many, P, seed=3) for _ in range(2))
    assert (first.building == again.building).all() and (first.stock == again.stock).all()
    assert (on(delivery.opening(), many, P, seed=4).building != first.building).any()
    alone = on(delivery.opening(), {"research": 1e6}, P, seed=3)
    row = [*roster()].index("research")
    assert (alone.building[:, row] == first.building[:, row]).all()


def test_nothing_granted_builds_nothing():
    now = on(delivery.opening(), {}, P)
    assert not now.stock.any() and not now.building.any()


def test_levers_of_programmes_are_off_at_nought():
    own = [
        name
        for name in registry.levers()
        if name.partition(".")[0] in ("delivery", "innovation", "trade", "finance", "training", "care")
    ]
    assert own and all(registry.levers()[name].value == 0.0 for name in own)
