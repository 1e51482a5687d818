"""The world outside: the nation's growth, prices, wages away, weather. Nobody here decides any of it.

Published years are read from the evidence table; what follows them is a path,

    growth_t   = growth - growth_fall * (t - 2025) + shock_t,    a floor of nought below no path

(before that: of the nation and, for the part `near_market`, of the province),

    price_t    = price_(t-1) * (1 + inflation)
    wage_t     = wage_(t-1) * (1 + migrant_wage_growth)      of those who work away
    unit_t     = unit_(t-1) * (1 + unit_wage_growth)          of those whom units employ

Weather and the deviations of farm prices are drawn each year by county or for the whole region: a drought
or a frost strikes a part of each county, and parts of neighbours rise together (`drought_together`); a frost is as severe
as a draw of the year in [0, 1] says (of four damaging ones in eleven years one was severe); log prices of apples and
potatoes return to their trend by `price_return` a year and hogs follow a cycle of four to five years.

One index stands for all prices: the levels of 2015 were carried back from 2019 with Gansu's consumer prices, so that
only the same index returns the published real levels. The national deflator (which leaps with coal and steel in 2017
and 2021) was rejected.

Left out: separate paths of provinces and of destinations, exchange rates, interest rates of the nation; a
growth shock after the published years is one draw a year for the whole nation.
"""

import math
from functools import cache, lru_cache
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from tianshui import draws
from tianshui.compiled import kernel
from tianshui.declare import Parameters, belief, outside
from tianshui.draws import normal
from tianshui.evidence import table
from tianshui.state import COUNTIES, SECTORS, Markets

START, PATH_FROM, MONTHS, HUNDRED = 2015, 2025, 12.0, 100.0
"""Calendar years at whose end the model starts and from which declared growth begins to fall; months; per cent."""
BASE_YEAR = 2019
"""Year whose prices the farm's numbers are stated in."""
DRAW_DROUGHT, DRAW_FROST, DRAW_APPLE, DRAW_POTATO, DRAW_GROWTH, DRAW_SEVERITY = range(6)
MEAN_SEVERITY = 0.5
"""A frost's damage against that of a severe one, of frosts at large: each takes anything up to it, all alike likely."""
REGION = 100
"""Number of the region in draws common to all counties."""
KEPT = 4096
"""How many levels of years and growths are kept at hand."""
BELL = NormalDist()

TOURISM = SECTORS.index("tourism")


