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
from tianshui.compiled import added_up, kernel, over, pick, pick_homes, rule
from tianshui.declare import Parameters, belief, cut
from tianshui.draws import uniform
from tianshui.state import (
    CELLS_PER_MU,
    FARM,
    NEVER_POOR,
    NO_WORK,
    POST,
    TERRACE,
    VILLAGE,
    Households,
    Markets,
    Persons,
)

MU = 1.0 / CELLS_PER_MU
HUNDRED, START = 100.0, 2015
"""Yuan in which the response of crop shares is stated."""
OLDEST_TREES = 255
"""Years after which the age of trees is not counted on: the column holds no more."""
CROPS = ("wheat", "maize", "potato", "vegetables")
WHEAT, MAIZE, POTATO, VEGETABLES = range(4)
DRAW_IDLE, DRAW_PLANT, DRAW_LET, DRAW_HERD, DRAW_GRUB, DRAW_SHEEP, DRAW_PIGS = range(7)
STRIP, FIELD = 1024, 1 << 20
"""Households of a county reckoned together; what a count of persons stays below."""
WORKS, OLD, ILL = 1, 2, 4
"""Bits of what a person is to the farm: works on it, an elder, works and was ill."""
SHORT, SPARE, KEEPS = 1, 2, 4
"""Bits of what a household has for a herd: too few hands, hands to spare, heads of the kind."""


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

    fruit_cost: float = belief(
        0.35, unit="share", within=(0.0, 0.9), prior=(0.2, 0.35, 0.5), source="assumed:bags_thinning_and_picking",
        status="assumed",
    )  # fmt: skip
    """Part of that cost which follows the fruit: where a frost takes the blossom, nothing is bagged and picked."""

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
    """Loss of grain and potatoes in a year of drought; vegetables stand where there is water."""

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

    plant_part: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.7),
        source="assumed:half_stays_with_food_crops", status="assumed",
    )  # fmt: skip
    """Largest part of its terraces that a household plants with trees in one year."""

    let_part: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.8),
        source="assumed:level_land_finds_tenants", status="assumed",
    )  # fmt: skip
    """Part of its terraces that a household without farmers lets together with its flat land."""

    idle_part: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.8),
        source="assumed:land_is_given_up_step_by_step", status="assumed",
    )  # fmt: skip
    """Part of its slopes, or terraces where none are left, that a household short of hands gives up or ploughs again at once."""

    idle_nobody: float = belief(
        2.0, unit="ratio", within=(1.0, 5.0), prior=(1.5, 2.0, 3.0),
        source="assumed:nobody_left_to_farm", status="assumed",
    )  # fmt: skip
    """How many times as often land is left idle where nobody farms."""

    herd_granted: float = belief(
        2.0, unit="ratio", within=(1.0, 5.0), prior=(1.5, 2.0, 3.0),
        source="assumed:grants_are_meant_for_herds", status="assumed",
    )  # fmt: skip
    """How many times as often a household with a grant adds cattle."""

    food_most: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.4, 0.5, 0.6),
        source="assumed:guard_of_the_food_accounts", status="assumed",
    )  # fmt: skip
    """Largest part of farm value added, and of what villages consume, that is eaten in the own county."""

    granted_mu: float = belief(
        2.0, unit="mu", within=(0.5, 10.0), prior=(1.0, 2.0, 4.0),
        source="assumed:grants of some thousand yuan", status="assumed",
    )  # fmt: skip
    """Area over which a household spreads a grant when it plants."""

    herd_purse: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.8),
        source="assumed:half_of_savings", status="assumed",
    )  # fmt: skip
    """Part of its cash that a household would put into an animal."""

    elder_from: float = belief(
        60.0, unit="years", within=(50.0, 75.0), prior=(55.0, 60.0, 65.0),
        source="assumed:elders help on the farm", status="assumed", whole=True,
    )  # fmt: skip
    """Age from which a member without other work counts as an elder who helps on the farm."""

    elder_until: float = belief(
        75.0, unit="years", within=(60.0, 95.0), prior=(70.0, 75.0, 80.0),
        source="assumed:elders help on the farm", status="assumed", whole=True,
    )  # fmt: skip
    """Age from which an elder no longer helps on the farm."""

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
    orchard_cost: np.ndarray  # f8 (7,): yuan a mu, less what fruit that froze did not cost
    young_cost: float  # yuan a mu
    planting_cost: float  # yuan a mu
    margin: np.ndarray  # f8 (3,): yuan a head of cattle, sheep, pigs
    scale: np.ndarray  # f8 (7,): farm scale times productivity
    rent: float  # yuan a mu let for money
    price_cattle: float  # yuan a head
    price_small: np.ndarray  # f8 (2,): yuan a head of sheep, pigs
    gain_small: np.ndarray  # f8 (2,): margin of the year above the usual one, against the price
    kept: np.ndarray  # f8 (7,): part of the crops that the weather left
    rainfed: float  # part of the crops' worth that hangs on rain


class Changes(NamedTuple):
    """What a household changes of its land and herds; columns of length n, one row for each that changes anything."""

    row: np.ndarray  # i8: row of the household, rising
    terrace_to_idle: np.ndarray  # i4: tenths of a mu, negative when ploughed again
    slope_to_idle: np.ndarray  # i4
    steep_to_idle: np.ndarray  # i4
    let: np.ndarray  # i4: change of let land
    let_flat: np.ndarray  # i4: of it from flat (the rest from terrace)
    planted: np.ndarray  # i4: new orchard from terrace
    grubbed: np.ndarray  # i4: old orchard back to terrace
    cattle: np.ndarray  # i4: heads
    sheep: np.ndarray  # i4
    pigs: np.ndarray  # i4

    def at(self, row: int) -> "dict[str, int]":
        """Changes of one household by name; nothing where it changes nothing."""
        found = np.flatnonzero(self.row == row)
        return {name: int(getattr(self, name)[found].sum()) for name in self._fields[1:]}


