"""Years counted: every indicator of every area, and the distributions behind them.

Persons and households are read once, in blocks, by one compiled pass that only adds to integer tables, to sums
of money and to bins of income a head; partial tables are added in the order of the blocks. That is noted of each year
as it ends (`note`). Everything else is arithmetic on arrays by county, done for all years of a run at once (`work_out`)
because what it costs does not grow with the number of years. Incomes a head are taken over members at home (`place` is the county of
registration and the setting that of the household's home), by the household's setting and county.

    mean a head      = sum of income / members at home
    prefecture       = sum over counties of mean * residents of the setting / those residents
    Gini             = 1 - sum over bins of p_i (L_i + L_(i-1)),   p population share, L income share up to bin i
    tenth k          = (S(k N / 10) - S((k - 1) N / 10)) / (N / 10),   S income of the poorest n, linear in a bin

Residents in collective quarters and incomers have no household at home; they count as having the mean of their
county's setting, which is what the weights of the prefecture say (the start is calibrated so). Bins hold exact
sums, so only the order inside a bin (half a percent of income wide) is lost. A negative income lies in the
lowest bin; a Gini that negative incomes would lift above one reads one.

Real GDP is at prices of 2019: the ten sectors by the GDP deflator, farms at their own trend prices, because a dear
apple is no growth. Every total is divided by the sample's share, so that all samples read on the scale of the prefecture.

Left out: incomers' ages and schooling (they have no rows), prices by county, equivalence scales.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from tianshui.compiled import kernel, over, rule, unsigned
from tianshui.declare import Declared
from tianshui.indicators import (
    CITY_LEVEL,
    COUNTIES,
    HIGH_BIN,
    LOW_BIN,
    PREFECTURE,
    SHOWN_BINS,
    SPENT,
)
from tianshui.state import (
    CELLS_PER_MU,
    CITY,
    FARM,
    FIRST_SECTOR,
    HEALTH,
    KINDS,
    LIFTED,
    OUTSIDE,
    POOR,
    POST,
    PUPIL,
    SECONDARY,
    SECTORS,
    TOWN,
    VILLAGE,
    WORK_AWAY,
    WORKSHOP,
    Accounts,
    Budgets,
    HouseholdMoney,
    Industries,
    Markets,
    Nature,
    PublicCapital,
    State,
    Towns,
)
from tianshui.sums import run_end

EXTRA_ALWAYS: dict[str, str] = {
    "eroded_area": "f8 (7,): eroded land, km2, at the scale of the sample",
    "hospital_beds_start": "f8 (7,): beds per 1,000 residents at the start",
    "deposit_share": "f8 (7,): part of all household deposits that registered households hold",
}
"""What `count` must be told in every year because neither state nor accounts hold it."""
EXTRA_FLOWS: dict[str, str] = {
    "life_expectancy": "float: years, period table of the prefecture",
    "eco_industry_share": "f8 (7,): part of GDP, 0 to 1",
    "compensation": "f8 (8,): horizontal compensation received by each budget, yuan",
    "medical_aid": "f8 (7,): paid for registered households, yuan",
    "poverty_line": "float: yuan a head of the year",
    "lifted_at_risk": "i8 (7,): members at home of lifted households who are at risk",
    "deflator_before": "float: GDP deflator of the year before, 2015 = 1",
    "visitors": "f8 (7,): visits from outside",
    "visitor_money": "f8 (7,): what they spent, as receipts are published, yuan",
}
"""What it must be told besides in a year with flows (life expectancy and eco-industries also at the start)."""

OLDEST, ADULT, RETIRED, AGE_STEP, AGE_GROUPS = 119, 15, 65, 5, 18
"""Ages above OLDEST count as OLDEST; the last five-year group is open."""
DISABLED = 2
FINE_BINS = 2000
"""Bins of income between the ends of the grid; one more at either end."""
LOG_SPAN = math.log(HIGH_BIN / LOW_BIN)
"""Length of the grid of bins, in logs."""
CENTRAL = 2
"""The first two counties are the districts of the central city."""
GOOD_CLASS = 3
"""Class of GB 3838-2002 up to which water counts as good."""
TENTHS = 10
SHOWN_YEARS = (2015, 2020, 2025, 2030, 2035)
"""Years whose bins of income are stored."""
HUNDRED, THOUSAND, TEN_THOUSAND = 100.0, 1e3, 1e4
"""Units: per cent, a thousand, ten thousand."""

LAND = (
    "flat", "terrace", "slope", "steep", "idle_terrace", "idle_slope", "idle_steep", "let", "orchard", "sapling",
    "converted",
)  # fmt: skip
ANIMALS = ("cattle", "sheep", "pigs")
_COUNTS = (
    "members", "farm_members", "away", "away_workers", "homes", "at_home", "farm_at_home", "poor", "monitored",
    "allowance", "lifted", "farm_homes", "served", "insured", "relieved", *LAND, *ANIMALS,
)  # fmt: skip
(
    MEMBERS, FARM_MEMBERS, AWAY_PERSONS, AWAY_WORKERS, HOMES, AT_HOME, FARM_AT_HOME, POOR_PERSONS, MONITORED,
    ALLOWANCE, LIFTED_PERSONS, FARM_HOMES, SERVED, INSURED, RELIEVED, FIRST_LAND,
) = range(16)  # fmt: skip
FIRST_ANIMAL = FIRST_LAND + len(LAND)
FOUR = 4
"""Running sums of money that are added side by side."""
_MONEY = ("savings", "debt", "allowance", "remittances", "medical")
INCOME, WAGES, BUSINESS, TRANSFERS, PROPERTY, OTHER = range(6)
SOURCES = ("wages", "business", "transfers", "property", "other")


class Counted(NamedTuple):
    """One year's results."""

    values: dict[tuple[str, str], float]
    """(area, indicator) to value, in the stored unit; NaN where nothing can be said (a ratio to nothing)."""
    distributions: dict[str, np.ndarray]
    """Columns year (i2), area, measure, bin (i2), value (f8)."""


class Tally(NamedTuple):
    """What the pass over persons and households adds up; the scale is the sample's own."""

    activity: np.ndarray  # i8 (8, 4, 16): persons by place, setting, work
    ages: np.ndarray  # i8 (8, 2, 120): persons by place, sex, age
    schooling: np.ndarray  # i8 (8,): completed years of those of 15 and older, by place
    health: np.ndarray  # i8 (8, 3): persons by place and health
    counts: np.ndarray  # i8 (7, C): by county of registration, the columns of _COUNTS
    money: np.ndarray  # f8 (7, M): yuan by county of registration, the columns of _MONEY
    people: np.ndarray  # i8 (14,): members at home by county and setting of the home (2 c + in_town)
    income: np.ndarray  # f8 (14, 5): their households' income and its sources
    bin_people: np.ndarray  # i8 (14, 2002): members at home by bin of income a head
    bin_income: np.ndarray  # f8 (14, 2002): their households' income


class _Tables(NamedTuple):
    """What one block adds up, for the counties from its lowest to its highest (C)."""

    persons: np.ndarray  # i8 (C, 8 * 4 * 4 * 16): by county of registration; place, health, setting, work
    ages: (
        np.ndarray
    )  # i8 (8 * 2 * 128,): by place, sex, age; persons and, 2^32 to one, their years of schooling
    counts: np.ndarray  # i8 (C, columns)
    money: np.ndarray  # f8 (C, columns)
    people: np.ndarray  # i8 (C, 2)
    income: np.ndarray  # f8 (C, 2, 5)
    bin_people: np.ndarray  # i8 (C, 2, 2002)
    bin_income: np.ndarray  # f8 (C, 2, 2002)


PLACES, SETTINGS, WORKS, HEALTHS, AGES = OUTSIDE + 1, CITY + 2, WORK_AWAY + 1, 4, 128
"""Sizes of the tables of persons; those of health and age are rounded up to powers of two."""
HIGH = 2**32
"""One of what is counted in the upper half of a word: one addition counts two things."""

KEPT_BITS, LOST_BITS = 8, 44
"""Leading bits of a number's fraction that find its bin, and the bits behind them."""


def _bin_edges() -> np.ndarray:
    """Incomes a head (f8, 2,001) at which the bins 1 to 2,001 begin."""
    edges = LOW_BIN * np.exp(LOG_SPAN * np.arange(FINE_BINS + 1) / FINE_BINS)
    edges[-1] = HIGH_BIN
    return edges


