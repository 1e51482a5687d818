"""The command line: what it prints, what it writes, and what every wrong input is told.

The model is replaced by a small function of the levers, so that effects are known by hand; files, folders,
processes and messages are the real ones.
"""

import ast
import csv
import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
import types
from pathlib import Path
from typing import NamedTuple

import numpy as np
import openpyxl
import pandas as pd
import pytest
from pydantic import BaseModel, ConfigDict
from typer.testing import CliRunner

from tianshui import archive, beginning, cli, population, reasons, registry, trace
from tianshui.commands import outcomes, scorecard, voice
from tianshui.commands import population as start
from tianshui.commands.meter import Meter
from tianshui.commands.trace import FACTS, MARKS, PLOUGHED
from tianshui.commands.voice import Voice
from tianshui.declare import Parameters, belief, cut, lever, outside
from tianshui.experiments import attribute, compare, folder, pool
from tianshui.experiments.changes import changed_pair
from tianshui.indicators import COUNTIES, INDICATORS, areas_of
from tianshui.plan import load
from tianshui.words import WORDS, InputError

REPORT = outcomes._report


class LandParameters(Parameters):
    """Toy numbers of land."""

    quota: float = lever(
        0.0, unit="mu/year", within=(0.0, 60_000.0), names=("New area", "新增面积"), who="nation", where="county",
        cost="price", group="ecology", measure="M25", source="assumed:toy", status="assumed",
    )  # fmt: skip
    """Area."""
    price: float = belief(
        900.0, unit="yuan/mu", within=(300.0, 3_000.0), prior=(600.0, 900.0, 1_500.0), source="assumed:toy",
        status="assumed",
    )  # fmt: skip
    """Price."""
    hold_network: float = cut(names=("Network", "网络"), source="assumed:toy")
    """Network."""


class AidParameters(Parameters):
    """Toy numbers of aid."""

    allowance: float = lever(
        100.0, unit="yuan/person/year", within=(0.0, 9_000.0), names=("Allowance", "低保"), who="province",
        where="county", cost="money", group="poverty", measure="M33", source="assumed:toy", status="assumed",
    )  # fmt: skip
    """Allowance."""
    wage_growth: float = outside(
        0.05, unit="1/year", within=(-0.5, 0.5), prior=(0.03, 0.05, 0.07), source="assumed:toy",
        status="assumed",
    )  # fmt: skip
    """Growth."""


class Toy(BaseModel):
    """Two mechanisms stand for all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    land: LandParameters = LandParameters()
    aid: AidParameters = AidParameters()


FILES = {
    "history": "title: {en: Past, zh: 过去}\nlevers:\n  aid.allowance: {2016: 4000}\n",
    "no_plan": "title: {en: No plan, zh: 无规划}\nextends: history\n",
    "plan": """\
title: {en: "The [bold]plan[/bold]", zh: 规划}
reason: {en: Because of trees, zh: 因为树}
extends: no_plan
levers:
  land.quota: {2021: 2}
  aid.allowance: {2021: 4003}
""",
    "broken": "title: Broken\nextends: no_plan\nlevers:\n  land.qouta: 3\n",
}


class Run(NamedTuple):
    scenario: str
    sample: float
    seed: int
    draw: int
    until: int
    id: str
    table: dict
    distributions: dict


class Lab:
    """A stand-in for the model: its runs, and what they were asked for."""

    def __init__(self):
        self.asked = []
        self.fail = lambda plan, seed: None

    def run_id(self, plan, *, sample, seed, draw, until=2035):
        text = json.dumps([plan.resolved(until), sample, seed, draw, until])
        return compare.blake2s(text.encode(), digest_size=8).hexdigest()

    def simulate(self, plan, *, sample=1.0, seed=0, draw=0, until=2035, scenarios=None, progress=None):
        """1000 + year + seed + (2 quota + 3 allowance + quota allowance above history), whatever the indicator.

        A land price above 900 adds a hundred and doubles what a quota does by itself.
        """
        self.asked.append((plan.name, sample, seed, draw, until))
        self.fail(plan, seed)
        names = [(area, name) for name, about in INDICATORS.items() for area in areas_of(about)]
        years = range(2016, until + 1)
        dear = plan.beliefs.get("land.price", 900.0) > 900.0
        values = []
        for year in years:
            if progress:
                progress(year)
            now = plan.at(year)
            quota, aid = now["land.quota"][0], now["aid.allowance"][0] - 4000.0
            factor = 1.0 + draw
            values.append(
                np.full(
                    len(names),
                    1000.0
                    + 100 * dear
                    + year
                    + seed
                    + factor * (2 * (1 + dear) * quota + 3 * aid + quota * aid),
                )
            )
        table = {
            "year": np.repeat(np.array(years, np.int16), len(names)),
            "area": np.tile([area for area, _ in names], len(years)),
            "indicator": np.tile([name for _, name in names], len(years)),
            "value": np.concatenate(values),
        }
        spread = {"year": np.zeros(0, np.int16), "area": np.zeros(0, "U1"), "measure": np.zeros(0, "U1"),
                  "bin": np.zeros(0, np.int16), "value": np.zeros(0)}  # fmt: skip
        name = self.run_id(plan, sample=sample, seed=seed, draw=draw, until=until)
        return Run(plan.name, sample, seed, draw, until, name, table, spread)


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """An empty working folder with toy scenarios, the toy's numbers, and the stand-in."""
    made = Lab()
    module = types.ModuleType("tianshui.run")
    module.simulate, module.run_id = made.simulate, made.run_id
    monkeypatch.setitem(sys.modules, "tianshui.run", module)
    monkeypatch.setattr(registry, "default_settings", Toy)
    # One core: runs are made in this process, where the stand-in is.
    monkeypatch.setenv("TIANSHUI_THREADS", "1")
    monkeypatch.setenv("COLUMNS", "240")
    (tmp_path / "scenarios").mkdir()
    for name, text in FILES.items():
        (tmp_path / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(outcomes, "_report", lambda folder, voice: 0)
    return made


def call(*words):
    # A wide terminal, so that no table breaks a name over two lines.
    return CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, [str(word) for word in words])


