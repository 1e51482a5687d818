"""Rows may move, numbers never: the heads on which the rest of a year works.

`settle` carries out what demography decided. Rows are rebuilt in household order: those who stay are
copied in their old order, then the newborn, then brides by their numbers; a new household stands right
behind the one it left, so that neighbours stay neighbours.

To most nothing happens. A flat pass finds the rows of those to whom something does, and the households are
counted from them alone; a second flat pass copies everybody, moving on by one row for each who stays and by
as many more behind the last of a household as come to it; newborn, brides and new households are laid in then.

Stocks split in whole cells: of a household's `n` members `k` leave with `cells * k // n`, the rest stays.
A household without members passes all it owns to the nearest household (by row) of its village, else of
its county; its cash pays its debt first, and debt beyond the cash is written off.
"""

from typing import NamedTuple

import numpy as np

from tianshui.compiled import BLOCK, kernel, over, rule
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
# What a person keeps from year to year; marriage, age and children change on the way.
KEPT = ("number", "female", "schooling", "health", "place", "setting", "work")
# Land that has an age or a date, with it.
DATED = (("orchard", "orchard_age"), ("sapling", "sapling_age"), ("converted", "converted_year"))


class Heads(NamedTuple):
    """Who lives, is born, marries and founds a household this year; rows are those of the year before."""

    year: int
    fate: np.ndarray  # u1[P]: STAYS, FOUNDS, WEDS_OUT, DIES
    birth: np.ndarray  # u1[P]: NO_CHILD, BOY, GIRL, BOY_AT_HOME, GIRL_AT_HOME
    married: np.ndarray  # u1[P]: at the end of the year
    founders: np.ndarray  # i8[F]: rows of the persons who lead some members out, in order of their households
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


class _Tally(NamedTuple):
    """What becomes of each household; columns of length H."""

    stay: np.ndarray  # i4: members of before who stay; counts on as newcomers are laid in
    come: np.ndarray  # u1: newborn of those who stay, and brides
    lives: np.ndarray  # bool: somebody lives there at the year's end
    becomes: np.ndarray  # u1: rows it becomes: 0 when it ended, 2 when a household leaves it and it lives on


class _Leaving(NamedTuple):
    """The households that leave another, in the order of their rows; columns of length F."""

    founder: np.ndarray  # i8: row of the person who leads
    home: np.ndarray  # i8: row of the household that they leave
    members: np.ndarray  # i8: who leave
    born: np.ndarray  # i8: their newborn
    whole: np.ndarray  # i8: members, those who leave among them, by whom stocks are divided


@kernel
def _tally(first, household, fate, birth, arrivals, start, stop, leaving, t, rows, ended):
    """Count the households `start:stop`: how many rows and persons they become, and how many of them ended.

    `rows` receives the persons to whom something happens, `ended` the households; also returns how many rows.
    """
    low, many, none, people = first[start], 0, 0, 0
    fates, births = fate[low : first[stop]], birth[low : first[stop]]
    for k in range(fates.size):
        rows[many] = low + k
        many += (fates[k] | births[k]) != STAYS
    for h in range(start, stop):
        t.stay[h], t.come[h] = first[h + 1] - first[h], 0
    for k in range(many):
        h = household[rows[k]]
        stays = fate[rows[k]] == STAYS
        t.come[h] += stays
        t.stay[h] -= not stays
    for k in range(arrivals.size):
        t.come[arrivals[k]] += 1
    for h in range(start, stop):
        members = t.stay[h] + t.come[h]
        people += int(members)
        t.lives[h] = members > 0
        t.becomes[h] = members > 0
        ended[none] = h
        none += members == 0
    for k in range(leaving.home.size):
        h = leaving.home[k]
        for i in range(first[h], first[h + 1]):
            if fate[i] == FOUNDS:
                leaving.members[k] += 1
                leaving.born[k] += birth[i] != NO_CHILD
        leaving.whole[k] = t.stay[h] + leaving.members[k]
        people += leaving.members[k] + leaving.born[k]
        t.becomes[h] += 1
    empty, none = none, 0
    for k in range(empty):
        ended[none] = ended[k]
        none += t.becomes[ended[k]] == 0
    gone = stop - start - none
    for k in range(leaving.home.size):
        gone += t.lives[leaving.home[k]]
    return gone, people, none, many


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


@rule
def _rows_part(t, start, stop, row, person, new_row, new_first, before):
    """Number the rows of households `start:stop` of which none is left by another; returns the next ones."""
    for h in range(start, stop):
        new_row[h], before[row], new_first[row] = row, h, person
        row += int(t.becomes[h])
        person += int(t.stay[h]) + int(t.come[h])
    return row, person


