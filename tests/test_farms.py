"""Herds, stores, farm days, crop premiums and plots enrolled: what farms promise beyond the books of money."""

import numpy as np
import pytest

from lives import load, stored
from tianshui import channels, year
from tianshui import terms as terms_of
from tianshui.mechanisms import conversion, farming, outside, stores
from tianshui.mechanisms.conversion import ConversionParameters
from tianshui.mechanisms.farming import FarmingParameters
from tianshui.mechanisms.stores import StoresParameters
from tianshui.run import Years
from tianshui.settings import Settings
from tianshui.state import COUNTIES

SMALL, SEVEN = 0.002, len(COUNTIES)
P, S = FarmingParameters(), StoresParameters()
PICKED = np.linspace(1e7, 4e7, SEVEN)
NOBODY = np.zeros(SEVEN)


def a_year(numbers: Settings | None = None, name: str = "plan") -> list:
    """What the watcher of 2016 is shown."""
    seen = []
    start = stored(name, SMALL, 2015)
    year.live(
        start, load(name), numbers or Settings(), seed=0, share=SMALL, watch=lambda *all_: seen.extend(all_)
    )
    return seen


# --- Stores -------------------------------------------------------------------------------------------


def test_apples_come_and_go_by_hand():
    """Usual harvest of 100: 35 are held, 6 % of the opening 30 rot, 100 - 35 + 28.2 = 93.2 are sold."""
    found = stores.apples(np.array([30.0]), np.array([100.0]), 100.0, S)
    assert found.closing == pytest.approx([35.0]) and found.lost == pytest.approx([1.8])
    assert found.sold == pytest.approx([93.2])


def test_a_rich_harvest_fills_the_stores_up_to_their_room():
    """A harvest of 1.44 times the usual one is held at 0.35 * 1.2 = 0.42 of itself; room ends at a half."""
    one, two, glut = (stores.apples(NOBODY, times * PICKED, PICKED.sum(), S) for times in (1.0, 1.44, 9.0))
    assert one.closing == pytest.approx(0.35 * PICKED) and two.closing == pytest.approx(0.42 * 1.44 * PICKED)
    assert glut.closing == pytest.approx(0.5 * 9.0 * PICKED)


def test_usual_harvests_are_sold_as_usual_and_a_swing_of_harvests_is_damped():
    """Year after year of the usual harvest sells the usual amount; one half as large sells more than a half."""
    usual = float(PICKED.sum())
    opened = stores.opening(
        stored("plan", SMALL, 2015).markets, PICKED, PICKED, NOBODY, NOBODY, np.zeros((7, 3)), S
    )
    sales = stores.usual_sales(usual, usual, S)
    assert stores.apples(opened.apple_store, PICKED, usual, S).sold.sum() == pytest.approx(sales)
    poor = stores.apples(opened.apple_store, PICKED / 2.0, usual, S).sold.sum()
    assert 0.5 * sales < poor < sales
    bare = StoresParameters(apple_held=0.0)
    none = stores.apples(NOBODY, PICKED / 2.0, usual, bare).sold.sum()
    assert none == pytest.approx(usual / 2.0) and stores.usual_sales(usual, usual, bare) == pytest.approx(
        usual
    )


def test_who_holds_apples_pays_less_of_a_good_price_and_more_of_a_bad_one():
    """0.3 above trend, of which 0.6 is gone next year, with 0.35 of the harvest held: 0.3 * (1 - 0.21)."""
    assert stores.paid(0.3, 0.6, S) == pytest.approx(0.3 * 0.79)
    assert stores.paid(-0.3, 0.6, S) == pytest.approx(-0.3 * 0.79)
    assert stores.paid(0.3, 0.6, StoresParameters(apple_held=0.0)) == 0.3


def grain_year(opening: float, output: float) -> stores.Grain:
    """One county of 1,000 villagers, 1,000 townspeople and no animals, with a need of 273 t."""
    return stores.grain(
        np.array([opening]), np.array([output]), np.array([1e3]), np.array([1e3]), np.zeros((1, 3)), S
    )


