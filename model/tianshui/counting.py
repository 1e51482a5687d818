"""One year counted: every indicator of every area, and the distributions behind them.

Persons and households are read once, in blocks, by one compiled pass that only adds to integer tables, to sums
of money and to bins of income a head; partial tables are added in the order of the blocks. Everything else is
arithmetic on arrays by county. Incomes a head are taken over members at home (`place` is the county of
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
from collections.abc import Iterable, Mapping
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
    HouseholdMoney,
    State,
)

EXTRA_ALWAYS: dict[str, str] = {
    "eroded_area": "f8 (7,): eroded land, km2, at the scale of the sample",
    "hospital_beds_start": "f8 (7,): beds per 1,000 residents at the start",
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
TENTHS = 10
SHOWN_YEARS = (2015, 2020, 2025, 2030, 2035)
"""Years whose bins of income are stored."""
HUNDRED, THOUSAND, TEN_THOUSAND = 100.0, 1e3, 1e4

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
_MONEY = ("savings", "debt", "allowance", "remittances", "medical")
INCOME, WAGES, BUSINESS, TRANSFERS, PROPERTY = range(5)
SOURCES = ("wages", "business", "transfers", "property")


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


class _People(NamedTuple):
    age: np.ndarray
    female: np.ndarray
    schooling: np.ndarray
    health: np.ndarray
    place: np.ndarray
    setting: np.ndarray
    work: np.ndarray


class _Homes(NamedTuple):
    first: np.ndarray
    county: np.ndarray
    farm_hukou: np.ndarray
    in_town: np.ndarray
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
    income: np.ndarray
    poor: np.ndarray
    monitored: np.ndarray
    allowance: np.ndarray
    cooperative: np.ndarray
    insured: np.ndarray


@rule
def income_bin(head):
    """Bin of an income a head: 0 below the grid (or no number), 1 to 2,000 on it, 2,001 above."""
    if not head >= LOW_BIN:
        return 0
    if head >= HIGH_BIN:
        return FINE_BINS + 1
    return min(1 + int(math.log(head / LOW_BIN) / LOG_SPAN * FINE_BINS), FINE_BINS)


@rule
def relieved(income, relief, heads, line):
    """Whether a household stands above the poverty line only with what relief gave it."""
    return income / heads >= line and (income - relief) / heads < line


@kernel
def _people(people, homes, start, stop, t, at_home):
    """Persons of the households `start:stop`; leaves each household's members at home in `at_home`."""
    for h in range(start, stop):
        county = int(homes.county[h])
        village_home = int(homes.in_town[h]) == 0
        home, away, workers = 0, 0, 0
        for i in range(homes.first[h], homes.first[h + 1]):
            place, setting, work = int(people.place[i]), int(people.setting[i]), int(people.work[i])
            age = min(int(people.age[i]), OLDEST)
            t.activity[place, setting, work] += 1
            t.ages[place, int(people.female[i]), age] += 1
            t.schooling[place] += int(people.schooling[i]) * (age >= ADULT)
            t.health[place, int(people.health[i])] += 1
            # Comparisons are added, not branched on: the processor cannot guess who is away.
            workers += work == WORK_AWAY
            away += place == OUTSIDE
            home += (place == county) & ((setting == VILLAGE) == village_home)
        at_home[h - start] = home
        t.counts[county, AWAY_PERSONS] += away
        t.counts[county, AWAY_WORKERS] += workers


@kernel
def _whole(column):
    """Sum of a column of whole numbers."""
    total = 0
    for number in column:
        total += int(number)
    return total


@kernel
def _yuan(column):
    """Sum of a column of money, in the order of its rows."""
    total = 0.0
    for number in column:
        total += number
    return total


