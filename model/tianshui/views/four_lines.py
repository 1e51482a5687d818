"""Assumption or policy: one indicator on four lines, two scenarios each under two sets of assumptions.

Colour tells the scenarios apart, the dash the assumptions: solid lines are the result's own worlds, dashed ones the
same worlds under other assumptions. What lies between two lines of one dash is the policy, between two lines of one
colour the assumptions. Lines are medians; hovering tells the lowest and highest world.
"""

from collections.abc import Mapping
from typing import NamedTuple

import plotly.graph_objects as go

from tianshui.indicators import Indicator
from tianshui.views.drawing import BLUE, VERMILION, About, Drawing, Table, Words, number_format, shown
from tianshui.views.fan import PLAN_STARTS, PLAN_WORDS


class Look(NamedTuple):
    """How a line is drawn."""

    colour: str
    dash: str


LOOKS = {
    "baseline": Look(VERMILION, "solid"),
    "policy": Look(BLUE, "solid"),
    "baseline_under": Look(VERMILION, "dash"),
    "policy_under": Look(BLUE, "dash"),
}
"""The four lines in the order in which they are drawn."""


def four_lines(frame: Table, indicator: Indicator, names: Mapping[str, Words], *, about: About) -> go.Figure:
    """Draw the four lines of one indicator.

    Parameters
    ----------
    frame : DataFrame
        Columns line (of `LOOKS`), year, middle, low, high in the stored unit.
    indicator : Indicator
        What is drawn; gives unit shown, factor and decimals.
    names : mapping
        Lines to what they are called.
    about : About
        What is written beside the chart.

    Returns
    -------
    Figure
        One y-axis, in the unit shown.
    """
    drawing = Drawing()
    pattern = number_format(indicator.decimals)
    spread = bool((frame["low"] < frame["high"]).any())
    ends = f" (%{{customdata[0]:{pattern}}} – %{{customdata[1]:{pattern}}})" if spread else ""
    for line, look in LOOKS.items():
        rows = frame[frame["line"] == line].sort_values("year")
        drawing.scatter(
            {"name": names[line]},
            x=rows["year"].astype(int).tolist(),
            y=[shown(value, indicator) for value in rows["middle"]],
            customdata=[
                [shown(low, indicator), shown(high, indicator)]
                for low, high in zip(rows["low"], rows["high"], strict=True)
            ]
            if spread
            else None,
            mode="lines",
            line={"color": look.colour, "width": 2.5, "dash": look.dash},
            hovertemplate=f"%{{y:{pattern}}}{ends}",
            meta={"table": True},
        )
    drawing.line("x", PLAN_STARTS, "dot")
    drawing.annotate(PLAN_WORDS, x=PLAN_STARTS, y=1.0, yref="paper", xanchor="left", yanchor="bottom")
    drawing.axis("x", tickformat="d", dtick=5, tick0=2015, range=[2014.5, 2035.8])
    return drawing.done(about)
