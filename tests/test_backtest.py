"""Backtests: hand-worked scores of a few cells, what the honest view may know, and the same bytes whatever came later."""

import csv
import json
import re

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from tianshui import evidence, registry, run
from tianshui.cli import app
from tianshui.draws import triangular
from tianshui.experiments import backtest, fit, hindsight, reading, scores
from tianshui.experiments.baselines import Forecast
from tianshui.experiments.hindsight import EVERY, View
from tianshui.experiments.series import LAST_FIT, Observation
from tianshui.plan import PLAN, load
from tianshui.report.backtest import backtest as section
from tianshui.report.collect import Scored
from tianshui.report.collect import _backtest as beside
from tianshui.settings import Settings
from tianshui.words import InputError

HONEST, INFORMED = View(honest=True, known=True), View(honest=False, known=True)
SAMPLE = 0.002
LATE_SOURCES = re.compile(
    r"census_2010_2020|census_2020|gangu_land_2020|mayor|cohort_path|latent_normal|percent_from_within|percent_of_net_away"
    r"|maiji_a_head|1\.85_mu|prefecture less Gangu|Gangu bureau"
)
"""What stands as source where a value leans on Tianshui after 2019; the shared start table says so row by row under `how`."""
STILL = ("land_area", "rainfall", "wei_share")


# --- One cell -------------------------------------------------------------------------------------------


def test_members_meet_the_last_value_by_a_factor_or_a_sum():
    # 110 of 100 is a tenth more: 220 of 200. 121 of 110 as well.
    own = backtest.members(np.array([110.0, 121.0]), np.array([100.0, 110.0]), 200.0, log=True)
    assert (
        own.is_moved and own.moved == pytest.approx([220.0, 220.0]) and own.as_run.tolist() == [110.0, 121.0]
    )
    # Five points more than 20, then one less than 30: 36 and 35 at a last value of 31 and 36.
    own = backtest.members(np.array([25.0, 29.0]), np.array([20.0, 30.0]), 31.0, log=False)
    assert own.moved.tolist() == [36.0, 30.0]


def test_members_stay_where_nothing_was_counted_before_and_who_gave_none_is_left_out():
    own = backtest.members(np.array([1.0, np.nan, 3.0]), None, np.nan, log=True)
    assert (
        not own.is_moved and own.as_run.tolist() == [1.0, 3.0] and own.there.tolist() == [True, False, True]
    )
    own = backtest.members(np.array([1.0, 2.0]), np.array([np.nan, 1.0]), 5.0, log=True)
    assert not own.is_moved and own.moved.tolist() == [1.0, 2.0]


def test_a_naive_forecast_as_members():
    some = backtest.naive_members(Forecast(100.0, 0.1, "log"))
    assert np.exp(np.log(some).mean()) == pytest.approx(100.0) and np.log(some).std() == pytest.approx(
        0.1, 0.02
    )


def test_a_naive_forecast_without_a_spread_is_held_against_values_alone():
    one = backtest.members(np.array([98.0, 99.0]), None, np.nan, log=True)
    sure = backtest.cell(
        HONEST, published(area="maiji"), one, Forecast(103.0, float("nan"), "log"), "province", ""
    )
    assert np.isnan(sure["naive_crps"]) and np.isnan(sure["naive_low_80"]) and sure["closer"] == "model"
    frame = pd.DataFrame([sure, row(HONEST, [97.0, 98.0, 99.0], 104.0)])
    assert backtest.relative_crps(frame) == backtest.relative_crps(frame.iloc[1:])
    assert np.isnan(backtest.relative_crps(frame.iloc[:1]))


@pytest.mark.parametrize(
    ("middle", "naive", "who"), [(9.0, 12.0, "model"), (8.0, 11.0, "naive"), (9.0, 11.0, "tie")]
)
def test_who_comes_closer(middle, naive, who):
    assert backtest.closer(middle, naive, 10.0) == who


def published(indicator="rural_income_surveyed", area="gangu", year=2020, value=100.0):
    unit = backtest.INDICATORS[indicator].unit
    return Observation(area, indicator, year, value, unit, 1.0, "score", "found", "current", year, "x", "x")