def told(*words):
    """What a command prints as JSON."""
    result = call(*words, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def refused(*words, status=2):
    """The one line that a wrong command is told."""
    before = sorted(Path.cwd().rglob("*"))
    result = call(*words)
    assert result.exit_code == status, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    assert sorted(Path.cwd().rglob("*")) == before, "something was written"
    return result.stderr.strip()


# --- Start --------------------------------------------------------------------------------------------


def test_help_needs_typer_and_rich_alone():
    heavy = "{'numpy', 'pandas', 'numba', 'mesa', 'pydantic', 'yaml', 'duckdb', 'plotly', 'scipy'}"
    code = f"import sys, tianshui.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_help_names_every_command_in_both_languages():
    result = call("--help")
    assert result.exit_code == 0
    for name in ("run", "compare", "report", "check", "list", "new", "export", "population"):
        assert name in result.stdout
    assert "比较两个情景" in result.stdout


def test_python_m_tianshui():
    done = subprocess.run(
        [sys.executable, "-m", "tianshui", "--help"], check=True, capture_output=True, text=True
    )
    assert "compare" in done.stdout


# --- compare ------------------------------------------------------------------------------------------


def test_compare_alone_takes_one_pair_and_shows_a_minus_b(lab):
    found = told("compare", "plan", "no_plan", "--sample", "0.05")
    assert lab.asked == [("plan", 0.05, 0, 0, 2035), ("no_plan", 0.05, 0, 0, 2035)]
    (row,) = [r for r in found["differences"] if (r["indicator"], r["year"]) == ("gdp", 2035)]
    # Quota 2, allowance 3 above history: 2 * 2 + 3 * 3 + 2 * 3 = 19.
    assert (row["a"] - row["b"], row["middle"], row["low"], row["high"]) == (19, 19, 19, 19)
    assert found["intervals"] == "untested"
    assert found["folder"] == "results/plan-vs-no_plan"
    assert {aim["id"] for aim in found["verdict"]} >= {"T022", "T080"}
    assert all(bool(aim["by_area"]) != bool(aim["by_area_reason"]) for aim in found["verdict"])


def test_an_aim_says_when_it_was_reached_and_whether_it_was_kept():
    """Reached in 2016 and missed in 2025 is not kept; a year alone would read as if it had been."""
    aim = {"year": 2025, "gap": {"plan": -7.25}, "attained": {"plan": 2016}, "probability": {"plan": 0.25}}
    english, chinese = Voice("en"), Voice("zh")
    assert scorecard._judgement(aim, "plan", 2035, english) == "25 %  -7.250  reached 2016, not kept"
    assert "2016年达到" in scorecard._judgement(aim, "plan", 2035, chinese)
    assert "未能保持" in scorecard._judgement(aim, "plan", 2035, chinese)
    assert scorecard._judgement(aim | {"probability": {"plan": 0.75}}, "plan", 2035, english).endswith(
        "first reached 2016"
    )
    assert scorecard._judgement(aim | {"attained": {"plan": None}}, "plan", 2030, english).endswith(
        "not by 2030"
    )


def test_how_many_counties_meet_an_aim_is_said_of_those_counted(capsys):
    """Three of four counties reach half of the worlds with the plan, one of two without; an aim of 2020 is no matter."""
    shares = {"plan": (1.0, 0.5, 0.49, 0.75), "no_plan": (0.5, 0.25)}
    by_area = {
        name: {area: {"probability": share} for area, share in zip(COUNTIES, own, strict=False)}
        for name, own in shares.items()
    }
    aim = {"indicator": "urban_share", "year": 2035, "status": "assumed", "by_area": by_area}
    for lang, name, ours in (
        ("en", "Urbanisation rate", "holdingcountiestothemisours"),
        ("zh", "常住人口城镇化率", "我们的做法"),
    ):
        scorecard._tell_counties([aim, {**aim, "year": 2020}], ("plan", "no_plan", "other"), Voice(lang))
        out = capsys.readouterr().out
        (line,) = [line for line in out.splitlines() if name in line]
        assert re.findall(r"\d+ / \d+|–", line) == ["3 / 4", "1 / 2", "–"] and "2035" in line
        assert ours in "".join(out.split())
    scorecard._tell_counties([{**aim, "by_area": {}}], ("plan",), Voice("en"))
    assert capsys.readouterr().out == ""


def test_what_exists_is_read_and_not_run_again(lab):
    first = told("compare", "plan", "no_plan", "--draws", "2")
    assert (first["made"], first["read"]) == (4, 0)
    lab.asked.clear()
    second = told("compare", "plan", "no_plan", "--draws", "3")
    assert (second["made"], second["read"]) == (2, 4)
    assert [asked[2:4] for asked in lab.asked] == [(2, 2), (2, 2)]
    # A changed file is another scenario and is run anew.
    file = Path("scenarios/plan.yaml")
    file.write_text(file.read_text().replace("2021: 2}", "2021: 4}"))
    found = told("compare", "plan", "no_plan", "--draws", "3")
    assert (found["made"], found["read"]) == (3, 3)
    # What the edited scenario said before still lies there, and is not read: 2 * 4 + 3 * 3 + 4 * 3 = 29.
    assert len(list(Path("results/plan-vs-no_plan/runs").glob("*.parquet"))) == 9
    (row,) = [r for r in found["differences"] if (r["indicator"], r["year"]) == ("gdp", 2035)]
    assert (row["low"], row["high"], row["worlds"]) == (29, 87, 3)


@pytest.mark.parametrize(
    ("options", "pairs"),
    [
        ((), [[0, 0]]),
        (("--seeds", 3), [[0, 0], [1, 0], [2, 0]]),
        (("--seed", 5), [[5, 0]]),
        (("--draws", 3), [[0, 0], [1, 1], [2, 2]]),
        (("--seeds", 2, "--draws", 2), [[0, 0], [0, 1], [1, 0], [1, 1]]),
        (("--seed", 7, "--draws", 2), [[7, 0], [7, 1]]),
    ],
)
def test_pairs_of_seed_and_draw(lab, options, pairs):
    found = told("compare", "plan", "no_plan", *options)
    assert found["tracks"] == [{"sample": 1.0, "pairs": pairs, "until": 2035}]
    assert [[asked[2], asked[3]] for asked in lab.asked[::2]] == pairs


def test_a_difference_is_taken_world_by_world(lab):
    found = told("compare", "plan", "no_plan", "--draws", "3")
    (row,) = [r for r in found["differences"] if (r["indicator"], r["year"]) == ("gdp", 2035)]
    # 19, 38 and 57 in the worlds of draws 0, 1 and 2, whatever their seeds add to both.
    assert (row["low"], row["middle"], row["high"], row["worlds"]) == (19, 38, 57, 3)


def test_tracks_and_chance(lab):
    found = told("compare", "plan", "no_plan", "--tracks", "1.0:1,0.05:3", "--chance", "--until", 2025)
    assert [(t["sample"], len(t["pairs"])) for t in found["tracks"]] == [(1.0, 1), (0.05, 3)]
    manifest = json.loads(Path("results/plan-vs-no_plan/manifest.json").read_text())
    assert manifest["chance"] == {"sample": 0.05, "seeds": list(range(8)), "draw": 0}
    # Seed 0 at draw 0 belongs to the track and to chance: 2 * (1 + 3 + 7) runs.
    assert len(manifest["runs"]) == len(lab.asked) == 22
    (wide,) = [r for r in found["other_tracks"]["5 %"] if r["indicator"] == "gdp"]
    (luck,) = [r for r in found["chance"] if r["indicator"] == "gdp"]
    assert (wide["low"], wide["high"]) == (19, 57)
    assert (luck["low"], luck["high"], luck["worlds"]) == (19, 19, 8)


def test_the_manifest_says_what_was_compared(lab):
    told("compare", "plan", "no_plan", "--sample", "0.05")
    manifest = json.loads(Path("results/plan-vs-no_plan/manifest.json").read_text(encoding="utf-8"))
    assert (manifest["schema"], manifest["kind"], manifest["intervals"]) == (1, "compare", "untested")
    assert manifest["scenarios"][0] == {
        "name": "plan", "title": {"en": "The [bold]plan[/bold]", "zh": "规划"},
        "reason": {"en": "Because of trees", "zh": "因为树"}, "chain": ["plan", "no_plan", "history"],
    }  # fmt: skip
    quota, aid = manifest["changed_levers"]
    assert (quota["lever"], quota["names"]["zh"], quota["group"]) == ("land.quota", "新增面积", "ecology")
    assert (quota["a"], quota["b"]) == ({"2020": 0.0, "2021": 2.0}, {"2020": 0.0})
    assert quota["per_county"]
    assert (aid["a"], aid["b"]) == ({"2020": 4000.0, "2021": 4003.0}, {"2020": 4000.0})
    # Both levers differ from no_plan in the plan; no_plan differs from itself in none.
    assert {lever["lever"]: lever["set_by"] for lever in manifest["levers"]} == {
        quota["lever"]: ["plan"], aid["lever"]: ["plan"],
    }  # fmt: skip
    assert (manifest["levers"][0]["measure"], manifest["levers"][0]["names"]) == (
        quota["measure"],
        quota["names"],
    )
    assert [(run["scenario"], run["sample"]) for run in manifest["runs"]] == [
        ("plan", 0.05),
        ("no_plan", 0.05),
    ]


def test_the_result_holds_what_was_assumed(lab):
    told("compare", "plan", "no_plan")
    table = pd.read_parquet("results/plan-vs-no_plan/assumptions.parquet")
    assert table["name"].tolist() == ["land.price", "aid.wage_growth"]
    assert table.loc[0, ["kind", "value", "low", "high", "status"]].tolist() == [
        "belief", 900, 600, 1500, "assumed",
    ]  # fmt: skip


def test_the_table_speaks_both_languages_and_takes_no_markup_from_titles(lab):
    english = call("compare", "plan", "no_plan", "--draws", "2").stdout
    assert "plan (The [bold]plan[/bold]) against no_plan (No plan), Tianshui" in english
    assert "range of untested assumptions" in english
    assert "air quality is not modelled" in english
    chinese = call("compare", "plan", "no_plan", "--draws", "2", "--lang", "zh").stdout
    assert "未经检验的假设范围" in chinese
    assert "地区生产总值" in chinese or "生产总值" in chinese
    assert "Indicator" not in chinese


def test_levers_change_in_a_alone_and_the_world_in_both(lab):
    a, b = changed_pair(
        load("plan"),
        load("no_plan"),
        ["land.quota=5", "land.price=1000", "aid.wage_growth=0.04"],
    )
    assert a.at(2030)["land.quota"][0] == 5
    assert b.at(2030)["land.quota"][0] == 0
    assert a.beliefs == b.beliefs == {"land.price": 1000}
    assert a.outside == b.outside
    assert a.name == "plan with land.quota=5, land.price=1000, aid.wage_growth=0.04"
    assert b.name == "no_plan with land.price=1000, aid.wage_growth=0.04"


def test_set_only_and_without(lab):
    def difference(*options):
        found = told("compare", "plan", "no_plan", *options)
        return next(r["middle"] for r in found["differences"] if (r["indicator"], r["year"]) == ("gdp", 2035))

    assert difference("--only", "M25") == 4  # 2 * quota
    assert difference("--without", "ecology") == 9  # 3 * allowance
    assert difference("--set", "land.quota=0") == 9
    assert difference("--set", "aid.allowance@2035=4000") == 4
    names = sorted(path.name for path in Path("results").iterdir())
    assert names == [
        "plan-with-aid.allowance@2035=4000-vs-no_plan", "plan-with-land.quota=0-vs-no_plan",
        "plan-with-only-M25-vs-no_plan", "plan-without-ecology-vs-no_plan",
    ]  # fmt: skip


def test_the_same_numbers_under_two_names_are_said_to_be_the_same(lab):
    Path("scenarios/twin.yaml").write_text(FILES["plan"])
    result = call("compare", "plan", "twin")
    assert result.exit_code == 0, result.stderr
    assert "every difference is zero" in result.stdout
    assert len(lab.asked) == 1
    found = told("compare", "plan", "twin")
    assert {row["middle"] for row in found["differences"]} == {0.0}
    assert told("compare", "plan", "plan")["differences"][0]["middle"] == 0.0


def test_attribution_adds_up_and_lies_apart(lab):
    found = told("compare", "plan", "no_plan", "--draws", "3", "--attribute", "--attribute-pairs", "2")
    shares = {
        row["player"]: row["middle"]
        for row in found["attribution"]
        if (row["indicator"], row["measure"]) == ("gdp", "shapley")
    }
    # In the world of draw 0: ecology 2 * 2 + 6 / 2 = 7, poverty 3 * 3 + 6 / 2 = 12; draw 1 doubles both.
    assert shares == pytest.approx({"poverty": 18, "industry": 0, "urban": 0, "ecology": 10.5, "cross": 0})
    # Three groups change nothing: beside the six runs of the comparison two mixed ones a pair are made.
    assert len(lab.asked) == 6 + 2 * 2
    result = Path("results/plan-vs-no_plan")
    assert len(list((result / "runs").glob("*.parquet"))) == 6
    assert len(list((result / attribute.FOLDER / "runs").glob("*.parquet"))) == 4
    assert found["made"] == 10
    assert (
        told("compare", "plan", "no_plan", "--draws", "3", "--attribute", "--attribute-pairs", "2")["made"]
        == 0
    )
    assert "What did it" in call("compare", "plan", "no_plan", "--draws", "3", "--attribute").stdout


def test_attribution_needs_the_same_world(lab):
    Path("scenarios/other.yaml").write_text(FILES["plan"] + "beliefs: {land.price: 1000}\n")
    assert "also differ in beliefs" in refused("compare", "other", "no_plan", "--attribute")


def sampled(*words):
    """Shares of pushes or items by player, and all measures of GDP."""
    found = told("compare", "plan", "no_plan", *words)
    rows = [row for row in found["attribution"] if row["indicator"] == "gdp" and row["players"] != "groups"]
    return found, {(row["player"], row["measure"]): row for row in rows}


def test_pushes_and_items_share_the_difference_in_sampled_orders(lab):
    found, rows = sampled("--draws", "3", "--attribute-by", "pushes", "--orders", "4")
    # Worlds of draws 0, 1, 2 count once, twice, three times: quota (P07) 2 * 2 + 6 / 2 = 7, allowance (P09) 3 * 3 + 3.
    assert {player: rows[player, "shapley"]["middle"] for player in ("P07", "P09")} == {"P07": 14, "P09": 24}
    assert (rows["P07", "alone"]["middle"], rows["P07", "last"]["middle"]) == (2 * 4, 2 * 10)
    # 7, 14 and 21: deviation 7 over sqrt(3) worlds.
    assert rows["P07", "shapley"]["standard_error"] == pytest.approx(7 / 3**0.5)
    assert {player for player, _ in rows} == {"P07", "P09"}, "who sets nothing has no share and costs no run"
    # Two orders of two pushes take two mixed runs a world, however many orders are drawn.
    assert found["made"] == len(lab.asked) == 6 + 2 * 3
    table = pd.read_parquet("results/plan-vs-no_plan/attribution_pushes.parquet")
    assert table.columns.tolist() == ["indicator", "year", "player", "measure", "seed", "draw", "value"]
    # Items are here the same levers under other names, and their runs are there.
    found, rows = sampled("--draws", "3", "--attribute-by", "items")
    assert (found["made"], rows["M25", "shapley"]["middle"], rows["M33", "shapley"]["middle"]) == (0, 14, 24)


def test_shares_in_one_world_have_the_error_of_their_orders_and_are_shown(lab):
    _, rows = sampled("--attribute-by", "pushes")
    # Two players: each order with its reverse already gives the fair share.
    assert (rows["P07", "shapley"]["middle"], rows["P07", "shapley"]["standard_error"]) == (7, 0)
    _, rows = sampled("--attribute-by", "pushes", "--orders", "2")
    assert rows["P07", "shapley"]["standard_error"] is None
    shown = call("compare", "plan", "no_plan", "--attribute-by", "pushes", "--orders", "2").stdout
    assert "No standard error: one order with its reverse" in shown and "--orders 4" in shown
    exact = call("compare", "plan", "no_plan", "--attribute", "--orders", "2").stdout
    assert "there is no standard error" in exact and "--orders plays no part" in exact
    several = call("compare", "plan", "no_plan", "--attribute", "--draws", "3").stdout
    # Ecology 7, 14 and 21 in the three worlds: 14, give or take 7 / sqrt(3) = 4.04.
    assert "standard error over these pairs" in several and "± 4" in several
    english = call("compare", "plan", "no_plan", "--attribute-by", "items").stdout
    assert "What did it, by items" in english and "M25 " in english and "Standard error" in english
    chinese = call("compare", "plan", "no_plan", "--attribute-by", "pushes", "--lang", "zh").stdout
    assert "P09 民生保障" in chinese and "标准误" in chinese


def test_an_attribution_that_was_stopped_goes_on(lab):
    def stop(plan, seed):
        if "P09" in plan.name:
            raise KeyboardInterrupt

    lab.fail = stop
    words = ("compare", "plan", "no_plan", "--attribute-by", "pushes", "--orders", "2")
    result = call(*words)
    assert result.exit_code == 130
    assert "stopped; 3 of 4 runs are kept" in result.stderr
    lab.fail = lambda plan, seed: None
    found = told(*words)
    assert (found["made"], found["read"]) == (1, 3)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--attribute-by", "pushs"), "--attribute-by 'pushs': unknown; did you mean 'pushes'?"),
        (("--attribute-by", ""), "--attribute-by '': unknown (there are groups, pushes, items)"),
        (("--attribute-by", "items", "--orders", "3"), "--orders 3 must be an even number"),
        (("--attribute-by", "items", "--orders", "many"), "--orders many must be a whole number"),
        (
            ("--under", "no_plan"),
            "--under no_plan: it sets no beliefs, outside paths or cuts other than those",
        ),
        (("--under", "plam"), "plam"),
        (("--attribute-by", "pushes", "--until", "2050"), "--until 2050"),
    ],
)
def test_what_cannot_be_shared_out_or_assumed_is_refused(lab, words, message):
    assert message in refused("compare", "plan", "no_plan", *words)


