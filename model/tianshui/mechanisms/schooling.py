"""Who learns a year more, who drops out, who goes on.

    dropout        jh_drop (1 + drop_poor poor) (1 - transfer_cut min(stipend / transfer_full, 1)), junior high
    upper entry    logistic(logit(hs_trans) + choice (ln(worth / cost) - the same in 2015)
                   + income_upper ln(income a head / income_start) + places ln(schools) - distance (km - km_start))
    worth          working_value x adult wage x (exp(3 edu_return) - 1)
    cost           3 (fees + idle_share x youth wage - trust promised grant / (1 + impatience)^wait)
    college entry  logistic(logit(col_trans) + income_college ln(income a head / income_start))

A year of school ends in summer: every pupil has one year more, then continues, enters or leaves. A promised
grant counts at what a family that cannot borrow thinks it worth when it decides, and is small beside three
years of wages and fees; that it hardly moves entry comes out and is not written in.

Left out: single schools (none is published), the split of general and vocational tracks (the same years of
schooling), repeating a year, colleges inside the prefecture (most of their students come from elsewhere).
"""

import math
from typing import NamedTuple

import numpy as np

from tianshui.compiled import kernel, over, rule, unsigned
from tianshui.declare import Parameters, belief, lever
from tianshui.draws import key, uniform
from tianshui.state import COUNTIES, NEVER_POOR, NO_WORK, OUTSIDE, POOR, PUPIL, Households, Persons

# Draws of this mechanism, by index:
START, DROPOUT, UPPER, UPPER_DROPOUT, COLLEGE, LONG_COLLEGE = range(6)
FIRST_AGE, LAST_START, OLDEST_JUNIOR, OLDEST_PUPIL = 6, 9, 17, 26
PRIMARY, JUNIOR, UPPER_YEARS, SHORT, LONG = 6, 9, 12, 15, 16  # completed years at which a stage ends
STAGE = 3.0  # years of upper secondary school
KM = 10.0  # distance counts by ten kilometres
LEAST_SCHOOLS = 0.05  # of the start; keeps the logarithm finite


