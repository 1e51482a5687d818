"""What no source of the package may do, because a run would no longer repeat or a file could run code."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "model" / "tianshui"
SOURCES = sorted(PACKAGE.rglob("*.py"))

LUCK = "luck comes from tianshui.draws"
CLOCK = "a result must not depend on the hour; time.perf_counter measures how long something takes"
CODE = "a file that is read must not be able to run code"

FORBIDDEN = {
    "random": LUCK,
    "secrets": LUCK,
    "numpy.random": LUCK,
    "os.urandom": LUCK,
    "os.getrandom": LUCK,
    "uuid": LUCK,
    "time.time": CLOCK,
    "time.time_ns": CLOCK,
    "datetime.datetime.now": CLOCK,
    "datetime.datetime.utcnow": CLOCK,
    "datetime.datetime.today": CLOCK,
    "datetime.date.today": CLOCK,
    "pickle": CODE,
    "eval": CODE,
    "exec": CODE,
    "yaml.load": f"{CODE}: yaml.safe_load",
    "yaml.load_all": f"{CODE}: yaml.safe_load_all",
    "yaml.unsafe_load": f"{CODE}: yaml.safe_load",
    "yaml.full_load": f"{CODE}: yaml.safe_load",
}
DRAWING = (
    "rvs",
    "sample",
    "resample",
    "permutation",
    "shuffle",
    "bootstrap",
    "permutation_test",
    "monte_carlo_test",
)
"""Methods of scipy and pandas that draw from NumPy's global generator unless told otherwise."""
SEEDED = "SALib."
"""A package whose designs and intervals may be drawn, by calls that say their seed: with one they repeat."""
UNORDERED = "a set has no order that repeats: iterate over sorted(...)"


def reason(name: str) -> str | None:
    """Why this dotted name may not be used, or None; a forbidden module forbids what is in it."""
    parts = name.split(".")
    prefixes = (".".join(parts[:length]) for length in range(1, len(parts) + 1))
    return next((FORBIDDEN[prefix] for prefix in prefixes if prefix in FORBIDDEN), None)


def imported_names(tree: ast.AST) -> dict[str, str]:
    """What each imported local name stands for: np is numpy."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def dotted(node: ast.AST, imported: dict[str, str]) -> str | None:
    """Return the full name that a chain of attributes stands for, if it starts at an import or a builtin."""
    if isinstance(node, ast.Attribute):
        start = dotted(node.value, imported)
        return start and f"{start}.{node.attr}"
    if isinstance(node, ast.Name):
        return imported.get(node.id) or (node.id if node.id in ("eval", "exec") else None)
    return None


def is_unordered(node: ast.AST) -> bool:
    """Whether iterating over this expression plainly walks a set."""
    if isinstance(node, ast.Set | ast.SetComp):
        return True
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    if node.func.id in ("set", "frozenset"):
        return True
    return node.func.id in ("enumerate", "list", "tuple", "zip") and any(map(is_unordered, node.args))


def is_seeded(node: ast.Call, imported: dict[str, str]) -> bool:
    """Whether this is a call of the package that may draw, with a seed."""
    ours = (dotted(node.func, imported) or "").startswith(SEEDED)
    return ours and any(given.arg == "seed" for given in node.keywords)


def is_drawing(node: ast.Call, imported: dict[str, str]) -> bool:
    """Whether this is a method that draws by itself, or an analysis with intervals that are drawn."""
    name = dotted(node.func, imported) or ""
    drawing = getattr(node.func, "attr", "") in DRAWING or (
        name.startswith(SEEDED) and name.endswith(".analyze")
    )
    return drawing and not is_seeded(node, imported)


def complaints(source: str) -> list[str]:
    """Return one line for each forbidden thing in a source, with its line number."""
    tree = ast.parse(source)
    imported = imported_names(tree)
    found = set()
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute | ast.Name):
            names = [dotted(node, imported) or ""]
        elif isinstance(node, ast.For | ast.comprehension) and is_unordered(node.iter):
            found.add((node.iter.lineno, f"for ... in {ast.unparse(node.iter)}: {UNORDERED}"))
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_drawing(node, imported)
        ):
            found.add((node.lineno, f"{node.func.attr}(): {LUCK}"))
        for name in names:
            if why := reason(name):
                found.add((node.lineno, f"{name}: {why}"))
    return [f"line {line}: {text}" for line, text in sorted(found)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_source_does_nothing_forbidden(path):
    found = complaints(path.read_text(encoding="utf-8"))
    assert not found, "\n".join(f"{path.relative_to(PACKAGE.parents[1])}: {text}" for text in found)


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "from random import choice",
        "import numpy as np\nnp.random.default_rng(1)",
        "from numpy.random import default_rng",
        "from numpy import random as luck\nluck.normal()",
        "from scipy import stats\nstats.norm.rvs()",
        "from scipy.stats import norm as bell\nbell(0, 1).rvs(5)",
        "frame.sample(3)",
        "frame.sample(3, seed=1)",
        "from SALib.sample import morris\nmorris.sample(problem, 4)",
        "from SALib.analyze import sobol\nsobol.analyze(problem, output)",
        "import os\nos.urandom(8)",
        "import uuid",
        "from datetime import datetime\ndatetime.now()",
        "import time\ntime.time()",
        "from time import time\ntime()",
        "import yaml\nyaml.load(text, Loader)",
        "import pickle",
        "eval('1 + 1')",
        "for name in set(names): pass",
        "for name in {1, 2}: pass",
        "[name for name in frozenset(names)]",
        "for name in list(set(names)): pass",
    ],
)
def test_forbidden_things_are_found(source):
    assert complaints(source)


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.perf_counter()",
        "import yaml\nyaml.safe_load(text)",
        "for name in sorted(set(names)): pass",
        "household.random.time.time()",
        "from SALib.sample import morris\nmorris.sample(problem, 4, seed=seed)",
        "from SALib.analyze import sobol\nsobol.analyze(problem, output, seed=seed)",
        "frame.eval('a + b')",
        "def work(random): return random + 1",
        "world.sample * 2",
    ],
)
def test_harmless_things_are_left_alone(source):
    assert not complaints(source)


# --- The year reads as a story --------------------------------------------------------------------------

CHAPTERS = (
    "live", "outside_world", "who_lives", "government", "households", "industry", "accounts", "nature", "settle",
)  # fmt: skip
"""The year itself and its eight chapters, in the order in which they are told."""
MOST_LINES = 60


def lines_of(source: str) -> dict[str, int]:
    """Lines of every function at the top of a source, head and docstring among them."""
    return {
        node.name: (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
    }


def too_long(source: str) -> list[str]:
    """Chapters that do not read in sixty lines, or are not there."""
    lines = lines_of(source)
    return [name for name in CHAPTERS if not 0 < lines.get(name, 0) <= MOST_LINES]


def test_each_chapter_of_the_year_reads_in_sixty_lines():
    source = (PACKAGE / "year.py").read_text(encoding="utf-8")
    assert too_long(source) == []
    assert [name for name in lines_of(source) if name in CHAPTERS] == list(CHAPTERS)


def test_a_long_or_lost_chapter_would_be_found():
    short = "".join(f"def {name}():\n    return 1\n" for name in CHAPTERS[:-1])
    body = "    one = 1\n" * MOST_LINES
    assert too_long(f"{short}def settle():\n{body}") == ["settle"]
    assert too_long(f"{short}def settle():\n{body.removesuffix('    one = 1' + chr(10))}") == []
    assert too_long(short) == ["settle"]
