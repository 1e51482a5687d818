"""Moving: the relocation programme, the move from village to town, and the way back.

    chance to move = logistic(- reluctance_town + town_el * (S_town - S_village) / 0.1
                     + pull_income * ln(town pay / income of the county's villages + rent money / own income)
                     - dear * [price / own income - 6]+
                     - hukou_cost * (1 - openness) + school * (a child of school age) + job * (a member works locally))

Pay pulls by place: who is paid twice the village's mean can be paid twice the town's. Against each household's own income
town pay pulled the poorest most, and newcomers earned less than the villages they had left.

Relocation takes poor households first, then those far from the seat, until the granted persons are reached;
some are settled in town, some in a new village. A household that moves to town keeps its land rights. It
puts a part of its cash (`home_purse`) into a home, at most its price; those who cannot buy, rent: a home costs more
than six years of their income. Rent money, where a county pays any, is theirs from the year after the move, and who would
draw it reckons with it as with pay. The year of the move is kept: what
its members earn rises from a villager's part of a town wage with the years since, and in the year after the move
those without work look for it (both in `livelihoods`).

Left out: single persons' moves apart from their household (their work away or in a dormitory stands in
`livelihoods`), moves between counties, that a member who worked in town before the rest came is no newcomer there (one
in twenty-five of a village's workers, taken for a villager from then on), and the sale of village homes. No effect on income is written in.
"""

import math
from typing import NamedTuple

import numpy as np

from tianshui import draws, queues, sums
from tianshui.compiled import added_up, kernel, over, pick, pick_homes, rule, unsigned
from tianshui.declare import Parameters, belief, lever
from tianshui.draws import uniform
from tianshui.state import (
    CITY,
    COUNTIES,
    FARM,
    FIRST_SECTOR,
    NEVER_POOR,
    NO_WORK,
    TOWN,
    VILLAGE,
    WORKSHOP,
    Households,
    Persons,
    Villages,
)

DRAW_MOVE, DRAW_RETURN, DRAW_CITY, DRAW_RESETTLE = 0, 1, 2, 3
NOT_RESETTLED, IN_TOWN, IN_VILLAGE = range(3)
"""Whether the relocation programme resettles a household this year, and where."""
TENTH = 0.1
"""Difference of services in which `town_el` is stated."""
LEAST_PAY, LEAST_INCOME = 0.1, 1000.0
"""Guards: least ratio of town pay to income, and least income in yuan, that a mover reckons with."""
CENTRAL_COUNTIES = 2
"""The first two counties, Qinzhou and Maiji, share the central city."""
CLASS, CLASSES = 2000.0, 128
"""Width of a class of income by which the largest chance to move is tabled, yuan; classes, the last one open."""
ROUNDING = 1e-9
"""By how much a largest chance is raised, so that no rounding makes it too small."""


