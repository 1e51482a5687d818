"""Each adult's livelihood: farm, local work off the farm, away, or none.

A share `inertia` of adults thinks again each year; so do those who lost a job and the young who seek their
first. Whoever thinks again picks option a with the chance of a logit,

    V_farm  = kappa ln(y_farm)  + at_home + constant_county            + habit
    V_local = kappa ln(y_local q) - commute * distance                 + habit
    V_away  = kappa ln(y_away (1 - hukou_cost)) + network * m_village + pull_county
              + mig_child * children + mig_elder * elders - age_cost * [age - age_peak]+
              + ln(paid + (1 - paid) exp(-entry)) (who is not away yet)   + habit
    V_none  = none_base + none_age * [age - age_tired]+ + care * children (women)

and where courses make more offers known V_local + heard_county and pull_county + heard_county + kappa ln(rise of pay),
where a part of the old have places V_local + kappa freed_county * elders, and mig_elder * (1 - freed_county),

with y in yuan a year, m the share of the village's adults away in the year before (loop R2) and q the chance
that an applicant found local work in the year before. A household that drew the subsistence allowance `aid` loses
a part of it for what it earns (loop B8): each y counts as y - withdrawal * min(y seen at home, aid), of the pay away
what is sent home being seen. The first spell away costs some weeks' pay, for the way, for living and the search: it is
`paid` from cash by the chance min(1, cash / fare) (fares are spread evenly up to that sum), else somebody advances it with
the chance exp(-entry), as whoever is away already does for his family. Without either nobody leaves, so that the odds are
multiplied by the chance of either.

A village dweller earns the part `casual` of a town wage. Where a household has moved to town its members' part
closes towards one with the years since, casual + (1 - casual)(1 - exp(-closing * years)), so that the move itself
pays nothing; in the year after the move its members without work look for it as those who lost a job do.

Who holds a public post or a workshop job thinks again like everyone. Staying counts as the farm does, with the place's
pay: a post, some hours a day, is held beside the farm (y_farm + post), a workshop job in its stead (y = its pay). Who
stays, or finds no better work, keeps the workshop job and stands for the post of the next year (`places`).

Local jobs are a queue, cut at the number of vacancies (`places`); those left over take their best other option in the
same year.

`network` is set so that the marginal effect of m on the chance to be away equals `peer_mig` at the mean
share: network = peer_mig / (P (1 - P)). A run stops where network * P(1 - P) reaches one (no stable share).

Left out: choice of the destination (one outside place; its distance is inside the county's pull); bargaining
inside the household (each adult chooses alone, care duties link them); job search within the year. The pull
of a county, and its constant of farming, are no beliefs: they are solved once, at the start, so that the first
year's expected number away grows by `away_rise`, which the registers of 2015-2018 show, and that on the farm by
`farm_rise`.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tianshui import draws, places, queues, sums
from tianshui.compiled import block, kernel, over, pick, pick_homes, remembered, rule
from tianshui.declare import Parameters, belief, cut
from tianshui.draws import uniform
from tianshui.places import count_needs, county_of, draw_of, place_of, sector_for, step_of
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
ADULT, NURSLING, RETIRED, SCHOOL_LEAVER = 16, 6, 65, 19
"""Ages in years, none of them drawn: the earliest lawful work (labour law, article 15); where school begins and care of
children ends (law on compulsory education, article 11); the end of working age, 16 to 64, as a village's share away is
defined; where upper secondary school is over: younger pupils live with their families, older ones are at college."""
DISABLED = 2
"""The state of health of who is disabled."""
PUBLIC = SECTORS.index("public_services")
BASIC_YEARS = 9
"""Years of schooling, those of compulsory school, for which pay is stated; what more or fewer years make is a belief."""
LEAST_CHANCE, FEW, MOST_PULL = 0.02, 1e-3, 15.0
"""Guards of the solution of the constants, which no belief within its range reaches."""
VILLAGER, TOWNSMAN, MOVED, FIRST_YEAR = 0, 1, 2, 2016
"""Columns of the parts of a town wage, the last by years since the move; the first year in which anybody moves."""
CHOICE_FARM, CHOICE_LOCAL, CHOICE_AWAY, CHOICE_NONE, KEEPS = 0, 1, 2, 3, 4
CHOICE_HIRED = 8
"""Wish of one who was hired into the first sector; the other sectors follow."""
NEVER = -1e9
"""Value of an option that one does not have."""
ROUNDS = 16
"""Steps in which the constants settle."""
DRAW_THINK, DRAW_CHOICE, DRAW_QUEUE, DRAW_LAYOFF = 0, 1, 2, 3
LEAST_POWER, HALF, BIAS, MANTISSA = -700.0, 0.5, 1023, 52
"""Power below which an exponential is nought; what rounds to the nearest; parts of a 64-bit number."""
PER_LN2, LN2_HIGH, LN2_LOW = 1.4426950408889634, 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""One over ln 2, and ln 2 in two parts: the first has zeros at its end, so that whole multiples are exact."""
SERIES = tuple(1.0 / math.factorial(n) for n in range(12, -1, -1))
"""The terms of the series of an exponential, last one first."""
CARE_AT, FARMERS_AT, MANY = 20, 40, 2**20
"""Bits at which counts of members begin, and a number above all of them."""
CELLS, WORKS = OUTSIDE + 1, 16
"""Places where one may live, and codes of work, of which the last is `WORK_AWAY`."""
STRIDE = 1024
"""Persons whose draws are made before they are read: they stay at hand."""
STAY_AWAY, GO_AWAY, STAY_FARM, TAKE_FARM, APPLY, OUTCOMES = range(6)
"""What is expected by county when the constants are solved: numbers that stay, summed chances; how many."""


