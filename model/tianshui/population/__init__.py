"""The population of 31 December 2015: who is registered where, in which households, and what they hold.

`start` builds the structure of a world once per evidence and sources and keeps it in the user's cache; `lay` puts
on what is assumed, anew for every belief draw; `observed_against` sets every margin beside what came out.
Samples nest: a household belongs to a sample when a hash of its permanent number lies under the share.

    beliefs.py      what is assumed of the structure: a central world and a few drawn ones
    margins.py      whole numbers that satisfy every identity; evidence in
    homes.py        households of one county: roles, matches by age, the absent
    structure.py    villages, registration, homes in town, schooling, work, poverty: published margins met exactly
    assumed.py      what nobody published, as rows beside the margins
    laying.py       land, animals, money, registers: assumed, with beliefs
"""

import math
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import blake2s
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tianshui import compiled, evidence
from tianshui.population import homes, structure
from tianshui.population.assumed import supposed
from tianshui.population.beliefs import StructureParameters, World, world_of
from tianshui.population.laying import PopulationParameters, enrolled_share, home_members, lay
from tianshui.population.margins import (
    AGES,
    BRANCHES,
    CENTRAL,
    COHORTS,
    GROUP,
    MEN,
    OPEN_AGE,
    PERCENT,
    SERVICES,
    SURE_CHILD,
    branches,
    facts,
    in_sample,
    incomer_table,
    incomers,
    margins,
)  # fmt: skip
from tianshui.state import (
    AWAY,
    CELLS_PER_MU,
    COUNTIES,
    FARM,
    FIRST_SECTOR,
    OUTSIDE,
    POOR,
    SECONDARY,
    SECTORS,
    VILLAGE,
    WORK_AWAY,
    Households,
    Persons,
    Villages,
)

__all__ = [
    "Observed",
    "PopulationParameters",
    "StructureParameters",
    "World",
    "believed",
    "build",
    "enrolled_share",
    "home_members",
    "incomers",
    "kinds",
    "lay",
    "observed_against",
    "start",
    "world_of",
]  # fmt: skip


SCHOOLS = (
    ("none", 0, 1),
    ("primary", 1, structure.NINE),
    ("junior", structure.NINE, structure.TWELVE),
    ("upper_secondary", structure.TWELVE, structure.TWELVE + 1),
    ("college", structure.TWELVE + 1, AGES),
)
"""Levels of schooling by completed years, from and below."""


class Observed(NamedTuple):
    """One margin: what was published or assumed, and what the population shows."""

    county: str
    item: str
    observed: float
    synthetic: float
    difference: float
    unit: str
    status: str
    source: str
    """Key of the document; see `evidence.sources`."""
    used: str
    """`chosen` when the start population is made to show it, `follows` when it then must, `assumed` when nobody
    published it, `aside` when another row of the same quantity was chosen; `docs/decisions.md` says why."""
    low: float = math.nan
    high: float = math.nan
    """Range of what was published or assumed; NaN where none is known."""


def build(sample: float = 1.0, world: World = CENTRAL) -> tuple[Persons, Households, Villages]:
    """The structure of a world, made afresh; the same numbers in every sample.

    What `lay` lays is zero, and `permanent` holds the household's score of income a head.
    """
    built = structure.build(world)
    return _part(built.persons, built.households, built.kind, sample)[:2] + (built.villages,)


def start(sample: float = 1.0, world: World = CENTRAL) -> tuple[Persons, Households, Villages]:
    """`build`, kept in the user's cache and mapped read-only into memory.

    Raises ValueError for a sample outside (0, 1], and where a world contradicts the published margins.
    """
    columns = _kept(float(sample), world)
    return (
        _record(Persons, columns),
        _record(Households, columns),
        _record(Villages, columns),
    )


def kinds(sample: float = 1.0, world: World = CENTRAL) -> np.ndarray:
    """What kind of household each was made as: see `homes.ONE` and its neighbours."""
    return _kept(float(sample), world)["kind"]


def _part(
    persons: Persons, households: Households, kind: np.ndarray, sample: float
) -> tuple[Persons, Households, np.ndarray]:
    """The households of a sample and their people, rows closed up, numbers kept."""
    if sample >= 1.0:
        return persons, households, kind
    keep = in_sample(households.number, sample)
    sizes = np.diff(households.first)
    people = np.repeat(keep, sizes)
    row = np.cumsum(keep) - 1
    some = Persons(*(column[people] for column in persons))
    some = some._replace(household=row[some.household].astype(np.int32))
    first = np.concatenate([[0], np.cumsum(sizes[keep])]).astype(np.int64)
    homes = {name: column[keep] for name, column in households._asdict().items() if name != "first"}
    return some, Households(first=first, **homes), kind[keep]


