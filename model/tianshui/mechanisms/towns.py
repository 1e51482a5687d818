"""Towns: services within reach, homes and their price, built-up land, sewage, newcomers.

    services_town    = town_0 * (capital a resident / start)^service_el * (1 + money_gain * ln(1 + money a resident / 1,000))
                       * exp(services of channels)
    services_village = the same from 1, without the money, per resident of the villages
    price            = price + adjust * (price_0 * cost index * relief * (wish * families / homes, against the start)^price_el - price)
    homes built      = build_speed * homes * [price / cost - 1]+ + homes paid by the lever
    homes lost       = home_loss * (1 - renewed_kept * min(1, renewed / homes)) * homes
    relief           = exp(-district_relief * (1 - exp(-new serviced land a town resident / district_half)))

Service capital is that of schools and hospitals; a town shares it with who moves in (crowding), a village that
empties keeps its part for fewer. Homes need land: built-up land grows in whole cells out of open land (the
caller takes it there), never beyond what is open. The land of new districts is built up when it is ready, and homes stand
on it first, in whatever year; plots on which nothing stands yet are built-up land and no town,

    land taken = [homes built * land a home - empty plots]+, at least what is ready
    empty plots' = empty plots + land taken - homes built * land a home
    density = town residents / (built-up land - empty plots), against the start

Of the land quota that a county sells, its towns
would have used the part `quota_used`: developers build no homes on that much land in the year. Culture, districts and
homes renewed are programmes (stocks of 31 December, residents of 2015); culture is what halls, pitches and programmes are
worth in yuan of 2019. Density acts on output through `agglom` of the industries (loop R3). Dear homes
deter movers in `moving` (loop B9).

Treated sewage is a stock of places: it thins as residents come and grows with the money spent,

    treated = min(1, treated_before * residents_before / residents + money / (sewage_cost * residents))

Left out: rents, the land market of the government and what it earns with new districts, who gets to live there, demolition, commuting between towns, quality of homes.
"""

import math
from typing import NamedTuple

import numpy as np

from tianshui.compiled import kernel, rule
from tianshui.declare import Parameters, belief, cut, lever, outside
from tianshui.state import CELLS_PER_MU, COUNTIES, HEALTH, SCHOOLS, PublicCapital, Towns, blank
from tianshui.sums import saturating

CENTRAL = 2
"""The first two counties, Qinzhou and Maiji, hold the central city."""
CELLS_PER_HECTARE = 150.0
HECTARES_PER_KM2 = 100.0
SQUARE_METRES_PER_HECTARE = 10000.0
THOUSAND = 1000.0


