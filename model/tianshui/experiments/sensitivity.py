"""Which of all that is uncertain moves the headline numbers: screening, Sobol indices, and who makes them vary.

    morris      trajectories through all uncertain numbers at once: one number moves at a time, half of its prior
    sobol       the `TOP` numbers that moved most, all others at their central values: first and total indices
    split       worlds of the priors, plans between `no_plan` and `plan`, seeds: what each adds to the variance

The two first live `plan` and `no_plan` in one world and look at the values under the plan and at the plan's effect, plan
less no_plan; the third lives plans drawn between the two and looks at their values and at their difference from no_plan
(`indices.py` has the equations). A number enters as the chance u of its prior, as in `fit`, and three more inputs stand
beside the numbers:

    WORLD       in which of the drawn worlds the start stands: draws 1 to 4, with all that is laid on them
    ROWS        in which of `ROW_SETS` draws the assumed rows of the evidence tables are read
    LUCK        which seed: a yardstick. A number that moves less than luck matters less than which seed it is

Luck stays what it is elsewhere. In a trajectory all runs share a seed until the step that moves luck; in a block of Sobol all
runs do, so that luck stands on both sides of every difference, and is part of the variance that the indices divide by.
Groups of levers are moved by one weight each, uniform in 0 to 1: 0 is `no_plan`, 1 the plan.

A run that fails takes its trajectory, block or world along: the rest is whole, and what was lost is counted. Runs lie in
the folder as soon as some are together and the same call goes on after a stop; nothing hangs on workers or on order.

Left out: the central world and the rows as printed, which a screening never visits (blocks stand there when the two are not
among the `TOP`); levers one by one; luck that common shocks make told apart from that of single persons, which counts 1/share
times as much in a sample as in the prefecture.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial
from hashlib import blake2s
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow

from tianshui import counting, draws, evidence, registry
from tianshui.experiments import fit, indices
from tianshui.experiments.folder import checked, keep_table, writing
from tianshui.experiments.pool import Failure, Progress, Task, run_all
from tianshui.indicators import PREFECTURE
from tianshui.measures import GROUPS
from tianshui.plan import LAST_YEAR, NO_PLAN, PLAN, PLAN_YEAR, Plan, load
from tianshui.population.beliefs import WORLDS
from tianshui.run import Years, run_id
from tianshui.settings import Settings
from tianshui.words import InputError

MORRIS, SOBOL, SPLIT = STUDIES = ("morris", "sobol", "split")
"""The studies in their order; the second stands on the first."""
SAMPLE, TRAJECTORIES, BLOCKS, SPLIT_WORLDS = 0.01, 10, 128, 100
"""Share of households; trajectories; blocks, a power of two; worlds of the split, where nobody says otherwise."""
TOP = 20
"""Numbers whose indices are told."""
SPLIT_SEEDS, SPLIT_PLANS = 2, 3
"""Seeds and drawn plans in each world of the split."""
FEWEST = {MORRIS: 2, SOBOL: 4, SPLIT: 3}
"""Trajectories, blocks and worlds without which nothing can be said."""
HEADS = (
    "gdp_real", "rural_income_real", "urban_income_real", "at_risk_persons", "urban_share", "resident_population",
    "forest_cover", "emissions", "own_revenue", "debt",
)  # fmt: skip
"""Indicators of the prefecture that are looked at; money and incomes at prices of 2019 where they have such."""
YEARS = (2025, LAST_YEAR)
"""Years in which they are."""
WORLD, ROWS, LUCK = "start.world", "start.rows", "luck"
"""Inputs beside the numbers."""
BESIDE = (WORLD, ROWS, LUCK)
"""The same together."""
ROW_SETS = 16
"""Draws of the assumed rows of tables."""
SEED = 1
"""The seed of the designs and their intervals; 0 would be none."""
PLANS_KEPT = 16
"""Drawn plans that a worker keeps at hand."""
PART = 100
"""Runs of a file: what a kill can lose."""
TOLD = 5
"""Failures whose messages are kept."""


# --- Designs ------------------------------------------------------------------------------------------


class Design(NamedTuple):
    """What is lived: rows, each a world under some plans."""

    kind: str
    inputs: tuple[str, ...]
    chances: np.ndarray
    """Rows x inputs; of the split none."""
    seeds: np.ndarray
    draws: np.ndarray
    """Of the start; of the split of all numbers."""
    lines: tuple[str, ...]
    parts: np.ndarray
    """Rows x lines x groups of levers."""
    block: int
    """Rows that stand and fall together, one after the other."""

    @property
    def blocks(self) -> int:
        """Trajectories, blocks or worlds."""
        return len(self.seeds) // self.block


@cache
def inputs() -> tuple[str, ...]:
    """What a screening moves."""
    return (*fit.free(), *BESIDE)


def _level(chance: float, levels: int) -> int:
    return min(int(chance * levels), levels - 1)


def _start(names: Sequence[str], chances: np.ndarray) -> np.ndarray:
    """The draw of each row's start: 0 where the world is no input."""
    if WORLD not in names:
        return np.zeros(len(chances), np.int64)
    return np.array([1 + _level(u, WORLDS) for u in chances[:, list(names).index(WORLD)]], np.int64)


