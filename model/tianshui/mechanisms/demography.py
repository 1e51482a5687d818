"""Who dies, is born, marries and founds a household.

    death    1 - exp(-m (makeham + level(sex) exp(slope(sex) (age + 1)) + infant hazard at age 0))
    birth    level x parity chance x exp(-((age - age of most births) / spread)^2 / 2)
             x exp(schooling effect (years - 9)) x setting, for married women of 15 to 49
    wedding  level x exp(-((age - age of most weddings) / spread)^2 / 2), a woman's by the pool's sex ratio
    founding chance a year for a couple that lives in a household of its parents

`level(sex)` makes life expectancy what it is believed to be; `level` of births makes the period total
fertility of the registered women equal the year's. Both follow from the equations; no death or birth rate
of the prefecture stands in them. All use the age completed during the year.

Who joins whom: brides and grooms of a county and of an age band stand on a line by a hash of their
numbers; walking it, a groom takes the bride who stands last before him. A sorted pool paired by rank would
re-match everybody when one person is added; here one more bride or groom moves a short chain.

A wife or husband is not recorded: it is the married member of the other sex nearest in age. A couple's
children are the unmarried members at least a generation younger than the wife, at most as many as she bore.

Left out: marriage across counties and across the prefecture's boundary (no figures by county; it would
need a second register), divorce and births outside marriage (rare), twins (12 in 1000 births), deaths in
the calendar year of birth (they fall on the next year as the infant hazard). One founding a household a year.
"""

import math
from typing import NamedTuple

import numpy as np

from tianshui import queues
from tianshui.compiled import kernel, over, rule, unsigned
from tianshui.declare import Parameters, belief, outside
from tianshui.draws import key, mix, uniform
from tianshui.layout import (
    BOY,
    BOY_AT_HOME,
    DIES,
    FOUNDS,
    GIRL,
    GIRL_AT_HOME,
    STAYS,
    WEDS_OUT,
    Heads,
    home_setting,
)
from tianshui.state import AWAY, COUNTIES, FARM, NO_WORK, PUPIL, VILLAGE, WORK_AWAY, Households, Persons

# Draws of this mechanism, by index:
DEATH, BIRTH, SEX, LEFT_AT_HOME, WEDDING, FOUNDING = range(6)
NOT_WOOING, BRIDE, GROOM = 0, 1, 2
OLDEST = 111  # nobody completes another year
HALVINGS = 50
LEVEL_UNTIL, CENSUS, LIFE_KNOWN = 2017, 2020, 2018  # years of the declared levels
FERTILE, AFTER_FERTILE = 15, 50
PARITIES, SCHOOL_GROUPS, SETTINGS = 4, 6, 3  # schooling in groups of three years
NINE_YEARS = 9
YEARS_A_GROUP = 3
POOL_FROM, POOL_TO = 20, 35  # ages whose unmarried women and men set the sex ratio
GENERATION = 15  # least years between mother and child
BANDS, LAST_BAND = (25, 30, 40), 3  # ages of brides at which a new band begins
YOUNGER = 2  # a groom stands among women this many years younger
WORD_BITS, HASH_BITS = 64, 58
BYTES = 256  # values of an age
SPOUSE_GAP = 20  # most years between wife and husband