class MovingParameters(Parameters):
    """Numbers of moving."""

    relocation: float = lever(
        0.0, unit="person/year", within=(0.0, 10000.0), names=("Relocation of the poor", "易地扶贫搬迁人数"),
        who="county", where="county", cost="relocation_cost", group="poverty", measure="M01",
        source="press_2017:relocation_2016_17", status="found", paid_by=(0.9, 0.1), buys="works", builds="relocation", outturn=True,
    )  # fmt: skip
    """Persons of each county who may be relocated in a year."""

    relocation_fades: float = belief(
        0.05, unit="1/year", within=(0.0, 1.0), prior=(0.0, 0.05, 0.15), source="assumed:given_to_others_in_the_village",
        status="assumed",
    )  # fmt: skip
    """Part of the homes built for relocation and left empty that others have taken after a year."""

    relocation_cost: float = belief(
        51400.0, unit="yuan/person", within=(20000.0, 120000.0), prior=(45000.0, 51400.0, 61200.0),
        source="press_2017:55_over_107000", status="derived",
    )  # fmt: skip
    """Cost of relocating a person: homes, roads, water."""

    resettled_in_town: float = belief(
        0.4,
        unit="share",
        within=(0.0, 1.0),
        prior=(0.25, 0.4, 0.6),
        source="assumed:234_sites",
        status="assumed",
    )
    """Part of relocated households whose new home is in a town."""

    reluctance_town: float = belief(
        4.9, unit="log odds", within=(2.0, 8.0), prior=(4.6, 4.9, 5.4),
        source="assumed:pace of the urban share 2010 to 2019", status="assumed",
    )  # fmt: skip
    """Log odds against moving to town at equal services and incomes."""

    town_el: float = belief(
        0.3, unit="log odds per tenth", within=(0.0, 2.0), prior=(0.1, 0.3, 0.6), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Response to a tenth of the start level in the gap of services between town and village."""

    pull_income: float = belief(
        0.6, unit="log odds per log income", within=(0.0, 3.0), prior=(0.3, 0.6, 1.0),
        source="tombe_zhu_2019:recalled", status="assumed",
    )  # fmt: skip
    """Response to the log of town pay over the income of villages; below `kappa`, for the whole household moves."""

    dear: float = belief(
        0.12, unit="log odds per year of income", within=(0.0, 1.0), prior=(0.05, 0.12, 0.25),
        source="assumed:dear homes deter", status="assumed",
    )  # fmt: skip
    """Fall of the log odds for each year of income that a home costs beyond six."""

    fair_price: float = belief(
        6.0,
        unit="ratio",
        within=(3.0, 10.0),
        prior=(6.0, 6.0, 6.0),
        source="mechanisms:1_5",
        status="assumed",
    )
    """Price over income beyond which a home is dear."""

    hukou_cost: float = belief(
        0.15, unit="log odds", within=(0.0, 1.5), prior=(0.05, 0.15, 0.6), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Cost of lacking town registration when services are tied to it wholly."""

    school: float = belief(
        0.5, unit="log odds", within=(0.0, 2.0), prior=(0.2, 0.5, 0.9), source="assumed:town schools",
        status="assumed",
    )  # fmt: skip
    """Pull of town schools on a household with a child of school age."""

    school_from: float = belief(
        5.0, unit="years", within=(0.0, 12.0), prior=(3.0, 5.0, 6.0),
        source="assumed:the year before school begins", status="assumed", whole=True,
    )  # fmt: skip
    """Least age of a child for whose school a household would move."""

    school_until: float = belief(
        15.0, unit="years", within=(6.0, 22.0), prior=(12.0, 15.0, 18.0),
        source="assumed:end of compulsory school", status="assumed", whole=True,
    )  # fmt: skip
    """Highest age of a child for whose school a household would move."""

    home_purse: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.8),
        source="assumed:half_of_savings", status="assumed",
    )  # fmt: skip
    """Part of its cash that a household moving to town puts into a home, at most its price."""

    job: float = belief(
        1.0, unit="log odds", within=(0.0, 3.0), prior=(0.5, 1.0, 1.6), source="assumed:work is in town",
        status="assumed",
    )  # fmt: skip
    """Pull of a member's local work."""

    return_hazard: float = belief(
        0.006, unit="1/year", within=(0.0, 0.1), prior=(0.002, 0.006, 0.015), source="assumed:few go back",
        status="assumed",
    )  # fmt: skip
    """Chance a year that a household in town without work there goes back to its village."""

    central: float = belief(
        0.7, unit="share", within=(0.0, 1.0), prior=(0.55, 0.7, 0.85), source="assumed:central city",
        status="assumed",
    )  # fmt: skip
    """Part of the movers of Qinzhou and Maiji who choose the central city."""


class Moves(NamedTuple):
    """Where households' homes are after the year's moves."""

    in_town: np.ndarray  # u1 (H,)
    town_since: np.ndarray  # i2 (H,): year of the move to town, 0 for those who never moved and who returned
    relocated: np.ndarray  # u1 (H,)
    setting: np.ndarray  # u1 (P,)
    work: np.ndarray  # u1 (P,): farm workers who moved to town seek other work next year
    invested: np.ndarray  # f8 (H,): put into a home, yuan
    to_town: np.ndarray  # i8 (7,): persons at home who moved to town, relocation included
    moved_relocated: np.ndarray  # i8 (7,): registered persons relocated


@rule
def town_chance(gap, pay_ratio, price_ratio, openness, child, worker, p):
    """Chance a year that a village household moves to town."""
    odds = (
        -p.reluctance_town
        + p.town_el * gap / TENTH
        + p.pull_income * math.log(max(pay_ratio, LEAST_PAY))
        - p.dear * max(0.0, price_ratio - p.fair_price)
        - p.hukou_cost * (1.0 - openness)
        + p.school * child
        + p.job * worker
    )
    return 1.0 / (1.0 + math.exp(-odds))