def _both(rows: int) -> tuple[tuple[str, ...], np.ndarray]:
    """The lines of `no_plan` and `plan`."""
    ends = np.stack([np.zeros(len(GROUPS)), np.ones(len(GROUPS))])
    return (NO_PLAN, PLAN), np.broadcast_to(ends, (rows, *ends.shape)).copy()


def morris(count: int, names: Sequence[str] | None = None) -> Design:
    """Trajectories through all inputs, each with its own seeds."""
    own = tuple(names or inputs())
    chances = indices.trajectories(own, count, SEED)
    block = len(own) + 1
    place = np.arange(len(chances)) // block
    level = (
        np.array([_level(u, indices.LEVELS) for u in chances[:, own.index(LUCK)]])
        if LUCK in own
        else np.zeros(len(chances), np.int64)
    )
    return Design(
        MORRIS,
        own,
        chances,
        place * indices.LEVELS + level,
        _start(own, chances),
        *_both(len(chances)),
        block,
    )


def sobol(names: Sequence[str], count: int) -> Design:
    """Blocks of some inputs, each with its own seed.

    Raises
    ------
    InputError
        When their number is no power of two: the sequence would lose its balance.
    """
    if count & (count - 1):
        raise InputError("no_power", count=count)
    chances = indices.crossed(names, count, SEED)
    block = len(names) + 2
    return Design(
        SOBOL, tuple(names), chances, np.arange(len(chances)) // block, _start(names, chances), *_both(len(chances)),
        block,
    )  # fmt: skip


def split(count: int, seeds: int = SPLIT_SEEDS, plans: int = SPLIT_PLANS, *, fitted: bool = False) -> Design:
    """Worlds of the priors or rows of the fitted ensemble, in each drawn plans crossed with seeds of its own; no_plan beside.

    Raises
    ------
    InputError
        When more rows of the ensemble are asked for than there are.
    """
    if fitted and count > (there := len(evidence.ensemble())):
        raise InputError("few_rows", count=count, there=there)
    world = np.repeat(np.arange(count), seeds)
    luck = draws.key(SEED, PLAN_YEAR, "sensitivity levers")
    parts = np.zeros((count, 1 + plans, len(GROUPS)))
    for one in range(count):
        for line in range(plans):
            for group in range(len(GROUPS)):
                parts[one, 1 + line, group] = draws.uniform(luck, one, line * len(GROUPS) + group)
    return Design(
        SPLIT, (), np.zeros((len(world), 0)), np.arange(len(world)),
        (evidence.ENSEMBLE_FROM if fitted else 1) + world,
        (NO_PLAN, *(f"{PLAN} {line}" for line in range(1, plans + 1))), parts[world], seeds,
    )  # fmt: skip


# --- Worlds -------------------------------------------------------------------------------------------


class Case(NamedTuple):
    """One row of a design."""

    number: int
    seed: int
    draw: int
    chances: Mapping[str, float]
    drawn: bool
    """Whether all numbers are those of the draw."""


def _case(design: Design, row: int) -> Case:
    return Case(
        row, int(design.seeds[row]), int(design.draws[row]),
        dict(zip(design.inputs, design.chances[row].tolist(), strict=True)), design.kind == SPLIT,
    )  # fmt: skip


