"""Each scenario lies beside its expected totals, all share one past, and `nothing` is what is left without money.

`make expected` (or UPDATE_EXPECTED=1) writes the totals anew, so that a changed result is a visible diff.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import tianshui
from lives import DUES, lived, load, stored, values
from tianshui import plan as plans
from tianshui import registry, year
from tianshui.indicators import INDICATORS
from tianshui.plan import Plan
from tianshui.run import Years
from tianshui.settings import Settings
from tianshui.state import State, digest

PACKAGED = Path(tianshui.__file__).parent / "scenarios"
AT_THE_TOP = Path(__file__).parents[1] / "scenarios"
SCENARIOS = sorted(file.stem for file in PACKAGED.glob("*.yaml"))
SHOWN = (2016, 2020, 2025, 2030, 2035)
ONE_PERCENT, SMALL = 0.01, 0.002
LEVERS = registry.levers()
NO_MONEY = {"treasury.envelope": 0.0, "treasury.lever_claim": 0.0}
"""No earmarked envelope from above, and no part of free money for levers: every ask is granted nothing."""


# --- Expected totals ----------------------------------------------------------------------------------


def totals(name: str) -> str:
    """Every indicator of the prefecture in five years, to six digits, as text."""
    found = values(lived(name, ONE_PERCENT))
    lines = [",".join(["indicator", *map(str, SHOWN)])]
    for indicator in INDICATORS:
        row = found.get(indicator, {})
        lines.append(",".join([indicator, *(f"{row[y]:.6g}" if y in row else "" for y in SHOWN)]))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", SCENARIOS)
def test_totals_are_those_beside_the_scenario(name):
    """1 % of households, seed 0, central beliefs: the same text, digit by digit."""
    files = [folder / f"{name}.expected.csv" for folder in (PACKAGED, AT_THE_TOP)]
    found = totals(name)
    if os.environ.get("UPDATE_EXPECTED"):
        for file in files:
            file.write_text(found, encoding="utf-8")
    missing = [str(file) for file in files if not file.is_file()]
    assert not missing, f"run `make expected`: {missing}"
    expected = files[0].read_text(encoding="utf-8")
    assert expected == files[1].read_text(encoding="utf-8"), "the two copies differ: run `make expected`"
    changed = [
        f"was {was}\nis  {now}"
        for was, now in zip(expected.splitlines(), found.splitlines(), strict=False)
        if was != now
    ]
    assert found == expected, f"{len(changed)} lines of {name} changed:\n" + "\n".join(changed[:20])


def test_no_totals_lie_about_without_their_scenario():
    for folder in (PACKAGED, AT_THE_TOP):
        assert {file.name.partition(".")[0] for file in folder.glob("*.expected.csv")} <= set(SCENARIOS)


# --- One past -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "history"])
def test_all_scenarios_share_the_past_of_history(name):
    """The same bytes in every year to 2020: the aims of 2020 judge history, not the plan."""
    one, two = (
        Years(load(scenario), sample=SMALL, seed=1, draw=2, until=2020) for scenario in ("history", name)
    )
    while one.state.year < 2020:
        one.step()
        two.step()
        assert digest(one.state) == digest(two.state), f"{name} parts from history in {one.state.year}"
        assert all(a.tobytes() == b.tobytes() for a, b in zip(one.last.money, two.last.money, strict=True))


def test_scenarios_part_from_2021():
    """No two packaged scenarios are one world at the end, but for history, which no_plan extends."""
    ends = {name: values(lived(name, ONE_PERCENT))["gdp"][2035] for name in SCENARIOS}
    assert len(set(ends.values())) >= len(SCENARIOS) - 1
    assert len({values(lived(name, ONE_PERCENT))["gdp"][2020] for name in SCENARIOS}) == 1


# --- Nothing ------------------------------------------------------------------------------------------


def years_from_2020(plan: Plan, until: int, **beliefs: float) -> Iterator[State]:
    """The states of a plan's years from the common state of 2020."""
    state = stored("no_plan", SMALL, 2020)
    while state.year < until:
        numbers = registry.with_values(plan.settings_at(Settings(), state.year + 1), beliefs)
        state = year.live(state, plan, numbers, seed=0, share=SMALL).state
        yield state