@kernel
def _holdings(homes, money, with_money, start, stop, n, m):
    """What the households `start:stop` of one county hold; column by column, which the processor reads fastest."""
    n[FIRST_LAND] += _whole(homes.flat[start:stop])
    n[FIRST_LAND + 1] += _whole(homes.terrace[start:stop])
    n[FIRST_LAND + 2] += _whole(homes.slope[start:stop])
    n[FIRST_LAND + 3] += _whole(homes.steep[start:stop])
    n[FIRST_LAND + 4] += _whole(homes.idle_terrace[start:stop])
    n[FIRST_LAND + 5] += _whole(homes.idle_slope[start:stop])
    n[FIRST_LAND + 6] += _whole(homes.idle_steep[start:stop])
    n[FIRST_LAND + 7] += _whole(homes.let[start:stop])
    n[FIRST_LAND + 8] += _whole(homes.orchard[start:stop])
    n[FIRST_LAND + 9] += _whole(homes.sapling[start:stop])
    n[FIRST_LAND + 10] += _whole(homes.converted[start:stop])
    n[FIRST_ANIMAL] += _whole(homes.cattle[start:stop])
    n[FIRST_ANIMAL + 1] += _whole(homes.sheep[start:stop])
    n[FIRST_ANIMAL + 2] += _whole(homes.pigs[start:stop])
    m[0] += _yuan(homes.cash[start:stop])
    m[1] += _yuan(homes.debt[start:stop])
    if with_money:
        m[2] += _yuan(money.allowance[start:stop])
        m[3] += _yuan(money.remittances[start:stop])
        m[4] += _yuan(money.medical[start:stop])


@kernel
def _homes(homes, money, with_money, line, lowest, start, stop, at_home, t):
    """Households `start:stop`; the bins hold the counties from `lowest` on."""
    for h in range(start, stop):
        county, town = int(homes.county[h]), int(homes.in_town[h])
        farm = int(homes.farm_hukou[h])
        members = np.int64(homes.first[h + 1] - homes.first[h])
        heads = int(at_home[h - start])
        n = t.counts[county]
        n[MEMBERS] += members
        n[FARM_MEMBERS] += farm * members
        n[AT_HOME] += heads
        n[FARM_AT_HOME] += farm * heads
        poor = int(homes.poor[h])
        if poor == POOR:
            n[POOR_PERSONS] += members
        elif poor == LIFTED:
            n[LIFTED_PERSONS] += heads
        n[MONITORED] += int(homes.monitored[h]) * members
        n[ALLOWANCE] += int(homes.allowance[h]) * heads
        if heads == 0:
            continue
        n[HOMES] += 1
        if farm == 1 and town == 0:
            n[FARM_HOMES] += 1
            n[SERVED] += int(homes.cooperative[h])
            n[INSURED] += int(homes.insured[h])
        income = homes.income[h]
        group = county * 2 + town
        t.people[group] += heads
        s = t.income[group]
        s[INCOME] += income
        place = income_bin(income / heads)
        t.bin_people[group - 2 * lowest, place] += heads
        t.bin_income[group - 2 * lowest, place] += income
        if with_money:
            s[WAGES] += money.wages[h] + money.remittances[h] + money.posts[h]
            s[BUSINESS] += money.farm[h]
            s[TRANSFERS] += (
                money.pension[h] + money.allowance[h] + money.payments[h] + money.transfers[h]
                + money.indemnity[h] - money.premiums[h]
            )  # fmt: skip
            s[PROPERTY] += money.property[h] - money.interest[h]
            if farm == 1 and relieved(income, money.allowance[h] + money.posts[h], heads, line):
                n[RELIEVED] += heads


def _empty(counties: int = len(COUNTIES)) -> Tally:
    """Tables of zeros; bins for some counties only."""
    places, bins = OUTSIDE + 1, FINE_BINS + 2
    groups = 2 * len(COUNTIES)
    return Tally(
        activity=np.zeros((places, CITY + 2, WORK_AWAY + 1), np.int64),
        ages=np.zeros((places, 2, OLDEST + 1), np.int64),
        schooling=np.zeros(places, np.int64),
        health=np.zeros((places, DISABLED + 1), np.int64),
        counts=np.zeros((len(COUNTIES), len(_COUNTS)), np.int64),
        money=np.zeros((len(COUNTIES), len(_MONEY))),
        people=np.zeros(groups, np.int64),
        income=np.zeros((groups, 1 + len(SOURCES))),
        bin_people=np.zeros((2 * counties, bins), np.int64),
        bin_income=np.zeros((2 * counties, bins)),
    )


class _Pass(NamedTuple):
    """The loops of the pass; tests put the uncompiled ones in their place."""

    people: Any
    homes: Any
    holdings: Any


