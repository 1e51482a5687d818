"""What was known at the end of 2019: the evidence and the policy of a forecast that may know no more.

    honest          no value of Tianshui dated after 2019, and none that leans on one
    unconditional   no outturn of nation or province after 2019: their paths are drawn from what was believed then

A view is a folder of evidence tables that stands in place of the package's own (`evidence.instead`). It is made of
`evidence/before_2020.csv` and the rows that need no replacement:

    start, budgets, product, land    a row that leans on later values is replaced by that of the overlay; where the overlay has
                                     none it is left out if nothing starts from it, else the view cannot be made
    outside figures                  years after 2019 are left out when outturns are unknown
    declared numbers                 value and range as believed then, in `beliefs.csv` of the folder
    levers                           of `history` as it was to 2019, held afterwards, with what was announced by then

Nothing else is in the folder: observed series, aims and effects are not there, so that a forecast cannot read them.

A fitted ensemble may lie beside the tables. Numbers that are believed otherwise when outturns are unknown are taken out of it:
they move nothing before 2020, so a fit says nothing of them, and each view draws them from what it believes.

Left out: margins of the start population are no beliefs of the model, so the wider ranges of the overlay's `derived` rows
are told and not drawn; documents of China and Gansu printed after 2019 (`KEPT`), which tell rules, physics or earlier years; vintages
of product and prices, which statistics revised later for years to 2019.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pyarrow
import pyarrow.parquet

from tianshui import evidence
from tianshui.evidence import ENSEMBLE, OTHERWISE, document
from tianshui.experiments.series import LAST_FIT
from tianshui.indicators import COUNTIES
from tianshui.plan import HISTORY, Plan, load
from tianshui.words import InputError

UNCONDITIONAL = "unconditional"
VIEWS = ("honest", UNCONDITIONAL)
"""What a row of the overlay belongs to."""
BELIEFS, LEVERS, OUTSIDE = "beliefs", "levers", "outside"
"""Tables of the overlay that are no table of places."""
PLACES = ("start", "economy_2015", "budgets_2015", "nature", "sectors", "sector_traits", "shapes")
"""Tables that tell of Tianshui."""
AS_THEY_ARE = ("measures", "candidates", "seats")
FILES = ("boundaries.geojson", "sources.yaml")
"""Tables and files of which a forecast reads no figure of an outcome."""
EACH = "each"
"""Area of a lever that is the same in every county."""
POLICY = "before_2020"
"""Name of the honest scenario."""

LEANS = (
    "census_2010_2020", "census_2020", "gangu_land_2020", "mayor_2021", "tianshui_bulletin_2021", "press_2022",
    "assumed:75_percent_from_within", "assumed:latent_normal", "assumed:35_percent_of_net_away", "assumed:cohort_path",
    "assumed:maiji_a_head", "assumed:1.85_mu_a_farm_person", "prefecture less Gangu", "Gangu bureau",
)  # fmt: skip
"""Documents, or beginnings of sources, whose rows hold a value of Tianshui after 2019 or were worked out from one."""
GEOGRAPHY = ("land_area", "wei_share", "rainfall")
"""Items that no year changes, whenever they were printed."""

KEPT: Mapping[str, str] = {
    "boehm_levchenko_pandalai_2023": "trade of nations to 2018",
    "boundaries_geojson": "areas of polygons",
    "cbirc_2020": "national totals of farm insurance",
    "china_economic_review_2025": "life of enterprises in China",
    "city_finance_reports": "execution of budgets to 2019; the year 2020 is left out",
    "city_tables": "values of 2015",
    "county_accounts_2019": "accounts of 2019, printed in 2020",
    "county_yearbooks": "values of 2015 to 2019",
    "disaster_bulletins_2018_2019": "floods and hail of 2018 and 2019",
    "edgar_v8": "emissions of 2015",
    "fourteenth_plan": "a national aim",
    "fund_rules": "national rules",
    "gansu_bonds": "coupons of the province",
    "gansu_pacts": "no money flows before 2022",
    "gansu_resident_pension": "a rule of the province",
    "gansu_survey_2021": "incomes of the province",
    "huang_pagano_panizza_2020": "a national study",
    "insurance_bulletin_2019": "the nation in 2019",
    "kong_wang_2023": "runoff of the river over decades",
    "lanzhou_evening_news_2021": "another prefecture",
    "liu_liu_kuang_2020": "plots in Shaanxi",
    "min_chen_2024": "a national study",
    "national_rules": "no money flows before 2024",
    "natural_growth_2017_19": "values of 2017 to 2019",
    "nbs_consumption": "the nation to 2019",
    "nbs_migrant_monitoring": "the nation; growth after 2019 is replaced when outturns are unknown",
    "nbs_migrant_monitoring_2022": "ages of the nation's migrants",
    "nbs_unit_wages": "the nation; growth after 2019 is replaced when outturns are unknown",
    "pei_2024": "a national study",
    "peoples_daily_2022_11_15": "no money flows before 2022",
    "pmc10830000_2024": "another province",
    "poverty_rules_2020": "a national rule",
    "press_villages": "villages counted to 2010; later counts are replaced",
    "stone_sill_terrace_plots_2024": "plots of another province",
    "tianshui_bulletins": "values as first published to 2019",
    "xinhua_2021_05_10": "another river, no money flows before 2022",
}
"""Documents printed after 2019 whose numbers an honest forecast may know, and why."""

Row = Mapping[str, str]
Tables = Callable[[str], Iterable[Row]]


class View(NamedTuple):
    """What a forecast may know."""

    honest: bool
    """Whether values of Tianshui after 2019 are unknown, else the ordinary start is taken."""
    known: bool
    """Whether the outturns of nation and province are known."""

    @property
    def name(self) -> str:
        """Such as `honest-unconditional`."""
        return f"{self.start}-{'conditional' if self.known else 'unconditional'}"

    @property
    def start(self) -> str:
        """The view of the naive forecasts."""
        return "honest" if self.honest else "informed"


EVERY = tuple(View(honest, known) for honest in (True, False) for known in (False, True))
"""The four backtests."""


def _area(row: Row) -> str:
    return next((row[name] for name in ("area", "county", "budget", "sector", "shape") if name in row), "")


def _item(row: Row) -> str:
    return next((row[name] for name in ("item", "trait", "at") if name in row), "")


def _key(row: Row) -> tuple[str, str]:
    """Area and item of a row of a table of places; of shares of sectors the sector stands as item."""
    return (row["county"], row["sector"]) if "part" in row else (_area(row), _item(row))


def late(row: Row) -> bool:
    """Whether a row of a table of places holds a value after 2019 or leans on one."""
    if _item(row) in GEOGRAPHY:
        return False
    if int(row.get("year") or 0) > LAST_FIT:
        return True
    source = row["source"]
    return source.startswith(LEANS) or document(source)["key"] in LEANS


def overlay(view: View, rows: Iterable[Row] | None = None) -> dict[str, list[Row]]:
    """The rows of the overlay that belong to a view, by table."""
    wanted = [name for name, asked in zip(VIEWS, (view.honest, not view.known), strict=True) if asked]
    found: dict[str, list[Row]] = {}
    for row in evidence.table("before_2020") if rows is None else rows:
        if row["view"] not in VIEWS:
            raise ValueError(f"unknown view {row['view']!r} of {row['item']}")
        if row["view"] in wanted:
            found.setdefault(row["table"], []).append(row)
    return found


def place(name: str, rows: Iterable[Row], replaced: Iterable[Row]) -> list[dict[str, str]]:
    """A table of places as it was known at the end of 2019.

    Raises
    ------
    ValueError
        When a row that something starts from leans on later values and nothing replaces it, or when the overlay names a row
        that the table does not have.
    """
    instead = {_key(row): row for row in replaced}
    found = []
    for row in rows:
        key = _key(row)
        # A replacement is of 2015; later years of the same item stand for themselves.
        other = instead.pop(key, None) if int(row.get("year") or 0) in (0, 2015) or late(row) else None
        if other is not None:
            columns = ("value", "low", "high", "status", "source", "year")
            found.append({**row, **{column: other[column] for column in columns if column in row}})
        elif not late(row):
            found.append(dict(row))
        elif row.get("used", "aside") not in ("aside", "follows"):
            raise ValueError(f"{name}: nothing before 2020 for {key[1]} of {key[0]}")
    if instead:
        raise ValueError(f"{name}: the overlay names rows that are not there: {sorted(instead)}")
    return found


def outside(rows: Iterable[Row], replaced: Iterable[Row]) -> list[dict[str, str]]:
    """Figures of nation and province to 2019, with what was announced by then of later years."""
    kept = [dict(row) for row in rows if int(row["year"]) <= LAST_FIT]
    return kept + [{column: row[column] for column in kept[0]} for row in replaced]


def text(rows: Iterable[Row]) -> str:
    """Rows as they are written."""
    some = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(some[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(some)
    return out.getvalue()


def tables(view: View, read: Tables = evidence.table, rows: Iterable[Row] | None = None) -> dict[str, str]:
    """Every table of a view as it is written, by name; `read` gives the rows of a table in place of the package's."""
    over = overlay(view, rows)
    made = {name: text(read(name)) for name in AS_THEY_ARE}
    for name in PLACES:
        made[name] = text(place(name, read(name), over.get(name, ())) if view.honest else read(name))
    made[OUTSIDE] = text(read(OUTSIDE) if view.known else outside(read(OUTSIDE), over.get(OUTSIDE, ())))
    believed = over.get(BELIEFS, [])
    if believed:
        made[OTHERWISE] = text(
            {name: row[name] for name in ("item", "low", "value", "high")} for row in believed
        )
    return made


