"""The books: who pays whom, and the identities that every year must close.

`FLOWS` names the payer and the payee of every money flow of the model. In a year each side counts its own
amount — the household in its budget, the employer in its wage bill — and `check_flows` holds them against each
other; the balance of each sector then follows, and all balances sum to zero. People, land, labour, public
budgets, firms and the three readings of GDP have checks of their own. A break stops the run and names year,
county, item and gap.
"""

from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple, get_type_hints

import numpy as np

from tianshui import sums
from tianshui.compiled import kernel, pick, side_by_side
from tianshui.state import (
    AWAY,
    COUNTIES,
    FIRST_SECTOR,
    OUTSIDE,
    WORKSHOP,
    HouseholdMoney,
    Households,
    Persons,
    State,
)

MONEY_GAP = 1e-6
"""Largest gap of one household's money, yuan."""
ACCOUNT_GAP = 1e-9
"""Largest gap of an account, against GDP."""
PHYSICAL_GAP = 1e-9
"""Largest gap of a physical balance, against the largest quantity in it."""

HOUSEHOLDS, FARMS, FIRMS, BUDGETS, ABOVE, BANKS, REST = (
    "households", "farms", "firms", "budgets", "above", "banks", "rest of the world",
)  # fmt: skip


class Flow(NamedTuple):
    """A money flow: who pays, who receives, what it is."""

    payer: str
    payee: str
    names: tuple[str, str]


FLOWS: dict[str, Flow] = {
    "farm_income": Flow(FARMS, HOUSEHOLDS, ("Farm income of households", "农户经营收入")),
    "rents": Flow(FARMS, HOUSEHOLDS, ("Rent of land", "土地租金")),
    "wages": Flow(FIRMS, HOUSEHOLDS, ("Wages, local", "本地工资")),
    "workshop_wages": Flow(FIRMS, HOUSEHOLDS, ("Wages of workshops", "就业工厂工资")),
    "posts": Flow(BUDGETS, HOUSEHOLDS, ("Pay of public posts", "公益性岗位补贴")),
    "remittances": Flow(REST, HOUSEHOLDS, ("Remittances", "外出从业寄回")),
    "pensions": Flow(ABOVE, HOUSEHOLDS, ("Pensions", "养老金")),
    "allowances": Flow(BUDGETS, HOUSEHOLDS, ("Subsistence allowance", "低保金")),
    "payments": Flow(
        BUDGETS, HOUSEHOLDS, ("Conversion, forest and industry payments", "退耕、森林与产业补助")
    ),
    "indemnities": Flow(BANKS, HOUSEHOLDS, ("Crop indemnities", "农业保险赔付")),
    "savings_interest": Flow(BANKS, HOUSEHOLDS, ("Interest on savings", "存款利息")),
    "premiums": Flow(HOUSEHOLDS, ABOVE, ("Social premiums and tax", "社保缴费与个税")),
    "crop_premiums": Flow(HOUSEHOLDS, BANKS, ("Crop premiums", "农业保险保费")),
    "loan_interest": Flow(HOUSEHOLDS, BANKS, ("Interest on household debt", "家庭债务利息")),
    "borrowed": Flow(BANKS, HOUSEHOLDS, ("Loans to households", "家庭借款")),
    "repaid": Flow(HOUSEHOLDS, BANKS, ("Repayment by households", "家庭还款")),
    "animals_sold": Flow(FARMS, HOUSEHOLDS, ("Animals sold", "出售牲畜")),
    "living": Flow(HOUSEHOLDS, FIRMS, ("Consumption, schooling, medicine", "消费、教育与医疗支出")),
    "household_investment": Flow(HOUSEHOLDS, FIRMS, ("Homes, orchards, animals", "住房、果园与牲畜投资")),
    "production_tax": Flow(FIRMS, BUDGETS, ("Taxes and fees", "税费收入")),
    "general_transfers": Flow(ABOVE, BUDGETS, ("General transfers", "一般性转移支付")),
    "earmarked": Flow(ABOVE, BUDGETS, ("Earmarked transfers", "专项转移支付")),
    "compensation": Flow(ABOVE, BUDGETS, ("Horizontal compensation", "横向生态补偿")),
    "land_quota": Flow(REST, BUDGETS, ("Land quota sold", "节余指标调剂收入")),
    "bonds": Flow(BANKS, BUDGETS, ("New bonds", "新增债券")),
    "debt_interest": Flow(BUDGETS, BANKS, ("Interest on public debt", "政府债务利息")),
    "premium_subsidies": Flow(BUDGETS, BANKS, ("Premium subsidies", "保费补贴")),
    "guarantee_funds": Flow(BUDGETS, BANKS, ("Paid into guarantee funds", "注入融资担保基金")),
    "firm_subsidies": Flow(BUDGETS, FIRMS, ("Subsidies to enterprises", "对企业的补助")),
    "purchases": Flow(BUDGETS, FIRMS, ("Public purchases and works", "政府采购与工程")),
    "serious_illness": Flow(ABOVE, FIRMS, ("Insurance of serious illness", "大病保险支付")),
    "other_transfers": Flow(ABOVE, HOUSEHOLDS, ("Other transfers, net of gifts", "其他转移净收入")),
    "local_food": Flow(FIRMS, FARMS, ("Food of local farms", "本地农产品销售")),
    "farm_outside_sales": Flow(REST, FARMS, ("Farm sales outside", "农产品外销")),
    "farm_profits": Flow(FARMS, REST, ("Profits of larger farms", "规模农业经营利润")),
    "outside_sales": Flow(REST, FIRMS, ("Outside sales", "对外销售")),
    "outside_purchases": Flow(FIRMS, REST, ("Outside purchases", "外地采购")),
    "dividends": Flow(FIRMS, REST, ("Profits paid to owners", "企业分红")),
    "firm_interest": Flow(FIRMS, BANKS, ("Interest on enterprise debt", "企业贷款利息")),
    "firm_loans": Flow(BANKS, FIRMS, ("Net loans to enterprises", "企业净借款")),
}
"""Every money flow between sectors: the rows of the flow matrix."""