@cache
def _beginning(draw: int) -> Settings:
    """Central values, those of the structure as in a draw."""
    settings = Settings()
    if not draw:
        return settings
    drawn, free = registry.draw_beliefs(settings, draw), set(fit.free())
    return registry.with_values(
        settings, {name: registry.value(drawn, name) for name in fit.uncertain() if name not in free}
    )


def settings_of(case: Case) -> Settings:
    """All numbers of a case."""
    if case.drawn:
        return registry.draw_beliefs(Settings(), case.draw)
    own = {name: chance for name, chance in case.chances.items() if name not in BESIDE}
    rows = 1 + _level(case.chances[ROWS], ROW_SETS) if ROWS in case.chances else 0
    return registry.reading_in(registry.at_chances(_beginning(case.draw), own), rows)


@cache
def _ends() -> tuple[Plan, Plan]:
    return load(NO_PLAN), load(PLAN)


@lru_cache(maxsize=PLANS_KEPT)
def plan_of(parts: tuple[float, ...]) -> Plan:
    """The plan between `no_plan` and `plan` whose groups of levers have some parts, in the order of `GROUPS`."""
    none, full = _ends()
    own = dict(zip(GROUPS, parts, strict=True))
    if not any(parts):
        return none
    return replace(
        full,
        courses={
            name: none.courses[name].between(full.courses[name], own[number.group], PLAN_YEAR)
            for name, number in full.levers.items()
        },
    )


def column(indicator: str, year: int) -> str:
    """The column of a value in the files of the runs."""
    return f"{indicator}/{year}"


Heard = Callable[[str, float], None] | None
"""Told of a line and the part of it that is done."""
Live = Callable[..., Iterator[tuple[str, dict[str, float]]]]
"""Lives a case under some plans by line; see `live`."""


def live(
    case: Case, plans: Mapping[str, Plan], *, sample: float, heads: Sequence[str], years: Sequence[int],
    heard: Heard = None,
) -> Iterator[tuple[str, dict[str, float]]]:  # fmt: skip
    """Live the world of a case under some plans, the years before 2021 once; NaN where nothing is counted."""
    until = max(years)
    first = next(iter(plans.values()))
    common = Years(
        first, sample=sample, seed=case.seed, draw=case.draw, until=until, settings=settings_of(case)
    )
    past, whole = [], until - common.state.year
    while common.state.year < min(until, PLAN_YEAR - 1):
        common.step()
        if common.state.year in years:
            past.append(common.noted)
    for line, plan in plans.items():
        world, noted = common.branch(plan), list(past)
        while world.state.year < until:
            world.step()
            if world.state.year in years:
                noted.append(world.noted)
            if heard is not None:
                heard(line, 1.0 - (until - world.state.year) / whole)
        found = {
            one.year: counted.counted().values
            for one, counted in zip(noted, counting.work_out(noted), strict=True)
        }
        yield (
            line,
            {
                column(head, year): float(found[year].get((PREFECTURE, head), np.nan))
                for head in heads
                for year in years
            },
        )


@cache
def _read_design(file: str) -> Design:
    with np.load(file) as kept:
        return Design(
            str(kept["kind"]), tuple(kept["inputs"].tolist()), kept["chances"], kept["seeds"], kept["draws"],
            tuple(kept["lines"].tolist()), kept["parts"], int(kept["block"]),
        )  # fmt: skip


def _write_design(file: Path, design: Design) -> None:
    new = file.with_name(f".{os.getpid()}.{file.name}")
    try:
        with new.open("wb") as open_file:
            np.savez(
                open_file, kind=design.kind, inputs=np.array(design.inputs, str), chances=design.chances,
                seeds=design.seeds, draws=design.draws, lines=design.lines, parts=design.parts, block=design.block,
            )  # fmt: skip
        os.replace(new, file)
    finally:
        new.unlink(missing_ok=True)


def _named(row: int, line: str) -> str:
    return f"{row}:{line}"


def _of(task: Task) -> tuple[int, str]:
    row, _, line = task.id.partition(":")
    return int(row), line