class TownsParameters(Parameters):
    """Numbers of the towns."""

    services: float = lever(
        0.0, unit="yuan/year", within=(0.0, 1e9), names=("Parks and services of towns", "公园与城镇服务投入"), who="county",
        where="county", cost="money", group="urban", measure="M19", source="assumed:no_figure_found",
        status="assumed", paid_by=(0.4, 0.6), builds="upkeep",
    )  # fmt: skip
    """Money for parks, greenways and the upkeep of what makes the county's towns good to live in."""

    housing: float = lever(
        0.0, unit="home/year", within=(0.0, 2000.0), names=("Public homes", "保障性住房"), who="county",
        where="county", cost="housing_cost", group="urban", measure="M36", source="city_2023:17600_in_five_years",
        status="derived", paid_by=(0.6, 0.4), buys="works", builds="housing", outturn=True,
    )  # fmt: skip
    """Homes built or renewed with public money in the county's towns."""

    openness: float = lever(
        0.5, unit="index", within=(0.0, 1.0), names=("Openness to newcomers", "落户开放度"), who="county",
        where="county", cost=None, group="urban", measure="M18", source="hukou_rules_2014:small_towns_open",
        status="assumed", paid_by=(0.0, 1.0),
    )  # fmt: skip
    """How far town registration, and the services tied to it, stand open; 1 is no barrier."""

    sewage: float = lever(
        0.0, unit="yuan/year", within=(0.0, 3e8), names=("Sewage treatment", "城镇污水处理"), who="county",
        where="county", cost="money", group="ecology", measure="M24", source="mayor_2021:95_and_85_percent",
        status="assumed", paid_by=(0.5, 0.5), buys="works", builds="sewage", outturn=True,
    )  # fmt: skip
    """Money for sewers and treatment places in the county's towns."""

    districts: float = lever(
        0.0, unit="km2/year", within=(0.0, 0.6), names=("New districts", "新区熟地"), who="city",
        where="county", cost="district_cost", group="urban", measure="M17", source="levers:new_town_land",
        status="assumed", paid_by=(0.2, 0.8), buys="works", builds="districts",
    )  # fmt: skip
    """Land of new districts in the county that is given pipes, roads and buses in a year."""

    renewal: float = lever(
        0.0, unit="home/year", within=(0.0, 5000.0), names=("Old homes renewed", "老旧住房改造"), who="county",
        where="county", cost="renewal_cost", group="urban", measure="M36", source="city_2023:17600_in_five_years",
        status="derived", paid_by=(0.6, 0.4), buys="works", builds="renewal",
    )  # fmt: skip
    """Homes of old compounds renewed with public money in the county's towns."""

    districts_years: float = belief(
        3.0, unit="year", within=(1.0, 6.0), prior=(2.0, 3.0, 5.0), source="assumed:pipes_roads_and_buses", status="assumed",
        whole=True,
    )  # fmt: skip
    """Years until land of new districts is serviced."""

    districts_fades: float = belief(
        0.0, unit="1/year", within=(0.0, 1.0), prior=(0.0, 0.0, 0.02), source="assumed:land_stays_serviced",
        status="assumed",
    )  # fmt: skip
    """Part of the serviced land whose pipes and roads are worn out in a year."""

    renewal_fades: float = belief(
        0.05, unit="1/year", within=(0.0, 1.0), prior=(0.03, 0.05, 0.08), source="assumed:twenty_more_years",
        status="assumed",
    )  # fmt: skip
    """Part of the renewed homes that are old again after a year."""

    housing_years: float = belief(
        2.0, unit="year", within=(1.0, 6.0), prior=(1.0, 2.0, 4.0), source="assumed:two_building_seasons", status="assumed",
        whole=True,
    )  # fmt: skip
    """Years until public homes are ready."""

    sewage_years: float = belief(
        2.0, unit="year", within=(1.0, 6.0), prior=(1.0, 2.0, 4.0), source="assumed:two_building_seasons", status="assumed",
        whole=True,
    )  # fmt: skip
    """Years until sewers and plants run."""

    district_cost: float = belief(
        400000000.0, unit="yuan/km2", within=(100000000.0, 2000000000.0), prior=(220000000.0, 400000000.0, 800000000.0),
        source="assumed:park_cost_and_trunk_works", status="assumed",
    )  # fmt: skip
    """Public cost of serviced land of new districts with its trunk roads and pipes."""

    district_relief: float = belief(
        0.12, unit="log", within=(0.0, 0.5), prior=(0.05, 0.12, 0.25), source="assumed:land_a_third_of_price",
        status="assumed",
    )  # fmt: skip
    """Largest fall of the log of what a home costs to build that serviced land brings."""

    district_half: float = belief(
        8.0, unit="m2/person", within=(1.0, 100.0), prior=(3.0, 8.0, 20.0), source="assumed:against_80_built_up",
        status="assumed",
    )  # fmt: skip
    """New serviced land a town resident at which some three fifths of that fall are reached."""

    rent_subsidy: float = lever(
        0.0, unit="yuan/household/year", within=(0.0, 7200.0), names=("Rent money", "住房租赁补贴"), who="county",
        where="county", cost=None, group="urban", measure="M36", source="levers:rent_subsidy",
        status="assumed", paid_by=(0.5, 0.5), buys="households",
    )  # fmt: skip
    """Paid to households that rent in town because a home is dear for them: newcomers, and who draws the allowance."""

    rent_years: float = belief(
        3.0, unit="years", within=(1.0, 10.0), prior=(2.0, 3.0, 5.0), source="assumed:terms_of_city_rules",
        status="assumed", whole=True,
    )  # fmt: skip
    """Years after its move for which a household counts as a newcomer who may draw rent money."""

    renewal_cost: float = belief(
        35000.0, unit="yuan/home", within=(5000.0, 200000.0), prior=(20000.0, 35000.0, 60000.0),
        source="recalled:national_programme_of_old_compounds", status="recalled",
    )  # fmt: skip
    """Public money for a home of an old compound."""

    renewed_kept: float = belief(
        0.7, unit="share", within=(0.0, 1.0), prior=(0.4, 0.7, 0.9), source="assumed:twenty_more_years",
        status="assumed",
    )  # fmt: skip
    """Part of the loss of homes that a renewed home escapes."""

    housing_cost: float = belief(
        180000.0, unit="yuan/home", within=(30000.0, 600000.0), prior=(120000.0, 180000.0, 260000.0),
        source="assumed:building_cost_with_land_given", status="assumed",
    )  # fmt: skip
    """Public cost of a home of 100 square metres, land given."""

    sewage_cost: float = belief(
        2200.0, unit="yuan/person", within=(300.0, 10000.0), prior=(1200.0, 2200.0, 4000.0),
        source="assumed:plant_and_sewers", status="assumed",
    )  # fmt: skip
    """Cost of treating the sewage of one more resident, for good."""

    town_start: float = belief(
        1.5, unit="ratio", within=(1.0, 4.0), prior=(1.3, 1.5, 1.8), source="assumed:schools_and_hospitals_in_reach",
        status="assumed",
    )  # fmt: skip
    """Services in town against the village at the start."""

    service_el: float = belief(
        0.4, unit="elasticity", within=(0.0, 1.0), prior=(0.2, 0.4, 0.6), source="assumed:less_than_one_to_one",
        status="assumed",
    )  # fmt: skip
    """Services with service capital a resident."""

    town_part: float = belief(
        0.65, unit="share", within=(0.1, 0.95), prior=(0.5, 0.65, 0.8), source="assumed:where_new_places_are",
        status="assumed",
    )  # fmt: skip
    """Part of the change of service capital that reaches the towns; the rest reaches the villages."""

    money_gain: float = belief(
        0.12, unit="share", within=(0.0, 1.0), prior=(0.05, 0.12, 0.25), source="assumed:running_money",
        status="assumed",
    )  # fmt: skip
    """Gain in services when 1,000 yuan a resident (prices of 2015) are spent, in units of a log step."""

    home_size: float = belief(
        2.9, unit="person/home", within=(1.5, 5.0), prior=(2.7, 2.9, 3.2), source="census_2020:urban_households",
        status="derived",
    )  # fmt: skip
    """Residents a home in town at the start."""

    price_district: float = belief(
        380000.0, unit="yuan/home", within=(100000.0, 900000.0), prior=(330000.0, 380000.0, 450000.0),
        source="assumed:3800_a_square_metre", status="assumed",
    )  # fmt: skip
    """Price of a home of 100 square metres in the two districts in 2015."""

    price_county: float = belief(
        270000.0, unit="yuan/home", within=(80000.0, 800000.0), prior=(220000.0, 270000.0, 330000.0),
        source="assumed:2700_a_square_metre", status="assumed",
    )  # fmt: skip
    """Price of a home of 100 square metres in the five counties' towns in 2015."""

    margin: float = belief(
        0.12, unit="share", within=(0.0, 1.0), prior=(0.06, 0.12, 0.2), source="assumed:developers_books",
        status="assumed",
    )  # fmt: skip
    """Price over cost at the start, less one."""

    price_el: float = belief(
        1.2, unit="elasticity", within=(0.0, 4.0), prior=(0.6, 1.2, 2.0), source="assumed:short_of_homes",
        status="assumed",
    )  # fmt: skip
    """Price with families a home."""

    adjust: float = belief(
        0.4, unit="1/year", within=(0.05, 1.0), prior=(0.25, 0.4, 0.6), source="assumed:slow_prices",
        status="assumed",
    )  # fmt: skip
    """Part of the gap to the balanced price that closes in a year."""

    build_speed: float = belief(
        0.25, unit="1/year", within=(0.0, 3.0), prior=(0.15, 0.25, 0.4), source="assumed:3_percent_a_year_at_start",
        status="assumed",
    )  # fmt: skip
    """Homes built in a year against homes, for each unit of margin."""

    quota_used: float = belief(
        0.2, unit="share", within=(0.0, 1.0), prior=(0.0, 0.2, 0.5), source="assumed:what_is_sold_is_mostly_spare",
        status="assumed",
    )  # fmt: skip
    """Part of the land quota sold that the county's towns would have built over themselves."""

    home_loss: float = belief(
        0.008, unit="1/year", within=(0.0, 0.05), prior=(0.004, 0.008, 0.015), source="assumed:renewal",
        status="assumed",
    )  # fmt: skip
    """Homes taken out of use in a year."""

    land_a_resident: float = belief(
        80.0, unit="m2/person", within=(30.0, 250.0), prior=(70.0, 80.0, 100.0), source="land_cover_2015:91.63_km2",
        status="derived",
    )  # fmt: skip
    """Built-up land a town resident at the start: 91.63 km2 for 1.14 million."""

    land_a_home: float = belief(
        120.0, unit="m2/home", within=(20.0, 600.0), prior=(80.0, 120.0, 200.0), source="assumed:taller_buildings",
        status="assumed",
    )  # fmt: skip
    """Land of a new home with its share of streets and schools; less than before, so towns grow denser."""

    sewage_district: float = belief(
        0.85, unit="share", within=(0.2, 1.0), prior=(0.78, 0.85, 0.9), source="assumed:below_95_of_2021",
        status="assumed",
    )  # fmt: skip
    """Treated share of town sewage in the districts in 2015."""

    sewage_county: float = belief(
        0.7, unit="share", within=(0.1, 1.0), prior=(0.6, 0.7, 0.78), source="assumed:below_85_of_2021",
        status="assumed",
    )  # fmt: skip
    """Treated share of town sewage in the counties in 2015."""

    incomer_growth: float = outside(
        0.02, unit="1/year", within=(-0.2, 0.3), prior=(0.0, 0.02, 0.05), source="census_2010_2020:other_province",
        status="assumed",
    )  # fmt: skip
    """Growth of residents registered outside the prefecture."""

    home_demand: float = outside(
        1.0, unit="ratio", within=(0.2, 3.0), prior=(1.0, 1.0, 1.0), source="assumed:credit_and_mood_as_usual",
        status="assumed",
    )  # fmt: skip
    """Families' wish for homes against the usual: credit, mood and what is bought to be left empty."""

    density_cut: float = cut(names=("Town density held", "城镇密度固定"), source="mechanisms:r3")
    """1 holds the effect of density on output at its level of 2020 (loop R3)."""

    elastic_cut: float = cut(names=("Homes at cost", "住房弹性供给"), source="mechanisms:b9")
    """1 lets the price of homes follow cost alone (loop B9)."""


