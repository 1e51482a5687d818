"""A made-up result for tests of what is shown: every indicator, area, year and world, from a few smooth rules.

Nothing here comes from the model. Levels are near those of the prefecture so that charts look as they will.
"""

from math import cos, sin
from types import SimpleNamespace

import numpy as np
import pandas as pd

from tianshui.experiments.tables import LINE_COLUMNS
from tianshui.indicators import AREAS, COUNTIES, INDICATORS
from tianshui.measures import GROUPS

YEARS = range(2015, 2036)
SHARES = dict(zip(COUNTIES, (0.21, 0.18, 0.09, 0.14, 0.16, 0.13, 0.09), strict=True)) | {
    "city": 0.2,
    "tianshui": 1.0,
}
# Level of 2015 in the stored unit, growth a year, and what the plan adds by 2035 (part of the level).
RULES = {
    "gdp": (46.99e9, 0.066, 0.15),
    "gdp_real": (49.7e9, 0.045, 0.14),
    "gdp_real_growth": (5.0, -0.01, 0.15),
    "eco_industry_share": (22.0, 0.02, 0.12),
    "resident_population": (3.1155e6, -0.009, 0.02),
    "registered_population": (3.6717e6, 0.001, 0.0),
    "net_away": (556e3, 0.04, -0.12),
    "urban_share": (36.6, 0.027, 0.06),
    "births": (4.1e4, -0.035, 0.02),
    "deaths": (2.4e4, 0.012, -0.03),
    "share_65plus": (9.6, 0.037, -0.02),
    "rural_income": (5985.0, 0.085, 0.09),
    "urban_income": (20901.0, 0.068, 0.04),
    "urban_rural_income_ratio": (3.49, -0.012, -0.05),
    "poverty_incidence": (13.0, -0.4, -0.2),
    "registered_poor": (4.2e5, -0.45, -0.2),
    "return_to_poverty_share": (2.0, -0.09, -0.3),
    "forest_cover": (33.2, 0.013, 0.04),
    "erosion_control_rate": (70.0, 0.012, 0.04),
    "good_water_share": (70.0, 0.01, 0.05),
    "urban_sewage_treatment": (88.0, 0.004, 0.02),
    "sewage_treatment": (80.0, 0.006, 0.04),
    "hospital_beds": (4.4, 0.03, 0.05),
    "life_expectancy": (74.2, 0.002, 0.004),
    "energy_intensity": (0.9, -0.025, -0.1),
    "grain_output": (1.15e9, 0.003, -0.02),
    "own_revenue": (3.67e9, 0.07, 0.08),
    "spending": (22.4e9, 0.06, 0.03),
    "own_revenue_share": (16.4, 0.003, 0.05),
    "general_transfers": (10e9, 0.06, 0.0),
    "earmarked": (6e9, 0.05, 0.1),
    "bonds": (2.5e9, 0.04, 0.05),
    "spending_rigid": (14e9, 0.055, 0.0),
}
BY_UNIT = {"yuan": 1e9, "person": 5e4, "%": 30.0, "mu": 1.5e6, "kg": 8e8, "tonne": 4e7, "yuan/person": 8000.0}
TITLES = {
    "plan": {"en": "The plan of 2020", "zh": "2020年实施方案"},
    "no_plan": {"en": "No plan: as in 2020", "zh": "无规划:维持2020年"},
}


class Fabricated:
    """What `archive.Results` offers, without files."""

    def __init__(self, manifest: dict, table: pd.DataFrame) -> None:
        self.manifest, self.table = manifest, table
        self.missing: dict[str, str] = {}

    def frame(self, indicators=None, areas=None, years=None) -> pd.DataFrame:
        rows = self.table
        for column, wanted in (("indicator", indicators), ("area", areas), ("year", years)):
            if wanted is not None:
                rows = rows[rows[column].isin(list(wanted))]
        return rows.reset_index(drop=True)


def names() -> list[str]:
    return list(INDICATORS)


