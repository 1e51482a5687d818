"""Trade: brands that make goods known, investors invited, a land port and freight yards that make the way out cheaper.

All are programmes, read a year after they were paid. Residents are those of 2015; sales are those outside at prices of 2015,
which yards and cold stores serve: the first yuan saves its return, and all of them no more than a part of freight.

    log outside demand of food and medicine + brand_most * (1 - exp(-brands a resident / brand_half))
    log entry of factories                  + invitation_most * (1 - exp(-money of the year a resident / invitation_half))
    log cost of the way out                 - port_most * (1 - exp(-port of the prefecture a resident / port_half))
                                            - logistics_most * (1 - exp(-saved / logistics_most))
    saved                                   = logistics_return * stock / (trade cost at the start * sales)

Left out: brands of farm goods (the price of apples is one of the nation), visitors that brands draw (promotion of
tourism has its own money), the size of the plants invited (entrants are like those at hand), what counties pay to
each other's plants to come, the way to the port itself (all counties gain alike), goods sold abroad as against
elsewhere in the nation.
"""

import numpy as np

from tianshui.channels import Seen, by_sector
from tianshui.declare import Parameters, belief, lever
from tianshui.state import COUNTIES, FACTORIES, PROCESSING
from tianshui.sums import saturating


class TradeParameters(Parameters):
    """Numbers of trade."""

    brands: float = lever(
        0.0, unit="yuan/year", within=(0.0, 50000000.0), names=("City brands", "城市品牌推广"), who="city",
        where="county", cost="money", group="industry", measure="M20", source="levers:brand_spend",
        status="assumed", paid_by=(0.2, 0.8), builds="brands",
    )  # fmt: skip
    """Public money that makes the city's brands known."""

    invitation: float = lever(
        0.0, unit="yuan/year", within=(0.0, 50000000.0), names=("Investment promotion", "招商引资投入"), who="city",
        where="county", cost="money", group="industry", measure="M21", source="assumed:no_figure_found",
        status="assumed", paid_by=(0.0, 1.0), builds="invitation",
    )  # fmt: skip
    """Public money to seek and receive investors from outside."""

    port: float = lever(
        0.0, unit="yuan/year", within=(0.0, 300000000.0), names=("Land port and bonded centre", "国际陆港与保税中心"), who="city",
        where="county", cost="money", group="industry", measure="M23", source="levers:bonded_centre",
        status="assumed", paid_by=(0.4, 0.6), buys="works", builds="port",
    )  # fmt: skip
    """Public money for the land port and its bonded centre in the county."""

    brands_fades: float = belief(
        0.3, unit="1/year", within=(0.0, 1.0), prior=(0.15, 0.3, 0.6), source="recalled:advertising_wears_off_fast",
        status="recalled",
    )  # fmt: skip
    """Part of what brands are known that is forgotten in a year."""

    port_years: float = belief(
        3.0, unit="year", within=(1.0, 6.0), prior=(2.0, 3.0, 5.0), source="assumed:as_public_capital", status="assumed",
        whole=True,
    )  # fmt: skip
    """Years until the port's works open."""

    port_fades: float = belief(
        0.05, unit="1/year", within=(0.0, 1.0), prior=(0.03, 0.05, 0.08), source="assumed:as_public_capital",
        status="assumed",
    )  # fmt: skip
    """Part of the port worn out in a year."""

    logistics: float = lever(
        0.0, unit="yuan/year", within=(0.0, 100000000.0), names=("Logistics and freight", "物流与通道投入"), who="city",
        where="county", cost="money", group="industry", measure="M11", source="levers:logistics_capacity",
        status="assumed", paid_by=(0.4, 0.6), buys="works", builds="logistics",
    )  # fmt: skip
    """Public money for parks, cold stores and yards of freight in the county."""

    logistics_years: float = belief(
        2.0, unit="year", within=(1.0, 6.0), prior=(1.0, 2.0, 3.0), source="assumed:two_building_seasons",
        status="assumed", whole=True,
    )  # fmt: skip
    """Years until yards and cold stores work."""

    logistics_fades: float = belief(
        0.08, unit="1/year", within=(0.0, 1.0), prior=(0.05, 0.08, 0.15), source="assumed:buildings_and_machines",
        status="assumed",
    )  # fmt: skip
    """Part of yards and cold stores worn out in a year."""

    logistics_return: float = belief(
        0.12, unit="1/year", within=(0.0, 1.0), prior=(0.04, 0.12, 0.25), source="assumed:a_yuan_saves_itself_over_its_life",
        status="assumed",
    )  # fmt: skip
    """Freight saved in a year by a yuan of yards and cold stores, as long as they are few."""

    logistics_most: float = belief(
        0.25, unit="log", within=(0.0, 1.0), prior=(0.1, 0.25, 0.4), source="assumed:waste_and_empty_runs",
        status="assumed",
    )  # fmt: skip
    """Largest fall of the log of that cost that yards and cold stores bring."""

    brand_most: float = belief(
        0.05, unit="log", within=(0.0, 0.5), prior=(0.0, 0.05, 0.12),
        source="assumed:no_study_of_place_brands", status="assumed",
    )  # fmt: skip
    """Largest rise of the log of what outsiders buy of processed food and medicine."""

    brand_half: float = belief(
        150.0, unit="yuan/person", within=(10.0, 2000.0), prior=(50.0, 150.0, 400.0),
        source="assumed:brands_saturate_early", status="assumed",
    )  # fmt: skip
    """Stock of brands a resident at which some three fifths of that rise are reached."""

    invitation_most: float = belief(
        0.12, unit="log", within=(0.0, 1.0), prior=(0.0, 0.12, 0.35),
        source="harding_javorcik_2011:promotion_works_in_developing_countries", status="assumed",
    )  # fmt: skip
    """Largest rise of the log of entry in factory sectors."""

    invitation_half: float = belief(
        60.0, unit="yuan/person/year", within=(5.0, 1000.0), prior=(20.0, 60.0, 200.0),
        source="assumed:no_figure_found", status="assumed",
    )  # fmt: skip
    """Yearly money a resident at which some three fifths of that rise are reached."""

    port_most: float = belief(
        0.1, unit="log", within=(0.0, 0.5), prior=(0.02, 0.1, 0.2),
        source="mechanisms:section_6_f", status="assumed",
    )  # fmt: skip
    """Largest fall of the log of the cost of bringing goods to outside markets."""

    port_half: float = belief(
        1500.0, unit="yuan/person", within=(100.0, 20000.0), prior=(600.0, 1500.0, 4000.0),
        source="derived:50_over_3_million_people", status="derived",
    )  # fmt: skip
    """Stock of the port a resident of the prefecture at which some three fifths of that fall are reached."""


