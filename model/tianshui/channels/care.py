"""Care of the old: places that public money builds free part of the family's time for work and hire carers.

Places are a programme (two years to build); part of them stand empty. Who needs care is 75 or older, or disabled:

    part in a place = 1 - exp(-occupied * places / persons who need care)
    time freed      = freed * part in a place, of one adult, in a household with somebody who needs care
    care bought     = carers * occupied * places * value added of a job in public services

Freed time makes local work worth as much more, and lightens what keeps people from going away (see `livelihoods`).
Families pay for the care in place of other living costs, so that jobs follow from what public services sell.

Left out: who gets a place (all who need care alike, at the mean of a county), fees of single families, what kin who
are in work already do with the time, health of those cared for, and insurance against need of care: one study finds that
the insured's kin work more, another that they work less.
"""

import numpy as np

from tianshui.channels import Seen
from tianshui.declare import Parameters, belief, lever
from tianshui.state import PUBLIC
from tianshui.sums import saturating


class CareParameters(Parameters):
    """Numbers of the care of the old."""

    places: float = lever(
        0.0, unit="place/year", within=(0.0, 300.0), names=("Places of elder care", "养老床位"), who="county",
        where="county", cost="place_cost", group="urban", measure="M34", source="levers:care_beds",
        status="assumed", paid_by=(0.5, 0.5), buys="works", builds="care",
    )  # fmt: skip
    """Beds and day places for the old that public money builds and fits out in the county in a year."""

    care_years: float = belief(
        2.0, unit="year", within=(1.0, 6.0), prior=(1.0, 2.0, 4.0), source="assumed:buildings_of_thirty_years", status="assumed",
        whole=True,
    )  # fmt: skip
    """Years until a place opens."""

    care_fades: float = belief(
        0.03, unit="1/year", within=(0.0, 1.0), prior=(0.02, 0.03, 0.06), source="assumed:buildings_of_thirty_years",
        status="assumed",
    )  # fmt: skip
    """Part of the places lost in a year."""

    place_cost: float = belief(
        80000.0, unit="yuan/place", within=(10000.0, 500000.0), prior=(40000.0, 80000.0, 150000.0),
        source="assumed:county_and_township_homes", status="assumed",
    )  # fmt: skip
    """Building and equipment of a place, with the worth of later subsidies of its running."""

    occupied: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.35, 0.5, 0.75), source="recalled:about_half_of_beds_empty",
        status="recalled",
    )  # fmt: skip
    """Part of places in use."""

    freed: float = belief(
        0.25, unit="ratio", within=(0.0, 1.0), prior=(0.05, 0.25, 0.5), source="pei_2024:hours_and_income_of_carers",
        status="assumed",
    )  # fmt: skip
    """Part of one adult's work that a used place frees in a household with somebody who needs care."""

    carers: float = belief(
        0.2, unit="job/place", within=(0.0, 1.0), prior=(0.1, 0.2, 0.35), source="assumed:one_to_five",
        status="assumed",
    )  # fmt: skip
    """Jobs in public services for a used place."""


def time_freed(places: np.ndarray, needing: np.ndarray, p: CareParameters) -> np.ndarray:
    """Part of one adult's time freed, on average, where somebody needs care, by county (f8, 7).

    `places` are those built and `needing` the persons who need care (f8, 7 each).
    """
    return p.freed * saturating(1.0, p.occupied * places, np.maximum(needing, 1.0))


def bought(places: np.ndarray, worth: np.ndarray, p: CareParameters) -> np.ndarray:
    """Care that families buy from public services, yuan a year by county (f8, 7), where a job there makes `worth`."""
    return p.carers * p.occupied * places * worth


def acts(seen: Seen, p: CareParameters) -> dict[str, np.ndarray]:
    """What places that stand free and what families pay for them."""
    places, firms = seen.stocks["care"], seen.industries
    worth = firms.value_added[:, PUBLIC] / np.maximum(firms.jobs[:, PUBLIC], 1)
    return {"freed": time_freed(places, seen.needing_care(), p), "care": bought(places, worth, p)}