def _block(
    people: _People, homes: _Homes, money: HouseholdMoney, with_money: bool, line: float, start: int, stop: int,
    run: _Pass,
) -> tuple[int, Tally]:  # fmt: skip
    """One block: its lowest county and its tables, with bins from that county to its highest."""
    county = homes.county[start:stop]
    lowest, highest = int(county.min()), int(county.max())
    t = _empty(highest - lowest + 1)
    at_home = np.empty(stop - start, np.int32)
    run.people(people, homes, start, stop, t, at_home)
    run.homes(homes, money, with_money, line, lowest, start, stop, at_home, t)
    # Households lie county by county, so a block is a run of one county or two; any order is counted right.
    ends = np.append(np.flatnonzero(np.diff(county)) + 1, county.size)
    begin = 0
    for end in ends.tolist():
        c = int(county[begin])
        run.holdings(homes, money, with_money, start + begin, start + end, t.counts[c], t.money[c])
        begin = end
    return lowest, t


def tally(state: State, money: HouseholdMoney | None, line: float = 0.0) -> Tally:
    """The pass over persons and households; `line` is the poverty line of the year, yuan a head."""
    people = _People(*(getattr(state.persons, name) for name in _People._fields))
    homes = _Homes(*(getattr(state.households, name) for name in _Homes._fields))
    homes = homes._replace(first=unsigned(homes.first))
    flows = money or HouseholdMoney(*(np.zeros(0) for _ in HouseholdMoney._fields))
    total = _empty()
    size = state.households.number.size
    run = _Pass(_people, _homes, _holdings)
    blocks = over(size, lambda a, b: _block(people, homes, flows, money is not None, float(line), a, b, run))
    for lowest, part in blocks:
        for name, column in part._asdict().items():
            if name.startswith("bin_"):
                rows = slice(2 * lowest, 2 * lowest + column.shape[0])
                getattr(total, name)[rows] += column
            else:
                getattr(total, name)[...] += column
    return total


def gini(people: np.ndarray, income: np.ndarray) -> float:
    """Gini of income a head from bins in rising order: persons and their income (B,); between 0 and 1."""
    heads, total = float(people.sum()), float(income.sum())
    if heads <= 0.0 or total <= 0.0:
        return math.nan
    below = np.cumsum(income) / total
    lorenz = below + np.concatenate([[0.0], below[:-1]])
    return float(min(max(1.0 - (people / heads * lorenz).sum(), 0.0), 1.0))


def tenths(people: np.ndarray, income: np.ndarray) -> np.ndarray:
    """Mean income a head of each tenth of persons, poorest first (f8, 10), from bins in rising order."""
    held = people > 0
    if not held.any():
        return np.full(TENTHS, math.nan)
    heads = np.concatenate([[0.0], np.cumsum(people[held], dtype=np.float64)])
    money = np.concatenate([[0.0], np.cumsum(income[held])])
    cuts = np.interp(heads[-1] * np.arange(TENTHS + 1) / TENTHS, heads, money)
    return np.diff(cuts) / (heads[-1] / TENTHS)


COUNTY_AREAS, BUDGET_AREAS = (*COUNTIES, PREFECTURE), (*COUNTIES, CITY_LEVEL, PREFECTURE)


class _Sheet:
    """Values of one year as they are written down: totals on the scale of the prefecture, ratios from sums."""

    def __init__(self, share: float) -> None:
        self.share = share
        self.values: dict[tuple[str, str], float] = {}

    def total(self, name: str, by_county: np.ndarray) -> None:
        """A number that adds up, by county (7,)."""
        self.put(name, _with_sum(by_county) / self.share, COUNTY_AREAS)

    def budget(self, name: str, by_budget: np.ndarray) -> None:
        """A number that adds up, by budget (8,)."""
        self.put(name, _with_sum(by_budget) / self.share, BUDGET_AREAS)

    def ratio(self, name: str, part: np.ndarray, whole: np.ndarray, times: float = 1.0) -> None:
        """`part / whole * times` of each area (7,) or budget (8,) and of their sums; NaN over nothing."""
        part, whole = _with_sum(part), _with_sum(whole)
        whole[whole == 0.0] = math.nan
        areas = COUNTY_AREAS if part.size == len(COUNTY_AREAS) else BUDGET_AREAS
        self.put(name, times * part / whole, areas)

    def mean(self, name: str, level: np.ndarray, weight: np.ndarray) -> float:
        """A level by county (7,) and its mean over the prefecture by `weight`, which is returned."""
        mean = _mean(level, weight)
        self.put(name, np.append(level, mean), (*COUNTIES, PREFECTURE))
        return mean

    def whole(self, name: str, value: float) -> None:
        """A number of the prefecture alone."""
        self.values[PREFECTURE, name] = float(value)

    def put(self, name: str, numbers: np.ndarray, areas: Iterable[str]) -> None:
        """Values as they stand, area by area."""
        for area, number in zip(areas, numbers.tolist(), strict=True):
            self.values[area, name] = float(number)


