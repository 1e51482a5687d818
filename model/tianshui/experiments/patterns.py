"""Whether the model shows what one expects of such a region, apart from what it was fitted to.

Each pattern is one figure of a run without a plan, held against a band that knowledge of the west of China
suggests (`evidence/patterns.csv`); most bands are judgements, so a figure outside its band is a question and no
refutation. Worlds differ in luck and, from the second on, in beliefs: the figure is told as the median of the
worlds with their range, and by how many of them lie in the band.

    run(sample=0.02, worlds=4)

A new pattern is a row of the table and an entry of `PATTERNS`. What a belief sets directly is no pattern and stands in
`NOT_ASKED`.

Left out: the fall of the apple price when the trees planted after a boom bear, which the random price hides in
twenty years; it would need a world with a boom made on purpose.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from tianshui import plan as plans
from tianshui.evidence import table
from tianshui.experiments.pool import Progress, Task, run_all
from tianshui.indicators import PREFECTURE
from tianshui.run import Years
from tianshui.state import AWAY, OUTSIDE, VILLAGE

SAMPLE, WORLDS = 0.02, 4
LAST = 2030
"""The last year that is looked at."""
ADULT, OLD_ENOUGH = 15, 120
"""Ages of those whose mean age is compared."""
AGES_FROM, AT, INCOME_AT = 2016, 2020, 2019
"""Years from which the old are counted, of stocks, and of the composition of incomes."""
POOR_YEARS = range(2016, 2021)
"""Years whose poor are followed."""
PLANTED = range(2017, LAST + 1)
"""Years whose planting is held against the price of the year before."""
PERCENT = 100.0
KEPT = ("share_65plus", "orchard_planted", "rural_income", "rural_income_wages", "rural_income_business",
        "rural_income_transfers")  # fmt: skip
"""Indicators of the prefecture that are kept of each year."""
NOT_ASKED: Mapping[str, tuple[str, str]] = {
    "rent_free": (
        "The part of let land that pays no rent: a belief of farming sets it.",
        "不付租金的流转地占比:由农业机制的信念直接给定。",
    ),
}
"""Patterns that would only give back what was put in, and why."""


class Kept(NamedTuple):
    """What is kept of one world."""

    values: Mapping[tuple[str, int], float]
    """By indicator and year, of the prefecture."""
    price: Mapping[int, float]
    """Log deviation of the apple price from its trend."""
    idle: Mapping[str, tuple[float, float]]
    """Idle land of a class in 2020, and all land of it that is not let, converted or planted."""
    ages: Mapping[str, float]
    """Mean age, years, of adults at home in villages and in towns in 2020."""
    poor: Mapping[int, Mapping[int, bool]]
    """Year by year, by number of a farm household with somebody at home, whether its income is under the line."""


# --- Figures of one world ---------------------------------------------------------------------------------


def ages_rise(kept: Kept) -> float:
    """Points by which the share of the old rises."""
    return kept.values["share_65plus", LAST] - kept.values["share_65plus", AGES_FROM]


def villages_older(kept: Kept) -> float:
    """Years by which adults in villages are older than those in towns."""
    return kept.ages["village"] - kept.ages["town"]


def part_of_income(kept: Kept, *sources: str) -> float:
    """Percent of rural income from some sources.

    What members away send home is pay to the model and a transfer to statistics, so the two are told together.
    """
    part = sum(kept.values[f"rural_income_{source}", INCOME_AT] for source in sources)
    return PERCENT * part / kept.values["rural_income", INCOME_AT]


def slopes_first(kept: Kept) -> float:
    """Idle part of slopes over that of terraces; not a number when no terrace is idle."""
    (slope, slopes), (steep, steeps), (terrace, terraces) = (
        kept.idle[name] for name in ("slope", "steep", "terrace")
    )
    return (slope + steep) / (slopes + steeps) / (terrace / terraces) if terrace > 0 else float("nan")


def planting_follows(kept: Kept) -> float:
    """Correlation of planting with last year's price."""
    planted = np.array([kept.values["orchard_planted", year] for year in PLANTED])
    price = np.array([kept.price[year - 1] for year in PLANTED])
    return float(np.corrcoef(planted, price)[0, 1])


def poverty_lasts(kept: Kept) -> float:
    """Of households that were poor at least once, the part that was poor in every year; those seen in all years."""
    years = [kept.poor[year] for year in POOR_YEARS]
    followed = [
        [year[number] for year in years] for number in years[0] if all(number in year for year in years)
    ]
    ever = sum(any(row) for row in followed)
    return sum(all(row) for row in followed) / ever if ever else float("nan")


