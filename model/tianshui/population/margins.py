"""Whole numbers that the start population meets, and the tools that keep them whole.

Of a county `c`,

    registered_c = family_c + local_c + sum over r of moved[c, r] + away_c
    resident_c   = family_c + local_c + sum over o of moved[o, c] + incomers_c

where family lives at home, local in collective quarters of the own county, moved in those of another county,
away outside the prefecture. Incomers are registered elsewhere and are no rows. What the start table found or derived
holds in every world; its assumed rows, and the shapes by age, are those of the world (`beliefs.py`).

Single years of age come from five-year groups by a monotone curve through their running sum; the sexes from a
shape of the sex ratio shifted to the county's number of men. Left out: the famine and baby-boom cohorts, because
five-year ages by census were not found.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from tianshui import evidence
from tianshui.compiled import kernel
from tianshui.draws import key, normal, uniform
from tianshui.population.beliefs import Shape, StructureParameters, World, drawn
from tianshui.state import COUNTIES, SECONDARY, SECTORS

START_YEAR = 2015
"""At its end the model starts."""
AGES = 101
"""Ages 0 to 100; the last is open."""
MEN, WOMEN = 0, 1
OPEN_AGE, GROUP = 85, 5
"""The start table counts residents in groups of five years, from this age on in one."""
SURE_CHILD, OLD = 15, 65
"""Children and the old as the censuses tell them; schooling is counted from 15 on."""
TINY = 1e-7
"""In place of nothing where a weight divides."""
HALVINGS, RAKINGS = 80, 400
"""Rounds of a bisection and of proportional fitting: both settle in the last digits long before."""
MOST_WEIGHT = 1e12
"""Where the search for a factor of weights gives up: all who have any weight are taken by then."""
CENTRAL = World()
"""Everything assumed as printed."""
COHORTS = {"0_14": (0, SURE_CHILD), "15_64": (SURE_CHILD, OLD), "65plus": (OLD, AGES)}
"""Ages from and below, as the start table names their shares."""
PERCENT = 100.0
BRANCHES = ("equipment", "electronics", "processing")
"""Sectors that are manufacturing and nothing else."""
SERVICES = ("trade", "tourism", "technical", "public_services")
"""Sectors whose shares in services are assumed; other services are the rest."""


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
def facts(item: str, index: int = 0) -> np.ndarray:
    """One item of the start table by county: as printed in world 0, assumed rows drawn in the others."""
    rows = {row["county"]: _value(row, index) for row in evidence.table("start") if row["item"] == item}
    values = np.array([rows[county] for county in COUNTIES])
    values.flags.writeable = False
    return values


def _value(row: dict[str, str], index: int) -> float:
    if row["status"] != "assumed":
        return float(row["value"])
    return drawn(row, index, f"start.{row['item']}.{row['county']}")


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


def counted(item: str, index: int = 0) -> np.ndarray:
    """One item as whole numbers by county; they sum to the prefecture's value where one binds."""
    total = [row for row in evidence.table("start") if row["item"] == item and row["county"] == "tianshui"]
    binds = total and (index == 0 or total[0]["status"] != "assumed")
    return whole(facts(item, index), round(float(total[0]["value"])) if binds else None)


def line(shape: Shape, ages: np.ndarray | None = None) -> np.ndarray:
    """A shape at every age, or at those given, by straight lines."""
    return np.interp(np.arange(AGES) if ages is None else ages, shape.at, shape.value)


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


def _no_one_stays(moved: np.ndarray) -> None:
    """Send elsewhere whom rounding left as movers to their own county (in place); both margins stay."""
    for c in np.flatnonzero(moved.diagonal()):
        others = moved.copy()
        others[c], others[:, c] = 0, 0
        np.fill_diagonal(others, 0)
        stay = moved[c, c]
        origin, goal = np.unravel_index(int(np.argmax(others)), others.shape)
        moved[c, c] -= stay
        moved[origin, goal] -= stay
        moved[c, goal] += stay
        moved[origin, c] += stay


def _household_rows(p: StructureParameters) -> np.ndarray:
    """Registered households: those at home, and as printed those away as a whole, their level set by belief."""
    usual = CENTRAL.numbers.whole_away / CENTRAL.numbers.whole_size
    level = p.whole_away / p.whole_size / usual
    home, printed = facts("family_households_resident"), facts("registered_households_rows")
    total = fact("family_households_resident")
    gone = fact("registered_households_rows") - total
    return whole(home + level * (printed - home), round(total + level * gone))


