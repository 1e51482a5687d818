"""2020 and 2021 as the model would have forecast them, held against what was published and against naive forecasts.

Four backtests: from the honest and from the informed start (`hindsight.py`), each with outturns of nation and province known and
unknown. A forecast is an ensemble of worlds, draw d of the priors under seed d, or the rows of an ensemble that was fitted.

    from the last    members are moved so that each meets the last value observed to 2019, as a factor of what is forecast in logs
                     and as a sum of other levels; rates are not moved, nor is what was not observed or counted in 2015 to 2019.
                     The naive forecasts start there as well, so this is what is scored first
    as run           the same members as they come from 2015; scored beside it
    middle           the median of the members;   intervals   of the members, each with an error of observation of its own. What a
                     series errs by alike in every year is gone when a member is moved: what is left is at most the spread of
                     its published yearly changes to 2019, where there are three
    naive            normal in the scale in which it was made, about the forecast that was chosen before (`baselines.py`)
    relative CRPS    as relative MAE: by series, then their geometric mean weighed by cells; where the naive forecast has a spread
    county left out  members weighed by all rows to 2019 that do not hold the county, with the model's own misfit (`fit.discrepancy`)
                     in the error; the likelihood is tempered as if each indicator were one observation

A cell is scored if the model counts it, a naive forecast exists, and the start knew nothing of it. The informed start leans on the census
of 2020 and reads the prefecture's spending of 2020: residents, ages, the urban share, spending and transfers are shown there and
not scored.

Left out: scores that the seven counties' joint distribution would get; forecasts that start again from 2019 (the model runs from 2015 and is
moved afterwards); errors that values of one source share.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2s
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from tianshui import evidence
from tianshui.evidence import ENSEMBLE, ENSEMBLE_FROM, HONEST_ENSEMBLE
from tianshui.experiments import baselines, hindsight, scores
from tianshui.experiments.baselines import RATES, Seen
from tianshui.experiments.fit import Kept, Worlds, column, discrepancy
from tianshui.experiments.folder import checked, keep_table, writing
from tianshui.experiments.hindsight import EVERY, View
from tianshui.experiments.pool import Progress, Task
from tianshui.experiments.reading import BACKTEST, CELLS, MANIFEST
from tianshui.experiments.series import FITTED, LAST_FIT, LAST_SCORE, Observation, observations
from tianshui.indicators import COUNTIES, GROUPS, INDICATORS, PREFECTURE, START_YEAR
from tianshui.plan import PLAN
from tianshui.words import InputError

SAMPLE, DRAWS, FEWEST = 0.02, 100, 2
"""Share of households and draws of the priors where nobody says otherwise; draws at least."""
YEARS = (2020, 2021)
"""The years that are scored."""
CENSUS, READ, NOT_COUNTED, NO_NAIVE = "census", "read", "not_counted", "no_naive"
"""Why a cell is not scored; empty when it is."""
READ_BY_THE_START = ("spending", "transfers")
"""Indicators of which the ordinary start reads a value of 2020: `budgets_2015.csv`, and the belief `treasury.kappa`."""
MODEL, NAIVE, TIE = "model", "naive", "tie"
"""Who came closer."""
QUANTILES = 200
"""Members that stand for the normal distribution of a naive forecast."""
BINS = 10
"""Bins of the PIT."""
FEWEST_CHANGES = 3
"""Published changes behind the spread of a series' own."""
SCHEMA = 1
"""Version of a result."""


class Told(NamedTuple):
    """How one backtest came out."""

    name: str
    """Of its view."""
    cells: int
    """All that were published, scored or not."""
    scored: int
    wins: int
    losses: int
    pooled: scores.Pooled
    as_run: scores.Pooled
    crps: float
    """Relative CRPS, from the last value."""
    crps_as_run: float
    coverage: tuple[scores.Coverage, ...]
    coverage_as_run: tuple[scores.Coverage, ...]
    pit: tuple[int, ...]
    blocks: Mapping[str, float]
    """Relative MAE by group of indicators."""
    indicators: Mapping[str, tuple[float, int, int, int]]
    """By indicator: relative MAE, cells, wins, losses."""
    left_out: scores.Pooled | None
    """The pooled figure where each county is forecast by members that were weighed without it."""
    effective: float
    """Mean number of members of equal weight behind it."""
    failed: int


class Backtest(NamedTuple):
    """All that was asked for."""

    told: tuple[Told, ...]
    table: Any
    """Every cell of every backtest."""


# --- What is asked of a world -------------------------------------------------------------------------------


