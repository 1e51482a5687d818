"""Illness, its bills, disability and disaster."""

import math

import numpy as np
import pytest

from plain import both_ways
from tianshui.mechanisms import health
from tianshui.mechanisms.health import HealthParameters
from tianshui.state import NO_WORK, PUPIL
from worlds import small_world

P = HealthParameters()
ONE = np.ones(7)


def fall_ill(
    state,
    p=P,
    seed=0,
    year=2016,
    aid=0 * ONE,
    purse=1e12 * ONE,
    hospital=ONE,
    cpi=1.0,
    income=1e9,
    spared=ONE,
    exposed=ONE,
):
    return health.fall_ill(
        state.persons,
        state.households,
        p,
        aid=aid,
        purse=purse,
        hospital=hospital,
        spared=spared,
        exposed=exposed,
        cpi=cpi,
        income=income,
        seed=seed,
        year=year,
    )


def test_rules_by_hand():
    v = P.values
    assert health.age_factor(40.0, v) == 1.0
    assert health.age_factor(70.0, v) == pytest.approx(math.exp(0.9))  # 0.03 x 30 years
    assert health.case_cost(0.0, 1.0, v) == 18_000.0
    assert health.case_cost(1.0, 1.0, v) == pytest.approx(18_000 * math.e)  # one deviation of spread 1
    # The line is half of 12,000 yuan a head; for the registered, half of that since 2017.
    assert [health.insured_line(12_000.0, r, y, v) for r, y in ((0, 2019), (1, 2016), (1, 2017))] == [
        6_000.0,
        6_000.0,
        3_000.0,
    ]
    assert health.insured_rate(0, 2018, v) == 0.5
    assert health.insured_rate(0, 2019, v) == pytest.approx(0.6)
    assert health.insured_rate(1, 2019, v) == pytest.approx(0.65)
    # Of 100,000 yuan the family pays 45,000, of which 30,150 are covered: half of what exceeds 6,000.
    assert health.insured(100_000.0, 6_000.0, 0.5, v) == pytest.approx(12_075.0)
    assert health.insured(10_000.0, 6_000.0, 0.5, v) == 0.0
    # Basic insurance pays 0.55; aid adds 0.2, but no more than brings all to 0.9.
    assert [health.aid_of(1000.0, 0.0, a, v) for a in (0.0, 0.2, 0.5)] == pytest.approx([0.0, 200.0, 350.0])
    assert health.aid_of(1000.0, 200.0, 0.2, v) == pytest.approx(150.0)
    assert health.lasting(2.0, v) == pytest.approx(0.08 * 2**-0.2)


def test_the_struck_rise_with_age_and_lose_work():
    state = small_world(20_000)
    flows = fall_ill(state)
    assert (flows.health == health.GRAVELY_ILL).sum() <= flows.struck.sum()
    old, young = state.persons.age >= 65, state.persons.age < 30
    ill = flows.lost_work > 0
    assert ill[old].mean() > 2 * ill[young].mean()
    grave = flows.health == health.GRAVELY_ILL
    assert (flows.lost_work[grave] >= P.lost_least).all() and (flows.lost_work <= 1).all()
    assert (flows.lost_work[flows.health == health.WELL] == 0).mean() > 0.99
    case = (flows.lost_work > 0) & (state.persons.health == health.WELL)
    homes = np.bincount(state.persons.household, case, state.households.number.size) > 0
    assert homes.mean() == pytest.approx(0.13, abs=0.04)


def test_catastrophic_bills_come_out_near_a_tenth(capsys):
    # Incomes of 2015: 6,500 a head in villages, 18,000 in town, spread 0.5; food takes 1,700 a head.
    state = small_world(20_000)
    members = np.diff(state.households.first)
    luck = np.random.default_rng(0).standard_normal(members.size)
    income = (
        members * np.where(state.households.farm_hukou == 1, 6_500.0, 18_000.0) * np.exp(0.5 * luck - 0.125)
    )
    medical = fall_ill(state).medical
    share = (medical > 0.4 * np.maximum(income - 1_700.0 * members, 0)).mean()
    with capsys.disabled():
        print(
            f"\ncatastrophic spending {share:.3f} (0.06 to 0.15), bills {medical.sum() / income.sum():.3f} of income",
            end="",
        )
    assert 0.06 < share < 0.15


def test_aid_cuts_bills_of_the_registered_only():
    state = small_world(5_000)
    plain, aided = fall_ill(state), fall_ill(state, aid=0.2 * ONE)
    registered = (state.households.monitored == 1) | (state.households.poor == 1)
    assert (plain.medical[~registered] == aided.medical[~registered]).all()
    saved = plain.medical.sum() - aided.medical.sum()
    assert saved > 0 and aided.aided.sum() == pytest.approx(saved)
    assert plain.aided.sum() == 0
    assert (plain.health == aided.health).all()


def test_no_county_pays_more_aid_than_it_was_granted():
    """Half of what the rule makes due is shared out in proportion; a purse too large is not emptied."""
    state = small_world(5_000)
    whole = fall_ill(state, aid=0.2 * ONE)
    assert whole.aided == pytest.approx(whole.aid_due) and (whole.aid_due > 0).all()
    purse = np.where(np.arange(7) < 3, 0.5, 2.0) * whole.aid_due
    short, none = fall_ill(state, aid=0.2 * ONE, purse=purse), fall_ill(state)
    assert short.aided == pytest.approx(np.minimum(purse, whole.aid_due))
    saved = none.medical - short.medical
    assert saved == pytest.approx(
        np.where(state.households.county < 3, 0.5, 1.0) * (none.medical - whole.medical)
    )
    assert fall_ill(state, aid=0.2 * ONE, purse=0 * ONE).medical.tobytes() == none.medical.tobytes()