SECTORS_OF_BOOKS = (HOUSEHOLDS, FARMS, FIRMS, BUDGETS, ABOVE, BANKS, REST)


class BooksError(ArithmeticError):
    """Books that do not close: year, place, item and gap."""

    def __init__(self, year: int, place: str, item: str, gap: float) -> None:
        super().__init__(f"{year}: the books of {place} do not close: {item} is off by {gap:.6g}")
        self.year, self.place, self.item, self.gap = year, place, item, gap


def _refuse(year: int, item: str, gaps: np.ndarray, limit: np.ndarray | float, places=COUNTIES) -> None:
    closes = np.abs(gaps) <= limit
    if not closes.all():
        row = int(np.flatnonzero(~closes)[0])
        place = places[row] if row < len(places) else f"row {row}"
        raise BooksError(year, place, item, float(gaps[row]))


def _refuse_any(
    year: int, item: str, gaps: dict[str, np.ndarray], limit: float, places: tuple[str, ...] = COUNTIES
) -> None:
    """Refuse the first of several gaps under one limit by one look at all; `item` has a place for their names."""
    if not (np.abs(np.concatenate(list(gaps.values()))) <= limit).all():
        for name, own in gaps.items():
            _refuse(year, item.format(name), own, limit, places)


def balances(amounts: dict[str, float]) -> dict[str, float]:
    """What each sector received less what it paid, yuan; the sum over sectors is zero by construction of FLOWS."""
    total: dict[str, float] = dict.fromkeys(SECTORS_OF_BOOKS, 0.0)
    for name, flow in FLOWS.items():
        total[flow.payer] -= amounts.get(name, 0.0)
        total[flow.payee] += amounts.get(name, 0.0)
    return total


