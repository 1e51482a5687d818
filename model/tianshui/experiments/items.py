"""What each item of the plan asks for, is granted and does.

Two questions, each put to worlds that share their luck:

    within   a plan less the same plan without the item, world by world (seed i, draw i): what the item does where it
             stands, with the money that eight budgets grant
    reach    the item's levers at the end of their range that is farthest from `off`, less the same at `off`, all other
             levers as in `no_plan` and money without limit: what it could do at most (central beliefs, several seeds,
             the mean of the last years, for one year of a sample is mostly luck)
    channel  of it, what is not done by the money's purchases alone: less a world in which the same money buys the same and
             has no other effect, and rules and payments to households and firms are `off`

A change is in points where the indicator is in percent, else in percent of its level. Why an item does nothing is
asked in this order:

    no channel   the register gives the reason
    unused       the plan leaves its levers where `no_plan` has them
    slightly     against: less than the smallest effect worth reporting, but of the other sign in every world of the last
                 target year
    saturated    its reach is worth reporting, but from where `no_plan` stands hardly any of it is left
    no money     less than half of what it asks is granted
    too small    none of these: less than the smallest effect worth reporting, or not of one sign in all worlds

It moves its indicator when in one of the target years the middle of the worlds is worth reporting and every world has the
expected sign; it moves it the other way when that holds of the opposite. That every world has one sign says little where
they are few: with fewer than four, none of these three is said but that they are too few to tell.

Money is told twice: what the item's levers ask in all, and what all levers together ask more than in the plan without the
item. Changes are those of the item's levers moved from where `no_plan` has them, so that the second stands beside them.

    effects(["M25"], pairs=8)
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from tianshui import counting, measures
from tianshui import plan as plans
from tianshui.experiments.pool import Progress, Task, arranged, run_all
from tianshui.measures import Expected, Measure
from tianshui.mechanisms.treasury import BUDGETS
from tianshui.plan import BUYS, LAST_YEAR, NO_PLAN, PLAN, PLAN_YEAR, Plan
from tianshui.run import Years
from tianshui.state import COUNTIES
from tianshui.strict_yaml import nearest
from tianshui.words import InputError

SAMPLE, PAIRS, SEEDS = 0.05, 8, 4
TARGET_YEARS = (2025, 2035)
REACH_YEARS = range(2031, LAST_YEAR + 1)
"""Years whose mean tells an item's reach."""
SHORT = 0.5
"""Part of the money asked for below which money is what an item lacks."""
HUNDRED = 100.0
UNLIMITED = "treasury.unlimited_cut"

ENOUGH = 4
"""Worlds from which on it tells something that all have one sign; of three, luck alone gives one sign to every fourth."""

MOVES, NO_CHANNEL, UNUSED, FEW = "moves", "no_channel", "unused", "few"
SATURATED, NO_MONEY, TOO_SMALL, AGAINST = "saturated", "no_money", "too_small", "against"
SLIGHTLY_AGAINST = "slightly_against"
VERDICTS = (MOVES, AGAINST, SLIGHTLY_AGAINST, TOO_SMALL, NO_MONEY, SATURATED, FEW, UNUSED, NO_CHANNEL)


class Change(NamedTuple):
    """What an item does to one of its indicators in a year, over the worlds."""

    expected: Expected
    year: int
    middle: float
    low: float
    high: float
    worlds: int
    """From how many it is told."""


class Reach(NamedTuple):
    """What an item could do to one of its indicators."""

    top: float
    """From `off` to the end of its range, money without limit."""
    channel: float
    """The part of it that is not done by what its money buys; all of it where its money buys nothing by itself."""
    left: float
    """The part of it that is left from where `no_plan` stands."""
    at: float
    """The indicator with the item's levers `off`: near a floor or a ceiling little can be done."""


