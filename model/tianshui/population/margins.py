"""Whole numbers that the start population meets, and the tools that keep them whole.

Of a county `c`,

    registered_c = family_c + local_c + sum over r of moved[c, r] + away_c
    resident_c   = family_c + local_c + sum over o of moved[o, c] + incomers_c

where family lives at home, local in collective quarters of the own county, moved in those of another county,
away outside the prefecture. Incomers are registered elsewhere and are no rows.

Single years of age come from five-year groups by a monotone curve through their running sum; the sexes from a
shape of the sex ratio shifted to the county's number of men. Left out: the famine and baby-boom cohorts, because
five-year ages by census were not found.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from tianshui import evidence
from tianshui.compiled import kernel
from tianshui.draws import key, normal, uniform
from tianshui.state import COUNTIES, SECONDARY, SECTORS

START_YEAR = 2015
AGES = 101
"""Ages 0 to 100; the last is open."""
MEN, WOMEN = 0, 1
OPEN_AGE, OPEN_FALL = 85, 0.82
"""From this age on numbers fall by this factor a year (no older group is published)."""
MALE_SHARE = ((0, 0.535), (14, 0.535), (20, 0.515), (40, 0.505), (60, 0.505), (75, 0.48), (100, 0.36))
"""Sex ratio by age, shifted to the county's number of men."""
AWAY_AGES = (
    (14.99, 0.0), (15, 0.15), (17, 0.4), (20, 1.0), (30, 1.0), (35, 0.85), (45, 0.5), (55, 0.18), (60, 0.07),
    (66, 0.0),
)  # fmt: skip
"""Adults away and adult movers: most between 20 and 35."""
AWAY_CHILDREN = ((0, 0.8), (3, 1.0), (14, 0.9), (14.99, 0.0))
CHILD_SHARE, AWAY_MEN = 0.13, 0.57
"""Share of children under 15 among those away, and of men."""
LOCAL_AGES = (
    (13, 0.0), (15, 0.8), (16, 1.0), (18, 1.0), (22, 0.5),
    (30, 0.25), (50, 0.1), (70, 0.03), (90, 0.02),
)  # fmt: skip
"""Collective quarters of the own county: boarders, workers in dormitories, a few homes for the old."""
FROM_OUTSIDE = 0.25
"""Part of the movers from other counties of the province who come from outside the prefecture."""
SURE_CHILD, DAUGHTER, GROWN = 15, 18, 46
"""Below 15 all, up to 18 nearly all live as children of a house; from 46 on nobody counts as one."""
TINY = 1e-7
WHOLE_SIZE = 3.0
"""Persons in a household that is away as a whole, on average."""


class Margins(NamedTuple):
    """Whole numbers that the population meets, by county of registration or residence (7)."""

    registered: np.ndarray
    residents: np.ndarray
    incomers: np.ndarray
    moved: np.ndarray  # (7, 7): registered in the row, living in the column
    family: np.ndarray
    local: np.ndarray
    away: np.ndarray
    urban: np.ndarray
    agricultural: np.ndarray
    households: np.ndarray  # resident family households
    rows: np.ndarray  # registered households
    one: np.ndarray
    two: np.ndarray
    three: np.ndarray
    whole: np.ndarray  # persons of households away as a whole
    poor: np.ndarray


@cache
def facts(item: str) -> np.ndarray:
    """One item of the start table by county, as printed."""
    rows = {row["county"]: float(row["value"]) for row in evidence.table("start") if row["item"] == item}
    values = np.array([rows[county] for county in COUNTIES])
    values.flags.writeable = False
    return values


@cache
def fact(item: str, area: str = "tianshui") -> float:
    """One value of the start table."""
    rows = evidence.table("start")
    return next(float(row["value"]) for row in rows if row["item"] == item and row["county"] == area)


def whole(values: np.ndarray, total: int | None = None) -> np.ndarray:
    """Whole numbers with a given sum, by the largest remainder; ties by index."""
    values = np.asarray(values, np.float64)
    total = round(float(values.sum())) if total is None else total
    low = np.floor(values).astype(np.int64)
    missing = total - int(low.sum())
    order = np.argsort(-(values - low), kind="stable")
    low[order[: max(missing, 0)]] += 1
    if missing < 0:
        low[order[missing:]] -= 1
    return low


