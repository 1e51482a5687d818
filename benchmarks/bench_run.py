"""What a run costs: seconds, growth with the number of people, memory, and the parts for recording and for luck.

`make bench` measures; `make test` only runs each benchmark once on few people, to see that it still works
(`--benchmark-disable`, which pyproject.toml sets), and no test asks for a time. Times are those of this machine, after compilation; `README.md`
beside this file has the aims and what was measured. What is printed under a benchmark is no assertion.
"""

import math
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tianshui import archive, compiled, counting, plan, run
from tianshui.mechanisms import outside
from tianshui.year import beyond

YEARS, DRY_YEARS, DRY_SAMPLE = 20, 2, 0.001
"""Years of a measured run; years and the most people of one that is only tried."""
RUNS = {0.01: 5, 0.05: 3, 1.0: 1}
"""Rounds by sample."""
SECONDS: dict[float, float] = {}
MEMORY = """
import resource, sys
from tianshui import plan, run
world = run.Years(plan.load("plan"), sample=float(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    world.step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
"""
LUCK = """
import sys, time
from tianshui import plan, run
sample, years, rounds = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
for _ in range(1 + rounds):
    world = run.Years(plan.load("plan"), sample=sample)
    start = time.perf_counter()
    for _ in range(years):
        world.step()
    print(time.perf_counter() - start)
"""
DRAW = "from tianshui import draws; print(draws.uniform(1, 2, 3))"
MADE_BEFORE = """
TABLE = 0.9999 * np.random.default_rng(1).random(1 << 16)


@rule
def uniform(key, number, index):
    place = (np.uint64(number) + np.uint64(key) + np.uint64(index)) & np.uint64(65535)
    return TABLE[place] + float(np.uint64(number) & np.uint64(16777215)) * 1e-12
"""
"""Draws read from an array of half a megabyte, instead of made. A trace of the number keeps them apart: a queue is cut
at a draw, and the books refuse one that serves two at the cut.
"""


@pytest.fixture(scope="session")
def dry(pytestconfig) -> bool:
    return not pytestconfig.getoption("benchmark_enable")


@pytest.fixture(scope="session")
def size(dry):
    """The sample and the years of a run that is to be measured, or tried."""

    def chosen(sample: float, years: int = YEARS) -> tuple[float, int]:
        return (min(sample, DRY_SAMPLE), min(years, DRY_YEARS)) if dry else (sample, years)

    return chosen


def lived(sample: float, years: int) -> run.Years:
    world = run.Years(plan.load("plan"), sample=sample)
    for _ in range(years):
        world.step()
    return world


def recorded(sample: float, years: int) -> run.Run:
    return run.simulate(plan.load("plan"), sample=sample, until=run.FIRST + years)


@pytest.fixture(scope="module", autouse=True)
def code_is_compiled(size):
    lived(*size(0.01, 2))


@pytest.fixture(scope="module")
def whole(size):
    return lived(*size(1.0, 2))


@pytest.fixture
def say(capsys):
    def write(text: str) -> None:
        with capsys.disabled():
            print(f"\n    {text}")

    return write


def spent(benchmark, part: str = "median") -> float | None:
    """Seconds of what was just measured, none when it was only tried."""
    return getattr(benchmark.stats.stats, part) if benchmark.stats else None


@pytest.mark.parametrize("sample", list(RUNS))
def test_run(benchmark, say, size, sample):
    # The opening and the counting of every year are part of the run.
    benchmark.pedantic(recorded, size(sample), rounds=RUNS[sample], warmup_rounds=0)
    seconds = spent(benchmark, "min")
    if seconds:
        SECONDS[sample] = seconds


def test_growth(benchmark, monkeypatch, say, dry, size):
    """How the work of a run grows with the people: on one thread, for a second one helps a large world more.

    On two threads the exponent says as much of how soon a thread is awake as of the model; it is printed beside.
    """
    monkeypatch.setenv("TIANSHUI_THREADS", "1")

    def seconds(sample: float, rounds: int) -> float:
        spans = []
        for _ in range(rounds):
            start = time.perf_counter()
            recorded(*size(sample))
            spans.append(time.perf_counter() - start)
        return min(spans)

    few, many = benchmark.pedantic(lambda: (seconds(0.05, 3), seconds(1.0, 1)), rounds=1)
    if dry:
        return
    growth = exponent(few, many)
    benchmark.extra_info["exponent"] = growth
    say(f"on one thread time grows from 5 % to 100 % of the people with the exponent {growth:.2f}")
    if 0.05 in SECONDS and 1.0 in SECONDS:
        say(f"on all threads with the exponent {exponent(SECONDS[0.05], SECONDS[1.0]):.2f}")


def exponent(few: float, many: float) -> float:
    """The power of the number of people with which seconds grow from 5 % to 100 %."""
    return math.log(many / few) / math.log(1.0 / 0.05)


def test_opening(benchmark, size):
    benchmark.pedantic(lived, size(1.0, 0), rounds=3)


