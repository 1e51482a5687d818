"""Innovation: knowledge saturates, firms found elsewhere are not counted twice, envoys reach whom no cooperative serves.

Each lever at the top of its range with money without limit, against nought, moves what its item is for.
"""

from functools import partial

import numpy as np
import pytest

import lives
from tianshui import measures, registry
from tianshui.channels import innovation
from tianshui.channels.innovation import InnovationParameters
from tianshui.state import SECTORS
from worlds import small_world

P = InnovationParameters()
LEVERS = registry.levers()
OWN = [name for name in LEVERS if name.partition(".")[0] in ("delivery", "innovation")]
SAMPLE = 0.02
NONE, PEOPLE = np.zeros(7), np.full(7, 4e5)


# --- The equations ------------------------------------------------------------------------------------


def test_knowledge_lifts_those_who_use_it_and_saturates():
    stocks = [amount * PEOPLE for amount in (0.0, 500.0, 1000.0, 1e9)]
    rise = [innovation.productivity(stock, PEOPLE, P) for stock in stocks]
    using = rise[1][0] > 0.0
    assert [SECTORS[s] for s in using.nonzero()[0]] == [
        "equipment",
        "electronics",
        "processing",
        "other_industry",
        "technical",
    ]
    assert not rise[0].any()
    assert (rise[2][:, using] < 2.0 * rise[1][:, using]).all()
    assert rise[3][:, using] == pytest.approx(P.research_most)


def test_a_subsidy_adds_what_firms_would_not_have_spent():
    value_added = np.full((7, 10), 1e9)
    firms = small_world(100).industries._replace(value_added=value_added)
    (due,) = innovation.dues({"innovation.development_subsidy": np.full(7, 0.1)}, firms, P).values()
    assert due == pytest.approx(np.full(7, 0.1 * P.firm_development * 4e9))
    stocks = dict.fromkeys(("research", "laboratories"), NONE) | {
        "development": due,
        "talent": np.full(7, 10.0),
    }
    assert innovation.knowledge(stocks, P) == pytest.approx(P.added * due + 10.0 * P.talent_carries)


def test_incubated_firms_enter_two_sectors_by_their_jobs():
    jobs = np.zeros((7, 10), np.int64)
    jobs[:, innovation.ELECTRONICS], jobs[:, innovation.TECHNICAL] = 300, 100
    found = innovation.founded(np.full(7, 20.0), jobs, P)
    assert found.sum(axis=1) == pytest.approx(np.full(7, 20.0 * P.incubated_new))
    assert found[:, innovation.ELECTRONICS] == pytest.approx(3.0 * found[:, innovation.TECHNICAL])
    assert np.count_nonzero(found[0]) == 2


def test_envoys_reach_farms_without_a_cooperative_and_no_farm_twice():
    homes = small_world(400).households
    none = homes._replace(cooperative=np.zeros_like(homes.cooperative))
    few, many, all_ = (innovation.yields(np.full(7, n), none, P) for n in (0.1, 1.0, 1e6))
    assert (few > 0.0).all() and (many < 10.0 * few).all() and all_ == pytest.approx(np.full(7, P.envoy_gain))
    served = homes._replace(cooperative=np.ones_like(homes.cooperative))
    assert not innovation.yields(np.full(7, 1.0), served, P).any()
    assert not innovation.yields(NONE, homes, P).any()


# --- What the levers do -------------------------------------------------------------------------------


ends = partial(lives.ends, SAMPLE)


MOVES = {"innovation.envoys": "grain_output"}
"""What a lever moves where the first indicator of its item is another lever's: M07 counts the enterprises of its loans."""


@pytest.mark.parametrize("name", OWN)
def test_at_the_top_of_its_range_a_lever_moves_what_its_item_is_for(name):
    """The mean of ten years of some 1,400 enterprises: one year, or half of them, is mostly luck."""
    listed = measures.register()[LEVERS[name].measure].indicators
    (expected,) = [one for one in listed if one.indicator == MOVES.get(name, listed[0].indicator)]
    key = expected.area, expected.indicator
    change = np.mean(
        [
            with_it[key] / without[key] - 1.0
            for with_it, without in zip(ends(name, LEVERS[name].within[1]), ends(), strict=True)
        ]
    )
    print(f"{name}: {expected.indicator} {100 * change:+.2f} %, expected {expected.sign:+d}")
    assert change * expected.sign > 0.0


@pytest.mark.parametrize("name", OWN)
def test_at_nought_a_lever_moves_nothing(name):
    last, without = ends(name, 0.0)[-1], ends()[-1]
    assert all(last[key] == without[key] or last[key] != last[key] for key in without)
