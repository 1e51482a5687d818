"""One household's life, year by year, and why: rule, inputs, chance, draw, decision.

`trace` lives the whole world again and watches one household. Decisions are worked out a second time with the
very rules of the mechanisms, uncompiled, on what the household met; where a second reckoning differs from what
the run did, it stops, so that no explanation is shown that was not the reason.
"""

from pathlib import Path
from typing import Any, NamedTuple

from tianshui import plan
from tianshui.indicators import AREAS
from tianshui.plan import LAST_YEAR, Plan
from tianshui.reasons import Event, explain, row_of, who, work_name
from tianshui.run import Years
from tianshui.state import CELLS_PER_MU, COUNTIES, OUTSIDE, HouseholdMoney


class LifeYear(NamedTuple):
    """The household at the end of one year, and what happened in it."""

    year: int
    facts: dict[str, float]
    """Members, money in yuan, land in mu, registers."""
    people: tuple[str, ...]
    """Each member in one line of English."""
    people_zh: tuple[str, ...]
    events: tuple[Event, ...]


class Life(NamedTuple):
    """The life of one synthetic household under one scenario."""

    number: int
    county: str
    scenario: str
    years: tuple[LifeYear, ...]
    against: "Life | None"
    """The same household under a second scenario."""


def trace(
    number: int,
    scenario: str | Path | Plan = "plan",
    *,
    seed: int = 0,
    draw: int = 0,
    sample: float = 1.0,
    until: int = LAST_YEAR,
    against: str | Path | Plan | None = None,
    scenarios: Path | str | None = None,
) -> Life:
    """Live the world again and watch the household with a permanent number.

    Raises KeyError when the start population of the sample has no such household.
    """
    life = _watch(number, _plan(scenario, scenarios), seed, draw, sample, until)
    if against is None:
        return life
    return life._replace(against=_watch(number, _plan(against, scenarios), seed, draw, sample, until))


def _plan(scenario: str | Path | Plan, scenarios: Path | str | None) -> Plan:
    return scenario if isinstance(scenario, Plan) else plan.load(scenario, scenarios=scenarios)


def _watch(number: int, chosen: Plan, seed: int, draw: int, sample: float, until: int) -> Life:
    world = Years(chosen, sample=sample, seed=seed, draw=draw, until=until)
    row = row_of(world.state.households.number, number)
    if row < 0:
        raise KeyError(f"no household has the number {number} in the start population of this sample")
    county = COUNTIES[int(world.state.households.county[row])]
    years = [_year_end(world.state, row, None, ())]
    while world.state.year < until:
        events: list[Event] = []
        settings, year = world.settings, world.state.year + 1
        world.step(lambda *met, s=settings, e=events, y=year: e.extend(explain(number, s, seed, y, *met)))
        row = row_of(world.state.households.number, number)
        if row < 0:
            years.append(LifeYear(world.state.year, {}, (), (), tuple(events)))
            break
        money = world.last.money if world.last else None
        years.append(_year_end(world.state, row, money, tuple(events)))
    return Life(number, county, chosen.name, tuple(years), None)


# --- The household at year's end ----------------------------------------------------------------------


def _year_end(state: Any, row: int, money: HouseholdMoney | None, events: tuple[Event, ...]) -> LifeYear:
    homes, persons = state.households, state.persons
    first, last = int(homes.first[row]), int(homes.first[row + 1])
    facts: dict[str, float] = {"members": last - first}
    for name in ("income", "cash", "debt"):
        facts[name] = float(getattr(homes, name)[row])
    for name in ("flat", "terrace", "slope", "steep", "orchard", "sapling", "converted", "let"):
        facts[f"{name}_mu"] = float(getattr(homes, name)[row]) / CELLS_PER_MU
    facts["idle_mu"] = (
        float(homes.idle_terrace[row] + homes.idle_slope[row] + homes.idle_steep[row]) / CELLS_PER_MU
    )
    for name in (
        "cattle",
        "in_town",
        "poor",
        "monitored",
        "allowance",
        "cooperative",
        "insured",
        "relocated",
    ):
        facts[name] = float(getattr(homes, name)[row])
    if money is not None:
        facts |= {f"money_{name}": float(getattr(money, name)[row]) for name in HouseholdMoney._fields}
    lines, lines_zh = [], []
    for i in range(first, last):
        name = who(persons, first, last, i)
        place = int(persons.place[i])
        where = ("outside", "市外") if place == OUTSIDE else AREAS[COUNTIES[place]]
        work = work_name(int(persons.work[i]))
        lines.append(f"{name[0]}, {persons.schooling[i]} years of school, {work[0]}, {where[0]}")
        lines_zh.append(f"{name[1]},受教育{persons.schooling[i]}年,{work[1]},{where[1]}")
    return LifeYear(state.year, facts, tuple(lines), tuple(lines_zh), events)
