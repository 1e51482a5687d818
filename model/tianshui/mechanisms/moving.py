"""Moving: the relocation programme, the move from village to town, and the way back.

    chance to move = logistic(- reluctance_town + town_el * (S_town - S_village) / 0.1
                     + pull_income * ln(town pay / village income) - dear * [price / income - 6]+
                     - hukou_cost * (1 - openness) + school * (a child of 5-15) + job * (a member works locally))

Relocation takes poor households first, then those far from the seat, until the granted persons are reached;
some are settled in town, some in a new village. A household that moves to town keeps its land rights. It
puts half of its cash into a home, at most its price; those who cannot buy, rent. The year of the move is kept: what
its members earn rises from a villager's part of a town wage with the years since, and in the year after the move
those without work look for it (both in `livelihoods`).

Left out: single persons' moves apart from their household (their work away or in a dormitory stands in
`livelihoods`), moves between counties, that a member who worked in town before the rest came is no newcomer there (one
in twenty-five of a village's workers, taken for a villager from then on), and the sale of village homes. No effect on income is written in.
"""

import math
from typing import NamedTuple

import numpy as np

from tianshui import draws, queues
from tianshui.compiled import kernel, over, rule, unsigned
from tianshui.declare import Parameters, belief, lever
from tianshui.draws import uniform
from tianshui.state import (
    CITY,
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
SCHOOL_FROM, SCHOOL_TO = 5, 15
TENTH = 0.1
"""Difference of services in which `town_el` is stated."""
LEAST_PAY, LEAST_INCOME = 0.1, 1000.0
"""Guards: least ratio of town pay to income, and least income in yuan, that a mover reckons with."""
CENTRAL_COUNTIES = 2
"""The first two counties, Qinzhou and Maiji, share the central city."""


class MovingParameters(Parameters):
    """Numbers of moving."""

    relocation: float = lever(
        0.0, unit="person/year", within=(0.0, 30000.0), names=("Relocation of the poor", "易地扶贫搬迁人数"),
        who="county", where="county", cost="relocation_cost", group="poverty", measure="M01",
        source="press_2017:relocation_2016_17", status="found", paid_by=(0.9, 0.1),
    )  # fmt: skip
    """Persons of each county who may be relocated in a year."""

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
    """Response to the log of town pay over village income; below `kappa`, for the whole household moves."""

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
    """Pull of town schools on a household with a child of five to fifteen."""

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


@kernel
def _move(people, homes, resettled, gap, pay, price, openness, p, luck, year, start, stop, out, counts):
    # No household's chance is above that of the poorest with a pupil and a worker, where a home costs nothing:
    # most draws lie beyond it and need no reckoning.
    most = np.empty(gap.size)
    for county in range(gap.size):
        most[county] = town_chance(
            gap[county], pay[county] / LEAST_INCOME, 0.0, openness[county], 1.0, 1.0, p
        )
    for h in range(start, stop):
        county = int(homes.county[h])
        first, last = homes.first[h], homes.first[h + 1]
        out.in_town[h] = homes.in_town[h]
        out.town_since[h] = homes.town_since[h]
        out.invested[h] = 0.0
        at_home, pupils, workers = 0, 0, 0
        for i in range(first, last):
            # Comparisons are added, not branched on: the processor cannot guess them.
            age, work = int(people.age[i]), int(people.work[i])
            here = int(people.place[i]) == county
            at_home += here
            pupils += here & (age >= SCHOOL_FROM) & (age <= SCHOOL_TO)
            workers += here & (work >= FIRST_SECTOR) & (work < WORKSHOP)
        child, worker = float(min(pupils, 1)), float(min(workers, 1))
        if int(homes.farm_hukou[h]) == 0 or at_home == 0:
            continue
        number = homes.number[h]
        target = VILLAGE
        moves = False
        if int(homes.in_town[h]) == 0:
            if resettled[h] == 1:
                moves = True
            elif resettled[h] == 0:
                draw = uniform(luck, number, DRAW_MOVE)
                if draw < most[county]:
                    income = max(homes.permanent[h], LEAST_INCOME)
                    moves = draw < town_chance(
                        gap[county], pay[county] / income, price[county] / income, openness[county], child, worker, p
                    )  # fmt: skip
                if moves:
                    out.invested[h] = min(homes.cash[h] / 2.0, price[county])
            if moves:
                out.in_town[h] = 1
                out.town_since[h] = year
                target = TOWN
                if county < CENTRAL_COUNTIES and uniform(luck, number, DRAW_CITY) < p.central:
                    target = CITY
                counts[county] += at_home
        elif worker == 0.0 and uniform(luck, number, DRAW_RETURN) < p.return_hazard:
            out.in_town[h] = 0
            out.town_since[h] = 0
            moves = True
        if moves:
            for i in range(first, last):
                if int(people.place[i]) == county:
                    out.setting[i] = target
                    if target != VILLAGE and int(people.work[i]) == FARM:
                        out.work[i] = NO_WORK


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


def _homes(households: Households) -> _Homes:
    homes = _Homes(*(getattr(households, name) for name in _Homes._fields))
    return homes._replace(first=unsigned(homes.first))


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
    openness: np.ndarray,
    p: MovingParameters,
    seed: int,
    year: int,
) -> Moves:
    """Relocation within `granted_persons` (f8, 7), moves to town and back.

    `gap` is the services of town less those of the village, `town_pay` yuan a year, `price` yuan a home,
    `openness` 0-1; all f8 (7,).
    """
    size = households.number.size
    luck = draws.key(seed, year, "moving")
    members = np.diff(households.first)
    chosen = np.zeros(size, np.bool_)
    if granted_persons.any():
        eligible = (
            (households.farm_hukou == 1)
            & (households.in_town == 0)
            & (households.relocated == 0)
            & (members > 0)
        )
        rows = np.flatnonzero(eligible)
        # The registered poor first, then those who live farthest out; nobody takes fewer places than one.
        where, poor = households.county[rows], households.poor[rows] != NEVER_POOR
        far = villages.distance[households.village[rows]]
        near = np.where(poor, 0.0, float(villages.distance.max()) + 1.0) - far
        some = queues.shortlist(where, near, members[rows], granted_persons)
        rows, where, near = rows[some], where[some], near[some]
        order = np.lexsort((households.number[rows], near, where))
        rows, where = rows[order], where[order]
        total = np.cumsum(members[rows])
        starts = np.searchsorted(where, np.arange(7))
        before = np.concatenate(([0], total))[starts[where]]
        chosen[rows[total - before <= granted_persons[where]]] = True
    resettled = np.zeros(size, np.uint8)
    rows = np.flatnonzero(chosen)
    if rows.size:
        dice = np.empty(rows.size)
        _dice(luck, households.number[rows], dice)
        resettled[rows] = np.where(dice < p.resettled_in_town, 1, 2)
    out = Moves(
        np.empty(size, np.uint8), np.empty(size, np.int16), np.where(chosen, 1, households.relocated).astype(np.uint8), setting.copy(),
        work.copy(), np.empty(size), np.zeros(7, np.int64), np.zeros(7, np.int64),
    )  # fmt: skip
    people = _People(persons.age, place, work)
    homes = _homes(households)
    values = p.values

    def task(start: int, stop: int) -> np.ndarray:
        counts = np.zeros(7, np.int64)
        _move(
            people,
            homes,
            resettled,
            gap,
            town_pay,
            price,
            openness,
            values,
            luck,
            year,
            start,
            stop,
            out,
            counts,
        )
        return counts

    to_town = np.sum(over(size, task), axis=0)
    moved = np.bincount(households.county[chosen], weights=members[chosen], minlength=7).astype(np.int64)
    return out._replace(to_town=to_town, moved_relocated=moved)


@kernel
def _dice(luck, numbers, out):
    for i in range(numbers.size):
        out[i] = uniform(luck, numbers[i], DRAW_RESETTLE)
