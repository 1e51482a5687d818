"""Reads a result once and gives the tidy frames that the figures and tables of the report are made of.

Worlds are pairs of a seed and a draw of beliefs; both scenarios of a comparison live in the same pairs, so a
difference is taken pair by pair and only then summarised. What chance alone does is read from the runs that
differ in their seed only; its spread around its own middle is laid around the middle of the worlds.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd

from tianshui import archive, evidence
from tianshui.experiments import tables
from tianshui.experiments.reading import BACKTEST, Result, backtest_result
from tianshui.experiments.verdict import verdict
from tianshui.indicators import AREAS as AREA_NAMES
from tianshui.indicators import INDICATORS, PREFECTURE
from tianshui.measures import GROUPS
from tianshui.views.drawing import Scenario, Table, Words
from tianshui.words import InputError

AREAS = {PREFECTURE: Words(*AREA_NAMES[PREFECTURE])} | {
    area: Words(*names) for area, names in AREA_NAMES.items()
}
"""Every area that a reader can choose, the prefecture first; the city level has a budget only."""

FANS = {
    "economy": ("gdp", "gdp_real", "gdp_real_growth", "eco_industry_share"),
    "people": ("resident_population", "net_away", "urban_share", "births", "deaths", "share_65plus"),
    "income": ("rural_income", "urban_income", "urban_rural_income_ratio", "rural_gini", "rural_wage_share"),
    "poverty": ("poverty_incidence", "registered_poor", "at_risk_persons", "return_to_poverty_share"),
    "work": ("farm_workers", "local_off_farm_workers", "away_workers", "mean_schooling"),
    "land": ("converted_area", "grain_output", "apple_output", "idle_land"),
    "nature": (
        "forest_cover", "soil_loss", "erosion_control_rate", "good_water_share", "energy_intensity",
        "emissions", "carbon_stock",
    ),
    "budget": ("own_revenue", "transfers", "spending", "own_revenue_share", "debt_ratio"),
    "towns": ("town_services", "home_price", "sewage_treatment"),
    "health": ("hospital_beds", "life_expectancy", "catastrophic_households"),
}  # fmt: skip
"""Indicators that the report draws over the years, by chapter of the table of indicators."""
MAPS = (
    "rural_income", "gdp_real", "resident_population", "urban_share", "poverty_incidence", "net_away",
    "forest_cover", "soil_loss", "converted_area", "own_revenue_share",
)  # fmt: skip
SHARED_OUT = (
    "gdp_real", "rural_income", "urban_income", "urban_rural_income_ratio", "rural_gini", "resident_population",
    "urban_share", "local_off_farm_workers", "at_risk_persons", "forest_cover", "soil_loss", "emissions",
)  # fmt: skip
"""Indicators whose difference the report shares out over the groups; the result holds all of them."""
GLANCED = (
    "gdp_real", "rural_income", "urban_rural_income_ratio", "at_risk_persons", "local_off_farm_workers",
    "resident_population", "forest_cover", "soil_loss", "emissions", "own_revenue_share",
)  # fmt: skip
"""Indicators whose difference stands at the top of the report; each is also drawn as a fan."""
COSTS = ("cost_per_person_relieved", "cost_per_mu_converted", "cost_per_job_supported")
SOURCES_OF_MONEY = ("own_revenue", "general_transfers", "earmarked", "compensation", "bonds")
USES_OF_MONEY = (
    "spending_rigid", "spending_interest", "spending_other", *(f"spending_{group}" for group in GROUPS)
)  # fmt: skip
ASKED = tuple(f"asked_{group}" for group in GROUPS)
DECILE_KINDS = ("rural", "urban")
DECILE_YEARS = (2025, 2035)
PLAN_YEARS = range(2021, 2036)
PAIR = ["seed", "draw"]


class Reads(Protocol):
    """What the report needs of a result: its manifest, and rows of some indicators."""

    @property
    def manifest(self) -> dict[str, Any]:
        """What was run."""
        ...

    @property
    def missing(self) -> Mapping[str, str]:
        """Runs that cannot be read, and why."""
        ...

    def frame(
        self,
        indicators: Sequence[str] | None = None,
        areas: Sequence[str] | None = None,
        years: Sequence[int] | None = None,
    ) -> Table:
        """Rows scenario, sample, seed, draw, year, area, indicator, value."""
        ...


class Scored(NamedTuple):
    """A backtest of the model that lies beside a result."""

    manifest: dict[str, Any]
    cells: Table
    """One value each, as `experiments.backtest` holds it."""


class Frames(NamedTuple):
    """All that a report shows. Values are in the stored unit of their indicator."""

    manifest: dict[str, Any]
    scenarios: tuple[Scenario, ...]
    worlds: int
    """Pairs of seed and draw behind the outer band."""
    seeds: int
    """Runs behind the inner band; 0 when there are none."""
    bands: Table
    """scenario, area, indicator, year, middle, low, high, luck_low, luck_high."""
    differences: Table
    """area, indicator, year, middle, low, high of first less second scenario; empty for one scenario."""
    deciles: Table
    """area, kind, decile, year, middle, low, high in % of the second scenario; empty for one scenario."""
    money: Table
    """scenario, area, indicator, year, value: the middle of all worlds."""
    contributions: Mapping[str, Table]
    """By kind of players: indicator, year, player, measure, middle, low, high, worlds, standard_error."""
    lines: Table | None
    """under, title_en, title_zh, indicator, year, kind, name, middle, low, high; None without other assumptions."""
    verdict: list[dict[str, Any]]
    """One aim each, as `experiments.verdict` judges it."""
    observed: Table
    """area, indicator, year, value, error, status, use, source_en, source_zh."""
    assumptions: Table | None
    """Declared numbers; None when the result was written without them."""
    missing: Mapping[str, str]
    """Runs that were planned and cannot be read, to why."""
    backtest: Scored | None = None
    """The scores of 2020 and 2021; None when none lies in the result's folder or beside it."""


