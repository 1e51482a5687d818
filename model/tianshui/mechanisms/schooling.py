"""Who learns a year more, who drops out, who goes on.

    dropout        jh_drop (1 + drop_poor poor) (1 - transfer_cut min(stipend / transfer_full, 1)), junior high
    upper entry    logistic(logit(hs_trans) + choice (ln(worth / cost) - the same in 2015)
                   + income_upper ln(income a head / income_start) + places ln(schools) - distance (km - km_start)
                   + passing)
    worth          working_value x adult wage x (exp(3 edu_return) - 1)
    cost           3 (fees + idle_share x youth wage - trust promised grant / (1 + impatience)^wait)
    college entry  logistic(logit(col_trans) + income_college ln(income a head / income_start) + passing)

A year of school ends in summer: every pupil has one year more, then continues, enters or leaves. A promised
grant counts at what a family that cannot borrow thinks it worth when it decides, and is small beside three
years of wages and fees; that it hardly moves entry comes out and is not written in. What better teaching does to passing
on (`passing`) comes from the channels.

Left out: single schools (none is published), the split of general and vocational tracks (the same years of
schooling), repeating a year, colleges inside the prefecture (most of their students come from elsewhere).
"""

import math
from typing import NamedTuple

import numpy as np

from tianshui import sums
from tianshui.compiled import kernel, pick, rule, unsigned
from tianshui.declare import Parameters, belief, cut, lever
from tianshui.draws import key, uniform
from tianshui.state import AWAY, COUNTIES, NEVER_POOR, NO_WORK, OUTSIDE, POOR, PUPIL, Households, Persons

# Draws of this mechanism, by index:
START, DROPOUT, UPPER, UPPER_DROPOUT, COLLEGE, LONG_COLLEGE = range(6)
FIRST_AGE = 6
"""Age in years at which school may begin (law on compulsory education, article 11)."""
LAST_START, OLDEST_JUNIOR, OLDEST_PUPIL = 9, 17, 26
"""Ages in years beyond which nobody starts school, stays at junior school or studies. Guards and no beliefs: nobody
repeats a year, so who starts at six or seven is out of each stage before."""
PRIMARY, JUNIOR, UPPER_YEARS, SHORT, LONG = 6, 9, 12, 15, 16
"""Completed years at which the stages of the school system end: six, three, three, and three or four of college."""
STAGE = 3.0
"""Years of upper secondary school."""
DROPPED, LEFT_JUNIOR, ENTERED_UPPER, TO_COLLEGE, GONE = range(5)
"""Rows of what is counted by county."""
KM = 10.0
"""Kilometres by which distance counts."""
LEAST_SCHOOLS = 0.05
"""Guard: least places a pupil, against the start, that keep a logarithm finite."""