@rule
def pull_of(pay, village_income, rent, income):
    """Town pay against what villages of the county live on, and rent money against what the household lives on."""
    return pay / village_income + rent / income


@rule
def rents(price, income, p):
    """Whether a household rents in town, because a home is dear for it."""
    return price > p.fair_price * max(income, LEAST_INCOME)


@kernel
def _tenants(homes, at_home, price, years, year, p, start, stop, tenant, counts):
    for h in range(start, stop):
        since, county = int(homes.town_since[h]), int(homes.county[h])
        newcomer = (since > 0) & (year - since <= years)
        draws_it = (homes.in_town[h] == 1) & (at_home[h] > 0) & (newcomer | (homes.allowance[h] == 1))
        tenant[h] = draws_it & rents(price[county], homes.permanent[h], p)
        counts[county] += tenant[h]


class _Tenants(NamedTuple):
    county: np.ndarray
    in_town: np.ndarray
    town_since: np.ndarray
    permanent: np.ndarray
    allowance: np.ndarray


def tenants(
    households: Households,
    at_home: np.ndarray,
    price: np.ndarray,
    years: float,
    p: MovingParameters,
    *,
    year: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Who may draw rent money in a year (u1, H), and their number by county (f8, 7).

    Households in town whose home is dear at `price` (f8, 7, yuan) and who moved at most `years` ago or draw the allowance;
    `at_home` (i4, H) are their members there.
    """
    size, homes, values = households.number.size, pick(households, _Tenants), p.values
    tenant = np.zeros(size, np.uint8)

    def task(start: int, stop: int) -> np.ndarray:
        counts = np.zeros(price.size, np.int64)
        _tenants(
            homes, at_home, price, years, year, values, np.uint64(start), np.uint64(stop), tenant, counts
        )
        return counts

    return tenant, sums.added(size, task, np.zeros(price.size, np.int64)).astype(np.float64)


@kernel
def _look(homes, resettled, most, p, luck, start, stop, rows, draws_of):
    """Households of `start:stop` that may move to town or back, by their draws: rows, rising.

    `draws_of` is room for as many draws.
    """
    number, in_town, farms = homes.number[start:stop], homes.in_town[start:stop], homes.farm_hukou[start:stop]
    kind, county, usual = resettled[start:stop], homes.county[start:stop], homes.permanent[start:stop]
    for j in range(number.size):
        draws_of[j] = uniform(luck, number[j], DRAW_RETURN if in_town[j] == 1 else DRAW_MOVE)
    many = 0
    for j in range(number.size):
        town = in_town[j] == 1
        rows[many] = j
        many += (farms[j] == 1) & (
            ((not town) & (kind[j] != IN_VILLAGE)) | (town & (draws_of[j] < p.return_hazard))
        )
    asked, many = many, 0
    for k in range(asked):
        j = rows[k]
        bound = most[county[j], int(min(max(usual[j], 0.0) / CLASS, CLASSES - 1.0))]
        rows[many] = start + j
        many += (in_town[j] == 1) | (kind[j] == IN_TOWN) | (draws_of[j] < bound)
    return many


@kernel
def _move(
    rows,
    people,
    homes,
    resettled,
    gap,
    pay,
    village_income,
    price,
    rent,
    openness,
    p,
    luck,
    year,
    out,
    counts,
):
    for k in range(rows.size):
        h = rows[k]
        county = int(homes.county[h])
        first, last = homes.first[h], homes.first[h + 1]
        at_home, pupils, workers = 0, 0, 0
        for i in range(first, last):
            age, work = int(people.age[i]), int(people.work[i])
            here = int(people.place[i]) == county
            at_home += here
            pupils += here & (age >= p.school_from) & (age <= p.school_until)
            workers += here & (work >= FIRST_SECTOR) & (work < WORKSHOP)
        if at_home == 0:
            continue
        child, worker = float(min(pupils, 1)), float(min(workers, 1))
        number, target = homes.number[h], VILLAGE
        if homes.in_town[h] == 0:
            if resettled[h] == NOT_RESETTLED:
                income = max(homes.permanent[h], LEAST_INCOME)
                chance = town_chance(
                    gap[county],
                    pull_of(
                        pay[county],
                        village_income[county],
                        rent[county] * rents(price[county], income, p),
                        income,
                    ),
                    price[county] / income,
                    openness[county],
                    child,
                    worker,
                    p,
                )
                if uniform(luck, number, DRAW_MOVE) >= chance:
                    continue
                out.invested[h] = min(p.home_purse * homes.cash[h], price[county])
            out.in_town[h], out.town_since[h] = 1, year
            target = TOWN
            if county < CENTRAL_COUNTIES and uniform(luck, number, DRAW_CITY) < p.central:
                target = CITY
            counts[county] += at_home
        elif worker > 0.0:
            continue
        else:
            out.in_town[h], out.town_since[h] = 0, 0
        for i in range(first, last):
            if int(people.place[i]) == county:
                out.setting[i] = target
                if target != VILLAGE and int(people.work[i]) == FARM:
                    out.work[i] = NO_WORK


@kernel
def _bounds(gap, pay, village_income, rent, price, openness, p, most):
    """Largest chance by county and class of income: with a pupil and a worker, at either end of the class.

    A little more, for rounding.
    """
    for county in range(most.shape[0]):
        for step in range(CLASSES):
            low, high = max(step * CLASS, LEAST_INCOME), max((step + 1.0) * CLASS, LEAST_INCOME)
            dear = price[county] / high if step < CLASSES - 1 else 0.0
            pull = pull_of(pay[county], village_income[county], rent[county], low)
            chance = town_chance(gap[county], pull, dear, openness[county], 1.0, 1.0, p)
            most[county, step] = chance * (1.0 + ROUNDING)


class _People(NamedTuple):
    age: np.ndarray
    place: np.ndarray
    work: np.ndarray


class _Homes(NamedTuple):
    number: np.ndarray
    first: np.ndarray
    county: np.ndarray
    farm_hukou: np.ndarray
    in_town: np.ndarray
    town_since: np.ndarray
    cash: np.ndarray
    permanent: np.ndarray


@kernel
def _eligible(first, farms, in_town, relocated, poor, village, start, stop, table):
    """Persons who may be relocated, by register and village."""
    # The rows of a village lie together: its sums are kept at hand until the next begins.
    listed, others, here = 0, 0, village[start]
    for h in range(start, stop):
        if village[h] != here:
            table[0, here] += others
            table[1, here] += listed
            listed, others, here = 0, 0, village[h]
        may = (farms[h] == 1) & (in_town[h] == 0) & (relocated[h] == 0)
        members = (first[h + 1] - first[h]) * np.int64(may)
        listed += members * np.int64(poor[h] != NEVER_POOR)
        others += members
    table[0, here] += others
    table[1, here] += listed


@kernel
def _reached(first, farms, in_town, relocated, poor, village, reached, start, stop, rows):
    """Households that may be relocated and whose village, by register, may be reached; returns how many."""
    found = 0
    for h in range(start, stop):
        may = (farms[h] == 1) & (in_town[h] == 0) & (relocated[h] == 0)
        may &= first[h + 1] > first[h]
        rows[found] = h
        found += may & (reached[int(poor[h] != NEVER_POOR), village[h]] != 0)
    return found


def _relocated(households: Households, villages: Villages, places: np.ndarray) -> np.ndarray:
    """Rows of those who are relocated within `places` (f8, 7): the registered poor first, then who lives farthest out.

    Nobody takes fewer places than one. Queues are first cut by villages, so that few households are put in order.
    """
    homes, size, count = households, households.number.size, villages.distance.size
    columns = homes.first, homes.farm_hukou, homes.in_town, homes.relocated, homes.poor, homes.village

    def eligible(start: int, stop: int) -> np.ndarray:
        table = np.zeros((2, count), np.int64)
        _eligible(*columns, start, stop, table)
        return table

    persons = sums.added(size, eligible, np.zeros((2, count), np.int64))
    persons[0] -= persons[1]
    persons = persons.ravel()
    queue = np.array([[float(villages.distance.max()) + 1.0], [0.0]]) - villages.distance
    some = np.flatnonzero(persons)
    where = np.tile(villages.county, 2)[some]
    some = some[queues.shortlist(where, queue.ravel()[some], persons[some], places)]
    reached = np.zeros((2, count), np.uint8)
    reached.ravel()[some] = 1

    def task(start: int, stop: int) -> np.ndarray:
        rows = np.empty(stop - start + 1, np.int64)
        return rows[: _reached(*columns, reached, start, stop, rows)].copy()

    rows = np.concatenate(over(size, task)) if some.size else np.empty(0, np.int64)
    where, poor = households.county[rows], (households.poor[rows] != NEVER_POOR).astype(np.int64)
    near = queue[poor, households.village[rows]]
    order = np.lexsort((households.number[rows], near, where))
    rows, where = rows[order], where[order]
    total = np.cumsum(households.first[rows + 1] - households.first[rows])
    before = np.concatenate(([0], total))[np.searchsorted(where, np.arange(places.size))[where]]
    return rows[total - before <= places[where]]


@kernel
def _lived_on(county, farms, in_town, permanent, start, stop, table):
    for h in range(start, stop):
        village = np.int64((farms[h] == 1) & (in_town[h] == 0) & (permanent[h] > 0.0))
        table[0, county[h]] += village
        table[1, county[h]] += village * permanent[h]


def lived_on(households: Households) -> np.ndarray:
    """Mean usual income of the households of each county's villages, f8 (7,), yuan."""
    columns = households.county, households.farm_hukou, households.in_town, households.permanent

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((2, len(COUNTIES)))
        _lived_on(*columns, start, stop, table)
        return table

    count, income = sums.added(households.number.size, task, np.zeros((2, len(COUNTIES))))
    return np.maximum(income / np.maximum(count, 1.0), LEAST_INCOME)


def move(
    persons: Persons,
    households: Households,
    villages: Villages,
    work: np.ndarray,
    place: np.ndarray,
    setting: np.ndarray,
    *,
    granted_persons: np.ndarray,
    gap: np.ndarray,
    town_pay: np.ndarray,
    price: np.ndarray,
    rent: np.ndarray,
    openness: np.ndarray,
    p: MovingParameters,
    seed: int,
    year: int,
) -> Moves:
    """Relocation within `granted_persons` (f8, 7), moves to town and back.

    `gap` is the services of town less those of the village, `town_pay` yuan a year, `price` yuan a home,
    `rent` yuan a year of rent money, `openness` 0-1; all f8 (7,).
    """
    size, values = households.number.size, p.values
    luck = draws.key(seed, year, "moving")
    resettled, relocated = np.zeros(size, np.uint8), households.relocated.copy()
    moved = np.zeros(openness.size, np.int64)
    if granted_persons.any() and size:
        rows = _relocated(households, villages, granted_persons)
        dice = np.empty(rows.size)
        _dice(luck, households.number[rows], dice)
        resettled[rows] = np.where(dice < values.resettled_in_town, IN_TOWN, IN_VILLAGE)
        relocated[rows] = 1
        np.add.at(moved, households.county[rows], households.first[rows + 1] - households.first[rows])
    out = Moves(
        np.empty(size, np.uint8), np.empty(size, np.int16), relocated, np.empty_like(setting), np.empty_like(work),
        np.empty(size), np.zeros(openness.size, np.int64), moved,
    )  # fmt: skip
    people, homes = _People(persons.age, place, work), pick_homes(households, _Homes)
    most = np.empty((openness.size, CLASSES))
    village_income = lived_on(households)
    _bounds(gap, town_pay, village_income, rent, price, openness, values, most)

    def task(start: int, stop: int) -> np.ndarray:
        counts = np.zeros(openness.size, np.int64)
        low, high = int(households.first[start]), int(households.first[stop])
        out.setting[low:high], out.work[low:high] = setting[low:high], work[low:high]
        out.in_town[start:stop] = households.in_town[start:stop]
        out.town_since[start:stop] = households.town_since[start:stop]
        out.invested[start:stop] = 0.0
        rows, room = np.empty(stop - start + 1, np.int64), np.empty(stop - start)
        rows = rows[: _look(homes, resettled, most, values, luck, start, stop, rows, room)]
        _move(unsigned(rows), people, homes, resettled, gap, town_pay, village_income, price, rent, openness, values, luck, year, out,
              counts)  # fmt: skip
        return counts

    return out._replace(to_town=added_up(over(size, task)))


@kernel
def _dice(luck, numbers, out):
    for i in range(numbers.size):
        out[i] = uniform(luck, numbers[i], DRAW_RESETTLE)
