"""Who dies, is born, marries, founds a household and takes a registration elsewhere.

    death    1 - exp(-m (makeham + level(sex) exp(slope(sex) (age + 1)) + infant hazard at age 0))
    birth    level x parity chance x exp(-((age - age of most births) / spread)^2 / 2)
             x exp(schooling effect (years - 9)) x setting, for married women of 15 to 49
    wedding  level x exp(-((age - age of most weddings) / spread)^2 / 2), a woman's by the pool's sex ratio
    founding chance a year for a couple that lives in a household of its parents
    settling chance a year for the unmarried who work outside the prefecture after college: their registration goes with them

`level(sex)` makes life expectancy what it is believed to be; `level` of births makes the period total
fertility of the registered women equal the year's. Both follow from the equations; no death or birth rate
of the prefecture stands in them. All use the age completed during the year.

Who joins whom: brides and grooms of a county and of an age band stand on a line by a hash of their
numbers, grooms `wed_gap` years lower than they are old; walking it, a groom takes the bride who stands last before
him. A sorted pool paired by rank would re-match everybody when one person is added; here one more bride or groom
moves a short chain.

A wife or husband is not recorded: it is the married member of the other sex nearest in age. A couple's
children are the unmarried members at least a generation younger than the wife, at most as many as she bore.

Who settles leaves the register and its household for good, as brides do, and sends nothing more; before that, what is sent
home is that of all who are away.

Left out: registrations that leave with whole families or without college, and those that come (no figures; the yearbooks'
registered population falls where many study), marriage across counties and across the prefecture's boundary (no figures by
county; it would need a second register), divorce and births outside marriage (rare), twins (12 in 1000 births), deaths in
the calendar year of birth (they fall on the next year as the infant hazard). One founding a household a year.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from tianshui.compiled import added_up, block, kernel, over, remembered, rule
from tianshui.declare import Parameters, belief, cut, outside
from tianshui.draws import key, mix, uniform
from tianshui.layout import (
    BOY,
    BOY_AT_HOME,
    DIES,
    FOUNDS,
    GIRL,
    GIRL_AT_HOME,
    SETTLES,
    STAYS,
    WEDS_OUT,
    Heads,
    home_setting,
)
from tianshui.state import (
    AWAY,
    COUNTIES,
    FARM,
    NO_WORK,
    PUPIL,
    VILLAGE,
    WORK_AWAY,
    Households,
    Persons,
    fixed,
)

# Draws of this mechanism, by index:
DEATH, BIRTH, SEX, LEFT_AT_HOME, WEDDING, FOUNDING, SETTLING = range(7)
# What somebody may take part in, and what is counted by county:
NO_ROLE, WIFE, HUSBAND, SINGLE = range(4)
BIRTHS, DEATHS, NEW_HOUSEHOLDS, SETTLED = range(4)
OLDEST = 111
"""Age, years, at which life tables end: nobody completes another year. No belief: of ten million not one is as old."""
ROUNDS = 8
"""Steps in which the level of a hazard settles."""
LEVEL_UNTIL, CENSUS, LIFE_KNOWN = 2017, 2020, 2018
"""Calendar years of the declared levels: `tfr_2016` holds until the first, `tfr_2020` and `life_2018` in theirs."""
FERTILE, AFTER_FERTILE = 15, 50
"""Ages, years, between which total fertility is defined: 15 to 49."""
PARITIES, SCHOOL_GROUPS, SETTINGS = 4, 6, 3
"""Sizes of the table of birth chances: children born up to three or more, schooling in groups, village, town and away."""
COLLEGE = 15
"""Completed years of schooling, those of the shortest college, with which a registration moves."""
NINE_YEARS = 9
"""Years of schooling, those of compulsory school, for which births and marriages are stated."""
YEARS_A_GROUP = 3
"""Years of schooling in a group."""
LAST_BAND = 3
"""Number of the last band of brides' ages; the ages that divide the bands are beliefs."""
WORD_BITS, HASH_BITS = 64, 58
"""Bits of a place in the line of wooers, and those of them that a hash fills."""
BYTES = 256
"""How many values an age can take."""
STRIDE = 1024
"""Persons whose draws are made before they are read: they stay at hand."""


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
    """Years by which the men's highest hazard comes later, and by which brides are looked for among younger women."""

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

    pool_from: float = belief(
        20.0, unit="years", within=(16.0, 30.0), prior=(18.0, 20.0, 22.0),
        source="assumed:ages at which most look for a match", status="assumed", whole=True,
    )  # fmt: skip
    """Least age of the unmarried who are counted in that number."""

    pool_until: float = belief(
        35.0, unit="years", within=(25.0, 60.0), prior=(32.0, 35.0, 40.0),
        source="assumed:ages at which most look for a match", status="assumed", whole=True,
    )  # fmt: skip
    """Age from which the unmarried are not counted in that number any more."""

    second_band: float = belief(
        25.0, unit="years", within=(18.0, 30.0), prior=(23.0, 25.0, 27.0),
        source="assumed:matches are looked for at like ages", status="assumed", whole=True,
    )  # fmt: skip
    """Age at which the second of four bands of brides begins; grooms stand `wed_gap` years lower, and who marries belongs to one band."""

    third_band: float = belief(
        30.0, unit="years", within=(25.0, 40.0), prior=(28.0, 30.0, 33.0),
        source="assumed:matches are looked for at like ages", status="assumed", whole=True,
    )  # fmt: skip
    """Age at which the third band of brides begins."""

    last_band: float = belief(
        40.0, unit="years", within=(30.0, 60.0), prior=(36.0, 40.0, 45.0),
        source="assumed:matches are looked for at like ages", status="assumed", whole=True,
    )  # fmt: skip
    """Age at which the last band of brides begins."""

    spouse_gap: float = belief(
        20.0, unit="years", within=(5.0, 40.0), prior=(10.0, 20.0, 30.0),
        source="assumed:couples are of like age", status="assumed", whole=True,
    )  # fmt: skip
    """Most years between wife and husband: no record says who is married to whom."""

    generation: float = belief(
        15.0, unit="years", within=(12.0, 25.0), prior=(14.0, 15.0, 18.0),
        source="assumed:least age of a mother", status="assumed", whole=True,
    )  # fmt: skip
    """Least years between parents and children: no record says who is whose child."""

    settles: float = belief(
        0.1, unit="1/year", within=(0.0, 1.0), prior=(0.03, 0.1, 0.25),
        source="assumed:half_of_graduates_move_it_before_they_marry", status="assumed",
    )  # fmt: skip
    """Chance a year that an unmarried person who works outside after college takes a registration there; land at home is a reason not to."""

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

    age_cut: float = cut(names=("Ages held", "年龄结构固定"), source="mechanisms:b7")
    """1 lets women bear, and the frail need care, as if ages were still those of 2020 (loop B7)."""


