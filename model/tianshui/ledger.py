"""The books: who pays whom, and the identities that every year must close.

`FLOWS` names the payer and the payee of every money flow of the model. In a year each side counts its own
amount — the household in its budget, the employer in its wage bill — and `check_flows` holds them against each
other; the balance of each sector then follows, and all balances sum to zero. People, land, labour, public
budgets, firms and the three readings of GDP have checks of their own. A break stops the run and names year,
county, item and gap.
"""

from typing import NamedTuple

import numpy as np

from tianshui.state import (
    COUNTIES,
    FIRST_SECTOR,
    INCOMES,
    OUTLAYS,
    OUTSIDE,
    SECTORS,
    WORKSHOP,
    HouseholdMoney,
    Households,
    Persons,
    State,
)

MONEY_GAP = 1e-6
"""Largest gap of one household's money, yuan."""
ACCOUNT_GAP = 1e-9
"""Largest gap of an account, against GDP."""
PHYSICAL_GAP = 1e-9
"""Largest gap of a physical balance, against the largest quantity in it."""

HOUSEHOLDS, FARMS, FIRMS, BUDGETS, ABOVE, BANKS, REST = (
    "households", "farms", "firms", "budgets", "above", "banks", "rest of the world",
)  # fmt: skip


class Flow(NamedTuple):
    """A money flow: who pays, who receives, what it is."""

    payer: str
    payee: str
    names: tuple[str, str]


FLOWS: dict[str, Flow] = {
    "farm_income": Flow(FARMS, HOUSEHOLDS, ("Farm income of households", "农户经营收入")),
    "rents": Flow(FARMS, HOUSEHOLDS, ("Rent of land", "土地租金")),
    "wages": Flow(FIRMS, HOUSEHOLDS, ("Wages, local", "本地工资")),
    "workshop_wages": Flow(FIRMS, HOUSEHOLDS, ("Wages of workshops", "就业工厂工资")),
    "posts": Flow(BUDGETS, HOUSEHOLDS, ("Pay of public posts", "公益性岗位补贴")),
    "remittances": Flow(REST, HOUSEHOLDS, ("Remittances", "外出从业寄回")),
    "pensions": Flow(ABOVE, HOUSEHOLDS, ("Pensions", "养老金")),
    "allowances": Flow(BUDGETS, HOUSEHOLDS, ("Subsistence allowance", "低保金")),
    "payments": Flow(
        BUDGETS, HOUSEHOLDS, ("Conversion, forest and industry payments", "退耕、森林与产业补助")
    ),
    "indemnities": Flow(BANKS, HOUSEHOLDS, ("Crop indemnities", "农业保险赔付")),
    "savings_interest": Flow(BANKS, HOUSEHOLDS, ("Interest on savings", "存款利息")),
    "premiums": Flow(HOUSEHOLDS, ABOVE, ("Social premiums and tax", "社保缴费与个税")),
    "crop_premiums": Flow(HOUSEHOLDS, BANKS, ("Crop premiums", "农业保险保费")),
    "loan_interest": Flow(HOUSEHOLDS, BANKS, ("Interest on household debt", "家庭债务利息")),
    "borrowed": Flow(BANKS, HOUSEHOLDS, ("Loans to households", "家庭借款")),
    "repaid": Flow(HOUSEHOLDS, BANKS, ("Repayment by households", "家庭还款")),
    "animals_sold": Flow(FARMS, HOUSEHOLDS, ("Animals sold in need", "被迫出售牲畜")),
    "living": Flow(HOUSEHOLDS, FIRMS, ("Consumption, schooling, medicine", "消费、教育与医疗支出")),
    "household_investment": Flow(HOUSEHOLDS, FIRMS, ("Homes, orchards, animals", "住房、果园与牲畜投资")),
    "production_tax": Flow(FIRMS, BUDGETS, ("Taxes and fees", "税费收入")),
    "general_transfers": Flow(ABOVE, BUDGETS, ("General transfers", "一般性转移支付")),
    "earmarked": Flow(ABOVE, BUDGETS, ("Earmarked transfers", "专项转移支付")),
    "compensation": Flow(ABOVE, BUDGETS, ("Horizontal compensation", "横向生态补偿")),
    "bonds": Flow(BANKS, BUDGETS, ("New bonds", "新增债券")),
    "debt_interest": Flow(BUDGETS, BANKS, ("Interest on public debt", "政府债务利息")),
    "premium_subsidies": Flow(BUDGETS, BANKS, ("Premium subsidies", "保费补贴")),
    "purchases": Flow(BUDGETS, FIRMS, ("Public purchases and works", "政府采购与工程")),
}
"""Every money flow between sectors: the rows of the flow matrix."""

