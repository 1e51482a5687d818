"""Nature: land in whole cells, stands by age, soil under trees, a river whose books close, carbon."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from tianshui.declare import declared
from tianshui.evidence import table
from tianshui.mechanisms import ecology
from tianshui.mechanisms.ecology import AGES, EcologyParameters, Land
from worlds import small_world

P = EcologyParameters()
SEVEN = 7
NONE = np.zeros(SEVEN)
NO_CELLS = np.zeros(SEVEN, np.int64)
URBAN = np.array([377087.0, 274960, 58865, 118096, 138790, 109588, 63663])
VILLAGE = np.array([272699.0, 279155, 194167, 345616, 392993, 289240, 200583])
SEWAGE = np.array([0.85, 0.85, 0.7, 0.7, 0.7, 0.7, 0.7])
WORKS = np.array([1200.0, 700, 120, 250, 400, 500, 230])
BUILT = np.rint(80.0 * URBAN * 150 / 10000)
FARMLAND = np.array([846792, 781458, 550644, 1056477, 1162500, 787192, 560060]) * 10
ORCHARD = np.array([80636, 466152, 141429, 613700, 99692, 74960, 53332]) * 10


def ground(converted=0, share=1.0) -> Land:
    """Land of households: Gangu's classes everywhere, `converted` cells a county taken from steep land."""

    def part(of: float) -> np.ndarray:
        return np.floor(FARMLAND * of * share).astype(np.int64)

    plots = np.zeros((SEVEN, AGES), np.int64)
    plots[:, 1] = converted
    return Land(
        part(0.11), part(0.43), part(0.22), part(0.09) - converted, part(0.02), part(0.04), part(0.03), part(0.06),
        np.floor(ORCHARD * share).astype(np.int64), plots, np.tile(np.array([40000, 20000, 90000]) * share, (SEVEN, 1)),
    )  # fmt: skip


def begin(p=P, land=None, share=1.0):
    return ecology.opening(
        land or ground(share=share), built=np.rint(BUILT * share), urban=URBAN * share, village=VILLAGE * share,
        sewage=SEWAGE, industrial=WORKS * share, p=p, share=share,
    )  # fmt: skip


def live(nature, p=P, *, land=None, share=1.0, year=2016, seed=0, **other):
    given = {
        "built": NO_CELLS, "planted_mu": NONE, "control_km2": NONE, "terraced_mu": NONE, "converted": NO_CELLS,
        "reconverted": NO_CELLS, "urban": URBAN * share, "village": VILLAGE * share, "sewage": SEWAGE,
        "village_money": NONE, "industrial": WORKS * share, "drought": np.zeros(SEVEN, bool), "cpi": 1.0,
    }  # fmt: skip
    return ecology.advance(
        nature, land or ground(share=share), p=p, seed=seed, year=year, share=share, **(given | other)
    )


def test_the_evidence_adds_up():
    rows = {(row["county"], row["item"]): float(row["value"]) for row in table("nature")}
    assert ecology.facts("land_area").sum() == pytest.approx(14275, abs=1)
    assert ecology.facts("forest_area").sum() == rows["tianshui", "forest_area"] == 7112000
    # 7,600 km2 are 78.83 % of 9,641 km2.
    assert rows["tianshui", "eroded_land"] == pytest.approx(7600 / 0.7883, abs=0.1)
    assert ecology.facts("eroded_land").sum() == pytest.approx(rows["tianshui", "eroded_land"], abs=0.5)
    for row in table("nature"):
        assert float(row["low"]) <= float(row["value"]) <= float(row["high"])
        assert row["status"] in ("found", "derived", "recalled", "assumed") and row["source"]


def test_every_lever_has_a_price_that_is_declared():
    for number in declared(EcologyParameters).values():
        if number.kind == "lever":
            assert number.cost == "money" or number.cost in EcologyParameters.model_fields


# The start