def published() -> tuple[Observation, ...]:
    """The values of the score years."""
    return tuple(one for one in observations(LAST_SCORE, ("score",)) if one.year in YEARS)


def fitted(view: View) -> tuple[Observation, ...]:
    """The rows to 2019 by which members are weighed when a county is left out."""
    return tuple(one for one in observations(LAST_FIT, FITTED, resting=view.honest) if one.year > START_YEAR)


def last_known(now: Seen, area: str, indicator: str) -> tuple[int, float] | None:
    """Year and value from which a naive forecast starts and a run may; None for rates and for what is older than the start."""
    own = now.series.get((area, indicator), {})
    years = [year for year in own if START_YEAR <= year <= LAST_FIT]
    if indicator in RATES or not years:
        return None
    return max(years), own[max(years)]


def wobble(now: Seen, one: Observation) -> float:
    """What an observation errs by beside the last one of its series, in its unit, one standard deviation.

    Both errors lie in the published change of a year, so that no more than its spread to 2019 can be theirs. Not more than the
    stated error, which stands for it where fewer than three changes are known.
    """
    own = now.series.get(one.key, {})
    years = [year for year in sorted(own) if year <= LAST_FIT and year - 1 in own]
    if len(years) < FEWEST_CHANGES:
        return one.error
    changes = [
        baselines.into(one.indicator, own[year]) - baselines.into(one.indicator, own[year - 1])
        for year in years
    ]
    spread = float(np.std(changes, ddof=1))
    return min(one.error, spread * (abs(one.value) if baselines.scale_of(one.indicator) == "log" else 1.0))


def wanted(view: View, now: Seen, cells: Sequence[Observation]) -> tuple[tuple[str, str, int], ...]:
    """The points that a world is asked for."""
    asked = [(one.area, one.indicator, one.year) for one in (*cells, *fitted(view))]
    for one in cells:
        last = last_known(now, *one.key)
        if last is not None:
            asked.append((*one.key, last[0]))
    return tuple(dict.fromkeys(asked))


def leaning(rows: Sequence[Observation]) -> set[str]:
    """Indicators whose values the census of 2020 counted or revised, so that the ordinary start knows it."""
    return {
        one.indicator
        for one in rows
        if (one.year <= LAST_FIT < one.rests_on)
        or evidence.document(one.source_en)["key"] in ("census_2020", "census_2010_2020") and one.year > LAST_FIT
    }  # fmt: skip


# --- One cell -----------------------------------------------------------------------------------------------


class Members(NamedTuple):
    """What the worlds gave of one cell."""

    as_run: np.ndarray
    moved: np.ndarray
    """From the last value; the same as `as_run` where there is none."""
    is_moved: bool
    there: np.ndarray
    """Which worlds gave it, bool."""


def members(values: np.ndarray, at_last: np.ndarray | None, observed: float, *, log: bool) -> Members:
    """The worlds' values of a cell, and as moved to what was last observed where every world that counts has a number."""
    there = np.isfinite(values)
    if at_last is not None:
        usable = np.isfinite(at_last) & ((at_last > 0) | (not log))
        if (usable | ~there).all():
            return Members(
                values[there], scores.anchored(values[there], at_last[there], observed, log=log), True, there
            )
    return Members(values[there], values[there], False, there)


def naive_members(one: baselines.Forecast) -> np.ndarray:
    """Evenly spaced quantiles of a naive forecast whose spread is known."""
    steps = one.spread * stats.norm.ppf((np.arange(QUANTILES) + 0.5) / QUANTILES)
    return one.value * np.exp(steps) if one.scale == "log" else one.value + steps


def _why(view: View, one: Observation, lean: set[str], own: Members, naive: baselines.Forecast | None) -> str:
    """Why a cell is not scored; empty when it is."""
    if not view.honest and one.indicator in lean:
        return CENSUS
    if not view.honest and one.indicator in READ_BY_THE_START:
        return READ
    if own.as_run.size == 0:
        return NOT_COUNTED
    return "" if naive is not None else NO_NAIVE


def _percent(probability: float) -> int:
    return round(100 * probability)