def test_a_lever_that_belongs_to_no_item_is_refused(lab, monkeypatch):
    monkeypatch.setattr(attribute, "register", dict)
    attribute.players_of.cache_clear()
    try:
        assert "land.quota belongs to none of the pushes" in refused(
            "compare", "plan", "no_plan", "--attribute-by", "pushes"
        )
    finally:
        attribute.players_of.cache_clear()


def test_what_many_runs_cost_is_said_before_they_start(lab, monkeypatch):
    words = ("compare", "plan", "no_plan", "--sample", "0.05", "--seeds", "20")
    monkeypatch.setattr(pool, "probe", lambda *_: None)
    result = call(*words)
    # Forty runs of 0.4 MB: 16 MB. The first run of a world takes 0.3 + 0.05 * 12 = 0.9 s, the other 0.7 of it: 31 s.
    assert result.stderr.splitlines()[0] == (
        "40 runs are to be made: about 31 s and 16 MB on disk (a stop keeps what is done), by their size, on idle cores; "
        "loading and reading come beside."
    )
    # Timed: 2 s and twenty years of half a second, then fifteen years of it, in twenty worlds: 390 s.
    monkeypatch.setattr(pool, "probe", lambda *_: pool.Pace(0.05, 2.0, 0.5))
    timed = call(*words, "--out", "timed").stderr.splitlines()[0]
    assert "about 7 min and 16 MB" in timed and timed.endswith(
        "by the first years of one of them, timed just now; loading and reading come beside."
    )
    assert (
        "are to be made"
        not in call("compare", "plan", "no_plan", "--seeds", "20", "--until", "2030", "-q").stderr
    )
    assert (
        "are to be made" not in call("compare", "plan", "no_plan", "--sample", "0.05", "--seeds", "21").stderr
    )


