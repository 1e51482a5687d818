"""The report: one file, the verdict first, complete in words and letters, and nothing asked of a network."""

import ast
import json
import os
import re
import warnings
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import yaml

import browser
import fabricated
from tianshui import archive, measures, plan, registry
from tianshui.declare import STATUSES
from tianshui.evidence import document, table
from tianshui.experiments.verdict import BASE_LATER, NO_COUNTIES
from tianshui.indicators import COUNTIES, INDICATORS, areas_of
from tianshui.report import letters, write
from tianshui.report.aims import FIRM, PAST, figure, is_firm, is_judged, met, one_source
from tianshui.report.collect import COSTS, FANS, GLANCED, MAPS, SHARED_OUT, Frames, collect
from tianshui.report.figures import aims_of, attributed, charts, county_maps
from tianshui.report.page import SECTIONS, _folded, page
from tianshui.report.text import both, cited, damage, lever_unit, limits, phrases, say
from tianshui.report.where import meeting
from tianshui.views.drawing import Words, chinese
from tianshui.words import description

LIMIT = 8_000_000
"""Bytes of a report."""
CJK = re.compile("[\u3400-\u9fff]")
NEEDED = [
    name for name, about in INDICATORS.items()
    if about.group in ("cost", "budget") or "_decile_" in name
    or name in {*MAPS, *(one for names in FANS.values() for one in names), "gdp", "urban_sewage_treatment"}
]  # fmt: skip
HERE = Path(__file__).parents[1] / "model" / "tianshui"


@pytest.fixture(scope="module")
def frames(tmp_path_factory) -> Frames:
    folder = tmp_path_factory.mktemp("frames")
    fabricated.attribution().to_parquet(folder / "attribution.parquet")
    fabricated.sampled().to_parquet(folder / "attribution_pushes.parquet")
    fabricated.sampled(("M25", "M33")).to_parquet(folder / "attribution_items.parquet")
    fabricated.lines().to_parquet(folder / "under.parquet")
    fabricated.assumptions().to_parquet(folder / "assumptions.parquet")
    return collect(fabricated.result(pairs=4, seeds=3, indicators=NEEDED), folder)


@pytest.fixture(scope="module")
def html(frames) -> str:
    return page(frames)


@pytest.fixture(scope="module")
def alone(tmp_path_factory) -> str:
    """A report of one scenario in one world, with nothing beside the runs."""
    folder = tmp_path_factory.mktemp("alone")
    result = fabricated.result(scenarios=("plan",), pairs=1, seeds=0, indicators=NEEDED)
    return page(collect(result, folder), "zh")


@pytest.fixture(scope="module")
def lean(frames) -> Frames:
    """The same with few charts, where a page is made only to be read."""
    return frames._replace(
        bands=frames.bands.query("indicator == 'gdp' and area == 'tianshui'"), differences=frames.differences.iloc[:0],
        deciles=frames.deciles.iloc[:0], money=frames.money.iloc[:0], contributions={}, lines=None,
    )  # fmt: skip


