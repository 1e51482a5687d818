"""The registers, who is at risk, and the allowance."""

import math

import numpy as np
import pytest

from plain import both_ways
from tianshui.mechanisms import relief
from tianshui.mechanisms.relief import ReliefParameters
from tianshui.state import DISASTER, ILLNESS, INCOME_LOSS, LIFTED, NEVER_POOR, NO_SHOCK, POOR
from worlds import small_world

P = ReliefParameters()
LINE = 4000.0
SURE = 1e6
"""Yuan a villager with which everybody at risk is found."""


def village(**columns):
    """Forty agricultural households of three members with 5,000 yuan a head, usual and this year, and no savings."""
    homes = small_world(40).households
    size = homes.number.size
    usual = {
        "first": 3 * np.arange(size + 1), "farm_hukou": np.ones(size, np.uint8), "income": np.full(size, 15_000.0),
        "permanent": np.full(size, 15_000.0), "cash": np.zeros(size), "aid": np.zeros(size),
        "poor": np.full(size, NEVER_POOR, np.uint8), "monitored": np.zeros(size, np.uint8),
    }  # fmt: skip
    return homes._replace(**(usual | columns))


def register(
    homes, income=15_000.0, bill=0.0, disaster=0, at_home=3, taken=0.0, sent=0.0, age=40, before=LINE, money=SURE, year=2021, p=P
):  # fmt: skip
    size = homes.number.size
    cash = [np.full(size, one) for one in (income, taken, 0.0, sent, bill)]
    means = relief.Means(
        at_home=np.full(size, at_home, np.int32), income=cash[0], premiums=cash[1], interest=cash[2],
        remittances=cash[3], bill=cash[4], disaster=np.full(size, disaster, np.uint8),
    )  # fmt: skip
    ages = np.full(int(homes.first[-1]), age, np.uint8)
    return relief.register(homes, means, ages, LINE, before, 0.4, np.full(7, money), p, seed=0, year=year)


def test_rules_by_hand():
    v = P.values
    assert relief.top_up(4000.0, 3000.0, 3.0, v) == pytest.approx(3 * 1000 * 0.8)
    # 0.06 without money; 30 yuan a villager add a half: 1 - exp(-0.56)
    assert relief.found_chance(30.0, 2021, v) == pytest.approx(1 - math.exp(-0.56))
    assert relief.found_chance(30.0, 2020, v) == pytest.approx(
        1 - math.exp(-1.06)
    )  # the nation's first screening
    # Three at home, line 4,000: 18,000 to the monitoring line; 15,000 less a bill of 5,000 and 2,000 saved lack 6,000.
    assert relief.lacks(15_000.0, 5_000.0, 2_000.0, 3.0, LINE, v) == pytest.approx(6_000.0)
    # 400 yuan of premiums, and 4,000 sent home of 10,000 left of pay away.
    assert relief.reckoned_income(15_000.0, 400.0, 4_000.0, 0.4) == pytest.approx(21_400.0)
    assert relief.reckoned_income(15_000.0, 400.0, 0.0, 0.0) == 15_400.0
    assert relief.usual_income(10_000.0, 20_000.0, v) == pytest.approx(15_000.0)
    assert relief.struck_by(15_000.0, 15_000.0, 5_000.0, 1, v) == ILLNESS  # a third of usual income
    assert relief.struck_by(10_000.0, 15_000.0, 4_000.0, 1, v) == DISASTER
    assert relief.struck_by(10_000.0, 15_000.0, 4_000.0, 0, v) == INCOME_LOSS
    assert relief.struck_by(11_000.0, 15_000.0, 4_000.0, 0, v) == NO_SHOCK


def test_a_bill_that_savings_bear_is_no_risk():
    homes = village()
    struck = register(homes, bill=6_000.0)
    assert (struck.monitored == 1).all() and (struck.shock == ILLNESS).all()
    assert struck.at_risk.sum() == struck.entered.sum() == 3 * 40
    # 15,000 less 6,000 lack 9,000 to the monitoring line; with 9,001 saved nobody is at risk, with 8,999 everybody.
    assert register(homes._replace(cash=np.full(40, 9_001.0)), bill=6_000.0).at_risk.sum() == 0
    assert register(homes._replace(cash=np.full(40, 8_999.0)), bill=6_000.0).at_risk.sum() == 120
    blind = ReliefParameters(counted_savings=0.0)
    assert register(homes._replace(cash=np.full(40, 9_001.0)), bill=6_000.0, p=blind).at_risk.sum() == 120


