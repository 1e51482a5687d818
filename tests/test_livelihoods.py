"""Work and moving: what a move pays, who looks for work, what cash and the allowance do to the choice.

Small made-up worlds in which one thing is changed and everybody's luck stays the same.
"""

import math

import numpy as np
import pytest

from held import wishes
from lives import course, load, stored, values
from tianshui import channels
from tianshui import terms as terms_of
from tianshui.mechanisms import budgets, livelihoods, outside
from tianshui.run import simulate_together
from tianshui.settings import Settings
from tianshui.state import (
    FARM,
    FIRST_SECTOR,
    NO_WORK,
    POST,
    TOWN,
    VILLAGE,
    WORK_AWAY,
    WORKSHOP,
    Households,
    State,
)
from worlds import small_world

YEAR, ROUNDING = 2024, 2e-3
P = Settings().livelihoods
CASUAL = np.array([0.35, 0.4, 0.3, 0.25, 0.45, 0.5, 0.2])
ONES = np.ones(7)


@pytest.fixture(scope="module")
def world() -> State:
    return small_world(1500)


def offer(**changed) -> livelihoods.Offer:
    usual = livelihoods.Offer(
        away=30_000.0, local=28_000 * ONES, casual=CASUAL, chance=0.5 * ONES, pull=0.5 * ONES, farm_pull=0 * ONES,
        heard=0 * ONES, freed=0 * ONES, road=ONES, land_value=np.full((7, 6), 600.0), post=6_000.0, workshop=18_000.0, fare=4_500.0, sent=0.18, withdrawal=0.0,
    )  # fmt: skip
    return usual._replace(**changed)


def chosen(state: State, terms: livelihoods.Offer, homes: Households | None = None, p=P) -> np.ndarray:
    """What everybody wants in `YEAR`: CHOICE_*, KEEPS for those who do not think again or keep what they do."""
    homes = homes or state.households
    size = state.persons.number.size
    choice = livelihoods.choose(
        state.persons, homes, state.villages, terms, 2.0, np.zeros(size, bool), p, seed=0, year=YEAR
    )
    return wishes(choice, size)["wants"]


# --- (1) A move to town pays nothing by itself --------------------------------------------------------


def test_the_part_of_a_town_wage_closes_towards_one_with_the_years():
    """0.4 at once; after ten years at 0.15 a year 0.4 + 0.6 (1 - e^-1.5) = 0.8661; in the end one."""
    assert livelihoods.town_part(0.4, 0.15, 0.0) == 0.4
    assert livelihoods.town_part(0.4, 0.15, 10.0) == pytest.approx(0.4 + 0.6 * (1 - math.exp(-1.5)))
    assert livelihoods.town_part(0.4, 0.15, 300.0) == pytest.approx(1.0)
    years = np.array([livelihoods.town_part(0.4, 0.15, float(k)) for k in range(20)])
    assert (np.diff(years) > 0).all()