def test_four_lines_tell_policy_from_assumption(lab):
    Path("scenarios/dear.yaml").write_text(
        "title: {en: Dear land, zh: 地价高}\nextends: plan\nbeliefs: {land.price: 1000}\nlevers: {land.quota: 9}\n"
    )
    found = told("compare", "plan", "no_plan", "--draws", "2", "--under", "dear")
    assert found["made"] == 8
    by_plan = {}
    for name, _, seed, draw, _ in lab.asked:
        by_plan.setdefault(name, []).append((seed, draw))
    assert set(by_plan) == {"plan", "no_plan", "plan under dear", "no_plan under dear"}
    assert all(worlds == [(0, 0), (1, 1)] for worlds in by_plan.values())
    rows = {
        row["name"]: (row["low"], row["high"])
        for row in found["under"]
        if (row["indicator"], row["year"], row["kind"]) == ("gdp", 2035, "difference")
    }
    # Policy 19 a factor; dear land counts the quota's own 4 twice: 23; land adds 100, beside the plan 104 and 108.
    assert rows == {
        "policy": (19, 38), "policy_under": (23, 46), "assumptions": (100, 100), "assumptions_policy": (104, 108),
    }  # fmt: skip
    result = Path("results/plan-vs-no_plan")
    assert len(list((result / "under" / "runs").glob("*.parquet"))) == 4
    assert len(list((result / "runs").glob("*.parquet"))) == 4
    table = pd.read_parquet(result / "under.parquet")
    assert set(table["title_zh"]) == {"地价高"} and table["year"].min() == 2016
    again = call("compare", "plan", "no_plan", "--draws", "2", "--under", "dear")
    assert "runs made: 0, read: 8" in again.stderr
    assert "Assumption or policy?" in again.stdout and "+23.00" in again.stdout.replace(" ", "")
    assert (
        "假设还是政策"
        in call("compare", "plan", "no_plan", "--draws", "2", "--under", "dear", "--lang", "zh").stdout
    )


