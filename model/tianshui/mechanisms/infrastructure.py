"""Public capital: what is building, what opens, what it does to productivity and to distance.

    stock_(t+1) = (1 - delta_G) * stock_t + what opens at the end of the year
    real work   = efficiency * money / deflator / (1 + overrun)

Money of a kind enters `building` with the years its works take (`years_` and the kind). Each year the works of a
county and kind may stall (by the plan's word for the item that builds them, see `delivery`), and all of them then
open a year later. Productive capital (transport, water and energy, digital with a weight) against the start acts on
output through `eps_G` of the industries (loop R4). Trade cost falls with transport capital and, on fixed
dates, with the expressway to Qingshui and Zhangjiachuan and with the railway through the two districts:

    cost = cost_0 * ratio^-access_el * exp(-gain of what is open + way out of channels)

The same roads shorten the way out and the way home: `distance` is read by the choice to go away as well, so
the sign for a county is a result. A land port lowers trade cost alone. Schools and health reach households through `reach`.

Left out: the network between counties (one trade cost a county), congestion, tolls, who owns the works.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from tianshui import draws
from tianshui.compiled import kernel, rule
from tianshui.declare import Parameters, belief, cut, lever, outside
from tianshui.draws import uniform
from tianshui.state import COUNTIES, DIGITAL, KINDS, TRANSPORT, UTILITIES, PublicCapital

LONGEST = 6
"""Years that `building` can hold: no work of any kind may take longer."""
NEVER = 2036
"""First calendar year after the last that is lived: an opening in it never comes."""
REMOTE = np.array([COUNTIES.index("qingshui"), COUNTIES.index("zhangjiachuan")])
"""The two counties without an expressway at the start."""
DISTRICTS = np.array([COUNTIES.index("qinzhou"), COUNTIES.index("maiji")])
DRAW_STALL, DRAW_OVERRUN = 0, 1
KEPT = 64
"""For how many draws of beliefs what follows from them alone is kept at hand."""


class InfrastructureParameters(Parameters):
    """Numbers of public capital."""

    transport: float = lever(
        0.0, unit="yuan/year", within=(0.0, 2e9), names=("Roads and rails", "交通投资"), who="county",
        where="county", cost="money", group="urban", measure="M12", source="trade_press_2023:170.7_over_four_years",
        status="derived", paid_by=(0.7, 0.3), buys="works",
    )  # fmt: skip
    """Public money for transport works in the county."""

    utilities: float = lever(
        0.0, unit="yuan/year", within=(0.0, 1e9), names=("Water and power works", "水利与能源投资"), who="county",
        where="county", cost="money", group="urban", measure="M13", source="gansu_economic_daily_2021:21.03",
        status="found", paid_by=(0.65, 0.35), buys="works",
    )  # fmt: skip
    """Public money for water supply, power and gas in the county."""

    digital: float = lever(
        0.0, unit="yuan/year", within=(0.0, 3e8), names=("Digital networks", "数字基础设施投资"), who="city",
        where="county", cost="money", group="industry", measure="M14", source="assumed:no_figure_found",
        status="assumed", paid_by=(0.4, 0.6), buys="works",
    )  # fmt: skip
    """Public money for base stations, data centres and their use in the county."""

    schools: float = lever(
        0.0, unit="yuan/year", within=(0.0, 1e9), names=("Schools", "教育基础设施投资"), who="county",
        where="county", cost="money", group="cross", measure="M31", source="assumed:share_of_budget",
        status="assumed", paid_by=(0.6, 0.4), buys="works",
    )  # fmt: skip
    """Public money for school places in the county."""

    health: float = lever(
        0.0, unit="yuan/year", within=(0.0, 5e8), names=("Hospitals and clinics", "医疗基础设施投资"), who="county",
        where="county", cost="money", group="poverty", measure="M32", source="assumed:share_of_budget",
        status="assumed", paid_by=(0.6, 0.4), buys="works",
    )  # fmt: skip
    """Public money for hospitals and clinics in the county."""

    railway_year: float = lever(
        2036.0, unit="year", within=(2026.0, 2036.0), names=("Opening of the railway", "天陇铁路开通年份"),
        who="nation", where="one", cost=None, group="urban", measure="M12",
        source="press_2022:planned_december_2027", status="found", paid_by=(1.0, 0.0),
    )  # fmt: skip
    """Year from which the railway to Longnan runs; 2036 is never."""

    railway_delay: float = outside(
        0.0, unit="year", within=(0.0, 10.0), prior=(0.0, 0.0, 4.0), source="assumed:large_works_open_late",
        status="assumed",
    )  # fmt: skip
    """Years by which the railway opens later than its plan says."""

    expressway_year: float = outside(
        2024.0, unit="year", within=(2021.0, 2036.0), prior=(2024.0, 2024.0, 2024.0),
        source="trade_press_2023:opened_24_december_2023", status="found",
    )  # fmt: skip
    """First year in which the expressway serves Qingshui and Zhangjiachuan."""

    capital_output: float = belief(
        0.8, unit="ratio", within=(0.1, 3.0), prior=(0.5, 0.8, 1.2), source="assumed:public_over_gdp",
        status="assumed",
    )  # fmt: skip
    """Public capital over GDP of the prefecture at the start."""

    by_spending: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.7), source="assumed:half_by_spending_half_by_gdp",
        status="assumed",
    )  # fmt: skip
    """Weight of public spending, against GDP, in how the capital of the start lies in the counties."""

    share_transport_of_capital: float = belief(
        0.45, unit="share", within=(0.05, 0.9), prior=(0.35, 0.45, 0.55), source="assumed:investment_by_kind",
        status="assumed",
    )  # fmt: skip
    """Transport in public capital."""

    share_utilities_of_capital: float = belief(
        0.2, unit="share", within=(0.02, 0.7), prior=(0.12, 0.2, 0.3), source="assumed:investment_by_kind",
        status="assumed",
    )  # fmt: skip
    """Water and energy in public capital."""

    share_digital_of_capital: float = belief(
        0.05, unit="share", within=(0.005, 0.3), prior=(0.03, 0.05, 0.08), source="assumed:investment_by_kind",
        status="assumed",
    )  # fmt: skip
    """Digital networks in public capital."""

    share_schools_of_capital: float = belief(
        0.18, unit="share", within=(0.02, 0.5), prior=(0.12, 0.18, 0.25), source="assumed:investment_by_kind",
        status="assumed",
    )  # fmt: skip
    """Schools in public capital."""

    share_health_of_capital: float = belief(
        0.12, unit="share", within=(0.02, 0.5), prior=(0.08, 0.12, 0.18), source="assumed:investment_by_kind",
        status="assumed",
    )  # fmt: skip
    """Hospitals and clinics in public capital."""

    base_share: float = belief(
        0.6, unit="share", within=(0.0, 1.0), prior=(0.45, 0.6, 0.75), source="assumed:capital_in_other_spending",
        status="assumed",
    )  # fmt: skip
    """Part of other public spending, beyond levers, that builds public capital."""

    efficiency: float = belief(
        0.75, unit="share", within=(0.2, 1.0), prior=(0.6, 0.75, 0.9), source="mechanisms:3", status="assumed"
    )
    """Capital made by a yuan of investment."""

    overrun: float = belief(
        0.15, unit="share", within=(0.0, 1.0), prior=(0.05, 0.15, 0.3), source="assumed:as_in_project_studies",
        status="assumed",
    )  # fmt: skip
    """Mean cost overrun; each county, kind and year draws between none and twice that."""

    delta_G: float = belief(
        0.05, unit="1/year", within=(0.0, 0.2), prior=(0.04, 0.05, 0.07), source="expert_range:public_capital",
        status="assumed",
    )  # fmt: skip
    """Depreciation of public capital."""

    years_transport: float = belief(
        4.0, unit="years", within=(1.0, 6.0), prior=(3.0, 4.0, 6.0),
        source="assumed:time_from_start_of_work_to_opening", status="assumed", whole=True,
    )  # fmt: skip
    """Years that transport works take until they open."""

    years_utilities: float = belief(
        3.0, unit="years", within=(1.0, 6.0), prior=(2.0, 3.0, 4.0),
        source="assumed:time_from_start_of_work_to_opening", status="assumed", whole=True,
    )  # fmt: skip
    """Years that water and energy works take until they open."""

    years_digital: float = belief(
        1.0, unit="years", within=(1.0, 6.0), prior=(1.0, 1.0, 2.0),
        source="assumed:time_from_start_of_work_to_opening", status="assumed", whole=True,
    )  # fmt: skip
    """Years that digital networks take until they open."""

    years_schools: float = belief(
        2.0, unit="years", within=(1.0, 6.0), prior=(1.0, 2.0, 3.0),
        source="assumed:time_from_start_of_work_to_opening", status="assumed", whole=True,
    )  # fmt: skip
    """Years that schools take until they open."""

    years_health: float = belief(
        2.0, unit="years", within=(1.0, 6.0), prior=(1.0, 2.0, 3.0),
        source="assumed:time_from_start_of_work_to_opening", status="assumed", whole=True,
    )  # fmt: skip
    """Years that hospitals and clinics take until they open."""

    digital_weight: float = belief(
        2.0, unit="ratio", within=(0.0, 6.0), prior=(1.0, 2.0, 4.0), source="assumed:use_beyond_the_cable",
        status="assumed",
    )  # fmt: skip
    """Weight of a yuan of digital capital in productive capital."""

    trade_cost: float = belief(
        0.2, unit="share", within=(0.01, 0.6), prior=(0.1, 0.2, 0.3), source="donaldson_2018:0.169_with_effective_distance",
        status="recalled",
    )  # fmt: skip
    """Cost of bringing goods to outside markets at the start that moves with distance, ad valorem: a cost of t changes what
    goods cost there by t / (1 + t) of a change of distance. That was 0.17 where prices told it; trade that falls by 0.9 of
    distance (Disdier and Head 2008) and by 4 of its cost has 0.23."""

    remote: float = belief(
        0.04, unit="share", within=(0.0, 0.3), prior=(0.01, 0.04, 0.08), source="assumed:no_expressway",
        status="assumed",
    )  # fmt: skip
    """What comes on top in the two counties without an expressway."""

    access_el: float = belief(
        0.25, unit="elasticity", within=(0.0, 1.0), prior=(0.1, 0.25, 0.4), source="assumed:freight_on_better_roads",
        status="assumed",
    )  # fmt: skip
    """Fall of trade cost and distance with transport capital."""

    expressway_gain: float = belief(
        0.2, unit="log", within=(0.0, 1.0), prior=(0.1, 0.2, 0.35), source="assumed:travel_time_84_km",
        status="assumed",
    )  # fmt: skip
    """Fall of trade cost and distance when the expressway opens."""

    railway_gain: float = belief(
        0.1, unit="log", within=(0.0, 1.0), prior=(0.03, 0.1, 0.2), source="assumed:a_second_trunk_line",
        status="assumed",
    )  # fmt: skip
    """Fall of trade cost and distance in the two districts when the railway opens."""

    freeze_cut: float = cut(names=("Public capital held", "公共资本冻结"), source="mechanisms:r4")
    """1 holds the effect of public capital on output at its level of 2020 (loop R4)."""


class Access(NamedTuple):
    """What public capital does in a year; f8 (7,)."""

    trade_cost: np.ndarray  # (1 + cost) against (1 + cost at the start)
    distance: np.ndarray  # travel to outside and to the seat against the start


def shares(p: InfrastructureParameters) -> np.ndarray:
    """Parts of the five kinds in public capital, f8 (5,), summing to one; read-only."""
    return _shares(p.values)


@lru_cache(maxsize=KEPT)
def _shares(p: Any) -> np.ndarray:
    parts = np.array([getattr(p, f"share_{kind}_of_capital") for kind in KINDS])
    parts /= parts.sum()
    parts.flags.writeable = False
    return parts


def years_to_build(p: InfrastructureParameters) -> np.ndarray:
    """Whole years until works open, by kind (i8, 5); read-only."""
    return _years_to_build(p.values)


@lru_cache(maxsize=KEPT)
def _years_to_build(p: Any) -> np.ndarray:
    own = p.years_transport, p.years_utilities, p.years_digital, p.years_schools, p.years_health
    years = np.array([round(years) for years in own])
    years.flags.writeable = False
    return years


def opening(spending: np.ndarray, gdp: np.ndarray, p: InfrastructureParameters) -> PublicCapital:
    """Public capital at the end of 2015, works under way that keep it steady; spending and GDP are f8 (7,)."""
    weight = p.by_spending * spending / spending.sum() + (1.0 - p.by_spending) * gdp / gdp.sum()
    stock = p.capital_output * gdp.sum() * weight[:, None] * shares(p)
    building = np.zeros((*stock.shape, LONGEST))
    for kind, years in enumerate(years_to_build(p)):
        building[:, kind, :years] = p.delta_G * stock[:, kind, None]
    return PublicCapital(stock, building, stock.copy(), np.ones(len(COUNTIES)))


def base(other_spending: np.ndarray, p: InfrastructureParameters) -> np.ndarray:
    """Investment inside other public spending (f8, 7), by county and kind (f8, 7 x 5), yuan."""
    return p.base_share * other_spending[:, None] * shares(p)


@rule
def _work(money, deflator, luck, number, p):
    """Capital that money for works of a county and kind comes to."""
    overrun = 2.0 * p.overrun * uniform(luck, number, DRAW_OVERRUN)
    return p.efficiency * money / deflator / (1.0 + overrun)


@rule
def _productive(stock, p):
    """Productive capital among a county's public capital by kind."""
    return stock[TRANSPORT] + stock[UTILITIES] + p.digital_weight * stock[DIGITAL]