class Seen(HTMLParser):
    """What a page shows and what it points to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.ids: list[str] = []
        self.chain: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "link", "input", "br"):
            self.chain.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "action", "srcset", "data", "poster"):
                self.links.append((tag, value or ""))
            if name == "id":
                self.ids.append(value or "")

    def handle_endtag(self, tag):
        if tag in self.chain:
            while self.chain.pop() != tag:
                pass

    def handle_data(self, data):
        if self.chain and self.chain[-1] not in ("script", "style") and data.strip():
            self.words.append(data.strip())


def text_of(html: str) -> str:
    return " ".join(Seen(html).words)


# --- The file -------------------------------------------------------------------------------------------


def test_write_makes_one_file_of_a_folder_and_the_same_bytes_again(tmp_path):
    scenarios, indicators = ("plan", "no_plan"), [*MAPS, "gdp", "cost_per_mu_converted"]
    for number, run in enumerate(fabricated.runs(scenarios, pairs=2, seeds=0)):
        archive.write_run(tmp_path, fabricated.as_run(run, number, indicators))
    archive.write_manifest(tmp_path, fabricated.manifest(scenarios, pairs=2, seeds=0))
    before = sorted(os.listdir(tmp_path))
    made = write(tmp_path)
    assert made == tmp_path / "report.html"
    first = made.read_bytes()
    assert write(str(tmp_path)).read_bytes() == first
    assert sorted(os.listdir(tmp_path)) == sorted([*before, "report.html"])
    assert len(first) <= LIMIT
    # What the archive holds is what a chart shows: the plan's GDP of 2035 is the middle of two worlds.
    values = [fabricated.values("gdp", "tianshui", "plan", pair, pair)[-1] * 1e-8 for pair in (0, 1)]
    assert f"{round(float(np.median(values)), 3)}" in first.decode()


def test_a_run_that_is_missing_is_said_in_words(tmp_path):
    runs = fabricated.runs(("plan", "no_plan"), pairs=2, seeds=0)
    for number, run in enumerate(runs[:-1]):
        archive.write_run(tmp_path, fabricated.as_run(run, number, ["gdp"]))
    archive.write_manifest(tmp_path, fabricated.manifest(pairs=2, seeds=0))
    text = write(tmp_path).read_text(encoding="utf-8")
    assert say("verdict.missing", count=1).en in text and f"{len(runs) - 1:016x}" in text


def test_an_unknown_language_is_refused_and_an_old_report_is_unharmed(tmp_path, frames):
    archive.write_run(tmp_path, fabricated.as_run(("plan", 1.0, 0, 0), 0, ["gdp"]))
    archive.write_manifest(tmp_path, fabricated.manifest(("plan",), pairs=1, seeds=0))
    (tmp_path / "report.html").write_text("before", encoding="utf-8")
    with pytest.raises(ValueError, match="'fr'"):
        write(tmp_path, "fr")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == "before"


def test_the_file_is_whole_in_itself(html):
    assert len(html.encode()) <= LIMIT
    seen = Seen(html)
    for tag, address in seen.links:
        assert address.startswith(("#", "data:")), (tag, address)
    assert "default-src 'none'" in html and "connect-src" not in html
    assert not re.search(r"@import|url\((?!data:)", html[: html.index("<body>")])
    assert html.count("plotly.js v") == 1, "plotly.js is embedded once"
    assert len(seen.ids) == len(set(seen.ids))


def test_no_hole_of_the_template_is_left(html):
    body = html[: html.index('<script type="application/json"')]
    assert not re.search(
        r"\{\{\w+\}\}|/\*letters\*/|\{\w+\}", re.sub(r"<style>.*?</style>", "", body, flags=re.DOTALL)
    )


def test_pieces_that_come_again_are_written_once_and_none_is_lost(frames):
    def unfold(piece):
        if isinstance(piece, dict):
            if "$" in piece:
                return unfold(told["shared"][piece["$"]])
            return {name: unfold(value) for name, value in piece.items()}
        return [unfold(value) for value in piece] if isinstance(piece, list) else piece

    whole = {key: drawn.to_plotly_json() for key, drawn in list(charts(frames).items())[:20]}
    plain = json.loads(json.dumps(whole, default=list))
    told = json.loads(json.dumps(_folded(plain)))
    assert unfold(told["whole"]) == plain
    assert len(json.dumps(told)) < 0.7 * len(json.dumps(plain))
    # Values that Python calls equal and JSON does not stay apart.
    odd = {"a": [1, 1.0, True, "1" * 30], "b": [True, 1.0, 1, "1" * 30]}
    told = _folded(odd)
    assert json.dumps(unfold(told["whole"])) == json.dumps(odd)


# --- The verdict ----------------------------------------------------------------------------------------


def test_the_verdict_comes_first_and_the_limits_are_there(html):
    places = [html.index(f'<section id="{name}"') for name in SECTIONS]
    assert places == sorted(places) and SECTIONS[0] == "verdict"
    assert say("limits.title").en in html


def test_the_limits_name_the_one_path_on_which_published_county_incomes_move():
    """Growth a year from 2015 to 2021, in %: from 8.8 (Qingshui, 5,486.61 to 9,110.18) to 9.1; Zhangjiachuan is lowest."""
    rows = [
        row for row in table("observed") if row["indicator"] == "rural_income" and row["area"] in COUNTIES
    ]
    levels = {(row["area"], int(row["year"])): float(row["value"]) for row in rows}
    areas = {area for area, _ in levels}
    growth = sorted(100 * ((levels[area, 2021] / levels[area, 2015]) ** (1 / 6) - 1) for area in areas)
    assert len(areas) == 6 and (round(growth[0], 1), round(growth[-1], 1)) == (8.8, 9.1)
    assert min(areas, key=lambda area: levels[area, 2016]) == "zhangjiachuan"
    (told,) = [words for words in limits() if "Zhangjiachuan" in words.en]
    assert "8.8 to 9.1 %" in told.en and "8.8%至9.1%" in told.zh and "张家川" in told.zh


def test_published_and_derived_aims_are_counted_apart_from_assumed_ones(frames, html):
    later = [aim for aim in frames.verdict if is_judged(aim) and aim["year"] > PAST]
    for scenario in frames.scenarios:
        firm_met, firm = met([aim for aim in later if aim["status"] in FIRM], scenario)
        assumed_met, assumed = met([aim for aim in later if aim["status"] not in FIRM], scenario)
        assert firm == 2 and assumed > 20
        told = say("verdict.one_line", scenario=scenario.title, firm_met=firm_met, firm=firm,
                   assumed_met=assumed_met, assumed=assumed)  # fmt: skip
        assert told.en in html and chinese(told.zh) in html


def test_aims_of_one_source_are_called_one(frames, html):
    assert [aim["id"] for aim in frames.verdict if aim["id"] in ("T022", "T024") and is_judged(aim)]
    (line,) = one_source(aim for aim in frames.verdict if aim["year"] > PAST)
    assert "one and the same source" in line.en and "同一来源" in line.zh and "2025" in line.en
    assert both(line) in html


def test_an_aim_is_met_when_half_of_the_worlds_meet_it(frames):
    scenario = frames.scenarios[0]
    aims = [{"status": "assumed", "probability": {"plan": chance}} for chance in (0.0, 0.49, 0.5, 1.0)]
    assert met(aims, scenario) == (2, 4)
    assert met([{"status": "assumed", "probability": {}}], scenario) == (0, 0)
    assert is_firm({"status": "published"}) and is_firm({"status": "derived"}) and not is_firm(aims[0])


def test_every_aim_is_shown_with_basis_or_with_the_reason_why_not(frames, html):
    text = text_of(html)
    unjudged = [aim for aim in frames.verdict if not is_judged(aim)]
    assert len(unjudged) == sum(row["modelled"] == "no" for row in table("targets"))
    for aim in frames.verdict:
        for part in (aim["basis"], aim["reason"]) if not is_judged(aim) else (aim["basis"], aim["unit"]):
            assert part in phrases() or not part
    for aim in unjudged:
        assert aim["reason"]
    assert say("verdict.unjudged_lead", count=len(unjudged)).en in text


def test_probability_gap_and_year_of_an_aim_stand_in_its_cell(frames, html):
    (aim,) = [aim for aim in frames.verdict if aim["id"] == "T022"]
    cell = html[html.index("≥ 900") :][:2500]
    for name in ("plan", "no_plan"):
        assert f"{100 * aim['probability'][name]:.0f} %" in cell
        assert both(say("verdict.attained", year=aim["attained"][name])) in cell
    assert "published" in cell and "later census" in cell


def test_an_aim_reached_too_early_and_lost_says_so(frames, lean):
    (aim,) = [aim for aim in frames.verdict if aim["id"] == "T022"]
    kept = {
        **aim,
        "attained": {"plan": 2024, "no_plan": None},
        "probability": {"plan": 0.75, "no_plan": 0.25},
    }
    lost = {**kept, "probability": {"plan": 0.25, "no_plan": 0.25}}
    for told, key in ((kept, "verdict.attained"), (lost, "verdict.lost")):
        made = page(lean._replace(verdict=[told]))
        assert both(say(key, year=2024)) in made and both(say("verdict.never", year=2035)) in made
    assert both(say("verdict.lost", year=2024)) not in page(lean._replace(verdict=[kept]))


def test_aims_not_judged_that_differ_in_their_years_share_a_row(lean):
    aim = {**lean.verdict[0], "probability": {}, "indicator": "pm25", "reason": "air quality is not modelled"}
    made = page(lean._replace(verdict=[{**aim, "year": 2025}, {**aim, "year": 2035}]))
    assert made.count(both(Words("Fine dust (PM2.5)", "细颗粒物（PM2.5）"))) == 1 and "2025, 2035" in made
    assert say("verdict.unjudged_lead", count=2).en in made


# --- What is changed, at a glance -----------------------------------------------------------------------


def test_the_differences_stand_at_the_top_with_range_levels_and_side(frames, html):
    """Middle, lowest and highest of the pairwise differences of four worlds; better only when all worlds agree."""
    cards = html[html.index('<ul class="glance">') :].partition("</ul>")[0].split("<li class=")[1:]
    assert html.index('<ul class="glance">') < html.index('class="counts"')
    there = [name for name in GLANCED if name in set(frames.differences["indicator"])]
    assert len(cards) == len(there) == len(GLANCED)
    for name, card in zip(GLANCED, cards, strict=True):
        about = INDICATORS[name]
        worlds = [[fabricated.values(name, "tianshui", told, pair, pair)[-1] for told in ("plan", "no_plan")]
                  for pair in range(4)]  # fmt: skip
        changes = [a - b for a, b in worlds]
        scale = max(abs(np.median([world[side] for world in worlds])) for side in (0, 1)) * about.factor
        told = figure(float(np.median(changes)) * about.factor, scale, signed=True)
        assert f'<p class="big">{told} ' in card, name
        side = int(min(changes) > 0) - int(max(changes) < 0)
        kind = (
            "neutral"
            if not about.better
            else "open"
            if not side
            else "gain"
            if side == about.better
            else "loss"
        )
        assert card.startswith(f'"{kind}"') and both(say(f"glance.{kind}")) in card, name


def test_one_scenario_changes_nothing_at_a_glance(alone):
    assert '<ul class="glance">' not in alone


def test_figures_keep_about_four_digits():
    assert figure(1234567.0) == "1,234,567"
    assert figure(-0.5) == "−0.5" and figure(0.0) == "0" and figure(12.3456) == "12.35"
    assert figure(2.5, 900.0, signed=True) == "+2.5" and figure(0.001, 900.0) == "≈ 0"
    assert figure(float("nan")) == "–"


def test_an_aim_of_output_is_drawn_where_equal_growth_leads(frames):
    rows = aims_of(frames, INDICATORS["gdp"])
    # 900 of 687.19 is 30.97 % of growth from the model's own 2020.
    level = frames.bands.query("indicator == 'gdp' and area == 'tianshui' and year == 2020")[
        "middle"
    ].median()
    assert rows["year"].tolist() == [2025]
    assert rows["value"].iloc[0] == pytest.approx(900 / BASE_LATER * level)
    assert aims_of(frames, INDICATORS["gdp_real"])["year"].tolist() == [2035]
    grain = aims_of(frames, INDICATORS["grain_output"])
    assert grain["value"].iloc[0] * INDICATORS["grain_output"].factor == pytest.approx(120.0)


def test_every_unit_of_a_lever_is_shown_in_both_languages_and_a_year_is_a_year(lean):
    for number in registry.levers().values():
        unit, factor = lever_unit(number.unit)
        assert CJK.search(unit.zh) or unit.zh == "%", number.unit
        assert factor > 0
    assert lever_unit("yuan/year") == (Words("100m yuan a year", "亿元/年"), 1e-8)
    opening = {
        "lever": "infrastructure.railway", "names": {"en": "Opening", "zh": "通车"}, "unit": "year", "measure": "M12",
        "group": "urban", "a": {"2020": 2036.0, "2021": 2028.0}, "b": {"2020": 2036.0},
    }  # fmt: skip
    money = {
        **opening,
        "lever": "towns.services",
        "unit": "yuan/year",
        "per_county": True,
        "a": {"2020": {"gangu": 3e7, "maiji": 2.5e8}},
        "b": {"2020": 3e7},
    }
    text = text_of(page(lean._replace(manifest={**lean.manifest, "changed_levers": [opening, money]})))
    assert "2020: 2036; 2021: 2028" in text and "2020: 0.3 – 2.5" in text
    # 0.3 + 2.5 of two counties; 7 counties with 0.3 each.
    assert (
        "100m yuan a year per county" in text and "(2.8 in all)" in text and "2020: 0.3 (2.1 in all)" in text
    )


# --- The frames -----------------------------------------------------------------------------------------


def test_bands_run_over_the_worlds_and_chance_lies_around_the_middle(frames):
    row = frames.bands.query(
        "scenario == 'plan' and indicator == 'gdp' and area == 'gangu' and year == 2030"
    ).iloc[0]
    place = 2030 - 2015
    worlds = [fabricated.values("gdp", "gangu", "plan", pair, pair)[place] for pair in range(4)]
    luck = [fabricated.values("gdp", "gangu", "plan", seed, 0)[place] for seed in range(3)]
    assert (row["low"], row["middle"], row["high"]) == pytest.approx(
        (min(worlds), np.median(worlds), max(worlds))
    )
    assert row["luck_low"] == pytest.approx(np.median(worlds) + min(luck) - np.median(luck))
    assert row["luck_high"] == pytest.approx(np.median(worlds) + max(luck) - np.median(luck))
    assert frames.worlds == 4 and frames.seeds == 3


def test_a_difference_is_taken_world_by_world(frames):
    row = frames.differences.query("indicator == 'urban_share' and area == 'maiji' and year == 2035").iloc[0]
    gaps = [
        fabricated.values("urban_share", "maiji", "plan", pair, pair)[-1]
        - fabricated.values("urban_share", "maiji", "no_plan", pair, pair)[-1]
        for pair in range(4)
    ]
    assert (row["low"], row["middle"], row["high"]) == pytest.approx((min(gaps), np.median(gaps), max(gaps)))


def test_winners_and_losers_are_percent_of_the_second_scenario(frames):
    row = frames.deciles.query(
        "area == 'tianshui' and kind == 'rural' and decile == 1 and year == 2035"
    ).iloc[0]
    name = "rural_income_decile_1"
    gaps = [
        100 * (fabricated.values(name, "tianshui", "plan", pair, pair)[-1]
               / fabricated.values(name, "tianshui", "no_plan", pair, pair)[-1] - 1)
        for pair in range(4)
    ]  # fmt: skip
    assert (row["low"], row["middle"], row["high"]) == pytest.approx((min(gaps), np.median(gaps), max(gaps)))


def test_every_area_and_indicator_that_was_counted_has_its_chart(frames):
    made = charts(frames)
    for name in (*(one for names in FANS.values() for one in names), *COSTS):
        for area in areas_of(INDICATORS[name]):
            assert f"fan/{name}/{area}" in made, (name, area)
    assert {
        f"money/{side}/{name}/city" for side in ("sources", "uses", "asked") for name in ("plan", "no_plan")
    } <= set(made)
    assert {f"contribution/groups/{name}" for name in attributed(frames)} <= set(made) and attributed(frames)
    assert all(drawn.data for drawn in made.values())


def test_the_names_that_the_report_asks_for_are_indicators():
    for name in (*(one for names in FANS.values() for one in names), *MAPS, *COSTS, *SHARED_OUT):
        assert name in INDICATORS


def test_a_few_indicators_are_shared_out_of_however_many_the_result_holds(tmp_path):
    many = ("gdp_real", "forest_cover", "cattle", "homes", "gdp")
    fabricated.attribution(many, worlds=2).to_parquet(tmp_path / "attribution.parquet")
    told = collect(fabricated.result(pairs=1, seeds=0, indicators=["gdp"]), tmp_path)
    assert attributed(told) == ["gdp_real", "forest_cover"]


def test_pushes_and_items_stand_beside_groups_with_the_error_of_their_orders(frames, html):
    made = charts(frames)
    for players in ("pushes", "items"):
        assert attributed(frames, players) == ["gdp_real", "rural_income"]
        (bar, *_) = made[f"contribution/{players}/gdp_real"].data
        # 1 bn yuan each, whose error is a tenth: 10 and 1 (100m yuan).
        assert list(bar.x) == [10.0, 10.0] and set(bar.error_x.array) == {1.0}
        assert both(say(f"contributions.{players}")) in html
    told = made["contribution/items/gdp_real"].layout
    assert told.yaxis.ticktext[0].startswith("M25 ") and "standard error" in told.meta["interval"]["en"]
    assert "every combination" not in told.meta["status"]["en"]
    assert "standard error" not in made["contribution/groups/gdp_real"].layout.meta["interval"]["en"]


def test_four_lines_are_charted_and_tabled_in_both_languages(frames, html):
    made = charts(frames)
    assert {key for key in made if key.startswith("under/")} == {"under/gdp_real", "under/rural_income"} & {
        f"under/{name}" for name in GLANCED
    }
    policy = made["under/gdp_real"].data[1]
    level = [fabricated.values("gdp_real", "tianshui", "no_plan", world, world)[-1] for world in (0, 1)]
    assert policy.y[-1] == pytest.approx(1.1 * np.median(level) * 1e-8, abs=0.01)
    section = html[html.index('<section id="under"') :].split("</section>")[0]
    assert "Dry decade" in section and "干旱十年" in section
    # The policy does a tenth; under the others a tenth of four fifths; they take a fifth.
    for part in (0.1, 0.08, -0.2):
        gap = np.median([part * own for own in level]) * 1e-8
        assert f"{gap:+,.2f}".replace("-", "−") in section


def test_the_map_holds_every_county_year_and_series(frames):
    told = county_maps(frames)
    assert told is not None
    choices = told[1]["choices"]
    assert set(choices) == set(MAPS)
    for choice in choices.values():
        assert list(choice["series"]) == ["plan", "no_plan", "difference"]
        for series in choice["series"].values():
            assert list(series["values"]) == [str(year) for year in range(2015, 2036)]
            assert all(len(line) == 7 and None not in line for line in series["values"].values())
            assert series["low"] < series["high"]


# --- What is missing has words --------------------------------------------------------------------------


def test_one_world_of_one_scenario_says_what_is_not_there(alone):
    for key, parts in (
        ("page.needs_two", {}), ("contributions.absent", {"a": "plan", "b": "no_plan"}), ("changed.none", {}),
        ("under.absent", {"a": "plan", "b": "no_plan"}),
        ("assumptions.absent", {}), ("key.one", {}), ("key.no_chance", {}),
    ):  # fmt: skip
        assert chinese(say(key, **parts).zh) in alone, key
    assert '<html lang="zh-Hans">' in alone
    assert '"difference"' not in alone[alone.index('id="data"') :]


def test_a_result_without_the_indicators_has_words_in_every_section(tmp_path):
    made = page(collect(fabricated.result(pairs=1, seeds=0, indicators=["urban_sewage_treatment"]), tmp_path))
    for name in ("fans", "map", "money", "costs"):
        section = made[made.index(f'<section id="{name}"') :].split("</section>")[0]
        assert say("page.none_counted").en in section, name
    assert "<figure" not in made


def test_a_result_too_short_for_any_aim_says_so(lean):
    none = [{**aim, "probability": {}, "reason": "the result ends before that year"} for aim in lean.verdict]
    made = page(lean._replace(verdict=none))
    assert say("verdict.none").en in made and "本结果在该年之前结束" not in made
    assert "结果在该年之前结束" in made


# --- Words and letters ----------------------------------------------------------------------------------


def leaves(told, path=""):
    if isinstance(told, dict) and set(told) == {"en", "zh"}:
        yield path, told["en"], told["zh"]
    elif isinstance(told, dict):
        for name, part in told.items():
            yield from leaves(part, f"{path}.{name}")
    elif isinstance(told, list) and len(told) == 2 and all(isinstance(part, str) for part in told):
        yield path, *told
    elif isinstance(told, list):
        for place, part in enumerate(told):
            yield from leaves(part, f"{path}[{place}]")


WORDS = list(leaves(yaml.safe_load((HERE / "report" / "words.yaml").read_text(encoding="utf-8"))))


def test_every_word_is_there_in_both_languages_with_the_same_holes():
    assert len(WORDS) > 200
    for path, english, other in WORDS:
        assert english and other, path
        assert not CJK.search(english), path
        assert sorted(re.findall(r"\{(\w+)\}", english)) == sorted(re.findall(r"\{(\w+)\}", other)), path
        assert other == chinese(other), f"{path}: narrow marks in {other!r}"


DAMAGES = ("absent", "not in the ledger and not whole", "damaged and set aside", "truncated", "lengthened",
           "altered", "unreadable", "not written yet")  # fmt: skip


def test_every_reason_why_a_run_cannot_be_read_has_a_chinese_side():
    source = (HERE / "archive.py").read_text(encoding="utf-8")
    for reason in DAMAGES:
        assert f'"{reason}"' in source, f"the archive no longer says {reason!r}"
        told = damage(f"runs: {reason}")
        assert told.en == f"(runs: {reason})" and CJK.search(told.zh), reason
    # Every text that the archive gives as a reason is among them.
    given = set(re.findall(r'Damage\([^)]*"([a-z ]+)" if|else "([a-z ]+)"\)', source)) | {("", archive.ASIDE)}
    assert {one or other for one, other in given} <= set(DAMAGES)


# --- Where the aims are met -----------------------------------------------------------------------------


def test_each_county_has_its_share_of_worlds_in_the_table_after_the_verdict(frames, html):
    assert SECTIONS[:2] == ("verdict", "counties")
    part = html[html.index('<section id="counties"') : html.index('<section id="fans"')]
    assert "prefecture alone" in say("counties.lead").en and both(say("counties.lead")) in part
    rows = re.findall(r'<tbody><tr><th scope="rowgroup".*?</tbody>', part)
    held = [aim for aim in frames.verdict if aim["by_area"]]
    assert len(rows) == len(held) > 20
    (aim,) = [aim for aim in held if aim["id"] == "T053"]
    (row,) = [
        row for row in rows if both(Words("Urbanisation rate", "常住人口城镇化率")) + "<small>2035: " in row
    ]
    lines = row.split("</tr>")[:-1]
    for scenario, line in zip(frames.scenarios, lines, strict=True):
        own = aim["by_area"][scenario.name]
        cells = re.findall(r"<td[^>]*>([^<]*)</td>", line)
        shares = [f"{100 * own[area]['probability']:.0f} %" for area in COUNTIES]
        there = sum(one["probability"] >= 0.5 for one in own.values())
        assert both(scenario.title) in line and cells == [*shares, f"{there} / 7"]
        assert len(meeting(aim, scenario.name)) == there


def test_an_aim_held_against_no_county_is_left_out_with_its_reason(frames, html):
    part = html[html.index('<section id="counties"') : html.index('<section id="fans"')]
    left = [aim for aim in frames.verdict if is_judged(aim) and not aim["by_area"]]
    assert {aim["by_area_reason"] for aim in left} == set(NO_COUNTIES.values()) <= phrases()
    for why in NO_COUNTIES.values():
        assert escape(why) in part
    assert both(say("counties.left_out", count=len(left))) in part


# --- The plan's items -----------------------------------------------------------------------------------


def items_of(html: str) -> dict[str, str]:
    return {
        name: text
        for name, text in re.findall(r'<details class="item" id="item-(\w+)">(.*?)</details>', html)
    }


def test_every_item_says_its_word_and_its_channel_or_why_it_has_none(html):
    told = items_of(html)
    assert list(told) == list(measures.register())
    for name, item in measures.register().items():
        word = measures.COMMITMENTS[item.commitment]
        assert both(Words(item.title_en, item.title_zh)) in told[name] and word.meaning_en in told[name]
        why = item.channel_en or item.no_channel_en
        assert (
            escape(why) in told[name] and escape(chinese(item.channel_zh or item.no_channel_zh)) in told[name]
        )
        assert "shown and never used: " in told[name]
        # What only exhorts or has no channel says so without being unfolded.
        summary = told[name][: told[name].index("</summary>")]
        assert (both(say("items.exhorts")) in summary) == (item.commitment == "vision")
        assert (both(say("items.nothing")) in summary) == (not item.channel_en)


def test_an_item_is_used_where_a_scenario_sets_its_levers_unlike_no_plan(frames, html, lean):
    told = items_of(html)
    used = both(say("items.used"))
    assert [name for name, text in told.items() if used in text] == ["M33"]
    assert "relief.allowance" in told["M33"] and both(say("items.rests")) not in told["M33"]
    assert "conversion.quota" in told["M25"] and both(say("items.rests")) in told["M25"]
    for scenario, count in zip(frames.scenarios, (1, 0), strict=True):
        assert both(say("items.used_count", scenario=scenario.title, count=count)) in html
    # An older result does not know; the page says so and marks nothing.
    older = page(lean._replace(manifest={**lean.manifest, "levers": []}))
    assert both(say("items.unknown")) in older and both(say("items.unknown")) not in html
    assert not any(used in text or both(say("items.levers")) in text for text in items_of(older).values())


def test_assumptions_are_described_and_cited_in_both_languages(frames, html):
    body = html[html.index('<table class="plain assumptions">') :]
    body = body[: body.index("</table>")]
    assert both(Words("Pull of networks.", description("zh", "livelihoods.kappa", ""))) in body
    assert both(Words("person/home", "人/套")) in body
    assert cited("assumed:no_figure") == ("assumed: no figure", "假定：no figure")
    assert cited("census_2010_2020") == (document("census_2010_2020")["title"],) * 2
    assert cited("a letter") == ("a letter", "a letter")


def test_every_text_of_the_table_of_aims_has_a_chinese_side():
    for row in table("targets"):
        for column in ("unit", "basis", "source", "reason"):
            assert not row[column] or row[column] in phrases(), row[column]


def test_every_word_used_in_the_sources_exists_and_every_word_is_used():
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted((HERE / "report").glob("*.py")))
    known = {path.strip(".") for path, *_ in WORDS if path.count(".") == 2}
    files = r"\.(html|css|js|yaml|parquet)$"
    named = {word for word in re.findall(r"""["'](\w+\.\w+)["']""", sources) if not re.search(files, word)}
    sections = {path.split(".")[0] for path in known}
    for word in named:
        if word.split(".")[0] in sections:
            assert word in known, word
    # Titles and leads of sections, and words with a name put in, are looked up by a made-up key.
    free = r"(phrases|names|documents|status|kind)\.|\w+\.(title|lead)$|key\.(belief|fitted)|interval\.(untested|ensemble)"
    free += r"|glance\.(gain|loss|open|neutral)|status\.(observed|aims)_|money\.(sources|uses)|deciles\.(rural|urban)|assumptions\.\w+"
    free += r"|items\.(exhorts|nothing)|contributions\.(groups|pushes|items)|under\.(policy|policy_under|assumptions)$"
    unused = {word for word in known if word not in named and not re.match(free, word)}
    assert not unused


def test_the_page_says_everything_twice(html):
    body = html[html.index("<body>") : html.index('<script type="application/json"')]
    assert body.count('class="en"') == body.count('class="zh"') > 300
    for option in re.findall(r"<option [^>]*>", body):
        assert "data-en=" in option and "data-zh=" in option
    for word in re.findall(r'<span class="zh"[^>]*>([^<]*)</span>', body):
        assert CJK.search(word) or not re.search("[a-z]{3}", word), word


class Bare(HTMLParser):
    """The text of a page that stands in neither language's own span, and so is shown in both."""

    VOID = ("meta", "link", "input", "br", "wbr", "rect", "line", "circle", "path")
    OWN = ("en", "zh", "source")
    SKIPPED = ("script", "style", "code", "option", "title")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            named = dict(attrs)
            own = named.get("class") in self.OWN or named.get("lang") in ("en", "zh-Hans") and tag == "span"
            self.open.append(own or tag in self.SKIPPED or any(self.open[-1:]))

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            self.open.pop()

    def handle_data(self, data):
        if not any(self.open[-1:]):
            self.words += re.findall(r"[A-Za-z]{3,}|[\u3400-\u9fff]+", data)


def test_nothing_on_the_page_is_said_in_one_language_alone(html, alone):
    """What both readers see are figures, signs, items of the plan and digests."""
    for text in (html, alone):
        body = text[text.index("<body>") : text.index('<script type="application/json"')]
        words = [word for word in Bare(body).words if not re.fullmatch("[a-f]{3,}", word)]
        assert not words, words
    planted = body.replace("<h2", "<p>Untranslated</p><p>未译</p><h2", 1)
    assert Bare(planted).words[:2] == ["Untranslated", "未译"]


@pytest.mark.parametrize(
    "path", sorted([*HERE.glob("report/*.py"), *HERE.glob("views/*.py")]), ids=lambda path: path.stem
)
def test_texts_written_in_the_sources_are_in_both_languages(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Words" and len(node.args) == 2:
            pair = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
            if all(isinstance(one, str) for one in pair) and re.search("[A-Za-z]{2}", str(pair[0])):
                assert not CJK.search(str(pair[0])) and CJK.search(str(pair[1])), (node.lineno, pair)


def test_the_embedded_font_has_every_chinese_sign_of_the_page(html, alone):
    for text in (html, alone):
        text = text[: text.index("/**\n* plotly.js")]
        assert letters.missing(text) == ""
        assert len(letters.chinese(text)) > 500
    for name in (*INDICATORS.values(), *measures.register().values()):
        assert letters.missing(json.dumps(name, ensure_ascii=False)) == ""
    for name in plan.scenario_names():
        assert letters.missing(json.dumps(plan.load(name).title, ensure_ascii=False)) == ""


def test_the_cut_font_draws_what_it_was_cut_for():
    import io

    from fontTools.ttLib import TTFont

    data = letters.cut("天水市,2035年:亿元")
    assert data == letters.cut("天水市,2035年:亿元") and len(data) < 20_000
    with TTFont(io.BytesIO(data)) as font:
        drawn = font.getBestCmap()
        assert {ord(sign) for sign in "天水市年亿元"} <= set(drawn)
        assert all(font["glyf"][drawn[ord(sign)]].numberOfContours > 0 for sign in "天水市年亿元")
        assert ord("山") not in drawn
    assert "SIL OPEN FONT LICENSE" in (HERE / "fonts" / "LICENSE").read_text(encoding="utf-8")


def test_a_sign_the_font_lacks_is_named(lean):
    assert letters.missing("天㐀水") == "㐀"
    odd = lean.scenarios[0]._replace(title=Words("Odd", "怪㐀"))
    with pytest.warns(UserWarning, match="㐀"):
        page(lean._replace(scenarios=(odd, lean.scenarios[1])))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page(lean)


def test_text_from_outside_cannot_become_markup(lean):
    odd = lean.scenarios[0]._replace(title=Words("<img src=x onerror=alert(1)>", "</script><b>坏</b>"))
    made = page(lean._replace(scenarios=(odd, lean.scenarios[1])))
    assert "<img src=x" not in made and "</script><b>" not in made
    assert made.count("</script>") == 3


# --- Observed values ------------------------------------------------------------------------------------


def test_observed_values_are_indicators_in_their_stored_unit():
    rows = table("observed")
    keys = [(row["area"], row["indicator"], row["year"]) for row in rows]
    assert len(keys) == len(set(keys)) > 300
    for row in rows:
        about = INDICATORS[row["indicator"]]
        assert row["area"] in areas_of(about), row
        assert row["unit"] == about.unit, row
        assert row["status"] in STATUSES and row["use"] in ("initial", "fit", "score")
        assert 2015 <= int(row["year"]) <= 2021 and float(row["error"]) > 0
        assert (row["use"] == "score") == (int(row["year"]) >= 2020), row
        assert (row["use"] == "initial") == (int(row["year"]) == 2015), row
        assert row["source_en"] and CJK.search(row["source_zh"])


@pytest.mark.parametrize(
    ("area", "indicator", "year", "value"),
    [
        ("tianshui", "gdp_real", 2015, 49.7103e9),  # 497.103 (100m yuan, prices of 2019)
        ("tianshui", "resident_population", 2020, 2_980_000),
        ("tianshui", "own_revenue", 2015, 3.66939e9),
        ("tianshui", "urban_share", 2020, 45.57),
        ("tianshui", "transfers", 2020, 26.48e9),
        ("tianshui", "poverty_incidence", 2019, 0.68),
    ],
)
def test_observed_values_stand_as_published(area, indicator, year, value):
    (row,) = [
        row for row in table("observed")
        if (row["area"], row["indicator"], row["year"]) == (area, indicator, str(year))
    ]  # fmt: skip
    assert float(row["value"]) == pytest.approx(value)


def test_values_that_must_not_be_used_are_not_there():
    keys = {(row["area"], row["indicator"], row["year"]) for row in table("observed")}
    # Marked "do not use" or "context" in the evidence: back-cast, interpolated by county, or of two governments.
    assert ("tianshui", "rural_income", "2016") not in keys
    assert ("qinzhou", "rural_income", "2019") not in keys
    assert not {key for key in keys if key[:2] == ("qinzhou", "own_revenue")}
    assert not {key for key in keys if key[1] == "gdp_real" and key[0] != "tianshui" and int(key[2]) < 2019}


# --- In a browser without a network ---------------------------------------------------------------------

without_browser = pytest.mark.skipif(
    browser.find() is None and not os.environ.get("CI"), reason="no Chromium on this machine"
)
if browser.find() is None:
    warnings.warn("no Chromium on this machine: the report is not tried in a browser", stacklevel=1)
DRAWN = """Array.from(document.querySelectorAll('figure.chart')).map(f => {
    const plot = f.querySelector('.plot'), words = f.querySelector('.absent');
    return {title: f.querySelector('h4').textContent, about: f.querySelector('.about').textContent,
            shapes: plot.querySelectorAll('.trace, .point, path.js-fill').length, hidden: plot.hidden,
            words: words.hidden ? '' : words.textContent};
})"""


@pytest.fixture(scope="module")
def opened(html, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(html, encoding="utf-8")
    with browser.Browser() as made:
        made.open(path)
        yield made


def quiet(made: browser.Browser) -> None:
    assert made.requests == [] and made.errors == []


def no_empty_frame(made: browser.Browser) -> list[dict]:
    shown = made.run(DRAWN)
    for chart in shown:
        assert chart["title"]
        assert chart["words"] if chart["hidden"] else chart["shapes"], chart
    return shown


def test_a_browser_that_cannot_be_cut_off_from_the_network_is_told_of_and_fails_in_ci(monkeypatch):
    monkeypatch.setattr(browser, "_works", lambda words: False)
    monkeypatch.delenv("CI", raising=False)
    with pytest.warns(UserWarning, match="NOT cut off from the network"):
        assert browser._alone() == []
    monkeypatch.setenv("CI", "true")
    with pytest.raises(RuntimeError, match="NOT cut off from the network"):
        browser._alone()
    monkeypatch.setattr(browser, "_works", lambda words: words == ["unshare", "--map-root-user", "--net"])
    monkeypatch.setattr(browser.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert browser._alone() == ["unshare", "--map-root-user", "--net"]


@without_browser
def test_all_charts_are_drawn_in_both_languages_without_a_request_or_an_error(opened):
    english = no_empty_frame(opened)
    assert len(english) > 50 and not any(chart["hidden"] for chart in english)
    assert not any(CJK.search(chart["title"] + chart["about"]) for chart in english)
    assert not CJK.search(re.sub("中文", "", opened.run("document.body.innerText")))
    opened.choose('input[value="zh"]', "zh")
    opened.wait("document.body.dataset.drawn === 'zh'")
    other = no_empty_frame(opened)
    assert all(CJK.search(chart["title"]) and CJK.search(chart["about"]) for chart in other)
    assert opened.run("document.documentElement.lang") == "zh-Hans"
    assert CJK.search(opened.run("document.querySelector('.plot .annotation').textContent"))
    seen = opened.run("document.querySelector('#verdict').innerText")
    assert say("verdict.title").zh in seen and say("verdict.title").en not in seen
    quiet(opened)
    opened.choose('input[value="en"]', "en")
    opened.wait("document.body.dataset.drawn === 'en'")


@without_browser
def test_chinese_is_drawn_with_the_embedded_font_alone(opened):
    opened.choose('input[value="zh"]', "zh")
    opened.wait("document.body.dataset.drawn === 'zh'")
    for domain in ("DOM", "CSS"):
        opened.call(f"{domain}.enable")
    root = opened.call("DOM.getDocument")["root"]["nodeId"]
    for place in ("#limits .limits .zh", "#verdict h2 .zh", ".badge .zh", "#deciles .plot .g-xtitle"):
        node = opened.call("DOM.querySelector", nodeId=root, selector=place)["nodeId"]
        fonts = opened.call("CSS.getPlatformFontsForNode", nodeId=node)["fonts"]
        own = [font for font in fonts if font["isCustomFont"]]
        assert own and "Noto Sans SC" in own[0]["familyName"], (place, fonts)
        # What else is drawn are Latin letters and figures.
        text = opened.run(f"document.querySelector({json.dumps(place)}).textContent")
        assert sum(font["glyphCount"] for font in own) >= len(letters.chinese(text))
    opened.choose('input[value="en"]', "en")
    opened.wait("document.body.dataset.drawn === 'en'")
    quiet(opened)


@without_browser
def test_another_area_changes_the_charts_and_what_is_not_counted_there_has_words(opened):
    opened.choose("#area", "gangu")
    opened.wait("document.body.dataset.drawn")
    shown = no_empty_frame(opened)
    assert any("Gangu" in chart["title"] for chart in shown)
    opened.choose("#area", "city")
    opened.wait("document.body.dataset.drawn")
    shown = no_empty_frame(opened)
    hidden = [chart for chart in shown if chart["hidden"]]
    assert hidden and all(chart["words"] == say("page.none_here").en for chart in hidden)
    assert any("City" in chart["title"] and not chart["hidden"] for chart in shown)
    opened.choose("#area", "tianshui")
    opened.wait("document.body.dataset.drawn")
    assert not any(chart["hidden"] for chart in no_empty_frame(opened))
    quiet(opened)


@without_browser
def test_the_map_follows_its_native_controls(opened):
    colours = "Array.from(document.querySelectorAll('#county-map .js-fill')).map(p => p.style.fill)"
    late = opened.wait(colours)
    assert len(late) == 7
    # The arrow keys move a native slider; five years back the counties are paler.
    opened.run("document.getElementById('map-year').focus()")
    for _ in range(5):
        for kind in ("keyDown", "keyUp"):
            opened.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key="ArrowLeft",
                code="ArrowLeft",
                windowsVirtualKeyCode=37,
            )
    assert opened.run("document.getElementById('map-year').value") == "2030"
    opened.wait(
        f"document.getElementById('map-shown').textContent === '2030' && {colours}.join() !== {json.dumps(','.join(late))}"
    )
    assert "2030" in opened.run("document.querySelector('#county-map h4').textContent")
    opened.choose("#map-which", "difference")
    opened.wait("document.querySelector('#county-map h4').textContent.includes('less')")
    opened.choose("#map-what", "soil_loss")
    opened.wait(
        f"document.querySelector('#county-map h4').textContent.startsWith({json.dumps(INDICATORS['soil_loss'].en)})"
    )
    labels = opened.run(
        "Array.from(document.querySelectorAll('#county-map .textpoint')).map(t => t.textContent)"
    )
    assert len(labels) == 7 and any(re.search(r"[+\u2212-]\d", label) for label in labels)
    quiet(opened)


@without_browser
def test_the_numbers_of_a_chart_can_be_read_as_a_table(opened):
    opened.run("document.querySelector('[data-chart=\"fan/gdp\"] summary').click()")
    cells = opened.wait(
        "(() => { const t = document.querySelector('[data-chart=\"fan/gdp\"] table');"
        "return t && Array.from(t.rows).map(r => Array.from(r.cells).map(c => c.textContent)); })()"
    )
    years = {row[0]: row for row in cells[1:]}
    assert set(years) == {str(year) for year in range(2015, 2036)}
    assert years["2015"][1].startswith("469.9")
    assert re.fullmatch(r"[\d,]+\.?\d*", years["2035"][1]) and "," in years["2035"][1]
    quiet(opened)


@without_browser
def test_a_number_is_found_among_the_assumptions(opened):
    shown = "Array.from(document.querySelectorAll('.assumptions tbody tr')).filter(r => !r.hidden).length"
    assert opened.run(shown) == len(fabricated.assumptions())
    opened.run(
        "{const f = document.getElementById('find'); f.value = 'KAPPA'; f.dispatchEvent(new Event('input'));}"
    )
    assert opened.run(shown) == 1
    opened.run(
        "{const f = document.getElementById('find'); f.value = ''; f.dispatchEvent(new Event('input'));}"
    )
    quiet(opened)


@without_browser
def test_an_item_of_the_plan_is_found_and_pushes_without_one_go(opened):
    shown = "Array.from(document.querySelectorAll('{}')).filter(r => !r.hidden).length"
    ask = "{{const f = document.getElementById('find-item'); f.value = '{}'; f.dispatchEvent(new Event('input'));}}"
    assert opened.run(shown.format(".item")) == 44
    opened.run(ask.format("RELIEF.allowance"))
    assert (opened.run(shown.format(".item")), opened.run(shown.format(".push"))) == (1, 1)
    opened.run(ask.format(""))
    assert opened.run(shown.format(".push")) == len(measures.PUSHES)
    quiet(opened)


@without_browser
@pytest.mark.parametrize("width", [360, 768])
def test_nothing_is_wider_than_a_small_screen(opened, width):
    opened.resize(width, 800)
    try:
        # Charts follow the width a moment later.
        opened.wait(
            "Array.from(document.querySelectorAll('.plot .main-svg')).every(s =>"
            " s.closest('.plot').clientWidth + 1 >= s.clientWidth)"
        )
        assert opened.run("document.documentElement.scrollWidth") <= width
    finally:
        opened.resize(1280, 900)


@without_browser
def test_it_prints(opened, tmp_path):
    opened.paper(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    quiet(opened)


@without_browser
def test_a_page_that_does_ask_a_network_would_be_caught(tmp_path):
    path = tmp_path / "bad.html"
    path.write_text(
        "<body data-drawn=1><img src='http://example.invalid/a.png'><script>missing()</script>",
        encoding="utf-8",
    )
    with browser.Browser() as made:
        made.open(path)
        made.wait("document.readyState === 'complete'")
        assert made.requests == ["http://example.invalid/a.png"]
        assert any("missing" in error for error in made.errors)
