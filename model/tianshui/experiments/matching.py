"""How many runs are held against what was observed: bands, an emulator, implausibility, distance. Arrays only.

A run is a row of outputs z, one a point (area, indicator, year); its beliefs are chances u in [0, 1) of their priors,
so that every prior is uniform in them. With observation y, error s, luck l (spread over seeds at one set of beliefs)
and discrepancy d (what the model may be off though its beliefs are right), all standard deviations:

    inside             2.5 % <= y <= 97.5 % of z + s e over the draws, e standard normal
    components         (z - mean) / v = c W + rest,  v^2 = s^2 + l^2 + d^2;  as many as hold `HELD` of the variance
    emulator           c_k(u) = a + b u + g(u) + noise,  g a Gaussian process in the beliefs that matter
    implausibility     I = |y - E z(u)| / sqrt(Var z(u) + v^2), the largest of each series (area, indicator), of which the
                       third largest decides
    distance           D^2 = mean over indicators of mean over their points of ((z - y) A)^2,  A A' the inverse of the
                       covariance of what may be off at all points; with errors of each point its own (y - z)^2 / v^2

A belief matters when its chance goes together with some component more than luck would have it among so many. The
noise of the emulator holds what all other beliefs do and so makes nothing implausible that is only unknown. D is
about 1 for a world whose errors are as large as stated.

The draws within the D closest share of those that history matching left are a sample of the posterior of rejection
ABC (Beaumont 2010): no weights, no regression that would move a draw to where nobody ran it.
"""

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import norm
from threadpoolctl import threadpool_limits

OUTER = (0.025, 0.975)
"""Chances between which a band of 95 % lies."""
HELD = 0.99
"""Part of the outputs' variance that the components hold; the rest counts as the emulator's error."""
MOST_COMPONENTS, MOST_ACTIVE = 12, 20
"""Components and beliefs of the emulator at most."""
BY_LUCK = 0.05
"""Chance that any belief at all of no effect is taken for one that matters."""
TRAINED_ON, LENGTH_FROM = 800, 400
"""Runs on which a Gaussian process stands at most, the last ones, and those of them from which its length and noise are
found: each costs their third power, and a search asks fifty times."""
DECIDES = 3
"""Which of the largest implausibilities decides: the third, because among many series two are far off by chance. Years of one
series are not counted apart: what is off in one is off in all, and three years of a single series would decide alone."""
CUT = 3.0
"""Implausibility beyond which beliefs are ruled out (Pukelsheim's three standard deviations)."""
LENGTHS, SIZES = (0.05, 100.0), (1e-5, 1e3)
"""Limits of a process's length, in weighted chances, and of its own and its noise's variance, in that of what is left."""


class Band(NamedTuple):
    """What many draws say of each point."""

    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray


def band(outputs: np.ndarray, error: np.ndarray, noise: np.ndarray) -> Band:
    """The 95 % band of what would be observed.

    Parameters
    ----------
    outputs : array
        Draws x points.
    error : array
        Standard deviation of an observation, a point.
    noise : array
        Standard normal numbers, draws x points.
    """
    seen = outputs + error * noise
    low, middle, high = np.quantile(seen, [OUTER[0], 0.5, OUTER[1]], axis=0)
    return Band(low, middle, high)


def beyond(value: np.ndarray, within: Band) -> np.ndarray:
    """How far each value lies outside its band, in half widths of it; 0 inside, negative below."""
    half = np.maximum((within.high - within.low) / 2.0, np.finfo(float).tiny)
    return (np.maximum(value - within.high, 0.0) - np.maximum(within.low - value, 0.0)) / half


def _standard(columns: np.ndarray) -> np.ndarray:
    spread = columns.std(axis=0)
    return (columns - columns.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0)