class LivelihoodsParameters(Parameters):
    """Numbers of the choice of work."""

    work_days: float = belief(
        250.0, unit="days/year", within=(150.0, 340.0), prior=(220.0, 250.0, 280.0), source="assumed:weeks_of_five_days",
        status="assumed",
    )  # fmt: skip
    """Days of paid work a year, to turn a yearly wage into a day's."""

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
    """Log odds of being away when an elder (`frail_from`) or a disabled person needs care."""

    age_cost: float = belief(
        0.06, unit="log odds/year", within=(0.0, 0.2), prior=(0.03, 0.06, 0.1),
        source="nbs_migrant_monitoring_2022:mean_age", status="assumed",
    )  # fmt: skip
    """Fall of the log odds of being away for each year of age beyond `age_peak`."""

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
    """Rise of the log odds of not working for each year beyond `age_tired`."""

    age_peak: float = belief(
        35.0, unit="years", within=(20.0, 60.0), prior=(30.0, 35.0, 40.0),
        source="nbs_migrant_monitoring_2022:mean_age", status="assumed", whole=True,
    )  # fmt: skip
    """Age from which being away becomes less likely with every year."""

    age_tired: float = belief(
        55.0, unit="years", within=(35.0, 75.0), prior=(50.0, 55.0, 60.0),
        source="assumed:withdrawal with age", status="assumed", whole=True,
    )  # fmt: skip
    """Age from which not working becomes more likely with every year."""

    work_until: float = belief(
        75.0, unit="years", within=(60.0, 95.0), prior=(72.0, 75.0, 80.0),
        source="assumed:farmers_do_not_retire", status="assumed", whole=True,
    )  # fmt: skip
    """Age from which nobody chooses work any more and whoever works stops."""

    first_job_until: float = belief(
        24.0, unit="years", within=(16.0, 40.0), prior=(21.0, 24.0, 27.0),
        source="assumed:school leavers keep looking", status="assumed", whole=True,
    )  # fmt: skip
    """Last age at which somebody without work looks for it every year, as for a first job."""

    frail_from: float = belief(
        75.0, unit="years", within=(60.0, 95.0), prior=(70.0, 75.0, 80.0),
        source="assumed:age at which elders need care", status="assumed", whole=True,
    )  # fmt: skip
    """Age from which an elder needs care at home."""

    place_until: float = belief(
        65.0, unit="years", within=(50.0, 80.0), prior=(60.0, 65.0, 70.0),
        source="assumed:working age of county rules on posts", status="assumed", whole=True,
    )  # fmt: skip
    """Age from which nobody takes or keeps a public post or a workshop job."""

    chance_memory: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.7),
        source="assumed:half_remembered", status="assumed",
    )  # fmt: skip
    """Weight of what was remembered, against the year's news, in the chance of local work that applicants expect."""

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
        1.2, unit="log odds", within=(0.0, 3.0), prior=(0.5, 1.2, 2.3), source="assumed:three_in_ten_are_advanced_the_fare",
        status="assumed",
    )  # fmt: skip
    """Fall of the log odds of leaving for a household without any cash for the fare and nobody away: kin or a recruiter
    advances it to three in ten (six to one in ten)."""

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
    pull: np.ndarray  # f8 (7,): constant of going away, with what courses add to it
    farm_pull: np.ndarray  # f8 (7,): constant of farming
    heard: np.ndarray  # f8 (7,): log odds of local work from more offers heard of
    freed: np.ndarray  # f8 (7,): part of one adult's time freed where somebody needs care
    road: np.ndarray  # f8 (7,): length of the way in town-time against 2015
    land_value: np.ndarray  # f8 (7, 6): yuan a mu flat, terrace, slope, steep, orchard; yuan a head of cattle
    post: float  # yuan a year of a public post
    workshop: float  # yuan a year of a workshop job
    fare: float  # yuan in hand with which leaving is no dearer than it must be
    sent: float  # part of pay away that comes home
    withdrawal: float  # allowance lost for a yuan earned, 0 when it is a lump sum


class Choice(NamedTuple):
    """What those of a block of households want who choose anew this year, and their places in the queue for local work."""

    rows: np.ndarray  # u4 (N,): rows of persons, rising; all others keep what they do
    wants: np.ndarray  # u1 (N,): CHOICE_*; KEEPS where local work is chosen by one who holds it
    queued: np.ndarray  # u4 (Q,): positions in `rows` of those who apply for local work, rising
    second: np.ndarray  # u1 (Q,): their best other option
    place: np.ndarray  # u8 (Q,): county, missing schooling and draw in one word (see `places`)
    steps: np.ndarray  # i8 (7, 256): how many apply by county and step of the draw


class Work(NamedTuple):
    """Where everyone works and lives at the end of the year's choices."""

    work: np.ndarray  # u1 (P,)
    place: np.ndarray  # u1 (P,)
    setting: np.ndarray  # u1 (P,)
    applicants: np.ndarray  # i8 (7,)
    hired: np.ndarray  # i8 (7, 10)
    jobs: np.ndarray  # i8 (7, 10): counted from the employers' side
    left: np.ndarray  # i8 (7,): by county of registration
    returned: np.ndarray  # i8 (7,): by county of registration, to which they return
    left_from: np.ndarray  # i8 (7,): those who left, by the county where they lived


@rule
def odds(value):
    """Exponential of `value`: compiled code makes many at a time; the last digit may be another than `exp`'s.

    2^k e^r with r at most half of ln 2, whose series ends below the last digit; nought below e^`LEAST_POWER`.
    """
    power = min(max(value, LEAST_POWER), -LEAST_POWER)
    k = math.floor(power * PER_LN2 + HALF)
    r = (power - k * LN2_HIGH) - k * LN2_LOW
    series = 0.0
    for term in SERIES:
        series = series * r + term
    two_to_k = np.int64((np.int64(k) + BIAS) << MANTISSA).view(np.float64)
    return series * two_to_k * (value >= LEAST_POWER)


@rule
def choice_by_odds(farm, local, away, luck):
    """The option a logit chooser takes when its draw is `luck`, from the odds of each against not working."""
    # Everybody can choose not to work. Marks passed are counted: no branch can be guessed.
    local += farm
    away += local
    mark = luck * (away + 1.0)
    return int(mark >= farm) + int(mark >= local) + int(mark >= away)


