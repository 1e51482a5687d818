"""Queues cut at the number of places there are: by score, lowest first, equal scores by permanent number.

Whole queues are never sorted: the score of the last one served is found by selection, and only what stands at the
cut is put in order.
"""

import numpy as np

from tianshui import sums
from tianshui.compiled import kernel, over

STEPS = 4096
"""Steps of score in which a queue is first looked at."""


@kernel
def _standing(column, start, stop, rows):
    found = 0
    for i in range(start, stop):
        rows[found] = i
        found += column[i] > 0
    return found


def standing(column: np.ndarray) -> np.ndarray:
    """Rows whose entry is above nought, in rising order (i8)."""

    def task(start: int, stop: int) -> np.ndarray:
        rows = np.empty(stop - start, np.int64)
        return rows[: _standing(column, start, stop, rows)].copy()

    return np.concatenate([np.empty(0, np.int64), *over(column.size, task)])


def first(group: np.ndarray, score: np.ndarray, number: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Positions, in rising order, of those who are served: the first `places` (i8, G) of each group.

    `group` (whole numbers below G), `score` and permanent `number` belong to the people of the queue (n each).
    """
    served = np.zeros(score.size, np.bool_)
    # Rows of a group are brought together, still rising.
    order = np.argsort(group.astype(np.min_scalar_type(places.size)), kind="stable")
    ends = np.cumsum(np.bincount(group, minlength=places.size))
    for here, most in enumerate(places.tolist()):
        if most <= 0:
            continue
        rows = order[ends[here - 1] if here else 0 : ends[here]]
        if rows.size > most:
            own = score[rows]
            last = np.partition(own, most - 1)[most - 1]
            tied = rows[own == last]
            rows = rows[own < last]
            tied = tied[np.argsort(number[tied], kind="stable")][: most - rows.size]
            served[tied] = True
        served[rows] = True
    return np.flatnonzero(served)


def shortlist(group: np.ndarray, score: np.ndarray, weight: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """Positions, in rising order, of all who can be among the first of their group whose weights come to `limit`.

    For queues that are cut by area or persons (`weight`, whole numbers above nought, n); `limit` is f8 (G,). Scores
    are told apart in `STEPS` steps, and the step in which the limit is reached is kept whole.
    """
    if score.size == 0:
        return np.empty(0, np.intp)
    least, span = float(score.min()), max(float(np.ptp(score)), np.finfo(np.float64).tiny)
    step = np.minimum((score - least) / span * STEPS, STEPS - 1).astype(np.int64)
    table = sums.by_group(group.astype(np.int64) * STEPS + step, weight, limit.size * STEPS)
    before = np.cumsum(table.reshape(limit.size, STEPS), axis=1) - table.reshape(limit.size, STEPS)
    last = (before <= limit[:, None]).sum(axis=1) - 1
    return np.flatnonzero(step <= last[group])