def parts_that_differ(one: State, two: State) -> list[str]:
    """Names of the columns whose bytes differ."""
    return [
        f"{type(part).__name__.lower()}.{name}"
        for part, other in zip(one[1:], two[1:], strict=True)
        for name, a, b in zip(part._fields, part, other, strict=True)
        if a.tobytes() != b.tobytes()
    ]


def assert_nothing(plan: Plan, until: int, **beliefs: float) -> None:
    """The plan's states are those of `nothing` under the same beliefs, byte for byte."""
    pairs = zip(
        years_from_2020(plan, until, **beliefs),
        years_from_2020(load("nothing"), until, **beliefs),
        strict=True,
    )
    for mine, nothing in pairs:
        differ = parts_that_differ(mine, nothing)
        assert not differ, (
            f"{mine.year}: {len(differ)} columns differ from `nothing`: {', '.join(differ[:8])}"
        )
        assert digest(mine) == digest(nothing)


def test_every_lever_written_off_by_name_is_nothing(tmp_path):
    """A file that sets each lever to its declared off value says the same as `all_off`, and lives the same bytes."""
    file = tmp_path / "off.yaml"
    courses = "\n".join(f"  {name}: {number.value!r}" for name, number in LEVERS.items())
    file.write_text(
        f"title: {{en: Every lever off, zh: 全部关闭}}\nextends: no_plan\nlevers:\n{courses}\n",
        encoding="utf-8",
    )
    plan = plans.load(file)
    assert plan.resolved() == load("nothing").resolved()
    assert_nothing(plan, 2023)


def asking(which: Callable[[str], bool]) -> Plan:
    """The plan's courses for some levers, all others off."""
    plan, nothing = load("plan"), load("nothing")
    courses = {name: (plan if which(name) else nothing).courses[name] for name in plan.courses}
    return replace(plan, courses=courses)


def test_priced_levers_that_are_granted_nothing_are_nothing():
    """All levers with a price or an amount of money ask for the plan's; no budget grants a yuan; nothing happens."""
    assert_nothing(asking(lambda name: LEVERS[name].cost is not None), 2028, **NO_MONEY)


@pytest.mark.parametrize("name", DUES)
def test_a_due_that_is_granted_nothing_is_nothing(name):
    """A rule makes money due; no budget grants a yuan of it; a mechanism that read the ask would act all the same."""
    assert LEVERS[name].cost is None
    assert_nothing(asking(lambda lever: lever == name), 2028, **NO_MONEY)


def test_money_that_is_there_makes_a_difference():
    """The comparison can fail: with the usual envelopes the same asks are granted and seen."""
    plan = asking(lambda name: LEVERS[name].cost is not None)
    mine, nothing = (next(years_from_2020(p, 2021)) for p in (plan, load("nothing")))
    assert parts_that_differ(mine, nothing)


def test_nothing_does_less_than_no_plan_and_the_plan_more():
    """What the levers make is absent in `nothing` and never more in `no_plan` than in the plan.

    Left out on purpose: public capital. Seven tenths of earmarked money are moved, not new (`treasury.additional`), and
    own parts displace other spending that builds too (loop B2), so more levers may leave less capital.
    """
    found = {name: values(lived(name, ONE_PERCENT)) for name in ("nothing", "no_plan", "plan")}
    for indicator in (
        "spending_levers", "spending_poverty", "spending_industry", "spending_urban", "spending_ecology",
        "spending_cross", "post_workers", "workshop_workers", "medical_aid", "cooperative_share", "insured_share",
        "forest_area", "erosion_treated", "converted_area", "homes", "sewage_treatment",
    ):  # fmt: skip
        for at in (2025, 2030, 2035):
            nothing, no_plan, plan = (found[name][indicator][at] for name in ("nothing", "no_plan", "plan"))
            assert nothing < no_plan <= plan, f"{indicator} in {at}: {nothing:.6g}, {no_plan:.6g}, {plan:.6g}"
    for indicator in ("spending_levers", "post_workers", "workshop_workers", "medical_aid", "converted_new"):
        assert not any(found["nothing"][indicator][at] for at in range(2021, 2036)), indicator
    assert np.isnan(found["nothing"]["granted_share"][2025])
