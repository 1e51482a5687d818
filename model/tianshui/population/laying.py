"""What nobody published and every belief draw lays anew on the households of 2015: land, animals, money.

    cell(h) = round(total w(1) + ... + total w(h)) - round(total w(1) + ... + total w(h - 1)),   sum w = 1

so a county's area of every class of land comes out exactly in tenths of a mu, whatever the weights. Totals
are published (or assumed, then scaled by belief); a sample gets them in proportion to its agricultural
persons. A household's weight is its registered members, a lognormal draw, and the height of its village
(more slope higher up).

    income a head = county mean x exp(spread x score) / normalised,   spread = sqrt(2) Phi^-1((Gini + 1) / 2)

where the score belongs to the fixed structure, so that who is poor does not change with the belief about
how far apart incomes are. The means are met over village residents and over town residents at home; those
in collective quarters and incomers count as having the town's mean.

Left out: land of urban registrations, fruit other than apples (it stands in the farm's scale), leases
between neighbours, debts between relatives.
"""

import math
from functools import partial
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from tianshui import assumptions, evidence
from tianshui.compiled import kernel, over, rule, side_by_side
from tianshui.declare import Parameters, belief
from tianshui.draws import normal, uniform
from tianshui.population.margins import START_YEAR, fact, facts, margins, spread
from tianshui.state import CELLS_PER_MU, COUNTIES, POOR, VILLAGE, Households, Persons, Villages

GANGU, ZHANGJIACHUAN = COUNTIES.index("gangu"), COUNTIES.index("zhangjiachuan")
HALF = 0.5
"""Up to this share of owing homes the thriftiest owes nothing; beyond it the least thrifty surely owes."""
HUNDRED = 100.0
"""Metres of height in which the rise of slopes is stated."""
STRIP, FIELD = 1024, 1 << 15
"""Households of a county counted together; what a count of their persons in villages, or elsewhere, stays below."""
LAND, GROWS, ORCHARD, CHOSEN, AGE, YOUNG_AGE, IDLE, IDLE_PART, LET, CONVERTED, CONVERTED_YEAR = range(11)
CATTLE, SHEEP, PIGS, HERD, CASH, DEBT, DEBT_SIZE, SERVED, INSURED, ALLOWANCE = range(20, 30)
HAS_ORCHARD, HAS_SAPLING = 40, 41
"""Draws of this module, by index; a herd takes HERD and the index of its kind, a hundred up."""
HERD_AHEAD = 100
"""How far up the draw of a herd's size stands from that of its being there."""
BEARS_FROM = 5
"""Age in years from which an orchard bears and stands as one of its own; younger trees are saplings."""
HOMES = 3
"""Kinds of home: in the village, in town, away as a whole."""


