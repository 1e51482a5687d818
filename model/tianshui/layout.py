"""Rows may move, numbers never: the heads on which the rest of a year works.

`settle` carries out what demography decided. Rows are rebuilt in household order: those who stay are
copied in their old order, then the newborn, then brides by their numbers; a new household stands right
behind the one it left, so that neighbours stay neighbours.

To most nothing happens. A flat pass finds the rows of those to whom something does, and the households are
counted from them alone. Between two such rows everybody stays: columns are copied in these runs, by pieces of a
fixed length, which machines do at once; newborn, brides and new households are laid in then.

Stocks split in whole cells: of a household's `n` members `k` leave with `cells * k // n`, the rest stays.
A household without members passes all it owns to the nearest household (by row) of its village, else of
its county; its cash pays its debt first, and debt beyond the cash is written off.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from tianshui.compiled import block, kernel, over, rule
from tianshui.draws import offspring
from tianshui.state import AWAY, CITY, COUNTIES, NO_WORK, TOWN, VILLAGE, Households, Persons

# What becomes of a person this year:
STAYS, FOUNDS, WEDS_OUT, DIES, SETTLES = 0, 1, 2, 3, 4
# What a woman bears, and whether she leaves the child at home:
NO_CHILD, BOY, GIRL, BOY_AT_HOME, GIRL_AT_HOME = 0, 1, 2, 3, 4
# The first two counties are the districts of the central city.
CENTRAL = 2
# Stocks that a new household takes a share of; registers and dates are copied.
LAND = (
    "flat", "terrace", "slope", "steep", "idle_terrace", "idle_slope", "idle_steep", "let", "orchard", "sapling",
    "converted",
)  # fmt: skip
ANIMALS = ("cattle", "sheep", "pigs")
CELLS = (*LAND, *ANIMALS)
MONEY = ("cash", "debt", "income", "permanent", "aid")
COPIED = (
    "number", "county", "farm_hukou", "village", "in_town", "town_since", "orchard_age", "sapling_age", "converted_year",
    "poor", "monitored", "allowance", "relocated", "cooperative", "insured", "shock", "gap",
)  # fmt: skip
# What a person keeps from year to year, but for a year of age and a child; marriage changes on the way.
KEPT = ("number", "age", "female", "schooling", "children", "health", "place", "setting", "work")
# Columns of a table of runs.
FROM, TO, MANY, SHIFT = range(4)
PIECE, PEOPLE = 128, 96
"""Bytes and rows of a run that are copied at once (loops of fewer turns are not vectorised)."""
# Land that has an age or a date, with it.
DATED = (("orchard", "orchard_age"), ("sapling", "sapling_age"), ("converted", "converted_year"))


class Heads(NamedTuple):
    """Who lives, is born, marries and founds a household this year; rows are those of the year before."""

    year: int
    fate: np.ndarray  # u1[P]: STAYS, FOUNDS, WEDS_OUT, DIES, SETTLES
    birth: np.ndarray  # u1[P]: NO_CHILD, BOY, GIRL, BOY_AT_HOME, GIRL_AT_HOME
    married: np.ndarray  # u1[P]: at the end of the year
    founders: np.ndarray  # i8[F]: rows of the persons who lead some members out, in order of their households
    brides: np.ndarray  # i8[M]: rows, in order of the grooms' households, then of the brides' numbers
    grooms: np.ndarray  # i8[M]: rows
    bride_place: np.ndarray  # u1[M]
    bride_setting: np.ndarray  # u1[M]
    bride_work: np.ndarray  # u1[M]
    births: np.ndarray  # i8[7], by county of registration, as the next four
    deaths: np.ndarray  # i8[7]
    marriages: np.ndarray  # i8[7]
    new_households: np.ndarray  # i8[7]
    settled: np.ndarray  # i8[7]: who took a registration outside the prefecture


class Booked(NamedTuple):
    """What births, deaths, weddings and who settles elsewhere add in a year; i8[7]."""

    farmers: np.ndarray  # persons of agricultural registration, by county of registration
    residents: np.ndarray  # persons who live in the county


class Settled(NamedTuple):
    """The heads of the year, and what settling them cost."""

    persons: Persons
    households: Households
    written_off: np.ndarray  # f8[7]: debt that died with the last member, yuan
    booked: Booked


@rule
def home_setting(county, in_town):
    """The setting of those who live at a household's home."""
    if in_town == 0:
        return VILLAGE
    return CITY if county < CENTRAL else TOWN