class SchoolingParameters(Parameters):
    """Transitions through school."""

    stipend: float = lever(
        0.0, unit="yuan/pupil/year", within=(0.0, 5000.0), names=("Stipend of poor junior pupils", "贫困初中生生活补助"),
        who="county", where="one", cost=None, group="poverty", measure="M01", source="school_rules:boarding_subsidy",
        status="recalled", paid_by=(0.8, 0.2), buys="households",
    )  # fmt: skip
    """Paid a year to each junior pupil of a home that is or was registered poor."""

    grant: float = lever(
        0.0, unit="yuan/pupil/year", within=(0.0, 8000.0), names=("Grant of poor upper-secondary pupils", "贫困高中生助学金"),
        who="province", where="one", cost=None, group="cross", measure="M31", source="school_rules:national_grant_2000",
        status="recalled", paid_by=(0.8, 0.2), buys="households",
    )  # fmt: skip
    """Promised and paid a year to upper-secondary pupils of homes that are or were registered poor."""

    start_six: float = belief(
        0.67, unit="share", within=(0.0, 1.0), prior=(0.5, 0.67, 0.8),
        source="derived:born january to august", status="derived",
    )  # fmt: skip
    """Share of children who start school in the year they become six; the others are seven."""

    jh_drop: float = belief(
        0.01, unit="1/year", within=(0.0, 0.2), prior=(0.002, 0.01, 0.078), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Yearly dropout from junior high of a child who is not registered poor."""

    drop_poor: float = belief(
        0.7, unit="share", within=(0.0, 3.0), prior=(0.3, 0.7, 1.2), source="mo_2013:abstract", status="derived",
    )  # fmt: skip
    """By how much more the registered poor drop out (13.3 against 7.8 % of all)."""

    transfer_cut: float = belief(
        0.6, unit="share", within=(0.0, 1.0), prior=(0.2, 0.6, 0.7), source="mo_2013:abstract", status="found",
    )  # fmt: skip
    """Share of dropouts from poor homes that a full cash transfer to junior pupils prevents."""

    transfer_full: float = belief(
        1000.0, unit="yuan/year", within=(200.0, 4000.0), prior=(500.0, 1000.0, 1500.0),
        source="recalled:500 yuan a semester", status="recalled",
    )  # fmt: skip
    """Transfer a pupil and year that has this full effect, at 2015 prices."""

    hs_trans: float = belief(
        0.9, unit="share", within=(0.3, 0.995), prior=(0.8, 0.9, 0.97), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Share of junior leavers who enter any upper secondary school under the conditions of 2015."""

    upper_drop: float = belief(
        0.02, unit="1/year", within=(0.0, 0.2), prior=(0.01, 0.02, 0.05), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Yearly dropout from upper secondary school."""

    col_trans: float = belief(
        0.55, unit="share", within=(0.1, 0.95), prior=(0.4, 0.55, 0.7), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Share of upper secondary leavers who enter college at the reference income."""

    long_college: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.4, 0.5, 0.6),
        source="assumed:half of entrants take four years", status="assumed",
    )  # fmt: skip
    """Share of college students who study a fourth year."""

    choice: float = belief(
        0.6, unit="log odds", within=(0.0, 3.0), prior=(0.2, 0.6, 1.2), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Effect of the log ratio of worth to cost on upper secondary entry."""

    edu_return: float = belief(
        0.118, unit="1/year", within=(0.0, 0.2), prior=(0.07, 0.118, 0.118),
        source="china_world_economy_2008:abstract", status="found",
    )  # fmt: skip
    """Return to one year of schooling above junior high."""

    working_value: float = belief(
        4.0, unit="years", within=(1.0, 20.0), prior=(2.5, 4.0, 8.0),
        source="assumed:families without credit discount by a quarter a year", status="assumed",
    )  # fmt: skip
    """What a yuan a year through working life is worth at fifteen."""

    idle_share: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.8), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Part of a youth wage that a pupil forgoes (few find work the year round)."""

    trust: float = belief(
        0.6, unit="share", within=(0.0, 1.0), prior=(0.3, 0.6, 0.9), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Chance that a family gives to a promised grant being paid."""

    impatience: float = belief(
        0.4, unit="1/year", within=(0.0, 2.0), prior=(0.2, 0.4, 0.8), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Yearly discount of promised money by families that cannot borrow."""

    wait: float = belief(
        1.5, unit="years", within=(0.0, 4.0), prior=(1.0, 1.5, 2.5),
        source="assumed:paid each year on proof of attendance", status="assumed",
    )  # fmt: skip
    """Mean time from the decision to the payment of the grant."""

    wage_start: float = belief(
        36_000.0, unit="yuan/year", within=(10_000.0, 80_000.0), prior=(30_000.0, 36_000.0, 42_000.0),
        source="assumed:wage away in 2015", status="assumed",
    )  # fmt: skip
    """Adult wage with nine years of schooling in 2015."""

    youth_start: float = belief(
        24_000.0, unit="yuan/year", within=(5_000.0, 60_000.0), prior=(18_000.0, 24_000.0, 30_000.0),
        source="assumed:two thirds of the adult wage", status="assumed",
    )  # fmt: skip
    """Youth wage in 2015."""

    income_start: float = belief(
        8_000.0, unit="yuan/head", within=(2_000.0, 30_000.0), prior=(6_000.0, 8_000.0, 11_000.0),
        source="derived:rural and urban means of 2015", status="derived",
    )  # fmt: skip
    """Disposable income a head at which the transition rates hold, at 2015 prices."""

    income_upper: float = belief(
        0.3, unit="log odds", within=(0.0, 2.0), prior=(0.1, 0.3, 0.6), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Effect of log income a head on upper secondary entry."""

    income_college: float = belief(
        0.4, unit="log odds", within=(0.0, 2.0), prior=(0.1, 0.4, 0.8), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Effect of log income a head on college entry."""

    income_least: float = belief(
        500.0, unit="yuan/head", within=(100.0, 2_000.0), prior=(300.0, 500.0, 1_000.0),
        source="assumed:nobody lives on less", status="assumed",
    )  # fmt: skip
    """Income a head under which poverty no longer tells, at 2015 prices."""

    places: float = belief(
        0.5, unit="log odds", within=(0.0, 3.0), prior=(0.2, 0.5, 1.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Effect of log schools (capital against the start) on upper secondary entry."""

    distance: float = belief(
        0.1, unit="log odds/10 km", within=(0.0, 1.0), prior=(0.03, 0.1, 0.2), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Loss of log odds of entry by ten kilometres of road to the county seat."""

    km_start: float = belief(
        20.0, unit="km", within=(0.0, 60.0), prior=(15.0, 20.0, 25.0),
        source="derived:mean road distance of villages", status="derived",
    )  # fmt: skip
    """Distance at which the transition rates hold."""

    fee_junior: float = belief(
        400.0, unit="yuan/year", within=(0.0, 3_000.0), prior=(200.0, 400.0, 800.0),
        source="assumed:board after subsidies", status="assumed",
    )  # fmt: skip
    """What a junior pupil costs the family, at 2015 prices."""

    fee_upper: float = belief(
        3_500.0, unit="yuan/year", within=(500.0, 12_000.0), prior=(2_500.0, 3_500.0, 5_000.0),
        source="assumed:tuition and board of county schools", status="assumed",
    )  # fmt: skip
    """Tuition and board of upper secondary school, at 2015 prices."""

    fee_college: float = belief(
        12_000.0, unit="yuan/year", within=(4_000.0, 30_000.0), prior=(9_000.0, 12_000.0, 15_000.0),
        source="assumed:tuition 5000 and living", status="assumed",
    )  # fmt: skip
    """Tuition and living of a college student, at 2015 prices."""

    income_cut: float = cut(names=("Schooling blind to income", "升学不随收入变动"), source="mechanisms:r5")
    """1 lets families decide on school as if each had the mean income that its county's pupils had in 2020 (loop R5)."""


class SchoolFlows(NamedTuple):
    """What school changes in a year, on the rows of the heads."""

    schooling: np.ndarray  # u1[P]: completed years
    work: np.ndarray  # u1[P]: as before but for those who start or leave school
    place: np.ndarray  # u1[P], with the next: as before but for those who go away to college
    setting: np.ndarray  # u1[P]
    departs: np.ndarray  # u1[P]: 1 for who goes away to college this year
    fees: np.ndarray  # f8[H]: yuan asked of households for junior, upper secondary and college pupils
    dropouts: np.ndarray  # i8[7], by county of residence, as the next two
    left_junior: np.ndarray  # i8[7]
    entered_upper: np.ndarray  # i8[7]
    left_for_college: np.ndarray  # i8[7], by county of registration
    gone: np.ndarray  # i8[7]: of them who lived in the prefecture, by county of residence


@rule
def odds(share):
    """Log odds of a share."""
    return math.log(share / (1.0 - share))


@rule
def logistic(x):
    """Share of log odds."""
    return 1.0 / (1.0 + math.exp(-x))


@rule
def worth_to_cost(adult_wage, youth_wage, fee, grant, p):
    """Log of what upper secondary school is worth over what it costs a family."""
    worth = p.working_value * adult_wage * (math.exp(STAGE * p.edu_return) - 1.0)
    promised = p.trust * grant / (1.0 + p.impatience) ** p.wait
    cost = STAGE * max(fee + p.idle_share * youth_wage - promised, 1.0)
    return math.log(worth / cost)


@kernel
def _values(adult_wage, youth_wage, grant, cpi, p, value):
    """What upper secondary school is worth in each county: unpromised, promised a grant, and at the start."""
    start = worth_to_cost(p.wage_start, p.youth_start, p.fee_upper, 0.0, p)
    for c in range(value.shape[0]):
        fee_now = p.fee_upper * cpi
        value[c, 0] = worth_to_cost(adult_wage[c], youth_wage[c], fee_now, 0.0, p)
        value[c, 1] = worth_to_cost(adult_wage[c], youth_wage[c], fee_now, grant[c], p)
        value[c, 2] = start


@rule
def upper_entry(value, value_start, income, schools, km, passing, p):
    """Chance that a junior leaver enters upper secondary school; `income` a head at 2015 prices."""
    wealth = math.log(max(income, p.income_least) / p.income_start)
    return logistic(
        odds(p.hs_trans)
        + p.choice * (value - value_start)
        + p.income_upper * wealth
        + p.places * math.log(max(schools, LEAST_SCHOOLS))
        - p.distance * (km - p.km_start) / KM
        + passing
    )


@rule
def college_entry(income, passing, p):
    """Chance that an upper secondary leaver enters college."""
    return logistic(
        odds(p.col_trans)
        + p.income_college * math.log(max(income, p.income_least) / p.income_start)
        + passing
    )


@rule
def dropout(poor, stipend, p):
    """Yearly chance that a junior pupil leaves school; `poor` 1 on the register, `stipend` a pupil at 2015 prices, 0 for none."""
    return (
        p.jh_drop * (1.0 + p.drop_poor * poor) * (1.0 - p.transfer_cut * min(stipend / p.transfer_full, 1.0))
    )


def fees(p: SchoolingParameters) -> np.ndarray:
    """What a pupil in the year after so many years of school pays (f8, years), yuan at 2015 prices."""
    out = np.zeros(LONG + 1)
    out[PRIMARY:], out[JUNIOR:], out[UPPER_YEARS:] = p.fee_junior, p.fee_upper, p.fee_college
    return out


@kernel
def _pass_year(people, start, stop, schooling, work, place, setting):
    """A year more for every pupil, all else as it was: plain copies, which the processor makes many at a time."""
    for i in range(start, stop):
        schooling[i] = people.schooling[i] + ((people.work[i] == PUPIL) & (people.age[i] >= FIRST_AGE))
    for i in range(start, stop):
        work[i] = people.work[i]
    for i in range(start, stop):
        place[i] = people.place[i]
    for i in range(start, stop):
        setting[i] = people.setting[i]


@kernel
def _decide(people, schooling, start, stop, flag, rows):
    """Rows of those for whom something is decided: who may start school, and pupils beyond primary school's years."""
    for i in range(start, stop):
        age, work = people.age[i], people.work[i]
        begins = (age >= FIRST_AGE) & (age <= LAST_START) & (schooling[i] == 0) & (work != PUPIL)
        later = (schooling[i] >= PRIMARY) | (age > OLDEST_JUNIOR)
        flag[i - start] = begins | ((work == PUPIL) & (age >= FIRST_AGE) & later)
    n = 0
    for i in range(start, stop):
        rows[n] = i
        n += flag[i - start] != 0
    return n


@rule
def fee(years, p):
    """What a pupil with `years` completed costs the family a year, at 2015 prices."""
    if years >= UPPER_YEARS:
        return p.fee_college
    if years >= JUNIOR:
        return p.fee_upper
    return p.fee_junior if years >= PRIMARY else 0.0


@kernel
def _learn(people, homes, low, high, flag, rows, terms, cpi, p, luck, life_luck, out, counts):
    """The school year of persons `low:high`; `flag` and `rows` are room for as many."""
    _pass_year(people, low, high, out.schooling, out.work, out.place, out.setting)
    found = _decide(people, out.schooling, low, high, flag, rows)
    # Those for whom something is decided have one year more already.
    for i in rows[:found]:
        h, age, number = people.household[i], int(people.age[i]), people.number[i]
        if people.work[i] != PUPIL:
            if age > FIRST_AGE or uniform(life_luck, number, START) < p.start_six:
                out.work[i] = PUPIL
            continue
        c, place, years = int(homes.county[h]), int(people.place[i]), int(out.schooling[i])
        stays = True
        if age >= OLDEST_PUPIL:
            stays = False
        elif years < JUNIOR:
            if age > OLDEST_JUNIOR:
                stays = False
            elif years >= PRIMARY:
                registered = 1 if homes.poor[h] == POOR else 0
                stipend = 0.0 if homes.poor[h] == NEVER_POOR else terms.stipend[c] / cpi
                if uniform(luck, number, DROPOUT) < dropout(registered, stipend, p):
                    stays = False
                    if place < OUTSIDE:
                        counts[DROPPED, place] += 1
        elif years == JUNIOR:
            away_km = 0.0 if homes.in_town[h] == 1 else float(terms.km[homes.village[h]])
            promised = 0 if homes.poor[h] == NEVER_POOR else 1
            income = homes.income[h] / max(int(homes.heads[h]), 1) / cpi
            chance = upper_entry(
                terms.value[c, promised],
                terms.value[c, 2],
                income,
                terms.places[c],
                away_km,
                terms.passing[c],
                p,
            )
            stays = uniform(luck, number, UPPER) < chance
            if place < OUTSIDE:
                counts[LEFT_JUNIOR, place] += 1
                counts[ENTERED_UPPER, place] += stays
        elif years < UPPER_YEARS:
            stays = uniform(luck, number, UPPER_DROPOUT) >= p.upper_drop
        elif years == UPPER_YEARS:
            income = homes.income[h] / max(int(homes.heads[h]), 1) / cpi
            stays = uniform(luck, number, COLLEGE) < college_entry(income, terms.passing[c], p)
            if stays:
                out.departs[i], out.place[i], out.setting[i] = 1, OUTSIDE, AWAY
                counts[TO_COLLEGE, c] += 1
                if place < OUTSIDE:
                    counts[GONE, place] += 1
        elif years == SHORT:
            stays = uniform(luck, number, LONG_COLLEGE) < p.long_college
        elif years >= LONG:
            stays = False
        if stays:
            out.fees[h] += fee(years, p) * cpi
        else:
            out.work[i] = NO_WORK


class _People(NamedTuple):
    number: np.ndarray
    household: np.ndarray
    age: np.ndarray
    schooling: np.ndarray
    place: np.ndarray
    setting: np.ndarray
    work: np.ndarray


class _Homes(NamedTuple):
    county: np.ndarray
    village: np.ndarray
    in_town: np.ndarray
    poor: np.ndarray
    income: np.ndarray
    heads: np.ndarray


class _Terms(NamedTuple):
    """What a county's schools ask and promise; f8."""

    value: np.ndarray  # (7, 3): log of worth over cost, unpromised, promised and at the start
    places: np.ndarray  # (7,)
    stipend: np.ndarray  # (7,): yuan a pupil
    km: np.ndarray  # (V,)
    passing: np.ndarray  # (7,): log odds


def learn(
    persons: Persons,
    households: Households,
    p: SchoolingParameters,
    *,
    income: np.ndarray,
    heads: np.ndarray,
    places: np.ndarray,
    passing: np.ndarray,
    grant: np.ndarray,
    stipend: np.ndarray,
    youth_wage: np.ndarray,
    adult_wage: np.ndarray,
    distance: np.ndarray,
    cpi: float,
    seed: int,
    year: int,
) -> SchoolFlows:
    """The school year of everybody on the settled heads.

    `income` f8[H], usual income of the year before, yuan, of `heads` members at home (i4[H]); `places` schools by
    county against the start; `passing` log odds of passing on that better teaching adds, by county; `grant` promised to upper secondary pupils of homes that are or were registered poor,
    yuan a year; `stipend` granted to junior pupils of the same homes, yuan a year; wages yuan a year, by county;
    `distance` road km by village.
    """
    count, size, counties = persons.number.size, households.number.size, len(COUNTIES)
    luck, life_luck, values = key(seed, year, "schooling"), key(seed, 0, "schooling"), p.values
    value = np.empty((counties, 3))
    _values(adult_wage, youth_wage, grant, cpi, values, value)
    people = pick(persons, _People)
    homes = _Homes(households.county, households.village, households.in_town, households.poor, income, heads)
    terms, first = _Terms(value, places, stipend, distance, passing), unsigned(households.first)
    schooling, work, place, setting = (np.empty(count, np.uint8) for _ in range(4))
    none = np.zeros(counties, np.int64)
    out = SchoolFlows(
        schooling,
        work,
        place,
        setting,
        np.zeros(count, np.uint8),
        np.zeros(size),
        none,
        none,
        none,
        none,
        none,
    )

    def task(a: int, b: int) -> np.ndarray:
        low, high = first[a], first[b]
        flag, rows = np.empty(high - low, np.uint8), np.empty(high - low + 1, np.int32)
        counts = np.zeros((GONE + 1, counties), np.int64)
        _learn(people, homes, low, high, flag, rows, terms, cpi, values, luck, life_luck, out, counts)
        return counts

    counts = sums.added(size, task, np.zeros((GONE + 1, counties), np.int64))
    return out._replace(
        dropouts=counts[DROPPED], left_junior=counts[LEFT_JUNIOR], entered_upper=counts[ENTERED_UPPER],
        left_for_college=counts[TO_COLLEGE], gone=counts[GONE],
    )  # fmt: skip


def income_of_pupils(
    persons: Persons, households: Households, income: np.ndarray, heads: np.ndarray, p: SchoolingParameters, *, cpi: float
) -> np.ndarray:  # fmt: skip
    """Geometric mean of real income a head at the homes of each county's pupils (f8, 7), yuan of 2015.

    That mean, because chances go with the log of income. `income` f8[H], yuan; `heads` members at home (i4[H]).
    """
    home = persons.household[persons.work == PUPIL]
    logs = np.log(np.maximum(income[home] / np.maximum(heads[home], 1) / cpi, p.income_least))
    county, seven = households.county[home], len(COUNTIES)
    pupils = np.bincount(county, minlength=seven)
    mean = np.bincount(county, logs, seven) / np.maximum(pupils, 1)
    return np.where(pupils > 0, np.exp(mean), p.income_start)


class Supported(NamedTuple):
    """Pupils for whom support is due, of each household (u1, H) and by county of registration (i8, 7)."""

    juniors: np.ndarray  # of homes that are or were registered, who draw stipends
    uppers: np.ndarray  # of the same, who draw grants
    juniors_in: np.ndarray
    uppers_in: np.ndarray


def supported(persons: Persons, households: Households) -> Supported:
    """Junior and upper-secondary pupils of homes that are or were registered."""
    size, counties = households.number.size, len(COUNTIES)
    juniors, uppers = np.zeros(size, np.uint8), np.zeros(size, np.uint8)

    def task(start: int, stop: int) -> np.ndarray:
        rows, counts = np.empty(stop - start + 1, np.int32), np.zeros((2, counties), np.int64)
        _support(persons.work, persons.schooling, unsigned(households.first), households.county, households.poor,
                 np.uint64(start), np.uint64(stop), rows, juniors, uppers, counts)  # fmt: skip
        return counts

    counts = sums.added(size, task, np.zeros((2, counties), np.int64))
    return Supported(juniors, uppers, *counts)


@kernel
def _support(work, schooling, first, county, poor, start, stop, rows, juniors, uppers, counts):
    n = 0
    for h in range(start, stop):
        rows[n] = h
        n += poor[h] != NEVER_POOR
    for h in rows[:n]:
        junior, upper = 0, 0
        for i in range(first[h], first[h + 1]):
            pupil, years = work[i] == PUPIL, schooling[i]
            junior += pupil & (years >= PRIMARY) & (years < JUNIOR)
            upper += pupil & (years >= JUNIOR) & (years < UPPER_YEARS)
        juniors[h] = junior
        uppers[h] = upper
        counts[0, county[h]] += junior
        counts[1, county[h]] += upper