def _cache_folder(sample: float, world: World) -> Path:
    origin = f"{evidence.digest()}/{compiled.source_digest(__name__)}"
    assumed = f"{world.index}/{world.numbers.model_dump_json()}"
    name = blake2s(f"{origin}/{assumed}/{sample!r}".encode()).hexdigest()[:16]
    return compiled.cache_root() / "population" / name


@cache
def _kept(sample: float, world: World) -> dict[str, np.ndarray]:
    if not 0.0 < sample <= 1.0:
        raise ValueError(f"a sample is a share between 0 and 1, not {sample}")
    folder = _cache_folder(sample, world)
    if not folder.is_dir():
        if sample >= 1.0:
            built = structure.build(world)
            parts, kind = (built.persons, built.households, built.villages), built.kind
        else:
            persons, households, villages = start(1.0, world)
            persons, households, kind = _part(persons, households, kinds(1.0, world), sample)
            parts = (persons, households, villages)
        columns = {
            f"{type(part).__name__.lower()}.{name}": getattr(part, name)
            for part in parts
            for name in part._fields
        }
        columns["kind"] = kind
        try:
            _keep(columns, folder)
        except OSError:  # A cache that cannot be written costs time, not results.
            for column in columns.values():
                column.flags.writeable = False
            return columns
    # asarray: a plain array over the mapped memory, so that compiled code sees one type.
    return {file.stem: np.asarray(np.load(file, mmap_mode="r")) for file in sorted(folder.glob("*.npy"))}


def _keep(columns: dict[str, np.ndarray], folder: Path) -> None:
    """Write columns under a temporary name and rename the folder, so that nobody meets half a population."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as new:
        inside = Path(new) / "columns"
        inside.mkdir()
        for name, column in columns.items():
            if name in structure.LAID:
                continue
            np.save(inside / f"{name}.npy", column)
        try:
            inside.rename(folder)
        except OSError:
            if not folder.is_dir():  # Another process was first; its columns are the same.
                raise


def _record(kind: type, columns: dict[str, np.ndarray]) -> Any:
    """A record of columns; those that are laid later are zero and take no room in the cache."""
    prefix = kind.__name__.lower()
    made = {}
    for name in kind._fields:
        column = columns.get(f"{prefix}.{name}")
        if column is None:
            column = np.zeros(columns["households.number"].size, structure.LAID[f"{prefix}.{name}"])
            column.flags.writeable = False
        made[name] = column
    return kind(**made)


# --- Observed against synthetic -----------------------------------------------------------------------


def observed_against(
    persons: Persons,
    households: Households,
    villages: Villages,
    kind: np.ndarray | None = None,
    *,
    sample: float = 1.0,
    world: World = CENTRAL,
    beliefs: PopulationParameters | None = None,
) -> list[Observed]:
    """Every margin beside what the arrays hold; a sample's counts are divided by its share.

    Money and land are compared once `lay` has laid them; kinds of households when `kind` is given.
    """
    found = shown(persons, households, villages, kind, sample=sample, world=world, beliefs=beliefs)
    return compared(evidence.table("start"), found)


Found = dict[str, tuple[np.ndarray, float | None]]
"""What a start population shows of each item: by county (7), and for the prefecture where that is published."""


def compared(rows: Iterable[dict[str, str]], found: Found) -> list[Observed]:
    """Every row of a table of margins of which something is found, in the table's order."""
    out = []
    for row in rows:
        if row["item"] not in found:
            continue
        values, total = found[row["item"]]
        area = row["county"]
        place = (*COUNTIES, "city").index(area) if area != "tianshui" else -1
        synthetic = total if place < 0 else float(values[place]) if place < values.size else None
        if synthetic is None or np.isnan(synthetic):
            continue
        observed, used = float(row["value"]), row.get("used", "")
        if row["status"] == "assumed":
            used = "assumed"
        elif used not in ("aside", "follows"):
            used = "chosen"
        out.append(
            Observed(
                area, row["item"], observed, synthetic, synthetic - observed, row["unit"],
                row["status"], evidence.document(row["source"])["key"], used, float(row["low"]), float(row["high"]),
            )
        )  # fmt: skip
    return out


def believed(persons: Persons, households: Households, sample: float = 1.0) -> list[Observed]:
    """What nobody published beside what the arrays hold, once `lay` has laid it; NaN where no value is believed."""
    out = []
    for row in supposed(persons, households, sample):
        source = evidence.document(row.source)["key"]
        for place, area in enumerate((*COUNTIES, "tianshui")):
            told, came = float(row.told[place]), float(row.shown[place])
            if not math.isnan(came):
                out.append(Observed(
                    area, row.item, told, came, came - told, row.unit, row.status, source, row.used,
                    float(row.low[place]), float(row.high[place]),
                ))  # fmt: skip
    return out


