"""Naive forecasts of the observed series, and which of them each series is held against.

    no change   z(last)
    drift       z(last) + years (z(last) - z(first)) / (last - first)
    ar1         growth returns to its mean by the part `persistence` a year; both are drawn to the mean of the areas
    ets         damped trend by exponential smoothing; rates without trend
    logistic    drift of the log odds
    cohort      cohorts die and are born by the model's own rates; migration stays as it was last year
    province    last value carried on by the last growth of Gansu that is known; growth itself is that of Gansu
    share       a county's distance to the prefecture stays, which moves as its own naive forecast does

z is the log of an amount and the value itself of a share or a rate. Before the years that are scored are looked at,
each series gets the one with the least mean absolute error of forecasts one year ahead of 2016 to 2019, each made
from what was known a year before, over the years that all its candidates can forecast; of equals the first above is
taken. A series too short for a single such forecast gets the one named in `TOO_SHORT`, otherwise the one that served
its indicator best in other areas. The choice stands in
`evidence/baselines.csv`, written by

    python -m tianshui.experiments.baselines

The interval of a naive forecast is normal in z: its variance a year is the mean square of those errors, drawn to
that of the indicator's counties by `SHRINKS` forecasts, because three errors say little about a spread.

There are two views. `informed` takes the past as it is known now; `honest` knows nothing made from values after 2019,
so that residents and the urban share are those first published. Then ages stay as the census of 2010 found
them, since the ages of 2015 lean on the census of 2020 as well.

Left out: forecasts that know the nation's outturn, and whatever needs more than the nine years at hand.
"""

import csv
import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import stats

from tianshui.evidence import table
from tianshui.experiments.series import LAST_FIT, USES, histories, observations
from tianshui.indicators import COUNTIES, INDICATORS, PREFECTURE, START_YEAR, known
from tianshui.mechanisms import demography
from tianshui.population.margins import residents_by_age
from tianshui.settings import Settings

Key = tuple[str, str]
"""Area and indicator."""
Series = Mapping[Key, Mapping[int, float]]
"""Values by year, in the indicator's stored unit."""

VIEWS = ("informed", "honest")
FIRST_TARGET = 2016
"""The first year that a rolling forecast is made of."""
AMOUNTS = ("yuan", "yuan/person", "person")
"""Units of what is forecast in logs."""
RATES = ("gdp_real_growth", "natural_growth")
"""Indicators that are changes already: they return to a mean and have no trend."""
AGES = ("share_0_14", "share_15_64", "share_65plus")
ADULT, OLD = 15, 65
"""Ages, years, that divide the three groups."""
PRODUCT = tuple(f"value_added_{sector}_real" for sector in ("primary", "secondary", "tertiary"))
SMOOTHS, SMOOTHS_TREND, DAMPS = 0.8, 0.2, 0.9
"""Weights of exponential smoothing, held: four changes of a series cannot tell three weights."""
SHRINKS = 3
"""Forecasts for which the mean square error of an indicator's other areas counts."""
PERCENT = 100.0
DIGITS = 4
"""Digits of an error in the table."""
FILE = Path(__file__).parents[1] / "evidence" / "baselines.csv"
COLUMNS = ("view", "area", "indicator", "baseline", "scale", "error", "spread", "forecasts")


class Seen(NamedTuple):
    """What is known at the end of a year."""

    origin: int
    series: Series
    """Values up to that year."""
    province: Mapping[int, float]
    """Real growth of Gansu up to that year, %."""
    ages: np.ndarray | None
    """Residents of the counties by sex and age at the end of 2015 (f8, 7 x 2 x ages); None when nobody knew them."""
    chosen: Mapping[Key, str]
    """The prefecture's own naive forecast by series."""


class Choice(NamedTuple):
    """The naive forecast that a series is held against."""

    area: str
    indicator: str
    baseline: str
    scale: str
    """`log` or `unit`: what error and spread are stated in."""
    error: float
    """Mean absolute error of the rolling forecasts; not a number when there was none."""
    spread: float
    """One standard deviation a year, drawn to the indicator's other areas; not a number when none has an error."""
    forecasts: int
    """Number of rolling forecasts."""


# --- What is known --------------------------------------------------------------------------------------


def scale_of(indicator: str) -> str:
    """Whether an indicator is forecast in logs or as it is."""
    return "log" if INDICATORS[indicator].unit in AMOUNTS and indicator != "net_away" else "unit"


def into(indicator: str, value: float) -> float:
    """A value as it is forecast."""
    return math.log(value) if scale_of(indicator) == "log" else value