@cache
def margins(world: World = CENTRAL) -> Margins:
    """Integers from the start table that satisfy both identities of the module, exactly."""
    p, index = world.numbers, world.index
    registered = counted("registered_persons")
    residents = counted("resident_persons")
    near = facts("in_migrants_other_county_same_province")
    incomers = whole(facts("in_migrants_other_province") + p.from_outside * near)
    arrivals = whole((1.0 - p.from_outside) * near)
    family = counted("population_in_family_households")
    local = residents - family - incomers - arrivals
    # Those away outside as assumed, but the identity holds; who moves inside comes from every other county. The
    # counties differ as printed; how many come from outside sets the level.
    inside = registered - family - local - counted("away_outside_prefecture_gross")
    leave = whole(inside * (arrivals.sum() / inside.sum()), int(arrivals.sum()))
    moved = rake(leave[:, None] * (1.0 - np.eye(len(COUNTIES))), leave, arrivals)
    _no_one_stays(moved)
    away = registered - family - local - moved.sum(axis=1)
    if moved.diagonal().any() or min(local.min(), away.min()) < 0:
        raise ValueError("the start table's movers and collective quarters contradict each other")
    households = counted("family_households_resident")
    rows = _household_rows(p)
    return Margins(
        registered, residents, incomers, moved, family, local, away,
        urban=counted("urban_residents"),
        agricultural=counted("agricultural_registered_population"),
        households=households, rows=rows, one=counted("one_person_households"),
        two=counted("two_generation_households"), three=counted("three_generation_households"),
        whole=whole(p.whole_size * (rows - households)), poor=counted("registered_poor_persons", index),
    )  # fmt: skip


def incomers(world: World = CENTRAL) -> np.ndarray:
    """Residents registered outside the prefecture (i8[7]): they live in town and are no rows."""
    return margins(world).incomers.copy()


