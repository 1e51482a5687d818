"""Energy: public money for wind and sun makes the prefecture's energy cleaner.

What stands is a programme of yuan of 2019; the public pays a part of each kilowatt, enterprises build the rest, most of it anyway:

    clean supply  = stock / public_cost * hours                                            MWh a year
    coal saved    = clean supply * coal_saved * counted * added                            tonnes of coal equivalent
    carbon factor = ef_tce * (1 - (1 - floor) * (1 - exp(-coal saved / energy used / (1 - floor))))

so that the first tonne saved counts whole and the factor never falls below the floor that heat and steel keep. Energy
used is that of enterprises, homes and farms of the whole prefecture: the grid is one, all counties' factors fall alike.

Left out: what enterprises spend on plants and earn with them (the framework contracts name no owner from here), power
that is curtailed, the price of energy, land under panels, gas in homes apart from the rest, smoke and health.
"""

import numpy as np

from tianshui.declare import Parameters, belief, lever
from tianshui.sums import saturating

KW_PER_MW = 1000.0


class EnergyParameters(Parameters):
    """Numbers of energy."""

    renewables: float = lever(
        0.0, unit="yuan/year", within=(0.0, 15000000.0), names=("Public part of clean energy", "清洁能源公共投入"),
        who="province", where="county", cost="money", group="industry", measure="M15",
        source="levers:renewables_added", status="assumed", paid_by=(0.6, 0.4), buys="works", builds="renewables",
    )  # fmt: skip
    """Public money that links wind and sun of the county to the grid and to users."""

    renewables_years: float = belief(
        2.0, unit="year", within=(1.0, 6.0), prior=(1.0, 2.0, 4.0), source="assumed:25_years_of_life", status="assumed",
        whole=True,
    )  # fmt: skip
    """Years until clean capacity runs."""

    renewables_fades: float = belief(
        0.04, unit="1/year", within=(0.0, 1.0), prior=(0.03, 0.04, 0.06), source="assumed:25_years_of_life",
        status="assumed",
    )  # fmt: skip
    """Part of the clean capacity that is worn out in a year."""

    public_cost: float = belief(
        350.0, unit="yuan/kW", within=(20.0, 3000.0), prior=(100.0, 350.0, 1000.0),
        source="assumed:five_percent_of_7000", status="assumed",
    )  # fmt: skip
    """Public money that goes with a kilowatt of clean capacity; the rest is private."""

    hours: float = belief(
        1600.0, unit="h/year", within=(800.0, 2600.0), prior=(1200.0, 1600.0, 2000.0),
        source="recalled:wind_2000_sun_1400", status="recalled",
    )  # fmt: skip
    """Hours a year at full load of wind and sun together."""

    coal_saved: float = belief(
        0.3, unit="tce/MWh", within=(0.1, 0.35), prior=(0.28, 0.3, 0.32),
        source="recalled:coal_power_300_g_per_kWh", status="recalled",
    )  # fmt: skip
    """Coal that is not burnt for a megawatt-hour of clean supply."""

    counted: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.2, 0.5, 0.8), source="assumed:the_grid_is_shared",
        status="assumed",
    )  # fmt: skip
    """Part of clean supply that cleans the prefecture's own energy; the rest cleans the grid beyond it."""

    added: float = belief(
        0.3, unit="share", within=(0.0, 1.0), prior=(0.1, 0.3, 0.6), source="assumed:most_plants_need_no_public_money",
        status="assumed",
    )  # fmt: skip
    """Part of the clean capacity beside public money that would not have been built without it."""

    floor: float = belief(
        0.6, unit="ratio", within=(0.0, 1.0), prior=(0.4, 0.6, 0.8), source="assumed:heat_and_process_remain",
        status="assumed",
    )  # fmt: skip
    """Lowest carbon of a tonne of energy against that without clean supply."""


def coal_saved(stock: np.ndarray, p: EnergyParameters) -> float:
    """Tonnes of coal equivalent that the clean supply of a year saves, from its stock (f8, 7, yuan of 2019)."""
    supply = float(stock.sum()) / p.public_cost / KW_PER_MW * p.hours
    return supply * p.coal_saved * p.counted * p.added


def factor(stock: np.ndarray, energy: float, p: EnergyParameters) -> float:
    """Carbon of a tonne of energy against that without clean supply; `energy` is all that is used, tonnes a year."""
    dirty = 1.0 - p.floor
    part = np.array(coal_saved(stock, p) / max(energy, 1.0))
    # Where the floor is the whole there is nothing to clean.
    return 1.0 - float(saturating(dirty, part, dirty)) if dirty > 0.0 else 1.0
