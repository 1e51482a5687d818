"""Many runs over the cores of one machine.

Results do not depend on the number of workers: a run is a function of its task alone, and whoever reads them
reads them by id. Each result is handed to `deliver` in this process as soon as it is there, so memory is
bounded by the workers, and whatever stops the rest (a key, a full disk, the power) loses no finished run.

Runs side by side that live through one world (sample, seed, draw) under several plans are made together by one
worker, which lives the years that the plans share once (`simulate_together`).

Workers are fresh interpreters (`spawn`): a fork of a process that holds threads or compiled code can hang.
"""

import contextlib
import multiprocessing
import os
import signal
import tempfile
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import batched, groupby
from pathlib import Path
from typing import Any, NamedTuple

from tianshui.words import say

GIGABYTE = 2**30
RUN_MEMORY = 3 * GIGABYTE
"""Bytes of a one-to-one run at its peak (the design's bound); a sample's grows with its share."""
WORKER_MEMORY = GIGABYTE // 2
"""Bytes of an interpreter with the model in it (0.35 GB measured, rounded up)."""
MEMORY_USED = 0.8
"""Part of the free memory that workers may take together."""
RUN_SECONDS, LEAST_SECONDS, START_SECONDS = 12.0, 0.3, 4.0
"""About how long take a one-to-one run, the smallest run, and a new worker until its first run."""
WARM_SAMPLE, WARM_UNTIL = 0.001, 2016
"""A run of a moment: it leaves machine code and the start population in the user's cache."""
RUN_BYTES = 400_000
"""Bytes on disk of a run to 2035, about the same for every sample: areas, indicators and bins are as many."""
PAST = 0.3
"""Part of a run's time that its opening and the years before plans act take."""
NEARLY = 0.99
"""The most that is told of a run whose result is not yet delivered."""
MOST_TOGETHER = 8
"""Runs of one world at most that one worker makes together: what is lost when it is stopped, and waits for one core."""
WORTH_A_PROBE = 120.0
"""Seconds ahead, by their sizes, from which some runs are worth a timed one."""
PROBE_UNTIL = 2018
"""Last year of a timed run."""
PULSE = 0.5
"""Seconds between looks at the workers."""
THREADS = "TIANSHUI_THREADS"
_THREAD_VARIABLES = (THREADS, "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Task(NamedTuple):
    """One run to be made."""

    plan: Any
    """`plan.Plan`."""
    sample: float
    seed: int
    draw: int
    until: int
    id: str
    shares: bool = False
    """Whether it goes on from the past of the run before it; see `arranged`."""

    @property
    def cost(self) -> float:
        """About how long it takes, seconds: only to weigh runs against one another."""
        return (LEAST_SECONDS + RUN_SECONDS * self.sample) * (1.0 - PAST * self.shares)


class Failure(NamedTuple):
    """One run that failed; the others went on."""

    task: Task
    message: str
    trace: str


Work = Callable[[Task, Callable[[float], None] | None], Any]
Together = Callable[[Sequence[Task], Callable[[Task, float], None] | None], Iterator[tuple[Task, Any]]]
"""Makes the runs of one world, each with its task as it ends."""
Deliver = Callable[[Task, Any], None]
Progress = Callable[[Task, float], None]
"""Called with a task and the part of it that is done, 1 at its end."""


def simulate_task(task: Task, progress: Callable[[float], None] | None = None) -> Any:
    """Make one run; `progress` hears the part that is done."""
    from tianshui.run import simulate

    return simulate(
        task.plan, sample=task.sample, seed=task.seed, draw=task.draw, until=task.until,
        progress=_years(task.until, progress) if progress else None,
    )  # fmt: skip


def simulate_tasks(
    tasks: Sequence[Task], progress: Callable[[Task, float], None] | None = None
) -> Iterator[tuple[Task, Any]]:
    """Make the runs of one world together."""
    from tianshui.run import simulate_together

    one = tasks[0]
    parts = [_years(one.until, partial(progress, task)) for task in tasks] if progress is not None else []

    def heard(place: int, year: int) -> None:
        parts[place](year)

    plans = [task.plan for task in tasks]
    for place, made in simulate_together(
        plans,
        sample=one.sample,
        seed=one.seed,
        draw=one.draw,
        until=one.until,
        progress=heard if parts else None,
    ):
        yield tasks[place], made


def _years(until: int, progress: Callable[[float], None]) -> Callable[..., None]:
    from tianshui.plan import FIRST_YEAR

    return lambda year, *_: progress((year - FIRST_YEAR + 1) / (until - FIRST_YEAR + 1))


# --- In which order -----------------------------------------------------------------------------------


def arranged(tasks: Iterable[Task]) -> list[Task]:
    """Samples and worlds in the order in which they first come, runs of one world side by side."""
    samples: dict[float, dict[Any, list[Task]]] = {}
    for task in tasks:
        world = (task.seed, task.draw, task.until)
        samples.setdefault(task.sample, {}).setdefault(world, []).append(task)
    return [
        task._replace(shares=place > 0)
        for worlds in samples.values()
        for some in worlds.values()
        for place, task in enumerate(some)
    ]


def _starts(tasks: Iterable[Task]) -> dict[tuple[float, Any], Task]:
    """The start populations that runs need, by sample and world, each with a run that needs it."""
    from tianshui.run import world_at_start

    draws = {(task.sample, task.draw): task for task in tasks}
    starts: dict[tuple[float, Any], Task] = {}
    for task in draws.values():
        starts.setdefault((task.sample, world_at_start(task.plan, task.draw)), task)
    return starts


def _warm(work: Work, task: Task, claims: str) -> None:
    """In a worker: live a moment of a run, compiling what no other worker does."""
    from tianshui import compiled

    moment = task._replace(sample=min(WARM_SAMPLE, task.sample), until=WARM_UNTIL)
    with contextlib.suppress(Exception), compiled.sharing(Path(claims)):
        work(moment, None)


def _prepare(sample: float, world: Any) -> None:
    """In a worker: build a start population into the user's cache; what is wrong, the run that needs it tells."""
    from tianshui import population

    with contextlib.suppress(Exception):
        population.start(sample, world)


# --- How many at once ---------------------------------------------------------------------------------


def cores() -> int:
    """Processors that this process may use, or fewer when `TIANSHUI_THREADS` says so."""
    wanted = os.environ.get(THREADS, "")
    if wanted.isdigit() and int(wanted) > 0:
        return int(wanted)
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def free_memory() -> int:
    """Bytes that may still be taken: what the machine has free, within the limit of a container."""
    found = []
    meminfo = _text(Path("/proc/meminfo"))
    for line in meminfo.splitlines():
        if line.startswith("MemAvailable:"):
            found.append(int(line.split()[1]) * 1024)
    limit, used = _text(Path("/sys/fs/cgroup/memory.max")), _text(Path("/sys/fs/cgroup/memory.current"))
    if limit.strip().isdigit() and used.strip().isdigit():
        found.append(max(0, int(limit) - int(used)))
    if not found and hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(found, default=2 * RUN_MEMORY)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""


def crew(tasks: int, sample: float, *, wanted: int | None = None) -> tuple[int, int]:
    """Workers for some tasks of one sample, and threads for each worker.

    As many as cores and memory allow, and no more than earn the time that it takes to start them.

    Parameters
    ----------
    tasks : int
        How many there are.
    sample : float
        Share of households, which decides the memory of a run.
    wanted : int, optional
        Workers asked for; they are not more than the tasks, whatever the machine has.
    """
    machine = cores()
    if wanted is None:
        room = int(MEMORY_USED * free_memory() / (WORKER_MEMORY + RUN_MEMORY * sample))
        worth = int(tasks * (LEAST_SECONDS + RUN_SECONDS * sample) / START_SECONDS)
        wanted = min(machine, room, worth)
    workers = max(1, min(wanted, tasks))
    return workers, max(1, machine // workers)


class Pace(NamedTuple):
    """How fast this machine lives a sample, with as many runs side by side as there will be."""

    sample: float
    opening: float
    """Seconds until the first year begins."""
    year: float
    """Seconds of a year, what is counted of it included."""

    def seconds(self, task: Task) -> float:
        """How long a run takes; one of another sample in proportion to what sizes say of the two."""
        from tianshui.plan import FIRST_YEAR, PLAN_YEAR

        weight = (LEAST_SECONDS + RUN_SECONDS * task.sample) / (LEAST_SECONDS + RUN_SECONDS * self.sample)
        if task.shares:
            return weight * self.year * max(task.until - PLAN_YEAR + 1, 0)
        return weight * (self.opening + self.year * (task.until - FIRST_YEAR + 1))


def probe(tasks: Sequence[Task], workers: int | None = None) -> Pace | None:
    """Time the first years of a run of the largest sample on as many workers as will be at work.

    Returns
    -------
    Pace or None
        None when so few seconds are ahead that a probe would cost more than it tells, or when the run fails: why it
        does, it will tell itself.
    """
    if forecast(tasks, workers).seconds < WORTH_A_PROBE:
        return None
    task = max(tasks, key=lambda one: one.sample)
    count, threads = crew(sum(one.sample == task.sample for one in tasks), task.sample, wanted=workers)
    try:
        paces = [_timed(task)] if count == 1 else _timed_together(task, count, threads)
    except Exception:  # noqa: BLE001 - a forecast is no reason to stop
        return None
    return Pace(
        task.sample, sum(one.opening for one in paces) / count, sum(one.year for one in paces) / count
    )


def _timed_together(task: Task, count: int, threads: int) -> list[Pace]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        count, context, initializer=_begin, initargs=(threads, context.RawArray("d", 1))
    )
    try:
        pool.submit(_moment, task).result()  # one fills the caches, so that not all compile
        paces = [future.result() for future in [pool.submit(_timed, task) for _ in range(count)]]
    except BaseException:
        _end(pool)
        raise
    pool.shutdown()
    return paces


def _moment(task: Task) -> None:
    """Load or compile the code, and build the start population."""
    simulate_task(task._replace(sample=min(WARM_SAMPLE, task.sample), until=WARM_UNTIL))
    for start in _starts([task]):
        _prepare(*start)


def _timed(task: Task) -> Pace:
    """Live the first years of a run, whose code and start population are at hand, by the clock."""
    from tianshui.plan import FIRST_YEAR

    _moment(task)
    clock, until = [time.perf_counter()], min(PROBE_UNTIL, task.until)
    simulate_task(task._replace(until=until), lambda part: clock.append(time.perf_counter()))
    # The first that is heard of a run is that its opening stands.
    begun, opened, end = clock[0], clock[1], time.perf_counter()
    return Pace(task.sample, opened - begun, (end - opened) / (until - FIRST_YEAR + 1))


class Forecast(NamedTuple):
    """About what some runs cost."""

    seconds: float
    bytes: float
    """On disk."""


def forecast(tasks: Sequence[Task], workers: int | None = None, pace: Pace | None = None) -> Forecast:
    """About how long some runs take and what they leave on disk: at a pace timed here, else from their sizes."""
    seconds = 0.0
    for count, bundles in _crews(tasks, workers, together=True):
        # In each bundle the first run lives the past for all of them.
        costs = sum(
            task.cost if pace is None else pace.seconds(task._replace(shares=place > 0))
            for bundle in bundles
            for place, task in enumerate(bundle)
        )
        seconds += costs / count + START_SECONDS * (count > 1)
    return Forecast(seconds, float(RUN_BYTES * len(tasks)))


# --- Running ------------------------------------------------------------------------------------------


def run_all(
    tasks: Sequence[Task],
    deliver: Deliver,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    work: Work = simulate_task,
    together: Together | None = None,
    warm: bool = True,
) -> list[Failure]:
    """Make every run and hand each to `deliver`; one that fails is recorded and the rest go on.

    Parameters
    ----------
    tasks : sequence of Task
        Runs to be made; those of one sample side by side share a crew of workers.
    deliver : callable
        Called in this process with a task and its result, in the order in which they end.
    workers : int, optional
        Processes; by default as many as cores and memory allow. One means this process.
    progress : callable, optional
        Called with a task and the part of it that is done.
    work : callable
        What makes a run; importable by name, since workers are fresh interpreters.
    together : callable, optional
        What makes the runs of one world, when they stand side by side (such as `simulate_tasks`). Should it fail, its
        runs are made one by one.
    warm : bool
        Let one worker fill the caches before the others start, so that they do not all compile.

    Returns
    -------
    list of Failure
        In the order of the tasks.

    Raises
    ------
    KeyboardInterrupt
        When the user stops; workers have been ended, finished runs delivered.
    OSError
        When `deliver` cannot write; likewise.
    """
    failures: list[Failure] = []
    making = _Making(work, together)
    for count, bundles in _crews(tasks, workers, together is not None):
        if count == 1:
            failures += _here(bundles, deliver, progress, making)
        else:
            failures += _Crew(bundles, deliver, progress, making, count, warm).run()
    order = {id(task): place for place, task in enumerate(tasks)}
    return sorted(failures, key=lambda failure: order[id(failure.task)])


def _crews(tasks: Sequence[Task], workers: int | None, together: bool) -> list[tuple[int, list[list[Task]]]]:
    """Sizes of crews and their bundles; samples side by side that want equally many workers share them."""
    found: list[tuple[int, list[list[Task]]]] = []
    for sample, some in groupby(tasks, key=lambda task: task.sample):
        group = list(some)
        count, _ = crew(len(group), sample, wanted=workers)
        bundles = _bundles(group, count) if together else [[task] for task in group]
        if found and found[-1][0] == count:
            found[-1][1].extend(bundles)
        else:
            found.append((count, bundles))
    return found


def _bundles(group: list[Task], count: int) -> list[list[Task]]:
    """Runs of one world together, as long as each worker has its part."""
    most = max(1, min(MOST_TOGETHER, len(group) // count))
    worlds = groupby(group, key=lambda task: (task.seed, task.draw, task.until))
    return [list(some) for _, world in worlds for some in batched(world, most)]


Wrong = tuple[str, str]
"""What went wrong, and where: an exception itself may not travel between processes."""


class _Making(NamedTuple):
    """How runs are made."""

    work: Work
    together: Together | None

    def made(
        self, tasks: Sequence[Task], heard: Callable[[Task, float], None] | None = None
    ) -> Iterator[tuple[Task, Any, Wrong | None]]:
        """Each task of a bundle with its result, or what went wrong."""
        left = {id(task): task for task in tasks}
        if self.together is not None and len(tasks) > 1:
            try:
                for task, result in self.together(tasks, heard):
                    del left[id(task)]
                    yield task, result, None
            except Exception:  # noqa: BLE001, S110 - whose fault it was is found below, each run by itself
                pass
        for task in left.values():
            yield task, *self._alone(task, heard and partial(heard, task))

    def _alone(self, task: Task, heard: Callable[[float], None] | None) -> tuple[Any, Wrong | None]:
        try:
            return self.work(task, heard), None
        except Exception as error:  # noqa: BLE001 - whatever a run dies of is told, and the others go on
            told = " ".join(f"{type(error).__name__}: {error}".split())
            return None, (told, traceback.format_exc())

    def all_made(self, tasks: Sequence[Task], places: Sequence[int]) -> list[tuple[int, Any, Wrong | None]]:
        """The same in a worker, by the tasks' places: what travels is no task that the parent has already."""
        own = {id(task): number for number, task in enumerate(tasks)}

        def heard(task: Task, part: float) -> None:
            _parts[places[own[id(task)]]] = min(part, NEARLY)

        return [(own[id(task)], result, wrong) for task, result, wrong in self.made(tasks, heard)]


_parts: Any = None
"""In a worker: the part done of every run of its crew. Numbers in shared memory need no lock, which a worker that is
killed could take along."""


def _here(
    bundles: list[list[Task]], deliver: Deliver, progress: Progress | None, making: _Making
) -> list[Failure]:
    failures = []
    heard = (lambda task, part: progress(task, min(part, NEARLY))) if progress else None
    for bundle in bundles:
        for task, result, wrong in making.made(bundle, heard):
            if wrong is None:
                deliver(task, result)
            else:
                failures.append(Failure(task, *wrong))
            if progress:
                progress(task, 1.0)
    return failures


class _Crew:
    """Some workers on some tasks; started anew with half as many when one is killed."""

    def __init__(self, bundles: list[list[Task]], deliver: Deliver, progress: Progress | None, making: _Making,
                 count: int, warm: bool) -> None:  # fmt: skip
        self.waiting = deque(bundles)
        self.deliver, self.progress, self.making = deliver, progress, making
        self.count, self.warm = count, warm
        self.failures: list[Failure] = []
        self.open: dict[Future, list[Task]] = {}
        self.context = multiprocessing.get_context("spawn")
        self.places = {
            id(task): place for place, task in enumerate(task for some in bundles for task in some)
        }
        self.parts = self.context.RawArray("d", len(self.places))

    def run(self) -> list[Failure]:
        while self.waiting:
            pool = ProcessPoolExecutor(
                self.count, self.context, initializer=_begin,
                initargs=(max(1, cores() // self.count), self.parts),
            )  # fmt: skip
            try:
                self._work(pool)
            except BrokenProcessPool:
                self._lost()
            except BaseException:
                _end(pool)
                raise
            pool.shutdown(wait=True, cancel_futures=True)
        return self.failures

    def _work(self, pool: ProcessPoolExecutor) -> None:
        if self.warm and self.count > 1:
            self._fill_caches(pool)
        while self.waiting or self.open:
            # One more than there are workers, so that none waits for the next.
            while self.waiting and len(self.open) < self.count + (self.count > 1):
                bundle = self.waiting.popleft()
                try:
                    self.open[self._submit(pool, bundle)] = bundle
                except BrokenProcessPool:
                    self.waiting.appendleft(bundle)
                    raise
            for future in self._await(self.open):
                made = future.result()
                bundle = self.open.pop(future)
                for place, result, wrong in made:
                    self._take(bundle[place], result, wrong)

    def _submit(self, pool: ProcessPoolExecutor, bundle: list[Task]) -> Future:
        places = [self.places[id(task)] for task in bundle]
        for place in places:
            self.parts[place] = 0.0
        return pool.submit(self.making.all_made, bundle, places)

    def _fill_caches(self, pool: ProcessPoolExecutor) -> None:
        """The workers share out what is to be compiled on a run of a moment, each in a world that is needed later."""
        starts = _starts(task for bundle in self.waiting for task in bundle)
        worlds = [*{world: task for (_, world), task in starts.items()}.values()]
        with tempfile.TemporaryDirectory(prefix="tianshui-") as claims:
            warming = {
                pool.submit(_warm, self.making.work, worlds[number % len(worlds)], claims)
                for number in range(self.count)
            }
            for start in starts:
                pool.submit(_prepare, *start)
            while warming:
                warming -= self._await(warming)
        self.warm = False

    def _take(self, task: Task, result: Any, wrong: Wrong | None) -> None:
        if wrong is None:
            self.deliver(task, result)
        else:
            self.failures.append(Failure(task, *wrong))
        if self.progress:
            self.progress(task, 1.0)

    def _await(self, futures: Iterable[Future]) -> set[Future]:
        """Wait in short pulses: on some systems a key is not heard during a long wait."""
        done: set[Future] = set()
        while not done:
            done = wait(futures, timeout=PULSE, return_when=FIRST_COMPLETED).done
            self._tell()
        return done

    def _tell(self) -> None:
        """Pass on how far the open runs are."""
        if self.progress is None:
            return
        for task in (task for bundle in self.open.values() for task in bundle):
            if (part := self.parts[self.places[id(task)]]) > 0.0:
                self.progress(task, part)

    def _lost(self) -> None:
        """A worker was killed and took the others with it: what was open is tried again by fewer, or given up."""
        lost, self.open = list(self.open.values()), {}
        if self.count == 1 and lost and len(lost[0]) > 1:
            # Which run of the bundle it was is not known yet.
            lost = [[task] for task in lost[0]] + lost[1:]
        elif self.count == 1 and lost:
            message = say("en", "killed")
            self._take(lost[0][0], None, (message, message))
            lost = lost[1:]
        self.waiting.extendleft(reversed(lost))
        self.count, self.warm = max(1, self.count // 2), False


def _begin(threads: int, parts: Any) -> None:
    """In a new worker: the parent alone hears Ctrl-C, and a worker whose parent is gone ends."""
    global _parts  # noqa: PLW0603 - shared memory reaches a worker at its start only
    _parts = parts
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for variable in _THREAD_VARIABLES:
        os.environ[variable] = str(threads)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _end(pool: ProcessPoolExecutor) -> None:
    """End the workers at once; what they were doing will be done again by the same command."""
    # The executor offers this from Python 3.14 on; until then its own list of processes is the only way.
    processes = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(PULSE)
        if process.is_alive():
            # One that is only starting, on a busy machine, may not hear in time.
            process.kill()
            process.join()