def test_grain_stores_give_way_in_a_bad_year_before_grain_is_bought_in():
    """Stores hold 0.75 of the need of 273,000 kg at most, and 0.4 at least."""
    need, full = 273e3, 0.75 * 273e3
    good, bad, worst = (grain_year(full, output) for output in (1.4 * need, 0.8 * need, 0.4 * need))
    assert good.closing == pytest.approx([full]) and good.bought == 0.0
    assert good.sold == pytest.approx([0.4 * need - 0.05 * full])
    assert bad.bought == bad.sold == 0.0 and bad.closing == pytest.approx([0.95 * full - 0.2 * need])
    assert worst.closing == pytest.approx([0.4 * need]) and worst.sold == 0.0
    assert worst.bought == pytest.approx([0.4 * need - (0.95 * full - 0.6 * need)])


def test_grain_is_eaten_by_residents_and_fed_to_animals():
    """1,000 villagers at 160 kg and 500 townspeople at 113; 10 cattle at 250, 20 sheep at 40, 30 pigs at 220."""
    eaten, fed = stores.grain_need(np.array([1e3]), np.array([500.0]), np.array([[10, 20, 30]]), S)
    assert eaten == pytest.approx([216_500.0]) and fed == pytest.approx([9_900.0])


def test_the_start_is_a_store_that_usual_harvests_keep_up():
    """Where grain is plenty the store is full, where it is short it is at the least; between, it covers the loss."""
    need = np.full(SEVEN, 160e3)
    output = need * np.array([0.5, 0.9, 1.0, 1.03, 1.05, 1.2, 2.0])
    markets = stores.opening(
        stored("plan", SMALL, 2015).markets,
        PICKED,
        output,
        np.full(SEVEN, 1e3),
        NOBODY,
        np.zeros((SEVEN, 3)),
        S,
    )
    assert markets.grain_store / need == pytest.approx([0.4, 0.4, 0.4, 0.6, 0.75, 0.75, 0.75])
    after = stores.grain(markets.grain_store, output, np.full(SEVEN, 1e3), NOBODY, np.zeros((SEVEN, 3)), S)
    assert after.closing == pytest.approx(markets.grain_store)


def test_stores_of_a_sample_are_those_of_a_smaller_world():
    """A tenth of the world stores a tenth."""
    one = stores.grain(1e6 + NOBODY, 2e6 + NOBODY, 1e4 + NOBODY, 5e3 + NOBODY, np.full((7, 3), 500), S)
    tenth = stores.grain(1e5 + NOBODY, 2e5 + NOBODY, 1e3 + NOBODY, 5e2 + NOBODY, np.full((7, 3), 50), S)
    for name in one._fields:
        assert getattr(tenth, name) == pytest.approx(getattr(one, name) / 10.0)


def test_apples_and_grain_are_where_the_state_says():
    """A year's account: opening + output + bought in = used + sold + lost + closing, from state to state."""
    world = Years(load("plan"), sample=SMALL, until=2018)
    while world.state.year < 2018:
        before = world.state.markets
        world.step()
        assert world.last is not None
        after, flows = world.state.markets, world.last.accounts
        sold = before.apple_store * (1.0 - S.apple_loss) + flows.apple_kg - after.apple_store
        assert flows.apple_sold == pytest.approx(sold)
        assert float(after.apple_supply[0]) == pytest.approx(flows.apple_sold.sum())
        used = (
            before.grain_store * (1.0 - S.grain_loss) + flows.grain_kg + flows.grain_bought - flows.grain_sold
        )
        used = used - after.grain_store
        assert (used > 0.0).all() and (after.grain_store > 0.0).all()


# --- Farm days ----------------------------------------------------------------------------------------


def test_no_county_works_more_farm_days_than_its_workers_and_elders_have():
    """Days available, counted here from the persons: those of farm workers in villages who are well, and of elders."""
    homes = a_year()[6]
    persons, place = homes.persons, homes.households
    county = place.county[persons.household]
    here = (persons.place == county) & (persons.setting == 0) & (place.farm_hukou[persons.household] == 1)
    well = 1.0 - homes.ill.lost_work.astype(np.float64)
    elder = (persons.work == 0) & (persons.age >= 60) & (persons.age < 75)
    days = here * ((persons.work == 2) * well * P.work_days + elder * P.elder_days)
    available = np.bincount(county, weights=days, minlength=SEVEN)
    totals = homes.harvest.totals
    assert totals[:, farming.AVAILABLE] == pytest.approx(available)
    assert (totals[:, farming.USED] < available).all() and (totals[:, farming.USED] > 0.2 * available).all()


# --- Herds --------------------------------------------------------------------------------------------


