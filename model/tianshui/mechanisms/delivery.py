"""Programmes: money granted for what no other mechanism builds becomes a stock, some years later, by county.

    stock_(t+1) = (1 - decay) * stock_t + what opens at the end of the year
    real work   = money / prices / (1 + overrun)

A row of `evidence/programmes.csv` is a programme: the item of the plan that it carries out (the register says how firmly
the plan speaks of it), the years that it takes, the part of its stock that is gone after a year. Stocks are yuan of 2019, or persons or
firms where the money buys those. Work enters `building` with its years to go; each year the work of a county and
programme may stall, and all of it then opens a year later. The chance depends on the plan's word (what it binds itself
to stalls least, what it seeks from above most) and falls where counties are assessed on delivery, for public works of
other mechanisms too:

    chance = chance of the word * (1 - assessed * assessment)

A stock that is gone after a year (decay 1) is a post or a place of that year. What a stock does is told by the mechanism
of its item, which reads it on 31 December: nothing acts in the year in which it was paid. Effects saturate:

    effect = most * (1 - exp(-stock a resident / half))

Left out: works given up for good (they wait), who carries them out, corruption, the effort that assessment draws
away from what is not assessed.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from tianshui import draws
from tianshui.compiled import kernel
from tianshui.declare import Parameters, belief, lever
from tianshui.draws import uniform
from tianshui.evidence import table
from tianshui.state import COUNTIES, Programmes, fixed

LONGEST = 6
"""Years that `building` can hold."""
DRAW_STALL, DRAW_OVERRUN = 0, 1
KINDS = ("binding", "build", "explore", "seek")
"""How firmly the plan speaks of a programme, the firmest first."""
KIND_OF = {
    "binding": "binding", "firm": "binding", "build": "build", "steady": "build", "explore": "explore", "vision": "explore",
    "reform": "explore", "seek": "seek",
}  # fmt: skip
"""Which of them a word of the register counts for: a standing duty is as good as a dated one, a picture of the end a trial."""


class DeliveryParameters(Parameters):
    """Numbers of how programmes are delivered."""

    assessment: float = lever(
        0.0, unit="share", within=(0.0, 1.0), names=("Counties assessed on delivery", "按兑现考核县区"), who="city",
        where="one", cost=None, group="cross", measure="S16", source="levers:county_effort", status="assumed",
    )  # fmt: skip
    """How far counties are assessed on what they deliver: 0 not at all, 1 in all they build."""

    stall_binding: float = belief(
        0.05, unit="1/year", within=(0.0, 1.0), prior=(0.02, 0.05, 0.1), source="assumed:ordered_by_word_of_the_plan",
        status="assumed",
    )  # fmt: skip
    """Chance that a county's work of a programme loses a year where the plan binds itself to a date."""

    stall_build: float = belief(
        0.1, unit="1/year", within=(0.0, 1.0), prior=(0.05, 0.1, 0.2), source="assumed:ordered_by_word_of_the_plan",
        status="assumed",
    )  # fmt: skip
    """The same where works are to be carried out as money allows."""

    stall_explore: float = belief(
        0.25, unit="1/year", within=(0.0, 1.0), prior=(0.1, 0.25, 0.45), source="assumed:ordered_by_word_of_the_plan",
        status="assumed",
    )  # fmt: skip
    """The same for trials whose form and size are open."""

    stall_seek: float = belief(
        0.35, unit="1/year", within=(0.0, 1.0), prior=(0.15, 0.35, 0.6), source="assumed:ordered_by_word_of_the_plan",
        status="assumed",
    )  # fmt: skip
    """The same for what a government above has to grant."""

    overrun: float = belief(
        0.15, unit="share", within=(0.0, 1.0), prior=(0.05, 0.15, 0.3), source="assumed:as_infrastructure",
        status="assumed",
    )  # fmt: skip
    """Mean cost overrun; each county, programme and year draws between none and twice that."""

    assessed: float = belief(
        0.3, unit="share", within=(0.0, 1.0), prior=(0.0, 0.3, 0.6), source="assumed:no_figure_found",
        status="assumed",
    )  # fmt: skip
    """Part of the chance of stalling that full assessment takes away; most stalling is want of matching money."""


