"""Towns: crowding, homes, land in whole cells, sewage places, and two loops that can be cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tianshui.mechanisms import towns
from tianshui.mechanisms.towns import TownsParameters
from tianshui.state import PublicCapital

P = TownsParameters()
URBAN = np.array([377087.0, 274960, 58865, 118096, 138790, 109588, 63663])
VILLAGE = np.array([272699.0, 279155, 194167, 345616, 392993, 289240, 200583])
ZERO = np.zeros(7)
STOCK = np.full((7, 5), 1e9)
PUBLIC = PublicCapital(STOCK, np.zeros((7, 5, 6)), STOCK, np.ones(7))
OPEN = np.full(7, 10_000_000)


def begin(p=P):
    return towns.opening(URBAN, VILLAGE, np.full(7, 1000), p)


def grow(
    state,
    p=P,
    *,
    urban=URBAN,
    village=VILLAGE,
    land=OPEN,
    money=ZERO,
    homes=ZERO,
    sewage=ZERO,
    public=PUBLIC,
    works=None,
    quota=ZERO,
):
    return towns.grow(
        state, public, urban=urban, village=village, open_land=land, service_money=money, public_homes=homes,
        sewage_money=sewage, quota_sold=quota, cost_index=1.0, cpi=1.0, p=p, works=works,
    )  # fmt: skip


def test_the_start_is_built_as_the_land_cover_says():
    cells = begin().built
    # 80 m2 for 1.14 million residents = 91.3 km2; a tenth of a mu is 66.67 m2.
    assert cells.sum() * 66.6667 / 1e6 == pytest.approx(91.63, rel=0.01)
    assert (cells == np.rint(cells)).all()


def test_nothing_changes_services_when_nothing_moves():
    after = grow(begin()).after
    assert after.services == pytest.approx(np.full(7, 1.5))
    assert after.village_services == pytest.approx(np.ones(7))


def test_crowding_lowers_town_services_and_helps_the_village_left_behind():
    after = grow(begin(), urban=URBAN * 1.5, village=VILLAGE * 0.8).after
    assert after.services == pytest.approx(np.full(7, 1.5 * 1.5**-0.4))  # 1.275
    assert after.village_services == pytest.approx(np.full(7, 0.8**-0.4))  # 1.093


def test_a_thousand_yuan_a_resident_buys_a_log_step():
    after = grow(begin(), money=URBAN * 1000.0).after
    assert after.services == pytest.approx(np.full(7, 1.5 * (1 + 0.12 * np.log(2))))


def test_more_families_than_homes_make_homes_dearer_and_developers_build():
    calm, crowded = grow(begin()), grow(begin(), urban=URBAN * 1.1)
    assert (crowded.after.price > calm.after.price).all()
    assert (crowded.homes_built > calm.homes_built).all()
    # At the start's balance the margin is 12 %: 0.25 * 0.12 = 3 % of homes are built.
    assert calm.homes_built == pytest.approx(0.03 * begin().homes)
    # 0.4 * (1.1 ** 1.2 - 1) = 4.85 % dearer after a year.
    assert crowded.after.price / calm.after.price == pytest.approx(np.full(7, 1 + 0.4 * (1.1**1.2 - 1)))


def test_on_quota_that_towns_would_have_used_no_homes_are_built():
    without, with_it = grow(begin()), grow(begin(), quota=np.full(7, 100.0))
    # 0.2 of 100 mu = 20 mu = 200 cells; a home takes 120 m2 = 1.8 cells: 111.1 homes fewer.
    assert without.homes_built - with_it.homes_built == pytest.approx(np.full(7, 200.0 / 1.8))
    assert without.land - with_it.land == pytest.approx(np.full(7, 200), abs=1)
    assert not grow(begin(), quota=np.full(7, 1e9)).homes_built.any()
    assert (grow(begin(), quota=np.full(7, 1e9), homes=np.full(7, 50.0)).homes_built == 50.0).all()


def test_cut_loops():
    cut = P.model_copy(update={"elastic_cut": 1.0, "density_cut": 1.0})
    after = grow(begin(), cut, urban=URBAN * 1.2).after
    assert after.price == pytest.approx(begin().price)
    assert after.density == pytest.approx(np.ones(7))
    assert (grow(begin(), urban=URBAN * 1.2).after.density > 1.0).all()


def test_sewage_places_thin_out_and_are_bought():
    after = grow(begin(), urban=URBAN * 1.1).after
    assert after.sewage == pytest.approx(begin().sewage / 1.1)
    # 2,200 yuan a resident: money for a tenth of the residents adds ten points.
    after = grow(begin(), sewage=0.1 * URBAN * 2200.0).after
    assert after.sewage == pytest.approx(begin().sewage + 0.1)


@given(st.integers(0, 5000), st.floats(0.5, 3.0), st.floats(0, 20000))
def test_towns_never_build_on_more_land_than_there_is(land, growth, homes):
    out = grow(begin(), urban=URBAN * growth, land=np.full(7, land), homes=np.full(7, homes))
    assert (out.land <= land).all() and (out.land >= 0).all()
    assert (out.after.built - begin().built == out.land).all()
    for column in out.after:
        assert column.min() >= 0


# --- What programmes have made ------------------------------------------------------------------------


def works(**made) -> towns.Works:
    return towns.Works(**{**dict.fromkeys(towns.Works._fields, ZERO), **made})


def test_works_of_nothing_change_nothing():
    plain, idle = grow(begin()), grow(begin(), works=works())
    for a, b in zip(plain.after, idle.after, strict=True):
        assert (a == b).all()


def test_serviced_land_makes_homes_cheaper_until_there_is_enough():
    # 8 m2 a resident are 8 * 377,087 = 3.017 km2 in Qinzhou: 0.12 * (1 - 1/e) = 0.0759 off the log of the cost.
    land = P.district_half * URBAN / 1e6
    assert np.log(towns.relief(land, URBAN, P)) == pytest.approx(np.full(7, -0.12 * (1 - np.exp(-1))))
    assert np.log(towns.relief(1e6 * land, URBAN, P)) == pytest.approx(np.full(7, -0.12))
    plain, cheap = grow(begin()), grow(begin(), works=works(districts=land))
    # Four tenths of the gap to the lower price close in a year, and the price that still stands makes homes worth building.
    fall = 1.0 - np.exp(-0.12 * (1 - np.exp(-1)))
    assert cheap.after.price == pytest.approx(plain.after.price * (1.0 - P.adjust * fall))
    assert (cheap.homes_built > plain.homes_built).all()


def test_a_district_is_built_up_when_it_is_ready_and_the_homes_of_the_year_stand_on_it():
    plain = grow(begin())
    # 0.01 km2 are a hectare, 150 cells: less than what the homes of the year take anyway.
    assert (plain.land > 150).all()
    assert (grow(begin(), works=works(opened=np.full(7, 0.01))).land == plain.land).all()
    # 10 km2 are 150,000 cells.
    assert (grow(begin(), works=works(opened=np.full(7, 10.0))).land == 150_000).all()
    none = grow(begin(), land=np.zeros(7, np.int64), works=works(opened=np.full(7, 10.0)))
    assert not none.land.any()


def test_services_of_channels_lift_towns_and_villages_alike():
    after = grow(begin(), works=works(services=np.full(7, np.log(1.055)))).after
    assert after.services == pytest.approx(np.full(7, 1.5 * 1.055))
    assert after.village_services == pytest.approx(np.full(7, 1.055))


def test_empty_plots_are_no_town_and_later_homes_stand_on_them():
    """10 km2 of plots, 150,000 cells, are taken in the year they are ready; where homes of one year stand on some of them,
    the town is as dense as without; the next years' homes take the rest before open land.
    """
    plain, served = grow(begin()), grow(begin(), works=works(opened=np.full(7, 10.0)))
    stand = 1.8 * plain.homes_built  # 120 m2 are 1.8 cells
    assert plain.land == pytest.approx(stand, abs=1.0)
    assert served.after.empty == pytest.approx(150_000 - stand)
    assert served.after.density == pytest.approx(plain.after.density, rel=1e-4)
    second = grow(served.after)
    assert not second.land.any()
    assert second.after.empty == pytest.approx(served.after.empty - 1.8 * second.homes_built)
    # Where all open land is taken, homes still stand on what is empty.
    full = grow(served.after, land=np.zeros(7, np.int64))
    assert full.homes_built == pytest.approx(second.homes_built)


def test_a_renewed_home_is_lost_less_often_and_no_home_is_renewed_twice():
    homes = begin().homes
    plain, half, all_ = (
        grow(begin(), works=works(renewed=part * homes)).after.homes / homes for part in (0.0, 0.5, 9.0)
    )
    # 0.008 * 0.7 * 0.5 = 0.0028 and 0.0056 of all homes stay.
    assert half - plain == pytest.approx(np.full(7, 0.0028))
    assert all_ - plain == pytest.approx(np.full(7, 0.0056))