@pytest.mark.parametrize("share", [1.0, 0.05, 0.01])
@pytest.mark.parametrize("converted", [0, 60000])
def test_the_start_meets_the_published_cover(share, converted):
    land = ground(round(converted * share), share)
    cover = ecology.forest_cover(begin(land=land, share=share), land, share)
    assert cover[-1] == pytest.approx(33.21, abs=0.005)
    assert cover[1] == pytest.approx(68.0, rel=0.01)  # Maiji


def test_the_start_keeps_the_land_of_each_county():
    land = ground(60000)
    nature = begin(land=land)
    assert (ecology.land_gap(nature, land, BUILT) == 0).all()
    assert (nature.open_land > 0).all() and (nature.forest >= 0).all()
    # 14,275.1 km2 of 15,000 cells each.
    assert ecology.areas().sum() == pytest.approx(14275.1 * 15000, abs=4)


def test_most_reaches_start_at_class_two_or_three_and_the_hulu_is_worst():
    nature = begin()
    assert np.isin(nature.cod_class, (2, 3)).sum() >= 5
    assert nature.cod_class.argmax() == ecology.QINAN
    assert nature.concentration[:, 0].argmax() == ecology.QINAN


def test_households_with_more_land_than_the_county_are_refused():
    with pytest.raises(ValueError, match="zhangjiachuan"):
        land = ground()
        flat = land.flat.copy()
        flat[6] += ecology.areas()[6]
        begin(land=land._replace(flat=flat))


# Land of households


def test_land_is_counted_as_the_columns_say():
    homes = small_world(500).households
    land = ecology.land(homes, 2020)
    for name in ("flat", "terrace", "slope", "steep", "idle_terrace", "idle_slope", "idle_steep", "let"):
        column = np.bincount(homes.county, weights=getattr(homes, name), minlength=SEVEN)
        assert getattr(land, name).tolist() == column.tolist()
    # Enrolled in 2014 and 2015: six and five years before the end of 2020.
    for age, year in ((6, 2014), (5, 2015)):
        area = np.where(homes.converted_year == year, homes.converted, 0)
        assert land.converted[:, age].tolist() == np.bincount(homes.county, area, SEVEN).tolist()
    assert land.converted.sum() == homes.converted.sum()
    assert (ecology.converted_by_age(homes, 2100)[:, -1] == land.converted.sum(axis=1)).all()
    assert land.animals[:, 1].sum() == homes.sheep.sum()


@given(mu=st.lists(st.floats(0.0, 400.0), min_size=SEVEN, max_size=SEVEN))
def test_terraces_take_exactly_what_was_granted_from_slopes(mu):
    homes = small_world(300).households
    granted = np.array(mu)
    after = ecology.build_terraces(homes, granted)
    moved = (homes.slope - after.slope).astype(np.int64)
    slopes = np.bincount(homes.county, homes.slope, SEVEN)
    wanted = np.minimum(np.floor(granted * 10 + 0.5), slopes)
    assert np.bincount(homes.county, moved, SEVEN).tolist() == wanted.tolist()
    assert (after.terrace - homes.terrace == moved).all()
    assert (moved >= 0).all() and (after.slope >= 0).all()
    # At most one household of a county is levelled in part.
    partly = (moved > 0) & (after.slope > 0)
    assert np.bincount(homes.county, partly, SEVEN).max() <= 1


def test_terraces_do_not_depend_on_rows_and_more_money_keeps_the_same_households():
    homes = small_world(300).households
    order = np.argsort(homes.number)[::-1]
    turned = homes._replace(
        **{name: getattr(homes, name)[order] for name in homes._fields if name != "first"}
    )
    little, much = np.full(SEVEN, 8.0), np.full(SEVEN, 30.0)
    straight, back = ecology.build_terraces(homes, little), ecology.build_terraces(turned, little)
    assert (straight.slope[order] == back.slope).all()
    more = ecology.build_terraces(homes, much)
    assert (more.slope <= straight.slope).all() and more.slope.sum() < straight.slope.sum()


# Forest