def check_sectors(year: int, amounts: dict[str, float], kept: dict[str, float], gdp: float) -> None:
    """What the table of flows leaves each sector is the change of the cash that the sector itself counts.

    `amounts` is yuan by flow, `kept` the change of cash by sector: households, farms, firms and budgets.
    """
    if missing := sorted(FLOWS.keys() ^ amounts.keys()):
        raise KeyError(f"the table of flows and the year's amounts differ: {', '.join(missing)}")
    left = balances(amounts)
    gaps = {sector: np.array([left[sector] - change]) for sector, change in kept.items()}
    _refuse_any(year, "flows of {} less change of cash", gaps, ACCOUNT_GAP * gdp, ("tianshui",))


def check_flows(year: int, paid: dict[str, np.ndarray], received: dict[str, np.ndarray], gdp: float) -> None:
    """Both sides of each flow, counted apart, agree to 1e-9 of GDP (arrays by county)."""
    for name in paid.keys() - FLOWS.keys():
        raise KeyError(f"flow {name!r} has no row in the table of flows")
    gaps = {name: given - received[name] for name, given in paid.items()}
    _refuse_any(year, "flow {!r} paid less received", gaps, ACCOUNT_GAP * gdp)


@kernel
def _heads(first, county, farm_hukou, household, place, setting, start, stop, table):
    # Rows: persons by county of registration (all, agricultural), then those in a wrong household and setting.
    low, high = np.int64(first[start]), np.int64(first[stop])
    sums.registered_here(first, county, farm_hukou, start, stop, table)
    # Where no row falls behind the one before, a household's first and last row tell that all between are its own.
    of, lives, how, astray, unsettled = household[low:high], place[low:high], setting[low:high], 0, 0
    for k in range(1, of.size):
        astray += of[k] < of[k - 1]
    for h in range(start, stop):
        one, last = np.int64(first[h]) - low, np.int64(first[h + 1]) - low - 1
        if one <= last:
            astray += (of[one] != h) | (of[last] != h)
    for k in range(lives.size):
        unsettled += (lives[k] == OUTSIDE) != (how[k] == AWAY)
    table[len(COUNTIES), 0] += astray
    table[len(COUNTIES), 1] += unsettled


def check_people(
    year: int, before: np.ndarray, births: np.ndarray, deaths: np.ndarray, settled: np.ndarray, farmers: np.ndarray,
    persons: Persons, households: Households,
) -> None:  # fmt: skip
    """Registered persons by county: before + births - deaths - settled elsewhere = after; each in one household.

    `before` is i8 (7, 2): all, and those of agricultural registration, to whom births, deaths, weddings and moves added
    `farmers` (i8, 7, as births and deaths).
    """
    size = persons.number.size
    _refuse(year, "persons in households", np.array([int(households.first[-1]) - size]), 0, ("tianshui",))

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((len(COUNTIES) + 1, 2), np.int64)
        _heads(households.first, households.county, households.farm_hukou, persons.household, persons.place,
               persons.setting, start, stop, table)  # fmt: skip
        return table

    counted = sums.added(households.number.size, task, np.zeros((len(COUNTIES) + 1, 2), np.int64))
    everybody, agricultural = (counted[: len(COUNTIES)] - before).T
    _refuse(year, "registered persons", everybody - (births - deaths - settled), 0)
    _refuse(year, "persons of agricultural registration", agricultural - farmers, 0)
    _refuse(year, "household of a person", counted[len(COUNTIES), :1], 0, ("tianshui",))
    _refuse(year, "place and setting of a person", counted[len(COUNTIES), 1:], 0, ("tianshui",))


def check_residents(
    year: int, before: np.ndarray, heads: np.ndarray, came: np.ndarray, went: np.ndarray, after: np.ndarray
) -> None:
    """Registered persons who live in a county: before + births - deaths and brides' moves + came - went = after.

    All i8 (7,), by county of residence; `heads` is what births, deaths and weddings add.
    """
    _refuse(year, "residents", after - (before + heads + came - went), 0)


def check_labour(year: int, jobs: np.ndarray, census: np.ndarray) -> None:
    """Jobs in the employers' records are persons in the households' records, by county and sector.

    `census` counts persons by place, setting and work (i8, 8 x 4 x 16).
    """
    counted = census.sum(axis=1)[: len(COUNTIES), FIRST_SECTOR:WORKSHOP]
    gaps = jobs - counted
    if gaps.any():
        gap = gaps.sum(axis=1)
        worst = np.abs(gaps).max(axis=1) * np.where(gap == 0, 1, np.sign(gap))
        _refuse(year, "jobs of employers less employed persons", worst, 0)