class Effect(NamedTuple):
    """What is known of one item."""

    item: Measure
    levers: tuple[str, ...]
    asked: Mapping[int, float]
    """Yuan of the year by year, mean of the worlds: all that its levers ask for."""
    granted: Mapping[int, float]
    asked_more: Mapping[int, float]
    """The same of all levers, less what they ask for in the plan without the item; empty where there is no such world."""
    granted_more: Mapping[int, float]
    income_more: Mapping[int, float]
    """What all budgets take in more than without the item."""
    changes: tuple[Change, ...]
    reach: Reach | None
    """Of the first indicator, which is the one by which an item is judged."""
    further: tuple[tuple[Expected, Reach], ...]
    """Of the others."""
    verdict: str

    @property
    def granted_part(self) -> float:
        """Part of all that was asked for from 2021 that was granted; NaN when nothing was asked for."""
        asked = math.fsum(self.asked.values())
        return math.fsum(self.granted.values()) / asked if asked > 0.0 else math.nan

    @property
    def reaches(self) -> bool:
        """Whether its reach, and what of it its channel does, has the expected sign and is worth reporting."""
        first = self.item.indicators[0]
        return self.reach is not None and all(
            worth(one, first) for one in (self.reach.top, self.reach.channel)
        )

    @property
    def against(self) -> list[Expected]:
        """Further indicators that its levers at their ends move the other way by what is worth reporting."""
        return [one for one, reach in self.further if -reach.top * one.sign >= one.smallest]


class Purse(NamedTuple):
    """All levers' money of one year beside what the eight budgets spend, yuan, mean of the worlds."""

    year: int
    asked: float
    granted: float
    spending: float
    budgets: Mapping[str, tuple[float, float, float]]
    """Of it each budget's: asked for, granted and spent in all."""


class Lived(NamedTuple):
    """What is kept of a world."""

    values: dict[tuple[str, str, int], float]
    """By area, indicator and year."""
    asked: np.ndarray
    """Yuan by year from 2021 and lever, f8 (Y, L), at the scale of the prefecture."""
    granted: np.ndarray
    budgets: np.ndarray
    """What each of the eight budgets is asked for, grants and spends in all, yuan by year, f8 (Y, 3, 8)."""
    income: np.ndarray
    """What all budgets take in, debt included, f8 (Y,)."""


def worth(change: float, expected: Expected) -> bool:
    """Whether a change has the expected sign and at least the smallest size worth reporting."""
    return change * expected.sign >= expected.smallest


def changed(with_it: float, without: float, expected: Expected) -> float:
    """A difference in points where the indicator is in percent, else in percent of its level without the item.

    20 % instead of 18 % are +2 points; 110 instead of 100 tonnes are +10 %.
    """
    if expected.in_points:
        return with_it - without
    return HUNDRED * (with_it / without - 1.0) if without else math.nan


# --- Worlds -------------------------------------------------------------------------------------------


def farthest(lever: Any) -> float:
    """The end of a lever's range that is farthest from its `off` value."""
    low, high = lever.within
    return high if high - lever.value >= lever.value - low else low


def at_end(item: str, part: float) -> Plan:
    """`no_plan` with money without limit and an item's levers from `off` (part 0) to the end of their range (1).

    An item that is judged by what it does to one county goes to the end of its range there alone.
    """
    found = plans.load(NO_PLAN)
    courses = dict(found.courses)
    alone = [
        COUNTIES.index(one.area) for one in measures.register()[item].indicators[:1] if one.area in COUNTIES
    ]
    for name in measures.levers_of([item], found.levers):
        lever = found.levers[name]
        value = lever.value + part * (farthest(lever) - lever.value)
        course = courses[name].constant(PLAN_YEAR, lever.value)
        points = {county: {PLAN_YEAR: value} for county in alone or range(len(COUNTIES))}
        courses[name] = course.merged(points, line=False, first=PLAN_YEAR)
    return replace(unlimited(found), name=f"{item} at {part:g}", courses=courses)


def mutable(item: str, found: Plan) -> list[str]:
    """The levers of an item whose money buys something by itself."""
    return [name for name in measures.levers_of([item], found.levers) if found.levers[name].buys in BUYS]


def only_bought(item: str) -> Plan:
    """`at_end` of an item's levers that buy, muted; its other levers are `off`."""
    off, top = at_end(item, 0.0), at_end(item, 1.0)
    buying = mutable(item, top)
    courses = {**off.courses, **{name: top.courses[name] for name in buying}}
    return replace(off, name=f"{item} bought", courses=courses).mute(buying)