def test_aid_costs_on_average_what_was_asked():
    state = small_world(20_000)
    for income in (1e9, 12_000.0):
        asked = health.aid_ask(
            state.persons, state.households, P, 0.3 * ONE, cpi=1.0, income=income, year=2016
        ).sum()
        due = np.mean(
            [fall_ill(state, aid=0.3 * ONE, income=income, seed=seed).aid_due.sum() for seed in range(10)]
        )
        assert due == pytest.approx(asked, rel=0.1)


def test_the_second_reimbursement_pays_the_largest_bills():
    """What it pays is what families save; bills in sum fall by under a fifth, the largest hundredth by a quarter and more."""
    state = small_world(20_000)
    plain, second = fall_ill(state), fall_ill(state, income=12_000.0)
    assert plain.insured.sum() == 0.0
    saved = plain.medical - second.medical
    assert saved.sum() == pytest.approx(second.insured.sum()) and (saved >= 0.0).all()
    assert 0.05 < saved.sum() / plain.medical.sum() < 0.2
    largest = plain.medical >= np.quantile(plain.medical, 0.99)
    assert saved[largest].sum() > 0.2 * plain.medical[largest].sum()
    expected = health.expected_bills(P, income=12_000.0)[state.persons.age].sum()
    mean = np.mean([fall_ill(state, income=12_000.0, seed=seed).medical.sum() for seed in range(10)])
    assert mean == pytest.approx(expected, rel=0.1)


def test_routine_bills_are_those_of_the_members():
    """Without grave cases a bill is 250 yuan x exp(0.03 (age - 40)) a member, twice that for the disabled."""
    state = small_world(500)
    persons = state.persons._replace(
        health=np.where(np.arange(state.persons.number.size) % 9 == 0, 2, 0).astype("u1")
    )
    bills = fall_ill(state._replace(persons=persons), HealthParameters(hazard=0.0)).medical
    each = 250.0 * np.exp(0.03 * (persons.age - 40.0)) * np.where(persons.health == 2, 2.0, 1.0)
    np.testing.assert_allclose(bills, np.bincount(persons.household, each, 500), rtol=0.002)


def test_the_disabled_of_the_start_are_those_that_a_life_leaves_behind():
    """One step by hand, and the share neither leaps nor falls in the first years on a fixed pyramid."""
    share = health.disabled_by_age(P)
    # At forty: 0.036 struck, 0.08 of them disabled; of the disabled 0.03 recover, but for 2 x 0.036 x 0.08 of those.
    assert share[0] == 0.0
    assert share[41] == pytest.approx(share[40] * (1 - 0.03 * (1 - 0.00576)) + (1 - share[40]) * 0.00288)
    state = small_world(20_000)
    persons = state.persons
    start = health.opening(persons, P, luck=np.uint64(7))
    idle = (persons.work == NO_WORK) | (persons.work == PUPIL)
    assert (start[~idle] == health.WELL).all() and set(np.unique(start)) == {health.WELL, health.DISABLED}
    expected = share[persons.age].mean()
    disabled = (start == health.DISABLED).mean()
    assert 0.02 < expected < 0.0634  # more than the severe grades of 2006, fewer than all grades
    assert disabled == pytest.approx(expected, abs=0.004)
    after = fall_ill(state._replace(persons=persons._replace(health=start))).health
    # A year later each is a year older: at the ages of the start that is the share one age up.
    assert (after == health.DISABLED).mean() == pytest.approx(share[persons.age + 1].mean(), abs=0.005)


def test_prices_scale_bills():
    state = small_world(500)
    # 2016: consumer prices double, care 1.02 dearer beyond them; routine bills only double.
    one, two = fall_ill(state), fall_ill(state, cpi=2.0)
    np.testing.assert_allclose(two.medical, 2 * one.medical)


def test_hospitals_prevent_disability():
    state = small_world(20_000)
    few, many = fall_ill(state), fall_ill(state, hospital=2 * ONE)
    assert (many.health == health.DISABLED).sum() < (few.health == health.DISABLED).sum()
    assert many.medical.sum() < few.medical.sum()


def test_disaster_strikes_villages_whole():
    state = small_world(20_000)
    hit_share = []
    for year in range(2016, 2036):
        flows = fall_ill(state, year=year)
        hit = flows.disaster == 1
        assert (state.households.in_town[hit] == 0).all()
        assert ((flows.harvest_lost > 0) == hit).all() or hit.sum() == 0
        struck = np.unique(state.households.village[hit])
        inside = np.isin(state.households.village, struck) & (state.households.in_town == 0)
        if struck.size:
            assert hit[inside].mean() == pytest.approx(P.house_hit, abs=0.06)
        hit_share.append(struck.size / 35)  # 35 villages outside the seven towns
    assert np.mean(hit_share) == pytest.approx(P.village_hit, abs=0.03)


PLAIN = """
import warnings; warnings.simplefilter("ignore")
from hashlib import blake2s
from test_health import fall_ill
from worlds import small_world
digest = blake2s()
for column in fall_ill(small_world(300), seed=4):
    digest.update(column.tobytes())
print(digest.hexdigest())
"""


def test_plain_python_gives_the_same_bytes():
    compiled, plain = both_ways(PLAIN)
    assert compiled == plain != b""
