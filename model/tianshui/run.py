"""One run: a world lived from 2015 to the end, counted year by year.

    simulate("plan", sample=0.05, seed=1)

The same plan, sample, seed and draw give the same bytes on any number of threads and processes; `run_id` is the
digest of everything that determines a run, so that an identical run need never be computed twice.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import cache
from hashlib import blake2s
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np

from tianshui import compiled, counting, evidence, opening, plan, population, registry, year
from tianshui.mechanisms import outside
from tianshui.plan import LAST_YEAR, PLAN_YEAR, Plan
from tianshui.settings import Settings
from tianshui.state import State

__all__ = ["Run", "Years", "run_id", "simulate", "simulate_together", "world_at_start"]

FIRST = 2015
_NAME = __name__


class Run(NamedTuple):
    """The record of one run; columns of equal length."""

    scenario: str
    sample: float
    seed: int
    draw: int
    until: int
    id: str
    table: dict[str, np.ndarray]
    """Columns year (i2), area, indicator (text), value (f8); 2015 holds stocks alone."""
    distributions: dict[str, np.ndarray]
    """Columns year (i2), area, measure (text), bin (i2), value (f8)."""


class Years:
    """One world, lived year by year.

    `settings` are its beliefs and outside numbers where they are no draw of the priors; what hangs on the number of the
    draw itself (the structure of the start and what is laid on it) is then still that of `draw`, and what the plan sets
    is laid over them as over a draw.

    Raises ValueError for a sample outside (0, 1] or a last year outside 2016-2035.
    """

    def __init__(
        self, plan: Plan, *, sample: float = 1.0, seed: int = 0, draw: int = 0, until: int = LAST_YEAR,
        settings: Settings | None = None,
    ) -> None:  # fmt: skip
        if not 0.0 < sample <= 1.0:
            raise ValueError(f"a sample is a share above 0 and at most 1, not {sample}")
        if not FIRST < until <= LAST_YEAR:
            raise ValueError(f"the last year lies between {FIRST + 1} and {LAST_YEAR}, not {until}")
        compiled.keep_memory()
        self.plan, self.sample, self.seed, self.draw, self.until = plan, sample, seed, draw, until
        self._drawn: Settings = registry.draw_beliefs(Settings(), draw) if settings is None else settings
        first = plan.settings_at(self._drawn, FIRST + 1)
        self._in_force: tuple[dict[str, float], Settings] = plan.laid_over(FIRST + 1), first
        self.state: State = opening.start(first, sample=sample, draw=registry.origin(draw))
        self.last: year.Year | None = None
        self.noted: counting.Noted = self._note(None, self.state, None, first)
        """What the year just ended is counted from."""
        self._counted: counting.Counted | None = None

    @property
    def counted(self) -> dict[tuple[str, str], float]:
        """Value by (area, indicator) of the year just ended."""
        return self._worked.values

    @property
    def distributions(self) -> dict[str, np.ndarray]:
        """Distributions of the year just ended: columns year, area, measure, bin, value."""
        return self._worked.distributions

    @property
    def _worked(self) -> counting.Counted:
        # Worked out when first asked for: a year is dearer alone than with others.
        if self._counted is None:
            self._counted = counting.work_out([self.noted])[0].counted()
        return self._counted

    @property
    def settings(self) -> Settings:
        """All numbers in force in the year to come."""
        to_come = self.state.year + 1
        laid_over = self.plan.laid_over(to_come)
        # Most years set what the year before set; what was worked out of its numbers then holds.
        if laid_over != self._in_force[0]:
            self._in_force = laid_over, self.plan.settings_at(self._drawn, to_come)
        return self._in_force[1]

    def branch(self, plan: Plan) -> Self:
        """The same world from here on under another plan; nothing is lived again.

        Raises ValueError when the two plans differ in any number of the years lived so far.
        """
        # The start reads the numbers of the first year.
        for lived in range(FIRST + 1, max(self.state.year, FIRST + 1) + 1):
            if _numbers(self.plan, lived) != _numbers(plan, lived):
                raise ValueError(f"{plan.name} and {self.plan.name} differ in {lived}, which has been lived")
        other = copy(self)
        other.plan = plan
        return other

    def step(self, watch: year.Watcher | None = None) -> None:
        """Live one year and note what it is counted from; `watch` is shown what households met and did."""
        settings = self.settings
        lived = year.live(self.state, self.plan, settings, seed=self.seed, share=self.sample, watch=watch)
        self.noted, self._counted = self._note(self.state, lived.state, lived, settings), None
        self.state, self.last = lived.state, lived

    def _note(
        self, before: State | None, after: State, lived: year.Year | None, settings: Settings
    ) -> counting.Noted:
        deflator, prices = outside.base_prices(settings.outside)
        return counting.note(
            before, after, lived.accounts if lived else None, lived.money if lived else None, share=self.sample,
            levers=self.plan.levers, deflator_2019=deflator, cpi_2019=prices,
            extra=year.beyond(settings, share=self.sample) | (lived.extra if lived else {}),
        )  # fmt: skip


def sources() -> str:
    """Digest of all code that a run depends on."""
    return compiled.source_digest(_NAME)


def run_id(plan: Plan, *, sample: float, seed: int, draw: int, until: int = LAST_YEAR) -> str:
    """Sixteen hex digits from everything that determines a run: numbers, luck, evidence and sources."""
    whole = {
        "plan": plan.resolved(until), "sample": sample, "seed": seed, "draw": draw, "until": until,
        "evidence": evidence.digest(), "sources": sources(),
    }  # fmt: skip
    if evidence.fitted(draw) is not None:
        whole["ensemble"] = evidence.ensemble_digest()
    return blake2s(json.dumps(whole, sort_keys=True, allow_nan=False).encode()).hexdigest()[:16]


def world_at_start(plan: Plan, draw: int) -> population.World:
    """What a run assumes of the structure of its start population."""
    settings = plan.settings_at(registry.draw_beliefs(Settings(), draw), FIRST + 1)
    return population.World(settings.structure, population.world_of(registry.origin(draw)))


def _numbers(plan: Plan, year: int) -> tuple[Any, ...]:
    """All that a plan says of one year."""
    return (
        plan.table(year).tobytes(),
        plan.numbers,
        plan.beliefs,
        plan.outside_at(year),
        plan.cuts if year >= PLAN_YEAR else {},
        plan.muted_in(year),
    )


@cache
def _columns(keys: tuple[tuple[str, str], ...]) -> tuple[np.ndarray, np.ndarray]:
    """Areas and indicators of the values of a year; most years have the same."""
    return np.array([area for area, _ in keys]), np.array([name for _, name in keys])


class _Record:
    """What the years of one world are counted from, and into."""

    def __init__(self, noted: Sequence[counting.Noted] = ()) -> None:
        self.noted = list(noted)

    def note(self, world: Years) -> None:
        self.noted.append(world.noted)

    def branch(self) -> "_Record":
        return _Record(self.noted)

    def tables(self) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """Columns year, area, indicator, value; and columns year, area, measure, bin, value."""
        worked = counting.work_out(self.noted)
        years = np.array([one.year for one in self.noted], np.int16)
        table = {
            "year": np.repeat(years, [len(one.keys) for one in worked]),
            "area": np.concatenate([_columns(one.keys)[0] for one in worked]),
            "indicator": np.concatenate([_columns(one.keys)[1] for one in worked]),
            "value": np.concatenate([one.numbers for one in worked]),
        }
        return table, counting.stack(one.distributions for one in worked)


def _alike(plans: list[tuple[int, Plan]], year: int) -> list[list[tuple[int, Plan]]]:
    """Numbered plans grouped by what they say of one year."""
    if len(plans) == 1:
        return [plans]
    groups: list[list[tuple[int, Plan]]] = []
    said: list[tuple[Any, ...]] = []
    for one in plans:
        numbers = _numbers(one[1], year)
        if numbers in said:
            groups[said.index(numbers)].append(one)
        else:
            said.append(numbers)
            groups.append([one])
    return groups


def _live(
    world: Years, record: _Record, plans: list[tuple[int, Plan]], progress: Callable[[int, int], None] | None
) -> Iterator[tuple[int, Run]]:
    """Live on under plans that have agreed so far; where they part, one after the other from the same state."""
    while world.state.year < world.until:
        groups = _alike(plans, world.state.year + 1)
        if len(groups) > 1:
            for group in groups:
                yield from _live(world.branch(group[0][1]), record.branch(), group, progress)
            return
        world.step()
        record.note(world)
        if progress is not None:
            progress(plans[0][0], world.state.year)
    for place, one in plans:
        luck = {"sample": world.sample, "seed": world.seed, "draw": world.draw, "until": world.until}
        table, distributions = record.tables()
        yield (
            place,
            Run(one.name, **luck, id=run_id(one, **luck), table=table, distributions=distributions),
        )


def simulate_together(
    plans: Sequence[Plan], *, sample: float = 1.0, seed: int = 0, draw: int = 0, until: int = LAST_YEAR,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[tuple[int, Run]]:  # fmt: skip
    """Run several plans through one world: years in which all their numbers agree are lived once.

    Gives each plan's place and record as it ends, not always in the order of the plans; every record has the bytes
    that `simulate` gives it alone. `progress` is called with a plan's place and each year that has ended.
    """
    numbered = list(enumerate(plans))
    for group in _alike(numbered, FIRST + 1):
        world = Years(group[0][1], sample=sample, seed=seed, draw=draw, until=until)
        record = _Record()
        record.note(world)
        if progress is not None:
            progress(group[0][0], FIRST)
        yield from _live(world, record, group, progress)


def simulate(
    scenario: str | Path | Plan = "plan",
    *,
    sample: float = 1.0,
    seed: int = 0,
    draw: int = 0,
    until: int = LAST_YEAR,
    scenarios: Path | str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Run:
    """Run a scenario, by name, path or as a plan at hand, and return its record.

    `sample` is a share of households; `seed` and `draw` choose luck and beliefs (draw 0: all central, draws from
    `evidence.ENSEMBLE_FROM`: rows of the fitted ensemble); `progress` is called with each year that has ended. Raises `ScenarioError` for a scenario that cannot be read.
    """
    chosen = scenario if isinstance(scenario, Plan) else plan.load(scenario, scenarios=scenarios)
    heard = None if progress is None else lambda _, year: progress(year)
    ((_, made),) = simulate_together(
        [chosen], sample=sample, seed=seed, draw=draw, until=until, progress=heard
    )
    return made
