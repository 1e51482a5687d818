"""Assumed rows of evidence tables: as printed in draw 0, each from its own range in every other draw.

    u = uniform(draw, name of the row),    x = what a triangle of low, value, high leaves below it with chance u
    rows of a whole:    x_i <- x_i * sum over assumed rows j of w_j value_j / sum over them of w_j x_j

so that a whole (shares of one, the forest of the prefecture) adds up as it does in print, with the rows that are known
where they are. The chance hangs on the draw and the row's own name alone: two scenarios of one draw see the same, and a
new row disturbs no other. Found, derived and recalled rows stay: their ranges say how exact they are, not what else was
thought possible.

Left out: correlations between rows (nobody published any); priors of wholes (rows scaled to a sum spread less than their
ranges say).
"""

from collections.abc import Callable

from tianshui import evidence
from tianshui.draws import key, triangular, uniform

Row = dict[str, str]


def drawn(row: Row, draw: int, name: str) -> float:
    """The value of one row in a draw; `name` tells its luck from that of others."""
    value = float(row["value"])
    if draw == 0 or row["status"] != "assumed":
        return value
    chance = float(uniform(key(draw, 0, name), 0, 0))
    return triangular(chance, float(row["low"]), value, float(row["high"]))


def _named(name: str, row: Row) -> str:
    """A row's name: its table and what stands before its value."""
    columns = list(row)
    return ".".join([name, *(row[column] for column in columns[: columns.index("value")])])


def _alone(row: Row) -> str:
    return ""


def _alike(row: Row) -> float:
    return 1.0


def table(
    name: str, draw: int, whole: Callable[[Row], str] = _alone, weight: Callable[[Row], float] = _alike
) -> list[tuple[Row, float]]:
    """The rows of a table with their values in a draw.

    `whole` names what a row is part of (empty: nothing that adds up), `weight` says how much a unit of it counts there.
    """
    found = [(row, drawn(row, draw, _named(name, row))) for row in evidence.table(name)]
    printed: dict[str, float] = {}
    moved: dict[str, float] = {}
    for row, value in found:
        if (own := whole(row)) and row["status"] == "assumed":
            printed[own] = printed.get(own, 0.0) + weight(row) * float(row["value"])
            moved[own] = moved.get(own, 0.0) + weight(row) * value
    if draw == 0:
        return found
    scale = {own: printed[own] / total if total > 0.0 else 1.0 for own, total in moved.items()}
    return [
        (row, value * scale.get(whole(row), 1.0) if row["status"] == "assumed" else value)
        for row, value in found
    ]
