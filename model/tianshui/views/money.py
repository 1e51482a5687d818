"""Public money: where it comes from and what it is spent on, year by year; and what was asked against granted."""

from collections.abc import Mapping

import plotly.graph_objects as go

from tianshui.views.drawing import (
    BLUE,
    FAINT,
    GREEN,
    GROUP_COLOURS,
    ORANGE,
    PURPLE,
    SKY,
    About,
    Drawing,
    Table,
    Words,
    hatch,
)

YUAN_SHOWN = 1e8
"""Public money is shown in 100m yuan."""
COLOURS = {
    "own_revenue": BLUE,
    "general_transfers": SKY,
    "earmarked": GREEN,
    "compensation": PURPLE,
    "bonds": ORANGE,
    "spending_rigid": "#5c6670",
    "spending_interest": "#2b2f33",
    "spending_other": "#b6bcc2",
    **{f"spending_{group}": colour for group, colour in GROUP_COLOURS.items()},
}
HATCHES = ("", "/", "", ".", "", "\\", "", "x")
ASKED, GRANTED = Words("asked for", "申请"), Words("granted", "拨付")


def money(frame: Table, parts: Mapping[str, Words], *, about: About, top: float | None = None) -> go.Figure:
    """Draw money by part (sources or uses), stacked over the years.

    Parameters
    ----------
    frame : DataFrame
        Columns part, year, value (yuan): the middle of all worlds.
    parts : mapping
        Parts in the order of the stack, to their names.
    about : About
        What is written beside the chart.
    top : float, optional
        Upper end of the axis, yuan, so that two scenarios can be compared by eye.

    Returns
    -------
    Figure
        Stacked bars in 100m yuan.
    """
    drawing = Drawing(barmode="relative", bargap=0.2)
    present = [part for part in parts if (frame["part"] == part).any()]
    for number, part in enumerate(present):
        rows = frame[frame["part"] == part].sort_values("year")
        drawing.bar(
            {"name": parts[part]},
            x=rows["year"].astype(int).tolist(),
            y=(rows["value"] / YUAN_SHOWN).round(3).tolist(),
            marker={
                "color": COLOURS.get(part, FAINT),
                "pattern": hatch(HATCHES[number % len(HATCHES)]),
            },
            hovertemplate="%{y:,.2f}",
            meta={"table": True},
        )
    drawing.axis("x", tickformat="d", dtick=5, tick0=2015)
    if top is not None:
        drawing.axis("y", range=[0, top / YUAN_SHOWN * 1.04])
    return drawing.done(about)


def asked_and_granted(
    frame: Table, groups: Mapping[str, Words], *, about: About, top: float | None = None
) -> go.Figure:
    """Draw what each headline group asked for against what the budgets granted, summed over the plan's years.

    Parameters
    ----------
    frame : DataFrame
        Columns group, asked, granted (yuan).
    groups : mapping
        Headline groups in order, to their names.
    about : About
        What is written beside the chart.
    top : float, optional
        Upper end of the axis, yuan, so that two scenarios can be compared by eye.

    Returns
    -------
    Figure
        Two bars a group, in 100m yuan.
    """
    drawing = Drawing(barmode="group", bargap=0.3, hovermode="closest")
    rows = frame.set_index("group").reindex([group for group in groups if group in set(frame["group"])])
    places = list(range(len(rows)))
    for column, words, colour in (("asked", ASKED, "#b6bcc2"), ("granted", GRANTED, BLUE)):
        drawing.bar(
            {"name": words},
            orientation="h",
            y=places,
            x=(rows[column] / YUAN_SHOWN).round(3).tolist(),
            marker={"color": colour},
            hovertemplate="%{x:,.2f}",
            meta={"table": True},
        )
    names = [groups[str(group)] for group in rows.index]
    drawing.axis("y", tickvals=places, autorange="reversed", showgrid=False, tickformat=None)
    drawing.write("layout.yaxis.ticktext", Words([name.en for name in names], [name.zh for name in names]))
    drawing.axis("x", tickformat=",~f", showgrid=True)
    if top is not None:
        drawing.axis("x", range=[0, top / YUAN_SHOWN * 1.04])
    return drawing.done(about)