SECTORS_OF_BOOKS = (HOUSEHOLDS, FARMS, FIRMS, BUDGETS, ABOVE, BANKS, REST)


class BooksError(ArithmeticError):
    """Books that do not close: year, place, item and gap."""

    def __init__(self, year: int, place: str, item: str, gap: float) -> None:
        super().__init__(f"{year}: the books of {place} do not close: {item} is off by {gap:.6g}")
        self.year, self.place, self.item, self.gap = year, place, item, gap


def _refuse(year: int, item: str, gaps: np.ndarray, limit: np.ndarray | float, places=COUNTIES) -> None:
    gaps = np.atleast_1d(np.asarray(gaps, np.float64))
    bad = ~(np.abs(gaps) <= limit)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        place = places[row] if row < len(places) else f"row {row}"
        raise BooksError(year, place, item, float(gaps[row]))


def balances(amounts: dict[str, float]) -> dict[str, float]:
    """What each sector received less what it paid, yuan; the sum over sectors is zero by construction of FLOWS."""
    total: dict[str, float] = dict.fromkeys(SECTORS_OF_BOOKS, 0.0)
    for name, flow in FLOWS.items():
        total[flow.payer] -= amounts.get(name, 0.0)
        total[flow.payee] += amounts.get(name, 0.0)
    return total


def check_flows(year: int, paid: dict[str, np.ndarray], received: dict[str, np.ndarray], gdp: float) -> None:
    """Both sides of each flow, counted apart, agree to 1e-9 of GDP (arrays by county)."""
    for name, given in paid.items():
        if name not in FLOWS:
            raise KeyError(f"flow {name!r} has no row in the table of flows")
        _refuse(year, f"flow {name!r} paid less received", given - received[name], ACCOUNT_GAP * gdp)


def check_people(
    year: int, before: np.ndarray, births: np.ndarray, deaths: np.ndarray, persons: Persons, households: Households,
    moved: np.ndarray,
) -> None:  # fmt: skip
    """Registered persons by county: before + births - deaths + brides' moves = after; each in one household."""
    county = np.repeat(households.county, np.diff(households.first))
    after = np.bincount(county, minlength=7)
    _refuse(year, "registered persons", after - (before + births - deaths + moved), 0)
    size = persons.number.size
    _refuse(year, "persons in households", np.array([int(households.first[-1]) - size]), 0)
    rows = np.repeat(np.arange(households.number.size), np.diff(households.first))
    _refuse(year, "household of a person", np.array([np.count_nonzero(rows != persons.household)]), 0)
    outside = (persons.place == OUTSIDE) != (persons.setting == 3)
    _refuse(year, "place and setting of a person", np.array([np.count_nonzero(outside)]), 0)


def check_labour(year: int, jobs: np.ndarray, work: np.ndarray, place: np.ndarray) -> None:
    """Jobs in the employers' records are persons in the households' records, by county and sector."""
    rows = (work >= FIRST_SECTOR) & (work < WORKSHOP) & (place < OUTSIDE)
    cell = place[rows].astype(np.int64) * len(SECTORS) + (work[rows].astype(np.int64) - FIRST_SECTOR)
    counted = np.bincount(cell, minlength=7 * len(SECTORS)).reshape(7, len(SECTORS))
    gap = (jobs - counted).sum(axis=1)
    worst = np.abs(jobs - counted).max(axis=1) * np.where(gap == 0, 1, np.sign(gap))
    _refuse(year, "jobs of employers less employed persons", worst, 0)


