"""Rows may move, numbers never: the heads on which the rest of a year works.

`settle` carries out what demography decided. Rows are rebuilt in household order: those who stay are
copied in their old order, then the newborn, then brides by their numbers; a new household stands right
behind the one it left, so that neighbours stay neighbours. One counting pass, one prefix sum, one copy.

Stocks split in whole cells: of a household's `n` members `k` leave with `cells * k // n`, the rest stays.
A household without members passes all it owns to the nearest household (by row) of its village, else of
its county; its cash pays its debt first, and debt beyond the cash is written off.
"""

from typing import NamedTuple

import numpy as np

from tianshui.compiled import kernel, over, rule
from tianshui.draws import offspring
from tianshui.state import AWAY, CITY, COUNTIES, NO_WORK, TOWN, VILLAGE, Households, Persons

# What becomes of a person this year:
STAYS, FOUNDS, WEDS_OUT, DIES = 0, 1, 2, 3
# What a woman bears, and whether she leaves the child at home:
NO_CHILD, BOY, GIRL, BOY_AT_HOME, GIRL_AT_HOME = 0, 1, 2, 3, 4
# The first two counties are the districts of the central city.
CENTRAL = 2
# Stocks that a new household takes a share of; registers and dates are copied.
CELLS = (
    "flat", "terrace", "slope", "steep", "idle_terrace", "idle_slope", "idle_steep", "let", "orchard",
    "sapling", "converted", "cattle", "sheep", "pigs",
)  # fmt: skip
MONEY = ("cash", "debt", "income", "permanent", "aid")
COPIED = (
    "number", "county", "farm_hukou", "village", "in_town", "town_since", "orchard_age", "sapling_age", "converted_year",
    "poor", "monitored", "allowance", "relocated", "cooperative", "insured", "shock", "gap",
)  # fmt: skip
# Land that has an age or a date, with it.
DATED = (("orchard", "orchard_age"), ("sapling", "sapling_age"), ("converted", "converted_year"))


class Heads(NamedTuple):
    """Who lives, is born, marries and founds a household this year; rows are those of the year before."""

    year: int
    fate: np.ndarray  # u1[P]: STAYS, FOUNDS, WEDS_OUT, DIES
    birth: np.ndarray  # u1[P]: NO_CHILD, BOY, GIRL, BOY_AT_HOME, GIRL_AT_HOME
    married: np.ndarray  # u1[P]: at the end of the year
    founder: np.ndarray  # i8[H]: row of the person who leads some members out, -1 when none does
    brides: np.ndarray  # i8[M]: rows, in order of the grooms' households, then of the brides' numbers
    grooms: np.ndarray  # i8[M]: rows
    bride_place: np.ndarray  # u1[M]
    bride_setting: np.ndarray  # u1[M]
    bride_work: np.ndarray  # u1[M]
    births: np.ndarray  # i8[7], by county of registration, as the next three
    deaths: np.ndarray  # i8[7]
    marriages: np.ndarray  # i8[7]
    new_households: np.ndarray  # i8[7]


class Settled(NamedTuple):
    """The heads of the year, and what settling them cost."""

    persons: Persons
    households: Households
    written_off: np.ndarray  # f8[7]: debt that died with the last member, yuan
    before: np.ndarray  # i8[H]: row of the year before; a new household's is that of the one it left


@rule
def home_setting(county, in_town):
    """The setting of those who live at a household's home."""
    if in_town == 0:
        return VILLAGE
    return CITY if county < CENTRAL else TOWN


@kernel
def _count(first, fate, birth, arrivals, start, stop, members, flags):
    """Members by household: who stays, who leaves to found, those who come (newborn, brides), newborn of who leave.

    `flags` by household: somebody lives there at the year's end, somebody leaves to found, nothing happens.
    """
    for h in range(start, stop):
        stay, leave, born, born_out = 0, 0, 0, 0
        for i in range(first[h], first[h + 1]):
            if fate[i] == STAYS:
                stay += 1
                if birth[i] != NO_CHILD:
                    born += 1
            elif fate[i] == FOUNDS:
                leave += 1
                if birth[i] != NO_CHILD:
                    born_out += 1
        come = born + arrivals[h]
        members[0, h] = stay
        members[1, h] = leave
        members[2, h] = come
        members[3, h] = born_out
        flags[0, h] = stay + come > 0
        flags[1, h] = leave > 0
        flags[2, h] = come == 0 and stay > 0 and stay == first[h + 1] - first[h]


