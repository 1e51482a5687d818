"""Results on disk: one pair of Parquet files a run, a ledger that knows their bytes, and ways to read them.

    <folder>/runs/<id>.parquet            scenario, sample, seed, draw, year, area, indicator, value
    <folder>/distributions/<id>.parquet   scenario, sample, seed, draw, year, area, measure, bin, value
    <folder>/ledger                       one line a run: id, size and checksum of either file, check of the line
    <folder>/manifest.json                what was planned and under which assumptions
    <folder>/headlines.parquet            the headline indicators of the prefecture; made from the runs

A file is written under a temporary name in its own folder, brought to disk, noted in the ledger by size and
checksum (BLAKE2b), and then renamed, so that a name always stands for whole contents. The name is the digest of
everything that determines the run: two processes that write the same run write the same bytes, and what exists
is never written again. A file that is no longer what the ledger says is moved aside as `<id>.parquet.damaged`
and reported as missing; the rest stays readable. Each Parquet file also carries a digest of its own columns, from
which a lost or torn ledger is made anew.

Nothing here knows the model: readers of results need this module and `indicators` alone.
"""

import errno
import fcntl
import io
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tianshui.indicators import (
    AREAS,
    DISTRIBUTIONS,
    GROUPS,
    HEADLINES,
    INDICATORS,
    PREFECTURE,
    PRICE_YEAR,
    START_YEAR,
    known,
)
from tianshui.words import Told, reason

SCHEMA = 1
"""Version of the layout."""
RUNS, SPREADS, LEDGER, MANIFEST, FIRST_LOOK, LOCK = (
    "runs", "distributions", "ledger", "manifest.json", "headlines.parquet", ".lock",
)  # fmt: skip
KINDS = (RUNS, SPREADS)
SUFFIX, DAMAGED = ".parquet", ".damaged"
ASIDE = "damaged and set aside"
DIGEST_BYTES = 16
_OWN_DIGEST = b"tianshui.columns"
_NAME = re.compile(r"[0-9a-f]{8,64}")
_KEYS = ("scenario", "sample", "seed", "draw")
_order = count()

_TEXT = pa.dictionary(pa.int32(), pa.string())
_HEAD = [("scenario", _TEXT), ("sample", pa.float64()), ("seed", pa.int64()), ("draw", pa.int64()),
         ("year", pa.int16()), ("area", _TEXT)]  # fmt: skip
SCHEMAS = {
    RUNS: pa.schema([*_HEAD, ("indicator", _TEXT), ("value", pa.float64())]),
    SPREADS: pa.schema([*_HEAD, ("measure", _TEXT), ("bin", pa.int16()), ("value", pa.float64())]),
}
"""Columns of the two kinds of files."""


class ArchiveError(Told):
    """What went wrong with a folder of results, in plain words."""


class RunLike(Protocol):
    """What `write_run` needs of a run."""

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        ...

    @property
    def sample(self) -> float:
        """Share of households."""
        ...

    @property
    def seed(self) -> int:
        """Seed of luck."""
        ...

    @property
    def draw(self) -> int:
        """Draw of beliefs."""
        ...

    @property
    def id(self) -> str:
        """Digest of all that determines the run, hexadecimal."""
        ...

    @property
    def table(self) -> Mapping[str, np.ndarray]:
        """Columns year, area, indicator, value."""
        ...

    @property
    def distributions(self) -> Mapping[str, np.ndarray]:
        """Columns year, area, measure, bin, value."""
        ...


class Stored(NamedTuple):
    """A run read back."""

    scenario: str
    sample: float
    seed: int
    draw: int
    id: str
    table: dict[str, np.ndarray]
    """Columns year (i2), area, indicator, value (f8)."""
    distributions: dict[str, np.ndarray]
    """Columns year (i2), area, measure, bin (i2), value (f8)."""