class Works(NamedTuple):
    """What programmes have made in the towns by 31 December, by county, f8 (7,)."""

    districts: np.ndarray  # km2 of serviced land
    opened: np.ndarray  # km2 of it that become ready this year
    renewed: np.ndarray  # homes renewed that still profit
    services: np.ndarray  # log of services that channels add


class Grown(NamedTuple):
    """What the towns did in a year."""

    after: Towns
    land: np.ndarray  # i8 (7,): open land built over, tenths of a mu
    homes_built: np.ndarray  # f8 (7,)
    investment: np.ndarray  # f8 (7,): worth of the homes built by developers, yuan


def _by_place(district: float, county: float) -> np.ndarray:
    return np.array([district] * CENTRAL + [county] * (len(COUNTIES) - CENTRAL))


def opening(urban: np.ndarray, village: np.ndarray, incomers: np.ndarray, p: TownsParameters) -> Towns:
    """The towns at the end of 2015; residents of towns and villages are f8 (7,), newcomers i8 (7,)."""
    cells = CELLS_PER_HECTARE / SQUARE_METRES_PER_HECTARE
    built = np.rint(p.land_a_resident * urban * cells)
    return Towns(
        services=np.full(len(COUNTIES), p.town_start),
        village_services=np.ones(len(COUNTIES)),
        homes=urban / p.home_size,
        price=_by_place(p.price_district, p.price_county),
        built=built,
        incomers=np.asarray(incomers, np.int64).copy(),
        sewage=_by_place(p.sewage_district, p.sewage_county),
        urban=urban.astype(np.float64),
        start_urban=urban.astype(np.float64),
        start_village=village.astype(np.float64),
        start_built=built.copy(),
        density=np.ones(len(COUNTIES)),
        empty=np.zeros(len(COUNTIES)),
    )


