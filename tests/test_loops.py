"""Loop cuts: every loop has one, the whole and the cut world share their past, and a cut does what its loop did."""

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from lives import course, stored
from tianshui import cli, registry
from tianshui.experiments import loops
from tianshui.experiments.pool import Task
from tianshui.mechanisms import conversion, ecology
from tianshui.plan import PLAN_YEAR, load
from tianshui.run import simulate_together
from tianshui.settings import Settings
from tianshui.year import live


def test_every_declared_cut_has_a_line_and_the_whole_has_none():
    made = loops.lines(load("plan"))
    assert list(made) == [loops.WHOLE, *registry.loops()]
    assert set(registry.loops()) == set(registry.cuts())
    assert not made[loops.WHOLE].cuts
    assert all(made[name].cuts == {name: 1.0} for name in registry.cuts())


def test_every_loop_has_a_cut():
    assert set(registry.loops().values()) == {f"R{one}" for one in range(1, 8)} | {
        f"B{one}" for one in range(1, 11)
    }


def test_differences_are_taken_pair_by_pair(monkeypatch):
    """Two pairs in which a cut adds 1 and 3 to levels of 10 and 20: middle 2, from 1 to 3, of a whole of 15."""
    name = next(iter(registry.loops()))

    def lived(tasks, deliver, **_):
        for task in tasks:
            assert isinstance(task, Task)
            cut = task.id.rpartition(":")[0].rpartition(":")[0] == name
            deliver(task, (10.0 * (1 + task.seed), (1.0, 3.0)[task.seed] * cut))
        return []

    monkeypatch.setattr(loops, "run_all", lived)
    monkeypatch.setattr(loops, "_read", lambda made, year, indicators: dict.fromkeys(indicators, sum(made)))
    rows = loops.cut_all(pairs=[(0, 0), (1, 1)], indicators=["gdp_real"])
    assert [(row.cut, row.loop) for row in rows] == list(registry.loops().items())
    first, *rest = rows
    assert (first.whole, first.middle, first.low, first.high, first.pairs) == (15.0, 2.0, 1.0, 3.0, 2)
    assert all((row.middle, row.low, row.high) == (0.0, 0.0, 0.0) for row in rest)


def test_a_world_that_cannot_be_lived_is_told(monkeypatch):
    def none(tasks, deliver, **_):
        from tianshui.experiments.pool import Failure

        return [Failure(tasks[0], "lost", "")]

    monkeypatch.setattr(loops, "run_all", none)
    with pytest.raises(RuntimeError, match="lost"):
        loops.cut_all(pairs=[(0, 0)])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_tells_each_loop(monkeypatch, lang):
    name, number = next(iter(registry.cuts().items()))
    row = loops.Cut(name, "R2", "gdp_real", 2035, 1.5e11, -2e9, -3e9, 1e9, 8)
    monkeypatch.setattr(loops, "cut_all", lambda **_: [row])
    done = CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, ["loops", "--lang", lang])
    assert done.exit_code == 0, done.output
    assert f"R2 {number.names[lang == 'zh']}" in done.output and "-20.00" in done.output.replace(
        "\N{MINUS SIGN}", "-"
    )
    told = json.loads(CliRunner().invoke(cli.app, ["loops", "--json", "-q"]).stdout)
    assert told["cuts"][0]["middle"] == -2e9


NEW = (
    "budgets.asset_cut", "schooling.income_cut", "services.service_cut", "demography.age_cut", "conversion.floor_cut",
)  # fmt: skip
"""Cuts that hold what a state remembers."""


def short_of_land():
    """The plan with so large a quota, all of it granted, that cropland comes down to its floor."""
    much = course(load("plan"), "conversion.quota", {2021: 6e4})
    return replace(much, cuts={"treasury.unlimited_cut": 1.0})


@pytest.mark.parametrize("name", NEW)
def test_a_cut_leaves_the_past_and_changes_what_comes(name):
    whole = short_of_land()
    cut = replace(whole, cuts={**whole.cuts, name: 1.0})
    made = dict(simulate_together([whole, cut], sample=0.002, until=2023))
    before, after = ((made[place].table["year"] < PLAN_YEAR) for place in (0, 1))
    for column in ("year", "area", "indicator"):
        assert np.array_equal(made[0].table[column][before], made[1].table[column][after])
    assert made[0].table["value"][before].tobytes() == made[1].table["value"][after].tobytes()
    assert made[0].table["value"].tobytes() != made[1].table["value"].tobytes()


