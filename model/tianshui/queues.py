"""Queues cut at the number of places there are: by score, lowest first, equal scores by permanent number.

Whole queues are never sorted: the score of the last one served is found by selection, and only what stands at the
cut is put in order.
"""

import numpy as np


def first(group: np.ndarray, score: np.ndarray, number: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Positions, in rising order, of those who are served: the first `places` (i8, G) of each group.

    `group` (whole numbers below G), `score` and permanent `number` belong to the people of the queue (n each).
    """
    served = np.zeros(score.size, np.bool_)
    for here, most in enumerate(places.tolist()):
        if most <= 0:
            continue
        rows = np.flatnonzero(group == here)
        if rows.size > most:
            own = score[rows]
            last = np.partition(own, most - 1)[most - 1]
            tied = rows[own == last]
            rows = rows[own < last]
            tied = tied[np.argsort(number[tied], kind="stable")][: most - rows.size]
            served[tied] = True
        served[rows] = True
    return np.flatnonzero(served)


def shortlist(group: np.ndarray, score: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Positions, in rising order, of all who can be among the first `places` (i8, G) of their group.

    For queues that are cut by area or persons: `places` is then what the smallest asks would come to.
    """
    kept = np.zeros(score.size, np.bool_)
    for here, most in enumerate(places.tolist()):
        if most <= 0:
            continue
        rows = np.flatnonzero(group == here)
        if rows.size > most:
            own = score[rows]
            rows = rows[own <= np.partition(own, most - 1)[most - 1]]
        kept[rows] = True
    return np.flatnonzero(kept)
