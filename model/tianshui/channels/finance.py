"""Finance: a guarantee fund behind what enterprises owe.

The fund is a programme that banks hold (its money buys nothing, and what they take from it for loans gone bad never comes
back); it guarantees a multiple of itself, and what it has to pay for loans gone bad eats it:

    part guaranteed = 1 - exp(-leverage * fund / debt of the county's enterprises)
    interest        = loan_rate - rate_cut * part guaranteed
    debt allowed    = (debt_cap + cap_rise * part guaranteed) * capital
    decay of fund   = guarantees_fades

Left out: whose loans are guaranteed (all sectors and sizes of a county alike), fees as income of the fund, what banks
do with the risk they shed, guarantees of household loans, bonds and insurers' money.
"""

import numpy as np

from tianshui.channels import Seen, by_sector
from tianshui.declare import Parameters, belief, lever
from tianshui.sums import saturating


class FinanceParameters(Parameters):
    """Numbers of finance."""

    guarantees: float = lever(
        0.0, unit="yuan/year", within=(0.0, 100000000.0), names=("Guarantee funds", "融资担保基金"), who="city",
        where="county", cost="money", group="industry", measure="S12", source="assumed:no_figure_found",
        status="assumed", paid_by=(0.3, 0.7), buys="fund", builds="guarantees",
    )  # fmt: skip
    """Public money paid into the guarantee funds of the county."""

    leverage: float = belief(
        5.0, unit="ratio", within=(1.0, 15.0), prior=(2.0, 5.0, 10.0),
        source="levers:guarantee_leverage", status="assumed",
    )  # fmt: skip
    """Loans guaranteed over the fund."""

    rate_cut: float = belief(
        0.01, unit="1/year", within=(0.0, 0.03), prior=(0.003, 0.01, 0.02),
        source="levers:sme_loan_rate", status="assumed",
    )  # fmt: skip
    """Fall of the interest on a guaranteed loan, its fee paid."""

    cap_rise: float = belief(
        0.05, unit="ratio", within=(0.0, 0.3), prior=(0.0, 0.05, 0.12),
        source="honohan_2010:benefit_hard_to_show", status="assumed",
    )  # fmt: skip
    """Rise of the debt that banks allow against capital where all debt is guaranteed."""

    guarantees_fades: float = belief(
        0.125, unit="1/year", within=(0.0, 1.0), prior=(0.04, 0.125, 0.4),
        source="assumed:leverage_times_two_and_a_half_percent_called", status="assumed",
    )  # fmt: skip
    """Part of the fund that is paid out in a year for guaranteed loans gone bad."""


def guaranteed(fund: np.ndarray, debt: np.ndarray, p: FinanceParameters) -> np.ndarray:
    """Part of enterprises' debt (f8, 7, yuan) that a fund (f8, 7, yuan of the same year) guarantees by county."""
    return saturating(1.0, p.leverage * fund, np.maximum(debt, 1.0))


def acts(seen: Seen, p: FinanceParameters) -> dict[str, np.ndarray]:
    """What the funds of 31 December do to loans; they are counted in yuan of 2019, debt in those of the year before."""
    debt = seen.industries.debt.sum(axis=1)
    part = by_sector() + guaranteed(seen.stocks["guarantees"] * seen.prices, debt, p)[:, None]
    return {"interest": -p.rate_cut * part, "debt_cap": p.cap_rise * part}
