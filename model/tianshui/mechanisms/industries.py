"""Ten non-farm sectors in seven counties: what they sell, make, pay, invest, burn.

The economy is led by demand on an export base. Value added of a sector in a county is what its customers buy,

    VA_cs = sum over uses k and counties c' of share_ks (1 - import_k) local_cs * spending_kc' * reach(c', c) + X_cs
    X_cs  = outside demand (2015 prices) * deflator * competitiveness_cs^eta * goods_cs^variety * (custom_c / elsewhere)^-(eta_long - eta)

bounded by what its workers can make (beyond it local customers buy outside and outside sales are lost):

    VA / (deflator * price) <= (1 + stretch) * scale * a * K^alpha * (workers * efficiency)^(1 - alpha) * (G/G0)^eps_G * density^agglom

Who lives better spends a larger part on services, and a smaller one on goods, wherever they are made:

    share of services = share of the start * standard of living^leaning     standard of living: real local wage, 1 at the start

`reach` sends a small part of local demand to other counties. Outside demand grows with the nation's by sector;
competitiveness is a * (G/G0)^eps_G * density^agglom / (trade cost * relative wage^(1 - alpha)) against the
outside's own trend. A factory pays the way in too, of what it makes its goods of: its trade cost has the power 1 + bought_in.
Customers of goods are found over years: `custom` is the trade cost to which they have come (one, so nothing, in other sectors),

    custom' = custom * (trade cost / custom)^custom_found

so far as it falls faster than `elsewhere`, since all build roads; and what leads out leads in. Where the trade cost falls, goods from outside fall in price and the factories' by `bought_in` of it:
at home they sell against these, in every use that buys the part m outside,

    home sales of goods = those above * [trade cost^eta * custom^(eta_long - eta)]^((1 - bought_in) * m)

so that the sign of a road for a county's factories is a result. Wages and technology have no such long answer: against rivals'
trends, which are assumed, an error would pile up from year to year. Jobs wanted invert the production function at expected sales; half the gap closes in a year.

What is sold at home becomes dearer as labour takes a larger part of value added than at the start, so that a builder, a
school or an inn whose hands earn more each year and make no more sells less of it for the same money:

    price' = price * (part of labour and tax / that of the start)^(passed_on * part of sales at home)

All is decided in order: jobs and investment on last year's books, then sales, then the books of this year,

    VA + subsidies = wages + production tax + interest + dividends + investment + change of cash - net borrowing

Growth is expected as it is remembered: of what was expected before and of the news, the sector's own growth of last
year (within limits) and that of its markets,

    expected = growth_memory * expected before + (1 - growth_memory) * [follow * markets + (1 - follow) * own]

Capital grows with expected sales and with its return against that of the start (a hurdle of its own for each
sector and county: what wage bills and sales of 2015 say together is too rough to tell loss from error),

    decided    = K * [delta_K + accelerator * expected growth + deepening * (1 - alpha) * real wage growth
                      + iota * (return - usual) + debt_crowd * (debt - normal)]+
    investment = (1 - built_later) * decided + built_later * decided a year before

for plants take about two years to build: what builders have in hand is no longer undone by the news of one year.

A subsidy is paid to the factories that upgrade, its part of what all their upgrades cost, and to those that develop. They buy
what it brings beyond the usual: equipment in place of the old, which adds nothing to capital, and technical services,

    cost = upg_cost * K * part that upgrades     renewal = cost * (1 - hazard without subsidy / hazard)
    investment = that above + renewal + development + plant that abates waste water (`compensation`)

so that the subsidy of an upgrade that would have come anyway stays with its owners. Usual upgrades are a part of what wear
asks for.

Public eco-investment wins outside demand and adds the capital that these sales need, at the sector's present
capital over sales, not more than the money buys; the rest pays for what enterprises would have built anyway and is soft,

    added sales = eco_output * competitiveness^eta * grant     added capital = min(grant, added sales * K / VA)

What it adds burns and sullies `eco_clean` of what the rest of its sector does.

Enterprises (counts by size and technology) enter with expected profit and the cost of entry, exit by size,
and upgrade with a hazard that a subsidy raises. Upgrading lifts a and lowers energy and waste water. New goods come
with enterprises beyond the usual: outside demand has the power `variety` of the enterprises that there are against those
that usual entry would have left, both counted at the jobs of their size,

    goods' = goods * (1 - exit + entry) / (1 - exit + goods * usual entry)

with entry and exit against all, so that where entry stays at m times the usual `goods` ends at m and the gain with it. Usual
entry fills the jobs at hand: a sector that grows has more enterprises, but no more than usual.

A part of new factories could as well be built elsewhere: as usual they come with the growth of outside demand, and more or
fewer come as the delivered cost at a place falls or rises, that of founding counted by capital's part in it,

    drawn  = (trade cost / elsewhere)^-place_el * [1 - s + s * e^(place_el * alpha * plot_saves)]
    works' = works * (1 - exit + drawn * usual entry) / (1 - exit + works * usual entry)
    coming = footloose * (works' - works) of the sector's sales

where s is the part of new factories that finds a serviced plot: a place that draws m times the usual ends with m times as
many such works. They sell outside what they make, to customers of their own; a year after they chose they hire and build,
with capital for their sales that their owners bring. Serviced land is a stock:

    vacant' = (1 - park_fades) * vacant + serviced - taken,     taken = plot_need * jobs of new factories with a plot

of which no more is taken than there is. Programmes (`gains`) may raise a, outside demand and entry by
factors, found small enterprises beside, and change what loans cost and banks allow. Where labour takes a larger part of value added than at
the start, it is saved (`induced`: the scale of the production function rises).

Left out: the land that parks take (a thousandth of the prefecture in fifteen years of the plan), plots for factories that
grow where they stand, works that leave for elsewhere, invitation as a reason to come from outside, the fading of what
public eco-investment has won, intermediate inputs (sales are counted as value added; purchases outside are value added bought
outside), prices by sector in what households and GDP are deflated by (one deflator), strikes of demand inside the
year (no multiplier rounds: the household's next consumption carries it), age of enterprises (size carries the survival moments).
"""

import math
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

import numpy as np

from tianshui import assumptions, draws
from tianshui.compiled import kernel, rule
from tianshui.declare import Parameters, belief, cut, lever
from tianshui.draws import uniform
from tianshui.state import (
    COUNTIES,
    FACTORIES,
    PUBLIC,
    SECONDARY,
    SECTORS,
    TECHNICAL,
    Industries,
    blank,
    fixed,
)

TENTH = 0.1
UNIT = 1e4
"""Yuan in the unit of the energy and load intensities."""
KG = 1e3
"""Kilogrammes a tonne."""
START = 2015
"""Calendar year at whose end the model starts."""
M2 = 1e6
"""Square metres a km2."""
TINY = np.finfo(np.float64).tiny
MOST_PULL = 3.0
"""Log of the most works against the usual that a road draws, or of the fewest: a guard that no prior's middle comes near."""
HALF_UP = 0.5
"""What is added so that whole parts are rounded ones."""
PRODUCTIVITY, OUTSIDE, ENTRY, FOUNDED, INTEREST, CAP = range(6)
"""Rows of what programmes do to the industries (`gains`, f8 6 x 7 x 10): factors of productivity, of outside demand and of
entry; enterprises founded beside; interest on loans; debt that banks allow against capital."""
USES = (
    "consumption", "village_consumption", "public_consumption", "public_works", "firm_investment",
    "household_investment",
)  # fmt: skip
DEVELOPMENT = len(USES)
"""Row behind those uses: what firms spend on development, all of it technical services."""
LIVING = [0, 1]
"""Rows of those uses that are households' consumption."""
SERVED = SECTORS.index("tourism")
"""First of the sectors that sell services and no goods; they are the last four."""
OWN = np.arange(len(COUNTIES))
SMALL, MIDDLE, LARGE = 0, 1, 2
OLD, UPGRADED = 0, 1
DRAW_ENTRY, DRAW_EXIT, DRAW_UPGRADE, DRAW_NEW = 0, 10, 20, 30
KEPT = 64
"""For how many draws of beliefs what follows from them alone is kept at hand."""


