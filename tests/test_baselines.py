"""Naive forecasts by hand, and that the choice among them never sees a year that is scored."""

import itertools
import math

import numpy as np
import pytest

from tianshui.evidence import table
from tianshui.experiments import baselines
from tianshui.experiments.baselines import (
    BASELINES,
    FILE,
    VIEWS,
    Choice,
    Seen,
    choose,
    chosen,
    forecasts,
    rolling,
    seen,
)
from tianshui.experiments.series import LAST_FIT, observations
from tianshui.mechanisms.demography import FERTILE, OLDEST
from tianshui.settings import Settings

YEARS = np.array([2020, 2021])
MAIJI, WHOLE = "maiji", "tianshui"


def known(series, province=None, ages=None, chosen=None) -> Seen:
    return Seen(2019, series, province or {2018: 6.3, 2019: 5.0}, ages, chosen or {})


def made(name: str, now: Seen, key) -> np.ndarray:
    """What a naive forecast gives for 2020 and 2021, in the stored unit."""
    z = BASELINES[name](now, key, YEARS)
    assert z is not None
    return baselines.back(key[1], z)


# --- By hand --------------------------------------------------------------------------------------------


def test_no_change_and_drift_by_hand():
    key = (MAIJI, "spending")
    now = known({key: {2015: 100.0, 2017: 121.0, 2019: 146.41}})  # a tenth a year, two years missing
    assert made("no_change", now, key) == pytest.approx([146.41, 146.41])
    assert made("drift", now, key) == pytest.approx([161.051, 177.1561])
    shares = known({(WHOLE, "forest_cover"): {2016: 20.0, 2018: 22.0}})
    assert made("drift", shares, (WHOLE, "forest_cover")) == pytest.approx([24.0, 25.0])  # a point a year


def test_growth_returns_to_a_mean_drawn_to_all_areas():
    """Changes of one area 1, 3, 1, 3 points, of another always 0: their means 2 and 0, everywhere 1.

    Deviations -1, 1, -1, 1: products -3 over squares 3, so nothing persists (not below nought) and the mean
    (8 + 1) / 5 = 1.8 comes each year.
    """
    one, other = (MAIJI, "forest_cover"), ("gangu", "forest_cover")
    now = known({
        one: dict(zip(range(2015, 2020), (10.0, 11.0, 14.0, 15.0, 18.0), strict=True)),
        other: dict.fromkeys(range(2015, 2020), 7.0),
    })  # fmt: skip
    assert made("ar1", now, one) == pytest.approx([19.8, 21.6])
    # A lasting deviation: -1, -1, 1, 1 gives products 1 over squares 3 and one of 1 more, a quarter.
    assert baselines.persistence([np.array([1.0, 1.0, 3.0, 3.0])]) == pytest.approx(0.25)
    rate = (WHOLE, "natural_growth")
    alone = known({rate: {2016: 1.0, 2017: 1.0, 2018: 3.0, 2019: 3.0}})
    # mean (8 + 2) / 5 = 2, of the last deviation 1 a quarter and a sixteenth are left
    assert made("ar1", alone, rate) == pytest.approx([2.25, 2.0625])
    assert BASELINES["ar1"](known({rate: {2016: 1.0, 2018: 3.0}}), rate, YEARS) is None


def test_exponential_smoothing_by_hand():
    """Values 10, 11, 13; level and trend 10 and 1 after the first, the first change.

    Second: forecast 10 + 0.9 = 10.9, error 0.1: level 10.9 + 0.8 x 0.1 = 10.98, trend 0.9 + 0.2 x (10.98 - 10 - 0.9)
    = 0.916. Third: forecast 10.98 + 0.8244 = 11.8044, level 11.8044 + 0.8 x 1.1956 = 12.76088, trend
    0.8244 + 0.2 x (12.76088 - 10.98 - 0.8244) = 1.015696. Then 12.76088 + 0.9 x 1.015696, and 0.81 of it more.
    """
    key = (WHOLE, "forest_cover")
    now = known({key: {2017: 10.0, 2018: 11.0, 2019: 13.0}})
    first = 12.76088 + 0.9 * 1.015696
    assert made("ets", now, key) == pytest.approx([first, first + 0.81 * 1.015696])
    rate = (WHOLE, "natural_growth")
    # 6; then 6 + 0.8 x (3.5 - 6) = 4, and no trend
    assert made("ets", known({rate: {2018: 6.0, 2019: 3.5}}), rate) == pytest.approx([4.0, 4.0])


