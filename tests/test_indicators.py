"""The table of indicators is complete, unambiguous and says what it means in two languages."""

import math

import pytest

from tianshui import evidence, indicators, state
from tianshui.indicators import AREAS, DISTRIBUTIONS, GROUPS, HEADLINES, INDICATORS, areas_of, target_value

PROMISED = (
    "gdp", "gdp_real", "gdp_real_growth", "value_added_primary", "value_added_secondary",
    "value_added_tertiary", "eco_industry_share", "registered_population", "resident_population", "net_away",
    "urban_population", "urban_share", "village_share", "births", "deaths", "mean_age", "share_0_14",
    "share_15_64", "share_65plus", "life_expectancy", "rural_income", "urban_income", "rural_income_real",
    "urban_income_real", "urban_rural_income_ratio", "rural_income_wages", "rural_income_business",
    "rural_income_transfers", "rural_income_property", "rural_wage_share", "rural_gini", "urban_gini",
    "poor_persons", "poverty_incidence", "registered_poor", "at_risk_persons", "monitored_persons",
    "return_to_poverty_share", "farm_workers", "local_off_farm_workers", "away_workers", "post_workers",
    "workshop_workers", "pupils", "mean_schooling", "upper_secondary_entry", "dropouts", "farmland",
    "cropland_flat", "cropland_terrace", "cropland_slope", "cropland_steep", "idle_land", "let_land",
    "orchard_area", "grain_output", "apple_output", "converted_area", "converted_offered", "converted_new",
    "forest_area", "forest_cover", "soil_loss", "erosion_control_rate", "water_class", "good_water_share",
    "carbon_stock", "carbon_gain", "energy", "energy_intensity", "emissions", "industrial_load",
    "sewage_treatment", "own_revenue", "transfers", "earmarked", "bonds", "spending", "spending_rigid",
    "spending_interest", "spending_other", "spending_poverty", "spending_industry", "spending_urban",
    "spending_ecology", "spending_cross", "asked_poverty", "asked_industry", "asked_urban", "asked_ecology",
    "asked_cross", "own_revenue_share", "debt", "debt_ratio", "home_price", "town_services",
    "village_services", "hospital_beds", "public_capital", "cost_per_person_relieved",
    "cost_per_mu_converted", "cost_per_job_supported",
)  # fmt: skip


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def test_what_others_rely_on_is_there():
    tenths = [f"{setting}_income_decile_{k}" for setting in ("rural", "urban") for k in range(1, 11)]
    sectors = [f"value_added_{sector}" for sector in state.SECTORS]
    assert not [name for name in (*PROMISED, *tenths, *sectors) if name not in INDICATORS]
    assert not [name for name in HEADLINES if name not in INDICATORS]
    assert len(set(HEADLINES)) == len(HEADLINES)


def test_names_are_those_of_the_state():
    assert indicators.COUNTIES == state.COUNTIES
    assert tuple(indicators.SECTORS) == state.SECTORS
    assert tuple(AREAS)[7:] == ("city", "tianshui")


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=lambda row: row.name)
def test_every_indicator_speaks_both_languages_and_can_be_shown(indicator):
    assert INDICATORS[indicator.name] is indicator
    assert indicator.en and not has_chinese(indicator.en) and has_chinese(indicator.zh)
    assert indicator.unit and indicator.shown_en and indicator.shown_zh
    assert indicator.factor > 0 and math.isfinite(indicator.factor) and 0 <= indicator.decimals <= 3
    assert indicator.level in ("county", "budget", "tianshui")
    assert indicator.better in (-1, 0, 1) and indicator.group in GROUPS
    english, chinese = indicator.denominator
    assert bool(english) == bool(chinese)
    if chinese:
        assert has_chinese(chinese) and not has_chinese(english)
    if indicator.adds:
        assert not english, "a total has no denominator"


def test_names_shown_are_unique():
    for language in (1, 2):
        shown = [row[language] for row in INDICATORS.values()]
        assert len(set(shown)) == len(shown)