def check_vacancies(year: int, filled: np.ndarray, vacant: np.ndarray) -> None:
    """Local vacancies filled are no more than there are, by county and sector (i8, 7 x 10 each)."""
    beyond = np.maximum(filled - vacant, 0)
    if beyond.any():
        _refuse(year, "vacancies filled beyond those there are", beyond.max(axis=1), 0)


class Turn(NamedTuple):
    """A turn of land from one use to another."""

    was: str
    becomes: str


TURNS: dict[str, Turn] = {
    "let_flat": Turn("flat", "let"),
    "let_terrace": Turn("terrace", "let"),
    "terrace_to_idle": Turn("terrace", "idle_terrace"),
    "slope_to_idle": Turn("slope", "idle_slope"),
    "steep_to_idle": Turn("steep", "idle_steep"),
    "planted": Turn("terrace", "orchard"),
    "grubbed": Turn("orchard", "terrace"),
    "steep_enrolled": Turn("steep", "converted"),
    "idle_steep_enrolled": Turn("idle_steep", "converted"),
    "slope_enrolled": Turn("slope", "converted"),
    "idle_slope_enrolled": Turn("idle_slope", "converted"),
    "ploughed_again": Turn("converted", "slope"),
    "levelled": Turn("slope", "terrace"),
    "built_on": Turn("open_land", "built"),
    "afforested": Turn("open_land", "forest"),
    "forest_lost": Turn("forest", "open_land"),
}
"""Every turn of land between uses; what returns by the way it went is a negative turn."""

HELD = (
    "flat",
    "terrace",
    "slope",
    "steep",
    "idle_terrace",
    "idle_slope",
    "idle_steep",
    "let",
    "orchard",
    "converted",
)
"""Uses of the land that households hold; young orchards are orchards."""
USES: tuple[str, ...] = (*HELD, "built", "forest", "open_land", "other")
"""Every use of land."""
GAINS = np.array(
    [[(turn.becomes == use) - (turn.was == use) for turn in TURNS.values()] for use in USES], np.int64
)
"""What each use gains by a cell of each turn."""
ENROLLED, UNDATED = len(HELD), len(HELD) + 1
"""Columns of `household_land` beyond `HELD`: converted land enrolled in the year, and converted land of no year."""
COLUMN_OF_LAND = (*range(HELD.index("orchard") + 1), HELD.index("orchard"), HELD.index("converted"))
"""Column of `household_land` of each column of `_Land`."""


class _Land(NamedTuple):
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


@kernel
def _land(columns, column_of, county, enrolled, year, start, stop, table):
    begin = start
    while begin < stop:
        end, row = sums.run_end(county, begin, stop), table[county[begin]]
        for c in range(len(columns)):
            cells, total = columns[c][begin:end], 0
            for j in range(cells.size):
                total += int(cells[j])
            row[column_of[c]] += total
        cells, when, new, undated = columns[len(columns) - 1][begin:end], enrolled[begin:end], 0, 0
        for j in range(cells.size):
            new += int(cells[j]) * int(when[j] == year)
            undated += int(cells[j]) * int(when[j] == 0)
        row[ENROLLED] += new
        row[UNDATED] += undated
        begin = end


def household_land(households: Households, year: int) -> np.ndarray:
    """Land held by the households of each county (i8, 7 x 12), tenths of a mu: `HELD`, then converted land by date."""
    columns, county = tuple(pick(households, _Land)), households.county
    column_of, enrolled = np.array(COLUMN_OF_LAND), households.converted_year

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((len(COUNTIES), UNDATED + 1), np.int64)
        _land(columns, column_of, county, enrolled, year, start, stop, table)
        return table

    return sums.added(households.number.size, task, np.zeros((len(COUNTIES), UNDATED + 1), np.int64))


