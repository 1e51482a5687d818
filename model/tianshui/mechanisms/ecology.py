"""Land, forest, soil, river and carbon: the stocks of nature and what flows between them in a year.

Land. Of a county's area (whole tenths of a mu) households, towns, forest, open land and all else hold a part;
towns and new forest take open land, lost forest falls back to it:

    area = held by households + towns + forest + open land + other

Forest ages by exactly one on 31 December. Of the area granted for planting the part `fresh` becomes new forest,
the rest replants thin stands that count as forest already. To the age of five a stand fails each year with

    1 - (surv_tree * water)^(1/5),      water = min(1, limit / share of land under forest)^thirst

where the limit is the cover that the county's rain can carry (loop B5); older stands burn or fall at `fire`.

Soil. loss = erosivity * sum over land classes of area * loss a hectare, where works (check dams, small catchments)
on treated land hold the part `works`; sediment = sdr * loss. Plots under trees lose, `a` years after planting,

    e(a) = ero_forest + (before - ero_forest) * exp(-a / cover_years)

River. Seven reaches, COD and ammonia nitrogen, a well-mixed tank each; tonnes M and a year's flows from

    dM/dt = load + what leaves the reaches above - M * 365 / transit - M * 365 * k * 1.047^(T(t) - 20)

with the water's temperature T over the seasons, integrated with what decayed and left, so that each reach's book
closes to rounding. All of it is linear: what a year makes of a tonne, stored or loaded, is integrated once for given
beliefs and every year is a sum of such tonnes. The mean concentration of the year is what left over the water that left. The Wei
runs Wushan - Gangu - Maiji; the Ji joins it in Maiji from Qinzhou, the Hulu from Qin'an, the Niutou from Qingshui;
Zhangjiachuan drains to the two last. Loads: town sewage, villagers, works, animals, run-off, clean headwater, what
comes from upstream.

Carbon. A stand holds C(a) = C_max * (1 - exp(-k a))^shape, converted soil gains `c_soil` a year; the stock of a
county changes by uptake (times `water`) less what fire, failure and ploughing take, exactly.

Left out: erosion of gullies and channels (no area known), the Jialing part of the two districts in the river (its
land and soil count), reservoirs and silt on the bed, run-off that changes with forest, air, groundwater, loads that
differ between seasons. Droughts lower the river's water, forest does not feel them.
"""

import math
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

import numpy as np
from scipy.integrate import solve_ivp

from tianshui import assumptions, draws, sums
from tianshui.compiled import kernel, over, rule
from tianshui.declare import Parameters, belief, cut, lever, outside
from tianshui.draws import normal, uniform
from tianshui.evidence import table
from tianshui.state import CELLS_PER_MU, COUNTIES, Households, Nature, blank, fixed

START = 2015
"""Calendar year at whose end the model starts."""
AGES = 61
"""Classes of age, the last one open."""
BEFORE_AGES = 12
"""Columns of the tally of land before the ages of converted cropland."""
YOUNG = 5
"""Age in years for which `surv_tree` is stated, and until which plantations fail for want of water: a definition."""
CELLS_PER_KM2 = 15000
CELLS_PER_HECTARE = 150.0
MU_PER_KM2 = 1500.0
DAYS = 365.0
PERCENT = 100.0
HUNDRED_MM = 100.0
MEAN_SEASON = 0.25
"""Part of the year, counted from its coldest day, at which the river has its mean temperature."""
GRAMS_PER_TONNE = 1e6
KG_PER_TONNE = 1000.0
LITRES = 1e6
"""Milligrams a litre in a tonne a cubic metre."""
COD, AMMONIA = 0, 1
CLASS_LIMITS = np.array([[15.0, 15.0, 20.0, 30.0, 40.0], [0.15, 0.5, 1.0, 1.5, 2.0]])
"""Upper limits of classes I to V of GB 3838-2002 in mg/l: COD, ammonia nitrogen."""
GOOD_CLASS = 3
"""Class of GB 3838-2002 up to which water counts as good."""
TINY = np.finfo(np.float64).tiny
RIVER_ERROR = 1e-9
"""Relative error of a step of the river; its books close to rounding at any."""
# Streams between the reaches: what leaves the first enters the second; Zhangjiachuan's is a belief.
QINZHOU, MAIJI, QINGSHUI, QINAN, GANGU, WUSHAN, ZHANGJIACHUAN = range(7)
STREAMS = ((WUSHAN, GANGU), (GANGU, MAIJI), (QINZHOU, MAIJI), (QINAN, MAIJI), (QINGSHUI, MAIJI))
DRAW_STORM, DRAW_FLOW, DRAW_FIRE, DRAW_ROUND = 0, 1, 2, 3
STEPS, FINE = 4096, 64
"""Steps of rank in which plots are queued for terracing, within the last one by number; how many of them a first look
puts together."""


