"""Hazards: check dams, drains and safer slopes keep hail, slides and floods from villages and their blow small.

What stands is a programme of yuan of 2019. Of the expected loss of a disaster it takes

    cut = most * (1 - exp(-stock a resident / half))

half of it (in logs) from the chance that a village is struck, half from what is lost by those hit, so that together

    (chance * sqrt(1 - cut)) * (loss * sqrt(1 - cut)) = chance * loss * (1 - cut)

`health` draws who is struck; at any stock those struck are some of those who would be struck without it. Residents are
those of 2015.

Left out: quakes (none is drawn), lives lost, works of enterprises and towns, warning (it saves lives, not crops),
research and its base, the crop premium (its rate is set beyond the county and does not follow works).
"""

import numpy as np

from tianshui.channels import Seen
from tianshui.declare import Parameters, belief, lever
from tianshui.sums import saturating


class HazardsParameters(Parameters):
    """Numbers of works against disasters."""

    mitigation: float = lever(
        0.0, unit="yuan/year", within=(0.0, 140000000.0), names=("Hazard works", "灾害隐患治理"), who="county",
        where="county", cost="money", group="poverty", measure="M38", source="levers:hazard_mitigation_spend",
        status="assumed", paid_by=(0.7, 0.3), buys="works", builds="hazards",
    )  # fmt: skip
    """Public money for works against floods, slides and hail in the county."""

    hazards_years: float = belief(
        2.0, unit="year", within=(1.0, 6.0), prior=(1.0, 2.0, 4.0), source="assumed:check_dams_and_drains", status="assumed",
        whole=True,
    )  # fmt: skip
    """Years until works stand."""

    hazards_fades: float = belief(
        0.04, unit="1/year", within=(0.0, 1.0), prior=(0.02, 0.04, 0.08), source="assumed:check_dams_and_drains",
        status="assumed",
    )  # fmt: skip
    """Part of the works washed out or silted up in a year."""

    most: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.7), source="assumed:quakes_and_hail_remain",
        status="assumed",
    )  # fmt: skip
    """Largest part of the expected loss of village disasters that works take away."""

    half: float = belief(
        400.0, unit="yuan/person", within=(20.0, 5000.0), prior=(150.0, 400.0, 1000.0),
        source="nibs_2019:four_to_six_yuan_saved_for_one", status="derived",
    )  # fmt: skip
    """Stock of works a resident at which some three fifths of that are reached: with losses of 0.6 % of GDP (assumed)
    a yuan then saves some four over its life."""


def loss(stock: np.ndarray, residents: np.ndarray, p: HazardsParameters) -> np.ndarray:
    """Log of the expected loss of a disaster by county (f8, 7) beside a stock (f8, 7)."""
    return np.log1p(-saturating(p.most, stock / np.maximum(residents, 1.0), p.half))


def acts(seen: Seen, p: HazardsParameters) -> dict[str, np.ndarray]:
    """What the works of 31 December take from the expected loss."""
    return {"disasters": loss(seen.stocks["hazards"], seen.residents, p)}
