"""Who was registered in Tianshui at the end of 2015: persons, households and villages that meet every margin.

Homes are made county by county (`homes.py`) from whole numbers that satisfy every identity (`margins.py`). Then
whole households are taken, in hashed order, until registration, town homes and the poverty register hold exactly
their persons; years of school go by rank of a latent schooling until illiteracy and the mean are met; jobs by
rank of a propensity until each sector has its residents. Places in line are hashes of rows; what is assumed comes
from the world (`beliefs.py`).

Left out: clustering of departures by village; jobs of incomers (the published jobs of residents are all held by
registered persons).
"""

from typing import NamedTuple

import numpy as np

from tianshui import evidence
from tianshui.population.beliefs import World
from tianshui.population.homes import County, People, county_people, movers
from tianshui.population.margins import (
    CENTRAL,
    PERCENT,
    SURE_CHILD,
    TINY,
    Margins,
    bell,
    counted,
    facts,
    flat,
    line,
    margins,
    ranked,
    sector_jobs,
    spread,
    take_exactly,
)
from tianshui.state import (
    AWAY,
    CITY,
    COUNTIES,
    FARM,
    FIRST_SECTOR,
    NEVER_POOR,
    NO_WORK,
    OUTSIDE,
    POOR,
    PUPIL,
    SECTORS,
    TOWN,
    VILLAGE,
    WORK_AWAY,
    Households,
    Persons,
    Villages,
)

DISTRICTS = 2
"""The first two counties are the districts of the central city."""
SIX, NINE, TWELVE, FIFTEEN, SIXTEEN = 6, 9, 12, 15, 16
"""Years of schooling done at the end of primary, junior and upper secondary school, and of short and long college;
six is also the age at which school begins."""
ADULT, COLLEGE_AGE, RETIRED = 16, 19, 65
"""Working age begins, school ends for those of its usual age, working age ends."""
LAID = {
    f"households.{name}": kind
    for names, kind in (
        (("flat", "terrace", "slope", "steep", "idle_terrace", "idle_slope", "idle_steep", "let", "orchard",
          "sapling", "converted"), np.int32),
        (("orchard_age", "sapling_age", "monitored", "allowance", "relocated", "cooperative", "insured", "shock"),
         np.uint8),
        (("town_since", "converted_year", "cattle", "sheep", "pigs"), np.int16),
        (("cash", "debt", "income", "aid", "gap"), np.float64),
    )
    for name in names
}  # fmt: skip
"""Columns that the structure leaves at zero."""
HOMES = 3
"""Kinds of home: in the village, in town, away as a whole."""


class _Decided(NamedTuple):
    """Decisions for the households of one county."""

    farm: np.ndarray
    in_town: np.ndarray
    central: np.ndarray
    village: np.ndarray  # row within the county; the last is its towns


def _settle(c: int, county: County, m: Margins, villages: int, weights: np.ndarray, world: World) -> _Decided:
    """Registration, home and village of the households of one county; persons come out exactly."""
    p, n = world.numbers, county.kind.size
    people = county.people
    size = np.bincount(people.house, minlength=n)
    at_home = np.bincount(people.house[people.home == 1], minlength=n)
    collective = int(m.residents[c] - m.family[c])
    wanted = int(m.urban[c]) - collective
    wish = flat(n, f"{c}/urban") * (1.0 + p.urban_small * size)
    urban = take_exactly(size, ranked(wish), int(m.registered[c] - m.agricultural[c]))
    # Town homes: urban registration first, then by hash. Who has a member in the county's own collective
    # quarters comes last, so that place and setting alone tell who lives at home.
    lives = at_home > 0
    boards = np.bincount(people.house[(people.home == 0) & (people.place == c)], minlength=n) > 0
    order = np.lexsort((flat(n, f"{c}/town"), ~urban, boards))
    order = order[lives[order]]
    town = take_exactly(at_home, order, wanted)
    in_town = np.where(lives, town, urban)
    central = np.zeros(n, bool)
    if c < DISTRICTS:
        share = round(p.central * int(m.urban[c])) - collective
        order = ranked(flat(n, f"{c}/central"))
        central = take_exactly(at_home, order[town[order]], share)
    village = np.full(n, villages)
    rural = np.flatnonzero(~urban)
    counts = spread(weights, rural.size)
    village[rural[ranked(flat(rural.size, f"{c}/village"))]] = np.repeat(np.arange(villages), counts)
    return _Decided(~urban, in_town, central, village)


def _areas() -> np.ndarray:
    """Area of each county's polygon, km2 (7): official areas do not add up to the prefecture."""
    rows = {row["county"]: row for row in evidence.table("nature") if row["item"] == "land_area"}
    return np.array([float(rows[county]["value"]) for county in COUNTIES])