LAND = (
    "flat", "terrace", "slope", "steep", "idle_terrace", "idle_slope", "idle_steep", "let", "orchard", "sapling",
    "converted",
)  # fmt: skip


def household_land(households: Households) -> np.ndarray:
    """Land held by the households of each county (i8, 7), tenths of a mu, all classes."""
    total = np.zeros(7, np.int64)
    for name in LAND:
        column = getattr(households, name)
        total += np.round(np.bincount(households.county, weights=column, minlength=7)).astype(np.int64)
    return total


def check_land(year: int, before: np.ndarray, after: np.ndarray) -> None:
    """All land of a county, in whole tenths of a mu, is what it was."""
    _refuse(year, "land", after - before, 0)


def check_household_money(year: int, before: Households, after: Households, money: HouseholdMoney) -> None:
    """Each household: change of cash = incomes - outlays + borrowed - repaid + sold; nothing negative."""
    flow = money.borrowed - money.repaid + money.sold
    for name in INCOMES:
        flow = flow + getattr(money, name)
    for name in OUTLAYS:
        flow = flow - getattr(money, name)
    gap = np.abs(after.cash - before.cash - flow)
    debt = np.abs(after.debt - before.debt - money.borrowed + money.repaid)
    for name, gaps in (("cash", gap), ("debt", debt)):
        worst = int(gaps.argmax()) if gaps.size else 0
        if gaps.size and not gaps[worst] <= MONEY_GAP:
            raise BooksError(year, f"household {int(after.number[worst])}", name, float(gaps[worst]))
    for name in ("cash", "debt"):
        column = getattr(after, name)
        if column.size and column.min() < 0.0:
            raise BooksError(
                year, f"household {int(after.number[column.argmin()])}", f"negative {name}", column.min()
            )


def check_budgets(
    year: int, revenue: np.ndarray, spending: np.ndarray, reserve: np.ndarray, gdp: float
) -> None:
    """Each public budget: all revenue - all spending = change of reserve and carried money."""
    _refuse(year, "public budget", revenue - spending - reserve, ACCOUNT_GAP * gdp, (*COUNTIES, "city"))


def check_firms(year: int, made, gdp: float) -> None:
    """Each sector: value added = wages + tax + interest + dividends + investment + change of cash - net borrowing."""
    paid = (
        made.wages
        + made.tax
        + made.interest
        + made.dividends
        + made.investment
        + made.cash_change
        - made.borrowed
    )
    gap = made.value_added - paid
    _refuse(year, "money of enterprises", np.abs(gap).max(axis=1), ACCOUNT_GAP * gdp)


def check_gaps(year: int, item: str, gaps: np.ndarray, size: float) -> None:
    """Gaps of a physical balance by county (first axis), against the largest quantity in it."""
    gaps = np.abs(np.asarray(gaps, np.float64)).reshape(len(COUNTIES), -1).max(axis=1)
    _refuse(year, item, gaps, PHYSICAL_GAP * max(float(size), 1.0))


def check_gdp(year: int, production: np.ndarray, income: np.ndarray, expenditure: np.ndarray) -> None:
    """GDP by production, by income and by expenditure agree, each summed from its own records."""
    limit = ACCOUNT_GAP * float(production.sum())
    _refuse(year, "GDP by income less by production", income - production, limit)
    _refuse(year, "GDP by expenditure less by production", expenditure - production, limit)


SIGNED = frozenset({
    "apple_price", "potato_price", "away_pull", "income", "permanent", "altitude", "surplus", "usual", "other_village",
    "other_town", "wage_growth", "primary", "gap", "farm_pull",
})  # fmt: skip
"""Columns of the state that are flows, logs or solved constants and may be negative; every other one is a stock."""


def check_stocks(year: int, state: State) -> None:
    """No stock is negative and no number of the state is lost to arithmetic (NaN)."""
    for part in state[1:]:
        for name, column in zip(part._fields, part, strict=True):
            if column.dtype.kind not in "if" or column.size == 0:
                continue
            least = float(column.min())
            if not (np.isfinite(least) if name in SIGNED else least >= 0.0):
                raise BooksError(year, type(part).__name__, name, least)
