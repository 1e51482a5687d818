"""A result as its manifest tells it.

A folder may hold more runs than the last command asked for: those of a scenario before it was edited, or of
more pairs. And one run may stand for two scenarios that set the same numbers. So what is read is what the
manifest lists, under the names it gives.
"""

import json
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from tianshui import archive
from tianshui.words import InputError

BACKTEST = "backtest"
"""What the manifest of a backtest calls itself, and the usual name of its folder."""
CELLS, MANIFEST = "cells.parquet", "manifest.json"
"""Files of a backtest."""


class Result(archive.Results):
    """The runs that a folder's manifest lists, read as `archive.Results` reads all of them."""

    @property
    def runs(self) -> tuple[str, ...]:
        """Ids of the listed runs that are there, whole and unaltered."""
        listed = frozenset(entry["id"] for entry in self.manifest.get("runs", ()))
        return tuple(run for run in super().runs if run in listed)

    def relation(self, kind: str = archive.RUNS) -> duckdb.DuckDBPyRelation:
        """All rows as a DuckDB relation; `kind` is "runs" or "distributions"."""
        there = self.runs
        files = {run: str(self.folder / kind / f"{run}{archive.SUFFIX}") for run in there}
        if not files:
            return super().relation(kind)
        listed = [entry for entry in self.manifest["runs"] if entry["id"] in files]
        names: Any = pd.DataFrame({
            "filename": [files[entry["id"]] for entry in listed],
            "called": [entry["scenario"] for entry in listed],
        }).drop_duplicates()  # fmt: skip
        rows = self._database.read_parquet(list(files.values()), filename=True)
        columns = ", ".join(name for name in archive.SCHEMAS[kind].names if name != "scenario")
        joined = rows.join(self._database.from_df(names), "filename")
        return joined.project(f"called AS scenario, {columns}")


def backtest_result(folder: Path) -> tuple[dict[str, Any], Any]:
    """Manifest and cells of a finished backtest.

    Raises
    ------
    InputError
        When the folder holds none.
    """
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        cells = pd.read_parquet(folder / CELLS)
        if told["kind"] == BACKTEST:
            return told, cells
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise InputError("no_backtest", folder=folder)
