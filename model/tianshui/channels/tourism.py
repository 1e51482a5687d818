"""Tourism: what sights, promotion and the way bring in visitors, and what they spend.

Sights (with the roads, inns and car parks that belong to them) and promotion are programmes, read a year after they
were paid; residents are those of 2015. What outsiders spend on tourism is visits times spending a visit,

    attraction = attraction_most * (1 - exp(-sights a resident / attraction_half))
    known      = promotion_most * (1 - exp(-promotion a resident / promotion_half))
    way        = -trip_el * ln(1 - way_part + way_part * distance)
    crowding   = -crowd_el * [growth of tourism last year - the growth for which it was fitted out]+

    log visits + (1 - nights) * attraction + known + way + crowding
    log spending a visit + nights * attraction

(what culture and sport draw is told by `culture`). `distance` is the way to the county against that of 2015: roads, the
railway and the expressway shorten it. Sights hold visitors longer, which is the part `nights` of what they bring. A year
that grows faster than inns and guides expected leaves a worse repute for one year. The sum of both logs is a part of
outside demand for tourism, beside the growth of the markets, the cost of what visitors buy here, and a boom or bust that a
scenario sets (`outside`). Jobs, wages and what they are spent on follow from those sales: a multiplier stands in no
equation.

Visits are counted from the sales of the year,

    spending a visit = spending_start * prices * (real income outside / that of 2015)^richer * exp(nights * attraction)
    visits           = outside sales of tourism / (kept * spending a visit)

`kept` is the part of published receipts that is value added of the sector, sold outside: the rest of what visitors
spend is what the sector buys in, fares, shopping (sales of other sectors, in their own outside demand since 2015), and
outings of residents, whom the published count holds for visitors.

Left out: beds and seasons (inns are the sector's capital), prices of sights, who visits which one, visitors that a
clean river or a forest draws, routes shared with neighbours, a repute that lasts longer than a year.
"""

import numpy as np

from tianshui.channels import Met, Seen, Sold, by_sector
from tianshui.declare import Parameters, belief, lever
from tianshui.state import TOURISM, Industries
from tianshui.sums import saturating


class TourismParameters(Parameters):
    """Numbers of tourism."""

    attractions: float = lever(
        0.0, unit="yuan/year", within=(0.0, 200000000.0), names=("Sights and their ways", "景区建设投入"), who="city",
        where="county", cost="money", group="industry", measure="M10", source="levers:tourism_investment",
        status="assumed", paid_by=(0.4, 0.6), buys="works", builds="attractions",
    )  # fmt: skip
    """Public money for sights, the roads to them and what visitors need there, beyond what is spent already."""

    promotion: float = lever(
        0.0, unit="yuan/year", within=(0.0, 2e8), names=("Promotion of tourism", "文旅推广投入"), who="city",
        where="county", cost="money", group="industry", measure="M10", source="levers:promotion_effort",
        status="assumed", paid_by=(0.3, 0.7), builds="promotion",
    )  # fmt: skip
    """Money that makes the county known to visitors: festivals, fairs, advertising."""

    attraction_most: float = belief(
        0.5, unit="log", within=(0.0, 2.0), prior=(0.2, 0.5, 0.9), source="assumed:crowding_of_sights",
        status="assumed",
    )  # fmt: skip
    """Largest rise of the log of what outsiders spend on tourism that new sights bring."""

    attraction_half: float = belief(
        2500.0, unit="yuan/person", within=(200.0, 20000.0), prior=(1200.0, 2500.0, 6000.0),
        source="assumed:a_tenth_a_year_of_what_is_built", status="assumed",
    )  # fmt: skip
    """Stock of sights a resident at which some three fifths of that rise are reached: the first yuan then brings the
    districts a tenth of a yuan of sales a year."""

    attractions_years: float = belief(
        3.0, unit="year", within=(1.0, 6.0), prior=(2.0, 3.0, 5.0), source="assumed:roads_and_inns_before_visitors",
        status="assumed", whole=True,
    )  # fmt: skip
    """Years until sights open."""

    attractions_fades: float = belief(
        0.04, unit="1/year", within=(0.0, 1.0), prior=(0.02, 0.04, 0.08), source="assumed:25_years_of_life",
        status="assumed",
    )  # fmt: skip
    """Part of the stock of sights that a year wears away."""

    nights: float = belief(
        0.4, unit="share", within=(0.0, 1.0), prior=(0.2, 0.4, 0.6), source="assumed:no_figure_found",
        status="assumed",
    )  # fmt: skip
    """Part of what sights bring that is longer stays and not more visits."""

    promotion_most: float = belief(
        0.3, unit="log", within=(0.0, 1.0), prior=(0.1, 0.3, 0.5), source="assumed:tourism_campaigns",
        status="assumed",
    )  # fmt: skip
    """Largest rise of the log of visits that promotion brings."""

    promotion_half: float = belief(
        180.0, unit="yuan/person", within=(20.0, 2000.0), prior=(90.0, 180.0, 500.0),
        source="assumed:two_yuan_of_sales_for_the_first_yuan", status="assumed",
    )  # fmt: skip
    """Stock of promotion a resident at which some three fifths of that rise are reached: the first yuan then brings the
    districts two yuan of sales over the years in which it is remembered."""

    promotion_fades: float = belief(
        0.5, unit="1/year", within=(0.0, 1.0), prior=(0.3, 0.5, 0.9), source="assumed:advertising_wears_off_fast",
        status="assumed",
    )  # fmt: skip
    """Part of the stock of promotion that a year forgets."""

    way_part: float = belief(
        0.3, unit="share", within=(0.0, 0.9), prior=(0.2, 0.3, 0.45), source="recalled:fares_in_domestic_trips",
        status="recalled",
    )  # fmt: skip
    """Part of what a trip costs that is the way, at the start."""

    trip_el: float = belief(
        0.8, unit="elasticity", within=(0.0, 3.0), prior=(0.3, 0.8, 1.4), source="crouch_1995:demand_elasticities",
        status="assumed",
    )  # fmt: skip
    """Fall of visits with the cost of the trip."""

    crowd_el: float = belief(
        0.3, unit="elasticity", within=(0.0, 2.0), prior=(0.0, 0.3, 0.7), source="assumed:no_figure_found",
        status="assumed",
    )  # fmt: skip
    """Fall of visits with growth of the year before beyond what the sector was fitted out for."""

    spending_start: float = belief(
        566.0, unit="yuan/visit", within=(200.0, 1500.0), prior=(530.0, 566.0, 600.0),
        source="qinzhou_visitors_2015:556_in_2014_and_621.5_in_2020", status="derived",
    )  # fmt: skip
    """What is spent on a visit in 2015, as receipts and visits are published: 556 yuan in 2014 (Qinzhou) and 621.5 in
    2020 (prefecture), on one path."""

    richer: float = belief(
        0.05, unit="elasticity", within=(0.0, 1.0), prior=(0.0, 0.05, 0.3),
        source="qinzhou_visitors_2015:556_in_2014_and_621.5_in_2020", status="derived",
    )  # fmt: skip
    """Rise of spending a visit, at constant prices, with real wages outside: from 2014 to 2020 it kept up with prices."""

    kept: float = belief(
        0.061, unit="share", within=(0.005, 1.0), prior=(0.044, 0.061, 0.087),
        source="gansu_press_2025:22.9_million_visits_in_2020", status="derived",
    )  # fmt: skip
    """Part of visitors' published spending that is value added of tourism sold outside: with it the model counts the
    visits that are published for 2020."""


