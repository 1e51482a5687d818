"""Each adult's livelihood: farm, local work off the farm, away, or none.

A share `inertia` of adults thinks again each year; so do those who lost a job and the young who seek their
first. Whoever thinks again picks option a with the chance of a logit,

    V_farm  = kappa ln(y_farm)  + at_home + constant_county            + habit
    V_local = kappa ln(y_local q) - commute * distance                 + habit
    V_away  = kappa ln(y_away (1 - hukou_cost)) + network * m_village + pull_county
              + mig_child * children + mig_elder * elders - age_cost * [age - 35]+  + habit
    V_none  = none_base + none_age * [age - 55]+ + care * children (women)

with y in yuan a year, m the share of the village's adults away in the year before (loop R2) and q the chance
that an applicant found local work in the year before. Local jobs are a queue: every applicant's draw is a
place, the queue is cut at the number of vacancies, ties fall by number, and those left over take their
best other option in the same year.

`network` is set so that the marginal effect of m on the chance to be away equals `peer_mig` at the mean
share: network = peer_mig / (P (1 - P)). A run stops where network * P(1 - P) reaches one (no stable share).

Left out: choice of the destination (one outside place; its distance is inside the county's pull); bargaining
inside the household (each adult chooses alone, care duties link them); job search within the year. The pull
of a county, and its constant of farming, are no beliefs: they are solved once, at the start, so that the first
year's expected number away grows by `away_rise`, which the registers of 2015-2018 show, and that on the farm by
`farm_rise`.
"""

import math
from typing import NamedTuple

import numpy as np

from tianshui import draws
from tianshui.compiled import kernel, over, rule
from tianshui.declare import Parameters, belief, cut
from tianshui.draws import uniform
from tianshui.state import (
    AWAY,
    CELLS_PER_MU,
    FARM,
    FIRST_SECTOR,
    NO_WORK,
    OUTSIDE,
    POST,
    PUPIL,
    SECTORS,
    TOWN,
    VILLAGE,
    WORK_AWAY,
    WORKSHOP,
    Households,
    Markets,
    Persons,
    Villages,
)

MU = 1.0 / CELLS_PER_MU
ADULT, OLD, FIRST_JOB, NURSLING, FRAIL, RETIRED, SCHOOL_LEAVER = 16, 75, 24, 6, 75, 65, 19
"""Ages: earliest work, end of all choice, end of the search for a first job, care of children and elders."""
AGE_PEAK, AGE_TIRED = 35, 55
PUBLIC = SECTORS.index("public_services")
BASIC_YEARS = 9
LEAST_CHANCE, FEW, MOST_PULL = 0.02, 1e-3, 15.0
"""Guards of the solution of the constants, which no belief within its range reaches."""
CHOICE_FARM, CHOICE_LOCAL, CHOICE_AWAY, CHOICE_NONE, KEEPS = 0, 1, 2, 3, 4
DRAW_THINK, DRAW_CHOICE, DRAW_QUEUE, DRAW_LAYOFF = 0, 1, 2, 3


