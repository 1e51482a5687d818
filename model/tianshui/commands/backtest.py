"""`backtest`: 2020 and 2021 as they would have been forecast, against what was published."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from tianshui.commands.meter import Meter, forecasting
from tianshui.commands.options import Json, Lang, Out, Quiet, Sample, Workers, option, workers_of
from tianshui.commands.readable import area_name, label, percent, rounded
from tianshui.commands.voice import Voice, records
from tianshui.words import InputError


def backtest_command(
    start: Annotated[str, option("--start", key="opt_start", metavar="honest|informed|both")] = "both",
    outside: Annotated[str, option("--outside", key="opt_outside", metavar="drawn|known|both")] = "both",
    draws: Annotated[str | None, option("--draws", key="opt_backtest_draws", metavar="N|ensemble")] = None,
    ensemble: Annotated[Path | None, option("--ensemble", key="opt_ensemble", metavar="DIR")] = None,
    scenario: Annotated[str | None, option("--scenario", key="opt_backtest_scenario", metavar="NAME")] = None,
    cells: Annotated[bool, option("--cells", key="opt_cells")] = False,
    sample: Sample = None,
    out: Out = None,
    workers: Workers = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Forecast 2020 and 2021 from what was known and score it."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    from tianshui.experiments import backtest
    from tianshui.experiments.compare import count, share
    from tianshui.plan import PLAN

    rows = draws == "ensemble"
    if ensemble is not None and not rows:
        raise InputError("ensemble_alone")
    folder = out or Path("results") / "backtest"
    with Meter(voice) as meter:
        made = backtest.run(
            folder, views=_views(start, outside), sample=share(sample or str(backtest.SAMPLE)),
            draws=None if rows else count("--draws", draws or str(backtest.DRAWS), low=backtest.FEWEST),
            scenario=scenario or PLAN, ensemble=ensemble, workers=workers_of(workers),
            watch=None if quiet else forecasting(meter, workers),
        )  # fmt: skip
    told = [backtest.record(one) for one in made.told]
    if as_json:
        voice.json({"folder": str(folder), "backtests": told, "cells": records(made.table)})
        return
    _tell_scores(told, voice)
    _tell_coverage(told, voice)
    _tell_parts("blocks", told, voice)
    _tell_parts("indicators", told, voice)
    if cells:
        _tell_cells(records(made.table), voice)
    voice.line(voice.say("backtest_kept", folder=folder))


def _views(start: str, outside: str) -> list[Any]:
    """The backtests that are asked for."""
    from tianshui.experiments.hindsight import EVERY

    for option_name, text, names in (
        ("--start", start, ("honest", "informed", "both")),
        ("--outside", outside, ("drawn", "known", "both")),
    ):
        if text not in names:
            raise InputError("bad_choice", option=option_name, text=repr(text), names=", ".join(names))
    return [
        view for view in EVERY
        if start in ("both", view.start) and outside in ("both", "known" if view.known else "drawn")
    ]  # fmt: skip


def _name(view: str, voice: Voice) -> str:
    return voice.say(f"backtest_{view.replace('-', '_')}")


def _pooled(one: Mapping[str, Any] | None) -> str:
    return "–" if one is None else f"{one['middle']:.2f} [{one['low']:.2f}, {one['high']:.2f}]"


def _tell_scores(told: Sequence[Mapping[str, Any]], voice: Voice) -> None:
    """One backtest a row: how close, against the naive forecasts."""
    heads = [(voice.say("backtest"), False)]
    keys = (
        "backtest_scored", "backtest_closer", "backtest_relative", "backtest_as_run", "backtest_crps",
        "backtest_left_out",
    )  # fmt: skip
    voice.table(
        voice.say("backtest_title"), heads + [(voice.say(key), True) for key in keys],
        (
            [
                _name(one["name"], voice), f"{one['scored']} / {one['cells']}", f"{one['wins']} : {one['losses']}",
                _pooled(one["pooled"]), _pooled(one["as_run"]), f"{one['crps']:.2f}",
                f"{_pooled(one['left_out'])} ({one['effective']:.0f})",
            ]
            for one in told
        ),
        voice.say("backtest_caption"),
    )  # fmt: skip


def _tell_coverage(told: Sequence[Mapping[str, Any]], voice: Voice) -> None:
    """One backtest a row: intervals and the even spread of values in them."""
    heads = [(voice.say("backtest"), False), (voice.say("backtest_basis"), False)]
    heads += [(percent(each["probability"]), True) for each in told[0]["coverage"]]
    heads += [(voice.say("backtest_pit"), False)]
    rows = []
    for one in told:
        for key, basis in (("coverage", "backtest_relative_basis"), ("coverage_as_run", "backtest_as_run")):
            inside = [f"{each['inside']:.0%} ({rounded(each['width'], 2)})" for each in one[key]]
            spread = " ".join(map(str, one["pit"])) if key == "coverage" else ""
            rows.append([_name(one["name"], voice), voice.say(basis), *inside, spread])
    voice.table(voice.say("backtest_coverage_title"), heads, rows, voice.say("backtest_coverage_caption"))


def _tell_parts(key: str, told: Sequence[Mapping[str, Any]], voice: Voice) -> None:
    """Relative error by block or by indicator, one column a backtest."""
    from tianshui.indicators import GROUPS

    names = dict.fromkeys(name for one in told for name in one[key])
    heads = [(voice.say("backtest_block" if key == "blocks" else "indicator"), False)]
    heads += [(_name(one["name"], voice), True) for one in told]

    def part(one: Mapping[str, Any], name: str) -> str:
        if name not in one[key]:
            return "–"
        found = one[key][name]
        if key == "blocks":
            return rounded(found, 2)
        return f"{rounded(found['relative'], 2)} ({found['wins']} : {found['losses']})"

    voice.table(
        voice.say(f"backtest_{key}_title"), heads,
        (
            [
                voice.pick(*GROUPS[name]) if key == "blocks" else label(name, voice)[0],
                *(part(one, name) for one in told),
            ]
            for name in names
        ),
        voice.say("backtest_parts_caption"),
    )  # fmt: skip


def _tell_cells(rows: Sequence[Mapping[str, Any]], voice: Voice) -> None:
    """Every cell of every backtest."""
    keys = (
        "backtest_published", "backtest_middle", "backtest_interval", "backtest_naive_forecast", "backtest_who",
    )  # fmt: skip
    heads = [(voice.say(key), False) for key in ("backtest", "area", "indicator", "year")]
    heads += [(voice.say(key), True) for key in keys]
    voice.table(
        voice.say("backtest_cells_title"), heads, (told_cell(row, voice) for row in rows),
        voice.say("backtest_cells_caption"),
    )  # fmt: skip


def told_cell(row: Mapping[str, Any], voice: Voice) -> list[str]:
    """One cell as a row of text."""
    from tianshui.indicators import INDICATORS

    about = INDICATORS[row["indicator"]]

    def shown(value: float) -> str:
        return rounded(value * about.factor, about.decimals)

    view = f"{row['view']}-{'conditional' if row['outside'] == 'known' else 'unconditional'}"
    who = voice.say(f"backtest_why_{row['why']}" if row["why"] else f"backtest_{row['closer']}")
    return [
        _name(view, voice), area_name(row["area"], voice), label(row["indicator"], voice)[0], str(row["year"]),
        shown(row["published"]), shown(row["middle"]), f"{shown(row['low_80'])} … {shown(row['high_80'])}",
        f"{shown(row['naive'])} {voice.say('baseline_' + row['naive_name']) if row['naive_name'] else ''}".strip(), who,
    ]  # fmt: skip