def tfr_in(year: int, p: DemographyParameters) -> float:
    """Total fertility of a year: level in 2016-17, straight to 2020, then a yearly fall down to a floor."""
    if year <= LEVEL_UNTIL:
        return p.tfr_2016
    if year <= CENSUS:
        return p.tfr_2016 + (p.tfr_2020 - p.tfr_2016) * (year - LEVEL_UNTIL) / (CENSUS - LEVEL_UNTIL)
    return max(p.tfr_2020 - p.tfr_fall * (year - CENSUS), min(p.tfr_floor, p.tfr_2020))


def mothers(persons: Persons, p: DemographyParameters) -> float:
    """Births a registered person at a total fertility of one, as ages alone make them."""
    ages = np.arange(FERTILE, AFTER_FERTILE)
    women = np.bincount(persons.age[persons.female == 1], minlength=AFTER_FERTILE)[FERTILE:AFTER_FERTILE]
    borne = np.array([birth_shape(float(age), float(NINE_YEARS), p.values) for age in ages])
    return float((women * borne).sum() / borne.sum() / persons.age.size)


def life_expectancy_in(year: int, p: DemographyParameters) -> float:
    """Life expectancy at birth of a year, both sexes."""
    return p.life_2018 + p.life_gain * (year - LIFE_KNOWN)


