"""The books close in every year of every scenario, and a flow that leaks is refused by name.

The first half lives generated scenarios; the second breaks one mechanism at a time by a yuan, a person, a job or a
cell of land and looks for the refusal: year, place, item and gap.
"""

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lives import course, load, stored
from tianshui import layout, ledger, registry, year
from tianshui.ledger import BooksError
from tianshui.plan import LAST_YEAR, Plan
from tianshui.run import Years
from tianshui.settings import Settings
from tianshui.state import AWAY, COUNTIES, OUTSIDE, HouseholdMoney, State

SMALL, TINY = 0.002, 0.001
LEVERS = registry.levers()


# --- Generated scenarios ------------------------------------------------------------------------------


@st.composite
def changes(draw: st.DrawFn, first: int, last: int) -> dict[str, dict[int, dict[int, float]]]:
    """Random values of some levers: lever to county to year to value, anywhere in the lever's range, ends included."""
    chosen = draw(st.lists(st.sampled_from(sorted(LEVERS)), min_size=1, max_size=8, unique=True))
    found = {}
    for name in chosen:
        low, high = LEVERS[name].within
        values = st.one_of(st.sampled_from([low, high]), st.floats(low, high))
        when = draw(st.lists(st.integers(first, last), min_size=1, max_size=2, unique=True))
        if LEVERS[name].where == "one":
            points = {y: draw(values) for y in when}
            found[name] = dict.fromkeys(range(len(COUNTIES)), points)
        else:
            found[name] = {c: {y: draw(values) for y in when} for c in range(len(COUNTIES))}
    return found


def changed(plan: Plan, levers: dict[str, dict[int, dict[int, float]]], first: int) -> Plan:
    """A plan with random courses merged in."""
    for name, points in levers.items():
        moved = plan.courses[name].merged(points, line=False, first=first)
        plan = replace(plan, courses={**plan.courses, name: moved})
    return plan


@settings(max_examples=12)
@given(
    levers=changes(2016, 2018), seed=st.integers(0, 2**31), draw=st.integers(0, 500),
    sample=st.sampled_from([0.002, 0.004, 0.01]),
)  # fmt: skip
@example(levers={}, seed=0, draw=0, sample=0.002)
def test_the_books_of_any_scenario_close_from_the_start(levers, seed, draw, sample):
    """Any levers within their ranges, any luck and beliefs, from 2016: every identity holds in each of three years."""
    world = Years(changed(load("history"), levers, 2016), sample=sample, seed=seed, draw=draw, until=2018)
    while world.state.year < world.until:
        world.step()
    assert world.state.year == 2018


@settings(max_examples=12)
@given(
    levers=changes(2021, 2024), base=st.sampled_from(["no_plan", "plan", "nothing"]), seed=st.integers(0, 2**31),
    draw=st.sampled_from([0, 5, 9]), cuts=st.sets(st.sampled_from(sorted(registry.of_kind("cut"))), max_size=2),
)  # fmt: skip
def test_the_books_of_any_scenario_close_from_the_state_of_2020(levers, base, seed, draw, cuts):
    """Any levers and any loops cut, from the stored state of 2020: every identity holds in each of four years."""
    plan = replace(changed(load(base), levers, 2021), cuts=dict.fromkeys(sorted(cuts), 1.0))
    drawn = registry.draw_beliefs(Settings(), draw)
    state = stored("history", SMALL, 2020, draw=draw)
    while state.year < 2024:
        numbers = plan.settings_at(drawn, state.year + 1)
        state = year.live(state, plan, numbers, seed=seed, share=SMALL).state
    assert state.year == 2024


