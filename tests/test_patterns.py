"""Patterns: figures by hand, and a register that is whole. A figure outside its band fails nothing: it is printed."""

import json
import math

import numpy as np
import pytest
from typer.testing import CliRunner

from tianshui import cli
from tianshui.evidence import table
from tianshui.experiments import patterns
from tianshui.experiments.patterns import (
    NOT_ASKED,
    PATTERNS,
    PLANTED,
    POOR_YEARS,
    Kept,
    judged,
    part_of_income,
)

EMPTY = Kept({}, {}, {}, {}, {})


def test_every_row_is_asked_in_its_order():
    assert list(PATTERNS) == [row["id"] for row in table("patterns")]
    assert all(row["meaning_en"] and row["meaning_zh"] for row in table("patterns"))
    assert not set(NOT_ASKED) & set(PATTERNS)


def test_shares_and_ages_by_hand():
    kept = EMPTY._replace(
        values={
            ("share_65plus", 2016): 11.0, ("share_65plus", 2030): 18.5, ("rural_income", 2019): 8000.0,
            ("rural_income_wages", 2019): 3000.0, ("rural_income_transfers", 2019): 1000.0,
        },
        ages={"village": 44.0, "town": 39.5},
    )  # fmt: skip
    assert patterns.ages_rise(kept) == 7.5 and patterns.villages_older(kept) == 4.5
    assert part_of_income(kept, "wages", "transfers") == 50.0


def test_abandonment_by_hand():
    """Of 40 of slope and 10 of steep land 10 and 5 are idle, 3 in 10; of 200 of terraces 20, 1 in 10."""
    idle = {"slope": (10.0, 40.0), "steep": (5.0, 10.0), "terrace": (20.0, 200.0)}
    assert patterns.slopes_first(EMPTY._replace(idle=idle)) == pytest.approx(3.0)
    assert math.isnan(patterns.slopes_first(EMPTY._replace(idle={**idle, "terrace": (0.0, 200.0)})))


def test_planting_is_held_against_the_price_of_the_year_before():
    price = {year: math.sin(year) for year in range(2016, 2031)}
    planted = {("orchard_planted", year): 3.0 + 2.0 * price[year - 1] for year in PLANTED}
    assert patterns.planting_follows(EMPTY._replace(values=planted, price=price)) == pytest.approx(1.0)


def test_lasting_poverty_by_hand():
    """Of four households one is never poor, one once, one always; the fourth is not there in the last year."""
    course = {1: "00000", 2: "00100", 3: "11111", 4: "1111"}
    poor = {
        year: {number: marks[place] == "1" for number, marks in course.items() if place < len(marks)}
        for place, year in enumerate(POOR_YEARS)
    }
    assert patterns.poverty_lasts(EMPTY._replace(poor=poor)) == 0.5
    never = {year: {1: False} for year in POOR_YEARS}
    assert math.isnan(patterns.poverty_lasts(EMPTY._replace(poor=never)))


def test_a_band_is_held_against_the_worlds_that_tell():
    row = {"low": "1", "high": "2"}
    assert judged("x", (0.5, 1.0, 2.0, np.nan, 3.0), row) == ("x", row, 1.5, 0.5, 3.0, 4, 2)
    assert judged("x", (np.nan,), row)[5:] == (0, 0)


@pytest.mark.slow
def test_the_command_shows_every_pattern_in_both_languages():
    words = ["experiment", "--patterns", "--sample", "0.005", "--seeds", "1", "--workers", "1"]
    made = CliRunner().invoke(cli.app, [*words, "--json", "-q"])
    assert made.exit_code == 0, made.output
    shown = json.loads(made.stdout)
    print(made.stdout)
    assert [one["pattern"] for one in shown["patterns"]] == list(PATTERNS)
    assert all(math.isfinite(one["middle"]) for one in shown["patterns"] if one["worlds"])
    chinese = CliRunner().invoke(cli.app, [*words, "--lang", "zh"])
    assert chinese.exit_code == 0 and "撂荒" in chinese.stdout and "不付租金" in chinese.stdout