class PopulationParameters(Parameters):
    """What is assumed of households and of the books at the end of 2015, drawn anew for every draw."""

    farmland_scale: float = belief(
        1.0, unit="ratio", within=(0.5, 1.6), prior=(0.8, 1.0, 1.2), source="assumed:1.85_mu_a_farm_person",
        status="assumed",
    )  # fmt: skip
    """Farmland of the counties that publish none, against 1.85 mu an agricultural person."""

    sloping_share: float = belief(
        0.373, unit="share", within=(0.05, 0.8), prior=(0.25, 0.373, 0.5), source="gangu_land_2020:arable_land",
        status="assumed",
    )  # fmt: skip
    """Sloping part of farmland outside Gangu, which alone has a published split."""

    flat_of_level: float = belief(
        0.191, unit="share", within=(0.02, 0.7), prior=(0.12, 0.191, 0.3), source="gangu_land_2020:arable_land",
        status="assumed",
    )  # fmt: skip
    """Valley land among the land that does not slope, outside Gangu; the rest is terraced."""

    steep_share: float = belief(
        0.30, unit="share", within=(0.05, 0.8), prior=(0.15, 0.30, 0.5), source="expert_range:initial_2015",
        status="assumed",
    )  # fmt: skip
    """Part of sloping farmland above 25 degrees."""

    land_spread: float = belief(
        0.45, unit="log", within=(0.0, 1.5), prior=(0.3, 0.45, 0.65), source="assumed:equal_shares_of_the_1980s",
        status="assumed",
    )  # fmt: skip
    """Spread of a household's land a member."""

    slope_height: float = belief(
        0.15, unit="log/100 m", within=(0.0, 0.6), prior=(0.08, 0.15, 0.25), source="assumed:valleys_are_level",
        status="assumed",
    )  # fmt: skip
    """Rise of sloping against level land with the village's height."""

    idle_share: float = belief(
        0.10, unit="share", within=(0.0, 0.4), prior=(0.05, 0.10, 0.143), source="survey_346_counties:area",
        status="found",
    )  # fmt: skip
    """Farmland lying idle."""

    idle_homes: float = belief(
        0.266, unit="share", within=(0.05, 0.9), prior=(0.2, 0.266, 0.35), source="survey_346_counties:households",
        status="found",
    )  # fmt: skip
    """Households with idle land."""

    let_share: float = belief(
        0.08, unit="share", within=(0.0, 0.5), prior=(0.04, 0.08, 0.16), source="assumed:transfers_in_mountains",
        status="assumed",
    )  # fmt: skip
    """Farmland let to larger farms."""

    let_town: float = belief(
        6.0, unit="ratio", within=(1.0, 30.0), prior=(3.0, 6.0, 12.0), source="assumed:who_left_lets",
        status="assumed",
    )  # fmt: skip
    """Let part of a household whose home is in town or empty, against one in the village."""

    orchard_mean: float = belief(
        6.5, unit="mu", within=(1.0, 25.0), prior=(4.5, 6.5, 8.3), source="press_apples_2015:qinan_households",
        status="derived",
    )  # fmt: skip
    """Apple land of a household that grows apples (Qin'an: 61.4 on 7.4, both in ten thousand)."""

    orchard_spread: float = belief(
        0.5, unit="log", within=(0.0, 1.5), prior=(0.3, 0.5, 0.7), source="assumed:skewed_orchards",
        status="assumed",
    )  # fmt: skip
    """Spread of apple land among growers."""

    young_share: float = belief(
        0.42, unit="share", within=(0.05, 0.9), prior=(0.3, 0.42, 0.5), source="press_apples_2015:bearing_area",
        status="derived",
    )  # fmt: skip
    """Apple land planted within four years and not yet bearing (half in Qin'an)."""

    orchard_oldest: float = belief(
        22.0, unit="year", within=(8.0, 40.0), prior=(18.0, 22.0, 28.0), source="assumed:planting_since_the_1990s",
        status="assumed",
    )  # fmt: skip
    """Age of the oldest orchards; ages are even from five years up to it."""

    converted_mean: float = belief(
        2.49, unit="mu", within=(0.5, 15.0), prior=(2.0, 2.49, 4.0), source="county_press_2015:4236_households",
        status="derived",
    )  # fmt: skip
    """Land a household turned to forest in 2014 and 2015 (Zhangjiachuan: 10,535 mu of 4,236)."""

    converted_late: float = belief(
        0.6, unit="share", within=(0.0, 1.0), prior=(0.4, 0.6, 0.9), source="assumed:second_year_larger",
        status="assumed",
    )  # fmt: skip
    """Part of it enrolled in 2015."""

    cattle: float = belief(
        0.40, unit="head/household", within=(0.0, 3.0), prior=(0.25, 0.40, 0.6), source="assumed:gansu_herds",
        status="assumed",
    )  # fmt: skip
    """Cattle of an agricultural household in a village."""

    cattle_zhangjiachuan: float = belief(
        4.0, unit="ratio", within=(1.0, 10.0), prior=(3.0, 4.0, 5.0), source="county_press_2010:large_livestock",
        status="derived",
    )  # fmt: skip
    """The same in Zhangjiachuan against the others (130,000 head of large animals in 2010)."""

    sheep: float = belief(
        0.5, unit="head/household", within=(0.0, 5.0), prior=(0.3, 0.5, 0.9), source="assumed:gansu_herds",
        status="assumed",
    )  # fmt: skip
    """Sheep and goats of an agricultural household in a village."""

    pigs: float = belief(
        1.1, unit="head/household", within=(0.0, 6.0), prior=(0.7, 1.1, 1.6), source="assumed:gansu_herds",
        status="assumed",
    )  # fmt: skip
    """Pigs of an agricultural household in a village."""

    pigs_zhangjiachuan: float = belief(
        0.35, unit="ratio", within=(0.0, 1.0), prior=(0.2, 0.35, 0.5), source="assumed:muslim_majority",
        status="assumed",
    )  # fmt: skip
    """The same in Zhangjiachuan against the others."""

    herd: float = belief(
        2.5,
        unit="head",
        within=(1.1, 20.0),
        prior=(1.8, 2.5, 4.0),
        source="assumed:small_keepers",
        status="assumed",
    )
    """Mean herd of a household that keeps a kind of animal."""

    deposit_share: float = belief(
        0.85, unit="share", within=(0.2, 1.3), prior=(0.65, 0.85, 1.0),
        source="assumed:incomers_and_business_hold_the_rest", status="assumed",
    )  # fmt: skip
    """Part of the published savings deposits that registered households hold."""

    cash_rise: float = belief(
        1.3, unit="elasticity", within=(0.0, 3.0), prior=(1.0, 1.3, 1.7), source="assumed:savings_rise_with_income",
        status="assumed",
    )  # fmt: skip
    """Rise of savings with income."""

    cash_spread: float = belief(
        0.9,
        unit="log",
        within=(0.0, 2.0),
        prior=(0.6, 0.9, 1.2),
        source="assumed:wealth_is_skewed",
        status="assumed",
    )
    """Spread of savings at equal income."""

    debt_homes: float = belief(
        0.3, unit="share", within=(0.0, 0.9), prior=(0.2, 0.3, 0.45), source="assumed:household_surveys_of_the_west",
        status="assumed",
    )  # fmt: skip
    """Households with debt."""

    debt_mean: float = belief(
        0.9, unit="years of income", within=(0.0, 4.0), prior=(0.5, 0.9, 1.5),
        source="assumed:household_surveys_of_the_west", status="assumed",
    )  # fmt: skip
    """Debt of a household that has one."""

    rural_gini: float = belief(
        0.315, unit="ratio", within=(0.2, 0.5), prior=(0.29, 0.315, 0.34), source="poverty_register:line_and_mean",
        status="derived",
    )  # fmt: skip
    """Gini of income a head among village households; the register at the line of 2,677 yuan bounds it."""

    urban_gini: float = belief(
        0.31, unit="ratio", within=(0.2, 0.55), prior=(0.27, 0.31, 0.36), source="assumed:urban_surveys",
        status="assumed",
    )  # fmt: skip
    """Gini of income a head among town households."""

    away_income: float = belief(
        14_000.0, unit="yuan/person", within=(5_000.0, 40_000.0), prior=(11_000.0, 14_000.0, 18_000.0),
        source="assumed:migrant_wage_less_living", status="assumed",
    )  # fmt: skip
    """Disposable income a member of households that are away as a whole."""

    served: float = belief(
        0.12, unit="share", within=(0.0, 0.6), prior=(0.06, 0.12, 0.2), source="assumed:half_of_members_unserved",
        status="assumed",
    )  # fmt: skip
    """Agricultural village households that a cooperative really serves."""

    insured: float = belief(
        0.2, unit="share", within=(0.0, 0.9), prior=(0.1, 0.2, 0.35), source="assumed:below_the_35_percent_of_2019",
        status="assumed",
    )  # fmt: skip
    """Agricultural village households with insured crops."""

    allowance_cover: float = belief(
        0.10, unit="share", within=(0.0, 0.3), prior=(0.07, 0.10, 0.16), source="expert_range:dib_cov",
        status="assumed",
    )  # fmt: skip
    """Agricultural village households that draw the subsistence allowance."""

    allowance_missed: float = belief(
        0.5,
        unit="share",
        within=(0.0, 1.0),
        prior=(0.3, 0.5, 0.85),
        source="golan_sicular_umapathi_2015:exclusion_error",
        status="assumed",
    )
    """Registered poor whom the allowance misses."""

    allowance_head: float = belief(
        1_300.0, unit="yuan/person", within=(200.0, 4_000.0), prior=(900.0, 1_300.0, 1_800.0),
        source="assumed:half_of_the_standard_of_2434", status="assumed",
    )  # fmt: skip
    """Allowance drawn by a member at home, part of the income."""

    # The books of 2015, solved at the opening

    growth_2015: float = belief(
        0.07, unit="1/year", within=(0.0, 0.2), prior=(0.05, 0.07, 0.09),
        source="assumed:real_growth_of_8_to_9_percent_at_falling_prices", status="assumed",
    )  # fmt: skip
    """Nominal growth of non-farm value added into 2015."""

    income_growth_2015: float = belief(
        0.095, unit="1/year", within=(0.0, 0.2), prior=(0.08, 0.095, 0.11),
        source="gansu_survey_2015:urban_9.0_rural_10.5_percent", status="derived",
    )  # fmt: skip
    """Nominal growth of households' incomes into 2015, behind which their usual incomes lag."""

    village_most: float = belief(
        0.6, unit="share", within=(0.2, 0.95), prior=(0.5, 0.6, 0.7), source="assumed:jobs_are_in_town",
        status="assumed",
    )  # fmt: skip
    """Largest part of a county's wages that villagers earn."""

    casual_least: float = belief(
        0.2, unit="ratio", within=(0.05, 1.0), prior=(0.12, 0.2, 0.3), source="assumed:casual_work_pays_something",
        status="assumed",
    )  # fmt: skip
    """Least pay of a villager's local work against a town job; it binds in Qinzhou and Maiji, where members of village
    households who live in town already earn the believed part of village income."""

    farm_least: float = belief(
        0.05, unit="share", within=(0.0, 0.3), prior=(0.03, 0.05, 0.08), source="assumed:fields_yield_something",
        status="assumed",
    )  # fmt: skip
    """Least part of primary value added that comes from households' fields and trees."""

    homes_part: float = belief(
        0.02, unit="share", within=(0.0, 0.5), prior=(0.01, 0.02, 0.05), source="assumed:first_movers_into_town",
        status="assumed",
    )  # fmt: skip
    """Households' spending on homes against town consumption in 2015, which only splits demand between sectors: about
    what those who move to town in the first year put into homes."""

    jobs_left: float = belief(
        0.01, unit="share/year", within=(0.0, 0.1), prior=(0.005, 0.01, 0.02), source="assumed:deaths_and_old_age",
        status="assumed",
    )  # fmt: skip
    """Jobs that deaths and old age open in the first year; later years count them."""