@settings(max_examples=8)
@given(
    levers=changes(2021, 2034), base=st.sampled_from(["no_plan", "plan", "nothing"]), seed=st.integers(0, 2**31),
    cuts=st.sets(st.sampled_from(sorted(registry.of_kind("cut"))), max_size=2),
)  # fmt: skip
@example(levers={}, base="plan", seed=0, cuts={"treasury.unlimited_cut"})
def test_the_books_of_any_scenario_close_to_the_end(levers, base, seed, cuts):
    """Any levers and any loops cut, from the stored state of 2020 to 2035: extension payments, plots ploughed again."""
    plan = replace(changed(load(base), levers, 2021), cuts=dict.fromkeys(sorted(cuts), 1.0))
    drawn, state = registry.draw_beliefs(Settings(), 0), stored("history", TINY, 2020)
    while state.year < LAST_YEAR:
        numbers = plan.settings_at(drawn, state.year + 1)
        state = year.live(state, plan, numbers, seed=seed, share=TINY).state
    assert state.year == LAST_YEAR


def test_the_plan_closes_its_books_to_the_end():
    """The plan itself, every year to 2035, on beliefs that are not central."""
    world = Years(load("plan"), sample=SMALL, seed=1, draw=3)
    while world.state.year < LAST_YEAR:
        world.step()
    assert world.state.persons.number.size == np.unique(world.state.persons.number).size


# --- Broken flows -------------------------------------------------------------------------------------


class Leak(NamedTuple):
    """A mechanism that leaks: which one, how, and what the ledger must say."""

    module: Any
    function: str
    broken: Callable[..., Any]
    """Takes the true result and the arguments; returns the leaking result."""
    place: str | None
    """None where a household or all of the prefecture is named."""
    item: str
    gap: float


def plus(column: np.ndarray, where: Any, amount: float = 1) -> np.ndarray:
    """The column with an amount added in one place."""
    column = np.array(column)
    column[where] += amount
    return column


def replaced(field: str, where: Any, amount: float = 1) -> Callable[..., Any]:
    """A leak that adds an amount to one place of one field of the result."""

    def leak(result: Any, *_: Any) -> Any:
        return result._replace(**{field: plus(getattr(result, field), where, amount)})

    return leak


def one_person_lost(settled: layout.Settled, *_: Any) -> layout.Settled:
    """The last person of the fourth county's first household with two people is dropped."""
    homes, persons = settled.households, settled.persons
    row = int(np.flatnonzero((homes.county == 3) & (np.diff(homes.first) > 1))[0])
    keep = np.arange(persons.number.size) != homes.first[row + 1] - 1
    first = homes.first - (np.arange(homes.first.size) > row)
    return settled._replace(
        persons=type(persons)(*(column[keep] for column in persons)), households=homes._replace(first=first)
    )


def in_another_household(settled: layout.Settled, *_: Any) -> layout.Settled:
    return settled._replace(
        persons=settled.persons._replace(household=plus(settled.persons.household, 0).astype(np.int32))
    )


def at_home_and_away(
    moves: Any, persons: Any, homes: Any, villages: Any, work: Any, place: Any, *_: Any
) -> Any:
    """One resident is said to be away without leaving."""
    row = int(np.flatnonzero((np.asarray(place) < OUTSIDE) & (work == 0))[0])
    setting = np.array(moves.setting)
    setting[row] = AWAY
    return moves._replace(setting=setting)


def one_job_dissolved(work: Any, *_: Any) -> Any:
    return work._replace(jobs=plus(work.jobs, (2, 3), -1))


def one_cell_more(homes: Any, *_: Any) -> Any:
    """A household of the second county gains a tenth of a mu of flat land."""
    row = int(np.flatnonzero(homes.county == 1)[0])
    return homes._replace(flat=plus(homes.flat, row).astype(np.int32))


def on_31_december(field: str, where: Any, amount: float = 1) -> Callable[..., Any]:
    """A leak that adds an amount to one place of a stock of the new 31 December; the flow on it stays right."""

    def leak(result: Any, *_: Any) -> Any:
        return result._replace(
            after=result.after._replace(**{field: plus(getattr(result.after, field), where, amount)})
        )

    return leak