def unlimited(found: Plan) -> Plan:
    """A scenario with money without limit, paid from above, so that no lever displaces another or other spending."""
    return replace(found, name=f"{found.name} unlimited", cuts={**found.cuts, UNLIMITED: 1.0})


def _lived(
    world: Years, noted: list[counting.Noted], money: list[Any], wanted: set[tuple[str, str]]
) -> Lived:
    values = {
        (*key, one.year): worked.counted().values[key]
        for one, worked in zip(noted, counting.work_out(noted), strict=True)
        for key in wanted
        if key in worked.counted().values
    }
    asked, granted, budgets, income = (np.array(part) / world.sample for part in zip(*money, strict=True))
    return Lived(values, asked, granted, budgets, income)


def live_together(
    tasks: Sequence[Task], progress: Callable[[Task, float], None] | None, *, wanted: set[tuple[str, str]]
) -> Iterator[tuple[Task, Lived]]:
    """Live one world under several plans; the years to 2020, which they share, once."""
    one = tasks[0]
    past = Years(one.plan, sample=one.sample, seed=one.seed, draw=one.draw, until=one.until)
    while past.state.year < min(PLAN_YEAR - 1, one.until):
        past.step()
    for task in tasks:
        yield task, _under(past.branch(task.plan), task, progress, wanted)


def _under(
    world: Years, task: Task, progress: Callable[[Task, float], None] | None, wanted: set[tuple[str, str]]
) -> Lived:
    noted: list[counting.Noted] = []
    money: list[Any] = []
    while world.state.year < task.until:
        world.step()
        noted.append(world.noted)
        books = world.last.accounts  # pyright: ignore[reportOptionalMemberAccess]
        spent = books.rigid + books.interest + books.lever_spending + books.other_spending
        budgets = np.stack([books.asked.sum(axis=0), books.granted.sum(axis=0), spent])
        income = (books.own_revenue + world.state.budgets.transfers + books.bonds).sum()
        money.append((books.asked.sum(axis=1), books.granted.sum(axis=1), budgets, income))
        if progress is not None:
            progress(task, (world.state.year - PLAN_YEAR + 1) / (task.until - PLAN_YEAR + 1))
    return _lived(world, noted, money, wanted)


def live(task: Task, progress: Callable[[float], None] | None, *, wanted: set[tuple[str, str]]) -> Lived:
    """Live one world under one plan."""
    heard = None if progress is None else lambda _, part: progress(part)
    ((_, lived),) = live_together([task], heard, wanted=wanted)
    return lived


# --- Which worlds -------------------------------------------------------------------------------------


def chosen(names: Iterable[str] = ()) -> list[Measure]:
    """Items, pushes or groups by name, all when none is named; raises `InputError` for a word that is none of them."""
    register = measures.register()
    try:
        wanted = measures.items_of(names)
    except KeyError as error:
        (name,) = error.args
        near = nearest(name, measures.names())
        raise InputError("scenario.unknown_item", text=repr(name), near=near) from None
    return [item for item in register.values() if not wanted or item.id in wanted]


def used(item: Measure, whole: Plan) -> bool:
    """Whether a plan moves any lever of an item from where `no_plan` has it."""
    return any(
        whole.courses[name].path().tobytes() != whole.rest[name].path().tobytes()
        for name in measures.levers_of([item.id], whole.levers)
    )


class _Worlds(NamedTuple):
    """The worlds that some items need: tasks under the names by which they are found again."""

    tasks: dict[tuple[str, int, int], Task]

    def add(self, name: str, plan: Plan, sample: float, pairs: Iterable[tuple[int, int]]) -> None:
        """A plan's worlds."""
        for seed, draw in pairs:
            self.tasks[name, seed, draw] = Task(plan, sample, seed, draw, LAST_YEAR, f"{name}:{seed}:{draw}")


WHOLE, REST = "whole", "rest"