def test_tables_of_a_scenario_that_was_edited_go_and_those_of_more_worlds_stay(lab):
    told("compare", "plan", "no_plan", "--attribute-by", "pushes")
    assert told("compare", "plan", "no_plan", "--draws", "2")["attribution"]
    file = Path("scenarios/plan.yaml")
    file.write_text(file.read_text().replace("2021: 2}", "2021: 4}"))
    assert told("compare", "plan", "no_plan")["attribution"] == []
    assert not list(Path("results/plan-vs-no_plan").glob("attribution*.parquet"))


def test_scenarios_that_assume_different_things_have_no_four_lines(lab):
    Path("scenarios/dear.yaml").write_text("title: Dear\nextends: plan\nbeliefs: {land.price: 1000}\n")
    assert "also differ in beliefs" in refused("compare", "dear", "no_plan", "--under", "dear")


# --- run ----------------------------------------------------------------------------------------------


def test_run_writes_a_folder_for_each_scenario_or_one_for_all(lab):
    found = told("run", "plan", "no_plan", "--sample", "0.05")
    assert [one["folder"] for one in found] == ["results/plan", "results/no_plan"]
    together = told("run", "plan", "no_plan", "--sample", "0.05", "--out", "both")
    assert (together["folder"], together["made"]) == ("both", 2)
    assert [one["name"] for one in together["scenarios"]] == ["plan", "no_plan"]


def test_run_shows_the_years_of_an_area(lab):
    shown = call("run", "plan", "--sample", "0.05", "--until", "2026", "--area", "gangu").stdout
    assert "Gangu" in shown
    assert "2026" in shown
    assert "2030" not in shown
    assert [asked[4] for asked in lab.asked] == [2026]
    values = told("run", "plan", "--sample", "0.05", "--until", "2026", "--area", "gangu")["values"]
    assert {row["year"] for row in values} == {2016, 2020, 2025, 2026}


def test_quiet_says_nothing_and_json_is_pure(lab):
    result = call("run", "plan", "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    result = call("run", "plan", "--json", "--quiet")
    assert json.loads(result.stdout)["read"] == 1
    assert result.stderr == ""


def test_numbers_that_are_none_become_null(lab):
    assert voice._plain({"a": [np.float64("nan"), np.int64(2), float("inf"), Path("x")]}) == {
        "a": [None, 2, None, "x"]
    }


# --- What goes wrong ----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("run", "plan"), ("compare", "plan", "no_plan")])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--sample", "0"), "--sample 0 is not a share of households; it must lie within 0.001 and 1"),
        (("--sample", "1.5"), "--sample 1.5"),
        (("--sample", "nan"), "--sample nan"),
        (("--sample", "half"), "--sample half"),
        (("--seeds", "0"), "--seeds 0 must be a whole number from 1 to 10000"),
        (("--seeds", "2.5"), "--seeds 2.5"),
        (("--seed", "-1"), "--seed -1"),
        (("--seeds", "2", "--seed", "1"), "--seeds and --seed exclude each other"),
        (("--draws", "many"), "--draws many must be a whole number from 1 to 10000, or the word ensemble"),
        (
            ("--draws", "ensembles"),
            "--draws ensembles must be a whole number from 1 to 10000, or the word ensemble",
        ),
        (("--until", "2040"), "--until 2040: years run from 2016 to 2035"),
        (("--until", "soon"), "--until soon"),
        (("--tracks", "1.0"), "--tracks 1.0: write samples with their number of pairs"),
        (("--tracks", "0.05:2,0.05:3"), "the sample 0.05 stands twice"),
        (("--tracks", "7:2"), "--sample 7"),
        (("--tracks", "1.0:2", "--draws", "3"), "--tracks and --draws exclude each other"),
        (("--tracks", "1.0:2", "--sample", "0.1"), "--tracks and --sample exclude each other"),
        (("--workers", "0"), "--workers 0"),
        (("--area", "gangoo"), "unknown area 'gangoo'; did you mean 'gangu'?"),
        (("--lang", "fr"), "--lang fr: the languages are en and zh"),
        (("--set", "land.qouta=3"), "unknown number 'land.qouta'; did you mean 'land.quota'?"),
        (("--set", "land.quota"), "write name=value"),
        (("--set", "land.quota=1", "--set", "land.quota=2"), "land.quota is set twice"),
        (("--only", ""), "unknown item, push or group"),
        (("--set", "land.quota=1e9"), "it must lie within 0 and 60000"),
        (("--set", "land.quota@2019=3"), "years run from 2021 to 2035"),
        (("--only", "M99"), "unknown item, push or group"),
        (("--without", "ecologi"), "did you mean 'ecology'?"),
        (("--only", "M25,M16"), "--only M16 (One core, many centres) has no lever"),
        (
            ("--without", "S13"),
            "--without S13 (Industry rules) has no lever, so it can be neither set nor left out",
        ),
    ],
)
def test_a_wrong_option_is_told_in_one_line_and_nothing_is_written(lab, command, options, words):
    message = refused(*command, *options)
    assert message.startswith("error: ")
    assert words in message
    assert not lab.asked


def test_a_wrong_scenario_is_told_with_file_line_and_remedy(lab):
    message = "broken.yaml:4: unknown lever 'land.qouta'; did you mean 'land.quota'?"
    for command in (("run", "broken"), ("check", "broken"), ("compare", "plan", "broken")):
        assert message in refused(*command)
    assert "unknown scenario 'plann'; did you mean 'plan'?" in refused("run", "plann")
    assert "错误：" in refused("run", "plann", "--lang", "zh")
    assert "here/mine.yaml: no such file" in refused("check", "here/mine.yaml")
    Path("folder.yaml").mkdir()
    assert "folder.yaml: not a file" in refused("check", "folder.yaml")


def test_an_unknown_option_or_command_is_bad_input(lab):
    assert call("run", "plan", "--sampel", "1").exit_code == 2
    assert call("rnu", "plan").exit_code == 2
    assert call("compare", "plan").exit_code == 2


def test_out_may_not_be_a_file_or_hold_something_else(lab):
    Path("mine").mkdir()
    Path("mine/thesis.docx").write_text("")
    assert "holds something else" in refused("run", "plan", "--out", "mine")
    assert "is a file" in refused("run", "plan", "--out", "mine/thesis.docx")
    assert not lab.asked


def test_a_failing_run_is_told_and_the_others_are_kept(lab):
    def fail(plan, seed):
        if seed == 1 and plan.name == "plan":
            raise ArithmeticError("land does not close")

    lab.fail = fail
    result = call("compare", "plan", "no_plan", "--draws", "3")
    assert result.exit_code == 1
    assert (
        "1 of 6 runs failed; first plan, sample 1.0, seed 1, draw 1: ArithmeticError: land" in result.stderr
    )
    assert "Traceback" not in result.output
    (note,) = Path("results/plan-vs-no_plan/failed").iterdir()
    assert "land does not close" in note.read_text()
    assert str(note) in result.stderr
    # The table stands on the two worlds that are complete.
    assert "against" in result.stdout
    assert len(list(Path("results/plan-vs-no_plan/runs").glob("*.parquet"))) == 5
    lab.fail = lambda plan, seed: None
    assert told("compare", "plan", "no_plan", "--draws", "3")["made"] == 1
    assert not note.exists()