def cell(
    view: View, one: Observation, own: Members, naive: baselines.Forecast | None, chosen: str, why: str,
    moved_error: float | None = None,
) -> dict[str, Any]:  # fmt: skip
    """One row of the table; `moved_error` is the error of observation beside the last value, by default the stated one."""
    beside = one.error if moved_error is None or not own.is_moved else moved_error
    row: dict[str, Any] = {
        "view": view.start, "outside": "known" if view.known else "drawn", "area": one.area,
        "indicator": one.indicator, "block": INDICATORS[one.indicator].group, "year": one.year, "unit": one.unit,
        "published": one.value, "error": one.error, "status": one.status, "moved": own.is_moved, "naive_name": chosen,
        "naive": naive.value if naive else math.nan, "why": why,
    }  # fmt: skip
    for basis, some, error in (("", own.moved, beside), ("as_run_", own.as_run, one.error)):
        if some.size == 0:
            row |= dict.fromkeys((f"{basis}middle", f"{basis}crps", f"{basis}pit"), math.nan)
            for probability in scores.PROBABILITIES:
                row |= dict.fromkeys(
                    (f"{basis}low_{_percent(probability)}", f"{basis}high_{_percent(probability)}"), math.nan
                )
            continue
        seen = scores.with_error(some, error, one.year, f"{one.area}/{one.indicator}")
        row[f"{basis}middle"] = float(scores.quantile(some, (0.5,))[0])
        row[f"{basis}crps"], row[f"{basis}pit"] = scores.crps(seen, one.value), scores.pit(seen, one.value)
        for probability in scores.PROBABILITIES:
            low, high = scores.interval(seen, probability)
            row[f"{basis}low_{_percent(probability)}"], row[f"{basis}high_{_percent(probability)}"] = (
                low,
                high,
            )
    # A value alone is no distribution: its score would be that of a forecast that claims to be sure.
    spread = naive is not None and math.isfinite(naive.spread)
    row["naive_crps"] = scores.crps(naive_members(naive), one.value) if spread and naive else math.nan
    for probability in scores.PROBABILITIES:
        low, high = naive.interval(probability) if spread and naive else (math.nan, math.nan)
        row[f"naive_low_{_percent(probability)}"], row[f"naive_high_{_percent(probability)}"] = low, high
    row["closer"] = "" if why else closer(row["middle"], row["naive"], one.value)
    return row


def closer(middle: float, naive: float, value: float) -> str:
    """Who came closer to a value."""
    ours, theirs = abs(middle - value), abs(naive - value)
    return TIE if ours == theirs else MODEL if ours < theirs else NAIVE


# --- Many cells -----------------------------------------------------------------------------------------------


def _cells(frame: Any, middle: str = "middle") -> list[scores.Cell]:
    columns = ["area", "indicator", "year", "published", middle, "naive"]
    return [scores.Cell(*row) for row in frame[columns].itertuples(index=False)]


def relative_crps(frame: Any, crps: str = "crps") -> float:
    """Geometric mean over the series of their mean CRPS over that of the naive forecast, weighed by cells.

    Only where the naive forecast has a spread; not a number when none has.
    """
    fair = frame[np.isfinite(frame["naive_crps"])]
    sums = fair.groupby(["area", "indicator"], sort=True)[[crps, "naive_crps"]].agg(["mean", "size"])
    ours, theirs = sums[crps]["mean"].to_numpy(), sums["naive_crps"]["mean"].to_numpy()
    count = sums[crps]["size"].to_numpy()
    if not len(count):
        return math.nan
    logs = np.log(np.maximum(ours / theirs, scores.LEAST))
    return float(np.exp((count * logs).sum() / count.sum()))


def _coverage(frame: Any, basis: str = "") -> tuple[scores.Coverage, ...]:
    return tuple(
        scores.coverage(
            frame[[f"{basis}low_{_percent(one)}", f"{basis}high_{_percent(one)}"]].to_numpy(),
            frame["published"].to_numpy(), one,
            frame[[f"naive_low_{_percent(one)}", f"naive_high_{_percent(one)}"]].to_numpy(),
        )
        for one in scores.PROBABILITIES
    )  # fmt: skip


def _by_indicator(frame: Any) -> dict[str, tuple[float, int, int, int]]:
    names = {name: name for name in INDICATORS}
    ratios = scores.by_block(_cells(frame), names)
    return {
        name: (
            ratios.get(name, math.nan), len(own), int((own["closer"] == MODEL).sum()), int((own["closer"] == NAIVE).sum()),
        )
        for name in INDICATORS if len(own := frame[frame["indicator"] == name])
    }  # fmt: skip


