"""Who falls gravely ill, what the family pays, whose house and harvest disaster strikes.

    struck     hazard exp(hazard_age (age - 40)), at most 1; twice as likely for the lastingly disabled
    cost       median_cost x exp(cost_spread z) x hospitals^(-hospital_cost), indexed to the year
    pays       cost x (1 - reimbursed), reimbursed = min(reimb + aid for the registered, reimb_most)
               + routine spending of every member, which rises with age alike
    disabled   chance `disabling` x hospitals^(-hospital_cure) of those struck; recovery `recovery` a year
    disaster   a draw of the village (hail, landslide, flood) and one of the household

How many households a bill ruins is not written in. With some 3.6 members and ages as they are, 0.13 of the
households have a grave case in a year; two fifths of a median cost of 18,000 yuan are more than two fifths of
what a village household of 2015 earned beyond its food (6,500 less 1,700 yuan a head) for somewhat more than
half of them, and routine bills ruin a few of the poorest without one: about a tenth.

Left out: who infects whom, kinds of disease, the mortality of the struck (deaths follow age and sex only:
no joint figures for the prefecture), distance to hospitals.
"""

import math
from typing import NamedTuple

import numpy as np

from tianshui import sums
from tianshui.compiled import kernel, over, rule, unsigned
from tianshui.declare import Parameters, belief, lever, outside
from tianshui.draws import key, normal, uniform
from tianshui.state import COUNTIES, POOR, Households, Persons

# Draws of this mechanism, by index (a normal draw takes two):
STRUCK, COST, DISABLING, RECOVERY, LOST = range(5)
VILLAGE_HIT, HOUSE_HIT, HARVEST, SAVINGS = range(4)
WELL, GRAVELY_ILL, DISABLED = 0, 1, 2
MIDDLE_AGE = 40.0  # age at which hazards and routine costs are declared
FIRST_YEAR = 2015
OLDEST = 256