def herd(heads: int = 4, hands: float = 2.0, *, nobody=False, able=True, gain=0.0, draw=0.0, lot=2) -> int:
    return farming.small_herd(heads, hands, nobody, able, gain, lot, draw, P.values)


def test_hands_add_and_a_lack_of_them_sells():
    """With hands and cash a lot is bought; short of hands a lot is sold, and all when nobody is left to farm."""
    assert herd() == 2 and herd(able=False) == 0
    assert herd(hands=0.3, able=False) == -2 and herd(1, 0.3, able=False) == -1
    assert herd(7, 0.0, able=False, nobody=True) == -7 and herd(0, 0.0, able=False, nobody=True) == 0
    assert herd(hands=0.3, able=False, draw=P.small_exit) == 0
    assert herd(draw=P.small_hazard) == 0 and herd(draw=0.999 * P.small_hazard) == 2


def test_a_household_without_the_kind_begins_more_rarely():
    assert herd(0, draw=0.999 * P.small_hazard * P.small_entry) == 2
    assert herd(0, draw=P.small_hazard * P.small_entry) == 0


def test_herds_follow_the_margin_over_the_usual_one():
    """A tenth of the price above the usual margin: adding 1.2 times as often. A tenth below: 0.8 times, and selling."""
    chance = P.small_hazard
    assert herd(gain=0.1, draw=1.19 * chance) == 2 and herd(gain=0.1, draw=1.21 * chance) == 0
    assert herd(gain=-0.1, draw=0.19 * chance) == -2
    assert herd(gain=-0.1, draw=0.21 * chance) == 2 and herd(gain=-0.1, draw=1.01 * chance) == 0
    assert herd(gain=-1.0, draw=2.01 * chance) == 0


def test_the_hog_cycle_moves_pigs_and_not_sheep():
    """In a year of dear pigs more are kept at its end than in a year of cheap ones, from the same state."""
    start = stored("plan", SMALL, 2015)
    ends = []
    for phase in (0.0, 2.3):
        markets = start.markets._replace(hog_phase=np.array([phase]))
        lived = year.live(start._replace(markets=markets), load("plan"), Settings(), seed=0, share=SMALL)
        homes = lived.state.households
        ends.append((int(homes.pigs.sum()), int(homes.sheep.sum())))
    assert ends[0][0] > ends[1][0]
    assert ends[0][1] == pytest.approx(ends[1][1], rel=0.01)


def test_what_animals_cost_and_bring_stands_on_the_households_books():
    """Household by household: bought and planted is invested, sold is sold, and neither is income."""
    homes = a_year()[6]
    out = homes.harvest
    rows, changed = out.changes.row, out.changes
    assert (out.sold > 0.0).sum() > 20 and ((changed.sheep > 0) | (changed.pigs > 0)).sum() > 20
    assert (np.delete(out.invested, rows) == 0.0).all() and (np.delete(out.sold, rows) == 0.0).all()
    money = homes.earned.money
    forced = money.sold - out.sold
    assert (forced >= -1e-9).all() and (
        forced[homes.earned.balance.cattle == homes.households.cattle] == 0.0
    ).all()
    assert (money.invested >= out.invested - 1e-6).all()
    plain = (changed.planted == 0) & (changed.cattle == 0)
    heads = (P.price_sheep * changed.sheep + P.price_pig * changed.pigs)[plain]
    moved = heads != 0
    ratio = (out.invested - out.sold)[rows][plain][moved] / heads[moved]
    assert (
        moved.sum() > 40 and np.ptp(ratio) < 1e-9 and 0.8 < ratio[0] < 1.0
    )  # prices of 2016 against those of 2019


def test_herds_stay_in_the_field_for_twenty_years():
    """Pigs and sheep move every year, and end between half of and twice what they were."""
    world = Years(load("plan"), sample=SMALL)
    pigs, sheep = [], []
    while True:
        homes = world.state.households
        pigs.append(int(homes.pigs.sum()))
        sheep.append(int(homes.sheep.sum()))
        if world.state.year == world.until:
            break
        world.step()
    for course in (pigs, sheep):
        assert len(set(course)) > 15
        assert course[0] / 2 < min(course) and max(course) < 2 * course[0]


# --- Weather ------------------------------------------------------------------------------------------


