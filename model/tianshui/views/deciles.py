"""Winners and losers: what a scenario changes for each tenth of households, ordered by income a head."""

from collections.abc import Sequence

import plotly.graph_objects as go

from tianshui.views.drawing import BLUE, INK, SKY, About, Drawing, Table, Words, hatch

FAR = 4.0
"""A tenth that reaches this many times as far as any other is cut off and its value written beside it."""
ROOM = 1.25
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
    drawing.axis("y", tickformat=",~f", ticksuffix=" %")
    _cut(drawing, frame[frame["year"].isin(years)], years)
    return drawing.done(about)


def _cut(drawing: Drawing, frame: Table, years: Sequence[int]) -> None:
    """End the axis at what the other tenths reach where one reaches far beyond, and write that one's values."""
    reach = (
        frame.assign(reach=frame[["middle", "low", "high"]].abs().max(axis=1))
        .groupby("decile")["reach"]
        .max()
    )
    if len(reach) < 2 or reach.max() <= FAR * (most := float(reach.drop(reach.idxmax()).max())):
        return
    tenth = reach.idxmax()
    others, own = frame[frame["decile"] != tenth], frame[frame["decile"] == tenth]
    low, high = (min(0.0, float(others["low"].min())), max(0.0, float(others["high"].max())))
    up = float(own["high"].max()) > ROOM * max(high, most)
    down = float(own["low"].min()) < ROOM * min(low, -most)
    drawing.axis("y", range=[ROOM * min(low, -most if down else low), ROOM * max(high, most if up else high)])
    told = {year: own[own["year"] == year].iloc[0] for year in years if (own["year"] == year).any()}
    lines = [
        f"{year}: {row['middle']:+,.0f} % ({row['low']:+,.0f} … {row['high']:+,.0f})"
        for year, row in told.items()
    ]
    beyond = "<br>".join(lines).replace("-", "\u2212")
    drawing.annotate(
        Words(beyond, beyond.replace(": ", "年 ")), x=int(tenth), y=1.0 if up else 0.0, yref="paper", yanchor="top" if up else "bottom",
        xanchor="left" if tenth <= 5 else "right", xshift=26 if tenth <= 5 else -26, align="left",
    )  # fmt: skip