def _place_villages(number: np.ndarray, world: World) -> tuple[Villages, list[np.ndarray]]:
    """Villages with assumed distance, height and size; each county's last row stands for its towns."""
    p, area = world.numbers, _areas()
    county, distance, altitude, weights = [], [], [], []
    for c in range(7):
        n = int(number[c])
        radius = float(np.sqrt(area[c] / np.pi))
        out = np.sqrt(flat(n, f"{c}/far"))
        distance.append(np.append(p.road_detour * radius * out, 0.0))
        height = (p.altitude_near + p.altitude_far * out) * np.exp(p.altitude_spread * bell(n, f"{c}/high"))
        altitude.append(np.append(height, 0.0))
        weights.append(np.exp(p.village_spread * bell(n, f"{c}/people")))
        county.append(np.full(n + 1, c))
    rows = int(number.sum()) + len(COUNTIES)
    return Villages(
        np.concatenate(county).astype(np.uint8), np.concatenate(distance).astype(np.float32),
        np.concatenate(altitude).astype(np.float32), np.zeros(rows), np.zeros(rows),
    ), weights  # fmt: skip


class Built(NamedTuple):
    """The fixed structure; what is laid on by belief is zero, `permanent` holds the score of income a head."""

    persons: Persons
    households: Households
    villages: Villages
    kind: np.ndarray  # u1[H]: ONE, PAIR, TWO, SKIP, THREE, GONE


def build(world: World = CENTRAL) -> Built:
    """The whole population of one world, from evidence and hashes alone.

    Raises ValueError where what a world assumes cannot be brought together with the published margins.
    """
    try:
        return _built(world)
    except ValueError as error:
        raise ValueError(
            f"the `structure` beliefs contradict the published margins of 2015: {error}"
        ) from error


def _built(world: World) -> Built:
    m = margins(world)
    counts = counted("villages", world.index)
    villages, weights = _place_villages(counts, world)
    from_row = np.concatenate([[0], np.cumsum(counts + 1)])
    moving = movers(m, world)
    persons: list[People] = []
    homes: dict[str, list[np.ndarray]] = {
        name: [] for name in ("county", "farm", "town", "village", "size", "kind")
    }
    settings = []
    first_house = 0
    for c in range(7):
        county = county_people(c, m, moving[c], world)
        own = _settle(c, county, m, int(counts[c]), weights[c], world)
        n = own.farm.size
        order = np.lexsort((flat(n, f"{c}/order"), own.village))
        row = np.empty(n, np.int64)
        row[order] = np.arange(n)
        people = county.people
        setting = np.where(
            people.place == OUTSIDE, AWAY,
            np.where(
                people.home == 0, np.where(people.place < DISTRICTS, CITY, TOWN),
                np.where(own.central[people.house], CITY, np.where(own.in_town[people.house] > 0, TOWN, VILLAGE)),
            ),
        )  # fmt: skip
        line_up = np.lexsort((people.female, -people.age, row[people.house]))
        moved = People(*(column[line_up] for column in people))
        persons.append(moved._replace(house=row[moved.house] + first_house))
        settings.append(setting[line_up])
        homes["county"].append(np.full(n, c))
        homes["kind"].append(county.kind[order])
        homes["farm"].append(own.farm[order])
        homes["town"].append(own.in_town[order])
        homes["village"].append(own.village[order] + from_row[c])
        homes["size"].append(np.bincount(people.house, minlength=n)[order])
        first_house += n
    joined = {name: np.concatenate(parts) for name, parts in homes.items()}
    return _finish(
        People(*(np.concatenate(parts) for parts in zip(*persons, strict=True))),
        np.concatenate(settings),
        joined,
        villages,
        world,
    )


def _finish(
    people: People, setting: np.ndarray, homes: dict[str, np.ndarray], villages: Villages, world: World
) -> Built:
    """Schooling, work, income scores and the poverty register on the finished rows."""
    total, size = people.age.size, homes["county"].size
    county = homes["county"][people.house]
    urban = homes["farm"][people.house] == 0
    schooling, pupil = _school(people, setting, urban, county, world)
    work = _work(people, setting, schooling, pupil, world)
    persons = Persons(
        number=np.arange(1, total + 1, dtype=np.uint64),
        household=people.house.astype(np.int32),
        age=people.age.astype(np.uint8),
        female=people.female.astype(np.uint8),
        schooling=schooling.astype(np.uint8),
        children=people.children.astype(np.uint8),
        married=people.married.astype(np.uint8),
        health=np.zeros(total, np.uint8),
        place=people.place.astype(np.uint8),
        setting=setting.astype(np.uint8),
        work=work.astype(np.uint8),
    )
    first = np.concatenate([[0], np.cumsum(homes["size"])]).astype(np.int64)
    score, poor = _ranks(persons, people.home == 1, first, homes, villages, world)
    laid = {name.split(".")[1]: np.zeros(size, kind) for name, kind in LAID.items()}
    households = Households(
        number=np.arange(1, size + 1, dtype=np.uint64), first=first,
        county=homes["county"].astype(np.uint8), farm_hukou=homes["farm"].astype(np.uint8),
        village=homes["village"].astype(np.int32), in_town=homes["town"].astype(np.uint8),
        permanent=score, poor=poor, **laid,
    )  # fmt: skip
    away = _share_away(persons, homes["village"], villages.county.size)
    return Built(persons, households, villages._replace(away=away), homes["kind"].astype(np.uint8))