def test_when_every_run_fails_there_is_one_message(lab):
    def fail(plan, seed):
        raise ArithmeticError("land does not close")

    lab.fail = fail
    result = call("run", "plan")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "1 of 1 runs failed" in result.stderr
    result = call("compare", "plan", "no_plan")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "2 of 2 runs failed" in result.stderr


def test_when_one_scenario_fails_nothing_can_be_compared(lab):
    def fail(plan, seed):
        if plan.name == "plan":
            raise ArithmeticError("land does not close")

    lab.fail = fail
    result = call("compare", "plan", "no_plan", "--sample", "0.05")
    assert (result.exit_code, result.stdout) == (1, "")
    assert [line.partition(":")[2][:19] for line in result.stderr.splitlines()] == [
        " 1 of 2 runs failed", " no pair of runs is",
    ]  # fmt: skip


def test_ctrl_c_keeps_what_is_finished_and_the_same_command_goes_on(lab):
    def stop(plan, seed):
        if seed == 1:
            raise KeyboardInterrupt

    lab.fail = stop
    result = call("compare", "plan", "no_plan", "--draws", "4")
    assert result.exit_code == 130
    assert result.stderr.splitlines()[-1] == (
        "stopped; 2 of 8 runs are kept in results/plan-vs-no_plan; the same command goes on"
    )
    lab.fail = lambda plan, seed: None
    assert told("compare", "plan", "no_plan", "--draws", "4")["made"] == 6


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "cannot write to"), (errno.EIO, "Input/output error")],
)
def test_a_disk_that_does_not_take_it_is_a_plain_message(lab, monkeypatch, number, words):
    def full(folder, run):
        raise OSError(number, os.strerror(number), str(folder))

    monkeypatch.setattr(archive, "write_run", full)
    result = call("run", "plan")
    assert result.exit_code == 1
    assert words in result.stderr
    assert "results/plan" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_run(lab):
    Path("locked").write_text("")
    result = call("run", "plan", "--out", "locked/result")
    assert result.exit_code == 1
    assert "locked" in result.stderr
    assert not lab.asked


def test_an_unforeseen_fault_is_one_line_unless_asked(lab, monkeypatch):
    def break_down(*_, **__):
        raise RuntimeError("inner\nfault")

    monkeypatch.setattr(compare, "compare", break_down)
    message = refused("compare", "plan", "no_plan", status=1)
    assert message == "error: failed: RuntimeError: inner fault (TIANSHUI_DEBUG=1 shows where)"
    monkeypatch.setenv("TIANSHUI_DEBUG", "1")
    assert isinstance(call("compare", "plan", "no_plan").exception, RuntimeError)


# --- check, list, new ---------------------------------------------------------------------------------


def test_check_prints_what_changes(lab):
    result = call("check", "plan")
    assert result.exit_code == 0
    assert "land.quota" in result.stdout
    assert "Because of trees" in result.stdout
    assert result.stdout.rstrip().endswith("valid")
    rows = told("check", "plan")["levers"]
    # Seven counties of 2 mu each; in this toy the allowance is money too, which the city decides.
    assert [(row["lever"], row["area"], row["values"]["2021"]) for row in rows] == [
        ("land.quota", "each_county", 2),
        ("land.quota", "tianshui", 14),
        ("aid.allowance", "each_county", 4003),
        ("aid.allowance", "tianshui", 28021),
    ]
    assert "each county" in result.stdout and "Tianshui, in all" in result.stdout
    assert "changes no lever" in call("check", "no_plan").stdout
    assert len(told("check", "no_plan", "--all")["levers"]) == 4
    chinese = call("check", "plan", "--lang", "zh").stdout
    assert "新增面积" in chinese and "各县区" in chinese and "天水市合计" in chinese


def test_amounts_of_the_city_are_told_as_values_for_each_county_and_a_sum_of_its_budget():
    """4,000 posts in each of seven counties are 28,000; the city's budget pays 7 x 8m yuan of promotion."""
    sets = (
        "--all",
        "--set",
        "relief.posts=4000",
        "--set",
        "tourism.promotion=8e6",
        "--set",
        "health.aid=0.3",
    )
    rows = {(row["lever"], row["area"]): row for row in told("check", "plan", *sets)["levers"]}
    assert rows["relief.posts", "each_county"]["values"]["2035"] == 4000
    assert rows["relief.posts", "tianshui"]["values"]["2035"] == 28_000
    assert rows["tourism.promotion", "tianshui"]["values"]["2035"] == 56e6
    assert rows["tourism.promotion", "tianshui"]["who"] == "city"
    assert ("health.aid", "each_county") in rows and ("health.aid", "tianshui") not in rows
    shown = call("check", "plan", *sets).stdout.splitlines()
    (whole,) = [line for line in shown if "tourism.promotion" in line and "56000000" in line]
    assert "Tianshui, in all; the city's budget" in whole
    listed = call("list", "levers").stdout
    assert "post per county" in listed and "yuan/year per county" in listed
    assert "岗位（每县区）" in call("list", "levers", "--lang", "zh").stdout
    units = {row["name"]: row["per_county"] for row in told("list", "levers")}
    assert units["relief.posts"] and units["industries.park"] and not units["health.aid"]


def test_check_sees_the_options(lab):
    rows = told("check", "plan", "--without", "M25", "--set", "aid.allowance=5000")["levers"]
    assert [(row["lever"], row["values"]["2035"]) for row in rows] == [
        ("aid.allowance", 5000),
        ("aid.allowance", 35_000),
    ]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("levers", "", ["land.quota", "aid.allowance"]),
        ("levers", "低保", ["aid.allowance"]),
        ("beliefs", "", ["land.price"]),
        ("outside", "", ["aid.wage_growth"]),
        ("cuts", "", ["land.hold_network"]),
    ],
)
def test_lists_of_numbers(lab, kind, text, expected):
    assert [row["name"] for row in told("list", kind, text)] == expected
    for lang in ("en", "zh"):
        shown = call("list", kind, text, "--lang", lang)
        assert shown.exit_code == 0
        assert expected[0] in shown.stdout


def test_lists_of_measures_scenarios_and_indicators(lab):
    measures = told("list", "measures")
    assert len(measures) >= 44
    assert next(row for row in measures if row["id"] == "M25")["levers"] == ["land.quota"]
    assert "none in the model" in call("list", "measures").stdout
    unity = told("list", "measures", "M37")[0]
    assert unity["responders_zh"][0] == "县区政府"
    first = unity["indicators"][0]
    assert (first["indicator"], first["area"], first["sign"]) == ("gdp_real", "zhangjiachuan", "+")
    assert first["smallest"] == 0.5 and not first["in_points"] and first["ground_en"] and first["ground_zh"]
    for lang, words in {"en": "Unity of peoples|steady|+ GDP", "zh": "民族团结|保持|+ 张家川"}.items():
        shown = call("list", "measures", "M37", "--lang", lang).stdout
        assert all(word in shown for word in words.split("|"))
    scenarios = {row["name"]: row for row in told("list", "scenarios")}
    assert scenarios["plan"]["extends"] == "no_plan"
    assert "did you mean" in scenarios["broken"]["error"]
    assert "did you mean" in call("list", "scenarios").stdout
    names = [row["name"] for row in told("list", "indicators", "gini")]
    assert names == ["rural_gini", "urban_gini"]
    assert "基尼" in call("list", "indicators", "gini", "--lang", "zh").stdout
    assert "Nothing found for xyzzy" in call("list", "levers", "xyzzy").stdout