@kernel
def _heirs(village, county, lives, ended, heir):
    """The nearest household by row that lives on in the same village, else county; -1 when none, the earlier of two.

    The rows of a village, and of a county, lie together.
    """
    size = lives.size
    for k in range(ended.size):
        h = ended[k]
        heir[k] = -1
        for by_village in range(2):
            before, after = h - 1, h + 1
            while heir[k] < 0:
                if by_village == 0:
                    back = before >= 0 and village[before] == village[h] and county[before] == county[h]
                    on = after < size and village[after] == village[h] and county[after] == county[h]
                else:
                    back = before >= 0 and county[before] == county[h]
                    on = after < size and county[after] == county[h]
                if back and lives[before]:
                    heir[k] = before
                elif on and lives[after]:
                    heir[k] = after
                elif not (back or on):
                    break
                before -= back
                after += on


@kernel
def _rows(members, stays, founds, new_row, before, part, whole, founded, new_first):
    """New rows of all households, what row each was, and in what parts its stocks divide."""
    row, person = 0, 0
    for h in range(stays.size):
        new_row[h] = row
        stay, leave = members[0, h], members[1, h]
        if stays[h]:
            before[row], new_first[row] = h, person
            part[row], whole[row], founded[row] = leave, stay + leave, False
            person += stay + members[2, h]
            row += 1
        if founds[h]:
            before[row], new_first[row] = h, person
            part[row], whole[row], founded[row] = leave, stay + leave, True
            person += leave + members[3, h]
            row += 1
    new_row[stays.size] = row
    new_first[row] = person


@rule
def _copy_part(old, low, high, new, to):
    """Copy the rows `low:high` of one column to `to` and on; counted from nought, which compiles to wide moves."""
    source, target = old[low:high], new[to : to + high - low]
    for k in range(source.size):
        target[k] = source[k]


@rule
def _shift(old, married, low, high, new, to):
    """Copy the rows `low:high` of persons to whom nothing happens to `to` and on, a year older."""
    _copy_part(old.number, low, high, new.number, to)
    _copy_part(old.female, low, high, new.female, to)
    _copy_part(old.schooling, low, high, new.schooling, to)
    _copy_part(old.children, low, high, new.children, to)
    _copy_part(married, low, high, new.married, to)
    _copy_part(old.health, low, high, new.health, to)
    _copy_part(old.place, low, high, new.place, to)
    _copy_part(old.setting, low, high, new.setting, to)
    _copy_part(old.work, low, high, new.work, to)
    source, target = old.age[low:high], new.age[to : to + high - low]
    for k in range(source.size):
        target[k] = source[k] + np.uint8(1)