class _Weights(NamedTuple):
    """What each household's part of a county's total is proportional to."""

    level: np.ndarray
    slope: np.ndarray
    orchard: np.ndarray
    sapling: np.ndarray
    converted: np.ndarray
    savings: np.ndarray


class _Land(NamedTuple):
    """Whole cells by household (i4), idle and let land not yet taken out."""

    flat: np.ndarray
    terrace: np.ndarray
    slope: np.ndarray
    steep: np.ndarray
    orchard: np.ndarray
    sapling: np.ndarray
    converted: np.ndarray


class _Laid(NamedTuple):
    flat: np.ndarray
    terrace: np.ndarray
    slope: np.ndarray
    steep: np.ndarray
    idle_terrace: np.ndarray
    idle_slope: np.ndarray
    idle_steep: np.ndarray
    let: np.ndarray
    orchard: np.ndarray
    orchard_age: np.ndarray
    sapling: np.ndarray
    sapling_age: np.ndarray
    converted: np.ndarray
    converted_year: np.ndarray
    cattle: np.ndarray
    sheep: np.ndarray
    pigs: np.ndarray
    debt: np.ndarray
    aid: np.ndarray
    allowance: np.ndarray
    cooperative: np.ndarray
    insured: np.ndarray


@rule
def herd_of(wanted, mean, keeps, size):
    """Heads of a household: it keeps the kind with chance `wanted / mean`, then a geometric herd."""
    chance = min(wanted / mean, 1.0)
    if keeps >= chance:
        return 0
    if mean <= 1.0:
        return 1
    return 1 + int(math.log(1.0 - size) / math.log(1.0 - 1.0 / mean))