class Line(NamedTuple):
    """One run in the ledger: sizes and checksums of its two files, in the order of `KINDS`."""

    id: str
    sizes: tuple[int, int]
    checksums: tuple[str, str]

    def text(self) -> str:
        """The line as it is written; its last word checks the others."""
        words = f"{self.id} {self.sizes[0]} {self.checksums[0]} {self.sizes[1]} {self.checksums[1]}"
        return f"{words} {zlib.crc32(words.encode()):08x}\n"


class Damage(NamedTuple):
    """A file that is not what the ledger says."""

    id: str
    file: str
    reason: str


# --- Bytes on disk ------------------------------------------------------------------------------------


def checksum(data: bytes) -> str:
    """BLAKE2b of some bytes, 32 hex digits."""
    return blake2b(data, digest_size=DIGEST_BYTES).hexdigest()


def _plain(error: OSError, path: Path) -> ArchiveError:
    """An error of the operating system in plain words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ArchiveError("archive.disk_full", path=path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return ArchiveError("archive.read_only", path=path)
    return ArchiveError("archive.os", path=path, why=reason(error))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _temporary(path: Path) -> Path:
    """A name beside `path` that no other process or call uses."""
    return path.with_name(f".{path.name}.{os.getpid()}.{next(_order)}.tmp")


def _prepare(path: Path, data: bytes) -> Path:
    """Bring bytes to disk under a temporary name beside `path`.

    Raises
    ------
    ArchiveError
        When the disk is full or the folder may not be written to; no temporary file is left.
    """
    name = _temporary(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):
            name.unlink()
        raise _plain(error, path) from error
    return name


def _write(path: Path, data: bytes) -> None:
    """Write a file so that its name stands for the old contents or for the new, never for a part."""
    name = _prepare(path, data)
    try:
        name.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            name.unlink()
        raise _plain(error, path) from error


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process at a time touch ledger, manifest and headlines; the lock dies with its owner."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _plain(error, folder) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _valid_id(run: str) -> str:
    if not _NAME.fullmatch(run):
        raise ArchiveError("archive.run_name", run=repr(run))
    return run


def _file(folder: Path, kind: str, run: str) -> Path:
    return folder / kind / f"{_valid_id(run)}{SUFFIX}"


# --- Parquet ----------------------------------------------------------------------------------------------


def _texts(values: Any) -> pa.Array:
    return pa.array(np.asarray(values, object), pa.string()).dictionary_encode()


def _columns(kind: str, run: RunLike) -> pa.Table:
    """A run's table or distributions with the columns that tell it from other runs; NaN becomes null."""
    part = run.table if kind == RUNS else run.distributions
    size = len(part["value"])
    single = {"scenario": run.scenario, "sample": run.sample, "seed": run.seed, "draw": run.draw}
    arrays = []
    for field in SCHEMAS[kind]:
        values = np.full(size, single[field.name]) if field.name in single else part[field.name]
        if field.type == _TEXT:
            arrays.append(_texts(values).cast(_TEXT))
        elif field.name == "value":
            arrays.append(pa.array(np.asarray(values, np.float64), field.type, from_pandas=True))
        else:
            arrays.append(pa.array(np.asarray(values), field.type))
    return pa.table(arrays, schema=SCHEMAS[kind])


def _content(table: pa.Table) -> str:
    """Digest of what a table says, whatever way it is packed."""
    total = blake2b(digest_size=DIGEST_BYTES)
    for field in table.schema:
        column = table.column(field.name)
        total.update(field.name.encode())
        if field.type == _TEXT:
            texts = column.to_pandas().astype(object).to_numpy()
            total.update("\0".join(map(str, texts)).encode())
        else:
            total.update(np.ascontiguousarray(column.to_pandas().to_numpy()).tobytes())
    return total.hexdigest()