@rule
def log_sum_choice(v_farm, v_local, v_away, v_none, luck):
    """The option a logit chooser takes when its draw is `luck`, from the values of all four."""
    return choice_by_odds(odds(v_farm - v_none), odds(v_local - v_none), odds(v_away - v_none), luck)


@rule
def away_value(log_income, schooling, network_share, network, pull, nurslings, needs_care, age, p):
    """Value of being away: pay, people one knows there, those who need one at home, age."""
    pay = p.kappa * (log_income + p.edu_return * (schooling - BASIC_YEARS) - p.hukou_cost)
    bonds = p.mig_child * nurslings + p.mig_elder * needs_care
    return pay + network * network_share + pull + bonds - p.age_cost * max(0.0, age - p.age_peak)


@rule
def entry_cost(cash, fare, p):
    """Fall of the log odds of leaving for those at home whose cash is short of the fare, yuan both."""
    paid = min(cash / fare, 1.0)
    return -math.log(paid + (1.0 - paid) * math.exp(-p.entry))


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
    # Chosen by numbers, not by branches, which the processor could not guess.
    moved = at_home & (town_since > 0)
    townsman = TOWNSMAN + (MOVED - TOWNSMAN + year - town_since) * moved
    return VILLAGER + (townsman - VILLAGER) * (setting != VILLAGE)


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
def place_income(per_worker, post, post_pay, workshop_pay):
    """What one earns who stays with a place: a post's pay beside the farm's yield, or a workshop's, yuan a year."""
    return per_worker + post_pay if post else workshop_pay


@rule
def none_value(age, woman, nurslings, p):
    """Value of not working."""
    return p.none_base + p.none_age * max(0.0, age - p.age_tired) + p.care * nurslings * woman


@rule
def farm_income_per_worker(values, flat, terrace, slope, steep, orchard, cattle, workers):
    """Expected yield of the household's land and animals for each of its farm workers, yuan."""
    acres = (
        values[0] * flat + values[1] * terrace + values[2] * slope + values[3] * steep + values[4] * orchard
    )
    return (acres + values[5] * cattle) / max(1.0, workers)


@kernel
def _thinkers(people, homes, lost, luck, p, year, start, stop, rows):
    """Persons of households `start:stop` who choose anew, and workers too old or ill to go on: rows, rising.

    Nothing is asked of a person, so that the processor has nothing to guess: everybody gets a draw and a byte.
    """
    low, high = homes.first[start], homes.first[stop]
    # As narrow as the column of ages, so that many are compared at a time.
    last, first_job = np.uint8(p.work_until), np.uint8(p.first_job_until)
    search, thinks = lost[low:high].copy(), np.empty(STRIDE, np.bool_)
    since = homes.town_since[start:stop]
    for k in range(since.size):
        if since[k] == year - 1 and since[k] > 0:
            for i in range(homes.first[start + k], homes.first[start + k + 1]):
                search[i - low] |= people.work[i] == NO_WORK
    many = 0
    for begin in range(low, high, STRIDE):
        end = min(begin + STRIDE, high)
        number, age, work = people.number[begin:end], people.age[begin:end], people.work[begin:end]
        health, seeks = people.health[begin:end], search[begin - low : end - low]
        for k in range(number.size):
            thinks[k] = uniform(luck, number[k], DRAW_THINK) < p.inertia
        for k in range(number.size):
            years, does = age[k], work[k]
            idle = does == NO_WORK
            adult, done = (years >= ADULT) & (does != PUPIL), (years >= last) | (health[k] == 2)
            again = thinks[k] | (idle & (years <= first_job)) | seeks[k]
            thinks[k] = adult & ((done & (not idle)) | ((not done) & again))
        for k in range(number.size):
            rows[many] = begin + k
            many += thinks[k]
    return many


@kernel
def _their_homes(rows, household, homes, of):
    """The households of `rows`, which rise, each once, and for each of the rows the position of its household."""
    found, last = -1, -1
    for k in range(rows.size):
        h = int(household[rows[k]])
        found += h != last
        homes[found], of[k], last = h, found, h
    return found + 1


@kernel
def _members(people, low, high, p, running):
    """Running sums over persons `low:high` of three counts in one number: nurslings, who need care, who farm."""
    frail = np.uint8(p.frail_from)
    age, health, work = people.age[low:high], people.health[low:high], people.work[low:high]
    packed = np.empty(STRIDE, np.int64)
    total = np.int64(0)
    running[0] = total
    for begin in range(0, age.size, STRIDE):
        end = min(begin + STRIDE, age.size)
        for k in range(end - begin):
            years = age[begin + k]
            needs_care = (years >= frail) | (health[begin + k] == 2)
            farms = np.int64((work[begin + k] == FARM) | (work[begin + k] == POST))
            packed[k] = np.int64(years < NURSLING) + (np.int64(needs_care) << CARE_AT) + (farms << FARMERS_AT)
        for k in range(end - begin):
            total += packed[k]
            running[begin + k + 1] = total


@kernel
def _anybody_away(people, homes, h):
    """Whether a member of a household works away already."""
    for i in range(homes.first[h], homes.first[h + 1]):
        if people.work[i] == WORK_AWAY:
            return True
    return False


