"""The fit: which of all that may be wrong agrees with what was observed up to 2019.

    check       `draws` worlds of the priors: how many observed points lie in the 95 % band of what they say
    waves       an emulator of all runs so far rules out what is implausible; `runs` of what is left are lived
    choosing    `choosing` of what is left and not guessed to be far are lived; of all such runs the `size` closest are the ensemble
    full        some rows of the ensemble one to one: is the sample's world the whole one's?

A fit is made from the ordinary start (informed) or from what was known at the end of 2019 (honest, `hindsight.py`): its worlds
are then lived on the tables of that view, under policy as announced, and observations that rest on later values are not read.
Whether outturns of nation and province are known makes no difference to a world before 2020.

A world of the fit is a draw of the priors under a seed of the same number and the scenario `history`: whatever survives is
a sample of the priors cut down, and a row of the ensemble can be lived by anybody from the number of its draw
(`matching.py` has the equations). Every world has its own luck, so that the band of the priors is what might have been
observed and what an emulator rules out does not hang on one seed. How large luck is alone, in the sample in which the fit runs,
is measured over seeds at the central values.

Errors of the years of one series go together: a register that counts too many does so every year, and so does a model that
starts too high. In the distance half of the variance of error and discrepancy is shared by the years of a series (as between
two levels in `series.py`). A world that is off by the same in every year is
therefore nearer than one whose course is another. Growth is a change already, and its years share nothing.

What history matching leaves is mostly too far to be chosen. Before the choice the last emulator therefore guesses the distance
of a draw, and none is lived that it guesses farther than nine in ten of the near runs of the last wave were guessed by an
emulator that had not seen them. One near draw in ten is missed by this: those that luck, or beliefs that matter little, brought
near. Half of the runs are spared for it. Draws beyond that were lived are not chosen either: one region, evenly sampled.

A sample starts with a few per cent more or fewer heads than the whole: villages and households are drawn, and only some margins
are met. That is the same under every seed, so it is no luck, and it stays over the years. Heads of the sample are therefore
multiplied by what the whole start holds over what the sample's holds, a world of the structure and area each.

Luck is chosen with the beliefs: a row of the ensemble is lived under the seed of the run that was accepted, which is the number of
its draw, so that weather and prices to 2019 are those under which the run came near. Luck is keyed by year, so that of later years
is nobody's choice. The distance therefore holds no spread over seeds; implausibility does, since an emulator guesses
worlds of any luck.

Every run lies in the folder as soon as some are together; the same call goes on after a stop. No number hangs on how
many workers there were or on the order in which runs ended.

Left out: pyABC's populations, because their luck is NumPy's and hangs on the order of the workers; weights and regression, see
`matching.py`. Observations of 2015 are no test: the start state was built on them.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from hashlib import blake2s
from inspect import unwrap
from math import isnan
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow

from tianshui import counting, draws, evidence, population, registry
from tianshui.declare import Declared
from tianshui.evidence import ENSEMBLE, HONEST_ENSEMBLE
from tianshui.experiments import hindsight
from tianshui.experiments.folder import checked, keep_table, writing
from tianshui.experiments.hindsight import View
from tianshui.experiments.matching import (
    CUT,
    Band,
    Emulator,
    apart,
    band,
    beyond,
    closest,
    distance,
    implausibility,
)
from tianshui.experiments.pool import Progress, Task, run_all
from tianshui.experiments.series import FITTED, LAST_FIT, Observation, histories, observations
from tianshui.indicators import INDICATORS, START_YEAR
from tianshui.plan import FIRST_YEAR, HISTORY, Plan, load
from tianshui.population.beliefs import WORLDS
from tianshui.run import Years, run_id
from tianshui.words import InputError

SAMPLE, DRAWS, WAVES, RUNS, CHOOSING, SIZE = 0.02, 400, 2, 500, 6000, 200
"""Share of households; draws of the check; waves; runs of a wave; runs lived to choose from; rows of the ensemble: where
nobody says otherwise."""
FEWEST = 20
"""Draws of the check at least: with fewer a band of 95 % is all of them."""
LUCKS = 16
"""Seeds over which luck is measured, beside the fit's own."""
SEED = 0
"""The seed of the errors of observation and of the mark of a fit's runs."""
BLOCK, CHUNK, MOST_CHUNKS = 100_000, 5_000, 20
"""Draws of a wave begin at as many times its number; so many are looked at together; so often at most."""
PART = 25
"""Runs of a file: what a kill can lose."""
PART_FULL = 1
"""The same of worlds one to one."""
HEADS = ("net_away", "registered_population", "resident_population")
"""Indicators that count heads, of which a sample's start holds too many or too few."""
FULL = 1.0
"""The sample of a world one to one."""
SHARED = 0.5
"""Part of the variance of an error that the years of a series share; half, as `series.py` takes it of two levels."""
FEWEST_NEAR = 20
"""Near runs of the last wave at least by which it is told what is far."""
FOUND = 0.9
"""Part of those whose guess must not be far."""
BAR = 0.9
"""Part of the points that the priors' band must hold."""
LEARNED, MOVED = 0.8, 0.085
"""A belief was learned when its spread is below this part of the prior's, or its mean chance that far from one half: six
standard errors and more than four of 200 draws, where eight hundred beliefs are looked at."""
WORLD = "world "
"""Before the number of a world of the structure, where the emulator is told it."""
STRONGEST = 10
"""Trade-offs that are told."""

