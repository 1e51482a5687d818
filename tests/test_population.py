"""The start population: margins exact, lives plausible, samples nested, the assumed laid on top."""

import os
import subprocess
import sys
from hashlib import blake2s
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tianshui import draws, population
from tianshui.population import PopulationParameters, homes, laying, structure
from tianshui.population.margins import margins, rake, sector_jobs, spread, take_exactly, whole
from tianshui.state import (
    AWAY,
    FARM,
    FIRST_SECTOR,
    NEVER_POOR,
    OUTSIDE,
    POOR,
    PUPIL,
    VILLAGE,
    WORK_AWAY,
)

P = PopulationParameters()
LUCK = draws.key(0, 2015, "population")


def laid(sample, beliefs=P):
    persons, households, villages = population.start(sample)
    return persons, population.lay(persons, households, villages, beliefs, draw_key=LUCK), villages


def digest(records):
    total = blake2s()
    for record in records:
        for column in record:
            total.update(np.ascontiguousarray(column).tobytes())
    return total.hexdigest()


# --- Tools --------------------------------------------------------------------------------------------


def test_rounding_by_hand():
    # floors 1 + 2 + 3 = 6, one is missing, the first of the two largest remainders (0.4, 0.4, 0.2) gets it
    assert whole(np.array([1.4, 2.4, 3.2]), 7).tolist() == [2, 2, 3]
    # running thirds of 10: 3.33, 6.67, 10 round to 3, 7, 10
    assert spread(np.ones(3), 10).tolist() == [3, 4, 3]
    # 3 + 2 = 5, then the next household of one person fills 6
    assert take_exactly(np.array([3, 2, 4, 1]), np.arange(4), 6).tolist() == [True, True, False, True]
    # 2 + 2 = 4, nobody lives alone: one of the pairs makes room for the three
    assert take_exactly(np.array([2, 2, 3, 3]), np.arange(4), 5).sum() == 2


@given(st.lists(st.integers(0, 40), min_size=3, max_size=12), st.integers(0, 1000))
def test_raked_tables_keep_both_margins(by_age, seed):
    by_age = np.array(by_age)
    roles = spread(np.array([1.0, 2.0, 3.0]), int(by_age.sum()))
    prior = np.array([[draws.uniform(LUCK, seed, 10 * r + a) for a in range(by_age.size)] for r in range(3)])
    table = rake(prior, roles, by_age)
    assert (table >= 0).all()
    assert table.sum(axis=0).tolist() == by_age.tolist() and table.sum(axis=1).tolist() == roles.tolist()


def test_identities_of_the_margins():
    m = margins()
    assert m.registered.sum() == 3_671_723 and m.residents.sum() == 3_115_500
    inside, into = m.moved.sum(axis=1), m.moved.sum(axis=0)
    assert (m.registered == m.family + m.local + inside + m.away).all()
    assert (m.residents == m.family + m.local + into + m.incomers).all()
    # net away: 606,547 outside the prefecture less 50,324 residents registered elsewhere
    assert m.away.sum() - m.incomers.sum() == 3_671_723 - 3_115_500
    assert (sector_jobs() >= 0).all()


# --- One to one ---------------------------------------------------------------------------------------


def test_every_margin_is_met_one_to_one():
    persons, households, villages = laid(1.0)
    rows = population.observed_against(persons, households, villages, population.kinds())
    assert len(rows) > 300
    within = {
        "persons": 1.0,
        "households": 1.0,
        "villages": 0.0,
        "% of residents": 0.001,
        "% of residents 15+": 0.001,
    }
    for row in rows:
        if row.unit in within:
            assert abs(row.difference) <= within[row.unit], row
        elif row.unit == "years (15+)":
            assert abs(row.difference) < 0.001, row
        elif row.unit == "mu":
            assert abs(row.difference) < 3.0, row
        else:
            assert row.unit == "yuan per resident" and abs(row.difference) < 0.001 * row.observed, row
    assert persons.number[-1] == persons.number.size == 3_671_723
    assert households.number[-1] == households.number.size
    works = persons.work[persons.place < OUTSIDE]
    places = persons.place[persons.place < OUTSIDE]
    for sector in range(10):
        count = np.bincount(places[works == FIRST_SECTOR + sector], minlength=7)
        assert count.tolist() == sector_jobs()[:, sector].tolist()


# --- Plausible lives ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def some():
    return laid(0.05)


