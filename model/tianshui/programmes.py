"""Programmes: what levers build, from money granted to what stands on 31 December.

A lever that `builds` a programme says so where it is declared, with beliefs beside it: `<programme>_years` (else its works
are done within the year) and `<programme>_fades` (else what opens is used once, and nothing is left standing). The item of
the lever says how firmly the plan speaks, and so how often works stall. `delivery` has the equations.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from tianshui import draws, registry
from tianshui.asks import NOT_SPENDING, Granted
from tianshui.measures import register
from tianshui.mechanisms import delivery
from tianshui.plan import FIRST_YEAR
from tianshui.settings import Settings
from tianshui.state import COUNTIES, Programmes, fixed

SOUGHT = tuple(sorted(NOT_SPENDING))
"""Levers that ask money or leave of a government above."""


class Programme(NamedTuple):
    """What is told of a programme."""

    lever: str
    item: str
    years: str
    """Belief of how long its works take; empty where they are done within the year."""
    fades: str
    """Belief of the part of its stock that is gone after a year; empty where nothing is left standing."""
    in_yuan: bool
    """Whether it is counted in yuan of 2019 and not in what the lever counts."""
    outturn: bool
    """Whether its price is what such works came to, overruns counted in."""


@cache
def kind_of(lever: str) -> int:
    """Place in `delivery.KINDS` of the plan's word for the item of a lever."""
    word = register()[registry.levers()[lever].measure].commitment
    return delivery.KINDS.index(delivery.KIND_OF[word])


@cache
def roster() -> dict[str, Programme]:
    """Programmes by name, in the order of their levers.

    Raises
    ------
    ValueError
        When two levers build one programme.
    """
    found: dict[str, Programme] = {}
    beliefs = registry.beliefs()
    for lever, number in registry.levers().items():
        name, mechanism = number.builds, lever.partition(".")[0]
        if not name:
            continue
        if name in found:
            raise ValueError(f"{lever} and {found[name].lever} both build {name}")
        told = [f"{mechanism}.{name}_{what}" for what in ("years", "fades")]
        years, fades = (one if one in beliefs else "" for one in told)
        in_yuan = number.cost in ("money", None)
        found[name] = Programme(lever, number.measure, years, fades, in_yuan, number.outturn)
    return found


@cache
def _places() -> dict[str, int]:
    """Row of each programme among the stocks."""
    return {name: place for place, name in enumerate(roster())}


@cache
def _dearer() -> np.ndarray:
    """Whether overruns come on top, by programme (f8, 0 or 1)."""
    return fixed((np.array([0.0 if one.outturn else 1.0 for one in roster().values()]),))[0]


def opening() -> Programmes:
    """No programme has built anything at the end of 2015: what stood then is in all that the model starts from."""
    shape = (len(COUNTIES), len(roster()))
    return Programmes(np.zeros(shape), np.zeros((*shape, delivery.LONGEST)))


def stock(programmes: Programmes, name: str) -> np.ndarray:
    """What stands of one programme by county, f8 (7,)."""
    return programmes.stock[:, _places()[name]]


def stocks(programmes: Programmes) -> dict[str, np.ndarray]:
    """What stands of every programme by county, f8 (7,) each."""
    return dict(zip(roster(), programmes.stock.T, strict=True))


def years(one: Programme, settings: Settings) -> int:
    """Years that its works take."""
    return round(registry.value(settings, one.years)) if one.years else 1


def fades(one: Programme, settings: Settings) -> float:
    """Part of its stock that is gone after a year."""
    return registry.value(settings, one.fades) if one.fades else 1.0


def begun(granted: Granted, to_2019: float) -> np.ndarray:
    """What was granted of each (f8, 7 x programmes): yuan of 2019, or what the lever counts."""
    work = np.empty((len(COUNTIES), len(roster())))
    for place, one in enumerate(roster().values()):
        work[:, place] = to_2019 * granted.yuan(one.lever) if one.in_yuan else granted.units(one.lever)
    return work


def _chances(levers: Iterable[str], settings: Settings) -> np.ndarray:
    """Chance of losing a year by the plan's word for the item of each lever, where nobody is assessed."""
    return np.array([delivery.chance(kind_of(one), settings.delivery) for one in levers])


def stalls(levers: Iterable[str], granted: Granted, settings: Settings) -> np.ndarray:
    """Chance that the works of some levers lose a year (f8, 7 x levers), less where counties are assessed."""
    assessment = granted.rule("delivery.assessment")[:, None]
    return delivery.stalling(_chances(levers, settings), assessment, settings.delivery)


def won(
    levers: Mapping[str, np.ndarray], settings: Settings, *, seed: int, year: int
) -> dict[str, np.ndarray]:
    """Levers with what is asked of governments above as they grant it: in a year that is lost a county gets nothing of it."""
    chances = _chances(SOUGHT, settings)
    found = dict(levers)
    for name, chance in zip(SOUGHT, chances, strict=True):
        key = draws.key(seed, year, f"delivery.{name}")
        luck = [draws.uniform(key, np.uint64(county), delivery.DRAW_STALL) for county in range(len(COUNTIES))]
        found[name] = levers[name] * (np.array(luck) >= chance)
    return found


def advance(
    programmes: Programmes, granted: Granted, settings: Settings, *, to_2019: float, seed: int, year: int
) -> Programmes:
    """Programmes on 31 December of a year, with what was granted in it; `to_2019` takes prices of the year to those of 2019.

    Luck belongs to the programme's name, so that another one disturbs none.
    """
    dearer = settings.delivery.overrun * _dearer()
    work, taking = (
        begun(granted, to_2019),
        np.array([years(one, settings) for one in roster().values()], np.int64),
    )
    if year == FIRST_YEAR:
        programmes = _under_way(programmes, work, taking)
    return delivery.advance(
        programmes, work, years=taking,
        decay=np.array([fades(one, settings) for one in roster().values()]), overrun=dearer,
        stall=stalls([one.lever for one in roster().values()], granted, settings),
        luck=np.array([draws.key(seed, year, f"delivery.{name}") for name in roster()], np.uint64),
    )  # fmt: skip


def _under_way(programmes: Programmes, work: np.ndarray, taking: np.ndarray) -> Programmes:
    """Programmes at the start, with works under way like those begun in the first year, where works are used once.

    Without them no sewer and no home would open in the years that works take, as if nothing had been begun before 2016.
    What stands of programmes that last is in all that the model starts from.
    """
    building = programmes.building.copy()
    for place, one in enumerate(roster().values()):
        if not one.fades:
            building[:, place, : taking[place] - 1] = work[:, place, None]
    return programmes._replace(building=building)


def taken(programmes: Programmes, name: str, number: np.ndarray) -> Programmes:
    """Programmes less a number (7,) of what stands of one of them and was taken up."""
    left = programmes.stock.copy()
    left[:, _places()[name]] = np.maximum(left[:, _places()[name]] - number, 0.0)
    return programmes._replace(stock=left)