RELATIVE, ABSOLUTE = "relative", "absolute"
DISCREPANCY: dict[str, tuple[str, float]] = {
    "birth_rate": (ABSOLUTE, 1.0),
    "death_rate": (ABSOLUTE, 1.0),
    "forest_cover": (ABSOLUTE, 2.0),
    "gdp_real_growth": (ABSOLUTE, 1.5),
    "household_savings": (RELATIVE, 0.1),
    "natural_growth": (ABSOLUTE, 1.0),
    "net_away": (RELATIVE, 0.07),
    "own_revenue": (RELATIVE, 0.15),
    "poverty_incidence": (ABSOLUTE, 1.0),
    "registered_poor": (RELATIVE, 0.5),
    "registered_population": (RELATIVE, 0.015),
    "resident_population": (RELATIVE, 0.01),
    "rural_income_surveyed": (RELATIVE, 0.07),
    "spending": (RELATIVE, 0.1),
    "urban_income_surveyed": (RELATIVE, 0.07),
    "urban_share": (ABSOLUTE, 1.5),
}
"""How far off a model of this grain may be with all beliefs right (one standard deviation): a part of the value, or in
the indicator's unit. Judged before any run was held against a series: a county's money moves with single decisions that
are not modelled, rates and heads with rounding and registration."""
OTHERWISE = (RELATIVE, 0.08)
"""The same for every other indicator."""


class Worlds(NamedTuple):
    """What some worlds gave: rows of draws, columns of points."""

    draws: np.ndarray
    outputs: np.ndarray


class Wave(NamedTuple):
    """One wave of history matching."""

    looked_at: int
    """Draws whose implausibility was guessed."""
    left: float
    """Part of the priors that no emulator so far rules out."""
    runs: int
    explained: float
    """Part of the outputs' variance that the emulator explains."""
    active: tuple[tuple[str, float], ...]
    """Beliefs that matter, with the part of the variance that goes with each."""


class Full(NamedTuple):
    """Rows of the ensemble in the sample and one to one."""

    draws: np.ndarray
    sample: np.ndarray
    """Outputs of the sample, rows x points."""
    whole: np.ndarray
    """The same one to one."""
    away: np.ndarray
    """Distances of the sample, a row."""
    away_whole: np.ndarray


class Fit(NamedTuple):
    """Everything a fit found."""

    points: tuple[Observation, ...]
    not_counted: tuple[Observation, ...]
    """Observations of which the model counts nothing in that year."""
    prior: Worlds
    prior_band: Band
    luck: np.ndarray
    """Standard deviation over seeds, a point."""
    waves: tuple[Wave, ...]
    chosen_from: int
    ensemble: Worlds
    ensemble_band: Band
    away: np.ndarray
    """Distances of the ensemble, a row."""
    away_prior: np.ndarray
    failed: int
    """Worlds that could not be lived or gave no number."""
    scale: np.ndarray
    """Error, luck and discrepancy together, one standard deviation, a point."""
    numbers: tuple[str, ...]
    """Drawn anew in every draw, in the view of the fit."""
    full: Full | None = None


# --- What is observed ---------------------------------------------------------------------------------


def points(
    rows: Iterable[Mapping[str, str]] | None = None, *, honest: bool = False
) -> tuple[Observation, ...]:
    """What a fit may see, after the year of the start; an honest one nothing that was made from later values."""
    seen = observations(LAST_FIT, FITTED, resting=honest, rows=rows)
    return tuple(one for one in seen if one.year > START_YEAR)


def discrepancy(point: Observation) -> float:
    """What the model may be off at a point, in its unit."""
    kind, size = DISCREPANCY.get(point.indicator, OTHERWISE)
    return size * abs(point.value) if kind == RELATIVE else size


def _series(found: Sequence[Observation]) -> list[str]:
    """The series of each point."""
    return ["/".join(one.key) for one in found]