class DemographyParameters(Parameters):
    """Vital rates and household division."""

    life_2018: float = belief(
        74.75, unit="years", within=(70.0, 82.0), prior=(74.0, 74.75, 75.6),
        source="chinanews_2019:life_expectancy", status="found",
    )  # fmt: skip
    """Life expectancy at birth in 2018, both sexes."""

    life_gain: float = outside(
        0.2, unit="years/year", within=(0.0, 0.5), prior=(0.1, 0.2, 0.3), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Yearly gain of life expectancy."""

    life_gap: float = belief(
        4.0, unit="years", within=(0.0, 9.0), prior=(3.0, 4.0, 6.0),
        source="assumed:gap between the sexes in western provinces", status="assumed",
    )  # fmt: skip
    """Life expectancy of women less that of men."""

    slope_men: float = belief(
        0.088, unit="1/year", within=(0.06, 0.13), prior=(0.08, 0.088, 0.1),
        source="recalled:gompertz slopes of life tables", status="recalled",
    )  # fmt: skip
    """Rise of the log hazard of death with age, men."""

    slope_women: float = belief(
        0.1, unit="1/year", within=(0.06, 0.13), prior=(0.09, 0.1, 0.115),
        source="recalled:gompertz slopes of life tables", status="recalled",
    )  # fmt: skip
    """Rise of the log hazard of death with age, women."""

    makeham: float = belief(
        0.0004, unit="1/year", within=(0.0, 0.002), prior=(0.0001, 0.0004, 0.0008),
        source="recalled:accident mortality of adults", status="recalled",
    )  # fmt: skip
    """Hazard of death that does not depend on age."""

    infant: float = belief(
        0.006, unit="1/year", within=(0.0, 0.03), prior=(0.004, 0.006, 0.01),
        source="recalled:infant mortality of gansu", status="recalled",
    )  # fmt: skip
    """Extra hazard of death at age nought."""

    tfr_2016: float = outside(
        1.75, unit="child/woman", within=(1.0, 2.6), prior=(1.4, 1.75, 2.0),
        source="assumed:census value and two-child years", status="assumed",
    )  # fmt: skip
    """Total fertility in 2016 and 2017, the years after the two-child rule."""

    tfr_2020: float = outside(
        1.4, unit="child/woman", within=(0.8, 2.4), prior=(1.2, 1.4, 1.68),
        source="natural_growth_2017_19:birth_rates_implied", status="derived",
    )  # fmt: skip
    """Total fertility in 2020. Natural growth of 2017 to 2019 implies births a fifth below what the 1.68 of Gansu's census
    (recalled) would give; the high end of the prior is that census value."""

    tfr_fall: float = outside(
        0.07, unit="child/woman/year", within=(0.0, 0.2), prior=(0.03, 0.07, 0.1),
        source="expert_range:parameters", status="assumed",
    )  # fmt: skip
    """Yearly fall of total fertility after 2020."""

    tfr_floor: float = outside(
        1.1, unit="child/woman", within=(0.5, 2.0), prior=(0.9, 1.1, 1.4),
        source="assumed:lowest-low provinces of 2020", status="assumed",
    )  # fmt: skip
    """Level at which total fertility stops falling."""

    birth_age: float = belief(
        25.5, unit="years", within=(18.0, 35.0), prior=(24.5, 25.5, 27.0),
        source="assumed:early marriage in rural gansu", status="assumed",
    )  # fmt: skip
    """Age at which a married woman's chance of a birth is highest."""

    birth_spread: float = belief(
        6.0, unit="years", within=(2.0, 12.0), prior=(5.0, 6.0, 7.5),
        source="assumed:bell of fertility by age", status="assumed",
    )  # fmt: skip
    """Spread of births around that age."""

    birth_first: float = belief(
        0.4, unit="weight", within=(0.0, 2.0), prior=(0.3, 0.4, 0.6),
        source="assumed:first births follow marriage within two years", status="assumed",
    )  # fmt: skip
    """Weight of a married woman without children."""

    birth_second: float = belief(
        0.2, unit="weight", within=(0.0, 2.0), prior=(0.12, 0.2, 0.3),
        source="assumed:most women of the villages bear two", status="assumed",
    )  # fmt: skip
    """Weight of a woman with one child."""

    birth_third: float = belief(
        0.05, unit="weight", within=(0.0, 2.0), prior=(0.02, 0.05, 0.1),
        source="assumed:third births are the exception", status="assumed",
    )  # fmt: skip
    """Weight of a woman with two children."""

    birth_more: float = belief(
        0.02, unit="weight", within=(0.0, 2.0), prior=(0.005, 0.02, 0.05),
        source="assumed:third births are the exception", status="assumed",
    )  # fmt: skip
    """Weight of a woman with three or more children."""

    birth_schooling: float = belief(
        -0.04, unit="log weight/year", within=(-0.2, 0.1), prior=(-0.08, -0.04, -0.01),
        source="expert_range:parameters", status="assumed",
    )  # fmt: skip
    """Effect of a year of schooling beyond nine on the weight."""

    birth_town: float = belief(
        0.85, unit="factor", within=(0.3, 1.5), prior=(0.7, 0.85, 1.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Weight in towns and the city against the village."""

    birth_away: float = belief(
        0.8, unit="factor", within=(0.3, 1.5), prior=(0.6, 0.8, 1.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Weight of women away against the village."""

    sex_ratio: float = belief(
        1.1, unit="boys/girl", within=(1.0, 1.3), prior=(1.08, 1.1, 1.12),
        source="assumed:sex ratio at birth of the 2020 census", status="assumed",
    )  # fmt: skip
    """Boys born for each girl."""

    left_at_home: float = belief(
        0.6, unit="share", within=(0.0, 1.0), prior=(0.4, 0.6, 0.8),
        source="assumed:left-behind children in western villages", status="assumed",
    )  # fmt: skip
    """Share of the children of mothers away who stay with grandparents."""

    wed_women: float = belief(
        0.22, unit="1/year", within=(0.0, 1.0), prior=(0.15, 0.22, 0.3),
        source="assumed:nine in ten women married by thirty", status="assumed",
    )  # fmt: skip
    """A woman's highest yearly hazard of marriage."""

    wed_men: float = belief(
        0.2, unit="1/year", within=(0.0, 1.0), prior=(0.12, 0.2, 0.28),
        source="assumed:eight in ten men married by thirty", status="assumed",
    )  # fmt: skip
    """A man's highest yearly hazard of marriage."""

    wed_age: float = belief(
        24.5, unit="years", within=(20.0, 35.0), prior=(23.5, 24.5, 26.0),
        source="assumed:mean age at first marriage", status="assumed",
    )  # fmt: skip
    """Age of a woman's highest hazard with nine years of schooling."""

    wed_gap: float = belief(
        2.0, unit="years", within=(0.0, 6.0), prior=(1.0, 2.0, 3.0),
        source="assumed:gap at first marriage", status="assumed",
    )  # fmt: skip
    """Years by which the men's highest hazard comes later."""

    wed_delay: float = belief(
        0.35, unit="years/year", within=(0.0, 1.0), prior=(0.2, 0.35, 0.5), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Delay of marriage by a year of schooling."""

    wed_spread: float = belief(
        5.5, unit="years", within=(2.0, 12.0), prior=(4.5, 5.5, 7.0), source="assumed:bell of marriage by age",
        status="assumed",
    )  # fmt: skip
    """Spread of marriages around that age."""

    wed_women_from: float = belief(
        20.0, unit="years", within=(15.0, 25.0), prior=(20.0, 20.0, 20.0), source="marriage_law:article_6",
        status="recalled",
    )  # fmt: skip
    """Least age of a bride."""

    wed_men_from: float = belief(
        22.0, unit="years", within=(15.0, 25.0), prior=(22.0, 22.0, 22.0), source="marriage_law:article_6",
        status="recalled",
    )  # fmt: skip
    """Least age of a groom."""

    wed_until: float = belief(
        60.0, unit="years", within=(40.0, 80.0), prior=(55.0, 60.0, 65.0), source="assumed:few marry later",
        status="assumed",
    )  # fmt: skip
    """Age from which nobody marries."""

    wed_pool: float = belief(
        0.5, unit="exponent", within=(0.0, 1.0), prior=(0.2, 0.5, 0.8), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """How a woman's hazard follows the number of unmarried men to a woman in her county."""

    found: float = belief(
        0.06, unit="1/year", within=(0.0, 0.5), prior=(0.03, 0.06, 0.1),
        source="assumed:falling household size between censuses", status="assumed",
    )  # fmt: skip
    """Chance that a couple of 20 to 49 leaves the household of its parents."""

    found_pension: float = belief(
        0.1, unit="elasticity", within=(0.0, 1.0), prior=(0.0, 0.1, 0.3), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Elasticity of that chance to the elders' real basic pension."""

    found_from: float = belief(
        20.0, unit="years", within=(18.0, 30.0), prior=(20.0, 20.0, 20.0), source="marriage_law:article_6",
        status="recalled",
    )  # fmt: skip
    """Least age of a wife who founds a household."""

    found_until: float = belief(
        50.0, unit="years", within=(35.0, 70.0), prior=(45.0, 50.0, 55.0),
        source="assumed:later the parents are the ones who are cared for", status="assumed",
    )  # fmt: skip
    """Age of the wife from which couples stay with the parents they care for."""


def tfr_in(year: int, p: DemographyParameters) -> float:
    """Total fertility of a year: level in 2016-17, straight to 2020, then a yearly fall down to a floor."""
    if year <= LEVEL_UNTIL:
        return p.tfr_2016
    if year <= CENSUS:
        return p.tfr_2016 + (p.tfr_2020 - p.tfr_2016) * (year - LEVEL_UNTIL) / (CENSUS - LEVEL_UNTIL)
    return max(p.tfr_2020 - p.tfr_fall * (year - CENSUS), min(p.tfr_floor, p.tfr_2020))


def life_expectancy_in(year: int, p: DemographyParameters) -> float:
    """Life expectancy at birth of a year, both sexes."""
    return p.life_2018 + p.life_gain * (year - LIFE_KNOWN)


def death_chances(life: float, p: DemographyParameters, mortality: float = 1.0) -> np.ndarray:
    """Chance of dying within the year by sex (men, women) and age at its start, `OLDEST` and over 1.

    The level of each sex's hazard is found by halving so that a life table has the wanted expectancy.
    """
    chances = np.ones((2, BYTES))
    half_gap = p.life_gap / 2
    for sex, slope, wanted in ((0, p.slope_men, life - half_gap), (1, p.slope_women, life + half_gap)):
        _death_chances(slope, wanted, p.makeham, p.infant, mortality, chances[sex])
    return chances


@kernel
def _death_chances(slope, wanted, makeham, infant, mortality, chances):
    """Chances by age of one sex, whose life expectancy is `wanted`."""
    half, low, high, level = 1.0 / 2.0, 0.0, 1.0, 0.0
    rise = np.empty(OLDEST)
    for age in range(OLDEST):
        rise[age] = math.exp(slope * (age + half))
    for _ in range(HALVINGS):
        level = (low + high) / 2.0
        lived, hazard = half, 0.0
        for age in range(OLDEST):
            hazard += level * rise[age] + makeham + (infant if age == 0 else 0.0)
            lived += math.exp(-hazard)
        if lived > wanted:
            low = level
        else:
            high = level
    # Those aged x at the start are on average x + 1/2 and live through x + 1 in mid-year.
    for age in range(OLDEST):
        risk = level * math.exp(slope * half) * rise[age] + makeham + (infant if age == 0 else 0.0)
        chances[age] = 1.0 - math.exp(-mortality * risk)


@rule
def birth_weight(age, parity, schooling, setting, p):
    """Weight of a married woman's chance of a birth; `setting` 0 village, 1 town or city, 2 away."""
    distance = (age - p.birth_age) / p.birth_spread
    weight = p.birth_more
    if parity == 0:
        weight = p.birth_first
    elif parity == 1:
        weight = p.birth_second
    elif parity == 2:
        weight = p.birth_third
    if setting == 1:
        weight *= p.birth_town
    elif setting == 2:
        weight *= p.birth_away
    return weight * math.exp(-distance * distance / 2 + p.birth_schooling * (schooling - NINE_YEARS))


@rule
def wedding_hazard(age, schooling, female, p):
    """Yearly hazard of marriage before the pool's sex ratio."""
    if age < (p.wed_women_from if female == 1 else p.wed_men_from) or age >= p.wed_until:
        return 0.0
    most = p.wed_age + p.wed_delay * (schooling - NINE_YEARS) + (0.0 if female == 1 else p.wed_gap)
    distance = (age - most) / p.wed_spread
    return (p.wed_women if female == 1 else p.wed_men) * math.exp(-distance * distance / 2)


@kernel
def _tables(p, weight, hazard):
    """Birth weights and wedding hazards of every age, parity, schooling group, setting and sex."""
    middle = YEARS_A_GROUP // 2
    for group in range(SCHOOL_GROUPS):
        schooling = float(group * YEARS_A_GROUP + middle)
        for age in range(AFTER_FERTILE - FERTILE):
            for parity in range(PARITIES):
                for setting in range(SETTINGS):
                    years = float(FERTILE + age)
                    weight[age, parity, group, setting] = birth_weight(years, parity, schooling, setting, p)
        for age in range(OLDEST):
            for female in range(2):
                hazard[female, age, group] = wedding_hazard(float(age), schooling, female, p)


@rule
def school_group(schooling):
    """Schooling in groups of three years."""
    return min(int(schooling) // YEARS_A_GROUP, SCHOOL_GROUPS - 1)


@rule
def birth_setting(setting):
    """Village 0, town or city 1, away 2."""
    return 0 if setting == VILLAGE else 2 if setting == AWAY else 1


@rule
def spouse(i, low, high, age, female, married, fate):
    """Row of the living married member of the other sex nearest in age; -1 when none is near enough."""
    found, gap = -1, SPOUSE_GAP + 1
    for j in range(low, high):
        if married[j] == 1 and female[j] != female[i] and fate[j] == STAYS:
            # Compiled, narrow unsigned numbers stay unsigned: the smaller is taken from the larger.
            apart = int(max(age[i], age[j])) - int(min(age[i], age[j]))
            if apart < gap:
                found, gap = j, apart
    return found


@kernel
def _pools(
    first, county, age, female, schooling, children, married, setting, start, stop, wives, women, pool
):
    """Count wives by what fertility depends on, women by age, and the unmarried by county and sex."""
    for h in range(start, stop):
        for i in range(first[h], first[h + 1]):
            years = int(age[i]) + 1
            if POOL_FROM <= years < POOL_TO and married[i] == 0:
                pool[county[h], female[i]] += 1
            if female[i] == 1 and FERTILE <= years < AFTER_FERTILE:
                women[years - FERTILE] += 1
                if married[i] == 1:
                    parity = min(int(children[i]), PARITIES - 1)
                    wives[years - FERTILE, parity, school_group(schooling[i]), birth_setting(setting[i])] += 1


@kernel
def _live(people, first, county, dies, bears, weds, ratio, found, girl, at_home, luck, start, stop, fate, birth,
          married, wooing, eager, counts):  # fmt: skip
    """Draw the year of households `start:stop`; `counts` rows are births, deaths and new households.

    Rows of households in which a couple may found one of its own are left in `eager`; returns how many.
    """
    many = 0
    number, age, female = people.number, people.age, people.female
    for h in range(start, stop):
        low, high = first[h], first[h + 1]
        c = int(county[h])
        deaths, wives = 0, 0
        for i in range(low, high):
            married[i] = people.married[i]
            if uniform(luck, number[i], DEATH) < dies[female[i], age[i]]:
                fate[i] = DIES
                deaths += 1
            elif female[i] == 1 and married[i] == 1:
                wives += 1
        counts[1, c] += deaths
        if deaths > 0:
            for i in range(low, high):
                if fate[i] == DIES and people.married[i] == 1:
                    left = spouse(np.int64(i), np.int64(low), np.int64(high), age, female, married, fate)
                    if left >= 0:
                        married[left] = 0
        for i in range(low, high):
            if fate[i] == DIES:
                continue
            years = int(age[i]) + 1
            if people.married[i] == 1:
                if female[i] == 1 and FERTILE <= years < AFTER_FERTILE:
                    away = people.setting[i] == AWAY
                    parity = min(int(people.children[i]), PARITIES - 1)
                    group, where = school_group(people.schooling[i]), birth_setting(people.setting[i])
                    if uniform(luck, number[i], BIRTH) < bears[years - FERTILE, parity, group, where]:
                        left = away and uniform(luck, number[i], LEFT_AT_HOME) < at_home
                        if uniform(luck, number[i], SEX) < girl:
                            birth[i] = GIRL_AT_HOME if left else GIRL
                        else:
                            birth[i] = BOY_AT_HOME if left else BOY
                        counts[0, c] += 1
            elif people.work[i] != PUPIL:
                hazard = weds[female[i], years, school_group(people.schooling[i])]
                if hazard > 0.0:
                    if female[i] == 1:
                        hazard *= ratio[c]
                    if uniform(luck, number[i], WEDDING) < hazard:
                        wooing[i] = BRIDE if female[i] == 1 else GROOM
        if wives == 0 or high - low <= 2:
            continue
        # A couple founds when the husband's draw says so: where none does, nobody need look for couples.
        willing = 0
        for i in range(low, high):
            if female[i] == 0 and married[i] == 1:
                willing += uniform(luck, number[i], FOUNDING) < found
        if willing > 0:
            eager[many] = h
            many += 1
    return many


@kernel
def _found(people, first, county, found, found_from, found_until, luck, eager, many, fate, married, founder, wooing,
           counts):  # fmt: skip
    """Couples who leave their parents, in those of the households `eager` where a husband's draw says so."""
    number, age, female = people.number, people.age, people.female
    for k in range(many):
        h = eager[k]
        low, high, oldest = first[h], first[h + 1], 0
        for i in range(low, high):
            if fate[i] != DIES:
                oldest = max(oldest, int(age[i]))
        for i in range(low, high):
            years = int(age[i])
            wife = female[i] == 1 and married[i] == 1 and fate[i] == STAYS
            if not wife or years + 1 < found_from or years + 1 >= found_until or oldest < years + GENERATION:
                continue
            man = spouse(np.int64(i), np.int64(low), np.int64(high), age, female, married, fate)
            if man < 0 or oldest < int(age[man]) + GENERATION:
                continue
            if uniform(luck, number[man], FOUNDING) < found:
                fate[i], fate[man], founder[h] = FOUNDS, FOUNDS, man
                children = int(people.children[i])
                for j in range(low, high):
                    young = int(age[j]) + GENERATION <= years and married[j] == 0 and fate[j] == STAYS
                    if children > 0 and young:
                        fate[j] = FOUNDS
                        wooing[j] = NOT_WOOING
                        children -= 1
                counts[2, county[h]] += 1
                break


@kernel
def _order(rows, wooing, age, number, county, luck, line):
    """The place of each bride and groom: county, age band, then a hash of the number."""
    for k in range(rows.size):
        i = rows[k]
        years = int(age[i]) + 1 - (YOUNGER if wooing[i] == GROOM else 0)
        band = 0 if years < BANDS[0] else 1 if years < BANDS[1] else 2 if years < BANDS[2] else LAST_BAND
        word = mix(np.uint64(luck) ^ mix(np.uint64(number[i])))
        group = np.uint64(int(county[k]) * (LAST_BAND + 1) + band)
        line[k] = (group << np.uint64(HASH_BITS)) | (word >> np.uint64(WORD_BITS - HASH_BITS))


@kernel
def _pair(rows, line, wooing, household, waiting, partner):
    """Walk the line: a groom takes the bride who stands last before him in his county and band."""
    depth, pairs, group = 0, 0, np.uint64(0)
    for k in range(rows.size):
        i = rows[k]
        here = line[k] >> np.uint64(HASH_BITS)
        if here != group:
            depth, group = 0, here
        if wooing[i] == BRIDE:
            waiting[depth] = i
            depth += 1
        elif depth > 0 and household[waiting[depth - 1]] != household[i]:
            depth -= 1
            partner[0, pairs], partner[1, pairs] = waiting[depth], i
            pairs += 1
    return pairs


class Weddings(NamedTuple):
    """Who marries whom and where the bride then lives; rows of persons and their codes."""

    brides: np.ndarray
    grooms: np.ndarray
    place: np.ndarray
    setting: np.ndarray
    work: np.ndarray


def _wed(persons: Persons, households: Households, wooing: np.ndarray, luck: np.uint64) -> Weddings:
    rows = queues.standing(wooing)
    line = np.zeros(rows.size, np.uint64)
    county = households.county[persons.household[rows]]
    _order(rows, wooing, persons.age, persons.number, county, luck, line)
    order = np.argsort(line, kind="stable")
    partner = np.zeros((2, rows.size), np.int64)
    waiting = np.zeros(max(rows.size, 1), np.int64)
    pairs = _pair(rows[order], line[order], wooing, persons.household, waiting, partner)
    brides, grooms = partner[:, :pairs]
    by_home = np.lexsort((persons.number[brides], persons.household[grooms]))
    brides, grooms = brides[by_home], grooms[by_home]
    home = persons.household[grooms]
    county, in_town = households.county[home], households.in_town[home]
    setting = np.array(
        [home_setting(int(c), int(t)) for c in range(len(COUNTIES)) for t in range(2)], np.uint8
    )
    at_home = setting[county.astype(np.int64) * 2 + in_town]
    groom_away, bride_away = persons.setting[grooms] == AWAY, persons.setting[brides] == AWAY
    both_away = groom_away & bride_away
    # A bride of a groom who is away waits at his home; when both are away they stay away.
    place = np.where(both_away, persons.place[brides], np.where(groom_away, county, persons.place[grooms]))
    where = np.where(both_away, AWAY, np.where(groom_away, at_home, persons.setting[grooms]))
    work = persons.work[brides]
    comes_home = bride_away & ~both_away
    leaves_farm = (work == FARM) & (where != VILLAGE)
    stops = comes_home | leaves_farm | ((work == WORK_AWAY) & ~both_away) | (place != persons.place[brides])
    return Weddings(
        brides,
        grooms,
        place.astype(np.uint8),
        where.astype(np.uint8),
        np.where(stops, NO_WORK, work).astype(np.uint8),
    )


def birth_chances(weight: np.ndarray, wives: np.ndarray, women: np.ndarray, tfr: float) -> np.ndarray:
    """Chances of a birth whose sum over ages, among all `women` of an age, is the year's total fertility.

    `weight` and the counts `wives` are by age, parity, schooling group and setting, `women` by age.
    """
    fertility = ((weight * wives).sum(axis=(1, 2, 3)) / np.maximum(women, 1)).sum()
    return np.minimum(weight * (tfr / fertility if fertility > 0 else 0.0), 1.0)


def live(
    persons: Persons,
    households: Households,
    p: DemographyParameters,
    *,
    seed: int,
    year: int,
    tfr: float,
    mortality: float = 1.0,
    pension: float = 1.0,
) -> Heads:
    """Decide the year's deaths, births, weddings and new households on the rows of 31 December before.

    `mortality` multiplies every hazard of death; `pension` is the real basic pension against the start's.
    """
    count, size, counties = persons.number.size, households.number.size, len(COUNTIES)
    first, county = unsigned(households.first), households.county
    luck, values = key(seed, year, "demography"), p.values

    def pools(a: int, b: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        wives = np.zeros((AFTER_FERTILE - FERTILE, PARITIES, SCHOOL_GROUPS, SETTINGS), np.int64)
        women, pool = np.zeros(AFTER_FERTILE - FERTILE, np.int64), np.zeros((counties, 2), np.int64)
        _pools(
            first, county, persons.age, persons.female, persons.schooling, persons.children, persons.married,
            persons.setting, a, b, wives, women, pool,
        )  # fmt: skip
        return wives, women, pool

    counted = over(size, pools)
    wives, women, pool = (np.sum([part[k] for part in counted], axis=0) for k in range(3))
    ratio = (np.maximum(pool[:, 0], 1) / np.maximum(pool[:, 1], 1)) ** p.wed_pool
    dies = death_chances(life_expectancy_in(year, p), p, mortality)
    weight, weds = np.zeros(wives.shape), np.zeros((2, OLDEST + 2, SCHOOL_GROUPS))
    _tables(values, weight, weds)
    bears = birth_chances(weight, wives, women, tfr)
    found = min(p.found * pension**p.found_pension, 1.0)
    fate, birth = np.zeros(count, np.uint8), np.zeros(count, np.uint8)
    married, wooing = np.zeros(count, np.uint8), np.zeros(count, np.uint8)
    founder = np.full(size, -1, np.int64)
    girl = 1 / (1 + p.sex_ratio)

    def draw(a: int, b: int) -> np.ndarray:
        counts, eager = np.zeros((3, counties), np.int64), np.empty(b - a, np.int64)
        many = _live(
            persons, first, county, dies, bears, weds, ratio, found, girl, p.left_at_home, luck, a, b, fate, birth,
            married, wooing, eager, counts,
        )  # fmt: skip
        _found(persons, first, county, found, p.found_from, p.found_until, luck, eager, many, fate, married, founder,
               wooing, counts)  # fmt: skip
        return counts

    births, deaths, founded = sum(over(size, draw), np.zeros((3, counties), np.int64))
    weddings = _wed(persons, households, wooing, luck)
    fate[weddings.brides] = WEDS_OUT
    married[weddings.brides] = 1
    married[weddings.grooms] = 1
    wed = np.bincount(county[persons.household[weddings.grooms]], minlength=counties)
    return Heads(year, fate, birth, married, founder, *weddings, births, deaths, wed, founded)
