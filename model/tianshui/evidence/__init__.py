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

import yaml

HERE = files(__name__)


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `name`.csv, each a mapping from column to text."""
    return tuple(csv.DictReader(StringIO((HERE / f"{name}.csv").read_text(encoding="utf-8"))))


@cache
def sources() -> dict[str, dict[str, Any]]:
    """The documents that are cited: key to title, year, publisher and day last checked."""
    return yaml.safe_load((HERE / "sources.yaml").read_text(encoding="utf-8"))


@cache
def boundaries() -> dict[str, Any]:
    """County polygons (GeoJSON, WGS-84)."""
    return json.loads((HERE / "boundaries.geojson").read_text(encoding="utf-8"))


@cache
def digest() -> str:
    """Digest of every evidence file, part of the identity of a run."""
    total = blake2s()
    for file in sorted((f for f in HERE.iterdir() if f.is_file()), key=lambda f: f.name):
        if not file.name.endswith((".py", ".parquet")):
            total.update(file.name.encode() + file.read_bytes())
    return total.hexdigest()[:16]