def worlds_of(
    items: Sequence[Measure], whole: Plan, *, sample: float, pairs: int, seeds: int, reach: bool
) -> dict[tuple[str, int, int], Task]:
    """The worlds that the effects of some items need, by name, seed and draw.

    An item that the plan leaves where `no_plan` has it needs none without it: both would be the same world.
    """
    worlds = _Worlds({})
    both = [(one, one) for one in range(pairs)]
    worlds.add(WHOLE, whole, sample, both)
    for item in items:
        if item.channel_en and used(item, whole):
            worlds.add(f"without {item.id}", whole.without([item.id]), sample, both)
    if reach:
        alone = [(seed, 0) for seed in range(seeds)]
        worlds.add(REST, unlimited(plans.load(NO_PLAN)), sample, alone)
        for item in items:
            if item.channel_en:
                for name, part in (("off", 0.0), ("top", 1.0)):
                    worlds.add(f"{name} {item.id}", at_end(item.id, part), sample, alone)
                if mutable(item.id, whole):
                    worlds.add(f"bought {item.id}", only_bought(item.id), sample, alone)
    return worlds.tasks


def effects(
    names: Iterable[str] = (),
    *,
    scenario: str | Plan = PLAN,
    sample: float = SAMPLE,
    pairs: int = PAIRS,
    seeds: int = SEEDS,
    reach: bool = True,
    workers: int | None = None,
    watch: Callable[[Sequence[Task]], Progress] | None = None,
) -> tuple[list[Effect], list[Purse]]:
    """What items of a plan ask for, are granted and do.

    Parameters
    ----------
    names : iterable of str
        Items, pushes or groups; none means all 44.
    scenario : str or Plan
        The plan within which they stand.
    sample : float
        Share of the households.
    pairs : int
        Worlds (seed i, draw i) of the plan and of the plan without the item.
    seeds : int
        Seeds at the central beliefs from which an item's reach is told.
    reach : bool
        Also ask what each item could do at most.
    workers : int, optional
        Processes; by default as many as cores and memory allow.
    watch : callable, optional
        Told what will be lived; gives what is told of each.

    Returns
    -------
    list of Effect, list of Purse
        In the register's order; and the money of all levers together by year.

    Raises
    ------
    InputError
        For an item that is not in the register.
    RuntimeError
        When a world could not be lived.
    """
    items = chosen(names)
    whole = scenario if isinstance(scenario, Plan) else plans.load(scenario)
    wanted = {(one.area, one.indicator) for item in items for one in item.indicators}
    worlds = worlds_of(items, whole, sample=sample, pairs=pairs, seeds=seeds, reach=reach)
    found: dict[str, Lived] = {}

    def deliver(task: Task, lived: Lived) -> None:
        found[task.id] = lived

    tasks = arranged(worlds.values())
    failures = run_all(
        tasks, deliver, workers=workers, progress=watch(tasks) if watch else None, work=partial(live, wanted=wanted),
        together=partial(live_together, wanted=wanted),
    )  # fmt: skip
    if failures:
        raise RuntimeError(f"{failures[0].task.id}: {failures[0].message}")
    lived = {key: found[task.id] for key, task in worlds.items()}
    return [_effect(item, whole, lived) for item in items], _purses(lived)


# --- What came out ------------------------------------------------------------------------------------

Worlds = Mapping[tuple[str, int, int], Lived]


def _effect(item: Measure, whole: Plan, lived: Worlds) -> Effect:
    own = measures.levers_of([item.id], whole.levers)
    rows = [place for place, name in enumerate(whole.courses) if name in own]
    plan = _named(WHOLE, lived)
    asked, granted = (
        _by_year(np.mean([getattr(one, of)[:, rows].sum(axis=1) for one in plan.values()], axis=0))
        for of in ("asked", "granted")
    )
    without = _named(f"without {item.id}", lived)
    asked_more, granted_more = (
        _by_year(_more([(plan[world], other) for world, other in without.items()], of)) if without else {}
        for of in ("asked", "granted")
    )
    changes = tuple(
        _change(expected, year, [(plan[world], other) for world, other in without.items()])
        for expected in item.indicators
        for year in TARGET_YEARS
        if without
    )
    took = [plan[world].income - other.income for world, other in without.items()]
    income_more = _by_year(np.mean(took, axis=0)) if took else {}
    could = [(expected, _reach(item.id, expected, lived)) for expected in item.indicators]
    first = could[0][1] if could else None
    further = tuple((expected, reach) for expected, reach in could[1:] if reach is not None)
    effect = Effect(
        item, own, asked, granted, asked_more, granted_more, income_more, changes, first, further, ""
    )
    return effect._replace(verdict=_verdict(effect))


