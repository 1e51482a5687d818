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
    state, p=P, *, urban=URBAN, village=VILLAGE, land=OPEN, money=ZERO, homes=ZERO, sewage=ZERO, public=PUBLIC
):
    return towns.grow(
        state, public, urban=urban, village=village, open_land=land, service_money=money, public_homes=homes,
        sewage_money=sewage, cost_index=1.0, cpi=1.0, p=p,
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
