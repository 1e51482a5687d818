"""One run: a world lived from 2015 to the end, counted year by year.

    simulate("plan", sample=0.05, seed=1)

The same plan, sample, seed and draw give the same bytes on any number of threads and processes; `run_id` is the
digest of everything that determines a run, so that an identical run need never be computed twice.
"""

import json
from collections.abc import Callable
from hashlib import blake2s
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tianshui import compiled, counting, evidence, opening, plan, registry, year
from tianshui.mechanisms import outside
from tianshui.plan import LAST_YEAR, Plan
from tianshui.settings import Settings
from tianshui.state import State

__all__ = ["Run", "Years", "run_id", "simulate"]

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

    Raises ValueError for a sample outside (0, 1] or a last year outside 2016-2035.
    """

    def __init__(
        self, plan: Plan, *, sample: float = 1.0, seed: int = 0, draw: int = 0, until: int = LAST_YEAR
    ) -> None:
        if not 0.0 < sample <= 1.0:
            raise ValueError(f"a sample is a share above 0 and at most 1, not {sample}")
        if not FIRST < until <= LAST_YEAR:
            raise ValueError(f"the last year lies between {FIRST + 1} and {LAST_YEAR}, not {until}")
        self.plan, self.sample, self.seed, self.draw, self.until = plan, sample, seed, draw, until
        self._drawn: Settings = registry.draw_beliefs(Settings(), draw)
        self.state: State = opening.start(plan.settings_at(self._drawn, FIRST + 1), sample=sample, draw=draw)
        self.last: year.Year | None = None
        self._counted = self._count(None, self.state, None)

    @property
    def counted(self) -> dict[tuple[str, str], float]:
        """Value by (area, indicator) of the year just ended."""
        return self._counted.values

    @property
    def distributions(self) -> dict[str, np.ndarray]:
        """Distributions of the year just ended: columns year, area, measure, bin, value."""
        return self._counted.distributions

    @property
    def settings(self) -> Settings:
        """All numbers in force in the year to come."""
        return self.plan.settings_at(self._drawn, self.state.year + 1)

    def step(self, watch: year.Watcher | None = None) -> None:
        """Live one year and count it; `watch` is shown what households met and did."""
        lived = year.live(
            self.state, self.plan, self.settings, seed=self.seed, share=self.sample, watch=watch
        )
        self._counted = self._count(self.state, lived.state, lived)
        self.state, self.last = lived.state, lived

    def _count(self, before: State | None, after: State, lived: year.Year | None) -> counting.Counted:
        settings = self.plan.settings_at(self._drawn, max(after.year, FIRST + 1))
        deflator, prices = outside.base_prices(settings.outside)
        return counting.count(
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
    return blake2s(json.dumps(whole, sort_keys=True, allow_nan=False).encode()).hexdigest()[:16]


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

    `sample` is a share of households; `seed` and `draw` choose luck and beliefs (draw 0: all central); `progress`
    is called with each year that has ended. Raises `ScenarioError` for a scenario that cannot be read.
    """
    chosen = scenario if isinstance(scenario, Plan) else plan.load(scenario, scenarios=scenarios)
    world = Years(chosen, sample=sample, seed=seed, draw=draw, until=until)
    names, tables, spreads = [], [], []
    while True:
        values = world.counted
        names.append((world.state.year, list(values)))
        tables.append(np.fromiter(values.values(), np.float64, len(values)))
        spreads.append(world.distributions)
        if progress is not None:
            progress(world.state.year)
        if world.state.year >= until:
            break
        world.step()
    table = {
        "year": np.concatenate([np.full(len(keys), year, np.int16) for year, keys in names]),
        "area": np.array([area for _, keys in names for area, _ in keys]),
        "indicator": np.array([name for _, keys in names for _, name in keys]),
        "value": np.concatenate(tables),
    }
    distributions = {name: np.concatenate([part[name] for part in spreads]) for name in spreads[0]}
    return Run(
        chosen.name, sample, seed, draw, until,
        run_id(chosen, sample=sample, seed=seed, draw=draw, until=until), table, distributions,
    )  # fmt: skip
