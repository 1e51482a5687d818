"""How strongly outputs hang on inputs: screening, Sobol indices, variance split. Arrays only.

Inputs are chances u in (0, 1); a run is a row of outputs y. With d the change of one chance in a trajectory, all others
standing still (Morris 1991, Campolongo 2007), and in designs A and B of which AB_i has input i from B (Saltelli 2010):

    change          mean of y(u + d) - y(u);   size = mean of its absolute;   d = `STEP`
    strength        mean over outputs of size_i^2 / sum over inputs of size^2
    first           E[y_B (y_AB_i - y_A)] / Var y       what i alone explains
    total           E[(y_A - y_AB_i)^2] / 2 Var y       what i has a part in

Levels are the middles of equal parts of the prior, not its ends: where seven hundred numbers all lie at an end no world
is likely. Of a nested design with worlds of beliefs b, in each of which levers l and seeds s are crossed,

    y = m + b + l(b) + s(b) + e,     Var y = beliefs + levers + chance,     chance = Var s(b) + Var e

by the mean squares of a balanced analysis of variance (Searle 1992): MSe = e, MSl = e + S l, MSs = e + L s,
MSb = e + S l + L s + L S b. Levers are what they do in a world, however beliefs decide how much: what the two do only
together counts as theirs. Errors are those of a jackknife over worlds. A part may come out below zero by chance and is
left there: cut off at zero it would be too large on average.

Left out: second-order indices (twice the runs); what a step of half of the prior cannot see (an effect that rises and falls
back within it); groups of numbers; correlations of the priors, of which none is known.
"""

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

LEVELS = 4
"""Levels of the grid of a trajectory."""
LOWEST, HIGHEST = 0.5 / LEVELS, 1.0 - 0.5 / LEVELS
"""Chances of the outer levels."""
DELTA = LEVELS / (2.0 * (LEVELS - 1.0))
"""Step of a trajectory in parts of the grid, as Morris chose it."""
STEP = DELTA * (HIGHEST - LOWEST)
"""The same as a chance: one half."""
RESAMPLES = 200
"""Resamples of a confidence interval of 95 %."""


def _problem(names: Sequence[str], low: float, high: float) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[low, high]] * len(names)}


# --- Screening ----------------------------------------------------------------------------------------


def trajectories(names: Sequence[str], count: int, seed: int) -> np.ndarray:
    """The chances of some trajectories, one after the other: rows (inputs + 1 a trajectory) x inputs."""
    from SALib.sample import morris  # Here: it takes a second, which only those who ask should wait for.

    return morris.sample(_problem(names, LOWEST, HIGHEST), count, num_levels=LEVELS, seed=seed)


class Screened(NamedTuple):
    """What changing each input by a step did to one output; arrays over inputs."""

    change: np.ndarray
    size: np.ndarray
    spread: np.ndarray
    """Standard deviation of the changes: large beside the size where it hangs on the other inputs."""
    error: np.ndarray
    """Half of the 95 % interval of the size."""


def screened(names: Sequence[str], chances: np.ndarray, output: np.ndarray, seed: int) -> Screened:
    """Screen one output of whole trajectories."""
    from SALib.analyze import morris

    with warnings.catch_warnings():
        # One trajectory has no spread.
        warnings.simplefilter("ignore", RuntimeWarning)
        told = morris.analyze(
            _problem(names, LOWEST, HIGHEST), chances, output.astype(float), num_levels=LEVELS,
            num_resamples=RESAMPLES, seed=seed,
        )  # fmt: skip
    return Screened(
        *(
            DELTA * np.asarray(told[name], float)
            for name in ("mu", "mu_star", "sigma", "mu_star_conf")
        )
    )  # fmt: skip


def strength(sizes: np.ndarray) -> np.ndarray:
    """How much inputs matter over all outputs, from sizes of outputs x inputs; outputs that nothing moves do not count."""
    squares = sizes**2
    every = squares.sum(axis=1)
    moved = every > 0.0
    if not moved.any():
        return np.zeros(sizes.shape[1])
    return (squares[moved] / every[moved, None]).mean(axis=0)


