"""Two scenarios under the same luck: what is missing is run, what exists is read.

A world is a pair (seed, draw). Both scenarios live through the same worlds, so a difference is taken world by
world, and only then summarised. A track is a sample with its worlds; the first track of a result is the one
that verdict and report count. What chance alone does is read from eight seeds at the central values.

    compare("plan", "no_plan", sample=0.05, draws=16)          # results/plan-vs-no_plan
    compare("plan", "no_plan", tracks="1.0:8,0.05:64", chance=True)

A run's name is a digest of all that determines it, so the same command goes on where it was stopped, and a
changed scenario is run anew beside the old one.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from tianshui import archive, asks, compiled, evidence, plan, registry
from tianshui.experiments import attribute, pool, under
from tianshui.experiments.changes import changed, changed_pair
from tianshui.experiments.folder import FAILED, checked, keep_table, writing
from tianshui.experiments.pool import Failure, Progress, Task
from tianshui.experiments.reading import Result
from tianshui.experiments.tables import KINDS, UNDER, shares_file
from tianshui.experiments.verdict import PAIR, NoRuns, worlds
from tianshui.indicators import HEADLINES
from tianshui.plan import FIRST_YEAR, LAST_YEAR, PLAN_YEAR, Course, Plan
from tianshui.state import COUNTIES
from tianshui.words import InputError

SMALLEST_SAMPLE = 0.001
"""Below about a thousand households a county of the sample may hold nobody of a kind."""
MOST = 10_000
"""Seeds or draws at once."""
SEEDS_END = 2**31
"""Largest seed."""
CHANCE_SAMPLE, CHANCE_SEEDS = 0.05, 8
LONGEST_NAME = 80
ASSUMPTIONS = "assumptions.parquet"
SAME = ("scenarios", "changed_levers", "evidence", "sources")
"""What a result says of itself that must not change for its extra tables to stay true."""
UNTESTED, ENSEMBLE = "untested", "ensemble"

Watch = Callable[[Sequence[Task]], Progress]
"""Told what will be run; gives what is told of each."""


class Track(NamedTuple):
    """A sample and the worlds it lives through."""

    sample: float
    pairs: tuple[tuple[int, int], ...]


class Extra(NamedTuple):
    """A table beside the result that stands on runs of its own."""

    folder: str
    """Where those of its runs lie that the result itself does not need."""
    file: str
    tasks: tuple[Task, ...]
    table: Callable[[Callable[..., pd.Series | None]], pd.DataFrame]
    """Makes the table, given what reads the prefecture's values of a task (from a year on)."""


class Stopped(KeyboardInterrupt):
    """The user stopped; what was finished is kept."""

    def __init__(self, done: int, wanted: int, folder: Path) -> None:
        super().__init__()
        self.done, self.wanted, self.folder = done, wanted, folder


@dataclass(frozen=True)
class Outcome:
    """What a command made: a folder and what it says of itself."""

    folder: Path
    manifest: Mapping[str, Any]
    made: int
    """Runs made now."""
    read: int
    """Runs that were there."""
    failures: tuple[Failure, ...]
    wanted: int
    """Runs in all."""

    @property
    def results(self) -> Result:
        """The result, to be read."""
        return Result(self.folder)


# --- Which worlds -------------------------------------------------------------------------------------


def share(text: float | str) -> float:
    """A sample, checked; raises `InputError`."""
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not SMALLEST_SAMPLE <= found <= 1:
        raise InputError("bad_sample", text=text, low=SMALLEST_SAMPLE)
    return found


def count(option: str, text: int | str, low: int = 1, high: int = MOST) -> int:
    """A whole number given with an option, checked; raises `InputError`."""
    word = str(text).strip()
    if not re.fullmatch(r"[0-9]{1,9}", word) or not low <= int(word) <= high:
        raise InputError("bad_count", option=option, text=text, low=low, high=high)
    return int(word)