def _pack(table: pa.Table) -> bytes:
    """A table as the bytes of a Parquet file; the same table gives the same bytes."""
    table = table.replace_schema_metadata({_OWN_DIGEST: _content(table).encode()})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", use_dictionary=True, write_page_checksum=True)
    return sink.getvalue().to_pybytes()


def _unpack(data: bytes, *, prove: bool = False) -> pa.Table:
    """The table of a Parquet file; with `prove` its contents are held against the digest it carries."""
    try:
        table = pq.read_table(pa.BufferReader(data), page_checksum_verification=True)
        said = (table.schema.metadata or {}).get(_OWN_DIGEST, b"").decode("ascii", "replace")
        if prove and said != _content(table):
            raise ArchiveError("archive.digest")
    except (pa.ArrowException, OSError, ValueError, KeyError, UnicodeDecodeError) as error:
        raise ArchiveError("archive.parquet", kind=type(error).__name__) from error
    return table


# --- The ledger -----------------------------------------------------------------------------------------


def _parse(text: str) -> Line | None:
    """A line of the ledger; None for one that was torn or altered."""
    words = text.split(" ")
    if len(words) != 2 + 2 * len(KINDS) or not _NAME.fullmatch(words[0]):
        return None
    try:
        line = Line(words[0], (int(words[1]), int(words[3])), (words[2], words[4]))
    except ValueError:
        return None
    return line if line.text() == f"{text}\n" else None


def ledger(folder: str | Path) -> dict[str, Line]:
    """What the ledger knows, by id; torn lines are passed over, of two lines of a run the last holds."""
    try:
        text = (Path(folder) / LEDGER).read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _plain(error, Path(folder) / LEDGER) from error
    lines = (_parse(line) for line in text.split("\n"))
    return {line.id: line for line in lines if line}


