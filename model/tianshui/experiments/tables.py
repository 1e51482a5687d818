"""The tables beside a result, as they are read: shares of a difference, and four lines under two sets of assumptions.

`attribute` and `under` make them; whoever shows them need not know how. Both hold the prefecture's values world by
world and are summed up here.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from tianshui.indicators import HEADLINES

KINDS = ("groups", "pushes", "items")
"""Who may share in a difference."""
SHAPLEY, ALONE, LAST, ERROR = "shapley", "alone", "last", "standard_error"
SHARE_KEYS = ["indicator", "year", "player", "measure"]
SHARE_COLUMNS = [*SHARE_KEYS, "seed", "draw", "value"]

UNDER = "under.parquet"
LINES = ("baseline", "policy", "baseline_under", "policy_under")
CONTRASTS = {
    "policy": ("policy", "baseline"),
    "policy_under": ("policy_under", "baseline_under"),
    "assumptions": ("baseline_under", "baseline"),
    "assumptions_policy": ("policy_under", "policy"),
}
"""What each difference of lines takes from what."""
LINE_KEYS = ["under", "title_en", "title_zh", "indicator", "year"]
LINE_COLUMNS = [*LINE_KEYS, "line", "seed", "draw", "value"]


def shares_file(kind: str) -> str:
    """The table of the shares of a kind of players in a result folder."""
    return "attribution.parquet" if kind == "groups" else f"attribution_{kind}.parquet"


def shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum up the shares of a difference over their worlds.

    Returns
    -------
    DataFrame
        Columns indicator, year, player, measure, middle (mean), low, high, worlds, standard_error. The error of a
        share is that over the worlds where there are several, each with its own luck, beliefs and orders; in one
        world that over its pairs of orders, none when every set was run.
    """
    is_error = rows["measure"] == ERROR
    own: Any = rows[~is_error].groupby(SHARE_KEYS, sort=True, observed=True)["value"]
    table = own.agg(middle="mean", low="min", high="max", worlds="size", spread="std").reset_index()
    errors: Any = rows[is_error].groupby(SHARE_KEYS[:-1], observed=True)["value"]
    within = errors.mean().rename("within").reset_index()
    table = table.merge(within, on=SHARE_KEYS[:-1], how="left")
    over_worlds = table["spread"] / np.sqrt(table["worlds"])
    error = over_worlds.where(table["worlds"] > 1, table["within"])
    table["standard_error"] = error.where(table["measure"] == SHAPLEY)
    return table.drop(columns=["spread", "within"])


def lines(rows: pd.DataFrame, years: Sequence[int], indicators: Sequence[str] = HEADLINES) -> pd.DataFrame:
    """Sum four lines up over their worlds, and what policy and assumptions do, taken world by world.

    Returns
    -------
    DataFrame
        Columns under, title_en, title_zh (of the scenario that lends its assumptions), indicator, year, kind (`line`
        or `difference`), name (of `LINES` or `CONTRASTS`), middle (median), low, high, worlds.
    """
    chosen = rows[rows["indicator"].isin(indicators) & rows["year"].isin(years)]
    table: Any = chosen.set_index([*LINE_KEYS, "seed", "draw", "line"])["value"].unstack("line")
    wide = table.reindex(columns=list(LINES)).dropna()
    parts: Any = {("line", line): wide[line] for line in LINES}
    parts |= {("difference", name): wide[one] - wide[other] for name, (one, other) in CONTRASTS.items()}
    names: Any = ["kind", "name"]
    long: Any = pd.concat(parts, names=names).rename("value").reset_index()
    grouped = long.groupby([*LINE_KEYS, "kind", "name"], sort=True, observed=True)["value"]
    return grouped.agg(middle="median", low="min", high="max", worlds="size").reset_index()