class _Dwelling(NamedTuple):
    """Where households live and what land of theirs bears a date."""

    in_town: np.ndarray
    town_since: np.ndarray
    orchard: np.ndarray
    orchard_age: np.ndarray
    sapling: np.ndarray
    sapling_age: np.ndarray
    converted: np.ndarray
    converted_year: np.ndarray


class _Events(NamedTuple):
    """Households in which something happens, in the order of their rows; columns of length E."""

    home: np.ndarray  # i8: row
    stay: np.ndarray  # i8: members of before who stay
    come: np.ndarray  # i8: newborn of those who stay, and brides
    becomes: np.ndarray  # i8: rows it becomes: 0 when it ended, 2 when a household leaves it and it lives on
    row: np.ndarray  # i8: its new row


class _Leaving(NamedTuple):
    """The households that leave another, in the order of their rows; columns of length F."""

    founder: np.ndarray  # i8: row of the person who leads
    home: np.ndarray  # i8: row of the household that they leave
    members: np.ndarray  # i8: who leave
    born: np.ndarray  # i8: their newborn
    whole: np.ndarray  # i8: members, those who leave among them, by whom stocks are divided
    row: np.ndarray  # i8: new row of the household that they leave
    out: np.ndarray  # i8: their own; the same when nobody stays


@kernel
def _tally(first, household, fate, birth, arrivals, start, stop, leaving, lives, rows, empty, events):
    """Count the households `start:stop`: rows and persons they become, persons and households to whom something happens.

    `rows` receives these persons, `events` the households; `empty` is room for those without members.
    """
    low, many = first[start], 0
    fates, births = fate[low : first[stop]], birth[low : first[stop]]
    for k in range(fates.size):
        rows[many] = low + k
        many += (fates[k] | births[k]) != STAYS
    none = 0
    for h in range(start, stop):
        lives[h] = True
        none += first[h + 1] == first[h]
    none, nobody = 0, none
    for h in range(start, stop if nobody > 0 else start):
        empty[none] = h
        none += first[h + 1] == first[h]
    homes, people, found, k, arrived, left, void = stop - start, fates.size, 0, 0, 0, 0, 0
    while k < many or arrived < arrivals.size or void < none:
        h = int(household[rows[k]]) if k < many else stop
        h = min(h, arrivals[arrived]) if arrived < arrivals.size else h
        h = min(h, empty[void]) if void < none else h
        void += void < none and empty[void] == h
        gone, led, come, born = 0, 0, 0, 0
        while k < many and rows[k] < first[h + 1]:
            i = rows[k]
            gone += fate[i] > FOUNDS
            led += fate[i] == FOUNDS
            come += fate[i] == STAYS
            born += (fate[i] == FOUNDS) & (birth[i] != NO_CHILD)
            k += 1
        while arrived < arrivals.size and arrivals[arrived] == h:
            come += 1
            arrived += 1
        stay = first[h + 1] - first[h] - gone - led
        lives[h] = stay + come > 0
        events.home[found], events.stay[found], events.come[found] = h, stay, come
        events.becomes[found] = (1 if stay + come > 0 else 0) + (1 if led > 0 else 0)
        if led > 0:
            leaving.members[left], leaving.born[left], leaving.whole[left] = led, born, stay + led
            left += 1
        homes += events.becomes[found] - 1
        people += come + born - gone
        found += 1
    return homes, people, many, found


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
def _run(bodies, some, begin, to, end, shift):
    """Note the run of persons `begin:end`, who go to row `to`; how many runs there are, an empty one not counted."""
    bodies[some, FROM], bodies[some, TO] = begin, to
    bodies[some, MANY], bodies[some, SHIFT] = end - begin, shift
    return some + (end > begin)


