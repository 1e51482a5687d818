"""The series: strict rows, right units, nothing of a fit after 2019, nothing read that is dated later."""

from collections import Counter

import pytest

from tianshui.evidence import table
from tianshui.experiments.series import BASES, FITTED, LAST_FIT, LAST_SCORE, USES, histories, observations

ROWS = observations(LAST_SCORE)
BY_KEY = {(row.area, row.indicator, row.year): row for row in ROWS if row.basis != "first_published"}


def one(**change) -> dict[str, str]:
    return {**table("series")[0], "year": "2019", "rests_on": "2019", "use": "fit"} | change


def test_rows_are_counted_by_use():
    counts = Counter(row.use for row in ROWS)
    print(dict(counts))
    assert dict(counts) == {"fit": 170, "weak_fit": 14, "growth": 4, "level": 137, "score": 180}
    assert len(ROWS) == len(table("series"))


def test_a_fit_sees_nothing_after_2019_and_nothing_of_another_basis():
    fitted = observations(LAST_FIT, FITTED)
    assert fitted == tuple(row for row in ROWS if row.use in FITTED)
    assert all(2016 <= row.year <= 2019 for row in fitted)
    assert {row.basis for row in fitted if row.use != "weak_fit"} == {"current"}
    assert {row.year for row in ROWS if row.use == "score"} == {2020, 2021}


@pytest.mark.parametrize(
    ("area", "indicator", "year", "value", "error"),
    [
        ("gangu", "own_revenue", 2015, 345_020_000, 3_450_000),  # 3.4502 (100m yuan), error 0.0345
        ("tianshui", "gdp_real", 2015, 49.7103e9, 0.4971e9),  # 497.103 (100m yuan)
        ("maiji", "household_savings", 2017, 17.103e9, 0.3421e9),  # 171.03
        ("tianshui", "registered_population", 2015, 3_671_723, 18_360),
        ("tianshui", "natural_growth", 2019, 3.41, 0.5),
        # 79.0787 / 73.2528; 2 % of each level, half of the variance shared: 2 % of the ratio
        ("gangu", "gdp_real_growth", 2020, 7.9531, 2.159),
        # 1.0499 nominal (9.5283 %) over consumer prices of 1.012859
        ("gangu", "gdp_real_growth", 2016, 8.1377, 4.0),
        ("tianshui", "value_added_primary_real", 2020, 12.564e9, 0.3769e9),  # 125.64
    ],
)
def test_values_stand_in_the_models_unit(area, indicator, year, value, error):
    row = BY_KEY[area, indicator, year]
    assert row.value == pytest.approx(value, rel=1e-4) and row.error == pytest.approx(error, rel=1e-3)


def test_real_growth_is_that_of_the_levels():
    for year in range(2016, 2020):
        ratio = BY_KEY["tianshui", "gdp_real", year].value / BY_KEY["tianshui", "gdp_real", year - 1].value
        assert BY_KEY["tianshui", "gdp_real_growth", year].value == pytest.approx(100 * (ratio - 1), abs=1e-3)


def test_a_county_has_one_level_of_its_product_and_no_fit_of_it():
    product = [row for row in ROWS if row.area != "tianshui" and row.indicator == "gdp_real"]
    assert {(row.year, row.use) for row in product} == {(2019, "level")} and len(product) == 7
    sectors = [row for row in ROWS if row.indicator.startswith("value_added") and row.use == "fit"]
    assert {(row.area, row.year) for row in sectors} == {("tianshui", 2019)} and len(sectors) == 3


def test_restated_tax_bases_are_not_fitted():
    restated = {(row.area, row.indicator, min(2020, row.year)) for row in ROWS if row.basis == "restated"}
    wanted = {("zhangjiachuan", "own_revenue", year) for year in range(2017, 2021)}
    assert restated == wanted | {("gangu", "own_revenue", year) for year in range(2018, 2021)}
    history = histories(observations(LAST_FIT))
    assert list(history["zhangjiachuan", "own_revenue"]) == [2017, 2018, 2019]
    assert list(history["maiji", "own_revenue"]) == [2015, 2016, 2017, 2018, 2019]


def test_what_rests_on_the_census_of_2020_can_be_left_out():
    early = observations(LAST_FIT, resting=True)
    assert not [row for row in early if row.rests_on > LAST_FIT]
    left = {(row.area, row.indicator) for row in observations(LAST_FIT) if row not in early}
    assert left == {("tianshui", name) for name in ("resident_population", "urban_share", "net_away")}
    # what was published before the census remains, under its own basis
    first = histories(early, "first_published")
    assert first["tianshui", "resident_population"][2019].value == 3_368_900
    assert list(first["tianshui", "urban_share"]) == [2011, 2015, 2018, 2019]
    assert list(histories(early)["tianshui", "urban_share"]) == [2010]


def test_what_must_not_be_used_is_not_there():
    assert ("qinzhou", "own_revenue", 2019) not in BY_KEY and ("qinzhou", "spending", 2019) not in BY_KEY
    assert ("qinzhou", "rural_income_surveyed", 2019) not in BY_KEY and (
        "tianshui",
        "rural_income_surveyed",
        2016,
    ) not in BY_KEY
    assert ("gangu", "resident_population", 2016) not in BY_KEY and ("gangu", "gdp", 2019) not in BY_KEY


def test_later_rows_are_not_looked_at():
    poisoned = [
        {**row, "value": "poison", "unit": ""} if int(row["year"]) > 2019 else row for row in table("series")
    ]
    assert observations(LAST_FIT, rows=poisoned) == observations(LAST_FIT)
    with pytest.raises(ValueError, match="poison"):
        observations(LAST_SCORE, rows=poisoned)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"indicator": "birth_rat"}, KeyError, "did you mean 'birth_rate'"),
        ({"area": "city"}, KeyError, "unknown area of birth_rate 'city'"),
        ({"unit": "%"}, ValueError, "the model's is '1/1,000 persons'"),
        ({"error": "0"}, ValueError, "no number"),
        ({"value": "nan"}, ValueError, "no number"),
        ({"use": "score"}, ValueError, "cannot be of use 'score'"),
        ({"year": "2020", "rests_on": "2020"}, ValueError, "cannot be of use 'fit'"),
        ({"use": "guess"}, ValueError, "unknown use"),
        ({"basis": "restated"}, ValueError, "a fit to basis 'restated'"),
        ({"rests_on": "2018"}, ValueError, "contradict"),
        ({"status": "sure"}, ValueError, "unknown status"),
        ({"source_zh": ""}, ValueError, "no source"),
        ({"basis": "other"}, ValueError, "unknown basis"),
        ({"more": "1"}, ValueError, "columns"),
    ],
)
def test_a_wrong_row_is_an_error_that_says_so(change, error, words):
    assert observations(LAST_SCORE, rows=[one()])[0].basis in BASES
    with pytest.raises(error, match=words):
        observations(LAST_SCORE, rows=[one(**change)])


def test_a_row_that_is_there_twice_is_an_error():
    with pytest.raises(ValueError, match="there twice"):
        observations(LAST_SCORE, rows=[one(), one(value="1")])
    with pytest.raises(KeyError, match="unknown use"):
        observations(LAST_SCORE, ("fitt",))
    assert set(FITTED) < set(USES)