def test_an_unknown_list_is_told_the_nearest(lab):
    assert "unknown list 'lever'; did you mean 'levers'?" in refused("list", "lever")
    assert "levers, beliefs, outside, cuts, measures, scenarios, indicators" in refused("list", "xyzzy")


def test_new_writes_a_scenario_that_can_be_run_and_never_overwrites(lab):
    result = call("new", "mine")
    assert result.exit_code == 0
    assert "mine.yaml" in result.stdout
    before = Path("mine.yaml").read_text(encoding="utf-8")
    assert "extends: plan" in before
    assert told("check", "mine.yaml")["levers"] == []
    assert "mine.yaml exists" in refused("new", "mine")
    assert Path("mine.yaml").read_text(encoding="utf-8") == before
    Path("hollow.yaml").symlink_to("nowhere.yaml")
    assert "hollow.yaml exists" in refused("new", "hollow")


def test_new_from_a_file_names_it_where_it_lies(lab):
    Path("own").mkdir()
    assert call("new", "first").exit_code == 0
    assert call("new", "own/second", "--from", "first.yaml").exit_code == 0
    assert told("check", "own/second.yaml")["chain"][:3] == ["second", "first", "plan"]


@pytest.mark.parametrize("name", ["history", "a b", "", "x;y"])
def test_new_refuses_names_that_are_none(lab, name):
    assert "is no name for a scenario" in refused("new", name)


def test_new_from_an_unknown_scenario(lab):
    assert "did you mean 'plan'?" in refused("new", "mine", "--from", "plann")


def test_the_report_is_written_with_the_result(lab, monkeypatch):
    monkeypatch.setattr(outcomes, "_report", REPORT)
    result = call("compare", "plan", "no_plan", "--draws", "2")
    assert result.exit_code == 0, result.stderr
    assert "Report: results/plan-vs-no_plan/report.html" in result.stderr
    page = Path("results/plan-vs-no_plan/report.html")
    assert "land.<wbr>price" in page.read_text(encoding="utf-8")
    page.unlink()
    assert "报告：" in call("report", "results/plan-vs-no_plan", "--lang", "zh").stdout
    assert page.exists()


# --- report and export --------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("report",), ("export", "--csv")])
def test_a_folder_that_is_no_result_is_refused(lab, command):
    name, *options = command
    assert "results/none is not a result: no such folder" in refused(name, "results/none", *options)
    Path("some").mkdir()
    assert "it has no manifest.json" in refused(name, "some", *options)
    assert "缺少 manifest.json" in refused(name, "some", *options, "--lang", "zh")
    Path("some/manifest.json").write_text("{")
    assert "manifest.json cannot be read" in refused(name, "some", *options)
    Path("some/manifest.json").write_text("[]")
    assert "manifest.json cannot be read" in refused(name, "some", *options)


