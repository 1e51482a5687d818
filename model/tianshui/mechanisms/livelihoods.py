"""Each adult's livelihood: farm, local work off the farm, away, or none.

A share `inertia` of adults thinks again each year; so do those who lost a job and the young who seek their
first. Whoever thinks again picks option a with the chance of a logit,

    V_farm  = kappa ln(y_farm)  + at_home + constant_county            + habit
    V_local = kappa ln(y_local q) - commute * distance                 + habit
    V_away  = kappa ln(y_away (1 - hukou_cost)) + network * m_village + pull_county
              + mig_child * children + mig_elder * elders - age_cost * [age - 35]+
              - entry * [1 - cash / fare]+ (who is not away yet)          + habit
    V_none  = none_base + none_age * [age - 55]+ + care * children (women)

with y in yuan a year, m the share of the village's adults away in the year before (loop R2) and q the chance
that an applicant found local work in the year before. A household that drew the subsistence allowance `aid` loses
a part of it for what it earns (loop B8): each y counts as y - withdrawal * min(y seen at home, aid), of the pay away
what is sent home being seen. The fare is some weeks' pay away: cash in hand makes leaving easier (`entry`).

A village dweller earns the part `casual` of a town wage. Where a household has moved to town its members' part
closes towards one with the years since, casual + (1 - casual)(1 - exp(-closing * years)), so that the move itself
pays nothing; in the year after the move its members without work look for it as those who lost a job do.

Local jobs are a queue: every applicant's draw is a
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

from tianshui import draws, queues, sums
from tianshui.compiled import kernel, over, rule, unsigned
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
VILLAGER, TOWNSMAN, MOVED, FIRST_YEAR = 0, 1, 2, 2016
"""Columns of the parts of a town wage, the last by years since the move; the first year in which anybody moves."""
CHOICE_FARM, CHOICE_LOCAL, CHOICE_AWAY, CHOICE_NONE, KEEPS = 0, 1, 2, 3, 4
NOBODY_LEARNS, DRAWS = 255, 2.0**53
"""Years of schooling at the end of the scale; how many draws there are."""
COUNTY_AT, YEARS_AT = 61, 53
"""Bits of a place in the order of schooling at which the county and the years begin."""
CHOICE_HIRED = 8
"""Wish of one who was hired into the first sector; the other sectors follow."""
NEVER = -1e9
"""Value of an option that one does not have."""
ROUNDS = 16
"""Steps in which the constants settle."""
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

    closing: float = belief(
        0.15, unit="1/year", within=(0.0, 1.0), prior=(0.08, 0.15, 0.3), source="assumed:newcomers_to_town",
        status="assumed",
    )  # fmt: skip
    """Pace at which the part of a town wage that a member earns closes towards one after its household moved to town."""

    entry: float = belief(
        0.5, unit="log odds", within=(0.0, 3.0), prior=(0.2, 0.5, 1.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Fall of the log odds of leaving for a household without any cash for the fare; in proportion to what is missing."""

    entry_months: float = belief(
        1.5, unit="month", within=(0.2, 6.0), prior=(1.0, 1.5, 2.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Cash that it takes to leave, to live and to look for work away, in months of pay away."""

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
    fare: float  # yuan in hand with which leaving is no dearer than it must be
    sent: float  # part of pay away that comes home
    withdrawal: float  # allowance lost for a yuan earned, 0 when it is a lump sum


class Choice(NamedTuple):
    """What every person wants to do this year, and the queue for local work."""

    wants: np.ndarray  # u1 (P,): CHOICE_*; KEEPS for those who do not think again
    second: np.ndarray  # u1 (P,): best other option of those who want local work
    queued: np.ndarray  # i8 (Q,): rows of those who apply for local work, in rising order
    draw: np.ndarray  # f8 (Q,): their places in the queue


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
    # Odds against not working, of which everybody has the choice. Marks passed are counted: no branch can be guessed.
    farm = math.exp(v_farm - v_none)
    local = farm + math.exp(v_local - v_none)
    away = local + math.exp(v_away - v_none)
    mark = luck * (away + 1.0)
    return int(mark >= farm) + int(mark >= local) + int(mark >= away)


@rule
def away_value(log_income, schooling, network_share, network, pull, nurslings, needs_care, age, p):
    """Value of being away: pay, people one knows there, those who need one at home, age."""
    pay = p.kappa * (log_income + p.edu_return * (schooling - BASIC_YEARS) - p.hukou_cost)
    bonds = p.mig_child * nurslings + p.mig_elder * needs_care
    return pay + network * network_share + pull + bonds - p.age_cost * max(0.0, age - AGE_PEAK)


@rule
def entry_cost(cash, fare, p):
    """What makes leaving dearer for those at home whose cash is short of the fare, yuan both."""
    return p.entry * max(0.0, 1.0 - cash / fare)


@rule
def kept_log(income, seen, aid, withdrawal):
    """Log of the part of an option's income, yuan a year, that is kept when the allowance falls for what is seen of it."""
    income = max(income, 1.0)
    return math.log(max(income - withdrawal * min(seen, aid), 1.0) / income)


@rule
def town_part(casual, closing, years):
    """Part of a town wage that a member earns `years` after its household came from the village."""
    return casual + (1.0 - casual) * (1.0 - math.exp(-closing * years))


@rule
def wage_class(setting, at_home, town_since, year):
    """Column of `wage_parts` for one who lives in a setting, at its household's home or elsewhere."""
    if setting == VILLAGE:
        return VILLAGER
    return MOVED + year - town_since if at_home and town_since > 0 else TOWNSMAN


@rule
def local_pay(income, chance):
    """Log of the pay that an applicant for local work can count on."""
    return math.log(income * max(chance, FEW))


@rule
def local_value(log_pay, schooling, distance, p):
    """Value of local work off the farm; the chance of a place is counted in the pay."""
    return p.kappa * (log_pay + p.edu_return * (schooling - BASIC_YEARS)) - p.commute * distance


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
def _choose(persons, homes, land, offer, pay, parts, away_pay, network_share, distance, network, p, luck, year,
            start, stop, wants, second, queued, draw, lost, solving, expected):  # fmt: skip
    # expected gathers by county (when the constants are solved): away and staying so, summed chances to go away,
    # on the farm and staying so, summed chances to farm, summed chances to apply; the queue's losers are counted in.
    queue = 0
    for h in range(start, stop):
        first, last = homes.first[h], homes.first[h + 1]
        county = int(homes.county[h])
        rural = int(homes.in_town[h]) == 0
        village = int(homes.village[h])
        town_since = int(homes.town_since[h])
        newcomer = town_since > 0 and town_since == year - 1
        on_farm, asked, nurslings, needs_care = NEVER, False, 0.0, 0.0
        aid, short = homes.aid[h], 0.0
        for i in range(first, last):
            age = int(persons.age[i])
            work = int(persons.work[i])
            wants[i] = KEEPS
            second[i] = CHOICE_NONE
            if age < ADULT or work == PUPIL:
                continue
            number = persons.number[i]
            if age >= OLD or int(persons.health[i]) == 2:
                wants[i] = CHOICE_NONE
                continue
            thinks = uniform(luck, number, DRAW_THINK) < p.inertia
            searching = work == NO_WORK and (age <= FIRST_JOB or newcomer)
            if not (thinks or searching or lost[i]):
                if solving:
                    if work == WORK_AWAY:
                        expected[county, 0] += 1.0
                    elif work == FARM:
                        expected[county, 2] += 1.0
                continue
            if work == POST or work == WORKSHOP:
                continue
            if not asked:
                # The household is looked at when its first member thinks again.
                asked = True
                young, frail, farmers = 0, 0, 0
                for j in range(first, last):
                    years = int(persons.age[j])
                    # Comparisons are added, not branched on: the processor cannot guess them.
                    young += years < NURSLING
                    frail |= (years >= FRAIL) | (persons.health[j] == 2)
                    farmers += persons.work[j] == FARM
                nurslings, needs_care, workers = float(young), float(frail), float(farmers)
                short = entry_cost(homes.cash[h], offer.fare, p)
                has_land = (
                    int(homes.farm_hukou[h]) == 1
                    and int(land.flat[h]) + int(land.terrace[h]) + int(land.slope[h]) + int(land.steep[h]) > 0
                )
                if has_land and rural:
                    per_worker = farm_income_per_worker(
                        offer.land_value[county], MU * land.flat[h], MU * land.terrace[h], MU * land.slope[h],
                        MU * land.steep[h], MU * land.orchard[h], float(land.cattle[h]), workers,
                    )  # fmt: skip
                    on_farm = farm_value(per_worker, p) + offer.farm_pull[county]
                    if aid > 0.0:
                        on_farm += p.kappa * kept_log(per_worker, per_worker, aid, offer.withdrawal)
            place = int(persons.place[i])
            schooling = float(persons.schooling[i])
            woman = float(persons.female[i])
            home, how = place, int(persons.setting[i])
            if place == OUTSIDE:
                home, how = county, VILLAGE if rural else TOWN
            part = wage_class(how, home == county, town_since, year)
            way = distance[village] * offer.road[county] if rural else 0.0
            v_farm = on_farm
            v_local = local_value(pay[home, part], schooling, way, p)
            v_away = away_value(
                away_pay, schooling, network_share[village], network, offer.pull[county], nurslings, needs_care,
                float(age), p,
            )  # fmt: skip
            if work != WORK_AWAY:
                v_away -= short
            if aid > 0.0:
                skill = math.exp(p.edu_return * (schooling - BASIC_YEARS))
                earned, gone = skill * offer.local[home] * parts[home, part], skill * offer.away
                v_local += p.kappa * kept_log(earned, earned, aid, offer.withdrawal)
                v_away += p.kappa * kept_log(gone, offer.sent * gone, aid, offer.withdrawal)
            v_none = none_value(float(age), woman, nurslings, p)
            holds = FIRST_SECTOR <= work < WORKSHOP and not lost[i]
            if not lost[i] and not searching:
                if work == FARM:
                    v_farm += p.habit
                elif work == WORK_AWAY:
                    v_away += p.habit
                elif work == NO_WORK:
                    v_none += p.habit
                else:
                    v_local += p.habit
            if solving:
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
                if not holds:
                    expected[county, 4] += local
                    if v_away > v_farm and v_away > v_none:
                        expected[county, 1] += local * (1.0 - offer.chance[home])
                    elif v_farm >= v_none:
                        expected[county, 3] += local * (1.0 - offer.chance[home])
            chosen = log_sum_choice(v_farm, v_local, v_away, v_none, uniform(luck, number, DRAW_CHOICE))
            if chosen != CHOICE_LOCAL:
                wants[i] = chosen
            elif not holds:
                wants[i] = CHOICE_LOCAL
                if v_farm >= v_away and v_farm >= v_none:
                    second[i] = CHOICE_FARM
                elif v_away >= v_none:
                    second[i] = CHOICE_AWAY
                queued[queue], draw[queue] = i, uniform(luck, number, DRAW_QUEUE)
                queue += 1
    return queue


class _People(NamedTuple):
    number: np.ndarray
    age: np.ndarray
    female: np.ndarray
    schooling: np.ndarray
    health: np.ndarray
    place: np.ndarray
    setting: np.ndarray
    work: np.ndarray


class _Settlers(NamedTuple):
    age: np.ndarray
    health: np.ndarray
    place: np.ndarray
    setting: np.ndarray
    work: np.ndarray


class _SettlersHomes(NamedTuple):
    first: np.ndarray
    county: np.ndarray
    farm_hukou: np.ndarray
    in_town: np.ndarray
    income: np.ndarray
    poor: np.ndarray
    monitored: np.ndarray


class _Homes(NamedTuple):
    first: np.ndarray
    county: np.ndarray
    farm_hukou: np.ndarray
    village: np.ndarray
    in_town: np.ndarray
    town_since: np.ndarray
    cash: np.ndarray
    aid: np.ndarray


class _Land(NamedTuple):
    flat: np.ndarray
    terrace: np.ndarray
    slope: np.ndarray
    steep: np.ndarray
    orchard: np.ndarray
    cattle: np.ndarray


def _part(record, kind):
    part = kind(*(getattr(record, name) for name in kind._fields))
    return part._replace(first=unsigned(part.first)) if "first" in kind._fields else part


def network_strength(p: LivelihoodsParameters, mean_away: float) -> float:
    """Log odds for a rise of one in the village's share away; stops where no share would be stable."""
    strength = p.peer_mig / (mean_away * (1.0 - mean_away))
    if p.peer_mig >= 1.0:
        raise ArithmeticError(f"livelihoods.peer_mig = {p.peer_mig}: no stable share away exists")
    return strength


def wage_parts(casual: np.ndarray, year: int, p: LivelihoodsParameters) -> np.ndarray:
    """Parts of a town wage that are earned in a year (f8, 7 x classes): `casual` by villagers, one, and by years since a move."""
    since = range(year - FIRST_YEAR + 1)
    moved = [[town_part(part, p.closing, float(years)) for years in since] for part in casual.tolist()]
    return np.column_stack([casual, np.ones(casual.size), np.array(moved).reshape(casual.size, len(since))])


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
    solving: bool = False,
) -> tuple[Choice, np.ndarray]:
    """What every adult wants to do, and when `solving` what is expected of it by county of registration (f8, 7 x 5).

    Columns: who stays away, who goes or may go, who stays on the farm, who takes it up, who applies for local work.
    """
    size, first = persons.number.size, households.first
    wants, second = np.empty(size, np.uint8), np.empty(size, np.uint8)
    luck, values = draws.key(seed, year, "livelihoods"), p.values
    people, homes, land = _part(persons, _People), _part(households, _Homes), _part(households, _Land)
    distance = villages.distance.astype(np.float64)
    away_pay, parts = math.log(offer.away), wage_parts(offer.casual, year, p)
    pay = np.empty(parts.shape)
    for column, part in enumerate(parts.T):
        incomes = zip(offer.local * part, offer.chance, strict=True)
        pay[:, column] = [local_pay(float(income), float(chance)) for income, chance in incomes]

    def task(start: int, stop: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        expected, most = np.zeros((7, 5)), int(first[stop] - first[start])
        queued, draw = np.empty(most, np.int64), np.empty(most)
        queue = _choose(people, homes, land, offer, pay, parts, away_pay, villages.away, distance, network, values, luck, year, start, stop,
                        wants, second, queued, draw, lost, solving, expected)  # fmt: skip
        return queued[:queue].copy(), draw[:queue].copy(), expected

    queued, draw, expected = zip(*over(households.number.size, task), strict=True)
    return Choice(wants, second, np.concatenate(queued), np.concatenate(draw)), np.sum(expected, axis=0)


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
    rounds: int = ROUNDS,
) -> Constants:
    """The constants at which the first year's expected numbers away and on the farm move as they are believed to.

    `places` (f8, 7) are the local jobs to be filled. A logit's constant is moved by the log of wanted over expected;
    sums of chances are compared, so chance itself does not enter.
    """
    county = households.county[persons.household]
    now = [
        np.bincount(county[persons.work == code], minlength=7).astype(np.float64)
        for code in (WORK_AWAY, FARM)
    ]
    target = [now[0] * (1.0 + p.away_rise), now[1] * (1.0 + p.farm_rise)]
    none_lost = np.zeros(persons.number.size, np.bool_)
    pull, chance = [offer.pull.copy(), offer.farm_pull.copy()], offer.chance.copy()
    for _ in range(rounds):
        tried = offer._replace(pull=pull[0], farm_pull=pull[1], chance=chance)
        _, expected = choose(
            persons, households, villages, tried, network, none_lost, p, seed=0, year=0, solving=True
        )
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
    luck, wanted = draws.key(seed, year, "livelihoods"), layoffs.ravel()

    def task(start: int, stop: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rows, cell, place = (np.empty(stop - start, kind) for kind in (np.int64, np.uint8, np.float64))
        held = _at_risk(
            persons.number, persons.work, persons.place, wanted, luck, start, stop, rows, cell, place
        )
        return rows[:held].copy(), cell[:held].copy(), place[:held].copy()

    rows, cell, place = (np.concatenate(part) for part in zip(*over(persons.number.size, task), strict=True))
    lost[rows[queues.first(cell, place, persons.number[rows], wanted)]] = True
    return lost


@kernel
def _at_risk(number, work, place, wanted, luck, start, stop, rows, cells, draw):
    """Those of rows `start:stop` who work where somebody is dismissed: row, cell of county and sector, draw."""
    held = 0
    for i in range(start, stop):
        sector = int(work[i]) - FIRST_SECTOR
        if 0 <= sector < len(SECTORS) and place[i] < OUTSIDE:
            cell = int(place[i]) * len(SECTORS) + sector
            if wanted[cell] > 0:
                rows[held], cells[held] = i, cell
                draw[held] = uniform(luck, number[i], DRAW_LAYOFF)
                held += 1
    return held


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
    size, queued = persons.number.size, choice.queued
    county, wants = households.county, choice.wants.copy()

    # The queue for local work, in the county where one lives, or of one's registration when away.
    where = persons.place[queued]
    where = np.where(where == OUTSIDE, county[persons.household[queued]], where)
    applicants = np.bincount(where, minlength=7).astype(np.int64)
    gets = queues.first(where, choice.draw, persons.number[queued], vacancies.sum(axis=1))
    wants[queued] = choice.second[queued]
    winners, counties = queued[gets], where[gets].astype(np.int64)
    # Those with more schooling come first to the technical and public jobs, then by place in the queue: county,
    # schooling and the whole draw fit one word.
    years = np.uint64(NOBODY_LEARNS) - persons.schooling[winners]
    word = (counties.astype(np.uint64) << np.uint64(COUNTY_AT)) | (years << np.uint64(YEARS_AT))
    word |= (choice.draw[gets] * DRAWS).astype(np.uint64)
    skill = np.argsort(word, kind="stable")
    winners, counties = winners[skill], counties[skill]
    rank = np.arange(winners.size) - np.searchsorted(counties, np.arange(7))[counties]
    by_skill = np.array(_SKILL_ORDER)
    ends = np.cumsum(vacancies[:, by_skill], axis=1)
    column = (rank[:, None] >= ends[counties]).sum(axis=1)
    sector = by_skill[np.minimum(column, len(SECTORS) - 1)]
    wants[winners] = CHOICE_HIRED + sector
    hired = np.bincount(counties * len(SECTORS) + sector, minlength=7 * len(SECTORS)).reshape(7, len(SECTORS))

    # The rest do what they chose.
    work, place, setting = (np.empty(size, np.uint8) for _ in range(3))
    people, homes = _part(persons, _Settlers), _part(households, _SettlersHomes)
    any_place = bool(posts.any() or workshops.any())

    def task(start: int, stop: int) -> tuple[np.ndarray, np.ndarray, _Takers]:
        counts = np.zeros((8, len(SECTORS) + 2), np.int64)
        most = int(households.first[stop] - households.first[start])
        takers = _Takers(*(np.empty(most, kind) for kind in (np.int64, np.uint8, np.float64, np.uint8)))
        need = np.zeros((2, 7, NEED_STEPS), np.int64)
        found = _settle(
            people, homes, lost, wants, any_place, start, stop, work, place, setting, counts, takers, need
        )
        return counts, need, _Takers(*(column[:found] for column in takers))

    parts = over(households.number.size, task)
    counts, need = (np.sum([part[row] for part in parts], axis=0) for row in range(2))
    quits, (left, returned) = counts[:7, : len(SECTORS)], counts[:7, len(SECTORS) :].T.copy()
    takers = [_shortlist(part[2], need, posts, workshops) for part in parts]
    takers = _Takers(*(np.concatenate(column) for column in zip(*takers, strict=True)))
    _fill_places(persons, takers, work, posts, workshops)
    return Work(work, place, setting, applicants, hired, jobs + hired - quits, left, returned)


@kernel
def _settle(people, homes, lost, wants, any_place, start, stop, work, place, setting, counts, takers, need):
    """Carry out what the people of households `start:stop` want and got; returns how many may take a place.

    `counts` by place of work holds those who quit each sector, and by county of registration, in the last two
    columns, who left the prefecture and who came back.
    """
    found = 0
    for h in range(start, stop):
        county, first, last = int(homes.county[h]), homes.first[h], homes.first[h + 1]
        home = TOWN if int(homes.in_town[h]) == 1 else VILLAGE
        earner_away = False
        for i in range(first, last):
            before, want = int(people.work[i]), int(wants[i])
            now, where, how = before, int(people.place[i]), int(people.setting[i])
            if lost[i]:
                now = NO_WORK
            if want >= CHOICE_HIRED:
                now = FIRST_SECTOR + want - CHOICE_HIRED
            elif want == CHOICE_AWAY:
                now, where, how = WORK_AWAY, OUTSIDE, AWAY
            elif want == CHOICE_FARM:
                now = FARM
            elif want == CHOICE_NONE:
                now = NO_WORK
            if FIRST_SECTOR <= before < WORKSHOP and now != before and not lost[i]:
                counts[int(people.place[i]), before - FIRST_SECTOR] += 1
            earner_away |= now == WORK_AWAY and where == OUTSIDE
            work[i], place[i], setting[i] = now, where, how
        entitled = any_place and int(homes.farm_hukou[h]) == 1
        poor = FREE_POOR if int(homes.poor[h]) > 0 or int(homes.monitored[h]) > 0 else FREE
        income = homes.income[h] / max(last - first, 1)
        step = need_step(income)
        for i in range(first, last):
            now, want = int(work[i]), int(wants[i])
            if int(people.place[i]) == OUTSIDE:
                # Who does not work stays away only with a member who does (children and old people followed them).
                follows = now == NO_WORK or (now == PUPIL and int(people.age[i]) < SCHOOL_LEAVER)
                if want == CHOICE_FARM or want >= CHOICE_HIRED or (follows and not earner_away):
                    place[i], setting[i] = county, home
                if int(place[i]) != OUTSIDE:
                    counts[county, len(SECTORS) + 1] += 1
            elif int(place[i]) == OUTSIDE:
                counts[county, len(SECTORS)] += 1
            # Posts and workshop jobs: holders, and villagers of entitled households who have no better work.
            holds, free = now == POST or now == WORKSHOP, now == NO_WORK or now == FARM
            if holds or (free and entitled):
                at_home = int(place[i]) == county
                able = (
                    int(setting[i]) == VILLAGE
                    and ADULT <= int(people.age[i]) < RETIRED
                    and int(people.health[i]) != 2
                )
                if holds:
                    work[i] = FARM
                if able and (holds or at_home):
                    kind = (poor if entitled and at_home else 0) + (HOLDS if holds else 0)
                    takers.row[found], takers.need[found] = i, income
                    takers.county[found], takers.kind[found] = county, kind
                    found += 1
                    if kind < HOLDS:
                        need[1, county, step] += 1
                        need[0, county, step] += kind == FREE_POOR
    return found


_SKILL_ORDER = tuple(
    SECTORS.index(name)
    for name in (
        "technical", "public_services", "electronics", "equipment", "other_services", "other_industry",
        "tourism", "trade", "processing", "construction",
    )
)  # fmt: skip


class _Takers(NamedTuple):
    """Who may take a public post or a workshop job."""

    row: np.ndarray  # i8: rows of persons
    kind: np.ndarray  # u1: FREE or FREE_POOR when entitled, and HOLDS when one holds such a place already
    need: np.ndarray  # f8: income of the household a member, yuan; the least comes first
    county: np.ndarray  # u1: of registration


NEED_STEP, NEED_STEPS = 50.0, 512
"""Steps of need in which the queue is first looked at, yuan a head, and how many are told apart."""

FREE, FREE_POOR, HOLDS = 1, 3, 4


@rule
def need_step(need):
    """The step of a need in yuan a head."""
    return min(max(int(need / NEED_STEP), 0), NEED_STEPS - 1)


def _shortlist(takers: _Takers, need: np.ndarray, posts: np.ndarray, workshops: np.ndarray) -> _Takers:
    """Holders, and of the others those who can be among the first of their county.

    `need` (i8, 2 x 7 x steps) counts by step of need all who may take a post, and all who may take any place.
    """
    # Posts are given first, so those who take one stand before the last workshop job.
    places = np.stack([posts, posts + workshops])
    last = (np.cumsum(need, axis=2) - need < places[:, :, None]).sum(axis=2) - 1
    found = _keep(takers, last)
    return _Takers(*(column[:found].copy() for column in takers))


@kernel
def _keep(takers, last):
    kept = 0
    for k in range(takers.row.size):
        c, kind, step = takers.county[k], int(takers.kind[k]), need_step(takers.need[k])
        if kind >= HOLDS or (kind > 0 and step <= last[1, c]) or (kind == FREE_POOR and step <= last[0, c]):
            takers.row[kept], takers.kind[kept], takers.need[kept] = takers.row[k], kind, takers.need[k]
            takers.county[kept] = c
            kept += 1
    return kept


def _fill_places(
    persons: Persons, takers: _Takers, work: np.ndarray, posts: np.ndarray, workshops: np.ndarray
) -> None:  # fmt: skip
    """Give posts and workshop jobs (i8, 7 each) to those who hold one already, then to the poorest households' members.

    Posts are for registered or monitored households, workshop jobs for all villagers; holders of a place that is no
    longer paid for stand on the farm, where `_settle` left them.
    """
    county, number = takers.county, persons.number[takers.row]
    before = np.where(takers.kind >= HOLDS, persons.work[takers.row], NO_WORK)
    # Who loses a post may still be among the first for a workshop job, not the other way round.
    settled = before != NO_WORK
    for code, places, kind in ((POST, posts, FREE_POOR), (WORKSHOP, workshops, FREE)):
        holds, now = before == code, work[takers.row]
        held = np.bincount(county[holds], minlength=7)
        free = ((takers.kind & kind) == kind) & ((now == NO_WORK) | (now == FARM)) & ~settled
        for able, left in ((holds, places), (free, places - held)):
            own = np.flatnonzero(able)
            own = own[queues.first(county[own], takers.need[own], number[own], left)]
            work[takers.row[own]] = code
        settled = before == WORKSHOP


def efficiency(
    persons: Persons, households: Households, work: np.ndarray, place: np.ndarray, setting: np.ndarray, lost: np.ndarray,
    casual: np.ndarray, p: LivelihoodsParameters, *, year: int,
) -> np.ndarray:  # fmt: skip
    """Efficiency units of labour by county and sector (f8, 7 x 10): the employers' side of the wage bill.

    `lost` (f4, P) is the share of the year's work that illness takes.
    """
    skill = np.exp(p.edu_return * (np.arange(256.0) - BASIC_YEARS))
    parts = wage_parts(casual, year, p)
    county, town_since = households.county, households.town_since

    def task(start: int, stop: int) -> np.ndarray:
        units = np.zeros((7, len(SECTORS)))
        _efficiency(persons.household, persons.schooling, work, place, setting, lost, county, town_since, parts, skill,
                    year, start, stop, units)  # fmt: skip
        return units

    return sums.added(work.size, task, np.zeros((7, len(SECTORS))))


@kernel
def _efficiency(
    household,
    schooling,
    work,
    place,
    setting,
    lost,
    county,
    town_since,
    parts,
    skill,
    year,
    start,
    stop,
    units,
):
    for i in range(start, stop):
        sector = int(work[i]) - FIRST_SECTOR
        if 0 <= sector < len(SECTORS) and place[i] < OUTSIDE:
            h = household[i]
            part = parts[place[i], wage_class(setting[i], place[i] == county[h], int(town_since[h]), year)]
            units[place[i], sector] += skill[schooling[i]] * (part * (1.0 - float(lost[i])))


def village_away(
    persons: Persons, households: Households, work: np.ndarray, villages: Villages
) -> np.ndarray:
    """Share of each village's registered adults (16-64) who are away (f8, V)."""
    size = villages.county.size

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((2, size), np.int64)
        _village_away(unsigned(households.first), households.village, persons.age, work, start, stop, table)
        return table

    count, away = sums.added(households.number.size, task, np.zeros((2, size), np.int64))
    return away / np.maximum(count, 1)


@kernel
def _village_away(first, village, age, work, start, stop, table):
    for h in range(start, stop):
        adults, away = 0, 0
        for i in range(first[h], first[h + 1]):
            adult = ADULT <= int(age[i]) < RETIRED
            adults += adult
            away += adult & (work[i] == WORK_AWAY)
        table[0, village[h]] += adults
        table[1, village[h]] += away


def chances(applicants: np.ndarray, hired: np.ndarray, markets: Markets) -> np.ndarray:
    """Share of applicants who got a job (f8, 7): half this year's, half the remembered one."""
    now = hired.sum(axis=1) / np.maximum(applicants, 1)
    return np.clip((now + markets.job_chance) / 2.0, 0.0, 1.0)