@rule
def _capital(stock, start):
    """Schools and hospitals among a county's public capital by kind against the start."""
    return (stock[SCHOOLS] + stock[HEALTH]) / (start[SCHOOLS] + start[HEALTH])


@rule
def _services(capital, urban, village, start_urban, start_village, money, p):
    """Services in town and in the village; `capital` is service capital against the start, `money` at prices of 2015."""
    # The two settings start with equal capital, so that a part of one half leaves both at the county's mean.
    grown = capital - 1.0
    in_town = max(1.0 + 2.0 * p.town_part * grown, 0.0)
    in_village = max(1.0 + 2.0 * (1.0 - p.town_part) * grown, 0.0)
    crowd = max(urban, 1.0) / max(start_urban, 1.0)
    empty = max(village, 1.0) / max(start_village, 1.0)
    gain = 1.0 + p.money_gain * math.log1p(money / max(urban, 1.0) / THOUSAND)
    return p.town_start * (in_town / crowd) ** p.service_el * gain, (in_village / empty) ** p.service_el


@rule
def _price(price, start, urban, homes, p):
    """Price of a home: part of the gap closes to what balances families and homes."""
    families = p.home_demand * max(urban, 1.0) / max(homes * p.home_size, 1.0)
    balanced = start * families**p.price_el if p.elastic_cut == 0.0 else start
    return price + p.adjust * (balanced - price)


