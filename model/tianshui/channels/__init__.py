"""What the plan's programmes do, one file a mechanism: equation, numbers, levers, and `acts`.

A lever here `builds` a programme (`tianshui.programmes`). Every year `acts(seen, p)` says what stands on 31 December does,
by the names of `TERMS`; what several channels do to one term is added up (`tianshui.gains`) and read by the chapters of
the year. A lever without a price of a unit asks for what `dues(levers, industries, p)` says; `meets(met, p)` says what the year
does to a term whatever is built, `counts(sold, p)` what a record of the year is to hold beside. Files of this folder are found by themselves: another channel is a file here and its item's row in the
register. A channel knows no other and writes nothing.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from tianshui.state import COUNTIES, SECTORS, Households, Industries, fixed


class Term(NamedTuple):
    """Something in the model's equations that a channel may move; nought where none does."""

    by_sector: bool
    """Whether it is one for each county and sector (f8, 7 x 10) or for each county alone (f8, 7)."""
    meaning: str


TERMS = {
    "productivity": Term(True, "log of what the same work and capital make"),
    "outside_demand": Term(True, "log of what is bought from outside"),
    "entry": Term(True, "log of the enterprises founded"),
    "founded": Term(True, "enterprises founded beside the usual, a year"),
    "interest": Term(True, "interest on enterprises' debt, 1/year"),
    "debt_cap": Term(True, "debt that banks allow against capital"),
    "way_out": Term(False, "log of the cost of bringing goods to outside markets"),
    "yields": Term(False, "harvest of the fields, as a part of it"),
    "pay": Term(False, "log of what an hour of work makes and earns, at home and away"),
    "offers": Term(False, "log odds of work off the farm: offers heard of"),
    "passing": Term(False, "log odds of passing on to upper secondary school and to college"),
    "freed": Term(False, "part of one adult's time freed where somebody needs care"),
    "care": Term(False, "what families pay carers in place of other living costs, yuan a year"),
    "disasters": Term(False, "log of the expected loss of village disasters"),
    "services": Term(False, "log of the services within reach, in town and village"),
}
"""All terms that channels may move."""


class Seen(NamedTuple):
    """What a channel looks at: the world of 31 December. Arrays are read-only."""

    stocks: Mapping[str, np.ndarray]
    """What stands of each programme, by name, f8 (7,) each: yuan of 2019, or persons, places, firms."""
    residents: np.ndarray
    """Residents of 2015, f8 (7,)."""
    households: Households
    industries: Industries
    prices: float
    """Consumer prices of the year before over those of 2019."""
    trade_cost: float
    """Cost of bringing goods to outside markets at the start, over what they sell for."""
    adults: Callable[[], np.ndarray]
    """Adults at home and away, f8 (7,)."""
    needing_care: Callable[[], np.ndarray]
    """Persons who need care, f8 (7,)."""

    def a_resident(self, name: str) -> np.ndarray:
        """What stands of a programme over residents of 2015, f8 (7,)."""
        return self.stocks[name] / np.maximum(self.residents, 1.0)


class Met(NamedTuple):
    """What a channel meets in a year, whatever is built."""

    distance: np.ndarray
    """The way out and in against that of 2015, f8 (7,)."""
    industries: Industries
    inflation: float
    """Growth of the deflator into the year just ended."""


class Sold(NamedTuple):
    """What a year came to, for those who count it."""

    stocks: Mapping[str, np.ndarray]
    residents: np.ndarray
    """As in `Seen`."""
    outside_sales: np.ndarray
    """Sales of the year from outside, yuan, f8 (7, 10)."""
    prices: float
    """Consumer prices against 2015."""
    income: float
    """Real wages outside against 2015."""


Gains = Mapping[str, np.ndarray]
"""What is done to each term, by name: f8 (7,), or f8 (7, 10) where it is by sector."""


def blank() -> dict[str, np.ndarray]:
    """Every term at nought."""
    return {name: by_sector() if term.by_sector else np.zeros(len(COUNTIES)) for name, term in TERMS.items()}


@cache
def none() -> Gains:
    """Where no programme stands; read-only."""
    found = blank()
    return dict(zip(found, fixed(tuple(found.values())), strict=True))


def by_sector() -> np.ndarray:
    """A blank of a term by county and sector, f8 (7, 10)."""
    return np.zeros((len(COUNTIES), len(SECTORS)))
