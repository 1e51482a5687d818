"""Who was registered in Tianshui at the end of 2015: persons, households and villages that meet every margin.

Homes are made county by county (`homes.py`) from whole numbers that satisfy every identity (`margins.py`). Then
whole households are taken, in hashed order, until registration, town homes and the poverty register hold exactly
their persons; years of school go by rank of a latent schooling until illiteracy and the mean are met; jobs by
rank of a propensity until each sector has its residents. Places in line are hashes of rows: no belief enters.

Left out: clustering of departures by village; jobs of incomers (the published jobs of residents are all held by
registered persons).
"""

from typing import NamedTuple

import numpy as np

from tianshui.population.homes import County, People, county_people, movers
from tianshui.population.margins import (
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

PERCENT = 100.0
CENTRAL = 2
"""The first two counties are the districts of the central city."""
CENTRAL_SHARE = 0.75
"""Part of the urban residents of the two districts who live in the central city."""
# Villages
VILLAGE_SPREAD = 0.55
ROAD_DETOUR = 1.25
ALTITUDE_NEAR, ALTITUDE_FAR, ALTITUDE_SPREAD = 60.0, 420.0, 0.45
"""Metres above the valley floor: at the seat, added at the county's radius, and log spread."""
# Schooling
STARTS_AT_SIX = 0.67
IN_SCHOOL_15, UPPER_ENTRY, COLLEGE_ENTRY, LONG_COLLEGE, AWAY_PUPILS = 0.97, 0.85, 0.55, 0.5, 0.5
COHORT = ((15, 1.3), (22, 1.3), (30, 1.0), (40, 0.45), (50, 0.0), (60, -0.7), (70, -1.5), (100, -3.0))
"""Schooling by birth cohort, in spreads of the noise."""
WOMEN_BEHIND = ((15, 0.0), (30, 0.1), (50, 0.5), (70, 0.9), (100, 1.0))
TOWN_AHEAD, URBAN_AHEAD, AWAY_AHEAD = 0.5, 0.5, 0.2
SIX, NINE, TWELVE, FIFTEEN, SIXTEEN = 6, 9, 12, 15, 16
ADULT, COLLEGE_AGE, RETIRED, FARM_OLD = 16, 19, 65, 80
# Work: log odds against each other; only ranks within a county count
WORK_AGES = ((16, -1.5), (22, 0.3), (28, 0.8), (45, 0.8), (52, 0.2), (60, -1.6), (65, -2.6))
FARM_AGES = ((16, -2.0), (22, -0.8), (30, 0.2), (45, 0.9), (60, 0.9), (68, 0.0), (80, -3.0))
WORK_MEN, WORK_TOWN, WORK_YEARS, FARM_VILLAGE, FARM_MEN = 0.6, 1.6, 0.08, 3.5, -0.1
SECTOR_YEARS = {
    "public_services": 0.55, "technical": 0.5, "electronics": 0.3, "equipment": 0.2, "tourism": 0.0,
    "processing": -0.05, "other_industry": -0.05, "trade": 0.05, "other_services": -0.1, "construction": -0.2,
}  # fmt: skip
"""Preference of a sector for a year of schooling; sectors choose in this order."""
SECTOR_MEN = {"construction": 2.2, "other_industry": 0.8, "equipment": 0.8, "technical": 0.3, "tourism": -0.5}
SECTOR_VILLAGE = {"construction": 1.2, "public_services": -0.4, "electronics": -0.4, "technical": -0.6}
# Ranks of income a head
RANK_YEARS, RANK_EARNERS, RANK_DISTANCE, RANK_ALTITUDE = 0.18, 1.3, -0.012, -0.0008
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
# Rank of a household's wish for urban registration
URBAN_SMALL = 0.25


class _Decided(NamedTuple):
    """Decisions for the households of one county."""

    farm: np.ndarray
    in_town: np.ndarray
    central: np.ndarray
    village: np.ndarray  # row within the county; the last is its towns


def _settle(c: int, county: County, m: Margins, villages: int, weights: np.ndarray) -> _Decided:
    """Registration, home and village of the households of one county; persons come out exactly."""
    n = county.kind.size
    people = county.people
    size = np.bincount(people.house, minlength=n)
    at_home = np.bincount(people.house[people.home == 1], minlength=n)
    collective = int(m.residents[c] - m.family[c])
    wanted = int(m.urban[c]) - collective
    wish = flat(n, f"{c}/urban") * (1.0 + URBAN_SMALL * size)
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
    if c < CENTRAL:
        share = round(CENTRAL_SHARE * int(m.urban[c])) - collective
        order = ranked(flat(n, f"{c}/central"))
        central = take_exactly(at_home, order[town[order]], share)
    village = np.full(n, villages)
    rural = np.flatnonzero(~urban)
    counts = spread(weights, rural.size)
    village[rural[ranked(flat(rural.size, f"{c}/village"))]] = np.repeat(np.arange(villages), counts)
    return _Decided(~urban, in_town, central, village)


def _place_villages(number: np.ndarray) -> tuple[Villages, list[np.ndarray]]:
    """Villages with assumed distance, height and size; each county's last row stands for its towns."""
    area = facts("land_area")
    county, distance, altitude, weights = [], [], [], []
    for c in range(7):
        n = int(number[c])
        radius = float(np.sqrt(area[c] / np.pi))
        out = np.sqrt(flat(n, f"{c}/far"))
        distance.append(np.append(ROAD_DETOUR * radius * out, 0.0))
        height = (ALTITUDE_NEAR + ALTITUDE_FAR * out) * np.exp(ALTITUDE_SPREAD * bell(n, f"{c}/high"))
        altitude.append(np.append(height, 0.0))
        weights.append(np.exp(VILLAGE_SPREAD * bell(n, f"{c}/people")))
        county.append(np.full(n + 1, c))
    rows = int(number.sum()) + 7
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


def build() -> Built:
    """The whole population, from evidence and hashes alone."""
    m = margins()
    counts = counted("villages")
    villages, weights = _place_villages(counts)
    from_row = np.concatenate([[0], np.cumsum(counts + 1)])
    moving = movers(m)
    persons: list[People] = []
    homes: dict[str, list[np.ndarray]] = {
        name: [] for name in ("county", "farm", "town", "village", "size", "kind")
    }
    settings = []
    first_house = 0
    for c in range(7):
        county = county_people(c, m, moving[c])
        own = _settle(c, county, m, int(counts[c]), weights[c])
        n = own.farm.size
        order = np.lexsort((flat(n, f"{c}/order"), own.village))
        row = np.empty(n, np.int64)
        row[order] = np.arange(n)
        people = county.people
        setting = np.where(
            people.place == OUTSIDE, AWAY,
            np.where(
                people.home == 0, np.where(people.place < CENTRAL, CITY, TOWN),
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
    )


def _finish(people: People, setting: np.ndarray, homes: dict[str, np.ndarray], villages: Villages) -> Built:
    """Schooling, work, income scores and the poverty register on the finished rows."""
    total, size = people.age.size, homes["county"].size
    county = homes["county"][people.house]
    urban = homes["farm"][people.house] == 0
    schooling, pupil = _school(people, setting, urban, county)
    work = _work(people, setting, schooling, pupil)
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
    score, poor = _ranks(persons, people.home == 1, first, homes, villages)
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
    people: People, setting: np.ndarray, urban: np.ndarray, county: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Completed years and who is a pupil; illiteracy and mean years of residents of 15 and more are exact."""
    size, age = people.age.size, people.age
    late = (flat(size, "late") >= STARTS_AT_SIX).astype(np.int64)
    luck = flat(size, "pupil")
    gone = people.place == OUTSIDE
    usual = np.maximum(age - SIX - late, 0)
    years = np.where(age < SURE_CHILD, usual, 0)
    pupil = (age >= SIX + late) & (age < SURE_CHILD)
    # Youths: nine years, then upper secondary school for most.
    fifteen = age == SURE_CHILD
    youth = (age > SURE_CHILD) & (age < COLLEGE_AGE)
    chance = np.where(fifteen, IN_SCHOOL_15, UPPER_ENTRY) * np.where(gone & youth, AWAY_PUPILS, 1.0)
    chance = np.where(youth & (usual >= TWELVE), chance * COLLEGE_ENTRY, chance)
    here = (fifteen | youth) & (luck < chance)
    finished = youth & ~here & (usual >= TWELVE) & (luck < UPPER_ENTRY)
    years = np.where(here, np.minimum(usual, TWELVE), years)
    years = np.where((fifteen | youth) & ~here, NINE, years)
    years = np.where(finished, TWELVE, years)
    years = np.where(fifteen, np.minimum(years, NINE), years)
    pupil |= here
    # Adults by rank of a latent schooling.
    latent = line(COHORT, age) - line(WOMEN_BEHIND, age) * (people.female == 1)
    latent += TOWN_AHEAD * ((setting == TOWN) | (setting == CITY)) + URBAN_AHEAD * urban + AWAY_AHEAD * gone
    latent += bell(size, "latent")
    program = np.where(flat(size, "college") < LONG_COLLEGE, SIXTEEN, FIFTEEN)
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
            facts(f"schooling_share_{x}")[c] / PERCENT for x in ("upper_secondary", "college")
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


def _work(people: People, setting: np.ndarray, schooling: np.ndarray, pupil: np.ndarray) -> np.ndarray:
    """What everybody does; jobs by sector of residence are exact."""
    size, age = people.age.size, people.age
    work = np.where(pupil, PUPIL, NO_WORK)
    gone = people.place == OUTSIDE
    work[gone & ~pupil & (age >= ADULT) & (age < RETIRED)] = WORK_AWAY
    luck = -np.log(-np.log(np.maximum(flat(size, "work"), TINY)))
    village = setting == VILLAGE
    men = people.female == 0
    job = (
        line(WORK_AGES, age) + WORK_MEN * men + WORK_TOWN * ~village + WORK_YEARS * (schooling - NINE) + luck
    )
    luck = -np.log(-np.log(np.maximum(flat(size, "farm"), TINY)))
    field = line(FARM_AGES, age) + FARM_VILLAGE * village + FARM_MEN * men + luck
    jobs = sector_jobs()
    farmers = counted("employed_primary")
    for c in range(7):
        able = np.flatnonzero((people.place == c) & (age >= ADULT) & (age < RETIRED) & ~pupil)
        chosen = np.sort(_top(able, job[able], int(jobs[c].sum()), f"{COUNTIES[c]} jobs"))
        for number, name in enumerate(SECTOR_YEARS):
            score = SECTOR_YEARS[name] * schooling[chosen] + SECTOR_MEN.get(name, 0.0) * men[chosen]
            score = (
                score
                + SECTOR_VILLAGE.get(name, 0.0) * village[chosen]
                + bell(chosen.size, f"{c}/sector", number)
            )
            sector = SECTORS.index(name)
            taken = _top(chosen, score, int(jobs[c, sector]), name)
            work[taken] = FIRST_SECTOR + sector
            chosen = chosen[work[chosen] == NO_WORK]
        able = np.flatnonzero((people.place == c) & (age >= ADULT) & (age < FARM_OLD) & (work == NO_WORK))
        work[_top(able, field[able], int(farmers[c]), f"{COUNTIES[c]} farmers")] = FARM
    return work


def _ranks(
    persons: Persons, at_home: np.ndarray, first: np.ndarray, homes: dict[str, np.ndarray], villages: Villages
) -> tuple[np.ndarray, np.ndarray]:
    """Normal score of income a head within county and kind of home, and the poverty register by rank."""
    from scipy.special import ndtri

    size = first.size - 1
    members = np.maximum(np.diff(first), 1)
    house = persons.household
    adult = persons.age >= ADULT
    adults = np.maximum(np.bincount(house[adult], minlength=size), 1)
    years = np.bincount(house[adult], weights=persons.schooling[adult], minlength=size) / adults
    earns = (persons.work >= FIRST_SECTOR).astype(np.float64) + 0.5 * (persons.work == FARM)
    earners = np.bincount(house, weights=earns, minlength=size) / members
    village = homes["village"]
    latent = RANK_YEARS * years + RANK_EARNERS * earners + bell(size, "income")
    latent += RANK_DISTANCE * villages.distance[village] + RANK_ALTITUDE * villages.altitude[village]
    lives = np.bincount(house[at_home], minlength=size) > 0
    group = homes["county"] * 3 + np.where(~lives, 2, homes["town"] > 0)
    order = np.lexsort((latent, group))
    begin = np.searchsorted(group[order], np.arange(22))
    sizes = np.diff(begin)
    nth = np.arange(size) - np.repeat(begin[:-1], sizes)
    score = np.empty(size)
    score[order] = ndtri((nth + 0.5) / np.repeat(sizes, sizes))
    poor = np.full(size, NEVER_POOR, np.uint8)
    wanted = margins().poor
    for c in range(7):
        able = np.flatnonzero((homes["county"] == c) & (homes["farm"] == 1) & (homes["town"] == 0) & lives)
        by_score = np.argsort(score[able], kind="stable")
        poor[able[take_exactly(np.diff(first)[able], by_score, int(wanted[c]))]] = POOR
    return score, poor