def _with_sum(column: np.ndarray) -> np.ndarray:
    """A column (n,) and its sum after it (f8, n + 1)."""
    out = np.empty(len(column) + 1)
    out[:-1] = column
    out[-1] = column.sum()
    return out


def _mean(level: np.ndarray, weight: np.ndarray) -> float:
    held = (weight > 0.0) & np.isfinite(level)
    total = float(weight[held].sum())
    return float((level[held] * weight[held]).sum()) / total if total > 0.0 else math.nan


class _Residents(NamedTuple):
    """Who lives in each county; the sample's own scale, f8 (7,)."""

    registered: np.ndarray
    all: np.ndarray
    urban: np.ndarray
    village: np.ndarray


def _residents(t: Tally, incomers: np.ndarray) -> _Residents:
    here = t.activity[:OUTSIDE].sum(axis=2)
    urban = (here[:, TOWN] + here[:, CITY] + incomers).astype(np.float64)
    village = here[:, VILLAGE].astype(np.float64)
    return _Residents(t.counts[:, MEMBERS].astype(np.float64), urban + village, urban, village)


def count(
    before: State | None, after: State, accounts: Accounts | None, money: HouseholdMoney | None, *, share: float,
    levers: Mapping[str, Declared], deflator_2019: float, cpi_2019: float,
    extra: Mapping[str, np.ndarray | float],
) -> Counted:  # fmt: skip
    """Count the year that ended with `after`.

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

    Returns
    -------
    Counted
        Values by (area, indicator) and the year's distributions.

    Raises
    ------
    KeyError
        When `extra` lacks a number that the year needs.
    """
    needed = {**EXTRA_ALWAYS, **({} if accounts is None else EXTRA_FLOWS)}
    if missing := [f"{name} ({text})" for name, text in needed.items() if name not in extra]:
        raise KeyError(f"counting {after.year} needs {'; '.join(missing)}")
    sheet = _Sheet(share)
    t = tally(after, money, float(extra.get("poverty_line", 0.0)))
    residents = _residents(t, after.towns.incomers)
    _write_people(sheet, t, residents, after, extra)
    cpi = 1.0 if accounts is None else accounts.cpi
    shown = _write_incomes(sheet, t, residents, cpi_2019 / cpi, money is not None)
    _write_work(sheet, t, after)
    _write_land(sheet, t, after)
    _write_nature(sheet, residents, after, extra)
    _write_towns(sheet, residents, after, extra)
    gdp = _write_economy(sheet, residents, before, after, accounts, extra, deflator_2019)
    _write_budgets(sheet, after, gdp)
    if accounts is not None:
        _write_flows(sheet, t, accounts, extra)
        _write_rates(sheet, t, accounts, extra)
        _write_money(sheet, accounts, levers)
        _write_costs(sheet, t, accounts, levers)
    return Counted(sheet.values, _distributions(after.year, t, shown, share))


def _write_people(
    sheet: _Sheet, t: Tally, residents: _Residents, after: State, extra: Mapping[str, Any]
) -> None:
    here = t.activity[:OUTSIDE].sum(axis=2)
    sheet.total("registered_population", residents.registered)
    sheet.total("resident_population", residents.all)
    sheet.total("net_away", residents.registered - residents.all)
    sheet.total("away_persons", t.counts[:, AWAY_PERSONS])
    sheet.total("urban_population", residents.urban)
    sheet.total("village_population", residents.village)
    sheet.total("central_city_population", here[:, CITY])
    sheet.total("incomers", after.towns.incomers)
    sheet.ratio("urban_share", residents.urban, residents.all, HUNDRED)
    sheet.ratio("village_share", residents.village, residents.all, HUNDRED)
    sheet.total("households", t.counts[:, HOMES])
    sheet.ratio("household_size", t.counts[:, AT_HOME], t.counts[:, HOMES])
    ages = t.ages[:OUTSIDE].sum(axis=1)
    everybody = ages.sum(axis=1)
    sheet.ratio("mean_age", ages @ np.arange(OLDEST + 1), everybody)
    for name, low, high in (
        ("share_0_14", 0, ADULT),
        ("share_15_64", ADULT, RETIRED),
        ("share_65plus", RETIRED, OLDEST + 1),
    ):
        sheet.ratio(name, ages[:, low:high].sum(axis=1), everybody, HUNDRED)
    sheet.ratio("mean_schooling", t.schooling[:OUTSIDE], ages[:, ADULT:].sum(axis=1))
    sheet.total("disabled_persons", t.health[:OUTSIDE, DISABLED])
    sheet.total("household_savings", t.money[:, _MONEY.index("savings")])
    sheet.total("household_debt", t.money[:, _MONEY.index("debt")])
    if "life_expectancy" in extra:
        sheet.whole("life_expectancy", extra["life_expectancy"])


