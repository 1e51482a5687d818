"""Payments for nature: between upstream and downstream, from the province, for forest and for carbon.

A section's payment follows its class against the agreed one, and within the class its pollutant index,

    payment = rate * [ agreed - class + min(cap, max(-cap, step * 100 * (1 - index))) ]
    index   = mean over COD and ammonia of concentration / limit of the agreed class

so that a county whose water is worse pays. The part `exit_share` of the rate is judged at the last section, where
the Wei leaves the prefecture, and goes to the city; the rest is judged at each county's own section. The province's
award goes to each county whose section stands at the standard. Public-welfare forest pays by area, to the households
that own it together and for its upkeep. Carbon credits pay for uptake of certified stands planted since the start:

    credit = price * 44 / 12 * certified share * additional * tonnes of carbon

which is small by construction: 10,000 ha at 5 tCO2 a hectare and 35 yuan are 1.75 million yuan a year.

Works answer what a tonne of COD costs at the margin: the levy, and what governments make them feel of their payments, the
part `answer`, by permits and orders. A county's hang on its section; the city's on the last one, so it has works treat in
every county, by what of a tonne arrives there. Both reckon with the index and, unlike a factory, with the step from class to
class: where COD is what keeps a section in its class, a year's luck spread by `index_spread` takes it over the limit or not,

    a tonne's worth = rate / load of the section * [ step * 100 * (COD / limit) / 2 * chance to be within the cap
                                                     + sum over limits of density(ln(limit / COD)) ]

Marginal cost rises with what is abated,
cost(a) = -abate_cost * ln(1 - a), so that

    a = 1 - exp(-incentive / abate_cost),     paid for it = abate_cost * load * (a + (1 - a) ln(1 - a))

(loop B6), which works buy as plant, beside what adds to their capital. The index of a year is not known when works decide: they count a tonne at the chance that the index, spread by
`index_spread` about that of the year before, stays within its cap, so that abating ends little by little and not at
once where water is far better or worse than agreed. The levy's revenue returns to the works by value added: it moves the margin and no money.

Left out: the award's test of a fall from year to year (one 31 December does not show it), correction of a section
for the water it receives, tourism on clean rivers. Closures: works of food and medicine make half a million yuan of value
added with a tonne of COD, whose taxes are some twenty times what a tonne's payment comes to, so a government that counts
its money has them treat and closes none but the dirtiest few in a hundred; one that is ordered to close is another policy.
"""

import math
from typing import NamedTuple

import numpy as np
from scipy.special import xlogy

from tianshui import sums
from tianshui.compiled import kernel, rule
from tianshui.declare import Parameters, belief, cut, lever, outside
from tianshui.state import CELLS_PER_MU, CITY_BUDGET, COUNTIES

LIMITS = {2: (15.0, 0.5), 3: (20.0, 1.0), 4: (30.0, 1.5)}
"""Upper limits of classes II to IV of GB 3838-2002 in mg/l: COD, ammonia nitrogen."""
CLASSES = np.array(list(LIMITS.values()))
"""The same as an array, f8 (3, 2): whoever passes one is a class worse."""
COD, AMMONIA = 0, 1
TINY = np.finfo(np.float64).tiny
EXIT = COUNTIES.index("maiji")
"""The reach whose lower section the Wei passes when it leaves."""
CO2_PER_CARBON = 44.0 / 12.0
PERCENT = 100.0