def values(indicator: str, area: str, scenario: str, seed: int, draw: int) -> np.ndarray:
    """One indicator's course in one world, 2015 to 2035."""
    about = INDICATORS[indicator]
    level, growth, gain = RULES.get(indicator, (BY_UNIT.get(about.unit, 5.0), 0.01, 0.03))
    if "_income_decile_" in indicator:
        kind, tenth = indicator.split("_income_decile_")
        level, growth, gain = RULES[f"{kind}_income"]
        level, gain = level * (0.2 + 0.17 * int(tenth)), gain * (1.6 - 0.2 * int(tenth))
    place = list(AREAS).index(area)
    time = np.arange(len(YEARS), dtype=float)
    if about.adds:
        level = level * SHARES[area]
    elif area != "tianshui":
        level = level * (1.0 + 0.12 * sin(place * 1.7))
    belief = (0.006 * sin(draw * 2.3 + place * 0.1) + 0.002 * cos(draw * 5.1)) if draw else 0.0
    chance = 0.004 * sin(seed * 3.7 + place) * np.sqrt(time)
    course = level * (1.0 + growth + belief) ** time * (1.0 + chance)
    if scenario == "plan":
        course = course * (1.0 + gain * np.clip(time - 5, 0, None) / 15.0 * (1.0 + 0.3 * sin(place + draw)))
    if indicator == "cost_per_mu_converted":
        course = np.where(time > 6, np.nan, course)
    return course


def runs(scenarios: tuple[str, ...] = ("plan", "no_plan"), pairs: int = 6, seeds: int = 8) -> list[tuple]:
    """Scenario, sample, seed and draw of every run: the worlds, then chance alone."""
    made = []
    for scenario in scenarios:
        made += [(scenario, 1.0, pair, pair) for pair in range(pairs)]
        made += [(scenario, 0.05, seed, 0) for seed in range(seeds)]
    return made


def table_of(run: tuple, indicators: list[str]) -> dict[str, np.ndarray]:
    """The table of one run as `run.Run` has it."""
    scenario, _, seed, draw = run
    years, areas, found, numbers = [], [], [], []
    for indicator in indicators:
        level = INDICATORS[indicator].level
        inside = [a for a in AREAS if level != "tianshui" or a == "tianshui"]
        inside = [a for a in inside if level == "budget" or a != "city"]
        for area in inside:
            years.append(np.array(YEARS, dtype="i2"))
            areas.append(np.repeat(area, len(YEARS)))
            found.append(np.repeat(indicator, len(YEARS)))
            numbers.append(values(indicator, area, scenario, seed, draw))
    return {
        "year": np.concatenate(years), "area": np.concatenate(areas), "indicator": np.concatenate(found),
        "value": np.concatenate(numbers),
    }  # fmt: skip


def manifest(scenarios: tuple[str, ...] = ("plan", "no_plan"), pairs: int = 6, seeds: int = 8) -> dict:
    return {
        "schema": 1,
        "kind": "compare" if len(scenarios) > 1 else "run",
        "scenarios": [
            {"name": name, "title": TITLES[name], "reason": {}, "chain": [name]} for name in scenarios
        ],
        "tracks": [{"sample": 1.0, "pairs": [[pair, pair] for pair in range(pairs)], "until": 2035}],
        "chance": {"sample": 0.05, "seeds": list(range(seeds)), "draw": 0} if seeds else None,
        "intervals": "untested",
        "evidence": "0123456789abcdef",
        "sources": "fedcba9876543210",
        "changed_levers": [
            {
                "lever": "relief.allowance", "names": {"en": "Subsistence allowance", "zh": "低保标准"},
                "unit": "yuan/person", "measure": "M33", "group": "poverty",
                "a": {"2020": 4428.0, "2021": {"gangu": 4800.0, "wushan": 4700.0}, "2030": 7800.0},
                "b": {"2020": 4428.0, "2021": 4788.0},
            }
        ],
        "levers": [
            {"lever": "relief.allowance", "names": {"en": "Subsistence allowance", "zh": "低保标准"},
             "measure": "M33", "set_by": ["plan"]},
            {"lever": "conversion.quota", "names": {"en": "New conversion quota", "zh": "新增退耕还林任务"},
             "measure": "M25", "set_by": []},
        ],
        "runs": [{"id": f"{number:016x}", "scenario": run[0], "sample": run[1], "seed": run[2], "draw": run[3]}
                 for number, run in enumerate(runs(scenarios, pairs, seeds))],
    }  # fmt: skip


