"""Farming: crops by slope class, orchards with ages, animals, land left idle, land let.

For a household h of county c, with L the ratio of labour days available to labour days needed,

    value_h = scale_c * tfp_t * L_h^beta_lab * (sum over classes of area * value_c,class
              + orchard * bearing(age) * yield * price) + animals * margin

Crop shares by county and class follow a logit in the risk-adjusted return for the labour-bound mu,

    share_j ~ exp(choosiness * (net_j - risk * spread_j^2 / (2 net scale) - day wage * days_j) / 100)

so the choice among crops is made by county and class, the household's labour enters through one power.

Short of hands (L below `short_of_hands`), or where the class loses money, a household leaves land idle with
the hazard `aband_haz`: steep first, then slope, then terrace; idle land comes back when hands do. A household
whose home is in town, or with nobody to farm, lets flat and terraced land to larger farms. Orchards are
planted on terraces by households with hands and cash when the price promises more than crops do by a margin
(they are irreversible); trees bear after `t_bear` years and are grubbed up when old. The price of apples
falls with what the region sells (loop B4: the delay of bearing makes a cobweb; cold stores carry a part of a
harvest into the next year, see the stores).

Herds adjust in part, by draws. With hands to spare and the cash a household adds a head of cattle, or a lot of
sheep or of pigs,

    chance to add = small_hazard * [1 + small_response * (margin - usual margin) / price]+

(`small_entry` of it without any of the kind), and it sells a lot with the chance `small_exit` when short of hands (all of them when nobody is left to farm), or
with small_hazard * small_response times the relative shortfall of the margin: the hog cycle comes in by the margin.
What is bought is investment; what is sold is the sale of a stock, no income.

Left out: household differences in crop mix and soil beyond slope; seed and feed stores of the single household;
births in the herd (they are in the margin); goats apart from sheep; peaches, walnuts and herbs, which stand in the scale of the county.
The scale of a county is no belief: it is solved once so that a normal year of 2015 yields the county's
published value added of the primary sector.
"""

import math
from typing import NamedTuple

import numpy as np

from tianshui import draws, sums
from tianshui.compiled import kernel, over, rule, unsigned
from tianshui.declare import Parameters, belief, cut
from tianshui.draws import uniform
from tianshui.state import CELLS_PER_MU, FARM, NO_WORK, TERRACE, VILLAGE, Households, Markets, Persons

MU = 1.0 / CELLS_PER_MU
HUNDRED, START = 100.0, 2015
"""Yuan in which the response of crop shares is stated."""
GRANTED_MU = 2.0
"""Area over which a household spreads a grant when it plants."""
OLDEST_TREES = 255
"""Years after which the age of trees is not counted on: the column holds no more."""
CROPS = ("wheat", "maize", "potato", "vegetables")
WHEAT, MAIZE, POTATO, VEGETABLES = range(4)
ADULT, ELDER, FRAIL = 16, 60, 75
DRAW_IDLE, DRAW_PLANT, DRAW_LET, DRAW_HERD, DRAW_GRUB, DRAW_SHEEP, DRAW_PIGS = range(7)