def carried_money_reserved(grants: Any, *_: Any) -> Any:
    """The city puts a yuan of earmarked money into its reserve: every total and every stock is right."""
    stocks = grants.after
    return grants._replace(
        reserve_change=plus(grants.reserve_change, 7), carried_change=plus(grants.carried_change, 7, -1),
        after=stocks._replace(reserve=plus(stocks.reserve, 7), carried=plus(stocks.carried, 7, -1)),
    )  # fmt: skip


def a_farmer_becomes_a_townsman(homes: Any, *_: Any) -> Any:
    """Somebody who lives alone in the fifth county loses the agricultural registration, which no mechanism changes."""
    alone = (homes.county == 4) & (homes.farm_hukou == 1) & (np.diff(homes.first) == 1)
    farms = np.array(homes.farm_hukou)
    farms[np.flatnonzero(alone)[0]] = 0
    return homes._replace(farm_hukou=farms)


def found_in_the_next_county(work: Any, *_: Any) -> Any:
    """A resident of the first county who does not work is found in the second one, without a move."""
    row = int(np.flatnonzero((work.place == 0) & (work.work == 0))[0])
    return work._replace(place=plus(work.place, row))


def more_hired_than_wanted(
    work: Any, persons: Any, homes: Any, choice: Any, lost: Any, vacancies: Any, *_: Any
) -> Any:
    """Trade of the second county reports one more hired than it had places to fill."""
    return work._replace(hired=plus(work.hired, (1, 5), int(vacancies[1, 5] - work.hired[1, 5]) + 1))


def cell_turned(was: str, becomes: str) -> Callable[..., Any]:
    """A leak that turns a tenth of a mu of a household of the second county from one use to another, unbooked."""

    def leak(homes: Any, *_: Any) -> Any:
        row = int(np.flatnonzero((homes.county == 1) & (getattr(homes, was) > 0))[0])
        return homes._replace(**{
            was: plus(getattr(homes, was), row, -1), becomes: plus(getattr(homes, becomes), row)
        })  # fmt: skip

    return leak


def rich_row(balance: Any) -> int:
    """A household with more cash than debt."""
    return int(np.argmax(balance.cash - balance.debt))


def before_closing(change: Callable[..., None]) -> Callable[..., Any]:
    """A leak between spending and closing: `change` alters the purses or the money, and the books are closed anew."""

    def leak(_: Any, homes: Any, due: Any, *rest: Any) -> None:
        start, stop, money, after, _receipts, closed, wrong = rest[-7:]
        assert start == 0, "the small world is one block"
        change(after, homes, money)
        closed[:], wrong[:] = 0.0, 0.0
        edges = [0, *(np.flatnonzero(np.diff(homes.county)) + 1), stop]
        for begin, end in itertools.pairwise(edges):
            nothing = np.zeros(end - begin)
            ledger.close(
                homes, after.cash, after.debt, money, due.harvest.rents, nothing, begin, end, closed, wrong
            )

    return leak


def one_yuan_found(after: Any, *_: Any) -> None:
    after.cash[rich_row(after)] += 1.0


def one_yuan_of_debt_forgotten(after: Any, *_: Any) -> None:
    after.debt[int(np.argmax(after.debt))] -= 1.0


def eaten_on_no_credit(after: Any, homes: Any, money: HouseholdMoney) -> None:
    """A household eats all its cash and a yuan more; its money closes, its purse is below nothing."""
    row = rich_row(after)
    money.consumption[row] += after.cash[row] + 1.0
    after.cash[row] = -1.0


def repaid_too_much(after: Any, homes: Any, money: HouseholdMoney) -> None:
    """A household repays its debt and a yuan more."""
    row = rich_row(after)
    extra = after.debt[row] + 1.0
    money.repaid[row] += extra
    after.cash[row] -= extra
    after.debt[row] = -1.0


def allowance_from_nowhere(after: Any, homes: Any, money: HouseholdMoney) -> None:
    """A household of the fifth county receives a yuan that no budget paid."""
    row = int(np.flatnonzero(homes.county == 4)[0])
    money.allowance[row] += 1.0
    after.cash[row] += 1.0


def cash_that_is_no_number(after: Any, *_: Any) -> None:
    after.cash[3] = math.nan