class Programme(NamedTuple):
    """What is told of a programme."""

    item: str
    kind: int
    """Place of the plan's word for its item in KINDS."""
    years: int
    decay: float
    """Part of the stock that is gone after a year; nought where a belief of its mechanism says so."""


@cache
def roster() -> dict[str, Programme]:
    """Programmes by name, in the order of their stocks.

    Raises
    ------
    ValueError
        When a programme takes no year or more than `building` holds, or belongs to no item of the register.
    """
    found = {}
    words = {row["id"]: row["commitment"] for row in table("measures")}
    for row in table("programmes"):
        years, word = int(row["years"]), words.get(row["item"], "")
        if word not in KIND_OF or not 1 <= years <= LONGEST or row["name"] in found:
            raise ValueError(f"programme {row['name']} of {row['item'] or 'no item'}: {years} years")
        kind = KINDS.index(KIND_OF[word])
        found[row["name"]] = Programme(row["item"], kind, years, float(row["decay"] or 0.0))
    return found


@cache
def _columns() -> tuple[np.ndarray, np.ndarray]:
    """Years (i8) and kinds (i8) by programme."""
    return fixed((
        np.array([one.years for one in roster().values()], np.int64),
        np.array([one.kind for one in roster().values()], np.int64),
    ))  # fmt: skip


@cache
def _places() -> dict[str, int]:
    """Row of each programme among the stocks."""
    return {name: place for place, name in enumerate(roster())}


def opening() -> Programmes:
    """No programme has built anything at the end of 2015: what stood then is in all that the model starts from."""
    shape = (len(COUNTIES), len(roster()))
    return Programmes(np.zeros(shape), np.zeros((*shape, LONGEST)))


def chance(kind: int, p: DeliveryParameters) -> float:
    """Chance that a year of a programme's work is lost where nobody is assessed."""
    return (p.stall_binding, p.stall_build, p.stall_explore, p.stall_seek)[kind]


def stock(programmes: Programmes, name: str) -> np.ndarray:
    """The stock of one programme by county, f8 (7,)."""
    return programmes.stock[:, _places()[name]]


def stalling(chance: np.ndarray | float, assessment: np.ndarray, p: DeliveryParameters) -> np.ndarray:
    """Chance of losing a year where counties are assessed (f8, 7), from the one where they are not."""
    return chance * (1.0 - p.assessed * assessment)


@kernel
def _advance(before, begun, work, overrun, chance, decay, years, luck, stock, building):
    last = building.shape[2] - 1
    for county in range(stock.shape[0]):
        for row in range(stock.shape[1]):
            under_way, number = building[county, row], np.uint64(county)
            for k in range(under_way.size):
                under_way[k] = begun[county, row, k]
            dearer = 2.0 * overrun * uniform(luck[row], number, DRAW_OVERRUN)
            under_way[years[row] - 1] += work[county, row] / (1.0 + dearer)
            stock[county, row] = (1.0 - decay[row]) * before[county, row]
            if uniform(luck[row], number, DRAW_STALL) >= chance[county, row]:
                stock[county, row] += under_way[0]
                for k in range(last):
                    under_way[k] = under_way[k + 1]
                under_way[last] = 0.0


def advance(
    programmes: Programmes, work: dict[str, np.ndarray], *, decay: dict[str, float], assessment: np.ndarray,
    p: DeliveryParameters, seed: int, year: int,
) -> Programmes:  # fmt: skip
    """Programmes a year on.

    `work` is what was granted of each (f8, 7 each: yuan of 2019, persons or firms), `decay` what mechanisms believe of
    theirs, `assessment` f8 (7,). Luck belongs to the programme's name, so that another one disturbs none.
    """
    names, (years, kind) = [*roster()], _columns()
    luck = np.array([draws.key(seed, year, f"delivery.{name}") for name in names], np.uint64)
    lost = np.array([decay.get(name, one.decay) for name, one in roster().items()])
    by_kind = np.array([chance(one, p) for one in range(len(KINDS))])
    stalls = stalling(by_kind[kind], assessment[:, None], p)
    built, building = np.empty_like(programmes.stock), np.empty_like(programmes.building)
    amounts = np.stack([work[name] for name in names], axis=1)
    _advance(
        programmes.stock, programmes.building, amounts, p.overrun, stalls, lost, years, luck, built, building
    )
    return Programmes(built, building)
