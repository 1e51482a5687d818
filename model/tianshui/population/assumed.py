"""What no statistic of 2015 tells, as rows beside the published margins: the value believed, its range, what came out.

A belief of `laying.py` gives value and range; where only the structure decides (sizes of homes, who of the town
dwellers is registered as a farmer) there is no value to set beside, at most a bound. Sectors follow from published
divisions and assumed shares.

Left out: what has no unit of its own in the start population, such as spreads of luck and years between kin.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from tianshui import evidence
from tianshui.declare import Declared, declared
from tianshui.population.laying import (
    BEARS_FROM,
    GANGU,
    ZHANGJIACHUAN,
    PopulationParameters,
    farmland,
    home_members,
)
from tianshui.population.margins import BRANCHES, SERVICES, facts, margins, sector_jobs
from tianshui.state import (
    AWAY,
    CELLS_PER_MU,
    COUNTIES,
    FIRST_SECTOR,
    OUTSIDE,
    SECTORS,
    VILLAGE,
    Households,
    Persons,
)

AREAS = len(COUNTIES) + 1
"""The counties and, last, the prefecture."""
LARGEST = 6
"""Homes of this size and more are counted together."""
OLD_ORCHARDS = (BEARS_FROM, 10, 15)
"""Ages from which bearing orchards are counted together, up to the next."""
NUMBERS = declared(PopulationParameters)


class Supposed(NamedTuple):
    """One assumption by county and, last, for the prefecture (f8, 8 each; NaN where there is none)."""

    item: str
    unit: str
    status: str
    source: str
    told: np.ndarray
    low: np.ndarray
    high: np.ndarray
    shown: np.ndarray
    used: str = "assumed"
    """`follows` where published margins say it."""


def supposed(persons: Persons, households: Households, sample: float) -> Iterator[Supposed]:
    """Every such row of a start population that is laid; a sample's counts are divided by its share."""
    members, at_home = home_members(persons, households)
    farms = (households.farm_hukou == 1) & (households.in_town == 0) & (at_home > 0)
    yield from _sizes(households, at_home)
    yield from _registrations(persons, households)
    yield from _sectors(persons, sample)
    yield from _land(households, sample)
    yield from _orchards(households)
    yield from _herds(households, farms)
    yield from _registers(households, farms)
    yield from _money(households, members, at_home)


# --- Small things -------------------------------------------------------------------------------------