class CompensationParameters(Parameters):
    """Numbers of the payments for nature."""

    horizontal: float = lever(
        0.0, unit="yuan/class/year", within=(0.0, 2e8), names=("Payment a class of river water", "流域横向补偿每级标准"),
        who="nation", where="one", cost=None, group="ecology", measure="M27",
        source="xinhua_2011:3_million_to_tianshui", status="found", paid_by=(1.0, 0.0),
    )  # fmt: skip
    """Payment between provinces and prefectures for a class better or worse than agreed, all sections together. The
    first one on the Wei was 3 million yuan, once; later pacts on the Yellow River pay 60 million a class."""

    award: float = lever(
        0.0, unit="yuan/county/year", within=(0.0, 1e7), names=("Provincial award for clean sections", "省级流域补偿奖励"),
        who="province", where="one", cost=None, group="ecology", measure="M27",
        source="tianshui_ecology_bureau_2025:10.74_million_won", status="derived", paid_by=(1.0, 0.0),
    )  # fmt: skip
    """Award of the province to a county whose section stands at the standard (610,000 a county and year so far)."""

    pubforest: float = lever(
        0.0, unit="yuan/mu/year", within=(0.0, 40.0), names=("Public-welfare forest payment", "公益林补偿标准"),
        who="nation", where="one", cost=None, group="ecology", measure="M25", source="finance_rules:15_then_16",
        status="recalled", paid_by=(1.0, 0.0), buys="households",
    )  # fmt: skip
    """Yearly payment for a mu of public-welfare forest in collective or private hands."""

    sink: float = lever(
        0.0, unit="share", within=(0.0, 1.0), names=("Young stands certified as sinks", "林业碳汇核证比例"), who="county",
        where="county", cost=None, group="ecology", measure="M27", source="assumed:none_so_far", status="assumed",
    )  # fmt: skip
    """Part of the stands planted since 2016 whose carbon is certified and sold; the price is net of its costs."""

    levy: float = lever(
        0.0, unit="yuan/t", within=(0.0, 20000.0), names=("Levy on works' waste water beyond the usual", "工业废水加征"),
        who="province", where="one", cost=None, group="ecology", measure="M24", source="assumed:tax_act_allows_more",
        status="assumed", paid_by=(0.0, 1.0),
    )  # fmt: skip
    """Charge for a tonne of COD above the usual rate of the environmental tax."""

    agreed_class: float = belief(
        3.0, unit="class", within=(2.0, 4.0), prior=(3.0, 3.0, 3.0), source="gansu_pacts:standard_of_sections",
        status="assumed",
    )  # fmt: skip
    """Class at which nobody pays; the pact with Ningxia on the main river agreed on II, the Wei's standard is III."""

    index_step: float = belief(
        0.0167, unit="class per 1 %", within=(0.0, 0.1), prior=(0.005, 0.0167, 0.03),
        source="xinhua_2021_05_10:1_million_per_percent_of_60", status="found",
    )  # fmt: skip
    """Worth of a per cent of the pollutant index against that of a class."""

    index_cap: float = belief(
        0.67, unit="class", within=(0.0, 2.0), prior=(0.4, 0.67, 1.0), source="xinhua_2021_05_10:cap_40_of_60",
        status="found",
    )  # fmt: skip
    """Most that the index moves a payment, against a class."""

    index_spread: float = belief(
        0.15, unit="ratio", within=(0.0, 1.0), prior=(0.08, 0.15, 0.3), source="assumed:wet_and_dry_years",
        status="assumed",
    )  # fmt: skip
    """Spread of the pollutant index about that of the year before, which nobody foresees."""

    exit_share: float = belief(
        0.5,
        unit="share",
        within=(0.0, 1.0),
        prior=(0.3, 0.5, 0.8),
        source="assumed:half_to_the_city",
        status="assumed",
    )
    """Part of the payment judged where the Wei leaves the prefecture."""

    collective_share: float = belief(
        0.3, unit="share", within=(0.0, 0.9), prior=(0.2, 0.3, 0.45), source="assumed:state_forest_in_the_east",
        status="assumed",
    )  # fmt: skip
    """Forest that is public-welfare forest in collective or private hands."""

    household_part: float = belief(
        0.8,
        unit="share",
        within=(0.0, 1.0),
        prior=(0.7, 0.8, 0.95),
        source="pingli_county:13_of_16",
        status="found",
    )
    """Part of the forest payment that reaches households; the rest pays upkeep."""

    p_sink: float = belief(
        35.0, unit="yuan/tCO2", within=(0.0, 150.0), prior=(10.0, 35.0, 70.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """What the owner of a sink receives, costs paid."""

    additional: float = belief(
        0.5,
        unit="share",
        within=(0.0, 1.0),
        prior=(0.3, 0.5, 0.8),
        source="assumed:methods_of_2023",
        status="assumed",
    )
    """Part of young stands that would not stand anyway and meets the rules."""

    sink_from: float = outside(
        2024.0, unit="year", within=(2017.0, 2036.0), prior=(2024.0, 2024.0, 2024.0),
        source="national_rules:frozen_2017_2024", status="recalled",
    )  # fmt: skip
    """First year in which forest credits are issued again."""

    answer: float = belief(
        0.8,
        unit="share",
        within=(0.0, 1.0),
        prior=(0.4, 0.8, 1.0),
        source="assumed:county_hands_on",
        status="assumed",
    )
    """Part of a tonne's worth to the budgets of county and city that works are made to feel."""

    abate_cost: float = belief(
        6000.0, unit="yuan/t", within=(500.0, 50000.0), prior=(3000.0, 6000.0, 12000.0),
        source="assumed:6_yuan_a_kg_of_cod", status="assumed",
    )  # fmt: skip
    """Scale of the marginal cost of abating COD at works: at it, 63 % are abated."""

    penalty_cut: float = cut(names=("Works deaf to penalties", "企业不响应奖惩"), source="mechanisms:b6")
    """1 leaves the waste water of works at its usual intensity (loop B6)."""

    class_cut: float = cut(names=("Payments blind to water", "补偿与水质脱钩"), source="mechanisms:r7")
    """1 pays nothing by class, index or standard (loop R7)."""


class Compensation(NamedTuple):
    """What is paid for nature in a year, yuan."""

    budget: np.ndarray  # f8 (8,): into the counties' budgets and the city's: horizontal + award + carbon
    horizontal: np.ndarray  # f8 (8,): negative where water is worse than agreed
    award: np.ndarray  # f8 (7,)
    carbon: np.ndarray  # f8 (7,): credits sold
    forest_rate: np.ndarray  # f8 (7,): yuan paid for a mu of forest that is paid for
    forest_households: np.ndarray  # f8 (7,): to households
    forest_upkeep: np.ndarray  # f8 (7,): spent on upkeep


def _limits(p: CompensationParameters) -> tuple[float, float]:
    return LIMITS[round(p.agreed_class)]


@rule
def _by_index(cod, ammonia, limits, p):
    """Classes by which a section beats the limits of the agreed one by its index, before any cap."""
    index = (cod / limits[COD] + ammonia / limits[AMMONIA]) / 2.0
    return p.index_step * PERCENT * (1.0 - index)


@kernel
def _steps(classes, concentration, limits, p, steps):
    """Classes by which each section beats the agreed one, its index counted in."""
    for section in range(steps.size):
        by_index = _by_index(concentration[section, COD], concentration[section, AMMONIA], limits, p)
        capped = min(max(by_index, -p.index_cap), p.index_cap)
        steps[section] = round(p.agreed_class) - classes[section] + capped


def paid_forest(forest: np.ndarray, p: CompensationParameters) -> np.ndarray:
    """Forest that is paid for, mu (f8, 7), of the cells of forest apart from converted cropland (i8, 7 x ages)."""
    return p.collective_share * forest.sum(axis=1) / CELLS_PER_MU


def forest_ask(forest: np.ndarray, rate: float, p: CompensationParameters) -> np.ndarray:
    """Money that a payment of `rate` yuan a mu takes in each county, yuan (f8, 7)."""
    return rate * paid_forest(forest, p)


def carbon_credit(carbon: np.ndarray, certified: np.ndarray | float, p: CompensationParameters) -> np.ndarray:
    """Yuan for tonnes of carbon taken up by young stands, of which a share is certified."""
    return p.p_sink * CO2_PER_CARBON * certified * p.additional * carbon


def pay(
    classes: np.ndarray,
    concentration: np.ndarray,
    forest: np.ndarray,
    young_uptake: np.ndarray,
    *,
    horizontal: float,
    award: float,
    forest_granted: np.ndarray,
    certified: np.ndarray,
    p: CompensationParameters,
    year: int,
    share: float = 1.0,
) -> Compensation:
    """What is paid in `year` on what 31 December before shows.

    `classes` (i8, 7) and `concentration` (f8, 7 x 2) are those of the sections, `forest` i8 (7, ages) cells,
    `young_uptake` tonnes of carbon (f8, 7) of stands planted since the start, `forest_granted` yuan (f8, 7) of the
    forest payment. `share` is that of the world: rates a class and a county are those of the whole prefecture.
    """
    paid = to_budgets(
        classes, concentration, young_uptake, horizontal=horizontal, award=award, certified=certified, p=p, year=year,
        share=share,
    )  # fmt: skip
    return with_forest(paid, forest, forest_granted, p)


def to_budgets(
    classes: np.ndarray, concentration: np.ndarray, young_uptake: np.ndarray, *, horizontal: float, award: float,
    certified: np.ndarray, p: CompensationParameters, year: int, share: float = 1.0,
) -> Compensation:  # fmt: skip
    """What is paid in `year` for water and carbon, as `pay` has it; nothing for forest."""
    sections, acting = len(COUNTIES), 0.0 if p.class_cut else share
    steps, across = np.empty(sections), np.empty(sections + 1)
    _steps(classes, concentration, _limits(p), p.values, steps)
    across[:CITY_BUDGET] = acting * horizontal * (1.0 - p.exit_share) * steps / sections
    across[CITY_BUDGET] = acting * horizontal * p.exit_share * steps[EXIT]
    across += 0.0  # Nothing paid is plain zero, never minus zero, whatever the class.
    awards = (classes <= round(p.agreed_class)) * (acting * award)
    carbon = carbon_credit(young_uptake, certified, p) * (year >= p.sink_from)
    budget = across.copy()
    budget[:CITY_BUDGET] += awards + carbon
    none = np.zeros(sections)
    return Compensation(budget, across, awards, carbon, none, none, none)


def with_forest(
    paid: Compensation, forest: np.ndarray, granted: np.ndarray, p: CompensationParameters
) -> Compensation:
    """The same with the forest payment `granted` (yuan, f8, 7); `forest` is i8 (7, ages) cells."""
    households = p.household_part * granted
    rate = granted / np.maximum(paid_forest(forest, p), 1.0)
    return paid._replace(forest_rate=rate, forest_households=households, forest_upkeep=granted - households)


def a_household(money: np.ndarray, county: np.ndarray, farm_hukou: np.ndarray) -> np.ndarray:
    """Money of each county (f8, 7) for each of its agricultural households (f8, 7); nobody's where there is none.

    Collective forest belongs to all of them in equal parts.
    """
    return money / np.maximum(sums.by_county(county, farm_hukou), 1.0)


def to_households(money: np.ndarray, county: np.ndarray, farm_hukou: np.ndarray) -> np.ndarray:
    """Money of each county (f8, 7) as each of its households receives it (f8, H)."""
    return a_household(money, county, farm_hukou)[county] * farm_hukou


def within_cap(steps: np.ndarray, p: CompensationParameters) -> np.ndarray:
    """Chance that the index of a year moves the payment, when that of the year before came to `steps` classes (f8, 7)."""
    return np.array([_within_cap(step, p.values) for step in steps.tolist()])


@rule
def _within_cap(step, p):
    spread = math.sqrt(2.0) * p.index_step * PERCENT * p.index_spread
    if spread == 0.0:
        return 1.0 if abs(step) < p.index_cap else 0.0
    return (math.erf((p.index_cap - step) / spread) + math.erf((p.index_cap + step) / spread)) / 2.0


@rule
def _next_class(cod, ammonia, p):
    """Classes that a section is expected to gain with the log of its COD, by the luck of a year; none where ammonia binds."""
    slope, spread = 0.0, p.index_spread
    if spread == 0.0 or cod <= 0.0:
        return slope
    for place in range(CLASSES.shape[0]):
        most_cod, most_ammonia = CLASSES[place, COD], CLASSES[place, AMMONIA]
        if cod / most_cod >= ammonia / most_ammonia:
            far = math.log(most_cod / cod) / spread
            slope += math.exp(-far * far / 2.0) / math.sqrt(2.0 * math.pi) / spread
    return slope


@rule
def _a_tonne(cod, ammonia, load, limits, p):
    """Classes that a section is expected to gain when a tonne of COD less enters its reach."""
    step = _by_index(cod, ammonia, limits, p)
    by_index = p.index_step * PERCENT * cod / limits[COD] / 2.0 * _within_cap(step, p)
    return (by_index + _next_class(cod, ammonia, p)) / max(load, TINY)


@kernel
def _worth(concentration, load, limits, rate, rate_exit, arriving, p, worth):
    last = _a_tonne(concentration[EXIT, COD], concentration[EXIT, AMMONIA], load[EXIT], limits, p)
    for county in range(load.size):
        cod, ammonia = concentration[county, COD], concentration[county, AMMONIA]
        own = _a_tonne(cod, ammonia, load[county], limits, p)
        worth[county] = rate * own + rate_exit * arriving[county] * last


def worth_of_a_tonne(
    concentration: np.ndarray, load: np.ndarray, *, horizontal: float, arriving: np.ndarray, p: CompensationParameters,
    share: float = 1.0,
) -> np.ndarray:  # fmt: skip
    """What the payments of county and city gain when a tonne of COD less enters a county's reach, yuan/t (f8, 7).

    `load` is tonnes of COD a year into each reach and `arriving` the part of a tonne that gets from it into the last one
    (f8, 7 each).
    """
    worth = np.zeros(len(COUNTIES))
    if not p.class_cut:
        rate = share * horizontal * (1.0 - p.exit_share) / len(COUNTIES)
        at_exit = share * horizontal * p.exit_share
        _worth(concentration, load, _limits(p), rate, at_exit, arriving, p.values, worth)
    return worth


def abatement(
    concentration: np.ndarray,
    load: np.ndarray,
    *,
    horizontal: float,
    levy: float,
    arriving: np.ndarray,
    cpi: float,
    p: CompensationParameters,
    share: float = 1.0,
) -> np.ndarray:
    """Part of works' waste water abated beyond the usual in each county (f8, 7), from 0 to below 1."""
    if p.penalty_cut:
        return np.zeros(len(COUNTIES))
    worth = worth_of_a_tonne(concentration, load, horizontal=horizontal, arriving=arriving, p=p, share=share)
    return -np.expm1(-(levy + p.answer * worth) / (cpi * p.abate_cost))


def abating(part: np.ndarray, load: np.ndarray, *, cpi: float, p: CompensationParameters) -> np.ndarray:
    """What works pay to abate a part of their waste water (f8, 7) beyond the usual `load` (f8, tonnes of COD a year, of the
    same shape), yuan: the marginal cost summed up to that part.
    """
    # Where all is abated nothing is left: 0 ln 0 is 0.
    return cpi * p.abate_cost * load * (part + xlogy(1.0 - part, 1.0 - part))
