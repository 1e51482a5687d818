"""What households receive beyond pay for work, and that public money reaches whom it is for."""

import math

import numpy as np
import pytest

import lives
from tianshui import incomes, registry
from tianshui.mechanisms import budgets
from tianshui.population import home_members
from tianshui.run import Years
from tianshui.state import COUNTIES

SEVEN = len(COUNTIES)
YEAR = 2022


@pytest.fixture(scope="module")
def seen():
    """What was met in one year of the plan by one in a hundred households."""
    world, kept = Years(lives.load("plan"), sample=0.01, until=YEAR), []

    def watch(now, people, world, terms, access, state, homes, lived):
        kept[:] = [(now, people, world, state, homes, lived)]

    while world.state.year < YEAR:
        world.step(watch)
    return kept[0]


def test_other_income_below_nothing_takes_half_of_what_was_made_at_most():
    assert incomes.other_income(200.0, -500.0, 2.0, 3.0) == -1_800.0
    assert incomes.bearable(3_000.0, 9_000.0, 0.5) == 3_000.0
    assert incomes.bearable(-3_000.0, 9_000.0, 0.5) == -3_000.0
    assert incomes.bearable(-3_000.0, 4_000.0, 0.5) == -2_000.0  # half of 4,000
    assert incomes.bearable(-3_000.0, -1_000.0, 0.5) == 0.0  # a loss made nothing to take from


def test_what_givers_cannot_give_others_do_not_receive(seen):
    """No household owes what was never earned, and in each county's villages and towns the sum stays."""
    now, _, world, _, homes, lived = seen
    money, place = lived.money, homes.households
    made = money.farm + money.wages + money.remittances + money.pension + money.posts
    mean = np.where(
        place.in_town == 1, now.markets.other_town[place.county], now.markets.other_village[place.county]
    )
    wanted = (mean + place.gap) * world.wage_away_index * homes.earned.balance.at_home
    found = money.transfers
    assert (found >= -np.maximum(made, 0.0) / 2.0 - 1e-6).all()
    assert ((found > wanted + 1.0) & (wanted < 0.0)).any()  # some could not give it all
    assert (found[wanted > 0.0] >= 0.0).all()
    for in_town in (0, 1):
        for county in range(SEVEN):
            rows = (place.in_town == in_town) & (place.county == county)
            scale = np.abs(wanted[rows]).sum()
            assert found[rows].sum() == pytest.approx(wanted[rows].sum(), abs=1e-9 * scale)


def test_medical_aid_is_paid_out_of_what_was_granted_for_it(seen):
    """What the counties spend on aid is what patients were spared: nothing more, and what is left is handed back."""
    _, _, _, state, homes, lived = seen
    granted = state.granted.yuan("health.aid")
    spent = lived.accounts.granted[state.granted.rows["health.aid"]][:SEVEN]
    assert (homes.ill.aided <= granted * (1.0 + 1e-12)).all() and homes.ill.aided.sum() > 0.0
    assert spent == pytest.approx(homes.ill.aided)
    assert (homes.unspent["health.aid"] >= 0.0).all()


def test_stipends_and_grants_are_asked_for_the_pupils_who_draw_them(seen):
    _, people, _, state, _, _ = seen
    school, county = state.school, people.households.county
    assert school.juniors_in.tolist() == np.bincount(county, school.juniors, SEVEN).tolist()
    assert school.uppers_in.tolist() == np.bincount(county, school.uppers, SEVEN).tolist()
    asked = {ask.name: ask.money for ask in state.asks}
    rate = state.granted.rule("schooling.grant")
    assert (
        asked["schooling.grant"][:SEVEN] == pytest.approx(school.uppers_in * rate) and school.uppers.sum() > 0
    )


def test_surveys_tell_how_incomes_of_settled_townspeople_grow(seen):
    """The level moves with the mean of those who had been in town for five years, this year and the year before."""
    now, _, _, _, _, lived = seen
    after = lived.state.households
    found = lived.state.markets.surveyed / now.markets.surveyed
    means = []
    for persons, households in ((now.persons, now.households), (lived.state.persons, after)):
        heads = home_members(persons, households)[1]
        met = (households.in_town == 1) & (households.town_since < YEAR - 5) & (heads > 0)
        of = [np.bincount(households.county[met], one[met], SEVEN) for one in (households.income, heads)]
        means.append(of[0] / of[1])
    assert found == pytest.approx(means[1] / means[0])
    # Newcomers, who earn less, lower the mean of all who live in town and not what is published.
    assert ((households.in_town == 1) & (households.town_since >= YEAR - 5) & (heads > 0)).any()


def test_what_is_published_takes_in_news_by_a_part_and_makes_good_what_it_missed():
    """Two counties of one resident each told 100; they now earn 120 and 140, and 10 % were expected.

    The means are 100 and 130: ln 1.3 = 0.262, of whose news a half is told: 0.1 + 0.5 * 0.162 = 0.181. A county's own news is
    ln 1.2 - 0.181 = 0.001 and ln 1.4 - 0.181 = 0.155, of which 0.5 * 0.4 is told. Of five counties nothing was met.
    """
    p = registry.default_settings().budgets.model_copy(update={"survey_county": 0.4, "survey_memory": 0.25})
    told, means, heads = np.full(SEVEN, 100.0), np.zeros(SEVEN), np.zeros(SEVEN)
    means[:2], heads[:2] = (120.0, 140.0), 1.0
    after, usual = budgets.published(told, 0.1, means, heads, 0.5, p)
    growth = 0.1 + 0.5 * (math.log(1.3) - 0.1)
    own = np.array([math.log(1.2), math.log(1.4)]) - growth
    assert after[:2] == pytest.approx(100.0 * np.exp(growth + 0.2 * own))
    assert after[2:] == pytest.approx(100.0 * math.exp(growth))
    assert usual == pytest.approx(0.1 + 0.25 * (growth - 0.1))
    # Where incomes stay, what is told comes to them in the end, whatever was expected once.
    for _ in range(200):
        after, usual = budgets.published(after, usual, means, heads, 0.5, p)
    assert after[:2] == pytest.approx(means[:2], rel=1e-3) and usual == pytest.approx(0.0, abs=1e-3)
    # All news told of every county: the survey itself.
    sharp = p.model_copy(update={"survey_county": 1.0})
    assert budgets.published(told, 0.1, means, heads, 1.0, sharp)[0][:2] == pytest.approx(means[:2])
    nobody, unchanged = budgets.published(told, 0.1, means, np.zeros(SEVEN), 0.5, p)
    assert nobody.tolist() == told.tolist() and unchanged == 0.1
