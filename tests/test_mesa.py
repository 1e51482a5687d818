"""Mesa meets a normal model: plain arguments, windows that own nothing, luck from Mesa's own seed."""

import inspect
import math
import multiprocessing
import subprocess
import sys
import warnings

import mesa
import numpy as np
import pytest

from tianshui.indicators import HEADLINES
from tianshui.plan import ScenarioError
from tianshui.prefecture import City, County, Industry, Prefecture
from tianshui.run import simulate
from tianshui.state import COUNTIES, SECTORS, digest

SAMPLE, UNTIL = 0.002, 2018


@pytest.fixture(scope="module")
def lived():
    """A prefecture run to its end."""
    prefecture = Prefecture("plan", SAMPLE, UNTIL, rng=3)
    while prefecture.running:
        prefecture.step()
    return prefecture


@pytest.fixture
def start_method():
    """`batch_run` sets Python's start method for the whole process; it is put back."""
    before = multiprocessing.get_start_method(allow_none=True)
    yield
    multiprocessing.set_start_method(before, force=True)


def test_arguments_are_plain_values_and_none_is_called_scenario():
    arguments = inspect.signature(Prefecture).parameters
    assert list(arguments) == ["plan", "sample", "until", "rng"]
    assert [argument.default for argument in arguments.values()] == ["plan", 1.0, 2035, None]
    assert arguments["rng"].kind is inspect.Parameter.KEYWORD_ONLY
    assert "scenario" not in vars(Prefecture)


def test_it_runs_to_its_last_year_and_stops(lived):
    assert (lived.year, lived.steps, lived.running) == (UNTIL, UNTIL - 2015, False)


def test_there_is_a_window_for_each_county_the_city_and_each_industry(lived):
    by_type = lived.agents_by_type
    assert {kind: len(agents) for kind, agents in by_type.items()} == {County: 7, City: 1, Industry: 70}
    assert [county.name for county in lived.counties] == list(COUNTIES)
    assert [(i.name, i.sector_name) for i in lived.industries] == [(c, s) for c in COUNTIES for s in SECTORS]


def test_windows_read_the_state_and_own_nothing(lived):
    """A window's values are those of the state and of the indicators; it keeps no array and cannot be written."""
    state = lived.state
    residents = sum(county.residents for county in lived.counties)
    assert residents / SAMPLE == pytest.approx(lived.value("resident_population"))
    assert sum(county.households for county in lived.counties) == state.households.number.size
    assert sum(industry.jobs for industry in lived.industries) == state.industries.jobs.sum()
    assert sum(industry.enterprises for industry in lived.industries) == state.industries.enterprises.sum()
    assert lived.industries[13].value_added == state.industries.value_added[1, 3]
    assert (lived.city.reserve, lived.city.debt) == (state.budgets.reserve[7], state.budgets.debt[7])
    assert lived.counties[2].value("gdp") == lived.value("gdp", "qingshui") > 0.0
    assert lived.city.value("own_revenue") > 0.0 and math.isnan(lived.city.value("births"))
    for window in (*lived.counties, lived.city, *lived.industries):
        assert not any(isinstance(value, np.ndarray) for value in vars(window).values())
    with pytest.raises(AttributeError):
        lived.counties[0].residents = 0


def test_the_collector_holds_every_headline_of_every_year(lived):
    frame = lived.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == ["year", *HEADLINES]
    assert list(frame["year"]) == list(range(2015, UNTIL + 1))
    assert frame["rural_income"].iloc[-1] == lived.value("rural_income")
    assert frame.loc[1:].drop(columns="year").notna().mean().mean() > 0.9


def test_a_whole_seed_is_the_seed_of_simulate(lived):
    """`Prefecture(rng=3)` and `simulate(seed=3)` are one world, to the last digit."""
    table = simulate("plan", sample=SAMPLE, seed=3, until=UNTIL).table
    rows = (table["year"] == UNTIL) & (table["area"] == "tianshui")
    for name, value in zip(table["indicator"][rows], table["value"][rows], strict=True):
        assert np.array_equal(value, lived.value(name), equal_nan=True), name


def test_batch_run_lives_three_different_worlds(start_method):
    """Mesa's runner repeats without a seed: each repetition draws its own luck and the worlds differ."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Mesa 3.5 would rather have rng=[None] * 3
        rows = mesa.batch_run(
            Prefecture, {"plan": "plan", "sample": SAMPLE, "until": UNTIL}, iterations=3,
            data_collection_period=-1, display_progress=False,
        )  # fmt: skip
    assert [row["year"] for row in rows] == [UNTIL] * 3
    assert len({row["rural_income"] for row in rows}) == 3
    assert len({row["resident_population"] for row in rows}) > 1


def test_batch_run_crosses_scenarios_and_seeds(start_method):
    """Equal seeds are equal luck: two scenarios agree to 2020, so in 2018 only the seed tells."""
    rows = mesa.batch_run(
        Prefecture, {"plan": ["plan", "no_plan"], "sample": SAMPLE, "until": 2016}, rng=[1, 2],
        data_collection_period=-1, display_progress=False,
    )  # fmt: skip
    found = {(row["plan"], row["rng"]): row["rural_income"] for row in rows}
    assert len(found) == 4
    assert found["plan", 1] == found["no_plan", 1] != found["plan", 2] == found["no_plan", 2]


def test_a_household_is_an_object_of_plain_values(lived):
    number = int(lived.numbers[10])
    home = lived.household(number)
    row = int(np.flatnonzero(lived.numbers == np.uint64(number))[0])
    homes, persons = lived.state.households, lived.state.persons
    rows = slice(int(homes.first[row]), int(homes.first[row + 1]))
    assert home.number == number and home.county == COUNTIES[homes.county[row]]
    assert [person.number for person in home.people] == persons.number[rows].tolist()
    assert [person.age for person in home.people] == persons.age[rows].tolist()
    assert home.columns["cash"] == homes.cash[row]
    assert all(type(value) is float for value in home.columns.values())


def test_a_household_that_is_not_there_is_named(lived):
    with pytest.raises(KeyError, match="no household has the number 0 in 2018"):
        lived.household(0)


def test_a_wrong_scenario_is_refused():
    with pytest.raises(ScenarioError, match="unknown scenario"):
        Prefecture("plam", SAMPLE)


def test_looking_changes_nothing():
    """A prefecture whose windows and households are read every year lives the same bytes."""
    seen, unseen = (Prefecture("plan", SAMPLE, 2017, rng=5) for _ in range(2))
    while seen.running:
        _ = [county.residents for county in seen.counties], seen.household(int(seen.numbers[0]))
        seen.step()
    while unseen.running:
        unseen.step()
    assert digest(seen.state) == digest(unseen.state)


def test_a_run_does_not_import_mesa():
    """`simulate()` never pays for Mesa."""
    code = "import sys, tianshui.run, tianshui.year; sys.exit('mesa' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
