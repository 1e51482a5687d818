"""Programmes: nothing is lost while it is built, what stalls waits, what is assessed stalls less."""

import numpy as np
import pytest

from tianshui import asks, measures, programmes, registry
from tianshui.asks import Granted
from tianshui.mechanisms import delivery
from tianshui.mechanisms.delivery import DeliveryParameters
from tianshui.plan import load
from tianshui.programmes import roster
from tianshui.settings import Settings
from tianshui.state import Programmes

P = DeliveryParameters()
USUAL = Settings()
LEVERS = registry.levers()


def with_delivery(**changed: float) -> Settings:
    """Settings in which no work stalls or overruns, but what is said."""
    sure = {"overrun": 0.0, **{f"stall_{kind}": 0.0 for kind in delivery.KINDS}}
    return USUAL.model_copy(update={"delivery": P.model_copy(update=sure | changed)})


SURE = with_delivery()


def granted(work: dict[str, float], assessment: float = 0.0) -> Granted:
    """Each programme's lever granted a number of what it counts in every county."""
    rows = {name: row for row, name in enumerate(LEVERS)}
    values = {name: np.zeros(7) for name in LEVERS}
    values["delivery.assessment"] = np.full(7, assessment)
    money = np.zeros((len(rows), 7))
    for name, amount in work.items():
        lever = roster()[name].lever
        values[lever], money[rows[lever]] = np.full(7, amount), np.full(7, amount)
    return Granted(rows, values, money, np.ones((len(rows), 7)))


def on(
    now: Programmes, work: dict[str, float], settings=SURE, *, seed=0, year=2021, assessment=0.0
) -> Programmes:
    return programmes.advance(now, granted(work, assessment), settings, to_2019=1.0, seed=seed, year=year)


def test_a_programme_carries_out_an_item_that_has_a_channel():
    for name, one in roster().items():
        assert measures.register()[one.item].channel_en, name
        assert LEVERS[one.lever].builds == name
    assert len(roster()) == sum(bool(number.builds) for number in LEVERS.values())


@pytest.mark.parametrize("name", roster())
def test_money_becomes_a_stock_after_its_years_and_wears_away(name):
    """On the last 31 December of its years, and from then on what is left of it."""
    one, now = roster()[name], programmes.opening()
    years, left = programmes.years(one, SURE), 1.0 - programmes.fades(one, SURE)
    found = []
    for year in range(2021, 2031):
        now = on(now, {name: 1e6} if year == 2021 else {}, year=year)
        found.append(programmes.stock(now, name)[3])
    expected = [0.0] * (years - 1) + [1e6 * left**k for k in range(11 - years)]
    assert found == pytest.approx(expected)
    others = [other for other in roster() if other != name]
    assert not any(programmes.stock(now, other).any() for other in others)


def test_a_belief_says_how_fast_a_stock_wears_away():
    own = USUAL.innovation.model_copy(update={"talent_fades": 0.25})
    settings = SURE.model_copy(update={"innovation": own})
    later = on(on(programmes.opening(), {"talent": 10.0}, settings), {}, settings, year=2022)
    assert programmes.stock(later, "talent") == pytest.approx(np.full(7, 7.5))


def test_stalled_work_waits_and_is_not_lost():
    always, now = with_delivery(stall_build=1.0), programmes.opening()
    for year in range(2021, 2031):
        now = on(now, {"laboratories": 1e6}, always, year=year)
    assert now.stock.sum() == 0.0
    assert now.building.sum() == pytest.approx(7 * 10 * 1e6)


def test_overruns_buy_less_but_where_the_price_is_what_works_came_to():
    dear, work = with_delivery(overrun=P.overrun), {"research": 1e6, "terraces": 1e6}
    now = on(programmes.opening(), work, dear)
    made = now.building.sum(axis=2) + now.stock
    rows = [*roster()]
    research, terraces = made[:, rows.index("research")], made[:, rows.index("terraces")]
    assert (research >= 1e6 / (1 + 2 * P.overrun)).all() and (research <= 1e6).all()
    assert np.unique(research).size == 7 and (terraces == 1e6).all()


def test_what_the_plan_binds_itself_to_stalls_least_and_assessment_helps():
    order = [getattr(P, f"stall_{kind}") for kind in delivery.KINDS]
    assert order == sorted(order)
    chance = delivery.stalling(P.stall_build, np.array([0.0, 0.5, 1.0]), P)
    assert chance == pytest.approx(P.stall_build * (1.0 - P.assessed * np.array([0.0, 0.5, 1.0])))
    assert chance[0] == P.stall_build
    waiting = []
    for assessment in (0.0, 1.0):
        now = programmes.opening()
        for year in range(2021, 2031):
            now = on(now, dict.fromkeys(roster(), 1e6), USUAL, year=year, assessment=assessment)
        waiting.append(now.building.sum(axis=2))
    # The same draws stall less work, so no county waits for more.
    assert (waiting[1] <= waiting[0] + 1e-6).all() and waiting[1].sum() < waiting[0].sum()


