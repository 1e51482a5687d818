"""Scenarios: what a file means, worked by hand, and what every wrong file is told."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from tianshui import inputs, measures, plan, registry
from tianshui.declare import Parameters, belief, cut, lever, outside
from tianshui.evidence import table
from tianshui.plan import Plan, ScenarioError
from tianshui.state import COUNTIES

ROOT = Path(__file__).parents[1]
GANGU = COUNTIES.index("gangu")


class LandParameters(Parameters):
    """Toy numbers of land."""

    quota: float = lever(
        0.0, unit="mu/year", within=(0.0, 60_000.0), names=("New area", "新增面积"), who="nation", where="county",
        cost="price", group="ecology", measure="M25", source="assumed:toy", status="assumed",
    )  # fmt: skip
    """Area."""
    payment: float = lever(
        0.0, unit="yuan/mu", within=(0.0, 3_000.0), names=("Payment", "补助"), who="nation", where="one",
        cost=None, group="ecology", measure="M25", source="assumed:toy", status="assumed",
    )  # fmt: skip
    """Payment."""
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
    share_farm_of_work: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.7), source="assumed:toy", status="assumed"
    )
    """Share one."""
    share_town_of_work: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.7), source="assumed:toy", status="assumed"
    )
    """Share two."""
    wage_growth: float = outside(
        0.05,
        unit="1/year",
        within=(-0.5, 0.5),
        prior=(0.03, 0.05, 0.07),
        source="assumed:toy",
        status="assumed",
    )
    """Growth."""


class Toy(BaseModel):
    """Two mechanisms stand for all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    land: LandParameters = LandParameters()
    aid: AidParameters = AidParameters()