class Harvest(NamedTuple):
    """What each household's land does this year; columns of length H unless said."""

    value: np.ndarray  # f8: field crops and animals, net, yuan
    apples: np.ndarray  # f8: kg
    orchard_cost: np.ndarray  # f8: yuan
    rents: np.ndarray  # f8: rent received, yuan
    invested: np.ndarray  # f8: planting and animals bought, yuan
    sold: np.ndarray  # f8: animals sold, yuan
    changes: Changes
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
def herd_chance(margin, price, p):
    """Chance that a household with hands and cash adds a head of cattle: at the usual margin, `herd_hazard`."""
    return p.herd_hazard * max(0.0, 1.0 + (margin / price - p.herd_norm) / p.herd_norm)


@rule
def small_chances(heads, hands, able, gain, p):
    """Chance that a household sells of its sheep or pigs, and that it sells or adds.

    `gain` is the year's margin above the usual one against the price of a head; `able` says that it has hands and
    cash for a lot.
    """
    sells = 0.0
    if heads > 0:
        sells = p.small_hazard * p.small_response * max(0.0, -gain)
        if hands < p.short_of_hands:
            sells += p.small_exit
    adds = p.small_hazard * max(0.0, 1.0 + p.small_response * gain) if able else 0.0
    if heads == 0:
        adds = p.small_entry * adds
    return sells, sells + adds


@rule
def small_herd(heads, hands, nobody, able, gain, lot, draw, p):
    """Sheep or pigs added (above nought) or sold by a household that has `heads` of them, by one draw.

    `nobody` says that none of the household farms: then all are sold.
    """
    sells, either = small_chances(heads, hands, able, gain, p)
    if draw < sells:
        return -heads if nobody else -min(heads, lot)
    return lot if draw < either else 0


@rule
def idle_chances(hands, nobody, loses, p):
    """Chances that a household leaves land idle, and that it ploughs idle land again unless it does.

    `loses` says that steep land loses money.
    """
    if hands < p.short_of_hands or nobody:
        return p.aband_haz * (p.idle_nobody if nobody else 1.0), 0.0
    return p.aband_haz if loses else 0.0, p.reclaim_hazard if hands > 1.0 else 0.0


@rule
def idled(terrace, slope, steep, idle_terrace, idle_slope, hands, nobody, loses, draw, p):
    """Cells of terrace, slope and steep land left idle (below nought: ploughed again) by one draw.

    `loses` says that steep land loses money.
    """
    leaves, comes = idle_chances(hands, nobody, loses, p)
    if draw < leaves:
        if hands >= p.short_of_hands and not nobody:
            return 0, 0, steep
        if steep == 0 and slope <= CELLS_PER_MU // 2:
            return int(p.idle_part * terrace), slope, steep
        return 0, int(p.idle_part * slope), steep
    if draw < comes:
        return -idle_terrace, -int(p.idle_part * idle_slope), 0
    return 0, 0, 0


class _Yield(NamedTuple):
    """Columns of a harvest that are written for every household."""

    value: np.ndarray
    apples: np.ndarray
    orchard_cost: np.ndarray
    rents: np.ndarray
    invested: np.ndarray
    sold: np.ndarray


class _Found(NamedTuple):
    """Changes of a block as they are found."""

    row: np.ndarray  # i8
    what: np.ndarray  # i4 (n, 10): the columns of `Changes` after the row, side by side


class _Strip(NamedTuple):
    """Room for a strip of households of one county, while their farms are reckoned; columns of length STRIP."""

    workers: np.ndarray  # f8
    elders: np.ndarray  # f8
    needed: np.ndarray  # f8
    available: np.ndarray  # f8
    hands: np.ndarray  # f8
    factor: np.ndarray  # f8
    crops: np.ndarray  # f8
    herd: np.ndarray  # f8
    grain: np.ndarray  # f8
    potato: np.ndarray  # f8
    gross: np.ndarray  # f8
    used: np.ndarray  # f8
    kept: np.ndarray  # f8
    insured: np.ndarray  # f8
    can: np.ndarray  # u1: bits of the draws that can concern a household
    hit: np.ndarray  # u1: bits of the draws that may change something
    sheep: np.ndarray  # u1: whether it keeps any, and hands to spare or too few
    pigs: np.ndarray  # u1
    row: np.ndarray  # i8: places in the strip