def lost_to_arithmetic(after: Any, *_: Any) -> None:
    after.permanent[0] = math.nan


def wages_received(result: Any, *_: Any) -> Any:
    money, at_home, paid = result
    return money, at_home, plus(paid, (0, 2))


def cash_from_a_neighbour(made: Any, *_: Any) -> Any:
    """Construction finds a yuan that trade lost: the county's income is right, both sectors' books are not."""
    return made._replace(cash_change=plus(plus(made.cash_change, (4, 4)), (4, 5), -1))


def tax_not_received(made: Any, *_: Any) -> Any:
    """An industry books a yuan of profit as tax that no budget receives."""
    return made._replace(tax=plus(made.tax, (6, 0)), dividends=plus(made.dividends, (6, 0), -1))


def from_purse_to_purse(grants: Any, *_: Any) -> Any:
    """The reserve of the fourth county grows by a yuan that the city lost: the sum is right, the budgets are not."""
    return grants._replace(reserve_change=plus(plus(grants.reserve_change, 3), 7, -1))


def remitted_to_nobody(totals: Any, *_: Any) -> Any:
    """The sum of all households' remittances is a yuan more than theirs together."""
    where = (0, 0, ledger.COLUMNS.index("remittances"))
    return totals._replace(table=plus(totals.table, where))


def river(field: str, where: Any) -> Callable[..., Any]:
    def leak(flows: Any, *_: Any) -> Any:
        return flows._replace(river=flows.river._replace(**{field: plus(getattr(flows.river, field), where)}))

    return leak


def more_sediment_than_soil(flows: Any, *_: Any) -> Any:
    return flows._replace(
        sediment=plus(flows.sediment, 5, float(flows.soil_loss[5] - flows.sediment[5]) + 1.0)
    )


def days_nobody_has(harvest: Any, *_: Any) -> Any:
    """Farms of the sixth county work a day more than all its workers and elders have."""
    used, available = harvest.totals[5, year.farming.USED], harvest.totals[5, year.farming.AVAILABLE]
    where = (5, year.farming.USED)
    return harvest._replace(totals=plus(harvest.totals, where, float(available - used) + 1.0))


def houses_below_nothing(grown: Any, *_: Any) -> Any:
    after = grown.after
    return grown._replace(after=after._replace(homes=plus(after.homes, 0, -float(after.homes[0]) - 2.0)))


def no_price(grown: Any, *_: Any) -> Any:
    return grown._replace(after=grown.after._replace(price=plus(grown.after.price, 0, math.nan)))