class Emulator:
    """What a run would give, guessed from its chances."""

    def __init__(self, chances: np.ndarray, outputs: np.ndarray, scale: np.ndarray) -> None:
        """Train on some runs.

        Parameters
        ----------
        chances : array
            Runs x beliefs.
        outputs : array
            Runs x points, all finite.
        scale : array
            What counts as one unit of each point.
        """
        with threadpool_limits(1):  # Another number of threads adds up in another order.
            self._train(chances, outputs, scale)

    def _train(self, chances: np.ndarray, outputs: np.ndarray, scale: np.ndarray) -> None:
        self.scale, self.mean = scale, outputs.mean(axis=0)
        scaled = (outputs - self.mean) / scale
        _, size, basis = np.linalg.svd(scaled, full_matrices=False)
        held = np.cumsum(size**2) / max(float((size**2).sum()), np.finfo(float).tiny)
        count = min(int(np.searchsorted(held, HELD)) + 1, MOST_COMPONENTS, len(size))
        self.basis = basis[:count]
        scores = scaled @ self.basis.T
        self.rest = (scaled - scores @ self.basis).var(axis=0)
        together = _standard(chances).T @ _standard(scores) / len(chances)
        self.strength = (
            (together**2) @ scores.var(axis=0) / max(float(scaled.var(axis=0).sum()), np.finfo(float).tiny)
        )
        """Part of the variance of all outputs that goes with each belief."""
        limit = norm.isf(BY_LUCK / 2.0 / together.size) / np.sqrt(len(chances))
        matter = np.flatnonzero((np.abs(together) > limit).any(axis=1))
        order = matter[np.argsort(-self.strength[matter], kind="stable")][:MOST_ACTIVE]
        self.active = order
        """Places of the beliefs that matter, the strongest first."""
        self.processes = [
            _process(chances[:, order], scores[:, k], np.abs(together[order, k])) for k in range(count)
        ]
        self.explained = 1.0 - sum(one.left for one in self.processes) / max(
            float(scaled.var(axis=0).sum()), np.finfo(float).tiny
        )
        """Part of the outputs' variance that the emulator explains where it was trained."""

    def guess(self, chances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of each point for chances of the active beliefs (rows x active)."""
        with threadpool_limits(1):
            told = [one.guess(chances) for one in self.processes]
            means = np.stack([mean for mean, _ in told], axis=1)
            variances = np.stack([variance for _, variance in told], axis=1)
            mean = self.mean + (means @ self.basis) * self.scale
            return mean, (variances @ self.basis**2 + self.rest) * self.scale**2


class _Process(NamedTuple):
    """One component: a straight line and a Gaussian process of what is left of it."""

    line: Any
    process: Any
    weight: np.ndarray
    spread: float
    left: float
    """Variance that it does not explain."""

    def guess(self, chances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if self.line is None:
            return np.zeros(len(chances)), np.full(len(chances), self.spread**2)
        mean, deviation = self.process.predict(chances * self.weight, return_std=True)
        return self.line.predict(chances) + self.spread * mean, (self.spread * deviation) ** 2


def _process(chances: np.ndarray, score: np.ndarray, strength: np.ndarray) -> _Process:
    # Imported here: it takes a second, which only those who fit should wait for.
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
    from sklearn.linear_model import LinearRegression

    if not chances.shape[1]:
        return _Process(None, None, strength, float(score.std()), float(score.var()))
    line = LinearRegression().fit(chances, score)
    left = score - line.predict(chances)
    spread = float(left.std()) or 1.0
    # A length of its own for each belief would take an hour to find; those that matter little bend little.
    weight = strength / strength.max()
    kernel = ConstantKernel(0.5, SIZES) * RBF(1.0, LENGTHS) + WhiteKernel(0.5, SIZES)
    process = GaussianProcessRegressor(kernel, normalize_y=False)
    with warnings.catch_warnings():
        # A straight component wants no process at all, which a limit stands for.
        warnings.simplefilter("ignore", ConvergenceWarning)
        process.fit(chances[-LENGTH_FROM:] * weight, left[-LENGTH_FROM:] / spread)
    noise = float(process.kernel_.k2.noise_level)  # pyright: ignore[reportAttributeAccessIssue]
    if len(chances) > LENGTH_FROM:
        process = GaussianProcessRegressor(process.kernel_, optimizer=None)  # pyright: ignore[reportArgumentType]
        process.fit(chances[-TRAINED_ON:] * weight, left[-TRAINED_ON:] / spread)
    return _Process(line, process, weight, spread, spread**2 * min(noise, 1.0))


def implausibility(
    value: np.ndarray, mean: np.ndarray, variance: np.ndarray, scale: np.ndarray, decides: int = DECIDES,
    series: Sequence[str] | None = None,
) -> np.ndarray:  # fmt: skip
    """The deciding implausibility of each row of guesses.

    Parameters
    ----------
    value : array
        Observed, a point.
    mean, variance : array
        Guessed, rows x points.
    scale : array
        Standard deviation of error, luck and discrepancy together, a point.
    decides : int
        Which of the largest: 1 for the largest itself.
    series : sequence of str, optional
        The series of each point; each counts once, with its largest. Without it every point counts.
    """
    away = np.abs(value - mean) / np.sqrt(variance + scale**2)
    if series is not None:
        names, number = np.unique(np.array(series), return_inverse=True)
        order = np.argsort(number, kind="stable")
        first = np.searchsorted(number[order], np.arange(len(names)))
        away = np.maximum.reduceat(away[:, order], first, axis=1)
    place = max(away.shape[1] - decides, 0)
    return np.partition(away, place, axis=1)[:, place]


def apart(covariance: np.ndarray) -> np.ndarray:
    """The matrix A that takes misses of some points to numbers of variance one that do not go together.

    Parameters
    ----------
    covariance : array
        Points x points, of all that may be off.
    """
    with threadpool_limits(1):
        return np.linalg.inv(np.linalg.cholesky(covariance)).T


def distance(
    value: np.ndarray, outputs: np.ndarray, whitened: np.ndarray, groups: Sequence[str]
) -> np.ndarray:
    """How far each run is from what was observed, every indicator counting alike however many points it has.

    Parameters
    ----------
    value : array
        Observed, a point.
    outputs : array
        Runs x points.
    whitened : array
        What `apart` makes of the covariance, points x points; no point may go together with one of another group.
    groups : sequence of str
        The indicator of each point.
    """
    with threadpool_limits(1):
        squares = ((outputs - value) @ whitened) ** 2
    names = sorted(dict.fromkeys(groups))
    column = np.array(groups)
    means = np.stack([squares[:, column == name].mean(axis=1) for name in names], axis=1)
    return np.sqrt(means.mean(axis=1))


def closest(away: np.ndarray, wanted: int) -> np.ndarray:
    """Places of the nearest runs, in the order of the runs; of equals the first."""
    return np.sort(np.argsort(away, kind="stable")[:wanted])