PATTERNS: Mapping[str, Callable[[Kept], float]] = {
    "ages_rise": ages_rise,
    "villages_older": villages_older,
    "income_earned": lambda kept: part_of_income(kept, "wages", "transfers"),
    "income_business": lambda kept: part_of_income(kept, "business"),
    "slopes_first": slopes_first,
    "planting_follows": planting_follows,
    "poverty_lasts": poverty_lasts,
}
"""Every pattern by id, in the order of the table."""


# --- Running ------------------------------------------------------------------------------------------


@cache
def expected() -> dict[str, dict[str, str]]:
    """The rows of evidence/patterns.csv by id."""
    return {row["id"]: row for row in table("patterns")}


def _poor(homes: Any, lived: Any, line: float) -> dict[int, bool]:
    place, at_home = lived.state.households, homes.earned.balance.at_home
    rows = np.flatnonzero((place.farm_hukou == 1) & (at_home > 0))
    poor = place.income[rows] < line * at_home[rows]
    return dict(zip(place.number[rows].tolist(), poor.tolist(), strict=True))


def _idle(state: Any) -> dict[str, tuple[float, float]]:
    found = {}
    for name in ("terrace", "slope", "steep"):
        idle = float(getattr(state.households, f"idle_{name}").sum(dtype=np.int64))
        found[name] = idle, idle + float(getattr(state.households, name).sum(dtype=np.int64))
    return found


def _ages(state: Any) -> dict[str, float]:
    people = state.persons
    here = (
        (people.age >= ADULT)
        & (people.age < OLD_ENOUGH)
        & (people.place < OUTSIDE)
        & (people.setting != AWAY)
    )
    village = people.setting == VILLAGE
    return {
        "village": float(people.age[here & village].mean()), "town": float(people.age[here & ~village].mean()),
    }  # fmt: skip


def live(task: Task, progress: Callable[[float], None] | None = None) -> Kept:
    """Live the world of a task and keep of it what the patterns are reckoned from."""
    world = Years(task.plan, sample=task.sample, seed=task.seed, draw=task.draw, until=task.until)
    first = world.state.year
    values: dict[tuple[str, int], float] = {}
    price: dict[int, float] = {}
    idle: dict[str, tuple[float, float]] = {}
    ages: dict[str, float] = {}
    poor: dict[int, dict[int, bool]] = {}

    def watch(
        now: Any, people: Any, outside: Any, terms: Any, access: Any, state: Any, homes: Any, lived: Any
    ) -> None:
        if lived.state.year in POOR_YEARS:
            poor[lived.state.year] = _poor(homes, lived, outside.poverty_line)

    while world.state.year < task.until:
        world.step(watch)
        year = world.state.year
        for name in KEPT:
            values[name, year] = world.counted[PREFECTURE, name]
        price[year] = float(world.state.markets.apple_price[0])
        if year == AT:
            idle.update(_idle(world.state))
            ages.update(_ages(world.state))
        if progress:
            progress((year - first) / (task.until - first))
    return Kept(values, price, idle, ages, poor)


class Found(NamedTuple):
    """A pattern beside its band."""

    id: str
    row: Mapping[str, str]
    middle: float
    low: float
    high: float
    worlds: int
    """Worlds in which it can be told."""
    inside: int
    """Of them, those whose figure lies in the band."""


def judged(name: str, values: Sequence[float], row: Mapping[str, str]) -> Found:
    """Hold the figures of the worlds against a band."""
    told = np.array([value for value in values if np.isfinite(value)])
    if not told.size:
        nothing = float("nan")
        return Found(name, row, nothing, nothing, nothing, 0, 0)
    inside = int(((float(row["low"]) <= told) & (told <= float(row["high"]))).sum())
    return Found(name, row, float(np.median(told)), float(told.min()), float(told.max()), told.size, inside)


def run(
    *, sample: float = SAMPLE, worlds: int = WORLDS, workers: int | None = None,
    watch: Callable[[Sequence[Task]], Progress] | None = None,
) -> list[Found]:  # fmt: skip
    """Look for every pattern in some worlds (pair i has seed i and draw i; draw 0 is central).

    Raises
    ------
    RuntimeError
        When a world could not be lived.
    """
    scenario = plans.load("no_plan")
    tasks = [Task(scenario, sample, pair, pair, LAST, f"patterns:{pair}") for pair in range(worlds)]
    kept: dict[int, Kept] = {}

    def deliver(task: Task, one: Any) -> None:
        kept[task.seed] = one

    failures = run_all(tasks, deliver, workers=workers, progress=watch(tasks) if watch else None, work=live)
    if failures:
        raise RuntimeError(f"{failures[0].task.id}: {failures[0].message}")
    return [
        judged(name, [figure(kept[pair]) for pair in range(worlds)], expected()[name])
        for name, figure in PATTERNS.items()
    ]