class HealthParameters(Parameters):
    """Illness, its cost and disaster."""

    aid: float = lever(
        0.0, unit="share", within=(0.0, 0.4), names=("Medical aid for registered households", "医疗救助比例"),
        who="county", where="county", cost=None, group="poverty", measure="M32", source="assumed:80_to_90_percent_paid",
        status="assumed", paid_by=(0.8, 0.2),
    )  # fmt: skip
    """Part of a grave case that medical aid pays for registered households, beyond insurance."""

    hazard: float = belief(
        0.036, unit="1/year", within=(0.0, 0.3), prior=(0.02, 0.036, 0.05),
        source="derived:catastrophic spending of a tenth of households", status="derived",
    )  # fmt: skip
    """Yearly hazard of grave illness at the age of forty."""

    hazard_age: float = belief(
        0.03, unit="1/year", within=(0.0, 0.1), prior=(0.02, 0.03, 0.04),
        source="recalled:hospital stays by age in the national survey", status="recalled",
    )  # fmt: skip
    """Rise of its logarithm with age."""

    median_cost: float = belief(
        18_000.0, unit="yuan", within=(1_000.0, 100_000.0), prior=(12_000.0, 18_000.0, 25_000.0),
        source="assumed:grave cases in county and city hospitals", status="assumed",
    )  # fmt: skip
    """Median cost of a grave case before reimbursement, at 2015 prices."""

    cost_spread: float = belief(
        1.0, unit="log yuan", within=(0.1, 2.0), prior=(0.8, 1.0, 1.3), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Standard deviation of the log cost."""

    beds_start: float = belief(
        4.6, unit="beds/1,000", within=(2.0, 8.0), prior=(4.0, 4.6, 5.2), source="assumed:below_5.98_of_2021",
        status="assumed",
    )  # fmt: skip
    """Hospital beds for a thousand residents at the start; they follow hospital capital."""

    cost_growth: float = outside(
        0.02, unit="1/year", within=(-0.05, 0.1), prior=(0.0, 0.02, 0.05), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Yearly growth of the cost of a case beyond consumer prices."""

    reimb: float = belief(
        0.6, unit="share", within=(0.0, 0.95), prior=(0.5, 0.6, 0.75), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Effective reimbursement of a grave case."""

    reimb_most: float = belief(
        0.9, unit="share", within=(0.5, 1.0), prior=(0.85, 0.9, 0.95), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Highest reimbursement with medical aid."""

    routine: float = belief(
        250.0, unit="yuan/year", within=(0.0, 3_000.0), prior=(150.0, 250.0, 450.0),
        source="assumed:outpatient spending out of pocket", status="assumed",
    )  # fmt: skip
    """Routine spending out of pocket at the age of forty, at 2015 prices."""

    disabled_factor: float = belief(
        2.0, unit="factor", within=(1.0, 6.0), prior=(1.5, 2.0, 3.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Hazard and routine spending of the lastingly disabled against others of their age."""

    hospital_cost: float = belief(
        0.1, unit="elasticity", within=(0.0, 1.0), prior=(0.0, 0.1, 0.2), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Fall of the log cost with log hospital capital (fewer cases go to the provincial capital)."""

    hospital_cure: float = belief(
        0.2, unit="elasticity", within=(0.0, 1.0), prior=(0.05, 0.2, 0.4), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Fall of the log chance of lasting disability with log hospital capital."""

    disabling: float = belief(
        0.08, unit="share", within=(0.0, 0.5), prior=(0.04, 0.08, 0.15), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Share of grave cases that leave a lasting disability."""

    recovery: float = belief(
        0.03, unit="1/year", within=(0.0, 0.5), prior=(0.01, 0.03, 0.08), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Yearly chance that a lasting disability ends."""

    lost_least: float = belief(
        0.5, unit="year", within=(0.0, 1.0), prior=(0.3, 0.5, 0.7), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Least share of a year's work that a grave illness costs; the most is all of it."""

    lost_disabled: float = belief(
        0.7, unit="share", within=(0.0, 1.0), prior=(0.5, 0.7, 0.9), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Share of every year's work that a lasting disability costs."""

    village_hit: float = belief(
        0.06, unit="1/year", within=(0.0, 0.5), prior=(0.03, 0.06, 0.1),
        source="assumed:hail and landslides strike few villages a year", status="assumed",
    )  # fmt: skip
    """Chance that hail, a landslide or a flood strikes a village in a year."""

    house_hit: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.7), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Share of the households of a stricken village that are hit."""

    harvest_loss: float = belief(
        0.45, unit="share", within=(0.0, 0.5), prior=(0.25, 0.45, 0.5), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Mean share of the harvest lost by those hit; single losses spread from nought to twice this."""

    savings_loss: float = belief(
        0.1, unit="share", within=(0.0, 0.5), prior=(0.03, 0.1, 0.2), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Mean share of savings that repairs take from those hit; spread alike."""


class HealthFlows(NamedTuple):
    """What illness and disaster do in a year, on the rows of the heads."""

    health: np.ndarray  # u1[P]
    lost_work: np.ndarray  # f4[P]: share of the year's work lost
    medical: np.ndarray  # f8[H]: asked out of pocket, yuan
    aided: np.ndarray  # f8[7]: paid by medical aid for registered households, yuan, by county of registration
    struck: np.ndarray  # i8[7]: persons gravely ill, by county of registration
    ill: np.ndarray  # u1[H]: 1 when a member is gravely ill this year
    disaster: np.ndarray  # u1[H]
    harvest_lost: np.ndarray  # f4[H]: share
    savings_lost: np.ndarray  # f4[H]: share of cash


CATASTROPHIC = 0.4
"""A medical bill above this part of income beyond bare living is catastrophic by definition (WHO)."""


@rule
def age_factor(age, p):
    """Hazard and routine cost at an age against those at forty."""
    return math.exp(p.hazard_age * (age - MIDDLE_AGE))


@kernel
def _factors(p, factors):
    for age in range(factors.size):
        factors[age] = age_factor(float(age), p)


@rule
def case_cost(deviate, hospital, p):
    """Cost of a grave case before reimbursement, at 2015 prices of care; `deviate` is standard normal."""
    return p.median_cost * math.exp(p.cost_spread * deviate) * hospital ** (-p.hospital_cost)


@rule
def reimbursed(registered, aid, p):
    """Share of a case that insurance pays, and with it medical aid for registered households."""
    return max(p.reimb, min(p.reimb + aid, p.reimb_most)) if registered == 1 else p.reimb


@kernel
def _fall_ill(people, numbers, first, county, village, farm_hukou, in_town, poor, monitored, factors, aid, hospital,
              price, care_price, p, luck, village_luck, disaster_luck, start, stop, health, lost, medical, ill,
              disaster, harvest, savings, struck, aided):  # fmt: skip
    for h in range(start, stop):
        c = int(county[h])
        registered = 1 if monitored[h] == 1 or poor[h] == POOR else 0
        paid_share = reimbursed(registered, aid[c], p)
        paid = 0.0
        for i in range(first[h], first[h + 1]):
            number, before = people.number[i], int(people.health[i])
            factor = factors[people.age[i]]
            if before == DISABLED:
                factor *= p.disabled_factor
            paid += p.routine * price * factor
            after = WELL
            if before == DISABLED:
                after = WELL if uniform(luck, number, RECOVERY) < p.recovery else DISABLED
            if uniform(luck, number, STRUCK) < p.hazard * factor:
                cost = case_cost(normal(luck, number, COST), hospital[c], p) * care_price
                paid += cost * (1.0 - paid_share)
                aided[c] += cost * (paid_share - p.reimb)
                struck[c] += 1
                ill[h] = 1
                lost[i] = p.lost_least + (1.0 - p.lost_least) * uniform(luck, number, LOST)
                lasting = p.disabling * hospital[c] ** (-p.hospital_cure)
                if after == DISABLED or uniform(luck, number, DISABLING) < lasting:
                    after = DISABLED
                else:
                    after = GRAVELY_ILL
            elif after == DISABLED:
                lost[i] = p.lost_disabled
            health[i] = after
        medical[h] = paid
        if in_town[h] == 0 and farm_hukou[h] == 1:
            place = np.uint64(int(village[h]) + 1)
            if uniform(village_luck, place, VILLAGE_HIT) < p.village_hit:
                own = numbers[h]
                if uniform(disaster_luck, own, HOUSE_HIT) < p.house_hit:
                    disaster[h] = 1
                    harvest[h] = 2.0 * p.harvest_loss * uniform(disaster_luck, own, HARVEST)
                    savings[h] = 2.0 * p.savings_loss * uniform(disaster_luck, own, SAVINGS)


def fall_ill(
    persons: Persons,
    households: Households,
    p: HealthParameters,
    *,
    aid: np.ndarray,
    hospital: np.ndarray,
    cpi: float,
    seed: int,
    year: int,
) -> HealthFlows:
    """Illness and disaster of the year on the settled heads.

    `aid` is the extra reimbursed share granted to monitored and registered poor households, `hospital` the
    hospital capital against the start, both by county of registration; `cpi` is 1 in 2015.
    """
    count, size, counties = persons.number.size, households.number.size, len(COUNTIES)
    values = p.values
    factors = np.empty(OLDEST)
    _factors(values, factors)
    care_price = cpi * (1 + p.cost_growth) ** (year - FIRST_YEAR)
    luck, village_luck, disaster_luck = (
        key(seed, year, name) for name in ("illness", "village disaster", "disaster")
    )
    health, lost, medical = np.zeros(count, np.uint8), np.zeros(count, np.float32), np.zeros(size)
    ill, disaster = np.zeros(size, np.uint8), np.zeros(size, np.uint8)
    harvest, savings = np.zeros(size, np.float32), np.zeros(size, np.float32)

    def task(a: int, b: int) -> tuple[np.ndarray, np.ndarray]:
        struck, aided = np.zeros(counties, np.int64), np.zeros(counties)
        _fall_ill(
            persons, households.number, unsigned(households.first), households.county, households.village,
            households.farm_hukou, households.in_town, households.poor, households.monitored, factors, aid,
            hospital, cpi, care_price, values, luck, village_luck, disaster_luck, a, b, health, lost, medical,
            ill, disaster, harvest, savings, struck, aided,
        )  # fmt: skip
        return struck, aided

    counted = over(size, task)
    struck, aided = (np.sum([part[k] for part in counted], axis=0) for k in range(2))
    return HealthFlows(health, lost, medical, aided, struck, ill, disaster, harvest, savings)


def aid_ask(
    persons: Persons, households: Households, p: HealthParameters, aid: np.ndarray, *, cpi: float, year: int
) -> np.ndarray:
    """Money that medical aid at `aid` (f8, 7) is expected to cost by county of registration (f8, 7), yuan."""
    counties, values = len(COUNTIES), p.values
    if not aid.any():
        return np.zeros(counties)

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((counties, OLDEST), np.int64)
        _registered(persons.age, unsigned(households.first), households.county, households.poor, households.monitored,
                    start, stop, table)  # fmt: skip
        return table

    counted = sums.added(households.number.size, task, np.zeros((counties, OLDEST), np.int64))
    factors = np.empty(OLDEST)
    _factors(values, factors)
    cases = np.minimum(p.hazard * factors, 1.0)
    mean = p.median_cost * math.exp(p.cost_spread**2 / 2) * cpi * (1 + p.cost_growth) ** (year - FIRST_YEAR)
    paid = np.maximum(p.reimb, np.minimum(p.reimb + aid, p.reimb_most)) - p.reimb
    return (counted @ cases) * mean * paid


def expected_bills(p: HealthParameters) -> np.ndarray:
    """What a person of each age is expected to pay for care in a year (f8, ages), yuan at 2015 prices."""
    factors = np.empty(OLDEST)
    _factors(p.values, factors)
    mean = p.median_cost * math.exp(p.cost_spread**2 / 2)
    return p.routine * factors + np.minimum(p.hazard * factors, 1.0) * mean * (1.0 - p.reimb)


@kernel
def _registered(age, first, county, poor, monitored, start, stop, table):
    """Members of registered households `start:stop` by county and age."""
    for h in range(start, stop):
        if monitored[h] == 1 or poor[h] == POOR:
            for i in range(first[h], first[h + 1]):
                table[county[h], age[i]] += 1


@rule
def catastrophic(bill, income, bare):
    """Whether a medical bill is catastrophic: above `CATASTROPHIC` of income beyond bare living."""
    return bill > CATASTROPHIC * max(income - bare, 0.0)


@kernel
def _burden(county, at_home, bill, income, bare, line, start, stop, table):
    for h in range(start, stop):
        heads = float(at_home[h])
        if heads > 0.0:
            table[0, county[h]] += catastrophic(bill[h], income[h], bare * heads)
            table[1, county[h]] += income[h] >= line * heads and income[h] - bill[h] < line * heads


def burden(
    county: np.ndarray, at_home: np.ndarray, bill: np.ndarray, income: np.ndarray, *, bare: float, line: float
) -> np.ndarray:
    """Households with a catastrophic bill, and those a bill pushed under the poverty line, by county (i8, 2 x 7).

    `bare` is bare living and `line` the poverty line, yuan a head; bills and incomes are yuan a household.
    """

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((2, len(COUNTIES)), np.int64)
        _burden(county, at_home, bill, income, bare, line, start, stop, table)
        return table

    return sums.added(county.size, task, np.zeros((2, len(COUNTIES)), np.int64))
