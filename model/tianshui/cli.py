"""The command line: options in, tables or JSON out. What it says stands in `words`; what it does, elsewhere.

Only Typer and Rich are imported at the start, so that `--help` is instant; a command imports what it needs.
Exit status: 0 done, 1 failed, 2 bad input, 130 stopped by the user.
"""

import errno
import functools
import json
import math
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Self

import typer

from tianshui.words import LANGUAGES, InputError, Phrase, Told, both, marked, reason, say, unit, word

DONE, FAILED, BAD_INPUT, STOPPED = 0, 1, 2, 130
PATIENCE = 2.0
"""Seconds before progress is shown."""
SELDOM = 15.0
"""Seconds between lines of progress where there is no terminal."""
JUST_BEGUN = 0.01
"""Part of all work that is waited for before the time left is reckoned."""
WIDE = 200
"""Columns of a table that goes to a file or another program."""
NOISE = 1e-4
"""Part of the last digit shown below which a difference is left over from rounding."""
MIDWAY = 2025
SHOWN_YEARS = (2016, 2020, 2025, 2030, 2035)
PAST = 2021
"""Aims up to this year judge history: plans act from its first day, and hardly anything of them shows by its end."""
FIRM = ("published", "derived", "found")
LIST_OF = ("levers", "beliefs", "outside", "cuts", "measures", "scenarios", "indicators")
ATTRIBUTED = ("gdp_real", "rural_income_real", "urban_income_real", "poor_persons", "at_risk_persons", "net_away",
              "urban_share", "forest_cover", "soil_loss", "emissions", "debt")  # fmt: skip
ATTRIBUTION_PAIRS = 8
ORDERS = 8
"""Orders in which pushes or items are added, the reverses among them."""
STRONGEST = 8
"""Players of an indicator that are shown one by one."""
MANY_RUNS = 36
"""With more runs than this what they cost is said before they start."""
MEGABYTE = 1e6

