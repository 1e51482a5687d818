"""Published effects beside the model's: the register is whole, the estimators give what is known by hand, and no
published figure stands in the model.

A miss is no failure here: what comes out is printed (`pytest -s`) and told in docs/effects.md.
"""

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tianshui import cli
from tianshui.evidence import table
from tianshui.experiments import effects
from tianshui.experiments.effects import (
    EFFECTS,
    HIT,
    LOOKS,
    MISS,
    NOT_TRIED,
    SHOWN,
    VALUE,
    WIDE,
    WORLDS,
    Counties,
    Homes,
    Leavers,
    Outcome,
)
from tianshui.experiments.pool import Task
from tianshui.plan import FIRST_YEAR, LAST_YEAR
from tianshui.state import COUNTIES
from tianshui.words import WORDS, InputError

PACKAGE = Path(effects.__file__).parents[1]
SMALL = 0.01
PAIRS = ((0, 0), (1, 1))


# --- The register -------------------------------------------------------------------------------------


def test_every_published_effect_is_asked_of_the_model_or_its_absence_explained():
    ids = [row["id"] for row in table("effects")]
    assert len(ids) == len(set(ids))
    assert sorted(EFFECTS) == sorted(set(ids) - set(NOT_TRIED))
    assert list(EFFECTS) == [name for name in ids if name in EFFECTS]
    assert all(text and "TODO" not in text for reason in NOT_TRIED.values() for text in reason)


@pytest.mark.parametrize("row", table("effects"), ids=lambda row: row["id"])
def test_a_published_figure_has_its_range_source_and_both_languages(row):
    low, central, high = (float(row[name]) for name in ("low", "central", "high"))
    assert low <= central <= high and low < high
    assert row["status"] in ("found", "derived", "recalled", "assumed")
    assert (row["status"] == "assumed") == row["source"].startswith("expert range"), (
        "an expert range is not scored"
    )
    assert row["source"] and 1990 <= int(row["year"]) <= 2025
    assert re.search("[A-Za-z]", row["meaning_en"]) and re.search("[\u4e00-\u9fff]", row["meaning_zh"])
    assert f"unit.{row['unit']}" in WORDS
    how = EFFECTS[row["id"]].how
    assert how[0] and re.search("[\u4e00-\u9fff]", how[1])


@pytest.mark.parametrize("effect", EFFECTS.values(), ids=lambda effect: effect.id)
def test_an_effect_names_worlds_and_years_that_there_are(effect):
    assert effect.look in LOOKS and 1 <= len(effect.worlds) <= 2
    assert len(set(effect.worlds)) == len(effect.worlds) and set(effect.worlds) <= set(WORLDS)
    assert list(effect.years) == sorted(set(effect.years))
    assert FIRST_YEAR <= effect.years[0] and effect.years[-1] <= LAST_YEAR


def test_every_world_is_used():
    assert {world for effect in EFFECTS.values() for world in effect.worlds} == set(WORLDS)


def test_two_worlds_of_an_effect_differ_in_one_lever_or_date():
    """Were a second thing changed, the effect would be that of both; only the plan as a whole changes many."""
    for effect in EFFECTS.values():
        if len(effect.worlds) == 2 and "plan" not in effect.worlds:
            a, b = (WORLDS[name]() for name in effect.worlds)
            levers = [name for name, course in a.courses.items() if course != b.courses[name]]
            paths = [
                name for name in {**a.outside, **b.outside} if a.outside.get(name) != b.outside.get(name)
            ]
            assert len(levers) + len(paths) == 1, effect.id
            assert (a.beliefs, a.cuts) == (b.beliefs, b.cuts)


def test_no_published_effect_stands_in_a_mechanism():
    """Neither as a name nor in a belief: the channel stands there, and the effect comes out of it."""
    names = re.compile("|".join(rf"\b{name}\b" for name in (*EFFECTS, *NOT_TRIED)))
    sources = [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if "experiments" not in path.parts and path.name != "words.py"
    ]
    assert len([path for path in sources if path.parent.name == "mechanisms"]) > 10
    for path in sources:
        text = path.read_text(encoding="utf-8")
        assert not names.search(text), f"{path}: {names.search(text)}"
        assert 'table("effects")' not in text, path


