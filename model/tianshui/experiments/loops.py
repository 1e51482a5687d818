"""What each feedback loop does: the same world with the loop cut and whole, pair by pair.

    what a cut does = value with the cut - value without,   in each pair (seed i, draw i); then median and range

A cut holds a loop from the first year of the plan (`declare.cut`), so the two lines share the past to the last bit.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from tianshui import registry
from tianshui.experiments.pool import Progress, Task, run_all, simulate_tasks
from tianshui.indicators import HEADLINES, PREFECTURE
from tianshui.plan import LAST_YEAR, PLAN, Plan, load
from tianshui.run import Run

SAMPLE, PAIRS = 0.02, 8
"""Share of households and pairs of seed and draw, where nobody says otherwise."""
WHOLE = "whole"
"""The line in which every loop acts."""


class Cut(NamedTuple):
    """What cutting one loop does to one indicator of the prefecture."""

    cut: str
    loop: str
    """Code of the loop that it cuts: R1 and on for those that reinforce, B1 and on for those that balance."""
    indicator: str
    year: int
    whole: float
    """Median with the loop."""
    middle: float
    low: float
    high: float
    """Median, least and most of the differences."""
    pairs: int


def lines(plan: Plan) -> dict[str, Plan]:
    """A plan with every loop, and with each of them cut."""
    return {WHOLE: plan} | {name: replace(plan, cuts={**plan.cuts, name: 1.0}) for name in registry.loops()}


def _read(run: Run, year: int, indicators: Sequence[str]) -> dict[str, float]:
    here = (run.table["year"] == year) & (run.table["area"] == PREFECTURE)
    found = dict(zip(run.table["indicator"][here].tolist(), run.table["value"][here].tolist(), strict=True))
    return {name: found.get(name, np.nan) for name in indicators}


def cut_all(
    plan: Plan | None = None,
    *,
    sample: float = SAMPLE,
    pairs: Sequence[tuple[int, int]] = tuple((one, one) for one in range(PAIRS)),
    year: int = LAST_YEAR,
    indicators: Sequence[str] = HEADLINES,
    workers: int | None = None,
    watch: Callable[[Sequence[Task]], Progress] | None = None,
) -> list[Cut]:
    """Cut every loop in every pair.

    Raises RuntimeError when a world could not be lived.
    """
    by_name = lines(load(PLAN) if plan is None else plan)
    tasks = [
        Task(one, sample, seed, draw, year, f"{name}:{seed}:{draw}")
        for seed, draw in pairs
        for name, one in by_name.items()
    ]
    found: dict[str, dict[str, float]] = {}

    def deliver(task: Task, made: Run) -> None:
        found[task.id] = _read(made, year, indicators)

    failures = run_all(
        tasks, deliver, workers=workers, progress=watch(tasks) if watch else None,
        together=simulate_tasks,
    )  # fmt: skip
    if failures:
        raise RuntimeError(f"{failures[0].task.id}: {failures[0].message}")
    rows, loop = [], registry.loops()
    for name in by_name:
        for indicator in indicators if name != WHOLE else ():
            whole = np.array([found[f"{WHOLE}:{seed}:{draw}"][indicator] for seed, draw in pairs])
            change = np.array([found[f"{name}:{seed}:{draw}"][indicator] for seed, draw in pairs]) - whole
            rows.append(
                Cut(
                    name, loop[name], indicator, year, float(np.median(whole)), float(np.median(change)),
                    float(change.min()), float(change.max()), len(pairs),
                )
            )  # fmt: skip
    return rows