def test_export_as_csv_holds_every_value(lab):
    call("compare", "plan", "no_plan", "--draws", "2", "--until", "2017")
    result = call("export", "results/plan-vs-no_plan", "--csv")
    assert result.exit_code == 0, result.stderr
    with Path("results/plan-vs-no_plan/plan-vs-no_plan.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * 2 * 2 * sum(len(areas_of(about)) for about in INDICATORS.values())
    (one,) = [
        row for row in rows
        if (row["scenario"], row["seed"], row["year"], row["area"], row["indicator"])
        == ("plan", "1", "2017", "gangu", "gdp")
    ]  # fmt: skip
    assert (float(one["value"]), one["unit"], one["sample"], one["draw"]) == (3018, "yuan", "1.0", "1")


def test_export_as_a_workbook(lab):
    call("compare", "plan", "no_plan", "--draws", "2")
    result = call("export", "results/plan-vs-no_plan", "--xlsx", "--out", "book.xlsx", "--lang", "zh")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == "已写入：book.xlsx\n"
    book = openpyxl.load_workbook("book.xlsx", read_only=True)
    rows = list(book.worksheets[0].values)
    place = rows[0].index(2035)
    (one,) = [row for row in rows if (row[0], row[5]) == ("rural_income", "plan")]
    # 1000 + 2035 + seed + 19 (1 + draw): 3054 and 3074
    assert one[place] == 3064


def test_export_wants_one_kind_and_a_file(lab):
    call("run", "plan", "--until", "2016")
    assert "choose one of --csv, --xlsx" in refused("export", "results/plan")
    assert "choose one of --csv, --xlsx" in refused("export", "results/plan", "--csv", "--xlsx")
    assert "is a folder" in refused("export", "results/plan", "--csv", "--out", "results")


# --- population ---------------------------------------------------------------------------------------


def test_population_shows_observed_against_synthetic(monkeypatch):
    seen = []
    margins = [
        population.Observed(
            "tianshui", "registered_persons", 3671723.0, 3671723.0, 0.0, "persons", "found", "city_yearbook_2016",
            "chosen",
        ),
        population.Observed(
            "gangu", "residents_age_5_9", 30000.0, 29000.0, -1000.0, "persons", "derived", "assumed", "assumed"
        ),
    ]  # fmt: skip
    monkeypatch.setattr(beginning, "observed", lambda sample: seen.append(sample) or margins)
    shown = call("population", "--sample", "0.05")
    assert shown.exit_code == 0, shown.stderr
    assert seen == [0.05]
    for text in ("Registered persons", "3,671,723", "found", "chosen", "city_yearbook_2016"):
        assert text in shown.stdout
    assert "Gangu" not in shown.stdout
    chinese = call("population", "--area", "gangu", "--lang", "zh").stdout
    assert "5–9岁常住人口" in chinese
    assert "推算" in chinese and "假设" in chinese
    rows = told("population", "--area", "all")
    assert [row["difference"] for row in rows] == [0, -1000]
    assert [row["source"] for row in rows] == ["city_yearbook_2016", "assumed"]
    assert "did you mean 'gangu'" in refused("population", "--area", "gangoo")
    for share in ("2", "0", "-1", "half"):
        assert f"--sample {share}" in refused("population", f"--sample={share}")


def test_every_margin_that_is_shown_has_a_name():
    named = {key.removeprefix("margin.") for key in WORDS if key.startswith("margin.")}
    shown = {row.item for row in beginning.observed(0.01) if not row.item.startswith("residents_age_")}
    assert len(shown) > 60
    assert shown <= named
    for row in beginning.observed(0.01)[:1]:
        assert f"standing.{row.used}" in WORDS
    assert start._margin("residents_age_85plus", "en") == "Residents aged 85+"


# --- trace --------------------------------------------------------------------------------------------


def test_trace_tells_a_life_beside_another(lab, monkeypatch):
    heard = []
    facts = dict.fromkeys((*FACTS, *PLOUGHED, *MARKS), 1.0) | {"income": 51140.9, "poor": 0.0}
    born = trace.Event("demography.birth", "a child is born", "生育", {"age": 24.0}, 0.5, 0.25, reasons.YES)
    drawn = trace.Event(
        "relief.top_up", "draws the allowance", "领取低保", {"due": 800.0}, None, None, ("800 yuan", "800元")
    )
    bill = trace.Event(
        "health.bill", "bill", "医疗自付", {"case_cost": 9000.0}, None, 0.25, ("3,600 yuan", "3,600元")
    )
    offer = trace.Event("conversion.offer_chance", "offers 1.5 mu", "申请退耕", {"payment": 1200.0}, 0.5, 0.085,
                        ("beyond the quota", "超出指标"))  # fmt: skip

    def life(name, events, against=None):
        first = trace.LifeYear(2015, facts, ("man of 48",), ("男,48岁",), ())
        last = trace.LifeYear(2021, facts | {"income": 60000.0 + len(events)}, (), (), events)
        return trace.Life(7, "gangu", name, (first, last), against)

    def lived(number, plan, *, seed, draw, sample, until, against):
        heard.append((number, plan.name, seed, draw, sample, until, against and against.name))
        other = against and life(against.name, (born,))
        return life(plan.name, (born, offer, drawn, bill), other)

    monkeypatch.setattr(trace, "trace", lived)
    households = types.SimpleNamespace(number=np.array([3, 7], np.uint64))
    monkeypatch.setattr(population, "start", lambda sample: ("p", households, "v"))
    options = ("--against", "no_plan", "--sample", "0.05", "--seed", 2, "--draw", 3, "--until", 2021)
    shown = call("trace", 7, *options).stdout
    assert heard == [(7, "plan", 2, 3, 0.05, 2021, "no_plan")]
    assert "Household 7 of Gangu, plan" in shown
    assert "The two lives part in 2021" in shown
    assert "plan = no_plan" in shown  # the birth, told once
    assert shown.count("a child is born") == 1
    assert "payment 1,200 yuan a mu" in shown
    assert "0.0850" in shown
    assert "lives in town" in " ".join(shown.replace("│", " ").split())
    assert "income 51,141 yuan" in shown
    assert "on the poverty register" not in shown
    chinese = call("trace", 7, "--lang", "zh").stdout
    assert "甘谷" in chinese
    assert "超出指标" in chinese
    assert "no draw" in shown
    assert "sets the size" in shown
    assert "无抽取" in chinese
    found = told("trace", 7, *options)
    said = [(event["chance"], event["draw"]) for event in found["years"][1]["events"]]
    assert said == [(0.5, 0.25), (0.5, 0.085), ("no draw", "no draw"), ("sets the size", 0.25)]
    assert found["against"]["scenario"] == "no_plan"
    assert "the nearest is 7" in refused("trace", 8)
    assert "is no number of a household" in refused("trace", "seven")
    assert "--draw -1" in refused("trace", 7, "--draw", "-1")
    assert "did you mean 'no_plan'" in refused("trace", 7, "--against", "noplan")


def test_everything_that_a_rule_reads_has_a_name():
    source = Path(reasons.__file__).read_text(encoding="utf-8")
    tree = ast.parse(source)
    events = [node for node in ast.walk(tree) if isinstance(node, ast.Dict) and node.keys]
    keys = {
        key.value
        for node in events
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and not isinstance(value, ast.Constant | ast.Tuple)
    }
    keys -= {"members"}
    assert len(keys) > 15
    assert {f"input.{key}" for key in keys} <= set(WORDS)


# --- Two processes ------------------------------------------------------------------------------------

CHILD = """
import sys
sys.path.insert(0, {tests!r})
import test_cli as here
here.stand_in()
from tianshui import cli
cli.main()
"""


def stand_in():
    """The stand-in of the model for a process of its own; each run takes a moment."""
    made = Lab()
    module = types.ModuleType("tianshui.run")

    def simulate(plan, **options):
        time.sleep(0.4)
        return made.simulate(plan, **options)

    module.simulate, module.run_id = simulate, made.run_id
    sys.modules["tianshui.run"] = module
    registry.default_settings = Toy
    outcomes._report = lambda folder, voice: 0


def begin(*words):
    code = CHILD.format(tests=str(Path(__file__).parent))
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_two_commands_on_one_folder_share_their_runs(lab):
    first = begin("compare", "plan", "no_plan", "--draws", "3", "--json")
    second = begin("compare", "plan", "no_plan", "--draws", "3", "--json")
    results = [child.communicate(timeout=120) for child in (first, second)]
    found = [json.loads(out) for out, _ in results]
    assert sorted((one["made"], one["read"]) for one in found) == [(0, 6), (6, 0)]
    assert found[0]["differences"] == found[1]["differences"]
    assert sum("waiting for it to end" in err for _, err in results) == 1


def test_a_key_stops_a_real_process_in_good_order(lab):
    child = begin("compare", "plan", "no_plan", "--draws", "40")
    runs = Path("results/plan-vs-no_plan/runs")
    limit = time.perf_counter() + 60
    while len(list(runs.glob("*.parquet"))) < 2 and time.perf_counter() < limit:
        time.sleep(0.05)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=30)
    assert child.returncode == 130, err
    kept = len(list(runs.glob("*.parquet")))
    assert err.splitlines()[-1] == (
        f"stopped; {kept} of 80 runs are kept in results/plan-vs-no_plan; the same command goes on"
    )
    assert not (runs.parent / folder.LOCK).exists()


def test_a_closed_pipe_is_silent(lab):
    child = begin("list", "indicators")
    child.stdout.close()
    child.wait(60)
    assert "Traceback" not in child.stderr.read()


# --- In Python ----------------------------------------------------------------------------------------


def test_compare_in_python(lab):
    outcome = compare.compare("plan", "no_plan", sample=0.05, draws=2, out="here")
    frame = compare.contrast(outcome.results, "tianshui", [2035], ["gdp"])
    assert frame["middle"].tolist() == [28.5]
    with pytest.raises(InputError, match="--sample 3"):
        compare.compare("plan", "no_plan", sample=3)


def test_a_long_name_is_cut_and_stays_apart():
    names = [compare.folder_name("plan with " + "x" * 200 + end, "no_plan") for end in ("a", "b")]
    assert max(map(len, names)) <= compare.LONGEST_NAME
    assert names[0] != names[1]
    assert compare.folder_name("../../etc", "b/c") == "etc-vs-b-c"


def test_the_time_left_is_reckoned_from_the_pace_of_the_runs(monkeypatch):
    """Nothing is heard for 100 s of compiling; then a fifth of one of four runs takes 10 s: 19 fifths take 190 s."""
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    runs = [types.SimpleNamespace(id=name, cost=1.0) for name in "abcd"]
    with Meter(Voice("en")) as meter:
        heard = meter(runs)
        now[0] = 100.0
        heard(runs[0], 1e-9)
        assert "about ? left" in meter._text()
        now[0] = 110.0
        heard(runs[0], 0.2)
        assert meter._text() == "0 of 4 runs; about 4 min left"
