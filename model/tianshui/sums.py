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
def run_end(group, begin, stop):
    """Row after the run of equal groups that begins in row `begin`, at most `stop`."""
    here, changes = group[begin:stop], 0
    for j in range(1, stop - begin):
        changes += here[j] != here[0]
    end = stop if changes == 0 else begin + 1
    while end < stop and group[end] == group[begin]:
        end += 1
    return end


@kernel
def _runs(group, start, stop, edges):
    # Where a run of equal groups begins, and the end of the last. Most blocks are one run.
    here, changes = group[start:stop], 0
    for j in range(1, stop - start):
        changes += here[j] != here[j - 1]
    found = 1
    edges[0] = start
    for h in range(start + 1, stop if changes > 0 else start):
        edges[found] = h
        found += group[h] != group[h - 1]
    edges[found] = stop
    return found


@kernel
def _whole(group, column, edges, runs, k, table):
    for run in range(runs):
        numbers, total = column[edges[run] : edges[run + 1]], 0
        for j in range(numbers.size):
            total += int(numbers[j])
        table[group[edges[run]], k] += total


@kernel
def _whole_where(group, column, flag, edges, runs, k, table):
    for run in range(runs):
        numbers, marks, total = column[edges[run] : edges[run + 1]], flag[edges[run] : edges[run + 1]], 0
        for j in range(numbers.size):
            total += int(numbers[j]) * int(marks[j] != 0)
        table[group[edges[run]], k] += total


def wholes(group: np.ndarray, columns: tuple[np.ndarray, ...], groups: int = len(COUNTIES)) -> np.ndarray:
    """Columns of whole numbers (n each) summed by the group of their rows (whole numbers, n): i8 (groups, columns)."""

    def task(start: int, stop: int) -> np.ndarray:
        table, edges = np.zeros((groups, len(columns)), np.int64), np.empty(stop - start + 1, np.int64)
        runs = _runs(group, start, stop, edges)
        for k, column in enumerate(columns):
            _whole(group, column, edges, runs, k, table)
        return table

    return added(group.size, task, np.zeros((groups, len(columns)), np.int64))


def wholes_where(county: np.ndarray, column: np.ndarray, flags: tuple[np.ndarray, ...]) -> np.ndarray:
    """A column of whole numbers (H) summed by county over the rows where a flag is set: i8 (7, flags)."""

    def task(start: int, stop: int) -> np.ndarray:
        table, edges = np.zeros((len(COUNTIES), len(flags)), np.int64), np.empty(stop - start + 1, np.int64)
        runs = _runs(county, start, stop, edges)
        for k, flag in enumerate(flags):
            _whole_where(county, column, flag, edges, runs, k, table)
        return table

    return added(county.size, task, np.zeros((len(COUNTIES), len(flags)), np.int64))


@kernel
def registered_here(first, county, farm_hukou, start, stop, table):
    """Add persons of households `start:stop` to `table` by county of registration: all, and the agricultural ones."""
    begin = start
    while begin < stop:
        end = run_end(county, begin, stop)
        table[county[begin], 0] += np.int64(first[end]) - np.int64(first[begin])
        farms, edges, farmers = farm_hukou[begin:end], first[begin : end + 1], 0
        for j in range(farms.size):
            farmers += (np.int64(edges[j + 1]) - np.int64(edges[j])) * np.int64(farms[j] != 0)
        table[county[begin], 1] += farmers
        begin = end


def registered(households: Households) -> np.ndarray:
    """Registered persons by county of registration, all and those of agricultural registration: i8 (7, 2)."""

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((len(COUNTIES), 2), np.int64)
        registered_here(households.first, households.county, households.farm_hukou, start, stop, table)
        return table

    return added(households.number.size, task, np.zeros((len(COUNTIES), 2), np.int64))


STRIP = 1024
"""Persons whose cells of a table are reckoned before any is added."""


@kernel
def _people(place, setting, work, start, stop, table):
    # Neighbours are often alike, and who adds to the same word twice running waits for the first: two tables take turns.
    cell, second = np.empty(STRIP, np.uint16), np.zeros(table.size, np.int64)
    for begin in range(start, stop, STRIP):
        end = min(begin + STRIP, stop)
        lives, how, does, size = place[begin:end], setting[begin:end], work[begin:end], end - begin
        for k in range(size):
            cell[k] = (np.int64(lives[k]) * SETTINGS + np.int64(how[k])) * WORKS + np.int64(does[k])
        for k in range(size // 2):
            table[cell[2 * k]] += 1
            second[cell[2 * k + 1]] += 1
        if size % 2 == 1:
            table[cell[size - 1]] += 1
    for k in range(table.size):
        table[k] += second[k]


def people(persons: Persons) -> np.ndarray:
    """Persons by place, setting and work: i8 (8, 4, 16)."""

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros(PLACES * SETTINGS * WORKS, np.int64)
        _people(persons.place, persons.setting, persons.work, start, stop, table)
        return table

    found = added(persons.number.size, task, np.zeros(PLACES * SETTINGS * WORKS, np.int64))
    return found.reshape(PLACES, SETTINGS, WORKS)


TURNS = 4
"""Tables that take turns in a count of one column."""


@kernel
def _places(place, start, stop, table):
    # Neighbours are often alike: tables take turns.
    lives = place[start:stop]
    rounds = lives.size // TURNS
    for k in range(rounds):
        for turn in range(TURNS):
            table[turn, lives[TURNS * k + turn]] += 1
    for k in range(TURNS * rounds, lives.size):
        table[0, lives[k]] += 1


def residents(persons: Persons) -> np.ndarray:
    """Registered persons who live in each county: i8 (7,)."""

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((TURNS, PLACES), np.int64)
        _places(persons.place, start, stop, table)
        return table

    return added(persons.number.size, task, np.zeros((TURNS, PLACES), np.int64)).sum(axis=0)[: len(COUNTIES)]


def saturating(most: float, amount: np.ndarray, half: np.ndarray | float) -> np.ndarray:
    """An effect that rises with an amount (column) and comes ever nearer to `most`."""
    return most * -np.expm1(-amount / half)
