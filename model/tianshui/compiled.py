"""The only module that imports Numba: rules, kernels over blocks of households, and where machine code is kept.

A *rule* is one household's or person's equation: scalars in, scalars out, readable and testable.
A *kernel* is a thin loop over `start:stop` that applies rules. `over` runs a kernel on fixed blocks of
rows; results come back in block order, so they do not depend on the number of threads.

Set `NUMBA_DISABLE_JIT=1` to run every rule and kernel as plain Python: the bytes are the same.
"""

import ast
import contextlib
import ctypes
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache, partial
from hashlib import blake2s
from itertools import count
from operator import attrgetter
from pathlib import Path
from typing import Any, cast

import numba
import numpy as np
from numba.core import types
from numba.np import arrayobj

PACKAGE = Path(__file__).parent
SMALLEST, LARGEST, PARTS = 12_288, 65_536, 4
"""Rows of a block at least and at most, and the blocks of a world that is neither small nor large.

Each call of a kernel costs what a hundred households cost; blocks much larger leave the last thread alone at work.
"""
SHARED_FROM = 45_056
"""Rows from which threads share the blocks: of fewer (a world of 1 %) one is done before another is awake."""

# No fastmath and no parallel=True: both make digits depend on the processor or on the number of threads.
# Nobody calls machine code from C, so no entry for that is compiled.
_OPTIONS: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy", "no_cfunc_wrapper": True}


def _row(context: Any, builder: Any, kind: Any, row: Any, size: Any) -> Any:
    """The row itself, where Numba would ask of each whether it is negative and counts from the end."""
    return context.cast(builder, row, kind, types.intp if kind.signed else types.uintp)


# No kernel counts from the end, and the question at each access is an eighth of a year's time: loops that ask it do not
# vectorise. Numba has no option for it. A test runs all kernels with bounds checked, which finds a negative row too.
if hasattr(arrayobj, "fix_integer_index"):
    arrayobj.fix_integer_index = _row


@cache
def keep_memory() -> None:
    """Ask the C library to keep freed memory for the next array, where it can (glibc).

    Arrays of a year are freed and asked for again a year later. Left alone, the library hands them back, and the system
    clears the same pages anew each year: a seventh of the time of a run one to one. The peak stays what it is.
    """
    trim, threshold, largest = -1, -3, 32 << 20
    with contextlib.suppress(OSError, AttributeError, TypeError):
        library = ctypes.CDLL(None)
        library.mallopt(threshold, largest)
        library.mallopt(trim, 2**31 - 1)


def cache_root() -> Path:
    """Folder of the user's cache that holds machine code and built populations."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tianshui"


def _file(module: str) -> Path | None:
    """The source of a module, or of a package's own module; None for a name inside a module."""
    place = PACKAGE.joinpath(*module.split(".")[1:])
    files = (place.with_suffix(".py"), place / "__init__.py")
    return next((file for file in files if file.is_file()), None)


FOUND = ("tianshui.channels",)
"""Packages whose files are found by themselves (`settings`): who imports one stands on all of them."""
UNREAD = ("tianshui", "tianshui.words")
"""Modules on which no result depends: a message may be worded anew without a run being made again."""


@cache
def _imports(module: str) -> frozenset[str]:
    file = _file(module)
    if file is None:
        return frozenset()
    found = {f"{module}.{one.stem}" for one in file.parent.glob("*.py")} if module in FOUND else set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tianshui"):
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names if name.name.startswith("tianshui")}
    return frozenset(name for name in found if _file(name) and name not in UNREAD)


@cache
def source_digest(module: str) -> str:
    """Digest of a module's source and of all sources of this package that it imports, directly or not.

    Numba's own cache notices an edited kernel, not an edited helper; keeping code under this digest does.
    """
    seen, todo = set(), [module]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(_imports(name))
    digest = blake2s(numba.__version__.encode())
    for name in sorted(seen):
        file = _file(name)
        if file is not None:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _compile(function: Callable) -> Callable:
    """A function that is compiled once for Python and once for compiled code, each when first called from there.

    For Python, every array and number of the arguments has to be unpacked; where only kernels call, half of the
    machine code would be that.
    """
    folder = cache_root() / "code" / f"{function.__module__}-{source_digest(function.__module__)}"
    config, njit = cast("Any", numba.config), cast("Any", numba.njit)
    config.CACHE_DIR = str(folder)
    outer = njit(**_OPTIONS)(function)
    if not interpreted():
        outer._compile_for_args = partial(_first_call, outer, function, outer._compile_for_args)
        # Numba's cache does not tell the two apart, so each has a folder.
        config.CACHE_DIR = str(folder / "inner")
        inner = njit(**_OPTIONS, no_cpython_wrapper=True)(function)
        outer.get_call_template, outer.get_overload = inner.get_call_template, inner.get_overload
    return outer


class _Sharing:
    """How several processes that live the same world share out what is to be compiled."""

    claims: Path | None = None
    """Folder in which each process notes what it compiles; none when a process compiles all it calls."""
    plain = 0
    """How many functions that another process compiles are running here as plain Python."""