@kernel
def _count_hands(people, homes, lost, marks, p, start, stop, strip):
    """Workers at home and well (a public post takes some hours beside the farm), and elders without other work, of households `start:stop` of one county.

    Persons are marked in one pass without branches and added up along their rows; what a household has is the
    difference between two sums.
    """
    county, base, end = homes.county[start], int(homes.first[start]), int(homes.first[stop])
    place, setting, work = people.place[base:end], people.setting[base:end], people.work[base:end]
    age, ill = people.age[base:end], lost[base:end]
    codes, upto = np.empty(end - base, np.uint8), np.empty(end - base + 1, np.int64)
    # As narrow as the column of ages, so that many are compared at a time.
    elder, frail = np.uint8(p.elder_from), np.uint8(p.elder_until)
    for k in range(end - base):
        here = (place[k] == county) & (setting[k] == VILLAGE)
        works = here & ((work[k] == FARM) | (work[k] == POST))
        old = here & (work[k] == NO_WORK) & (age[k] >= elder) & (age[k] < frail)
        codes[k] = WORKS * int(works) + OLD * int(old) + ILL * int(works & (ill[k] > 0.0))
    total = 0
    upto[0] = 0
    for k in range(end - base):
        total += marks[codes[k]]
        upto[k + 1] = total
    first = homes.first[start : stop + 1]
    for j in range(stop - start):
        low, high = int(first[j]) - base, int(first[j + 1]) - base
        here = upto[high] - upto[low]
        strip.workers[j] = float(here % FIELD)
        strip.elders[j] = float(here // FIELD % FIELD)
        if here >= FIELD * FIELD:
            workers = 0.0
            for k in range(low, high):
                farms = (work[k] == FARM) | (work[k] == POST)
                works = (place[k] == county) & (setting[k] == VILLAGE) & farms
                workers += works * (1.0 - float(ill[k]))
            strip.workers[j] = workers


@kernel
def _put_to_work(homes, season, trees, p, start, stop, strip):
    """Days needed and available, and the output for the hands there are; nothing where no farm is."""
    county = int(homes.county[start])
    flat_days, terrace_days = season.days[county, 0], season.days[county, 1]
    slope_days, steep_days = season.days[county, 2], season.days[county, 3]
    free = p.labour_cut == 1.0
    flat, terrace, slope, steep = (
        homes.flat[start:stop], homes.terrace[start:stop], homes.slope[start:stop], homes.steep[start:stop],
    )  # fmt: skip
    orchard, age, sapling = (
        homes.orchard[start:stop],
        homes.orchard_age[start:stop],
        homes.sapling[start:stop],
    )
    cattle, sheep, pigs = homes.cattle[start:stop], homes.sheep[start:stop], homes.pigs[start:stop]
    farms, care = homes.farm_hukou[start:stop], trees[1]
    for j in range(stop - start):
        needed = MU * (
            flat_days * int(flat[j])
            + terrace_days * int(terrace[j])
            + slope_days * int(slope[j])
            + steep_days * int(steep[j])
        )
        needed += (
            MU * int(orchard[j]) * p.lab_apple * care[age[j]]
            + MU * int(sapling[j]) * p.lab_apple * p.young_care
        )
        heads = float(sheep[j]) + float(pigs[j])
        needed += p.lab_cattle * (float(cattle[j]) + p.small_animal_labour * heads)
        available = strip.workers[j] * p.work_days + strip.elders[j] * p.elder_days
        available = needed if free else available
        needed, available = needed if farms[j] != 0 else 0.0, available if farms[j] != 0 else 0.0
        strip.needed[j] = needed
        strip.available[j] = available
        strip.used[j] = min(needed, available)
        strip.hands[j] = available / needed if needed > 0.0 else 2.0
    # What many households share is reckoned once: output at either end of labour.
    most, least = p.most_labour**p.beta_lab, p.least_labour**p.beta_lab
    between = 0
    for j in range(stop - start):
        hands, needs = strip.hands[j], strip.needed[j] > 0.0
        whole = 1.0 if farms[j] != 0 else 0.0
        strip.factor[j] = (most if hands >= p.most_labour else least) if needs else whole
        strip.row[between] = j
        between += needs & (hands < p.most_labour) & (hands > p.least_labour)
    for k in range(between):
        j = strip.row[k]
        strip.factor[j] = labour_factor(strip.available[j], strip.needed[j], p)


@kernel
def _gather_in(homes, season, trees, start, stop, strip, out):
    """What stands is harvested; nothing where no farm is."""
    c = int(homes.county[start])
    v, g, q, u = season.value[c], season.grain[c], season.potato[c], season.gross[c]
    cattle_margin, sheep_margin, pig_margin = season.margin[0], season.margin[1], season.margin[2]
    apple, scale, rent, orchard_cost = season.apple[c], season.scale[c], season.rent, season.orchard_cost[c]
    v0, v1, v2, v3 = v[0], v[1], v[2], v[3]
    g0, g1, g2, g3 = g[0], g[1], g[2], g[3]
    q0, q1, q2, q3 = q[0], q[1], q[2], q[3]
    u0, u1, u2, u3 = u[0], u[1], u[2], u[3]
    farms, let = homes.farm_hukou[start:stop], homes.let[start:stop]
    flats, terraces, slopes, steeps = (
        homes.flat[start:stop], homes.terrace[start:stop], homes.slope[start:stop], homes.steep[start:stop],
    )  # fmt: skip
    orchards, ages, saplings = (
        homes.orchard[start:stop],
        homes.orchard_age[start:stop],
        homes.sapling[start:stop],
    )
    cattle, sheep, pigs = homes.cattle[start:stop], homes.sheep[start:stop], homes.pigs[start:stop]
    value, apples = out.value[start:stop], out.apples[start:stop]
    costs, rents = out.orchard_cost[start:stop], out.rents[start:stop]
    for j in range(stop - start):
        flat, terrace, slope, steep = int(flats[j]), int(terraces[j]), int(slopes[j]), int(steeps[j])
        worked = strip.factor[j] * MU
        strip.crops[j] = worked * (v0 * flat + v1 * terrace + v2 * slope + v3 * steep)
        strip.grain[j] = worked * (g0 * flat + g1 * terrace + g2 * slope + g3 * steep)
        strip.potato[j] = worked * (q0 * flat + q1 * terrace + q2 * slope + q3 * steep)
        strip.gross[j] = worked * (u0 * flat + u1 * terrace + u2 * slope + u3 * steep)
    for j in range(stop - start):
        held, orchard = farms[j] != 0, int(orchards[j])
        herd = cattle_margin * float(cattle[j]) + sheep_margin * float(sheep[j]) + pig_margin * float(pigs[j])
        cost = (
            scale * MU * (orchard * orchard_cost * trees[1, ages[j]] + int(saplings[j]) * season.young_cost)
        )
        strip.herd[j] = herd if held else 0.0
        value[j] = strip.crops[j] + herd if held else 0.0
        apples[j] = strip.factor[j] * MU * orchard * trees[0, ages[j]] * apple if held else 0.0
        costs[j] = cost if held else 0.0
        rents[j] = MU * int(let[j]) * rent if held else 0.0


@kernel
def _add_up(homes, befallen, start, stop, strip, out, row):
    """Add a strip to the row of its county, household by household; what is no farm adds nothing."""
    lost, insured = befallen.lost[start:stop], befallen.insured[start:stop]
    value, picked = out.value[start:stop], out.apples[start:stop]
    for j in range(stop - start):
        strip.kept[j] = picked[j] * (1.0 - float(lost[j]))
        strip.insured[j] = max(value[j], 0.0) if insured[j] == 1 else 0.0
    grain, potato, crops, herd, gross = row[GRAIN], row[POTATO], row[CROPS_VALUE], row[HERD_VALUE], row[GROSS]
    used, available, apples, insured_value = row[USED], row[AVAILABLE], row[APPLES], row[INSURED]
    for j in range(stop - start):
        grain += strip.grain[j]
        potato += strip.potato[j]
        crops += strip.crops[j]
        herd += strip.herd[j]
        gross += strip.gross[j]
        used += strip.used[j]
        available += strip.available[j]
        apples += strip.kept[j]
        insured_value += strip.insured[j]
    row[GRAIN], row[POTATO], row[CROPS_VALUE], row[HERD_VALUE], row[GROSS] = grain, potato, crops, herd, gross
    row[USED], row[AVAILABLE], row[APPLES], row[INSURED] = used, available, apples, insured_value


@kernel
def _concern(homes, befallen, season, p, start, stop, strip):
    """Whom each draw can concern: bit k of `can` for the draw k, and what keepers of sheep and of pigs have."""
    lot, most = max(1, int(p.lot + 1.0 / 2.0)), int(p.plant_most * CELLS_PER_MU)
    cattle_price, orchard_price = season.price_cattle, season.planting_cost
    sheep_price, pig_price = season.price_small[0] * lot, season.price_small[1] * lot
    cash, grant = homes.cash[start:stop], befallen.grant[start:stop]
    slope, steep = homes.slope[start:stop], homes.steep[start:stop]
    poor_steep = season.normal[int(homes.county[start]), 3] < 0.0
    farms, sapling = homes.farm_hukou[start:stop], homes.sapling[start:stop]
    flat, terrace, let = homes.flat[start:stop], homes.terrace[start:stop], homes.let[start:stop]
    idle_terrace, idle_slope = homes.idle_terrace[start:stop], homes.idle_slope[start:stop]
    orchard, age = homes.orchard[start:stop], homes.orchard_age[start:stop]
    sheep, pigs = homes.sheep[start:stop], homes.pigs[start:stop]
    for j in range(stop - start):
        hands, nobody = strip.hands[j], strip.workers[j] + strip.elders[j] == 0.0
        short, more, spare = hands < p.short_of_hands, hands > 1.0, hands > p.spare_hands
        purse, wanted = p.herd_purse * cash[j] + grant[j], min(int(p.plant_part * int(terrace[j])), most)
        land = (steep[j] > 0) | (slope[j] > 0) | (terrace[j] > 1)
        comes = more & ((idle_terrace[j] > 0) | (idle_slope[j] > 0))
        idles = ((short | nobody) & land) | (poor_steep & (steep[j] > 0)) | comes
        lets = (nobody & ((flat[j] > 0) | (terrace[j] > 0))) | (more & (let[j] > 0))
        pays = (MU * wanted * orchard_price <= cash[j]) | (grant[j] > 0.0)
        plants = more & (sapling[j] == 0) & (terrace[j] >= CELLS_PER_MU) & pays
        grubs = (orchard[j] > 0) & (float(age[j]) >= p.orchard_life)
        can = (
            (int(idles) << DRAW_IDLE)
            + (int(plants) << DRAW_PLANT)
            + (int(lets) << DRAW_LET)
            + (int(spare & (cattle_price < purse)) << DRAW_HERD)
            + (int(grubs) << DRAW_GRUB)
        )
        strip.can[j] = can if farms[j] != 0 else 0
        few = SHORT * int(short)
        sheep_class = KEEPS * int(sheep[j] > 0) + SPARE * int(spare & (sheep_price < purse)) + few
        pig_class = KEEPS * int(pigs[j] > 0) + SPARE * int(spare & (pig_price < purse)) + few
        strip.sheep[j] = sheep_class if farms[j] != 0 else 0
        strip.pigs[j] = pig_class if farms[j] != 0 else 0


@kernel
def _mark(homes, befallen, season, plants, luck, p, start, stop, strip):
    """Bit k of `hit` where the draw k falls below the largest chance of a change in its place.

    Draws are dear and most change nothing: each is dealt only to those whom it can concern.
    """
    number, grant, size = homes.number[start:stop], befallen.grant[start:stop], stop - start
    _concern(homes, befallen, season, p, start, stop, strip)
    bounds = np.empty(DRAW_SHEEP)
    bounds[DRAW_LET] = p.let_hazard
    bounds[DRAW_PLANT], bounds[DRAW_GRUB] = plants[int(homes.county[start])], p.grub_hazard
    bounds[DRAW_HERD] = herd_chance(season.margin[0], season.price_cattle, p)
    # Who has a grant is looked at again whatever the draw.
    granted = (1 << DRAW_PLANT) + (1 << DRAW_HERD)
    for j in range(size):
        strip.hit[j] = strip.can[j] & granted if grant[j] > 0.0 else 0
    found, rest = 0, max(p.aband_haz, p.reclaim_hazard)
    for j in range(size):
        strip.row[found] = j
        found += strip.can[j] & (1 << DRAW_IDLE) != 0
    for k in range(found):
        j = strip.row[k]
        bound = p.idle_nobody * p.aband_haz if strip.workers[j] + strip.elders[j] == 0.0 else rest
        strip.hit[j] |= int(uniform(luck, number[j], DRAW_IDLE) < bound) << DRAW_IDLE
    for draw in range(DRAW_IDLE + 1, DRAW_SHEEP):
        found = 0
        for j in range(size):
            strip.row[found] = j
            found += int((strip.can[j] >> draw) & 1)
        for k in range(found):
            j = strip.row[k]
            strip.hit[j] |= int(uniform(luck, number[j], draw) < bounds[draw]) << draw
    for draw in range(DRAW_SHEEP, DRAW_PIGS + 1):
        gain, keeps = season.gain_small[draw - DRAW_SHEEP], strip.sheep if draw == DRAW_SHEEP else strip.pigs
        chances = np.zeros(2 * KEEPS)
        for has in range(2 * KEEPS):
            hands = 0.0 if has & SHORT else p.short_of_hands
            chances[has] = small_chances(has & KEEPS, hands, has & SPARE != 0, gain, p)[1]
        found = 0
        for j in range(size):
            strip.row[found] = j
            found += chances[keeps[j]] > 0.0
        for k in range(found):
            j = strip.row[k]
            strip.hit[j] |= int(uniform(luck, number[j], draw) < chances[keeps[j]]) << draw


@kernel
def _decide(homes, befallen, season, plants, luck, p, start, stop, strip, out, row, new, done):
    """What the marked ones change; `new` has `done` rows so far, and as many as are returned after."""
    c, lot = int(homes.county[start]), max(1, int(p.lot + 1.0 / 2.0))
    found = 0
    for j in range(stop - start):
        strip.row[found] = j
        found += strip.hit[j] != 0
    for k in range(found):
        j = strip.row[k]
        h = start + j
        number, hands, hit = homes.number[h], strip.hands[j], int(strip.hit[j])
        nobody = strip.workers[j] + strip.elders[j] == 0.0
        flat, terrace = int(homes.flat[h]), int(homes.terrace[h])

        # Land is left idle or ploughed again, let or taken back.
        terraces, slopes, steeps = 0, 0, 0
        if hit & (1 << DRAW_IDLE):
            terraces, slopes, steeps = idled(
                terrace, int(homes.slope[h]), int(homes.steep[h]), int(homes.idle_terrace[h]), int(homes.idle_slope[h]),
                hands, nobody, season.normal[c, 3] < 0.0, uniform(luck, number, DRAW_IDLE), p,
            )  # fmt: skip
        let, let_flat = 0, 0
        if hit & (1 << DRAW_LET) and nobody:
            let_flat = flat
            let = flat + int(p.let_part * (terrace - terraces))
        elif hit & (1 << DRAW_LET):
            let = -int(homes.let[h])

        # Old trees come out; those with hands and cash plant, or add to a herd: one kind of thing a year.
        grubbed, planted, invested = 0, 0, 0.0
        if hit & (1 << DRAW_GRUB):
            grubbed = int(homes.orchard[h])
        cash, grant = homes.cash[h], befallen.grant[h]
        terrace_left = terrace - terraces - max(0, let - let_flat)
        # Land ploughed again may make the room to plant.
        asks = hit & (1 << DRAW_PLANT) or terraces < 0
        if asks and hands > 1.0 and int(homes.sapling[h]) == 0 and terrace_left >= CELLS_PER_MU:
            part, chance = grant / p.granted_mu, plants[c]
            if part > 0.0:
                cost = max(0.0, season.planting_cost - part)
                chance = planting_chance(season.apple_net[c], cost, p)
            if uniform(luck, number, DRAW_PLANT) < chance:
                wanted = min(int(p.plant_part * terrace_left), int(p.plant_most * CELLS_PER_MU))
                price = MU * wanted * season.planting_cost
                if price <= cash + part * MU * wanted:
                    planted = wanted
                    invested = price
        spare, purse, cattle = hands > p.spare_hands, p.herd_purse * cash + grant, 0
        if hit & (1 << DRAW_HERD) and invested == 0.0:
            more = herd_chance(season.margin[0], season.price_cattle, p) * (
                p.herd_granted if grant > 0.0 else 1.0
            )
            if uniform(luck, number, DRAW_HERD) < more and season.price_cattle < purse:
                cattle = 1
                invested = season.price_cattle
        sheep, pigs = 0, 0
        if hit & (1 << DRAW_SHEEP):
            able = spare and invested == 0.0 and season.price_small[0] * lot < purse
            draw = uniform(luck, number, DRAW_SHEEP)
            sheep = small_herd(int(homes.sheep[h]), hands, nobody, able, season.gain_small[0], lot, draw, p)
            invested += season.price_small[0] * max(sheep, 0)
        if hit & (1 << DRAW_PIGS):
            able = spare and invested == 0.0 and season.price_small[1] * lot < purse
            draw = uniform(luck, number, DRAW_PIGS)
            pigs = small_herd(int(homes.pigs[h]), hands, nobody, able, season.gain_small[1], lot, draw, p)
            invested += season.price_small[1] * max(pigs, 0)

        out.invested[h] = invested
        out.sold[h] = season.price_small[0] * max(-sheep, 0) + season.price_small[1] * max(-pigs, 0)
        row[NEWLY_IDLE] += max(terraces + slopes + steeps, 0)
        row[RECLAIMED] += max(-(terraces + slopes + steeps), 0)
        row[PLANTED] += planted
        new.row[done] = h
        what = new.what[done]
        what[0], what[1], what[2], what[3], what[4] = terraces, slopes, steeps, let, let_flat
        what[5], what[6], what[7], what[8], what[9] = planted, grubbed, cattle, sheep, pigs
        same = (terraces == 0) & (slopes == 0) & (steeps == 0) & (let == 0) & (planted == 0) & (grubbed == 0)
        done += not (same & (cattle == 0) & (sheep == 0) & (pigs == 0))
    return done


@kernel
def _room(season, p):
    """Tables that all share, and room for a strip."""
    # What many households share is reckoned once: bearing and care of trees by age, planting without a grant.
    trees, plants = np.empty((2, OLDEST_TREES + 1)), np.empty(season.apple_net.size)
    for age in range(OLDEST_TREES + 1):
        trees[0, age] = bearing(float(age), p)
        trees[1, age] = max(p.young_care, trees[0, age])
    for county in range(plants.size):
        plants[county] = planting_chance(season.apple_net[county], season.planting_cost, p)
    marks = np.empty(2 * ILL, np.int64)
    for code in range(2 * ILL):
        marks[code] = (
            int(code & WORKS > 0) + FIELD * int(code & OLD > 0) + FIELD * FIELD * int(code & ILL > 0)
        )
    strip = _Strip(
        np.empty(STRIP), np.empty(STRIP), np.empty(STRIP), np.empty(STRIP), np.empty(STRIP), np.empty(STRIP),
        np.empty(STRIP), np.empty(STRIP), np.empty(STRIP), np.empty(STRIP), np.empty(STRIP),
        np.empty(STRIP), np.empty(STRIP), np.empty(STRIP),
        np.empty(STRIP, np.uint8), np.empty(STRIP, np.uint8), np.empty(STRIP, np.uint8), np.empty(STRIP, np.uint8),
        np.empty(STRIP + 1, np.int64),
    )  # fmt: skip
    return trees, plants, marks, strip


@kernel
def _farm(people, homes, lost, season, befallen, luck, p, start, stop, out, totals, new):
    """Farms of households `start:stop`, in strips of one county; returns how many rows of `new` are filled."""
    trees, plants, marks, strip = _room(season, p)
    done, begin = 0, start
    while begin < stop:
        end, county = begin + 1, homes.county[begin]
        while end < min(begin + STRIP, stop) and homes.county[end] == county:
            end += 1
        row = totals[county]
        _count_hands(people, homes, lost, marks, p, begin, end, strip)
        _put_to_work(homes, season, trees, p, begin, end, strip)
        _gather_in(homes, season, trees, begin, end, strip, out)
        _add_up(homes, befallen, begin, end, strip, out, row)
        _mark(homes, befallen, season, plants, luck, p, begin, end, strip)
        done = _decide(homes, befallen, season, plants, luck, p, begin, end, strip, out, row, new, done)
        begin = end
    return done


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


def crop_shares(p: FarmingParameters, yield_factor: np.ndarray, day_wage: float) -> np.ndarray:
    """Share of each crop on each class of land (f8, 4 classes x 4 crops); rows sum to one."""
    net = np.array([p.net_wheat, p.net_maize, p.net_potato, p.net_veg])
    days = np.array([p.lab_grain, p.lab_grain, p.lab_grain, p.lab_veg])
    spread = np.array([p.sd_grain, p.sd_grain, p.sd_potato, p.sd_veg])
    gain = (net + p.grain_cost) * yield_factor[:, None] - p.grain_cost
    risk = p.crra * (spread**2) * np.abs(gain) / 2.0
    worth = p.choosiness * (gain - risk - day_wage * days) / HUNDRED
    likes = np.exp(worth - worth.max(axis=1)[:, None])
    shares = likes / likes.sum(axis=1)[:, None]
    # Vegetables need water and a road: flat land first, a little on terraces, none on slopes.
    for row, reach in enumerate((min(1.0, p.flat_reach * p.vegetables_reach), p.vegetables_reach, 0.0, 0.0)):
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

    `deflate` takes 2019 prices to the year's; `drought` is the part of a county struck and `frost` that times its severity (f8, 7); `apple_price` and
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
    per_class = (shares * (gross * price)).sum(axis=1) * factor
    plain = (shares * gross).sum(axis=1) * factor
    # A dry spring takes from grain and potatoes. Vegetables reach no further than water does; struck like wheat, they made
    # farm value added swing by half as much again.
    dry = (shares * (gross * price))[:, :VEGETABLES].sum(axis=1) * factor
    dry_plain = (shares * gross)[:, :VEGETABLES].sum(axis=1) * factor
    rainfed = float(dry_plain[TERRACE] / plain[TERRACE])
    cost = p.grain_cost * (1.0 - shares[:, VEGETABLES]) + p.grain_cost * shares[:, VEGETABLES]
    # By county and class of land.
    full, lost = growth * scale * (1.0 + support), (p.l_drought * drought)[:, None]
    weather = 1.0 - lost
    lifted = (growth * (1.0 + support))[:, None]
    worth, bought = full[:, None] * plain, scale[:, None] * cost
    total, paid = full[:, None] * (per_class - lost * dry) * deflate, bought * deflate
    kilos = np.array([p.y_wheat, p.y_maize, 0.0, 0.0])
    grain = (shares * kilos).sum(axis=1) * factor
    potato = shares[:, POTATO] * p.y_potato * factor
    days = shares @ np.array([p.lab_grain, p.lab_grain, p.lab_grain, p.lab_veg])
    # Trees stand for decades: what makes crops grow from year to year does not reach them.
    price_small = np.array([p.price_sheep, p.price_pig]) * deflate
    apple = p.y_apple * p.full_yield * scale * (1.0 + support) * (1.0 - p.l_frost * frost)
    expected = p.y_apple * p.full_yield * scale * p.p_apple * deflate * apple_price
    return Season(
        value=total - paid,
        normal=(worth - bought) * deflate,
        trend=(worth - full[:, None] * lost * dry_plain) * deflate - paid,
        gross=total,
        days=np.ones((7, 1)) * days,
        grain=lifted * grain * weather,
        potato=lifted * potato * weather,
        apple=apple,
        apple_net=expected - scale * p.cost_apple * deflate,
        orchard_cost=p.cost_apple * (1.0 - p.fruit_cost * p.l_frost * frost) * deflate,
        young_cost=p.cost_young * deflate,
        planting_cost=p.planting_cost * deflate,
        margin=margins * 1.0,
        scale=scale,
        rent=(1.0 - p.rentfree) * p.rent * deflate,
        price_cattle=p.price_cattle * deflate,
        price_small=price_small,
        gain_small=(margins - usual_margins)[1:] / price_small,
        kept=1.0 - p.l_drought * rainfed * drought,
        rainfed=rainfed,
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
    value, apples, cost, rents = np.empty((4, size))
    out = _Yield(value, apples, cost, rents, np.zeros(size), np.zeros(size))
    people = pick(persons, _People)
    homes = pick_homes(households, _Homes)
    luck, values = draws.key(seed, year, "farming"), p.values

    def task(start: int, stop: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        totals = np.zeros((7, len(TOTALS)))
        most = stop - start + 1
        new = _Found(np.empty(most, np.int64), np.empty((most, len(Changes._fields) - 1), np.int32))
        done = _farm(people, homes, lost, fields, befallen, luck, values, start, stop, out, totals, new)
        return totals, new.row[:done], new.what[:done]

    totals, rows, what = zip(*over(size, task), strict=True)
    changes = Changes(np.concatenate(rows), *np.concatenate(what).T.copy())
    return Harvest(*out, changes, added_up(totals))


class Farmstead(NamedTuple):
    """What one household has for its farm this year."""

    hands: float  # labour days available for a day needed
    workers: float  # who work on it and are well
    elders: float
    can: int  # bit k: the draw k can concern it


def farmstead(
    persons: Persons, households: Households, lost: np.ndarray, fields: Season, befallen: Befallen, p: FarmingParameters,
    *, row: int,
) -> Farmstead:  # fmt: skip
    """What `farm` finds of one household before it deals the draws."""
    people = pick(persons, _People)
    homes, values = pick_homes(households, _Homes), p.values
    trees, _, marks, strip = _room(fields, values)
    _count_hands(people, homes, lost, marks, values, row, row + 1, strip)
    _put_to_work(homes, fields, trees, values, row, row + 1, strip)
    _concern(homes, befallen, fields, values, row, row + 1, strip)
    return Farmstead(
        float(strip.hands[0]), float(strip.workers[0]), float(strip.elders[0]), int(strip.can[0])
    )


def apple_price(kilos: float, usual: float, deviation: float, p: FarmingParameters) -> float:
    """Farm-gate price, yuan a kg at 2019 prices: falls with what the region sells against the usual sales."""
    return p.p_apple * math.exp(deviation + glut(kilos, usual, p))


def glut(kilos: float, usual: float, p: FarmingParameters) -> float:
    """Log deviation of the apple price that the region's own sales make (loop B4)."""
    return math.log(max(kilos, 1.0) / max(usual, 1.0)) * p.price_supply * (1.0 - p.supply_cut)


def settle_land(households: Households, out: Harvest, p: FarmingParameters) -> Households:
    """The households' land and animals on 31 December; trees are a year older, saplings that bear join the rest."""
    old = pick(households, _Land)
    new = _Land._make([np.empty_like(column) for column in old])
    changes = out.changes

    def task(start: int, stop: int) -> None:
        low, high = np.searchsorted(changes.row, (start, stop))
        _settle_land(old, changes, low, high, p.t_bear, start, stop, new)

    over(households.number.size, task)
    return households._replace(**new._asdict())


@kernel
def _grow(old, h, grubbed, planted, t_bear, new):
    """Trees of one household a year on."""
    sapling = int(old.sapling[h])
    young = int(old.sapling_age[h]) + (1 if sapling > 0 else 0)
    bears = sapling > 0 and young >= t_bear
    stays, joins = int(old.orchard[h]) - grubbed, sapling if bears else 0
    orchard = stays + joins
    mixed = stays * (int(old.orchard_age[h]) + 1) + joins * young
    new.orchard[h] = orchard
    new.orchard_age[h] = min(mixed // orchard, OLDEST_TREES) if orchard > 0 else 0
    new.sapling[h] = sapling - joins + planted
    new.sapling_age[h] = 0 if bears or sapling == 0 else min(young, OLDEST_TREES)


@kernel
def _copy(old, start, stop, new):
    new.flat[start:stop] = old.flat[start:stop]
    new.terrace[start:stop] = old.terrace[start:stop]
    new.slope[start:stop] = old.slope[start:stop]
    new.steep[start:stop] = old.steep[start:stop]
    new.idle_terrace[start:stop] = old.idle_terrace[start:stop]
    new.idle_slope[start:stop] = old.idle_slope[start:stop]
    new.idle_steep[start:stop] = old.idle_steep[start:stop]
    new.let[start:stop] = old.let[start:stop]
    new.orchard[start:stop] = old.orchard[start:stop]
    new.sapling[start:stop] = old.sapling[start:stop]
    new.cattle[start:stop] = old.cattle[start:stop]
    new.sheep[start:stop] = old.sheep[start:stop]
    new.pigs[start:stop] = old.pigs[start:stop]


@kernel
def _settle_land(old, out, low, high, t_bear, start, stop, new):
    """Land and animals as they were, trees a year older, then the rows `low:high` of changes and who comes to bear."""
    _copy(old, start, stop, new)
    rows, bearing = np.empty(stop - start + 1, np.int64), 0
    orchard, sapling = old.orchard[start:stop], old.sapling[start:stop]
    orchard_age, sapling_age = old.orchard_age[start:stop], old.sapling_age[start:stop]
    trees, young = new.orchard_age[start:stop], new.sapling_age[start:stop]
    for j in range(stop - start):
        trees[j] = min(int(orchard_age[j]) + 1, OLDEST_TREES) if orchard[j] > 0 else 0
        young[j] = min(int(sapling_age[j]) + 1, OLDEST_TREES) if sapling[j] > 0 else 0
    for j in range(stop - start):
        rows[bearing] = start + j
        bearing += (sapling[j] > 0) & (float(sapling_age[j]) + 1.0 >= t_bear)
    for k in range(bearing):
        _grow(old, rows[k], 0, 0, t_bear, new)
    for k in range(low, high):
        h = out.row[k]
        if out.planted[k] + out.grubbed[k] > 0:
            _grow(old, h, out.grubbed[k], out.planted[k], t_bear, new)
        # `let` draws first on flat land, then on terrace; what comes back returns to terrace.
        let, let_flat = int(out.let[k]), int(out.let_flat[k])
        to_idle, left, steep = (
            int(out.terrace_to_idle[k]),
            int(out.slope_to_idle[k]),
            int(out.steep_to_idle[k]),
        )
        new.flat[h] -= let_flat
        new.terrace[h] -= (
            to_idle + max(let, 0) - let_flat - max(-let, 0) + int(out.planted[k]) - int(out.grubbed[k])
        )
        new.slope[h] -= left
        new.steep[h] -= steep
        new.idle_terrace[h] += to_idle
        new.idle_slope[h] += left
        new.idle_steep[h] += steep
        new.let[h] += let
        new.cattle[h] += out.cattle[k]
        new.sheep[h] += out.sheep[k]
        new.pigs[h] += out.pigs[k]


class Held(NamedTuple):
    """Land of the households of each county, mu; f8 (7,) unless said."""

    classes: np.ndarray  # f8 (7, 4)
    let: np.ndarray
    trees: np.ndarray  # orchards and saplings


@kernel
def _held(homes, start, stop, table):
    begin = start
    while begin < stop:
        end, row = sums.run_end(homes.county, begin, stop), table[homes.county[begin]]
        flat, terrace, slope = homes.flat[begin:end], homes.terrace[begin:end], homes.slope[begin:end]
        steep, let = homes.steep[begin:end], homes.let[begin:end]
        orchard, sapling = homes.orchard[begin:end], homes.sapling[begin:end]
        a, b, c, d, e, f = 0, 0, 0, 0, 0, 0
        for j in range(end - begin):
            a += int(flat[j])
            b += int(terrace[j])
            c += int(slope[j])
            d += int(steep[j])
            e += int(let[j])
            f += int(orchard[j]) + int(sapling[j])
        row[0] += a
        row[1] += b
        row[2] += c
        row[3] += d
        row[4] += e
        row[5] += f
        begin = end


def held(households: Households) -> Held:
    """Land of the households by county of registration and class."""
    homes = pick_homes(households, _Homes)

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
    part = min(1.0, max(0, year - START) / (p.t_bear + p.bearing_rise))
    return start + (grown - start) * part


def local_food(
    village: np.ndarray, town: np.ndarray, value_added: np.ndarray, p: FarmingParameters
) -> np.ndarray:
    """Farm value added eaten in its own county (f8, 7), yuan: of what villages and towns consume, at most a part of it."""
    return np.minimum(
        p.food_part * village + p.food_town * town, p.food_most * np.minimum(value_added, village)
    )


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
    """Expected harvests times the chance to insure, by county; what is no farm is taken at nothing."""
    begin = start
    while begin < stop:
        end, c = begin + 1, int(homes.county[begin])
        while end < min(begin + STRIP, stop) and int(homes.county[end]) == c:
            end += 1
        worth, total = np.empty(end - begin), table[c]
        normal, apple_net, margin = fields.normal[c], fields.apple_net[c], fields.margin
        flat, terrace, slope = homes.flat[begin:end], homes.terrace[begin:end], homes.slope[begin:end]
        steep, orchard, cattle = homes.steep[begin:end], homes.orchard[begin:end], homes.cattle[begin:end]
        sheep, pigs = homes.sheep[begin:end], homes.pigs[begin:end]
        farms, town = homes.farm_hukou[begin:end], homes.in_town[begin:end]
        poor, monitored = homes.poor[begin:end], homes.monitored[begin:end]
        for j in range(end - begin):
            expected = expected_income(
                normal, apple_net, margin, float(flat[j]), float(terrace[j]), float(slope[j]), float(steep[j]),
                float(orchard[j]), float(cattle[j]), float(sheep[j]), float(pigs[j]),
            )  # fmt: skip
            chance = cover[c, 1] if (poor[j] != NEVER_POOR) | (monitored[j] == 1) else cover[c, 0]
            worth[j] = chance * expected if (farms[j] != 0) & (town[j] == 0) else 0.0
        for j in range(end - begin):
            total += worth[j]
        table[c] = total
        begin = end


def insured_value(households: Households, cover: np.ndarray, fields: Season) -> np.ndarray:
    """What village households expect of land and animals, times their chance to insure, by county (f8, 7), yuan.

    `cover` is that chance by county for households on no register and on one (f8, 7 x 2).
    """
    homes = pick(households, _Expected)

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros(7)
        _insured_value(homes, cover, fields, start, stop, table)
        return table

    return sums.added(households.number.size, task, np.zeros(7))


class _Expected(NamedTuple):
    county: np.ndarray
    farm_hukou: np.ndarray
    in_town: np.ndarray
    poor: np.ndarray
    monitored: np.ndarray
    flat: np.ndarray
    terrace: np.ndarray
    slope: np.ndarray
    steep: np.ndarray
    orchard: np.ndarray
    cattle: np.ndarray
    sheep: np.ndarray
    pigs: np.ndarray


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