def _cells(low: float, high: float) -> tuple[int, np.ndarray]:
    """The first cell of the grid, and the bin at the beginning of each cell.

    Floats of one cell share their exponent and the first bits of their fraction. A cell is at most a 256th wide,
    less than a bin (a 217th), so that one comparison with the next edge tells the bin exactly.
    """
    first, last = (int(np.float64(x).view(np.int64)) >> LOST_BITS for x in (low, high))
    begins = (np.arange(first, last + 1) << LOST_BITS).view(np.float64)
    return first, np.searchsorted(_EDGES, begins, side="right").clip(max=FINE_BINS)


_EDGES = _bin_edges()
_FIRST_CELL, _BIN_OF_CELL = _cells(LOW_BIN, HIGH_BIN)
_LAST_CELL = _BIN_OF_CELL.size - 1


@rule
def income_bin(head):
    """Bin of an income a head: 0 below the grid (or no number), 1 to 2,000 on it, 2,001 above."""
    cell = (np.float64(head).view(np.int64) >> LOST_BITS) - _FIRST_CELL
    place = _BIN_OF_CELL[min(max(cell, 0), _LAST_CELL)]
    return (place + (head >= _EDGES[place])) * (head >= LOW_BIN)


@rule
def relieved(income, relief, heads, line):
    """Whether a household stands above the poverty line only with what relief gave it."""
    return income / heads >= line and (income - relief) / heads < line


STRIP = 1024
"""Persons of whom the tables' rows are reckoned before any is added."""


@kernel
def _cells_of(age, female, health, place, setting, work, own, begin, end, state, row, lives):
    """Where persons `begin:end` stand in the tables of state and of age, and whether they live at home."""
    age, female, health = age[begin:end], female[begin:end], health[begin:end]
    place, setting, work = place[begin:end], setting[begin:end], work[begin:end]
    for i in range(end - begin):
        where = np.int64(place[i]) * HEALTHS + np.int64(health[i])
        state[i] = (where * SETTINGS + np.int64(setting[i])) * WORKS + np.int64(work[i])
    for i in range(end - begin):
        row[i] = (np.int64(place[i]) * 2 + np.int64(female[i])) * AGES + min(np.int64(age[i]), OLDEST)
    for i in range(end - begin):
        lives[i] = np.int64(place[i] == own) * (HIGH if setting[i] != VILLAGE else 1)