@kernel
def _grow(towns, stock, at_start, year, cost_index, cpi, p, grown):
    after = grown.after
    for county in range(year.urban.size):
        urban, village = year.urban[county], year.village[county]
        start_urban = towns.start_urban[county]
        after.services[county], after.village_services[county] = _services(
            _capital(stock[county], at_start[county]), urban, village, start_urban, towns.start_village[county],
            year.service_money[county] / cpi, p,
        )  # fmt: skip
        after.services[county] *= year.lift[county]
        after.village_services[county] *= year.lift[county]
        homes, start = (
            towns.homes[county],
            (p.price_district if county < CENTRAL else p.price_county) * cost_index * year.relief[county],
        )
        cost, price = start / (1.0 + p.margin), _price(towns.price[county], start, urban, homes, p)
        private = p.build_speed * homes * max(price / cost - 1.0, 0.0)
        # Land bounds what is built; public homes come first.
        cells = p.land_a_home * CELLS_PER_HECTARE / SQUARE_METRES_PER_HECTARE
        ready = min(year.opened[county], max(year.open_land[county], 0))
        room = (max(year.open_land[county], 0) + towns.empty[county]) / cells
        homes_public = min(year.public_homes[county], room)
        private = min(private, room - homes_public)
        private = max(private - p.quota_used * year.quota_sold[county] / cells, 0.0)
        built = homes_public + private
        land = math.floor(max(built * cells - towns.empty[county], ready))
        # Empty plots in the area of the town made it less dense and its firms poorer for land on which nobody works.
        empty = max(towns.empty[county] + land - built * cells, 0.0)
        after.price[county], after.built[county], after.empty[county] = (
            price,
            towns.built[county] + land,
            empty,
        )
        loss = p.home_loss * (1.0 - p.renewed_kept * min(year.renewed[county] / max(homes, 1.0), 1.0))
        after.homes[county] = (1.0 - loss) * homes + built
        area = (after.built[county] - empty) / max(towns.start_built[county], 1.0)
        density = max(urban, 1.0) / max(start_urban, 1.0) / max(area, 1.0)
        after.density[county] = density if p.density_cut == 0.0 else towns.density[county]
        places = towns.sewage[county] * max(towns.urban[county], 1.0)
        places += year.sewage_money[county] / cpi / p.sewage_cost
        after.sewage[county] = min(places / max(urban, 1.0), 1.0)
        after.incomers[county] = int(np.rint(towns.incomers[county] * (1.0 + p.incomer_growth)))
        grown.land[county], grown.homes_built[county] = land, built
        grown.investment[county] = cost * private


