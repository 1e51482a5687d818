"""Sums of persons and households by county or village: what the two sides of an account are held against.

Rows are read in blocks on all threads and the blocks' tables are added in the order of the blocks, so a total has
the same bytes on any number of threads.
"""

from collections.abc import Callable

import numpy as np

from tianshui.compiled import kernel, over
from tianshui.state import CITY, COUNTIES, OUTSIDE, WORK_AWAY, Households, Persons

PLACES, SETTINGS, WORKS = OUTSIDE + 1, CITY + 2, WORK_AWAY + 1


def added(rows: int, task: Callable[[int, int], np.ndarray], empty: np.ndarray) -> np.ndarray:
    """What `task(start, stop)` returns for each block of rows, added up from `empty` on in the order of the blocks."""
    total = empty
    for part in over(rows, task):
        total = total + part
    return total


@kernel
def _by_group(group, amount, start, stop, table):
    # Rows of a group lie together: its sum is kept at hand until the next group begins.
    total, here = 0.0, group[start]
    for h in range(start, stop):
        if group[h] != here:
            table[here] += total
            total, here = 0.0, group[h]
        total += amount[h]
    table[here] += total


def by_group(group: np.ndarray, amount: np.ndarray, groups: int) -> np.ndarray:
    """Amounts of rows (n) summed by their group (whole numbers, n): f8 (groups,)."""

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros(groups)
        _by_group(group, amount, start, stop, table)
        return table

    return added(group.size, task, np.zeros(groups))


def by_county(county: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """Amounts of households (H) summed by county of registration: f8 (7,)."""
    return by_group(county, amount, len(COUNTIES))


@kernel
def _members(first, county, start, stop, table):
    for h in range(start, stop):
        table[county[h]] += first[h + 1] - first[h]


def members(households: Households) -> np.ndarray:
    """Registered persons by county of registration: i8 (7,)."""

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros(len(COUNTIES), np.int64)
        _members(households.first, households.county, start, stop, table)
        return table

    return added(households.number.size, task, np.zeros(len(COUNTIES), np.int64))


@kernel
def _people(place, setting, work, start, stop, table):
    for i in range(start, stop):
        table[place[i], setting[i], work[i]] += 1


def people(persons: Persons) -> np.ndarray:
    """Persons by place, setting and work: i8 (8, 4, 16)."""

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((PLACES, SETTINGS, WORKS), np.int64)
        _people(persons.place, persons.setting, persons.work, start, stop, table)
        return table

    return added(persons.number.size, task, np.zeros((PLACES, SETTINGS, WORKS), np.int64))