@kernel
def _persons(age, female, schooling, health, place, setting, work, own, start, stop, table, ages, passed):
    """Persons `start:stop` registered in the county `own`; two additions each.

    `passed[i + 1]` holds how many of the first `i + 1` live in the villages of their county and, 2^32 to one, how many
    in its towns. Neighbours are often alike, and who adds to the same word twice running waits for the first: every
    second person is added to a table of its own.
    """
    state, row, lives = np.empty(STRIP, np.uint16), np.empty(STRIP, np.uint16), np.empty(STRIP, np.int64)
    second, here = np.zeros(table.size, np.int64), 0
    passed[0] = 0
    for begin in range(start, stop, STRIP):
        end = min(begin + STRIP, stop)
        _cells_of(age, female, health, place, setting, work, own, begin, end, state, row, lives)
        size, years = end - begin, schooling[begin:end]
        for i in range(size // 2):
            table[state[2 * i]] += 1
            second[state[2 * i + 1]] += 1
        if size % 2 == 1:
            table[state[size - 1]] += 1
        for i in range(size):
            ages[row[i]] += np.int64(years[i]) * HIGH + 1
        until = passed[begin - start + 1 : end - start + 1]
        for i in range(size):
            here += lives[i]
            until[i] = here
    for k in range(table.size):
        table[k] += second[k]


@kernel
def _at_home(first, in_town, passed, start, stop, at_home):
    """Members of the households `start:stop` who live at its home: in their county, in a village or town as it does."""
    first, in_town = first[start : stop + 1], in_town[start:stop]
    for h in range(in_town.size):
        own = (
            passed[np.int64(first[h + 1]) - np.int64(first[0])]
            - passed[np.int64(first[h]) - np.int64(first[0])]
        )
        at_home[h] = own // HIGH if in_town[h] == 1 else own % HIGH


@kernel
def _registers(
    first,
    farm_hukou,
    in_town,
    poor,
    monitored,
    allowance,
    cooperative,
    insured,
    at_home,
    start,
    stop,
    n,
    people,
):
    """Who is registered and at home in the households `start:stop` of one county, and on which registers."""
    first, farm_hukou, in_town = first[start : stop + 1], farm_hukou[start:stop], in_town[start:stop]
    poor, monitored, allowance = poor[start:stop], monitored[start:stop], allowance[start:stop]
    cooperative, insured = cooperative[start:stop], insured[start:stop]
    registered, of_farms, home, farm_home, poor_persons, lifted, watched, drawing = 0, 0, 0, 0, 0, 0, 0, 0
    homes, farms, served, safe, in_towns = 0, 0, 0, 0, 0
    for h in range(at_home.size):
        members, heads = np.int64(first[h + 1]) - np.int64(first[h]), np.int64(at_home[h])
        farm, town, status = np.int64(farm_hukou[h]), np.int64(in_town[h]), poor[h]
        lived_in = np.int64(heads > 0)
        farmhouse = lived_in * farm * (1 - town)
        registered += members
        of_farms += farm * members
        home += heads
        farm_home += farm * heads
        poor_persons += members * (status == POOR)
        lifted += heads * (status == LIFTED)
        watched += members * np.int64(monitored[h])
        drawing += heads * np.int64(allowance[h])
        homes += lived_in
        farms += farmhouse
        served += farmhouse * np.int64(cooperative[h])
        safe += farmhouse * np.int64(insured[h])
        in_towns += town * heads
    n[MEMBERS] += registered
    n[FARM_MEMBERS] += of_farms
    n[AT_HOME] += home
    n[FARM_AT_HOME] += farm_home
    n[POOR_PERSONS] += poor_persons
    n[LIFTED_PERSONS] += lifted
    n[MONITORED] += watched
    n[ALLOWANCE] += drawing
    n[HOMES] += homes
    n[FARM_HOMES] += farms
    n[SERVED] += served
    n[INSURED] += safe
    people[0] += home - in_towns
    people[1] += in_towns


@kernel
def _bins(income, in_town, at_home, start, stop, sums, bin_people, bin_income):
    """Incomes of the households `start:stop` of one county where somebody is at home, in sum and in bins."""
    income, in_town = income[start:stop], in_town[start:stop]
    village, town = 0.0, 0.0
    for h in range(at_home.size):
        heads, where = np.int64(at_home[h]), np.uint64(in_town[h])
        money = income[h] if heads > 0 else 0.0
        village += money if where == 0 else 0.0
        town += money if where == 1 else 0.0
        place = np.uint64(income_bin(money / max(heads, 1)))
        bin_people[where, place] += heads
        bin_income[where, place] += money
    sums[0, INCOME] += village
    sums[1, INCOME] += town


@kernel
def _add_sources(rows, found, earned, farm, given, owned, other, row):
    """Add the sources over some rows, in their order."""
    a, b, c, d, e = row[WAGES], row[BUSINESS], row[TRANSFERS], row[PROPERTY], row[OTHER]
    for k in range(found):
        h = rows[k]
        a += earned[h]
        b += farm[h]
        c += given[h]
        d += owned[h]
        e += other[h]
    row[WAGES], row[BUSINESS], row[TRANSFERS], row[PROPERTY], row[OTHER] = a, b, c, d, e


@kernel
def _sources(
    wages, remittances, posts, farm, pension, allowance, payments, transfers, indemnity, premiums, property_, interest,
    in_town, at_home, start, stop, sums,
):  # fmt: skip
    """Where the incomes of `_bins` come from."""
    rows = np.empty(STRIP + 1, np.uint16)
    earned, given, owned = np.empty(STRIP), np.empty(STRIP), np.empty(STRIP)
    totals = np.zeros(sums.shape)
    for begin in range(start, stop, STRIP):
        end = min(begin + STRIP, stop)
        size, town, heads = end - begin, in_town[begin:end], at_home[begin - start : end - start]
        a, b, c = wages[begin:end], remittances[begin:end], posts[begin:end]
        for j in range(size):
            earned[j] = a[j] + b[j] + c[j]
        a, b, c = pension[begin:end], allowance[begin:end], payments[begin:end]
        d, e = indemnity[begin:end], premiums[begin:end]
        for j in range(size):
            given[j] = a[j] + b[j] + c[j] + d[j] - e[j]
        a, b = property_[begin:end], interest[begin:end]
        for j in range(size):
            owned[j] = a[j] - b[j]
        for place in range(2):
            found = 0
            for j in range(size):
                rows[found] = j
                found += (heads[j] > 0) & (town[j] == place)
            _add_sources(rows, found, earned, farm[begin:end], given, owned, transfers[begin:end],
                         totals[place])  # fmt: skip
    for place in range(2):
        for k in range(WAGES, OTHER + 1):
            sums[place, k] += totals[place, k]


@kernel
def _relieved(income, allowance, posts, farm_hukou, at_home, line, start, stop, rows, n):
    """Members at home of farm households `start:stop` that relief alone lifts over the line."""
    income, allowance, posts = income[start:stop], allowance[start:stop], posts[start:stop]
    farm_hukou = farm_hukou[start:stop]
    found = 0
    for h in range(at_home.size):
        rows[found] = h
        found += (allowance[h] + posts[h] > 0.0) & (farm_hukou[h] == 1) & (at_home[h] > 0)
    for k in range(found):
        h = rows[k]
        heads = np.int64(at_home[h])
        n[RELIEVED] += heads * relieved(income[h], allowance[h] + posts[h], heads, line)


@rule
def _whole(column, start, stop):
    """Sum of a column of whole numbers."""
    column, total = column[start:stop], 0
    for j in range(stop - start):
        total += np.int64(column[j])
    return total


@rule
def _yuan(column, start, stop):
    """Sum of a column of money: every fourth row in one of four sums, which the processor adds at once."""
    column = column[start:stop]
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    for k in range(column.size // FOUR):
        h = FOUR * k
        a += column[h]
        b += column[h + 1]
        c += column[h + 2]
        d += column[h + 3]
    for h in range(column.size // FOUR * FOUR, column.size):
        a += column[h]
    return (a + b) + (c + d)


@kernel
def _holdings(
    flat, terrace, slope, steep, idle_terrace, idle_slope, idle_steep, let, orchard, sapling, converted, cattle, sheep,
    pigs, cash, debt, start, stop, n, m,
):  # fmt: skip
    """What the households `start:stop` of one county hold."""
    n[FIRST_LAND] += _whole(flat, start, stop)
    n[FIRST_LAND + 1] += _whole(terrace, start, stop)
    n[FIRST_LAND + 2] += _whole(slope, start, stop)
    n[FIRST_LAND + 3] += _whole(steep, start, stop)
    n[FIRST_LAND + 4] += _whole(idle_terrace, start, stop)
    n[FIRST_LAND + 5] += _whole(idle_slope, start, stop)
    n[FIRST_LAND + 6] += _whole(idle_steep, start, stop)
    n[FIRST_LAND + 7] += _whole(let, start, stop)
    n[FIRST_LAND + 8] += _whole(orchard, start, stop)
    n[FIRST_LAND + 9] += _whole(sapling, start, stop)
    n[FIRST_LAND + 10] += _whole(converted, start, stop)
    n[FIRST_ANIMAL] += _whole(cattle, start, stop)
    n[FIRST_ANIMAL + 1] += _whole(sheep, start, stop)
    n[FIRST_ANIMAL + 2] += _whole(pigs, start, stop)
    m[0] += _yuan(cash, start, stop)
    m[1] += _yuan(debt, start, stop)


@kernel
def _flows(allowance, remittances, medical, start, stop, m):
    """What the households `start:stop` of one county received and paid."""
    m[2] += _yuan(allowance, start, stop)
    m[3] += _yuan(remittances, start, stop)
    m[4] += _yuan(medical, start, stop)


def _empty(counties: int) -> _Tables:
    """Tables of zeros for some counties."""
    bins = FINE_BINS + 2
    return _Tables(
        persons=np.zeros((counties, PLACES * HEALTHS * SETTINGS * WORKS), np.int64),
        ages=np.zeros(PLACES * 2 * AGES, np.int64),
        counts=np.zeros((counties, len(_COUNTS)), np.int64),
        money=np.zeros((counties, len(_MONEY))),
        people=np.zeros((counties, 2), np.int64),
        income=np.zeros((counties, 2, 1 + len(SOURCES))),
        bin_people=np.zeros((counties, 2, bins), np.int64),
        bin_income=np.zeros((counties, 2, bins)),
    )


class _Who(NamedTuple):
    """Columns of persons that the pass reads."""

    age: np.ndarray
    female: np.ndarray
    schooling: np.ndarray
    health: np.ndarray
    place: np.ndarray
    setting: np.ndarray
    work: np.ndarray


class _Homes(NamedTuple):
    """Columns of households that the pass reads; `first` without a sign."""

    first: np.ndarray
    county: np.ndarray
    farm_hukou: np.ndarray
    in_town: np.ndarray
    poor: np.ndarray
    monitored: np.ndarray
    allowance: np.ndarray
    cooperative: np.ndarray
    insured: np.ndarray
    income: np.ndarray
    flat: np.ndarray
    terrace: np.ndarray
    slope: np.ndarray
    steep: np.ndarray
    idle_terrace: np.ndarray
    idle_slope: np.ndarray
    idle_steep: np.ndarray
    let: np.ndarray
    orchard: np.ndarray
    sapling: np.ndarray
    converted: np.ndarray
    cattle: np.ndarray
    sheep: np.ndarray
    pigs: np.ndarray
    cash: np.ndarray
    debt: np.ndarray


class _Money(NamedTuple):
    """Columns of the households' money of the year that the pass reads."""

    wages: np.ndarray
    remittances: np.ndarray
    posts: np.ndarray
    farm: np.ndarray
    pension: np.ndarray
    allowance: np.ndarray
    payments: np.ndarray
    transfers: np.ndarray
    indemnity: np.ndarray
    premiums: np.ndarray
    property: np.ndarray
    interest: np.ndarray
    medical: np.ndarray


class _Read(NamedTuple):
    """What the pass reads."""

    who: _Who
    homes: _Homes
    money: _Money | None
    line: float


def _columns(record: Any, kind: Any) -> Any:
    """Some columns of a record as a record of their own."""
    return kind(*(getattr(record, name) for name in kind._fields))


# Households lie county by county, so a block is a run of one county or two; any order is counted right. The runs are
# walked in compiled code, because a small world has as many runs as a large one.
@kernel
def _stand(who, homes, start, stop, lowest, t, at_home):
    """Where people of the households `start:stop` are, and what these hold; fills who is `at_home` in each."""
    begin = start
    while begin < stop:
        end, c = run_end(homes.county, begin, stop), np.int64(homes.county[begin]) - lowest
        heads, n = at_home[begin - start : end - start], t.counts[c]
        first, last = np.int64(homes.first[begin]), np.int64(homes.first[end])
        passed = np.empty(last - first + 1, np.int64)
        _persons(who.age, who.female, who.schooling, who.health, who.place, who.setting, who.work, homes.county[begin],
                 first, last, t.persons[c], t.ages, passed)  # fmt: skip
        _at_home(homes.first, homes.in_town, passed, begin, end, heads)
        _registers(homes.first, homes.farm_hukou, homes.in_town, homes.poor, homes.monitored, homes.allowance,
                   homes.cooperative, homes.insured, heads, begin, end, n, t.people[c])  # fmt: skip
        _bins(homes.income, homes.in_town, heads, begin, end, t.income[c], t.bin_people[c], t.bin_income[c])
        _holdings(
            homes.flat, homes.terrace, homes.slope, homes.steep, homes.idle_terrace, homes.idle_slope, homes.idle_steep,
            homes.let, homes.orchard, homes.sapling, homes.converted, homes.cattle, homes.sheep, homes.pigs, homes.cash,
            homes.debt, begin, end, n, t.money[c],
        )  # fmt: skip
        begin = end


@kernel
def _flow(homes, money, line, start, stop, lowest, t, at_home):
    """What the households `start:stop` received and paid in the year, those `at_home` in each given."""
    begin = start
    while begin < stop:
        end, c = run_end(homes.county, begin, stop), np.int64(homes.county[begin]) - lowest
        heads = at_home[begin - start : end - start]
        _flows(money.allowance, money.remittances, money.medical, begin, end, t.money[c])
        _sources(
            money.wages, money.remittances, money.posts, money.farm, money.pension, money.allowance, money.payments,
            money.transfers, money.indemnity, money.premiums, money.property, money.interest, homes.in_town, heads,
            begin, end, t.income[c],
        )  # fmt: skip
        _relieved(homes.income, money.allowance, money.posts, homes.farm_hukou, heads, line, begin, end,
                  np.empty(end - begin, np.int64), t.counts[c])  # fmt: skip
        begin = end


def _block(read: _Read, start: int, stop: int) -> tuple[int, _Tables]:
    """One block: its lowest county and its tables, from that county to its highest."""
    county = read.homes.county[start:stop]
    lowest, highest = int(county.min()), int(county.max())
    t, at_home = _empty(highest - lowest + 1), np.empty(stop - start, np.int32)
    _stand(read.who, read.homes, start, stop, lowest, t, at_home)
    if read.money is not None:
        _flow(read.homes, read.money, read.line, start, stop, lowest, t, at_home)
    return lowest, t


def _read(state: State, money: HouseholdMoney | None, line: float) -> _Read:
    homes = state.households._replace(first=unsigned(state.households.first))
    return _Read(
        _columns(state.persons, _Who), _columns(homes, _Homes),
        None if money is None else _columns(money, _Money), float(line),
    )  # fmt: skip


def tally(state: State, money: HouseholdMoney | None, line: float = 0.0) -> Tally:
    """The pass over persons and households; `line` is the poverty line of the year, yuan a head."""
    read = _read(state, money, line)
    parts = over(state.households.number.size, lambda a, b: _block(read, a, b))
    lowest, first = parts[0]
    if len(parts) == 1 and first.counts.shape[0] == len(COUNTIES):
        return _tally(first)
    total = _empty(len(COUNTIES))
    for lowest, part in parts:
        rows = slice(lowest, lowest + part.counts.shape[0])
        for whole, own in zip(total, part, strict=True):
            view = whole if whole.ndim == 1 else whole[rows]
            view += own
    return _tally(total)


def _tally(t: _Tables) -> Tally:
    """The tables of persons summed as they are read."""
    persons = t.persons.reshape(len(COUNTIES), PLACES, HEALTHS, SETTINGS, WORKS)
    t.counts[:, AWAY_PERSONS] = persons[:, OUTSIDE].sum(axis=(1, 2, 3))
    t.counts[:, AWAY_WORKERS] = persons[..., WORK_AWAY].sum(axis=(1, 2, 3))
    persons = persons.sum(axis=0)
    years, ages = np.divmod(t.ages.reshape(PLACES, 2, AGES)[:, :, : OLDEST + 1], HIGH)
    groups = 2 * len(COUNTIES)
    return Tally(
        activity=persons.sum(axis=1), ages=ages, schooling=years[:, :, ADULT:].sum(axis=(1, 2)),
        health=persons.sum(axis=(2, 3))[:, : DISABLED + 1], counts=t.counts, money=t.money,
        people=t.people.reshape(groups), income=t.income.reshape(groups, -1),
        bin_people=t.bin_people.reshape(groups, -1), bin_income=t.bin_income.reshape(groups, -1),
    )  # fmt: skip


@kernel
def _weigh(bin_people, bin_income, stands, people, income):
    """Bins of the counties' people, each as often as it `stands` for residents (2 x 7), and those of all after them."""
    for place in range(2):
        whole_people, whole_income = people[place, stands.shape[1]], income[place, stands.shape[1]]
        for c in range(stands.shape[1]):
            times, heads, money = stands[place, c], people[place, c], income[place, c]
            own_people, own_income = bin_people[2 * c + place], bin_income[2 * c + place]
            for b in range(heads.size):
                heads[b] = own_people[b] * times
            for b in range(heads.size):
                money[b] = own_income[b] * times
            for b in range(heads.size):
                whole_people[b] += heads[b]
            for b in range(heads.size):
                whole_income[b] += money[b]


@kernel
def _passed(people, income, heads, money, twice):
    """Running sums of bins (A x B), nought first, and twice the area under the curve of each bin."""
    for area in range(people.shape[0]):
        own_people, own_income, own_twice = people[area], income[area], twice[area]
        before, after = 0.0, 0.0
        heads[area, 0], money[area, 0] = 0.0, 0.0
        for b in range(own_people.size):
            before += own_people[b]
            heads[area, b + 1] = before
        for b in range(own_people.size):
            below = after
            after += own_income[b]
            money[area, b + 1] = after
            own_twice[b] = own_people[b] * (after + below)


@rule
def _income_of(heads, money, poorest):
    """Income of the `poorest` so many persons from running sums of both, a straight line inside a bin."""
    low, high = 0, heads.size
    while high - low > 1:
        middle = (low + high) // 2
        if heads[middle] <= poorest:
            low = middle
        else:
            high = middle
    if low == heads.size - 1 or heads[low] == poorest:
        return money[low]
    slope = (money[low + 1] - money[low]) / (heads[low + 1] - heads[low])
    return slope * (poorest - heads[low]) + money[low]


@kernel
def _tenths(heads, money, out):
    """Mean income a head of each tenth from running sums (A x B + 1); no number where nobody is."""
    for area in range(out.shape[0]):
        whole, below = heads[area, heads.shape[1] - 1], 0.0
        for tenth in range(TENTHS):
            above = _income_of(heads[area], money[area], whole * ((tenth + 1) / TENTHS))
            out[area, tenth] = (above - below) / (whole / TENTHS) if whole > 0.0 else np.nan
            below = above


def _inequality(people: np.ndarray, income: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gini (f8, A) and tenths (f8, A x 10) of bins in rising order (f8, A x B)."""
    heads, money = np.empty((2, people.shape[0], people.shape[1] + 1))
    twice, cuts = np.empty(people.shape), np.empty((people.shape[0], TENTHS))
    _passed(people, income, heads, money, twice)
    _tenths(heads, money, cuts)
    everybody, total = people.sum(axis=1), income.sum(axis=1)
    said = (everybody > 0.0) & (total > 0.0)
    gini = 1.0 - twice.sum(axis=1) / np.where(said, everybody * total, math.nan)
    return np.minimum(np.maximum(gini, 0.0), 1.0), cuts


def _as_rows(bins: np.ndarray) -> np.ndarray:
    """Bins of any areas (..., B) as rows of numbers (f8, A x B)."""
    return np.array(bins, np.float64).reshape(-1, bins.shape[-1])


def ginis(people: np.ndarray, income: np.ndarray) -> np.ndarray:
    """Gini of income a head from bins in rising order: persons and their income (..., B); between 0 and 1."""
    return _inequality(_as_rows(people), _as_rows(income))[0].reshape(people.shape[:-1])


def tenths(people: np.ndarray, income: np.ndarray) -> np.ndarray:
    """Mean income a head of each tenth of persons (f8, ..., 10), poorest first, from bins in rising order."""
    return _inequality(_as_rows(people), _as_rows(income))[1].reshape((*people.shape[:-1], TENTHS))


COUNTY_AREAS, BUDGET_AREAS = (*COUNTIES, PREFECTURE), (*COUNTIES, CITY_LEVEL, PREFECTURE)
_TOTAL, _BUDGET, _RATIO, _BUDGET_RATIO, _MEAN, _AS_IT_STANDS, _WHOLE = range(7)
"""How a row of the sheet becomes values."""
_AREAS = (COUNTY_AREAS, BUDGET_AREAS, COUNTY_AREAS, BUDGET_AREAS, COUNTY_AREAS, COUNTY_AREAS, (PREFECTURE,))


@cache
def _order(rows: tuple[tuple[str, int], ...]) -> tuple[tuple[tuple[str, str], ...], tuple[np.ndarray, ...]]:
    """The keys of a sheet's values, and where the values of each kind of row stand among them (rows, areas)."""
    keys = tuple((area, name) for name, kind in rows for area in _AREAS[kind])
    starts = np.cumsum([0, *(len(_AREAS[kind]) for _, kind in rows)])
    return keys, tuple(
        starts[[row for row, (_, kind) in enumerate(rows) if kind == of]][:, None] + np.arange(len(areas))
        for of, areas in enumerate(_AREAS)
    )


class _Sheet:
    """Values of some years as they are written down: totals on the scale of the prefecture, ratios from sums.

    Arrays have the years (Y) first. Rows are noted as they come and worked out together at the end, all of a kind at once.
    """

    def __init__(self, years: int, share: float) -> None:
        self.years, self.share = years, share
        self.rows: list[tuple[str, int]] = []
        self.noted: tuple[list[Any], ...] = tuple([] for _ in _AREAS)

    def _note(self, name: str, kind: int, what: Any) -> None:
        self.rows.append((name, kind))
        self.noted[kind].append(what)

    def total(self, name: str, by_county: np.ndarray) -> None:
        """A number that adds up, by county (Y, 7)."""
        self._note(name, _TOTAL, by_county)

    def budget(self, name: str, by_budget: np.ndarray) -> None:
        """A number that adds up, by budget (Y, 8)."""
        self._note(name, _BUDGET, by_budget)

    def ratio(self, name: str, part: np.ndarray, whole: np.ndarray, times: float = 1.0) -> None:
        """`part / whole * times` of each area (Y, 7) or budget (Y, 8) and of their sums; NaN over nothing."""
        self._note(name, _RATIO if part.shape[-1] == len(COUNTIES) else _BUDGET_RATIO, (part, whole, times))

    def mean(self, name: str, level: np.ndarray, weight: np.ndarray) -> None:
        """A level by county (Y, 7) and its mean over the prefecture by `weight`."""
        self._note(name, _MEAN, (level, weight))

    def whole(self, name: str, numbers: np.ndarray) -> None:
        """A number of the prefecture alone (Y, 1)."""
        self._note(name, _WHOLE, numbers)

    def put(self, name: str, numbers: np.ndarray) -> None:
        """Values as they stand, of the counties and the prefecture (Y, 8)."""
        self._note(name, _AS_IT_STANDS, numbers)

    def values(self) -> tuple[tuple[tuple[str, str], ...], np.ndarray]:
        """(Area, indicator) of every value, in the order in which rows came, and the values (f8, Y x K)."""
        keys, places = _order(tuple(self.rows))
        out = np.empty((self.years, len(keys)))
        for kind, (place, rows) in enumerate(zip(places, self.noted, strict=True)):
            if rows:
                out[:, place] = self._worked(kind, rows)
        return keys, out

    def _worked(self, kind: int, rows: list[Any]) -> np.ndarray:
        """Rows of one kind as values (years, rows, areas)."""
        if kind in (_TOTAL, _BUDGET):
            return _with_sum(_side_by_side(rows)) / self.share
        if kind in (_RATIO, _BUDGET_RATIO):
            part, whole, times = zip(*rows, strict=True)
            below = _with_sum(_side_by_side(whole))
            below[below == 0.0] = math.nan
            return np.array(times)[:, None] * _with_sum(_side_by_side(part)) / below
        if kind == _MEAN:
            level, weight = (_side_by_side(column) for column in zip(*rows, strict=True))
            return np.concatenate([level, _mean(level, weight)[..., None]], axis=-1)
        return _side_by_side(rows)


def _side_by_side(rows: Sequence[np.ndarray]) -> np.ndarray:
    """Rows of some years (Y, n each) as one array (f8, Y x rows x n)."""
    return np.array(rows, np.float64).swapaxes(0, 1)


def _with_sum(rows: np.ndarray) -> np.ndarray:
    """Columns (..., n) and their sums after them (f8, ..., n + 1)."""
    return np.concatenate([rows, rows.sum(axis=-1, keepdims=True)], axis=-1, dtype=np.float64)


def _mean(level: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Means along the last axis by `weight`, of what can be said; NaN where nothing can."""
    weight = np.where((weight > 0.0) & np.isfinite(level), weight, 0.0)
    total = weight.sum(axis=-1)
    sums = (np.where(weight > 0.0, level, 0.0) * weight).sum(axis=-1)
    return sums / np.where(total > 0.0, total, math.nan)


class Stocks(NamedTuple):
    """The parts of a state that are small: those of counties and budgets."""

    industries: Industries
    budgets: Budgets
    public: PublicCapital
    towns: Towns
    nature: Nature
    markets: Markets


class Noted(NamedTuple):
    """What is kept of a year until it is counted: sums over persons and households, and what is small."""

    year: int
    share: float
    tally: Tally
    stocks: Stocks
    made_before: tuple[np.ndarray, ...]
    """Value added by sector, of workshops and of farms at trend prices a year earlier; empty at the start."""
    accounts: Accounts | None
    with_money: bool
    levers: Mapping[str, Declared]
    deflator_2019: float
    cpi_2019: float
    extra: dict[str, Any]

    @property
    def kind(self) -> tuple[Any, ...]:
        """What the year can be counted into: years of one kind have the same indicators."""
        return bool(self.made_before), self.accounts is None, self.with_money, tuple(self.extra), self.share


def note(
    before: State | None, after: State, accounts: Accounts | None, money: HouseholdMoney | None, *, share: float,
    levers: Mapping[str, Declared], deflator_2019: float, cpi_2019: float,
    extra: Mapping[str, np.ndarray | float],
) -> Noted:  # fmt: skip
    """Note what the year that ended with `after` is counted from; nothing as long as persons or households is kept.

    Parameters
    ----------
    before : State or None
        The state a year earlier; None at the start, when only what the state holds is counted.
    after : State
        The state at the year's end.
    accounts : Accounts or None
        The year's flows; their `asked` and `granted` have the rows of `levers`.
    money : HouseholdMoney or None
        Each household's money, on the rows of `after.households`.
    share : float
        Share of households in the sample.
    levers : mapping
        Every lever by full name, in order.
    deflator_2019, cpi_2019 : float
        GDP deflator and consumer prices of 2019 (2015 = 1).
    extra : mapping
        See `EXTRA_ALWAYS` and `EXTRA_FLOWS`.

    Raises
    ------
    KeyError
        When `extra` lacks a number that the year needs.
    """
    needed = EXTRA_ALWAYS if accounts is None else EXTRA_ALWAYS | EXTRA_FLOWS
    if missing := [f"{name} ({text})" for name, text in needed.items() if name not in extra]:
        raise KeyError(f"counting {after.year} needs {'; '.join(missing)}")
    earlier = ()
    if before is not None:
        earlier = before.industries.value_added, before.markets.workshops, before.markets.primary_real
    return Noted(
        after.year, share, tally(after, money, float(extra.get("poverty_line", 0.0))),
        Stocks(after.industries, after.budgets, after.public, after.towns, after.nature, after.markets), earlier,
        accounts, money is not None, levers, deflator_2019, cpi_2019,
        {name: extra[name] for name in (*EXTRA_ALWAYS, *EXTRA_FLOWS) if name in extra},
    )  # fmt: skip


class Worked(NamedTuple):
    """What a year was counted into."""

    keys: tuple[tuple[str, str], ...]
    """(Area, indicator) of each value."""
    numbers: np.ndarray  # f8 (K,): values in the stored unit; NaN where nothing can be said
    distributions: dict[str, np.ndarray]
    """Columns year (i2), area, measure, bin (i2), value (f8)."""

    def counted(self) -> Counted:
        """The same by name."""
        return Counted(dict(zip(self.keys, self.numbers.tolist(), strict=True)), self.distributions)


def count(
    before: State | None, after: State, accounts: Accounts | None, money: HouseholdMoney | None, *, share: float,
    levers: Mapping[str, Declared], deflator_2019: float, cpi_2019: float,
    extra: Mapping[str, np.ndarray | float],
) -> Counted:  # fmt: skip
    """Count the year that ended with `after`: `note` it and work it out alone."""
    noted = note(
        before, after, accounts, money, share=share, levers=levers, deflator_2019=deflator_2019, cpi_2019=cpi_2019,
        extra=extra,
    )  # fmt: skip
    return work_out([noted])[0].counted()


def work_out(noted: Sequence[Noted]) -> list[Worked]:
    """Count years of one run; all that have the same indicators are reckoned together, each as if alone."""
    found: dict[int, Worked] = {}
    kinds: dict[tuple[Any, ...], list[int]] = {}
    for place, one in enumerate(noted):
        kinds.setdefault(one.kind, []).append(place)
    for places in kinds.values():
        found.update(zip(places, _work_out([noted[place] for place in places]), strict=True))
    return [found[place] for place in range(len(noted))]


class _Years(NamedTuple):
    """Years of one kind side by side: every array has the years (Y) first, numbers without counties are (Y, 1)."""

    tally: Tally
    stocks: Stocks
    made_before: list[np.ndarray]
    accounts: Accounts | None
    extra: dict[str, np.ndarray]
    deflator_2019: np.ndarray
    cpi_2019: np.ndarray


def _column(values: Iterable[Any]) -> np.ndarray:
    """One number or array of each year as one array, the years first; numbers become (Y, 1)."""
    found = np.array(list(values))
    return found[:, None] if found.ndim == 1 else found


def _stacked(records: Sequence[Any]) -> Any:
    """Records of one kind as one of arrays with the records first."""
    return type(records[0])(*(_column(values) for values in zip(*records, strict=True)))


def _together(noted: Sequence[Noted]) -> _Years:
    one = noted[0]
    # Bins of incomes are worth reading year by year alone: those of all years together lie in no near memory.
    bare = [each.tally._replace(bin_people=_NOTHING, bin_income=_NOTHING) for each in noted]
    accounts = [each.accounts for each in noted if each.accounts is not None]
    return _Years(
        _stacked(bare), Stocks(*(_stacked(parts) for parts in zip(*(each.stocks for each in noted), strict=True))),
        [_column(parts) for parts in zip(*(each.made_before for each in noted), strict=True)],
        _stacked(accounts) if accounts else None,
        {name: _column(each.extra[name] for each in noted) for name in one.extra},
        _column(each.deflator_2019 for each in noted), _column(each.cpi_2019 for each in noted),
    )  # fmt: skip


_NOTHING = np.empty(0)


def _work_out(noted: Sequence[Noted]) -> list[Worked]:
    """Count years of one kind."""
    years, share, with_money = _together(noted), noted[0].share, noted[0].with_money
    t, after, accounts, extra = years.tally, years.stocks, years.accounts, years.extra
    sheet = _Sheet(len(noted), share)
    residents = _residents(t, after.towns.incomers)
    _write_people(sheet, t, residents, after, extra)
    cpi = 1.0 if accounts is None else accounts.cpi
    spread = _spread(noted, t, residents)
    _write_incomes(sheet, spread, years.cpi_2019 / cpi, with_money)
    _write_work(sheet, t, after)
    _write_land(sheet, t, after)
    _write_nature(sheet, residents, after, extra)
    _write_towns(sheet, residents, after, extra)
    gdp = _write_economy(sheet, residents, years)
    _write_budgets(sheet, after, accounts, gdp)
    if accounts is not None:
        _write_flows(sheet, t, accounts, extra)
        _write_rates(sheet, t, accounts, extra)
        _write_money(sheet, accounts, noted[0].levers)
        _write_costs(sheet, t, accounts, noted[0].levers)
    keys, values = sheet.values()
    distributions = _distributions([one.year for one in noted], t, spread, share)
    return [Worked(keys, row, own) for row, own in zip(values, distributions, strict=True)]


class _Residents(NamedTuple):
    """Who lives in each county; the sample's own scale, f8 (Y, 7)."""

    registered: np.ndarray
    all: np.ndarray
    urban: np.ndarray
    village: np.ndarray


def _residents(t: Tally, incomers: np.ndarray) -> _Residents:
    here = t.activity[:, :OUTSIDE].sum(axis=-1)
    urban = (here[..., TOWN] + here[..., CITY] + incomers).astype(np.float64)
    village = here[..., VILLAGE].astype(np.float64)
    return _Residents(t.counts[..., MEMBERS].astype(np.float64), urban + village, urban, village)


def _write_people(
    sheet: _Sheet, t: Tally, residents: _Residents, after: Stocks, extra: Mapping[str, np.ndarray]
) -> None:
    here = t.activity[:, :OUTSIDE].sum(axis=-1)
    sheet.total("registered_population", residents.registered)
    sheet.total("resident_population", residents.all)
    sheet.total("net_away", residents.registered - residents.all)
    sheet.total("away_persons", t.counts[..., AWAY_PERSONS])
    sheet.total("urban_population", residents.urban)
    sheet.total("village_population", residents.village)
    sheet.total("central_city_population", here[..., CITY])
    sheet.total("incomers", after.towns.incomers)
    sheet.ratio("urban_share", residents.urban, residents.all, HUNDRED)
    sheet.ratio("village_share", residents.village, residents.all, HUNDRED)
    sheet.total("households", t.counts[..., HOMES])
    sheet.ratio("household_size", t.counts[..., AT_HOME], t.counts[..., HOMES])
    ages = t.ages[:, :OUTSIDE].sum(axis=-2)
    everybody = ages.sum(axis=-1)
    sheet.ratio("mean_age", ages @ np.arange(OLDEST + 1), everybody)
    for name, low, high in (
        ("share_0_14", 0, ADULT),
        ("share_15_64", ADULT, RETIRED),
        ("share_65plus", RETIRED, OLDEST + 1),
    ):
        sheet.ratio(name, ages[..., low:high].sum(axis=-1), everybody, HUNDRED)
    sheet.ratio("mean_schooling", t.schooling[:, :OUTSIDE], ages[..., ADULT:].sum(axis=-1))
    sheet.total("disabled_persons", t.health[:, :OUTSIDE, DISABLED])
    sheet.mean("rural_income_surveyed", after.markets.told_village, residents.village)
    sheet.mean("urban_income_surveyed", after.markets.told_town, residents.urban)
    # Banks count every depositor. Those who live here registered elsewhere and businesses in a person's name are no
    # households of the model: their part is held at that of the start, where the published deposits were shared out by it.
    sheet.total("household_savings", t.money[..., _MONEY.index("savings")] / extra["deposit_share"])
    sheet.total("household_debt", t.money[..., _MONEY.index("debt")])
    if "life_expectancy" in extra:
        sheet.whole("life_expectancy", extra["life_expectancy"])


class _Spread(NamedTuple):
    """Incomes a head by setting (rural, urban): of the counties, and with the prefecture after them."""

    weight: np.ndarray  # f8 (Y, 2, 7): residents whose incomes are known
    head: np.ndarray  # f8 (Y, 2, 7, 5): income and its sources, yuan a head
    gini: np.ndarray  # f8 (Y, 2, 8)
    tenths: np.ndarray  # f8 (Y, 2, 8, 10): yuan a head
    people: dict[int, np.ndarray]  # f8 (2, 8, B) by year: residents by shown bin, the sample's scale


def _spread(noted: Sequence[Noted], t: Tally, residents: _Residents) -> _Spread:
    years, seven = len(noted), len(COUNTIES)
    heads = t.people.reshape(years, seven, 2).swapaxes(1, 2).astype(np.float64)
    lived_in = heads > 0.0
    weight = np.where(lived_in, np.stack([residents.village, residents.urban], axis=1), 0.0)
    income = t.income.reshape(years, seven, 2, -1).swapaxes(1, 2)
    head = income / np.where(lived_in, heads, math.nan)[..., None]
    # The prefecture's bins hold each county's people as often as they stand for residents.
    stands = weight / np.where(lived_in, heads, 1.0)
    gini, cuts, shown = np.empty((years, 2, seven + 1)), np.empty((years, 2, seven + 1, TENTHS)), {}
    for row, one in enumerate(noted):
        people, incomes = np.zeros((2, 2, seven + 1, one.tally.bin_people.shape[1]))
        _weigh(one.tally.bin_people, one.tally.bin_income, stands[row], people, incomes)
        own_gini, own_cuts = _inequality(*(bins.reshape(-1, bins.shape[-1]) for bins in (people, incomes)))
        gini[row], cuts[row] = own_gini.reshape(gini[row].shape), own_cuts.reshape(cuts[row].shape)
        if one.year in SHOWN_YEARS:
            shown[one.year] = np.stack([_coarse(table) for table in people])
    return _Spread(weight, head, gini, cuts, shown)


def _write_incomes(sheet: _Sheet, spread: _Spread, real: np.ndarray, with_money: bool) -> None:
    """Means, sources, Gini and tenths; `real` (Y, 1) brings money of the year to prices of 2019."""
    head, weights = spread.head, spread.weight
    for town, setting in enumerate(("rural", "urban")):
        mean, weight = head[:, town, :, INCOME], weights[:, town]
        sheet.mean(f"{setting}_income", mean, weight)
        sheet.mean(f"{setting}_income_real", mean * real, weight)
        if with_money:
            for row, source in enumerate(SOURCES, WAGES):
                sheet.mean(f"{setting}_income_{source}", head[:, town, :, row], weight)
        sheet.put(f"{setting}_gini", spread.gini[:, town])
        for tenth in range(TENTHS):
            sheet.put(f"{setting}_income_decile_{tenth + 1}", spread.tenths[:, town, :, tenth])
        if with_money and not town:
            sheet.ratio("rural_wage_share", head[:, town, :, WAGES] * weight, mean * weight, HUNDRED)
    means = head[..., INCOME]
    means = np.concatenate([means, _mean(means, weights)[..., None]], axis=-1)
    sheet.put("urban_rural_income_ratio", means[:, 1] / means[:, 0])


def _coarse(people: np.ndarray) -> np.ndarray:
    """Fine bins (A, 2002) put together into the shown ones, ends kept apart."""
    inner = people[:, 1:-1].reshape(people.shape[0], SHOWN_BINS, -1).sum(axis=2)
    return np.concatenate([people[:, :1], inner, people[:, -1:]], axis=1)


def _write_work(sheet: _Sheet, t: Tally, after: Stocks) -> None:
    work = t.activity[:, :OUTSIDE].sum(axis=-2)
    sheet.total("farm_workers", work[..., FARM])
    sheet.total("local_off_farm_workers", work[..., FIRST_SECTOR:WORKSHOP].sum(axis=-1))
    sheet.total("workshop_workers", work[..., WORKSHOP])
    sheet.total("post_workers", work[..., POST])
    sheet.total("pupils", work[..., PUPIL])
    sheet.total("away_workers", t.counts[..., AWAY_WORKERS])
    sheet.total("jobs", after.industries.jobs.sum(axis=-1))
    for sector, name in enumerate(SECTORS):
        sheet.total(f"jobs_{name}", after.industries.jobs[..., sector])
    workers = work[..., FIRST_SECTOR:WORKSHOP].sum(axis=-1).astype(np.float64)
    sheet.mean("local_wage", after.markets.wage, workers)
    firms = after.industries.enterprises.sum(axis=(-3, -2))
    sheet.total("enterprises", firms.sum(axis=-1))
    sheet.ratio("upgraded_share", firms[..., 1], firms.sum(axis=-1), HUNDRED)


def _write_land(sheet: _Sheet, t: Tally, after: Stocks) -> None:
    cells = {name: t.counts[..., FIRST_LAND + row] for row, name in enumerate(LAND)}
    mu = {name: column / CELLS_PER_MU for name, column in cells.items()}
    idle = mu["idle_terrace"] + mu["idle_slope"] + mu["idle_steep"]
    farmland = mu["flat"] + mu["terrace"] + mu["slope"] + mu["steep"] + idle + mu["let"]
    sheet.total("farmland", farmland)
    for name in ("flat", "terrace", "slope", "steep"):
        sheet.total(f"cropland_{name}", mu[name])
    sheet.total("idle_land", idle)
    sheet.ratio("idle_share", idle, farmland, HUNDRED)
    sheet.total("let_land", mu["let"])
    sheet.total("orchard_area", mu["orchard"] + mu["sapling"])
    sheet.total("converted_area", mu["converted"])
    sheet.total("grain_store", after.markets.grain_store)
    sheet.total("apple_store", after.markets.apple_store)
    for row, name in enumerate(ANIMALS):
        sheet.total(name, t.counts[..., FIRST_ANIMAL + row])
    sheet.ratio("cooperative_share", t.counts[..., SERVED], t.counts[..., FARM_HOMES], HUNDRED)
    sheet.ratio("insured_share", t.counts[..., INSURED], t.counts[..., FARM_HOMES], HUNDRED)
    nature = after.nature
    forest = nature.forest.sum(axis=-1) + cells["converted"]
    held = t.counts[..., FIRST_LAND : FIRST_LAND + len(LAND)].sum(axis=-1)
    everything = held + nature.forest.sum(axis=-1) + nature.open_land + nature.other + after.towns.built
    sheet.total("forest_area", forest / CELLS_PER_MU)
    sheet.ratio("forest_cover", forest, everything, HUNDRED)
    sheet.total("registered_poor", t.counts[..., POOR_PERSONS])
    sheet.ratio("poverty_incidence", t.counts[..., POOR_PERSONS], t.counts[..., FARM_MEMBERS], HUNDRED)
    sheet.total("monitored_persons", t.counts[..., MONITORED])
    sheet.total("allowance_persons", t.counts[..., ALLOWANCE])


def _write_nature(
    sheet: _Sheet, residents: _Residents, after: Stocks, extra: Mapping[str, np.ndarray]
) -> None:
    nature = after.nature
    sheet.total("soil_loss", nature.soil_loss)
    sheet.total("sediment", nature.sediment)
    sheet.total("erosion_treated", nature.treated)
    sheet.ratio("erosion_control_rate", nature.treated, extra["eroded_area"], HUNDRED)
    sheet.total("carbon_stock", nature.carbon)
    reaches = np.ones(nature.cod_class.shape)
    worst = np.concatenate([nature.cod_class, nature.cod_class.max(axis=-1, keepdims=True)], axis=-1)
    sheet.put("water_class", worst)
    sheet.ratio("good_water_share", (nature.cod_class <= GOOD_CLASS).astype(np.float64), reaches, HUNDRED)
    for column, name in enumerate(("cod_concentration", "ammonia_concentration")):
        sheet.mean(name, nature.concentration[..., column], reaches)
    sheet.mean("sewage_treatment", after.towns.sewage * HUNDRED, residents.urban)
    treated = _mean(after.towns.sewage[:, :CENTRAL] * HUNDRED, residents.urban[:, :CENTRAL])
    sheet.whole("urban_sewage_treatment", treated[:, None])


def _write_towns(
    sheet: _Sheet, residents: _Residents, after: Stocks, extra: Mapping[str, np.ndarray]
) -> None:
    towns, public = after.towns, after.public
    sheet.mean("home_price", towns.price, towns.homes)
    sheet.total("homes", towns.homes)
    sheet.total("built_up_land", towns.built / CELLS_PER_MU)
    sheet.mean("town_services", towns.services, residents.urban)
    sheet.mean("village_services", towns.village_services, residents.village)
    sheet.total("public_capital", public.stock.sum(axis=-1))
    for kind, name in enumerate(KINDS):
        sheet.total(f"public_capital_{name}", public.stock[..., kind])
    # Beds grow with the capital of hospitals and clinics; who lives in the county shares them.
    start = towns.start_urban + towns.start_village
    grown = public.stock[..., HEALTH] / public.start[..., HEALTH]
    beds = extra["hospital_beds_start"] * start / THOUSAND * grown
    sheet.ratio("hospital_beds", beds, residents.all, THOUSAND)


def _write_economy(sheet: _Sheet, residents: _Residents, years: _Years) -> np.ndarray:
    """Value added and GDP; returns GDP by county (f8, Y x 7).

    Workshops make goods, so they stand in the secondary sector, but in none of the ten industries.
    """
    after, accounts, extra, deflator_2019 = years.stocks, years.accounts, years.extra, years.deflator_2019
    added, workshops = after.industries.value_added, after.markets.workshops
    secondary, tertiary = added[..., :SECONDARY].sum(axis=-1) + workshops, added[..., SECONDARY:].sum(axis=-1)
    sheet.total("value_added_secondary", secondary)
    sheet.total("value_added_tertiary", tertiary)
    for sector, name in enumerate(SECTORS):
        sheet.total(f"value_added_{name}", added[..., sector])
    farm = after.markets.primary
    made = added.sum(axis=-1) + workshops
    gdp = farm + made
    deflator = 1.0 if accounts is None else accounts.deflator
    sheet.total("value_added_primary", farm)
    sheet.total("gdp", gdp)
    # Real: farms at trend prices of 2019 (a dear apple is no growth), the rest by the deflator.
    real = after.markets.primary_real + made / deflator * deflator_2019
    sheet.total("gdp_real", real)
    sheet.total("value_added_primary_real", after.markets.primary_real)
    sheet.total("value_added_secondary_real", secondary / deflator * deflator_2019)
    sheet.total("value_added_tertiary_real", tertiary / deflator * deflator_2019)
    sheet.ratio("gdp_per_resident", gdp, residents.all)
    if years.made_before:
        sectors, shops, farms = years.made_before
        last = (sectors.sum(axis=-1) + shops) / extra["deflator_before"] * deflator_2019 + farms
        sheet.ratio("gdp_real_growth", real - last, last, HUNDRED)
    if accounts is not None:
        product = real / deflator_2019 / TEN_THOUSAND
        sheet.ratio("energy_intensity", accounts.energy.sum(axis=-1), product)
    if "eco_industry_share" in extra:
        sheet.ratio("eco_industry_share", extra["eco_industry_share"] * gdp, gdp, HUNDRED)
    if "visitors" in extra:
        sheet.total("visitors", extra["visitors"])
        sheet.ratio("visitor_spending", extra["visitor_money"], extra["visitors"])
    return gdp


def _write_budgets(sheet: _Sheet, after: Stocks, accounts: Accounts | None, gdp: np.ndarray) -> None:
    budgets = after.budgets
    # The state keeps what next year's revenue grows from; what a year brought counts quota sold.
    own = budgets.revenue if accounts is None else accounts.own_revenue
    sheet.budget("own_revenue", own)
    sheet.budget("transfers", budgets.transfers)
    sheet.budget("spending", budgets.spending)
    sheet.ratio("own_revenue_share", own, budgets.spending, HUNDRED)
    sheet.budget("debt", budgets.debt)
    sheet.budget("reserve", budgets.reserve)
    sheet.budget("carried", budgets.carried)
    # The city's debt belongs to no county, so the prefecture's ratio is not one of the counties' sums.
    owed, product = _whole_last(budgets.debt), _with_sum(gdp)
    sheet.put("debt_ratio", HUNDRED * owed / np.where(product > 0.0, product, math.nan))


def _whole_last(by_budget: np.ndarray) -> np.ndarray:
    """Money of the counties' budgets and of all eight (..., 8)."""
    return np.concatenate([by_budget[..., : len(COUNTIES)], by_budget.sum(axis=-1, keepdims=True)], axis=-1)


_FLOWS = {
    "births": "births", "deaths": "deaths", "marriages": "marriages", "new_households": "new_households",
    "settled": "settled",
    "left": "left", "returned": "returned", "moved_to_town": "moved_to_town", "relocated_persons": "relocated",
    "dropouts": "dropouts", "gravely_ill": "struck", "catastrophic_households": "catastrophic",
    "impoverished_by_illness": "impoverished", "grain_output": "grain_kg", "potato_output": "potato_kg",
    "apple_output": "apple_kg", "apples_sold": "apple_sold", "grain_bought_in": "grain_bought",
    "grain_sold": "grain_sold", "crop_value": "crop_value", "fruit_value": "fruit_value",
    "livestock_value": "livestock_value", "household_consumption": "household_consumption",
    "public_consumption": "public_consumption", "investment": "investment", "outside_sales": "outside_sales", "county_trade": "county_trade",
    "outside_purchases": "outside_purchases", "poor_persons": "poor_persons", "at_risk_persons": "at_risk_persons",
    "new_monitored": "new_monitored", "cleared_monitored": "cleared", "emissions": "emissions",
    "carbon_gain": "carbon_gain",
}  # fmt: skip
"""Indicators that are an account by county as it stands."""
_LAND_FLOWS = {
    "orchard_planted": "planted", "converted_offered": "offered", "converted_new": "converted",
    "reconverted": "reconverted",
}  # fmt: skip
_SECTOR_FLOWS = {
    "energy": "energy", "industrial_load": "load", "enterprise_entries": "entries", "enterprise_exits": "exits",
    "enterprise_upgrades": "upgrades",
}  # fmt: skip
_BUDGET_FLOWS = {
    "general_transfers": "general_transfers", "earmarked": "earmarked", "bonds": "bonds", "spending_rigid": "rigid",
    "spending_interest": "interest", "spending_levers": "lever_spending", "spending_other": "other_spending",
}  # fmt: skip


def _write_flows(sheet: _Sheet, t: Tally, accounts: Accounts, extra: Mapping[str, np.ndarray]) -> None:
    for name, account in _FLOWS.items():
        sheet.total(name, getattr(accounts, account))
    for name, account in _LAND_FLOWS.items():
        sheet.total(name, getattr(accounts, account) / CELLS_PER_MU)
    for name, account in _SECTOR_FLOWS.items():
        sheet.total(name, getattr(accounts, account).sum(axis=-1))
    for name, account in _BUDGET_FLOWS.items():
        sheet.budget(name, getattr(accounts, account))
    sheet.budget("compensation", extra["compensation"])
    sheet.total("medical_aid", extra["medical_aid"])
    for name, column in (
        ("allowance_paid", "allowance"),
        ("remittances", "remittances"),
        ("out_of_pocket", "medical"),
    ):
        sheet.total(name, t.money[..., _MONEY.index(column)])
    sheet.total("relieved_persons", t.counts[..., RELIEVED])


def _write_rates(sheet: _Sheet, t: Tally, accounts: Accounts, extra: Mapping[str, np.ndarray]) -> None:
    # Brides' moves between counties stand half a year too far; over the prefecture they cancel.
    mean = t.counts[..., MEMBERS] - (accounts.births - accounts.deaths - accounts.settled) / 2.0
    sheet.ratio("birth_rate", accounts.births, mean, THOUSAND)
    sheet.ratio("death_rate", accounts.deaths, mean, THOUSAND)
    sheet.ratio("natural_growth", accounts.births - accounts.deaths, mean, THOUSAND)
    sheet.ratio("income_poverty_rate", accounts.poor_persons, t.counts[..., FARM_AT_HOME], HUNDRED)
    sheet.ratio("return_to_poverty_share", extra["lifted_at_risk"], t.counts[..., LIFTED_PERSONS], HUNDRED)
    sheet.ratio("upper_secondary_entry", accounts.entered_upper, accounts.left_junior, HUNDRED)
    sheet.ratio("job_chance", accounts.hired.sum(axis=-1), accounts.applicants, HUNDRED)


def _write_money(sheet: _Sheet, accounts: Accounts, levers: Mapping[str, Declared]) -> None:
    """Money asked and granted by headline group."""
    groups = np.array([number.group for number in levers.values()])
    for group in SPENT:
        rows = groups == group
        sheet.budget(f"spending_{group}", accounts.granted[:, rows].sum(axis=1))
        sheet.budget(f"asked_{group}", accounts.asked[:, rows].sum(axis=1))
    sheet.ratio("granted_share", accounts.granted.sum(axis=1), accounts.asked.sum(axis=1), HUNDRED)


def _write_costs(sheet: _Sheet, t: Tally, accounts: Accounts, levers: Mapping[str, Declared]) -> None:
    """What a unit of outcome cost; money of the city's purse counts for the prefecture alone."""

    def granted(*starts: str) -> np.ndarray:
        rows = np.array([name.startswith(starts) for name in levers], np.bool_)
        return accounts.granted[:, rows].sum(axis=1)

    work = t.activity[:, :OUTSIDE].sum(axis=-2)
    # Dated payments are due for years after planting, so a mu costs while it stands, not only when enrolled.
    standing = t.counts[..., FIRST_LAND + LAND.index("converted")] / CELLS_PER_MU
    for name, money, units in (
        ("cost_per_person_relieved", granted("relief."), t.counts[..., RELIEVED]),
        ("cost_per_mu_converted", granted("conversion."), standing),
        (
            "cost_per_job_supported",
            granted("relief.posts", "relief.workshops"),
            work[..., POST] + work[..., WORKSHOP],
        ),
    ):
        whole = _with_sum(units)
        sheet.put(name, _whole_last(money) / np.where(whole > 0.0, whole, math.nan))


_MEASURES = (("age_men", AGE_GROUPS, 0), ("age_women", AGE_GROUPS, 0), ("rural_income_decile", TENTHS, 1),
             ("urban_income_decile", TENTHS, 1))  # fmt: skip
"""Measures of every year, with how many bins each has and the number of the first."""
_SHOWN_MEASURES = (("rural_income_bins", SHOWN_BINS + 2, 0), ("urban_income_bins", SHOWN_BINS + 2, 0))
"""Those of some years."""


@cache
def _rows_of(measures: tuple[tuple[str, int, int], ...]) -> dict[str, np.ndarray]:
    """Area, measure and bin of each value of a year."""
    columns = {
        "area": [np.repeat(COUNTY_AREAS, bins) for _, bins, _ in measures],
        "measure": [np.full(len(COUNTY_AREAS) * bins, name) for name, bins, _ in measures],
        "bin": [
            np.tile(np.arange(first, first + bins, dtype=np.int16), len(COUNTY_AREAS))
            for _, bins, first in measures
        ],
    }
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    for column in joined.values():
        column.flags.writeable = False
    return joined


def _distributions(
    years: Sequence[int], t: Tally, spread: _Spread, share: float
) -> list[dict[str, np.ndarray]]:
    """The distributions of each year."""
    ages = t.ages[:, :OUTSIDE]
    ages = np.concatenate([ages, ages.sum(axis=1, keepdims=True)], axis=1)
    edges = np.arange(AGE_GROUPS) * AGE_STEP
    groups = (np.add.reduceat(ages, edges, axis=-1) / share).swapaxes(1, 2)
    values = np.concatenate([part.reshape(len(years), -1) for part in (groups, spread.tenths)], axis=1)
    found = []
    for year, value in zip(years, values, strict=True):
        measures = _MEASURES
        if year in SHOWN_YEARS:
            measures += _SHOWN_MEASURES
            value = np.concatenate([value, spread.people[year].ravel() / share])
        found.append({"year": np.full(value.size, year, np.int16), **_rows_of(measures), "value": value})
    return found


def table(years: Mapping[int, Mapping[tuple[str, str], float]]) -> dict[str, np.ndarray]:
    """Columns year (i2), area, indicator, value (f8) of counted years, in order of year, area, indicator."""
    rows = [
        (year, area, name, value)
        for year in sorted(years)
        for (area, name), value in sorted(years[year].items())
    ]
    year, area, name, value = zip(*rows, strict=True) if rows else ((), (), (), ())
    return {
        "year": np.array(year, np.int16),
        "area": np.array(area, np.str_),
        "indicator": np.array(name, np.str_),
        "value": np.array(value, np.float64),
    }


def stack(parts: Iterable[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """The distributions of several years as one table."""
    parts = list(parts)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