def test_log_odds_go_on_and_a_county_keeps_its_distance():
    """Odds 1/4, 1/3 (20 and 25 %): the next is 4/9, that is 4/13; a county at odds 1/2 of 2019's 1/3 stays 1.5 times it."""
    whole, county = (WHOLE, "urban_share"), (MAIJI, "urban_share")
    now = known({whole: {2018: 20.0, 2019: 25.0}, county: {2019: 100 / 3}}, chosen={whole: "logistic"})
    assert made("logistic", now, whole) == pytest.approx([400 / 13, 100 * (16 / 27) / (1 + 16 / 27)])
    odds = 1.5 * 4 / 9
    assert made("share", now, county)[0] == pytest.approx(100 * odds / (1 + odds))
    people = known({(WHOLE, "resident_population"): {2010: 300.0, 2018: 280.0, 2019: 270.0},
                    (MAIJI, "resident_population"): {2010: 60.0}},
                   chosen={(WHOLE, "resident_population"): "no_change"})  # fmt: skip
    assert made("share", people, (MAIJI, "resident_population")) == pytest.approx([54.0, 54.0])


def test_the_last_growth_of_the_province_goes_on():
    now = known({(MAIJI, "gdp_real"): {2019: 100.0}, (MAIJI, "gdp_real_growth"): {}})
    assert made("province", now, (MAIJI, "gdp_real")) == pytest.approx([105.0, 110.25])
    assert made("province", now, (MAIJI, "gdp_real_growth")) == pytest.approx([5.0, 5.0])


def test_cohorts_age_die_and_are_born():
    p = Settings().demography
    people = np.zeros((1, 2, 101))
    people[0, 1, 24], people[0, 0, 100] = 1000.0, 50.0
    after = baselines.survive(people, 2018, p)
    chance = baselines.demography.death_chances(74.75, p)
    assert after[0, 1, 25] == pytest.approx(1000 * (1 - chance[1, 24]))
    assert (
        after[0, 0, 100] == pytest.approx(50 * (1 - chance[0, 100])) and OLDEST > 100
    )  # the last age is open
    # half of the women's year at 24, half at 25: total fertility times their parts of the bell
    bell = np.exp(-(((np.arange(FERTILE, 50) - p.birth_age) / p.birth_spread) ** 2) / 2)
    tfr = p.tfr_2016 + (p.tfr_2020 - p.tfr_2016) / 3
    born = tfr * (500 * bell[24 - FERTILE] + after[0, 1, 25] / 2 * bell[25 - FERTILE]) / bell.sum()
    assert after[0, :, 0].sum() == pytest.approx(born)
    assert after[0, 0, 0] / after[0, 1, 0] == pytest.approx(p.sex_ratio)


def test_migration_of_the_last_year_stays():
    ages = np.full((7, 2, 101), 1000.0)
    totals = [ages.sum()]
    for year in range(2016, 2022):
        ages = baselines.survive(ages, year, Settings().demography)
        totals.append(ages.sum())
    key = (WHOLE, "resident_population")
    natural = [later / before for before, later in itertools.pairwise(totals)]  # of 2016, 2017, ...
    now = known({key: {2018: 1000.0, 2019: 980.0}}, ages=np.full((7, 2, 101), 1000.0))
    moved = 0.98 / natural[3]
    assert made("cohort", now, key) == pytest.approx([
        980 * natural[4] * moved, 980 * natural[4] * natural[5] * moved**2,
    ])  # fmt: skip
    parts = [made("cohort", now, (MAIJI, name)) for name in baselines.AGES]
    assert sum(parts) == pytest.approx([100.0, 100.0])


