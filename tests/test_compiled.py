"""Machine code: kernels ask for no row outside their columns, and processes share out what is to be compiled."""

import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from tianshui import compiled
from tianshui.compiled import kernel, rule

BOUNDED = """
from tianshui import plan
from tianshui.run import Years
world = Years(plan.load("plan"), sample=0.001)
for _ in range(3):
    world.step()
assert world.counted  # compiles what years are counted with
print(world.state.year)
"""


def test_no_kernel_asks_for_a_row_outside_its_columns(tmp_path):
    """Where bounds are checked a negative row is an error too; elsewhere nobody would notice either.

    Everything is compiled anew for this, which takes a minute or two.
    """
    kept = compiled.cache_root() / "population"
    if kept.is_dir():
        shutil.copytree(kept, tmp_path / "tianshui" / "population")
    setting = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", BOUNDED], check=False, env=setting, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.strip()) == (0, "2018"), done.stderr


REFUSED = """
import numpy as np
from tianshui.compiled import kernel
@kernel
def seen(values, row):
    return values[row]
for row in (-1, 3):
    try:
        seen(np.arange(3.0), row)
    except IndexError:
        print("refused", row)
"""


def test_bounds_are_checked_where_that_is_asked_for(tmp_path):
    script = tmp_path / "seen.py"
    script.write_text(REFUSED)
    setting = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, str(script)], env=setting, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["refused -1", "refused 3"]


def doubled(number):
    return 2.0 * number


def summed(values):
    total = 0.0
    for value in values:
        total += value
    return total


def test_what_another_process_compiles_is_run_as_plain_python(tmp_path):
    values = np.arange(4.0)
    first, second, third = kernel(summed), kernel(summed), kernel(summed)
    with compiled.sharing(tmp_path):
        assert first(values) == 6.0
        assert len(first.nopython_signatures) == 1
        (claim,) = tmp_path.iterdir()
        claim.write_bytes(b"")  # as if it were being compiled elsewhere
        assert second(values) == 6.0
        assert not second.nopython_signatures
        claim.write_bytes(b"done")
        assert third(values) == 6.0
        assert len(third.nopython_signatures) == 1
        assert first(values.astype(np.float32)) == 6.0
    assert len(list(tmp_path.iterdir())) == 2
    assert second(values) == 6.0 and len(second.nopython_signatures) == 1


def test_within_a_plain_function_nothing_is_compiled(tmp_path):
    twice = rule(doubled)

    def outer(values):
        return sum(twice(value) for value in values)

    with compiled.sharing(tmp_path):
        assert compiled._plainly(outer, np.arange(3.0)) == 6.0
        assert not list(tmp_path.iterdir()) and not twice.nopython_signatures
        assert twice(3.0) == 6.0
        assert len(list(tmp_path.iterdir())) == len(twice.nopython_signatures) == 1


# --- What code and results are kept under ---------------------------------------------------------------

READ = """
import json, sys
from tianshui import compiled, run
seen, todo = set(), ["tianshui.run"]
while todo:
    name = todo.pop()
    if name not in seen:
        seen.add(name)
        todo.extend(compiled._imports(name))
loaded = {name for name in sys.modules if name.partition(".")[0] == "tianshui"}
print(json.dumps(sorted(loaded - seen - {*compiled.UNREAD})))
"""


def told(code, **setting):
    """What a process of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        env={**os.environ, **setting},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_run_stands_on_every_module_that_it_loads():
    """All that importing `run` loads is in the digest under which results and code are kept, packages with the rest."""
    assert told(READ) == "[]"


def copied(tmp_path):
    """A copy of the package, and how a process is told to use it."""
    shutil.copytree(compiled.PACKAGE, tmp_path / "tianshui", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "tianshui", {"PYTHONPATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}


@pytest.mark.parametrize(
    "changed",
    [
        "population/laying.py",
        "population/__init__.py",
        "evidence/__init__.py",
        "sums.py",
        "mechanisms/farming.py",
    ],
)
def test_results_are_kept_under_all_that_makes_them(tmp_path, changed):
    """A changed source gives runs another id."""
    package, setting = copied(tmp_path)
    code = "from tianshui import run; print(run.sources())"
    before = told(code, **setting)
    assert told(code, **setting) == before
    with (package / changed).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert told(code, **setting) != before


HELPER = """
from tianshui.compiled import rule


@rule
def more(x):
    return x + {more}
"""
CALLER = """
import numpy as np
from tianshui.compiled import kernel
from tianshui.helper import more


@kernel
def add(values):
    for row in range(values.size):
        values[row] = more(values[row])


def sure():
    values = np.zeros(2)
    add(values)
    return values.tolist()
"""
KEPT = "from tianshui import caller; print(caller.sure(), sum(caller.add.stats.cache_hits.values()))"


def test_code_is_kept_and_is_compiled_anew_when_a_helper_changes(tmp_path):
    """Numba looks at the file of the kernel alone: left to it, the second answer would be the first one's."""
    package, setting = copied(tmp_path)
    (package / "caller.py").write_text(CALLER, encoding="utf-8")
    (package / "helper.py").write_text(HELPER.format(more=1.0), encoding="utf-8")
    assert told(KEPT, **setting) == "[1.0, 1.0] 0"
    assert told(KEPT, **setting) == "[1.0, 1.0] 1"
    (package / "helper.py").write_text(HELPER.format(more=2.0), encoding="utf-8")
    assert told(KEPT, **setting) == "[2.0, 2.0] 0"