# --- Estimators on arrays whose answer is known -------------------------------------------------------


def test_growth_is_the_sum_with_over_the_sum_without():
    assert effects.growth(np.array([2.0, 4.0]), np.array([1.0, 4.0])) == pytest.approx(6 / 5 - 1)


def test_what_happens_to_all_is_no_effect_on_the_treated():
    """The treated double while the others grow by half: (2 / 1.5) - 1 is a third. A common factor leaves nothing."""
    off = np.array([10.0, 20.0, 30.0, 40.0])
    on = np.array([20.0, 40.0, 45.0, 60.0])
    assert effects.growth_against(on, off, (0, 1)) == pytest.approx(1 / 3)
    assert effects.growth_against(1.7 * off, off, (0, 1)) == pytest.approx(0.0, abs=1e-12)


def test_years_of_a_county_count_together():
    off = np.ones((3, 2))
    on = np.array([[1.0, 2.0], [1.0, 1.0], [1.0, 1.0]])
    assert effects.growth_against(on, off, (0,)) == pytest.approx(0.5)


def test_a_rise_is_the_difference_of_two_ratios():
    """3 of 4 with, 1 of 2 without: a quarter."""
    assert effects.rise(np.array([1, 2]), np.array([1, 0]), np.array([2, 2]), np.array([1, 1])) == 0.25


def test_an_outcome_for_a_unit_of_its_cause():
    """60 more output for 100 more spending."""
    found = effects.per_unit(
        np.array([560.0, 300.0]), np.array([500.0, 300.0]), np.array([200.0]), np.array([100.0])
    )
    assert found == pytest.approx(0.6)


def test_growth_accounts_leave_what_capital_and_labour_do_not_explain():
    """10 % more output, 12 % more capital, 4 % more labour, half each: 8 % explained, a fifth left."""
    assert effects.solow(0.10, 0.12, 0.04, 0.5) == pytest.approx(0.2)


def test_the_middle_of_the_pairs_and_their_interval():
    """1 to 200: half of 2.5 % of them, five, lie below the fifth and a half, each standing at the middle of its own weight."""
    middle, low, high = effects.interval([float(one) for one in range(1, 201)])
    assert (middle, low, high) == (100.5, pytest.approx(5.5), pytest.approx(195.5))
    assert math.isnan(effects.interval([1.0])[1])


@pytest.mark.parametrize(
    ("middle", "low", "high", "expected"),
    [
        (8.0, 7.0, 10.0, HIT),
        (1.0, 0.0, 10.0, HIT),
        (16.0, 9.0, 18.0, WIDE),  # holds the value, but its middle is beyond the published range
        (8.0, 7.0, 9.0, MISS),  # within the published range, but sure of another value
        (0.1, 0.0, 0.3, MISS),  # that the range holds nothing helps nobody
        (-2.0, -3.0, -1.0, MISS),
        (9.6, math.nan, math.nan, MISS),  # one pair says nothing of an interval
    ],
)
def test_an_outcome_is_judged_by_the_published_value(middle, low, high, expected):
    row = {"status": "found", "low": "0", "central": "9.6", "high": "15"}
    assert effects.judge(row, middle, low, high) == expected
    assert effects.judge(row | {"status": "assumed"}, middle, low, high) == SHOWN
    assert effects.width(row, 6.0, 36.0) == 2.0


def test_a_published_nothing_is_hit_by_nothing():
    row = {"status": "found", "low": "0", "central": "0", "high": "5"}
    assert effects.judge(row, 0.0, 0.0, 0.0) == HIT
    assert effects.judge(row, 7.0, 6.0, 8.0) == MISS


