"""What each lever of a plan asks for in a year, and what of it is granted.

A lever with a unit price asks its value times the price; one that is money asks itself; a rule that costs money
(an allowance, dated payments, a subsidy) asks what it makes due, reckoned by its own mechanism on the state of
31 December and the heads of the year. A rule without cost asks nothing. A mechanism receives what was granted,
in units or as the part of its due that is paid, and never sees the ask.
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from tianshui import registry
from tianshui.declare import Buys, Declared
from tianshui.mechanisms import treasury
from tianshui.plan import Plan
from tianshui.registry import EXTENSIVE, is_amount, value
from tianshui.settings import Settings
from tianshui.state import COUNTIES

__all__ = ["EXTENSIVE", "Granted", "Wishes", "granted", "is_amount", "scaled", "wishes"]

NOMINAL = frozenset({"conversion.quota", "services.dividend"})
"""Levers whose unit price is fixed in yuan by rule; other prices are of 2019 and rise with consumer prices."""
NOT_SPENDING = frozenset({
    "treasury.upper_transfers", "treasury.special_bonds", "treasury.minority_funds", "treasury.land_quota",
})  # fmt: skip
"""Levers that are public income."""


class Wishes(NamedTuple):
    """What the plan wants of a year, at the scale of the world."""

    levers: dict[str, np.ndarray]  # f8 (7,) by name: values in force
    money: np.ndarray  # f8 (L, 7): yuan asked, by the county where it is spent
    asks: list[treasury.Ask]


class Granted(NamedTuple):
    """What was granted of it."""

    rows: dict[str, int]
    """Row of each lever in the tables of money and share."""
    levers: dict[str, np.ndarray]
    money: np.ndarray  # f8 (L, 7): yuan, by the county where it is spent
    share: np.ndarray  # f8 (L, 7): granted over asked
    muted: frozenset[str] = frozenset()
    """Levers whose money buys what it buys and does nothing else (`Plan.muted`)."""

    def units(self, name: str) -> np.ndarray:
        """Units of a lever that are paid for, by county (f8, 7)."""
        return self.levers[name] * self.part(name) if name not in self.muted else np.zeros(len(COUNTIES))

    def part(self, name: str) -> np.ndarray:
        """Part of a lever's due that is paid, by county (f8, 7); one when nothing was asked."""
        return self.share[self.rows[name]]

    def rule(self, name: str) -> np.ndarray:
        """Value of a rule that costs nothing (f8, 7)."""
        return self.levers[name]

    def yuan(self, name: str) -> np.ndarray:
        """Money granted to a lever as its mechanism uses it, by county (f8, 7)."""
        return self.paid(name) if name not in self.muted else np.zeros(len(COUNTIES))

    def paid(self, *names: str) -> np.ndarray:
        """Money granted to some levers together as the books count it, by county (f8, 7)."""
        together = self.money[self.rows[names[0]]].copy()
        for name in names[1:]:
            together += self.money[self.rows[name]]
        return together


@cache
def bought_by(what: Buys) -> tuple[str, ...]:
    """Levers whose money becomes works, a fund, purchases or money of households (`Declared.buys`), in order."""
    return tuple(name for name, number in registry.levers().items() if number.buys == what)


def scaled(plan: Plan, year: int, share: float) -> dict[str, np.ndarray]:
    """The plan's values of a year on the scale of a sample's world, by lever (f8, 7 each)."""
    scale = np.array([share if plan.numbers[name].unit in EXTENSIVE else 1.0 for name in plan.courses])
    return dict(zip(plan.courses, plan.table(year) * scale[:, None], strict=True))


def wishes(
    levers: dict[str, np.ndarray],
    numbers: Mapping[str, Declared],
    dues: Mapping[str, np.ndarray],
    settings: Settings,
    to_year: float,
) -> Wishes:
    """Price the levers: `dues` (f8, 7 each) are what rules make due; `to_year` takes 2019 prices to the year's."""
    money = np.zeros((len(levers), len(COUNTIES)))
    rows, prices, rises = [], [], []
    for row, name in enumerate(levers):
        cost = numbers[name].cost
        if name in dues:
            money[row] = dues[name]
        elif cost is not None and name not in NOT_SPENDING:
            rows.append(row)
            prices.append(1.0 if cost == "money" else value(settings, f"{name.partition('.')[0]}.{cost}"))
            rises.append(1.0 if cost == "money" or name in NOMINAL else to_year)
    wanted = np.array(list(levers.values())).reshape(money.shape)
    money[rows] = wanted[rows] * np.array(prices)[:, None] * np.array(rises)[:, None]
    return Wishes(
        levers, money, treasury.asks({name: numbers[name] for name in levers}, money, settings.treasury)
    )


def granted(wish: Wishes, grants: treasury.Grants, muted: frozenset[str] = frozenset()) -> Granted:
    """What the budgets grant of the wishes, by the county where it is spent."""
    share = np.where(wish.money > 0.0, grants.share, 1.0)
    rows = {name: row for row, name in enumerate(wish.levers)}
    return Granted(rows, wish.levers, wish.money * share, share, muted)
