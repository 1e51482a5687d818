"""Results on disk: what is written is read back, what is damaged is found, and nobody treads on another."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tianshui import archive
from tianshui.archive import ArchiveError, Results
from tianshui.indicators import HEADLINES, INDICATORS

ONE, TWO, THREE = "00000000000000a1", "00000000000000b2", "00000000000000c3"


class Run(NamedTuple):
    scenario: str
    sample: float
    seed: int
    draw: int
    id: str
    table: dict[str, np.ndarray]
    distributions: dict[str, np.ndarray]


def a_run(
    name: str = ONE, scenario: str = "plan", seed: int = 0, draw: int = 0, sample: float = 1.0, level=0.0
) -> Run:
    """Three indicators, two areas, two years; `level` is added to every value."""
    rows = [
        (year, area, indicator, 100.0 * year + place + level + 1000 * seed)
        for year in (2015, 2016)
        for place, area in enumerate(("gangu", "tianshui"))
        for indicator in ("gdp", "rural_income", "urban_share")
        if not (indicator == "urban_share" and year == 2015)
    ]
    year, area, indicator, value = map(np.array, zip(*rows, strict=True))
    value = np.where(indicator == "urban_share", np.nan, value)
    spread = {
        "year": np.array([2015, 2015], np.int16), "area": np.array(["gangu", "gangu"]),
        "measure": np.array(["age_men", "age_men"]), "bin": np.array([0, 1], np.int16), "value": np.array([3.0, 4.0]),
    }  # fmt: skip
    table = {"year": year.astype(np.int16), "area": area, "indicator": indicator, "value": value}
    return Run(scenario, sample, seed, draw, name, table, spread)


def path(folder: Path, run: str = ONE, kind: str = "runs") -> Path:
    return folder / kind / f"{run}.parquet"


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture
def folder(tmp_path):
    archive.write_run(tmp_path, a_run())
    return tmp_path


# --- Round trip --------------------------------------------------------------------------------------------


def test_a_run_is_read_back_as_it_was(folder):
    run, back = a_run(), archive.read_run(folder, ONE)
    assert back is not None
    assert (back.scenario, back.sample, back.seed, back.draw, back.id) == ("plan", 1.0, 0, 0, ONE)
    for before, after in ((run.table, back.table), (run.distributions, back.distributions)):
        assert list(before) == list(after)
        for name, column in before.items():
            assert np.array_equal(column, after[name], equal_nan=column.dtype.kind == "f"), name
    assert back.table["year"].dtype == np.int16 and back.table["value"].dtype == np.float64


def test_what_is_there_is_not_written_again(folder):
    before = snapshot(folder)
    times = {name: (folder / name).stat().st_mtime_ns for name in before}
    assert archive.write_run(folder, a_run()) is False
    assert snapshot(folder) == before
    assert times == {name: (folder / name).stat().st_mtime_ns for name in before}


def test_the_same_run_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        archive.write_run(tmp_path / name, a_run())
    assert snapshot(tmp_path / "a") == snapshot(tmp_path / "b")


def test_no_temporary_file_is_left(folder):
    assert sorted(snapshot(folder)) == [
        ".lock",
        f"distributions/{ONE}.parquet",
        "ledger",
        f"runs/{ONE}.parquet",
    ]


def test_a_missing_run_is_none(folder):
    assert archive.read_run(folder, TWO) is None and not archive.exists(folder, TWO)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A1" * 8, "a/b", "0" * 65])
def test_a_name_is_a_digest(folder, name):
    with pytest.raises(ArchiveError, match="no name of a run"):
        archive.read_run(folder, name)


# --- Damage ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", archive.KINDS)
def test_truncation_at_every_byte_is_found(folder, kind):
    whole = path(folder, kind=kind).read_bytes()
    for length in range(len(whole)):
        path(folder, kind=kind).write_bytes(whole[:length])
        assert not archive.exists(folder, ONE), length
        assert not path(folder, kind=kind).exists(), "a damaged file is set aside"
    path(folder, kind=kind).write_bytes(whole)
    assert archive.exists(folder, ONE)


@settings(max_examples=150)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), kind=st.sampled_from(archive.KINDS))
def test_a_flipped_bit_is_found_and_set_aside(tmp_path_factory, place, bit, kind):
    folder = tmp_path_factory.mktemp("flip")
    archive.write_run(folder, a_run())
    archive.write_run(folder, a_run(TWO, "no_plan"))
    data = bytearray(path(folder, kind=kind).read_bytes())
    data[int(place * len(data))] ^= 1 << bit
    path(folder, kind=kind).write_bytes(data)
    results = Results(folder)
    assert results.runs == (TWO,), "the other run stays readable"
    assert results.missing[ONE] == f"{kind}: altered"
    assert path(folder, kind=kind).with_suffix(".parquet.damaged").read_bytes() == bytes(data)
    assert archive.read_run(folder, ONE) is None


def test_damage_is_told_by_whoever_opens_next(folder):
    path(folder).write_bytes(b"short")
    assert Results(folder).missing == {ONE: "runs: truncated"}
    assert Results(folder).missing == {ONE: "runs: damaged and set aside"}


def test_a_damaged_run_is_written_anew(folder):
    good = path(folder).read_bytes()
    path(folder).write_bytes(good[:-3])
    assert archive.write_run(folder, a_run()) is True
    assert path(folder).read_bytes() == good and archive.exists(folder, ONE)
    assert Results(folder).missing == {}


def test_damage_after_opening_is_found_when_read(folder):
    results = Results(folder)
    assert len(results.frame()) == 10
    data = path(folder).read_bytes()
    path(folder).write_bytes(data[:50] + bytes([data[50] ^ 1]) + data[51:])
    assert results.frame().empty and ONE in results.missing


# --- The ledger ------------------------------------------------------------------------------------------


def test_the_ledger_is_rebuilt_from_the_files(folder):
    archive.write_run(folder, a_run(TWO, seed=1))
    before = archive.ledger(folder)
    (folder / "ledger").unlink()
    assert Results(folder).runs == (ONE, TWO), "files prove themselves"
    assert archive.rebuild(folder) == before == archive.ledger(folder)


def test_rebuilding_leaves_out_what_does_not_prove_itself(folder):
    archive.write_run(folder, a_run(TWO, seed=1))
    data = path(folder, TWO).read_bytes()
    other = archive._unpack(path(folder).read_bytes())
    # whole as a file, but of other contents than its digest says
    metadata = archive._unpack(data).schema.metadata
    sink = archive.pa.BufferOutputStream()
    archive.pq.write_table(other.replace_schema_metadata(metadata), sink)
    path(folder, TWO).write_bytes(sink.getvalue().to_pybytes())
    (folder / "ledger").unlink()
    assert list(archive.rebuild(folder)) == [ONE]
    assert Results(folder).missing == {TWO: "runs: not in the ledger and not whole"}


def test_a_torn_line_spoils_neither_its_neighbours_nor_the_next(folder):
    archive.write_run(folder, a_run(TWO, seed=1))
    text = (folder / "ledger").read_bytes()
    first = text.index(b"\n") + 1
    for length in range(first, len(text)):
        (folder / "ledger").write_bytes(text[:length])
        assert set(archive.ledger(folder)) >= {ONE}
        archive.write_run(folder, a_run(THREE, seed=2))
        assert set(archive.ledger(folder)) >= {ONE, THREE}, length
        assert Results(folder).runs == (ONE, TWO, THREE), "a run without a line proves itself"
        for kind in archive.KINDS:
            path(folder, THREE, kind).unlink()


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_an_altered_ledger_condemns_no_good_run(tmp_path_factory, place, bit):
    folder = tmp_path_factory.mktemp("ledger")
    archive.write_run(folder, a_run())
    data = bytearray((folder / "ledger").read_bytes())
    data[int(place * len(data))] ^= 1 << bit
    (folder / "ledger").write_bytes(data)
    assert archive.read_run(folder, ONE) is not None
    assert ONE in Results(folder).runs


# --- Full disks, closed folders ------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_loses_nothing(folder, monkeypatch, number):
    before = snapshot(folder)

    def full(handle):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(archive.os, "fsync", full)
    with pytest.raises(ArchiveError, match="disk is full"):
        archive.write_run(folder, a_run(TWO))
    monkeypatch.undo()
    assert snapshot(folder) == before
    assert archive.read_run(folder, ONE) is not None


def test_a_disk_that_fills_while_the_ledger_is_written(folder, monkeypatch):
    write = os.write

    def half(handle, data):
        return write(handle, data[: len(data) // 2])

    monkeypatch.setattr(archive.os, "write", half)
    with pytest.raises(ArchiveError, match="disk is full"):
        archive.write_run(folder, a_run(TWO))
    monkeypatch.undo()
    assert Results(folder).runs == (ONE,)
    assert archive.write_run(folder, a_run(TWO)) is True
    assert set(archive.ledger(folder)) == {ONE, TWO} and Results(folder).runs == (ONE, TWO)
    assert not list(folder.rglob("*.tmp"))


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_closed_folder_says_so_and_is_still_read(folder, monkeypatch, number):
    opened = os.open

    def closed(name, flags, *rest):
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise OSError(number, os.strerror(number))
        return opened(name, flags, *rest)

    monkeypatch.setattr(archive.os, "open", closed)
    for write in (
        lambda: archive.write_run(folder, a_run(TWO)),
        lambda: archive.write_manifest(folder, {"kind": "run"}),
        lambda: archive.to_csv(Results(folder), folder / "all.csv"),
    ):
        with pytest.raises(ArchiveError, match="may not be written to"):
            write()
    assert len(Results(folder).frame()) == 10 and len(Results(folder).headlines()) > 0
    data = path(folder).read_bytes()
    path(folder).write_bytes(data[:-1])
    assert Results(folder).missing == {ONE: "runs: truncated"}
    assert path(folder).exists(), "what cannot be moved stays"


# --- Many writers --------------------------------------------------------------------------------------------


WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from test_archive import a_run
from tianshui import archive
for number in range(40):
    name = f"{number:016x}"
    archive.write_run(sys.argv[2], a_run(name, seed=number))
"""