def result(
    scenarios: tuple[str, ...] = ("plan", "no_plan"), pairs: int = 6, seeds: int = 8, indicators=None
) -> Fabricated:
    """A whole made-up result in memory."""
    wanted = names() if indicators is None else list(indicators)
    parts = []
    for run in runs(scenarios, pairs, seeds):
        rows = pd.DataFrame(table_of(run, wanted))
        parts.append(rows.assign(scenario=run[0], sample=run[1], seed=run[2], draw=run[3]))
    return Fabricated(manifest(scenarios, pairs, seeds), pd.concat(parts, ignore_index=True))


def attribution(
    indicators=("gdp_real", "rural_income", "urban_share", "forest_cover"), worlds: int = 3
) -> pd.DataFrame:
    """A made-up attribution whose shares sum to the whole difference of the fabricated worlds."""
    rows = []
    weights = dict(zip(GROUPS, (0.3, 0.4, 0.2, -0.1, 0.2), strict=True))
    for indicator in indicators:
        for world in range(worlds):
            whole = (
                values(indicator, "tianshui", "plan", world, world)
                - values(indicator, "tianshui", "no_plan", world, world)
            )[-1]
            for group, weight in weights.items():
                for measure, part in (("shapley", 1.0), ("alone", 0.85), ("last", 1.1)):
                    rows.append((indicator, 2035, group, measure, world, world, whole * weight * part))
            rows.append((indicator, 2035, "poverty+urban", "interaction", world, world, 0.08 * whole))
            rows.append((indicator, 2035, "industry+urban", "interaction", world, world, -0.03 * whole))
    return pd.DataFrame(rows, columns=["indicator", "year", "player", "measure", "seed", "draw", "value"])


def sampled(players=("P01", "P09"), indicators=("gdp_real", "rural_income"), worlds: int = 1) -> pd.DataFrame:
    """Made-up shares of pushes or items from sampled orders: as much for each, with an error of a tenth."""
    rows = []
    for indicator in indicators:
        for world in range(worlds):
            for player in players:
                own = 1e9 * (1 + world)
                for measure, part in (
                    ("shapley", 1.0),
                    ("alone", 0.9),
                    ("last", 1.1),
                    ("standard_error", 0.1),
                ):
                    rows.append((indicator, 2035, player, measure, world, world, own * part))
    return pd.DataFrame(rows, columns=["indicator", "year", "player", "measure", "seed", "draw", "value"])


def lines(indicators=("gdp_real", "rural_income"), worlds: int = 2) -> pd.DataFrame:
    """A made-up table of four lines: the policy adds a tenth, the assumptions take a fifth."""
    parts = {"baseline": 1.0, "policy": 1.1, "baseline_under": 0.8, "policy_under": 0.88}
    rows = [
        ("dry", "Dry decade", "干旱十年", indicator, year, line, world, world, part * level)
        for indicator in indicators
        for world in range(worlds)
        for line, part in parts.items()
        for year, level in zip(YEARS, values(indicator, "tianshui", "no_plan", world, world), strict=True)
    ]
    return pd.DataFrame(rows, columns=LINE_COLUMNS)


def assumptions() -> pd.DataFrame:
    """A few declared numbers as `assumptions.parquet` has them."""
    return pd.DataFrame(
        [
            ("relief.allowance", "lever", 0.0, 0.0, 12000.0, "yuan/person", "recalled", "province:standard", "Allowance."),
            ("livelihoods.kappa", "belief", 1.0, 0.6, 1.4, "ratio", "assumed", "assumed:no_figure", "Pull of networks."),
            ("towns.home_size", "belief", 2.9, 2.7, 3.2, "person/home", "derived", "census_2020:urban", "Residents a home."),
            ("outside.inflation", "outside", 0.02, 0.01, 0.03, "1/year", "found", "bulletin_2021:prices", "Consumer prices."),
        ],
        columns=["name", "kind", "value", "low", "high", "unit", "status", "source", "doc"],
    )  # fmt: skip


def as_run(run: tuple, number: int, indicators: list[str]) -> SimpleNamespace:
    """One run with the fields of `run.Run`."""
    scenario, sample, seed, draw = run
    empty = {"year": np.zeros(0, "i2"), "area": np.zeros(0, "U13"), "measure": np.zeros(0, "U8"),
             "bin": np.zeros(0, "i2"), "value": np.zeros(0)}  # fmt: skip
    return SimpleNamespace(
        scenario=scenario, sample=sample, seed=seed, draw=draw, until=2035, id=f"{number:016x}",
        table=table_of(run, indicators), distributions=empty,
    )  # fmt: skip