@contextlib.contextmanager
def sharing(claims: Path) -> Iterator[None]:
    """Compile here only what no other process with this folder has begun to, and run the rest as plain Python.

    What Python runs is the same to the byte, so each goes its way through a (small) world and the work is shared out.
    """
    _Sharing.claims = claims
    try:
        with np.errstate(all="ignore"):
            yield
    finally:
        _Sharing.claims = None


def _first_call(outer: Any, function: Callable, compiling: Callable, *arguments: Any, **named: Any) -> Any:
    """What runs a call whose types are new: the code compiled for them, or the plain function."""
    if _Sharing.claims is None:
        return compiling(*arguments, **named)
    if _Sharing.plain:
        return function
    kinds = ",".join(str(outer.typeof_pyval(argument)) for argument in arguments)
    told = f"{function.__module__}.{function.__qualname__}({kinds})"
    claim = _Sharing.claims / blake2s(told.encode(), digest_size=16).hexdigest()
    try:
        claim.touch(exist_ok=False)
    except FileExistsError:
        return compiling(*arguments, **named) if claim.read_bytes() else partial(_plainly, function)
    code = compiling(*arguments, **named)
    claim.write_bytes(b"done")
    return code


def _plainly(function: Callable, *arguments: Any, **named: Any) -> Any:
    _Sharing.plain += 1
    try:
        return function(*arguments, **named)
    finally:
        _Sharing.plain -= 1


def rule(function: Callable) -> Any:
    """Compile a scalar equation; inside a kernel it is called as written."""
    return _compile(function)


def kernel(function: Callable) -> Any:
    """Compile a loop over rows `start:stop` that applies rules."""
    return _compile(function)


def interpreted() -> bool:
    """Whether rules run as plain Python in this process."""
    return bool(numba.config.DISABLE_JIT)  # pyright: ignore[reportAttributeAccessIssue]


def unsigned(rows: Any) -> Any:
    """The same row numbers (i8) without a sign: compiled code then need not ask at each use whether one is negative."""
    return rows.view(np.uint64)


@cache
def _named(kind: Any) -> Callable[[Any], Any]:
    return attrgetter(*kind._fields)


@cache
def _first_of(kind: Any) -> int:
    return kind._fields.index("first")


def pick[Part](record: Any, kind: type[Part]) -> Part:
    """The columns of a record that `kind`, a smaller NamedTuple, names: a kernel is handed only what it reads."""
    return cast("Any", kind)._make(_named(kind)(record))


def pick_homes[Part](record: Any, kind: type[Part]) -> Part:
    """The same of a record of households, with their rows of persons (`first`) without a sign."""
    columns, at = _named(kind)(record), _first_of(kind)
    return cast("Any", kind)(*columns[:at], unsigned(columns[at]), *columns[at + 1 :])


remembered = lru_cache(maxsize=8)
"""Keep what a pure function of a mechanism's numbers returned for the last few sets of numbers: tables of all years."""


def added_up(tables: Sequence[Any]) -> Any:
    """The sum of tables of one shape, added in their order."""
    total = tables[0]
    for table in tables[1:]:
        total = total + table
    return total


@cache
def _pool(workers: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(workers, thread_name_prefix="tianshui")


def threads() -> int:
    """Threads used by `over`: `TIANSHUI_THREADS`, else the processors this process may use."""
    wanted = os.environ.get("TIANSHUI_THREADS")
    return max(1, int(wanted)) if wanted else len(os.sched_getaffinity(0))


def side_by_side(tasks: Sequence[Callable[[], Any]]) -> list[Any]:
    """Results of tasks that need not wait for one another, in their order, on any number of threads."""
    workers = min(threads(), len(tasks))
    if workers < 2:
        return [task() for task in tasks]
    return list(_pool(workers).map(lambda task: task(), tasks))


def block(rows: int) -> int:
    """Rows of a block: these alone decide it, so that sums over blocks do not depend on the machine."""
    return min(LARGEST, max(SMALLEST, -(-rows // PARTS)))


def over(rows: int, task: Callable[[int, int], Any]) -> list[Any]:
    """Run `task(start, stop)` on fixed blocks of rows; results in block order on any number of threads."""
    if 0 < rows <= SMALLEST:
        return [task(0, rows)]
    size = block(rows)
    blocks = [(start, min(start + size, rows)) for start in range(0, rows, size)]
    # Two blocks for each thread at least: fewer are done before a thread is awake.
    workers = min(threads(), len(blocks) // 2) if rows >= SHARED_FROM else 1
    if workers < 2:
        return [task(*block) for block in blocks]
    results: list[Any] = [None] * len(blocks)
    turn = count()

    def work() -> None:
        while (block := next(turn)) < len(blocks):
            results[block] = task(*blocks[block])

    # This thread works too; who takes which block is left to chance, where its result stands is not.
    others = [_pool(workers - 1).submit(work) for _ in range(workers - 1)]
    try:
        work()
    finally:
        for other in others:
            other.result()
    return results