def _share_away(persons: Persons, village: np.ndarray, rows: int) -> np.ndarray:
    where = village[persons.household]
    adult = (persons.age >= ADULT) & (persons.age < RETIRED)
    count = np.bincount(where[adult], minlength=rows)
    gone = np.bincount(where[adult & (persons.work == WORK_AWAY)], minlength=rows)
    return gone / np.maximum(count, 1)


def _school(
    people: People, setting: np.ndarray, urban: np.ndarray, county: np.ndarray, world: World
) -> tuple[np.ndarray, np.ndarray]:
    """Completed years and who is a pupil; illiteracy and mean years of residents of 15 and more are exact."""
    size, age, p = people.age.size, people.age, world.numbers
    late = (flat(size, "late") >= p.at_six).astype(np.int64)
    luck = flat(size, "pupil")
    gone = people.place == OUTSIDE
    usual = np.maximum(age - SIX - late, 0)
    years = np.where(age < SURE_CHILD, usual, 0)
    pupil = (age >= SIX + late) & (age < SURE_CHILD)
    # Youths: nine years, then upper secondary school for most.
    fifteen = age == SURE_CHILD
    youth = (age > SURE_CHILD) & (age < COLLEGE_AGE)
    chance = np.where(fifteen, p.in_school_15, p.upper_entry) * np.where(gone & youth, p.away_pupils, 1.0)
    chance = np.where(youth & (usual >= TWELVE), chance * p.college_entry, chance)
    here = (fifteen | youth) & (luck < chance)
    finished = youth & ~here & (usual >= TWELVE) & (luck < p.upper_entry)
    years = np.where(here, np.minimum(usual, TWELVE), years)
    years = np.where((fifteen | youth) & ~here, NINE, years)
    years = np.where(finished, TWELVE, years)
    years = np.where(fifteen, np.minimum(years, NINE), years)
    pupil |= here
    # Adults by rank of a latent schooling.
    latent = line(world.shape("cohort"), age)
    latent = latent - line(world.shape("women_behind"), age) * (people.female == 1)
    in_town = (setting == TOWN) | (setting == CITY)
    latent += p.town_ahead * in_town + p.urban_ahead * urban + p.away_ahead * gone
    latent += bell(size, "latent")
    program = np.where(flat(size, "college") < p.long_college, SIXTEEN, FIFTEEN)
    college = np.maximum(np.minimum(program, usual), TWELVE)
    studies = college < program
    adult = age >= COLLEGE_AGE
    for c in range(7):
        residents = (people.place == c) & (age >= SURE_CHILD)
        young = residents & ~adult
        n = int(residents.sum())
        total = round(float(facts("mean_years_schooling")[c]) * n)
        none = round(float(facts("illiteracy_rate_15plus")[c]) / PERCENT * n)
        upper_share, college_share = (
            facts(f"schooling_share_{x}", world.index)[c] / PERCENT for x in ("upper_secondary", "college")
        )
        rows = np.flatnonzero(residents & adult)
        rows = rows[np.argsort(-latent[rows], kind="stable")]
        top = round(college_share * n)
        high = round(upper_share * n) - int((years[young] > NINE).sum())
        high = max(high, 0)
        rest = rows.size - top - high - none
        spent = int(years[young].sum()) + int(college[rows[:top]].sum()) + TWELVE * high + SIX * rest
        junior, odd = divmod(total - spent, NINE - SIX)
        if not 0 <= junior < rest:
            raise ValueError(f"{COUNTIES[c]}: shares of schooling cannot meet the mean")
        marks = np.cumsum([top, high, junior, rest - junior])
        years[rows[:top]] = college[rows[:top]]
        pupil[rows[:top]] = studies[rows[:top]]
        years[rows[top : marks[1]]] = TWELVE
        years[rows[marks[1] : marks[2]]] = NINE
        years[rows[marks[2] : marks[3]]] = SIX
        years[rows[marks[3] :]] = 0
        years[rows[marks[2]]] += odd
        # Those outside the prefecture have the schooling of their latent rank at home.
        out = np.flatnonzero((county == c) & gone & adult)
        level = np.searchsorted(-latent[rows[marks - 1]], -latent[out], side="left")
        years[out] = np.choose(level, [college[out], *(np.full(out.size, y) for y in (TWELVE, NINE, SIX, 0))])
        pupil[out] = (level == 0) & studies[out]
    return years, pupil


