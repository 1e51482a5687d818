"""Programmes: money granted for what no other mechanism builds becomes a stock, some years later, by county.

    stock_(t+1) = (1 - decay) * stock_t + what opens at the end of the year
    real work   = money / prices / (1 + overrun)

What a lever `builds` is a programme (`tianshui.programmes`): the register says how firmly the plan speaks of its item, beliefs
beside the lever how many years it takes and what part of its stock is gone after a year. Stocks are yuan of 2019, or
persons, places, homes, land where the lever counts those. Work enters `building` with its years to go; each year the work of
a county and programme may stall, and all of it then opens a year later; money is paid when it is granted. The chance depends on the plan's word (what it binds itself
to stalls least, what it seeks from above most: there a lost year is one in which the county gets nothing of what it asked for) and falls where counties are assessed on delivery, for public works of
other mechanisms too:

    chance = chance of the word * (1 - assessed * assessment)

A stock that is gone after a year (decay 1) is what opened in that year: a home, a terrace, a post. What a stock does is told
by the mechanism of its item. Channels read it on 31 December, so that nothing acts in the year in which it was paid; land,
homes and sewers that open by the end of a year are there on its 31 December. Effects of channels saturate:

    effect = most * (1 - exp(-stock a resident / half))

Effort is drawn from what nobody is assessed on: visits to households in danger and help for those who found enterprises are
worth less where counties are assessed on works,

    attention = 1 - diverted * assessment

Left out: works given up for good (they wait), who carries them out, corruption, what is reported better than it is.
"""

import numpy as np

from tianshui.compiled import kernel
from tianshui.declare import Parameters, belief, lever
from tianshui.draws import uniform
from tianshui.state import Programmes

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
        0.1, unit="1/year", within=(0.0, 1.0), prior=(0.05, 0.1, 0.2), source="city_water_2025:a_bond_project_short_of_match",
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

    diverted: float = belief(
        0.1, unit="share", within=(0.0, 1.0), prior=(0.0, 0.1, 0.3), source="assumed:effort_is_finite",
        status="assumed",
    )  # fmt: skip
    """Part of the effort for what is not assessed that full assessment of works draws away."""


def chance(kind: int, p: DeliveryParameters) -> float:
    """Chance that a year of a programme's work is lost where nobody is assessed."""
    return (p.stall_binding, p.stall_build, p.stall_explore, p.stall_seek)[kind]


def attention(assessment: np.ndarray, p: DeliveryParameters) -> np.ndarray:
    """Part of the usual effort that is left for what counties are not assessed on (f8, 7)."""
    return 1.0 - p.diverted * assessment


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
            dearer = 2.0 * overrun[row] * uniform(luck[row], number, DRAW_OVERRUN)
            under_way[years[row] - 1] += work[county, row] / (1.0 + dearer)
            stock[county, row] = (1.0 - decay[row]) * before[county, row]
            if uniform(luck[row], number, DRAW_STALL) >= chance[county, row]:
                stock[county, row] += under_way[0]
                for k in range(last):
                    under_way[k] = under_way[k + 1]
                under_way[last] = 0.0


def advance(
    programmes: Programmes, work: np.ndarray, *, years: np.ndarray, decay: np.ndarray, overrun: np.ndarray,
    stall: np.ndarray, luck: np.ndarray,
) -> Programmes:  # fmt: skip
    """Programmes a year on.

    `work` is what was granted of each (f8, 7 x programmes: yuan of 2019, persons, places), `stall` the chance that a year of
    it is lost (same shape); `years` (i8), `decay`, mean `overrun` and `luck` (u8, a key each) are by programme.
    """
    built, building = np.empty_like(programmes.stock), np.empty_like(programmes.building)
    _advance(programmes.stock, programmes.building, work, overrun, stall, decay, years, luck, built, building)
    return Programmes(built, building)