class SchoolingParameters(Parameters):
    """Transitions through school."""

    stipend: float = lever(
        0.0, unit="yuan/pupil/year", within=(0.0, 5000.0), names=("Stipend of poor junior pupils", "贫困初中生生活补助"),
        who="county", where="one", cost=None, group="poverty", measure="M01", source="school_rules:boarding_subsidy",
        status="recalled", paid_by=(0.8, 0.2),
    )  # fmt: skip
    """Paid a year to each junior pupil of a registered poor household."""

    grant: float = lever(
        0.0, unit="yuan/pupil/year", within=(0.0, 8000.0), names=("Grant of poor upper-secondary pupils", "贫困高中生助学金"),
        who="province", where="one", cost=None, group="cross", measure="M31", source="school_rules:national_grant_2000",
        status="recalled", paid_by=(0.8, 0.2),
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


class SchoolFlows(NamedTuple):
    """What school changes in a year, on the rows of the heads."""

    schooling: np.ndarray  # u1[P]: completed years
    work: np.ndarray  # u1[P]: as before but for those who start or leave school
    departs: np.ndarray  # u1[P]: 1 for who goes away to college this year
    fees: np.ndarray  # f8[H]: yuan asked of households for junior, upper secondary and college pupils
    dropouts: np.ndarray  # i8[7], by county of residence, as the next two
    left_junior: np.ndarray  # i8[7]
    entered_upper: np.ndarray  # i8[7]
    left_for_college: np.ndarray  # i8[7], by county of registration


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


@rule
def upper_entry(value, value_start, income, schools, km, p):
    """Chance that a junior leaver enters upper secondary school; `income` a head at 2015 prices."""
    wealth = math.log(max(income, p.income_least) / p.income_start)
    return logistic(
        odds(p.hs_trans)
        + p.choice * (value - value_start)
        + p.income_upper * wealth
        + p.places * math.log(max(schools, LEAST_SCHOOLS))
        - p.distance * (km - p.km_start) / KM
    )


@rule
def college_entry(income, p):
    """Chance that an upper secondary leaver enters college."""
    return logistic(
        odds(p.col_trans) + p.income_college * math.log(max(income, p.income_least) / p.income_start)
    )


@rule
def dropout(poor, stipend, p):
    """Yearly chance that a junior pupil leaves school; `stipend` a pupil at 2015 prices."""
    if poor == 0:
        return p.jh_drop
    return p.jh_drop * (1.0 + p.drop_poor) * (1.0 - p.transfer_cut * min(stipend / p.transfer_full, 1.0))


def fees(p: SchoolingParameters) -> np.ndarray:
    """What a pupil in the year after so many years of school pays (f8, years), yuan at 2015 prices."""
    out = np.zeros(LONG + 1)
    out[PRIMARY:], out[JUNIOR:], out[UPPER_YEARS:] = p.fee_junior, p.fee_upper, p.fee_college
    return out


@kernel
def _learn(people, first, county, poor, village, in_town, income, km, places, stipend, value, cpi, p, luck,
           life_luck, start, stop, schooling, work, departs, fees, counts):  # fmt: skip
    """One school year of households `start:stop`; `value` by county: unpromised, promised, at the start."""
    for h in range(start, stop):
        c = int(county[h])
        spent = 0.0
        for i in range(first[h], first[h + 1]):
            age = int(people.age[i])
            if age < FIRST_AGE:
                continue
            number = people.number[i]
            if people.work[i] != PUPIL:
                starts = age > FIRST_AGE or uniform(life_luck, number, START) < p.start_six
                if age <= LAST_START and people.schooling[i] == 0 and starts:
                    work[i] = PUPIL
                continue
            years = int(people.schooling[i]) + 1
            schooling[i] = years
            place = int(people.place[i])
            stays = True
            if age >= OLDEST_PUPIL:
                stays = False
            elif years < JUNIOR:
                if age > OLDEST_JUNIOR:
                    stays = False
                elif years >= PRIMARY:
                    registered = 1 if poor[h] == POOR else 0
                    if uniform(luck, number, DROPOUT) < dropout(registered, stipend[c] / cpi, p):
                        stays = False
                        if place < OUTSIDE:
                            counts[0, place] += 1
            elif years == JUNIOR:
                away_km = 0.0 if in_town[h] == 1 else float(km[village[h]])
                promised = 0 if poor[h] == NEVER_POOR else 1
                chance = upper_entry(value[c, promised], value[c, 2], income[h] / cpi, places[c], away_km, p)
                stays = uniform(luck, number, UPPER) < chance
                if place < OUTSIDE:
                    counts[1, place] += 1
                    if stays:
                        counts[2, place] += 1
            elif years < UPPER_YEARS:
                stays = uniform(luck, number, UPPER_DROPOUT) >= p.upper_drop
            elif years == UPPER_YEARS:
                stays = uniform(luck, number, COLLEGE) < college_entry(income[h] / cpi, p)
                if stays:
                    departs[i] = 1
                    counts[3, c] += 1
            elif years == SHORT:
                stays = uniform(luck, number, LONG_COLLEGE) < p.long_college
            elif years >= LONG:
                stays = False
            if not stays:
                work[i] = NO_WORK
            elif years >= UPPER_YEARS:
                spent += p.fee_college
            elif years >= JUNIOR:
                spent += p.fee_upper
            elif years >= PRIMARY:
                spent += p.fee_junior
        fees[h] = spent * cpi


def learn(
    persons: Persons,
    households: Households,
    p: SchoolingParameters,
    *,
    income_per_head: np.ndarray,
    places: np.ndarray,
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

    `income_per_head` f8[H], yuan of the year before; `places` schools by county against the start;
    `grant` promised to upper secondary pupils of homes that are or were registered poor, yuan a year;
    `stipend` granted to junior pupils of the registered poor, yuan a year; wages yuan a year, by county;
    `distance` road km by village.
    """
    size, counties = households.number.size, len(COUNTIES)
    luck, life_luck, values = key(seed, year, "schooling"), key(seed, 0, "schooling"), p.values
    start = worth_to_cost(p.wage_start, p.youth_start, p.fee_upper, 0.0, values)
    value = np.array([
        [
            worth_to_cost(float(adult_wage[c]), float(youth_wage[c]), p.fee_upper * cpi, promised, values)
            for promised in (0.0, float(grant[c]))
        ]
        + [start]
        for c in range(counties)
    ])  # fmt: skip
    schooling, work = persons.schooling.copy(), persons.work.copy()
    departs, fees = np.zeros(persons.number.size, np.uint8), np.zeros(size)

    def task(a: int, b: int) -> np.ndarray:
        counts = np.zeros((4, counties), np.int64)
        _learn(
            persons, unsigned(households.first), households.county, households.poor, households.village,
            households.in_town, income_per_head, distance, places, stipend, value, cpi, values, luck,
            life_luck, a, b, schooling, work, departs, fees, counts,
        )  # fmt: skip
        return counts

    dropouts, left_junior, entered_upper, left_for_college = sum(
        over(size, task), np.zeros((4, counties), np.int64)
    )
    return SchoolFlows(schooling, work, departs, fees, dropouts, left_junior, entered_upper, left_for_college)


def support_due(
    persons: Persons, households: Households, stipend: np.ndarray, grant: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Stipends and grants due to each household (f8, H each) at the rates of its county (f8, 7), yuan.

    Stipends go to junior pupils of the registered poor, grants to upper-secondary pupils of homes that are or
    were registered.
    """
    due = np.zeros((2, households.number.size))
    if stipend.any() or grant.any():
        over(due.shape[1], lambda a, b: _support(persons.work, persons.schooling, unsigned(households.first), households.county,
                                                 households.poor, stipend, grant, a, b, due))  # fmt: skip
    return due[0], due[1]


@kernel
def _support(work, schooling, first, county, poor, stipend, grant, start, stop, due):
    for h in range(start, stop):
        if poor[h] == NEVER_POOR:
            continue
        junior, upper = 0, 0
        for i in range(first[h], first[h + 1]):
            if work[i] == PUPIL:
                years = int(schooling[i])
                junior += PRIMARY <= years < JUNIOR and poor[h] == POOR
                upper += JUNIOR <= years < UPPER_YEARS
        due[0, h] = junior * stipend[county[h]]
        due[1, h] = upper * grant[county[h]]