def write(
    view: View, folder: Path, *, read: Tables = evidence.table, ensemble: Path | None = None
) -> Path | None:
    """Write the tables of a view into a folder, with an ensemble where its file is given.

    Returns the folder, None for what the package's own tables already are.
    """
    if view == View(honest=False, known=True) and ensemble is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {f"{name}.csv": own.encode() for name, own in tables(view, read).items()}
    wanted |= {name: (evidence.here() / name).read_bytes() for name in FILES}
    if ensemble is not None:
        wanted[f"{ENSEMBLE}.parquet"] = _in_any_view(ensemble)
    for file in folder.iterdir():
        if file.name not in wanted:
            file.unlink()
    for name, own in wanted.items():
        if not (folder / name).is_file() or (folder / name).read_bytes() != own:
            (folder / name).write_bytes(own)
    return folder


def _in_any_view(ensemble: Path) -> bytes:
    """The file of an ensemble without the numbers of which outturns of nation and province tell."""
    told = {
        row["item"] for row in evidence.table("before_2020")
        if row["table"] == BELIEFS and row["view"] == UNCONDITIONAL
    }  # fmt: skip
    # Read as bytes: Arrow keeps a file that it opened itself in memory, mapped.
    table = pyarrow.parquet.read_table(pyarrow.BufferReader(ensemble.read_bytes()))
    out = io.BytesIO()
    pyarrow.parquet.write_table(table.drop_columns([one for one in table.column_names if one in told]), out)
    return out.getvalue()