def pairs_of(
    seeds: int | str | None = None, seed: int | str | None = None, draws: int | str | None = None
) -> tuple[tuple[int, int], ...]:
    """The pairs of seed and draw that the options mean; none of them: the pair (0, 0).

    Seeds alone use draw 0, the central values; draws alone give pairs (i, i); both give the product. The draws
    `ensemble` are all rows of the fitted ensemble, `ensemble:N` its first N: each under the luck with which it was accepted
    (`fit.py`), whose seed is the number of its draw.

    Raises
    ------
    InputError
        For anything but whole numbers, for `seed` beside `seeds`, and for an ensemble that is not there.
    """
    if seeds is not None and seed is not None:
        raise InputError("clash", one="--seeds", other="--seed")
    own = None
    if seeds is not None:
        own = range(count("--seeds", seeds))
    elif seed is not None:
        own = (count("--seed", seed, low=0, high=SEEDS_END),)
    if draws is None:
        return tuple((one, 0) for one in own or (0,))
    fitted = str(draws).startswith(ENSEMBLE)
    rows = _rows(str(draws)) if fitted else range(_draws(draws))
    first = evidence.ENSEMBLE_FROM if fitted else 0
    if own is None and fitted:
        return tuple((evidence.ensemble()[one][0], first + one) for one in rows)
    if own is None:
        return tuple((one, first + one) for one in rows)
    return tuple((one, first + other) for one in own for other in rows)


def _rows(text: str) -> range:
    """The rows of the ensemble that a text such as `ensemble` or `ensemble:16` means."""
    word, colon, wanted = text.partition(":")
    if word != ENSEMBLE:
        raise InputError("bad_draws", text=text, high=MOST)
    there = len(evidence.ensemble())
    if not there:
        raise InputError("no_ensemble")
    return range(count("--draws ensemble:", wanted, high=there) if colon else there)


def _draws(text: int | str) -> int:
    try:
        return count("--draws", text)
    except InputError:
        raise InputError("bad_draws", text=text, high=MOST) from None


def tracks_of(text: str) -> tuple[Track, ...]:
    """The tracks of a text such as `1.0:8,0.05:64`: samples, each with pairs (i, i).

    Raises
    ------
    InputError
        When it is written otherwise, or names a sample twice.
    """
    tracks: list[Track] = []
    for part in text.split(","):
        sample, colon, pairs = (piece.strip() for piece in part.partition(":"))
        if not colon or not re.fullmatch(r"[0-9]{1,5}", pairs) or int(pairs) < 1:
            raise InputError("bad_tracks", text=text)
        track = Track(share(sample), tuple((one, one) for one in range(count("--tracks", pairs))))
        if any(track.sample == other.sample for other in tracks):
            raise InputError("track_twice", text=text, sample=sample)
        tracks.append(track)
    return tuple(tracks)


def chance_track() -> Track:
    """Eight seeds of the small sample at the central values."""
    return Track(CHANCE_SAMPLE, tuple((seed, 0) for seed in range(CHANCE_SEEDS)))


def folder_name(*names: str) -> str:
    """A folder's name for one scenario or for one against another."""
    text = "-vs-".join(re.sub(r"[^\w.=@-]+", "-", name).strip("-.") or "scenario" for name in names)
    if len(text) > LONGEST_NAME:
        return f"{text[: LONGEST_NAME - 9]}-{_short_digest(text)}"
    return text


def _short_digest(text: str) -> str:
    return blake2s(text.encode(), digest_size=4).hexdigest()


# --- Running ------------------------------------------------------------------------------------------