def check_land(year: int, area: np.ndarray, uses: dict[str, np.ndarray]) -> None:
    """All land of a county, in whole tenths of a mu, is what it was; `uses` are i8 (7,) each."""
    _refuse(year, "land", np.add.reduce([uses[name] for name in USES]) - area, 0)


def _side_by_side(land: dict[str, np.ndarray], names: Iterable[str]) -> np.ndarray:
    return np.concatenate([land[name] for name in names]).reshape(-1, len(COUNTIES))


def check_turns(
    year: int, before: dict[str, np.ndarray], turns: dict[str, np.ndarray], after: dict[str, np.ndarray]
) -> None:
    """Each use of land in a county: before + what turned to it - what turned from it = after, in whole tenths of a mu."""
    if missing := sorted(TURNS.keys() ^ turns.keys()):
        raise KeyError(f"the table of turns and the year's land differ: {', '.join(missing)}")
    was, now = (_side_by_side(uses, USES) for uses in (before, after))
    gaps = now - was - GAINS @ _side_by_side(turns, TURNS)
    if gaps.any():
        _refuse_any(year, "land turned, {}", dict(zip(USES, gaps, strict=True)), 0)


def check_vintages(
    year: int, before: np.ndarray, enrolled: np.ndarray, ploughed: np.ndarray, after: np.ndarray
) -> None:
    """Converted land is the sum of its vintages: that enrolled in the year, and earlier ones less what is ploughed again.

    `before` is all converted land of a county, `after` that of `household_land`.
    """
    new, undated, every = after[:, ENROLLED], after[:, UNDATED], after[:, HELD.index("converted")]
    gaps = {
        "of no year": undated,
        "of this year": new - enrolled,
        "of earlier years": every - new - undated - (before - ploughed),
    }
    _refuse_any(year, "converted land {}", gaps, 0)


class Totals(NamedTuple):
    """What households' money comes to in a year: yuan by setting of the home (village, town) and county."""

    table: np.ndarray  # f8 (2, 7, C): columns of HouseholdMoney, then those of `BESIDE`

    def of(self, *names: str) -> np.ndarray:
        """Some columns together, by county of registration (f8, 7)."""
        village, town = self.table
        together = village[:, ROW_OF[names[0]]] + town[:, ROW_OF[names[0]]]
        for name in names[1:]:
            together += village[:, ROW_OF[name]] + town[:, ROW_OF[name]]
        return together

    def by_setting(self, name: str) -> np.ndarray:
        """One column by setting of the home and county (f8, 2 x 7)."""
        return self.table[:, :, ROW_OF[name]]

    def sum(self, name: str) -> float:
        """One column, all households."""
        return float(self.by_setting(name).sum())

    def sums(self) -> dict[str, float]:
        """Every column, all households."""
        columns = np.ascontiguousarray(self.table.reshape(-1, len(COLUMNS)).T)
        return dict(zip(COLUMNS, columns.sum(axis=1).tolist(), strict=True))


BESIDE = ("rents", "crop_premiums", "cash", "kept")
"""Rent of land, crop premiums paid, cash on 31 December before, change of cash."""
COLUMNS = (*HouseholdMoney._fields, *BESIDE)
ROW_OF = {name: row for row, name in enumerate(COLUMNS)}
ITEMS = ("cash", "debt", "negative cash", "negative debt")


SIX = 6
"""Columns of money that are added up together."""


@kernel
def _add_six(rows, found, one, two, three, four, five, six, row, k):
    """Add six columns over some rows, in their order, to `row[k:k + 6]`."""
    a, b, c, d, e, f = row[k], row[k + 1], row[k + 2], row[k + 3], row[k + 4], row[k + 5]
    for n in range(found):
        j = rows[n]
        a += one[j]
        b += two[j]
        c += three[j]
        d += four[j]
        e += five[j]
        f += six[j]
    row[k], row[k + 1], row[k + 2], row[k + 3], row[k + 4], row[k + 5] = a, b, c, d, e, f