def spread(weights: np.ndarray, total: int) -> np.ndarray:
    """Whole numbers in proportion to weights, by rounding their running sum: cell by cell, exact in all."""
    running = np.cumsum(weights, dtype=np.float64)
    top = running[-1] if running.size else 0.0
    if top <= 0:
        return np.zeros(running.size, np.int64)
    marks = np.rint(running * (total / top)).astype(np.int64)
    marks[-1] = total
    return np.diff(marks, prepend=0)


def counted(item: str) -> np.ndarray:
    """One item as whole numbers by county; they sum to the prefecture's value where there is one."""
    total = [row for row in evidence.table("start") if row["item"] == item and row["county"] == "tianshui"]
    return whole(facts(item), round(float(total[0]["value"])) if total else None)


def line(points: Sequence[tuple[float, float]], ages: np.ndarray | None = None) -> np.ndarray:
    """A shape given at some ages, by straight lines."""
    where, value = zip(*points, strict=True)
    return np.interp(np.arange(AGES) if ages is None else ages, where, value)


@kernel
def _fill_uniform(luck, index, out):
    for i in range(out.size):
        out[i] = uniform(luck, np.uint64(i), np.uint64(index))


@kernel
def _fill_in_sample(luck, number, share, out):
    for i in range(out.size):
        out[i] = uniform(luck, number[i], 0) < share


def in_sample(number: np.ndarray, share: float) -> np.ndarray:
    """Which households belong to a sample: a larger sample holds every smaller one."""
    out = np.empty(number.size, np.bool_)
    _fill_in_sample(key(0, START_YEAR, "population/sample"), number, share, out)
    return out


@kernel
def _fill_normal(luck, index, out):
    for i in range(out.size):
        out[i] = normal(luck, np.uint64(i), np.uint64(index))


def flat(size: int, what: str, index: int = 0) -> np.ndarray:
    """Hashed numbers in [0, 1) for the rows of one step; `what` names the step."""
    out = np.empty(size)
    _fill_uniform(key(0, START_YEAR, f"population/{what}"), index, out)
    return out


def bell(size: int, what: str, index: int = 0) -> np.ndarray:
    """Hashed standard normal numbers for the rows of one step."""
    out = np.empty(size)
    _fill_normal(key(0, START_YEAR, f"population/{what}"), index, out)
    return out


@cache
def margins() -> Margins:
    """Integers from the start table that satisfy both identities of the module, exactly."""
    registered = counted("registered_persons")
    residents = counted("resident_persons")
    near = facts("in_migrants_other_county_same_province")
    incomers = whole(facts("in_migrants_other_province") + FROM_OUTSIDE * near)
    arrivals = whole((1.0 - FROM_OUTSIDE) * near)
    family = counted("population_in_family_households")
    local = residents - family - incomers - arrivals
    # Those away outside as assumed, but the identity holds; who moves inside comes from every other county.
    inside = registered - family - local - counted("away_outside_prefecture_gross")
    leave = whole(inside * (arrivals.sum() / inside.sum()), int(arrivals.sum()))
    moved = rake(leave[:, None] * (1.0 - np.eye(7)), leave, arrivals)
    away = registered - family - local - moved.sum(axis=1)
    if moved.diagonal().any() or min(local.min(), away.min()) < 0:
        raise ValueError("the start table's movers and collective quarters contradict each other")
    households = counted("family_households_resident")
    rows = counted("registered_households_rows")
    return Margins(
        registered, residents, incomers, moved, family, local, away,
        urban=counted("urban_residents"),
        agricultural=counted("agricultural_registered_population"),
        households=households, rows=rows, one=counted("one_person_households"),
        two=counted("two_generation_households"), three=counted("three_generation_households"),
        whole=whole(WHOLE_SIZE * (rows - households)), poor=counted("registered_poor_persons"),
    )  # fmt: skip


