"""Which measures did it: the difference of two scenarios shared out among the five headline groups of levers.

Let v(S) be an outcome when the levers of the groups S are as in the first scenario and all others as in the
second; v(all) - v(none) is the whole difference, n = 5. In every world all 2^5 = 32 sets are run, so all of
this is exact and free of any order:

    shapley(i)        = sum over S without i of |S|! (n - |S| - 1)! / n! * (v(S + i) - v(S))
    alone(i)          = v(i) - v(none)
    last(i)           = v(all) - v(all without i)
    interaction(i, j) = sum over S without i, j of |S|! (n - |S| - 2)! / (n - 1)!
                        * (v(S + i + j) - v(S + i) - v(S + j) + v(S))

The Shapley parts add up to the whole difference; an interaction is positive when two groups do more together
than apart. Groups that do not differ between the scenarios cost no run: their sets have the same id.
Shapley (1953); interaction index of Grabisch and Roubens (1999).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import factorial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from tianshui.experiments.pool import Task
from tianshui.measures import GROUPS
from tianshui.plan import PLAN_YEAR, Plan
from tianshui.words import InputError

NAMES = tuple(GROUPS)
ALL = 2 ** len(NAMES) - 1
"""The set of all groups; a set is a number whose bit i stands for group i."""
FOLDER = "attribution"
"""Where the runs of mixed scenarios lie, apart from those of the two scenarios themselves."""
FILE = "attribution.parquet"
AREA = "tianshui"
PAIR_SIGN = "+"
"""Between the two groups of an interaction."""

World = tuple[int, int]


class Parts(NamedTuple):
    """A difference taken apart; arrays of shape (groups, ...) or (pairs of groups, ...)."""

    shapley: np.ndarray
    alone: np.ndarray
    last: np.ndarray
    interaction: np.ndarray


def check(a: Plan, b: Plan) -> None:
    """Refuse scenarios that differ in more than the levers of the groups; raises `InputError`."""
    differ = [name for name in ("beliefs", "outside", "cuts") if getattr(a, name) != getattr(b, name)]
    if differ:
        raise InputError("worlds_differ", names=", ".join(differ))
    for name, number in a.levers.items():
        if number.group not in NAMES and a.courses[name] != b.courses[name]:
            raise InputError("no_group", lever=name)


def members(which: int) -> tuple[str, ...]:
    """The groups of a set."""
    return tuple(name for place, name in enumerate(NAMES) if which >> place & 1)


def mixed(a: Plan, b: Plan, which: int) -> Plan:
    """The second scenario with the levers of some groups as in the first."""
    if which in (0, ALL):
        return a if which else b
    chosen = members(which)
    courses = {
        name: a.courses[name] if number.group in chosen else b.courses[name]
        for name, number in a.levers.items()
    }
    return replace(b, name=f"{b.name} with {', '.join(chosen)} of {a.name}", courses=courses)


def parts_of(values: np.ndarray) -> Parts:
    """Take a difference apart.

    Parameters
    ----------
    values : ndarray, shape (32, ...)
        The outcome of every set of groups.

    Returns
    -------
    Parts
        In the unit of the values; groups in the order of `NAMES`, pairs in that of `pairs`.
    """
    n = len(NAMES)
    orders = factorial(n)
    shapley, alone, last, interaction = [], [], [], []
    for i in range(n):
        own = 1 << i
        shapley.append(
            sum(
                factorial(s.bit_count())
                * factorial(n - s.bit_count() - 1)
                / orders
                * (values[s | own] - values[s])
                for s in range(ALL + 1)
                if not s & own
            )
        )
        alone.append(values[own] - values[0])
        last.append(values[ALL] - values[ALL ^ own])
    for i, j in _pairs():
        one, other = 1 << i, 1 << j
        interaction.append(
            sum(
                factorial(s.bit_count()) * factorial(n - s.bit_count() - 2) / factorial(n - 1)
                * (values[s | one | other] - values[s | one] - values[s | other] + values[s])
                for s in range(ALL + 1)
                if not s & (one | other)
            )
        )  # fmt: skip
    return Parts(*(np.asarray(part) for part in (shapley, alone, last, interaction)))


def _pairs() -> list[tuple[int, int]]:
    return [(i, j) for i in range(len(NAMES)) for j in range(i + 1, len(NAMES))]


def pairs() -> list[str]:
    """The names of the pairs of groups, such as `poverty+ecology`."""
    return [f"{NAMES[i]}{PAIR_SIGN}{NAMES[j]}" for i, j in _pairs()]


def tasks(
    a: Plan, b: Plan, sample: float, worlds: Sequence[World], until: int, task_of: Any
) -> dict[tuple[int, int, int], Task]:
    """The runs that an attribution needs, by set, seed and draw; several sets may need one run."""
    plans = [mixed(a, b, which) for which in range(ALL + 1)]
    return {
        (which, seed, draw): task_of(one, sample, seed, draw, until)
        for seed, draw in worlds
        for which, one in enumerate(plans)
    }


def attribution(read: Any, needed: Mapping[tuple[int, int, int], Task]) -> pd.DataFrame:
    """Take every difference of the prefecture apart, world by world.

    Parameters
    ----------
    read : callable
        Gives for a task its values: a Series over (indicator, year), or None when the run is missing.
    needed : mapping
        As `tasks` gives it.

    Returns
    -------
    DataFrame
        Columns indicator, year, group, measure (shapley, alone, last, interaction), seed, draw, value; a
        world of which a run is missing is left out.
    """
    frames: list[pd.DataFrame] = []
    for seed, draw in dict.fromkeys((seed, draw) for _, seed, draw in needed):
        # Several sets may stand on one run; each is read once.
        by_id: dict[str, pd.Series | None] = {}
        for which in range(ALL + 1):
            task = needed[which, seed, draw]
            if task.id not in by_id:
                by_id[task.id] = read(task)
        columns = [by_id[needed[which, seed, draw].id] for which in range(ALL + 1)]
        if any(column is None for column in columns):
            continue
        table = pd.concat(columns, axis=1, keys=range(ALL + 1)).dropna()  # pyright: ignore[reportArgumentType,reportCallIssue]
        parts = parts_of(table.to_numpy(dtype=np.float64).T)
        for measure, part in parts._asdict().items():
            for group, values in zip(pairs() if measure == "interaction" else NAMES, part, strict=True):
                frame = table.index.to_frame(index=False)
                frames.append(frame.assign(group=group, measure=measure, seed=seed, draw=draw, value=values))
    columns = ["indicator", "year", "group", "measure", "seed", "draw", "value"]
    if not frames:
        return pd.DataFrame({column: [] for column in columns})
    return pd.concat(frames, ignore_index=True).reindex(columns=columns)


def values_of(file: Path) -> pd.Series | None:
    """The prefecture's values from the plan's first year in the file of one run; None when there is none."""
    if not file.is_file():
        return None
    rows: Any = pd.read_parquet(
        file, columns=["indicator", "year", "value"],
        filters=[("area", "==", AREA), ("year", ">=", PLAN_YEAR)],
    )  # fmt: skip
    return rows.astype({"indicator": str}).set_index(["indicator", "year"])["value"].sort_index()