@kernel
def _incomes(m, start, stop, net):
    """All incomes of each household."""
    farm, wages, remittances = m.farm[start:stop], m.wages[start:stop], m.remittances[start:stop]
    pension, allowance, posts = m.pension[start:stop], m.allowance[start:stop], m.posts[start:stop]
    payments, transfers = m.payments[start:stop], m.transfers[start:stop]
    indemnity, property_ = m.indemnity[start:stop], m.property[start:stop]
    for j in range(stop - start):
        net[j] = (
            farm[j] + wages[j] + remittances[j] + pension[j] + allowance[j] + posts[j] + payments[j] + transfers[j]
            + indemnity[j] + property_[j]
        )  # fmt: skip


@kernel
def _less_outlays(m, start, stop, net):
    """What is left of incomes after all outlays."""
    premiums, schooling, medical = m.premiums[start:stop], m.schooling[start:stop], m.medical[start:stop]
    interest, invested, consumption = (
        m.interest[start:stop],
        m.invested[start:stop],
        m.consumption[start:stop],
    )
    for j in range(stop - start):
        net[j] -= premiums[j] + schooling[j] + medical[j] + interest[j] + invested[j] + consumption[j]


@kernel
def _gaps(homes, cash, debt, m, start, stop, kept, gaps):
    """Change of cash of each household, and by how much its books do not close; returns how many do not.

    Three loops over few columns each: one over all of them would have to be told that none overlaps another.
    """
    _incomes(m, start, stop, kept)
    _less_outlays(m, start, stop, kept)
    was, owed, new, owes = homes.cash[start:stop], homes.debt[start:stop], cash[start:stop], debt[start:stop]
    borrowed, repaid, sold = m.borrowed[start:stop], m.repaid[start:stop], m.sold[start:stop]
    cash_gaps, debt_gaps, open_books = gaps[0], gaps[1], 0
    for j in range(stop - start):
        loans, change = borrowed[j] - repaid[j], new[j] - was[j]
        cash_gaps[j] = abs(change - (kept[j] + loans + sold[j]))
        debt_gaps[j] = abs(owes[j] - owed[j] - loans)
        kept[j] = change
        # Written so that what is no number does not close.
        closes = (
            (cash_gaps[j] <= MONEY_GAP) & (debt_gaps[j] <= MONEY_GAP) & (new[j] >= 0.0) & (owes[j] >= 0.0)
        )
        open_books += not closes
    return open_books


@kernel
def _note_gaps(cash, debt, start, stop, gaps, wrong):
    """Keep the largest gap of each item and its row."""
    for j in range(stop - start):
        found = (gaps[0, j], gaps[1, j], max(-cash[start + j], 0.0), max(-debt[start + j], 0.0))
        for k in range(4):
            # What is no number is the largest gap of all, and stays so.
            if wrong[k, 0] == wrong[k, 0] and not found[k] <= wrong[k, 0]:
                wrong[k, 0], wrong[k, 1] = found[k], start + j


@kernel
def close(homes, cash, debt, m, rents, crop, start, stop, table, wrong):
    """Add up the money of households `start:stop` of one county, and keep in `wrong` (4 x 2) the largest gaps.

    Change of cash = incomes - outlays + borrowed - repaid + sold; nothing negative. `homes` has county, setting, cash
    and debt of before, `cash` and `debt` are those of the year's end, `m` the money of the year, `rents` the land rent
    within property income (columns of length H); `crop` are the crop premiums due of these rows alone, yuan. A gap is
    kept with its row, and only where some household's books do not close.
    """
    size, county = stop - start, int(homes.county[start])
    kept, gaps, paid = np.empty(size), np.empty((2, size)), np.empty(size)
    if _gaps(homes, cash, debt, m, start, stop, kept, gaps) > 0:
        _note_gaps(cash, debt, start, stop, gaps, wrong)
    in_town, premiums = homes.in_town[start:stop], m.premiums[start:stop]
    for j in range(size):
        # Who cannot pay a premium whole pays the social one first.
        paid[j] = min(crop[j], premiums[j])
    rows = np.empty(size + 1, np.int64)
    for town in range(2):
        found, row = 0, table[town, county]
        for j in range(size):
            rows[found] = j
            found += in_town[j] == town
        _add_six(rows, found, m.farm[start:stop], m.wages[start:stop], m.remittances[start:stop], m.pension[start:stop],
                 m.allowance[start:stop], m.posts[start:stop], row, 0)  # fmt: skip
        _add_six(rows, found, m.payments[start:stop], m.transfers[start:stop], m.indemnity[start:stop],
                 m.property[start:stop], premiums, m.schooling[start:stop], row, SIX)  # fmt: skip
        _add_six(rows, found, m.medical[start:stop], m.interest[start:stop], m.invested[start:stop],
                 m.consumption[start:stop], m.borrowed[start:stop], m.repaid[start:stop], row, 2 * SIX)  # fmt: skip
        a, b, c, d, e = row[18], row[19], row[20], row[21], row[22]
        for n in range(found):
            j = rows[n]
            h = start + j
            a += m.sold[h]
            b += rents[h]
            c += paid[j]
            d += homes.cash[h]
            e += kept[j]
        row[18], row[19], row[20], row[21], row[22] = a, b, c, d, e


