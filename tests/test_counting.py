"""The compiled count agrees with a slow one, adds up, and reads on the scale of the prefecture."""

import math
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tianshui import counting, indicators
from tianshui.counting import (
    EXTRA_ALWAYS,
    EXTRA_FLOWS,
    count,
    ginis,
    income_bin,
    note,
    tally,
    tenths,
    work_out,
)
from tianshui.declare import Declared
from tianshui.indicators import INDICATORS, areas_of
from tianshui.population import home_members
from tianshui.state import (
    AWAY,
    CITY,
    COUNTIES,
    FARM,
    FIRST_SECTOR,
    INCOMES,
    LIFTED,
    OUTSIDE,
    POOR,
    POST,
    PUPIL,
    SECTORS,
    TOWN,
    VILLAGE,
    WORK_AWAY,
    WORKSHOP,
    Accounts,
    HouseholdMoney,
    State,
)
from worlds import small_world

LINE = 4_000.0
RATIOS_OF_MEANS = "urban_rural_income_ratio"


def lever(group: str) -> Declared:
    return Declared("lever", 0.0, "yuan", (0.0, 1.0), None, "test", "assumed", "a lever", group=group)


LEVERS = {
    "relief.monitoring": lever("poverty"), "relief.posts": lever("poverty"), "relief.workshops": lever("poverty"),
    "industries.park": lever("industry"), "towns.services": lever("urban"), "conversion.quota": lever("ecology"),
    "infrastructure.transport": lever("cross"),
}  # fmt: skip


def money_of(world: State, seed: int = 5) -> HouseholdMoney:
    """Flows of one year whose incomes less premiums and interest are the households' income."""
    luck = np.random.default_rng(seed)
    size = world.households.number.size
    flows = {name: luck.lognormal(7.0, 0.8, size) for name in HouseholdMoney._fields}
    flows["farm"] = luck.normal(2_000.0, 4_000.0, size)  # a farm may lose
    gains = sum(flows[name] for name in INCOMES)
    flows["wages"] += world.households.income - (gains - flows["premiums"] - flows["interest"])
    return HouseholdMoney(**flows)


def accounts_of(seed: int = 6) -> Accounts:
    luck = np.random.default_rng(seed)
    shapes = {
        **dict.fromkeys(("hired", "value_added", "wages", "production_tax", "energy", "load", "entries", "exits",
                         "upgrades"), (7, 10)),
        **dict.fromkeys(("own_revenue", "general_transfers", "earmarked", "bonds", "rigid", "lever_spending",
                         "other_spending", "interest"), (8,)),
        **dict.fromkeys(("asked", "granted"), (len(LEVERS), 8)),
    }  # fmt: skip
    columns = {
        name: luck.integers(1, 1000, shapes.get(name, (7,))).astype(np.float64) for name in Accounts._fields
    }
    columns["granted"] = columns["asked"] * 0.5
    columns["left_junior"] += 2000.0
    return Accounts(**{**columns, "year": 2016, "cpi": 1.1, "deflator": 1.2})  # pyright: ignore


EXTRA = {
    "eroded_area": np.full(7, 1000.0), "hospital_beds_start": np.full(7, 4.5), "deposit_share": np.full(7, 0.8), "life_expectancy": 75.5,
    "eco_industry_share": np.linspace(0.1, 0.3, 7), "compensation": np.arange(8.0), "medical_aid": np.arange(7.0),
    "poverty_line": LINE, "lifted_at_risk": np.arange(7), "deflator_before": 1.05, "visitors": np.arange(7.0),
    "visitor_money": 600.0 * np.arange(7.0),
}  # fmt: skip


def counted(world: State, share: float = 1.0, **changes) -> dict[tuple[str, str], float]:
    options = {
        "accounts": accounts_of(),
        "money": money_of(world),
        "extra": EXTRA,
        "before": world,
        **changes,
    }
    before = None if options["accounts"] is None else options["before"]
    return count(before, world, options["accounts"], options["money"], share=share, levers=LEVERS,
                 deflator_2019=1.3, cpi_2019=1.15, extra=options["extra"]).values  # fmt: skip