def test_stands_age_by_exactly_one():
    safe = EcologyParameters(surv_tree=1.0, fire=0.0, water_cut=1.0)
    nature = begin(safe)
    after = live(nature, safe).after
    assert (after.forest[:, 1:-1] == nature.forest[:, :-2]).all()
    assert (after.forest[:, -1] == nature.forest[:, -2] + nature.forest[:, -1]).all()
    assert (after.forest[:, 0] == 0).all()


def test_three_quarters_of_a_plantation_stand_at_five():
    p = EcologyParameters(water_cut=1.0, fire=0.0)
    nature = begin(p)._replace(forest=np.zeros((SEVEN, AGES), np.int64))
    now = live(nature, p, planted_mu=np.full(SEVEN, 10000.0)).after
    # 10,000 mu of which 0.8 are fresh: 80,000 cells.
    assert (now.forest[:, 0] == 80000).all()
    for year in range(2017, 2022):
        now = live(now, p, year=year).after
    assert now.forest[:, 5] == pytest.approx(np.full(SEVEN, 60000), abs=5)  # 0.75 of them


def test_planting_needs_open_land_and_towns_come_first():
    nature = begin()
    room = nature.open_land.copy()
    flows = live(nature, planted_mu=np.full(SEVEN, 1e9), built=room // 2)
    left = room - room // 2
    assert (flows.planted == np.floor(0.7 * left)).all()
    assert (flows.after.open_land == left - flows.planted + flows.lost).all()
    with pytest.raises(ValueError, match="open land"):
        live(nature, built=room + 1)
    asked = ecology.plantable(nature, P)
    assert live(nature, planted_mu=asked).planted == pytest.approx(np.floor(0.7 * room), abs=1)


def test_dry_counties_lose_more_young_trees_and_the_cut_frees_them():
    wide = np.full(SEVEN, 0.6)
    moist = ecology.water(wide, P)
    # Gangu: 473.1 mm carry 0.25 + 0.38 * 0.231 = 0.3378; (0.3378 / 0.6)^1.5 = 0.4224.
    assert moist[ecology.GANGU] == pytest.approx(0.4224, abs=1e-4)
    assert moist[ecology.QINGSHUI] == 1.0  # 564.5 mm carry 0.685
    assert (ecology.water(np.full(SEVEN, 0.1), P) == 1.0).all()
    assert (ecology.water(wide, EcologyParameters(water_cut=1.0)) == 1.0).all()
    crowded = np.full((SEVEN, AGES), 400000)
    nature = begin()._replace(forest=crowded)
    assert (
        live(nature).lost[ecology.GANGU] > live(nature, EcologyParameters(water_cut=1.0)).lost[ecology.GANGU]
    )


def test_cover_rises_by_less_than_a_point_a_year_at_the_limit_of_the_lever():
    land = ground()
    nature = begin(land=land)
    most = declared(EcologyParameters)["afforestation"].within[1]
    cover = ecology.forest_cover(nature, land)[-1]
    for year in range(2016, 2021):
        nature = live(nature, planted_mu=np.full(SEVEN, most), year=year).after
        risen = ecology.forest_cover(nature, land)[-1] - cover
        assert 0.0 < risen < 1.0
        cover += risen


@settings(max_examples=25)
@given(
    seed=st.integers(0, 1000),
    year=st.integers(2016, 2035),
    planted=st.floats(0, 40000),
    built=st.integers(0, 5000),
    share=st.sampled_from([1.0, 0.05, 0.004]),
)
def test_land_reaches_and_carbon_close(seed, year, planted, built, share):
    land, before = ground(share=share), begin(share=share)
    town = np.full(SEVEN, int(built * share))
    flows = live(
        before, share=share, seed=seed, year=year, planted_mu=np.full(SEVEN, planted * share), built=town
    )
    after = flows.after
    assert (ecology.land_gap(after, land, np.rint(BUILT * share) + town, share) == 0).all()
    assert (after.forest.sum(axis=1) - before.forest.sum(axis=1) == flows.planted - flows.lost).all()
    scale = flows.river.entered.max()
    assert np.abs(ecology.reach_gap(before, flows)).max() <= 1e-12 * scale
    assert np.abs(ecology.carbon_gap(before, flows)).max() <= 1e-12 * before.carbon.max()
    assert (ecology.sediment_gap(flows) <= 0.0).all()
    assert all(column.min() >= 0 for column in after)


def test_a_year_repeats_and_another_seed_differs():
    nature = begin()
    one, two, other = live(nature, seed=1), live(nature, seed=1), live(nature, seed=2)
    for a, b in zip(one.after, two.after, strict=True):
        assert a.tobytes() == b.tobytes()
    assert one.after.soil_loss.tolist() != other.after.soil_loss.tolist()


# Soil


def test_soil_loss_of_one_class_by_hand():
    nature = begin()._replace(
        forest=np.zeros((SEVEN, AGES), np.int64), open_land=NO_CELLS, treated=ecology.eroded_area() * 0.5
    )
    empty = Land(
        *(NO_CELLS for _ in range(9)), np.zeros((SEVEN, AGES), np.int64), np.zeros((SEVEN, 3), np.int64)
    )
    hectare = np.full(SEVEN, 150)
    still = np.ones(SEVEN)

    def loss(**plots):
        return ecology.soil_loss(nature, empty._replace(**plots), still, P)

    # Half of the land is treated: works hold 0.4 * 0.5 of it; 48 * 0.8 = 38.4 t of a hectare of slope.
    assert loss(slope=hectare) == pytest.approx(np.full(SEVEN, 38.4))
    assert loss(steep=hectare) == pytest.approx(np.full(SEVEN, 38.4 * 1.5))
    assert loss(terrace=hectare) == pytest.approx(np.full(SEVEN, 48 * 0.15))  # 7.2
    plots = np.zeros((SEVEN, AGES), np.int64)
    plots[:, 4] = 150
    # Four years after planting: 6 + (48 - 6) / e = 21.45.
    assert loss(converted=plots) == pytest.approx(np.full(SEVEN, 6 + 42 / np.e))


def test_more_conversion_terraces_and_works_hold_more_soil():
    plain, converted = ground(), ground(converted=50000)
    nature = begin(land=plain)
    still = np.ones(SEVEN)
    before = ecology.soil_loss(nature, plain, still, P)
    assert (ecology.soil_loss(nature, converted, still, P) < before).all()
    levelled = plain._replace(slope=plain.slope - 10000, terrace=plain.terrace + 10000)
    assert (ecology.soil_loss(nature, levelled, still, P) < before).all()
    treated = live(nature, control_km2=np.full(SEVEN, 50.0)).after
    assert treated.treated.sum() == pytest.approx(nature.treated.sum() + 350.0)
    assert (ecology.soil_loss(nature._replace(treated=treated.treated), plain, still, P) < before).all()


def test_control_stops_where_all_is_treated():
    after = live(begin(), control_km2=np.full(SEVEN, 1e6)).after
    assert after.treated == pytest.approx(ecology.eroded_area())
    assert ecology.control_rate(after)[-1] == pytest.approx(100.0)
    # 6,400 of 9,641 km2.
    assert ecology.control_rate(begin())[-1] == pytest.approx(66.38, abs=0.01)


def test_storms_have_mean_one_and_neighbours_share_them():
    years = np.array([ecology.weather(P, seed=seed, year=2020)[0] for seed in range(3000)])
    assert years.mean() == pytest.approx(1.0, abs=0.03)
    assert years.std() == pytest.approx(0.42, abs=0.04)
    # Of the logs; each pair shares the common part.
    assert np.corrcoef(np.log(years[:, 0]), np.log(years[:, 4]))[0, 1] == pytest.approx(0.6, abs=0.05)


# River


def test_a_single_load_thins_down_the_river_as_by_hand():
    p = EcologyParameters(water_swing=0.0)
    load = np.zeros((SEVEN, 2))
    load[ecology.WUSHAN] = 1000.0, 100.0
    springs, beyond = ecology.own_water(p)
    river = ecology.run_river(np.zeros((SEVEN, 2)), load, springs, beyond, p)
    # Decay at 11 degrees: 0.15 * 1.047^-9 = 0.0992 a day; a day's mixed reach lets 1 / 1.0992 = 0.9097 through.
    passed = 1.0 / (1.0 + 0.15 * 1.047**-9)
    assert passed == pytest.approx(0.9097, abs=1e-4)
    # The first day of the year finds the reaches empty: 1/365 of the flow is missing in each.
    for reach, times in ((ecology.WUSHAN, 1), (ecology.GANGU, 2), (ecology.MAIJI, 3)):
        assert river.left[reach, 0] == pytest.approx(1000.0 * passed**times, rel=0.01)
    assert (river.left[[0, 2, 3, 6]] == 0.0).all()
    out = river.left[ecology.WUSHAN, 0] / river.water[ecology.WUSHAN] * 1e6
    assert river.concentration[ecology.WUSHAN, 0] == pytest.approx(out)


def test_the_sum_of_tonnes_is_the_year_of_the_whole_river():
    """Against all reaches integrated at once from what they hold, under loads that differ."""
    p = EcologyParameters(zhang_to_hulu=0.3, k_nh3=0.05, transit=1.3)
    luck = np.random.default_rng(4)
    stored, load = luck.uniform(0, 50, (SEVEN, 2)), luck.uniform(0, 9000, (SEVEN, 2))
    parts, rates, flush = ecology.routing(p), 365 * np.array([p.k_cod, p.k_nh3]), 365 / p.transit

    def change(part: float, state: np.ndarray) -> np.ndarray:
        held = state.reshape(3, SEVEN, 2)[0]
        degrees = p.water_degrees - p.water_swing * np.cos(2 * np.pi * part) - p.reference_degrees
        decayed, left = rates * p.theta**degrees * held, flush * held
        return np.array([load + parts.T @ left - decayed - left, decayed, left]).ravel()

    begin = np.concatenate([stored.ravel(), np.zeros(4 * SEVEN)])
    wanted = solve_ivp(change, (0, 1), begin, "LSODA", rtol=1e-11, atol=1e-9).y[:, -1].reshape(3, SEVEN, 2)
    river = ecology.run_river(stored, load, *ecology.own_water(p), p)
    found = np.array([river.stored, river.decayed, river.left])
    assert found == pytest.approx(wanted, rel=2e-8)


def test_water_of_the_reaches_adds_up_to_what_leaves_in_maiji():
    springs, beyond = ecology.own_water(P)
    assert springs.sum() == pytest.approx(1.271e9)
    through = ecology.through_water(springs, beyond, P)
    assert through[ecology.MAIJI] == pytest.approx(1.271e9 + 4e8 + 1.6e8)
    assert through[ecology.GANGU] == pytest.approx((springs + beyond)[[ecology.WUSHAN, ecology.GANGU]].sum())


def test_town_sewage_by_hand():
    springs, beyond = ecology.own_water(P)
    burden = ecology.loads(
        urban=URBAN, village=VILLAGE, sewage=SEWAGE, village_money=NONE, industrial=WORKS,
        animals=np.zeros((SEVEN, 3)), sediment=NONE, springs=springs, beyond=beyond, p=P,
    )  # fmt: skip
    # Qin'an: 118,096 * 65 g * 365 = 2,801.8 t of COD; 1 - 0.7 * 0.9 = 0.37 stays.
    assert burden.towns[ecology.QINAN, 0] == pytest.approx(2801.8 * 0.37, rel=1e-4)
    # Villagers: 345,616 * 39 g * 365 * 0.17 = 836.4 t.
    assert burden.villages[ecology.QINAN, 0] == pytest.approx(836.4, rel=1e-3)
    # Qinzhou's own section sees 0.4 of its works; all of it is somewhere.
    assert burden.works[0, 0] == pytest.approx(480.0)
    assert burden.works.sum(axis=0) == pytest.approx([WORKS.sum(), 0.04 * WORKS.sum()])


@pytest.mark.parametrize(
    ("cod", "ammonia", "expected"),
    [
        (15.0, 0.15, 1),
        (15.0, 0.2, 2),
        (15.1, 0.1, 3),
        (20.0, 1.0, 3),
        (20.1, 0.1, 4),
        (3.0, 1.6, 5),
        (41.0, 0.1, 6),
    ],
)
def test_classes_are_those_of_the_standard(cod, ammonia, expected):
    assert ecology.water_classes(np.tile([cod, ammonia], (SEVEN, 1))).tolist() == [expected] * SEVEN


def test_sewage_clean_villages_and_wet_years_clean_the_river():
    nature = begin()
    plain = live(nature).river.concentration
    assert (live(nature, sewage=np.ones(SEVEN)).river.concentration < plain).all()
    money = live(nature, village_money=60.0 * VILLAGE)
    assert (money.river.concentration < plain).all()
    # 60 yuan a villager halve what reaches the river.
    assert money.loads.villages == pytest.approx(live(nature).loads.villages / 2.0)
    assert (live(nature, drought=np.ones(SEVEN, bool)).river.concentration > plain).all()
    assert (live(nature, industrial=2.0 * WORKS).river.concentration > plain).any()


def test_a_small_world_has_the_river_of_the_large_one():
    assert begin(share=0.01).concentration == pytest.approx(begin().concentration, rel=1e-4)


def test_reach_load_is_what_keeps_the_reach_as_it_is():
    p = EcologyParameters(water_swing=0.0)
    nature = begin(p)
    flows = live(nature, EcologyParameters(water_swing=0.0, storm_cv=0.05, flow_cv=0.0))
    assert ecology.reach_load(nature, p) == pytest.approx(flows.river.entered, rel=0.01)


# Carbon


def test_growth_is_fastest_at_its_age_and_as_fast_as_declared():
    age = np.linspace(0.0, 60.0, 6001)
    rate = np.gradient(ecology.stand_carbon(age, P), age)
    assert rate.max() == pytest.approx(1.5, rel=1e-3)
    assert age[rate.argmax()] == pytest.approx(17.0, abs=0.05)
    # C_max = 1.5 / (ln 3 / 17 * (2/3)^2) = 52.2 t a hectare.
    assert ecology.stand_carbon(np.array([1000.0]), P) == pytest.approx(1.5 / (np.log(3) / 17 * 4 / 9))


def test_a_stand_holds_its_curve_as_it_ages():
    p = EcologyParameters(surv_tree=1.0, fire=0.0, water_cut=1.0)
    nature = begin(p)
    for year in (2016, 2017, 2018):
        nature = live(nature, p, year=year, planted_mu=np.full(SEVEN, 1000.0)).after
    curve = nature.forest @ ecology.stand_carbon(np.arange(AGES, dtype=float), p) / 150.0
    assert nature.carbon == pytest.approx(curve)


def test_only_stands_planted_since_the_start_are_additional():
    nature, land = begin(), ground(converted=1500)
    assert (ecology.additional_uptake(nature, land.converted, 2016, P) == 0.0).all()
    forest = np.zeros((SEVEN, AGES), np.int64)
    forest[:, 3], forest[:, 30] = 150, 15000
    young = ecology.additional_uptake(nature._replace(forest=forest), np.zeros_like(forest), 2020, P)
    step = np.diff(ecology.stand_carbon(np.array([2.0, 3.0]), P))
    assert young == pytest.approx(np.full(SEVEN, step[0]))  # a hectare; the stand of 30 does not count


def test_ploughing_and_fire_take_carbon():
    land = ground(converted=50000)
    nature = begin(land=land)
    plain = live(nature, land=land)
    ploughed = live(nature, land=land, reconverted=np.full(SEVEN, 20000))
    burnt = live(nature, EcologyParameters(fire=0.02), land=land)
    assert (ploughed.carbon_loss > plain.carbon_loss).all()
    assert (burnt.carbon_loss > plain.carbon_loss).all()
    assert (plain.carbon_uptake == ploughed.carbon_uptake).all()