def collect(results: Reads, folder: Path) -> Frames:
    """Build every frame of the report.

    Parameters
    ----------
    results : Reads
        A result, such as `archive.Results(folder)`.
    folder : Path
        Where tables of attributions, other assumptions and what was assumed may lie.

    Returns
    -------
    Frames
        What is missing is an empty frame or None; the page says so in words.
    """
    manifest = results.manifest
    scenarios = tuple(
        Scenario(told["name"], _title(told)) for told in manifest.get("scenarios", []) if told.get("name")
    )
    wanted = [name for name in _wanted() if name in INDICATORS]
    rows = results.frame(indicators=wanted)
    main, luck = _worlds(rows, manifest), _luck(rows, manifest)
    return Frames(
        manifest=manifest,
        scenarios=scenarios,
        worlds=len(main[PAIR].drop_duplicates()),
        seeds=len(luck["seed"].drop_duplicates()),
        bands=_bands(main, luck),
        differences=_differences(main, scenarios),
        deciles=_deciles(main, scenarios),
        money=_money(main),
        contributions=_contributions(folder),
        lines=_lines(folder / tables.UNDER),
        verdict=verdict(results),  # pyright: ignore[reportArgumentType]
        observed=_observed(),
        assumptions=_parquet(folder / "assumptions.parquet"),
        missing=results.missing,
        backtest=_backtest(folder),
    )


def open_result(folder: Path) -> archive.Results:
    """The result in a folder."""
    return Result(folder)


def _title(told: dict[str, Any]) -> Words:
    title = told.get("title") or {}
    return Words(title.get("en") or told["name"], title.get("zh") or title.get("en") or told["name"])


def _wanted() -> list[str]:
    fans = [name for names in FANS.values() for name in names]
    tenths = [f"{kind}_income_decile_{tenth}" for kind in DECILE_KINDS for tenth in range(1, 11)]
    every = (*fans, *MAPS, *COSTS, *SOURCES_OF_MONEY, *USES_OF_MONEY, *ASKED, *tenths)
    return list(dict.fromkeys(every))


def _worlds(rows: Table, manifest: dict[str, Any]) -> Table:
    """The rows of the first track: the worlds that the verdict counts."""
    tracks = manifest.get("tracks") or []
    if not tracks:
        return rows
    return _of_pairs(rows[rows["sample"] == tracks[0]["sample"]], tracks[0]["pairs"])


def _luck(rows: Table, manifest: dict[str, Any]) -> Table:
    """The rows of the runs that differ by chance alone."""
    chance = manifest.get("chance")
    if not chance:
        return rows.iloc[:0]
    pairs = [[seed, chance["draw"]] for seed in chance["seeds"]]
    return _of_pairs(rows[rows["sample"] == chance["sample"]], pairs)