def weighed(
    worlds: Worlds, places: Mapping[str, int], rows: Sequence[Observation]
) -> tuple[dict[str, np.ndarray], float]:
    """Weights of the worlds by county left out, and the mean effective number of them.

    Rows that no world counts say nothing; a world without a number for one of the others weighs nothing.
    """
    values = worlds.outputs[:, [places[column(*one.key, one.year)] for one in rows]]
    told = np.isfinite(values).any(axis=0)
    rows, values = [one for one, fine in zip(rows, told, strict=True) if fine], values[:, told]
    fine = np.isfinite(values).all(axis=1)
    if not rows or not fine.any():
        return {}, 0.0
    errors = np.array([math.hypot(one.error, discrepancy(one)) for one in rows])
    temper = len({one.indicator for one in rows}) / len(rows)
    weights = {}
    for county in COUNTIES:
        weights[county] = np.zeros(len(worlds.draws))
        weights[county][fine] = scores.without_county(
            county, values[fine], [one.key for one in rows], np.array([one.value for one in rows]), errors,
            temper,
        )  # fmt: skip
    return weights, float(np.mean([scores.effective(one) for one in weights.values()]))


def tell(view: View, frame: Any, left_out: Sequence[scores.Cell], effective: float, failed: int) -> Told:
    """The scores of one backtest from its cells.

    Raises
    ------
    InputError
        When no cell can be scored.
    """
    fair = frame[frame["why"] == ""]
    if fair.empty:
        raise InputError("nothing_scored", view=view.name)
    pit = scores.tally(fair["pit"].tolist(), BINS)
    blocks = scores.by_block(_cells(fair), {name: one.group for name, one in INDICATORS.items()})
    return Told(
        view.name, len(frame), len(fair), int((fair["closer"] == MODEL).sum()), int((fair["closer"] == NAIVE).sum()),
        scores.pooled(_cells(fair)), scores.pooled(_cells(fair, "as_run_middle")), relative_crps(fair),
        relative_crps(fair, "as_run_crps"), _coverage(fair), _coverage(fair, "as_run_"),
        tuple(int(one) for one in pit), {name: blocks[name] for name in GROUPS if name in blocks}, _by_indicator(fair),
        scores.pooled(left_out) if left_out else None, effective, failed,
    )  # fmt: skip


# --- Living them ------------------------------------------------------------------------------------------------


def pairs(draws: int, rows: bool) -> list[tuple[int, int]]:
    """Seeds and draws of the worlds: draws of the priors, or the rows of the ensemble under the luck with which each was accepted."""
    if rows:
        return [(evidence.ensemble()[number][0], ENSEMBLE_FROM + number) for number in range(draws)]
    return [(number, number) for number in range(1, draws + 1)]


def _ensemble(view: View, given: Path | None) -> Path:
    """The file of the ensemble of a view: in the given folder if it was fitted in this view, else the package's own.

    Raises
    ------
    InputError
        When there is none.
    """
    own = given is not None and hindsight.fitted_in(given) == view.start
    folder = given if own and given is not None else evidence.here()
    place = folder / f"{HONEST_ENSEMBLE if view.honest and not own else ENSEMBLE}.parquet"
    if not place.is_file():
        raise InputError("honest_ensemble" if view.honest else "no_ensemble")
    return place


def _may_stand_on(given: Path, views: Sequence[View]) -> None:
    """Refuse an ensemble that none of the backtests that are asked for may stand on."""
    own = hindsight.fitted_in(given)
    starts = tuple(dict.fromkeys(view.start for view in views))
    if own not in starts:
        raise InputError("other_ensemble", folder=given, own=own or "?", asked=", ".join(starts))


Watch = Callable[[Sequence[Task]], Progress] | None


def forecast(
    view: View, folder: Path, *, sample: float = SAMPLE, draws: int | None = DRAWS, scenario: str = PLAN,
    ensemble: Path | None = None, workers: int | None = None, watch: Watch = None,
    read: hindsight.Tables = evidence.table,
) -> tuple[Worlds, tuple[str, ...], int]:  # fmt: skip
    """Live the worlds of a view: what they gave, the columns' names, and how many failed.

    `draws` None stands for the rows of an ensemble: that of the folder `ensemble` for backtests from the start it was fitted on,
    else the package's. `read` gives the evidence tables in place of the package's.
    """
    now = baselines.seen(view.start)
    points = wanted(view, now, published())
    source = _ensemble(view, ensemble) if draws is None else None
    plan = hindsight.policy(view, scenario)
    tables = hindsight.write(view, folder / "views" / view.name, read=read, ensemble=source)
    with evidence.instead(tables):
        asked = pairs(len(evidence.ensemble()) if draws is None else draws, draws is None)
        # What a row of an ensemble is, the number of its draw does not tell.
        place = folder if draws is not None else folder / f"{ENSEMBLE}-{evidence.ensemble_digest()}"
        kept = Kept(place, points, sample=sample, workers=workers, watch=watch, plan=plan, until=LAST_SCORE)
        worlds = kept.worlds(asked)
    return worlds, tuple(column(*point) for point in points), len(asked) - len(worlds.draws)