def back(indicator: str, z: np.ndarray) -> np.ndarray:
    """What was forecast as a value."""
    return np.exp(z) if scale_of(indicator) == "log" else z


def seen(
    view: str, until: int = LAST_FIT, *, rows: Iterable[Mapping[str, str]] | None = None,
    outside: Iterable[Mapping[str, str]] | None = None, ages: np.ndarray | None = None,
) -> Seen:  # fmt: skip
    """What is known at the end of a year, later rows unread.

    Parameters
    ----------
    view : str
        One of `VIEWS`.
    until : int
        The year.
    rows, outside : iterable of mapping, optional
        Rows as text in place of the tables of series and of outside figures.
    ages : array, optional
        Residents by county, sex and age at the end of 2015; those of the start population if it is not given and
        the view is the informed one.
    """
    honest = known(view, VIEWS, "view") == "honest"
    given = observations(until, USES, resting=honest, rows=rows)
    series: dict[Key, dict[int, float]] = {}
    # What was first published goes on from the census of 2010, which stands on every basis.
    for basis in (None, "first_published") if honest else (None,):
        for key, one in histories(given, basis).items():
            series.setdefault(key, {}).update({year: row.value for year, row in one.items()})
    # A county's growth before 2019 is known by its old accounts alone: no level, but what a forecast missed it by.
    for key, one in histories(given, "old_accounts").items():
        series.setdefault(key, {year: row.value for year, row in one.items()})
    province = {
        int(row["year"]): float(row["value"])
        for row in (table("outside") if outside is None else outside)
        if (row["area"], row["item"]) == ("gansu", "real_growth") and int(row["year"]) <= until
    }
    if ages is None and not honest:
        ages = residents_by_age().astype(float)
    return Seen(until, series, province, ages, {})


def earlier(now: Seen, origin: int) -> Seen:
    """What of it was known at the end of an earlier year."""
    series = {
        key: {year: value for year, value in one.items() if year <= origin} for key, one in now.series.items()
    }
    province = {year: value for year, value in now.province.items() if year <= origin}
    return now._replace(origin=origin, series=series, province=province)


def filled(one: Mapping[int, float], indicator: str) -> tuple[int, np.ndarray]:
    """First year and z of every year from the first to the last known; a missing year lies on the straight line."""
    years = np.array(sorted(one))
    z = np.array([into(indicator, one[year]) for year in years])
    return int(years[0]), np.interp(np.arange(years[0], years[-1] + 1), years, z)


# --- The naive forecasts: z of the years asked for, or None when too little is known -----------------------


def no_change(now: Seen, key: Key, years: np.ndarray) -> np.ndarray | None:
    """The last value stays."""
    one = now.series[key]
    return np.full(years.size, into(key[1], one[max(one)])) if one else None


def drift(now: Seen, key: Key, years: np.ndarray) -> np.ndarray | None:
    """The mean change from the first to the last value goes on."""
    one = now.series[key]
    if len(one) < 2:
        return None
    first, z = filled(one, key[1])
    return z[-1] + (years - (first + z.size - 1)) * (z[-1] - z[0]) / (z.size - 1)


def _moves(now: Seen, key: Key) -> np.ndarray:
    """Changes of a series from year to year; a rate's values themselves, none if years are missing."""
    one = now.series[key]
    if not one:
        return np.empty(0)
    z = filled(one, key[1])[1]
    if key[1] in RATES and (z.size > len(one) or z.size < 2):
        return np.empty(0)
    return z if key[1] in RATES else np.diff(z)


def persistence(series: Sequence[np.ndarray]) -> float:
    """What of a deviation from the mean is left a year later, one for all areas, drawn to nought by one observation."""
    own = [moves - moves.mean() for moves in series if moves.size > 1]
    crossed = sum(float((moves[1:] * moves[:-1]).sum()) for moves in own)
    squares = sum(float((moves[:-1] ** 2).sum()) for moves in own)
    pairs = sum(moves.size - 1 for moves in own)
    if squares == 0.0:
        return 0.0
    return min(max(crossed / (squares + squares / pairs), 0.0), 1.0)


def ar1(now: Seen, key: Key, years: np.ndarray) -> np.ndarray | None:
    """Changes return to a mean that is drawn to that of all areas by one observation."""
    moves = _moves(now, key)
    if moves.size == 0 or len(now.series[key]) < 2:
        return None
    others = [_moves(now, other) for other in now.series if other[1] == key[1]]
    others = [one for one in others if one.size]
    everywhere = float(np.mean([one.mean() for one in others]))
    mean = (moves.sum() + everywhere) / (moves.size + 1)
    first, z = filled(now.series[key], key[1])
    ahead = years - (first + z.size - 1)
    left = persistence(others) ** np.arange(1, ahead.max() + 1)
    coming = mean + left * (moves[-1] - mean)
    return coming[ahead - 1] if key[1] in RATES else z[-1] + np.cumsum(coming)[ahead - 1]