def test_the_score_counts_what_is_scored_and_its_median_width():
    """Of four scored two are within; widths 1, 2, 3, 10 have the median 2.5; an expert range counts for neither."""
    row = effects.published()["mult_G"]
    made = [
        Outcome(EFFECTS["mult_G"], row, 0.0, 0.0, 0.0, width, (0.0,), {}, verdict)
        for width, verdict in ((1.0, HIT), (2.0, WIDE), (3.0, MISS), (10.0, MISS), (99.0, SHOWN))
    ]
    found = effects.score(made)
    assert (found.scored, found.inside, found.width) == (4, 0.5, 2.5)
    assert found.counts == {HIT: 1, WIDE: 1, MISS: 2, SHOWN: 1}
    assert math.isnan(effects.score(made[-1:]).inside)


def households(numbers: list[int], **columns: list[float]) -> Homes:
    blank = np.zeros(len(numbers))
    found = {name: np.array(columns[name]) if name in columns else blank for name in Homes._fields}
    return Homes(**found | {"number": np.array(numbers, np.uint64)})


def test_households_are_paired_by_number_wherever_they_lie():
    a = households([5, 3, 9], income=[50.0, 30.0, 90.0])
    b = households([9, 7, 5], income=[1.0, 2.0, 3.0])
    left, right = effects.pairs(np.array([9, 5, 3], np.uint64), a, b)
    assert left.number.tolist() == right.number.tolist() == [5, 9]
    assert left.income.tolist() == [50.0, 90.0] and right.income.tolist() == [3.0, 1.0]


def test_the_poorest_part_of_some_households():
    assert effects.poorest(np.array([5.0, -1.0, 3.0, 9.0]), 0.5).tolist() == [False, True, True, False]
    assert effects.poorest(np.array([5.0, -1.0, 3.0]), 0.25).sum() == 1


def test_the_conversion_is_estimated_on_who_gave_up_much_in_time():
    """Households 1 and 2 gave up half of their land in 2016 and a third in 2017, 5 a sixth, 3 later, 4 had no farmer.

    Of 4 adults 3 work off the farm with the programme, 2 without.
    """
    on = {
        2016: households([1, 2, 3, 4, 5], given_up=[0.5, 0.0, 0.0, 1.0, 1 / 6], farmers=[1, 1, 1, 0, 1]),
        2017: households([2, 1], given_up=[0.34, 0.0], farmers=[1, 1]),
        2020: households([4, 3, 2, 1], enrolled=[0, 2019, 2017, 2016], adults=[2, 2, 2, 2], members=[4] * 4,
                         off_farm=[0, 0, 1, 2], income=[9.0, 9.0, 12.0, 10.0], payments=[0, 0, 1.0, 0.0]),
    }  # fmt: skip
    off = {
        2016: households([1, 2, 3, 4], wealth=[1.0, 8.0, 0.0, 0.0], members=[4] * 4),
        2017: None,
        2020: households(
            [1, 2, 3, 4], adults=[2, 2, 2, 2], off_farm=[1, 1, 2, 2], income=[10.0, 10.0, 1.0, 1.0]
        ),
    }
    chance = EFFECTS["slcp_off_ind"].estimate(on, off)
    assert chance == {VALUE: pytest.approx(25.0), "effect.poorer_half": pytest.approx(50.0)}
    workers = EFFECTS["slcp_off_hh"].estimate(on, off)
    assert workers == {VALUE: pytest.approx(0.5), "effect.poorest_quarter": pytest.approx(1.0)}
    income = EFFECTS["slcp_inc"].estimate(on, off)
    assert income == {VALUE: pytest.approx(10.0), "effect.of_payments": pytest.approx(5.0)}


def test_relocation_is_estimated_on_who_came_to_town():
    """Household 1 to a town in 2016: 60 a head with, 50 without, 8 of the 10 from wages; 2 to a village, unchanged."""
    none = households([1, 2, 3], moved=[0, 0, 0])
    on = {
        2016: households([1, 2, 3], moved=[1, 2, 0]), 2017: none, 2018: none,
        2020: households([1, 2, 3], members=[2, 4, 1], income=[120.0, 80.0, 5.0], wages=[56.0, 0, 0], other=[4.0, 0, 0]),
    }  # fmt: skip
    off = {
        2020: households(
            [1, 2, 3], members=[2, 4, 1], income=[100.0, 80.0, 9.0], wages=[40.0, 0, 0], other=[0.0, 0, 0]
        )
    }
    found = EFFECTS["reloc_inc"].estimate(on, off)
    assert {name: round(value, 9) for name, value in found.items()} == {
        VALUE: 20.0, "effect.of_wages": 16.0, "effect.of_other": 4.0, "effect.to_village": 0.0,
    }  # fmt: skip