@kernel
def _at_home(
    rows,
    running,
    low,
    people,
    homes,
    land,
    offer,
    distance,
    p,
    on_farm,
    yields,
    nurslings,
    needs_care,
    short,
    way,
):
    """What the members of each of the households `rows` have in common when they choose."""
    for n in range(rows.size):
        h = rows[n]
        county, rural = homes.county[h], homes.in_town[h] == 0
        members = running[np.int64(homes.first[h + 1]) - low] - running[np.int64(homes.first[h]) - low]
        nurslings[n] = float(members & (MANY - 1))
        needs_care[n] = float(min((members >> CARE_AT) & (MANY - 1), 1))
        farmers = members >> FARMERS_AT
        short[n] = 0.0
        if homes.cash[h] < offer.fare and not _anybody_away(people, homes, h):
            short[n] = entry_cost(homes.cash[h], offer.fare, p)
        way[n], on_farm[n], yields[n] = 0.0, NEVER, 0.0
        if not rural:
            continue
        way[n] = distance[homes.village[h]] * offer.road[county]
        acres = int(land.flat[h]) + int(land.terrace[h]) + int(land.slope[h]) + int(land.steep[h])
        if homes.farm_hukou[h] == 1 and acres > 0:
            per_worker = farm_income_per_worker(
                offer.land_value[county], MU * land.flat[h], MU * land.terrace[h], MU * land.slope[h],
                MU * land.steep[h], MU * land.orchard[h], float(land.cattle[h]), float(farmers),
            )  # fmt: skip
            yields[n] = per_worker
            on_farm[n] = farm_value(per_worker, p) + offer.farm_pull[county]
            if homes.aid[h] > 0.0:
                on_farm[n] += p.kappa * kept_log(per_worker, per_worker, homes.aid[h], offer.withdrawal)


@kernel
def _values(rows, running, first_row, people, homes, land, offer, pay, parts, skill, away_pay, network_share, distance,
            network, p, lost, year, v, holds, where):  # fmt: skip
    """The value of each option (f8, 4 x N) for those in `rows`; `holds` a local job; `where` it would be (u1, N)."""
    on_farm, yields = np.empty(STRIDE), np.empty(STRIDE)
    nurslings, needs_care = np.empty(STRIDE), np.empty(STRIDE)
    short, way, theirs, of = (
        np.empty(STRIDE),
        np.empty(STRIDE),
        np.empty(STRIDE, np.int64),
        np.empty(STRIDE, np.int64),
    )
    for low in range(0, rows.size, STRIDE):
        some = rows[low : low + STRIDE]
        found = _their_homes(some, people.household, theirs, of)
        _at_home(theirs[:found], running, first_row, people, homes, land, offer, distance, p, on_farm, yields, nurslings, needs_care,
                 short, way)  # fmt: skip
        for j in range(some.size):
            i, n, k = some[j], of[j], low + j
            h, age, work = theirs[n], int(people.age[i]), int(people.work[i])
            county, village, town_since = int(homes.county[h]), homes.village[h], int(homes.town_since[h])
            schooling, home, how = float(people.schooling[i]), int(people.place[i]), int(people.setting[i])
            if home == OUTSIDE:
                home, how = county, VILLAGE if homes.in_town[h] == 0 else TOWN
            part = wage_class(how, home == county, town_since, year)
            v_farm, v_local = (
                on_farm[n],
                local_value(pay[home, part], schooling, way[n], p) + offer.heard[home],
            )
            v_away = away_value(
                away_pay, schooling, network_share[village], network, offer.pull[county], nurslings[n],
                needs_care[n] * (1.0 - offer.freed[county]), float(age), p,
            )  # fmt: skip
            v_local += p.kappa * offer.freed[county] * needs_care[n]
            # What one does not do costs and counts nothing: added as nought, since no branch could be guessed.
            v_away -= short[n] * (work != WORK_AWAY)
            if homes.aid[h] > 0.0:
                able = skill[people.schooling[i]]
                earned, gone = able * offer.local[home] * parts[home, part], able * offer.away
                v_local += p.kappa * kept_log(earned, earned, homes.aid[h], offer.withdrawal)
                v_away += p.kappa * kept_log(gone, offer.sent * gone, homes.aid[h], offer.withdrawal)
            placed = (work == POST) | (work == WORKSHOP)
            if placed and homes.in_town[h] == 0:
                income = place_income(yields[n], work == POST, offer.post, offer.workshop)
                v_farm = farm_value(income, p) + offer.farm_pull[county]
                if homes.aid[h] > 0.0:
                    v_farm += p.kappa * kept_log(income, income, homes.aid[h], offer.withdrawal)
            v_none = none_value(float(age), float(people.female[i]), nurslings[n], p)
            newcomer = (town_since > 0) & (town_since == year - 1)
            searching = (work == NO_WORK) & ((age <= p.first_job_until) | newcomer)
            habit = p.habit * ((not lost[i]) & (not searching))
            farms, goes, idle = work == FARM, work == WORK_AWAY, work == NO_WORK
            done = (age >= p.work_until) | (people.health[i] == 2)
            v[CHOICE_FARM, k] = NEVER if done else v_farm + habit * (farms | placed)
            v[CHOICE_LOCAL, k] = NEVER if done else v_local + habit * (not (farms | placed | goes | idle))
            v[CHOICE_AWAY, k] = NEVER if done else v_away + habit * goes
            v[CHOICE_NONE, k] = 0.0 if done else v_none + habit * idle
            holds[k] = (FIRST_SECTOR <= work) & (work < WORKSHOP) & (not lost[i]) & (not done)
            where[k] = home


@kernel
def _weigh(people, homes, land, offer, pay, parts, skill, away_pay, network_share, distance, network, p, lost, luck,
           year, start, stop):  # fmt: skip
    """Who of households `start:stop` chooses anew, and what each option is worth to them: see `_Weighed`."""
    low, high = np.int64(homes.first[start]), np.int64(homes.first[stop])
    rows, running = np.empty(high - low, np.uint32), np.empty(high - low + 1, np.int64)
    _members(people, low, high, p, running)
    rows = rows[: _thinkers(people, homes, lost, luck, p, year, start, stop, rows)].copy()
    v, holds, where = np.empty((4, rows.size)), np.empty(rows.size, np.bool_), np.empty(rows.size, np.uint8)
    _values(rows, running, low, people, homes, land, offer, pay, parts, skill, away_pay, network_share, distance, network,
            p, lost, year, v, holds, where)  # fmt: skip
    return rows, v, holds, where


@rule
def next_best(v_farm, v_away, v_none):
    """What one does who finds no local work."""
    if v_farm >= v_away and v_farm >= v_none:
        return CHOICE_FARM
    return CHOICE_AWAY if v_away >= v_none else CHOICE_NONE