def ets(now: Seen, key: Key, years: np.ndarray) -> np.ndarray | None:
    """Exponential smoothing with a damped trend; a rate has none."""
    from statsmodels.tsa.holtwinters import Holt, SimpleExpSmoothing

    one = now.series[key]
    if len(one) < 2:
        return None
    first, z = filled(one, key[1])
    ahead = years - (first + z.size - 1)
    if key[1] in RATES:
        fitted = SimpleExpSmoothing(z, initialization_method="known", initial_level=z[0]).fit(
            smoothing_level=SMOOTHS, optimized=False
        )
    else:
        # It starts so that the first value is met and the trend behind it is the first change.
        change = z[1] - z[0]
        fitted = Holt(
            z, damped_trend=True, initialization_method="known", initial_level=z[0] - change,
            initial_trend=change / DAMPS,
        ).fit(smoothing_level=SMOOTHS, smoothing_trend=SMOOTHS_TREND, damping_trend=DAMPS, optimized=False)  # fmt: skip
    return np.asarray(fitted.forecast(int(ahead.max())))[ahead - 1]


def _odds(percent: np.ndarray) -> np.ndarray:
    return np.log(percent / (PERCENT - percent))


def _percent(odds: np.ndarray) -> np.ndarray:
    return PERCENT / (1.0 + np.exp(-odds))


def logistic(now: Seen, key: Key, years: np.ndarray) -> np.ndarray | None:
    """The log odds go on as they went from the first to the last value."""
    one = now.series[key]
    if len(one) < 2:
        return None
    first, last = min(one), max(one)
    start, end = _odds(np.array([one[first], one[last]]))
    return _percent(end + (years - last) * (end - start) / (last - first))


def survive(people: np.ndarray, year: int, p: demography.DemographyParameters) -> np.ndarray:
    """People by area, sex and age (f8, A x 2 x ages) a year later, without migration.

    A woman's chance of a birth is the year's total fertility, spread over ages as the model spreads a married
    woman's: so those who are not married are taken to be as old as the others. Who is born is of age nought at
    the end of the year, and dies from the next year on, as in the model.
    """
    ages = people.shape[-1]
    lives = 1.0 - demography.death_chances(demography.life_expectancy_in(year, p), p)[:, :ages]
    after = np.zeros_like(people)
    after[..., 1:] = (people * lives)[..., :-1]
    after[..., -1] += (people * lives)[..., -1]
    fertile = np.arange(demography.FERTILE, demography.AFTER_FERTILE)
    shape = np.exp(-(((fertile - p.birth_age) / p.birth_spread) ** 2) / 2)
    women = (people[:, 1, fertile] + after[:, 1, fertile]) / 2
    born = women @ (demography.tfr_in(year, p) * shape / shape.sum())
    after[:, 0, 0] = born * p.sex_ratio / (1.0 + p.sex_ratio)
    after[:, 1, 0] = born / (1.0 + p.sex_ratio)
    return after


def _projected(now: Seen, area: str, until: int) -> dict[int, np.ndarray]:
    """Residents of an area by sex and age from the end of 2015 on, without migration."""
    assert now.ages is not None
    people = now.ages if area == PREFECTURE else now.ages[[COUNTIES.index(area)]]
    p, paths = Settings().demography, {START_YEAR: people}
    for year in range(START_YEAR + 1, until + 1):
        paths[year] = people = survive(people, year, p)
    return {year: one.sum(axis=0) for year, one in paths.items()}


def cohort(now: Seen, key: Key, years: np.ndarray) -> np.ndarray | None:
    """Cohorts live on by the model's own rates.

    Migration is spread over all ages alike, so it does not touch their shares; of residents as many move as
    the last change of the series leaves when births and deaths are taken off.
    """
    if now.ages is None:
        return None
    area, indicator = key
    paths = _projected(now, area, int(years.max()))
    if indicator in AGES:
        low, high = {"share_0_14": (0, ADULT), "share_15_64": (ADULT, OLD)}.get(indicator, (OLD, None))
        return np.array([PERCENT * paths[y][:, low:high].sum() / paths[y].sum() for y in years])
    one = now.series[key]
    last = max(one, default=0)
    if last - 1 not in one or last <= START_YEAR:
        return None
    natural = {
        year: math.log(paths[year].sum() / paths[year - 1].sum())
        for year in range(last, int(years.max()) + 1)
    }
    moved = into(indicator, one[last]) - into(indicator, one[last - 1]) - natural[last]
    steps = np.cumsum([natural[year] + moved for year in range(last + 1, int(years.max()) + 1)])
    return into(indicator, one[last]) + steps[years - last - 1]


