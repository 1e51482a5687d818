"""Figures are pure, stand alone in two languages, and draw what they were given in the unit shown."""

import json
import math
import re

import numpy as np
import pandas as pd
import pytest

from tianshui.experiments.tables import LINES
from tianshui.indicators import AREAS, COUNTIES, INDICATORS
from tianshui.measures import GROUPS
from tianshui.views import (
    asked_and_granted,
    contributions,
    county_map,
    deciles,
    fan,
    four_lines,
    money,
    speak,
)
from tianshui.views.county_map import STEPS, contrast, inks, limits, outline, palette, step_of
from tianshui.views.drawing import (
    GROUP_COLOURS,
    SCENARIO_COLOURS,
    About,
    Drawing,
    Scenario,
    Words,
    chinese,
    shown,
    shown_unit,
)
from tianshui.views.fan import ASSUMED, BELIEF, CHANCE, FIRM, FITTED, SCORED

ABOUT = About(*(Words(word, chinese_word) for word, chinese_word in zip(
    ("title", "unit", "source", "interval", "status"), ("题目", "单位", "来源", "区间", "性质"), strict=True
)))  # fmt: skip
TWO = (Scenario("plan", Words("The plan", "规划")), Scenario("no_plan", Words("No plan", "无规划")))
GROUP_NAMES = {group: Words(*names) for group, names in GROUPS.items()}
GDP = INDICATORS["gdp"]
CJK = re.compile("[\u3400-\u9fff]")


def course(years=range(2015, 2036), luck=True) -> pd.DataFrame:
    rows = []
    for scenario, growth in (("plan", 0.06), ("no_plan", 0.05)):
        for year in years:
            middle = 47e9 * (1 + growth) ** (year - 2015)
            spread = 1e9 * (year - 2015)
            rows.append((scenario, year, middle, middle - spread, middle + 2 * spread,
                         middle - spread / 4 if luck else np.nan, middle + spread / 4 if luck else np.nan))  # fmt: skip
    columns = ["scenario", "year", "middle", "low", "high", "luck_low", "luck_high"]
    return pd.DataFrame(rows, columns=columns)


def tenths() -> pd.DataFrame:
    return pd.DataFrame(
        [
            (tenth, year, 6.0 - tenth, 5.0 - tenth, 8.0 - tenth)
            for tenth in range(1, 11)
            for year in (2025, 2035)
        ],
        columns=["decile", "year", "middle", "low", "high"],
    )


def shares() -> pd.DataFrame:
    rows = []
    for place, group in enumerate(GROUPS):
        for measure, part in (("shapley", 1.0), ("alone", 0.8), ("last", 1.2)):
            value = (place - 1) * 1e9 * part
            rows.append((group, measure, value, value - 1e8, value + 1e8))
    rows.append(("poverty+urban", "interaction", -3e8, -4e8, -2e8))
    return pd.DataFrame(rows, columns=["player", "measure", "middle", "low", "high"])


ITEMS = {f"M{number:02}": Words(f"item {number}", f"措施{number}") for number in range(1, 21)}


def many() -> pd.DataFrame:
    """Twenty items: the share of the first is 1 bn yuan, of the second -2 bn, of the third 3 bn, and so on."""
    return pd.DataFrame(
        [(name, measure, value, value - 1e8, value + 1e8) for place, name in enumerate(ITEMS, 1)
         for measure, value in (("shapley", -1e9 * place * (-1) ** place), ("alone", 5e8), ("last", 9e8))],
        columns=["player", "measure", "middle", "low", "high"],
    )  # fmt: skip


LINE_NAMES = {
    line: Words(line.replace("_", " "), name)
    for line, name in zip(LINES, ("基线", "政策", "基线二", "政策二"), strict=True)
}


def four() -> pd.DataFrame:
    return pd.DataFrame(
        [(line, year, 1e9 * (place + 1) * (year - 2010), 9e8 * (place + 1) * (year - 2010), 2e9 * (place + 1) * (year - 2010))
         for place, line in enumerate(LINES) for year in (2035, 2016, 2025)],
        columns=["line", "year", "middle", "low", "high"],
    )  # fmt: skip


def counties(indicator=GDP) -> pd.DataFrame:
    return pd.DataFrame(
        [(county, year, 1e9 * (1 + place) * (year - 2010)) for place, county in enumerate(COUNTIES)
         for year in (2015, 2035)], columns=["area", "year", "value"],
    )  # fmt: skip