def _count(households: Households, rows: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Households of a kind, or what they hold together, by county (f8, 7)."""
    held = None if weights is None else weights[rows]
    return np.bincount(households.county[rows], weights=held, minlength=len(COUNTIES)).astype(np.float64)


def _total(values: np.ndarray) -> np.ndarray:
    """Values by county with their sum (f8, 8)."""
    return np.append(values, np.nansum(values))


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """A ratio by county and for all together (f8, 8); NaN of nothing."""
    part, whole = _total(part), _total(whole)
    return np.divide(part, whole, out=np.full(AREAS, np.nan), where=whole > 0)


def _everywhere(value: float) -> np.ndarray:
    return np.full(AREAS, value)


def _prior(number: Declared) -> tuple[float, float, float]:
    """Low, central and high of a belief."""
    return number.prior or (number.within[0], number.value, number.within[1])


def _believed(item: str, name: str, shown: np.ndarray) -> Supposed:
    """A row of a belief that holds in every county."""
    number = NUMBERS[name]
    low, told, high = (_everywhere(value) for value in _prior(number))
    return Supposed(item, number.unit, number.status, number.source, told, low, high, shown)


# --- Homes and people ---------------------------------------------------------------------------------


def _sizes(households: Households, at_home: np.ndarray) -> Iterator[Supposed]:
    """Family homes by the persons in them; only those of one person are published."""
    homes = _count(households, at_home > 0)
    none = _everywhere(np.nan)
    alone = _ratio(facts("one_person_households"), facts("family_households_resident"))
    yield Supposed(
        "household_share_1", "share", "derived", "derived", alone, none, none,
        _ratio(_count(households, at_home == 1), homes), "follows",
    )  # fmt: skip
    for size in range(2, LARGEST + 1):
        most = size == LARGEST
        own = _count(households, (at_home >= size) if most else (at_home == size))
        item = f"household_share_{size}{'plus' if most else ''}"
        yield Supposed(item, "share", "assumed", "assumed", none, none, none, _ratio(own, homes))


def _registrations(persons: Persons, households: Households) -> Iterator[Supposed]:
    """Farm registrations among town dwellers; the least there can be follows if all urban ones live in town."""
    place, farm = persons.place, households.farm_hukou[persons.household] == 1
    town = (place < OUTSIDE) & (persons.setting != VILLAGE) & (persons.setting != AWAY)
    all_of_them, farmers = (
        np.bincount(place[rows], minlength=len(COUNTIES)).astype(np.float64) for rows in (town, town & farm)
    )
    m = margins()
    dwell = (m.urban - m.incomers).astype(np.float64)
    least = np.maximum(_ratio(dwell - (m.registered - m.agricultural), dwell), 0.0)
    none = _everywhere(np.nan)
    yield Supposed(
        "town_farm_registration",
        "share",
        "assumed",
        "assumed",
        none,
        least,
        none,
        _ratio(farmers, all_of_them),
    )


def _range(item: str, base: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest of an assumed share of the start table, times what it is a share of (f8, 8 each)."""
    rows = {row["county"]: row for row in evidence.table("start") if row["item"] == item}
    return (
        _total(np.array([float(rows[county]["low"]) for county in COUNTIES]) * base),
        _total(np.array([float(rows[county]["high"]) for county in COUNTIES]) * base),
    )


def _sectors(persons: Persons, sample: float) -> Iterator[Supposed]:
    """Residents at work by sector; building is published and stands among the margins."""
    here = persons.place < OUTSIDE
    jobs = sector_jobs()
    for index, name in enumerate(SECTORS):
        if name == "construction":
            continue
        rows = here & (persons.work == FIRST_SECTOR + index)
        shown = np.bincount(persons.place[rows], minlength=len(COUNTIES)) / sample
        low, high, status = _everywhere(np.nan), _everywhere(np.nan), "derived"
        for names, division in ((BRANCHES, "manufacturing"), (SERVICES, "tertiary")):
            if name in names:
                low, high = _range(f"share_of_{division}_{name}", facts(f"employed_{division}"))
                status = "assumed"
        told = _total(jobs[:, index].astype(np.float64))
        yield Supposed(f"employed_sector_{name}", "persons", status, status, told, low, high, _total(shown))


# --- Land, animals, registers, money ------------------------------------------------------------------


def _land(households: Households, sample: float) -> Iterator[Supposed]:
    """Classes of farmland where none are published; let land is level, but has no class of its own."""

    def cells(*names: str) -> np.ndarray:
        area = np.sum([getattr(households, name) for name in names], axis=0, dtype=np.int64)
        return _count(households, np.ones(area.size, bool), area)

    steep, sloping = cells("steep", "idle_steep"), cells("slope", "idle_slope", "steep", "idle_steep")
    flat, known = cells("flat"), cells("flat", "terrace", "idle_terrace")
    let, idle = cells("let"), cells("idle_terrace", "idle_slope", "idle_steep")
    everything = sloping + known + let
    other = np.arange(len(COUNTIES)) != GANGU
    # The published split of Gangu stands among the margins.
    outside = [np.where(np.append(other, True), ratio, np.nan) for ratio in (
        _ratio(sloping * other, everything * other), _ratio(flat * other, known * other),
    )]  # fmt: skip
    yield _believed("sloping_share", "sloping_share", outside[0])
    yield _believed("flat_of_level", "flat_of_level", outside[1])
    yield _believed("steep_share", "steep_share", _ratio(steep, sloping))
    classes = farmland(PopulationParameters())  # mu: flat, terraced, sloping, steep
    whole, number = classes.sum(axis=1), NUMBERS["sloping_share"]
    low, _, high = (whole * share for share in _prior(number))
    none = np.full(len(COUNTIES), np.nan)

    def elsewhere(values: np.ndarray) -> np.ndarray:
        return np.append(np.where(other, values, none), np.nan)

    level, slope = (known + let) / CELLS_PER_MU / sample, sloping / CELLS_PER_MU / sample
    for item, shown, told, least, most in (
        ("farmland_level", level, classes[:, :2].sum(axis=1), whole - high, whole - low),
        ("farmland_slope", slope, classes[:, 2:].sum(axis=1), low, high),
    ):
        yield Supposed(
            item, "mu", number.status, number.source, elsewhere(told), elsewhere(least), elsewhere(most),
            elsewhere(shown),
        )  # fmt: skip
    yield _believed("idle_share", "idle_share", _ratio(idle, everything))
    # One rate lets more where more homes are empty: the belief is about the prefecture alone.
    yield _believed("let_share", "let_share", np.append(none, let.sum() / everything.sum()))


def _orchards(households: Households) -> Iterator[Supposed]:
    """Apple land by its age: young trees by belief, bearing ones evenly up to the oldest."""
    everyone = np.ones(households.number.size, bool)
    young = _count(households, everyone, households.sapling)
    bearing = _count(households, everyone, households.orchard)
    planted, growers = young + bearing, households.sapling + households.orchard > 0
    yield _believed(
        "orchard_mean", "orchard_mean", _ratio(planted / CELLS_PER_MU, _count(households, growers))
    )
    yield _believed("orchard_share_young", "young_share", _ratio(young, planted))
    shares, oldest = _prior(NUMBERS["young_share"]), _prior(NUMBERS["orchard_oldest"])
    number = NUMBERS["orchard_oldest"]
    for age, end in zip(OLD_ORCHARDS, (*OLD_ORCHARDS[1:], None), strict=True):

        def part(not_bearing: float, last: float, age: int = age, end: int | None = end) -> float:
            return (1.0 - not_bearing) * ((end or last + 1.0) - age) / (last + 1.0 - BEARS_FROM)

        # Both beliefs at their centres; the lowest and the highest where both are at an end.
        ends = [part(share, last) for share in shares for last in oldest]
        told, low, high = (_everywhere(value) for value in (part(shares[1], oldest[1]), min(ends), max(ends)))
        within = (households.orchard_age >= age) & (households.orchard_age < (end or np.inf))
        own = _ratio(_count(households, within, households.orchard), planted)
        item = f"orchard_share_{age}_{end - 1}" if end else f"orchard_share_{age}plus"
        yield Supposed(item, "share", number.status, number.source, told, low, high, own)


def _herds(households: Households, farms: np.ndarray) -> Iterator[Supposed]:
    """Animals of agricultural households in villages; Zhangjiachuan keeps more cattle and fewer pigs."""
    homes = _count(households, farms)
    heads, keepers = np.zeros(len(COUNTIES)), np.zeros(len(COUNTIES))
    for kind in ("cattle", "sheep", "pigs"):
        number, animals = NUMBERS[kind], getattr(households, kind)
        other = NUMBERS.get(f"{kind}_zhangjiachuan")
        columns = []
        for place, value in enumerate(_prior(number)):
            own = np.full(len(COUNTIES), value)
            own[ZHANGJIACHUAN] *= _prior(other)[place] if other else 1.0
            columns.append(np.append(own, own @ homes / homes.sum()))
        low, told, high = columns
        own = _count(households, farms, animals)
        yield Supposed(
            f"herd_{kind}", number.unit, number.status, number.source, told, low, high, _ratio(own, homes)
        )
        heads, keepers = heads + own, keepers + _count(households, farms & (animals > 0))
    yield _believed("herd_mean", "herd", _ratio(heads, keepers))


def _registers(households: Households, farms: np.ndarray) -> Iterator[Supposed]:
    """Cooperatives, insurance and the allowance among agricultural households in villages."""
    homes = _count(households, farms)
    for item, name, column in (
        ("served_share", "served", households.cooperative),
        ("insured_share", "insured", households.insured),
        ("allowance_share", "allowance_cover", households.allowance),
    ):
        yield _believed(item, name, _ratio(_count(households, farms & (column == 1)), homes))


def _money(households: Households, members: np.ndarray, at_home: np.ndarray) -> Iterator[Supposed]:
    """Debts, and how far incomes a head lie apart within counties; the prefecture has the mean by persons."""
    owes = (households.debt > 0) & (households.income > 0)
    yield _believed(
        "debt_homes", "debt_homes", _ratio(_count(households, owes), _count(households, members > 0))
    )
    years = np.divide(households.debt, households.income, out=np.zeros(owes.size), where=owes)
    yield _believed(
        "debt_mean", "debt_mean", _ratio(_count(households, owes, years), _count(households, owes))
    )
    for name, in_town in (("rural_gini", 0), ("urban_gini", 1)):
        lives = (households.in_town == in_town) & (at_home > 0)
        heads = _count(households, lives, at_home)
        own = np.full(len(COUNTIES), np.nan)
        for c in range(len(COUNTIES)):
            rows = lives & (households.county == c)
            if rows.any():
                own[c] = gini(households.income[rows] / at_home[rows], at_home[rows].astype(np.float64))
        yield _believed(f"{name}_within", name, np.append(own, np.nansum(own * heads) / heads.sum()))


def gini(values: np.ndarray, weights: np.ndarray) -> float:
    """The Gini coefficient of values that stand for `weights` persons each.

    It is one less twice the area beneath the curve of shares of income over shares of persons, poorest first.
    """
    order = np.argsort(values, kind="stable")
    people, money = weights[order], (values * weights)[order]
    upto = np.cumsum(money) / money.sum()
    return float(1.0 - (people * (upto + np.concatenate([[0.0], upto[:-1]]))).sum() / people.sum())