class EcologyParameters(Parameters):
    """Numbers of land, forest, soil, river and carbon."""

    tables: ClassVar[tuple[str, ...]] = ("nature",)

    afforestation: float = lever(
        0.0, unit="mu/year", within=(0.0, 40000.0), names=("Planting and closing of hills", "造林与封山育林"),
        who="county", where="county", cost="plant_cost", group="ecology", measure="M25",
        source="press_2016_06_22:73.5_and_24.8_in_2011_15", status="derived", paid_by=(0.8, 0.2), builds="planting", outturn=True,
    )  # fmt: skip
    """Area planted or closed for regrowth in the county."""

    control: float = lever(
        0.0, unit="km2/year", within=(0.0, 150.0), names=("Erosion control", "水土流失综合治理"), who="county",
        where="county", cost="control_cost", group="ecology", measure="M26",
        source="levers:erosion_control_area", status="derived", paid_by=(0.7, 0.3), buys="works", builds="control", outturn=True,
    )  # fmt: skip
    """Eroded land put under check dams, small catchment works and grass in the county."""

    terraces: float = lever(
        0.0, unit="mu/year", within=(0.0, 50000.0), names=("Slopes turned to terraces", "坡改梯"), who="county",
        where="county", cost="terrace_cost", group="ecology", measure="M26",
        source="press_2016_06_22:150_in_2011_15", status="derived", paid_by=(0.7, 0.3), buys="works", builds="terraces", outturn=True,
    )  # fmt: skip
    """Sloping cropland of households levelled to terraces in the county."""

    villages: float = lever(
        0.0, unit="yuan/year", within=(0.0, 1e8), names=("Clean villages", "农村环境整治"), who="county",
        where="county", cost="money", group="ecology", measure="M03", source="levers:village_improvement_budget",
        status="assumed", paid_by=(0.5, 0.5), buys="works", builds="village_works",
    )  # fmt: skip
    """Money for collecting refuse and running toilets and small sewage works in the county's villages."""

    plant_cost: float = belief(
        500.0, unit="yuan/mu", within=(100.0, 2500.0), prior=(300.0, 500.0, 900.0),
        source="assumed:planting_and_closing_mixed", status="assumed",
    )  # fmt: skip
    """Public cost of a mu planted or closed, three years of care with it."""

    control_cost: float = belief(
        499000.0, unit="yuan/km2", within=(200000.0, 1500000.0), prior=(398000.0, 499000.0, 800000.0),
        source="tianshui_press_2017_07:14.2_for_2843_km2", status="derived",
    )  # fmt: skip
    """Cost of a square kilometre of erosion control: 1.42bn yuan for 2,843 km2 in 45 counties."""

    terrace_cost: float = belief(
        1200.0, unit="yuan/mu", within=(300.0, 4000.0), prior=(800.0, 1200.0, 2000.0), source="assumed:machine_levelled",
        status="assumed",
    )  # fmt: skip
    """Public cost of a mu of slope levelled."""

    other_share: float = belief(
        0.3, unit="share", within=(0.05, 0.8), prior=(0.2, 0.3, 0.4), source="assumed:villages_roads_water_rock",
        status="assumed",
    )  # fmt: skip
    """Land that can never be planted, in what neither households, towns nor forest hold at the start."""

    plantable: float = belief(
        0.7, unit="share", within=(0.1, 1.0), prior=(0.5, 0.7, 0.9), source="assumed:too_steep_or_grazed",
        status="assumed",
    )  # fmt: skip
    """Part of open land on which trees may be planted in a year."""

    fresh: float = belief(
        0.8, unit="share", within=(0.2, 1.0), prior=(0.65, 0.8, 0.95),
        source="press_2016_06_22:63.7_more_forest_of_106.8_planted", status="derived",
    )  # fmt: skip
    """Part of the area planted that was not forest: 637,000 mu more forest on 1,068,000 planted in 2011-15 is
    0.60, which survival 0.75 divides."""

    surv_tree: float = belief(
        0.75, unit="share", within=(0.2, 1.0), prior=(0.55, 0.75, 0.9), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Plantations that stand at the age of five where water does not bind."""

    fire: float = belief(
        0.0008, unit="1/year", within=(0.0, 0.05), prior=(0.0003, 0.0008, 0.002), source="assumed:fire_pests_slides",
        status="assumed",
    )  # fmt: skip
    """Older forest lost in a mean year."""

    fire_cv: float = belief(
        1.0,
        unit="ratio",
        within=(0.0, 3.0),
        prior=(0.5, 1.0, 1.5),
        source="assumed:few_bad_years",
        status="assumed",
    )
    """Spread of that loss over years, standard deviation over mean."""

    limit_dry: float = belief(
        0.25, unit="share", within=(0.05, 1.0), prior=(0.15, 0.25, 0.35), source="mechanisms:b5_vegetation_limit",
        status="assumed",
    )  # fmt: skip
    """Cover that land with 450 mm of rain can carry."""

    limit_rain: float = belief(
        0.38, unit="share per 100 mm", within=(0.0, 1.0), prior=(0.28, 0.38, 0.48), source="mechanisms:b5_vegetation_limit",
        status="assumed",
    )  # fmt: skip
    """Rise of that cover with 100 mm more rain."""

    rain_dry: float = belief(
        450.0, unit="mm/year", within=(300.0, 600.0), prior=(450.0, 450.0, 450.0), source="mechanisms:b5_dry_belt",
        status="assumed",
    )  # fmt: skip
    """Rain of the dry belt."""

    thirst: float = belief(
        1.5, unit="elasticity", within=(0.0, 5.0), prior=(0.5, 1.5, 3.0), source="assumed:soil_water_of_old_stands",
        status="assumed",
    )  # fmt: skip
    """Fall of survival and growth with cover beyond the limit."""

    ero_slope: float = belief(
        48.0, unit="t/ha/year", within=(5.0, 150.0), prior=(25.0, 48.0, 80.0), source="liu_liu_kuang_2020:48.2",
        status="found",
    )  # fmt: skip
    """Soil loss of sloping cropland in a mean year."""

    steep_more: float = belief(
        1.5,
        unit="ratio",
        within=(1.0, 4.0),
        prior=(1.2, 1.5, 2.2),
        source="liu_liu_kuang_2020:sign",
        status="assumed",
    )
    """Loss of cropland above 25 degrees against other slopes."""

    ero_terr: float = belief(
        0.85, unit="share", within=(0.2, 1.0), prior=(0.7, 0.85, 0.943), source="stone_sill_terrace_plots_2024:94.3",
        status="found",
    )  # fmt: skip
    """Part of a slope's loss that a terrace holds."""

    ero_flat: float = belief(
        0.06, unit="ratio", within=(0.0, 0.5), prior=(0.03, 0.06, 0.12), source="assumed:river_terraces",
        status="assumed",
    )  # fmt: skip
    """Loss of flat cropland against slopes."""

    ero_orchard: float = belief(
        0.35, unit="ratio", within=(0.02, 1.0), prior=(0.2, 0.35, 0.6), source="assumed:half_terraced",
        status="assumed",
    )  # fmt: skip
    """Loss of orchards against slopes."""

    ero_idle: float = belief(
        0.45, unit="ratio", within=(0.05, 1.0), prior=(0.25, 0.45, 0.7), source="assumed:weeds_then_grass",
        status="assumed",
    )  # fmt: skip
    """Loss of idle cropland against the same land ploughed."""

    ero_open: float = belief(
        0.4, unit="ratio", within=(0.02, 1.5), prior=(0.25, 0.4, 0.6), source="assumed:grazed_grass_and_bare_loess",
        status="assumed",
    )  # fmt: skip
    """Loss of open land against slopes."""

    ero_forest: float = belief(
        6.0, unit="t/ha/year", within=(0.2, 20.0), prior=(2.0, 6.0, 12.0), source="wang_2018_piahs:zhifanggou",
        status="assumed",
    )  # fmt: skip
    """Soil loss under grown forest."""

    cover_years: float = belief(
        4.0, unit="year", within=(1.0, 15.0), prior=(3.0, 4.0, 6.0), source="mechanisms:5", status="assumed"
    )
    """Time in which cover closes under young trees."""

    works: float = belief(
        0.4, unit="share", within=(0.0, 0.9), prior=(0.25, 0.4, 0.6), source="assumed:dams_and_catchments",
        status="assumed",
    )  # fmt: skip
    """Part of the loss that works hold on treated land apart from terraces and forest."""

    storm_cv: float = belief(
        0.42, unit="ratio", within=(0.05, 1.0), prior=(0.29, 0.42, 0.57), source="longdong_stations:erosivity",
        status="recalled",
    )  # fmt: skip
    """Spread of erosivity over years, standard deviation over mean (29 to 57 % at stations)."""

    storm_together: float = belief(
        0.6,
        unit="correlation",
        within=(0.0, 1.0),
        prior=(0.4, 0.6, 0.8),
        source="mechanisms:1_3",
        status="assumed",
    )
    """Correlation of two counties' storms, and of storms with the river's water."""

    sdr: float = belief(
        0.7, unit="ratio", within=(0.1, 1.0), prior=(0.4, 0.7, 0.95), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Sediment delivered to the river over soil lost."""

    c_tree: float = belief(
        1.5, unit="tC/ha/year", within=(0.2, 6.0), prior=(0.7, 1.5, 3.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Uptake of a stand at the age of its fastest growth."""

    peak_age: float = belief(
        17.0, unit="year", within=(5.0, 40.0), prior=(10.0, 17.0, 25.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Age of fastest growth."""

    growth_shape: float = belief(
        3.0,
        unit="power",
        within=(1.2, 6.0),
        prior=(2.0, 3.0, 4.0),
        source="assumed:chapman_richards",
        status="assumed",
    )
    """Shape of the growth curve of Chapman and Richards."""

    c_soil: float = belief(
        0.33, unit="tC/ha/year", within=(0.0, 2.0), prior=(0.1, 0.33, 0.6), source="chang_2011:loess_plateau",
        status="recalled",
    )  # fmt: skip
    """Gain of carbon in the soil of converted cropland."""

    soil_years: float = belief(
        25.0,
        unit="year",
        within=(5.0, 60.0),
        prior=(15.0, 25.0, 40.0),
        source="assumed:soil_settles",
        status="assumed",
    )
    """Years for which converted soil gains carbon."""

    plantation_years: float = belief(
        37.0, unit="year", within=(10.0, 59.0), prior=(30.0, 37.0, 37.0), source="three_north_programme:since_1978",
        status="assumed",
    )  # fmt: skip
    """Age of the oldest plantations at the start; ages are even up to it."""

    natural_youngest: float = belief(
        30.0, unit="year", within=(5.0, 59.0), prior=(20.0, 30.0, 40.0), source="assumed:second_growth",
        status="assumed",
    )  # fmt: skip
    """Age of the youngest natural forest at the start; ages are even from it on."""

    wei_q: float = belief(
        1.271e9, unit="m3/year", within=(3e8, 3e9), prior=(8e8, 1.271e9, 1.9e9), source="kong_wang_2023:110_mm",
        status="found",
    )  # fmt: skip
    """Water of the Wei that comes from within the prefecture in a mean year."""

    rain_lost: float = belief(
        400.0, unit="mm/year", within=(0.0, 460.0), prior=(340.0, 400.0, 440.0), source="assumed:runoff_of_dry_counties",
        status="assumed",
    )  # fmt: skip
    """Rain that never runs off; what is above it spreads the river's water over the counties."""

    flow_cv: float = belief(
        0.35, unit="ratio", within=(0.0, 1.0), prior=(0.25, 0.35, 0.5), source="kong_wang_2023:large_variation",
        status="assumed",
    )  # fmt: skip
    """Spread of the river's water over years, standard deviation over mean."""

    dry_flow: float = belief(
        0.25,
        unit="share",
        within=(0.0, 0.9),
        prior=(0.1, 0.25, 0.4),
        source="assumed:spring_drought",
        status="assumed",
    )
    """Loss of a county's own water in a year of drought."""

    upstream_wei: float = outside(
        4e8, unit="m3/year", within=(0.0, 2e9), prior=(2.5e8, 4e8, 6e8), source="assumed:wei_above_wushan",
        status="assumed",
    )  # fmt: skip
    """Water of the Wei that enters Wushan in a mean year."""

    upstream_hulu: float = outside(
        1.6e8, unit="m3/year", within=(0.0, 1e9), prior=(1e8, 1.6e8, 2.5e8), source="assumed:hulu_above_qinan",
        status="assumed",
    )  # fmt: skip
    """Water of the Hulu that enters Qin'an in a mean year."""

    upstream_cod: float = outside(
        14.0, unit="mg/l", within=(2.0, 80.0), prior=(11.0, 14.0, 18.0), source="assumed:class_two_at_the_border",
        status="assumed",
    )  # fmt: skip
    """COD of the Wei where it enters; the Hulu's is `hulu_worse` times as high."""

    upstream_nh3: float = outside(
        0.3, unit="mg/l", within=(0.02, 8.0), prior=(0.2, 0.3, 0.45), source="assumed:class_two_at_the_border",
        status="assumed",
    )  # fmt: skip
    """Ammonia nitrogen of the Wei where it enters."""

    hulu_worse: float = outside(
        1.9, unit="ratio", within=(0.5, 4.0), prior=(1.5, 1.9, 2.3), source="mechanisms:5_northern_tributaries_worst",
        status="assumed",
    )  # fmt: skip
    """Concentrations of the Hulu where it enters, against those of the Wei."""

    base_cod: float = belief(
        5.0,
        unit="mg/l",
        within=(0.0, 15.0),
        prior=(3.0, 5.0, 8.0),
        source="assumed:clean_headwater",
        status="assumed",
    )
    """COD of water that nobody has used."""

    base_nh3: float = belief(
        0.06, unit="mg/l", within=(0.0, 0.5), prior=(0.03, 0.06, 0.12), source="assumed:clean_headwater",
        status="assumed",
    )  # fmt: skip
    """Ammonia nitrogen of water that nobody has used."""

    zhang_to_hulu: float = belief(
        0.4,
        unit="share",
        within=(0.0, 1.0),
        prior=(0.25, 0.4, 0.55),
        source="assumed:map_of_rivers",
        status="assumed",
    )
    """Part of Zhangjiachuan's water that joins the Hulu in Qin'an; the rest joins the Niutou in Qingshui."""

    transit: float = belief(
        1.0, unit="day", within=(0.2, 6.0), prior=(0.6, 1.0, 1.6), source="assumed:269_km_at_one_metre_a_second",
        status="assumed",
    )  # fmt: skip
    """Time that water spends in a reach."""

    k_cod: float = belief(
        0.15, unit="1/day", within=(0.01, 0.6), prior=(0.08, 0.15, 0.3), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Decay of COD in the stream at 20 degrees."""

    k_nh3: float = belief(
        0.15, unit="1/day", within=(0.01, 0.6), prior=(0.08, 0.15, 0.3), source="assumed:as_cod",
        status="assumed",
    )  # fmt: skip
    """Decay of ammonia nitrogen in the stream at 20 degrees."""

    theta: float = belief(
        1.047, unit="ratio/degree", within=(1.0, 1.15), prior=(1.047, 1.047, 1.047), source="mechanisms:5",
        status="recalled",
    )  # fmt: skip
    """Rise of decay with a degree of water temperature."""

    reference_degrees: float = belief(
        20.0,
        unit="degree",
        within=(20.0, 20.0),
        prior=(20.0, 20.0, 20.0),
        source="mechanisms:5",
        status="recalled",
    )
    """Temperature at which decay is given."""

    water_degrees: float = belief(
        11.0, unit="degree", within=(4.0, 20.0), prior=(10.0, 11.0, 12.5), source="assumed:mean_air_of_tianshui",
        status="assumed",
    )  # fmt: skip
    """Mean temperature of the river."""

    water_swing: float = belief(
        10.0, unit="degree", within=(0.0, 18.0), prior=(8.0, 10.0, 12.0), source="assumed:cold_winter",
        status="assumed",
    )  # fmt: skip
    """Half the difference between summer and winter."""

    load_cod: float = belief(
        65.0, unit="g/person/day", within=(20.0, 150.0), prior=(50.0, 65.0, 80.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """COD of a town resident."""

    load_nh3: float = belief(
        8.0, unit="g/person/day", within=(2.0, 20.0), prior=(6.0, 8.0, 10.0), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Ammonia nitrogen of a town resident."""

    wwtp_cod: float = belief(
        0.9, unit="share", within=(0.5, 1.0), prior=(0.85, 0.9, 0.95), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """COD removed from treated sewage."""

    wwtp_nh3: float = belief(
        0.88, unit="share", within=(0.4, 1.0), prior=(0.75, 0.88, 0.96), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Ammonia nitrogen removed from treated sewage."""

    below_section: float = belief(
        0.6, unit="share", within=(0.0, 1.0), prior=(0.4, 0.6, 0.8), source="assumed:works_at_the_border_of_maiji",
        status="assumed",
    )  # fmt: skip
    """Part of Qinzhou's town sewage and works that enters the Wei in Maiji, below Qinzhou's own section."""

    village_part: float = belief(
        0.6, unit="ratio", within=(0.2, 1.0), prior=(0.45, 0.6, 0.75), source="assumed:villagers_use_less_water",
        status="assumed",
    )  # fmt: skip
    """Load of a villager against a town resident."""

    village_reach: float = belief(
        0.17, unit="share", within=(0.02, 0.6), prior=(0.1, 0.17, 0.25), source="expert_range:parameters_load_cod",
        status="assumed",
    )  # fmt: skip
    """Part of villagers' load that reaches the river when nothing is collected."""

    village_bound: float = belief(
        0.4, unit="share", within=(0.0, 0.95), prior=(0.2, 0.4, 0.6), source="assumed:latrines_and_soil",
        status="assumed",
    )  # fmt: skip
    """Ammonia nitrogen of villagers that soil and fields bind on the way, beyond COD."""

    village_cost: float = belief(
        60.0, unit="yuan/person/year", within=(5.0, 500.0), prior=(30.0, 60.0, 120.0), source="assumed:refuse_and_toilets",
        status="assumed",
    )  # fmt: skip
    """Yearly money a villager, at 2015 prices, that halves what reaches the river."""

    works_nh3: float = belief(
        0.04, unit="ratio", within=(0.0, 0.4), prior=(0.02, 0.04, 0.08), source="assumed:food_and_machine_works",
        status="assumed",
    )  # fmt: skip
    """Ammonia nitrogen of works against their COD."""

    cattle_cod: float = belief(
        200.0, unit="kg/head/year", within=(50.0, 500.0), prior=(140.0, 200.0, 260.0), source="assumed:manual_of_animals",
        status="assumed",
    )  # fmt: skip
    """COD in the dung of a head of cattle."""

    sheep_cod: float = belief(
        12.0, unit="kg/head/year", within=(2.0, 50.0), prior=(6.0, 12.0, 20.0), source="assumed:manual_of_animals",
        status="assumed",
    )  # fmt: skip
    """COD in the dung of a sheep."""

    pig_cod: float = belief(
        36.0, unit="kg/head/year", within=(10.0, 100.0), prior=(25.0, 36.0, 45.0), source="assumed:manual_of_animals",
        status="assumed",
    )  # fmt: skip
    """COD in the dung of a pig."""

    dung_nh3: float = belief(
        0.03, unit="ratio", within=(0.0, 0.2), prior=(0.015, 0.03, 0.06), source="assumed:manual_of_animals",
        status="assumed",
    )  # fmt: skip
    """Ammonia nitrogen of dung against its COD."""

    dung_reach: float = belief(
        0.04, unit="share", within=(0.0, 0.4), prior=(0.02, 0.04, 0.08), source="assumed:most_goes_to_fields",
        status="assumed",
    )  # fmt: skip
    """Part of dung that reaches the river."""

    runoff_cod: float = belief(
        0.06, unit="kg/t", within=(0.0, 1.0), prior=(0.02, 0.06, 0.12), source="assumed:what_does_not_settle",
        status="assumed",
    )  # fmt: skip
    """COD that a tonne of sediment leaves in the water."""

    runoff_nh3: float = belief(
        0.003, unit="kg/t", within=(0.0, 0.1), prior=(0.001, 0.003, 0.006), source="assumed:fertiliser_washed_off",
        status="assumed",
    )  # fmt: skip
    """Ammonia nitrogen that a tonne of sediment leaves in the water."""

    water_cut: float = cut(names=("Forest without water limit", "造林不受水分限制"), source="mechanisms:b5")
    """1 lets trees grow and survive as if rain were enough everywhere (loop B5)."""


class Land(NamedTuple):
    """What the households of each county hold, whole tenths of a mu (i8, 7), and their animals."""

    flat: np.ndarray
    terrace: np.ndarray
    slope: np.ndarray
    steep: np.ndarray
    idle_terrace: np.ndarray
    idle_slope: np.ndarray
    idle_steep: np.ndarray
    let: np.ndarray
    orchard: np.ndarray  # standing and young
    converted: np.ndarray  # i8 (7, AGES): cropland turned to forest, by years since enrolment
    animals: np.ndarray  # i8 (7, 3): heads of cattle, sheep, pigs


class Loads(NamedTuple):
    """Tonnes of COD and ammonia that enter each reach in a year, by source; f8 (7, 2)."""

    towns: np.ndarray
    villages: np.ndarray
    works: np.ndarray
    animals: np.ndarray
    runoff: np.ndarray
    headwater: np.ndarray  # with water that nobody has used
    upstream: np.ndarray  # from beyond the prefecture


class River(NamedTuple):
    """One year of the river; tonnes, f8 (7, 2) unless said."""

    stored: np.ndarray  # at the end
    entered: np.ndarray  # loads and what the reaches above let go
    decayed: np.ndarray
    left: np.ndarray
    concentration: np.ndarray  # mg/l at the lower section, mean of the year by water
    water: np.ndarray  # f8 (7,): m3 through the lower section


class NatureFlows(NamedTuple):
    """One year of nature; by county (7,)."""

    after: Nature
    planted: np.ndarray  # i8 cells: open land that became forest
    lost: np.ndarray  # i8 cells: forest that became open land
    built: np.ndarray  # i8 cells: open land that became towns
    treated: np.ndarray  # f8 km2 newly under control
    erosivity: np.ndarray  # f8 against a mean year
    soil_loss: np.ndarray  # f8 tonnes
    sediment: np.ndarray  # f8 tonnes
    carbon_uptake: np.ndarray  # f8 tonnes
    carbon_loss: np.ndarray  # f8 tonnes
    carbon_gain: np.ndarray  # f8 tonnes: uptake less loss
    loads: Loads
    river: River
    water_class: np.ndarray  # i8: class of the lower section


# What is known of the start


KEPT = 64
"""For how many draws of beliefs, or sizes of the world, what follows from them alone is kept at hand."""
PARTED = ("forest_area", "wei_share")
"""What the counties have of one known whole: the forest, and the land that drains to the Wei."""


@lru_cache(maxsize=KEPT)
def _known(draw: int) -> dict[tuple[str, str], float]:
    land = {row["county"]: float(row["value"]) for row in table("nature") if row["item"] == "land_area"}
    found = assumptions.table(
        "nature", draw,
        lambda row: row["item"] if row["item"] in PARTED else "",
        lambda row: land[row["county"]] if row["item"] == "wei_share" else 1.0,
    )  # fmt: skip
    return {(row["county"], row["item"]): value for row, value in found}


def fact(item: str, area: str = "tianshui", draw: int = 0) -> float:
    """One figure of the evidence on nature in a draw, at the scale of the prefecture."""
    return _known(draw)[area, item]


@lru_cache(maxsize=KEPT * len(COUNTIES))
def facts(item: str, draw: int = 0) -> np.ndarray:
    """One figure for each county in a draw, f8 (7,), read-only."""
    return _read_only(np.array([_known(draw)[county, item] for county in COUNTIES]))


def _read_only(numbers: np.ndarray) -> np.ndarray:
    numbers.flags.writeable = False
    return numbers


@lru_cache(maxsize=KEPT)
def areas(share: float = 1.0) -> np.ndarray:
    """Area of each county in whole tenths of a mu (i8, 7), in a world of this share of the prefecture; read-only."""
    return _read_only(np.rint(facts("land_area") * CELLS_PER_KM2 * share).astype(np.int64))


@lru_cache(maxsize=KEPT)
def eroded_area(share: float = 1.0) -> np.ndarray:
    """Eroded land of each county at the start, treated or not, km2 (f8, 7); read-only."""
    return _read_only(facts("eroded_land") * share)


# Land


class _Homes(NamedTuple):
    county: np.ndarray
    flat: np.ndarray
    terrace: np.ndarray
    slope: np.ndarray
    steep: np.ndarray
    idle_terrace: np.ndarray
    idle_slope: np.ndarray
    idle_steep: np.ndarray
    let: np.ndarray
    orchard: np.ndarray
    sapling: np.ndarray
    cattle: np.ndarray
    sheep: np.ndarray
    pigs: np.ndarray
    converted: np.ndarray
    converted_year: np.ndarray


@kernel
def _classes(homes, begin, end, row):
    """Cells of eight classes of land of households `begin:end` of one county."""
    flat, terrace, slope = homes.flat[begin:end], homes.terrace[begin:end], homes.slope[begin:end]
    steep, let, idle_terrace = homes.steep[begin:end], homes.let[begin:end], homes.idle_terrace[begin:end]
    idle_slope, idle_steep = homes.idle_slope[begin:end], homes.idle_steep[begin:end]
    a, b, c, d, e, f, g, h = 0, 0, 0, 0, 0, 0, 0, 0
    for j in range(end - begin):
        a += int(flat[j])
        b += int(terrace[j])
        c += int(slope[j])
        d += int(steep[j])
        e += int(idle_terrace[j])
        f += int(idle_slope[j])
        g += int(idle_steep[j])
        h += int(let[j])
    row[0] += a
    row[1] += b
    row[2] += c
    row[3] += d
    row[4] += e
    row[5] += f
    row[6] += g
    row[7] += h


@kernel
def _tally(homes, year, start, stop, table):
    """Cells and heads of households `start:stop` by county: nine classes of land, animals, ages of converted."""
    oldest, rows, begin = table.shape[1] - BEFORE_AGES - 1, np.empty(stop - start + 1, np.int64), start
    while begin < stop:
        end, row = sums.run_end(homes.county, begin, stop), table[homes.county[begin]]
        _classes(homes, begin, end, row)
        orchard, sapling, cattle = homes.orchard[begin:end], homes.sapling[begin:end], homes.cattle[begin:end]
        sheep, pigs, converted = homes.sheep[begin:end], homes.pigs[begin:end], homes.converted[begin:end]
        a, b, c, d = 0, 0, 0, 0
        for j in range(end - begin):
            a += int(orchard[j]) + int(sapling[j])
            b += int(cattle[j])
            c += int(sheep[j])
            d += int(pigs[j])
        row[8] += a
        row[9] += b
        row[10] += c
        row[11] += d
        found = 0
        for j in range(end - begin):
            rows[found] = j
            found += converted[j] > 0
        for k in range(found):
            j = rows[k]
            age = min(max(year - int(homes.converted_year[begin + j]), 0), oldest)
            row[BEFORE_AGES + age] += int(converted[j])
        begin = end


def land(households: Households, year: int) -> Land:
    """What the households of each county hold at the end of `year`."""
    homes = _Homes(*(getattr(households, name) for name in _Homes._fields))
    empty = np.zeros((len(COUNTIES), BEFORE_AGES + AGES), np.int64)

    def part(start: int, stop: int) -> np.ndarray:
        counted = np.zeros_like(empty)
        _tally(homes, year, start, stop, counted)
        return counted

    total = sums.added(households.number.size, part, empty)
    return Land(
        *total[:, :9].T.copy(),
        converted=total[:, BEFORE_AGES:].copy(),
        animals=total[:, 9:BEFORE_AGES].copy(),
    )


def converted_by_age(households: Households, year: int) -> np.ndarray:
    """Cropland turned to forest by county and years since enrolment (i8, 7 x AGES), last class open."""
    return land(households, year).converted


def cultivated(ground: Land) -> np.ndarray:
    """Cropland of each county, ploughed, idle or let (i8, 7)."""
    return np.sum(ground[:8], axis=0)


def held(ground: Land) -> np.ndarray:
    """All land held by the households of each county (i8, 7)."""
    return np.sum(ground[:9], axis=0) + ground.converted.sum(axis=1)


def plantable(nature: Nature, p: EcologyParameters) -> np.ndarray:
    """Planting that open land bears in a year, mu to be granted (f8, 7): more would find no place."""
    return np.floor(p.plantable * nature.open_land) / CELLS_PER_MU / p.fresh


def untreated(nature: Nature, share: float = 1.0) -> np.ndarray:
    """Eroded land not yet under control, km2 (f8, 7)."""
    return np.maximum(eroded_area(share) - nature.treated, 0.0)


def forest_cover(nature: Nature, ground: Land, share: float = 1.0) -> np.ndarray:
    """Forest and converted cropland over land, per cent: the seven counties, then the prefecture (f8, 8)."""
    forest = nature.forest.sum(axis=1) + ground.converted.sum(axis=1)
    total = areas(share)
    return PERCENT * np.append(forest, forest.sum()) / np.append(total, total.sum())


def control_rate(nature: Nature, share: float = 1.0) -> np.ndarray:
    """Eroded land under control, per cent: the seven counties, then the prefecture (f8, 8)."""
    eroded = eroded_area(share)
    return PERCENT * np.append(nature.treated, nature.treated.sum()) / np.append(eroded, eroded.sum())


@kernel
def _steps(county, slope, number, luck, start, stop, step, table):
    """The fixed step of rank of each household, and the slopes on each coarse step."""
    for h in range(start, stop):
        step[h] = int(uniform(luck, number[h], 0) * STEPS)
    for h in range(start, stop):
        table[county[h], int(step[h]) // FINE] += slope[h]


@kernel
def _level(county, slope, terrace, step, whole, start, stop, after, edge):
    """Level the slopes of the coarse steps that are levelled whole; who stands on the last one, levelled in part."""
    new_slope, new_terrace = after
    found = 0
    for h in range(start, stop):
        coarse, last = int(step[h]) // FINE, whole[county[h]]
        moved = slope[h] if coarse < last else 0
        new_slope[h] = slope[h] - moved
        new_terrace[h] = terrace[h] + moved
        edge[found] = h
        found += (coarse == last) & (slope[h] > 0)
    return found


@kernel
def _level_last(county, order, left, after):
    """Level what is left of each county's quota, one household after the other."""
    slope, terrace = after
    for k in range(order.size):
        h = order[k]
        moved = min(left[county[h]], np.int64(slope[h]))
        slope[h] -= moved
        terrace[h] += moved
        left[county[h]] -= moved


def _quota(granted_mu: np.ndarray) -> np.ndarray:
    return np.floor(granted_mu * CELLS_PER_MU + 1.0 / 2.0).astype(np.int64)


def levelled(households: Households, granted_mu: np.ndarray) -> np.ndarray:
    """Cells of each county (i8, 7) that are turned to terraces: what is granted (f8, 7), while there are slopes."""
    quota = _quota(granted_mu)
    return (
        np.minimum(quota, sums.wholes(households.county, (households.slope,))[:, 0]) if quota.any() else quota
    )


def build_terraces(households: Households, granted_mu: np.ndarray) -> Households:
    """Slopes turned to terraces: whole tenths of a mu within `granted_mu` (f8, 7), in the same order every year.

    The order is a hash of the permanent number (equal steps by number), so that neither rows nor samples matter and
    young households do not come last; all slopes of a household are levelled before the next one's, the last one's
    in part.
    """
    homes, size = households, households.number.size
    quota = _quota(granted_mu)
    if not quota.any() or not size:
        return households
    step = np.empty(size, np.int16)
    luck, coarse = draws.key(0, 0, "ecology.terraces"), STEPS // FINE

    def rank(start: int, stop: int) -> np.ndarray:
        table = np.zeros((len(COUNTIES), coarse), np.int64)
        _steps(homes.county, homes.slope, homes.number, luck, start, stop, step, table)
        return table

    slopes = sums.added(size, rank, np.zeros((len(COUNTIES), coarse), np.int64))
    through = slopes.cumsum(axis=1) <= quota[:, None]
    whole, left = through.sum(axis=1), quota - (slopes * through).sum(axis=1)
    after = np.empty_like(homes.slope), np.empty_like(homes.terrace)

    def level(start: int, stop: int) -> np.ndarray:
        edge = np.empty(stop - start + 1, np.int64)
        found = _level(homes.county, homes.slope, homes.terrace, step, whole, start, stop, after, edge)
        return edge[:found].copy()

    edge = np.concatenate(over(size, level))
    _level_last(homes.county, edge[np.lexsort((homes.number[edge], step[edge]))], left, after)
    return households._replace(slope=after[0], terrace=after[1])


def _whole(parts: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Whole cells along the last axis whose running sum follows that of `parts` from `start` in [0, 1) on.

    None exceeds its part rounded up, so that a part of a whole stock never exceeds the stock.
    """
    running = np.floor(np.cumsum(parts, axis=-1) + start[..., None])
    return np.diff(running, axis=-1, prepend=np.floor(start)[..., None]).astype(np.int64)


# Forest and carbon


@rule
def _moisture(forest_share, rainfall, p):
    """How far rain lets trees live and grow at a share of land under forest, 1 where it does not bind."""
    if p.water_cut != 0.0:
        return 1.0
    limit = max(p.limit_dry + p.limit_rain * (rainfall - p.rain_dry) / HUNDRED_MM, p.limit_dry / 2.0)
    return (limit / max(forest_share, limit)) ** p.thirst


def water(forest_share: np.ndarray, p: EcologyParameters) -> np.ndarray:
    """How far rain lets the trees of each county live and grow (f8, 7) at a share of land under forest (f8, 7)."""
    rainfall = facts("rainfall", p.draw).tolist()
    return np.array([
        _moisture(share, rain, p.values) for share, rain in zip(forest_share.tolist(), rainfall, strict=True)
    ])  # fmt: skip


def stand_carbon(age: np.ndarray, p: EcologyParameters) -> np.ndarray:
    """Carbon of a stand by age, tonnes a hectare.

    Growth is fastest, at `c_tree`, where exp(-k a) = 1 / shape: k = ln(shape) / peak_age, and there it is
    C_max * k * (1 - 1 / shape)^(shape - 1).
    """
    rate = math.log(p.growth_shape) / p.peak_age
    most = p.c_tree / (rate * (1.0 - 1.0 / p.growth_shape) ** (p.growth_shape - 1.0))
    return most * (1.0 - np.exp(-rate * age)) ** p.growth_shape


class _Curves(NamedTuple):
    """What a cell under trees holds and loses by class of age, tonnes; f8 (AGES,), read-only."""

    trees: np.ndarray  # carbon of forest
    soil: np.ndarray  # carbon of converted cropland, its soil counted in
    forest_loss: np.ndarray  # soil that forest loses in a mean year
    converted_loss: np.ndarray  # soil that converted cropland loses in a mean year


@lru_cache(maxsize=KEPT)
def _curves_of(p: Any) -> _Curves:
    age = np.arange(AGES, dtype=np.float64)
    trees = stand_carbon(age, p)
    closed, open_loss = np.exp(-age / p.cover_years), p.ero_open * p.ero_slope
    by_hectare = (
        trees,
        trees + p.c_soil * np.minimum(age, p.soil_years),
        np.minimum(p.ero_forest + (open_loss - p.ero_forest) * closed, open_loss),
        np.minimum(p.ero_forest + (p.ero_slope - p.ero_forest) * closed, p.ero_slope),
    )
    return fixed(_Curves(*(tonnes / CELLS_PER_HECTARE for tonnes in by_hectare)))


@rule
def _next(age):
    """Class of age of a stand a year on, the last one open."""
    return min(age + 1, AGES - 1)


def additional_uptake(nature: Nature, converted: np.ndarray, year: int, p: EcologyParameters) -> np.ndarray:
    """Carbon taken up in the year just ended by stands younger than the start, tonnes (f8, 7).

    `nature` and `converted` (i8, 7 x AGES) are those of the end of `year`; stands of 2015 and before count for
    nothing, because they would stand without any credit. Certificates go by the curve, whether or not water binds.
    """
    young, curves = np.empty(len(COUNTIES)), _curves_of(p.values)
    _taken_up(nature.forest, converted, min(max(year - START, 0), AGES), curves.trees, curves.soil, young)
    return young


@kernel
def _taken_up(forest, converted, ages, trees, soil, young):
    for county in range(young.size):
        young[county] = 0.0
        for age in range(1, ages):
            young[county] += forest[county, age] * (trees[age] - trees[age - 1])
            young[county] += converted[county, age] * (soil[age] - soil[age - 1])


@rule
def _hold(forest, converted, curves):
    """What a county's stands (cells by age) take up in the year where water does not bind, and hold after it by the
    curve, tonnes; the cells of forest, those of converted cropland, and the carbon of these.
    """
    wooded, enrolled, uptake, held, ploughable = 0, 0, 0.0, 0.0, 0.0
    for age in range(AGES):
        after = _next(age)
        wooded += forest[age]
        enrolled += converted[age]
        uptake += forest[age] * (curves.trees[after] - curves.trees[age])
        uptake += converted[age] * (curves.soil[after] - curves.soil[age])
        held += forest[age] * curves.trees[after]
        ploughable += converted[age] * curves.soil[after]
    return uptake, held + ploughable, wooded, enrolled, ploughable


@rule
def _gone(lost, held, reconverted, enrolled, ploughable, curves):
    """Part of a county's carbon that goes with the stands `lost` (cells by age) and with what is ploughed again.

    Real stands hold less than the curve where water was short: what is lost holds the county's mean part of it.
    """
    gone = reconverted * ploughable / max(enrolled, 1)
    for age in range(AGES):
        gone += lost[age] * curves.trees[_next(age)]
    return min(gone / max(held, TINY), 1.0)


# Soil


@rule
def _lognormal(standard, cv):
    """A lognormal draw of mean one and the given coefficient of variation, of a standard normal one."""
    spread = math.sqrt(math.log(1.0 + cv * cv))
    return math.exp(spread * standard - spread * spread / 2.0)


@rule
def _mixed(common, own, p):
    """What storms and the river's water have in common, and what is their own; standard normal."""
    return math.sqrt(p.storm_together) * common + math.sqrt(1.0 - p.storm_together) * own


@kernel
def _weather(luck, p, storms):
    """Erosivity of the year in each county, and the river's water before any drought, against a mean year."""
    common = normal(luck, np.uint64(0), DRAW_STORM)
    for county in range(storms.size):
        own = normal(luck, np.uint64(1 + county), DRAW_STORM)
        storms[county] = _lognormal(_mixed(common, own, p), p.storm_cv)
    return _lognormal(_mixed(common, normal(luck, np.uint64(0), DRAW_FLOW), p), p.flow_cv)


def weather(p: EcologyParameters, *, seed: int, year: int) -> tuple[np.ndarray, float]:
    """Erosivity of the year's storms (f8, 7), and the river's water where there is no drought, against a mean year.

    Both are lognormal with mean one: wet years and stormy years come together.
    """
    storms = np.empty(len(COUNTIES))
    return storms, _weather(draws.key(seed, year, "ecology"), p.values, storms)


@kernel
def _soil(ground, forest, open_land, treated, eroded, storms, curves, p, tonnes):
    for county in range(tonnes.size):
        steep, open_loss = p.steep_more * p.ero_slope, p.ero_open * p.ero_slope
        # What works hold, they hold on land that is neither levelled nor wooded.
        bare = 1.0 - p.works * min(treated[county] / eroded[county], 1.0)
        terraces = ground.terrace[county] + ground.let[county] + p.ero_idle * ground.idle_terrace[county]
        ploughed = (
            p.ero_flat * p.ero_slope * ground.flat[county]
            + (1.0 - p.ero_terr) * p.ero_slope * terraces
            + bare * p.ero_slope * (ground.slope[county] + p.ero_idle * ground.idle_slope[county])
            + bare * steep * (ground.steep[county] + p.ero_idle * ground.idle_steep[county])
            + bare * p.ero_orchard * p.ero_slope * ground.orchard[county]
            + bare * open_loss * open_land[county]
        ) / CELLS_PER_HECTARE
        wooded = 0.0
        for age in range(AGES):
            wooded += forest[county, age] * curves.forest_loss[age]
            wooded += ground.converted[county, age] * curves.converted_loss[age]
        tonnes[county] = storms[county] * (ploughed + wooded)


def soil_loss(
    nature: Nature, ground: Land, storms: np.ndarray, p: EcologyParameters, *, share: float = 1.0
) -> np.ndarray:
    """Soil lost from all land of each county in a year, tonnes (f8, 7); `storms` is erosivity (f8, 7)."""
    tonnes = np.empty(len(COUNTIES))
    _soil(
        ground, nature.forest, nature.open_land, nature.treated, eroded_area(share), storms, _curves_of(p.values), p.values,
        tonnes,
    )  # fmt: skip
    return tonnes


# River


def routing(p: EcologyParameters) -> np.ndarray:
    """Parts of what leaves a reach (row) that enter another (column), f8 (7, 7)."""
    return _routing(p.zhang_to_hulu)


@lru_cache(maxsize=KEPT)
def _routing(to_hulu: float) -> np.ndarray:
    parts = np.zeros((len(COUNTIES), len(COUNTIES)))
    for above, below in STREAMS:
        parts[above, below] = 1.0
    parts[ZHANGJIACHUAN, QINAN] = to_hulu
    parts[ZHANGJIACHUAN, QINGSHUI] = 1.0 - to_hulu
    return _read_only(parts)


@lru_cache(maxsize=KEPT)
def _ways(to_hulu: float) -> np.ndarray:
    """Parts of what is let go in a reach (last axis) that pass another (second), by the reaches passed on the way (first).

    Read-only; what passes none stands in its own reach.
    """
    step, ways = _routing(to_hulu).T, []
    way = np.eye(len(COUNTIES))
    while way.any():
        ways.append(way)
        way = step @ way
    return _read_only(np.array(ways))


def own_water(p: EcologyParameters, share: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Water of a mean year, m3 (f8, 7, read-only): that springs in each reach, and that enters it from beyond."""
    return _mean_water(p.values, p.draw, share)


@lru_cache(maxsize=KEPT)
def _mean_water(p: Any, draw: int, share: float) -> tuple[np.ndarray, np.ndarray]:
    drained = facts("land_area") * facts("wei_share", draw)
    weight = drained * np.maximum(facts("rainfall", draw) - p.rain_lost, 1.0)
    beyond = np.zeros(len(COUNTIES))
    beyond[[WUSHAN, QINAN]] = p.upstream_wei, p.upstream_hulu
    return fixed((share * p.wei_q * weight / weight.sum(), share * beyond))


@rule
def _of(kind, cod, ammonia):
    """The one of two numbers that a pollutant has."""
    return cod if kind == COD else ammonia


@kernel
def _loads(
    urban, village, sewage, village_money, industrial, dung, sediment, springs, beyond, wei, p, burden
):
    for county in range(urban.size):
        spent = village_money[county] / (p.village_cost * max(village[county], 1.0))
        villagers = wei[county] * p.village_reach / (1.0 + spent) * village[county] * p.village_part
        for kind in range(2):
            person = _of(kind, p.load_cod, p.load_nh3) * DAYS / GRAMS_PER_TONNE
            treated = sewage[county] * _of(kind, p.wwtp_cod, p.wwtp_nh3)
            runoff = _of(kind, p.runoff_cod, p.runoff_nh3) / KG_PER_TONNE
            burden.towns[county, kind] = urban[county] * person * (1.0 - treated)
            burden.villages[county, kind] = villagers * person * _of(kind, 1.0, 1.0 - p.village_bound)
            burden.works[county, kind] = industrial[county] * _of(kind, 1.0, p.works_nh3)
            burden.animals[county, kind] = wei[county] * dung[county] * _of(kind, 1.0, p.dung_nh3)
            burden.runoff[county, kind] = wei[county] * sediment[county] * runoff
            burden.headwater[county, kind] = springs[county] * _of(kind, p.base_cod, p.base_nh3) / LITRES
            worse = p.hulu_worse if county == QINAN else 1.0
            there = worse * _of(kind, p.upstream_cod, p.upstream_nh3)
            burden.upstream[county, kind] = beyond[county] * there / LITRES
    for kind in range(2):
        for source in (burden.towns, burden.works):
            source[MAIJI, kind] += p.below_section * source[QINZHOU, kind]
            source[QINZHOU, kind] *= 1.0 - p.below_section


def loads(
    *,
    urban: np.ndarray,
    village: np.ndarray,
    sewage: np.ndarray,
    village_money: np.ndarray,
    industrial: np.ndarray,
    animals: np.ndarray,
    sediment: np.ndarray,
    springs: np.ndarray,
    beyond: np.ndarray,
    p: EcologyParameters,
) -> Loads:
    """Loads of a year by source.

    `urban` and `village` are residents, `sewage` the treated share, `village_money` yuan at 2015 prices,
    `industrial` tonnes of COD after treatment at the works, `sediment` tonnes, `springs` and `beyond` m3 of water
    (f8, 7); `animals` heads (7, 3). People and works along the Jialing are few: towns and works drain to the Wei
    whole, villagers, animals and run-off by its share of the county.
    """
    dung = animals @ np.array([p.cattle_cod, p.sheep_cod, p.pig_cod]) * p.dung_reach / KG_PER_TONNE
    burden = Loads(*blank(len(Loads._fields), len(COUNTIES), 2))
    _loads(
        urban, village, sewage, village_money, industrial, dung, sediment, springs, beyond, facts("wei_share", p.draw), p.values,
        burden,
    )  # fmt: skip
    return burden


class _Stream(NamedTuple):
    """All that the way of a tonne down the river depends on."""

    transit: float  # days in a reach
    decay_cod: float  # a day at the reference temperature
    decay_nh3: float
    theta: float
    degrees: float  # mean temperature above the reference
    swing: float


def _stream(p: EcologyParameters) -> _Stream:
    return _Stream(
        p.transit, p.k_cod, p.k_nh3, p.theta, p.water_degrees - p.reference_degrees, p.water_swing
    )  # fmt: skip


FATES = 3
"""How many things can become of a tonne."""
STORED, DECAYED, LEFT = range(FATES)
"""What becomes of a tonne."""


def _warmth(part: float, stream: _Stream) -> float:
    """Decay against that at the reference temperature, at a part of the year from the coldest day."""
    return stream.theta ** (stream.degrees - stream.swing * math.cos(2.0 * math.pi * part))


@lru_cache(maxsize=KEPT)
def _year_of_a_tonne(stream: _Stream, tanks: int) -> np.ndarray:
    """What a year makes of a tonne in a chain of equal tanks: f8 (3, 2, 2, tanks), read-only.

    By what became of it (stored, decayed, left), pollutant, where it was (stored in the first tank on 31 December, or
    loaded into it over the year) and tank. All flows are integrated together with the stocks.
    """
    shape = (FATES, 2, 2, tanks)
    here = np.arange(np.prod(shape)).reshape(shape)
    flush, rates = DAYS / stream.transit, DAYS * np.array([stream.decay_cod, stream.decay_nh3])
    steady, decaying = np.zeros((2, here.size, here.size))
    for kind, origin, tank in np.ndindex(shape[1:]):
        stored, decayed, left = here[:, kind, origin, tank]
        steady[stored, stored], steady[left, stored] = -flush, flush
        decaying[stored, stored], decaying[decayed, stored] = -rates[kind], rates[kind]
        if tank:
            steady[stored, here[0, kind, origin, tank - 1]] = flush
    begin, load = np.zeros((2, *shape))
    begin[0, :, 0, 0], load[0, :, 1, 0] = 1.0, 1.0
    load = load.ravel()

    def matrix(part: float, _state: np.ndarray) -> np.ndarray:
        return steady + _warmth(part, stream) * decaying

    def change(part: float, state: np.ndarray) -> np.ndarray:
        return matrix(part, state) @ state + load

    solved = solve_ivp(
        change, (0.0, 1.0), begin.ravel(), method="LSODA", jac=matrix, rtol=RIVER_ERROR, atol=RIVER_ERROR**2
    )
    if not solved.success:
        raise ArithmeticError(f"the river of the year could not be integrated: {solved.message}")
    year = solved.y[:, -1].reshape(shape)
    year.flags.writeable = False
    return year


@lru_cache(maxsize=KEPT)
def _year_of_tonnes(stream: _Stream, to_hulu: float) -> np.ndarray:
    """The same in the seven reaches: f8 (3, 2, 7, 14), by reach and where it was (stored in one of seven, or loaded).

    Reaches are equal tanks, so what a tonne does depends on how many it has passed; the routing says which those are.
    """
    ways, seven = _ways(to_hulu), len(COUNTIES)
    year = _year_of_a_tonne(stream, len(ways))
    tonnes = np.einsum("qkot,trj->qkroj", year, ways).reshape(FATES, 2, seven, 2 * seven)
    tonnes.flags.writeable = False
    return tonnes


def run_river(
    stored: np.ndarray, total: np.ndarray, springs: np.ndarray, beyond: np.ndarray, p: EcologyParameters
) -> River:
    """One year of the seven reaches from the tonnes stored on 31 December (f8, 7 x 2) under loads `total`.

    Water (m3, f8, 7) of a year only dilutes: time in a reach does not depend on it.
    """
    river = River(*blank(FATES + 2, len(COUNTIES), 2), water=np.empty(len(COUNTIES)))
    _flow(
        stored,
        total,
        _year_of_tonnes(_stream(p), p.zhang_to_hulu),
        _ways(p.zhang_to_hulu),
        springs,
        beyond,
        river,
    )
    return river


@kernel
def _flow(stored, total, tonnes, ways, springs, beyond, river):
    seven, below = total.shape[0], ways[1]
    for reach in range(seven):
        river.water[reach] = 0.0
        for origin in range(seven):
            for passed in range(ways.shape[0]):
                river.water[reach] += ways[passed, reach, origin] * (springs[origin] + beyond[origin])
        for kind in range(2):
            after, decayed, left = 0.0, 0.0, 0.0
            for k in range(2 * seven):
                tonne = stored[k, kind] if k < seven else total[k - seven, kind]
                after += tonnes[STORED, kind, reach, k] * tonne
                decayed += tonnes[DECAYED, kind, reach, k] * tonne
                left += tonnes[LEFT, kind, reach, k] * tonne
            river.stored[reach, kind], river.decayed[reach, kind] = after, decayed
            river.left[reach, kind] = left
            river.concentration[reach, kind] = LITRES * left / max(river.water[reach], 1.0)
    for reach in range(seven):
        for kind in range(2):
            river.entered[reach, kind] = total[reach, kind]
            for above in range(seven):
                river.entered[reach, kind] += below[reach, above] * river.left[above, kind]


def through_water(springs: np.ndarray, beyond: np.ndarray, p: EcologyParameters) -> np.ndarray:
    """Water through the lower section of each reach in a year, m3 (f8, 7)."""
    return _ways(p.zhang_to_hulu).sum(axis=0) @ (springs + beyond)


def reach_load(nature: Nature, p: EcologyParameters) -> np.ndarray:
    """Load that keeps up what each reach holds, tonnes a year (f8, 7 x 2), at the mean temperature."""
    decay = np.array([p.k_cod, p.k_nh3]) * _warmth(MEAN_SEASON, _stream(p))
    return nature.pollutants * DAYS * (1.0 / p.transit + decay)


def arriving(section: int, p: EcologyParameters) -> np.ndarray:
    """Part of a tonne of COD that gets from each reach into one of them, f8 (7,), at the mean temperature."""
    decay = float(p.k_cod * _warmth(MEAN_SEASON, _stream(p)))
    leaving = 1.0 / (1.0 + p.transit * decay)
    # Nothing flows back, so no way is longer than the reaches.
    there = np.zeros(len(COUNTIES))
    for _ in COUNTIES:
        there = leaving * routing(p) @ there
        there[section] = 1.0
    return there


def water_classes(concentration: np.ndarray) -> np.ndarray:
    """Class of each section (i8, 7) from concentrations (f8, 7 x 2): the worse of COD and ammonia, 6 beyond V."""
    return (concentration[:, :, None] > CLASS_LIMITS).sum(axis=2).max(axis=1) + 1


def good_share(nature: Nature) -> float:
    """Sections at class III or better, per cent."""
    return PERCENT * float(np.mean(nature.cod_class <= GOOD_CLASS))


# The start and the year


def opening(
    ground: Land,
    *,
    built: np.ndarray,
    urban: np.ndarray,
    village: np.ndarray,
    sewage: np.ndarray,
    industrial: np.ndarray,
    p: EcologyParameters,
    share: float = 1.0,
) -> Nature:
    """Nature at the end of 2015 in a world of `share` of the prefecture, after a mean year.

    `built` is the towns' land in cells, `urban` and `village` residents, `sewage` the treated share of town sewage,
    `industrial` tonnes of COD of works (all f8 or i8, 7). Converted cropland counts as forest of 2015, so that
    forest and conversion together are the published cover. Where households and towns leave too little (a tiny
    sample by luck), forest gives way.
    """
    total, own = areas(share), held(ground) + np.rint(built).astype(np.int64)
    room = total - own
    if (room < 0).any():
        raise ValueError(f"households and towns hold more land than {COUNTIES[int(np.argmin(room))]} has")
    wanted = np.rint(facts("forest_area", p.draw) * CELLS_PER_MU * share).astype(
        np.int64
    ) - ground.converted.sum(axis=1)
    forest = np.clip(wanted, 0, room)
    other = np.rint(p.other_share * (room - forest)).astype(np.int64)
    ages = np.arange(AGES)
    plantation = (ages <= p.plantation_years) / np.sum(ages <= p.plantation_years)
    natural = (ages >= p.natural_youngest) / np.sum(ages >= p.natural_youngest)
    old = facts("natural_share", p.draw)[:, None]
    by_age = _whole(
        forest[:, None] * (old * natural + (1.0 - old) * plantation), np.full(len(COUNTIES), 1.0 / 2.0)
    )
    by_age[:, -1] += forest - by_age.sum(axis=1)
    curves = _curves_of(p.values)
    eroded = eroded_area(share)
    none = np.zeros(len(COUNTIES))
    nature = fixed(Nature(
        forest=by_age,
        open_land=room - forest - other,
        other=other,
        terrace_works=none.copy(),
        treated=fact("treated_land", draw=p.draw) * share * eroded / eroded.sum(),
        soil_loss=none,
        sediment=none,
        carbon=by_age @ curves.trees + ground.converted @ curves.soil,
        pollutants=np.zeros((len(COUNTIES), 2)),
        concentration=np.zeros((len(COUNTIES), 2)),
        cod_class=np.ones(len(COUNTIES), np.int64),
    ))  # fmt: skip
    lost = soil_loss(nature, ground, np.ones(len(COUNTIES)), p, share=share)
    springs, beyond = (water.copy() for water in own_water(p, share))
    burden = loads(
        urban=urban, village=village, sewage=sewage, village_money=np.zeros(len(COUNTIES)), industrial=industrial,
        animals=ground.animals, sediment=p.sdr * lost, springs=springs, beyond=beyond, p=p,
    )  # fmt: skip
    # The river forgets within days: a year from empty reaches ends where one from full ones does.
    river = run_river(nature.pollutants, np.add.reduce(burden), springs, beyond, p)
    return nature._replace(
        soil_loss=lost,
        sediment=p.sdr * lost,
        pollutants=river.stored,
        concentration=river.concentration,
        cod_class=water_classes(river.concentration),
    )


class _Stands(NamedTuple):
    """Stands of the end of a year and what became of those of the start, by county (7,)."""

    forest: np.ndarray  # i8 (7, AGES)
    gone: np.ndarray  # i8 (7, AGES): what failed, burnt or fell, by age at the start of the year
    open_land: np.ndarray  # i8 cells, as the next two
    planted: np.ndarray
    lost: np.ndarray
    treated: np.ndarray  # f8 km2 newly under control
    carbon: np.ndarray  # f8 tonnes, as the next two
    uptake: np.ndarray
    loss: np.ndarray


class _Done(NamedTuple):
    """What towns, plans and households did to the land of each county in a year; (7,)."""

    built: np.ndarray  # i8 cells, as `converted` and `reconverted`
    converted: np.ndarray
    reconverted: np.ndarray
    planted_mu: np.ndarray
    control_km2: np.ndarray
    terraced_mu: np.ndarray


@rule
def _lose(forest, young, old, start, gone):
    """Whole cells of a county's stands (by age) that are lost; the young ones at another rate than the old.

    Their running sum follows that of the rates from `start` in [0, 1) on, so that none exceeds its part rounded up.
    """
    expected, before, whole = 0.0, 0, 0
    for age in range(AGES):
        expected += (young if age < YOUNG else old) * forest[age]
        until = math.floor(expected + start)
        gone[age] = min(until - before, forest[age])
        whole += gone[age]
        before = until
    return whole


@kernel
def _grow(nature, ground, done, area, eroded, rainfall, luck, curves, p, stands):
    """Stands a year older, less what failed, burnt or fell, and new ones on open land; the carbon that they hold."""
    for county in range(area.size):
        number, forest, after = np.uint64(1 + county), nature.forest[county], stands.forest[county]
        gone = stands.gone[county]
        grown, held, wooded, enrolled, ploughable = _hold(forest, ground.converted[county], curves)
        moist = _moisture((wooded + enrolled) / area[county], rainfall[county], p)
        burnt = min(p.fire * _lognormal(normal(luck, number, DRAW_FIRE), p.fire_cv), 1.0)
        fails = 1.0 - (p.surv_tree * moist) ** (1.0 / YOUNG)
        lost = _lose(forest, max(burnt, fails), burnt, uniform(luck, number, DRAW_ROUND), gone)
        for age in range(AGES):
            after[age] = 0
        for age in range(AGES):
            after[_next(age)] += forest[age] - gone[age]
        open_land = nature.open_land[county] - done.built[county]
        wanted = math.floor(p.fresh * done.planted_mu[county] * CELLS_PER_MU + 1.0 / 2.0)
        planted = min(wanted, math.floor(p.plantable * open_land))
        after[0] = planted
        stands.open_land[county], stands.planted[county] = open_land - planted + lost, planted
        stands.lost[county] = lost
        # Published control counts all that was ever done, forest and terraces with it.
        works = done.control_km2[county] + done.terraced_mu[county] / MU_PER_KM2
        works += (planted + done.converted[county]) / CELLS_PER_KM2
        stands.treated[county] = min(works, max(eroded[county] - nature.treated[county], 0.0))
        stands.uptake[county] = moist * grown
        stock = nature.carbon[county] + stands.uptake[county]
        share = _gone(gone, held, done.reconverted[county], enrolled, ploughable, curves)
        stands.loss[county] = share * stock
        stands.carbon[county] = stock - stands.loss[county]


def advance(
    nature: Nature,
    ground: Land,
    *,
    built: np.ndarray,
    planted_mu: np.ndarray,
    control_km2: np.ndarray,
    terraced_mu: np.ndarray,
    converted: np.ndarray,
    reconverted: np.ndarray,
    urban: np.ndarray,
    village: np.ndarray,
    sewage: np.ndarray,
    village_money: np.ndarray,
    industrial: np.ndarray,
    drought: np.ndarray,
    cpi: float,
    p: EcologyParameters,
    seed: int,
    year: int,
    share: float = 1.0,
) -> NatureFlows:
    """Nature a year on; all arrays by county (7,).

    `nature` and `ground` are those of 31 December before: what is planted, levelled or enrolled this year holds soil
    from the next. `built` (i8 cells) is what towns took of open land, `planted_mu`, `control_km2`, `terraced_mu` and
    `village_money` (yuan) what was granted, `converted` and `reconverted` (i8 cells) what households enrolled and
    ploughed again, `industrial` tonnes of COD, `drought` the part of the county struck (f8).
    """
    done = _Done(built, converted, reconverted, planted_mu, control_km2, terraced_mu)
    if (nature.open_land < built).any():
        taken = nature.open_land - built
        raise ValueError(f"towns of {COUNTIES[int(np.argmin(taken))]} took more open land than there is")
    seven, whole = len(COUNTIES), np.int64
    stands = _Stands(*blank(2, seven, AGES, kind=whole), *blank(3, seven, kind=whole), *blank(4, seven))
    luck = draws.key(seed, year, "ecology")
    _grow(nature, ground, done, areas(share), eroded_area(share), facts("rainfall", p.draw), luck, _curves_of(p.values), p.values,
          stands)  # fmt: skip
    storms, wet = weather(p, seed=seed, year=year)
    lost = soil_loss(nature, ground, storms, p, share=share)
    sediment = p.sdr * lost
    springs, beyond = own_water(p, share)
    flow = wet * (1.0 - p.dry_flow * drought)
    springs, beyond = springs * flow, beyond * flow
    burden = loads(
        urban=urban, village=village, sewage=sewage, village_money=village_money / cpi, industrial=industrial,
        animals=ground.animals, sediment=sediment, springs=springs, beyond=beyond, p=p,
    )  # fmt: skip
    river = run_river(nature.pollutants, np.add.reduce(burden), springs, beyond, p)
    classes = water_classes(river.concentration)
    after = Nature(
        forest=stands.forest,
        open_land=stands.open_land,
        other=nature.other,
        terrace_works=nature.terrace_works + terraced_mu,
        treated=nature.treated + stands.treated,
        soil_loss=lost,
        sediment=sediment,
        carbon=stands.carbon,
        pollutants=river.stored,
        concentration=river.concentration,
        cod_class=classes,
    )
    return NatureFlows(
        after, stands.planted, stands.lost, built, stands.treated, storms, lost, sediment, stands.uptake, stands.loss,
        stands.uptake - stands.loss, burden, river, classes,
    )  # fmt: skip


# The books of nature, for the ledger: what they return is zero (or not positive) when they close


def land_gap(nature: Nature, ground: Land, built: np.ndarray, share: float = 1.0) -> np.ndarray:
    """Cells of each county (i8, 7) that its uses exceed its area by; `built` is the towns' land in cells."""
    used = (
        held(ground)
        + np.rint(built).astype(np.int64)
        + nature.forest.sum(axis=1)
        + nature.open_land
        + nature.other
    )
    return used - areas(share)


def reach_gap(before: Nature, flows: NatureFlows) -> np.ndarray:
    """Load in less decayed, left and newly stored in each reach, tonnes (f8, 7 x 2).

    What entered is counted from the sources and from what the reaches above let go.
    """
    river = flows.river
    return river.entered - river.decayed - river.left - (river.stored - before.pollutants)


def carbon_gap(before: Nature, flows: NatureFlows) -> np.ndarray:
    """Change of the stock of carbon less uptake plus loss, tonnes (f8, 7)."""
    return flows.after.carbon - before.carbon - flows.carbon_uptake + flows.carbon_loss


def sediment_gap(flows: NatureFlows) -> np.ndarray:
    """Sediment delivered beyond soil lost, tonnes (f8, 7): never positive."""
    return flows.sediment - flows.soil_loss