def _note(folder: Path, line: Line) -> None:
    """Add a line to the ledger, on disk when this returns; the caller holds the lock."""
    path = folder / LEDGER
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            size = os.fstat(handle).st_size
            # A writer that died in the middle of its line must not spoil the next one.
            torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
            data = (b"\n" if torn else b"") + line.text().encode()
            if os.write(handle, data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise _plain(error, path) from error


def rebuild(folder: str | Path) -> dict[str, Line]:
    """Make the ledger anew from the files whose contents match the digest they carry; returns it.

    Temporary files that dead writers left are removed, so nobody may be writing meanwhile.
    """
    folder = Path(folder)
    with _locked(folder):
        for kind in KINDS:
            for left in sorted((folder / kind).glob(".*.tmp")):
                with suppress(OSError):
                    left.unlink()
        lines = {}
        for path in sorted((folder / RUNS).glob(f"*{SUFFIX}")):
            if _NAME.fullmatch(path.stem) and (line := _proven(folder, path.stem)):
                lines[line.id] = line
        _write(folder / LEDGER, "".join(line.text() for line in lines.values()).encode())
    return lines


def _proven(folder: Path, run: str) -> Line | None:
    """The line of a run whose two files prove themselves; None when they do not."""
    sizes, sums = [], []
    for kind in KINDS:
        try:
            data = _file(folder, kind, run).read_bytes()
            _unpack(data, prove=True)
        except (OSError, ArchiveError):
            return None
        sizes.append(len(data))
        sums.append(checksum(data))
    return Line(run, (sizes[0], sizes[1]), (sums[0], sums[1]))


# --- One run ------------------------------------------------------------------------------------------------


def _aside(path: Path) -> Path:
    """Name of a damaged file."""
    return path.with_name(path.name + DAMAGED)


def _check(folder: Path, line: Line, kind: str) -> tuple[bytes, str]:
    """The bytes of a file and, when they are not what the ledger says, why."""
    row = KINDS.index(kind)
    path = _file(folder, kind, line.id)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return b"", ASIDE if _aside(path).exists() else "absent"
    except OSError as error:
        return b"", error.strerror or "unreadable"
    if len(data) != line.sizes[row]:
        return b"", "truncated" if len(data) < line.sizes[row] else "lengthened"
    return (data, "") if checksum(data) == line.checksums[row] else (b"", "altered")


def _set_aside(folder: Path, line: Line, kind: str) -> str:
    """Move a damaged file out of the way and say why; "" when another process has mended it meanwhile.

    In a folder that may not be written to it stays where it is.
    """
    why = _check(folder, line, kind)[1]
    with suppress(ArchiveError, OSError), _locked(folder):
        why = _check(folder, line, kind)[1]
        if why and _file(folder, kind, line.id).exists():
            path = _file(folder, kind, line.id)
            path.replace(_aside(path))
    return why


def _verified(
    folder: Path, run: str, lines: Mapping[str, Line] | None = None
) -> tuple[list[bytes], list[Damage]]:
    """A run's two files, or what is wrong with them; what is damaged is set aside.

    A run without a line in the ledger counts when its files prove themselves: the ledger may have been lost.
    """
    line = (ledger(folder) if lines is None else lines).get(run) or _proven(folder, run)
    if line is None:
        there = any(_file(folder, kind, run).exists() for kind in KINDS)
        return [], [Damage(run, RUNS, "not in the ledger and not whole" if there else "absent")]
    read, damage = [], []
    for kind in KINDS:
        data, why = _check(folder, line, kind)
        if why:
            if why := _set_aside(folder, line, kind):
                damage.append(Damage(run, kind, why))
            else:
                data = _check(folder, line, kind)[0]
        read.append(data)
    return ([], damage) if damage else (read, [])


def exists(folder: str | Path, run: str) -> bool:
    """Whether a run is there, whole and unaltered; a damaged file is set aside."""
    return not _verified(Path(folder), _valid_id(run))[1]


def write_run(folder: str | Path, run: RunLike) -> bool:
    """Keep a run; False when it was there already, whole and unaltered, and nothing was written.

    Raises
    ------
    ArchiveError
        When the disk is full or the folder may not be written to. What was there stays as it was.
    """
    folder = Path(folder)
    if exists(folder, run.id) and run.id in ledger(folder):
        return False
    data = [_pack(_columns(kind, run)) for kind in KINDS]
    line = Line(run.id, (len(data[0]), len(data[1])), (checksum(data[0]), checksum(data[1])))
    waiting: list[Path] = []
    try:
        for kind, contents in zip(KINDS, data, strict=True):
            waiting.append(_prepare(_file(folder, kind, run.id), contents))
        with _locked(folder):
            # The ledger first: a name without a line cannot be told from a stranger, a line without a
            # name says plainly that the run is not there yet.
            if ledger(folder).get(run.id) != line:
                _note(folder, line)
            for kind, name in reversed(list(zip(KINDS, waiting, strict=True))):
                path = _file(folder, kind, run.id)
                try:
                    name.replace(path)
                    _sync_folder(path.parent)
                except OSError as error:
                    raise _plain(error, path) from error
    finally:
        for name in waiting:
            with suppress(OSError):
                name.unlink(missing_ok=True)
    return True


def read_run(folder: str | Path, run: str) -> Stored | None:
    """A run read back, or None when it is missing or damaged (what is damaged is set aside)."""
    data, damage = _verified(Path(folder), _valid_id(run))
    if damage:
        return None
    rows, spread = (_unpack(one).to_pandas() for one in data)
    if rows.empty:
        return None
    first = rows.iloc[0]
    return Stored(
        str(first["scenario"]), float(first["sample"]), int(first["seed"]), int(first["draw"]), run,
        _arrays(rows), _arrays(spread),
    )  # fmt: skip


def _arrays(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """The columns of a frame without those that tell runs apart, texts as NumPy texts."""
    return {
        str(name): column.to_numpy(np.str_) if column.dtype == "category" else column.to_numpy()
        for name, column in frame.drop(columns=list(_KEYS)).items()
    }


# --- The manifest -------------------------------------------------------------------------------------------


def write_manifest(folder: str | Path, manifest: Mapping[str, Any]) -> None:
    """Keep what was planned, as JSON."""
    try:
        text = json.dumps({"schema": SCHEMA, **manifest}, ensure_ascii=False, indent=1, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ArchiveError("archive.cannot_hold", file=MANIFEST, why=error) from error
    folder = Path(folder)
    with _locked(folder):
        _write(folder / MANIFEST, text.encode() + b"\n")


def read_manifest(folder: str | Path) -> dict[str, Any]:
    """What was planned.

    Raises
    ------
    ArchiveError
        When there is no manifest, it is no JSON, or it was written by a later version.
    """
    path = Path(folder) / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise ArchiveError("archive.no_manifest", folder=folder, file=MANIFEST) from None
    except OSError as error:
        raise _plain(error, path) from error
    except ValueError as error:
        raise ArchiveError("archive.not_json", path=path) from error
    if not isinstance(manifest, dict) or manifest.get("schema", 0) > SCHEMA:
        raise ArchiveError("archive.later", path=path, schema=SCHEMA)
    return manifest


# --- All runs of a folder -----------------------------------------------------------------------------------


class Results:
    """The runs of one folder, also of one that is still being written.

    Every reading call looks at the ledger anew; a file is verified the first time it is read and again when
    it changes. `missing` tells which runs are not there and why.

    Parameters
    ----------
    folder : str or Path
        A folder of results.

    Raises
    ------
    ArchiveError
        When there is no such folder or it holds no results.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise ArchiveError("archive.no_folder", folder=folder)
        if not any((self.folder / name).exists() for name in (MANIFEST, LEDGER, RUNS)):
            raise ArchiveError("archive.no_results", folder=folder)
        self._good: dict[str, tuple] = {}
        self._damage: dict[str, tuple[Damage, ...]] = {}
        self._database = duckdb.connect(":memory:")
        self.refresh()

    @property
    def manifest(self) -> dict[str, Any]:
        """What was planned; an empty mapping while it is not written yet."""
        return read_manifest(self.folder) if (self.folder / MANIFEST).exists() else {}

    @property
    def runs(self) -> tuple[str, ...]:
        """Ids of the runs that are there, whole and unaltered."""
        self.refresh()
        return tuple(sorted(self._good))

    @property
    def missing(self) -> dict[str, str]:
        """Runs that the ledger or the manifest names and that cannot be read, and why."""
        self.refresh()
        found = {run: f"{parts[0].file}: {parts[0].reason}" for run, parts in sorted(self._damage.items())}
        for entry in self.manifest.get("runs", ()):
            run = entry.get("id", "")
            if run not in self._good and run not in found:
                found[run] = "not written yet"
        return found

    def refresh(self) -> None:
        """Look at the ledger and the files again; what changed since is verified."""
        lines = ledger(self.folder)
        names = sorted(
            {path.stem for path in (self.folder / RUNS).glob(f"*{SUFFIX}") if _NAME.fullmatch(path.stem)}
            | set(lines)
        )
        self._good = {run: mark for run, mark in self._good.items() if run in names}
        for run in names:
            mark = (lines.get(run), *(_mark(_file(self.folder, kind, run)) for kind in KINDS))
            if self._good.get(run) == mark:
                continue
            damage = _verified(self.folder, run, lines)[1]
            if damage:
                self._good.pop(run, None)
                # What was wrong is told even after the file was set aside.
                if damage[0].reason != ASIDE or run not in self._damage:
                    self._damage[run] = tuple(damage)
            else:
                self._good[run] = mark
                self._damage.pop(run, None)
        self._damage = {run: damage for run, damage in self._damage.items() if run in names}

    def relation(self, kind: str = RUNS) -> duckdb.DuckDBPyRelation:
        """All rows as a DuckDB relation; `kind` is "runs" or "distributions"."""
        known(kind, KINDS, "kind of table")
        files = [str(_file(self.folder, kind, run)) for run in self.runs]
        if not files:
            empty = SCHEMAS[kind].empty_table()
            return self._database.from_arrow(empty)
        return self._database.read_parquet(files)

    def frame(
        self,
        indicators: Sequence[str] | None = None,
        areas: Sequence[str] | None = None,
        years: Sequence[int] | None = None,
    ) -> pd.DataFrame:
        """Values as a long frame: scenario, sample, seed, draw, year, area, indicator, value.

        Raises
        ------
        KeyError
            For an indicator or area that does not exist, with the nearest that does.
        """
        wanted = {
            "indicator": _strict(indicators, INDICATORS, "indicator"),
            "area": _strict(areas, AREAS, "area"),
            "year": None if years is None else [int(year) for year in years],
        }
        return self._frame(RUNS, wanted, "indicator")

    def distributions(
        self,
        measures: Sequence[str] | None = None,
        areas: Sequence[str] | None = None,
        years: Sequence[int] | None = None,
    ) -> pd.DataFrame:
        """Distributions as a long frame: scenario, sample, seed, draw, year, area, measure, bin, value."""
        wanted = {
            "measure": _strict(measures, DISTRIBUTIONS, "measure"),
            "area": _strict(areas, AREAS, "area"),
            "year": None if years is None else [int(year) for year in years],
        }
        return self._frame(SPREADS, wanted, "measure", "bin")

    def _frame(self, kind: str, wanted: Mapping[str, list | None], *last: str) -> pd.DataFrame:
        relation = self.relation(kind)
        for column, values in wanted.items():
            if values is not None:
                relation = relation.filter(
                    duckdb.ColumnExpression(column).isin(*map(duckdb.ConstantExpression, values))
                    if values
                    else duckdb.ConstantExpression(False)
                )
        frame = relation.order(", ".join((*_KEYS, "year", "area", *last))).df()
        return frame.astype({name: str for name in ("scenario", "area", last[0])})

    def headlines(self) -> pd.DataFrame:
        """The headline indicators of the prefecture as a long frame; kept beside the runs."""
        return headlines(self)

    def dataset(self, indicators: Sequence[str] | None = None, areas: Sequence[str] | None = None) -> Any:
        """All values as one xarray Dataset: a variable an indicator, over the dimensions
        scenario, sample, pair (of seed and draw), year and area; NaN where nothing was counted.

        Units and names in both languages are attributes (CF conventions for names, units and missing values).
        """
        import xarray as xr  # Takes a third of a second, which readers of frames need not pay.

        frame = self.frame(indicators, areas)
        there = frozenset(frame["area"])
        pairs = sorted(set(zip(frame["seed"].tolist(), frame["draw"].tolist(), strict=True)))
        axes = {
            "scenario": list(dict.fromkeys(frame["scenario"])),
            "sample": sorted(frame["sample"].unique().tolist(), reverse=True),
            "pair": pairs,
            "year": sorted(frame["year"].unique().tolist()),
            "area": [area for area in AREAS if area in there],
        }
        shape = tuple(len(axis) for axis in axes.values())
        frame = frame.assign(pair=list(zip(frame["seed"], frame["draw"], strict=True)))
        cell = np.zeros(len(frame), np.int64)
        for name, axis in axes.items():
            place = {label: row for row, label in enumerate(axis)}
            cell = cell * len(axis) + np.array([place[label] for label in frame[name]], np.int64)
        variables = {}
        for name, rows in sorted(frame.groupby("indicator").indices.items()):
            values = np.full(int(np.prod(shape)), np.nan)
            values[cell[rows]] = frame["value"].to_numpy()[rows]
            variables[name] = (tuple(axes), values.reshape(shape), _attributes(str(name)))
        return xr.Dataset(variables, _coordinates(axes), self._attributes())

    def _attributes(self) -> dict[str, str]:
        manifest = self.manifest
        return {
            "Conventions": "CF-1.11",
            "title": "Scenarios of Tianshui prefecture",
            "title_zh": "天水市情景模拟结果",
            "source": f"tianshui; sources {manifest.get('sources', '')}; evidence {manifest.get('evidence', '')}",
            "intervals": str(manifest.get("intervals", "")),
        }


def _mark(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file does."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def _strict(names: Sequence[str] | None, valid: Iterable[str], what: str) -> list[str] | None:
    if names is None:
        return None
    names = [names] if isinstance(names, str) else list(names)
    return [known(name, valid, what) for name in names]


def _attributes(name: str) -> dict[str, Any]:
    """Unit and names of an indicator, as attributes of a variable."""
    row = INDICATORS.get(name)
    if row is None:  # Written by another version of the table.
        return {"long_name": name}
    attributes: dict[str, Any] = {
        "long_name": row.en, "long_name_zh": row.zh, "units": row.unit, "shown_units": row.shown_en,
        "shown_units_zh": row.shown_zh, "shown_factor": row.factor, "group": row.group, "better": row.better,
    }  # fmt: skip
    if row.denominator[0]:
        attributes |= {"denominator": row.denominator[0], "denominator_zh": row.denominator[1]}
    return attributes


def _coordinates(axes: Mapping[str, list]) -> dict[str, Any]:
    pairs = axes["pair"]
    areas = axes["area"]
    return {
        "scenario": ("scenario", np.array(axes["scenario"], np.str_), {"long_name": "scenario"}),
        "sample": ("sample", np.array(axes["sample"], np.float64), {"long_name": "share of households", "units": "1"}),
        "pair": ("pair", np.arange(len(pairs)), {"long_name": "pair of seed and draw"}),
        "seed": ("pair", np.array([seed for seed, _ in pairs], np.int64), {"long_name": "seed of luck"}),
        "draw": ("pair", np.array([draw for _, draw in pairs], np.int64), {"long_name": "draw of beliefs"}),
        "year": ("year", np.array(axes["year"], np.int64), {"long_name": "year", "units": "year"}),
        "area": ("area", np.array(areas, np.str_), {"long_name": "area"}),
        "area_name": ("area", np.array([AREAS[area][0] for area in areas], np.str_), {"long_name": "area"}),
        "area_name_zh": ("area", np.array([AREAS[area][1] for area in areas], np.str_), {"long_name": "地区"}),
    }  # fmt: skip


def headlines(folder: "str | Path | Results") -> pd.DataFrame:
    """The headline indicators of the prefecture: scenario, sample, seed, draw, year, area, indicator, value.

    They are kept in `headlines.parquet` and made anew when the runs changed (or the file did); in a folder that
    may not be written to they are made each time.
    """
    results = folder if isinstance(folder, Results) else Results(folder)
    path = results.folder / FIRST_LOOK
    basis = checksum("\n".join((*results.runs, *HEADLINES)).encode())
    with suppress(OSError, ArchiveError):
        table = _unpack(path.read_bytes(), prove=True)
        if (table.schema.metadata or {}).get(b"tianshui.runs") == basis.encode():
            frame = table.to_pandas()
            return frame.astype({name: str for name in ("scenario", "area", "indicator")})
    frame = results.frame(HEADLINES, [PREFECTURE])
    table = pa.Table.from_pandas(frame, SCHEMAS[RUNS], preserve_index=False)
    metadata = {_OWN_DIGEST: _content(table).encode(), b"tianshui.runs": basis.encode()}
    sink = pa.BufferOutputStream()
    pq.write_table(
        table.replace_schema_metadata(metadata), sink, compression="zstd", write_page_checksum=True
    )
    with suppress(ArchiveError), _locked(results.folder):
        _write(path, sink.getvalue().to_pybytes())
    return frame


# --- Export ---------------------------------------------------------------------------------------------------


def to_csv(results: Results, file: str | Path) -> None:
    """Write every value as CSV (UTF-8 with a mark, so that spreadsheets read the Chinese): names, unit, value."""
    frame = results.frame()
    rows = [INDICATORS.get(name) for name in frame["indicator"]]
    frame.insert(7, "name", [row.en if row else "" for row in rows])
    frame.insert(8, "name_zh", [row.zh if row else "" for row in rows])
    frame.insert(9, "unit", [row.unit if row else "" for row in rows])
    _write(Path(file), frame.to_csv(index=False, lineterminator="\n").encode("utf-8-sig"))


def to_xlsx(results: Results, file: str | Path) -> None:
    """Write the headlines (a row an indicator and scenario, a column a year, units as shown), the list of
    indicators, and where the numbers come from, as a workbook of three sheets.

    With several pairs of seed and draw the middle value stands; runs of the largest sample only.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheets = (book.active, book.create_sheet(), book.create_sheet())
    titles = ("Headlines 主要指标", "Indicators 指标说明", "Sources 来源")
    for sheet, title, rows in zip(sheets, titles, (_wide(results), _units(), _sources(results)), strict=True):
        assert sheet is not None
        sheet.title = title
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row, 1):
                cell = sheet.cell(number, place)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"  # A text that starts with "=" is no formula.
        sheet.freeze_panes = "A2"
    packed = io.BytesIO()
    book.save(packed)
    _write(Path(file), _timeless(packed.getvalue()))


def _wide(results: Results) -> Iterator[list[Any]]:
    frame = results.headlines()
    largest = frame["sample"].max()
    columns = (frame[name].tolist() for name in ("indicator", "scenario", "year", "sample", "value"))
    found: dict[tuple[str, str, int], list[float]] = {}
    for name, scenario, year, sample, value in zip(*columns, strict=True):
        if sample == largest and np.isfinite(value):
            found.setdefault((name, scenario, year), []).append(value)
    years = sorted({year for _, _, year in found})
    yield ["indicator", "name", "名称", "unit", "单位", "scenario", *years]
    for name in HEADLINES:
        row = INDICATORS[name]
        for scenario in dict.fromkeys(frame["scenario"]):
            values = (found.get((name, scenario, year)) for year in years)
            shown = [float(np.median(held)) * row.factor if held else None for held in values]
            yield [name, row.en, row.zh, row.shown_en, row.shown_zh, scenario, *shown]


def _units() -> Iterator[list[Any]]:
    yield ["indicator", "name", "名称", "unit stored", "unit shown", "显示单位", "factor", "over", "分母", "group", "分类",
           "areas"]  # fmt: skip
    for row in INDICATORS.values():
        group = GROUPS[row.group]
        yield [row.name, row.en, row.zh, row.unit, row.shown_en, row.shown_zh, row.factor, *row.denominator, *group,
               row.level]  # fmt: skip


def _sources(results: Results) -> Iterator[list[Any]]:
    manifest = results.manifest
    yield ["what", "value"]
    for name in ("kind", "intervals", "evidence", "sources"):
        yield [name, str(manifest.get(name, ""))]
    yield ["prices called real", f"{PRICE_YEAR}"]
    yield ["first year (stocks only)", f"{START_YEAR}"]
    for scenario in manifest.get("scenarios", ()):
        title = scenario.get("title", {})
        yield [f"scenario {scenario.get('name', '')}", f"{title.get('en', '')} / {title.get('zh', '')}"]
    for run in results.runs:
        yield ["run", run]
    for run, why in results.missing.items():
        yield ["run missing", f"{run}: {why}"]


def _timeless(workbook: bytes) -> bytes:
    """The same workbook without the hour at which it was written."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb">\d{4}-\d\d-\d\dT[^<]*<", b">2000-01-01T00:00:00Z<", data)
            new.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
