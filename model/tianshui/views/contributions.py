"""Which measures did it: the share of each player in the difference between two scenarios.

Players are the headline groups, the plan's pushes or its single items. A bar is a player's Shapley share, its mean
effect over the orders in which the players could be added; the bars sum to the whole difference. The player alone
(a diamond) and the player added last (a circle) lie apart as far as it needs, or is needed by, the others. Grey bars
are the strongest interactions of two groups: what they do together beyond what each does, over every set of the
others. Of many players the strongest are drawn, and the others together.
"""

from collections.abc import Mapping

import plotly.graph_objects as go

from tianshui.indicators import Indicator
from tianshui.views.drawing import (
    FAINT,
    GREY,
    INK,
    About,
    Drawing,
    Table,
    Words,
    number_format,
    shown,
)

ALONE, LAST = Words("alone", "仅此一项"), Words("added last", "最后加入")
SHARE, WHOLE = (
    Words("share in the whole (Shapley)", "在总差异中的份额(沙普利值)"),
    Words("Whole difference", "总差异"),
)
OTHERS = Words("The others together", "其余合计")
PAIR_SIGN = "+"
"""Between the two groups of an interaction."""
PAIRS_SHOWN = 3
PLAYERS_SHOWN = 12
"""Players drawn one by one; where there are more, those with the largest shares."""


def contributions(
    frame: Table,
    indicator: Indicator,
    players: Mapping[str, Words],
    *,
    about: About,
    colours: Mapping[str, str] | None = None,
) -> go.Figure:
    """Draw the share of each player in the difference of one indicator in one year.

    Parameters
    ----------
    frame : DataFrame
        Columns player, measure (`shapley`, `alone`, `last`, `interaction`), middle, low, high in the stored unit:
        whiskers reach from low to high; the player of an interaction is two names with a plus sign between them.
    indicator : Indicator
        What is drawn.
    players : mapping
        Players in order, to their names.
    about : About
        What is written beside the chart.
    colours : mapping, optional
        Players to the colours of their bars.

    Returns
    -------
    Figure
        A row a player, the whole difference below them, and below it the strongest interactions.
    """
    drawing = Drawing(hovermode="closest", barmode="overlay", bargap=0.35)
    rows = {measure: part.set_index("player") for measure, part in frame.groupby("measure", sort=True)}
    every = rows["shapley"].reindex([name for name in players if name in rows["shapley"].index])
    share = _strongest(every)
    places = {name: number for number, name in enumerate(share.index)}
    pattern = f"%{{x:+{number_format(indicator.decimals)}}}"
    drawing.bar(
        {"name": SHARE},
        orientation="h",
        y=list(places.values()),
        x=[shown(value, indicator) for value in share["middle"]],
        marker={"color": [(colours or {}).get(name, FAINT) for name in share.index]},
        error_x=_whiskers(share, indicator),
        hovertemplate=pattern,
        meta={"table": True},
    )
    for measure, words, symbol in (("alone", ALONE, "diamond-open"), ("last", LAST, "circle-open")):
        if measure in rows:
            part = rows[measure].reindex([name for name in share.index if name in rows[measure].index])
            drawing.scatter(
                {"name": words},
                x=[shown(value, indicator) for value in part["middle"]],
                y=[places[name] for name in part.index],
                mode="markers",
                marker={"symbol": symbol, "size": 10, "color": INK, "line": {"width": 2, "color": INK}},
                hovertemplate=pattern,
                meta={"table": True},
            )
    sums = _sums(rows, every, share, players)
    names = [players[name] for name in share.index] + [words for words, _, _ in sums]
    drawing.bar(
        {"name": WHOLE},
        orientation="h",
        y=list(range(len(places), len(names))),
        x=[shown(value, indicator) for _, value, _ in sums],
        marker={"color": [colour for _, _, colour in sums]},
        hovertemplate=pattern,
        showlegend=False,
        meta={"table": True},
    )
    drawing.line("x", 0)
    drawing.axis("y", tickvals=list(range(len(names))), autorange="reversed", showgrid=False, tickformat=None)
    drawing.write("layout.yaxis.ticktext", Words([name.en for name in names], [name.zh for name in names]))
    drawing.axis("x", tickformat=",~f", showgrid=True, nticks=5, tickangle=0)
    return drawing.done(about)


def _strongest(share: Table) -> Table:
    """The players that are drawn one by one, in their order."""
    if len(share) <= PLAYERS_SHOWN:
        return share
    kept = share["middle"].abs().sort_values(ascending=False, kind="stable").index[:PLAYERS_SHOWN]
    return share[share.index.isin(kept)]


def _sums(
    rows: Mapping[str, Table], every: Table, share: Table, players: Mapping[str, Words]
) -> list[tuple[Words, float, str]]:
    """What stands below the players: the others together, the whole, the strongest interactions."""
    found = []
    rest = every[~every.index.isin(share.index)]["middle"]
    if len(rest):
        found.append((OTHERS, float(rest.sum()), FAINT))
    found.append((WHOLE, float(every["middle"].sum()), INK))
    if "interaction" in rows:
        pairs = rows["interaction"]["middle"]
        pairs = pairs[pairs.abs().sort_values(ascending=False, kind="stable").index[:PAIRS_SHOWN]]
        for pair, value in pairs[pairs != 0].items():
            one, other = (players.get(name, Words(name, name)) for name in str(pair).split(PAIR_SIGN))
            found.append((one.then(other, " ×<br>", "×"), float(value), GREY))
    return found


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