def test_money_is_shown_in_the_units_of_the_yearbooks():
    gdp = INDICATORS["gdp"]
    # 49.7 bn yuan = 497 times 100 million
    assert 49.7e9 * gdp.factor == pytest.approx(497.0) and gdp.shown_zh == "亿元"
    people = INDICATORS["resident_population"]
    # 3,115,500 persons = 311.55 times ten thousand
    assert 3_115_500 * people.factor == pytest.approx(311.55) and people.shown_zh == "万人"
    # 1.2 bn kg = 1.2 m tonnes = 120 times ten thousand tonnes
    assert 1.2e9 * INDICATORS["grain_output"].factor == pytest.approx(120.0)
    # 120,000 mu = 12 times ten thousand
    assert 120_000 * INDICATORS["converted_area"].factor == pytest.approx(12.0)


def test_areas_of_an_indicator():
    assert areas_of(INDICATORS["gdp"]) == (*state.COUNTIES, "tianshui")
    assert areas_of(INDICATORS["own_revenue"]) == (*state.COUNTIES, "city", "tianshui")
    assert areas_of(INDICATORS["life_expectancy"]) == ("tianshui",)


def test_an_unknown_name_names_its_neighbour():
    with pytest.raises(KeyError, match="did you mean 'rural_income'"):
        indicators.known("rural_incone", INDICATORS, "indicator")


def test_income_edges_rise_by_equal_steps():
    edges = indicators.income_edges()
    assert len(edges) == indicators.SHOWN_BINS + 1
    assert edges[0] == 100.0 and edges[-1] == pytest.approx(1e6)
    # 10,000-fold in 100 steps: each is the hundredth root
    assert edges[1] / edges[0] == pytest.approx(10_000 ** (1 / 100))


def test_distributions_are_declared():
    assert DISTRIBUTIONS["age_men"].last == 17 and DISTRIBUTIONS["rural_income_decile"].first == 1
    for row in DISTRIBUTIONS.values():
        assert has_chinese(row.zh) and has_chinese(row.bins_zh) and row.unit


# --- Aims --------------------------------------------------------------------------------------------

WORLD = {
    ("gdp", 2020): 60e9, ("gdp", 2025): 75e9, ("gdp_real", 2020): 58e9, ("gdp_real", 2035): 116e9,
    ("grain_output", 2025): 1.2e9, ("energy_intensity", 2020): 0.8, ("energy_intensity", 2035): 0.6,
    ("registered_poor", 2020): 12.0, ("good_water_share", 2020): 100.0,
}  # fmt: skip


def judged(name: str, year: int) -> float:
    targets = evidence.table("targets")
    row = next(t for t in targets if t["indicator"] == name and int(t["year"]) == year)
    return target_value(row, targets, lambda indicator, at: WORLD[indicator, at])


def test_aims_of_gdp_move_with_growth_from_2020():
    # 687.19 is the value of 2020 on the later census: 687.19 * 75 / 60
    assert judged("gdp", 2025) == pytest.approx(687.19 * 1.25)
    # at prices of 2020, real growth counts: 687.19 * 116 / 58
    assert judged("gdp", 2035) == pytest.approx(687.19 * 2.0)
    # 1.25 in five years
    assert judged("gdp_growth_2021_2025", 2025) == pytest.approx(100 * (1.25**0.2 - 1))


def test_aims_are_read_in_their_own_units():
    assert judged("grain_output", 2025) == pytest.approx(120.0)
    assert judged("registered_poor", 2020) == 12.0
    # 1 - 0.6 / 0.8
    assert judged("energy_intensity_cut_2020_2035", 2035) == pytest.approx(25.0)
    assert judged("good_water_sections", 2020) == 100.0


def test_every_modelled_aim_can_be_judged():
    targets = evidence.table("targets")
    for row in targets:
        if row["modelled"] == "yes":
            assert math.isfinite(target_value(row, targets, lambda indicator, at: 1.0)), row["id"]