@rule
def idle_parts(idle, steep, slope, terrace):
    """Idle cells by class: the steepest land is left first."""
    first = min(idle, steep)
    second = min(idle - first, slope)
    third = min(idle - first - second, terrace)
    return first, second, third


@kernel
def _members(first, place, setting, county, in_town, start, stop, members, at_home):
    """Persons are marked in one pass and added up along their rows; what a household has is a difference of two sums."""
    begin = start
    while begin < stop:
        end, here = begin + 1, county[begin]
        while end < min(begin + STRIP, stop) and county[end] == here:
            end += 1
        low, high = np.int64(first[begin]), np.int64(first[end])
        places, settings = place[low:high], setting[low:high]
        codes, upto = np.empty(high - low, np.int32), np.empty(high - low + 1, np.int32)
        for k in range(high - low):
            present = places[k] == here
            codes[k] = np.int32(present & (settings[k] == VILLAGE)) + FIELD * np.int32(
                present & (settings[k] != VILLAGE)
            )
        total = np.int32(0)
        upto[0] = total
        for k in range(high - low):
            total += codes[k]
            upto[k + 1] = total
        for h in range(begin, end):
            one, next_one = np.int64(first[h]) - low, np.int64(first[h + 1]) - low
            count = upto[next_one] - upto[one]
            members[h] = next_one - one
            at_home[h] = count % FIELD if in_town[h] == 0 else count // FIELD
        begin = end