def purse() -> pd.DataFrame:
    return pd.DataFrame(
        [
            (part, year, value)
            for part, value in (("own_revenue", 4e9), ("bonds", 1e9))
            for year in range(2016, 2036)
        ],
        columns=["part", "year", "value"],
    )


PARTS = {"own_revenue": Words("own revenue", "收入"), "bonds": Words("bonds", "债券")}
AIMS = pd.DataFrame(
    [(2025, 70e9, ">=", True), (2035, 120e9, "<=", False)], columns=["year", "value", "direction", "firm"]
)
OBSERVED = pd.DataFrame([(2019, 63.2e9, "fit"), (2020, 66.7e9, "score")], columns=["year", "value", "use"])
ALL = {
    "fan": lambda: fan(course(), GDP, TWO, about=ABOUT, observed=OBSERVED, aims=AIMS),
    "map": lambda: county_map(counties(), GDP, year=2035, about=ABOUT),
    "deciles": lambda: deciles(tenths(), (2025, 2035), about=ABOUT),
    "contributions": lambda: contributions(shares(), GDP, GROUP_NAMES, about=ABOUT),
    "items": lambda: contributions(many(), GDP, ITEMS, about=ABOUT),
    "four_lines": lambda: four_lines(four(), GDP, LINE_NAMES, about=ABOUT),
    "money": lambda: money(purse(), PARTS, about=ABOUT),
    "asked": lambda: asked_and_granted(
        pd.DataFrame([("poverty", 9e9, 7e9), ("urban", 3e9, 3e9)], columns=["group", "asked", "granted"]),
        GROUP_NAMES, about=ABOUT,
    ),
}  # fmt: skip


def traces(figure, name: Words) -> list:
    return [trace for trace in figure.data if trace.name == name.en or (trace.name or "").endswith(name.en)]


# --- Every figure ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_the_same_frame_gives_the_same_figure_and_is_left_alone(name):
    assert ALL[name]().to_json() == ALL[name]().to_json()


@pytest.mark.parametrize("name", ALL)
def test_every_text_is_there_in_both_languages_and_chinese_ones_are_chinese(name):
    figure = ALL[name]()
    english, other = speak(figure, "en"), speak(figure, "zh")
    assert json.loads(english.to_json()) == json.loads(figure.to_json())
    assert other.layout.title.text == "题目" and other.layout.title.subtitle.text == "单位"
    for path, one, two in figure.layout.meta["texts"]:
        texts = zip([one], [two], strict=True) if isinstance(one, str) else zip(one, two, strict=True)
        for first, second in texts:
            assert first and second, path
            assert CJK.search(second) or not re.search("[A-Za-z]{2}", second), (path, second)
            assert not CJK.search(first), (path, first)
    # A name that is shown and not on the list would stay English.
    listed = {path for path, *_ in figure.layout.meta["texts"]}
    for place, trace in enumerate(figure.data):
        if trace.name:
            assert f"data[{place}].name" in listed


@pytest.mark.parametrize("name", ALL)
def test_every_figure_says_what_a_reader_must_know(name):
    meta = ALL[name]().layout.meta
    for part in ("title", "unit", "source", "interval", "status"):
        assert meta[part]["en"] and CJK.search(meta[part]["zh"])


@pytest.mark.parametrize("name", ALL)
def test_no_second_axis_and_nothing_that_asks_a_network(name):
    told = json.loads(ALL[name]().to_json())
    assert not [key for key in told["layout"] if re.fullmatch(r"[xy]axis\d+|geo\d*|map(box)?\d*", key)]
    assert {trace["type"] for trace in told["data"]} <= {"scatter", "bar"}
    assert "http" not in json.dumps(told)


@pytest.mark.parametrize("name", ["fan", "deciles", "money"])
def test_thousands_are_separated(name):
    figure = ALL[name]()
    assert figure.layout.separators == ".,"
    assert "," in figure.layout.yaxis.tickformat
    assert all("," in trace.hovertemplate for trace in figure.data if trace.hovertemplate)


def test_there_is_no_third_language():
    with pytest.raises(ValueError, match="'fr'"):
        speak(ALL["fan"](), "fr")