app = typer.Typer(
    name="tianshui",
    help=both("help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Entry point of `tianshui`."""
    app()


# --- Options ------------------------------------------------------------------------------------------


def _option(*names: str, key: str, **more: Any) -> Any:
    return typer.Option(*names, help=both(key), show_default=False, **more)


Names = Annotated[list[str], typer.Argument(help=both("arg_scenario"), metavar="SCENARIO...")]
Name = Annotated[str, typer.Argument(help=both("arg_scenario"), metavar="SCENARIO")]
First = Annotated[str, typer.Argument(help=both("arg_a"), metavar="A")]
Second = Annotated[str, typer.Argument(help=both("arg_b"), metavar="B")]
Result = Annotated[Path, typer.Argument(help=both("arg_result"), metavar="RESULT")]
Sample = Annotated[str | None, _option("--sample", key="opt_sample", metavar="SHARE")]
Seeds = Annotated[str | None, _option("--seeds", key="opt_seeds", metavar="N")]
Seed = Annotated[str | None, _option("--seed", key="opt_seed", metavar="N")]
Draws = Annotated[str | None, _option("--draws", key="opt_draws", metavar="N")]
Tracks = Annotated[str | None, _option("--tracks", key="opt_tracks", metavar="SHARE:N,...")]
Chance = Annotated[bool, _option("--chance", key="opt_chance")]
Until = Annotated[str, _option("--until", key="opt_until", metavar="YEAR")]
Out = Annotated[Path | None, _option("--out", key="opt_out", metavar="DIR")]
Sets = Annotated[list[str] | None, _option("--set", key="opt_set", metavar="NAME=VALUE")]
Only = Annotated[list[str] | None, _option("--only", key="opt_only", metavar="ITEMS")]
Without = Annotated[list[str] | None, _option("--without", key="opt_without", metavar="ITEMS")]
Scenarios = Annotated[Path | None, _option("--scenarios", key="opt_scenarios", metavar="DIR")]
Workers = Annotated[str | None, _option("--workers", key="opt_workers", metavar="N")]
Area = Annotated[str, _option("--area", key="opt_area", metavar="AREA")]
Lang = Annotated[str, _option("--lang", key="opt_lang", envvar="TIANSHUI_LANG", metavar="en|zh")]
Json = Annotated[bool, _option("--json", key="opt_json")]
Quiet = Annotated[bool, _option("--quiet", "-q", key="opt_quiet")]


# --- What is said, and where --------------------------------------------------------------------------


class Voice:
    """Says things in one language: tables and JSON on standard output, the rest on standard error."""

    def __init__(self, lang: str, *, as_json: bool = False, quiet: bool = False) -> None:
        if lang not in LANGUAGES:
            raise InputError("bad_lang", text=lang)
        self.lang, self.as_json, self.quiet = lang, as_json, quiet

    def say(self, key: str, **values: Any) -> str:
        """One message."""
        return say(self.lang, key, **values)

    def pick[Said](self, english: Said, chinese: Said) -> Said:
        """The text of the language."""
        return (english, chinese)[LANGUAGES.index(self.lang)]

    def note(self, key: str, **values: Any) -> None:
        """A line beside the result."""
        if not self.quiet:
            print(self.say(key, **values), file=sys.stderr)

    def line(self, text: str = "") -> None:
        """A line of the result."""
        if not (self.quiet or self.as_json):
            print(marked(self.lang, text))

    def json(self, value: Any) -> None:
        """The result for another program."""
        print(json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, indent=1))

    def table(
        self,
        title: str,
        heads: Sequence[tuple[str, bool]],
        rows: Iterable[Sequence[str]],
        caption: str = "",
    ) -> None:
        """A table; heads are texts and whether their column holds numbers."""
        if self.quiet or self.as_json:
            return
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        terminal = sys.stdout.isatty() or "COLUMNS" in os.environ
        console = Console(width=None if terminal else WIDE, markup=False, highlight=False, emoji=False)

        # Text, never markup: a scenario's title may hold anything.
        def text(words: str, style: str = "") -> Text:
            return Text(marked(self.lang, words), style)

        table = Table(title=text(title, "bold"), caption=text(caption, "dim") if caption else None,
                      title_justify="left", caption_justify="left")  # fmt: skip
        for head, numeric in heads:
            table.add_column(text(head), justify="right" if numeric else "left", overflow="fold")
        for row in rows:
            table.add_row(*map(text, row))
        console.print(table)


def _plain(value: Any) -> Any:
    """A value as JSON has it; a number that is none becomes null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str | bool | int) or value is None:
        return value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, int | str) else str(value)


def _records(frame: Any) -> list[dict[str, Any]]:
    return frame.to_dict("records")


def command(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a command whose faults end in one plain message and an exit status."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        @app.command(name, help=both(f"help_{name}"))
        @functools.wraps(function)
        def guarded(*args: Any, **options: Any) -> None:
            lang = options.get("lang", "en")
            lang = lang if lang in LANGUAGES else "en"
            try:
                function(*args, **options)
            except (typer.Exit, BrokenPipeError):
                raise
            except KeyboardInterrupt as stop:
                print(_stopped(stop, lang), file=sys.stderr)
                raise typer.Exit(STOPPED) from None
            except Exception as error:
                text, status = _fault(error, lang)
                print(say(lang, "error", text=text), file=sys.stderr)
                if os.environ.get("TIANSHUI_DEBUG"):
                    raise
                raise typer.Exit(status) from None

        return guarded

    return register


def _stopped(stop: KeyboardInterrupt, lang: str) -> str:
    if hasattr(stop, "wanted"):
        return say(lang, "stopped", done=stop.done, all=stop.wanted, folder=stop.folder)  # pyright: ignore
    return say(lang, "stopped_plain")


def _fault(error: Exception, lang: str) -> tuple[str, int]:
    """What to say of an error, and the exit status."""
    if isinstance(error, Told):
        if not isinstance(error.__cause__, OSError):
            return error.said(lang), error.status
        error = error.__cause__  # What the system said names the file and the remedy.
    if isinstance(error, OSError) and error.errno:
        file = error.filename or ""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return say(lang, "disk_full", file=file), FAILED
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            return say(lang, "read_only", file=file, why=reason(error).said(lang)), FAILED
        return say(lang, "os_error", file=file, why=reason(error).said(lang)), FAILED
    return say(lang, "crashed", kind=type(error).__name__, text=" ".join(str(error).split())), FAILED


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
        # The pace is that of the runs themselves: before the first of them is heard of, code is compiled.
        if share > 0 and self.first is None:
            self.first = now, share
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


# --- Small things -------------------------------------------------------------------------------------


def _split(texts: Sequence[str] | None) -> list[str]:
    """The items of options such as `--only M01,M25`; an option that names none holds an empty name, which is refused."""
    found = [item.strip() for text in texts or () for item in text.split(",") if item.strip()]
    return found or ([""] if texts else [])


def _year(text: str) -> int:
    from tianshui.plan import FIRST_YEAR, LAST_YEAR

    if not text.isdecimal() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise InputError("bad_until", text=text, low=FIRST_YEAR, high=LAST_YEAR)
    return int(text)


def _area(text: str, *more: str) -> str:
    from tianshui.indicators import AREAS
    from tianshui.strict_yaml import nearest

    if text in AREAS or text in more:
        return text
    names = [*AREAS, *more]
    near = nearest(text, names) or Phrase("only_areas", names=", ".join(names))
    raise InputError("unknown_area", text=repr(text), near=near)


def _area_name(area: str, voice: Voice) -> str:
    from tianshui.indicators import AREAS

    return voice.pick(*AREAS[area]) if area in AREAS else area


def _percent(share: float) -> str:
    return f"{100 * share:g} %"


def _number(value: float, decimals: int, *, signed: bool = False) -> str:
    """A number as a reader wants it; a small one keeps two digits, what only rounding left reads zero."""
    if not math.isfinite(value):
        return "–"
    sign = "+" if signed else ""
    least = 0.5 * 10.0**-decimals
    if NOISE * least < abs(value) < least:
        return f"{value:{sign}.2g}"
    return f"{value:{sign},.{decimals}f}"


def _label(indicator: str, voice: Voice) -> tuple[str, str]:
    """An indicator's name and the unit in which it is shown."""
    from tianshui.indicators import INDICATORS

    about = INDICATORS[indicator]
    return voice.pick(about.en, about.zh), voice.pick(about.shown_en, about.shown_zh)


def _shown(indicator: str, value: float, *, signed: bool = False) -> str:
    from tianshui.indicators import INDICATORS

    about = INDICATORS[indicator]
    return _number(value * about.factor, about.decimals, signed=signed)


def _span(indicator: str, low: float, high: float, *, signed: bool = False) -> str:
    return f"{_shown(indicator, low, signed=signed)} … {_shown(indicator, high, signed=signed)}"


# --- run and compare ----------------------------------------------------------------------------------


@command("run")
def run_command(
    scenarios_named: Names,
    sample: Sample = None,
    seeds: Seeds = None,
    seed: Seed = None,
    draws: Draws = None,
    tracks: Tracks = None,
    chance: Chance = False,
    until: Until = "2035",
    out: Out = None,
    sets: Sets = None,
    only: Only = None,
    without: Without = None,
    scenarios: Scenarios = None,
    workers: Workers = None,
    area: Area = "tianshui",
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate scenarios into a folder each, or into one."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    place, last = _area(area), _year(until)
    from tianshui.experiments import compare

    with Meter(voice) as meter:
        outcomes = compare.run(
            scenarios_named, **_worlds(sample, seeds, seed, draws, tracks), chance=chance, until=last, out=out,
            scenarios=scenarios, sets=sets or (), only=_split(only), without=_split(without),
            workers=_workers(workers), watch=None if quiet else _forecasting(meter, workers),
            waiting=_waiting(voice),
        )  # fmt: skip
    status = max(_failed(outcome, voice) for outcome in outcomes)
    told = [_tell_run(outcome, place, last, voice) for outcome in outcomes]
    if as_json:
        voice.json(told if len(told) > 1 else told[0])
    _end(outcomes, voice, status)


@command("compare")
def compare_command(
    a: First,
    b: Second,
    sample: Sample = None,
    seeds: Seeds = None,
    seed: Seed = None,
    draws: Draws = None,
    tracks: Tracks = None,
    chance: Chance = False,
    until: Until = "2035",
    out: Out = None,
    sets: Sets = None,
    only: Only = None,
    without: Without = None,
    attribute: Annotated[bool, _option("--attribute", key="opt_attribute")] = False,
    attribute_pairs: Annotated[
        str, _option("--attribute-pairs", key="opt_attribute_pairs", metavar="N")
    ] = str(ATTRIBUTION_PAIRS),
    attribute_by: Annotated[
        str | None, _option("--attribute-by", key="opt_attribute_by", metavar="groups|pushes|items")
    ] = None,
    orders: Annotated[str, _option("--orders", key="opt_orders", metavar="N")] = str(ORDERS),
    under: Annotated[str | None, _option("--under", key="opt_under", metavar="SCENARIO")] = None,
    scenarios: Scenarios = None,
    workers: Workers = None,
    area: Area = "tianshui",
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run what is missing of two scenarios, read what exists, and show A minus B."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    place, last = _area(area), _year(until)
    by = "groups" if attribute and attribute_by is None else attribute_by
    from tianshui.experiments import compare

    with Meter(voice) as meter:
        outcome = compare.compare(
            a, b, **_worlds(sample, seeds, seed, draws, tracks), chance=chance, until=last, out=out,
            scenarios=scenarios, sets=sets or (), only=_split(only), without=_split(without),
            attribution=0 if by is None else compare.count("--attribute-pairs", attribute_pairs),
            players=by or "",
            orders=compare.count("--orders", orders), assuming=under, workers=_workers(workers),
            watch=None if quiet else _forecasting(meter, workers), waiting=_waiting(voice),
        )  # fmt: skip
    status = _failed(outcome, voice)
    told = _tell_compare(outcome, place, last, voice)
    if as_json:
        voice.json(told)
    _end([outcome], voice, status)


def _worlds(
    sample: str | None, seeds: str | None, seed: str | None, draws: str | None, tracks: str | None
) -> dict[str, Any]:
    if tracks is not None and sample is not None:
        raise InputError("clash", one="--tracks", other="--sample")
    return {"sample": sample or "1", "seeds": seeds, "seed": seed, "draws": draws, "tracks": tracks}


def _workers(text: str | None) -> int | None:
    from tianshui.experiments.compare import count

    return None if text is None else count("--workers", text)


def _forecasting(
    meter: Meter, workers: str | None, *, kept: bool = True
) -> Callable[[Sequence[Any]], Callable[[Any, float], None]]:
    """A meter that first says what many runs cost, timing one when they are long; `kept` when they stay on disk."""

    def begin(tasks: Sequence[Any]) -> Callable[[Any, float], None]:
        if len(tasks) > MANY_RUNS:
            from tianshui.experiments.pool import forecast, probe

            pace = probe(tasks, _workers(workers))
            cost = forecast(tasks, _workers(workers), pace)
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


def _waiting(voice: Voice) -> Callable[[Path], None]:
    return lambda folder: voice.note("waiting", folder=folder)


def _failed(outcome: Any, voice: Voice) -> int:
    """Say which runs failed; gives the exit status."""
    if not outcome.failures:
        return DONE
    from tianshui.experiments.folder import FAILED as NOTES

    task, message, _ = outcome.failures[0]
    text = voice.say(
        "failed", failed=len(outcome.failures), all=outcome.wanted, scenario=task.plan.name, sample=task.sample,
        seed=task.seed, draw=task.draw, message=message, file=outcome.folder / NOTES / f"{task.id}.txt",
    )  # fmt: skip
    print(voice.say("error", text=text), file=sys.stderr)
    return FAILED


def _end(outcomes: Sequence[Any], voice: Voice, status: int) -> None:
    """Write the reports and say where the results are."""
    for outcome in outcomes:
        voice.note("kept", new=outcome.made, old=outcome.read, folder=outcome.folder)
        if outcome.manifest["runs"]:
            status = max(status, _report(outcome.folder, voice))
    if status:
        raise typer.Exit(status)


def _report(folder: Path, voice: Voice) -> int:
    """Write the report; a fault in it must not hide that the runs are there."""
    from tianshui.report import write

    try:
        voice.note("report_at", file=write(folder, voice.lang))
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - said in one line
        text = say(voice.lang, "report_failed", text=f"{type(error).__name__}: {error}")
        print(say(voice.lang, "error", text=text), file=sys.stderr)
        return FAILED
    return DONE


def _tell_run(outcome: Any, area: str, last: int, voice: Voice) -> dict[str, Any]:
    from tianshui.experiments import compare
    from tianshui.experiments.verdict import verdict

    told: dict[str, Any] = _about(outcome)
    if not outcome.manifest["runs"]:
        return told
    results = outcome.results
    years = sorted({*(year for year in SHOWN_YEARS if year <= last), last})
    frame = compare.paths(results, area, years)
    judged = verdict(results)
    told |= {"area": area, "values": _records(frame), "verdict": judged}
    if voice.as_json or voice.quiet:
        return told
    track = outcome.manifest["tracks"][0]
    for scenario in outcome.manifest["scenarios"]:
        name = scenario["name"]
        own = {(row["indicator"], row["year"]): row for row in _records(frame) if row["scenario"] == name}
        heads = [(voice.say("indicator"), False), (voice.say("unit"), False)]
        heads += [(str(year), True) for year in years]
        several = len(track["pairs"]) > 1
        if several:
            heads.append((voice.say("range_in", year=last), True))
        rows = []
        for indicator in dict.fromkeys(key for key, _ in own):
            row = [*_label(indicator, voice)]
            row += [
                _shown(indicator, own[indicator, year]["middle"]) if (indicator, year) in own else "–"
                for year in years
            ]
            if several:
                end = own.get((indicator, last))
                row.append(_span(indicator, end["low"], end["high"]) if end else "–")
            rows.append(row)
        title = voice.say("run_title", a=_titled(scenario, voice), area=_area_name(area, voice))
        voice.table(title, heads, _in_order(rows, own), _medians(outcome.manifest, voice))
    _tell_verdict(judged, outcome.manifest, voice)
    return told


def _in_order(rows: list[list[str]], own: Mapping[tuple[str, int], Any]) -> list[list[str]]:
    """Rows in the order in which the indicators are declared."""
    from tianshui.indicators import HEADLINES

    names = list(dict.fromkeys(key for key, _ in own))
    return [
        row for _, row in sorted(zip(names, rows, strict=True), key=lambda pair: HEADLINES.index(pair[0]))
    ]


def _tell_compare(outcome: Any, area: str, last: int, voice: Voice) -> dict[str, Any]:
    from tianshui.experiments import compare
    from tianshui.experiments.verdict import verdict

    told: dict[str, Any] = _about(outcome) | {"changed_levers": outcome.manifest["changed_levers"]}
    if not outcome.manifest["runs"]:
        return told
    results, manifest = outcome.results, outcome.manifest
    years = sorted({min(MIDWAY, last), last})
    main = compare.contrast(results, area, years)
    others = {}
    for track in manifest["tracks"][1:]:
        others[_percent(track["sample"])] = compare.contrast(results, area, [last], track=track)
    luck = compare.chance_of(results)
    chance = compare.contrast(results, area, [last], track=luck) if luck else None
    judged = verdict(results)
    parts = _attributions(outcome.folder, last)
    four = _four_lines(outcome.folder, years)
    told |= {
        "area": area, "differences": _records(main),
        "other_tracks": {name: _records(frame) for name, frame in others.items()},
        "chance": None if chance is None else _records(chance),
        "verdict": judged,
        "attribution": [{"players": kind} | row for kind, frame in parts.items() for row in _records(frame)],
        "under": None if four is None else _records(four),
    }  # fmt: skip
    if voice.as_json or voice.quiet:
        return told
    _show_compare(manifest, area, years, main, others, chance, voice)
    for kind, frame in parts.items():
        (_show_groups if kind == "groups" else _show_players)(kind, frame, last, voice)
    if four is not None:
        _show_under(manifest, four, years, voice)
    _tell_verdict(judged, manifest, voice)
    names = [scenario["name"] for scenario in manifest["scenarios"]]
    if len({run["id"] for run in manifest["runs"]}) < len(manifest["runs"]):
        voice.line(voice.say("same", a=names[0], b=names[1]))
    return told


def _about(outcome: Any) -> dict[str, Any]:
    return {
        "folder": str(outcome.folder), "kind": outcome.manifest["kind"],
        "scenarios": outcome.manifest["scenarios"], "tracks": outcome.manifest["tracks"],
        "intervals": outcome.manifest["intervals"], "runs": outcome.manifest["runs"],
        "made": outcome.made, "read": outcome.read,
        "failed": [
            {"id": one.task.id, "scenario": one.task.plan.name, "sample": one.task.sample,
             "seed": one.task.seed, "draw": one.task.draw, "message": one.message}
            for one in outcome.failures
        ],
    }  # fmt: skip


def _titled(scenario: Mapping[str, Any], voice: Voice) -> str:
    title = scenario["title"].get(voice.lang, "")
    return f"{scenario['name']} ({title})" if title else scenario["name"]


def _medians(manifest: Mapping[str, Any], voice: Voice) -> str:
    track = manifest["tracks"][0]
    sample = _percent(track["sample"])
    if len(track["pairs"]) == 1:
        return voice.say("one_pair", share=sample)
    return voice.say(
        "medians", pairs=len(track["pairs"]), share=sample, what=voice.say(manifest["intervals"])
    )


def _show_compare(
    manifest: Mapping[str, Any],
    area: str,
    years: Sequence[int],
    main: Any,
    others: Mapping[str, Any],
    chance: Any,
    voice: Voice,
) -> None:
    from tianshui.indicators import HEADLINES

    last = years[-1]
    a, b = manifest["scenarios"]
    heads = [(voice.say("indicator"), False), (voice.say("unit"), False)]
    heads += [(voice.say("year_of", name=one["name"], year=last), True) for one in (a, b)]
    heads += [(voice.say("difference", year=year), True) for year in years]
    several = len(manifest["tracks"][0]["pairs"]) > 1
    if several:
        heads.append((voice.say("range"), True))
    heads += [(voice.say("range_of", share=name), True) for name in others]
    if chance is not None:
        heads.append((voice.say("chance"), True))
    table = {(row["indicator"], row["year"]): row for row in _records(main)}
    beside = [{row["indicator"]: row for row in _records(frame)} for frame in others.values()]
    lucky = {row["indicator"]: row for row in _records(chance)} if chance is not None else {}
    rows = []
    for name in HEADLINES:
        end = table.get((name, last))
        if end is None:
            continue
        row = [*_label(name, voice), _shown(name, end["a"]), _shown(name, end["b"])]
        row += [
            _shown(name, table[name, year]["middle"], signed=True) if (name, year) in table else "–"
            for year in years
        ]
        if several:
            row.append(_span(name, end["low"], end["high"], signed=True))
        row += [
            _span(name, own[name]["low"], own[name]["high"], signed=True) if name in own else "–"
            for own in beside
        ]
        if chance is not None:
            own = lucky.get(name)
            row.append(f"± {_shown(name, (own['high'] - own['low']) / 2)}" if own else "–")
        rows.append(row)
    caption = _medians(manifest, voice)
    if manifest["chance"]:
        caption += " " + voice.say("chance_caption", seeds=len(manifest["chance"]["seeds"]))
    title = voice.say("compare_title", a=_titled(a, voice), b=_titled(b, voice), area=_area_name(area, voice))
    voice.table(title, heads, rows, caption)


def _attributions(folder: Path, last: int) -> dict[str, Any]:
    """The parts of the difference in one year by kind of players, summed up over the worlds."""
    import pandas as pd

    from tianshui.experiments import tables

    files = {kind: folder / tables.shares_file(kind) for kind in tables.KINDS}
    read = {
        kind: tables.shares(pd.read_parquet(file, filters=[("year", "==", last)]))
        for kind, file in files.items()
        if file.is_file()
    }
    return {kind: parts for kind, parts in read.items() if len(parts)}


def _parts_of(parts: Any, measure: str, column: str = "middle") -> dict[tuple[str, str], float]:
    """One column of one measure, by indicator and player."""
    return {
        (row["indicator"], row["player"]): row[column] for row in _records(parts) if row["measure"] == measure
    }


def _show_groups(_: str, parts: Any, last: int, voice: Voice) -> None:
    from tianshui.measures import GROUPS

    own, error = _parts_of(parts, "shapley"), _parts_of(parts, "shapley", "standard_error")
    worlds = int(parts["worlds"].max())
    heads = [(voice.say("indicator"), False), (voice.say("unit"), False), (voice.say("whole"), True)]
    heads += [(voice.pick(*names), True) for names in GROUPS.values()]
    rows = []
    for name in ATTRIBUTED:
        values = [own[name, group] for group in GROUPS if (name, group) in own]
        if len(values) == len(GROUPS):
            row = [*_label(name, voice), _shown(name, math.fsum(values), signed=True)]
            for group, value in zip(GROUPS, values, strict=True):
                spread = f"\n± {_shown(name, error[name, group])}" if worlds > 1 else ""
                row.append(_shown(name, value, signed=True) + spread)
            rows.append(row)
    key = "attribution_one" if worlds == 1 else "attribution_caption"
    voice.table(voice.say("attribution_title", year=last), heads, rows, voice.say(key, pairs=worlds))


def _show_players(kind: str, parts: Any, last: int, voice: Voice) -> None:
    """Pushes or items: a row for the whole, one for each of the strongest, one for the others together."""
    share, error, alone, end = (
        _parts_of(parts, "shapley"), _parts_of(parts, "shapley", "standard_error"), _parts_of(parts, "alone"),
        _parts_of(parts, "last"),
    )  # fmt: skip
    heads = [(voice.say(key), False) for key in ("indicator", "unit", "player")]
    heads += [(voice.say(key), True) for key in ("shapley", "standard_error", "alone", "added_last")]
    rows: list[list[str]] = []
    for name in ATTRIBUTED:
        players = sorted((key for key in share if key[0] == name), key=lambda key: -abs(share[key]))
        if not players:
            continue

        def cells(own: float, *more: float, name: str = name) -> list[str]:
            return [_shown(name, value, signed=True) for value in (own, *more)]

        whole = math.fsum(share[key] for key in players)
        rows.append([*_label(name, voice), voice.say("whole"), *cells(whole), "", "", ""])
        for key in players[:STRONGEST]:
            apart = [_shown(name, error[key]), *cells(alone[key], end[key])]
            rows.append(["", "", _player(kind, key[1], voice), *cells(share[key]), *apart])
        if players[STRONGEST:]:
            rest = math.fsum(share[key] for key in players[STRONGEST:])
            rows.append(
                ["", "", voice.say("others", count=len(players) - STRONGEST), *cells(rest), "", "", ""]
            )
    worlds = int(parts["worlds"].max())
    key = "sampled_caption" if worlds > 1 else "sampled_one"
    if worlds == 1 and all(math.isnan(one) for one in error.values()):
        key = "sampled_none"
    voice.table(
        voice.say("attribution_by", players=voice.say(f"kind_{kind}"), year=last), heads, rows,
        voice.say(key, pairs=worlds),
    )  # fmt: skip


def _player(kind: str, name: str, voice: Voice) -> str:
    """A push or item with its title."""
    from tianshui.measures import PUSHES, register

    item = register().get(name)
    title = PUSHES.get(name, (name, name)) if kind == "pushes" or not item else (item.title_en, item.title_zh)
    return f"{name} {voice.pick(*title)}"


def _four_lines(folder: Path, years: Sequence[int]) -> Any:
    """The four lines of `--under` and what lies between them, or None when there are none."""
    from tianshui.experiments import tables

    file = folder / tables.UNDER
    if not file.is_file():
        return None
    import pandas as pd

    rows = tables.lines(pd.read_parquet(file, filters=[("year", "in", list(years))]), years)
    return rows if len(rows) else None


def _show_under(manifest: Mapping[str, Any], four: Any, years: Sequence[int], voice: Voice) -> None:
    """Four levels, what the policy does under each set of assumptions, and what the assumptions do without it."""
    from tianshui.experiments.tables import LINES
    from tianshui.indicators import HEADLINES

    a, b = (scenario["name"] for scenario in manifest["scenarios"])
    other, title = four["under"].iloc[0], four[f"title_{voice.lang}"].iloc[0]
    rows = {(row["indicator"], row["year"], row["kind"], row["name"]): row for row in _records(four)}
    under = [voice.say("line_under", name=name, other=other) for name in (b, a)]
    heads = [(voice.say("indicator"), False), (voice.say("unit"), False), (voice.say("year"), True)]
    heads += [(head, True) for head in (b, a, *under, voice.say("policy_does"))]
    heads += [(voice.say("policy_does_under", other=other), True), (voice.say("assumptions_do"), True)]
    shown = []
    for name in HEADLINES:
        for year in years:
            if (name, year, "line", LINES[0]) not in rows:
                continue
            row = [*_label(name, voice), str(year)]
            row += [_shown(name, rows[name, year, "line", line]["middle"]) for line in LINES]
            for kind in ("policy", "policy_under", "assumptions"):
                row.append(_between(name, rows[name, year, "difference", kind]))
            shown.append(row)
    worlds = int(four["worlds"].max())
    voice.table(
        voice.say("under_title", a=a, b=b, other=other, title=title), heads, shown,
        voice.say("under_caption", pairs=worlds, b=b, other=other),
    )  # fmt: skip


def _between(indicator: str, row: Mapping[str, Any]) -> str:
    """A difference over its range."""
    text = _shown(indicator, row["middle"], signed=True)
    return text if row["worlds"] == 1 else f"{text}\n{_span(indicator, row['low'], row['high'], signed=True)}"


def _tell_verdict(judged: Sequence[dict[str, Any]], manifest: Mapping[str, Any], voice: Voice) -> None:
    """The scorecard: published and derived aims before assumed ones, history apart, the rest with reasons."""
    if voice.quiet or voice.as_json:
        return
    from tianshui.report.aims import name as aim_name
    from tianshui.report.aims import one_source
    from tianshui.report.text import phrase

    names = list(dict.fromkeys(scenario["name"] for scenario in manifest["scenarios"]))
    heads = [(voice.say("aim"), False), (voice.say("year"), True), (voice.say("threshold"), True)]
    heads += [(voice.say("verdict_of", name=name), True) for name in names]
    heads.append((voice.say("status"), False))
    known = [aim for aim in judged if any(aim["probability"])]
    last = manifest["tracks"][0]["until"]
    for past, title in ((False, "aims_title"), (True, "past_title")):
        rows = []
        for aim in sorted(known, key=lambda aim: (aim["status"] not in FIRM, aim["year"])):
            if (aim["year"] <= PAST) == past:
                sign = {">=": "≥", "<=": "≤"}[aim["direction"]]
                unit = voice.pick(*phrase(aim["unit"]))
                rows.append([
                    voice.pick(*aim_name(aim["indicator"])), str(aim["year"]),
                    f"{sign} {aim['threshold']:,g} {unit}",
                    *(_judgement(aim, name, last, voice) for name in names),
                    word(voice.lang, aim["status"]),
                ])  # fmt: skip
        if rows:
            voice.table(voice.say(title), heads, rows, "" if past else voice.say("assumed_apart"))
        for told in one_source(aim for aim in known if (aim["year"] <= PAST) == past):
            voice.line(voice.pick(*told))
    _tell_counties(known, names, voice)
    later = sum(aim["reason"] == say("en", "ends") for aim in judged)
    if later:
        voice.line(voice.say("beyond", count=later))
    reasons: dict[str, dict[str, list[str]]] = {}
    for aim in judged:
        if not any(aim["probability"]) and aim["reason"] != say("en", "ends"):
            absent = aim["reason"] == say("en", "absent")
            reason = voice.say("absent") if absent else voice.pick(*phrase(aim["reason"]))
            name = voice.pick(*aim_name(aim["indicator"]))
            reasons.setdefault(reason, {}).setdefault(name, []).append(str(aim["year"]))
    if reasons:
        count = sum(len(years) for these in reasons.values() for years in these.values())
        voice.line(voice.say("not_judged", count=count))
        for reason, these in reasons.items():
            named = voice.say("then").join(f"{name} ({', '.join(years)})" for name, years in these.items())
            voice.line(f"  {named}: {reason}")


def _tell_counties(known: Sequence[dict[str, Any]], names: Sequence[str], voice: Voice) -> None:
    """How many counties meet each aim after the plan's first year; which they are stands in the records and the report."""
    from tianshui.report.aims import name as aim_name
    from tianshui.report.where import meeting

    aims = sorted(
        (aim for aim in known if aim["by_area"] and aim["year"] > PAST),
        key=lambda aim: (aim["status"] not in FIRM, aim["year"]),
    )
    if not aims:
        return
    heads = [(voice.say("aim"), False), (voice.say("year"), True), *((name, True) for name in names)]
    rows = []
    for aim in aims:
        met = [(len(meeting(aim, name)), len(aim["by_area"].get(name, ()))) for name in names]
        rows.append([
            voice.pick(*aim_name(aim["indicator"])), str(aim["year"]),
            *(f"{there} / {of}" if of else "–" for there, of in met),
        ])  # fmt: skip
    voice.table(voice.say("counties_title"), heads, rows, voice.say("counties_apart"))


def _judgement(aim: dict[str, Any], name: str, last: int, voice: Voice) -> str:
    if name not in aim["probability"]:
        return "–"
    from tianshui.report.aims import since

    gap = aim["gap"][name]
    digits = max(0, min(3, 3 - math.floor(math.log10(abs(gap))))) if gap and math.isfinite(gap) else 0
    when = voice.pick(*since(aim, name, last))
    return f"{100 * aim['probability'][name]:.0f} %  {_number(gap, digits, signed=True)}  {when}"


# --- report and export --------------------------------------------------------------------------------


@command("report")
def report_command(result: Result, lang: Lang = "en", quiet: Quiet = False) -> None:
    """Write the interactive report of a result."""
    voice = Voice(lang, quiet=quiet)
    from tianshui.experiments.folder import result as opened

    opened(result)
    from tianshui.report import write

    voice.line(voice.say("report_at", file=write(result, lang)))


@command("export")
def export_command(
    result: Result,
    csv: Annotated[bool, _option("--csv", key="opt_csv")] = False,
    xlsx: Annotated[bool, _option("--xlsx", key="opt_xlsx")] = False,
    out: Annotated[Path | None, _option("--out", key="opt_file", metavar="FILE")] = None,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Write a result as a table for other programs."""
    voice = Voice(lang, quiet=quiet)
    if csv == xlsx:
        raise InputError("one_of", names="--csv, --xlsx")
    from tianshui import archive
    from tianshui.experiments.folder import result as opened
    from tianshui.experiments.reading import Result as Told

    opened(result)
    file = out or result / f"{result.resolve().name}.{'csv' if csv else 'xlsx'}"
    if file.is_dir():
        raise InputError("is_folder", file=file)
    (archive.to_csv if csv else archive.to_xlsx)(Told(result), file)
    voice.line(voice.say("exported", file=file))


# --- check, list, new ---------------------------------------------------------------------------------


@command("check")
def check_command(
    scenario: Name,
    every: Annotated[bool, _option("--all", key="opt_all")] = False,
    sets: Sets = None,
    only: Only = None,
    without: Without = None,
    scenarios: Scenarios = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read a scenario and show what it sets."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    from tianshui import inputs
    from tianshui.experiments.changes import changed

    found, parent = inputs.with_parent(scenario, scenarios=scenarios)
    found = changed(found, sets or (), _split(only), _split(without))
    rows = inputs.check_rows(found, parent)
    shown = rows if every or parent is None else [row for row in rows if row.changed]
    if as_json:
        voice.json({
            "scenario": found.name, "title": dict(found.title), "reason": dict(found.reason),
            "chain": list(found.chain), "valid": True, "beliefs": dict(found.beliefs),
            "outside": {name: dict(points) for name, points in found.outside.items()},
            "cuts": dict(found.cuts), "pace": dict(found.pace), "held": inputs.held_rows(found),
            "levers": [row._asdict() for row in shown],
        })  # fmt: skip
        return
    title = found.title.get(lang, found.name)
    key = "chain" if len(found.chain) > 1 else "root"
    voice.line(voice.say(key, name=found.name, title=title, chain=" ← ".join(found.chain[1:])))
    if found.reason.get(lang):
        voice.line(found.reason[lang])
    from tianshui.strict_yaml import number_text

    if shown:
        years = list(shown[0].values)
        heads = [(voice.say("lever"), False), (voice.say("area"), False), (voice.say("unit"), False)]
        heads += [(str(year), True) for year in years]
        voice.table(
            "", heads,
            (
                [f"{row.lever}\n{voice.pick(*row.names)}", _whose(row, voice), unit(voice.lang, row.unit),
                 *(number_text(value) for value in row.values.values())]
                for row in shown
            ),
        )  # fmt: skip
    else:
        voice.line(voice.say("nothing_changed", name=found.name))
    if found.pace:
        voice.line(voice.say("pace_set", text=_points(found.pace)))
    for one in inputs.held_rows(found):
        voice.line(voice.say(
            "pace_held", lever=one["lever"], area=_area_name(one["area"], voice), years=_spans(one["years"]),
        ))  # fmt: skip
    for key, values in (("beliefs", found.beliefs), ("outside", found.outside), ("cuts", found.cuts)):
        if values:
            text = ", ".join(f"{name} = {_points(value)}" for name, value in values.items())
            voice.line(voice.say("sets", kind=voice.say(key), text=text))
    voice.line(voice.say("valid"))


def _whose(row: Any, voice: Voice) -> str:
    """The county of a lever's row, each county, or all together; the city is asked for the sum of what it decides."""
    from tianshui import inputs

    if row.area == inputs.EACH_COUNTY:
        return voice.say("each_county")
    if row.area == inputs.TOGETHER:
        return voice.say("together_city" if row.who == "city" else "together")
    return _area_name(row.area, voice)


def _spans(years: Sequence[int]) -> str:
    """Years as `2021-2025, 2030`."""
    starts = [year for year in years if year - 1 not in years]
    ends = [year for year in years if year + 1 not in years]
    return ", ".join(
        str(one) if one == last else f"{one}-{last}" for one, last in zip(starts, ends, strict=True)
    )


def _points(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{year}: {number:g}" for year, number in value.items()) + "}"
    return f"{value:g}"


@command("list")
def list_command(
    kind: Annotated[str, typer.Argument(help=both("arg_kind"), metavar="KIND")],
    text: Annotated[str, typer.Argument(help=both("arg_word"), metavar="[WORD]")] = "",
    scenarios: Scenarios = None,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """List what can be set, done or read."""
    voice = Voice(lang, as_json=as_json)
    if kind not in LIST_OF:
        from tianshui.strict_yaml import nearest

        near = nearest(kind, LIST_OF) or Phrase("only_lists", names=", ".join(LIST_OF))
        raise InputError("unknown_kind", text=repr(kind), near=near)
    rows = _indicator_rows(text) if kind == "indicators" else _input_rows(kind, text, scenarios)
    if as_json:
        voice.json(rows)
    elif rows:
        voice.table("", *_listed(kind, rows, voice))
    else:
        voice.line(voice.say("no_rows", word=text or kind))


def _input_rows(kind: str, text: str, scenarios: Path | None) -> list[dict[str, Any]]:
    from tianshui import inputs

    return inputs.list_rows(kind, text, scenarios=scenarios)


def _indicator_rows(text: str) -> list[dict[str, Any]]:
    from tianshui.indicators import INDICATORS

    rows = [about._asdict() for about in INDICATORS.values()]
    return [row for row in rows if text.casefold() in " ".join(map(str, row.values())).casefold()]


def _listed(
    kind: str, rows: list[dict[str, Any]], voice: Voice
) -> tuple[list[tuple[str, bool]], Iterator[list[str]]]:
    """Heads and cells of a list."""
    title = f"title_{voice.lang}"

    def heads(*keys: str) -> list[tuple[str, bool]]:
        return [(voice.say(key), False) for key in keys]

    if kind == "levers":
        return heads("name", "title", "unit", "within", "who", "group", "measure", "status"), (
            [row["name"], f"{row[title]}\n{voice.pick(row['doc'], row['doc_zh'])}", _lever_unit(row, voice),
             _within(row, voice), word(voice.lang, row["who"]), _group(row["group"], voice), row["measure"],
             word(voice.lang, row["status"])]
            for row in rows
        )  # fmt: skip
    if kind in ("beliefs", "outside"):
        return heads("name", "value", "unit", "within", "status", "source"), (
            [f"{row['name']}\n{voice.pick(row['doc'], row['doc_zh'])}", f"{row['value']:g}",
             unit(voice.lang, row["unit"]), _within(row, voice), word(voice.lang, row["status"]),
             _cited(row["source"], voice)]
            for row in rows
        )  # fmt: skip
    if kind == "cuts":
        return heads("name", "title"), (
            [f"{row['name']}\n{voice.pick(row['doc'], row['doc_zh'])}", row[title]] for row in rows
        )
    if kind == "measures":
        from tianshui.measures import PUSHES

        return heads("item", "title", "push", "commitment", "who", "responders", "levers", "moves"), (
            [row["id"], _told_item(row, voice), voice.pick(*PUSHES[row["push"]]), row[f"commitment_{voice.lang}"],
             word(voice.lang, row["who"]), voice.pick(", ", "、").join(row[f"responders_{voice.lang}"]),
             _levers_of_item(row, voice), "\n".join(_moved(one, voice) for one in row["indicators"])]
            for row in rows
        )  # fmt: skip
    if kind == "scenarios":
        return heads("name", "title", "extends", "file"), (
            [
                row["name"],
                voice.pick(row["error"], row["error_zh"]) or row[title],
                row["extends"],
                row["file"],
            ]
            for row in rows
        )
    return heads("name", "title", "unit", "level"), (
        [row["name"], row[voice.lang], row[f"shown_{voice.lang}"], word(voice.lang, row["level"])]
        for row in rows
    )


def _cited(source: str, voice: Voice) -> str:
    """A source in words."""
    from tianshui.measures import cited

    return voice.pick(*cited(source))


def _told_item(row: Mapping[str, Any], voice: Voice) -> str:
    """The title of an item over its channel, or over why it has none."""
    lang = voice.lang
    told = row[f"channel_{lang}"] or row[f"no_channel_{lang}"]
    return f"{row[f'title_{lang}']}\n{told}"


def _levers_of_item(row: Mapping[str, Any], voice: Voice) -> str:
    return "\n".join(row["levers"]) or voice.say("no_channel")


def _moved(expected: Mapping[str, Any], voice: Voice) -> str:
    """What an item should do to an indicator: the direction and the smallest effect worth reporting."""
    from tianshui.indicators import AREAS, INDICATORS, PREFECTURE

    found, area = INDICATORS[expected["indicator"]], AREAS[expected["area"]]
    name = voice.pick(found.en, found.zh)
    if expected["area"] != PREFECTURE:
        name = voice.pick(f"{found.en} in {area[0]}", f"{area[1]}{found.zh}")
    of = voice.say("unit.points") if expected["in_points"] else "%"
    return f"{expected['sign']} {name}: {expected['smallest']:g} {of}"


def _lever_unit(row: Mapping[str, Any], voice: Voice) -> str:
    """The unit of a lever; an amount is one for each county."""
    shown = unit(voice.lang, row["unit"])
    return voice.say("per_county", unit=shown) if row["per_county"] else shown


def _within(row: Mapping[str, Any], voice: Voice) -> str:
    """`0 … 2 billion`."""
    return f"{_readable(row['low'], row['unit'], voice)} … {_readable(row['high'], row['unit'], voice)}"


def _readable(value: float, unit: str, voice: Voice) -> str:
    """A number of the given unit as one reads it: years plain, millions and billions in words, no powers of ten."""
    if unit == "year":
        return f"{value:.6g}"
    largest, large = voice.pick((BILLION, MILLION), CHINESE_SIZES)
    for size, key in ((largest, "in_largest"), (large, "in_large")):
        if abs(value) >= size:
            return voice.say(key, number=f"{value / size:,.6g}")
    return f"{value:,.6g}"


def _group(group: str, voice: Voice) -> str:
    from tianshui.measures import GROUPS

    return voice.pick(*GROUPS[group]) if group in GROUPS else group


@command("new")
def new_command(
    name: Annotated[str, typer.Argument(help=both("arg_new"), metavar="NAME")],
    from_: Annotated[str, _option("--from", key="opt_from", metavar="SCENARIO")] = "plan",
    scenarios: Scenarios = None,
    lang: Lang = "en",
) -> None:
    """Write a scenario file that builds on another; never over one that is there."""
    voice = Voice(lang)
    file = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    stem = file.stem
    if stem == "history" or not stem.replace("-", "").replace("_", "").isalnum():
        raise InputError("bad_name", text=repr(stem))
    if os.path.lexists(file):
        raise InputError("exists", file=file)
    from tianshui import inputs

    parent = from_
    if from_.endswith((".yaml", ".yml")) and not Path(from_).is_absolute():
        parent = os.path.relpath(from_, file.parent)
        parent = parent if os.sep in parent else f".{os.sep}{parent}"
    text = inputs.new_scenario(stem, from_, scenarios=scenarios).replace(
        f"extends: {from_}", f"extends: {parent}"
    )
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError:
        raise InputError("exists", file=file) from None
    voice.line(voice.say("made", file=file))


# --- population ---------------------------------------------------------------------------------------


@command("population")
def population_command(
    sample: Sample = None,
    area: Annotated[str, _option("--area", key="opt_area", metavar="AREA")] = "tianshui",
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Show the start of 2015 beside what was published."""
    voice = Voice(lang, as_json=as_json)
    place = _area(area, "all")
    from tianshui.experiments.compare import share

    part = share(sample or "1")
    from tianshui import beginning

    rows = beginning.observed(part)
    if place != "all":
        rows = [row for row in rows if row.county == place]
    if as_json:
        voice.json([
            row._asdict() | {"name": {language: _margin(row.item, language) for language in LANGUAGES}}
            for row in rows
        ])  # fmt: skip
        return
    heads = [(voice.say("area"), False), (voice.say("item"), False), (voice.say("unit"), False)]
    heads += [(voice.say(key), True) for key in ("observed", "within", "synthetic", "deviation")]
    heads += [(voice.say(key), False) for key in ("status", "standing", "source")]
    voice.table(
        voice.say("population_title"), heads,
        (
            [_area_name(row.county, voice), _margin(row.item, lang), unit(lang, row.unit),
             _number(row.observed, _digits(row.observed)), _known_range(row),
             _number(row.synthetic, _digits(row.observed if math.isfinite(row.observed) else row.synthetic)),
             _number(row.difference, _digits(row.observed), signed=True), word(lang, row.status),
             word(lang, row.used, "standing."), row.source]
            for row in rows
        ),
    )  # fmt: skip


def _known_range(row: Any) -> str:
    """The range of what was published or assumed; a bound from below where only that is known."""
    low, high = (_number(value, _digits(row.observed)) for value in (row.low, row.high))
    if not math.isfinite(row.low):
        return "–"
    return f"{low} … {high}" if math.isfinite(row.high) else f"≥ {low}"


def _digits(value: float) -> int:
    """Decimals of a margin; a share has one more."""
    if abs(value) >= 1000 or float(value).is_integer():
        return 0
    return 3 if abs(value) < 1 else 2


def _margin(item: str, lang: str) -> str:
    prefix = "residents_age_"
    if item.startswith(prefix):
        return say(
            lang, "margin.residents_age", age=item.removeprefix(prefix).replace("plus", "+").replace("_", "–")
        )
    return word(lang, item, "margin.")


# --- experiment ---------------------------------------------------------------------------------------

EFFECT_DIGITS = 3
"""Digits of a published or simulated effect."""


@command("experiment")
def experiment_command(
    effects_named: Annotated[
        list[str] | None, typer.Argument(help=both("arg_effect"), metavar="[EFFECT]...", show_default=False)
    ] = None,
    patterns: Annotated[bool, _option("--patterns", key="opt_patterns")] = False,
    sample: Sample = None,
    seeds: Seeds = None,
    workers: Workers = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show published effects beside what the model gives."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    if patterns:
        _tell_patterns(effects_named, sample, seeds, _workers(workers), voice)
        return
    from tianshui.experiments import effects
    from tianshui.experiments.compare import count, share

    part = share(sample or str(effects.SAMPLE))
    lives = count("--seeds", seeds or str(effects.SEEDS))
    with Meter(voice) as meter:
        outcomes = effects.run(
            effects_named or (), sample=part, seeds=lives, workers=_workers(workers),
            watch=None if quiet else meter,
        )  # fmt: skip
    every = not effects_named
    if as_json:
        voice.json({
            "sample": part, "seeds": lives, "effects": [_effect_record(one) for one in outcomes],
            "not_tried": dict(effects.NOT_TRIED) if every else {},
        })  # fmt: skip
        return
    heads = [(voice.say("effect"), False), (voice.say("unit"), False)]
    heads += [(voice.say(key), True) for key in ("published_effect", "model_effect")]
    heads += [(voice.say(key), False) for key in ("outcome", "status")]
    voice.table(
        voice.say("experiment_title"), heads, (_told_effect(one, voice) for one in outcomes),
        voice.say("experiment_caption", seeds=lives, share=_percent(part)),
    )  # fmt: skip
    if every:
        voice.line(voice.say("experiment_terms"))
        voice.line(voice.say("experiment_score", **effects.score(outcomes)))
        voice.line(voice.say("not_tried"))
        for name, reason in effects.NOT_TRIED.items():
            voice.line(f"  {name}: {voice.pick(*reason)}")


def _tell_patterns(
    named: Sequence[str] | None, sample: str | None, seeds: str | None, workers: int | None, voice: Voice
) -> None:
    """Show what one expects of the region beside what the model gives."""
    from tianshui.experiments import patterns
    from tianshui.experiments.compare import count, share

    if named:
        raise InputError("patterns_alone")
    part = share(sample or str(patterns.SAMPLE))
    worlds = count("--seeds", seeds or str(patterns.WORLDS))
    with Meter(voice) as meter:
        found = patterns.run(
            sample=part, worlds=worlds, workers=workers, watch=None if voice.quiet else meter
        )
    if voice.as_json:
        voice.json({
            "sample": part, "seeds": worlds, "not_asked": dict(patterns.NOT_ASKED),
            "patterns": [
                {"pattern": one.id, **{k: one.row[k] for k in ("meaning_en", "meaning_zh", "unit", "status")},
                 "band": [float(one.row["low"]), float(one.row["high"])], "middle": one.middle, "low": one.low,
                 "high": one.high, "worlds": one.worlds, "inside": one.inside}
                for one in found
            ],
        })  # fmt: skip
        return
    heads = [(voice.say("pattern"), False), (voice.say("unit"), False)]
    heads += [(voice.say(key), True) for key in ("pattern_band", "model_effect", "pattern_inside")]
    rows = (
        [
            voice.pick(one.row["meaning_en"], one.row["meaning_zh"]), word(voice.lang, one.row["unit"], "unit."),
            " … ".join(_figure(float(one.row[end])) for end in ("low", "high")),
            f"{_figure(one.middle)}\n{_figure(one.low)} … {_figure(one.high)}", f"{one.inside}/{one.worlds}",
            word(voice.lang, one.row["status"]),
        ]
        for one in found
    )  # fmt: skip
    voice.table(
        voice.say("patterns_title"), [*heads, (voice.say("status"), False)], rows,
        voice.say("patterns_caption", seeds=worlds, share=_percent(part)),
    )  # fmt: skip
    voice.line(voice.say("not_tried"))
    for why in patterns.NOT_ASKED.values():
        voice.line(f"  {voice.pick(*why)}")


def _effect_record(one: Any) -> dict[str, Any]:
    """A published effect and the model's as nested plain values."""
    row = one.row
    return {
        "id": one.effect.id, "meaning": {"en": row["meaning_en"], "zh": row["meaning_zh"]}, "unit": row["unit"],
        "how": dict(zip(LANGUAGES, one.effect.how, strict=True)),
        "published": {name: float(row[name]) for name in ("low", "central", "high")}
        | {"source": row["source"], "status": row["status"], "year": int(row["year"])},
        "simulated": {"value": one.value, "low": one.low, "high": one.high, "by_seed": one.by_seed},
        "beside": {name.removeprefix("effect."): value for name, value in one.beside.items()},
        "outcome": one.verdict,
    }  # fmt: skip


def _told_effect(one: Any, voice: Voice) -> list[str]:
    """One row of the table: the figure over its range, what helps to read it beneath."""
    row = one.row
    low, central, high = (_figure(float(row[name])) for name in ("low", "central", "high"))
    model = [_figure(one.value)]
    if math.isfinite(one.low):
        model.append(f"{_figure(one.low)} … {_figure(one.high)}")
    model += [voice.say(name, value=_figure(value)) for name, value in one.beside.items()]
    meaning = voice.pick(row["meaning_en"], row["meaning_zh"])
    return [
        f"{meaning} [{one.effect.id}]\n{voice.pick(*one.effect.how)}", word(voice.lang, row["unit"], "unit."),
        f"{central}\n{low} … {high}", "\n".join(model), word(voice.lang, one.verdict, "verdict."),
        word(voice.lang, row["status"]),
    ]  # fmt: skip


def _figure(value: float) -> str:
    """A number with three digits, never in powers of ten; what rounds to nothing is nothing."""
    if not math.isfinite(value):
        return "–"
    if abs(value) < 10.0**-EFFECT_DIGITS:
        return "0"
    places = EFFECT_DIGITS - 1 - math.floor(math.log10(abs(value)))
    text = f"{value:.{min(max(places, 0), EFFECT_DIGITS)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# --- fit ----------------------------------------------------------------------------------------------

MOST_LEARNED = 30
"""Learned beliefs that are shown one by one."""


@command("fit")
def fit_command(
    sample: Sample = None,
    draws: Annotated[str | None, _option("--draws", key="opt_fit_draws", metavar="N")] = None,
    waves: Annotated[str | None, _option("--waves", key="opt_waves", metavar="N")] = None,
    runs: Annotated[str | None, _option("--runs", key="opt_wave_runs", metavar="N")] = None,
    size: Annotated[str | None, _option("--size", key="opt_size", metavar="N")] = None,
    check: Annotated[bool, _option("--check", key="opt_only_check")] = False,
    keep: Annotated[bool, _option("--keep", key="opt_keep")] = False,
    out: Out = None,
    workers: Workers = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fit what is believed to what was observed up to 2019."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    from tianshui.experiments import fit
    from tianshui.experiments.compare import count, share

    if check and keep:
        raise InputError("clash", one="--check", other="--keep")
    folder = out or Path("results") / "fit"
    with Meter(voice) as meter:
        found = fit.fit(
            folder, sample=share(sample or str(fit.SAMPLE)),
            draws_checked=count("--draws", draws or str(fit.DRAWS), low=fit.FEWEST),
            waves=count("--waves", waves or str(fit.WAVES)), runs=count("--runs", runs or str(fit.RUNS)),
            size=count("--size", size or str(fit.SIZE), low=2), workers=_workers(workers), only_check=check,
            watch=None if quiet else meter,
        )  # fmt: skip
    if keep:
        fit.install(folder)
    told = _fit_record(found)
    if as_json:
        voice.json(told | {"folder": str(folder)})
        return
    _told_checks("fit_prior_title", told["prior"], voice)
    inside, points = told["prior"][0]["inside"], told["prior"][0]["points"]
    voice.line(
        voice.say("fit_bar", inside=inside, points=points, share=_percent(round(inside / points, 3)),
                  bar=_percent(fit.BAR), not_counted=len(found.not_counted))
    )  # fmt: skip
    if check:
        return
    voice.table(
        voice.say("fit_waves_title"),
        [(voice.say(key), True) for key in ("wave", "fit_looked_at", "fit_left", "fit_runs", "fit_explained")],
        (
            [str(number), f"{one['looked_at']:,}", f"{one['left']:.2%}", str(one["runs"]), f"{one['explained']:.0%}"]
            for number, one in enumerate(told["waves"], 1)
        ),
    )  # fmt: skip
    _told_checks("fit_ensemble_title", told["ensemble"], voice)
    learned = [one for one in told["beliefs"] if one["learned"]]
    voice.table(
        voice.say("fit_learned_title", learned=len(learned), all=len(told["beliefs"])),
        [(voice.say("belief"), False), (voice.say("fit_spread"), True), (voice.say("fit_mean"), True)],
        (
            [f"{_described(one['name'], voice)} [{one['name']}]", f"{one['spread']:.2f}", f"{one['mean']:.2f}"]
            for one in learned[:MOST_LEARNED]
        ),
        voice.say("fit_learned_caption"),
    )  # fmt: skip
    voice.table(
        voice.say("fit_trades_title"),
        [(voice.say("belief"), False), (voice.say("belief"), False), (voice.say("fit_correlation"), True)],
        ([one["one"], one["other"], f"{one['correlation']:+.2f}"] for one in told["trades"]),
    )
    shares = ", ".join(f"{number}: {_percent(round(part, 2))}" for number, part in told["worlds"].items())
    voice.line(voice.say("fit_worlds", shares=shares))
    low, high = told["distance"]
    voice.line(
        voice.say("fit_kept", rows=told["rows"], chosen_from=found.chosen_from, low=f"{low:.2f}",
                  high=f"{high:.2f}", prior=f"{told['distance_prior']:.2f}", folder=folder)
    )  # fmt: skip


def _fit_record(found: Any) -> dict[str, Any]:
    """A fit as nested plain values."""
    import numpy as np

    from tianshui.experiments import fit

    ranges = fit.covered()
    told: dict[str, Any] = {
        "prior": [one._asdict() for one in fit.checks(found.points, found.prior_band, ranges)],
        "distance_prior": float(np.median(found.away_prior)),
        "not_counted": [[one.area, one.indicator, one.year] for one in found.not_counted],
        "failed": found.failed,
    }
    if not found.waves:
        return told
    names = fit.matter(found)
    return told | {
        "waves": [one._asdict() | {"active": [list(pair) for pair in one.active]} for one in found.waves],
        "chosen_from": found.chosen_from,
        "rows": len(found.ensemble.draws),
        "distance": [float(found.away.min()), float(found.away.max())],
        "ensemble": [one._asdict() for one in fit.checks(found.points, found.ensemble_band, ranges)],
        "worlds": fit.worlds_of(found.ensemble),
        "beliefs": [one._asdict() | {"learned": one.learned} for one in fit.beliefs(found.ensemble)],
        "trades": [one._asdict() for one in fit.trades(found.ensemble, names)],
    }


def _told_checks(title: str, rows: Sequence[Mapping[str, Any]], voice: Voice) -> None:
    """A band against what was observed, one indicator a row."""
    heads = [(voice.say("indicator"), False)]
    heads += [
        (voice.say(key), True)
        for key in ("fit_points", "fit_inside", "fit_width", "fit_against", "fit_missed")
    ]
    voice.table(
        voice.say(title), heads,
        (
            [
                _label(one["indicator"], voice)[0] if one["indicator"] else voice.say("fit_all"),
                str(one["points"]), f"{one['inside'] / one['points']:.0%}", f"{one['width']:.0%}",
                _number(one["against"], 1), f"{one['missed']:+.1f} {_point(one['where'], voice)}" if one["where"] else "",
            ]
            for one in rows
        ),
        voice.say("fit_check_caption"),
    )  # fmt: skip


def _point(where: str, voice: Voice) -> str:
    area, _, year = where.partition(" ")
    return f"{_area_name(area, voice)} {year}"


def _described(name: str, voice: Voice) -> str:
    """The description of a declared number."""
    from tianshui import registry
    from tianshui.words import description

    return description(voice.lang, name, registry.numbers()[name].doc)


# --- loops --------------------------------------------------------------------------------------------


@command("loops")
def loops_command(
    sample: Sample = None,
    draws: Draws = None,
    workers: Workers = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show what each feedback loop does to the headline numbers: the plan with the loop cut, less the plan whole."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    from tianshui import registry
    from tianshui.experiments import loops
    from tianshui.experiments.compare import pairs_of, share

    part = share(sample or str(loops.SAMPLE))
    pairs = pairs_of(draws=draws or str(loops.PAIRS))
    with Meter(voice) as meter:
        rows = loops.cut_all(
            sample=part, pairs=pairs, workers=_workers(workers), watch=None if quiet else meter
        )
    if as_json:
        voice.json({"sample": part, "pairs": len(pairs), "cuts": [one._asdict() for one in rows]})
        return
    names = registry.cuts()
    heads = [(voice.say("loop"), False), (voice.say("indicator"), False), (voice.say("unit"), False)]
    heads += [(voice.say(key), True) for key in ("loop_whole", "loop_cut")]
    voice.table(
        voice.say("loops_title", year=rows[0].year), heads,
        (
            [
                voice.pick(*names[one.cut].names), *_label(one.indicator, voice), _shown(one.indicator, one.whole),
                f"{_shown(one.indicator, one.middle, signed=True)}\n{_span(one.indicator, one.low, one.high, signed=True)}",
            ]
            for one in rows
        ),
        voice.say("loops_caption", pairs=len(pairs), share=_percent(part)),
    )  # fmt: skip


# --- plan ---------------------------------------------------------------------------------------------

MILLION = 1e6
BILLION = 1e9
CHINESE_SIZES = (1e8, 1e4)
"""The sizes by which Chinese counts where English has billions and millions."""
MONEY = {
    "asked": "asked_in_all", "granted": "granted_in_all", "asked_more": "asked_more", "granted_more": "granted_more",
}  # fmt: skip
"""What is told of an item's money, and by which word."""


@command("plan")
def plan_command(
    names: Annotated[
        list[str] | None, typer.Argument(help=both("arg_item"), metavar="[ITEM]...", show_default=False)
    ] = None,
    scenario: Annotated[str, _option("--scenario", key="opt_plan_scenario", metavar="SCENARIO")] = "plan",
    effects: Annotated[bool, _option("--effects", key="opt_effects")] = False,
    sample: Sample = None,
    draws: Draws = None,
    scenarios: Scenarios = None,
    workers: Workers = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Tell the plan's items: levers, money, channel and, when asked for, what they do."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    from tianshui import inputs

    rows = inputs.item_rows(names or (), scenario, scenarios=scenarios)
    purses: list[Any] = []
    unused = (
        []
        if effects
        else [
            option
            for option, value in (("--sample", sample), ("--draws", draws), ("--workers", workers))
            if value is not None
        ]
    )
    if unused:
        voice.note("ignored", options=", ".join(unused))
    if effects:
        found, purses = _effects_of(names or (), scenario, sample, draws, scenarios, workers, voice)
        for row, effect in zip(rows, found, strict=True):
            row["effects"] = _item_record(effect)
    if as_json:
        voice.json(rows)
        return
    # Items that are named are told in full; those of a push or group, or all, in a row each.
    in_full = bool(names) and {row["id"] for row in rows} >= set(names or ())
    if in_full:
        for row in rows:
            _tell_item(row, voice)
    else:
        _tell_items(rows, voice)
        voice.note("hint_one", item=rows[0]["id"])
    if purses:
        _tell_purses(purses, voice)
    if not effects:
        voice.note("hint_effects")


def _effects_of(
    names: Sequence[str], scenario: str, sample: str | None, draws: str | None, scenarios: Path | None,
    workers: str | None, voice: Voice,
) -> tuple[list[Any], list[Any]]:  # fmt: skip
    from tianshui import plan
    from tianshui.experiments import items
    from tianshui.experiments.compare import count, share

    part = share(sample or str(items.SAMPLE))
    pairs = count("--draws", draws or str(items.PAIRS))
    with Meter(voice) as meter:
        return items.effects(
            names, scenario=plan.load(scenario, scenarios=scenarios), sample=part, pairs=pairs,
            workers=_workers(workers), watch=None if voice.quiet else _forecasting(meter, workers, kept=False),
        )  # fmt: skip


def _item_record(effect: Any) -> dict[str, Any]:
    """What an item asks, is granted and does as nested plain values."""
    return {
        "asked": effect.asked, "granted": effect.granted, "granted_part": effect.granted_part,
        "asked_more": effect.asked_more or None, "granted_more": effect.granted_more or None,
        "verdict": effect.verdict,
        "changes": [
            {"indicator": one.expected.indicator, "area": one.expected.area, "year": one.year,
             "in_points": one.expected.in_points, "middle": one.middle, "low": one.low, "high": one.high,
             "worlds": one.worlds, "smallest": one.expected.smallest, "sign": "+" if one.expected.sign > 0 else "-"}
            for one in effect.changes
        ],
        "reach": None if effect.reach is None else effect.reach._asdict(),
    }  # fmt: skip


def _tell_items(rows: Sequence[dict[str, Any]], voice: Voice) -> None:
    """All items: a row each, with what they do when that was asked for."""
    from tianshui.measures import PUSHES

    heads = [(voice.say(key), False) for key in ("plan_item", "title", "push", "commitment", "levers")]
    told = "effects" in rows[0]
    if told:
        heads += [(voice.say(key), True) for key in ("money_a_year", "more_a_year", "granted_part")]
        heads += [
            (voice.say("item_does"), False),
            (voice.say("item_could"), True),
            (voice.say("outcome"), False),
        ]
    table = []
    for row in rows:
        cells = [
            row["id"], row[f"title_{voice.lang}"], voice.pick(*PUSHES[row["push"]]), row[f"commitment_{voice.lang}"],
            "\n".join(lever["name"] for lever in row["levers"]) or voice.say("no_channel"),
        ]  # fmt: skip
        table.append(cells + (_effect_cells(row, voice) if told else []))
    with_channel = sum(bool(row["levers"]) for row in rows)
    caption = voice.say("items_count", items=len(rows), some=with_channel, none=len(rows) - with_channel)
    voice.table(voice.say("items_title"), heads, table, caption)


def _effect_cells(row: Mapping[str, Any], voice: Voice) -> list[str]:
    effect = row["effects"]
    first = [one for one in effect["changes"] if one["indicator"] == effect["changes"][0]["indicator"]]
    does = "\n".join(_told_change(one, voice) for one in first)
    could = f"{effect['reach']['top']:+.2g}" if effect["reach"] else "–"
    return [
        _yearly(effect["asked"]),
        _yearly(effect["asked_more"]) if effect["asked_more"] else "–",
        _part(effect["granted_part"]),
        does or "–",
        could,
        _verdict_of(row, voice),
    ]


def _yearly(money: Mapping[int, float]) -> str:
    """The mean of a year in millions of yuan."""
    return f"{math.fsum(money.values()) / max(len(money), 1) / MILLION:,.0f}"


def _part(share: float) -> str:
    return f"{100 * share:.0f} %" if math.isfinite(share) else "–"


def _verdict_of(row: Mapping[str, Any], voice: Voice) -> str:
    return voice.say(f"item_{row['effects']['verdict']}")


def _told_change(change: Mapping[str, Any], voice: Voice) -> str:
    """`2035 GDP +1.2 (0.8 … 1.6) %`."""
    from tianshui.indicators import INDICATORS

    about = INDICATORS[change["indicator"]]
    of = voice.say("unit.points") if change["in_points"] else "%"
    return (
        f"{change['year']} {voice.pick(about.en, about.zh)} {change['middle']:+.2g} "
        f"({change['low']:+.2g} … {change['high']:+.2g}) {of}"
    )


def _tell_item(row: Mapping[str, Any], voice: Voice) -> None:
    """One item, from its clause to its effect."""
    lang = voice.lang
    voice.line(f"{row['id']} {row[f'title_{lang}']}")
    voice.line(row[f"text_{lang}"])
    by = voice.pick(", ", "、").join(row[f"responders_{lang}"])
    voice.line(voice.say(
        "item_about", who=word(lang, row["who"]), commitment=row[f"commitment_{lang}"],
        means=row[f"commitment_means_{lang}"], responders=by,
    ))  # fmt: skip
    on = [
        voice.say("item_weight", group=_group(group, voice), weight=f"{weight:g}")
        for group, weight in row["weights"].items()
    ]
    voice.line(voice.say("item_weights", text=voice.pick(", ", "、").join(on)))
    voice.line(
        row[f"channel_{lang}"] or voice.say("item_no_channel_because", reason=row[f"no_channel_{lang}"])
    )
    voice.line(voice.say("item_ground", source=row[f"ground_{lang}"], status=word(lang, row["status"])))
    if row["rests_on"]:
        by = voice.say("then").join(
            voice.say(
                "sized_by",
                what=voice.pick(one["doc"], one["doc_zh"]).rstrip(".。"),
                status=word(lang, one["status"]),
            )
            for one in row["sized_by"]
        )
        voice.line(voice.say("item_rests_on", text=row["rests_on"][lang], by=by))
    if row["levers"]:
        heads = [
            (voice.say(key), False)
            for key in ("name", "title", "unit", "within", "price", "paid_by", "course")
        ]
        voice.table("", heads, [_lever_cells(lever, voice) for lever in row["levers"]])
    for one in row["delivery"]:
        voice.line(voice.say(
            "item_delivery", name=one["programme"], years=one["years"], stall=_part(one["stall"]),
            overrun=_part(one["overrun"]),
        ))  # fmt: skip
    for one in row["indicators"]:
        voice.line(voice.say("item_expected", text=_moved(one, voice)) + _smallest_from(one, voice))
    if row["candidates"]:
        heads = [(voice.say(key), False) for key in ("candidate", "became", "in_the_model", "because")]
        voice.table(
            voice.say("candidates_title"), heads, [_candidate_cells(one, voice) for one in row["candidates"]]
        )
    if "effects" in row:
        _tell_effect(row, voice)
    voice.line()


def _smallest_from(one: Mapping[str, Any], voice: Voice) -> str:
    """Status and ground of a smallest effect; a ground that is its own status says it once."""
    ground = one[f"ground_{voice.lang}"]
    if one["source"].partition(":")[0] == one["status"]:
        return voice.say("ground_alone", source=ground)
    return voice.say("ground_of", source=ground, status=word(voice.lang, one["status"]))


def _candidate_cells(one: Mapping[str, Any], voice: Voice) -> list[str]:
    """What became of a proposed instrument."""
    names = "\n".join(one["names"])
    name = voice.pick(one["candidate"].replace("_", " "), one["candidate_zh"])
    return [name, one[f"became_{voice.lang}"], names, one[f"why_{voice.lang}"]]


def _lever_cells(lever: Mapping[str, Any], voice: Voice) -> list[str]:
    if lever["asks"] == "price":
        price = voice.say(
            "price_of",
            yuan=f"{lever['price']['yuan']:,.6g}",
            status=word(voice.lang, lever["price"]["status"]),
        )
    else:
        price = voice.say(f"asks_{lever['asks']}")
    paid = voice.say("paid", above=_part(lever["paid_from_above"]), own=_part(lever["paid_own"]))
    area = "tianshui" if "tianshui" in lever["courses"] else next(iter(lever["courses"]))
    course = ", ".join(
        f"{year}: {_readable(value, lever['unit'], voice)}" for year, value in lever["courses"][area].items()
    )
    if len(lever["courses"]) > 1:
        course = voice.say("sum_of_counties", course=course)
    return [
        lever["name"], lever[f"title_{voice.lang}"], _lever_unit(lever, voice), _within(lever, voice), price, paid, course
    ]  # fmt: skip


def _tell_effect(row: Mapping[str, Any], voice: Voice) -> None:
    effect = row["effects"]
    if row["levers"]:
        heads = [("", False)] + [(str(year), True) for year in SHOWN_YEARS[1:] if year in effect["asked"]]
        money = [
            [voice.say(word)]
            + [f"{effect[key][year] / MILLION:,.1f}" for year in SHOWN_YEARS[1:] if year in effect[key]]
            for key, word in MONEY.items()
            if effect[key]
        ]
        voice.table(voice.say("item_money"), heads, money)
    for one in effect["changes"]:
        voice.line(_told_change(one, voice))
    if effect["reach"]:
        about = row["indicators"][0]
        voice.line(voice.say(
            "item_reach", top=f"{effect['reach']['top']:+.2g}", channel=f"{effect['reach']['channel']:+.2g}", left=f"{effect['reach']['left']:+.2g}",
            of=voice.say("unit.points") if about["in_points"] else "%",
        ))  # fmt: skip
    voice.line(voice.say("item_outcome", text=_verdict_of(row, voice)))


def _tell_purses(purses: Sequence[Any], voice: Voice) -> None:
    """What all levers ask by year beside what the eight budgets grant and spend."""
    from tianshui.experiments import items
    from tianshui.indicators import AREAS

    heads = [(voice.say("year"), True)]
    heads += [(voice.say(key), True) for key in ("asked", "granted", "granted_part", "all_spending")]
    rows = [
        [str(one.year), *(f"{value / BILLION:,.2f}" for value in (one.asked, one.granted)),
         _part(one.granted / one.asked if one.asked else math.nan), f"{one.spending / BILLION:,.2f}"]
        for one in purses
    ]  # fmt: skip
    voice.table(voice.say("purses_title"), heads, rows)
    told = [one for one in purses if one.year in (purses[0].year, *items.TARGET_YEARS)]
    heads = [(voice.say("public_budget"), False), *((str(one.year), True) for one in told)]
    rows = [
        [voice.pick(*AREAS[name]),
         *(voice.say("granted_of", granted=f"{granted / BILLION:,.3f}", asked=f"{asked / BILLION:,.3f}")
           for asked, granted, _ in (one.budgets[name] for one in told))]
        for name in purses[0].budgets
    ]  # fmt: skip
    voice.table(voice.say("budgets_title"), heads, rows)


# --- trace --------------------------------------------------------------------------------------------

FACTS = ("members", "income", "cash", "debt", "farmland_mu", "idle_mu", "orchard_mu", "converted_mu")
"""What is told of a household at each year's end; farmland is what it ploughs or lets."""
PLOUGHED = ("flat_mu", "terrace_mu", "slope_mu", "steep_mu", "let_mu")
MARKS = ("in_town", "poor", "monitored", "allowance", "cooperative", "insured", "relocated")


@command("trace")
def trace_command(
    number: Annotated[str, typer.Argument(help=both("arg_number"), metavar="NUMBER")],
    scenario: Annotated[str, _option("--scenario", key="opt_trace_scenario", metavar="SCENARIO")] = "plan",
    against: Annotated[str | None, _option("--against", key="opt_against", metavar="SCENARIO")] = None,
    sample: Sample = None,
    seed: Annotated[str, _option("--seed", key="opt_seed", metavar="N")] = "0",
    draw: Annotated[str, _option("--draw", key="opt_draw", metavar="N")] = "0",
    until: Until = "2035",
    scenarios: Scenarios = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Tell one household's life and why it went as it did."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    last = _year(until)
    from tianshui.experiments.compare import MOST, SEEDS_END, count, share

    part = share(sample or "1")
    if not number.isdecimal() or int(number) >= 2**64:
        raise InputError("bad_number", text=number)
    seed_, draw_ = count("--seed", seed, low=0, high=SEEDS_END), count("--draw", draw, low=0, high=MOST)
    from tianshui import plan

    lived = plan.load(scenario, scenarios=scenarios)
    other = None if against is None else plan.load(against, scenarios=scenarios)
    _known_household(int(number), part)
    if part >= 1:
        voice.note("tracing")
    from tianshui.trace import trace

    life = trace(int(number), lived, seed=seed_, draw=draw_, sample=part, until=last, against=other)
    if as_json:
        voice.json(_life(life))
        return
    county = _area_name(life.county, voice)
    for one in filter(None, (life, life.against)):
        voice.line(voice.say("trace_title", number=number, scenario=one.scenario, area=county))
        for year in (one.years[0], one.years[-1]):
            people = voice.pick(year.people, year.people_zh)
            voice.line(f"  {year.year}: " + voice.say("then").join(people) if people else f"  {year.year}: –")
    if life.against:
        parting = [a.year for a, b in zip(life.years, life.against.years, strict=False) if a != b]
        same = voice.say("never_part") if not parting else voice.say("parting", year=parting[0])
        voice.line(same)
    heads = [(voice.say(key), False) for key in ("year", "scenario", "happened", "inputs")]
    heads += [(voice.say("odds_of"), True), (voice.say("drawn"), True), (voice.say("decision"), False)]
    voice.table("", heads, _told_life(life, voice))


def _known_household(number: int, part: float) -> None:
    """Refuse a number that nobody of the sample bears, before the world is lived again."""
    import numpy as np

    from tianshui import population

    known = population.start(part)[1].number
    if not (known == np.uint64(number)).any():
        apart = np.abs(known.astype(np.float64) - float(number))
        raise InputError("unknown_number", number=number, near=int(known[int(apart.argmin())]))


def _life(life: Any) -> dict[str, Any]:
    """A life as nested plain values."""
    return {
        "number": life.number, "county": life.county, "scenario": life.scenario,
        "years": [
            year._asdict() | {"events": [_event(event) for event in year.events]} for year in life.years
        ],
        "against": life.against and _life(life.against),
    }  # fmt: skip


def _event(event: Any) -> dict[str, Any]:
    """An event as plain values; where no chance decided, that is said."""
    told = {name: word("en", event.luck) for name in ("chance", "draw") if getattr(event, name) is None}
    return event._asdict() | told


def _told_life(life: Any, voice: Voice) -> Iterator[list[str]]:
    """A row for each year's end and each event; what two lives share is told once."""
    lives = [one for one in (life, life.against) if one]
    by_year = [{year.year: year for year in one.years} for one in lives]
    for year in sorted({number for years in by_year for number in years}):
        there = [years.get(year) for years in by_year]
        ends = [_end_of_year(one, voice) if one else "–" for one in there]
        names = [one.scenario for one in lives]
        together = len(ends) > 1 and ends[0] == ends[1]
        for name, end in zip([" = ".join(names)] if together else names, ends, strict=False):
            yield [str(year), name, end, "", "", "", ""]
        events = [one.events if one else () for one in there]
        for place, own in enumerate(events):
            others = events[1 - place] if len(events) > 1 else ()
            for event in own:
                shared = event in others
                if shared and place:
                    continue
                yield ["", " = ".join(names) if shared else names[place], *_told_event(event, voice)]


def _end_of_year(year: Any, voice: Voice) -> str:
    if not year.facts:
        return voice.say("dissolved")
    facts = {**year.facts, "farmland_mu": sum(year.facts[name] for name in PLOUGHED)}
    said = [
        voice.say("fact." + name, value=_number(facts[name], int(name.endswith("_mu")))) for name in FACTS
    ]
    said += [voice.say("fact." + name) for name in MARKS if facts[name] == 1]
    return voice.say("then").join(said)


def _told_event(event: Any, voice: Voice) -> list[str]:
    inputs = voice.say("then").join(_told_input(name, value, voice) for name, value in event.inputs.items())
    return [
        f"{voice.pick(event.en, event.zh)} [{event.rule}]", inputs,
        voice.say(event.luck) if event.chance is None else f"{event.chance:.4f}",
        "" if event.draw is None else f"{event.draw:.4f}", voice.pick(*event.decision),
    ]  # fmt: skip


def _told_input(name: str, value: float, voice: Voice) -> str:
    text = _number(value, 0 if abs(value) >= 100 or float(value).is_integer() else 2)
    return word(voice.lang, name, "input.").format(value=text)
