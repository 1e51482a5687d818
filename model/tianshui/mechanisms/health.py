"""Who falls gravely ill, what the family pays, whose house and harvest disaster strikes.

    struck     hazard exp(hazard_age (age - 40)), at most 1; twice as likely for the lastingly disabled
    cost       median_cost x exp(cost_spread z) x hospitals^(-hospital_cost), indexed to the year
    pays       cost x (1 - reimb) less insurance of serious illness and medical aid, and routine spending of every member,
               which rises with age alike
    insured    rate x [insured_covered x cost x (1 - reimb) - line]+,   line = insured_line x income a head of last year
    aid        of the registered: min(aid x cost, (reimb_most - reimb) x cost - insured) x min(1, purse / aid due in the county)
    disabled   chance `disabling` x hospitals^(-hospital_cure) of those struck; recovery `recovery` a year
    disaster   a draw of the village (hail, landslide, flood) and one of the household; chance and loss x what works of
               `hazards` leave of them, the household's chance x how exposed homes still are (`relief`)

Insurance of serious illness (a second reimbursement of the residents' insurance, everywhere since 2015) is a national
rule: half of the own expenses within the catalogue beyond half of last year's income a head, three fifths since 2019; the
registered have half of the line and a twentieth more since 2017. The residents' pool above pays the hospitals, so that
households pay less and hospitals sell as much.

Aid is asked for at its expected cost and due at what illness really costs: no county pays more than it was granted,
the registered then get less in proportion; what is left is money unspent.

*Lastingly disabled* means who needs care and cannot work (the choice of work leaves them out), so fewer than all grades
of the national survey of 2006 (6.3 %) and more than its two severe ones (about 2 %). At the start there are as many
of each age as a life at the model's own rates leaves behind,

    disabled(age + 1) = disabled(age) (1 - recovery) + (1 - disabled(age)) struck(age) disabling

times `disabled_start`, laid on persons without work: about 4 % of all, who grow to 6 % as the registered age.

How many households a bill ruins is not written in. With some 3.6 members and ages as they are, 0.13 of the
households have a grave case in a year; two fifths of a median cost of 18,000 yuan are more than two fifths of
what a village household of 2015 earned beyond its food (6,500 less 1,700 yuan a head) for somewhat more than
half of them, and routine bills ruin a few of the poorest without one: about a tenth.

Left out: bands of the second reimbursement that rise with the bill, its ceiling, routine care in it, pools of single
prefectures; who infects whom, kinds of disease, the mortality of the struck (deaths follow age and sex only:
no joint figures for the prefecture), distance to hospitals.
"""

import math
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from tianshui import sums
from tianshui.compiled import added_up, kernel, over, pick, pick_homes, remembered, rule, unsigned
from tianshui.declare import Parameters, belief, lever, outside
from tianshui.draws import key, normal, uniform
from tianshui.state import COUNTIES, NO_WORK, POOR, PUPIL, Households, Persons, fixed

# Draws of this mechanism, by index (a normal draw takes two):
STRUCK, COST, DISABLING, RECOVERY, LOST = range(5)
VILLAGE_HIT, HOUSE_HIT, HARVEST, SAVINGS = range(4)
START = 0
"""Draw of the start population, with a key of its own."""
WELL, GRAVELY_ILL, DISABLED = 0, 1, 2
MIDDLE_AGE = 40.0
"""Age, years, for which hazards and routine costs are stated; how they rise with age is a belief."""
FIRST_YEAR = 2015
"""Calendar year in whose prices medical costs are stated."""
OLDEST = 256
"""How many values an age can take."""
DUE, CASES, INSURED = range(3)
"""Rows of what is added up by county: aid due, yuan, cases, and what insurance of serious illness pays, yuan."""
QUANTILES = 1000
"""How many equally likely cases stand for all when what is paid of a case is expected."""
DEVIATES = np.array([NormalDist().inv_cdf((2 * k + 1) / (2 * QUANTILES)) for k in range(QUANTILES)])
"""Their deviates, each in the middle of its part."""
FEW = 1024
"""Households whose members are looked at together."""
FINE = 1000.0
"""Routine costs by age are added up in thousandths of those at forty: whole numbers add up alike in any order."""