def _age_groups(index: int) -> np.ndarray:
    """Residents by county and group of five years (7, 18); children, adults and the old keep their shares."""
    edges = range(0, OPEN_AGE, GROUP)
    names = [f"residents_age_{a}_{a + GROUP - 1}" for a in edges] + [f"residents_age_{OPEN_AGE}plus"]
    groups = np.stack([facts(name, index) for name in names], axis=1)
    if index:
        for name, (low, high) in COHORTS.items():
            own = slice(low // GROUP, high // GROUP if high < OPEN_AGE else None)
            wanted = facts(f"age_share_cohort_{name}") / PERCENT * facts("resident_persons")
            groups[:, own] *= (wanted / groups[:, own].sum(axis=1))[:, None]
    return groups


@cache
def residents_by_age(world: World = CENTRAL) -> np.ndarray:
    """Residents by county, sex and single year of age (7, 2, 101), incomers included."""
    from scipy.interpolate import PchipInterpolator  # Here: half a second that a cached start does not need.

    edges = [*range(0, OPEN_AGE + 1, GROUP)]
    groups = _age_groups(world.index)
    men = counted("male_residents")
    total = margins(world).residents
    table = np.zeros((7, 2, AGES), np.int64)
    tail = world.numbers.open_fall ** np.arange(AGES - OPEN_AGE)
    share_of_men = line(world.shape("male_share"))
    for c in range(7):
        own = groups[c] * (total[c] / groups[c].sum())
        running = PchipInterpolator(edges, np.concatenate([[0.0], np.cumsum(own[:-1])]))(
            np.arange(OPEN_AGE + 1)
        )
        by_age = np.concatenate([np.diff(running), own[-1] * tail / tail.sum()])
        both = spread(by_age, int(total[c]))
        odds = np.log(share_of_men / (1.0 - share_of_men))
        low, high = -1.0, 1.0
        for _ in range(HALVINGS):
            shift = (low + high) / 2
            share = 1.0 / (1.0 + np.exp(-odds - shift))
            low, high = (shift, high) if (both * share).sum() < men[c] else (low, shift)
        table[c, MEN] = np.minimum(spread(both * share, int(men[c])), both)
        table[c, WOMEN] = both - table[c, MEN]
    return table


def _absent(total: int, world: World, ages: str, children: str = "") -> np.ndarray:
    """An age-by-sex table (2, 101) of `total` persons with the assumed shape of those away."""
    p = world.numbers
    shape = line(world.shape(ages))
    shape = shape / shape.sum()
    if children:
        young_ages = line(world.shape(children))
        shape = (1.0 - p.away_children) * shape + p.away_children * young_ages / young_ages.sum()
    men = round(p.away_men * total)
    young = np.arange(AGES) < SURE_CHILD
    # Children go in the sex ratio of children; the men's surplus is among adults.
    male = np.where(young, line(world.shape("male_share")), 0.0) * shape
    male += np.where(young, 0.0, shape * (p.away_men - male.sum()) / max(shape[~young].sum(), TINY))
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
    for _ in range(RAKINGS):
        table *= (by_role / np.maximum(table.sum(axis=1), TINY))[:, None]
        columns = table.sum(axis=0)
        table *= np.where(columns > 0, by_age / np.maximum(columns, TINY), 0.0)
    if by_role.min() < 0 or by_role.sum() != by_age.sum():
        raise ValueError("roles do not sum to the persons who have them")
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
    while np.minimum(weight * high, 1.0) @ table < total and high < MOST_WEIGHT:
        high *= 2.0
    for _ in range(HALVINGS):
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


def incomer_table(c: int, world: World = CENTRAL) -> np.ndarray:
    """Incomers of a county by sex and age (2, 101)."""
    return _absent(int(margins(world).incomers[c]), world, "away_ages", "away_child_ages")


def _fitted(table: np.ndarray, room: np.ndarray) -> np.ndarray:
    """A table of persons, never more of an age and sex than there is room for; who finds none has another age."""
    kept = np.minimum(table, np.maximum(room, 0))
    missing = int((table - kept).sum())
    if missing == 0:
        return table
    free = np.maximum(room, 0) - kept
    return kept + some(free.ravel(), kept.ravel() / max(kept.max(), 1), missing).reshape(table.shape)


def county_tables(c: int, m: Margins, world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Age-by-sex tables of family, locals in quarters, movers into the county, and those away from it."""
    into = _absent(int(m.moved[:, c].sum()), world, "away_ages", "away_child_ages")
    local = _absent(int(m.local[c]), world, "local_ages")
    room = residents_by_age(world)[c] - into - incomer_table(c, world)
    local = _fitted(local, room)
    family = room - local
    if (family < 0).any():
        raise ValueError(f"{COUNTIES[c]}: more people in collective quarters than residents of an age")
    return family, local, into, _absent(int(m.away[c]), world, "away_ages", "away_child_ages")


def _parts(names: tuple[str, ...], index: int) -> list[np.ndarray]:
    """Assumed shares of a whole by county; drawn ones, with the rest that has no row, sum to one as the printed do."""
    shares = [facts(name, index) for name in names]
    if index == 0:
        return shares
    rest = 1.0 - np.sum([facts(name) for name in names], axis=0)
    return [share / (np.sum(shares, axis=0) + rest) for share in shares]


def branches(world: World = CENTRAL) -> list[np.ndarray]:
    """Shares of `BRANCHES` in manufacturing by county (7 each)."""
    return _parts(tuple(f"share_of_manufacturing_{name}" for name in BRANCHES), world.index)


@cache
def sector_jobs(world: World = CENTRAL) -> np.ndarray:
    """Residents at work in the ten sectors (7, 10): published divisions exact, the split within assumed."""
    second, third = counted("employed_secondary"), counted("employed_tertiary")
    build_, make = counted("employed_construction"), counted("employed_manufacturing")
    out = np.zeros((7, len(SECTORS)), np.int64)
    for name, part in zip(BRANCHES, branches(world), strict=True):
        out[:, SECTORS.index(name)] = np.rint(part * make)
    out[:, SECTORS.index("construction")] = build_
    # Other manufacturing, mining, and supply of power and water.
    out[:, SECTORS.index("other_industry")] = second - out[:, :SECONDARY].sum(axis=1)
    parts = _parts(tuple(f"share_of_tertiary_{name}" for name in SERVICES), world.index)
    for name, part in zip(SERVICES, parts, strict=True):
        out[:, SECTORS.index(name)] = np.rint(part * third)
    out[:, SECTORS.index("other_services")] = third - out[:, SECONDARY:].sum(axis=1)
    return out