@kernel
def _weigh(
    number, county, farm, in_town, village, altitude, members, at_home, grows, income, p, luck, start, stop, w
):
    for h in range(start, stop):
        w.savings[h] = max(income[h], 1.0) ** p.cash_rise * math.exp(
            p.cash_spread * normal(luck, number[h], CASH)
        )
        if farm[h] == 0:
            continue
        land = members[h] * math.exp(p.land_spread * normal(luck, number[h], LAND))
        high = math.exp(p.slope_height * float(altitude[village[h]]) / HUNDRED)
        w.level[h] = land
        w.slope[h] = land * high
        home = in_town[h] == 0 and at_home[h] > 0
        if home and uniform(luck, number[h], GROWS) < grows[county[h]]:
            size = math.exp(p.orchard_spread * normal(luck, number[h], ORCHARD))
            both = uniform(luck, number[h], HAS_ORCHARD)
            if both >= p.young_share / 2.0:
                w.orchard[h] = size
            if both < (1.0 + p.young_share) / 2.0:
                w.sapling[h] = size
        w.converted[h] = land * high


@kernel
def _choose(number, county, odds, luck, start, stop, weight):
    """Leaves a weight of one to the households chosen, with chance `odds` times their weight."""
    for h in range(start, stop):
        chance = odds[county[h]] * weight[h]
        weight[h] = 1.0 if uniform(luck, number[h], CHOSEN) < chance else 0.0


@rule
def owing(share, thrift):
    """Chance that a household owes, by its thrift (a standard normal score of savings at equal income).

    It falls evenly with the rank of thrift, and its mean is `share`: who has savings to spare has paid back.
    """
    rank = HALF * (1.0 + math.erf(thrift / math.sqrt(2.0)))
    return 2.0 * share * (1.0 - rank) if share <= HALF else 1.0 - 2.0 * (1.0 - share) * rank