@kernel
def _move(old, fate, birth, married, heads_first, county, in_town, new_row, stays, quiet, new_first, founder,
          brides, bride_place, bride_setting, bride_work, bride_from, year, start, stop, new, home_number):  # fmt: skip
    """Copy the people of households `start:stop` to their new rows, a year older, and lay in the newborn."""
    after = start
    for h in range(start, stop):
        if h < after:
            continue
        if quiet[h]:
            # Households to which nothing happens lie in runs: their people are copied column by column.
            after = h
            while after < stop and quiet[after]:
                row = new_row[after]
                for to in range(new_first[row], new_first[row + 1]):
                    new.household[to] = row
                after += 1
            _shift(old, married, heads_first[h], heads_first[after], new, new_first[new_row[h]])
            continue
        for out in range(2):
            if out == 0 and not stays[h]:
                continue
            if out == 1 and new_row[h + 1] - new_row[h] - int(stays[h]) == 0:
                continue
            row = new_row[h] + (int(stays[h]) if out == 1 else 0)
            wanted = FOUNDS if out == 1 else STAYS
            if out == 1:
                home_number[row] = offspring(old.number[founder[h]], year, 1)
            to = new_first[row]
            born = 0
            for i in range(heads_first[h], heads_first[h + 1]):
                if fate[i] == wanted:
                    new.number[to] = old.number[i]
                    new.household[to] = row
                    new.age[to] = int(old.age[i]) + 1
                    new.female[to] = old.female[i]
                    new.schooling[to] = old.schooling[i]
                    bears = 0 if birth[i] == NO_CHILD else 1
                    born += bears
                    new.children[to] = int(old.children[i]) + bears
                    new.married[to] = married[i]
                    new.health[to] = old.health[i]
                    new.place[to] = old.place[i]
                    new.setting[to] = old.setting[i]
                    new.work[to] = old.work[i]
                    to += 1
            if born > 0:
                for i in range(heads_first[h], heads_first[h + 1]):
                    if fate[i] == wanted and birth[i] != NO_CHILD:
                        kind = int(birth[i])
                        new.number[to] = offspring(old.number[i], year, 0)
                        new.household[to] = row
                        new.age[to] = 0
                        new.female[to] = 1 if kind == GIRL or kind == GIRL_AT_HOME else 0
                        new.schooling[to] = 0
                        new.children[to] = 0
                        new.married[to] = 0
                        new.health[to] = 0
                        new.work[to] = NO_WORK
                        at_home = kind == BOY_AT_HOME or kind == GIRL_AT_HOME
                        new.place[to] = county[h] if at_home else old.place[i]
                        home = home_setting(county[h], in_town[h])
                        new.setting[to] = home if at_home else old.setting[i]
                        to += 1
            if out == 0:
                for b in range(bride_from[h], bride_from[h + 1]):
                    i = brides[b]
                    new.number[to] = old.number[i]
                    new.household[to] = row
                    new.age[to] = int(old.age[i]) + 1
                    new.female[to] = old.female[i]
                    new.schooling[to] = old.schooling[i]
                    new.children[to] = old.children[i]
                    new.married[to] = married[i]
                    new.health[to] = old.health[i]
                    new.place[to] = bride_place[b]
                    new.setting[to] = bride_setting[b]
                    new.work[to] = bride_work[b]
                    to += 1


@kernel
def _runs(before, start, stop, runs):
    """Rows `start:stop` as runs that were also a run before: first row and end of each; returns how many."""
    found, end = 0, start
    while end < stop:
        runs[found, 0] = end
        shift = before[end] - end
        while end < stop and before[end] - end == shift:
            end += 1
        runs[found, 1] = end
        found += 1
    return found


@kernel
def _copy(old, before, runs, new):
    for k in range(runs.shape[0]):
        low, end = runs[k, 0], runs[k, 1]
        _copy_part(old, before[low], before[low] + end - low, new, low)


@kernel
def _split_cells(part, whole, founded, rows, new):
    for k in range(rows.size):
        r = rows[k]
        cells = int(new[r])
        share = cells * int(part[r]) // int(whole[r])
        new[r] = share if founded[r] else cells - share


@kernel
def _split_money(part, whole, founded, rows, new):
    for k in range(rows.size):
        r = rows[k]
        money = new[r]
        share = money * part[r] / whole[r]
        new[r] = share if founded[r] else money - share


def settle(persons: Persons, households: Households, heads: Heads) -> Settled:
    """Carry out what demography decided; every account closes in whole persons, cells and animals."""
    size, first = households.number.size, households.first
    arrivals = np.bincount(persons.household[heads.grooms], minlength=size)
    members, flags = np.empty((4, size), np.int32), np.empty((3, size), np.bool_)
    over(size, lambda a, b: _count(first, heads.fate, heads.birth, arrivals, a, b, members, flags))
    lives, founds, quiet = flags
    ended = np.flatnonzero(~(lives | founds))
    heir = np.empty(ended.size, np.int64)
    _heirs(households.village, households.county, lives, ended, heir)
    # Where a county has nobody left to inherit, the empty household stands on and keeps its land.
    stays = lives.copy()
    stays[ended[heir < 0]] = True
    ended, heir = ended[heir >= 0], heir[heir >= 0]
    total = int(np.count_nonzero(stays)) + int(np.count_nonzero(founds))
    new_row, new_first = np.empty(size + 1, np.int64), np.empty(total + 1, np.int64)
    before, part, whole = np.empty(total, np.int64), np.empty(total, np.int32), np.empty(total, np.int32)
    founded = np.empty(total, np.bool_)
    _rows(members, stays, founds, new_row, before, part, whole, founded, new_first)
    homes = _settle_homes(households, new_first, before, part, whole, founded)
    people = _settle_people(persons, households, heads, arrivals, new_row, stays, quiet, homes)
    _found(persons, heads, homes, np.flatnonzero(founded))
    written_off = _inherit(households, homes, new_row, ended, heir)
    return Settled(people, Households(**homes), written_off, before)