def fields_in(drought: float = 0.0, frost: float = 0.0) -> farming.Season:
    """The fields of a year of 2019 prices with a part of every county struck."""
    ones = np.ones(SEVEN)
    return farming.season(
        P, year=2016, deflate=1.0, drought=drought * ones, frost=frost * ones, apple_price=1.0, potato_price=1.0,
        margins=np.ones(3), usual_margins=np.ones(3), scale=ones, village_wage=60.0, support=0.0 * ones,
    )  # fmt: skip


def test_a_drought_takes_grain_and_potatoes_and_leaves_what_stands_by_water():
    """On slopes there are no vegetables, so all of the worth falls by the loss; where they stand, less of it does."""
    mild, dry = fields_in(), fields_in(drought=1.0)
    loss = 1.0 - dry.gross / mild.gross
    assert loss[:, 2:] == pytest.approx(P.l_drought)
    assert (loss[:, 0] < loss[:, 1]).all() and (loss[:, 1] < P.l_drought).all()
    assert dry.grain == pytest.approx((1.0 - P.l_drought) * mild.grain)
    # The mean of a county is told at terraces: what insurers and the public reckon with.
    assert 1.0 - dry.kept == pytest.approx(loss[:, 1]) and loss[0, 1] == pytest.approx(
        P.l_drought * dry.rainfed
    )
    assert dry.value - mild.value == pytest.approx(dry.gross - mild.gross)


def test_fruit_that_froze_is_neither_bagged_nor_picked():
    """Half the blossom lost spares half of what follows the fruit: 0.5 * 0.35 of the cost of an orchard."""
    mild, cold = fields_in(), fields_in(frost=0.5 / P.l_frost)
    assert cold.apple == pytest.approx(0.5 * mild.apple)
    assert cold.orchard_cost == pytest.approx((1.0 - 0.5 * 0.35) * mild.orchard_cost)


# --- Crop premiums ------------------------------------------------------------------------------------


def test_the_public_part_of_crop_premiums_never_exceeds_the_money_granted():
    """Where the year's premiums outgrow the ask the public part is cut, and households pay the rest."""
    seen = a_year()
    terms, state, homes = seen[3], seen[5], seen[6]
    money = state.granted.yuan("services.insurance")
    assert money.sum() > 0.0 and (homes.earned.subsidies <= money * (1.0 + 1e-12)).all()
    assert (homes.unspent["services.insurance"] >= 0.0).all()
    premiums = homes.harvest.totals[:, farming.INSURED]
    doubled = homes.harvest._replace(totals=homes.harvest.totals * 3.0)
    part = year._public_premium(terms, homes.harvest, state, Settings())
    cut = year._public_premium(terms, doubled, state, Settings())
    assert (premiums > 0.0).all() and (cut < part).all()
    assert (homes.earned.totals.of("crop_premiums") > 0.0).all()


# --- Conversion ---------------------------------------------------------------------------------------


def test_a_plot_whose_days_are_worth_more_elsewhere_is_given_up_for_nothing():
    """Steep land of 180 yuan and 7 days at half of 60 yuan: nothing forgone; slope of 414 yuan: 414 - 210 = 204."""
    normal, days = np.tile([900.0, 700.0, 414.0, 180.0], (7, 1)), np.tile([19.0, 11.0, 7.0, 7.0], (7, 1))
    worth = conversion.reckoned(normal, days, np.full(7, 60.0), ConversionParameters())
    assert worth[0] == pytest.approx([900.0 - 570.0, 700.0 - 330.0, 204.0, 0.0])


@pytest.mark.parametrize(
    ("taken", "ploughed", "idle", "lying"), [(5, 10, 10, 2), (5, 0, 5, 5), (3, 2, 1, 1), (0, 4, 4, 0)]
)
def test_ploughed_and_idle_plots_are_enrolled_in_proportion(taken, ploughed, idle, lying):
    assert conversion.idle_part(taken, ploughed, idle) == lying


