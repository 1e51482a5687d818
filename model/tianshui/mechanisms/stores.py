"""Stores: apples in cold stores over the new year, grain in the stores of households and depots.

    apples   held = min(apple_most, apple_held * (picked of the region / usual)^apple_answer) * picked
             sold = opening - lost + picked - held,    lost = apple_loss * opening,    closing = held
    grain    need = food a head * residents + feed a head * animals
             left = opening - lost + output - need,    lost = grain_loss * opening
             bought = max(grain_least * need - left, 0),    sold = max(left - grain_cover * need, 0)
             closing = left + bought - sold

So that in every county and year opening store + output + bought in = used + sold + loss + closing store. Part of a
harvest meets the buyers of the year after, a rich one more than a poor one, and the price of apples, which answers
to what is sold, swings less than what is picked. Grain stores give way in a bad year and fill in a good one; only
beyond the two covers is grain bought in or sold.

Who holds apples pays at harvest what he expects to get: a price off its trend by x is expected to be off by
(1 - return) * x in the year after, so that what households are paid is off by (1 - held * return) * x.

The cold stores belong to the buyers, and households are paid at harvest: no money moves with these stocks, and the
margin of the buyers is theirs. Grain eaten at home is in the farm income of the household as it is grown.

Left out: stores of the state beyond the county, seed (yields are net of it), qualities of grain, grain for spirits and
starch, apples for juice and the choice of the month of sale.
"""

from typing import NamedTuple

import numpy as np

from tianshui.declare import Parameters, belief
from tianshui.state import Markets


class StoresParameters(Parameters):
    """Numbers of the stores."""

    apple_held: float = belief(
        0.35, unit="share", within=(0.0, 0.9), prior=(0.2, 0.35, 0.5), source="assumed:cold_stores_of_the_loess_region",
        status="assumed",
    )  # fmt: skip
    """Part of a usual harvest of apples that is in cold store at the new year."""

    apple_answer: float = belief(
        0.5, unit="elasticity", within=(0.0, 3.0), prior=(0.2, 0.5, 1.0), source="assumed:stores_fill_when_apples_are_cheap",
        status="assumed",
    )  # fmt: skip
    """Response of the part held to the region's harvest against the usual one."""

    apple_most: float = belief(
        0.5, unit="share", within=(0.0, 0.95), prior=(0.35, 0.5, 0.65), source="assumed:room_of_the_cold_stores",
        status="assumed",
    )  # fmt: skip
    """Largest part of a harvest that finds room in cold stores."""

    apple_loss: float = belief(
        0.06, unit="1/year", within=(0.0, 0.4), prior=(0.03, 0.06, 0.12), source="assumed:rot_and_weight_in_cold_store",
        status="assumed",
    )  # fmt: skip
    """Part of the apples held over the new year that is lost before they are sold."""

    food_village: float = belief(
        160.0, unit="kg/person/year", within=(80.0, 300.0), prior=(145.0, 160.0, 190.0),
        source="recalled:national_rural_grain_a_head_2015", status="recalled",
    )  # fmt: skip
    """Unmilled grain that a villager eats, potatoes as grain."""

    food_town: float = belief(
        113.0, unit="kg/person/year", within=(60.0, 250.0), prior=(105.0, 113.0, 130.0),
        source="recalled:national_urban_grain_a_head_2015", status="recalled",
    )  # fmt: skip
    """Unmilled grain that a resident of a town eats."""

    feed_cattle: float = belief(
        250.0, unit="kg/head/year", within=(0.0, 1500.0), prior=(120.0, 250.0, 500.0),
        source="assumed:straw_first_grain_to_finish", status="assumed",
    )  # fmt: skip
    """Grain that a head of cattle is fed."""

    feed_sheep: float = belief(
        40.0, unit="kg/head/year", within=(0.0, 200.0), prior=(20.0, 40.0, 80.0), source="assumed:grazing_and_straw_first",
        status="assumed",
    )  # fmt: skip
    """Grain that a sheep is fed."""

    feed_pig: float = belief(
        220.0, unit="kg/head/year", within=(50.0, 600.0), prior=(150.0, 220.0, 300.0),
        source="assumed:yard_pigs_on_maize_and_scraps", status="assumed",
    )  # fmt: skip
    """Grain that a pig is fed."""

    grain_cover: float = belief(
        0.75, unit="year", within=(0.1, 3.0), prior=(0.5, 0.75, 1.2), source="assumed:a_harvest_until_the_next",
        status="assumed",
    )  # fmt: skip
    """Use that stores of households and depots hold at the new year before grain is sold."""

    grain_least: float = belief(
        0.4, unit="year", within=(0.0, 1.0), prior=(0.25, 0.4, 0.5), source="assumed:until_the_summer_harvest",
        status="assumed",
    )  # fmt: skip
    """Use below which stores are not let fall at the new year: grain is bought in."""

    grain_loss: float = belief(
        0.05, unit="1/year", within=(0.0, 0.3), prior=(0.03, 0.05, 0.08), source="recalled:losses_of_farm_stores",
        status="recalled",
    )  # fmt: skip
    """Part of the grain in store at the new year that mice, damp and moth take."""