class HealthParameters(Parameters):
    """Illness, its cost and disaster."""

    aid: float = lever(
        0.0, unit="share", within=(0.0, 0.4), names=("Medical aid for registered households", "医疗救助比例"),
        who="county", where="county", cost=None, group="poverty", measure="M32", source="assumed:80_to_90_percent_paid",
        status="assumed", paid_by=(0.8, 0.2), buys="purchases",
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
        0.55, unit="share", within=(0.0, 0.95), prior=(0.5, 0.55, 0.65),
        source="insurance_bulletin_2019:59.7_less_serious_illness", status="derived",
    )  # fmt: skip
    """Effective reimbursement of a grave case by the basic insurance: 59.7 % of hospital costs of 2019 hold some five points
    of the insurance of serious illness."""

    insured_line: float = outside(
        0.5, unit="share", within=(0.1, 3.0), prior=(0.45, 0.5, 0.6), source="serious_illness_2019:half_of_income",
        status="recalled",
    )  # fmt: skip
    """Own expenses of a year from which the insurance of serious illness pays, over last year's income a head of all
    residents (Gansu of 2015: 5,000 yuan)."""

    insured_rate: float = outside(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.5, 0.5, 0.55), source="serious_illness_2015:half_at_least",
        status="recalled",
    )  # fmt: skip
    """Part of own expenses beyond that line that it pays."""

    insured_raise: float = outside(
        0.1, unit="share", within=(0.0, 0.5), prior=(0.05, 0.1, 0.1), source="serious_illness_2019:to_60_percent",
        status="recalled",
    )  # fmt: skip
    """What that part is raised by."""

    insured_raised_from: float = outside(
        2019.0, unit="year", within=(2016.0, 2036.0), prior=(2019.0, 2019.0, 2020.0),
        source="serious_illness_2019:to_60_percent", status="recalled",
    )  # fmt: skip
    """First year of the raise."""

    insured_poor_line: float = outside(
        0.5, unit="ratio", within=(0.0, 1.0), prior=(0.4, 0.5, 0.5), source="serious_illness_2017:poor", status="recalled",
    )  # fmt: skip
    """The line of registered households against that of others."""

    insured_poor_raise: float = outside(
        0.05, unit="share", within=(0.0, 0.4), prior=(0.05, 0.05, 0.1), source="serious_illness_2017:poor",
        status="recalled",
    )  # fmt: skip
    """What registered households are paid beyond the part of others."""

    insured_poor_from: float = outside(
        2017.0, unit="year", within=(2016.0, 2036.0), prior=(2017.0, 2017.0, 2018.0), source="serious_illness_2017:poor",
        status="recalled",
    )  # fmt: skip
    """First year of the better terms of registered households."""

    insured_covered: float = belief(
        0.67, unit="share", within=(0.0, 1.0), prior=(0.55, 0.67, 0.8),
        source="insurance_bulletin_2019:68.8_of_catalogue_59.7_of_all", status="derived",
    )  # fmt: skip
    """Part of own expenses that lies within the catalogue of the insurance: 31.2 % of the 59.7 / 68.8 of costs that do, over
    the 40.3 % of all costs that families paid."""

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

    disabled_start: float = belief(
        1.0, unit="ratio", within=(0.0, 3.0), prior=(0.6, 1.0, 1.5), source="disability_survey_2006:severe_to_all_grades",
        status="assumed",
    )  # fmt: skip
    """Lastingly disabled persons at the start against what the model's own rates leave behind."""

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
        0.12, unit="1/year", within=(0.0, 0.5), prior=(0.08, 0.12, 0.18),
        source="disaster_bulletins_2018_2019:flood_and_hail_of_sown_area", status="derived",
    )  # fmt: skip
    """Chance that hail, a landslide or a flood strikes a village in a year: in the nation they struck some 4 to 5 % of the
    sown area in 2018 and 2019, on the hailed hills of Gansu some 6 % (4 to 9, assumed), half of the homes of a village."""

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
    aid_due: np.ndarray  # f8[7]: what the rule would have paid them
    insured: np.ndarray  # f8[7]: paid by the insurance of serious illness, yuan, by county of registration
    struck: np.ndarray  # i8[7]: persons gravely ill, by county of registration
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
def insured_line(income, registered, year, p):
    """Own expenses from which insurance of serious illness pays in a year, yuan; `income` is last year's a head of all."""
    better = registered == 1 and year >= p.insured_poor_from
    return p.insured_line * income * (p.insured_poor_line if better else 1.0)