def test_luck_belongs_to_seed_year_and_the_programmes_name():
    many = dict.fromkeys(roster(), 1e6)
    first, again = (on(programmes.opening(), many, USUAL, seed=3) for _ in range(2))
    assert (first.building == again.building).all() and (first.stock == again.stock).all()
    assert (on(programmes.opening(), many, USUAL, seed=4).building != first.building).any()
    alone = on(programmes.opening(), {"research": 1e6}, USUAL, seed=3)
    row = [*roster()].index("research")
    assert (alone.building[:, row] == first.building[:, row]).all()


def test_nothing_granted_builds_nothing():
    now = on(programmes.opening(), {}, USUAL)
    assert not now.stock.any() and not now.building.any()


def test_what_is_taken_up_is_gone_and_no_more_than_there_was():
    now = on(programmes.opening(), {"relocation": 10.0})
    left = programmes.taken(now, "relocation", np.array([0.0, 4.0, 10.0, 11.0, 0.0, 0.0, 0.0]))
    assert programmes.stock(left, "relocation") == pytest.approx([10.0, 6.0, 0.0, 0.0, 10.0, 10.0, 10.0])
    assert programmes.stock(now, "relocation") == pytest.approx(np.full(7, 10.0))


def test_levers_that_build_are_off_at_nought():
    assert all(LEVERS[one.lever].value == 0.0 for one in roster().values())


def test_a_muted_lever_is_paid_and_does_nothing():
    plan = load("plan")
    muted = plan.mute(["trade.port"])
    assert muted.muted_in(2020) == frozenset() and muted.muted_in(2021) == {"trade.port"}
    assert muted.resolved() != plan.resolved() and muted.resolved(2020) == plan.resolved(2020)
    money = granted({"port": 1e6})._replace(muted=muted.muted_in(2021))
    assert not money.yuan("trade.port").any() and not money.units("trade.port").any()
    assert money.paid("trade.port") == pytest.approx(np.full(7, 1e6))
    for name in ("relief.allowance", "delivery.assessment"):
        with pytest.raises(ValueError, match="buys nothing"):
            plan.mute([name])


def test_each_lever_that_costs_says_what_its_money_becomes():
    """A rule that costs nothing buys nothing, and public income is no spending."""
    for name, number in LEVERS.items():
        if number.cost is not None and name not in asks.NOT_SPENDING:
            assert number.buys != "nothing", name


def test_what_is_assessed_draws_effort_from_what_is_not():
    # At half assessment, a tenth of the effort in full: 1 - 0.1 * 0.5.
    left = delivery.attention(np.array([0.0, 0.5, 1.0]), P)
    assert left == pytest.approx([1.0, 1.0 - 0.5 * P.diverted, 1.0 - P.diverted])


def test_what_is_sought_from_above_is_had_in_some_years_and_wholly():
    """The plan's word for S11 is to seek: over a thousand county years a third is lost; for M37 it is steady, a tenth."""
    asked = {name: np.full(7, 100.0) for name in programmes.SOUGHT}
    had = {name: [] for name in asked}
    for year in range(150):
        for name, values in programmes.won(asked, USUAL, seed=0, year=year).items():
            assert set(values) <= {0.0, 100.0}
            had[name].extend(values)
    lost = {name: 1.0 - np.mean(values) / 100.0 for name, values in had.items()}
    assert lost["treasury.upper_transfers"] == pytest.approx(P.stall_seek, abs=0.05)
    assert lost["treasury.minority_funds"] == pytest.approx(P.stall_build, abs=0.04)
    sure = programmes.won(asked, with_delivery(), seed=0, year=1)
    assert all((values == 100.0).all() for values in sure.values())


def test_public_capital_stalls_by_the_word_of_its_item():
    firm, build = programmes.stalls(
        ["infrastructure.schools", "infrastructure.transport"], granted({}), USUAL
    ).T
    assert firm == pytest.approx(np.full(7, P.stall_binding)) and build == pytest.approx(
        np.full(7, P.stall_build)
    )


def test_works_that_are_used_once_were_under_way_at_the_start_and_what_lasts_was_not():
    """Sewers take two years: in 2016 as much opens as is begun; laboratories open in their second year."""
    now = on(programmes.opening(), {"sewage": 5.0, "laboratories": 5.0}, year=2016)
    assert programmes.stock(now, "sewage") == pytest.approx(np.full(7, 5.0))
    assert not programmes.stock(now, "laboratories").any()
    later = on(now, {}, year=2017)
    assert programmes.stock(later, "sewage") == pytest.approx(np.full(7, 5.0))
    assert not programmes.stock(on(later, {}, year=2018), "sewage").any()
