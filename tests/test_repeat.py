"""The same world gives the same bytes: on any number of threads and processes, compiled or not, watched or not.

Each test runs a small world in processes of its own and compares digests of every byte of the state, of the
year's accounts and of the indicators; the digests are made by `lives.bytes_of`.
"""

import os
import subprocess
import sys
from functools import cache

import pytest

from lives import bytes_of, course, load
from tianshui.run import Years, simulate, simulate_together
from tianshui.state import digest

SMALL, TWO_YEARS = 0.002, 2017
"""About 2,000 households: what plain Python can live in a few seconds."""
SEVERAL_BLOCKS = 0.04
"""About 38,000 households are three blocks of rows, so two threads have something to share."""

PROGRAM = """
import sys
from lives import bytes_of
from tianshui.run import Years
from tianshui import plan
world = Years(plan.load("plan"), sample=float(sys.argv[1]), seed=2)
print(bytes_of(world), flush=True)
while world.state.year < int(sys.argv[2]):
    world.step()
    print(bytes_of(world), flush=True)
"""


@cache
def alone(sample: float, **environment: str) -> list[str]:
    """Digests of a world's first two years, lived in a process of its own."""
    here = os.path.dirname(__file__)
    path = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(sample), str(TWO_YEARS)],
        env=os.environ | {"PYTHONPATH": path} | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split()


def test_one_thread_and_two_give_the_same_bytes():
    assert alone(SEVERAL_BLOCKS, TIANSHUI_THREADS="1") == alone(SEVERAL_BLOCKS, TIANSHUI_THREADS="2")


def test_a_process_of_its_own_and_this_one_give_the_same_bytes():
    world = Years(load("plan"), sample=SMALL, seed=2)
    here = [bytes_of(world)]
    while world.state.year < TWO_YEARS:
        world.step()
        here.append(bytes_of(world))
    assert here == alone(SMALL, PYTHONHASHSEED="1")


def test_the_order_of_hashes_does_not_matter():
    """Python hashes text differently in every process unless told; no result may depend on it."""
    assert alone(SMALL, PYTHONHASHSEED="4242") == alone(SMALL, PYTHONHASHSEED="1")


@pytest.mark.slow
def test_plain_python_gives_the_same_bytes_as_machine_code():
    """Every rule and kernel run uncompiled: what a reader traces is what the model did."""
    assert alone(SMALL, NUMBA_DISABLE_JIT="1") == alone(SMALL, PYTHONHASHSEED="1")


def test_observing_changes_nothing():
    """A world that is watched and counted lives the same bytes as one nobody looks at, and can be written by no one."""
    watched, alone_ = (Years(load("plan"), sample=SMALL, seed=4) for _ in range(2))
    seen = []

    def watch(now, people, world, terms, access, state, homes, lived) -> None:
        seen.append((now.year, homes.earned.money.consumption.sum(), people.persons.age.max()))
        with pytest.raises(ValueError, match="read-only"):
            lived.state.households.cash[0] = 0.0
        with pytest.raises(ValueError, match="read-only"):
            now.persons.age[0] = 0

    for _ in range(3):
        watched.step(watch)
        alone_.step()
    assert [year for year, _, _ in seen] == [2015, 2016, 2017]
    assert bytes_of(watched) == bytes_of(alone_)
    ended = []
    told, untold = (
        simulate("plan", sample=SMALL, seed=4, until=2018, progress=progress)
        for progress in (ended.append, None)
    )
    assert ended == [2015, 2016, 2017, 2018]
    assert told.id == untold.id
    for name, column in told.table.items():
        assert column.tobytes() == untold.table[name].tobytes()
    rows = told.table["year"] == 2018
    assert dict(zip(told.table["indicator"][rows], told.table["value"][rows], strict=True))["births"] > 0


def test_a_lever_that_moves_in_2026_moves_nothing_before():
    """Two worlds that differ only in a lever from 2026 are one world to the end of 2025."""
    usual = load("plan")
    other = course(usual, "relief.posts", {2026: 0.0})
    one, two = (Years(plan, sample=SMALL, seed=1) for plan in (usual, other))
    while one.state.year < 2025:
        one.step()
        two.step()
        assert bytes_of(one) == bytes_of(two), f"the worlds part in {one.state.year}"
    one.step()
    two.step()
    assert digest(one.state) != digest(two.state)


@pytest.mark.parametrize("change", [{"seed": 3}, {"draw": 3}])
def test_another_seed_or_draw_is_another_world(change):
    """The comparison can fail: other luck or other beliefs give other bytes."""
    usual = {"seed": 2, "draw": 0}
    one, two = (Years(load("plan"), sample=SMALL, **(usual | more)) for more in ({}, change))
    one.step()
    two.step()
    assert digest(one.state) != digest(two.state)


def records(made) -> list[bytes]:
    return [
        made.scenario.encode(), made.id.encode(),
        *(column.tobytes() for table in (made.table, made.distributions) for column in table.values()),
    ]  # fmt: skip


def test_plans_that_share_their_past_are_lived_once_and_give_the_bytes_of_each_alone(monkeypatch):
    plans = [load("plan"), load("no_plan"), load("plan").set("ecology.afforestation@2023=100")]
    lived = []
    step = Years.step
    monkeypatch.setattr(
        Years, "step", lambda world, *a: (lived.append(world.state.year + 1), step(world, *a))
    )
    luck = {"sample": SMALL, "seed": 3, "draw": 2, "until": 2023}
    together = dict(simulate_together(plans, **luck))
    # To 2020 all three are one, to 2022 the plan and the plan with another quota are.
    assert sorted(lived) == sorted([*range(2016, 2021), *range(2021, 2024), *range(2021, 2023), 2023, 2023])
    for place, plan in enumerate(plans):
        assert records(together[place]) == records(simulate(plan, **luck))


def test_plans_that_differ_before_2021_share_no_such_year():
    """`history` alone sets those years, but a belief or an outside number holds from the first."""
    one, other = load("plan"), load("plan").set("livelihoods.kappa=1.2")
    luck = {"sample": SMALL, "until": TWO_YEARS}
    together = dict(simulate_together([one, other], **luck))
    assert records(together[1]) == records(simulate(other, **luck)) != records(together[0])
    world = Years(one, sample=SMALL)
    with pytest.raises(ValueError, match="2016"):
        world.branch(other)
