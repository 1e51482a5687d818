"""Winners and losers: what a scenario changes for each tenth of households, ordered by income a head."""

from collections.abc import Sequence

import plotly.graph_objects as go

from tianshui.views.drawing import BLUE, INK, SKY, About, Drawing, Table, Words, hatch

TENTHS = Words("tenth of households, 1 poorest, 10 richest", "住户十等分,1为最低,10为最高")
COLOURS = (SKY, BLUE)
HATCHES = ("/", "")


def deciles(frame: Table, years: Sequence[int], *, about: About) -> go.Figure:
    """Draw the difference of income between two scenarios by tenth, in %, with its range over worlds.

    Parameters
    ----------
    frame : DataFrame
        Columns decile (1 to 10), year, middle, low, high: the difference in % of the second scenario.
    years : sequence of int
        The years drawn, a bar each.
    about : About
        What is written beside the chart.

    Returns
    -------
    Figure
        Bars by tenth; whiskers from the lowest to the highest world.
    """
    drawing = Drawing(barmode="group", bargap=0.25)
    for number, year in enumerate(years):
        rows = frame[frame["year"] == year].sort_values("decile")
        middle = rows["middle"]
        drawing.bar(
            {"name": Words(str(year), f"{year}年")},
            x=rows["decile"].astype(int).tolist(),
            y=middle.round(3).tolist(),
            error_y={
                "type": "data",
                "symmetric": False,
                "thickness": 1.2,
                "width": 3,
                "color": INK,
                "array": (rows["high"] - middle).round(3).tolist(),
                "arrayminus": (middle - rows["low"]).round(3).tolist(),
            },
            marker={
                "color": COLOURS[number % 2],
                "pattern": hatch(HATCHES[number % 2]),
            },
            hovertemplate="%{y:+,.2f} %",
            meta={"table": True},
        )
    drawing.line("y", 0)
    drawing.axis("x", tickvals=list(range(1, 11)), tickangle=0)
    drawing.write("layout.xaxis.title.text", TENTHS)
    drawing.axis("y", tickformat="+,~f", ticksuffix=" %")
    return drawing.done(about)