def test_marks_are_wide_where_they_touch_chinese():
    assert chinese("生产总值(2019年价),2035年") == "生产总值\uff082019年价\uff09\uff0c2035年"
    assert chinese("细尘(PM2.5)") == "细尘\uff08PM2.5\uff09"
    assert chinese("12,345:6 (a, b)") == "12,345:6 (a, b)"
    assert chinese(["甲:乙", "a:b"]) == ["甲\uff1a乙", "a:b"]


def test_colours_are_told_apart_by_every_reader():
    # Okabe and Ito (2008); black is kept for what was observed.
    safe = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442"}
    assert set(SCENARIO_COLOURS) <= safe and len(set(SCENARIO_COLOURS)) == len(SCENARIO_COLOURS)
    assert set(GROUP_COLOURS.values()) <= safe and set(GROUP_COLOURS) == set(GROUPS)


# --- Fans -----------------------------------------------------------------------------------------------


def test_a_line_is_the_middle_in_the_unit_shown():
    line = traces(ALL["fan"](), TWO[0].title)[0]
    # 47e9 yuan = 470.00 (100m yuan); 470 * 1.06^10 = 841.698...
    assert line.x[0] == 2015 and line.y[0] == pytest.approx(470.0)
    assert line.y[10] == pytest.approx(470 * 1.06**10, abs=0.001)
    assert list(line.customdata[10]) == pytest.approx([470 * 1.06**10 - 100, 470 * 1.06**10 + 200], abs=0.001)


def test_chance_lies_inside_belief_and_both_close():
    figure = ALL["fan"]()
    for wide, narrow in zip(traces(figure, BELIEF), traces(figure, CHANCE), strict=True):
        assert wide.fill == narrow.fill == "toself"
        assert wide.x[0] == wide.x[-1] == 2015
        half = len(wide.y) // 2
        high, low = np.array(wide.y[:half]), np.array(wide.y[half:])[::-1]
        inner_high, inner_low = np.array(narrow.y[:half]), np.array(narrow.y[half:])[::-1]
        assert (low <= inner_low).all() and (inner_low <= inner_high).all() and (inner_high <= high).all()


def test_no_band_without_spread():
    assert not traces(fan(course(luck=False), GDP, TWO, about=ABOUT), CHANCE)
    flat = course().assign(low=lambda rows: rows["middle"], high=lambda rows: rows["middle"])
    figure = fan(flat, GDP, TWO, about=ABOUT)
    assert not traces(figure, BELIEF)
    assert "customdata" not in traces(figure, TWO[0].title)[0].hovertemplate


def test_years_without_a_value_are_gaps_not_zeros():
    rows = course()
    rows.loc[rows["year"] > 2030, ["middle", "low", "high", "luck_low", "luck_high"]] = np.nan
    figure = fan(rows, GDP, TWO, about=ABOUT)
    line = traces(figure, TWO[0].title)[0]
    assert line.y[-1] is None and line.y[-6] is not None
    assert max(traces(figure, BELIEF)[0].x) == 2030


def test_years_kept_for_scoring_are_open_circles():
    figure = ALL["fan"]()
    (fitted,), (scored,) = traces(figure, FITTED), traces(figure, SCORED)
    assert (
        fitted.marker.symbol == "circle" and list(fitted.x) == [2019] and fitted.y[0] == pytest.approx(632.0)
    )
    assert scored.marker.symbol == "circle-open" and list(scored.x) == [2020]


def test_an_aim_points_to_where_it_is_met_and_assumed_ones_are_open():
    figure = ALL["fan"]()
    (firm,), (assumed,) = traces(figure, FIRM), traces(figure, ASSUMED)
    assert list(firm.marker.symbol) == ["triangle-up"] and firm.y[0] == pytest.approx(700.0)
    assert list(assumed.marker.symbol) == ["triangle-down-open"] and assumed.y[0] == pytest.approx(1200.0)


def test_a_scenario_without_rows_is_left_out():
    figure = fan(course().query("scenario == 'plan'"), GDP, TWO, about=ABOUT)
    assert traces(figure, TWO[0].title) and not traces(figure, TWO[1].title)


def test_shown_values():
    assert shown(5.125e9, GDP) == pytest.approx(51.25)
    assert shown(math.nan, GDP) is None
    unit = shown_unit(INDICATORS["urban_share"])
    assert unit.en == "% of residents" and unit.zh.startswith("%") and CJK.search(unit.zh)
    assert shown_unit(GDP) == Words("100m yuan", "亿元")