def together(found: Sequence[Observation], lucks: np.ndarray | None = None) -> np.ndarray:
    """Covariance of what may be off at some points (points x points): errors, discrepancies, and luck over seeds x points where it is given.

    Points of different series do not go together.
    """
    keys = np.array(_series(found))
    same = keys[:, None] == keys
    share = np.array([0.0 if one.use == "growth" else SHARED for one in found])
    shared = np.where(np.eye(len(found), dtype=bool), 1.0, np.sqrt(share[:, None] * share))
    error = np.array([one.error for one in found])
    off = np.array([discrepancy(one) for one in found])
    known = same * shared * (np.outer(error, error) + np.outer(off, off))
    if lucks is None:
        return known
    fine = lucks - lucks.mean(axis=0)
    return known + same * (fine.T @ fine) / max(len(lucks) - 1, 1)


def covered(rows: Iterable[Mapping[str, str]] | None = None) -> dict[tuple[str, str], float]:
    """The range that each series itself covered up to the last year of a fit, where it has two values."""
    ranges = {}
    for key, series in histories(observations(LAST_FIT, rows=rows)).items():
        values = [one.value for one in series.values()]
        if len(values) > 1:
            ranges[key] = max(values) - min(values)
    return ranges


# --- Worlds -------------------------------------------------------------------------------------------

Wanted = tuple[tuple[str, str, int], ...]
"""Area, indicator, year."""


def observe(
    task: Task, progress: Callable[[float], None] | None = None, *, wanted: Wanted
) -> dict[str, float]:
    """Live a world to the last year of a fit and keep of it what is wanted; NaN where nothing is counted."""
    world = Years(task.plan, sample=task.sample, seed=task.seed, draw=task.draw, until=task.until)
    noted = [world.noted]
    while world.state.year < task.until:
        world.step()
        noted.append(world.noted)
    found = {
        one.year: counted.counted().values
        for one, counted in zip(noted, counting.work_out(noted), strict=True)
    }
    return {column(*point): float(found[point[2]].get(point[:2], np.nan)) for point in wanted}


def heads(
    starts: Callable[..., "Kept"], wanted: Wanted, sample: float, whole: float = FULL
) -> Callable[["Worlds"], "Worlds"]:
    """What makes of worlds of a sample, at the points that are wanted, worlds with as many heads as the whole start has.

    Parameters
    ----------
    starts : callable
        Gives the worlds that were kept of some points, for a sample.
    wanted : tuple
        The points, in the order of columns.
    sample, whole : float
        Share of the households, and the share that is the whole.
    """
    counted = [number for number, point in enumerate(wanted) if point[1] in HEADS]
    if not counted or sample == whole:
        return lambda worlds: worlds
    begun = tuple(dict.fromkeys((*wanted[number][:2], START_YEAR) for number in counted))
    # Draw d starts in world d; nothing but the world moves heads before the first year.
    worlds = [(draw, draw) for draw in range(WORLDS + 1)]
    ours, theirs = (starts(begun, sample=one, part=PART_FULL).worlds(worlds) for one in (sample, whole))
    if len(ours.draws) != len(worlds) or len(theirs.draws) != len(worlds):
        raise InputError("no_start")
    with np.errstate(divide="ignore", invalid="ignore"):
        more = theirs.outputs / ours.outputs
    more = np.where(np.isfinite(more) & (more > 0.0), more, 1.0)
    factor = np.ones((len(worlds), len(wanted)))
    for number in counted:
        factor[:, number] = more[:, begun.index((*wanted[number][:2], START_YEAR))]

    def of_the_whole(some: Worlds) -> Worlds:
        place = [population.world_of(int(draw)) for draw in some.draws]
        return Worlds(some.draws, some.outputs * factor[place])

    return of_the_whole


def column(area: str, indicator: str, year: int) -> str:
    """The column of a point in the files of the runs."""
    return f"{area}/{indicator}/{year}"


