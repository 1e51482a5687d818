"""The fit: which of all that may be wrong agrees with what was observed up to 2019.

    check       `draws` worlds of the priors: how many observed points lie in the 95 % band of what they say
    waves       an emulator of all runs so far rules out what is implausible; `runs` of what is left are lived
    choosing    as many again; of all runs that no emulator rules out the `size` closest are the ensemble

A world of the fit is a draw of the priors under a seed of the same number and the scenario `history`: whatever survives is
a sample of the priors cut down, and a row of the ensemble can be lived by anybody from the number of its draw
(`matching.py` has the equations). Every world has its own luck, so that the band of the priors is what might have been
observed and what survives is not what suits one seed. How large luck is alone, in the sample in which the fit runs, is
measured over seeds at the central values and counts as error where a world is held against the observations.

Every run lies in the folder as soon as some are together; the same call goes on after a stop. No number hangs on how
many workers there were or on the order in which runs ended.

Left out: pyABC's populations, because their luck is NumPy's and hangs on the order of the workers; weights and regression, see
`matching.py`. Observations of 2015 are no test: the start state was built on them.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from hashlib import blake2s
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow

from tianshui import counting, draws, evidence, population, registry
from tianshui.declare import Declared
from tianshui.evidence import ENSEMBLE
from tianshui.experiments.folder import checked, keep_table, writing
from tianshui.experiments.matching import (
    CUT,
    Band,
    Emulator,
    band,
    beyond,
    closest,
    distance,
    implausibility,
)
from tianshui.experiments.pool import Progress, Task, run_all
from tianshui.experiments.series import FITTED, LAST_FIT, Observation, histories, observations
from tianshui.indicators import INDICATORS, START_YEAR
from tianshui.plan import HISTORY, Plan, load
from tianshui.population.beliefs import WORLDS
from tianshui.run import Years, run_id
from tianshui.words import InputError

SAMPLE, DRAWS, WAVES, RUNS, SIZE = 0.02, 400, 2, 300, 200
"""Share of households; draws of the check; waves; runs of a wave; rows of the ensemble, where nobody says otherwise."""
CHOOSING = 2
"""Times the runs of a wave that are lived to choose from."""
FEWEST = 20
"""Draws of the check at least: with fewer a band of 95 % is all of them."""
LUCKS = 16
"""Seeds over which luck is measured, beside the fit's own."""
SEED = 0
"""The seed of the errors of observation and of the mark of a fit's runs."""
BLOCK, CHUNK, MOST_CHUNKS = 100_000, 5_000, 10
"""Draws of a wave begin at as many times its number; so many are looked at together; so often at most."""
PART = 25
"""Runs of a file: what a kill can lose."""
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


# --- What is observed ---------------------------------------------------------------------------------


def points(rows: Iterable[Mapping[str, str]] | None = None) -> tuple[Observation, ...]:
    """What a fit may see, after the year of the start."""
    return tuple(one for one in observations(LAST_FIT, FITTED, rows=rows) if one.year > START_YEAR)


def discrepancy(point: Observation) -> float:
    """What the model may be off at a point, in its unit."""
    kind, size = DISCREPANCY.get(point.indicator, OTHERWISE)
    return size * abs(point.value) if kind == RELATIVE else size


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


def column(area: str, indicator: str, year: int) -> str:
    """The column of a point in the files of the runs."""
    return f"{area}/{indicator}/{year}"


class Kept:
    """The worlds of a fit: those in its folder are read, others are lived and put there, some to a file."""

    def __init__(
        self, folder: Path, wanted: Wanted, *, sample: float, workers: int | None = None,
        watch: Callable[[Sequence[Task]], Progress] | None = None, work: Callable[..., dict[str, float]] = observe,
        plan: Plan | None = None, until: int = LAST_FIT,
    ) -> None:  # fmt: skip
        self.sample, self.workers, self.watch = sample, workers, watch
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
            if len(fresh) >= PART:
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


def _input(settings: Any, name: str, draw: int) -> float:
    if name.startswith(WORLD):
        return float(population.world_of(draw) == int(name.removeprefix(WORLD)))
    return registry.chance(settings, name, draw)


