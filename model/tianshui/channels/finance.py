"""Finance: a guarantee fund behind what enterprises owe, loans for those who start one.

The fund is a programme that banks hold (its money buys nothing, and what they take from it for loans gone bad never comes
back); it guarantees a multiple of itself, and what it has to pay for loans gone bad eats it:

    part guaranteed = 1 - exp(-leverage * fund / debt of the county's enterprises)
    interest        = loan_rate - rate_cut * part guaranteed
    debt allowed    = (debt_cap + cap_rise * part guaranteed) * capital
    decay of fund   = guarantees_fades

Loans to start a business are paid for by the place (a part of the interest and loans gone bad, paid to banks). Who could
start one is a part of the residents of 2015, so that more places find ever fewer takers:

    taken   = applicants * (1 - exp(-places / applicants)),    applicants = startup_applicants * residents
    founded = startup_new * taken, in food, trade, inns and other services by their jobs, a year after the loan

Left out: whose loans are guaranteed (all sectors and sizes of a county alike), fees as income of the fund, what banks
do with the risk they shed, guarantees of household loans, bonds and insurers' money, places for loans that find no taker
(their money stays with banks), what founders owe and earn as households.
"""

import numpy as np

from tianshui.channels import Seen, by_sector
from tianshui.declare import Parameters, belief, lever
from tianshui.state import SECTORS
from tianshui.sums import saturating

STARTED = np.isin(SECTORS, ("processing", "trade", "tourism", "other_services"))
"""Sectors in which somebody starts alone."""


class FinanceParameters(Parameters):
    """Numbers of finance."""

    guarantees: float = lever(
        0.0, unit="yuan/year", within=(0.0, 100000000.0), names=("Guarantee funds", "融资担保基金"), who="city",
        where="county", cost="money", group="industry", measure="S12", source="assumed:no_figure_found",
        status="assumed", paid_by=(0.3, 0.7), buys="fund", builds="guarantees",
    )  # fmt: skip
    """Public money paid into the guarantee funds of the county."""

    startup_loans: float = lever(
        0.0, unit="person/year", within=(0.0, 2000.0), names=("Start-up loans", "创业担保贷款"), who="city",
        where="county", cost="startup_cost", group="industry", measure="M07", source="levers:startup_loan_cap",
        status="assumed", paid_by=(0.6, 0.4), buys="fund", builds="startup_loans",
    )  # fmt: skip
    """Residents of the county whose loan to start a business public money backs, new ones a year."""

    startup_cost: float = belief(
        18000.0, unit="yuan/person", within=(2000.0, 100000.0), prior=(10000.0, 18000.0, 35000.0),
        source="derived:interest_and_losses_on_150000_of_at_most_200000_yuan", status="derived",
    )  # fmt: skip
    """Public money behind a loan: a part of three years' interest, and loans gone bad."""

    startup_applicants: float = belief(
        0.002, unit="1/year", within=(0.0001, 0.05), prior=(0.0008, 0.002, 0.005),
        source="assumed:some_in_a_thousand_adults", status="assumed",
    )  # fmt: skip
    """Part of the residents who would take such a loan in a year."""

    startup_new: float = belief(
        0.1, unit="firm/person", within=(0.0, 1.0), prior=(0.0, 0.1, 0.25),
        source="assumed:most_would_have_started_anyway", status="assumed",
    )  # fmt: skip
    """Small enterprises that a loan adds: most who borrow would have started anyway or stay smaller than one."""

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


def founded(places: np.ndarray, residents: np.ndarray, jobs: np.ndarray, p: FinanceParameters) -> np.ndarray:
    """Enterprises that loans of a year add by county and sector (f8, 7 x 10), by the jobs of their sectors (i8, 7 x 10).

    `places` and `residents` are f8 (7,).
    """
    applicants = np.maximum(p.startup_applicants * residents, 1.0)
    taken = applicants * saturating(1.0, places, applicants)
    weight = np.maximum(jobs, 1.0) * STARTED
    return p.startup_new * taken[:, None] * weight / weight.sum(axis=1, keepdims=True)


def acts(seen: Seen, p: FinanceParameters) -> dict[str, np.ndarray]:
    """What funds and loans of 31 December do; funds are counted in yuan of 2019, debt in those of the year before."""
    debt = seen.industries.debt.sum(axis=1)
    part = by_sector() + guaranteed(seen.stocks["guarantees"] * seen.prices, debt, p)[:, None]
    made = founded(seen.stocks["startup_loans"], seen.residents, seen.industries.jobs, p)
    return {"interest": -p.rate_cut * part, "debt_cap": p.cap_rise * part, "founded": made}