class Kept:
    """The worlds of a fit: those in its folder are read, others are lived and put there, some to a file."""

    def __init__(
        self, folder: Path, wanted: Wanted, *, sample: float, workers: int | None = None,
        watch: Callable[[Sequence[Task]], Progress] | None = None, work: Callable[..., dict[str, float]] = observe,
        plan: Plan | None = None, until: int = LAST_FIT, part: int = PART,
    ) -> None:  # fmt: skip
        self.sample, self.workers, self.watch, self.part = sample, workers, watch, part
        self.wanted, self.plan, self.until = wanted, plan or load(HISTORY), until
        self.work = partial(work, wanted=wanted)
        self.columns = [column(*point) for point in wanted]
        # Whatever determines a run of this sample, and what is kept of it.
        base = run_id(self.plan, sample=sample, seed=SEED, draw=0, until=until)
        mark = blake2s(json.dumps([base, self.columns]).encode()).hexdigest()[:16]
        self.folder = folder / "runs" / mark
        self.folder.mkdir(parents=True, exist_ok=True)
        self.rows: dict[tuple[int, int], np.ndarray] = {}
        self.failed: set[tuple[int, int]] = set()
        for file in sorted(self.folder.glob("*.parquet")):
            self._read(file)

    def _read(self, file: Path) -> None:
        try:
            frame = pd.read_parquet(file)
            values = frame[self.columns].to_numpy(float)
        except (OSError, pyarrow.ArrowException, KeyError):
            file.unlink()  # Cut off by a power cut or a full disk: its runs are made again.
            return
        for seed, draw, row in zip(frame["seed"], frame["draw"], values, strict=True):
            self.rows[int(seed), int(draw)] = row

    def worlds(self, pairs: Sequence[tuple[int, int]]) -> Worlds:
        """What the worlds of some pairs of seed and draw gave, in that order; those that failed are left out."""
        missing = [pair for pair in pairs if pair not in self.rows and pair not in self.failed]
        tasks = [
            Task(self.plan, self.sample, seed, draw, self.until, f"{seed}:{draw}") for seed, draw in missing
        ]
        fresh: list[tuple[int, int]] = []

        def deliver(task: Task, made: Mapping[str, float]) -> None:
            pair = (task.seed, task.draw)
            self.rows[pair] = np.array([made[name] for name in self.columns])
            fresh.append(pair)
            if len(fresh) >= self.part:
                self._keep(fresh)

        try:
            failures = run_all(
                tasks, deliver, workers=self.workers, progress=self.watch(tasks) if self.watch and tasks else None,
                work=self.work,
            )  # fmt: skip
        finally:
            self._keep(fresh)
        self.failed |= {(one.task.seed, one.task.draw) for one in failures}
        lived = [pair for pair in pairs if pair in self.rows]
        outputs = np.array([self.rows[pair] for pair in lived]).reshape(len(lived), len(self.columns))
        return Worlds(np.array([draw for _, draw in lived], np.int64), outputs)

    def _keep(self, fresh: list[tuple[int, int]]) -> None:
        if not fresh:
            return
        some = sorted(fresh)
        frame = pd.DataFrame([self.rows[pair] for pair in some], columns=pd.Index(self.columns))
        frame.insert(0, "draw", [draw for _, draw in some])
        frame.insert(0, "seed", [seed for seed, _ in some])
        name = blake2s(json.dumps(some).encode()).hexdigest()[:16]
        keep_table(self.folder / f"{name}.parquet", frame)
        fresh.clear()


# --- Beliefs ------------------------------------------------------------------------------------------


@cache
def uncertain() -> dict[str, Declared]:
    """All numbers that a draw draws: beliefs and outside numbers of which more than one value is possible."""
    return {
        name: number
        for name, number in {**registry.beliefs(), **registry.outside_numbers()}.items()
        if number.prior is not None and number.prior[0] < number.prior[2]
    }


@cache
def inputs() -> tuple[str, ...]:
    """What the emulator hears of a draw: numbers drawn anew in every draw, and in which world it starts.

    Of the structure of the start there are a few worlds, so its hundred numbers move together as one choice.
    """
    fields = type(registry.default_settings()).model_fields
    free = [name for name in uncertain() if not fields[name.partition(".")[0]].annotation.worlds]  # pyright: ignore
    return (*free, *(f"{WORLD}{number}" for number in range(1, WORLDS + 1)))


def free() -> list[str]:
    """The numbers that are drawn anew in every draw."""
    return [name for name in inputs() if not name.startswith(WORLD)]


def worlds_of(ensemble: "Worlds") -> dict[int, float]:
    """The part of some draws that starts in each world of the structure; that of the priors is the same for all."""
    number = np.array([population.world_of(int(draw)) for draw in ensemble.draws])
    return {world: float((number == world).mean()) for world in range(1, WORLDS + 1)}


_key = unwrap(draws.key)
"""The key of a draw without its memory: millions are asked for, each once."""