class _Shown(NamedTuple):
    """Distributions of income by setting (rural, urban), counties then the prefecture."""

    tenths: np.ndarray  # f8 (2, 8, 10): yuan a head
    people: np.ndarray  # f8 (2, 8, B): residents by shown bin, the sample's scale


def _write_incomes(sheet: _Sheet, t: Tally, residents: _Residents, real: float, with_money: bool) -> _Shown:
    """Means, sources, Gini and tenths; `real` brings money of the year to prices of 2019."""
    cuts, bins, means = [], [], []
    for town, setting in enumerate(("rural", "urban")):
        rows = slice(town, None, 2)
        heads = t.people[rows].astype(np.float64)
        weight = np.where(heads > 0, residents.urban if town else residents.village, 0.0)
        head = t.income[rows] / np.where(heads > 0, heads, math.nan)[:, None]
        means.append(head[:, INCOME])
        sheet.mean(f"{setting}_income", head[:, INCOME], weight)
        sheet.mean(f"{setting}_income_real", head[:, INCOME] * real, weight)
        if with_money:
            for row, source in enumerate(SOURCES, WAGES):
                sheet.mean(f"{setting}_income_{source}", head[:, row], weight)
        # The prefecture's bins hold each county's people as often as they stand for residents.
        stands = weight / np.where(heads > 0, heads, 1.0)
        people = t.bin_people[rows] * stands[:, None]
        income = t.bin_income[rows] * stands[:, None]
        people = np.concatenate([people, people.sum(axis=0, keepdims=True)])
        income = np.concatenate([income, income.sum(axis=0, keepdims=True)])
        pairs = list(zip(people, income, strict=True))
        cut = np.array([tenths(*pair) for pair in pairs])
        areas = (*COUNTIES, PREFECTURE)
        sheet.put(f"{setting}_gini", np.array([gini(*pair) for pair in pairs]), areas)
        for tenth in range(TENTHS):
            sheet.put(f"{setting}_income_decile_{tenth + 1}", cut[:, tenth], areas)
        cuts.append(cut)
        bins.append(_coarse(people))
        if with_money and not town:
            sheet.ratio("rural_wage_share", head[:, WAGES] * weight, head[:, INCOME] * weight, HUNDRED)
    ratios = means[1] / means[0]
    whole = sheet.values[PREFECTURE, "urban_income"] / sheet.values[PREFECTURE, "rural_income"]
    sheet.put("urban_rural_income_ratio", np.append(ratios, whole), (*COUNTIES, PREFECTURE))
    return _Shown(np.array(cuts), np.array(bins))


def _coarse(people: np.ndarray) -> np.ndarray:
    """Fine bins (A, 2002) put together into the shown ones, ends kept apart."""
    inner = people[:, 1:-1].reshape(people.shape[0], SHOWN_BINS, -1).sum(axis=2)
    return np.concatenate([people[:, :1], inner, people[:, -1:]], axis=1)