def test_registers_reckon_what_a_family_makes():
    """11,000 yuan for three are under the line of 4,000, but not before premiums, with pay away whole, or of three at home."""
    homes = village(permanent=np.full(40, 11_000.0))
    assert register(homes, income=11_000.0).at_risk.sum() == 120
    assert register(homes, income=11_000.0, taken=1_001.0).at_risk.sum() == 0
    assert register(homes, income=11_000.0, sent=668.0).at_risk.sum() == 0  # 668 x 1.5 = 1,002
    alone = register(homes, income=11_000.0, at_home=2)
    assert (
        alone.poor_persons.sum() == 0 and alone.at_risk.sum() == 2 * 40
    )  # 5,500 a head for a survey, 3,667 on a register


def test_everyday_care_is_no_large_bill():
    """12,001 yuan for three are usual; 4,000 of bills are a shock (a third), 3,000 are not and are no risk."""
    homes = village(permanent=np.full(40, 12_001.0))
    assert register(homes, income=12_001.0, bill=4_000.0).at_risk.sum() == 120
    assert register(homes, income=12_001.0, bill=3_000.0).at_risk.sum() == 0


def test_the_monitoring_line_follows_the_poverty_line_of_the_year_before():
    """15,000 yuan less a bill of 5,000 for three: under 1.5 times 4,000, over 1.5 times 2,000 a head."""
    assert register(village(), bill=5_000.0).at_risk.sum() == 120
    assert register(village(), bill=5_000.0, before=2_000.0).at_risk.sum() == 0


def test_old_people_whom_a_child_can_support_are_not_listed():
    homes = village(permanent=np.full(40, 8_000.0))
    assert register(homes, income=8_000.0, age=59).at_risk.sum() == 120
    left = register(homes, income=8_000.0, age=60)
    assert left.at_risk.sum() / 120 == pytest.approx(1 - P.elders_kin, abs=0.15)
    # The draw is for life.
    later = register(homes, income=8_000.0, age=60, year=2025)
    assert (later.monitored == left.monitored).all()
    assert register(homes, income=8_000.0, age=60, p=ReliefParameters(elders_kin=0.0)).at_risk.sum() == 120


def test_one_years_income_above_the_line_is_no_risk_without_a_shock():
    """5,000 a head lie under the monitoring line of 6,000: no danger by itself, but with a usual income under 4,000."""
    assert register(village()).at_risk.sum() == 0
    low = village(permanent=np.full(40, 8_000.0))  # (15,000 + 8,000) / 2 / 3 = 3,833 a head
    assert register(low).at_risk.sum() == 120


def test_found_up_to_2019_are_registered_poor_and_later_monitored():
    homes = village(permanent=np.full(40, 11_000.0))
    early, late = (register(homes, income=11_000.0, year=year) for year in (2019, 2020))
    assert (early.poor == POOR).all() and early.entered.sum() == 0 and (early.monitored == 0).all()
    assert (late.poor == NEVER_POOR).all() and late.entered.sum() == 120 and (late.monitored == 1).all()
    assert early.poor_persons.sum() == late.poor_persons.sum() == 120
    # Struck, but usually above the line: monitored in every year.
    assert (register(village(), bill=6_000.0, year=2016).monitored == 1).all()
    again = register(homes._replace(poor=np.full(40, LIFTED, np.uint8)), income=11_000.0, year=2019)
    assert (again.poor == POOR).all() and again.returned.sum() == 120


def test_finding_more_of_those_at_risk_makes_no_more_of_them():
    """Whether the clerks look or not, 120 members of lifted homes are in danger."""
    homes = village(permanent=np.full(40, 11_000.0), poor=np.full(40, LIFTED, np.uint8))
    blind, seeing = (register(homes, income=11_000.0, year=2020, money=money) for money in (0.0, 1e9))
    assert blind.returned.sum() == seeing.returned.sum() == 120
    assert blind.entered.sum() < seeing.entered.sum()


def test_the_poverty_register_is_left_when_income_lasts():
    """One good year is not enough: the usual income must reach the line too."""
    poor = np.full(40, POOR, np.uint8)
    good = village(poor=poor, permanent=np.full(40, 9_600.0))
    assert (register(good, income=13_000.0, money=0.0).poor == POOR).all()  # usually 3,767 a head
    assert (register(good, income=15_000.0, money=0.0).poor == LIFTED).all()  # usually 4,100