def compare(
    a: str | Path | Plan,
    b: str | Path | Plan,
    *,
    sample: float = 1.0,
    seeds: int | None = None,
    seed: int | None = None,
    draws: int | str | None = None,
    tracks: str | Sequence[Track] | None = None,
    chance: bool = False,
    until: int = LAST_YEAR,
    out: str | Path | None = None,
    scenarios: str | Path | None = None,
    sets: Sequence[str] = (),
    only: Sequence[str] = (),
    without: Sequence[str] = (),
    attribution: int = 0,
    players: str = "groups",
    orders: int = attribute.ORDERS,
    assuming: str | Path | Plan | None = None,
    workers: int | None = None,
    watch: Watch | None = None,
    waiting: Callable[[Path], None] | None = None,
) -> Outcome:
    """Compare two scenarios: run what is missing, read what exists.

    Parameters
    ----------
    a, b : str, Path or Plan
        Name, file or plan; what is shown is a less b.
    sample, seeds, seed, draws
        The worlds of the one track, as the command line has them.
    tracks : str or sequence of Track, optional
        Several samples instead, such as `1.0:8,0.05:64`; the first is the one that counts.
    chance : bool
        Also run eight seeds of the 5 % sample at the central values.
    until : int
        Last year.
    out : str or Path, optional
        The result folder; by default `results/<a>-vs-<b>`.
    scenarios : str or Path, optional
        Folder searched first.
    sets, only, without : sequence of str
        Changes: see `changed_pair`.
    attribution : int
        Pairs, at most, whose difference is shared out among levers; 0 for none.
    players, orders
        Among whom (`groups`, `pushes` or `items`), and for the last two in how many orders and reverses.
    assuming : str, Path or Plan, optional
        A scenario under whose beliefs, outside numbers and cuts both are lived again; see `under`.
    workers : int, optional
        Processes.
    watch, waiting : callable, optional
        See `Watch`; `waiting` is told of the folder when another command is writing there.

    Returns
    -------
    Outcome
        With the folder, its manifest and the runs that failed.

    Raises
    ------
    ScenarioError, InputError
        For what is wrong with a scenario or an option; nothing was written.
    Stopped
        When the user stops; finished runs are kept, and the same call goes on.
    OSError, ArchiveError
        When the folder cannot be written.
    """
    pair = changed_pair(_plan(a, scenarios), _plan(b, scenarios), sets, only, without)
    chosen = _tracks(tracks, sample, seeds, seed, draws)
    _until(until)
    extras = []
    if assuming is not None:
        extras.append(_under(*pair, _plan(assuming, scenarios), chosen[0], until))
    if attribution:
        how = attribute.sharing(*pair, players, orders)
        extras.append(_attribution(*pair, how, chosen, attribution, until))
    folder = Path(out) if out else Path("results") / folder_name(pair[0].name, pair[1].name)
    return execute(
        "compare", pair, chosen, folder, chance=chance, until=until, extras=extras, workers=workers,
        watch=watch, waiting=waiting,
    )  # fmt: skip


def run(
    names: Sequence[str | Path | Plan],
    *,
    sample: float = 1.0,
    seeds: int | None = None,
    seed: int | None = None,
    draws: int | str | None = None,
    tracks: str | Sequence[Track] | None = None,
    chance: bool = False,
    until: int = LAST_YEAR,
    out: str | Path | None = None,
    scenarios: str | Path | None = None,
    sets: Sequence[str] = (),
    only: Sequence[str] = (),
    without: Sequence[str] = (),
    workers: int | None = None,
    watch: Watch | None = None,
    waiting: Callable[[Path], None] | None = None,
) -> list[Outcome]:
    """Run scenarios; options as in `compare`.

    Returns
    -------
    list of Outcome
        One a scenario, in `results/<scenario>`; or a single one when `out` names a folder for all.
    """
    plans = [changed(_plan(name, scenarios), sets, only, without) for name in names]
    chosen = _tracks(tracks, sample, seeds, seed, draws)
    together = [plans] if out else [[one] for one in plans]
    return [
        execute(
            "run", some, chosen, Path(out) if out else Path("results") / folder_name(some[0].name),
            chance=chance, until=until, workers=workers, watch=watch, waiting=waiting,
        )
        for some in together
    ]  # fmt: skip


def _plan(name: str | Path | Plan, scenarios: str | Path | None) -> Plan:
    return name if isinstance(name, Plan) else plan.load(name, scenarios=scenarios)