def _write_work(sheet: _Sheet, t: Tally, after: State) -> None:
    work = t.activity[:OUTSIDE].sum(axis=1)
    sheet.total("farm_workers", work[:, FARM])
    sheet.total("local_off_farm_workers", work[:, FIRST_SECTOR:WORKSHOP].sum(axis=1))
    sheet.total("workshop_workers", work[:, WORKSHOP])
    sheet.total("post_workers", work[:, POST])
    sheet.total("pupils", work[:, PUPIL])
    sheet.total("away_workers", t.counts[:, AWAY_WORKERS])
    sheet.total("jobs", after.industries.jobs.sum(axis=1))
    for sector, name in enumerate(SECTORS):
        sheet.total(f"jobs_{name}", after.industries.jobs[:, sector])
    workers = work[:, FIRST_SECTOR:WORKSHOP].sum(axis=1).astype(np.float64)
    sheet.mean("local_wage", after.markets.wage, workers)
    firms = after.industries.enterprises.sum(axis=(1, 2))
    sheet.total("enterprises", firms.sum(axis=1))
    sheet.ratio("upgraded_share", firms[:, 1], firms.sum(axis=1), HUNDRED)


def _write_land(sheet: _Sheet, t: Tally, after: State) -> None:
    cells = {name: t.counts[:, FIRST_LAND + row] for row, name in enumerate(LAND)}
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
        sheet.total(name, t.counts[:, FIRST_ANIMAL + row])
    sheet.ratio("cooperative_share", t.counts[:, SERVED], t.counts[:, FARM_HOMES], HUNDRED)
    sheet.ratio("insured_share", t.counts[:, INSURED], t.counts[:, FARM_HOMES], HUNDRED)
    nature = after.nature
    forest = nature.forest.sum(axis=1) + cells["converted"]
    held = t.counts[:, FIRST_LAND : FIRST_LAND + len(LAND)].sum(axis=1)
    everything = held + nature.forest.sum(axis=1) + nature.open_land + nature.other + after.towns.built
    sheet.total("forest_area", forest / CELLS_PER_MU)
    sheet.ratio("forest_cover", forest, everything, HUNDRED)
    sheet.total("registered_poor", t.counts[:, POOR_PERSONS])
    sheet.ratio("poverty_incidence", t.counts[:, POOR_PERSONS], t.counts[:, FARM_MEMBERS], HUNDRED)
    sheet.total("monitored_persons", t.counts[:, MONITORED])
    sheet.total("allowance_persons", t.counts[:, ALLOWANCE])


def _write_nature(sheet: _Sheet, residents: _Residents, after: State, extra: Mapping[str, Any]) -> None:
    nature = after.nature
    sheet.total("soil_loss", nature.soil_loss)
    sheet.total("sediment", nature.sediment)
    sheet.total("erosion_treated", nature.treated)
    sheet.ratio("erosion_control_rate", nature.treated, np.asarray(extra["eroded_area"], np.float64), HUNDRED)
    sheet.total("carbon_stock", nature.carbon)
    reaches = np.ones(len(COUNTIES))
    worst = np.append(nature.cod_class, nature.cod_class.max())
    sheet.put("water_class", worst, (*COUNTIES, PREFECTURE))
    sheet.ratio("good_water_share", (nature.cod_class <= GOOD_CLASS).astype(np.float64), reaches, HUNDRED)
    for column, name in enumerate(("cod_concentration", "ammonia_concentration")):
        sheet.mean(name, nature.concentration[:, column], reaches)
    sheet.mean("sewage_treatment", after.towns.sewage * HUNDRED, residents.urban)
    districts = slice(0, CENTRAL)
    treated = _mean(after.towns.sewage[districts] * HUNDRED, residents.urban[districts])
    sheet.whole("urban_sewage_treatment", treated)


def _write_towns(sheet: _Sheet, residents: _Residents, after: State, extra: Mapping[str, Any]) -> None:
    towns, public = after.towns, after.public
    sheet.mean("home_price", towns.price, towns.homes)
    sheet.total("homes", towns.homes)
    sheet.total("built_up_land", towns.built / CELLS_PER_MU)
    sheet.mean("town_services", towns.services, residents.urban)
    sheet.mean("village_services", towns.village_services, residents.village)
    sheet.total("public_capital", public.stock.sum(axis=1))
    for kind, name in enumerate(KINDS):
        sheet.total(f"public_capital_{name}", public.stock[:, kind])
    # Beds grow with the capital of hospitals and clinics; who lives in the county shares them.
    start = towns.start_urban + towns.start_village
    grown = public.stock[:, HEALTH] / public.start[:, HEALTH]
    beds = np.asarray(extra["hospital_beds_start"], np.float64) * start / THOUSAND * grown
    sheet.ratio("hospital_beds", beds, residents.all, THOUSAND)


