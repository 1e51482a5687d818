"""What each lever of a plan asks for in a year, and what of it is granted.

A lever with a unit price asks its value times the price; one that is money asks itself; a rule that costs money
(an allowance, dated payments, a subsidy) asks what it makes due, reckoned by its own mechanism on the state of
31 December and the heads of the year. A rule without cost asks nothing. A mechanism receives what was granted,
in units or as the part of its due that is paid, and never sees the ask.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from tianshui.declare import Declared
from tianshui.mechanisms import treasury
from tianshui.registry import value
from tianshui.settings import Settings
from tianshui.state import CITY_BUDGET, COUNTIES

EXTENSIVE = frozenset({
    "yuan/year", "mu/year", "post", "job", "home/year", "km2/year", "person/year", "km2", "mu",
})  # fmt: skip
"""Units of levers that are amounts, one for each county; a world of scale s acts on s times as much."""
NOMINAL = frozenset({"conversion.quota", "services.dividend"})
"""Levers whose unit price is fixed in yuan by rule; other prices are of 2019 and rise with consumer prices."""
NOT_SPENDING = frozenset({"treasury.upper_transfers", "treasury.special_bonds"})
"""Levers that are public income."""


def is_amount(number: Declared) -> bool:
    """Whether a lever is a number of things or yuan, of which the prefecture has the sum of its counties."""
    return number.unit in EXTENSIVE or number.cost == "money"


class Wishes(NamedTuple):
    """What the plan wants of a year, at the scale of the world."""

    levers: dict[str, np.ndarray]  # f8 (7,) by name: values in force
    money: np.ndarray  # f8 (L, 7): yuan asked, by the county where it is spent
    asks: list[treasury.Ask]


class Granted(NamedTuple):
    """What was granted of it."""

    names: tuple[str, ...]
    levers: dict[str, np.ndarray]
    money: np.ndarray  # f8 (L, 7): yuan, by the county where it is spent
    share: np.ndarray  # f8 (L, 7): granted over asked

    def units(self, name: str) -> np.ndarray:
        """Units of a lever that are paid for, by county (f8, 7)."""
        return self.levers[name] * self.part(name)

    def part(self, name: str) -> np.ndarray:
        """Part of a lever's due that is paid, by county (f8, 7); one when nothing was asked."""
        return self.share[self.names.index(name)]

    def rule(self, name: str) -> np.ndarray:
        """Value of a rule that costs nothing (f8, 7)."""
        return self.levers[name]

    def yuan(self, *names: str) -> np.ndarray:
        """Money granted to some levers together, by county (f8, 7)."""
        together = self.money[self.names.index(names[0])].copy()
        for name in names[1:]:
            together += self.money[self.names.index(name)]
        return together


def scaled(
    levers: Mapping[str, np.ndarray], numbers: Mapping[str, Declared], share: float
) -> dict[str, np.ndarray]:
    """The plan's values on the scale of a sample's world."""
    return {
        name: found * share if numbers[name].unit in EXTENSIVE else found for name, found in levers.items()
    }


def wishes(
    levers: dict[str, np.ndarray],
    numbers: Mapping[str, Declared],
    dues: Mapping[str, np.ndarray],
    settings: Settings,
    to_year: float,
) -> Wishes:
    """Price the levers: `dues` (f8, 7 each) are what rules make due; `to_year` takes 2019 prices to the year's."""
    money = np.zeros((len(levers), len(COUNTIES)))
    for row, (name, wanted) in enumerate(levers.items()):
        number = numbers[name]
        if name in NOT_SPENDING:
            continue
        if name in dues:
            money[row] = dues[name]
        elif number.cost == "money":
            money[row] = wanted
        elif number.cost is not None:
            price = value(settings, f"{name.partition('.')[0]}.{number.cost}")
            money[row] = wanted * price * (1.0 if name in NOMINAL else to_year)
    asks = [treasury.ask(name, numbers[name], money[row]) for row, name in enumerate(levers)]
    return Wishes(levers, money, asks)


def granted(wish: Wishes, grants: treasury.Grants) -> Granted:
    """What the budgets grant of the wishes, by the county where it is spent."""
    share = np.where(wish.money > 0.0, grants.share, 1.0)
    return Granted(tuple(wish.levers), wish.levers, wish.money * share, share)


def by_budget(money: np.ndarray, name: str, numbers: Mapping[str, Declared]) -> np.ndarray:
    """Money of a lever by county (f8, 7) as money of the budget that pays it (f8, 8)."""
    out = np.zeros(CITY_BUDGET + 1)
    if numbers[name].who == "city":
        out[CITY_BUDGET] = money.sum()
    else:
        out[:CITY_BUDGET] = money
    return out