@kernel
def _advance(public, money, deflator, chance, luck, p, years, stock, building, ratio):
    last = building.shape[2] - 1
    for county in range(stock.shape[0]):
        for kind in range(stock.shape[1]):
            number = np.uint64(county * stock.shape[1] + kind)
            under_way = building[county, kind]
            for k in range(under_way.size):
                under_way[k] = public.building[county, kind, k]
            under_way[years[kind] - 1] += _work(money[county, kind], deflator, luck, number, p)
            stock[county, kind] = (1.0 - p.delta_G) * public.stock[county, kind]
            if uniform(luck, number, DRAW_STALL) >= chance[county, kind]:
                stock[county, kind] += under_way[0]
                for k in range(last):
                    under_way[k] = under_way[k + 1]
                under_way[last] = 0.0
        grown = _productive(stock[county], p) / _productive(public.start[county], p)
        ratio[county] = grown if p.freeze_cut == 0.0 else public.ratio[county]


def advance(
    public: PublicCapital,
    money: np.ndarray,
    *,
    deflator: float,
    stall: np.ndarray,
    p: InfrastructureParameters,
    seed: int,
    year: int,
) -> PublicCapital:
    """Public capital a year on; `money` (f8, 7 x 5) is what was granted and what is built anyway, yuan.

    `stall` (same shape) is the chance of losing a year.
    """
    luck = draws.key(seed, year, "infrastructure")
    stock, building, ratio = (
        np.empty_like(column) for column in (public.stock, public.building, public.ratio)
    )
    _advance(public, money, deflator, stall, luck, p.values, years_to_build(p), stock, building, ratio)
    return PublicCapital(stock, building, public.start, ratio)