def _tracks(
    tracks: str | Sequence[Track] | None,
    sample: float,
    seeds: int | None,
    seed: int | None,
    draws: int | str | None,
) -> tuple[Track, ...]:
    if tracks is None:
        return (Track(share(sample), pairs_of(seeds, seed, draws)),)
    for option, value in (("--seeds", seeds), ("--seed", seed), ("--draws", draws)):
        if value is not None:
            raise InputError("clash", one="--tracks", other=option)
    return tracks_of(tracks) if isinstance(tracks, str) else tuple(tracks)


def execute(
    kind: str,
    plans: Sequence[Plan],
    tracks: Sequence[Track],
    folder: Path,
    *,
    chance: bool = False,
    until: int = LAST_YEAR,
    extras: Sequence[Extra] = (),
    workers: int | None = None,
    watch: Watch | None = None,
    waiting: Callable[[Path], None] | None = None,
) -> Outcome:
    """Make the runs of some scenarios in some tracks that a folder does not hold, its manifest, and extra tables."""
    _until(until)
    if workers is not None:
        count("--workers", workers)
    checked(folder)
    lived = [*tracks, chance_track()] if chance else list(tracks)
    asked = [task for track in lived for task in _tasks(plans, track, until)]
    wanted = _unique(asked)
    with writing(folder, waiting):
        places = {task.id: folder for task in wanted}
        for extra in extras:
            places = {task.id: folder / extra.folder for task in extra.tasks} | places
        everything = _unique([*wanted, *(task for extra in extras for task in extra.tasks)])
        missing = pool.arranged(task for task in everything if not archive.exists(places[task.id], task.id))
        done: list[str] = []

        def deliver(task: Task, made: Any) -> None:
            archive.write_run(places[task.id], made)
            (folder / FAILED / f"{task.id}.txt").unlink(missing_ok=True)
            done.append(task.id)

        try:
            failures = pool.run_all(
                missing, deliver, workers=workers, progress=watch(missing) if watch and missing else None,
                together=pool.simulate_tasks,
            )  # fmt: skip
        except KeyboardInterrupt:
            # Counted on disk: the key may fall between the last file and the note that it was written.
            there = sum(archive.exists(places[task.id], task.id) for task in everything)
            raise Stopped(there, len(everything), folder) from None
        _note_failures(folder, failures)
        lost = {failure.task.id for failure in failures}
        kept = [task for task in asked if task.id not in lost]
        manifest = _manifest(kind, plans, tracks, chance, until, kept)
        if _is_other(folder, manifest):
            for file in (UNDER, *map(shares_file, KINDS)):
                (folder / file).unlink(missing_ok=True)
        archive.write_manifest(folder, manifest)
        keep_table(folder / ASSUMPTIONS, assumptions())

        def read(task: Task, since: int = PLAN_YEAR) -> pd.Series | None:
            return attribute.values_of(places[task.id] / "runs" / f"{task.id}.parquet", since)

        for extra in extras:
            keep_table(folder / extra.file, extra.table(read))
    return Outcome(
        folder, manifest, len(done), len(everything) - len(missing), tuple(failures), len(everything)
    )