def row(view, ours, naive, **which):
    one = published(**which)
    own = backtest.members(np.array(ours), None, np.nan, log=True)
    return backtest.cell(view, one, own, Forecast(naive, 0.1, "log"), "drift", "")


def test_scores_of_three_cells():
    # Gangu misses by 2 where the naive forecast misses by 4, Wushan by 8 against 2: sqrt(1/2 * 4) is their mean.
    frame = pd.DataFrame([
        row(HONEST, [97.0, 98.0, 99.0], 104.0),
        row(HONEST, [108.0, 108.0, 108.0], 98.0, area="wushan"),
    ])  # fmt: skip
    told = backtest.tell(HONEST, frame, [], 0.0, 0)
    assert (told.cells, told.scored, told.wins, told.losses) == (2, 2, 1, 1)
    assert told.pooled.middle == pytest.approx(np.sqrt(0.5 * 4.0)) and told.blocks == {
        "income": told.pooled.middle
    }
    assert told.indicators["rural_income_surveyed"][1:] == (2, 1, 1) and sum(told.pit) == 2
    ratios = [frame["crps"][n] / frame["naive_crps"][n] for n in (0, 1)]
    assert told.crps == pytest.approx(np.sqrt(ratios[0] * ratios[1]))
    # An error of observation of 1 around 98 holds 100 in its 95 % or not: as the interval of the row says.
    inside = (frame["low_95"] <= 100.0) & (frame["high_95"] >= 100.0)
    assert told.coverage[2].inside == inside.mean()


def test_what_is_left_of_an_error_beside_the_last_value():
    """Changes of 8, 9 and 10 % in logs spread by one point: one of a hundred, not the stated five."""
    one = published()._replace(error=5.0)
    logs = np.cumsum([0.0, 0.08, 0.09, 0.10])
    own = dict(zip(range(2016, 2020), (50.0 * np.exp(logs)).tolist(), strict=True))
    now = backtest.Seen(2019, {one.key: own}, {}, None, {})
    assert backtest.wobble(now, one) == pytest.approx(1.0)
    assert backtest.wobble(now, one._replace(error=0.5)) == 0.5
    # A value of a score year is not looked at, and two changes tell no spread.
    assert backtest.wobble(now._replace(series={one.key: own | {2020: 1.0}}), one) == pytest.approx(1.0)
    del own[2016]
    assert backtest.wobble(now, one) == 5.0
    members = backtest.members(np.full(50, 90.0), np.full(50, 90.0), 100.0, log=True)
    rows = [
        backtest.cell(HONEST, one, members, Forecast(98.0, 0.1, "log"), "drift", "", error)
        for error in (None, 0.0)
    ]
    assert rows[0]["high_95"] > rows[1]["high_95"] == pytest.approx(100.0)
    assert rows[0]["as_run_high_95"] == rows[1]["as_run_high_95"]


def test_what_the_ordinary_start_knows_is_shown_and_not_scored():
    rows = backtest.observations(backtest.LAST_SCORE)
    lean = backtest.leaning(rows)
    assert lean == {
        "resident_population",
        "urban_share",
        "share_0_14",
        "share_15_64",
        "share_65plus",
        "net_away",
    }
    own = backtest.members(np.array([1.0]), None, np.nan, log=True)
    naive, nobody = Forecast(1.0, 0.1, "log"), backtest.members(np.array([np.nan]), None, np.nan, log=True)

    def why(view, name, own=own, naive: Forecast | None = naive):
        return backtest._why(view, published(name), lean, own, naive)

    assert why(INFORMED, "resident_population") == "census" and why(HONEST, "resident_population") == ""
    assert why(INFORMED, "spending") == "read" and why(HONEST, "spending") == ""
    assert (
        why(HONEST, "spending", own=nobody) == "not_counted"
        and why(HONEST, "spending", naive=None) == "no_naive"
    )


