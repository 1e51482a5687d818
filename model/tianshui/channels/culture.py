"""Culture and sport: halls, pitches and what runs in them make places good to live in and worth a visit.

What stands is a programme of yuan of 2019; it acts by its step, ln(1 + worth a resident / 1,000):

    log services within reach, town and village + ln(1 + gain * step)
    log outside demand for tourism              + visits * step

Residents are those of 2015.

Left out: what people do with it (health, learning), broadcasting apart from buildings, what is owned by enterprises.
"""

import numpy as np

from tianshui.channels import Seen, by_sector
from tianshui.declare import Parameters, belief, lever
from tianshui.state import TOURISM

THOUSAND = 1000.0
"""Yuan a resident of the step."""


class CultureParameters(Parameters):
    """Numbers of culture and sport."""

    spending: float = lever(
        0.0, unit="yuan/year", within=(0.0, 120000000.0), names=("Culture and sport", "文化体育投入"), who="county",
        where="county", cost="money", group="urban", measure="M35", source="levers:culture_sport_spend",
        status="assumed", paid_by=(0.4, 0.6), buys="works", builds="culture",
    )  # fmt: skip
    """Public money for theatres, libraries, broadcasting, trails and pitches, beyond what is spent already."""

    culture_years: float = belief(
        2.0, unit="year", within=(1.0, 6.0), prior=(1.0, 2.0, 4.0), source="assumed:halls_and_pitches_with_what_runs_in_them",
        status="assumed", whole=True,
    )  # fmt: skip
    """Years until halls and pitches open."""

    culture_fades: float = belief(
        0.1, unit="1/year", within=(0.0, 1.0), prior=(0.05, 0.1, 0.2), source="assumed:halls_and_pitches_with_what_runs_in_them",
        status="assumed",
    )  # fmt: skip
    """Part of it worn out in a year."""

    gain: float = belief(
        0.08, unit="share", within=(0.0, 1.0), prior=(0.03, 0.08, 0.2), source="assumed:below_money_gain",
        status="assumed",
    )  # fmt: skip
    """Gain in services of towns and villages when culture is worth 1,000 yuan a resident, in units of a log step."""

    visits: float = belief(
        0.03, unit="share", within=(0.0, 0.5), prior=(0.0, 0.03, 0.1), source="assumed:small", status="assumed",
    )  # fmt: skip
    """Rise of the log of what outsiders spend on tourism for a log step of culture, as in its gain."""


def step(worth: np.ndarray) -> np.ndarray:
    """Log step that culture worth some yuan of 2019 a resident (f8, 7) stands for."""
    return np.log1p(worth / THOUSAND)


def acts(seen: Seen, p: CultureParameters) -> dict[str, np.ndarray]:
    """What halls and pitches of 31 December do."""
    size, bought = step(seen.a_resident("culture")), by_sector()
    bought[:, TOURISM] = p.visits * size
    return {"services": np.log1p(p.gain * size), "outside_demand": bought}
