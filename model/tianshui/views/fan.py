"""Fans: one indicator of one area over the years, a band for belief and a darker one for chance alone.

The line is the middle of all worlds; the outer band runs from the lowest to the highest of them (the range
of untested assumptions until a fitted ensemble exists); the inner band is what luck alone does, laid around
the middle. Points are what was observed, triangles are aims and point to the side where an aim is met.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from tianshui.indicators import Indicator
from tianshui.views.drawing import (
    BLACK,
    FAINT,
    SCENARIO_COLOURS,
    SCENARIO_DASHES,
    About,
    Drawing,
    Scenario,
    Table,
    Words,
    faded,
    name_of,
    number_format,
    shown,
    shown_unit,
)

PLAN_STARTS = 2020.5
"""Where the shared past ends: after the year 2020."""
BELIEF, CHANCE = Words("range of assumptions", "假设区间"), Words("chance alone", "仅随机性")
FITTED, SCORED = Words("observed", "观测值"), Words("observed, kept for scoring", "观测值(留作检验)")
FIRM, ASSUMED = Words("aim, published or derived", "目标(公布或推得)"), Words("aim, assumed", "目标(假定)")
PLAN_WORDS = Words("plan from 2021", "规划自2021年起")


def fan(
    frame: Table,
    indicator: Indicator,
    scenarios: Sequence[Scenario],
    *,
    about: About,
    observed: Table | None = None,
    aims: Table | None = None,
) -> go.Figure:
    """Draw one indicator of one area over the years.

    Parameters
    ----------
    frame : DataFrame
        Columns scenario, year, middle, low, high, luck_low, luck_high in the stored unit; the last two are
        missing where no runs for chance alone exist.
    indicator : Indicator
        What is drawn; gives unit shown, factor and decimals.
    scenarios : sequence of Scenario
        In the order in which they are drawn and coloured.
    about : About
        What is written beside the chart.
    observed : DataFrame, optional
        Columns year, value (stored unit), use (`score` for years that a fit never sees).
    aims : DataFrame, optional
        Columns year, value (stored unit), direction (`>=` or `<=`), firm (published or derived).

    Returns
    -------
    Figure
        One y-axis, in the unit shown.
    """
    drawing = Drawing()
    courses = {
        str(name): {column: rows[column].to_numpy() for column in rows.columns}
        for name, rows in frame.sort_values("year").groupby("scenario", sort=False, observed=True)
    }
    present = [(place, told) for place, told in enumerate(scenarios) if told.name in courses]
    for place, scenario in present:
        course, colour = courses[scenario.name], SCENARIO_COLOURS[place % len(SCENARIO_COLOURS)]
        _band(drawing, course, ("low", "high"), indicator, scenario, faded(colour, 0.16), BELIEF)
        _band(drawing, course, ("luck_low", "luck_high"), indicator, scenario, faded(colour, 0.38), CHANCE)
    for place, scenario in present:
        _line(drawing, courses[scenario.name], indicator, scenario, place)
    if aims is not None and len(aims):
        _aims(drawing, aims, indicator)
    if observed is not None and len(observed):
        _points(drawing, observed, indicator)
    drawing.line("x", PLAN_STARTS, "dot")
    drawing.annotate(
        PLAN_WORDS,
        x=PLAN_STARTS,
        y=1.0,
        yref="paper",
        xanchor="left",
        yanchor="bottom",
    )
    drawing.axis("x", tickformat="d", dtick=5, tick0=2015, range=[2014.5, 2035.8])
    return drawing.done(about)


def _band(
    drawing: Drawing,
    course: Mapping[str, np.ndarray],
    ends: tuple[str, str],
    indicator: Indicator,
    scenario: Scenario,
    colour: str,
    what: Words,
) -> None:
    """One closed band; nothing where low and high are the same everywhere or missing."""
    if not set(ends) <= set(course):
        return
    low, high, years = course[ends[0]], course[ends[1]], course["year"]
    known = np.isfinite(low) & np.isfinite(high)
    low, high, years = low[known], high[known], years[known].astype(int)
    if (low == high).all():
        return
    drawing.scatter(
        {"name": scenario.title.then(what, ": ", ":")},
        x=np.concatenate([years, years[::-1]]).tolist(),
        y=_shown(np.concatenate([high, low[::-1]]), indicator),
        fill="toself",
        fillcolor=colour,
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        legendgroup=scenario.name,
    )


def _line(
    drawing: Drawing, course: Mapping[str, np.ndarray], indicator: Indicator, scenario: Scenario, place: int
) -> None:
    pattern = number_format(indicator.decimals)
    low, high = course["low"], course["high"]
    spread = bool((low < high).any())
    drawing.scatter(
        {"name": scenario.title},
        x=course["year"].astype(int).tolist(),
        y=_shown(course["middle"], indicator),
        customdata=[list(ends) for ends in zip(_shown(low, indicator), _shown(high, indicator), strict=True)]
        if spread
        else None,
        mode="lines",
        line={
            "color": SCENARIO_COLOURS[place % len(SCENARIO_COLOURS)],
            "width": 2.5,
            "dash": SCENARIO_DASHES[place % len(SCENARIO_DASHES)],
        },
        legendgroup=scenario.name,
        hovertemplate=f"%{{y:{pattern}}}"
        + (f" (%{{customdata[0]:{pattern}}} – %{{customdata[1]:{pattern}}})" if spread else ""),
        meta={"table": True},
    )


def _shown(values: np.ndarray, indicator: Indicator) -> list[float | None]:
    return [shown(value, indicator) for value in values.tolist()]


def _points(drawing: Drawing, observed: Table, indicator: Indicator) -> None:
    scored = observed["use"] == "score"
    for rows, words, symbol in (
        (observed[~scored], FITTED, "circle"),
        (observed[scored], SCORED, "circle-open"),
    ):
        if len(rows):
            drawing.scatter(
                {"name": words},
                x=rows["year"].astype(int).tolist(),
                y=[shown(value, indicator) for value in rows["value"]],
                mode="markers",
                marker={
                    "symbol": symbol,
                    "size": 7,
                    "color": BLACK,
                    "line": {"width": 1.6, "color": BLACK},
                },
                hovertemplate=f"%{{y:{number_format(indicator.decimals)}}}",
                meta={"table": True},
            )


def _aims(drawing: Drawing, aims: Table, indicator: Indicator) -> None:
    for firm, words in ((True, FIRM), (False, ASSUMED)):
        rows = aims[aims["firm"] == firm]
        if len(rows):
            symbols = ["triangle-up" if side == ">=" else "triangle-down" for side in rows["direction"]]
            drawing.scatter(
                {"name": words},
                x=rows["year"].astype(int).tolist(),
                y=[shown(value, indicator) for value in rows["value"]],
                mode="markers",
                marker={
                    "symbol": symbols if firm else [f"{symbol}-open" for symbol in symbols],
                    "size": 12,
                    "color": "#8a5a00" if firm else FAINT,
                    "line": {"width": 2 if not firm else 1, "color": "#8a5a00" if firm else FAINT},
                },
                hovertemplate=f"%{{y:{number_format(indicator.decimals)}}}",
                meta={"table": True},
            )


def about_fan(indicator: Indicator, area: Words, source: Words, interval: Words, status: Words) -> About:
    """What to write beside a fan, in the common form."""
    return About(name_of(indicator).then(area, ", ", ","), shown_unit(indicator), source, interval, status)