def death_chances(life: float, p: DemographyParameters, mortality: float = 1.0) -> np.ndarray:
    """Chance of dying within the year by sex (men, women) and age at its start, `OLDEST` and over 1.

    The level of each sex's hazard is found by Newton's steps in its log, so that a life table has the wanted expectancy.
    """
    chances = np.ones((2, BYTES))
    half_gap = p.life_gap / 2
    for sex, slope, wanted in ((0, p.slope_men, life - half_gap), (1, p.slope_women, life + half_gap)):
        _death_chances(slope, wanted, p.makeham, p.infant, mortality, chances[sex])
    return chances


@kernel
def _death_chances(slope, wanted, makeham, infant, mortality, chances):
    """Chances by age of one sex, whose life expectancy is `wanted`."""
    half, level = 1.0 / 2.0, slope * math.exp(-slope * wanted)
    rise = np.empty(OLDEST)
    for age in range(OLDEST):
        rise[age] = math.exp(slope * (age + half))
    for _ in range(ROUNDS):
        # Years lived, and how many of them a rise of the level's log by one would cost.
        lived, cost, hazard, aged = half, 0.0, 0.0, 0.0
        for age in range(OLDEST):
            aged += level * rise[age]
            hazard += level * rise[age] + makeham + (infant if age == 0 else 0.0)
            lived += math.exp(-hazard)
            cost += math.exp(-hazard) * aged
        level *= math.exp((lived - wanted) / cost)
    # Those aged x at the start are on average x + 1/2 and live through x + 1 in mid-year.
    for age in range(OLDEST):
        risk = level * math.exp(slope * half) * rise[age] + makeham + (infant if age == 0 else 0.0)
        chances[age] = 1.0 - math.exp(-mortality * risk)


@rule
def birth_shape(age, schooling, p):
    """What a woman's age and schooling make of her chance of a birth."""
    distance = (age - p.birth_age) / p.birth_spread
    return math.exp(-distance * distance / 2 + p.birth_schooling * (schooling - NINE_YEARS))


@rule
def birth_weight(parity, setting, p):
    """What a woman's children and setting (0 village, 1 town or city, 2 away) make of her chance of a birth."""
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
    return weight


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
            shape = birth_shape(float(FERTILE + age), schooling, p)
            for parity in range(PARITIES):
                for setting in range(SETTINGS):
                    weight[age, parity, group, setting] = birth_weight(parity, setting, p) * shape
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
def birth_cell(age, children, schooling, setting):
    """Entry of the table of birth chances for a married woman, by her age at the year's start."""
    parity = min(int(children), PARITIES - 1)
    group, where, years = school_group(schooling), birth_setting(setting), int(age) + 1 - FERTILE
    return ((years * PARITIES + parity) * SCHOOL_GROUPS + group) * SETTINGS + where


@rule
def spouse(i, low, high, age, female, married, fate, most):
    """Row of the living married member of the other sex nearest in age; -1 when none is within `most` years."""
    found, gap = -1, most + 1.0
    for j in range(low, high):
        if married[j] == 1 and female[j] != female[i] and fate[j] == STAYS:
            # Compiled, narrow unsigned numbers stay unsigned: the smaller is taken from the larger.
            apart = int(max(age[i], age[j])) - int(min(age[i], age[j]))
            if apart < gap:
                found, gap = j, float(apart)
    return found


def _roles(weds: np.ndarray, pool_from: float, pool_until: float) -> np.ndarray:
    """What a person of each sex, marriage and age at the year's start may take part in: u1 (2 * 2 * 256,)."""
    roles, years = np.zeros((2, 2, BYTES), np.uint8), np.arange(BYTES) + 1
    fertile = (years >= FERTILE) & (years < AFTER_FERTILE)
    wooed = np.zeros((2, BYTES), np.bool_)
    wooed[:, :OLDEST] = (weds > 0.0).any(axis=2)[:, 1 : OLDEST + 1]
    roles[1, 1, fertile] = WIFE
    roles[0, 1] = HUSBAND
    roles[:, 0][wooed | ((years >= pool_from) & (years < pool_until))] = SINGLE
    roles[1, 0, fertile] = SINGLE
    return roles.ravel()