def test_writers_on_one_folder_do_not_collide(tmp_path):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(Path(__file__).parent), str(tmp_path)], stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    for writer in writers:
        _, told = writer.communicate()
        assert writer.returncode == 0, told.decode()
    results = Results(tmp_path)
    assert len(results.runs) == 40 and results.missing == {}
    assert (tmp_path / "ledger").read_text().count("\n") == 40, "a run has one line"
    frame = results.frame(["gdp"], ["gangu"], [2016])
    assert frame["value"].tolist() == [201_600.0 + 1000 * seed for seed in range(40)]


def test_a_writer_killed_before_the_name_leaves_the_rest_whole(folder, monkeypatch):
    def killed(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        archive.write_run(folder, a_run(TWO))
    monkeypatch.undo()
    results = Results(folder)
    assert results.runs == (ONE,) and results.missing == {TWO: "runs: absent"}
    assert archive.write_run(folder, a_run(TWO)) is True
    assert results.runs == (ONE, TWO) and results.missing == {}


def test_a_folder_is_read_while_it_is_written(tmp_path):
    archive.write_manifest(tmp_path, {"kind": "run", "runs": [{"id": ONE}, {"id": TWO}]})
    results = Results(tmp_path)
    assert results.frame().empty and results.runs == ()
    assert results.missing == {ONE: "not written yet", TWO: "not written yet"}
    archive.write_run(tmp_path, a_run())
    assert len(results.frame()) == 10 and results.missing == {TWO: "not written yet"}
    archive.write_run(tmp_path, a_run(TWO, seed=1))
    assert len(results.frame()) == 20 and results.missing == {}


# --- Manifest ----------------------------------------------------------------------------------------------


def test_a_manifest_is_kept(tmp_path):
    archive.write_manifest(tmp_path, {"kind": "run", "title": "天水"})
    assert archive.read_manifest(tmp_path) == {"schema": 1, "kind": "run", "title": "天水"}
    assert "天水" in (tmp_path / "manifest.json").read_text(encoding="utf-8")


def test_manifests_that_cannot_be_used_are_told_plainly(tmp_path):
    with pytest.raises(ArchiveError, match="no results here"):
        archive.read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text("{broken")
    with pytest.raises(ArchiveError, match="not readable"):
        archive.read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"schema": 99}))
    with pytest.raises(ArchiveError, match="later version"):
        archive.read_manifest(tmp_path)
    with pytest.raises(ArchiveError, match="cannot hold"):
        archive.write_manifest(tmp_path, {"x": float("nan")})