class _Year(NamedTuple):
    """What a year brings to the towns, by county (7,)."""

    urban: np.ndarray
    village: np.ndarray
    open_land: np.ndarray  # i8 cells
    service_money: np.ndarray
    public_homes: np.ndarray
    sewage_money: np.ndarray
    relief: np.ndarray  # factor of what a home costs
    opened: np.ndarray  # f8 cells of districts that become ready
    renewed: np.ndarray  # homes
    lift: np.ndarray  # factor of services
    quota_sold: np.ndarray  # cells


def relief(serviced: np.ndarray, residents: np.ndarray, p: TownsParameters) -> np.ndarray:
    """Factor of what a home costs where districts have `serviced` land (km2) for the town `residents` of 2015 (f8, 7 each)."""
    land = serviced * HECTARES_PER_KM2 * SQUARE_METRES_PER_HECTARE / np.maximum(residents, 1.0)
    return np.exp(-saturating(p.district_relief, land, p.district_half))


def _no_works() -> Works:
    return Works(*np.zeros((len(Works._fields), len(COUNTIES))))


def grow(
    towns: Towns,
    public: PublicCapital,
    *,
    urban: np.ndarray,
    village: np.ndarray,
    open_land: np.ndarray,
    service_money: np.ndarray,
    public_homes: np.ndarray,
    sewage_money: np.ndarray,
    quota_sold: np.ndarray,
    cost_index: float,
    cpi: float,
    p: TownsParameters,
    works: Works | None = None,
) -> Grown:
    """The towns a year on.

    `urban` and `village` residents, money granted (yuan) and `public_homes` granted are f8 (7,), as is the land quota
    sold (mu); `open_land` is i8 (7,) cells that may be built over; `cost_index` is the cost of building against 2015
    (nominal); `works` is what programmes have made, where they have made anything.
    """
    seven = len(COUNTIES)
    services, village_services, homes, price, built, sewage, density, empty, homes_built, investment = blank(
        10, seven
    )
    incomers, land = blank(2, seven, kind=np.int64)
    after = Towns(
        services, village_services, homes, price, built, incomers, sewage, urban.astype(np.float64), towns.start_urban,
        towns.start_village, towns.start_built, density, empty,
    )  # fmt: skip
    grown = Grown(after, land, homes_built, investment)
    works = _no_works() if works is None else works
    year = _Year(
        urban, village, open_land, service_money, public_homes, sewage_money,
        relief(works.districts, towns.start_urban, p), works.opened * HECTARES_PER_KM2 * CELLS_PER_HECTARE, works.renewed,
        np.exp(works.services), CELLS_PER_MU * quota_sold,
    )  # fmt: skip
    _grow(towns, public.stock, public.start, year, cost_index, cpi, p.values, grown)
    return grown