@kernel
def _decide(rows, number, schooling, v, holds, where, luck, wants, queued, second, place, steps):
    """What each of `rows` takes by its draw; those who want local work and hold none stand in the queue."""
    numbers, draw = np.empty(STRIDE, np.uint64), np.empty(STRIDE)
    farm, local, away = np.empty(STRIDE), np.empty(STRIDE), np.empty(STRIDE)
    queue = 0
    for low in range(0, rows.size, STRIDE):
        high = min(low + STRIDE, rows.size)
        for k in range(high - low):
            numbers[k] = number[rows[low + k]]
        for k in range(high - low):
            draw[k] = uniform(luck, numbers[k], DRAW_CHOICE)
        none = v[CHOICE_NONE, low:high]
        for against, choice in ((farm, CHOICE_FARM), (local, CHOICE_LOCAL), (away, CHOICE_AWAY)):
            values = v[choice, low:high]
            for k in range(values.size):
                against[k] = odds(values[k] - none[k])
        for k in range(high - low):
            chosen = choice_by_odds(farm[k], local[k], away[k], draw[k])
            stays = (chosen == CHOICE_LOCAL) & holds[low + k]
            wants[low + k] = KEEPS if stays else chosen
            queued[queue] = low + k
            queue += (chosen == CHOICE_LOCAL) & (not stays)
    for q in range(queue):
        k = queued[q]
        i = rows[k]
        second[q] = next_best(v[CHOICE_FARM, k], v[CHOICE_AWAY, k], v[CHOICE_NONE, k])
        place[q] = place_of(int(where[k]), int(schooling[i]), uniform(luck, number[i], DRAW_QUEUE))
        steps[where[k], step_of(place[q])] += 1
    return queue


@kernel
def _stays(people, county, luck_rows, until, start, stop, expected):
    """Those of persons `start:stop` who work away or on the farm and do not choose anew, by county of registration."""
    for i in range(start, stop):
        if int(people.age[i]) < until and people.health[i] != 2:
            c = county[people.household[i]]
            expected[c, STAY_AWAY] += people.work[i] == WORK_AWAY
            expected[c, STAY_FARM] += people.work[i] == FARM
    for k in range(luck_rows.size):
        i = luck_rows[k]
        if int(people.age[i]) < until and people.health[i] != 2:
            c = county[people.household[i]]
            expected[c, STAY_AWAY] -= people.work[i] == WORK_AWAY
            expected[c, STAY_FARM] -= people.work[i] == FARM


@kernel
def _expect(v, holds, where, county, pull, farm_pull, chance, kappa, expected):
    """Sums of the chances to go away, to farm and to apply by county (f8, 7 x 5); losers of the queue are counted in.

    `v` holds the values without the counties' constants and at a chance of one.
    """
    lure = np.empty(chance.size)
    for c in range(chance.size):
        lure[c] = kappa * math.log(max(chance[c], FEW))
    for k in range(holds.size):
        c = county[k]
        v_farm, v_away = v[CHOICE_FARM, k] + farm_pull[c], v[CHOICE_AWAY, k] + pull[c]
        v_local, v_none = v[CHOICE_LOCAL, k] + lure[where[k]], v[CHOICE_NONE, k]
        top = max(max(v_farm, v_local), max(v_away, v_none))
        farms, works, goes = math.exp(v_farm - top), math.exp(v_local - top), math.exp(v_away - top)
        total = farms + works + goes + math.exp(v_none - top)
        expected[c, GO_AWAY] += goes / total
        expected[c, TAKE_FARM] += farms / total
        if not holds[k]:
            expected[c, APPLY] += works / total
            left = works / total * (1.0 - chance[where[k]])
            if v_away > v_farm and v_away > v_none:
                expected[c, GO_AWAY] += left
            elif v_farm >= v_none:
                expected[c, TAKE_FARM] += left


class _People(NamedTuple):
    number: np.ndarray
    household: np.ndarray
    age: np.ndarray
    female: np.ndarray
    schooling: np.ndarray
    health: np.ndarray
    place: np.ndarray
    setting: np.ndarray
    work: np.ndarray


class _Settlers(NamedTuple):
    number: np.ndarray
    household: np.ndarray
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


def network_strength(p: LivelihoodsParameters, mean_away: float) -> float:
    """Log odds for a rise of one in the village's share away; stops where no share would be stable."""
    strength = p.peer_mig / (mean_away * (1.0 - mean_away))
    if p.peer_mig >= 1.0:
        raise ArithmeticError(f"livelihoods.peer_mig = {p.peer_mig}: no stable share away exists")
    return strength


def wage_parts(casual: np.ndarray, year: int, p: LivelihoodsParameters) -> np.ndarray:
    """Parts of a town wage that are earned in a year (f8, 7 x classes): `casual` by villagers, one, and by years since a move."""
    parts = np.empty((casual.size, MOVED + max(year - FIRST_YEAR + 1, 0)))
    _wage_parts(casual, p.closing, parts)
    return parts


@kernel
def _wage_parts(casual, closing, parts):
    for c in range(casual.size):
        parts[c, VILLAGER], parts[c, TOWNSMAN] = casual[c], 1.0
        for years in range(parts.shape[1] - MOVED):
            parts[c, MOVED + years] = town_part(casual[c], closing, float(years))


@kernel
def _local_pays(local, chance, parts, pay):
    """Log of the pay that an applicant can count on, by county and class of `parts`."""
    for c in range(local.size):
        for k in range(parts.shape[1]):
            pay[c, k] = local_pay(local[c] * parts[c, k], chance[c])


@remembered
def skills(edu_return: float) -> np.ndarray:
    """Efficiency of labour by years of schooling (f8, 256): one at nine."""
    skill = np.exp(edu_return * (np.arange(256.0) - BASIC_YEARS))
    skill.flags.writeable = False
    return skill