def printed(script: str, *arguments: object, **setting: str) -> list[float]:
    """The numbers that a process of its own prints."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | setting)
    return [float(word) for word in done.stdout.split()]


def test_memory(benchmark, say, size):
    """Peak of a process of its own that lives three years one to one; later years hold no more."""
    (gigabytes,) = benchmark.pedantic(printed, (MEMORY, *size(1.0, 3)), rounds=1)
    benchmark.extra_info["gigabytes"] = gigabytes
    say(f"peak of memory: {gigabytes:.2f} GB")


def test_year(benchmark, whole):
    benchmark.pedantic(whole.step, rounds=5)
    SECONDS[math.inf] = spent(benchmark) or math.nan


def test_recording(benchmark, say, whole, dry):
    """Noting years, and working them out at the end of the run: all years together, as a run does."""
    state, last, years = whole.state, whole.last, DRY_YEARS if dry else YEARS
    settings = whole.settings
    deflator, prices = outside.base_prices(settings.outside)

    def record() -> list[counting.Worked]:
        return counting.work_out([
            counting.note(
                state, state, last.accounts, last.money, share=1.0, levers=whole.plan.levers, deflator_2019=deflator,
                cpi_2019=prices, extra=beyond(settings, share=1.0) | last.extra,
            )
            for _ in range(years)
        ])  # fmt: skip

    benchmark.pedantic(record, rounds=3, warmup_rounds=1)
    seconds = spent(benchmark)
    if seconds:
        part = seconds / years / SECONDS[math.inf]
        benchmark.extra_info["part"] = part
        say(f"recording is {100 * part:.0f} % of a year")


def test_archiving(benchmark, say, size, tmp_path):
    """Writing a run's file, which has one size whatever the sample."""
    made, folders = run.simulate(plan.load("plan"), sample=size(0.01)[0], seed=1), iter(range(1000))
    benchmark.pedantic(archive.write_run, setup=lambda: ((tmp_path / str(next(folders)), made), {}), rounds=5)
    seconds = spent(benchmark)
    if seconds:
        part = seconds / (YEARS * SECONDS[math.inf])
        benchmark.extra_info["part"] = part
        say(f"archiving is {100 * part:.1f} % of a run one to one")


def test_luck(benchmark, say, dry, tmp_path):
    """A whole run whose draws are made as they are needed, against one that reads them from an array.

    The other is a copy of the package with one function replaced; both live in processes of their own, in turn.
    """
    package = compiled.PACKAGE
    shutil.copytree(package, tmp_path / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    source = tmp_path / package.name / "draws.py"
    text = source.read_text(encoding="utf-8")
    start, stop = text.index("@rule\ndef uniform"), text.index("@rule\ndef normal")
    source.write_text(text[:start] + MADE_BEFORE.lstrip() + "\n\n" + text[stop:], encoding="utf-8")
    paths = (package.parent, tmp_path)

    def both() -> list[float]:
        if dry:
            return [printed(DRAW, PYTHONPATH=str(path))[0] for path in paths]
        # The first round of each compiles.
        return [min(printed(LUCK, 0.05, YEARS, 3, PYTHONPATH=str(path))[1:]) for path in paths]

    made, read = benchmark.pedantic(both, rounds=1)
    if dry:
        assert 0.0 <= made != read < 1.0
        return
    benchmark.extra_info["ratio"] = made / read
    say(f"draws made as needed: {made:.2f} s, read from an array: {read:.2f} s, ratio {made / read:.2f}")


def test_digits_do_not_depend_on_threads(benchmark, monkeypatch, size):
    found = []
    for threads in ("1", "2"):
        monkeypatch.setenv("TIANSHUI_THREADS", threads)
        world = lived(*size(0.05, 2))
        found.append([np.asarray(column).tobytes() for part in world.state[1:] for column in part])
    assert found[0] == found[1]
    benchmark.pedantic(lived, size(0.05, 2), rounds=1)


def test_help(benchmark):
    command = shutil.which("tianshui", path=str(Path(sys.executable).parent)) or "tianshui"
    benchmark.pedantic(
        lambda: subprocess.run([command, "--help"], capture_output=True, check=True),
        rounds=5,
        warmup_rounds=1,
    )


COMPARED = """
import sys
from tianshui.experiments import compare
compare.compare("plan", "no_plan", tracks=sys.argv[1], chance=sys.argv[2] == "1", attribution=int(sys.argv[2]),
                until=int(sys.argv[3]), out=sys.argv[4], workers=int(sys.argv[5]) or None)
"""


def compared(folder: Path, cache: Path, tracks: str, more: bool, until: int, workers: int = 0) -> Path:
    """The comparison that `make run` makes (or a part of it), in a process of its own; its folder."""
    arguments = (tracks, int(more), until, folder, workers)
    printed(COMPARED, *arguments, XDG_CACHE_HOME=str(cache), PYTHONPATH=str(compiled.PACKAGE.parent))
    return folder


def test_first_comparison(benchmark, say, dry, tmp_path):
    """`make run` once packages are there: no machine code, no population, 188 runs; the report apart."""
    tracks, until = ("0.001:1", 2021) if dry else ("1.0:8,0.05:64", 2035)
    # Tried alone, code that is there serves: to compile all anew would take a test a minute.
    cache = compiled.cache_root().parent if dry else tmp_path / "cache"
    benchmark.pedantic(compared, (tmp_path / "found", cache, tracks, not dry, until), rounds=1)
    seconds = spent(benchmark)
    if seconds:
        say(f"plan against no plan from empty caches: {seconds:.0f} s (at most 300 with the report)")


def test_digits_do_not_depend_on_processes(benchmark, dry, tmp_path):
    tracks, until = ("0.001:1", 2021) if dry else ("0.05:2", 2035)
    cache = compiled.cache_root().parent
    found = [
        compared(tmp_path / str(workers), cache, tracks, False, until, workers) / "runs" for workers in (1, 2)
    ]
    one, two = ({file.name: file.read_bytes() for file in folder.glob("*.parquet")} for folder in found)
    assert one == two and one
    benchmark.pedantic(compared, (tmp_path / "again", cache, tracks, False, until, 2), rounds=1)