def test_rows_hang_together(some):
    persons, households, villages = some
    size = np.diff(households.first)
    assert size.min() >= 1 and size.max() <= 16
    assert (np.repeat(np.arange(size.size), size) == persons.household).all()
    assert (np.diff(persons.number.astype(np.int64)) > 0).all()
    assert (villages.county[households.village] == households.county).all()
    assert (np.diff(households.county.astype(int)) >= 0).all()
    # The towns' row of a county holds the urban registrations and nobody else.
    towns = np.flatnonzero(np.diff(villages.county.astype(int), append=7))
    assert (np.isin(households.village, towns) == (households.farm_hukou == 0)).all()
    assert ((persons.place == OUTSIDE) == (persons.setting == AWAY)).all()
    assert (persons.setting[persons.work == FARM] != AWAY).all()


def test_families_are_plausible(some):
    persons, households, _ = some
    age = persons.age.astype(int)
    size = households.number.size

    def by_home(rows, weights=None):
        weights = None if weights is None else weights[rows]
        return np.bincount(persons.household[rows], weights=weights, minlength=size)

    wives, husbands = ((persons.married == 1) & (persons.female == s) for s in (1, 0))
    assert (by_home(wives) == by_home(husbands)).all()
    assert (age[wives | husbands] >= 19).mean() > 0.99
    single = (by_home(wives) == 1)[persons.household]
    gap = by_home(husbands & single, age) - by_home(wives & single, age)
    assert np.percentile(gap[by_home(wives) == 1], [1, 50, 99]).tolist() == pytest.approx([-3, 2, 6], abs=2)
    mothers = (persons.female == 1) & (persons.children > 0)
    alone = by_home(mothers) == 1
    child = (age < 16) & alone[persons.household]
    gap = by_home(mothers, age)[persons.household[child]] - age[child]
    assert (gap < 16).mean() < 0.002 and 24 < np.median(gap) < 29
    # Every child has a grown-up in the household, and nobody bears before sixteen.
    assert by_home(age >= 16).min() >= 1
    assert (persons.children[(age < 16) | (persons.female == 0)] == 0).all()
    women = persons.female == 1
    assert [round(float(persons.children[women & (age == a)].mean())) for a in (20, 40, 70)] == [0, 2, 4]
    three = np.flatnonzero(population.kinds(0.05) == homes.THREE)
    spans = [np.ptp(age[households.first[h] : households.first[h + 1]]) for h in three]
    assert np.mean(np.array(spans) >= 36) > 0.98


def test_schooling_follows_age(some):
    persons, *_ = some
    age, years = persons.age.astype(int), persons.schooling.astype(int)
    assert years[age < 19].max() <= 12 and years[age <= 15].max() <= 9
    assert (years[age < 19] <= np.maximum(age[age < 19] - 6, 0)).all()
    assert years.max() <= 16
    assert years[age == 30].mean() > years[age == 50].mean() > years[age == 70].mean()
    pupil = persons.work == PUPIL
    assert pupil[(age >= 7) & (age <= 14)].all() and not pupil[(age < 6) | (age > 23)].any()
    assert 0.7 < pupil[(age == 16) | (age == 17)].mean() < 0.9
    assert (persons.work[(age < 16) & ~pupil] == 0).all()


def test_those_away_work(some):
    persons, households, villages = some
    grown = (persons.place == OUTSIDE) & (persons.age >= 16) & (persons.age < 65) & (persons.work != PUPIL)
    assert (persons.work[grown] == WORK_AWAY).all()
    assert (persons.place[persons.work == WORK_AWAY] == OUTSIDE).all()
    farmers = persons.work == FARM
    assert (persons.setting[farmers] == VILLAGE).mean() > 0.95
    assert 0.05 < np.median(villages.away) < 0.35
    assert (households.farm_hukou[households.poor == POOR] == 1).all()


# --- Samples ------------------------------------------------------------------------------------------


def test_samples_nest():
    small, large = (population.start(share) for share in (0.01, 0.05))
    for a, b in ((small[0].number, large[0].number), (small[1].number, large[1].number)):
        assert np.isin(a, b).all()
    same = np.isin(large[0].number, small[0].number)
    assert (large[0].age[same] == small[0].age).all() and (large[0].work[same] == small[0].work).all()
    assert small[1].number.size / 948_309 == pytest.approx(0.01, rel=0.05)
    with pytest.raises(ValueError, match="share between 0 and 1"):
        population.start(1.5)


def test_a_second_build_is_the_same():
    assert digest(population.build(0.01)) == digest(population.start(0.01))


# --- What is laid -------------------------------------------------------------------------------------


