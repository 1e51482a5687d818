"""Tourism: each part of the draw by hand, visits and their spending come back to the sales behind them."""

from functools import partial

import numpy as np
import pytest

import lives
from tianshui import measures, registry
from tianshui.channels import Met, tourism
from tianshui.channels.tourism import TourismParameters
from tianshui.state import TOURISM

P = TourismParameters()
PEOPLE, NONE, ONE = np.full(7, 4e5), np.zeros(7), np.ones(7)
SAMPLE = 0.02


@pytest.fixture(scope="module")
def industries():
    """The sectors of 2015: growth was what was expected of it."""
    return lives.stored("no_plan", SAMPLE, 2015).industries


def grown(industries, growth):
    """The same after a year in which tourism grew by `growth`."""
    sales = industries.value_added_before.copy()
    sales[:, TOURISM] *= 1.0 + growth
    return industries._replace(value_added=sales)


# --- The equations ------------------------------------------------------------------------------------


def test_nothing_draws_at_the_start(industries):
    met = Met(ONE, grown(industries, 0.0), 0.0)
    assert not tourism.meets(met, P)["outside_demand"].any()
    assert not tourism.attraction(NONE, PEOPLE, P).any() and not tourism.known(NONE, PEOPLE, P).any()


def test_sights_and_promotion_saturate():
    # 500 yuan a resident: 0.5 * (1 - exp(-0.2)) = 0.0906; 90 of promotion: 0.3 * (1 - exp(-0.5)) = 0.1180.
    assert tourism.attraction(500.0 * PEOPLE, PEOPLE, P) == pytest.approx(
        np.full(7, 0.5 * (1 - np.exp(-0.2)))
    )
    assert tourism.known(90.0 * PEOPLE, PEOPLE, P) == pytest.approx(np.full(7, 0.3 * (1 - np.exp(-0.5))))
    assert tourism.attraction(1e6 * PEOPLE, PEOPLE, P) == pytest.approx(np.full(7, 0.5))
    assert tourism.known(1e6 * PEOPLE, PEOPLE, P) == pytest.approx(np.full(7, 0.3))


def test_a_shorter_way_makes_a_trip_cheaper_by_its_part():
    # A tenth off a way that is 0.3 of the trip: 0.97 of its cost, visits rise by -0.8 * ln(0.97) = 0.0244.
    assert tourism.way(0.9 * ONE, P) == pytest.approx(np.full(7, -0.8 * np.log(0.97)))


def test_a_year_beyond_what_was_expected_leaves_a_worse_repute(industries):
    fitted_out = industries._replace(expected=np.full((7, 10), 0.05))
    # 26 % with prices up by 5 %: 1.2 in real terms, 0.05 of it expected.
    crowded = tourism.crowding(grown(fitted_out, 0.26), 0.05, P)
    assert crowded == pytest.approx(np.full(7, -0.3 * np.log(1.2 / 1.05)))
    assert not tourism.crowding(grown(fitted_out, 0.04), 0.0, P).any()
    assert not tourism.crowding(grown(fitted_out, -0.3), 0.0, P).any()


def test_visits_times_spending_is_what_the_sector_sells_and_what_is_not_its_own(industries):
    """Prices doubled, wages outside half again as high: 566 * 2 * 1.5^0.05 = 1,155 yuan without sights."""
    plain = tourism.spending(NONE, 2.0, 1.5, P)
    assert plain == pytest.approx(np.full(7, 566.0 * 2.0 * 1.5**0.05))
    gain = tourism.attraction(500.0 * PEOPLE, PEOPLE, P)
    longer = tourism.spending(gain, 2.0, 1.5, P)
    assert longer / plain == pytest.approx(np.exp(0.4 * gain))
    sales = industries.outside_demand[:, TOURISM] * np.exp(gain)
    visits = tourism.visits(sales, longer, P)
    assert visits * longer * P.kept == pytest.approx(sales)
    # Of the gain of sales, visits make what nights leave.
    before = tourism.visits(industries.outside_demand[:, TOURISM], plain, P)
    assert np.log(visits / before) == pytest.approx(0.6 * gain)


# --- What the model makes of it -----------------------------------------------------------------------


def test_visits_of_2020_are_near_the_published_ones():
    """22.9 million visits at 621.5 yuan (press conference of 2025)."""
    found = lives.values(lives.lived("no_plan", SAMPLE))
    print(found["visitors"][2020], found["visitor_spending"][2020])
    assert found["visitors"][2020] == pytest.approx(22.9e6, rel=0.05)
    assert found["visitor_spending"][2020] == pytest.approx(621.5, rel=0.02)


def test_the_prefecture_has_the_sum_of_visits_and_their_mean_spending():
    run = lives.lived("no_plan", SAMPLE)
    areas = [lives.values(run, area) for area in lives.COUNTIES]
    whole = lives.values(run)
    visits = np.array([area["visitors"][2030] for area in areas])
    spent = np.array([area["visitor_spending"][2030] for area in areas])
    assert whole["visitors"][2030] == pytest.approx(visits.sum())
    assert whole["visitor_spending"][2030] == pytest.approx((visits * spent).sum() / visits.sum())


def test_a_boom_crowds_and_a_bust_takes_more_than_it_brought():
    boom, plan = (lives.values(lives.lived(name, SAMPLE)) for name in ("stress_tourism", "plan"))
    ratio = {when: boom["visitors"][when] / plan["visitors"][when] for when in range(2025, 2036)}
    print(ratio)
    assert ratio[2025] == 1.0 and ratio[2027] > 1.25 and ratio[2029] < 0.9


ends = partial(lives.ends, SAMPLE)
OWN = ("tourism.attractions", "tourism.promotion")
LEVERS = registry.levers()


@pytest.mark.parametrize("name", OWN)
def test_at_the_top_of_its_range_a_lever_moves_what_its_item_is_for(name):
    top = LEVERS[name].within[1]
    for expected in measures.register()[LEVERS[name].measure].indicators:
        key = expected.area, expected.indicator
        effect, whole = (
            np.mean([100 * (a[key] / b[key] - 1.0) for a, b in zip(ends(name, top), other, strict=True)])
            for other in (ends(name, top, True), ends())
        )
        print(f"{name}: {expected.indicator} {whole:+.2f} %, of it the effect {effect:+.2f}")
        assert effect * expected.sign > 0.0 and whole * expected.sign > expected.smallest


def test_at_nought_sights_move_nothing():
    last, without = ends("tourism.attractions", 0.0)[-1], ends()[-1]
    assert all(last[key] == without[key] or last[key] != last[key] for key in without)