def chances(some: Sequence[int] | np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Where in their priors some numbers of some draws lie, 1 or 0 for a world (draws x numbers)."""
    settings = registry.default_settings()
    return np.array([[_input(settings, name, int(draw)) for name in names] for draw in some]).reshape(
        len(some), len(names)
    )


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

    def __init__(self, value: np.ndarray, scale: np.ndarray) -> None:
        self.value, self.scale = value, scale
        self.emulators: list[tuple[Emulator, list[str]]] = []

    def learn(self, worlds: Worlds) -> tuple[Emulator, list[str]]:
        names = list(inputs())
        emulator = Emulator(chances(worlds.draws, names), worlds.outputs, self.scale)
        self.emulators.append((emulator, [names[place] for place in emulator.active]))
        return emulator, names

    def left(self, some: np.ndarray) -> np.ndarray:
        """Those of some draws that no emulator rules out."""
        for emulator, names in self.emulators:
            if len(some):
                guessed = emulator.guess(chances(some, names))
                some = some[implausibility(self.value, *guessed, self.scale) <= CUT]
        return some

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


def fit(
    folder: Path,
    *,
    sample: float = SAMPLE,
    draws_checked: int = DRAWS,
    waves: int = WAVES,
    runs: int = RUNS,
    size: int = SIZE,
    workers: int | None = None,
    watch: Callable[[Sequence[Task]], Progress] | None = None,
    only_check: bool = False,
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
    draws_checked, waves, runs, size : int
        Draws of the check; waves of history matching; runs of each; rows of the ensemble.
    workers : int, optional
        Processes.
    watch : callable, optional
        Told what will be lived; gives what is told of each.
    only_check : bool
        Whether to stop after the check of the priors: nothing is chosen and written then.
    work, rows
        What lives a world, and observations, in place of the model's.

    Raises
    ------
    InputError
        When the folder holds something else, or fewer worlds than `size` are left to choose from.
    """
    checked(folder)
    with writing(folder):
        seen = points(rows)
        wanted = tuple(dict.fromkeys((one.area, one.indicator, one.year) for one in seen))
        kept = Kept(folder, wanted, sample=sample, workers=workers, watch=watch, work=work)
        place = {point: number for number, point in enumerate(wanted)}
        where = np.array([place[one.area, one.indicator, one.year] for one in seen])

        def lived(some: Iterable[int]) -> Worlds:
            worlds = kept.worlds([(int(draw), int(draw)) for draw in some])
            return Worlds(worlds.draws, worlds.outputs[:, where])

        lucks = kept.worlds([(seed, 0) for seed in range(SEED + 1, SEED + 1 + LUCKS)]).outputs[:, where]
        whole = lived(range(1, draws_checked + 1))
        # What no world counts is no failure of a world.
        there = np.flatnonzero(np.isfinite(whole.outputs).any(axis=0))
        told = tuple(seen[number] for number in there)
        prior, luck = _whole(whole, there), lucks[:, there].std(axis=0, ddof=1)
        value = np.array([one.value for one in told])
        error = np.array([one.error for one in told])
        scale = np.sqrt(error**2 + luck**2 + np.array([discrepancy(one) for one in told]) ** 2)
        groups = [one.indicator for one in told]
        prior_band = band(prior.outputs, error, _noise(prior))
        away_prior = distance(value, prior.outputs, scale, groups)
        missing = tuple(one for number, one in enumerate(seen) if number not in set(there.tolist()))
        asked = draws_checked
        begun = Fit(
            told, missing, prior, prior_band, luck, (), 0, _joined([prior]), prior_band, away_prior, away_prior,
            asked - len(prior.draws),
        )  # fmt: skip
        if only_check:
            return begun
        plausible, every, known = _Plausible(value, scale), prior, []
        for number in range(1, waves + 2):
            emulator, names = plausible.learn(every)
            last = number == waves + 1
            some, looked_at, left = plausible.find(number, runs * CHOOSING if last else runs)
            asked += len(some)
            every = _joined([every, _whole(lived(some), there)])
            strength = tuple((names[one], float(emulator.strength[one])) for one in emulator.active)
            known.append(Wave(looked_at, left, len(some), float(emulator.explained), strength))
        survivors = set(plausible.left(every.draws).tolist())
        mask = np.array([draw in survivors for draw in every.draws.tolist()])
        chosen_from = Worlds(every.draws[mask], every.outputs[mask])
        if len(chosen_from.draws) < size:
            raise InputError("too_few_left", left=len(chosen_from.draws), wanted=size)
        away = distance(value, chosen_from.outputs, scale, groups)
        nearest = closest(away, size)
        ensemble = Worlds(chosen_from.draws[nearest], chosen_from.outputs[nearest])
        found = begun._replace(
            waves=tuple(known), chosen_from=len(chosen_from.draws), ensemble=ensemble, away=away[nearest],
            ensemble_band=band(ensemble.outputs, error, _noise(ensemble)), failed=asked - len(every.draws),
        )  # fmt: skip
        _write(folder, found, sample, kept)
        return found


def _write(folder: Path, found: Fit, sample: float, kept: Kept) -> None:
    """The ensemble and what it says of itself."""
    table = pd.DataFrame([numbers_of(int(draw)) for draw in found.ensemble.draws])
    table.insert(0, "distance", found.away)
    table.insert(0, "weight", 1.0 / len(table))
    table.insert(0, "draw", found.ensemble.draws)
    keep_table(folder / f"{ENSEMBLE}.parquet", table)
    told = {
        "schema": 1, "rows": len(table), "sample": sample, "until": LAST_FIT, "scenario": HISTORY,
        "prior_draws": len(found.prior.draws), "chosen_from": found.chosen_from, "failed": found.failed,
        "points": len(found.points), "distance": [float(found.away.min()), float(found.away.max())],
        "waves": [
            {"looked_at": one.looked_at, "left": one.left, "runs": one.runs, "explained": one.explained}
            for one in found.waves
        ],
        "discrepancy": {name: list(size) for name, size in DISCREPANCY.items()} | {"otherwise": list(OTHERWISE)},
        "runs": kept.folder.name, "evidence": evidence.digest(),
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


def beliefs(ensemble: Worlds) -> list[Belief]:
    """Every number that is drawn anew in every draw, those most learned first."""
    names = free()
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
    """Make the ensemble of a folder that of `--draws ensemble`; returns where it lies.

    Raises InputError when the folder holds none.
    """
    target = evidence.here()
    names = [f"{ENSEMBLE}{ending}" for ending in (".parquet", ".json")]
    # Both are there before one of the package's own is written over.
    if not all((folder / name).is_file() for name in names):
        raise InputError("no_ensemble_in", folder=folder)
    for name in names:
        (target / name).write_bytes((folder / name).read_bytes())
    return target / f"{ENSEMBLE}.parquet"