def province(now: Seen, key: Key, years: np.ndarray) -> np.ndarray | None:
    """The last known growth of Gansu goes on."""
    growth = now.province[max(now.province)]
    if key[1] == "gdp_real_growth":
        return np.full(years.size, growth)
    one = now.series[key]
    if not one:
        return None
    return into(key[1], one[max(one)]) + (years - max(one)) * math.log1p(growth / PERCENT)


def share(now: Seen, key: Key, years: np.ndarray) -> np.ndarray | None:
    """A county keeps its distance to the prefecture, of a share in percent in log odds."""
    area, indicator = key
    whole, one = (PREFECTURE, indicator), now.series[key]
    both = [year for year in one if year in now.series.get(whole, {})]
    if area == PREFECTURE or not both or whole not in now.chosen:
        return None
    ahead = BASELINES[now.chosen[whole]](now, whole, years)
    assert ahead is not None
    at, there = one[max(both)], now.series[whole][max(both)]
    if INDICATORS[indicator].unit == "%":
        apart = np.diff(_odds(np.array([there, at])))
        return _percent(_odds(ahead) + apart)
    return ahead + into(indicator, at) - into(indicator, there)


BASELINES: Mapping[str, Callable[[Seen, Key, np.ndarray], np.ndarray | None]] = {
    "no_change": no_change, "drift": drift, "ar1": ar1, "ets": ets, "logistic": logistic, "cohort": cohort,
    "province": province, "share": share,
}  # fmt: skip
"""Every naive forecast by name, the plainest first."""
FOR_ALL = ("no_change", "drift", "ar1", "ets")
BESIDES: Mapping[str, tuple[str, ...]] = {
    "urban_share": ("logistic",), "resident_population": ("cohort",), "gdp_real": ("province",),
    "gdp_real_growth": ("province",), "own_revenue": ("province",),
}  # fmt: skip
"""Candidates of single indicators."""
TOO_SHORT: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(AGES, ("cohort",)), **dict.fromkeys(("gdp_real", "gdp_real_growth", *PRODUCT), ("province",)),
    "resident_population": ("share",), "urban_share": ("share", "logistic"),
}  # fmt: skip
"""What a series is held against that is too short to choose by: the first that can be made."""


# --- The choice -----------------------------------------------------------------------------------------