def nothing_closed() -> tuple[np.ndarray, np.ndarray]:
    """Room for what `close` adds up of a block of households, and for its largest gaps."""
    return np.zeros((2, len(COUNTIES), len(COLUMNS))), np.zeros((len(ITEMS), 2))


def close_households(year: int, number: np.ndarray, parts: list[tuple[np.ndarray, np.ndarray]]) -> Totals:
    """Hold each household to its books, by the largest gaps that `close` found; the sums of all blocks in order.

    `number` are the households' permanent numbers, `parts` what each block added up and its gaps.
    """
    for _, wrong in parts:
        for item, (gap, row), limit in zip(ITEMS, wrong, (MONEY_GAP, MONEY_GAP, 0.0, 0.0), strict=True):
            if not gap <= limit:
                raise BooksError(year, f"household {int(number[int(row)])}", item, float(gap))
    return Totals(np.sum([table for table, _ in parts], axis=0))


def check_budgets(
    year: int, revenue: np.ndarray, spending: np.ndarray, reserve: np.ndarray, gdp: float
) -> None:
    """Each public budget: all revenue - all spending = change of reserve and carried money."""
    _refuse(year, "public budget", revenue - spending - reserve, ACCOUNT_GAP * gdp, (*COUNTIES, "city"))


def check_earmarked(
    year: int, received: np.ndarray, spent: np.ndarray, carried: np.ndarray, gdp: float
) -> None:
    """Earmarked money of each budget (f8, 8): received = spent on levers + change of what is carried."""
    _refuse(
        year, "earmarked money", received - spent - carried, ACCOUNT_GAP * gdp, places=(*COUNTIES, "city")
    )


class Carried(NamedTuple):
    """A stock of money of budgets (f8, 8) or of sectors (f8, 7 x 10), and the flow that is booked on it, yuan."""

    before: np.ndarray
    change: np.ndarray
    after: np.ndarray


def check_carried(year: int, stocks: dict[str, Carried], gdp: float) -> None:
    """Each stock of money on 31 December is that of the year before and the year's flow."""
    for name, stock in stocks.items():
        gaps = stock.after - (stock.before + stock.change)
        if not (np.abs(gaps) <= ACCOUNT_GAP * gdp).all():
            by_place = gaps.reshape(len(gaps), -1)
            worst = by_place[np.arange(len(gaps)), np.abs(by_place).argmax(axis=1)]
            _refuse(year, name, worst, ACCOUNT_GAP * gdp, places=(*COUNTIES, "city"))


def check_firms(year: int, made, gdp: float) -> None:
    """Each sector: value added + subsidies = wages + tax + interest + dividends + investment + change of cash - net borrowing."""
    paid = (
        made.wages
        + made.tax
        + made.interest
        + made.dividends
        + made.investment
        + made.cash_change
        - made.borrowed
    )
    gap = made.value_added + made.subsidies - paid
    _refuse(year, "money of enterprises", np.abs(gap).max(axis=1), ACCOUNT_GAP * gdp)