def incomers() -> np.ndarray:
    """Residents registered outside the prefecture (i8[7]): they live in town and are no rows."""
    return margins().incomers.copy()


@cache
def residents_by_age() -> np.ndarray:
    """Residents by county, sex and single year of age (7, 2, 101), incomers included."""
    from scipy.interpolate import PchipInterpolator  # Here: half a second that a cached start does not need.

    edges = [*range(0, OPEN_AGE + 1, 5)]
    names = [f"residents_age_{a}_{a + 4}" for a in edges[:-1]] + [f"residents_age_{OPEN_AGE}plus"]
    groups = np.stack([facts(name) for name in names], axis=1)
    men = counted("male_residents")
    total = margins().residents
    table = np.zeros((7, 2, AGES), np.int64)
    tail = OPEN_FALL ** np.arange(AGES - OPEN_AGE)
    for c in range(7):
        own = groups[c] * (total[c] / groups[c].sum())
        running = PchipInterpolator(edges, np.concatenate([[0.0], np.cumsum(own[:-1])]))(
            np.arange(OPEN_AGE + 1)
        )
        by_age = np.concatenate([np.diff(running), own[-1] * tail / tail.sum()])
        both = spread(by_age, int(total[c]))
        odds = np.log(line(MALE_SHARE) / (1.0 - line(MALE_SHARE)))
        low, high = -1.0, 1.0
        for _ in range(60):
            shift = (low + high) / 2
            share = 1.0 / (1.0 + np.exp(-odds - shift))
            low, high = (shift, high) if (both * share).sum() < men[c] else (low, shift)
        table[c, MEN] = np.minimum(spread(both * share, int(men[c])), both)
        table[c, WOMEN] = both - table[c, MEN]
    return table


def _absent(total: int, ages: np.ndarray, children: np.ndarray | None = None) -> np.ndarray:
    """An age-by-sex table (2, 101) of `total` persons with the assumed shape of those away."""
    shape = ages / ages.sum()
    if children is not None:
        shape = (1.0 - CHILD_SHARE) * shape + CHILD_SHARE * children / children.sum()
    men = round(AWAY_MEN * total)
    young = np.arange(AGES) < SURE_CHILD
    # Children go in the sex ratio of children; the men's surplus is among adults.
    male = np.where(young, line(MALE_SHARE), 0.0) * shape
    male += np.where(young, 0.0, shape * (AWAY_MEN - male.sum()) / max(shape[~young].sum(), TINY))
    table = np.stack([spread(male, men), spread(shape - male, total - men)])
    return table


