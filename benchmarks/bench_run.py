"""What a run costs: seconds, growth with the number of people, memory, and the parts for recording and for luck.

Run by `make bench`, never by `make test`. Times are those of this machine, after compilation (each benchmark lives a
year at one per cent first); the aims are one to one <= 10 s on two cores and <= 3 GB, 5 % <= 1 s, 1 % <= 0.2 s, and an
exponent of time from 5 % to 100 % between 0.9 and 1.05. What is printed under a benchmark is no assertion.

Luck: a whole run against one with draws made beforehand would need second versions of twenty kernels, so its part is
the time of one draw, on this machine, times the draws of a year, which the kernels' rules give to a few per cent.
"""

import math
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tianshui import counting, draws, plan, run, sums
from tianshui.compiled import kernel, over
from tianshui.mechanisms import outside
from tianshui.year import beyond

YEARS = 20
RUNS = {0.01: 5, 0.05: 3, 1.0: 1}
"""Rounds by sample."""
SECONDS: dict[float, float] = {}
CHILD = """
import resource, sys
from tianshui import plan, run
world = run.Years(plan.load("plan"), sample=float(sys.argv[1]))
for _ in range(3):
    world.step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
"""


def lived(sample: float, years: int = YEARS) -> run.Years:
    world = run.Years(plan.load("plan"), sample=sample)
    for _ in range(years):
        world.step()
    return world


@pytest.fixture(scope="module", autouse=True)
def compiled():
    lived(0.01, 2)


@pytest.fixture(scope="module")
def whole():
    return lived(1.0, 2)


@pytest.fixture
def say(capsys):
    def write(text: str) -> None:
        with capsys.disabled():
            print(f"\n    {text}")

    return write


@pytest.mark.parametrize("sample", list(RUNS))
def test_run(benchmark, say, sample):
    # The opening and the counting of every year are part of the run.
    benchmark.pedantic(lived, (sample,), rounds=RUNS[sample], warmup_rounds=0)
    SECONDS[sample] = benchmark.stats.stats.min
    if 0.05 in SECONDS and 1.0 in SECONDS:
        growth = math.log(SECONDS[1.0] / SECONDS[0.05]) / math.log(1.0 / 0.05)
        benchmark.extra_info["exponent"] = growth
        say(f"time grows from 5 % to 100 % of the people with the exponent {growth:.2f}")


def test_opening(benchmark):
    benchmark.pedantic(lived, (1.0, 0), rounds=3)


def test_memory(benchmark, say):
    """Peak of a process of its own that lives three years one to one; later years hold no more."""

    def peak() -> float:
        found = subprocess.run(
            [sys.executable, "-c", CHILD, "1.0"], capture_output=True, text=True, check=True
        )
        return float(found.stdout)

    gigabytes = benchmark.pedantic(peak, rounds=1)
    benchmark.extra_info["gigabytes"] = gigabytes
    say(f"one to one takes {gigabytes:.2f} GB")


def test_year(benchmark, say, whole):
    benchmark.pedantic(whole.step, rounds=5)
    SECONDS[math.inf] = benchmark.stats.stats.median


def test_recording(benchmark, say, whole):
    state, last = whole.state, whole.last
    settings = whole.settings
    deflator, prices = outside.base_prices(settings.outside)

    def count() -> counting.Counted:
        return counting.count(
            state, state, last.accounts, last.money, share=1.0, levers=whole.plan.levers, deflator_2019=deflator,
            cpi_2019=prices, extra=beyond(settings, share=1.0) | last.extra,
        )  # fmt: skip

    benchmark.pedantic(count, rounds=10, warmup_rounds=1)
    if math.inf in SECONDS:
        part = benchmark.stats.stats.median / SECONDS[math.inf]
        benchmark.extra_info["part"] = part
        say(f"recording is {100 * part:.0f} % of a year")


@kernel
def _draw(key, number, start, stop):
    total = 0.0
    for i in range(start, stop):
        total += draws.uniform(key, number[i], 0)
    return total


def test_luck(benchmark, say, whole):
    persons, households = whole.state.persons, whole.state.households
    key = draws.key(0, 0, "benchmark")

    def draw() -> list[float]:
        return over(persons.number.size, lambda start, stop: _draw(key, persons.number, start, stop))

    benchmark.pedantic(draw, rounds=10, warmup_rounds=1)
    if math.inf in SECONDS:
        # A death and an illness for all, second thoughts (and half a choice) for adults, and for a farm household
        # a move, an offer, idle land, a cooperative, insurance and a little more.
        adults, farms = (
            float((persons.age >= 16).sum()),
            float(sums.by_county(households.county, households.farm_hukou).sum()),
        )
        many = 2.0 * persons.number.size + 1.5 * adults + 6.0 * farms
        part = benchmark.stats.stats.median * many / persons.number.size / SECONDS[math.inf]
        benchmark.extra_info["part"] = part
        say(f"about {many / 1e6:.0f} million draws are {100 * part:.0f} % of a year")


def test_digits_do_not_depend_on_threads(benchmark, monkeypatch):
    found = []
    for threads in ("1", "2"):
        monkeypatch.setenv("TIANSHUI_THREADS", threads)
        world = lived(0.05, 2)
        found.append([np.asarray(column).tobytes() for part in world.state[1:] for column in part])
    assert found[0] == found[1]
    benchmark.pedantic(lived, (0.05, 2), rounds=1)


def test_help(benchmark):
    command = shutil.which("tianshui", path=str(Path(sys.executable).parent)) or "tianshui"
    benchmark.pedantic(
        lambda: subprocess.run([command, "--help"], capture_output=True, check=True),
        rounds=5,
        warmup_rounds=1,
    )