def test_enrolment_takes_ploughed_land_and_so_frees_hands():
    """Land leaves its class for forest cell by cell, steep before slope; more than a fifth of it was ploughed."""
    homes = a_year()[6]
    out, before = homes.offers, homes.households
    after = conversion.settle_land(before, out, year=2016)
    lost = {name: getattr(before, name).astype(int) - getattr(after, name)
            for name in ("steep", "idle_steep", "slope", "idle_slope")}  # fmt: skip
    assert out.granted.sum() > 0 and (out.granted <= out.offered).all()
    enrolled, back = out.granted > 0, out.reconverted > 0
    assert (sum(lost.values())[enrolled] == out.granted[enrolled]).all() and not (enrolled & back).any()
    assert (lost["slope"][back] == -out.reconverted[back]).all()
    assert (after.converted - before.converted == out.granted - out.reconverted).all()
    steep_left = (after.steep + after.idle_steep)[enrolled]
    assert ((steep_left == 0) | ((lost["slope"] + lost["idle_slope"])[enrolled] == 0)).all()
    assert all((getattr(after, name) >= 0).all() for name in lost)
    assert (lost["steep"] + lost["slope"])[enrolled].sum() > 0.2 * out.granted.sum()
    for column, name in enumerate(("offered", "granted", "reconverted")):
        found = np.bincount(before.county, weights=getattr(out, name), minlength=SEVEN)
        assert (out.cells[:, column] == found).all()


def test_payments_due_on_vintages_are_counted_by_hand():
    """500, 300 and 400 yuan a mu after 0, 2 and 4 years, and 100 a year from 2022 on with two arrears for plots of 2015."""
    homes = stored("plan", SMALL, 2015).households
    rows = np.flatnonzero(homes.converted > 0)
    area = np.bincount(homes.county[rows], weights=homes.converted[rows] / 10.0, minlength=SEVEN)
    later = homes._replace(converted_year=np.where(homes.converted > 0, 2015, 0).astype(np.int16))
    p = ConversionParameters()
    for year_now, first, more in (
        (2015, 500.0, 0.0),
        (2017, 300.0, 0.0),
        (2019, 400.0, 0.0),
        (2021, 0.0, 0.0),
        (2022, 0.0, 300.0),
    ):
        due = conversion.dues(later, year_now, 1200.0, 100.0, p)
        assert due[0] == pytest.approx(first * area, rel=1e-4) and due[1] == pytest.approx(more * area)


def test_the_ask_for_premiums_is_the_sum_over_village_households():
    """Chance of those on a register and of others, times what land and animals yield in a normal year."""
    seen = a_year()
    people, terms = seen[1], seen[3]
    homes, fields = people.households, terms.fields
    cover = np.array([[0.1 + 0.01 * c, 0.3] for c in range(SEVEN)])
    found = farming.insured_value(homes, cover, fields)
    c = homes.county.astype(int)
    land = sum(
        fields.normal[c, k] * getattr(homes, name)
        for k, name in enumerate(("flat", "terrace", "slope", "steep"))
    )
    herd = sum(fields.margin[k] * getattr(homes, name) for k, name in enumerate(("cattle", "sheep", "pigs")))
    worth = np.maximum((land + fields.apple_net[c] * homes.orchard) / 10.0 + herd, 0.0)
    on = ((homes.poor != 0) | (homes.monitored == 1)).astype(int)
    farms = (homes.farm_hukou == 1) & (homes.in_town == 0)
    assert found == pytest.approx(np.bincount(c, weights=worth * cover[c, on] * farms, minlength=SEVEN))


def test_a_glut_of_apples_keeps_planters_away_and_dear_apples_call_them():
    """Loop B4: half as much again as usual was sold, so with an elasticity of -0.3 apples bring exp(-0.3 ln 1.5) of
    their price, and an orchard less than it costs more.
    """
    settings = Settings()
    state = stored("plan", 0.01, 2016)
    markets, jobs = state.markets, state.industries.jobs
    world = outside.look(markets, settings.outside, year=2017, seed=0)
    usual = [farming.usual_apples(markets, settings.farming, year=one) for one in (2016, 2015)]
    sales = stores.usual_sales(usual[0], usual[1], settings.stores)

    def orchard(sold, numbers=settings):
        seen = markets._replace(apple_supply=np.array([sold * sales]))
        return terms_of.build(world, seen, jobs, numbers, channels.none()).fields.apple_net

    gross = orchard(1.0) + markets.farm_scale * settings.farming.cost_apple * world.cpi / world.cpi_2019
    lost = orchard(1.0) - orchard(1.5)
    assert lost == pytest.approx(gross * (1.0 - 1.5**settings.farming.price_supply))
    assert (lost > 0.0).all() and (orchard(0.5) > orchard(1.0)).all()
    held = settings.model_copy(update={"farming": settings.farming.model_copy(update={"supply_cut": 1.0})})
    assert np.array_equal(orchard(0.5, held), orchard(1.5, held))