def shown(
    persons: Persons,
    households: Households,
    villages: Villages,
    kind: np.ndarray | None = None,
    *,
    sample: float = 1.0,
    world: World = CENTRAL,
    beliefs: PopulationParameters | None = None,
) -> Found:
    """What the population shows of every margin of `start.csv`; a sample's counts are divided by its share."""
    rows = _people_rows(persons, households, sample, world)
    rows |= _home_rows(persons, households, villages, kind, sample)
    rows |= _laid_rows(persons, households, sample, beliefs or PopulationParameters())
    return rows | _following(rows)


def _sums(values: np.ndarray, share: float) -> tuple[np.ndarray, float | None]:
    return values / share, float(values.sum() / share)


def _people_rows(persons: Persons, households: Households, sample: float, world: World) -> Found:
    county = households.county[persons.household]
    place = persons.place
    here = place < OUTSIDE
    adult = here & (persons.age >= SURE_CHILD)
    strangers = np.stack([incomer_table(c, world) for c in range(7)])
    table = np.zeros((8, 2, AGES), np.int64)
    np.add.at(table, (place, persons.female, persons.age), 1)
    residents = table[:7] / sample + strangers
    age = residents.sum(axis=1)
    rows: Found = {
        "registered_persons": _sums(np.bincount(county, minlength=7), sample),
        "resident_persons": _sums(residents.sum(axis=(1, 2)), 1.0),
        "male_residents": _sums(residents[:, MEN].sum(axis=1), 1.0),
        "away_outside_prefecture_gross": _sums(np.bincount(county[place == OUTSIDE], minlength=7), sample),
        "in_migrants_from_other_tianshui_counties": _sums(
            np.bincount(place[here & (place != county)], minlength=7), sample
        ),
    }
    urban = np.bincount(place[here & (persons.setting != VILLAGE) & (persons.setting != AWAY)], minlength=7)
    rows["urban_residents"] = _sums(urban / sample + margins(world).incomers, 1.0)
    total = age.sum(axis=1)
    for name, (low, high) in COHORTS.items():
        part = PERCENT * age[:, low:high].sum(axis=1) / total
        rows[f"age_share_cohort_{name}"] = part, None
        rows[f"age_share_{name}"] = part, float(part @ total / total.sum())
    for low in range(0, OPEN_AGE, GROUP):
        rows[f"residents_age_{low}_{low + GROUP - 1}"] = age[:, low : low + GROUP].sum(axis=1), None
    rows[f"residents_age_{OPEN_AGE}plus"] = age[:, OPEN_AGE:].sum(axis=1), None
    grown = np.maximum(np.bincount(place[adult], minlength=7), 1)
    none = np.bincount(place[adult & (persons.schooling == 0)], minlength=7)
    rows["illiteracy_rate_15plus"] = PERCENT * none / grown, None
    years = np.bincount(place[adult], weights=persons.schooling[adult], minlength=7)
    rows["mean_years_schooling"] = years / grown, None
    done = persons.schooling
    for name, least, most in SCHOOLS:
        part = np.bincount(place[adult & (done >= least) & (done < most)], minlength=7)
        rows[f"schooling_share_{name}"] = PERCENT * part / grown, None
    works = np.zeros((7, WORK_AWAY + 1), np.int64)
    np.add.at(works, (place[here], persons.work[here]), 1)
    first = FIRST_SECTOR + SECONDARY
    rows["employed_primary"] = _sums(works[:, FARM], sample)
    rows["employed_secondary"] = _sums(works[:, FIRST_SECTOR:first].sum(axis=1), sample)
    rows["employed_tertiary"] = _sums(works[:, first : FIRST_SECTOR + len(SECTORS)].sum(axis=1), sample)
    rows["employed_construction"] = _sums(works[:, FIRST_SECTOR + SECTORS.index("construction")], sample)
    # Three branches of manufacturing have cells of their own; their assumed shares say how many belong to all.
    makers = works[:, [FIRST_SECTOR + SECTORS.index(name) for name in BRANCHES]]
    part = np.sum(branches(world), axis=0)
    rows["employed_manufacturing"] = _sums(makers.sum(axis=1) / part, sample)
    for name, jobs in zip(BRANCHES, makers.T, strict=True):
        rows[f"share_of_manufacturing_{name}"] = jobs / sample / facts("employed_manufacturing"), None
    services = np.maximum(works[:, first : FIRST_SECTOR + len(SECTORS)].sum(axis=1), 1)
    for name in SERVICES:
        rows[f"share_of_tertiary_{name}"] = works[:, FIRST_SECTOR + SECTORS.index(name)] / services, None
    # Incomers are a number: those of them who come from the province are so by belief.
    near = world.numbers.from_outside * facts("in_migrants_other_county_same_province")
    arrivals = rows["in_migrants_from_other_tianshui_counties"][0]
    rows["in_migrants_other_county_same_province"] = _sums(arrivals + near, 1.0)
    rows["in_migrants_other_province"] = _sums(margins(world).incomers - near, 1.0)
    return rows