# --- The map --------------------------------------------------------------------------------------------


def test_counties_are_filled_outlines_on_axes_of_equal_length():
    figure = ALL["map"]()
    filled = [trace for trace in figure.data if trace.fill == "toself"]
    assert [trace.name for trace in filled] == [AREAS[county][0] for county in COUNTIES]
    assert figure.layout.yaxis.scaleanchor == "x"
    # A degree of longitude at 34.6 degrees north is cos(34.6) = 0.823 of one of latitude.
    assert figure.layout.yaxis.scaleratio == pytest.approx(1 / 0.8231, rel=1e-3)
    for county in COUNTIES:
        east, north = outline(county)
        assert 104 < min(x for x in east if x) and max(x for x in east if x) < 107
        assert len(east) == len(north) > 50


def test_more_is_darker_and_years_share_one_scale():
    late = [trace.fillcolor for trace in ALL["map"]().data[:7]]
    early = [trace.fillcolor for trace in county_map(counties(), GDP, year=2015, about=ABOUT).data[:7]]
    light = [contrast(colour, "#000000") for colour in late]
    assert light == sorted(light, reverse=True) and len(set(late)) > 4
    assert early[-1] in palette(False)[: STEPS // 2]


def test_a_county_without_a_value_is_grey_and_says_so():
    rows = counties().query("area != 'gangu'")
    figure = county_map(rows, GDP, year=2035, about=ABOUT)
    place = COUNTIES.index("gangu")
    assert figure.data[place].fillcolor == "#d9d9d9"
    assert "no value" in figure.data[7].text[place]
    assert CJK.search(speak(figure, "zh").data[7].text[place])


def test_differences_have_two_sides_around_nothing():
    assert limits(pd.Series([-1.0, 3.0, np.nan]), True) == (-3.0, 3.0)
    assert limits(pd.Series([2.0, 2.0]), False) == (1.5, 2.5)
    assert limits(pd.Series([], dtype=float), True) == (0.0, 1.0)
    assert step_of(0.0, -3.0, 3.0) == (STEPS - 1) // 2
    assert step_of(-99.0, -3.0, 3.0) == 0 and step_of(99.0, -3.0, 3.0) == STEPS - 1


@pytest.mark.parametrize("both_sides", [False, True])
def test_letters_can_be_read_on_every_colour(both_sides):
    colours = palette(both_sides)
    assert len(colours) == STEPS
    assert min(contrast(ink, colour) for ink, colour in zip(inks(colours), colours, strict=True)) >= 4.5


# --- Bars -----------------------------------------------------------------------------------------------


def test_tenths_have_a_bar_a_year_with_whiskers_from_lowest_to_highest_world():
    figure = ALL["deciles"]()
    assert [trace.name for trace in figure.data] == ["2025", "2035"]
    for trace in figure.data:
        assert list(trace.x) == list(range(1, 11))
        assert list(trace.y) == [6.0 - tenth for tenth in range(1, 11)]
        assert set(trace.error_y.array) == {2.0} and set(trace.error_y.arrayminus) == {1.0}
    # What colour tells, strokes tell too.
    assert figure.data[0].marker.pattern.shape != figure.data[1].marker.pattern.shape


def test_a_tenth_that_reaches_far_beyond_the_others_is_cut_and_written_out():
    rows = tenths()
    assert ALL["deciles"]().layout.yaxis.range is None and not ALL["deciles"]().layout.annotations
    rows.loc[rows["decile"] == 1, "high"] = 508.0
    figure = deciles(rows, (2025, 2035), about=ABOUT)
    # The other tenths lie between -5 and 6 %; they reach 5 - 10 = -5 down and as far up as 8 - 2 = 6.
    assert figure.layout.yaxis.range == (1.25 * -5.0, 1.25 * 6.0)
    (note,) = figure.layout.annotations
    assert note.text == "2025: +5 % (+4 … +508)<br>2035: +5 % (+4 … +508)" and note.x == 1
    assert speak(figure, "zh").layout.annotations[0].text.startswith("2025年 +5 %")
    assert max(figure.data[0].error_y.array) == 503.0, "what is cut is still in the figure's numbers"


def test_shares_sum_to_the_whole_difference():
    figure = ALL["contributions"]()
    bars = [trace for trace in figure.data if trace.type == "bar"]
    # Groups stand at -1, 0, 1, 2 and 3 bn yuan: 5 bn in all, 50.00 (100m yuan).
    assert sum(bars[0].x) == pytest.approx(50.0) and bars[1].x[0] == pytest.approx(50.0)
    assert bars[1].x[1] == pytest.approx(-3.0)
    names = list(figure.layout.yaxis.ticktext)
    assert names[:5] == [words.en for words in GROUP_NAMES.values()]
    assert "Poverty consolidation" in names[6] and "Urbanisation" in names[6]


def test_only_the_strongest_interactions_are_drawn():
    more = pd.DataFrame(
        [(f"{a}+{b}", "interaction", size * 1e8, 0.0, 0.0) for size, (a, b) in enumerate(
            (("poverty", "industry"), ("poverty", "ecology"), ("industry", "urban"), ("urban", "ecology"))
        )], columns=["player", "measure", "middle", "low", "high"],
    )  # fmt: skip
    figure = contributions(pd.concat([shares(), more]), GDP, GROUP_NAMES, about=ABOUT)
    sizes = [abs(value) for value in figure.data[-1].x[1:]]
    assert sizes == [3.0, 3.0, 2.0]


def test_of_many_items_the_strongest_are_drawn_and_the_others_together():
    figure = ALL["items"]()
    shares, sums = (trace for trace in figure.data if trace.type == "bar")
    # The shares of items 9 to 20 are the largest: 9, -10, ... -20 bn; the first eight sum to 1 - 2 + ... - 8 = -4 bn.
    assert list(figure.layout.yaxis.ticktext) == [
        *(f"item {number}" for number in range(9, 21)), "The others together", "Whole difference",
    ]  # fmt: skip
    assert sums.x == pytest.approx((-40.0, -100.0)) and sum(shares.x) == pytest.approx(-60.0)
    assert set(shares.error_x.array) == {1.0} == set(shares.error_x.arrayminus)


def test_colour_tells_policies_and_dash_assumptions_apart():
    figure = ALL["four_lines"]()
    assert [trace.name for trace in figure.data] == ["baseline", "policy", "baseline under", "policy under"]
    looks = [(trace.line.color, trace.line.dash) for trace in figure.data]
    assert looks[0][0] == looks[2][0] != looks[1][0] == looks[3][0]
    assert looks[0][1] == looks[1][1] != looks[2][1] == looks[3][1]
    # 1 bn yuan a year since 2010 on the first line: 6, 15 and 25 bn, in 100m yuan.
    assert list(figure.data[0].x) == [2016, 2025, 2035]
    assert list(figure.data[0].y) == pytest.approx([60.0, 150.0, 250.0])
    assert list(figure.data[0].customdata[0]) == pytest.approx([54.0, 120.0])


def test_money_is_stacked_in_the_order_given_on_one_scale():
    figure = money(purse(), PARTS, about=ABOUT, top=10e9)
    assert [trace.name for trace in figure.data] == ["own revenue", "bonds"]
    assert figure.data[0].y[0] == pytest.approx(40.0)
    assert figure.layout.barmode == "relative" and figure.layout.yaxis.range[1] == pytest.approx(104.0)


def test_parts_without_rows_are_left_out_of_the_stack():
    assert len(money(purse().query("part == 'bonds'"), PARTS, about=ABOUT).data) == 1


def test_asked_stands_beside_granted():
    figure = ALL["asked"]()
    asked, granted = figure.data
    assert list(asked.x) == [90.0, 30.0] and list(granted.x) == [70.0, 30.0]
    assert list(figure.layout.yaxis.ticktext) == ["Poverty consolidation", "Urbanisation"]


def test_a_text_can_stand_anywhere_in_a_figure():
    drawing = Drawing()
    drawing.scatter({"name": Words("a", "甲")}, x=[1], y=[2])
    drawing.annotate(Words("note", "注"), x=1, y=2)
    drawing.write("layout.xaxis.title.text", Words("years", "年份"))
    told = speak(drawing.done(ABOUT), "zh")
    assert told.data[0].name == "甲" and told.layout.annotations[0].text == "注"
    assert told.layout.xaxis.title.text == "年份"