def live_tasks(
    tasks: Sequence[Task], progress: Callable[[Task, float], None] | None = None, *, file: str, lived: Live
) -> Iterator[tuple[Task, dict[str, float]]]:
    """Live the runs of some rows of a design, those of a row together."""
    design = _read_design(file)
    for row, some in groupby(tasks, key=lambda task: _of(task)[0]):
        by_line = {_of(task)[1]: task for task in some}
        plans = {
            line: plan_of(tuple(design.parts[row, design.lines.index(line)].tolist())) for line in by_line
        }
        heard = None if progress is None else _hearing(by_line, progress)
        for line, made in lived(_case(design, row), plans, sample=tasks[0].sample, heard=heard):
            yield by_line[line], made


def _hearing(
    by_line: Mapping[str, Task], progress: Callable[[Task, float], None]
) -> Callable[[str, float], None]:
    return lambda line, part: progress(by_line[line], part)


def live_task(
    task: Task, progress: Callable[[float], None] | None = None, *, file: str, lived: Live
) -> dict[str, float]:
    """Live one run of a design."""
    heard = None if progress is None else (lambda _, part: progress(part))
    ((_, made),) = live_tasks([task], heard, file=file, lived=lived)
    return made


# --- What is kept -------------------------------------------------------------------------------------


class Values(NamedTuple):
    """What the runs of a design gave."""

    design: Design
    values: np.ndarray
    """Rows x lines x columns; NaN where a run failed."""
    failures: tuple[Failure, ...]


class Kept:
    """The runs of designs: those in the folder are read, others are lived and put there, some to a file."""

    def __init__(
        self, folder: Path, *, sample: float = SAMPLE, heads: Sequence[str] = HEADS, years: Sequence[int] = YEARS,
        workers: int | None = None, watch: Callable[[Sequence[Task]], Progress] | None = None, lived: Live = live,
    ) -> None:  # fmt: skip
        self.folder, self.sample, self.workers, self.watch = folder, sample, workers, watch
        self.heads, self.years = tuple(heads), tuple(years)
        self.columns = [column(head, year) for head in heads for year in years]
        self.lived = partial(lived, heads=self.heads, years=self.years)

    def place(self, design: Design) -> Path:
        """Where the runs of a design lie: under the digest of whatever determines them."""
        luck = {"sample": self.sample, "seed": 0, "draw": 0, "until": max(self.years)}
        whole = blake2s(json.dumps([*(run_id(plan, **luck) for plan in _ends()), self.columns]).encode())
        if len(design.draws) and evidence.fitted(int(design.draws[0])) is not None:
            whole.update(evidence.ensemble_digest().encode())
        for value in design:
            whole.update(
                np.ascontiguousarray(value).tobytes()
                if isinstance(value, np.ndarray)
                else repr(value).encode()
            )
        return self.folder / "runs" / f"{design.kind}-{whole.hexdigest()[:16]}"

    def live(self, design: Design) -> Values:
        """Every run of a design."""
        place = self.place(design)
        place.mkdir(parents=True, exist_ok=True)
        file = place / "design.npz"
        if not file.is_file():
            _write_design(file, design)
        rows = self._read(place)
        plan = _ends()[1]
        tasks = [
            Task(plan, self.sample, seed, draw, max(self.years), _named(row, line), shares=number > 0)
            for row, (seed, draw) in enumerate(zip(design.seeds.tolist(), design.draws.tolist(), strict=True))
            for number, line in enumerate(design.lines)
            if (row, line) not in rows
        ]
        fresh: dict[tuple[int, str], np.ndarray] = {}

        def deliver(task: Task, made: Mapping[str, float]) -> None:
            fresh[_of(task)] = np.array([made[name] for name in self.columns])
            if len(fresh) >= PART:
                rows.update(fresh)
                self._keep(place, fresh)

        made = {"file": str(file), "lived": self.lived}
        # Rows that share a seed share no past: told apart, so that no forecast takes them for one world.
        told = [task._replace(seed=_of(task)[0]) for task in tasks]
        try:
            failures = run_all(
                tasks, deliver, workers=self.workers, progress=self.watch(told) if self.watch and told else None,
                work=partial(live_task, **made), together=partial(live_tasks, **made),
            )  # fmt: skip
        finally:
            rows.update(fresh)
            self._keep(place, fresh)
        lost = np.full(len(self.columns), np.nan)
        values = np.array(
            [[rows.get((row, line), lost) for line in design.lines] for row in range(len(design.seeds))]
        )
        return Values(design, values, tuple(failures))

    def _read(self, place: Path) -> dict[tuple[int, str], np.ndarray]:
        rows: dict[tuple[int, str], np.ndarray] = {}
        for file in sorted(place.glob("*.parquet")):
            try:
                frame = pd.read_parquet(file)
                values = frame[self.columns].to_numpy(float)
                names = list(zip(frame["row"].tolist(), frame["line"].tolist(), strict=True))
            except (OSError, pyarrow.ArrowException, KeyError):
                file.unlink()  # Cut off by a power cut or a full disk: its runs are made again.
                continue
            rows.update(zip(names, values, strict=True))
        return rows

    def _keep(self, place: Path, fresh: dict[tuple[int, str], np.ndarray]) -> None:
        if not fresh:
            return
        some = sorted(fresh)
        frame = pd.DataFrame([fresh[one] for one in some], columns=pd.Index(self.columns))
        frame.insert(0, "line", [line for _, line in some])
        frame.insert(0, "row", [row for row, _ in some])
        keep_table(place / f"{blake2s(json.dumps(some).encode()).hexdigest()[:16]}.parquet", frame)
        fresh.clear()


