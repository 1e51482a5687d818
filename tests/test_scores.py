"""Scores by hand."""

import math

import numpy as np
import pytest

from tianshui.experiments.scores import (
    LEAST,
    Cell,
    anchored,
    by_block,
    by_series,
    coverage,
    crps,
    effective,
    interval,
    log_likelihood,
    mean_absolute_error,
    pit,
    pooled,
    quantile,
    relative,
    tally,
    with_error,
    without_county,
)


def cells(**misses) -> list[Cell]:
    """Two values of each area: 10 and 20, missed by the model as given, by the naive forecast by 2 and 2."""
    return [
        Cell(area, "spending", year, value, value + miss, value - 2.0)
        for area, both in misses.items() for year, value, miss in zip((2020, 2021), (10.0, 20.0), both, strict=True)
    ]  # fmt: skip


def test_misses_are_taken_relative_to_the_naive_forecast():
    value = np.array([10.0, 20.0])
    assert mean_absolute_error(value + [1, -3], value) == 2.0
    assert relative(value + [1, -3], value + [4, 4], value) == 0.5
    assert math.isnan(relative(value + 1, value, value))


def test_members_start_from_what_was_last_observed():
    members, last = np.array([110.0, 240.0]), np.array([100.0, 200.0])
    assert anchored(members, last, 50.0, log=True) == pytest.approx([55.0, 60.0])
    assert anchored(members, last, 50.0, log=False) == pytest.approx([60.0, 90.0])


def test_ranked_probability_score_by_hand():
    """Members 1, 2, 4 against 3: mean distance (2 + 1 + 1) / 3; of two members (1 + 3 + 2) 2 / 9, half of it 2 / 3."""
    assert crps(np.array([2.0, 4.0, 1.0]), 3.0) == pytest.approx(4 / 3 - 2 / 3)
    assert crps(np.array([5.0]), 3.0) == 2.0
    # weights 1/2, 1/2, 0: members 2 and 4 are each 1 off, their own mean distance is 1, half of it 1/2
    assert crps(np.array([2.0, 4.0, 1.0]), 3.0, np.array([1.0, 1.0, 0.0])) == pytest.approx(0.5)
    # a weight of two is two members
    twice = crps(np.array([2.0, 4.0]), 3.5, np.array([2.0, 1.0]))
    assert twice == pytest.approx(crps(np.array([2.0, 2.0, 4.0]), 3.5))
    for wrong in ([1.0], [1.0, -1.0], [0.0, 0.0]):
        with pytest.raises(ValueError, match="one weight a member"):
            crps(np.array([2.0, 4.0]), 3.0, np.array(wrong))


def test_ranked_probability_score_is_the_area_between_distributions():
    members, value = np.array([0.3, 1.1, 2.2, 2.9, 4.0]), 2.5
    grid = np.linspace(-1, 6, 700_001)
    area = ((members[:, None] <= grid[None, ::100]).mean(axis=0) - (grid[::100] >= value)) ** 2
    assert crps(members, value) == pytest.approx(area.sum() * (grid[100] - grid[0]), abs=1e-3)


def test_quantiles_and_intervals_by_hand():
    """Four members stand at 1/8, 3/8, 5/8, 7/8: the half interval from 1/4 to 3/4 lies midway between them."""
    members = np.array([4.0, 1.0, 2.0, 3.0])
    assert quantile(members, (0.125, 0.5, 1.0)) == pytest.approx([1.0, 2.5, 4.0])
    assert interval(members, 0.5) == pytest.approx((1.5, 3.5))
    # weight 3 of 4 on the first: it stands at 3/8, the other at 7/8
    assert quantile(np.array([0.0, 1.0]), (0.625,), np.array([3.0, 1.0])) == pytest.approx([0.5])


def test_part_below_counts_ties_by_half():
    members = np.array([1.0, 2.0, 2.0, 3.0])
    assert [pit(members, value) for value in (0.5, 2.0, 2.5, 9.0)] == [0.0, 0.5, 0.75, 1.0]
    assert pit(members, 2.5, np.array([0.0, 1.0, 1.0, 2.0])) == 0.5
    assert tally([0.0, 0.1, 0.5, 0.99, 1.0], 4).tolist() == [2, 0, 1, 2]