@kernel
def _lay(number, county, farm, in_town, at_home, poor, income, others, rate, p, luck, start, stop, land, out):  # fmt: skip
    for h in range(start, stop):
        n = number[h]
        c = int(county[h])
        # Debt
        if uniform(luck, n, DEBT) < owing(p.debt_homes, normal(luck, n, CASH)):
            size = 2.0 * uniform(luck, n, DEBT_SIZE)
            out.debt[h] = income[h] * p.debt_mean * size
        if farm[h] == 0:
            continue
        home = in_town[h] == 0 and at_home[h] > 0
        flat, terrace, slope, steep = (
            int(land.flat[h]),
            int(land.terrace[h]),
            int(land.slope[h]),
            int(land.steep[h]),
        )
        total = flat + terrace + slope + steep
        if uniform(luck, n, IDLE) < p.idle_homes:
            part = p.idle_share / p.idle_homes * 2.0 * uniform(luck, n, IDLE_PART)
            a, b, d = idle_parts(int(min(part, 1.0) * total), steep, slope, terrace)
            out.idle_steep[h], out.idle_slope[h], out.idle_terrace[h] = a, b, d
            steep, slope, terrace = steep - a, slope - b, terrace - d
        lets = min(rate * (1.0 if home else p.let_town), 1.0)
        if uniform(luck, n, LET) < lets:
            out.let[h] = flat + terrace
            flat, terrace = 0, 0
        out.flat[h], out.terrace[h], out.slope[h], out.steep[h] = flat, terrace, slope, steep
        if land.orchard[h] > 0:
            span = p.orchard_oldest - BEARS_FROM + 1.0
            out.orchard[h] = land.orchard[h]
            out.orchard_age[h] = BEARS_FROM + int(span * uniform(luck, n, AGE))
        if land.sapling[h] > 0:
            out.sapling[h] = land.sapling[h]
            out.sapling_age[h] = int(BEARS_FROM * uniform(luck, n, YOUNG_AGE))
        if land.converted[h] > 0:
            out.converted[h] = land.converted[h]
            late = uniform(luck, n, CONVERTED_YEAR) < p.converted_late
            out.converted_year[h] = START_YEAR if late else START_YEAR - 1
        if home:
            own = p.cattle * (p.cattle_zhangjiachuan if c == ZHANGJIACHUAN else 1.0)
            out.cattle[h] = herd_of(
                own, p.herd, uniform(luck, n, CATTLE), uniform(luck, n, CATTLE + HERD_AHEAD)
            )
            out.sheep[h] = herd_of(
                p.sheep, p.herd, uniform(luck, n, SHEEP), uniform(luck, n, SHEEP + HERD_AHEAD)
            )
            own = p.pigs * (p.pigs_zhangjiachuan if c == ZHANGJIACHUAN else 1.0)
            out.pigs[h] = herd_of(own, p.herd, uniform(luck, n, PIGS), uniform(luck, n, PIGS + HERD_AHEAD))
            out.cooperative[h] = 1 if uniform(luck, n, SERVED) < p.served else 0
            out.insured[h] = 1 if uniform(luck, n, INSURED) < p.insured else 0
            chance = 1.0 - p.allowance_missed if poor[h] == POOR else others[c]
            if uniform(luck, n, ALLOWANCE) < chance:
                out.allowance[h] = 1
                out.aid[h] = min(p.allowance_head * at_home[h], income[h])


def farmland(p: PopulationParameters) -> np.ndarray:
    """Farmland by county and class (7, 4), mu: flat, terraced, sloping, steep."""
    found = np.array([row["status"] == "found" for row in evidence.table("start")
                      if row["item"] == "farmland" and row["county"] in COUNTIES])  # fmt: skip
    total = facts("farmland") * np.where(found, 1.0, p.farmland_scale)
    slope = total * p.sloping_share
    flat = (total - slope) * p.flat_of_level
    slope[GANGU], flat[GANGU] = fact("farmland_slope", "gangu"), fact("farmland_flat", "gangu")
    return np.stack(
        [flat, total - slope - flat, slope * (1.0 - p.steep_share), slope * p.steep_share], axis=1
    )