def test_rules_by_hand():
    # chance to keep a herd 1 / 2.5 = 0.4; kept at 0.3, size 1 + floor(ln 0.5 / ln 0.6) = 1 + floor(1.36)
    assert laying.herd_of(1.0, 2.5, 0.4, 0.5) == 0 and laying.herd_of(1.0, 2.5, 0.3, 0.5) == 2
    # 10 idle cells: 4 steep, 5 sloping, the last terraced
    assert laying.idle_parts(10, 4, 5, 20) == (4, 5, 1)
    land = laying.farmland(P)
    # Gangu is published: 1,162,500 mu of which 139,500 flat, 433,500 sloping, 30 % of these steep
    assert land[4] == pytest.approx([139_500, 589_500, 303_450, 130_050])
    assert laying.farmland(P.model_copy(update={"farmland_scale": 1.2}))[4].tolist() == land[4].tolist()
    assert laying.converted_area().sum() == pytest.approx(85_000)


def test_land_is_exact_in_tenths_of_a_mu():
    _, households, _ = laid(1.0)
    part = np.bincount(households.county, weights=households.orchard + households.sapling, minlength=7)
    assert part.tolist() == np.rint(10 * structure.facts("apple_area")).tolist()
    whole_land = np.zeros(7)
    for name in ("flat", "terrace", "slope", "steep", "idle_terrace", "idle_slope", "idle_steep", "let"):
        column = getattr(households, name)
        assert column.min() >= 0
        whole_land += np.bincount(households.county, weights=column, minlength=7)
    assert whole_land.tolist() == np.rint(10 * laying.farmland(P)).sum(axis=1).tolist()
    idle = households.idle_terrace + households.idle_slope + households.idle_steep
    assert idle.sum() / whole_land.sum() == pytest.approx(P.idle_share, rel=0.1)
    assert households.let.sum() / whole_land.sum() == pytest.approx(P.let_share, rel=0.2)
    for young, old in (
        ("orchard_age", "orchard"),
        ("sapling_age", "sapling"),
        ("converted_year", "converted"),
    ):
        assert (getattr(households, young)[getattr(households, old) == 0] == 0).all()
    assert households.cash.min() >= 0 and households.debt.min() >= 0 and households.income.min() > 0


def test_beliefs_lay_anew_and_leave_the_structure(some):
    _, first, _ = some
    persons, built, villages = population.start(0.05)
    changed = P.model_copy(update={"rural_gini": 0.34, "idle_share": 0.14})
    other = population.lay(persons, built, villages, changed, draw_key=LUCK)
    for name in ("number", "first", "county", "farm_hukou", "village", "in_town", "poor"):
        assert getattr(other, name) is getattr(built, name)
    _, at_home = population.home_members(persons, built)
    rural = (at_home > 0) & (built.in_town == 0)
    for laid_, gini in ((first, 0.315), (other, 0.34)):
        head = np.repeat(laid_.income[rural] / at_home[rural], at_home[rural])
        head = np.sort(head)
        rank = np.arange(1, head.size + 1)
        assert 2 * (rank @ head) / (head.size * head.sum()) - 1 == pytest.approx(gini, abs=0.015)
        for c in range(7):
            own = rural & (built.county == c)
            mean = laid_.income[own].sum() / at_home[own].sum()
            assert mean == pytest.approx(structure.facts("rural_disposable_income")[c], rel=1e-9)
    assert other.idle_steep.sum() > first.idle_steep.sum()
    poor, rest = (
        first.income[rural & (built.farm_hukou == 1) & (built.poor == x)] for x in (POOR, NEVER_POOR)
    )
    assert np.median(poor) < np.median(rest)


def test_threads_change_nothing(monkeypatch):
    results = []
    for threads in ("1", "2"):
        monkeypatch.setenv("TIANSHUI_THREADS", threads)
        results.append(digest(laid(0.05)))
    assert results[0] == results[1]


PLAIN = """
from hashlib import blake2s
import numpy as np
from tianshui import draws, population
persons, households, villages = population.start(0.002)
laid = population.lay(persons, households, villages, population.PopulationParameters(),
                      draw_key=draws.key(0, 2015, "population"))
total = blake2s()
for column in laid:
    total.update(np.ascontiguousarray(column).tobytes())
print(total.hexdigest())
"""


def test_plain_python_lays_the_same_bytes():
    seen = []
    population.start(0.002)
    for plain in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", PLAIN],
            env={**os.environ, "NUMBA_DISABLE_JIT": plain},
            cwd=Path(__file__).parents[1],
            capture_output=True,
            text=True,
            check=True,
        )
        seen.append(done.stdout)
    assert seen[0] == seen[1]


def test_incomers_and_enrolled_share(some):
    _, households, villages = some
    assert population.incomers().sum() == margins().incomers.sum() > 50_000
    share = population.enrolled_share(households, villages)
    assert (share >= 0).all() and (share <= 1).all() and 0 < share.mean() < 0.2