def test_the_labour_response_follows_who_drew_first():
    """Drawers of 2021 earn 20 less for 100 of allowance; who draws later, for being poor, counts for nothing."""
    on = {
        2021: households([1, 2], allowance=[50.0, 0.0]),
        2022: households([1, 2], labour=[80.0, 10.0], allowance=[100.0, 70.0]),
    }
    off = {2021: None, 2022: households([1, 2], labour=[100.0, 90.0])}
    assert EFFECTS["tr_labour"].estimate(on, off) == {VALUE: pytest.approx(-0.2)}


def test_entry_is_that_of_one_half_with_against_the_other_without():
    """With: 18 of 20 treated; without: 34 of 40 of the others. The same pupils: 18 of 20 against 17, 36 of 40 against 34."""

    def year(left: list[int], entered: list[int]) -> Leavers:
        return Leavers(np.array(left), np.array(entered))

    on = {2021: year([10, 5], [9, 4]), 2022: year([30, 15], [27, 14])}
    off = {2021: year([10, 5], [8, 4]), 2022: year([30, 15], [26, 13])}
    found = EFFECTS["cct_hs"].estimate(on, off)
    assert found == {
        VALUE: pytest.approx(90.0 - 85.0), "effect.same_pupils": pytest.approx(5.0), "effect.without": pytest.approx(85.0),
    }  # fmt: skip


def seven(**columns: np.ndarray) -> Counties:
    return Counties(**{name: columns.get(name, np.ones(7)) for name in Counties._fields})


def test_the_multiplier_is_that_of_the_counties_that_spend():
    """Each funded county makes 50 more for 100 more spending; what its neighbours gain is not its own."""
    more = np.zeros(7)
    more[list(effects.FUNDED)] = 1.0
    off = {year: seven(gdp=np.full(7, 1000.0), spending=np.full(7, 300.0)) for year in range(2021, 2026)}
    on = {
        year: seven(gdp=1000.0 + 50.0 * more + 7.0 * (1.0 - more), spending=300.0 + 100.0 * more)
        for year in range(2021, 2026)
    }
    assert EFFECTS["mult_G"].estimate(on, off)[VALUE] == pytest.approx(0.5)


def test_access_is_output_a_head_over_the_way():
    """Output a head 2 % up where the way falls by a fifth, all else alike: ln 1.02 over ln 0.8."""
    reached = np.zeros(7)
    reached[[COUNTIES.index("qingshui"), COUNTIES.index("zhangjiachuan")]] = 1.0
    off = {2026: seven(gdp_real=np.full(7, 100.0), residents=np.full(7, 10.0))}
    on = {
        2026: seven(gdp_real=100.0 + 2.0 * reached, residents=np.full(7, 10.0), distance=1.0 - 0.2 * reached)
    }
    found = EFFECTS["road_gdp_elast"].estimate(on, off)
    assert found[VALUE] == pytest.approx(math.log(1.02) / math.log(0.8))
    assert found["effect.of_output"] == pytest.approx(2.0)


# --- The model ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lived() -> Iterator[list[Outcome]]:
    """All effects on two pairs of a hundredth of the households."""
    yield effects.run(sample=SMALL, pairs=PAIRS, workers=1)


