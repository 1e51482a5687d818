"""The plan's aims of 2020, 2025 and 2035 against a result: met or not, how surely, how far off, and since when.

An aim is met in a world (a pair of seed and draw) when the world's own value reaches the threshold; nothing is
rounded. Its probability is the share of worlds that meet it, its year the first in which at least half do.
Aims of 2020 are equal in all scenarios and judge history; those of 2021, the first year of plans, hardly differ.
Thresholds that are only assumed bear that status wherever they are shown, and what the model does not produce is
listed with the reason.

Gross product needs care. The published aims stand on a later census, which put 2020 at 687.19 (100m yuan);
the model stands on the earlier basis, on which 2020 was 666.90. So the growth from 2020 is compared, set upon
687.19, and the level of 2020 itself is rescaled by the ratio of the two.

The plan sets its aims for the prefecture alone. What means the same for a county (a rate, a share, an income a head)
is also held against each county, with the prefecture's threshold; totals are not, nor what no county has whole.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd

from tianshui.evidence import table
from tianshui.indicators import COUNTIES, INDICATORS, PREFECTURE, target_value
from tianshui.words import InputError, say

BASE_YEAR = 2020
BASE_LATER = 687.19
"""Gross product of 2020, 100m yuan, on the basis of the aims (targets.csv T021; derived)."""
BASE_EARLIER = 666.90
"""The same on the basis of the model's evidence, 100m yuan (statistical bulletin of Tianshui 2021; found)."""
YUAN_100M = 1e8
HALF = 0.5
PAIR = ["seed", "draw"]
JUDGED = ("median", "low", "high", "probability", "gap", "attained", "worlds")
"""What is said of an aim, by scenario."""
BY_AREA = ("median", "probability", "worlds")
"""What is said of an aim in a county."""
NO_COUNTIES = {
    "total": "a total of the prefecture, which no county can reach",
    "alone": "counted for the prefecture alone",
    "purse": "part of the two districts' money stands in the city's own budget",
}
"""Why an aim of the prefecture is not held against counties; in Chinese with the phrases of the report."""

Path = dict[int, np.ndarray]
"""By year the value in each world of each scenario; NaN where it was not counted."""


class NoRuns(InputError):
    """A result that holds none of the runs that are looked for."""

    status = 1


class Reads(Protocol):
    """What is needed of a result."""

    @property
    def manifest(self) -> dict[str, Any]:
        """What was run."""
        ...

    def frame(self, indicators: Any = None, areas: Any = None, years: Any = None) -> pd.DataFrame:
        """Rows scenario, sample, seed, draw, year, area, indicator, value."""
        ...


class Place(NamedTuple):
    """What a result holds of one area."""

    read: "Read"
    of_scenario: Mapping[str, np.ndarray]
    """Places of each scenario's worlds among the values read."""
    years: list[int]
    """Years of the result, ascending."""


class Aim(NamedTuple):
    """One row of targets.csv."""

    id: str
    indicator: str
    year: int
    threshold: float
    unit: str
    direction: str
    status: str
    role: str
    basis: str
    source: str
    modelled: bool
    reason: str


def aims() -> list[Aim]:
    """Every aim, in the order of the table."""
    return [
        Aim(**{
            **row, "year": int(row["year"]), "threshold": float(row["threshold"]),
            "modelled": row["modelled"] == "yes",
        })
        for row in table("targets")
    ]  # fmt: skip


# --- What an aim is measured by -----------------------------------------------------------------------

FROM_BASE = ("gdp", "energy_intensity_cut_2020_2035")
"""Aims that are counted from 2020 on."""
AT_ITS_YEAR = ("gdp_growth_2021_2025",)
"""Aims over a span of years, which have no path of their own."""
UNDERLYING = {
    "gdp_growth_2021_2025": ("gdp",),
    "energy_intensity_cut_2020_2035": ("energy_intensity",),
    "good_water_sections": ("good_water_share",),
    "tourist_trips": ("visitors",),
    "gdp": ("gdp", "gdp_real"),
}
"""Indicators that must be read for an aim of another name."""