def _following(rows: Found) -> Found:
    """What must hold once the other margins do: differences, sums and ratios of them."""

    def by(function: Callable[..., Any], *names: str) -> tuple[np.ndarray, float | None]:
        areas, totals = zip(*(rows[name] for name in names), strict=True)
        known = all(total is not None for total in totals)
        return function(*areas), float(function(*totals)) if known else None

    near, far = "in_migrants_other_county_same_province", "in_migrants_other_province"
    return {
        "net_away_registered_minus_resident": by(np.subtract, "registered_persons", "resident_persons"),
        "gross_absent_from_county": by(
            lambda registered, residents, *into: registered - residents + sum(into),
            "registered_persons", "resident_persons", near, far,
        ),
        "village_residents": by(np.subtract, "resident_persons", "urban_residents"),
        "urban_share": by(
            lambda urban, all_of_them: PERCENT * urban / all_of_them, "urban_residents", "resident_persons"
        ),
        "population_in_collective_households": by(
            np.subtract, "resident_persons", "population_in_family_households"
        ),
        "mean_household_size": by(
            np.divide, "population_in_family_households", "family_households_resident"
        ),
        "household_size_1": rows["one_person_households"],
        "employed_residents": by(
            lambda *sectors: sum(sectors), "employed_primary", "employed_secondary", "employed_tertiary"
        ),
    }  # fmt: skip


def _home_rows(
    persons: Persons, households: Households, villages: Villages, kind: np.ndarray | None, sample: float
) -> Found:
    members, at_home = home_members(persons, households)

    def count(rows: np.ndarray, weights: np.ndarray | None = None) -> tuple[np.ndarray, float | None]:
        weights = None if weights is None else weights[rows]
        return _sums(np.bincount(households.county[rows], weights=weights, minlength=7), sample)

    rows = {
        "registered_households_rows": count(members > 0),
        "family_households_resident": count(at_home > 0),
        "population_in_family_households": count(at_home > 0, at_home),
        "one_person_households": count(at_home == 1),
        "agricultural_registered_population": count(households.farm_hukou == 1, members),
        "registered_poor_persons": count(households.poor == POOR, members),
        "villages": (np.bincount(villages.county, minlength=7) - 1.0, None),
    }
    if kind is not None:
        rows["two_generation_households"] = count((kind == homes.TWO) | (kind == homes.SKIP))
        rows["three_generation_households"] = count(kind == homes.THREE)
    return rows


def _laid_rows(
    persons: Persons, households: Households, sample: float, beliefs: PopulationParameters
) -> Found:
    if not households.income.any():
        return {}
    _, at_home = home_members(persons, households)
    rows: Found = {}
    for name, in_town in (("rural", 0), ("urban", 1)):
        lives = (households.in_town == in_town) & (at_home > 0)
        county = households.county[lives]
        money = np.bincount(county, weights=households.income[lives], minlength=7)
        heads = np.bincount(county, weights=at_home[lives], minlength=7)
        mean = money / np.maximum(heads, 1.0)
        # Those in collective quarters and incomers count as having the town's mean.
        weight = margins().urban if in_town else margins().residents - margins().urban
        rows[f"{name}_disposable_income"] = mean, float(mean @ weight / weight.sum())

    def area(*names: str) -> tuple[np.ndarray, float | None]:
        cells = np.sum([getattr(households, name) for name in names], axis=0, dtype=np.int64)
        mu = np.bincount(households.county, weights=cells, minlength=7) / CELLS_PER_MU
        return _sums(mu, sample)

    rows["farmland"] = area(
        "flat", "terrace", "slope", "steep", "idle_terrace", "idle_slope", "idle_steep", "let"
    )
    rows["farmland_slope"] = area("slope", "steep", "idle_slope", "idle_steep")
    rows["farmland_level"] = area("flat", "terrace", "idle_terrace", "let")
    rows["apple_area"] = area("orchard", "sapling")
    rows["conversion_new_round"] = area("converted")
    # Incomers and small businesses hold the rest of the deposits, by belief.
    cash = np.bincount(households.county, weights=households.cash, minlength=7)
    rows["household_savings_deposits"] = _sums(cash / beliefs.deposit_share, sample)
    return rows
