"""Observed facts: tables and the documents they came from. No model code here.

Each table holds only figures that the model uses, one a row, with document, year and status (found,
derived, recalled, assumed).

A folder of other tables can stand in place of these for a while (`instead`): what was known at the end of 2019, say. Workers
that are started meanwhile read it as well, because the environment names it. Its `beliefs.csv` holds what was believed of
declared numbers then.
"""

import contextlib
import csv
import json
import os
import sys
from collections.abc import Iterator
from functools import cache
from hashlib import blake2s
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import pyarrow.parquet
import yaml

HERE = files(__name__)
FOLDER = "TIANSHUI_EVIDENCE"
"""Variable of the environment that names the folder of other tables."""
OTHERWISE = "beliefs"
"""The table of such a folder that holds other values and ranges of declared numbers."""
ENSEMBLE = "ensemble"
"""Draws of what may be wrong that fit the years to 2019: `ensemble.parquet` and what it says of itself, `.json`."""
HONEST_ENSEMBLE = "ensemble_honest"
"""The same, fitted from what was known at the end of 2019 alone: for the honest backtests, no command lives it otherwise."""
ENSEMBLE_FROM = 1_000_000
"""Draw that is row 0 of the ensemble; draws of the priors stay far below."""


def here() -> Path:
    """The folder of the tables that are read."""
    return Path(os.environ[FOLDER]) if FOLDER in os.environ else Path(str(HERE))


@contextlib.contextmanager
def instead(folder: Path | None) -> Iterator[None]:
    """Read a folder's tables in place of these, in this process and in workers that it starts; None changes nothing.

    Whatever was worked out of the other tables is forgotten, at the beginning and at the end.
    """
    before = os.environ.get(FOLDER)
    if folder is None or str(folder.resolve()) == before:
        yield
        return
    os.environ[FOLDER] = str(folder.resolve())
    _forget()
    try:
        yield
    finally:
        os.environ.pop(FOLDER)
        if before is not None:
            os.environ[FOLDER] = before
        _forget()


def _forget() -> None:
    """Empty every memory of this package: which of them rest on a table, nobody would keep a list of."""
    for name, module in list(sys.modules.items()):
        if name == "tianshui" or name.startswith("tianshui."):
            for one in list(vars(module).values()):
                if callable(clear := getattr(one, "cache_clear", None)):
                    clear()


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `name`.csv, each a mapping from column to text."""
    return tuple(csv.DictReader(StringIO((here() / f"{name}.csv").read_text(encoding="utf-8"))))


@cache
def sources() -> dict[str, dict[str, Any]]:
    """The documents that are cited: key to title, year, publisher and day last checked.

    Six keys are no documents but say how a number came about: assumed, derived, expert_range, levers,
    mechanisms, recalled. What else an entry may hold stands at the top of the file.
    """
    return yaml.safe_load((here() / "sources.yaml").read_text(encoding="utf-8"))


@cache
def _spelled_out() -> tuple[tuple[str, str], ...]:
    """Beginnings of sources that give no key, longest first, each with the key that it stands for."""
    beginnings = [(text, key) for key, entry in sources().items() for text in entry.get("cited_as", ())]
    return tuple(sorted(beginnings, key=lambda pair: (-len(pair[0]), pair[0])))


def document(source: str) -> dict[str, Any]:
    """The document that a `source` leads to: its entry of `sources()`, with `key` and `detail`.

    A source is `key:detail`, a key alone, or a text that names the document itself; the longest beginning
    listed under `cited_as` then decides. `detail` is what is left of the text, or empty. Raises KeyError when
    the source leads to no document.
    """
    key, _, detail = source.partition(":")
    if key not in sources():
        try:
            text, key = next(pair for pair in _spelled_out() if source.startswith(pair[0]))
        except StopIteration:
            raise KeyError(f"no document is known for the source {source!r}") from None
        detail = source[len(text) :]
    return {**sources()[key], "key": key, "detail": detail.strip(" ,;:")}


@cache
def otherwise() -> dict[str, tuple[float, float, float]]:
    """Low, central and high of declared numbers that were believed otherwise, by full name; none in the package's own tables."""
    if not (here() / f"{OTHERWISE}.csv").is_file():
        return {}
    return {
        row["item"]: (float(row["low"]), float(row["value"]), float(row["high"])) for row in table(OTHERWISE)
    }


@cache
def ensemble() -> tuple[tuple[int, dict[str, float]], ...]:
    """The fitted draws: of each the draw of the priors from which it comes, and its numbers by full name.

    Empty when none has been fitted.
    """
    place = here() / f"{ENSEMBLE}.parquet"
    if not place.is_file():
        return ()
    rows = pyarrow.parquet.read_table(pyarrow.BufferReader(place.read_bytes())).to_pylist()
    return tuple(
        (int(row["draw"]), {name: float(value) for name, value in row.items() if "." in name}) for row in rows
    )


@cache
def ensemble_digest() -> str:
    """Digest of the fitted draws, part of the identity of a run that stands on one of them."""
    return blake2s((here() / f"{ENSEMBLE}.parquet").read_bytes()).hexdigest()[:16]


def fitted(draw: int) -> tuple[int, dict[str, float]] | None:
    """The row of the ensemble that a draw means, None for a draw of the priors.

    Raises ValueError for a row that the ensemble does not have.
    """
    if draw < ENSEMBLE_FROM:
        return None
    rows = ensemble()
    if draw - ENSEMBLE_FROM >= len(rows):
        raise ValueError(f"the ensemble has {len(rows)} draws, so there is no draw {draw}")
    return rows[draw - ENSEMBLE_FROM]


@cache
def boundaries() -> dict[str, Any]:
    """County polygons (GeoJSON, WGS-84)."""
    return json.loads((here() / "boundaries.geojson").read_text(encoding="utf-8"))


@cache
def digest() -> str:
    """Digest of every evidence file, part of the identity of a run; what was fitted to them stands apart."""
    total = blake2s()
    for file in sorted((f for f in here().iterdir() if f.is_file()), key=lambda f: f.name):
        if not file.name.endswith((".py", ".parquet")) and not file.name.startswith(ENSEMBLE):
            total.update(file.name.encode() + file.read_bytes())
    return total.hexdigest()[:16]
