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
    "number", "county", "farm_hukou", "village", "in_town", "orchard_age", "sapling_age", "converted_year",
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
def _count(first, fate, birth, start, stop, members):
    """Members by household: who stays, who leaves to found, the newborn of the one and of the other."""
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
        members[0, h] = stay
        members[1, h] = leave
        members[2, h] = born
        members[3, h] = born_out


@kernel
def _heirs(village, county, lives, last, heir):
    """The nearest household by row that lives on in the same group (village, else county); -1 when none."""
    size = lives.size
    for by_village in range(2):
        for backward in range(2):
            last[:] = -1
            for step in range(size):
                h = size - 1 - step if backward == 1 else step
                group = village[h] if by_village == 1 else int(county[h])
                if lives[h]:
                    last[group] = h
                elif last[group] >= 0:
                    # A village heir (second round) replaces one of the county, a nearer one a farther.
                    found = heir[h]
                    fresh = by_village == 1 and (found < 0 or village[found] != village[h])
                    if found < 0 or fresh or abs(last[group] - h) < abs(found - h):
                        heir[h] = last[group]


@kernel
def _move(old, fate, birth, married, heads_first, county, in_town, new_row, stays, new_first, founder,
          brides, bride_place, bride_setting, bride_work, bride_from, year, start, stop, new, home_number):  # fmt: skip
    """Copy the people of households `start:stop` to their new rows, a year older, and lay in the newborn."""
    for h in range(start, stop):
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
def _split_cells(old, before, part, whole, founded, start, stop, new):
    for r in range(start, stop):
        cells = int(old[before[r]])
        if part[r] > 0:
            share = cells * int(part[r]) // int(whole[r])
            cells = share if founded[r] else cells - share
        new[r] = cells


@kernel
def _split_money(old, before, part, whole, founded, start, stop, new):
    for r in range(start, stop):
        money = old[before[r]]
        if part[r] > 0:
            share = money * part[r] / whole[r]
            money = share if founded[r] else money - share
        new[r] = money


@kernel
def _copy(old, before, start, stop, new):
    for r in range(start, stop):
        new[r] = old[before[r]]


def settle(persons: Persons, households: Households, heads: Heads) -> Settled:
    """Carry out what demography decided; every account closes in whole persons, cells and animals."""
    size, first = households.number.size, households.first
    members = np.zeros((4, size), np.int32)
    over(size, lambda a, b: _count(first, heads.fate, heads.birth, a, b, members))
    stay, leave, born, born_out = members
    groom_home = persons.household[heads.grooms].astype(np.int64)
    arrivals = np.bincount(groom_home, minlength=size)
    staying = stay + born + arrivals
    founds = leave > 0
    lives = staying > 0
    heir = np.full(size, -1, np.int64)
    if not lives.all():
        groups = max(len(COUNTIES), int(households.village.max()) + 1)
        _heirs(households.village, households.county, lives, np.full(groups, -1, np.int64), heir)
    # Where a county has nobody left to inherit, the empty household stands on and keeps its land.
    stays = lives | ((heir < 0) & ~founds)
    new_row = np.concatenate([np.zeros(1, np.int64), np.cumsum(stays.astype(np.int64) + founds)])
    total = int(new_row[-1])
    kept_rows, new_rows = new_row[:-1][stays], (new_row[:-1] + stays)[founds]
    before, sizes = np.empty(total, np.int64), np.empty(total, np.int64)
    part, whole, founded = np.zeros(total, np.int32), np.ones(total, np.int32), np.zeros(total, bool)
    before[kept_rows], before[new_rows] = np.flatnonzero(stays), np.flatnonzero(founds)
    sizes[kept_rows], sizes[new_rows] = staying[stays], (leave + born_out)[founds]
    part[new_rows], whole[new_rows], founded[new_rows] = leave[founds], (stay + leave)[founds], True
    source_rows = new_row[:-1][founds & stays]
    part[source_rows], whole[source_rows] = leave[founds & stays], (stay + leave)[founds & stays]
    new_first = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    homes = _settle_homes(households, new_first, before, part, whole, founded)
    people = _settle_people(persons, households, heads, arrivals, new_row, stays, homes)
    _found(persons, heads, homes, new_rows)
    written_off = _inherit(households, homes, new_row, np.flatnonzero(~stays & ~founds), heir)
    return Settled(people, Households(**homes), written_off, before)


def _settle_people(
    persons: Persons,
    households: Households,
    heads: Heads,
    arrivals: np.ndarray,
    new_row: np.ndarray,
    stays: np.ndarray,
    homes: dict[str, np.ndarray],
) -> Persons:
    total = int(homes["first"][-1])
    people = Persons(*(np.empty(total, column.dtype) for column in persons))
    bride_from = np.concatenate([np.zeros(1, np.int64), np.cumsum(arrivals)])
    over(
        stays.size,
        lambda a, b: _move(
            persons, heads.fate, heads.birth, heads.married, households.first, households.county,
            households.in_town, new_row, stays, homes["first"], heads.founder, heads.brides,
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
        for name in COPIED:
            _copy(columns[name], before, a, b, homes[name])
        for name in CELLS:
            _split_cells(columns[name], before, part, whole, founded, a, b, homes[name])
        for name in MONEY:
            _split_money(columns[name], before, part, whole, founded, a, b, homes[name])

    over(before.size, lay)
    return {"first": new_first, **homes}


def _found(persons: Persons, heads: Heads, homes: dict[str, np.ndarray], rows: np.ndarray) -> None:
    """A new household's home is where its founder lives; when he is away, where the old one was."""
    leaders = heads.founder[heads.founder >= 0]
    setting = persons.setting[leaders]
    homes["in_town"][rows] = np.where(setting == AWAY, homes["in_town"][rows], setting != VILLAGE)
    for land, date in DATED:
        homes[date][rows] = np.where(homes[land][rows] > 0, homes[date][rows], 0)


def _inherit(
    old: Households, homes: dict[str, np.ndarray], new_row: np.ndarray, ended: np.ndarray, heir: np.ndarray
) -> np.ndarray:
    """Estates pass to the heirs; what remains of debts is written off, by county."""
    to = new_row[:-1][heir[ended]]
    heirs = np.unique(to)
    columns = old._asdict()
    for land, date in DATED:
        mine, theirs = columns[land][ended], homes[land]
        weight = np.zeros(theirs.size, np.int64) if mine.any() else None
        if weight is None:
            continue
        area = np.zeros_like(weight)
        np.add.at(weight, to, mine.astype(np.int64) * columns[date][ended])
        np.add.at(area, to, mine.astype(np.int64))
        # Land of two dates gets their mean by area, in whole years.
        joint = weight[heirs] + theirs[heirs].astype(np.int64) * homes[date][heirs]
        whole = area[heirs] + theirs[heirs]
        mean = (2 * joint + whole) // np.maximum(2 * whole, 1)
        homes[date][heirs] = np.where(area[heirs] > 0, mean, homes[date][heirs])
    for name in CELLS:
        np.add.at(homes[name], to, columns[name][ended])
    net = old.cash[ended] - old.debt[ended]
    np.add.at(homes["cash"], to, np.maximum(net, 0.0))
    return np.bincount(old.county[ended], weights=np.maximum(-net, 0.0), minlength=len(COUNTIES))