# --- What was found -----------------------------------------------------------------------------------


class Output(NamedTuple):
    """What is looked at."""

    indicator: str
    year: int
    effect: bool
    """Whether it is the difference from no_plan."""


class Counts(NamedTuple):
    """What a study stands on."""

    runs: int
    failed: int
    """Runs that could not be lived or gave no number."""
    blocks: int
    """Trajectories, blocks or worlds that were lived."""
    dropped: int
    """Those of them that a failed run took along."""
    not_counted: tuple[Output, ...]
    """Outputs of which no run gave a number."""
    messages: tuple[str, ...]
    """What the first failed runs said."""


class Found(NamedTuple):
    """A study: a row for each output and input (or for each output), and what it stands on."""

    rows: pd.DataFrame
    counts: Counts


def outputs(heads: Sequence[str], years: Sequence[int]) -> list[Output]:
    """Values and effects of each indicator and year."""
    return [Output(head, year, effect) for effect in (False, True) for head in heads for year in years]


def _seen(kept: Kept, lived: Values) -> tuple[Design, list[Output], np.ndarray, Counts]:
    """The whole blocks of a design, what was counted, and outputs as rows x lines but no_plan x outputs."""
    design, values = lived.design, lived.values
    every = outputs(kept.heads, kept.years)
    told = np.concatenate([values[:, 1:], values[:, 1:] - values[:, :1]], axis=2)
    there = np.isfinite(told).any(axis=(0, 1))
    # Where nothing was counted at all, every run failed.
    fine = np.isfinite(told[:, :, there]).all(axis=(1, 2)) & there.any()
    some = np.isfinite(values).any(axis=(0, 1))
    lost = ~(np.isfinite(values[:, :, some]).all(axis=2) & some.any())
    whole = fine.reshape(design.blocks, design.block).all(axis=1)
    keep = np.repeat(whole, design.block)
    counts = Counts(
        lost.size, int(lost.sum()), design.blocks, int((~whole).sum()),
        tuple(one for one, yes in zip(every, there, strict=True) if not yes),
        tuple(one.message for one in lived.failures[:TOLD]),
    )  # fmt: skip
    if whole.sum() < FEWEST[design.kind]:
        raise InputError(
            "too_few_blocks", left=int(whole.sum()), wanted=FEWEST[design.kind], all=design.blocks,
            why=counts.messages[0] if counts.messages else "–",
        )  # fmt: skip
    part = design._replace(
        chances=design.chances[keep],
        seeds=design.seeds[keep],
        draws=design.draws[keep],
        parts=design.parts[keep],
    )
    seen = [one for one, yes in zip(every, there, strict=True) if yes]
    return part, seen, told[keep][:, :, there], counts


def _frame(seen: Sequence[Output], design: Design, by_output: Sequence[Any]) -> pd.DataFrame:
    frames = [
        pd.DataFrame({"input": design.inputs, **one._asdict(), **found._asdict()})
        for one, found in zip(seen, by_output, strict=True)
    ]
    return pd.concat(frames, ignore_index=True)