class OutsideParameters(Parameters):
    """Paths and chances of the world outside."""

    gdp_growth: float = outside(
        0.045, unit="1/year", within=(-0.05, 0.12), prior=(0.036, 0.045, 0.052), source="assumed:forecasts_of_2024_25",
        status="assumed",
    )  # fmt: skip
    """Real growth of the nation in 2025."""

    growth_fall: float = outside(
        0.0012, unit="1/year/year", within=(-0.005, 0.01), prior=(0.0005, 0.0012, 0.002),
        source="assumed:slowing_with_age_and_level", status="assumed",
    )  # fmt: skip
    """Yearly fall of the nation's growth after 2025."""

    near_market: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.7), source="assumed:half_is_sold_in_the_province",
        status="assumed",
    )  # fmt: skip
    """Part of what is sold beyond the county that follows the province's growth; the rest follows the nation's."""

    visitor_growth: float = outside(
        0.0, unit="1/year", within=(-0.9, 2.0), prior=(0.0, 0.0, 0.0), source="assumed:no_boom_and_no_bust",
        status="assumed",
    )  # fmt: skip
    """Growth of what visitors from outside spend beyond the usual: a boom or a bust that a scenario sets."""

    growth_spread: float = outside(
        0.008, unit="1/year", within=(0.0, 0.05), prior=(0.004, 0.008, 0.015), source="derived:published_years",
        status="derived",
    )  # fmt: skip
    """Standard deviation of the nation's growth around its path, from 2025."""

    inflation: float = outside(
        0.012, unit="1/year", within=(-0.03, 0.15), prior=(0.005, 0.012, 0.02), source="assumed:below_2016_20",
        status="assumed",
    )  # fmt: skip
    """Growth of consumer prices after the published years."""

    migrant_wage_growth: float = outside(
        0.045, unit="1/year", within=(-0.1, 0.2), prior=(0.03, 0.045, 0.06), source="nbs_migrant_monitoring:2017_22",
        status="derived",
    )  # fmt: skip
    """Growth of the monthly wage of those who work away, after the published years."""

    unit_wage_growth: float = outside(
        0.05, unit="1/year", within=(-0.1, 0.2), prior=(0.035, 0.05, 0.065), source="nbs_unit_wages:2018_22",
        status="assumed",
    )  # fmt: skip
    """Growth of the nation's wage in units (public service, registered firms) after the published years."""

    line_growth: float = outside(
        0.04, unit="1/year", within=(-0.05, 0.2), prior=(0.015, 0.04, 0.06), source="assumed:monitoring_line_2020_23",
        status="assumed",
    )  # fmt: skip
    """Growth of the poverty line after 2020."""

    pension_growth: float = outside(
        0.05, unit="1/year", within=(-0.05, 0.2), prior=(0.03, 0.05, 0.08), source="assumed:steps_of_2018_21",
        status="assumed",
    )  # fmt: skip
    """Growth of the basic resident pension after the published years."""

    p_drought: float = outside(
        0.3, unit="1/year", within=(0.0, 1.0), prior=(0.18, 0.3, 0.39), source="yao_2014:droughts_of_wheat_areas",
        status="found",
    )  # fmt: skip
    """Chance of a drought year in a county."""

    p_frost: float = outside(
        0.22, unit="1/year", within=(0.0, 1.0), prior=(0.1, 0.22, 0.36), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Chance of a damaging spring frost in a county."""

    within: float = belief(
        0.6,
        unit="correlation",
        within=(0.0, 0.99),
        prior=(0.4, 0.6, 0.8),
        source="mechanisms:1_3",
        status="assumed",
    )
    """Correlation of the weather of two villages of a county."""

    drought_together: float = belief(
        0.5, unit="correlation", within=(0.0, 0.99), prior=(0.3, 0.5, 0.8), source="assumed:counties_of_one_valley",
        status="assumed",
    )  # fmt: skip
    """Correlation of the weather of two counties."""

    sd_p_apple: float = outside(
        0.22, unit="log", within=(0.0, 1.0), prior=(0.12, 0.22, 0.35), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Standard deviation of the log apple price around its trend, supply of the region apart."""

    sd_p_potato: float = outside(
        0.3, unit="log", within=(0.0, 1.0), prior=(0.2, 0.3, 0.45), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Standard deviation of the log potato price around its trend."""

    price_return: float = belief(
        0.6, unit="1/year", within=(0.05, 1.0), prior=(0.4, 0.6, 0.9), source="assumed:a_good_year_fades",
        status="assumed",
    )  # fmt: skip
    """Part of a price's deviation from trend that is gone after a year."""

    m_cattle: float = outside(
        2000.0, unit="yuan/head", within=(-2000.0, 8000.0), prior=(800.0, 2000.0, 3500.0),
        source="expert_range:parameters", status="assumed",
    )  # fmt: skip
    """Margin of a head of cattle, at 2019 prices."""

    m_sheep: float = outside(
        180.0, unit="yuan/head", within=(-300.0, 1500.0), prior=(60.0, 180.0, 350.0),
        source="expert_range:parameters", status="assumed",
    )  # fmt: skip
    """Margin of a sheep, at 2019 prices."""

    m_pig: float = outside(
        150.0, unit="yuan/head", within=(-500.0, 2000.0), prior=(-150.0, 150.0, 600.0),
        source="expert_range:parameters", status="assumed",
    )  # fmt: skip
    """Margin of a pig over the cycle, at 2019 prices."""

    hog_swing: float = belief(
        300.0, unit="yuan/head", within=(0.0, 1500.0), prior=(150.0, 300.0, 500.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Swing of the pig's margin in the hog cycle, at 2019 prices."""

    hog_years: float = belief(
        4.5, unit="year", within=(2.0, 10.0), prior=(3.5, 4.5, 5.5), source="assumed:cycle_of_four_to_five_years",
        status="assumed",
    )  # fmt: skip
    """Length of the hog cycle."""

    tourism_elasticity: float = belief(
        1.3, unit="elasticity", within=(0.0, 3.0), prior=(0.9, 1.3, 1.8), source="assumed:travel_grows_faster",
        status="assumed",
    )  # fmt: skip
    """Growth of outside demand for tourism and culture against the nation's growth."""

    modern_elasticity: float = belief(
        1.3, unit="elasticity", within=(0.0, 3.0), prior=(1.0, 1.3, 1.6), source="assumed:modern_sectors_grow_faster",
        status="assumed",
    )  # fmt: skip
    """The same for electronics, information and technical services, trade."""

    old_elasticity: float = belief(
        1.0, unit="elasticity", within=(0.0, 2.0), prior=(0.75, 1.0, 1.2), source="assumed:as_the_markets_grow",
        status="assumed",
    )  # fmt: skip
    """The same for equipment, processing, other industry, construction, public and other services."""


class World(NamedTuple):
    """The year outside; prices are indices with 2015 = 1 unless said."""

    year: int
    growth: np.ndarray  # f8 (10,): real growth of outside demand by sector
    cpi: float
    cpi_before: float
    deflator: float
    deflator_before: float
    inflation_before: float  # growth of the deflator into the year before
    deflator_2019: float
    cpi_2019: float
    wage_away: float  # yuan a month
    wage_away_growth: float  # into this year, nominal
    wage_away_index: float  # against 2015
    unit_wage_lead: float  # wage in units over that away, against 2015
    poverty_line: float  # yuan a person a year
    poverty_line_before: float  # of the year before
    pension: float  # yuan a month, basic
    pension_real: float  # against that of 2015, at constant prices
    drought: np.ndarray  # f8 (7,): part of the county struck
    frost: np.ndarray  # f8 (7,): part of the county struck times the severity of the year's frost
    apple_price: float  # log deviation from trend before the region's own supply
    potato_price: float  # log deviation from trend
    hog_phase: float  # years into the cycle
    margins: np.ndarray  # f8 (3,): yuan a head of cattle, sheep, pigs, of the year


@cache
def _published(item: str, area: str = "") -> dict[int, float]:
    return {
        int(row["year"]): float(row["value"])
        for row in table("outside")
        if row["item"] == item and area in ("", row["area"])
    }


@lru_cache(maxsize=KEPT)
def _index(item: str, year: int, later: float) -> float:
    """An index with 2015 = 1: published yearly growth in per cent, then a constant growth."""
    level = 1.0
    for t in range(START + 1, year + 1):
        level *= 1.0 + _inflation(item, t, later)
    return level


def _inflation(item: str, year: int, later: float) -> float:
    """Growth of an index into a year."""
    known = _published(item)
    return known[year] / HUNDRED if year in known else later


@lru_cache(maxsize=KEPT)
def _level(item: str, year: int, later: float) -> float:
    """A level published for some years from 2015 on, then growing."""
    known = _published(item)
    last = max(known)
    return known[year] if year in known else known[last] * (1.0 + later) ** (year - last)


def base_prices(p: OutsideParameters) -> tuple[float, float]:
    """The GDP deflator and consumer prices of 2019, 2015 = 1."""
    level = _index("consumer_prices", BASE_YEAR, p.inflation)
    return level, level


def market_growth(year: int, p: OutsideParameters, *, seed: int) -> float:
    """Real growth of the markets outside: of the nation and, for the part `near_market`, of the province.

    Published years are read; after them both follow one falling path with a draw of the year.
    """
    known, near = _published("real_growth", "china"), _published("real_growth", "gansu")
    if year in known and year in near:
        return ((1.0 - p.near_market) * known[year] + p.near_market * near[year]) / HUNDRED
    path = p.gdp_growth - p.growth_fall * (year - PATH_FROM)
    return path + p.growth_spread * float(draws.normal(draws.key(seed, year, "outside"), REGION, DRAW_GROWTH))


def sector_growth(growth: float, p: OutsideParameters) -> np.ndarray:
    """Growth of outside demand by sector, f8 (10,)."""
    found = growth * _elasticities(p.values)
    found[TOURISM] += p.visitor_growth
    return found


@lru_cache(maxsize=KEPT)
def _elasticities(p: Any) -> np.ndarray:
    """Growth of outside demand by sector against that of the markets, f8 (10,), read-only."""
    modern = ("electronics", "technical", "trade")
    parts = np.array([
        p.tourism_elasticity if name == "tourism" else p.modern_elasticity if name in modern else p.old_elasticity
        for name in SECTORS
    ])  # fmt: skip
    parts.flags.writeable = False
    return parts


@kernel
def _strike(quantile, luck, index, within, together, part):
    common = normal(luck, REGION, index)
    for county in range(part.size):
        own = normal(luck, county, index)
        factor = math.sqrt(together) * common + math.sqrt(1.0 - together) * own
        edge = (quantile - math.sqrt(within) * factor) / math.sqrt(1.0 - within)
        part[county] = (1.0 + math.erf(edge / math.sqrt(2.0))) / 2.0


def struck(chance: float, luck: np.uint64, index: int, p: OutsideParameters) -> np.ndarray:
    """Part of each county that an event of the weather strikes (f8, 7), with mean `chance`.

    Villages are struck by a common factor of their county and one of their own (correlation `within`); the factors of
    counties are joined by one of the region (correlation `drought_together`). With many villages the part struck is

        Phi( (Phi^-1(chance) - sqrt(within) * factor) / sqrt(1 - within) )
    """
    if chance <= 0.0 or chance >= 1.0:
        return np.full(len(COUNTIES), 1.0 if chance >= 1.0 else 0.0)
    part = np.empty(len(COUNTIES))
    _strike(BELL.inv_cdf(chance), luck, index, p.within, p.drought_together, part)
    return part


def look(markets: Markets, p: OutsideParameters, *, year: int, seed: int) -> World:
    """The world in `year`, on the farm prices that `markets` carried over."""
    luck = draws.key(seed, year, "outside")
    # One index stands for consumer prices and the deflator.
    cpi, before, of_2019 = (
        _index("consumer_prices", one, p.inflation) for one in (year, year - 1, BASE_YEAR)
    )
    keep = 1.0 - p.price_return
    fresh = math.sqrt(1.0 - keep**2)
    apple = keep * float(markets.apple_price[0]) + fresh * p.sd_p_apple * float(
        draws.normal(luck, REGION, DRAW_APPLE)
    )
    potato = keep * float(markets.potato_price[0]) + fresh * p.sd_p_potato * float(
        draws.normal(luck, REGION, DRAW_POTATO)
    )
    phase = (float(markets.hog_phase[0]) + 1.0) % p.hog_years
    pig = p.m_pig + p.hog_swing * math.sin(2.0 * math.pi * phase / p.hog_years)
    wage = _level("out_migrant_wage", year, p.migrant_wage_growth)
    wage_before = _level("out_migrant_wage", year - 1, p.migrant_wage_growth)
    pension = _level("basic_pension", year, p.pension_growth)
    away = wage / _level("out_migrant_wage", START, p.migrant_wage_growth)
    units = _level("unit_wage", year, p.unit_wage_growth) / _level("unit_wage", START, p.unit_wage_growth)
    return World(
        year,
        sector_growth(market_growth(year, p, seed=seed), p),
        cpi,
        before,
        cpi,
        before,
        _inflation("consumer_prices", year - 1, p.inflation),
        of_2019,
        of_2019,
        wage,
        wage / wage_before - 1.0,
        away,
        units / away,
        _level("poverty_line", year, p.line_growth),
        _level("poverty_line", year - 1, p.line_growth),
        pension,
        pension / cpi / _level("basic_pension", START, p.pension_growth),
        struck(p.p_drought, luck, DRAW_DROUGHT, p),
        struck(p.p_frost, luck, DRAW_FROST, p) * float(draws.uniform(luck, REGION, DRAW_SEVERITY)),
        apple,
        potato,
        phase,
        np.array([p.m_cattle, p.m_sheep, pig]) * (cpi / of_2019),
    )