def test_product_is_scored_by_growth_and_no_score_row_is_lost():
    names = {one.indicator for one in backtest.published()}
    assert "gdp_real_growth" in names and not names & {"gdp", "gdp_real"}
    assert len({(one.key, one.year) for one in backtest.published()}) == len(backtest.published())


def test_a_county_is_forecast_by_members_weighed_without_it():
    rows = [published(year=2018), published(area="wushan", year=2018)]
    worlds = fit.Worlds(np.array([1, 2]), np.array([[100.0, 150.0], [150.0, 100.0]]))
    places = {fit.column(*one.key, one.year): place for place, one in enumerate(rows)}
    weights, effective = backtest.weighed(worlds, places, rows)
    # Without Gangu's row only Wushan's speaks, which the second world meets; and the other way round.
    assert weights["gangu"][1] > 0.99 and weights["wushan"][0] > 0.99
    assert 1.0 <= effective <= 2.0 and weights["maiji"] == pytest.approx([0.5, 0.5])


# --- What may be known ----------------------------------------------------------------------------------


def line(item, value, **more):
    return {"county": "gangu", "item": item, "value": value, "unit": "mu", "status": "found", "source": "assumed:x",
            "year": "2015", "low": value, "high": value, "used": "structure"} | more  # fmt: skip


def over(item, value):
    return {"area": "gangu", "item": item, "value": value, "low": value, "high": value, "status": "assumed",
            "source": "assumed:y", "year": "2015"}  # fmt: skip