def assumed(item: str, draw: int) -> np.ndarray:
    """One item of the start table by county; its assumed rows drawn from their ranges in any draw but 0."""
    if draw == 0:
        return facts(item)
    found = {row["county"]: row for row in evidence.table("start") if row["item"] == item}
    return np.array([assumptions.drawn(found[county], draw, f"start.{item}.{county}") for county in COUNTIES])


def apples_of(draw: int) -> np.ndarray:
    """Apple land by county, mu; the prefecture's sum and the counties that publish theirs hold in every draw."""
    area = assumed("apple_area", draw)
    if draw:
        free = area != facts("apple_area")
        area[free] *= (fact("apple_area") - area[~free].sum()) / area[free].sum()
    return area


def converted_area() -> np.ndarray:
    """Cropland turned to forest in 2014 and 2015 by county, mu: one county is known, the rest goes by slope."""
    known = fact("conversion_new_round", "zhangjiachuan")
    weight = facts("farmland").copy()
    weight[ZHANGJIACHUAN] = 0.0
    area = (fact("conversion_new_round") - known) * weight / weight.sum()
    area[ZHANGJIACHUAN] = known
    return area


def home_members(persons: Persons, households: Households) -> tuple[np.ndarray, np.ndarray]:
    """Registered members, and those of them who live at the household's home (i4[H] each)."""
    size = households.number.size
    members, at_home = np.empty(size, np.int32), np.empty(size, np.int32)
    over(size, lambda a, b: _members(households.first, persons.place, persons.setting, households.county,
                                     households.in_town, a, b, members, at_home))  # fmt: skip
    return members, at_home


def incomes(
    households: Households, members: np.ndarray, at_home: np.ndarray, p: PopulationParameters
) -> np.ndarray:
    """Disposable income of 2015 by household, from its score in `permanent` of the built structure."""
    rural, urban = (
        math.sqrt(2.0) * NormalDist().inv_cdf((gini + 1.0) / 2.0) for gini in (p.rural_gini, p.urban_gini)
    )
    home = np.where(at_home == 0, 2, households.in_town > 0)
    group = households.county * HOMES + home
    heads = np.where(at_home == 0, members, at_home)
    spreads = np.tile([rural, urban, rural], len(COUNTIES))
    head = np.exp(spreads[group] * households.permanent)
    means = np.stack(
        [
            facts("rural_disposable_income"),
            facts("urban_disposable_income"),
            np.full(len(COUNTIES), p.away_income),
        ],
        axis=1,
    )
    groups = HOMES * len(COUNTIES)
    people = np.bincount(group, weights=heads, minlength=groups)
    sums = np.bincount(group, weights=head * heads, minlength=groups)
    scale = means.ravel() * people / np.maximum(sums, 1.0)
    return head * heads * scale[group]


