"""School years, transitions, and what a promised grant does."""

import math

import numpy as np
import pytest

from plain import both_ways
from tianshui.mechanisms import schooling
from tianshui.mechanisms.schooling import SchoolingParameters
from tianshui.state import NO_WORK, OUTSIDE, PUPIL
from worlds import small_world

P = SchoolingParameters()
ONE = np.ones(7)


def learn(state, p=P, seed=0, year=2016, **changed):
    income = np.full(state.households.number.size, p.income_start)
    usual = {
        "income": income, "heads": np.ones(income.size, np.int32), "places": ONE, "passing": 0 * ONE, "grant": 0 * ONE, "stipend": 0 * ONE,
        "youth_wage": p.youth_start * ONE, "adult_wage": p.wage_start * ONE,
        "distance": np.full(state.villages.distance.size, p.km_start, np.float32), "cpi": 1.0,
    }  # fmt: skip
    return schooling.learn(state.persons, state.households, p, seed=seed, year=year, **(usual | changed))


def test_worth_over_cost_by_hand():
    # worth 4 x 36,000 x (e^0.354 - 1) = 144,000 x 0.42475 = 61,164
    # cost 3 x (3,500 + 0.5 x 24,000) = 46,500; a promise of 2,000 counts 0.6 x 2,000 / 1.4^1.5 = 724
    v = P.values
    assert schooling.worth_to_cost(36_000.0, 24_000.0, 3_500.0, 0.0, v) == pytest.approx(
        math.log(61_164 / 46_500), abs=1e-4
    )
    promised = schooling.worth_to_cost(36_000.0, 24_000.0, 3_500.0, 2_000.0, v)
    assert promised == pytest.approx(math.log(61_164 / (46_500 - 3 * 724.4)), abs=1e-4)


def test_entry_at_the_conditions_of_2015_is_the_declared_share():
    v = P.values
    start = schooling.worth_to_cost(P.wage_start, P.youth_start, P.fee_upper, 0.0, v)
    assert schooling.upper_entry(start, start, P.income_start, 1.0, P.km_start, 0.0, v) == pytest.approx(0.9)
    assert schooling.college_entry(P.income_start, 0.0, v) == pytest.approx(0.55)


def test_what_moves_entry_and_what_does_not():
    v = P.values
    start = schooling.worth_to_cost(P.wage_start, P.youth_start, P.fee_upper, 0.0, v)

    def entry(youth=P.youth_start, grant=0.0, income=P.income_start, schools=1.0, km=P.km_start, passing=0.0):
        value = schooling.worth_to_cost(P.wage_start, youth, P.fee_upper, grant, v)
        return schooling.upper_entry(value, start, income, schools, km, passing, v)

    assert entry(youth=1.3 * P.youth_start) < entry() < entry(income=2 * P.income_start)
    assert entry(km=40.0) < entry() < entry(schools=1.3)
    # Odds of 9 to 1 times e^0.2 are 10.99 to 1.
    assert entry(passing=0.2) == pytest.approx(10.99 / 11.99, abs=1e-4)
    # The trial of the promised grant found nothing: 1,500 yuan a year must move entry by under a point.
    assert 0 < entry(grant=1_500.0) - entry() < 0.01


def test_dropout():
    # poor: 0.01 x (1 + 0.7) = 0.017; with half the full transfer 0.017 x (1 - 0.6 x 0.5) = 0.0119
    v = P.values
    assert schooling.dropout(0, 0.0, v) == 0.01
    assert schooling.dropout(1, 0.0, v) == pytest.approx(0.017)
    assert schooling.dropout(1, 500.0, v) == pytest.approx(0.0119)
    # Lifted and still paid the whole transfer: 0.01 x (1 - 0.6).
    assert schooling.dropout(0, 1_000.0, v) == pytest.approx(0.004)


def test_a_school_year():
    state = small_world(4_000)
    persons, flows = state.persons, learn(state)
    pupil = persons.work == PUPIL
    assert (flows.schooling[pupil] == persons.schooling[pupil] + 1).all()
    assert (flows.schooling[~pupil] == persons.schooling[~pupil]).all()
    left = pupil & (flows.work != PUPIL)
    assert (flows.work[left] == NO_WORK).all()
    begin = ~pupil & (flows.work == PUPIL)
    assert (persons.age[begin] <= schooling.LAST_START).all() and (persons.schooling[begin] == 0).all()
    others = ~pupil & ~begin
    assert (flows.work[others] == persons.work[others]).all()
    departs = flows.departs == 1
    assert (flows.schooling[departs] == schooling.UPPER_YEARS).all() and (flows.work[departs] == PUPIL).all()
    assert departs.sum() == flows.left_for_college.sum()
    done = pupil & (flows.schooling == schooling.JUNIOR)
    assert flows.left_junior.sum() == (done & (persons.place < OUTSIDE)).sum()
    assert flows.entered_upper.sum() / flows.left_junior.sum() == pytest.approx(0.9, abs=0.06)


def test_fees_are_those_of_the_pupils():
    state = small_world(500)
    flows = learn(state, cpi=1.1)
    years, pupil = flows.schooling.astype(int), flows.work == PUPIL
    was = state.persons.work == PUPIL
    fee = np.select([years >= 12, years >= 9, years >= 6], [P.fee_college, P.fee_upper, P.fee_junior], 0.0)
    expected = np.bincount(state.persons.household, np.where(pupil & was, fee, 0.0) * 1.1, 500)
    np.testing.assert_allclose(flows.fees, expected)


def test_a_promised_grant_hardly_moves_entry_but_a_poor_home_lacks_income():
    state = small_world(20_000)
    plain, promised = learn(state), learn(state, grant=1_500.0 * ONE)
    pool = plain.left_junior.sum()
    assert 0 <= (promised.entered_upper.sum() - plain.entered_upper.sum()) / pool < 0.01
    poorer = learn(state, income=np.full(20_000, 0.3 * P.income_start))
    assert poorer.entered_upper.sum() < plain.entered_upper.sum()


PLAIN = """
import warnings; warnings.simplefilter("ignore")
from hashlib import blake2s
from test_schooling import learn
from worlds import small_world
digest = blake2s()
for column in learn(small_world(300), seed=4):
    digest.update(column.tobytes())
print(digest.hexdigest())
"""


def test_plain_python_gives_the_same_bytes():
    compiled, plain = both_ways(PLAIN)
    assert compiled == plain != b""