def test_who_is_out_of_danger_is_struck_off_by_review():
    homes = village(monitored=np.ones(40, np.uint8))
    after = register(homes, money=0.0)
    assert after.cleared.sum() == 3 * (after.monitored == 0).sum()
    assert (after.monitored == 0).mean() == pytest.approx(P.safe_years, abs=0.2)
    assert (register(homes, bill=6_000.0).monitored == 1).all()
    gone = register(homes._replace(poor=np.full(40, POOR, np.uint8)), at_home=0)
    assert gone.cleared.sum() == 120 and (gone.poor == LIFTED).all()


def test_urban_households_are_on_no_register():
    urban = village(farm_hukou=np.zeros(40, np.uint8))
    after = register(urban, income=3_000.0, bill=6_000.0)
    assert after.poor_persons.sum() == after.at_risk.sum() == after.monitored.sum() == 0
    assert (after.shock == ILLNESS).all()


def decide(homes, standard=5_000.0, p=P):
    size = homes.number.size
    return relief.decide(homes, np.full(size, 3, np.int32), np.full(7, standard), p, seed=0)


def test_the_allowance_tops_up_whom_the_clerks_find():
    size = 4_000
    base = small_world(size).households
    columns = {
        "first": 3 * np.arange(size + 1), "farm_hukou": np.ones(size, np.uint8), "income": np.full(size, 12_000.0),
        "aid": np.zeros(size), "poor": np.full(size, NEVER_POOR, np.uint8), "monitored": np.zeros(size, np.uint8),
    }  # fmt: skip
    unknown = decide(base._replace(**columns))
    drawn = unknown.allowance > 0.0
    assert unknown.allowance[drawn] == pytest.approx(3 * 1_000 * 0.8)
    assert drawn.mean() == pytest.approx(1 - 0.5, abs=0.03)
    by_county = np.bincount(base.county, unknown.allowance, 7)
    assert unknown.asked == pytest.approx(by_county)
    # The monitored, the registered and the lifted are known: a quarter of them is overlooked.
    for change in ({"monitored": 1}, {"poor": POOR}, {"poor": LIFTED}):
        known = decide(base._replace(**columns | {k: np.full(size, v, np.uint8) for k, v in change.items()}))
        assert (known.allowance > 0.0).mean() == pytest.approx(1 - 0.25, abs=0.03)
        assert (known.allowance >= unknown.allowance).all()
    richer = decide(base._replace(**columns | {"income": np.full(size, 30_000.0)}))
    assert (richer.allowance > 0.0).mean() == pytest.approx(0.03, abs=0.01)
    assert richer.allowance[richer.allowance > 0.0] == pytest.approx(3 * 5_000 * 0.3)
    assert decide(base._replace(**columns), standard=0.0).asked.sum() == 0.0


def test_a_lump_sum_pays_every_drawer_the_same():
    homes = village(income=np.linspace(0.0, 14_000.0, 40))
    same = decide(homes, p=ReliefParameters(lump_sum_cut=1.0)).allowance
    assert set(same) == {0.0, 3 * 5_000 * 0.3}


PLAIN = """
import warnings; warnings.simplefilter("ignore")
from hashlib import blake2s
import numpy as np
from tianshui.mechanisms import relief
from worlds import small_world
homes = small_world(300).households
at_home = np.diff(homes.first).astype(np.int32)
at_home[::11] = 0
luck = np.random.default_rng(3)
bill, disaster = luck.exponential(3000.0, 300), (luck.random(300) < 0.1).astype(np.uint8)
p, digest = relief.ReliefParameters(), blake2s()
less, ages = luck.exponential(500.0, (3, 300)), luck.integers(0, 90, homes.first[-1]).astype(np.uint8)
means = relief.Means(at_home, homes.income, *less, bill, disaster)
for year in (2019, 2021):
    for column in relief.register(
        homes, means, ages, 4000.0, 3800.0, 0.4, np.full(7, 20.0), p, seed=0, year=year
    ):
        digest.update(column.tobytes())
for column in relief.decide(homes, at_home, np.full(7, 5000.0), p, seed=0):
    digest.update(column.tobytes())
print(digest.hexdigest())
"""


def test_plain_python_gives_the_same_bytes():
    compiled, plain = both_ways(PLAIN)
    assert compiled == plain != b""