def _of_pairs(rows: Table, pairs: Iterable[Sequence[int]]) -> Table:
    kept = pd.MultiIndex.from_tuples([tuple(pair) for pair in pairs], names=PAIR)
    return rows[pd.MultiIndex.from_frame(rows[PAIR]).isin(kept)]


def _summary(rows: Table, keys: list[str]) -> Table:
    """Middle, lowest and highest value over the worlds; a world without a value is left out."""
    grouped = rows.groupby(keys, sort=True, observed=True)["value"]
    return grouped.agg(middle="median", low="min", high="max").reset_index()


def _bands(main: Table, luck: Table) -> Table:
    keys = ["scenario", "area", "indicator", "year"]
    shown = set(_wanted()) - {
        f"{kind}_income_decile_{tenth}" for kind in DECILE_KINDS for tenth in range(1, 11)
    }
    bands = _summary(main[main["indicator"].isin(shown)], keys)
    if luck.empty:
        return bands.assign(luck_low=np.nan, luck_high=np.nan)
    spread = _summary(luck[luck["indicator"].isin(shown)], keys)
    both = bands.merge(spread, on=keys, how="left", suffixes=("", "_luck"))
    low, high = both["low_luck"] - both["middle_luck"], both["high_luck"] - both["middle_luck"]
    return bands.assign(luck_low=both["middle"] + low, luck_high=both["middle"] + high)


def _pairwise(main: Table, scenarios: Sequence[Scenario]) -> Table:
    """First and second scenario side by side in each world: columns value_a, value_b."""
    keys = [*PAIR, "area", "indicator", "year"]
    first, second = (main[main["scenario"] == scenario.name] for scenario in scenarios[:2])
    return first.merge(second, on=keys, suffixes=("_a", "_b"))


def _differences(main: Table, scenarios: Sequence[Scenario]) -> Table:
    if len(scenarios) < 2:
        return pd.DataFrame(columns=["area", "indicator", "year", "middle", "low", "high"])
    shown = {*MAPS, *COSTS, *GLANCED}
    both = _pairwise(main[main["indicator"].isin(shown)], scenarios)
    both = both.assign(value=both["value_a"] - both["value_b"])
    return _summary(both, ["area", "indicator", "year"])


def _deciles(main: Table, scenarios: Sequence[Scenario]) -> Table:
    columns = ["area", "kind", "decile", "year", "middle", "low", "high"]
    tenths = main[main["indicator"].str.contains("_income_decile_") & main["year"].isin(DECILE_YEARS)]
    if len(scenarios) < 2 or tenths.empty:
        return pd.DataFrame(columns=columns)
    both = _pairwise(tenths, scenarios)
    both = both[both["value_b"] != 0]
    named = both["indicator"].str.extract(r"^(?P<kind>\w+?)_income_decile_(?P<decile>\d+)$")
    both = both.assign(
        kind=named["kind"], decile=named["decile"].astype(int),
        value=(both["value_a"] / both["value_b"] - 1.0) * 100.0,
    )  # fmt: skip
    return _summary(both, columns[:4])


def _money(main: Table) -> Table:
    shown = main[main["indicator"].isin((*SOURCES_OF_MONEY, *USES_OF_MONEY, *ASKED))]
    keys = ["scenario", "area", "indicator", "year"]
    return shown.groupby(keys, sort=True, observed=True)["value"].median().reset_index()


def _contributions(folder: Path) -> dict[str, Table]:
    """The attributions of a result, by kind of players; those that there are."""
    found = {}
    for kind in tables.KINDS:
        rows = _parquet(folder / tables.shares_file(kind))
        if rows is not None and len(rows):
            found[kind] = tables.shares(rows[rows["indicator"].isin(SHARED_OUT)])
    return found


def _lines(path: Path) -> Table | None:
    rows = _parquet(path)
    return None if rows is None or rows.empty else tables.lines(rows, sorted(set(rows["year"])), GLANCED)


def _observed() -> Table:
    rows = pd.DataFrame(evidence.table("observed"))
    return rows.astype({"year": int, "value": float, "error": float})


def _backtest(folder: Path) -> Scored | None:
    for place in (folder / BACKTEST, folder.resolve().parent / BACKTEST):
        try:
            return Scored(*backtest_result(place))
        except InputError:
            continue
    return None


def _parquet(path: Path) -> Table | None:
    return pd.read_parquet(path) if path.is_file() else None