def chances(some: Sequence[int] | np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Where in their priors some numbers of some draws lie, 1 or 0 for a world (draws x numbers).

    For numbers drawn anew in every draw this is `registry.chance`, without its question after the mechanism at each cell.
    """
    drawn = [int(draw) for draw in some]
    numbers = np.array([population.world_of(draw) for draw in drawn], np.int64)
    free = set(inputs())
    settings = registry.default_settings()
    told = np.empty((len(drawn), len(names)))
    for column, name in enumerate(names):
        if name.startswith(WORLD):
            told[:, column] = numbers == int(name.removeprefix(WORLD))
        elif name in free:
            told[:, column] = [draws.uniform(_key(draw, 0, name), 0, 0) for draw in drawn]
        else:
            told[:, column] = [registry.chance(settings, name, draw) for draw in drawn]
    return told


def numbers_of(draw: int) -> dict[str, float]:
    """All numbers of a draw of the priors by full name; shares of a whole add up."""
    settings = registry.draw_beliefs(registry.default_settings(), draw)
    return {name: registry.value(settings, name) for name in uncertain()}


# --- The fit ------------------------------------------------------------------------------------------


def _noise(worlds: Worlds) -> np.ndarray:
    """Errors of observation, of a draw's own and in no order (standard normal, draws x points)."""
    key = draws.key(SEED, LAST_FIT, "observation")
    return np.array(
        [
            [draws.normal(key, int(draw), place) for place in range(worlds.outputs.shape[1])]
            for draw in worlds.draws
        ]
    ).reshape(worlds.outputs.shape)


def _whole(worlds: Worlds, keep: np.ndarray) -> Worlds:
    """The points of some columns, of the worlds that have a number for each of them."""
    outputs = worlds.outputs[:, keep]
    fine = np.isfinite(outputs).all(axis=1)
    return Worlds(worlds.draws[fine], outputs[fine])


def _joined(parts: Sequence[Worlds]) -> Worlds:
    return Worlds(
        np.concatenate([one.draws for one in parts]), np.concatenate([one.outputs for one in parts])
    )


class _Plausible:
    """What the emulators so far leave of the priors."""

    def __init__(
        self, value: np.ndarray, scale: np.ndarray, series: Sequence[str], from_each: Callable[[np.ndarray], np.ndarray],
    ) -> None:  # fmt: skip
        self.value, self.scale, self.series, self.from_each = value, scale, series, from_each
        self.names = list(inputs())
        self.emulators: list[tuple[Emulator, list[str]]] = []
        self._known: dict[int, np.ndarray] = {}
        self.far = np.inf
        """Distance beyond which, by the guess of the last emulator, no draw is lived or chosen."""

    def learn(self, worlds: Worlds) -> Emulator:
        """Train one more emulator on all runs so far."""
        fresh = [draw for draw in worlds.draws.tolist() if draw not in self._known]
        self._known.update(zip(fresh, chances(fresh, self.names), strict=True))
        where = np.array([self._known[draw] for draw in worlds.draws.tolist()])
        emulator = Emulator(where, worlds.outputs, self.scale)
        self.emulators.append((emulator, [self.names[place] for place in emulator.active]))
        return emulator

    def left(self, some: np.ndarray) -> np.ndarray:
        """Those of some draws that no emulator rules out."""
        # The last one knows most: who asks it first asks the others of fewer.
        for number, (emulator, names) in enumerate(reversed(self.emulators)):
            kept = []
            for first in range(0, len(some), CHUNK):
                part = some[first : first + CHUNK]
                guessed = emulator.guess(chances(part, names))
                away = implausibility(self.value, *guessed, self.scale, series=self.series)
                fine = away <= CUT
                if number == 0 and np.isfinite(self.far):
                    fine &= self.from_each(guessed[0]) <= self.far
                kept.append(part[fine])
            some = np.concatenate(kept) if kept else some
        return some

    def tell_far(self, fresh: Worlds, part: float) -> None:
        """Learn what is far from runs that the last emulator has not seen, of which a part is to count as near."""
        near = closest(self.from_each(fresh.outputs), max(FEWEST_NEAR, round(part * len(fresh.draws))))
        emulator, names = self.emulators[-1]
        guessed, _ = emulator.guess(chances(fresh.draws[near], names))
        self.far = float(np.quantile(self.from_each(guessed), FOUND)) if len(near) else np.inf

    def find(self, block: int, wanted: int) -> tuple[np.ndarray, int, float]:
        """The first draws of a block that are left, how many were looked at, and the part that is left."""
        found: list[np.ndarray] = []
        looked_at = 0
        for chunk in range(MOST_CHUNKS):
            some = np.arange(block * BLOCK + chunk * CHUNK + 1, block * BLOCK + (chunk + 1) * CHUNK + 1)
            found.append(self.left(some))
            looked_at += CHUNK
            if sum(map(len, found)) >= wanted:
                break
        every = np.concatenate(found)
        return every[:wanted], looked_at, len(every) / looked_at


INFORMED, HONEST = View(honest=False, known=True), View(honest=True, known=False)
"""The views in which fits are made."""


def fit(
    folder: Path,
    *,
    sample: float = SAMPLE,
    draws_checked: int = DRAWS,
    waves: int = WAVES,
    runs: int = RUNS,
    choosing: int = CHOOSING,
    size: int = SIZE,
    full: int = 0,
    honest: bool = False,
    workers: int | None = None,
    watch: Callable[[Sequence[Task]], Progress] | None = None,
    only_check: bool = False,
    whole: float = FULL,
    work: Callable[..., dict[str, float]] = observe,
    rows: Iterable[Mapping[str, str]] | None = None,
) -> Fit:
    """Check the priors, rule out what is implausible, and choose the ensemble; the folder then holds it.

    Parameters
    ----------
    folder : Path
        Where runs, the ensemble and what is told of it lie; a fit that was stopped goes on there.
    sample : float
        Share of the households.
    draws_checked, waves, runs, choosing, size : int
        Draws of the check; waves of history matching; runs of each; runs to choose from; rows of the ensemble.
    full : int
        Rows of the ensemble that are lived one to one at the end.
    honest : bool
        Whether to fit what was known at the end of 2019 instead of the ordinary start.
    workers : int, optional
        Processes.
    watch : callable, optional
        Told what will be lived; gives what is told of each.
    only_check : bool
        Whether to stop after the check of the priors: nothing is chosen and written then.
    whole : float
        The sample that stands for one to one.
    work, rows
        What lives a world, and observations, in place of the model's.

    Raises
    ------
    InputError
        When the folder holds something else, or fewer worlds than `size` are left to choose from.
    """
    checked(folder)
    with writing(folder):
        view = HONEST if honest else INFORMED
        # Observations first: the tables of an honest view hold none.
        seen = points(rows, honest=honest)
        plan = hindsight.policy(view, HISTORY)
        with evidence.instead(hindsight.write(view, folder / "views" / view.name)):
            lives = partial(Kept, folder, workers=workers, watch=watch, work=work, plan=plan)
            wanted = tuple(dict.fromkeys((one.area, one.indicator, one.year) for one in seen))
            starts = heads(partial(lives, until=FIRST_YEAR), wanted, sample, whole)
            return _fit(
                folder, view, seen, wanted, lives, starts, whole=whole, sample=sample, draws_checked=draws_checked, waves=waves, runs=runs,
                choosing=choosing, size=size, full=full, only_check=only_check,
            )  # fmt: skip


def _fit(
    folder: Path, view: View, seen: Sequence[Observation], wanted: Wanted, lives: Callable[..., Kept],
    starts: Callable[[Worlds], Worlds], *, whole: float, sample: float,
    draws_checked: int, waves: int, runs: int, choosing: int, size: int, full: int, only_check: bool,
) -> Fit:  # fmt: skip
    """The fit on the tables in force."""
    kept = lives(wanted, sample=sample)
    place = {point: number for number, point in enumerate(wanted)}
    where = np.array([place[one.area, one.indicator, one.year] for one in seen])

    def of(worlds: Worlds) -> Worlds:
        return Worlds(worlds.draws, worlds.outputs[:, where])

    def lived(some: Iterable[int]) -> Worlds:
        return of(starts(kept.worlds([(int(draw), int(draw)) for draw in some])))

    lucks = of(starts(kept.worlds([(seed, 0) for seed in range(SEED + 1, SEED + 1 + LUCKS)]))).outputs
    checked_first = lived(range(1, draws_checked + 1))
    # What no world counts is no failure of a world.
    there = np.flatnonzero(np.isfinite(checked_first.outputs).any(axis=0))
    told = tuple(seen[int(number)] for number in there)
    prior, luck = _whole(checked_first, there), lucks[:, there].std(axis=0, ddof=1)
    value = np.array([one.value for one in told])
    error = np.array([one.error for one in told])
    scale = np.sqrt(error**2 + luck**2 + np.array([discrepancy(one) for one in told]) ** 2)
    from_each = partial(
        distance,
        value,
        whitened=apart(together(told)),
        groups=[one.indicator for one in told],
    )
    prior_band = band(prior.outputs, error, _noise(prior))
    away_prior = from_each(prior.outputs)
    missing = tuple(one for number, one in enumerate(seen) if number not in set(there.tolist()))
    asked = draws_checked
    begun = Fit(
        told, missing, prior, prior_band, luck, (), 0, _joined([prior]), prior_band, away_prior, away_prior,
        asked - len(prior.draws), scale, tuple(free()),
    )  # fmt: skip
    if only_check:
        return begun
    plausible, every, known = _Plausible(value, scale, _series(told), from_each), prior, []
    fresh = prior
    for number in range(1, waves + 2):
        if known and number == waves + 1:
            plausible.tell_far(fresh, size / (len(every.draws) + choosing))
        emulator = plausible.learn(every)
        some, looked_at, left = plausible.find(number, choosing if number == waves + 1 else runs)
        asked += len(some)
        fresh = _whole(lived(some), there)
        every = _joined([every, fresh])
        strength = tuple((plausible.names[one], float(emulator.strength[one])) for one in emulator.active)
        known.append(Wave(looked_at, left, len(some), float(emulator.explained), strength))
    survivors = set(plausible.left(every.draws).tolist())
    mask = np.array([draw in survivors for draw in every.draws.tolist()])
    chosen_from = Worlds(every.draws[mask], every.outputs[mask])
    if len(chosen_from.draws) < size:
        raise InputError("too_few_left", left=len(chosen_from.draws), wanted=size)
    away = from_each(chosen_from.outputs)
    nearest = closest(away, size)
    ensemble = Worlds(chosen_from.draws[nearest], chosen_from.outputs[nearest])
    found = begun._replace(
        waves=tuple(known), chosen_from=len(chosen_from.draws), ensemble=ensemble, away=away[nearest],
        ensemble_band=band(ensemble.outputs, error, _noise(ensemble)), failed=asked - len(every.draws),
    )  # fmt: skip
    if full:
        # Some of all distances, not the nearest alone, which are the luckiest.
        order = np.argsort(found.away, kind="stable")
        rows = np.sort(order[np.linspace(0, size - 1, min(full, size)).round().astype(int)])
        pairs = [(draw, draw) for draw in ensemble.draws[rows].tolist()]
        one_to_one = of(lives(wanted, sample=whole, part=PART_FULL).worlds(pairs))
        alike = rows[np.isin(ensemble.draws[rows], one_to_one.draws)]
        outputs = one_to_one.outputs[:, there]
        found = found._replace(
            full=Full(
                one_to_one.draws, ensemble.outputs[alike], outputs, found.away[alike], from_each(outputs)
            )
        )
    _write(folder, view, found, sample, kept)
    return found


def _write(folder: Path, view: View, found: Fit, sample: float, kept: Kept) -> None:
    """The ensemble and what it says of itself."""
    table = pd.DataFrame([numbers_of(int(draw)) for draw in found.ensemble.draws])
    table.insert(0, "distance", found.away)
    table.insert(0, "weight", 1.0 / len(table))
    table.insert(0, "draw", found.ensemble.draws)
    keep_table(folder / f"{ENSEMBLE}.parquet", table)
    told = {
        "schema": 1, "view": view.start, "rows": len(table), "sample": sample, "until": LAST_FIT, "scenario": kept.plan.name,
        "prior_draws": len(found.prior.draws), "chosen_from": found.chosen_from, "failed": found.failed,
        "points": len(found.points), "distance": [float(found.away.min()), float(found.away.max())],
        "distance_prior": float(np.median(found.away_prior)),
        "waves": [
            {"looked_at": one.looked_at, "left": one.left, "runs": one.runs, "explained": one.explained}
            for one in found.waves
        ],
        "discrepancy": {name: list(size) for name, size in DISCREPANCY.items()} | {"otherwise": list(OTHERWISE)},
        "shared": SHARED, "full": full_record(found), "runs": kept.folder.name, "evidence": evidence.digest(),
        "observations": blake2s(repr(found.points).encode()).hexdigest()[:16],
    }  # fmt: skip
    text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    (folder / f"{ENSEMBLE}.json").write_text(text, encoding="utf-8")


# --- What was found -----------------------------------------------------------------------------------


class Checked(NamedTuple):
    """One indicator, or all of them, under a band."""

    indicator: str
    """Empty for all."""
    points: int
    inside: int
    width: float
    """Median over the points of the band's width in parts of the observed value (of one unit where that is zero)."""
    against: float
    """Median over the series of the band's width over the range that the series itself covered; NaN without one."""
    missed: float
    """The furthest miss, in half widths of the band; below it negative, 0 without one."""
    where: str
    """Area and year of the furthest miss."""


def checks(
    found: Sequence[Observation], within: Band, ranges: Mapping[tuple[str, str], float]
) -> list[Checked]:
    """The band against what was observed, indicator by indicator and in all (first)."""
    names = ["", *sorted(dict.fromkeys(one.indicator for one in found), key=list(INDICATORS).index)]
    value = np.array([one.value for one in found])
    out, width = beyond(value, within), within.high - within.low
    rows = []
    for name in names:
        mine = [number for number, one in enumerate(found) if not name or one.indicator == name]
        over = [width[n] / ranges[found[n].key] for n in mine if ranges.get(found[n].key, 0.0) > 0.0]
        worst = max(mine, key=lambda n: abs(out[n]))
        rows.append(
            Checked(
                name, len(mine), sum(out[n] == 0.0 for n in mine),
                float(np.median([width[n] / (abs(value[n]) or 1.0) for n in mine])),
                float(np.median(over)) if over else float("nan"), float(out[worst]),
                f"{found[worst].area} {found[worst].year}" if out[worst] else "",
            )
        )  # fmt: skip
    return rows


class Whole(NamedTuple):
    """How far worlds of the sample are from the same worlds one to one, at the points of one indicator or at all."""

    indicator: str
    """Empty for all."""
    points: int
    shift: float
    """Mean of one to one less sample, in parts of error, luck and discrepancy together."""
    size: float
    """Root mean square of the same."""
    by_luck: float
    """Root mean square in standard deviations of luck: about one where luck is all, since most of it is the sample's."""
    by_error: float
    """Root mean square in standard deviations of the error of observation."""


def wholes(found: Fit) -> list[Whole]:
    """What a sample does to the points, indicator by indicator and in all (first); empty when nothing was lived one to one."""
    if found.full is None or not len(found.full.draws):
        return []
    off = found.full.whole - found.full.sample
    error = np.array([one.error for one in found.points])
    # A point on which luck has no hold says nothing in its parts.
    luck = np.where(found.luck > 0.0, found.luck, np.nan)

    def size(parts: np.ndarray) -> float:
        told = parts[:, np.isfinite(parts).all(axis=0)]
        return float(np.sqrt((told**2).mean())) if told.size else float("nan")

    rows = []
    for name in ["", *sorted({one.indicator for one in found.points}, key=list(INDICATORS).index)]:
        mine = np.array([not name or one.indicator == name for one in found.points])
        parts = (off / found.scale)[:, mine]
        rows.append(
            Whole(name, int(mine.sum()), float(parts.mean()), size(parts), size((off / luck)[:, mine]),
                  size((off / error)[:, mine]))
        )  # fmt: skip
    return rows


def full_record(found: Fit) -> dict[str, Any] | None:
    """The check one to one as nested plain values."""
    if found.full is None or not len(found.full.draws):
        return None
    return {
        "draws": found.full.draws.tolist(),
        "distance": found.full.away.tolist(),
        "distance_full": found.full.away_whole.tolist(),
        "indicators": [
            {
                name: None if isinstance(one, float) and isnan(one) else one
                for name, one in row._asdict().items()
            }
            for row in wholes(found)
        ],
    }


class Belief(NamedTuple):
    """What the fit says of one number."""

    name: str
    spread: float
    """Standard deviation in the ensemble over that of its prior, both of the chance."""
    mean: float
    """Mean chance: one half when nothing was learned."""

    @property
    def learned(self) -> bool:
        """Whether it says more than the prior did."""
        return self.spread < LEARNED or abs(self.mean - 0.5) > MOVED


def beliefs(ensemble: Worlds, names: Sequence[str] | None = None) -> list[Belief]:
    """Every number that is drawn anew in every draw (or some of them), those most learned first."""
    names = free() if names is None else names
    where = chances(ensemble.draws, names)
    uniform = np.sqrt(1.0 / 12.0)
    rows = [
        Belief(name, float(where[:, n].std(ddof=1) / uniform), float(where[:, n].mean()))
        for n, name in enumerate(names)
    ]
    return sorted(rows, key=lambda one: (-max(1.0 - one.spread, 2.0 * abs(one.mean - 0.5)), one.name))


class Trade(NamedTuple):
    """Two beliefs of which the fit knows rather the sum or the difference than each."""

    one: str
    other: str
    correlation: float


def trades(ensemble: Worlds, names: Sequence[str], most: int = STRONGEST) -> list[Trade]:
    """The strongest correlations in the ensemble among some beliefs."""
    if len(names) < 2:
        return []
    together = np.corrcoef(chances(ensemble.draws, names), rowvar=False)
    pairs = [
        Trade(names[a], names[b], float(together[a, b]))
        for a in range(len(names))
        for b in range(a + 1, len(names))
    ]
    return sorted(pairs, key=lambda one: (-abs(one.correlation), one.one, one.other))[:most]


def matter(found: Fit) -> list[str]:
    """The beliefs that some wave found to matter, in order of their strength there; worlds are none."""
    strength: dict[str, float] = {}
    for wave in found.waves:
        for name, size in (pair for pair in wave.active if not pair[0].startswith(WORLD)):
            strength[name] = max(size, strength.get(name, 0.0))
    return sorted(strength, key=lambda name: (-strength[name], name))


def install(folder: Path) -> Path:
    """Make the ensemble of a folder that of `--draws ensemble`, one of the honest start that of its backtests; returns where it lies.

    Raises InputError when the folder holds none that is whole.
    """
    # Both files are read before one of the package's own is written over.
    target, start = evidence.here(), hindsight.fitted_in(folder)
    name = HONEST_ENSEMBLE if start == HONEST.start else ENSEMBLE
    for ending in (".parquet", ".json"):
        (target / f"{name}{ending}").write_bytes((folder / f"{ENSEMBLE}{ending}").read_bytes())
    return target / f"{name}.parquet"
