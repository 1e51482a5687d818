"""Which measures did it: the share of each headline group in the difference between two scenarios.

A bar is a group's Shapley share, its mean effect over every order in which the groups could be added; the bars
sum to the whole difference. The group alone (a diamond) and the group added last (a circle) lie apart as far as
it needs, or is needed by, the others. Grey bars are the strongest interactions of two groups: what they do
together beyond what each does, over every set of the others.
"""

from collections.abc import Mapping

import plotly.graph_objects as go

from tianshui.indicators import Indicator
from tianshui.views.drawing import (
    FAINT,
    GROUP_COLOURS,
    INK,
    About,
    Drawing,
    Table,
    Words,
    number_format,
    shown,
)

ALONE, LAST = Words("the group alone", "仅此一组"), Words("the group added last", "最后加入此组")
SHARE, WHOLE = (
    Words("share in the whole (Shapley)", "在总差异中的份额(沙普利值)"),
    Words("Whole difference", "总差异"),
)
PAIR_SIGN = "+"
"""Between the two groups of an interaction."""
PAIRS_SHOWN = 3


def contributions(
    frame: Table, indicator: Indicator, groups: Mapping[str, Words], *, about: About
) -> go.Figure:
    """Draw the share of each group in the difference of one indicator in one year.

    Parameters
    ----------
    frame : DataFrame
        Columns group, measure (`shapley`, `alone`, `last`, `interaction`), middle, low, high in the stored
        unit, over worlds; the group of an interaction is two names with a plus sign between them.
    indicator : Indicator
        What is drawn.
    groups : mapping
        Headline groups in order, to their names.
    about : About
        What is written beside the chart.

    Returns
    -------
    Figure
        A row a group, the whole difference below them, and below it the strongest interactions.
    """
    drawing = Drawing(hovermode="closest", barmode="overlay", bargap=0.35)
    rows = {measure: part.set_index("group") for measure, part in frame.groupby("measure", sort=True)}
    share = rows["shapley"].reindex([group for group in groups if group in rows["shapley"].index])
    places = {group: number for number, group in enumerate(share.index)}
    pattern = f"%{{x:+{number_format(indicator.decimals)}}}"
    whole = float(share["middle"].sum())
    drawing.bar(
        {"name": SHARE},
        orientation="h",
        y=list(places.values()),
        x=[shown(value, indicator) for value in share["middle"]],
        marker={"color": [GROUP_COLOURS.get(group, FAINT) for group in share.index]},
        error_x=_whiskers(share, indicator),
        hovertemplate=pattern,
        meta={"table": True},
    )
    for measure, words, symbol in (("alone", ALONE, "diamond-open"), ("last", LAST, "circle-open")):
        if measure in rows:
            part = rows[measure].reindex([group for group in share.index if group in rows[measure].index])
            drawing.scatter(
                {"name": words},
                x=[shown(value, indicator) for value in part["middle"]],
                y=[places[group] for group in part.index],
                mode="markers",
                marker={"symbol": symbol, "size": 10, "color": INK, "line": {"width": 2, "color": INK}},
                hovertemplate=pattern,
                meta={"table": True},
            )
    names = [groups[group] for group in share.index] + [WHOLE]
    values = [whole]
    if "interaction" in rows:
        pairs = rows["interaction"]["middle"]
        pairs = pairs[pairs.abs().sort_values(ascending=False, kind="stable").index[:PAIRS_SHOWN]]
        for pair, value in pairs[pairs != 0].items():
            one, other = (groups.get(group, Words(group, group)) for group in str(pair).split(PAIR_SIGN))
            names.append(one.then(other, " ×<br>", "×"))
            values.append(float(value))
    drawing.bar(
        {"name": WHOLE},
        orientation="h",
        y=list(range(len(places), len(places) + len(values))),
        x=[shown(value, indicator) for value in values],
        marker={"color": [INK] + ["#8c959f"] * (len(values) - 1)},
        hovertemplate=pattern,
        showlegend=False,
        meta={"table": True},
    )
    drawing.line("x", 0)
    drawing.axis("y", tickvals=list(range(len(names))), autorange="reversed", showgrid=False, tickformat=None)
    drawing.write("layout.yaxis.ticktext", Words([name.en for name in names], [name.zh for name in names]))
    drawing.axis("x", tickformat=",~f", showgrid=True, nticks=5, tickangle=0)
    return drawing.done(about)


def _whiskers(share: Table, indicator: Indicator) -> dict[str, object] | None:
    if not (share["low"] < share["high"]).any():
        return None
    return {
        "type": "data",
        "symmetric": False,
        "thickness": 1.2,
        "width": 3,
        "color": INK,
        "array": [shown(value, indicator) for value in share["high"] - share["middle"]],
        "arrayminus": [shown(value, indicator) for value in share["middle"] - share["low"]],
    }