@kernel
def _plan(
    first, fate, rows, events, lives, leaving, start, stop, row, person, place, homes, bodies, new_first
):
    """New rows of the households `start:stop` and their people; the first get `row` and `person`.

    `homes` and `bodies` receive the runs in which households and people are copied: from what row on, to what row, how
    many, and by how much rows of households change. A household that another leaves is copied twice. `place` receives
    the new rows of the persons `rows`. Returns how many runs there are.
    """
    home, begin, to, counted = start, first[start], person, start
    k, left, many, some = 0, 0, 0, 0
    for e in range(events.home.size):
        h, becomes = events.home[e], events.becomes[e]
        end, shift, come = first[h + 1], row - home, events.come[e]
        events.row[e] = h + shift
        # Of a household that ended nothing is written: its row is the next one's, who may belong to another block.
        for x in range(counted, h + 1 if becomes > 0 else h):
            new_first[x + shift] = first[x] + to - begin
        counted = h + 1
        while k < rows.size and rows[k] < end:
            i = np.int64(rows[k])
            place[k] = to + i - begin
            if fate[i] > FOUNDS:
                some = _run(bodies, some, begin, to, i, shift)
                to += i - begin
                begin = i + 1
            k += 1
        if left < leaving.home.size and leaving.home[left] == h:
            come += leaving.born[left]
            leaving.row[left], leaving.out[left] = h + shift, h + shift + int(lives[h])
            left += 1
        if come > 0 or becomes != 1:
            some = _run(bodies, some, begin, to, end, shift)
            to += end - begin + come
            begin = end
        if becomes != 1:
            ends = h + 1 if becomes > 0 else h
            homes[many, FROM], homes[many, TO], homes[many, MANY] = home, row, ends - home
            many += ends > home
            row += ends - home
            home = h if becomes > 0 else h + 1
        if becomes > 1:
            new_first[row] = new_first[row - 1] + events.stay[e] + events.come[e]
    for x in range(counted, stop):
        new_first[x + row - home] = first[x] + to - begin
    end = first[stop]
    bodies[some, FROM], bodies[some, TO], bodies[some, MANY], bodies[some, SHIFT] = (
        begin,
        to,
        end - begin,
        row - home,
    )
    homes[many, FROM], homes[many, TO], homes[many, MANY] = home, row, stop - home
    return many + 1, some + 1


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
def _copy(old, widths, runs, limit, new):
    """Copy columns of bytes, `widths` to a row, in runs of rows.

    What a piece writes behind its run, the next one or who comes writes over; behind row `limit` other blocks write.
    """
    for c in range(len(old)):
        source, target, width = old[c], new[c], widths[c]
        for run in range(runs.shape[0]):
            begin, to, left = runs[run, FROM] * width, runs[run, TO] * width, runs[run, MANY] * width
            while left > 0 and begin + PIECE <= source.size and to + PIECE <= limit * width:
                for k in range(PIECE):
                    target[to + k] = source[begin + k]
                begin, to, left = begin + PIECE, to + PIECE, left - PIECE
            for k in range(left):
                target[to + k] = source[begin + k]


@kernel
def _copy_home(source, runs, limit, target):
    """Copy rows of households in runs, each with its shift."""
    for run in range(runs.shape[0]):
        begin, to, left, shift = runs[run, FROM], runs[run, TO], runs[run, MANY], np.int32(runs[run, SHIFT])
        while left > 0 and begin + PEOPLE <= source.size and to + PEOPLE <= limit:
            for k in range(PEOPLE):
                target[to + k] = source[begin + k] + shift
            begin, to, left = begin + PEOPLE, to + PEOPLE, left - PEOPLE
        for k in range(left):
            target[to + k] = source[begin + k] + shift


@kernel
def _grow_older(age, children, fate, birth, rows, place, start, stop):
    """Add a year to persons in new rows `start:stop`, and a child to each mother among `rows`, in new rows `place`."""
    ages = age[start:stop]
    for k in range(ages.size):
        ages[k] += np.uint8(1)
    for k in range(rows.size):
        if fate[rows[k]] <= FOUNDS and birth[rows[k]] != NO_CHILD:
            children[place[k]] += np.uint8(1)