def test_coverage_and_width_by_hand():
    """Inside, on the bound, outside; widths 2, 2, 2 against 1, none and 4: ratios 2 and 0.5."""
    own = np.array([[0.0, 2.0], [1.0, 3.0], [5.0, 7.0]])
    theirs = np.array([[0.0, 1.0], [math.nan, math.nan], [4.0, 8.0]])
    found = coverage(own, np.array([1.0, 3.0, 8.0]), 0.8, theirs)
    assert found == (0.8, pytest.approx(2 / 3), 1.25, 3, 2)
    assert math.isnan(coverage(own, np.array([1.0, 3.0, 8.0]), 0.8).width)


def test_errors_of_observation_are_drawn_and_repeat():
    members = np.full(4000, 10.0)
    seen = with_error(members, 2.0, 2020, "maiji/spending")
    assert seen.mean() == pytest.approx(10, abs=0.15) and seen.std() == pytest.approx(2, abs=0.1)
    assert (seen == with_error(members, 2.0, 2020, "maiji/spending")).all()
    assert (seen != with_error(members, 2.0, 2021, "maiji/spending")).any()


def test_one_figure_for_all_by_hand():
    """Misses 1, 1 (a half) and 8, 0 (twice): their geometric mean is 1. Drawn counties give 1/2, 1, 1 and 2."""
    both = cells(maiji=(1.0, 1.0), gangu=(8.0, 0.0))
    assert by_series(both) == {("maiji", "spending"): (0.5, 2), ("gangu", "spending"): (2.0, 2)}
    found = pooled(both)
    assert found.middle == pytest.approx(1.0) and (found.cells, found.series, found.left_out) == (4, 2, ())
    assert (found.low, found.high) == pytest.approx((0.5, 2.0))
    assert pooled(both) == found and pooled(both, draws=50, probability=0.2) != found
    # a series of one value weighs half as much: (1/2)^(2/3) x 2^(1/3)
    fewer = [cell for cell in both if (cell.area, cell.year) != ("gangu", 2021)]
    assert by_series(fewer)["gangu", "spending"] == (4.0, 1)
    assert pooled(fewer).middle == pytest.approx(0.5 ** (2 / 3) * 4 ** (1 / 3))
    alone = pooled(cells(maiji=(1.0, 1.0)))
    assert alone.low == alone.middle == alone.high == pytest.approx(0.5)


def test_what_cannot_be_compared_is_named():
    exact = [Cell("qinan", "spending", 2020, 5.0, 6.0, 5.0)]
    found = pooled([*cells(maiji=(0.0, 0.0)), *exact])
    assert found.left_out == (("qinan", "spending"),) and found.cells == 2
    assert found.middle == pytest.approx(LEAST)  # met exactly: no logarithm without end
    with pytest.raises(ValueError, match="no series"):
        pooled(exact)
    assert by_block([*cells(maiji=(1.0, 1.0), gangu=(8.0, 0.0)), *exact], {"spending": "budget"}) == {
        "budget": pytest.approx(1.0)
    }


def test_a_county_left_out_does_not_choose_its_members():
    """Two members; maiji's row fits the first, gangu's the second by one error, the whole's (of both) the first."""
    series = [
        ("maiji", "spending"),
        ("gangu", "spending"),
        ("tianshui", "spending"),
        ("tianshui", "natural_growth"),
    ]
    members = np.array([[1.0, 4.0, 5.0, 3.0], [3.0, 3.0, 9.0, 3.0]])
    values, errors = np.array([1.0, 3.0, 5.0, 3.0]), np.array([1.0, 1.0, 1.0, 1.0])
    assert log_likelihood(members, values, errors) == pytest.approx([-0.5, -10.0])
    left = without_county("maiji", members, series, values, errors)
    # only gangu's row and the growth that no county has: off by 1 and 0
    assert left == pytest.approx(np.array([math.exp(-0.5), 1.0]) / (1 + math.exp(-0.5)))
    softer = without_county("maiji", members, series, values, errors, temper=0.5)
    assert softer == pytest.approx(np.array([math.exp(-0.25), 1.0]) / (1 + math.exp(-0.25)))
    assert without_county("gangu", members, series, values, errors)[0] == pytest.approx(
        1 / (1 + math.exp(-2))
    )
    assert effective(np.array([0.5, 0.5])) == 2.0 and effective(np.array([1.0, 0.0])) == 1.0