def test_no_folder_and_no_results_are_told_plainly(tmp_path):
    with pytest.raises(ArchiveError, match="no such folder"):
        Results(tmp_path / "nowhere")
    with pytest.raises(ArchiveError, match="no results here"):
        Results(tmp_path)


# --- Ways to read --------------------------------------------------------------------------------------------


@pytest.fixture
def several(tmp_path):
    runs = [
        (scenario, seed, draw, sample)
        for scenario in ("plan", "no_plan")
        for seed, draw, sample in ((0, 0, 1.0), (0, 0, 0.05), (1, 1, 0.05))
    ]
    for number, (scenario, seed, draw, sample) in enumerate(runs, 1):
        level = 5.0 if scenario == "plan" else 0.0
        archive.write_run(tmp_path, a_run(f"{number:016x}", scenario, seed, draw, sample, level))
    archive.write_manifest(tmp_path, {
        "kind": "compare", "intervals": "untested", "evidence": "e1", "sources": "s1",
        "scenarios": [{"name": "plan", "title": {"en": "=The plan", "zh": "规划"}}], "runs": [],
    })  # fmt: skip
    return Results(tmp_path)


def test_a_frame_holds_the_chosen_rows_in_order(several):
    frame = several.frame(["rural_income"], ["gangu"], [2015, 2016])
    assert list(frame.columns) == ["scenario", "sample", "seed", "draw", "year", "area", "indicator", "value"]
    assert len(frame) == 6 * 2 and set(frame["area"]) == {"gangu"}
    keys = frame[["scenario", "sample", "seed", "draw", "year"]].to_records(index=False).tolist()
    assert keys == sorted(keys)
    assert len(several.frame(indicators=[])) == 0
    assert len(several.frame(areas="tianshui", indicators="gdp", years=[2016])) == 6