LEAKS = {
    "a person is lost": Leak(layout, "settle", one_person_lost, "qinan", "registered persons", -1),
    "a birth is not registered": Leak(
        year.demography, "live", replaced("births", 1, -1), "maiji", "registered persons", 1
    ),
    "a person is in another household": Leak(
        layout, "settle", in_another_household, None, "household of a person", 1
    ),
    "a person is at home and away": Leak(
        year.moving, "move", at_home_and_away, None, "place and setting of a person", 1
    ),
    "a job dissolves": Leak(
        year.livelihoods, "settle", one_job_dissolved, "qingshui", "jobs of employers less employed persons", -1
    ),
    "a farmer becomes a townsman": Leak(
        year.conversion, "settle_land", a_farmer_becomes_a_townsman, "gangu", "persons of agricultural registration", -1
    ),
    "a resident is found in the next county": Leak(
        year.livelihoods, "settle", found_in_the_next_county, "qinzhou", "residents", -1
    ),
    "one who left is not counted": Leak(
        year.livelihoods, "settle", replaced("left_from", 2, -1), "qingshui", "residents", -1
    ),
    "a student who left is not counted": Leak(
        year.schooling, "learn", replaced("gone", 5, -1), "wushan", "residents", -1
    ),
    "a bride's move is not counted": Leak(
        layout, "booked", replaced("residents", 6), "zhangjiachuan", "residents", -1
    ),
    "more are hired than wanted": Leak(
        year.livelihoods, "settle", more_hired_than_wanted, "maiji", "vacancies filled beyond those there are", 1
    ),
    "a slope is converted unbooked": Leak(
        year.conversion, "settle_land", cell_turned("slope", "converted"), "maiji", "land turned, slope", -1
    ),
    "idle land is ploughed unbooked": Leak(
        year.farming, "settle_land", cell_turned("idle_steep", "steep"), "maiji", "land turned, steep", 1
    ),
    "a slope is levelled unbooked": Leak(
        year.ecology, "build_terraces", cell_turned("slope", "terrace"), "maiji", "land turned, terrace", 1
    ),
    "a tree is planted on paper": Leak(
        year.ecology, "advance", replaced("planted", 4), "gangu", "land turned, forest", -1
    ),
    "a plot is enrolled on paper": Leak(
        year.conversion, "convert", replaced("cells", (3, year.conversion.GRANTED)), "qinan",
        "converted land of this year", -1,
    ),
    "a plot is ploughed again on paper": Leak(
        year.conversion, "convert", replaced("cells", (3, year.conversion.RECONVERTED)), "qinan",
        "land turned, slope", -1,
    ),
    "a household's land grows": Leak(year.conversion, "settle_land", one_cell_more, "maiji", "land", 1),
    "a forest shrinks": Leak(
        year.ecology, "advance",
        lambda flows, *_: flows._replace(after=flows.after._replace(forest=plus(flows.after.forest, (3, 9), -1))),
        "qinan", "land", -1,
    ),
    "a yuan is found": Leak(year.incomes, "_live", before_closing(one_yuan_found), None, "cash", 1),
    "a yuan of debt is forgotten": Leak(year.incomes, "_live", before_closing(one_yuan_of_debt_forgotten), None, "debt", 1),
    "cash below nothing": Leak(year.incomes, "_live", before_closing(eaten_on_no_credit), None, "negative cash", 1),
    "debt below nothing": Leak(year.incomes, "_live", before_closing(repaid_too_much), None, "negative debt", 1),
    "cash that is no number": Leak(
        year.incomes, "_live", before_closing(cash_that_is_no_number), None, "cash", math.nan
    ),
    "a wage nobody paid": Leak(
        year.budgets, "earn", wages_received, "qinzhou", "flow 'wages' paid less received", -1
    ),
    "a tax nobody received": Leak(
        year.industries, "produce", tax_not_received, "zhangjiachuan", "flow 'production_tax' paid less received", 1
    ),
    "an allowance nobody paid": Leak(
        year.incomes, "_live", before_closing(allowance_from_nowhere), "gangu", "flow 'allowances' paid less received", -1
    ),
    "a purchase of households is doubled": Leak(
        year.industries, "Spending", replaced("consumption", 3), "qinan", "flow 'living' paid less received", -1
    ),
    "a home is paid twice": Leak(
        year.industries, "Spending", replaced("household_investment", 5), "wushan",
        "flow 'household_investment' paid less received", -1,
    ),
    "a public purchase is doubled": Leak(
        year.industries, "Spending", replaced("public_works", 2), None, "flow 'purchases' paid less received", -1
    ),
    "a subsidy that no budget paid": Leak(
        year, "_subsidised",
        lambda found, *_: (found[0]._replace(subsidies=plus(found[0].subsidies, (1, 1), 1)), found[1]),
        "maiji", "flow 'firm_subsidies' paid less received", -1,
    ),
    "enterprises find a yuan": Leak(
        year.industries, "produce", cash_from_a_neighbour, "gangu", "money of enterprises", 1
    ),
    "enterprises find a yuan, all of them": Leak(
        year.industries, "produce", replaced("cash_change", (4, 4)), "gangu", "GDP by income less by production", 1
    ),
    "one purse finds what another lost": Leak(
        year.treasury, "hand_back", from_purse_to_purse, "qinan", "public budget", -1
    ),
    "the city's purse finds a yuan": Leak(
        year.treasury, "hand_back", replaced("reserve_change", 7), "tianshui", "flows of budgets less change of cash", -1
    ),
    "a reserve grows by itself": Leak(
        year.treasury, "hand_back", on_31_december("reserve", 0), "qinzhou", "reserve of a budget", 1
    ),
    "carried money is lost": Leak(
        year.treasury, "hand_back", on_31_december("carried", 7, -1), "city", "money carried", -1
    ),
    "carried money is put into the reserve": Leak(
        year.treasury, "hand_back", carried_money_reserved, "city", "earmarked money", 1
    ),
    "a public debt without a bond": Leak(
        year.treasury, "hand_back", on_31_december("debt", 5), "wushan", "public debt", 1
    ),
    "a till fills by itself": Leak(
        year.industries, "produce", on_31_december("cash", (4, 4)), "gangu", "cash of enterprises", 1
    ),
    "enterprises owe what nobody lent": Leak(
        year.industries, "produce", on_31_december("debt", (6, 0), -1), "zhangjiachuan", "debt of enterprises", -1
    ),
    "a remittance on no household's books": Leak(
        ledger, "close_households", remitted_to_nobody, "tianshui", "flows of households less change of cash", 1
    ),
    "a family leaves the register unseen": Leak(
        year.relief, "register", replaced("entered", 4), "gangu", "monitored persons", -1
    ),
    "a wage outside the value added": Leak(
        year.industries, "produce", replaced("wages", (1, 1)), "maiji", "GDP by income less by production", 1
    ),
    "a sale of what was not made": Leak(
        year.industries, "produce", replaced("outside_sales", (6, 3)), "zhangjiachuan",
        "GDP by expenditure less by production", 1,
    ),
    "a tonne of load from nowhere": Leak(
        year.ecology, "advance", river("entered", (2, 0)), "qingshui", "load of a reach", 1
    ),
    "a tonne of carbon from nowhere": Leak(
        year.ecology, "advance", replaced("carbon_uptake", 1), "maiji", "carbon", 1
    ),
    "more sediment than soil": Leak(
        year.ecology, "advance", more_sediment_than_soil, "wushan", "sediment beyond soil lost", 1
    ),
    "a plot taken that was never serviced": Leak(
        year.industries, "produce", replaced("plots", 3), "qinan", "serviced land", -1
    ),
    "a kilo of apples from nowhere": Leak(
        year.stores, "apples", replaced("sold", 3), "qinan", "store of apples", -1
    ),
    "a kilo of grain eaten by nobody": Leak(
        year.stores, "grain", replaced("closing", 2, -1), "qingshui", "store of grain", 1
    ),
    "a farm day nobody has": Leak(
        year.farming, "farm", days_nobody_has, "wushan", "farm days beyond those there are", 1
    ),
    "fewer homes than none": Leak(year.towns, "grow", houses_below_nothing, "Towns", "homes", -2),
    "a flow without a number": Leak(
        year.incomes, "_live", before_closing(lost_to_arithmetic), "Households", "permanent", math.nan
    ),
    "a stock without a number": Leak(year.towns, "grow", no_price, "Towns", "price", math.nan),
}  # fmt: skip