class IndustriesParameters(Parameters):
    """Numbers of the industries."""

    tables: ClassVar[tuple[str, ...]] = ("sectors", "sector_traits")

    retrofit_subsidy: float = lever(
        0.0, unit="share", within=(0.0, 0.2), names=("Retrofit subsidy", "技术改造补贴率"), who="city",
        where="county", cost=None, group="industry", measure="M09", source="levers:retrofit_subsidy_rate",
        status="assumed", paid_by=(0.4, 0.6), buys="firms",
    )  # fmt: skip
    """Part of the equipment cost of an upgrade that public money pays; `retrofit_ask` prices it."""

    park: float = lever(
        0.0, unit="km2/year", within=(0.0, 0.5), names=("Serviced land in parks", "园区建设用地"), who="city",
        where="county", cost="park_cost", group="industry", measure="M09", source="levers:park_serviced_land",
        status="assumed", paid_by=(0.3, 0.7), buys="works", builds="park",
    )  # fmt: skip
    """Land serviced for enterprises in the county's parks."""

    entry_relief: float = lever(
        0.0, unit="share", within=(0.0, 0.5), names=("Relief of entry", "营商环境减负"), who="city",
        where="one", cost=None, group="industry", measure="M29", source="levers:entry_cost_index",
        status="assumed", paid_by=(0.0, 1.0),
    )  # fmt: skip
    """Cut of what permits and registration cost who founds an enterprise."""

    eco_investment: float = lever(
        0.0, unit="yuan/year", within=(0.0, 2e8), names=("Investment in eco-industries", "生态产业投资"), who="city",
        where="county", cost="money", group="industry", measure="M08", source="levers:eco_industry_investment",
        status="assumed", paid_by=(0.3, 0.7), buys="works", builds="eco_investment",
    )  # fmt: skip
    """Public money for new capacity of the ten eco-industries, above trend."""

    park_years: float = belief(
        2.0, unit="year", within=(1.0, 6.0), prior=(1.0, 2.0, 3.0), source="assumed:pipes_roads_and_power", status="assumed",
        whole=True,
    )  # fmt: skip
    """Years until land in parks is serviced."""

    park_fades: float = belief(
        0.03, unit="1/year", within=(0.0, 1.0), prior=(0.0, 0.03, 0.1), source="assumed:some_plots_are_put_to_other_uses",
        status="assumed",
    )  # fmt: skip
    """Part of the serviced land that is vacant which is put to other uses in a year; factories take plots beside."""

    eco_investment_years: float = belief(
        2.0, unit="year", within=(1.0, 6.0), prior=(1.0, 2.0, 4.0), source="assumed:plants_take_two_years", status="assumed",
        whole=True,
    )  # fmt: skip
    """Years until the plants of public eco-investment sell."""

    park_cost: float = belief(
        2.2e8, unit="yuan/km2", within=(5e7, 1e9), prior=(1.5e8, 2.2e8, 3.5e8), source="assumed:150000_yuan_a_mu",
        status="assumed",
    )  # fmt: skip
    """Cost of serviced land."""

    alpha_K: float = belief(
        0.5, unit="elasticity", within=(0.2, 0.8), prior=(0.4, 0.5, 0.6), source="bai_qian_2010:labour_share",
        status="recalled",
    )  # fmt: skip
    """Output with capital; labour has the rest."""

    eps_G: float = belief(
        0.1, unit="elasticity", within=(0.0, 0.4), prior=(0.05, 0.1, 0.15), source="bom_ligthart_2009:meta",
        status="found",
    )  # fmt: skip
    """Output with productive public capital."""

    agglom: float = belief(
        0.08, unit="elasticity", within=(0.0, 0.3), prior=(0.03, 0.08, 0.12), source="combes_demurger_li_2013:ratio",
        status="assumed",
    )  # fmt: skip
    """Output with the density of the towns."""

    g_tfp_ind: float = belief(
        0.012, unit="1/year", within=(-0.03, 0.08), prior=(0.0, 0.012, 0.03), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Trend of productivity in the secondary sectors."""

    g_tfp_srv: float = belief(
        0.01, unit="1/year", within=(-0.03, 0.08), prior=(0.003, 0.01, 0.02), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Trend of productivity in the tertiary sectors."""

    outside_trend: float = belief(
        0.014, unit="1/year", within=(-0.02, 0.06), prior=(0.008, 0.014, 0.02),
        source="assumed:as_at_home_with_public_capital", status="assumed",
    )  # fmt: skip
    """Trend of the productivity of outside rivals."""

    delta_K: float = belief(
        0.096, unit="1/year", within=(0.02, 0.2), prior=(0.05, 0.096, 0.11), source="zhang_wu_zhang_2004:rate",
        status="recalled",
    )  # fmt: skip
    """Depreciation of enterprises' capital."""

    capital_scale: float = belief(
        1.0, unit="ratio", within=(0.3, 3.0), prior=(0.7, 1.0, 1.4), source="assumed:table_of_sectors",
        status="assumed",
    )  # fmt: skip
    """Capital over value added against the table of sectors."""

    eta: float = belief(
        1.5, unit="elasticity", within=(0.0, 6.0), prior=(0.8, 1.5, 2.5), source="assumed:regional_trade",
        status="assumed",
    )  # fmt: skip
    """Outside sales with competitiveness."""

    eta_long: float = belief(
        4.0, unit="elasticity", within=(0.0, 12.0), prior=(2.0, 4.0, 6.0), source="tombe_zhu_2019:trade_elasticity_4",
        status="recalled",
    )  # fmt: skip
    """Outside sales of goods with the cost of bringing them there once customers have come: 4 within China; 2 where tariffs
    were followed for ten years (Boehm and others 2023), 5 in the middle of gravity equations."""

    custom_found: float = belief(
        0.25, unit="1/year", within=(0.0, 1.0), prior=(0.15, 0.25, 0.4),
        source="boehm_levchenko_pandalai_2023:seven_to_ten_years", status="derived",
    )  # fmt: skip
    """Part of the customers who will answer a change of trade cost that do so in a year: nine tenths in eight years."""

    way_elsewhere: float = belief(
        0.001, unit="1/year", within=(0.0, 0.02), prior=(0.0, 0.001, 0.002), source="assumed:as_at_home_without_a_plan",
        status="assumed",
    )  # fmt: skip
    """Yearly fall of trade cost elsewhere: roads like those that all build win no customers and draw no works."""

    bought_in: float = belief(
        0.5, unit="share", within=(0.0, 0.9), prior=(0.3, 0.5, 0.65), source="assumed:three_quarters_inputs_two_thirds_from_outside",
        status="assumed",
    )  # fmt: skip
    """Part of the cost of a factory's goods that goes for what it buys beyond the prefecture."""

    stretch: float = belief(
        0.15, unit="share", within=(0.0, 1.0), prior=(0.08, 0.15, 0.25), source="assumed:overtime_and_idle_plant",
        status="assumed",
    )  # fmt: skip
    """What can be made beyond the usual output of the workers at hand."""

    import_consumption: float = belief(
        0.45, unit="share", within=(0.05, 0.95), prior=(0.35, 0.45, 0.55), source="assumed:small_open_prefecture",
        status="assumed",
    )  # fmt: skip
    """Part of town households' spending that is value added made outside."""

    import_village: float = belief(
        0.5, unit="share", within=(0.05, 0.95), prior=(0.4, 0.5, 0.6), source="assumed:small_open_prefecture",
        status="assumed",
    )  # fmt: skip
    """The same of village households, food of local farms apart."""

    import_public: float = belief(
        0.15, unit="share", within=(0.0, 0.9), prior=(0.08, 0.15, 0.25), source="assumed:mostly_wages",
        status="assumed",
    )  # fmt: skip
    """The same of public wages and operation."""

    fs_leak: float = belief(
        0.5, unit="share", within=(0.1, 0.9), prior=(0.35, 0.5, 0.65), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Part of public works that is bought outside: materials, contractors."""

    import_investment: float = belief(
        0.5, unit="share", within=(0.05, 0.95), prior=(0.4, 0.5, 0.6), source="assumed:equipment_comes_from_outside",
        status="assumed",
    )  # fmt: skip
    """Part of enterprises' investment that is bought outside."""

    import_homes: float = belief(
        0.4, unit="share", within=(0.05, 0.95), prior=(0.3, 0.4, 0.5), source="assumed:building_materials",
        status="assumed",
    )  # fmt: skip
    """Part of households' investment that is bought outside."""

    leaning: float = belief(
        0.35, unit="elasticity", within=(0.0, 1.0), prior=(0.2, 0.35, 0.5),
        source="nbs_consumption:services_39.7_to_45.9_percent_in_2013_19", status="recalled",
    )  # fmt: skip
    """Part of households' spending that services have, with the standard of living: incomes a head rose by 49 %."""

    other_counties: float = belief(
        0.12, unit="share", within=(0.0, 0.8), prior=(0.06, 0.12, 0.2), source="assumed:shopping_in_the_districts",
        status="assumed",
    )  # fmt: skip
    """Part of local demand spent in any county of the prefecture, by the size of its sector."""

    factories_outside: float = belief(
        0.5, unit="share", within=(0.001, 0.95), prior=(0.35, 0.5, 0.7), source="assumed:factories_sell_beyond_a_county",
        status="assumed",
    )  # fmt: skip
    """Smallest part of the value added of equipment, electronics, processing and other industry that is sold outside
    at the start: a county of half a million does not buy up its factories."""

    least_outside: float = belief(
        0.03, unit="share", within=(0.001, 0.5), prior=(0.01, 0.03, 0.06), source="assumed:floor_of_calibration",
        status="assumed",
    )  # fmt: skip
    """The same of the other six sectors."""

    follow: float = belief(
        0.6, unit="share", within=(0.0, 1.0), prior=(0.4, 0.6, 0.8), source="assumed:how_firms_expect",
        status="assumed",
    )  # fmt: skip
    """Weight of the nation's growth, against the sector's own, in expected growth."""

    growth_memory: float = belief(
        0.5, unit="share", within=(0.0, 0.95), prior=(0.3, 0.5, 0.7), source="assumed:how_firms_expect",
        status="assumed",
    )  # fmt: skip
    """Weight of the growth that firms expected a year before in the one they expect now: plants are built for years."""

    growth_limit: float = belief(
        0.15, unit="1/year", within=(0.01, 1.0), prior=(0.1, 0.15, 0.25), source="assumed:how_firms_expect",
        status="assumed",
    )  # fmt: skip
    """Largest own growth, up or down, that is expected to go on."""

    hire_speed: float = belief(
        0.5,
        unit="1/year",
        within=(0.05, 1.0),
        prior=(0.35, 0.5, 0.65),
        source="mechanisms:2",
        status="assumed",
    )
    """Part of the gap to the jobs wanted that closes in a year."""

    accelerator: float = belief(
        1.0, unit="ratio", within=(0.0, 2.0), prior=(0.8, 1.0, 1.2), source="assumed:capital_follows_sales",
        status="assumed",
    )  # fmt: skip
    """Growth of capital with expected growth of sales."""

    built_later: float = belief(
        0.5, unit="share", within=(0.0, 0.9), prior=(0.3, 0.5, 0.6), source="koeva_2000:about_two_years", status="recalled",
    )  # fmt: skip
    """Part of the investment that firms decide in a year which is built and paid in the next."""

    deepening: float = belief(
        1.0, unit="ratio", within=(0.0, 2.0), prior=(0.7, 1.0, 1.2), source="derived:cost_minimum_of_cobb_douglas",
        status="derived",
    )  # fmt: skip
    """How far machines replace dearer hands: growth of capital over (1 - alpha) times real wage growth."""

    induced: float = belief(
        0.2, unit="1/year", within=(0.0, 1.0), prior=(0.1, 0.2, 0.35), source="assumed:dear_labour_is_saved",
        status="assumed",
    )  # fmt: skip
    """Yearly saving of labour for each log point by which its part of value added exceeds that of the start."""

    passed_on: float = belief(
        0.5, unit="1/year", within=(0.0, 1.0), prior=(0.3, 0.5, 0.8), source="assumed:prices_follow_wages_in_years",
        status="assumed",
    )  # fmt: skip
    """Yearly rise of a price at home for each log point by which labour's part of value added exceeds that of the start."""

    iota: float = belief(
        0.1, unit="ratio", within=(0.0, 2.0), prior=(0.03, 0.1, 0.25), source="assumed:investment_and_return",
        status="assumed",
    )  # fmt: skip
    """Growth of capital with its return against that of the start."""

    loan_rate: float = belief(
        0.055, unit="1/year", within=(0.01, 0.15), prior=(0.045, 0.055, 0.07), source="levers:sme_loan_rate",
        status="assumed",
    )  # fmt: skip
    """Interest on enterprises' debt."""

    debt_crowd: float = belief(
        -0.05, unit="1/year", within=(-0.5, 0.1), prior=(-0.1, -0.05, 0.0), source="huang_pagano_panizza_2020:sign",
        status="assumed",
    )  # fmt: skip
    """Change of investment over capital for each unit of public debt over GDP."""

    debt_normal: float = belief(
        0.35, unit="ratio", within=(0.0, 2.0), prior=(0.25, 0.35, 0.5), source="expert_range:fs_debt",
        status="assumed",
    )  # fmt: skip
    """Public debt over GDP at which nothing is crowded out."""

    debt_cap: float = belief(
        0.5, unit="ratio", within=(0.05, 2.0), prior=(0.35, 0.5, 0.65), source="assumed:bank_practice",
        status="assumed",
    )  # fmt: skip
    """Debt over the value of capital beyond which banks do not lend."""

    debt_start: float = belief(
        0.25, unit="ratio", within=(0.0, 1.0), prior=(0.15, 0.25, 0.35), source="county_yearbook_2015:loans",
        status="assumed",
    )  # fmt: skip
    """Debt over the value of capital at the start."""

    working: float = belief(
        0.1, unit="ratio", within=(0.0, 1.0), prior=(0.05, 0.1, 0.2), source="assumed:cash_in_till",
        status="assumed",
    )  # fmt: skip
    """Cash kept, against a year's value added."""

    repayment: float = belief(
        0.15, unit="1/year", within=(0.0, 1.0), prior=(0.08, 0.15, 0.3), source="assumed:loan_terms",
        status="assumed",
    )  # fmt: skip
    """Part of debt repaid in a year while money is left."""

    wage_pass: float = belief(
        1.0, unit="ratio", within=(0.0, 1.5), prior=(0.85, 1.0, 1.1),
        source="assumed:pay_of_no_unit_follows_migrants", status="assumed",
    )  # fmt: skip
    """Growth of the county's wage with that of migrants' pay; pay in units leads it by the nation's lead."""

    wage_memory: float = belief(
        0.7, unit="share", within=(0.0, 0.95), prior=(0.5, 0.7, 0.8), source="assumed:machines_are_bought_for_years",
        status="assumed",
    )  # fmt: skip
    """Weight of the growth of wages that firms were used to in the one they reckon with when they buy machines."""

    wage_slope: float = belief(
        0.03, unit="1/year", within=(0.0, 0.5), prior=(0.01, 0.03, 0.06), source="assumed:wage_curve",
        status="assumed",
    )  # fmt: skip
    """Local wage growth for each unit of vacancies an applicant above the usual."""

    tightness: float = belief(
        0.3, unit="ratio", within=(0.05, 3.0), prior=(0.15, 0.3, 0.5), source="assumed:vacancies_an_applicant",
        status="assumed",
    )  # fmt: skip
    """Vacancies an applicant at which wages follow the outside alone."""

    firm_haz: float = belief(
        0.065, unit="1/year", within=(0.01, 0.3), prior=(0.05, 0.065, 0.12), source="china_economic_review_2025:life",
        status="found",
    )  # fmt: skip
    """Exit of enterprises, all sizes."""

    haz_small: float = belief(
        1.41, unit="ratio", within=(0.5, 3.0), prior=(1.2, 1.41, 1.6), source="saic_2013:survival_0.40",
        status="derived",
    )  # fmt: skip
    """Exit of small enterprises against all: 9.2 % a year."""

    haz_middle: float = belief(
        0.66, unit="ratio", within=(0.1, 2.0), prior=(0.55, 0.66, 0.8), source="saic_2013:survival_0.65",
        status="derived",
    )  # fmt: skip
    """Exit of middle enterprises against all: 4.3 % a year."""

    haz_large: float = belief(
        0.17, unit="ratio", within=(0.01, 1.0), prior=(0.11, 0.17, 0.25), source="saic_2013:survival_0.90",
        status="derived",
    )  # fmt: skip
    """Exit of large enterprises against all: 1.1 % a year."""

    firm_entry: float = belief(
        0.12, unit="1/year", within=(0.01, 0.4), prior=(0.08, 0.12, 0.18), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Entry of enterprises at usual profit and full room."""

    entry_el_profit: float = belief(
        1.0, unit="elasticity", within=(0.0, 4.0), prior=(0.5, 1.0, 2.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Entry with expected profit."""

    entry_el_cost: float = belief(
        0.5, unit="ratio", within=(0.0, 2.0), prior=(0.2, 0.5, 0.8), source="mechanisms:2", status="assumed"
    )
    """Fall of the log of entry with the log of its cost."""

    permit_part: float = belief(
        0.12, unit="share", within=(0.0, 1.0), prior=(0.05, 0.12, 0.3), source="bruhn_2011:registered_5_percent",
        status="derived",
    )  # fmt: skip
    """Part of the cost of founding an enterprise that permits and registration are: where two thirds to nine tenths of
    them were spared, some 5 % more enterprises were registered."""

    exit_profit: float = belief(
        0.5, unit="ratio", within=(0.0, 3.0), prior=(0.2, 0.5, 1.0), source="mechanisms:2", status="assumed"
    )
    """Fall of the log of exit with profit above the usual."""

    profit_unit: float = belief(
        0.15, unit="1/year", within=(0.02, 0.6), prior=(0.1, 0.15, 0.2), source="assumed:gross_return_on_capital",
        status="assumed",
    )  # fmt: skip
    """Rise of the gross return on capital that doubles expected profit."""

    plot_saves: float = belief(
        0.2, unit="log", within=(0.0, 1.0), prior=(0.1, 0.2, 0.35), source="assumed:55000_of_250000_yuan_a_job",
        status="assumed",
    )  # fmt: skip
    """Fall of the log cost of founding a factory on a serviced plot: 250 m2 a job are serviced for 55,000 yuan, some two
    years' value added a job are built on them, and plots go for less than they cost."""

    plot_need: float = belief(
        250.0, unit="m2/job", within=(20.0, 2000.0), prior=(150.0, 250.0, 500.0),
        source="assumed:two_to_seven_thousand_jobs_a_km2", status="assumed",
    )  # fmt: skip
    """Land in parks that a job of a new factory takes."""

    footloose: float = belief(
        0.3, unit="share", within=(0.0, 1.0), prior=(0.15, 0.3, 0.5), source="assumed:middle_and_large_works_are_invited",
        status="assumed",
    )  # fmt: skip
    """Part of the usual entry of factories, by jobs, whose owners could as well build elsewhere."""

    place_el: float = belief(
        5.0, unit="elasticity", within=(0.0, 20.0), prior=(2.0, 5.0, 10.0),
        source="head_mayer_2004:market_potential", status="assumed",
    )  # fmt: skip
    """Works that come from outside with a lower delivered cost at the place. Plants are chosen 0.3 to 1.1 % more often for a
    per cent of market potential, which a per cent of cost moves by some four; what Suárez Serrato and Zidar (2016) find of
    state taxes would be several times as large."""

    variety: float = belief(
        0.3, unit="elasticity", within=(0.0, 1.5), prior=(0.0, 0.3, 0.6), source="assumed:new_goods",
        status="assumed",
    )  # fmt: skip
    """Outside demand with enterprises against the usual, by the jobs of their size: most of the new sell what others sold."""

    size_small: float = belief(
        6.0, unit="job", within=(1.0, 20.0), prior=(4.0, 6.0, 9.0), source="economic_census_2013:mean_sizes",
        status="assumed",
    )  # fmt: skip
    """Jobs of a small enterprise."""

    size_middle: float = belief(
        60.0, unit="job", within=(20.0, 200.0), prior=(45.0, 60.0, 90.0), source="economic_census_2013:mean_sizes",
        status="assumed",
    )  # fmt: skip
    """Jobs of a middle enterprise."""

    size_large: float = belief(
        500.0, unit="job", within=(200.0, 3000.0), prior=(350.0, 500.0, 800.0),
        source="economic_census_2013:mean_sizes", status="assumed",
    )  # fmt: skip
    """Jobs of a large enterprise."""

    share_small_of_jobs: float = belief(
        0.6, unit="share", within=(0.1, 0.95), prior=(0.5, 0.6, 0.7), source="economic_census_2013:mean_sizes",
        status="assumed",
    )  # fmt: skip
    """Jobs in small enterprises at the start."""

    share_middle_of_jobs: float = belief(
        0.27, unit="share", within=(0.02, 0.8), prior=(0.2, 0.27, 0.35), source="economic_census_2013:mean_sizes",
        status="assumed",
    )  # fmt: skip
    """Jobs in middle enterprises at the start."""

    share_large_of_jobs: float = belief(
        0.13, unit="share", within=(0.01, 0.8), prior=(0.08, 0.13, 0.2), source="economic_census_2013:mean_sizes",
        status="assumed",
    )  # fmt: skip
    """Jobs in large enterprises at the start."""

    upgraded_start: float = belief(
        0.2, unit="share", within=(0.0, 1.0), prior=(0.1, 0.2, 0.35), source="assumed:technology_of_2015",
        status="assumed",
    )  # fmt: skip
    """Enterprises with upgraded technology, at the start and among entrants."""

    upg_haz: float = belief(
        0.05, unit="1/year", within=(0.0, 0.5), prior=(0.02, 0.05, 0.1), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Chance a year that an old factory upgrades without subsidy."""

    upg_sub_el: float = belief(
        0.3, unit="log", within=(0.0, 2.0), prior=(0.1, 0.3, 0.6), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Rise of the log of that chance for a tenth of the cost paid."""

    upg_tfp: float = belief(
        0.05, unit="log", within=(-0.1, 0.4), prior=(0.0, 0.05, 0.12), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Productivity after an upgrade."""

    upg_energy: float = belief(
        -0.07, unit="log", within=(-0.5, 0.1), prior=(-0.15, -0.07, 0.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Energy intensity after an upgrade."""

    upg_load: float = belief(
        -0.15, unit="log", within=(-1.0, 0.1), prior=(-0.3, -0.15, 0.0), source="assumed:cleaner_processes",
        status="assumed",
    )  # fmt: skip
    """Waste water intensity after an upgrade."""

    upg_cost: float = belief(
        0.25, unit="share", within=(0.02, 1.0), prior=(0.15, 0.25, 0.4), source="assumed:equipment_in_capital",
        status="assumed",
    )  # fmt: skip
    """Cost of an upgrade against the capital of the enterprise."""

    downtime: float = belief(
        0.35, unit="year", within=(0.0, 1.0), prior=(0.25, 0.35, 0.5), source="mechanisms:2", status="assumed"
    )
    """Part of the year that an upgrade stops work."""

    g_energy_int: float = belief(
        -0.028, unit="1/year", within=(-0.1, 0.02), prior=(-0.04, -0.028, -0.015),
        source="fourteenth_plan:13.5_in_five_years", status="recalled",
    )  # fmt: skip
    """Trend of energy intensity."""

    g_load_int: float = belief(
        -0.03, unit="1/year", within=(-0.15, 0.02), prior=(-0.05, -0.03, -0.01), source="assumed:standards_tighten",
        status="assumed",
    )  # fmt: skip
    """Trend of waste water intensity."""

    ef_tce: float = belief(
        2.5, unit="tCO2/tce", within=(1.5, 3.0), prior=(2.2, 2.5, 2.77), source="ndrc:standard_coal_factor",
        status="recalled",
    )  # fmt: skip
    """CO2 of a tonne of coal equivalent."""

    co2_start: float = belief(
        7.7011e6, unit="tonne/year", within=(3e6, 1.5e7), prior=(6.5e6, 7.7011e6, 9e6), source="edgar_v8:2015",
        status="found",
    )  # fmt: skip
    """CO2 of the prefecture in 2015."""

    co2_households: float = belief(
        0.2, unit="share", within=(0.0, 0.6), prior=(0.12, 0.2, 0.3), source="assumed:coal_in_homes_and_farms",
        status="assumed",
    )  # fmt: skip
    """Part of it that households and farms emit."""

    load_scale: float = belief(
        1.0, unit="ratio", within=(0.1, 5.0), prior=(0.6, 1.0, 1.6), source="assumed:table_of_sectors",
        status="assumed",
    )  # fmt: skip
    """Waste water of factories against the table of sectors."""

    eco_clean: float = belief(
        0.5, unit="ratio", within=(0.0, 1.5), prior=(0.3, 0.5, 0.8), source="assumed:the_class_asks_for_clean_production",
        status="assumed",
    )  # fmt: skip
    """Energy and waste water of what eco-investment adds against those of the rest of its sector."""

    eco_output: float = belief(
        0.12, unit="1/year", within=(0.0, 0.6), prior=(0.04, 0.12, 0.2), source="assumed:below_private_output_capital",
        status="assumed",
    )  # fmt: skip
    """Outside demand won, for good, by a yuan of public eco-investment."""

    eco_scale: float = belief(
        1.27, unit="ratio", within=(0.5, 2.0), prior=(1.15, 1.27, 1.4), source="press_2022:share_of_28_percent_in_2021",
        status="derived",
    )  # fmt: skip
    """What statistics count as eco-industries against the table of sectors: 28 % of GDP in 2021."""

    eco_farm: float = belief(
        0.35, unit="share", within=(0.0, 1.0), prior=(0.2, 0.35, 0.5), source="assumed:farm_specialities_in_the_class",
        status="assumed",
    )  # fmt: skip
    """Part of farm value added counted to the eco-industries."""

    primary_start: float = belief(
        0.1944, unit="share", within=(0.1, 0.3), prior=(0.18, 0.1944, 0.21), source="county_accounts_2019:carried_back",
        status="derived",
    )  # fmt: skip
    """Primary sector in GDP at the start."""

    secondary_start: float = belief(
        0.2722, unit="share", within=(0.15, 0.4), prior=(0.25, 0.2722, 0.29),
        source="county_accounts_2019:carried_back", status="derived",
    )  # fmt: skip
    """Secondary sector in GDP at the start; the tertiary sector has the rest."""

    labour_start: float = belief(
        0.5, unit="share", within=(0.2, 0.8), prior=(0.42, 0.5, 0.58), source="bai_qian_2010:labour_share",
        status="recalled",
    )  # fmt: skip
    """Wages over non-farm value added at the start, what the self-employed earn counted in."""

    village_wages_start: float = belief(
        0.28, unit="share", within=(0.1, 0.6), prior=(0.24, 0.28, 0.32), source="gansu_survey_2021:wage_share_0.289",
        status="derived",
    )  # fmt: skip
    """Part of village income that is local wages at the start."""

    wage_common: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.8), source="assumed:jobs_by_residence_not_workplace",
        status="assumed",
    )  # fmt: skip
    """How far county wages at the start are drawn towards the prefecture's: the county's own wage bill is taken
    from jobs counted where people live."""

    relative_wage_scale: float = belief(
        1.0, unit="ratio", within=(0.5, 2.0), prior=(0.9, 1.0, 1.1), source="assumed:table_of_sectors",
        status="assumed",
    )  # fmt: skip
    """Pay of sectors against the table."""

    wage_cut: float = cut(names=("Local wage follows outside", "本地工资固定"), source="mechanisms:b3")
    """1 lets local wages follow outside wages alone (loop B3)."""


class Hiring(NamedTuple):
    """What the industries want this year; i8 (7, 10)."""

    wanted: np.ndarray  # jobs
    vacancies: np.ndarray  # wanted less filled, where positive
    layoffs: np.ndarray  # filled less wanted, where positive
    growth: np.ndarray  # f8: expected growth of real sales


class Spending(NamedTuple):
    """What is spent in each county on goods and services, yuan; f8 (7,)."""

    consumption: np.ndarray  # of residents of towns
    village_consumption: np.ndarray  # of residents of villages, food of the prefecture's farms counted in
    public_consumption: np.ndarray
    public_works: np.ndarray
    household_investment: np.ndarray
    local_food: (
        np.ndarray
    )  # farm value added sold or used inside the county (farm value added less its outside sales)


class Support(NamedTuple):
    """What was granted to the industries beside subsidies; f8 (7,). Its money is spent as public works by the caller."""

    park: np.ndarray  # km2 of serviced land that is vacant, on the scale of the world
    eco: np.ndarray  # yuan
    relief: np.ndarray  # share of entry cost


class Helped(NamedTuple):
    """Factories that upgrade in a year, what firms are paid for and what they buy for it; yuan, f8 (7, 10) unless said."""

    upgraded: np.ndarray  # i8 (7, 10, 3): by size
    stopped: np.ndarray  # their part of output
    subsidies: np.ndarray
    renewal: np.ndarray  # cost of upgrades beyond the usual
    development: np.ndarray  # beyond the usual
    cleaning: np.ndarray  # plant that abates waste water beyond the usual


class Setting(NamedTuple):
    """What surrounds the industries in a year; f8 (7,) unless said."""

    growth: np.ndarray  # f8 (10,): real growth of outside demand by sector
    deflator: float
    public_ratio: np.ndarray  # productive public capital against the start
    density: np.ndarray  # density of towns against the start
    trade_cost: np.ndarray  # against the start
    wage_ratio: np.ndarray  # local wage over outside wage, against the start
    abatement: np.ndarray  # part of factories' waste water abated beyond the usual
    living: np.ndarray  # standard of living against the start


class Production(NamedTuple):
    """One year of the industries; yuan, f8 (7, 10) unless said."""

    value_added: np.ndarray
    wages: np.ndarray
    tax: np.ndarray
    interest: np.ndarray
    dividends: np.ndarray  # negative: owners put money in
    investment: np.ndarray  # renewal and development counted
    cash_change: np.ndarray
    borrowed: np.ndarray  # net of repayment
    subsidies: np.ndarray
    outside_sales: np.ndarray
    sold_here: np.ndarray  # to customers of the county
    sold_there: np.ndarray  # to customers of the other counties
    bought_there: np.ndarray  # f8 (7,): by customers of the county in the other counties
    bought_outside: np.ndarray  # f8 (7,): by customers of the county beyond the prefecture
    energy: np.ndarray  # tonnes of coal equivalent
    emissions: np.ndarray  # f8 (7,): tonnes of CO2
    load: np.ndarray  # tonnes of COD after treatment at the works
    plots: np.ndarray  # f8 (7,): km2 of serviced land that new factories took
    entries: np.ndarray  # i8
    exits: np.ndarray  # i8
    upgrades: np.ndarray  # i8
    competitiveness: np.ndarray  # against the outside, 1 at the start
    served: np.ndarray  # share of demand that could be served
    after: Industries


@lru_cache(maxsize=KEPT)
def _traits(draw: int) -> dict[str, np.ndarray]:
    """The table of sectors by trait, f8 (10,) each, read-only; shares of a use add up to one in every draw."""
    found = assumptions.table("sector_traits", draw, lambda row: row["trait"] if row["trait"] in USES else "")
    value = {(row["trait"], row["sector"]): one for row, one in found}
    names = dict.fromkeys(trait for trait, _ in value)
    return {name: fixed((np.array([value[name, sector] for sector in SECTORS]),))[0] for name in names}


def traits(name: str, draw: int = 0) -> np.ndarray:
    """A column of the table of sectors in a draw, f8 (10,), read-only."""
    return _traits(draw)[name]


@lru_cache(maxsize=KEPT)
def sector_shares(draw: int = 0) -> np.ndarray:
    """Shares of the sectors in a county's secondary and tertiary value added in a draw, f8 (7, 10), read-only."""
    found = assumptions.table("sectors", draw, lambda row: f"{row['county']} {row['part']}")
    value = {(row["county"], row["sector"]): one for row, one in found}
    shares = np.array([[value[county, sector] for sector in SECTORS] for county in COUNTIES])
    shares.flags.writeable = False
    return shares


def value_added_2015(secondary: np.ndarray, tertiary: np.ndarray, draw: int = 0) -> np.ndarray:
    """Value added by county and sector (f8, 7 x 10) from the two published parts (f8, 7)."""
    part = np.repeat(np.stack([secondary, tertiary], axis=1), [SECONDARY, len(SECTORS) - SECONDARY], axis=1)
    return sector_shares(draw) * part


def relative_wage(p: IndustriesParameters, unit_wage_lead: float = 1.0) -> np.ndarray:
    """Pay of each sector against the county's wage, f8 (10,).

    `unit_wage_lead` is the nation's wage in units over that of migrant workers, against the start. The county's wage
    follows migrants' pay; a sector follows units so far as they employ its people.
    """
    return (
        p.relative_wage_scale * traits("relative_wage", p.draw) * unit_wage_lead ** traits("formal", p.draw)
    )


def eco_industry_share(
    value_added: np.ndarray, farm_value_added: np.ndarray, p: IndustriesParameters
) -> np.ndarray:
    """Part of GDP that counts as eco-industries by county, f8 (7,)."""
    eco = p.eco_scale * (value_added @ traits("eco", p.draw) + p.eco_farm * farm_value_added)
    return eco / np.maximum(value_added.sum(axis=1) + farm_value_added, 1.0)


@lru_cache(maxsize=KEPT)
def _shares_of_uses(draw: int) -> np.ndarray:
    """Shares of the sectors in each use in a draw, f8 (7, 10), read-only; development last."""
    development = np.arange(len(SECTORS)) == TECHNICAL
    shares = np.stack([*(traits(use, draw) for use in USES), development.astype(np.float64)])
    shares.flags.writeable = False
    return shares


@lru_cache(maxsize=KEPT)
def _bought_inside(p: Any) -> np.ndarray:
    """Part of each use that is not imported, f8 (7,), read-only."""
    inside = 1.0 - np.array([
        p.import_consumption, p.import_village, p.import_public, p.fs_leak, p.import_investment, p.import_homes,
        p.import_investment,
    ])  # fmt: skip
    inside.flags.writeable = False
    return inside


def _uses(spending: Spending, investment: np.ndarray, development: np.ndarray) -> np.ndarray:
    """Spending by use and county, f8 (7, 7); food of local farms is bought from the farms, not here."""
    return np.array([
        spending.consumption, spending.village_consumption - spending.local_food, spending.public_consumption,
        spending.public_works, investment.sum(axis=1), spending.household_investment, development.sum(axis=1),
    ])  # fmt: skip


def _without(uses: np.ndarray, cared: np.ndarray) -> np.ndarray:
    """Spending by use and county (f8, uses x 7) less what families pay for care (f8, 7)."""
    rest = uses.copy()
    rest[LIVING] *= 1.0 - cared / np.maximum(uses[LIVING].sum(axis=0), 1.0)
    return rest


def no_gains(p: IndustriesParameters) -> np.ndarray:
    """What programmes do to the industries (f8, 6 x 7 x 10) where there are none; read-only."""
    return _no_gains(p.values)


@lru_cache(maxsize=KEPT)
def _no_gains(p: Any) -> np.ndarray:
    each = np.array([1.0, 1.0, 1.0, 0.0, p.loan_rate, p.debt_cap])
    (gains,) = fixed((np.tile(each[:, None, None], (1, len(COUNTIES), len(SECTORS))),))
    return gains


@rule
def _lift(public_ratio, density, p):
    """What public capital and density add to a county's output."""
    return public_ratio**p.eps_G * density**p.agglom


@rule
def _leant(living, part, p):
    """Factors of what is spent on goods and on services, where services of here had the `part` of spending at the start."""
    services = min(living**p.leaning, 1.0 / max(part, TENTH))
    return (1.0 - part * services) / (1.0 - part), services


def _lean(living: np.ndarray, p: IndustriesParameters) -> np.ndarray:
    """Factors of each use's spending on goods and on services by county, f8 (7, 7, 2), at a standard of living (f8, 7)."""
    inside, shares = _bought_inside(p.values), _shares_of_uses(p.draw)
    lean = np.ones((inside.size, len(COUNTIES), 2))
    for use in LIVING:
        part = inside[use] * float(shares[use, SERVED:].sum())
        lean[use] = [_leant(level, part, p.values) for level in living]
    return lean


@kernel
def _demand(uses, inside, shares, lean, rivals, value_added, local, p, demand):
    counties = uses.shape[1]
    for sector in range(shares.shape[1]):
        total = 0.0
        for county in range(counties):
            total += value_added[county, sector]
        for customer in range(counties):
            wanted = 0.0
            for use in range(uses.shape[0]):
                leant = lean[use, customer, 1 if sector >= SERVED else 0]
                if sector < FACTORIES:
                    leant *= math.exp(rivals[customer] * (1.0 - inside[use] * local[customer, sector]))
                wanted += uses[use, customer] * inside[use] * shares[use, sector] * leant
            for county in range(counties):
                weight = value_added[county, sector] / max(total, 1.0) if total > 0.0 else 1.0 / counties
                spread = p.other_counties * wanted * weight
                if county == customer:
                    spread += (1.0 - p.other_counties) * wanted
                demand[customer, county, sector] = spread * local[county, sector]


def _local_demand(
    uses: np.ndarray, local: np.ndarray, value_added: np.ndarray, living: np.ndarray, rivals: np.ndarray,
    p: IndustriesParameters,
) -> np.ndarray:  # fmt: skip
    """Value added demanded of each county's sectors (last two axes) by the customers of each county (first).

    `local` is the part that the county's sectors can serve, `value_added` the size by which others choose them (f8,
    7 x 10), `living` the standard of living (f8, 7), `rivals` the log of what is left of home sales of goods where all is
    bought outside (f8, 7).
    """
    demand = np.empty((len(COUNTIES), *local.shape))
    _demand(
        uses, _bought_inside(p.values), _shares_of_uses(p.draw), _lean(living, p), rivals, value_added, local, p.values, demand
    )  # fmt: skip
    return demand


@rule
def _way(cost, p):
    """Trade cost of a factory's goods, both ways: what it is made of comes in by the road by which it goes out."""
    return cost ** (1.0 + p.bought_in)


@rule
def _found(custom, elsewhere, p):
    """Factor of outside sales of goods by the customers who have come since the start; `elsewhere` is the trade cost of rivals."""
    return _way(custom / elsewhere, p) ** -max(p.eta_long - p.eta, 0.0)


def _rivals(cost: np.ndarray, custom: np.ndarray, p: IndustriesParameters) -> np.ndarray:
    """Log of what is left of home sales of goods where all is bought outside, f8 (7,), by trade cost and custom (f8, 7)."""
    answer = p.eta * np.log(cost) + max(p.eta_long - p.eta, 0.0) * np.log(custom)
    return (1.0 - p.bought_in) * answer


@rule
def _capacity(scale, productivity, capital, units, lift, p):
    """Usual output at 2015 prices of the workers at hand (at least one)."""
    worked = max(units, 1.0) ** (1.0 - p.alpha_K)
    return scale * productivity * capital**p.alpha_K * worked * lift


def _size_jobs(p: IndustriesParameters) -> np.ndarray:
    return np.array([p.size_small, p.size_middle, p.size_large])


@rule
def _of_size(size, small, middle, large):
    """The one of three numbers that enterprises of a size have."""
    return small if size == SMALL else middle if size == MIDDLE else large


@rule
def _jobs_of(size, p):
    """Jobs of an enterprise of a size."""
    return _of_size(size, p.size_small, p.size_middle, p.size_large)


def opening(
    value_added: np.ndarray, growth: float, jobs: np.ndarray, efficiency: np.ndarray, wage_bill: np.ndarray,
    tax: np.ndarray, spending: Spending, push: np.ndarray, p: IndustriesParameters, *, size: float = 1.0,
) -> Industries:  # fmt: skip
    """The industries at the end of 2015, solved so that 2015 repeats itself.

    `value_added`, `jobs` (i8), `efficiency` (units a job) and `wage_bill` are (7, 10); `tax` is f8 (7,) by
    county; `growth` is the nominal growth of value added into 2015; `push` (f8, 7) is what wages and public debt added to
    investment over capital (`pushed`); `size` is the scale of the world (a sample's share), by which what is published for
    the prefecture shrinks.
    """
    value_added, ones = fixed((value_added.copy(), np.ones_like(value_added)))
    capital = p.capital_scale * traits("capital_output", p.draw) * value_added
    units = np.maximum(jobs * efficiency, 1.0)
    made = np.maximum(capital, 1.0) ** p.alpha_K * units ** (1.0 - p.alpha_K)
    scale = value_added / made
    # Firms invested in 2015 by the rule of every year, and the year ends with more capital than it made its sales with. With
    # what sales alone asked for, investment leapt by a quarter in 2016, and builders with it.
    expected = growth / (1.0 + growth)
    investment = np.maximum(p.delta_K + p.accelerator * expected + push[:, None], 0.0) * capital
    # What was decided grew as sales did: a part of the year's investment had been decided on those of 2014.
    decided = investment / (1.0 - p.built_later * expected)
    uses = _uses(spending, investment, np.zeros_like(investment))
    usual = np.ones(len(COUNTIES))
    local = _local_demand(uses, ones, value_added, usual, 0.0 * usual, p).sum(axis=0)
    least = np.where(np.arange(len(SECTORS)) < FACTORIES, p.factories_outside, p.least_outside)
    most = (1.0 - least) * value_added
    factor = np.where(local > most, most / np.maximum(local, 1.0), 1.0)
    energy = traits("energy", p.draw)
    total = float((value_added * energy).sum()) / UNIT
    coal = size * p.co2_start * (1.0 - p.co2_households) / p.ef_tce
    parts = np.array([p.share_small_of_jobs, p.share_middle_of_jobs, p.share_large_of_jobs])
    parts = parts / parts.sum()
    by_size = jobs[:, :, None] * parts / _size_jobs(p)
    technology = np.array([1.0 - p.upgraded_start, p.upgraded_start])
    surplus = value_added - wage_bill - _tax_by_sector(tax, value_added)
    return fixed(Industries(
        capital=(1.0 - p.delta_K) * capital + investment,
        jobs=np.asarray(jobs, np.int64).copy(),
        productivity=ones,
        energy_intensity=np.tile(energy * coal / max(total, 1.0), (len(COUNTIES), 1)),
        load_intensity=np.tile(p.load_scale * traits("load", p.draw), (len(COUNTIES), 1)),
        enterprises=np.rint(by_size[:, :, :, None] * technology).astype(np.int64),
        value_added=value_added,
        value_added_before=value_added / (1.0 + growth),
        outside_demand=np.maximum(value_added - local * factor, 0.0),
        cash=p.working * value_added,
        debt=p.debt_start * capital,
        scale=scale,
        efficiency=efficiency.copy(),
        local_factor=factor,
        surplus=surplus,
        usual=surplus / np.maximum(capital, 1.0),
        expected=np.full_like(value_added, expected),
        price=ones,
        goods=ones,
        ordered=p.built_later * decided,
        coming=np.zeros_like(value_added),
        works=ones,
        custom=np.ones(len(COUNTIES)),
    ))  # fmt: skip


def _tax_by_sector(tax: np.ndarray, value_added: np.ndarray) -> np.ndarray:
    """Production tax by sector: by value added, public services free."""
    by_sector = np.empty_like(value_added)
    _share_tax(tax, value_added, by_sector)
    return by_sector


@kernel
def _share_tax(tax, value_added, by_sector):
    sectors = value_added.shape[1]
    for county in range(tax.size):
        total = 0.0
        for sector in range(sectors):
            total += value_added[county, sector] if sector != PUBLIC else 0.0
        for sector in range(sectors):
            base = value_added[county, sector] if sector != PUBLIC else 0.0
            part = tax[county] * base / max(total, 1.0)
            by_sector[county, sector] = part if total > 0.0 else tax[county] / sectors


@rule
def _wanted(value_added, before, usual, coming, outside_growth, deflator, inflation, p):
    """Real sales that a sector expects, those of works that come among them, and the growth of the others: the usual, its
    own, within limits, and that of its markets.
    """
    own = value_added / max(before, 1.0) / (1.0 + inflation) - 1.0
    own = min(max(own, -p.growth_limit), p.growth_limit)
    news = p.follow * outside_growth + (1.0 - p.follow) * own
    growth = p.growth_memory * usual + (1.0 - p.growth_memory) * news
    return value_added / deflator * (1.0 + growth) + coming, growth


@rule
def _jobs_wanted(expected, per_unit, efficiency, jobs, p):
    """Jobs at which expected sales can be made, the production function inverted; part of the gap closes in a year."""
    units = (expected / per_unit) ** (1.0 / (1.0 - p.alpha_K)) if per_unit > 0.0 else 0.0
    gap = p.hire_speed * (units / max(efficiency, TENTH) - jobs)
    return max(math.floor(jobs + gap + HALF_UP), 0)


@kernel
def _hire(industries, outside_growth, public_ratio, density, deflator, inflation, gains, p, hiring):
    for county in range(public_ratio.size):
        lift = _lift(public_ratio[county], density[county], p)
        for sector in range(outside_growth.size):
            at = (county, sector)
            expected, growth = _wanted(
                industries.value_added[at], industries.value_added_before[at], industries.expected[at], industries.coming[at],
                outside_growth[sector], deflator, inflation, p,
            )  # fmt: skip
            expected /= industries.price[at]
            per_unit = _capacity(
                industries.scale[at], industries.productivity[at], industries.capital[at], 1.0,
                lift * gains[PRODUCTIVITY, county, sector], p,
            )  # fmt: skip
            jobs = industries.jobs[at]
            wanted = _jobs_wanted(expected, per_unit, industries.efficiency[at], jobs, p)
            if wanted == 0 and industries.value_added[at] > 0.0:
                wanted = 1
            hiring.wanted[at], hiring.growth[at] = wanted, growth
            hiring.vacancies[at], hiring.layoffs[at] = max(wanted - jobs, 0), max(jobs - wanted, 0)


def plan_hiring(
    industries: Industries, outside_growth: np.ndarray, public_ratio: np.ndarray, density: np.ndarray, deflator: float,
    inflation: float, p: IndustriesParameters, gains: np.ndarray | None = None,
) -> Hiring:  # fmt: skip
    """Jobs wanted at expected sales; `deflator` is last year's (2015 = 1), `inflation` its growth into that year.

    `gains` is what programmes do, where they do anything.
    """
    shape = industries.value_added.shape
    hiring = Hiring(*blank(3, *shape, kind=np.int64), growth=np.empty(shape))
    gains = no_gains(p) if gains is None else gains
    _hire(industries, outside_growth, public_ratio, density, deflator, inflation, gains, p.values, hiring)
    return hiring


class Investment(NamedTuple):
    """What firms invest in a year and what they have builders begin for the next; f8 (7, 10)."""

    paid: np.ndarray  # yuan at last year's prices, what is brought counted
    ordered: np.ndarray  # yuan at 2015 prices
    brought: np.ndarray  # of what is paid, by owners of works that come from outside


@rule
def _decided(capital, surplus, usual, growth, pull, push, deflator, p):
    """Investment that a sector decides on, at 2015 prices, with `pull` of its return and `push` of wages and public debt."""
    drawn = p.iota * (surplus / max(capital * deflator, 1.0) - usual) if pull else 0.0
    return max(p.delta_K + p.accelerator * growth + drawn + push, 0.0) * capital


@rule
def _invest(wanted, capital, surplus, cash, debt, deflator, interest, cap):
    """What is paid of the investment wanted (yuan at 2015 prices): within what a sector has and may borrow."""
    own = max(surplus - interest * debt, 0.0)
    room = max(cap * max(capital * deflator, 1.0) - debt, 0.0)
    return min(wanted * deflator, own + cash + room)


@rule
def _push(wage_growth, debt_ratio, p):
    """What dearer hands and public debt add to investment over capital."""
    crowd = p.debt_crowd * (debt_ratio - p.debt_normal)
    return p.deepening * (1.0 - p.alpha_K) * max(wage_growth, 0.0) + crowd


def pushed(wage_growth: np.ndarray, debt_ratio: np.ndarray, p: IndustriesParameters) -> np.ndarray:
    """What real wage growth and public debt over GDP (f8, 7 each) add to investment over capital, f8 (7,)."""
    return np.array([_push(*both, p.values) for both in zip(wage_growth, debt_ratio, strict=True)])


@kernel
def _plan(industries, growth, wage_growth, debt_ratio, deflator, gains, p, investment):
    for county in range(wage_growth.size):
        push = _push(wage_growth[county], debt_ratio[county], p)
        for sector in range(growth.shape[1]):
            at = (county, sector)
            # Schools and offices do not ask for a return.
            decided = _decided(
                industries.capital[at], industries.surplus[at], industries.usual[at], growth[at], sector != PUBLIC, push,
                deflator, p,
            )  # fmt: skip
            investment.ordered[at] = p.built_later * decided
            in_step = industries.capital[at] / max(industries.value_added[at] / deflator, 1.0)
            investment.brought[at] = industries.coming[at] * in_step * deflator
            investment.paid[at] = investment.brought[at] + _invest(
                (1.0 - p.built_later) * decided + industries.ordered[at], industries.capital[at], industries.surplus[at],
                industries.cash[at], industries.debt[at], deflator, gains[INTEREST, county, sector],
                gains[CAP, county, sector],
            )  # fmt: skip


def plan_investment(
    industries: Industries, growth: np.ndarray, wage_growth: np.ndarray, debt_ratio: np.ndarray, deflator: float,
    p: IndustriesParameters, gains: np.ndarray | None = None,
) -> Investment:  # fmt: skip
    """Investment of the year, decided on last year's books; `deflator` is last year's.

    `growth` is the growth of sales expected in `plan_hiring`, `wage_growth` that of real local wages and
    `debt_ratio` public debt over GDP (both f8, 7).
    """
    investment = Investment(*blank(3, *growth.shape))
    gains = no_gains(p) if gains is None else gains
    _plan(industries, growth, wage_growth, debt_ratio, deflator, gains, p.values, investment)
    return investment


@rule
def _hazard(subsidy, p):
    """Chance a year that an old factory upgrades, by the part of its cost that is paid."""
    return p.upg_haz * math.exp(p.upg_sub_el * subsidy / TENTH)


@rule
def _jobs_at(enterprises, p):
    """Jobs that a sector's enterprises (size, technology) hold when all are of their usual size: all, and the old."""
    whole, old = 0.0, 0.0
    for size in range(enterprises.shape[0]):
        whole += (enterprises[size, OLD] + enterprises[size, UPGRADED]) * _jobs_of(size, p)
        old += enterprises[size, OLD] * _jobs_of(size, p)
    return whole, old


@kernel
def _ask_retrofit(industries, rate, deflator, p, asked):
    for county in range(rate.size):
        capital = 0.0
        for sector in range(FACTORIES):
            whole, old = _jobs_at(industries.enterprises[county, sector], p)
            capital += old / max(whole, 1.0) * industries.capital[county, sector]
        asked[county] = rate[county] * _hazard(rate[county], p) * p.upg_cost * capital * deflator


def retrofit_ask(
    industries: Industries, rate: np.ndarray, deflator: float, p: IndustriesParameters
) -> np.ndarray:
    """Money that a retrofit subsidy at `rate` (f8, 7) is expected to cost by county, yuan."""
    asked = np.empty(len(COUNTIES))
    _ask_retrofit(industries, rate, deflator, p.values, asked)
    return asked


def produce(
    industries: Industries,
    *,
    jobs: np.ndarray,
    efficiency: np.ndarray,
    wage_bill: np.ndarray,
    tax: np.ndarray,
    investment: Investment,
    growth: np.ndarray,
    spending: Spending,
    support: Support,
    helped: Helped,
    setting: Setting,
    p: IndustriesParameters,
    year: int,
    seed: int,
    gains: np.ndarray | None = None,
    care: np.ndarray | None = None,
) -> Production:
    """Sales, books and stocks of a year.

    `jobs` (i8, filled), `efficiency` (units a job), `wage_bill` and `investment` (of `plan_investment`) are
    (7, 10), `helped` is what `subsidised` found, `tax` f8 (7,) as the treasury raised it in the county; `growth` (f8, 7 x 10) is the one expected in
    `plan_hiring` and `gains` what programmes do, where they do anything; `care` (f8, 7, yuan) is what families buy
    from public services of their county in place of other living costs.
    """
    gains = no_gains(p) if gains is None else gains
    uses = _uses(spending, investment.paid + helped.renewal + helped.cleaning, helped.development)
    cared = np.zeros(len(COUNTIES)) if care is None else np.minimum(care, uses[LIVING].sum(axis=0))
    demand = _local_demand(
        _without(uses, cared), industries.local_factor, industries.value_added, setting.living,
        _rivals(setting.trade_cost, industries.custom, p), p,
    )  # fmt: skip
    demand[OWN, OWN, PUBLIC] += cared
    shape, inside = demand.shape[1:], np.empty(len(COUNTIES))
    value_added, interest, dividends, change, borrowed, outside_sales, here, there, energy, load, rivalry, served = blank(
        12, *shape
    )  # fmt: skip
    capital, productivity, energy_intensity, load_intensity, outside_demand, cash, debt, scale, worked, surplus, price, goods, coming, works = blank(
        14, *shape
    )  # fmt: skip
    entries, exits, upgrades = blank(3, *shape, kind=np.int64)
    custom = industries.custom * (setting.trade_cost / industries.custom) ** p.custom_found
    after = Industries(
        capital, jobs.astype(np.int64), productivity, energy_intensity, load_intensity, np.empty_like(industries.enterprises),
        value_added, industries.value_added, outside_demand, cash, debt, scale, worked, industries.local_factor, surplus,
        industries.usual, growth, price, goods, investment.ordered, coming, works, custom,
    )  # fmt: skip
    made = Production(
        value_added, wage_bill, _tax_by_sector(tax, industries.value_added), interest, dividends,
        investment.paid + helped.renewal + helped.development + helped.cleaning, change, borrowed, helped.subsidies, outside_sales, here, there, inside, inside, energy, inside, load, np.zeros(len(COUNTIES)), entries, exits, upgrades, rivalry, served, after,
    )  # fmt: skip
    luck = draws.key(seed, year, "industries")
    abroad = (1.0 + p.outside_trend) ** (year - START)
    # Roads of the start serve the first year, here and elsewhere.
    elsewhere = math.exp(-p.way_elsewhere * (year - START - 1))
    sales = _Sales(value_added, outside_sales, here, there, inside, rivalry, served)
    _sell(
        industries,
        demand,
        after.jobs,
        efficiency,
        support,
        setting,
        abroad,
        elsewhere,
        gains,
        helped.stopped,
        p.values,
        sales,
    )
    _close(industries, efficiency, support, setting, traits("eco", p.draw), traits("capital_output", p.draw), gains, luck,
           p.values, helped, investment, elsewhere, made)  # fmt: skip
    # What a county's customers buy beyond the prefecture: all they spend less all they bought inside it.
    return made._replace(
        bought_there=inside - here.sum(axis=1), bought_outside=uses.sum(axis=0) - inside,
        emissions=p.ef_tce * energy.sum(axis=1),
    )  # fmt: skip


@rule
def _rivalry(productivity, lift, cost, abroad):
    """Competitiveness against outside rivals, 1 at the start; theirs has risen to `abroad`."""
    return productivity * lift / cost / abroad


@rule
def _whole(expected, luck, number, index):
    """A whole number with the expected mean: what is left over is a draw of the county and sector `number`."""
    return math.floor(expected + uniform(luck, number, index))


@rule
def _upgrade(enterprises, subsidy, luck, number, p, count):
    """Old factories of each size that upgrade (count), and their part of output."""
    whole, _ = _jobs_at(enterprises, p)
    hazard, jobs = min(_hazard(subsidy, p), 1.0), 0.0
    for size in range(count.size):
        old = enterprises[size, OLD]
        count[size] = min(_whole(hazard * old, luck, number, DRAW_UPGRADE + size), old)
        jobs += count[size] * _jobs_of(size, p)
    return jobs / max(whole, 1.0)


@kernel
def _upgrade_all(industries, subsidy, deflator, luck, p, upgraded, stopped, cost, renewal):
    sectors = stopped.shape[1]
    for county in range(subsidy.size):
        hazard = min(_hazard(subsidy[county], p), 1.0)
        beyond = 1.0 - min(_hazard(0.0, p), 1.0) / hazard if hazard > 0.0 else 0.0
        for sector in range(FACTORIES):
            at, number = (county, sector), county * sectors + sector
            stopped[at] = _upgrade(industries.enterprises[at], subsidy[county], luck, number, p, upgraded[at])
            cost[at] = p.upg_cost * stopped[at] * industries.capital[at] * deflator
            renewal[at] = cost[at] * beyond


def subsidised(
    industries: Industries, *, retrofit: np.ndarray, retrofit_money: np.ndarray, development_money: np.ndarray,
    developed: np.ndarray, cleaning: np.ndarray, deflator: float, p: IndustriesParameters, year: int, seed: int,
) -> Helped:  # fmt: skip
    """Who upgrades under a subsidy at the rate `retrofit`, and what firms are paid and buy beyond the usual.

    What is paid for upgrades is that part of their cost and no more than `retrofit_money`; `development_money` goes to the
    factories by their value added, as does what they spend on it, `developed` (all f8, 7; yuan).
    `cleaning` is what works pay to abate (f8, 7 x 10; yuan).
    """
    stopped, cost, renewal = (np.zeros_like(industries.capital) for _ in range(3))
    upgraded = np.zeros(industries.enterprises.shape[:3], np.int64)
    luck = draws.key(seed, year, "industries")
    _upgrade_all(industries, retrofit, deflator, luck, p.values, upgraded, stopped, cost, renewal)
    due = retrofit[:, None] * cost
    part = np.minimum(retrofit_money / np.maximum(due.sum(axis=1), 1.0), 1.0)
    makers = np.arange(len(SECTORS)) < FACTORIES
    # At least a yuan each, so that what was granted is paid where no factory is left.
    size = np.maximum(industries.value_added, 1.0) * makers
    size = size / size.sum(axis=1, keepdims=True)
    return Helped(
        upgraded,
        stopped,
        due * part[:, None] + development_money[:, None] * size,
        renewal,
        developed[:, None] * size,
        cleaning,
    )


def load_of(industries: Industries, deflator: float) -> np.ndarray:
    """Waste water of works as of the year just ended, were nothing abated beyond the usual, tonnes of COD (f8, 7 x 10)."""
    return industries.load_intensity * industries.value_added / deflator / industries.price / UNIT / KG


class _Sales(NamedTuple):
    """What the sectors sell, yuan; f8 (7, 10) unless said."""

    value_added: np.ndarray
    outside_sales: np.ndarray
    sold_here: np.ndarray
    sold_there: np.ndarray
    bought_there: np.ndarray  # f8 (7,): what a county's customers buy inside the prefecture
    competitiveness: np.ndarray
    served: np.ndarray


@kernel
def _sell(
    industries, demand, jobs, efficiency, support, setting, abroad, elsewhere, gains, stopped, p, sales
):  # fmt: skip
    """What each sector sells: demand at its competitiveness, so far as its workers can make it, but those `stopped`."""
    counties, sectors, deflator = demand.shape[0], demand.shape[2], setting.deflator
    for county in range(counties):
        sales.bought_there[county] = 0.0
    for county in range(counties):
        wages = setting.wage_ratio[county] ** (1.0 - p.alpha_K)
        way, found = _way(setting.trade_cost[county], p), _found(industries.custom[county], elsewhere, p)
        common = _lift(setting.public_ratio[county], setting.density[county], p)
        for sector in range(sectors):
            at = (county, sector)
            lift = common * gains[PRODUCTIVITY, county, sector]
            cost = wages * (way if sector < FACTORIES else setting.trade_cost[county])
            rivalry = _rivalry(industries.productivity[at], lift, cost, abroad)
            outside = (
                (industries.outside_demand[at] * (1.0 + setting.growth[sector]) * deflator * rivalry**p.eta)
                * gains[OUTSIDE, county, sector]
                * industries.goods[at] ** p.variety
                * (found if sector < FACTORIES else 1.0)
            )
            units = jobs[at] * efficiency[at]
            usual = _capacity(
                industries.scale[at], industries.productivity[at], industries.capital[at], units, lift, p
            )
            able = (
                (1.0 + p.stretch) * usual * (1.0 - p.downtime * stopped[at]) * deflator * industries.price[at]
            )
            wanted = outside
            for customer in range(counties):
                wanted += demand[customer, county, sector]
            served = min(1.0, able / max(wanted, 1.0))
            there = 0.0
            for customer in range(counties):
                bought = demand[customer, county, sector] * served
                sales.bought_there[customer] += bought
                there += bought if customer != county else 0.0
            sales.competitiveness[at], sales.served[at] = rivalry, served
            sales.outside_sales[at], sales.sold_there[at] = outside * served, there
            sales.sold_here[at] = demand[county, county, sector] * served
            sales.value_added[at] = sales.sold_here[at] + there + sales.outside_sales[at]


@rule
def _books(cash, debt, worth, value_added, subsidy, wages, tax, investment, brought, rate, cap, p):
    """Pay in order: wages, tax, interest, investment, debt, owners; owners fill what banks will not.

    Those of works that come from outside have `brought` what these cost, a part of the investment.

    Interest, dividends, net borrowing, cash and debt after it.
    """
    interest = rate * debt
    till = p.working * value_added
    left = cash + value_added + subsidy - wages - tax - interest - (investment - brought)
    room = max(cap * worth - debt, 0.0)
    loan = min(max(till - left, 0.0), room)
    spare = max(left + loan - till, 0.0)
    repaid = min(p.repayment * debt, spare)
    short = max(-(left + loan), 0.0)
    dividends = spare - repaid - short
    borrowed = loan - repaid
    kept = max(left + borrowed - dividends, 0.0)
    return interest, dividends - brought, borrowed, kept, max(debt + borrowed, 0.0)


@rule
def _turnover(before, count, profit, jobs, cost, easier, founded, more, luck, number, p, stock):
    """Entry and exit by size: room is left by jobs that the enterprises at hand do not fill.

    `stock` (size, technology) receives those of the end of the year, `before` and `count` (upgraded) are those of its
    start; `easier` is a factor of entry, `founded` are small enterprises beside it, `more` is what comes from outside beyond
    the usual, against usual entry. Entries, exits and, expected and by jobs against all, usual entry, entry without those
    from outside, and exit.
    """
    held, _ = _jobs_at(before, p)
    room, level = min(max(jobs / max(held, 1.0), 0.0), 2.0), min(max(profit, 0.0), 2.0)
    eager = level**p.entry_el_profit * math.exp(-p.entry_el_cost * cost) * easier
    calm = math.exp(-p.exit_profit * (level - 1.0))
    entered, left, as_usual, came, gone = 0, 0, 0.0, 0.0, 0.0
    for size in range(count.size):
        old, upgraded = before[size, OLD] - count[size], before[size, UPGRADED] + count[size]
        all_of_size, hazard = old + upgraded, _of_size(size, p.haz_small, p.haz_middle, p.haz_large)
        usual = p.firm_entry * room * hazard * all_of_size
        beside = founded if size == SMALL else 0.0
        entries = _whole(max(usual * (eager + more), 0.0) + beside, luck, number, DRAW_ENTRY + size)
        leave = min(p.firm_haz * hazard * calm, 1.0)
        exits = min(_whole(leave * all_of_size, luck, number, DRAW_EXIT + size), all_of_size)
        # Old technology leaves first by its part of the count; entrants bring the upgraded at its usual part.
        old_exits = min(int(np.rint(exits * old / max(all_of_size, 1))), old)
        old_exits = max(old_exits, exits - upgraded)
        fresh = min(_whole(p.upgraded_start * entries, luck, number, DRAW_NEW + size), entries)
        stock[size, OLD] = old + entries - fresh - old_exits
        stock[size, UPGRADED] = upgraded + fresh - (exits - old_exits)
        entered, left = entered + entries, left + exits
        part = _jobs_of(size, p) / max(held, 1.0)
        as_usual, gone = as_usual + usual * part, gone + leave * all_of_size * part
        came += (usual * eager + beside) * part if held > 0.0 else 0.0
    return entered, left, as_usual, came, gone


@rule
def _goods(goods, as_usual, came, gone):
    """Enterprises a year later against those that usual entry would have left; entry and exit are parts of all.

    That the same market is shared by more of them is in `room`: entry beyond the usual ends where there are so many more.
    A gain of every year's entry, kept for ever, made demand grow without end for a rule that costs nothing.
    """
    return goods * (1.0 - gone + came) / (1.0 - gone + goods * as_usual)


@rule
def _dear(value_added, surplus, usual_return, capital_output, p):
    """Log of the part of labour and tax in value added against that of the start, between a third and three times it."""
    usual = 1.0 - usual_return * p.capital_scale * capital_output
    part = 1.0 - surplus / max(value_added, 1.0)
    return min(max(math.log(max(part, TENTH) / max(usual, TENTH)), -1.0), 1.0)


@rule
def _labour_saved(dear, p):
    """Growth of the scale of production where labour is dear.

    What saves labour gives no edge over rivals, who save it too.
    """
    return math.exp((1.0 - p.alpha_K) * p.induced * max(dear, 0.0))


@rule
def _dearer(price, dear, at_home, p):
    """Price of what a sector sells after a year: sellers pass labour's cost on where they sell at home."""
    return price * math.exp(p.passed_on * at_home * dear)


@rule
def _lasting(sales, capital_output):
    """Part of a public grant that adds capital: what the sales that it wins need."""
    # All of it as capital, beside few sales, took the place of workers: the grant destroyed jobs. So did capital over
    # sales of the start, where sales have since outgrown capital (tourism).
    return min(sales * capital_output, 1.0)


@rule
def _mixed(added, part):
    """An intensity against that without them when sales a part `added` of those at hand come at a `part` of it."""
    return (1.0 + added * part) / (1.0 + added)


@rule
def _entry_cost(relief, settled, sector, p):
    """Log of the cost of entry that a sector's founders bear against that of the start; a part `settled` has a plot."""
    if sector == PUBLIC:
        return 0.0
    return math.log(1.0 - p.permit_part * relief) - (p.plot_saves * settled if sector < FACTORIES else 0.0)


@rule
def _from_outside(settled, way, p):
    """Works that come from outside against the usual; a part `settled` has a plot, the `way` costs so much against elsewhere."""
    # Nobody comes where nothing can be sold, and what a place draws has an end.
    pull = min(max(-p.place_el * math.log(way), -MOST_PULL), MOST_PULL)
    return math.exp(pull) * (1.0 - settled + settled * math.exp(p.place_el * p.alpha_K * p.plot_saves))


@rule
def _eager(settled, way, p):
    """Entry of factories against the usual, those from outside counted, where a part `settled` has a plot."""
    own = math.exp(p.entry_el_cost * p.plot_saves * settled)
    return own + p.footloose * (_from_outside(settled, way, p) - 1.0)


@rule
def _settled(vacant, jobs, way, p):
    """Part of new factories that finds a serviced plot among `vacant` km2, where factories have so many `jobs`."""
    need = p.plot_need * p.firm_entry * jobs * _eager(1.0, way, p) / M2
    return min(vacant / max(need, TINY), 1.0)


@rule
def _taken(settled, new_jobs, vacant, way, p):
    """Serviced land, km2, that new factories with so many jobs take: those with a plot came the more for it."""
    with_plot = settled * new_jobs * _eager(1.0, way, p) / max(_eager(settled, way, p), TENTH)
    return min(p.plot_need * with_plot / M2, (1.0 - p.park_fades) * vacant)


@kernel
def _close(
    industries, efficiency, support, setting, eco, capital_output, gains, luck, p, helped, planned, elsewhere, made
):  # fmt: skip
    """The books of the year; capital, technology, enterprises and outside demand at its end.

    `planned` is what was decided of the investment that adds to capital, `elsewhere` the trade cost of rivals.
    """
    sectors, deflator, after = eco.size, setting.deflator, made.after
    for county in range(setting.density.size):
        green, working, new_jobs = 0.0, 0.0, 0.0
        for sector in range(sectors):
            green += eco[sector] * industries.value_added[county, sector]
            working += after.jobs[county, sector] if sector < FACTORIES else 0.0
        way, found = (
            _way(setting.trade_cost[county] / elsewhere, p),
            _found(industries.custom[county], elsewhere, p),
        )
        settled = _settled(support.park[county], working, way, p)
        from_outside = _from_outside(settled, way, p)
        for sector in range(sectors):
            at, number = (county, sector), county * sectors + sector
            capital, value_added, real = (
                industries.capital[at],
                made.value_added[at],
                made.value_added[at] / deflator,
            )
            interest, dividends, borrowed, cash, debt = _books(
                industries.cash[at], industries.debt[at], capital * deflator, value_added, made.subsidies[at], made.wages[at], made.tax[at],
                made.investment[at], planned.brought[at], gains[INTEREST, county, sector], gains[CAP, county, sector], p,
            )  # fmt: skip
            made.interest[at], made.dividends[at], made.borrowed[at] = interest, dividends, borrowed
            made.cash_change[at], after.cash[at], after.debt[at] = cash - industries.cash[at], cash, debt
            surplus = value_added - made.wages[at] - made.tax[at]
            after.surplus[at] = surplus
            count, upgrade = helped.upgraded[at], helped.stopped[at]
            made.upgrades[at] = count[SMALL] + count[MIDDLE] + count[LARGE]
            profit = 1.0 + (surplus / max(capital * deflator, 1.0) - industries.usual[at]) / p.profit_unit
            cost, more = (
                _entry_cost(support.relief[county], settled, sector, p),
                p.footloose * (from_outside - 1.0) if sector < FACTORIES else 0.0,
            )
            made.entries[at], made.exits[at], as_usual, came, gone = _turnover(
                industries.enterprises[at], count, profit, after.jobs[at], cost, gains[ENTRY, county, sector],
                gains[FOUNDED, county, sector], more, luck, number, p, after.enterprises[at],
            )  # fmt: skip
            works, arriving = industries.works[at], 0.0
            after.works[at] = works
            if sector < FACTORIES:
                after.works[at] = _goods(works, as_usual, from_outside * as_usual, gone)
                arriving = p.footloose * (after.works[at] - works) / (1.0 + p.footloose * (works - 1.0))
                new_jobs += max(came + more * as_usual, 0.0) * after.jobs[at]
            volume = real / industries.price[at]
            made.energy[at] = industries.energy_intensity[at] * volume / UNIT
            made.load[at] = (
                industries.load_intensity[at] * volume / UNIT / KG * (1.0 - setting.abatement[county])
            )
            invested = (
                eco[sector] * industries.value_added[at] / max(green, 1.0) * support.eco[county] / deflator
            )
            cleaner = _mixed(p.eco_output * invested / max(real, 1.0), p.eco_clean)
            trend = p.g_tfp_ind if sector < SECONDARY else p.g_tfp_srv
            new = invested * _lasting(
                p.eco_output * made.competitiveness[at] ** p.eta, capital / max(real, 1.0)
            )
            after.capital[at] = (1.0 - p.delta_K) * capital + planned.paid[at] / deflator + new
            dear = _dear(value_added, surplus, industries.usual[at], capital_output[sector], p)
            after.scale[at] = industries.scale[at] * _labour_saved(dear, p)
            at_home = 1.0 - made.outside_sales[at] / max(value_added, 1.0)
            after.price[at] = _dearer(industries.price[at], dear, at_home, p)
            after.productivity[at] = industries.productivity[at] * math.exp(trend + p.upg_tfp * upgrade)
            after.energy_intensity[at] = (
                industries.energy_intensity[at] * math.exp(p.g_energy_int + p.upg_energy * upgrade) * cleaner
            )
            after.load_intensity[at] = (
                industries.load_intensity[at] * math.exp(p.g_load_int + p.upg_load * upgrade) * cleaner
            )
            lasting = industries.outside_demand[at] * (1.0 + setting.growth[sector])
            # Works that come sell what they make to customers whom they bring; where fewer come than usual, those go elsewhere.
            a_unit = made.competitiveness[at] ** p.eta * gains[OUTSIDE, county, sector] * found
            won = arriving * real / max(a_unit, TENTH)
            after.outside_demand[at] = max(lasting + p.eco_output * invested + won, 0.0)
            after.coming[at] = max(arriving * real, 0.0)
            after.goods[at] = _goods(industries.goods[at], as_usual, came, gone)
            after.efficiency[at] = efficiency[at] if after.jobs[at] > 0 else industries.efficiency[at]
        made.plots[county] = _taken(settled, new_jobs, support.park[county], way, p)


class Gdp(NamedTuple):
    """Gross domestic product by county, three separately summed books; f8 (7,)."""

    production: np.ndarray
    income: np.ndarray
    expenditure: np.ndarray


def gdp(
    made: Production, spending: Spending, *, farm_value_added: np.ndarray, farm_income: np.ndarray,
    farm_outside_sales: np.ndarray,
) -> Gdp:  # fmt: skip
    """GDP by production (what sectors and farms made), income (what was paid out) and expenditure.

    `farm_income` is what farms paid to households and others by the households' books; f8 (7,).
    """
    books = Gdp(*blank(len(Gdp._fields), len(COUNTIES)))
    _count(made, spending, farm_value_added, farm_income, farm_outside_sales, books)
    return books


@kernel
def _count(made, spending, farm_value_added, farm_income, farm_outside_sales, books):
    for county in range(farm_value_added.size):
        produced, paid, invested, sold = 0.0, 0.0, 0.0, 0.0
        for sector in range(made.value_added.shape[1]):
            at = (county, sector)
            produced += made.value_added[at]
            paid += made.wages[at] + made.tax[at] + made.interest[at] + made.dividends[at]
            # What the public pays for investment is no income of the year's work.
            paid += made.investment[at] + made.cash_change[at] - made.borrowed[at] - made.subsidies[at]
            invested += made.investment[at]
            sold += made.outside_sales[at] + made.sold_there[at]
        bought = (
            spending.consumption[county] + spending.village_consumption[county] + spending.public_consumption[county]
            + spending.public_works[county] + spending.household_investment[county] + invested
        )  # fmt: skip
        sales = sold + farm_outside_sales[county] - made.bought_there[county] - made.bought_outside[county]
        books.production[county] = produced + farm_value_added[county]
        books.income[county] = paid + farm_income[county]
        books.expenditure[county] = bought + sales


def next_wage(
    wage: np.ndarray, tightness: np.ndarray, outside_growth: float, p: IndustriesParameters
) -> np.ndarray:
    """The year's wage by county, f8 (7,), from that of the year before.

    `tightness` is that year's vacancies an applicant, `outside_growth` the growth of migrants' pay into this year.
    """
    slack = 0.0 if p.wage_cut else p.wage_slope * (np.minimum(tightness, 2.0) - p.tightness)
    return wage * (1.0 + p.wage_pass * outside_growth + slack)