def test_rolling_forecasts_see_only_the_past():
    """1, 2, 4, 7, 11: no change misses by -2, -3, -4 from 2017 on, drift by -1, -1.5, -2."""
    key = (WHOLE, "forest_cover")
    values = dict(zip(range(2015, 2020), (1.0, 2.0, 4.0, 7.0, 11.0), strict=True))
    errors = rolling(known({key: values}), key, ["no_change", "drift"])
    assert errors["no_change"] == pytest.approx([-2.0, -3.0, -4.0])
    assert errors["drift"] == pytest.approx([-1.0, -1.5, -2.0])
    # without 2018 nothing is forecast one year ahead but 2017
    errors = rolling(
        known({key: {y: v for y, v in values.items() if y != 2018}}), key, ["no_change", "drift"]
    )
    assert errors["drift"] == pytest.approx([-1.0])


def test_an_interval_widens_with_the_years():
    now = known({(MAIJI, "spending"): {2018: 100.0, 2019: 100.0}, (WHOLE, "natural_growth"): {2019: 3.0}})
    choices = {
        (MAIJI, "spending"): Choice(MAIJI, "spending", "no_change", "log", 0.01, 0.02, 3),
        (WHOLE, "natural_growth"): Choice(WHOLE, "natural_growth", "no_change", "unit", 0.5, 1.0, 3),
    }
    found = forecasts((2020, 2021), now, choices)
    low, high = found[MAIJI, "spending", 2021].interval(0.95)
    assert (low, high) == pytest.approx(
        (100 * math.exp(-1.959964 * 0.02 * 2**0.5), 100 * math.exp(0.0554362)), rel=1e-6
    )
    assert found[WHOLE, "natural_growth", 2021].interval(0.5) == pytest.approx((3 - 0.67449, 3 + 0.67449))


# --- The choice -----------------------------------------------------------------------------------------


def test_no_later_value_is_in_what_is_known():
    for view in VIEWS:
        now = seen(view)
        assert max(max(one, default=0) for one in now.series.values()) == LAST_FIT == max(now.province)
    honest = seen("honest")
    assert honest.ages is None and honest.series[WHOLE, "resident_population"][2019] == 3_368_900
    assert seen("informed").series[WHOLE, "resident_population"][2019] == 3_014_400
    assert (WHOLE, "net_away") not in honest.series


def test_the_choice_is_the_same_when_every_later_value_is_poison():
    def poisoned(name):
        return [{**row, "value": "poison"} if int(row["year"]) > LAST_FIT else row for row in table(name)]

    assert sum(row["value"] == "poison" for row in poisoned("series")) == 180
    text = baselines.text(poisoned("series"), poisoned("outside"))
    assert text == FILE.read_text(encoding="utf-8"), "run: python -m tianshui.experiments.baselines"


def test_an_earlier_value_changes_the_choice():
    rows = [{**row, "value": "9e9"} if (row["area"], row["indicator"], row["year"]) == (MAIJI, "spending", "2018") else row
            for row in table("series")]  # fmt: skip
    assert choose(seen("honest", rows=rows)) != choose(seen("honest"))


@pytest.mark.parametrize("view", VIEWS)
def test_every_scored_series_with_a_past_has_a_baseline(view):
    choices, kept = chosen(view), {row.key for row in observations(LAST_FIT)}
    scored = {row.key for row in observations(2021, ("score",))}
    without = scored - set(choices)
    assert (
        without == {(WHOLE, name) for name in ("birth_rate", "death_rate", "transfers")}
        and not without & kept
    )
    assert all(
        one.baseline in BASELINES and one.scale == baselines.scale_of(one.indicator)
        for one in choices.values()
    )
    assert all(math.isnan(one.error) == (one.forecasts == 0) for one in choices.values())
    assert all(one.spread > 0 for one in choices.values() if one.forecasts)