class Apples(NamedTuple):
    """A year of apples by county (f8, 7), kg."""

    picked: np.ndarray  # what disaster left of the harvest
    sold: np.ndarray
    lost: np.ndarray
    closing: np.ndarray


class Grain(NamedTuple):
    """A year of grain by county (f8, 7), kg; potatoes as grain."""

    output: np.ndarray
    eaten: np.ndarray
    fed: np.ndarray
    lost: np.ndarray
    bought: np.ndarray
    sold: np.ndarray
    closing: np.ndarray


class Stored(NamedTuple):
    """What went through the stores in a year."""

    apples: Apples
    grain: Grain


def apples(opening: np.ndarray, picked: np.ndarray, usual: float, p: StoresParameters) -> Apples:
    """Apples held over the new year, lost and sold; `opening` and `picked` by county (f8, 7), kg.

    `usual` is the harvest that the region is used to, kg.
    """
    rich = float(picked.sum()) / max(usual, 1.0)
    closing = min(p.apple_held * rich**p.apple_answer, p.apple_most) * picked
    lost = p.apple_loss * opening
    return Apples(picked, opening - lost + picked - closing, lost, closing)


def usual_sales(usual: float, before: float, p: StoresParameters) -> float:
    """Apples of the region sold in a year of usual harvests, kg, from this year's and from the one before."""
    held = min(p.apple_held, p.apple_most)
    return (1.0 - held) * usual + held * (1.0 - p.apple_loss) * before


def paid(deviation: float, returns: float, p: StoresParameters) -> float:
    """Log deviation from trend of what buyers pay at harvest, when the price is off by `deviation` this year.

    `returns` is the part of a deviation that is gone after a year.
    """
    return (1.0 - min(p.apple_held, p.apple_most) * returns) * deviation


def grain_need(
    village: np.ndarray, town: np.ndarray, animals: np.ndarray, p: StoresParameters
) -> tuple[np.ndarray, np.ndarray]:
    """Grain eaten by residents (f8, 7 each) and fed to heads of cattle, sheep and pigs (7, 3), kg a year (f8, 7 each)."""
    eaten = p.food_village * village + p.food_town * town
    return eaten, animals @ np.array([p.feed_cattle, p.feed_sheep, p.feed_pig])


def grain(
    opening: np.ndarray, output: np.ndarray, village: np.ndarray, town: np.ndarray, animals: np.ndarray,
    p: StoresParameters,
) -> Grain:  # fmt: skip
    """Grain used, lost, bought in and sold; `opening` store and `output` by county (f8, 7), kg."""
    eaten, fed = grain_need(village, town, animals, p)
    need, lost = eaten + fed, p.grain_loss * opening
    left = opening - lost + output - need
    bought = np.maximum(p.grain_least * need - left, 0.0)
    sold = np.maximum(left + bought - max(p.grain_cover, p.grain_least) * need, 0.0)
    return Grain(output, eaten, fed, lost, bought, sold, left + bought - sold)


def opening(
    markets: Markets, picked: np.ndarray, output: np.ndarray, village: np.ndarray, town: np.ndarray,
    animals: np.ndarray, p: StoresParameters,
) -> Markets:  # fmt: skip
    """Markets with the stores of the end of 2015: what usual harvests leave when they have come year after year.

    Apples `picked` and grain `output` of a usual year by county (f8, 7), kg, at the scale of the sample.
    """
    held = min(p.apple_held, p.apple_most)
    need = sum(grain_need(village, town, animals, p))
    # The store at which a usual harvest covers use and loss, within the two covers.
    spare = (output / np.maximum(need, 1.0) - 1.0) / max(p.grain_loss, np.finfo(np.float64).tiny)
    cover = np.clip(spare, p.grain_least, max(p.grain_cover, p.grain_least))
    usual = float(picked.sum())
    return markets._replace(
        apple_store=held * picked,
        grain_store=cover * need,
        apple_supply=np.array([usual_sales(usual, usual, p)]),
    )