def _by_county(weights: np.ndarray, totals: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Whole numbers in proportion to weights, each county's sum as given."""
    out = np.empty(weights.size, np.int32)
    for c, total in enumerate(totals):
        out[edges[c] : edges[c + 1]] = spread(weights[edges[c] : edges[c + 1]], int(total))
    return out


def lay(
    persons: Persons,
    households: Households,
    villages: Villages,
    beliefs: PopulationParameters,
    *,
    draw_key: np.uint64,
    draw: int = 0,
) -> Households:
    """The built households with all that is assumed; columns of the structure are passed on, never copied.

    Assumed rows of the start table (apples, savings) stand as printed in draw 0 and are drawn in any other.
    """
    p, values, size = beliefs, beliefs.values, households.number.size
    county, farm = households.county, households.farm_hukou == 1
    members, at_home = home_members(persons, households)
    income = incomes(households, members, at_home, p)
    edges = np.searchsorted(county, np.arange(len(COUNTIES) + 1))
    # The part of the prefecture at hand: one, or what a sample holds of the agricultural persons.
    part = np.bincount(county, weights=members * farm, minlength=7) / margins().agricultural
    everybody = np.bincount(county, weights=members, minlength=7) / margins().registered
    apple_area, savings_area = apples_of(draw), assumed("household_savings_deposits", draw)
    homes = np.bincount(county[farm & (households.in_town == 0) & (at_home > 0)], minlength=7)
    grows = np.minimum(part * apple_area / (p.orchard_mean * np.maximum(homes, 1)), 1.0)
    w = _Weights(*(np.zeros(size) for _ in _Weights._fields))
    over(size, lambda a, b: _weigh(households.number, county, households.farm_hukou, households.in_town,
                                   households.village, villages.altitude, members, at_home, grows, income,
                                   values, draw_key, a, b, w))  # fmt: skip
    wanted = part * converted_area()
    sums = np.bincount(county, weights=w.converted, minlength=7)
    odds = wanted / p.converted_mean / np.maximum(sums, 1.0)
    over(size, lambda a, b: _choose(households.number, county, odds, draw_key, a, b, w.converted))
    cells = np.rint(part[:, None] * farmland(p) * CELLS_PER_MU).astype(np.int64)
    apples = np.rint(part * apple_area * CELLS_PER_MU).astype(np.int64)
    # A sample may hold no young orchard of a county, or no standing one.
    young, old = (np.bincount(county, weights=x, minlength=7) > 0 for x in (w.sapling, w.orchard))
    saplings = np.where(old, np.where(young, np.rint(p.young_share * apples), 0), apples).astype(np.int64)
    areas = (
        (w.level, cells[:, 0]), (w.level, cells[:, 1]), (w.slope, cells[:, 2]), (w.slope, cells[:, 3]),
        (w.orchard, apples - saplings), (w.sapling, saplings), (w.converted, np.rint(wanted * CELLS_PER_MU)),
    )  # fmt: skip
    land = _Land(*side_by_side([partial(_by_county, weights, totals, edges) for weights, totals in areas]))
    # Part of level land let by a village household, so that the believed share of all farmland is let.
    off = farm & ((households.in_town == 1) | (at_home == 0))
    level = land.flat.astype(np.int64) + land.terrace
    let = level[farm].sum() + (p.let_town - 1.0) * level[off].sum()
    rate = p.let_share * float(cells.sum()) / max(float(let), 1.0)
    poor_homes = np.bincount(county[households.poor == POOR], minlength=7)
    others = p.allowance_cover * homes - (1.0 - p.allowance_missed) * poor_homes
    others = np.clip(others / np.maximum(homes - poor_homes, 1), 0.0, 1.0)
    out = _Laid(*(np.zeros(size, getattr(households, name).dtype) for name in _Laid._fields))
    over(size, lambda a, b: _lay(households.number, county, households.farm_hukou, households.in_town, at_home,
                                 households.poor, income, others, rate, values, draw_key, a, b, land, out))  # fmt: skip
    savings = np.bincount(county, weights=w.savings, minlength=7)
    deposits = everybody * p.deposit_share * savings_area
    cash = w.savings * (deposits / np.maximum(savings, 1.0))[county]
    return households._replace(**out._asdict(), cash=cash, income=income, permanent=income.copy())


def enrolled_share(households: Households, villages: Villages) -> np.ndarray:
    """Part of each village's sloping land that was turned to forest (f8[V])."""
    rows = villages.county.size
    sloping = households.slope + households.steep + households.idle_slope + households.idle_steep
    left = np.bincount(households.village, weights=sloping, minlength=rows)
    gone = np.bincount(households.village, weights=households.converted, minlength=rows)
    return gone / np.maximum(left + gone, 1.0)