def _settle_people(
    persons: Persons,
    households: Households,
    heads: Heads,
    arrivals: np.ndarray,
    new_row: np.ndarray,
    stays: np.ndarray,
    quiet: np.ndarray,
    homes: dict[str, np.ndarray],
) -> Persons:
    total = int(homes["first"][-1])
    people = Persons(*(np.empty(total, column.dtype) for column in persons))
    bride_from = np.concatenate([np.zeros(1, np.int64), np.cumsum(arrivals)])
    over(
        stays.size,
        lambda a, b: _move(
            persons, heads.fate, heads.birth, heads.married, households.first, households.county,
            households.in_town, new_row, stays, quiet, homes["first"], heads.founder, heads.brides,
            heads.bride_place, heads.bride_setting, heads.bride_work, bride_from, heads.year, a, b, people,
            homes["number"],
        ),
    )  # fmt: skip
    return people


def _settle_homes(
    households: Households,
    new_first: np.ndarray,
    before: np.ndarray,
    part: np.ndarray,
    whole: np.ndarray,
    founded: np.ndarray,
) -> dict[str, np.ndarray]:
    columns = households._asdict()
    homes = {name: np.empty(before.size, columns[name].dtype) for name in (*COPIED, *CELLS, *MONEY)}

    def lay(a: int, b: int) -> None:
        runs = np.empty((b - a, 2), np.int64)
        runs = runs[: _runs(before, a, b, runs)]
        for name, column in homes.items():
            _copy(columns[name], before, runs, column)
        divided = a + np.flatnonzero(part[a:b])
        for name in CELLS:
            _split_cells(part, whole, founded, divided, homes[name])
        for name in MONEY:
            _split_money(part, whole, founded, divided, homes[name])

    over(before.size, lay)
    return {"first": new_first, **homes}


def _found(persons: Persons, heads: Heads, homes: dict[str, np.ndarray], rows: np.ndarray) -> None:
    """A new household's home is where its founder lives; when he is away, where the old one was."""
    leaders = heads.founder[heads.founder >= 0]
    setting = persons.setting[leaders]
    homes["in_town"][rows] = np.where(setting == AWAY, homes["in_town"][rows], setting != VILLAGE)
    homes["town_since"][rows] *= homes["in_town"][rows]
    for land, date in DATED:
        homes[date][rows] = np.where(homes[land][rows] > 0, homes[date][rows], 0)


def _inherit(
    old: Households, homes: dict[str, np.ndarray], new_row: np.ndarray, ended: np.ndarray, heir: np.ndarray
) -> np.ndarray:
    """Estates pass to the heirs; what remains of debts is written off, by county."""
    to = new_row[heir]
    heirs, which = np.unique(to, return_inverse=True)
    columns = old._asdict()
    for land, date in DATED:
        mine, theirs = columns[land][ended].astype(np.int64), homes[land]
        if not mine.any():
            continue
        area = np.bincount(which, weights=mine).astype(np.int64)
        weight = np.bincount(which, weights=mine * columns[date][ended]).astype(np.int64)
        # Land of two dates gets their mean by area, in whole years.
        joint = weight + theirs[heirs].astype(np.int64) * homes[date][heirs]
        whole = area + theirs[heirs]
        mean = (2 * joint + whole) // np.maximum(2 * whole, 1)
        homes[date][heirs] = np.where(area > 0, mean, homes[date][heirs])
    for name in CELLS:
        np.add.at(homes[name], to, columns[name][ended])
    net = old.cash[ended] - old.debt[ended]
    np.add.at(homes["cash"], to, np.maximum(net, 0.0))
    return np.bincount(old.county[ended], weights=np.maximum(-net, 0.0), minlength=len(COUNTIES))