def screen(kept: Kept, count: int, names: Sequence[str] | None = None) -> Found:
    """Screen all inputs with some trajectories."""
    design, seen, told, counts = _seen(kept, kept.live(morris(count, names)))
    return Found(
        _frame(
            seen,
            design,
            [
                indices.screened(design.inputs, design.chances, told[:, 0, place], SEED)
                for place in range(len(seen))
            ],
        ),
        counts,
    )


def ranked(screening: pd.DataFrame) -> pd.Series:
    """The strength of each input over all outputs of a screening, the strongest first."""
    names = screening["input"].drop_duplicates().tolist()
    sizes = screening["size"].to_numpy(float).reshape(-1, len(names))
    every = pd.Series(indices.strength(sizes), names)
    return every.iloc[np.argsort(-every.to_numpy(), kind="stable")]


def strongest(screening: pd.DataFrame, top: int = TOP) -> list[str]:
    """The inputs that matter most; luck is none of them, nor is what moved nothing."""
    order = ranked(screening)
    return [str(name) for name, one in order.items() if name != LUCK and one > 0.0][:top]


def index(kept: Kept, names: Sequence[str], count: int) -> Found:
    """The Sobol indices of some inputs with some blocks."""
    design, seen, told, counts = _seen(kept, kept.live(sobol(names, count)))
    by_output = [indices.indexed(design.inputs, told[:, 0, place], SEED) for place in range(len(seen))]
    return Found(_frame(seen, design, by_output), counts)


def shares(kept: Kept, count: int, *, fitted: bool = False) -> Found:
    """The variance of each output split into chance, beliefs and levers over some worlds."""
    design, seen, told, counts = _seen(kept, kept.live(split(count, fitted=fitted)))
    rows = [
        one._asdict() | indices.split(told[:, :, place].reshape(design.blocks, design.block, -1))._asdict()
        for place, one in enumerate(seen)
    ]
    return Found(pd.DataFrame(rows), counts)


def study(
    folder: Path,
    studies: Sequence[str] = STUDIES,
    *,
    sample: float = SAMPLE,
    trajectories: int = TRAJECTORIES,
    blocks: int = BLOCKS,
    worlds: int = SPLIT_WORLDS,
    heads: Sequence[str] = HEADS,
    years: Sequence[int] = YEARS,
    names: Sequence[str] | None = None,
    top: int = TOP,
    fitted: bool = False,
    workers: int | None = None,
    watch: Callable[[Sequence[Task]], Progress] | None = None,
    lived: Live = live,
) -> dict[str, Found]:
    """Make some studies; the folder then holds their runs and a table of each.

    Parameters
    ----------
    folder : path
        A result's own folder, new or of an earlier call.
    studies : sequence of str
        Of `STUDIES`; indices need a screening, which is then read or made.
    sample : float
        Share of households.
    trajectories, blocks, worlds : int
        How many there are of the screening, the indices (a power of two) and the split.
    heads, years : sequence
        Indicators of the prefecture and the years in which they are looked at.
    names : sequence of str, optional
        Inputs of the screening; by default all.
    top : int
        Inputs whose indices are told.
    fitted : bool
        Whether the worlds of the split are rows of the fitted ensemble instead of draws of the priors.
    workers : int, optional
        Processes; by default as many as cores and memory allow.
    watch : callable, optional
        Told what will be run; gives what is told of each.
    lived : callable
        What lives a case; see `live`.

    Raises
    ------
    InputError
        When the folder holds something else, when no input moved anything, when too little is left, or when the ensemble
        has fewer rows than worlds are asked for.
    """
    checked(folder)
    kept = Kept(folder, sample=sample, heads=heads, years=years, workers=workers, watch=watch, lived=lived)
    found: dict[str, Found] = {}
    with writing(folder):
        if MORRIS in studies or SOBOL in studies:
            found[MORRIS] = screen(kept, trajectories, names)
        if SOBOL in studies:
            chosen = strongest(found[MORRIS].rows, top)
            if not chosen:
                raise InputError("nothing_moves")
            found[SOBOL] = index(kept, chosen, blocks)
        if SPLIT in studies:
            found[SPLIT] = shares(kept, worlds, fitted=fitted)
        for name, one in found.items():
            keep_table(folder / f"{name}.parquet", one.rows)
    return found