class _Weighed(NamedTuple):
    """Those of a block who choose anew, and what each option is worth to them."""

    rows: np.ndarray  # u4 (N,)
    values: np.ndarray  # f8 (4, N)
    holds: np.ndarray  # bool (N,)
    where: np.ndarray  # u1 (N,): county of the local work they may apply for


def _weigher(
    persons: Persons, households: Households, villages: Villages, offer: Offer, network: float, lost: np.ndarray,
    p: LivelihoodsParameters, *, seed: int, year: int,
) -> Callable[[int, int], _Weighed]:  # fmt: skip
    """What weighs the options of the people of a block of households."""
    luck, values = draws.key(seed, year, "livelihoods"), p.values
    people, homes, land = pick(persons, _People), pick_homes(households, _Homes), pick(households, _Land)
    distance = villages.distance.astype(np.float64)
    away_pay, parts = math.log(offer.away), wage_parts(offer.casual, year, p)
    skill = skills(p.edu_return)
    pay = np.empty(parts.shape)
    _local_pays(offer.local, offer.chance, parts, pay)

    def weigh(start: int, stop: int) -> _Weighed:
        return _Weighed(*_weigh(people, homes, land, offer, pay, parts, skill, away_pay, villages.away, distance, network,
                                values, lost, luck, year, start, stop))  # fmt: skip

    return weigh


def choose(
    persons: Persons, households: Households, villages: Villages, offer: Offer, network: float, lost: np.ndarray,
    p: LivelihoodsParameters, *, seed: int, year: int,
) -> list[Choice]:  # fmt: skip
    """What everybody wants who chooses anew, by block: `lost` (bool, P) are those who lost a local job."""
    weigh = _weigher(persons, households, villages, offer, network, lost, p, seed=seed, year=year)
    luck = draws.key(seed, year, "livelihoods")

    def task(start: int, stop: int) -> Choice:
        rows, values, holds, where = weigh(start, stop)
        wants, second = np.empty((2, rows.size), np.uint8)
        queued, place = np.empty(rows.size, np.uint32), np.empty(rows.size, np.uint64)
        steps = np.zeros((7, places.STEPS), np.int64)
        queue = _decide(rows, persons.number, persons.schooling, values, holds, where, luck, wants, queued, second,
                        place, steps)  # fmt: skip
        return Choice(rows, wants, queued[:queue].copy(), second[:queue].copy(), place[:queue].copy(), steps)

    return over(households.number.size, task)


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
    blank = offer._replace(pull=np.zeros(7), farm_pull=np.zeros(7), chance=np.ones(7))
    nobody = np.zeros(persons.number.size, np.bool_)
    weigh = _weigher(persons, households, villages, blank, network, nobody, p, seed=0, year=0)
    people, county = pick(persons, _People), households.county
    stays = np.zeros((7, OUTCOMES))

    def task(start: int, stop: int) -> tuple[_Weighed, np.ndarray, np.ndarray]:
        found, table = weigh(start, stop), np.zeros((7, OUTCOMES))
        low, high = int(households.first[start]), int(households.first[stop])
        _stays(people, county, found.rows, p.work_until, low, high, table)
        return found, county[persons.household[found.rows]], table

    parts = over(households.number.size, task)
    for _, _, table in parts:
        stays = stays + table
    home = county[persons.household]
    now = [
        np.bincount(home[persons.work == code], minlength=7).astype(np.float64) for code in (WORK_AWAY, FARM)
    ]
    target = [now[0] * (1.0 + p.away_rise), now[1] * (1.0 + p.farm_rise)]
    pull, chance = [offer.pull.copy(), offer.farm_pull.copy()], offer.chance.copy()
    for _ in range(rounds):
        expected = np.zeros((7, OUTCOMES))
        for found, of, _ in parts:
            table = np.zeros((7, OUTCOMES))
            _expect(found.values, found.holds, found.where, of, pull[0], pull[1], chance, p.kappa, table)
            expected = expected + table
        for row, (stay, take) in enumerate(((STAY_AWAY, GO_AWAY), (STAY_FARM, TAKE_FARM))):
            wanted = np.maximum(target[row] - stays[:, stay], FEW * target[row])
            step = np.log(np.maximum(wanted, FEW) / np.maximum(expected[:, take], FEW))
            pull[row] = np.clip(pull[row] + np.clip(step, -1.0, 1.0), -MOST_PULL, MOST_PULL)
        chance = (chance + np.clip(places / np.maximum(expected[:, APPLY], 1.0), LEAST_CHANCE, 1.0)) / 2.0
    return Constants(pull[0], pull[1], chance)


