"""Assumption or policy? Two scenarios, and both once more under other assumptions: four lines.

Another scenario lends its `beliefs`, `outside` and `cuts`, never its levers. All four live through the same
worlds (seed, draw), and every difference is taken world by world:

    policy             = policy line - baseline                              what the levers do
    policy_under       = policy under others - baseline under others         what they do if the world is another
    assumptions        = baseline under others - baseline                    what the assumptions do by themselves
    assumptions_policy = policy under others - policy                        what they do where the levers act

The last two differ by as much as the first two: by what levers and assumptions do together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from tianshui.experiments.pool import Task
from tianshui.experiments.tables import LINE_COLUMNS, LINES
from tianshui.plan import FIRST_YEAR, Plan
from tianshui.words import InputError

ASSUMED = ("beliefs", "outside", "cuts")
FOLDER = "under"
"""Where the runs under other assumptions lie."""
SINCE = FIRST_YEAR - 1
"""Assumptions change the past too."""


def laid_over(plan: Plan, other: Plan) -> Plan:
    """A plan under the assumptions that another scenario sets; what that one leaves alone stays the plan's own."""
    named = plan.called("under", other.name)
    return replace(
        named, beliefs={**plan.beliefs, **other.beliefs}, outside={**plan.outside, **other.outside},
        cuts={**plan.cuts, **other.cuts},
    )  # fmt: skip


def lines(a: Plan, b: Plan, other: Plan) -> dict[str, Plan]:
    """The four scenarios, by line.

    Raises
    ------
    InputError
        When the first two differ in what they assume, or the third assumes nothing that they do not.
    """
    differ = [name for name in ASSUMED if getattr(a, name) != getattr(b, name)]
    if differ:
        raise InputError("worlds_differ", names=", ".join(differ))
    under = laid_over(b, other)
    if all(getattr(under, name) == getattr(b, name) for name in ASSUMED):
        raise InputError("no_assumption", name=other.name)
    return dict(zip(LINES, (b, a, under, laid_over(a, other)), strict=True))


def tasks(
    four: Mapping[str, Plan],
    sample: float,
    worlds: Sequence[tuple[int, int]],
    until: int,
    task_of: Any,
) -> dict[tuple[str, int, int], Task]:
    """The runs that the lines need, by line, seed and draw."""
    return {
        (line, seed, draw): task_of(one, sample, seed, draw, until)
        for seed, draw in worlds
        for line, one in four.items()
    }


def table(read: Any, needed: Mapping[tuple[str, int, int], Task], other: Plan) -> pd.DataFrame:
    """The prefecture's values on the four lines.

    Parameters
    ----------
    read : callable
        Gives for a task its values: a Series over (indicator, year), or None when the run is missing.
    needed : mapping
        As `tasks` gives it.
    other : Plan
        Whose assumptions they are.

    Returns
    -------
    DataFrame
        Columns under, title_en, title_zh (of the other scenario), line, indicator, year, seed, draw, value; a
        world of which a run is missing is left out.
    """
    frames: list[pd.DataFrame] = []
    for seed, draw in dict.fromkeys((seed, draw) for _, seed, draw in needed):
        columns = {line: read(needed[line, seed, draw]) for line in LINES}
        if any(column is None for column in columns.values()):
            continue
        for line, column in columns.items():
            frame = column.dropna().rename("value").reset_index()
            frames.append(frame.assign(line=line, seed=seed, draw=draw))
    if not frames:
        return pd.DataFrame({column: [] for column in LINE_COLUMNS})
    titles = {f"title_{language}": other.title.get(language, other.name) for language in ("en", "zh")}
    return (
        pd.concat(frames, ignore_index=True).assign(under=other.name, **titles).reindex(columns=LINE_COLUMNS)
    )