@kernel
def _come(old, heads, first, rows, arrivals, brides, events, county, in_town, new, new_first):
    """Lay in who comes to a household of before: its newborn in order of the mothers, then brides.

    `rows` are persons to whom something happens; `arrivals` the grooms' households, `brides` where theirs begin.
    """
    k, arrived = 0, 0
    for e in range(events.home.size):
        h, row = events.home[e], events.row[e]
        to = new_first[row] + events.stay[e]
        while k < rows.size and rows[k] < first[h + 1]:
            i = np.int64(rows[k])
            if heads.fate[i] == STAYS:
                _lay_child(old, int(heads.birth[i]), i, county[h], in_town[h], heads.year, new, to, row)
                to += 1
            k += 1
        while arrived < arrivals.size and arrivals[arrived] == h:
            b = brides + arrived
            _lay_person(old, heads.married, heads.birth, heads.brides[b], new, to, row)
            new.place[to], new.setting[to] = heads.bride_place[b], heads.bride_setting[b]
            new.work[to] = heads.bride_work[b]
            to += 1
            arrived += 1


@kernel
def _part(old, heads, first, county, in_town, leaving, new, new_first, number):
    """Lay the members of households that another leaves in two, and give the new one its `number`."""
    for k in range(leaving.home.size):
        h, row, out = leaving.home[k], leaving.row[k], leaving.out[k]
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
def _divide_cells(leaving, columns):
    for c in range(len(columns)):
        for k in range(leaving.home.size):
            row, out = leaving.row[k], leaving.out[k]
            cells, share = int(columns[c][row]), 0
            if cells > 0:
                share = cells * int(leaving.members[k]) // int(leaving.whole[k])
            columns[c][row] = cells - share
            columns[c][out] = share


@kernel
def _divide_money(leaving, columns):
    for c in range(len(columns)):
        for k in range(leaving.home.size):
            row, out = leaving.row[k], leaving.out[k]
            money = columns[c][row]
            share = money * leaving.members[k] / leaving.whole[k]
            columns[c][row] = money - share
            columns[c][out] = share


@kernel
def _found(leaving, setting, homes):
    """A new household's home is where its founder lives; when he is away, where the old one was.

    Who took none of a dated kind of land has no date.
    """
    for k in range(leaving.home.size):
        out, lives_in = leaving.out[k], setting[leaving.founder[k]]
        if lives_in != AWAY:
            homes.in_town[out] = lives_in != VILLAGE
        if homes.in_town[out] == 0:
            homes.town_since[out] = 0
        if homes.orchard[out] == 0:
            homes.orchard_age[out] = 0
        if homes.sapling[out] == 0:
            homes.sapling_age[out] = 0
        if homes.converted[out] == 0:
            homes.converted_year[out] = 0


def settle(persons: Persons, households: Households, heads: Heads) -> Settled:
    """Carry out what demography decided; every account closes in whole persons, cells and animals."""
    size = households.number.size
    lives = np.empty(size, np.bool_)
    arrivals = persons.household[heads.grooms].astype(np.int64)
    leaving = _leaving(persons, heads)
    counted = over(size, lambda a, b: _counted(persons, households, heads, arrivals, leaving, lives, a, b))
    ended = np.concatenate([np.empty(0, np.int64), *(part.ended for part in counted)])
    heir = np.empty(ended.size, np.int64)
    _heirs(households.village, households.county, lives, ended, heir)
    starts = _starts(counted, ended[heir < 0], block(size))
    ended, heir = ended[heir >= 0], heir[heir >= 0]
    total, souls = (int(number) for number in starts[-1])
    before = households._asdict()
    homes: dict[str, np.ndarray] = {name: np.empty(total, column.dtype) for name, column in before.items()}
    homes["first"] = np.empty(total + 1, np.int64)
    homes["first"][total] = souls
    people = Persons(*(np.empty(souls, column.dtype) for column in persons))
    columns = _bytes([(before[name], homes[name]) for name in (*COPIED, *CELLS, *MONEY)])
    bodies = _bytes(
        [(getattr(persons, name), getattr(people, name)) for name in KEPT] + [(heads.married, people.married)]
    )

    def lay(a: int, b: int) -> None:
        this = a // block(size)
        rows, events, out = counted[this].rows, counted[this].events, _some(leaving, a, b)
        come = _within(arrivals, a, b)
        (row, person), (last_row, last) = starts[this].tolist(), starts[this + 1].tolist()
        runs, place = np.empty((events.home.size + 1, MANY + 1), np.int64), np.empty(rows.size, np.int64)
        person_runs = np.empty((rows.size + events.home.size + 1, SHIFT + 1), np.int64)
        many, some = _plan(households.first, heads.fate, rows, events, lives, out, a, b, row, person, place, runs,
                           person_runs, homes["first"])  # fmt: skip
        runs, person_runs = runs[:many], person_runs[:some]
        _copy(*columns[:2], runs, last_row, columns[2])
        _copy(*bodies[:2], person_runs, last, bodies[2])
        _copy_home(persons.household, person_runs, last, people.household)
        _grow_older(people.age, people.children, heads.fate, heads.birth, rows, place, person, last)
        _part(persons, heads, households.first, households.county, households.in_town, out, people, homes["first"],
              homes["number"])  # fmt: skip
        _come(persons, heads, households.first, rows, arrivals[come], come.start, events, households.county,
              households.in_town, people, homes["first"])  # fmt: skip
        if out.home.size:
            _divide(out, persons, homes)

    over(size, lay)
    # Before an heir stand as many households more as left others that live on, and fewer as ended.
    grown = leaving.home[lives[leaving.home]]
    to = heir + np.searchsorted(grown, heir) - np.searchsorted(ended, heir)
    written_off = _inherit(before, homes, to, ended) if ended.size else np.zeros(len(COUNTIES))
    rows = [part.rows for part in counted]
    return Settled(people, Households(**homes), written_off, booked(persons, households, heads, rows))