@pytest.fixture(scope="module")
def world() -> State:
    return small_world(3_000, seed=3)


@pytest.fixture(scope="module")
def values(world):
    return counted(world)


# --- Against a slow count -------------------------------------------------------------------------------


def tables(world: State) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Persons and households as frames, members at home counted person by person."""
    homes = pd.DataFrame({n: c for n, c in world.households._asdict().items() if n != "first"})
    homes = homes.assign(members=np.diff(world.households.first)).astype({"county": int})
    persons = pd.DataFrame(world.persons._asdict())
    persons["county"] = homes["county"].to_numpy()[persons["household"]]
    persons["in_town"] = homes["in_town"].to_numpy()[persons["household"]]
    in_village = persons["setting"] == VILLAGE
    persons["home"] = (persons["place"] == persons["county"]) & (in_village == (persons["in_town"] == 0))
    homes["heads"] = persons.groupby("household")["home"].sum().reindex(homes.index, fill_value=0)
    return persons, homes


def by_county(frame: pd.DataFrame, key: str, column: str | None = None) -> np.ndarray:
    groups = frame.groupby(key)
    return (
        (groups.size() if column is None else groups[column].sum()).reindex(range(7), fill_value=0).to_numpy()
    )


def read(values, name: str) -> np.ndarray:
    return np.array([values[area, name] for area in COUNTIES])


def test_people_agree_with_a_slow_count(world, values):
    persons, homes = tables(world)
    here = persons[persons["place"] < OUTSIDE]
    incomers = world.towns.incomers
    assert read(values, "registered_population").tolist() == by_county(homes, "county", "members").tolist()
    residents = by_county(here, "place") + incomers
    assert read(values, "resident_population").tolist() == residents.tolist()
    town = here[here["setting"].isin([TOWN, CITY])]
    assert read(values, "urban_population").tolist() == (by_county(town, "place") + incomers).tolist()
    away = persons[persons["place"] == OUTSIDE]
    assert read(values, "away_persons").tolist() == by_county(away, "county").tolist()
    assert values["tianshui", "net_away"] == persons.shape[0] - residents.sum()
    old = here[here["age"] >= 65]
    share = 100 * by_county(old, "place") / by_county(here, "place")
    assert read(values, "share_65plus") == pytest.approx(share)
    assert values["tianshui", "mean_age"] == pytest.approx(here["age"].mean())
    adults = here[here["age"] >= 15]
    assert values["tianshui", "mean_schooling"] == pytest.approx(adults["schooling"].mean())
    assert values["tianshui", "disabled_persons"] == (here["health"] == 2).sum()
    assert (persons["setting"] == AWAY).any(), (
        "the world must have people away for the count to mean something"
    )


def test_work_agrees_with_a_slow_count(world, values):
    persons, _ = tables(world)
    here = persons[persons["place"] < OUTSIDE]
    for name, codes in (
        ("farm_workers", [FARM]),
        ("local_off_farm_workers", range(FIRST_SECTOR, FIRST_SECTOR + len(SECTORS))),
        ("workshop_workers", [WORKSHOP]),
        ("post_workers", [POST]),
        ("pupils", [PUPIL]),
    ):
        wanted = by_county(here[here["work"].isin(list(codes))], "place")
        assert read(values, name).tolist() == wanted.tolist(), name
    away = by_county(persons[persons["work"] == WORK_AWAY], "county")
    assert read(values, "away_workers").tolist() == away.tolist() and away.sum() > 0


def test_land_registers_and_money_agree_with_a_slow_count(world, values):
    _, homes = tables(world)
    farmland = ["flat", "terrace", "slope", "steep", "idle_terrace", "idle_slope", "idle_steep", "let"]
    mu = by_county(homes.assign(all=homes[farmland].sum(axis=1)), "county", "all") / 10
    assert read(values, "farmland") == pytest.approx(mu, rel=1e-12)
    assert values["tianshui", "orchard_area"] == pytest.approx(
        (homes["orchard"] + homes["sapling"]).sum() / 10
    )
    poor = homes[homes["poor"] == POOR]
    assert read(values, "registered_poor").tolist() == by_county(poor, "county", "members").tolist()
    farm = homes[homes["farm_hukou"] == 1]
    assert values["tianshui", "poverty_incidence"] == pytest.approx(
        100 * poor["members"].sum() / farm["members"].sum()
    )
    lifted = homes.loc[homes["poor"] == LIFTED, "heads"].sum()
    assert values["tianshui", "return_to_poverty_share"] == pytest.approx(100 * np.arange(7).sum() / lifted)
    # Registered households hold 0.8 of all deposits.
    assert values["tianshui", "household_savings"] == pytest.approx(homes["cash"].sum() / 0.8)
    assert values["tianshui", "cattle"] == homes["cattle"].sum()
    served = homes[(homes["farm_hukou"] == 1) & (homes["in_town"] == 0) & (homes["heads"] > 0)]
    assert values["tianshui", "cooperative_share"] == pytest.approx(100 * served["cooperative"].mean())


def test_incomes_agree_with_a_slow_count(world, values):
    persons, homes = tables(world)
    money = pd.DataFrame(money_of(world)._asdict())
    here = persons[persons["place"] < OUTSIDE]
    for town, key in enumerate(("rural", "urban")):
        living = homes[(homes["in_town"] == town) & (homes["heads"] > 0)]
        mean = by_county(living, "county", "income") / by_county(living, "county", "heads")
        assert read(values, f"{key}_income") == pytest.approx(mean)
        setting = here["setting"].isin([TOWN, CITY]) if town else here["setting"] == VILLAGE
        residents = by_county(here[setting], "place") + (world.towns.incomers if town else 0)
        whole = (mean * residents).sum() / residents.sum()
        assert values["tianshui", f"{key}_income"] == pytest.approx(whole)
        flows = money.loc[living.index]
        transfers = flows[["pension", "allowance", "payments", "indemnity"]].sum(axis=1) - flows["premiums"]
        head = by_county(living.assign(t=transfers), "county", "t") / by_county(living, "county", "heads")
        assert read(values, f"{key}_income_transfers") == pytest.approx(head)
    assert values["qinan", "rural_income_real"] == pytest.approx(values["qinan", "rural_income"] * 1.15 / 1.1)


def test_who_lives_at_home_is_the_population_s_own_notion(world):
    _, homes = tables(world)
    members, at_home = home_members(world.persons, world.households)
    assert at_home.tolist() == homes["heads"].tolist() and members.tolist() == homes["members"].tolist()


def test_sources_add_up_to_income(values):
    for area in (*COUNTIES, "tianshui"):
        for key in ("rural", "urban"):
            parts = [
                values[area, f"{key}_income_{s}"]
                for s in ("wages", "business", "transfers", "property", "other")
            ]
            assert math.fsum(parts) == pytest.approx(values[area, f"{key}_income"], rel=1e-9)


def test_relieved_are_those_whom_relief_lifts_over_the_line(world, values):
    _, homes = tables(world)
    money = pd.DataFrame(money_of(world)._asdict())
    living = homes[(homes["heads"] > 0) & (homes["farm_hukou"] == 1)]
    relief = (money["allowance"] + money["posts"]).loc[living.index]
    above = living["income"] / living["heads"] >= LINE
    without = (living["income"] - relief) / living["heads"] < LINE
    wanted = living.loc[above & without, "heads"].sum()
    assert values["tianshui", "relieved_persons"] == wanted > 0


# --- Inequality -----------------------------------------------------------------------------------------


def exact_gini(income: np.ndarray, people: np.ndarray) -> float:
    """Mean absolute difference between all pairs of persons over twice the mean."""
    head = np.repeat(income / people, people)
    return float(np.abs(head[:, None] - head).mean() / (2 * head.mean()))


def binned(head: np.ndarray, people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    bins = np.array([income_bin(x) for x in head])
    size = counting.FINE_BINS + 2
    return np.bincount(bins, people, size), np.bincount(bins, people * head, size)


def test_gini_and_tenths_agree_with_a_slow_count(world, values):
    _, homes = tables(world)
    living = homes[(homes["in_town"] == 0) & (homes["heads"] > 0) & (homes["county"] == 3)]
    head = (living["income"] / living["heads"]).to_numpy()
    assert values["qinan", "rural_gini"] == pytest.approx(
        exact_gini(living["income"].to_numpy(), living["heads"].to_numpy()), abs=5e-5
    )
    persons = np.sort(np.repeat(head, living["heads"]))
    # A tenth of n persons may end inside a person; the slow count then takes the part of her.
    cumulative = np.concatenate([[0], np.cumsum(persons)])
    ends = np.interp(np.arange(11) * persons.size / 10, np.arange(persons.size + 1), cumulative)
    wanted = np.diff(ends) / (persons.size / 10)
    found = [values["qinan", f"rural_income_decile_{k}"] for k in range(1, 11)]
    assert found == pytest.approx(wanted, rel=0.004)


def test_equal_incomes_have_no_gini_and_equal_tenths():
    people, income = binned(np.array([5_000.0]), np.array([40]))
    assert ginis(people, income) == pytest.approx(0.0, abs=1e-12)
    assert tenths(people, income) == pytest.approx(np.full(10, 5_000.0))


def test_gini_of_two_halves_by_hand():
    # Half have 1,000, half 3,000: L(1/2) = 1/4, Gini = 1/2 - 1/4 = 1/4.
    people, income = binned(np.array([1_000.0, 3_000.0]), np.array([5, 5]))
    assert ginis(people, income) == pytest.approx(0.25)
    assert tenths(people, income) == pytest.approx([1_000.0] * 5 + [3_000.0] * 5)


def test_nobody_has_no_gini():
    nobody = np.zeros(counting.FINE_BINS + 2)
    assert np.isnan(ginis(nobody, nobody)) and np.isnan(tenths(nobody, nobody)).all()


HEADS = st.floats(-2e4, 3e6, allow_nan=False)


@given(st.lists(st.tuples(HEADS, st.integers(1, 9)), min_size=1, max_size=40))
def test_gini_and_tenths_are_bounded(rows):
    head, people = (np.array(column, float) for column in zip(*rows, strict=True))
    bins = binned(head, people)
    inequality, cuts = ginis(*bins), tenths(*bins)
    assert (people * head).sum() <= 0 or 0.0 <= inequality <= 1.0
    assert cuts.mean() == pytest.approx((people * head).sum() / people.sum(), rel=1e-9, abs=1e-6)
    inside = (head >= 100) & (head < 1e6)
    if inside.all():
        assert (np.diff(cuts) >= -1e-9 * cuts.max()).all()
        assert cuts[0] >= head.min() * (1 - 1e-9) and cuts[-1] <= head.max() * (1 + 1e-9)
        exact = exact_gini(people * head, people.astype(int))
        # Order inside a bin of 0.46 % is all that is lost.
        assert inequality == pytest.approx(exact, abs=0.0025)


@given(st.floats(-1e9, 1e9))
def test_every_income_has_one_bin(head):
    place = income_bin(head)
    assert 0 <= place <= counting.FINE_BINS + 1
    assert (place == 0) == (head < 100) and (place == counting.FINE_BINS + 1) == (head >= 1e6)


def test_bins_rise_with_income_and_no_number_is_lowest():
    heads = np.geomspace(50, 2e6, 5_000)
    assert (np.diff([income_bin(head) for head in heads]) >= 0).all()
    assert income_bin(math.nan) == 0


# --- The sheet -------------------------------------------------------------------------------------------


def test_every_indicator_is_counted_where_it_is_declared(values):
    found = {}
    for area, name in values:
        found.setdefault(name, []).append(area)
    assert sorted(found) == sorted(INDICATORS)
    for name, areas in found.items():
        assert sorted(areas) == sorted(areas_of(INDICATORS[name])), name


def test_totals_of_the_prefecture_are_sums_of_areas(values):
    checked = 0
    for name, row in INDICATORS.items():
        parts = [area for area in areas_of(row) if area != "tianshui"]
        if row.adds and parts:
            total = math.fsum(values[area, name] for area in parts)
            assert values["tianshui", name] == pytest.approx(total, rel=1e-12), name
            checked += 1
    assert checked > 100


def test_means_of_the_prefecture_lie_among_the_counties(values):
    apart = {
        "debt_ratio",
        "cost_per_person_relieved",
        "cost_per_mu_converted",
    }  # the city's purse counts as well
    for name, row in INDICATORS.items():
        if not row.adds and row.level == "county" and name not in apart and name != RATIOS_OF_MEANS:
            parts = read(values, name)
            if "gini" in name or "decile" in name:
                continue  # inequality between counties comes on top
            low, high = np.nanmin(parts), np.nanmax(parts)
            assert low - 1e-9 <= values["tianshui", name] <= high + 1e-9, name


def test_a_ratio_of_the_prefecture_is_no_mean_of_ratios(values):
    urban = sum(read(values, "urban_population")) / sum(read(values, "resident_population"))
    assert values["tianshui", "urban_share"] == pytest.approx(100 * urban)
    assert values["tianshui", "own_revenue_share"] == pytest.approx(
        100 * values["tianshui", "own_revenue"] / values["tianshui", "spending"]
    )
    debt = values["tianshui", "debt"] / values["tianshui", "gdp"]
    assert values["tianshui", "debt_ratio"] == pytest.approx(100 * debt)


def test_a_sample_reads_on_the_scale_of_the_prefecture(world, values):
    quarter = counted(world, share=0.25)
    for (area, name), value in values.items():
        times = 4.0 if INDICATORS[name].adds else 1.0
        assert quarter[area, name] == pytest.approx(value * times, rel=1e-12, nan_ok=True), name


def test_growth_and_real_gdp_by_hand(world):
    industries = world.industries._replace(value_added=world.industries.value_added * 1.5)
    markets = world.markets._replace(primary_real=world.markets.primary_real * 1.1)
    after = world._replace(industries=industries, markets=markets)
    found = counted(after, before=world)
    added = world.industries.value_added.sum(axis=1)
    shops = world.markets.workshops
    assert read(found, "gdp") == pytest.approx(world.markets.primary + 1.5 * added + shops)
    # sectors: deflator 1.2 this year, 1.05 the year before, 1.3 in 2019; farms at their own prices of 2019
    real = 1.1 * world.markets.primary_real + (1.5 * added + shops) / 1.2 * 1.3
    last = world.markets.primary_real + (added + shops) / 1.05 * 1.3
    assert read(found, "gdp_real") == pytest.approx(real)
    parts = [read(found, f"value_added_{sector}_real") for sector in ("primary", "secondary", "tertiary")]
    assert sum(parts) == pytest.approx(real)
    assert parts[0] == pytest.approx(1.1 * world.markets.primary_real)
    assert parts[2] == pytest.approx(read(found, "value_added_tertiary") / 1.2 * 1.3)
    assert read(found, "gdp_real_growth") == pytest.approx(100 * (real / last - 1))
    assert found["tianshui", "gdp_real_growth"] == pytest.approx(100 * (real.sum() / last.sum() - 1))
    # tonnes for 10,000 yuan at prices of 2015: real GDP of 2019 prices over 1.3
    assert found["tianshui", "energy_intensity"] == pytest.approx(
        accounts_of().energy.sum() / (real.sum() / 1.3 / 1e4)
    )


def test_birth_rate_is_taken_over_the_mean_of_the_year(world, values):
    accounts = accounts_of()
    # registered at the end less half the year's balance
    mean = world.persons.number.size - (accounts.births - accounts.deaths - accounts.settled).sum() / 2
    assert values["tianshui", "birth_rate"] == pytest.approx(1000 * accounts.births.sum() / mean)
    grown = values["tianshui", "birth_rate"] - values["tianshui", "death_rate"]
    assert values["tianshui", "natural_growth"] == pytest.approx(grown)


def test_eco_industry_share_is_weighted_by_gdp(values):
    gdp = read(values, "gdp")
    wanted = 100 * (np.linspace(0.1, 0.3, 7) * gdp).sum() / gdp.sum()
    assert values["tianshui", "eco_industry_share"] == pytest.approx(wanted)


def test_money_of_levers_is_told_by_group(values):
    accounts = accounts_of()
    # the first three levers are of the poverty group
    assert values["tianshui", "asked_poverty"] == accounts.asked[:3].sum()
    assert values["city", "spending_poverty"] == accounts.granted[:3, 7].sum()
    assert values["gangu", "spending_cross"] == accounts.granted[6, 4]
    assert values["tianshui", "granted_share"] == pytest.approx(50.0)
    spent = sum(values["tianshui", f"spending_{group}"] for group in indicators.SPENT)
    assert spent == pytest.approx(accounts.granted.sum())


def test_costs_of_a_unit_by_hand(world, values):
    accounts = accounts_of()
    standing = world.households.converted.sum() / 10
    assert values["tianshui", "cost_per_mu_converted"] == pytest.approx(accounts.granted[5].sum() / standing)
    jobs = values["tianshui", "post_workers"] + values["tianshui", "workshop_workers"]
    assert values["tianshui", "cost_per_job_supported"] == pytest.approx(accounts.granted[1:3].sum() / jobs)
    paid = accounts.granted[:3].sum()
    relieved = values["tianshui", "relieved_persons"]
    assert values["tianshui", "cost_per_person_relieved"] == pytest.approx(paid / relieved)


def test_no_unit_has_no_cost(world):
    homes = world.households._replace(converted=np.zeros_like(world.households.converted))
    found = counted(world._replace(households=homes))
    assert (
        math.isnan(found["tianshui", "cost_per_mu_converted"])
        and found["gangu", "cost_per_job_supported"] > 0
    )


def test_forest_cover_counts_converted_cropland(world, values):
    homes, nature = world.households, world.nature
    converted = homes.converted.sum()
    forest = nature.forest.sum() + converted
    held = sum(getattr(homes, name).sum() for name in counting.LAND)
    land = held + nature.forest.sum() + nature.open_land.sum() + nature.other.sum() + world.towns.built.sum()
    assert values["tianshui", "forest_cover"] == pytest.approx(100 * forest / land) and converted > 0


def test_good_water_and_beds_by_hand(world):
    nature = world.nature._replace(cod_class=np.array([2, 3, 4, 2, 6, 3, 5]))
    stock = world.public.start.copy()
    stock[:, 4] *= 2.0
    changed = world._replace(nature=nature, public=world.public._replace(stock=stock))
    found = counted(changed)
    # four of seven reaches are of class III or better
    assert found["tianshui", "good_water_share"] == pytest.approx(400 / 7)
    assert found["tianshui", "water_class"] == 6 and found["gangu", "good_water_share"] == 0
    # hospitals doubled: 4.5 beds for each 1,000 of the start, twice, shared by today's residents
    start = (world.towns.start_urban + world.towns.start_village).sum()
    wanted = 4.5 * start * 2 / found["tianshui", "resident_population"]
    assert found["tianshui", "hospital_beds"] == pytest.approx(wanted)


def test_the_start_holds_stocks_only(world):
    extra = {name: EXTRA[name] for name in EXTRA_ALWAYS}
    start = counted(world, accounts=None, money=None, extra=extra)
    names = {name for _, name in start}
    assert {"registered_population", "rural_income", "rural_gini", "farmland", "own_revenue"} <= names
    assert not names & {
        "births",
        "gdp_real_growth",
        "rural_income_wages",
        "carbon_gain",
        "cost_per_mu_converted",
    }
    markets = world.markets
    product = (markets.primary + markets.workshops).sum() + world.industries.value_added.sum()
    assert start["tianshui", "gdp"] == pytest.approx(product)


def test_a_year_names_what_it_was_not_told(world):
    for name in EXTRA_FLOWS:
        extra = {key: value for key, value in EXTRA.items() if key != name}
        with pytest.raises(KeyError, match=name):
            counted(world, extra=extra)


# --- Distributions -------------------------------------------------------------------------------------


def distributions(world: State, share: float = 1.0) -> pd.DataFrame:
    parts = count(
        None, world, None, None, share=share, levers={}, deflator_2019=1.0, cpi_2019=1.0, extra=EXTRA
    )
    return pd.DataFrame(parts.distributions)


def test_distributions_hold_everybody(world, values):
    frame = distributions(world, share=0.5)
    assert set(frame["measure"]) == set(indicators.DISTRIBUTIONS)
    for measure, rows in frame.groupby("measure"):
        declared = indicators.DISTRIBUTIONS[str(measure)]
        assert rows["bin"].min() == declared.first and rows["bin"].max() == declared.last
        assert set(rows["area"]) == {*COUNTIES, "tianshui"}
    whole = frame[frame["area"] == "tianshui"].groupby("measure")["value"].sum()
    people = values["tianshui", "resident_population"] - values["tianshui", "incomers"]
    assert whole["age_men"] + whole["age_women"] == pytest.approx(2 * people)
    # bins are of residents of the setting, whom those at home stand for
    assert whole["rural_income_bins"] == pytest.approx(2 * values["tianshui", "village_population"])
    old = frame[(frame["measure"] == "age_women") & (frame["area"] == "gangu") & (frame["bin"] == 17)]
    women = world.persons
    rows = (women.place == 4) & (women.female == 1) & (women.age >= 85)
    assert old["value"].item() == 2 * rows.sum()


def test_bins_of_income_are_stored_in_some_years_only(world):
    assert set(distributions(world._replace(year=2017))["measure"]) == {
        "age_men", "age_women", "rural_income_decile", "urban_income_decile",
    }  # fmt: skip


def test_stored_bins_match_their_edges(world):
    frame = distributions(world)
    _, homes = tables(world)
    living = homes[(homes["in_town"] == 0) & (homes["heads"] > 0) & (homes["county"] == 2)]
    head = living["income"] / living["heads"]
    place = np.digitize(head, indicators.income_edges())
    wanted = np.bincount(place, living["heads"], indicators.SHOWN_BINS + 2)
    rows = frame[(frame["measure"] == "rural_income_bins") & (frame["area"] == "qingshui")]
    found = rows.sort_values("bin")["value"].to_numpy()
    assert found / found.sum() == pytest.approx(wanted / wanted.sum())


# --- Bytes ------------------------------------------------------------------------------------------------


def test_compiled_and_plain_python_count_the_same_bytes(monkeypatch):
    world = small_world(300, seed=4)
    read = counting._read(world, money_of(world), 5_000.0)
    _, compiled = counting._block(read, 40, 260)
    loops = ("stand", "flow", "persons", "cells_of", "at_home", "registers", "bins", "add_sources", "sources", "relieved",
             "holdings", "flows")  # fmt: skip
    for name in loops:
        loop = getattr(counting, f"_{name}")
        monkeypatch.setattr(counting, f"_{name}", getattr(loop, "py_func", loop))
    _, plain = counting._block(read, 40, 260)
    assert compiled.people.sum() > 0
    for name in compiled._fields:
        assert getattr(compiled, name).tobytes() == getattr(plain, name).tobytes(), name


TWICE = """
import sys
sys.path.insert(0, sys.argv[1])
import hashlib, tianshui.counting as c
from worlds import small_world
t = c.tally(small_world(20_000, seed=2), None)
print(hashlib.blake2s(b"".join(column.tobytes() for column in t)).hexdigest())
"""


def test_threads_do_not_change_a_byte():
    found = []
    for threads in ("1", "2", "5"):
        done = subprocess.run(
            [sys.executable, "-c", TWICE, os.path.dirname(__file__)],
            env={**os.environ, "TIANSHUI_THREADS": threads}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        found.append(done.stdout)
    assert len(set(found)) == 1


def test_years_counted_together_have_the_bytes_of_each_alone():
    one, other = small_world(400, seed=5), small_world(300, seed=6)._replace(year=2020)
    extra = {name: EXTRA[name] for name in EXTRA_ALWAYS}
    rows = [
        (None, one._replace(year=2015), None, None, extra),
        (one, one, accounts_of(1), money_of(one), EXTRA),
        (one, other, accounts_of(2), money_of(other), EXTRA),
    ]
    noted = [
        note(*row, share=0.5, levers=LEVERS, deflator_2019=1.3, cpi_2019=1.1 + 0.1 * k, extra=extra)
        for k, (*row, extra) in enumerate(rows)
    ]
    together = work_out(noted)
    assert [len(year.keys) < len(together[1].keys) for year in together] == [True, False, False]
    assert [year.distributions["year"][0] for year in together] == [year.year for year in noted]
    for year, alone in zip(together, (work_out([year])[0] for year in noted), strict=True):
        assert year.keys == alone.keys and year.numbers.tobytes() == alone.numbers.tobytes()
        assert all(
            column.tobytes() == alone.distributions[name].tobytes()
            for name, column in year.distributions.items()
        )


def test_bins_are_weighed_and_cut_alike_without_a_compiler():
    luck, bins = np.random.default_rng(3), 50
    people, income = luck.integers(0, 9, (14, bins)), luck.lognormal(8.0, 1.0, (14, bins))
    stands, found = luck.random((2, 7)), []
    for weigh, passed, cut in (
        (counting._weigh, counting._passed, counting._tenths),
        tuple(getattr(k, "py_func", k) for k in (counting._weigh, counting._passed, counting._tenths)),
    ):
        heads, money = np.zeros((2, 2, 8, bins))
        weigh(people, income, stands, heads, money)
        heads, money = heads.reshape(16, bins), money.reshape(16, bins)
        below, under = np.empty((2, 16, bins + 1))
        twice, tenth = np.empty((16, bins)), np.empty((16, 10))
        passed(heads, money, below, under, twice)
        cut(below, under, tenth)
        found.append([a.tobytes() for a in (heads, money, below, under, twice, tenth)])
        # The prefecture has what its counties have, and its tenths share out all its income.
        assert heads[:7].sum() == pytest.approx(heads[7].sum())
        assert tenth[7].mean() == pytest.approx(money[7].sum() / heads[7].sum())
    assert found[0] == found[1]


def test_counting_does_not_touch_the_state(world):
    before = [column.tobytes() for part in world[1:] for column in part]
    counted(world)
    assert before == [column.tobytes() for part in world[1:] for column in part]


def test_households_may_lie_in_any_order():
    world = small_world(500, seed=8)
    turned = np.arange(500)[::-1]
    sizes = np.diff(world.households.first)
    first = np.concatenate([[0], np.cumsum(sizes[turned])])
    rows = np.concatenate(
        [np.arange(world.households.first[h], world.households.first[h + 1]) for h in turned]
    )
    homes = world.households._replace(
        **{n: c[turned] for n, c in world.households._asdict().items() if n != "first"}, first=first
    )
    persons = type(world.persons)(*(column[rows] for column in world.persons))
    persons = persons._replace(household=np.repeat(np.arange(500), sizes[turned]).astype(np.int32))
    one, other = tally(world, None), tally(world._replace(persons=persons, households=homes), None)
    for name in counting.Tally._fields:
        assert getattr(one, name) == pytest.approx(getattr(other, name)), name


def test_table_and_stack_keep_every_row(world, values):
    made = counting.table({2016: values, 2015: {("gangu", "births"): 1.0}})
    assert made["year"].size == len(values) + 1 and made["year"][0] == 2015
    rows = {
        key: value
        for *key, value in zip(made["area"], made["indicator"], made["value"], strict=True)
        for key in [tuple(key)]
    }
    assert rows["tianshui", "gdp"] == values["tianshui", "gdp"]
    part = distributions(world).to_dict("list")
    part = {name: np.array(column) for name, column in part.items()}
    assert counting.stack([part, part])["value"].size == 2 * part["value"].size