@kernel
def _rows(t, leaving, start, stop, row, person, new_row, new_first, before):
    """New rows of the households `start:stop`, and what row each was; the first get `row` and `person`."""
    # A household that ended is overwritten by the next; behind the last that lives on others write.
    end = stop
    while end > start and t.becomes[end - 1] == 0:
        end -= 1
        new_row[end] = row
    after = start
    for k in range(leaving.home.size):
        h = leaving.home[k]
        row, person = _rows_part(t, after, h + 1, row, person, new_row, new_first, before)
        before[row - 1], new_first[row - 1] = h, person
        person += leaving.members[k] + leaving.born[k]
        after = h + 1
    _rows_part(t, after, end, row, person, new_row, new_first, before)


@rule
def _lay_person(old, married, birth, i, new, to, row):
    """Copy one person, a year older."""
    new.number[to] = old.number[i]
    new.household[to] = row
    new.age[to] = int(old.age[i]) + 1
    new.female[to] = old.female[i]
    new.schooling[to] = old.schooling[i]
    new.children[to] = int(old.children[i]) + (birth[i] != NO_CHILD)
    new.married[to] = married[i]
    new.health[to] = old.health[i]
    new.place[to] = old.place[i]
    new.setting[to] = old.setting[i]
    new.work[to] = old.work[i]


@rule
def _lay_child(old, kind, mother, county, in_town, year, new, to, row):
    """Lay in a newborn, who lives with the mother or stays at her household's home."""
    at_home = kind == BOY_AT_HOME or kind == GIRL_AT_HOME
    new.number[to] = offspring(old.number[mother], year, 0)
    new.household[to] = row
    new.age[to] = 0
    new.female[to] = 1 if kind == GIRL or kind == GIRL_AT_HOME else 0
    new.schooling[to] = 0
    new.children[to] = 0
    new.married[to] = 0
    new.health[to] = 0
    new.place[to] = county if at_home else old.place[mother]
    new.setting[to] = home_setting(county, in_town) if at_home else old.setting[mother]
    new.work[to] = NO_WORK


@kernel
def _move(old, heads, rows, first, arrivals, leaving, start, stop, new_row, to, steps, new):
    """Copy what changes of the people of households `start:stop` to their new rows, from row `to` on, a year older.

    `steps` (u1, as many as they are) receives by how many rows to move on behind each.
    """
    low, high = first[start], first[stop]
    fates = heads.fate[low:high]
    for k in range(fates.size):
        steps[k] = fates[k] <= FOUNDS
    for k in range(rows.size):
        i = rows[k]
        if heads.fate[i] == STAYS:
            steps[first[old.household[i] + 1] - 1 - low] += 1
    for k in range(arrivals.size):
        steps[first[arrivals[k] + 1] - 1 - low] += 1
    for k in range(leaving.home.size):
        steps[first[leaving.home[k] + 1] - 1 - low] += leaving.born[k]
    # Some columns change on the way; `_copy` sees to the others.
    _copy_aged(old, heads.birth, low, low + _end(steps), new_row, steps, to, new)


@rule
def _end(steps):
    """Where the rows of a block end that stay.

    Who has left is overwritten by the next; behind the last who stays other blocks write.
    """
    end = steps.size
    while end > 0 and steps[end - 1] == 0:
        end -= 1
    return end


@rule
def _copy_aged(old, birth, low, high, new_row, steps, to, new):
    row, household = to, old.household[low:high]
    for k in range(household.size):
        new.household[row] = new_row[household[k]]
        row += int(steps[k])
    row, age = to, old.age[low:high]
    for k in range(age.size):
        new.age[row] = age[k] + np.uint8(1)
        row += int(steps[k])
    row, children, births = to, old.children[low:high], birth[low:high]
    for k in range(children.size):
        new.children[row] = children[k] + (births[k] != NO_CHILD)
        row += int(steps[k])


@kernel
def _copy(old, start, steps, to, new):
    """Copy several columns of one type from row `start` on; behind row `start + k` move on by `steps[k]` rows."""
    end = _end(steps)
    for c in range(len(old)):
        source, target, row = old[c][start : start + end], new[c], to
        for k in range(source.size):
            target[row] = source[k]
            row += int(steps[k])