Read = Callable[[str, int], Any]
"""Values of an indicator in a year, one a world of a scenario; KeyError when none was counted."""


def _path(aim: Aim, row: Mapping[str, str], read: Read, years: list[int]) -> Path:
    """What the aim is held against, in its own unit, in every year in which that can be said."""
    if aim.indicator == "gdp" and aim.year == BASE_YEAR:
        return {BASE_YEAR: read("gdp", BASE_YEAR) / YUAN_100M * BASE_LATER / BASE_EARLIER}
    if aim.indicator in AT_ITS_YEAR:
        years = [aim.year]
    elif aim.indicator in FROM_BASE:
        years = [year for year in years if year > BASE_YEAR]
    rows = table("targets")
    # The reader of indicators is written for single numbers and does, unchanged, for a column of worlds.
    return {
        year: np.asarray(target_value({**row, "year": str(year)}, rows, read))
        for year in years
        if _counted(aim, read, year)
    }


# --- The verdict --------------------------------------------------------------------------------------


def worlds(results: Reads, track: Mapping[str, Any] | None = None, **which: Any) -> pd.DataFrame:
    """The rows of one track of a result: its sample, and the pairs of seed and draw that it counts.

    Parameters
    ----------
    results : Reads
        Such as `reading.Result(folder)`.
    track : mapping, optional
        `sample` and `pairs`, as in the manifest, whose first track it is by default.
    which : optional
        `indicators`, `areas`, `years`, as `Results.frame` takes them.

    Raises
    ------
    NoRuns
        When the result holds no such run.
    """
    rows: Any = results.frame(**which)
    tracks = [track] if track else results.manifest.get("tracks") or []
    if tracks:
        pairs = pd.MultiIndex.from_tuples([tuple(pair) for pair in tracks[0]["pairs"]], names=PAIR)
        rows = rows[rows["sample"] == tracks[0]["sample"]]
        rows = rows[pd.MultiIndex.from_frame(rows[PAIR]).isin(pairs)]
    if rows.empty:
        raise NoRuns("no_pair")
    return rows


def verdict(results: Reads) -> list[dict[str, Any]]:
    """Judge every aim by a result.

    Parameters
    ----------
    results : Reads
        Such as `reading.Result(folder)`; the worlds of its first track count.

    Returns
    -------
    list of dict
        One an aim, in the order of targets.csv: its columns (`year` and `threshold` as numbers, `modelled` true
        or false), `reason` why it is not judged (empty when it is), and by name of scenario: `worlds` (how many),
        `median`, `low`, `high` over the worlds in the aim's unit; `probability` (0 to 1); `gap`, by
        how much the median lies beyond the aim (negative: short of it); `attained`, a year or None. `by_area` holds
        by scenario and county `median`, `probability` and `worlds` against the same threshold, and
        `by_area_reason` says why it holds none (empty when it does).
    """
    judged = aims()
    names = [name for aim in judged if aim.modelled for name in _read_for(aim)]
    rows: Any = worlds(results, indicators=list(dict.fromkeys(names)), areas=[PREFECTURE, *COUNTIES])
    scenarios = [told["name"] for told in results.manifest.get("scenarios", [])]
    scenarios = list(dict.fromkeys(scenarios or sorted(rows["scenario"].unique())))
    years = sorted(int(year) for year in rows["year"].unique())
    there = set(rows["area"].unique())
    places = {
        area: _place(rows[rows["area"] == area], scenarios, years)
        for area in (PREFECTURE, *COUNTIES)
        if area in there
    }
    return [_judged(aim, row, places, years) for aim, row in zip(judged, table("targets"), strict=True)]


def _place(rows: pd.DataFrame, scenarios: Iterable[str], years: list[int]) -> Place:
    wide: Any = rows.pivot_table(
        index=["scenario", *PAIR], columns=["indicator", "year"], values="value", observed=True
    )
    values = {key: column.to_numpy(np.float64) for key, column in wide.items()}
    lives = wide.index.get_level_values("scenario")

    def read(name: str, year: int) -> Any:
        return values[name, year]

    return Place(read, {name: np.flatnonzero(lives == name) for name in scenarios}, years)