@remembered
def _of_all_years(values: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Birth weights, wedding hazards and roles (see `_tables`, `_roles`): beliefs alone decide them."""
    weight = np.zeros((AFTER_FERTILE - FERTILE, PARITIES, SCHOOL_GROUPS, SETTINGS))
    weds = np.zeros((2, OLDEST + 2, SCHOOL_GROUPS))
    _tables(values, weight, weds)
    return fixed((weight, weds, _roles(weds, values.pool_from, values.pool_until)))


@kernel
def _look(number, age, female, married, dies, roles, luck, start, rows):
    """Who dies, and who may bear, found or wed: rows of persons by role in `rows` (4, n), and how many each.

    The columns are those of the block, its first person in row `start`. Nothing is asked of a person, so that the
    processor has nothing to guess: everybody gets a draw and a byte, and rows are kept by moving on or not.
    """
    draws = np.empty(STRIDE)
    dead, wives, husbands, singles = 0, 0, 0, 0
    for low in range(0, number.size, STRIDE):
        numbers, ages, sexes = number[low : low + STRIDE], age[low : low + STRIDE], female[low : low + STRIDE]
        weds = married[low : low + STRIDE]
        for k in range(numbers.size):
            draws[k] = uniform(luck, numbers[k], DEATH)
        for k in range(numbers.size):
            years, sex = np.uint32(ages[k]), np.uint32(sexes[k])
            row = start + low + k
            rows[0, dead] = row
            dead += draws[k] < dies[sex * np.uint32(BYTES) + years]
            role = roles[(sex * np.uint32(2) + np.uint32(weds[k])) * np.uint32(BYTES) + years]
            rows[1, wives] = row
            wives += role == WIFE
            rows[2, husbands] = row
            husbands += role == HUSBAND
            rows[3, singles] = row
            singles += role == SINGLE
    return dead, wives, husbands, singles


@kernel
def _draw(rows, number, luck, index, numbers, draws):
    """Draws of at most `STRIDE` persons: their numbers are collected first, so that draws are made many at a time."""
    for k in range(rows.size):
        numbers[k] = number[rows[k]]
    for k in range(rows.size):
        draws[k] = uniform(luck, numbers[k], index)


@kernel
def _willing(rows, number, found, luck):
    """Keep in `rows`, from the first on, the husbands who would found a household; returns how many."""
    many, numbers, draws = 0, np.empty(STRIDE, np.uint64), np.empty(STRIDE)
    for low in range(0, rows.size, STRIDE):
        some = rows[low : low + STRIDE]
        _draw(some, number, luck, FOUNDING, numbers, draws)
        for k in range(some.size):
            rows[many] = some[k]
            many += draws[k] < found
    return many


@kernel
def _count_wives(rows, people, cell, wives):
    """Count wives by what fertility depends on, and note for each the entry of the table."""
    for k in range(rows.size):
        i = rows[k]
        here = birth_cell(people.age[i], people.children[i], people.schooling[i], people.setting[i])
        cell[k] = here
        wives[here] += 1


@kernel
def _count_singles(rows, people, county, singles):
    """Count the unmarried by county, sex and age at the year's start."""
    for k in range(rows.size):
        i = rows[k]
        singles[county[people.household[i]], people.female[i], people.age[i]] += 1


@kernel
def _sort_out(people, low, high, dies, roles, found, luck, county, table, unmarried):
    """Of persons `low:high` the rows of those who die, may bear (and where their chance stands), found and wed."""
    rows = np.empty((4, high - low), np.uint32)
    dead, wives, husbands, singles = _look(
        people.number[low:high], people.age[low:high], people.female[low:high], people.married[low:high], dies, roles,
        luck, low, rows,
    )  # fmt: skip
    cell = np.empty(wives, np.uint16)
    _count_wives(rows[1, :wives], people, cell, table)
    _count_singles(rows[3, :singles], people, county, unmarried)
    willing = _willing(rows[2, :husbands], people.number, found, luck)
    return (
        rows[0, :dead].copy(),
        rows[1, :wives].copy(),
        cell,
        rows[2, :willing].copy(),
        rows[3, :singles].copy(),
    )


@kernel
def _die(rows, people, first, county, p, fate, married, counts):
    """The dead leave widows and widowers."""
    for k in range(rows.size):
        i = rows[k]
        fate[i] = DIES
        counts[DEATHS, county[people.household[i]]] += 1
    for k in range(rows.size):
        i = rows[k]
        if people.married[i] == 1:
            h = people.household[i]
            left = spouse(np.int64(i), np.int64(first[h]), np.int64(first[h + 1]), people.age, people.female, married,
                          fate, p.spouse_gap)  # fmt: skip
            if left >= 0:
                married[left] = 0


@kernel
def _settle(singles, people, county, settles, luck, fate, counts):
    """Graduates who work outside, of the unmarried of the ages of weddings, take their registration along."""
    for k in range(singles.size):
        i = singles[k]
        outside = (people.setting[i] == AWAY) & (people.work[i] != PUPIL) & (people.schooling[i] >= COLLEGE)
        if outside and fate[i] == STAYS and uniform(luck, people.number[i], SETTLING) < settles:
            fate[i] = SETTLES
            counts[SETTLED, county[people.household[i]]] += 1


@kernel
def _bear(rows, cell, people, county, bears, girl, at_home, luck, fate, birth, counts):
    """Wives who bear a child, and whether a mother who is away leaves it at home."""
    many, numbers, draws = 0, np.empty(STRIDE, np.uint64), np.empty(STRIDE)
    for low in range(0, rows.size, STRIDE):
        some = rows[low : low + STRIDE]
        _draw(some, people.number, luck, BIRTH, numbers, draws)
        for k in range(some.size):
            rows[many] = some[k]
            many += draws[k] < bears[cell[low + k]]
    for k in range(many):
        i = rows[k]
        if fate[i] == DIES:
            continue
        left = people.setting[i] == AWAY and uniform(luck, people.number[i], LEFT_AT_HOME) < at_home
        if uniform(luck, people.number[i], SEX) < girl:
            birth[i] = GIRL_AT_HOME if left else GIRL
        else:
            birth[i] = BOY_AT_HOME if left else BOY
        counts[BIRTHS, county[people.household[i]]] += 1


@kernel
def _woo(rows, people, county, weds, ratio, luck):
    """Keep in `rows`, from the first on, the unmarried who would wed, were they alive; returns how many."""
    many, numbers, draws = 0, np.empty(STRIDE, np.uint64), np.empty(STRIDE)
    for low in range(0, rows.size, STRIDE):
        some = rows[low : low + STRIDE]
        _draw(some, people.number, luck, WEDDING, numbers, draws)
        for k in range(some.size):
            i = some[k]
            sex = int(people.female[i])
            hazard = weds[sex, int(people.age[i]) + 1, school_group(people.schooling[i])]
            hazard *= ratio[county[people.household[i]], sex]
            rows[many] = i
            many += (draws[k] < hazard) & (people.work[i] != PUPIL)
    return many


@kernel
def _found(willing, people, first, county, found, p, luck, fate, married, founders, counts):
    """Couples who leave their parents, in the households of the husbands `willing`; returns how many."""
    number, age, female = people.number, people.age, people.female
    many, last = 0, -1
    for k in range(willing.size):
        h = int(people.household[willing[k]])
        if h == last:
            continue
        low, high, oldest = first[h], first[h + 1], 0
        if high - low <= 2:
            continue
        for i in range(low, high):
            oldest = max(oldest, int(age[i]) * (fate[i] != DIES))
        if oldest < int(age[willing[k]]) + p.generation:
            continue
        last = h
        for i in range(low, high):
            years = int(age[i])
            wife = female[i] == 1 and married[i] == 1 and fate[i] == STAYS
            if (
                not wife
                or years + 1 < p.found_from
                or years + 1 >= p.found_until
                or oldest < years + p.generation
            ):
                continue
            man = spouse(np.int64(i), np.int64(low), np.int64(high), age, female, married, fate, p.spouse_gap)
            if man < 0 or oldest < int(age[man]) + p.generation:
                continue
            if uniform(luck, number[man], FOUNDING) < found:
                fate[i], fate[man], founders[many] = FOUNDS, FOUNDS, man
                many += 1
                children = int(people.children[i])
                for j in range(low, high):
                    young = int(age[j]) + p.generation <= years and married[j] == 0 and fate[j] == STAYS
                    if children > 0 and young:
                        fate[j] = FOUNDS
                        children -= 1
                counts[NEW_HOUSEHOLDS, county[h]] += 1
                break
    return many


@kernel
def _befall(seen, people, first, county, start, stop, chances, girl, p, luck, fate, birth, married, counts):
    """What becomes of households `start:stop`: founders, and how many of `singles` would wed."""
    low, high = first[start], first[stop]
    married[low:high] = people.married[low:high]
    _die(seen.dead, people, first, county, p, fate, married, counts)
    _settle(seen.singles, people, county, p.settles, luck, fate, counts)
    _bear(
        seen.wives, seen.cell, people, county, chances.bears, girl, p.left_at_home, luck, fate, birth, counts
    )
    founders = np.empty(seen.willing.size, np.int64)
    many = _found(seen.willing, people, first, county, chances.found, p, luck, fate, married, founders, counts)  # fmt: skip
    return founders[:many].copy(), _woo(seen.singles, people, county, chances.weds, chances.ratio, luck)


class Wooers(NamedTuple):
    """Brides and grooms who look for a partner."""

    row: np.ndarray  # i8: of persons, rising
    line: (
        np.ndarray
    )  # u8: the place of each: county, age band, a hash of the number; the last bit is set for brides
    home: np.ndarray  # i4: rows of their households


@kernel
def _order(rows, people, county, fate, luck, p, wooers):
    """Those of `rows` who stay, and their places; returns how many. Neither the dead, nor who settles elsewhere, nor children taken along woo."""
    many = 0
    for k in range(rows.size):
        i = rows[k]
        female, home = np.uint64(people.female[i]), people.household[i]
        years = int(people.age[i]) + 1 - (0.0 if female == 1 else p.wed_gap)
        band = (years >= p.second_band) + (years >= p.third_band) + (years >= p.last_band)
        word = mix(np.uint64(luck) ^ mix(np.uint64(people.number[i])))
        group = np.uint64(int(county[home]) * (LAST_BAND + 1) + band)
        place = (group << np.uint64(HASH_BITS)) | (word >> np.uint64(WORD_BITS - HASH_BITS))
        wooers.row[many], wooers.home[many] = i, home
        wooers.line[many] = place >> np.uint64(1) << np.uint64(1) | female
        many += fate[i] == STAYS
    return many


def wooers_of(
    rows: np.ndarray, persons: Persons, county: np.ndarray, fate: np.ndarray, luck: np.uint64, p: DemographyParameters
) -> Wooers:  # fmt: skip
    """Those of `rows` (rising) who stay where they are, with their places in the line."""
    wooers = Wooers(
        np.empty(rows.size, np.int64), np.empty(rows.size, np.uint64), np.empty(rows.size, np.int32)
    )
    many = _order(rows, persons, county, fate, luck, p.values, wooers)
    return Wooers(*(column[:many].copy() for column in wooers))


@kernel
def _line_up(line, bits, order):
    """Positions in rising order of `line`, equal ones in rising order of position.

    Hashes spread evenly: sorted by their first bits, as many as there are people, few still stand wrong.
    """
    shift = np.uint64(WORD_BITS - bits)
    place = np.zeros((1 << bits) + 1, np.int64)
    for k in range(line.size):
        place[int(line[k] >> shift) + 1] += 1
    for b in range(1, place.size):
        place[b] += place[b - 1]
    for k in range(line.size):
        b = int(line[k] >> shift)
        order[place[b]] = k
        place[b] += 1
    for k in range(1, order.size):
        here, at = order[k], k
        while at > 0 and line[order[at - 1]] > line[here]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = here


@kernel
def _pair(wooers, order, waiting, bride):
    """Walk the line: a groom takes the bride who stands last before him in his county and band.

    `order` are positions in the line, and positions of brides wait in `waiting`; `bride` receives the bride's row at
    the position of her groom, and is -1 before. Returns how many pairs there are.
    """
    depth, pairs, group = 0, 0, np.uint64(0)
    for k in range(order.size):
        at = order[k]
        place = wooers.line[at]
        here = place >> np.uint64(HASH_BITS)
        if here != group:
            depth, group = 0, here
        if place & np.uint64(1):
            waiting[depth] = at
            depth += 1
        elif depth > 0 and wooers.home[waiting[depth - 1]] != wooers.home[at]:
            depth -= 1
            bride[at] = wooers.row[waiting[depth]]
            pairs += 1
    return pairs


@kernel
def _couples(rows, bride, number, household, brides, grooms):
    """Pairs in order of the grooms' households, then of the brides' numbers; `rows` rise."""
    pairs = 0
    for k in range(rows.size):
        if bride[k] < 0:
            continue
        at, groom = pairs, rows[k]
        while (
            at > 0
            and household[grooms[at - 1]] == household[groom]
            and number[brides[at - 1]] > number[bride[k]]
        ):
            brides[at], grooms[at] = brides[at - 1], grooms[at - 1]
            at -= 1
        brides[at], grooms[at] = bride[k], groom
        pairs += 1


@rule
def bride_home(place, setting, work, groom_place, groom_setting, county, in_town):
    """Where a bride lives and what she does: she joins her groom.

    A bride of a groom who is away waits at his home (`county`, `in_town`); when both are away they stay away.
    """
    both_away = setting == AWAY and groom_setting == AWAY
    if both_away:
        return place, setting, work
    to, where = groom_place, groom_setting
    if groom_setting == AWAY:
        to, where = county, home_setting(county, in_town)
    stops = setting == AWAY or work == WORK_AWAY or to != place or (work == FARM and where != VILLAGE)
    return to, where, NO_WORK if stops else work


@kernel
def _bride_homes(brides, grooms, people, county, in_town, place, setting, work):
    for k in range(brides.size):
        i, j = brides[k], grooms[k]
        h = people.household[j]
        place[k], setting[k], work[k] = bride_home(
            int(people.place[i]), int(people.setting[i]), int(people.work[i]), int(people.place[j]),
            int(people.setting[j]), int(county[h]), int(in_town[h]),
        )  # fmt: skip


class Weddings(NamedTuple):
    """Who marries whom and where the bride then lives; rows of persons and their codes."""

    brides: np.ndarray
    grooms: np.ndarray
    place: np.ndarray
    setting: np.ndarray
    work: np.ndarray


def _wed(persons: Persons, households: Households, wooers: Wooers) -> Weddings:
    """Pair the brides and grooms."""
    size = wooers.row.size
    bride, (order, waiting) = np.full(size, -1, np.int64), np.empty((2, size), np.int64)
    _line_up(wooers.line, size.bit_length() + 1, order)
    pairs = _pair(wooers, order, waiting, bride)
    brides, grooms = np.empty(pairs, np.int64), np.empty(pairs, np.int64)
    _couples(wooers.row, bride, persons.number, persons.household, brides, grooms)
    place, setting, work = np.empty((3, pairs), np.uint8)
    _bride_homes(brides, grooms, persons, households.county, households.in_town, place, setting, work)
    return Weddings(brides, grooms, place, setting, work)


def birth_chances(weight: np.ndarray, wives: np.ndarray, women: np.ndarray, tfr: float) -> np.ndarray:
    """Chances of a birth whose sum over ages, among all `women` of an age, is the year's total fertility.

    `weight` and the counts `wives` are by age, parity, schooling group and setting, `women` by age.
    """
    fertility = ((weight * wives).sum(axis=(1, 2, 3)) / np.maximum(women, 1)).sum()
    return np.minimum(weight * (tfr / fertility if fertility > 0 else 0.0), 1.0)


class _Seen(NamedTuple):
    """Rows of a block's persons by what may happen to them, and counts of wives and of the unmarried."""

    dead: np.ndarray  # u4
    wives: np.ndarray  # u4
    cell: np.ndarray  # u2: entry of `table` of each wife
    willing: np.ndarray  # u4: husbands who would found a household
    singles: np.ndarray  # u4
    table: np.ndarray  # i8: wives by age, parity, schooling group and setting
    unmarried: np.ndarray  # i8 (7, 2, 256): by county, sex and age


def _seen(persons: Persons, first: np.ndarray, county: np.ndarray, dies: np.ndarray, roles: np.ndarray, found: float,
          luck: np.uint64, start: int, stop: int) -> _Seen:  # fmt: skip
    low, high = int(first[start]), int(first[stop])
    table = np.zeros((AFTER_FERTILE - FERTILE) * PARITIES * SCHOOL_GROUPS * SETTINGS, np.int64)
    unmarried = np.zeros((len(COUNTIES), 2, BYTES), np.int64)
    dead, wives, cell, willing, singles = _sort_out(
        persons, low, high, dies, roles, found, luck, county, table, unmarried
    )
    return _Seen(dead, wives, cell, willing, singles, table, unmarried)


class Chances(NamedTuple):
    """The year's chances, by what they depend on."""

    dies: np.ndarray  # f8 (2 * 256,): by sex and age at the year's start
    bears: np.ndarray  # f8: by `birth_cell`
    weds: np.ndarray  # f8 (2, 113, 6): by sex, age completed and schooling, before `ratio`
    ratio: np.ndarray  # f8 (7, 2): by county and sex
    found: float  # of a couple with parents in its household


def _counted(
    persons: Persons, households: Households, p: DemographyParameters, luck: np.uint64, *, year: int, tfr: float,
    mortality: float, pension: float,
) -> tuple[list[_Seen], Chances]:  # fmt: skip
    """Who may take part in what, and the chances that follow from how many they are."""
    first, county = households.first, households.county
    dies = death_chances(life_expectancy_in(year, p), p, mortality).ravel()
    weight, weds, roles = _of_all_years(p.values)
    found = min(p.found * pension**p.found_pension, 1.0)
    looked = over(
        households.number.size, lambda a, b: _seen(persons, first, county, dies, roles, found, luck, a, b)
    )
    wives = added_up([seen.table for seen in looked]).reshape(weight.shape)
    singles = added_up([seen.unmarried for seen in looked])
    women = singles[:, 1, FERTILE - 1 : AFTER_FERTILE - 1].sum(axis=0) + wives.sum(axis=(1, 2, 3))
    pool = singles[:, :, int(p.pool_from) - 1 : int(p.pool_until) - 1].sum(axis=2)
    # Only women's hazards follow the pool; by county and sex.
    ratio = np.ones((len(COUNTIES), 2))
    ratio[:, 1] = (np.maximum(pool[:, 0], 1) / np.maximum(pool[:, 1], 1)) ** p.wed_pool
    return looked, Chances(dies, birth_chances(weight, wives, women, tfr).ravel(), weds, ratio, found)


def chances(
    persons: Persons, households: Households, p: DemographyParameters, *, seed: int, year: int, tfr: float,
    mortality: float = 1.0, pension: float = 1.0,
) -> Chances:  # fmt: skip
    """The chances that `live` holds the year's draws against."""
    luck = key(seed, year, "demography")
    return _counted(persons, households, p, luck, year=year, tfr=tfr, mortality=mortality, pension=pension)[1]


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
    """Decide the year's deaths, births, weddings, new households and moves of registration on the rows of 31 December before.

    `mortality` multiplies every hazard of death; `pension` is the real basic pension against the start's.
    """
    count, size, counties = persons.number.size, households.number.size, len(COUNTIES)
    first, county = households.first, households.county
    luck = key(seed, year, "demography")
    looked, chances = _counted(
        persons, households, p, luck, year=year, tfr=tfr, mortality=mortality, pension=pension
    )
    fate, birth = np.zeros(count, np.uint8), np.zeros(count, np.uint8)
    married, girl = np.empty(count, np.uint8), 1 / (1 + p.sex_ratio)

    def draw(a: int, b: int) -> tuple[np.ndarray, np.ndarray, Wooers]:
        seen, counts = looked[a // block(size)], np.zeros((SETTLED + 1, counties), np.int64)
        founders, woo = _befall(seen, persons, first, county, a, b, chances, girl, p.values, luck, fate, birth, married,
                                counts)  # fmt: skip
        return counts, founders, wooers_of(seen.singles[:woo], persons, county, fate, luck, p)

    drawn = over(size, draw)
    births, deaths, founded, settled = added_up([counts for counts, _, _ in drawn])
    founders = np.concatenate([rows for _, rows, _ in drawn])
    wooers = Wooers(*(np.concatenate(column) for column in zip(*(woo for _, _, woo in drawn), strict=True)))
    weddings = _wed(persons, households, wooers)
    fate[weddings.brides] = WEDS_OUT
    married[weddings.brides] = 1
    married[weddings.grooms] = 1
    wed = np.bincount(county[persons.household[weddings.grooms]], minlength=counties)
    return Heads(year, fate, birth, married, founders, *weddings, births, deaths, wed, founded, settled)
