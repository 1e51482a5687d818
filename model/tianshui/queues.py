"""Queues cut at the number of places there are: by score, lowest first, equal scores by permanent number.

Whole queues are never sorted: the score of the last one served is found by selection, and only what stands at the
cut is put in order.
"""

import numpy as np

from tianshui import sums
from tianshui.compiled import kernel, over, rule

STEPS, FEW_STEPS = 4096, 64
"""Steps of score in which a queue is first looked at, and of one counted while it forms."""


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


@kernel
def _last_steps(weights, limit, last):
    for g in range(limit.size):
        before, step = 0, 0
        while step < weights.shape[1] and before < limit[g]:
            before += weights[g, step]
            step += 1
        last[g] = step - 1


def last_steps(weights: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """The last step of each group's queue before which less than its `limit` (i8, G) stands; -1 where it is nothing.

    `weights` (i8, G x steps) stand in each step.
    """
    last = np.empty(limit.size, np.int64)
    _last_steps(weights, limit, last)
    return last


@kernel
def _ahead(group, rows, values, last, highest):
    """Keep, at the front, those whose step is not behind the last of their group; returns how many."""
    found = 0
    for k in range(rows.size):
        row, value = rows[k], values[k]
        step = int(value * FEW_STEPS)
        step = FEW_STEPS - 1 - step if highest else step
        rows[found], values[found] = row, value
        found += step <= last[group[row]]
    return found


def ahead(
    group: np.ndarray, parts: list[tuple[np.ndarray, np.ndarray]], steps: np.ndarray, limit: np.ndarray, *,
    highest: bool = False,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Rows and values of all who can be among the first of their group whose weights come to `limit` (i8, G).

    A queue that formed in `parts` (rows of the table that `group` belongs to, and values in [0, 1), which are written
    over), lowest value first or `highest`; `steps` (i8, G x FEW_STEPS) are its weights by step of value.
    """
    last = last_steps(np.ascontiguousarray(steps[:, ::-1]) if highest else steps, limit)
    most = [_ahead(group, rows, values, last, highest) for rows, values in parts]
    rows = [part[0][:some] for part, some in zip(parts, most, strict=True)]
    values = [part[1][:some] for part, some in zip(parts, most, strict=True)]
    return np.concatenate([np.empty(0, np.int64), *rows]), np.concatenate([np.empty(0), *values])


@rule
def _before(one, other, score, number):
    """Whether one stands before the other."""
    return (score[one] < score[other]) | ((score[one] == score[other]) & (number[one] < number[other]))


@kernel
def _bring_forward(line, start, stop, last, score, number):
    """Reorder `line[start:stop]` so that those who stand up to position `last` are those who come first (Hoare's find)."""
    low, high = start, stop - 1
    while low < high:
        middle, i, j = line[(low + high) // 2], low, high
        while i <= j:
            while _before(line[i], middle, score, number):
                i += 1
            while _before(middle, line[j], score, number):
                j -= 1
            if i <= j:
                line[i], line[j] = line[j], line[i]
                i += 1
                j -= 1
        if last <= j:
            high = j
        elif last >= i:
            low = i
        else:
            break


@kernel
def mark_first(group, score, number, places, served):
    """Mark those who are served: the first `places` of each group."""
    ends, line = np.zeros(places.size + 1, np.int64), np.empty(group.size, np.int64)
    for k in range(group.size):
        ends[group[k] + 1] += 1
    for g in range(places.size):
        ends[g + 1] += ends[g]
    at = ends.copy()
    for k in range(group.size):
        line[at[group[k]]] = k
        at[group[k]] += 1
    for g in range(places.size):
        start, stop, most = ends[g], ends[g + 1], max(places[g], 0)
        if 0 < most < stop - start:
            _bring_forward(line, start, stop, start + most - 1, score, number)
        for k in range(start, min(start + most, stop)):
            served[line[k]] = True


def first(group: np.ndarray, score: np.ndarray, number: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Positions, in rising order, of those who are served: the first `places` (i8, G) of each group.

    `group` (u1, below G), `score` and permanent `number` belong to the people of the queue (n each).
    """
    served = np.zeros(score.size, np.bool_)
    mark_first(group, score, number, places, served)
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