TOY = Toy()
GOOD = {
    "history": """\
title: {en: Past, zh: 过去}
levers:
  land.quota: {2016: 8000, 2018: {gangu: 9000}, 2020: 5000}
  land.payment: 1200
  aid.allowance: {2016: 4000, 2020: 4400}
""",
    "no_plan": """\
title: No plan
extends: history
levers:
  land.quota: {2021: 0}
""",
    "plan": """\
title: {en: Plan, zh: 规划}
reason: {en: Because}
extends: no_plan
levers:
  land.quota: {2021: 10000, 2023: 0}
  aid.allowance: {2025: 5400, shape: line}
beliefs: {land.price: 1e3}
outside: {wage_growth: {2026: 0.04}}
cuts: [land.hold_network]
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in GOOD.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def load(folder: Path, text: str | bytes, name: str = "mine") -> Plan:
    file = folder / f"{name}.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return plan.load(str(file), TOY, scenarios=folder)


def course(found: Plan, name: str, county: int = 0) -> list[float]:
    return [float(found.at(year)[name][county]) for year in range(2019, 2027)]


def test_a_value_holds_until_the_next_year_named(folder: Path) -> None:
    found = plan.load("plan", TOY, scenarios=folder)
    # 2019: 8000 since 2016; 2020: 5000 named; 2021-22: 10000; from 2023: 0.
    assert course(found, "land.quota") == [8000, 5000, 10000, 10000, 0, 0, 0, 0]
    # Gangu alone has 9000 in 2018 and 2019; 2020 names all.
    assert course(found, "land.quota", GANGU)[:2] == [9000, 5000]
    # One number in `history` holds from 2016 to the end.
    assert course(found, "land.payment") == [1200] * 8
    assert found.at(2016)["land.payment"].tolist() == [1200.0] * 7
    assert found.chain == ("plan", "no_plan", "history")
    assert found.title == {"en": "Plan", "zh": "规划"}
    assert found.reason == {"en": "Because", "zh": "Because"}


def test_a_line_rises_in_equal_steps_and_not_before_2020(folder: Path) -> None:
    found = plan.load("plan", TOY, scenarios=folder)
    # 4400 in 2020, 5400 in 2025: 200 a year.
    assert course(found, "aid.allowance") == [4000, 4400, 4600, 4800, 5000, 5200, 5400, 5400]
    # Payment was last named in 2016: its line to 2200 in 2025 starts in 2020, (2200 - 1200) / 5 = 200 a year.
    late = load(folder, "title: t\nextends: no_plan\nshape: line\nlevers: {land.payment: {2025: 2200}}\n")
    assert course(late, "land.payment") == [1200, 1200, 1400, 1600, 1800, 2000, 2200, 2200]


def test_a_line_replaces_what_the_parent_says_between(folder: Path) -> None:
    text = "title: t\nextends: plan\nlevers: {aid.allowance: {2022: 5000, 2026: 7000, shape: line}}\n"
    # 4400 in 2020, 5000 in 2022: 300 a year; then 500 a year. The parent's own line and its 2025 are replaced.
    assert course(load(folder, text), "aid.allowance") == [4000, 4400, 4700, 5000, 5500, 6000, 6500, 7000]
    # Years named without a line stand among the parent's: only 2024 differs from 4600, 4800, 5000, 5200, 5400.
    text = "title: t\nextends: plan\nlevers: {aid.allowance: {2024: 1}}\n"
    assert course(load(folder, text), "aid.allowance")[2:] == [4600, 4800, 5000, 1, 5400, 5400]
    # An outside path has no value before its first year, so its line starts there.
    text = "title: t\nextends: no_plan\noutside: {wage_growth: {2022: 0.1, 2024: 0.2, shape: line}}\n"
    found = load(folder, text)
    assert [found.outside_at(year).get("aid.wage_growth") for year in (2021, 2022, 2024)] == [None, 0.1, 0.2]
    assert found.outside_at(2023)["aid.wage_growth"] == pytest.approx(0.15)


def test_a_child_merges_year_by_year_and_county_by_county(folder: Path) -> None:
    child = load(
        folder,
        "title: t\nextends: plan\nlevers:\n  land.quota: {2022: {gangu: 7000}, 2024: 300}\n  aid.allowance: 50\n",
    )
    # Parent 10000 from 2021 and 0 from 2023 stay; Gangu differs from 2022 until the next year named.
    assert course(child, "land.quota", GANGU)[2:] == [10000, 7000, 0, 300, 300, 300]
    assert course(child, "land.quota", 0)[2:] == [10000, 10000, 0, 300, 300, 300]
    # A bare number replaces the parent's years from 2021 on.
    assert course(child, "aid.allowance") == [4000, 4400, 50, 50, 50, 50, 50, 50]


def test_all_off_is_the_declared_value_from_its_year(folder: Path) -> None:
    found = load(folder, "title: t\nextends: plan\nall_off: 2021\n")
    assert course(found, "aid.allowance") == [4000, 4400, *[100] * 6]
    assert course(found, "land.quota") == [8000, 5000, *[0] * 6]


def test_measures_take_their_levers_from_the_plan(folder: Path) -> None:
    base, full = (plan.load(name, TOY, scenarios=folder) for name in ("no_plan", "plan"))

    def measured(parent: str, text: str) -> Plan:
        return load(folder, f"title: t\nextends: {parent}\nmeasures: {text}\n")

    def levers(found: Plan) -> dict:
        return found.resolved()["levers"]

    for parent in ("no_plan", "plan"):
        assert levers(measured(parent, "all")) == levers(full)
        for word in ("M25", "P07", "ecology"):
            one = measured(parent, f"[{word}]")
            assert levers(one)["land.quota"] == levers(full)["land.quota"]
            assert levers(one)["aid.allowance"] == levers(base)["aid.allowance"]
    assert levers(measured("plan", "[]")) == levers(base)
    half = measured("no_plan", "{M25: 0.5}")
    # Half of 10000 - 0 in 2021 and 2022, half of 0 - 0 afterwards; the past is untouched.
    assert course(half, "land.quota") == [8000, 5000, 5000, 5000, 0, 0, 0, 0]
    assert levers(half)["aid.allowance"] == levers(base)["aid.allowance"]
    # With the plan as parent the other items stay.
    assert levers(measured("plan", "{M25: 0.5}"))["aid.allowance"] == levers(full)["aid.allowance"]


def test_a_pace_scales_amounts_and_nothing_else(folder: Path) -> None:
    early = load(folder, "title: t\nextends: plan\npace: {2021: 1.5, 2023: 0.5}\n")
    # 10000 mu in 2021 and 2022: half again as much. The payment is a rule; 5000 of 2020 is past.
    assert course(early, "land.quota") == [8000, 5000, 15000, 15000, 0, 0, 0, 0]
    assert course(early, "land.payment") == [1200] * 8
    # The toy's allowance is money: 4600, 4800 by 1.5; 5000, 5200, 5400, 5400 by a half.
    assert course(early, "aid.allowance") == [4000, 4400, 6900, 7200, 2500, 2600, 2700, 2700]
    assert (dict(early.pace), early.held) == ({2021: 1.5, 2023: 0.5}, ())
    # 1 in 2020, 2 in 2024: 1.25, 1.5, 1.75, 2; and the file's own levers are not scaled.
    line = load(folder, "title: t\nextends: plan\npace: {2024: 2, shape: line}\nlevers: {land.quota: 7}\n")
    assert course(line, "aid.allowance")[1:6] == [4400, 4600 * 1.25, 4800 * 1.5, 5000 * 1.75, 9000]
    assert course(line, "land.quota")[2:] == [7] * 6
    # 5200 and 5400 by 2 and what follows are more than 9000 allows, and are held there.
    assert {(one.lever, one.county) for one in line.held} == {
        ("aid.allowance", county) for county in range(7)
    }
    assert line.held[0].years == tuple(range(2024, 2036))
    # A year not named before the first keeps the parent's; the end of 0 is off.
    late = load(folder, "title: t\nextends: plan\npace: {2022: 0}\n")
    assert course(late, "land.quota") == [8000, 5000, 10000, 0, 0, 0, 0, 0]
    assert (
        load(folder, "title: t\nextends: plan\npace: 1\n").resolved()
        == plan.load("plan", TOY, scenarios=folder).resolved()
    )


def test_what_measures_bring_is_paced_too(folder: Path) -> None:
    found = load(folder, "title: t\nextends: no_plan\nmeasures: [M25]\npace: {2021: 2}\n")
    assert course(found, "land.quota") == [8000, 5000, 20000, 20000, 0, 0, 0, 0]


@pytest.mark.parametrize("name", ["front_loaded", "back_loaded"])
def test_the_plan_early_or_late_asks_for_the_same_sum(name: str) -> None:
    """Priced at what a unit costs, all amounts of 2021-35 together; what the ends of ranges hold back is left out."""
    whole, paced, numbers = plan.load("plan"), plan.load(name), registry.numbers()
    factors = np.array(
        [
            max((year, factor) for year, factor in paced.pace.items() if year <= y)[1]
            for y in range(2021, 2036)
        ]
    )
    sums, moved = np.zeros(2), 0
    for lever_name, number in whole.levers.items():
        courses = [one.courses[lever_name].path()[2021 - 2016 :] for one in (whole, paced)]
        if not registry.is_amount(number):
            assert (courses[0] == courses[1]).all(), lever_name
            continue
        held = {(one.county, year) for one in paced.held if one.lever == lever_name for year in one.years}
        for county in range(7):
            expected = courses[0][:, county] * factors
            for place, value in enumerate(expected):
                if (county, 2021 + place) not in held:
                    assert courses[1][place, county] == value, (lever_name, county, 2021 + place)
        price = (
            numbers[f"{lever_name.partition('.')[0]}.{number.cost}"].value
            if number.cost not in (None, "money")
            else 1.0
        )
        sums += price * np.array([courses[0].sum(), (courses[0] * factors[:, None]).sum()])
        moved += bool((courses[0] != courses[1]).any())
    assert moved > 35 and sums[1] == pytest.approx(sums[0], rel=0.002)


def test_items_can_be_taken_out_or_kept_alone(folder: Path) -> None:
    base, full = (plan.load(name, TOY, scenarios=folder) for name in ("no_plan", "plan"))
    rest = base.resolved()["levers"]
    assert full.without(["M25", "poverty"]).resolved()["levers"] == rest
    assert full.only(["P07", "M33"]).resolved() == full.resolved()
    assert full.only([]).resolved()["levers"] == rest
    assert full.without(["M37"]).resolved() == full.resolved()  # the toy has no lever of it
    with pytest.raises(ScenarioError, match="--without M52: unknown item.*did you mean"):
        full.without(["M52"])
    for option, change in (("--only", full.only), ("--without", full.without)):
        with pytest.raises(ScenarioError, match=f"^{option} M16 .*has no lever.*names no money") as wrong:
            change(["M25", "M16"])
        assert "没有杠杆" in wrong.value.said("zh") and "多中心布局" in wrong.value.said("zh")


def test_set_changes_one_number(folder: Path) -> None:
    full = plan.load("plan", TOY, scenarios=folder)
    assert course(full.set("land.quota=7e2"), "land.quota") == [8000, 5000, *[700] * 6]
    # From 2022 until 2023, which the plan names.
    assert course(full.set("land.quota@2022=700"), "land.quota") == [8000, 5000, 10000, 700, 0, 0, 0, 0]
    assert full.set("land.price=1200").beliefs == {"land.price": 1200.0}
    assert full.set("aid.wage_growth@2030=0.1").outside == {"aid.wage_growth": {2026: 0.04, 2030: 0.1}}
    assert full.set("land.hold_network=1").cuts == {"land.hold_network": 1.0}
    for text, told in {
        "land.qouta=1": "did you mean 'land.quota'",
        "land.quota=-1": "must lie within 0 and 60000",
        "land.quota@2019=1": "years run from 2021 to 2035",
        "land.quota@=1": "name=value",
        "land.quota": "name=value",
        "land.quota=012": "plain number",
        "land.price@2026=900": "leave out @2026",
    }.items():
        with pytest.raises(ScenarioError, match=re.escape(told)):
            full.set(text)


def test_settings_of_a_year_carry_what_the_scenario_fixes(folder: Path) -> None:
    full = plan.load("plan", TOY, scenarios=folder)
    before, after = full.settings_at(TOY, 2020), full.settings_at(TOY, 2026)
    assert (before.land.price, before.land.hold_network, before.aid.wage_growth) == (1000.0, 0.0, 0.05)
    assert (after.land.price, after.land.hold_network, after.aid.wage_growth) == (1000.0, 1.0, 0.04)
    assert TOY.land.price == 900.0


def test_resolved_is_equal_for_files_that_say_the_same(folder: Path) -> None:
    one = load(
        folder, "title: a\nextends: no_plan\nlevers: {land.payment: {2021: 1.2e3, 2025: 1500}}\n", "one"
    )
    two = load(
        folder,
        "title: b\nextends: no_plan\nlevers:\n  land.payment: {2024: 1200, 2025: 1500, 2030: 1500}\n",
        "two",
    )
    assert json.dumps(one.resolved()) == json.dumps(two.resolved())
    full = plan.load("plan", TOY, scenarios=folder)
    assert full.resolved(2020)["levers"] == one.resolved(2020)["levers"]
    assert full.resolved() != one.resolved()


YEARS_NAMED = st.dictionaries(st.integers(2016, 2035), st.floats(0.0, 9.0), max_size=4)


@given(st.floats(0.0, 9.0), st.tuples(*[YEARS_NAMED] * len(COUNTIES)))
def test_the_path_of_a_course_is_its_value_in_each_year_and_county(off, points) -> None:
    course = plan.Course(off, points)
    wanted = [[course.value(c, year) for c in range(len(COUNTIES))] for year in range(2016, 2036)]
    assert course.path().tolist() == wanted


def test_years_outside_the_model_are_refused(folder: Path) -> None:
    found = plan.load("plan", TOY, scenarios=folder)
    assert list(found.at(2035)) == ["land.quota", "land.payment", "aid.allowance"]
    for year in (2015, 2036):
        with pytest.raises(ValueError, match="2016-2035"):
            found.at(year)
    with pytest.raises(ValueError, match="read-only"):
        found.at(2021)["land.quota"][0] = 1.0


HEAD = "title: t\nextends: no_plan\n"
WRONG = {
    # name: (file, line, what the message says)
    "unknown lever": (HEAD + "levers:\n  land.qouta: {2021: 1}\n", 4, "unknown lever 'land.qouta'; did you mean 'land.quota'?"),
    "unknown key": (HEAD + "lever: {}\n", 3, "unknown key 'lever'; did you mean 'levers'?"),
    "unknown belief": (HEAD + "beliefs: {land.prise: 1}\n", 3, "unknown belief 'land.prise'; did you mean 'land.price'?"),
    "unknown outside": (HEAD + "outside: {wage_grwth: 1}\n", 3, "unknown outside number"),
    "unknown county": (HEAD + "levers: {land.quota: {2021: {gangoo: 1}}}\n", 3, "unknown county 'gangoo'; did you mean 'gangu'?"),
    "unknown item": (HEAD + "measures: [M99]\n", 3, "unknown item"),
    "unknown parent": ("title: t\nextends: no_plam\n", 2, "unknown scenario 'no_plam'; did you mean 'no_plan'?"),
    "wrong section": (HEAD + "levers: {land.price: 1000}\n", 3, "land.price is a belief, not a lever; set it under `beliefs`"),
    "type: list": (HEAD + "levers: [1]\n", 3, "must be lines"),
    "type: text": (HEAD + "levers: {land.quota: many}\n", 3, "plain number"),
    "type: quoted": (HEAD + 'levers: {land.quota: "5"}\n', 3, "plain number"),
    "type: nothing": (HEAD + "levers: {land.quota: }\n", 3, "not nothing"),
    "type: county of one": (HEAD + "levers: {land.payment: {2021: {gangu: 1}}}\n", 3, "one value for the whole prefecture"),
    "type: list file": ("- a\n- b\n", 1, "key: value"),
    "type: number title": ("title: 2030\nextends: no_plan\n", 1, "quotation marks"),
    "too high": (HEAD + "levers:\n  land.quota:\n    2021: 2e7\n", 5, "land.quota in 2021 is 20000000 mu/year; it must lie within 0 and 60000"),
    "too low": (HEAD + "levers: {land.quota: {2021: {gangu: -1}}}\n", 3, "land.quota in gangu in 2021 is -1 mu/year"),
    "infinite": (HEAD + "levers: {land.quota: 1e999}\n", 3, "plain number"),
    "item without a lever": (HEAD + "measures: {M25: 1, M16: 1}\n", 3, "M16 (One core, many centres) has no lever"),
    "item without a lever in a list": (HEAD + "measures: [M16]\n", 3, "has no lever, so it can be neither set nor left out"),
    "pace below nought": (HEAD + "pace:\n  2021: -0.5\n", 4, "`pace` in 2021 is -0.5; it must not be below 0"),
    "pace in words": (HEAD + "pace: {2021: fast}\n", 3, "`pace` in 2021 must be a plain number"),
    "pace of a lever": (HEAD + "pace: {land.quota: 2}\n", 3, "'land.quota' is not a year"),
    "pace in the past": (HEAD + "pace: {2019: 2}\n", 3, "only the scenario `history`"),
    "pace of a bad shape": (HEAD + "pace: {2021: 2, shape: curve}\n", 3, "unknown shape 'curve'"),
    "pace of nothing": (HEAD + "pace: {shape: line}\n", 3, "`pace` is empty"),
    "pace as a list": (HEAD + "pace: [2021]\n", 3, "`pace` must be lines"),
    "share": (HEAD + "measures: {M25: 1.5}\n", 3, "within 0 and 1"),
    "doubly set item": (HEAD + "measures: {M25: 0.5, ecology: 1}\n", 3, "set twice"),
    "duplicate key": (HEAD + "levers:\n  land.quota: {2021: 1}\n  land.quota: {2022: 1}\n", 5, "'land.quota' is set twice; first on line 4"),
    "duplicate year": (HEAD + "levers: {land.quota: {2021: 1, 2021: 2}}\n", 3, "set twice"),
    "duplicate section": ("title: t\nextends: no_plan\ntitle: u\n", 3, "set twice; first on line 1"),
    "doubly set outside": (HEAD + "outside: {wage_growth: 0.1, aid.wage_growth: 0.2}\n", 3, "set twice"),
    "octal": (HEAD + "levers: {land.quota: 012}\n", 3, "plain number such as 12, 0.5 or 2e7, not '012'"),
    "yes": (HEAD + "levers: {land.quota: yes}\n", 3, "not 'yes'"),
    "yes as a word": ("title: t\nextends: yes\n", 2, "plain word, not 'yes'"),
    "sexagesimal": (HEAD + "levers: {land.quota: 1:30}\n", 3, "not '1:30'"),
    "underscore": (HEAD + "levers: {land.quota: 1_000}\n", 3, "plain number"),
    "hexadecimal": (HEAD + "levers: {land.quota: 0x10}\n", 3, "plain number"),
    "not a number": (HEAD + "levers: {land.quota: .nan}\n", 3, "plain number"),
    "date": (HEAD + "levers: {land.quota: {2021-01-01: 1}}\n", 3, "not a year"),
    "past": (HEAD + "levers: {land.quota: {2019: 1}}\n", 3, "only the scenario `history`"),
    "late": (HEAD + "levers: {land.quota: {2036: 1}}\n", 3, "2016 to 2035"),
    "octal year": (HEAD + "levers: {land.quota: {02021: 1}}\n", 3, "not a year"),
    "quoted year": (HEAD + 'levers: {land.quota: {"2021": 1}}\n', 3, "plain word or year"),
    "tag": (HEAD + "levers: !!python/object/apply:os.system {a: b}\n", 3, "tags are not allowed"),
    "string tag": (HEAD + "levers: {land.quota: !!int '5'}\n", 3, "tags are not allowed"),
    "alias": (HEAD + "levers: &all {land.quota: 1}\nbeliefs: *all\n", 3, "aliases and anchors"),
    "merge": (HEAD + "levers:\n  <<: {land.quota: 1}\n", 4, "unknown lever '<<'"),
    "two documents": (HEAD + "---\ntitle: u\n", 3, "one scenario"),
    "broken": (HEAD + "levers: {land.quota: [1\n", 4, "not plain YAML"),
    "deep": (HEAD + "levers: " + "[" * 50 + "\n", 3, "nested more than 8 deep"),
    "very deep": (HEAD + "levers: " + "[" * 500_000 + "\n", 3, "nest"),
    "control": (HEAD + "reason: \0\n", 3, "not plain YAML"),
    "empty": ("", 1, "empty"),
    "comment only": ("# nothing\n", 1, "empty"),
    "no parent": ("title: t\n", 1, "extends: no_plan"),
    "no title": ("extends: no_plan\n", 1, "title"),
    "not UTF-8": (b"title: t\nextends: no_plan\nreason: \xff\xfe\n", 3, "not UTF-8"),
    "UTF-16": ("title: t".encode("utf-16"), 1, "not UTF-8"),
    "bad shape": (HEAD + "shape: curve\n", 3, "unknown shape"),
    "itself": ("title: t\nextends: ./mine.yaml\n", 2, "closes a circle: mine -> mine"),
    "a folder": ("title: t\nextends: /\n", 2, "not a scenario file"),
    "a device": ("title: t\nextends: /dev/zero\n", 2, "not a scenario file"),
    "no such path": ("title: t\nextends: ./none.yaml\n", 2, "no such file"),
    "long": (HEAD + f"levers: {{{'x' * 1_000}: 1}}\n", 3, "unknown lever"),
    "all off in the past": (HEAD + "all_off: 2019\n", 3, "only the scenario `history`"),
    "double cut": (HEAD + "cuts: [land.hold_network, land.hold_network]\n", 3, "set twice"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_told_where_and_why(folder: Path, case: str) -> None:
    text, line, told = WRONG[case]
    with pytest.raises(ScenarioError) as error:
        load(folder, text)
    message = str(error.value)
    assert message.startswith(f"mine.yaml:{line}: "), message
    assert told in message
    assert "\n" not in message and len(message) < 400
    chinese = error.value.said("zh")
    assert chinese.startswith(f"mine.yaml:{line}: ") and "\n" not in chinese
    # The name of a file is said as it is.
    assert not english_words(chinese.replace(str(folder), "")) or case in LIBRARY, chinese


LIBRARY = ("broken", "control", "very deep", "merge", "deep")
"""What the YAML library says stays in its own words behind the Chinese."""


def english_words(chinese: str) -> list[str]:
    """Words of an English sentence in a Chinese message: what stands in no quotation marks and is no name."""
    bare = re.sub(r"`[^`]*`|'[^']*'|\"[^\"]*\"", "", chinese.partition(": ")[2])
    assert re.search("[\u4e00-\u9fff]", bare), chinese
    return re.findall(r"\b(?:a|an|and|at|is|it|must|not|of|or|such|the|under|unknown|with)\b", bare)


def test_2e7_is_a_number(folder: Path) -> None:
    assert course(load(folder, HEAD + "levers: {land.quota: 2e4}\n"), "land.quota")[2] == 20_000.0


def test_a_circle_of_three_names_its_members(folder: Path) -> None:
    for name, parent in (("a", "b"), ("b", "c"), ("c", "a")):
        (folder / f"{name}.yaml").write_text(f"title: t\nextends: {parent}\n")
    with pytest.raises(ScenarioError, match=r"^c\.yaml:2: extends 'a' closes a circle: a -> b -> c -> a$"):
        plan.load("a", TOY, scenarios=folder)
    (folder / "plan.yaml").write_text(GOOD["plan"] + "measures: all\n")
    with pytest.raises(ScenarioError, match=r"closes a circle: plan -> plan"):
        plan.load("plan", TOY, scenarios=folder)


def test_missing_huge_and_unreadable_files(folder: Path) -> None:
    with pytest.raises(ScenarioError, match="unknown scenario 'plam'; did you mean 'plan'"):
        plan.load("plam", TOY, scenarios=folder)
    with pytest.raises(ScenarioError, match=r"none\.yaml: no such file$"):
        plan.load(str(folder / "none.yaml"), TOY)
    huge = folder / "huge.yaml"
    with huge.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(ScenarioError, match=r"^huge\.yaml:1: 100\.0 MB long; a scenario is at most 1 MB"):
        plan.load(str(huge), TOY)
    (folder / "inner.yaml").mkdir()
    with pytest.raises(ScenarioError, match=r"inner\.yaml: not a file$"):
        plan.load(str(folder / "inner.yaml"), TOY)
    with pytest.raises(ScenarioError, match=r"mine\.txt: not a scenario file; its name must end in \.yaml$"):
        plan.load("here/mine.txt", TOY)


def test_a_lever_that_is_a_year_takes_no_part_of_one(tmp_path: Path) -> None:
    """A railway that opens in 2028.5 would open in 2029 without anybody being told so."""
    mine = tmp_path / "mine.yaml"
    mine.write_text(HEAD + "levers:\n  infrastructure.railway_year:\n    2021: 2028.5\n")
    told = "infrastructure.railway_year in 2021 is 2028.5; it must be a whole year within 2026 and 2036"
    with pytest.raises(ScenarioError, match=rf"^mine\.yaml:5: {re.escape(told)}$"):
        plan.load(mine)
    with pytest.raises(ScenarioError, match="a whole year within 2026 and 2036"):
        plan.load("plan").set("infrastructure.railway_year=2028.5")
    changed = plan.load("plan").set("infrastructure.railway_year=2030")
    assert course(changed, "infrastructure.railway_year")[-1] == 2030


def test_history_alone_sets_the_past_and_extends_nothing(folder: Path) -> None:
    (folder / "history.yaml").write_text("title: t\nextends: plan\n")
    with pytest.raises(ScenarioError, match=r"history\.yaml:2: `history` is the root"):
        plan.load("history", TOY, scenarios=folder)


def _mutated(draw: st.DrawFn) -> bytes:
    data = draw(st.sampled_from([text.encode() for text in GOOD.values()]))
    words = sorted(set(re.findall(rb"[\w.]+", data)))
    strange = [
        b"", b" ", b"~", b"yes", b"012", b"1:30", b"2e7", b"-1", b"[]", b"{}", b"[[", b"!!int", b"&a", b"*a", b"<<",
        b"? ", b"- ", b"|", b">", b"'", b'"', b'"\\0"', b'"\\ud800/"', b"%TAG ! a", b"---", b"...", b"\t", b"\xff",
        b"\xed\xa0\x80", b"\xe2\x80\xa8", b"2021", b"99999999999999999999", b"plan", b"mine", b"M25", b"all", b"line",
        b"{gangu: 1}", b"{2021: {gangu: {x: 1}}}", b"/", b"//dev/zero", b"own.yaml", b"./plan.yaml", b"x/" * 3000, b"\xf0\x9f\x8c\xb3", b"1" * 5000,
    ]  # fmt: skip
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["bytes", "word", "cut", "line", "swap"]))
        at = draw(st.integers(0, len(data)))
        if kind == "bytes":
            data = data[:at] + draw(st.binary(max_size=4)) + data[at + draw(st.integers(0, 4)) :]
        elif kind == "word":
            new = draw(st.sampled_from([*strange, *words]))
            data = data.replace(draw(st.sampled_from(words)), new, draw(st.integers(1, 2)))
        elif kind == "cut":
            data = data[:at]
        else:
            lines = data.split(b"\n")
            first, second = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
            if kind == "line":
                lines.insert(first, lines[second])
            else:
                lines[first], lines[second] = lines[second], lines[first]
            data = b"\n".join(lines)
    return data


@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.composite(_mutated)())
def test_thousands_of_wrong_files(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.getbasetemp() / "wrong"
    if not folder.exists():
        folder.mkdir()
        for name, text in GOOD.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name in ("mine", "history"):
        kept = folder / "own" if name == "history" else folder
        kept.mkdir(exist_ok=True)
        file = kept / f"{name}.yaml"
        file.write_bytes(data)
        try:
            found = plan.load(str(file), TOY, scenarios=folder)
        except ScenarioError as error:
            assert re.match(r"[\w ]+\.yaml:[1-9]\d*: [^\n]+\Z", str(error)), str(error)
        else:
            for values in found.at(2035).values():
                assert values.shape == (7,) and np.isfinite(values).all()
            json.dumps(found.resolved())
            for lever_name, number in found.levers.items():
                table_ = [found.at(year)[lever_name] for year in range(2016, 2036)]
                assert np.min(table_) >= number.within[0] and np.max(table_) <= number.within[1]


# ---------------------------------------------------------------- numbers and their draws


def test_numbers_stand_in_order_of_declaration() -> None:
    assert list(registry.numbers(TOY)) == [
        "land.quota", "land.payment", "land.price", "land.hold_network", "aid.allowance", "aid.share_farm_of_work",
        "aid.share_town_of_work", "aid.wage_growth",
    ]  # fmt: skip
    assert list(registry.levers(TOY)) == ["land.quota", "land.payment", "aid.allowance"]
    assert list(registry.cuts(TOY)) == ["land.hold_network"]
    assert list(registry.outside_numbers(TOY)) == ["aid.wage_growth"]
    assert registry.beliefs(TOY)["land.price"].prior == (600.0, 900.0, 1500.0)


def test_triangular_by_hand() -> None:
    # a = 0, c = 1, b = 4: a quarter lies below c; u = 1/16: sqrt(1/16 * 4 * 1) = 0.5.
    assert registry.triangular(1 / 16, 0.0, 1.0, 4.0) == 0.5
    assert registry.triangular(0.25, 0.0, 1.0, 4.0) == 1.0
    # u = 13/16: 4 - sqrt(3/16 * 4 * 3) = 4 - 1.5.
    assert registry.triangular(13 / 16, 0.0, 1.0, 4.0) == 2.5
    assert registry.triangular(0.7, 2.0, 2.0, 2.0) == 2.0


def test_draw_zero_is_central_and_others_follow_the_priors() -> None:
    assert registry.draw_beliefs(TOY, 0) is TOY
    drawn = [registry.draw_beliefs(TOY, draw) for draw in range(1, 401)]
    prices = [one.land.price for one in drawn]
    assert min(prices) >= 600 and max(prices) <= 1500 and len(set(prices)) == 400
    # Mean of a triangular: (600 + 900 + 1500) / 3 = 1000, sd 187; three standard errors of 400 draws: 28.
    assert abs(np.mean(prices) - 1000) < 28
    assert all(abs(one.aid.share_farm_of_work + one.aid.share_town_of_work - 1) < 1e-12 for one in drawn)
    assert registry.draw_beliefs(TOY, 5) == drawn[4]
    assert drawn[0].land.quota == 0.0 and drawn[0].land.hold_network == 0.0
    assert registry.draw_beliefs(TOY, 5, ("belief",)).aid.wage_growth == 0.05


def test_a_draw_does_not_hang_on_what_else_is_declared() -> None:
    class LandOnly(BaseModel):
        land: LandParameters = LandParameters()

    assert registry.draw_beliefs(LandOnly(), 3).land == registry.draw_beliefs(TOY, 3).land


# ---------------------------------------------------------------- rows for the command line


def test_check_rows(folder: Path) -> None:
    told = inputs.describe_check("plan", TOY, scenarios=folder)
    rows = {row.lever: row for row in told if row.area != "tianshui"}
    sums = {row.lever: row for row in told if row.area == "tianshui"}
    quota = rows["land.quota"]
    assert quota.values == {2020: 5000, 2021: 10000, 2025: 0, 2030: 0, 2035: 0}
    assert (quota.area, quota.unit, quota.changed) == ("each_county", "mu/year", True)
    # An amount is one for each of the seven counties; a payment by the mu has no sum.
    assert sums["land.quota"].values == {2020: 35000, 2021: 70000, 2025: 0, 2030: 0, 2035: 0}
    assert sums["land.quota"].changed and "land.payment" not in sums
    assert not rows["land.payment"].changed
    load(folder, HEAD + "levers: {land.quota: {2025: {gangu: 1}}}\n")
    mine = inputs.describe_check(str(folder / "mine.yaml"), TOY, scenarios=folder)
    changed = {row.area: row.values[2025] for row in mine if row.lever == "land.quota" and row.changed}
    # Six counties keep the plan's 0 of 2025.
    assert changed == {"gangu": 1, "tianshui": 1}


def test_a_new_scenario_reads_back_as_its_parent(folder: Path) -> None:
    for parent in ("plan", "no_plan"):
        text = inputs.new_scenario('my "own"', parent, TOY, scenarios=folder)
        found = load(folder, text)
        assert found.resolved() == plan.load(parent, TOY, scenarios=folder).resolved()
        # Every commented lever is itself a valid line.
        live = re.sub(r"^  # (?=\w+\.\w+: )", "  ", text, flags=re.MULTILINE)
        assert "\n  land.quota: {" in live
        assert "# A single value holds for each county" in text and "# 单一数值适用于每个县区" in text
        load(folder, live)


def test_lists(folder: Path) -> None:
    assert [row["name"] for row in inputs.list_rows("levers", "补助", TOY)] == ["land.payment"]
    assert len(inputs.list_rows("measures", "", TOY)) == len(measures.register())
    forest = inputs.list_rows("measures", "M25", TOY)
    assert forest[0]["levers"] == ["land.quota", "land.payment"]
    (folder / "broken.yaml").write_text("title: t\n")
    rows = {row["name"]: row for row in inputs.list_rows("scenarios", "", TOY, scenarios=folder)}
    assert rows["plan"]["extends"] == "no_plan" and "broken.yaml:1" in rows["broken"]["error"]
    with pytest.raises(ScenarioError, match="did you mean 'levers'"):
        inputs.list_rows("lever", "", TOY)


# ---------------------------------------------------------------- what is packaged


def test_aims_are_complete() -> None:
    aims = table("targets")
    assert len({aim["id"] for aim in aims}) == len(aims) > 50
    for aim in aims:
        float(aim["threshold"])
        assert int(aim["year"]) in range(2020, 2036)
        assert aim["direction"] in ("<=", ">=") and aim["role"] in ("target", "calibration")
        assert aim["status"] in ("published", "derived", "assumed") and aim["source"]
        assert (aim["modelled"] == "yes") == (not aim["reason"])
        assert aim["basis"] or aim["modelled"] == "no"


def test_packaged_scenarios_equal_those_at_the_top() -> None:
    top, packaged = (
        {file.name: file.read_bytes() for file in folder.glob("*.yaml")}
        for folder in (ROOT / "scenarios", ROOT / "model" / "tianshui" / "scenarios")
    )
    assert top == packaged
    assert {"history.yaml", "no_plan.yaml", "plan.yaml", "nothing.yaml"} <= set(top)


def without_numbers(file: Path) -> bool:
    """Whether a scenario names no lever or outside number of its own, or is one that the toy numbers replace."""
    text = file.read_text(encoding="utf-8")
    return file.stem in GOOD or not re.search(r"^(levers|outside|beliefs):", text, re.MULTILINE)


@pytest.mark.parametrize(
    "name", sorted(file.stem for file in (ROOT / "scenarios").glob("*.yaml") if without_numbers(file))
)
def test_headline_scenarios_load_with_any_settings(tmp_path: Path, name: str) -> None:
    """With toy numbers: the files' own levers are replaced, their form is not."""
    for file in (ROOT / "scenarios").glob("*.yaml"):
        shutil.copy(file, tmp_path)
    for root, text in GOOD.items():
        (tmp_path / f"{root}.yaml").write_text(text, encoding="utf-8")
    found = plan.load(name, TOY, scenarios=tmp_path)
    past = plan.load("history", TOY, scenarios=tmp_path)
    assert found.resolved(2020)["levers"] == past.resolved(2020)["levers"]