def lay_off(persons: Persons, layoffs: np.ndarray, *, seed: int, year: int) -> np.ndarray:
    """Who loses a local job (bool, P): as many of each county and sector as the employers dismiss, by draw."""
    lost = np.zeros(persons.number.size, np.bool_)
    if not layoffs.any():
        return lost
    luck, wanted = draws.key(seed, year, "livelihoods"), layoffs.ravel()
    risky = np.zeros((CELLS, WORKS), np.bool_)
    risky[: layoffs.shape[0], FIRST_SECTOR:WORKSHOP] = layoffs > 0
    risks = risky.ravel()

    def task(start: int, stop: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rows = np.empty(stop - start, np.uint32)
        rows = rows[: _at_risk(persons.work, persons.place, risks, start, stop, rows)]
        cell, place = np.empty(rows.size, np.uint8), np.empty(rows.size)
        _draw_risk(rows, persons.number, persons.work, persons.place, luck, cell, place)
        return rows.astype(np.int64), cell, place

    rows, cell, place = (np.concatenate(part) for part in zip(*over(persons.number.size, task), strict=True))
    lost[rows[queues.first(cell, place, persons.number[rows], wanted)]] = True
    return lost


@kernel
def _at_risk(work, place, risky, start, stop, rows):
    """Those of persons `start:stop` who work where somebody is dismissed."""
    does, lives, held = work[start:stop], place[start:stop], 0
    for k in range(does.size):
        rows[held] = start + k
        held += risky[np.uint32(lives[k]) * np.uint32(WORKS) + np.uint32(does[k])]
    return held


@kernel
def _draw_risk(rows, number, work, place, luck, cells, draw):
    for k in range(rows.size):
        i = np.int64(rows[k])
        cells[k] = int(place[i]) * len(SECTORS) + int(work[i]) - FIRST_SECTOR
        draw[k] = uniform(luck, number[i], DRAW_LAYOFF)


def settle(
    persons: Persons, households: Households, choice: list[Choice], lost: np.ndarray, vacancies: np.ndarray, jobs: np.ndarray,
    posts: np.ndarray, workshops: np.ndarray, post: float, p: LivelihoodsParameters,
) -> Work:  # fmt: skip
    """Cut the queues and say where everyone works and lives.

    `vacancies` and `jobs` are i8 (7, 10): places to fill and places filled before hiring, layoffs already
    taken off; `posts` and `workshops` are i8 (7,): public posts and workshop jobs that are paid for; `post` is the yearly
    pay of a post.
    """
    cut = places.cut_queue(choice, vacancies)
    size, first = persons.number.size, households.first
    work, place, setting = (np.empty(size, np.uint8) for _ in range(3))
    people, homes = pick(persons, _Settlers), pick_homes(households, _SettlersHomes)
    step = np.empty(households.number.size, np.uint16)

    def task(start: int, stop: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        counts, heads = (
            np.zeros((8, len(SECTORS) + 3), np.int64),
            np.zeros((2, CELLS, places.NEED_STEPS), np.int64),
        )
        low, high = int(first[start]), int(first[stop])
        rows, chosen = np.empty(high - low, np.uint32), choice[start // block(first.size - 1)]
        held = _settle(
            chosen, cut, people, homes, lost, start, stop, work, place, setting, rows, counts, step, heads
        )
        return counts, heads, rows[:held].copy()

    parts = over(households.number.size, task)
    counts, heads, _ = parts[0]
    for more, others, _ in parts[1:]:
        counts += more
        heads += others
    quits, (left, returned, left_from) = counts[:7, : len(SECTORS)], counts[:7, len(SECTORS) :].T.copy()
    holders = [part[2] for part in parts]
    takers = places.takers(
        people, homes, households.first, work, place, setting, step, holders, heads, posts, workshops, post,
        p.place_until,
    )  # fmt: skip
    # Holders stand on the farm until places are given out.
    for rows in holders:
        work[rows] = FARM
    places.fill_places(takers, posts, workshops, work)
    return Work(
        work, place, setting, cut.applicants, cut.hired, jobs + cut.hired - quits, left, returned, left_from
    )


@kernel
def _hire(queued, second, place, mark, begins, sectors, wants):
    """What those get who applied: a sector of `sectors`, or their second choice."""
    for q in range(queued.size):
        c = county_of(place[q])
        want = int(second[q])
        if draw_of(place[q]) < mark[c]:
            want = CHOICE_HIRED + sector_for(place[q], begins[c], sectors)
        wants[queued[q]] = want


@kernel
def _take(rows, wants, people, homes, lost, work, place, setting, counts):
    """Those who chose anew take what they want and got; `work`, `place` and `setting` hold what was.

    `counts` by place of work holds those who quit each sector, and by county of registration, in the next two
    columns, who left the prefecture and who came back; in the last one who left, by the county where they lived.
    """
    # What each wish makes of one: no branch could be guessed.
    becomes = np.empty(CHOICE_HIRED + len(SECTORS), np.uint8)
    becomes[CHOICE_AWAY], becomes[CHOICE_FARM], becomes[CHOICE_NONE] = WORK_AWAY, FARM, NO_WORK
    for sector in range(len(SECTORS)):
        becomes[CHOICE_HIRED + sector] = FIRST_SECTOR + sector
    for k in range(rows.size):
        i = rows[k]
        h = people.household[i]
        county, before, want, lives = int(homes.county[h]), int(work[i]), int(wants[k]), int(place[i])
        placed = (before == POST) | (before == WORKSHOP)
        kept, way = NO_WORK if lost[i] else before, TOWN if homes.in_town[h] == 1 else VILLAGE
        now = kept if (want == KEEPS) | (placed & (want == CHOICE_FARM)) else int(becomes[want])
        quits = (before >= FIRST_SECTOR) & (before < WORKSHOP) & (now != before) & (not lost[i])
        counts[lives, min(max(before - FIRST_SECTOR, 0), len(SECTORS) - 1)] += quits
        was_out, leaves = lives == OUTSIDE, want == CHOICE_AWAY
        comes = was_out & ((want == CHOICE_FARM) | (want >= CHOICE_HIRED))
        counts[county, len(SECTORS)] += leaves & (not was_out)
        counts[county, len(SECTORS) + 1] += comes
        counts[lives, len(SECTORS) + 2] += leaves & (not was_out)
        place[i] = OUTSIDE if leaves else county if comes else lives
        setting[i] = AWAY if leaves else way if comes else int(setting[i])
        work[i] = now


@kernel
def _follow(people, homes, low, high, work, place, setting, rows, counts):
    """Who does not work stays away only with a member who does (children and old people followed them).

    Returns how many hold a public post or a workshop job: `rows` receives theirs.
    """
    does, lives, age, flag = work[low:high], place[low:high], people.age[low:high], np.empty(STRIDE, np.bool_)
    many = 0
    for begin in range(0, does.size, STRIDE):
        end = min(begin + STRIDE, does.size)
        for j in range(end - begin):
            k = begin + j
            follows = (does[k] == NO_WORK) | ((does[k] == PUPIL) & (age[k] < SCHOOL_LEAVER))
            flag[j] = ((lives[k] == OUTSIDE) & follows) | (does[k] == POST) | (does[k] == WORKSHOP)
        for j in range(end - begin):
            rows[many] = low + begin + j
            many += flag[j]
    held = 0
    for k in range(many):
        i = np.int64(rows[k])
        if work[i] == POST or work[i] == WORKSHOP:
            rows[held] = i
            held += 1
            continue
        h = people.household[i]
        earner_away = False
        for j in range(homes.first[h], homes.first[h + 1]):
            earner_away |= (work[j] == WORK_AWAY) & (place[j] == OUTSIDE)
        if not earner_away:
            county = int(homes.county[h])
            place[i], setting[i] = county, TOWN if homes.in_town[h] == 1 else VILLAGE
            counts[county, len(SECTORS) + 1] += 1
    return held


@kernel
def _settle(chosen, cut, people, homes, lost, start, stop, work, place, setting, rows, counts, step, heads):
    """Households `start:stop`: who chose anew takes what there is, who depends on them follows, needs are counted.

    Returns how many hold a public post or a workshop job: `rows` receives theirs.
    """
    low, high = np.int64(homes.first[start]), np.int64(homes.first[stop])
    work[low:high] = people.work[low:high]
    place[low:high] = people.place[low:high]
    setting[low:high] = people.setting[low:high]
    wants = chosen.wants.copy()
    _hire(chosen.queued, chosen.second, chosen.place, cut.mark, cut.begins, cut.sectors, wants)
    _take(chosen.rows, wants, people, homes, lost, work, place, setting, counts)
    count_needs(homes, start, stop, step, heads)
    return _follow(people, homes, low, high, work, place, setting, rows, counts)


def efficiency(
    persons: Persons, households: Households, work: np.ndarray, place: np.ndarray, setting: np.ndarray, lost: np.ndarray,
    casual: np.ndarray, p: LivelihoodsParameters, *, year: int,
) -> np.ndarray:  # fmt: skip
    """Efficiency units of labour by county and sector (f8, 7 x 10): the employers' side of the wage bill.

    `lost` (f4, P) is the share of the year's work that illness takes.
    """
    skill, parts = skills(p.edu_return), wage_parts(casual, year, p)
    county, town_since = households.county, households.town_since

    def task(start: int, stop: int) -> np.ndarray:
        units = np.zeros((7, len(SECTORS)))
        _efficiency(start, stop, persons.household, persons.schooling, work, place, setting, lost, county, town_since, parts,
                    skill, year, units)  # fmt: skip
        return units

    return sums.added(work.size, task, np.zeros((7, len(SECTORS))))


@kernel
def _employed(work, place, start, stop, rows):
    """Those of persons `start:stop` who work in a sector in the prefecture."""
    does, lives, many = work[start:stop], place[start:stop], 0
    for k in range(does.size):
        rows[many] = start + k
        many += (does[k] >= FIRST_SECTOR) & (does[k] < WORKSHOP) & (lives[k] < OUTSIDE)
    return many


@kernel
def _efficiency(
    start,
    stop,
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
    units,
):
    """Units of labour of persons `start:stop` by county and sector."""
    rows = np.empty(stop - start, np.uint32)
    for k in range(_employed(work, place, start, stop, rows)):
        i = np.int64(rows[k])
        h, sector = household[i], int(work[i]) - FIRST_SECTOR
        part = parts[place[i], wage_class(setting[i], place[i] == county[h], int(town_since[h]), year)]
        units[place[i], sector] += skill[schooling[i]] * (part * (1.0 - float(lost[i])))


def village_away(
    persons: Persons, households: Households, work: np.ndarray, villages: Villages
) -> np.ndarray:
    """Share of each village's registered adults (16-64) who are away (f8, V)."""
    size = villages.county.size

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((2, size), np.int64)
        _village_away(households.first, households.village, persons.age, work, start, stop, table)
        return table

    count, away = sums.added(households.number.size, task, np.zeros((2, size), np.int64))
    return away / np.maximum(count, 1)


def adults(persons: Persons, households: Households) -> np.ndarray:
    """Registered people aged 16 to 64 by county (f8, 7)."""
    some = (persons.age >= ADULT) & (persons.age < RETIRED)
    return np.bincount(households.county[persons.household[some]], minlength=7).astype(np.float64)


def needing_care(persons: Persons, households: Households, p: LivelihoodsParameters) -> np.ndarray:
    """Registered people who are frail with age or disabled by county (f8, 7)."""
    some = (persons.age >= np.uint8(p.frail_from)) | (persons.health == DISABLED)
    return np.bincount(households.county[persons.household[some]], minlength=7).astype(np.float64)


def frail(persons: Persons, households: Households, p: LivelihoodsParameters) -> np.ndarray:
    """Part of registered people who are frail with age or disabled by county (f8, 7)."""
    everybody = np.bincount(households.county[persons.household], minlength=7)
    return needing_care(persons, households, p) / np.maximum(everybody, 1)


def lightened(freed: np.ndarray, frail_now: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Part of one adult's time freed where somebody needs care (f8, 7), were the frail as few as once `held` (f8, 7)."""
    burden = np.divide(held, frail_now, out=np.ones(held.size), where=frail_now > 0.0)
    return 1.0 - (1.0 - freed) * burden


@kernel
def _village_away(first, village, age, work, start, stop, table):
    # The households of a village lie together: its people are one run of rows.
    begin = start
    while begin < stop:
        end = begin + 1
        while end < stop and village[end] == village[begin]:
            end += 1
        ages, does, adults, away = age[first[begin] : first[end]], work[first[begin] : first[end]], 0, 0
        for k in range(ages.size):
            adult = (ages[k] >= ADULT) & (ages[k] < RETIRED)
            adults += adult
            away += adult & (does[k] == WORK_AWAY)
        table[0, village[begin]] += adults
        table[1, village[begin]] += away
        begin = end


def chances(
    applicants: np.ndarray, hired: np.ndarray, markets: Markets, p: LivelihoodsParameters
) -> np.ndarray:
    """Share of applicants who got a job (f8, 7): this year's and the remembered one, weighed by `chance_memory`."""
    now = hired.sum(axis=1) / np.maximum(applicants, 1)
    return np.clip((1.0 - p.chance_memory) * now + p.chance_memory * markets.job_chance, 0.0, 1.0)