def attraction(sights: np.ndarray, residents: np.ndarray, p: TourismParameters) -> np.ndarray:
    """Rise of the log of what outsiders spend by county (f8, 7) from the stock of sights (f8, 7)."""
    return saturating(p.attraction_most, sights / np.maximum(residents, 1.0), p.attraction_half)


def known(promotion: np.ndarray, residents: np.ndarray, p: TourismParameters) -> np.ndarray:
    """Rise of the log of visits by county (f8, 7) from the stock of promotion (f8, 7)."""
    return saturating(p.promotion_most, promotion / np.maximum(residents, 1.0), p.promotion_half)


def way(distance: np.ndarray, p: TourismParameters) -> np.ndarray:
    """Rise of the log of visits by county (f8, 7) where the way is `distance` times as far as in 2015 (f8, 7)."""
    return -p.trip_el * np.log(1.0 - p.way_part + p.way_part * distance)


def crowding(industries: Industries, inflation: float, p: TourismParameters) -> np.ndarray:
    """Fall of the log of visits by county (f8, 7), nought or below, after a year that outgrew what was expected.

    `inflation` is the growth of the deflator into the year just ended.
    """
    sales, before = industries.value_added[:, TOURISM], industries.value_added_before[:, TOURISM]
    growth = np.log(np.maximum(sales, 1.0) / np.maximum(before, 1.0) / (1.0 + inflation))
    return -p.crowd_el * np.maximum(growth - np.log1p(industries.expected[:, TOURISM]), 0.0)


def spending(attraction: np.ndarray, prices: float, income: float, p: TourismParameters) -> np.ndarray:
    """Yuan spent on a visit by county (f8, 7); `prices` and `income` (real, outside) are against 2015."""
    return p.spending_start * prices * income**p.richer * np.exp(p.nights * attraction)


def visits(outside_sales: np.ndarray, spending: np.ndarray, p: TourismParameters) -> np.ndarray:
    """Visits of a year by county (f8, 7) behind the sector's outside sales (f8, 7, yuan) at a spending (f8, 7, yuan)."""
    return outside_sales / (p.kept * spending)


def acts(seen: Seen, p: TourismParameters) -> dict[str, np.ndarray]:
    """What sights and promotion of 31 December draw."""
    bought, stocks = by_sector(), seen.stocks
    bought[:, TOURISM] = attraction(stocks["attractions"], seen.residents, p) + known(
        stocks["promotion"], seen.residents, p
    )
    return {"outside_demand": bought}


def meets(met: Met, p: TourismParameters) -> dict[str, np.ndarray]:
    """What the way and a crowded year do, whatever is built."""
    bought = by_sector()
    bought[:, TOURISM] = way(met.distance, p) + crowding(met.industries, met.inflation, p)
    return {"outside_demand": bought}


def counts(sold: Sold, p: TourismParameters) -> dict[str, np.ndarray]:
    """Visits, and what was spent on them in yuan, by county (f8, 7)."""
    gain = attraction(sold.stocks["attractions"], sold.residents, p)
    spent = spending(gain, sold.prices, sold.income, p)
    number = visits(sold.outside_sales[:, TOURISM], spent, p)
    return {"visitors": number, "visitor_money": number * spent}