@rule
def insured_rate(registered, year, p):
    """Part of own expenses beyond the line that it pays in a year."""
    better = registered == 1 and year >= p.insured_poor_from
    raised = p.insured_raise if year >= p.insured_raised_from else 0.0
    return min(p.insured_rate + raised + (p.insured_poor_raise if better else 0.0), 1.0)


@rule
def insured(cost, line, rate, p):
    """What insurance of serious illness pays of a case, yuan: its `rate` of what the family pays beyond the `line`."""
    return rate * max(p.insured_covered * cost * (1.0 - p.reimb) - line, 0.0)


@rule
def aid_of(cost, covered, aid, p):
    """What medical aid at `aid` pays of a registered household's case beyond insurance, which pays `covered` more, yuan."""
    return max(min(aid * cost, (p.reimb_most - p.reimb) * cost - covered), 0.0)


@kernel
def _expect(deviates, price, line, rate, aid, p, expected):
    """Means over cases of what insurance of serious illness pays and of aid by county: `expected` is 1 + 7 long."""
    for k in range(deviates.size):
        cost = case_cost(deviates[k], 1.0, p) * price
        covered = insured(cost, line, rate, p)
        expected[0] += covered / deviates.size
        for c in range(aid.size):
            expected[c + 1] += aid_of(cost, covered, aid[c], p) / deviates.size


def _expected(
    p: HealthParameters, aid: np.ndarray, price: float, income: float, registered: int, year: int
) -> np.ndarray:
    """What a case at the `price` of care is expected to be paid by insurance of serious illness, and by aid in each county."""
    line, rate, values = np.empty(2), np.empty(2), p.values
    _second(income, year, values, line, rate)
    expected = np.zeros(1 + aid.size)
    _expect(DEVIATES, price, line[registered], rate[registered], aid, values, expected)
    return expected


@kernel
def _second(income, year, p, line, rate):
    """Line and rate of the insurance of serious illness, of others and of the registered."""
    for registered in range(2):
        line[registered] = insured_line(income, registered, year, p)
        rate[registered] = insured_rate(registered, year, p)


@rule
def lasting(hospital, p):
    """Chance that a grave case leaves a lasting disability; `hospital` capital against the start."""
    return p.disabling * hospital ** (-p.hospital_cure)


class _Rates(NamedTuple):
    """Tables of a year, by health before and age: 3 x OLDEST, flat."""

    hazard: np.ndarray  # f8: chance to be struck
    routine: np.ndarray  # i8: routine cost in thousandths of that at forty


@remembered
def _rates(p: Any) -> _Rates:
    """The tables, of the parameters' `values`: beliefs alone decide them."""
    factors = np.empty(OLDEST)
    _factors(p, factors)
    both = np.concatenate([factors, factors, p.disabled_factor * factors])
    return fixed(_Rates(p.hazard * both, np.rint(FINE * both).astype(np.int64)))