def lived_with(name, years=3):
    """States after years in which one loop is cut, from that of 2020."""
    numbers = replace(load("plan"), cuts={name: 1.0})
    found = [stored("plan", 0.002, PLAN_YEAR - 1)]
    for _ in range(years):
        settings = numbers.settings_at(Settings(), found[-1].year + 1)
        found.append(live(found[-1], numbers, settings, seed=0, share=0.002).state)
    return found


def test_without_a_cut_nothing_is_held_but_the_cropland_of_2020():
    state = stored("plan", 0.002, PLAN_YEAR)
    cropland = ecology.cultivated(
        ecology.land(stored("plan", 0.002, PLAN_YEAR - 1).households, PLAN_YEAR - 1)
    )
    assert np.array_equal(state.held.cropland, cropland)
    assert not any(one.any() for one in state.held[1:])
    assert not stored("plan", 0.002, PLAN_YEAR - 1).held.cropland.any()


@pytest.mark.parametrize(
    ("name", "fields"),
    [("budgets.asset_cut", ("purses",)), ("schooling.income_cut", ("learning",)), ("demography.age_cut", ("mothers", "frail"))],
)  # fmt: skip
def test_what_is_held_is_that_of_2020_in_every_year_after(name, fields):
    _, first, *later = lived_with(name)
    for field in fields:
        held = getattr(first.held, field)
        assert held.any() and (held >= 0.0).all()
        assert all(np.array_equal(getattr(state.held, field), held) for state in later)


def test_nobody_joins_or_loses_a_cooperative_that_is_held():
    before, *_, after = lived_with("services.service_cut")
    rows = np.flatnonzero((after.households.farm_hukou == 1) & (after.households.in_town == 0))
    was = dict(zip(before.households.number.tolist(), before.households.cooperative.tolist(), strict=True))
    now = zip(
        after.households.number[rows].tolist(), after.households.cooperative[rows].tolist(), strict=True
    )
    pairs = [(was[number], one) for number, one in now if number in was]
    assert len(pairs) > 100 and all(old >= new for old, new in pairs)
    assert sum(old for old, _ in pairs) > 0


def converted_within(room, quota=100):
    """Tenths of a mu granted to two homes with 30 steep and 40 gentle each, of which `room` gentle ones may leave."""
    columns = [20, 20], [10, 10], [40, 0], [0, 40], [0, 0], [0, 0]
    land = conversion._Slopes(*(np.array(column, np.int32) for column in columns))
    out = conversion.Offers(
        np.full(2, 70, np.int32), np.zeros(2, np.int32), np.zeros(2, np.int32), np.zeros(2), np.zeros((7, conversion.COLUMNS), np.int64)
    )  # fmt: skip
    limits = np.full(7, quota), np.full(7, room)
    conversion._grant(np.arange(2), np.zeros(2, np.uint8), land, *limits, 1200.0, 0.5, out)
    return out.granted.tolist()


@pytest.mark.parametrize(
    ("room", "granted"),
    [
        (1000, [70, 30]),  # the quota of 100 alone ends it
        (40, [70, 30]),  # all room to the first, and the second's steep part
        (25, [55, 30]),  # 30 steep + 25; 30 steep, no room left: 15 of the quota find none
        (0, [30, 30]),
    ],
)
def test_steep_slopes_go_whatever_the_floor_and_gentler_ones_within_its_room(room, granted):
    assert converted_within(room) == granted


def test_the_room_is_what_lies_above_the_floor():
    """1,000 cells at the start, 97 % to be kept: 990 leave room for 20, 960 for none; nothing binds before 2021 or cut."""
    p = conversion.ConversionParameters()
    start, now = np.full(7, 1000.0), np.array([990, 960, 970, 1000, 980, 971, 0])
    assert conversion.room(now, start, p, year=2021).tolist() == [20, 0, 0, 30, 10, 1, 0]
    free = np.iinfo(np.int64).max
    assert (conversion.room(now, start, p, year=2020) == free).all()
    assert (conversion.room(now, start, p.model_copy(update={"floor_cut": 1.0}), year=2021) == free).all()