def test_a_late_row_is_replaced_left_out_or_refused():
    late = {"source": "census_2020:table"}
    rows = [line("kept", "1"), line("late", "2", **late), line("shown", "3", used="follows", **late)]
    made = hindsight.place("start", rows, [over("late", "7")])
    assert [(one["item"], one["value"], one["source"]) for one in made] == [
        ("kept", "1", "assumed:x"), ("late", "7", "assumed:y"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="nothing before 2020 for late of gangu"):
        hindsight.place("start", rows, [])
    with pytest.raises(ValueError, match="not there"):
        hindsight.place("start", rows, [over("late", "7"), over("gone", "7")])


def test_outturns_are_left_out_and_what_was_announced_stays():
    rows = evidence.table("outside")
    made = hindsight.outside(rows, hindsight.overlay(View(honest=True, known=False))["outside"])
    late = [one for one in made if int(one["year"]) > LAST_FIT]
    assert [(one["item"], one["value"]) for one in late] == [("poverty_line", "4000")]
    assert list(made[0]) == list(rows[0]) == list(late[0])


@pytest.mark.parametrize("view", EVERY, ids=lambda view: view.name)
def test_a_view_holds_what_a_forecast_reads_and_nothing_that_was_observed(view, tmp_path):
    made = hindsight.write(view, tmp_path / "view")
    if made is None:
        assert view == INFORMED
        return
    assert view != INFORMED
    names = {file.name for file in made.iterdir()}
    assert not names & {
        "series.csv",
        "observed.csv",
        "targets.csv",
        "effects.csv",
        "baselines.csv",
        "patterns.csv",
    }
    with evidence.instead(made):
        years = {int(row["year"]) for row in evidence.table("outside")}
        assert (max(years) > 2021) == view.known
        told = {(row["county"], row["item"]): float(row["value"]) for row in evidence.table("start")}
        assert told["tianshui", "resident_persons"] == (3311700 if view.honest else 3115500)
        assert (
            "tianshui"
            not in {row["budget"] for row in evidence.table("budgets_2015") if row["year"] == "2020"}
            or not view.honest
        )
        for row in hindsight.overlay(view, rows_of("before_2020")).get("beliefs", ()):
            name, prior = row["item"], (float(row["low"]), float(row["value"]), float(row["high"]))
            number = registry.numbers()[name]
            assert number.prior == prior and number.within[0] <= prior[0] <= prior[2] <= number.within[1]
            assert registry.value(registry.draw_beliefs(Settings(), 0), name) == prior[1]
            drawn = registry.value(registry.draw_beliefs(Settings(), 3), name)
            expected = triangular(registry.chance(Settings(), name, 3), *prior)
            assert drawn == (round(expected) if number.whole else expected)
    assert evidence.otherwise() == {} and registry.numbers()["industries.eco_scale"].value == 1.27


def rows_of(name):
    """A table of the package, whatever stands in place of it."""
    text = (evidence.HERE / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_every_document_after_2019_is_replaced_or_kept_for_a_reason():
    replaced = {row["item"] for row in rows_of("before_2020") if row["table"] in ("beliefs", "levers")}
    sources = {
        number.source: name for name, number in {**registry.beliefs(), **registry.outside_numbers()}.items()
        if name not in replaced
    }  # fmt: skip
    for name in hindsight.PLACES:
        for one in hindsight.place(name, evidence.table(name), hindsight.overlay(HONEST).get(name, ())):
            if one.get("item") not in STILL:
                sources.setdefault(one["source"], name)
    pseudo = {"assumed", "derived", "expert_range", "levers", "mechanisms", "recalled"}
    for source, where in sources.items():
        document = evidence.document(source)
        if (
            isinstance(document["year"], int)
            and document["year"] > LAST_FIT
            and document["key"] not in pseudo
        ):
            assert document["key"] in hindsight.KEPT, (where, source)


def test_overlay_rows_are_complete_and_in_both_languages():
    for one in rows_of("before_2020"):
        assert one["reason_en"] and re.search("[\u4e00-\u9fff]", one["reason_zh"]), one
        assert int(one["year"]) <= LAST_FIT or one["table"] in ("levers", "outside"), one
        assert one["table"] != "levers" or one["item"] in registry.levers()
    assert {one["table"] for one in rows_of("before_2020")} <= {
        *hindsight.PLACES,
        "beliefs",
        "levers",
        "outside",
    }


def test_policy_is_that_of_2019_with_what_was_announced(monkeypatch):
    made, history = hindsight.policy(HONEST, PLAN), load("history")
    replaced = {one["item"] for one in rows_of("before_2020") if one["table"] == "levers"}
    for place, (name, course) in enumerate(made.courses.items()):
        if name not in replaced:
            assert (made.table(2019)[place] == history.table(2019)[place]).all()
            assert (made.table(2021)[place] == made.table(2019)[place]).all()
        for county in range(7):
            low, high = registry.levers()[name].within
            assert low <= course.value(county, 2021) <= high
    assert made.at(2020)["moving.relocation"].sum() == 0 and made.at(2020)["relief.allowance"][0] == 4340
    # Whatever history came to hold of 2020 and later.
    poisoned = {
        name: course._replace(points=tuple({**own, 2020: 7.0, 2021: 9.0} for own in course.points))
        for name, course in history.courses.items()
    }
    monkeypatch.setattr(hindsight, "load", lambda name: hindsight.replace(history, courses=poisoned))
    assert hindsight.policy(HONEST, PLAN).resolved(2021) == made.resolved(2021)


# --- Worlds ---------------------------------------------------------------------------------------------


def poison(folder):
    """A copy of all evidence in which every value of Tianshui after 2019, and what leans on one, is another."""
    folder.mkdir()
    changed = 0
    for file in evidence.HERE.iterdir():
        if not file.name.endswith((".csv", ".yaml", ".geojson")):
            continue
        (folder / file.name).write_bytes(file.read_bytes())
        if not file.name.endswith(".csv") or file.name in (
            "before_2020.csv",
            "baselines.csv",
            "measures.csv",
            "candidates.csv",
        ):
            continue
        rows = rows_of(file.name.removesuffix(".csv"))
        column = {"targets": "threshold", "effects": "central"}.get(file.name.removesuffix(".csv"), "value")
        for one in rows:
            after = str(one.get("year", "")).isdecimal() and int(one["year"]) > LAST_FIT
            after |= int(one.get("rests_on") or 0) > LAST_FIT
            leans = bool(LATE_SOURCES.search(one.get("source", "") + one.get("source_en", "")))
            elsewhere = one.get("area") in ("china", "gansu") or one.get("item") in STILL
            if column in one and (after or leans) and not elsewhere:
                for name in (column, "low", "high"):
                    if one.get(name):
                        one[name] = repr(float(one[name]) * 1.37 + 0.01)
                changed += 1
        (folder / file.name).write_text(hindsight.text(rows), encoding="utf-8")
    return changed


def test_no_value_of_tianshui_after_2019_changes_a_byte_of_the_honest_forecast(tmp_path):
    asked = {"sample": SAMPLE, "draws": 1, "workers": 1}
    clean, columns, failed = backtest.forecast(HONEST, tmp_path / "clean", **asked)
    assert poison(tmp_path / "poisoned") > 500 and failed == 0
    with evidence.instead(tmp_path / "poisoned"):
        poisoned, same, _ = backtest.forecast(HONEST, tmp_path / "runs", **asked)
        assert float(evidence.table("start")[8]["value"]) != 649786
    assert columns == same and clean.outputs.tobytes() == poisoned.outputs.tobytes()
    for file in (tmp_path / "clean" / "views" / HONEST.name).iterdir():
        assert file.read_bytes() == (tmp_path / "runs" / "views" / HONEST.name / file.name).read_bytes()
    assert np.isfinite(clean.outputs).mean() > 0.95


def test_no_value_of_tianshui_after_2019_changes_a_byte_of_an_honest_fit_or_of_what_it_forecasts(
    tmp_path, monkeypatch
):
    """The whole way: fitted, kept beside the tables, forecast from."""
    setting = {
        "sample": SAMPLE,
        "whole": 2 * SAMPLE,
        "draws_checked": 24,
        "waves": 0,
        "runs": 2,
        "choosing": 4,
        "size": 2,
        "workers": 1,
    }
    asked = {"sample": SAMPLE, "draws": None, "workers": 1}
    monkeypatch.setattr(fit, "CUT", np.inf)  # Of six worlds as small as these none may be left.
    poison(tmp_path / "poisoned")
    made = {}
    for name, tables in (("clean", None), ("late", tmp_path / "poisoned")):
        with evidence.instead(tables):
            fit.fit(tmp_path / name, honest=True, **setting)
            worlds, _, failed = backtest.forecast(
                HONEST, tmp_path / f"{name}-out", ensemble=tmp_path / name, **asked
            )
        assert failed == 0 and len(worlds.draws) == 2
        made[name] = (
            worlds.outputs.tobytes(),
            *((tmp_path / name / f"ensemble.{end}").read_bytes() for end in ("parquet", "json")),
        )
    assert made["clean"] == made["late"]


def test_the_informed_forecast_is_the_ordinary_run_and_goes_on_after_a_stop(tmp_path, monkeypatch):
    worlds, columns, _ = backtest.forecast(INFORMED, tmp_path, sample=SAMPLE, draws=1, workers=1)
    made = run.simulate(PLAN, sample=SAMPLE, seed=1, draw=1, until=2021).table
    told = {
        fit.column(area, name, int(year)): value
        for year, area, name, value in zip(
            made["year"], made["area"], made["indicator"], made["value"], strict=True
        )
    }
    assert worlds.outputs[0] == pytest.approx(
        [told.get(name, np.nan) for name in columns], rel=0, abs=0, nan_ok=True
    )
    monkeypatch.setattr(
        fit, "run_all", lambda tasks, *more, **named: [] if not tasks else pytest.fail("lived anew")
    )
    again, _, _ = backtest.forecast(INFORMED, tmp_path, sample=SAMPLE, draws=1, workers=1)
    assert again.outputs.tobytes() == worlds.outputs.tobytes()


def test_the_command_tells_scores_and_keeps_them(tmp_path):
    out = tmp_path / "result"
    options = ["backtest", "--start", "informed", "--outside", "known", "--sample", str(SAMPLE), "--draws", "2", "--workers",
               "1", "--out", str(out)]  # fmt: skip
    told = CliRunner().invoke(app, [*options, "--json"])
    assert told.exit_code == 0, told.output
    record = json.loads(told.stdout)
    manifest, cells = reading.backtest_result(out)
    assert manifest["told"] == record["backtests"] and len(cells) == len(record["cells"]) > 150
    assert set(cells["why"]) == {"", "census", "read"} | set(cells["why"])
    one = record["backtests"][0]
    assert one["scored"] == (cells["why"] == "").sum() and one["wins"] + one["losses"] <= one["scored"]
    for language, words in (("en", "Relative error by block"), ("zh", "分领域相对误差")):
        shown = CliRunner().invoke(app, [*options, "--cells", "--lang", language], env={"COLUMNS": "250"})
        assert shown.exit_code == 0 and words in shown.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--start", "clever"], "--start 'clever' is none of"),
        (["--outside", "guessed"], "--outside 'guessed' is none of"),
        (["--draws", "1"], "--draws 1 must be"),
        (["--ensemble", "x"], "for --draws ensemble alone"),
        (["--draws", "ensemble", "--ensemble", "nowhere"], "nowhere holds no ensemble"),
        (["--scenario", "nosuch"], "nosuch"),
        (["--sample", "0"], "--sample 0"),
    ],
)
def test_a_wrong_option_is_one_message(options, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(app, ["backtest", *options])
    assert told.exit_code == 2 and words in told.stderr and told.stderr.count("error:") == 1
    assert not list(tmp_path.rglob("*.parquet"))


def ensemble_in(folder, view, **more):
    """An ensemble whose row 0 is draw 1 of the priors with nothing changed but the given numbers."""
    folder.mkdir(exist_ok=True)
    row = {"draw": [1], "weight": [1.0], "distance": [0.0]} | {name: [value] for name, value in more.items()}
    pd.DataFrame(row).to_parquet(folder / "ensemble.parquet")
    (folder / "ensemble.json").write_text(json.dumps({"view": view}), encoding="utf-8")
    return folder


@pytest.mark.parametrize("cut", ["ensemble.parquet", "ensemble.json"])
def test_an_ensemble_that_is_cut_off_is_one_message(cut, tmp_path, monkeypatch):
    """And nothing of the package's own is written over by it."""
    monkeypatch.chdir(tmp_path)
    file = ensemble_in(tmp_path / "own", "informed") / cut
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    told = CliRunner().invoke(app, ["backtest", "--draws", "ensemble", "--ensemble", "own"])
    assert told.exit_code == 2 and told.stderr.count("error:") == 1
    assert (
        f"{cut} is cut off or no ensemble" in told.stderr.replace("\n", " ")
        and not (tmp_path / "results").exists()
    )
    before = {one.name: one.read_bytes() for one in evidence.here().glob("ensemble*")}
    with pytest.raises(backtest.InputError, match="cut off"):
        fit.install(tmp_path / "own")
    assert before == {one.name: one.read_bytes() for one in evidence.here().glob("ensemble*")}


@pytest.mark.parametrize(("view", "start"), [("informed", "honest"), ("honest", "informed"), ("", "both")])
def test_an_ensemble_that_no_backtest_may_stand_on_is_refused(view, start, tmp_path):
    ensemble_in(tmp_path, view)
    told = CliRunner().invoke(
        app, ["backtest", "--draws", "ensemble", "--ensemble", str(tmp_path), "--start", start]
    )
    assert told.exit_code == 2 and f"was fitted on the start `{view or '?'}`" in told.stderr
    assert told.stderr.count("error:") == 1


def test_each_start_stands_on_the_ensemble_that_was_fitted_on_it(tmp_path, monkeypatch):
    package, given = tmp_path / "package", ensemble_in(tmp_path / "given", "honest")
    ensemble_in(package, "informed")
    monkeypatch.setattr(evidence, "here", lambda: package)
    with pytest.raises(InputError, match="fit --honest --keep"):
        backtest._ensemble(HONEST, None)
    assert backtest._ensemble(HONEST, given) == given / "ensemble.parquet"
    assert backtest._ensemble(INFORMED, given) == package / "ensemble.parquet"
    (package / "ensemble_honest.parquet").write_bytes(b"")
    assert backtest._ensemble(HONEST, None) == package / "ensemble_honest.parquet"


def test_what_outturns_tell_is_no_part_of_an_ensemble(tmp_path):
    """A row with inflation of its own: each view draws it from what it believes, and keeps what was fitted."""
    given = ensemble_in(
        tmp_path / "fitted", "honest", **{"outside.inflation": 0.2, "livelihoods.kappa": 0.123}
    )
    for view in EVERY:
        place = hindsight.write(view, tmp_path / view.name, ensemble=given / "ensemble.parquet")
        with evidence.instead(place):
            drawn, origin = (registry.draw_beliefs(Settings(), one) for one in (evidence.ENSEMBLE_FROM, 1))
            assert registry.value(drawn, "livelihoods.kappa") == 0.123
            assert registry.value(drawn, "outside.inflation") == registry.value(origin, "outside.inflation")


def test_rows_of_an_honest_ensemble_are_lived(tmp_path):
    """Row 0 is draw 1 of the honest priors with nothing changed: the same world, under the luck of seed 1."""
    given = ensemble_in(tmp_path / "fitted", "honest")
    worlds, columns, _ = backtest.forecast(
        HONEST, tmp_path / "out", sample=SAMPLE, draws=None, ensemble=given, workers=1
    )
    with evidence.instead(tmp_path / "out" / "views" / HONEST.name):
        plan = hindsight.policy(HONEST, PLAN, rows_of("before_2020"))
        made = run.simulate(plan, sample=SAMPLE, seed=1, draw=1, until=2021).table
    own = (made["area"] == "tianshui") & (made["indicator"] == "resident_population") & (made["year"] == 2021)
    place = columns.index(fit.column("tianshui", "resident_population", 2021))
    assert worlds.draws.tolist() == [evidence.ENSEMBLE_FROM]
    assert worlds.outputs[0, place] == made["value"][own][0]


def test_a_folder_without_a_backtest_is_refused(tmp_path):
    with pytest.raises(backtest.InputError, match="no finished backtest"):
        reading.backtest_result(tmp_path)


def test_pairs_are_those_of_a_fit_or_rows_of_an_ensemble_under_their_own_luck(monkeypatch):
    monkeypatch.setattr(evidence, "ensemble", lambda: ((5, {}), (9, {})))
    assert backtest.pairs(2, False) == [(1, 1), (2, 2)]
    assert backtest.pairs(2, True) == [(5, evidence.ENSEMBLE_FROM), (9, evidence.ENSEMBLE_FROM + 1)]


def test_probabilities_have_columns():
    assert {f"low_{round(100 * one)}" for one in scores.PROBABILITIES} <= set(row(HONEST, [1.0, 2.0], 2.0))


def test_the_report_colours_wins_and_losses_and_says_what_is_not_scored():
    lost = row(HONEST, [108.0, 108.0, 108.0], 98.0, area="wushan")
    census = row(HONEST, [1.0, 2.0], 1.0, area="maiji") | {"why": "census", "closer": ""}
    frame = pd.DataFrame([row(HONEST, [97.0, 98.0, 99.0], 104.0), lost, census])
    told = backtest.record(backtest.tell(HONEST, frame, [], 0.0, 0))
    html = section(Scored({"told": [told]}, frame))
    assert html.count('<td class="won">') == 1 and html.count('<td class="lost">') == 1
    assert "not scored: the start knows the census of 2020" in html and "不打分" in html
    assert "tianshui backtest" in section(None)


def test_a_report_finds_the_backtest_in_its_folder_or_beside_it(tmp_path):
    place = tmp_path / "backtest"
    place.mkdir()
    pd.DataFrame([row(HONEST, [1.0], 2.0)]).to_parquet(place / "cells.parquet")
    (place / "manifest.json").write_text(json.dumps({"kind": "backtest", "told": []}), encoding="utf-8")
    for folder in (tmp_path, tmp_path / "plan-vs-no_plan"):
        found = beside(folder)
        assert found is not None and len(found.cells) == 1
    (place / "manifest.json").write_text("{}", encoding="utf-8")
    assert beside(tmp_path) is None
