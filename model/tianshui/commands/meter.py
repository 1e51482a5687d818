"""Progress with time left, and what many runs cost before they start."""

import math
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Self

from tianshui.commands.options import workers_of
from tianshui.commands.voice import Voice

PATIENCE = 2.0
"""Seconds before progress is shown."""
SELDOM = 15.0
"""Seconds between lines of progress where there is no terminal."""
JUST_BEGUN = 0.01
"""Part of all work that is waited for before the time left is reckoned."""
LONG = 5.0
"""Seconds from which on what runs cost is said before they start."""
MEGABYTE = 1e6


class Meter:
    """Progress with time left, once it takes more than two seconds."""

    def __init__(self, voice: Voice, key: str = "running") -> None:
        self.voice, self.key = voice, key
        self.bar: Any = None
        self.row: Any = None
        self.timer: threading.Timer | None = None
        self.parts: dict[str, float] = {}
        self.costs: dict[str, float] = {}
        self.said = 0.0
        self.first: tuple[float, float] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.timer:
            self.timer.cancel()
            self.timer.join()
        if self.bar:
            self.bar.stop()

    def __call__(self, tasks: Sequence[Any]) -> Callable[[Any, float], None]:
        """Begin on some tasks; gives what is told of each."""
        self.costs = {task.id: task.cost for task in tasks}
        self.parts = dict.fromkeys(self.costs, 0.0)
        self.said, self.first = time.perf_counter(), None
        if sys.stderr.isatty():
            self.timer = threading.Timer(PATIENCE, self._show)
            self.timer.daemon = True
            self.timer.start()
        return self.heard

    def heard(self, task: Any, part: float) -> None:
        """Note how much of a task is done."""
        self.parts[task.id] = part
        # The pace is that of the runs themselves: before the first of them is heard of, code is compiled.
        if self.first is None and part > 0:
            self.first = time.perf_counter(), self._share()
        if self.bar:
            self.bar.update(self.row, completed=self._share(), description=self._text())
        elif not self.timer and time.perf_counter() - self.said > SELDOM:
            self.said = time.perf_counter()
            print(self._text(), file=sys.stderr, flush=True)

    def _share(self) -> float:
        return sum(self.parts[name] * cost for name, cost in self.costs.items()) / sum(self.costs.values())

    def _text(self) -> str:
        share, now = self._share(), time.perf_counter()
        done = sum(part >= 1 for part in self.parts.values())
        left = "?"
        since, before = self.first or (now, share)
        if share - before > JUST_BEGUN:
            left = _duration((now - since) * (1 - share) / (share - before), self.voice)
        return self.voice.say("pace", done=done, all=len(self.parts), left=left)

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self.bar = Progress(
            TextColumn("{task.description}", markup=False), BarColumn(), transient=True,
            console=Console(stderr=True),
        )  # fmt: skip
        self.row = self.bar.add_task(self._text(), total=1.0, completed=self._share())
        self.bar.start()


def _duration(seconds: float, voice: Voice) -> str:
    if seconds < 90:
        return voice.say("seconds", value=math.ceil(seconds))
    if seconds < 90 * 60:
        return voice.say("minutes", value=math.ceil(seconds / 60))
    return voice.say("hours", value=f"{seconds / 3600:.1f}")


def forecasting(
    meter: Meter, workers: str | None, *, kept: bool = True
) -> Callable[[Sequence[Any]], Callable[[Any, float], None]]:
    """A meter that first says what many runs cost, timing one when they are long; `kept` when they stay on disk."""

    def begin(tasks: Sequence[Any]) -> Callable[[Any, float], None]:
        from tianshui.experiments.pool import forecast, probe

        if len(tasks) > 1 and forecast(tasks, workers_of(workers)).seconds > LONG:
            pace = probe(tasks, workers_of(workers))
            cost = forecast(tasks, workers_of(workers), pace)
            ground = meter.voice.say("by_size" if pace is None else "by_probe")
            size = meter.voice.say("on_disk", size=math.ceil(cost.bytes / MEGABYTE)) if kept else ""
            meter.voice.note(
                "forecast",
                count=len(tasks),
                time=_duration(cost.seconds, meter.voice),
                size=size,
                ground=ground,
            )
        return meter(tasks)

    return begin