def _top(rows: np.ndarray, score: np.ndarray, total: int, what: str) -> np.ndarray:
    if total > rows.size:
        raise ValueError(f"{what}: {total} wanted, {rows.size} there")
    return rows[np.argsort(-score, kind="stable")[:total]]


def _work(
    people: People, setting: np.ndarray, schooling: np.ndarray, pupil: np.ndarray, world: World
) -> np.ndarray:
    """What everybody does; jobs by sector of residence are exact."""
    size, age, p = people.age.size, people.age, world.numbers
    work = np.where(pupil, PUPIL, NO_WORK)
    gone = people.place == OUTSIDE
    work[gone & ~pupil & (age >= ADULT) & (age < RETIRED)] = WORK_AWAY
    luck = -np.log(-np.log(np.maximum(flat(size, "work"), TINY)))
    village = setting == VILLAGE
    men = people.female == 0
    job = (
        line(world.shape("work_ages"), age)
        + p.work_men * men
        + p.work_town * ~village
        + p.work_years * (schooling - NINE)
        + luck
    )
    luck = -np.log(-np.log(np.maximum(flat(size, "farm"), TINY)))
    field = line(world.shape("farm_ages"), age) + p.farm_village * village + p.farm_men * men + luck
    jobs = sector_jobs(world)
    by_years, by_men, by_village = (
        world.leaning(name) for name in ("sector_years", "sector_men", "sector_village")
    )
    farmers = counted("employed_primary")
    for c in range(7):
        able = np.flatnonzero((people.place == c) & (age >= ADULT) & (age < RETIRED) & ~pupil)
        chosen = np.sort(_top(able, job[able], int(jobs[c].sum()), f"{COUNTIES[c]} jobs"))
        for number, name in enumerate(by_years):
            score = by_years[name] * schooling[chosen] + by_men.get(name, 0.0) * men[chosen]
            score = (
                score + by_village.get(name, 0.0) * village[chosen] + bell(chosen.size, f"{c}/sector", number)
            )
            sector = SECTORS.index(name)
            taken = _top(chosen, score, int(jobs[c, sector]), name)
            work[taken] = FIRST_SECTOR + sector
            chosen = chosen[work[chosen] == NO_WORK]
        able = np.flatnonzero(
            (people.place == c) & (age >= ADULT) & (age < round(p.farm_oldest)) & (work == NO_WORK)
        )
        work[_top(able, field[able], int(farmers[c]), f"{COUNTIES[c]} farmers")] = FARM
    return work


def _ranks(
    persons: Persons,
    at_home: np.ndarray,
    first: np.ndarray,
    homes: dict[str, np.ndarray],
    villages: Villages,
    world: World,
) -> tuple[np.ndarray, np.ndarray]:
    """Normal score of income a head within county and kind of home, and the poverty register by rank."""
    from scipy.special import ndtri

    p, size = world.numbers, first.size - 1
    members = np.maximum(np.diff(first), 1)
    house = persons.household
    adult = persons.age >= ADULT
    adults = np.maximum(np.bincount(house[adult], minlength=size), 1)
    years = np.bincount(house[adult], weights=persons.schooling[adult], minlength=size) / adults
    earns = (persons.work >= FIRST_SECTOR).astype(np.float64) + p.rank_farmer * (persons.work == FARM)
    earners = np.bincount(house, weights=earns, minlength=size) / members
    village = homes["village"]
    latent = p.rank_years * years + p.rank_earners * earners + bell(size, "income")
    latent += p.rank_distance * villages.distance[village] + p.rank_altitude * villages.altitude[village]
    lives = np.bincount(house[at_home], minlength=size) > 0
    group = homes["county"] * HOMES + np.where(~lives, 2, homes["town"] > 0)
    order = np.lexsort((latent, group))
    begin = np.searchsorted(group[order], np.arange(len(COUNTIES) * HOMES + 1))
    sizes = np.diff(begin)
    nth = np.arange(size) - np.repeat(begin[:-1], sizes)
    score = np.empty(size)
    score[order] = ndtri((nth + 1.0 / 2.0) / np.repeat(sizes, sizes))
    poor = np.full(size, NEVER_POOR, np.uint8)
    wanted = margins(world).poor
    for c in range(7):
        able = np.flatnonzero((homes["county"] == c) & (homes["farm"] == 1) & (homes["town"] == 0) & lives)
        by_score = np.argsort(score[able], kind="stable")
        poor[able[take_exactly(np.diff(first)[able], by_score, int(wanted[c]))]] = POOR
    return score, poor