def rolling(now: Seen, key: Key, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Errors of forecasts one year ahead, by name, in z; only of years that every one of them can forecast."""
    one, errors = now.series[key], {name: [] for name in names}
    for year in range(FIRST_TARGET, now.origin + 1):
        if year not in one:
            continue
        before, target = earlier(now, year - 1), np.array([year])
        # From an older value it would be no forecast of one year; that of Gansu's growth needs no value.
        if year - 1 not in one and not (names == ["province"] and key[1] in RATES):
            continue
        made = [BASELINES[name](before, key, target) for name in names]
        if all(each is not None for each in made):
            for name, each in zip(names, made, strict=True):
                errors[name].append(float(each[0]) - into(key[1], one[year]))  # pyright: ignore[reportOptionalSubscript]
    return {name: np.array(found) for name, found in errors.items()}


def _candidates(now: Seen, indicator: str) -> list[str]:
    names = [name for name in BASELINES if name in (*FOR_ALL, *BESIDES.get(indicator, ()))]
    return [name for name in names if name != "cohort" or now.ages is not None]


def _served(tried: Iterable[Mapping[str, np.ndarray]], names: Sequence[str]) -> list[str]:
    """Candidates by their mean absolute error over the areas where they were tried, the best first."""
    every = [errors for errors in tried if errors[names[0]].size]
    if not every:
        return []
    return sorted(names, key=lambda name: float(np.mean([np.abs(errors[name]).mean() for errors in every])))


def choose(now: Seen) -> dict[Key, Choice]:
    """The naive forecast of every series that is known; the prefecture's first, which the counties' may need."""
    keys = sorted(now.series, key=lambda key: (key[0] != PREFECTURE, key[1], key[0]))
    tried = {key: rolling(now, key, _candidates(now, key[1])) for key in keys}
    found: dict[Key, tuple[str, np.ndarray]] = {}
    target = np.array([now.origin + 1])
    for key in keys:
        names = _candidates(now, key[1])
        if tried[key][names[0]].size:
            name = _served([tried[key]], names)[0]
            found[key] = name, tried[key][name]
        else:
            elsewhere = _served((errors for other, errors in tried.items() if other[1] == key[1]), names)
            name = next(
                name for name in (*TOO_SHORT.get(key[1], ()), *elsewhere, "no_change")
                if BASELINES[name](now, key, target) is not None
            )  # fmt: skip
            found[key] = name, rolling(now, key, [name])[name]
        if key[0] == PREFECTURE:
            now = now._replace(chosen={**now.chosen, key: found[key][0]})
    squares: dict[tuple[str, bool], list[float]] = {}
    for (area, indicator), (_, errors) in found.items():
        if errors.size:
            squares.setdefault((indicator, area == PREFECTURE), []).append(float((errors**2).mean()))
    choices = {}
    for key, (name, errors) in found.items():
        # Counties scatter more than their sum: each kind is drawn to its own, and to the other only if it has none.
        own, other = ((key[1], whole) for whole in (key[0] == PREFECTURE, key[0] != PREFECTURE))
        alike, spread = squares.get(own) or squares.get(other), math.nan
        if alike:
            everywhere = float(np.mean(alike))
            spread = math.sqrt((float((errors**2).sum()) + SHRINKS * everywhere) / (errors.size + SHRINKS))
        error = float(np.abs(errors).mean()) if errors.size else math.nan
        choices[key] = Choice(*key, name, scale_of(key[1]), error, spread, errors.size)
    return choices


def text(
    rows: Iterable[Mapping[str, str]] | None = None, outside: Iterable[Mapping[str, str]] | None = None
) -> str:
    """The table of choices, as it is written. Rows as text stand in place of the tables' (see `seen`)."""
    rows, outside = rows and list(rows), outside and list(outside)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for view in VIEWS:
        choices = choose(seen(view, rows=rows, outside=outside))
        for key in sorted(choices, key=lambda key: (key[1], (*COUNTIES, PREFECTURE).index(key[0]))):
            one = choices[key]
            figures = ("" if math.isnan(x) else f"{x:.{DIGITS}g}" for x in (one.error, one.spread))
            writer.writerow((view, one.area, one.indicator, one.baseline, one.scale, *figures, one.forecasts))
    return out.getvalue()


# --- What a score needs ---------------------------------------------------------------------------------


@cache
def chosen(view: str) -> dict[Key, Choice]:
    """The choices of a view as the table holds them."""
    known(view, VIEWS, "view")
    return {
        (row["area"], row["indicator"]): Choice(
            row["area"], row["indicator"], known(row["baseline"], BASELINES, "baseline"), row["scale"],
            float(row["error"] or "nan"), float(row["spread"] or "nan"), int(row["forecasts"]),
        )
        for row in table("baselines") if row["view"] == view
    }  # fmt: skip


class Forecast(NamedTuple):
    """The naive forecast of a value."""

    value: float
    """In the stored unit."""
    spread: float
    """One standard deviation, in z."""
    scale: str

    def interval(self, probability: float) -> tuple[float, float]:
        """Bounds between which the value lies with a probability."""
        reach = float(stats.norm.ppf((1.0 + probability) / 2)) * self.spread
        if self.scale == "log":
            return self.value * math.exp(-reach), self.value * math.exp(reach)
        return self.value - reach, self.value + reach


def forecasts(
    years: Sequence[int], now: Seen, choices: Mapping[Key, Choice]
) -> dict[tuple[str, str, int], Forecast]:
    """The chosen naive forecast of every series and year, made from what is known.

    Errors of successive years add up as those of a walk do, so the variance grows with the years ahead of the last
    known value; a rate's does not.
    """
    ahead = np.array(sorted(years))
    now = now._replace(chosen={key: one.baseline for key, one in choices.items() if key[0] == PREFECTURE})
    made = {}
    for key, one in choices.items():
        z = BASELINES[one.baseline](now, key, ahead)
        if z is None:
            raise ValueError(f"{one.baseline} cannot be made of {key[1]} of {key[0]}")
        last = max(now.series[key], default=now.origin)
        steps = np.ones(ahead.size) if key[1] in RATES else ahead - last
        for year, value, far in zip(ahead.tolist(), back(key[1], z), steps, strict=True):
            made[*key, year] = Forecast(float(value), one.spread * math.sqrt(far), one.scale)
    return made


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