def demand(brands: np.ndarray, residents: np.ndarray, p: TradeParameters) -> np.ndarray:
    """Rise of the log of what outsiders buy of food and medicine by county (f8, 7) from the stock of brands (f8, 7)."""
    return saturating(p.brand_most, brands / np.maximum(residents, 1.0), p.brand_half)


def entry(invitation: np.ndarray, residents: np.ndarray, p: TradeParameters) -> np.ndarray:
    """Rise of the log of entry of factories by county (f8, 7) from a year's money for invitation (f8, 7)."""
    return saturating(p.invitation_most, invitation / np.maximum(residents, 1.0), p.invitation_half)


def way_out(port: np.ndarray, residents: np.ndarray, p: TradeParameters) -> np.ndarray:
    """Fall of the log of the cost of the way out by county (f8, 7) from the port's stock by county (f8, 7)."""
    together = port.sum() / max(float(residents.sum()), 1.0)
    return saturating(p.port_most, np.full(len(COUNTIES), together), p.port_half)


def saved(stock: np.ndarray, freight: np.ndarray, p: TradeParameters) -> np.ndarray:
    """Fall of the log of the cost of the way out by county from yards and cold stores and the freight they serve, yuan a year (f8, 7 each)."""
    part = p.logistics_return * stock / np.maximum(freight, 1.0)
    # Where the most is nought there is nothing to save.
    return saturating(p.logistics_most, part, p.logistics_most) if p.logistics_most > 0.0 else 0.0 * part


def acts(seen: Seen, p: TradeParameters) -> dict[str, np.ndarray]:
    """What brands, invitation, the port and freight yards do by 31 December."""
    bought, founded = by_sector(), by_sector()
    bought[:, PROCESSING] = demand(seen.stocks["brands"], seen.residents, p)
    founded[:, :FACTORIES] = entry(seen.stocks["invitation"], seen.residents, p)[:, None]
    return {
        "outside_demand": bought,
        "entry": founded,
        "way_out": -way_out(seen.stocks["port"], seen.residents, p)
        - saved(
            seen.stocks["logistics"],
            seen.trade_cost * seen.industries.outside_demand.sum(axis=1),
            p,
        ),
    }