@kernel
def _strike(people, rates, luck, start, stop, drawn, running, rows):
    """Rows of persons `start:stop` that are struck or disabled, how many they are, and the running routine cost."""
    # Draws alone are made many at a time; looking up a table in the same pass would forbid it.
    for i in range(start, stop):
        drawn[i - start] = uniform(luck, people.number[i], STRUCK)
    n, total = 0, 0
    running[0] = 0
    for i in range(start, stop):
        before = people.health[i]
        cell = np.uint64(OLDEST) * np.uint64(before) + np.uint64(people.age[i])
        total += rates.routine[cell]
        running[i - start + np.uint64(1)] = total
        rows[n] = i
        n += (drawn[i - start] < rates.hazard[cell]) | (before == DISABLED)
    return n


@rule
def village_chance(left, p):
    """Chance that disaster strikes a village where works leave a part of it."""
    return p.village_hit * left


@rule
def house_chance(exposed, p):
    """Chance that a household of a stricken village is hit, where its county's homes are `exposed` against the usual."""
    return p.house_hit * exposed


@kernel
def _ruin(homes, p, spared, exposed, village_luck, disaster_luck, start, stop, out):
    """Disasters: a village is struck or not for all its households, which lie together."""
    village, hit = -1, False
    for h in range(start, stop):
        if int(homes.village[h]) != village:
            village = int(homes.village[h])
            hit = uniform(village_luck, np.uint64(village + 1), VILLAGE_HIT) < village_chance(
                spared[int(homes.county[h])], p
            )
        if hit and homes.in_town[h] == 0 and homes.farm_hukou[h] == 1:
            own, part = homes.number[h], spared[int(homes.county[h])]
            if uniform(disaster_luck, own, HOUSE_HIT) < house_chance(exposed[int(homes.county[h])], p):
                out.disaster[h] = 1
                out.harvest_lost[h] = 2.0 * p.harvest_loss * part * uniform(disaster_luck, own, HARVEST)
                out.savings_lost[h] = 2.0 * p.savings_loss * part * uniform(disaster_luck, own, SAVINGS)


@kernel
def _suffer(people, homes, rates, rows, terms, p, luck, out, aided, aids, known, table):
    """What the year brings persons on `rows`, struck or disabled; cases with aid are added to the `known` ones."""
    for i in rows:
        h, number, before = people.household[i], people.number[i], int(people.health[i])
        c, after = int(homes.county[h]), WELL
        if before == DISABLED:
            after = WELL if uniform(luck, number, RECOVERY) < p.recovery else DISABLED
        chance = rates.hazard[OLDEST * before + int(people.age[i])]
        if before != DISABLED or uniform(luck, number, STRUCK) < chance:
            cost = case_cost(normal(luck, number, COST), 1.0, p) * terms.case[c]
            registered = 1 if homes.monitored[h] == 1 or homes.poor[h] == POOR else 0
            covered = insured(cost, terms.line[registered], terms.rate[registered], p)
            due = registered * aid_of(cost, covered, terms.aid[c], p)
            table[DUE, c] += due
            table[CASES, c] += 1.0
            table[INSURED, c] += covered
            if due > 0.0:
                aided[known], aids[known] = h, due
                known += 1
            out.medical[h] += cost * (1.0 - p.reimb) - covered
            out.lost_work[i] = p.lost_least + (1.0 - p.lost_least) * uniform(luck, number, LOST)
            if after == DISABLED or uniform(luck, number, DISABLING) < terms.lasting[c]:
                after = DISABLED
            else:
                after = GRAVELY_ILL
        elif after == DISABLED:
            out.lost_work[i] = p.lost_disabled
        out.health[i] = after
    return known