def _more(worlds: Sequence[tuple[Lived, Lived]], of: str) -> np.ndarray:
    """What all levers together ask for or are granted more than without an item by year, mean of the worlds."""
    return np.mean(
        [(getattr(with_it, of) - getattr(without, of)).sum(axis=1) for with_it, without in worlds], axis=0
    )


def _named(name: str, lived: Worlds) -> dict[tuple[int, int], Lived]:
    return {(seed, draw): one for (world, seed, draw), one in lived.items() if world == name}


def _by_year(values: np.ndarray) -> dict[int, float]:
    return dict(zip(range(PLAN_YEAR, PLAN_YEAR + len(values)), values.tolist(), strict=True))


def _change(expected: Expected, year: int, worlds: Sequence[tuple[Lived, Lived]]) -> Change:
    key = expected.area, expected.indicator, year
    differences = [
        changed(with_it.values[key], without.values[key], expected)
        for with_it, without in worlds
        if key in with_it.values and key in without.values
    ]
    if not differences:
        return Change(expected, year, math.nan, math.nan, math.nan, 0)
    middle = float(np.median(differences))
    return Change(expected, year, middle, min(differences), max(differences), len(differences))


def _reach(item: str, expected: Expected, lived: Worlds) -> Reach | None:
    top, off, bought, rest = (
        _named(name, lived) for name in (f"top {item}", f"off {item}", f"bought {item}", REST)
    )
    if not top:
        return None

    def mean(worlds: Mapping[tuple[int, int], Lived]) -> float:
        key = expected.area, expected.indicator
        values = [one.values[*key, year] for one in worlds.values() for year in REACH_YEARS]
        return math.fsum(values) / len(values)

    whole, channel, left = (changed(mean(top), mean(less), expected) for less in (off, bought or off, rest))
    return Reach(whole, channel, left, mean(off))


def _verdict(effect: Effect) -> str:
    if not effect.item.channel_en:
        return NO_CHANNEL
    if not effect.changes:
        return UNUSED
    first = effect.item.indicators[0]
    told = [one for one in effect.changes if one.expected == first]
    signed = _signed(told, first.sign)
    if signed:
        return signed if min(one.worlds for one in told) >= ENOUGH else FEW
    if effect.reach is not None and effect.reaches and not worth(effect.reach.left, first):
        return SATURATED
    return NO_MONEY if effect.granted_part < SHORT else TOO_SMALL


def _signed(told: Sequence[Change], sign: int) -> str:
    """The verdict that rests on all worlds having one sign; empty where they have not."""
    if any(_sure(one, sign) for one in told):
        return MOVES
    if any(_sure(one, -sign) for one in told):
        return AGAINST
    return SLIGHTLY_AGAINST if _one_sign(max(told, key=lambda one: one.year), -sign) else ""


def _sure(change: Change, sign: int) -> bool:
    """Whether a change is large enough to tell and has this sign in every world."""
    return sign * change.middle >= change.expected.smallest and _one_sign(change, sign)


def _one_sign(change: Change, sign: int) -> bool:
    """Whether every world has this sign."""
    return min(sign * change.low, sign * change.high) > 0.0


def _purses(lived: Worlds) -> list[Purse]:
    plan = np.mean([one.budgets for one in _named(WHOLE, lived).values()], axis=0)
    return [
        Purse(
            PLAN_YEAR + place, math.fsum(year[0]), math.fsum(year[1]), math.fsum(year[2]),
            {name: (float(one[0]), float(one[1]), float(one[2])) for name, one in zip(BUDGETS, year.T, strict=True)},
        )
        for place, year in enumerate(plan)
    ]  # fmt: skip