# --- Sobol --------------------------------------------------------------------------------------------


def crossed(names: Sequence[str], count: int, seed: int) -> np.ndarray:
    """The chances of some base rows, each with those that cross it: rows (inputs + 2 a base row) x inputs."""
    from SALib.sample import sobol

    return sobol.sample(_problem(names, 0.0, 1.0), count, calc_second_order=False, seed=seed)


class Indexed(NamedTuple):
    """Part of one output's variance; arrays over inputs, NaN where it has none."""

    first: np.ndarray
    first_error: np.ndarray
    """Half of the 95 % interval."""
    total: np.ndarray
    total_error: np.ndarray


def indexed(names: Sequence[str], output: np.ndarray, seed: int) -> Indexed:
    """The indices of one output of whole blocks.

    Raises ValueError for seed 0, which SALib takes for none.
    """
    from SALib.analyze import sobol

    if seed < 1:
        raise ValueError("a seed of 0 leaves SALib's intervals to luck")
    if not np.ptp(output) > 0.0:
        nothing = np.full(len(names), np.nan)
        return Indexed(nothing, nothing, nothing, nothing)
    told = sobol.analyze(
        _problem(names, 0.0, 1.0), output.astype(float), calc_second_order=False, num_resamples=RESAMPLES, seed=seed
    )  # fmt: skip
    return Indexed(*(np.asarray(told[name], float) for name in ("S1", "S1_conf", "ST", "ST_conf")))


# --- Chance, beliefs, levers --------------------------------------------------------------------------


class Split(NamedTuple):
    """The variance of one output and the part of it that each source has, with standard errors."""

    mean: float
    variance: float
    beliefs: float
    levers: float
    chance: float
    beliefs_error: float
    levers_error: float
    chance_error: float


def _components(output: np.ndarray) -> np.ndarray:
    """Variances by beliefs, levers and chance, of an output over worlds x seeds x levers."""
    worlds, seeds, levers = output.shape
    world = output.mean(axis=(1, 2))
    lever, seed = output.mean(axis=1), output.mean(axis=2)
    rest = output - lever[:, None, :] - seed[:, :, None] + world[:, None, None]
    mean_rest = (rest**2).sum() / (worlds * (levers - 1) * (seeds - 1))
    mean_lever = seeds * ((lever - world[:, None]) ** 2).sum() / (worlds * (levers - 1))
    mean_seed = levers * ((seed - world[:, None]) ** 2).sum() / (worlds * (seeds - 1))
    mean_world = levers * seeds * ((world - world.mean()) ** 2).sum() / (worlds - 1)
    return np.array([
        (mean_world - mean_lever - mean_seed + mean_rest) / (levers * seeds),
        (mean_lever - mean_rest) / seeds,
        (mean_seed - mean_rest) / levers + mean_rest,
    ])  # fmt: skip


def split(output: np.ndarray) -> Split:
    """Split the variance of an output over worlds x seeds x levers; at least three, two and two of them.

    Raises ValueError for fewer.
    """
    worlds, seeds, levers = output.shape
    if worlds < 3 or seeds < 2 or levers < 2:
        raise ValueError("a variance is split over three worlds of two seeds and two plans at least")
    parts = _components(output)
    every = float(parts.sum())
    if not every > 0.0:
        return Split(float(output.mean()), every, *[float("nan")] * 6)
    left = np.array([_components(np.delete(output, world, axis=0)) for world in range(worlds)])
    whole = left.sum(axis=1, keepdims=True)
    shares = np.divide(left, whole, out=np.full_like(left, np.nan), where=whole > 0.0)
    errors = np.sqrt((worlds - 1) / worlds * ((shares - shares.mean(axis=0)) ** 2).sum(axis=0))
    return Split(float(output.mean()), every, *map(float, parts / every), *map(float, errors))