def _write_economy(
    sheet: _Sheet, residents: _Residents, before: State | None, after: State, accounts: Accounts | None,
    extra: Mapping[str, Any], deflator_2019: float,
) -> np.ndarray:  # fmt: skip
    """Value added and GDP; returns GDP by county (f8, 7)."""
    added = after.industries.value_added
    sheet.total("value_added_secondary", added[:, :SECONDARY].sum(axis=1))
    sheet.total("value_added_tertiary", added[:, SECONDARY:].sum(axis=1))
    for sector, name in enumerate(SECTORS):
        sheet.total(f"value_added_{name}", added[:, sector])
    farm = after.markets.primary
    gdp = farm + added.sum(axis=1)
    deflator = 1.0 if accounts is None else accounts.deflator
    sheet.total("value_added_primary", farm)
    sheet.total("gdp", gdp)
    # Real: farms at trend prices of 2019 (a dear apple is no growth), the rest by the deflator.
    real = after.markets.primary_real + added.sum(axis=1) / deflator * deflator_2019
    sheet.total("gdp_real", real)
    sheet.ratio("gdp_per_resident", gdp, residents.all)
    if before is not None:
        last = before.industries.value_added.sum(axis=1) / float(extra["deflator_before"]) * deflator_2019
        last = last + before.markets.primary_real
        sheet.ratio("gdp_real_growth", real - last, last, HUNDRED)
    if accounts is not None:
        product = real / deflator_2019 / TEN_THOUSAND
        sheet.ratio("energy_intensity", accounts.energy.sum(axis=1), product)
    if "eco_industry_share" in extra:
        sheet.ratio("eco_industry_share", np.asarray(extra["eco_industry_share"]) * gdp, gdp, HUNDRED)
    return gdp


def _write_budgets(sheet: _Sheet, after: State, gdp: np.ndarray) -> None:
    budgets = after.budgets
    sheet.budget("own_revenue", budgets.revenue)
    sheet.budget("transfers", budgets.transfers)
    sheet.budget("spending", budgets.spending)
    sheet.ratio("own_revenue_share", budgets.revenue, budgets.spending, HUNDRED)
    sheet.budget("debt", budgets.debt)
    sheet.budget("reserve", budgets.reserve)
    # The city's debt belongs to no county, so the prefecture's ratio is not one of the counties' sums.
    owed, product = np.append(budgets.debt[: len(COUNTIES)], budgets.debt.sum()), np.append(gdp, gdp.sum())
    ratio = HUNDRED * owed / np.where(product > 0.0, product, math.nan)
    sheet.put("debt_ratio", ratio, (*COUNTIES, PREFECTURE))