class FarmingParameters(Parameters):
    """Numbers of the farm; yields and margins are at 2019 prices."""

    beta_lab: float = belief(
        0.15, unit="elasticity", within=(0.0, 0.6), prior=(0.08, 0.15, 0.3), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Response of farm output to labour days."""

    g_tfp_agr: float = belief(
        0.018, unit="1/year", within=(-0.02, 0.08), prior=(0.005, 0.018, 0.03), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Trend of farm productivity before any policy."""

    net_wheat: float = belief(
        150.0, unit="yuan/mu", within=(-200.0, 600.0), prior=(-50.0, 150.0, 300.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Net return of wheat on terrace, before family labour."""

    net_maize: float = belief(
        350.0, unit="yuan/mu", within=(-100.0, 1200.0), prior=(100.0, 350.0, 650.0),
        source="expert_range:parameters", status="assumed",
    )  # fmt: skip
    """Net return of maize on terrace, before family labour."""

    net_potato: float = belief(
        600.0, unit="yuan/mu", within=(0.0, 2500.0), prior=(200.0, 600.0, 1300.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Net return of potatoes on terrace, before family labour."""

    net_veg: float = belief(
        3000.0, unit="yuan/mu", within=(500.0, 12000.0), prior=(1200.0, 3000.0, 9000.0),
        source="expert_range:parameters", status="assumed",
    )  # fmt: skip
    """Net return of vegetables and chili, before family labour."""

    y_wheat: float = belief(
        230.0, unit="kg/mu", within=(100.0, 500.0), prior=(170.0, 230.0, 300.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Yield of wheat."""

    y_maize: float = belief(
        430.0, unit="kg/mu", within=(200.0, 900.0), prior=(320.0, 430.0, 560.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Yield of maize."""

    y_potato: float = belief(
        1350.0, unit="kg/mu", within=(500.0, 3000.0), prior=(1000.0, 1350.0, 1900.0),
        source="lanzhou_evening_news_2021:anding", status="found",
    )  # fmt: skip
    """Yield of potatoes, fresh."""

    potato_grain: float = belief(
        0.2, unit="kg/kg", within=(0.1, 0.3), prior=(0.2, 0.2, 0.2), source="statistics_rules:five_to_one",
        status="recalled",
    )  # fmt: skip
    """Grain that a kilo of potatoes counts for in statistics."""

    y_apple: float = belief(
        1156.0, unit="kg/mu", within=(500.0, 4000.0), prior=(900.0, 1156.0, 3500.0),
        source="tianshui_news_2016:huaniu", status="found",
    )  # fmt: skip
    """Yield of apples for each planted mu, young trees counted."""

    p_apple: float = belief(
        2.8, unit="yuan/kg", within=(1.0, 8.0), prior=(2.0, 2.8, 4.5), source="tianshui_daily_2024:apple",
        status="found",
    )  # fmt: skip
    """Farm-gate price of apples at the supply of the start."""

    cost_apple: float = belief(
        1700.0, unit="yuan/mu", within=(300.0, 5000.0), prior=(1000.0, 1700.0, 3000.0),
        source="expert_range:parameters", status="assumed",
    )  # fmt: skip
    """Cash cost of a bearing orchard."""

    cost_young: float = belief(
        500.0, unit="yuan/mu", within=(100.0, 2000.0), prior=(300.0, 500.0, 800.0),
        source="assumed:young trees need little", status="assumed",
    )  # fmt: skip
    """Cash cost of an orchard that does not bear yet."""

    planting_cost: float = belief(
        2500.0, unit="yuan/mu", within=(500.0, 12000.0), prior=(1500.0, 2500.0, 5000.0),
        source="assumed:seedlings and poles", status="assumed",
    )  # fmt: skip
    """Cost of planting a mu of orchard, without irrigation."""

    t_bear: float = belief(
        5.0,
        unit="year",
        within=(2.0, 9.0),
        prior=(3.0, 5.0, 6.0),
        source="expert_range:parameters",
        status="assumed",
    )
    """Years from planting to bearing."""

    orchard_life: float = belief(
        32.0, unit="year", within=(15.0, 60.0), prior=(25.0, 32.0, 40.0), source="assumed:standard trees",
        status="assumed",
    )  # fmt: skip
    """Age at which trees begin to be grubbed up."""

    grub_hazard: float = belief(
        0.15, unit="1/year", within=(0.0, 1.0), prior=(0.05, 0.15, 0.3), source="assumed:renewal of old trees",
        status="assumed",
    )  # fmt: skip
    """Chance a year that a household grubs up an orchard past its life."""

    price_supply: float = belief(
        -0.35, unit="elasticity", within=(-1.0, 0.0), prior=(-0.5, -0.35, -0.2), source="expert_range:mechanisms_1_3",
        status="assumed",
    )  # fmt: skip
    """Response of the apple price to the region's supply."""

    plant_hazard: float = belief(
        0.02, unit="1/year", within=(0.0, 0.5), prior=(0.005, 0.02, 0.05),
        source="assumed:orchard area 2012 to 2015", status="assumed",
    )  # fmt: skip
    """Chance a year that an able household plants when the return equals the return asked for."""

    plant_response: float = belief(
        1.5, unit="elasticity", within=(0.0, 5.0), prior=(0.8, 1.5, 2.5), source="assumed:supply response",
        status="assumed",
    )  # fmt: skip
    """Response of planting to the expected return of an orchard against the return asked for."""

    option_premium: float = belief(
        0.6, unit="share", within=(0.0, 2.0), prior=(0.3, 0.6, 1.0), source="expert_range:mechanisms_1_3",
        status="assumed",
    )  # fmt: skip
    """What an orchard must yield beyond its cost before a household binds its land."""

    crra: float = belief(
        2.0,
        unit="1",
        within=(0.0, 8.0),
        prior=(1.0, 2.0, 4.0),
        source="expert_range:parameters",
        status="assumed",
    )
    """Relative risk aversion in the choice of crops."""

    choosiness: float = belief(
        0.25, unit="log odds per 100 yuan/mu", within=(0.0, 2.0), prior=(0.12, 0.25, 0.5),
        source="assumed:speed of crop change", status="assumed",
    )  # fmt: skip
    """Response of crop shares to the risk-adjusted return of a mu."""

    vegetables_reach: float = belief(
        0.12, unit="share", within=(0.0, 0.5), prior=(0.08, 0.12, 0.18),
        source="prefecture_yearbook_2009:vegetable_area_908", status="derived",
    )  # fmt: skip
    """Largest share of cropland that water, roads and shops let vegetables take: 0.908 of 5.7 million mu in
    2009 and a goal of 1.15."""

    flat_reach: float = belief(
        3.0, unit="ratio", within=(1.0, 8.0), prior=(2.0, 3.0, 4.0), source="assumed:valley and water",
        status="assumed",
    )  # fmt: skip
    """Share of vegetables that flat land can take against the mean of all cropland."""

    sd_grain: float = belief(
        0.18, unit="share", within=(0.0, 1.0), prior=(0.12, 0.18, 0.25), source="assumed:yield and price together",
        status="assumed",
    )  # fmt: skip
    """Standard deviation of the return of grain against its mean."""

    sd_potato: float = belief(
        0.3, unit="share", within=(0.0, 1.5), prior=(0.2, 0.3, 0.45), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Standard deviation of the return of potatoes against its mean."""

    sd_veg: float = belief(
        0.3,
        unit="share",
        within=(0.0, 1.5),
        prior=(0.2, 0.3, 0.45),
        source="assumed:as potatoes",
        status="assumed",
    )
    """Standard deviation of the return of vegetables against its mean."""

    lab_grain: float = belief(
        7.0, unit="day/mu", within=(2.0, 20.0), prior=(4.0, 7.0, 11.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Labour days for a mu of grain or potatoes."""

    lab_veg: float = belief(
        40.0, unit="day/mu", within=(10.0, 100.0), prior=(25.0, 40.0, 60.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Labour days for a mu of vegetables."""

    lab_apple: float = belief(
        32.0, unit="day/mu", within=(10.0, 60.0), prior=(22.0, 32.0, 42.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Labour days for a mu of orchard."""

    lab_cattle: float = belief(
        20.0, unit="day/head", within=(5.0, 60.0), prior=(12.0, 20.0, 30.0), source="assumed:yard keeping",
        status="assumed",
    )  # fmt: skip
    """Labour days for a head of cattle; a sheep or a pig takes a quarter."""

    work_days: float = belief(
        220.0, unit="day/year", within=(100.0, 330.0), prior=(180.0, 220.0, 260.0), source="assumed:farm year",
        status="assumed",
    )  # fmt: skip
    """Days a farm worker gives to the farm."""

    elder_days: float = belief(
        90.0, unit="day/year", within=(0.0, 250.0), prior=(50.0, 90.0, 150.0), source="assumed:elders farm on",
        status="assumed",
    )  # fmt: skip
    """Days a villager of 60 to 74 without other work gives to the farm."""

    flat_bonus: float = belief(
        0.35, unit="share", within=(0.0, 1.5), prior=(0.15, 0.35, 0.6), source="assumed:valley and water",
        status="assumed",
    )  # fmt: skip
    """Yield of flat land above terrace."""

    terr_yield: float = belief(
        0.25,
        unit="share",
        within=(0.0, 1.0),
        prior=(0.1, 0.25, 0.5),
        source="liu_2011:sign",
        status="assumed",
    )
    """Yield of terrace above slope."""

    steep_loss: float = belief(
        0.25,
        unit="share",
        within=(0.0, 0.9),
        prior=(0.1, 0.25, 0.45),
        source="assumed:thin soil",
        status="assumed",
    )
    """Yield of steep land below slope."""

    grain_cost: float = belief(
        330.0, unit="yuan/mu", within=(100.0, 800.0), prior=(220.0, 330.0, 450.0),
        source="assumed:seed, film, fertiliser, machines", status="assumed",
    )  # fmt: skip
    """Bought inputs for a mu of grain or potatoes."""

    l_drought: float = belief(
        0.2, unit="share", within=(0.0, 0.8), prior=(0.08, 0.2, 0.4), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Loss of field crops in a year of drought."""

    l_frost: float = belief(
        0.5, unit="share", within=(0.0, 0.95), prior=(0.3, 0.5, 0.75), source="trade_report_2018:gansu",
        status="assumed",
    )  # fmt: skip
    """Loss of apples in a year of severe frost."""

    aband_haz: float = belief(
        0.05, unit="1/year", within=(0.0, 0.5), prior=(0.02, 0.05, 0.12), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Chance a year that a household short of hands leaves a class of land idle."""

    short_of_hands: float = belief(
        0.6, unit="ratio", within=(0.1, 1.5), prior=(0.4, 0.6, 0.8), source="assumed:labour days to need",
        status="assumed",
    )  # fmt: skip
    """Labour days available for each day needed, below which land is left idle."""

    reclaim_hazard: float = belief(
        0.05, unit="1/year", within=(0.0, 0.5), prior=(0.02, 0.05, 0.1), source="assumed:return to the plough",
        status="assumed",
    )  # fmt: skip
    """Chance a year that a household with hands to spare ploughs idle land again."""

    let_hazard: float = belief(
        0.25, unit="1/year", within=(0.0, 1.0), prior=(0.1, 0.25, 0.5), source="assumed:spread of letting",
        status="assumed",
    )  # fmt: skip
    """Chance a year that a household without farm workers lets its flat and terraced land."""

    rent: float = belief(
        250.0, unit="yuan/mu", within=(0.0, 1500.0), prior=(120.0, 250.0, 450.0), source="assumed:local rents",
        status="assumed",
    )  # fmt: skip
    """Rent of a mu that is let for money, at 2019 prices."""

    rentfree: float = belief(
        0.55, unit="share", within=(0.0, 1.0), prior=(0.3, 0.55, 0.75), source="wang_xin_zhang_li_2019:rent_free",
        status="found",
    )  # fmt: skip
    """Share of let land that pays no rent."""

    household_share: float = belief(
        0.62, unit="share", within=(0.3, 1.0), prior=(0.52, 0.62, 0.75),
        source="assumed:rural business income against primary value added", status="assumed",
    )  # fmt: skip
    """Part of primary value added that is income of registered farm households; the rest goes to farm companies,
    cooperatives and wear of equipment."""

    food_part: float = belief(
        0.25, unit="share", within=(0.0, 0.8), prior=(0.15, 0.25, 0.35), source="assumed:own_grain_meat_vegetables",
        status="assumed",
    )  # fmt: skip
    """Part of village consumption that is value added of the county's own farms."""

    food_town: float = belief(
        0.06, unit="share", within=(0.0, 0.5), prior=(0.03, 0.06, 0.1), source="assumed:markets_of_the_towns",
        status="assumed",
    )  # fmt: skip
    """Part of town consumption that is value added of the county's own farms."""

    herd_hazard: float = belief(
        0.04, unit="1/year", within=(0.0, 0.5), prior=(0.02, 0.04, 0.08), source="assumed:slow herds",
        status="assumed",
    )  # fmt: skip
    """Chance a year that a household with hands and cash adds to its herd, at the mean margin."""

    price_cattle: float = belief(
        9000.0, unit="yuan/head", within=(3000.0, 25000.0), prior=(7000.0, 9000.0, 12000.0),
        source="assumed:young cattle", status="assumed",
    )  # fmt: skip
    """Price of a head of cattle bought or sold."""

    small_animal_labour: float = belief(
        0.25, unit="share", within=(0.05, 1.0), prior=(0.15, 0.25, 0.4), source="assumed:days for sheep and pigs",
        status="assumed",
    )  # fmt: skip
    """Labour days of a sheep or pig against a head of cattle."""

    bearing_rise: float = belief(
        4.0,
        unit="year",
        within=(1.0, 12.0),
        prior=(3.0, 4.0, 6.0),
        source="assumed:trees fill out",
        status="assumed",
    )
    """Years from first fruit to full yield."""

    tired_rate: float = belief(
        0.03, unit="1/year", within=(0.0, 0.2), prior=(0.02, 0.03, 0.05), source="assumed:old trees bear less",
        status="assumed",
    )  # fmt: skip
    """Loss of yield for each year of an orchard past its life."""

    tired_floor: float = belief(
        0.4, unit="share", within=(0.0, 1.0), prior=(0.3, 0.4, 0.6), source="assumed:old trees bear less",
        status="assumed",
    )  # fmt: skip
    """Yield of the oldest orchards against full yield."""

    full_yield: float = belief(
        1.25, unit="ratio", within=(1.0, 2.0), prior=(1.15, 1.25, 1.4), source="assumed:share of young trees",
        status="assumed",
    )  # fmt: skip
    """Yield of a mu in full bearing against a planted mu, young trees counted."""

    young_care: float = belief(
        0.3, unit="share", within=(0.0, 1.0), prior=(0.2, 0.3, 0.5), source="assumed:young trees need little",
        status="assumed",
    )  # fmt: skip
    """Labour and cost of trees that do not bear, against bearing ones."""

    least_labour: float = belief(
        0.15, unit="ratio", within=(0.01, 1.0), prior=(0.1, 0.15, 0.3), source="assumed:neighbours and machines",
        status="assumed",
    )  # fmt: skip
    """Labour below which output falls no further: neighbours and hired machines step in."""

    most_labour: float = belief(
        1.2,
        unit="ratio",
        within=(1.0, 3.0),
        prior=(1.1, 1.2, 1.4),
        source="assumed:surplus labour",
        status="assumed",
    )
    """Labour above which more hands add nothing."""

    discount: float = belief(
        0.08, unit="1/year", within=(0.01, 0.4), prior=(0.05, 0.08, 0.14), source="assumed:rural interest",
        status="assumed",
    )  # fmt: skip
    """Rate at which a household discounts an orchard's years."""

    horizon: float = belief(
        25.0,
        unit="year",
        within=(10.0, 60.0),
        prior=(20.0, 25.0, 30.0),
        source="mechanisms:1_3",
        status="assumed",
    )
    """Years that a household reckons an orchard to stand."""

    forgone: float = belief(
        2.0,
        unit="ratio",
        within=(1.0, 6.0),
        prior=(1.5, 2.0, 3.0),
        source="assumed:crops given up",
        status="assumed",
    )
    """What an orchard must be worth against its planting cost, for the crops given up while it grows."""

    plant_most: float = belief(
        3.0, unit="mu", within=(0.5, 20.0), prior=(2.0, 3.0, 5.0), source="assumed:one household's hands",
        status="assumed",
    )  # fmt: skip
    """Largest orchard planted in one year."""

    spare_hands: float = belief(
        1.3, unit="ratio", within=(1.0, 3.0), prior=(1.1, 1.3, 1.6), source="assumed:labour to spare",
        status="assumed",
    )  # fmt: skip
    """Labour days for each day needed, above which a household adds animals."""

    herd_norm: float = belief(
        0.2, unit="share", within=(0.0, 1.0), prior=(0.15, 0.2, 0.3), source="assumed:usual margin of cattle",
        status="assumed",
    )  # fmt: skip
    """Margin over price of cattle at which herds grow at `herd_hazard`."""

    small_hazard: float = belief(
        0.09, unit="1/year", within=(0.0, 0.5), prior=(0.05, 0.09, 0.15), source="assumed:yard_herds_turn_in_years",
        status="assumed",
    )  # fmt: skip
    """Chance a year that a keeper of sheep, or of pigs, with hands and cash adds a lot of them, at the usual margin."""

    small_entry: float = belief(
        0.25, unit="ratio", within=(0.0, 1.0), prior=(0.1, 0.25, 0.5), source="assumed:a_sty_and_a_fold_are_there_or_not",
        status="assumed",
    )  # fmt: skip
    """The same chance of a household that keeps none of the kind, against a keeper's."""

    small_response: float = belief(
        2.0, unit="elasticity", within=(0.0, 8.0), prior=(1.0, 2.0, 4.0), source="assumed:herds_follow_the_margin",
        status="assumed",
    )  # fmt: skip
    """Response of adding and selling to the margin beyond the usual one, against the price of a head."""

    small_exit: float = belief(
        0.12, unit="1/year", within=(0.0, 0.8), prior=(0.06, 0.12, 0.25), source="assumed:no_hands_for_the_yard",
        status="assumed",
    )  # fmt: skip
    """Chance a year that a household short of hands sells a lot of sheep, or of pigs."""

    lot: float = belief(
        2.0, unit="head", within=(1.0, 20.0), prior=(1.0, 2.0, 4.0), source="assumed:a_litter_shared", status="assumed"
    )  # fmt: skip
    """Sheep or pigs bought or sold at once, rounded to whole heads."""

    price_sheep: float = belief(
        800.0, unit="yuan/head", within=(200.0, 4000.0), prior=(500.0, 800.0, 1200.0), source="assumed:young_ewes",
        status="assumed",
    )  # fmt: skip
    """Price of a sheep bought or sold, at 2019 prices."""

    price_pig: float = belief(
        1200.0, unit="yuan/head", within=(300.0, 6000.0), prior=(700.0, 1200.0, 2000.0),
        source="assumed:half_grown_pigs", status="assumed",
    )  # fmt: skip
    """Price of a pig bought or sold, at 2019 prices."""

    supply_cut: float = cut(names=("Apple price held", "苹果价格固定"), source="mechanisms:b4")
    """1 holds the apple price free of the region's supply (loop B4)."""

    labour_cut: float = cut(names=("Farm labour held", "农业劳力固定"), source="mechanisms:b1")
    """1 lets land be farmed as if every household had the hands it needs (loop B1)."""


class Season(NamedTuple):
    """What a year brings to a county's fields: prices and weather, for the kernel."""

    value: np.ndarray  # f8 (7, 4): net yuan a mu by class at the year's weather and prices, scale applied
    normal: np.ndarray  # f8 (7, 4): the same in a normal year: what one expects
    trend: np.ndarray  # f8 (7, 4): the year's weather at trend prices
    gross: np.ndarray  # f8 (7, 4): gross yuan a mu
    days: np.ndarray  # f8 (7, 4): labour days a mu
    grain: np.ndarray  # f8 (7, 4): kg of grain a mu
    potato: np.ndarray  # f8 (7, 4): kg a mu
    apple: np.ndarray  # f8 (7,): kg a mu of full bearing orchard in this weather
    apple_net: np.ndarray  # f8 (7,): expected yuan a mu, for planting
    orchard_cost: float  # yuan a mu
    young_cost: float  # yuan a mu
    planting_cost: float  # yuan a mu
    margin: np.ndarray  # f8 (3,): yuan a head of cattle, sheep, pigs
    scale: np.ndarray  # f8 (7,): farm scale times productivity
    rent: float  # yuan a mu let for money
    price_cattle: float  # yuan a head
    price_small: np.ndarray  # f8 (2,): yuan a head of sheep, pigs
    gain_small: np.ndarray  # f8 (2,): margin of the year above the usual one, against the price


class Harvest(NamedTuple):
    """What each household's land does this year; columns of length H unless said."""

    value: np.ndarray  # f8: field crops and animals, net, yuan
    apples: np.ndarray  # f8: kg
    orchard_cost: np.ndarray  # f8: yuan
    rents: np.ndarray  # f8: rent received, yuan
    invested: np.ndarray  # f8: planting and animals bought, yuan
    sold: np.ndarray  # f8: animals sold, yuan
    terrace_to_idle: np.ndarray  # i4: tenths of a mu, negative when ploughed again
    slope_to_idle: np.ndarray  # i4
    steep_to_idle: np.ndarray  # i4
    let: np.ndarray  # i4: change of let land
    let_flat: np.ndarray  # i4: of it from flat (the rest from terrace)
    planted: np.ndarray  # i4: new orchard from terrace
    grubbed: np.ndarray  # i4: old orchard back to terrace
    cattle: np.ndarray  # i2: change of heads
    sheep: np.ndarray  # i2
    pigs: np.ndarray  # i2
    totals: np.ndarray  # f8 (7, 12): by county, the columns of TOTALS


class Befallen(NamedTuple):
    """What befalls each household's farm this year; columns of length H."""

    grant: np.ndarray  # f8: yuan for planting or animals
    insured: np.ndarray  # u1: 1 when its crops are insured
    lost: np.ndarray  # f4: part of the harvest that a disaster takes


TOTALS = (
    "grain kg", "potato kg", "crop value", "animal value", "gross crop value", "days used", "days available", "newly idle",
    "reclaimed", "planted", "apples kg", "insured value",
)  # fmt: skip
"""What a harvest adds up by county: kilos, yuan, labour days; tenths of a mu; apples that disaster left, and the
value, before disaster, of crops and animals of insured households that lose nothing by the year's prices."""
(
    GRAIN,
    POTATO,
    CROPS_VALUE,
    HERD_VALUE,
    GROSS,
    USED,
    AVAILABLE,
    NEWLY_IDLE,
    RECLAIMED,
    PLANTED,
    APPLES,
    INSURED,
) = range(12)


@rule
def bearing(age, p):
    """Share of full yield that an orchard of `age` years gives: nothing, then up to full, then slowly down."""
    if age < p.t_bear:
        return 0.0
    grown = min(1.0, (age - p.t_bear + 1.0) / p.bearing_rise)
    tired = max(p.tired_floor, 1.0 - max(0.0, age - p.orchard_life) * p.tired_rate)
    return grown * tired


@rule
def labour_factor(available, needed, p):
    """Output for the labour there is, against output with all the labour needed."""
    if needed <= 0.0:
        return 1.0
    ratio = min(p.most_labour, max(p.least_labour, available / needed))
    return ratio**p.beta_lab


@rule
def planting_chance(expected, cost, p):
    """Chance that an able household plants: orchard's yearly return against the return it asks for.

    The yearly return is discounted from the year of first fruit to the end of the horizon; the household asks
    for its cost, the crops given up and the option premium (land once planted is bound).
    """
    if expected <= 0.0:
        return 0.0
    worth = expected / p.discount * (math.exp(-p.discount * p.t_bear) - math.exp(-p.discount * p.horizon))
    asked = max(cost, 1.0) * (1.0 + p.option_premium) * p.forgone
    return min(1.0, p.plant_hazard * (worth / asked) ** p.plant_response)


@rule
def small_herd(heads, hands, nobody, able, gain, lot, draw, p):
    """Sheep or pigs added (above nought) or sold by a household that has `heads` of them, by one draw.

    `gain` is the year's margin above the usual one against the price of a head; `able` says that it has hands and
    cash for a lot, `nobody` that none of the household farms.
    """
    sells = p.small_hazard * p.small_response * max(0.0, -gain)
    if hands < p.short_of_hands:
        sells += p.small_exit
    if heads > 0 and draw < sells:
        return -heads if nobody else -min(heads, lot)
    adds = p.small_hazard * max(0.0, 1.0 + p.small_response * gain) if able else 0.0
    if heads == 0:
        sells, adds = 0.0, p.small_entry * adds
    return lot if draw < sells + adds else 0


@kernel
def _farm(people, homes, lost, season, befallen, luck, p, start, stop, out, totals):
    # What many households share is reckoned once: output at either end of labour, planting without a grant.
    most, least = p.most_labour**p.beta_lab, p.least_labour**p.beta_lab
    plants = np.empty(season.apple_net.size)
    for county in range(plants.size):
        plants[county] = planting_chance(season.apple_net[county], season.planting_cost, p)
    lot = max(1, int(p.lot + 1.0 / 2.0))
    for h in range(start, stop):
        county = int(homes.county[h])
        out.value[h] = 0.0
        out.apples[h] = 0.0
        out.orchard_cost[h] = 0.0
        out.rents[h] = 0.0
        out.invested[h] = 0.0
        out.terrace_to_idle[h] = 0
        out.slope_to_idle[h] = 0
        out.steep_to_idle[h] = 0
        out.let[h] = 0
        out.let_flat[h] = 0
        out.planted[h] = 0
        out.grubbed[h] = 0
        out.cattle[h] = 0
        out.sheep[h] = 0
        out.pigs[h] = 0
        out.sold[h] = 0.0
        if int(homes.farm_hukou[h]) == 0:
            continue
        workers, idle_elders = 0.0, 0
        for i in range(homes.first[h], homes.first[h + 1]):
            # Comparisons are added, not branched on: the processor cannot guess them.
            years, work = int(people.age[i]), int(people.work[i])
            here = (int(people.place[i]) == county) & (int(people.setting[i]) == VILLAGE)
            workers += (here & (work == FARM)) * (1.0 - float(lost[i]))
            idle_elders += here & (work == NO_WORK) & (years >= ELDER) & (years < FRAIL)
        elders = float(idle_elders)
        flat, terrace = int(homes.flat[h]), int(homes.terrace[h])
        slope, steep = int(homes.slope[h]), int(homes.steep[h])
        orchard, age = int(homes.orchard[h]), int(homes.orchard_age[h])
        cattle, sheep, pigs = float(homes.cattle[h]), float(homes.sheep[h]), float(homes.pigs[h])
        needed = MU * (
            season.days[county, 0] * flat
            + season.days[county, 1] * terrace
            + season.days[county, 2] * slope
            + season.days[county, 3] * steep
        )
        bears = bearing(float(age), p)
        needed += (
            MU * orchard * p.lab_apple * max(p.young_care, bears)
            + MU * int(homes.sapling[h]) * p.lab_apple * p.young_care
        )
        needed += p.lab_cattle * (cattle + p.small_animal_labour * (sheep + pigs))
        available = workers * p.work_days + elders * p.elder_days
        if p.labour_cut == 1.0:
            available = needed
        hands = available / needed if needed > 0.0 else 2.0
        if needed > 0.0 and hands >= p.most_labour:
            factor = most
        elif needed > 0.0 and hands <= p.least_labour:
            factor = least
        else:
            factor = labour_factor(available, needed, p)
        number = homes.number[h]

        # What stands is harvested.
        crops = (
            factor
            * MU
            * (
                season.value[county, 0] * flat
                + season.value[county, 1] * terrace
                + season.value[county, 2] * slope
                + season.value[county, 3] * steep
            )
        )
        herd = season.margin[0] * cattle + season.margin[1] * sheep + season.margin[2] * pigs
        let = int(homes.let[h])
        out.value[h] = crops + herd
        out.apples[h] = factor * MU * orchard * bears * season.apple[county]
        out.orchard_cost[h] = (
            season.scale[county]
            * MU
            * (
                orchard * season.orchard_cost * max(p.young_care, bears)
                + int(homes.sapling[h]) * season.young_cost
            )
        )
        out.rents[h] = MU * let * season.rent
        totals[county, GRAIN] += (
            factor
            * MU
            * (
                season.grain[county, 0] * flat
                + season.grain[county, 1] * terrace
                + season.grain[county, 2] * slope
                + season.grain[county, 3] * steep
            )
        )
        totals[county, POTATO] += (
            factor
            * MU
            * (
                season.potato[county, 0] * flat
                + season.potato[county, 1] * terrace
                + season.potato[county, 2] * slope
                + season.potato[county, 3] * steep
            )
        )
        totals[county, CROPS_VALUE] += crops
        totals[county, HERD_VALUE] += herd
        totals[county, GROSS] += (
            factor
            * MU
            * (
                season.gross[county, 0] * flat
                + season.gross[county, 1] * terrace
                + season.gross[county, 2] * slope
                + season.gross[county, 3] * steep
            )
        )
        totals[county, USED] += min(needed, available)
        totals[county, AVAILABLE] += available
        totals[county, APPLES] += out.apples[h] * (1.0 - float(befallen.lost[h]))
        if int(befallen.insured[h]) == 1:
            totals[county, INSURED] += max(out.value[h], 0.0)

        # Land is left idle or ploughed again, let or taken back.
        nobody = workers + elders == 0.0
        idles = uniform(luck, number, DRAW_IDLE)
        if hands < p.short_of_hands or nobody:
            push = p.aband_haz * (2.0 if nobody else 1.0)
            if idles < push:
                out.steep_to_idle[h] = steep
                out.slope_to_idle[h] = slope // 2
                if steep == 0 and slope <= CELLS_PER_MU // 2:
                    out.slope_to_idle[h] = slope
                    out.terrace_to_idle[h] = terrace // 2
        elif season.normal[county, 3] < 0.0 and idles < p.aband_haz:
            out.steep_to_idle[h] = steep
        elif hands > 1.0 and idles < p.reclaim_hazard:
            out.terrace_to_idle[h] = -int(homes.idle_terrace[h])
            out.slope_to_idle[h] = -(int(homes.idle_slope[h]) // 2)
        if nobody:
            if flat + terrace > 0 and uniform(luck, number, DRAW_LET) < p.let_hazard:
                out.let_flat[h] = flat
                out.let[h] = flat + (terrace - out.terrace_to_idle[h]) // 2
        elif let > 0 and hands > 1.0 and uniform(luck, number, DRAW_LET) < p.let_hazard:
            out.let[h] = -let

        # Old trees come out; those with hands and cash plant, or add to the herd.
        if orchard > 0 and age >= p.orchard_life and uniform(luck, number, DRAW_GRUB) < p.grub_hazard:
            out.grubbed[h] = orchard
        cash = homes.cash[h]
        terrace_left = terrace - out.terrace_to_idle[h] - max(0, out.let[h] - out.let_flat[h])
        if hands > 1.0 and int(homes.sapling[h]) == 0 and terrace_left >= CELLS_PER_MU:
            part, chance = befallen.grant[h] / GRANTED_MU, plants[county]
            if part > 0.0:
                cost = max(0.0, season.planting_cost - part)
                chance = planting_chance(season.apple_net[county], cost, p)
            if uniform(luck, number, DRAW_PLANT) < chance:
                wanted = min(terrace_left // 2, int(p.plant_most * CELLS_PER_MU))
                price = MU * wanted * season.planting_cost
                if price <= cash + part * MU * wanted:
                    out.planted[h] = wanted
                    out.invested[h] += price
        if hands > p.spare_hands and out.invested[h] == 0.0:
            more = p.herd_hazard * max(
                0.0, 1.0 + (season.margin[0] / season.price_cattle - p.herd_norm) / p.herd_norm
            )
            if befallen.grant[h] > 0.0:
                more *= 2.0
            if (
                uniform(luck, number, DRAW_HERD) < more
                and season.price_cattle < cash / 2.0 + befallen.grant[h]
            ):
                out.cattle[h] = 1
                out.invested[h] += season.price_cattle
        # A household buys one kind of thing a year: trees, cattle, sheep or pigs.
        purse = cash / 2.0 + befallen.grant[h]
        spare = hands > p.spare_hands
        able = spare and out.invested[h] == 0.0 and season.price_small[0] * lot < purse
        draw = uniform(luck, number, DRAW_SHEEP)
        change = small_herd(int(homes.sheep[h]), hands, nobody, able, season.gain_small[0], lot, draw, p)
        out.sheep[h] = change
        out.invested[h] += season.price_small[0] * max(change, 0)
        out.sold[h] += season.price_small[0] * max(-change, 0)
        able = spare and out.invested[h] == 0.0 and season.price_small[1] * lot < purse
        draw = uniform(luck, number, DRAW_PIGS)
        change = small_herd(int(homes.pigs[h]), hands, nobody, able, season.gain_small[1], lot, draw, p)
        out.pigs[h] = change
        out.invested[h] += season.price_small[1] * max(change, 0)
        out.sold[h] += season.price_small[1] * max(-change, 0)
        idled = int(out.terrace_to_idle[h]) + int(out.slope_to_idle[h]) + int(out.steep_to_idle[h])
        totals[county, NEWLY_IDLE] += max(idled, 0)
        totals[county, RECLAIMED] += max(-idled, 0)
        totals[county, PLANTED] += out.planted[h]


class _People(NamedTuple):
    age: np.ndarray
    place: np.ndarray
    setting: np.ndarray
    work: np.ndarray


class _Land(NamedTuple):
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
    cattle: np.ndarray
    sheep: np.ndarray
    pigs: np.ndarray


class _Homes(NamedTuple):
    number: np.ndarray
    first: np.ndarray
    county: np.ndarray
    farm_hukou: np.ndarray
    flat: np.ndarray
    terrace: np.ndarray
    slope: np.ndarray
    steep: np.ndarray
    idle_terrace: np.ndarray
    idle_slope: np.ndarray
    let: np.ndarray
    orchard: np.ndarray
    orchard_age: np.ndarray
    sapling: np.ndarray
    cattle: np.ndarray
    sheep: np.ndarray
    pigs: np.ndarray
    cash: np.ndarray


def _homes(households: Households) -> _Homes:
    homes = _Homes(*(getattr(households, name) for name in _Homes._fields))
    return homes._replace(first=unsigned(homes.first))


def crop_shares(p: FarmingParameters, yield_factor: np.ndarray, day_wage: float) -> np.ndarray:
    """Share of each crop on each class of land (f8, 4 classes x 4 crops); rows sum to one."""
    net = np.array([p.net_wheat, p.net_maize, p.net_potato, p.net_veg])
    days = np.array([p.lab_grain, p.lab_grain, p.lab_grain, p.lab_veg])
    spread = np.array([p.sd_grain, p.sd_grain, p.sd_potato, p.sd_veg])
    shares = np.zeros((4, 4))
    for row in range(4):
        gain = (net + p.grain_cost) * yield_factor[row] - p.grain_cost
        risk = p.crra * (spread**2) * np.abs(gain) / 2.0
        worth = p.choosiness * (gain - risk - day_wage * days) / HUNDRED
        worth = worth - worth.max()
        shares[row] = np.exp(worth) / np.exp(worth).sum()
        # Vegetables need water and a road: flat land first, a little on terraces, none on slopes.
        reach = (min(1.0, p.flat_reach * p.vegetables_reach), p.vegetables_reach, 0.0, 0.0)[row]
        if shares[row, VEGETABLES] > reach:
            rest = shares[row, :VEGETABLES] / shares[row, :VEGETABLES].sum()
            shares[row, :VEGETABLES] = rest * (1.0 - reach)
            shares[row, VEGETABLES] = reach
    return shares


def season(
    p: FarmingParameters,
    *,
    year: int,
    deflate: float,
    drought: np.ndarray,
    frost: np.ndarray,
    apple_price: float,
    potato_price: float,
    margins: np.ndarray,
    usual_margins: np.ndarray,
    scale: np.ndarray,
    village_wage: float,
    support: np.ndarray,
) -> Season:
    """The year's fields by county and class.

    `deflate` takes 2019 prices to the year's; `drought` and `frost` are the parts of a county struck (f8, 7); `apple_price` and
    `potato_price` are ratios to their trend; `margins` yuan a head, `usual_margins` their mean over the years (f8, 3 each); `support` f8 (7,) adds to yields
    (cooperative service, roads); `village_wage` yuan a day at 2019 prices.
    """
    slope_yield = 1.0 / (1.0 + p.terr_yield)
    factor = np.array([1.0 + p.flat_bonus, 1.0, slope_yield, slope_yield * (1.0 - p.steep_loss)])
    shares = crop_shares(p, factor, village_wage)
    net = np.array([p.net_wheat, p.net_maize, p.net_potato, p.net_veg])
    gross = net + p.grain_cost
    growth = (1.0 + p.g_tfp_agr) ** (year - START)
    price = np.array([1.0, 1.0, potato_price, 1.0])
    lost = p.l_drought * drought
    per_class = (shares * (gross * price)).sum(axis=1) * factor
    plain = (shares * gross).sum(axis=1) * factor
    full = growth * scale * (1.0 + support)
    cost = p.grain_cost * (1.0 - shares[:, VEGETABLES]) + p.grain_cost * shares[:, VEGETABLES]
    total = full[:, None] * per_class[None, :] * (1.0 - lost[:, None]) * deflate
    value = total - scale[:, None] * cost[None, :] * deflate
    usual = full[:, None] * plain[None, :] * (1.0 - lost[:, None]) * deflate
    trend = usual - scale[:, None] * cost[None, :] * deflate
    normal = (full[:, None] * plain[None, :] - scale[:, None] * cost[None, :]) * deflate
    kilos = np.array([p.y_wheat, p.y_maize, 0.0, 0.0])
    grain = (shares * kilos).sum(axis=1) * factor
    potato = shares[:, POTATO] * p.y_potato * factor
    days = shares @ np.array([p.lab_grain, p.lab_grain, p.lab_grain, p.lab_veg])
    weather = 1.0 - lost
    # Trees stand for decades: what makes crops grow from year to year does not reach them.
    price_small = np.array([p.price_sheep, p.price_pig]) * deflate
    apple = p.y_apple * p.full_yield * scale * (1.0 + support) * (1.0 - p.l_frost * frost)
    expected = p.y_apple * p.full_yield * scale * p.p_apple * deflate * apple_price
    return Season(
        value=value,
        normal=normal,
        trend=trend,
        gross=total,
        days=np.tile(days, (7, 1)),
        grain=growth * grain[None, :] * weather[:, None],
        potato=growth * potato[None, :] * weather[:, None],
        apple=apple,
        apple_net=expected - scale * p.cost_apple * deflate,
        orchard_cost=p.cost_apple * deflate,
        young_cost=p.cost_young * deflate,
        planting_cost=p.planting_cost * deflate,
        margin=margins * 1.0,
        scale=scale,
        rent=(1.0 - p.rentfree) * p.rent * deflate,
        price_cattle=p.price_cattle * deflate,
        price_small=price_small,
        gain_small=(margins - usual_margins)[1:] / price_small,
    )


def expected_values(fields: Season, p: FarmingParameters) -> np.ndarray:
    """What a household expects of its land (f8, 7 x 6): yuan a mu by class and of orchard, yuan a head of cattle."""
    return np.column_stack([fields.normal, fields.apple_net, np.full(7, fields.margin[0])])


def farm(
    persons: Persons,
    households: Households,
    lost: np.ndarray,
    fields: Season,
    befallen: Befallen,
    p: FarmingParameters,
    *,
    seed: int,
    year: int,
) -> Harvest:
    """What every household's land and animals do this year.

    `lost` (f4, P) is the share of the year's work that illness takes.
    """
    size = households.number.size
    kinds = {"terrace_to_idle": np.int32, "slope_to_idle": np.int32, "steep_to_idle": np.int32, "let": np.int32,
             "let_flat": np.int32, "planted": np.int32, "grubbed": np.int32, "cattle": np.int16,
             "sheep": np.int16, "pigs": np.int16}  # fmt: skip
    columns = [np.empty(size, kinds.get(name, np.float64)) for name in Harvest._fields[:-1]]
    out = Harvest(*[*columns, np.zeros((7, len(TOTALS)))])
    people = _People(persons.age, persons.place, persons.setting, persons.work)
    homes = _homes(households)
    luck, values = draws.key(seed, year, "farming"), p.values

    def task(start: int, stop: int) -> np.ndarray:
        totals = np.zeros((7, len(TOTALS)))
        _farm(people, homes, lost, fields, befallen, luck, values, start, stop, out, totals)
        return totals

    return out._replace(totals=np.sum(over(size, task), axis=0))


def apple_price(kilos: float, usual: float, deviation: float, p: FarmingParameters) -> float:
    """Farm-gate price, yuan a kg at 2019 prices: falls with what the region sells against the usual sales."""
    glut = math.log(max(kilos, 1.0) / max(usual, 1.0)) * p.price_supply * (1.0 - p.supply_cut)
    return p.p_apple * math.exp(deviation + glut)


def settle_land(households: Households, out: Harvest, p: FarmingParameters) -> Households:
    """The households' land and animals on 31 December; trees are a year older, saplings that bear join the rest."""
    old = _Land(*(getattr(households, name) for name in _Land._fields))
    new = _Land(*(np.empty_like(column) for column in old))
    over(households.number.size, lambda a, b: _settle_land(old, out, p.t_bear, a, b, new))
    return households._replace(**new._asdict())


@kernel
def _settle_land(old, out, t_bear, start, stop, new):
    for h in range(start, stop):
        sapling, grubbed, planted = int(old.sapling[h]), int(out.grubbed[h]), int(out.planted[h])
        young = int(old.sapling_age[h]) + (1 if sapling > 0 else 0)
        bears = sapling > 0 and young >= t_bear
        stays, joins = int(old.orchard[h]) - grubbed, sapling if bears else 0
        orchard = stays + joins
        mixed = stays * (int(old.orchard_age[h]) + 1) + joins * young
        new.orchard[h] = orchard
        new.orchard_age[h] = min(mixed // orchard, OLDEST_TREES) if orchard > 0 else 0
        new.sapling[h] = sapling - joins + planted
        new.sapling_age[h] = 0 if bears or sapling == 0 else min(young, OLDEST_TREES)
        # `let` draws first on flat land, then on terrace; what comes back returns to terrace.
        let, let_flat = int(out.let[h]), int(out.let_flat[h])
        from_terrace, came = max(let, 0) - let_flat, max(-let, 0)
        to_idle, left, steep = (
            int(out.terrace_to_idle[h]),
            int(out.slope_to_idle[h]),
            int(out.steep_to_idle[h]),
        )
        new.flat[h] = int(old.flat[h]) - let_flat
        new.terrace[h] = int(old.terrace[h]) - to_idle - from_terrace + came - planted + grubbed
        new.slope[h] = int(old.slope[h]) - left
        new.steep[h] = int(old.steep[h]) - steep
        new.idle_terrace[h] = int(old.idle_terrace[h]) + to_idle
        new.idle_slope[h] = int(old.idle_slope[h]) + left
        new.idle_steep[h] = int(old.idle_steep[h]) + steep
        new.let[h] = int(old.let[h]) + let
        new.cattle[h] = int(old.cattle[h]) + int(out.cattle[h])
        new.sheep[h] = int(old.sheep[h]) + int(out.sheep[h])
        new.pigs[h] = int(old.pigs[h]) + int(out.pigs[h])


class Held(NamedTuple):
    """Land of the households of each county, mu; f8 (7,) unless said."""

    classes: np.ndarray  # f8 (7, 4)
    let: np.ndarray
    trees: np.ndarray  # orchards and saplings


@kernel
def _held(homes, start, stop, table):
    for h in range(start, stop):
        row = table[homes.county[h]]
        row[0] += homes.flat[h]
        row[1] += homes.terrace[h]
        row[2] += homes.slope[h]
        row[3] += homes.steep[h]
        row[4] += homes.let[h]
        row[5] += int(homes.orchard[h]) + int(homes.sapling[h])


def held(households: Households) -> Held:
    """Land of the households by county of registration and class."""
    homes = _homes(households)

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((7, 6), np.int64)
        _held(homes, start, stop, table)
        return table

    table = sums.added(households.number.size, task, np.zeros((7, 6), np.int64)) * MU
    return Held(table[:, :4].copy(), table[:, 4].copy(), table[:, 5].copy())


def let_value(land: Held, fields: Season) -> np.ndarray:
    """What larger farms make of the land let to them, by county (f8, 7), yuan: as a terrace with all hands it needs."""
    return land.let * np.maximum(fields.value[:, TERRACE], 0.0)


def grain_of_all(land: Held, fields: Season, totals: np.ndarray, p: FarmingParameters) -> np.ndarray:
    """Grain by county (f8, 7), kg, let land and potatoes (`potato_grain` kilos a kilo) counted in."""
    kilos = totals[:, GRAIN] + land.let * fields.grain[:, TERRACE]
    return kilos + p.potato_grain * (totals[:, POTATO] + land.let * fields.potato[:, TERRACE])


def nothing_befallen(households: int) -> Befallen:
    """No grant, no insurance, no disaster."""
    return Befallen(np.zeros(households), np.zeros(households, np.uint8), np.zeros(households, np.float32))


def full_apples(land: Held, fields: Season) -> np.ndarray:
    """Apples of all trees of a county, young ones counted, when each bears in full (f8, 7), kg."""
    return land.trees * fields.apple


def usual_apples(markets: Markets, p: FarmingParameters, *, year: int) -> float:
    """Harvest of apples that a year is used to, kg.

    The saplings of the start were on everybody's books: as they come to bear, the market expects them. What is planted
    later, it does not.
    """
    start, grown = float(markets.apple_usual[0]), float(markets.apple_grown[0])
    part = min(1.0, (year - START) / (p.t_bear + p.bearing_rise))
    return start + (grown - start) * part


def local_food(
    village: np.ndarray, town: np.ndarray, value_added: np.ndarray, p: FarmingParameters
) -> np.ndarray:
    """Farm value added eaten in its own county (f8, 7), yuan: of what villages and towns consume, at most half of it."""
    return np.minimum(p.food_part * village + p.food_town * town, np.minimum(value_added, village) / 2.0)


@rule
def expected_income(normal, apple_net, margin, flat, terrace, slope, steep, orchard, cattle, sheep, pigs):
    """What land and animals yield in a normal year with all hands they need, yuan; never below nothing."""
    acres = (
        normal[0] * flat + normal[1] * terrace + normal[2] * slope + normal[3] * steep + apple_net * orchard
    )
    herd = margin[0] * cattle + margin[1] * sheep + margin[2] * pigs
    return max(acres * MU + herd, 0.0)


@kernel
def _insured_value(homes, cover, fields, start, stop, table):
    for h in range(start, stop):
        if cover[h] > 0.0 and homes.farm_hukou[h] == 1:
            c = int(homes.county[h])
            table[c] += cover[h] * expected_income(
                fields.normal[c], fields.apple_net[c], fields.margin, float(homes.flat[h]), float(homes.terrace[h]),
                float(homes.slope[h]), float(homes.steep[h]), float(homes.orchard[h]), float(homes.cattle[h]),
                float(homes.sheep[h]), float(homes.pigs[h]),
            )  # fmt: skip


def insured_value(households: Households, cover: np.ndarray, fields: Season) -> np.ndarray:
    """What households expect of their land and animals, times `cover` (f8, H), by county of registration (f8, 7), yuan."""
    homes = _homes(households)

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros(7)
        _insured_value(homes, cover, fields, start, stop, table)
        return table

    return sums.added(households.number.size, task, np.zeros(7))


def volume(
    land: Held, fields: Season, made: np.ndarray, fruit: np.ndarray, apples: np.ndarray, orchard_cost: np.ndarray,
    price: float, p: FarmingParameters,
) -> np.ndarray:  # fmt: skip
    """What households' and let land yield at trend prices by county (f8, 7), yuan of the year.

    `made` is their farm income and `fruit` the part of fruit in it, `apples` kilos and `orchard_cost` yuan (f8, 7
    each), `price` the trend price of a kilo. Crops are revalued by class of land; animals keep their margin.
    """
    let = land.let * np.maximum(fields.trend[:, TERRACE], 0.0)
    gain = (land.classes * (fields.trend - fields.value)).sum(axis=1)
    return made - fruit + gain + price * apples - orchard_cost + let