def booked(persons: Persons, households: Households, heads: Heads, rows: list[np.ndarray]) -> Booked:
    """What the heads of the year add to agricultural registrations and to residents.

    `rows` are the persons to whom something happens, by block. Registration is the household's: a child has that of its
    mother's, a bride takes that of the groom's, and nothing else changes a person's.
    """
    county, farms, seven = households.county, households.farm_hukou, len(COUNTIES)
    table = np.zeros((seven + 1, 2), np.int64)
    for some in rows:
        _book(some, heads.fate, heads.birth, persons.household, persons.place, county, farms, table)
    _book_brides(persons.household[heads.grooms], heads.bride_place, county, farms, table)
    return Booked(table[:seven, 1].copy(), table[:seven, 0].copy())


@kernel
def _book(rows, fate, birth, household, place, county, farms, table):
    """Newborn less the dead, those who settle elsewhere and brides among `rows`: by where they live, and of agricultural registration."""
    for k in range(rows.size):
        i = rows[k]
        home, here = np.int64(household[i]), np.int64(place[i])
        where, farmer = np.int64(county[home]), np.int64(farms[home] != 0)
        if birth[i] != NO_CHILD:
            table[where if birth[i] >= BOY_AT_HOME else here, 0] += 1
            table[where, 1] += farmer
        if fate[i] > FOUNDS:
            table[here, 0] -= 1
            table[where, 1] -= farmer


@kernel
def _book_brides(homes, places, county, farms, table):
    """Brides where they live from now on, and with the registration of the household that they join."""
    for k in range(homes.size):
        table[places[k], 0] += 1
        table[county[homes[k]], 1] += np.int64(farms[homes[k]] != 0)