_FLOWS = {
    "births": "births", "deaths": "deaths", "marriages": "marriages", "new_households": "new_households",
    "left": "left", "returned": "returned", "moved_to_town": "moved_to_town", "relocated_persons": "relocated",
    "dropouts": "dropouts", "gravely_ill": "struck", "catastrophic_households": "catastrophic",
    "impoverished_by_illness": "impoverished", "grain_output": "grain_kg", "potato_output": "potato_kg",
    "apple_output": "apple_kg", "apples_sold": "apple_sold", "grain_bought_in": "grain_bought",
    "grain_sold": "grain_sold", "crop_value": "crop_value", "fruit_value": "fruit_value",
    "livestock_value": "livestock_value", "household_consumption": "household_consumption",
    "public_consumption": "public_consumption", "investment": "investment", "outside_sales": "outside_sales",
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


def _write_flows(sheet: _Sheet, t: Tally, accounts: Accounts, extra: Mapping[str, Any]) -> None:
    for name, account in _FLOWS.items():
        sheet.total(name, getattr(accounts, account))
    for name, account in _LAND_FLOWS.items():
        sheet.total(name, getattr(accounts, account) / CELLS_PER_MU)
    for name, account in _SECTOR_FLOWS.items():
        sheet.total(name, getattr(accounts, account).sum(axis=1))
    for name, account in _BUDGET_FLOWS.items():
        sheet.budget(name, getattr(accounts, account))
    sheet.budget("compensation", np.asarray(extra["compensation"], np.float64))
    sheet.total("medical_aid", np.asarray(extra["medical_aid"], np.float64))
    for name, column in (
        ("allowance_paid", "allowance"),
        ("remittances", "remittances"),
        ("out_of_pocket", "medical"),
    ):
        sheet.total(name, t.money[:, _MONEY.index(column)])
    sheet.total("relieved_persons", t.counts[:, RELIEVED])


def _write_rates(sheet: _Sheet, t: Tally, accounts: Accounts, extra: Mapping[str, Any]) -> None:
    # Brides' moves between counties stand half a year too far; over the prefecture they cancel.
    mean = t.counts[:, MEMBERS] - (accounts.births - accounts.deaths) / 2.0
    sheet.ratio("birth_rate", accounts.births, mean, THOUSAND)
    sheet.ratio("death_rate", accounts.deaths, mean, THOUSAND)
    sheet.ratio("income_poverty_rate", accounts.poor_persons, t.counts[:, FARM_AT_HOME], HUNDRED)
    sheet.ratio("return_to_poverty_share", extra["lifted_at_risk"], t.counts[:, LIFTED_PERSONS], HUNDRED)
    sheet.ratio("upper_secondary_entry", accounts.entered_upper, accounts.left_junior, HUNDRED)
    sheet.ratio("job_chance", accounts.hired.sum(axis=1), accounts.applicants, HUNDRED)


def _write_money(sheet: _Sheet, accounts: Accounts, levers: Mapping[str, Declared]) -> None:
    """Money asked and granted by headline group."""
    groups = np.array([number.group for number in levers.values()])
    for group in SPENT:
        rows = groups == group
        sheet.budget(f"spending_{group}", accounts.granted[rows].sum(axis=0))
        sheet.budget(f"asked_{group}", accounts.asked[rows].sum(axis=0))
    sheet.ratio("granted_share", accounts.granted.sum(axis=0), accounts.asked.sum(axis=0), HUNDRED)


def _write_costs(sheet: _Sheet, t: Tally, accounts: Accounts, levers: Mapping[str, Declared]) -> None:
    """What a unit of outcome cost; money of the city's purse counts for the prefecture alone."""

    def granted(*starts: str) -> np.ndarray:
        rows = np.array([name.startswith(starts) for name in levers], np.bool_)
        return accounts.granted[rows].sum(axis=0)

    work = t.activity[:OUTSIDE].sum(axis=1)
    # Dated payments are due for years after planting, so a mu costs while it stands, not only when enrolled.
    standing = t.counts[:, FIRST_LAND + LAND.index("converted")] / CELLS_PER_MU
    for name, money, units in (
        ("cost_per_person_relieved", granted("relief."), t.counts[:, RELIEVED]),
        ("cost_per_mu_converted", granted("conversion."), standing),
        (
            "cost_per_job_supported",
            granted("relief.posts", "relief.workshops"),
            work[:, POST] + work[:, WORKSHOP],
        ),
    ):
        whole = np.append(units, np.sum(units)).astype(np.float64)
        paid = np.append(money[: len(COUNTIES)], money.sum())
        sheet.put(name, paid / np.where(whole > 0.0, whole, math.nan), (*COUNTIES, PREFECTURE))


def _distributions(year: int, t: Tally, shown: _Shown, share: float) -> dict[str, np.ndarray]:
    areas = (*COUNTIES, PREFECTURE)
    by_age = t.ages[:OUTSIDE]
    ages = np.concatenate([by_age, by_age.sum(axis=0, keepdims=True)])
    edges = np.arange(AGE_GROUPS) * AGE_STEP
    rows = [
        (name, np.add.reduceat(ages[:, sex], edges, axis=1) / share, 0)
        for sex, name in enumerate(("age_men", "age_women"))
    ]
    rows += [(f"{name}_income_decile", shown.tenths[town], 1) for town, name in enumerate(("rural", "urban"))]
    if year in SHOWN_YEARS:
        rows += [
            (f"{name}_income_bins", shown.people[town] / share, 0)
            for town, name in enumerate(("rural", "urban"))
        ]
    columns: dict[str, list] = {"area": [], "measure": [], "bin": [], "value": []}
    for name, values, first in rows:
        bins = values.shape[1]
        columns["area"].append(np.repeat(areas, bins))
        columns["measure"].append(np.full(values.size, name))
        columns["bin"].append(np.tile(np.arange(first, first + bins, dtype=np.int16), len(areas)))
        columns["value"].append(values.ravel())
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    return {"year": np.full(joined["value"].size, year, np.int16), **joined}


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