@kernel
def _come(old, heads, rows, brides, homes, county, in_town, t, new_row, new_first, new):
    """Lay in who comes to a household of before: its newborn in order of the mothers, then brides.

    `rows` are persons to whom something happens, `brides` positions among the brides and `homes` their grooms'.
    """
    for k in range(rows.size):
        i = rows[k]
        if heads.fate[i] == STAYS:
            h = old.household[i]
            row = new_row[h]
            _lay_child(old, int(heads.birth[i]), i, county[h], in_town[h], heads.year, new, new_first[row] + t.stay[h],
                       row)  # fmt: skip
            t.stay[h] += 1
    for k in range(homes.size):
        h, b = homes[k], brides + k
        row = new_row[h]
        to = new_first[row] + t.stay[h]
        _lay_person(old, heads.married, heads.birth, heads.brides[b], new, to, row)
        new.place[to], new.setting[to] = heads.bride_place[b], heads.bride_setting[b]
        new.work[to] = heads.bride_work[b]
        t.stay[h] += 1


@kernel
def _part(old, heads, first, county, in_town, leaving, t, new_row, new_first, new, number):
    """Lay the members of households that another leaves in two, and give the new one its `number`."""
    for k in range(leaving.home.size):
        h = leaving.home[k]
        row = new_row[h]
        out = row + int(t.lives[h])
        number[out] = offspring(old.number[leaving.founder[k]], heads.year, 1)
        stay, leave = new_first[row], new_first[out]
        for i in range(first[h], first[h + 1]):
            if heads.fate[i] == STAYS:
                _lay_person(old, heads.married, heads.birth, i, new, stay, row)
                stay += 1
            elif heads.fate[i] == FOUNDS:
                _lay_person(old, heads.married, heads.birth, i, new, leave, out)
                leave += 1
        for i in range(first[h], first[h + 1]):
            if heads.fate[i] == FOUNDS and heads.birth[i] != NO_CHILD:
                _lay_child(old, int(heads.birth[i]), i, county[h], in_town[h], heads.year, new, leave, out)
                leave += 1


@kernel
def _follow(old, leaving, lives, new_row, new):
    """Where a household leaves another, give it that one's values."""
    for c in range(len(old)):
        for k in range(leaving.home.size):
            h = leaving.home[k]
            new[c][new_row[h] + int(lives[h])] = old[c][h]


@kernel
def _divide_cells(leaving, lives, new_row, columns):
    for c in range(len(columns)):
        for k in range(leaving.home.size):
            h = leaving.home[k]
            row = new_row[h]
            cells = int(columns[c][row])
            share = cells * int(leaving.members[k]) // int(leaving.whole[k])
            columns[c][row] = cells - share
            columns[c][row + int(lives[h])] = share


@kernel
def _divide_money(leaving, lives, new_row, columns):
    for c in range(len(columns)):
        for k in range(leaving.home.size):
            h = leaving.home[k]
            row = new_row[h]
            money = columns[c][row]
            share = money * leaving.members[k] / leaving.whole[k]
            columns[c][row] = money - share
            columns[c][row + int(lives[h])] = share