def _starts(counted: "list[_Counted]", stands: np.ndarray, rows: int) -> np.ndarray:
    """New row of the first household and of the first person of each block of `rows`, and of who would come next.

    Where a county has nobody left to inherit, the empty household `stands` on and keeps its land.
    """
    sizes = np.array([(part.homes, part.people) for part in counted], np.int64).reshape(-1, 2)
    for h in stands.tolist():
        events = counted[h // rows].events
        events.becomes[np.searchsorted(events.home, h)] = 1
        sizes[h // rows, 0] += 1
    return np.concatenate([np.zeros((1, 2), np.int64), np.cumsum(sizes, axis=0)])


def _divide(leaving: _Leaving, persons: Persons, homes: dict[str, np.ndarray]) -> None:
    """New households take their part of the stocks of those that they left, and a home of their own."""
    for cells in _cells(homes):
        _divide_cells(leaving, cells)
    _divide_money(leaving, tuple(homes[name] for name in MONEY))
    _found(leaving, persons.setting, _Dwelling(*(homes[name] for name in _Dwelling._fields)))


def _cells(homes: Mapping[str, np.ndarray]) -> tuple[tuple[np.ndarray, ...], ...]:
    """Stocks in whole cells and heads, those of a type together: compiled code goes through columns of one type."""
    return tuple(tuple(homes[name] for name in names) for names in (LAND, ANIMALS))


class _Counted(NamedTuple):
    """What a block of households becomes."""

    homes: int
    people: int
    ended: np.ndarray  # i8: households in which nobody is left and which nobody left to found one
    rows: np.ndarray  # u4: persons to whom something happens
    events: _Events


def _counted(
    persons: Persons, households: Households, heads: Heads, arrivals: np.ndarray, leaving: _Leaving, lives: np.ndarray,
    a: int, b: int,
) -> _Counted:  # fmt: skip
    rows = np.empty(int(households.first[b] - households.first[a]) + 1, np.uint32)
    room = np.empty((len(_Events._fields), b - a), np.int64)
    homes, people, many, found = _tally(
        households.first, persons.household, heads.fate, heads.birth, arrivals[_within(arrivals, a, b)], a, b,
        _some(leaving, a, b), lives, rows, np.empty(b - a + 1, np.int64), _Events(*room),
    )  # fmt: skip
    events = _Events(*room[:, :found].copy())
    return _Counted(homes, people, events.home[events.becomes == 0], rows[:many].copy(), events)


def _leaving(persons: Persons, heads: Heads) -> _Leaving:
    home = persons.household[heads.founders].astype(np.int64)
    return _Leaving(heads.founders, home, *np.zeros((len(_Leaving._fields) - 2, home.size), np.int64))


def _within(homes: np.ndarray, start: int, stop: int) -> slice:
    """Where the households `start:stop` stand among rows of households, which rise."""
    return slice(*np.searchsorted(homes, (start, stop)).tolist())


def _some(leaving: _Leaving, start: int, stop: int) -> _Leaving:
    here = _within(leaving.home, start, stop)
    return _Leaving(*(column[here] for column in leaving))


def _bytes(columns: list[tuple[np.ndarray, np.ndarray]]) -> tuple[tuple, np.ndarray, tuple]:
    """Columns before and after as bytes, and how many make a row: one loop then copies columns of any type."""
    old, new = (tuple(column.view(np.uint8) for column in side) for side in zip(*columns, strict=True))
    for column in old:
        column.flags.writeable = False
    return old, np.array([before.itemsize for before, _ in columns]), new


@kernel
def _inherit_date(land, date, ended, to, order, new_land, new_date):
    """Land of two dates gets their mean by area, in whole years; `order` has those who inherit from several together."""
    k = 0
    while k < order.size:
        heir, area, weight = to[order[k]], 0, 0
        while k < order.size and to[order[k]] == heir:
            h = ended[order[k]]
            area += int(land[h])
            weight += int(land[h]) * int(date[h])
            k += 1
        if area > 0:
            joint = weight + int(new_land[heir]) * int(new_date[heir])
            whole = area + int(new_land[heir])
            new_date[heir] = (2 * joint + whole) // (2 * whole)


@kernel
def _inherit_cells(columns, ended, to, heirs):
    for c in range(len(columns)):
        for k in range(ended.size):
            heirs[c][to[k]] += columns[c][ended[k]]


@kernel
def _inherit_money(cash, debt, county, ended, to, new_cash, written_off):
    for k in range(ended.size):
        net = cash[ended[k]] - debt[ended[k]]
        new_cash[to[k]] += max(net, 0.0)
        written_off[county[ended[k]]] += max(-net, 0.0)


def _inherit(
    old: dict[str, np.ndarray], homes: dict[str, np.ndarray], to: np.ndarray, ended: np.ndarray
) -> np.ndarray:
    """Estates pass to the heirs, new rows `to`; what remains of debts is written off, by county."""
    written_off, order = np.zeros(len(COUNTIES)), to.argsort(kind="stable")
    for land, date in DATED:
        _inherit_date(old[land], old[date], ended, to, order, homes[land], homes[date])
    for before, after in zip(_cells(old), _cells(homes), strict=True):
        _inherit_cells(before, ended, to, after)
    _inherit_money(old["cash"], old["debt"], old["county"], ended, to, homes["cash"], written_off)
    return written_off