class LivelihoodsParameters(Parameters):
    """Numbers of the choice of work."""

    kappa: float = belief(
        1.5, unit="log odds per log income", within=(0.2, 4.0), prior=(0.8, 1.5, 2.5),
        source="tombe_zhu_2019:recalled", status="recalled",
    )  # fmt: skip
    """Response of the log odds of an option to its log income."""

    peer_mig: float = belief(
        0.5, unit="share/share", within=(0.0, 0.9), prior=(0.3, 0.5, 0.727),
        source="chen_jin_yue_2010:nber_15671", status="assumed",
    )  # fmt: skip
    """Rise in a villager's chance to be away for a rise of one in the village's share away."""

    inertia: float = belief(
        0.3, unit="1/year", within=(0.05, 0.9), prior=(0.15, 0.3, 0.5), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Share of adults who think again in a year."""

    habit: float = belief(
        2.0, unit="log odds", within=(0.0, 5.0), prior=(1.2, 2.0, 3.0), source="assumed:yearly churn of work",
        status="assumed",
    )  # fmt: skip
    """Log odds in favour of what one did last year."""

    hukou_cost: float = belief(
        0.15, unit="log income", within=(0.0, 1.0), prior=(0.05, 0.15, 0.6), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Income-equivalent cost of living without local registration."""

    mig_child: float = belief(
        -0.4, unit="log odds/child", within=(-2.0, 0.0), prior=(-0.8, -0.4, -0.1),
        source="expert_range:parameters", status="assumed",
    )  # fmt: skip
    """Log odds of being away for each child under six in the household."""

    mig_elder: float = belief(
        -0.4, unit="log odds", within=(-2.0, 0.0), prior=(-0.8, -0.4, -0.1),
        source="eggleston_sun_zhan_2018:sign", status="assumed",
    )  # fmt: skip
    """Log odds of being away when an elder of 75 or more or a disabled person needs care."""

    age_cost: float = belief(
        0.06, unit="log odds/year", within=(0.0, 0.2), prior=(0.03, 0.06, 0.1),
        source="nbs_migrant_monitoring_2022:mean_age", status="assumed",
    )  # fmt: skip
    """Fall of the log odds of being away for each year of age beyond 35."""

    at_home: float = belief(
        1.0, unit="log odds", within=(-2.0, 4.0), prior=(0.3, 1.0, 1.7), source="assumed:value of home",
        status="assumed",
    )  # fmt: skip
    """Log odds in favour of the farm: food, home and company that income does not count."""

    commute: float = belief(
        0.02, unit="log odds/km", within=(0.0, 0.1), prior=(0.01, 0.02, 0.04), source="assumed:cost of the road",
        status="assumed",
    )  # fmt: skip
    """Fall of the log odds of local work for each kilometre from village to county seat, at the road of 2015."""

    none_base: float = belief(
        8.6, unit="log odds", within=(0.0, 20.0), prior=(7.8, 8.6, 9.4),
        source="census_2010_2020:long_form_employment", status="assumed",
    )  # fmt: skip
    """Value of not working, on the scale of kappa times the log of yuan a year."""

    none_age: float = belief(
        0.18, unit="log odds/year", within=(0.0, 0.6), prior=(0.1, 0.18, 0.3), source="assumed:withdrawal with age",
        status="assumed",
    )  # fmt: skip
    """Rise of the log odds of not working for each year beyond 55."""

    care: float = belief(
        0.5, unit="log odds/child", within=(0.0, 2.0), prior=(0.2, 0.5, 0.9), source="assumed:mothers at home",
        status="assumed",
    )  # fmt: skip
    """Rise of a woman's log odds of not working for each child under six at home."""

    edu_return: float = belief(
        0.07, unit="1/year", within=(0.0, 0.2), prior=(0.032, 0.07, 0.118),
        source="china_world_economy_2008:16_2", status="found",
    )  # fmt: skip
    """Rise of off-farm pay for one more year of schooling."""

    away_rise: float = belief(
        0.066, unit="1/year", within=(-0.05, 0.2), prior=(0.045, 0.066, 0.085),
        source="registers_2015_2018:registered_minus_resident", status="derived",
    )  # fmt: skip
    """Growth of the number away that the registers show at the start: 0.556, 0.638, 0.677 million in
    2015, 2017, 2018; it fixes the pull of the counties and nothing else."""

    farm_rise: float = belief(
        -0.02, unit="1/year", within=(-0.2, 0.1), prior=(-0.05, -0.02, 0.0), source="assumed:censuses_do_not_compare",
        status="assumed",
    )  # fmt: skip
    """Growth of the number of farm workers expected at the start; it fixes the counties' constants of farming."""

    network_cut: float = cut(names=("Migration network held", "迁移网络冻结"), source="mechanisms:r2")
    """1 holds the village's share away at its level of 2020 (loop R2)."""


class Offer(NamedTuple):
    """What each option pays in one year: what the chooser knows."""

    away: float  # yuan a year with nine years of schooling
    local: np.ndarray  # f8 (7,): yuan a year with nine years of schooling, town
    casual: np.ndarray  # f8 (7,)
    chance: np.ndarray  # f8 (7,): of an applicant
    pull: np.ndarray  # f8 (7,): constant of going away
    farm_pull: np.ndarray  # f8 (7,): constant of farming
    road: np.ndarray  # f8 (7,): length of the way in town-time against 2015
    land_value: np.ndarray  # f8 (7, 6): yuan a mu flat, terrace, slope, steep, orchard; yuan a head of cattle


class Choice(NamedTuple):
    """What every person wants to do this year."""

    wants: np.ndarray  # u1 (P,): CHOICE_*; KEEPS for those who do not think again
    second: np.ndarray  # u1 (P,): best other option of those who want local work
    queue: np.ndarray  # f8 (P,): place in the queue, -1 when not queueing


class Work(NamedTuple):
    """Where everyone works and lives at the end of the year's choices."""

    work: np.ndarray  # u1 (P,)
    place: np.ndarray  # u1 (P,)
    setting: np.ndarray  # u1 (P,)
    applicants: np.ndarray  # i8 (7,)
    hired: np.ndarray  # i8 (7, 10)
    jobs: np.ndarray  # i8 (7, 10): counted from the employers' side
    left: np.ndarray  # i8 (7,)
    returned: np.ndarray  # i8 (7,)


@rule
def log_sum_choice(v_farm, v_local, v_away, v_none, luck):
    """The option a logit chooser takes when its draw is `luck`."""
    top = max(max(v_farm, v_local), max(v_away, v_none))
    e_farm, e_local = math.exp(v_farm - top), math.exp(v_local - top)
    e_away, e_none = math.exp(v_away - top), math.exp(v_none - top)
    mark = luck * (e_farm + e_local + e_away + e_none)
    if mark < e_farm:
        return CHOICE_FARM
    if mark < e_farm + e_local:
        return CHOICE_LOCAL
    if mark < e_farm + e_local + e_away:
        return CHOICE_AWAY
    return CHOICE_NONE


@rule
def away_value(income, schooling, network_share, network, pull, nurslings, needs_care, age, p):
    """Value of being away: pay, people one knows there, those who need one at home, age."""
    pay = p.kappa * (math.log(income) + p.edu_return * (schooling - BASIC_YEARS) - p.hukou_cost)
    bonds = p.mig_child * nurslings + p.mig_elder * needs_care
    return pay + network * network_share + pull + bonds - p.age_cost * max(0.0, age - AGE_PEAK)


@rule
def local_value(income, schooling, chance, distance, p):
    """Value of local work off the farm, the chance of a place counted in."""
    pay = math.log(income * max(chance, 1e-3)) + p.edu_return * (schooling - BASIC_YEARS)
    return p.kappa * pay - p.commute * distance


@rule
def farm_value(income, p):
    """Value of working on the family's farm; `income` is its yield for one worker."""
    return p.kappa * math.log(max(income, 1.0)) + p.at_home


@rule
def none_value(age, woman, nurslings, p):
    """Value of not working."""
    return p.none_base + p.none_age * max(0.0, age - AGE_TIRED) + p.care * nurslings * woman


@rule
def farm_income_per_worker(values, flat, terrace, slope, steep, orchard, cattle, workers):
    """Expected yield of the household's land and animals for each of its farm workers, yuan."""
    acres = (
        values[0] * flat + values[1] * terrace + values[2] * slope + values[3] * steep + values[4] * orchard
    )
    return (acres + values[5] * cattle) / max(1.0, workers)


@kernel
def _choose(persons, homes, land, offer, network_share, distance, network, p, luck, start, stop,
            wants, second, queue, lost, expected):  # fmt: skip
    # expected gathers by county (used when the constants are solved): away and staying so, summed chances to go away,
    # on the farm and staying so, summed chances to farm, summed chances to apply; the queue's losers are counted in.
    for h in range(start, stop):
        first, last = homes.first[h], homes.first[h + 1]
        county = int(homes.county[h])
        nurslings, needs_care, workers = 0.0, 0.0, 0.0
        for i in range(first, last):
            age = int(persons.age[i])
            if age < NURSLING:
                nurslings += 1.0
            if age >= FRAIL or persons.health[i] == 2:
                needs_care = 1.0
            if persons.work[i] == FARM:
                workers += 1.0
        has_land = (
            int(homes.farm_hukou[h]) == 1
            and int(land.flat[h]) + int(land.terrace[h]) + int(land.slope[h]) + int(land.steep[h]) > 0
        )
        per_worker = 1.0
        if has_land:
            per_worker = farm_income_per_worker(
                offer.land_value[county], MU * land.flat[h], MU * land.terrace[h], MU * land.slope[h],
                MU * land.steep[h], MU * land.orchard[h], float(land.cattle[h]), workers,
            )  # fmt: skip
        village = int(homes.village[h])
        for i in range(first, last):
            age = int(persons.age[i])
            work = int(persons.work[i])
            wants[i] = KEEPS
            second[i] = CHOICE_NONE
            queue[i] = -1.0
            if age < ADULT or work == PUPIL:
                continue
            number = persons.number[i]
            if age >= OLD or int(persons.health[i]) == 2:
                wants[i] = CHOICE_NONE
                continue
            thinks = uniform(luck, number, DRAW_THINK) < p.inertia
            searching = work == NO_WORK and age <= FIRST_JOB
            if not (thinks or searching or lost[i]):
                if work == WORK_AWAY:
                    expected[county, 0] += 1.0
                elif work == FARM:
                    expected[county, 2] += 1.0
                continue
            if work == POST or work == WORKSHOP:
                continue
            place = int(persons.place[i])
            schooling = float(persons.schooling[i])
            woman = float(persons.female[i])
            home = place if place != OUTSIDE else county
            rural = int(homes.in_town[h]) == 0
            part = offer.casual[home] if rural else 1.0
            way = distance[village] * offer.road[county] if rural else 0.0
            v_farm = farm_value(per_worker, p) + offer.farm_pull[county] if has_land and rural else -1e9
            v_local = local_value(offer.local[home] * part, schooling, offer.chance[home], way, p)
            v_away = away_value(
                offer.away, schooling, network_share[village], network, offer.pull[county], nurslings, needs_care,
                float(age), p,
            )  # fmt: skip
            v_none = none_value(float(age), woman, nurslings, p)
            if not lost[i] and not searching:
                if work == FARM:
                    v_farm += p.habit
                elif work == WORK_AWAY:
                    v_away += p.habit
                elif work == NO_WORK:
                    v_none += p.habit
                else:
                    v_local += p.habit
            top = max(max(v_farm, v_local), max(v_away, v_none))
            total = (
                math.exp(v_farm - top)
                + math.exp(v_local - top)
                + math.exp(v_away - top)
                + math.exp(v_none - top)
            )
            expected[county, 1] += math.exp(v_away - top) / total
            expected[county, 3] += math.exp(v_farm - top) / total
            local = math.exp(v_local - top) / total
            if lost[i] or not FIRST_SECTOR <= work < WORKSHOP:
                expected[county, 4] += local
                if v_away > v_farm and v_away > v_none:
                    expected[county, 1] += local * (1.0 - offer.chance[home])
                elif v_farm >= v_none:
                    expected[county, 3] += local * (1.0 - offer.chance[home])
            chosen = log_sum_choice(v_farm, v_local, v_away, v_none, uniform(luck, number, DRAW_CHOICE))
            wants[i] = chosen
            if chosen == CHOICE_LOCAL:
                if v_farm >= v_away and v_farm >= v_none:
                    second[i] = CHOICE_FARM
                elif v_away >= v_none:
                    second[i] = CHOICE_AWAY
                holds = FIRST_SECTOR <= work < WORKSHOP and not lost[i]
                if holds:
                    wants[i] = KEEPS
                else:
                    queue[i] = uniform(luck, number, DRAW_QUEUE)


class _People(NamedTuple):
    number: np.ndarray
    age: np.ndarray
    female: np.ndarray
    schooling: np.ndarray
    health: np.ndarray
    place: np.ndarray
    work: np.ndarray


class _Homes(NamedTuple):
    first: np.ndarray
    county: np.ndarray
    farm_hukou: np.ndarray
    village: np.ndarray
    in_town: np.ndarray


class _Land(NamedTuple):
    flat: np.ndarray
    terrace: np.ndarray
    slope: np.ndarray
    steep: np.ndarray
    orchard: np.ndarray
    cattle: np.ndarray


def _part(record, kind):
    return kind(*(getattr(record, name) for name in kind._fields))


def network_strength(p: LivelihoodsParameters, mean_away: float) -> float:
    """Log odds for a rise of one in the village's share away; stops where no share would be stable."""
    strength = p.peer_mig / (mean_away * (1.0 - mean_away))
    if p.peer_mig >= 1.0:
        raise ArithmeticError(f"livelihoods.peer_mig = {p.peer_mig}: no stable share away exists")
    return strength


def choose(
    persons: Persons,
    households: Households,
    villages: Villages,
    offer: Offer,
    network: float,
    lost: np.ndarray,
    p: LivelihoodsParameters,
    *,
    seed: int,
    year: int,
) -> tuple[Choice, np.ndarray]:
    """What every adult wants to do, and what is expected of it by county of registration (f8, 7 x 5).

    Columns: who stays away, who goes or may go, who stays on the farm, who takes it up, who applies for local work.
    """
    size = persons.number.size
    choice = Choice(np.empty(size, np.uint8), np.empty(size, np.uint8), np.empty(size))
    luck, values = draws.key(seed, year, "livelihoods"), p.values
    people, homes, land = _part(persons, _People), _part(households, _Homes), _part(households, _Land)
    distance = villages.distance.astype(np.float64)

    def task(start: int, stop: int) -> np.ndarray:
        expected = np.zeros((7, 5))
        _choose(people, homes, land, offer, villages.away, distance, network, values, luck, start, stop,
                choice.wants, choice.second, choice.queue, lost, expected)  # fmt: skip
        return expected

    parts = over(households.number.size, task)
    return choice, np.sum(parts, axis=0)


class Constants(NamedTuple):
    """What the choice of work holds for each county beyond pay and people, f8 (7,)."""

    away: np.ndarray
    farm: np.ndarray
    chance: np.ndarray  # of an applicant


def solve_constants(
    persons: Persons,
    households: Households,
    villages: Villages,
    offer: Offer,
    network: float,
    places: np.ndarray,
    p: LivelihoodsParameters,
    *,
    rounds: int = 16,
) -> Constants:
    """The constants at which the first year's expected numbers away and on the farm move as they are believed to.

    `places` (f8, 7) are the local jobs to be filled. A logit's constant is moved by the log of wanted over expected;
    sums of chances are compared, so chance itself does not enter.
    """
    county = np.repeat(households.county, np.diff(households.first))
    now = [
        np.bincount(county[persons.work == code], minlength=7).astype(np.float64)
        for code in (WORK_AWAY, FARM)
    ]
    target = [now[0] * (1.0 + p.away_rise), now[1] * (1.0 + p.farm_rise)]
    none_lost = np.zeros(persons.number.size, np.bool_)
    pull, chance = [offer.pull.copy(), offer.farm_pull.copy()], offer.chance.copy()
    for _ in range(rounds):
        tried = offer._replace(pull=pull[0], farm_pull=pull[1], chance=chance)
        _, expected = choose(persons, households, villages, tried, network, none_lost, p, seed=0, year=0)
        for row in range(2):
            wanted = np.maximum(target[row] - expected[:, 2 * row], FEW * target[row])
            step = np.log(np.maximum(wanted, FEW) / np.maximum(expected[:, 2 * row + 1], FEW))
            pull[row] = np.clip(pull[row] + np.clip(step, -1.0, 1.0), -MOST_PULL, MOST_PULL)
        chance = (chance + np.clip(places / np.maximum(expected[:, 4], 1.0), LEAST_CHANCE, 1.0)) / 2.0
    return Constants(pull[0], pull[1], chance)


def lay_off(persons: Persons, layoffs: np.ndarray, *, seed: int, year: int) -> np.ndarray:
    """Who loses a local job (bool, P): as many of each county and sector as the employers dismiss, by draw."""
    lost = np.zeros(persons.number.size, np.bool_)
    if not layoffs.any():
        return lost
    luck = draws.key(seed, year, "livelihoods")
    in_sector = (persons.work >= FIRST_SECTOR) & (persons.work < WORKSHOP) & (persons.place < OUTSIDE)
    rows = np.flatnonzero(in_sector)
    cell = persons.place[rows].astype(np.int64) * len(SECTORS) + (
        persons.work[rows].astype(np.int64) - FIRST_SECTOR
    )
    wanted = layoffs.ravel()
    touched = wanted[cell] > 0
    rows, cell = rows[touched], cell[touched]
    place = _uniforms(luck, persons.number[rows], DRAW_LAYOFF)
    order = np.lexsort((persons.number[rows], place, cell))
    cell = cell[order]
    rank = np.arange(cell.size) - np.searchsorted(cell, cell)
    lost[rows[order][rank < wanted[cell]]] = True
    return lost


@kernel
def _fill_uniforms(luck, numbers, index, out):
    for i in range(numbers.size):
        out[i] = uniform(luck, numbers[i], index)


def _uniforms(luck, numbers: np.ndarray, index: int) -> np.ndarray:
    out = np.empty(numbers.size)
    _fill_uniforms(luck, numbers, index, out)
    return out


def settle(
    persons: Persons,
    households: Households,
    choice: Choice,
    lost: np.ndarray,
    vacancies: np.ndarray,
    jobs: np.ndarray,
    posts: np.ndarray,
    workshops: np.ndarray,
) -> Work:
    """Cut the queues and say where everyone works and lives.

    `vacancies` and `jobs` are i8 (7, 10): places to fill and places filled before hiring, layoffs already
    taken off; `posts` and `workshops` are i8 (7,): public posts and workshop jobs that are paid for.
    """
    size = persons.number.size
    county = np.repeat(households.county, np.diff(households.first)).astype(np.uint8)
    in_town = np.repeat(households.in_town, np.diff(households.first))
    work, place, setting = persons.work.copy(), persons.place.copy(), persons.setting.copy()
    wants = choice.wants.copy()
    work[lost] = NO_WORK

    # The queue for local work, in the county where one lives, or of one's registration when away.
    queued = np.flatnonzero(choice.queue >= 0.0)
    where = np.where(persons.place[queued] == OUTSIDE, county[queued], persons.place[queued]).astype(np.int64)
    order = np.lexsort((persons.number[queued], choice.queue[queued], where))
    queued, where = queued[order], where[order]
    rank = np.arange(queued.size) - np.searchsorted(where, where)
    open_places = vacancies.sum(axis=1)
    gets = rank < open_places[where]
    wants[queued[~gets]] = choice.second[queued[~gets]]
    winners, counties, rank = queued[gets], where[gets], rank[gets]
    # Those with more schooling come first to the technical and public jobs, then by place in the queue.
    skill = np.lexsort((choice.queue[winners], -persons.schooling[winners].astype(np.int64), counties))
    winners, counties = winners[skill], counties[skill]
    rank = np.arange(winners.size) - np.searchsorted(counties, counties)
    by_skill = np.array(_SKILL_ORDER)
    ends = np.cumsum(vacancies[:, by_skill], axis=1)
    column = (rank[:, None] >= ends[counties]).sum(axis=1)
    sector = by_skill[np.minimum(column, len(SECTORS) - 1)]
    work[winners] = (FIRST_SECTOR + sector).astype(np.uint8)
    place[winners] = counties.astype(np.uint8)
    hired = np.zeros((7, len(SECTORS)), np.int64)
    np.add.at(hired, (counties, sector), 1)
    applicants = np.bincount(where, minlength=7).astype(np.int64)

    # The rest do what they chose.
    goes = wants == CHOICE_AWAY
    work[goes], place[goes], setting[goes] = WORK_AWAY, OUTSIDE, AWAY
    stays = np.zeros(size, np.bool_)
    stays[winners] = True
    work[wants == CHOICE_FARM] = FARM
    work[wants == CHOICE_NONE] = NO_WORK
    # Who does not work stays away only with a member who does (children and old people followed them).
    has_worker = np.zeros(households.number.size, np.bool_)
    has_worker[persons.household[(work == WORK_AWAY) & (place == OUTSIDE)]] = True
    follower = (work == NO_WORK) | ((work == PUPIL) & (persons.age < SCHOOL_LEAVER))
    alone = follower & ~has_worker[persons.household]
    back = ((wants == CHOICE_FARM) | alone | stays) & (persons.place == OUTSIDE)
    place[back] = county[back]
    town = np.where(in_town == 1, TOWN, VILLAGE).astype(np.uint8)
    setting[back] = town[back]
    jobs_after = jobs + hired
    leavers = np.flatnonzero(
        (persons.work >= FIRST_SECTOR) & (persons.work < WORKSHOP) & (work != persons.work) & ~lost
    )
    quit_cells = (
        persons.place[leavers].astype(np.int64),
        persons.work[leavers].astype(np.int64) - FIRST_SECTOR,
    )
    np.subtract.at(jobs_after, quit_cells, 1)

    # Posts and workshop jobs: villagers of registered or monitored households who have no better work.
    _fill_places(persons, households, county, work, place, setting, posts, POST, keep_share=True)
    _fill_places(persons, households, county, work, place, setting, workshops, WORKSHOP, keep_share=False)
    left = np.bincount(county[(persons.place != OUTSIDE) & (place == OUTSIDE)], minlength=7).astype(np.int64)
    returned = np.bincount(county[(persons.place == OUTSIDE) & (place != OUTSIDE)], minlength=7).astype(
        np.int64
    )
    return Work(work, place, setting, applicants, hired, jobs_after, left, returned)


_SKILL_ORDER = tuple(
    SECTORS.index(name)
    for name in (
        "technical", "public_services", "electronics", "equipment", "other_services", "other_industry",
        "tourism", "trade", "processing", "construction",
    )
)  # fmt: skip


def _fill_places(persons, households, county, work, place, setting, places, code, *, keep_share) -> None:
    """Give `places` (7,) of one kind to those who hold one already, then to the poorest households' members."""
    poor = (households.poor > 0) | (households.monitored > 0) | (not keep_share)
    entitled = np.repeat(poor & (households.farm_hukou == 1), np.diff(households.first))
    size = np.maximum(np.diff(households.first), 1)
    need = np.repeat(households.income / size, np.diff(households.first))
    able = (persons.age >= ADULT) & (persons.age < RETIRED) & (persons.health != 2) & (setting == VILLAGE)
    holds = (persons.work == code) & able & (work == code)
    free = able & entitled & ((work == NO_WORK) | (work == FARM)) & (place == county)
    rows = np.flatnonzero(holds | free)
    order = np.lexsort((persons.number[rows], need[rows], ~holds[rows], county[rows]))
    rows = rows[order]
    where = county[rows].astype(np.int64)
    rank = np.arange(rows.size) - np.searchsorted(where, where)
    taken = rank < places[where]
    # Holders whose place is no longer paid for go back to the farm.
    work[(work == code)] = FARM
    work[rows[taken]] = code


def efficiency(
    persons: Persons, work: np.ndarray, place: np.ndarray, setting: np.ndarray, lost: np.ndarray,
    casual: np.ndarray, p: LivelihoodsParameters,
) -> np.ndarray:  # fmt: skip
    """Efficiency units of labour by county and sector (f8, 7 x 10): the employers' side of the wage bill.

    `lost` (f4, P) is the share of the year's work that illness takes.
    """
    rows = np.flatnonzero((work >= FIRST_SECTOR) & (work < WORKSHOP) & (place < OUTSIDE))
    units = np.exp(p.edu_return * (persons.schooling[rows].astype(np.float64) - BASIC_YEARS))
    units *= np.where(setting[rows] == VILLAGE, casual[place[rows]], 1.0) * (
        1.0 - lost[rows].astype(np.float64)
    )
    cell = place[rows].astype(np.int64) * len(SECTORS) + (work[rows].astype(np.int64) - FIRST_SECTOR)
    return np.bincount(cell, weights=units, minlength=7 * len(SECTORS)).reshape(7, len(SECTORS))


def village_away(
    persons: Persons, households: Households, work: np.ndarray, villages: Villages
) -> np.ndarray:
    """Share of each village's registered adults (16-64) who are away (f8, V)."""
    village = np.repeat(households.village, np.diff(households.first))
    adult = (persons.age >= ADULT) & (persons.age < RETIRED)
    count = np.bincount(village[adult], minlength=villages.county.size)
    away = np.bincount(village[adult & (work == WORK_AWAY)], minlength=villages.county.size)
    return away / np.maximum(count, 1)


def chances(applicants: np.ndarray, hired: np.ndarray, markets: Markets) -> np.ndarray:
    """Share of applicants who got a job (f8, 7): half this year's, half the remembered one."""
    now = hired.sum(axis=1) / np.maximum(applicants, 1)
    return np.clip((now + markets.job_chance) / 2.0, 0.0, 1.0)