def _until(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError("bad_until", text=year, low=FIRST_YEAR, high=LAST_YEAR)


def _attribution(
    a: Plan, b: Plan, how: attribute.Sharing, tracks: Sequence[Track], most: int, until: int
) -> Extra:
    """The difference shared out, in the smallest sample and its first pairs: it takes many runs a pair."""
    smallest = min(tracks, key=lambda track: track.sample)
    needed = attribute.tasks(a, b, how, smallest.sample, smallest.pairs[:most], until, task_of)
    return Extra(
        attribute.FOLDER, shares_file(how.players.kind), tuple(needed.values()),
        lambda read: attribute.attribution(read, needed, how),
    )  # fmt: skip


def _under(a: Plan, b: Plan, other: Plan, track: Track, until: int) -> Extra:
    """Both scenarios once more under other assumptions, in the worlds that count."""
    needed = under.tasks(under.lines(a, b, other), track.sample, track.pairs, until, task_of)
    return Extra(
        under.FOLDER, UNDER, tuple(needed.values()),
        lambda read: under.table(lambda task: read(task, under.SINCE), needed, other),
    )  # fmt: skip


def _tasks(plans: Sequence[Plan], track: Track, until: int) -> Iterator[Task]:
    """World by world, so that what is there after a stop can be compared."""
    for seed, draw in track.pairs:
        for one in plans:
            yield task_of(one, track.sample, seed, draw, until)


def task_of(one: Plan, sample: float, seed: int, draw: int, until: int) -> Task:
    """A run to be made, with its id."""
    from tianshui.run import run_id

    name = run_id(one, sample=sample, seed=seed, draw=draw, until=until)
    return Task(one, sample, seed, draw, until, name)


def _is_other(folder: Path, manifest: Mapping[str, Any]) -> bool:
    """Whether a folder's extra tables are of scenarios or a model that the manifest to be written does not speak of."""
    try:
        before = archive.read_manifest(folder)
    except archive.ArchiveError:
        return True
    return any(before.get(name) != json.loads(json.dumps(manifest[name])) for name in SAME)


def _unique(tasks: Iterable[Task]) -> list[Task]:
    found: dict[str, Task] = {}
    for task in tasks:
        found.setdefault(task.id, task)
    return list(found.values())


def _note_failures(folder: Path, failures: Sequence[Failure]) -> None:
    """Keep each traceback until the run succeeds."""
    for failure in failures:
        place = folder / FAILED / f"{failure.task.id}.txt"
        place.parent.mkdir(exist_ok=True)
        place.write_text(failure.trace, encoding="utf-8")


# --- What a result says of itself ---------------------------------------------------------------------


def _manifest(
    kind: str, plans: Sequence[Plan], tracks: Sequence[Track], chance: bool, until: int, made: Sequence[Task]
) -> dict[str, Any]:
    small = chance_track()
    return {
        "schema": 1,
        "kind": kind,
        "scenarios": [
            {"name": one.name, "title": dict(one.title), "reason": dict(one.reason), "chain": list(one.chain)}
            for one in plans
        ],
        "tracks": [
            {"sample": track.sample, "pairs": [list(pair) for pair in track.pairs], "until": until}
            for track in tracks
        ],
        "chance": {"sample": small.sample, "seeds": [seed for seed, _ in small.pairs], "draw": 0}
        if chance else None,
        "intervals": ENSEMBLE if _all_fitted(tracks) else UNTESTED,
        "evidence": evidence.digest(),
        "sources": compiled.source_digest("tianshui.run"),
        "changed_levers": changed_levers(*plans) if kind == "compare" else [],
        "levers": levers_set(plans),
        # Scenarios that set the same numbers share a run, which is then listed for each of them.
        "runs": list({
            (task.id, task.plan.name): {
                "id": task.id, "scenario": task.plan.name, "sample": task.sample, "seed": task.seed,
                "draw": task.draw,
            }
            for task in made
        }.values()),
    }  # fmt: skip


def _all_fitted(tracks: Sequence[Track]) -> bool:
    """Whether every world stands on a row of the fitted ensemble."""
    return all(draw >= evidence.ENSEMBLE_FROM for track in tracks for _, draw in track.pairs)


def assumptions() -> pd.DataFrame:
    """What is believed and what comes from outside: the numbers that a draw draws, with range and source."""
    drawn = {**registry.beliefs(), **registry.outside_numbers()}
    rows = []
    for name, number in drawn.items():
        low, high = (number.prior[0], number.prior[2]) if number.prior else number.within
        rows.append({
            "name": name, "kind": number.kind, "value": number.value, "low": low, "high": high,
            "unit": number.unit, "status": number.status, "source": number.source, "doc": number.doc,
        })  # fmt: skip
    return pd.DataFrame(rows)


def changed_levers(a: Plan, b: Plan) -> list[dict[str, Any]]:
    """The levers in which two scenarios differ, with the years from which each value holds.

    A single value is one for each county; of an amount the prefecture has the sum of its counties.
    """
    rows = []
    for name, number in a.levers.items():
        own, other = a.courses[name], b.courses[name]
        if _table(own) != _table(other):
            rows.append({
                "lever": name, "names": dict(zip(("en", "zh"), number.names, strict=True)),
                "unit": number.unit, "measure": number.measure, "group": number.group,
                "per_county": asks.is_amount(number),
                "a": _table(own), "b": _table(other),
            })  # fmt: skip
    return rows


def levers_set(plans: Sequence[Plan]) -> list[dict[str, Any]]:
    """Every lever with its names, its item (`measure`), and the scenarios that set it unlike `no_plan` (`set_by`)."""
    return [
        {
            "lever": name, "names": dict(zip(("en", "zh"), number.names, strict=True)), "measure": number.measure,
            "set_by": [one.name for one in plans if _table(one.courses[name]) != _table(one.rest[name])],
        }
        for name, number in plans[0].levers.items()
    ]  # fmt: skip


def _table(course: Course) -> dict[str, Any]:
    """Values by the year from which they hold: one number, or one a county when they differ."""
    table: dict[str, Any] = {}
    before = None
    for year in range(PLAN_YEAR - 1, LAST_YEAR + 1):
        values = [course.value(county, year) for county in range(len(COUNTIES))]
        if values != before:
            same = all(value == values[0] for value in values)
            table[str(year)] = values[0] if same else dict(zip(COUNTIES, values, strict=True))
        before = values
    return table


# --- What is shown ------------------------------------------------------------------------------------


def paths(
    results: Any, area: str, years: Sequence[int], indicators: Sequence[str] = HEADLINES
) -> pd.DataFrame:
    """Each scenario's middle, lowest and highest value over the worlds of the first track.

    Returns
    -------
    DataFrame
        Columns scenario, indicator, year, middle, low, high, worlds.
    """
    rows: Any = worlds(results, indicators=list(indicators), areas=[area], years=list(years))
    grouped = rows.dropna(subset=["value"]).groupby(
        ["scenario", "indicator", "year"], sort=True, observed=True
    )
    return grouped["value"].agg(middle="median", low="min", high="max", worlds="size").reset_index()


def contrast(
    results: Any,
    area: str,
    years: Sequence[int],
    indicators: Sequence[str] = HEADLINES,
    track: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """First less second scenario of a result, world by world, then summarised.

    Parameters
    ----------
    results : Result
        Of `compare`.
    area : str
        County, city or tianshui.
    years, indicators
        What is looked at.
    track : mapping, optional
        `sample` and `pairs`; the first track by default.

    Returns
    -------
    DataFrame
        Columns indicator, year, a, b (medians), middle, low, high (of the differences), worlds.
    """
    rows: Any = worlds(results, track, indicators=list(indicators), areas=[area], years=list(years))
    names = [told["name"] for told in results.manifest["scenarios"]]
    keys = [*PAIR, "indicator", "year"]
    first, second = (
        rows[rows["scenario"] == name].dropna(subset=["value"])[[*keys, "value"]] for name in names
    )
    both = first.merge(second, on=keys, suffixes=("_a", "_b"))
    if both.empty:
        raise NoRuns("no_pair")
    both["difference"] = both["value_a"] - both["value_b"]
    return (
        both.groupby(["indicator", "year"], sort=True)
        .agg(
            a=("value_a", "median"), b=("value_b", "median"), middle=("difference", "median"),
            low=("difference", "min"), high=("difference", "max"), worlds=("difference", "size"),
        )
        .reset_index()
    )  # fmt: skip


def chance_of(results: Any) -> dict[str, Any] | None:
    """The track of a result's runs that differ by chance alone."""
    told = results.manifest.get("chance")
    return told and {"sample": told["sample"], "pairs": [[seed, told["draw"]] for seed in told["seeds"]]}
