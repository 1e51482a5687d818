"""How good a forecast was: scores of values and of ensembles, as pure functions of arrays.

    relative MAE   mean |forecast - value| over the same of the naive forecast; below 1 is better than it
    pooled         geometric mean over the series of their relative MAE, each weighed by its values, so that persons and
                   yuan can stand side by side and one series of large misses decides nothing alone
    CRPS           mean |x - value| - mean |x - x'| / 2 over members x, x' of the ensemble (weighed); in the value's
                   unit, |forecast - value| for an ensemble of one
    coverage       part of the values inside the central interval of a probability
    PIT            part of the ensemble below the value, ties by half; even between 0 and 1 if spread is as it should be

The interval of the pooled figure comes from drawing whole counties with replacement (the prefecture is drawn as one of them),
because the series of a county share its weather, its offices and its luck. Counties draw by `tianshui.draws`.

Leaving a county out weighs the members of the ensemble anew by how well each meets the rows of all other areas, so that
the county is forecast by members that were not chosen for it. The prefecture's rows hold every county's, and so a
county's own as well: they are left out with it where the same indicator is observed in the counties.

A naive forecast that was exact in every value of a series leaves nothing to divide by: such a series is not scored, and
said to be so.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from tianshui.draws import key, normal, uniform
from tianshui.indicators import PREFECTURE

PROBABILITIES = (0.5, 0.8, 0.95)
"""Of the intervals that are scored."""
DRAWS = 2000
"""Draws of counties behind an interval of the pooled figure."""
DRAWN = "scores.counties"
"""Name under which they are drawn."""
HALF = 0.5
LEAST = 1e-3
"""Least relative MAE of a series that enters the pooled figure: a logarithm has no end."""


class Cell(NamedTuple):
    """One value that was forecast."""

    area: str
    indicator: str
    year: int
    value: float
    forecast: float
    """The middle of the model's ensemble."""
    baseline: float
    """The naive forecast."""


class Pooled(NamedTuple):
    """A comparison over many cells."""

    middle: float
    low: float
    high: float
    cells: int
    series: int
    """Series (indicator of an area) that were scored."""
    left_out: tuple[tuple[str, str], ...]
    """Series whose naive forecast was exact."""


# --- Values ---------------------------------------------------------------------------------------------


def mean_absolute_error(forecast: np.ndarray, value: np.ndarray) -> float:
    """Mean of the absolute misses, in the values' unit."""
    return float(np.abs(np.asarray(forecast) - np.asarray(value)).mean())


def relative(forecast: np.ndarray, baseline: np.ndarray, value: np.ndarray) -> float:
    """Mean absolute error over that of the naive forecast; not a number when that was exact."""
    against = mean_absolute_error(baseline, value)
    return mean_absolute_error(forecast, value) / against if against > 0 else float("nan")


def anchored(members: np.ndarray, at_last: np.ndarray, observed: float, *, log: bool) -> np.ndarray:
    """Members moved so that each meets the last observed value, by a factor (`log`) or a sum.

    The naive forecasts start from that value; the model runs free from 2015. What is scored then is the change
    since, and the table must say which of the two it shows.
    """
    members, at_last = np.asarray(members, float), np.asarray(at_last, float)
    return members * (observed / at_last) if log else members + (observed - at_last)


# --- Ensembles ------------------------------------------------------------------------------------------