def fitted_in(folder: Path) -> str:
    """In which view (`View.start`) the ensemble of a folder was fitted, by what it says of itself; empty when it does not say.

    Raises
    ------
    InputError
        When the folder holds none, or a file of it that is cut off or something else.
    """
    table, manifest = (folder / f"{ENSEMBLE}{ending}" for ending in (".parquet", ".json"))
    if not (table.is_file() and manifest.is_file()):
        raise InputError("no_ensemble_in", folder=folder)
    file = manifest
    try:
        told = json.loads(manifest.read_text(encoding="utf-8"))
        file = table
        pyarrow.parquet.read_table(pyarrow.BufferReader(table.read_bytes()), columns=["draw"])
    except (ValueError, KeyError, pyarrow.ArrowException):
        raise InputError("torn_ensemble", file=file) from None
    return str(told.get("view", "")) if isinstance(told, dict) else ""


def policy(view: View, scenario: str, rows: Iterable[Row] | None = None) -> Plan:
    """The scenario of a view: the given one where the past is known, else that of `history` as announced by the end of 2019."""
    if not view.honest:
        return load(scenario)
    history = load(HISTORY)
    points = {
        name: [{year: value for year, value in own.items() if year <= LAST_FIT} for own in course.points]
        for name, course in history.courses.items()
    }
    announced: dict[str, list[Row]] = {}
    for row in overlay(view, rows).get(LEVERS, ()):
        announced.setdefault(row["item"], []).append(row)
    for name, some in announced.items():
        first = min(int(row["year"]) for row in some)
        points[name] = [{year: one for year, one in own.items() if year < first} for own in points[name]]
        for row in some:
            for county in range(len(COUNTIES)) if row["area"] == EACH else (COUNTIES.index(row["area"]),):
                points[name][county][int(row["year"])] = float(row["value"])
    courses = {name: course._replace(points=tuple(points[name])) for name, course in history.courses.items()}
    return replace(history, name=POLICY, courses=courses)