def said_twice(judged: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Judged aims of one year that one document sets in one quantity, as a level and as its growth: groups of two or more.

    `judged` is what `verdict` returns. What is only assumed comes from no document.
    """
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for aim in judged:
        if aim["probability"] and aim["source"] and aim["status"] != "assumed":
            quantity = UNDERLYING.get(aim["indicator"], (aim["indicator"],))[0]
            groups.setdefault((aim["year"], aim["source"], quantity), []).append(aim)
    return [group for group in groups.values() if len(group) > 1]


def _read_for(aim: Aim) -> tuple[str, ...]:
    return UNDERLYING.get(aim.indicator, (aim.indicator,))


def no_counties(aim: Aim) -> str:
    """Why an aim is not held against counties: a value of `NO_COUNTIES`, or nothing when it is."""
    about = INDICATORS[_read_for(aim)[0]]
    if about.level == PREFECTURE:
        return NO_COUNTIES["alone"]
    if about.level == "budget":
        return NO_COUNTIES["purse"]
    # What is counted from a total, such as its growth, is no total.
    return NO_COUNTIES["total"] if aim.indicator in INDICATORS and about.adds else ""


def _judged(
    aim: Aim, row: Mapping[str, str], places: Mapping[str, Place], years: list[int]
) -> dict[str, Any]:
    found = _found(aim, row, places.get(PREFECTURE))
    absent = say("en", "ends" if aim.year > years[-1] else "absent")
    reason = aim.reason if not aim.modelled else "" if found else absent
    told = {key: {name: of[key] for name, of in found.items()} for key in JUDGED}
    why = reason or no_counties(aim)
    by_area = {} if why else _in_counties(aim, row, places)
    told |= {"by_area": by_area, "by_area_reason": why or ("" if by_area else absent)}
    return aim._asdict() | {"reason": reason} | told


def _in_counties(
    aim: Aim, row: Mapping[str, str], places: Mapping[str, Place]
) -> dict[str, dict[str, dict[str, Any]]]:
    """By scenario and county what is said of an aim; a county without the aim's numbers is left out."""
    told: dict[str, dict[str, dict[str, Any]]] = {}
    for area in COUNTIES:
        for name, of in _found(aim, row, places.get(area)).items():
            told.setdefault(name, {})[area] = {key: of[key] for key in BY_AREA}
    return told


def _found(aim: Aim, row: Mapping[str, str], place: Place | None) -> dict[str, dict[str, Any]]:
    """What one area's values say of an aim, by scenario; nothing where they do not reach its year."""
    if place is None or not aim.modelled or aim.year not in place.years:
        return {}
    if not _counted(aim, place.read, aim.year):
        return {}
    found: dict[str, dict[str, Any]] = {}
    path = _path(aim, row, place.read, place.years)
    for name, lives in place.of_scenario.items():
        there = lives[np.isfinite(path[aim.year][lives])]
        if there.size:
            found[name] = _of_scenario(aim, {year: values[there] for year, values in path.items()})
    return found


def _counted(aim: Aim, read: Read, year: int) -> bool:
    """Whether a year has the aim's numbers: 2015 has stocks only, and an older result may lack an indicator."""
    try:
        return all(read(name, year) is not None for name in _read_for(aim))
    except KeyError:
        return False


def _of_scenario(aim: Aim, path: Path) -> dict[str, Any]:
    values = path[aim.year]
    middle = float(np.median(values))
    enough = [year for year, reached in path.items() if _met(aim, reached).mean() >= HALF]
    return {
        "median": middle, "low": float(values.min()), "high": float(values.max()),
        "probability": float(_met(aim, values).mean()),
        "gap": middle - aim.threshold if aim.direction == ">=" else aim.threshold - middle,
        "attained": min(enough, default=None), "worlds": len(values),
    }  # fmt: skip


def _met(aim: Aim, values: np.ndarray) -> np.ndarray:
    return values >= aim.threshold if aim.direction == ">=" else values <= aim.threshold