def settle(persons: Persons, households: Households, heads: Heads) -> Settled:
    """Carry out what demography decided; every account closes in whole persons, cells and animals."""
    size = households.number.size
    t = _Tally(
        np.empty(size, np.int32), np.empty(size, np.uint8), np.empty(size, np.bool_), np.empty(size, np.uint8)
    )
    arrivals = persons.household[heads.grooms].astype(np.int64)
    leaving = _leaving(persons, heads)
    counted = over(size, lambda a, b: _counted(persons, households, heads, arrivals, leaving, t, a, b))
    ended = np.concatenate([np.empty(0, np.int64), *(part.ended for part in counted)])
    heir = np.empty(ended.size, np.int64)
    _heirs(households.village, households.county, t.lives, ended, heir)
    # Where a county has nobody left to inherit, the empty household stands on and keeps its land.
    stands = ended[heir < 0]
    t.becomes[stands] = 1
    ended, heir = ended[heir >= 0], heir[heir >= 0]
    sizes = np.array([(part.homes, part.people) for part in counted], np.int64).reshape(-1, 2)
    sizes[:, 0] += np.bincount(stands // BLOCK, minlength=len(counted))
    starts = np.concatenate([np.zeros((1, 2), np.int64), np.cumsum(sizes, axis=0)])
    total, souls = (int(number) for number in starts[-1])
    new_row, before = np.empty(size, np.int64), np.empty(total, np.int64)
    homes: dict[str, np.ndarray] = {
        name: np.empty(total, column.dtype) for name, column in households._asdict().items()
    }
    homes["first"] = np.empty(total + 1, np.int64)
    homes["first"][total] = souls
    people = Persons(*(np.empty(souls, column.dtype) for column in persons))
    columns = _alike([(getattr(households, name), homes[name]) for name in (*COPIED, *CELLS, *MONEY)])
    bodies = _alike(
        [(getattr(persons, name), getattr(people, name)) for name in KEPT] + [(heads.married, people.married)]
    )

    def lay(a: int, b: int) -> None:
        rows, out = counted[a // BLOCK].rows, _some(leaving, a, b)
        come, low = _within(arrivals, a, b), int(households.first[a])
        row, person = (int(number) for number in starts[a // BLOCK])
        _rows(t, out, a, b, row, person, new_row, homes["first"], before)
        for old, new in columns:
            _copy(old, a, t.becomes[a:b], row, new)
            _follow(old, out, t.lives, new_row, new)
        steps = np.empty(int(households.first[b]) - low, np.uint8)
        _move(
            persons, heads, rows, households.first, arrivals[come], out, a, b, new_row, person, steps, people
        )
        for old, new in bodies:
            _copy(old, low, steps, person, new)
        _part(persons, heads, households.first, households.county, households.in_town, out, t, new_row,
              homes["first"], people, homes["number"])  # fmt: skip
        _come(persons, heads, rows, come.start, arrivals[come], households.county, households.in_town, t, new_row,
              homes["first"], people)  # fmt: skip

    over(size, lay)
    _divide(leaving, t.lives, new_row, homes)
    _found(persons, leaving, new_row[leaving.home] + t.lives[leaving.home], homes)
    written_off = _inherit(households, homes, new_row, ended, heir)
    return Settled(people, Households(**homes), written_off, before)


class _Counted(NamedTuple):
    """What a block of households becomes."""

    homes: int
    people: int
    ended: np.ndarray  # i8: households in which nobody is left and which nobody left to found one
    rows: np.ndarray  # u4: persons to whom something happens


def _counted(
    persons: Persons, households: Households, heads: Heads, arrivals: np.ndarray, leaving: _Leaving, t: _Tally, a: int,
    b: int,
) -> _Counted:  # fmt: skip
    rows = np.empty(int(households.first[b] - households.first[a]), np.uint32)
    ended = np.empty(b - a, np.int64)
    homes, people, none, many = _tally(
        households.first, persons.household, heads.fate, heads.birth, arrivals[_within(arrivals, a, b)], a, b,
        _some(leaving, a, b), t, rows, ended,
    )  # fmt: skip
    return _Counted(homes, people, ended[:none].copy(), rows[:many].copy())


def _leaving(persons: Persons, heads: Heads) -> _Leaving:
    home = persons.household[heads.founders].astype(np.int64)
    return _Leaving(heads.founders, home, *np.zeros((3, home.size), np.int64))


def _within(homes: np.ndarray, start: int, stop: int) -> slice:
    """Where the households `start:stop` stand among rows of households, which rise."""
    return slice(*np.searchsorted(homes, (start, stop)).tolist())


def _some(leaving: _Leaving, start: int, stop: int) -> _Leaving:
    here = _within(leaving.home, start, stop)
    return _Leaving(*(column[here] for column in leaving))


def _alike(columns: list[tuple[np.ndarray, np.ndarray]]) -> list[tuple[tuple, tuple]]:
    """Columns before and after by their types: a loop over columns compiles for one type."""
    found: dict[np.dtype, list[tuple[np.ndarray, np.ndarray]]] = {}
    for old, new in columns:
        source = old.view()
        source.flags.writeable = False
        found.setdefault(source.dtype, []).append((source, new))
    return [(tuple(old for old, _ in pairs), tuple(new for _, new in pairs)) for pairs in found.values()]


def _divide(leaving: _Leaving, lives: np.ndarray, new_row: np.ndarray, homes: dict[str, np.ndarray]) -> None:
    """New households take their part of the stocks of those that they left."""
    for kind in (np.int32, np.int16):
        _divide_cells(
            leaving, lives, new_row, tuple(homes[name] for name in CELLS if homes[name].dtype == kind)
        )
    _divide_money(leaving, lives, new_row, tuple(homes[name] for name in MONEY))


def _found(persons: Persons, leaving: _Leaving, rows: np.ndarray, homes: dict[str, np.ndarray]) -> None:
    """A new household's home is where its founder lives; when he is away, where the old one was."""
    setting = persons.setting[leaving.founder]
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
