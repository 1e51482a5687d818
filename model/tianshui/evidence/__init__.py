"""Observed facts: tables and the documents they came from. No model code here.

Each table holds only figures that the model uses, one a row, with document, year and status (found,
derived, recalled, assumed).
"""

import csv
import json
from functools import cache
from hashlib import blake2s
from importlib.resources import files
from io import StringIO
from typing import Any

import pyarrow.parquet
import yaml

HERE = files(__name__)
ENSEMBLE = "ensemble"
"""Draws of what may be wrong that fit the years to 2019: `ensemble.parquet` and what it says of itself, `.json`."""
ENSEMBLE_FROM = 1_000_000
"""Draw that is row 0 of the ensemble; draws of the priors stay far below."""


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `name`.csv, each a mapping from column to text."""
    return tuple(csv.DictReader(StringIO((HERE / f"{name}.csv").read_text(encoding="utf-8"))))


@cache
def sources() -> dict[str, dict[str, Any]]:
    """The documents that are cited: key to title, year, publisher and day last checked.

    Six keys are no documents but say how a number came about: assumed, derived, expert_range, levers,
    mechanisms, recalled. What else an entry may hold stands at the top of the file.
    """
    return yaml.safe_load((HERE / "sources.yaml").read_text(encoding="utf-8"))


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
def ensemble() -> tuple[tuple[int, dict[str, float]], ...]:
    """The fitted draws: of each the draw of the priors from which it comes, and its numbers by full name.

    Empty when none has been fitted.
    """
    place = HERE / f"{ENSEMBLE}.parquet"
    if not place.is_file():
        return ()
    rows = pyarrow.parquet.read_table(pyarrow.BufferReader(place.read_bytes())).to_pylist()
    return tuple(
        (int(row["draw"]), {name: float(value) for name, value in row.items() if "." in name}) for row in rows
    )


@cache
def ensemble_digest() -> str:
    """Digest of the fitted draws, part of the identity of a run that stands on one of them."""
    return blake2s((HERE / f"{ENSEMBLE}.parquet").read_bytes()).hexdigest()[:16]


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
    return json.loads((HERE / "boundaries.geojson").read_text(encoding="utf-8"))


@cache
def digest() -> str:
    """Digest of every evidence file, part of the identity of a run; what was fitted to them stands apart."""
    total = blake2s()
    for file in sorted((f for f in HERE.iterdir() if f.is_file()), key=lambda f: f.name):
        if not file.name.endswith((".py", ".parquet")) and not file.name.startswith(f"{ENSEMBLE}."):
            total.update(file.name.encode() + file.read_bytes())
    return total.hexdigest()[:16]