@pytest.fixture(scope="module")
def start() -> State:
    return stored("plan", SMALL, 2015)


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_is_refused_by_year_place_item_and_gap(name, start, monkeypatch):
    """One mechanism leaks by one; the year does not end, and the message says when, where, what and by how much."""
    leak = LEAKS[name]
    true = getattr(leak.module, leak.function)
    monkeypatch.setattr(leak.module, leak.function, lambda *a, **k: leak.broken(true(*a, **k), *a))
    with pytest.raises(BooksError) as refused:
        year.live(start, load("plan"), Settings(), seed=0, share=SMALL)
    error = refused.value
    assert (error.year, error.item) == (2016, leak.item)
    assert leak.place is None or error.place == leak.place
    assert error.gap == pytest.approx(leak.gap, abs=1e-6, nan_ok=True)
    for part in ("2016", error.place, leak.item, f"{error.gap:.6g}"):
        assert part in str(error)


def test_a_person_without_a_household_is_refused(start):
    """A person that no household counts among its members is a gap of one."""
    persons, homes, none = start.persons, start.households, np.zeros(7, np.int64)
    of, farms = homes.county[persons.household], homes.farm_hukou[persons.household] == 1
    before = np.stack([np.bincount(rows, minlength=7) for rows in (of, of[farms])], axis=1)
    ledger.check_people(2016, before, none, none, none, none, persons, homes)
    one_more = type(persons)(*(np.append(column, column[-1:]) for column in persons))
    with pytest.raises(BooksError, match="2016.*persons in households is off by -1"):
        ledger.check_people(2016, before, none, none, none, none, one_more, homes)