def productive_ratio(public: PublicCapital, p: InfrastructureParameters) -> np.ndarray:
    """Productive public capital against the start, f8 (7,)."""
    both = zip(public.stock, public.start, strict=True)
    return np.array([_productive(stock, p.values) / _productive(start, p.values) for stock, start in both])


def access(
    public: PublicCapital, railway_year: float, p: InfrastructureParameters, *, year: int, way_out: np.ndarray | None = None
) -> Access:  # fmt: skip
    """Trade cost and distance in a year, on the public capital of the last 31 December.

    `way_out` (f8, 7) is what channels add to the log of trade cost alone: a port moves no people.
    """
    gain, start = np.zeros(len(COUNTIES)), np.full(len(COUNTIES), p.trade_cost)
    if year >= p.expressway_year:
        gain[REMOTE] += p.expressway_gain
    if year >= railway_year + p.railway_delay and railway_year < NEVER:
        gain[DISTRICTS] += p.railway_gain
    start[REMOTE] += p.remote
    distance = (public.stock[:, TRANSPORT] / public.start[:, TRANSPORT]) ** -p.access_el * np.exp(-gain)
    cost = distance if way_out is None else distance * np.exp(way_out)
    return Access((1.0 + start * cost) / (1.0 + start), distance)


def reach(public: PublicCapital, kind: int, residents: np.ndarray, residents_start: np.ndarray) -> np.ndarray:
    """Capital of a kind (schools, health) a resident, against the start; f8 (7,)."""
    stock = public.stock[:, kind] / public.start[:, kind]
    return stock * np.maximum(residents_start, 1.0) / np.maximum(residents, 1.0)