def test_the_model_answers_every_effect(lived):
    assert [one.effect.id for one in lived] == list(EFFECTS)
    for one in lived:
        print(f"{one.effect.id}: {one.value:.3f}, published {one.row['central']}, {one.verdict} {one.beside}")
        assert math.isfinite(one.value) and all(map(math.isfinite, one.beside.values())), one.effect.id
        assert set(one.beside) <= set(WORDS), one.effect.id
        assert f"verdict.{one.verdict}" in WORDS
        assert one.value == pytest.approx(sum(one.by_pair) / len(PAIRS)) and one.low <= one.value <= one.high
    assert sum(effects.score(lived).counts.values()) == len(EFFECTS)


def test_an_effect_does_not_depend_on_what_else_is_asked(lived):
    (alone,) = effects.run(["mult_G"], sample=SMALL, pairs=PAIRS, workers=1)
    (beside,) = (one for one in lived if one.effect.id == "mult_G")
    assert (alone.value, alone.beside) == (beside.value, beside.beside)
    # A county cannot make more of a yuan than it and all it sets going could buy, nor less than nothing.
    assert 0.0 < alone.value < 2.0


def test_a_world_against_itself_shows_nothing():
    asked = [EFFECTS[name] for name in ("slcp_off_ind", "slcp_off_hh", "slcp_inc", "reloc_inc")]
    wanted = {"no_plan": {"homes": frozenset(year for effect in asked for year in effect.years)}}
    kept = effects.live(Task(WORLDS["no_plan"](), SMALL, 0, 0, 2020, "no_plan:0:0"), wanted=wanted)["homes"]
    for effect in asked:
        found = effect.estimate(kept, kept)
        assert all(abs(value) < 1e-9 for value in found.values()), (effect.id, found)


def test_an_unknown_effect_is_refused_with_the_nearest():
    with pytest.raises(InputError, match="did you mean 'mult_G'"):
        effects.run(["mult_g"])


# --- The command --------------------------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch):
    """The command with a hand-made outcome in place of the model."""
    asked = []

    def run(names, **options):
        asked.append((list(names), options["sample"], options["pairs"]))
        row = effects.published()["mult_G"]
        return [
            Outcome(
                EFFECTS["mult_G"],
                row,
                0.51,
                0.4,
                math.nan,
                math.nan,
                (0.51,),
                {"effect.first_year": 0.0004},
                HIT,
            )
        ]

    monkeypatch.setattr(effects, "run", run)
    # Wide enough that no word of a cell is parted, whatever the terminal under the tests is.
    wide = {"COLUMNS": "220"}
    return lambda *words: (CliRunner().invoke(cli.app, ["experiment", *words], env=wide), asked)


def test_the_command_prints_published_against_simulated(told):
    result, asked = told("mult_G", "--seeds", "3", "--sample", "0.02")
    assert result.exit_code == 0 and asked == [(["mult_G"], 0.02, ((0, 0), (1, 0), (2, 0)))]
    for text in ("mult_G", "0.6", "0.4 … 1.1", "0.51", "first year 0", "hit"):
        assert text in result.stdout
    assert "wdp_growth" not in result.stdout


def test_the_command_asks_all_and_says_what_is_not_asked(told):
    result, asked = told("--lang", "zh")
    assert result.exit_code == 0 and asked == [([], 0.05, tuple((one, one) for one in range(effects.PAIRS)))]
    assert "命中 1 项" in result.stdout and "wdp_growth" in result.stdout


def test_the_command_speaks_json(told):
    record = json.loads(told("--json")[0].stdout)
    (effect,) = record["effects"]
    assert effect["published"] | {"source": "", "status": "", "year": 0} == {
        "low": 0.4, "central": 0.6, "high": 1.1, "source": "", "status": "", "year": 0,
    }  # fmt: skip
    assert effect["simulated"] == {"value": 0.51, "low": 0.4, "high": None, "width": None, "by_pair": [0.51]}
    assert effect["beside"] == {"first_year": 0.0004} and effect["outcome"] == "hit"
    assert set(record["not_tried"]) == set(NOT_TRIED)


@pytest.mark.parametrize("words", [["nothing_such"], ["--sample", "7"], ["--seeds", "0"]])
def test_bad_input_ends_with_status_two(words):
    result = CliRunner().invoke(cli.app, ["experiment", *words])
    assert result.exit_code == 2