def earned(state: State, homes: Households, setting: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Wages by household, and both sides of the wage bill by county and sector (f8, 7 x 10)."""
    persons = state.persons
    lost = np.zeros(persons.number.size, np.float32)
    wage = 30_000.0 + 1_000.0 * np.arange(70.0).reshape(7, 10)
    pay = budgets.Pay(
        wage,
        CASUAL,
        P.closing,
        YEAR,
        P.edu_return,
        3_000.0,
        ONES,
        12_000.0,
        6_000.0,
        1_200.0,
        24_000.0,
        300.0,
        3_000.0,
        0.05,
    )
    money, _, paid = budgets.earn(
        persons, homes, persons.work, persons.place, setting, lost, pay, Settings().budgets
    )
    units = livelihoods.efficiency(
        persons, homes, persons.work, persons.place, setting, lost, CASUAL, P, year=YEAR
    )
    return money.wages, paid[:, :10], units * wage


def moved_to_town(state: State, year: int) -> tuple[np.ndarray, Households, np.ndarray]:
    """Village households with local workers at home, the same with homes in town since a year, and settings after."""
    homes, persons = state.households, state.persons
    home = persons.household
    local = (persons.work >= FIRST_SECTOR) & (persons.work < WORKSHOP) & (persons.setting == VILLAGE)
    rows = np.unique(home[local & (persons.place == homes.county[home]) & (homes.in_town[home] == 0)])
    mine = np.isin(np.arange(homes.number.size), rows)
    setting = persons.setting.copy()
    setting[mine[home] & (persons.place == homes.county[home])] = TOWN
    after = homes._replace(
        in_town=np.where(mine, 1, homes.in_town).astype(np.uint8),
        town_since=np.where(mine, year, homes.town_since).astype(np.int16),
    )
    return rows, after, setting


def test_wages_are_the_same_on_the_day_of_the_move_and_rise_with_the_years(world):
    rows, now, setting = moved_to_town(world, YEAR)
    assert rows.size > 50
    before = earned(world, world.households, world.persons.setting)[0]
    assert np.array_equal(earned(world, now, setting)[0], before)
    later = earned(world, moved_to_town(world, YEAR - 6)[1], setting)[0]
    always = earned(world, moved_to_town(world, 0)[1], setting)[0]
    assert (later[rows] > before[rows]).all() and (always[rows] > later[rows]).all()
    others = np.setdiff1d(np.arange(before.size), rows)
    assert np.array_equal(always[others], before[others])


@pytest.mark.parametrize("year", [YEAR, YEAR - 3, 2016, 0])
def test_employers_and_households_reckon_the_same_wage_bill(world, year):
    _, homes, setting = moved_to_town(world, year)
    _, paid, bill = earned(world, homes, setting)
    assert paid == pytest.approx(bill, rel=1e-12)
    assert paid.sum() > 0


def test_who_lives_elsewhere_earns_what_is_paid_there(world):
    """Only who lives at the home that moved is a newcomer: a member in another county's town has a full wage."""
    homes, persons = moved_to_town(world, YEAR)[1], world.persons
    local = (persons.work >= FIRST_SECTOR) & (persons.work < WORKSHOP)
    one = int(np.flatnonzero(local & (homes.town_since[persons.household] == YEAR))[0])
    place, setting = persons.place.copy(), persons.setting.copy()
    place[one], setting[one] = (int(place[one]) + 1) % 7, TOWN
    elsewhere = world._replace(persons=persons._replace(place=place))
    wages = earned(elsewhere, homes, setting)[0]
    full = earned(elsewhere, homes._replace(town_since=np.zeros_like(homes.town_since)), setting)[0]
    h = int(persons.household[one])
    rows = np.arange(int(homes.first[h]), int(homes.first[h + 1]))
    if local[rows].sum() == 1:
        assert wages[h] == full[h]
    else:
        assert full[h] > wages[h] > 0.0


def test_the_chooser_sees_the_pay_it_would_get():
    """Column of the table of pay by where one lives: a villager's, a townsman's, a newcomer's by years."""
    parts = livelihoods.wage_parts(CASUAL, YEAR, P)
    for setting, at_home, since, wanted in (
        (VILLAGE, True, 0, CASUAL), (TOWN, True, 0, ONES), (TOWN, False, YEAR - 3, ONES), (TOWN, True, YEAR, CASUAL),
        (TOWN, True, YEAR - 3, CASUAL + (1 - CASUAL) * (1 - math.exp(-3 * P.closing))),
    ):  # fmt: skip
        column = livelihoods.wage_class(setting, at_home, since, YEAR)
        assert parts[:, column] == pytest.approx(wanted, rel=1e-12)


def test_newcomers_want_local_work_less_than_those_whose_part_has_closed(world):
    late, early = (moved_to_town(world, year)[1] for year in (YEAR - 2, YEAR - 8))
    counts = [
        int((chosen(world, offer(), homes) == livelihoods.CHOICE_LOCAL).sum())
        for homes in (late, early, moved_to_town(world, 0)[1])
    ]
    assert counts[0] < counts[1] <= counts[2]


# --- (2) Who moved looks for work ---------------------------------------------------------------------


def test_in_the_year_after_a_move_all_without_work_think_again(world):
    persons = world.persons
    homes = moved_to_town(world, YEAR - 1)[1]
    moved = homes.town_since[persons.household] == YEAR - 1
    idle = (persons.work == NO_WORK) & (persons.age >= livelihoods.ADULT) & (persons.age < P.work_until)
    idle &= persons.health != 2
    grown = idle & moved & (persons.age > P.first_job_until)
    assert grown.sum() > 20
    assert (chosen(world, offer(), homes)[grown] != livelihoods.KEEPS).all()
    for year in (YEAR - 2, 0):
        same = chosen(world, offer(), moved_to_town(world, year)[1])[grown]
        assert 0.5 < (same == livelihoods.KEEPS).mean() < 0.9, "the others think with `inertia`"


def test_who_moved_and_lost_the_farm_does_not_stay_idle_for_ever():
    """In a lived world more of those who moved two years ago work than of those who moved last year."""
    state = stored("plan", 0.01, 2021)
    persons, homes = state.persons, state.households
    since = homes.town_since[persons.household]
    adult = (persons.age >= 25) & (persons.age < 60) & (persons.health != 2)
    works = [float((persons.work[adult & (since == 2021 - k)] != NO_WORK).mean()) for k in (0, 1)]
    assert works[1] > works[0] + 0.05


def test_a_home_in_the_village_has_no_year_of_a_move():
    homes = stored("plan", 0.01, 2021).households
    since = homes.town_since
    assert (homes.in_town[since > 0] == 1).all()
    assert set(np.unique(since).tolist()) == {0, *range(2016, 2022)}
    assert (stored("plan", 0.01, 2015).households.town_since == 0).all()


# --- (3) Cash and leaving -----------------------------------------------------------------------------


def test_the_fare_that_is_missing_makes_leaving_dearer():
    """No cash costs `entry`, half of the fare less than half of that, the whole nothing, more no less."""
    p = P.values
    # Without cash one in e^1.2 is advanced the fare; with half of it half pay and as many of the others are advanced it.
    assert livelihoods.entry_cost(0.0, 4_000.0, p) == pytest.approx(P.entry)
    half = 0.5 + 0.5 * math.exp(-P.entry)
    assert livelihoods.entry_cost(2_000.0, 4_000.0, p) == pytest.approx(-math.log(half))
    assert livelihoods.entry_cost(4_000.0, 4_000.0, p) == livelihoods.entry_cost(9e9, 4_000.0, p) == 0.0


def with_cash(homes: Households, cash: float) -> Households:
    return homes._replace(cash=np.full(homes.number.size, cash))


def test_cash_reaches_the_choice_through_leaving_alone(world):
    """Who has no cash leaves less; those away already, and cash beyond the fare, make no difference."""
    persons = world.persons
    none, fare, rich = (
        chosen(world, offer(), with_cash(world.households, cash)) for cash in (0.0, 4_500.0, 1e6)
    )
    assert np.array_equal(fare, rich)
    away = persons.work == WORK_AWAY
    assert np.array_equal(none[away], rich[away])
    leave = [int((wants[~away] == livelihoods.CHOICE_AWAY).sum()) for wants in (none, rich)]
    assert leave[0] < 0.9 * leave[1]
    # What leaving loses the others share: nobody goes for want of cash.
    changed = none != rich
    assert changed.any() and (none[changed] != livelihoods.CHOICE_AWAY).all()


def test_the_fare_is_some_months_pay_away():
    settings = Settings()
    state = stored("plan", 0.01, 2015)
    world = outside.look(state.markets, settings.outside, year=2016, seed=0)
    terms = terms_of.build(world, state.markets, state.industries.jobs, settings, channels.none())
    seen = terms_of.offer(terms, state.markets, ONES, settings)
    assert seen.fare == pytest.approx(1.5 * world.wage_away)
    assert seen.sent == pytest.approx(0.45 * 0.4)


# --- (4) The allowance's withdrawal (loop B8) ---------------------------------------------------------


def test_what_is_kept_of_an_income_when_the_allowance_falls():
    """10,000 yuan earned, 2,000 of allowance lost at 0.8: 8,400 kept. Of 1,500 seen 1,200 are lost: 8,800 kept."""
    assert livelihoods.kept_log(10_000.0, 10_000.0, 2_000.0, 0.8) == pytest.approx(math.log(0.84))
    assert livelihoods.kept_log(10_000.0, 1_500.0, 2_000.0, 0.8) == pytest.approx(math.log(0.88))
    assert livelihoods.kept_log(10_000.0, 10_000.0, 2_000.0, 0.0) == 0.0
    assert livelihoods.kept_log(1_000.0, 1_000.0, 2_000.0, 1.0) == pytest.approx(math.log(1 / 1_000))


def test_who_drew_the_allowance_works_less_and_only_by_its_withdrawal(world):
    drew = world.households._replace(aid=np.full(world.households.number.size, 6_000.0))
    usual = chosen(world, offer())
    assert np.array_equal(chosen(world, offer(), drew), usual), "a lump sum changes nothing"
    assert np.array_equal(chosen(world, offer(withdrawal=0.8)), usual), "who drew nothing loses nothing"
    less = chosen(world, offer(withdrawal=0.8), drew)
    none = [int((wants == livelihoods.CHOICE_NONE).sum()) for wants in (usual, less)]
    assert none[1] > none[0]
    # Pay away is seen in part: leaving loses less than the farm and the town.
    farm = [int((wants == livelihoods.CHOICE_FARM).sum()) for wants in (usual, less)]
    local = [int((wants == livelihoods.CHOICE_LOCAL).sum()) for wants in (usual, less)]
    assert farm[1] < farm[0] and local[1] < local[0]


def test_the_cut_of_the_loop_leaves_no_withdrawal():
    state = stored("plan", 0.01, 2015)
    usual = Settings()
    cut = usual.model_copy(update={"relief": usual.relief.model_copy(update={"lump_sum_cut": 1.0})})
    world = outside.look(state.markets, usual.outside, year=2016, seed=0)
    found = []
    for settings in (usual, cut):
        terms = terms_of.build(world, state.markets, state.industries.jobs, settings, channels.none())
        found.append(terms_of.offer(terms, state.markets, ONES, settings).withdrawal)
    assert found == [usual.relief.withdrawal, 0.0]


# --- Public posts and workshop jobs -------------------------------------------------------------------


def holding(state: State, code: int) -> tuple[State, np.ndarray]:
    """The world with every villager of 20 to 60 who farms in a place of this kind, and who they are."""
    persons = state.persons
    able = (persons.work == FARM) & (persons.setting == VILLAGE) & (persons.age >= 20) & (persons.age < 60)
    work = np.where(able, code, persons.work).astype(np.uint8)
    return state._replace(persons=persons._replace(work=work)), np.flatnonzero(able)


@pytest.mark.parametrize("code", [POST, WORKSHOP])
def test_who_holds_a_place_thinks_again_and_may_leave(world, code):
    """As large a part as of all others thinks again; some leave, fewer the better the place pays."""
    state, rows = holding(world, code)
    found = []
    for pay in (0.0, 6_000.0, 60_000.0):
        wants = chosen(state, offer(post=pay, workshop=pay))[rows]
        found.append(int(np.isin(wants, (livelihoods.CHOICE_LOCAL, livelihoods.CHOICE_AWAY)).sum()))
        again = float((wants != livelihoods.KEEPS).mean())
        assert again == pytest.approx(P.inertia, abs=0.1)
    assert found[0] > found[1] > found[2]


def places_given(state: State, posts: int, workshops: int, pay: float = 6_000.0) -> np.ndarray:
    """Work of everybody after a year with as many posts and workshop jobs in each county; nobody is hired."""
    size, none = state.persons.number.size, np.zeros((7, 10), np.int64)
    lost = np.zeros(size, bool)
    choice = livelihoods.choose(
        state.persons, state.households, state.villages, offer(), 2.0, lost, P, seed=0, year=YEAR
    )
    many = np.full(7, 1, np.int64)
    return livelihoods.settle(
        state.persons, state.households, choice, lost, none, none, posts * many, workshops * many, pay, P
    ).work


def test_a_post_is_for_one_of_a_registered_household_and_goes_round(world):
    """One a household; the neediest have them, the pay of a post not counted; a holder in less need gives way."""
    homes = world.households
    homes = homes._replace(poor=np.ones(homes.number.size, np.uint8))
    state = world._replace(households=homes)
    first = places_given(state, 20, 0)
    holders = np.flatnonzero(first == POST)
    theirs = state.persons.household[holders]
    assert holders.size == 140 and np.unique(theirs).size == holders.size
    # A year on their income holds the pay: need before it is the same, and so are holders who choose to stay.
    paid = homes.income.copy()
    paid[theirs] += 6_000.0
    later = state._replace(persons=state.persons._replace(work=first), households=homes._replace(income=paid))
    stay = np.isin(theirs, later.persons.household[places_given(later, 20, 0) == POST]).mean()
    # In no need any longer: their posts go to others, every one of them.
    paid[theirs] += 1e6
    rich = later._replace(households=homes._replace(income=paid))
    given = places_given(rich, 20, 0)
    assert 0.7 < stay <= 1.0
    assert (given == POST).sum() == 140 and not (given[holders] == POST).any()


def test_a_workshop_keeps_its_workers_who_stay(world):
    first = places_given(world, 0, 20)
    later = places_given(world._replace(persons=world.persons._replace(work=first)), 0, 20)
    kept = (later == WORKSHOP) & (first == WORKSHOP)
    assert (first == WORKSHOP).sum() == (later == WORKSHOP).sum() == 140
    assert 1.0 - P.inertia < kept.sum() / 140 <= 1.0


@pytest.mark.parametrize("seed", [0, 1])
def test_posts_alone_impoverish_nobody(seed):
    """2,000 posts a county for ten years, nothing else changed: rural incomes do not fall, nor are more under the line."""
    usual = load("no_plan")
    names, without = "income_poverty_rate", course(usual, "relief.posts", {2021: 0.0})
    more = course(usual, "relief.posts", {2021: 2_000.0})
    runs = simulate_together([without, more], sample=0.02, seed=seed, until=2030)
    found = {place: values(run) for place, run in runs}

    def mean(place: int, name: str) -> float:
        return float(np.mean([found[place][name][year] for year in range(2023, 2031)]))

    assert mean(1, "post_workers") > 10_000
    assert mean(1, names) <= mean(0, names)
    assert mean(1, "rural_income") >= mean(0, "rural_income") * (1.0 - ROUNDING)


# --- Places for the old -------------------------------------------------------------------------------


def test_freed_time_draws_those_with_somebody_to_care_for_to_local_work_and_nobody_else(world):
    persons, homes = world.persons, world.households
    frail = (persons.age >= P.frail_from) | (persons.health == livelihoods.DISABLED)
    bound = np.isin(persons.household, persons.household[frail])
    before, after = chosen(world, offer()), chosen(world, offer(freed=0.25 * ONES))
    assert (before == after)[~bound].all() and (before != after)[bound].any()
    local = (livelihoods.CHOICE_LOCAL, livelihoods.KEEPS)
    assert np.isin(after, local).sum() > np.isin(before, local).sum()
    assert livelihoods.needing_care(persons, homes, P).sum() == frail.sum()