def test_the_same_year_without_a_leak_is_accepted(start):
    assert year.live(start, load("plan"), Settings(), seed=0, share=SMALL).state.year == 2016


CHECKS = sorted(name for name in vars(ledger) if name.startswith(("check_", "close_")))


def test_every_check_of_the_ledger_refuses_some_leak(start, monkeypatch):
    """None of the checks is for show: each is asked in every year and stops at least one of the leaks."""
    asked, refused = set(), set()

    def noted(name: str) -> Callable[..., Any]:
        true = getattr(ledger, name)

        def check(*args: Any, **more: Any) -> Any:
            asked.add(name)
            try:
                return true(*args, **more)
            except BooksError:
                refused.add(name)
                raise

        return check

    for name in CHECKS:
        monkeypatch.setattr(ledger, name, noted(name))
    year.live(start, load("plan"), Settings(), seed=0, share=SMALL)
    assert asked == set(CHECKS)
    for leak in LEAKS.values():
        with pytest.MonkeyPatch.context() as patch:
            true = getattr(leak.module, leak.function)
            patch.setattr(
                leak.module,
                leak.function,
                lambda *a, leak=leak, true=true, **k: leak.broken(true(*a, **k), *a),
            )
            with pytest.raises(BooksError):
                year.live(start, load("plan"), Settings(), seed=0, share=SMALL)
    assert refused == set(CHECKS)


def test_a_flow_outside_the_table_is_refused():
    """A flow that has no payer and payee in the table cannot be booked."""
    with pytest.raises(KeyError, match="'bribes' has no row"):
        ledger.check_flows(2016, {"bribes": np.zeros(7)}, {"bribes": np.zeros(7)}, 1.0)


def test_a_turn_outside_the_table_is_refused():
    """Land that turns to another use in a way that has no row in the table cannot be booked."""
    none = np.zeros(7, np.int64)
    uses, turns = dict.fromkeys(ledger.USES, none), dict.fromkeys([*ledger.TURNS, "flooded"], none)
    with pytest.raises(KeyError, match="flooded"):
        ledger.check_turns(2016, uses, turns, uses)


def test_the_balances_of_all_sectors_sum_to_zero():
    """Every flow has one payer and one payee: what all sectors receive is what all sectors pay."""
    amounts = {name: 1.5 + row for row, name in enumerate(ledger.FLOWS)}
    found = ledger.balances(amounts)
    assert math.fsum(found.values()) == pytest.approx(0.0, abs=1e-9)
    assert any(value > 0 for value in found.values())


def test_a_world_of_no_size_is_refused():
    for sample in (0.0, -0.1, 1.5, math.nan):
        with pytest.raises(ValueError, match="a sample is a share"):
            Years(load("plan"), sample=sample)
    for until in (2015, 2036):
        with pytest.raises(ValueError, match="the last year lies"):
            Years(load("plan"), sample=SMALL, until=until)


def test_a_lever_that_moves_moves_the_world():
    """Generated scenarios are not all alike: a lever at its limit changes the state."""
    low = course(load("history"), "conversion.quota", {2016: 0.0}, first=2016)
    one, two = (Years(plan, sample=SMALL, until=2016) for plan in (load("history"), low))
    one.step()
    two.step()
    assert one.state.households.converted.sum() > two.state.households.converted.sum()