def _weights(members: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    if weights is None:
        return np.full(members.size, 1.0 / members.size)
    weights = np.asarray(weights, float)
    if weights.shape != members.shape or (weights < 0).any() or not weights.sum() > 0:
        raise ValueError("one weight a member, none below nought and not all nought")
    return weights / weights.sum()


def crps(members: np.ndarray, value: float, weights: np.ndarray | None = None) -> float:
    """Continuous ranked probability score of an ensemble, in the value's unit; nought is best."""
    members = np.asarray(members, float)
    w = _weights(members, weights)
    order = np.argsort(members, kind="stable")
    x, w = members[order], w[order]
    # Half the mean distance of two members: the area under F (1 - F) between neighbours.
    below = np.cumsum(w)[:-1]
    apart = float((below * (1.0 - below) * np.diff(x)).sum())
    return float((w * np.abs(x - value)).sum()) - apart


def quantile(members: np.ndarray, chances: Sequence[float], weights: np.ndarray | None = None) -> np.ndarray:
    """Values that the ensemble leaves below it with given chances.

    Straight between members, each of which stands at the middle of its own weight, as Hazen has it; the ends are the
    least and the greatest member.
    """
    members = np.asarray(members, float)
    w = _weights(members, weights)
    order = np.argsort(members, kind="stable")
    place = np.cumsum(w[order]) - w[order] * HALF
    return np.interp(np.asarray(chances, float), place, members[order])


def interval(
    members: np.ndarray, probability: float, weights: np.ndarray | None = None
) -> tuple[float, float]:
    """Bounds of the central interval of a probability."""
    tail = (1.0 - probability) * HALF
    low, high = quantile(members, (tail, 1.0 - tail), weights)
    return float(low), float(high)


def pit(members: np.ndarray, value: float, weights: np.ndarray | None = None) -> float:
    """Part of the ensemble below the value, what equals it by half."""
    members = np.asarray(members, float)
    w = _weights(members, weights)
    return float(w[members < value].sum() + HALF * w[members == value].sum())


def with_error(members: np.ndarray, error: float, year: int, name: str) -> np.ndarray:
    """Members as they would be observed: each with a normal error of its own.

    A value that is held against them bears such an error; an interval without it is too narrow by it. Draws
    belong to the name of the series and the member's place.
    """
    luck = key(0, year, f"scores.error/{name}")
    noise = np.array([normal(luck, np.uint64(member), 0) for member in range(len(members))])
    return np.asarray(members, float) + error * noise


class Coverage(NamedTuple):
    """Intervals of a probability over many values."""

    probability: float
    inside: float
    """Part of the values inside."""
    width: float
    """Median over the values of the width over that of the naive forecast's interval."""
    cells: int
    compared: int
    """Values whose naive forecast has an interval."""


def coverage(
    intervals: np.ndarray, values: np.ndarray, probability: float, against: np.ndarray | None = None
) -> Coverage:
    """How many values lie inside their intervals, and how wide these are.

    Parameters
    ----------
    intervals : array
        (n, 2): bounds.
    values : array
        (n,): what was observed.
    probability : float
        Of the intervals.
    against : array, optional
        (n, 2): bounds of the naive forecasts, not numbers where there are none.
    """
    intervals, values = np.asarray(intervals, float), np.asarray(values, float)
    inside = float(((intervals[:, 0] <= values) & (values <= intervals[:, 1])).mean())
    if against is None:
        return Coverage(probability, inside, float("nan"), values.size, 0)
    theirs = np.diff(np.asarray(against, float), axis=1)[:, 0]
    there = np.isfinite(theirs) & (theirs > 0)
    ratios = np.diff(intervals, axis=1)[there, 0] / theirs[there]
    width = float(np.median(ratios)) if ratios.size else float("nan")
    return Coverage(probability, inside, width, values.size, int(there.sum()))


# --- One figure for all ------------------------------------------------------------------------------------


def by_series(cells: Sequence[Cell]) -> dict[tuple[str, str], tuple[float, int]]:
    """Relative MAE and number of values by area and indicator; not a number where the naive forecast was exact."""
    found: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        found.setdefault((cell.area, cell.indicator), []).append(cell)
    return {
        series: (
            relative(
                np.array([cell.forecast for cell in own]), np.array([cell.baseline for cell in own]),
                np.array([cell.value for cell in own]),
            ),
            len(own),
        )
        for series, own in found.items()
    }  # fmt: skip


def pooled(cells: Sequence[Cell], *, seed: int = 1, draws: int = DRAWS, probability: float = 0.95) -> Pooled:
    """Weighed geometric mean of the series' relative MAE, and its interval from drawing counties with replacement.

    A series that the model meets exactly has a logarithm without end: its relative MAE counts as that of one value in
    a thousand of the naive forecast's error.
    """
    scored = by_series(cells)
    left_out = tuple(sorted(series for series, (ratio, _) in scored.items() if np.isnan(ratio)))
    kept = {series: one for series, one in scored.items() if series not in left_out}
    if not kept:
        raise ValueError("no series can be scored")
    areas = sorted({area for area, _ in kept})
    sums, counts = np.zeros(len(areas)), np.zeros(len(areas))
    for (area, _), (ratio, count) in kept.items():
        place = areas.index(area)
        sums[place] += count * np.log(max(ratio, LEAST))
        counts[place] += count
    luck = key(seed, 0, DRAWN)
    chosen = np.array([
        [int(uniform(luck, np.uint64(draw), place) * len(areas)) for place in range(len(areas))]
        for draw in range(draws)
    ])  # fmt: skip
    means = np.exp(sums[chosen].sum(axis=1) / counts[chosen].sum(axis=1))
    tail = (1.0 - probability) * HALF
    low, high = np.quantile(means, (tail, 1.0 - tail))
    middle = float(np.exp(sums.sum() / counts.sum()))
    return Pooled(middle, float(low), float(high), int(counts.sum()), len(kept), left_out)


# --- A county left out ------------------------------------------------------------------------------------


def log_likelihood(members: np.ndarray, values: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """Log likelihood of each member, less a constant: rows (members, n) against values with normal errors (n,)."""
    off = (np.asarray(members, float) - np.asarray(values, float)) / np.asarray(errors, float)
    return -HALF * (off**2).sum(axis=1)


def without_county(
    county: str, members: np.ndarray, series: Sequence[tuple[str, str]], values: np.ndarray, errors: np.ndarray,
    temper: float = 1.0,
) -> np.ndarray:  # fmt: skip
    """Weights of the members (sum 1) by how they meet the rows that do not hold this county.

    Parameters
    ----------
    county : str
        Who is left out.
    members : array
        (members, n): what each gives for the rows of a fit.
    series : sequence of pairs
        Area and indicator of each row.
    values, errors : array
        (n,): what was observed, and one standard deviation, of the model's own misfit as well.
    temper : float
        Power of the likelihood, 0 to 1: below 1 where rows share their errors.
    """
    in_counties = {indicator for area, indicator in series if area != PREFECTURE}
    kept = np.array([
        area != county and not (area == PREFECTURE and indicator in in_counties) for area, indicator in series
    ])  # fmt: skip
    logs = temper * log_likelihood(
        np.asarray(members)[:, kept], np.asarray(values)[kept], np.asarray(errors)[kept]
    )
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


def effective(weights: np.ndarray) -> float:
    """Number of members of equal weight that would say as much: few mean that the weights rest on few runs."""
    weights = np.asarray(weights, float)
    return float(weights.sum() ** 2 / (weights**2).sum())


def tally(chances: Sequence[float], bins: int) -> np.ndarray:
    """How many PIT values fall into each of equal bins; even if the ensemble's spread is as it should be."""
    places = np.minimum((np.asarray(chances, float) * bins).astype(int), bins - 1)
    return np.bincount(places, minlength=bins)


def by_block(cells: Sequence[Cell], blocks: Mapping[str, str]) -> dict[str, float]:
    """Weighed geometric mean of relative MAE by block of indicators (indicator to block), losses and gains alike."""
    found: dict[str, list[tuple[float, int]]] = {}
    for (_, indicator), one in by_series(cells).items():
        if not np.isnan(one[0]):
            found.setdefault(blocks[indicator], []).append(one)
    return {
        block: float(np.exp(sum(count * np.log(max(ratio, LEAST)) for ratio, count in rows) / sum(c for _, c in rows)))
        for block, rows in found.items()
    }  # fmt: skip
