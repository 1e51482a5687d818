"""The observed series that the model is fitted to and scored against: their rows, read strictly and only so far.

A row of `evidence/series.csv` is a value of an indicator of the model, in its stored unit, with an error (one
standard deviation) and a use:

    fit       a level or rate of 2016 to 2019, on the basis of the start state
    weak_fit  the same with an error so wide that it only rules out nonsense
    growth    growth of the prefecture's product, which is fitted in place of its levels
    level     tells nothing by itself: the start state was built on it, a county's product has one level before
              2020, or it stands on another basis; kept for the naive forecasts
    score     a value of 2020 or 2021

`basis` keeps apart what must not be compared: `current`, `restated` (a tax base that changed; the start state
stands on the old one), `first_published` (before the census of 2020 revised the past) and `old_accounts` (county
accounts before 2019). `rests_on` is the year of the latest value from which a figure was made: the prefecture's
residents of 2015 to 2019 and its urban share were revised to, or drawn between, the censuses and rest on 2020.

Errors of growth follow from those of the two levels, half of whose variance is taken as shared, because both stand in
the same accounts. Nominal growth of a county's old accounts is made real by consumer prices of Gansu, which is the
index that stands for the deflator in the model as well.

Left out, because the model has no such thing or none of the same meaning: gross product at current prices (scored in
real terms), jobs and pay in urban units (the model counts jobs of all enterprises), all deposits and loans (those of
enterprises among them), organised labour transfer (counts moves within the prefecture and short stays), residents
at the middle of 2021 (the model counts at the end of a year), and the money of Qinzhou, which is that of two governments.
"""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tianshui.declare import STATUSES
from tianshui.evidence import table
from tianshui.indicators import INDICATORS, areas_of, known

USES = ("fit", "weak_fit", "growth", "level", "score")
FITTED = ("fit", "weak_fit", "growth")
"""Uses of rows that a fit may see."""
BASES = ("current", "restated", "first_published", "old_accounts")
LAST_FIT, LAST_SCORE, FIRST = 2019, 2021, 2010
"""The last year of a fit, the last that is scored, and the first year of the table."""
COLUMNS = (
    "area", "indicator", "year", "value", "unit", "error", "use", "status", "basis", "rests_on", "source_en",
    "source_zh",
)  # fmt: skip


class Observation(NamedTuple):
    """One row of the table."""

    area: str
    indicator: str
    year: int
    value: float
    """In the indicator's stored unit."""
    unit: str
    error: float
    """One standard deviation, in the same unit."""
    use: str
    status: str
    basis: str
    rests_on: int
    """Year of the latest value from which the figure was made."""
    source_en: str
    source_zh: str

    @property
    def key(self) -> tuple[str, str]:
        """Area and indicator."""
        return self.area, self.indicator


def _checked(row: Mapping[str, str]) -> Observation:
    if tuple(row) != COLUMNS:
        raise ValueError(f"columns {', '.join(row)} instead of {', '.join(COLUMNS)}")
    read = Observation(
        **{
            **row, "year": int(row["year"]), "rests_on": int(row["rests_on"]), "value": float(row["value"]),
            "error": float(row["error"]),
        }
    )  # fmt: skip
    where = f"{read.area}, {read.indicator}, {read.year}"
    about = INDICATORS[known(read.indicator, INDICATORS, "indicator")]
    known(read.area, areas_of(about), f"area of {about.name}")
    late = read.year > LAST_FIT
    for wrong, what in (
        (read.unit != about.unit, f"the unit is {read.unit!r}, the model's is {about.unit!r}"),
        (not (math.isfinite(read.value) and 0 < read.error < math.inf), "value or error is no number"),
        (read.use not in USES, f"unknown use {read.use!r}"),
        (read.basis not in BASES, f"unknown basis {read.basis!r}"),
        (read.status not in STATUSES, f"unknown status {read.status!r}"),
        (late != (read.use == "score"), f"a year {read.year} cannot be of use {read.use!r}"),
        (not FIRST <= read.year <= read.rests_on <= LAST_SCORE, "the years contradict each other"),
        (read.use == "fit" and read.basis != "current", f"a fit to basis {read.basis!r}"),
        (not (read.source_en and read.source_zh), "no source"),
    ):
        if wrong:
            raise ValueError(f"series of {where}: {what}")
    return read


def observations(
    until: int,
    uses: Iterable[str] = USES,
    *,
    resting: bool = False,
    rows: Iterable[Mapping[str, str]] | None = None,
) -> tuple[Observation, ...]:
    """Rows of the table up to a year, in its order. What is dated later is not even looked at.

    Parameters
    ----------
    until : int
        The last year that may be seen.
    uses : iterable of str
        Which uses.
    resting : bool
        Whether figures of earlier years that were made from later values are left out as well.
    rows : iterable of mapping, optional
        Rows as text in place of the table's.

    Raises
    ------
    ValueError
        When a row within the years is not as it must be, or stands there twice.
    KeyError
        When it names an area or indicator that the model does not have.
    """
    uses = tuple(known(use, USES, "use") for use in uses)
    given = table("series") if rows is None else rows
    read = [_checked(row) for row in given if int(row["year"]) <= until]
    seen: dict[tuple[str, str, int, bool], Observation] = {}
    for row in read:
        # What was first published stands beside what it was revised to; all else is there once.
        key = (*row.key, row.year, row.basis == "first_published")
        if key in seen:
            raise ValueError(f"series of {row.area}, {row.indicator}, {row.year}: there twice")
        seen[key] = row
    return tuple(row for row in read if row.use in uses and not (resting and row.rests_on > until))


def histories(
    rows: Iterable[Observation], basis: str | None = None
) -> dict[tuple[str, str], dict[int, Observation]]:
    """By area and indicator the rows by year, of one basis each.

    The basis is the given one, otherwise that of the latest row which is not `first_published` or `old_accounts`:
    what is to be forecast continues it.
    """
    found: dict[tuple[str, str], list[Observation]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(row)
    chosen = {}
    for key, series in found.items():
        kept = [row for row in series if row.basis in (BASES[:2] if basis is None else (basis,))]
        if kept:
            last = max(kept, key=lambda row: row.year)
            same = sorted((row for row in kept if row.basis == last.basis), key=lambda row: row.year)
            chosen[key] = {row.year: row for row in same}
    return chosen