def test_a_wrong_name_is_refused(several):
    with pytest.raises(KeyError, match="did you mean 'gdp_real'"):
        several.frame(["gdp_reel"])
    with pytest.raises(KeyError, match="did you mean 'gangu'"):
        several.frame(areas=["gangy"])
    with pytest.raises(KeyError, match="did you mean 'age_men'"):
        several.distributions(["age_man"])


def test_distributions_are_read(several):
    frame = several.distributions(["age_men"], ["gangu"], [2015])
    assert frame["bin"].tolist() == [0, 1] * 6 and frame["value"].tolist() == [3.0, 4.0] * 6


def test_a_relation_can_be_asked_in_sql(several):
    rows = several.relation()
    found = rows.filter("indicator = 'gdp' and area = 'gangu' and year = 2016").aggregate(
        "scenario, max(value) as top", "scenario"
    ).order("scenario").fetchall()  # fmt: skip
    # 100 * 2016 + 0 + 1000 of seed 1, and 5 for the plan
    assert found == [("no_plan", 202_600.0), ("plan", 202_605.0)]
    # what could not be said is NULL, so that sums and means pass over it
    assert rows.filter("indicator = 'urban_share' and value is not null").fetchall() == []


def test_a_dataset_has_units_names_and_every_value(several):
    data = several.dataset()
    assert data["gdp"].dims == ("scenario", "sample", "pair", "year", "area")
    assert data.sizes == {"scenario": 2, "sample": 2, "pair": 2, "year": 2, "area": 2}
    assert data["gdp"].attrs["units"] == "yuan" and data["gdp"].attrs["long_name_zh"] == "地区生产总值"
    assert "denominator" in data["rural_income"].attrs and "denominator" not in data["gdp"].attrs
    value = data["gdp"].sel(scenario="plan", sample=0.05, year=2016, area="tianshui").isel(pair=1)
    assert float(value) == 100 * 2016 + 1 + 5 + 1000 and int(value["seed"]) == 1
    # the whole population has one pair only: the rest is not there, not nought
    assert np.isnan(data["gdp"].sel(sample=1.0).isel(pair=1)).all()
    frame = several.frame(["gdp"])
    there = data["gdp"].to_series().dropna()
    assert len(there) == len(frame) and there.sum() == pytest.approx(frame["value"].sum())