def judge(view: View, worlds: Worlds, columns: Sequence[str], failed: int = 0) -> tuple[Told, Any]:
    """Hold the worlds of a view against what was published; returns its scores and its cells."""
    now, chosen = baselines.seen(view.start), baselines.chosen(view.start)
    places = {name: place for place, name in enumerate(columns)}
    naive = baselines.forecasts(YEARS, now, chosen)
    lean = leaning(observations(LAST_SCORE))
    weights, effective = weighed(worlds, places, fitted(view))
    rows, left_out = [], []
    for one in published():
        last = last_known(now, *one.key)
        at_last = worlds.outputs[:, places[column(*one.key, last[0])]] if last else None
        own = members(
            worlds.outputs[:, places[column(*one.key, one.year)]], at_last, last[1] if last else math.nan,
            log=baselines.scale_of(one.indicator) == "log",
        )  # fmt: skip
        theirs = naive.get((*one.key, one.year))
        why = _why(view, one, lean, own, theirs)
        row = cell(view, one, own, theirs, chosen[one.key].baseline if one.key in chosen else "", why,
                   wobble(now, one))  # fmt: skip
        rows.append(row)
        weight = weights.get(one.area)
        if not why and weight is not None and one.area != PREFECTURE and weight[own.there].sum() > 0:
            middle = float(scores.quantile(own.moved, (0.5,), weight[own.there])[0])
            left_out.append(scores.Cell(*one.key, one.year, one.value, middle, row["naive"]))
    frame = pd.DataFrame(rows)
    return tell(view, frame, left_out, effective, failed), frame


def run(
    folder: Path, *, views: Sequence[View] = EVERY, sample: float = SAMPLE, draws: int | None = DRAWS,
    scenario: str = PLAN, ensemble: Path | None = None, workers: int | None = None, watch: Watch = None,
) -> Backtest:  # fmt: skip
    """Live and score some backtests, keeping every run in the folder: the same call goes on after a stop.

    Raises
    ------
    InputError
        For a folder that holds something else, an ensemble that is not there or was fitted in another view, and when nothing
        can be scored.
    ScenarioError
        For a scenario that cannot be read.
    """
    checked(folder)
    if draws is None and ensemble is not None:
        _may_stand_on(ensemble, views)
    for view in views if draws is None else ():
        _ensemble(view, ensemble)
    for view in views:
        hindsight.policy(view, scenario)
    with writing(folder):
        found = []
        for view in views:
            worlds, columns, failed = forecast(
                view, folder, sample=sample, draws=draws, scenario=scenario, ensemble=ensemble, workers=workers,
                watch=watch,
            )  # fmt: skip
            found.append(judge(view, worlds, columns, failed))
        made = Backtest(
            tuple(told for told, _ in found), pd.concat([frame for _, frame in found], ignore_index=True)
        )
        keep_table(folder / CELLS, made.table)
        record = manifest(made, sample=sample, draws=draws, scenario=scenario)
        (folder / MANIFEST).write_text(
            json.dumps(_plain(record), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        return made


def _digest(name: str) -> str:
    rows = [list(row.items()) for row in evidence.table(name)]
    return blake2s(json.dumps(rows).encode()).hexdigest()[:16]


def manifest(made: Backtest, *, sample: float, draws: int | None, scenario: str) -> dict[str, Any]:
    """What a result says of itself."""
    return {
        "schema": SCHEMA, "kind": BACKTEST, "sample": sample, "draws": draws, "ensemble": draws is None,
        "scenario": scenario, "years": list(YEARS), "evidence": evidence.digest(),
        "overlay": _digest("before_2020"), "baselines": _digest("baselines"), "told": [record(one) for one in made.told],
    }  # fmt: skip


def record(one: Told) -> dict[str, Any]:
    """The scores of a backtest as nested plain values."""
    return one._asdict() | {
        "pooled": one.pooled._asdict(), "as_run": one.as_run._asdict(),
        "coverage": [each._asdict() for each in one.coverage],
        "coverage_as_run": [each._asdict() for each in one.coverage_as_run],
        "left_out": one.left_out._asdict() if one.left_out else None,
        "indicators": {
            name: dict(zip(("relative", "cells", "wins", "losses"), own, strict=True))
            for name, own in one.indicators.items()
        },
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """A value as JSON has it; a number that is none becomes null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