def check_farm_days(year: int, used: np.ndarray, available: np.ndarray) -> None:
    """Farm days used are no more than those that workers and elders have, by county of registration (f8, 7 each)."""
    over_used = np.maximum(used - available, 0.0)
    _refuse(
        year, "farm days beyond those there are", over_used, PHYSICAL_GAP * max(float(available.sum()), 1.0)
    )


def check_plots(year: int, ready: np.ndarray, taken: np.ndarray, vacant: np.ndarray) -> None:
    """Serviced land by county (f8, 7 each), km2: what was ready is taken by new factories or vacant."""
    size = max(float(ready.max()), 1.0)
    _refuse(year, "serviced land", ready - taken - vacant, PHYSICAL_GAP * size)


def check_goods(
    year: int, good: str, opening: np.ndarray, came: np.ndarray, went: np.ndarray, closing: np.ndarray
) -> None:
    """A good in store by county (f8, 7 each), kg: opening store + what came = what went and was lost + closing store."""
    size = max(float((opening + came).max()), 1.0)
    _refuse(year, f"store of {good}", opening + came - went - closing, PHYSICAL_GAP * size)


def check_gaps(year: int, item: str, gaps: np.ndarray, size: float) -> None:
    """Gaps of a physical balance by county (first axis), against the largest quantity in it."""
    gaps = np.abs(gaps).reshape(len(COUNTIES), -1).max(axis=1)
    _refuse(year, item, gaps, PHYSICAL_GAP * max(float(size), 1.0))


def check_gdp(year: int, production: np.ndarray, income: np.ndarray, expenditure: np.ndarray) -> None:
    """GDP by production, by income and by expenditure agree, each summed from its own records."""
    gaps = {"income": income - production, "expenditure": expenditure - production}
    _refuse_any(year, "GDP by {} less by production", gaps, ACCOUNT_GAP * float(production.sum()))


def check_registers(
    year: int, before: np.ndarray, entered: np.ndarray, cleared: np.ndarray, after: np.ndarray
) -> None:
    """Monitored persons by county: before + entered - cleared = after, on the heads of the year."""
    _refuse(year, "monitored persons", after - (before + entered - cleared), 0)


SIGNED = frozenset({
    "apple_price", "potato_price", "away_pull", "income", "permanent", "altitude", "surplus", "usual", "other_village", "usual_growth",
    "other_town", "wage_growth", "primary", "gap", "farm_pull", "expected",
})  # fmt: skip
"""Columns of the state that are flows, rates, logs or solved constants and may be negative; every other one is a stock."""


SMALL = 65_536
"""Columns shorter than this are looked at by one thread."""
FEW = 512
"""Columns of so few numbers are looked at together: to ask each costs more than to lay them side by side."""


def _stocks() -> tuple[list[tuple[str, str]], np.ndarray]:
    """Record and name of each column of a state, and which of them may be negative."""
    records = [kind for name, kind in get_type_hints(State).items() if name != "year"]
    names = [(kind.__name__, name) for kind in records for name in kind._fields]
    return names, np.array([name in SIGNED for _, name in names])


STOCKS, MAY_BE_NEGATIVE = _stocks()


def check_stocks(year: int, state: State) -> None:
    """No stock is negative and no number of the state is lost to arithmetic (NaN)."""
    columns = [column for record in state[1:] for column in record]
    few, some, many = [], [], []
    for row, column in enumerate(columns):
        if column.dtype.kind in "if" and column.size:
            (few if column.size <= FEW else some if column.size < SMALL else many).append(row)
    least = np.zeros(len(columns))
    if few:
        starts = [0, *accumulate(columns[row].size for row in few[:-1])]
        together = np.concatenate([columns[row].ravel() for row in few], dtype=np.float64)
        least[few] = np.minimum.reduceat(together, starts)
    for row in some:
        least[row] = columns[row].min()
    least[many] = side_by_side([columns[row].min for row in many])
    closes = np.where(MAY_BE_NEGATIVE, np.isfinite(least), least >= 0.0)
    if not closes.all():
        row = int(np.flatnonzero(~closes)[0])
        raise BooksError(year, *STOCKS[row], float(least[row]))