def test_an_empty_folder_has_empty_tables(tmp_path):
    archive.write_manifest(tmp_path, {"kind": "run"})
    results = Results(tmp_path)
    assert results.frame().empty and results.distributions().empty and results.headlines().empty
    assert list(results.frame().columns)[-1] == "value" and results.dataset().sizes["year"] == 0


def test_headlines_are_kept_and_made_anew_when_runs_change(several):
    folder = several.folder
    first = archive.headlines(folder)
    assert set(first["area"]) == {"tianshui"} and set(first["indicator"]) <= set(HEADLINES)
    kept = (folder / "headlines.parquet").read_bytes()
    pd.testing.assert_frame_equal(archive.headlines(folder), first)
    assert (folder / "headlines.parquet").read_bytes() == kept
    archive.write_run(folder, a_run("f" * 16, "plan", seed=7))
    more = archive.headlines(folder)
    assert len(more) > len(first) and 7 in set(more["seed"])
    (folder / "headlines.parquet").write_bytes(kept[:-9])
    pd.testing.assert_frame_equal(archive.headlines(folder), more)


# --- Export ----------------------------------------------------------------------------------------------


def test_csv_has_every_value_with_names_and_unit(several, tmp_path):
    archive.to_csv(several, tmp_path / "all.csv")
    data = (tmp_path / "all.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(tmp_path / "all.csv")
    assert len(back) == len(several.frame())
    row = back[back["indicator"] == "gdp"].iloc[0]
    assert row["name_zh"] == "地区生产总值" and row["unit"] == "yuan"
    assert back["value"].sum() == pytest.approx(several.frame()["value"].sum())


def test_workbook_shows_headlines_units_and_sources(several, tmp_path):
    archive.to_xlsx(several, tmp_path / "all.xlsx")
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    wide, units, sources = book.worksheets
    head, *rows = wide.iter_rows(values_only=True)
    assert head[-2:] == (2015, 2016)
    gdp = next(row for row in rows if row[0] == "gdp" and row[5] == "plan")
    # the largest sample alone: 100 * 2016 + 1 + 5 yuan, shown in 100 million
    assert gdp[-1] == pytest.approx((201_600 + 6) * 1e-8) and gdp[4] == "亿元"
    assert units.max_row == len(INDICATORS) + 1
    told = {row[0]: row[1] for row in sources.iter_rows(values_only=True)}
    assert told["evidence"] == "e1" and told["scenario plan"] == "=The plan / 规划"
    archive.to_xlsx(several, tmp_path / "again.xlsx")
    assert (tmp_path / "all.xlsx").read_bytes() == (tmp_path / "again.xlsx").read_bytes()