def everybody(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Age and sex of everybody in an age-by-sex table."""
    sex, age = np.divmod(np.arange(table.size), AGES)
    counts = table.ravel()
    return np.repeat(age, counts), np.repeat(sex, counts)


def rake(prior: np.ndarray, by_role: np.ndarray, by_age: np.ndarray) -> np.ndarray:
    """A table of whole numbers (roles, ages) with both margins, near the prior's proportions."""
    table = prior * by_age + TINY * by_age
    for _ in range(400):
        table *= (by_role / np.maximum(table.sum(axis=1), TINY))[:, None]
        columns = table.sum(axis=0)
        table *= np.where(columns > 0, by_age / np.maximum(columns, TINY), 0.0)
    owed = np.zeros(by_role.size)
    out = np.zeros(table.shape, np.int64)
    for age in np.flatnonzero(by_age):
        value = np.maximum(table[:, age] + owed, 0.0)
        value *= by_age[age] / max(value.sum(), TINY)
        out[:, age] = whole(value, int(by_age[age]))
        owed += table[:, age] - out[:, age]
    while (gap := by_role - out.sum(axis=1)).any():
        give, take = int(np.argmin(gap)), int(np.argmax(gap))
        age = int(np.argmax(np.minimum(out[give], table[take])))
        out[give, age] -= 1
        out[take, age] += 1
    return out


def some(table: np.ndarray, weight: np.ndarray, total: int) -> np.ndarray:
    """`total` of the persons counted by age in `table`, by weight, never more than there are."""
    low, high = 0.0, 1.0
    while np.minimum(weight * high, 1.0) @ table < total and high < 1e12:
        high *= 2.0
    for _ in range(80):
        mid = (low + high) / 2
        low, high = (mid, high) if np.minimum(weight * mid, 1.0) @ table < total else (low, mid)
    want = np.minimum(weight * high, 1.0) * table
    out = np.minimum(np.diff(np.rint(np.cumsum(want)), prepend=0.0).astype(np.int64), table)
    missing = total - int(out.sum())
    room = table - out
    for age in np.argsort(-weight, kind="stable"):
        if missing == 0:
            break
        step = min(missing, int(room[age])) if missing > 0 else -min(-missing, int(out[age]))
        out[age] += step
        missing -= step
    return out


def cut(total: int, *shares: float) -> list[int]:
    """Whole numbers for some kinds and, last, for the rest."""
    parts = [round(share * total) for share in shares]
    return [*parts, total - sum(parts)]


def ranked(score: np.ndarray) -> np.ndarray:
    """Rows in order of a score, ties by row."""
    return np.argsort(score, kind="stable")


def take_exactly(sizes: np.ndarray, order: np.ndarray, total: int) -> np.ndarray:
    """Households, first in `order`, whose sizes sum to `total`; near the end sizes are picked to fit."""
    running = np.cumsum(sizes[order])
    stop = int(np.searchsorted(running, total, side="right"))
    chosen = np.zeros(sizes.size, bool)
    chosen[order[:stop]] = True
    gap = total - (int(running[stop - 1]) if stop else 0)
    if gap == 0:
        return chosen
    rest = order[stop:]
    fits = rest[sizes[rest] == gap]
    if fits.size:
        chosen[fits[0]] = True
        return chosen
    # Exchange one chosen household for a larger one.
    inside = order[:stop][::-1]
    for size in range(1, 16):
        small = inside[sizes[inside] == size]
        large = rest[sizes[rest] == size + gap]
        if small.size and large.size:
            chosen[small[0]], chosen[large[0]] = False, True
            return chosen
    raise ValueError(f"no households fill the last {gap} of {total} persons")


def incomer_table(c: int) -> np.ndarray:
    """Incomers of a county by sex and age (2, 101)."""
    return _absent(int(margins().incomers[c]), line(AWAY_AGES), line(AWAY_CHILDREN))


def county_tables(c: int, m: Margins) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Age-by-sex tables of family, locals in quarters, movers into the county, and those away from it."""
    adults, children = line(AWAY_AGES), line(AWAY_CHILDREN)
    into = _absent(int(m.moved[:, c].sum()), adults, children)
    local = _absent(int(m.local[c]), line(LOCAL_AGES))
    family = residents_by_age()[c] - into - incomer_table(c) - local
    if (family < 0).any():
        raise ValueError(f"{COUNTIES[c]}: more people in collective quarters than residents of an age")
    return family, local, into, _absent(int(m.away[c]), adults, children)


@cache
def sector_jobs() -> np.ndarray:
    """Residents at work in the ten sectors (7, 10): published divisions exact, the split within assumed."""
    second, third = counted("employed_secondary"), counted("employed_tertiary")
    build_, make = counted("employed_construction"), counted("employed_manufacturing")
    out = np.zeros((7, len(SECTORS)), np.int64)
    for name in ("equipment", "electronics", "processing"):
        out[:, SECTORS.index(name)] = np.rint(facts(f"share_of_manufacturing_{name}") * make)
    out[:, SECTORS.index("construction")] = build_
    # Other manufacturing, mining, and supply of power and water.
    out[:, SECTORS.index("other_industry")] = second - out[:, :SECONDARY].sum(axis=1)
    for name in ("trade", "tourism", "technical", "public_services"):
        out[:, SECTORS.index(name)] = np.rint(facts(f"share_of_tertiary_{name}") * third)
    out[:, SECTORS.index("other_services")] = third - out[:, SECONDARY:].sum(axis=1)
    return out