@kernel
def _fall_ill(people, homes, rates, terms, p, luck, start, stop, out, aided, aids, table):
    """Illness of households `start:stop`; their cases with aid (rows of households, yuan due), how many there are."""
    known = 0
    # A few at a time: the running cost stays at hand.
    for part in range((stop - start + FEW - 1) // FEW):
        a = np.uint64(start + part * FEW)
        b = np.uint64(min(start + (part + 1) * FEW, stop))
        low, high = homes.first[a], homes.first[b]
        drawn, running = np.empty(high - low), np.empty(high - low + 1, np.int64)
        rows = np.empty(high - low + 1, np.uint64)
        found = _strike(people, rates, luck, low, high, drawn, running, rows)
        for h in range(a, b):
            out.medical[h] = (
                running[homes.first[h + 1] - low] - running[homes.first[h] - low]
            ) * terms.routine
        known = _suffer(people, homes, rates, rows[:found], terms, p, luck, out, aided, aids, known, table)
    return known


@kernel
def _aid(aided, aids, county, part, medical):
    for k in range(aided.size):
        medical[aided[k]] -= aids[k] * part[int(county[aided[k]])]


def paid_part(due: np.ndarray, purse: np.ndarray) -> np.ndarray:
    """Part of the aid due that the money granted pays, by county (f8, 7)."""
    return np.where(due > purse, purse / np.where(due > 0.0, due, 1.0), 1.0)


class _Terms(NamedTuple):
    """What a year costs: f8 (7,) unless said."""

    routine: float  # yuan for a thousandth of routine cost at forty
    case: np.ndarray  # price of care, hospitals counted
    lasting: np.ndarray  # chance that a case disables
    aid: np.ndarray
    line: (
        np.ndarray
    )  # f8 (2,): line of the insurance of serious illness, of others and of the registered, yuan
    rate: np.ndarray  # f8 (2,): the part it pays


def _terms(
    p: HealthParameters, aid: np.ndarray, hospital: np.ndarray, cpi: float, income: float, year: int
) -> _Terms:
    care_price = cpi * (1 + p.cost_growth) ** (year - FIRST_YEAR)
    case, lasts = np.empty((2, hospital.size))
    _of_hospitals(hospital, care_price, p.values, case, lasts)
    line, rate = np.empty((2, 2))
    _second(income, year, p.values, line, rate)
    return _Terms(p.routine * cpi / FINE, case, lasts, aid, line, rate)


@kernel
def _of_hospitals(hospital, care_price, p, case, lasts):
    """Price of care and the chance that a case disables, by county."""
    for c in range(hospital.size):
        case[c] = care_price * hospital[c] ** (-p.hospital_cost)
        lasts[c] = lasting(hospital[c], p)


class _People(NamedTuple):
    number: np.ndarray
    household: np.ndarray
    age: np.ndarray
    health: np.ndarray


class _Homes(NamedTuple):
    number: np.ndarray
    first: np.ndarray
    county: np.ndarray
    farm_hukou: np.ndarray
    village: np.ndarray
    in_town: np.ndarray
    poor: np.ndarray
    monitored: np.ndarray


def fall_ill(
    persons: Persons,
    households: Households,
    p: HealthParameters,
    *,
    aid: np.ndarray,
    purse: np.ndarray,
    hospital: np.ndarray,
    spared: np.ndarray,
    exposed: np.ndarray,
    cpi: float,
    income: float,
    seed: int,
    year: int,
) -> HealthFlows:
    """Illness and disaster of the year on the settled heads.

    `aid` is the share of a case that the rule grants monitored and registered poor households beyond insurance, `purse`
    the money granted for it (yuan), `hospital` the hospital capital against the start, `spared` what works against
    disasters leave of their chance and of their loss, all by county of registration (f8, 7); `cpi` is 1 in 2015 and
    `income` last year's income a head of all residents, yuan.
    """
    count, size, counties = persons.number.size, households.number.size, len(COUNTIES)
    values, rates = p.values, _rates(p.values)
    terms = _terms(p, aid, hospital, cpi, income, year)
    luck, village_luck, disaster_luck = (
        key(seed, year, name) for name in ("illness", "village disaster", "disaster")
    )
    people, homes = pick(persons, _People), pick_homes(households, _Homes)
    out = HealthFlows(
        np.zeros(count, np.uint8), np.zeros(count, np.float32), np.empty(size), np.zeros(counties), np.zeros(counties),
        np.zeros(counties), np.zeros(counties, np.int64), np.zeros(size, np.uint8), np.zeros(size, np.float32), np.zeros(size, np.float32),
    )  # fmt: skip

    def task(a: int, b: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        members = int(households.first[b] - households.first[a])
        aided, aids, table = np.empty(members, np.int64), np.empty(members), np.zeros((INSURED + 1, counties))
        known = _fall_ill(people, homes, rates, terms, values, luck, a, b, out, aided, aids, table)
        _ruin(homes, values, spared, exposed, village_luck, disaster_luck, np.uint64(a), np.uint64(b), out)
        return table, aided[:known].copy(), aids[:known].copy()

    blocks = over(size, task)
    due, cases, second = added_up([block[0] for block in blocks])
    covered = paid_part(due, purse)
    for _, aided, aids in blocks:
        _aid(aided, aids, households.county, covered, out.medical)
    return out._replace(aided=covered * due, aid_due=due, insured=second, struck=cases.astype(np.int64))


class Bill(NamedTuple):
    """How a household's bill for care came about, yuan."""

    routine: float
    cost: float  # of grave cases, before insurance
    paid: float  # of it by the family before the insurance of serious illness and aid
    insured: float
    aid: float


def bill(
    persons: Persons, households: Households, struck: list[int], p: HealthParameters, part: np.ndarray, *,
    aid: np.ndarray, hospital: np.ndarray, cpi: float, income: float, seed: int, year: int, row: int,
) -> Bill:  # fmt: skip
    """The bill of one household whose members on rows `struck` are gravely ill, as `fall_ill` reckons it.

    `part` is the part of the aid due that was paid (f8, 7), see `paid_part`.
    """
    terms, rates, values = _terms(p, aid, hospital, cpi, income, year), _rates(p.values), p.values
    luck, county = key(seed, year, "illness"), int(households.county[row])
    members = range(int(households.first[row]), int(households.first[row + 1]))
    fine = sum(int(rates.routine[OLDEST * int(persons.health[i]) + int(persons.age[i])]) for i in members)
    costs = [
        case_cost(normal(luck, persons.number[i], COST), 1.0, values) * terms.case[county] for i in struck
    ]
    registered = 1 if households.monitored[row] == 1 or households.poor[row] == POOR else 0
    line, rate = float(terms.line[registered]), float(terms.rate[registered])
    seconds = [float(insured(one, line, rate, values)) for one in costs]
    dues = [
        registered * float(aid_of(one, second, float(terms.aid[county]), values))
        for one, second in zip(costs, seconds, strict=True)
    ]
    cost = float(sum(costs))
    return Bill(
        fine * terms.routine, cost, cost * (1.0 - p.reimb), sum(seconds), sum(dues) * float(part[county])
    )


@kernel
def _ages(age, work, start, stop, table):
    for i in range(start, stop):
        table[0, age[i]] += 1
        table[1, age[i]] += (work[i] == NO_WORK) | (work[i] == PUPIL)


@kernel
def _disable(number, age, work, chance, luck, start, stop, health):
    for i in range(start, stop):
        idle = (work[i] == NO_WORK) | (work[i] == PUPIL)
        health[i] = DISABLED * (idle & (uniform(luck, number[i], START) < chance[age[i]]))


def disabled_by_age(p: HealthParameters) -> np.ndarray:
    """Share of an age that is lastingly disabled after a life at the rates of the start (f8, OLDEST)."""
    rates, share = _rates(p.values), np.zeros(OLDEST)
    for age in range(OLDEST - 1):
        well, ill = (min(float(rates.hazard[health * OLDEST + age]), 1.0) for health in (WELL, DISABLED))
        stays = 1.0 - p.recovery * (1.0 - ill * p.disabling)
        share[age + 1] = share[age] * stays + (1.0 - share[age]) * well * p.disabling
    return share


def opening(persons: Persons, p: HealthParameters, *, luck: np.uint64) -> np.ndarray:
    """Health at the start (u1, P): the lastingly disabled of each age, among those without work."""
    count = persons.number.size

    def counted(start: int, stop: int) -> np.ndarray:
        table = np.zeros((2, OLDEST), np.int64)
        _ages(persons.age, persons.work, start, stop, table)
        return table

    everybody, idle = sums.added(count, counted, np.zeros((2, OLDEST), np.int64))
    chance = p.disabled_start * disabled_by_age(p) * everybody / np.maximum(idle, 1)
    health = np.empty(count, np.uint8)
    over(count, lambda a, b: _disable(persons.number, persons.age, persons.work, chance, luck, a, b, health))
    return health


def aid_ask(
    persons: Persons, households: Households, p: HealthParameters, aid: np.ndarray, *, cpi: float, income: float, year: int
) -> np.ndarray:  # fmt: skip
    """Money that medical aid at `aid` (f8, 7) is expected to cost by county of registration (f8, 7), yuan.

    `income` is last year's income a head of all residents, yuan.
    """
    counties = len(COUNTIES)
    if not aid.any():
        return np.zeros(counties)

    def task(start: int, stop: int) -> np.ndarray:
        rows, table = np.empty(stop - start + 1, np.int32), np.zeros((counties, OLDEST), np.int64)
        _registered(persons.age, unsigned(households.first), households.county, households.poor, households.monitored,
                    np.uint64(start), np.uint64(stop), rows, table)  # fmt: skip
        return table

    counted = sums.added(households.number.size, task, np.zeros((counties, OLDEST), np.int64))
    cases = np.minimum(_rates(p.values).hazard[:OLDEST], 1.0)
    price = cpi * (1 + p.cost_growth) ** (year - FIRST_YEAR)
    return (counted @ cases) * _expected(p, aid, price, income, 1, year)[1:]


def expected_bills(p: HealthParameters, *, income: float) -> np.ndarray:
    """What a person of each age is expected to pay for care in a year (f8, ages), yuan at 2015 prices.

    `income` is the income a head of all residents from which insurance of serious illness reckons its line, yuan.
    """
    factors = np.empty(OLDEST)
    _factors(p.values, factors)
    mean = p.median_cost * math.exp(p.cost_spread**2 / 2)
    second = float(_expected(p, np.zeros(0), 1.0, income, 0, FIRST_YEAR)[0])
    return p.routine * factors + np.minimum(p.hazard * factors, 1.0) * (mean * (1.0 - p.reimb) - second)


@kernel
def _registered(age, first, county, poor, monitored, start, stop, rows, table):
    """Members of registered households `start:stop` by county and age."""
    n = 0
    for h in range(start, stop):
        rows[n] = h
        n += (monitored[h] == 1) | (poor[h] == POOR)
    for h in rows[:n]:
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
        heavy = catastrophic(bill[h], income[h], bare * heads)
        pushed = (income[h] >= line * heads) & (income[h] - bill[h] < line * heads)
        table[0, county[h]] += (heads > 0.0) & heavy
        table[1, county[h]] += (heads > 0.0) & pushed


def burden(
    county: np.ndarray, at_home: np.ndarray, bill: np.ndarray, income: np.ndarray, *, bare: float, line: float
) -> np.ndarray:
    """Households with a catastrophic bill, and those a bill pushed under the poverty line, by county (i8, 2 x 7).

    `bare` is bare living and `line` the poverty line, yuan a head; bills and incomes are yuan a household.
    """

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((2, len(COUNTIES)), np.int64)
        _burden(county, at_home, bill, income, bare, line, np.uint64(start), np.uint64(stop), table)
        return table

    return sums.added(county.size, task, np.zeros((2, len(COUNTIES)), np.int64))
